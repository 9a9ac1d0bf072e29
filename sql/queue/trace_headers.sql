create or replace function queue.trace_headers()
returns jsonb
language sql stable parallel safe
return (
  select jsonb_build_object('traceparent', t.traceparent)
  from nullif(current_setting('shokti.traceparent', true), '') as t (traceparent)
  where t.traceparent is not null);

comment on function queue.trace_headers() is
$$Headers of a job made now: the trace (W3C traceparent) that the app or the worker told for this transaction as shokti.traceparent.
Result: {traceparent}; null where none was told, as at psql.$$;
