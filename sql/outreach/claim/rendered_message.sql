create or replace function outreach.rendered_message(p_message_id uuid, p_link text, p_stop_link text)
returns table (subject text, body text, language text, name text)
language sql stable parallel safe
begin atomic
  select
    text.fill_placeholders(t.subject, k.placeholder_values),
    text.fill_placeholders(
      case when m.channel in ('push', 'whatsapp') then text.without_links(t.body) else t.body end,
      k.placeholder_values || jsonb_build_object(
        'add_on_line',
        case when k.add_ons <> '' then text.fill_placeholders(coalesce(t.add_on_line, ''), k.placeholder_values) else '' end)),
    t.language,
    text.display_name(p.full_name)
  from outreach.message m
  join text.template t on t.template_id = m.template_id
  join account.person p on p.user_id = m.user_id
  join account.person_zone z on z.user_id = m.user_id
  left join market.service s on s.service_id = m.service_id
  cross join lateral (
    select
      coalesce(a.names, '') as add_ons,
      jsonb_build_object(
        'address', text.salutation(p.full_name, p.address_form, p.greeting, t.language),
        'service', case t.language when 'bn' then s.name_bn else s.name_en end,
        'date', text.local_date(m.suggested_at, z.zone, t.language),
        'add_on', coalesce(a.names, ''),
        'link', p_link,
        'stop_link', p_stop_link) as placeholder_values
    from (
      select string_agg(case t.language when 'bn' then x.name_bn else x.name_en end,
                        case t.language when 'bn' then ' ও ' else ' and ' end order by o.position) as names
      from unnest(m.add_on_ids) with ordinality as o (add_on_id, position)
      join market.add_on x on x.add_on_id = o.add_on_id and x.active
    ) a
  ) k
  where m.message_id = p_message_id;
end;

comment on function outreach.rendered_message(uuid, text, text) is
$$A message as its recipient will see it, from its template and the current name, form of address and language of the person.
For channels whose links are buttons (push, WhatsApp) without the links (text.without_links).
Preview and delivery both use it, so for the same links they are identical.
name: display name for the address line of an e-mail; null if not usable. Result: no row without a template.$$;
