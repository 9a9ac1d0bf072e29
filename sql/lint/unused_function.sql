-- A function that no other object uses is dead, unless it is meant for a person at psql or for db/. Functions of api
-- and jobs are called by Python, which has tests of its own for that.
create or replace view lint.unused_function as
with for_people (schema, name, purpose) as (
  values
    ('account', 'create_program_token', 'python -m app program-token make'),
    ('account', 'person_with_invalid_zone', 'psql, db load'),
    ('account', 'program_tokens', 'python -m app program-token list'),
    ('account', 'revoke_program_tokens', 'python -m app program-token revoke'),
    ('account', 'set_admin_credential', 'make admin'),
    ('explain', 'verdicts_now', 'psql'),
    ('policy', 'change_cap', 'psql'),
    ('prediction', 'backtest', 'make backtest'),
    ('smartengage', 'ineligible', 'psql: why a campaign passes over everybody else')
)
select
  'unused_function' as rule,
  'function ' || f.signature as object,
  'is used by nothing; delete it, or list it in lint.unused_function with its purpose' as detail
from lint.routine f
where f.schema not in ('api', 'jobs', 'lint')
  and not f.is_trigger
  and (f.schema, f.name) not in (select p.schema, p.name from for_people p)
  and not exists (
    select
    from lint.reference r
    where r.used_schema = f.schema
      and r.used_name = f.name
  )
union all
select 'unused_function', 'function ' || f.signature, 'is a trigger''s, but no trigger calls it'
from lint.routine f
where f.is_trigger
  and not exists (select from pg_catalog.pg_trigger t where t.tgfoid = f.oid);
