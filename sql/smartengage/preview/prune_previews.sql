create or replace function smartengage.prune_previews(p_at timestamptz)
returns bigint
language sql volatile parallel unsafe
begin atomic
  with pruned as (
    delete from smartengage.preview p
    where p.requested_at <= p_at - make_interval(hours => (select policy.number('preview.keep', p_at))::int)
    returning 1
  )
  select count(*) from pruned;
end;

comment on function smartengage.prune_previews(timestamptz) is
$$Deletes previews older than preview.keep hours. Result: how many.$$;
