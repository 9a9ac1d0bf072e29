create or replace function policy.is_capped_by_others(p_cap text, p_purpose text, p_channel text, p_from timestamptz)
returns boolean
language sql stable parallel safe
begin atomic
  select exists (
    select
    from policy.cap o
    where o.cap <> p_cap
      and o.purpose = p_purpose
      and (o.channel is null or o.channel = p_channel)
      and o.valid_at @> p_from
      and upper_inf(o.valid_at));
end;

comment on function policy.is_capped_by_others(text, text, text, timestamptz) is
$$Whether all that a cap binds (a purpose on a channel, null = on all) is bound by another cap as well, from an instant on without end.
Where it is not, that cap is what permits sending at all: a purpose without any cap sends nothing.$$;
