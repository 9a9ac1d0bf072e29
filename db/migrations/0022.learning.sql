-- depends: 0021.service-active

create type prediction.gap_prior as (
  service_ids uuid[],
  mean_logs double precision[],
  mean_log double precision,
  within_variance double precision,
  between_variance double precision,
  whole_week_share double precision
);
comment on type prediction.gap_prior is
  'Result of prediction.gap_prior: mean of ln(gap in days) for each service and overall, its variance within one person and '
  'between people, share of gaps that are whole weeks.';

create table prediction.fitted_model (
  fitted_at timestamptz primary key,
  visits bigint not null,
  gap_prior prediction.gap_prior not null,
  week_clocks double precision[] not null,
  curves double precision[] not null,
  weights double precision[] not null,
  constraint fitted_model_is_whole check (
    array_dims(week_clocks) = '[1:6][1:8]' and array_dims(curves) = '[1:32][1:51]' and array_length(weights, 1) = 3)
);
comment on table prediction.fitted_model is 'Models that prediction.fit_model fitted, stored for later days (prediction.model_at).';
comment on column prediction.fitted_model.fitted_at is 'The instant it was fitted for; uses nothing at or after it.';
comment on column prediction.fitted_model.visits is
  'Completed bookings before fitted_at; the model is invalid once they have changed by more than learning.growth.';
comment on column prediction.fitted_model.gap_prior is 'prediction.gap_prior.';
comment on column prediction.fitted_model.week_clocks is
  'prediction.hazard_curves: 8 readings of the clock of each of the 6 week classes.';
comment on column prediction.fitted_model.curves is
  'prediction.hazard_curves: 51 points of the cumulative hazard of each of the 32 classes.';
comment on column prediction.fitted_model.weights is 'prediction.calibration_weights: weights for 7, 14 and 28 days.';

with rules (rule, value_type, unit, minimum, maximum, value, meaning) as (values
  ('learning.every', 'number', 'days', 0, 365, '7', 'How long what was learned for the prediction is used before it is learned anew.'),
  ('learning.growth', 'number', 'share', 0, 10, '0.2', 'It is learned anew sooner when the completed bookings have grown or shrunk by this share since.')
), kinds as (
  insert into policy.rule_definition (rule, value_type, unit, minimum, maximum, meaning)
  select rule, value_type, unit, minimum, maximum, meaning from rules
)
insert into policy.rule (rule, version, value, valid_at, author, reason)
select rule, 1, value::jsonb, tstzrange(null, null), 'default', meaning from rules;
