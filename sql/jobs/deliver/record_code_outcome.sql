create or replace function jobs.record_code_outcome(p_request_id uuid, p_outcome text, p_is_final boolean)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = ''
as $$
begin
  update account.one_time_code c
  set outcome = left(p_outcome, 100),
      sent_at = case when p_is_final then clock.now() end,
      sealed = case when p_is_final then null else c.sealed end
  where c.request_id = p_request_id
    and c.sent_at is null;
  return jsonb_build_object('recorded', found);
end;
$$;

comment on function jobs.record_code_outcome(uuid, text, boolean) is
$$Notes what became of sending a one-time code; with p_is_final the sealed part is gone.
p_outcome: accepted, or a short reason without personal data. Result: {recorded}.$$;
