-- depends: 0017.announcements
-- Texts of two forms, for letters and for phones; variants of a text compete on clicks and bookings; what the model costs.

-- The functions that name the key go with it; the definitions make them anew (sql/outreach/accept_text.sql).
alter table text.template
  add column form text not null default 'long',
  add constraint template_form_is_known check (form in ('long', 'short')),
  drop constraint template_is_unique cascade,
  add constraint template_is_unique unique nulls not distinct (kind, category, language, form, cohort, variant, version);
comment on column text.template.form is 'long: for e-mail. short: for sms, push, whatsapp and in_app (text.channel_form); it fits the narrowest of them.';

-- The daily counting of variants reads the sendings of the last months; new ones come in the order of their instants.
create index delivery_sent_idx on outreach.delivery using brin (sent_at);

create table text.variant_performance (
  template_id uuid primary key references text.template,
  as_of timestamptz not null,
  trials int not null,
  clicks int not null,
  bookings int not null,
  rate double precision,
  rate_low double precision,
  rate_high double precision,
  p_best double precision,
  constraint variant_counts_are_within_trials check (clicks >= 0 and bookings >= 0 and clicks + bookings <= trials)
);
comment on table text.variant_performance is 'What became of the sendings of each text, as variants compete on it, and how they stood; refreshed daily by smartengage.judge_variants.';
comment on column text.variant_performance.trials is 'Sendings within variant.window that are older than variant.ripens_after.';
comment on column text.variant_performance.clicks is 'Of these, clicked by a person and not booked.';
comment on column text.variant_performance.bookings is 'Of these, credited with a booking.';
comment on column text.variant_performance.rate is 'As text.variant_odds said then, like rate_low, rate_high and p_best; null for texts no longer in use.';

with rules (rule, value_type, unit, minimum, maximum, value, meaning) as (values
  ('variant.click_worth', 'number', 'bookings', 0, 1, '0.2', 'What a click without a booking counts when variants of a text compete; a booking counts 1.'),
  ('variant.prior_rate', 'number', 'share', 0.0001, 0.9999, '0.05', 'What a text is expected to earn per sending before any is known.'),
  ('variant.prior_weight', 'number', 'sendings', 1, 10000, '20', 'How many sendings that expectation weighs, and then the mean of the competing variants.'),
  ('variant.ripens_after', 'number', 'hours', 0, 720, '48', 'A sending counts only then: earlier, who has not clicked yet would count against new variants.'),
  ('variant.window', 'number', 'days', 1, 730, '90', 'Sendings older than this no longer count: what pleases changes.'),
  ('variant.retire_below', 'number', 'probability', 0, 0.1, '0.02', 'A variant retires when it is the best of its group with less than this probability; the leader never does.'),
  ('variant.min_trials', 'number', 'sendings', 1, 1000000, '200', 'Least sendings of a variant before it may retire.')
), kinds as (
  insert into policy.rule_definition (rule, value_type, unit, minimum, maximum, meaning)
  select rule, value_type, unit, minimum, maximum, meaning from rules
)
insert into policy.rule (rule, version, value, valid_at, author, reason)
select rule, 1, value::jsonb, tstzrange(null, null), 'default', meaning from rules;

-- What the model costs, from which source texts went out, and who wrote and who approved a text.

alter table text.model_call
  add column run_id uuid,
  add column requests int not null default 1,
  add column cost_micro_usd bigint not null default 0,
  add constraint model_call_asks_at_least_once check (requests > 0),
  add constraint model_call_cost_is_not_negative check (cost_micro_usd >= 0);
create index model_call_cohort_idx on text.model_call (cohort, called_at);
comment on column text.model_call.run_id is 'smartengage.run it was made for; null = none. No foreign key: that layer is above.';
comment on column text.model_call.requests is 'Requests it took, repetitions included: each counts towards the day''s budget.';
comment on column text.model_call.cost_micro_usd is 'What its tokens cost in millionths of a US dollar, at the prices (model.price_in, model.price_out) of that instant.';

with rules (rule, value_type, unit, minimum, maximum, value, meaning) as (values
  ('model.price_in', 'number', 'micro-USD per 1000 tokens', 0, 1000000, '250', 'Price of the model''s input: change it with the model.'),
  ('model.price_out', 'number', 'micro-USD per 1000 tokens', 0, 1000000, '2000', 'Price of the model''s output, its reasoning included.'),
  ('model.cost_per_day', 'number', 'micro-USD', 0, 1000000000, '5000000', 'What the model may cost in a day; beyond, templates are used.'),
  ('model.tokens_per_call', 'number', 'tokens', 1, 100000, '3000', 'What a call is expected to use while none of the last week tells.')
), kinds as (
  insert into policy.rule_definition (rule, value_type, unit, minimum, maximum, meaning)
  select rule, value_type, unit, minimum, maximum, meaning from rules
)
insert into policy.rule (rule, version, value, valid_at, author, reason)
select rule, 1, value::jsonb, tstzrange(null, null), 'default', meaning from rules;

create table smartengage.cohort_text_source (
  run_id uuid not null references smartengage.run,
  cohort text not null,
  as_of timestamptz not null,
  messages int not null,
  source text not null,
  primary key (run_id, cohort),
  constraint cohort_text_source_is_known check (source in ('model', 'not_asked', 'over_budget', 'failed', 'rejected'))
);
comment on table smartengage.cohort_text_source is 'From where the texts of a run''s cohorts came, as it stood when the run was last composed: model, or why the house text stayed.';
comment on column smartengage.cohort_text_source.messages is 'Its messages that waited then.';
comment on column smartengage.cohort_text_source.source is 'model; else the house text: not_asked (no model, or it was down), over_budget, failed (no answer), rejected (no acceptable answer).';

alter table text.template
  add column author text,
  add constraint template_is_approved_by_another check (approved_by <> author);
comment on column text.template.author is 'The admin who wrote it, as «person id»; null for texts that came with the product or from the model.';
comment on column text.template.approved_by is 'Who approved it: another admin as «person id», house for texts that came with the product, or sql:review for texts of the model that passed text.template_faults.';

-- House texts for phones. As for letters three variants differ in their thought: a the time, b what it makes easier,
-- c a day. Each fits four SMS and a push notification, with a link and a way to stop.
insert into text.template
  (kind, category, language, variant, form, origin, subject, body, created_at, approved_by, approved_at)
select
  'reminder', t.category, 'bn', t.variant, 'short', 'house', t.subject, t.body || E'\nবার্তা না চাইলে: {stop_link}',
  '2026-11-25 00:00+06', 'house', '2026-11-25 00:00+06'
from (values
  (null, 'a', '{service}: আবার সময় হলো কি?', '{address}, আবার {service} দরকার হওয়ার সময় বোধহয় কাছে। সুবিধামতো দিন বেছে নিন: {link}'),
  (null, 'b', '{service}: বুকিং পাতা তৈরি', '{address}, {service} আবার লাগলে বেশি কিছু লিখতে হবে না। পাতায় সব বসানো আছে: {link}'),
  (null, 'c', '{service} কোন দিন হলে সুবিধা?', '{address}, {service} করানোর একটা দিন ভেবে রেখেছি: {date}। রাখতে বা বদলাতে: {link}'),
  ('cleaning', 'a', '{service}: দিনটা বোধহয় কাছে', '{address}, {service} করানোর দিন বোধহয় আবার এল। সুবিধার সময় বেছে নিন: {link}'),
  ('cleaning', 'b', 'ছুটির দিনটা থাকুক আপনার', '{address}, ছুটির দিনে আপনি জিরিয়ে নিন, {service} আমরা করে দিই। সময় দিন: {link}'),
  ('cleaning', 'c', 'অতিথি আসার আগেই গোছানো ঘর', '{address}, {service} আগে সারা থাকলে মন হালকা থাকে। একটা দিন ভেবে রেখেছি: {date}। দেখুন: {link}'),
  ('beauty', 'a', '{service}: নিজের যত্নের সময়', '{address}, নিজের যত্নের দিন বোধহয় ঘুরে এল। {service} নিন ঘরে বসেই: {link}'),
  ('beauty', 'b', 'একটু সময় শুধু নিজের জন্য', '{address}, ব্যস্ততার ফাঁকে একটু সময় থাকুক নিজের। {service} হবে আপনার ঘরেই: {link}'),
  ('beauty', 'c', '{service} আগে থেকে ঠিক থাকুক', '{address}, ব্যস্ত দিনের আগে {service} সেরে রাখা যায়। একটা দিন ভেবে রেখেছি: {date}। দেখুন: {link}'),
  ('barber', 'a', '{service}: আবার সময় হলো কি?', '{address}, চুল-দাড়ি গোছানোর দিন বোধহয় আবার এল। {service} নিন বাসাতেই: {link}'),
  ('barber', 'b', 'অপেক্ষা ছাড়াই {service}', '{address}, সেলুনে অপেক্ষা নয়, {service} হোক বাসায় আরামে। সময় দিন: {link}'),
  ('barber', 'c', '{service}: একটা দিন ভেবে রেখেছি', '{address}, পরিপাটি চুলে দিনটা ভালো লাগে। {service} হতে পারে এই দিনে: {date}। দেখুন: {link}'),
  ('electrical', 'a', '{service}: একবার দেখিয়ে নেবেন?', '{address}, বাসার বিদ্যুতের কাজ দেখানোর সময় বোধহয় এল। {service} বুক করুন: {link}'),
  ('electrical', 'b', 'ছোট কাজগুলো একসঙ্গে', '{address}, সুইচ বা ফ্যানের ছোট কাজ জমেছে? {service} একদিনেই সেরে নেওয়া যায়: {link}'),
  ('electrical', 'c', '{service}: কবে থাকছেন বাসায়?', '{address}, {service} করাতে বাসায় থাকার দিনই ভালো। একটা দিন ভেবে রেখেছি: {date}। বদলাতে: {link}'),
  ('plumbing', 'a', '{service}: মনে করিয়ে দিলাম', '{address}, পানির লাইন আবার দেখানোর সময় বোধহয় কাছে। {service} বুক করুন: {link}'),
  ('plumbing', 'b', 'পানির কাজ নিয়ে নিশ্চিন্ত থাকুন', '{address}, কল বা পাইপের ছোট কাজ আমাদের হাতে ছেড়ে দিন। {service} করাতে: {link}'),
  ('plumbing', 'c', '{service} কোন দিন হলে ভালো?', '{address}, {service} আগে থেকে ঠিক থাকলে সুবিধা। একটা দিন ভেবে রেখেছি: {date}। দেখুন: {link}'),
  ('appliance', 'a', '{service}: আবার সময় হয়ে এল?', '{address}, ঘরের যন্ত্রেরও একটু যত্ন লাগে। {service} করানোর সময় বোধহয় এল: {link}'),
  ('appliance', 'b', 'যন্ত্র ভালো থাকলে কাজ হালকা', '{address}, যন্ত্র ভালো চললে সংসারের কাজ হালকা লাগে। {service} করাতে সময় দিন: {link}'),
  ('appliance', 'c', '{service}: ঝামেলা ছাড়া একটা দিন', '{address}, {service} করাতে কবে সুবিধা? একটা দিন ভেবে রেখেছি: {date}। দেখুন: {link}'),
  ('ac', 'a', '{service}: এসির যত্নের সময়', '{address}, এসির যত্ন নেওয়ার সময় বোধহয় আবার এল। {service} বুক করুন: {link}'),
  ('ac', 'b', 'এসির হাওয়া হোক আরামের', '{address}, ফিল্টার পরিষ্কার থাকলে এসির হাওয়ায় আরাম। {service} করাতে সময় দিন: {link}'),
  ('ac', 'c', '{service} আগে থেকে ঠিক থাকুক', '{address}, আগে {service} সারা থাকলে ভাবনা কমে। একটা দিন ভেবে রেখেছি: {date}। দেখুন: {link}'),
  ('pest_control', 'a', '{service}: নিয়মের দিনটা কাছে', '{address}, নিয়ম করে {service} করালে ঘরে স্বস্তি থাকে। দিনটা বোধহয় কাছে: {link}'),
  ('pest_control', 'b', 'রান্নাঘর থাকুক স্বস্তির', '{address}, রান্নাঘরে পোকা না থাকলে মন শান্ত থাকে। {service} করাতে সময় দিন: {link}'),
  ('pest_control', 'c', '{service}: সুবিধার একটা দিন', '{address}, ঘর যেদিন একটু খালি, সেদিন {service} সুবিধার। একটা দিন ভেবে রেখেছি: {date}। দেখুন: {link}'),
  ('painting', 'a', '{service}: নতুন রঙের সময়', '{address}, ঘরে নতুন রঙের সময় বোধহয় কাছে। {service} নিয়ে ভাবতে পারেন: {link}'),
  ('painting', 'b', 'নতুন রঙে চেনা ঘর', '{address}, একটা দেয়াল দিয়েও শুরু করা যায়। {service} কবে চান, জানিয়ে রাখুন: {link}'),
  ('painting', 'c', '{service}: ধীরেসুস্থে ভাবা যাক', '{address}, {service} ধীরেসুস্থে ঠিক করাই ভালো। একটা দিন ভেবে রেখেছি: {date}। দেখুন: {link}'),
  ('cooking', 'a', '{service}: বাড়তি হাতের সময়', '{address}, রান্নায় বাড়তি হাত লাগার দিন বোধহয় এল। {service} বুক করুন: {link}'),
  ('cooking', 'b', 'রান্না থেকে একটা দিন ছুটি', '{address}, একদিন রান্না থেকে ছুটি নিন, {service} আমাদের রাঁধুনি সামলাবেন: {link}'),
  ('cooking', 'c', '{service}: আয়োজনের আগে নিশ্চিন্ত', '{address}, আয়োজনের আগে {service} ঠিক থাকলে স্বস্তি। একটা দিন ভেবে রেখেছি: {date}। দেখুন: {link}')
) as t (category, variant, subject, body);

insert into text.template
  (kind, category, language, variant, form, origin, subject, body, created_at, approved_by, approved_at)
select
  'reminder', t.category, 'en', t.variant, 'short', 'house', t.subject, t.body || E'\nTo stop: {stop_link}',
  '2026-11-25 00:00+06', 'house', '2026-11-25 00:00+06'
from (values
  (null, 'a', 'Time for {service} again?', '{address}, it may be about time for {service} again. Pick a day that suits you: {link}'),
  (null, 'b', '{service}: your page is ready', '{address}, want {service} again? The booking page is already filled in: {link}'),
  (null, 'c', 'Which day suits you for {service}?', '{address}, we thought of a day for {service}: {date}. Keep it or change it: {link}'),
  ('cleaning', 'a', '{service}: about time again?', '{address}, it may be time for {service} at your home again. Choose a time: {link}'),
  ('cleaning', 'b', 'Keep your day off for yourself', '{address}, rest on your day off and leave {service} to us. Choose a time: {link}'),
  ('cleaning', 'c', 'A tidy home before guests come', '{address}, with {service} done early the mind is at ease. We thought of a day: {date}. See: {link}'),
  ('beauty', 'a', '{service}: a little time for yourself', '{address}, a day of care may be due again. Have {service} at home: {link}'),
  ('beauty', 'b', 'A quiet hour of your own', '{address}, busy days leave little time for oneself. We bring {service} to your home: {link}'),
  ('beauty', 'c', '{service}, arranged ahead', '{address}, {service} fits well before busy days. We thought of a day: {date}. See: {link}'),
  ('barber', 'a', '{service}: time again?', '{address}, it may be time for {service} again, at your own home: {link}'),
  ('barber', 'b', '{service}, without the wait', '{address}, no waiting at the salon: have {service} in comfort at home. Choose a time: {link}'),
  ('barber', 'c', '{service}: we thought of a day', '{address}, neat hair brightens the day. We thought of a day for {service}: {date}. See: {link}'),
  ('electrical', 'a', '{service}: shall we take a look?', '{address}, it may be time to have the wiring looked at. Book {service}: {link}'),
  ('electrical', 'b', 'Small jobs, one visit', '{address}, have small jobs piled up? With {service} one visit settles them all: {link}'),
  ('electrical', 'c', '{service}: when are you at home?', '{address}, {service} suits a day at home. We thought of one: {date}. Change it here: {link}'),
  ('plumbing', 'a', '{service}: a gentle reminder', '{address}, it may be time to have the pipes looked at again. Book {service}: {link}'),
  ('plumbing', 'b', 'No worry about the water', '{address}, leave taps and pipes to our plumber. For {service} choose a time: {link}'),
  ('plumbing', 'c', 'Which day suits {service}?', '{address}, {service} goes smoothly when planned. We thought of a day: {date}. See: {link}'),
  ('appliance', 'a', '{service}: about time again?', '{address}, household machines like a little care. It may be time for {service}: {link}'),
  ('appliance', 'b', 'When machines run well', '{address}, housework is lighter when machines run well. For {service} choose a time: {link}'),
  ('appliance', 'c', '{service}: an easy day for it', '{address}, when would {service} suit you? We thought of a day: {date}. See: {link}'),
  ('ac', 'a', '{service}: care for your AC', '{address}, it may be time to care for your AC again. Book {service}: {link}'),
  ('ac', 'b', 'Easy, cool air', '{address}, with a clean filter the air feels better. For {service} choose a time: {link}'),
  ('ac', 'c', '{service}, arranged ahead', '{address}, with {service} done early there is less to think of. We thought of a day: {date}. See: {link}'),
  ('pest_control', 'a', '{service}: the routine day is near', '{address}, a steady routine keeps pests away. Book {service}: {link}'),
  ('pest_control', 'b', 'A kitchen at peace', '{address}, a kitchen without pests is a calm place. For {service} choose a time: {link}'),
  ('pest_control', 'c', '{service}: a day that suits', '{address}, {service} suits a day when the house is quiet. We thought of one: {date}. See: {link}'),
  ('painting', 'a', '{service}: fresh colour at home', '{address}, it may be time for fresh colour at home. Think about {service}: {link}'),
  ('painting', 'b', 'Start with one wall', '{address}, one wall is a fine beginning. Tell us when you would like {service}: {link}'),
  ('painting', 'c', '{service}: no need to rush', '{address}, {service} is best planned at ease. We thought of a day: {date}. See: {link}'),
  ('cooking', 'a', '{service}: an extra hand', '{address}, an extra hand in the kitchen may be welcome again. Book {service}: {link}'),
  ('cooking', 'b', 'A day off from the kitchen', '{address}, take a day off from the kitchen. Leave {service} to our cook: {link}'),
  ('cooking', 'c', '{service}: ready before the day', '{address}, with {service} arranged, guests are a joy. We thought of a day: {date}. See: {link}')
) as t (category, variant, subject, body);

insert into text.template
  (kind, category, language, variant, form, origin, subject, body, created_at, approved_by, approved_at)
select
  'announcement', null, t.language, t.variant, 'short', 'house', t.subject, t.body, '2026-11-25 00:00+06', 'house', '2026-11-25 00:00+06'
from (values
  ('bn', 'service', '{service}: সময় বেছে নিতে পারেন', E'{address}, {service} এখন আপনার সুবিধামতো সময়ে নেওয়া যায়। দিন বেছে নিন: {link}\nবার্তা না চাইলে: {stop_link}'),
  ('en', 'service', '{service}: pick a time that suits you', E'{address}, {service} can be booked at a time that suits you: {link}\nTo stop: {stop_link}'),
  ('bn', 'delay', 'পৌঁছাতে দেরি হতে পারে', E'{address}, পথের অবস্থার কারণে কর্মীদের পৌঁছাতে কিছু দেরি হতে পারে। অসুবিধার জন্য দুঃখিত।\nবার্তা না চাইলে: {stop_link}'),
  ('en', 'delay', 'We may arrive late', E'{address}, because of the roads our team may reach you late. We are sorry.\nTo stop: {stop_link}')
) as t (language, variant, subject, body);

-- A sentence of the first version was too long for one breath.
update text.template t
set retired_at = '2026-11-25 00:00+06'
where (t.kind, t.language, t.variant, t.form, t.version) = ('announcement', 'en', 'delay', 'long', 1)
  and t.origin = 'house';
insert into text.template
  (kind, category, language, variant, version, origin, subject, body, created_at, approved_by, approved_at)
values ('announcement', null, 'en', 'delay', 2, 'house', 'We may arrive late',
'{address},

The roads are slow, so our team may reach you late. We are sorry for the trouble. You can change the time of your visit in the app.

To stop these messages: {stop_link}', '2026-11-25 00:00+06', 'house', '2026-11-25 00:00+06');
