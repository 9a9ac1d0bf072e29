create or replace function smartengage.transition_allowed(p_status text, p_next text)
returns boolean
language sql immutable parallel safe
return p_next = any (case p_status
  when 'draft' then array['scheduled', 'running', 'stopped']
  when 'scheduled' then array['draft', 'running', 'stopped', 'failed']
  when 'running' then array['paused', 'completed', 'stopped', 'failed']
  when 'paused' then array['running', 'stopped', 'failed']
  -- Mended, it goes on.
  when 'failed' then array['running', 'stopped']
  -- What it has planned may still be waiting, and may have to be stopped.
  when 'completed' then array['stopped']
  else '{}'
end);

comment on function smartengage.transition_allowed(text, text) is
$$Whether a campaign may go from one status to another: draft > scheduled > running > completed; running > paused or failed > running; anything but stopped > stopped.$$;
