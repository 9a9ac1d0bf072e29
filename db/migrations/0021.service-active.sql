-- depends: 0014.receipts

with kind as (
  insert into policy.rule_definition (rule, value_type, unit, always_true, meaning)
  values ('service_active', 'boolean', '', true, 'Nobody is reminded of a service that is not offered any more. Cannot be switched off.')
  returning rule, meaning
)
insert into policy.rule (rule, version, value, valid_at, author, reason)
select k.rule, 1, 'true', tstzrange(null, null), 'default', k.meaning
from kind k;
