create or replace function smartengage.campaign_moves_forward()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if new.status <> old.status and not smartengage.transition_allowed(old.status, new.status) then
    raise exception 'A campaign cannot change so' using errcode = 'SH409', detail = old.status || ' > ' || new.status,
      hint = 'draft > scheduled > running > completed; running > paused > running; all but stopped > stopped.';
  end if;
  if new.kind <> old.kind then
    raise exception 'A campaign keeps its kind' using errcode = 'SH409', detail = old.kind || ' > ' || new.kind;
  end if;
  -- The share that ghosts are expected to have would no longer be what they were drawn by.
  if new.holdout_share <> old.holdout_share
     and exists (select from smartengage.run r where r.campaign_id = old.campaign_id) then
    raise exception 'The holdout of a campaign is fixed by its first run' using errcode = 'SH409', detail = old.campaign_id::text;
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
$$Trigger: a campaign lives draft > scheduled > running > completed | stopped | failed, pauses and resumes, whoever changes it; a change that names nobody (version not raised) was made by hand.
Errors: SH409 not a step of its life, another kind, or another holdout after its first run.$$;

create or replace trigger campaign_moves_forward
before update on smartengage.campaign
for each row execute function smartengage.campaign_moves_forward();
