create or replace view analytics.uplift_overall as
select
  u.as_of,
  u.messages as due,
  u.ghosts as controls,
  u.message_people as due_people,
  u.ghost_people as control_people,
  u.booked_share,
  u.ghost_booked_share as control_booked_share,
  u.uplift,
  u.uplift_low,
  u.uplift_high,
  u.too_early,
  u.verdict
from smartengage.uplift u
where u.scope = 'everything'
  and u.segment is null;

comment on view analytics.uplift_overall is 'What all outreach together brings: everybody due in any campaign against the global control group, who are never written to. No row until somebody was due in both.';
comment on column analytics.uplift_overall.as_of is 'Instant (UTC) of this look.';
comment on column analytics.uplift_overall.due is 'Expected bookings of people who may be written to, whether they could be or not.';
comment on column analytics.uplift_overall.controls is 'Expected bookings of the global control group.';
comment on column analytics.uplift_overall.due_people is 'People among the first.';
comment on column analytics.uplift_overall.control_people is 'People among the second.';
comment on column analytics.uplift_overall.booked_share is 'Share of the first that was booked within the attribution window.';
comment on column analytics.uplift_overall.control_booked_share is 'Share of the second that was.';
comment on column analytics.uplift_overall.uplift is 'Difference of the shares; as some could not be reached, the effect on those who were is greater.';
comment on column analytics.uplift_overall.uplift_low is 'Lower end of its 95 % interval.';
comment on column analytics.uplift_overall.uplift_high is 'Upper end.';
comment on column analytics.uplift_overall.too_early is 'The smaller group has fewer people than uplift.min_sample: do not conclude anything yet.';
comment on column analytics.uplift_overall.verdict is 'too_early; more or fewer: the interval leaves out zero; not_established: it does not.';
