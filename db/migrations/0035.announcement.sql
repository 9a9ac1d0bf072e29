-- depends: 0034.sending-spread
-- What a bulk send asks for is kept, so that the worker plans it and not the request.

create table smartengage.announcement (
  campaign_id uuid primary key references smartengage.campaign,
  template_id uuid not null references text.template,
  service_id uuid references market.service,
  exempt_reason text,
  user_ids uuid[],
  constraint announcement_urgency_has_reason check (btrim(exempt_reason) <> ''),
  constraint announcement_list_names_somebody check (cardinality(user_ids) > 0)
);
create index announcement_template_idx on smartengage.announcement (template_id);
create index announcement_service_idx on smartengage.announcement (service_id) where service_id is not null;
comment on table smartengage.announcement is 'What a bulk send is to say and to whom, as it was asked for: smartengage.plan_next_announcement_run plans it. Single sends have none, as they are planned at once.';
comment on column smartengage.announcement.template_id is 'What it says; each reader gets its counterpart in their language.';
comment on column smartengage.announcement.service_id is 'What it is about; null = no service.';
comment on column smartengage.announcement.exempt_reason is 'Why it goes although caps are used up; null = it obeys them.';
comment on column smartengage.announcement.user_ids is 'To whom; null = to the campaign''s segments, or it is planned: then smartengage.candidate has them.';
