-- depends: 0028.uplift

with rules (rule, value_type, unit, minimum, maximum, loosens, value, meaning) as (values
  ('add_on.lift_weight', 'number', 'bookings', 0, 1000, null, '5', 'How many bookings as expected by chance weigh against what was seen of two add-ons together.')
), kinds as (
  insert into policy.rule_definition (rule, value_type, unit, minimum, maximum, loosens, meaning)
  select rule, value_type, unit, minimum, maximum, loosens, meaning from rules
)
insert into policy.rule (rule, version, value, valid_at, author, reason)
select rule, 1, value::jsonb, tstzrange(null, null), 'default', meaning from rules;
