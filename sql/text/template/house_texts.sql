create or replace function text.house_texts(p_kind text, p_at timestamptz)
returns table (category text, language text, form text, template_ids uuid[], bucket_from double precision[])
language sql stable parallel safe
begin atomic
  select
    o.category, o.language, o.form,
    array_agg(o.template_id order by o.bucket_from, o.variant, o.version, o.template_id),
    array_agg(o.bucket_from order by o.bucket_from, o.variant, o.version, o.template_id)
  from text.variant_odds(null, p_at) o
  where o.kind = p_kind
  group by o.category, o.language, o.form;
end;

comment on function text.house_texts(text, timestamptz) is
$$The approved house texts of a kind: one row per category (null = any), language and form, with its variants.
template_ids and bucket_from are arguments of text.assigned_variant.$$;
