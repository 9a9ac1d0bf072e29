create or replace function text.without_links(p_body text)
returns text
language sql immutable parallel safe
begin atomic
  select coalesce(nullif(btrim(w.text, E' \n'), ''), p_body)
  from (
    select regexp_replace(
      regexp_replace(p_body, '[^।.!?\n]*\{stop_link\}[^।.!?\n]*[।.!?]?', '', 'g'),
      '[ :–—-]*\{link\}[।.]?', '…', 'g') as text
  ) w;
end;

comment on function text.without_links(text) is
$$A template's body for channels where the links are pressed, not read (push, WhatsApp): without the sentence that leads to {stop_link}, and what leads to {link} ends in an ellipsis.
দিন বেছে নিন: {link} becomes দিন বেছে নিন…. A body of which nothing would be left stays as it is.$$;
