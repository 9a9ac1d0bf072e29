create or replace function api.ready()
returns jsonb
language sql stable
security definer
set search_path = ''
as $$
  select jsonb_build_object('database', true, 'in_recovery', pg_is_in_recovery());
$$;

comment on function api.ready() is
$$Whether the database answers; in_recovery = it is a read-only replica.$$;
