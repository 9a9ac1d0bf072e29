create or replace function smartengage.enqueue_plan(
  p_campaign_id uuid, p_trigger_key text, p_segments text[], p_not_before timestamptz default null)
returns bigint
language sql volatile parallel unsafe
return queue.enqueue(
  'plan',
  jsonb_strip_nulls(jsonb_build_object('campaign_id', p_campaign_id, 'trigger_key', p_trigger_key, 'segments', p_segments)),
  p_not_before, 10, concat_ws('/', 'plan', p_campaign_id, p_trigger_key, extract(epoch from p_not_before)::bigint));

comment on function smartengage.enqueue_plan(uuid, text, text[], timestamptz) is
$$Enqueues a job that plans a run of a campaign, for some of its segments (null = all). The same trigger key plans once.
p_not_before: earliest start, null = now. Result: id of the job, null if the same job is already waiting.$$;
