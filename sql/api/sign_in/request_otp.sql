create or replace function api.request_otp(
  p_request_id uuid, p_channel text, p_destination text, p_destination_mac bytea, p_block_mac bytea, p_address_mac bytea,
  p_code_mac bytea, p_sealed bytea, p_language text)
returns jsonb
language sql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select jsonb_build_object(
    'request_id', p_request_id,
    'expires_in', policy.number('sign_in.code_valid', clock.now())::int,
    'again_in', policy.number('sign_in.code_every', clock.now())::int,
    'wait_seconds', account.request_code(
      p_request_id, p_channel, p_destination, p_destination_mac, p_block_mac, p_address_mac,
      p_code_mac, p_sealed, p_language, clock.now()));
end;

comment on function api.request_otp(uuid, text, text, bytea, bytea, bytea, bytea, bytea, text) is
$$Sends a one-time code.
By e-mail or SMS. It is valid for `expires_in` seconds and five tries, and invalidates earlier codes. Another can be requested after
`again_in` seconds (429 before). The answer does not reveal whether the destination is known.$$;
