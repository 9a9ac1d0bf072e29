create or replace function stats.newcombe_interval(
  p_share_1 double precision, p_n_1 double precision, p_share_0 double precision, p_n_0 double precision)
returns table (difference double precision, low double precision, high double precision)
language sql immutable parallel safe
begin atomic
  select
    p_share_1 - p_share_0,
    p_share_1 - p_share_0 - sqrt((p_share_1 - a.low) ^ 2 + (b.high - p_share_0) ^ 2),
    p_share_1 - p_share_0 + sqrt((a.high - p_share_1) ^ 2 + (p_share_0 - b.low) ^ 2)
  from stats.wilson_interval(p_share_1, p_n_1) a
  cross join stats.wilson_interval(p_share_0, p_n_0) b;
end;

comment on function stats.newcombe_interval(double precision, double precision, double precision, double precision) is
$$The difference of two independent shares with its 95 % interval, by Newcombe's hybrid score method.
It combines two Wilson intervals, so it holds for small samples and rare events, unlike the normal approximation.
No row if a group is empty. Source: Newcombe, Statistics in Medicine 17 (1998), 873–890, method 10.$$;
