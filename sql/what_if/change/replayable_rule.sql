create or replace view what_if.replayable_rule as
select v.rule, v.meaning, v.direction
from (values
  ('reminder.min_p14', 'up', 'Of who was less likely nothing is recorded: give the value that was in force, or a higher one.'),
  ('reminder.min_visits', 'up', 'Of who had fewer visits nothing is recorded: give the value that was in force, or a higher one.'),
  ('holdout.global_share', 'up', 'Whether people of the control group could have been reached is not recorded: give the share that was in force, or a larger one.'),
  ('reminder.lead', 'down', 'How likely people were on days before they were due, and what they had booked by then, is not recorded: give the lead that was in force, or a shorter one.'),
  ('reminder.useful_for', 'any', 'Every message that ran out of time is recorded, with the instant.')
) as v (rule, direction, meaning);

comment on view what_if.replayable_rule is 'Rules, besides every cap and the quiet periods, whose other values history can tell of, and which.';
comment on column what_if.replayable_rule.rule is 'policy.rule.';
comment on column what_if.replayable_rule.meaning is 'Why those can be tried.';
comment on column what_if.replayable_rule.direction is 'up, down: no lower, no higher value than was in force; any: every value.';
