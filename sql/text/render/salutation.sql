create or replace function text.salutation(p_name text, p_address_form text, p_greeting text, p_language text)
returns text
language sql immutable parallel safe
return case
  when p_language = 'en' then coalesce(
    case p_greeting when 'assalamu_alaikum' then 'Assalamu alaikum, ' when 'nomoskar' then 'Nomoskar, ' else 'Hello ' end
      || text.with_honorific(
        text.display_name(p_name),
        case p_address_form
          when 'bhai' then ' Bhai' when 'apa' then ' Apa' when 'dada' then ' Dada' when 'didi' then ' Didi' else ''
        end),
    case p_greeting
      when 'assalamu_alaikum' then 'Assalamu alaikum, dear customer'
      when 'nomoskar' then 'Nomoskar, dear customer'
      else 'Dear customer'
    end)
  else coalesce(
    case p_greeting when 'assalamu_alaikum' then 'আসসালামু আলাইকুম, ' when 'nomoskar' then 'নমস্কার, ' else 'শুভেচ্ছা, ' end
      || text.with_honorific(
        text.display_name(p_name),
        case p_address_form
          when 'bhai' then ' ভাই' when 'apa' then ' আপা' when 'dada' then ' দাদা' when 'didi' then ' দিদি' else ''
        end),
    case p_greeting
      when 'assalamu_alaikum' then 'আসসালামু আলাইকুম, প্রিয় গ্রাহক'
      when 'nomoskar' then 'নমস্কার, প্রিয় গ্রাহক'
      else 'প্রিয় গ্রাহক'
    end)
end;

comment on function text.salutation(text, text, text, text) is
$$What the placeholder {address} is filled with: শুভেচ্ছা, রহিম ভাই, or প্রিয় গ্রাহক without a usable name (text.display_name).
Greeting and honorific are the person's own choice; no writer of texts ever guesses them.
Unknown values count as the defaults (শুভেচ্ছা, no honorific). Any language but en is Bengali.
Result: never null, without final punctuation, never with a bare comma.$$;
