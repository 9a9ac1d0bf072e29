create or replace function smartengage.announcement_recipients(p_campaign_id uuid)
returns uuid[]
language sql stable parallel safe
begin atomic
  select coalesce(a.user_ids, (select array_agg(g.user_id) from smartengage.customer_segment g where g.segment = any (c.segments)))
  from smartengage.announcement a
  join smartengage.campaign c on c.campaign_id = a.campaign_id
  where a.campaign_id = p_campaign_id;
end;

comment on function smartengage.announcement_recipients(uuid) is
$$The recipients of a bulk send that is not planned yet: its list of people, else the members of its segments at the last refresh.
Null if there are none.$$;
