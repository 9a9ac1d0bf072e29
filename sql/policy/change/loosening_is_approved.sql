create or replace function policy.loosening_is_approved()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  v_new jsonb := to_jsonb(new);
  v_rule text := coalesce(v_new ->> 'rule', v_new ->> 'cap');
  v_value jsonb := coalesce(v_new -> 'value', jsonb_build_object(
    'max_messages', v_new -> 'max_messages', 'window_hours', v_new -> 'window_hours',
    'purpose', v_new -> 'purpose', 'channel', v_new -> 'channel'));
begin
  if policy.is_person_id(new.author)
     and policy.change_loosens(v_rule, v_value, lower(new.valid_at))
     and not policy.is_approved_proposal(new.proposal_id, v_rule, v_value) then
    raise exception 'A change that protects people less needs the approval of a second admin' using errcode = 'SH409',
      detail = v_rule, constraint = tg_name;
  end if;
  return new;
end;
$$;

comment on function policy.loosening_is_approved() is
$$Trigger: a version of a rule or cap that an admin sets (author = their id) and that loosens applies an approved proposal.
A version set in psql under another name needs no approval; policy.audit records the login.$$;

create or replace trigger rule_loosening_is_approved
before insert on policy.rule
for each row execute function policy.loosening_is_approved();

create or replace trigger cap_loosening_is_approved
before insert on policy.cap
for each row execute function policy.loosening_is_approved();
