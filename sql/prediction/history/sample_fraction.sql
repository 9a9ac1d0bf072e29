create or replace function prediction.sample_fraction(p_at timestamptz, p_target_visits double precision)
returns double precision
language sql stable parallel safe
begin atomic
  select least(p_target_visits / greatest(count(*), 1), 1)
  from market.booking b
  where b.status = 'completed'
    and b.completed_at < p_at;
end;

comment on function prediction.sample_fraction(timestamptz, double precision) is
$$Fraction of the customers that has about p_target_visits completed bookings before p_at; 1 if there are fewer.
Fitting reads only this fraction, so it takes seconds for a marketplace of any size.$$;
