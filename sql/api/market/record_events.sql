create or replace function api.record_events(p_actor uuid, p_events jsonb)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_person account.person := account.authenticate(p_actor, null, clock.now());
begin
  return market.record_app_events(v_person.user_id, p_events, clock.now());
end;
$$;

comment on function api.record_events(uuid, jsonb) is
$$Records what the caller did in the app, 1 to 500 events.
Each event counts once, by the id that the app assigned, however often it is sent. An instant slightly in the future is stored as
now. An event further in the future, or too old, is listed in `refused`; the others are recorded.
Errors: SH401 the session has ended; SH403 another role.$$;
