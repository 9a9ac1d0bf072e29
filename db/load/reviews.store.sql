insert into market.review (booking_id, rating, body, created_at)
select c.booking_id, c.rating, case when c.losses = '' then c.body end, c.created_at
from checked c
where c.faults = ''
  and not c.already;

analyze market.review;
