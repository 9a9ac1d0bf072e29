-- depends: 0012.what-if
-- What a new database contains: message classes, caps, quiet periods, rules and segments, each as version 1 in force for all time.
-- Ids are literal, so that all databases have the same.

insert into policy.installation (system_identifier)
select system_identifier from pg_catalog.pg_control_system();

insert into policy.time_zone (name)
select distinct name from pg_catalog.pg_timezone_names;

insert into policy.message_class (message_class, purpose, priority, obeys_caps, takes_slot, stops_when, meaning) values
  ('one_time_code', 'transactional', 0, false, false, 'nothing', 'Sign-in codes.'),
  ('receipt', 'transactional', 10, false, false, 'nothing', 'Confirmations of what the person just did.'),
  ('urgent', 'outreach', 20, false, true, 'nothing', 'Notices that may go although a cap is used up, with a recorded reason.'),
  ('rest', 'coaching', 30, true, true, 'nothing', 'Rest and safety support for workers.'),
  ('coaching', 'coaching', 40, true, true, 'nothing', 'Coaching of workers.'),
  ('reminder', 'outreach', 50, true, true, 'service_booking', 'A service is likely to be needed again.'),
  ('announcement', 'outreach', 60, true, true, 'nothing', 'Single and bulk sends by an admin.');

insert into policy.cap (cap, version, purpose, channel, max_messages, window_hours, valid_at, author, reason) values
  ('outreach_daily', 1, 'outreach', null, 1, 24, tstzrange(null, null), 'default',
    'At most one a day to a customer, over all channels together.'),
  ('outreach_weekly', 1, 'outreach', null, 2, 168, tstzrange(null, null), 'default',
    'At most two a week to a customer, over all channels together.'),
  ('coaching_weekly', 1, 'coaching', null, 1, 168, tstzrange(null, null), 'default', 'At most one a week to a worker.');

insert into policy.cap_change_counter (purpose) values
  ('outreach'),
  ('coaching'),
  ('voice');

insert into policy.quiet_period (quiet_period_id, name, purpose, isodow, from_time, until_time, created_at, author, reason) values
  ('00000000-0000-7000-8000-000000000001', 'night', null, null, '21:00', '08:00', '2026-01-01 00:00+06', 'default',
    'Nobody is woken.'),
  ('00000000-0000-7000-8000-000000000002', 'friday_prayer', null, 5, '11:30', '14:30', '2026-01-01 00:00+06', 'default',
    'Jumu''ah.');

-- Each limit is two rules: calls, and seconds of a refill from empty to full. Unused allowances are deleted after a day.
with rate_limits (name, calls, most_calls, seconds, guards, meaning) as (values
  ('preview_campaign', 20, 100000, 600, false, 'previews of campaigns by one admin'),
  ('send_single', 120, 100000, 600, false, 'single sends by one admin'),
  ('send_bulk', 20, 100000, 600, false, 'bulk sends by one admin'),
  ('metrics_overview', 120, 100000, 600, false, 'reads of the dashboard''s overview by one admin'),
  ('explain', 600, 100000, 600, false, 'explanations by one admin'),
  ('what_if', 10, 100000, 600, false, 'what-ifs of a rule by one admin'),
  ('what_if_quiet', 10, 100000, 600, false, 'what-ifs of quiet periods by one admin'),
  ('export_me', 20, 100000, 3600, false, 'exports of the own data by one person'),
  ('request_otp', 60, 100000, 600, true, 'requests for a one-time code from one network address'),
  ('verify_otp', 120, 100000, 600, true, 'checks of one-time codes from one network address'),
  ('refresh', 600, 100000, 600, true, 'refreshes of sessions from one network address'),
  ('admin_login', 60, 100000, 600, true, 'admin sign-ins from one network address, before the limits of tries'),
  ('admin_tries', 10, 100, 900, true, 'tries of an admin sign-in for one login from one network address'),
  ('admin_tries_per_address', 30, 1000, 900, true, 'tries of admin sign-ins from one network address, whatever the login')
), rules (rule, unit, minimum, maximum, loosens, value, meaning) as (values
  -- Gates and basics.
  ('default_zone', 'IANA zone', null, null, null, '"Asia/Dhaka"', 'Time zone of people whose own is unknown or invalid.'),
  ('consent', '', null, null, null, 'true',
    'Nothing but transactional messages goes out without a consent of that person, channel and purpose. A constraint holds it; it '
    'cannot be switched off.'),
  ('contact', '', null, null, null, 'true', 'A channel needs an address that is not suppressed. Cannot be switched off.'),
  ('person_active', '', null, null, null, 'true', 'Nothing goes to disabled or erased people. Cannot be switched off.'),
  ('cap', '', null, null, null, 'true',
    'A capped purpose needs a cap in force (policy.cap). Constraints hold it; it cannot be switched off.'),
  ('campaign', '', null, null, null, 'true',
    'A campaign writes only while it is running and its flag is on. Cannot be switched off.'),
  ('quiet_period', '', null, null, null, 'true',
    'Nothing capped is sent in quiet periods (policy.quiet_period), own quiet hours or outside the campaign''s window. Cannot be '
    'switched off.'),
  ('booked', '', null, null, null, 'true', 'A booking made after planning cancels the reminder. Cannot be switched off.'),
  ('approved_text', '', null, null, null, 'true', 'Only approved texts are sent. Cannot be switched off.'),
  ('look_ahead', 'hours', 0, 168, null, '24', 'A lower class leaves the last free place to a higher one due this soon.'),
  ('service_active', '', null, null, null, 'true',
    'Nobody is reminded of a service that is not offered any more. Cannot be switched off.'),
  ('reminder.once', '', null, null, null, 'true', 'One reminder for each expected booking of a service.'),
  ('reminder.one_service', '', null, null, null, 'true',
    'If several services of one person are due, only the one with the highest expected value is reminded.'),
  ('reminder.lead', 'days', 0, 30, null, '3', 'A reminder is due this long before the expected booking.'),
  ('reminder.min_p14', 'probability', 0, 1, null, '0.25', 'Lowest probability of a booking within 14 days for a reminder.'),
  ('reminder.min_visits', 'visits', 2, 100, null, '2', 'Fewest completed visits of the service for a reminder.'),
  ('reminder.useful_for', 'days', 0, 30, null, '2', 'A reminder is useful until this long after the expected booking.'),
  ('holdout.global_share', 'share', 0, 1, null, '0.02',
    'Share of people who never get outreach, to measure the effect of all of it.'),
  ('hour.prior_weight', 'observations', 0, 1000, null, '5',
    'Weight of the segment''s hours in observations, against the person''s own.'),
  ('add_on.max', 'add-ons', 0, 5, null, '2', 'Highest number of add-ons offered in a message.'),
  ('add_on.min_support', 'bookings', 1, 1000000, null, '20',
    'Fewest bookings of the service with the add-on before it is offered.'),
  ('add_on.min_rate', 'share', 0, 1, null, '0.30', 'Lowest estimated rate at which the person books the add-on.'),
  ('add_on.prior_weight', 'bookings', 0, 1000, null, '4', 'Weight of the service''s rate in bookings, against the person''s own.'),
  ('add_on.lift_weight', 'bookings', 0, 1000, null, '5', 'Weight in bookings by which the lift of two add-ons is shrunken to 1.'),
  ('claim.lease', 'seconds', 10, 86400, null, '300', 'A claim not settled by then is in doubt.'),
  ('retry.base', 'seconds', 1, 86400, null, '60', 'Wait before the first retry; doubles with each.'),
  ('retry.max', 'attempts', 0, 100, null, '8', 'Attempts after which a message fails.'),
  ('retry.person_limit', 'hours', 1, 168, 'down', '24',
    'Wait after a provider found that a person has had enough for now; doubles each time a message meets it.'),
  ('bounce.soft_limit', 'bounces', 1, 100, 'up', '5', 'Soft bounces without a delivery between them that suppress an address.'),
  ('link.book_for', 'days', 0, 60, null, '3', 'A booking link works until this long after the message stops being useful.'),
  ('link.suggest_ahead', 'hours', 0, 72, null, '3', 'A link suggests no booking time sooner than this.'),
  ('link.stop_for', 'days', 365, 7300, 'down', '1826', 'An opt-out link works this long.'),
  ('attribution.window', 'days', 1, 90, null, '7', 'A booking within this time after a message is attributed to it.'),
  ('uplift.min_sample', 'people', 1, 1000000, null, '100', 'Fewest people in each group for a conclusion about the uplift.'),
  ('machine.seconds', 'seconds', 0, 3600, null, '5', 'A click this soon after sending is a machine''s.'),
  ('model.texts_per_cohort', 'variants', 1, 10, null, '3', 'Variants asked of the model for each cohort.'),
  ('model.prompt_version', 'version', 1, 10000, null, '1', 'Version of the prompt that texts are asked with; a new one asks anew.'),
  ('model.cohorts_per_day', 'calls', 0, 100000, null, '300', 'Model calls in a day; beyond, templates are used.'),
  ('model.tokens_per_day', 'tokens', 0, 1000000000, null, '1000000', 'Model tokens in a day; beyond, templates are used.'),
  ('model.price_in', 'micro-USD per 1000 tokens', 0, 1000000, null, '250',
    'Price of the model''s input: change it with the model.'),
  ('model.price_out', 'micro-USD per 1000 tokens', 0, 1000000, null, '2000',
    'Price of the model''s output, its reasoning included.'),
  ('model.cost_per_day', 'micro-USD', 0, 1000000000, null, '5000000',
    'What the model may cost in a day; beyond, templates are used.'),
  ('model.tokens_per_call', 'tokens', 1, 100000, null, '3000', 'What a call is expected to use while none of the last week tells.'),
  ('text.min_bengali_share', 'share', 0, 1, 'down', '0.80', 'Least share of Bengali letters in a Bengali text.'),
  ('text.max_sentences', 'sentences', 1, 100, null, '8', 'Most sentences of a message, its add-on line included.'),
  ('text.max_words', 'words', 3, 100, null, '12', 'Most words of a sentence: one breath when read aloud.'),
  ('text.max_mean_words', 'words', 3, 100, null, '9', 'Most words of the sentences of a message on average.'),
  ('text.subject_chars', 'characters', 10, 200, null, '60', 'Longest subject; more is cut off on a phone.'),
  ('text.body_chars', 'characters', 50, 5000, null, '700', 'Longest body with its add-on line, placeholders counted as written.'),
  ('text.push_chars', 'characters', 50, 1000, null, '240', 'Longest body of a push notification, placeholders counted as written.'),
  ('text.sms_parts', 'SMS', 1, 10, null, '4', 'Most SMS that one message may cost, with values of a usual length.'),
  ('log.keep', 'days', 1, 3650, null, '30', 'How long pgqueuer''s log is kept.'),
  ('event.partitions_ahead', 'months', 1, 24, null, '3', 'Monthly partitions of events made ahead.'),
  ('event.ahead', 'hours', 0, 168, null, '24',
    'How far a phone''s clock may be ahead: an event told from later is taken as of its arrival, one from beyond is refused.'),
  ('event.accept_for', 'days', 1, 3650, null, '365', 'How late an event may be told.'),
  ('sign_in.code_valid', 'seconds', 60, 3600, 'up', '300', 'How long a one-time code is valid.'),
  ('sign_in.code_tries', 'tries', 1, 10, 'up', '5', 'Wrong tries after which a code is dead.'),
  ('sign_in.code_every', 'seconds', 10, 3600, 'down', '60', 'Least time between two codes to one destination.'),
  ('sign_in.codes_within', 'seconds', 60, 86400, 'down', '600',
    'Time that the limits of codes per destination, network address and block count back, and the wait when one is used up.'),
  ('sign_in.codes_per_destination', 'codes', 1, 100, 'up', '5', 'Most codes to one destination in sign_in.codes_within.'),
  ('sign_in.codes_per_address', 'codes', 1, 10000, 'up', '20',
    'Most codes asked for from one network address in sign_in.codes_within.'),
  ('sign_in.codes_per_block', 'codes', 1, 100, 'up', '6',
    'Most codes to unknown numbers of one hundred-number block in sign_in.codes_within: beyond, somebody walks through numbers.'),
  ('sign_in.codes_per_day', 'codes', 1, 10000000, 'up', '5000',
    'Codes a day to destinations nobody has verified; known people are always let in.'),
  ('sign_in.allow_sign_up', '', null, null, null, 'true', 'Whether a verified unknown destination becomes a new customer.'),
  ('session.access_for', 'seconds', 60, 3600, 'up', '900', 'How long an access token is valid.'),
  ('session.refresh_for', 'days', 1, 365, 'up', '60', 'How long a refresh token is valid.'),
  ('session.grace', 'seconds', 0, 60, 'up', '10',
    'How long the direct parent of a refresh token gets the same child again (lost answer).'),
  ('session.fresh_for', 'seconds', 60, 3600, 'up', '600', 'How long after sign-in an admin may do sensitive acts.'),
  ('receipt.wait', 'days', 1, 60, null, '7',
    'How long a receipt waits for the message it is about, and a message is asked about at its provider.'),
  ('webhook.keep', 'days', 1, 365, null, '30', 'How long it is remembered that a provider''s call was received.'),
  ('announcement.once', '', null, null, null, 'true',
    'The same announcement reaches a person once. A constraint holds it; it cannot be switched off.'),
  ('announcement.useful_for', 'hours', 1, 720, null, '48', 'An announcement that cannot be sent within this time is not sent.'),
  ('canary.hold', 'hours', 0, 720, 'down', '24',
    'How long the canary of a campaign is observed before the campaign is rolled out.'),
  ('guardrail.window', 'days', 1, 60, null, '7',
    'Guardrails count runs of these days, and an opt-out within this time after a message.'),
  ('guardrail.min_sample', 'messages', 1, 1000000, 'down', '50',
    'Fewest messages from which a guardrail can be good; a canary with fewer is not rolled out.'),
  ('guardrail.min_hits', 'messages', 1, 1000000, 'up', '3', 'Fewest opt-outs, complaints or bounces that stop a campaign.'),
  ('guardrail.alpha', 'probability', 0.0000001, 0.5, 'down', '0.001',
    'A campaign stops if, at the maximum rate, a rate as high as observed has a lower probability than this. Low, as it is '
    'tested every few minutes.'),
  ('guardrail.max_opt_outs', 'share', 0, 1, 'up', '0.02', 'Highest acceptable share of messages followed by an opt-out.'),
  ('guardrail.max_complaints', 'share', 0, 1, 'up', '0.003', 'Highest acceptable share of messages reported as unwanted.'),
  ('guardrail.max_bounces', 'share', 0, 1, 'up', '0.05',
    'Highest acceptable share of messages that bounce or are permanently refused.'),
  ('guardrail.mismatch_alpha', 'probability', 0.0000001, 0.5, 'down', '0.001',
    'A campaign stops if a split into messages and ghosts as uneven as observed has a lower probability than this.'),
  ('proposal.keep', 'days', 1, 90, null, '7', 'A proposal that needs a second admin expires after this long.'),
  ('quiet.longest', 'days', 1, 366, null, '14',
    'Longest time without any allowed instant that the calendar may come to; also the longest that quiet times of nearly a whole '
    'day may last.'),
  ('quiet.longest_daily', 'hours', 1, 23, null, '16', 'Longest daily quiet time that may go on for longer than quiet.longest.'),
  ('quiet.spread', 'minutes', 0, 720, null, '60',
    'What was put off until a quiet time ends goes spread over so many minutes after it, not all at once.'),
  ('quiet.margin', 'minutes', 0, 120, null, '10',
    'Nothing is planned for so many minutes before a quiet time begins: it could be overtaken by it on its way out.'),
  ('learning.every', 'days', 0, 365, null, '7', 'How long a fitted model of the prediction is used before it is fitted again.'),
  ('learning.growth', 'share', 0, 10, null, '0.2',
    'It is fitted again sooner if the completed bookings have changed by more than this share.'),
  ('variant.click_worth', 'bookings', 0, 1, null, '0.2',
    'Worth of a click without a booking when variants of a text compete; a booking is worth 1.'),
  ('variant.prior_rate', 'share', 0.0001, 0.9999, null, '0.05', 'Expected worth of a sending before any is known.'),
  ('variant.prior_weight', 'sendings', 1, 10000, null, '20',
    'Weight in sendings of that expectation, and of the mean of the competing variants.'),
  ('variant.ripens_after', 'hours', 0, 720, null, '48',
    'A sending counts only after this time, as clicks arrive late and new variants would seem worse.'),
  ('variant.window', 'days', 1, 730, null, '90', 'Sendings older than this do not count, as preferences change.'),
  ('variant.retire_below', 'probability', 0, 0.1, null, '0.02',
    'A variant retires if its probability of being the best is below this; the leader never does.'),
  ('variant.min_trials', 'sendings', 1, 1000000, null, '200', 'Fewest sendings of a variant before it may retire.'),
  ('service.token_for', 'days', 1, 3650, 'up', '365', 'How long a token of a service is valid.'),
  ('decision.keep', 'days', 30, 3650, null, '400',
    'How long it is kept what was decided on messages at each claim. Thirteen months: a what-if looks at up to 366 days, which may '
    'have ended some weeks ago.'),
  ('listener.silence', 'seconds', 10, 86400, null, '300',
    'When no worker has proved for so long that it hears the queue, /readyz says 503. Workers prove it every 5 seconds; replacing '
    'the only one must fit in.'),
  ('preview.keep', 'hours', 1, 720, null, '24', 'How long the result of a campaign''s preview is kept.')
), all_rules as (
  select r.* from rules r
  union all
  select format('rate.%s.calls', l.name), 'calls', 1, l.most_calls, case when l.guards then 'up' end, l.calls::text,
         format('Most %s in rate.%s.seconds.', l.meaning, l.name)
  from rate_limits l
  union all
  select format('rate.%s.seconds', l.name), 'seconds', 1, 86400, case when l.guards then 'down' end, l.seconds::text,
         format('Time in which an allowance of rate.%s.calls refills from empty to full, evenly.', l.name)
  from rate_limits l
), definitions as (
  insert into policy.rule_definition (rule, value_type, unit, minimum, maximum, loosens, always_true, meaning)
  select rule, jsonb_typeof(value::jsonb), unit, minimum, maximum, loosens, rule in ('consent', 'contact', 'person_active', 'cap',
    'campaign', 'quiet_period', 'booked', 'approved_text', 'announcement.once', 'service_active'), meaning from all_rules
)
insert into policy.rule (rule, version, value, valid_at, author, reason)
select rule, 1, value::jsonb, tstzrange(null, null), 'default', meaning from all_rules;

insert into policy.refusal_reason (reason, rule, meaning) values
  ('not_running', 'campaign', 'The campaign is not running, so nothing is planned.'),
  ('too_little_history', 'reminder.min_visits', 'The customer has too few completed visits of the service.'),
  ('service_inactive', 'service_active', 'The service is not offered any more.'),
  ('not_in_segment', 'campaign', 'The campaign does not address the segment of the customer.'),
  ('open_booking', 'booked', 'The customer has an open booking of the service.'),
  ('too_late', 'reminder.useful_for', 'The message is not useful any more.'),
  ('not_due_yet', 'reminder.lead', 'The expected booking is still too far ahead.'),
  ('unlikely', 'reminder.min_p14', 'A booking within 14 days is too unlikely.'),
  ('flag_off', 'campaign', 'The flag of the campaign is off.'),
  ('person_inactive', 'person_active', 'The person is disabled or erased.'),
  ('already_reminded', 'reminder.once', 'The campaign has a message for this expected booking.'),
  ('already_sent', 'announcement.once', 'The person has this announcement.'),
  ('global_control', 'holdout.global_share', 'The person is in the share that never gets outreach.'),
  ('not_in_canary', 'campaign', 'The person is not in the canary, and the campaign is not rolled out.'),
  ('no_consent', 'consent', 'No consent is in force for the channel and purpose.'),
  ('no_address', 'contact', 'The channel has no address of the person.'),
  ('suppressed', 'contact', 'The address is suppressed.'),
  ('no_text', 'approved_text', 'No approved text fits.'),
  ('another_service_first', 'reminder.one_service', 'Another service of the person has the higher expected value.'),
  ('no_cap', 'cap', 'No cap is in force for the purpose.'),
  ('capped', 'cap', 'A cap is used up.'),
  ('no_time_left', 'quiet_period', 'No time to send is left while the message is useful.'),
  ('ghost', 'campaign', 'The person is held out, so that the effect of the campaign is measured.'),
  ('campaign_stopped', 'campaign', 'The campaign was stopped after planning.'),
  ('campaign_paused', 'campaign', 'The campaign is paused.'),
  ('arrived', 'reminder.once', 'An earlier attempt, returned by the provider, was delivered after all.'),
  ('booked', 'booked', 'The customer booked the service after planning.'),
  ('quiet', 'quiet_period', 'The time is quiet, or outside the window of the campaign.'),
  ('yields', 'look_ahead', 'The last slot under a cap is reserved for a message of higher priority.');

insert into policy.gate (stage, place, gate, reason, verdict) values
  ('plan', 1, 'running', 'not_running', 'refuse'),
  ('plan', 2, 'history', 'too_little_history', 'refuse'),
  ('plan', 3, 'service', 'service_inactive', 'refuse'),
  ('plan', 4, 'segment', 'not_in_segment', 'refuse'),
  ('plan', 5, 'not_booked', 'open_booking', 'refuse'),
  ('plan', 6, 'still_useful', 'too_late', 'refuse'),
  ('plan', 7, 'due', 'not_due_yet', 'refuse'),
  ('plan', 8, 'likely', 'unlikely', 'refuse'),
  ('plan', 11, 'flag', 'flag_off', 'refuse'),
  ('plan', 12, 'person_active', 'person_inactive', 'refuse'),
  ('plan', 13, 'once', 'already_reminded', 'refuse'),
  ('plan', 13, 'once', 'already_sent', 'refuse'),
  ('plan', 14, 'global_control', 'global_control', 'refuse'),
  ('plan', 15, 'canary', 'not_in_canary', 'refuse'),
  ('plan', 16, 'consent', 'no_consent', 'refuse'),
  ('plan', 17, 'address', 'no_address', 'refuse'),
  ('plan', 17, 'address', 'suppressed', 'refuse'),
  ('plan', 18, 'text', 'no_text', 'refuse'),
  ('plan', 21, 'one_service', 'another_service_first', 'refuse'),
  ('plan', 22, 'cap', 'no_cap', 'refuse'),
  ('plan', 22, 'cap', 'capped', 'refuse'),
  ('plan', 98, 'time', 'no_time_left', 'refuse'),
  ('plan', 99, 'holdout', 'ghost', 'ghost'),
  ('claim', 1, 'person_active', 'person_inactive', 'refuse'),
  ('claim', 2, 'campaign', 'campaign_stopped', 'refuse'),
  ('claim', 2, 'campaign', 'campaign_paused', 'wait'),
  ('claim', 3, 'still_useful', 'too_late', 'expire'),
  ('claim', 4, 'consent', 'no_consent', 'refuse'),
  ('claim', 5, 'address', 'no_address', 'refuse'),
  ('claim', 5, 'address', 'suppressed', 'refuse'),
  ('claim', 6, 'not_arrived', 'arrived', 'refuse'),
  ('claim', 7, 'text', 'no_text', 'refuse'),
  ('claim', 8, 'not_booked', 'booked', 'refuse'),
  ('claim', 9, 'quiet', 'quiet', 'expire'),
  ('claim', 10, 'cap', 'no_cap', 'refuse'),
  ('claim', 10, 'cap', 'capped', 'refuse'),
  ('claim', 99, 'look_ahead', 'yields', 'expire');

-- The first definition that matches, by position, names the segment.
insert into smartengage.segment_definition
  (segment, version, position, min_visits, max_visits, first_visit_within_days, silent_for_days, past, valid_at, author,
   reason) values
  ('new', 1, 10, null, 0, null, null, null, tstzrange(null, null), 'default', 'No completed booking yet.'),
  ('new', 1, 20, 1, null, 30, null, null, tstzrange(null, null), 'default', 'First completed booking within 30 days.'),
  ('inactive', 1, 30, 1, null, null, 180, null, tstzrange(null, null), 'default', 'Silent for 180 days.'),
  ('inactive', 1, 40, 2, null, null, null, 'lost', tstzrange(null, null), 'default',
    'Beyond the 97.5th percentile of the own rhythm.'),
  ('at_risk', 1, 50, 2, null, null, null, 'overdue', tstzrange(null, null), 'default',
    'Beyond the 80th percentile of the own rhythm.'),
  ('repeat', 1, 60, 2, null, null, null, null, tstzrange(null, null), 'default', 'Two or more completed bookings, not overdue.'),
  ('at_risk', 1, 70, 1, null, null, 60, null, tstzrange(null, null), 'default', 'One completed booking, two months ago or more.'),
  ('new', 1, 80, 1, null, null, null, null, tstzrange(null, null), 'default', 'One completed booking, not long ago.');

insert into smartengage.campaign_kind (kind, meaning) values
  ('reminder', 'Candidates are customers who are due for a service (smartengage.plan_reminder_run).'),
  ('announcement',
    'Candidates are the people of segments or of a list; an admin chooses the text (smartengage.plan_announcement_run).');

insert into smartengage.run_kind (message_class, names_text, is_exempt) values
  ('reminder', false, false),
  ('announcement', true, false),
  ('urgent', true, true);
