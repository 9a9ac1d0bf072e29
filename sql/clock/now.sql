-- In production, the start of the transaction. Tests and the demo day install a variant that reads a setting (db/simulation.sql).
create or replace function clock.now()
returns timestamptz
language sql stable parallel safe
return pg_catalog.now();
