create or replace function smartengage.replay_person(
  p_kind int[], p_at timestamptz[], p_id uuid[], p_channel text[], p_useful timestamptz[], p_until timestamptz[],
  p_due timestamptz[], p_run_id uuid[], p_no bigint[], p_release_no bigint[],
  p_gone uuid[], p_gone_reason text[], p_quiet tstzmultirange, p_tried tstzmultirange,
  p_spread interval, p_margin interval, p_from timestamptz,
  p_cap text[], p_cap_channel text[], p_cap_max int[], p_cap_window interval[],
  p_cap_from timestamptz[], p_cap_until timestamptz[], p_apart interval)
returns smartengage.fate[]
language plpgsql immutable parallel safe cost 1000
set search_path = ''
as $$
declare
  c_events constant int := coalesce(cardinality(p_kind), 0);
  -- Every sending so far, oldest first; one that was released counts only for decisions before that.
  v_sent timestamptz[] := '{}';
  v_sent_channel text[] := '{}';
  v_sent_release bigint[] := '{}';
  v_count int := 0;
  -- Messages that left history: their later recorded decisions never came. Those of them that still wait for an instant.
  v_gone uuid[] := coalesce(p_gone, '{}');
  v_left_history boolean := cardinality(coalesce(p_gone, '{}')) > 0;
  v_wait_id uuid[] := '{}';
  v_wait_at timestamptz[] := '{}';
  v_wait_useful timestamptz[] := '{}';
  v_wait_channel text[] := '{}';
  v_waiting int := 0;
  v_fates smartengage.fate[];
  v_next int := 1;
  v_event int;
  v_w int;
  v_kind int;
  v_at timestamptz;
  v_id uuid;
  v_channel text;
  v_useful timestamptz;
  v_told timestamptz;
  v_no bigint;
  v_frees timestamptz;
  v_cap text;
  v_room int;
  v_again timestamptz;
  v_quiet_until timestamptz;
  v_space record;
  v_counted record;
  j int;
begin
  for j in 1 .. cardinality(v_gone) loop
    v_fates := array_append(v_fates, row (p_gone[j], null, p_gone_reason[j], null)::smartengage.fate);
  end loop;

  while v_next <= c_events or v_waiting > 0 loop
    -- What comes next: a message that waits since it left history, or the next recorded decision.
    v_w := 0;
    for j in 1 .. v_waiting loop
      if v_w = 0 or (v_wait_at[j], v_wait_id[j]) < (v_wait_at[v_w], v_wait_id[v_w]) then
        v_w := j;
      end if;
    end loop;
    if v_w > 0 and v_next <= c_events and (v_wait_at[v_w], v_wait_id[v_w]) > (p_at[v_next], p_id[v_next]) then
      v_w := 0;
    end if;
    if v_w > 0 then
      v_kind := 8;
      v_at := v_wait_at[v_w];
      v_id := v_wait_id[v_w];
      v_channel := v_wait_channel[v_w];
      v_useful := v_wait_useful[v_w];
      v_no := case when v_next <= c_events then p_no[v_next] else 9223372036854775807 end;
    else
      v_event := v_next;
      v_next := v_next + 1;
      v_kind := p_kind[v_event];
      continue when v_kind = 7;
      v_id := p_id[v_event];
      continue when v_left_history and v_id = any (v_gone);
      v_at := p_at[v_event];
      v_channel := p_channel[v_event];
      v_no := p_no[v_event];
      v_useful := p_useful[v_event];
      v_told := p_until[v_event];
      -- Before the period only what was sent matters: it is in the windows still.
      continue when v_at < p_from and v_kind > 3;
    end if;

    if v_kind = 6 then
      -- At planning, and only for that, messages that wait count as sent at their due time.
      v_counted := smartengage.replay_forecast(
        v_sent, v_sent_channel, v_sent_release, v_wait_at, v_wait_channel, v_event, p_id, p_due, p_channel, p_kind, v_gone,
        p_run_id[v_event], v_no);
      v_space := smartengage.replay_room(
        v_counted.sent, v_counted.channels, v_counted.releases, v_channel, v_at, v_no,
        p_cap, p_cap_channel, p_cap_max, p_cap_window, p_cap_from, p_cap_until);
      v_frees := v_space.frees_at;
      v_cap := v_space.cap;
      v_room := v_space.room;
    elsif v_kind = 1 and (v_count = 0 and p_apart is not null or v_sent[v_count] <= v_at - p_apart) then
      -- Most are alone in every window: there is nothing to count.
      v_frees := '-infinity';
      v_cap := null;
      v_room := null;
    else
      -- What is exempt, or lies before the period, no cap binds.
      v_space := smartengage.replay_room(
        v_sent, v_sent_channel, v_sent_release, v_channel, v_at, v_no,
        case when v_kind in (2, 3) or v_kind = 1 and v_at < p_from then '{}' else p_cap end,
        p_cap_channel, p_cap_max, p_cap_window, p_cap_from, p_cap_until);
      v_frees := v_space.frees_at;
      v_cap := v_space.cap;
      v_room := v_space.room;
    end if;

    -- Quiet by the period that is tried; what waits since it left history meets all that is quiet. What was written by hand
    -- nobody decided, and of a planning only the caps are asked.
    v_quiet_until := case
      when v_kind in (1, 2, 4, 5) and v_at >= p_from and p_tried @> v_at or v_kind = 8 and p_quiet @> v_at then (
        select upper(q) from unnest(p_quiet) q where q @> v_at)
    end;
    if v_quiet_until is null
       and (v_kind <= 3 and v_frees <= v_at
         or v_kind = 4 and v_frees > v_at and (v_told = v_frees or v_frees > v_useful and coalesce(v_told, 'infinity') > v_useful)
         or v_kind = 5 and v_frees <= v_at and v_room = 1
         or v_kind = 6 and (v_frees > v_useful or greatest(v_told, v_frees) > v_useful)) then
      -- As recorded.
      continue when v_kind > 3;
    else
      if v_kind <> 8 then
        v_gone := array_append(v_gone, v_id);
        v_left_history := true;
      end if;
      -- When it may go: not in quiet times, then when the cap frees; a plan waits for the hour it wanted.
      if v_quiet_until is not null then
        v_cap := 'quiet';
        v_again := outreach.put_off(
          v_id, tstzrange(v_quiet_until, (select min(lower(q)) from unnest(p_quiet) q where lower(q) > v_quiet_until)),
          v_useful, p_spread, p_margin);
      else
        v_again := greatest(v_at, v_frees, case when v_kind = 6 then v_told end);
      end if;
      if v_kind = 8 then
        -- The last takes its place in the list.
        v_wait_id[v_w] := v_wait_id[v_waiting];
        v_wait_at[v_w] := v_wait_at[v_waiting];
        v_wait_useful[v_w] := v_wait_useful[v_waiting];
        v_wait_channel[v_w] := v_wait_channel[v_waiting];
        v_wait_id := trim_array(v_wait_id, 1);
        v_wait_at := trim_array(v_wait_at, 1);
        v_wait_useful := trim_array(v_wait_useful, 1);
        v_wait_channel := trim_array(v_wait_channel, 1);
        v_waiting := v_waiting - 1;
      end if;
      if v_again > v_useful then
        v_fates := array_append(v_fates, row (
          v_id, null, v_cap, case when v_kind <= 3 and p_release_no[v_event] is null then v_at end)::smartengage.fate);
        continue;
      elsif v_again > v_at or v_kind = 6 then
        v_waiting := v_waiting + 1;
        v_wait_id[v_waiting] := v_id;
        v_wait_at[v_waiting] := v_again;
        v_wait_useful[v_waiting] := v_useful;
        v_wait_channel[v_waiting] := v_channel;
        continue;
      end if;
      v_fates := array_append(v_fates, row (v_id, v_at, null, null)::smartengage.fate);
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
    v_sent_channel[j] := v_channel;
    v_sent_release[j] := case when v_kind <= 3 then p_release_no[v_event] end;
  end loop;
  return v_fates;
end;
$$;

comment on function smartengage.replay_person(
  int[], timestamptz[], uuid[], text[], timestamptz[], timestamptz[], timestamptz[], uuid[], bigint[], bigint[],
  uuid[], text[], tstzmultirange, tstzmultirange, interval, interval, timestamptz, text[], text[], int[], interval[], timestamptz[], timestamptz[], interval) is
$$Decides again, under other caps, what was decided on one person's messages, in the order in which it was: smartengage.replay, which gathers the arguments, says how and why.
Recorded decisions, one element each: p_kind 1 = sent, 2 = sent, exempt from caps, 3 = written by hand, 4 = capped, 5 = left to a higher class, 6 = capped at planning, 7 = any other no (tells only that the message waited until then); p_at instant; p_id message; p_until when the gate would pass (6: the best instant, caps aside); p_due of the message; p_run_id (6) of the planning; p_no and p_release_no places among all decisions.
p_gone: messages that would not have been planned, each with its reason. p_quiet: when nothing may go; p_tried: of that, what is tried and was not in force; p_spread and p_margin: see outreach.put_off. p_cap…: the caps, one element per version; p_apart: a sending so long ago lies in no window of theirs any more, null = it cannot be told so.
Result: the messages whose fate differs from history; null = history repeats itself.$$;
