create or replace function outreach.sent_messages(p_user_id uuid, p_cursor text, p_limit int)
returns jsonb
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_at timestamptz;
  v_id uuid;
  v_page jsonb;
begin
  select c.at, c.id into v_at, v_id from edge.cursor_position(p_cursor) c;
  with page as (
    select d.message_id, d.sent_at, d.channel, d.subject, d.body, m.kind, m.state, m.service_id
    from outreach.delivery d
    join outreach.message m on m.message_id = d.message_id
    where d.user_id = p_user_id
      and d.purpose = 'outreach'
      and d.state in ('in_doubt', 'accepted', 'bounced')
      and (v_at is null or (d.sent_at, d.message_id) < (v_at, v_id))
    order by d.sent_at desc, d.message_id desc
    limit p_limit + 1
  )
  select edge.page(
    array_agg(g.sent_at order by g.sent_at desc, g.message_id desc),
    array_agg(g.message_id order by g.sent_at desc, g.message_id desc),
    array_agg(jsonb_build_object(
      'message_id', g.message_id, 'kind', g.kind, 'channel', g.channel, 'sent_at', g.sent_at, 'state', g.state,
      'service_id', g.service_id, 'subject', g.subject,
      -- Links are stored as placeholders, since their keys are only stored hashed; they are removed here.
      'body', text.fill_placeholders(g.body, '{}'),
      'useful', (select f.useful from outreach.latest_feedback f where f.message_id = g.message_id))
      order by g.sent_at desc, g.message_id desc),
    p_limit)
  into v_page
  from page g;
  return v_page;
end;
$$;

comment on function outreach.sent_messages(uuid, text, int) is
$$A page of the messages that campaigns sent to a person, the latest first: {items, next_cursor}; next_cursor null = no more.
Texts as sent, without links. useful: the person's feedback, null = none.$$;
