-- depends: 0011.smartengage
-- What a replay passes to its function for one person: rows instead of one array per column.

create type what_if.replay_result as (
  message_id uuid,
  sent_at timestamptz,
  reason text,
  before_at timestamptz
);
comment on type what_if.replay_result is
  'What became of a message in a replay, where that differs from history: sent then, or, with sent_at null, not sent for that '
  'reason.';
comment on column what_if.replay_result.before_at is 'When it was sent in truth, where that is known without looking it up.';

create type what_if.recorded_decision as (
  kind int,
  at timestamptz,
  id uuid,
  channel text,
  obeys_caps boolean,
  useful_until timestamptz,
  useful_was timestamptz,
  until timestamptz,
  ends boolean,
  due_at timestamptz,
  run_id uuid,
  no bigint,
  release_no bigint
);
comment on type what_if.recorded_decision is
  'One recorded decision on a message, as a replay reads it (what_if.recorded_decisions); what_if.replay_person tells the kinds.';
comment on column what_if.recorded_decision.useful_until is 'Of the message, by the rule that is tried.';
comment on column what_if.recorded_decision.useful_was is 'Of the message, as it was.';
comment on column what_if.recorded_decision.until is 'When the gate would let it pass; of a planning the best instant, caps aside.';
comment on column what_if.recorded_decision.ends is 'Whether it was the end of the message: refused or expired.';
comment on column what_if.recorded_decision.due_at is 'The message''s due_at that brought it there.';
comment on column what_if.recorded_decision.run_id is 'Of a planning, the run.';
comment on column what_if.recorded_decision.no is 'Place among all decisions.';
comment on column what_if.recorded_decision.release_no is 'Place at which the sending was given back; null = it was not.';

create type what_if.pending_message as (
  at timestamptz,
  id uuid,
  channel text,
  obeys_caps boolean,
  useful_until timestamptz
);
comment on type what_if.pending_message is 'A message that left history in a replay and is due at an instant.';

create type what_if.applied_cap as (
  cap text,
  channel text,
  max_messages int,
  lasts interval,
  valid_from timestamptz,
  valid_until timestamptz
);
comment on type what_if.applied_cap is
  'A version of a cap as a replay applies it: null in channel = all together, in max_messages = no limit.';
