create or replace function api.worker_profile(p_actor uuid)
returns jsonb
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_person account.person := account.authenticate(p_actor, 'worker', clock.now());
  v_document jsonb := market.worker_profile(v_person.user_id);
begin
  if v_document is null then
    raise exception 'You have no worker profile yet' using errcode = 'SH404',
      hint = 'The marketplace creates it when it hires a worker.';
  end if;
  return v_document;
end;
$$;

comment on function api.worker_profile(uuid) is
$$The caller's profile as a worker: categories and zone (part of town).
Errors: SH401 the session has ended; SH403 another role; SH404 there is no profile yet.$$;
