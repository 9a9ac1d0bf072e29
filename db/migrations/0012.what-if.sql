-- depends: 0011.smartengage
-- What a replay passes to its function for one person: rows instead of one array per column.

create type what_if.applied_cap as (
  cap text,
  purpose text,
  channel text,
  max_messages int,
  window_length interval,
  valid_from timestamptz,
  valid_until timestamptz
);
comment on type what_if.applied_cap is 'A version of a cap as a replay applies it.';
comment on column what_if.applied_cap.channel is 'Null = all channels together.';
comment on column what_if.applied_cap.max_messages is 'Null = no limit.';

create type what_if.tried_quiet_period as (
  purpose text,
  weekday int,
  from_time time,
  until_time time,
  since timestamptz,
  until timestamptz
);
comment on type what_if.tried_quiet_period is 'A quiet period that a replay tries; columns as in policy.quiet_period.';
comment on column what_if.tried_quiet_period.since is 'Null = from the beginning of the replayed period.';

create type what_if.tried_policy as (
  purposes text[],
  caps what_if.applied_cap[],
  quiet_periods what_if.tried_quiet_period[],
  instead_of uuid,
  changes_quiet boolean
);
comment on type what_if.tried_policy is 'The policy that a replay tries (what_if.tried_policy).';
comment on column what_if.tried_policy.purposes is 'Purposes of messages for which a decision may differ.';
comment on column what_if.tried_policy.caps is 'Every version of every cap, with the values that are tried.';
comment on column what_if.tried_policy.quiet_periods is 'The quiet period that is added; empty = none.';
comment on column what_if.tried_policy.instead_of is 'The recorded quiet period that is left out; null = none.';
comment on column what_if.tried_policy.changes_quiet is 'Whether a quiet period is added or left out.';

create type what_if.decision_kind as enum ('sent', 'sent_by_hand', 'quiet', 'capped', 'yielded', 'deferred');
comment on type what_if.decision_kind is
  'Recorded decisions on a message: sent; sent_by_hand = written past the policy; stopped by a quiet time, a cap, or for a '
  'message of higher priority. deferred = due again in the replay itself.';

create type what_if.recorded_decision as (
  kind what_if.decision_kind,
  at timestamptz,
  message_id uuid,
  channel text,
  obeys_caps boolean,
  useful_until timestamptz,
  allowed_at timestamptz,
  is_final boolean,
  decision_no bigint,
  release_no bigint
);
comment on type what_if.recorded_decision is
  'One recorded decision on a message as a replay reads it (what_if.recorded_decisions).';
comment on column what_if.recorded_decision.allowed_at is 'When the gate would let it pass.';
comment on column what_if.recorded_decision.is_final is 'Whether it ended the message: refused or expired.';
comment on column what_if.recorded_decision.decision_no is 'Place among all decisions.';
comment on column what_if.recorded_decision.release_no is 'Place at which the sending was released; null = it was not.';

create type what_if.pending_message as (
  at timestamptz,
  message_id uuid,
  channel text,
  obeys_caps boolean,
  useful_until timestamptz
);
comment on type what_if.pending_message is 'A message that left history in a replay and is due at an instant.';

create type what_if.sending as (
  sent_at timestamptz,
  channel text,
  release_no bigint
);
comment on type what_if.sending is 'A sending that counts under the caps of a replay.';

create type what_if.replay_result as (
  message_id uuid,
  sent_at timestamptz,
  reason text,
  before_at timestamptz
);
comment on type what_if.replay_result is
  'What becomes of a message in a replay, where that differs from history: sent then, or, with sent_at null, not sent for that '
  'reason.';
comment on column what_if.replay_result.before_at is 'When it was sent in history, if known without a look-up.';
