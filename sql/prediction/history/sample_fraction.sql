create or replace function prediction.sample_fraction(p_at timestamptz, p_visits double precision) returns double precision
language sql stable parallel safe
begin atomic
  select least(p_visits / greatest(count(*), 1), 1)
    from market.booking b
   where b.status = 'completed'
     and b.completed_at < p_at;
end;

comment on function prediction.sample_fraction(timestamptz, double precision) is
  'Share of the customers that gives about p_visits completed bookings before p_at; 1 where there are fewer. Learning reads that share, '
  'so that it takes seconds however large the marketplace is.';
