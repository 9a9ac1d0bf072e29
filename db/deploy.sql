-- The bookkeeping of db/ itself: what has been applied here, and from which bytes. Idempotent; run as shokti_owner.
create schema if not exists deploy;
comment on schema deploy is 'Bookkeeping of migrations (yoyo''s own tables beside ours) and of the files of sql/.';

create table if not exists deploy.applied (
  file text primary key,
  sha256 text not null,
  applied_at timestamptz not null default now()
);
comment on table deploy.applied is 'Migrations and set-up files that were run here, with the hash of their bytes: an applied migration may not change.';

create table if not exists deploy.definition (
  file text primary key,
  sha256 text not null,
  objects text[] not null,
  applied_at timestamptz not null default now()
);
comment on table deploy.definition is 'Files of sql/ as applied here, and the objects each one made.';
comment on column deploy.definition.objects is 'Type and identity as pg_identify_object gives them, so that they can be dropped when their file vanishes.';
