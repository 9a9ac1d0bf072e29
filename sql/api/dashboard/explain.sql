create or replace function api.explain(p_actor uuid, p_user_id uuid, p_at timestamptz default null)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = ''
as $$
declare
  v_admin account.person := account.authenticate(p_actor, 'admin', clock.now());
  v_at timestamptz := coalesce(p_at, clock.now());
begin
  if not exists (select from account.person p where p.user_id = p_user_id) then
    raise exception 'There is no such person' using errcode = 'SH404', detail = p_user_id::text;
  end if;
  -- Who looked into whose decisions is on record; nothing else changes.
  insert into policy.audit (happened_at, actor, action, subject, detail)
  values (clock.now(), v_admin.user_id::text, 'explain', 'person ' || p_user_id, jsonb_build_object('at', v_at));
  return explain.verdict_document(p_user_id, v_at);
end;
$$;

comment on function api.explain(uuid, uuid, timestamptz) is
$$Why a person was, is or is not written to.
At any instant, for each campaign and service: what the last planning by then decided, what planning at that instant says (unknown: before the prediction had learned anything), and what a claim says of each message that waited; every gate in the order it is asked with its verdict, the rule and its version in force then, the evidence (which messages used a cap up, which consent, which quiet period) and when it frees. Ids, instants and counts, no personal data. The look is noted in the audit log.
Errors: SH401 the session has ended; SH403 another role; SH404 no such person.$$;
