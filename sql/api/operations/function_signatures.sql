create or replace function api.function_signatures()
returns jsonb
language sql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select jsonb_build_object('functions', jsonb_agg(f.function order by f.function ->> 'name'))
  from (
    select jsonb_build_object(
      'name', p.proname,
      'arguments', (
        select coalesce(jsonb_agg(jsonb_build_object(
          'name', coalesce(p.proargnames[a.position], ''),
          'type', format_type(a.type, null),
          'optional', a.position > p.pronargs - p.pronargdefaults) order by a.position), '[]')
        from unnest(p.proargtypes) with ordinality as a (type, position)),
      'result', pg_get_function_result(p.oid),
      'comment', coalesce(obj_description(p.oid, 'pg_proc'), '')) as function
    from pg_proc p
    where p.pronamespace = 'api'::regnamespace
      and p.prokind = 'f'
  ) f;
end;

comment on function api.function_signatures() is
$$Every function of this schema with its arguments, result and comment.
At start-up the app checks its table of endpoints against it; the OpenAPI document takes its descriptions from it.
Result: {functions: [{name, arguments: [{name, type, optional}], result, comment}]}.$$;
