-- depends: 0014.receipts

create table smartengage.uplift (
  scope text not null,
  campaign_id uuid references smartengage.campaign,
  segment text,
  as_of timestamptz not null,
  messages bigint not null,
  ghosts bigint not null,
  message_people bigint not null,
  ghost_people bigint not null,
  booked_share double precision not null,
  ghost_booked_share double precision not null,
  uplift double precision not null,
  uplift_low double precision not null,
  uplift_high double precision not null,
  too_early boolean not null,
  verdict text not null generated always as (
    case when too_early then 'too_early' when uplift_low > 0 then 'more' when uplift_high < 0 then 'fewer' else 'not_established' end) stored,
  constraint uplift_is_told_once unique nulls not distinct (campaign_id, scope, segment),
  constraint uplift_scope_is_known check (scope in ('campaign', 'everything')),
  constraint uplift_of_campaign_names_it check ((scope = 'campaign') = (campaign_id is not null)),
  constraint uplift_interval_holds_it check (uplift_low <= uplift and uplift <= uplift_high)
);
comment on table smartengage.uplift is 'smartengage.estimate_uplift of one instant, kept so that looking at it is quick; made anew each night by smartengage.refresh_uplift.';
comment on column smartengage.uplift.scope is 'campaign: its messages against its ghosts; everything: all campaigns against the global control group.';
comment on column smartengage.uplift.segment is 'Segment when planned; null = all of them.';
comment on column smartengage.uplift.verdict is 'more or fewer where the interval leaves out zero, else not_established; too_early below uplift.min_sample.';

-- Deliveries come in order of time, so a few ranges tell where the days are; claims hardly notice.
create index delivery_time_idx on outreach.delivery using brin (sent_at) with (autosummarize = on);
