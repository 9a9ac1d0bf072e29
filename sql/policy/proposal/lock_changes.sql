create or replace function policy.lock_changes()
returns void
language sql volatile parallel unsafe
begin atomic
  select pg_advisory_xact_lock(hashtextextended('policy.request_change', 0));
end;

comment on function policy.lock_changes() is
$$Waits until no other transaction changes rules, caps, proposals, calendar or segments: they change seldom, so one lock for all of them.
Taken in a statement of its own; what is read in later ones is what was waited for.$$;
