create or replace function text.local_date(p_at timestamptz, p_zone text, p_language text)
returns text
language sql immutable parallel safe
return case
  when p_language = 'en' then
    (array['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'])[
      extract(isodow from p_at at time zone p_zone)::int]
    || ' ' || extract(day from p_at at time zone p_zone)::int || ' '
    || (array['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October',
              'November', 'December'])[extract(month from p_at at time zone p_zone)::int]
  else
    (array['সোমবার', 'মঙ্গলবার', 'বুধবার', 'বৃহস্পতিবার', 'শুক্রবার', 'শনিবার', 'রবিবার'])[
      extract(isodow from p_at at time zone p_zone)::int]
    || ', ' || text.bengali_digits(extract(day from p_at at time zone p_zone)::int::text) || ' '
    || (array['জানুয়ারি', 'ফেব্রুয়ারি', 'মার্চ', 'এপ্রিল', 'মে', 'জুন', 'জুলাই', 'আগস্ট', 'সেপ্টেম্বর', 'অক্টোবর', 'নভেম্বর',
              'ডিসেম্বর'])[extract(month from p_at at time zone p_zone)::int]
end;

comment on function text.local_date(timestamptz, text, text) is
$$The day of an instant in a time zone and language: সোমবার, ২৩ নভেম্বর, or Monday 23 November.
The names are written here, not taken from a locale, so that every server gives the same. Gregorian months, as bookings use.
Any language but en is Bengali. Result: null for a null instant.
Errors: 22023 for a zone that the server does not know; account.person_zone has only known ones.$$;
