-- depends: 0025.channels

alter table account.contact
  add column session_id uuid references account.session on delete cascade,
  add constraint contact_session_is_of_push check (session_id is null or channel = 'push'),
  add constraint contact_push_is_token check (channel <> 'push' or address ~ '^[!-~]+$' and length(address) <= 1024);
-- A device belongs to whoever signed in on it last: nobody reads what is meant for another.
create unique index contact_push_once_idx on account.contact (address) where channel = 'push';
create index contact_session_idx on account.contact (session_id) where session_id is not null;
comment on column account.contact.session_id is 'For push: the signed-in device that the token is of; it goes with the session.';
