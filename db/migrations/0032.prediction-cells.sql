-- depends: 0030.house-texts-2

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
  'prediction.calibration_example): visits expected, visits observed less expected, and the variance of that number (information), '
  'each times weight.';
