create or replace function what_if.recorded_decisions(
  p_user_id uuid, p_purpose text, p_since timestamptz, p_from timestamptz, p_until timestamptz, p_changes_quiet boolean)
returns setof what_if.recorded_decision
language sql stable parallel safe
begin atomic
  select
    case when d.due_at is null and d.decision_no is not null then 'sent_by_hand' else 'sent' end::what_if.decision_kind,
    d.sent_at, d.message_id, d.channel,
    -- Sendings older than these columns are looked up at their messages. coalesce() runs a sub-select only when it needs it.
    coalesce(d.obeys_caps, (select m.obeys_caps from outreach.message m where m.message_id = d.message_id)),
    coalesce(d.useful_until, (select m.useful_until from outreach.message m where m.message_id = d.message_id)),
    null::timestamptz, false, coalesce(d.decision_no, 0), d.release_no
  from outreach.delivery d
  where d.user_id = p_user_id
    and d.purpose = p_purpose
    and d.takes_slot
    and d.sent_at >= p_since
    and d.sent_at < p_until
    and (d.state <> 'released' or d.release_no is not null)
  union all
  select
    case d.reason when 'capped' then 'capped' when 'yields' then 'yielded' else 'quiet' end::what_if.decision_kind,
    d.decided_at, d.message_id, d.channel,
    d.reason <> 'quiet' or (select m.obeys_caps from outreach.message m where m.message_id = d.message_id),
    d.useful_until, d.until, d.verdict <> 'defer', d.decision_no, null
  from outreach.claim_denial d
  where d.user_id = p_user_id
    and d.purpose = p_purpose
    and d.decided_at >= p_from
    and d.decided_at < p_until
    and (d.reason in ('capped', 'yields') or d.reason = 'quiet' and p_changes_quiet);
end;

comment on function what_if.recorded_decisions(uuid, text, timestamptz, timestamptz, timestamptz, boolean) is
$$The decisions at claims on a person's messages that a replay between two instants reads.
Sendings from p_since on, the beginning of the longest window; denials by a cap or a higher priority, and by a quiet time if the
replay tries one (p_changes_quiet).$$;
