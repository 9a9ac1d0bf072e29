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
$$Whether another cap covers the same purpose and channel (null = all channels) from an instant on, without end.
If not, this cap is the only one: a purpose without any cap sends nothing, so its first cap enables sending.$$;
