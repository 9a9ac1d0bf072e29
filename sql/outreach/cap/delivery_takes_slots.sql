create or replace function outreach.delivery_takes_slots()
returns trigger
language plpgsql
set search_path = ''
as $$
declare
  v_new uuid[];
  v_bad record;
begin
  -- Lock first, decide in later statements: those see what the holders before us committed.
  perform account.lock_person(u.user_id)
  from (select distinct n.user_id from new_delivery n where n.purpose <> 'service' order by n.user_id) u;

  -- What was read before a cap changed must not decide under the old one. Each statement of READ COMMITTED reads anew; a
  -- transaction that keeps its snapshot fails here (40001) where the register is younger, and holds back a change until it ends.
  if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
    perform 1
    from policy.cap_change_counter r
    where r.purpose in (select n.purpose from new_delivery n)
    order by r.purpose
    for share;
  end if;

  -- A capped purpose without any cap in force, or a class that takes no slot, needs purpose service or a recorded reason.
  select n.message_id, n.purpose into v_bad
  from new_delivery n
  join outreach.message m on m.message_id = n.message_id
  where n.purpose <> 'service'
    and m.exempt_reason is null
    and (not n.counts
         or not exists (select from policy.cap c
                        where c.purpose = n.purpose
                          and (c.channel is null or c.channel = n.channel)
                          and c.valid_at @> n.sent_at))
  limit 1;
  if found then
    raise exception 'A sending without a slot needs a recorded reason' using errcode = 'SH409',
      detail = v_bad.message_id::text, constraint = 'delivery_takes_slots',
      hint = 'Only purpose service goes uncapped; put a cap in force for ' || v_bad.purpose || '.';
  end if;

  select array_agg(n.message_id) into v_new from new_delivery n;

  with wanted as (
    select
      n.message_id, n.attempt, n.user_id, n.sent_at, n.purpose, n.channel,
      c.cap, c.version, c.max_messages, c.window_hours, c.channel as cap_channel,
      make_interval(hours => c.window_hours) as cap_window,
      row_number() over (partition by n.user_id, c.cap order by n.sent_at, n.message_id) as place
    from new_delivery n
    join policy.cap c
      on c.purpose = n.purpose
     and (c.channel is null or c.channel = n.channel)
     and c.valid_at @> n.sent_at
    where n.counts
      and n.state <> 'released'
      and c.max_messages is not null
  ),
  placed as (
    select w.*, f.slot_no
    from wanted w
    cross join lateral (
      -- Counted from the deliveries, so that a cap that is new or changed binds what was sent before it. The new ones are
      -- told apart by their messages: delivery_live_once_idx allows a message no other that counts.
      select count(*) as used
      from outreach.delivery d
      where d.user_id = w.user_id
        and d.purpose = w.purpose
        and d.counts
        and d.state <> 'released'
        and (w.cap_channel is null or d.channel = w.cap_channel)
        and d.sent_at > w.sent_at - w.cap_window
        and d.sent_at < w.sent_at + w.cap_window
        and d.message_id <> all (v_new)
    ) u
    left join lateral (
      select g.slot_no
      from generate_series(1, w.max_messages) as g (slot_no)
      where u.used + w.place <= w.max_messages
        and not exists (
          select
          from outreach.cap_slot s
          where s.user_id = w.user_id
            and s.cap = w.cap
            and s.slot_no = g.slot_no
            and s.taken_at > w.sent_at - w.cap_window
            and s.taken_at < w.sent_at + w.cap_window)
      order by g.slot_no
      offset w.place - 1
      limit 1
    ) f on true
  ),
  taken as (
    insert into outreach.cap_slot
      (user_id, cap, cap_version, slot_no, max_messages, window_hours, taken_at, frees_at, message_id, attempt)
    select
      p.user_id, p.cap, p.version, p.slot_no, p.max_messages, p.window_hours,
      p.sent_at, p.sent_at + p.cap_window, p.message_id, p.attempt
    from placed p
    where p.slot_no is not null
  )
  select p.message_id, p.cap into v_bad
  from placed p
  join outreach.message m on m.message_id = p.message_id
  where p.slot_no is null
    and m.exempt_reason is null
  limit 1;
  if found then
    raise exception 'The frequency cap is used up' using errcode = 'SH429',
      detail = v_bad.cap || ', message ' || v_bad.message_id, constraint = 'delivery_takes_slots',
      hint = 'outreach.cap_usage tells when it frees.';
  end if;
  return null;
end;
$$;

comment on function outreach.delivery_takes_slots() is
$$Trigger: every sending that counts takes a place under each cap in force, or fails; so no writer, not even psql, goes beyond a cap.
The place numbers make concurrent writers collide in the exclusion constraint cap_slot_is_taken_once even where a stale snapshot (repeatable read) hides one from the other.
A cap that changed since such a snapshot, or is new, fails the writer by policy.cap_change_counter.
Errors: SH429 a cap is used up; 40001 a cap changed meanwhile; SH409 a sending without a slot and without a reason.$$;

create or replace trigger delivery_takes_slots
after insert on outreach.delivery
referencing new table as new_delivery
for each statement execute function outreach.delivery_takes_slots();
