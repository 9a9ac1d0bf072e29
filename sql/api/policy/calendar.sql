create or replace function api.calendar(p_actor uuid, p_past boolean default false)
returns jsonb
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform account.authenticate(p_actor, 'admin', clock.now());
  return policy.calendar(p_past, clock.now());
end;
$$;

comment on function api.calendar(uuid, boolean) is
$$Quiet periods, in which nothing but codes and receipts is sent.
Present and future ones, or all with `past`.
Errors: SH401 the session has ended; SH403 another role.$$;
