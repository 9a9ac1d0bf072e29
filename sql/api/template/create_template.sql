create or replace function api.create_template(
  p_actor uuid, p_kind text, p_category text, p_language text, p_form text, p_variant text, p_subject text, p_body text,
  p_add_on_line text)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_admin account.person := account.authenticate(p_actor, 'admin', clock.now());
  v_template_id uuid;
begin
  v_template_id := text.create_template(
    p_kind, p_category, p_language, p_form, p_variant, p_subject, p_body, p_add_on_line, v_admin.user_id::text, clock.now());
  return (select d.document from text.template_document d where d.template_id = v_template_id);
end;
$$;

comment on function api.create_template(uuid, text, text, text, text, text, text, text, text) is
$$Creates a text: a new variant, or the next version of one.
It passes the same checks as texts of the model, and is used only after another admin has approved it.
Errors: SH401 the session has ended; SH403 another role; SH422 an unknown category, or a text that cannot be sent: `errors` has
each fault with its field.$$;
