-- Past months may lack their partition.
select market.make_event_partitions(m.begins)
from (
  select distinct date_trunc('month', c.happened_at, 'UTC') as begins
  from checked c
  where c.faults = ''
    and not c.already) m
order by m.begins;

insert into market.app_event (user_id, kind, happened_at, external_id, properties)
select c.user_id, c.kind, c.happened_at, c.id, case when c.losses = '' then c.properties else '{}' end
from checked c
where c.faults = ''
  and not c.already;

analyze market.app_event;
