create or replace function outreach.delivery_takes_slots()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  v_new uuid[];
  v_bad record;
begin
  -- Lock first, decide in later statements: their snapshots include what earlier holders of the lock committed.
  perform account.lock_person(u.user_id)
  from (select distinct n.user_id from new_delivery n where n.purpose <> 'transactional' order by n.user_id) u;

  -- An old snapshot must not decide by a cap that has changed since. A statement of READ COMMITTED takes a new snapshot.
  -- A transaction that keeps its snapshot fails here (40001) if the counter is newer, and blocks changes of the caps until it ends.
  if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
    perform 1
    from policy.cap_change_counter r
    where r.purpose in (select n.purpose from new_delivery n)
    order by r.purpose
    for share;
  end if;

  -- Without a cap in force, or without a slot, only purpose transactional or a recorded reason (exempt_reason) may be sent.
  select n.message_id, n.purpose into v_bad
  from new_delivery n
  join outreach.message m on m.message_id = n.message_id
  where n.purpose <> 'transactional'
    and m.exempt_reason is null
    and (not n.takes_slot
         or not exists (select from policy.cap c
                        where c.purpose = n.purpose
                          and (c.channel is null or c.channel = n.channel)
                          and c.valid_at @> n.sent_at))
  limit 1;
  if found then
    raise exception 'A delivery without a cap slot needs an exempt_reason' using errcode = 'SH409',
      detail = v_bad.message_id::text, constraint = 'delivery_takes_slots',
      hint = 'Only purpose transactional is uncapped. Set a cap for purpose ' || v_bad.purpose || '.';
  end if;

  select array_agg(n.message_id) into v_new from new_delivery n;

  with wanted as (
    select
      n.message_id, n.attempt, n.user_id, n.sent_at, n.purpose, n.channel,
      c.cap, c.version, c.max_messages, c.window_hours, c.channel as cap_channel,
      make_interval(hours => c.window_hours) as cap_window,
      row_number() over (partition by n.user_id, c.cap order by n.sent_at, n.message_id) as position
    from new_delivery n
    join policy.cap c
      on c.purpose = n.purpose
     and (c.channel is null or c.channel = n.channel)
     and c.valid_at @> n.sent_at
    where n.takes_slot
      and n.state <> 'released'
      and c.max_messages is not null
  ),
  placed as (
    select w.*, f.slot_no
    from wanted w
    cross join lateral (
      -- Counted from the deliveries, so that a new or changed cap also counts what was sent before it. The new deliveries are
      -- excluded by message: delivery_live_once_idx allows a message only one unreleased delivery.
      select count(*) as used
      from outreach.delivery d
      where d.user_id = w.user_id
        and d.purpose = w.purpose
        and d.takes_slot
        and d.state <> 'released'
        and (w.cap_channel is null or d.channel = w.cap_channel)
        and d.sent_at > w.sent_at - w.cap_window
        and d.sent_at < w.sent_at + w.cap_window
        and d.message_id <> all (v_new)
    ) u
    left join lateral (
      select g.slot_no
      from generate_series(1, w.max_messages) as g (slot_no)
      where u.used + w.position <= w.max_messages
        and not exists (
          select
          from outreach.cap_slot s
          where s.user_id = w.user_id
            and s.cap = w.cap
            and s.slot_no = g.slot_no
            and s.taken_at > w.sent_at - w.cap_window
            and s.taken_at < w.sent_at + w.cap_window)
      order by g.slot_no
      offset w.position - 1
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
      hint = 'See outreach.cap_usage for when a slot frees.';
  end if;
  return null;
end;
$$;

comment on function outreach.delivery_takes_slots() is
$$Trigger: each delivery takes a slot under every cap in force or is refused, so that no writer, not even psql, can exceed a cap.
The slot numbers make concurrent writers collide in the exclusion constraint cap_slot_is_taken_once, even if a stale snapshot
(repeatable read) hides one from the other. policy.cap_change_counter refuses a writer whose snapshot is older than a cap.
Errors: SH429 a cap is used up; 40001 a cap changed meanwhile; SH409 a delivery without a slot and without a reason.$$;

create or replace trigger delivery_takes_slots
after insert on outreach.delivery
referencing new table as new_delivery
for each statement execute function outreach.delivery_takes_slots();
