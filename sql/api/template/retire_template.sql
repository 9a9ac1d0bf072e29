create or replace function api.retire_template(p_actor uuid, p_template_id uuid, p_reason text)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_admin account.person := account.authenticate(p_actor, 'admin', clock.now());
  v_moved int;
begin
  v_moved := smartengage.retire_template(p_template_id, v_admin.user_id::text, p_reason, clock.now());
  return (
    select d.document || jsonb_build_object('moved', v_moved) from text.template_document d where d.template_id = p_template_id);
end;
$$;

comment on function api.retire_template(uuid, uuid, text) is
$$Retires a text: no further message gets it.
Waiting reminders with it get another text; nothing else of their campaigns changes. Repeatable.
Errors: SH401 the session has ended; SH403 another role; SH404 no such template;
SH409 it is the last general text of its kind, language and form.$$;
