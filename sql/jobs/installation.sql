create or replace function jobs.installation()
returns jsonb
language sql stable
security definer
set search_path = ''
as $$
  select jsonb_build_object(
    'kind', i.kind,
    'is_empty', not exists (select from account.person))
  from policy.installation i;
$$;

comment on function jobs.installation() is
$$What this database is: {kind: live | demo, is_empty: nobody in it yet}. The demo day asks before it touches the clock.$$;
