create or replace function smartengage.assign_texts(p_run_id uuid)
returns int
language sql volatile parallel unsafe
begin atomic
  with written as materialized (
    select t.cohort, array_agg(t.template_id order by t.variant) as template_ids
    from outreach.template t
    where t.origin = 'model'
      and t.approved_at is not null
      and t.retired_at is null
    group by t.cohort
  ),
  assigned as (
    update outreach.message m
    set template_id = w.template_ids[1 + floor(cardinality(w.template_ids) * smartengage.share_of(m.user_id, p_run_id::text))::int]
    from smartengage.message_cohort c
    join written w on w.cohort = c.cohort
    where c.message_id = m.message_id
      and c.run_id = p_run_id
      and m.run_id = p_run_id
      and m.state = 'scheduled'
    returning 1
  )
  select count(*)::int from assigned;
end;

comment on function smartengage.assign_texts(uuid) is
$$Gives the waiting messages of a run the accepted texts of the model for their cohort, a variant each by a stable draw; those without keep the house template they were planned with.
Result: how many have one. Repeatable.$$;
