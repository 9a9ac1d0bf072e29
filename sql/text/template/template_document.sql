create or replace view text.template_document as
select
  t.template_id,
  t.kind,
  t.category,
  t.language,
  t.form,
  t.origin,
  t.created_at,
  s.status,
  jsonb_build_object(
    'template_id', t.template_id, 'kind', t.kind, 'category', t.category, 'language', t.language, 'form', t.form,
    'variant', t.variant, 'version', t.version, 'origin', t.origin, 'cohort', t.cohort, 'status', s.status,
    'subject', t.subject, 'body', t.body, 'add_on_line', t.add_on_line,
    'created_at', t.created_at, 'author', t.author, 'approved_by', t.approved_by, 'approved_at', t.approved_at,
    'retired_at', t.retired_at,
    'trials', coalesce(v.trials, 0), 'clicks', coalesce(v.clicks, 0), 'bookings', coalesce(v.bookings, 0),
    'p_best', v.p_best) as document
from text.template t
left join text.variant_performance v on v.template_id = t.template_id
cross join lateral (
  select case
    when t.retired_at is not null then 'retired'
    when t.approved_at is not null then 'approved'
    else 'unapproved'
  end as status
) s;

comment on view text.template_document is 'Templates as admins read them; one row per template.';
comment on column text.template_document.template_id is 'The template.';
comment on column text.template_document.kind is 'reminder or announcement.';
comment on column text.template_document.category is 'Service category it is for; null = any.';
comment on column text.template_document.language is 'bn or en.';
comment on column text.template_document.form is 'long or short.';
comment on column text.template_document.origin is 'house or model.';
comment on column text.template_document.created_at is 'Instant (UTC) at which it was stored.';
comment on column text.template_document.status is 'unapproved, approved or retired.';
comment on column text.template_document.document is
  'The template with its results among its variants; p_best null = never compared.';
