create or replace function what_if.cap_headroom(
  p_sent what_if.sending[], p_channel text, p_at timestamptz, p_decision_no bigint, p_caps what_if.applied_cap[],
  out frees_at timestamptz, out cap text, out remaining int)
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_cap what_if.applied_cap;
  v_sending what_if.sending;
  v_left int;
  v_edge timestamptz;
  v_last timestamptz;
  j int;
begin
  frees_at := '-infinity';
  foreach v_cap in array p_caps loop
    continue when v_cap.max_messages is null or p_at < v_cap.valid_from or p_at >= v_cap.valid_until or v_cap.channel <> p_channel;
    v_left := v_cap.max_messages;
    v_edge := p_at - v_cap.window_length;
    v_last := 'infinity';
    j := cardinality(p_sent);
    while v_left > 0 and j > 0 loop
      v_sending := p_sent[j];
      exit when v_sending.sent_at <= v_edge;
      if (v_sending.release_no is null or v_sending.release_no > p_decision_no)
         and (v_cap.channel is null or v_sending.channel = v_cap.channel) then
        v_left := v_left - 1;
        v_last := v_sending.sent_at;
      end if;
      j := j - 1;
    end loop;
    if v_left > 0 then
      remaining := least(remaining, v_left);
    elsif v_last + v_cap.window_length > frees_at then
      frees_at := v_last + v_cap.window_length;
      cap := v_cap.cap;
    end if;
  end loop;
end;
$$;

comment on function what_if.cap_headroom(what_if.sending[], text, timestamptz, bigint, what_if.applied_cap[]) is
$$outreach.cap_usage and the choice of the strictest cap, over sendings (oldest first) instead of the tables.
frees_at: when one more may go on a channel (not after p_at = at once); cap: which cap it waits for; remaining: the fewest places
left.
A released sending counts for decisions before its release_no.$$;
