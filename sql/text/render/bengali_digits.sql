create or replace function text.bengali_digits(p_text text)
returns text
language sql immutable parallel safe
return translate(p_text, '0123456789', '০১২৩৪৫৬৭৮৯');

comment on function text.bengali_digits(text) is
$$The text with ASCII digits replaced by Bengali ones; everything else is unchanged.$$;
