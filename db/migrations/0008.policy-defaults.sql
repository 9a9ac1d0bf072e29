-- depends: 0007.smartengage
-- The defaults of every rule, as version 1, in force from the beginning of time.

insert into policy.installation (system_identifier)
select system_identifier from pg_catalog.pg_control_system();

insert into policy.message_class (message_class, purpose, priority, obeys_caps, takes_slot, meaning) values
  ('one_time_code', 'transactional', 0, false, false, 'Sign-in codes.'),
  ('receipt', 'transactional', 10, false, false, 'Confirmations of what the person just did.'),
  ('urgent', 'outreach', 20, false, true, 'Notices that may go although a cap is used up, with a recorded reason.'),
  ('rest', 'coaching', 30, true, true, 'Rest and safety support for workers.'),
  ('coaching', 'coaching', 40, true, true, 'Coaching of workers.'),
  ('reminder', 'outreach', 50, true, true, 'A service is likely to be needed again.'),
  ('announcement', 'outreach', 60, true, true, 'Single and bulk sends by an admin.');

insert into policy.cap (cap, version, purpose, channel, max_messages, window_hours, valid_at, author, reason) values
  ('outreach_daily', 1, 'outreach', null, 1, 24, tstzrange(null, null), 'default', 'At most one a day to a customer, over all channels together.'),
  ('outreach_weekly', 1, 'outreach', null, 2, 168, tstzrange(null, null), 'default', 'At most two a week to a customer, over all channels together.'),
  ('coaching_weekly', 1, 'coaching', null, 1, 168, tstzrange(null, null), 'default', 'At most one a week to a worker.');

insert into policy.quiet_period (name, purpose, isodow, from_time, until_time, created_at, author, reason) values
  ('night', null, null, '21:00', '08:00', '2026-01-01 00:00+06', 'default', 'Nobody is woken.'),
  ('friday_prayer', null, 5, '11:30', '14:30', '2026-01-01 00:00+06', 'default', 'Jumu''ah.');

with rules (rule, value_type, unit, minimum, maximum, loosens, value, meaning) as (values
  ('default_zone', 'string', 'IANA zone', null, null, null, '"Asia/Dhaka"', 'Time zone of people whose own is unknown or invalid.'),
  ('consent', 'boolean', '', null, null, null, 'true', 'Nothing but transactional messages goes out without a consent of that person, channel and purpose. A constraint holds it; it cannot be switched off.'),
  ('contact', 'boolean', '', null, null, null, 'true', 'A channel needs an address that is not suppressed. Cannot be switched off.'),
  ('person_active', 'boolean', '', null, null, null, 'true', 'Nothing goes to disabled or erased people. Cannot be switched off.'),
  ('cap', 'boolean', '', null, null, null, 'true', 'A capped purpose needs a cap in force (policy.cap). Constraints hold it; it cannot be switched off.'),
  ('campaign', 'boolean', '', null, null, null, 'true', 'A campaign writes only while it is running and its flag is on. Cannot be switched off.'),
  ('quiet_period', 'boolean', '', null, null, null, 'true', 'Nothing capped is sent in quiet periods (policy.quiet_period), own quiet hours or outside the campaign''s window. Cannot be switched off.'),
  ('booked', 'boolean', '', null, null, null, 'true', 'A booking made after planning cancels the reminder. Cannot be switched off.'),
  ('approved_text', 'boolean', '', null, null, null, 'true', 'Only approved texts are sent. Cannot be switched off.'),
  ('reminder.once', 'boolean', '', null, null, null, 'true', 'One reminder for each expected booking of a service.'),
  ('reminder.one_service', 'boolean', '', null, null, null, 'true', 'Where several services of one person are due, the one worth most goes.'),
  ('reminder.lead', 'number', 'days', 0, 30, null, '3', 'A reminder is due this long before the expected booking.'),
  ('reminder.min_p14', 'number', 'probability', 0, 1, null, '0.25', 'Least probability of a booking within 14 days.'),
  ('reminder.min_visits', 'number', 'visits', 2, 100, null, '2', 'Least completed visits: with less history nothing is sent.'),
  ('reminder.useful_for', 'number', 'days', 0, 30, null, '2', 'A reminder is useful until this long after the expected booking.'),
  ('holdout.global_share', 'number', 'share', 0, 1, null, '0.02', 'Share of people who never get outreach, to measure all of it.'),
  ('hour.prior_weight', 'number', 'observations', 0, 1000, null, '5', 'How many observations the segment''s hours weigh against the person''s own.'),
  ('add_on.max', 'number', 'add-ons', 0, 5, null, '2', 'Most add-ons offered in a message.'),
  ('add_on.min_support', 'number', 'bookings', 1, 1000000, null, '20', 'Least bookings of the service with the add-on before it is offered.'),
  ('add_on.min_rate', 'number', 'share', 0, 1, null, '0.30', 'Least estimated rate at which this person takes the add-on.'),
  ('add_on.prior_weight', 'number', 'bookings', 0, 1000, null, '4', 'How many bookings the service''s rate weighs against the person''s own.'),
  ('look_ahead', 'number', 'hours', 0, 168, null, '24', 'A lower class leaves the last free place to a higher one due this soon.'),
  ('claim.lease', 'number', 'seconds', 10, 86400, null, '300', 'A claim not settled by then is in doubt.'),
  ('retry.base', 'number', 'seconds', 1, 86400, null, '60', 'Wait before the first retry; doubles with each.'),
  ('retry.max', 'number', 'attempts', 0, 100, null, '8', 'Attempts after which a message fails.'),
  ('bounce.soft_limit', 'number', 'bounces', 1, 100, 'up', '5', 'Soft bounces without a delivery between them that suppress an address.'),
  ('link.book_for', 'number', 'days', 0, 60, null, '3', 'A booking link works until this long after the message stops being useful.'),
  ('link.suggest_ahead', 'number', 'hours', 0, 72, null, '3', 'A link suggests no booking time sooner than this.'),
  ('link.stop_for', 'number', 'days', 365, 7300, 'down', '1826', 'An opt-out link works this long.'),
  ('attribution.window', 'number', 'days', 1, 90, null, '7', 'A booking this soon after a message is attributed to it.'),
  ('uplift.min_sample', 'number', 'people', 1, 1000000, null, '100', 'Least people in each group before an uplift may be believed.'),
  ('machine.seconds', 'number', 'seconds', 0, 3600, null, '5', 'A click this soon after sending is a machine''s.'),
  ('model.texts_per_cohort', 'number', 'variants', 1, 10, null, '3', 'Variants asked of the model for each cohort.'),
  ('model.prompt_version', 'number', 'version', 1, 10000, null, '1', 'Version of the prompt that texts are asked with; a new one asks anew.'),
  ('model.cohorts_per_day', 'number', 'calls', 0, 100000, null, '300', 'Model calls in a day; beyond, templates are used.'),
  ('model.tokens_per_day', 'number', 'tokens', 0, 1000000000, null, '1000000', 'Model tokens in a day; beyond, templates are used.'),
  ('text.min_bengali_share', 'number', 'share', 0, 1, 'down', '0.80', 'Least share of Bengali letters in a Bengali text.'),
  ('log.keep', 'number', 'days', 1, 3650, null, '30', 'How long pgqueuer''s log is kept.'),
  ('event.partitions_ahead', 'number', 'months', 1, 24, null, '3', 'Monthly partitions of events made ahead.')
), kinds as (
  insert into policy.rule_definition (rule, value_type, unit, minimum, maximum, loosens, meaning)
  select rule, value_type, unit, minimum, maximum, loosens, meaning from rules
)
insert into policy.rule (rule, version, value, valid_at, author, reason)
select rule, 1, value::jsonb, tstzrange(null, null), 'default', meaning from rules;

update policy.rule_definition
set always_true = true
where rule in ('consent', 'contact', 'person_active', 'cap', 'campaign', 'quiet_period', 'booked', 'approved_text');

insert into smartengage.segment_definition
  (segment, version, position, min_visits, max_visits, first_visit_within_days, silent_for_days, past, valid_at, author, reason) values
  ('new', 1, 10, null, 0, null, null, null, tstzrange(null, null), 'default', 'No completed booking yet.'),
  ('new', 1, 20, 1, null, 30, null, null, tstzrange(null, null), 'default', 'First completed booking within 30 days.'),
  ('inactive', 1, 30, 1, null, null, 180, null, tstzrange(null, null), 'default', 'Silent for 180 days.'),
  ('inactive', 1, 40, 2, null, null, null, 'lost', tstzrange(null, null), 'default', 'Beyond the 97.5th percentile of the own rhythm.'),
  ('at_risk', 1, 50, 2, null, null, null, 'overdue', tstzrange(null, null), 'default', 'Beyond the 80th percentile of the own rhythm.'),
  ('repeat', 1, 60, 2, null, null, null, null, tstzrange(null, null), 'default', 'Two or more completed bookings, not overdue.'),
  ('at_risk', 1, 70, 1, null, null, 60, null, tstzrange(null, null), 'default', 'One completed booking, two months ago or more.'),
  ('new', 1, 80, 1, null, null, null, null, tstzrange(null, null), 'default', 'One completed booking, not long ago.');
