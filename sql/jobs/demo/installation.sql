create or replace function jobs.installation()
returns jsonb
language sql stable parallel safe
security definer
set search_path = ''
begin atomic
  select jsonb_build_object(
    'kind', i.kind,
    'is_empty', not exists (select from account.person))
  from policy.installation i;
end;

comment on function jobs.installation() is
$$What this database is: {kind: live | demo, is_empty: nobody in it yet}. The demo day asks before it touches the clock.$$;
