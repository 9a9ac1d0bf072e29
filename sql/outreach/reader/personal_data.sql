create or replace function outreach.personal_data(p_user_id uuid)
returns jsonb
language sql stable parallel safe
begin atomic
  select jsonb_build_object(
    'messages', coalesce((
      select jsonb_agg(jsonb_build_object(
        'message_id', m.message_id, 'channel', m.channel, 'purpose', m.purpose, 'kind', m.kind, 'service_id', m.service_id,
        'state', m.state, 'planned_at', m.planned_at, 'due_at', m.due_at, 'expected_at', m.expected_at, 'reason', m.reason,
        'rule', m.rule, 'rule_version', m.rule_version,
        'deliveries', coalesce((
          select jsonb_agg(jsonb_build_object(
            'attempt', d.attempt, 'sent_at', d.sent_at, 'state', d.state, 'adapter', d.adapter, 'provider_id', d.provider_id,
            'subject', d.subject, 'body', d.body, 'error', d.error, 'person_limit', d.person_limit) order by d.attempt)
          from outreach.delivery d where d.message_id = m.message_id), '[]'),
        'decisions', coalesce((
          select jsonb_agg(jsonb_build_object(
            'decided_at', x.decided_at, 'verdict', x.verdict, 'reason', x.reason, 'rule', x.rule, 'rule_version', x.rule_version,
            'until', x.until) order by x.decision_no)
          from outreach.claim_denial x where x.message_id = m.message_id), '[]'),
        'events', coalesce((
          select jsonb_agg(jsonb_build_object(
            'kind', e.kind, 'happened_at', e.happened_at, 'source', e.source, 'is_machine', e.is_machine, 'detail', e.detail)
            order by e.happened_at, e.event_id)
          from outreach.message_event e where e.message_id = m.message_id), '[]'),
        'links', coalesce((
          select jsonb_agg(jsonb_build_object(
            'created_at', l.created_at, 'book_until', l.book_until, 'stop_until', l.stop_until, 'booked_at', l.booked_at)
            order by l.created_at)
          from outreach.link l where l.message_id = m.message_id), '[]')) order by m.planned_at, m.message_id)
      from outreach.message m where m.user_id = p_user_id), '[]'),
    'inbox', coalesce((
      select jsonb_agg(to_jsonb(i) - 'user_id' order by i.arrived_at, i.message_id)
      from outreach.inbox_message i where i.user_id = p_user_id), '[]'),
    'cap_slots', coalesce((
      select jsonb_agg(jsonb_build_object('cap', s.cap, 'taken_at', s.taken_at, 'frees_at', s.frees_at) order by s.taken_at, s.cap)
      from outreach.cap_slot s where s.user_id = p_user_id), '[]'));
end;

comment on function outreach.personal_data(uuid) is
$$All data of a person in this schema, for their export: messages with deliveries, claim denials (key decisions), events and links;
the in-app inbox; cap slots.$$;
