insert into market.add_on (service_id, code, name_bn, name_en, price_poisha, active)
select c.service_id, c.id, c.name_bn, c.name_en, c.price_poisha, coalesce(c.active, true)
from checked c
where c.faults = ''
  and not c.already;

-- An empty cell changes nothing.
with changed as (
  update market.add_on a
  set name_bn = c.name_bn,
      name_en = c.name_en,
      price_poisha = c.price_poisha,
      active = coalesce(c.active, a.active)
  from checked c
  where c.faults = ''
    and c.already
    and a.code = c.id
    and (a.name_bn, a.name_en, a.price_poisha, a.active)
      is distinct from (c.name_bn, c.name_en, c.price_poisha, coalesce(c.active, a.active))
  returning c.line)
update checked c
set updated = true
from changed h
where h.line = c.line;

insert into load_lost (kind, id)
select 'add_on', c.id
from checked c
where c.faults <> ''
  and c.id is not null;
