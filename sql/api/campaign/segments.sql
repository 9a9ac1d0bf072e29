create or replace function api.segments(p_actor uuid)
returns jsonb
language plpgsql stable parallel safe
security definer
set search_path = ''
as $$
begin
  perform account.authenticate(p_actor, 'admin', clock.now());
  return smartengage.segments_document(clock.now());
end;
$$;

comment on function api.segments(uuid) is
$$How customers are divided: definitions in the order they are tried, their versions, and how many customers each segment holds.
Errors: SH401 the session has ended; SH403 another role.$$;
