create or replace function jobs.repeat_erasures(p_erasures jsonb)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_user_ids uuid[];
  v_not_erased uuid[];
begin
  select
    array_agg(p.user_id order by p.user_id) filter (where not w.has_job_under_way),
    array_agg(p.user_id order by p.user_id) filter (where w.has_job_under_way)
  into v_user_ids, v_not_erased
  from jsonb_to_recordset(p_erasures) as e (user_id uuid)
  join account.person p on p.user_id = e.user_id and p.erased_at is null
  cross join lateral (
    select exists (select from market.job_under_way j where j.worker_id = p.user_id) as has_job_under_way) w;
  perform outreach.erase_person(a.user_id, clock.now()) from unnest(v_user_ids) as a (user_id);
  return jsonb_build_object('erased', coalesce(cardinality(v_user_ids), 0), 'not_erased', coalesce(to_jsonb(v_not_erased), '[]'));
end;
$$;

comment on function jobs.repeat_erasures(jsonb) is
$$Repeats erasures in a restored database that contains erased people again. Repeatable.
p_erasures: those of jobs.erasures, as stored before the restore.
Result: {erased (count), not_erased: [user_id]}; not_erased are workers with a job in progress, which must be ended first.$$;
