create or replace function policy.set_cap(
  p_cap text, p_value jsonb, p_author text, p_reason text, p_from timestamptz,
  p_at timestamptz default null, p_proposal_id uuid default null)
returns int
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_last policy.cap;
begin
  perform policy.lock_changes();
  perform policy.set_audit_actor(p_author);
  select c.* into v_last from policy.cap c where c.cap = p_cap order by c.version desc limit 1;
  -- A new version replaces scheduled ones: those that have not begun at p_at are withdrawn.
  update policy.cap c
  set valid_at = 'empty'
  where c.cap = p_cap
    and lower(c.valid_at) >= p_from
    and lower(c.valid_at) > p_at;
  if exists (select from policy.cap c where c.cap = p_cap and lower(c.valid_at) >= p_from) then
    raise exception 'A later version of the cap exists' using errcode = 'SH409', detail = p_cap;
  end if;
  update policy.cap c
  set valid_at = tstzrange(lower(c.valid_at), p_from)
  where c.cap = p_cap
    and c.valid_at @> p_from;
  if p_value <> 'null' then
    insert into policy.cap
      (cap, version, purpose, channel, max_messages, window_hours, valid_at, author, reason, proposal_id)
    values (p_cap, coalesce(v_last.version, 0) + 1,
            case when v_last.cap is null then p_value ->> 'purpose' else v_last.purpose end,
            case when v_last.cap is null then p_value ->> 'channel' else v_last.channel end,
            (p_value ->> 'max_messages')::int, (p_value ->> 'window_hours')::int,
            tstzrange(p_from, null), p_author, p_reason, p_proposal_id)
    returning * into v_last;
  end if;
  perform policy.supersede_proposal(p_cap);
  return v_last.version;
end;
$$;

comment on function policy.set_cap(text, jsonb, text, text, timestamptz, timestamptz, uuid) is
$$Sets, creates or ends (JSON null) a frequency cap from an instant on; it binds every claim at or after p_from.
p_value: {max_messages (0 = none, null = no limit), window_hours, purpose, channel}; the last two are read for a new cap only.
p_at: later versions that have not begun at p_at are withdrawn (null = none; such a version is an error).
p_proposal_id: the approved proposal that it applies. Result: the last version.
Errors: SH409 a later version exists, or an admin loosens without approval.$$;
