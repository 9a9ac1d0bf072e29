create or replace view analytics.freshness as
select f.snapshot, f.as_of, f.refreshed_at, f.seconds, f.row_count
from policy.snapshot_refresh f;

comment on view analytics.freshness is 'How old the snapshots are that other views read.';
comment on column analytics.freshness.snapshot is 'Table or materialized view.';
comment on column analytics.freshness.as_of is 'Instant (UTC) it was computed for; uses nothing later.';
comment on column analytics.freshness.refreshed_at is 'When it was last refreshed (UTC).';
comment on column analytics.freshness.seconds is 'How long that took.';
comment on column analytics.freshness.row_count is 'Rows it has.';
