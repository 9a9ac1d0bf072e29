create or replace function market.change_worker_profile(p_user_id uuid, p_categories text[], p_zone text)
returns void
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_unknown text;
begin
  select c.category into v_unknown
  from unnest(p_categories) as c (category)
  where not exists (select from market.service s where s.category = c.category and s.active)
  limit 1;
  if found then
    raise exception 'No active service has this category' using errcode = 'SH422', column = 'categories', detail = v_unknown;
  end if;
  if p_zone ~ '[\x01-\x1f\x7f-\x9f]' or btrim(p_zone) = '' then
    raise exception 'The zone must not be blank or contain control characters' using errcode = 'SH422', column = 'zone';
  end if;
  update market.worker w
  set categories = coalesce(array(select distinct c.category from unnest(p_categories) as c (category) order by 1), w.categories),
      zone = coalesce(btrim(normalize(p_zone, nfc)), w.zone)
  where w.user_id = p_user_id;
end;
$$;

comment on function market.change_worker_profile(uuid, text[], text) is
$$Changes the categories and the zone (part of town) of a worker; null = unchanged.
Categories are stored sorted and without duplicates, the zone in NFC and trimmed.
Errors, with the column: SH422 categories that no active service has, zone blank or with control characters.$$;
