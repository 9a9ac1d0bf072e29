create or replace function text.assigned_variant(
  p_template_ids uuid[], p_bucket_from double precision[], p_user_id uuid, p_salt text)
returns uuid
language sql immutable parallel safe
return p_template_ids[width_bucket(stats.bucket(p_user_id, p_salt), p_bucket_from)];

comment on function text.assigned_variant(uuid[], double precision[], uuid, text) is
$$The variant that a person gets: the one whose interval contains the person's bucket for the salt (stats.bucket).
p_bucket_from: starts of the intervals, ascending from 0 (text.variant_odds).
The same person, salt and odds give the same variant. Null if there are no texts.$$;
