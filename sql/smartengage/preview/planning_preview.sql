create or replace function smartengage.planning_preview(p_campaign_id uuid, p_tried smartengage.planning_values, p_at timestamptz)
returns jsonb
language sql stable parallel safe
return jsonb_build_object(
  'planned_at', p_at,
  'predicted_at', (select r.as_of from policy.snapshot_refresh r where r.snapshot = 'smartengage.predicted_booking'),
  'today', smartengage.planned_figures(p_campaign_id, smartengage.planning_values(p_campaign_id, p_at), p_at),
  'tried', smartengage.planned_figures(p_campaign_id, p_tried, p_at));

comment on function smartengage.planning_preview(uuid, smartengage.planning_values, timestamptz) is
$$What planning a reminder campaign at an instant would decide by other values, beside those in force.
p_tried: smartengage.planning_values. Reads only, takes no lock and works on a standby. The campaign may have any status.
Result: {planned_at, predicted_at: the instant of the predictions (null = none yet), today, tried: each as
smartengage.planned_figures}.$$;
