create or replace function smartengage.retire_template(p_template_id uuid, p_actor text, p_reason text, p_at timestamptz)
returns int
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_template text.template;
  v_moved int := 0;
begin
  select t.* into v_template from text.template t where t.template_id = p_template_id for update;
  if not found then
    raise exception 'There is no such template' using errcode = 'SH404', detail = p_template_id::text;
  end if;
  if v_template.retired_at is not null then
    return 0;
  end if;
  -- General house texts are the fallback of all others. Serialized, so that two concurrent calls cannot retire the last two.
  perform pg_advisory_xact_lock(hashtextextended('smartengage.judge_variants', 0));
  if v_template.kind = 'reminder' and v_template.category is null and v_template.cohort is null
     and v_template.approved_at is not null
     and not exists (
       select
       from text.template t
       where (t.kind, t.language, t.form) = (v_template.kind, v_template.language, v_template.form)
         and t.category is null
         and t.cohort is null
         and t.approved_at is not null
         and t.retired_at is null
         and t.template_id <> p_template_id) then
    raise exception 'It is the last general text of its kind, language and form' using errcode = 'SH409',
      detail = p_template_id::text, hint = 'Approve another one first.';
  end if;
  update text.template t set retired_at = p_at where t.template_id = p_template_id;

  -- Its waiting messages get another text: of the same cohort, else the house text that planning would choose.
  with choice as materialized (
    select h.*, null::text as cohort, h.category is null as is_general
    from text.house_texts(v_template.kind, p_at) h
    union all
    select o.category, o.language, o.form,
      array_agg(o.template_id order by o.bucket_from, o.variant, o.version, o.template_id),
      array_agg(o.bucket_from order by o.bucket_from, o.variant, o.version, o.template_id), o.cohort, false
    from text.variant_odds(array[v_template.cohort], p_at) o
    where o.cohort is not null
    group by o.category, o.language, o.form, o.cohort
  ),
  waiting as materialized (
    select m.message_id, m.user_id, m.run_id, s.category
    from outreach.message m
    join market.service s on s.service_id = m.service_id
    where m.template_id = p_template_id
      and m.state = 'scheduled'
      and m.kind = 'reminder'
    order by m.message_id
    for update of m
  )
  update outreach.message m
  set template_id = text.assigned_variant(t.template_ids, t.bucket_from, w.user_id, coalesce(w.run_id::text, 'retired'))
  from waiting w
  cross join lateral (
    select x.template_ids, x.bucket_from
    from choice x
    where coalesce(x.category, w.category) = w.category
      and x.language in (v_template.language, 'en')
      and x.form = v_template.form
    order by x.cohort is not null desc, x.language = v_template.language desc, x.is_general
    limit 1
  ) t
  where m.message_id = w.message_id;
  get diagnostics v_moved = row_count;

  insert into policy.audit (happened_at, actor, action, subject, detail)
  values (p_at, p_actor, 'retire_template', 'template ' || p_template_id, jsonb_build_object('reason', p_reason, 'moved', v_moved));
  return v_moved;
end;
$$;

comment on function smartengage.retire_template(uuid, text, text, timestamptz) is
$$Retires a text: it is assigned no more, and waiting reminders with it get another text of its contest, else a house text.
Nothing else of their runs changes. A waiting announcement keeps the text: stop the campaign to recall it.
Result: number of messages that got another text. Idempotent.
Errors: SH404 no such template; SH409 it is the last general text of its kind, language and form.$$;
