create or replace function jobs.next_due_at(p_run_id uuid)
returns jsonb
language sql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select jsonb_build_object('next_due_at', min(case m.state when 'claimed' then m.state_at else m.due_at end))
  from outreach.message m
  where m.run_id = p_run_id
    and m.state in ('scheduled', 'claimed');
end;

comment on function jobs.next_due_at(uuid) is
$$When the next waiting message of a run is due (a claimed one counts from its claim).
Result: {next_due_at}; null if none is waiting.$$;
