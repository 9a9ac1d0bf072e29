create or replace function account.personal_data(p_user_id uuid)
returns jsonb
language sql stable parallel safe
begin atomic
  select jsonb_build_object(
    'person', account.profile(p_user_id) || (
      select jsonb_build_object('external_id', p.external_id, 'disabled_at', p.disabled_at, 'erased_at', p.erased_at)
      from account.person p where p.user_id = p_user_id),
    'contacts', coalesce((
      select jsonb_agg(to_jsonb(c) - 'user_id' order by c.channel)
      from account.contact c where c.user_id = p_user_id), '[]'),
    'consents', coalesce((
      select jsonb_agg(jsonb_build_object(
        'channel', c.channel, 'purpose', c.purpose, 'granted_at', lower(c.valid_at), 'withdrawn_at', upper(c.valid_at),
        'source', c.source, 'wording_version', c.wording_version, 'actor', c.actor,
        'withdrawn_source', c.withdrawn_source, 'withdrawn_actor', c.withdrawn_actor)
        order by lower(c.valid_at), c.channel, c.purpose)
      from account.consent c where c.user_id = p_user_id), '[]'),
    'sessions', coalesce((
      select jsonb_agg(jsonb_build_object(
        'session_id', s.session_id, 'created_at', s.created_at, 'last_used_at', s.last_used_at, 'expires_at', s.expires_at,
        'revoked_at', s.revoked_at, 'revoked_reason', s.revoked_reason, 'agent', s.agent) order by s.created_at, s.session_id)
      from account.session s where s.user_id = p_user_id), '[]'),
    'one_time_codes', coalesce((
      select jsonb_agg(jsonb_build_object(
        'channel', o.channel, 'requested_at', o.requested_at, 'used_at', o.used_at, 'tries', o.tries)
        order by o.requested_at, o.request_id)
      from account.one_time_code o where o.user_id = p_user_id), '[]'),
    'stored_answers', coalesce((
      select jsonb_agg(jsonb_build_object('key', i.key, 'called_at', i.called_at) order by i.called_at, i.key)
      from edge.idempotent_call i where i.user_id = p_user_id), '[]'),
    'admin_login', (select a.login from account.admin_credential a where a.user_id = p_user_id),
    'audit', coalesce((
      select jsonb_agg(jsonb_build_object(
        'happened_at', a.happened_at, 'action', a.action, 'subject', a.subject) order by a.happened_at, a.audit_id)
      from policy.audit a where a.actor = p_user_id::text or a.subject = 'person ' || p_user_id), '[]'));
end;

comment on function account.personal_data(uuid) is
$$Everything that the account schema stores about a person, as JSON, with stored answers and audit entries.
Secrets (hashes, sealed codes) are not included, only that they exist.$$;
