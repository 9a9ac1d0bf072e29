-- depends: 0009.outreach

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

create type prediction.calibration_cell as (
  horizon int,
  service_id uuid,
  periods_ago int,
  weight double precision,
  expected double precision,
  residual double precision,
  information double precision
);
comment on type prediction.calibration_cell is
  'Residual of prediction.calibration_weights for one horizon (days) and one service at one past date (periods_ago, see '
  'prediction.calibration_example): visits expected, visits observed less expected, and the variance of that number '
  '(information), each times weight.';

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
