create or replace function jobs.erasures()
returns jsonb
language sql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select jsonb_build_object('erasures', coalesce(
    jsonb_agg(jsonb_build_object('user_id', p.user_id, 'erased_at', p.erased_at) order by p.erased_at, p.user_id), '[]'))
  from account.person p
  where p.erased_at is not null;
end;

comment on function jobs.erasures() is
$$Every erasure, to be stored apart from the database: a restored backup contains erased people again.
Result: {erasures: [{user_id, erased_at}]}; no personal data.$$;
