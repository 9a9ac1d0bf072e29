create or replace function outreach.delivery_has_approved_text()
returns trigger
language plpgsql
set search_path = ''
as $$
declare
  v_message_id uuid;
begin
  select n.message_id into v_message_id
  from new_delivery n
  join outreach.message m on m.message_id = n.message_id
  left join text.template t on t.template_id = coalesce(n.template_id, m.template_id)
  where n.purpose = 'outreach'
    and (t.approved_at is null or t.form <> text.channel_form(n.channel))
  limit 1;
  if found then
    raise exception 'Only an approved text of the channel''s form is sent' using errcode = 'SH409',
      detail = v_message_id::text, constraint = 'delivery_has_approved_text',
      hint = 'Approve the template, or give the message another.';
  end if;
  return null;
end;
$$;

comment on function outreach.delivery_has_approved_text() is
$$Trigger: a sending of purpose outreach needs a text that is approved and whose form the channel carries; so no writer, not even psql, sends an unapproved text, or a letter by SMS.
Errors: SH409 the text is neither.$$;

create or replace trigger delivery_has_approved_text
after insert on outreach.delivery
referencing new table as new_delivery
for each statement execute function outreach.delivery_has_approved_text();
