create or replace function smartengage.create_campaign(
  p_name text, p_segments text[], p_channels text[], p_holdout_share double precision, p_canary_share double precision,
  p_window_from time, p_window_until time, p_repeats boolean, p_starts_at timestamptz, p_ends_at timestamptz,
  p_actor text, p_reason text, p_at timestamptz)
returns uuid
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_campaign_id uuid;
begin
  if exists (select from smartengage.campaign c where c.name = p_name) then
    raise exception 'A campaign of this name exists' using errcode = 'SH409', column = 'name', detail = p_name;
  end if;
  perform smartengage.check_target_segments(p_segments);
  if p_window_from >= p_window_until then
    raise exception 'The window must end after it begins' using errcode = 'SH422', column = 'window_until',
      detail = p_window_until::text, hint = 'Use local times of one day, such as 09:00 and 20:30.';
  end if;
  if p_ends_at <= greatest(p_starts_at, p_at) then
    raise exception 'The campaign must end after it starts' using errcode = 'SH422', column = 'ends_at', detail = p_ends_at::text;
  end if;
  insert into smartengage.campaign (
    name, status, segments, channels, holdout_share, canary_share, window_from, window_until,
    repeats, starts_at, ends_at, created_at, created_by, changed_reason)
  values (
    p_name, case when p_starts_at is null then 'draft' else 'scheduled' end, p_segments, p_channels,
    p_holdout_share, p_canary_share, p_window_from, p_window_until, p_repeats, p_starts_at, p_ends_at, p_at, p_actor, p_reason)
  returning campaign_id into v_campaign_id;
  return v_campaign_id;
end;
$$;

comment on function smartengage.create_campaign(
  text, text[], text[], double precision, double precision, time, time, boolean, timestamptz, timestamptz,
  text, text, timestamptz) is
$$Creates a campaign of reminders: status scheduled if p_starts_at is given, else draft. Result: its id.
Errors: SH409 the name is taken; SH422 segments that match nobody or everybody, an end that is not after the start.$$;
