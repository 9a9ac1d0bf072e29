create or replace function smartengage.campaign_moves_forward()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  if new.status <> old.status and not smartengage.transition_allowed(old.status, new.status) then
    raise exception 'The campaign cannot change to this status' using errcode = 'SH409', detail = old.status || ' > ' || new.status,
      hint = 'draft > scheduled > running > completed; running > paused > running; all but stopped > stopped.';
  end if;
  if new.kind <> old.kind then
    raise exception 'The kind of a campaign cannot change' using errcode = 'SH409', detail = old.kind || ' > ' || new.kind;
  end if;
  -- People were assigned by the old share; the sample_ratio guardrail would expect the new one.
  if new.holdout_share <> old.holdout_share
     and exists (select from smartengage.run r where r.campaign_id = old.campaign_id) then
    raise exception 'The holdout of a campaign cannot change after its first run' using errcode = 'SH409',
      detail = old.campaign_id::text;
  end if;
  if new.version = old.version then
    new.version := old.version + 1;
    new.changed_by := session_user;
    new.changed_reason := 'by hand';
  end if;
  return new;
end;
$$;

comment on function smartengage.campaign_moves_forward() is
$$Trigger: the status changes only as smartengage.transition_allowed says, whoever changes it.
A change that does not raise version is recorded as made by hand, by the login.
Errors: SH409 another status that is not allowed, another kind, or another holdout share after the first run.$$;

create or replace trigger campaign_moves_forward
before update on smartengage.campaign
for each row execute function smartengage.campaign_moves_forward();
