create or replace function text.sms_segments(p_text text)
returns int
language sql immutable parallel safe
begin atomic
  select case when u.units <= 70 then 1 else (u.units + 66) / 67 end
  from (
    select char_length(n.text) + regexp_count(n.text, '[\U00010000-\U0010ffff]') as units
    from (select normalize(p_text, nfc) as text) n
  ) u;
end;

comment on function text.sms_segments(text) is
$$How many SMS a text costs: one up to 70 UTF-16 units, else one for each 67 begun.
Units are counted in NFC, which writes ড় ঢ় য় as two units each; an emoji is two.
Assumes Bengali letters (UCS-2); the 7-bit alphabet with 160 characters is not used.
Source: 3GPP TS 23.040 (140 octets, 6 of them header).$$;
