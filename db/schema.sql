-- The structure of a fresh database, written by `make schema`; never edited by hand. Functions and views are in sql/.


-- Name: account; Type: SCHEMA; Schema: -; Owner: -

CREATE SCHEMA account;

-- Name: SCHEMA account; Type: COMMENT; Schema: -; Owner: -

COMMENT ON SCHEMA account IS 'People, how to reach them, what they consented to.';

-- Name: analytics; Type: SCHEMA; Schema: -; Owner: -

CREATE SCHEMA analytics;

-- Name: SCHEMA analytics; Type: COMMENT; Schema: -; Owner: -

COMMENT ON SCHEMA analytics IS 'The analysts'' contract: views without personal data.';

-- Name: api; Type: SCHEMA; Schema: -; Owner: -

CREATE SCHEMA api;

-- Name: SCHEMA api; Type: COMMENT; Schema: -; Owner: -

COMMENT ON SCHEMA api IS 'Functions that HTTP may call; one per endpoint.';

-- Name: clock; Type: SCHEMA; Schema: -; Owner: -

CREATE SCHEMA clock;

-- Name: SCHEMA clock; Type: COMMENT; Schema: -; Owner: -

COMMENT ON SCHEMA clock IS 'The one source of the current instant.';

-- Name: edge; Type: SCHEMA; Schema: -; Owner: -

CREATE SCHEMA edge;

-- Name: SCHEMA edge; Type: COMMENT; Schema: -; Owner: -

COMMENT ON SCHEMA edge IS 'What HTTP needs of the database: rate limits, cursors, ETags, stored answers of idempotent calls.';

-- Name: explain; Type: SCHEMA; Schema: -; Owner: -

CREATE SCHEMA explain;

-- Name: SCHEMA explain; Type: COMMENT; Schema: -; Owner: -

COMMENT ON SCHEMA explain IS 'Why a person was, or was not, written to: every gate with its evidence. Read-only.';

-- Name: jobs; Type: SCHEMA; Schema: -; Owner: -

CREATE SCHEMA jobs;

-- Name: SCHEMA jobs; Type: COMMENT; Schema: -; Owner: -

COMMENT ON SCHEMA jobs IS 'Functions that the worker may call.';

-- Name: lint; Type: SCHEMA; Schema: -; Owner: -

CREATE SCHEMA lint;

-- Name: SCHEMA lint; Type: COMMENT; Schema: -; Owner: -

COMMENT ON SCHEMA lint IS 'House rules as views: empty means kept.';

-- Name: market; Type: SCHEMA; Schema: -; Owner: -

CREATE SCHEMA market;

-- Name: SCHEMA market; Type: COMMENT; Schema: -; Owner: -

COMMENT ON SCHEMA market IS 'Services, add-ons, workers, bookings, reviews, app events.';

-- Name: outreach; Type: SCHEMA; Schema: -; Owner: -

CREATE SCHEMA outreach;

-- Name: SCHEMA outreach; Type: COMMENT; Schema: -; Owner: -

COMMENT ON SCHEMA outreach IS 'The message: its gates, cap slots, claims, deliveries, receipts and links.';

-- Name: policy; Type: SCHEMA; Schema: -; Owner: -

CREATE SCHEMA policy;

-- Name: SCHEMA policy; Type: COMMENT; Schema: -; Owner: -

COMMENT ON SCHEMA policy IS 'Versioned rules, frequency caps and quiet periods, proposals for changes, alerts, audit log.';

-- Name: prediction; Type: SCHEMA; Schema: -; Owner: -

CREATE SCHEMA prediction;

-- Name: SCHEMA prediction; Type: COMMENT; Schema: -; Owner: -

COMMENT ON SCHEMA prediction IS 'When a customer books a service again: fitted from bookings, kept nowhere but as a fitted model.';

-- Name: queue; Type: SCHEMA; Schema: -; Owner: -

CREATE SCHEMA queue;

-- Name: SCHEMA queue; Type: COMMENT; Schema: -; Owner: -

COMMENT ON SCHEMA queue IS 'pgqueuer''s own tables, untouched, and queue.enqueue, the only way jobs are made.';

-- Name: smartengage; Type: SCHEMA; Schema: -; Owner: -

CREATE SCHEMA smartengage;

-- Name: SCHEMA smartengage; Type: COMMENT; Schema: -; Owner: -

COMMENT ON SCHEMA smartengage IS 'Segments, campaigns, planning, holdouts, attribution.';

-- Name: stats; Type: SCHEMA; Schema: -; Owner: -

CREATE SCHEMA stats;

-- Name: SCHEMA stats; Type: COMMENT; Schema: -; Owner: -

COMMENT ON SCHEMA stats IS 'Pure statistics: intervals, distributions, and the stable bucket of a person.';

-- Name: text; Type: SCHEMA; Schema: -; Owner: -

CREATE SCHEMA text;

-- Name: SCHEMA text; Type: COMMENT; Schema: -; Owner: -

COMMENT ON SCHEMA text IS 'Templates, placeholders, checks of texts, Bengali rendering of values, model calls.';

-- Name: what_if; Type: SCHEMA; Schema: -; Owner: -

CREATE SCHEMA what_if;

-- Name: SCHEMA what_if; Type: COMMENT; Schema: -; Owner: -

COMMENT ON SCHEMA what_if IS 'What other values of caps and rules would have done. Read-only.';

-- Name: btree_gist; Type: EXTENSION; Schema: -; Owner: -

CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA public;

-- Name: EXTENSION btree_gist; Type: COMMENT; Schema: -; Owner: -

COMMENT ON EXTENSION btree_gist IS 'support for indexing common datatypes in GiST';

-- Name: calibration_cell; Type: TYPE; Schema: prediction; Owner: -

CREATE TYPE prediction.calibration_cell AS (
	horizon integer,
	service_id uuid,
	periods_ago integer,
	weight double precision,
	expected double precision,
	residual double precision,
	information double precision
);

-- Name: TYPE calibration_cell; Type: COMMENT; Schema: prediction; Owner: -

COMMENT ON TYPE prediction.calibration_cell IS 'Residual of prediction.calibration_weights for one horizon (days) and one service at one past date (periods_ago, see prediction.calibration_example): visits expected, visits observed less expected, and the variance of that number (information), each times weight.';

-- Name: gap_prior; Type: TYPE; Schema: prediction; Owner: -

CREATE TYPE prediction.gap_prior AS (
	service_ids uuid[],
	mean_logs double precision[],
	mean_log double precision,
	within_variance double precision,
	between_variance double precision,
	whole_week_share double precision
);

-- Name: TYPE gap_prior; Type: COMMENT; Schema: prediction; Owner: -

COMMENT ON TYPE prediction.gap_prior IS 'Result of prediction.gap_prior: mean of ln(gap in days) for each service and overall, its variance within one person and between people, share of gaps that are whole weeks.';

-- Name: pgqueuer_status; Type: TYPE; Schema: queue; Owner: -

CREATE TYPE queue.pgqueuer_status AS ENUM (
    'queued',
    'picked',
    'successful',
    'exception',
    'canceled',
    'deleted',
    'failed'
);

-- Name: planning_values; Type: TYPE; Schema: smartengage; Owner: -

CREATE TYPE smartengage.planning_values AS (
	lead interval,
	useful_for interval,
	min_p14 double precision,
	min_visits double precision,
	global_share double precision,
	segments text[],
	holdout_share double precision,
	window_from time without time zone,
	window_until time without time zone
);

-- Name: TYPE planning_values; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON TYPE smartengage.planning_values IS 'The values that one planning of a campaign decides by (smartengage.planning_values).';

-- Name: COLUMN planning_values.lead; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.planning_values.lead IS 'Rule reminder.lead.';

-- Name: COLUMN planning_values.useful_for; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.planning_values.useful_for IS 'Rule reminder.useful_for.';

-- Name: COLUMN planning_values.min_p14; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.planning_values.min_p14 IS 'Rule reminder.min_p14.';

-- Name: COLUMN planning_values.min_visits; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.planning_values.min_visits IS 'Rule reminder.min_visits.';

-- Name: COLUMN planning_values.global_share; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.planning_values.global_share IS 'Rule holdout.global_share.';

-- Name: COLUMN planning_values.segments; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.planning_values.segments IS 'Segments that the planning writes to.';

-- Name: COLUMN planning_values.holdout_share; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.planning_values.holdout_share IS 'Share of the campaign''s people who become ghosts.';

-- Name: COLUMN planning_values.window_from; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.planning_values.window_from IS 'Earliest local time of a message.';

-- Name: COLUMN planning_values.window_until; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.planning_values.window_until IS 'Latest local time of a message.';

-- Name: applied_cap; Type: TYPE; Schema: what_if; Owner: -

CREATE TYPE what_if.applied_cap AS (
	cap text,
	purpose text,
	channel text,
	max_messages integer,
	window_length interval,
	valid_from timestamp with time zone,
	valid_until timestamp with time zone
);

-- Name: TYPE applied_cap; Type: COMMENT; Schema: what_if; Owner: -

COMMENT ON TYPE what_if.applied_cap IS 'A version of a cap as a replay applies it.';

-- Name: COLUMN applied_cap.channel; Type: COMMENT; Schema: what_if; Owner: -

COMMENT ON COLUMN what_if.applied_cap.channel IS 'Null = all channels together.';

-- Name: COLUMN applied_cap.max_messages; Type: COMMENT; Schema: what_if; Owner: -

COMMENT ON COLUMN what_if.applied_cap.max_messages IS 'Null = no limit.';

-- Name: decision_kind; Type: TYPE; Schema: what_if; Owner: -

CREATE TYPE what_if.decision_kind AS ENUM (
    'sent',
    'sent_by_hand',
    'quiet',
    'capped',
    'yielded',
    'deferred'
);

-- Name: TYPE decision_kind; Type: COMMENT; Schema: what_if; Owner: -

COMMENT ON TYPE what_if.decision_kind IS 'Recorded decisions on a message: sent; sent_by_hand = written past the policy; stopped by a quiet time, a cap, or for a message of higher priority. deferred = due again in the replay itself.';

-- Name: pending_message; Type: TYPE; Schema: what_if; Owner: -

CREATE TYPE what_if.pending_message AS (
	at timestamp with time zone,
	message_id uuid,
	channel text,
	obeys_caps boolean,
	useful_until timestamp with time zone
);

-- Name: TYPE pending_message; Type: COMMENT; Schema: what_if; Owner: -

COMMENT ON TYPE what_if.pending_message IS 'A message that left history in a replay and is due at an instant.';

-- Name: recorded_decision; Type: TYPE; Schema: what_if; Owner: -

CREATE TYPE what_if.recorded_decision AS (
	kind what_if.decision_kind,
	at timestamp with time zone,
	message_id uuid,
	channel text,
	obeys_caps boolean,
	useful_until timestamp with time zone,
	allowed_at timestamp with time zone,
	is_final boolean,
	decision_no bigint,
	release_no bigint
);

-- Name: TYPE recorded_decision; Type: COMMENT; Schema: what_if; Owner: -

COMMENT ON TYPE what_if.recorded_decision IS 'One recorded decision on a message as a replay reads it (what_if.recorded_decisions).';

-- Name: COLUMN recorded_decision.allowed_at; Type: COMMENT; Schema: what_if; Owner: -

COMMENT ON COLUMN what_if.recorded_decision.allowed_at IS 'When the gate would let it pass.';

-- Name: COLUMN recorded_decision.is_final; Type: COMMENT; Schema: what_if; Owner: -

COMMENT ON COLUMN what_if.recorded_decision.is_final IS 'Whether it ended the message: refused or expired.';

-- Name: COLUMN recorded_decision.decision_no; Type: COMMENT; Schema: what_if; Owner: -

COMMENT ON COLUMN what_if.recorded_decision.decision_no IS 'Place among all decisions.';

-- Name: COLUMN recorded_decision.release_no; Type: COMMENT; Schema: what_if; Owner: -

COMMENT ON COLUMN what_if.recorded_decision.release_no IS 'Place at which the sending was released; null = it was not.';

-- Name: replay_result; Type: TYPE; Schema: what_if; Owner: -

CREATE TYPE what_if.replay_result AS (
	message_id uuid,
	sent_at timestamp with time zone,
	reason text,
	before_at timestamp with time zone
);

-- Name: TYPE replay_result; Type: COMMENT; Schema: what_if; Owner: -

COMMENT ON TYPE what_if.replay_result IS 'What becomes of a message in a replay, where that differs from history: sent then, or, with sent_at null, not sent for that reason.';

-- Name: COLUMN replay_result.before_at; Type: COMMENT; Schema: what_if; Owner: -

COMMENT ON COLUMN what_if.replay_result.before_at IS 'When it was sent in history, if known without a look-up.';

-- Name: sending; Type: TYPE; Schema: what_if; Owner: -

CREATE TYPE what_if.sending AS (
	sent_at timestamp with time zone,
	channel text,
	release_no bigint
);

-- Name: TYPE sending; Type: COMMENT; Schema: what_if; Owner: -

COMMENT ON TYPE what_if.sending IS 'A sending that counts under the caps of a replay.';

-- Name: tried_quiet_period; Type: TYPE; Schema: what_if; Owner: -

CREATE TYPE what_if.tried_quiet_period AS (
	purpose text,
	weekday integer,
	from_time time without time zone,
	until_time time without time zone,
	since timestamp with time zone,
	until timestamp with time zone
);

-- Name: TYPE tried_quiet_period; Type: COMMENT; Schema: what_if; Owner: -

COMMENT ON TYPE what_if.tried_quiet_period IS 'A quiet period that a replay tries; columns as in policy.quiet_period.';

-- Name: COLUMN tried_quiet_period.since; Type: COMMENT; Schema: what_if; Owner: -

COMMENT ON COLUMN what_if.tried_quiet_period.since IS 'Null = from the beginning of the replayed period.';

-- Name: tried_policy; Type: TYPE; Schema: what_if; Owner: -

CREATE TYPE what_if.tried_policy AS (
	purposes text[],
	caps what_if.applied_cap[],
	quiet_periods what_if.tried_quiet_period[],
	instead_of uuid,
	changes_quiet boolean
);

-- Name: TYPE tried_policy; Type: COMMENT; Schema: what_if; Owner: -

COMMENT ON TYPE what_if.tried_policy IS 'The policy that a replay tries (what_if.tried_policy).';

-- Name: COLUMN tried_policy.purposes; Type: COMMENT; Schema: what_if; Owner: -

COMMENT ON COLUMN what_if.tried_policy.purposes IS 'Purposes of messages for which a decision may differ.';

-- Name: COLUMN tried_policy.caps; Type: COMMENT; Schema: what_if; Owner: -

COMMENT ON COLUMN what_if.tried_policy.caps IS 'Every version of every cap, with the values that are tried.';

-- Name: COLUMN tried_policy.quiet_periods; Type: COMMENT; Schema: what_if; Owner: -

COMMENT ON COLUMN what_if.tried_policy.quiet_periods IS 'The quiet period that is added; empty = none.';

-- Name: COLUMN tried_policy.instead_of; Type: COMMENT; Schema: what_if; Owner: -

COMMENT ON COLUMN what_if.tried_policy.instead_of IS 'The recorded quiet period that is left out; null = none.';

-- Name: COLUMN tried_policy.changes_quiet; Type: COMMENT; Schema: what_if; Owner: -

COMMENT ON COLUMN what_if.tried_policy.changes_quiet IS 'Whether a quiet period is added or left out.';

-- Name: person; Type: TABLE; Schema: account; Owner: -

CREATE TABLE account.person (
    user_id uuid DEFAULT uuidv7() NOT NULL,
    external_id text,
    role text NOT NULL,
    full_name text,
    language text DEFAULT 'bn'::text NOT NULL,
    address_form text DEFAULT 'none'::text NOT NULL,
    greeting text DEFAULT 'shubheccha'::text NOT NULL,
    time_zone text,
    quiet_from time without time zone,
    quiet_until time without time zone,
    preferred_channel text,
    created_at timestamp with time zone NOT NULL,
    disabled_at timestamp with time zone,
    erased_at timestamp with time zone,
    CONSTRAINT person_address_form_is_known CHECK ((address_form = ANY (ARRAY['none'::text, 'bhai'::text, 'apa'::text, 'dada'::text, 'didi'::text]))),
    CONSTRAINT person_channel_is_known CHECK ((preferred_channel = ANY (ARRAY['email'::text, 'sms'::text, 'whatsapp'::text, 'push'::text, 'in_app'::text]))),
    CONSTRAINT person_greeting_is_known CHECK ((greeting = ANY (ARRAY['shubheccha'::text, 'assalamu_alaikum'::text, 'nomoskar'::text]))),
    CONSTRAINT person_language_is_known CHECK ((language = ANY (ARRAY['bn'::text, 'en'::text]))),
    CONSTRAINT person_name_is_normalized CHECK ((full_name IS NFC NORMALIZED)),
    CONSTRAINT person_quiet_hours_are_both_or_none CHECK (((quiet_from IS NULL) = (quiet_until IS NULL))),
    CONSTRAINT person_quiet_hours_differ CHECK ((quiet_from <> quiet_until)),
    CONSTRAINT person_role_is_known CHECK ((role = ANY (ARRAY['customer'::text, 'worker'::text, 'admin'::text])))
);

-- Name: TABLE person; Type: COMMENT; Schema: account; Owner: -

COMMENT ON TABLE account.person IS 'Everyone who signs in or is written to: customers, workers, admins.';

-- Name: COLUMN person.external_id; Type: COMMENT; Schema: account; Owner: -

COMMENT ON COLUMN account.person.external_id IS 'The person''s id in the marketplace the data came from.';

-- Name: COLUMN person.address_form; Type: COMMENT; Schema: account; Owner: -

COMMENT ON COLUMN account.person.address_form IS 'Kin word the person chose after their name (ভাই, আপা, দাদা, দিদি), or none.';

-- Name: COLUMN person.greeting; Type: COMMENT; Schema: account; Owner: -

COMMENT ON COLUMN account.person.greeting IS 'Greeting the person chose.';

-- Name: COLUMN person.time_zone; Type: COMMENT; Schema: account; Owner: -

COMMENT ON COLUMN account.person.time_zone IS 'IANA name as given; null or unknown to the server = the default zone (account.person_zone resolves).';

-- Name: COLUMN person.quiet_from; Type: COMMENT; Schema: account; Owner: -

COMMENT ON COLUMN account.person.quiet_from IS 'Own quiet hours, local time; they add to the general ones.';

-- Name: COLUMN person.disabled_at; Type: COMMENT; Schema: account; Owner: -

COMMENT ON COLUMN account.person.disabled_at IS 'From then on nothing is sent and nobody signs in.';

-- Name: COLUMN person.erased_at; Type: COMMENT; Schema: account; Owner: -

COMMENT ON COLUMN account.person.erased_at IS 'Identity was erased on request; the row stays as proof that it happened.';

-- Name: program_token; Type: TABLE; Schema: account; Owner: -

CREATE TABLE account.program_token (
    token_id uuid DEFAULT uuidv7() NOT NULL,
    program text NOT NULL,
    token_hash bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    CONSTRAINT program_token_expires_after_creation CHECK ((expires_at > created_at)),
    CONSTRAINT program_token_hash_is_sha256 CHECK ((octet_length(token_hash) = 32)),
    CONSTRAINT program_token_program_is_a_word CHECK ((program ~ '^[a-z][a-z0-9_-]{0,39}$'::text))
);

-- Name: TABLE program_token; Type: COMMENT; Schema: account; Owner: -

COMMENT ON TABLE account.program_token IS 'Credentials of our own programs that call /internal. A program may have several valid tokens, so that one can replace another.';

-- Name: COLUMN program_token.program; Type: COMMENT; Schema: account; Owner: -

COMMENT ON COLUMN account.program_token.program IS 'The program that the token is for; policy.audit names it as actor.';

-- Name: COLUMN program_token.token_hash; Type: COMMENT; Schema: account; Owner: -

COMMENT ON COLUMN account.program_token.token_hash IS 'SHA-256 of the token, which is 256 random bits and known to the program only.';

-- Name: consent; Type: TABLE; Schema: account; Owner: -

CREATE TABLE account.consent (
    user_id uuid NOT NULL,
    channel text NOT NULL,
    purpose text NOT NULL,
    valid_at tstzrange NOT NULL,
    source text NOT NULL,
    wording_version text NOT NULL,
    actor text NOT NULL,
    withdrawn_source text,
    withdrawn_actor text,
    CONSTRAINT consent_begins CHECK ((NOT lower_inf(valid_at))),
    CONSTRAINT consent_channel_is_known CHECK ((channel = ANY (ARRAY['email'::text, 'sms'::text, 'whatsapp'::text, 'push'::text, 'in_app'::text]))),
    CONSTRAINT consent_is_half_open CHECK ((lower_inc(valid_at) AND (NOT upper_inc(valid_at)))),
    CONSTRAINT consent_purpose_is_known CHECK ((purpose = ANY (ARRAY['outreach'::text, 'coaching'::text, 'voice'::text]))),
    CONSTRAINT consent_withdrawal_has_source CHECK ((upper_inf(valid_at) = (withdrawn_source IS NULL)))
);

-- Name: TABLE consent; Type: COMMENT; Schema: account; Owner: -

COMMENT ON TABLE account.consent IS 'Opt-ins as temporal rows: a row per grant, valid from the grant to its withdrawal. Purpose transactional needs no consent and has none.';

-- Name: COLUMN consent.valid_at; Type: COMMENT; Schema: account; Owner: -

COMMENT ON COLUMN account.consent.valid_at IS 'From the grant (inclusive) to the withdrawal (exclusive); open = in force.';

-- Name: COLUMN consent.wording_version; Type: COMMENT; Schema: account; Owner: -

COMMENT ON COLUMN account.consent.wording_version IS 'Which text the person agreed to.';

-- Name: session; Type: TABLE; Schema: account; Owner: -

CREATE TABLE account.session (
    session_id uuid DEFAULT uuidv7() NOT NULL,
    user_id uuid NOT NULL,
    agent text,
    created_at timestamp with time zone NOT NULL,
    last_used_at timestamp with time zone NOT NULL,
    fresh_until timestamp with time zone,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    revoked_reason text,
    CONSTRAINT session_revocation_has_reason CHECK (((revoked_at IS NULL) = (revoked_reason IS NULL)))
);

-- Name: TABLE session; Type: COMMENT; Schema: account; Owner: -

COMMENT ON TABLE account.session IS 'A signed-in device. Its id is the sid of the access token and the actor of every call, so revoking it acts at once.';

-- Name: COLUMN session.fresh_until; Type: COMMENT; Schema: account; Owner: -

COMMENT ON COLUMN account.session.fresh_until IS 'Until then an admin may do sensitive acts without signing in again; null for other roles.';

-- Name: contact; Type: TABLE; Schema: account; Owner: -

CREATE TABLE account.contact (
    user_id uuid NOT NULL,
    channel text NOT NULL,
    address text NOT NULL,
    session_id uuid,
    verified_at timestamp with time zone,
    suppressed_at timestamp with time zone,
    suppressed_reason text,
    CONSTRAINT contact_channel_has_address CHECK ((channel = ANY (ARRAY['email'::text, 'sms'::text, 'whatsapp'::text, 'push'::text]))),
    CONSTRAINT contact_email_has_at CHECK (((channel <> 'email'::text) OR (address ~ '^[^@[:space:]]+@[^@[:space:]]+$'::text))),
    CONSTRAINT contact_phone_is_bangladeshi_mobile CHECK (((channel <> ALL (ARRAY['sms'::text, 'whatsapp'::text])) OR (address ~ '^\+8801[3-9][0-9]{8}$'::text))),
    CONSTRAINT contact_push_is_token CHECK (((channel <> 'push'::text) OR ((address ~ '^[!-~]+$'::text) AND (length(address) <= 1024)))),
    CONSTRAINT contact_session_is_of_push CHECK (((session_id IS NULL) OR (channel = 'push'::text))),
    CONSTRAINT contact_suppression_has_reason CHECK (((suppressed_at IS NULL) = (suppressed_reason IS NULL)))
);

-- Name: TABLE contact; Type: COMMENT; Schema: account; Owner: -

COMMENT ON TABLE account.contact IS 'Where a person is reached on each channel; in_app needs no address.';

-- Name: COLUMN contact.session_id; Type: COMMENT; Schema: account; Owner: -

COMMENT ON COLUMN account.contact.session_id IS 'For push: the signed-in device that the token is of; it goes with the session.';

-- Name: COLUMN contact.suppressed_at; Type: COMMENT; Schema: account; Owner: -

COMMENT ON COLUMN account.contact.suppressed_at IS 'Since then nothing goes there: hard bounce, complaint, five soft bounces, or by hand.';

-- Name: admin_credential; Type: TABLE; Schema: account; Owner: -

CREATE TABLE account.admin_credential (
    user_id uuid NOT NULL,
    login text NOT NULL,
    password_hash text NOT NULL,
    sealed_totp bytea NOT NULL,
    totp_step bigint DEFAULT 0 NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT admin_credential_password_is_argon2id CHECK ((password_hash ~~ '$argon2id$%'::text))
);

-- Name: TABLE admin_credential; Type: COMMENT; Schema: account; Owner: -

COMMENT ON TABLE account.admin_credential IS 'How an admin signs in: argon2id hash, TOTP secret sealed with a key outside the database.';

-- Name: COLUMN admin_credential.totp_step; Type: COMMENT; Schema: account; Owner: -

COMMENT ON COLUMN account.admin_credential.totp_step IS 'Newest time step used: the same or an earlier one is refused.';

-- Name: one_time_code; Type: TABLE; Schema: account; Owner: -

CREATE TABLE account.one_time_code (
    request_id uuid NOT NULL,
    channel text NOT NULL,
    user_id uuid,
    destination_mac bytea NOT NULL,
    block_mac bytea,
    address_mac bytea NOT NULL,
    code_mac bytea NOT NULL,
    sealed bytea,
    language text NOT NULL,
    requested_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    tries integer DEFAULT 0 NOT NULL,
    used_at timestamp with time zone,
    superseded_at timestamp with time zone,
    sent_at timestamp with time zone,
    outcome text,
    CONSTRAINT one_time_code_channel_is_known CHECK ((channel = ANY (ARRAY['email'::text, 'sms'::text]))),
    CONSTRAINT one_time_code_language_is_known CHECK ((language = ANY (ARRAY['bn'::text, 'en'::text]))),
    CONSTRAINT one_time_code_macs_are_sha256 CHECK (((octet_length(destination_mac) = 32) AND (octet_length(code_mac) = 32) AND (octet_length(address_mac) = 32) AND (octet_length(block_mac) = 32))),
    CONSTRAINT one_time_code_tries_are_not_negative CHECK ((tries >= 0))
);

-- Name: TABLE one_time_code; Type: COMMENT; Schema: account; Owner: -

COMMENT ON TABLE account.one_time_code IS 'Codes asked for. Nothing in it tells a code or a destination without the key, which is kept outside the database.';

-- Name: COLUMN one_time_code.destination_mac; Type: COMMENT; Schema: account; Owner: -

COMMENT ON COLUMN account.one_time_code.destination_mac IS 'HMAC of the normalised address or number: counts and binds without keeping it.';

-- Name: COLUMN one_time_code.block_mac; Type: COMMENT; Schema: account; Owner: -

COMMENT ON COLUMN account.one_time_code.block_mac IS 'For phones: HMAC of the number without its last two digits, to notice runs of numbers; null for e-mail.';

-- Name: COLUMN one_time_code.address_mac; Type: COMMENT; Schema: account; Owner: -

COMMENT ON COLUMN account.one_time_code.address_mac IS 'HMAC of the network address that asked.';

-- Name: COLUMN one_time_code.code_mac; Type: COMMENT; Schema: account; Owner: -

COMMENT ON COLUMN account.one_time_code.code_mac IS 'HMAC of request, destination and code.';

-- Name: COLUMN one_time_code.sealed; Type: COMMENT; Schema: account; Owner: -

COMMENT ON COLUMN account.one_time_code.sealed IS 'Code and destination, encrypted for the worker that sends them; gone once sent or expired.';

-- Name: idempotent_call; Type: TABLE; Schema: edge; Owner: -

CREATE TABLE edge.idempotent_call (
    user_id uuid NOT NULL,
    key text NOT NULL,
    request_hash bytea NOT NULL,
    status integer,
    body text,
    called_at timestamp with time zone NOT NULL,
    CONSTRAINT idempotent_call_hash_is_sha256 CHECK ((octet_length(request_hash) = 32)),
    CONSTRAINT idempotent_call_key_is_short CHECK (((length(key) >= 1) AND (length(key) <= 255)))
);

-- Name: TABLE idempotent_call; Type: COMMENT; Schema: edge; Owner: -

COMMENT ON TABLE edge.idempotent_call IS 'Answers to POSTs that came with an Idempotency-Key, kept a day. Written in the transaction of the effect: there is never one without the other.';

-- Name: COLUMN idempotent_call.request_hash; Type: COMMENT; Schema: edge; Owner: -

COMMENT ON COLUMN edge.idempotent_call.request_hash IS 'sha256 of the function and its input: the same key with another request is refused.';

-- Name: COLUMN idempotent_call.status; Type: COMMENT; Schema: edge; Owner: -

COMMENT ON COLUMN edge.idempotent_call.status IS 'Null only within the transaction that is still at work.';

-- Name: audit; Type: TABLE; Schema: policy; Owner: -

CREATE TABLE policy.audit (
    audit_id uuid DEFAULT uuidv7() NOT NULL,
    happened_at timestamp with time zone NOT NULL,
    actor text NOT NULL,
    action text NOT NULL,
    subject text NOT NULL,
    detail jsonb DEFAULT '{}'::jsonb NOT NULL
);

-- Name: TABLE audit; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON TABLE policy.audit IS 'Append-only record of who changed what; ids only, no personal data.';

-- Name: rule; Type: TABLE; Schema: policy; Owner: -

CREATE TABLE policy.rule (
    rule text NOT NULL,
    version integer NOT NULL,
    value jsonb NOT NULL,
    valid_at tstzrange NOT NULL,
    author text NOT NULL,
    reason text NOT NULL,
    proposal_id uuid,
    CONSTRAINT rule_reason_is_given CHECK ((btrim(reason) <> ''::text)),
    CONSTRAINT rule_version_is_positive CHECK ((version > 0))
);

-- Name: TABLE rule; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON TABLE policy.rule IS 'Every number of the product, versioned: the value in force at an instant is the row whose valid_at holds it.';

-- Name: COLUMN rule.valid_at; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.rule.valid_at IS 'When the version is in force; empty = it was replaced before it ever came into force.';

-- Name: COLUMN rule.proposal_id; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.rule.proposal_id IS 'The approved proposal that this version carries out; null = it needed none, or was written by hand.';

-- Name: listener; Type: TABLE; Schema: queue; Owner: -

CREATE TABLE queue.listener (
    listener_id uuid NOT NULL,
    heartbeat_at timestamp with time zone NOT NULL
)
WITH (fillfactor='50');

-- Name: TABLE listener; Type: COMMENT; Schema: queue; Owner: -

COMMENT ON TABLE queue.listener IS 'A row for each worker process of late: when a notification of its own last came back to it through the database (jobs.record_listener_heartbeat). Not pgqueuer''s.';

-- Name: COLUMN listener.listener_id; Type: COMMENT; Schema: queue; Owner: -

COMMENT ON COLUMN queue.listener.listener_id IS 'Drawn by the process at its start.';

-- Name: COLUMN listener.heartbeat_at; Type: COMMENT; Schema: queue; Owner: -

COMMENT ON COLUMN queue.listener.heartbeat_at IS 'By the wall clock, also where clock.now() is simulated.';

-- Name: add_on; Type: TABLE; Schema: market; Owner: -

CREATE TABLE market.add_on (
    add_on_id uuid DEFAULT uuidv7() NOT NULL,
    service_id uuid NOT NULL,
    code text NOT NULL,
    name_bn text NOT NULL,
    name_en text NOT NULL,
    price_poisha bigint NOT NULL,
    active boolean DEFAULT true NOT NULL,
    CONSTRAINT add_on_name_is_normalized CHECK ((name_bn IS NFC NORMALIZED)),
    CONSTRAINT add_on_price_is_not_negative CHECK ((price_poisha >= 0))
);

-- Name: TABLE add_on; Type: COMMENT; Schema: market; Owner: -

COMMENT ON TABLE market.add_on IS 'Extras of one service.';

-- Name: service; Type: TABLE; Schema: market; Owner: -

CREATE TABLE market.service (
    service_id uuid DEFAULT uuidv7() NOT NULL,
    code text NOT NULL,
    category text NOT NULL,
    name_bn text NOT NULL,
    name_en text NOT NULL,
    price_poisha bigint NOT NULL,
    duration_minutes integer NOT NULL,
    active boolean DEFAULT true NOT NULL,
    CONSTRAINT service_duration_is_sane CHECK (((duration_minutes >= 5) AND (duration_minutes <= 1440))),
    CONSTRAINT service_name_is_normalized CHECK ((name_bn IS NFC NORMALIZED)),
    CONSTRAINT service_price_is_not_negative CHECK ((price_poisha >= 0))
);

-- Name: TABLE service; Type: COMMENT; Schema: market; Owner: -

COMMENT ON TABLE market.service IS 'What can be booked. Prices in poisha (1/100 taka).';

-- Name: COLUMN service.code; Type: COMMENT; Schema: market; Owner: -

COMMENT ON COLUMN market.service.code IS 'Id in the marketplace the data came from; stable.';

-- Name: rate_allowance; Type: TABLE; Schema: edge; Owner: -

CREATE UNLOGGED TABLE edge.rate_allowance (
    key text NOT NULL,
    remaining double precision NOT NULL,
    refilled_at timestamp with time zone NOT NULL
);

-- Name: TABLE rate_allowance; Type: COMMENT; Schema: edge; Owner: -

COMMENT ON TABLE edge.rate_allowance IS 'Allowances of rate limits, one row per key. Unlogged: after a crash all allowances are full.';

-- Name: campaign; Type: TABLE; Schema: smartengage; Owner: -

CREATE TABLE smartengage.campaign (
    campaign_id uuid DEFAULT uuidv7() NOT NULL,
    name text NOT NULL,
    kind text DEFAULT 'reminder'::text NOT NULL,
    segments text[] DEFAULT '{repeat,at_risk,new}'::text[] NOT NULL,
    channels text[] DEFAULT '{email}'::text[] NOT NULL,
    repeats boolean DEFAULT true NOT NULL,
    canary_share double precision DEFAULT 1 NOT NULL,
    holdout_share double precision DEFAULT 0.10 NOT NULL,
    window_from time without time zone DEFAULT '09:00:00'::time without time zone NOT NULL,
    window_until time without time zone DEFAULT '20:30:00'::time without time zone NOT NULL,
    starts_at timestamp with time zone,
    ends_at timestamp with time zone,
    status text DEFAULT 'draft'::text NOT NULL,
    enabled boolean DEFAULT true NOT NULL,
    widened_at timestamp with time zone,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    created_by text NOT NULL,
    changed_by text,
    changed_reason text,
    CONSTRAINT campaign_channels_are_known CHECK (((channels <@ ARRAY['email'::text, 'sms'::text, 'whatsapp'::text, 'push'::text, 'in_app'::text]) AND (cardinality(channels) > 0))),
    CONSTRAINT campaign_ends_after_start CHECK ((ends_at > starts_at)),
    CONSTRAINT campaign_name_is_given CHECK ((btrim(name) <> ''::text)),
    CONSTRAINT campaign_scheduled_has_start CHECK (((status <> 'scheduled'::text) OR (starts_at IS NOT NULL))),
    CONSTRAINT campaign_shares_are_shares CHECK ((((canary_share >= (0)::double precision) AND (canary_share <= (1)::double precision)) AND ((holdout_share >= (0)::double precision) AND (holdout_share <= (1)::double precision)))),
    CONSTRAINT campaign_status_is_known CHECK ((status = ANY (ARRAY['draft'::text, 'scheduled'::text, 'running'::text, 'paused'::text, 'completed'::text, 'stopped'::text, 'failed'::text]))),
    CONSTRAINT campaign_window_is_within_a_day CHECK ((window_from < window_until))
);

-- Name: TABLE campaign; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON TABLE smartengage.campaign IS 'A campaign: its recipients, channels, shares and status. The daily reminder campaign is one row that repeats every day.';

-- Name: COLUMN campaign.channels; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.campaign.channels IS 'In order of preference: the first with consent and an address is used, the preferred channel of the person before all.';

-- Name: COLUMN campaign.repeats; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.campaign.repeats IS 'True: planned every day until it ends. False: planned on request; completed once all its messages have ended.';

-- Name: COLUMN campaign.canary_share; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.campaign.canary_share IS 'Share of people (stats.bucket) that the campaign messages until it is rolled out.';

-- Name: COLUMN campaign.starts_at; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.campaign.starts_at IS 'When a scheduled campaign starts.';

-- Name: COLUMN campaign.ends_at; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.campaign.ends_at IS 'When a running campaign completes; null = open.';

-- Name: COLUMN campaign.enabled; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.campaign.enabled IS 'Feature flag: false refuses every candidate with reason flag_off.';

-- Name: COLUMN campaign.widened_at; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.campaign.widened_at IS 'When it was rolled out to everybody, by its guardrails (smartengage.judge_campaign) or an admin; null = not yet.';

-- Name: COLUMN campaign.version; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.campaign.version IS 'Raised by every change. A change that does not raise it is recorded as made by hand (trigger campaign_moves_forward).';

-- Name: COLUMN campaign.changed_by; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.campaign.changed_by IS 'Actor of the last change: an admin''s id, a part of the system, or the login of a change by hand.';

-- Name: COLUMN campaign.changed_reason; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.campaign.changed_reason IS 'Reason of the last change.';

-- Name: model_call; Type: TABLE; Schema: text; Owner: -

CREATE TABLE text.model_call (
    model_call_id uuid DEFAULT uuidv7() NOT NULL,
    cohort text NOT NULL,
    run_id uuid,
    prompt_version integer NOT NULL,
    model text NOT NULL,
    requests integer DEFAULT 1 NOT NULL,
    tokens_in integer DEFAULT 0 NOT NULL,
    tokens_out integer DEFAULT 0 NOT NULL,
    cost_micro_usd bigint DEFAULT 0 NOT NULL,
    failure text,
    called_at timestamp with time zone NOT NULL,
    CONSTRAINT model_call_asks_at_least_once CHECK ((requests > 0)),
    CONSTRAINT model_call_cost_is_not_negative CHECK ((cost_micro_usd >= 0)),
    CONSTRAINT model_call_tokens_are_not_negative CHECK (((tokens_in >= 0) AND (tokens_out >= 0)))
);

-- Name: TABLE model_call; Type: COMMENT; Schema: text; Owner: -

COMMENT ON TABLE text.model_call IS 'Every call of the model, for budgets and costs; failure = why it brought no text, null = answered.';

-- Name: COLUMN model_call.run_id; Type: COMMENT; Schema: text; Owner: -

COMMENT ON COLUMN text.model_call.run_id IS 'smartengage.run that asked for it; null = none. No foreign key: that schema is above.';

-- Name: COLUMN model_call.requests; Type: COMMENT; Schema: text; Owner: -

COMMENT ON COLUMN text.model_call.requests IS 'Requests of the call, repetitions included; each counts towards the day''s budget.';

-- Name: COLUMN model_call.cost_micro_usd; Type: COMMENT; Schema: text; Owner: -

COMMENT ON COLUMN text.model_call.cost_micro_usd IS 'Cost of its tokens in millionths of a US dollar, by the rules model.price_in and model.price_out in force then.';

-- Name: template; Type: TABLE; Schema: text; Owner: -

CREATE TABLE text.template (
    template_id uuid DEFAULT uuidv7() NOT NULL,
    kind text NOT NULL,
    category text,
    language text NOT NULL,
    form text DEFAULT 'long'::text NOT NULL,
    cohort text,
    variant text NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    origin text NOT NULL,
    prompt_version integer,
    model text,
    subject text NOT NULL,
    body text NOT NULL,
    add_on_line text,
    author text,
    created_at timestamp with time zone NOT NULL,
    approved_by text,
    approved_at timestamp with time zone,
    retired_at timestamp with time zone,
    CONSTRAINT template_approval_is_whole CHECK (((approved_by IS NULL) = (approved_at IS NULL))),
    CONSTRAINT template_form_is_known CHECK ((form = ANY (ARRAY['long'::text, 'short'::text]))),
    CONSTRAINT template_is_approved_by_another CHECK ((approved_by <> author)),
    CONSTRAINT template_language_is_known CHECK ((language = ANY (ARRAY['bn'::text, 'en'::text]))),
    CONSTRAINT template_of_model_tells_cohort CHECK (((origin = 'model'::text) = ((cohort IS NOT NULL) AND (prompt_version IS NOT NULL) AND (model IS NOT NULL)))),
    CONSTRAINT template_origin_is_known CHECK ((origin = ANY (ARRAY['house'::text, 'model'::text]))),
    CONSTRAINT template_text_is_normalized CHECK (((subject IS NFC NORMALIZED) AND (body IS NFC NORMALIZED) AND (add_on_line IS NFC NORMALIZED)))
);

-- Name: TABLE template; Type: COMMENT; Schema: text; Owner: -

COMMENT ON TABLE text.template IS 'Texts with placeholders: of an admin or of this product (origin house), or of the model for a cohort (origin model). Only approved ones are sent.';

-- Name: COLUMN template.kind; Type: COMMENT; Schema: text; Owner: -

COMMENT ON COLUMN text.template.kind IS 'reminder or announcement.';

-- Name: COLUMN template.category; Type: COMMENT; Schema: text; Owner: -

COMMENT ON COLUMN text.template.category IS 'Service category it is for; null = any.';

-- Name: COLUMN template.form; Type: COMMENT; Schema: text; Owner: -

COMMENT ON COLUMN text.template.form IS 'long: for e-mail. short: for sms, push, whatsapp and in_app (text.channel_form); it fits the narrowest of them.';

-- Name: COLUMN template.cohort; Type: COMMENT; Schema: text; Owner: -

COMMENT ON COLUMN text.template.cohort IS 'For texts of the model, the cohort they are for (no personal data); null = house text.';

-- Name: COLUMN template.add_on_line; Type: COMMENT; Schema: text; Owner: -

COMMENT ON COLUMN text.template.add_on_line IS 'The sentence for {add_on_line} if an add-on is offered; null = this text never offers one.';

-- Name: COLUMN template.author; Type: COMMENT; Schema: text; Owner: -

COMMENT ON COLUMN text.template.author IS 'Id of the admin who stored it; null for texts of this product or of the model.';

-- Name: COLUMN template.approved_by; Type: COMMENT; Schema: text; Owner: -

COMMENT ON COLUMN text.template.approved_by IS 'Who approved it: the id of another admin, house for texts of this product, or sql:review for texts of the model that passed text.template_faults.';

-- Name: variant_performance; Type: TABLE; Schema: text; Owner: -

CREATE TABLE text.variant_performance (
    template_id uuid NOT NULL,
    as_of timestamp with time zone NOT NULL,
    trials integer NOT NULL,
    clicks integer NOT NULL,
    bookings integer NOT NULL,
    rate double precision,
    rate_low double precision,
    rate_high double precision,
    p_best double precision,
    CONSTRAINT variant_performance_counts_are_within_trials CHECK (((clicks >= 0) AND (bookings >= 0) AND ((clicks + bookings) <= trials)))
);

-- Name: TABLE variant_performance; Type: COMMENT; Schema: text; Owner: -

COMMENT ON TABLE text.variant_performance IS 'Outcomes of the deliveries of each text, by which variants compete, and their odds; refreshed daily by smartengage.judge_variants.';

-- Name: COLUMN variant_performance.trials; Type: COMMENT; Schema: text; Owner: -

COMMENT ON COLUMN text.variant_performance.trials IS 'Deliveries within variant.window that are older than variant.ripens_after.';

-- Name: COLUMN variant_performance.clicks; Type: COMMENT; Schema: text; Owner: -

COMMENT ON COLUMN text.variant_performance.clicks IS 'Of these, clicked by a person and without a booking.';

-- Name: COLUMN variant_performance.bookings; Type: COMMENT; Schema: text; Owner: -

COMMENT ON COLUMN text.variant_performance.bookings IS 'Of these, credited with a booking.';

-- Name: COLUMN variant_performance.rate; Type: COMMENT; Schema: text; Owner: -

COMMENT ON COLUMN text.variant_performance.rate IS 'From text.variant_odds at as_of, like rate_low, rate_high and p_best; null for texts no longer in use.';

-- Name: message; Type: TABLE; Schema: outreach; Owner: -

CREATE TABLE outreach.message (
    message_id uuid DEFAULT uuidv7() NOT NULL,
    user_id uuid NOT NULL,
    channel text NOT NULL,
    purpose text NOT NULL,
    message_class text NOT NULL,
    obeys_caps boolean NOT NULL,
    takes_slot boolean NOT NULL,
    kind text NOT NULL,
    campaign_id uuid,
    run_id uuid,
    occurrence text NOT NULL,
    service_id uuid,
    about_booking_id uuid,
    add_on_ids uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    suggested_at timestamp with time zone,
    expected_at timestamp with time zone,
    expected_value double precision DEFAULT 0 NOT NULL,
    template_id uuid,
    exempt_reason text,
    state text DEFAULT 'scheduled'::text NOT NULL,
    state_at timestamp with time zone NOT NULL,
    planned_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone NOT NULL,
    useful_until timestamp with time zone NOT NULL,
    window_from time without time zone,
    window_until time without time zone,
    attempt integer DEFAULT 0 NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    reason text,
    rule text,
    rule_version integer,
    CONSTRAINT message_channel_is_known CHECK ((channel = ANY (ARRAY['email'::text, 'sms'::text, 'whatsapp'::text, 'push'::text, 'in_app'::text]))),
    CONSTRAINT message_exemption_is_for_exempt_classes CHECK (((exempt_reason IS NULL) OR ((NOT obeys_caps) AND (btrim(exempt_reason) <> ''::text)))),
    CONSTRAINT message_is_useful_when_due CHECK ((due_at <= useful_until)),
    CONSTRAINT message_purpose_is_known CHECK ((purpose = ANY (ARRAY['outreach'::text, 'coaching'::text, 'voice'::text, 'transactional'::text]))),
    CONSTRAINT message_state_is_known CHECK ((state = ANY (ARRAY['ghost'::text, 'scheduled'::text, 'claimed'::text, 'in_doubt'::text, 'sent'::text, 'delivered'::text, 'opened'::text, 'clicked'::text, 'booked'::text, 'bounced'::text, 'expired'::text, 'refused'::text, 'failed'::text]))),
    CONSTRAINT message_that_is_transactional_has_no_campaign CHECK (((purpose <> 'transactional'::text) OR (campaign_id IS NULL))),
    CONSTRAINT message_unsent_end_has_reason CHECK (((state <> ALL (ARRAY['expired'::text, 'refused'::text, 'failed'::text])) OR (reason IS NOT NULL))),
    CONSTRAINT message_window_is_whole CHECK (((window_from IS NULL) = (window_until IS NULL)))
);

-- Name: TABLE message; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON TABLE outreach.message IS 'One message to one person, from its planning to its end. This row, not the queued job, holds state, attempts and due time.';

-- Name: COLUMN message.obeys_caps; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.message.obeys_caps IS 'Copied from the class at planning, like purpose and takes_slot, so that a later change of the class changes no count.';

-- Name: COLUMN message.campaign_id; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.message.campaign_id IS 'smartengage.campaign of the message; null for transactional messages. No foreign key: that schema is above.';

-- Name: COLUMN message.occurrence; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.message.occurrence IS 'What the message is about within its campaign, so that it exists once; for reminders service code:completed visits.';

-- Name: COLUMN message.about_booking_id; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.message.about_booking_id IS 'The booking that the message is about; null = none.';

-- Name: COLUMN message.expected_value; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.message.expected_value IS 'Poisha expected from the booking that it may bring; ranks competing messages.';

-- Name: COLUMN message.exempt_reason; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.message.exempt_reason IS 'Recorded reason to send although a cap is used up; only for classes that need not obey caps.';

-- Name: COLUMN message.state; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.message.state IS 'ghost | scheduled > claimed > sent > delivered > opened > clicked > booked | bounced | in_doubt | expired | refused | failed';

-- Name: COLUMN message.due_at; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.message.due_at IS 'When it may next be claimed; later after a deferral or retry.';

-- Name: COLUMN message.useful_until; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.message.useful_until IS 'After this instant the message expires.';

-- Name: COLUMN message.window_from; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.message.window_from IS 'Local times of the person between which the campaign sends, until window_until; null = any time.';

-- Name: COLUMN message.failures; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.message.failures IS 'Number of attempts that the provider refused for now.';

-- Name: candidate; Type: TABLE; Schema: smartengage; Owner: -

CREATE TABLE smartengage.candidate (
    run_id uuid NOT NULL,
    user_id uuid NOT NULL,
    service_id uuid,
    occurrence text NOT NULL,
    segment text NOT NULL,
    p14 double precision,
    expected_at timestamp with time zone,
    outcome text NOT NULL,
    message_id uuid,
    reason text,
    rule text,
    rule_version integer,
    CONSTRAINT candidate_outcome_is_known CHECK ((outcome = ANY (ARRAY['message'::text, 'ghost'::text, 'refused'::text]))),
    CONSTRAINT candidate_outcome_is_one CHECK (
CASE outcome
    WHEN 'refused'::text THEN ((message_id IS NULL) AND (reason IS NOT NULL) AND (rule IS NOT NULL) AND (rule_version IS NOT NULL))
    ELSE ((message_id IS NOT NULL) AND (reason IS NULL))
END)
);

-- Name: TABLE candidate; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON TABLE smartengage.candidate IS 'The candidates of a run, each with exactly one outcome: a message, a ghost (held out), or a refusal with rule and version.';

-- Name: COLUMN candidate.service_id; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.candidate.service_id IS 'The service that is due or announced; null = none.';

-- Name: COLUMN candidate.p14; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.candidate.p14 IS 'Probability of a booking within 14 days at planning; null for announcements.';

-- Name: cohort_text_source; Type: TABLE; Schema: smartengage; Owner: -

CREATE TABLE smartengage.cohort_text_source (
    run_id uuid NOT NULL,
    cohort text NOT NULL,
    as_of timestamp with time zone NOT NULL,
    messages integer NOT NULL,
    source text NOT NULL,
    CONSTRAINT cohort_text_source_is_known CHECK ((source = ANY (ARRAY['model'::text, 'not_asked'::text, 'over_budget'::text, 'failed'::text, 'rejected'::text])))
);

-- Name: TABLE cohort_text_source; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON TABLE smartengage.cohort_text_source IS 'Source of the text of each cohort of a run, at its last assignment (smartengage.assign_texts).';

-- Name: COLUMN cohort_text_source.messages; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.cohort_text_source.messages IS 'Its messages that were waiting then.';

-- Name: COLUMN cohort_text_source.source; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.cohort_text_source.source IS 'model; else the house text stays: not_asked (no model, or it was down), over_budget, failed (no answer), rejected (no acceptable answer).';

-- Name: predicted_booking; Type: TABLE; Schema: smartengage; Owner: -

CREATE TABLE smartengage.predicted_booking (
    user_id uuid NOT NULL,
    service_id uuid NOT NULL,
    as_of timestamp with time zone NOT NULL,
    visits integer NOT NULL,
    last_visit_at timestamp with time zone NOT NULL,
    p7 double precision NOT NULL,
    p14 double precision NOT NULL,
    p28 double precision NOT NULL,
    expected_at timestamp with time zone NOT NULL,
    due_from timestamp with time zone NOT NULL,
    due_until timestamp with time zone NOT NULL,
    overdue_at timestamp with time zone NOT NULL,
    lost_at timestamp with time zone NOT NULL,
    CONSTRAINT predicted_booking_probabilities_nest CHECK ((((0)::double precision <= p7) AND (p7 <= p14) AND (p14 <= p28) AND (p28 <= (1)::double precision)))
)
WITH (fillfactor='50');

-- Name: TABLE predicted_booking; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON TABLE smartengage.predicted_booking IS 'prediction.score of one instant, stored so that planning, segments and explain read the same figures; refreshed daily.';

-- Name: COLUMN predicted_booking.as_of; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.predicted_booking.as_of IS 'The instant it was computed for; uses nothing at or after it.';

-- Name: COLUMN predicted_booking.p14; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.predicted_booking.p14 IS 'Probability of a booking of this service within 14 days of as_of.';

-- Name: COLUMN predicted_booking.expected_at; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.predicted_booking.expected_at IS 'Median of the predicted next booking.';

-- Name: COLUMN predicted_booking.overdue_at; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.predicted_booking.overdue_at IS '80th percentile of the next booking: later is at risk.';

-- Name: COLUMN predicted_booking.lost_at; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.predicted_booking.lost_at IS '97.5th percentile of the next booking: later is inactive.';

-- Name: decision_no; Type: SEQUENCE; Schema: outreach; Owner: -

CREATE SEQUENCE outreach.decision_no
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

-- Name: SEQUENCE decision_no; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON SEQUENCE outreach.decision_no IS 'Order of the decisions on messages. Drawn under the locks of the people, so that for one person it is the order in which they were made, whatever the clocks.';

-- Name: delivery; Type: TABLE; Schema: outreach; Owner: -

CREATE TABLE outreach.delivery (
    message_id uuid NOT NULL,
    attempt integer NOT NULL,
    decision_no bigint DEFAULT nextval('outreach.decision_no'::regclass),
    release_no bigint,
    user_id uuid NOT NULL,
    channel text NOT NULL,
    purpose text NOT NULL,
    obeys_caps boolean,
    takes_slot boolean NOT NULL,
    due_at timestamp with time zone,
    useful_until timestamp with time zone,
    sent_at timestamp with time zone NOT NULL,
    sent_during tstzrange GENERATED ALWAYS AS (tstzrange(sent_at, sent_at, '[]'::text)) STORED NOT NULL,
    consent_channel text,
    consent_purpose text,
    state text DEFAULT 'claimed'::text NOT NULL,
    template_id uuid,
    subject text,
    body text,
    adapter text,
    provider_id text,
    person_limit boolean DEFAULT false NOT NULL,
    error text,
    settled_at timestamp with time zone,
    CONSTRAINT delivery_attempt_is_positive CHECK ((attempt > 0)),
    CONSTRAINT delivery_names_consent CHECK (
CASE
    WHEN (purpose = 'transactional'::text) THEN ((consent_channel IS NULL) AND (consent_purpose IS NULL))
    ELSE ((consent_channel IS NOT NULL) AND (consent_purpose IS NOT NULL) AND (consent_channel = channel) AND (consent_purpose = purpose))
END),
    CONSTRAINT delivery_state_is_known CHECK ((state = ANY (ARRAY['claimed'::text, 'in_doubt'::text, 'accepted'::text, 'bounced'::text, 'released'::text])))
);

-- Name: TABLE delivery; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON TABLE outreach.delivery IS 'One attempt to send a message, recorded at the claim, before anything is sent. The temporal key requires a consent that covers sent_at; a trigger takes the cap slots.';

-- Name: COLUMN delivery.decision_no; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.delivery.decision_no IS 'Position among all decisions (outreach.decision_no); null = recorded before decisions were numbered.';

-- Name: COLUMN delivery.release_no; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.delivery.release_no IS 'Position at which it was released; from then on it does not count. Null = not released.';

-- Name: COLUMN delivery.obeys_caps; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.delivery.obeys_caps IS 'Copied from the message; null = recorded by hand.';

-- Name: COLUMN delivery.due_at; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.delivery.due_at IS 'due_at of the message at the claim; null = recorded by hand.';

-- Name: COLUMN delivery.useful_until; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.delivery.useful_until IS 'useful_until of the message at the claim; null = recorded by hand.';

-- Name: COLUMN delivery.sent_at; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.delivery.sent_at IS 'The instant of the claim, at which consent and caps are required.';

-- Name: COLUMN delivery.consent_channel; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.delivery.consent_channel IS 'With consent_purpose, the consent it rests on; null only for purpose transactional.';

-- Name: COLUMN delivery.state; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.delivery.state IS 'claimed > accepted > bounced | in_doubt (answer lost) | released (refused before acceptance, or returned; holds no slot).';

-- Name: COLUMN delivery.template_id; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.delivery.template_id IS 'template_id of the message at the claim. No foreign key: that of the message suffices.';

-- Name: COLUMN delivery.body; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.delivery.body IS 'The text as sent, placeholders filled, but links shown as {link} and {stop_link}: link keys are stored only hashed.';

-- Name: COLUMN delivery.person_limit; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.delivery.person_limit IS 'The provider did not deliver it because this person had enough messages of this kind, from all senders together.';

-- Name: pgqueuer_log; Type: TABLE; Schema: queue; Owner: -

CREATE TABLE queue.pgqueuer_log (
    id bigint NOT NULL,
    created timestamp with time zone DEFAULT now() NOT NULL,
    job_id bigint NOT NULL,
    status queue.pgqueuer_status NOT NULL,
    priority integer NOT NULL,
    entrypoint text NOT NULL,
    traceback jsonb,
    aggregated boolean DEFAULT false
);

-- Name: pgqueuer; Type: TABLE; Schema: queue; Owner: -

CREATE TABLE queue.pgqueuer (
    id bigint NOT NULL,
    priority integer NOT NULL,
    queue_manager_id uuid,
    created timestamp with time zone DEFAULT now() NOT NULL,
    updated timestamp with time zone DEFAULT now() NOT NULL,
    heartbeat timestamp with time zone DEFAULT now() NOT NULL,
    execute_after timestamp with time zone DEFAULT now() NOT NULL,
    status queue.pgqueuer_status NOT NULL,
    entrypoint text NOT NULL,
    dedupe_key text,
    payload bytea,
    headers jsonb,
    attempts integer DEFAULT 0 NOT NULL,
    slot bigint
);

-- Name: run; Type: TABLE; Schema: smartengage; Owner: -

CREATE TABLE smartengage.run (
    run_id uuid DEFAULT uuidv7() NOT NULL,
    campaign_id uuid NOT NULL,
    trigger_key text NOT NULL,
    message_class text DEFAULT 'reminder'::text NOT NULL,
    segments text[],
    template_id uuid,
    service_id uuid,
    exempt_reason text,
    names_text boolean GENERATED ALWAYS AS ((template_id IS NOT NULL)) STORED NOT NULL,
    is_exempt boolean GENERATED ALWAYS AS ((exempt_reason IS NOT NULL)) STORED NOT NULL,
    candidates integer NOT NULL,
    planned_at timestamp with time zone NOT NULL,
    CONSTRAINT run_exemption_has_reason CHECK ((btrim(exempt_reason) <> ''::text))
);

-- Name: TABLE run; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON TABLE smartengage.run IS 'One planning of a campaign.';

-- Name: COLUMN run.trigger_key; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.run.trigger_key IS 'Key of the request (daily 2026-11-23, …). A key plans once, however many processes request it.';

-- Name: COLUMN run.message_class; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.run.message_class IS 'policy.message_class of its messages.';

-- Name: COLUMN run.segments; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.run.segments IS 'Segments it was requested for; null = all of the campaign.';

-- Name: COLUMN run.template_id; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.run.template_id IS 'Text of an announcement; each recipient gets its counterpart in their language.';

-- Name: COLUMN run.service_id; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.run.service_id IS 'What an announcement is about; null = no service.';

-- Name: COLUMN run.exempt_reason; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.run.exempt_reason IS 'Why an urgent announcement is exempt from caps.';

-- Name: COLUMN run.candidates; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.run.candidates IS 'Counted before deciding; smartengage.run_reconciliation compares it with the outcomes.';

-- Name: preview; Type: TABLE; Schema: smartengage; Owner: -

CREATE TABLE smartengage.preview (
    preview_id uuid DEFAULT uuidv7() NOT NULL,
    campaign_id uuid NOT NULL,
    requested_at timestamp with time zone NOT NULL,
    requested_by text NOT NULL,
    rules jsonb NOT NULL,
    segments text[],
    holdout_share double precision,
    window_from time without time zone,
    window_until time without time zone,
    result jsonb,
    CONSTRAINT preview_share_is_a_share CHECK (((holdout_share >= (0)::double precision) AND (holdout_share <= (1)::double precision)))
);

-- Name: TABLE preview; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON TABLE smartengage.preview IS 'Plannings under other values that an admin asked for, kept for preview.keep hours. A null value is that of the campaign.';

-- Name: COLUMN preview.requested_by; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.preview.requested_by IS 'Id of the admin.';

-- Name: COLUMN preview.rules; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.preview.rules IS 'Values of rules by name (smartengage.planning_rule); {} = those in force.';

-- Name: COLUMN preview.result; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.preview.result IS 'What smartengage.planning_preview returned; null = the job has not run.';

-- Name: installation; Type: TABLE; Schema: policy; Owner: -

CREATE TABLE policy.installation (
    singleton boolean DEFAULT true NOT NULL,
    installation_id uuid DEFAULT uuidv7() NOT NULL,
    kind text DEFAULT 'live'::text NOT NULL,
    sending boolean DEFAULT true NOT NULL,
    system_identifier bigint NOT NULL,
    CONSTRAINT installation_is_one_row CHECK (singleton),
    CONSTRAINT installation_kind_is_known CHECK ((kind = ANY (ARRAY['live'::text, 'demo'::text])))
);

-- Name: TABLE installation; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON TABLE policy.installation IS 'One row: what this database is, and whether it may send at all.';

-- Name: COLUMN installation.kind; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.installation.kind IS 'live, or demo: only a demo (or empty) database accepts made-up people.';

-- Name: COLUMN installation.sending; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.installation.sending IS 'The master switch: false stops every claim at once.';

-- Name: COLUMN installation.system_identifier; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.installation.system_identifier IS 'Cluster that sending was confirmed for; a copy restored elsewhere differs and sends nothing until confirmed.';

-- Name: quiet_period; Type: TABLE; Schema: policy; Owner: -

CREATE TABLE policy.quiet_period (
    quiet_period_id uuid DEFAULT uuidv7() NOT NULL,
    name text NOT NULL,
    purpose text,
    isodow integer,
    from_time time without time zone,
    until_time time without time zone,
    during tstzrange DEFAULT tstzrange(NULL::timestamp with time zone, NULL::timestamp with time zone) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    author text NOT NULL,
    reason text NOT NULL,
    ended_at timestamp with time zone,
    ended_by text,
    end_reason text,
    CONSTRAINT quiet_period_end_is_whole CHECK ((((ended_at IS NULL) = (ended_by IS NULL)) AND ((ended_at IS NULL) = (end_reason IS NULL)))),
    CONSTRAINT quiet_period_end_reason_is_given CHECK ((btrim(end_reason) <> ''::text)),
    CONSTRAINT quiet_period_has_both_times CHECK (((from_time IS NULL) = (until_time IS NULL))),
    CONSTRAINT quiet_period_is_bounded CHECK (((from_time IS NOT NULL) OR ((NOT lower_inf(during)) AND (NOT upper_inf(during))))),
    CONSTRAINT quiet_period_is_named CHECK ((btrim(name) <> ''::text)),
    CONSTRAINT quiet_period_purpose_is_capped CHECK ((purpose = ANY (ARRAY['outreach'::text, 'coaching'::text, 'voice'::text]))),
    CONSTRAINT quiet_period_reason_is_given CHECK ((btrim(reason) <> ''::text)),
    CONSTRAINT quiet_period_times_differ CHECK ((from_time <> until_time)),
    CONSTRAINT quiet_period_weekday_is_iso CHECK (((isodow >= 1) AND (isodow <= 7)))
);

-- Name: TABLE quiet_period; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON TABLE policy.quiet_period IS 'Times at which nothing is sent: nightly, weekly, or dates that operations edit (moon-sighted days, disasters, strikes).';

-- Name: COLUMN quiet_period.purpose; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.quiet_period.purpose IS 'The purpose it binds; null = every capped purpose. Transactional messages (codes, receipts) are never held.';

-- Name: COLUMN quiet_period.isodow; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.quiet_period.isodow IS 'Local weekday on which it begins, 1 = Monday; null = every day.';

-- Name: COLUMN quiet_period.from_time; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.quiet_period.from_time IS 'Local time of the person at which it begins; null = the whole of during.';

-- Name: COLUMN quiet_period.until_time; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.quiet_period.until_time IS 'Local time at which it ends; before from_time = on the next day.';

-- Name: COLUMN quiet_period.during; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.quiet_period.during IS 'Instants between which the row is in force; empty = taken back before it began.';

-- Name: COLUMN quiet_period.ended_at; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.quiet_period.ended_at IS 'When somebody ended it before its time; null = nobody did.';

-- Name: time_zone; Type: TABLE; Schema: policy; Owner: -

CREATE TABLE policy.time_zone (
    name text NOT NULL
);

-- Name: TABLE time_zone; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON TABLE policy.time_zone IS 'Zones that this server knows, copied once: reading pg_timezone_names opens hundreds of files.';

-- Name: booking; Type: TABLE; Schema: market; Owner: -

CREATE TABLE market.booking (
    booking_id uuid DEFAULT uuidv7() NOT NULL,
    external_id text,
    customer_id uuid NOT NULL,
    worker_id uuid,
    service_id uuid NOT NULL,
    price_poisha bigint NOT NULL,
    status text DEFAULT 'pending'::text NOT NULL,
    source text DEFAULT 'app'::text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    scheduled_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    confirmed_at timestamp with time zone,
    arrived_at timestamp with time zone,
    started_at timestamp with time zone,
    completed_at timestamp with time zone,
    cancelled_at timestamp with time zone,
    cancelled_by text,
    cancel_reason text,
    CONSTRAINT booking_cancelled_by_is_known CHECK ((cancelled_by = ANY (ARRAY['customer'::text, 'worker'::text, 'admin'::text]))),
    CONSTRAINT booking_cancelled_tells_who CHECK (((status = 'cancelled'::text) = ((cancelled_at IS NOT NULL) AND (cancelled_by IS NOT NULL)))),
    CONSTRAINT booking_completed_has_instant CHECK (((status = 'completed'::text) = (completed_at IS NOT NULL))),
    CONSTRAINT booking_confirmed_has_worker CHECK (((status = ANY (ARRAY['pending'::text, 'cancelled'::text])) OR (worker_id IS NOT NULL) OR (source = 'import'::text))),
    CONSTRAINT booking_ends_after_start CHECK ((ends_at > scheduled_at)),
    CONSTRAINT booking_finished_after_started CHECK ((completed_at >= started_at)),
    CONSTRAINT booking_price_is_not_negative CHECK ((price_poisha >= 0)),
    CONSTRAINT booking_source_is_known CHECK ((source = ANY (ARRAY['app'::text, 'link'::text, 'import'::text, 'admin'::text]))),
    CONSTRAINT booking_status_is_known CHECK ((status = ANY (ARRAY['pending'::text, 'confirmed'::text, 'in_progress'::text, 'completed'::text, 'cancelled'::text])))
);

-- Name: TABLE booking; Type: COMMENT; Schema: market; Owner: -

COMMENT ON TABLE market.booking IS 'One visit asked for; its life is pending, confirmed, in_progress, completed, or cancelled from the first two.';

-- Name: COLUMN booking.source; Type: COMMENT; Schema: market; Owner: -

COMMENT ON COLUMN market.booking.source IS 'app, link (from a message), import (from another system) or admin.';

-- Name: COLUMN booking.created_at; Type: COMMENT; Schema: market; Owner: -

COMMENT ON COLUMN market.booking.created_at IS 'When the customer booked; the hour of it tells when they use the app.';

-- Name: COLUMN booking.ends_at; Type: COMMENT; Schema: market; Owner: -

COMMENT ON COLUMN market.booking.ends_at IS 'Planned end: scheduled_at plus the service''s duration.';

-- Name: hour_share; Type: TABLE; Schema: outreach; Owner: -

CREATE TABLE outreach.hour_share (
    segment text NOT NULL,
    local_hour integer NOT NULL,
    share double precision NOT NULL,
    as_of timestamp with time zone NOT NULL,
    CONSTRAINT hour_share_hour_is_of_day CHECK (((local_hour >= 0) AND (local_hour <= 23)))
);

-- Name: TABLE hour_share; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON TABLE outreach.hour_share IS 'When the people of a segment use the app: the fractions of their uses by local hour, which sum to 1; segment all = everybody.';

-- Name: message_event; Type: TABLE; Schema: outreach; Owner: -

CREATE TABLE outreach.message_event (
    event_id uuid DEFAULT uuidv7() NOT NULL,
    message_id uuid,
    attempt integer,
    source text NOT NULL,
    source_event_id text,
    provider_id text,
    kind text NOT NULL,
    bounce text,
    is_machine boolean DEFAULT false NOT NULL,
    detail jsonb DEFAULT '{}'::jsonb NOT NULL,
    happened_at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT message_event_attempt_is_positive CHECK ((attempt > 0)),
    CONSTRAINT message_event_bounce_is_known CHECK ((bounce = ANY (ARRAY['hard'::text, 'soft'::text, 'mailbox_full'::text, 'vacation'::text]))),
    CONSTRAINT message_event_bounce_is_of_bounced CHECK (((bounce IS NULL) OR (kind = 'bounced'::text))),
    CONSTRAINT message_event_kind_is_known CHECK ((kind = ANY (ARRAY['sent'::text, 'delivered'::text, 'opened'::text, 'clicked'::text, 'booked'::text, 'bounced'::text, 'complained'::text, 'useful'::text, 'not_useful'::text, 'returned'::text])))
);

-- Name: TABLE message_event; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON TABLE outreach.message_event IS 'What was reported of a message after it was sent, in any order and with repetitions; the message takes the furthest state.';

-- Name: COLUMN message_event.attempt; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.message_event.attempt IS 'Delivery that it is about, if the provider reports it; null = the one with this provider_id.';

-- Name: COLUMN message_event.provider_id; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.message_event.provider_id IS 'The provider''s id for the message. An event with only this id waits, without message_id, until a delivery has it.';

-- Name: COLUMN message_event.bounce; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.message_event.bounce IS 'For bounces: hard (the address is bad), soft, mailbox_full, vacation (an automatic reply, not a bounce).';

-- Name: COLUMN message_event.is_machine; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.message_event.is_machine IS 'By a scanner or image proxy, not a person: kept, but without effect.';

-- Name: cap; Type: TABLE; Schema: policy; Owner: -

CREATE TABLE policy.cap (
    cap text NOT NULL,
    version integer NOT NULL,
    purpose text NOT NULL,
    channel text,
    max_messages integer,
    window_hours integer NOT NULL,
    valid_at tstzrange NOT NULL,
    author text NOT NULL,
    reason text NOT NULL,
    proposal_id uuid,
    CONSTRAINT cap_channel_is_known CHECK ((channel = ANY (ARRAY['email'::text, 'sms'::text, 'whatsapp'::text, 'push'::text, 'in_app'::text]))),
    CONSTRAINT cap_limit_is_not_negative CHECK ((max_messages >= 0)),
    CONSTRAINT cap_purpose_is_capped CHECK ((purpose = ANY (ARRAY['outreach'::text, 'coaching'::text, 'voice'::text]))),
    CONSTRAINT cap_reason_is_given CHECK ((btrim(reason) <> ''::text)),
    CONSTRAINT cap_window_is_positive CHECK (((window_hours >= 1) AND (window_hours <= 8784)))
);

-- Name: TABLE cap; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON TABLE policy.cap IS 'Frequency caps, versioned: at most max_messages in any window_hours. 0 = never; null = no limit; no row in force for a purpose = nothing may be sent for it.';

-- Name: COLUMN cap.channel; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.cap.channel IS 'The channel it counts and binds; null = all channels together.';

-- Name: COLUMN cap.valid_at; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.cap.valid_at IS 'When the version is in force; empty = it was replaced before it ever came into force.';

-- Name: COLUMN cap.proposal_id; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.cap.proposal_id IS 'The approved proposal that this version carries out; null = it needed none, or was written by hand.';

-- Name: customer_segment; Type: TABLE; Schema: smartengage; Owner: -

CREATE TABLE smartengage.customer_segment (
    user_id uuid NOT NULL,
    as_of timestamp with time zone NOT NULL,
    visits integer NOT NULL,
    first_visit_at timestamp with time zone,
    last_visit_at timestamp with time zone,
    segment text NOT NULL,
    segment_version integer NOT NULL,
    CONSTRAINT customer_segment_is_known CHECK ((segment = ANY (ARRAY['new'::text, 'repeat'::text, 'at_risk'::text, 'inactive'::text])))
)
WITH (fillfactor='50');

-- Name: TABLE customer_segment; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON TABLE smartengage.customer_segment IS 'Every customer with their segment at one instant; refreshed daily together with smartengage.predicted_booking.';

-- Name: refusal_reason; Type: TABLE; Schema: policy; Owner: -

CREATE TABLE policy.refusal_reason (
    reason text NOT NULL,
    rule text NOT NULL,
    meaning text NOT NULL
);

-- Name: TABLE refusal_reason; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON TABLE policy.refusal_reason IS 'Why a gate stops a message, and the rule behind it.';

-- Name: COLUMN refusal_reason.rule; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.refusal_reason.rule IS 'The rule; for reason capped, records name the cap instead.';

-- Name: snapshot_refresh; Type: TABLE; Schema: policy; Owner: -

CREATE TABLE policy.snapshot_refresh (
    snapshot text NOT NULL,
    as_of timestamp with time zone NOT NULL,
    refreshed_at timestamp with time zone NOT NULL,
    seconds double precision NOT NULL,
    row_count bigint NOT NULL
);

-- Name: TABLE snapshot_refresh; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON TABLE policy.snapshot_refresh IS 'When each snapshot was last refreshed, how long it took and how many rows it has.';

-- Name: alert; Type: TABLE; Schema: policy; Owner: -

CREATE TABLE policy.alert (
    alert_id uuid DEFAULT uuidv7() NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    raised_at timestamp with time zone NOT NULL,
    detail jsonb DEFAULT '{}'::jsonb NOT NULL,
    acknowledged_at timestamp with time zone,
    acknowledged_by uuid,
    outcome text,
    judged text,
    judged_by uuid,
    CONSTRAINT alert_acknowledgement_is_whole CHECK (((acknowledged_at IS NULL) = (acknowledged_by IS NULL))),
    CONSTRAINT alert_judgement_is_known CHECK ((judged = ANY (ARRAY['right'::text, 'wrong'::text, 'unclear'::text]))),
    CONSTRAINT alert_judgement_is_whole CHECK (((judged IS NULL) = (judged_by IS NULL))),
    CONSTRAINT alert_judgement_needs_acknowledgement CHECK (((judged IS NULL) OR (acknowledged_at IS NOT NULL))),
    CONSTRAINT alert_outcome_needs_acknowledgement CHECK (((outcome IS NULL) OR (acknowledged_at IS NOT NULL)))
);

-- Name: TABLE alert; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON TABLE policy.alert IS 'What a person has to look at: an episode each, open until an admin acknowledges it. Ids and numbers only.';

-- Name: COLUMN alert.kind; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.alert.kind IS 'What happened: campaign_stopped, …';

-- Name: COLUMN alert.subject; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.alert.subject IS 'Whom or what it is about, as kind and id: «campaign 0193…».';

-- Name: COLUMN alert.detail; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.alert.detail IS 'The numbers that raised it.';

-- Name: COLUMN alert.acknowledged_by; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.alert.acknowledged_by IS 'The admin (account.person); no foreign key, as that layer is above.';

-- Name: COLUMN alert.outcome; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.alert.outcome IS 'What the admin found or did; never about a person by name.';

-- Name: COLUMN alert.judged; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.alert.judged IS 'Whether the alert was justified: right, wrong or unclear; null = not judged.';

-- Name: COLUMN alert.judged_by; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.alert.judged_by IS 'The admin who judged it (account.person); no foreign key, as that layer is above.';

-- Name: webhook_call; Type: TABLE; Schema: outreach; Owner: -

CREATE TABLE outreach.webhook_call (
    provider text NOT NULL,
    webhook_id text NOT NULL,
    received_at timestamp with time zone NOT NULL,
    body bytea,
    read_at timestamp with time zone,
    events integer,
    parse_error text,
    CONSTRAINT webhook_call_body_goes_when_read CHECK (((body IS NULL) OR (read_at IS NULL))),
    CONSTRAINT webhook_call_read_has_events CHECK (((read_at IS NULL) = (events IS NULL)))
);

-- Name: TABLE webhook_call; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON TABLE outreach.webhook_call IS 'Webhook calls of providers with a valid signature, each id once; the worker process parses the body, which is then deleted.';

-- Name: COLUMN webhook_call.body; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.webhook_call.body IS 'As received, for the adapter to parse; may contain addresses, so it is deleted once parsed.';

-- Name: COLUMN webhook_call.events; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.webhook_call.events IS 'Number of new events; null = not parsed yet.';

-- Name: COLUMN webhook_call.parse_error; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.webhook_call.parse_error IS 'Why it could not be parsed; null if it was.';

-- Name: booking_add_on; Type: TABLE; Schema: market; Owner: -

CREATE TABLE market.booking_add_on (
    booking_id uuid NOT NULL,
    add_on_id uuid NOT NULL,
    price_poisha bigint NOT NULL
);

-- Name: TABLE booking_add_on; Type: COMMENT; Schema: market; Owner: -

COMMENT ON TABLE market.booking_add_on IS 'Extras booked, at the price of that day.';

-- Name: app_event; Type: TABLE; Schema: market; Owner: -

CREATE TABLE market.app_event (
    event_id uuid DEFAULT uuidv7() NOT NULL,
    user_id uuid NOT NULL,
    kind text NOT NULL,
    happened_at timestamp with time zone NOT NULL,
    external_id text,
    properties jsonb DEFAULT '{}'::jsonb NOT NULL
)
PARTITION BY RANGE (happened_at);

-- Name: TABLE app_event; Type: COMMENT; Schema: market; Owner: -

COMMENT ON TABLE market.app_event IS 'What people did in the app, partitioned by month.';

-- Name: review; Type: TABLE; Schema: market; Owner: -

CREATE TABLE market.review (
    booking_id uuid NOT NULL,
    rating integer NOT NULL,
    body text,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT review_rating_is_one_to_five CHECK (((rating >= 1) AND (rating <= 5)))
);

-- Name: TABLE review; Type: COMMENT; Schema: market; Owner: -

COMMENT ON TABLE market.review IS 'The customer''s word on a completed booking. The text never reaches a message or a model that writes one.';

-- Name: worker; Type: TABLE; Schema: market; Owner: -

CREATE TABLE market.worker (
    user_id uuid NOT NULL,
    categories text[] DEFAULT '{}'::text[] NOT NULL,
    zone text NOT NULL,
    started_at timestamp with time zone NOT NULL
);

-- Name: TABLE worker; Type: COMMENT; Schema: market; Owner: -

COMMENT ON TABLE market.worker IS 'What a person with role worker does and where.';

-- Name: campaign_hold; Type: TABLE; Schema: outreach; Owner: -

CREATE TABLE outreach.campaign_hold (
    campaign_id uuid NOT NULL,
    kind text NOT NULL,
    since timestamp with time zone NOT NULL,
    CONSTRAINT campaign_hold_kind_is_known CHECK ((kind = ANY (ARRAY['paused'::text, 'stopped'::text])))
);

-- Name: TABLE campaign_hold; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON TABLE outreach.campaign_hold IS 'Campaigns whose messages must not be claimed: those of paused ones wait, those of stopped ones are refused. Written by triggers of smartengage.campaign.';

-- Name: message_class; Type: TABLE; Schema: policy; Owner: -

CREATE TABLE policy.message_class (
    message_class text NOT NULL,
    purpose text NOT NULL,
    priority integer NOT NULL,
    obeys_caps boolean NOT NULL,
    takes_slot boolean NOT NULL,
    stops_when text DEFAULT 'nothing'::text NOT NULL,
    meaning text NOT NULL,
    CONSTRAINT message_class_purpose_is_known CHECK ((purpose = ANY (ARRAY['outreach'::text, 'coaching'::text, 'voice'::text, 'transactional'::text]))),
    CONSTRAINT message_class_stop_is_known CHECK ((stops_when = ANY (ARRAY['service_booking'::text, 'any_booking'::text, 'review'::text, 'nothing'::text])))
);

-- Name: TABLE message_class; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON TABLE policy.message_class IS 'Kinds of messages by purpose: who goes first, which obey caps, which use them up.';

-- Name: COLUMN message_class.priority; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.message_class.priority IS 'Lower goes first where several messages compete for a slot.';

-- Name: COLUMN message_class.obeys_caps; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.message_class.obeys_caps IS 'False: may go although the cap is used up (only purpose transactional, or with a recorded reason).';

-- Name: COLUMN message_class.takes_slot; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.message_class.takes_slot IS 'False: takes no slot, so it does not hold others back.';

-- Name: COLUMN message_class.stops_when; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.message_class.stops_when IS 'What makes a planned message pointless: service_booking (a booking of its service), any_booking, review, nothing. The claim checks service_booking; no class uses any_booking or review.';

-- Name: gate; Type: TABLE; Schema: policy; Owner: -

CREATE TABLE policy.gate (
    stage text NOT NULL,
    place integer NOT NULL,
    gate text NOT NULL,
    reason text NOT NULL,
    verdict text NOT NULL,
    CONSTRAINT gate_place_is_positive CHECK ((place > 0)),
    CONSTRAINT gate_stage_is_known CHECK ((stage = ANY (ARRAY['plan'::text, 'claim'::text]))),
    CONSTRAINT gate_verdict_is_of_stage CHECK (
CASE stage
    WHEN 'plan'::text THEN (verdict = ANY (ARRAY['refuse'::text, 'ghost'::text]))
    ELSE (verdict = ANY (ARRAY['refuse'::text, 'expire'::text, 'wait'::text]))
END)
);

-- Name: TABLE gate; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON TABLE policy.gate IS 'The gates before a message, with each reason that they give: the first gate by place that does not pass decides.';

-- Name: COLUMN gate.stage; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.gate.stage IS 'plan: smartengage.eligibility (places below 10), then smartengage.plan_decisions and smartengage.announcement_decisions. claim: outreach.claim_verdicts.';

-- Name: COLUMN gate.place; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.gate.place IS 'Order within the stage; gate cap leaves free the places after its own, as each cap in force is explained by itself.';

-- Name: COLUMN gate.verdict; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.gate.verdict IS 'What becomes of the message, unless the claim defers it: refuse, expire, ghost (held out), or wait (not claimed).';

-- Name: claim_denial; Type: TABLE; Schema: outreach; Owner: -

CREATE TABLE outreach.claim_denial (
    decision_no bigint DEFAULT nextval('outreach.decision_no'::regclass) NOT NULL,
    message_id uuid NOT NULL,
    user_id uuid NOT NULL,
    channel text NOT NULL,
    purpose text NOT NULL,
    decided_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone NOT NULL,
    useful_until timestamp with time zone NOT NULL,
    verdict text NOT NULL,
    reason text NOT NULL,
    rule text NOT NULL,
    rule_version integer NOT NULL,
    until timestamp with time zone,
    CONSTRAINT claim_denial_deferral_has_until CHECK (((verdict <> 'defer'::text) OR (until IS NOT NULL))),
    CONSTRAINT claim_denial_verdict_is_known CHECK ((verdict = ANY (ARRAY['defer'::text, 'refuse'::text, 'expire'::text])))
);

-- Name: TABLE claim_denial; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON TABLE outreach.claim_denial IS 'Every deferral, refusal and expiry at a claim, with its rule; a message to send is a row of outreach.delivery.';

-- Name: COLUMN claim_denial.due_at; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.claim_denial.due_at IS 'due_at of the message at the claim.';

-- Name: COLUMN claim_denial.until; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.claim_denial.until IS 'When the gate would let it pass: with defer its next due_at; with refuse and expire later than useful_until; null = never.';

-- Name: inbox_message; Type: TABLE; Schema: outreach; Owner: -

CREATE TABLE outreach.inbox_message (
    message_id uuid NOT NULL,
    user_id uuid NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    arrived_at timestamp with time zone NOT NULL,
    read_at timestamp with time zone
);

-- Name: TABLE inbox_message; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON TABLE outreach.inbox_message IS 'In-app messages as the person reads them.';

-- Name: link; Type: TABLE; Schema: outreach; Owner: -

CREATE TABLE outreach.link (
    key_hash bytea NOT NULL,
    message_id uuid NOT NULL,
    user_id uuid NOT NULL,
    channel text NOT NULL,
    purpose text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    book_until timestamp with time zone NOT NULL,
    stop_until timestamp with time zone NOT NULL,
    booking_id uuid,
    booked_at timestamp with time zone,
    CONSTRAINT link_booked_is_whole CHECK (((booking_id IS NULL) = (booked_at IS NULL))),
    CONSTRAINT link_hash_is_sha256 CHECK ((octet_length(key_hash) = 32))
);

-- Name: TABLE link; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON TABLE outreach.link IS 'Links in messages: a random 128-bit key, stored only as sha256, bound to one message and person.';

-- Name: COLUMN link.message_id; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.link.message_id IS 'outreach.message that contains the link. No foreign key: a link works for years (link.stop_for) and outlives its message.';

-- Name: COLUMN link.user_id; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.link.user_id IS 'The person of the message. No foreign key: that of the message suffices.';

-- Name: COLUMN link.book_until; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.link.book_until IS 'Until then /l/{token} opens the pre-filled booking.';

-- Name: COLUMN link.stop_until; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.link.stop_until IS 'Until then, years later, /u/{token} withdraws the consent.';

-- Name: cap_slot; Type: TABLE; Schema: outreach; Owner: -

CREATE TABLE outreach.cap_slot (
    user_id uuid NOT NULL,
    cap text NOT NULL,
    cap_version integer NOT NULL,
    slot_no integer NOT NULL,
    max_messages integer NOT NULL,
    window_hours integer NOT NULL,
    taken_at timestamp with time zone NOT NULL,
    frees_at timestamp with time zone NOT NULL,
    during tstzrange GENERATED ALWAYS AS (tstzrange(taken_at, frees_at)) STORED NOT NULL,
    message_id uuid NOT NULL,
    attempt integer NOT NULL,
    CONSTRAINT cap_slot_frees_after_window CHECK ((frees_at = (taken_at + make_interval(hours => window_hours)))),
    CONSTRAINT cap_slot_is_within_limit CHECK (((slot_no >= 1) AND (slot_no <= max_messages)))
);

-- Name: TABLE cap_slot; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON TABLE outreach.cap_slot IS 'Slots under the caps: a cap of N has N slots per person, each held for the cap''s window. Two holders of a slot never overlap, so no writer can exceed a cap.';

-- Name: COLUMN cap_slot.frees_at; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.cap_slot.frees_at IS 'Exclusive: at this microsecond the slot is free again.';

-- Name: rule_definition; Type: TABLE; Schema: policy; Owner: -

CREATE TABLE policy.rule_definition (
    rule text NOT NULL,
    value_type text NOT NULL,
    unit text NOT NULL,
    minimum numeric,
    maximum numeric,
    loosens text,
    always_true boolean DEFAULT false NOT NULL,
    meaning text NOT NULL,
    CONSTRAINT rule_definition_always_true_is_boolean CHECK (((value_type = 'boolean'::text) OR (NOT always_true))),
    CONSTRAINT rule_definition_bounds_are_for_numbers CHECK (((value_type = 'number'::text) OR ((minimum IS NULL) AND (maximum IS NULL)))),
    CONSTRAINT rule_definition_loosens_is_known CHECK ((loosens = ANY (ARRAY['up'::text, 'down'::text]))),
    CONSTRAINT rule_definition_value_type_is_known CHECK ((value_type = ANY (ARRAY['number'::text, 'boolean'::text, 'string'::text, 'array'::text, 'object'::text])))
);

-- Name: TABLE rule_definition; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON TABLE policy.rule_definition IS 'What each rule is: type, unit, bounds and meaning. A rule without a row here cannot be set.';

-- Name: COLUMN rule_definition.loosens; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.rule_definition.loosens IS 'Direction in which the rule protects people less; null where it does not guard consent or caps.';

-- Name: COLUMN rule_definition.always_true; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.rule_definition.always_true IS 'True = the rule cannot be switched off: true is its only value.';

-- Name: proposal; Type: TABLE; Schema: policy; Owner: -

CREATE TABLE policy.proposal (
    proposal_id uuid DEFAULT uuidv7() NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    value jsonb NOT NULL,
    effective_from timestamp with time zone,
    author text NOT NULL,
    reason text NOT NULL,
    proposed_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    state text DEFAULT 'pending'::text NOT NULL,
    decided_by text,
    decided_at timestamp with time zone,
    decision_reason text,
    CONSTRAINT proposal_decision_is_whole CHECK ((((state = ANY (ARRAY['approved'::text, 'declined'::text])) = (decided_by IS NOT NULL)) AND ((decided_by IS NULL) = (decided_at IS NULL)) AND ((decided_by IS NULL) = (decision_reason IS NULL)))),
    CONSTRAINT proposal_expires_later CHECK ((expires_at > proposed_at)),
    CONSTRAINT proposal_is_approved_by_another CHECK (((state <> 'approved'::text) OR (decided_by <> author))),
    CONSTRAINT proposal_kind_is_known CHECK ((kind = ANY (ARRAY['rule'::text, 'cap'::text, 'quiet_period'::text]))),
    CONSTRAINT proposal_reason_is_given CHECK ((btrim(reason) <> ''::text)),
    CONSTRAINT proposal_state_is_known CHECK ((state = ANY (ARRAY['pending'::text, 'approved'::text, 'declined'::text, 'expired'::text, 'superseded'::text])))
);

-- Name: TABLE proposal; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON TABLE policy.proposal IS 'Changes that protect people less, proposed by one admin: in force only when another one approves before they expire.';

-- Name: COLUMN proposal.subject; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.proposal.subject IS 'The rule or cap by name, or the quiet period by id.';

-- Name: COLUMN proposal.value; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.proposal.value IS 'The value it is to have; json null = it is to end.';

-- Name: COLUMN proposal.effective_from; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.proposal.effective_from IS 'Not before this instant; null = with the approval.';

-- Name: COLUMN proposal.state; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.proposal.state IS 'pending > approved | declined | expired | superseded (the rule was changed otherwise meanwhile).';

-- Name: fitted_model; Type: TABLE; Schema: prediction; Owner: -

CREATE TABLE prediction.fitted_model (
    fitted_at timestamp with time zone NOT NULL,
    visits bigint NOT NULL,
    gap_prior prediction.gap_prior NOT NULL,
    week_clocks double precision[] NOT NULL,
    curves double precision[] NOT NULL,
    weights double precision[] NOT NULL,
    CONSTRAINT fitted_model_is_whole CHECK (((array_dims(week_clocks) = '[1:6][1:8]'::text) AND (array_dims(curves) = '[1:32][1:51]'::text) AND (array_length(weights, 1) = 3)))
);

-- Name: TABLE fitted_model; Type: COMMENT; Schema: prediction; Owner: -

COMMENT ON TABLE prediction.fitted_model IS 'Models that prediction.fit_model fitted, stored for later days (prediction.model_at).';

-- Name: COLUMN fitted_model.fitted_at; Type: COMMENT; Schema: prediction; Owner: -

COMMENT ON COLUMN prediction.fitted_model.fitted_at IS 'The instant it was fitted for; uses nothing at or after it.';

-- Name: COLUMN fitted_model.visits; Type: COMMENT; Schema: prediction; Owner: -

COMMENT ON COLUMN prediction.fitted_model.visits IS 'Completed bookings before fitted_at; the model is invalid once they have changed by more than learning.growth.';

-- Name: COLUMN fitted_model.gap_prior; Type: COMMENT; Schema: prediction; Owner: -

COMMENT ON COLUMN prediction.fitted_model.gap_prior IS 'prediction.gap_prior.';

-- Name: COLUMN fitted_model.week_clocks; Type: COMMENT; Schema: prediction; Owner: -

COMMENT ON COLUMN prediction.fitted_model.week_clocks IS 'prediction.hazard_curves: 8 readings of the clock of each of the 6 week classes.';

-- Name: COLUMN fitted_model.curves; Type: COMMENT; Schema: prediction; Owner: -

COMMENT ON COLUMN prediction.fitted_model.curves IS 'prediction.hazard_curves: 51 points of the cumulative hazard of each of the 32 classes.';

-- Name: COLUMN fitted_model.weights; Type: COMMENT; Schema: prediction; Owner: -

COMMENT ON COLUMN prediction.fitted_model.weights IS 'prediction.calibration_weights: weights for 7, 14 and 28 days.';

-- Name: announcement; Type: TABLE; Schema: smartengage; Owner: -

CREATE TABLE smartengage.announcement (
    campaign_id uuid NOT NULL,
    template_id uuid NOT NULL,
    service_id uuid,
    exempt_reason text,
    user_ids uuid[],
    CONSTRAINT announcement_list_names_somebody CHECK ((cardinality(user_ids) > 0)),
    CONSTRAINT announcement_urgency_has_reason CHECK ((btrim(exempt_reason) <> ''::text))
);

-- Name: TABLE announcement; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON TABLE smartengage.announcement IS 'The request of a bulk send, planned by smartengage.plan_next_announcement_run. A single send has none, as it is planned at once.';

-- Name: COLUMN announcement.template_id; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.announcement.template_id IS 'The text; each recipient gets its counterpart in their language.';

-- Name: COLUMN announcement.service_id; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.announcement.service_id IS 'What it is about; null = no service.';

-- Name: COLUMN announcement.exempt_reason; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.announcement.exempt_reason IS 'Why it is exempt from caps; null = it obeys them.';

-- Name: COLUMN announcement.user_ids; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.announcement.user_ids IS 'Recipients; null = the segments of the campaign, or already planned: then smartengage.candidate has them.';

-- Name: segment_definition; Type: TABLE; Schema: smartengage; Owner: -

CREATE TABLE smartengage.segment_definition (
    segment text NOT NULL,
    version integer NOT NULL,
    "position" integer NOT NULL,
    min_visits integer,
    max_visits integer,
    first_visit_within_days integer,
    silent_for_days integer,
    past text,
    valid_at tstzrange NOT NULL,
    author text NOT NULL,
    reason text NOT NULL,
    CONSTRAINT segment_definition_days_are_positive CHECK (((first_visit_within_days > 0) AND (silent_for_days > 0))),
    CONSTRAINT segment_definition_past_is_known CHECK ((past = ANY (ARRAY['overdue'::text, 'lost'::text]))),
    CONSTRAINT segment_definition_reason_is_given CHECK ((btrim(reason) <> ''::text)),
    CONSTRAINT segment_definition_segment_is_known CHECK ((segment = ANY (ARRAY['new'::text, 'repeat'::text, 'at_risk'::text, 'inactive'::text]))),
    CONSTRAINT segment_definition_validity_is_not_empty CHECK ((NOT isempty(valid_at))),
    CONSTRAINT segment_definition_visits_are_counts CHECK (((min_visits >= 0) AND (max_visits >= 0))),
    CONSTRAINT segment_definition_visits_are_in_order CHECK ((min_visits <= max_visits))
);

-- Name: TABLE segment_definition; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON TABLE smartengage.segment_definition IS 'Definitions of segments. Rows are tried by position; a customer is in the segment of the first row whose conditions all hold.';

-- Name: COLUMN segment_definition.silent_for_days; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.segment_definition.silent_for_days IS 'At least so many days since the last completed booking.';

-- Name: COLUMN segment_definition.past; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.segment_definition.past IS 'overdue: after the 80th percentile of every predicted next booking; lost: after the 97.5th; null = no condition.';

-- Name: listed_word; Type: TABLE; Schema: text; Owner: -

CREATE TABLE text.listed_word (
    list text NOT NULL,
    word text NOT NULL,
    is_single_word boolean DEFAULT true NOT NULL,
    inflects boolean DEFAULT false NOT NULL,
    reason text NOT NULL,
    example text NOT NULL,
    CONSTRAINT listed_word_is_normalized CHECK ((word IS NFC NORMALIZED)),
    CONSTRAINT listed_word_list_is_known CHECK ((list = ANY (ARRAY['register'::text, 'shame'::text, 'threat'::text, 'comparison'::text, 'interrogation'::text, 'pressure'::text, 'profanity'::text, 'address'::text, 'intrusion'::text, 'price'::text, 'date'::text, 'allowed'::text]))),
    CONSTRAINT listed_word_reason_is_given CHECK ((btrim(reason) <> ''::text)),
    CONSTRAINT listed_word_that_inflects_is_single CHECK ((is_single_word OR (NOT inflects))),
    CONSTRAINT listed_word_that_is_single_has_no_space CHECK ((is_single_word = (strpos(word, ' '::text) = 0)))
);

-- Name: TABLE listed_word; Type: COMMENT; Schema: text; Owner: -

COMMENT ON TABLE text.listed_word IS 'Words and phrases that a text must not contain, each with its reason; list allowed = words that only look forbidden.';

-- Name: COLUMN listed_word.is_single_word; Type: COMMENT; Schema: text; Owner: -

COMMENT ON COLUMN text.listed_word.is_single_word IS 'True: a single word, compared with each word of a text. False: a phrase, compared with runs of words.';

-- Name: COLUMN listed_word.inflects; Type: COMMENT; Schema: text; Owner: -

COMMENT ON COLUMN text.listed_word.inflects IS 'True: also matches with case, number and emphasis endings (শাস্তির, শাস্তিই). False if such a form is another, ordinary word.';

-- Name: COLUMN listed_word.example; Type: COMMENT; Schema: text; Owner: -

COMMENT ON COLUMN text.listed_word.example IS 'A sentence in which the entry matches; for list allowed one in which nothing does.';

-- Name: uplift; Type: TABLE; Schema: smartengage; Owner: -

CREATE TABLE smartengage.uplift (
    scope text NOT NULL,
    campaign_id uuid,
    segment text,
    as_of timestamp with time zone NOT NULL,
    messages bigint NOT NULL,
    ghosts bigint NOT NULL,
    message_people bigint NOT NULL,
    ghost_people bigint NOT NULL,
    booked_share double precision NOT NULL,
    ghost_booked_share double precision NOT NULL,
    uplift double precision NOT NULL,
    uplift_low double precision NOT NULL,
    uplift_high double precision NOT NULL,
    too_early boolean NOT NULL,
    verdict text GENERATED ALWAYS AS (
CASE
    WHEN too_early THEN 'too_early'::text
    WHEN (uplift_low > (0)::double precision) THEN 'more'::text
    WHEN (uplift_high < (0)::double precision) THEN 'fewer'::text
    ELSE 'not_established'::text
END) STORED NOT NULL,
    CONSTRAINT uplift_interval_holds_it CHECK (((uplift_low <= uplift) AND (uplift <= uplift_high))),
    CONSTRAINT uplift_of_campaign_names_it CHECK (((scope = 'campaign'::text) = (campaign_id IS NOT NULL))),
    CONSTRAINT uplift_scope_is_known CHECK ((scope = ANY (ARRAY['campaign'::text, 'everything'::text])))
);

-- Name: TABLE uplift; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON TABLE smartengage.uplift IS 'smartengage.estimate_uplift of one instant, stored for dashboards; replaced each night by smartengage.refresh_uplift.';

-- Name: COLUMN uplift.scope; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.uplift.scope IS 'campaign: its messages against its ghosts; everything: all campaigns against the global control group.';

-- Name: COLUMN uplift.segment; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.uplift.segment IS 'Segment at planning; null = all segments.';

-- Name: COLUMN uplift.verdict; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.uplift.verdict IS 'more or fewer if the interval excludes zero, else not_established; too_early below uplift.min_sample.';

-- Name: refresh_token; Type: TABLE; Schema: account; Owner: -

CREATE TABLE account.refresh_token (
    token_hash bytea NOT NULL,
    session_id uuid NOT NULL,
    parent_hash bytea,
    issued_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    CONSTRAINT refresh_token_hash_is_sha256 CHECK ((octet_length(token_hash) = 32))
);

-- Name: TABLE refresh_token; Type: COMMENT; Schema: account; Owner: -

COMMENT ON TABLE account.refresh_token IS 'Single-use tokens, stored hashed, each the child of the one it replaced. The use of an old one revokes the session.';

-- Name: campaign_kind; Type: TABLE; Schema: smartengage; Owner: -

CREATE TABLE smartengage.campaign_kind (
    kind text NOT NULL,
    meaning text NOT NULL
);

-- Name: TABLE campaign_kind; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON TABLE smartengage.campaign_kind IS 'Kinds of campaigns: each has its own planner.';

-- Name: run_kind; Type: TABLE; Schema: smartengage; Owner: -

CREATE TABLE smartengage.run_kind (
    message_class text NOT NULL,
    names_text boolean NOT NULL,
    is_exempt boolean NOT NULL
);

-- Name: TABLE run_kind; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON TABLE smartengage.run_kind IS 'Message classes that a run may have, and what such a run must state.';

-- Name: COLUMN run_kind.names_text; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.run_kind.names_text IS 'Whether the run states the text of its messages; false = each message gets a variant later.';

-- Name: COLUMN run_kind.is_exempt; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.run_kind.is_exempt IS 'Whether the run states a reason for exceeding caps.';

-- Name: app_event_default; Type: TABLE; Schema: market; Owner: -

CREATE TABLE market.app_event_default (
    event_id uuid DEFAULT uuidv7() CONSTRAINT app_event_event_id_not_null NOT NULL,
    user_id uuid CONSTRAINT app_event_user_id_not_null NOT NULL,
    kind text CONSTRAINT app_event_kind_not_null NOT NULL,
    happened_at timestamp with time zone CONSTRAINT app_event_happened_at_not_null NOT NULL,
    external_id text,
    properties jsonb DEFAULT '{}'::jsonb CONSTRAINT app_event_properties_not_null NOT NULL
);

-- Name: TABLE app_event_default; Type: COMMENT; Schema: market; Owner: -

COMMENT ON TABLE market.app_event_default IS 'Catches events of months without a partition, so that no insert fails; stays empty while partitions are made ahead.';

-- Name: cap_change_counter; Type: TABLE; Schema: policy; Owner: -

CREATE TABLE policy.cap_change_counter (
    purpose text NOT NULL,
    changes bigint DEFAULT 0 NOT NULL,
    CONSTRAINT cap_change_counter_purpose_is_capped CHECK ((purpose = ANY (ARRAY['outreach'::text, 'coaching'::text, 'voice'::text])))
);

-- Name: TABLE cap_change_counter; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON TABLE policy.cap_change_counter IS 'Counts the changes of the caps of a purpose, by trigger: a sending written from a snapshot older than the last change fails on this row.';

-- Name: pgqueuer_id_seq; Type: SEQUENCE; Schema: queue; Owner: -

CREATE SEQUENCE queue.pgqueuer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

-- Name: pgqueuer_id_seq; Type: SEQUENCE OWNED BY; Schema: queue; Owner: -

ALTER SEQUENCE queue.pgqueuer_id_seq OWNED BY queue.pgqueuer.id;

-- Name: pgqueuer_log_id_seq; Type: SEQUENCE; Schema: queue; Owner: -

ALTER TABLE queue.pgqueuer_log ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME queue.pgqueuer_log_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- Name: pgqueuer_schedules; Type: TABLE; Schema: queue; Owner: -

CREATE TABLE queue.pgqueuer_schedules (
    id bigint NOT NULL,
    expression text NOT NULL,
    entrypoint text NOT NULL,
    heartbeat timestamp with time zone DEFAULT now() NOT NULL,
    created timestamp with time zone DEFAULT now() NOT NULL,
    updated timestamp with time zone DEFAULT now() NOT NULL,
    next_run timestamp with time zone DEFAULT now() NOT NULL,
    last_run timestamp with time zone,
    status queue.pgqueuer_status DEFAULT 'queued'::queue.pgqueuer_status
);

-- Name: pgqueuer_schedules_id_seq; Type: SEQUENCE; Schema: queue; Owner: -

CREATE SEQUENCE queue.pgqueuer_schedules_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

-- Name: pgqueuer_schedules_id_seq; Type: SEQUENCE OWNED BY; Schema: queue; Owner: -

ALTER SEQUENCE queue.pgqueuer_schedules_id_seq OWNED BY queue.pgqueuer_schedules.id;

-- Name: pgqueuer_statistics; Type: TABLE; Schema: queue; Owner: -

CREATE TABLE queue.pgqueuer_statistics (
    id bigint NOT NULL,
    created timestamp with time zone DEFAULT date_trunc('sec'::text, now()) NOT NULL,
    count bigint NOT NULL,
    priority integer NOT NULL,
    status queue.pgqueuer_status NOT NULL,
    entrypoint text NOT NULL
);

-- Name: pgqueuer_statistics_id_seq; Type: SEQUENCE; Schema: queue; Owner: -

CREATE SEQUENCE queue.pgqueuer_statistics_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

-- Name: pgqueuer_statistics_id_seq; Type: SEQUENCE OWNED BY; Schema: queue; Owner: -

ALTER SEQUENCE queue.pgqueuer_statistics_id_seq OWNED BY queue.pgqueuer_statistics.id;

-- Name: rejected_answer; Type: TABLE; Schema: text; Owner: -

CREATE TABLE text.rejected_answer (
    rejected_answer_id uuid DEFAULT uuidv7() NOT NULL,
    cohort text NOT NULL,
    prompt_version integer NOT NULL,
    model text NOT NULL,
    answer text NOT NULL,
    reasons text[] NOT NULL,
    rejected_at timestamp with time zone NOT NULL
);

-- Name: TABLE rejected_answer; Type: COMMENT; Schema: text; Owner: -

COMMENT ON TABLE text.rejected_answer IS 'Answers of the model that were rejected, each with every reason.';

-- Name: app_event_default; Type: TABLE ATTACH; Schema: market; Owner: -

ALTER TABLE ONLY market.app_event ATTACH PARTITION market.app_event_default DEFAULT;

-- Name: pgqueuer id; Type: DEFAULT; Schema: queue; Owner: -

ALTER TABLE ONLY queue.pgqueuer ALTER COLUMN id SET DEFAULT nextval('queue.pgqueuer_id_seq'::regclass);

-- Name: pgqueuer_schedules id; Type: DEFAULT; Schema: queue; Owner: -

ALTER TABLE ONLY queue.pgqueuer_schedules ALTER COLUMN id SET DEFAULT nextval('queue.pgqueuer_schedules_id_seq'::regclass);

-- Name: pgqueuer_statistics id; Type: DEFAULT; Schema: queue; Owner: -

ALTER TABLE ONLY queue.pgqueuer_statistics ALTER COLUMN id SET DEFAULT nextval('queue.pgqueuer_statistics_id_seq'::regclass);

-- Name: template template_is_unique; Type: CONSTRAINT; Schema: text; Owner: -

ALTER TABLE ONLY text.template
    ADD CONSTRAINT template_is_unique UNIQUE NULLS NOT DISTINCT (kind, category, language, form, cohort, variant, version);

-- Name: admin_credential admin_credential_login_is_unique; Type: CONSTRAINT; Schema: account; Owner: -

ALTER TABLE ONLY account.admin_credential
    ADD CONSTRAINT admin_credential_login_is_unique UNIQUE (login);

-- Name: admin_credential admin_credential_pkey; Type: CONSTRAINT; Schema: account; Owner: -

ALTER TABLE ONLY account.admin_credential
    ADD CONSTRAINT admin_credential_pkey PRIMARY KEY (user_id);

-- Name: consent consent_pkey; Type: CONSTRAINT; Schema: account; Owner: -

ALTER TABLE ONLY account.consent
    ADD CONSTRAINT consent_pkey PRIMARY KEY (user_id, channel, purpose, valid_at WITHOUT OVERLAPS);

-- Name: contact contact_pkey; Type: CONSTRAINT; Schema: account; Owner: -

ALTER TABLE ONLY account.contact
    ADD CONSTRAINT contact_pkey PRIMARY KEY (user_id, channel);

-- Name: one_time_code one_time_code_pkey; Type: CONSTRAINT; Schema: account; Owner: -

ALTER TABLE ONLY account.one_time_code
    ADD CONSTRAINT one_time_code_pkey PRIMARY KEY (request_id);

-- Name: person person_external_id_is_unique; Type: CONSTRAINT; Schema: account; Owner: -

ALTER TABLE ONLY account.person
    ADD CONSTRAINT person_external_id_is_unique UNIQUE (external_id);

-- Name: person person_pkey; Type: CONSTRAINT; Schema: account; Owner: -

ALTER TABLE ONLY account.person
    ADD CONSTRAINT person_pkey PRIMARY KEY (user_id);

-- Name: program_token program_token_is_unique; Type: CONSTRAINT; Schema: account; Owner: -

ALTER TABLE ONLY account.program_token
    ADD CONSTRAINT program_token_is_unique UNIQUE (token_hash);

-- Name: program_token program_token_pkey; Type: CONSTRAINT; Schema: account; Owner: -

ALTER TABLE ONLY account.program_token
    ADD CONSTRAINT program_token_pkey PRIMARY KEY (token_id);

-- Name: refresh_token refresh_token_has_one_child; Type: CONSTRAINT; Schema: account; Owner: -

ALTER TABLE ONLY account.refresh_token
    ADD CONSTRAINT refresh_token_has_one_child UNIQUE (parent_hash);

-- Name: refresh_token refresh_token_pkey; Type: CONSTRAINT; Schema: account; Owner: -

ALTER TABLE ONLY account.refresh_token
    ADD CONSTRAINT refresh_token_pkey PRIMARY KEY (token_hash);

-- Name: session session_pkey; Type: CONSTRAINT; Schema: account; Owner: -

ALTER TABLE ONLY account.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (session_id);

-- Name: idempotent_call idempotent_call_pkey; Type: CONSTRAINT; Schema: edge; Owner: -

ALTER TABLE ONLY edge.idempotent_call
    ADD CONSTRAINT idempotent_call_pkey PRIMARY KEY (user_id, key);

-- Name: rate_allowance rate_allowance_pkey; Type: CONSTRAINT; Schema: edge; Owner: -

ALTER TABLE ONLY edge.rate_allowance
    ADD CONSTRAINT rate_allowance_pkey PRIMARY KEY (key);

-- Name: add_on add_on_belongs_to_service; Type: CONSTRAINT; Schema: market; Owner: -

ALTER TABLE ONLY market.add_on
    ADD CONSTRAINT add_on_belongs_to_service UNIQUE (add_on_id, service_id);

-- Name: add_on add_on_code_is_unique; Type: CONSTRAINT; Schema: market; Owner: -

ALTER TABLE ONLY market.add_on
    ADD CONSTRAINT add_on_code_is_unique UNIQUE (code);

-- Name: add_on add_on_pkey; Type: CONSTRAINT; Schema: market; Owner: -

ALTER TABLE ONLY market.add_on
    ADD CONSTRAINT add_on_pkey PRIMARY KEY (add_on_id);

-- Name: app_event app_event_external_id_is_unique; Type: CONSTRAINT; Schema: market; Owner: -

ALTER TABLE ONLY market.app_event
    ADD CONSTRAINT app_event_external_id_is_unique UNIQUE (external_id, happened_at);

-- Name: app_event_default app_event_default_external_id_happened_at_key; Type: CONSTRAINT; Schema: market; Owner: -

ALTER TABLE ONLY market.app_event_default
    ADD CONSTRAINT app_event_default_external_id_happened_at_key UNIQUE (external_id, happened_at);

-- Name: app_event app_event_pkey; Type: CONSTRAINT; Schema: market; Owner: -

ALTER TABLE ONLY market.app_event
    ADD CONSTRAINT app_event_pkey PRIMARY KEY (event_id, happened_at);

-- Name: app_event_default app_event_default_pkey; Type: CONSTRAINT; Schema: market; Owner: -

ALTER TABLE ONLY market.app_event_default
    ADD CONSTRAINT app_event_default_pkey PRIMARY KEY (event_id, happened_at);

-- Name: booking_add_on booking_add_on_pkey; Type: CONSTRAINT; Schema: market; Owner: -

ALTER TABLE ONLY market.booking_add_on
    ADD CONSTRAINT booking_add_on_pkey PRIMARY KEY (booking_id, add_on_id);

-- Name: booking booking_external_id_is_unique; Type: CONSTRAINT; Schema: market; Owner: -

ALTER TABLE ONLY market.booking
    ADD CONSTRAINT booking_external_id_is_unique UNIQUE (external_id);

-- Name: booking booking_pkey; Type: CONSTRAINT; Schema: market; Owner: -

ALTER TABLE ONLY market.booking
    ADD CONSTRAINT booking_pkey PRIMARY KEY (booking_id);

-- Name: booking booking_worker_is_free; Type: CONSTRAINT; Schema: market; Owner: -

ALTER TABLE ONLY market.booking
    ADD CONSTRAINT booking_worker_is_free EXCLUDE USING gist (worker_id WITH =, tstzrange(scheduled_at, ends_at) WITH &&) WHERE (((worker_id IS NOT NULL) AND (status = ANY (ARRAY['confirmed'::text, 'in_progress'::text]))));

-- Name: review review_pkey; Type: CONSTRAINT; Schema: market; Owner: -

ALTER TABLE ONLY market.review
    ADD CONSTRAINT review_pkey PRIMARY KEY (booking_id);

-- Name: service service_code_is_unique; Type: CONSTRAINT; Schema: market; Owner: -

ALTER TABLE ONLY market.service
    ADD CONSTRAINT service_code_is_unique UNIQUE (code);

-- Name: service service_pkey; Type: CONSTRAINT; Schema: market; Owner: -

ALTER TABLE ONLY market.service
    ADD CONSTRAINT service_pkey PRIMARY KEY (service_id);

-- Name: worker worker_pkey; Type: CONSTRAINT; Schema: market; Owner: -

ALTER TABLE ONLY market.worker
    ADD CONSTRAINT worker_pkey PRIMARY KEY (user_id);

-- Name: campaign_hold campaign_hold_pkey; Type: CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.campaign_hold
    ADD CONSTRAINT campaign_hold_pkey PRIMARY KEY (campaign_id);

-- Name: cap_slot cap_slot_is_taken_once; Type: CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.cap_slot
    ADD CONSTRAINT cap_slot_is_taken_once EXCLUDE USING gist (user_id WITH =, cap WITH =, cap_version WITH =, slot_no WITH =, during WITH &&);

-- Name: cap_slot cap_slot_pkey; Type: CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.cap_slot
    ADD CONSTRAINT cap_slot_pkey PRIMARY KEY (message_id, attempt, cap);

-- Name: claim_denial claim_denial_pkey; Type: CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.claim_denial
    ADD CONSTRAINT claim_denial_pkey PRIMARY KEY (decision_no);

-- Name: delivery delivery_pkey; Type: CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.delivery
    ADD CONSTRAINT delivery_pkey PRIMARY KEY (message_id, attempt);

-- Name: hour_share hour_share_pkey; Type: CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.hour_share
    ADD CONSTRAINT hour_share_pkey PRIMARY KEY (segment, local_hour);

-- Name: inbox_message inbox_message_pkey; Type: CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.inbox_message
    ADD CONSTRAINT inbox_message_pkey PRIMARY KEY (message_id);

-- Name: link link_pkey; Type: CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.link
    ADD CONSTRAINT link_pkey PRIMARY KEY (key_hash);

-- Name: message_event message_event_counts_once; Type: CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.message_event
    ADD CONSTRAINT message_event_counts_once UNIQUE (source, source_event_id);

-- Name: message_event message_event_pkey; Type: CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.message_event
    ADD CONSTRAINT message_event_pkey PRIMARY KEY (event_id);

-- Name: message message_is_referenced_whole; Type: CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.message
    ADD CONSTRAINT message_is_referenced_whole UNIQUE (message_id, user_id, channel, purpose, takes_slot);

-- Name: message message_occurrence_is_unique; Type: CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.message
    ADD CONSTRAINT message_occurrence_is_unique UNIQUE NULLS NOT DISTINCT (user_id, campaign_id, occurrence);

-- Name: message message_pkey; Type: CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.message
    ADD CONSTRAINT message_pkey PRIMARY KEY (message_id);

-- Name: webhook_call webhook_call_pkey; Type: CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.webhook_call
    ADD CONSTRAINT webhook_call_pkey PRIMARY KEY (provider, webhook_id);

-- Name: alert alert_pkey; Type: CONSTRAINT; Schema: policy; Owner: -

ALTER TABLE ONLY policy.alert
    ADD CONSTRAINT alert_pkey PRIMARY KEY (alert_id);

-- Name: audit audit_pkey; Type: CONSTRAINT; Schema: policy; Owner: -

ALTER TABLE ONLY policy.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (audit_id);

-- Name: cap_change_counter cap_change_counter_pkey; Type: CONSTRAINT; Schema: policy; Owner: -

ALTER TABLE ONLY policy.cap_change_counter
    ADD CONSTRAINT cap_change_counter_pkey PRIMARY KEY (purpose);

-- Name: cap cap_is_referenced_whole; Type: CONSTRAINT; Schema: policy; Owner: -

ALTER TABLE ONLY policy.cap
    ADD CONSTRAINT cap_is_referenced_whole UNIQUE NULLS NOT DISTINCT (cap, version, max_messages, window_hours);

-- Name: cap cap_pkey; Type: CONSTRAINT; Schema: policy; Owner: -

ALTER TABLE ONLY policy.cap
    ADD CONSTRAINT cap_pkey PRIMARY KEY (cap, version);

-- Name: cap cap_versions_do_not_overlap; Type: CONSTRAINT; Schema: policy; Owner: -

ALTER TABLE ONLY policy.cap
    ADD CONSTRAINT cap_versions_do_not_overlap EXCLUDE USING gist (cap WITH =, valid_at WITH &&);

-- Name: gate gate_pkey; Type: CONSTRAINT; Schema: policy; Owner: -

ALTER TABLE ONLY policy.gate
    ADD CONSTRAINT gate_pkey PRIMARY KEY (stage, reason);

-- Name: installation installation_pkey; Type: CONSTRAINT; Schema: policy; Owner: -

ALTER TABLE ONLY policy.installation
    ADD CONSTRAINT installation_pkey PRIMARY KEY (singleton);

-- Name: message_class message_class_is_referenced_whole; Type: CONSTRAINT; Schema: policy; Owner: -

ALTER TABLE ONLY policy.message_class
    ADD CONSTRAINT message_class_is_referenced_whole UNIQUE (message_class, purpose, obeys_caps, takes_slot);

-- Name: message_class message_class_pkey; Type: CONSTRAINT; Schema: policy; Owner: -

ALTER TABLE ONLY policy.message_class
    ADD CONSTRAINT message_class_pkey PRIMARY KEY (message_class);

-- Name: proposal proposal_pkey; Type: CONSTRAINT; Schema: policy; Owner: -

ALTER TABLE ONLY policy.proposal
    ADD CONSTRAINT proposal_pkey PRIMARY KEY (proposal_id);

-- Name: quiet_period quiet_period_pkey; Type: CONSTRAINT; Schema: policy; Owner: -

ALTER TABLE ONLY policy.quiet_period
    ADD CONSTRAINT quiet_period_pkey PRIMARY KEY (quiet_period_id);

-- Name: refusal_reason refusal_reason_pkey; Type: CONSTRAINT; Schema: policy; Owner: -

ALTER TABLE ONLY policy.refusal_reason
    ADD CONSTRAINT refusal_reason_pkey PRIMARY KEY (reason);

-- Name: rule_definition rule_definition_pkey; Type: CONSTRAINT; Schema: policy; Owner: -

ALTER TABLE ONLY policy.rule_definition
    ADD CONSTRAINT rule_definition_pkey PRIMARY KEY (rule);

-- Name: rule rule_pkey; Type: CONSTRAINT; Schema: policy; Owner: -

ALTER TABLE ONLY policy.rule
    ADD CONSTRAINT rule_pkey PRIMARY KEY (rule, version);

-- Name: rule rule_versions_do_not_overlap; Type: CONSTRAINT; Schema: policy; Owner: -

ALTER TABLE ONLY policy.rule
    ADD CONSTRAINT rule_versions_do_not_overlap EXCLUDE USING gist (rule WITH =, valid_at WITH &&);

-- Name: snapshot_refresh snapshot_refresh_pkey; Type: CONSTRAINT; Schema: policy; Owner: -

ALTER TABLE ONLY policy.snapshot_refresh
    ADD CONSTRAINT snapshot_refresh_pkey PRIMARY KEY (snapshot);

-- Name: time_zone time_zone_pkey; Type: CONSTRAINT; Schema: policy; Owner: -

ALTER TABLE ONLY policy.time_zone
    ADD CONSTRAINT time_zone_pkey PRIMARY KEY (name);

-- Name: fitted_model fitted_model_pkey; Type: CONSTRAINT; Schema: prediction; Owner: -

ALTER TABLE ONLY prediction.fitted_model
    ADD CONSTRAINT fitted_model_pkey PRIMARY KEY (fitted_at);

-- Name: listener listener_pkey; Type: CONSTRAINT; Schema: queue; Owner: -

ALTER TABLE ONLY queue.listener
    ADD CONSTRAINT listener_pkey PRIMARY KEY (listener_id);

-- Name: pgqueuer_log pgqueuer_log_pkey; Type: CONSTRAINT; Schema: queue; Owner: -

ALTER TABLE ONLY queue.pgqueuer_log
    ADD CONSTRAINT pgqueuer_log_pkey PRIMARY KEY (id);

-- Name: pgqueuer pgqueuer_pkey; Type: CONSTRAINT; Schema: queue; Owner: -

ALTER TABLE ONLY queue.pgqueuer
    ADD CONSTRAINT pgqueuer_pkey PRIMARY KEY (id);

-- Name: pgqueuer_schedules pgqueuer_schedules_expression_entrypoint_key; Type: CONSTRAINT; Schema: queue; Owner: -

ALTER TABLE ONLY queue.pgqueuer_schedules
    ADD CONSTRAINT pgqueuer_schedules_expression_entrypoint_key UNIQUE (expression, entrypoint);

-- Name: pgqueuer_schedules pgqueuer_schedules_pkey; Type: CONSTRAINT; Schema: queue; Owner: -

ALTER TABLE ONLY queue.pgqueuer_schedules
    ADD CONSTRAINT pgqueuer_schedules_pkey PRIMARY KEY (id);

-- Name: pgqueuer_statistics pgqueuer_statistics_pkey; Type: CONSTRAINT; Schema: queue; Owner: -

ALTER TABLE ONLY queue.pgqueuer_statistics
    ADD CONSTRAINT pgqueuer_statistics_pkey PRIMARY KEY (id);

-- Name: announcement announcement_pkey; Type: CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.announcement
    ADD CONSTRAINT announcement_pkey PRIMARY KEY (campaign_id);

-- Name: campaign_kind campaign_kind_pkey; Type: CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.campaign_kind
    ADD CONSTRAINT campaign_kind_pkey PRIMARY KEY (kind);

-- Name: campaign campaign_name_is_unique; Type: CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.campaign
    ADD CONSTRAINT campaign_name_is_unique UNIQUE (name);

-- Name: campaign campaign_pkey; Type: CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.campaign
    ADD CONSTRAINT campaign_pkey PRIMARY KEY (campaign_id);

-- Name: candidate candidate_is_one; Type: CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.candidate
    ADD CONSTRAINT candidate_is_one UNIQUE NULLS NOT DISTINCT (run_id, user_id, service_id);

-- Name: cohort_text_source cohort_text_source_pkey; Type: CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.cohort_text_source
    ADD CONSTRAINT cohort_text_source_pkey PRIMARY KEY (run_id, cohort);

-- Name: customer_segment customer_segment_pkey; Type: CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.customer_segment
    ADD CONSTRAINT customer_segment_pkey PRIMARY KEY (user_id);

-- Name: predicted_booking predicted_booking_pkey; Type: CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.predicted_booking
    ADD CONSTRAINT predicted_booking_pkey PRIMARY KEY (user_id, service_id);

-- Name: preview preview_pkey; Type: CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.preview
    ADD CONSTRAINT preview_pkey PRIMARY KEY (preview_id);

-- Name: run run_happens_once; Type: CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.run
    ADD CONSTRAINT run_happens_once UNIQUE (campaign_id, trigger_key);

-- Name: run_kind run_kind_is_referenced_whole; Type: CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.run_kind
    ADD CONSTRAINT run_kind_is_referenced_whole UNIQUE (message_class, names_text, is_exempt);

-- Name: run_kind run_kind_pkey; Type: CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.run_kind
    ADD CONSTRAINT run_kind_pkey PRIMARY KEY (message_class);

-- Name: run run_pkey; Type: CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.run
    ADD CONSTRAINT run_pkey PRIMARY KEY (run_id);

-- Name: segment_definition segment_definition_pkey; Type: CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.segment_definition
    ADD CONSTRAINT segment_definition_pkey PRIMARY KEY (segment, version, "position");

-- Name: segment_definition segment_definition_versions_do_not_overlap; Type: CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.segment_definition
    ADD CONSTRAINT segment_definition_versions_do_not_overlap EXCLUDE USING gist ("position" WITH =, valid_at WITH &&);

-- Name: uplift uplift_is_stored_once; Type: CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.uplift
    ADD CONSTRAINT uplift_is_stored_once UNIQUE NULLS NOT DISTINCT (campaign_id, scope, segment);

-- Name: listed_word listed_word_pkey; Type: CONSTRAINT; Schema: text; Owner: -

ALTER TABLE ONLY text.listed_word
    ADD CONSTRAINT listed_word_pkey PRIMARY KEY (list, word);

-- Name: model_call model_call_pkey; Type: CONSTRAINT; Schema: text; Owner: -

ALTER TABLE ONLY text.model_call
    ADD CONSTRAINT model_call_pkey PRIMARY KEY (model_call_id);

-- Name: rejected_answer rejected_answer_pkey; Type: CONSTRAINT; Schema: text; Owner: -

ALTER TABLE ONLY text.rejected_answer
    ADD CONSTRAINT rejected_answer_pkey PRIMARY KEY (rejected_answer_id);

-- Name: template template_pkey; Type: CONSTRAINT; Schema: text; Owner: -

ALTER TABLE ONLY text.template
    ADD CONSTRAINT template_pkey PRIMARY KEY (template_id);

-- Name: variant_performance variant_performance_pkey; Type: CONSTRAINT; Schema: text; Owner: -

ALTER TABLE ONLY text.variant_performance
    ADD CONSTRAINT variant_performance_pkey PRIMARY KEY (template_id);

-- Name: consent_withdrawn_idx; Type: INDEX; Schema: account; Owner: -

CREATE INDEX consent_withdrawn_idx ON account.consent USING btree (upper(valid_at)) WHERE (NOT upper_inf(valid_at));

-- Name: contact_push_once_idx; Type: INDEX; Schema: account; Owner: -

CREATE UNIQUE INDEX contact_push_once_idx ON account.contact USING btree (address) WHERE (channel = 'push'::text);

-- Name: contact_session_idx; Type: INDEX; Schema: account; Owner: -

CREATE INDEX contact_session_idx ON account.contact USING btree (session_id) WHERE (session_id IS NOT NULL);

-- Name: contact_sign_in_idx; Type: INDEX; Schema: account; Owner: -

CREATE INDEX contact_sign_in_idx ON account.contact USING btree (channel, lower(address));

-- Name: one_time_code_address_idx; Type: INDEX; Schema: account; Owner: -

CREATE INDEX one_time_code_address_idx ON account.one_time_code USING btree (address_mac, requested_at);

-- Name: one_time_code_block_idx; Type: INDEX; Schema: account; Owner: -

CREATE INDEX one_time_code_block_idx ON account.one_time_code USING btree (block_mac, requested_at);

-- Name: one_time_code_day_idx; Type: INDEX; Schema: account; Owner: -

CREATE INDEX one_time_code_day_idx ON account.one_time_code USING btree (requested_at);

-- Name: one_time_code_destination_idx; Type: INDEX; Schema: account; Owner: -

CREATE INDEX one_time_code_destination_idx ON account.one_time_code USING btree (destination_mac, requested_at);

-- Name: one_time_code_person_idx; Type: INDEX; Schema: account; Owner: -

CREATE INDEX one_time_code_person_idx ON account.one_time_code USING btree (user_id);

-- Name: person_role_idx; Type: INDEX; Schema: account; Owner: -

CREATE INDEX person_role_idx ON account.person USING btree (role, user_id);

-- Name: program_token_program_idx; Type: INDEX; Schema: account; Owner: -

CREATE INDEX program_token_program_idx ON account.program_token USING btree (program, created_at);

-- Name: refresh_token_session_idx; Type: INDEX; Schema: account; Owner: -

CREATE INDEX refresh_token_session_idx ON account.refresh_token USING btree (session_id, issued_at);

-- Name: session_age_idx; Type: INDEX; Schema: account; Owner: -

CREATE INDEX session_age_idx ON account.session USING btree (expires_at);

-- Name: session_person_idx; Type: INDEX; Schema: account; Owner: -

CREATE INDEX session_person_idx ON account.session USING btree (user_id, created_at);

-- Name: idempotent_call_age_idx; Type: INDEX; Schema: edge; Owner: -

CREATE INDEX idempotent_call_age_idx ON edge.idempotent_call USING btree (called_at);

-- Name: rate_allowance_age_idx; Type: INDEX; Schema: edge; Owner: -

CREATE INDEX rate_allowance_age_idx ON edge.rate_allowance USING btree (refilled_at);

-- Name: add_on_service_idx; Type: INDEX; Schema: market; Owner: -

CREATE INDEX add_on_service_idx ON market.add_on USING btree (service_id);

-- Name: app_event_person_idx; Type: INDEX; Schema: market; Owner: -

CREATE INDEX app_event_person_idx ON ONLY market.app_event USING btree (user_id, happened_at);

-- Name: app_event_default_user_id_happened_at_idx; Type: INDEX; Schema: market; Owner: -

CREATE INDEX app_event_default_user_id_happened_at_idx ON market.app_event_default USING btree (user_id, happened_at);

-- Name: booking_add_on_add_on_idx; Type: INDEX; Schema: market; Owner: -

CREATE INDEX booking_add_on_add_on_idx ON market.booking_add_on USING btree (add_on_id);

-- Name: booking_offered_idx; Type: INDEX; Schema: market; Owner: -

CREATE INDEX booking_offered_idx ON market.booking USING btree (scheduled_at, booking_id) WHERE ((status = 'pending'::text) AND (worker_id IS NULL));

-- Name: booking_open_idx; Type: INDEX; Schema: market; Owner: -

CREATE INDEX booking_open_idx ON market.booking USING btree (customer_id, service_id) WHERE (status = ANY (ARRAY['pending'::text, 'confirmed'::text, 'in_progress'::text]));

-- Name: booking_recent_idx; Type: INDEX; Schema: market; Owner: -

CREATE INDEX booking_recent_idx ON market.booking USING btree (customer_id, created_at) INCLUDE (source);

-- Name: booking_service_idx; Type: INDEX; Schema: market; Owner: -

CREATE INDEX booking_service_idx ON market.booking USING btree (service_id);

-- Name: booking_visit_idx; Type: INDEX; Schema: market; Owner: -

CREATE INDEX booking_visit_idx ON market.booking USING btree (customer_id, service_id, completed_at) WHERE (status = 'completed'::text);

-- Name: booking_worker_idx; Type: INDEX; Schema: market; Owner: -

CREATE INDEX booking_worker_idx ON market.booking USING btree (worker_id, scheduled_at) WHERE (worker_id IS NOT NULL);

-- Name: claim_denial_message_idx; Type: INDEX; Schema: outreach; Owner: -

CREATE INDEX claim_denial_message_idx ON outreach.claim_denial USING btree (message_id);

-- Name: claim_denial_person_idx; Type: INDEX; Schema: outreach; Owner: -

CREATE INDEX claim_denial_person_idx ON outreach.claim_denial USING btree (user_id, decided_at);

-- Name: delivery_consent_idx; Type: INDEX; Schema: outreach; Owner: -

CREATE INDEX delivery_consent_idx ON outreach.delivery USING btree (user_id, channel, purpose, sent_at) INCLUDE (message_id, takes_slot, state, decision_no, release_no, due_at, useful_until, obeys_caps);

-- Name: delivery_live_once_idx; Type: INDEX; Schema: outreach; Owner: -

CREATE UNIQUE INDEX delivery_live_once_idx ON outreach.delivery USING btree (message_id) INCLUDE (sent_at, purpose) WHERE (state <> 'released'::text);

-- Name: delivery_provider_idx; Type: INDEX; Schema: outreach; Owner: -

CREATE INDEX delivery_provider_idx ON outreach.delivery USING btree (adapter, provider_id) WHERE (provider_id IS NOT NULL);

-- Name: delivery_sms_reference_idx; Type: INDEX; Schema: outreach; Owner: -

CREATE INDEX delivery_sms_reference_idx ON outreach.delivery USING btree ("right"(replace((message_id)::text, '-'::text, ''::text), 20)) WHERE (channel = 'sms'::text);

-- Name: delivery_time_idx; Type: INDEX; Schema: outreach; Owner: -

CREATE INDEX delivery_time_idx ON outreach.delivery USING brin (sent_at) WITH (autosummarize='on');

-- Name: inbox_message_person_idx; Type: INDEX; Schema: outreach; Owner: -

CREATE INDEX inbox_message_person_idx ON outreach.inbox_message USING btree (user_id, arrived_at);

-- Name: link_booking_idx; Type: INDEX; Schema: outreach; Owner: -

CREATE INDEX link_booking_idx ON outreach.link USING btree (booking_id) WHERE (booking_id IS NOT NULL);

-- Name: link_message_idx; Type: INDEX; Schema: outreach; Owner: -

CREATE INDEX link_message_idx ON outreach.link USING btree (message_id);

-- Name: message_about_booking_idx; Type: INDEX; Schema: outreach; Owner: -

CREATE INDEX message_about_booking_idx ON outreach.message USING btree (about_booking_id) WHERE (about_booking_id IS NOT NULL);

-- Name: message_booked_idx; Type: INDEX; Schema: outreach; Owner: -

CREATE INDEX message_booked_idx ON outreach.message USING btree (message_id) WHERE (state = 'booked'::text);

-- Name: message_due_idx; Type: INDEX; Schema: outreach; Owner: -

CREATE INDEX message_due_idx ON outreach.message USING btree (channel, due_at, message_id) WHERE (state = 'scheduled'::text);

-- Name: message_event_message_idx; Type: INDEX; Schema: outreach; Owner: -

CREATE INDEX message_event_message_idx ON outreach.message_event USING btree (message_id, kind);

-- Name: message_event_orphan_idx; Type: INDEX; Schema: outreach; Owner: -

CREATE INDEX message_event_orphan_idx ON outreach.message_event USING btree (source, provider_id) WHERE ((message_id IS NULL) AND (provider_id IS NOT NULL));

-- Name: message_run_idx; Type: INDEX; Schema: outreach; Owner: -

CREATE INDEX message_run_idx ON outreach.message USING btree (run_id, state);

-- Name: message_unsettled_idx; Type: INDEX; Schema: outreach; Owner: -

CREATE INDEX message_unsettled_idx ON outreach.message USING btree (state_at) WHERE (state = ANY (ARRAY['claimed'::text, 'in_doubt'::text]));

-- Name: webhook_call_age_idx; Type: INDEX; Schema: outreach; Owner: -

CREATE INDEX webhook_call_age_idx ON outreach.webhook_call USING btree (received_at);

-- Name: alert_is_open_once_idx; Type: INDEX; Schema: policy; Owner: -

CREATE UNIQUE INDEX alert_is_open_once_idx ON policy.alert USING btree (kind, subject) WHERE (acknowledged_at IS NULL);

-- Name: alert_raised_idx; Type: INDEX; Schema: policy; Owner: -

CREATE INDEX alert_raised_idx ON policy.alert USING btree (raised_at, alert_id);

-- Name: audit_action_idx; Type: INDEX; Schema: policy; Owner: -

CREATE INDEX audit_action_idx ON policy.audit USING btree (action, happened_at, audit_id);

-- Name: audit_actor_idx; Type: INDEX; Schema: policy; Owner: -

CREATE INDEX audit_actor_idx ON policy.audit USING btree (actor, happened_at, audit_id);

-- Name: audit_subject_idx; Type: INDEX; Schema: policy; Owner: -

CREATE INDEX audit_subject_idx ON policy.audit USING btree (subject, happened_at);

-- Name: audit_time_idx; Type: INDEX; Schema: policy; Owner: -

CREATE INDEX audit_time_idx ON policy.audit USING btree (happened_at, audit_id);

-- Name: cap_proposal_idx; Type: INDEX; Schema: policy; Owner: -

CREATE INDEX cap_proposal_idx ON policy.cap USING btree (proposal_id) WHERE (proposal_id IS NOT NULL);

-- Name: proposal_subject_idx; Type: INDEX; Schema: policy; Owner: -

CREATE INDEX proposal_subject_idx ON policy.proposal USING btree (subject, proposed_at);

-- Name: proposal_waits_once_idx; Type: INDEX; Schema: policy; Owner: -

CREATE UNIQUE INDEX proposal_waits_once_idx ON policy.proposal USING btree (kind, subject) WHERE (state = 'pending'::text);

-- Name: rule_proposal_idx; Type: INDEX; Schema: policy; Owner: -

CREATE INDEX rule_proposal_idx ON policy.rule USING btree (proposal_id) WHERE (proposal_id IS NOT NULL);

-- Name: pgqueuer_ep_ea_idx; Type: INDEX; Schema: queue; Owner: -

CREATE INDEX pgqueuer_ep_ea_idx ON queue.pgqueuer USING btree (entrypoint, execute_after) WHERE (status = 'queued'::queue.pgqueuer_status);

-- Name: pgqueuer_ep_prio_id_idx; Type: INDEX; Schema: queue; Owner: -

CREATE INDEX pgqueuer_ep_prio_id_idx ON queue.pgqueuer USING btree (entrypoint, priority DESC, id) WHERE (status = 'queued'::queue.pgqueuer_status);

-- Name: pgqueuer_log_created; Type: INDEX; Schema: queue; Owner: -

CREATE INDEX pgqueuer_log_created ON queue.pgqueuer_log USING btree (created);

-- Name: pgqueuer_log_job_id_status; Type: INDEX; Schema: queue; Owner: -

CREATE INDEX pgqueuer_log_job_id_status ON queue.pgqueuer_log USING btree (job_id, created DESC);

-- Name: pgqueuer_log_not_aggregated; Type: INDEX; Schema: queue; Owner: -

CREATE INDEX pgqueuer_log_not_aggregated ON queue.pgqueuer_log USING btree ((1)) WHERE (NOT aggregated);

-- Name: pgqueuer_log_status; Type: INDEX; Schema: queue; Owner: -

CREATE INDEX pgqueuer_log_status ON queue.pgqueuer_log USING btree (status);

-- Name: pgqueuer_picked_heartbeat_idx; Type: INDEX; Schema: queue; Owner: -

CREATE INDEX pgqueuer_picked_heartbeat_idx ON queue.pgqueuer USING btree (heartbeat) WHERE (status = 'picked'::queue.pgqueuer_status);

-- Name: pgqueuer_picked_slot_idx; Type: INDEX; Schema: queue; Owner: -

CREATE UNIQUE INDEX pgqueuer_picked_slot_idx ON queue.pgqueuer USING btree (entrypoint, slot) WHERE ((status = 'picked'::queue.pgqueuer_status) AND (slot IS NOT NULL));

-- Name: pgqueuer_priority_id_id1_idx; Type: INDEX; Schema: queue; Owner: -

CREATE INDEX pgqueuer_priority_id_id1_idx ON queue.pgqueuer USING btree (priority, id DESC) INCLUDE (id) WHERE (status = 'queued'::queue.pgqueuer_status);

-- Name: pgqueuer_queue_manager_id_idx; Type: INDEX; Schema: queue; Owner: -

CREATE INDEX pgqueuer_queue_manager_id_idx ON queue.pgqueuer USING btree (queue_manager_id) WHERE (queue_manager_id IS NOT NULL);

-- Name: pgqueuer_statistics_unique_count; Type: INDEX; Schema: queue; Owner: -

CREATE UNIQUE INDEX pgqueuer_statistics_unique_count ON queue.pgqueuer_statistics USING btree (priority, date_trunc('sec'::text, timezone('UTC'::text, created)), status, entrypoint);

-- Name: pgqueuer_unique_dedupe_key; Type: INDEX; Schema: queue; Owner: -

CREATE UNIQUE INDEX pgqueuer_unique_dedupe_key ON queue.pgqueuer USING btree (dedupe_key) WHERE ((status = ANY (ARRAY['queued'::queue.pgqueuer_status, 'picked'::queue.pgqueuer_status])) AND (dedupe_key IS NOT NULL));

-- Name: pgqueuer_updated_id_id1_idx; Type: INDEX; Schema: queue; Owner: -

CREATE INDEX pgqueuer_updated_id_id1_idx ON queue.pgqueuer USING btree (updated, id DESC) INCLUDE (id) WHERE (status = 'picked'::queue.pgqueuer_status);

-- Name: add_on_pair_idx; Type: INDEX; Schema: smartengage; Owner: -

CREATE UNIQUE INDEX add_on_pair_idx ON smartengage.add_on_pair USING btree (service_id, given_add_on_id, add_on_id);

-- Name: add_on_rate_idx; Type: INDEX; Schema: smartengage; Owner: -

CREATE UNIQUE INDEX add_on_rate_idx ON smartengage.add_on_rate USING btree (add_on_id);

-- Name: announcement_service_idx; Type: INDEX; Schema: smartengage; Owner: -

CREATE INDEX announcement_service_idx ON smartengage.announcement USING btree (service_id) WHERE (service_id IS NOT NULL);

-- Name: announcement_template_idx; Type: INDEX; Schema: smartengage; Owner: -

CREATE INDEX announcement_template_idx ON smartengage.announcement USING btree (template_id);

-- Name: campaign_life_idx; Type: INDEX; Schema: smartengage; Owner: -

CREATE INDEX campaign_life_idx ON smartengage.campaign USING btree (status, starts_at) WHERE (status = ANY (ARRAY['scheduled'::text, 'running'::text, 'paused'::text]));

-- Name: candidate_message_idx; Type: INDEX; Schema: smartengage; Owner: -

CREATE INDEX candidate_message_idx ON smartengage.candidate USING btree (message_id) INCLUDE (segment);

-- Name: candidate_person_idx; Type: INDEX; Schema: smartengage; Owner: -

CREATE INDEX candidate_person_idx ON smartengage.candidate USING btree (user_id);

-- Name: customer_segment_idx; Type: INDEX; Schema: smartengage; Owner: -

CREATE INDEX customer_segment_idx ON smartengage.customer_segment USING btree (segment);

-- Name: preview_campaign_idx; Type: INDEX; Schema: smartengage; Owner: -

CREATE INDEX preview_campaign_idx ON smartengage.preview USING btree (campaign_id);

-- Name: run_service_idx; Type: INDEX; Schema: smartengage; Owner: -

CREATE INDEX run_service_idx ON smartengage.run USING btree (service_id) WHERE (service_id IS NOT NULL);

-- Name: run_template_idx; Type: INDEX; Schema: smartengage; Owner: -

CREATE INDEX run_template_idx ON smartengage.run USING btree (template_id) WHERE (template_id IS NOT NULL);

-- Name: model_call_cohort_idx; Type: INDEX; Schema: text; Owner: -

CREATE INDEX model_call_cohort_idx ON text.model_call USING btree (cohort, called_at);

-- Name: model_call_day_idx; Type: INDEX; Schema: text; Owner: -

CREATE INDEX model_call_day_idx ON text.model_call USING btree (called_at);

-- Name: template_choice_idx; Type: INDEX; Schema: text; Owner: -

CREATE INDEX template_choice_idx ON text.template USING btree (kind, category, language) WHERE ((approved_at IS NOT NULL) AND (retired_at IS NULL));

-- Name: app_event_default_external_id_happened_at_key; Type: INDEX ATTACH; Schema: market; Owner: -

ALTER INDEX market.app_event_external_id_is_unique ATTACH PARTITION market.app_event_default_external_id_happened_at_key;

-- Name: app_event_default_pkey; Type: INDEX ATTACH; Schema: market; Owner: -

ALTER INDEX market.app_event_pkey ATTACH PARTITION market.app_event_default_pkey;

-- Name: app_event_default_user_id_happened_at_idx; Type: INDEX ATTACH; Schema: market; Owner: -

ALTER INDEX market.app_event_person_idx ATTACH PARTITION market.app_event_default_user_id_happened_at_idx;

-- Name: refusal _RETURN; Type: RULE; Schema: analytics; Owner: -

CREATE OR REPLACE VIEW analytics.refusal AS
 SELECT r.run_id,
    r.planned_at AS as_of,
    'plan'::text AS gate,
    c.segment,
    c.reason,
    c.rule,
    c.rule_version,
    count(*) AS refusals
   FROM (smartengage.candidate c
     JOIN smartengage.run r ON ((r.run_id = c.run_id)))
  WHERE (c.outcome = 'refused'::text)
  GROUP BY r.run_id, c.segment, c.reason, c.rule, c.rule_version
UNION ALL
 SELECT r.run_id,
    r.planned_at AS as_of,
    'claim'::text AS gate,
    c.segment,
    m.reason,
    m.rule,
    m.rule_version,
    count(*) AS refusals
   FROM ((outreach.message m
     JOIN smartengage.candidate c ON ((c.message_id = m.message_id)))
     JOIN smartengage.run r ON ((r.run_id = c.run_id)))
  WHERE (m.state = ANY (ARRAY['refused'::text, 'expired'::text, 'failed'::text]))
  GROUP BY r.run_id, c.segment, m.reason, m.rule, m.rule_version;

-- Name: consent consent_is_history; Type: TRIGGER; Schema: account; Owner: -

CREATE TRIGGER consent_is_history BEFORE DELETE OR UPDATE ON account.consent FOR EACH ROW EXECUTE FUNCTION account.consent_is_history();

-- Name: consent consent_is_not_emptied; Type: TRIGGER; Schema: account; Owner: -

CREATE TRIGGER consent_is_not_emptied BEFORE TRUNCATE ON account.consent FOR EACH STATEMENT EXECUTE FUNCTION account.consent_is_history();

-- Name: session revoked_session_drops_device; Type: TRIGGER; Schema: account; Owner: -

CREATE TRIGGER revoked_session_drops_device AFTER UPDATE ON account.session FOR EACH ROW WHEN (((old.revoked_at IS NULL) AND (new.revoked_at IS NOT NULL))) EXECUTE FUNCTION account.revoked_session_drops_device();

-- Name: booking booking_moves_forward; Type: TRIGGER; Schema: market; Owner: -

CREATE TRIGGER booking_moves_forward BEFORE UPDATE OF status ON market.booking FOR EACH ROW EXECUTE FUNCTION market.booking_moves_forward();

-- Name: delivery delivery_has_approved_text; Type: TRIGGER; Schema: outreach; Owner: -

CREATE TRIGGER delivery_has_approved_text AFTER INSERT ON outreach.delivery REFERENCING NEW TABLE AS new_delivery FOR EACH STATEMENT EXECUTE FUNCTION outreach.delivery_has_approved_text();

-- Name: delivery delivery_is_not_emptied; Type: TRIGGER; Schema: outreach; Owner: -

CREATE TRIGGER delivery_is_not_emptied BEFORE TRUNCATE ON outreach.delivery FOR EACH STATEMENT EXECUTE FUNCTION outreach.delivery_moves_forward();

-- Name: delivery delivery_moves_forward; Type: TRIGGER; Schema: outreach; Owner: -

CREATE TRIGGER delivery_moves_forward BEFORE DELETE OR UPDATE ON outreach.delivery FOR EACH ROW EXECUTE FUNCTION outreach.delivery_moves_forward();

-- Name: delivery delivery_takes_slots; Type: TRIGGER; Schema: outreach; Owner: -

CREATE TRIGGER delivery_takes_slots AFTER INSERT ON outreach.delivery REFERENCING NEW TABLE AS new_delivery FOR EACH STATEMENT EXECUTE FUNCTION outreach.delivery_takes_slots();

-- Name: message message_moves_forward; Type: TRIGGER; Schema: outreach; Owner: -

CREATE TRIGGER message_moves_forward BEFORE UPDATE ON outreach.message FOR EACH ROW EXECUTE FUNCTION outreach.message_moves_forward();

-- Name: cap_slot slot_is_held; Type: TRIGGER; Schema: outreach; Owner: -

CREATE TRIGGER slot_is_held BEFORE DELETE OR UPDATE ON outreach.cap_slot FOR EACH ROW EXECUTE FUNCTION outreach.slot_is_held();

-- Name: cap_slot slot_is_not_emptied; Type: TRIGGER; Schema: outreach; Owner: -

CREATE TRIGGER slot_is_not_emptied BEFORE TRUNCATE ON outreach.cap_slot FOR EACH STATEMENT EXECUTE FUNCTION outreach.slot_is_held();

-- Name: audit audit_is_append_only; Type: TRIGGER; Schema: policy; Owner: -

CREATE TRIGGER audit_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON policy.audit FOR EACH STATEMENT EXECUTE FUNCTION policy.audit_is_append_only();

-- Name: cap cap_change_is_counted; Type: TRIGGER; Schema: policy; Owner: -

CREATE TRIGGER cap_change_is_counted AFTER INSERT OR UPDATE ON policy.cap FOR EACH ROW EXECUTE FUNCTION policy.count_cap_change();

-- Name: cap cap_history_is_append_only; Type: TRIGGER; Schema: policy; Owner: -

CREATE TRIGGER cap_history_is_append_only BEFORE DELETE OR UPDATE ON policy.cap FOR EACH ROW EXECUTE FUNCTION policy.history_is_append_only();

-- Name: cap cap_history_is_not_emptied; Type: TRIGGER; Schema: policy; Owner: -

CREATE TRIGGER cap_history_is_not_emptied BEFORE TRUNCATE ON policy.cap FOR EACH STATEMENT EXECUTE FUNCTION policy.history_is_append_only();

-- Name: cap cap_is_audited; Type: TRIGGER; Schema: policy; Owner: -

CREATE TRIGGER cap_is_audited AFTER INSERT OR DELETE OR UPDATE ON policy.cap FOR EACH ROW EXECUTE FUNCTION policy.audit_change();

-- Name: cap cap_loosening_is_approved; Type: TRIGGER; Schema: policy; Owner: -

CREATE TRIGGER cap_loosening_is_approved BEFORE INSERT ON policy.cap FOR EACH ROW EXECUTE FUNCTION policy.loosening_is_approved();

-- Name: installation installation_is_audited; Type: TRIGGER; Schema: policy; Owner: -

CREATE TRIGGER installation_is_audited AFTER INSERT OR DELETE OR UPDATE ON policy.installation FOR EACH ROW EXECUTE FUNCTION policy.audit_change();

-- Name: message_class message_class_is_audited; Type: TRIGGER; Schema: policy; Owner: -

CREATE TRIGGER message_class_is_audited AFTER INSERT OR DELETE OR UPDATE ON policy.message_class FOR EACH ROW EXECUTE FUNCTION policy.audit_change();

-- Name: proposal proposal_is_audited; Type: TRIGGER; Schema: policy; Owner: -

CREATE TRIGGER proposal_is_audited AFTER INSERT OR DELETE OR UPDATE ON policy.proposal FOR EACH ROW EXECUTE FUNCTION policy.audit_change();

-- Name: proposal proposal_is_decided_once; Type: TRIGGER; Schema: policy; Owner: -

CREATE TRIGGER proposal_is_decided_once BEFORE DELETE OR UPDATE ON policy.proposal FOR EACH ROW EXECUTE FUNCTION policy.proposal_is_decided_once();

-- Name: proposal proposals_are_not_emptied; Type: TRIGGER; Schema: policy; Owner: -

CREATE TRIGGER proposals_are_not_emptied BEFORE TRUNCATE ON policy.proposal FOR EACH STATEMENT EXECUTE FUNCTION policy.proposal_is_decided_once();

-- Name: quiet_period quiet_period_is_audited; Type: TRIGGER; Schema: policy; Owner: -

CREATE TRIGGER quiet_period_is_audited AFTER INSERT OR DELETE OR UPDATE ON policy.quiet_period FOR EACH ROW EXECUTE FUNCTION policy.audit_change();

-- Name: quiet_period quiet_period_is_history; Type: TRIGGER; Schema: policy; Owner: -

CREATE TRIGGER quiet_period_is_history BEFORE DELETE OR UPDATE ON policy.quiet_period FOR EACH ROW EXECUTE FUNCTION policy.quiet_period_is_history();

-- Name: quiet_period quiet_periods_are_not_emptied; Type: TRIGGER; Schema: policy; Owner: -

CREATE TRIGGER quiet_periods_are_not_emptied BEFORE TRUNCATE ON policy.quiet_period FOR EACH STATEMENT EXECUTE FUNCTION policy.quiet_period_is_history();

-- Name: rule rule_history_is_append_only; Type: TRIGGER; Schema: policy; Owner: -

CREATE TRIGGER rule_history_is_append_only BEFORE DELETE OR UPDATE ON policy.rule FOR EACH ROW EXECUTE FUNCTION policy.history_is_append_only();

-- Name: rule rule_history_is_not_emptied; Type: TRIGGER; Schema: policy; Owner: -

CREATE TRIGGER rule_history_is_not_emptied BEFORE TRUNCATE ON policy.rule FOR EACH STATEMENT EXECUTE FUNCTION policy.history_is_append_only();

-- Name: rule rule_is_audited; Type: TRIGGER; Schema: policy; Owner: -

CREATE TRIGGER rule_is_audited AFTER INSERT OR DELETE OR UPDATE ON policy.rule FOR EACH ROW EXECUTE FUNCTION policy.audit_change();

-- Name: rule rule_loosening_is_approved; Type: TRIGGER; Schema: policy; Owner: -

CREATE TRIGGER rule_loosening_is_approved BEFORE INSERT ON policy.rule FOR EACH ROW EXECUTE FUNCTION policy.loosening_is_approved();

-- Name: rule rule_value_fits_definition; Type: TRIGGER; Schema: policy; Owner: -

CREATE TRIGGER rule_value_fits_definition AFTER INSERT OR UPDATE ON policy.rule FOR EACH ROW EXECUTE FUNCTION policy.rule_value_fits_definition();

-- Name: pgqueuer tg_pgqueuer_changed; Type: TRIGGER; Schema: queue; Owner: -

CREATE TRIGGER tg_pgqueuer_changed AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON queue.pgqueuer FOR EACH STATEMENT EXECUTE FUNCTION queue.fn_pgqueuer_changed();

-- Name: campaign campaign_holds_messages; Type: TRIGGER; Schema: smartengage; Owner: -

CREATE TRIGGER campaign_holds_messages AFTER INSERT OR UPDATE OF status, enabled ON smartengage.campaign FOR EACH ROW EXECUTE FUNCTION smartengage.campaign_holds_messages();

-- Name: campaign campaign_is_audited; Type: TRIGGER; Schema: smartengage; Owner: -

CREATE TRIGGER campaign_is_audited AFTER INSERT OR DELETE OR UPDATE ON smartengage.campaign FOR EACH ROW EXECUTE FUNCTION smartengage.campaign_is_audited();

-- Name: campaign campaign_moves_forward; Type: TRIGGER; Schema: smartengage; Owner: -

CREATE TRIGGER campaign_moves_forward BEFORE UPDATE ON smartengage.campaign FOR EACH ROW EXECUTE FUNCTION smartengage.campaign_moves_forward();

-- Name: segment_definition segment_definition_is_audited; Type: TRIGGER; Schema: smartengage; Owner: -

CREATE TRIGGER segment_definition_is_audited AFTER INSERT OR DELETE OR UPDATE ON smartengage.segment_definition FOR EACH ROW EXECUTE FUNCTION policy.audit_change();

-- Name: segment_definition segment_history_is_append_only; Type: TRIGGER; Schema: smartengage; Owner: -

CREATE TRIGGER segment_history_is_append_only BEFORE DELETE OR UPDATE ON smartengage.segment_definition FOR EACH ROW EXECUTE FUNCTION policy.history_is_append_only();

-- Name: segment_definition segment_history_is_not_emptied; Type: TRIGGER; Schema: smartengage; Owner: -

CREATE TRIGGER segment_history_is_not_emptied BEFORE TRUNCATE ON smartengage.segment_definition FOR EACH STATEMENT EXECUTE FUNCTION policy.history_is_append_only();

-- Name: template template_keeps_its_text; Type: TRIGGER; Schema: text; Owner: -

CREATE TRIGGER template_keeps_its_text BEFORE UPDATE ON text.template FOR EACH ROW EXECUTE FUNCTION text.template_keeps_its_text();

-- Name: listed_word word_is_audited; Type: TRIGGER; Schema: text; Owner: -

CREATE TRIGGER word_is_audited AFTER INSERT OR DELETE OR UPDATE ON text.listed_word FOR EACH ROW EXECUTE FUNCTION policy.audit_change();

-- Name: admin_credential admin_credential_user_id_fkey; Type: FK CONSTRAINT; Schema: account; Owner: -

ALTER TABLE ONLY account.admin_credential
    ADD CONSTRAINT admin_credential_user_id_fkey FOREIGN KEY (user_id) REFERENCES account.person(user_id);

-- Name: consent consent_user_id_fkey; Type: FK CONSTRAINT; Schema: account; Owner: -

ALTER TABLE ONLY account.consent
    ADD CONSTRAINT consent_user_id_fkey FOREIGN KEY (user_id) REFERENCES account.person(user_id);

-- Name: contact contact_session_id_fkey; Type: FK CONSTRAINT; Schema: account; Owner: -

ALTER TABLE ONLY account.contact
    ADD CONSTRAINT contact_session_id_fkey FOREIGN KEY (session_id) REFERENCES account.session(session_id) ON DELETE CASCADE;

-- Name: contact contact_user_id_fkey; Type: FK CONSTRAINT; Schema: account; Owner: -

ALTER TABLE ONLY account.contact
    ADD CONSTRAINT contact_user_id_fkey FOREIGN KEY (user_id) REFERENCES account.person(user_id);

-- Name: one_time_code one_time_code_user_id_fkey; Type: FK CONSTRAINT; Schema: account; Owner: -

ALTER TABLE ONLY account.one_time_code
    ADD CONSTRAINT one_time_code_user_id_fkey FOREIGN KEY (user_id) REFERENCES account.person(user_id);

-- Name: refresh_token refresh_token_parent_hash_fkey; Type: FK CONSTRAINT; Schema: account; Owner: -

ALTER TABLE ONLY account.refresh_token
    ADD CONSTRAINT refresh_token_parent_hash_fkey FOREIGN KEY (parent_hash) REFERENCES account.refresh_token(token_hash);

-- Name: refresh_token refresh_token_session_id_fkey; Type: FK CONSTRAINT; Schema: account; Owner: -

ALTER TABLE ONLY account.refresh_token
    ADD CONSTRAINT refresh_token_session_id_fkey FOREIGN KEY (session_id) REFERENCES account.session(session_id);

-- Name: session session_user_id_fkey; Type: FK CONSTRAINT; Schema: account; Owner: -

ALTER TABLE ONLY account.session
    ADD CONSTRAINT session_user_id_fkey FOREIGN KEY (user_id) REFERENCES account.person(user_id);

-- Name: add_on add_on_service_id_fkey; Type: FK CONSTRAINT; Schema: market; Owner: -

ALTER TABLE ONLY market.add_on
    ADD CONSTRAINT add_on_service_id_fkey FOREIGN KEY (service_id) REFERENCES market.service(service_id);

-- Name: app_event app_event_user_id_fkey; Type: FK CONSTRAINT; Schema: market; Owner: -

ALTER TABLE market.app_event
    ADD CONSTRAINT app_event_user_id_fkey FOREIGN KEY (user_id) REFERENCES account.person(user_id);

-- Name: booking_add_on booking_add_on_add_on_id_fkey; Type: FK CONSTRAINT; Schema: market; Owner: -

ALTER TABLE ONLY market.booking_add_on
    ADD CONSTRAINT booking_add_on_add_on_id_fkey FOREIGN KEY (add_on_id) REFERENCES market.add_on(add_on_id);

-- Name: booking_add_on booking_add_on_booking_id_fkey; Type: FK CONSTRAINT; Schema: market; Owner: -

ALTER TABLE ONLY market.booking_add_on
    ADD CONSTRAINT booking_add_on_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES market.booking(booking_id) ON DELETE CASCADE;

-- Name: booking booking_customer_id_fkey; Type: FK CONSTRAINT; Schema: market; Owner: -

ALTER TABLE ONLY market.booking
    ADD CONSTRAINT booking_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES account.person(user_id);

-- Name: booking booking_service_id_fkey; Type: FK CONSTRAINT; Schema: market; Owner: -

ALTER TABLE ONLY market.booking
    ADD CONSTRAINT booking_service_id_fkey FOREIGN KEY (service_id) REFERENCES market.service(service_id);

-- Name: booking booking_worker_id_fkey; Type: FK CONSTRAINT; Schema: market; Owner: -

ALTER TABLE ONLY market.booking
    ADD CONSTRAINT booking_worker_id_fkey FOREIGN KEY (worker_id) REFERENCES market.worker(user_id);

-- Name: review review_booking_id_fkey; Type: FK CONSTRAINT; Schema: market; Owner: -

ALTER TABLE ONLY market.review
    ADD CONSTRAINT review_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES market.booking(booking_id) ON DELETE CASCADE;

-- Name: worker worker_user_id_fkey; Type: FK CONSTRAINT; Schema: market; Owner: -

ALTER TABLE ONLY market.worker
    ADD CONSTRAINT worker_user_id_fkey FOREIGN KEY (user_id) REFERENCES account.person(user_id);

-- Name: cap_slot cap_slot_is_of_cap; Type: FK CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.cap_slot
    ADD CONSTRAINT cap_slot_is_of_cap FOREIGN KEY (cap, cap_version, max_messages, window_hours) REFERENCES policy.cap(cap, version, max_messages, window_hours);

-- Name: cap_slot cap_slot_is_of_delivery; Type: FK CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.cap_slot
    ADD CONSTRAINT cap_slot_is_of_delivery FOREIGN KEY (message_id, attempt) REFERENCES outreach.delivery(message_id, attempt);

-- Name: claim_denial claim_denial_message_id_fkey; Type: FK CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.claim_denial
    ADD CONSTRAINT claim_denial_message_id_fkey FOREIGN KEY (message_id) REFERENCES outreach.message(message_id);

-- Name: claim_denial claim_denial_reason_fkey; Type: FK CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.claim_denial
    ADD CONSTRAINT claim_denial_reason_fkey FOREIGN KEY (reason) REFERENCES policy.refusal_reason(reason);

-- Name: claim_denial claim_denial_user_id_fkey; Type: FK CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.claim_denial
    ADD CONSTRAINT claim_denial_user_id_fkey FOREIGN KEY (user_id) REFERENCES account.person(user_id);

-- Name: delivery delivery_has_consent; Type: FK CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.delivery
    ADD CONSTRAINT delivery_has_consent FOREIGN KEY (user_id, consent_channel, consent_purpose, PERIOD sent_during) REFERENCES account.consent(user_id, channel, purpose, PERIOD valid_at);

-- Name: delivery delivery_is_of_message; Type: FK CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.delivery
    ADD CONSTRAINT delivery_is_of_message FOREIGN KEY (message_id, user_id, channel, purpose, takes_slot) REFERENCES outreach.message(message_id, user_id, channel, purpose, takes_slot);

-- Name: inbox_message inbox_message_message_id_fkey; Type: FK CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.inbox_message
    ADD CONSTRAINT inbox_message_message_id_fkey FOREIGN KEY (message_id) REFERENCES outreach.message(message_id);

-- Name: inbox_message inbox_message_user_id_fkey; Type: FK CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.inbox_message
    ADD CONSTRAINT inbox_message_user_id_fkey FOREIGN KEY (user_id) REFERENCES account.person(user_id);

-- Name: link link_booking_id_fkey; Type: FK CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.link
    ADD CONSTRAINT link_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES market.booking(booking_id);

-- Name: message message_about_booking_id_fkey; Type: FK CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.message
    ADD CONSTRAINT message_about_booking_id_fkey FOREIGN KEY (about_booking_id) REFERENCES market.booking(booking_id);

-- Name: message_event message_event_message_id_fkey; Type: FK CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.message_event
    ADD CONSTRAINT message_event_message_id_fkey FOREIGN KEY (message_id) REFERENCES outreach.message(message_id);

-- Name: message message_is_of_class; Type: FK CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.message
    ADD CONSTRAINT message_is_of_class FOREIGN KEY (message_class, purpose, obeys_caps, takes_slot) REFERENCES policy.message_class(message_class, purpose, obeys_caps, takes_slot);

-- Name: message message_service_id_fkey; Type: FK CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.message
    ADD CONSTRAINT message_service_id_fkey FOREIGN KEY (service_id) REFERENCES market.service(service_id);

-- Name: message message_template_id_fkey; Type: FK CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.message
    ADD CONSTRAINT message_template_id_fkey FOREIGN KEY (template_id) REFERENCES text.template(template_id);

-- Name: message message_user_id_fkey; Type: FK CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.message
    ADD CONSTRAINT message_user_id_fkey FOREIGN KEY (user_id) REFERENCES account.person(user_id);

-- Name: cap cap_proposal_id_fkey; Type: FK CONSTRAINT; Schema: policy; Owner: -

ALTER TABLE ONLY policy.cap
    ADD CONSTRAINT cap_proposal_id_fkey FOREIGN KEY (proposal_id) REFERENCES policy.proposal(proposal_id);

-- Name: gate gate_reason_fkey; Type: FK CONSTRAINT; Schema: policy; Owner: -

ALTER TABLE ONLY policy.gate
    ADD CONSTRAINT gate_reason_fkey FOREIGN KEY (reason) REFERENCES policy.refusal_reason(reason);

-- Name: refusal_reason refusal_reason_rule_fkey; Type: FK CONSTRAINT; Schema: policy; Owner: -

ALTER TABLE ONLY policy.refusal_reason
    ADD CONSTRAINT refusal_reason_rule_fkey FOREIGN KEY (rule) REFERENCES policy.rule_definition(rule);

-- Name: rule rule_proposal_id_fkey; Type: FK CONSTRAINT; Schema: policy; Owner: -

ALTER TABLE ONLY policy.rule
    ADD CONSTRAINT rule_proposal_id_fkey FOREIGN KEY (proposal_id) REFERENCES policy.proposal(proposal_id);

-- Name: rule rule_rule_fkey; Type: FK CONSTRAINT; Schema: policy; Owner: -

ALTER TABLE ONLY policy.rule
    ADD CONSTRAINT rule_rule_fkey FOREIGN KEY (rule) REFERENCES policy.rule_definition(rule);

-- Name: announcement announcement_campaign_id_fkey; Type: FK CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.announcement
    ADD CONSTRAINT announcement_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES smartengage.campaign(campaign_id);

-- Name: announcement announcement_service_id_fkey; Type: FK CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.announcement
    ADD CONSTRAINT announcement_service_id_fkey FOREIGN KEY (service_id) REFERENCES market.service(service_id);

-- Name: announcement announcement_template_id_fkey; Type: FK CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.announcement
    ADD CONSTRAINT announcement_template_id_fkey FOREIGN KEY (template_id) REFERENCES text.template(template_id);

-- Name: campaign campaign_kind_fkey; Type: FK CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.campaign
    ADD CONSTRAINT campaign_kind_fkey FOREIGN KEY (kind) REFERENCES smartengage.campaign_kind(kind);

-- Name: candidate candidate_message_id_fkey; Type: FK CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.candidate
    ADD CONSTRAINT candidate_message_id_fkey FOREIGN KEY (message_id) REFERENCES outreach.message(message_id);

-- Name: candidate candidate_reason_fkey; Type: FK CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.candidate
    ADD CONSTRAINT candidate_reason_fkey FOREIGN KEY (reason) REFERENCES policy.refusal_reason(reason);

-- Name: candidate candidate_run_id_fkey; Type: FK CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.candidate
    ADD CONSTRAINT candidate_run_id_fkey FOREIGN KEY (run_id) REFERENCES smartengage.run(run_id);

-- Name: candidate candidate_service_id_fkey; Type: FK CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.candidate
    ADD CONSTRAINT candidate_service_id_fkey FOREIGN KEY (service_id) REFERENCES market.service(service_id);

-- Name: candidate candidate_user_id_fkey; Type: FK CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.candidate
    ADD CONSTRAINT candidate_user_id_fkey FOREIGN KEY (user_id) REFERENCES account.person(user_id);

-- Name: cohort_text_source cohort_text_source_run_id_fkey; Type: FK CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.cohort_text_source
    ADD CONSTRAINT cohort_text_source_run_id_fkey FOREIGN KEY (run_id) REFERENCES smartengage.run(run_id);

-- Name: customer_segment customer_segment_user_id_fkey; Type: FK CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.customer_segment
    ADD CONSTRAINT customer_segment_user_id_fkey FOREIGN KEY (user_id) REFERENCES account.person(user_id);

-- Name: predicted_booking predicted_booking_service_id_fkey; Type: FK CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.predicted_booking
    ADD CONSTRAINT predicted_booking_service_id_fkey FOREIGN KEY (service_id) REFERENCES market.service(service_id);

-- Name: predicted_booking predicted_booking_user_id_fkey; Type: FK CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.predicted_booking
    ADD CONSTRAINT predicted_booking_user_id_fkey FOREIGN KEY (user_id) REFERENCES account.person(user_id);

-- Name: preview preview_campaign_id_fkey; Type: FK CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.preview
    ADD CONSTRAINT preview_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES smartengage.campaign(campaign_id);

-- Name: run run_campaign_id_fkey; Type: FK CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.run
    ADD CONSTRAINT run_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES smartengage.campaign(campaign_id);

-- Name: run run_is_of_kind; Type: FK CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.run
    ADD CONSTRAINT run_is_of_kind FOREIGN KEY (message_class, names_text, is_exempt) REFERENCES smartengage.run_kind(message_class, names_text, is_exempt);

-- Name: run_kind run_kind_message_class_fkey; Type: FK CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.run_kind
    ADD CONSTRAINT run_kind_message_class_fkey FOREIGN KEY (message_class) REFERENCES policy.message_class(message_class);

-- Name: run run_service_id_fkey; Type: FK CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.run
    ADD CONSTRAINT run_service_id_fkey FOREIGN KEY (service_id) REFERENCES market.service(service_id);

-- Name: run run_template_id_fkey; Type: FK CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.run
    ADD CONSTRAINT run_template_id_fkey FOREIGN KEY (template_id) REFERENCES text.template(template_id);

-- Name: uplift uplift_campaign_id_fkey; Type: FK CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.uplift
    ADD CONSTRAINT uplift_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES smartengage.campaign(campaign_id);

-- Name: variant_performance variant_performance_template_id_fkey; Type: FK CONSTRAINT; Schema: text; Owner: -

ALTER TABLE ONLY text.variant_performance
    ADD CONSTRAINT variant_performance_template_id_fkey FOREIGN KEY (template_id) REFERENCES text.template(template_id);

-- Name: SCHEMA analytics; Type: ACL; Schema: -; Owner: -

GRANT USAGE ON SCHEMA analytics TO shokti_analyst;

-- Name: SCHEMA api; Type: ACL; Schema: -; Owner: -

GRANT USAGE ON SCHEMA api TO shokti_app;

-- Name: SCHEMA jobs; Type: ACL; Schema: -; Owner: -

GRANT USAGE ON SCHEMA jobs TO shokti_worker;

-- Name: SCHEMA public; Type: ACL; Schema: -; Owner: -

GRANT ALL ON SCHEMA public TO shokti_owner;

-- Name: SCHEMA queue; Type: ACL; Schema: -; Owner: -

GRANT USAGE ON SCHEMA queue TO shokti_worker;

GRANT ALL ON FUNCTION clock.now() TO shokti_analyst;

GRANT ALL ON FUNCTION api.accept_job(p_actor uuid, p_booking_id uuid) TO shokti_app;

GRANT ALL ON FUNCTION api.acknowledge_alert(p_actor uuid, p_alert_id uuid, p_outcome text) TO shokti_app;

GRANT ALL ON FUNCTION api.add_quiet_period(p_actor uuid, p_name text, p_reason text, p_purpose text, p_weekday integer, p_from_time time without time zone, p_until_time time without time zone, p_since timestamp with time zone, p_until timestamp with time zone) TO shokti_app;

GRANT ALL ON FUNCTION api.admin_login(p_user_id uuid, p_password_hash text, p_totp_step bigint, p_rehashed text, p_refresh_hash bytea, p_agent text) TO shokti_app;

GRANT ALL ON FUNCTION api.admin_messages(p_actor uuid, p_campaign_id uuid, p_run_id uuid, p_user_id uuid, p_state text, p_channel text, p_cursor text, p_limit integer) TO shokti_app;

GRANT ALL ON FUNCTION api.ai_messages(p_actor uuid, p_cursor text, p_limit integer) TO shokti_app;

GRANT ALL ON FUNCTION api.alerts(p_actor uuid, p_status text, p_kind text, p_cursor text, p_limit integer) TO shokti_app;

GRANT ALL ON FUNCTION api.approve_policy(p_actor uuid, p_rule text, p_proposal_id uuid, p_reason text) TO shokti_app;

GRANT ALL ON FUNCTION api.approve_template(p_actor uuid, p_template_id uuid) TO shokti_app;

GRANT ALL ON FUNCTION api.arrive_job(p_actor uuid, p_booking_id uuid) TO shokti_app;

GRANT ALL ON FUNCTION api.audit(p_actor uuid, p_by text, p_action text, p_subject text, p_since timestamp with time zone, p_until timestamp with time zone, p_cursor text, p_limit integer) TO shokti_app;

GRANT ALL ON FUNCTION api.begin_admin_login(p_login text, p_address_key text) TO shokti_app;

GRANT ALL ON FUNCTION api.begin_idempotent_call(p_actor uuid, p_key text, p_request_hash bytea) TO shokti_app;

GRANT ALL ON FUNCTION api.book(p_actor uuid, p_service_id uuid, p_scheduled_at timestamp with time zone, p_add_on_ids uuid[]) TO shokti_app;

GRANT ALL ON FUNCTION api.book_link(p_token text, p_scheduled_at timestamp with time zone, p_add_on_ids uuid[]) TO shokti_app;

GRANT ALL ON FUNCTION api.booking(p_actor uuid, p_booking_id uuid) TO shokti_app;

GRANT ALL ON FUNCTION api.bookings(p_actor uuid, p_status text, p_cursor text, p_limit integer) TO shokti_app;

GRANT ALL ON FUNCTION api.calendar(p_actor uuid, p_past boolean) TO shokti_app;

GRANT ALL ON FUNCTION api.campaign(p_actor uuid, p_campaign_id uuid) TO shokti_app;

GRANT ALL ON FUNCTION api.campaign_preview(p_actor uuid, p_campaign_id uuid, p_preview_id uuid) TO shokti_app;

GRANT ALL ON FUNCTION api.campaigns(p_actor uuid, p_status text, p_cursor text, p_limit integer) TO shokti_app;

GRANT ALL ON FUNCTION api.cancel_booking(p_actor uuid, p_booking_id uuid, p_reason text) TO shokti_app;

GRANT ALL ON FUNCTION api.cancel_job(p_actor uuid, p_booking_id uuid, p_reason text) TO shokti_app;

GRANT ALL ON FUNCTION api.change_me(p_actor uuid, p_if_match text, p_name text, p_language text, p_address_form text, p_greeting text, p_time_zone text, p_quiet_from text, p_quiet_until text, p_preferred_channel text, p_push_token text) TO shokti_app;

GRANT ALL ON FUNCTION api.change_policy(p_actor uuid, p_rule text, p_if_match text, p_value jsonb, p_reason text, p_effective_from timestamp with time zone) TO shokti_app;

GRANT ALL ON FUNCTION api.change_segments(p_actor uuid, p_if_match text, p_definitions jsonb, p_reason text, p_preview boolean) TO shokti_app;

GRANT ALL ON FUNCTION api.change_worker_profile(p_actor uuid, p_if_match text, p_categories text[], p_zone text) TO shokti_app;

GRANT ALL ON FUNCTION api.click_link(p_token text, p_agent text) TO shokti_app;

GRANT ALL ON FUNCTION api.complete_job(p_actor uuid, p_booking_id uuid) TO shokti_app;

GRANT ALL ON FUNCTION api.consents(p_actor uuid) TO shokti_app;

GRANT ALL ON FUNCTION api.consume_allowance(p_function text, p_key text) TO shokti_app;

GRANT ALL ON FUNCTION api.create_campaign(p_actor uuid, p_name text, p_segments text[], p_channels text[], p_holdout_share double precision, p_canary_share double precision, p_window_from text, p_window_until text, p_repeats boolean, p_starts_at timestamp with time zone, p_ends_at timestamp with time zone, p_reason text) TO shokti_app;

GRANT ALL ON FUNCTION api.create_template(p_actor uuid, p_kind text, p_category text, p_language text, p_form text, p_variant text, p_subject text, p_body text, p_add_on_line text) TO shokti_app;

GRANT ALL ON FUNCTION api.decline_policy(p_actor uuid, p_rule text, p_proposal_id uuid, p_reason text) TO shokti_app;

GRANT ALL ON FUNCTION api.end_quiet_period(p_actor uuid, p_quiet_period_id uuid, p_reason text) TO shokti_app;

GRANT ALL ON FUNCTION api.end_sessions(p_actor uuid, p_session_id uuid) TO shokti_app;

GRANT ALL ON FUNCTION api.erase_me(p_actor uuid) TO shokti_app;

GRANT ALL ON FUNCTION api.explain(p_actor uuid, p_user_id uuid, p_at timestamp with time zone) TO shokti_app;

GRANT ALL ON FUNCTION api.export_me(p_actor uuid) TO shokti_app;

GRANT ALL ON FUNCTION api.finish_idempotent_call(p_actor uuid, p_key text, p_status integer, p_body text) TO shokti_app;

GRANT ALL ON FUNCTION api.flag_campaign(p_actor uuid, p_campaign_id uuid, p_enabled boolean, p_reason text) TO shokti_app;

GRANT ALL ON FUNCTION api.function_signatures() TO shokti_app;

GRANT ALL ON FUNCTION api.give_feedback(p_actor uuid, p_message_id uuid, p_useful boolean) TO shokti_app;

GRANT ALL ON FUNCTION api.jobs(p_actor uuid, p_status text, p_cursor text, p_limit integer) TO shokti_app;

GRANT ALL ON FUNCTION api.link(p_token text) TO shokti_app;

GRANT ALL ON FUNCTION api.logout(p_token_hash bytea) TO shokti_app;

GRANT ALL ON FUNCTION api.me(p_actor uuid) TO shokti_app;

GRANT ALL ON FUNCTION api.metrics_overview(p_actor uuid, p_days integer) TO shokti_app;

GRANT ALL ON FUNCTION api.metrics_uplift(p_actor uuid) TO shokti_app;

GRANT ALL ON FUNCTION api.pause_campaign(p_actor uuid, p_campaign_id uuid, p_reason text) TO shokti_app;

GRANT ALL ON FUNCTION api.policies(p_actor uuid) TO shokti_app;

GRANT ALL ON FUNCTION api.policy(p_actor uuid, p_rule text) TO shokti_app;

GRANT ALL ON FUNCTION api.preview_campaign(p_actor uuid, p_campaign_id uuid, p_rules jsonb, p_segments text[], p_holdout_share double precision, p_window_from text, p_window_until text) TO shokti_app;

-- Name: TABLE listener; Type: ACL; Schema: queue; Owner: -

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE queue.listener TO shokti_worker;

GRANT ALL ON FUNCTION queue.listener_silence(p_at timestamp with time zone) TO shokti_worker;

GRANT ALL ON FUNCTION api.readiness() TO shokti_app;

GRANT ALL ON FUNCTION api.receive_webhook(p_provider text, p_webhook_id text, p_body bytea) TO shokti_app;

GRANT ALL ON FUNCTION api.record_events(p_actor uuid, p_events jsonb) TO shokti_app;

GRANT ALL ON FUNCTION api.refresh(p_token_hash bytea, p_child_hashes bytea[]) TO shokti_app;

GRANT ALL ON FUNCTION api.request_otp(p_request_id uuid, p_channel text, p_destination text, p_destination_mac bytea, p_block_mac bytea, p_address_mac bytea, p_code_mac bytea, p_sealed bytea, p_language text) TO shokti_app;

GRANT ALL ON FUNCTION api.resume_campaign(p_actor uuid, p_campaign_id uuid, p_reason text) TO shokti_app;

GRANT ALL ON FUNCTION api.retire_template(p_actor uuid, p_template_id uuid, p_reason text) TO shokti_app;

GRANT ALL ON FUNCTION api.revert_policy(p_actor uuid, p_rule text, p_if_match text, p_reason text, p_version integer, p_effective_from timestamp with time zone) TO shokti_app;

GRANT ALL ON FUNCTION api.review_booking(p_actor uuid, p_booking_id uuid, p_rating integer, p_body text) TO shokti_app;

GRANT ALL ON FUNCTION api.run_campaign(p_actor uuid, p_campaign_id uuid, p_segment text, p_trigger_key text, p_reason text) TO shokti_app;

GRANT ALL ON FUNCTION api.run_segment(p_token_hash bytea, p_segment text, p_campaign_id uuid, p_trigger_key text) TO shokti_app;

GRANT ALL ON FUNCTION api.segments(p_actor uuid) TO shokti_app;

GRANT ALL ON FUNCTION api.send_bulk(p_actor uuid, p_name text, p_segments text[], p_user_ids uuid[], p_template_id uuid, p_service_id uuid, p_channels text[], p_urgent boolean, p_canary_share double precision, p_holdout_share double precision, p_reason text, p_dry_run boolean) TO shokti_app;

GRANT ALL ON FUNCTION api.send_single(p_actor uuid, p_user_id uuid, p_template_id uuid, p_service_id uuid, p_channel text, p_urgent boolean, p_reason text, p_dry_run boolean) TO shokti_app;

GRANT ALL ON FUNCTION api.services() TO shokti_app;

GRANT ALL ON FUNCTION api.sessions(p_actor uuid) TO shokti_app;

GRANT ALL ON FUNCTION api.set_consents(p_actor uuid, p_consents jsonb, p_wording_version text) TO shokti_app;

GRANT ALL ON FUNCTION api.start_job(p_actor uuid, p_booking_id uuid) TO shokti_app;

GRANT ALL ON FUNCTION api.stop(p_token text) TO shokti_app;

GRANT ALL ON FUNCTION api.stop_campaign(p_actor uuid, p_campaign_id uuid, p_run_id uuid, p_reason text) TO shokti_app;

GRANT ALL ON FUNCTION api.stop_page(p_token text) TO shokti_app;

GRANT ALL ON FUNCTION api.template_preview(p_actor uuid, p_template_id uuid) TO shokti_app;

GRANT ALL ON FUNCTION api.templates(p_actor uuid, p_status text, p_kind text, p_language text, p_form text, p_origin text, p_cursor text, p_limit integer) TO shokti_app;

GRANT ALL ON FUNCTION api.verify_otp(p_request_id uuid, p_channel text, p_destination text, p_destination_macs bytea[], p_code_macs bytea[], p_refresh_hash bytea, p_agent text) TO shokti_app;

GRANT ALL ON FUNCTION api.what_if(p_actor uuid, p_rule text, p_value jsonb, p_since timestamp with time zone, p_until timestamp with time zone) TO shokti_app;

GRANT ALL ON FUNCTION api.what_if_quiet(p_actor uuid, p_quiet_period jsonb, p_instead_of uuid, p_since timestamp with time zone, p_until timestamp with time zone) TO shokti_app;

GRANT ALL ON FUNCTION api.widen_campaign(p_actor uuid, p_campaign_id uuid, p_reason text) TO shokti_app;

GRANT ALL ON FUNCTION api.worker_profile(p_actor uuid) TO shokti_app;

GRANT ALL ON FUNCTION jobs.assign_texts(p_run_id uuid) TO shokti_worker;

GRANT ALL ON FUNCTION jobs.awaiting_receipt(p_channel text, p_adapter text, p_limit integer) TO shokti_worker;

GRANT ALL ON FUNCTION jobs.claim_messages(p_channel text, p_limit integer, p_public_url text, p_adapter text) TO shokti_worker;

GRANT ALL ON FUNCTION jobs.cohorts(p_run_id uuid, p_limit integer) TO shokti_worker;

-- Name: TABLE pgqueuer_log; Type: ACL; Schema: queue; Owner: -

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE queue.pgqueuer_log TO shokti_worker;

GRANT ALL ON FUNCTION jobs.crash_count(p_job_id bigint) TO shokti_worker;

GRANT ALL ON FUNCTION queue.trace_headers() TO shokti_worker;

-- Name: TABLE pgqueuer; Type: ACL; Schema: queue; Owner: -

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE queue.pgqueuer TO shokti_worker;

GRANT ALL ON FUNCTION queue.enqueue(p_entrypoint text, p_payload jsonb, p_at timestamp with time zone, p_priority integer, p_dedupe_key text, p_headers jsonb) TO shokti_worker;

GRANT ALL ON FUNCTION jobs.enqueue(p_entrypoint text, p_payload jsonb, p_dedupe_key text) TO shokti_worker;

GRANT ALL ON FUNCTION jobs.erasures() TO shokti_worker;

GRANT ALL ON FUNCTION jobs.find_run(p_campaign text, p_trigger_key text) TO shokti_worker;

GRANT ALL ON FUNCTION jobs.finish_webhook(p_provider text, p_webhook_id text, p_receipts jsonb, p_parse_error text) TO shokti_worker;

GRANT ALL ON FUNCTION queue.prune_log(p_before timestamp with time zone) TO shokti_worker;

GRANT ALL ON FUNCTION jobs.housekeep() TO shokti_worker;

GRANT ALL ON FUNCTION jobs.in_doubt_messages(p_channel text, p_limit integer, p_adapter text) TO shokti_worker;

GRANT ALL ON FUNCTION jobs.installation() TO shokti_worker;

GRANT ALL ON FUNCTION jobs.judge_campaigns() TO shokti_worker;

GRANT ALL ON FUNCTION jobs.next_due_at(p_run_id uuid) TO shokti_worker;

GRANT ALL ON FUNCTION jobs.pending_code(p_request_id uuid) TO shokti_worker;

GRANT ALL ON FUNCTION jobs.plan_campaign(p_campaign_id uuid, p_trigger_key text, p_segments text[]) TO shokti_worker;

GRANT ALL ON FUNCTION jobs.plan_daily() TO shokti_worker;

GRANT ALL ON FUNCTION jobs.record_code_outcome(p_request_id uuid, p_outcome text, p_is_final boolean) TO shokti_worker;

GRANT ALL ON FUNCTION queue.record_listener_heartbeat(p_listener_id uuid, p_at timestamp with time zone) TO shokti_worker;

GRANT ALL ON FUNCTION jobs.record_listener_heartbeat(p_listener_id uuid) TO shokti_worker;

GRANT ALL ON FUNCTION jobs.record_model_failure(p_cohort text, p_prompt_version integer, p_model text, p_reason text, p_run_id uuid, p_requests integer, p_tokens_in integer, p_tokens_out integer) TO shokti_worker;

GRANT ALL ON FUNCTION jobs.record_outcomes(p_outcomes jsonb) TO shokti_worker;

GRANT ALL ON FUNCTION jobs.record_receipts(p_source text, p_receipts jsonb) TO shokti_worker;

GRANT ALL ON FUNCTION jobs.repeat_erasures(p_erasures jsonb) TO shokti_worker;

GRANT ALL ON FUNCTION jobs.request_plan(p_campaign text, p_trigger_key text) TO shokti_worker;

GRANT ALL ON FUNCTION jobs.run_preview(p_preview_id uuid) TO shokti_worker;

GRANT ALL ON FUNCTION jobs.run_report(p_run_id uuid) TO shokti_worker;

GRANT ALL ON FUNCTION jobs.sample_messages(p_run_id uuid, p_limit integer) TO shokti_worker;

GRANT ALL ON FUNCTION jobs.settle_in_doubt(p_lookups jsonb) TO shokti_worker;

GRANT ALL ON FUNCTION jobs.sweep() TO shokti_worker;

GRANT ALL ON FUNCTION jobs.webhook_body(p_provider text, p_webhook_id text) TO shokti_worker;

GRANT ALL ON FUNCTION queue.enqueue_many(p_entrypoint text, p_payloads jsonb[], p_ats timestamp with time zone[], p_dedupe_keys text[], p_priority integer) TO shokti_worker;

GRANT ALL ON FUNCTION outreach.message_state_rank(p_state text) TO shokti_analyst;

GRANT ALL ON FUNCTION queue.fn_pgqueuer_changed() TO shokti_worker;

GRANT ALL ON FUNCTION queue.redact_jobs(p_terms text[]) TO shokti_worker;

GRANT ALL ON FUNCTION stats.wilson_interval(p_share double precision, p_n double precision) TO shokti_analyst;

-- Name: TABLE engagement; Type: ACL; Schema: analytics; Owner: -

GRANT SELECT ON TABLE analytics.engagement TO shokti_analyst;

-- Name: TABLE exemption; Type: ACL; Schema: analytics; Owner: -

GRANT SELECT ON TABLE analytics.exemption TO shokti_analyst;

-- Name: TABLE feedback; Type: ACL; Schema: analytics; Owner: -

GRANT SELECT ON TABLE analytics.feedback TO shokti_analyst;

-- Name: TABLE freshness; Type: ACL; Schema: analytics; Owner: -

GRANT SELECT ON TABLE analytics.freshness TO shokti_analyst;

-- Name: TABLE model_cost; Type: ACL; Schema: analytics; Owner: -

GRANT SELECT ON TABLE analytics.model_cost TO shokti_analyst;

-- Name: TABLE refusal; Type: ACL; Schema: analytics; Owner: -

GRANT SELECT ON TABLE analytics.refusal TO shokti_analyst;

-- Name: TABLE run; Type: ACL; Schema: analytics; Owner: -

GRANT SELECT ON TABLE analytics.run TO shokti_analyst;

-- Name: TABLE segment; Type: ACL; Schema: analytics; Owner: -

GRANT SELECT ON TABLE analytics.segment TO shokti_analyst;

-- Name: TABLE text_source; Type: ACL; Schema: analytics; Owner: -

GRANT SELECT ON TABLE analytics.text_source TO shokti_analyst;

-- Name: TABLE uplift; Type: ACL; Schema: analytics; Owner: -

GRANT SELECT ON TABLE analytics.uplift TO shokti_analyst;

-- Name: TABLE uplift_by_segment; Type: ACL; Schema: analytics; Owner: -

GRANT SELECT ON TABLE analytics.uplift_by_segment TO shokti_analyst;

-- Name: TABLE uplift_overall; Type: ACL; Schema: analytics; Owner: -

GRANT SELECT ON TABLE analytics.uplift_overall TO shokti_analyst;

-- Name: TABLE utm; Type: ACL; Schema: analytics; Owner: -

GRANT SELECT ON TABLE analytics.utm TO shokti_analyst;

-- Name: TABLE variant; Type: ACL; Schema: analytics; Owner: -

GRANT SELECT ON TABLE analytics.variant TO shokti_analyst;

-- Name: SEQUENCE pgqueuer_id_seq; Type: ACL; Schema: queue; Owner: -

GRANT SELECT,USAGE ON SEQUENCE queue.pgqueuer_id_seq TO shokti_worker;

-- Name: SEQUENCE pgqueuer_log_id_seq; Type: ACL; Schema: queue; Owner: -

GRANT SELECT,USAGE ON SEQUENCE queue.pgqueuer_log_id_seq TO shokti_worker;

-- Name: TABLE pgqueuer_schedules; Type: ACL; Schema: queue; Owner: -

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE queue.pgqueuer_schedules TO shokti_worker;

-- Name: SEQUENCE pgqueuer_schedules_id_seq; Type: ACL; Schema: queue; Owner: -

GRANT SELECT,USAGE ON SEQUENCE queue.pgqueuer_schedules_id_seq TO shokti_worker;

-- Name: TABLE pgqueuer_statistics; Type: ACL; Schema: queue; Owner: -

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE queue.pgqueuer_statistics TO shokti_worker;

-- Name: SEQUENCE pgqueuer_statistics_id_seq; Type: ACL; Schema: queue; Owner: -

GRANT SELECT,USAGE ON SEQUENCE queue.pgqueuer_statistics_id_seq TO shokti_worker;

GRANT ALL ON FUNCTION jobs.record_model_answer(p_cohort text, p_kind text, p_category text, p_language text, p_form text, p_prompt_version integer, p_model text, p_answer jsonb, p_tokens_in integer, p_tokens_out integer, p_run_id uuid, p_requests integer) TO shokti_worker;

-- Name: DEFAULT PRIVILEGES FOR FUNCTIONS; Type: DEFAULT ACL; Schema: -; Owner: -

ALTER DEFAULT PRIVILEGES FOR ROLE shokti_owner REVOKE ALL ON FUNCTIONS FROM PUBLIC;
