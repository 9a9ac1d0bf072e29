create or replace view analytics.feedback as
select
  g.name as campaign,
  s.campaign_id,
  s.segment,
  s.sent,
  s.answered,
  s.useful,
  s.useful::double precision / nullif(s.answered, 0) as useful_share,
  w.low as useful_low,
  w.high as useful_high
from (
  select r.campaign_id, c.segment, count(*) as sent, count(f.message_id) as answered, count(*) filter (where f.useful) as useful
  from smartengage.candidate c
  join smartengage.run r on r.run_id = c.run_id
  join outreach.delivery d on d.message_id = c.message_id and d.state in ('accepted', 'bounced', 'in_doubt')
  left join outreach.latest_feedback f on f.message_id = c.message_id
  group by r.campaign_id, c.segment
) s
join smartengage.campaign g on g.campaign_id = s.campaign_id
left join lateral stats.wilson_interval(s.useful::double precision / nullif(s.answered, 0), s.answered) w on true;

comment on view analytics.feedback is
'Readers'' feedback on messages: one row per campaign and segment with a sent message.
Self-selected: only readers who answered.';
comment on column analytics.feedback.campaign is 'Name of the campaign.';
comment on column analytics.feedback.campaign_id is 'The campaign.';
comment on column analytics.feedback.segment is 'Segment of the customer at planning.';
comment on column analytics.feedback.sent is 'Messages handed over to a provider.';
comment on column analytics.feedback.answered is 'Of these, messages with feedback; the last answer counts.';
comment on column analytics.feedback.useful is 'Of these, messages found useful.';
comment on column analytics.feedback.useful_share is 'useful / answered, 0 to 1; null without an answer.';
comment on column analytics.feedback.useful_low is
'Lower end of the 95 % interval of useful_share (Wilson); null without an answer.';
comment on column analytics.feedback.useful_high is 'Upper end of the interval.';
