create or replace function api.click_link(p_token text, p_agent text default null)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_link outreach.link := outreach.link_by_key(p_token);
  v_machine boolean;
begin
  v_machine := outreach.is_machine_event(p_agent, v_link.created_at, clock.now());
  return jsonb_build_object('recorded', outreach.record_message_events('link', jsonb_build_array(jsonb_build_object(
    'message_id', v_link.message_id, 'kind', 'clicked', 'is_machine', v_machine,
    -- Separate ids, so that an earlier click of a machine does not suppress the person's.
    'source_event_id', v_link.message_id || case when v_machine then '/clicked/machine' else '/clicked' end)), clock.now()) > 0);
end;
$$;

comment on function api.click_link(text, text) is
$$Records that a person viewed the page of a link.
Sent by the page once it is visible, not by fetching it, so that scanners do not count. Clicks of scanners that run scripts are
recognized by user agent and speed, and do not count either. Repeatable.
Errors: SH404 no such link.$$;
