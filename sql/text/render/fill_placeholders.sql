create or replace function text.fill_placeholders(p_text text, p_values jsonb)
returns text
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_piece text;
  v_end int;
  v_text text;
begin
  if p_text is null then
    return null;
  end if;
  -- One pass, so that a value is never read as a template: a name like {stop_link} stays a name.
  -- The loop over the few placeholders of a text is three times as fast as a query over them; it runs for every message.
  foreach v_piece in array string_to_array(p_text, '{') loop
    v_end := strpos(v_piece, '}');
    if v_text is null or v_end = 0 then
      v_text := coalesce(v_text, '') || v_piece;
    else
      v_text := v_text
        || coalesce(nullif(btrim(p_values ->> left(v_piece, v_end - 1)), ''), E'\x01')
        || substr(v_piece, v_end + 1);
    end if;
  end loop;
  if strpos(v_text, E'\x01') > 0 then
    -- The usual gap is the line of an absent add-on; plain replacing handles it.
    v_text := replace(replace(v_text, E'\n\x01\n', E'\n'), E'\n\n\n', E'\n\n');
    if strpos(v_text, E'\x01') > 0 then
      v_text := text.without_empty_placeholders(v_text);
    end if;
  end if;
  return coalesce(v_text, '');
end;
$$;

comment on function text.fill_placeholders(text, jsonb) is
$$The text with its placeholders replaced by values: {service} becomes p_values ->> 'service'.
A placeholder without a value (missing, null, blank) leaves no gap: its punctuation goes too, and its line if nothing else is in it.
Values are not filled again; so an add-on line is filled before it is passed as a value.
Result: the text without any placeholder; null for null.$$;
