create or replace function account.record_code_outcome(p_request_id uuid, p_outcome text, p_is_final boolean, p_at timestamptz)
returns boolean
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
begin
  update account.one_time_code c
  set outcome = left(p_outcome, 100),
      sent_at = case when p_is_final then p_at end,
      sealed = case when p_is_final then null else c.sealed end
  where c.request_id = p_request_id
    and c.sent_at is null;
  return found;
end;
$$;

comment on function account.record_code_outcome(uuid, text, boolean, timestamptz) is
$$Records the outcome of sending a one-time code; p_is_final also deletes its sealed part.
p_outcome: accepted, or a short reason without personal data, of which 100 characters are kept.
Result: false if the code is unknown or has a final outcome.$$;
