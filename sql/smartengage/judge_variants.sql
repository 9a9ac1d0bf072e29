create or replace function smartengage.judge_variants(p_at timestamptz)
returns int
language plpgsql volatile parallel unsafe
set search_path = ''
as $$
declare
  v_since timestamptz := clock_timestamp();
  v_rows bigint;
  v_retired int;
begin
  perform pg_advisory_xact_lock(hashtextextended('smartengage.judge_variants', 0));

  delete from smartengage.variant v;
  insert into smartengage.variant (template_id, as_of, trials, clicks, bookings)
  select
    t.template_id, p_at, count(m.message_id), count(*) filter (where m.state = 'clicked'), count(*) filter (where m.state = 'booked')
  from outreach.template t
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

  update smartengage.variant v
  set rate = o.rate, rate_low = o.rate_low, rate_high = o.rate_high, p_best = o.p_best
  from (
    select * from smartengage.variant_odds(null, p_at)
    union all
    select * from smartengage.variant_odds((select array_agg(distinct t.cohort) from outreach.template t), p_at)
  ) o
  where v.template_id = o.template_id;
  perform smartengage.note_refresh('smartengage.variant', p_at, v_since, v_rows);

  with judged as (
    select v.*, row_number() over (
      partition by t.kind, t.category, t.language, t.form, t.cohort order by v.p_best desc, t.template_id) as place
    from smartengage.variant v
    join outreach.template t on t.template_id = v.template_id
    where v.p_best is not null
  ),
  retired as (
    update outreach.template t
    set retired_at = p_at
    from judged j
    where t.template_id = j.template_id
      and j.place > 1
      and j.trials >= (select policy.number('variant.min_trials', p_at))
      and j.p_best < (select policy.number('variant.retire_below', p_at))
    returning t.template_id, j.trials, j.clicks, j.bookings, j.p_best
  )
  insert into policy.audit (happened_at, actor, action, subject, detail)
  select p_at, 'smartengage.judge_variants', 'retire_template', 'template ' || r.template_id,
         jsonb_build_object('trials', r.trials, 'clicks', r.clicks, 'bookings', r.bookings, 'p_best', round(r.p_best::numeric, 6))
  from retired r;
  get diagnostics v_retired = row_count;
  return v_retired;
end;
$$;

comment on function smartengage.judge_variants(timestamptz) is
$$Counts what became of the sendings of each text (smartengage.variant) and retires the variants that have lost: best with less than variant.retire_below after variant.min_trials sendings. The leader of a contest never retires, so a text always remains.
Waiting messages keep the text they have; each retirement is in policy.audit.
Result: how many retired. Repeatable: the same instant gives the same counts. One judging at a time.$$;
