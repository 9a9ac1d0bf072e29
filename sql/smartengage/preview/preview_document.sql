create or replace function smartengage.preview_document(p_campaign_id uuid, p_preview_id uuid, p_at timestamptz)
returns jsonb
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_keep constant interval := make_interval(hours => policy.number('preview.keep', p_at)::int);
  v_document jsonb;
begin
  select jsonb_build_object(
    'preview_id', p.preview_id,
    'campaign_id', p.campaign_id,
    'status', case when p.result is null then 'queued' else 'done' end,
    'requested_at', p.requested_at,
    'requested_by', p.requested_by,
    'expires_at', p.requested_at + v_keep,
    'rules', p.rules,
    'segments', p.segments,
    'holdout_share', p.holdout_share,
    'window_from', to_char(p.window_from, 'HH24:MI'),
    'window_until', to_char(p.window_until, 'HH24:MI'),
    'result', p.result)
  into v_document
  from smartengage.preview p
  where p.preview_id = p_preview_id
    and p.campaign_id = p_campaign_id
    -- Pruning is nightly.
    and p.requested_at > p_at - v_keep;
  if not found then
    raise exception 'There is no such preview' using errcode = 'SH404', detail = p_preview_id::text;
  end if;
  return v_document;
end;
$$;

comment on function smartengage.preview_document(uuid, uuid, timestamptz) is
$$A preview of a campaign as admins see it.
{preview_id, campaign_id, status: queued or done, requested_at, requested_by, expires_at; rules, segments, holdout_share,
window_from, window_until as asked for (null = the campaign's); result: smartengage.planning_preview, null until done}.
Errors: SH404 no such preview, or it has expired.$$;
