create or replace function outreach.erase_personal_data(p_user_id uuid, p_at timestamptz)
returns void
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
begin
  perform 1 from outreach.message m where m.user_id = p_user_id order by m.message_id for update;
  update outreach.message m
  set exempt_reason = 'erased'
  where m.user_id = p_user_id
    and m.exempt_reason is not null;
  update outreach.delivery d
  set subject = null, body = null, error = null
  where d.user_id = p_user_id;
  update outreach.inbox_message i
  set subject = '', body = ''
  where i.user_id = p_user_id;
  -- Old links no longer work.
  update outreach.link l
  set book_until = least(l.book_until, p_at - interval '1 microsecond'),
      stop_until = least(l.stop_until, p_at - interval '1 microsecond')
  where l.user_id = p_user_id;
  -- Details of a bounce quote the address; the booking id is kept for sums.
  update outreach.message_event e
  set detail = case when e.detail ? 'booking_id' then jsonb_build_object('booking_id', e.detail -> 'booking_id') else '{}' end
  from outreach.message m
  where m.message_id = e.message_id
    and m.user_id = p_user_id
    and e.detail <> '{}';
end;
$$;

comment on function outreach.erase_personal_data(uuid, timestamptz) is
$$Erases a person's identity from this schema: sent texts, inbox, error texts and details of events; links expire.
Messages, deliveries, cap slots and events stay as proof, under an id without identity. The caller holds the person's lock.$$;
