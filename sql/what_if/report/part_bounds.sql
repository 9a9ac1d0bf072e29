create or replace function what_if.part_bounds()
returns uuid[]
language sql stable parallel safe
return (
  select
    array['00000000-0000-0000-0000-000000000000'::uuid]
    || array(
      select coalesce(
        (select p.user_id from account.person p order by p.user_id offset n.people * i / 8 limit 1),
        '00000000-0000-0000-0000-000000000000')
      from generate_series(1, 7) as i)
    || array['ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid]
  from (select count(*) as people from account.person) n
);

comment on function what_if.part_bounds() is
$$Nine ids in order that divide all people into eight parts of the same size; a part excludes its upper bound.$$;
