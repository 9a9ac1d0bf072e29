create or replace function text.template_keeps_its_text()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if old.approved_at is not null
     and (to_jsonb(old) - 'retired_at') is distinct from (to_jsonb(new) - 'retired_at') then
    raise exception 'An approved text is not changed' using errcode = 'SH409', detail = old.template_id::text,
      constraint = 'template_keeps_its_text', hint = 'Make a new version, have it approved, and retire this one.';
  end if;
  return new;
end;
$$;

comment on function text.template_keeps_its_text() is
$$Trigger: what was approved stays as it was approved; only its retirement may be noted. So an approval cannot be given to one text and used for another, by psql either.
Errors: SH409 something else of an approved text would change.$$;

create or replace trigger template_keeps_its_text
before update on text.template
for each row execute function text.template_keeps_its_text();
