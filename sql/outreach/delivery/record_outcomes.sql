create or replace function outreach.record_outcomes(p_outcomes jsonb, p_at timestamptz)
returns jsonb
language plpgsql volatile parallel unsafe
set search_path = ''
as $$
declare
  v_result jsonb;
begin
  perform 1
  from outreach.message m
  where m.message_id in (select (o ->> 'message_id')::uuid from jsonb_array_elements(p_outcomes) o)
  order by m.message_id
  for update;

  with told as materialized (
    select distinct on (o.message_id, o.attempt)
      o.*, m.channel, m.user_id, m.failures, m.useful_until,
      case
        when o.outcome <> 'later' then o.outcome
        when m.failures + 1 > (select policy.number('retry.max', p_at)) then 'given_up'
        when retry.at > m.useful_until then 'too_late'
        else 'later'
      end as ends,
      retry.at as retry_at
    from jsonb_to_recordset(p_outcomes) as o (
      message_id uuid, attempt int, adapter text, outcome text, provider_id text, error text,
      address_is_bad boolean, retry_after double precision, person_limit boolean, taken_back boolean)
    join outreach.message m on m.message_id = o.message_id
    -- Only an open claim takes an outcome, so telling twice changes nothing; an accepted one can only be taken back.
    join outreach.delivery d
      on d.message_id = o.message_id
     and d.attempt = o.attempt
     and (d.state in ('claimed', 'in_doubt') or o.taken_back and d.state = 'accepted' and m.state in ('in_doubt', 'sent'))
    cross join lateral (
      select case
        when o.person_limit then
          3600 * (select policy.number('retry.person_limit', p_at))
          * power(2, (select least(count(*), 16) from outreach.delivery b where b.message_id = o.message_id and b.person_limit))
        else (select policy.number('retry.base', p_at)) * power(2, least(m.failures, 16))
      end as seconds
    ) wait
    cross join lateral (
      select p_at + make_interval(secs => greatest(coalesce(o.retry_after, 0), wait.seconds)) as at
    ) retry
    where o.outcome in ('accepted', 'refused', 'later')
       or o.outcome = 'unknown' and d.state = 'claimed'
    order by o.message_id, o.attempt
  ),
  delivered as (
    update outreach.delivery d
    set state = case t.outcome when 'accepted' then 'accepted' when 'unknown' then 'in_doubt' else 'released' end,
        adapter = t.adapter,
        provider_id = coalesce(t.provider_id, d.provider_id),
        error = coalesce(d.error, t.error),
        person_limit = coalesce(t.person_limit, false),
        settled_at = case when t.outcome <> 'unknown' then p_at end
    from told t
    where d.message_id = t.message_id
      and d.attempt = t.attempt
    returning d.message_id
  ),
  moved as (
    update outreach.message m
    set state = case t.ends when 'accepted' then 'sent' when 'unknown' then 'in_doubt' when 'later' then 'scheduled'
                            when 'too_late' then 'expired' else 'failed' end,
        state_at = p_at,
        -- A sending recorded by hand may be ahead of the message's own count: the next one comes after it.
        attempt = greatest(m.attempt, t.attempt),
        failures = m.failures + (t.outcome = 'later')::int,
        due_at = case when t.ends = 'later' then t.retry_at else m.due_at end,
        reason = case t.ends when 'refused' then 'provider_refused'
                             when 'later' then case when t.person_limit then 'person_limit' else 'provider_later' end
                             when 'given_up' then 'retries_used_up' when 'too_late' then 'too_late' end,
        rule = w.rule,
        rule_version = case when w.rule is not null then policy.version(w.rule, p_at) end
    from told t
    cross join lateral (
      select case t.ends when 'later' then case when t.person_limit then 'retry.person_limit' end
                         when 'given_up' then 'retry.max' when 'too_late' then 'reminder.useful_for' end as rule
    ) w
    -- A receipt may have come before our own word: then the message is further already and stays there.
    where m.message_id = t.message_id
      and (m.state in ('claimed', 'in_doubt') or t.taken_back and m.state = 'sent')
    returning m.channel, m.due_at, m.state
  ),
  suppressed as (
    update account.contact c
    set suppressed_at = p_at, suppressed_reason = 'refused'
    from told t
    where t.address_is_bad
      and t.outcome = 'refused'
      and c.user_id = t.user_id
      and c.channel = t.channel
      and c.suppressed_at is null
  ),
  woken as (
    select outreach.enqueue_wake_ups(m.channel, array_agg(m.due_at)) from moved m where m.state = 'scheduled' group by m.channel
  )
  select jsonb_build_object(
    'accepted', count(*) filter (where t.ends = 'accepted'),
    'failed', count(*) filter (where t.ends in ('refused', 'given_up', 'too_late')),
    'retry', count(*) filter (where t.ends = 'later') + 0 * (select count(*) from woken),
    'in_doubt', count(*) filter (where t.ends = 'unknown'))
  into v_result
  from told t;

  -- Receipts that were quicker than this word of ours know the message by the provider's name, which is known only now.
  if exists (select from outreach.message_event e where e.message_id is null and e.provider_id is not null) then
    perform outreach.match_orphan_events(
      (select array_agg(o ->> 'provider_id') from jsonb_array_elements(p_outcomes) o where o ->> 'provider_id' is not null), p_at);
  end if;
  return v_result;
end;
$$;

comment on function outreach.record_outcomes(jsonb, timestamptz) is
$$What became of claimed messages: accepted (sent), refused (failed, slot released; a bad address is suppressed), later (slot released, due again with a doubling wait inside useful_until), unknown (in doubt: keeps its slot, is never blindly repeated).
With person_limit the wait is retry.person_limit hours, twice as long each time this message meets it. With taken_back (outreach.release_returned) it also ends a sending that was accepted.
p_outcomes: array, see jobs.record_outcomes. Repeatable: only open claims take an outcome; the first error text is kept.$$;
