create or replace function text.sentence_faults(p_body text, p_add_on_line text, p_at timestamptz)
returns text[]
language sql stable parallel safe
begin atomic
  with sentence_length as (
    select regexp_count(replace(replace(s.sentence, '–', ' '), '—', ' '), '\S*[A-Za-z\u0980-\u09ff]\S*') as words
    from unnest(text.sentences(
      -- Typical values: two words for a service or add-on, three for a day. Salutation and links are not part of a sentence.
      text.fill_placeholders(
        p_body,
        jsonb_build_object(
          'service', 'ক ক', 'date', 'ক ক ক',
          'add_on_line', text.fill_placeholders(p_add_on_line, '{"service": "ক ক", "add_on": "ক ক"}'))))) as s (sentence)
  ),
  totals as (
    select count(*) as sentences, max(l.words) as longest, avg(l.words) as mean_words
    from sentence_length l
  )
  select coalesce(array_agg(f.fault), '{}')
  from totals t
  cross join lateral (
    select 'sentences:' || t.sentences
    where t.sentences > policy.number('text.max_sentences', p_at)
    union all
    select 'sentence_words:' || t.longest
    where t.longest > policy.number('text.max_words', p_at)
    union all
    select 'mean_words:' || round(t.mean_words, 1)
    where t.mean_words > policy.number('text.max_mean_words', p_at)
  ) as f (fault);
end;

comment on function text.sentence_faults(text, text, timestamptz) is
$$Sentences that are too many or too long to be read aloud with ease.
Faults: sentences:9 (too many), sentence_words:13 (the longest is too long), mean_words:9.5 (too long on average).
Limits: rules text.max_sentences, text.max_words and text.max_mean_words in force at p_at. Result: empty if none is found.$$;
