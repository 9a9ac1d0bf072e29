create or replace function edge.prune_expired(p_at timestamptz)
returns int
language sql volatile parallel unsafe
begin atomic
  with calls as (
    delete from edge.idempotent_call c where c.called_at < p_at - interval '24 hours' returning 1
  ),
  -- An allowance that was not used for a day is full, the same as no row.
  allowances as (
    delete from edge.rate_allowance a where a.refilled_at < p_at - interval '1 day' returning 1
  )
  select (select count(*) from calls)::int + (select count(*) from allowances)::int;
end;

comment on function edge.prune_expired(timestamptz) is
$$Deletes stored answers after 24 hours and allowances that were not used for a day.
Result: number of rows. Idempotent.$$;
