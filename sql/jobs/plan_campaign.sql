create or replace function jobs.plan_campaign(p_campaign_id uuid, p_trigger_key text)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = ''
as $$
begin
  perform smartengage.refresh(clock.now());
  return smartengage.plan(p_campaign_id, p_trigger_key, clock.now());
end;
$$;

comment on function jobs.plan_campaign(uuid, text) is
$$Plans a run of one campaign now, with fresh profiles.
Result: see smartengage.plan. Repeatable: a trigger key plans once. Errors: SH404, SH409.$$;
