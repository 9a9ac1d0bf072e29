create or replace function api.approve_template(p_actor uuid, p_template_id uuid)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_admin account.person := account.authenticate_recent_admin(p_actor, clock.now());
begin
  perform text.approve_template(p_template_id, v_admin.user_id::text, clock.now());
  return (select d.document from text.template_document d where d.template_id = p_template_id);
end;
$$;

comment on function api.approve_template(uuid, uuid) is
$$Approves a text that another admin wrote.
It is used from then on, and older versions of the variant are retired. Repeatable. Requires a recent sign-in.
Errors: SH401 the session has ended; SH403 another role, or the sign-in is too old; SH404 no such template;
SH409 it is retired, or the caller wrote it; SH422 it breaks a rule that has changed since.$$;
