create or replace function policy.quiet_period_document(p_period policy.quiet_period, p_at timestamptz)
returns jsonb
language sql stable parallel safe
begin atomic
  select jsonb_build_object(
    'quiet_period_id', p_period.quiet_period_id, 'name', p_period.name, 'purpose', p_period.purpose, 'weekday', p_period.isodow,
    'from_time', to_char(p_period.from_time, 'HH24:MI'), 'until_time', to_char(p_period.until_time, 'HH24:MI'),
    'since', lower(p_period.during), 'until', upper(p_period.during),
    'state', case when isempty(p_period.during) then 'withdrawn'
                  when lower(p_period.during) > p_at then 'coming'
                  when upper(p_period.during) <= p_at then 'over'
                  else 'in_force' end,
    'author', p_period.author, 'reason', p_period.reason, 'created_at', p_period.created_at,
    'ended_at', p_period.ended_at, 'ended_by', p_period.ended_by, 'end_reason', p_period.end_reason,
    'proposal', (
      select policy.proposal_document(p, p_at)
      from policy.proposal p
      where p.subject = p_period.quiet_period_id::text
        and p.state = 'pending'
        and p.expires_at > p_at));
end;

comment on function policy.quiet_period_document(policy.quiet_period, timestamptz) is
$$A quiet period as admins see it, as JSON.
from_time and until_time are local to each person; since and until: null = unbounded.
proposal: the pending proposal to end it, which another admin has to confirm; null = none.$$;
