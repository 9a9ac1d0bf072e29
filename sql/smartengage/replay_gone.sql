create or replace function smartengage.replay_gone(
  p_user_id uuid, p_from timestamptz, p_until timestamptz, p_min_p14 double precision, p_min_visits int, p_global_share double precision)
returns table (message_id uuid, rule text)
language sql stable parallel safe
begin atomic
  select c.message_id, w.rule
  from smartengage.candidate c
  join smartengage.run r on r.run_id = c.run_id
  cross join lateral (
    select case
      when smartengage.share_of(p_user_id, 'global_control') < p_global_share then 'holdout.global_share'
      when substring(c.occurrence from ':(\d+)$')::int < p_min_visits then 'reminder.min_visits'
      -- Likely enough on a later day, it would have been planned then.
      when c.p14 < p_min_p14 and not exists (
        select
        from smartengage.candidate o
        join smartengage.run t on t.run_id = o.run_id
        where o.user_id = p_user_id
          and o.occurrence = c.occurrence
          and t.campaign_id = r.campaign_id
          and t.planned_at > r.planned_at
          and o.p14 >= p_min_p14) then 'reminder.min_p14'
    end as rule
  ) w
  where c.user_id = p_user_id
    and c.outcome = 'message'
    and r.planned_at >= p_from
    and r.planned_at < p_until
    and w.rule is not null
    and (w.rule = 'holdout.global_share' or r.message_class = 'reminder');
end;

comment on function smartengage.replay_gone(uuid, timestamptz, timestamptz, double precision, int, double precision) is
$$A person's messages that stricter values of smartengage.replay_rule would not have planned, each with the rule; null = the rule stays as it was.$$;
