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

comment on view analytics.feedback is 'Whether readers found messages useful, as they said themselves: one row per campaign and segment that anything was sent to. Only who was asked and cared to answer is heard.';
comment on column analytics.feedback.campaign is 'Name of the campaign.';
comment on column analytics.feedback.campaign_id is 'The campaign.';
comment on column analytics.feedback.segment is 'Segment of the customer when planned.';
comment on column analytics.feedback.sent is 'Messages handed to a provider.';
comment on column analytics.feedback.answered is 'Of these, how many were judged; the last answer counts.';
comment on column analytics.feedback.useful is 'Of these, how many were found useful.';
comment on column analytics.feedback.useful_share is 'useful / answered; null where nobody answered.';
comment on column analytics.feedback.useful_low is 'Lower end of its 95 % interval (Wilson).';
comment on column analytics.feedback.useful_high is 'Upper end.';
