create or replace function text.template_preview(p_template_id uuid, p_at timestamptz)
returns jsonb
language sql stable parallel safe
begin atomic
  select jsonb_build_object(
    'template_id', t.template_id,
    'subject', text.fill_placeholders(t.subject, k.placeholder_values),
    'body', b.body,
    'sms_parts', case when t.form = 'short' then text.sms_segments(b.body) end)
  from text.template t
  -- A service that the template fits, the first by its code.
  left join lateral (
    select s.service_id, s.name_bn, s.name_en
    from market.service s
    where s.active
      and coalesce(t.category, s.category) = s.category
    order by s.code
    limit 1
  ) s on true
  left join lateral (
    select a.name_bn, a.name_en from market.add_on a where a.service_id = s.service_id and a.active order by a.code limit 1
  ) a on true
  cross join lateral (
    select jsonb_build_object(
      'address', text.salutation(
        case t.language when 'bn' then 'রহিমা খাতুন' else 'Rahima Khatun' end, 'none', 'shubheccha', t.language),
      'service', case t.language when 'bn' then coalesce(s.name_bn, 'বাসা পরিষ্কার') else coalesce(s.name_en, 'Home cleaning') end,
      'date', text.local_date(p_at + interval '3 days', policy.default_zone(), t.language),
      'add_on', case t.language
        when 'bn' then coalesce(a.name_bn, 'ফ্রিজ পরিষ্কার') else coalesce(a.name_en, 'Fridge cleaning')
      end,
      'link', 'https://example.com/l/AAAAAAAAAAAAAAAAAAAAAA',
      'stop_link', 'https://example.com/u/AAAAAAAAAAAAAAAAAAAAAA') as placeholder_values
  ) k
  cross join lateral (
    select text.fill_placeholders(
      t.body,
      k.placeholder_values || jsonb_build_object(
        'add_on_line', text.fill_placeholders(coalesce(t.add_on_line, ''), k.placeholder_values))) as body
  ) b
  where t.template_id = p_template_id;
end;

comment on function text.template_preview(uuid, timestamptz) is
$$A template filled with sample values, by the function that fills messages (text.fill_placeholders).
Result: {template_id, subject, body, sms_parts: SMS segments of a short one, null for a long one}; null for an unknown template.$$;
