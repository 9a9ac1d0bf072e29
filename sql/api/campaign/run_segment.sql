create or replace function api.run_segment(p_token_hash bytea, p_segment text, p_campaign_id uuid, p_trigger_key text)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_program account.program_token := account.authenticate_program(p_token_hash, clock.now());
begin
  if p_campaign_id is not null then
    return jsonb_build_object('items', jsonb_build_array(smartengage.request_run(
      p_campaign_id, p_segment, p_trigger_key, 'service ' || v_program.program, 'run-segment', clock.now())));
  end if;
  return jsonb_build_object('items', (
    select coalesce(jsonb_agg(smartengage.request_run(
      c.campaign_id, p_segment, p_trigger_key, 'service ' || v_program.program, 'run-segment', clock.now())
      order by c.campaign_id), '[]')
    from smartengage.campaign c
    where c.kind = 'reminder'
      and c.status = 'running'
      and p_segment = any (c.segments)));
end;
$$;

comment on function api.run_segment(bytea, text, uuid, text) is
$$Requests a run of one segment now; for our own programs.
Runs one campaign, or every running campaign of reminders that writes to the segment.
Repeatable: a trigger key plans once; without one, a campaign plans the segment once a day.
Errors: SH401 the token is not valid; SH404 no such campaign; SH409 the campaign is over, paused, or an announcement;
SH422 the campaign does not write to the segment.$$;
