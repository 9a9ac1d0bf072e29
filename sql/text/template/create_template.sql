create or replace function text.create_template(
  p_kind text, p_category text, p_language text, p_form text, p_variant text, p_subject text, p_body text, p_add_on_line text,
  p_author text, p_at timestamptz)
returns uuid
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_subject text := text.normalized_text(p_subject);
  v_body text := text.normalized_text(p_body);
  v_add_on_line text := nullif(text.normalized_text(p_add_on_line), '');
  v_faults text[];
  v_template_id uuid;
begin
  if p_category is not null and not exists (select from market.service s where s.category = p_category) then
    raise exception 'No service has this category' using errcode = 'SH422', column = 'category', detail = p_category,
      hint = 'Leave it out for a text that fits every category.';
  end if;
  v_faults := text.template_faults(p_kind, p_language, p_form, v_subject, v_body, v_add_on_line);
  if v_faults <> '{}' then
    raise exception 'The text cannot be sent as it is' using errcode = 'SH422', datatype = 'json',
      detail = text.faults_by_field(v_faults, p_kind, v_subject, v_body, v_add_on_line)::text,
      hint = 'Each fault names its kind and the word or placeholder.';
  end if;
  -- Serialized, so that two calls cannot take the same version of a variant.
  perform pg_advisory_xact_lock(hashtextextended('text.create_template', 0));
  insert into text.template
    (kind, category, language, form, variant, version, origin, subject, body, add_on_line, created_at, author)
  select
    p_kind, p_category, p_language, p_form, p_variant, coalesce(max(t.version), 0) + 1, 'house',
    v_subject, v_body, v_add_on_line, p_at, p_author
  from text.template t
  where (t.kind, t.language, t.form, t.variant) = (p_kind, p_language, p_form, p_variant)
    and t.category is not distinct from p_category
    and t.cohort is null
  returning template_id into v_template_id;
  insert into policy.audit (happened_at, actor, action, subject)
  values (p_at, p_author, 'create_template', 'template ' || v_template_id);
  return v_template_id;
end;
$$;

comment on function text.create_template(text, text, text, text, text, text, text, text, text, timestamptz) is
$$Stores a text of an admin, unapproved, as a new variant or the next version of one. Judged by text.template_faults.
p_author: the admin's id. p_category: null = fits every category. Result: the id of the template.
Errors: SH422 unknown category; SH422 the text has faults, each with its field.$$;
