create or replace function text.sentence_faults(p_body text, p_add_on_line text, p_at timestamptz)
returns text[]
language sql stable parallel safe
begin atomic
  with words as (
    select regexp_count(replace(replace(s.sentence, '–', ' '), '—', ' '), '\S*[A-Za-z\u0980-\u09ff]\S*') as words
    from unnest(text.sentences(
      -- As it is heard: a service and an add-on are about two words, a day three; the greeting and links are no sentence.
      text.fill_placeholders(
        p_body,
        jsonb_build_object(
          'service', 'ক ক', 'date', 'ক ক ক',
          'add_on_line', text.fill_placeholders(p_add_on_line, '{"service": "ক ক", "add_on": "ক ক"}'))))) as s (sentence)
  ), total as (
    select count(*) as sentences, max(w.words) as longest, avg(w.words) as mean_words
    from words w
  )
  select coalesce(array_agg(f.fault), '{}')
  from total t
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
$$Whether a text can be read aloud in short breaths: sentences:9 (too many), sentence_words:13 (one too long), mean_words:9.5, by the rules text.max_sentences, text.max_words and text.max_mean_words in force at p_at.
Result: empty where it can.$$;
