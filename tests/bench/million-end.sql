-- The indexes of the bookings (million.sql); bookings point to nobody, as nothing is deleted here.
alter table market.booking add constraint booking_pkey primary key (booking_id);
create index booking_visit_idx on market.booking (customer_id, service_id, completed_at) where status = 'completed';
create index booking_recent_idx on market.booking (customer_id, created_at) include (source);
