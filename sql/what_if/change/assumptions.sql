create or replace function what_if.assumptions(p_changes jsonb)
returns text[]
language sql stable parallel safe
return array(
  select v.sentence
  from (values
    (1, true, 'Where a message goes at another instant, the provider is taken to accept it, and the link to be used as it was.'),
    (2, true, 'A place that a message leaves free is taken by messages that waited or were refused for it, not by what was refused for another reason.'),
    (3, true, 'The hours that planning chose stay, also where a quiet time would now let it choose others.'),
    (4, what_if.replans_capped(p_changes), 'What planning put off for a cap goes at the hour that was wanted, if the cap would have been free then.'),
    (4, not what_if.replans_capped(p_changes), 'What planning put off for a cap stays put off, also where what took the place would not go.'),
    (5, what_if.touches_timing(p_changes), 'Quiet times are those of each person''s present zone and own quiet hours, and of the campaigns'' widest window.'),
    (6, p_changes ?| '{quiet_period,instead_of}', 'What was put off for a quiet time that there would not have been goes when it was first stopped, if the caps allow.'),
    (7, p_changes ? 'reminder.useful_for', 'What expired goes at the instant at which it was found expired, if the other gates allow; a customer no longer planned for is not planned for on later days.'),
    (8, p_changes ? 'reminder.lead', 'What would have been planned on a later day goes at the hour that was chosen, so many days later; after the end of the period nothing is planned.'),
    (9, p_changes ? 'reminder.min_p14', 'Who became likely enough on a later day is planned for then, at the hour that was chosen.')
  ) as v (place, applies, sentence)
  where v.applies
  order by v.place);

comment on function what_if.assumptions(jsonb) is
$$What a replay under p_changes (see what_if.comparison) takes for granted, as history does not tell it: a sentence each, for whoever reads the figures.$$;
