create or replace function text.faults_on_channel(
  p_kind text, p_language text, p_channel text, p_subject text, p_body text, p_add_on_line text)
returns text[]
language sql stable parallel safe
begin atomic
  with whole as (
    select string_agg(t.content, E'\n') as text
    from text.template_fields(p_subject, p_body, p_add_on_line) t
  )
  select coalesce(array_agg(f.fault order by f.position, f.fault), '{}')
  from (
    select 1, unnest(text.length_faults(p_channel, p_subject, p_body, p_add_on_line, clock.now()))
    union all
    select 2, unnest(text.placeholder_faults(p_kind, p_subject, p_body, p_add_on_line))
    union all
    select 3, 'not_nfc'
    from whole w
    where w.text is not nfc normalized
    union all
    select 4, unnest(text.character_faults(w.text))
    from whole w
    union all
    select 4, 'character:U+000A'
    where p_subject || coalesce(p_add_on_line, '') ~ '\n'
    union all
    select 5, unnest(text.figure_faults(w.text))
    from whole w
    union all
    select 6, 'script_share'
    from text.template_fields(p_subject, p_body, p_add_on_line) t
    having bool_or(
      coalesce(text.script_share(t.content, p_language), 0) < policy.number('text.min_bengali_share', clock.now())
      and (t.field = 'body' or text.script_share(t.content, p_language) is not null))
    union all
    select 7, unnest(text.word_faults(w.text))
    from whole w
    union all
    select 8, unnest(text.sentence_faults(p_body, p_add_on_line, clock.now()))
  ) as f (position, fault);
end;

comment on function text.faults_on_channel(text, text, text, text, text, text) is
$$All reasons why a template cannot be sent on a channel, as named faults.
Examples: placeholder_missing:link, digit_outside_placeholder, script_share, register:তুমি, shame:অলস, sentence_words:13.
Checks length, placeholders, NFC, characters, figures, script, words (text.listed_word) and sentences; see the _faults functions.
p_add_on_line may be null or blank. The text is not normalized here: apply text.normalized_text first.
Result: empty = acceptable. Values of placeholders are not judged, so the verdict holds for any values.$$;
