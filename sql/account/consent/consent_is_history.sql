create or replace function account.consent_is_history()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op = 'UPDATE'
     and lower(new.valid_at) = lower(old.valid_at)
     and upper_inf(old.valid_at)
     and (new.user_id, new.channel, new.purpose, new.source, new.wording_version, new.actor)
       = (old.user_id, old.channel, old.purpose, old.source, old.wording_version, old.actor) then
    return new;
  end if;
  raise exception 'A consent can be withdrawn, but never deleted, changed or reopened' using errcode = 'SH409',
    hint = 'Use account.withdraw_consent and account.grant_consent.';
end;
$$;

comment on function account.consent_is_history() is
$$Trigger: of a consent, only an open end can be set, once; rows are never deleted or changed otherwise.$$;

create or replace trigger consent_is_history
before update or delete on account.consent
for each row execute function account.consent_is_history();

create or replace trigger consent_is_not_emptied
before truncate on account.consent
for each statement execute function account.consent_is_history();
