create or replace function text.record_model_answer(
  p_cohort text, p_kind text, p_category text, p_language text, p_form text, p_prompt_version int, p_model text, p_answer jsonb,
  p_tokens_in int, p_tokens_out int, p_at timestamptz, p_run_id uuid default null, p_requests int default 1)
returns jsonb
language sql volatile parallel unsafe
begin atomic
  select text.record_model_call(
    p_cohort, p_prompt_version, p_model, p_tokens_in, p_tokens_out, null, p_run_id, p_requests, p_at);
  with answered as (
    select
      v.variant, text.normalized_text(v.subject) as subject, text.normalized_text(v.body) as body,
      text.normalized_text(v.add_on_line) as add_on_line
    -- An element that is not an object counts as an empty one.
    from jsonb_array_elements(
      case when jsonb_typeof(p_answer -> 'variants') = 'array' then p_answer -> 'variants' else '[]' end) e
    cross join jsonb_to_record(case when jsonb_typeof(e) = 'object' then e else '{}' end)
      as v (variant text, subject text, body text, add_on_line text)
  ),
  judged as materialized (
    select
      a.*,
      case
        when a.subject is null or a.body is null or coalesce(a.variant, '') !~ '^[a-z0-9]{1,8}$' then array['schema']
        else text.template_faults(p_kind, p_language, p_form, a.subject, a.body, a.add_on_line)
      end as reasons
    from answered a
  ),
  kept as (
    insert into text.template
      (kind, category, language, variant, form, origin, cohort, prompt_version, model, subject, body, add_on_line, created_at,
       approved_by, approved_at, version)
    select
      p_kind, p_category, p_language, j.variant, p_form, 'model', p_cohort, p_prompt_version, p_model,
      j.subject, j.body, j.add_on_line, p_at, 'sql:review', p_at, p_prompt_version
    from judged j
    where j.reasons = '{}'
    on conflict on constraint template_is_unique do nothing
  ),
  rejected as (
    insert into text.rejected_answer (cohort, prompt_version, model, answer, reasons, rejected_at)
    select
      p_cohort, p_prompt_version, p_model,
      jsonb_build_object('variant', j.variant, 'subject', j.subject, 'body', j.body, 'add_on_line', j.add_on_line)::text,
      j.reasons, p_at
    from judged j
    where j.reasons <> '{}'
    union all
    select p_cohort, p_prompt_version, p_model, left(p_answer::text, 4000), array['schema'], p_at
    where not exists (select from judged)
  )
  select jsonb_build_object(
    'accepted', count(*) filter (where j.reasons = '{}'),
    'rejected', coalesce(
      jsonb_agg(jsonb_build_object('variant', j.variant, 'reasons', j.reasons)) filter (where j.reasons <> '{}'), '[]'))
  from judged j;
end;

comment on function text.record_model_answer(text, text, text, text, text, int, text, jsonb, int, int, timestamptz, uuid, int) is
$$Records a call of the model (text.record_model_call), judges its answer for a cohort and stores the variants.
A variant without faults (text.template_faults) becomes an approved template; others go to text.rejected_answer with every reason.
p_answer: {variants: [{variant, subject, body, add_on_line}]}. Result: {accepted, rejected: [{variant, reasons}]}.
Idempotent for templates: a variant of a cohort and prompt version is stored once.$$;
