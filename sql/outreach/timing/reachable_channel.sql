create or replace function outreach.reachable_channel(p_user_id uuid, p_channels text[], p_purpose text, p_at timestamptz)
returns table (channel text, reason text)
language sql stable parallel safe
begin atomic
  select r.channel, case when not r.consented then 'no_consent' when r.address is null then 'no_address' when r.suppressed then 'suppressed' end
  from (
    select
      c.channel, c.place, c.channel = p.preferred_channel as preferred,
      exists (select from account.consent_at(p_user_id, c.channel, p_purpose, p_at)) as consented,
      case when c.channel = 'in_app' then 'in_app' else o.address end as address,
      o.suppressed_at is not null as suppressed
    from unnest(p_channels) with ordinality as c (channel, place)
    join account.person p on p.user_id = p_user_id
    left join account.contact o on o.user_id = p_user_id and o.channel = c.channel
    offset 0 -- else the consent is looked up once for each place that asks for it
  ) r
  order by
    r.consented and r.address is not null and not r.suppressed desc,
    r.preferred is true desc,
    r.consented desc,
    r.place
  limit 1;
end;

comment on function outreach.reachable_channel(uuid, text[], text, timestamptz) is
$$The channel to write on: of those allowed, one that the person consents to and has a good address for; their own preferred one first, then in the order given.
Result: one row; reason null = reachable, else why the best of them is not (no_consent, no_address, suppressed).$$;
