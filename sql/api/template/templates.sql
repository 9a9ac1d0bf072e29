create or replace function api.templates(
  p_actor uuid, p_status text default null, p_kind text default null, p_language text default null, p_form text default null,
  p_origin text default null, p_cursor text default null, p_limit int default 20)
returns jsonb
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_at timestamptz;
  v_id uuid;
  v_page jsonb;
begin
  perform account.authenticate(p_actor, 'admin', clock.now());
  select c.at, c.id into v_at, v_id from edge.cursor_position(p_cursor) c;
  with page as (
    select d.template_id, d.created_at, d.document
    from text.template_document d
    where (p_status is null or d.status = any (string_to_array(p_status, ',')))
      and (p_kind is null or d.kind = p_kind)
      and (p_language is null or d.language = p_language)
      and (p_form is null or d.form = p_form)
      and (p_origin is null or d.origin = p_origin)
      and (v_at is null or (d.created_at, d.template_id) < (v_at, v_id))
    order by d.created_at desc, d.template_id desc
    limit p_limit + 1
  )
  select edge.page(
    array_agg(g.created_at order by g.created_at desc, g.template_id desc),
    array_agg(g.template_id order by g.created_at desc, g.template_id desc),
    array_agg(g.document order by g.created_at desc, g.template_id desc),
    p_limit)
  into v_page
  from page g;
  return v_page;
end;
$$;

comment on function api.templates(uuid, text, text, text, text, text, text, int) is
$$Texts of messages, the newest first.
Filtered by `status` (several separated by commas), kind, language, form and origin.
In pages: `next_cursor` leads to the next, null = last page.
Errors: SH401 the session has ended; SH403 another role.$$;
