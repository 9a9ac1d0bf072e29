-- The layers of the product, lowest first: an object may use its own schema and schemas of a lower level.
create or replace view lint.layer as
select v.schema, v.level
from (values
  -- Applied migrations and definitions; only api reads them.
  ('deploy', 0),
  ('clock', 1),
  ('policy', 2),
  ('queue', 3),
  -- Schemas of one level may not use each other.
  ('edge', 4),
  ('stats', 4),
  ('account', 5),
  ('market', 6),
  ('text', 7),
  ('outreach', 8),
  ('prediction', 9),
  ('smartengage', 10),
  ('coachnova', 11),
  ('explain', 12),
  ('what_if', 12),
  ('analytics', 13),
  ('api', 14),
  ('jobs', 14)
) v (schema, level);
