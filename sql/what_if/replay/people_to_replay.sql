-- The screen before the replay. Until the first decision that differs, history is as recorded. So the records alone tell,
-- for everybody at once, whether there is one: would the caps let each sending go after those recorded before it? They do
-- if the nth sending before it lies outside the window of a cap of n places.
--
-- False positives are fine, false negatives are not. People for whom this question is not enough are all replayed: those
-- with a message denied by a cap or for a higher priority, or by a quiet time if one is tried; with a released sending; with
-- sendings decided in another order than that of time. Caps of more than three places are judged by the third sending before.
create or replace function what_if.people_to_replay(
  p_user_from uuid, p_user_until uuid, p_purpose text, p_since timestamptz, p_from timestamptz, p_until timestamptz,
  p_tried what_if.tried_policy)
returns table (user_id uuid)
language sql stable parallel safe
begin atomic
  with cap as materialized (
    select c.channel, c.max_messages, c.window_length, c.valid_from, c.valid_until
    from unnest((p_tried).caps) c
    where c.purpose = p_purpose
      and c.max_messages is not null
      and tstzrange(c.valid_from, c.valid_until) && tstzrange(p_from, p_until)
  ),
  -- Union of all time zones: a superset is enough, the replay decides.
  quiet as materialized (
    select coalesce(range_agg(what_if.tried_quiet_windows(p_tried, p_purpose, z.zone, p_from, p_until)), '{}') as tried
    from (
      select distinct z.zone
      from account.person_zone z
      where cardinality((p_tried).quiet_periods) > 0
        and z.user_id >= p_user_from
        and z.user_id < p_user_until
    ) z
  ),
  sending as (
    select
      d.user_id, d.channel, d.sent_at, d.release_no,
      lag(d.sent_at, 1) over before as first_before,
      lag(d.sent_at, 2) over before as second_before,
      lag(d.sent_at, 3) over before as third_before,
      coalesce(d.decision_no, 0) < lag(coalesce(d.decision_no, 0)) over before as is_out_of_order,
      d.sent_at >= p_from and coalesce(d.obeys_caps, d.decision_no is null) as is_judged
    from outreach.delivery d
    where d.user_id >= p_user_from
      and d.user_id < p_user_until
      and d.purpose = p_purpose
      and d.takes_slot
      and d.sent_at >= p_since
      and d.sent_at < p_until
      and (d.state <> 'released' or d.release_no is not null)
    window before as (partition by d.user_id order by d.sent_at, coalesce(d.decision_no, 0))
  )
  select s.user_id
  from sending s
  where s.is_out_of_order
     or s.release_no is not null
     or s.sent_at >= p_from and s.sent_at <@ (select q.tried from quiet q)
     or s.is_judged and exists (
       select
       from cap c
       where s.sent_at >= c.valid_from
         and s.sent_at < c.valid_until
         and coalesce(c.channel, s.channel) = s.channel
         and s.sent_at - c.window_length < case c.max_messages
           when 0 then s.sent_at
           when 1 then s.first_before
           when 2 then s.second_before
           else s.third_before
         end)
  union
  select d.user_id
  from outreach.claim_denial d
  where d.user_id >= p_user_from
    and d.user_id < p_user_until
    and d.purpose = p_purpose
    and d.decided_at >= p_from
    and d.decided_at < p_until
    and (d.reason in ('capped', 'yields') or d.reason = 'quiet' and (p_tried).changes_quiet);
end;

comment on function what_if.people_to_replay(uuid, uuid, text, timestamptz, timestamptz, timestamptz, what_if.tried_policy) is
$$Everybody between two ids (the second excluded) for whom another policy may decide differently on messages of a purpose.
Found from the records of all at once. For everybody else each recorded sending would go again.
p_since: beginning of the longest window that reaches into the period.$$;
