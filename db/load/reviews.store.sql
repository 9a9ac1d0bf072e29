insert into market.review (booking_id, rating, body, created_at)
select c.booking_id, c.rating, case when c.losses = '' then c.body end, c.created_at
from checked c
where c.faults = ''
  and not c.already;

insert into load_reject (file, line, field, reason, outcome)
select 'reviews', c.line, 'rating', 'differs from the stored one, which is kept', 'kept'
from checked c
join market.review v on v.booking_id = c.booking_id
where c.faults = ''
  and c.already
  and v.rating <> c.rating;

analyze market.review;
