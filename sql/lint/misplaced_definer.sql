-- security definer only in api and jobs, and always there, as their callers have no privileges on tables.
create or replace view lint.misplaced_definer as
select
  'misplaced_definer' as rule,
  'function ' || r.signature as object,
  case
    when r.is_definer then 'is security definer outside api and jobs'
    else 'is in api or jobs but not security definer'
  end as detail
from lint.routine r
where r.is_definer <> (r.schema in ('api', 'jobs'))
  and not r.is_trigger;
