create or replace function api.readiness()
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
      where d.file like 'sql/%'),
    'listener_silent_seconds', floor(extract(epoch from s.silent_for)),
    -- Where no worker ever was there is nothing to miss: an app alone, and a new installation, are ready.
    'listener_is_heard', coalesce(
      extract(epoch from s.silent_for) <= policy.number('listener.silence', clock.now()), true))
  from (select queue.listener_silence(now())) s (silent_for);
end;

comment on function api.readiness() is
$$Whether the database answers, what has been applied to it, and whether a worker hears the queue.
Result: in_recovery = it is a read-only replica; migration = the newest applied; definitions = one hash over the files of sql/ as applied, which equals db.definitions.fingerprint() of the checkout they came from; listener_silent_seconds = since a worker last proved that it hears notifications, null = none ever did; listener_is_heard = false once that is longer than the rule listener.silence.$$;
