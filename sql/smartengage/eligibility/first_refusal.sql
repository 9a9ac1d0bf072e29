create or replace function smartengage.first_refusal(
  p_campaign smartengage.campaign, p_person account.person, p_duplicate_reason text,
  p_global_holdout double precision, p_at timestamptz)
returns text
language sql stable parallel safe
return coalesce(
  case
    when not (p_campaign).enabled then 'flag_off'
    when (p_person).disabled_at <= p_at or (p_person).erased_at is not null then 'person_inactive'
  end,
  p_duplicate_reason,
  case
    when stats.bucket((p_person).user_id, 'global_control') < p_global_holdout then 'global_control'
    when (p_campaign).widened_at is null
      and stats.bucket((p_person).user_id, (p_campaign).campaign_id || '/canary') >= (p_campaign).canary_share then 'not_in_canary'
  end);

comment on function smartengage.first_refusal(smartengage.campaign, account.person, text, double precision, timestamptz) is
$$The reason of the first gate between a campaign and a person that refuses; null = all pass.
The same for reminders and announcements. The next gates are consent and address (outreach.reachable_channel), then the text.
p_duplicate_reason: the reason if the person already has this message, else null. p_global_holdout: rule holdout.global_share.$$;
