create or replace function jobs.housekeep()
returns jsonb
language sql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select jsonb_build_object(
    'log_pruned', queue.prune_log(now() - make_interval(days => policy.number('log.keep', clock.now())::int)),
    'sign_ins_pruned', edge.prune_expired(clock.now()) + account.prune_expired(clock.now()),
    'receipts_pruned', outreach.prune_receipts(clock.now()),
    'decisions_pruned', outreach.prune_claim_denials(clock.now()),
    'previews_pruned', smartengage.prune_previews(clock.now()),
    'uplifts_refreshed', smartengage.refresh_uplift(clock.now()),
    'events_moved', market.drain_default_event_partition(clock.now()),
    'partitions_made', market.make_event_partitions(clock.now()));
end;

comment on function jobs.housekeep() is
$$Nightly maintenance.
Deletes old rows of pgqueuer's log (log.keep days by the wall clock), expired sign-in data, allowances and stored answers,
unmatched receipts, expired claim denials (decision.keep) and previews of campaigns (preview.keep). Refreshes the uplift. Moves app
events out of the default partition and creates the next partitions.
Result: {log_pruned, sign_ins_pruned, receipts_pruned, decisions_pruned, previews_pruned, uplifts_refreshed, events_moved,
partitions_made}, as counts. events_moved > 0: partitions were not made ahead, or phones sent old events. Repeatable.$$;
