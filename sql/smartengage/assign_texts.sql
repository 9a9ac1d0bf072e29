create or replace function smartengage.assign_texts(p_run_id uuid, p_at timestamptz)
returns int
language sql volatile parallel unsafe
begin atomic
  with waiting as materialized (
    select c.message_id, c.cohort
    from smartengage.message_cohort c
    where c.run_id = p_run_id
  ),
  written as materialized (
    select
      o.cohort,
      array_agg(o.template_id order by o.begins_at, o.variant, o.version, o.template_id) as template_ids,
      array_agg(o.begins_at order by o.begins_at, o.variant, o.version, o.template_id) as begins_at
    from smartengage.variant_odds((select array_agg(distinct w.cohort) from waiting w), p_at) o
    where o.cohort is not null
    group by o.cohort
  ),
  assigned as (
    update outreach.message m
    set template_id = smartengage.drawn(w.template_ids, w.begins_at, m.user_id, p_run_id::text)
    from waiting c
    join written w on w.cohort = c.cohort
    where c.message_id = m.message_id
      and m.run_id = p_run_id
      and m.state = 'scheduled'
    returning 1
  )
  select count(*)::int from assigned;
end;

comment on function smartengage.assign_texts(uuid, timestamptz) is
$$Gives the waiting messages of a run the accepted texts of the model for their cohort, a variant each by a stable draw with the odds of smartengage.variant_odds; those without keep the house template they were planned with.
Result: how many have one. Repeatable: the same draw, unless the odds moved on in between.$$;
