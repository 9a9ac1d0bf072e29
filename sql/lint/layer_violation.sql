create or replace view lint.layer_violation as
select 'layer_violation' as rule, a.object, 'uses ' || a.used_object || ' of a layer that is not below ' || a.schema as detail
from lint.schema_dependency a
left join lint.layer l on l.schema = a.schema
left join lint.layer u on u.schema = a.used_schema
where a.schema not in ('lint', 'deploy')
  and (l.level is null or u.level is null or u.level >= l.level);
