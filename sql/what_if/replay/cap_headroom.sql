create or replace function what_if.cap_headroom(
  p_sent timestamptz[], p_channels text[], p_releases bigint[], p_channel text, p_at timestamptz, p_no bigint,
  p_caps what_if.applied_cap[], out frees_at timestamptz, out cap text, out room int)
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  v_cap what_if.applied_cap;
  v_left int;
  v_edge timestamptz;
  v_last timestamptz;
  j int;
begin
  frees_at := '-infinity';
  foreach v_cap in array p_caps loop
    continue when v_cap.max_messages is null or p_at < v_cap.valid_from or p_at >= v_cap.valid_until or v_cap.channel <> p_channel;
    v_left := v_cap.max_messages;
    v_edge := p_at - v_cap.lasts;
    v_last := 'infinity';
    j := cardinality(p_sent);
    while v_left > 0 and j > 0 loop
      exit when p_sent[j] <= v_edge;
      if (p_releases[j] is null or p_releases[j] > p_no) and (v_cap.channel is null or p_channels[j] = v_cap.channel) then
        v_left := v_left - 1;
        v_last := p_sent[j];
      end if;
      j := j - 1;
    end loop;
    if v_left > 0 then
      room := least(room, v_left);
    elsif v_last + v_cap.lasts > frees_at then
      frees_at := v_last + v_cap.lasts;
      cap := v_cap.cap;
    end if;
  end loop;
end;
$$;

comment on function what_if.cap_headroom(timestamptz[], text[], bigint[], text, timestamptz, bigint, what_if.applied_cap[]) is
$$outreach.cap_usage and the choice of the strictest, over what was sent (oldest first) instead of the tables: when one more may go on a channel (frees_at: not after p_at = at once), which cap it waits for, and the fewest places left.
p_releases: place among all decisions at which a sending was given back; it counts for those before.$$;
