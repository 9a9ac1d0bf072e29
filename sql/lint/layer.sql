-- The layers of the product, lowest first: an object may use its own schema and those of a lower level.
create or replace view lint.layer as
select v.schema, v.level
from (values
  -- What has been applied here; api tells it, nothing else asks.
  ('deploy', 0),
  ('clock', 1),
  ('policy', 2),
  ('queue', 3),
  ('account', 4),
  ('market', 5),
  ('outreach', 6),
  ('smartengage', 7),
  ('coachnova', 8),
  ('analytics', 9),
  -- The two edges stand side by side: neither may use the other.
  ('api', 10),
  ('jobs', 10)
) v (schema, level);
