create or replace function outreach.bounce_class(p_detail jsonb)
returns text
language sql immutable parallel safe
return case
  when p_detail ->> 'bounce' in ('vacation', 'mailbox_full') then p_detail ->> 'bounce'
  when p_detail ->> 'status' ~ '^[45]\.2\.2$' then 'mailbox_full'
  -- 5.7.x is a judgement on us (policy, reputation), not on the address: one blocked relay must not silence everybody.
  when p_detail ->> 'status' ~ '^5\.' and p_detail ->> 'status' !~ '^5\.7\.' then 'hard'
  when p_detail ->> 'status' ~ '^(4\.|5\.7\.)' then 'soft'
  when p_detail ->> 'bounce' = 'hard' then 'hard'
  else 'soft'
end;

comment on function outreach.bounce_class(jsonb) is
$$What a bounce says about the address: hard | soft | mailbox_full | vacation, from what the provider calls it (bounce) and the code of RFC 3463 (status).
The code wins, as some providers call hard bounces transient; what is not told is soft.$$;
