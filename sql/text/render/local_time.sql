create or replace function text.local_time(p_at timestamptz, p_zone text, p_language text)
returns text
language sql immutable parallel safe
begin atomic
  select case
    when p_language = 'en' then
      t.clock_hour || ':' || lpad(t.minute::text, 2, '0') || case when t.hour < 12 then ' am' else ' pm' end
    else
      case
        when t.hour < 4 then 'রাত'
        when t.hour < 6 then 'ভোর'
        when t.hour < 12 then 'সকাল'
        when t.hour < 15 then 'দুপুর'
        when t.hour < 18 then 'বিকেল'
        when t.hour < 20 then 'সন্ধ্যা'
        else 'রাত'
      end || ' ' || text.bengali_digits(case
        when t.minute = 0 then t.clock_hour || 'টা'
        when t.minute = 15 then 'সোয়া ' || t.clock_hour || 'টা'
        when t.minute = 30 and t.clock_hour = 1 then 'দেড়টা'
        when t.minute = 30 and t.clock_hour = 2 then 'আড়াইটা'
        when t.minute = 30 then 'সাড়ে ' || t.clock_hour || 'টা'
        when t.minute = 45 then 'পৌনে ' || (t.clock_hour % 12 + 1) || 'টা'
        else t.clock_hour || 'টা ' || t.minute || ' মিনিট'
      end)
  end
  from (
    select
      l.hour,
      l.minute,
      (l.hour + 11) % 12 + 1 as clock_hour
    from (
      select
        extract(hour from p_at at time zone p_zone)::int as hour,
        extract(minute from p_at at time zone p_zone)::int as minute
    ) l
  ) t;
end;

comment on function text.local_time(timestamptz, text, text) is
$$The time of day of an instant as a person of that time zone says it: সকাল সাড়ে ৯টা, দুপুর দেড়টা, রাত ৮টা ২০ মিনিট, or 9:30 am.
Any language but en is Bengali.
Result: null where the instant is null. Errors: 22023 for a zone that the server does not know.$$;
