create or replace function policy.end_quiet_period(p_quiet_period_id uuid, p_author text, p_reason text, p_at timestamptz)
returns text
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_period policy.quiet_period;
  v_proposal policy.proposal;
begin
  perform policy.lock_changes();
  perform policy.set_audit_actor(p_author);
  select q.* into v_period from policy.quiet_period q where q.quiet_period_id = p_quiet_period_id;
  if not found then
    raise exception 'There is no such quiet period' using errcode = 'SH404', detail = p_quiet_period_id::text;
  end if;
  if isempty(v_period.during) or upper(v_period.during) <= p_at then
    raise exception 'The quiet period has already ended' using errcode = 'SH409', detail = p_quiet_period_id::text;
  end if;
  -- Ending an unbounded period needs two admins; a dated one needs one.
  if upper_inf(v_period.during) and policy.is_person_id(p_author) then
    select p.* into v_proposal
    from policy.proposal p
    where p.subject = p_quiet_period_id::text
      and p.state = 'pending'
      and p.expires_at > p_at;
    if not found then
      perform policy.propose_change('quiet_period', p_quiet_period_id::text, 'null', p_author, p_reason, null, p_at);
      return 'proposed';
    elsif v_proposal.author = p_author then
      return 'proposed';
    end if;
    perform policy.decide_proposal(p_quiet_period_id::text, v_proposal.proposal_id, 'approved', p_author, p_reason, p_at);
  end if;
  update policy.quiet_period q
  set during = case when lower(q.during) > p_at then 'empty' else tstzrange(lower(q.during), p_at) end,
      ended_at = p_at, ended_by = p_author, end_reason = p_reason
  where q.quiet_period_id = p_quiet_period_id;
  perform policy.supersede_proposal(p_quiet_period_id::text);
  return 'ended';
end;
$$;

comment on function policy.end_quiet_period(uuid, text, text, timestamptz) is
$$Ends a quiet period early, or withdraws one that has not begun; the row stays as history.
An unbounded period (night, prayer) needs two admins: the first call proposes; a call by another admin before expiry ends it.
Result: ended or proposed. Errors: SH404 no such period; SH409 it has ended; SH422 no reason.$$;
