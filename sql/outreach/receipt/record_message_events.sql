create or replace function outreach.record_message_events(p_source text, p_events jsonb, p_at timestamptz)
returns int
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_message_ids uuid[];
  v_event_ids uuid[];
begin
  -- The message of each event: by our id, by its short form (sms_reference), or by the provider's id.
  select array_agg(found.message_id order by e.position) into v_message_ids
  from rows from (jsonb_to_recordset(p_events) as (message_id uuid, reference text, provider_id text))
    with ordinality as e (message_id, reference, provider_id, position)
  left join lateral (
    select coalesce(
      (select m.message_id from outreach.message m where m.message_id = e.message_id and m.state <> 'ghost'),
      (select d.message_id from outreach.delivery d where d.channel = 'sms' and outreach.sms_reference(d.message_id) = e.reference
       order by d.sent_at desc limit 1),
      (select d.message_id from outreach.delivery d where d.adapter = p_source and d.provider_id = e.provider_id
       order by d.sent_at desc limit 1)) as message_id
  ) found on true;

  -- Locked in key order before the events refer to them, so that two calls cannot deadlock.
  perform 1
  from outreach.message m
  where m.message_id = any (v_message_ids)
  order by m.message_id
  for update;

  with inserted as (
    insert into outreach.message_event
      (message_id, kind, happened_at, recorded_at, source, source_event_id, is_machine, provider_id, attempt, bounce, detail)
    select
      e.found_id, e.kind, coalesce(e.happened_at, p_at), p_at, p_source, e.source_event_id, coalesce(e.is_machine, false),
      e.provider_id, e.attempt,
      case when e.kind = 'bounced' then outreach.bounce_class(e.detail) end,
      coalesce(e.detail, '{}')
        || case
          when e.found_id is null and e.message_id is not null then jsonb_build_object('message_id', e.message_id)
          else '{}'
        end
    from rows from (
      jsonb_to_recordset(p_events) as (
        message_id uuid, provider_id text, attempt int, kind text, happened_at timestamptz, source_event_id text,
        is_machine boolean, detail jsonb),
      unnest(v_message_ids))
      as e (message_id, provider_id, attempt, kind, happened_at, source_event_id, is_machine, detail, found_id)
    on conflict (source, source_event_id) do nothing
    returning event_id
  )
  select array_agg(i.event_id) into v_event_ids from inserted i;
  perform outreach.apply_message_events(v_event_ids, p_at);
  return coalesce(cardinality(v_event_ids), 0);
end;
$$;

comment on function outreach.record_message_events(text, jsonb, timestamptz) is
$$Records receipts and actions of recipients, in any order and with repetitions, and applies them (outreach.apply_message_events).
Each event (source, source_event_id) counts once. Its message is found by message_id, by reference (outreach.sms_reference), or by
(source, provider_id) as on the delivery. A provider_id that no delivery has yet waits for outreach.match_orphan_events.
p_events: array, see jobs.record_receipts. Result: number of new events.$$;
