create or replace function outreach.settle_in_doubt(p_results jsonb, p_at timestamptz)
returns jsonb
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_found jsonb;
  v_lost jsonb;
begin
  select
    coalesce(jsonb_agg(r || '{"outcome": "accepted"}') filter (where (r ->> 'found')::boolean), '[]'),
    coalesce(
      jsonb_agg(r || '{"outcome": "later", "error": "not found at the provider"}') filter (where not (r ->> 'found')::boolean),
      '[]')
  into v_found, v_lost
  from jsonb_array_elements(p_results) r
  -- Only deliveries in doubt: one that is just claimed may be under way.
  join outreach.delivery d
    on d.message_id = (r ->> 'message_id')::uuid
   and d.attempt = (r ->> 'attempt')::int
   and d.state = 'in_doubt';
  v_found := outreach.record_outcomes(v_found, p_at);
  v_lost := outreach.record_outcomes(v_lost, p_at);
  return jsonb_build_object('accepted', v_found -> 'accepted', 'released', (v_lost ->> 'retry')::int + (v_lost ->> 'failed')::int);
end;
$$;

comment on function outreach.settle_in_doubt(jsonb, timestamptz) is
$$Settles deliveries in doubt by what a look-up at the provider found.
Found: accepted. Not found: released, and sent again if still useful.
p_results: array of {message_id, attempt, adapter, found, provider_id}. Result: {accepted, released}. Idempotent.$$;
