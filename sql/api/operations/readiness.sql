create or replace function api.readiness()
returns jsonb
language sql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
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
      where d.file like 'sql/%'),
    'listener_silent_seconds', floor(extract(epoch from s.silent_for)),
    -- No heartbeat row yet (an app without workers, a new installation): ready.
    'listener_is_alive', coalesce(
      extract(epoch from s.silent_for) <= policy.number('listener.silence', clock.now()), true))
  from (select queue.listener_silence(now())) s (silent_for);
end;

comment on function api.readiness() is
$$Whether the database answers, which migrations and definitions it has, and whether a worker process listens to the queue.
Result: {database, in_recovery, migration, definitions, listener_silent_seconds, listener_is_alive}. in_recovery: a read-only
replica. migration: the newest applied. definitions: a hash over the applied files of sql/, equal to db.definitions.fingerprint() of
the checkout. listener_silent_seconds: since the last heartbeat of a listener, null = none ever. listener_is_alive: false once that
exceeds the rule listener.silence (seconds).$$;
