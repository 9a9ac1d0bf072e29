create or replace function outreach.fill(p_text text, p_tokens jsonb)
returns text
language sql immutable parallel safe
begin atomic
  select case
    when strpos(t.text, E'\x01') = 0 then t.text
    else outreach.without_gaps(t.text)
  end
  from (
    select
      -- The usual gap is an add-on line where no add-on is offered: a plain replace, since this runs for every message.
      replace(replace(f.text, E'\n\x01\n', E'\n'), E'\n\n\n', E'\n\n') as text
    from (
      -- One pass, so a value is never read as a template: a name like {stop_link} stays a name.
      select coalesce(
        string_agg(
          case
            when p.place = 1 or strpos(p.piece, '}') = 0 then p.piece
            else coalesce(nullif(btrim(p_tokens ->> split_part(p.piece, '}', 1)), ''), E'\x01')
              || substr(p.piece, strpos(p.piece, '}') + 1)
          end, '' order by p.place),
        p_text) as text
      from string_to_table(p_text, '{') with ordinality as p (piece, place)
    ) f
  ) t;
end;

comment on function outreach.fill(text, jsonb) is
$$A text with its tokens replaced by their values: {service} becomes p_tokens ->> 'service'.
A token without a value (missing, null, blank) leaves no trace: a line that held nothing else vanishes, and so does the punctuation that belonged to it. Values are taken as they are and not filled again; so an add-on line is filled before it is passed as a value.
Result: the text without any raw token; null for null.$$;
