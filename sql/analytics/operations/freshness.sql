create or replace view analytics.freshness as
select f.snapshot, f.as_of, f.refreshed_at, f.seconds, f.row_count
from policy.snapshot_refresh f;

comment on view analytics.freshness is
'Age of the snapshots that other views read: one row per snapshot.';
comment on column analytics.freshness.snapshot is 'Table or materialized view.';
comment on column analytics.freshness.as_of is 'Instant for which it was computed (UTC); it uses no later data.';
comment on column analytics.freshness.refreshed_at is 'Instant of the last refresh (UTC).';
comment on column analytics.freshness.seconds is 'Duration of the last refresh in seconds.';
comment on column analytics.freshness.row_count is 'Rows after the last refresh.';
