create or replace function text.sentences(p_text text)
returns text[]
language sql immutable parallel safe
begin atomic
  select coalesce(array_agg(btrim(s.sentence) order by s.position), '{}')
  from regexp_split_to_table(p_text, '[।॥?!\u09f7\n]+|\.(?=\s|$)') with ordinality as s (sentence, position)
  where s.sentence ~ '[A-Za-z\u0985-\u09b9\u09dc-\u09e1]';
end;

comment on function text.sentences(text) is
$$The sentences of a text in their order, without their closing marks.
A line break ends a sentence too, so a heading or the words before a link are a sentence of their own.$$;
