create or replace function text.word_faults(p_text text)
returns text[]
language sql stable parallel safe
begin atomic
  with text_words as (
    select text.folded_words(p_text) as words
  ),
  text_stem as materialized (
    select w.position, f.stem, f.stem = w.word as exact
    from text_words t
    cross join lateral unnest(t.words) with ordinality as w (word, position)
    cross join lateral text.word_stems(w.word) as f (stem)
  ),
  entry as materialized (
    select w.list, w.word, w.inflects, text.folded_words(w.word) as run
    from text.listed_word w
  ),
  hit as (
    select e.list, e.word, s.position as first_position, s.position + cardinality(e.run) - 1 as last_position
    from entry e
    join text_stem s on s.stem = e.run[1]
    cross join text_words t
    where case
      when cardinality(e.run) = 1 then s.exact or e.inflects
      else s.exact and t.words[s.position : s.position + cardinality(e.run) - 1] = e.run
    end
  )
  select coalesce(array_agg(distinct h.list || ':' || h.word), '{}')
  from hit h
  where h.list <> 'allowed'
    and not exists (
      select
      from hit a
      where a.list = 'allowed'
        and a.first_position <= h.first_position
        and a.last_position >= h.last_position);
end;

comment on function text.word_faults(text) is
$$The entries of text.listed_word that a text contains, as list:word (shame:অলস).
Matches whole words and runs of words, never parts of words; an entry that inflects also matches with case and emphasis endings.
A hit inside an entry of list allowed is dropped: ড্রেন ব্লক is plumbing, not a threat. Result: empty if none is found.$$;
