create or replace function api.template_preview(p_actor uuid, p_template_id uuid)
returns jsonb
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_preview jsonb;
begin
  perform account.authenticate(p_actor, 'admin', clock.now());
  v_preview := text.template_preview(p_template_id, clock.now());
  if v_preview is null then
    raise exception 'There is no such template' using errcode = 'SH404', detail = p_template_id::text;
  end if;
  return v_preview;
end;
$$;

comment on function api.template_preview(uuid, uuid) is
$$A text as an invented reader would see it.
Filled like a real message. `sms_parts`: how many SMS a short text costs.
Errors: SH401 the session has ended; SH403 another role; SH404 no such template.$$;
