create or replace function what_if.replayed_message_id(p_campaign_id uuid, p_user_id uuid, p_occurrence text)
returns uuid
language sql stable parallel safe
begin atomic
  select coalesce(
    (
      select m.message_id
      from outreach.message m
      where m.user_id = p_user_id
        and m.campaign_id = p_campaign_id
        and m.occurrence = p_occurrence
    ),
    md5(concat_ws('/', p_campaign_id, p_user_id, p_occurrence))::uuid);
end;

comment on function what_if.replayed_message_id(uuid, uuid, text) is
$$The id by which a replay names the message of an occurrence: its own where it was planned at last, else one made up of what it is about.$$;
