-- Without an index, deleting or updating a referenced row scans the referencing table.
create or replace view lint.unindexed_foreign_key as
select
  'unindexed_foreign_key' as rule,
  'table ' || k.conrelid::regclass as object,
  k.conname || ' has no index that starts with one of its columns' as detail
from pg_catalog.pg_constraint k
join pg_catalog.pg_namespace n on n.oid = k.connamespace and pg_catalog.pg_get_userbyid(n.nspowner) = 'shokti_owner'
join pg_catalog.pg_class r on r.oid = k.confrelid
join pg_catalog.pg_namespace rn on rn.oid = r.relnamespace
where k.contype = 'f'
  and k.conparentid = 0
  -- Rows of policy, services, templates and kinds are never deleted or renamed, so nothing looks up the rows that refer to them.
  and rn.nspname <> 'policy'
  and k.confrelid not in (
    'market.service'::regclass, 'text.template'::regclass, 'smartengage.campaign_kind'::regclass, 'smartengage.run_kind'::regclass)
  -- The first column is enough: composite keys start with the person or the message.
  and not exists (
    select
    from pg_catalog.pg_index i
    where i.indrelid = k.conrelid
      and i.indisvalid
      and i.indkey[0] = any (k.conkey)
      -- A partial index serves a key only if it excludes nothing but nulls.
      and (i.indpred is null
           or pg_catalog.pg_get_expr(i.indpred, i.indrelid) = (
             select format('(%I IS NOT NULL)', a.attname)
             from pg_catalog.pg_attribute a
             where a.attrelid = i.indrelid and a.attnum = i.indkey[0]
           ))
  );
