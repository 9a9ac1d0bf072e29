insert into market.service (code, category, name_bn, name_en, price_poisha, duration_minutes, active)
select c.id, c.category, c.name_bn, c.name_en, c.price_poisha, c.duration_minutes, coalesce(c.active, true)
from checked c
where c.faults = ''
  and not c.already;

-- An empty cell changes nothing.
with changed as (
  update market.service s
  set category = c.category,
      name_bn = c.name_bn,
      name_en = c.name_en,
      price_poisha = c.price_poisha,
      duration_minutes = c.duration_minutes,
      active = coalesce(c.active, s.active)
  from checked c
  where c.faults = ''
    and c.already
    and s.code = c.id
    and (s.category, s.name_bn, s.name_en, s.price_poisha, s.duration_minutes, s.active)
      is distinct from (c.category, c.name_bn, c.name_en, c.price_poisha, c.duration_minutes, coalesce(c.active, s.active))
  returning c.line)
update checked c
set updated = true
from changed h
where h.line = c.line;

insert into load_lost (kind, id)
select 'service', c.id
from checked c
where c.faults <> ''
  and c.id is not null;
