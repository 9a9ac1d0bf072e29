create or replace function outreach.apply_claim_verdicts(p_message_ids uuid[], p_at timestamptz, p_public_url text, p_adapter text)
returns jsonb
language sql volatile parallel unsafe
begin atomic
  with verdict as materialized (
    select * from outreach.claim_verdicts(p_message_ids, p_at)
  ),
  -- Reads due_at before the update changes it.
  denied as (
    insert into outreach.claim_denial
      (message_id, user_id, channel, purpose, decided_at, due_at, useful_until, verdict, reason, rule, rule_version, until)
    select
      m.message_id, m.user_id, m.channel, m.purpose, p_at, m.due_at, m.useful_until,
      v.verdict, v.reason, v.rule, v.rule_version, nullif(v.until, 'infinity')
    from verdict v
    join outreach.message m on m.message_id = v.message_id
    where v.verdict <> 'send'
  ),
  ended as (
    update outreach.message m
    set state = case v.verdict when 'expire' then 'expired' else 'refused' end,
        state_at = p_at, reason = v.reason, rule = v.rule, rule_version = v.rule_version
    from verdict v
    where m.message_id = v.message_id
      and v.verdict in ('expire', 'refuse')
    returning m.state
  ),
  deferred as (
    update outreach.message m
    set due_at = v.until, reason = v.reason, rule = v.rule, rule_version = v.rule_version
    from verdict v
    where m.message_id = v.message_id
      and v.verdict = 'defer'
    returning m.channel, m.due_at
  ),
  woken as (
    select outreach.enqueue_wake_ups(d.channel, array_agg(d.due_at)) from deferred d group by d.channel
  ),
  claimed as (
    update outreach.message m
    set state = 'claimed', state_at = p_at, attempt = m.attempt + 1, reason = null, rule = null, rule_version = null
    from verdict v
    where m.message_id = v.message_id
      and v.verdict = 'send'
    returning
      m.message_id, m.attempt, m.user_id, m.channel, m.purpose, m.takes_slot, m.template_id, m.service_id, m.due_at, m.useful_until,
      m.obeys_caps
  ),
  keyed as materialized (
    select c.*, outreach.new_link_key() as link_key from claimed c
  ),
  -- Materialized, so that the planner orders the joins of outreach.rendered_message separately.
  addressed as materialized (
    select
      k.*, o.address, p_public_url || '/l/' || k.link_key as link, p_public_url || '/u/' || k.link_key as stop_link
    from keyed k
    left join account.contact o on o.user_id = k.user_id and o.channel = k.channel
  ),
  ready as materialized (
    select a.*, r.subject, r.body, r.language, r.name
    from addressed a
    cross join lateral outreach.rendered_message(a.message_id, a.link, a.stop_link) r
  ),
  linked as (
    insert into outreach.link (key_hash, message_id, user_id, channel, purpose, created_at, book_until, stop_until)
    select
      outreach.link_key_hash(r.link_key), r.message_id, r.user_id, r.channel, r.purpose, p_at,
      r.useful_until + make_interval(days => (select policy.number('link.book_for', p_at))::int),
      p_at + make_interval(days => (select policy.number('link.stop_for', p_at))::int)
    from ready r
    where r.purpose <> 'transactional'
  ),
  recorded as (
    insert into outreach.delivery
      (message_id, attempt, user_id, channel, purpose, takes_slot, sent_at, consent_channel, consent_purpose, adapter, template_id,
       subject, body, due_at, useful_until, obeys_caps)
    select
      r.message_id, r.attempt, r.user_id, r.channel, r.purpose, r.takes_slot, p_at,
      case when r.purpose <> 'transactional' then r.channel end,
      case when r.purpose <> 'transactional' then r.purpose end,
      p_adapter, r.template_id, r.subject,
      replace(replace(r.body, r.link, '{link}'), r.stop_link, '{stop_link}'),
      r.due_at, r.useful_until, r.obeys_caps
    from ready r
  ),
  -- For channel in_app this database is the provider, so the claim delivers.
  delivered_in_app as (
    insert into outreach.inbox_message (message_id, user_id, subject, body, arrived_at)
    select r.message_id, r.user_id, r.subject, r.body, p_at
    from ready r
    where r.channel = 'in_app'
    -- On a second claim the message is already there, and may have been read.
    on conflict (message_id) do nothing
  )
  select jsonb_build_object(
    'messages', coalesce((
      select jsonb_agg(jsonb_build_object(
        'message_id', r.message_id, 'attempt', r.attempt, 'channel', r.channel, 'purpose', r.purpose,
        'language', r.language, 'address', r.address, 'name', r.name,
        'subject', r.subject, 'body', r.body,
        -- The link leads to a booking, which needs a service.
        'link', case when r.service_id is not null then r.link end, 'stop_link', r.stop_link,
        'useful_for', extract(epoch from r.useful_until - p_at)::int))
      from ready r), '[]'),
    'claimed', (select count(*) from ready),
    'refused', (select count(*) from ended e where e.state = 'refused'),
    'expired', (select count(*) from ended e where e.state = 'expired'),
    'deferred', (select count(*) from deferred) + 0 * (select count(*) from woken));
end;

comment on function outreach.apply_claim_verdicts(uuid[], timestamptz, text, text) is
$$Applies outreach.claim_verdicts to messages that the caller has locked, in one statement.
Ends or defers a message, or claims it with its delivery, cap slots, link key and text. Result: see jobs.claim_messages.
Only outreach.claim_messages, which takes the locks, may call it.$$;
