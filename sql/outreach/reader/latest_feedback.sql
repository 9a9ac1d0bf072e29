create or replace view outreach.latest_feedback as
select distinct on (e.message_id) e.message_id, e.kind = 'useful' as useful, e.recorded_at
from outreach.message_event e
where e.kind in ('useful', 'not_useful')
order by e.message_id, e.recorded_at desc, e.event_id desc;

comment on view outreach.latest_feedback is 'What the reader of a message said of it at last: useful or not; one row a message that was judged.';
comment on column outreach.latest_feedback.useful is 'Their last word: true = yes.';
comment on column outreach.latest_feedback.recorded_at is 'When they said it.';
