create or replace function smartengage.replay_room(
  p_sent timestamptz[], p_channels text[], p_releases bigint[], p_channel text, p_at timestamptz, p_no bigint,
  p_cap text[], p_cap_channel text[], p_cap_max int[], p_cap_window interval[], p_cap_from timestamptz[], p_cap_until timestamptz[],
  out frees_at timestamptz, out cap text, out room int)
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  v_left int;
  v_edge timestamptz;
  v_last timestamptz;
  j int;
begin
  frees_at := '-infinity';
  for c in 1 .. coalesce(cardinality(p_cap), 0) loop
    continue when p_cap_max[c] is null or p_at < p_cap_from[c] or p_at >= p_cap_until[c] or p_cap_channel[c] <> p_channel;
    v_left := p_cap_max[c];
    v_edge := p_at - p_cap_window[c];
    v_last := 'infinity';
    j := cardinality(p_sent);
    while v_left > 0 and j > 0 loop
      exit when p_sent[j] <= v_edge;
      if (p_releases[j] is null or p_releases[j] > p_no) and (p_cap_channel[c] is null or p_channels[j] = p_cap_channel[c]) then
        v_left := v_left - 1;
        v_last := p_sent[j];
      end if;
      j := j - 1;
    end loop;
    if v_left > 0 then
      room := least(room, v_left);
    elsif v_last + p_cap_window[c] > frees_at then
      frees_at := v_last + p_cap_window[c];
      cap := p_cap[c];
    end if;
  end loop;
end;
$$;

comment on function smartengage.replay_room(
  timestamptz[], text[], bigint[], text, timestamptz, bigint, text[], text[], int[], interval[], timestamptz[], timestamptz[]) is
$$outreach.cap_use and the choice of the strictest, over what was sent (oldest first) instead of the tables: when one more may go on a channel (frees_at: not after p_at = at once), which cap it waits for, and the fewest places left.
p_releases: place among all decisions at which a sending was given back; it counts for those before. p_cap…: as smartengage.replay_person.$$;
