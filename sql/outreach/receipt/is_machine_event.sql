create or replace function outreach.is_machine_event(p_agent text, p_sent_at timestamptz, p_at timestamptz)
returns boolean
language sql stable parallel safe
return p_agent is null
  or p_agent ~* '(bot|crawl|spider|preview|scan|proxy|fetch|monitor|headless|python|curl|wget|java/|go-http|httpclient|okhttp/0)'
  or p_at < p_sent_at + make_interval(secs => policy.number('machine.seconds', p_at));

comment on function outreach.is_machine_event(text, timestamptz, timestamptz) is
$$Whether an open or click is by a scanner or proxy: by its user agent, or within rule machine.seconds after the delivery.$$;
