create or replace function explain.prediction_at(p_user_id uuid, p_at timestamptz)
returns table (
  service_id uuid, as_of timestamptz, visits int, p14 double precision, expected_at timestamptz, segment text, segment_version int)
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
begin
  if exists (select from smartengage.predicted_booking f where f.user_id = p_user_id and f.as_of > p_at) then
    return query select * from explain.past_prediction(p_user_id, p_at);
  else
    return query
    select f.service_id, f.as_of, f.visits, f.p14, f.expected_at, c.segment, c.segment_version
    from smartengage.predicted_booking f
    left join smartengage.customer_segment c on c.user_id = f.user_id
    where f.user_id = p_user_id;
  end if;
end;
$$;

comment on function explain.prediction_at(uuid, timestamptz) is
$$What planning at an instant knows of one person: a row for each service with a rhythm.
It reads smartengage.predicted_booking and smartengage.customer_segment if they are of that instant or older; else
explain.past_prediction.$$;
