create or replace function stats.log_odds_of_hazard(p_hazard double precision)
returns double precision
language sql immutable parallel safe
return ln(exp(least(greatest(p_hazard, 0.0001), 9.2)) - 1);

comment on function stats.log_odds_of_hazard(double precision) is
$$ln(p / (1 - p)) of p = 1 - exp(-hazard), with p limited to 0.0001 … 0.9999.$$;
