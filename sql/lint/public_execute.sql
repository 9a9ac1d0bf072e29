create or replace view lint.public_execute as
select 'public_execute' as rule, 'function ' || r.signature as object, 'may be executed by PUBLIC' as detail
from lint.routine r
where r.acl is null
   or exists (select from pg_catalog.aclexplode(r.acl) a where a.grantee = 0);
