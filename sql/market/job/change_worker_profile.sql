create or replace function market.change_worker_profile(p_user_id uuid, p_categories text[], p_zone text)
returns void
language plpgsql volatile parallel unsafe
set search_path = ''
as $$
declare
  v_unknown text;
begin
  select c.category into v_unknown
  from unnest(p_categories) as c (category)
  where not exists (select from market.service s where s.category = c.category and s.active)
  limit 1;
  if found then
    raise exception 'There is no service of this category' using errcode = 'SH422', column = 'categories', detail = v_unknown;
  end if;
  if p_zone ~ '[\x01-\x1f\x7f-\x9f]' or btrim(p_zone) = '' then
    raise exception 'A zone is a name' using errcode = 'SH422', column = 'zone';
  end if;
  update market.worker w
  set categories = coalesce(array(select distinct c.category from unnest(p_categories) as c (category) order by 1), w.categories),
      zone = coalesce(btrim(normalize(p_zone, nfc)), w.zone)
  where w.user_id = p_user_id;
end;
$$;

comment on function market.change_worker_profile(uuid, text[], text) is
$$Changes what a worker does and where; null = as it is.
Errors: SH422 with the column: categories none of the catalogue's, zone blank.$$;
