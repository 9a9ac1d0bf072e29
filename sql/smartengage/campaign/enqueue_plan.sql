create or replace function smartengage.enqueue_plan(p_campaign_id uuid, p_trigger_key text, p_segments text[], p_later timestamptz default null)
returns bigint
language sql volatile parallel unsafe
return queue.enqueue(
  'plan',
  jsonb_strip_nulls(jsonb_build_object('campaign_id', p_campaign_id, 'trigger_key', p_trigger_key, 'segments', p_segments)),
  p_later, 10, concat_ws('/', 'plan', p_campaign_id, p_trigger_key, extract(epoch from p_later)::bigint));

comment on function smartengage.enqueue_plan(uuid, text, text[], timestamptz) is
$$Asks the worker to plan a run of a campaign, now or at p_later, of some of its segments (null = all); the same trigger key plans once.
Result: the job's id; null if it was asked for already and waits.$$;
