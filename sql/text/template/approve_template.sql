create or replace function text.approve_template(p_template_id uuid, p_actor text, p_at timestamptz)
returns void
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_template text.template;
  v_faults text[];
begin
  select t.* into v_template from text.template t where t.template_id = p_template_id for update;
  if not found then
    raise exception 'There is no such template' using errcode = 'SH404', detail = p_template_id::text;
  end if;
  if v_template.retired_at is not null then
    raise exception 'The template is retired' using errcode = 'SH409', detail = p_template_id::text, hint = 'Create a new version.';
  end if;
  if v_template.approved_at is not null then
    return;
  end if;
  if v_template.author = p_actor then
    raise exception 'The author cannot approve the template' using errcode = 'SH409', detail = p_template_id::text,
      hint = 'Another admin must approve it.';
  end if;
  -- The rules may have changed since it was stored.
  v_faults := text.template_faults(
    v_template.kind, v_template.language, v_template.form, v_template.subject, v_template.body, v_template.add_on_line);
  if v_faults <> '{}' then
    raise exception 'The text cannot be sent as it is' using errcode = 'SH422', datatype = 'json',
      detail = text.faults_by_field(v_faults, v_template.kind, v_template.subject, v_template.body, v_template.add_on_line)::text,
      hint = 'The rules have changed since it was stored: create a new version.';
  end if;
  update text.template t set approved_by = p_actor, approved_at = p_at where t.template_id = p_template_id;
  with replaced as (
    update text.template t
    set retired_at = p_at
    where (t.kind, t.language, t.form, t.variant) = (v_template.kind, v_template.language, v_template.form, v_template.variant)
      and t.category is not distinct from v_template.category
      and t.cohort is null
      and t.version < v_template.version
      and t.retired_at is null
    returning t.template_id
  )
  insert into policy.audit (happened_at, actor, action, subject, detail)
  select p_at, p_actor, 'approve_template', 'template ' || p_template_id,
         jsonb_build_object('author', v_template.author, 'replaces', coalesce(jsonb_agg(r.template_id), '[]'))
  from replaced r;
end;
$$;

comment on function text.approve_template(uuid, text, timestamptz) is
$$Approves a template by another admin than its author: from then on it is used, and older versions of the variant retire.
Idempotent. Errors: SH404 no such template; SH409 it is retired, or the caller is its author; SH422 it breaks a rule set since.$$;
