create or replace function policy.cap_loosening_is_approved()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if policy.is_person_id(new.author)
     and coalesce(
       (select policy.cap_loosens(c.max_messages, c.window_hours, new.max_messages, new.window_hours)
        from policy.cap c
        where c.cap = new.cap
          and upper(c.valid_at) = lower(new.valid_at)),
       not policy.is_capped_by_others(new.cap, new.purpose, new.channel, lower(new.valid_at)))
     and not policy.is_approved_proposal(
       new.proposal_id, new.cap,
       jsonb_build_object('max_messages', new.max_messages, 'window_hours', new.window_hours, 'purpose', new.purpose, 'channel', new.channel)) then
    raise exception 'Two admins have to agree to what protects people less' using errcode = 'SH409',
      detail = new.cap, constraint = 'cap_loosening_is_approved';
  end if;
  return new;
end;
$$;

comment on function policy.cap_loosening_is_approved() is
$$Trigger: a version by an admin (their id is its author) that loosens the one it follows, or permits what no cap permitted, carries out a proposal that another admin approved.
The owner's own hand in psql, under another name, may; policy.audit has the login.$$;

create or replace trigger cap_loosening_is_approved
before insert on policy.cap
for each row execute function policy.cap_loosening_is_approved();
