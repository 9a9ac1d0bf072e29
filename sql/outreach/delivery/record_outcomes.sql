create or replace function outreach.record_outcomes(p_outcomes jsonb, p_at timestamptz)
returns jsonb
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_result jsonb;
begin
  perform 1
  from outreach.message m
  where m.message_id in (select (o ->> 'message_id')::uuid from jsonb_array_elements(p_outcomes) o)
  order by m.message_id
  for update;

  with reported as materialized (
    select distinct on (o.message_id, o.attempt)
      o.*, m.channel, m.user_id, m.failures, m.useful_until,
      case
        when o.outcome <> 'later' then o.outcome
        when m.failures + 1 > (select policy.number('retry.max', p_at)) then 'given_up'
        when retry.at > m.useful_until then 'too_late'
        else 'later'
      end as result,
      retry.at as retry_at
    from jsonb_to_recordset(p_outcomes) as o (
      message_id uuid, attempt int, adapter text, outcome text, provider_id text, error text,
      address_is_bad boolean, retry_after double precision, person_limit boolean, is_returned boolean)
    join outreach.message m on m.message_id = o.message_id
    -- Only an open claim takes an outcome, so repeating one changes nothing; an accepted delivery can only be returned.
    join outreach.delivery d
      on d.message_id = o.message_id
     and d.attempt = o.attempt
     and (d.state in ('claimed', 'in_doubt') or o.is_returned and d.state = 'accepted' and m.state in ('in_doubt', 'sent'))
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
    set state = case r.outcome when 'accepted' then 'accepted' when 'unknown' then 'in_doubt' else 'released' end,
        adapter = r.adapter,
        provider_id = coalesce(r.provider_id, d.provider_id),
        error = coalesce(d.error, r.error),
        person_limit = coalesce(r.person_limit, false),
        settled_at = case when r.outcome <> 'unknown' then p_at end
    from reported r
    where d.message_id = r.message_id
      and d.attempt = r.attempt
    returning d.message_id
  ),
  moved as (
    update outreach.message m
    set state = case r.result
                  when 'accepted' then 'sent' when 'unknown' then 'in_doubt' when 'later' then 'scheduled'
                  when 'too_late' then 'expired' else 'failed'
                end,
        state_at = p_at,
        -- A delivery recorded by hand may have a higher number than the message counts: the next one follows it.
        attempt = greatest(m.attempt, r.attempt),
        failures = m.failures + (r.outcome = 'later')::int,
        due_at = case when r.result = 'later' then r.retry_at else m.due_at end,
        reason = case r.result
                   when 'refused' then 'provider_refused'
                   when 'later' then case when r.person_limit then 'person_limit' else 'provider_later' end
                   when 'given_up' then 'retries_used_up'
                   when 'too_late' then 'too_late'
                 end,
        rule = w.rule,
        rule_version = case when w.rule is not null then policy.version(w.rule, p_at) end
    from reported r
    cross join lateral (
      select case r.result
        when 'later' then case when r.person_limit then 'retry.person_limit' end
        when 'given_up' then 'retry.max'
        when 'too_late' then 'reminder.useful_for'
      end as rule
    ) w
    -- A receipt may have come before this outcome: then the message has advanced already and stays there.
    where m.message_id = r.message_id
      and (m.state in ('claimed', 'in_doubt') or r.is_returned and m.state = 'sent')
    returning m.channel, m.due_at, m.state
  ),
  suppressed as (
    update account.contact c
    set suppressed_at = p_at, suppressed_reason = 'refused'
    from reported r
    where r.address_is_bad
      and r.outcome = 'refused'
      and c.user_id = r.user_id
      and c.channel = r.channel
      and c.suppressed_at is null
  ),
  woken as (
    select outreach.enqueue_wake_ups(m.channel, array_agg(m.due_at)) from moved m where m.state = 'scheduled' group by m.channel
  )
  select jsonb_build_object(
    'accepted', count(*) filter (where r.result = 'accepted'),
    'failed', count(*) filter (where r.result in ('refused', 'given_up', 'too_late')),
    'retry', count(*) filter (where r.result = 'later') + 0 * (select count(*) from woken),
    'in_doubt', count(*) filter (where r.result = 'unknown'))
  into v_result
  from reported r;

  -- Receipts that came before this outcome have only the provider's id, which is recorded now.
  if exists (select from outreach.message_event e where e.message_id is null and e.provider_id is not null) then
    perform outreach.match_orphan_events(
      (select array_agg(o ->> 'provider_id') from jsonb_array_elements(p_outcomes) o where o ->> 'provider_id' is not null), p_at);
  end if;
  return v_result;
end;
$$;

comment on function outreach.record_outcomes(jsonb, timestamptz) is
$$Records the outcome of claimed messages, one per message and attempt.
accepted: sent. refused: failed, the delivery is released, and a bad address is suppressed.
later: released, and due again after a doubling wait (rules retry.base, retry.max) if still useful, else failed or expired.
unknown: in doubt; it keeps its slots and is never blindly repeated.
person_limit: the wait is retry.person_limit hours, doubled each time this message meets it.
is_returned: also ends an accepted delivery (outreach.release_returned).
p_outcomes: array, see jobs.record_outcomes. Result: {accepted, failed, retry, in_doubt}, each a number of messages.
Idempotent: only open claims take an outcome. The first error text is kept.$$;
