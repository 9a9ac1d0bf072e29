create or replace function api.change_worker_profile(
  p_actor uuid, p_if_match text, p_categories text[] default null, p_zone text default null)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_person account.person := account.authenticate(p_actor, 'worker', clock.now());
  v_document jsonb;
begin
  perform account.lock_person(v_person.user_id);
  v_document := market.worker_profile(v_person.user_id);
  if v_document is null then
    raise exception 'You have no worker profile yet' using errcode = 'SH404',
      hint = 'The marketplace creates it when it hires a worker.';
  end if;
  perform edge.check_if_match(p_if_match, v_document);
  perform market.change_worker_profile(v_person.user_id, p_categories, p_zone);
  return market.worker_profile(v_person.user_id);
end;
$$;

comment on function api.change_worker_profile(uuid, text, text[], text) is
$$Changes the categories and the zone (part of town) of the caller, a worker.
Omitted fields stay as they are. Requires the ETag of GET /me/worker-profile as If-Match.
Errors: SH401 the session has ended; SH403 another role; SH404 there is no profile yet; SH412 it was changed meanwhile;
SH422 a category that no active service has, or a blank zone; SH428 If-Match is missing.$$;
