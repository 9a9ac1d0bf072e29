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
$$A template's body for channels whose links are buttons (push, WhatsApp).
The sentence with {stop_link} is removed. {link}, with a colon or dash before it, becomes an ellipsis:
দিন বেছে নিন: {link} > দিন বেছে নিন….
A body of which nothing would remain is returned unchanged.$$;
