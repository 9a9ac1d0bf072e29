create or replace function outreach.bounce_class(p_detail jsonb)
returns text
language sql immutable parallel safe
return case
  when p_detail ->> 'bounce' in ('vacation', 'mailbox_full') then p_detail ->> 'bounce'
  when p_detail ->> 'status' ~ '^[45]\.2\.2$' then 'mailbox_full'
  -- 5.7.x concerns the sender (policy, reputation), not the address: one blocked relay must not suppress everybody.
  when p_detail ->> 'status' ~ '^5\.' and p_detail ->> 'status' !~ '^5\.7\.' then 'hard'
  when p_detail ->> 'status' ~ '^(4\.|5\.7\.)' then 'soft'
  when p_detail ->> 'bounce' = 'hard' then 'hard'
  else 'soft'
end;

comment on function outreach.bounce_class(jsonb) is
$$What a bounce says about the address: hard | soft | mailbox_full | vacation.
From the provider's class (bounce) and the code of RFC 3463 (status). The code wins, as some providers call hard bounces transient.
Without either the bounce is soft.$$;
