create or replace function text.variant_odds(p_cohorts text[], p_at timestamptz)
returns table (
  template_id uuid, kind text, category text, language text, form text, cohort text, variant text, version int,
  trials int, clicks int, bookings int, rate double precision, rate_low double precision, rate_high double precision,
  p_best double precision, bucket_from double precision, is_leader boolean, beats_leader double precision)
language sql stable parallel safe
begin atomic
  with rule as materialized (
    select
      policy.number('variant.click_worth', p_at) as click_worth,
      policy.number('variant.prior_rate', p_at) as prior_rate,
      policy.number('variant.prior_weight', p_at) as prior_weight
  ),
  arm as materialized (
    select
      t.template_id, t.kind, t.category, t.language, t.form, t.cohort, t.variant, t.version,
      coalesce(c.trials, 0) as trials, coalesce(c.clicks, 0) as clicks, coalesce(c.bookings, 0) as bookings,
      coalesce(c.bookings + r.click_worth * c.clicks, 0) as earned,
      dense_rank() over (order by t.kind, t.category, t.language, t.form, t.cohort) as contest
    from text.template t
    cross join rule r
    left join text.variant_performance c on c.template_id = t.template_id
    where t.kind <> 'announcement'
      and t.approved_at is not null
      and t.retired_at is null
      and case when p_cohorts is null then t.cohort is null else t.cohort = any (p_cohorts) end
  ),
  -- The prior of a contest is its own mean, so a new variant is expected to be as good as the others, with little certainty.
  expected as (
    select a.*,
      (sum(a.earned) over w + r.prior_weight * r.prior_rate) / (sum(a.trials) over w + r.prior_weight) as prior_rate, r.prior_weight
    from arm a
    cross join rule r
    window w as (partition by a.contest)
  ),
  posterior as materialized (
    select e.*, e.prior_weight * e.prior_rate + e.earned as alpha, e.prior_weight * (1 - e.prior_rate) + e.trials - e.earned as beta
    from expected e
  ),
  -- Most texts have no deliveries yet and share one curve.
  curve as materialized (
    select c.alpha, c.beta, stats.beta_quantiles(c.alpha, c.beta) as likely
    from (select distinct p.alpha, p.beta from posterior p) c
  ),
  competitor as materialized (
    select p.template_id, p.contest, c.likely
    from posterior p
    join curve c on c.alpha = p.alpha and c.beta = p.beta
  ),
  -- Contests whose variants differ; elsewhere all have the same probability.
  contested as materialized (
    select p.contest
    from posterior p
    group by p.contest
    having min(p.alpha) < max(p.alpha) or min(p.beta) < max(p.beta)
  ),
  probability as materialized (
    -- P(best) = E[ product over the competitors of P(competitor below x) ]. Beyond the two hundred values of a competitor
    -- a quarter of one of them is assumed, so that no probability is 0.
    select x.template_id, avg(x.above_all) as p_best
    from (
      select a.template_id, v.position, exp(sum(ln(greatest(width_bucket(v.x, b.likely) - 0.5, 0.25) / 200))) as above_all
      from contested t
      join competitor a on a.contest = t.contest
      cross join unnest(a.likely) with ordinality as v (x, position)
      join competitor b on b.contest = a.contest and b.template_id <> a.template_id
      group by a.template_id, v.position
    ) x
    group by x.template_id
  ),
  shared_odds as (
    select p.*, v.likely, coalesce(c.p_best, 1) / sum(coalesce(c.p_best, 1)) over (partition by p.contest) as probability
    from posterior p
    join competitor v on v.template_id = p.template_id
    left join probability c on c.template_id = p.template_id
  ),
  ranked as (
    select s.*, first_value(s.template_id) over (partition by s.contest order by s.probability desc, s.template_id) as leader_id
    from shared_odds s
  )
  select
    s.template_id, s.kind, s.category, s.language, s.form, s.cohort, s.variant, s.version, s.trials, s.clicks, s.bookings,
    s.alpha / (s.alpha + s.beta), s.likely[6], s.likely[195], s.probability,
    coalesce(sum(s.probability) over (
      partition by s.contest order by s.variant, s.version, s.template_id rows between unbounded preceding and 1 preceding), 0),
    s.template_id = s.leader_id,
    -- P(it earns more than the leader), from the same values. Pruned if the column is not selected.
    case when s.template_id <> s.leader_id then (
      select avg(greatest(width_bucket(v.x, l.likely) - 0.5, 0.25) / 200)
      from competitor l
      cross join unnest(s.likely) as v (x)
      where l.template_id = s.leader_id) end
  from ranked s;
end;

comment on function text.variant_odds(text[], timestamptz) is
$$How the variants of a text compare: one row per approved text in use, of the house (p_cohorts null) or of cohorts.
Those of one kind, category, language, form and cohort compete; announcements do not, as an admin chooses their text.
Each delivery is a trial that earns 1 by a booking, variant.click_worth by a click alone, else nothing.
Posterior: Beta(w m + earned, w (1 - m) + trials - earned). w: variant.prior_weight. m: mean of the contest, shrunken to
variant.prior_rate with the weight w.
p_best: probability of earning most per delivery. Thompson sampling shows each variant with this probability:
bucket_from is the start of its interval in 0..1, see text.assigned_variant.
rate: posterior mean; rate_low, rate_high: its 95 % interval. is_leader: whether its p_best is the highest.
beats_leader: probability of earning more per delivery than the leader, null for the leader itself.
Unlike p_best it does not shrink with the number of competitors.
Sources: Agrawal & Goyal, Analysis of Thompson Sampling for the Multi-armed Bandit Problem (2012), for earnings between 0 and 1;
Chapelle & Li, An Empirical Evaluation of Thompson Sampling (2011).$$;
