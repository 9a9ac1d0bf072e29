create or replace function policy.audit_entries(
  p_actor text, p_action text, p_subject text, p_since timestamptz, p_until timestamptz,
  p_before timestamptz, p_before_id uuid, p_limit int)
returns setof policy.audit
language sql stable parallel safe
begin atomic
  select a.*
  from policy.audit a
  where (p_actor is null or a.actor = p_actor)
    and (p_action is null or a.action = p_action)
    and (p_subject is null or a.subject = p_subject)
    and (p_since is null or a.happened_at >= p_since)
    and (p_until is null or a.happened_at < p_until)
    and (p_before is null or (a.happened_at, a.audit_id) < (p_before, p_before_id))
  order by a.happened_at desc, a.audit_id desc
  limit p_limit;
end;

comment on function policy.audit_entries(text, text, text, timestamptz, timestamptz, timestamptz, uuid, int) is
$$Rows of the audit log, latest first, after the row (p_before, p_before_id); a null filter matches everything.
Inlined into the calling query, so that the planner sees only the filters in use.$$;
