-- A body in a string is parsed when it runs; a begin atomic body is parsed and checked when it is created.
create or replace view lint.unparsed_body as
select 'unparsed_body' as rule, 'function ' || r.signature as object, 'is language sql without begin atomic or return' as detail
from lint.routine r
where r.language = 'sql'
  and not r.has_parsed_body;
