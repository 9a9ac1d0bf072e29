create or replace function outreach.deferred_until(
  p_message_id uuid, p_stretch tstzrange, p_useful_until timestamptz, p_spread interval, p_margin interval)
returns timestamptz
language sql stable parallel safe
return
  lower(p_stretch)
  + greatest(
      least(p_spread, upper(outreach.with_safety_margin(p_stretch, p_margin)) - lower(p_stretch), p_useful_until - lower(p_stretch)),
      interval '0')
  * (('x' || substr(md5(p_message_id::text), 1, 13))::bit(52)::bigint / 4503599627370496.0::double precision);

comment on function outreach.deferred_until(uuid, tstzrange, timestamptz, interval, interval) is
$$When a message that meets a quiet time goes after it: within p_spread (rule quiet.spread) of the begin of the next stretch that is not quiet (outreach.next_open_window), at a place of its own, so that not everybody's goes on the hour; before the stretch's last minutes (outreach.with_safety_margin) and while it is useful.
The place is a hash of the message: asked again, or in a replay, it is the same. What is of no use any more when the stretch begins gets that begin.$$;
