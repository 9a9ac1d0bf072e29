-- depends: 0009.outreach

create type prediction.gap_prior as (
  service_ids uuid[],
  mean_logs double precision[],
  mean_log double precision,
  variance double precision,
  between_people double precision,
  whole_weeks double precision
);
comment on type prediction.gap_prior is
  'What prediction.gap_prior found: mean of ln(gap in days) for each service, over all, its variance within one person and between '
  'people, share of gaps that are whole weeks.';

create type prediction.calibration_cell as (
  horizon int,
  service_id uuid,
  back int,
  weight double precision,
  expected double precision,
  missed double precision,
  information double precision
);
comment on type prediction.calibration_cell is
  'How wrong prediction.calibration_weights would have been about one service at one date of the past (back = how many dates of '
  'prediction.calibration_example ago) for one horizon (days): visits expected, visits that came less these, and the variance of '
  'that number, each times weight.';

create table prediction.fitted_model (
  learned_at timestamptz primary key,
  visits bigint not null,
  usual prediction.gap_prior not null,
  weeks double precision[] not null,
  curves double precision[] not null,
  weights double precision[] not null,
  constraint fitted_model_is_whole check (
    array_dims(weeks) = '[1:6][1:8]' and array_dims(curves) = '[1:32][1:51]' and array_length(weights, 1) = 3)
);
comment on table prediction.fitted_model is
  'What prediction.fit_model found at an instant, kept so that the next days need not learn it again (prediction.model_at).';
comment on column prediction.fitted_model.learned_at is 'The instant it was learned for; uses nothing at or after it.';
comment on column prediction.fitted_model.visits is
  'Completed bookings before it: when they have become many more or fewer (learning.growth), it holds no longer.';
comment on column prediction.fitted_model.usual is 'prediction.gap_prior.';
comment on column prediction.fitted_model.weeks is
  'prediction.hazard_curves: 8 readings of the clock of each of the 6 week classes.';
comment on column prediction.fitted_model.curves is
  'prediction.hazard_curves: 51 readings of the cumulative hazard of each of the 32 classes.';
comment on column prediction.fitted_model.weights is 'prediction.calibration_weights: weights for 7, 14 and 28 days.';
