create or replace function market.worker_profile(p_user_id uuid)
returns jsonb
language sql stable parallel safe
begin atomic
  select jsonb_build_object(
    'user_id', w.user_id, 'name', p.full_name, 'categories', to_jsonb(w.categories), 'zone', w.zone, 'started_at', w.started_at)
  from market.worker w
  join account.person p on p.user_id = w.user_id
  where w.user_id = p_user_id;
end;

comment on function market.worker_profile(uuid) is
$$The profile of a worker: {user_id, name, categories, zone, started_at}; null for a person who is not in market.worker.
zone: part of town, not a time zone.$$;
