create or replace function account.erase_personal_data(p_user_id uuid, p_at timestamptz)
returns void
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_terms text[];
begin
  -- Collected before it is erased, to search the queue, whose rows have no person.
  select array(
    select t.term
    from (
      select p.full_name from account.person p where p.user_id = p_user_id
      union select p.external_id from account.person p where p.user_id = p_user_id
      union select c.address from account.contact c where c.user_id = p_user_id
      union select a.login from account.admin_credential a where a.user_id = p_user_id) as t (term)
    where length(t.term) > 2) into v_terms;
  perform queue.redact_jobs(v_terms);

  perform account.withdraw_consent(p_user_id, c.channel, c.purpose, p_at, 'erasure', p_user_id::text)
  from account.consent c
  where c.user_id = p_user_id
    and upper_inf(c.valid_at);
  delete from account.contact c where c.user_id = p_user_id;
  delete from account.admin_credential a where a.user_id = p_user_id;
  delete from account.one_time_code o where o.user_id = p_user_id;
  delete from edge.idempotent_call i where i.user_id = p_user_id;
  delete from account.refresh_token t using account.session s where s.session_id = t.session_id and s.user_id = p_user_id;
  update account.session s
  set agent = null,
      revoked_at = coalesce(s.revoked_at, p_at),
      revoked_reason = coalesce(s.revoked_reason, 'erasure')
  where s.user_id = p_user_id;
  update account.person p
  set external_id = null, full_name = null, address_form = 'none', greeting = 'shubheccha', time_zone = null,
      quiet_from = null, quiet_until = null, preferred_channel = null, erased_at = p_at
  where p.user_id = p_user_id;
  insert into policy.audit (happened_at, actor, action, subject)
  values (p_at, p_user_id::text, 'erase', 'person ' || p_user_id);
end;
$$;

comment on function account.erase_personal_data(uuid, timestamptz) is
$$Erases the identity of a person from accounts, stored answers and the queue: name, addresses, credentials, devices.
The id remains, with the history of consents and the audit entry of the erasure as proof. The caller holds the person's lock.$$;
