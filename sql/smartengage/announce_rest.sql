create or replace function smartengage.announce_rest(p_campaign_id uuid, p_trigger_key text, p_at timestamptz)
returns jsonb
language plpgsql volatile parallel unsafe
set search_path = ''
as $$
declare
  v_first smartengage.run;
  v_user_ids uuid[];
  v_occurrence text;
begin
  select r.* into v_first
  from smartengage.run r
  where r.campaign_id = p_campaign_id
  order by r.planned_at, r.run_id
  limit 1;
  select array_agg(c.user_id), min(c.occurrence) into v_user_ids, v_occurrence
  from smartengage.candidate c
  where c.run_id = v_first.run_id
    and c.reason = 'not_in_canary';
  return smartengage.announce(
    p_campaign_id, p_trigger_key, v_user_ids, v_occurrence, v_first.template_id, v_first.service_id,
    (select c.channels from smartengage.campaign c where c.campaign_id = p_campaign_id),
    v_first.exempt_reason, v_first.message_class = 'urgent', p_at);
end;
$$;

comment on function smartengage.announce_rest(uuid, text, timestamptz) is
$$Plans the announcement of a widened campaign to everybody whom its first run left out of the canary.
Result and errors: see smartengage.announce.$$;
