create or replace function smartengage.run_preview(p_preview_id uuid, p_at timestamptz)
returns uuid
language sql volatile parallel unsafe
begin atomic
  update smartengage.preview as p
  set result = smartengage.planning_preview(
    p.campaign_id,
    smartengage.planning_values(p.campaign_id, p_at, p.rules, p.segments, p.holdout_share, p.window_from, p.window_until),
    p_at)
  where p.preview_id = p_preview_id
    and p.result is null
  returning p.preview_id;
end;

comment on function smartengage.run_preview(uuid, timestamptz) is
$$Computes a preview that was asked for and stores its result (smartengage.planning_preview).
Result: its id; null if it is done already or no longer kept.$$;
