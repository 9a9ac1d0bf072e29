create or replace function text.character_faults(p_text text)
returns text[]
language sql immutable parallel safe
begin atomic
  select coalesce(array_agg(distinct 'character:U+' || upper(right('000' || h.hex, greatest(4, char_length(h.hex))))), '{}')
  from regexp_matches(
    p_text,
    '[^\n !"&''()+,./0-9:;?A-Za-z_{}\u002d\u0964\u0965\u0981-\u09fe\u200c\u200d\u2013\u2014\u2018\u2019\u201c\u201d\u2026]', 'g')
    as m (match)
  cross join lateral (select to_hex(ascii(m.match[1])) as hex) h;
end;

comment on function text.character_faults(text) is
$$Characters that a text may not contain, as character:U+0007.
These are control and invisible characters, markup, emoji, and other scripts, whose look-alikes would hide words from the lists.
Joiners are allowed, since Bengali needs them (র‍্যাক). Result: empty if none is found.$$;
