create or replace function what_if.stopping_rule(
  p_changes jsonb, p_user_id uuid, p_occurrence text, p_p14 double precision, p_expected_at timestamptz, p_planned_at timestamptz,
  p_message_class text)
returns text
language sql stable parallel safe
return case
  when stats.bucket(p_user_id, 'global_control') < (p_changes ->> 'holdout.global_share')::double precision then 'holdout.global_share'
  when p_message_class <> 'reminder' then null
  when substring(p_occurrence from ':(\d+)$')::int < (p_changes ->> 'reminder.min_visits')::double precision then 'reminder.min_visits'
  when p_expected_at + make_interval(days => (p_changes ->> 'reminder.useful_for')::double precision::int) <= p_planned_at then 'reminder.useful_for'
  when p_expected_at > p_planned_at + make_interval(days => (p_changes ->> 'reminder.lead')::double precision::int) then 'reminder.lead'
  when p_p14 < (p_changes ->> 'reminder.min_p14')::double precision then 'reminder.min_p14'
end;

comment on function what_if.stopping_rule(jsonb, uuid, text, double precision, timestamptz, timestamptz, text) is
$$The rule that would have stopped a recorded candidate at a planning, by the values of p_changes (see what_if.comparison) and in the words of smartengage.eligibility; null = none of those that p_changes give.$$;
