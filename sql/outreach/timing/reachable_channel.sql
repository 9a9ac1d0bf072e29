create or replace function outreach.reachable_channel(p_user_id uuid, p_channels text[], p_purpose text, p_at timestamptz)
returns table (channel text, reason text)
language sql stable parallel safe
begin atomic
  select
    r.channel,
    case when not r.consented then 'no_consent' when r.address is null then 'no_address' when r.suppressed then 'suppressed' end
  from (
    select
      c.channel, c.position, c.channel = p.preferred_channel as preferred,
      exists (select from account.consent_at(p_user_id, c.channel, p_purpose, p_at)) as consented,
      case when c.channel = 'in_app' then 'in_app' else o.address end as address,
      o.suppressed_at is not null as suppressed
    from unnest(p_channels) with ordinality as c (channel, position)
    join account.person p on p.user_id = p_user_id
    left join account.contact o on o.user_id = p_user_id and o.channel = c.channel
    offset 0 -- prevents flattening, which would look the consent up once per reference
  ) r
  order by
    r.consented and r.address is not null and not r.suppressed desc,
    r.preferred is true desc,
    r.consented desc,
    r.position
  limit 1;
end;

comment on function outreach.reachable_channel(uuid, text[], text, timestamptz) is
$$The best of the allowed channels for a person and purpose: consented, with an address that is not suppressed.
The person's preferred channel comes first, then the order given.
Result: one row; reason null = reachable, else why even the best is not (no_consent, no_address, suppressed).$$;
