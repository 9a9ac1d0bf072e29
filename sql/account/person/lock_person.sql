create or replace function account.lock_person(p_user_id uuid)
returns void
language sql volatile parallel unsafe
begin atomic
  select pg_advisory_xact_lock(account.person_lock_key(p_user_id));
end;

comment on function account.lock_person(uuid) is
$$Locks a person until the end of the transaction; first in the lock order person, campaign, message, booking.
Decide in a later statement: the snapshot of this one may be older than the lock.$$;
