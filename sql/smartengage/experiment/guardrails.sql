create or replace function smartengage.guardrails(p_campaign_id uuid, p_at timestamptz)
returns table (
  guardrail text, sample bigint, hits bigint, rate double precision, maximum double precision,
  chance double precision, verdict text)
language sql stable parallel safe
begin atomic
  with rule as materialized (
    select
      make_interval(days => policy.number('guardrail.window', p_at)::int) as days,
      policy.number('guardrail.min_sample', p_at) as min_sample,
      policy.number('guardrail.min_hits', p_at) as min_hits,
      policy.number('guardrail.alpha', p_at) as alpha,
      policy.number('guardrail.mismatch_alpha', p_at) as mismatch_alpha,
      policy.number('guardrail.max_opt_outs', p_at) as max_opt_outs,
      policy.number('guardrail.max_complaints', p_at) as max_complaints,
      policy.number('guardrail.max_bounces', p_at) as max_bounces
  ),
  watched as materialized (
    select r.run_id
    from smartengage.run r
    cross join rule u
    where r.campaign_id = p_campaign_id
      and r.planned_at > p_at - u.days
      and r.planned_at <= p_at
  ),
  -- A permanent refusal counts as a bounce.
  sending as materialized (
    select
      m.message_id, m.user_id, m.channel, m.purpose, d.sent_at,
      m.state = 'failed' or d.state = 'bounced' as bounced,
      exists (
        select
        from outreach.message_event e
        where e.message_id = m.message_id
          and e.kind = 'complained'
          and not e.is_machine) as complained
    from watched w
    join outreach.message m on m.run_id = w.run_id
    left join outreach.delivery d on d.message_id = m.message_id and d.state in ('in_doubt', 'accepted', 'bounced')
    where d.message_id is not null
       or m.state = 'failed' and m.reason = 'provider_refused'
  ),
  -- Starts from the withdrawals of those days, which are few; a look-up for each message takes most of the time.
  -- A CTE of its own, so that consent_withdrawn_idx is used.
  withdrawn as materialized (
    select c.user_id, c.channel, c.purpose, upper(c.valid_at) as withdrawn_at
    from rule u
    join account.consent c
      on not upper_inf(c.valid_at)
     and upper(c.valid_at) > p_at - 2 * u.days
     and upper(c.valid_at) <= p_at
  ),
  opted_out as materialized (
    select s.message_id
    from rule u
    cross join withdrawn w
    join sending s
      on (s.user_id, s.channel, s.purpose) = (w.user_id, w.channel, w.purpose)
     and w.withdrawn_at > s.sent_at
     and w.withdrawn_at <= s.sent_at + u.days
  ),
  total as (
    select
      count(*) as sample,
      count(*) filter (where s.message_id in (select o.message_id from opted_out o)) as opted_out,
      count(*) filter (where s.complained) as complained,
      count(*) filter (where s.bounced) as bounced
    from sending s
  ),
  counted as (
    select g.guardrail, t.sample, g.hits, g.maximum
    from total t
    cross join rule u
    cross join lateral (values
      ('opt_outs', t.opted_out, u.max_opt_outs),
      ('complaints', t.complained, u.max_complaints),
      ('bounces', t.bounced, u.max_bounces)) as g (guardrail, hits, maximum)
  ),
  -- By person, as a person stays in one group of the campaign, however often they are due.
  split as (
    select
      count(distinct c.user_id) filter (where c.outcome = 'message') as written_to,
      count(distinct c.user_id) filter (where c.outcome = 'ghost') as held_out
    from watched w
    join smartengage.candidate c on c.run_id = w.run_id
  )
  select
    c.guardrail, c.sample, c.hits, c.hits::double precision / nullif(c.sample, 0), c.maximum, t.chance,
    case
      when c.hits >= u.min_hits and t.chance < u.alpha then 'bad'
      when c.sample < u.min_sample then 'too_early'
      when c.hits > c.sample * c.maximum then 'watch'
      else 'good'
    end
  from counted c
  cross join rule u
  cross join lateral (select stats.binomial_tail(c.hits, c.sample, c.maximum) as chance) t
  union all
  select
    'sample_ratio', n.people, s.held_out, s.held_out::double precision / nullif(n.people, 0), g.holdout_share, t.chance,
    case
      when n.people < u.min_sample or n.people * least(g.holdout_share, 1 - g.holdout_share) between 0.000001 and 5 then 'too_early'
      when t.chance < u.mismatch_alpha then 'bad'
      else 'good'
    end
  from split s
  cross join rule u
  join smartengage.campaign g on g.campaign_id = p_campaign_id
  cross join lateral (select s.written_to + s.held_out as people) n
  cross join lateral (
    select coalesce(stats.chi_square_p_value(
      array[s.written_to, s.held_out], array[1 - g.holdout_share, g.holdout_share]), 1) as chance
  ) t;
end;

comment on function smartengage.guardrails(uuid, timestamptz) is
$$The guardrails of a campaign, over the runs of the last guardrail.window days.
A row each for opt_outs, complaints, bounces (of messages sent) and sample_ratio (ghosts among the people assigned).
chance: probability of so many hits or more at the rate maximum (stats.binomial_tail); of sample_ratio: of such a split
(stats.chi_square_p_value). maximum: the highest acceptable rate; of sample_ratio: the planned share.
verdict bad: chance below guardrail.alpha with at least guardrail.min_hits hits; of sample_ratio below guardrail.mismatch_alpha.
So two complaints among ten are no alarm, three are.
verdict too_early: sample below guardrail.min_sample; of sample_ratio also fewer than five expected in a group.
verdict watch: rate above the maximum, but within chance. Else good.
An opt-out counts within guardrail.window days after the message, through any path.$$;
