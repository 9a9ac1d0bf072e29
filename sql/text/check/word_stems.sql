create or replace function text.word_stems(p_word text)
returns setof text
language sql immutable parallel safe rows 3
begin atomic
  with recursive stem (word, depth) as (
    select p_word, 0
    union
    select left(s.word, -char_length(e.ending)), s.depth + 1
    from stem s
    join unnest(array[
        'ই', 'ও', 'টা', 'টি', 'র', 'ের', 'এর', 'ে', 'কে', 'তে', 'য়', 'রা', 'েরা', 'দের', 'গুলো', 'গুলি', 'ভাবে', 'তা',
        's', 'ed', 'ly']) as e (ending)
      on s.word like '%' || e.ending
    where s.depth < 3
      and char_length(s.word) > char_length(e.ending) + 1
  )
  select distinct s.word
  from stem s;
end;

comment on function text.word_stems(text) is
$$A word and what remains after removing up to three case, number and emphasis endings: অলসতারই, অলসতার, অলসতা, অলস.
Some results are not words. They only serve to find entries of text.listed_word that inflect.$$;
