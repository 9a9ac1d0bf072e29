create or replace function what_if.replay_person(
  p_log what_if.recorded_decision[], p_caps what_if.applied_cap[], p_longest_window interval,
  p_quiet tstzmultirange, p_tried_quiet tstzmultirange, p_recorded_quiet tstzmultirange,
  p_spread interval, p_margin interval, p_from timestamptz)
returns what_if.replay_result[]
language plpgsql immutable parallel safe cost 1000
set search_path = pg_catalog, pg_temp
as $$
declare
  c_decisions constant int := coalesce(cardinality(p_log), 0);
  -- Every sending so far, oldest first.
  v_sent what_if.sending[] := '{}';
  v_count int := 0;
  -- Messages that left history: their later recorded decisions never came. Some of them are pending, the next first.
  v_left uuid[] := '{}';
  v_has_left boolean := false;
  v_pending what_if.pending_message[] := '{}';
  v_is_pending boolean := false;
  v_results what_if.replay_result[];
  v_next int := 1;
  v_one what_if.recorded_decision;
  v_decision_no bigint;
  v_gate text;
  v_again timestamptz;
  v_recorded timestamptz;
  v_headroom record;
  v_is_recorded boolean;
  j int;
begin
  while v_next <= c_decisions or v_is_pending loop
    -- The next of both: a pending message or a recorded decision.
    if v_next <= c_decisions then
      v_one := p_log[v_next];
    end if;
    if v_is_pending and (v_next > c_decisions or (v_pending[1].at, v_pending[1].message_id) <= (v_one.at, v_one.message_id)) then
      v_decision_no := case when v_next <= c_decisions then v_one.decision_no else 9223372036854775807 end;
      v_one := row (
        'deferred', v_pending[1].at, v_pending[1].message_id, v_pending[1].channel, v_pending[1].obeys_caps,
        v_pending[1].useful_until, null, false, v_decision_no, null)::what_if.recorded_decision;
      v_pending := v_pending[2:];
      v_is_pending := cardinality(v_pending) > 0;
    else
      v_next := v_next + 1;
      continue when v_has_left and v_one.message_id = any (v_left);
    end if;

    -- The first gate that stops it, in their order, and when it may go.
    v_gate := null;
    v_again := v_one.at;
    if v_one.kind = 'sent_by_hand' or v_one.at < p_from then
      -- It stays, whatever the gates say.
      null;
    -- What history let pass, or stopped at a later gate, can only meet the quiet time that is added.
    elsif v_one.kind in ('quiet', 'deferred') and p_quiet @> v_one.at
       or v_one.kind in ('sent', 'capped', 'yielded') and p_tried_quiet @> v_one.at then
      v_gate := 'quiet';
      v_again := what_if.deferred_until(p_quiet, v_one.message_id, v_one.at, v_one.useful_until, p_spread, p_margin);
    elsif not v_one.obeys_caps
       -- Most sendings are alone in every window: there is nothing to count.
       or v_one.kind = 'sent' and (
         v_count = 0 and p_longest_window is not null or v_sent[v_count].sent_at <= v_one.at - p_longest_window) then
      null;
    else
      v_headroom := what_if.cap_headroom(v_sent, v_one.channel, v_one.at, v_one.decision_no, p_caps);
      if v_headroom.frees_at > v_one.at then
        v_gate := v_headroom.cap;
        v_again := v_headroom.frees_at;
      elsif v_one.kind = 'yielded' and v_headroom.remaining = 1 then
        v_gate := 'yields';
        v_again := v_one.allowed_at;
      end if;
    end if;

    v_is_recorded := false;
    case v_one.kind
      when 'quiet' then
        v_recorded := what_if.deferred_until(
          p_recorded_quiet, v_one.message_id, v_one.at, v_one.useful_until, p_spread, p_margin);
        -- Null: it was quiet for a reason not on record (a window of its own, own quiet hours changed since).
        v_is_recorded := v_recorded is null
          or v_gate = 'quiet' and (v_again = v_recorded or least(v_again, v_recorded) > v_one.useful_until);
      when 'capped' then
        v_is_recorded := v_gate <> 'quiet'
          and case when v_one.is_final then v_again > v_one.useful_until
                   else v_again = v_one.allowed_at and v_again <= v_one.useful_until end;
      when 'yielded' then
        v_is_recorded := v_gate = 'yields' and v_one.is_final = (v_again > v_one.useful_until);
      else
        v_is_recorded := v_gate is null;
    end case;
    if v_is_recorded then
      continue when v_one.kind in ('quiet', 'capped', 'yielded');
    elsif v_one.kind <> 'deferred' then
      v_left := array_append(v_left, v_one.message_id);
      v_has_left := true;
    end if;
    if v_again > v_one.useful_until then
      v_results := array_append(v_results, row (
        v_one.message_id, null, v_gate,
        case when v_one.kind = 'sent' and v_one.release_no is null then v_one.at end)::what_if.replay_result);
      continue;
    elsif v_again > v_one.at then
      v_pending := array(
        select w
        from unnest(array_append(
          v_pending,
          row (v_again, v_one.message_id, v_one.channel, v_one.obeys_caps, v_one.useful_until)::what_if.pending_message)) w
        order by w.at, w.message_id);
      v_is_pending := true;
      continue;
    end if;
    if v_one.kind not in ('sent', 'sent_by_hand') then
      v_results := array_append(v_results, row (v_one.message_id, v_one.at, null, null)::what_if.replay_result);
    end if;

    -- It is sent: inserted by time, nearly always at the end.
    v_count := v_count + 1;
    j := v_count;
    while j > 1 and v_sent[j - 1].sent_at > v_one.at loop
      v_sent[j] := v_sent[j - 1];
      j := j - 1;
    end loop;
    v_sent[j] := row (v_one.at, v_one.channel, v_one.release_no)::what_if.sending;
  end loop;
  return v_results;
end;
$$;

comment on function what_if.replay_person(
  what_if.recorded_decision[], what_if.applied_cap[], interval, tstzmultirange, tstzmultirange, tstzmultirange,
  interval, interval, timestamptz) is
$$Decides again, under another policy, the recorded decisions on one person's messages in their order.
what_if.replay_history gathers the arguments and explains the method.
p_longest_window: no cap counts a sending longer ago; null = some cap has no place at all. p_quiet, p_tried_quiet,
p_recorded_quiet: see what_if.quiet_windows_by_group. p_spread, p_margin: see outreach.deferred_until. p_from: earlier decisions
stay as they are.
Result: the messages whose fate differs from history; null = history repeats itself.$$;
