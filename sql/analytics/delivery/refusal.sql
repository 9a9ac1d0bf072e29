create or replace view analytics.refusal as
select r.run_id, r.planned_at as as_of, 'plan' as gate, c.segment, c.reason, c.rule, c.rule_version, count(*) as refusals
from smartengage.candidate c
join smartengage.run r on r.run_id = c.run_id
where c.outcome = 'refused'
group by r.run_id, c.segment, c.reason, c.rule, c.rule_version
union all
select r.run_id, r.planned_at, 'claim', c.segment, m.reason, m.rule, m.rule_version, count(*)
from outreach.message m
join smartengage.candidate c on c.message_id = m.message_id
join smartengage.run r on r.run_id = c.run_id
where m.state in ('refused', 'expired', 'failed')
group by r.run_id, c.segment, m.reason, m.rule, m.rule_version;

comment on view analytics.refusal is
'Why messages were not sent: one row per run, gate, segment, reason and version of the rule.';
comment on column analytics.refusal.run_id is 'The run.';
comment on column analytics.refusal.as_of is 'Instant for which the run was planned (UTC).';
comment on column analytics.refusal.gate is
'plan: candidates refused by planning; claim: messages refused at the claim, expired or failed.';
comment on column analytics.refusal.segment is 'Segment of the customer at planning.';
comment on column analytics.refusal.reason is 'The reason; constraint:… names a constraint that refused what the gates allowed.';
comment on column analytics.refusal.rule is 'Rule or cap that decided; null where the provider refused.';
comment on column analytics.refusal.rule_version is 'Version of the rule at the decision; null where rule is null.';
comment on column analytics.refusal.refusals is 'Number of candidates or messages.';
