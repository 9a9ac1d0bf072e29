create or replace function policy.rule_loosening_is_approved()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if policy.is_person_id(new.author)
     and exists (
       select
       from policy.rule r
       join policy.rule_definition k on k.rule = r.rule
       where r.rule = new.rule
         and upper(r.valid_at) = lower(new.valid_at)
         and policy.rule_loosens(k.loosens, r.value, new.value))
     and not policy.is_approved_proposal(new.proposal_id, new.rule, new.value) then
    raise exception 'Two admins have to agree to what protects people less' using errcode = 'SH409',
      detail = new.rule, constraint = 'rule_loosening_is_approved';
  end if;
  return new;
end;
$$;

comment on function policy.rule_loosening_is_approved() is
$$Trigger: a version by an admin (their id is its author) that loosens the one it follows carries out a proposal that another admin approved.
The owner's own hand in psql, under another name, may; policy.audit has the login.$$;

create or replace trigger rule_loosening_is_approved
before insert on policy.rule
for each row execute function policy.rule_loosening_is_approved();
