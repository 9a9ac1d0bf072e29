create or replace function smartengage.cohorts_without_text(p_run_id uuid, p_limit int, p_at timestamptz)
returns jsonb
language sql stable parallel safe
begin atomic
  with waiting as (
    select m.cohort, m.kind, m.category, m.segment, m.rhythm_band, m.language, m.form, count(*) as messages
    from smartengage.message_cohort m
    where m.run_id = p_run_id
      and not exists (
        select
        from text.template t
        where t.cohort = m.cohort
          and t.prompt_version = policy.number('model.prompt_version', p_at)::int
          and t.approved_at is not null)
    group by m.cohort, m.kind, m.category, m.segment, m.rhythm_band, m.language, m.form
    order by messages desc, m.cohort
    limit least(p_limit, text.remaining_model_requests(p_at))
  )
  select jsonb_build_object(
    'prompt_version', policy.number('model.prompt_version', p_at)::int,
    'requests', text.remaining_model_requests(p_at),
    'cohorts', coalesce(jsonb_agg(jsonb_build_object(
      'cohort', w.cohort,
      'context', jsonb_build_object(
        'kind', w.kind, 'category', w.category, 'segment', w.segment, 'rhythm', w.rhythm_band,
        'language', w.language, 'form', w.form),
      'variants', policy.number('model.texts_per_cohort', p_at)::int,
      -- A short text has no room for an add-on.
      'allowed_placeholders', (
        select jsonb_agg(a.placeholder order by a.placeholder)
        from text.allowed_placeholders(w.kind) a
        where a.field = 'body' and (w.form = 'long' or a.placeholder <> 'add_on_line')),
      'required_placeholders', (
        select jsonb_agg(a.placeholder order by a.placeholder)
        from text.allowed_placeholders(w.kind) a
        where a.field = 'body' and a.required),
      'limits', jsonb_build_object(
        'subject_chars', policy.number('text.subject_chars', p_at)::int,
        'body_chars', policy.number(case w.form when 'long' then 'text.body_chars' else 'text.push_chars' end, p_at)::int))
      order by w.messages desc, w.cohort), '[]'))
  from waiting w;
end;

comment on function smartengage.cohorts_without_text(uuid, int, timestamptz) is
$$Cohorts of a run's waiting messages that have no accepted text of the model yet, largest first.
At most p_limit, and within the day's budget (text.remaining_model_requests). Result: see jobs.cohorts.
Contains no personal data: a cohort is kind, category, segment, rhythm band, language and form (smartengage.message_cohort).$$;
