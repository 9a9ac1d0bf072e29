create or replace function smartengage.check_announcement(p_template_id uuid, p_service_id uuid)
returns void
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_template text.template;
begin
  select t.* into v_template from text.template t where t.template_id = p_template_id;
  if not found then
    raise exception 'There is no such template' using errcode = 'SH422', column = 'template_id', detail = p_template_id::text;
  end if;
  if v_template.approved_at is null or v_template.retired_at is not null then
    raise exception 'The template is not approved' using errcode = 'SH422', column = 'template_id', detail = p_template_id::text,
      hint = 'Choose a template that is approved and not retired.';
  end if;
  if p_service_id is null and v_template.subject || v_template.body ~ '\{(service|link|date|add_on_line)\}' then
    raise exception 'The text needs a service' using errcode = 'SH422', column = 'service_id', hint = 'Name the service.';
  end if;
  if p_service_id is not null and not exists (select from market.service s where s.service_id = p_service_id and s.active) then
    raise exception 'There is no such service' using errcode = 'SH422', column = 'service_id', detail = p_service_id::text;
  end if;
end;
$$;

comment on function smartengage.check_announcement(uuid, uuid) is
$$Refuses a template or service that an announcement cannot use. p_service_id: what the announcement is about, null = no service.
Errors: SH422 unknown or unapproved template, unknown or inactive service, no service although the text has placeholders of one.$$;
