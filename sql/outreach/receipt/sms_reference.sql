create or replace function outreach.sms_reference(p_message_id uuid)
returns text
language sql immutable parallel safe
return right(replace(p_message_id::text, '-', ''), 20);

comment on function outreach.sms_reference(uuid) is
$$The reference of a message at SMS gateways that take at most 20 letters and digits.
The last 20 hexadecimal digits of its id hold all of its random bits.
Index delivery_sms_reference_idx is on the same expression, and worker/channels/sms.py computes the same text.$$;
