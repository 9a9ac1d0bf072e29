create or replace function api.ready()
returns jsonb
language sql stable parallel safe
security definer
set search_path = ''
begin atomic
  select jsonb_build_object(
    'database', true,
    'in_recovery', pg_is_in_recovery(),
    'migration', (
      select regexp_replace(max(a.file), '\.sql$', '')
      from deploy.applied a
      where a.file <> 'roles.sql'),
    'definitions', (
      select encode(sha256(convert_to(
        string_agg(d.file || ' ' || d.sha256 || e'\n', '' order by d.file collate "C"), 'utf8')), 'hex')
      from deploy.definition d
      where d.file like 'sql/%'));
end;

comment on function api.ready() is
$$Whether the database answers, and what has been applied to it.
Result: in_recovery = it is a read-only replica; migration = the newest applied; definitions = one hash over the files of sql/ as applied, which equals db.definitions.fingerprint() of the checkout they came from.$$;
