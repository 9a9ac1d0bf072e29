create or replace function what_if.replay_person(
  p_log what_if.recorded_decision[], p_gone uuid[], p_gone_reason text[], p_caps what_if.applied_cap[], p_apart interval,
  p_quiet tstzmultirange, p_tried tstzmultirange, p_was_quiet tstzmultirange, p_spread interval, p_margin interval, p_from timestamptz)
returns what_if.replay_result[]
language plpgsql immutable parallel safe cost 1000
set search_path = ''
as $$
declare
  c_decisions constant int := coalesce(cardinality(p_log), 0);
  -- Every sending so far, oldest first; one that was released counts only for decisions before that.
  v_sent timestamptz[] := '{}';
  v_sent_channel text[] := '{}';
  v_sent_release bigint[] := '{}';
  v_count int := 0;
  -- Messages that left history: their later recorded decisions never came. Those of them that still wait, the next first.
  v_gone uuid[] := coalesce(p_gone, '{}');
  v_left_history boolean := cardinality(v_gone) > 0;
  v_waiting what_if.pending_message[] := '{}';
  v_waits boolean := false;
  v_planned uuid[] := '{}';
  v_fates what_if.replay_result[];
  v_next int := 1;
  v_one what_if.recorded_decision;
  v_at timestamptz;
  v_no bigint;
  v_gate text;
  v_again timestamptz;
  v_room int;
  v_space record;
  v_counted record;
  v_was timestamptz;
  v_is_recorded boolean;
  j int;
begin
  while v_next <= c_decisions or v_waits loop
    -- What comes next: a message that waits since it left history, or the next recorded decision.
    if v_next <= c_decisions then
      v_one := p_log[v_next];
    end if;
    if v_waits and (v_next > c_decisions or (v_waiting[1].at, v_waiting[1].id) <= (v_one.at, v_one.id)) then
      v_no := case when v_next <= c_decisions then v_one.no else 9223372036854775807 end;
      v_one := row (
        8, v_waiting[1].at, v_waiting[1].id, v_waiting[1].channel, v_waiting[1].obeys_caps, v_waiting[1].useful_until,
        v_waiting[1].useful_until, null, false, null, null, v_no, null)::what_if.recorded_decision;
      v_waiting := v_waiting[2:];
      v_waits := cardinality(v_waiting) > 0;
    else
      v_next := v_next + 1;
      continue when v_one.kind = 7
        -- Before the period only what was sent matters: it is in the windows still.
        or v_one.kind > 2 and v_one.at < p_from
        or v_left_history and v_one.id = any (case v_one.kind when 6 then v_planned else v_gone end);
    end if;
    v_at := v_one.at;

    -- What the gates say, in their order: the first that stops it, and when it may go.
    v_gate := null;
    v_again := v_at;
    v_room := null;
    if v_one.kind in (6, 10) then
      -- At planning, and only for that, messages that wait count as sent at their due time; it waits for the hour it wanted.
      v_counted := what_if.planning_forecast(v_sent, v_sent_channel, v_sent_release, v_waiting, p_log, v_next - 1, v_gone);
      v_space := what_if.cap_headroom(
        v_counted.sent, v_counted.channels, v_counted.releases, v_one.channel, v_at, v_one.no, p_caps);
      v_gate := coalesce(v_space.cap, 'reminder.useful_for');
      v_again := greatest(v_at, v_one.until, v_space.frees_at);
    elsif v_one.kind = 2 or v_at < p_from then
      -- Written by hand, or before the period: it stands, whatever the gates say.
      null;
    elsif v_at > v_one.useful_until and (v_one.kind = 9 or v_one.useful_until < v_one.useful_was) then
      v_gate := 'reminder.useful_for';
      v_again := 'infinity';
    -- What history let pass, or stopped at a later gate, can meet only the quiet time that is tried.
    elsif v_one.kind in (3, 8, 9) and p_quiet @> v_at or v_one.kind in (1, 4, 5) and p_tried @> v_at then
      v_gate := 'quiet';
      v_again := what_if.deferred_until(p_quiet, v_one.id, v_at, v_one.useful_until, p_spread, p_margin);
    elsif not v_one.obeys_caps
       -- Most are alone in every window: there is nothing to count.
       or v_one.kind = 1 and (v_count = 0 and p_apart is not null or v_sent[v_count] <= v_at - p_apart) then
      null;
    else
      v_space := what_if.cap_headroom(v_sent, v_sent_channel, v_sent_release, v_one.channel, v_at, v_one.no, p_caps);
      v_room := v_space.room;
      if v_space.frees_at > v_at then
        v_gate := v_space.cap;
        v_again := v_space.frees_at;
      elsif v_one.kind = 5 and v_room = 1 then
        v_gate := 'yields';
        v_again := v_one.until;
      end if;
    end if;

    -- Whether that is what was recorded.
    case v_one.kind
      when 3 then
        v_was := what_if.deferred_until(p_was_quiet, v_one.id, v_at, v_one.useful_was, p_spread, p_margin);
        -- Where it was not quiet, it was by what is not known any more (a window of its own, own hours changed since).
        v_is_recorded := v_was is null
          or v_gate = 'quiet' and (
            v_again = v_was and v_again <= v_one.useful_until and v_was <= v_one.useful_was
            or v_again > v_one.useful_until and v_was > v_one.useful_was);
      when 4 then
        v_is_recorded := v_gate not in ('quiet', 'reminder.useful_for')
          and case when v_one.ends then v_again > v_one.useful_until else v_again = v_one.until and v_again <= v_one.useful_until end;
      when 5 then
        v_is_recorded := v_gate = 'yields' and v_one.ends = (v_again > v_one.useful_until);
      when 6 then
        v_is_recorded := v_again > v_one.useful_until;
      when 10 then
        -- That it is free later than it was, its claim will find.
        v_is_recorded := v_again >= v_one.due_at and v_one.due_at <= v_one.useful_until;
      when 9 then
        v_is_recorded := v_gate = 'reminder.useful_for';
      else
        v_is_recorded := v_gate is null;
    end case;
    if v_is_recorded then
      -- A no, or not now.
      continue when v_one.kind > 2 and v_one.kind <> 8;
    elsif v_one.kind <> 8 then
      v_gone := array_append(v_gone, v_one.id);
      v_left_history := true;
    end if;
    if v_one.kind = 6 then
      v_planned := array_append(v_planned, v_one.id);
    end if;
    if v_again > v_one.useful_until then
      v_fates := array_append(v_fates, row (
        v_one.id, null, v_gate, case when v_one.kind = 1 and v_one.release_no is null then v_at end)::what_if.replay_result);
      continue;
    elsif v_again > v_at or v_one.kind in (6, 10) then
      v_waiting := array(
        select w
        from unnest(array_append(
          v_waiting, row (v_again, v_one.id, v_one.channel, v_one.obeys_caps, v_one.useful_until)::what_if.pending_message)) w
        order by w.at, w.id);
      v_waits := true;
      continue;
    end if;
    if v_one.kind > 2 then
      v_fates := array_append(v_fates, row (v_one.id, v_at, null, null)::what_if.replay_result);
    end if;

    -- It is sent: into its place in time, which is nearly always the last.
    v_count := v_count + 1;
    j := v_count;
    while j > 1 and v_sent[j - 1] > v_at loop
      v_sent[j] := v_sent[j - 1];
      v_sent_channel[j] := v_sent_channel[j - 1];
      v_sent_release[j] := v_sent_release[j - 1];
      j := j - 1;
    end loop;
    v_sent[j] := v_at;
    v_sent_channel[j] := v_one.channel;
    v_sent_release[j] := v_one.release_no;
  end loop;

  -- Not planned when they were, nor later.
  for j in 1 .. coalesce(cardinality(p_gone), 0) loop
    if p_gone[j] <> all (v_planned) then
      v_fates := array_append(v_fates, row (p_gone[j], null, p_gone_reason[j], null)::what_if.replay_result);
    end if;
  end loop;
  return v_fates;
end;
$$;

comment on function what_if.replay_person(
  what_if.recorded_decision[], uuid[], text[], what_if.applied_cap[], interval,
  tstzmultirange, tstzmultirange, tstzmultirange, interval, interval, timestamptz) is
$$Decides again, under another policy, what was decided on one person's messages, in the order in which it was: what_if.replay_history, which gathers the arguments, says how and why.
p_log: recorded decisions by kind: 1 = sent, 2 = written by hand, 3 = met a quiet time, 4 = capped, 5 = left to a higher class, 6 = not planned at a planning, 7 = any other no (tells only that the message waited until then), 9 = of no use any more, 10 = planned for later than the best instant because of a cap; 8, here only, = waits since it left history.
p_gone: messages that would not have been planned when they were, each with its reason. p_caps: their versions; p_apart: a sending so long ago lies in no window of theirs any more, null = it cannot be told so.
p_quiet: when nothing may go; p_tried: of that, what is tried and was not in force; p_was_quiet: when nothing could go; p_spread and p_margin: see outreach.deferred_until.
Result: the messages whose fate differs from history; null = history repeats itself.$$;
