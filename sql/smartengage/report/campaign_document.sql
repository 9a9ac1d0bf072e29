create or replace view smartengage.campaign_document as
select
  c.campaign_id,
  c.created_at,
  c.status,
  jsonb_build_object(
    'campaign_id', c.campaign_id, 'name', c.name, 'kind', c.kind, 'status', c.status, 'enabled', c.enabled,
    'repeats', c.repeats, 'starts_at', c.starts_at, 'ends_at', c.ends_at,
    'segments', c.segments, 'channels', c.channels,
    'canary_share', c.canary_share, 'widened_at', c.widened_at, 'holdout_share', c.holdout_share,
    'window_from', to_char(c.window_from, 'HH24:MI'), 'window_until', to_char(c.window_until, 'HH24:MI'),
    'created_at', c.created_at, 'created_by', c.created_by, 'version', c.version,
    'changed_by', c.changed_by, 'changed_reason', c.changed_reason,
    'last_run', (
      select jsonb_build_object(
        'run_id', r.run_id, 'trigger_key', r.trigger_key, 'planned_at', r.planned_at, 'candidates', r.candidates,
        'segments', r.segments)
      from smartengage.run r
      where r.campaign_id = c.campaign_id
      order by r.planned_at desc, r.run_id desc
      limit 1)) as document
from smartengage.campaign c;

comment on view smartengage.campaign_document is 'Campaigns as admins see them.';
comment on column smartengage.campaign_document.campaign_id is 'The campaign.';
comment on column smartengage.campaign_document.created_at is 'When it was created.';
comment on column smartengage.campaign_document.status is 'draft, scheduled, running, paused, completed, stopped or failed.';
comment on column smartengage.campaign_document.document is 'All columns of the campaign, and its latest run.';
