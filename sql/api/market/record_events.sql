create or replace function api.record_events(p_actor uuid, p_events jsonb)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = ''
as $$
declare
  v_person account.person := account.authenticate(p_actor, null, clock.now());
begin
  return market.record_app_events(v_person.user_id, p_events, clock.now());
end;
$$;

comment on function api.record_events(uuid, jsonb) is
$$Notes what the caller did in the app, one event or up to 500.
Each counts once by the id that the app gave it, however often it is sent. Instants a little ahead of our clock are taken as now; an event from further ahead, or from too long ago, is refused by itself and told in refused.
Errors: SH401 the session has ended; SH403 another role.$$;
