create or replace function text.taka(p_poisha bigint, p_language text)
returns text
language sql immutable parallel safe
begin atomic
  select case when p_language = 'en' then t.amount else text.bengali_digits(t.amount) end
  from (
    select
      case when p_poisha < 0 then '-' else '' end || '৳'
      -- Lakh grouping: a comma before the last three digits, then before every two.
      || regexp_replace(div(abs(p_poisha::numeric), 100)::text, '(\d)(?=(\d\d)+\d$)', '\1,', 'g')
      || case when p_poisha % 100 = 0 then '' else '.' || lpad(abs(p_poisha % 100)::text, 2, '0') end as amount
  ) t;
end;

comment on function text.taka(bigint, text) is
$$Money as people here write it: ৳১,২৫,০০০, in English ৳1,25,000; poisha only where there are any (৳১২.৫০).$$;
