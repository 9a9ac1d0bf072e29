create or replace function queue.trace_headers()
returns jsonb
language sql stable parallel safe
return (
  select jsonb_build_object('traceparent', t.traceparent)
  from nullif(current_setting('shokti.traceparent', true), '') as t (traceparent)
  where t.traceparent is not null);

comment on function queue.trace_headers() is
$$Headers of a new job: {traceparent} (W3C), from the setting shokti.traceparent that app and worker make for each transaction.
Null without the setting, as in psql.$$;
