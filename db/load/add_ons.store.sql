insert into market.add_on (service_id, code, name_bn, name_en, price_poisha, active)
select c.service_id, c.id, c.name_bn, c.name_en, c.price_poisha, coalesce(c.active, true)
from checked c
where c.faults = ''
  and not c.already;

insert into load_lost (kind, id)
select 'add_on', c.id
from checked c
where c.faults <> ''
  and c.id is not null;
