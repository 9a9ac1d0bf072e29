-- Bookkeeping of db/: which files were applied to this database, with hashes. Idempotent; run as shokti_owner.
create schema if not exists deploy;
comment on schema deploy is 'Bookkeeping of migrations (yoyo''s own tables beside ours) and of the files of sql/.';

create table if not exists deploy.applied (
  file text primary key,
  sha256 text not null,
  applied_at timestamptz not null default now()
);
comment on table deploy.applied is
  'Migrations and set-up files that were run here, with the SHA-256 of their bytes: an applied migration never changes.';

create table if not exists deploy.definition (
  file text primary key,
  sha256 text not null,
  objects text[] not null,
  applied_at timestamptz not null default now()
);
comment on table deploy.definition is 'Files of sql/ as applied here, with their objects.';
comment on column deploy.definition.objects is
  'Type and identity by pg_identify_object, for dropping them when the file is removed.';
