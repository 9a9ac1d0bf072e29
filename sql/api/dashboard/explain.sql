create or replace function api.explain(p_actor uuid, p_user_id uuid, p_at timestamptz default null)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_admin account.person := account.authenticate(p_actor, 'admin', clock.now());
  v_at timestamptz := coalesce(p_at, clock.now());
begin
  if not exists (select from account.person p where p.user_id = p_user_id) then
    raise exception 'There is no such person' using errcode = 'SH404', detail = p_user_id::text;
  end if;
  -- Access to a person's decisions is audited; nothing else changes.
  insert into policy.audit (happened_at, actor, action, subject, detail)
  values (clock.now(), v_admin.user_id::text, 'explain', 'person ' || p_user_id, jsonb_build_object('at', v_at));
  return explain.verdict_document(p_user_id, v_at);
end;
$$;

comment on function api.explain(uuid, uuid, timestamptz) is
$$Explains why a person was, is or is not written to, at any instant.
For each campaign and service: the decision of the last planning by then, what planning at that instant decides (unknown before the
first prediction model), and what a claim decides for each waiting message. Every gate comes in its order, with its verdict, the
rule and the version in force then, the evidence (messages that used up a cap, consent, quiet period) and the instant at which it
passes. Ids, instants and counts only, no personal data. The access is recorded in the audit log.
Errors: SH401 the session has ended; SH403 another role; SH404 no such person.$$;
