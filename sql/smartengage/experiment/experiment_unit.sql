create or replace function smartengage.experiment_unit(p_at timestamptz)
returns table (scope text, campaign_id uuid, segment text, user_id uuid, held_out boolean, booked boolean)
language sql stable parallel safe
begin atomic
  with span as materialized (
    select make_interval(days => policy.number('attribution.window', p_at)::int) as days
  ),
  -- By intention: everybody planned counts, sent or not, as the ghosts cannot tell which of them would have failed; and from the
  -- planning on, as a message may be put off and a ghost never is.
  planned as (
    select 'campaign' as scope, r.campaign_id, c.segment, c.user_id, c.service_id, c.outcome = 'ghost' as held_out, r.planned_at
    from smartengage.candidate c
    join smartengage.run r on r.run_id = c.run_id
    where c.outcome in ('message', 'ghost')
    union all
    -- Whoever is not written to is due again the next day: each expected booking counts on the first.
    (
      select distinct on (r.campaign_id, c.user_id, c.occurrence)
        'everything', null::uuid, c.segment, c.user_id, c.service_id, c.reason is not distinct from 'global_control', r.planned_at
      from smartengage.candidate c
      join smartengage.run r on r.run_id = c.run_id
      where r.message_class = 'reminder'
        and (c.reason is null or c.reason not in ('flag_off', 'person_inactive'))
      order by r.campaign_id, c.user_id, c.occurrence, r.planned_at
    )
  )
  select
    p.scope, p.campaign_id, p.segment, p.user_id, p.held_out,
    exists (
      select
      from market.booking b
      where b.customer_id = p.user_id
        and b.service_id = p.service_id
        and b.status <> 'cancelled'
        and b.created_at >= p.planned_at
        and b.created_at < p.planned_at + s.days)
  from planned p
  cross join span s
  where p.planned_at <= p_at - s.days;
end;

comment on function smartengage.experiment_unit(timestamptz) is
$$The experiments that every campaign is, as rows: who was written to, who was held out, and who of both booked that service within attribution.window days of the planning; only windows that have ended.
scope campaign: messages against ghosts of the same campaign, who passed the same gates. scope everything (campaign_id null): everybody due in any campaign against the global control group; these gates stand before consent, so people who could not have been written to are in both groups and make the difference smaller, never greater.$$;
