create or replace function smartengage.first_refusal(
  p_campaign smartengage.campaign, p_person account.person, p_already text, p_global_share double precision, p_at timestamptz)
returns text
language sql stable parallel safe
return coalesce(
  case
    when not (p_campaign).enabled then 'flag_off'
    when (p_person).disabled_at <= p_at or (p_person).erased_at is not null then 'person_inactive'
  end,
  p_already,
  case
    when stats.bucket((p_person).user_id, 'global_control') < p_global_share then 'global_control'
    when (p_campaign).widened_at is null
      and stats.bucket((p_person).user_id, (p_campaign).campaign_id || '/canary') >= (p_campaign).canary_share then 'not_in_canary'
  end);

comment on function smartengage.first_refusal(smartengage.campaign, account.person, text, double precision, timestamptz) is
$$The first gates between a campaign and a person, in their order, for reminders and announcements alike: the reason of the first that does not let through, null where all do.
p_already: the reason where the person has had this very message, null where not. p_global_share: rule holdout.global_share. Next come consent and address (outreach.reachable_channel), and a text.$$;
