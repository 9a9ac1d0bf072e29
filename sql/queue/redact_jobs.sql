create or replace function queue.redact_jobs(p_terms text[])
returns void
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
begin
  -- Payloads hold ids only: this finds what was inserted by hand or by an older release. Tracebacks quote other services.
  update queue.pgqueuer q
  set payload = convert_to('{"erased": true}', 'UTF8'), headers = null
  where exists (
    select
    from unnest(p_terms) as t (term)
    -- A name such as "channel" would match every payload, so waiting jobs are searched for addresses only,
    -- and held ones not for terms that could be identifiers.
    where case when q.status = 'failed' then t.term ~ '[^a-z0-9_-]' else t.term ~ '[@+]' end
      and (position(convert_to(t.term, 'UTF8') in q.payload) > 0 or strpos(q.headers::text, t.term) > 0));
  update queue.pgqueuer_log l
  set traceback = null
  where exists (select from unnest(p_terms) as t (term) where strpos(l.traceback::text, t.term) > 0);
end;
$$;

comment on function queue.redact_jobs(text[]) is
$$Removes terms that identify a person from the queue: empties the payload of each job, and each traceback, that contains one.
Jobs that wait are searched for addresses only (@ or +), held ones for terms that cannot be identifiers, tracebacks for all.$$;
