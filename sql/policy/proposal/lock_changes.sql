create or replace function policy.lock_changes()
returns void
language sql volatile parallel unsafe
begin atomic
  select pg_advisory_xact_lock(hashtextextended('policy.lock_changes', 0));
end;

comment on function policy.lock_changes() is
$$Locks rules, caps, proposals, the calendar and segments against concurrent changes until the end of the transaction.
One lock is enough, as changes are rare. Call it in a statement of its own: only later statements see what the other changed.$$;
