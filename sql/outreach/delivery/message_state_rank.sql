create or replace function outreach.message_state_rank(p_state text)
returns int
language sql immutable parallel safe
return case p_state
  when 'scheduled' then 0
  when 'claimed' then 10
  when 'in_doubt' then 20
  when 'sent' then 30
  when 'bounced' then 35
  when 'delivered' then 40
  when 'opened' then 50
  when 'clicked' then 60
  when 'booked' then 70
end;

comment on function outreach.message_state_rank(text) is
$$The rank of a state of messages; an event advances a message only to a higher rank.
Result: null for final states that nothing follows (ghost, expired, refused, failed).$$;
