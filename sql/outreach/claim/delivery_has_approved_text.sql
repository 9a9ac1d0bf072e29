create or replace function outreach.delivery_has_approved_text()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
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
    raise exception 'Only an approved template of the channel''s form may be sent' using errcode = 'SH409',
      detail = v_message_id::text, constraint = 'delivery_has_approved_text',
      hint = 'Approve the template, or assign another one to the message.';
  end if;
  return null;
end;
$$;

comment on function outreach.delivery_has_approved_text() is
$$Trigger: a delivery of purpose outreach needs an approved template of the form that its channel carries (text.channel_form).
No writer, not even psql, can send an unapproved text or a long one by SMS. Errors: SH409.$$;

create or replace trigger delivery_has_approved_text
after insert on outreach.delivery
referencing new table as new_delivery
for each statement execute function outreach.delivery_has_approved_text();
