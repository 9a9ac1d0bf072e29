create or replace function what_if.check_changes(p_from timestamptz, p_until timestamptz, p_changes jsonb, p_at timestamptz)
returns void
language plpgsql stable parallel safe
set search_path = ''
as $$
declare
  v_bad record;
begin
  if p_from is null or p_until is null or p_from >= p_until or p_until > p_at then
    raise exception 'The period of a replay lies in the past' using errcode = 'SH422', column = 'since',
      detail = concat_ws(' to ', p_from, p_until), hint = 'Give a beginning and a later end that has passed.';
  end if;
  if p_until - p_from > interval '366 days' then
    raise exception 'The period of a replay is too long' using errcode = 'SH422', column = 'since',
      detail = (p_until - p_from)::text, hint = 'At most 366 days: that long is history kept.';
  end if;
  if p_from < p_at - make_interval(days => policy.number('decision.keep', p_at)::int) then
    raise exception 'What was decided then is kept no more' using errcode = 'SH422', column = 'since',
      detail = p_from::text, hint = 'Rule decision.keep tells how long it is kept: begin later.';
  end if;
  if jsonb_typeof(p_changes) is distinct from 'object' then
    raise exception 'Changes are told as an object' using errcode = 'SH422', column = 'value',
      hint = 'Give {"rule or cap": value, …}.';
  end if;

  select x.key, x.value into v_bad
  from jsonb_each(p_changes) x
  where not exists (select from policy.cap c where c.cap = x.key)
    and x.key not in (select u.rule from what_if.replayable_rule u)
    and x.key not in ('quiet_period', 'instead_of')
  order by x.key
  limit 1;
  if found then
    raise exception 'History does not tell what another value of this rule would have done' using errcode = 'SH422',
      column = 'rule', detail = v_bad.key,
      hint = 'Caps by name, quiet_period, instead_of, and the rules of what_if.replayable_rule.';
  end if;
  if p_changes ?| '{quiet_period,instead_of}' then
    perform what_if.check_tried_quiet_period(p_changes, p_from);
  end if;

  select x.key, x.value into v_bad
  from jsonb_each(p_changes) x
  join policy.cap c on c.cap = x.key
  where jsonb_typeof(x.value) <> 'object'
     or (x.value - '{max_messages,window_hours}'::text[]) <> '{}'
     or not (x.value ?| '{max_messages,window_hours}'::text[])
     or not coalesce(x.value ->> 'max_messages', '0') ~ '^\d{1,6}$'
     or x.value ? 'window_hours' and not coalesce(x.value ->> 'window_hours', '') ~ '^\d{1,4}$'
     -- No cast before the text is known to be a number.
     or case when x.value ->> 'window_hours' ~ '^\d{1,4}$' then (x.value ->> 'window_hours')::int not between 1 and 8784 else false end
  limit 1;
  if found then
    raise exception 'The value of a cap is not one' using errcode = 'SH422', column = 'value', detail = v_bad.key,
      hint = 'Give max_messages from 0 on, or null for no limit, and window_hours from 1 to 8784, or one of them.';
  end if;

  select x.key, x.value, u.meaning into v_bad
  from jsonb_each(p_changes) x
  join what_if.replayable_rule u on u.rule = x.key
  join policy.rule_definition k on k.rule = x.key
  where case
    when jsonb_typeof(x.value) <> 'number' then true
    when x.value::numeric not between k.minimum and k.maximum then true
    else exists (
      select
      from policy.rule r
      where r.rule = x.key
        and r.valid_at && tstzrange(p_from, p_until)
        and case u.direction
          when 'up' then r.value::numeric > x.value::numeric
          when 'down' then r.value::numeric < x.value::numeric
          else false
        end)
  end
  limit 1;
  if found then
    raise exception 'History does not tell what this value would have done' using errcode = 'SH422', column = 'value',
      detail = v_bad.key || ': ' || v_bad.value, hint = v_bad.meaning;
  end if;
end;
$$;

comment on function what_if.check_changes(timestamptz, timestamptz, jsonb, timestamptz) is
$$Whether a replay can answer: the period is over and no longer than history is kept, every change is one that history can tell of (caps, a quiet period more, less or other, what_if.replayable_rule), every value possible.
Errors: SH422, with the field.$$;
