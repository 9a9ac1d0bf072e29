create or replace function what_if.changed_useful_until(
  p_message_id uuid, p_recorded timestamptz, p_useful_for interval, p_from timestamptz)
returns timestamptz
language sql stable parallel safe
begin atomic
  select case
    when m.message_class = 'reminder' and m.planned_at >= p_from then coalesce(m.expected_at + p_useful_for, p_recorded)
    else coalesce(p_recorded, m.useful_until)
  end
  from outreach.message m
  where m.message_id = p_message_id;
end;

comment on function what_if.changed_useful_until(uuid, timestamptz, interval, timestamptz) is
$$How long a message would be useful by another value of reminder.useful_for, if it is a reminder that was planned from p_from on; else as recorded.$$;
