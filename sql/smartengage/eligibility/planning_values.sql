create or replace function smartengage.planning_values(
  p_campaign_id uuid, p_at timestamptz, p_rules jsonb default '{}', p_segments text[] default null,
  p_holdout_share double precision default null, p_window_from time default null, p_window_until time default null)
returns smartengage.planning_values
language sql stable parallel safe
begin atomic
  select
    make_interval(days => r."reminder.lead"::int),
    make_interval(days => r."reminder.useful_for"::int),
    r."reminder.min_p14",
    r."reminder.min_visits",
    r."holdout.global_share",
    coalesce(p_segments, c.segments),
    coalesce(p_holdout_share, c.holdout_share),
    coalesce(p_window_from, c.window_from),
    coalesce(p_window_until, c.window_until)
  from smartengage.campaign c
  cross join jsonb_to_record(
    (select jsonb_object_agg(v.rule, v.value) from policy.rule v where v.valid_at @> p_at) || coalesce(p_rules, '{}')) as r (
    "reminder.lead" double precision, "reminder.useful_for" double precision, "reminder.min_p14" double precision,
    "reminder.min_visits" double precision, "holdout.global_share" double precision)
  where c.campaign_id = p_campaign_id;
end;

comment on function smartengage.planning_values(uuid, timestamptz, jsonb, text[], double precision, time, time) is
$$The values that smartengage.plan_decisions decides by: those in force, except where another value is given.
They are those of policy at an instant and of the campaign. p_rules: {rule: number} of smartengage.planning_rule. Days are whole
numbers. Result: null for an unknown campaign.$$;
