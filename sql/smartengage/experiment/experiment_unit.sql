create or replace function smartengage.experiment_unit(p_at timestamptz)
returns table (scope text, campaign_id uuid, segment text, user_id uuid, held_out boolean, booked boolean)
language sql stable parallel safe
begin atomic
  with rule as materialized (
    select make_interval(days => policy.number('attribution.window', p_at)::int) as attribution_window
  ),
  -- Intention to treat: every planned person counts, sent or not, as it is unknown which ghosts would have failed. The window
  -- begins at the planning, as a message may be deferred and a ghost never is.
  planned as (
    select 'campaign' as scope, r.campaign_id, c.segment, c.user_id, c.service_id, c.outcome = 'ghost' as held_out, r.planned_at
    from smartengage.candidate c
    join smartengage.run r on r.run_id = c.run_id
    where c.outcome in ('message', 'ghost')
    union all
    -- A person who gets no message is due again the next day: only the first day of an expected booking counts.
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
        and b.created_at < p.planned_at + r.attribution_window)
  from planned p
  cross join rule r
  where p.planned_at <= p_at - r.attribution_window;
end;

comment on function smartengage.experiment_unit(timestamptz) is
$$The units of the experiments, which every campaign is: group and outcome, only for windows that have ended.
booked: whether the person booked the service within attribution.window days of the planning.
scope campaign: messages against ghosts of one campaign, which passed the same gates.
scope everything (campaign_id null): everybody due in any campaign against the global control group. Its gates come before
consent, so both groups contain people who cannot be messaged, which can only lower the difference.$$;
