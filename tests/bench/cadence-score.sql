select customer_id, service_id, p7, p14, p28, next_date from cadence_bench.scored(:as_of)
