create or replace function text.word_faults(p_text text)
returns text[]
language sql stable parallel safe
begin atomic
  with text_words as (
    select text.folded_words(p_text) as words
  ), form as materialized (
    select w.place, f.stem, f.stem = w.word as exact
    from text_words t
    cross join lateral unnest(t.words) with ordinality as w (word, place)
    cross join lateral text.word_stems(w.word) as f (stem)
  ), entry as materialized (
    select w.list, w.word, w.inflects, text.folded_words(w.word) as run
    from text.listed_word w
  ), hit as (
    select e.list, e.word, f.place as first_place, f.place + cardinality(e.run) - 1 as last_place
    from entry e
    join form f on f.stem = e.run[1]
    cross join text_words t
    where case
      when cardinality(e.run) = 1 then f.exact or e.inflects
      else f.exact and t.words[f.place : f.place + cardinality(e.run) - 1] = e.run
    end
  )
  select coalesce(array_agg(distinct h.list || ':' || h.word), '{}')
  from hit h
  where h.list <> 'allowed'
    and not exists (
      select
      from hit a
      where a.list = 'allowed'
        and a.first_place <= h.first_place
        and a.last_place >= h.last_place);
end;

comment on function text.word_faults(text) is
$$The entries of text.listed_word that a text contains, as list:word (shame:অলস). Whole words and runs of words, never parts of words; an entry that inflects is also found with case and emphasis endings.
A hit inside an entry of list allowed is none: ড্রেন ব্লক is plumbing, no threat. Result: empty where nothing is found.$$;
