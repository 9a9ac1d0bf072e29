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
      array_agg(o.template_id order by o.bucket_from, o.variant, o.version, o.template_id) as template_ids,
      array_agg(o.bucket_from order by o.bucket_from, o.variant, o.version, o.template_id) as bucket_from
    from text.variant_odds((select array_agg(distinct w.cohort) from waiting w), p_at) o
    where o.cohort is not null
    group by o.cohort
  ),
  assigned as (
    update outreach.message m
    set template_id = text.assigned_variant(w.template_ids, w.bucket_from, m.user_id, p_run_id::text)
    from waiting c
    join written w on w.cohort = c.cohort
    where c.message_id = m.message_id
      and m.run_id = p_run_id
      and m.state = 'scheduled'
    returning 1
  ),
  noted as (
    insert into smartengage.cohort_text_source as n (run_id, cohort, as_of, messages, source)
    select
      p_run_id, c.cohort, p_at, c.messages,
      case
        when w.cohort is not null then 'model'
        when l.failure is not null then 'failed'
        when l.called_at is not null then 'rejected'
        when text.remaining_model_requests(p_at) = 0 then 'over_budget'
        else 'not_asked'
      end
    from (select x.cohort, count(*)::int as messages from waiting x group by x.cohort) c
    left join written w on w.cohort = c.cohort
    -- The last request for the cohort with the prompt version in use.
    left join lateral (
      select k.called_at, k.failure
      from text.model_call k
      where k.cohort = c.cohort
        and k.prompt_version = policy.number('model.prompt_version', p_at)::int
        and k.called_at <= p_at
      order by k.called_at desc
      limit 1
    ) l on true
    on conflict (run_id, cohort) do update
    set as_of = excluded.as_of, messages = excluded.messages, source = excluded.source
  )
  select count(*)::int from assigned;
end;

comment on function smartengage.assign_texts(uuid, timestamptz) is
$$Assigns the accepted texts of the model for their cohort to the waiting messages of a run.
Each gets the variant of its person's bucket (text.assigned_variant) by the odds of text.variant_odds.
Messages of other cohorts keep the house text they were planned with.
The source of each cohort's text is stored in smartengage.cohort_text_source.
Result: number of messages assigned. Idempotent, unless the odds have changed in between.$$;
