create or replace function outreach.is_event_of_delivery(p_event outreach.message_event, p_delivery outreach.delivery)
returns boolean
language sql immutable parallel safe
return coalesce(
  (p_event).attempt = (p_delivery).attempt,
  (p_event).source = (p_delivery).adapter and (p_event).provider_id = (p_delivery).provider_id,
  false);

comment on function outreach.is_event_of_delivery(outreach.message_event, outreach.delivery) is
$$Whether an event of a message is about this delivery of it: by its attempt, else by the provider's id for the message.
False if it has neither. The caller has matched the messages.$$;
