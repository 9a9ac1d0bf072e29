create or replace function text.template_keeps_its_text()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  if old.approved_at is not null
     and (to_jsonb(old) - 'retired_at') is distinct from (to_jsonb(new) - 'retired_at') then
    raise exception 'An approved template cannot be changed' using errcode = 'SH409', detail = old.template_id::text,
      constraint = 'template_keeps_its_text', hint = 'Create a new version, have it approved, and retire this one.';
  end if;
  return new;
end;
$$;

comment on function text.template_keeps_its_text() is
$$Trigger: an approved template is frozen except for its retirement, so an approval always belongs to the approved text.
Errors: SH409 any other change of an approved template.$$;

create or replace trigger template_keeps_its_text
before update on text.template
for each row execute function text.template_keeps_its_text();
