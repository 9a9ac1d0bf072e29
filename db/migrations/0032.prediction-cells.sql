-- depends: 0030.house-texts-2

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
  'How wrong prediction.calibration_weights would have been about one service at one date of the past (back = how many dates of prediction.calibration_example '
  'ago) for one horizon (days): visits expected, visits that came less these, and the variance of that number, each times weight.';
