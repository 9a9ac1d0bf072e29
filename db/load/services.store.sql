insert into market.service (code, category, name_bn, name_en, price_poisha, duration_minutes, active)
select c.id, c.category, c.name_bn, c.name_en, c.price_poisha, c.duration_minutes, coalesce(c.active, true)
from checked c
where c.faults = ''
  and not c.already;

insert into load_lost (kind, id)
select 'service', c.id
from checked c
where c.faults <> ''
  and c.id is not null;
