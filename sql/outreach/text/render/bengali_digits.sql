create or replace function outreach.bengali_digits(p_text text)
returns text
language sql immutable parallel safe
return translate(p_text, '0123456789', '০১২৩৪৫৬৭৮৯');

comment on function outreach.bengali_digits(text) is
$$The text with its ASCII digits written in Bengali; everything else stays.$$;
