-- One schema per layer. Arrows (references, calls) go up this list only; sql/lint checks it.

create extension if not exists btree_gist;

create schema clock;
create schema policy;
create schema queue;
create schema edge;
create schema stats;
create schema account;
create schema market;
create schema text;
create schema outreach;
create schema prediction;
create schema smartengage;
create schema explain;
create schema what_if;
create schema analytics;
create schema api;
create schema jobs;
create schema lint;

comment on schema clock is 'The one source of the current instant.';
comment on schema policy is 'Versioned rules, frequency caps and quiet periods, proposals for changes, alerts, audit log.';
comment on schema queue is 'pgqueuer''s own tables, untouched, and queue.enqueue, the only way jobs are made.';
comment on schema edge is 'What HTTP needs of the database: rate limits, cursors, ETags, stored answers of idempotent calls.';
comment on schema stats is 'Pure statistics: intervals, distributions, and the stable bucket of a person.';
comment on schema account is 'People, how to reach them, what they consented to.';
comment on schema market is 'Services, add-ons, workers, bookings, reviews, app events.';
comment on schema text is 'Templates, placeholders, checks of texts, Bengali rendering of values, model calls.';
comment on schema outreach is 'The message: its gates, cap slots, claims, deliveries, receipts and links.';
comment on schema prediction is 'When a customer books a service again: fitted from bookings, kept nowhere but as a fitted model.';
comment on schema smartengage is 'Segments, campaigns, planning, holdouts, attribution.';
comment on schema explain is 'Why a person was, or was not, written to: every gate with its evidence. Read-only.';
comment on schema what_if is 'What other values of caps and rules would have done. Read-only.';
comment on schema analytics is 'The analysts'' contract: views without personal data.';
comment on schema api is 'Functions that HTTP may call; one per endpoint.';
comment on schema jobs is 'Functions that the worker may call.';
comment on schema lint is 'House rules as views: empty means kept.';
