create or replace trigger word_is_audited
after insert or update or delete on text.listed_word
for each row execute function policy.audit_change();
