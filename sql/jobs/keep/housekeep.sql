create or replace function jobs.housekeep()
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = ''
as $$
declare
  v_pruned int;
begin
  delete from queue.pgqueuer_log l
  where l.created < now() - make_interval(days => policy.number('log.keep', clock.now())::int);
  get diagnostics v_pruned = row_count;
  return jsonb_build_object(
    'log_pruned', v_pruned,
    'accounts_pruned', account.prune_expired(clock.now()),
    'receipts_pruned', outreach.prune_receipts(clock.now()),
    'decisions_pruned', outreach.prune_claim_denials(clock.now()),
    'previews_pruned', smartengage.prune_previews(clock.now()),
    'uplifts_measured', smartengage.refresh_uplift(clock.now()),
    'events_moved', market.drain_default_event_partition(clock.now()),
    'partitions_made', market.make_event_partitions(clock.now()));
end;
$$;

comment on function jobs.housekeep() is
$$Nightly: prunes pgqueuer's log (log.keep days by the wall clock; nothing else does), forgets what sign-in needs no more and what receipts waited for in vain, decisions that no what-if asks for any more (decision.keep), previews of campaigns (preview.keep), measures what campaigns brought (smartengage.refresh_uplift), moves events that came for months without a partition into one, and makes the coming months' partitions.
Result: {log_pruned, accounts_pruned, receipts_pruned, decisions_pruned, previews_pruned, uplifts_measured, events_moved, partitions_made}; events_moved > 0 tells that partitions had not been made ahead. Repeatable.$$;
