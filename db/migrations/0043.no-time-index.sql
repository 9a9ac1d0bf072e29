-- depends: 0042.replay-types
-- Who was refused for want of time is looked for by a what-if of reminder.useful_for: few among all candidates.

create index candidate_no_time_idx on smartengage.candidate (user_id) where reason = 'no_time_left';
