create or replace function what_if.unplanned_messages(p_user_id uuid, p_from timestamptz, p_until timestamptz, p_changes jsonb)
returns table (message_id uuid, rule text)
language sql stable parallel safe
begin atomic
  select
    c.message_id,
    case
      -- Planned it would have been only after the period.
      when w.rule = 'reminder.lead'
       and c.expected_at - make_interval(days => (p_changes ->> 'reminder.lead')::double precision::int) >= p_until then 'after_period'
      else w.rule
    end
  from smartengage.candidate c
  join smartengage.run r on r.run_id = c.run_id
  cross join lateral (
    select coalesce(
      what_if.stopping_rule(p_changes, p_user_id, c.occurrence, c.p14, c.expected_at, r.planned_at, r.message_class),
      -- Wanted so late that planning would have had no time left for it. (What a cap alone put off is planned anew.)
      case when p_changes ? 'reminder.useful_for'
        and r.message_class = 'reminder'
        and c.wanted_at > c.expected_at + make_interval(days => (p_changes ->> 'reminder.useful_for')::double precision::int)
      then 'reminder.useful_for' end
    ) as rule
  ) w
  where c.user_id = p_user_id
    and c.outcome = 'message'
    and r.planned_at >= p_from
    and r.planned_at < p_until
    and w.rule is not null;
end;

comment on function what_if.unplanned_messages(uuid, timestamptz, timestamptz, jsonb) is
$$A person's messages that would not have been planned when they were under p_changes (see what_if.comparison), each with the rule; after_period = it would have been planned only after p_until. Whether they would have been on a later day what_if.recorded_plannings tells.$$;
