create or replace function policy.quiet_period_is_history()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op = 'UPDATE'
     and to_jsonb(old) - array['during', 'ended_at', 'ended_by', 'end_reason']
         = to_jsonb(new) - array['during', 'ended_at', 'ended_by', 'end_reason']
     and old.ended_at is null
     and policy.validity_change_allowed(old.during, new.during, clock.now()) then
    return new;
  end if;
  raise exception 'A quiet period can be ended, but never changed or deleted' using errcode = 'SH409',
    hint = 'End it with policy.end_quiet_period, then add a new one.';
end;
$$;

comment on function policy.quiet_period_is_history() is
$$Trigger: a quiet period is never edited or deleted, so that explanations and what-if queries see the past as it was.
Only its end can be brought nearer, once.$$;

create or replace trigger quiet_period_is_history
before update or delete on policy.quiet_period
for each row execute function policy.quiet_period_is_history();

create or replace trigger quiet_periods_are_not_emptied
before truncate on policy.quiet_period
for each statement execute function policy.quiet_period_is_history();
