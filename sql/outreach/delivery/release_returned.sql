create or replace function outreach.release_returned(p_event_ids uuid[], p_at timestamptz)
returns void
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_outcomes jsonb;
begin
  select jsonb_agg(jsonb_build_object(
    'message_id', d.message_id, 'attempt', d.attempt, 'adapter', d.adapter, 'is_returned', true,
    'outcome', case when (e.detail ->> 'again')::boolean then 'later' else 'refused' end,
    'error', 'returned ' || (e.detail ->> 'code'),
    'retry_after', e.detail -> 'retry_after',
    'person_limit', coalesce((e.detail ->> 'person_limit')::boolean, false)))
  into v_outcomes
  from outreach.message_event e
  join outreach.delivery d
    on d.message_id = e.message_id
   and outreach.is_event_of_delivery(e, d)
  where e.event_id = any (p_event_ids)
    and e.kind = 'returned';
  if v_outcomes is not null then
    perform outreach.record_outcomes(v_outcomes, p_at);
  end if;
end;
$$;

comment on function outreach.release_returned(uuid[], timestamptz) is
$$Treats returned deliveries (events returned, of messages that the caller has locked) as if the provider had refused them at once.
The delivery is released, and the message is due again after a growing wait, or failed.
A message that another event reports as arrived keeps that state. Idempotent.$$;
