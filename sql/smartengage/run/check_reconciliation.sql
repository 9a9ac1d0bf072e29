create or replace function smartengage.check_reconciliation(p_run_id uuid)
returns void
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
  if not exists (select from smartengage.run_reconciliation r where r.run_id = p_run_id and r.identity_holds) then
    raise exception 'The run does not reconcile, so nothing is sent' using errcode = 'internal_error', detail = p_run_id::text;
  end if;
end;
$$;

comment on function smartengage.check_reconciliation(uuid) is
$$Checks the reconciliation of a run before it is committed. Errors: internal_error, a candidate or a message was lost.$$;
