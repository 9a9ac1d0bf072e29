-- depends: 0014.receipts

create table policy.alert (
  alert_id uuid primary key default uuidv7(),
  kind text not null,
  subject text not null,
  raised_at timestamptz not null,
  detail jsonb not null default '{}',
  acknowledged_at timestamptz,
  acknowledged_by uuid,
  outcome text,
  constraint alert_acknowledgement_is_whole check ((acknowledged_at is null) = (acknowledged_by is null)),
  constraint alert_outcome_needs_acknowledgement check (outcome is null or acknowledged_at is not null)
);
create unique index alert_is_open_once_idx on policy.alert (kind, subject) where acknowledged_at is null;
create index alert_raised_idx on policy.alert (raised_at, alert_id);
comment on table policy.alert is 'What a person has to look at: an episode each, open until an admin acknowledges it. Ids and numbers only.';
comment on column policy.alert.kind is 'What happened: campaign_stopped, …';
comment on column policy.alert.subject is 'Whom or what it is about, as kind and id: «campaign 0193…».';
comment on column policy.alert.detail is 'The numbers that raised it.';
comment on column policy.alert.acknowledged_by is 'The admin (account.person); no foreign key, as that layer is above.';
comment on column policy.alert.outcome is 'What the admin found or did; never about a person by name.';

-- It used to look before the row was there, and so could not see a kind that comes with it, as below here they do.
-- The definitions make it anew (sql/policy/rule_value_fits_definition.sql).
drop trigger if exists rule_value_fits_definition on policy.rule;
