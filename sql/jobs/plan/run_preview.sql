create or replace function jobs.run_preview(p_preview_id uuid)
returns jsonb
language sql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select jsonb_build_object('preview_id', p_preview_id, 'done', smartengage.run_preview(p_preview_id, clock.now()) is not null);
end;

comment on function jobs.run_preview(uuid) is
$$Computes a preview of a campaign that was asked for (smartengage.run_preview).
Result: {preview_id, done}; done false = there was nothing left to do. Repeatable.$$;
