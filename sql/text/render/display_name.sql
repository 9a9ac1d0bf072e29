create or replace function text.display_name(p_name text)
returns text
language sql immutable parallel safe
return case
  -- Nearly every name is plain, and this check is 100 times cheaper than sanitizing.
  when p_name ~ (
    '^[A-Za-z\u0985-\u09b9\u09dc-\u09e1][A-Za-z\u0981-\u09e3\u200c\u200d]{1,20}\.?'
    '( [A-Za-z\u0985-\u09b9\u09dc-\u09e1][A-Za-z\u0981-\u09e3\u200c\u200d]*){1,3}$')
    and not text.is_placeholder_name(p_name)
    then p_name
  else text.sanitized_name(p_name)
end;

comment on function text.display_name(text) is
$$A person's name as a message may contain it; null if it is not usable (see text.sanitized_name).$$;
