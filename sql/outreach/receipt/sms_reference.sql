create or replace function outreach.sms_reference(p_message_id uuid)
returns text
language sql immutable parallel safe
return right(replace(p_message_id::text, '-', ''), 20);

comment on function outreach.sms_reference(uuid) is
$$The name of a message at gateways that take 20 letters and digits at most: the last 20 hexadecimal digits of its id, which hold all of its random bits.
Index delivery_sms_reference_idx is on the same expression; worker/channels/sms.py makes the same text.$$;
