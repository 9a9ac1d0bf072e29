create or replace function smartengage.judge_variants(p_at timestamptz)
returns int
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_started_at timestamptz := clock_timestamp();
  v_rows bigint;
  v_retired int;
begin
  perform pg_advisory_xact_lock(hashtextextended('smartengage.judge_variants', 0));

  delete from text.variant_performance v;
  insert into text.variant_performance (template_id, as_of, trials, clicks, bookings)
  select
    t.template_id, p_at, count(m.message_id),
    count(*) filter (where m.state = 'clicked'), count(*) filter (where m.state = 'booked')
  from text.template t
  left join (
    outreach.delivery d
    join outreach.message m on m.message_id = d.message_id)
    on d.template_id = t.template_id
   and d.state = 'accepted'
   and d.sent_at <= p_at - make_interval(hours => (select policy.number('variant.ripens_after', p_at))::int)
   and d.sent_at > p_at - make_interval(days => (select policy.number('variant.window', p_at))::int)
  where t.approved_at is not null
  group by t.template_id;
  get diagnostics v_rows = row_count;

  with odds as materialized (
    select * from text.variant_odds(null, p_at)
    union all
    select * from text.variant_odds((select array_agg(distinct t.cohort) from text.template t), p_at)
  ),
  noted as (
    update text.variant_performance v
    set rate = o.rate, rate_low = o.rate_low, rate_high = o.rate_high, p_best = o.p_best
    from odds o
    where v.template_id = o.template_id
  ),
  -- Not by p_best alone: among many equally good variants each has a low p_best, and none has lost.
  retired as (
    update text.template t
    set retired_at = p_at
    from odds o
    join odds l
      on l.is_leader
     and (l.kind, l.language, l.form) = (o.kind, o.language, o.form)
     and (l.category, l.cohort) is not distinct from (o.category, o.cohort)
    where t.template_id = o.template_id
      and not o.is_leader
      and least(o.trials, l.trials) >= (select policy.number('variant.min_trials', p_at))
      and greatest(o.p_best, o.beats_leader) < (select policy.number('variant.retire_below', p_at))
    returning t.template_id, o.trials, o.clicks, o.bookings, o.p_best, o.beats_leader, l.template_id as leader_id
  )
  insert into policy.audit (happened_at, actor, action, subject, detail)
  select p_at, 'smartengage.judge_variants', 'retire_template', 'template ' || r.template_id,
         jsonb_build_object('trials', r.trials, 'clicks', r.clicks, 'bookings', r.bookings, 'p_best', round(r.p_best::numeric, 6),
                            'beats_leader', round(r.beats_leader::numeric, 6), 'leader', r.leader_id)
  from retired r;
  get diagnostics v_retired = row_count;
  perform policy.record_snapshot_refresh('text.variant_performance', p_at, v_started_at, v_rows);
  return v_retired;
end;
$$;

comment on function smartengage.judge_variants(timestamptz) is
$$Counts the outcomes of each text (text.variant_performance) and retires the variants that have lost.
A variant is retired if both it and its leader have variant.min_trials sendings, and its probabilities of earning most and of
earning more than the leader (text.variant_odds) are below variant.retire_below. The leader stays, so a text always remains.
The posterior does not depend on how often it is looked at, so daily evaluation does not inflate the error rate: A. Deng, J. Lu,
S. Chen, Continuous Monitoring of A/B Tests without Pain: Optional Stopping in Bayesian Testing (2016).
Waiting messages keep their text. Each retirement is in policy.audit.
Result: number retired. Idempotent: the same instant gives the same counts. Concurrent calls are serialized.$$;
