create or replace function policy.proposal_is_decided_once()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op = 'UPDATE'
     and old.state = 'pending'
     and to_jsonb(old) - array['state', 'decided_by', 'decided_at', 'decision_reason']
         = to_jsonb(new) - array['state', 'decided_by', 'decided_at', 'decision_reason'] then
    return new;
  end if;
  raise exception 'A decided proposal cannot be changed, and none can be deleted' using errcode = 'SH409';
end;
$$;

comment on function policy.proposal_is_decided_once() is
$$Trigger: a proposal is never edited or deleted; only its decision is written, once.$$;

create or replace trigger proposal_is_decided_once
before update or delete on policy.proposal
for each row execute function policy.proposal_is_decided_once();

create or replace trigger proposals_are_not_emptied
before truncate on policy.proposal
for each statement execute function policy.proposal_is_decided_once();
