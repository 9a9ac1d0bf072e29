create or replace view outreach.latest_feedback as
select distinct on (e.message_id) e.message_id, e.kind = 'useful' as useful, e.recorded_at
from outreach.message_event e
where e.kind in ('useful', 'not_useful')
order by e.message_id, e.recorded_at desc, e.event_id desc;

comment on view outreach.latest_feedback is 'Latest feedback per message; one row per message with feedback.';
comment on column outreach.latest_feedback.message_id is 'The message.';
comment on column outreach.latest_feedback.useful is 'True = useful.';
comment on column outreach.latest_feedback.recorded_at is 'Instant (UTC) of the feedback.';
