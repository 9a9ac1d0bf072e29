create or replace view smartengage.message_cohort as
select
  m.message_id,
  m.run_id,
  m.kind,
  s.category,
  c.segment,
  b.rhythm_band,
  t.language,
  t.form,
  concat_ws('/', m.kind, s.category, c.segment, b.rhythm_band, t.language, nullif(t.form, 'long')) as cohort
from outreach.message m
join market.service s on s.service_id = m.service_id
join text.template t on t.template_id = m.template_id
join smartengage.candidate c on c.message_id = m.message_id
join smartengage.predicted_booking f on f.user_id = m.user_id and f.service_id = m.service_id
cross join lateral (
  select case
    when m.expected_at - f.last_visit_at < interval '11 days' then 'weekly'
    when m.expected_at - f.last_visit_at < interval '22 days' then 'fortnightly'
    when m.expected_at - f.last_visit_at < interval '46 days' then 'monthly'
    when m.expected_at - f.last_visit_at < interval '100 days' then 'quarterly'
    else 'rare'
  end as rhythm_band
) b
where m.state = 'scheduled';

comment on view smartengage.message_cohort is
  'The cohort of each waiting campaign message: a row per message. Nothing else about its recipient is sent to a model.';
comment on column smartengage.message_cohort.message_id is 'The message.';
comment on column smartengage.message_cohort.run_id is 'Its run.';
comment on column smartengage.message_cohort.kind is 'Kind of the message.';
comment on column smartengage.message_cohort.category is 'Category of the service.';
comment on column smartengage.message_cohort.segment is 'Segment of the customer at planning.';
comment on column smartengage.message_cohort.rhythm_band is
  'Rhythm of the visits: weekly, fortnightly, monthly, quarterly or rare.';
comment on column smartengage.message_cohort.language is 'Language of the text, bn or en.';
comment on column smartengage.message_cohort.form is 'Form of text of the channel, long or short.';
comment on column smartengage.message_cohort.cohort is
  'Key of the cohort, as in text.template.cohort: composed of kind to form, and never parsed.';
