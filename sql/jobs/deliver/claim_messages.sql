create or replace function jobs.claim_messages(p_channel text, p_limit int, p_public_url text, p_adapter text default null)
returns jsonb
language sql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select outreach.claim_messages(p_channel, p_limit, clock.now(), p_public_url, p_adapter);
end;

comment on function jobs.claim_messages(text, int, text, text) is
$$Claims up to p_limit due messages of a channel; each is decided on by itself.
p_public_url: prefix of links. p_adapter: which adapter sends them.
Result: {messages: [{message_id, attempt, channel, purpose, language, address, name, subject, body, link, stop_link, useful_for
(seconds)}], claimed, refused, expired, deferred, more}. link is null where there is nothing to book.
The caller must send every returned message and report it to jobs.record_outcomes; no message is returned twice.$$;
