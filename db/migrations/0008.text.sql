-- depends: 0007.market

create table text.template (
  template_id uuid primary key default uuidv7(),
  kind text not null,
  category text,
  language text not null,
  form text not null default 'long',
  cohort text,
  variant text not null,
  version int not null default 1,
  origin text not null,
  prompt_version int,
  model text,
  subject text not null,
  body text not null,
  add_on_line text,
  author text,
  created_at timestamptz not null,
  approved_by text,
  approved_at timestamptz,
  retired_at timestamptz,
  constraint template_is_unique unique nulls not distinct (kind, category, language, form, cohort, variant, version),
  constraint template_language_is_known check (language in ('bn', 'en')),
  constraint template_origin_is_known check (origin in ('house', 'model')),
  constraint template_of_model_tells_cohort check (
    (origin = 'model') = (cohort is not null and prompt_version is not null and model is not null)),
  constraint template_approval_is_whole check ((approved_by is null) = (approved_at is null)),
  constraint template_text_is_normalized check (
    subject is nfc normalized and body is nfc normalized and add_on_line is nfc normalized),
  constraint template_form_is_known check (form in ('long', 'short')),
  constraint template_is_approved_by_another check (approved_by <> author)
);
create index template_choice_idx on text.template (kind, category, language) where approved_at is not null and retired_at is null;
comment on table text.template is
  'Texts with placeholders: of an admin or of this product (origin house), or of the model for a cohort (origin model). Only '
  'approved ones are sent.';
comment on column text.template.kind is 'reminder or announcement.';
comment on column text.template.category is 'Service category it is for; null = any.';
comment on column text.template.form is
  'long: for e-mail. short: for sms, push, whatsapp and in_app (text.channel_form); it fits the narrowest of them.';
comment on column text.template.cohort is 'For texts of the model, the cohort they are for (no personal data); null = house text.';
comment on column text.template.add_on_line is
  'The sentence for {add_on_line} if an add-on is offered; null = this text never offers one.';
comment on column text.template.author is 'Id of the admin who stored it; null for texts of this product or of the model.';
comment on column text.template.approved_by is
  'Who approved it: the id of another admin, house for texts of this product, or sql:review for texts of the model that passed '
  'text.template_faults.';

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
  constraint variant_performance_counts_are_within_trials check (clicks >= 0 and bookings >= 0 and clicks + bookings <= trials)
);
comment on table text.variant_performance is
  'Outcomes of the deliveries of each text, by which variants compete, and their odds; refreshed daily by '
  'smartengage.judge_variants.';
comment on column text.variant_performance.trials is 'Deliveries within variant.window that are older than variant.ripens_after.';
comment on column text.variant_performance.clicks is 'Of these, clicked by a person and without a booking.';
comment on column text.variant_performance.bookings is 'Of these, credited with a booking.';
comment on column text.variant_performance.rate is
  'From text.variant_odds at as_of, like rate_low, rate_high and p_best; null for texts no longer in use.';

create table text.model_call (
  model_call_id uuid primary key default uuidv7(),
  cohort text not null,
  run_id uuid,
  prompt_version int not null,
  model text not null,
  requests int not null default 1,
  tokens_in int not null default 0,
  tokens_out int not null default 0,
  cost_micro_usd bigint not null default 0,
  failure text,
  called_at timestamptz not null,
  constraint model_call_tokens_are_not_negative check (tokens_in >= 0 and tokens_out >= 0),
  constraint model_call_asks_at_least_once check (requests > 0),
  constraint model_call_cost_is_not_negative check (cost_micro_usd >= 0)
);
create index model_call_day_idx on text.model_call (called_at);
create index model_call_cohort_idx on text.model_call (cohort, called_at);
comment on table text.model_call is
  'Every call of the model, for budgets and costs; failure = why it brought no text, null = answered.';
comment on column text.model_call.run_id is 'smartengage.run that asked for it; null = none. No foreign key: that schema is above.';
comment on column text.model_call.requests is 'Requests of the call, repetitions included; each counts towards the day''s budget.';
comment on column text.model_call.cost_micro_usd is
  'Cost of its tokens in millionths of a US dollar, by the rules model.price_in and model.price_out in force then.';

create table text.rejected_answer (
  rejected_answer_id uuid primary key default uuidv7(),
  cohort text not null,
  prompt_version int not null,
  model text not null,
  answer text not null,
  reasons text[] not null,
  rejected_at timestamptz not null
);
comment on table text.rejected_answer is 'Answers of the model that were rejected, each with every reason.';

create table text.listed_word (
  list text not null,
  word text not null,
  is_single_word boolean not null default true,
  inflects boolean not null default false,
  reason text not null,
  example text not null,
  primary key (list, word),
  constraint listed_word_is_normalized check (word is nfc normalized),
  constraint listed_word_list_is_known check (list in (
    'register', 'shame', 'threat', 'comparison', 'interrogation', 'pressure', 'profanity', 'address', 'intrusion', 'price', 'date',
    'allowed')),
  constraint listed_word_that_is_single_has_no_space check (is_single_word = (strpos(word, ' ') = 0)),
  constraint listed_word_that_inflects_is_single check (is_single_word or not inflects),
  constraint listed_word_reason_is_given check (btrim(reason) <> '')
);
comment on table text.listed_word is
  'Words and phrases that a text must not contain, each with its reason; list allowed = words that only look forbidden.';
comment on column text.listed_word.is_single_word is
  'True: a single word, compared with each word of a text. False: a phrase, compared with runs of words.';
comment on column text.listed_word.inflects is
  'True: also matches with case, number and emphasis endings (শাস্তির, শাস্তিই). False if such a form is another, ordinary word.';
comment on column text.listed_word.example is 'A sentence in which the entry matches; for list allowed one in which nothing does.';
