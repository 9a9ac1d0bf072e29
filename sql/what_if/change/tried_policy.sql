create or replace function what_if.tried_policy(p_from timestamptz, p_until timestamptz, p_changes jsonb, p_at timestamptz)
returns what_if.tried_policy
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_unknown text;
  v_tried what_if.tried_policy;
begin
  if p_from is null or p_until is null or p_from >= p_until or p_until > p_at then
    raise exception 'The period of a replay lies in the past' using errcode = 'SH422', column = 'since',
      detail = concat_ws(' to ', p_from, p_until), hint = 'Give a beginning and a later end that has passed.';
  end if;
  if p_until - p_from > interval '366 days' then
    raise exception 'The period of a replay is too long' using errcode = 'SH422', column = 'since',
      detail = (p_until - p_from)::text, hint = 'At most 366 days.';
  end if;
  if p_from < p_at - make_interval(days => policy.number('decision.keep', p_at)::int) then
    raise exception 'Decisions of that time have been deleted' using errcode = 'SH422', column = 'since',
      detail = p_from::text, hint = 'Rule decision.keep says how long they are kept: begin later.';
  end if;
  if jsonb_typeof(p_changes) is distinct from 'object' then
    raise exception 'Changes must be an object' using errcode = 'SH422', column = 'value', hint = 'Give {cap: value, …}.';
  end if;

  select x.key into v_unknown
  from jsonb_object_keys(p_changes) as x (key)
  where x.key not in (select c.cap from policy.cap c)
    and x.key not in ('quiet_period', 'instead_of')
  order by x.key
  limit 1;
  if v_unknown in (select r.rule from smartengage.planning_rule r) then
    raise exception 'A rule of planning is tried by a preview, not on history' using errcode = 'SH422', column = 'rule',
      detail = v_unknown, hint = 'POST /admin/campaigns/{campaign_id}/preview with rules.';
  elsif v_unknown is not null then
    raise exception 'History does not tell what another value would have done' using errcode = 'SH422', column = 'rule',
      detail = v_unknown, hint = 'Caps by name, quiet_period, instead_of.';
  end if;
  if p_changes ? 'instead_of' and not exists (
    select from policy.quiet_period q where q.quiet_period_id::text = p_changes ->> 'instead_of') then
    raise exception 'There is no such quiet period' using errcode = 'SH422', column = 'instead_of',
      detail = coalesce(p_changes ->> 'instead_of', 'null'), hint = 'Give the id of one of policy.quiet_period, or leave it out.';
  end if;

  v_tried.changes_quiet := p_changes ?| '{quiet_period,instead_of}';
  v_tried.instead_of := (p_changes ->> 'instead_of')::uuid;
  v_tried.quiet_periods := '{}';
  if p_changes ? 'quiet_period' then
    v_tried.quiet_periods := array[what_if.tried_quiet_period(p_changes, p_from)];
  end if;
  v_tried.caps := array(select c from what_if.tried_caps(p_changes) c);
  -- The unchanged policy is tried for every purpose.
  v_tried.purposes := array(
    select distinct c.purpose
    from policy.cap c
    where p_changes ? c.cap
       or p_changes = '{}'
       or v_tried.changes_quiet
    order by c.purpose);
  return v_tried;
end;
$$;

comment on function what_if.tried_policy(timestamptz, timestamptz, jsonb, timestamptz) is
$$p_changes (see what_if.comparison) as typed values, checked.
The period must be over, no longer than 366 days and still on record; every change must be possible and of a cap or a quiet
period.
Errors: SH422, with the field.$$;
