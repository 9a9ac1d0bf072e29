-- More than thirty files in one folder hold more than one topic.
create or replace view lint.crowded_folder as
select
  'crowded_folder' as rule,
  'folder ' || regexp_replace(s.file, '/[^/]+$', '') as object,
  'holds ' || count(*) || ' files, more than 30' as detail
from lint.shelf s
group by regexp_replace(s.file, '/[^/]+$', '')
having count(*) > 30;
