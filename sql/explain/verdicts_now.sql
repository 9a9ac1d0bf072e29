create or replace function explain.verdicts_now(p_person text)
returns table (
  campaign text, service text, stage text, gate text, verdict text, reason text, rule text, frees_at timestamptz, evidence jsonb)
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_user_id uuid;
begin
  select p.user_id into v_user_id from account.person p where p.external_id = p_person;
  if v_user_id is null and pg_input_is_valid(p_person, 'uuid') then
    v_user_id := p_person::uuid;
  end if;
  return query
  select
    c.name, s.code, x.stage, case when x.gate = 'outcome' then '= outcome' else x.gate end, x.verdict, x.reason,
    x.rule || ' v' || x.rule_version, x.frees_at, jsonb_strip_nulls(x.evidence)
  from explain.verdicts(v_user_id, clock.now()) x
  left join smartengage.campaign c on c.campaign_id = x.campaign_id
  left join market.service s on s.service_id = x.service_id;
end;
$$;

comment on function explain.verdicts_now(text) is
$$explain.verdicts of this moment, for reading in psql: who is an external id or a uuid.
«= outcome» is the answer; the rows after it are its gates in order. No row: an unknown person, or no campaign and no message.$$;
