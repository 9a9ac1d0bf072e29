create or replace function policy.earlier_value(p_rule text, p_version int, p_at timestamptz)
returns jsonb
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_value jsonb;
begin
  select s.value into v_value
  from policy.setting_version s
  where s.rule = p_rule
    and case
      when p_version is not null then s.version = p_version
      -- The previous one: the latest version that has ended.
      else upper(s.valid_at) <= p_at and not isempty(s.valid_at)
    end
  order by upper(s.valid_at) desc
  limit 1;
  if not found then
    raise exception 'There is no such version' using errcode = 'SH422', column = 'version',
      detail = coalesce(p_version::text, 'previous');
  end if;
  return v_value;
end;
$$;

comment on function policy.earlier_value(text, int, timestamptz) is
$$The value of a given version of a rule or cap; of the version before the one in force if p_version is null.
Errors: SH422 (column version) there is no such version.$$;
