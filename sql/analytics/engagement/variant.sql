create or replace view analytics.variant as
select
  t.template_id,
  v.as_of,
  t.origin,
  t.kind,
  t.category,
  t.language,
  t.form,
  t.cohort,
  t.variant,
  t.version,
  coalesce(v.trials, 0) as trials,
  coalesce(v.clicks, 0) as clicks,
  coalesce(v.bookings, 0) as bookings,
  v.rate,
  v.rate_low,
  v.rate_high,
  v.p_best,
  t.retired_at
from text.template t
left join text.variant_performance v on v.template_id = t.template_id
where t.approved_at is not null;

comment on view analytics.variant is
'Performance of the variants of each text: one row per approved text.
Texts of the same kind, category, language, form and cohort compete.';
comment on column analytics.variant.template_id is 'The text.';
comment on column analytics.variant.as_of is 'Instant of the counts (UTC); null before the first evaluation.';
comment on column analytics.variant.origin is 'house or model.';
comment on column analytics.variant.kind is 'What the text is for: reminder, announcement.';
comment on column analytics.variant.category is 'Service category that the text is for; null = any.';
comment on column analytics.variant.language is 'bn or en.';
comment on column analytics.variant.form is 'long for e-mail, short for phones.';
comment on column analytics.variant.cohort is 'Cohort that the model wrote the text for; null for house texts.';
comment on column analytics.variant.variant is 'Name of the variant.';
comment on column analytics.variant.version is 'Version of the variant.';
comment on column analytics.variant.trials is
'Deliveries accepted in the last variant.window days, older than variant.ripens_after hours.';
comment on column analytics.variant.clicks is 'Of trials, messages clicked by a person and not booked.';
comment on column analytics.variant.bookings is 'Of trials, messages with an attributed booking.';
comment on column analytics.variant.rate is
'Posterior mean of the value per trial: a booking is 1, a click variant.click_worth. Null unless in use at as_of.';
comment on column analytics.variant.rate_low is 'Lower end of the 95 % interval of rate; null where rate is.';
comment on column analytics.variant.rate_high is 'Upper end of the interval.';
comment on column analytics.variant.p_best is
'Probability of the highest rate among its competitors, which is its share of new messages. Null unless in use at as_of.';
comment on column analytics.variant.retired_at is 'Instant of retirement (UTC); null = in use.';
