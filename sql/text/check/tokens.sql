create or replace function text.tokens(p_text text)
returns text[]
language sql immutable parallel safe
begin atomic
  select coalesce(array_agg(m.match[1] order by m.place), '{}')
  from regexp_matches(p_text, '[\u0980-\u09ff\u200c\u200d]+', 'g') with ordinality as m (match, place);
end;

comment on function text.tokens(text) is
$$The Bengali words of a text in their order: whole runs of the Bengali block and the joiners, split on everything else.
Never \y, which sees word boundaries inside Bengali words (বাল in বাল্ব). The danda is outside the block, so it splits.$$;
