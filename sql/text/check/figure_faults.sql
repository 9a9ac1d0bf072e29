create or replace function text.figure_faults(p_text text)
returns text[]
language sql immutable parallel safe
begin atomic
  select coalesce(array_agg(f.fault), '{}')
  from (select text.without_placeholders(p_text) as text) b
  cross join lateral (
    select 'digit_outside_placeholder'
    where b.text ~ '[0-9]'
    union all
    select 'price_sign'
    where b.text ~ '[৳৲৻$€£%]'
    union all
    select 'url_outside_placeholder'
    where b.text ~* '://|www\.|@|[a-z0-9-]\.[a-z]{2,}(/|[^a-z]|$)|[\u0985-\u09e3]{3,}\.[\u0985-\u09e3]{2,}/|/[a-z0-9]'
  ) as f (fault);
end;

comment on function text.figure_faults(text) is
$$Numbers, money signs and web addresses that are not filled in from data.
Faults: digit_outside_placeholder (Bengali and ASCII digits), price_sign, url_outside_placeholder.
Words for money and days are in text.listed_word (lists price and date). Result: empty if none is found.$$;
