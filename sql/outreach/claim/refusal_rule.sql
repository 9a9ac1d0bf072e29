create or replace view outreach.refusal_rule as
select v.reason, v.rule
from (values
  ('flag_off', 'campaign'),
  ('not_in_canary', 'campaign'),
  ('campaign_stopped', 'campaign'),
  ('person_inactive', 'person_active'),
  ('already_reminded', 'reminder.once'),
  ('already_sent', 'announcement.once'),
  ('another_service_first', 'reminder.one_service'),
  ('too_late', 'reminder.useful_for'),
  ('global_control', 'holdout.global_share'),
  ('no_consent', 'consent'),
  ('no_address', 'contact'),
  ('suppressed', 'contact'),
  ('no_text', 'approved_text'),
  ('booked', 'booked'),
  ('quiet', 'quiet_period'),
  ('no_time_left', 'quiet_period'),
  ('yields', 'look_ahead'),
  ('no_cap', 'cap'),
  ('arrived', 'reminder.once'),
  ('too_little_history', 'reminder.min_visits'),
  ('service_inactive', 'service_active'),
  ('not_in_segment', 'campaign'),
  ('open_booking', 'booked'),
  ('not_due_yet', 'reminder.lead'),
  ('unlikely', 'reminder.min_p14')
) as v (reason, rule);

comment on view outreach.refusal_rule is
  'The rule behind each reason for not sending; one row per reason. Reason capped is missing: its rule is the name of the cap.';
comment on column outreach.refusal_rule.reason is
  'Reason, as stored on candidates and messages, or returned by smartengage.eligibility.';
comment on column outreach.refusal_rule.rule is 'Name of the rule in policy.rule.';
