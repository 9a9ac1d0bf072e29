create or replace function smartengage.analyze_if_grown(p_table regclass, p_rows bigint)
returns void
language plpgsql volatile parallel unsafe
set search_path = ''
as $$
begin
  if p_rows >= 1000 and p_rows > 0.1 * (select c.reltuples from pg_catalog.pg_class c where c.oid = p_table) then
    execute format('analyze %s', p_table);
  end if;
end;
$$;

comment on function smartengage.analyze_if_grown(regclass, bigint) is
$$Has the planner learn a table into which a statement has just written p_rows rows, where that is many (1,000) and a tenth of what it knew of: autovacuum would do so a minute later, and until then the next campaign's planning reads all messages again for each candidate.
Holds the table's analyze lock until the transaction ends, so nobody else analyzes or vacuums it meanwhile; readers and writers do not wait.$$;
