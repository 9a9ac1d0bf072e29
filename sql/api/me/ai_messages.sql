create or replace function api.ai_messages(p_actor uuid, p_cursor text default null, p_limit int default 20)
returns jsonb
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_person account.person := account.authenticate(p_actor, 'customer', clock.now());
begin
  return outreach.sent_messages(v_person.user_id, p_cursor, p_limit);
end;
$$;

comment on function api.ai_messages(uuid, text, int) is
$$Messages that campaigns sent to the caller, the latest first.
Texts as sent, without their links.
In pages: `next_cursor` leads to the next, null = last page.
Errors: SH401 the session has ended; SH403 another role.$$;
