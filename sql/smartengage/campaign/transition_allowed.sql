create or replace function smartengage.transition_allowed(p_status text, p_next text)
returns boolean
language sql immutable parallel safe
return p_next = any (case p_status
  when 'draft' then array['scheduled', 'running', 'stopped']
  when 'scheduled' then array['draft', 'running', 'stopped', 'failed']
  when 'running' then array['paused', 'completed', 'stopped', 'failed']
  when 'paused' then array['running', 'stopped', 'failed']
  -- A failed campaign can be resumed.
  when 'failed' then array['running', 'stopped']
  -- Its planned messages may still be waiting.
  when 'completed' then array['stopped']
  else '{}'
end);

comment on function smartengage.transition_allowed(text, text) is
$$Whether the status of a campaign may change from p_status to p_next: draft > scheduled or running;
scheduled > draft, running or failed; running > paused, completed or failed; paused > running or failed; failed > running;
any but stopped > stopped.$$;
