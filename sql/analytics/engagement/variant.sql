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

comment on view analytics.variant is 'How the variants of each text do against each other: one row per approved text. Those of one kind, category, language, form and cohort compete.';
comment on column analytics.variant.template_id is 'The text.';
comment on column analytics.variant.as_of is 'Instant (UTC) of the counts; null before the first judging.';
comment on column analytics.variant.origin is 'house, or model.';
comment on column analytics.variant.kind is 'What triggers it.';
comment on column analytics.variant.category is 'Service category it speaks of; null = any.';
comment on column analytics.variant.language is 'bn or en.';
comment on column analytics.variant.form is 'long for e-mail, short for phones.';
comment on column analytics.variant.cohort is 'Cohort that the model wrote it for; null for texts of the house.';
comment on column analytics.variant.variant is 'Its letter.';
comment on column analytics.variant.version is 'Version of the variant.';
comment on column analytics.variant.trials is 'Sendings of the last variant.window days that are older than variant.ripens_after hours.';
comment on column analytics.variant.clicks is 'Of these, clicked by a person and not booked.';
comment on column analytics.variant.bookings is 'Of these, credited with a booking.';
comment on column analytics.variant.rate is 'What it is believed to earn per sending: a booking 1, a click variant.click_worth; shrunken to its contest''s mean. Null unless in use then.';
comment on column analytics.variant.rate_low is 'Lower end of the 95 % interval of rate.';
comment on column analytics.variant.rate_high is 'Upper end.';
comment on column analytics.variant.p_best is 'Probability that it earns most of its contest, which is also the share of sendings it gets. Null unless in use then.';
comment on column analytics.variant.retired_at is 'When it lost or was ended; null = in use.';
