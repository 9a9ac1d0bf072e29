-- depends: 0006.account

create table market.service (
  service_id uuid primary key default uuidv7(),
  code text not null,
  category text not null,
  name_bn text not null,
  name_en text not null,
  price_poisha bigint not null,
  duration_minutes int not null,
  active boolean not null default true,
  constraint service_code_is_unique unique (code),
  constraint service_name_is_normalized check (name_bn is nfc normalized),
  constraint service_price_is_not_negative check (price_poisha >= 0),
  constraint service_duration_is_sane check (duration_minutes between 5 and 1440)
);
comment on table market.service is 'What can be booked. Prices in poisha (1/100 taka).';
comment on column market.service.code is 'Id in the marketplace the data came from; stable.';

create table market.add_on (
  add_on_id uuid primary key default uuidv7(),
  service_id uuid not null references market.service,
  code text not null,
  name_bn text not null,
  name_en text not null,
  price_poisha bigint not null,
  active boolean not null default true,
  constraint add_on_code_is_unique unique (code),
  constraint add_on_belongs_to_service unique (add_on_id, service_id),
  constraint add_on_name_is_normalized check (name_bn is nfc normalized),
  constraint add_on_price_is_not_negative check (price_poisha >= 0)
);
create index add_on_service_idx on market.add_on (service_id);
comment on table market.add_on is 'Extras of one service.';

create table market.worker (
  user_id uuid primary key references account.person,
  categories text[] not null default '{}',
  zone text not null,
  started_at timestamptz not null
);
comment on table market.worker is 'What a person with role worker does and where.';

create table market.booking (
  booking_id uuid primary key default uuidv7(),
  external_id text,
  customer_id uuid not null references account.person,
  worker_id uuid references market.worker,
  service_id uuid not null references market.service,
  price_poisha bigint not null,
  status text not null default 'pending',
  source text not null default 'app',
  created_at timestamptz not null,
  scheduled_at timestamptz not null,
  ends_at timestamptz not null,
  confirmed_at timestamptz,
  arrived_at timestamptz,
  started_at timestamptz,
  completed_at timestamptz,
  cancelled_at timestamptz,
  cancelled_by text,
  cancel_reason text,
  constraint booking_external_id_is_unique unique (external_id),
  constraint booking_status_is_known check (status in ('pending', 'confirmed', 'in_progress', 'completed', 'cancelled')),
  constraint booking_source_is_known check (source in ('app', 'link', 'import', 'admin')),
  constraint booking_ends_after_start check (ends_at > scheduled_at),
  constraint booking_finished_after_started check (completed_at >= started_at),
  constraint booking_completed_has_instant check ((status = 'completed') = (completed_at is not null)),
  constraint booking_cancelled_tells_who check ((status = 'cancelled') = (cancelled_at is not null and cancelled_by is not null)),
  constraint booking_cancelled_by_is_known check (cancelled_by in ('customer', 'worker', 'admin')),
  constraint booking_confirmed_has_worker check (status in ('pending', 'cancelled') or worker_id is not null or source = 'import'),
  constraint booking_price_is_not_negative check (price_poisha >= 0),
  constraint booking_worker_is_free exclude using gist (worker_id with =, tstzrange(scheduled_at, ends_at) with &&)
    where (worker_id is not null and status in ('confirmed', 'in_progress'))
);
create index booking_visit_idx on market.booking (customer_id, service_id, completed_at) where status = 'completed';
create index booking_open_idx on market.booking (customer_id, service_id) where status in ('pending', 'confirmed', 'in_progress');
create index booking_worker_idx on market.booking (worker_id, scheduled_at) where worker_id is not null;
create index booking_service_idx on market.booking (service_id);
create index booking_offered_idx on market.booking (scheduled_at, booking_id) where status = 'pending' and worker_id is null;
-- Each planning reads the hours of all bookings: with the source in the index it does not read the wide rows.
create index booking_recent_idx on market.booking (customer_id, created_at) include (source);
comment on table market.booking is
  'One visit asked for; its life is pending, confirmed, in_progress, completed, or cancelled from the first two.';
comment on column market.booking.source is 'app, link (from a message), import (from another system) or admin.';
comment on column market.booking.created_at is 'When the customer booked; the hour of it tells when they use the app.';
comment on column market.booking.ends_at is 'Planned end: scheduled_at plus the service''s duration.';

create table market.booking_add_on (
  booking_id uuid not null references market.booking on delete cascade,
  add_on_id uuid not null references market.add_on,
  price_poisha bigint not null,
  primary key (booking_id, add_on_id)
);
create index booking_add_on_add_on_idx on market.booking_add_on (add_on_id);
comment on table market.booking_add_on is 'Extras booked, at the price of that day.';

create table market.review (
  booking_id uuid primary key references market.booking on delete cascade,
  rating int not null,
  body text,
  created_at timestamptz not null,
  constraint review_rating_is_one_to_five check (rating between 1 and 5)
);
comment on table market.review is
  'The customer''s word on a completed booking. The text never reaches a message or a model that writes one.';

create table market.app_event (
  event_id uuid not null default uuidv7(),
  user_id uuid not null references account.person,
  kind text not null,
  happened_at timestamptz not null,
  external_id text,
  properties jsonb not null default '{}',
  primary key (event_id, happened_at),
  constraint app_event_external_id_is_unique unique (external_id, happened_at)
) partition by range (happened_at);
create table market.app_event_default partition of market.app_event default;
create index app_event_person_idx on market.app_event (user_id, happened_at);
comment on table market.app_event is 'What people did in the app, partitioned by month.';
comment on table market.app_event_default is
  'Catches events of months without a partition, so that no insert fails; stays empty while partitions are made ahead.';
