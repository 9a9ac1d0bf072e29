create or replace function jobs.repeat_erasures(p_erasures jsonb)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = ''
as $$
declare
  v_again uuid[];
  v_left uuid[];
begin
  select
    array_agg(p.user_id order by p.user_id) filter (where not w.works),
    array_agg(p.user_id order by p.user_id) filter (where w.works)
  into v_again, v_left
  from jsonb_to_recordset(p_erasures) as e (user_id uuid)
  join account.person p on p.user_id = e.user_id and p.erased_at is null
  cross join lateral (
    select exists (select from market.booking b where b.worker_id = p.user_id and b.status = 'in_progress') as works) w;
  perform outreach.erase_person(a.user_id, clock.now()) from unnest(v_again) as a (user_id);
  return jsonb_build_object('erased', coalesce(cardinality(v_again), 0), 'left', coalesce(to_jsonb(v_left), '[]'));
end;
$$;

comment on function jobs.repeat_erasures(jsonb) is
$$After a restore: erases everybody once more who had been erased since the backup. Repeatable.
p_erasures: as jobs.erasures told them. Result: {erased, left}; left = workers with a job under way, which somebody ends first.$$;
