-- One schema per layer. Arrows (references, calls) go up this list only; sql/lint checks it.

create extension if not exists btree_gist;

create schema clock;
create schema policy;
create schema queue;
create schema account;
create schema market;
create schema outreach;
create schema smartengage;
create schema analytics;
create schema api;
create schema jobs;
create schema lint;

comment on schema clock is 'The one source of the current instant.';
comment on schema policy is 'Versioned rules and settings, frequency caps, quiet periods, word lists, audit log.';
comment on schema queue is 'pgqueuer''s own tables, untouched, and queue.enqueue, the only way jobs are made.';
comment on schema account is 'People, how to reach them, what they consented to.';
comment on schema market is 'Services, add-ons, workers, bookings, reviews, app events.';
comment on schema outreach is 'The message: its gates, slots, claims, deliveries, receipts, templates and links.';
comment on schema smartengage is 'Prediction, segments, campaigns, planning, holdouts, attribution.';
comment on schema analytics is 'The analysts'' contract: views without personal data.';
comment on schema api is 'Functions that HTTP may call; one per endpoint.';
comment on schema jobs is 'Functions that the worker may call.';
comment on schema lint is 'House rules as views: empty means kept.';
