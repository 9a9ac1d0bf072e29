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

comment on view analytics.uplift_overall is
'Uplift of all outreach: people due in any campaign of reminders against the global control group, which is never written to.
At most one row; none until people of both groups were due.';
comment on column analytics.uplift_overall.as_of is 'Instant of the estimate (UTC).';
comment on column analytics.uplift_overall.due is 'Expected bookings of people outside the control group, written to or not.';
comment on column analytics.uplift_overall.controls is 'Expected bookings of the global control group.';
comment on column analytics.uplift_overall.due_people is 'People among due.';
comment on column analytics.uplift_overall.control_people is 'People among controls.';
comment on column analytics.uplift_overall.booked_share is
'Share of due with a booking of the service within the attribution window, 0 to 1.';
comment on column analytics.uplift_overall.control_booked_share is 'Share of controls with such a booking, 0 to 1.';
comment on column analytics.uplift_overall.uplift is
'booked_share - control_booked_share. Not everybody due could be written to: the effect on those who were is larger.';
comment on column analytics.uplift_overall.uplift_low is 'Lower end of the 95 % interval of uplift, as in analytics.uplift.';
comment on column analytics.uplift_overall.uplift_high is 'Upper end of the interval.';
comment on column analytics.uplift_overall.too_early is
'The smaller group has fewer people than the rule uplift.min_sample: draw no conclusions.';
comment on column analytics.uplift_overall.verdict is
'too_early; more or fewer if the interval excludes zero; not_established if it includes it.';
