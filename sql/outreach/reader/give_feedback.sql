create or replace function outreach.give_feedback(p_user_id uuid, p_message_id uuid, p_useful boolean, p_at timestamptz)
returns void
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_given int;
begin
  -- The row lock serializes concurrent answers.
  perform 1
  from outreach.message m
  where m.message_id = p_message_id
    and m.user_id = p_user_id
    and m.purpose = 'outreach'
    and exists (
      select from outreach.delivery d
      where d.message_id = m.message_id and d.state in ('in_doubt', 'accepted', 'bounced'))
  for update;
  if not found then
    raise exception 'No such message was sent to you' using errcode = 'SH404', detail = p_message_id::text;
  end if;
  if exists (select from outreach.latest_feedback f where f.message_id = p_message_id and f.useful = p_useful) then
    return;
  end if;
  select count(*) into v_given
  from outreach.message_event e
  where e.message_id = p_message_id
    and e.kind in ('useful', 'not_useful');
  perform outreach.record_message_events('feedback', jsonb_build_array(jsonb_build_object(
    'message_id', p_message_id, 'kind', case when p_useful then 'useful' else 'not_useful' end,
    'source_event_id', p_message_id || '/feedback/' || v_given + 1)), p_at);
end;
$$;

comment on function outreach.give_feedback(uuid, uuid, boolean, timestamptz) is
$$Records whether the recipient found a message useful. The latest answer counts (outreach.latest_feedback); earlier ones are kept.
Idempotent. Errors: SH404 no such message was sent to the person.$$;
