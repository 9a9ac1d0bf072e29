create or replace function outreach.deferred_until(
  p_message_id uuid, p_open_window tstzrange, p_useful_until timestamptz, p_spread interval, p_margin interval)
returns timestamptz
language sql stable parallel safe
return
  lower(p_open_window)
  + greatest(
      least(
        p_spread,
        upper(outreach.with_safety_margin(p_open_window, p_margin)) - lower(p_open_window),
        p_useful_until - lower(p_open_window)),
      interval '0')
  * (('x' || substr(md5(p_message_id::text), 1, 13))::bit(52)::bigint / 4503599627370496.0::double precision);

comment on function outreach.deferred_until(uuid, tstzrange, timestamptz, interval, interval) is
$$When a message that meets a quiet range is due again: at a stable point within p_spread after the start of the next open window.
p_open_window: see outreach.next_open_window. p_spread, p_margin: rules quiet.spread and quiet.margin.
The point is a hash of the message id, so that messages do not all go at once, and a repetition or replay gives the same.
It lies before the last minutes of the window (outreach.with_safety_margin) and within p_useful_until;
if the message is no longer useful by then, it is the start of the window.$$;
