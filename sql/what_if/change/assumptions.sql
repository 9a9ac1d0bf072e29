create or replace function what_if.assumptions(p_changes_quiet boolean)
returns text[]
language sql immutable parallel safe
return array(
  select v.sentence
  from (values
    (1, true, 'If a message is sent at another instant, the provider accepts it and its link is used as it was.'),
    (2, true, 'A place that a message leaves free is taken only by messages that waited or were refused for it at their claim.'),
    (3, true, 'What planning refused or postponed for a cap stays so: under a looser cap, newly and earlier are lower bounds.'),
    (4, true, 'The hours that planning chose stay, even where planning would now choose others.'),
    (5, p_changes_quiet, 'Time zones and own quiet hours are those of today, and campaigns count with their widest window.'),
    (6, p_changes_quiet, 'What a quiet time deferred that is left out goes when it was first stopped, if the caps allow.')
  ) as v (place, applies, sentence)
  where v.applies
  order by v.place);

comment on function what_if.assumptions(boolean) is
$$What a replay assumes where history does not tell: one sentence each, for the readers of its figures.
p_changes_quiet: whether it tries quiet periods.$$;
