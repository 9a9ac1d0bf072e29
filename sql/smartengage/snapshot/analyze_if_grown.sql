create or replace function smartengage.analyze_if_grown(p_table regclass, p_rows bigint)
returns void
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
begin
  if p_rows >= 1000 and p_rows > 0.1 * (select c.reltuples from pg_catalog.pg_class c where c.oid = p_table) then
    execute format('analyze %s', p_table);
  end if;
end;
$$;

comment on function smartengage.analyze_if_grown(regclass, bigint) is
$$Analyzes a table after a statement wrote p_rows rows, if these are at least 1,000 and a tenth of the known rows.
Autovacuum would do so a minute later; until then planning would use stale statistics and scan all messages for each candidate.
Holds the analyze lock until the transaction ends: it blocks analyze and vacuum of the table, but no reader or writer.$$;
