create or replace function queue.redact_jobs(p_words text[])
returns void
language plpgsql volatile parallel unsafe
set search_path = ''
as $$
begin
  -- Payloads hold ids only; this is for what slipped in all the same, by hand or by an older release, and for
  -- tracebacks, whose text is whatever an outside service said.
  update queue.pgqueuer q
  set payload = convert_to('{"erased": true}', 'UTF8'), headers = null
  where exists (
    select
    from unnest(p_words) as w (word)
    -- Whoever calls themselves "channel" must not take the jobs of others along: waiting jobs are searched for
    -- addresses only, held ones not for what could be an identifier.
    where case when q.status = 'failed' then w.word ~ '[^a-z0-9_-]' else w.word ~ '[@+]' end
      and (position(convert_to(w.word, 'UTF8') in q.payload) > 0 or strpos(q.headers::text, w.word) > 0));
  update queue.pgqueuer_log l
  set traceback = null
  where exists (select from unnest(p_words) as w (word) where strpos(l.traceback::text, w.word) > 0);
end;
$$;

comment on function queue.redact_jobs(text[]) is
$$Empties the payload of every job, waiting or held, and every traceback in the log that contains one of the words; words that could be an identifier are looked for in tracebacks only.$$;
