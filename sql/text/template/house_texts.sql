create or replace function text.house_texts(p_kind text, p_at timestamptz)
returns table (category text, language text, form text, template_ids uuid[], begins_at double precision[])
language sql stable parallel safe
begin atomic
  select
    o.category, o.language, o.form,
    array_agg(o.template_id order by o.begins_at, o.variant, o.version, o.template_id),
    array_agg(o.begins_at order by o.begins_at, o.variant, o.version, o.template_id)
  from text.variant_odds(null, p_at) o
  where o.kind = p_kind
  group by o.category, o.language, o.form;
end;

comment on function text.house_texts(text, timestamptz) is
$$Our own approved texts of a kind: a row for each category (null = any), language and form with its variants, to be picked from by text.assigned_variant.$$;
