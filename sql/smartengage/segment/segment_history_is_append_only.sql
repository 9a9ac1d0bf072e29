-- Like versions of rules, segment definitions are append-only and audited.
create or replace trigger segment_history_is_append_only
before update or delete on smartengage.segment_definition
for each row execute function policy.history_is_append_only();

create or replace trigger segment_history_is_not_emptied
before truncate on smartengage.segment_definition
for each statement execute function policy.history_is_append_only();

create or replace trigger segment_definition_is_audited
after insert or update or delete on smartengage.segment_definition
for each row execute function policy.audit_change();
