create or replace function api.segments(p_actor uuid)
returns jsonb
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform account.authenticate(p_actor, 'admin', clock.now());
  return smartengage.segments_document(clock.now());
end;
$$;

comment on function api.segments(uuid) is
$$Segments: their definitions in the order in which they are tried, all versions, and the number of customers in each.
Errors: SH401 the session has ended; SH403 another role.$$;
