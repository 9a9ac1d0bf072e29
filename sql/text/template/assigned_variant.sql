create or replace function text.assigned_variant(p_template_ids uuid[], p_begins_at double precision[], p_user_id uuid, p_salt text)
returns uuid
language sql immutable parallel safe
return p_template_ids[width_bucket(stats.bucket(p_user_id, p_salt), p_begins_at)];

comment on function text.assigned_variant(uuid[], double precision[], uuid, text) is
$$The variant that a person is shown: the one in whose part of 0..1 their stable draw for the salt falls; p_begins_at ascending from 0, as text.variant_odds gives it.
The same person, salt and odds give the same variant. Null where there are no texts.$$;
