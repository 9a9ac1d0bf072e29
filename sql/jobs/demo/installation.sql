create or replace function jobs.installation()
returns jsonb
language sql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select jsonb_build_object(
    'kind', i.kind,
    'is_empty', not exists (select from account.person))
  from policy.installation i;
end;

comment on function jobs.installation() is
$$What kind of installation this database is: {kind: live | demo, is_empty: without any person}.
The demo day checks it before it changes the clock.$$;
