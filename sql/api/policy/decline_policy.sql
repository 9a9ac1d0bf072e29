create or replace function api.decline_policy(p_actor uuid, p_rule text, p_proposal_id uuid, p_reason text)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_admin account.person := account.authenticate_recent_admin(p_actor, clock.now());
begin
  perform policy.decide_proposal(p_rule, p_proposal_id, 'declined', v_admin.user_id::text, p_reason, clock.now());
  return policy.setting_document(p_rule, clock.now());
end;
$$;

comment on function api.decline_policy(uuid, text, uuid, text) is
$$Declines a proposal, or withdraws one's own.
Errors: SH401 the session has ended; SH403 another role, or the sign-in is too old; SH404 no such proposal;
SH409 it was decided, has expired or was superseded; SH422 no reason.$$;
