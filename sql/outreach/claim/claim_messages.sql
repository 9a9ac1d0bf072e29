create or replace function outreach.claim_messages(
  p_channel text, p_limit int, p_at timestamptz, p_public_url text, p_adapter text default null)
returns jsonb
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_picked int;
  v_user_ids uuid[];
  v_message_ids uuid[];
  v_message_id uuid;
  v_constraint text;
  v_part jsonb;
  v_result jsonb := '{"messages": [], "claimed": 0, "refused": 0, "expired": 0, "deferred": 0}';
begin
  if not (select i.sending and i.system_identifier = (select c.system_identifier from pg_catalog.pg_control_system() c)
          from policy.installation i) then
    return v_result || '{"more": false}';
  end if;

  -- skip locked and try-locks: a claim never waits, so taking messages before people cannot deadlock. What is skipped stays due.
  with picked as materialized (
    select m.message_id, m.user_id, m.purpose, m.message_class, m.expected_value, m.due_at
    from outreach.message m
    where m.channel = p_channel
      and m.state = 'scheduled'
      and m.due_at <= p_at
      and not exists (select from outreach.campaign_hold h where h.campaign_id = m.campaign_id and h.kind = 'paused')
    order by m.due_at, m.message_id
    limit p_limit
    for update of m skip locked
  ),
  -- Of several messages to a person only the first by rank is decided now, the others by the next claim.
  first as (
    select distinct on (k.key) p.message_id, p.user_id
    from picked p
    join policy.message_class c on c.message_class = p.message_class
    cross join lateral (select case when p.purpose = 'transactional' then p.message_id else p.user_id end as key) k
    order by k.key, c.priority, p.expected_value desc, p.due_at, p.message_id
  )
  select (select count(*) from picked), array_agg(f.message_id), array_agg(f.user_id)
  into v_picked, v_message_ids, v_user_ids
  from first f;

  select array_agg(x.message_id) into v_message_ids
  from unnest(v_message_ids, v_user_ids) as x (message_id, user_id)
  where pg_try_advisory_xact_lock(account.person_lock_key(x.user_id));

  begin
    -- A later statement than the locks, so its snapshot includes all that was committed before them.
    v_result := outreach.apply_claim_verdicts(v_message_ids, p_at, p_public_url, p_adapter);
  exception
    when foreign_key_violation or unique_violation or exclusion_violation or check_violation
      or sqlstate 'SH429' or sqlstate 'SH409' then
    -- A constraint rejected the batch: retry message by message.
    foreach v_message_id in array v_message_ids loop
      begin
        v_part := outreach.apply_claim_verdicts(array[v_message_id], p_at, p_public_url, p_adapter);
        v_result := jsonb_build_object(
          'messages', (v_result -> 'messages') || (v_part -> 'messages'),
          'claimed', (v_result ->> 'claimed')::int + (v_part ->> 'claimed')::int,
          'refused', (v_result ->> 'refused')::int + (v_part ->> 'refused')::int,
          'expired', (v_result ->> 'expired')::int + (v_part ->> 'expired')::int,
          'deferred', (v_result ->> 'deferred')::int + (v_part ->> 'deferred')::int);
      exception
        when foreign_key_violation or unique_violation or exclusion_violation or check_violation
          or sqlstate 'SH429' or sqlstate 'SH409' then
        get stacked diagnostics v_constraint = constraint_name;
        update outreach.message m
        set state = 'refused', state_at = p_at, reason = 'constraint:' || v_constraint,
            rule = case when v_constraint = 'delivery_has_consent' then 'consent'
                        -- A delivery was recorded by hand: the message is not sent a second time.
                        when v_constraint in ('delivery_pkey', 'delivery_live_once_idx') then 'reminder.once'
                        when v_constraint = 'delivery_has_approved_text' then 'approved_text'
                        else 'cap' end,
            rule_version = 1
        where m.message_id = v_message_id;
        v_result := jsonb_set(v_result, '{refused}', to_jsonb((v_result ->> 'refused')::int + 1));
      end;
    end loop;
  end;

  return v_result || jsonb_build_object('more', v_picked = p_limit and v_message_ids is not null);
end;
$$;

comment on function outreach.claim_messages(text, int, timestamptz, text, text) is
$$Claims up to p_limit due messages of a channel: locks them and their people, decides, and records deliveries for those to send.
A message is claimed once. The caller must send it and report the outcome (outreach.record_outcomes), else it is in doubt after
the lease (rule claim.lease). p_adapter: who will send, recorded at once, so that a lost answer is looked up there.
Result: see jobs.claim_messages. Claims nothing if policy.installation forbids sending, or was restored into another server.$$;
