-- depends: 0030.house-texts-2
-- What was put off over night does not all go at the window's edge, and nothing is planned for the last minutes before it closes.

with rules (rule, value_type, unit, minimum, maximum, value, meaning) as (values
  ('quiet.spread', 'number', 'minutes', 0, 720, '60', 'What was put off until a quiet time ends goes spread over so many minutes after it, not all at once.'),
  ('quiet.margin', 'number', 'minutes', 0, 120, '10', 'Nothing is planned for so many minutes before a quiet time begins: it could be overtaken by it on its way out.')
), kinds as (
  insert into policy.rule_definition (rule, value_type, unit, minimum, maximum, loosens, meaning)
  select rule, value_type, unit, minimum, maximum, null, meaning from rules
)
insert into policy.rule (rule, version, value, valid_at, author, reason)
select rule, 1, value::jsonb, tstzrange(null, null), 'default', meaning from rules;

-- The guardrails ask for withdrawals, which are few among the consents.
create index consent_withdrawn_idx on account.consent (upper(valid_at)) where not upper_inf(valid_at);
