-- A fresh database, written by `make schema`; never edited by hand. Where things come from: db/migrations and sql/.


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

COMMENT ON SCHEMA outreach IS 'The message: its gates, slots, claims, deliveries, receipts, templates and links.';

-- Name: policy; Type: SCHEMA; Schema: -; Owner: -

CREATE SCHEMA policy;

-- Name: SCHEMA policy; Type: COMMENT; Schema: -; Owner: -

COMMENT ON SCHEMA policy IS 'Versioned rules and settings, frequency caps, quiet periods, word lists, audit log.';

-- Name: queue; Type: SCHEMA; Schema: -; Owner: -

CREATE SCHEMA queue;

-- Name: SCHEMA queue; Type: COMMENT; Schema: -; Owner: -

COMMENT ON SCHEMA queue IS 'pgqueuer''s own tables, untouched, and queue.enqueue, the only way jobs are made.';

-- Name: smartengage; Type: SCHEMA; Schema: -; Owner: -

CREATE SCHEMA smartengage;

-- Name: SCHEMA smartengage; Type: COMMENT; Schema: -; Owner: -

COMMENT ON SCHEMA smartengage IS 'Prediction, segments, campaigns, planning, holdouts, attribution.';

-- Name: btree_gist; Type: EXTENSION; Schema: -; Owner: -

CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA public;

-- Name: EXTENSION btree_gist; Type: COMMENT; Schema: -; Owner: -

COMMENT ON EXTENSION btree_gist IS 'support for indexing common datatypes in GiST';

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

-- Name: actor(uuid, text, timestamp with time zone); Type: FUNCTION; Schema: account; Owner: -

CREATE FUNCTION account.actor(p_session_id uuid, p_role text, p_at timestamp with time zone) RETURNS account.person
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO ''
    AS $$
declare
  v_person account.person;
begin
  select p.* into v_person from account.live_session(p_session_id, p_at) p;
  if not found then
    raise exception 'Sign in again' using errcode = 'SH401', hint = 'The session has ended.';
  end if;
  if v_person.role <> p_role then
    raise exception 'This is not for your role' using errcode = 'SH403', detail = v_person.role;
  end if;
  return v_person;
end;
$$;

-- Name: FUNCTION actor(p_session_id uuid, p_role text, p_at timestamp with time zone); Type: COMMENT; Schema: account; Owner: -

COMMENT ON FUNCTION account.actor(p_session_id uuid, p_role text, p_at timestamp with time zone) IS 'Who calls: the person of a live session, in a role (null = any). Every api function for signed-in people begins with it, so a revoked session or a disabled person is refused at once, whatever their access token says.
Errors: SH401 the session has ended; SH403 another role.';

-- Name: idempotent_call; Type: TABLE; Schema: account; Owner: -

CREATE TABLE account.idempotent_call (
    user_id uuid NOT NULL,
    key text NOT NULL,
    request_hash bytea NOT NULL,
    status integer,
    body text,
    called_at timestamp with time zone NOT NULL,
    CONSTRAINT idempotent_call_hash_is_sha256 CHECK ((octet_length(request_hash) = 32)),
    CONSTRAINT idempotent_call_key_is_short CHECK (((length(key) >= 1) AND (length(key) <= 255)))
);

-- Name: TABLE idempotent_call; Type: COMMENT; Schema: account; Owner: -

COMMENT ON TABLE account.idempotent_call IS 'Answers to POSTs that came with an Idempotency-Key, kept a day. Written in the transaction of the effect: there is never one without the other.';

-- Name: COLUMN idempotent_call.request_hash; Type: COMMENT; Schema: account; Owner: -

COMMENT ON COLUMN account.idempotent_call.request_hash IS 'sha256 of the function and its input: the same key with another request is refused.';

-- Name: COLUMN idempotent_call.status; Type: COMMENT; Schema: account; Owner: -

COMMENT ON COLUMN account.idempotent_call.status IS 'Null only within the transaction that is still at work.';

-- Name: begin_call(uuid, text, bytea, timestamp with time zone); Type: FUNCTION; Schema: account; Owner: -

CREATE FUNCTION account.begin_call(p_user_id uuid, p_key text, p_request_hash bytea, p_at timestamp with time zone) RETURNS account.idempotent_call
    LANGUAGE plpgsql
    SET search_path TO ''
    SET lock_timeout TO '1s'
    AS $$
declare
  v_call account.idempotent_call;
begin
  -- A key is forgotten after a day, whether or not housekeeping came by.
  delete from account.idempotent_call c
  where c.user_id = p_user_id and c.key = p_key and c.called_at < p_at - interval '24 hours';
  -- The primary key lines up concurrent calls: the second waits here until the transaction of the first has ended.
  insert into account.idempotent_call as c (user_id, key, request_hash, called_at)
  values (p_user_id, p_key, p_request_hash, p_at)
  on conflict (user_id, key) do nothing
  returning c.* into v_call;
  if found then
    return v_call;
  end if;
  select c.* into v_call from account.idempotent_call c where c.user_id = p_user_id and c.key = p_key;
  if v_call.request_hash <> p_request_hash then
    raise exception 'This Idempotency-Key was used for another request' using errcode = 'SH422', column = 'idempotency-key', hint = 'Make a new key for each new request.';
  end if;
  return v_call;
exception
  when lock_not_available then
    raise exception 'The request with this Idempotency-Key is still running' using errcode = 'SH409', hint = 'Ask again in a moment with the same key.';
end;
$$;

-- Name: FUNCTION begin_call(p_user_id uuid, p_key text, p_request_hash bytea, p_at timestamp with time zone); Type: COMMENT; Schema: account; Owner: -

COMMENT ON FUNCTION account.begin_call(p_user_id uuid, p_key text, p_request_hash bytea, p_at timestamp with time zone) IS 'Takes an Idempotency-Key of a person for a request, in the transaction in which the effect will follow.
Result: the call; with a status it was answered before. Errors: SH422 the key was used for another request; SH409 that request is still running after a second.';

-- Name: change_profile(uuid, text, text, text, text, text, text, text, text); Type: FUNCTION; Schema: account; Owner: -

CREATE FUNCTION account.change_profile(p_user_id uuid, p_name text, p_language text, p_address_form text, p_greeting text, p_time_zone text, p_quiet_from text, p_quiet_until text, p_preferred_channel text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_person account.person;
begin
  select p.* into v_person from account.person p where p.user_id = p_user_id for update;
  if p_name ~ '[\x01-\x1f\x7f-\x9f]' then
    raise exception 'A name has no control characters' using errcode = 'SH422', column = 'name';
  end if;
  if p_time_zone <> '' and not exists (select from policy.time_zone z where z.name = p_time_zone) then
    raise exception 'The time zone is not known' using errcode = 'SH422', column = 'time_zone', detail = p_time_zone,
      hint = 'Use an IANA name such as Asia/Dhaka.';
  end if;
  -- Empty text: as it is. Null: none.
  v_person.quiet_from := case when p_quiet_from = '' then v_person.quiet_from else p_quiet_from::time end;
  v_person.quiet_until := case when p_quiet_until = '' then v_person.quiet_until else p_quiet_until::time end;
  if (v_person.quiet_from is null) <> (v_person.quiet_until is null) or v_person.quiet_from = v_person.quiet_until then
    raise exception 'Quiet hours need a beginning and another end' using errcode = 'SH422', column = 'quiet_until',
      hint = 'Send both times, or null for both.';
  end if;
  update account.person p
  set full_name = case when p_name = '' then p.full_name else nullif(btrim(normalize(p_name, nfc)), '') end,
      language = coalesce(nullif(p_language, ''), p.language),
      address_form = coalesce(nullif(p_address_form, ''), p.address_form),
      greeting = coalesce(nullif(p_greeting, ''), p.greeting),
      time_zone = case when p_time_zone = '' then p.time_zone else p_time_zone end,
      quiet_from = v_person.quiet_from,
      quiet_until = v_person.quiet_until,
      preferred_channel = case when p_preferred_channel = '' then p.preferred_channel else p_preferred_channel end
  where p.user_id = p_user_id;
end;
$$;

-- Name: FUNCTION change_profile(p_user_id uuid, p_name text, p_language text, p_address_form text, p_greeting text, p_time_zone text, p_quiet_from text, p_quiet_until text, p_preferred_channel text); Type: COMMENT; Schema: account; Owner: -

COMMENT ON FUNCTION account.change_profile(p_user_id uuid, p_name text, p_language text, p_address_form text, p_greeting text, p_time_zone text, p_quiet_from text, p_quiet_until text, p_preferred_channel text) IS 'Changes what a person may change about themselves. For each argument: empty text = as it is; null = none (where there can be none).
Errors: SH422 with the column: name with control characters, time_zone unknown, quiet_until without quiet_from or equal to it.';

-- Name: check_match(text, jsonb); Type: FUNCTION; Schema: account; Owner: -

CREATE FUNCTION account.check_match(p_if_match text, p_document jsonb) RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO ''
    AS $$
begin
  if btrim(coalesce(p_if_match, '')) = '' then
    raise exception 'Say which version this changes' using errcode = 'SH428', hint = 'Send its ETag as If-Match.';
  end if;
  -- Compared strongly, as RFC 9110 says: a weak tag matches nothing.
  if btrim(p_if_match) <> '*'
     and not exists (
       select from unnest(string_to_array(p_if_match, ',')) as t (tag) where btrim(t.tag) = account.etag(p_document)) then
    raise exception 'It was changed meanwhile' using errcode = 'SH412', hint = 'Read it again.';
  end if;
end;
$$;

-- Name: FUNCTION check_match(p_if_match text, p_document jsonb); Type: COMMENT; Schema: account; Owner: -

COMMENT ON FUNCTION account.check_match(p_if_match text, p_document jsonb) IS 'Refuses a change of a document that is no longer as the caller knew it; the caller holds the lock under which it was read.
Errors: SH428 no condition was sent; SH412 it differs.';

-- Name: consent_choices(text); Type: FUNCTION; Schema: account; Owner: -

CREATE FUNCTION account.consent_choices(p_role text) RETURNS TABLE(channel text, purpose text)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT c.channel,
     p.purpose
    FROM (unnest(ARRAY['email'::text, 'sms'::text, 'whatsapp'::text, 'push'::text, 'in_app'::text]) c(channel)
      CROSS JOIN unnest(
         CASE consent_choices.p_role
             WHEN 'customer'::text THEN ARRAY['outreach'::text]
             WHEN 'worker'::text THEN ARRAY['coaching'::text, 'voice'::text]
             ELSE '{}'::text[]
         END) p(purpose));
END;

-- Name: FUNCTION consent_choices(p_role text); Type: COMMENT; Schema: account; Owner: -

COMMENT ON FUNCTION account.consent_choices(p_role text) IS 'What people of a role can consent to: channel and purpose. Messages of purpose service need no consent and are not among them.';

-- Name: consent_is_history(); Type: FUNCTION; Schema: account; Owner: -

CREATE FUNCTION account.consent_is_history() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  if tg_op = 'UPDATE'
     and lower(new.valid_at) = lower(old.valid_at)
     and upper_inf(old.valid_at)
     and (new.user_id, new.channel, new.purpose, new.source, new.wording_version, new.actor)
       = (old.user_id, old.channel, old.purpose, old.source, old.wording_version, old.actor) then
    return new;
  end if;
  raise exception 'Consents are never deleted, moved or reopened' using errcode = 'SH409',
    hint = 'Withdraw with account.withdraw_consent, grant anew with account.grant_consent.';
end;
$$;

-- Name: FUNCTION consent_is_history(); Type: COMMENT; Schema: account; Owner: -

COMMENT ON FUNCTION account.consent_is_history() IS 'Trigger: a consent''s row can only be closed once; its past never changes.';

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
    CONSTRAINT consent_withdrawal_is_told CHECK ((upper_inf(valid_at) = (withdrawn_source IS NULL)))
);

-- Name: TABLE consent; Type: COMMENT; Schema: account; Owner: -

COMMENT ON TABLE account.consent IS 'Opt-ins as temporal rows: a row per grant, valid from the grant to its withdrawal. Purpose service needs no consent and has none.';

-- Name: COLUMN consent.valid_at; Type: COMMENT; Schema: account; Owner: -

COMMENT ON COLUMN account.consent.valid_at IS 'From the grant (inclusive) to the withdrawal (exclusive); open = in force.';

-- Name: COLUMN consent.wording_version; Type: COMMENT; Schema: account; Owner: -

COMMENT ON COLUMN account.consent.wording_version IS 'Which text the person agreed to.';

-- Name: consented(uuid, text, text, timestamp with time zone); Type: FUNCTION; Schema: account; Owner: -

CREATE FUNCTION account.consented(p_user_id uuid, p_channel text, p_purpose text, p_at timestamp with time zone) RETURNS TABLE(valid_at tstzrange)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT c.valid_at
    FROM account.consent c
   WHERE ((c.user_id = consented.p_user_id) AND (c.channel = consented.p_channel) AND (c.purpose = consented.p_purpose) AND (c.valid_at @> consented.p_at));
END;

-- Name: FUNCTION consented(p_user_id uuid, p_channel text, p_purpose text, p_at timestamp with time zone); Type: COMMENT; Schema: account; Owner: -

COMMENT ON FUNCTION account.consented(p_user_id uuid, p_channel text, p_purpose text, p_at timestamp with time zone) IS 'The consent of a person to a channel and purpose that covers an instant: one row, or none.
A set, so that "exists (select from account.consented(...))" becomes part of the query that asks.';

-- Name: consents(uuid, timestamp with time zone); Type: FUNCTION; Schema: account; Owner: -

CREATE FUNCTION account.consents(p_user_id uuid, p_at timestamp with time zone) RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT COALESCE(jsonb_agg(jsonb_build_object('channel', w.channel, 'purpose', w.purpose, 'granted', (c.user_id IS NOT NULL), 'since', lower(c.valid_at), 'wording_version', c.wording_version) ORDER BY w.purpose, w.channel), '[]'::jsonb) AS "coalesce"
    FROM ((account.person p
      CROSS JOIN LATERAL account.consent_choices(p.role) w(channel, purpose))
      LEFT JOIN account.consent c ON (((c.user_id = p.user_id) AND (c.channel = w.channel) AND (c.purpose = w.purpose) AND upper_inf(c.valid_at))))
   WHERE (p.user_id = consents.p_user_id);
END;

-- Name: FUNCTION consents(p_user_id uuid, p_at timestamp with time zone); Type: COMMENT; Schema: account; Owner: -

COMMENT ON FUNCTION account.consents(p_user_id uuid, p_at timestamp with time zone) IS 'Everything that a person can consent to, and what of it they have: [{channel, purpose, granted, since, wording_version}].';

-- Name: cursor(timestamp with time zone, uuid); Type: FUNCTION; Schema: account; Owner: -

CREATE FUNCTION account.cursor(p_at timestamp with time zone, p_id uuid) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ((((EXTRACT(epoch FROM p_at) * (1000000)::numeric))::bigint || '.'::text) || p_id);

-- Name: FUNCTION cursor(p_at timestamp with time zone, p_id uuid); Type: COMMENT; Schema: account; Owner: -

COMMENT ON FUNCTION account.cursor(p_at timestamp with time zone, p_id uuid) IS 'Where a list goes on: behind the row that has this instant and id. The edge signs it before it leaves, and gives back only what it signed.';

-- Name: cursor_place(text); Type: FUNCTION; Schema: account; Owner: -

CREATE FUNCTION account.cursor_place(p_cursor text, OUT at timestamp with time zone, OUT id uuid) RETURNS record
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ROW(('1970-01-01 00:00:00+00'::timestamp with time zone + (((split_part(p_cursor, '.'::text, 1))::bigint)::double precision * '00:00:00.000001'::interval)), (split_part(p_cursor, '.'::text, 2))::uuid);

-- Name: FUNCTION cursor_place(p_cursor text, OUT at timestamp with time zone, OUT id uuid); Type: COMMENT; Schema: account; Owner: -

COMMENT ON FUNCTION account.cursor_place(p_cursor text, OUT at timestamp with time zone, OUT id uuid) IS 'The place in a list that account.cursor wrote down; nulls for null, the beginning.';

-- Name: erase(uuid, timestamp with time zone); Type: FUNCTION; Schema: account; Owner: -

CREATE FUNCTION account.erase(p_user_id uuid, p_at timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_words text[];
begin
  -- Known before it is gone: what to look for where rows are not kept by person.
  select array(
    select w.word
    from (
      select p.full_name from account.person p where p.user_id = p_user_id
      union select p.external_id from account.person p where p.user_id = p_user_id
      union select c.address from account.contact c where c.user_id = p_user_id
      union select a.login from account.admin_credential a where a.user_id = p_user_id) as w (word)
    where length(w.word) > 2) into v_words;
  perform queue.forget(v_words);

  perform account.withdraw_consent(p_user_id, c.channel, c.purpose, p_at, 'erasure', p_user_id::text)
  from account.consent c
  where c.user_id = p_user_id
    and upper_inf(c.valid_at);
  delete from account.contact c where c.user_id = p_user_id;
  delete from account.admin_credential a where a.user_id = p_user_id;
  delete from account.one_time_code o where o.user_id = p_user_id;
  delete from account.idempotent_call i where i.user_id = p_user_id;
  delete from account.refresh_token t using account.session s where s.session_id = t.session_id and s.user_id = p_user_id;
  update account.session s
  set agent = null,
      revoked_at = coalesce(s.revoked_at, p_at),
      revoked_reason = coalesce(s.revoked_reason, 'erasure')
  where s.user_id = p_user_id;
  update account.person p
  set external_id = null, full_name = null, address_form = 'none', greeting = 'shubheccha', time_zone = null,
      quiet_from = null, quiet_until = null, preferred_channel = null, erased_at = p_at
  where p.user_id = p_user_id;
  insert into policy.audit (happened_at, actor, action, subject)
  values (p_at, p_user_id::text, 'erase', 'person ' || p_user_id);
end;
$$;

-- Name: FUNCTION erase(p_user_id uuid, p_at timestamp with time zone); Type: COMMENT; Schema: account; Owner: -

COMMENT ON FUNCTION account.erase(p_user_id uuid, p_at timestamp with time zone) IS 'Takes a person''s identity out of this layer and the queue: name, addresses, credentials, devices. What stays is an id that stands for nobody, with the proof of consents and of the erasure. The caller holds the person''s lock.';

-- Name: etag(jsonb); Type: FUNCTION; Schema: account; Owner: -

CREATE FUNCTION account.etag(p_document jsonb) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (('"'::text || "left"(encode(sha256(convert_to((p_document)::text, 'UTF8'::name)), 'hex'::text), 32)) || '"'::text);

-- Name: FUNCTION etag(p_document jsonb); Type: COMMENT; Schema: account; Owner: -

COMMENT ON FUNCTION account.etag(p_document jsonb) IS 'The ETag of a document as HTTP answers it: the hash of the very bytes that go out.';

-- Name: contact; Type: TABLE; Schema: account; Owner: -

CREATE TABLE account.contact (
    user_id uuid NOT NULL,
    channel text NOT NULL,
    address text NOT NULL,
    verified_at timestamp with time zone,
    suppressed_at timestamp with time zone,
    suppressed_reason text,
    session_id uuid,
    CONSTRAINT contact_channel_has_address CHECK ((channel = ANY (ARRAY['email'::text, 'sms'::text, 'whatsapp'::text, 'push'::text]))),
    CONSTRAINT contact_email_has_at CHECK (((channel <> 'email'::text) OR (address ~ '^[^@[:space:]]+@[^@[:space:]]+$'::text))),
    CONSTRAINT contact_phone_is_bangladeshi_mobile CHECK (((channel <> ALL (ARRAY['sms'::text, 'whatsapp'::text])) OR (address ~ '^\+8801[3-9][0-9]{8}$'::text))),
    CONSTRAINT contact_push_is_token CHECK (((channel <> 'push'::text) OR ((address ~ '^[!-~]+$'::text) AND (length(address) <= 1024)))),
    CONSTRAINT contact_session_is_of_push CHECK (((session_id IS NULL) OR (channel = 'push'::text))),
    CONSTRAINT contact_suppression_has_reason CHECK (((suppressed_at IS NULL) = (suppressed_reason IS NULL)))
);

-- Name: TABLE contact; Type: COMMENT; Schema: account; Owner: -

COMMENT ON TABLE account.contact IS 'Where a person is reached on each channel; in_app needs no address.';

-- Name: COLUMN contact.suppressed_at; Type: COMMENT; Schema: account; Owner: -

COMMENT ON COLUMN account.contact.suppressed_at IS 'Since then nothing goes there: hard bounce, complaint, five soft bounces, or by hand.';

-- Name: COLUMN contact.session_id; Type: COMMENT; Schema: account; Owner: -

COMMENT ON COLUMN account.contact.session_id IS 'For push: the signed-in device that the token is of; it goes with the session.';

-- Name: profile(uuid); Type: FUNCTION; Schema: account; Owner: -

CREATE FUNCTION account.profile(p_user_id uuid) RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT jsonb_build_object('user_id', p.user_id, 'role', p.role, 'name', p.full_name, 'language', p.language, 'address_form', p.address_form, 'greeting', p.greeting, 'time_zone', p.time_zone, 'quiet_from', to_char((p.quiet_from)::interval, 'HH24:MI'::text), 'quiet_until', to_char((p.quiet_until)::interval, 'HH24:MI'::text), 'preferred_channel', p.preferred_channel, 'created_at', p.created_at, 'contacts', COALESCE(( SELECT jsonb_agg(jsonb_build_object('channel', c.channel, 'address', c.address, 'verified', (c.verified_at IS NOT NULL), 'suppressed', (c.suppressed_at IS NOT NULL)) ORDER BY c.channel) AS jsonb_agg
            FROM account.contact c
           WHERE (c.user_id = p.user_id)), '[]'::jsonb)) AS jsonb_build_object
    FROM account.person p
   WHERE (p.user_id = profile.p_user_id);
END;

-- Name: FUNCTION profile(p_user_id uuid); Type: COMMENT; Schema: account; Owner: -

COMMENT ON FUNCTION account.profile(p_user_id uuid) IS 'A person as they see themselves: who they are, how they are reached and what they prefer.
quiet_from, quiet_until: local times, HH:MM; null = no quiet hours of their own. time_zone null = the default zone.';

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

-- Name: session; Type: TABLE; Schema: account; Owner: -

CREATE TABLE account.session (
    session_id uuid DEFAULT uuidv7() NOT NULL,
    user_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    last_used_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    revoked_reason text,
    agent text,
    fresh_until timestamp with time zone,
    CONSTRAINT session_revocation_has_reason CHECK (((revoked_at IS NULL) = (revoked_reason IS NULL)))
);

-- Name: TABLE session; Type: COMMENT; Schema: account; Owner: -

COMMENT ON TABLE account.session IS 'A signed-in device. Its id is the sid of the access token and the actor of every call, so revoking it acts at once.';

-- Name: COLUMN session.fresh_until; Type: COMMENT; Schema: account; Owner: -

COMMENT ON COLUMN account.session.fresh_until IS 'Until then an admin may do sensitive acts without signing in again; null for other roles.';

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

-- Name: export(uuid); Type: FUNCTION; Schema: account; Owner: -

CREATE FUNCTION account.export(p_user_id uuid) RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT jsonb_build_object('person', (account.profile(p_user_id) || ( SELECT jsonb_build_object('external_id', p.external_id, 'disabled_at', p.disabled_at, 'erased_at', p.erased_at) AS jsonb_build_object
            FROM account.person p
           WHERE (p.user_id = export.p_user_id))), 'contacts', COALESCE(( SELECT jsonb_agg((to_jsonb(c.*) - 'user_id'::text) ORDER BY c.channel) AS jsonb_agg
            FROM account.contact c
           WHERE (c.user_id = export.p_user_id)), '[]'::jsonb), 'consents', COALESCE(( SELECT jsonb_agg(jsonb_build_object('channel', c.channel, 'purpose', c.purpose, 'granted_at', lower(c.valid_at), 'withdrawn_at', upper(c.valid_at), 'source', c.source, 'wording_version', c.wording_version, 'actor', c.actor, 'withdrawn_source', c.withdrawn_source, 'withdrawn_actor', c.withdrawn_actor) ORDER BY (lower(c.valid_at)), c.channel, c.purpose) AS jsonb_agg
            FROM account.consent c
           WHERE (c.user_id = export.p_user_id)), '[]'::jsonb), 'sessions', COALESCE(( SELECT jsonb_agg(jsonb_build_object('session_id', s.session_id, 'created_at', s.created_at, 'last_used_at', s.last_used_at, 'expires_at', s.expires_at, 'revoked_at', s.revoked_at, 'revoked_reason', s.revoked_reason, 'agent', s.agent) ORDER BY s.created_at, s.session_id) AS jsonb_agg
            FROM account.session s
           WHERE (s.user_id = export.p_user_id)), '[]'::jsonb), 'one_time_codes', COALESCE(( SELECT jsonb_agg(jsonb_build_object('channel', o.channel, 'requested_at', o.requested_at, 'used_at', o.used_at, 'tries', o.tries) ORDER BY o.requested_at, o.request_id) AS jsonb_agg
            FROM account.one_time_code o
           WHERE (o.user_id = export.p_user_id)), '[]'::jsonb), 'stored_answers', COALESCE(( SELECT jsonb_agg(jsonb_build_object('key', i.key, 'called_at', i.called_at) ORDER BY i.called_at, i.key) AS jsonb_agg
            FROM account.idempotent_call i
           WHERE (i.user_id = export.p_user_id)), '[]'::jsonb), 'admin_login', ( SELECT a.login
            FROM account.admin_credential a
           WHERE (a.user_id = export.p_user_id)), 'audit', COALESCE(( SELECT jsonb_agg(jsonb_build_object('happened_at', a.happened_at, 'action', a.action, 'subject', a.subject) ORDER BY a.happened_at, a.audit_id) AS jsonb_agg
            FROM policy.audit a
           WHERE ((a.actor = (export.p_user_id)::text) OR (a.subject = ('person '::text || export.p_user_id)))), '[]'::jsonb)) AS jsonb_build_object;
END;

-- Name: FUNCTION export(p_user_id uuid); Type: COMMENT; Schema: account; Owner: -

COMMENT ON FUNCTION account.export(p_user_id uuid) IS 'What is kept of a person in this layer: themselves, contacts, the whole history of consents, sessions, codes asked for, audit entries. Secrets (hashes, sealed codes) are not told, only that they were there.';

-- Name: fresh_admin(uuid, timestamp with time zone); Type: FUNCTION; Schema: account; Owner: -

CREATE FUNCTION account.fresh_admin(p_session_id uuid, p_at timestamp with time zone) RETURNS account.person
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO ''
    AS $$
declare
  v_person account.person := account.actor(p_session_id, 'admin', p_at);
begin
  if not exists (select from account.session s where s.session_id = p_session_id and s.fresh_until > p_at) then
    raise exception 'Sign in again to do this' using errcode = 'SH403',
      hint = 'Sensitive acts need a sign-in of the last minutes (rule session.fresh_for).';
  end if;
  return v_person;
end;
$$;

-- Name: FUNCTION fresh_admin(p_session_id uuid, p_at timestamp with time zone); Type: COMMENT; Schema: account; Owner: -

COMMENT ON FUNCTION account.fresh_admin(p_session_id uuid, p_at timestamp with time zone) IS 'Who does a sensitive act: the admin of a live session that was opened by password and authenticator within session.fresh_for. Rotating the token does not make it fresh again.
Errors: SH401 the session has ended; SH403 another role, or the sign-in is too long ago.';

-- Name: grant_consent(uuid, text, text, timestamp with time zone, text, text, text); Type: FUNCTION; Schema: account; Owner: -

CREATE FUNCTION account.grant_consent(p_user_id uuid, p_channel text, p_purpose text, p_at timestamp with time zone, p_source text, p_wording_version text, p_actor text) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_from timestamptz;
begin
  perform account.lock_person(p_user_id);
  -- Not before the last withdrawal: that may be of a transaction that began after this one.
  select greatest(p_at, max(upper(c.valid_at))) into v_from
  from account.consent c
  where c.user_id = p_user_id
    and c.channel = p_channel
    and c.purpose = p_purpose
  having not coalesce(bool_or(upper_inf(c.valid_at)), false);
  if not found then
    return false;
  end if;
  insert into account.consent (user_id, channel, purpose, valid_at, source, wording_version, actor)
  values (p_user_id, p_channel, p_purpose, tstzrange(v_from, null), p_source, p_wording_version, p_actor);
  return true;
end;
$$;

-- Name: FUNCTION grant_consent(p_user_id uuid, p_channel text, p_purpose text, p_at timestamp with time zone, p_source text, p_wording_version text, p_actor text); Type: COMMENT; Schema: account; Owner: -

COMMENT ON FUNCTION account.grant_consent(p_user_id uuid, p_channel text, p_purpose text, p_at timestamp with time zone, p_source text, p_wording_version text, p_actor text) IS 'Records an opt-in from an instant on. Repeatable.
Result: true if it is new, false if it was in force already.';

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

-- Name: value(text, timestamp with time zone); Type: FUNCTION; Schema: policy; Owner: -

CREATE FUNCTION policy.value(p_rule text, p_at timestamp with time zone) RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT r.value
    FROM policy.rule r
   WHERE ((r.rule = value.p_rule) AND (r.valid_at @> value.p_at));
END;

-- Name: FUNCTION value(p_rule text, p_at timestamp with time zone); Type: COMMENT; Schema: policy; Owner: -

COMMENT ON FUNCTION policy.value(p_rule text, p_at timestamp with time zone) IS 'The value of a rule in force at an instant.
Result: jsonb as stored; null where no version is in force.';

-- Name: number(text, timestamp with time zone); Type: FUNCTION; Schema: policy; Owner: -

CREATE FUNCTION policy.number(p_rule text, p_at timestamp with time zone) RETURNS double precision
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN ((policy.value(p_rule, p_at) #>> '{}'::text[]))::double precision;

-- Name: FUNCTION number(p_rule text, p_at timestamp with time zone); Type: COMMENT; Schema: policy; Owner: -

COMMENT ON FUNCTION policy.number(p_rule text, p_at timestamp with time zone) IS 'The value in force of a rule that is a number, in the unit that policy.rule_kind names; null where none is in force.';

-- Name: issued(uuid, timestamp with time zone); Type: FUNCTION; Schema: account; Owner: -

CREATE FUNCTION account.issued(p_session_id uuid, p_at timestamp with time zone) RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT jsonb_build_object('session_id', s.session_id, 'user_id', p.user_id, 'role', p.role, 'access_seconds', (policy.number('session.access_for'::text, issued.p_at))::integer, 'refresh_until', s.expires_at) AS jsonb_build_object
    FROM (account.session s
      JOIN account.person p ON ((p.user_id = s.user_id)))
   WHERE (s.session_id = issued.p_session_id);
END;

-- Name: FUNCTION issued(p_session_id uuid, p_at timestamp with time zone); Type: COMMENT; Schema: account; Owner: -

COMMENT ON FUNCTION account.issued(p_session_id uuid, p_at timestamp with time zone) IS 'What the edge needs to make the tokens of a session that was just opened or carried on: {session_id, user_id, role, access_seconds, refresh_until}.';

-- Name: live_session(uuid, timestamp with time zone); Type: FUNCTION; Schema: account; Owner: -

CREATE FUNCTION account.live_session(p_session_id uuid, p_at timestamp with time zone) RETURNS SETOF account.person
    LANGUAGE sql STABLE ROWS 1 PARALLEL SAFE
    BEGIN ATOMIC
 SELECT p.user_id,
     p.external_id,
     p.role,
     p.full_name,
     p.language,
     p.address_form,
     p.greeting,
     p.time_zone,
     p.quiet_from,
     p.quiet_until,
     p.preferred_channel,
     p.created_at,
     p.disabled_at,
     p.erased_at
    FROM (account.session s
      JOIN account.person p ON ((p.user_id = s.user_id)))
   WHERE ((s.session_id = live_session.p_session_id) AND (s.revoked_at IS NULL) AND (s.expires_at > live_session.p_at) AND (p.disabled_at IS NULL) AND (p.erased_at IS NULL));
END;

-- Name: FUNCTION live_session(p_session_id uuid, p_at timestamp with time zone); Type: COMMENT; Schema: account; Owner: -

COMMENT ON FUNCTION account.live_session(p_session_id uuid, p_at timestamp with time zone) IS 'The person of a session that has neither ended nor been revoked, whose person is neither disabled nor erased; else no row.';

-- Name: lock_key(uuid); Type: FUNCTION; Schema: account; Owner: -

CREATE FUNCTION account.lock_key(p_user_id uuid) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN hashtextextended((p_user_id)::text, (7)::bigint);

-- Name: FUNCTION lock_key(p_user_id uuid); Type: COMMENT; Schema: account; Owner: -

COMMENT ON FUNCTION account.lock_key(p_user_id uuid) IS 'Key of the advisory lock that stands for a person. Two people sharing a key only wait for each other.';

-- Name: lock_person(uuid); Type: FUNCTION; Schema: account; Owner: -

CREATE FUNCTION account.lock_person(p_user_id uuid) RETURNS void
    LANGUAGE sql
    BEGIN ATOMIC
 SELECT pg_advisory_xact_lock(account.lock_key(p_user_id)) AS pg_advisory_xact_lock;
END;

-- Name: FUNCTION lock_person(p_user_id uuid); Type: COMMENT; Schema: account; Owner: -

COMMENT ON FUNCTION account.lock_person(p_user_id uuid) IS 'Locks a person until the end of the transaction: first in the lock order person, campaign, message, booking.
Decide in a later statement: this one''s snapshot may be older than the lock it waited for.';

-- Name: service_token; Type: TABLE; Schema: account; Owner: -

CREATE TABLE account.service_token (
    token_id uuid DEFAULT uuidv7() NOT NULL,
    service text NOT NULL,
    token_hash bytea NOT NULL,
    made_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    CONSTRAINT service_token_expires_after_made CHECK ((expires_at > made_at)),
    CONSTRAINT service_token_hash_is_sha256 CHECK ((octet_length(token_hash) = 32)),
    CONSTRAINT service_token_service_is_a_word CHECK ((service ~ '^[a-z][a-z0-9_-]{0,39}$'::text))
);

-- Name: TABLE service_token; Type: COMMENT; Schema: account; Owner: -

COMMENT ON TABLE account.service_token IS 'Credentials of our own programs that call /internal. Several of one service may be valid while one takes the place of another.';

-- Name: COLUMN service_token.service; Type: COMMENT; Schema: account; Owner: -

COMMENT ON COLUMN account.service_token.service IS 'Which program it was made for: the name under which its calls stand in the audit log.';

-- Name: COLUMN service_token.token_hash; Type: COMMENT; Schema: account; Owner: -

COMMENT ON COLUMN account.service_token.token_hash IS 'sha256 of the token, which is 256 random bits and known to nobody but the service.';

-- Name: make_service_token(text, bytea, timestamp with time zone); Type: FUNCTION; Schema: account; Owner: -

CREATE FUNCTION account.make_service_token(p_service text, p_token_hash bytea, p_at timestamp with time zone) RETURNS account.service_token
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_token account.service_token;
begin
  insert into account.service_token as t (service, token_hash, made_at, expires_at)
  values (p_service, p_token_hash, p_at, p_at + make_interval(days => policy.number('service.token_for', p_at)::int))
  returning t.* into v_token;
  insert into policy.audit (happened_at, actor, action, subject, detail)
  values (p_at, session_user, 'make_service_token', 'service_token ' || v_token.token_id, jsonb_build_object('service', p_service));
  return v_token;
end;
$$;

-- Name: FUNCTION make_service_token(p_service text, p_token_hash bytea, p_at timestamp with time zone); Type: COMMENT; Schema: account; Owner: -

COMMENT ON FUNCTION account.make_service_token(p_service text, p_token_hash bytea, p_at timestamp with time zone) IS 'Lets a program of ours call /internal with a new token, beside those it has. For the owner of the database only: no path leads here.
p_token_hash: sha256 of the token. Result: its row, without anything that opens a door.';

-- Name: match(text, jsonb); Type: FUNCTION; Schema: account; Owner: -

CREATE FUNCTION account.match(p_if_match text, p_current jsonb) RETURNS void
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO ''
    AS $$
begin
  if p_if_match is null then
    raise exception 'Say which version is to be changed' using errcode = 'SH428', column = 'if-match', hint = 'Send If-Match with the ETag of the GET.';
  end if;
  if btrim(p_if_match) = '*' then
    return;
  end if;
  -- The edge's ETag is made of the answer's text. A weak tag never matches (RFC 9110).
  if not ('"' || left(encode(sha256(convert_to(p_current::text, 'UTF8')), 'hex'), 32) || '"'
          = any(regexp_split_to_array(btrim(p_if_match), '\s*,\s*'))) then
    raise exception 'It was changed meanwhile' using errcode = 'SH412', column = 'if-match', hint = 'Read it again and repeat the change.';
  end if;
end;
$$;

-- Name: FUNCTION match(p_if_match text, p_current jsonb); Type: COMMENT; Schema: account; Owner: -

COMMENT ON FUNCTION account.match(p_if_match text, p_current jsonb) IS 'Holds the If-Match of a change against what a GET would answer now; both under the lock of the row that is about to change.
Errors: SH412 changed meanwhile; SH428 no If-Match.';

-- Name: open_session(uuid, bytea, text, timestamp with time zone); Type: FUNCTION; Schema: account; Owner: -

CREATE FUNCTION account.open_session(p_user_id uuid, p_refresh_hash bytea, p_agent text, p_at timestamp with time zone) RETURNS uuid
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_session_id uuid;
  v_until timestamptz := p_at + make_interval(days => policy.number('session.refresh_for', p_at)::int);
begin
  insert into account.session (user_id, created_at, last_used_at, expires_at, agent, fresh_until)
  select p_user_id, p_at, p_at, v_until, left(p_agent, 200),
         case when p.role = 'admin' then p_at + make_interval(secs => policy.number('session.fresh_for', p_at)) end
  from account.person p
  where p.user_id = p_user_id
  returning session_id into v_session_id;
  insert into account.refresh_token (token_hash, session_id, issued_at, expires_at)
  values (p_refresh_hash, v_session_id, p_at, v_until);
  insert into policy.audit (happened_at, actor, action, subject)
  values (p_at, p_user_id::text, 'sign_in', 'session ' || v_session_id);
  return v_session_id;
end;
$$;

-- Name: FUNCTION open_session(p_user_id uuid, p_refresh_hash bytea, p_agent text, p_at timestamp with time zone); Type: COMMENT; Schema: account; Owner: -

COMMENT ON FUNCTION account.open_session(p_user_id uuid, p_refresh_hash bytea, p_agent text, p_at timestamp with time zone) IS 'Opens a session for a person with its first refresh token (sha256 of it), and notes the sign-in in the audit log. Result: the session.';

-- Name: rate_bucket; Type: TABLE; Schema: account; Owner: -

CREATE UNLOGGED TABLE account.rate_bucket (
    bucket text NOT NULL,
    tokens double precision NOT NULL,
    refilled_at timestamp with time zone NOT NULL
);

-- Name: TABLE rate_bucket; Type: COMMENT; Schema: account; Owner: -

COMMENT ON TABLE account.rate_bucket IS 'Token buckets of rate limits. Unlogged: after a crash everybody starts with a full bucket.';

-- Name: prune(timestamp with time zone); Type: FUNCTION; Schema: account; Owner: -

CREATE FUNCTION account.prune(p_at timestamp with time zone) RETURNS integer
    LANGUAGE sql
    BEGIN ATOMIC
 WITH calls AS (
          DELETE FROM account.idempotent_call c
           WHERE (c.called_at < (prune.p_at - '24:00:00'::interval))
           RETURNING 1 AS "?column?"
         ), buckets AS (
          DELETE FROM account.rate_bucket b
           WHERE (b.refilled_at < (prune.p_at - '1 day'::interval))
           RETURNING 1 AS "?column?"
         ), codes AS (
          DELETE FROM account.one_time_code c
           WHERE (c.requested_at < (prune.p_at - '7 days'::interval))
           RETURNING 1 AS "?column?"
         ), shut AS (
          UPDATE account.one_time_code c SET sealed = NULL::bytea
           WHERE ((c.sealed IS NOT NULL) AND (c.expires_at <= prune.p_at) AND (c.requested_at >= (prune.p_at - '7 days'::interval)))
           RETURNING 1 AS "?column?"
         ), devices AS (
          DELETE FROM account.contact c
            USING account.session s
           WHERE ((s.session_id = c.session_id) AND (s.expires_at <= prune.p_at))
           RETURNING 1 AS "?column?"
         )
  SELECT (((((( SELECT count(*) AS count
            FROM calls))::integer + (( SELECT count(*) AS count
            FROM buckets))::integer) + (( SELECT count(*) AS count
            FROM codes))::integer) + (( SELECT count(*) AS count
            FROM shut))::integer) + (( SELECT count(*) AS count
            FROM devices))::integer);
END;

-- Name: FUNCTION prune(p_at timestamp with time zone); Type: COMMENT; Schema: account; Owner: -

COMMENT ON FUNCTION account.prune(p_at timestamp with time zone) IS 'Forgets what is of no more use: stored answers after 24 hours, full rate buckets, one-time codes after 7 days, the sealed part of those that expired, devices whose sign-in did.
Result: how many rows. Repeatable.';

-- Name: refilled(double precision, timestamp with time zone, double precision, double precision, timestamp with time zone); Type: FUNCTION; Schema: account; Owner: -

CREATE FUNCTION account.refilled(p_tokens double precision, p_refilled_at timestamp with time zone, p_capacity double precision, p_seconds double precision, p_at timestamp with time zone) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN LEAST(p_capacity, (p_tokens + (((GREATEST((0)::numeric, EXTRACT(epoch FROM (p_at - p_refilled_at))))::double precision * p_capacity) / p_seconds)));

-- Name: FUNCTION refilled(p_tokens double precision, p_refilled_at timestamp with time zone, p_capacity double precision, p_seconds double precision, p_at timestamp with time zone); Type: COMMENT; Schema: account; Owner: -

COMMENT ON FUNCTION account.refilled(p_tokens double precision, p_refilled_at timestamp with time zone, p_capacity double precision, p_seconds double precision, p_at timestamp with time zone) IS 'Tokens in a bucket at an instant: what it held when last looked at, and what has flowed in since, at most its capacity.';

-- Name: request_code(uuid, text, text, bytea, bytea, bytea, bytea, bytea, text, text, timestamp with time zone); Type: FUNCTION; Schema: account; Owner: -

CREATE FUNCTION account.request_code(p_request_id uuid, p_channel text, p_destination text, p_destination_mac bytea, p_block_mac bytea, p_address_mac bytea, p_code_mac bytea, p_sealed bytea, p_language text, p_traceparent text, p_at timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_user_id uuid;
  v_language text;
  v_last timestamptz;
  v_recent int;
  v_wait int;
begin
  -- One request at a time for a destination and for an address; decided in later statements, so that a burst is counted right.
  perform pg_advisory_xact_lock(k)
  from (select hashtextextended(encode(m, 'hex'), 11) as k from unnest(array[p_destination_mac, p_address_mac]) as m order by 1) locks;

  select max(c.requested_at), count(*) filter (where c.requested_at > p_at - interval '10 minutes')
  into v_last, v_recent
  from account.one_time_code c
  where c.destination_mac = p_destination_mac
    and c.requested_at > p_at - interval '1 day';
  v_wait := ceil(greatest(
    extract(epoch from v_last - p_at) + policy.number('sign_in.code_every', p_at),
    case when v_recent >= policy.number('sign_in.codes_per_destination', p_at) then 600 end,
    case when (
      select count(*)
      from account.one_time_code c
      where c.address_mac = p_address_mac
        and c.requested_at > p_at - interval '10 minutes') >= policy.number('sign_in.codes_per_address', p_at) then 600 end,
    0));
  if v_wait > 0 then
    return v_wait;
  end if;

  select o.user_id, p.language into v_user_id, v_language
  from account.contact o
  join account.person p on p.user_id = o.user_id
  where o.channel = p_channel
    and lower(o.address) = p_destination
    and p.role <> 'admin'
    and p.disabled_at is null
    and p.erased_at is null
  order by o.verified_at nulls last, o.user_id
  limit 1;
  -- Strangers meet two limits more: runs of numbers, and what strangers may cost in a day.
  if v_user_id is null and (
    (select count(*)
     from account.one_time_code c
     where c.block_mac = p_block_mac
       and c.user_id is null
       and c.requested_at > p_at - interval '10 minutes') >= policy.number('sign_in.codes_per_block', p_at)
    or (select count(*)
        from account.one_time_code c
        where c.user_id is null
          and c.requested_at > p_at - interval '1 day') >= policy.number('sign_in.codes_per_day', p_at)) then
    -- Told nothing else than anybody: the answer must not show who is known.
    return 0;
  end if;

  update account.one_time_code c
  set superseded_at = p_at, sealed = null
  where c.destination_mac = p_destination_mac
    and c.superseded_at is null
    and c.used_at is null;
  insert into account.one_time_code
    (request_id, channel, user_id, destination_mac, block_mac, address_mac, code_mac, sealed, language, requested_at, expires_at)
  values (
    p_request_id, p_channel, v_user_id, p_destination_mac, p_block_mac, p_address_mac, p_code_mac, p_sealed,
    coalesce(p_language, v_language, 'bn'),
    p_at, p_at + make_interval(secs => policy.number('sign_in.code_valid', p_at)));
  perform queue.enqueue('send_code', jsonb_build_object('request_id', p_request_id), p_at, 100, null, jsonb_build_object('traceparent', p_traceparent));
  return 0;
end;
$$;

-- Name: FUNCTION request_code(p_request_id uuid, p_channel text, p_destination text, p_destination_mac bytea, p_block_mac bytea, p_address_mac bytea, p_code_mac bytea, p_sealed bytea, p_language text, p_traceparent text, p_at timestamp with time zone); Type: COMMENT; Schema: account; Owner: -

COMMENT ON FUNCTION account.request_code(p_request_id uuid, p_channel text, p_destination text, p_destination_mac bytea, p_block_mac bytea, p_address_mac bytea, p_code_mac bytea, p_sealed bytea, p_language text, p_traceparent text, p_at timestamp with time zone) IS 'Notes a one-time code and has it sent by a job of top priority; earlier codes to the destination die.
p_destination: normalised (lower case), to find the person; it is not kept. p_language: null = the person''s, or Bengali. The MACs are made with a key outside the database.
Result: 0, or the seconds to wait before asking again (limits per destination and per network address, the same for known and unknown).';

-- Name: revoke_service_tokens(text, uuid, timestamp with time zone); Type: FUNCTION; Schema: account; Owner: -

CREATE FUNCTION account.revoke_service_tokens(p_service text, p_token_id uuid, p_at timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_revoked int;
begin
  with revoked as (
    update account.service_token t
    set revoked_at = p_at
    where t.service = p_service
      and t.token_id = coalesce(p_token_id, t.token_id)
      and t.revoked_at is null
    returning t.token_id
  ), noted as (
    insert into policy.audit (happened_at, actor, action, subject, detail)
    select p_at, session_user, 'revoke_service_token', 'service_token ' || r.token_id, jsonb_build_object('service', p_service)
    from revoked r
    returning 1
  )
  select count(*) into v_revoked from noted;
  return v_revoked;
end;
$$;

-- Name: FUNCTION revoke_service_tokens(p_service text, p_token_id uuid, p_at timestamp with time zone); Type: COMMENT; Schema: account; Owner: -

COMMENT ON FUNCTION account.revoke_service_tokens(p_service text, p_token_id uuid, p_at timestamp with time zone) IS 'Ends one token of a service (null = all of them), from the next call on. For the owner of the database only. Result: how many were ended.';

-- Name: revoke_session(uuid, text, timestamp with time zone); Type: FUNCTION; Schema: account; Owner: -

CREATE FUNCTION account.revoke_session(p_session_id uuid, p_reason text, p_at timestamp with time zone) RETURNS boolean
    LANGUAGE sql
    BEGIN ATOMIC
 WITH revoked AS (
          UPDATE account.session s SET revoked_at = revoke_session.p_at, revoked_reason = revoke_session.p_reason
           WHERE ((s.session_id = revoke_session.p_session_id) AND (s.revoked_at IS NULL))
           RETURNING s.user_id
         ), noted AS (
          INSERT INTO policy.audit (happened_at, actor, action, subject, detail)  SELECT revoke_session.p_at AS p_at,
                     (r.user_id)::text AS user_id,
                     'sign_out',
                     ('session '::text || revoke_session.p_session_id),
                     jsonb_build_object('reason', revoke_session.p_reason) AS jsonb_build_object
                    FROM revoked r
         )
  SELECT (EXISTS ( SELECT
            FROM revoked)) AS "exists";
END;

-- Name: FUNCTION revoke_session(p_session_id uuid, p_reason text, p_at timestamp with time zone); Type: COMMENT; Schema: account; Owner: -

COMMENT ON FUNCTION account.revoke_session(p_session_id uuid, p_reason text, p_at timestamp with time zone) IS 'Ends a session: its access tokens are refused from the next call on. Repeatable. Result: whether it was live.';

-- Name: rotate_token(bytea, bytea[], timestamp with time zone); Type: FUNCTION; Schema: account; Owner: -

CREATE FUNCTION account.rotate_token(p_token_hash bytea, p_child_hashes bytea[], p_at timestamp with time zone) RETURNS TABLE(session_id uuid, child_hash bytea)
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
#variable_conflict use_column
declare
  v_token account.refresh_token;
  v_session_id uuid;
  v_until timestamptz := p_at + make_interval(days => policy.number('session.refresh_for', p_at)::int);
begin
  select t.session_id into v_session_id from account.refresh_token t where t.token_hash = p_token_hash;
  if not found then
    return;
  end if;
  -- The session's row lines up concurrent uses of its tokens; what is read below is newer than the lock.
  perform 1 from account.session s where s.session_id = v_session_id for update;
  if not exists (select from account.live_session(v_session_id, p_at)) then
    return;
  end if;
  select t.* into v_token from account.refresh_token t where t.token_hash = p_token_hash;
  if v_token.expires_at <= p_at then
    return;
  end if;
  if v_token.used_at is null then
    update account.refresh_token t set used_at = p_at where t.token_hash = p_token_hash;
    update account.session s set last_used_at = p_at, expires_at = v_until where s.session_id = v_session_id;
    insert into account.refresh_token (token_hash, session_id, parent_hash, issued_at, expires_at)
    values (p_child_hashes[1], v_session_id, p_token_hash, p_at, v_until);
    return query select v_session_id, p_child_hashes[1];
    return;
  end if;
  -- The answer may have been lost: the direct parent of a child that nobody used gets that child once more.
  if v_token.used_at > p_at - make_interval(secs => policy.number('session.grace', p_at)) then
    return query
      select v_session_id, c.token_hash
      from account.refresh_token c
      where c.parent_hash = p_token_hash
        and c.token_hash = any(p_child_hashes)
        and c.used_at is null;
    if found then
      return;
    end if;
  end if;
  -- An old token: somebody has a copy. Nobody keeps the session.
  update account.session s set revoked_at = p_at, revoked_reason = 'token_reused' where s.session_id = v_session_id;
  insert into policy.audit (happened_at, actor, action, subject)
  select p_at, s.user_id::text, 'token_reused', 'session ' || v_session_id from account.session s where s.session_id = v_session_id;
end;
$$;

-- Name: FUNCTION rotate_token(p_token_hash bytea, p_child_hashes bytea[], p_at timestamp with time zone); Type: COMMENT; Schema: account; Owner: -

COMMENT ON FUNCTION account.rotate_token(p_token_hash bytea, p_child_hashes bytea[], p_at timestamp with time zone) IS 'Uses a refresh token once and puts its child in its place, all as sha256. The caller derives the child from the parent, with each key in use, newest first, so that a repetition within session.grace seconds can be given the same child.
Result: the session and its child token; no row = refused. The use of an older token revokes the session, which must be committed: nothing is raised.';

-- Name: service(bytea, timestamp with time zone); Type: FUNCTION; Schema: account; Owner: -

CREATE FUNCTION account.service(p_token_hash bytea, p_at timestamp with time zone) RETURNS account.service_token
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_token account.service_token;
begin
  -- Found by a hash of 256 random bits: how long the search takes tells nothing about a token that is not known.
  select t.* into v_token
  from account.service_token t
  where t.token_hash = p_token_hash
    and t.revoked_at is null
    and t.expires_at > p_at;
  if not found then
    raise exception 'The service token is not valid' using errcode = 'SH401', hint = 'It is unknown, revoked or past its time.';
  end if;
  insert into policy.audit (happened_at, actor, action, subject)
  values (p_at, 'service ' || v_token.service, 'service_call', 'service_token ' || v_token.token_id);
  return v_token;
end;
$$;

-- Name: FUNCTION service(p_token_hash bytea, p_at timestamp with time zone); Type: COMMENT; Schema: account; Owner: -

COMMENT ON FUNCTION account.service(p_token_hash bytea, p_at timestamp with time zone) IS 'Which of our programs calls: the service of a valid token, told by its sha256. Every api function behind /internal begins with it, so a revoked token is refused at once. The call is noted in the audit log, which also tells whether an old token is still in use.
Errors: SH401 the token is unknown, revoked or past its time.';

-- Name: service_tokens(); Type: FUNCTION; Schema: account; Owner: -

CREATE FUNCTION account.service_tokens() RETURNS TABLE(token_id uuid, service text, made_at timestamp with time zone, expires_at timestamp with time zone, revoked_at timestamp with time zone, last_used_at timestamp with time zone)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT t.token_id,
     t.service,
     t.made_at,
     t.expires_at,
     t.revoked_at,
     ( SELECT max(a.happened_at) AS max
            FROM policy.audit a
           WHERE ((a.subject = ('service_token '::text || t.token_id)) AND (a.action = 'service_call'::text))) AS max
    FROM account.service_token t
   ORDER BY t.service, t.made_at;
END;

-- Name: FUNCTION service_tokens(); Type: COMMENT; Schema: account; Owner: -

COMMENT ON FUNCTION account.service_tokens() IS 'Every token of our programs, without its hash. last_used_at: null = never; a token that is still used must not be revoked yet.';

-- Name: session_takes_device(); Type: FUNCTION; Schema: account; Owner: -

CREATE FUNCTION account.session_takes_device() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  delete from account.contact c where c.session_id = new.session_id;
  return null;
end;
$$;

-- Name: FUNCTION session_takes_device(); Type: COMMENT; Schema: account; Owner: -

COMMENT ON FUNCTION account.session_takes_device() IS 'Trigger: nothing is pushed to a device that was signed out, however its session ended.';

-- Name: set_admin(text, text, uuid, bytea, timestamp with time zone); Type: FUNCTION; Schema: account; Owner: -

CREATE FUNCTION account.set_admin(p_login text, p_password_hash text, p_user_id uuid, p_sealed_totp bytea, p_at timestamp with time zone) RETURNS uuid
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_user_id uuid;
begin
  select a.user_id into v_user_id from account.admin_credential a where a.login = p_login for update;
  if not found then
    insert into account.person (user_id, role, created_at) values (p_user_id, 'admin', p_at);
    insert into account.admin_credential (user_id, login, password_hash, sealed_totp, changed_at)
    values (p_user_id, p_login, p_password_hash, p_sealed_totp, p_at);
    v_user_id := p_user_id;
  else
    update account.admin_credential a
    set password_hash = p_password_hash, sealed_totp = p_sealed_totp, totp_step = 0, changed_at = p_at
    where a.user_id = v_user_id;
    -- Whoever knew the old password is out.
    update account.session s set revoked_at = p_at, revoked_reason = 'credential_changed'
    where s.user_id = v_user_id and s.revoked_at is null;
  end if;
  insert into policy.audit (happened_at, actor, action, subject)
  values (p_at, session_user, 'set_admin', 'person ' || v_user_id);
  return v_user_id;
end;
$$;

-- Name: FUNCTION set_admin(p_login text, p_password_hash text, p_user_id uuid, p_sealed_totp bytea, p_at timestamp with time zone); Type: COMMENT; Schema: account; Owner: -

COMMENT ON FUNCTION account.set_admin(p_login text, p_password_hash text, p_user_id uuid, p_sealed_totp bytea, p_at timestamp with time zone) IS 'Makes an admin, or gives one a new password and TOTP secret, which ends their sessions. For the owner of the database only: no path leads here.
p_password_hash: argon2id. p_sealed_totp: bound to the login. p_user_id: the id of a new one. Result: the admin''s id.';

-- Name: set_consents(uuid, jsonb, text, timestamp with time zone); Type: FUNCTION; Schema: account; Owner: -

CREATE FUNCTION account.set_consents(p_user_id uuid, p_consents jsonb, p_wording_version text, p_at timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_wrong text;
begin
  perform account.lock_person(p_user_id);
  select w.channel || ' ' || w.purpose into v_wrong
  from jsonb_to_recordset(p_consents) as w (channel text, purpose text, granted boolean)
  where not exists (
    select
    from account.person p
    cross join lateral account.consent_choices(p.role) c
    where p.user_id = p_user_id
      and (c.channel, c.purpose) = (w.channel, w.purpose))
  limit 1;
  if found then
    raise exception 'Nobody of your role is asked for this consent' using errcode = 'SH422', column = 'consents', detail = v_wrong;
  end if;
  select w.channel || ' ' || w.purpose into v_wrong
  from jsonb_to_recordset(p_consents) as w (channel text, purpose text, granted boolean)
  group by w.channel, w.purpose
  having count(*) > 1;
  if found then
    raise exception 'A consent can be given or withdrawn, not both' using errcode = 'SH422', column = 'consents', detail = v_wrong;
  end if;
  perform case
    when w.granted then account.grant_consent(p_user_id, w.channel, w.purpose, p_at, 'app', p_wording_version, p_user_id::text)
    else account.withdraw_consent(p_user_id, w.channel, w.purpose, p_at, 'app', p_user_id::text) end
  from jsonb_to_recordset(p_consents) as w (channel text, purpose text, granted boolean);

  -- WhatsApp goes by phone number: nobody has to type the one that they signed in with again.
  insert into account.contact (user_id, channel, address, verified_at)
  select c.user_id, 'whatsapp', c.address, c.verified_at
  from account.contact c
  where c.user_id = p_user_id
    and c.channel = 'sms'
    and exists (
      select
      from jsonb_to_recordset(p_consents) as w (channel text, granted boolean)
      where w.channel = 'whatsapp'
        and w.granted)
  on conflict (user_id, channel) do nothing;
end;
$$;

-- Name: FUNCTION set_consents(p_user_id uuid, p_consents jsonb, p_wording_version text, p_at timestamp with time zone); Type: COMMENT; Schema: account; Owner: -

COMMENT ON FUNCTION account.set_consents(p_user_id uuid, p_consents jsonb, p_wording_version text, p_at timestamp with time zone) IS 'Gives and withdraws consents as a person chose in the app; those not named stay as they are. Repeatable: what is so already is left alone. Whoever agrees to WhatsApp and has a phone but no number there is reached at the phone''s.
p_consents: [{channel, purpose, granted}]; p_wording_version: the text that was agreed to.
Errors: SH422 (consents) not one of the person''s role, or named twice.';

-- Name: set_device(uuid, uuid, text, timestamp with time zone); Type: FUNCTION; Schema: account; Owner: -

CREATE FUNCTION account.set_device(p_user_id uuid, p_session_id uuid, p_token text, p_at timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  if p_token is null then
    delete from account.contact c where c.user_id = p_user_id and c.channel = 'push';
    return;
  end if;
  -- Two people on one device at once: one after the other.
  perform pg_advisory_xact_lock(hashtextextended('device ' || p_token, 0));

  delete from account.contact c
  where c.channel = 'push'
    and c.address = p_token
    and c.user_id <> p_user_id;

  insert into account.contact (user_id, channel, address, verified_at, session_id)
  values (p_user_id, 'push', p_token, p_at, p_session_id)
  on conflict (user_id, channel) do update
  set address = excluded.address,
      session_id = excluded.session_id,
      verified_at = excluded.verified_at,
      suppressed_at = null,
      suppressed_reason = null
  where contact.address <> excluded.address
     or contact.session_id is distinct from excluded.session_id
     -- The app itself says that it is there again.
     or contact.suppressed_reason = 'refused';
end;
$$;

-- Name: FUNCTION set_device(p_user_id uuid, p_session_id uuid, p_token text, p_at timestamp with time zone); Type: COMMENT; Schema: account; Owner: -

COMMENT ON FUNCTION account.set_device(p_user_id uuid, p_session_id uuid, p_token text, p_at timestamp with time zone) IS 'Where push goes: to the device of this session from now on, whichever it was before; null = to none. Whoever had that device before has it no more.
The caller holds the person''s lock. Repeatable: the same device again changes nothing, unless the provider had refused it.';

-- Name: take_token(text, double precision, double precision, timestamp with time zone); Type: FUNCTION; Schema: account; Owner: -

CREATE FUNCTION account.take_token(p_bucket text, p_capacity double precision, p_seconds double precision, p_at timestamp with time zone) RETURNS TABLE(allowed boolean, remaining integer, reset_seconds integer, retry_seconds integer)
    LANGUAGE sql
    BEGIN ATOMIC
 WITH taken AS (
          INSERT INTO account.rate_bucket AS b (bucket, tokens, refilled_at)
           VALUES (take_token.p_bucket, (take_token.p_capacity - (1)::double precision), take_token.p_at) ON CONFLICT(bucket) DO UPDATE SET tokens = (account.refilled(b.tokens, b.refilled_at, take_token.p_capacity, take_token.p_seconds, take_token.p_at) - (((account.refilled(b.tokens, b.refilled_at, take_token.p_capacity, take_token.p_seconds, take_token.p_at) >= (1)::double precision))::integer)::double precision), refilled_at = GREATEST(take_token.p_at, b.refilled_at)
           RETURNING ((old.bucket IS NULL) OR (account.refilled(old.tokens, old.refilled_at, take_token.p_capacity, take_token.p_seconds, take_token.p_at) >= (1)::double precision)) AS allowed,
             new.tokens
         )
  SELECT t.allowed,
     (floor(t.tokens))::integer AS floor,
     (ceil((((take_token.p_capacity - t.tokens) * take_token.p_seconds) / take_token.p_capacity)))::integer AS ceil,
     (GREATEST((0)::double precision, ceil(((((1)::double precision - t.tokens) * take_token.p_seconds) / take_token.p_capacity))))::integer AS "greatest"
    FROM taken t;
END;

-- Name: FUNCTION take_token(p_bucket text, p_capacity double precision, p_seconds double precision, p_at timestamp with time zone); Type: COMMENT; Schema: account; Owner: -

COMMENT ON FUNCTION account.take_token(p_bucket text, p_capacity double precision, p_seconds double precision, p_at timestamp with time zone) IS 'Takes a token from a bucket that holds p_capacity and refills evenly over p_seconds.
Result: whether there was one, how many whole ones remain, in how many seconds the bucket is full again, and in how many there is a token.';

-- Name: verify_code(uuid, text, text, bytea[], bytea[], timestamp with time zone); Type: FUNCTION; Schema: account; Owner: -

CREATE FUNCTION account.verify_code(p_request_id uuid, p_channel text, p_destination text, p_destination_macs bytea[], p_code_macs bytea[], p_at timestamp with time zone) RETURNS uuid
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_code account.one_time_code;
  v_user_id uuid;
  v_may_enter boolean;
begin
  -- The row lock lines up concurrent tries: each counts, and one right code is used once.
  update account.one_time_code c
  set tries = c.tries + 1,
      used_at = case when c.code_mac = any(p_code_macs) and c.destination_mac = any(p_destination_macs) then p_at end,
      sealed = case when c.code_mac = any(p_code_macs) and c.destination_mac = any(p_destination_macs) then null else c.sealed end
  where c.request_id = p_request_id
    and c.used_at is null
    and c.superseded_at is null
    and c.expires_at > p_at
    and c.tries < policy.number('sign_in.code_tries', p_at)
  returning c.* into v_code;
  if v_code.used_at is null then
    return null;
  end if;
  if v_code.user_id is not null then
    update account.contact o
    set verified_at = coalesce(o.verified_at, p_at)
    where o.user_id = v_code.user_id
      and o.channel = p_channel;
    return (select p.user_id from account.person p where p.user_id = v_code.user_id and p.disabled_at is null and p.erased_at is null);
  end if;
  if not (policy.value('sign_in.allow_sign_up', p_at))::boolean then
    return null;
  end if;
  -- Two codes to one new destination may both be right: the second finds the person of the first.
  perform pg_advisory_xact_lock(hashtextextended(encode(p_destination_macs[1], 'hex'), 11));
  select o.user_id, p.role <> 'admin' and p.disabled_at is null and p.erased_at is null
  into v_user_id, v_may_enter
  from account.contact o
  join account.person p on p.user_id = o.user_id
  where o.channel = p_channel
    and lower(o.address) = p_destination
  order by 2 desc, o.verified_at nulls last, o.user_id
  limit 1;
  -- Somebody whom a code does not let in stays out, and does not come back as somebody new.
  if found and not v_may_enter then
    return null;
  end if;
  if not found then
    insert into account.person (role, language, created_at)
    values ('customer', v_code.language, p_at)
    returning user_id into v_user_id;
    insert into account.contact (user_id, channel, address, verified_at)
    values (v_user_id, p_channel, p_destination, p_at);
  end if;
  return v_user_id;
end;
$$;

-- Name: FUNCTION verify_code(p_request_id uuid, p_channel text, p_destination text, p_destination_macs bytea[], p_code_macs bytea[], p_at timestamp with time zone); Type: COMMENT; Schema: account; Owner: -

COMMENT ON FUNCTION account.verify_code(p_request_id uuid, p_channel text, p_destination text, p_destination_macs bytea[], p_code_macs bytea[], p_at timestamp with time zone) IS 'Tries a one-time code: every try counts, also concurrent ones; a right one is used once; only the newest to a destination lives.
A verified destination that nobody has becomes a new customer (sign_in.allow_sign_up).
p_destination_macs, p_code_macs: made with each key that is still in use.
Result: the person, or null for any reason (wrong, expired, used, superseded, out of tries): callers cannot tell which.';

-- Name: withdraw_consent(uuid, text, text, timestamp with time zone, text, text); Type: FUNCTION; Schema: account; Owner: -

CREATE FUNCTION account.withdraw_consent(p_user_id uuid, p_channel text, p_purpose text, p_at timestamp with time zone, p_source text, p_actor text) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_until timestamptz;
  v_step interval := interval '1 microsecond';
begin
  perform account.lock_person(p_user_id);
  select greatest(p_at, lower(c.valid_at) + interval '1 microsecond') into v_until
  from account.consent c
  where c.user_id = p_user_id
    and c.channel = p_channel
    and c.purpose = p_purpose
    and upper_inf(c.valid_at);
  if not found then
    return false;
  end if;
  loop
    begin
      update account.consent c
      set valid_at = tstzrange(lower(c.valid_at), v_until),
          withdrawn_source = p_source,
          withdrawn_actor = p_actor
      where c.user_id = p_user_id
        and c.channel = p_channel
        and c.purpose = p_purpose
        and upper_inf(c.valid_at);
      return found;
    exception when foreign_key_violation then
      -- Something was sent under the consent at this very microsecond, or after our transaction began and before we
      -- held the person: the withdrawal counts from after it. Doubling steps, since who holds the consent cannot see what was sent.
      if v_step > interval '1 day' then
        raise;
      end if;
      v_until := v_until + v_step;
      v_step := v_step * 2;
    end;
  end loop;
end;
$$;

-- Name: FUNCTION withdraw_consent(p_user_id uuid, p_channel text, p_purpose text, p_at timestamp with time zone, p_source text, p_actor text); Type: COMMENT; Schema: account; Owner: -

COMMENT ON FUNCTION account.withdraw_consent(p_user_id uuid, p_channel text, p_purpose text, p_at timestamp with time zone, p_source text, p_actor text) IS 'Closes an opt-in at an instant; from then on no claim finds it. Repeatable.
Result: true if one was in force.';

-- Name: accept_job(uuid, uuid); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.accept_job(p_actor uuid, p_booking_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_person account.person := account.actor(p_actor, 'worker', clock.now());
begin
  perform market.accept_job(v_person.user_id, p_booking_id, clock.now());
  return (select j.document from market.worker_job j where j.booking_id = p_booking_id);
end;
$$;

-- Name: FUNCTION accept_job(p_actor uuid, p_booking_id uuid); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.accept_job(p_actor uuid, p_booking_id uuid) IS 'Takes a job on offer.
Of many workers one wins; repeatable for the winner.
Errors: SH401 the session has ended; SH403 another role; SH404 no such job of the caller''s categories; SH409 taken or cancelled meanwhile, its time has passed, or the caller has another job then.';

-- Name: acknowledge_alert(uuid, uuid, text); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.acknowledge_alert(p_actor uuid, p_alert_id uuid, p_outcome text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_admin account.person := account.actor(p_actor, 'admin', clock.now());
  v_alert policy.alert;
begin
  select a.* into v_alert from policy.alert a where a.alert_id = p_alert_id for update;
  if not found then
    raise exception 'There is no such alert' using errcode = 'SH404', detail = p_alert_id::text;
  end if;
  if v_alert.acknowledged_at is null then
    update policy.alert a
    set acknowledged_at = clock.now(), acknowledged_by = v_admin.user_id, outcome = p_outcome
    where a.alert_id = p_alert_id
    returning a.* into v_alert;
    insert into policy.audit (happened_at, actor, action, subject, detail)
    values (clock.now(), v_admin.user_id::text, 'acknowledge_alert', 'alert ' || p_alert_id,
            jsonb_build_object('kind', v_alert.kind, 'about', v_alert.subject, 'reason', p_outcome));
  end if;
  return to_jsonb(v_alert);
end;
$$;

-- Name: FUNCTION acknowledge_alert(p_actor uuid, p_alert_id uuid, p_outcome text); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.acknowledge_alert(p_actor uuid, p_alert_id uuid, p_outcome text) IS 'Takes note of an alert, with what was found or done.
From then on the same trouble is a new episode. Repeatable: who was first stays.
Errors: SH401 the session has ended; SH403 another role; SH404 no such alert.';

-- Name: add_quiet_period(uuid, text, text, text, integer, time without time zone, time without time zone, timestamp with time zone, timestamp with time zone); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.add_quiet_period(p_actor uuid, p_name text, p_reason text, p_purpose text DEFAULT NULL::text, p_weekday integer DEFAULT NULL::integer, p_from_time time without time zone DEFAULT NULL::time without time zone, p_until_time time without time zone DEFAULT NULL::time without time zone, p_since timestamp with time zone DEFAULT NULL::timestamp with time zone, p_until timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_admin account.person := account.actor(p_actor, 'admin', clock.now());
  v_id uuid;
begin
  v_id := policy.add_quiet_period(
    p_name, p_purpose, p_weekday, p_from_time, p_until_time, p_since, p_until, v_admin.user_id::text, p_reason, clock.now());
  perform outreach.check_calendar(v_id, clock.now());
  return (select policy.quiet_period_document(q, clock.now()) from policy.quiet_period q where q.quiet_period_id = v_id);
end;
$$;

-- Name: FUNCTION add_quiet_period(p_actor uuid, p_name text, p_reason text, p_purpose text, p_weekday integer, p_from_time time without time zone, p_until_time time without time zone, p_since timestamp with time zone, p_until timestamp with time zone); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.add_quiet_period(p_actor uuid, p_name text, p_reason text, p_purpose text, p_weekday integer, p_from_time time without time zone, p_until_time time without time zone, p_since timestamp with time zone, p_until timestamp with time zone) IS 'Adds a time at which nothing is sent: dates (a feast, a disaster, a strike), daily or weekly times, or daily times between dates.
It binds at once, also what is planned already. Times are local to each person.
Errors: SH401 the session has ended; SH403 another role; SH422 a field that cannot be.';

-- Name: admin_challenge(text, text); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.admin_challenge(p_login text, p_address_key text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_at timestamptz := clock.now();
  v_wait int;
begin
  -- Per login and network address: somebody who guesses elsewhere cannot lock the admin out here.
  select max(t.retry_seconds) filter (where not t.allowed) into v_wait
  from (values
    ('admin ' || p_address_key, policy.number('admin.tries_per_address', v_at)),
    ('admin ' || p_address_key || ' ' || encode(sha256(convert_to(p_login, 'UTF8')), 'hex'), policy.number('admin.tries', v_at))
  ) b (bucket, tries)
  cross join lateral account.take_token(b.bucket, b.tries, 900, v_at) t;
  return (
    select jsonb_build_object(
      'wait_seconds', v_wait,
      'user_id', a.user_id,
      'password_hash', a.password_hash,
      'sealed_totp', encode(a.sealed_totp, 'hex'))
    from (select) one
    left join account.admin_credential a
      on v_wait is null
     and a.login = p_login
     and exists (select from account.person p where p.user_id = a.user_id and p.disabled_at is null and p.erased_at is null));
end;
$$;

-- Name: FUNCTION admin_challenge(p_login text, p_address_key text); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.admin_challenge(p_login text, p_address_key text) IS 'Counts a try to sign in as an admin, and gives the edge what it checks password and code against: neither can be checked here, as the TOTP secret is sealed and argon2 is not in Postgres.
Result: {wait_seconds: null or how long to wait, user_id, password_hash, sealed_totp: all null for an unknown login}.';

-- Name: admin_login(uuid, text, bigint, text, bytea, text); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.admin_login(p_user_id uuid, p_password_hash text, p_totp_step bigint, p_rehashed text, p_refresh_hash bytea, p_agent text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_session_id uuid;
begin
  -- The row lock lines up concurrent uses of one code: a step is used once, and never one before it.
  update account.admin_credential a
  set totp_step = p_totp_step, password_hash = coalesce(p_rehashed, a.password_hash)
  where a.user_id = p_user_id
    and a.password_hash = p_password_hash
    and a.totp_step < p_totp_step;
  if found then
    v_session_id := account.open_session(p_user_id, p_refresh_hash, p_agent, clock.now());
  end if;
  return jsonb_build_object('session', account.issued(v_session_id, clock.now()));
end;
$$;

-- Name: FUNCTION admin_login(p_user_id uuid, p_password_hash text, p_totp_step bigint, p_rehashed text, p_refresh_hash bytea, p_agent text); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.admin_login(p_user_id uuid, p_password_hash text, p_totp_step bigint, p_rehashed text, p_refresh_hash bytea, p_agent text) IS 'Signs in an admin, by password and the code of an authenticator app.
Each code works once. After ten wrong tries from one network address there is a wait (429).';

-- Name: admin_messages(uuid, uuid, uuid, uuid, text, text, text, integer); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.admin_messages(p_actor uuid, p_campaign_id uuid DEFAULT NULL::uuid, p_run_id uuid DEFAULT NULL::uuid, p_user_id uuid DEFAULT NULL::uuid, p_state text DEFAULT NULL::text, p_channel text DEFAULT NULL::text, p_cursor text DEFAULT NULL::text, p_limit integer DEFAULT 20) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO ''
    AS $$
begin
  perform account.actor(p_actor, 'admin', clock.now());
  return smartengage.messages(
    p_campaign_id, p_run_id, p_user_id, string_to_array(p_state, ','), p_channel, p_cursor, p_limit);
end;
$$;

-- Name: FUNCTION admin_messages(p_actor uuid, p_campaign_id uuid, p_run_id uuid, p_user_id uuid, p_state text, p_channel text, p_cursor text, p_limit integer); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.admin_messages(p_actor uuid, p_campaign_id uuid, p_run_id uuid, p_user_id uuid, p_state text, p_channel text, p_cursor text, p_limit integer) IS 'Messages of campaigns, the last planned first.
By campaign, run, person, state (several separated by commas) and channel; in pages: next_cursor leads to the next, null = that was all.
Errors: SH401 the session has ended; SH403 another role.';

-- Name: ai_messages(uuid, text, integer); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.ai_messages(p_actor uuid, p_cursor text DEFAULT NULL::text, p_limit integer DEFAULT 20) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO ''
    AS $$
declare
  v_person account.person := account.actor(p_actor, 'customer', clock.now());
begin
  return outreach.sent_messages(v_person.user_id, p_cursor, p_limit);
end;
$$;

-- Name: FUNCTION ai_messages(p_actor uuid, p_cursor text, p_limit integer); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.ai_messages(p_actor uuid, p_cursor text, p_limit integer) IS 'What campaigns sent to the caller, the latest first.
Texts as sent, less their links; in pages: next_cursor leads to the next, null = that was all.
Errors: SH401 the session has ended; SH403 another role.';

-- Name: alerts(uuid, text, text, text, integer); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.alerts(p_actor uuid, p_status text DEFAULT NULL::text, p_kind text DEFAULT NULL::text, p_cursor text DEFAULT NULL::text, p_limit integer DEFAULT 20) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO ''
    AS $$
declare
  v_at timestamptz;
  v_id uuid;
  v_page jsonb;
begin
  perform account.actor(p_actor, 'admin', clock.now());
  select c.at, c.id into v_at, v_id from account.cursor_place(p_cursor) c;
  with page as (
    select a.*, row_number() over (order by a.raised_at desc, a.alert_id desc) as n
    from policy.alert a
    where (p_status is null or (a.acknowledged_at is null) = (p_status = 'open'))
      and (p_kind is null or a.kind = p_kind)
      and (v_at is null or (a.raised_at, a.alert_id) < (v_at, v_id))
    order by a.raised_at desc, a.alert_id desc
    limit p_limit + 1
  )
  select jsonb_build_object(
    'items', coalesce(jsonb_agg(to_jsonb(g) - 'n' order by g.n) filter (where g.n <= p_limit), '[]'),
    'next_cursor', case when count(*) > p_limit then
      account.cursor(max(g.raised_at) filter (where g.n = p_limit), (array_agg(g.alert_id) filter (where g.n = p_limit))[1]) end)
  into v_page
  from page g;
  return v_page;
end;
$$;

-- Name: FUNCTION alerts(p_actor uuid, p_status text, p_kind text, p_cursor text, p_limit integer); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.alerts(p_actor uuid, p_status text, p_kind text, p_cursor text, p_limit integer) IS 'What somebody has to look at, the latest first.
By status (open, acknowledged) and kind; in pages: next_cursor leads to the next, null = that was all.
Errors: SH401 the session has ended; SH403 another role.';

-- Name: approve_policy(uuid, text, uuid, text); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.approve_policy(p_actor uuid, p_rule text, p_proposal_id uuid, p_reason text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_admin account.person := account.fresh_admin(p_actor, clock.now());
begin
  perform policy.approve(p_rule, p_proposal_id, v_admin.user_id::text, p_reason, clock.now());
  return policy.document(p_rule, clock.now());
end;
$$;

-- Name: FUNCTION approve_policy(p_actor uuid, p_rule text, p_proposal_id uuid, p_reason text); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.approve_policy(p_actor uuid, p_rule text, p_proposal_id uuid, p_reason text) IS 'Approves another admin''s proposal: it is in force from now, or from the later instant it asked for.
Errors: SH401 the session has ended; SH403 another role, sign in again, or it is your own proposal; SH404 there is no such proposal; SH409 it was decided, has expired or was overtaken; SH422 it cannot be any more, or no reason.';

-- Name: arrive_job(uuid, uuid); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.arrive_job(p_actor uuid, p_booking_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_person account.person := account.actor(p_actor, 'worker', clock.now());
begin
  perform market.advance_job(v_person.user_id, p_booking_id, 'arrive', clock.now());
  return (select j.document from market.worker_job j where j.booking_id = p_booking_id);
end;
$$;

-- Name: FUNCTION arrive_job(p_actor uuid, p_booking_id uuid); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.arrive_job(p_actor uuid, p_booking_id uuid) IS 'Notes that the worker stands at the door.
The first arrival counts. Repeatable.
Errors: SH401 the session has ended; SH403 another role; SH404 no such job of the caller; SH409 the job is not at that step.';

-- Name: audit(uuid, text, text, text, timestamp with time zone, timestamp with time zone, text, integer); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.audit(p_actor uuid, p_by text DEFAULT NULL::text, p_action text DEFAULT NULL::text, p_subject text DEFAULT NULL::text, p_since timestamp with time zone DEFAULT NULL::timestamp with time zone, p_until timestamp with time zone DEFAULT NULL::timestamp with time zone, p_cursor text DEFAULT NULL::text, p_limit integer DEFAULT 20) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO ''
    AS $$
declare
  v_at timestamptz;
  v_id uuid;
  v_page jsonb;
begin
  perform account.actor(p_actor, 'admin', clock.now());
  select c.at, c.id into v_at, v_id from account.cursor_place(p_cursor) c;
  with page as (
    select a.*, row_number() over (order by a.happened_at desc, a.audit_id desc) as n
    from policy.audit_page(p_by, p_action, p_subject, p_since, p_until, v_at, v_id, p_limit + 1) a
  )
  select jsonb_build_object(
    'items', coalesce(jsonb_agg(jsonb_build_object(
      'audit_id', g.audit_id, 'happened_at', g.happened_at, 'actor', g.actor, 'action', g.action, 'subject', g.subject,
      'detail', g.detail) order by g.n) filter (where g.n <= p_limit), '[]'),
    'next_cursor', case when count(*) > p_limit then
      account.cursor(max(g.happened_at) filter (where g.n = p_limit), (array_agg(g.audit_id) filter (where g.n = p_limit))[1]) end)
  into v_page
  from page g;
  return v_page;
end;
$$;

-- Name: FUNCTION audit(p_actor uuid, p_by text, p_action text, p_subject text, p_since timestamp with time zone, p_until timestamp with time zone, p_cursor text, p_limit integer); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.audit(p_actor uuid, p_by text, p_action text, p_subject text, p_since timestamp with time zone, p_until timestamp with time zone, p_cursor text, p_limit integer) IS 'Who did what, the latest first: every change of a rule, sign-in, erasure and act of an admin, by ids, without personal data.
Filtered by actor (by), action, subject and time; in pages: next_cursor leads to the next, null = that was all.
Errors: SH401 the session has ended; SH403 another role.';

-- Name: now(); Type: FUNCTION; Schema: clock; Owner: -

CREATE FUNCTION clock.now() RETURNS timestamp with time zone
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN now();

-- Name: begin_call(uuid, text, bytea); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.begin_call(p_actor uuid, p_key text, p_request_hash bytea) RETURNS jsonb
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    BEGIN ATOMIC
 SELECT jsonb_build_object('status', c.status, 'body', c.body) AS jsonb_build_object
    FROM (account.actor(begin_call.p_actor, NULL::text, clock.now()) p(user_id, external_id, role, full_name, language, address_form, greeting, time_zone, quiet_from, quiet_until, preferred_channel, created_at, disabled_at, erased_at)
      CROSS JOIN LATERAL account.begin_call(p.user_id, begin_call.p_key, begin_call.p_request_hash, clock.now()) c(user_id, key, request_hash, status, body, called_at));
END;

-- Name: FUNCTION begin_call(p_actor uuid, p_key text, p_request_hash bytea); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.begin_call(p_actor uuid, p_key text, p_request_hash bytea) IS 'Takes an Idempotency-Key before a call, in the same transaction.
Result: {status, body} of the answer that was given before; both null for a new key.
Errors: SH401 the session has ended; SH409 the first request is still running; SH422 the key was used for another request.';

-- Name: book(uuid, uuid, timestamp with time zone, uuid[]); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.book(p_actor uuid, p_service_id uuid, p_scheduled_at timestamp with time zone, p_add_on_ids uuid[] DEFAULT NULL::uuid[]) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_person account.person := account.actor(p_actor, 'customer', clock.now());
  v_booking_id uuid;
begin
  -- So that a reminder claimed in this second sees the booking, or is seen.
  perform account.lock_person(v_person.user_id);
  v_booking_id := market.create_booking(v_person.user_id, p_service_id, p_scheduled_at, p_add_on_ids, 'app', clock.now());
  return (select b.document from market.customer_booking b where b.booking_id = v_booking_id);
end;
$$;

-- Name: FUNCTION book(p_actor uuid, p_service_id uuid, p_scheduled_at timestamp with time zone, p_add_on_ids uuid[]); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.book(p_actor uuid, p_service_id uuid, p_scheduled_at timestamp with time zone, p_add_on_ids uuid[]) IS 'Books a service.
The price is that of service and add-ons today. A worker takes the booking when one accepts it.
Errors: SH401 the session has ended; SH403 another role; SH422 service not offered, time not within 180 days, or an add-on that the service does not have.';

-- Name: book_link(text, timestamp with time zone, uuid[]); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.book_link(p_token text, p_scheduled_at timestamp with time zone DEFAULT NULL::timestamp with time zone, p_add_on_ids uuid[] DEFAULT NULL::uuid[]) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_link outreach.link := outreach.open_link(p_token);
  v_message outreach.message;
  v_booking_id uuid;
begin
  -- Lock order: person, message, booking. The link is read again under the lock: it may have been used meanwhile.
  perform account.lock_person(v_link.user_id);
  select m.* into v_message from outreach.message m where m.message_id = v_link.message_id for update;
  v_link := outreach.open_link(p_token);
  if v_link.booking_id is not null then
    return market.booking_view(v_link.booking_id);
  end if;
  if v_message.service_id is null then
    raise exception 'There is nothing to book behind this link' using errcode = 'SH404';
  end if;
  if v_link.book_until < clock.now() then
    raise exception 'The link has expired' using errcode = 'SH410';
  end if;
  if exists (select from account.person p where p.user_id = v_link.user_id and (p.disabled_at is not null or p.erased_at is not null)) then
    raise exception 'The link has expired' using errcode = 'SH410';
  end if;
  v_booking_id := market.create_booking(
    v_link.user_id, v_message.service_id,
    coalesce(p_scheduled_at, outreach.suggested_from(v_message.suggested_at, clock.now())),
    -- What was suggested and is no longer offered is left out; what was asked for and is not, is an error.
    coalesce(p_add_on_ids, array(select a.add_on_id from market.add_on a where a.add_on_id = any (v_message.add_on_ids) and a.active)),
    'link', clock.now());
  update outreach.link l
  set booking_id = v_booking_id, booked_at = clock.now()
  where l.message_id = v_link.message_id;
  perform outreach.record_events('attribution', jsonb_build_array(jsonb_build_object(
    'message_id', v_link.message_id, 'kind', 'booked', 'source_event_id', v_booking_id,
    'detail', jsonb_build_object('booking_id', v_booking_id))), clock.now());
  return market.booking_view(v_booking_id);
end;
$$;

-- Name: FUNCTION book_link(p_token text, p_scheduled_at timestamp with time zone, p_add_on_ids uuid[]); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.book_link(p_token text, p_scheduled_at timestamp with time zone, p_add_on_ids uuid[]) IS 'Books through a link in a message, once.
Without a time or add-ons those suggested are taken; an empty list of add-ons means none. A second call returns the same booking.
Errors: SH404 no such link, or its message is about no service; SH410 it has expired; SH422 time not within 180 days, or an add-on that the service does not have.';

-- Name: booking(uuid, uuid); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.booking(p_actor uuid, p_booking_id uuid) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO ''
    AS $$
declare
  v_person account.person := account.actor(p_actor, 'customer', clock.now());
  v_document jsonb;
begin
  select b.document into v_document
  from market.customer_booking b
  where b.booking_id = p_booking_id
    and b.customer_id = v_person.user_id;
  if not found then
    raise exception 'There is no such booking of yours' using errcode = 'SH404', detail = p_booking_id::text;
  end if;
  return v_document;
end;
$$;

-- Name: FUNCTION booking(p_actor uuid, p_booking_id uuid); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.booking(p_actor uuid, p_booking_id uuid) IS 'One booking of the caller.
Errors: SH401 the session has ended; SH403 another role; SH404 no such booking of the caller.';

-- Name: bookings(uuid, text, text, integer); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.bookings(p_actor uuid, p_status text DEFAULT NULL::text, p_cursor text DEFAULT NULL::text, p_limit integer DEFAULT 20) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO ''
    AS $$
declare
  v_person account.person := account.actor(p_actor, 'customer', clock.now());
begin
  return market.bookings(v_person.user_id, string_to_array(p_status, ','), p_cursor, p_limit);
end;
$$;

-- Name: FUNCTION bookings(p_actor uuid, p_status text, p_cursor text, p_limit integer); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.bookings(p_actor uuid, p_status text, p_cursor text, p_limit integer) IS 'The caller''s bookings, last made first.
Filtered by status (several separated by commas), in pages: next_cursor leads to the next, null = that was all.
Errors: SH401 the session has ended; SH403 another role.';

-- Name: calendar(uuid, boolean); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.calendar(p_actor uuid, p_past boolean DEFAULT false) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO ''
    AS $$
begin
  perform account.actor(p_actor, 'admin', clock.now());
  return policy.calendar(p_past, clock.now());
end;
$$;

-- Name: FUNCTION calendar(p_actor uuid, p_past boolean); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.calendar(p_actor uuid, p_past boolean) IS 'Quiet periods, at which nothing but codes and receipts is sent: those in force and to come, or all that there were.
Errors: SH401 the session has ended; SH403 another role.';

-- Name: campaign(uuid, uuid); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.campaign(p_actor uuid, p_campaign_id uuid) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO ''
    AS $$
begin
  perform account.actor(p_actor, 'admin', clock.now());
  return smartengage.campaign_detail(p_campaign_id, clock.now());
end;
$$;

-- Name: FUNCTION campaign(p_actor uuid, p_campaign_id uuid); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.campaign(p_actor uuid, p_campaign_id uuid) IS 'A campaign with its guardrails and its last ten runs.
Each run is accounted for: candidates = messages + ghosts + refused, and messages by where they are now.
Errors: SH401 the session has ended; SH403 another role; SH404 no such campaign.';

-- Name: campaigns(uuid, text, text, integer); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.campaigns(p_actor uuid, p_status text DEFAULT NULL::text, p_cursor text DEFAULT NULL::text, p_limit integer DEFAULT 20) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO ''
    AS $$
declare
  v_at timestamptz;
  v_id uuid;
  v_page jsonb;
begin
  perform account.actor(p_actor, 'admin', clock.now());
  select c.at, c.id into v_at, v_id from account.cursor_place(p_cursor) c;
  with page as (
    select c.campaign_id, c.created_at, row_number() over (order by c.created_at desc, c.campaign_id desc) as n
    from smartengage.campaign c
    where (p_status is null or c.status = any (string_to_array(p_status, ',')))
      and (v_at is null or (c.created_at, c.campaign_id) < (v_at, v_id))
    order by c.created_at desc, c.campaign_id desc
    limit p_limit + 1
  )
  select jsonb_build_object(
    'items', coalesce(jsonb_agg(d.document order by g.n) filter (where g.n <= p_limit), '[]'),
    'next_cursor', case when count(*) > p_limit then
      account.cursor(max(g.created_at) filter (where g.n = p_limit), (array_agg(g.campaign_id) filter (where g.n = p_limit))[1]) end)
  into v_page
  from page g
  join smartengage.campaign_document d on d.campaign_id = g.campaign_id;
  return v_page;
end;
$$;

-- Name: FUNCTION campaigns(p_actor uuid, p_status text, p_cursor text, p_limit integer); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.campaigns(p_actor uuid, p_status text, p_cursor text, p_limit integer) IS 'Campaigns, the last made first.
Filtered by status (several separated by commas), in pages: next_cursor leads to the next, null = that was all.
Errors: SH401 the session has ended; SH403 another role.';

-- Name: cancel_booking(uuid, uuid, text); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.cancel_booking(p_actor uuid, p_booking_id uuid, p_reason text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_person account.person := account.actor(p_actor, 'customer', clock.now());
begin
  perform market.cancel_booking(v_person.user_id, 'customer', p_booking_id, p_reason, clock.now());
  return (select b.document from market.customer_booking b where b.booking_id = p_booking_id);
end;
$$;

-- Name: FUNCTION cancel_booking(p_actor uuid, p_booking_id uuid, p_reason text); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.cancel_booking(p_actor uuid, p_booking_id uuid, p_reason text) IS 'Cancels a booking that has not begun.
Repeatable: the first reason stays.
Errors: SH401 the session has ended; SH403 another role; SH404 no such booking of the caller; SH409 it has begun, is over, or was cancelled by somebody else.';

-- Name: cancel_job(uuid, uuid, text); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.cancel_job(p_actor uuid, p_booking_id uuid, p_reason text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_person account.person := account.actor(p_actor, 'worker', clock.now());
begin
  perform market.cancel_booking(v_person.user_id, 'worker', p_booking_id, p_reason, clock.now());
  return (select j.document from market.worker_job j where j.booking_id = p_booking_id);
end;
$$;

-- Name: FUNCTION cancel_job(p_actor uuid, p_booking_id uuid, p_reason text); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.cancel_job(p_actor uuid, p_booking_id uuid, p_reason text) IS 'Gives up an accepted job that has not begun, with the reason.
Sickness, family and safety are never counted against a worker. Repeatable: the first reason stays.
Errors: SH401 the session has ended; SH403 another role; SH404 no such job of the caller; SH409 it has begun, is over, or was cancelled by somebody else.';

-- Name: change_me(uuid, text, text, text, text, text, text, text, text, text, text); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.change_me(p_actor uuid, p_if_match text, p_name text, p_language text, p_address_form text, p_greeting text, p_time_zone text, p_quiet_from text, p_quiet_until text, p_preferred_channel text, p_push_token text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_person account.person := account.actor(p_actor, null, clock.now());
begin
  perform account.lock_person(v_person.user_id);
  perform account.check_match(p_if_match, account.profile(v_person.user_id));
  perform account.change_profile(
    v_person.user_id, p_name, p_language, p_address_form, p_greeting, p_time_zone, p_quiet_from, p_quiet_until, p_preferred_channel);
  if p_push_token is distinct from '' then
    perform account.set_device(v_person.user_id, p_actor, p_push_token, clock.now());
  end if;
  return account.profile(v_person.user_id);
end;
$$;

-- Name: FUNCTION change_me(p_actor uuid, p_if_match text, p_name text, p_language text, p_address_form text, p_greeting text, p_time_zone text, p_quiet_from text, p_quiet_until text, p_preferred_channel text, p_push_token text); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.change_me(p_actor uuid, p_if_match text, p_name text, p_language text, p_address_form text, p_greeting text, p_time_zone text, p_quiet_from text, p_quiet_until text, p_preferred_channel text, p_push_token text) IS 'Changes name, preferences and push device of the caller.
Fields left out stay as they are; null takes a name, time zone, preferred channel, the device or the quiet hours away. Needs the ETag of what is changed as If-Match; * will do for a device.
push_token: what Firebase gave this device; it takes the place of the one before, belongs to nobody else from then on, and goes when the session ends.
Errors: SH401 the session has ended; SH403 another role; SH412 it was changed meanwhile; SH422 unknown time zone, half of the quiet hours, or control characters; SH428 If-Match is missing.';

-- Name: change_policy(uuid, text, text, jsonb, text, timestamp with time zone); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.change_policy(p_actor uuid, p_rule text, p_if_match text, p_value jsonb, p_reason text, p_effective_from timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_admin account.person := account.fresh_admin(p_actor, clock.now());
  v_known jsonb;
begin
  perform policy.lock_changes();
  v_known := policy.document(p_rule, clock.now());
  -- What is not there yet cannot be known by a version.
  if v_known is not null or p_if_match is not null then
    perform account.check_match(p_if_match, coalesce(v_known, 'null'));
  end if;
  perform policy.change(p_rule, p_value, v_admin.user_id::text, p_reason, p_effective_from, clock.now());
  return policy.document(p_rule, clock.now());
end;
$$;

-- Name: FUNCTION change_policy(p_actor uuid, p_rule text, p_if_match text, p_value jsonb, p_reason text, p_effective_from timestamp with time zone); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.change_policy(p_actor uuid, p_rule text, p_if_match text, p_value jsonb, p_reason text, p_effective_from timestamp with time zone) IS 'Changes a rule or frequency cap from an instant on; an unknown name with a cap''s value makes a new cap.
What tightens is set at once. What protects people less waits as a proposal until another admin approves it. The last word holds: what was set for later is taken back. null as value ends a cap; max_messages 0 = never, null = no limit. Needs the ETag of what is changed as If-Match; a new cap has none.
Errors: SH401 the session has ended; SH403 another role, or sign in again; SH404, SH422 there is no such rule, or a field that cannot be; SH409 a proposal is waiting already; SH412 it was changed meanwhile; SH428 If-Match is missing.';

-- Name: change_segments(uuid, text, jsonb, text, boolean); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.change_segments(p_actor uuid, p_if_match text, p_definitions jsonb, p_reason text, p_preview boolean DEFAULT false) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_admin account.person := account.fresh_admin(p_actor, clock.now());
  v_forecast jsonb;
  v_version int;
begin
  perform policy.lock_changes();
  perform account.check_match(p_if_match, smartengage.segments(clock.now()));
  select jsonb_agg(to_jsonb(f)) into v_forecast from smartengage.segment_forecast(p_definitions) f;
  perform smartengage.check_definitions(p_definitions, v_forecast, clock.now());
  if not p_preview then
    v_version := smartengage.change_segments(p_definitions, v_admin.user_id::text, p_reason, clock.now());
  end if;
  return jsonb_build_object('version', v_version, 'customers', v_forecast);
end;
$$;

-- Name: FUNCTION change_segments(p_actor uuid, p_if_match text, p_definitions jsonb, p_reason text, p_preview boolean); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.change_segments(p_actor uuid, p_if_match text, p_definitions jsonb, p_reason text, p_preview boolean) IS 'Replaces the definitions of the segments, or only tells what that would do (preview).
They are tried in their order; the first whose every given condition holds names a customer''s segment, from the next refresh on. The answer tells how many each held and would hold. Needs the ETag of the GET as If-Match.
Errors: SH401 the session has ended; SH403 another role, or sign in again; SH409 later definitions are set; SH412 they were changed meanwhile; SH422 a segment would hold nobody or everybody; SH428 If-Match is missing.';

-- Name: change_worker_profile(uuid, text, text[], text); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.change_worker_profile(p_actor uuid, p_if_match text, p_categories text[] DEFAULT NULL::text[], p_zone text DEFAULT NULL::text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_person account.person := account.actor(p_actor, 'worker', clock.now());
  v_document jsonb;
begin
  perform account.lock_person(v_person.user_id);
  v_document := market.worker_profile(v_person.user_id);
  if v_document is null then
    raise exception 'You have no worker profile yet' using errcode = 'SH404', hint = 'The marketplace makes it when it takes a worker on.';
  end if;
  perform account.check_match(p_if_match, v_document);
  perform market.change_worker_profile(v_person.user_id, p_categories, p_zone);
  return market.worker_profile(v_person.user_id);
end;
$$;

-- Name: FUNCTION change_worker_profile(p_actor uuid, p_if_match text, p_categories text[], p_zone text); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.change_worker_profile(p_actor uuid, p_if_match text, p_categories text[], p_zone text) IS 'Changes what the caller does as a worker, and where.
Fields left out stay as they are. Needs the ETag of what is changed as If-Match.
Errors: SH401 the session has ended; SH403 another role; SH404 there is no profile yet; SH412 it was changed meanwhile; SH422 a category that no service has, or a blank zone; SH428 If-Match is missing.';

-- Name: click_link(text, text); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.click_link(p_token text, p_agent text DEFAULT NULL::text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_link outreach.link := outreach.open_link(p_token);
  v_machine boolean;
begin
  v_machine := outreach.is_machine(p_agent, v_link.created_at, clock.now());
  return jsonb_build_object('recorded', outreach.record_events('link', jsonb_build_array(jsonb_build_object(
    'message_id', v_link.message_id, 'kind', 'clicked', 'is_machine', v_machine,
    -- A person's click counts once; a machine's before it must not take its place.
    'source_event_id', v_link.message_id || case when v_machine then '/clicked/machine' else '/clicked' end)), clock.now()) > 0);
end;
$$;

-- Name: FUNCTION click_link(p_token text, p_agent text); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.click_link(p_token text, p_agent text) IS 'Notes that a person looked at a link''s page.
Sent by the page itself once it is visible, never by fetching it, so that scanners get no credit; those that run scripts are told by agent and haste and advance nothing. Repeatable.
Errors: SH404 no such link.';

-- Name: complete_job(uuid, uuid); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.complete_job(p_actor uuid, p_booking_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_person account.person := account.actor(p_actor, 'worker', clock.now());
begin
  perform market.advance_job(v_person.user_id, p_booking_id, 'complete', clock.now());
  return (select j.document from market.worker_job j where j.booking_id = p_booking_id);
end;
$$;

-- Name: FUNCTION complete_job(p_actor uuid, p_booking_id uuid); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.complete_job(p_actor uuid, p_booking_id uuid) IS 'Ends a job.
From then on the customer can review it. Repeatable.
Errors: SH401 the session has ended; SH403 another role; SH404 no such job of the caller; SH409 the job is not at that step.';

-- Name: consents(uuid); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.consents(p_actor uuid) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO ''
    AS $$
declare
  v_person account.person := account.actor(p_actor, null, clock.now());
begin
  return jsonb_build_object('items', account.consents(v_person.user_id, clock.now()));
end;
$$;

-- Name: FUNCTION consents(p_actor uuid); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.consents(p_actor uuid) IS 'What the caller can consent to, and has.
Nothing is on by itself. Codes and receipts need no consent and are not listed.
Errors: SH401 the session has ended; SH403 another role.';

-- Name: contract(); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.contract() RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO ''
    BEGIN ATOMIC
 SELECT jsonb_build_object('functions', jsonb_agg(f.function ORDER BY (f.function ->> 'name'::text))) AS jsonb_build_object
    FROM ( SELECT jsonb_build_object('name', p.proname, 'arguments', ( SELECT COALESCE(jsonb_agg(jsonb_build_object('name', COALESCE(p.proargnames[a."position"], ''::text), 'type', format_type(a.type, NULL::integer), 'optional', (a."position" > (p.pronargs - p.pronargdefaults))) ORDER BY a."position"), '[]'::jsonb) AS "coalesce"
                    FROM unnest(p.proargtypes) WITH ORDINALITY a(type, "position")), 'result', pg_get_function_result(p.oid), 'comment', COALESCE(obj_description(p.oid, 'pg_proc'::name), ''::text)) AS function
            FROM pg_proc p
           WHERE ((p.pronamespace = ('api'::regnamespace)::oid) AND (p.prokind = 'f'::"char"))) f;
END;

-- Name: FUNCTION contract(); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.contract() IS 'Every function of this schema with its arguments, result and comment. The edge holds its table of endpoints against it at start-up, and takes the words of the OpenAPI document from it.
Result: {functions: [{name, arguments: [{name, type, optional}], result, comment}]}.';

-- Name: create_campaign(uuid, text, text[], text[], double precision, double precision, text, text, boolean, timestamp with time zone, timestamp with time zone, text); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.create_campaign(p_actor uuid, p_name text, p_segments text[], p_channels text[], p_holdout_share double precision, p_canary_share double precision, p_window_from text, p_window_until text, p_repeats boolean, p_starts_at timestamp with time zone, p_ends_at timestamp with time zone, p_reason text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_admin account.person := account.fresh_admin(p_actor, clock.now());
  v_campaign_id uuid;
begin
  v_campaign_id := smartengage.create_campaign(
    p_name, p_segments, p_channels, p_holdout_share, p_canary_share, p_window_from::time, p_window_until::time,
    p_repeats, p_starts_at, p_ends_at, v_admin.user_id::text, p_reason, clock.now());
  return (select d.document from smartengage.campaign_document d where d.campaign_id = v_campaign_id);
end;
$$;

-- Name: FUNCTION create_campaign(p_actor uuid, p_name text, p_segments text[], p_channels text[], p_holdout_share double precision, p_canary_share double precision, p_window_from text, p_window_until text, p_repeats boolean, p_starts_at timestamp with time zone, p_ends_at timestamp with time zone, p_reason text); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.create_campaign(p_actor uuid, p_name text, p_segments text[], p_channels text[], p_holdout_share double precision, p_canary_share double precision, p_window_from text, p_window_until text, p_repeats boolean, p_starts_at timestamp with time zone, p_ends_at timestamp with time zone, p_reason text) IS 'Makes a campaign of reminders.
A draft, to be run by POST /admin/campaigns/run; or scheduled, where starts_at is given. Needs a sign-in of the last minutes.
Errors: SH401 the session has ended; SH403 another role, or the sign-in is too long ago; SH409 the name is taken; SH422 segments that match nobody or everybody, a window or a life that ends before it begins.';

-- Name: decline_policy(uuid, text, uuid, text); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.decline_policy(p_actor uuid, p_rule text, p_proposal_id uuid, p_reason text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_admin account.person := account.fresh_admin(p_actor, clock.now());
begin
  perform policy.decide(p_rule, p_proposal_id, 'declined', v_admin.user_id::text, p_reason, clock.now());
  return policy.document(p_rule, clock.now());
end;
$$;

-- Name: FUNCTION decline_policy(p_actor uuid, p_rule text, p_proposal_id uuid, p_reason text); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.decline_policy(p_actor uuid, p_rule text, p_proposal_id uuid, p_reason text) IS 'Declines a proposal, or takes back one''s own.
Errors: SH401 the session has ended; SH403 another role, or sign in again; SH404 there is no such proposal; SH409 it was decided, has expired or was overtaken; SH422 no reason.';

-- Name: end_quiet_period(uuid, uuid, text); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.end_quiet_period(p_actor uuid, p_quiet_period_id uuid, p_reason text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_admin account.person := account.fresh_admin(p_actor, clock.now());
begin
  perform policy.end_quiet_period(p_quiet_period_id, v_admin.user_id::text, p_reason, clock.now());
  return (select policy.quiet_period_document(q, clock.now()) from policy.quiet_period q where q.quiet_period_id = p_quiet_period_id);
end;
$$;

-- Name: FUNCTION end_quiet_period(p_actor uuid, p_quiet_period_id uuid, p_reason text); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.end_quiet_period(p_actor uuid, p_quiet_period_id uuid, p_reason text) IS 'Ends a quiet period before its time, or takes back one that has not begun.
One without an end protects people for good (the night, prayer): the first call proposes, and it ends when another admin makes the same call before that expires.
Errors: SH401 the session has ended; SH403 another role, or sign in again; SH404 there is no such period; SH409 it is over; SH422 no reason.';

-- Name: end_sessions(uuid, uuid); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.end_sessions(p_actor uuid, p_session_id uuid DEFAULT NULL::uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_person account.person := account.actor(p_actor, null, clock.now());
  v_ended int;
begin
  select count(*) filter (where account.revoke_session(s.session_id, 'ended_by_person', clock.now())) into v_ended
  from (
    select l.session_id
    from account.session l
    where l.user_id = v_person.user_id
      and l.revoked_at is null
      and l.session_id = coalesce(p_session_id, l.session_id)
    order by l.session_id
    for update) s;
  return jsonb_build_object('ended', v_ended);
end;
$$;

-- Name: FUNCTION end_sessions(p_actor uuid, p_session_id uuid); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.end_sessions(p_actor uuid, p_session_id uuid) IS 'Signs out one device, or all of them, this one included.
An id of nobody''s or of somebody else''s session ends nothing.
Errors: SH401 the session has ended; SH403 another role.';

-- Name: erase_me(uuid); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.erase_me(p_actor uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_person account.person := account.actor(p_actor, null, clock.now());
begin
  if v_person.role = 'admin' then
    raise exception 'An admin is removed by another admin' using errcode = 'SH409';
  end if;
  perform outreach.erase_person(v_person.user_id, clock.now());
  return jsonb_build_object('user_id', v_person.user_id, 'erased_at', clock.now());
end;
$$;

-- Name: FUNCTION erase_me(p_actor uuid); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.erase_me(p_actor uuid) IS 'Erases the caller''s identity everywhere.
Name, addresses, texts, devices and credentials are gone at once; open bookings are cancelled, every consent ends, all sessions end. What stays (bookings, ratings, proof of consents and of what was sent) stands under an id that belongs to nobody. It cannot be taken back.
Errors: SH401 the session has ended; SH403 another role; SH409 a worker has a job under way, or the caller is an admin.';

-- Name: export_me(uuid); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.export_me(p_actor uuid) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO ''
    AS $$
declare
  v_person account.person := account.actor(p_actor, null, clock.now());
begin
  return jsonb_build_object('exported_at', clock.now())
    || account.export(v_person.user_id)
    || market.export(v_person.user_id)
    || outreach.export(v_person.user_id)
    || smartengage.export(v_person.user_id);
end;
$$;

-- Name: FUNCTION export_me(p_actor uuid); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.export_me(p_actor uuid) IS 'Everything that is kept of the caller, as one document.
Errors: SH401 the session has ended; SH403 another role.';

-- Name: finish_call(uuid, text, integer, text); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.finish_call(p_actor uuid, p_key text, p_status integer, p_body text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  update account.idempotent_call c
  set status = p_status, body = p_body
  from account.session s
  where s.session_id = p_actor
    and c.user_id = s.user_id
    and c.key = p_key;
  return jsonb_build_object('stored', found);
end;
$$;

-- Name: FUNCTION finish_call(p_actor uuid, p_key text, p_status integer, p_body text); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.finish_call(p_actor uuid, p_key text, p_status integer, p_body text) IS 'Stores the answer under an Idempotency-Key, in the transaction of its effect.';

-- Name: flag_campaign(uuid, uuid, boolean, text); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.flag_campaign(p_actor uuid, p_campaign_id uuid, p_enabled boolean, p_reason text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_admin account.person := account.fresh_admin(p_actor, clock.now());
begin
  update smartengage.campaign c
  set enabled = p_enabled, version = c.version + 1, changed_by = v_admin.user_id::text, changed_reason = p_reason
  where c.campaign_id = p_campaign_id
    and c.enabled <> p_enabled;
  return smartengage.campaign_detail(p_campaign_id, clock.now());
end;
$$;

-- Name: FUNCTION flag_campaign(p_actor uuid, p_campaign_id uuid, p_enabled boolean, p_reason text); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.flag_campaign(p_actor uuid, p_campaign_id uuid, p_enabled boolean, p_reason text) IS 'Turns the feature flag of a campaign on or off.
Off: whoever is due is refused (flag_off) and what waits is held, whatever the status. Repeatable. Needs a sign-in of the last minutes.
Errors: SH401 the session has ended; SH403 another role, or the sign-in is too long ago; SH404 no such campaign.';

-- Name: give_feedback(uuid, uuid, boolean); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.give_feedback(p_actor uuid, p_message_id uuid, p_useful boolean) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_person account.person := account.actor(p_actor, 'customer', clock.now());
begin
  perform outreach.give_feedback(v_person.user_id, p_message_id, p_useful, clock.now());
  return jsonb_build_object('message_id', p_message_id, 'useful', p_useful);
end;
$$;

-- Name: FUNCTION give_feedback(p_actor uuid, p_message_id uuid, p_useful boolean); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.give_feedback(p_actor uuid, p_message_id uuid, p_useful boolean) IS 'Says whether a message was useful.
The last answer counts. Repeatable.
Errors: SH401 the session has ended; SH403 another role; SH404 no such message was sent to the caller.';

-- Name: jobs(uuid, text, text, integer); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.jobs(p_actor uuid, p_status text DEFAULT 'upcoming,active'::text, p_cursor text DEFAULT NULL::text, p_limit integer DEFAULT 20) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO ''
    AS $$
declare
  v_person account.person := account.actor(p_actor, 'worker', clock.now());
  -- Workers speak of jobs, bookings have states.
  v_statuses text[] := array(
    select case w.word when 'open' then 'pending' when 'upcoming' then 'confirmed' when 'active' then 'in_progress' else w.word end
    from unnest(string_to_array(p_status, ',')) as w (word));
begin
  -- What is to come is wanted from its nearest end, and so is what is over.
  if v_statuses <@ array['completed', 'cancelled'] then
    return market.past_jobs(v_person.user_id, v_statuses, p_cursor, p_limit);
  end if;
  return market.jobs(v_person.user_id, v_statuses, p_cursor, p_limit, clock.now());
end;
$$;

-- Name: FUNCTION jobs(p_actor uuid, p_status text, p_cursor text, p_limit integer); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.jobs(p_actor uuid, p_status text, p_cursor text, p_limit integer) IS 'The caller''s jobs and those on offer.
The earliest first; the latest first where only completed or cancelled ones are asked for. status, several separated by commas: open (on offer to any worker of the category who is free then), upcoming (accepted), active (begun), completed, cancelled. In pages: next_cursor leads to the next, null = that was all.
Errors: SH401 the session has ended; SH403 another role.';

-- Name: link(text); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.link(p_token text) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO ''
    AS $$
declare
  v_link outreach.link := outreach.open_link(p_token);
begin
  if not exists (select from outreach.message m where m.message_id = v_link.message_id and m.service_id is not null) then
    raise exception 'There is nothing to book behind this link' using errcode = 'SH404';
  end if;
  if v_link.booking_id is null and v_link.book_until < clock.now() then
    raise exception 'The link has expired' using errcode = 'SH410';
  end if;
  return (
    select jsonb_build_object(
      'status', case when v_link.booking_id is null then 'open' else 'booked' end,
      'language', coalesce(t.language, p.language),
      'greeting', outreach.address(p.full_name, p.address_form, p.greeting, coalesce(t.language, p.language)),
      'service', jsonb_build_object(
        'service_id', s.service_id, 'code', s.code, 'category', s.category, 'name_bn', s.name_bn, 'name_en', s.name_en,
        'price_poisha', s.price_poisha, 'duration_minutes', s.duration_minutes),
      'suggested_at', outreach.suggested_from(m.suggested_at, clock.now()),
      'add_ons', coalesce((
        select jsonb_agg(a || jsonb_build_object('suggested', (a ->> 'add_on_id')::uuid = any (m.add_on_ids)))
        from jsonb_array_elements(market.add_ons(s.service_id)) a), '[]'),
      'price_poisha', s.price_poisha + coalesce((
        select sum(a.price_poisha) from market.add_on a where a.add_on_id = any (m.add_on_ids) and a.active), 0),
      'book_until', v_link.book_until,
      'booking', market.booking_view(v_link.booking_id))
    from outreach.message m
    join account.person p on p.user_id = m.user_id
    join market.service s on s.service_id = m.service_id
    left join outreach.template t on t.template_id = m.template_id
    where m.message_id = v_link.message_id);
end;
$$;

-- Name: FUNCTION link(p_token text); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.link(p_token text) IS 'The pre-filled booking behind a link in a message.
Needs no sign-in; changes nothing. Suggested time and add-ons may be changed when booking. status booked: it was used, and booking tells how.
Errors: SH404 no such link, or its message is about no service; SH410 it has expired.';

-- Name: logout(bytea); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.logout(p_token_hash bytea) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  perform account.revoke_session(t.session_id, 'signed_out', clock.now())
  from account.refresh_token t
  where t.token_hash = p_token_hash;
  return jsonb_build_object('signed_out', true);
end;
$$;

-- Name: FUNCTION logout(p_token_hash bytea); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.logout(p_token_hash bytea) IS 'Ends the session of a refresh token.
Its access token is refused from then on. Repeatable; the answer is the same for an unknown token.';

-- Name: me(uuid); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.me(p_actor uuid) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO ''
    AS $$
declare
  v_person account.person := account.actor(p_actor, null, clock.now());
begin
  return account.profile(v_person.user_id);
end;
$$;

-- Name: FUNCTION me(p_actor uuid); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.me(p_actor uuid) IS 'The caller, with contacts and preferences.
Errors: SH401 the session has ended; SH403 another role.';

-- Name: metrics_overview(uuid, integer); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.metrics_overview(p_actor uuid, p_days integer DEFAULT 28) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO ''
    AS $$
declare
  v_now timestamptz := clock.now();
  v_since timestamptz;
begin
  perform account.actor(p_actor, 'admin', v_now);
  -- A date alone would be read in the session's zone.
  v_since := ((v_now at time zone policy.default_zone())::date - (p_days - 1))::timestamp at time zone policy.default_zone();
  return jsonb_build_object(
    'as_of', v_now,
    'since', v_since,
    'segments', coalesce((
      select jsonb_agg(to_jsonb(s) - 'as_of' order by s.segment, s.segment_version) from analytics.segment s), '[]'),
    'engagement', coalesce((
      select jsonb_agg(to_jsonb(e) order by e.segment)
      from (
        select
          s.segment, count(*) as sent, count(*) filter (where s.delivered) as delivered,
          count(*) filter (where s.opened) as opened, count(*) filter (where s.clicked) as clicked,
          count(*) filter (where s.booked) as booked, count(*) filter (where s.bounced) as bounced,
          count(*) filter (where s.in_doubt) as in_doubt
        from smartengage.sent s
        where s.sent_at >= v_since
          and s.sent_at <= v_now
        group by s.segment
      ) e), '[]'),
    'texts', (
      select jsonb_build_object(
        'house', count(*) filter (where s.origin = 'house'),
        'model', count(*) filter (where s.origin = 'model'),
        'house_share', (count(*) filter (where s.origin = 'house'))::double precision / nullif(count(s.origin), 0))
      from smartengage.sent s
      where s.sent_at >= v_since
        and s.sent_at <= v_now),
    'refusals', coalesce((
      select jsonb_agg(to_jsonb(r) order by r.refusals desc, r.gate, r.reason, r.rule)
      from (
        select f.gate, f.reason, f.rule, sum(f.refusals)::bigint as refusals
        from analytics.refusal f
        where f.as_of >= v_since
          and f.as_of <= v_now
        group by f.gate, f.reason, f.rule
      ) r), '[]'),
    'feedback', coalesce((
      select jsonb_agg(to_jsonb(f) order by f.campaign, f.segment) from analytics.feedback f), '[]'),
    'overall', (select to_jsonb(u) - 'as_of' from analytics.uplift_overall u),
    'freshness', coalesce((
      select jsonb_agg(to_jsonb(f) order by f.snapshot) from analytics.freshness f), '[]'));
end;
$$;

-- Name: FUNCTION metrics_overview(p_actor uuid, p_days integer); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.metrics_overview(p_actor uuid, p_days integer) IS 'How outreach is doing.
Customers by segment; what became of what was sent since the beginning of the first of these local days, today included; who wrote the texts; why nothing was sent to others; what readers said, and what all outreach brings against the people who are never written to; how old the snapshots behind it are.
Errors: SH401 the session has ended; SH403 another role.';

-- Name: metrics_uplift(uuid); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.metrics_uplift(p_actor uuid) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO ''
    AS $$
begin
  perform account.actor(p_actor, 'admin', clock.now());
  return jsonb_build_object(
    'as_of', (select f.as_of from analytics.freshness f where f.snapshot = 'smartengage.uplift'),
    'overall', (select to_jsonb(u) - 'as_of' from analytics.uplift_overall u),
    'campaigns', coalesce((
      select jsonb_agg(to_jsonb(u) - 'as_of' || jsonb_build_object(
        'segments', (
          select coalesce(jsonb_agg(to_jsonb(s) - '{as_of,scope,campaign_id,campaign}'::text[] order by s.segment), '[]')
          from analytics.uplift_by_segment s
          where s.campaign_id = u.campaign_id),
        'feedback', (
          select coalesce(jsonb_agg(to_jsonb(f) - '{campaign_id,campaign}'::text[] order by f.segment), '[]')
          from analytics.feedback f
          where f.campaign_id = u.campaign_id)) order by u.campaign, u.campaign_id)
      from analytics.uplift u), '[]'));
end;
$$;

-- Name: FUNCTION metrics_uplift(p_actor uuid); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.metrics_uplift(p_actor uuid) IS 'What campaigns brought.
Bookings within the attribution window of those written to, against those held out, with a 95 % interval and a verdict: too_early, more, fewer, or not_established; per campaign and segment, and overall against the people who are never written to. Measured each night; as_of null = not yet. With it what readers said of the messages.
Errors: SH401 the session has ended; SH403 another role.';

-- Name: pause_campaign(uuid, uuid, text); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.pause_campaign(p_actor uuid, p_campaign_id uuid, p_reason text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_admin account.person := account.actor(p_actor, 'admin', clock.now());
begin
  perform smartengage.move_campaign(p_campaign_id, 'paused', v_admin.user_id::text, p_reason);
  return smartengage.campaign_detail(p_campaign_id, clock.now());
end;
$$;

-- Name: FUNCTION pause_campaign(p_actor uuid, p_campaign_id uuid, p_reason text); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.pause_campaign(p_actor uuid, p_campaign_id uuid, p_reason text) IS 'Pauses a running campaign.
From the next claim on its messages wait; those that are of no use any more by the time it is resumed expire. Repeatable.
Errors: SH401 the session has ended; SH403 another role; SH404 no such campaign; SH409 it is not running.';

-- Name: policies(uuid); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.policies(p_actor uuid) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO ''
    AS $$
begin
  perform account.actor(p_actor, 'admin', clock.now());
  return policy.documents(clock.now());
end;
$$;

-- Name: FUNCTION policies(p_actor uuid); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.policies(p_actor uuid) IS 'Every rule and frequency cap with the value in force.
Caps come first; proposal_id tells which wait for a second admin.
Errors: SH401 the session has ended; SH403 another role.';

-- Name: policy(uuid, text); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.policy(p_actor uuid, p_rule text) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO ''
    AS $$
declare
  v_document jsonb;
begin
  perform account.actor(p_actor, 'admin', clock.now());
  v_document := policy.document(p_rule, clock.now());
  if v_document is null then
    raise exception 'There is no such rule' using errcode = 'SH404', detail = p_rule, hint = 'GET /admin/policy lists them.';
  end if;
  return v_document;
end;
$$;

-- Name: FUNCTION policy(p_actor uuid, p_rule text); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.policy(p_actor uuid, p_rule text) IS 'A rule or frequency cap: value in force, what it may be, every version with author and reason, proposals.
Errors: SH401 the session has ended; SH403 another role; SH404 there is no such rule.';

-- Name: ready(); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.ready() RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO ''
    BEGIN ATOMIC
 SELECT jsonb_build_object('database', true, 'in_recovery', pg_is_in_recovery(), 'migration', ( SELECT regexp_replace(max(a.file), '\.sql$'::text, ''::text) AS regexp_replace
            FROM deploy.applied a
           WHERE (a.file <> 'roles.sql'::text)), 'definitions', ( SELECT encode(sha256(convert_to(string_agg((((d.file || ' '::text) || d.sha256) || '
'::text), ''::text ORDER BY (d.file COLLATE "C")), 'utf8'::name)), 'hex'::text) AS encode
            FROM deploy.definition d
           WHERE (d.file ~~ 'sql/%'::text))) AS jsonb_build_object;
END;

-- Name: FUNCTION ready(); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.ready() IS 'Whether the database answers, and what has been applied to it.
Result: in_recovery = it is a read-only replica; migration = the newest applied; definitions = one hash over the files of sql/ as applied, which equals db.definitions.fingerprint() of the checkout they came from.';

-- Name: receive_webhook(text, text, bytea, timestamp with time zone); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.receive_webhook(p_provider text, p_webhook_id text, p_body bytea, p_at timestamp with time zone) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  insert into outreach.webhook (provider, webhook_id, received_at, body)
  values (p_provider, p_webhook_id, p_at, p_body)
  on conflict (provider, webhook_id) do nothing;
  if not found then
    return false;
  end if;
  perform queue.enqueue('receipts', jsonb_build_object('provider', p_provider, 'webhook_id', p_webhook_id), p_priority => 5);
  return true;
end;
$$;

-- Name: FUNCTION receive_webhook(p_provider text, p_webhook_id text, p_body bytea, p_at timestamp with time zone); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.receive_webhook(p_provider text, p_webhook_id text, p_body bytea, p_at timestamp with time zone) IS 'Takes a provider''s call, whose signature the edge has checked, and wakes the worker that reads it.
Result: false if that webhook_id was received before: then nothing happens.';

-- Name: receive_webhook(text, text, bytea); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.receive_webhook(p_provider text, p_webhook_id text, p_body bytea) RETURNS jsonb
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    BEGIN ATOMIC
 SELECT jsonb_build_object('received', outreach.receive_webhook(p_provider, p_webhook_id, p_body, clock.now())) AS jsonb_build_object;
END;

-- Name: FUNCTION receive_webhook(p_provider text, p_webhook_id text, p_body bytea); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.receive_webhook(p_provider text, p_webhook_id text, p_body bytea) IS 'Takes delivery reports from a provider.
Signed as Standard Webhooks say (webhook-id, webhook-timestamp within 5 minutes, webhook-signature), or by the secret of the SMS gateway in the Authorization header. What it tells is read in the background, in whatever order such calls come. The same webhook-id again is answered with received = false and has no effect.';

-- Name: record_events(uuid, jsonb); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.record_events(p_actor uuid, p_events jsonb) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_person account.person := account.actor(p_actor, null, clock.now());
begin
  return market.record_events(v_person.user_id, p_events, clock.now());
end;
$$;

-- Name: FUNCTION record_events(p_actor uuid, p_events jsonb); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.record_events(p_actor uuid, p_events jsonb) IS 'Notes what the caller did in the app, one event or up to 500.
Each counts once by the id that the app gave it, however often it is sent. Instants a little ahead of our clock are taken as now; an event from further ahead, or from too long ago, is refused by itself and told in refused.
Errors: SH401 the session has ended; SH403 another role.';

-- Name: refresh(bytea, bytea[]); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.refresh(p_token_hash bytea, p_child_hashes bytea[]) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_session_id uuid;
  v_child_hash bytea;
begin
  -- The use of an old token must revoke, so nothing is raised.
  select r.session_id, r.child_hash into v_session_id, v_child_hash
  from account.rotate_token(p_token_hash, p_child_hashes, clock.now()) r;
  return jsonb_build_object('session', account.issued(v_session_id, clock.now()), 'child', encode(v_child_hash, 'hex'));
end;
$$;

-- Name: FUNCTION refresh(p_token_hash bytea, p_child_hashes bytea[]); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.refresh(p_token_hash bytea, p_child_hashes bytea[]) IS 'Takes a new access token and a new refresh token for a refresh token.
Each refresh token works once. If the answer was lost, the same call within 10 seconds gives the same new refresh token again. The use of an older one ends the session, as somebody else may have it: 401.';

-- Name: request_otp(uuid, text, text, bytea, bytea, bytea, bytea, bytea, text, text); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.request_otp(p_request_id uuid, p_channel text, p_destination text, p_destination_mac bytea, p_block_mac bytea, p_address_mac bytea, p_code_mac bytea, p_sealed bytea, p_language text, p_traceparent text) RETURNS jsonb
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    BEGIN ATOMIC
 SELECT jsonb_build_object('request_id', p_request_id, 'expires_in', (policy.number('sign_in.code_valid'::text, clock.now()))::integer, 'again_in', (policy.number('sign_in.code_every'::text, clock.now()))::integer, 'wait_seconds', account.request_code(p_request_id, p_channel, p_destination, p_destination_mac, p_block_mac, p_address_mac, p_code_mac, p_sealed, p_language, p_traceparent, clock.now())) AS jsonb_build_object;
END;

-- Name: FUNCTION request_otp(p_request_id uuid, p_channel text, p_destination text, p_destination_mac bytea, p_block_mac bytea, p_address_mac bytea, p_code_mac bytea, p_sealed bytea, p_language text, p_traceparent text); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.request_otp(p_request_id uuid, p_channel text, p_destination text, p_destination_mac bytea, p_block_mac bytea, p_address_mac bytea, p_code_mac bytea, p_sealed bytea, p_language text, p_traceparent text) IS 'Asks for a one-time code.
It is sent by e-mail or SMS, is valid for `expires_in` seconds and for five tries, and makes earlier ones worthless. Another can be asked for after `again_in` seconds (else 429). The answer is the same for everybody, whether or not the destination is known.';

-- Name: resume_campaign(uuid, uuid, text); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.resume_campaign(p_actor uuid, p_campaign_id uuid, p_reason text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_admin account.person := account.fresh_admin(p_actor, clock.now());
begin
  perform smartengage.move_campaign(p_campaign_id, 'running', v_admin.user_id::text, p_reason);
  return smartengage.campaign_detail(p_campaign_id, clock.now());
end;
$$;

-- Name: FUNCTION resume_campaign(p_actor uuid, p_campaign_id uuid, p_reason text); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.resume_campaign(p_actor uuid, p_campaign_id uuid, p_reason text) IS 'Lets a paused campaign go on, a failed one after it was mended, or a draft begin with the next daily planning.
Repeatable. Needs a sign-in of the last minutes.
Errors: SH401 the session has ended; SH403 another role, or the sign-in is too long ago; SH404 no such campaign; SH409 it was stopped or is completed.';

-- Name: revert_policy(uuid, text, text, text, integer, timestamp with time zone); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.revert_policy(p_actor uuid, p_rule text, p_if_match text, p_reason text, p_version integer DEFAULT NULL::integer, p_effective_from timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_admin account.person := account.fresh_admin(p_actor, clock.now());
  v_known jsonb;
begin
  perform policy.lock_changes();
  v_known := policy.document(p_rule, clock.now());
  if v_known is null then
    raise exception 'There is no such rule' using errcode = 'SH404', detail = p_rule, hint = 'GET /admin/policy lists them.';
  end if;
  perform account.check_match(p_if_match, v_known);
  perform policy.change(
    p_rule, policy.earlier_value(p_rule, p_version, clock.now()), v_admin.user_id::text, p_reason, p_effective_from, clock.now());
  return policy.document(p_rule, clock.now());
end;
$$;

-- Name: FUNCTION revert_policy(p_actor uuid, p_rule text, p_if_match text, p_reason text, p_version integer, p_effective_from timestamp with time zone); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.revert_policy(p_actor uuid, p_rule text, p_if_match text, p_reason text, p_version integer, p_effective_from timestamp with time zone) IS 'Sets a rule or frequency cap to an earlier version''s value, by default that before the one in force.
A new version like any other: one that protects people less waits for another admin. Needs the ETag of what is changed as If-Match.
Errors: SH401 the session has ended; SH403 another role, or sign in again; SH404 there is no such rule; SH409 a proposal is waiting already; SH412 it was changed meanwhile; SH422 there is no such version, or a field that cannot be; SH428 If-Match is missing.';

-- Name: review_booking(uuid, uuid, integer, text); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.review_booking(p_actor uuid, p_booking_id uuid, p_rating integer, p_body text DEFAULT NULL::text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_person account.person := account.actor(p_actor, 'customer', clock.now());
begin
  return market.review_booking(v_person.user_id, p_booking_id, p_rating, p_body, clock.now());
end;
$$;

-- Name: FUNCTION review_booking(p_actor uuid, p_booking_id uuid, p_rating integer, p_body text); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.review_booking(p_actor uuid, p_booking_id uuid, p_rating integer, p_body text) IS 'Reviews a completed booking, once.
The same review again changes nothing. Texts are read by people only; no message is made from them.
Errors: SH401 the session has ended; SH403 another role; SH404 no such booking of the caller; SH409 not completed, or reviewed otherwise already.';

-- Name: run_campaign(uuid, uuid, text, text, text); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.run_campaign(p_actor uuid, p_campaign_id uuid, p_segment text, p_trigger_key text, p_reason text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_admin account.person := account.fresh_admin(p_actor, clock.now());
begin
  return smartengage.request_run(p_campaign_id, p_segment, p_trigger_key, v_admin.user_id::text, p_reason, clock.now());
end;
$$;

-- Name: FUNCTION run_campaign(p_actor uuid, p_campaign_id uuid, p_segment text, p_trigger_key text, p_reason text); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.run_campaign(p_actor uuid, p_campaign_id uuid, p_segment text, p_trigger_key text, p_reason text) IS 'Asks for a run of a campaign now.
Starts a draft. The worker plans it: run_id is null until then, and GET /admin/campaigns/{campaign_id} shows it by its trigger_key. A trigger key plans once; without one, once a day for each segment. Needs a sign-in of the last minutes.
Errors: SH401 the session has ended; SH403 another role, or the sign-in is too long ago; SH404 no such campaign; SH409 it is over, paused, or an announcement; SH422 a segment that it does not write to.';

-- Name: run_segment(bytea, text, uuid, text); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.run_segment(p_token_hash bytea, p_segment text, p_campaign_id uuid, p_trigger_key text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_service account.service_token := account.service(p_token_hash, clock.now());
begin
  if p_campaign_id is not null then
    return jsonb_build_object('items', jsonb_build_array(smartengage.request_run(
      p_campaign_id, p_segment, p_trigger_key, 'service ' || v_service.service, 'run-segment', clock.now())));
  end if;
  return jsonb_build_object('items', (
    select coalesce(jsonb_agg(smartengage.request_run(
      c.campaign_id, p_segment, p_trigger_key, 'service ' || v_service.service, 'run-segment', clock.now()) order by c.campaign_id), '[]')
    from smartengage.campaign c
    where c.kind = 'reminder'
      and c.status = 'running'
      and p_segment = any (c.segments)));
end;
$$;

-- Name: FUNCTION run_segment(p_token_hash bytea, p_segment text, p_campaign_id uuid, p_trigger_key text); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.run_segment(p_token_hash bytea, p_segment text, p_campaign_id uuid, p_trigger_key text) IS 'Asks for a run of one segment now, by one of our own programs.
Of one campaign, or of every running one that writes to the segment. Repeatable: a trigger key plans once; without one, once a day.
Errors: SH401 the token is not valid; SH404 no such campaign; SH409 the campaign is over, paused, or an announcement; SH422 a segment that it does not write to.';

-- Name: segments(uuid); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.segments(p_actor uuid) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO ''
    AS $$
begin
  perform account.actor(p_actor, 'admin', clock.now());
  return smartengage.segments(clock.now());
end;
$$;

-- Name: FUNCTION segments(p_actor uuid); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.segments(p_actor uuid) IS 'How customers are divided: definitions in the order they are tried, their versions, and how many customers each segment holds.
Errors: SH401 the session has ended; SH403 another role.';

-- Name: send_bulk(uuid, text, text[], uuid[], uuid, uuid, text[], boolean, double precision, double precision, text, boolean); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.send_bulk(p_actor uuid, p_name text, p_segments text[], p_user_ids uuid[], p_template_id uuid, p_service_id uuid, p_channels text[], p_urgent boolean, p_canary_share double precision, p_holdout_share double precision, p_reason text, p_dry_run boolean) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_admin account.person := account.fresh_admin(p_actor, clock.now());
begin
  return smartengage.send_bulk(
    p_name, p_segments, p_user_ids, p_template_id, p_service_id, p_channels, p_urgent, p_canary_share, p_holdout_share,
    p_reason, p_dry_run, v_admin.user_id::text, clock.now());
end;
$$;

-- Name: FUNCTION send_bulk(p_actor uuid, p_name text, p_segments text[], p_user_ids uuid[], p_template_id uuid, p_service_id uuid, p_channels text[], p_urgent boolean, p_canary_share double precision, p_holdout_share double precision, p_reason text, p_dry_run boolean); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.send_bulk(p_actor uuid, p_name text, p_segments text[], p_user_ids uuid[], p_template_id uuid, p_service_id uuid, p_channels text[], p_urgent boolean, p_canary_share double precision, p_holdout_share double precision, p_reason text, p_dry_run boolean) IS 'Sends an approved text to segments or to a list of customers, by the same gates as any message.
It becomes a campaign of kind announcement, which can be paused, stopped and read back. The canary goes first; the rest once its guardrails are good. urgent goes at once, passes over caps, and stands in a report with its reason. dry_run shows the outcomes and texts and does nothing. Needs a sign-in of the last minutes.
Errors: SH401 the session has ended; SH403 another role, or the sign-in is too long ago; SH409 the name is taken; SH422 unknown template, service, segment or customer, an unapproved template, no service where the text needs one, segments that match nobody or everybody.';

-- Name: send_single(uuid, uuid, uuid, uuid, text, boolean, text, boolean); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.send_single(p_actor uuid, p_user_id uuid, p_template_id uuid, p_service_id uuid, p_channel text, p_urgent boolean, p_reason text, p_dry_run boolean) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_admin account.person := account.fresh_admin(p_actor, clock.now());
begin
  return smartengage.send_single(
    p_user_id, p_template_id, p_service_id, p_channel, p_urgent, p_reason, p_dry_run, v_admin.user_id::text, clock.now());
end;
$$;

-- Name: FUNCTION send_single(p_actor uuid, p_user_id uuid, p_template_id uuid, p_service_id uuid, p_channel text, p_urgent boolean, p_reason text, p_dry_run boolean); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.send_single(p_actor uuid, p_user_id uuid, p_template_id uuid, p_service_id uuid, p_channel text, p_urgent boolean, p_reason text, p_dry_run boolean) IS 'Sends an approved text to one customer, by the same gates as any message.
outcome refused names the rule. urgent passes over caps and stands in a report with its reason. dry_run shows the decision and the text and does nothing. The same text about the same service goes once a day. Needs a sign-in of the last minutes.
Errors: SH401 the session has ended; SH403 another role, or the sign-in is too long ago; SH409 the single sends of the day were stopped; SH422 unknown customer, template or service, an unapproved template, or no service where the text needs one.';

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

-- Name: add_ons(uuid); Type: FUNCTION; Schema: market; Owner: -

CREATE FUNCTION market.add_ons(p_service_id uuid) RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT COALESCE(jsonb_agg(jsonb_build_object('add_on_id', a.add_on_id, 'code', a.code, 'name_bn', a.name_bn, 'name_en', a.name_en, 'price_poisha', a.price_poisha) ORDER BY a.code), '[]'::jsonb) AS "coalesce"
    FROM market.add_on a
   WHERE ((a.service_id = add_ons.p_service_id) AND a.active);
END;

-- Name: FUNCTION add_ons(p_service_id uuid); Type: COMMENT; Schema: market; Owner: -

COMMENT ON FUNCTION market.add_ons(p_service_id uuid) IS 'Active add-ons of a service as a jsonb array.';

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

-- Name: services(); Type: FUNCTION; Schema: market; Owner: -

CREATE FUNCTION market.services() RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT COALESCE(jsonb_agg(jsonb_build_object('service_id', s.service_id, 'code', s.code, 'category', s.category, 'name_bn', s.name_bn, 'name_en', s.name_en, 'price_poisha', s.price_poisha, 'duration_minutes', s.duration_minutes, 'add_ons', market.add_ons(s.service_id)) ORDER BY s.category, s.code), '[]'::jsonb) AS "coalesce"
    FROM market.service s
   WHERE s.active;
END;

-- Name: FUNCTION services(); Type: COMMENT; Schema: market; Owner: -

COMMENT ON FUNCTION market.services() IS 'The catalogue: active services with their add-ons, in Bengali and English, prices in poisha.';

-- Name: services(); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.services() RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO ''
    BEGIN ATOMIC
 SELECT jsonb_build_object('items', market.services()) AS jsonb_build_object;
END;

-- Name: FUNCTION services(); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.services() IS 'The catalogue of services.
Active services with their add-ons in Bengali and English; prices in poisha (1/100 taka).';

-- Name: sessions(uuid); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.sessions(p_actor uuid) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO ''
    AS $$
declare
  v_person account.person := account.actor(p_actor, null, clock.now());
begin
  return jsonb_build_object('items', (
    select coalesce(jsonb_agg(jsonb_build_object(
      'session_id', s.session_id,
      'created_at', s.created_at,
      'last_used_at', s.last_used_at,
      'agent', s.agent,
      'current', s.session_id = p_actor) order by s.last_used_at desc, s.session_id), '[]')
    from (
      select l.*
      from account.session l
      where l.user_id = v_person.user_id
        and l.revoked_at is null
        and l.expires_at > clock.now()
      order by l.last_used_at desc, l.session_id
      limit 200) s));
end;
$$;

-- Name: FUNCTION sessions(p_actor uuid); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.sessions(p_actor uuid) IS 'The devices on which the person is signed in.
At most 200, last used first.
Errors: SH401 the session has ended; SH403 another role.';

-- Name: set_consents(uuid, jsonb, text); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.set_consents(p_actor uuid, p_consents jsonb, p_wording_version text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_person account.person := account.actor(p_actor, null, clock.now());
begin
  perform account.set_consents(v_person.user_id, p_consents, p_wording_version, clock.now());
  return jsonb_build_object('items', account.consents(v_person.user_id, clock.now()));
end;
$$;

-- Name: FUNCTION set_consents(p_actor uuid, p_consents jsonb, p_wording_version text); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.set_consents(p_actor uuid, p_consents jsonb, p_wording_version text) IS 'Gives and withdraws consents.
Those not named stay as they are. Repeatable. A withdrawal binds the next message, also one that is planned already.
Errors: SH401 the session has ended; SH403 another role; SH422 a consent that people of the caller''s role are not asked for, or one named twice.';

-- Name: start_job(uuid, uuid); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.start_job(p_actor uuid, p_booking_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_person account.person := account.actor(p_actor, 'worker', clock.now());
begin
  perform market.advance_job(v_person.user_id, p_booking_id, 'start', clock.now());
  return (select j.document from market.worker_job j where j.booking_id = p_booking_id);
end;
$$;

-- Name: FUNCTION start_job(p_actor uuid, p_booking_id uuid); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.start_job(p_actor uuid, p_booking_id uuid) IS 'Begins a job.
Who begins has arrived. Repeatable.
Errors: SH401 the session has ended; SH403 another role; SH404 no such job of the caller; SH409 the job is not at that step.';

-- Name: stop(text); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.stop(p_token text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_link outreach.link := outreach.open_link(p_token);
begin
  if v_link.stop_until < clock.now() then
    raise exception 'The link has expired' using errcode = 'SH410';
  end if;
  perform account.withdraw_consent(v_link.user_id, v_link.channel, v_link.purpose, clock.now(), 'link', v_link.user_id::text);
  return (
    select jsonb_build_object('language', p.language, 'channel', v_link.channel, 'purpose', v_link.purpose, 'withdrawn', true)
    from account.person p
    where p.user_id = v_link.user_id);
end;
$$;

-- Name: FUNCTION stop(p_token text); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.stop(p_token text) IS 'Withdraws the consent that a message was sent under (one-click, RFC 8058).
Needs no sign-in; repeatable for years; codes and receipts still come.
Errors: SH404 no such link; SH410 it has expired.';

-- Name: stop_campaign(uuid, uuid, uuid, text); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.stop_campaign(p_actor uuid, p_campaign_id uuid, p_run_id uuid, p_reason text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_admin account.person := account.actor(p_actor, 'admin', clock.now());
  v_went int;
  v_in_hand int;
begin
  select count(*) filter (where b.state not in ('claimed', 'in_doubt')), count(*) filter (where b.state in ('claimed', 'in_doubt'))
  into v_went, v_in_hand
  from smartengage.roll_back(p_campaign_id, p_run_id, v_admin.user_id::text, p_reason, clock.now()) b;
  return smartengage.campaign_detail(p_campaign_id, clock.now()) || jsonb_build_object(
    'stopped', jsonb_build_object('run_id', p_run_id, 'went', v_went, 'in_hand', v_in_hand, 'refused', (
      select count(*)
      from outreach.message m
      join smartengage.run r on r.run_id = m.run_id
      where r.campaign_id = p_campaign_id
        and r.run_id = coalesce(p_run_id, r.run_id)
        and m.state = 'refused'
        and m.reason = 'campaign_stopped')));
end;
$$;

-- Name: FUNCTION stop_campaign(p_actor uuid, p_campaign_id uuid, p_run_id uuid, p_reason text); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.stop_campaign(p_actor uuid, p_campaign_id uuid, p_run_id uuid, p_reason text) IS 'Stops a campaign for good, or calls one of its runs back.
What has not gone is refused at once; what is being handed over this moment is not tried again. stopped: how many had gone, are in hand (not known yet), were refused; GET /admin/ai-messages?campaign_id=… lists them. Repeatable.
Errors: SH401 the session has ended; SH403 another role; SH404 no such campaign, or it has no such run.';

-- Name: stop_page(text); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.stop_page(p_token text) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO ''
    AS $$
declare
  v_link outreach.link := outreach.open_link(p_token);
begin
  if v_link.stop_until < clock.now() then
    raise exception 'The link has expired' using errcode = 'SH410';
  end if;
  return (
    select jsonb_build_object(
      'language', p.language, 'channel', v_link.channel, 'purpose', v_link.purpose,
      'active', exists (select from account.consented(v_link.user_id, v_link.channel, v_link.purpose, clock.now())))
    from account.person p
    where p.user_id = v_link.user_id);
end;
$$;

-- Name: FUNCTION stop_page(p_token text); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.stop_page(p_token text) IS 'What an opt-out link would stop.
Changes nothing: mail scanners fetch every link. active: whether such messages are allowed at present.
Errors: SH404 no such link; SH410 it has expired.';

-- Name: take_token(text, integer, integer); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.take_token(p_bucket text, p_capacity integer, p_seconds integer) RETURNS jsonb
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    BEGIN ATOMIC
 SELECT to_jsonb(t.*) AS to_jsonb
    FROM account.take_token(('edge '::text || take_token.p_bucket), (take_token.p_capacity)::double precision, (take_token.p_seconds)::double precision, clock.now()) t(allowed, remaining, reset_seconds, retry_seconds);
END;

-- Name: FUNCTION take_token(p_bucket text, p_capacity integer, p_seconds integer); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.take_token(p_bucket text, p_capacity integer, p_seconds integer) IS 'Rate limit of an endpoint, asked by the edge before the call.
Result: {allowed, remaining, reset_seconds, retry_seconds}.';

-- Name: verify_otp(uuid, text, text, bytea[], bytea[], bytea, text); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.verify_otp(p_request_id uuid, p_channel text, p_destination text, p_destination_macs bytea[], p_code_macs bytea[], p_refresh_hash bytea, p_agent text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_user_id uuid := account.verify_code(p_request_id, p_channel, p_destination, p_destination_macs, p_code_macs, clock.now());
  v_session_id uuid;
begin
  -- A wrong try must stay counted, so nothing is raised.
  if v_user_id is not null then
    v_session_id := account.open_session(v_user_id, p_refresh_hash, p_agent, clock.now());
  end if;
  return jsonb_build_object('session', account.issued(v_session_id, clock.now()));
end;
$$;

-- Name: FUNCTION verify_otp(p_request_id uuid, p_channel text, p_destination text, p_destination_macs bytea[], p_code_macs bytea[], p_refresh_hash bytea, p_agent text); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.verify_otp(p_request_id uuid, p_channel text, p_destination text, p_destination_macs bytea[], p_code_macs bytea[], p_refresh_hash bytea, p_agent text) IS 'Signs in with a one-time code.
Five tries a code; a right one works once; a verified address that nobody has becomes a new customer. Every other outcome is the same 401: wrong, expired, used, replaced by a newer one.';

-- Name: widen_campaign(uuid, uuid, text); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.widen_campaign(p_actor uuid, p_campaign_id uuid, p_reason text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_admin account.person := account.fresh_admin(p_actor, clock.now());
begin
  perform smartengage.widen(p_campaign_id, v_admin.user_id::text, p_reason, clock.now());
  return smartengage.campaign_detail(p_campaign_id, clock.now());
end;
$$;

-- Name: FUNCTION widen_campaign(p_actor uuid, p_campaign_id uuid, p_reason text); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.widen_campaign(p_actor uuid, p_campaign_id uuid, p_reason text) IS 'Opens a campaign from its canary to everybody, without waiting for the guardrails.
For campaigns too small to ever prove themselves. Repeatable. Needs a sign-in of the last minutes.
Errors: SH401 the session has ended; SH403 another role, or the sign-in is too long ago; SH404 no such campaign; SH409 it is over.';

-- Name: worker_profile(uuid); Type: FUNCTION; Schema: api; Owner: -

CREATE FUNCTION api.worker_profile(p_actor uuid) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO ''
    AS $$
declare
  v_person account.person := account.actor(p_actor, 'worker', clock.now());
  v_document jsonb := market.worker_profile(v_person.user_id);
begin
  if v_document is null then
    raise exception 'You have no worker profile yet' using errcode = 'SH404', hint = 'The marketplace makes it when it takes a worker on.';
  end if;
  return v_document;
end;
$$;

-- Name: FUNCTION worker_profile(p_actor uuid); Type: COMMENT; Schema: api; Owner: -

COMMENT ON FUNCTION api.worker_profile(p_actor uuid) IS 'What the caller does as a worker, and where.
Errors: SH401 the session has ended; SH403 another role; SH404 there is no profile yet.';

-- Name: real(timestamp with time zone); Type: FUNCTION; Schema: clock; Owner: -

CREATE FUNCTION clock."real"(p_at timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN p_at;

-- Name: text(text, timestamp with time zone); Type: FUNCTION; Schema: policy; Owner: -

CREATE FUNCTION policy.text(p_rule text, p_at timestamp with time zone) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (policy.value(p_rule, p_at) #>> '{}'::text[]);

-- Name: FUNCTION text(p_rule text, p_at timestamp with time zone); Type: COMMENT; Schema: policy; Owner: -

COMMENT ON FUNCTION policy.text(p_rule text, p_at timestamp with time zone) IS 'The value in force of a rule that is a string; null where none is in force.';

-- Name: default_zone(); Type: FUNCTION; Schema: policy; Owner: -

CREATE FUNCTION policy.default_zone() RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN policy.text('default_zone'::text, clock.now());

-- Name: FUNCTION default_zone(); Type: COMMENT; Schema: policy; Owner: -

COMMENT ON FUNCTION policy.default_zone() IS 'Time zone of people whose own is unknown or invalid (IANA name). The one rule read at the present: local days must not move within history.';

-- Name: model_call; Type: TABLE; Schema: outreach; Owner: -

CREATE TABLE outreach.model_call (
    model_call_id uuid DEFAULT uuidv7() NOT NULL,
    cohort text NOT NULL,
    prompt_version integer NOT NULL,
    model text NOT NULL,
    called_at timestamp with time zone NOT NULL,
    tokens_in integer DEFAULT 0 NOT NULL,
    tokens_out integer DEFAULT 0 NOT NULL,
    failure text,
    run_id uuid,
    requests integer DEFAULT 1 NOT NULL,
    cost_micro bigint DEFAULT 0 NOT NULL,
    CONSTRAINT model_call_asks_at_least_once CHECK ((requests > 0)),
    CONSTRAINT model_call_cost_is_not_negative CHECK ((cost_micro >= 0)),
    CONSTRAINT model_call_tokens_are_not_negative CHECK (((tokens_in >= 0) AND (tokens_out >= 0)))
);

-- Name: TABLE model_call; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON TABLE outreach.model_call IS 'Every call of the model, for budgets and costs; failure = why no text came of it.';

-- Name: COLUMN model_call.run_id; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.model_call.run_id IS 'smartengage.run it was made for; null = none. No foreign key: that layer is above.';

-- Name: COLUMN model_call.requests; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.model_call.requests IS 'Requests it took, repetitions included: each counts towards the day''s budget.';

-- Name: COLUMN model_call.cost_micro; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.model_call.cost_micro IS 'What its tokens cost in millionths of a US dollar, at the prices (model.price_in, model.price_out) of that instant.';

-- Name: model_budget(timestamp with time zone); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.model_budget(p_at timestamp with time zone) RETURNS integer
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 WITH today AS (
          SELECT COALESCE(sum(c.requests), (0)::bigint) AS requests,
             COALESCE(sum((c.tokens_in + c.tokens_out)), (0)::bigint) AS tokens,
             COALESCE(sum(c.cost_micro), (0)::numeric) AS cost
            FROM outreach.model_call c
           WHERE ((c.called_at >= (date_trunc('day'::text, (model_budget.p_at AT TIME ZONE policy.default_zone())) AT TIME ZONE policy.default_zone())) AND (c.called_at <= model_budget.p_at))
         ), expected AS (
          SELECT COALESCE((avg((c.tokens_in + c.tokens_out)))::double precision, policy.number('model.tokens_per_call'::text, model_budget.p_at)) AS tokens,
             COALESCE((avg(c.cost_micro))::double precision, ((policy.number('model.tokens_per_call'::text, model_budget.p_at) * policy.number('model.price_out'::text, model_budget.p_at)) / (1000)::double precision)) AS cost
            FROM outreach.model_call c
           WHERE ((c.called_at > (model_budget.p_at - '7 days'::interval)) AND (c.called_at <= model_budget.p_at) AND (c.failure IS NULL) AND ((c.tokens_in + c.tokens_out) > 0))
         )
  SELECT (floor(GREATEST((0)::double precision, LEAST((policy.number('model.cohorts_per_day'::text, model_budget.p_at) - (t.requests)::double precision), ceil(((policy.number('model.tokens_per_day'::text, model_budget.p_at) - (t.tokens)::double precision) / e.tokens)),
         CASE
             WHEN (e.cost > (0)::double precision) THEN ceil(((policy.number('model.cost_per_day'::text, model_budget.p_at) - (t.cost)::double precision) / e.cost))
             ELSE NULL::double precision
         END))))::integer AS floor
    FROM (today t
      CROSS JOIN expected e);
END;

-- Name: FUNCTION model_budget(p_at timestamp with time zone); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.model_budget(p_at timestamp with time zone) IS 'How many requests of the model the local day has left, by calls (model.cohorts_per_day), tokens (model.tokens_per_day) and money (model.cost_per_day); the latter two are divided by the mean call of the last week, or model.tokens_per_call before there was one.
Failed calls and repetitions count too.';

-- Name: beta_values(double precision, double precision); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.beta_values(p_alpha double precision, p_beta double precision) RETURNS double precision[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
 WITH shape AS (
          SELECT ln((beta_values.p_alpha / beta_values.p_beta)) AS peak,
             (((10)::double precision * sqrt((((1)::double precision / beta_values.p_alpha) + ((1)::double precision / beta_values.p_beta)))) + ((5)::double precision / beta_values.p_alpha)) AS below,
             (((10)::double precision * sqrt((((1)::double precision / beta_values.p_alpha) + ((1)::double precision / beta_values.p_beta)))) + ((5)::double precision / beta_values.p_beta)) AS above
         ), step AS (
          SELECT s_1.n,
             GREATEST(('-300'::integer)::double precision, LEAST((300)::double precision, ((h.peak - h.below) + (((h.below + h.above) * (((s_1.n)::numeric - 0.5))::double precision) / (800)::double precision)))) AS t,
             h.peak
            FROM (shape h
              CROSS JOIN generate_series(1, 800) s_1(n))
         ), weighed AS (
          SELECT s_1.n,
             ((1)::double precision / ((1)::double precision + exp((- s_1.t)))) AS x,
             exp(GREATEST(('-700'::integer)::double precision, ((beta_values.p_alpha * (ln(((1)::double precision + exp((- s_1.peak)))) - ln(((1)::double precision + exp((- s_1.t)))))) + (beta_values.p_beta * (ln(((1)::double precision + exp(s_1.peak))) - ln(((1)::double precision + exp(s_1.t)))))))) AS weight
            FROM step s_1
         ), summed AS (
          SELECT w.x,
             (((200)::double precision * (sum(w.weight) OVER (ORDER BY w.n) - w.weight)) / sum(w.weight) OVER ()) AS before,
             (((200)::double precision * sum(w.weight) OVER (ORDER BY w.n)) / sum(w.weight) OVER ()) AS until
            FROM weighed w
         )
  SELECT array_agg(s.x ORDER BY g.place) AS array_agg
    FROM (summed s
      CROSS JOIN LATERAL generate_series(((floor((s.before + (0.5)::double precision)))::integer + 1), (floor((s.until + (0.5)::double precision)))::integer) g(place));
END;

-- Name: FUNCTION beta_values(p_alpha double precision, p_beta double precision); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.beta_values(p_alpha double precision, p_beta double precision) IS 'A Beta distribution as two hundred equally likely values, ascending: its quantiles at 0.25 %, 0.75 %, …, 99.75 %, by summing the density over 800 steps.
For p_alpha and p_beta above 0.';

-- Name: share_of(uuid, text); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.share_of(p_user_id uuid, p_salt text) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ((((('x'::text || substr(md5((((p_user_id)::text || '/'::text) || p_salt)), 1, 13)))::bit(52))::bigint)::double precision / (4503599627370496.0)::double precision);

-- Name: FUNCTION share_of(p_user_id uuid, p_salt text); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.share_of(p_user_id uuid, p_salt text) IS 'Where a person falls in 0 ≤ x < 1 for a purpose (salt): stable for ever and independent between salts, so groups drawn with x < share neither move nor overlap systematically.
The first 52 bits of md5 over 2^52: the same on every server and version.';

-- Name: drawn(uuid[], double precision[], uuid, text); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.drawn(p_template_ids uuid[], p_begins_at double precision[], p_user_id uuid, p_salt text) RETURNS uuid
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (p_template_ids)[width_bucket(smartengage.share_of(p_user_id, p_salt), p_begins_at)];

-- Name: FUNCTION drawn(p_template_ids uuid[], p_begins_at double precision[], p_user_id uuid, p_salt text); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.drawn(p_template_ids uuid[], p_begins_at double precision[], p_user_id uuid, p_salt text) IS 'The variant that a person is shown: the one in whose part of 0..1 their stable draw for the salt falls; p_begins_at ascending from 0, as smartengage.variant_odds gives it.
The same person, salt and odds give the same variant. Null where there are no texts.';

-- Name: template; Type: TABLE; Schema: outreach; Owner: -

CREATE TABLE outreach.template (
    template_id uuid DEFAULT uuidv7() NOT NULL,
    kind text NOT NULL,
    category text,
    language text NOT NULL,
    variant text NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    origin text NOT NULL,
    cohort text,
    prompt_version integer,
    model text,
    subject text NOT NULL,
    body text NOT NULL,
    add_on_line text,
    created_at timestamp with time zone NOT NULL,
    approved_by text,
    approved_at timestamp with time zone,
    retired_at timestamp with time zone,
    form text DEFAULT 'long'::text NOT NULL,
    author text,
    CONSTRAINT template_approval_is_whole CHECK (((approved_by IS NULL) = (approved_at IS NULL))),
    CONSTRAINT template_form_is_known CHECK ((form = ANY (ARRAY['long'::text, 'short'::text]))),
    CONSTRAINT template_is_approved_by_another CHECK ((approved_by <> author)),
    CONSTRAINT template_language_is_known CHECK ((language = ANY (ARRAY['bn'::text, 'en'::text]))),
    CONSTRAINT template_of_model_tells_cohort CHECK (((origin = 'model'::text) = ((cohort IS NOT NULL) AND (prompt_version IS NOT NULL) AND (model IS NOT NULL)))),
    CONSTRAINT template_origin_is_known CHECK ((origin = ANY (ARRAY['house'::text, 'model'::text]))),
    CONSTRAINT template_text_is_normalized CHECK (((subject IS NFC NORMALIZED) AND (body IS NFC NORMALIZED) AND (add_on_line IS NFC NORMALIZED)))
);

-- Name: TABLE template; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON TABLE outreach.template IS 'Texts with tokens, written by us or by the model for a cohort; used only once approved.';

-- Name: COLUMN template.kind; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.template.kind IS 'What triggers it: reminder, …';

-- Name: COLUMN template.category; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.template.category IS 'Service category it speaks of; null = any.';

-- Name: COLUMN template.cohort; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.template.cohort IS 'For texts of the model: the cohort they were written for (no personal data); null = house text.';

-- Name: COLUMN template.add_on_line; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.template.add_on_line IS 'Sentence put at {add_on_line} where an add-on is offered; null = this text never offers one.';

-- Name: COLUMN template.approved_by; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.template.approved_by IS 'Who approved it: another admin as «person id», house for texts that came with the product, or sql:review for texts of the model that passed outreach.form_faults.';

-- Name: COLUMN template.form; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.template.form IS 'long: for e-mail. short: for sms, push, whatsapp and in_app (outreach.text_form); it fits the narrowest of them.';

-- Name: COLUMN template.author; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.template.author IS 'The admin who wrote it, as «person id»; null for texts that came with the product or from the model.';

-- Name: variant; Type: TABLE; Schema: smartengage; Owner: -

CREATE TABLE smartengage.variant (
    template_id uuid NOT NULL,
    as_of timestamp with time zone NOT NULL,
    trials integer NOT NULL,
    clicks integer NOT NULL,
    bookings integer NOT NULL,
    rate double precision,
    rate_low double precision,
    rate_high double precision,
    p_best double precision,
    CONSTRAINT variant_counts_are_within_trials CHECK (((clicks >= 0) AND (bookings >= 0) AND ((clicks + bookings) <= trials)))
);

-- Name: TABLE variant; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON TABLE smartengage.variant IS 'What became of the sendings of each text, as variants compete on it, and how they stood; refreshed daily by smartengage.judge_variants.';

-- Name: COLUMN variant.trials; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.variant.trials IS 'Sendings within variant.window that are older than variant.ripens_after.';

-- Name: COLUMN variant.clicks; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.variant.clicks IS 'Of these, clicked by a person and not booked.';

-- Name: COLUMN variant.bookings; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.variant.bookings IS 'Of these, credited with a booking.';

-- Name: COLUMN variant.rate; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.variant.rate IS 'As smartengage.variant_odds said then, like rate_low, rate_high and p_best; null for texts no longer in use.';

-- Name: variant_odds(text[], timestamp with time zone); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.variant_odds(p_cohorts text[], p_at timestamp with time zone) RETURNS TABLE(template_id uuid, kind text, category text, language text, form text, cohort text, variant text, version integer, trials integer, clicks integer, bookings integer, rate double precision, rate_low double precision, rate_high double precision, p_best double precision, begins_at double precision)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 WITH rule AS MATERIALIZED (
          SELECT policy.number('variant.click_worth'::text, variant_odds.p_at) AS click_worth,
             policy.number('variant.prior_rate'::text, variant_odds.p_at) AS prior_rate,
             policy.number('variant.prior_weight'::text, variant_odds.p_at) AS prior_weight
         ), arm AS MATERIALIZED (
          SELECT t.template_id,
             t.kind,
             t.category,
             t.language,
             t.form,
             t.cohort,
             t.variant,
             t.version,
             COALESCE(c.trials, 0) AS trials,
             COALESCE(c.clicks, 0) AS clicks,
             COALESCE(c.bookings, 0) AS bookings,
             COALESCE(((c.bookings)::double precision + (r.click_worth * (c.clicks)::double precision)), (0)::double precision) AS earned,
             dense_rank() OVER (ORDER BY t.kind, t.category, t.language, t.form, t.cohort) AS contest
            FROM ((outreach.template t
              CROSS JOIN rule r)
              LEFT JOIN smartengage.variant c ON ((c.template_id = t.template_id)))
           WHERE ((t.kind <> 'announcement'::text) AND (t.approved_at IS NOT NULL) AND (t.retired_at IS NULL) AND
                 CASE
                     WHEN (variant_odds.p_cohorts IS NULL) THEN (t.cohort IS NULL)
                     ELSE (t.cohort = ANY (variant_odds.p_cohorts))
                 END)
         ), expected AS (
          SELECT a.template_id,
             a.kind,
             a.category,
             a.language,
             a.form,
             a.cohort,
             a.variant,
             a.version,
             a.trials,
             a.clicks,
             a.bookings,
             a.earned,
             a.contest,
             ((sum(a.earned) OVER w + (r.prior_weight * r.prior_rate)) / ((sum(a.trials) OVER w)::double precision + r.prior_weight)) AS prior_rate,
             r.prior_weight
            FROM (arm a
              CROSS JOIN rule r)
           WINDOW w AS (PARTITION BY a.contest)
         ), posterior AS MATERIALIZED (
          SELECT e.template_id,
             e.kind,
             e.category,
             e.language,
             e.form,
             e.cohort,
             e.variant,
             e.version,
             e.trials,
             e.clicks,
             e.bookings,
             e.earned,
             e.contest,
             e.prior_rate,
             e.prior_weight,
             ((e.prior_weight * e.prior_rate) + e.earned) AS alpha,
             (((e.prior_weight * ((1)::double precision - e.prior_rate)) + (e.trials)::double precision) - e.earned) AS beta
            FROM expected e
         ), curve AS MATERIALIZED (
          SELECT c.alpha,
             c.beta,
             smartengage.beta_values(c.alpha, c.beta) AS likely
            FROM ( SELECT DISTINCT p.alpha,
                     p.beta
                    FROM posterior p) c
         ), rival AS MATERIALIZED (
          SELECT p.template_id,
             p.contest,
             c.likely
            FROM (posterior p
              JOIN curve c ON (((c.alpha = p.alpha) AND (c.beta = p.beta))))
         ), chance AS MATERIALIZED (
          SELECT x.template_id,
             avg(x.above_all) AS p_best
            FROM ( SELECT a.template_id,
                     v.place,
                     exp(sum(ln((GREATEST(((width_bucket(v.x, b.likely))::numeric - 0.5), 0.25) / (200)::numeric)))) AS above_all
                    FROM ((rival a
                      CROSS JOIN LATERAL unnest(a.likely) WITH ORDINALITY v(x, place))
                      JOIN rival b ON (((b.contest = a.contest) AND (b.template_id <> a.template_id))))
                   GROUP BY a.template_id, v.place) x
           GROUP BY x.template_id
         ), shared AS (
          SELECT p.template_id,
             p.kind,
             p.category,
             p.language,
             p.form,
             p.cohort,
             p.variant,
             p.version,
             p.trials,
             p.clicks,
             p.bookings,
             p.earned,
             p.contest,
             p.prior_rate,
             p.prior_weight,
             p.alpha,
             p.beta,
             v.likely,
             (COALESCE(c.p_best, (1)::numeric) / sum(COALESCE(c.p_best, (1)::numeric)) OVER (PARTITION BY p.contest)) AS share
            FROM ((posterior p
              JOIN rival v ON ((v.template_id = p.template_id)))
              LEFT JOIN chance c ON ((c.template_id = p.template_id)))
         )
  SELECT s.template_id,
     s.kind,
     s.category,
     s.language,
     s.form,
     s.cohort,
     s.variant,
     s.version,
     s.trials,
     s.clicks,
     s.bookings,
     (s.alpha / (s.alpha + s.beta)),
     s.likely[6] AS likely,
     s.likely[195] AS likely,
     s.share,
     COALESCE(sum(s.share) OVER (PARTITION BY s.contest ORDER BY s.variant, s.version, s.template_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), (0)::numeric) AS "coalesce"
    FROM shared s;
END;

-- Name: FUNCTION variant_odds(p_cohorts text[], p_at timestamp with time zone); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.variant_odds(p_cohorts text[], p_at timestamp with time zone) IS 'How the variants of a text stand: one row for each approved text in use, of the house (p_cohorts null) or of cohorts of the model. Those of one kind, category, language, form and cohort compete; announcements do not, as an admin chooses their text.
Each sending is a trial that earns 1 by a booking, variant.click_worth by a click alone, else nothing. Posterior Beta(w m + earned, w (1 - m) + trials - earned), where m is the contest''s mean, itself begun at variant.prior_rate, and w variant.prior_weight. p_best: probability of earning most per sending.
Thompson sampling shows each variant with just that probability: begins_at is where its part of 0..1 begins, and smartengage.drawn picks by it.
rate: posterior mean, with rate_low and rate_high its 95 % interval.
Source: Agrawal & Goyal, Analysis of Thompson Sampling for the Multi-armed Bandit Problem (2012), for what earns between 0 and 1; Chapelle & Li, An Empirical Evaluation of Thompson Sampling (2011).';

-- Name: message; Type: TABLE; Schema: outreach; Owner: -

CREATE TABLE outreach.message (
    message_id uuid DEFAULT uuidv7() NOT NULL,
    user_id uuid NOT NULL,
    channel text NOT NULL,
    purpose text NOT NULL,
    message_class text NOT NULL,
    obeys_caps boolean NOT NULL,
    counts boolean NOT NULL,
    kind text NOT NULL,
    campaign_id uuid,
    run_id uuid,
    occurrence text NOT NULL,
    service_id uuid,
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
    CONSTRAINT message_of_service_is_no_campaign CHECK (((purpose <> 'service'::text) OR (campaign_id IS NULL))),
    CONSTRAINT message_purpose_is_known CHECK ((purpose = ANY (ARRAY['outreach'::text, 'coaching'::text, 'voice'::text, 'service'::text]))),
    CONSTRAINT message_state_is_known CHECK ((state = ANY (ARRAY['ghost'::text, 'scheduled'::text, 'claimed'::text, 'in_doubt'::text, 'sent'::text, 'delivered'::text, 'opened'::text, 'clicked'::text, 'booked'::text, 'bounced'::text, 'expired'::text, 'refused'::text, 'failed'::text]))),
    CONSTRAINT message_unsent_end_has_reason CHECK (((state <> ALL (ARRAY['expired'::text, 'refused'::text, 'failed'::text])) OR (reason IS NOT NULL))),
    CONSTRAINT message_window_is_whole CHECK (((window_from IS NULL) = (window_until IS NULL)))
);

-- Name: TABLE message; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON TABLE outreach.message IS 'One message to one person, from plan to end. This row, not the job, holds state, attempts and next time.';

-- Name: COLUMN message.obeys_caps; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.message.obeys_caps IS 'Frozen from the class when planned, like purpose and counts: relabelling later changes no count.';

-- Name: COLUMN message.campaign_id; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.message.campaign_id IS 'smartengage.campaign it belongs to; null for service messages. No foreign key: that layer is above.';

-- Name: COLUMN message.occurrence; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.message.occurrence IS 'What the message is about within its campaign, so that it exists once: for reminders service code : completed visits.';

-- Name: COLUMN message.expected_value; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.message.expected_value IS 'Poisha expected from the booking it may bring; ranks competing messages.';

-- Name: COLUMN message.exempt_reason; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.message.exempt_reason IS 'Recorded reason for going although a cap is used up; only for classes that need not obey.';

-- Name: COLUMN message.state; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.message.state IS 'ghost | scheduled > claimed > sent > delivered > opened > clicked > booked | bounced | in_doubt | expired | refused | failed';

-- Name: COLUMN message.due_at; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.message.due_at IS 'When it may next be claimed; moved on by deferral and retry.';

-- Name: COLUMN message.useful_until; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.message.useful_until IS 'Past it the message expires instead of going out.';

-- Name: COLUMN message.window_from; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.message.window_from IS 'Local times of the person between which the campaign sends; null = no window of its own.';

-- Name: COLUMN message.failures; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.message.failures IS 'Attempts that the provider refused for now.';

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

COMMENT ON TABLE smartengage.candidate IS 'Everyone due in a run with exactly one outcome: a message, a ghost (holdout), or a refusal with the rule and its version.';

-- Name: COLUMN candidate.service_id; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.candidate.service_id IS 'The service due, or that an announcement is about; null = none.';

-- Name: COLUMN candidate.p14; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.candidate.p14 IS 'Probability of a booking within 14 days when planned; null for announcements.';

-- Name: cohort_text; Type: TABLE; Schema: smartengage; Owner: -

CREATE TABLE smartengage.cohort_text (
    run_id uuid NOT NULL,
    cohort text NOT NULL,
    as_of timestamp with time zone NOT NULL,
    messages integer NOT NULL,
    source text NOT NULL,
    CONSTRAINT cohort_text_source_is_known CHECK ((source = ANY (ARRAY['model'::text, 'not_asked'::text, 'over_budget'::text, 'failed'::text, 'rejected'::text])))
);

-- Name: TABLE cohort_text; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON TABLE smartengage.cohort_text IS 'From where the texts of a run''s cohorts came, as it stood when the run was last composed: model, or why the house text stayed.';

-- Name: COLUMN cohort_text.messages; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.cohort_text.messages IS 'Its messages that waited then.';

-- Name: COLUMN cohort_text.source; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.cohort_text.source IS 'model; else the house text: not_asked (no model, or it was down), over_budget, failed (no answer), rejected (no acceptable answer).';

-- Name: profile; Type: TABLE; Schema: smartengage; Owner: -

CREATE TABLE smartengage.profile (
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
    CONSTRAINT profile_probabilities_nest CHECK ((((0)::double precision <= p7) AND (p7 <= p14) AND (p14 <= p28) AND (p28 <= (1)::double precision)))
)
WITH (fillfactor='50');

-- Name: TABLE profile; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON TABLE smartengage.profile IS 'smartengage.score of one instant, kept so that planning, segments and explain read the same figures; refreshed daily.';

-- Name: COLUMN profile.as_of; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.profile.as_of IS 'The instant it was computed for; uses nothing later.';

-- Name: COLUMN profile.p14; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.profile.p14 IS 'Probability of a booking of this service within 14 days of as_of.';

-- Name: COLUMN profile.expected_at; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.profile.expected_at IS 'Median of the predicted next booking.';

-- Name: COLUMN profile.overdue_at; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.profile.overdue_at IS '80th percentile: later than this is at risk.';

-- Name: COLUMN profile.lost_at; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.profile.lost_at IS '97.5th percentile: later than this is inactive.';

-- Name: message_cohort; Type: VIEW; Schema: smartengage; Owner: -

CREATE VIEW smartengage.message_cohort AS
 SELECT m.message_id,
    m.run_id,
    m.kind,
    s.category,
    c.segment,
    b.band,
    t.language,
    concat_ws('/'::text, m.kind, s.category, c.segment, b.band, t.language, NULLIF(t.form, 'long'::text)) AS cohort,
    t.form
   FROM (((((outreach.message m
     JOIN market.service s ON ((s.service_id = m.service_id)))
     JOIN outreach.template t ON ((t.template_id = m.template_id)))
     JOIN smartengage.candidate c ON ((c.message_id = m.message_id)))
     JOIN smartengage.profile f ON (((f.user_id = m.user_id) AND (f.service_id = m.service_id))))
     CROSS JOIN LATERAL ( SELECT
                CASE
                    WHEN ((m.expected_at - f.last_visit_at) < '11 days'::interval) THEN 'weekly'::text
                    WHEN ((m.expected_at - f.last_visit_at) < '22 days'::interval) THEN 'fortnightly'::text
                    WHEN ((m.expected_at - f.last_visit_at) < '46 days'::interval) THEN 'monthly'::text
                    WHEN ((m.expected_at - f.last_visit_at) < '100 days'::interval) THEN 'quarterly'::text
                    ELSE 'rare'::text
                END AS band) b)
  WHERE (m.state = 'scheduled'::text);

-- Name: VIEW message_cohort; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON VIEW smartengage.message_cohort IS 'The cohort of each waiting campaign message: all that a model is ever told about its reader.';

-- Name: COLUMN message_cohort.message_id; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.message_cohort.message_id IS 'The message.';

-- Name: COLUMN message_cohort.run_id; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.message_cohort.run_id IS 'Its run.';

-- Name: COLUMN message_cohort.kind; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.message_cohort.kind IS 'What triggers it.';

-- Name: COLUMN message_cohort.category; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.message_cohort.category IS 'Service category.';

-- Name: COLUMN message_cohort.segment; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.message_cohort.segment IS 'Segment when planned.';

-- Name: COLUMN message_cohort.band; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.message_cohort.band IS 'Rhythm of the visits: weekly, fortnightly, monthly, quarterly, rare.';

-- Name: COLUMN message_cohort.language; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.message_cohort.language IS 'Language of its text, bn or en.';

-- Name: COLUMN message_cohort.cohort; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.message_cohort.cohort IS 'All of these as one key; the form only where it is short.';

-- Name: COLUMN message_cohort.form; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.message_cohort.form IS 'Form of text that its channel carries, long or short.';

-- Name: assign_texts(uuid, timestamp with time zone); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.assign_texts(p_run_id uuid, p_at timestamp with time zone) RETURNS integer
    LANGUAGE sql
    BEGIN ATOMIC
 WITH waiting AS MATERIALIZED (
          SELECT c.message_id,
             c.cohort
            FROM smartengage.message_cohort c
           WHERE (c.run_id = assign_texts.p_run_id)
         ), written AS MATERIALIZED (
          SELECT o.cohort,
             array_agg(o.template_id ORDER BY o.begins_at, o.variant, o.version, o.template_id) AS template_ids,
             array_agg(o.begins_at ORDER BY o.begins_at, o.variant, o.version, o.template_id) AS begins_at
            FROM smartengage.variant_odds(( SELECT array_agg(DISTINCT w.cohort) AS array_agg
                    FROM waiting w), assign_texts.p_at) o(template_id, kind, category, language, form, cohort, variant, version, trials, clicks, bookings, rate, rate_low, rate_high, p_best, begins_at)
           WHERE (o.cohort IS NOT NULL)
           GROUP BY o.cohort
         ), assigned AS (
          UPDATE outreach.message m SET template_id = smartengage.drawn(w.template_ids, w.begins_at, m.user_id, (assign_texts.p_run_id)::text)
            FROM (waiting c
              JOIN written w ON ((w.cohort = c.cohort)))
           WHERE ((c.message_id = m.message_id) AND (m.run_id = assign_texts.p_run_id) AND (m.state = 'scheduled'::text))
           RETURNING 1 AS "?column?"
         ), noted AS (
          INSERT INTO smartengage.cohort_text AS n (run_id, cohort, as_of, messages, source)  SELECT assign_texts.p_run_id AS p_run_id,
                     c.cohort,
                     assign_texts.p_at AS p_at,
                     c.messages,
                         CASE
                             WHEN (w.cohort IS NOT NULL) THEN 'model'::text
                             WHEN (l.failure IS NOT NULL) THEN 'failed'::text
                             WHEN (l.called_at IS NOT NULL) THEN 'rejected'::text
                             WHEN (outreach.model_budget(assign_texts.p_at) = 0) THEN 'over_budget'::text
                             ELSE 'not_asked'::text
                         END AS "case"
                    FROM ((( SELECT x.cohort,
                             (count(*))::integer AS messages
                            FROM waiting x
                           GROUP BY x.cohort) c
                      LEFT JOIN written w ON ((w.cohort = c.cohort)))
                      LEFT JOIN LATERAL ( SELECT k.called_at,
                             k.failure
                            FROM outreach.model_call k
                           WHERE ((k.cohort = c.cohort) AND (k.prompt_version = (policy.number('model.prompt_version'::text, assign_texts.p_at))::integer) AND (k.called_at <= assign_texts.p_at))
                           ORDER BY k.called_at DESC
                          LIMIT 1) l ON (true)) ON CONFLICT(run_id, cohort) DO UPDATE SET as_of = excluded.as_of, messages = excluded.messages, source = excluded.source
         )
  SELECT (count(*))::integer AS count
    FROM assigned;
END;

-- Name: FUNCTION assign_texts(p_run_id uuid, p_at timestamp with time zone); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.assign_texts(p_run_id uuid, p_at timestamp with time zone) IS 'Gives the waiting messages of a run the accepted texts of the model for their cohort, a variant each by a stable draw with the odds of smartengage.variant_odds; those without keep the house template they were planned with.
From where each cohort''s text came is kept in smartengage.cohort_text.
Result: how many have one. Repeatable: the same draw, unless the odds moved on in between.';

-- Name: assign_texts(uuid); Type: FUNCTION; Schema: jobs; Owner: -

CREATE FUNCTION jobs.assign_texts(p_run_id uuid) RETURNS jsonb
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    BEGIN ATOMIC
 SELECT jsonb_build_object('assigned', smartengage.assign_texts(p_run_id, clock.now())) AS jsonb_build_object;
END;

-- Name: FUNCTION assign_texts(p_run_id uuid); Type: COMMENT; Schema: jobs; Owner: -

COMMENT ON FUNCTION jobs.assign_texts(p_run_id uuid) IS 'Swaps accepted texts of the model into a run''s waiting messages.
Result: {assigned}. Repeatable.';

-- Name: claim(text, integer, timestamp with time zone, text, text); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.claim(p_channel text, p_limit integer, p_at timestamp with time zone, p_public_url text, p_adapter text DEFAULT NULL::text) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_picked int;
  v_user_ids uuid[];
  v_message_ids uuid[];
  v_message_id uuid;
  v_constraint text;
  v_part jsonb;
  v_result jsonb := '{"messages": [], "claimed": 0, "refused": 0, "expired": 0, "deferred": 0}';
begin
  if not (select i.sending and i.system_identifier = (select c.system_identifier from pg_catalog.pg_control_system() c)
          from policy.installation i) then
    return v_result || '{"more": false}';
  end if;

  -- Nobody waits here: messages that another claim holds are skipped, and so are people that another transaction holds
  -- (they are due again a moment later). So the order person before message need not be kept, and there is no deadlock.
  with picked as materialized (
    select m.message_id, m.user_id, m.purpose, m.message_class, m.expected_value, m.due_at
    from outreach.message m
    where m.channel = p_channel
      and m.state = 'scheduled'
      and m.due_at <= p_at
      and not exists (select from outreach.hold h where h.campaign_id = m.campaign_id and h.kind = 'paused')
    order by m.due_at, m.message_id
    limit p_limit
    for update of m skip locked
  ),
  -- Of several messages to one person the first in rank is decided now, the others when they are claimed next.
  first as (
    select distinct on (k.key) p.message_id, p.user_id
    from picked p
    join policy.message_class c on c.message_class = p.message_class
    cross join lateral (select case when p.purpose = 'service' then p.message_id else p.user_id end as key) k
    order by k.key, c.priority, p.expected_value desc, p.due_at, p.message_id
  )
  select (select count(*) from picked), array_agg(f.message_id), array_agg(f.user_id)
  into v_picked, v_message_ids, v_user_ids
  from first f;

  select array_agg(x.message_id) into v_message_ids
  from unnest(v_message_ids, v_user_ids) as x (message_id, user_id)
  where pg_try_advisory_xact_lock(account.lock_key(x.user_id));

  begin
    -- A later statement than the locks, so it sees all that was committed before them.
    v_result := outreach.claim_decided(v_message_ids, p_at, p_public_url, p_adapter);
  exception when foreign_key_violation or unique_violation or exclusion_violation or check_violation or sqlstate 'SH429' or sqlstate 'SH409' then
    -- The constraints said no where the verdict said yes. One message must not hold up ninety-nine: decide them one by one.
    foreach v_message_id in array v_message_ids loop
      begin
        v_part := outreach.claim_decided(array[v_message_id], p_at, p_public_url, p_adapter);
        v_result := jsonb_build_object(
          'messages', (v_result -> 'messages') || (v_part -> 'messages'),
          'claimed', (v_result ->> 'claimed')::int + (v_part ->> 'claimed')::int,
          'refused', (v_result ->> 'refused')::int + (v_part ->> 'refused')::int,
          'expired', (v_result ->> 'expired')::int + (v_part ->> 'expired')::int,
          'deferred', (v_result ->> 'deferred')::int + (v_part ->> 'deferred')::int);
      exception when foreign_key_violation or unique_violation or exclusion_violation or check_violation or sqlstate 'SH429' or sqlstate 'SH409' then
        get stacked diagnostics v_constraint = constraint_name;
        update outreach.message m
        set state = 'refused', state_at = p_at, reason = 'constraint:' || v_constraint,
            rule = case when v_constraint = 'delivery_has_consent' then 'consent'
                        -- Somebody recorded a sending of it by hand: it is not sent a second time.
                        when v_constraint in ('delivery_pkey', 'delivery_live_once_idx') then 'reminder.once'
                        when v_constraint = 'delivery_has_approved_text' then 'approved_text'
                        else 'cap' end,
            rule_version = 1
        where m.message_id = v_message_id;
        v_result := jsonb_set(v_result, '{refused}', to_jsonb((v_result ->> 'refused')::int + 1));
      end;
    end loop;
  end;

  return v_result || jsonb_build_object('more', v_picked = p_limit and v_message_ids is not null);
end;
$$;

-- Name: FUNCTION claim(p_channel text, p_limit integer, p_at timestamp with time zone, p_public_url text, p_adapter text); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.claim(p_channel text, p_limit integer, p_at timestamp with time zone, p_public_url text, p_adapter text) IS 'Claims up to p_limit due messages of a channel: locks them and their people, then decides each by itself and records a delivery for those that go.
A message is claimed once; whoever gets it in the result must send it and tell the outcome (outreach.record_outcomes), else it is in doubt after the lease.
p_adapter: who will send, noted at once, so that a sending whose answer is lost is looked up where it went.
Result: see jobs.claim_batch. Nothing is claimed while policy.installation says that this database does not send, or is a restored copy.';

-- Name: claim_batch(text, integer, text, text); Type: FUNCTION; Schema: jobs; Owner: -

CREATE FUNCTION jobs.claim_batch(p_channel text, p_limit integer, p_public_url text, p_adapter text DEFAULT NULL::text) RETURNS jsonb
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    BEGIN ATOMIC
 SELECT outreach.claim(p_channel, p_limit, clock.now(), p_public_url, p_adapter) AS claim;
END;

-- Name: FUNCTION claim_batch(p_channel text, p_limit integer, p_public_url text, p_adapter text); Type: COMMENT; Schema: jobs; Owner: -

COMMENT ON FUNCTION jobs.claim_batch(p_channel text, p_limit integer, p_public_url text, p_adapter text) IS 'Claims up to p_limit due messages of a channel, each decided by itself; links begin with p_public_url; p_adapter is who will send them.
Result: {messages: [{message_id, attempt, channel, purpose, language, address, name, subject, body, link, stop_link, useful_for (seconds)}], claimed, refused, expired, deferred, more}. What is returned must be sent and told with jobs.record_outcomes; a message is returned once.';

-- Name: claim_code(uuid); Type: FUNCTION; Schema: jobs; Owner: -

CREATE FUNCTION jobs.claim_code(p_request_id uuid) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO ''
    BEGIN ATOMIC
 SELECT jsonb_build_object('sealed', encode(c.sealed, 'hex'::text), 'channel', c.channel, 'language', c.language, 'minutes', ((policy.number('sign_in.code_valid'::text, clock.now()) / (60)::double precision))::integer) AS jsonb_build_object
    FROM (( SELECT) one
      LEFT JOIN account.one_time_code c ON (((c.request_id = claim_code.p_request_id) AND (c.sent_at IS NULL) AND (c.used_at IS NULL) AND (c.superseded_at IS NULL) AND (c.expires_at > clock.now()))));
END;

-- Name: FUNCTION claim_code(p_request_id uuid); Type: COMMENT; Schema: jobs; Owner: -

COMMENT ON FUNCTION jobs.claim_code(p_request_id uuid) IS 'A one-time code to send, sealed; nothing else knows it. May be asked again after a crash: the same code twice does no harm.
Result: {sealed: hex, channel, language, minutes}; sealed is null if there is nothing left to send: sent, used, replaced or expired.';

-- Name: text_token(text); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.text_token(p_kind text) RETURNS TABLE(part text, token text, required boolean, once boolean)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT t.part,
     t.token,
     t.required,
     t.once
    FROM ( VALUES ('reminder'::text,'subject'::text,'service'::text,false,true), ('reminder'::text,'subject'::text,'date'::text,false,true), ('reminder'::text,'body'::text,'address'::text,true,true), ('reminder'::text,'body'::text,'service'::text,true,false), ('reminder'::text,'body'::text,'date'::text,false,true), ('reminder'::text,'body'::text,'add_on_line'::text,false,true), ('reminder'::text,'body'::text,'link'::text,true,true), ('reminder'::text,'body'::text,'stop_link'::text,true,true), ('reminder'::text,'add_on_line'::text,'add_on'::text,true,true), ('reminder'::text,'add_on_line'::text,'service'::text,false,true), ('announcement'::text,'subject'::text,'service'::text,false,true), ('announcement'::text,'subject'::text,'date'::text,false,true), ('announcement'::text,'body'::text,'address'::text,true,true), ('announcement'::text,'body'::text,'service'::text,false,false), ('announcement'::text,'body'::text,'date'::text,false,true), ('announcement'::text,'body'::text,'link'::text,false,true), ('announcement'::text,'body'::text,'stop_link'::text,true,true)) t(kind, part, token, required, once)
   WHERE (t.kind = text_token.p_kind);
END;

-- Name: FUNCTION text_token(p_kind text); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.text_token(p_kind text) IS 'The tokens that a text of a kind may hold: one row per part (subject, body, add_on_line) and token; whether it must be there, and whether it may stand only once.
No rows for a kind that has no texts.';

-- Name: cohorts(uuid, integer, timestamp with time zone); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.cohorts(p_run_id uuid, p_limit integer, p_at timestamp with time zone) RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 WITH waiting AS (
          SELECT m.cohort,
             m.kind,
             m.category,
             m.segment,
             m.band,
             m.language,
             m.form,
             count(*) AS messages
            FROM smartengage.message_cohort m
           WHERE ((m.run_id = cohorts.p_run_id) AND (NOT (EXISTS ( SELECT
                    FROM outreach.template t
                   WHERE ((t.cohort = m.cohort) AND (t.prompt_version = (policy.number('model.prompt_version'::text, cohorts.p_at))::integer) AND (t.approved_at IS NOT NULL))))))
           GROUP BY m.cohort, m.kind, m.category, m.segment, m.band, m.language, m.form
           ORDER BY (count(*)) DESC, m.cohort
          LIMIT LEAST(cohorts.p_limit, outreach.model_budget(cohorts.p_at))
         )
  SELECT jsonb_build_object('prompt_version', (policy.number('model.prompt_version'::text, cohorts.p_at))::integer, 'requests', outreach.model_budget(cohorts.p_at), 'cohorts', COALESCE(jsonb_agg(jsonb_build_object('cohort', w.cohort, 'context', jsonb_build_object('kind', w.kind, 'category', w.category, 'segment', w.segment, 'rhythm', w.band, 'language', w.language, 'form', w.form), 'variants', (policy.number('model.texts_per_cohort'::text, cohorts.p_at))::integer, 'allowed_tokens', ( SELECT jsonb_agg(t.token ORDER BY t.token) AS jsonb_agg
            FROM outreach.text_token(w.kind) t(part, token, required, once)
           WHERE ((t.part = 'body'::text) AND ((w.form = 'long'::text) OR (t.token <> 'add_on_line'::text)))), 'required_tokens', ( SELECT jsonb_agg(t.token ORDER BY t.token) AS jsonb_agg
            FROM outreach.text_token(w.kind) t(part, token, required, once)
           WHERE ((t.part = 'body'::text) AND t.required)), 'limits', jsonb_build_object('subject_chars', (policy.number('text.subject_chars'::text, cohorts.p_at))::integer, 'body_chars', (policy.number(
         CASE w.form
             WHEN 'long'::text THEN 'text.body_chars'::text
             ELSE 'text.push_chars'::text
         END, cohorts.p_at))::integer)) ORDER BY w.messages DESC, w.cohort), '[]'::jsonb)) AS jsonb_build_object
    FROM waiting w;
END;

-- Name: FUNCTION cohorts(p_run_id uuid, p_limit integer, p_at timestamp with time zone); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.cohorts(p_run_id uuid, p_limit integer, p_at timestamp with time zone) IS 'Cohorts of a run''s waiting messages for which no accepted text of the model exists yet, largest first, within the day''s budget (outreach.model_budget).
Result: see jobs.cohorts. Holds no personal data: a cohort is a service category, a segment, a rhythm, a language and a form of text.';

-- Name: cohorts(uuid, integer); Type: FUNCTION; Schema: jobs; Owner: -

CREATE FUNCTION jobs.cohorts(p_run_id uuid, p_limit integer) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO ''
    BEGIN ATOMIC
 SELECT smartengage.cohorts(p_run_id, p_limit, clock.now()) AS cohorts;
END;

-- Name: FUNCTION cohorts(p_run_id uuid, p_limit integer); Type: COMMENT; Schema: jobs; Owner: -

COMMENT ON FUNCTION jobs.cohorts(p_run_id uuid, p_limit integer) IS 'Cohorts of a run that a text is to be asked for from the model.
Result: {prompt_version, requests: how many the day has left, cohorts: [{cohort, context, variants, allowed_tokens, required_tokens, limits}]}; empty once the day''s budget is used up. No personal data.';

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

-- Name: crashes(bigint); Type: FUNCTION; Schema: jobs; Owner: -

CREATE FUNCTION jobs.crashes(p_job_id bigint) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO ''
    BEGIN ATOMIC
 SELECT jsonb_build_object('crashes', GREATEST((0)::bigint, (count(*) - 1))) AS jsonb_build_object
    FROM queue.pgqueuer_log l
   WHERE ((l.job_id = crashes.p_job_id) AND (l.status = 'picked'::queue.pgqueuer_status) AND (l.id > COALESCE(( SELECT max(e.id) AS max
            FROM queue.pgqueuer_log e
           WHERE ((e.job_id = crashes.p_job_id) AND (e.status <> 'picked'::queue.pgqueuer_status))), (0)::bigint)));
END;

-- Name: FUNCTION crashes(p_job_id bigint); Type: COMMENT; Schema: jobs; Owner: -

COMMENT ON FUNCTION jobs.crashes(p_job_id bigint) IS 'How many worker processes died while they held this job, since it last ended or was put back: pgqueuer''s own count of attempts does not grow by a crash.
Result: {crashes}.';

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

-- Name: enqueue(text, jsonb, timestamp with time zone, integer, text, jsonb); Type: FUNCTION; Schema: queue; Owner: -

CREATE FUNCTION queue.enqueue(p_entrypoint text, p_payload jsonb, p_at timestamp with time zone DEFAULT NULL::timestamp with time zone, p_priority integer DEFAULT 0, p_dedupe_key text DEFAULT NULL::text, p_headers jsonb DEFAULT NULL::jsonb) RETURNS bigint
    LANGUAGE sql
    BEGIN ATOMIC
 INSERT INTO queue.pgqueuer (priority, execute_after, status, entrypoint, dedupe_key, payload, headers)
   VALUES (enqueue.p_priority, COALESCE(clock."real"(enqueue.p_at), now()), 'queued'::queue.pgqueuer_status, enqueue.p_entrypoint, enqueue.p_dedupe_key, convert_to((enqueue.p_payload)::text, 'UTF8'::name), enqueue.p_headers) ON CONFLICT(dedupe_key)
   WHERE ((status = ANY (ARRAY['queued'::queue.pgqueuer_status, 'picked'::queue.pgqueuer_status])) AND (dedupe_key IS NOT NULL)) DO NOTHING
   RETURNING pgqueuer.id;
END;

-- Name: FUNCTION enqueue(p_entrypoint text, p_payload jsonb, p_at timestamp with time zone, p_priority integer, p_dedupe_key text, p_headers jsonb); Type: COMMENT; Schema: queue; Owner: -

COMMENT ON FUNCTION queue.enqueue(p_entrypoint text, p_payload jsonb, p_at timestamp with time zone, p_priority integer, p_dedupe_key text, p_headers jsonb) IS 'Puts one job into pgqueuer, in the caller''s transaction; the worker is notified at commit.
p_payload: ids only, never personal data. p_at: not before, null = at once. p_dedupe_key: a waiting job with the same key makes this a no-op.
Result: job id; null if such a job was waiting already.';

-- Name: enqueue(text, jsonb, text); Type: FUNCTION; Schema: jobs; Owner: -

CREATE FUNCTION jobs.enqueue(p_entrypoint text, p_payload jsonb, p_dedupe_key text DEFAULT NULL::text) RETURNS jsonb
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    BEGIN ATOMIC
 SELECT jsonb_build_object('job_id', queue.enqueue(p_entrypoint, p_payload, p_dedupe_key => p_dedupe_key)) AS jsonb_build_object;
END;

-- Name: FUNCTION enqueue(p_entrypoint text, p_payload jsonb, p_dedupe_key text); Type: COMMENT; Schema: jobs; Owner: -

COMMENT ON FUNCTION jobs.enqueue(p_entrypoint text, p_payload jsonb, p_dedupe_key text) IS 'Makes one job for the worker, to be done at once: the schedule asks for work this way, so that what fails is retried and held like any job.
Result: {job_id}; null if a job with the same p_dedupe_key is waiting or being done.';

-- Name: erase_again(jsonb); Type: FUNCTION; Schema: jobs; Owner: -

CREATE FUNCTION jobs.erase_again(p_erasures jsonb) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_again uuid[];
  v_left uuid[];
begin
  select
    array_agg(p.user_id order by p.user_id) filter (where not w.works),
    array_agg(p.user_id order by p.user_id) filter (where w.works)
  into v_again, v_left
  from jsonb_to_recordset(p_erasures) as e (user_id uuid)
  join account.person p on p.user_id = e.user_id and p.erased_at is null
  cross join lateral (
    select exists (select from market.booking b where b.worker_id = p.user_id and b.status = 'in_progress') as works) w;
  perform outreach.erase_person(a.user_id, clock.now()) from unnest(v_again) as a (user_id);
  return jsonb_build_object('erased', coalesce(cardinality(v_again), 0), 'left', coalesce(to_jsonb(v_left), '[]'));
end;
$$;

-- Name: FUNCTION erase_again(p_erasures jsonb); Type: COMMENT; Schema: jobs; Owner: -

COMMENT ON FUNCTION jobs.erase_again(p_erasures jsonb) IS 'After a restore: erases everybody once more who had been erased since the backup. Repeatable.
p_erasures: as jobs.erasures told them. Result: {erased, left}; left = workers with a job under way, which somebody ends first.';

-- Name: erasures(); Type: FUNCTION; Schema: jobs; Owner: -

CREATE FUNCTION jobs.erasures() RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO ''
    BEGIN ATOMIC
 SELECT jsonb_build_object('erasures', COALESCE(jsonb_agg(jsonb_build_object('user_id', p.user_id, 'erased_at', p.erased_at) ORDER BY p.erased_at, p.user_id), '[]'::jsonb)) AS jsonb_build_object
    FROM account.person p
   WHERE (p.erased_at IS NOT NULL);
END;

-- Name: FUNCTION erasures(); Type: COMMENT; Schema: jobs; Owner: -

COMMENT ON FUNCTION jobs.erasures() IS 'Who was erased, to be kept apart from the database and its backups: a restored backup knows them again.
Result: {erasures: [{user_id, erased_at}]}; ids that stand for nobody, no personal data.';

-- Name: campaign; Type: TABLE; Schema: smartengage; Owner: -

CREATE TABLE smartengage.campaign (
    campaign_id uuid DEFAULT uuidv7() NOT NULL,
    name text NOT NULL,
    kind text DEFAULT 'reminder'::text NOT NULL,
    segments text[] DEFAULT '{repeat,at_risk,new}'::text[] NOT NULL,
    channels text[] DEFAULT '{email}'::text[] NOT NULL,
    status text DEFAULT 'draft'::text NOT NULL,
    enabled boolean DEFAULT true NOT NULL,
    canary_share double precision DEFAULT 1 NOT NULL,
    holdout_share double precision DEFAULT 0.10 NOT NULL,
    window_from time without time zone DEFAULT '09:00:00'::time without time zone NOT NULL,
    window_until time without time zone DEFAULT '20:30:00'::time without time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    created_by text NOT NULL,
    repeats boolean DEFAULT true NOT NULL,
    starts_at timestamp with time zone,
    ends_at timestamp with time zone,
    widened_at timestamp with time zone,
    version integer DEFAULT 1 NOT NULL,
    changed_by text,
    changed_reason text,
    CONSTRAINT campaign_channels_are_known CHECK (((channels <@ ARRAY['email'::text, 'sms'::text, 'whatsapp'::text, 'push'::text, 'in_app'::text]) AND (cardinality(channels) > 0))),
    CONSTRAINT campaign_ends_after_start CHECK ((ends_at > starts_at)),
    CONSTRAINT campaign_kind_is_known CHECK ((kind = ANY (ARRAY['reminder'::text, 'announcement'::text]))),
    CONSTRAINT campaign_name_is_given CHECK ((btrim(name) <> ''::text)),
    CONSTRAINT campaign_scheduled_has_start CHECK (((status <> 'scheduled'::text) OR (starts_at IS NOT NULL))),
    CONSTRAINT campaign_shares_are_shares CHECK ((((canary_share >= (0)::double precision) AND (canary_share <= (1)::double precision)) AND ((holdout_share >= (0)::double precision) AND (holdout_share <= (1)::double precision)))),
    CONSTRAINT campaign_status_is_known CHECK ((status = ANY (ARRAY['draft'::text, 'scheduled'::text, 'running'::text, 'paused'::text, 'completed'::text, 'stopped'::text, 'failed'::text]))),
    CONSTRAINT campaign_window_is_within_a_day CHECK ((window_from < window_until))
);

-- Name: TABLE campaign; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON TABLE smartengage.campaign IS 'Who is written to about what. The daily reminder campaign is one row that runs every day.';

-- Name: COLUMN campaign.channels; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.campaign.channels IS 'In order of preference; the first for which a person has consent and an address is used, their own preferred channel before all.';

-- Name: COLUMN campaign.enabled; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.campaign.enabled IS 'Feature flag: off refuses every candidate with reason flag_off.';

-- Name: COLUMN campaign.canary_share; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.campaign.canary_share IS 'Share of people (stable hash) that the campaign writes to until it is widened.';

-- Name: COLUMN campaign.repeats; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.campaign.repeats IS 'True: planned every day until it ends. False: planned when asked; completed once everything it planned has ended.';

-- Name: COLUMN campaign.starts_at; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.campaign.starts_at IS 'When a scheduled campaign starts by itself.';

-- Name: COLUMN campaign.ends_at; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.campaign.ends_at IS 'When a running campaign is completed by itself; null = when somebody says so.';

-- Name: COLUMN campaign.widened_at; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.campaign.widened_at IS 'Since then it writes to everybody: the canary had passed (smartengage.judge_campaign), or an admin said so.';

-- Name: COLUMN campaign.version; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.campaign.version IS 'Raised by every change. A change that does not raise it was made by hand (trigger campaign_moves_forward).';

-- Name: COLUMN campaign.changed_by; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.campaign.changed_by IS 'Who made the last change: an admin''s id, a part of ours, or the log-in of whoever did it by hand.';

-- Name: COLUMN campaign.changed_reason; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.campaign.changed_reason IS 'Why.';

-- Name: run; Type: TABLE; Schema: smartengage; Owner: -

CREATE TABLE smartengage.run (
    run_id uuid DEFAULT uuidv7() NOT NULL,
    campaign_id uuid NOT NULL,
    trigger_key text NOT NULL,
    planned_at timestamp with time zone NOT NULL,
    candidates integer NOT NULL,
    segments text[],
    message_class text DEFAULT 'reminder'::text NOT NULL,
    template_id uuid,
    service_id uuid,
    exempt_reason text,
    CONSTRAINT run_class_is_known CHECK ((message_class = ANY (ARRAY['reminder'::text, 'announcement'::text, 'urgent'::text]))),
    CONSTRAINT run_of_announcement_names_text CHECK (((message_class = 'reminder'::text) = (template_id IS NULL))),
    CONSTRAINT run_urgency_has_reason CHECK (((message_class = 'urgent'::text) = ((exempt_reason IS NOT NULL) AND (btrim(exempt_reason) <> ''::text))))
);

-- Name: TABLE run; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON TABLE smartengage.run IS 'One planning of a campaign.';

-- Name: COLUMN run.trigger_key; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.run.trigger_key IS 'What asked for it (daily 2026-11-23, …): the same asking plans once, however many processes ask.';

-- Name: COLUMN run.candidates; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.run.candidates IS 'Counted by the planner before deciding; reconciliation compares it with the outcomes.';

-- Name: COLUMN run.segments; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.run.segments IS 'Segments it was asked for; null = all of the campaign''s.';

-- Name: COLUMN run.message_class; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.run.message_class IS 'policy.message_class of its messages.';

-- Name: COLUMN run.template_id; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.run.template_id IS 'What an announcement says; each reader gets its counterpart in their language.';

-- Name: COLUMN run.service_id; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.run.service_id IS 'What an announcement is about; null = no service.';

-- Name: COLUMN run.exempt_reason; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.run.exempt_reason IS 'Why an urgent one goes although caps are used up.';

-- Name: find_run(text, text); Type: FUNCTION; Schema: jobs; Owner: -

CREATE FUNCTION jobs.find_run(p_campaign text, p_trigger_key text) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO ''
    BEGIN ATOMIC
 SELECT jsonb_build_object('run_id', ( SELECT r.run_id
            FROM (smartengage.run r
              JOIN smartengage.campaign c ON ((c.campaign_id = r.campaign_id)))
           WHERE ((c.name = find_run.p_campaign) AND (r.trigger_key = find_run.p_trigger_key)))) AS jsonb_build_object;
END;

-- Name: FUNCTION find_run(p_campaign text, p_trigger_key text); Type: COMMENT; Schema: jobs; Owner: -

COMMENT ON FUNCTION jobs.find_run(p_campaign text, p_trigger_key text) IS 'The run that came of a trigger key, for whoever asked with jobs.request_plan.
Result: {run_id}; null while it has not been planned.';

-- Name: finish_webhook(text, text, jsonb, text, timestamp with time zone); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.finish_webhook(p_provider text, p_webhook_id text, p_events jsonb, p_fault text, p_at timestamp with time zone) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_recorded int;
begin
  perform 1
  from outreach.webhook w
  where w.provider = p_provider
    and w.webhook_id = p_webhook_id
    and w.read_at is null
  for update;
  if not found then
    return '{"recorded": 0}';
  end if;
  v_recorded := outreach.record_events(p_provider, p_events, p_at);
  update outreach.webhook w
  set read_at = p_at, events = v_recorded, fault = p_fault, body = null
  where w.provider = p_provider
    and w.webhook_id = p_webhook_id;
  return jsonb_build_object('recorded', v_recorded);
end;
$$;

-- Name: FUNCTION finish_webhook(p_provider text, p_webhook_id text, p_events jsonb, p_fault text, p_at timestamp with time zone); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.finish_webhook(p_provider text, p_webhook_id text, p_events jsonb, p_fault text, p_at timestamp with time zone) IS 'Records what a provider''s call told, or why it could not be understood, and forgets its body, all at once. p_events: see jobs.record_events.
Result: {recorded}. Repeatable.';

-- Name: finish_webhook(text, text, jsonb, text); Type: FUNCTION; Schema: jobs; Owner: -

CREATE FUNCTION jobs.finish_webhook(p_provider text, p_webhook_id text, p_events jsonb, p_fault text DEFAULT NULL::text) RETURNS jsonb
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    BEGIN ATOMIC
 SELECT outreach.finish_webhook(p_provider, p_webhook_id, p_events, p_fault, clock.now()) AS finish_webhook;
END;

-- Name: FUNCTION finish_webhook(p_provider text, p_webhook_id text, p_events jsonb, p_fault text); Type: COMMENT; Schema: jobs; Owner: -

COMMENT ON FUNCTION jobs.finish_webhook(p_provider text, p_webhook_id text, p_events jsonb, p_fault text) IS 'Records what a provider''s call told (p_events as for jobs.record_events), or p_fault = why it could not be understood.
Result: {recorded}. Repeatable.';

-- Name: housekeep(); Type: FUNCTION; Schema: jobs; Owner: -

CREATE FUNCTION jobs.housekeep() RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_pruned int;
begin
  delete from queue.pgqueuer_log l
  where l.created < now() - make_interval(days => policy.number('log.keep', clock.now())::int);
  get diagnostics v_pruned = row_count;
  return jsonb_build_object(
    'log_pruned', v_pruned,
    'accounts_pruned', account.prune(clock.now()),
    'receipts_pruned', outreach.prune_receipts(clock.now()),
    'uplifts_measured', smartengage.measure(clock.now()),
    'events_moved', market.empty_event_default(clock.now()),
    'partitions_made', market.make_event_partitions(clock.now()));
end;
$$;

-- Name: FUNCTION housekeep(); Type: COMMENT; Schema: jobs; Owner: -

COMMENT ON FUNCTION jobs.housekeep() IS 'Nightly: prunes pgqueuer''s log (log.keep days by the wall clock; nothing else does), forgets what sign-in needs no more and what receipts waited for in vain, measures what campaigns brought (smartengage.measure), moves events that came for months without a partition into one, and makes the coming months'' partitions.
Result: {log_pruned, accounts_pruned, receipts_pruned, uplifts_measured, events_moved, partitions_made}; events_moved > 0 tells that partitions had not been made ahead. Repeatable.';

-- Name: delivery; Type: TABLE; Schema: outreach; Owner: -

CREATE TABLE outreach.delivery (
    message_id uuid NOT NULL,
    attempt integer NOT NULL,
    user_id uuid NOT NULL,
    channel text NOT NULL,
    purpose text NOT NULL,
    counts boolean NOT NULL,
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
    error text,
    settled_at timestamp with time zone,
    person_limit boolean DEFAULT false NOT NULL,
    CONSTRAINT delivery_attempt_is_positive CHECK ((attempt > 0)),
    CONSTRAINT delivery_names_consent CHECK (
CASE
    WHEN (purpose = 'service'::text) THEN ((consent_channel IS NULL) AND (consent_purpose IS NULL))
    ELSE ((consent_channel IS NOT NULL) AND (consent_purpose IS NOT NULL) AND (consent_channel = channel) AND (consent_purpose = purpose))
END),
    CONSTRAINT delivery_state_is_known CHECK ((state = ANY (ARRAY['claimed'::text, 'in_doubt'::text, 'accepted'::text, 'bounced'::text, 'released'::text])))
);

-- Name: TABLE delivery; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON TABLE outreach.delivery IS 'A sending: recorded at the claim, before anything leaves. The temporal key demands a consent that covers the instant; a trigger takes the slots.';

-- Name: COLUMN delivery.sent_at; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.delivery.sent_at IS 'The instant of the claim; consent and caps are judged at it.';

-- Name: COLUMN delivery.consent_channel; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.delivery.consent_channel IS 'With consent_purpose, the consent it stands on; empty only for purpose service.';

-- Name: COLUMN delivery.state; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.delivery.state IS 'claimed > accepted > bounced | in_doubt (answer lost) | released (refused before acceptance: holds no slot).';

-- Name: COLUMN delivery.template_id; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.delivery.template_id IS 'The message''s at the claim; the message''s own key guards it.';

-- Name: COLUMN delivery.body; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.delivery.body IS 'The text as sent, tokens filled, links shown as {link} and {stop_link}: the tokens themselves are kept only hashed.';

-- Name: COLUMN delivery.person_limit; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.delivery.person_limit IS 'The provider did not deliver it because this person had enough of such messages, from everybody together.';

-- Name: in_doubt(text, integer, text); Type: FUNCTION; Schema: jobs; Owner: -

CREATE FUNCTION jobs.in_doubt(p_channel text, p_limit integer, p_adapter text DEFAULT NULL::text) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO ''
    BEGIN ATOMIC
 SELECT jsonb_build_object('messages', COALESCE(jsonb_agg(jsonb_build_object('message_id', x.message_id, 'attempt', x.attempt)), '[]'::jsonb)) AS jsonb_build_object
    FROM ( SELECT m.message_id,
             m.attempt
            FROM (outreach.message m
              JOIN outreach.delivery d ON (((d.message_id = m.message_id) AND (d.attempt = m.attempt))))
           WHERE ((m.state = 'in_doubt'::text) AND (m.channel = in_doubt.p_channel) AND ((in_doubt.p_adapter IS NULL) OR (d.adapter = in_doubt.p_adapter)))
           ORDER BY m.state_at
          LIMIT in_doubt.p_limit) x;
END;

-- Name: FUNCTION in_doubt(p_channel text, p_limit integer, p_adapter text); Type: COMMENT; Schema: jobs; Owner: -

COMMENT ON FUNCTION jobs.in_doubt(p_channel text, p_limit integer, p_adapter text) IS 'Sendings of a channel whose answer was lost, oldest first, for adapters that can look them up; with p_adapter only those that it had in hand.
Result: {messages: [{message_id, attempt}]}.';

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

-- Name: installation(); Type: FUNCTION; Schema: jobs; Owner: -

CREATE FUNCTION jobs.installation() RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO ''
    BEGIN ATOMIC
 SELECT jsonb_build_object('kind', i.kind, 'is_empty', (NOT (EXISTS ( SELECT
            FROM account.person)))) AS jsonb_build_object
    FROM policy.installation i;
END;

-- Name: FUNCTION installation(); Type: COMMENT; Schema: jobs; Owner: -

COMMENT ON FUNCTION jobs.installation() IS 'What this database is: {kind: live | demo, is_empty: nobody in it yet}. The demo day asks before it touches the clock.';

-- Name: judge_campaign(uuid, timestamp with time zone); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.judge_campaign(p_campaign_id uuid, p_at timestamp with time zone) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_campaign smartengage.campaign;
  v_bad jsonb;
  v_good boolean;
begin
  select c.* into v_campaign
  from smartengage.campaign c
  where c.campaign_id = p_campaign_id
  for no key update;

  select jsonb_object_agg(g.guardrail, to_jsonb(g) - 'guardrail' - 'verdict') filter (where g.verdict = 'bad'),
         -- An even split is judged where it can be; a small canary of a small holdout must not wait for it for ever.
         bool_and(g.verdict = 'good' or g.guardrail = 'sample_ratio' and g.verdict = 'too_early')
  into v_bad, v_good
  from smartengage.guardrails(p_campaign_id, p_at) g;

  if v_bad is not null and v_campaign.status in ('running', 'paused', 'completed') then
    perform smartengage.roll_back(
      p_campaign_id, null, 'guardrails', (select string_agg(k, ', ' order by k) from jsonb_object_keys(v_bad) k), p_at);
    perform policy.raise_alert(
      'campaign_stopped', 'campaign ' || p_campaign_id,
      jsonb_build_object('campaign_id', p_campaign_id, 'canary', v_campaign.canary_share < 1 and v_campaign.widened_at is null,
                         'guardrails', v_bad), p_at);
    return 'stopped';
  end if;

  if v_good and v_campaign.status = 'running' and v_campaign.canary_share < 1 and v_campaign.widened_at is null
     and exists (
       select
       from smartengage.run r
       join outreach.message m on m.run_id = r.run_id
       join outreach.delivery d on d.message_id = m.message_id and d.state <> 'released'
       where r.campaign_id = p_campaign_id
         and d.sent_at <= p_at - make_interval(hours => policy.number('canary.hold', p_at)::int)) then
    perform smartengage.widen(p_campaign_id, 'guardrails', 'the canary passed', p_at);
    return 'widened';
  end if;
  return 'unchanged';
end;
$$;

-- Name: FUNCTION judge_campaign(p_campaign_id uuid, p_at timestamp with time zone); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.judge_campaign(p_campaign_id uuid, p_at timestamp with time zone) IS 'Stops a campaign whose guardrails are bad (smartengage.guardrails), with an alert (campaign_stopped) that has the numbers; opens one to everybody whose canary has been out for canary.hold and is good by all of them.
Result: stopped, widened, or unchanged. Repeatable.';

-- Name: judge_campaigns(); Type: FUNCTION; Schema: jobs; Owner: -

CREATE FUNCTION jobs.judge_campaigns() RETURNS jsonb
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    BEGIN ATOMIC
 SELECT jsonb_build_object('judged', count(*), 'stopped', COALESCE(jsonb_agg(j.campaign_id) FILTER (WHERE (j.verdict = 'stopped'::text)), '[]'::jsonb), 'widened', COALESCE(jsonb_agg(j.campaign_id) FILTER (WHERE (j.verdict = 'widened'::text)), '[]'::jsonb)) AS jsonb_build_object
    FROM ( SELECT c.campaign_id,
             smartengage.judge_campaign(c.campaign_id, clock.now()) AS verdict
            FROM smartengage.campaign c
           WHERE ((c.status = ANY (ARRAY['running'::text, 'paused'::text, 'completed'::text])) AND (EXISTS ( SELECT
                    FROM smartengage.run r
                   WHERE ((r.campaign_id = c.campaign_id) AND (r.planned_at > (clock.now() - make_interval(days => (( SELECT policy.number('guardrail.window'::text, clock.now()) AS number))::integer)))))))
           ORDER BY c.campaign_id) j;
END;

-- Name: FUNCTION judge_campaigns(); Type: COMMENT; Schema: jobs; Owner: -

COMMENT ON FUNCTION jobs.judge_campaigns() IS 'Judges every campaign with a run of late by its guardrails: stops bad ones with an alert, widens good canaries; see smartengage.judge_campaign.
Result: {judged, stopped: [campaign_id], widened: [campaign_id]}. Repeatable.';

-- Name: next_due(uuid); Type: FUNCTION; Schema: jobs; Owner: -

CREATE FUNCTION jobs.next_due(p_run_id uuid) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO ''
    BEGIN ATOMIC
 SELECT jsonb_build_object('next_due_at', min(
         CASE m.state
             WHEN 'claimed'::text THEN m.state_at
             ELSE m.due_at
         END)) AS jsonb_build_object
    FROM outreach.message m
   WHERE ((m.run_id = next_due.p_run_id) AND (m.state = ANY (ARRAY['scheduled'::text, 'claimed'::text])));
END;

-- Name: FUNCTION next_due(p_run_id uuid); Type: COMMENT; Schema: jobs; Owner: -

COMMENT ON FUNCTION jobs.next_due(p_run_id uuid) IS 'When the next message of a run that is still waiting is due, for whoever waits for its end.
Result: {next_due_at}; null when none is waiting.';

-- Name: plan_campaign(uuid, text, text[]); Type: FUNCTION; Schema: jobs; Owner: -

CREATE FUNCTION jobs.plan_campaign(p_campaign_id uuid, p_trigger_key text, p_segments text[] DEFAULT NULL::text[]) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  perform smartengage.refresh(clock.now());
  return smartengage.plan_or_fail(p_campaign_id, p_trigger_key, clock.now(), p_segments);
end;
$$;

-- Name: FUNCTION plan_campaign(p_campaign_id uuid, p_trigger_key text, p_segments text[]); Type: COMMENT; Schema: jobs; Owner: -

COMMENT ON FUNCTION jobs.plan_campaign(p_campaign_id uuid, p_trigger_key text, p_segments text[]) IS 'Plans a run of one campaign now, with fresh profiles; p_segments: only these of its segments.
Result: see smartengage.plan_or_fail. Repeatable: a trigger key plans once. Errors: SH404.';

-- Name: plan_daily(); Type: FUNCTION; Schema: jobs; Owner: -

CREATE FUNCTION jobs.plan_daily() RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_day date := (clock.now() at time zone policy.default_zone())::date;
  v_runs jsonb;
begin
  -- Two processes may run the schedule: the second waits here, then finds today's runs made.
  perform pg_advisory_xact_lock(hashtextextended('jobs.plan_daily', 0));
  if exists (
    select
    from smartengage.campaign c
    where c.status = 'running'
      and c.kind = 'reminder'
      and c.repeats
      and not exists (select from smartengage.run r where r.campaign_id = c.campaign_id and r.trigger_key = 'daily ' || v_day)) then
    perform smartengage.refresh(clock.now());
    perform smartengage.judge_variants(clock.now());
  end if;
  select coalesce(jsonb_agg(smartengage.plan_or_fail(c.campaign_id, 'daily ' || v_day, clock.now()) order by c.created_at, c.campaign_id), '[]')
  into v_runs
  from smartengage.campaign c
  where c.status = 'running'
    and c.kind = 'reminder'
    and c.repeats;
  return jsonb_build_object('day', v_day, 'runs', v_runs);
end;
$$;

-- Name: FUNCTION plan_daily(); Type: COMMENT; Schema: jobs; Owner: -

COMMENT ON FUNCTION jobs.plan_daily() IS 'Plans every running campaign that repeats for the local day of the default zone.
Result: {day, runs: [see smartengage.plan_or_fail]}. Repeatable: each campaign is planned once a day, however many processes ask.';

-- Name: record_code_outcome(uuid, text, boolean); Type: FUNCTION; Schema: jobs; Owner: -

CREATE FUNCTION jobs.record_code_outcome(p_request_id uuid, p_outcome text, p_is_final boolean) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  update account.one_time_code c
  set outcome = left(p_outcome, 100),
      sent_at = case when p_is_final then clock.now() end,
      sealed = case when p_is_final then null else c.sealed end
  where c.request_id = p_request_id
    and c.sent_at is null;
  return jsonb_build_object('recorded', found);
end;
$$;

-- Name: FUNCTION record_code_outcome(p_request_id uuid, p_outcome text, p_is_final boolean); Type: COMMENT; Schema: jobs; Owner: -

COMMENT ON FUNCTION jobs.record_code_outcome(p_request_id uuid, p_outcome text, p_is_final boolean) IS 'Notes what became of sending a one-time code; with p_is_final the sealed part is gone.
p_outcome: accepted, or a short reason without personal data. Result: {recorded}.';

-- Name: record_events(text, jsonb, timestamp with time zone); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.record_events(p_source text, p_events jsonb, p_at timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_message_ids uuid[];
  v_event_ids uuid[];
begin
  -- Whose each event is: by our own id, by the short form of it, or by the provider's name for the message.
  select array_agg(found.message_id order by e.place) into v_message_ids
  from rows from (jsonb_to_recordset(p_events) as (message_id uuid, reference text, provider_id text))
    with ordinality as e (message_id, reference, provider_id, place)
  left join lateral (
    select coalesce(
      (select m.message_id from outreach.message m where m.message_id = e.message_id and m.state <> 'ghost'),
      (select d.message_id from outreach.delivery d where d.channel = 'sms' and outreach.short_id(d.message_id) = e.reference
       order by d.sent_at desc limit 1),
      (select d.message_id from outreach.delivery d where d.adapter = p_source and d.provider_id = e.provider_id
       order by d.sent_at desc limit 1)) as message_id
  ) found on true;

  -- Before the events refer to them, else two calls could each hold what the other wants.
  perform 1
  from outreach.message m
  where m.message_id = any (v_message_ids)
  order by m.message_id
  for update;

  with told as (
    insert into outreach.event
      (message_id, kind, happened_at, recorded_at, source, source_event_id, is_machine, provider_id, attempt, bounce, detail)
    select
      e.found_id, e.kind, coalesce(e.happened_at, p_at), p_at, p_source, e.source_event_id, coalesce(e.is_machine, false),
      e.provider_id, e.attempt,
      case when e.kind = 'bounced' then outreach.bounce_class(e.detail) end,
      coalesce(e.detail, '{}')
        || case when e.found_id is null and e.message_id is not null then jsonb_build_object('message_id', e.message_id) else '{}' end
    from rows from (
      jsonb_to_recordset(p_events) as (
        message_id uuid, provider_id text, attempt int, kind text, happened_at timestamptz, source_event_id text,
        is_machine boolean, detail jsonb),
      unnest(v_message_ids))
      as e (message_id, provider_id, attempt, kind, happened_at, source_event_id, is_machine, detail, found_id)
    on conflict (source, source_event_id) do nothing
    returning event_id
  )
  select array_agg(t.event_id) into v_event_ids from told t;
  perform outreach.apply_events(v_event_ids, p_at);
  return coalesce(cardinality(v_event_ids), 0);
end;
$$;

-- Name: FUNCTION record_events(p_source text, p_events jsonb, p_at timestamp with time zone); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.record_events(p_source text, p_events jsonb, p_at timestamp with time zone) IS 'Receipts and what readers did, in any order and as often as they are told: each event (source, source_event_id) counts once; see outreach.apply_events for what it does.
An event is its message''s by message_id, by reference (outreach.short_id), or by (source, provider_id) as the delivery''s adapter recorded them; told by a provider_id that no delivery has yet, it waits for outreach.match_events.
p_events: array, see jobs.record_events. Result: how many were new.';

-- Name: record_events(text, jsonb); Type: FUNCTION; Schema: jobs; Owner: -

CREATE FUNCTION jobs.record_events(p_source text, p_events jsonb) RETURNS jsonb
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    BEGIN ATOMIC
 SELECT jsonb_build_object('recorded', outreach.record_events(p_source, p_events, clock.now())) AS jsonb_build_object;
END;

-- Name: FUNCTION record_events(p_source text, p_events jsonb); Type: COMMENT; Schema: jobs; Owner: -

COMMENT ON FUNCTION jobs.record_events(p_source text, p_events jsonb) IS 'Receipts of a provider: array of {message_id | reference | provider_id, attempt, kind: sent | delivered | opened | clicked | bounced | complained | returned, happened_at, source_event_id, is_machine, detail}; p_source is the adapter''s name; detail of a bounce: {bounce: hard | soft | mailbox_full | vacation, status: code of RFC 3463}; of what was returned: {again: whether it may be sent again, retry_after (seconds), person_limit}.
Result: {recorded}. Repeatable: a source_event_id counts once.';

-- Name: model_cost(integer, integer, timestamp with time zone); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.model_cost(p_tokens_in integer, p_tokens_out integer, p_at timestamp with time zone) RETURNS bigint
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (ceil(((((p_tokens_in)::double precision * policy.number('model.price_in'::text, p_at)) + ((p_tokens_out)::double precision * policy.number('model.price_out'::text, p_at))) / (1000)::double precision)))::bigint;

-- Name: FUNCTION model_cost(p_tokens_in integer, p_tokens_out integer, p_at timestamp with time zone); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.model_cost(p_tokens_in integer, p_tokens_out integer, p_at timestamp with time zone) IS 'What tokens of the model cost in millionths of a US dollar, by the rules model.price_in and model.price_out in force at an instant; rounded up.';

-- Name: record_model_failure(text, integer, text, text, uuid, integer, integer, integer); Type: FUNCTION; Schema: jobs; Owner: -

CREATE FUNCTION jobs.record_model_failure(p_cohort text, p_prompt_version integer, p_model text, p_reason text, p_run_id uuid DEFAULT NULL::uuid, p_requests integer DEFAULT 1, p_tokens_in integer DEFAULT 0, p_tokens_out integer DEFAULT 0) RETURNS jsonb
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    BEGIN ATOMIC
 INSERT INTO outreach.model_call (cohort, prompt_version, model, called_at, tokens_in, tokens_out, failure, run_id, requests, cost_micro)
   VALUES (record_model_failure.p_cohort, record_model_failure.p_prompt_version, record_model_failure.p_model, clock.now(), record_model_failure.p_tokens_in, record_model_failure.p_tokens_out, record_model_failure.p_reason, record_model_failure.p_run_id, record_model_failure.p_requests, outreach.model_cost(record_model_failure.p_tokens_in, record_model_failure.p_tokens_out, clock.now()))
   RETURNING '{}'::jsonb AS jsonb;
END;

-- Name: FUNCTION record_model_failure(p_cohort text, p_prompt_version integer, p_model text, p_reason text, p_run_id uuid, p_requests integer, p_tokens_in integer, p_tokens_out integer); Type: COMMENT; Schema: jobs; Owner: -

COMMENT ON FUNCTION jobs.record_model_failure(p_cohort text, p_prompt_version integer, p_model text, p_reason text, p_run_id uuid, p_requests integer, p_tokens_in integer, p_tokens_out integer) IS 'A call of the model that brought no answer (time-out, 429, 5xx, refusal, …), with the requests it took and the tokens they used; all of it counts towards the day''s budget.
Result: {}.';

-- Name: record_outcomes(jsonb, timestamp with time zone); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.record_outcomes(p_outcomes jsonb, p_at timestamp with time zone) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_result jsonb;
begin
  perform 1
  from outreach.message m
  where m.message_id in (select (o ->> 'message_id')::uuid from jsonb_array_elements(p_outcomes) o)
  order by m.message_id
  for update;

  with told as materialized (
    select distinct on (o.message_id, o.attempt)
      o.*, m.channel, m.user_id, m.failures, m.useful_until,
      case
        when o.outcome <> 'later' then o.outcome
        when m.failures + 1 > (select policy.number('retry.max', p_at)) then 'given_up'
        when retry.at > m.useful_until then 'too_late'
        else 'later'
      end as ends,
      retry.at as retry_at
    from jsonb_to_recordset(p_outcomes) as o (
      message_id uuid, attempt int, adapter text, outcome text, provider_id text, error text,
      address_is_bad boolean, retry_after double precision, person_limit boolean, taken_back boolean)
    join outreach.message m on m.message_id = o.message_id
    -- Only an open claim takes an outcome, so telling twice changes nothing; an accepted one can only be taken back.
    join outreach.delivery d
      on d.message_id = o.message_id
     and d.attempt = o.attempt
     and (d.state in ('claimed', 'in_doubt') or o.taken_back and d.state = 'accepted' and m.state in ('in_doubt', 'sent'))
    cross join lateral (
      select case
        when o.person_limit then
          3600 * (select policy.number('retry.person_limit', p_at))
          * power(2, (select least(count(*), 16) from outreach.delivery b where b.message_id = o.message_id and b.person_limit))
        else (select policy.number('retry.base', p_at)) * power(2, least(m.failures, 16))
      end as seconds
    ) wait
    cross join lateral (
      select p_at + make_interval(secs => greatest(coalesce(o.retry_after, 0), wait.seconds)) as at
    ) retry
    where o.outcome in ('accepted', 'refused', 'later')
       or o.outcome = 'unknown' and d.state = 'claimed'
    order by o.message_id, o.attempt
  ),
  delivered as (
    update outreach.delivery d
    set state = case t.outcome when 'accepted' then 'accepted' when 'unknown' then 'in_doubt' else 'released' end,
        adapter = t.adapter,
        provider_id = coalesce(t.provider_id, d.provider_id),
        error = coalesce(d.error, t.error),
        person_limit = coalesce(t.person_limit, false),
        settled_at = case when t.outcome <> 'unknown' then p_at end
    from told t
    where d.message_id = t.message_id
      and d.attempt = t.attempt
    returning d.message_id
  ),
  moved as (
    update outreach.message m
    set state = case t.ends when 'accepted' then 'sent' when 'unknown' then 'in_doubt' when 'later' then 'scheduled'
                            when 'too_late' then 'expired' else 'failed' end,
        state_at = p_at,
        failures = m.failures + (t.outcome = 'later')::int,
        due_at = case when t.ends = 'later' then t.retry_at else m.due_at end,
        reason = case t.ends when 'refused' then 'provider_refused'
                             when 'later' then case when t.person_limit then 'person_limit' else 'provider_later' end
                             when 'given_up' then 'retries_used_up' when 'too_late' then 'too_late' end,
        rule = w.rule,
        rule_version = case when w.rule is not null then policy.version(w.rule, p_at) end
    from told t
    cross join lateral (
      select case t.ends when 'later' then case when t.person_limit then 'retry.person_limit' end
                         when 'given_up' then 'retry.max' when 'too_late' then 'reminder.useful_for' end as rule
    ) w
    -- A receipt may have come before our own word: then the message is further already and stays there.
    where m.message_id = t.message_id
      and (m.state in ('claimed', 'in_doubt') or t.taken_back and m.state = 'sent')
    returning m.channel, m.due_at, m.state
  ),
  suppressed as (
    update account.contact c
    set suppressed_at = p_at, suppressed_reason = 'refused'
    from told t
    where t.address_is_bad
      and t.outcome = 'refused'
      and c.user_id = t.user_id
      and c.channel = t.channel
      and c.suppressed_at is null
  ),
  woken as (
    select outreach.wake(m.channel, array_agg(m.due_at)) from moved m where m.state = 'scheduled' group by m.channel
  )
  select jsonb_build_object(
    'accepted', count(*) filter (where t.ends = 'accepted'),
    'failed', count(*) filter (where t.ends in ('refused', 'given_up', 'too_late')),
    'retry', count(*) filter (where t.ends = 'later') + 0 * (select count(*) from woken),
    'in_doubt', count(*) filter (where t.ends = 'unknown'))
  into v_result
  from told t;

  -- Receipts that were quicker than this word of ours know the message by the provider's name, which is known only now.
  if exists (select from outreach.event e where e.message_id is null and e.provider_id is not null) then
    perform outreach.match_events(
      (select array_agg(o ->> 'provider_id') from jsonb_array_elements(p_outcomes) o where o ->> 'provider_id' is not null), p_at);
  end if;
  return v_result;
end;
$$;

-- Name: FUNCTION record_outcomes(p_outcomes jsonb, p_at timestamp with time zone); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.record_outcomes(p_outcomes jsonb, p_at timestamp with time zone) IS 'What became of claimed messages: accepted (sent), refused (failed, slot released; a bad address is suppressed), later (slot released, due again with a doubling wait inside useful_until), unknown (in doubt: keeps its slot, is never blindly repeated).
With person_limit the wait is retry.person_limit hours, twice as long each time this message meets it. With taken_back (outreach.take_back) it also ends a sending that was accepted.
p_outcomes: array, see jobs.record_outcomes. Repeatable: only open claims take an outcome; the first error text is kept.';

-- Name: record_outcomes(jsonb); Type: FUNCTION; Schema: jobs; Owner: -

CREATE FUNCTION jobs.record_outcomes(p_outcomes jsonb) RETURNS jsonb
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    BEGIN ATOMIC
 SELECT outreach.record_outcomes(p_outcomes, clock.now()) AS record_outcomes;
END;

-- Name: FUNCTION record_outcomes(p_outcomes jsonb); Type: COMMENT; Schema: jobs; Owner: -

COMMENT ON FUNCTION jobs.record_outcomes(p_outcomes jsonb) IS 'What became of claimed messages: array of {message_id, attempt, adapter, outcome: accepted | refused | later | unknown, provider_id, error, address_is_bad, retry_after (seconds), person_limit (the provider finds that this person gets enough for now)}.
Result: {accepted, failed, retry, in_doubt}. Repeatable.';

-- Name: run_figures; Type: VIEW; Schema: outreach; Owner: -

CREATE VIEW outreach.run_figures AS
 SELECT run_id,
    count(*) FILTER (WHERE (state <> 'ghost'::text)) AS messages,
    count(*) FILTER (WHERE (state = 'ghost'::text)) AS ghosts,
    count(*) FILTER (WHERE (state = ANY (ARRAY['sent'::text, 'delivered'::text, 'opened'::text, 'clicked'::text, 'booked'::text, 'bounced'::text]))) AS sent,
    count(*) FILTER (WHERE (state = 'in_doubt'::text)) AS in_doubt,
    count(*) FILTER (WHERE (state = 'expired'::text)) AS expired,
    count(*) FILTER (WHERE (state = 'refused'::text)) AS refused_at_claim,
    count(*) FILTER (WHERE (state = 'failed'::text)) AS failed,
    count(*) FILTER (WHERE (state = ANY (ARRAY['scheduled'::text, 'claimed'::text]))) AS waiting
   FROM outreach.message m
  WHERE (run_id IS NOT NULL)
  GROUP BY run_id;

-- Name: VIEW run_figures; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON VIEW outreach.run_figures IS 'Where the messages of each run are now; a row per run that made any.';

-- Name: COLUMN run_figures.run_id; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.run_figures.run_id IS 'smartengage.run.';

-- Name: COLUMN run_figures.messages; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.run_figures.messages IS 'Messages, ghosts not counted.';

-- Name: COLUMN run_figures.ghosts; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.run_figures.ghosts IS 'Holdout: planned, never sent.';

-- Name: COLUMN run_figures.sent; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.run_figures.sent IS 'Accepted by the provider, whatever came after.';

-- Name: COLUMN run_figures.in_doubt; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.run_figures.in_doubt IS 'Handed over, answer lost.';

-- Name: COLUMN run_figures.expired; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.run_figures.expired IS 'No longer useful when they could have gone.';

-- Name: COLUMN run_figures.refused_at_claim; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.run_figures.refused_at_claim IS 'Refused by a gate at the moment of sending.';

-- Name: COLUMN run_figures.failed; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.run_figures.failed IS 'Refused for good by the provider, or retries used up.';

-- Name: COLUMN run_figures.waiting; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.run_figures.waiting IS 'Scheduled or claimed.';

-- Name: reconciliation; Type: VIEW; Schema: smartengage; Owner: -

CREATE VIEW smartengage.reconciliation AS
 SELECT r.run_id,
    r.campaign_id,
    r.trigger_key,
    r.planned_at,
    r.candidates,
    c.messages,
    c.ghosts,
    c.refused,
    COALESCE(f.sent, (0)::bigint) AS sent,
    COALESCE(f.in_doubt, (0)::bigint) AS in_doubt,
    COALESCE(f.expired, (0)::bigint) AS expired,
    COALESCE(f.refused_at_claim, (0)::bigint) AS refused_at_claim,
    COALESCE(f.failed, (0)::bigint) AS failed,
    COALESCE(f.waiting, (0)::bigint) AS waiting,
    ((r.candidates = ((c.messages + c.ghosts) + c.refused)) AND (c.messages = COALESCE(f.messages, (0)::bigint)) AND (c.ghosts = COALESCE(f.ghosts, (0)::bigint)) AND (c.messages = COALESCE((((((f.sent + f.expired) + f.refused_at_claim) + f.failed) + f.in_doubt) + f.waiting), (0)::bigint))) AS identity_holds
   FROM ((smartengage.run r
     CROSS JOIN LATERAL ( SELECT count(*) FILTER (WHERE (x.outcome = 'message'::text)) AS messages,
            count(*) FILTER (WHERE (x.outcome = 'ghost'::text)) AS ghosts,
            count(*) FILTER (WHERE (x.outcome = 'refused'::text)) AS refused
           FROM smartengage.candidate x
          WHERE (x.run_id = r.run_id)) c)
     LEFT JOIN outreach.run_figures f ON ((f.run_id = r.run_id)));

-- Name: VIEW reconciliation; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON VIEW smartengage.reconciliation IS 'A row per run: every candidate is accounted for, and every message. candidates = messages + ghosts + refused; messages = sent + expired + refused_at_claim + failed + in_doubt + waiting.';

-- Name: COLUMN reconciliation.run_id; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.reconciliation.run_id IS 'The run.';

-- Name: COLUMN reconciliation.campaign_id; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.reconciliation.campaign_id IS 'Its campaign.';

-- Name: COLUMN reconciliation.trigger_key; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.reconciliation.trigger_key IS 'What asked for it.';

-- Name: COLUMN reconciliation.planned_at; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.reconciliation.planned_at IS 'The instant it was planned for.';

-- Name: COLUMN reconciliation.candidates; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.reconciliation.candidates IS 'People and services due, counted before deciding.';

-- Name: COLUMN reconciliation.messages; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.reconciliation.messages IS 'Outcomes that are messages.';

-- Name: COLUMN reconciliation.ghosts; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.reconciliation.ghosts IS 'Outcomes held out.';

-- Name: COLUMN reconciliation.refused; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.reconciliation.refused IS 'Outcomes refused when planned.';

-- Name: COLUMN reconciliation.sent; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.reconciliation.sent IS 'Accepted by a provider.';

-- Name: COLUMN reconciliation.in_doubt; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.reconciliation.in_doubt IS 'Handed over, answer lost.';

-- Name: COLUMN reconciliation.expired; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.reconciliation.expired IS 'No longer useful when they could have gone.';

-- Name: COLUMN reconciliation.refused_at_claim; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.reconciliation.refused_at_claim IS 'Refused by a gate at the moment of sending.';

-- Name: COLUMN reconciliation.failed; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.reconciliation.failed IS 'Refused for good by a provider, or retries used up.';

-- Name: COLUMN reconciliation.waiting; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.reconciliation.waiting IS 'Scheduled or claimed.';

-- Name: COLUMN reconciliation.identity_holds; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.reconciliation.identity_holds IS 'Whether both sums are right.';

-- Name: run_report(uuid); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.run_report(p_run_id uuid) RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT jsonb_build_object('run_id', r.run_id, 'trigger_key', r.trigger_key, 'planned_at', r.planned_at, 'candidates', r.candidates, 'messages', r.messages, 'ghosts', r.ghosts, 'refused', r.refused, 'refusals', ( SELECT COALESCE(jsonb_object_agg(x.reason, x.n ORDER BY x.n DESC), '{}'::jsonb) AS "coalesce"
            FROM ( SELECT c.reason,
                     count(*) AS n
                    FROM smartengage.candidate c
                   WHERE ((c.run_id = run_report.p_run_id) AND (c.outcome = 'refused'::text))
                   GROUP BY c.reason) x), 'sent', r.sent, 'in_doubt', r.in_doubt, 'expired', r.expired, 'failed', r.failed, 'refused_at_claim', r.refused_at_claim, 'waiting', r.waiting, 'identity_holds', r.identity_holds) AS jsonb_build_object
    FROM smartengage.reconciliation r
   WHERE (r.run_id = run_report.p_run_id);
END;

-- Name: FUNCTION run_report(p_run_id uuid); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.run_report(p_run_id uuid) IS 'The figures of a run: {run_id, trigger_key, planned_at, candidates, messages, ghosts, refused, refusals: {reason: n}, sent, in_doubt, expired, failed, refused_at_claim, waiting, identity_holds}; null for an unknown run.';

-- Name: report(uuid); Type: FUNCTION; Schema: jobs; Owner: -

CREATE FUNCTION jobs.report(p_run_id uuid) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO ''
    BEGIN ATOMIC
 SELECT smartengage.run_report(p_run_id) AS run_report;
END;

-- Name: FUNCTION report(p_run_id uuid); Type: COMMENT; Schema: jobs; Owner: -

COMMENT ON FUNCTION jobs.report(p_run_id uuid) IS 'The figures of a run: see smartengage.run_report; null for an unknown run.';

-- Name: request_plan(text, text); Type: FUNCTION; Schema: jobs; Owner: -

CREATE FUNCTION jobs.request_plan(p_campaign text, p_trigger_key text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
  v_campaign_id uuid;
begin
  select c.campaign_id into v_campaign_id
  from smartengage.campaign c
  where c.name = p_campaign;
  if not found then
    raise exception 'There is no campaign of this name' using errcode = 'SH404', detail = p_campaign;
  end if;
  return jsonb_build_object(
    'campaign_id', v_campaign_id,
    'job_id', smartengage.ask_plan(v_campaign_id, p_trigger_key, null));
end;
$$;

-- Name: FUNCTION request_plan(p_campaign text, p_trigger_key text); Type: COMMENT; Schema: jobs; Owner: -

COMMENT ON FUNCTION jobs.request_plan(p_campaign text, p_trigger_key text) IS 'Asks the worker to plan a run of the campaign of this name now.
Result: {campaign_id, job_id}; job_id null if it was asked for already and waits. Errors: SH404. Asking twice with the same trigger key plans once (smartengage.plan).';

-- Name: washed_name(text); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.washed_name(p_name text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT n.name
    FROM ( SELECT btrim(regexp_replace(regexp_replace(NORMALIZE(washed_name.p_name, NFC), '[{}<>\u0001-\u0008\u000e-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]'::text, ''::text, 'g'::text), '[\s\u00a0\u2000-\u200a\u3000]+'::text, ' '::text, 'g'::text), ' .,;:!?।|*_~"''-–—'::text) AS name) n
   WHERE ((n.name ~ '[A-Za-z\u00c0-\u024f\u0985-\u09b9\u09dc-\u09e1]'::text) AND (n.name !~ '(?i)[0-9০-৯@/\\]|\.(com|net|org|info|bd|xyz|io|me|app|link|site|shop|top)([^a-z]|$)'::text) AND (char_length(n.name) <= 60) AND (lower((n.name COLLATE "C")) <> ALL (ARRAY['na'::text, 'null'::text, 'none'::text, 'nil'::text, 'unknown'::text, 'test'::text, 'customer'::text, 'user'::text, 'guest'::text, 'নাই'::text, 'নেই'::text, 'নাম নেই'::text, 'গ্রাহক'::text, 'অজানা'::text])));
END;

-- Name: FUNCTION washed_name(p_name text); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.washed_name(p_name text) IS 'A name without braces (it must not become a token), invisible and control characters, line breaks, doubled spaces and punctuation at its ends.
Result: null for what is no name: blank, without a letter, a phone number, an address, a link, longer than 60 characters, or a placeholder such as N/A.';

-- Name: display_name(text); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.display_name(p_name text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (p_name ~ '^[A-Za-z\u0985-\u09b9\u09dc-\u09e1][A-Za-z\u0981-\u09e3\u200c\u200d]{1,20}\.?( [A-Za-z\u0985-\u09b9\u09dc-\u09e1][A-Za-z\u0981-\u09e3\u200c\u200d]*){1,3}$'::text) THEN p_name ELSE outreach.washed_name(p_name) END;

-- Name: FUNCTION display_name(p_name text); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.display_name(p_name text) IS 'A person''s name as it may stand in a message; null where there is none to be used (see outreach.washed_name).';

-- Name: samples(uuid, integer); Type: FUNCTION; Schema: jobs; Owner: -

CREATE FUNCTION jobs.samples(p_run_id uuid, p_limit integer) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO ''
    BEGIN ATOMIC
 SELECT jsonb_build_object('messages', COALESCE(jsonb_agg(jsonb_build_object('message_id', x.message_id, 'language', x.language, 'subject', x.subject, 'body', x.body)), '[]'::jsonb)) AS jsonb_build_object
    FROM ( SELECT m.message_id,
             t.language,
             d.subject,
             COALESCE(replace(d.body, outreach.display_name(p.full_name), '•••'::text), d.body) AS body
            FROM (((outreach.message m
              JOIN outreach.delivery d ON (((d.message_id = m.message_id) AND (d.attempt = m.attempt) AND (d.state = 'accepted'::text))))
              JOIN outreach.template t ON ((t.template_id = d.template_id)))
              JOIN account.person p ON ((p.user_id = m.user_id)))
           WHERE (m.run_id = samples.p_run_id)
           ORDER BY t.language, (row_number() OVER (PARTITION BY d.template_id ORDER BY (cardinality(m.add_on_ids)) DESC, m.message_id)), (md5((m.message_id)::text))
          LIMIT samples.p_limit) x;
END;

-- Name: FUNCTION samples(p_run_id uuid, p_limit integer); Type: COMMENT; Schema: jobs; Owner: -

COMMENT ON FUNCTION jobs.samples(p_run_id uuid, p_limit integer) IS 'A few messages of a run as they were sent, Bengali first, names masked, links shown as {link} and {stop_link}.
Result: {messages: [{message_id, language, subject, body}]}.';

-- Name: settle(jsonb, timestamp with time zone); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.settle(p_results jsonb, p_at timestamp with time zone) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_found jsonb;
  v_lost jsonb;
begin
  select
    coalesce(jsonb_agg(r || '{"outcome": "accepted"}') filter (where (r ->> 'found')::boolean), '[]'),
    coalesce(jsonb_agg(r || '{"outcome": "later", "error": "not found at the provider"}') filter (where not (r ->> 'found')::boolean), '[]')
  into v_found, v_lost
  from jsonb_array_elements(p_results) r
  -- Only what is in doubt is settled by a look-up: a claim in hand may be on its way this moment.
  join outreach.delivery d
    on d.message_id = (r ->> 'message_id')::uuid
   and d.attempt = (r ->> 'attempt')::int
   and d.state = 'in_doubt';
  v_found := outreach.record_outcomes(v_found, p_at);
  v_lost := outreach.record_outcomes(v_lost, p_at);
  return jsonb_build_object('accepted', v_found -> 'accepted', 'released', (v_lost ->> 'retry')::int + (v_lost ->> 'failed')::int);
end;
$$;

-- Name: FUNCTION settle(p_results jsonb, p_at timestamp with time zone); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.settle(p_results jsonb, p_at timestamp with time zone) IS 'Settles sendings in doubt by what the provider''s look-up found: found = accepted; not found = released, and sent again while still useful.
p_results: array of {message_id, attempt, adapter, found, provider_id}. Result: {accepted, released}. Repeatable.';

-- Name: settle(jsonb); Type: FUNCTION; Schema: jobs; Owner: -

CREATE FUNCTION jobs.settle(p_results jsonb) RETURNS jsonb
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    BEGIN ATOMIC
 SELECT outreach.settle(p_results, clock.now()) AS settle;
END;

-- Name: FUNCTION settle(p_results jsonb); Type: COMMENT; Schema: jobs; Owner: -

COMMENT ON FUNCTION jobs.settle(p_results jsonb) IS 'Settles sendings in doubt by look-up: array of {message_id, attempt, adapter, found, provider_id}.
Result: {accepted, released}. Repeatable.';

-- Name: match_events(text[], timestamp with time zone); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.match_events(p_provider_ids text[], p_at timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_event_ids uuid[];
begin
  with found as materialized (
    select e.event_id, m.message_id
    from outreach.event e
    join outreach.delivery d on d.adapter = e.source and d.provider_id = e.provider_id
    join outreach.message m on m.message_id = d.message_id
    where e.message_id is null
      and e.provider_id is not null
      and (p_provider_ids is null or e.provider_id = any (p_provider_ids))
      and e.recorded_at >= p_at - make_interval(days => (select policy.number('receipt.wait', p_at))::int)
    order by m.message_id
    -- Whatever somebody else holds is looked at again by the next sweep.
    for update of m skip locked
  ),
  matched as (
    update outreach.event e
    set message_id = f.message_id
    from found f
    where e.event_id = f.event_id
      and e.message_id is null
    returning e.event_id
  )
  select array_agg(m.event_id) into v_event_ids from matched m;
  if v_event_ids is null then
    return 0;
  end if;
  perform outreach.apply_events(v_event_ids, p_at);
  return cardinality(v_event_ids);
end;
$$;

-- Name: FUNCTION match_events(p_provider_ids text[], p_at timestamp with time zone); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.match_events(p_provider_ids text[], p_at timestamp with time zone) IS 'Gives receipts that came before our own record, known by the provider''s name alone, to their messages, for receipt.wait days; p_provider_ids: only those names; null: all that wait.
Asked when outcomes are recorded, and by each sweep for what crossed it. Result: how many found their message. Repeatable.';

-- Name: sweep(timestamp with time zone); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.sweep(p_at timestamp with time zone) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_in_doubt int;
  v_expired int;
  v_woken int;
begin
  with stale as (
    select m.message_id, m.attempt
    from outreach.message m
    where m.state = 'claimed'
      and m.state_at < p_at - make_interval(secs => policy.number('claim.lease', p_at))
    order by m.message_id
    for update skip locked
  ),
  doubted as (
    update outreach.message m
    set state = 'in_doubt', state_at = p_at, reason = 'claim_not_settled'
    from stale s
    where m.message_id = s.message_id
    returning m.message_id
  ),
  delivered as (
    update outreach.delivery d
    set state = 'in_doubt'
    from stale s
    where d.message_id = s.message_id
      and d.attempt = s.attempt
      and d.state = 'claimed'
  )
  select count(*) into v_in_doubt from doubted;

  with useless as (
    select m.message_id
    from outreach.message m
    where m.state = 'scheduled'
      and m.useful_until < p_at
    order by m.message_id
    for update skip locked
  ),
  expired as (
    update outreach.message m
    set state = 'expired', state_at = p_at, reason = 'too_late',
        rule = 'reminder.useful_for', rule_version = policy.version('reminder.useful_for', p_at)
    from useless u
    where m.message_id = u.message_id
    returning m.message_id
  )
  select count(*) into v_expired from expired;

  -- Whatever is due has a wake-up, even if the job that should have woken was lost.
  with overdue as (
    select m.channel, array_agg(p_at) as ats
    from outreach.message m
    where m.state = 'scheduled'
      and m.due_at <= p_at - interval '2 minutes'
      and not exists (select from outreach.hold h where h.campaign_id = m.campaign_id)
    group by m.channel
  )
  select coalesce(sum(outreach.wake(o.channel, o.ats)), 0) into v_woken from overdue o;

  return jsonb_build_object('in_doubt', v_in_doubt, 'expired', v_expired, 'woken', v_woken);
end;
$$;

-- Name: FUNCTION sweep(p_at timestamp with time zone); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.sweep(p_at timestamp with time zone) IS 'Tidies what got stuck: claims older than claim.lease become in doubt, messages past useful_until expire, due messages without a wake-up get one.
Result: {in_doubt, expired, woken}. Repeatable; skips what others hold.';

-- Name: advance(timestamp with time zone); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.advance(p_at timestamp with time zone) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_started int;
  v_completed int;
begin
  with due as (
    select c.campaign_id
    from smartengage.campaign c
    where c.status = 'scheduled'
      and c.starts_at <= p_at
    order by c.campaign_id
    for no key update skip locked
  ),
  started as (
    update smartengage.campaign c
    set status = 'running', version = c.version + 1, changed_by = 'schedule', changed_reason = 'starts_at has come'
    from due d
    where c.campaign_id = d.campaign_id
    returning c.campaign_id, c.repeats
  ),
  asked as (
    -- The day's key for those that repeat: the daily planning, before or after, then has it done.
    select smartengage.ask_plan(
      s.campaign_id,
      case when s.repeats then 'daily ' || (p_at at time zone policy.default_zone())::date else 'start' end, null)
    from started s
  )
  select count(*) into v_started from asked;

  with over as (
    select c.campaign_id
    from smartengage.campaign c
    where c.status = 'running'
      and (c.ends_at <= p_at
           or not c.repeats
              and (c.canary_share >= 1 or c.widened_at is not null)
              and exists (select from smartengage.run r where r.campaign_id = c.campaign_id)
              and not exists (
                select
                from queue.pgqueuer q
                where q.dedupe_key like 'plan/' || c.campaign_id || '/%'
                  and q.status in ('queued', 'picked'))
              and not exists (
                select
                from smartengage.run r
                join outreach.message m on m.run_id = r.run_id
                where r.campaign_id = c.campaign_id
                  and m.state in ('scheduled', 'claimed', 'in_doubt')))
    order by c.campaign_id
    for no key update skip locked
  ),
  completed as (
    update smartengage.campaign c
    set status = 'completed', version = c.version + 1, changed_by = 'schedule',
        changed_reason = case when c.ends_at <= p_at then 'ends_at has come' else 'everything planned has ended' end
    from over o
    where c.campaign_id = o.campaign_id
    returning 1
  )
  select count(*) into v_completed from completed;

  -- Tried again and again in vain: somebody has to look. Once for each job, as it stays held until then.
  perform policy.raise_alert('plan_held', 'job ' || q.id, convert_from(q.payload, 'UTF8')::jsonb, p_at)
  from queue.pgqueuer q
  where q.status = 'failed'
    and q.entrypoint in ('plan', 'plan_daily')
    and not exists (select from policy.alert a where a.kind = 'plan_held' and a.subject = 'job ' || q.id);
  return jsonb_build_object('started', v_started, 'completed', v_completed);
end;
$$;

-- Name: FUNCTION advance(p_at timestamp with time zone); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.advance(p_at timestamp with time zone) IS 'Starts the scheduled campaigns whose time has come, and asks for their first run; completes the running ones whose end has come, and those that do not repeat once everything they planned has ended and their canary, if any, has been widened. Raises an alert (plan_held) for a planning that was tried in vain.
Result: {started, completed}. Repeatable; skips what others hold.';

-- Name: booking; Type: TABLE; Schema: market; Owner: -

CREATE TABLE market.booking (
    booking_id uuid DEFAULT uuidv7() NOT NULL,
    external_id text,
    customer_id uuid NOT NULL,
    worker_id uuid,
    service_id uuid NOT NULL,
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
    price_poisha bigint NOT NULL,
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

-- Name: attribute(timestamp with time zone); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.attribute(p_at timestamp with time zone) RETURNS integer
    LANGUAGE sql
    BEGIN ATOMIC
 WITH fresh AS (
          SELECT b.booking_id,
             b.customer_id,
             b.service_id,
             b.created_at
            FROM market.booking b
           WHERE ((b.created_at > (attribute.p_at - make_interval(days => (policy.number('attribution.window'::text, attribute.p_at))::integer))) AND (b.created_at <= attribute.p_at))
         ), touched AS (
          SELECT DISTINCT ON (f.booking_id) f.booking_id,
             f.created_at,
             m.message_id
            FROM ((fresh f
              JOIN outreach.message m ON (((m.user_id = f.customer_id) AND (m.service_id = f.service_id) AND (m.state = ANY (ARRAY['sent'::text, 'delivered'::text, 'opened'::text, 'clicked'::text])))))
              JOIN outreach.delivery d ON (((d.message_id = m.message_id) AND (d.state = 'accepted'::text) AND ((f.created_at >= d.sent_at) AND (f.created_at <= (d.sent_at + make_interval(days => (policy.number('attribution.window'::text, attribute.p_at))::integer)))))))
           ORDER BY f.booking_id,
                 CASE m.state
                     WHEN 'clicked'::text THEN 2
                     WHEN 'opened'::text THEN 1
                     ELSE 0
                 END DESC, d.sent_at DESC
         )
  SELECT COALESCE(outreach.record_events('attribution'::text, jsonb_agg(jsonb_build_object('message_id', t.message_id, 'kind', 'booked', 'happened_at', t.created_at, 'source_event_id', t.booking_id, 'detail', jsonb_build_object('booking_id', t.booking_id))), attribute.p_at), 0) AS "coalesce"
    FROM touched t
  HAVING (count(*) > 0);
END;

-- Name: FUNCTION attribute(p_at timestamp with time zone); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.attribute(p_at timestamp with time zone) IS 'Credits bookings to messages: a booking of the message''s service by its reader within attribution.window days of the sending goes to the message they came furthest with (clicked, opened, sent), the latest of these; the message becomes booked.
Result: how many bookings were newly credited; null for none. Repeatable: a booking is credited once.';

-- Name: sweep(); Type: FUNCTION; Schema: jobs; Owner: -

CREATE FUNCTION jobs.sweep() RETURNS jsonb
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    BEGIN ATOMIC
 SELECT ((outreach.sweep(clock.now()) || smartengage.advance(clock.now())) || jsonb_build_object('matched', outreach.match_events(NULL::text[], clock.now()), 'attributed', COALESCE(smartengage.attribute(clock.now()), 0)));
END;

-- Name: FUNCTION sweep(); Type: COMMENT; Schema: jobs; Owner: -

COMMENT ON FUNCTION jobs.sweep() IS 'Tidies what got stuck (see outreach.sweep), starts and completes campaigns (smartengage.advance), gives early receipts to their messages (outreach.match_events) and credits new bookings to messages (see smartengage.attribute).
Result: {in_doubt, expired, woken, started, completed, matched, attributed}. Repeatable.';

-- Name: unreported(text, text, integer, timestamp with time zone); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.unreported(p_channel text, p_adapter text, p_limit integer, p_at timestamp with time zone) RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT jsonb_build_object('sendings', COALESCE(jsonb_agg(jsonb_build_object('message_id', x.message_id, 'provider_id', x.provider_id)), '[]'::jsonb)) AS jsonb_build_object
    FROM ( SELECT d.message_id,
             d.provider_id
            FROM (outreach.delivery d
              JOIN outreach.message m ON ((m.message_id = d.message_id)))
           WHERE ((d.channel = unreported.p_channel) AND (d.adapter = unreported.p_adapter) AND (d.provider_id IS NOT NULL) AND (d.state = 'accepted'::text) AND (m.state = 'sent'::text) AND (d.sent_at >= (unreported.p_at - make_interval(days => (( SELECT policy.number('receipt.wait'::text, unreported.p_at) AS number))::integer))))
           ORDER BY (hashtext(((d.message_id)::text || (EXTRACT(epoch FROM unreported.p_at))::text)))
          LIMIT unreported.p_limit) x;
END;

-- Name: FUNCTION unreported(p_channel text, p_adapter text, p_limit integer, p_at timestamp with time zone); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.unreported(p_channel text, p_adapter text, p_limit integer, p_at timestamp with time zone) IS 'Accepted sendings of an adapter that nothing was heard of since, in ever different order, for providers that have to be asked.
Result: {sendings: [{message_id, provider_id}]}.';

-- Name: unreported(text, text, integer); Type: FUNCTION; Schema: jobs; Owner: -

CREATE FUNCTION jobs.unreported(p_channel text, p_adapter text, p_limit integer) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO ''
    BEGIN ATOMIC
 SELECT outreach.unreported(p_channel, p_adapter, p_limit, clock.now()) AS unreported;
END;

-- Name: FUNCTION unreported(p_channel text, p_adapter text, p_limit integer); Type: COMMENT; Schema: jobs; Owner: -

COMMENT ON FUNCTION jobs.unreported(p_channel text, p_adapter text, p_limit integer) IS 'Accepted sendings that nothing was heard of since, in ever different order, for adapters that have to ask.
Result: {sendings: [{message_id, provider_id}]}.';

-- Name: webhook; Type: TABLE; Schema: outreach; Owner: -

CREATE TABLE outreach.webhook (
    provider text NOT NULL,
    webhook_id text NOT NULL,
    received_at timestamp with time zone NOT NULL,
    body bytea,
    read_at timestamp with time zone,
    events integer,
    fault text,
    CONSTRAINT webhook_body_goes_when_read CHECK (((body IS NULL) OR (read_at IS NULL))),
    CONSTRAINT webhook_read_tells_events CHECK (((read_at IS NULL) = (events IS NULL)))
);

-- Name: TABLE webhook; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON TABLE outreach.webhook IS 'Calls of providers whose signature was good, each id once; the worker reads the body, which is then forgotten.';

-- Name: COLUMN webhook.body; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.webhook.body IS 'As it came, for the adapter to read; may hold addresses, so it is gone once read.';

-- Name: COLUMN webhook.events; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.webhook.events IS 'How many events it told that were new.';

-- Name: COLUMN webhook.fault; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.webhook.fault IS 'Why it could not be understood; null if it was.';

-- Name: webhook(text, text); Type: FUNCTION; Schema: jobs; Owner: -

CREATE FUNCTION jobs.webhook(p_provider text, p_webhook_id text) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO ''
    BEGIN ATOMIC
 SELECT jsonb_build_object('body', ( SELECT encode(w.body, 'base64'::text) AS encode
            FROM outreach.webhook w
           WHERE ((w.provider = webhook.p_provider) AND (w.webhook_id = webhook.p_webhook_id)))) AS jsonb_build_object;
END;

-- Name: FUNCTION webhook(p_provider text, p_webhook_id text); Type: COMMENT; Schema: jobs; Owner: -

COMMENT ON FUNCTION jobs.webhook(p_provider text, p_webhook_id text) IS 'A provider''s call that waits to be read.
Result: {body}, base64; null once it was read.';

-- Name: accept_job(uuid, uuid, timestamp with time zone); Type: FUNCTION; Schema: market; Owner: -

CREATE FUNCTION market.accept_job(p_worker_id uuid, p_booking_id uuid, p_at timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_booking market.booking;
begin
  -- One acceptance of a worker at a time: two overlapping ones would wait for each other in the exclusion constraint.
  perform account.lock_person(p_worker_id);
  select b.* into v_booking
  from market.booking b
  where b.booking_id = p_booking_id
    and (b.worker_id = p_worker_id
         or exists (
           select
           from market.service s
           join market.worker w on s.category = any (w.categories)
           where s.service_id = b.service_id
             and w.user_id = p_worker_id))
  for update of b;
  if not found then
    raise exception 'There is no such job for you' using errcode = 'SH404', detail = p_booking_id::text;
  end if;
  if v_booking.worker_id = p_worker_id and v_booking.status = 'confirmed' then
    return;
  end if;
  if v_booking.status <> 'pending' or v_booking.worker_id <> p_worker_id then
    raise exception 'The job is no longer on offer' using errcode = 'SH409', hint = 'Read the offers again.';
  end if;
  if v_booking.scheduled_at <= p_at then
    raise exception 'The time of the job has passed' using errcode = 'SH409', hint = 'Read the offers again.';
  end if;
  update market.booking b
  set status = 'confirmed', worker_id = p_worker_id, confirmed_at = p_at
  where b.booking_id = p_booking_id;
exception when exclusion_violation then
  raise exception 'You already have a job at that time' using errcode = 'SH409', hint = 'Read your jobs again.';
end;
$$;

-- Name: FUNCTION accept_job(p_worker_id uuid, p_booking_id uuid, p_at timestamp with time zone); Type: COMMENT; Schema: market; Owner: -

COMMENT ON FUNCTION market.accept_job(p_worker_id uuid, p_booking_id uuid, p_at timestamp with time zone) IS 'A worker takes a job on offer. Of many at once one wins: the booking''s row lines them up. Repeatable for the winner.
Errors: SH404 no such job of the worker''s categories; SH409 taken or cancelled meanwhile, its time has passed, or the worker has another job then (constraint booking_worker_is_free).';

-- Name: advance_job(uuid, uuid, text, timestamp with time zone); Type: FUNCTION; Schema: market; Owner: -

CREATE FUNCTION market.advance_job(p_worker_id uuid, p_booking_id uuid, p_step text, p_at timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_booking market.booking;
  -- What a job must be for the step, and what it is after it; a repetition finds the latter and changes nothing.
  v_from text := case p_step when 'complete' then 'in_progress' else 'confirmed' end;
  v_done_at timestamptz;
begin
  select b.* into v_booking
  from market.booking b
  where b.booking_id = p_booking_id
    and b.worker_id = p_worker_id
  for update;
  if not found then
    raise exception 'There is no such job of yours' using errcode = 'SH404', detail = p_booking_id::text;
  end if;
  v_done_at := case p_step
    when 'arrive' then v_booking.arrived_at when 'start' then v_booking.started_at else v_booking.completed_at end;
  if v_booking.status <> 'cancelled' and v_done_at is not null then
    return;
  end if;
  if v_booking.status <> v_from then
    raise exception 'The job is not at that step' using errcode = 'SH409', detail = v_booking.status, hint = 'Read the job again.';
  end if;
  -- Not before the step before: that may be of a transaction that began after this one.
  update market.booking b
  set status = case p_step when 'arrive' then 'confirmed' when 'start' then 'in_progress' else 'completed' end,
      -- Who starts has arrived.
      arrived_at = coalesce(b.arrived_at, greatest(p_at, b.confirmed_at)),
      started_at = case when p_step = 'arrive' then b.started_at else coalesce(b.started_at, greatest(p_at, b.arrived_at)) end,
      completed_at = case when p_step = 'complete' then greatest(p_at, b.started_at) end
  where b.booking_id = p_booking_id;
end;
$$;

-- Name: FUNCTION advance_job(p_worker_id uuid, p_booking_id uuid, p_step text, p_at timestamp with time zone); Type: COMMENT; Schema: market; Owner: -

COMMENT ON FUNCTION market.advance_job(p_worker_id uuid, p_booking_id uuid, p_step text, p_at timestamp with time zone) IS 'A worker''s next step in a job: arrive (noted once), start (confirmed > in_progress), complete (in_progress > completed). Repeatable.
Errors: SH404 no such job of the worker; SH409 the job is not at that step.';

-- Name: open_booking; Type: VIEW; Schema: market; Owner: -

CREATE VIEW market.open_booking AS
 SELECT booking_id,
    customer_id,
    service_id
   FROM market.booking b
  WHERE (status = ANY (ARRAY['pending'::text, 'confirmed'::text, 'in_progress'::text]));

-- Name: VIEW open_booking; Type: COMMENT; Schema: market; Owner: -

COMMENT ON VIEW market.open_booking IS 'Bookings that are neither completed nor cancelled, one row a booking: what "has booked already" means wherever it is asked. The condition is that of booking_open_idx, which finds them by customer and service.';

-- Name: booked_since(uuid, uuid, timestamp with time zone); Type: FUNCTION; Schema: market; Owner: -

CREATE FUNCTION market.booked_since(p_customer_id uuid, p_service_id uuid, p_since timestamp with time zone) RETURNS TABLE(booking_id uuid)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT o.booking_id
    FROM market.open_booking o
   WHERE ((o.customer_id = booked_since.p_customer_id) AND (o.service_id = booked_since.p_service_id))
 UNION ALL
  SELECT b.booking_id
    FROM market.booking b
   WHERE ((b.customer_id = booked_since.p_customer_id) AND (b.service_id = booked_since.p_service_id) AND (b.status = 'completed'::text) AND (b.completed_at >= booked_since.p_since));
END;

-- Name: FUNCTION booked_since(p_customer_id uuid, p_service_id uuid, p_since timestamp with time zone); Type: COMMENT; Schema: market; Owner: -

COMMENT ON FUNCTION market.booked_since(p_customer_id uuid, p_service_id uuid, p_since timestamp with time zone) IS 'Bookings that make a reminder pointless: those of the service that are open, and those completed since an instant (so all that were made since and not cancelled).
A set, so that "exists (select from market.booked_since(...))" becomes part of the query that asks.';

-- Name: booking_moves_forward(); Type: FUNCTION; Schema: market; Owner: -

CREATE FUNCTION market.booking_moves_forward() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  if new.status <> old.status
     and (old.status, new.status) not in (
       ('pending', 'confirmed'), ('confirmed', 'in_progress'), ('in_progress', 'completed'),
       ('pending', 'cancelled'), ('confirmed', 'cancelled'))
     and not (old.status = 'in_progress' and new.status = 'cancelled' and new.cancelled_by = 'admin') then
    raise exception 'A booking cannot take this step' using errcode = 'SH409',
      detail = old.status || ' > ' || new.status, constraint = 'booking_moves_forward';
  end if;
  return new;
end;
$$;

-- Name: FUNCTION booking_moves_forward(); Type: COMMENT; Schema: market; Owner: -

COMMENT ON FUNCTION market.booking_moves_forward() IS 'Trigger: a booking goes pending, confirmed, in_progress, completed, or is cancelled from the first two (from in_progress only by an admin), whoever writes.';

-- Name: booking_add_on; Type: TABLE; Schema: market; Owner: -

CREATE TABLE market.booking_add_on (
    booking_id uuid NOT NULL,
    add_on_id uuid NOT NULL,
    price_poisha bigint NOT NULL
);

-- Name: TABLE booking_add_on; Type: COMMENT; Schema: market; Owner: -

COMMENT ON TABLE market.booking_add_on IS 'Extras booked, at the price of that day.';

-- Name: booking_view(uuid); Type: FUNCTION; Schema: market; Owner: -

CREATE FUNCTION market.booking_view(p_booking_id uuid) RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT jsonb_build_object('booking_id', b.booking_id, 'service_id', b.service_id, 'status', b.status, 'scheduled_at', b.scheduled_at, 'created_at', b.created_at, 'price_poisha', b.price_poisha, 'add_on_ids', COALESCE(( SELECT jsonb_agg(x.add_on_id ORDER BY x.add_on_id) AS jsonb_agg
            FROM market.booking_add_on x
           WHERE (x.booking_id = b.booking_id)), '[]'::jsonb)) AS jsonb_build_object
    FROM market.booking b
   WHERE (b.booking_id = booking_view.p_booking_id);
END;

-- Name: FUNCTION booking_view(p_booking_id uuid); Type: COMMENT; Schema: market; Owner: -

COMMENT ON FUNCTION market.booking_view(p_booking_id uuid) IS 'A booking as its customer sees it: {booking_id, service_id, status, scheduled_at, created_at, price_poisha, add_on_ids}; null for an unknown one.';

-- Name: bookings(uuid, text[], text, integer); Type: FUNCTION; Schema: market; Owner: -

CREATE FUNCTION market.bookings(p_customer_id uuid, p_statuses text[], p_cursor text, p_limit integer) RETURNS jsonb
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO ''
    AS $$
declare
  v_at timestamptz;
  v_id uuid;
  v_page jsonb;
begin
  select c.at, c.id into v_at, v_id from account.cursor_place(p_cursor) c;
  with page as (
    select b.booking_id, b.created_at, b.document, row_number() over (order by b.created_at desc, b.booking_id desc) as n
    from market.customer_booking b
    where b.customer_id = p_customer_id
      and (p_statuses is null or b.status = any (p_statuses))
      and (v_at is null or (b.created_at, b.booking_id) < (v_at, v_id))
    order by b.created_at desc, b.booking_id desc
    limit p_limit + 1
  )
  select jsonb_build_object(
    'items', coalesce(jsonb_agg(g.document order by g.n) filter (where g.n <= p_limit), '[]'),
    'next_cursor', case when count(*) > p_limit then
      account.cursor(max(g.created_at) filter (where g.n = p_limit),
        (array_agg(g.booking_id) filter (where g.n = p_limit))[1]) end)
  into v_page
  from page g;
  return v_page;
end;
$$;

-- Name: FUNCTION bookings(p_customer_id uuid, p_statuses text[], p_cursor text, p_limit integer); Type: COMMENT; Schema: market; Owner: -

COMMENT ON FUNCTION market.bookings(p_customer_id uuid, p_statuses text[], p_cursor text, p_limit integer) IS 'A page of a customer''s bookings, last made first: {items, next_cursor}; next_cursor null = that was all.
p_statuses: null = any.';

-- Name: cancel_booking(uuid, text, uuid, text, timestamp with time zone); Type: FUNCTION; Schema: market; Owner: -

CREATE FUNCTION market.cancel_booking(p_user_id uuid, p_by text, p_booking_id uuid, p_reason text, p_at timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_booking market.booking;
begin
  perform account.lock_person(p_user_id);
  select b.* into v_booking
  from market.booking b
  where b.booking_id = p_booking_id
    and p_user_id = case p_by when 'customer' then b.customer_id when 'worker' then b.worker_id end
  for update;
  if not found then
    raise exception 'There is no such booking of yours' using errcode = 'SH404', detail = p_booking_id::text;
  end if;
  if v_booking.status = 'cancelled' and v_booking.cancelled_by = p_by then
    return;
  end if;
  if v_booking.status not in ('pending', 'confirmed') then
    raise exception 'It is too late to cancel' using errcode = 'SH409', detail = v_booking.status,
      hint = 'What has begun is ended by completing it, or by an admin.';
  end if;
  update market.booking b
  set status = 'cancelled', cancelled_at = p_at, cancelled_by = p_by, cancel_reason = p_reason
  where b.booking_id = p_booking_id;
end;
$$;

-- Name: FUNCTION cancel_booking(p_user_id uuid, p_by text, p_booking_id uuid, p_reason text, p_at timestamp with time zone); Type: COMMENT; Schema: market; Owner: -

COMMENT ON FUNCTION market.cancel_booking(p_user_id uuid, p_by text, p_booking_id uuid, p_reason text, p_at timestamp with time zone) IS 'Cancels a booking that has not begun, by its customer or its worker (p_by), with the reason. Repeatable: the first reason stays.
Errors: SH404 no such booking of the person; SH409 it has begun, is over, or was cancelled by somebody else.';

-- Name: change_worker_profile(uuid, text[], text); Type: FUNCTION; Schema: market; Owner: -

CREATE FUNCTION market.change_worker_profile(p_user_id uuid, p_categories text[], p_zone text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_unknown text;
begin
  select c.category into v_unknown
  from unnest(p_categories) as c (category)
  where not exists (select from market.service s where s.category = c.category and s.active)
  limit 1;
  if found then
    raise exception 'There is no service of this category' using errcode = 'SH422', column = 'categories', detail = v_unknown;
  end if;
  if p_zone ~ '[\x01-\x1f\x7f-\x9f]' or btrim(p_zone) = '' then
    raise exception 'A zone is a name' using errcode = 'SH422', column = 'zone';
  end if;
  update market.worker w
  set categories = coalesce(array(select distinct c.category from unnest(p_categories) as c (category) order by 1), w.categories),
      zone = coalesce(btrim(normalize(p_zone, nfc)), w.zone)
  where w.user_id = p_user_id;
end;
$$;

-- Name: FUNCTION change_worker_profile(p_user_id uuid, p_categories text[], p_zone text); Type: COMMENT; Schema: market; Owner: -

COMMENT ON FUNCTION market.change_worker_profile(p_user_id uuid, p_categories text[], p_zone text) IS 'Changes what a worker does and where; null = as it is.
Errors: SH422 with the column: categories none of the catalogue''s, zone blank.';

-- Name: create_booking(uuid, uuid, timestamp with time zone, uuid[], text, timestamp with time zone); Type: FUNCTION; Schema: market; Owner: -

CREATE FUNCTION market.create_booking(p_customer_id uuid, p_service_id uuid, p_scheduled_at timestamp with time zone, p_add_on_ids uuid[], p_source text, p_at timestamp with time zone) RETURNS uuid
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_service market.service;
  v_add_on_ids uuid[] := array(select distinct a from unnest(p_add_on_ids) a);
  v_booking_id uuid;
begin
  select s.* into v_service from market.service s where s.service_id = p_service_id and s.active;
  if not found then
    raise exception 'The service is not offered' using errcode = 'SH422', detail = coalesce(p_service_id::text, 'none'), column = 'service_id';
  end if;
  if p_scheduled_at is null or p_scheduled_at <= p_at or p_scheduled_at > p_at + interval '180 days' then
    raise exception 'The time must lie within the next 180 days' using errcode = 'SH422', detail = coalesce(p_scheduled_at::text, 'none'), column = 'scheduled_at';
  end if;
  if exists (
    select
    from unnest(v_add_on_ids) as w (add_on_id)
    where not exists (
      select from market.add_on a where a.add_on_id = w.add_on_id and a.service_id = p_service_id and a.active)) then
    raise exception 'An add-on is not offered with this service' using errcode = 'SH422', column = 'add_on_ids';
  end if;
  insert into market.booking (customer_id, service_id, source, created_at, scheduled_at, ends_at, price_poisha)
  values (
    p_customer_id, p_service_id, p_source, p_at, p_scheduled_at, p_scheduled_at + make_interval(mins => v_service.duration_minutes),
    v_service.price_poisha + coalesce((select sum(a.price_poisha) from market.add_on a where a.add_on_id = any (v_add_on_ids)), 0))
  returning booking_id into v_booking_id;
  insert into market.booking_add_on (booking_id, add_on_id, price_poisha)
  select v_booking_id, a.add_on_id, a.price_poisha
  from market.add_on a
  where a.add_on_id = any (v_add_on_ids);
  return v_booking_id;
end;
$$;

-- Name: FUNCTION create_booking(p_customer_id uuid, p_service_id uuid, p_scheduled_at timestamp with time zone, p_add_on_ids uuid[], p_source text, p_at timestamp with time zone); Type: COMMENT; Schema: market; Owner: -

COMMENT ON FUNCTION market.create_booking(p_customer_id uuid, p_service_id uuid, p_scheduled_at timestamp with time zone, p_add_on_ids uuid[], p_source text, p_at timestamp with time zone) IS 'Books a service for a customer at a time, pending, at today''s price of service and add-ons.
The caller has locked the person, so that a reminder claimed in the same second sees it. Result: the booking''s id.
Errors: SH422 with the column: service_id not offered, scheduled_at not within 180 days, add_on_ids not of this service.';

-- Name: empty_event_default(timestamp with time zone); Type: FUNCTION; Schema: market; Owner: -

CREATE FUNCTION market.empty_event_default(p_at timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $_$
declare
  v_month timestamp;
  v_name text;
  v_moved int;
  v_sum int := 0;
begin
  if not exists (select from market.app_event_default) then
    return 0;
  end if;
  -- Writers wait from here on; there are few rows to move, as partitions are made ahead.
  lock table market.app_event in share row exclusive mode;
  for v_month in
    select distinct date_trunc('month', e.happened_at at time zone 'UTC') from market.app_event_default e order by 1
  loop
    v_name := 'app_event_' || to_char(v_month, 'YYYY_MM');
    execute format('create table market.%I (like market.app_event including defaults)', v_name);
    execute format(
      $sql$
      with moved as (
        delete from market.app_event_default e
        where e.happened_at >= %L and e.happened_at < %L
        returning e.*)
      insert into market.%I select * from moved
      $sql$, v_month at time zone 'UTC', (v_month + interval '1 month') at time zone 'UTC', v_name);
    get diagnostics v_moved = row_count;
    v_sum := v_sum + v_moved;
    execute format(
      'alter table market.app_event attach partition market.%I for values from (%L) to (%L)',
      v_name, v_month at time zone 'UTC', (v_month + interval '1 month') at time zone 'UTC');
  end loop;
  return v_sum;
end;
$_$;

-- Name: FUNCTION empty_event_default(p_at timestamp with time zone); Type: COMMENT; Schema: market; Owner: -

COMMENT ON FUNCTION market.empty_event_default(p_at timestamp with time zone) IS 'Moves events that came for months without a partition out of the default partition, each month into a partition of its own.
Result: how many rows were moved; more than 0 tells that partitions were not made ahead, or that phones tell of long ago. Repeatable.';

-- Name: erase(uuid, timestamp with time zone); Type: FUNCTION; Schema: market; Owner: -

CREATE FUNCTION market.erase(p_user_id uuid, p_at timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $_$
begin
  if exists (select from market.booking b where b.worker_id = p_user_id and b.status = 'in_progress') then
    raise exception 'A job of yours is under way' using errcode = 'SH409', hint = 'Complete it first.';
  end if;
  -- What is still to come does not come: nobody is at home for it, nobody goes there.
  update market.booking b
  set status = 'cancelled', cancelled_at = p_at, cancel_reason = 'erasure',
      cancelled_by = case b.customer_id when p_user_id then 'customer' else 'worker' end
  where b.booking_id in (
    select o.booking_id
    from market.booking o
    where p_user_id in (o.customer_id, o.worker_id)
      and o.status in ('pending', 'confirmed')
    order by o.booking_id
    for update);
  -- Reasons are words from a list, save where they were imported.
  update market.booking b
  set cancel_reason = null
  where b.customer_id = p_user_id
    and b.cancel_reason !~ '^[a-z_]+$';
  update market.review r
  set body = null
  from market.booking b
  where b.booking_id = r.booking_id
    and b.customer_id = p_user_id
    and r.body is not null;
  update market.app_event e
  set properties = '{}', external_id = null
  where e.user_id = p_user_id;
end;
$_$;

-- Name: FUNCTION erase(p_user_id uuid, p_at timestamp with time zone); Type: COMMENT; Schema: market; Owner: -

COMMENT ON FUNCTION market.erase(p_user_id uuid, p_at timestamp with time zone) IS 'Takes a person''s identity out of this layer: texts of reviews, properties and ids of events; open bookings are cancelled. Bookings, ratings and events stay, so that all sums stay. The caller holds the person''s lock.
Errors: SH409 the person is a worker with a job under way.';

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

-- Name: customer_booking; Type: VIEW; Schema: market; Owner: -

CREATE VIEW market.customer_booking AS
 SELECT booking_id,
    customer_id,
    created_at,
    status,
    jsonb_build_object('booking_id', booking_id, 'service_id', service_id, 'status', status, 'source', source, 'created_at', created_at, 'scheduled_at', scheduled_at, 'ends_at', ends_at, 'confirmed_at', confirmed_at, 'arrived_at', arrived_at, 'started_at', started_at, 'completed_at', completed_at, 'cancelled_at', cancelled_at, 'cancelled_by', cancelled_by, 'cancel_reason', cancel_reason, 'worker_name', ( SELECT p.full_name
           FROM account.person p
          WHERE (p.user_id = b.worker_id)), 'price_poisha', price_poisha, 'add_on_ids', COALESCE(( SELECT jsonb_agg(x.add_on_id ORDER BY x.add_on_id) AS jsonb_agg
           FROM market.booking_add_on x
          WHERE (x.booking_id = b.booking_id)), '[]'::jsonb), 'review', ( SELECT jsonb_build_object('booking_id', r.booking_id, 'rating', r.rating, 'body', r.body, 'created_at', r.created_at) AS jsonb_build_object
           FROM market.review r
          WHERE (r.booking_id = b.booking_id))) AS document
   FROM market.booking b;

-- Name: VIEW customer_booking; Type: COMMENT; Schema: market; Owner: -

COMMENT ON VIEW market.customer_booking IS 'Bookings as their customers read them, one row a booking: document holds its whole life, worker, extras and review.';

-- Name: worker; Type: TABLE; Schema: market; Owner: -

CREATE TABLE market.worker (
    user_id uuid NOT NULL,
    categories text[] DEFAULT '{}'::text[] NOT NULL,
    zone text NOT NULL,
    started_at timestamp with time zone NOT NULL
);

-- Name: TABLE worker; Type: COMMENT; Schema: market; Owner: -

COMMENT ON TABLE market.worker IS 'What a person with role worker does and where.';

-- Name: worker_job; Type: VIEW; Schema: market; Owner: -

CREATE VIEW market.worker_job AS
 SELECT b.booking_id,
    b.worker_id,
    b.scheduled_at,
    b.ends_at,
    b.status,
    s.category,
    jsonb_build_object('booking_id', b.booking_id, 'status', b.status, 'service', jsonb_build_object('service_id', s.service_id, 'code', s.code, 'category', s.category, 'name_bn', s.name_bn, 'name_en', s.name_en), 'add_ons', COALESCE(( SELECT jsonb_agg(jsonb_build_object('add_on_id', a.add_on_id, 'code', a.code, 'name_bn', a.name_bn, 'name_en', a.name_en) ORDER BY a.code) AS jsonb_agg
           FROM (market.booking_add_on x
             JOIN market.add_on a ON ((a.add_on_id = x.add_on_id)))
          WHERE (x.booking_id = b.booking_id)), '[]'::jsonb), 'scheduled_at', b.scheduled_at, 'ends_at', b.ends_at, 'price_poisha', b.price_poisha, 'customer_name',
        CASE
            WHEN (b.status = ANY (ARRAY['confirmed'::text, 'in_progress'::text])) THEN ( SELECT p.full_name
               FROM account.person p
              WHERE (p.user_id = b.customer_id))
            ELSE NULL::text
        END, 'confirmed_at', b.confirmed_at, 'arrived_at', b.arrived_at, 'started_at', b.started_at, 'completed_at', b.completed_at, 'cancelled_at', b.cancelled_at, 'cancelled_by', b.cancelled_by, 'cancel_reason', b.cancel_reason) AS document
   FROM (market.booking b
     JOIN market.service s ON ((s.service_id = b.service_id)));

-- Name: VIEW worker_job; Type: COMMENT; Schema: market; Owner: -

COMMENT ON VIEW market.worker_job IS 'Bookings as workers read them, one row a booking: what, when, for how much; the customer''s name only while the worker is to go there.';

-- Name: export(uuid); Type: FUNCTION; Schema: market; Owner: -

CREATE FUNCTION market.export(p_user_id uuid) RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT jsonb_build_object('bookings', COALESCE(( SELECT jsonb_agg((d.document || jsonb_build_object('external_id', b.external_id)) ORDER BY d.created_at, d.booking_id) AS jsonb_agg
            FROM (market.customer_booking d
              JOIN market.booking b ON ((b.booking_id = d.booking_id)))
           WHERE (d.customer_id = export.p_user_id)), '[]'::jsonb), 'worker', ( SELECT jsonb_build_object('categories', w.categories, 'zone', w.zone, 'started_at', w.started_at) AS jsonb_build_object
            FROM market.worker w
           WHERE (w.user_id = export.p_user_id)), 'jobs', COALESCE(( SELECT jsonb_agg((j.document - 'customer_name'::text) ORDER BY j.scheduled_at, j.booking_id) AS jsonb_agg
            FROM market.worker_job j
           WHERE (j.worker_id = export.p_user_id)), '[]'::jsonb), 'events', COALESCE(( SELECT jsonb_agg(jsonb_build_object('external_id', e.external_id, 'kind', e.kind, 'happened_at', e.happened_at, 'properties', e.properties) ORDER BY e.happened_at, e.event_id) AS jsonb_agg
            FROM market.app_event e
           WHERE (e.user_id = export.p_user_id)), '[]'::jsonb)) AS jsonb_build_object;
END;

-- Name: FUNCTION export(p_user_id uuid); Type: COMMENT; Schema: market; Owner: -

COMMENT ON FUNCTION market.export(p_user_id uuid) IS 'What is kept of a person in this layer: bookings with reviews, jobs as a worker, app events.';

-- Name: jobs(uuid, text[], text, integer, timestamp with time zone); Type: FUNCTION; Schema: market; Owner: -

CREATE FUNCTION market.jobs(p_worker_id uuid, p_statuses text[], p_cursor text, p_limit integer, p_at timestamp with time zone) RETURNS jsonb
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO ''
    AS $$
declare
  v_at timestamptz;
  v_id uuid;
  v_page jsonb;
begin
  select c.at, c.id into v_at, v_id from account.cursor_place(p_cursor) c;
  with found as (
    -- Each way to a job has an index of its own.
    (select j.booking_id, j.scheduled_at, j.document
     from market.worker_job j
     where j.worker_id = p_worker_id
       and j.status = any (p_statuses)
       and (v_at is null or (j.scheduled_at, j.booking_id) > (v_at, v_id))
     order by j.scheduled_at, j.booking_id
     limit p_limit + 1)
    union all
    (select j.booking_id, j.scheduled_at, j.document
     from market.worker_job j
     where 'pending' = any (p_statuses)
       and j.status = 'pending'
       and j.worker_id is null
       and j.scheduled_at > p_at
       and j.category = any ((select w.categories from market.worker w where w.user_id = p_worker_id)::text[])
       and not exists (
         select
         from market.booking o
         where o.worker_id = p_worker_id
           and o.status in ('confirmed', 'in_progress')
           and tstzrange(o.scheduled_at, o.ends_at) && tstzrange(j.scheduled_at, j.ends_at))
       and (v_at is null or (j.scheduled_at, j.booking_id) > (v_at, v_id))
     order by j.scheduled_at, j.booking_id
     limit p_limit + 1)
  ),
  page as (
    select f.booking_id, f.scheduled_at, f.document, row_number() over (order by f.scheduled_at, f.booking_id) as n
    from found f
    order by f.scheduled_at, f.booking_id
    limit p_limit + 1
  )
  select jsonb_build_object(
    'items', coalesce(jsonb_agg(g.document order by g.n) filter (where g.n <= p_limit), '[]'),
    'next_cursor', case when count(*) > p_limit then
      account.cursor(max(g.scheduled_at) filter (where g.n = p_limit),
        (array_agg(g.booking_id) filter (where g.n = p_limit))[1]) end)
  into v_page
  from page g;
  return v_page;
end;
$$;

-- Name: FUNCTION jobs(p_worker_id uuid, p_statuses text[], p_cursor text, p_limit integer, p_at timestamp with time zone); Type: COMMENT; Schema: market; Owner: -

COMMENT ON FUNCTION market.jobs(p_worker_id uuid, p_statuses text[], p_cursor text, p_limit integer, p_at timestamp with time zone) IS 'A page of a worker''s jobs by time, the earliest first: {items, next_cursor}; next_cursor null = that was all.
p_statuses: of bookings. pending = on offer: nobody''s yet, of the worker''s categories, to come, and at a time when the worker is free.';

-- Name: make_event_partitions(timestamp with time zone); Type: FUNCTION; Schema: market; Owner: -

CREATE FUNCTION market.make_event_partitions(p_at timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_month date;
  v_name text;
  v_made int := 0;
begin
  for v_month in
    select m::date
    from generate_series(
      date_trunc('month', p_at at time zone 'UTC'),
      date_trunc('month', p_at at time zone 'UTC') + make_interval(months => policy.number('event.partitions_ahead', p_at)::int),
      interval '1 month') as m
  loop
    v_name := 'app_event_' || to_char(v_month, 'YYYY_MM');
    if to_regclass('market.' || v_name) is null
       -- A month whose rows already lie in the default partition stays there: moving them would lock the table.
       and not exists (
         select
         from market.app_event_default e
         where e.happened_at >= v_month::timestamp at time zone 'UTC'
           and e.happened_at < (v_month + interval '1 month') at time zone 'UTC') then
      execute format(
        'create table market.%I partition of market.app_event for values from (%L) to (%L)',
        v_name, v_month::timestamp at time zone 'UTC', (v_month + interval '1 month') at time zone 'UTC');
      v_made := v_made + 1;
    end if;
  end loop;
  return v_made;
end;
$$;

-- Name: FUNCTION make_event_partitions(p_at timestamp with time zone); Type: COMMENT; Schema: market; Owner: -

COMMENT ON FUNCTION market.make_event_partitions(p_at timestamp with time zone) IS 'Makes the monthly partitions (UTC months) of market.app_event from an instant''s month to event.partitions_ahead months later, where missing.
Result: how many were made. Repeatable.';

-- Name: past_jobs(uuid, text[], text, integer); Type: FUNCTION; Schema: market; Owner: -

CREATE FUNCTION market.past_jobs(p_worker_id uuid, p_statuses text[], p_cursor text, p_limit integer) RETURNS jsonb
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO ''
    AS $$
declare
  v_at timestamptz;
  v_id uuid;
  v_page jsonb;
begin
  select c.at, c.id into v_at, v_id from account.cursor_place(p_cursor) c;
  with page as (
    select j.booking_id, j.scheduled_at, j.document, row_number() over (order by j.scheduled_at desc, j.booking_id desc) as n
    from market.worker_job j
    where j.worker_id = p_worker_id
      and j.status = any (p_statuses)
      and (v_at is null or (j.scheduled_at, j.booking_id) < (v_at, v_id))
    order by j.scheduled_at desc, j.booking_id desc
    limit p_limit + 1
  )
  select jsonb_build_object(
    'items', coalesce(jsonb_agg(g.document order by g.n) filter (where g.n <= p_limit), '[]'),
    'next_cursor', case when count(*) > p_limit then
      account.cursor(max(g.scheduled_at) filter (where g.n = p_limit),
        (array_agg(g.booking_id) filter (where g.n = p_limit))[1]) end)
  into v_page
  from page g;
  return v_page;
end;
$$;

-- Name: FUNCTION past_jobs(p_worker_id uuid, p_statuses text[], p_cursor text, p_limit integer); Type: COMMENT; Schema: market; Owner: -

COMMENT ON FUNCTION market.past_jobs(p_worker_id uuid, p_statuses text[], p_cursor text, p_limit integer) IS 'A page of what a worker has done or lost, the latest first: {items, next_cursor}; next_cursor null = that was all.
p_statuses: of bookings.';

-- Name: record_events(uuid, jsonb, timestamp with time zone); Type: FUNCTION; Schema: market; Owner: -

CREATE FUNCTION market.record_events(p_user_id uuid, p_events jsonb, p_at timestamp with time zone) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_ahead timestamptz := p_at + make_interval(hours => policy.number('event.ahead', p_at)::int);
  v_late timestamptz := p_at - make_interval(days => policy.number('event.accept_for', p_at)::int);
  v_result jsonb;
begin
  -- The unique key holds the instant too, as it must in a partitioned table. That an id is taken once whatever instant
  -- it comes with needs the batches of one person to come one after the other.
  perform pg_advisory_xact_lock(hashtextextended(p_user_id::text, 13));
  with told as materialized (
    select t.event_id, t.kind, t.happened_at, coalesce(t.properties, '{}') as properties, t.n,
           -- A person's ids are their own: nobody can take another's.
           p_user_id || '/' || t.event_id as external_id,
           case when t.happened_at > v_ahead then 'in_future' when t.happened_at < v_late then 'too_old' end as fault
    from rows from (
      jsonb_to_recordset(p_events) as (event_id uuid, kind text, happened_at timestamptz, properties jsonb)
    ) with ordinality as t (event_id, kind, happened_at, properties, n)
  ),
  recorded as (
    insert into market.app_event (user_id, kind, happened_at, external_id, properties)
    select distinct on (t.external_id) p_user_id, t.kind, least(t.happened_at, p_at), t.external_id, t.properties
    from told t
    where t.fault is null
      and not exists (select from market.app_event e where e.external_id = t.external_id)
    order by t.external_id, t.n
    on conflict do nothing
    returning 1
  )
  select jsonb_build_object(
    'recorded', (select count(*) from recorded),
    'repeated', count(*) filter (where t.fault is null) - (select count(*) from recorded),
    'refused', coalesce(jsonb_agg(jsonb_build_object('event_id', t.event_id, 'reason', t.fault) order by t.n) filter (where t.fault is not null), '[]'))
  into v_result
  from told t;
  return v_result;
end;
$$;

-- Name: FUNCTION record_events(p_user_id uuid, p_events jsonb, p_at timestamp with time zone); Type: COMMENT; Schema: market; Owner: -

COMMENT ON FUNCTION market.record_events(p_user_id uuid, p_events jsonb, p_at timestamp with time zone) IS 'What a person did in the app, as their phone tells it: each event counts once by the id that the phone gave it, however often and with whatever instant it is told.
An instant ahead of ours by up to event.ahead is taken as now; one from beyond, or older than event.accept_for, is refused, and only that one.
p_events: [{event_id, kind, happened_at, properties}]. Result: {recorded, repeated, refused: [{event_id, reason: in_future | too_old}]}.';

-- Name: review_booking(uuid, uuid, integer, text, timestamp with time zone); Type: FUNCTION; Schema: market; Owner: -

CREATE FUNCTION market.review_booking(p_customer_id uuid, p_booking_id uuid, p_rating integer, p_body text, p_at timestamp with time zone) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_status text;
  v_review market.review;
  v_body text := nullif(btrim(normalize(p_body, nfc), E' \t\r\n'), '');
begin
  -- The booking's row lines up two reviews at once.
  select b.status into v_status
  from market.booking b
  where b.booking_id = p_booking_id
    and b.customer_id = p_customer_id
  for update;
  if not found then
    raise exception 'There is no such booking of yours' using errcode = 'SH404', detail = p_booking_id::text;
  end if;
  if v_status <> 'completed' then
    raise exception 'Only a completed booking can be reviewed' using errcode = 'SH409', detail = v_status;
  end if;
  select r.* into v_review from market.review r where r.booking_id = p_booking_id;
  if found and (v_review.rating, v_review.body) is distinct from (p_rating, v_body) then
    raise exception 'The booking has been reviewed' using errcode = 'SH409', hint = 'A review is given once.';
  end if;
  insert into market.review (booking_id, rating, body, created_at)
  values (p_booking_id, p_rating, v_body, p_at)
  on conflict (booking_id) do nothing;
  return (select d.document -> 'review' from market.customer_booking d where d.booking_id = p_booking_id);
end;
$$;

-- Name: FUNCTION review_booking(p_customer_id uuid, p_booking_id uuid, p_rating integer, p_body text, p_at timestamp with time zone); Type: COMMENT; Schema: market; Owner: -

COMMENT ON FUNCTION market.review_booking(p_customer_id uuid, p_booking_id uuid, p_rating integer, p_body text, p_at timestamp with time zone) IS 'The customer''s word on a completed booking, once; the same word again changes nothing.
Result: {booking_id, rating, body, created_at}. Errors: SH404 no such booking of the customer; SH409 not completed, or reviewed otherwise already.';

-- Name: worker_profile(uuid); Type: FUNCTION; Schema: market; Owner: -

CREATE FUNCTION market.worker_profile(p_user_id uuid) RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT jsonb_build_object('user_id', w.user_id, 'name', p.full_name, 'categories', to_jsonb(w.categories), 'zone', w.zone, 'started_at', w.started_at) AS jsonb_build_object
    FROM (market.worker w
      JOIN account.person p ON ((p.user_id = w.user_id)))
   WHERE (w.user_id = worker_profile.p_user_id);
END;

-- Name: FUNCTION worker_profile(p_user_id uuid); Type: COMMENT; Schema: market; Owner: -

COMMENT ON FUNCTION market.worker_profile(p_user_id uuid) IS 'What a worker does and where: {user_id, name, categories, zone, started_at}; null for who is none.';

-- Name: kin_named(text, text); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.kin_named(p_name text, p_kin text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN replace((p_name || p_kin), (p_kin || p_kin), p_kin);

-- Name: FUNCTION kin_named(p_name text, p_kin text); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.kin_named(p_name text, p_kin text) IS 'A name with the kin word after it, once: রহিম ভাই. p_kin begins with its space, or is empty. Null without a name.';

-- Name: address(text, text, text, text); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.address(p_name text, p_address_form text, p_greeting text, p_language text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (p_language = 'en'::text) THEN COALESCE((CASE p_greeting WHEN 'assalamu_alaikum'::text THEN 'Assalamu alaikum, '::text WHEN 'nomoskar'::text THEN 'Nomoskar, '::text ELSE 'Hello '::text END || outreach.kin_named(outreach.display_name(p_name), CASE p_address_form WHEN 'bhai'::text THEN ' Bhai'::text WHEN 'apa'::text THEN ' Apa'::text WHEN 'dada'::text THEN ' Dada'::text WHEN 'didi'::text THEN ' Didi'::text ELSE ''::text END)), CASE p_greeting WHEN 'assalamu_alaikum'::text THEN 'Assalamu alaikum, dear customer'::text WHEN 'nomoskar'::text THEN 'Nomoskar, dear customer'::text ELSE 'Dear customer'::text END) ELSE COALESCE((CASE p_greeting WHEN 'assalamu_alaikum'::text THEN 'আসসালামু আলাইকুম, '::text WHEN 'nomoskar'::text THEN 'নমস্কার, '::text ELSE 'শুভেচ্ছা, '::text END || outreach.kin_named(outreach.display_name(p_name), CASE p_address_form WHEN 'bhai'::text THEN ' ভাই'::text WHEN 'apa'::text THEN ' আপা'::text WHEN 'dada'::text THEN ' দাদা'::text WHEN 'didi'::text THEN ' দিদি'::text ELSE ''::text END)), CASE p_greeting WHEN 'assalamu_alaikum'::text THEN 'আসসালামু আলাইকুম, প্রিয় গ্রাহক'::text WHEN 'nomoskar'::text THEN 'নমস্কার, প্রিয় গ্রাহক'::text ELSE 'প্রিয় গ্রাহক'::text END) END;

-- Name: FUNCTION address(p_name text, p_address_form text, p_greeting text, p_language text); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.address(p_name text, p_address_form text, p_greeting text, p_language text) IS 'The opening of a message, without the punctuation after it: শুভেচ্ছা, রহিম ভাই, or প্রিয় গ্রাহক where no name can be used.
Greeting and kin word are the person''s own choice and come only from here: whoever writes texts never guesses them. Unknown values count as the defaults (শুভেচ্ছা, no kin word); any language but en is Bengali.
Result: never null, never with a bare comma.';

-- Name: apply_events(uuid[], timestamp with time zone); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.apply_events(p_event_ids uuid[], p_at timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_judged uuid[];
begin
  with told as materialized (
    select e.message_id, e.kind
    from outreach.event e
    where e.event_id = any (p_event_ids)
      and e.message_id is not null
      and not e.is_machine
      and e.bounce is distinct from 'vacation'
      -- Of a sending that was given back: the message may be on its way again.
      and not exists (
        select
        from outreach.delivery d
        where d.message_id = e.message_id
          and d.state = 'released'
          and coalesce(e.attempt = d.attempt, e.source = d.adapter and e.provider_id = d.provider_id, false))
      and outreach.state_rank(e.kind) is not null
  ),
  furthest as (
    select distinct on (t.message_id) t.message_id, t.kind
    from told t
    order by t.message_id, outreach.state_rank(t.kind) desc
  ),
  advanced as (
    update outreach.message m
    set state = f.kind, state_at = p_at
    from furthest f
    where m.message_id = f.message_id
      and outreach.state_rank(m.state) >= outreach.state_rank('claimed')
      and outreach.state_rank(f.kind) > outreach.state_rank(m.state)
  )
  -- A receipt for a sending in doubt settles it; a bounce is noted whatever the readers of its copies did, in any order.
  update outreach.delivery d
  set state = case when f.bounced then 'bounced' else 'accepted' end, settled_at = coalesce(d.settled_at, p_at)
  from (
    select t.message_id, bool_or(t.kind = 'bounced') as bounced
    from told t
    group by t.message_id
  ) f
  where d.message_id = f.message_id
    and (d.state in ('claimed', 'in_doubt') or d.state = 'accepted' and f.bounced);

  -- Clicks and bookings tell of addresses only what a suppressed one could no longer have: not worth a look at each.
  select array_agg(distinct e.message_id) into v_judged
  from outreach.event e
  where e.event_id = any (p_event_ids)
    and e.message_id is not null
    and e.kind in ('bounced', 'complained', 'delivered');
  if v_judged is not null then
    perform outreach.judge_addresses(v_judged, p_at);
  end if;

  if exists (select from outreach.event e where e.event_id = any (p_event_ids) and e.kind = 'returned') then
    perform outreach.take_back(p_event_ids, p_at);
  end if;
end;
$$;

-- Name: FUNCTION apply_events(p_event_ids uuid[], p_at timestamp with time zone); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.apply_events(p_event_ids uuid[], p_at timestamp with time zone) IS 'What recorded events do to their messages, which the caller has locked: the message advances to the furthest, never back; a sending in doubt is settled; a bounce marks the sending; bounces and complaints are held against the address (outreach.judge_addresses); what the provider gave back is sent again or ends (outreach.take_back).
A machine''s event and a vacation reply are kept and do nothing.';

-- Name: bare_text(text); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.bare_text(p_text text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN translate(regexp_replace(NORMALIZE(p_text, NFC), '\{[^{}]*\}'::text, ''::text, 'g'::text), '০১২৩৪৫৬৭৮৯'::text, '0123456789'::text);

-- Name: FUNCTION bare_text(p_text text); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.bare_text(p_text text) IS 'What the writer of a template wrote by themselves: each {token} replaced by the character U+001F, digits folded to ASCII, NFC.';

-- Name: bengali_digits(text); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.bengali_digits(p_text text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN translate(p_text, '0123456789'::text, '০১২৩৪৫৬৭৮৯'::text);

-- Name: FUNCTION bengali_digits(p_text text); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.bengali_digits(p_text text) IS 'The text with its ASCII digits written in Bengali; everything else stays.';

-- Name: bounce_class(jsonb); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.bounce_class(p_detail jsonb) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN ((p_detail ->> 'bounce'::text) = ANY (ARRAY['vacation'::text, 'mailbox_full'::text])) THEN (p_detail ->> 'bounce'::text) WHEN ((p_detail ->> 'status'::text) ~ '^[45]\.2\.2$'::text) THEN 'mailbox_full'::text WHEN (((p_detail ->> 'status'::text) ~ '^5\.'::text) AND ((p_detail ->> 'status'::text) !~ '^5\.7\.'::text)) THEN 'hard'::text WHEN ((p_detail ->> 'status'::text) ~ '^(4\.|5\.7\.)'::text) THEN 'soft'::text WHEN ((p_detail ->> 'bounce'::text) = 'hard'::text) THEN 'hard'::text ELSE 'soft'::text END;

-- Name: FUNCTION bounce_class(p_detail jsonb); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.bounce_class(p_detail jsonb) IS 'What a bounce says about the address: hard | soft | mailbox_full | vacation, from what the provider calls it (bounce) and the code of RFC 3463 (status).
The code wins, as some providers call hard bounces transient; what is not told is soft.';

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

-- Name: cap_use(uuid, text, text, timestamp with time zone, boolean); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.cap_use(p_user_id uuid, p_channel text, p_purpose text, p_at timestamp with time zone, p_forecast boolean DEFAULT false) RETURNS TABLE(cap text, cap_version integer, max_messages integer, window_hours integer, used integer, frees_at timestamp with time zone)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT c.cap,
     c.version,
     c.max_messages,
     c.window_hours,
     u.used,
         CASE
             WHEN ((c.max_messages IS NULL) OR (u.used < c.max_messages)) THEN cap_use.p_at
             WHEN (c.max_messages = 0) THEN 'infinity'::timestamp with time zone
             ELSE (u.sent[c.max_messages] + make_interval(hours => c.window_hours))
         END AS "case"
    FROM (policy.cap c
      CROSS JOIN LATERAL ( SELECT (count(*))::integer AS used,
             array_agg(t.sent_at ORDER BY t.sent_at DESC) AS sent
            FROM ( SELECT d.sent_at
                    FROM outreach.delivery d
                   WHERE ((d.user_id = cap_use.p_user_id) AND (d.purpose = cap_use.p_purpose) AND d.counts AND (d.state <> 'released'::text) AND ((c.channel IS NULL) OR (d.channel = c.channel)) AND (d.sent_at > (cap_use.p_at - make_interval(hours => c.window_hours))))
                 UNION ALL
                  SELECT m.due_at
                    FROM outreach.message m
                   WHERE (cap_use.p_forecast AND (m.user_id = cap_use.p_user_id) AND (m.purpose = cap_use.p_purpose) AND m.counts AND (m.state = 'scheduled'::text) AND ((c.channel IS NULL) OR (m.channel = c.channel)) AND (m.due_at > (cap_use.p_at - make_interval(hours => c.window_hours))))) t) u)
   WHERE ((c.purpose = cap_use.p_purpose) AND ((c.channel IS NULL) OR (c.channel = cap_use.p_channel)) AND (c.valid_at @> cap_use.p_at));
END;

-- Name: FUNCTION cap_use(p_user_id uuid, p_channel text, p_purpose text, p_at timestamp with time zone, p_forecast boolean); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.cap_use(p_user_id uuid, p_channel text, p_purpose text, p_at timestamp with time zone, p_forecast boolean) IS 'How far each cap in force is used up by a person at an instant: one row per cap that binds the channel and purpose.
used: messages claimed, in doubt, sent or bounced within the rolling window (with p_forecast also those waiting, at their due time). frees_at: when one more may go, p_at if at once, infinity if never (limit 0).
No row at all means that no cap is in force, and then nothing may be sent. Limit null = no limit.';

-- Name: character_faults(text); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.character_faults(p_text text) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT COALESCE(array_agg(DISTINCT ('character:U+'::text || upper("right"(('000'::text || h.hex), GREATEST(4, char_length(h.hex)))))), '{}'::text[]) AS "coalesce"
    FROM (regexp_matches(character_faults.p_text, '[^\n !"&''()+,./0-9:;?A-Za-z_{}\u002d\u0964\u0965\u0981-\u09fe\u200c\u200d\u2013\u2014\u2018\u2019\u201c\u201d\u2026]'::text, 'g'::text) m(match)
      CROSS JOIN LATERAL ( SELECT to_hex(ascii(m.match[1])) AS hex) h);
END;

-- Name: FUNCTION character_faults(p_text text); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.character_faults(p_text text) IS 'Characters that no text of ours needs, as character:U+0007: control and invisible ones, markup, other scripts (look-alikes hide words from the lists), pictures.
Result: empty where there are none. Joiners are allowed: র‍্যাক needs one.';

-- Name: check_calendar(uuid, timestamp with time zone); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.check_calendar(p_quiet_period_id uuid, p_at timestamp with time zone) RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO ''
    AS $$
declare
  v_longest interval := make_interval(days => policy.number('quiet.longest', p_at)::int);
  v_spell tstzrange;
begin
  select s.spell into v_spell
  from policy.quiet_period q
  -- As far as it can make a spell too long: of one without end, what repeats shows within some weeks.
  cross join lateral (
    select tstzrange(
      lower(q.during) - v_longest,
      coalesce(upper(q.during), lower(q.during) + interval '28 days') + v_longest) as seen
  ) r
  cross join (select distinct c.purpose from policy.message_class c where c.purpose <> 'service') c
  cross join lateral unnest(outreach.quiet_times(
    lower(r.seen), upper(r.seen), policy.default_zone(), c.purpose, null, null, null, null)) as s (spell)
  where q.quiet_period_id = p_quiet_period_id
    and c.purpose = coalesce(q.purpose, c.purpose)
    and s.spell && q.during
    and upper(s.spell * r.seen) - lower(s.spell * r.seen) > v_longest
  limit 1;
  if found then
    raise exception 'Together with others it leaves no time to send for too long' using errcode = 'SH422', column = 'until',
      detail = v_spell::text, hint = 'Rule quiet.longest.';
  end if;
end;
$$;

-- Name: FUNCTION check_calendar(p_quiet_period_id uuid, p_at timestamp with time zone); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.check_calendar(p_quiet_period_id uuid, p_at timestamp with time zone) IS 'Refuses a quiet period, just added, that joins with others to a stretch without any allowed instant longer than quiet.longest (in the default zone).
Errors: SH422 (column until).';

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

COMMENT ON COLUMN policy.quiet_period.purpose IS 'The purpose it binds; null = every capped purpose. Service messages (codes, receipts) are never held.';

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

-- Name: quiet_times(timestamp with time zone, timestamp with time zone, text, text, time without time zone, time without time zone, time without time zone, time without time zone); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.quiet_times(p_from timestamp with time zone, p_until timestamp with time zone, p_zone text, p_purpose text, p_own_from time without time zone, p_own_until time without time zone, p_window_from time without time zone, p_window_until time without time zone) RETURNS tstzmultirange
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 WITH local_day AS (
          SELECT (d.d)::date AS day
            FROM generate_series(((((quiet_times.p_from AT TIME ZONE quiet_times.p_zone))::date - 1))::timestamp with time zone, (((quiet_times.p_until AT TIME ZONE quiet_times.p_zone))::date)::timestamp with time zone, '1 day'::interval) d(d)
         ), span(from_time, until_time, isodow, during) AS (
          SELECT q_1.from_time,
             q_1.until_time,
             q_1.isodow,
             q_1.during
            FROM policy.quiet_period q_1
           WHERE ((COALESCE(q_1.purpose, quiet_times.p_purpose) = quiet_times.p_purpose) AND (q_1.during && tstzrange(quiet_times.p_from, quiet_times.p_until)))
         UNION ALL
          SELECT quiet_times.p_own_from AS p_own_from,
             quiet_times.p_own_until AS p_own_until,
             NULL::integer,
             tstzrange(NULL::timestamp with time zone, NULL::timestamp with time zone) AS tstzrange
           WHERE (quiet_times.p_own_from IS NOT NULL)
         UNION ALL
          SELECT quiet_times.p_window_until AS p_window_until,
             quiet_times.p_window_from AS p_window_from,
             NULL::integer,
             tstzrange(NULL::timestamp with time zone, NULL::timestamp with time zone) AS tstzrange
           WHERE (quiet_times.p_window_from IS NOT NULL)
         ), quiet AS (
          SELECT s.during AS spell
            FROM span s
           WHERE (s.from_time IS NULL)
         UNION ALL
          SELECT (s.during * tstzrange(b.begins, GREATEST(b.begins, b.ends)))
            FROM (((span s
              CROSS JOIN local_day l)
              CROSS JOIN LATERAL ( SELECT (l.day + s.from_time) AS wall,
                     ((l.day + s.from_time) AT TIME ZONE quiet_times.p_zone) AS second,
                     ((((l.day - 1) + s.from_time) AT TIME ZONE quiet_times.p_zone) + '24:00:00'::interval) AS first) w)
              CROSS JOIN LATERAL ( SELECT
                         CASE
                             WHEN ((w.second AT TIME ZONE quiet_times.p_zone) <> w.wall) THEN (w.second - ((w.second AT TIME ZONE quiet_times.p_zone) - w.wall))
                             WHEN ((w.first AT TIME ZONE quiet_times.p_zone) = w.wall) THEN LEAST(w.first, w.second)
                             ELSE w.second
                         END AS begins,
                     (((l.day + ((s.until_time <= s.from_time))::integer) + s.until_time) AT TIME ZONE quiet_times.p_zone) AS ends) b)
           WHERE ((s.from_time IS NOT NULL) AND ((s.isodow IS NULL) OR ((s.isodow)::numeric = EXTRACT(isodow FROM l.day))))
         )
  SELECT COALESCE(range_agg(q.spell), '{}'::tstzmultirange) AS "coalesce"
    FROM quiet q;
END;

-- Name: FUNCTION quiet_times(p_from timestamp with time zone, p_until timestamp with time zone, p_zone text, p_purpose text, p_own_from time without time zone, p_own_until time without time zone, p_window_from time without time zone, p_window_until time without time zone); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.quiet_times(p_from timestamp with time zone, p_until timestamp with time zone, p_zone text, p_purpose text, p_own_from time without time zone, p_own_until time without time zone, p_window_from time without time zone, p_window_until time without time zone) IS 'When nothing may be sent between two instants, in a zone and for a purpose: quiet periods of policy, the person''s own quiet hours (null = none), and outside the campaign''s window (null = none).
Result: multirange of instants; parts before p_from or after p_until may be included. Local times are resolved day by day, so days with 23 or 25 hours are right; where clocks jump, quiet begins with the earlier and ends with the later reading.';

-- Name: next_allowed(timestamp with time zone, text, text, time without time zone, time without time zone, time without time zone, time without time zone); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.next_allowed(p_at timestamp with time zone, p_zone text, p_purpose text, p_own_from time without time zone, p_own_until time without time zone, p_window_from time without time zone, p_window_until time without time zone) RETURNS timestamp with time zone
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT COALESCE(lower((tstzmultirange(tstzrange(p_at, (p_at + '2 days'::interval))) - outreach.quiet_times(p_at, (p_at + '2 days'::interval), p_zone, p_purpose, p_own_from, p_own_until, p_window_from, p_window_until))), lower((tstzmultirange(tstzrange(p_at, (p_at + '15 days'::interval))) - outreach.quiet_times(p_at, (p_at + '15 days'::interval), p_zone, p_purpose, p_own_from, p_own_until, p_window_from, p_window_until))), 'infinity'::timestamp with time zone) AS "coalesce";
END;

-- Name: FUNCTION next_allowed(p_at timestamp with time zone, p_zone text, p_purpose text, p_own_from time without time zone, p_own_until time without time zone, p_window_from time without time zone, p_window_until time without time zone); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.next_allowed(p_at timestamp with time zone, p_zone text, p_purpose text, p_own_from time without time zone, p_own_until time without time zone, p_window_from time without time zone, p_window_until time without time zone) IS 'The first instant at or after p_at that is not quiet (outreach.quiet_times); infinity if there is none within 15 days.
Purpose service is never held: do not ask for it.';

-- Name: text_form(text); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.text_form(p_channel text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (p_channel = 'email'::text) THEN 'long'::text ELSE 'short'::text END;

-- Name: FUNCTION text_form(p_channel text); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.text_form(p_channel text) IS 'The form of text that a channel carries: long for e-mail; short for sms, push, whatsapp and in_app, where a letter would cost several SMS or be cut off.';

-- Name: time_zone; Type: TABLE; Schema: policy; Owner: -

CREATE TABLE policy.time_zone (
    name text NOT NULL
);

-- Name: TABLE time_zone; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON TABLE policy.time_zone IS 'Zones that this server knows, copied once: reading pg_timezone_names opens hundreds of files.';

-- Name: person_zone; Type: VIEW; Schema: account; Owner: -

CREATE VIEW account.person_zone AS
 SELECT p.user_id,
    COALESCE(z.name, ( SELECT policy.default_zone() AS default_zone)) AS zone
   FROM (account.person p
     LEFT JOIN policy.time_zone z ON ((z.name = p.time_zone)));

-- Name: VIEW person_zone; Type: COMMENT; Schema: account; Owner: -

COMMENT ON VIEW account.person_zone IS 'The time zone to use for each person: their own where this server knows it, else the default zone; so one invalid zone never stops anybody else.';

-- Name: COLUMN person_zone.user_id; Type: COMMENT; Schema: account; Owner: -

COMMENT ON COLUMN account.person_zone.user_id IS 'The person.';

-- Name: COLUMN person_zone.zone; Type: COMMENT; Schema: account; Owner: -

COMMENT ON COLUMN account.person_zone.zone IS 'IANA name; never null, always known to the server.';

-- Name: event; Type: TABLE; Schema: outreach; Owner: -

CREATE TABLE outreach.event (
    event_id uuid DEFAULT uuidv7() NOT NULL,
    message_id uuid,
    kind text NOT NULL,
    happened_at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    source text NOT NULL,
    source_event_id text,
    is_machine boolean DEFAULT false NOT NULL,
    detail jsonb DEFAULT '{}'::jsonb NOT NULL,
    provider_id text,
    bounce text,
    attempt integer,
    CONSTRAINT event_attempt_is_positive CHECK ((attempt > 0)),
    CONSTRAINT event_bounce_is_known CHECK ((bounce = ANY (ARRAY['hard'::text, 'soft'::text, 'mailbox_full'::text, 'vacation'::text]))),
    CONSTRAINT event_bounce_is_of_bounced CHECK (((bounce IS NULL) OR (kind = 'bounced'::text))),
    CONSTRAINT event_kind_is_known CHECK ((kind = ANY (ARRAY['sent'::text, 'delivered'::text, 'opened'::text, 'clicked'::text, 'booked'::text, 'bounced'::text, 'complained'::text, 'useful'::text, 'not_useful'::text, 'returned'::text])))
);

-- Name: TABLE event; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON TABLE outreach.event IS 'What happened to a message after it left, in any order and as often as it is told; the state follows the furthest.';

-- Name: COLUMN event.is_machine; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.event.is_machine IS 'A scanner or image proxy, not a person: kept, but it advances nothing.';

-- Name: COLUMN event.provider_id; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.event.provider_id IS 'The provider''s name for the message. An event told by it alone waits, without message_id, until our own record knows that name.';

-- Name: COLUMN event.bounce; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.event.bounce IS 'For bounces: hard (the address is no good), soft, mailbox_full, vacation (an automatic reply: no bounce at all).';

-- Name: COLUMN event.attempt; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.event.attempt IS 'Which sending of the message it is about, where the provider tells; null: whichever bears the provider''s name.';

-- Name: hold; Type: TABLE; Schema: outreach; Owner: -

CREATE TABLE outreach.hold (
    campaign_id uuid NOT NULL,
    kind text NOT NULL,
    since timestamp with time zone NOT NULL,
    CONSTRAINT hold_kind_is_known CHECK ((kind = ANY (ARRAY['paused'::text, 'stopped'::text])))
);

-- Name: TABLE hold; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON TABLE outreach.hold IS 'Campaigns whose messages must not be claimed: paused ones wait, stopped ones are refused. Kept by smartengage.campaign.';

-- Name: refusal_rule; Type: VIEW; Schema: outreach; Owner: -

CREATE VIEW outreach.refusal_rule AS
 SELECT reason,
    rule
   FROM ( VALUES ('flag_off'::text,'campaign'::text), ('not_in_canary'::text,'campaign'::text), ('campaign_stopped'::text,'campaign'::text), ('person_inactive'::text,'person_active'::text), ('already_reminded'::text,'reminder.once'::text), ('already_sent'::text,'announcement.once'::text), ('another_service_first'::text,'reminder.one_service'::text), ('too_late'::text,'reminder.useful_for'::text), ('global_control'::text,'holdout.global_share'::text), ('no_consent'::text,'consent'::text), ('no_address'::text,'contact'::text), ('suppressed'::text,'contact'::text), ('no_text'::text,'approved_text'::text), ('booked'::text,'booked'::text), ('quiet'::text,'quiet_period'::text), ('no_time_left'::text,'quiet_period'::text), ('yields'::text,'look_ahead'::text), ('no_cap'::text,'cap'::text), ('arrived'::text,'reminder.once'::text), ('too_little_history'::text,'reminder.min_visits'::text), ('service_inactive'::text,'service_active'::text), ('not_in_segment'::text,'campaign'::text), ('open_booking'::text,'booked'::text), ('not_due_yet'::text,'reminder.lead'::text), ('unlikely'::text,'reminder.min_p14'::text)) v(reason, rule);

-- Name: VIEW refusal_rule; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON VIEW outreach.refusal_rule IS 'Which rule stands behind each reason for not sending; for capped it is the cap itself, by name.';

-- Name: COLUMN refusal_rule.reason; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.refusal_rule.reason IS 'The reason, as stored on candidates and messages, or told by smartengage.standing.';

-- Name: COLUMN refusal_rule.rule; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.refusal_rule.rule IS 'policy.rule.';

-- Name: message_class; Type: TABLE; Schema: policy; Owner: -

CREATE TABLE policy.message_class (
    message_class text NOT NULL,
    purpose text NOT NULL,
    priority integer NOT NULL,
    obeys_caps boolean NOT NULL,
    counts boolean NOT NULL,
    meaning text NOT NULL,
    CONSTRAINT message_class_purpose_is_known CHECK ((purpose = ANY (ARRAY['outreach'::text, 'coaching'::text, 'voice'::text, 'service'::text])))
);

-- Name: TABLE message_class; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON TABLE policy.message_class IS 'Kinds of messages by purpose: who goes first, which obey caps, which use them up.';

-- Name: COLUMN message_class.priority; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.message_class.priority IS 'Lower goes first where several messages compete for a slot.';

-- Name: COLUMN message_class.obeys_caps; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.message_class.obeys_caps IS 'False: may go although the cap is used up (only purpose service, or with a recorded reason).';

-- Name: COLUMN message_class.counts; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.message_class.counts IS 'False: takes no slot, so it does not hold others back.';

-- Name: claim_verdict(uuid[], timestamp with time zone); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.claim_verdict(p_message_ids uuid[], p_at timestamp with time zone) RETURNS TABLE(message_id uuid, verdict text, reason text, rule text, rule_version integer, until timestamp with time zone)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 WITH asked AS MATERIALIZED (
          SELECT m.message_id,
             m.user_id,
             m.channel,
             m.purpose,
             m.message_class,
             m.obeys_caps,
             m.counts,
             m.kind,
             m.campaign_id,
             m.run_id,
             m.occurrence,
             m.service_id,
             m.add_on_ids,
             m.suggested_at,
             m.expected_at,
             m.expected_value,
             m.template_id,
             m.exempt_reason,
             m.state,
             m.state_at,
             m.planned_at,
             m.due_at,
             m.useful_until,
             m.window_from,
             m.window_until,
             m.attempt,
             m.failures,
             m.reason,
             m.rule,
             m.rule_version,
             p.disabled_at,
             p.erased_at,
             p.quiet_from,
             p.quiet_until,
             z.zone,
             c.address,
             c.suppressed_at,
             t_1.approved_at,
             t_1.form,
             mc.priority,
             h.kind AS hold
            FROM ((((((outreach.message m
              JOIN account.person p ON ((p.user_id = m.user_id)))
              JOIN account.person_zone z ON ((z.user_id = m.user_id)))
              JOIN policy.message_class mc ON ((mc.message_class = m.message_class)))
              LEFT JOIN account.contact c ON (((c.user_id = m.user_id) AND (c.channel = m.channel))))
              LEFT JOIN outreach.template t_1 ON ((t_1.template_id = m.template_id)))
              LEFT JOIN outreach.hold h ON ((h.campaign_id = m.campaign_id)))
           WHERE (m.message_id = ANY (claim_verdict.p_message_ids))
         ), timing AS MATERIALIZED (
          SELECT k.zone,
             k.purpose,
             k.quiet_from,
             k.quiet_until,
             k.window_from,
             k.window_until,
             outreach.next_allowed(claim_verdict.p_at, k.zone, k.purpose, k.quiet_from, k.quiet_until, k.window_from, k.window_until) AS next_allowed
            FROM ( SELECT DISTINCT a.zone,
                     a.purpose,
                     a.quiet_from,
                     a.quiet_until,
                     a.window_from,
                     a.window_until
                    FROM asked a
                   WHERE (a.purpose <> 'service'::text)) k
         ), judged AS MATERIALIZED (
          SELECT a.message_id,
             a.useful_until,
             t_1.next_allowed,
             cap.cap,
             cap.cap_version,
             cap.frees_at,
             ahead.due_at AS yields_until,
                 CASE
                     WHEN ((a.disabled_at <= claim_verdict.p_at) OR (a.erased_at IS NOT NULL)) THEN 'person_inactive'::text
                     WHEN (a.hold = 'stopped'::text) THEN 'campaign_stopped'::text
                     WHEN (a.useful_until < claim_verdict.p_at) THEN 'too_late'::text
                     WHEN ((a.purpose <> 'service'::text) AND (NOT (EXISTS ( SELECT
                        FROM account.consented(a.user_id, a.channel, a.purpose, claim_verdict.p_at) c(valid_at)
                       WHERE upper_inf(c.valid_at))))) THEN 'no_consent'::text
                     WHEN ((a.channel <> 'in_app'::text) AND (a.address IS NULL)) THEN 'no_address'::text
                     WHEN ((a.channel <> 'in_app'::text) AND (a.suppressed_at IS NOT NULL)) THEN 'suppressed'::text
                     WHEN ((a.attempt > 0) AND (EXISTS ( SELECT
                        FROM outreach.event e
                       WHERE ((e.message_id = a.message_id) AND (e.kind = ANY (ARRAY['delivered'::text, 'opened'::text, 'clicked'::text, 'booked'::text])) AND (NOT e.is_machine))))) THEN 'arrived'::text
                     WHEN ((a.approved_at IS NULL) OR ((a.purpose = 'outreach'::text) AND (a.form <> outreach.text_form(a.channel)))) THEN 'no_text'::text
                     WHEN ((a.kind = 'reminder'::text) AND (EXISTS ( SELECT
                        FROM market.booked_since(a.user_id, a.service_id, a.planned_at) booked_since(booking_id)))) THEN 'booked'::text
                     WHEN (t_1.next_allowed > claim_verdict.p_at) THEN 'quiet'::text
                     WHEN (a.obeys_caps AND (cap.cap IS NULL)) THEN 'no_cap'::text
                     WHEN (a.obeys_caps AND (cap.frees_at > claim_verdict.p_at)) THEN 'capped'::text
                     WHEN (a.obeys_caps AND (ahead.due_at IS NOT NULL)) THEN 'yields'::text
                     ELSE NULL::text
                 END AS reason
            FROM (((asked a
              LEFT JOIN timing t_1 ON ((((t_1.zone = a.zone) AND (t_1.purpose = a.purpose)) AND (NOT ((((t_1.quiet_from IS DISTINCT FROM a.quiet_from) OR (t_1.quiet_until IS DISTINCT FROM a.quiet_until)) OR (t_1.window_from IS DISTINCT FROM a.window_from)) OR (t_1.window_until IS DISTINCT FROM a.window_until))))))
              LEFT JOIN LATERAL ( SELECT u.cap,
                     u.cap_version,
                     u.frees_at,
                     (u.max_messages - u.used) AS room
                    FROM outreach.cap_use(a.user_id, a.channel, a.purpose, claim_verdict.p_at) u(cap, cap_version, max_messages, window_hours, used, frees_at)
                   ORDER BY u.frees_at DESC, (u.max_messages - u.used)
                  LIMIT 1) cap ON (a.obeys_caps))
              LEFT JOIN LATERAL ( SELECT min(o.due_at) AS due_at
                    FROM (outreach.message o
                      JOIN policy.message_class oc ON ((oc.message_class = o.message_class)))
                   WHERE ((cap.room = 1) AND (o.user_id = a.user_id) AND (o.purpose = a.purpose) AND (o.state = 'scheduled'::text) AND (oc.priority < a.priority) AND (o.due_at <= (claim_verdict.p_at + make_interval(hours => (( SELECT policy.number('look_ahead'::text, claim_verdict.p_at) AS number))::integer))))) ahead ON (true))
         ), timed AS MATERIALIZED (
          SELECT j.message_id,
             j.useful_until,
             j.next_allowed,
             j.cap,
             j.cap_version,
             j.frees_at,
             j.yields_until,
             j.reason,
                 CASE j.reason
                     WHEN 'quiet'::text THEN j.next_allowed
                     WHEN 'capped'::text THEN j.frees_at
                     WHEN 'yields'::text THEN (GREATEST(j.yields_until, claim_verdict.p_at) + '00:01:00'::interval)
                     ELSE NULL::timestamp with time zone
                 END AS until
            FROM judged j
         )
  SELECT t.message_id,
         CASE
             WHEN (t.reason IS NULL) THEN 'send'::text
             WHEN (t.until <= t.useful_until) THEN 'defer'::text
             WHEN (t.reason = ANY (ARRAY['too_late'::text, 'quiet'::text, 'yields'::text])) THEN 'expire'::text
             ELSE 'refuse'::text
         END AS "case",
     t.reason,
         CASE t.reason
             WHEN 'capped'::text THEN t.cap
             ELSE g.rule
         END AS rule,
         CASE t.reason
             WHEN 'capped'::text THEN t.cap_version
             ELSE v.version
         END AS version,
     t.until
    FROM ((timed t
      LEFT JOIN outreach.refusal_rule g ON ((g.reason = t.reason)))
      LEFT JOIN policy.rule v ON (((v.rule = g.rule) AND (v.valid_at @> claim_verdict.p_at))));
END;

-- Name: FUNCTION claim_verdict(p_message_ids uuid[], p_at timestamp with time zone); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.claim_verdict(p_message_ids uuid[], p_at timestamp with time zone) IS 'The decision on messages at an instant, one row each: send; defer (until an instant that is still useful); refuse or expire, with reason, rule and version.
Pure: it changes nothing. outreach.claim asks it under the locks of the people.';

-- Name: fill(text, jsonb); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.fill(p_text text, p_tokens jsonb) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO ''
    AS $$
declare
  v_piece text;
  v_end int;
  v_text text;
begin
  if p_text is null then
    return null;
  end if;
  -- One pass, so a value is never read as a template: a name like {stop_link} stays a name. The loop goes over the few
  -- tokens of one text, and is three times as fast as a query over them; it runs for every message.
  foreach v_piece in array string_to_array(p_text, '{') loop
    v_end := strpos(v_piece, '}');
    if v_text is null or v_end = 0 then
      v_text := coalesce(v_text, '') || v_piece;
    else
      v_text := v_text
        || coalesce(nullif(btrim(p_tokens ->> left(v_piece, v_end - 1)), ''), E'\x01')
        || substr(v_piece, v_end + 1);
    end if;
  end loop;
  if strpos(v_text, E'\x01') > 0 then
    -- The usual gap is an add-on line where no add-on is offered: plain replacing will do.
    v_text := replace(replace(v_text, E'\n\x01\n', E'\n'), E'\n\n\n', E'\n\n');
    if strpos(v_text, E'\x01') > 0 then
      v_text := outreach.without_gaps(v_text);
    end if;
  end if;
  return coalesce(v_text, '');
end;
$$;

-- Name: FUNCTION fill(p_text text, p_tokens jsonb); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.fill(p_text text, p_tokens jsonb) IS 'A text with its tokens replaced by their values: {service} becomes p_tokens ->> ''service''.
A token without a value (missing, null, blank) leaves no trace: a line that held nothing else vanishes, and so does the punctuation that belonged to it. Values are taken as they are and not filled again; so an add-on line is filled before it is passed as a value.
Result: the text without any raw token; null for null.';

-- Name: local_date(timestamp with time zone, text, text); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.local_date(p_at timestamp with time zone, p_zone text, p_language text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (p_language = 'en'::text) THEN (((((ARRAY['Monday'::text, 'Tuesday'::text, 'Wednesday'::text, 'Thursday'::text, 'Friday'::text, 'Saturday'::text, 'Sunday'::text])[(EXTRACT(isodow FROM (p_at AT TIME ZONE p_zone)))::integer] || ' '::text) || (EXTRACT(day FROM (p_at AT TIME ZONE p_zone)))::integer) || ' '::text) || (ARRAY['January'::text, 'February'::text, 'March'::text, 'April'::text, 'May'::text, 'June'::text, 'July'::text, 'August'::text, 'September'::text, 'October'::text, 'November'::text, 'December'::text])[(EXTRACT(month FROM (p_at AT TIME ZONE p_zone)))::integer]) ELSE (((((ARRAY['সোমবার'::text, 'মঙ্গলবার'::text, 'বুধবার'::text, 'বৃহস্পতিবার'::text, 'শুক্রবার'::text, 'শনিবার'::text, 'রবিবার'::text])[(EXTRACT(isodow FROM (p_at AT TIME ZONE p_zone)))::integer] || ', '::text) || outreach.bengali_digits(((EXTRACT(day FROM (p_at AT TIME ZONE p_zone)))::integer)::text)) || ' '::text) || (ARRAY['জানুয়ারি'::text, 'ফেব্রুয়ারি'::text, 'মার্চ'::text, 'এপ্রিল'::text, 'মে'::text, 'জুন'::text, 'জুলাই'::text, 'আগস্ট'::text, 'সেপ্টেম্বর'::text, 'অক্টোবর'::text, 'নভেম্বর'::text, 'ডিসেম্বর'::text])[(EXTRACT(month FROM (p_at AT TIME ZONE p_zone)))::integer]) END;

-- Name: FUNCTION local_date(p_at timestamp with time zone, p_zone text, p_language text); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.local_date(p_at timestamp with time zone, p_zone text, p_language text) IS 'The day of an instant as a person of that time zone says it: সোমবার, ২৩ নভেম্বর, or Monday 23 November.
Names stand here and not in a locale, so that every server writes the same. Gregorian months, as bookings use them. Any language but en is Bengali.
Result: null where the instant is null. Errors: 22023 for a zone that the server does not know (account.person_zone has ones that it does).';

-- Name: new_token(); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.new_token() RETURNS text
    LANGUAGE sql PARALLEL SAFE
    RETURN translate(encode(substr(sha256((uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))), 1, 16), 'base64'::text), '+/='::text, '-_'::text);

-- Name: FUNCTION new_token(); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.new_token() IS 'A fresh link token: 128 bits from the server''s strong random source, base64url, 22 characters. Keep only outreach.token_hash of it.';

-- Name: rendered(uuid, text, text); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.rendered(p_message_id uuid, p_link text, p_stop_link text) RETURNS TABLE(subject text, body text, language text, name text)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT outreach.fill(t.subject, k.tokens) AS fill,
     outreach.fill(t.body, (k.tokens || jsonb_build_object('add_on_line',
         CASE
             WHEN (k.add_ons <> ''::text) THEN outreach.fill(COALESCE(t.add_on_line, ''::text), k.tokens)
             ELSE ''::text
         END))) AS fill,
     t.language,
     outreach.display_name(p.full_name) AS display_name
    FROM (((((outreach.message m
      JOIN outreach.template t ON ((t.template_id = m.template_id)))
      JOIN account.person p ON ((p.user_id = m.user_id)))
      JOIN account.person_zone z ON ((z.user_id = m.user_id)))
      LEFT JOIN market.service s ON ((s.service_id = m.service_id)))
      CROSS JOIN LATERAL ( SELECT COALESCE(a.names, ''::text) AS add_ons,
             jsonb_build_object('address', outreach.address(p.full_name, p.address_form, p.greeting, t.language), 'service',
                 CASE t.language
                     WHEN 'bn'::text THEN s.name_bn
                     ELSE s.name_en
                 END, 'date', outreach.local_date(m.suggested_at, z.zone, t.language), 'add_on', COALESCE(a.names, ''::text), 'link', rendered.p_link, 'stop_link', rendered.p_stop_link) AS tokens
            FROM ( SELECT string_agg(
                         CASE t.language
                             WHEN 'bn'::text THEN x.name_bn
                             ELSE x.name_en
                         END,
                         CASE t.language
                             WHEN 'bn'::text THEN ' ও '::text
                             ELSE ' and '::text
                         END ORDER BY o.place) AS names
                    FROM (unnest(m.add_on_ids) WITH ORDINALITY o(add_on_id, place)
                      JOIN market.add_on x ON (((x.add_on_id = o.add_on_id) AND x.active)))) a) k)
   WHERE (m.message_id = rendered.p_message_id);
END;

-- Name: FUNCTION rendered(p_message_id uuid, p_link text, p_stop_link text); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.rendered(p_message_id uuid, p_link text, p_stop_link text) IS 'A message as its reader will see it, from its template and the person''s present name, form of address and language.
The same function makes the preview and what is sent, so they are the same bytes for the same links.
name: display name for the address line of an e-mail; null where none is known.';

-- Name: token_hash(text); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.token_hash(p_token text) RETURNS bytea
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN sha256(convert_to(p_token, 'UTF8'::name));

-- Name: FUNCTION token_hash(p_token text); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.token_hash(p_token text) IS 'What is stored of a link token. A plain hash is enough: the token is random, so there is nothing to guess.';

-- Name: enqueue_many(text, jsonb[], timestamp with time zone[], text[], integer); Type: FUNCTION; Schema: queue; Owner: -

CREATE FUNCTION queue.enqueue_many(p_entrypoint text, p_payloads jsonb[], p_ats timestamp with time zone[], p_dedupe_keys text[], p_priority integer DEFAULT 0) RETURNS integer
    LANGUAGE sql
    BEGIN ATOMIC
 WITH made AS (
          INSERT INTO queue.pgqueuer (priority, execute_after, status, entrypoint, dedupe_key, payload)  SELECT enqueue_many.p_priority AS p_priority,
                     COALESCE(clock."real"(j.at), now()) AS "coalesce",
                     'queued',
                     enqueue_many.p_entrypoint AS p_entrypoint,
                     j.dedupe_key,
                     convert_to((j.payload)::text, 'UTF8'::name) AS convert_to
                    FROM UNNEST(enqueue_many.p_payloads, enqueue_many.p_ats, enqueue_many.p_dedupe_keys) j(payload, at, dedupe_key) ON CONFLICT(dedupe_key)
           WHERE ((status = ANY (ARRAY['queued'::queue.pgqueuer_status, 'picked'::queue.pgqueuer_status])) AND (dedupe_key IS NOT NULL)) DO NOTHING
           RETURNING pgqueuer.id
         )
  SELECT (count(*))::integer AS count
    FROM made;
END;

-- Name: FUNCTION enqueue_many(p_entrypoint text, p_payloads jsonb[], p_ats timestamp with time zone[], p_dedupe_keys text[], p_priority integer); Type: COMMENT; Schema: queue; Owner: -

COMMENT ON FUNCTION queue.enqueue_many(p_entrypoint text, p_payloads jsonb[], p_ats timestamp with time zone[], p_dedupe_keys text[], p_priority integer) IS 'Puts many jobs of one entrypoint into pgqueuer with one statement and so one notification; arrays of equal length, see queue.enqueue.
Result: how many were made (those whose key was waiting already are not).';

-- Name: wake(text, timestamp with time zone[]); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.wake(p_channel text, p_ats timestamp with time zone[]) RETURNS integer
    LANGUAGE sql
    BEGIN ATOMIC
 WITH minute AS (
          SELECT (date_bin('00:01:00'::interval, a.at, '1970-01-01 00:00:00+00'::timestamp with time zone) + '00:01:00'::interval) AS at,
             count(*) AS messages
            FROM unnest(wake.p_ats) a(at)
           WHERE isfinite(a.at)
           GROUP BY (date_bin('00:01:00'::interval, a.at, '1970-01-01 00:00:00+00'::timestamp with time zone) + '00:01:00'::interval)
         ), job AS (
          SELECT m.at,
             format('deliver/%s/%s/%s'::text, wake.p_channel, (EXTRACT(epoch FROM m.at))::bigint, part.part) AS dedupe_key
            FROM (minute m
              CROSS JOIN LATERAL generate_series((1)::bigint, ((m.messages + 99) / 100)) part(part))
         )
  SELECT queue.enqueue_many('deliver'::text, array_agg(jsonb_build_object('channel', wake.p_channel) ORDER BY j.at, j.dedupe_key), array_agg(j.at ORDER BY j.at, j.dedupe_key), array_agg(j.dedupe_key ORDER BY j.at, j.dedupe_key)) AS enqueue_many
    FROM job j
  HAVING (count(*) > 0);
END;

-- Name: FUNCTION wake(p_channel text, p_ats timestamp with time zone[]); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.wake(p_channel text, p_ats timestamp with time zone[]) IS 'Makes the wake-ups for messages of a channel that are due at these instants: one job for up to 100 messages of the same minute.
A job only wakes the worker; what it then sends is decided by outreach.claim. Result: how many jobs were made; null if none were asked.';

-- Name: inbox; Type: TABLE; Schema: outreach; Owner: -

CREATE TABLE outreach.inbox (
    message_id uuid NOT NULL,
    user_id uuid NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    arrived_at timestamp with time zone NOT NULL,
    read_at timestamp with time zone
);

-- Name: TABLE inbox; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON TABLE outreach.inbox IS 'In-app messages as the person reads them.';

-- Name: link; Type: TABLE; Schema: outreach; Owner: -

CREATE TABLE outreach.link (
    token_hash bytea NOT NULL,
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
    CONSTRAINT link_hash_is_sha256 CHECK ((octet_length(token_hash) = 32))
);

-- Name: TABLE link; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON TABLE outreach.link IS 'Signed links in messages: one 128-bit token, stored only as sha256, bound to one message and person.';

-- Name: COLUMN link.user_id; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.link.user_id IS 'The message''s; so it needs no key of its own.';

-- Name: COLUMN link.book_until; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.link.book_until IS 'Until then /l/{token} opens the pre-filled booking.';

-- Name: COLUMN link.stop_until; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.link.stop_until IS 'Until then, years later, /u/{token} withdraws the consent.';

-- Name: claim_decided(uuid[], timestamp with time zone, text, text); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.claim_decided(p_message_ids uuid[], p_at timestamp with time zone, p_public_url text, p_adapter text) RETURNS jsonb
    LANGUAGE sql
    BEGIN ATOMIC
 WITH verdict AS MATERIALIZED (
          SELECT claim_verdict.message_id,
             claim_verdict.verdict,
             claim_verdict.reason,
             claim_verdict.rule,
             claim_verdict.rule_version,
             claim_verdict.until
            FROM outreach.claim_verdict(claim_decided.p_message_ids, claim_decided.p_at) claim_verdict(message_id, verdict, reason, rule, rule_version, until)
         ), ended AS (
          UPDATE outreach.message m SET state =
                 CASE v.verdict
                     WHEN 'expire'::text THEN 'expired'::text
                     ELSE 'refused'::text
                 END, state_at = claim_decided.p_at, reason = v.reason, rule = v.rule, rule_version = v.rule_version
            FROM verdict v
           WHERE ((m.message_id = v.message_id) AND (v.verdict = ANY (ARRAY['expire'::text, 'refuse'::text])))
           RETURNING m.state
         ), deferred AS (
          UPDATE outreach.message m SET due_at = v.until, reason = v.reason, rule = v.rule, rule_version = v.rule_version
            FROM verdict v
           WHERE ((m.message_id = v.message_id) AND (v.verdict = 'defer'::text))
           RETURNING m.channel,
             m.due_at
         ), woken AS (
          SELECT outreach.wake(d.channel, array_agg(d.due_at)) AS wake
            FROM deferred d
           GROUP BY d.channel
         ), claimed AS (
          UPDATE outreach.message m SET state = 'claimed'::text, state_at = claim_decided.p_at, attempt = (m.attempt + 1), reason = NULL::text, rule = NULL::text, rule_version = NULL::integer
            FROM verdict v
           WHERE ((m.message_id = v.message_id) AND (v.verdict = 'send'::text))
           RETURNING m.message_id,
             m.attempt,
             m.user_id,
             m.channel,
             m.purpose,
             m.counts,
             m.template_id,
             m.useful_until
         ), minted AS MATERIALIZED (
          SELECT c.message_id,
             c.attempt,
             c.user_id,
             c.channel,
             c.purpose,
             c.counts,
             c.template_id,
             c.useful_until,
             outreach.new_token() AS token
            FROM claimed c
         ), addressed AS MATERIALIZED (
          SELECT n.message_id,
             n.attempt,
             n.user_id,
             n.channel,
             n.purpose,
             n.counts,
             n.template_id,
             n.useful_until,
             n.token,
             o.address,
             ((claim_decided.p_public_url || '/l/'::text) || n.token) AS link,
             ((claim_decided.p_public_url || '/u/'::text) || n.token) AS stop_link
            FROM (minted n
              LEFT JOIN account.contact o ON (((o.user_id = n.user_id) AND (o.channel = n.channel))))
         ), ready AS MATERIALIZED (
          SELECT a.message_id,
             a.attempt,
             a.user_id,
             a.channel,
             a.purpose,
             a.counts,
             a.template_id,
             a.useful_until,
             a.token,
             a.address,
             a.link,
             a.stop_link,
             r.subject,
             r.body,
             r.language,
             r.name
            FROM (addressed a
              CROSS JOIN LATERAL outreach.rendered(a.message_id, a.link, a.stop_link) r(subject, body, language, name))
         ), linked AS (
          INSERT INTO outreach.link (token_hash, message_id, user_id, channel, purpose, created_at, book_until, stop_until)  SELECT outreach.token_hash(r.token) AS token_hash,
                     r.message_id,
                     r.user_id,
                     r.channel,
                     r.purpose,
                     claim_decided.p_at AS p_at,
                     (r.useful_until + make_interval(days => (( SELECT policy.number('link.book_for'::text, claim_decided.p_at) AS number))::integer)),
                     (claim_decided.p_at + make_interval(days => (( SELECT policy.number('link.stop_for'::text, claim_decided.p_at) AS number))::integer))
                    FROM ready r
                   WHERE (r.purpose <> 'service'::text)
         ), recorded AS (
          INSERT INTO outreach.delivery (message_id, attempt, user_id, channel, purpose, counts, sent_at, consent_channel, consent_purpose, adapter, template_id, subject, body)  SELECT r.message_id,
                     r.attempt,
                     r.user_id,
                     r.channel,
                     r.purpose,
                     r.counts,
                     claim_decided.p_at AS p_at,
                         CASE
                             WHEN (r.purpose <> 'service'::text) THEN r.channel
                             ELSE NULL::text
                         END AS "case",
                         CASE
                             WHEN (r.purpose <> 'service'::text) THEN r.purpose
                             ELSE NULL::text
                         END AS "case",
                     claim_decided.p_adapter AS p_adapter,
                     r.template_id,
                     r.subject,
                     replace(replace(r.body, r.link, '{link}'::text), r.stop_link, '{stop_link}'::text) AS replace
                    FROM ready r
         ), shown AS (
          INSERT INTO outreach.inbox (message_id, user_id, subject, body, arrived_at)  SELECT r.message_id,
                     r.user_id,
                     r.subject,
                     r.body,
                     claim_decided.p_at AS p_at
                    FROM ready r
                   WHERE (r.channel = 'in_app'::text) ON CONFLICT(message_id) DO NOTHING
         )
  SELECT jsonb_build_object('messages', COALESCE(( SELECT jsonb_agg(jsonb_build_object('message_id', r.message_id, 'attempt', r.attempt, 'channel', r.channel, 'purpose', r.purpose, 'language', r.language, 'address', r.address, 'name', r.name, 'subject', r.subject, 'body', r.body, 'link', r.link, 'stop_link', r.stop_link, 'useful_for', (EXTRACT(epoch FROM (r.useful_until - claim_decided.p_at)))::integer)) AS jsonb_agg
            FROM ready r), '[]'::jsonb), 'claimed', ( SELECT count(*) AS count
            FROM ready), 'refused', ( SELECT count(*) AS count
            FROM ended e
           WHERE (e.state = 'refused'::text)), 'expired', ( SELECT count(*) AS count
            FROM ended e
           WHERE (e.state = 'expired'::text)), 'deferred', (( SELECT count(*) AS count
            FROM deferred) + (0 * ( SELECT count(*) AS count
            FROM woken)))) AS jsonb_build_object;
END;

-- Name: FUNCTION claim_decided(p_message_ids uuid[], p_at timestamp with time zone, p_public_url text, p_adapter text); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.claim_decided(p_message_ids uuid[], p_at timestamp with time zone, p_public_url text, p_adapter text) IS 'Carries out outreach.claim_verdict on messages that the caller has locked, in one statement: ends, defers, or claims with delivery, slots, link and text.
Result: see jobs.claim_batch. Not to be called but by outreach.claim, which locks.';

-- Name: clean_text(text); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.clean_text(p_text text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN btrim(regexp_replace(regexp_replace(regexp_replace(translate(NORMALIZE(p_text, NFC), '৷  ﻿​­
'::text, '।  '::text), '[ \t]+'::text, ' '::text, 'g'::text), ' *\n *'::text, '
'::text, 'g'::text), '(\n{2})\n+| +(?=[।,?!])'::text, '\1'::text, 'g'::text), '
'::text);

-- Name: FUNCTION clean_text(p_text text); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.clean_text(p_text text) IS 'A text as we store it: NFC, one kind of space and line break, no blanks at ends of lines or before a danda or comma, the danda as U+0964 even where a keyboard typed the currency mark U+09F7, no soft hyphens or zero-width spaces.
Only the form changes, never a word. Null for null.';

-- Name: compared_words(text); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.compared_words(p_text text) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT COALESCE(array_agg(m.match[1] ORDER BY m.place), '{}'::text[]) AS "coalesce"
    FROM regexp_matches(translate(lower((outreach.bare_text(compared_words.p_text) COLLATE "C")), '৷‌‍'::text, ' '::text), '[ঀ-৿]+|[a-z]+|'::text, 'g'::text) WITH ORDINALITY m(match, place);
END;

-- Name: FUNCTION compared_words(p_text text); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.compared_words(p_text text) IS 'The words of a text in the form in which word lists are compared: like outreach.tokens, but folded (NFC, joiners and digits gone, lower case), with Latin words too, and with U+001F where a token stands, so that no phrase runs across one.';

-- Name: delivery_has_approved_text(); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.delivery_has_approved_text() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_message_id uuid;
begin
  select n.message_id into v_message_id
  from new_delivery n
  join outreach.message m on m.message_id = n.message_id
  left join outreach.template t on t.template_id = coalesce(n.template_id, m.template_id)
  where n.purpose = 'outreach'
    and (t.approved_at is null or t.form <> outreach.text_form(n.channel))
  limit 1;
  if found then
    raise exception 'Only an approved text of the channel''s form is sent' using errcode = 'SH409',
      detail = v_message_id::text, constraint = 'delivery_has_approved_text',
      hint = 'Approve the template, or give the message another.';
  end if;
  return null;
end;
$$;

-- Name: FUNCTION delivery_has_approved_text(); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.delivery_has_approved_text() IS 'Trigger: a sending of purpose outreach needs a text that is approved and whose form the channel carries; so no writer, not even psql, sends an unapproved text, or a letter by SMS.
Errors: SH409.';

-- Name: delivery_moves_forward(); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.delivery_moves_forward() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  if tg_op in ('DELETE', 'TRUNCATE') then
    raise exception 'A sending is never deleted' using errcode = 'SH409', detail = old.message_id::text;
  end if;
  if (new.message_id, new.attempt, new.user_id, new.channel, new.purpose, new.counts, new.sent_at, new.consent_channel, new.consent_purpose)
     is distinct from
     (old.message_id, old.attempt, old.user_id, old.channel, old.purpose, old.counts, old.sent_at, old.consent_channel, old.consent_purpose) then
    raise exception 'A sending is never moved or relabelled' using errcode = 'SH409', detail = old.message_id::text;
  end if;
  if new.state <> old.state
     and (old.state, new.state) not in (
       ('claimed', 'accepted'), ('claimed', 'in_doubt'), ('claimed', 'released'), ('claimed', 'bounced'),
       ('in_doubt', 'accepted'), ('in_doubt', 'released'), ('in_doubt', 'bounced'),
       ('accepted', 'bounced'))
     and not (old.state = 'accepted' and new.state = 'released' and outreach.was_returned(old.message_id, old.attempt)) then
    raise exception 'A sending does not go back' using errcode = 'SH409',
      detail = old.message_id || ': ' || old.state || ' > ' || new.state;
  end if;
  if new.state = 'released' and old.state <> 'released' then
    delete from outreach.slot s where s.message_id = new.message_id and s.attempt = new.attempt;
  end if;
  return new;
end;
$$;

-- Name: FUNCTION delivery_moves_forward(); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.delivery_moves_forward() IS 'Trigger: a sending keeps who, what, where and when; its state never goes back; only one refused before acceptance, or given back by the provider (an event returned), is released and gives its slots back.';

-- Name: delivery_takes_slots(); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.delivery_takes_slots() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_new uuid[];
  v_bad record;
begin
  -- Lock first, decide in later statements: those see what the holders before us committed.
  perform account.lock_person(u.user_id)
  from (select distinct n.user_id from new_delivery n where n.purpose <> 'service' order by n.user_id) u;

  -- What was read before a cap changed must not decide under the old one. Each statement of READ COMMITTED reads anew; a
  -- transaction that keeps its snapshot fails here (40001) where the register is younger, and holds back a change until it ends.
  if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
    perform 1
    from policy.cap_register r
    where r.purpose in (select n.purpose from new_delivery n)
    order by r.purpose
    for share;
  end if;

  -- A capped purpose without any cap in force, or a class that takes no slot, needs purpose service or a recorded reason.
  select n.message_id, n.purpose into v_bad
  from new_delivery n
  join outreach.message m on m.message_id = n.message_id
  where n.purpose <> 'service'
    and m.exempt_reason is null
    and (not n.counts
         or not exists (select from policy.cap c
                        where c.purpose = n.purpose
                          and (c.channel is null or c.channel = n.channel)
                          and c.valid_at @> n.sent_at))
  limit 1;
  if found then
    raise exception 'A sending without a slot needs a recorded reason' using errcode = 'SH409',
      detail = v_bad.message_id::text, constraint = 'delivery_takes_slots',
      hint = 'Only purpose service goes uncapped; put a cap in force for ' || v_bad.purpose || '.';
  end if;

  select array_agg(n.message_id) into v_new from new_delivery n;

  with wanted as (
    select
      n.message_id, n.attempt, n.user_id, n.sent_at, n.purpose, n.channel,
      c.cap, c.version, c.max_messages, c.window_hours, c.channel as cap_channel,
      make_interval(hours => c.window_hours) as cap_window,
      row_number() over (partition by n.user_id, c.cap order by n.sent_at, n.message_id) as place
    from new_delivery n
    join policy.cap c
      on c.purpose = n.purpose
     and (c.channel is null or c.channel = n.channel)
     and c.valid_at @> n.sent_at
    where n.counts
      and n.state <> 'released'
      and c.max_messages is not null
  ),
  placed as (
    select w.*, f.slot_no
    from wanted w
    cross join lateral (
      -- Counted from the deliveries, so that a cap that is new or changed binds what was sent before it. The new ones are
      -- told apart by their messages: delivery_live_once_idx allows a message no other that counts.
      select count(*) as used
      from outreach.delivery d
      where d.user_id = w.user_id
        and d.purpose = w.purpose
        and d.counts
        and d.state <> 'released'
        and (w.cap_channel is null or d.channel = w.cap_channel)
        and d.sent_at > w.sent_at - w.cap_window
        and d.sent_at < w.sent_at + w.cap_window
        and d.message_id <> all (v_new)
    ) u
    left join lateral (
      select g.slot_no
      from generate_series(1, w.max_messages) as g (slot_no)
      where u.used + w.place <= w.max_messages
        and not exists (
          select
          from outreach.slot s
          where s.user_id = w.user_id
            and s.cap = w.cap
            and s.slot_no = g.slot_no
            and s.taken_at > w.sent_at - w.cap_window
            and s.taken_at < w.sent_at + w.cap_window)
      order by g.slot_no
      offset w.place - 1
      limit 1
    ) f on true
  ),
  taken as (
    insert into outreach.slot
      (user_id, cap, cap_version, slot_no, max_messages, window_hours, taken_at, frees_at, message_id, attempt)
    select
      p.user_id, p.cap, p.version, p.slot_no, p.max_messages, p.window_hours,
      p.sent_at, p.sent_at + p.cap_window, p.message_id, p.attempt
    from placed p
    where p.slot_no is not null
  )
  select p.message_id, p.cap into v_bad
  from placed p
  join outreach.message m on m.message_id = p.message_id
  where p.slot_no is null
    and m.exempt_reason is null
  limit 1;
  if found then
    raise exception 'The frequency cap is used up' using errcode = 'SH429',
      detail = v_bad.cap || ', message ' || v_bad.message_id, constraint = 'delivery_takes_slots',
      hint = 'outreach.cap_use tells when it frees.';
  end if;
  return null;
end;
$$;

-- Name: FUNCTION delivery_takes_slots(); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.delivery_takes_slots() IS 'Trigger: every sending that counts takes a place under each cap in force, or fails; so no writer, not even psql, goes beyond a cap.
The place numbers make concurrent writers collide in the exclusion constraint slot_is_taken_once even where a stale snapshot (repeatable read) hides one from the other.
A cap that changed since such a snapshot, or is new, fails the writer by policy.cap_register.
Errors: SH429 a cap is used up; 40001 a cap changed meanwhile; SH409 a sending without a slot and without a reason.';

-- Name: erase(uuid, timestamp with time zone); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.erase(p_user_id uuid, p_at timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  perform 1 from outreach.message m where m.user_id = p_user_id order by m.message_id for update;
  update outreach.message m
  set exempt_reason = 'erased'
  where m.user_id = p_user_id
    and m.exempt_reason is not null;
  update outreach.delivery d
  set subject = null, body = null, error = null
  where d.user_id = p_user_id;
  update outreach.inbox i
  set subject = '', body = ''
  where i.user_id = p_user_id;
  -- Whoever finds an old message opens nothing with it.
  update outreach.link l
  set book_until = least(l.book_until, p_at - interval '1 microsecond'),
      stop_until = least(l.stop_until, p_at - interval '1 microsecond')
  where l.user_id = p_user_id;
  -- A bounce quotes the address it came from; which booking followed is a sum's.
  update outreach.event e
  set detail = case when e.detail ? 'booking_id' then jsonb_build_object('booking_id', e.detail -> 'booking_id') else '{}' end
  from outreach.message m
  where m.message_id = e.message_id
    and m.user_id = p_user_id
    and e.detail <> '{}';
end;
$$;

-- Name: FUNCTION erase(p_user_id uuid, p_at timestamp with time zone); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.erase(p_user_id uuid, p_at timestamp with time zone) IS 'Takes a person''s identity out of this layer: texts as sent, inbox, error texts, details of receipts; links close. Messages, sendings, slots and receipts stay as proof under an id that stands for nobody. The caller holds the person''s lock.';

-- Name: erase_person(uuid, timestamp with time zone); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.erase_person(p_user_id uuid, p_at timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  perform account.lock_person(p_user_id);
  -- From the top layer down: each reads what it needs of those below before they forget it.
  perform outreach.erase(p_user_id, p_at);
  perform market.erase(p_user_id, p_at);
  perform account.erase(p_user_id, p_at);
end;
$$;

-- Name: FUNCTION erase_person(p_user_id uuid, p_at timestamp with time zone); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.erase_person(p_user_id uuid, p_at timestamp with time zone) IS 'Takes a person''s identity out of every layer. What smartengage concluded of them stands under an id that belongs to nobody, and stays for its sums.
Errors: SH409 the person is a worker with a job under way.';

-- Name: slot; Type: TABLE; Schema: outreach; Owner: -

CREATE TABLE outreach.slot (
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
    CONSTRAINT slot_frees_after_window CHECK ((frees_at = (taken_at + make_interval(hours => window_hours)))),
    CONSTRAINT slot_within_limit CHECK (((slot_no >= 1) AND (slot_no <= max_messages)))
);

-- Name: TABLE slot; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON TABLE outreach.slot IS 'Places under the caps: a cap of N has N places per person, each held for the cap''s window. No two holders of one place overlap, so no writer can exceed a cap.';

-- Name: COLUMN slot.frees_at; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.slot.frees_at IS 'Exclusive: at this very microsecond the place is free again.';

-- Name: export(uuid); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.export(p_user_id uuid) RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT jsonb_build_object('messages', COALESCE(( SELECT jsonb_agg(jsonb_build_object('message_id', m.message_id, 'channel', m.channel, 'purpose', m.purpose, 'kind', m.kind, 'service_id', m.service_id, 'state', m.state, 'planned_at', m.planned_at, 'due_at', m.due_at, 'expected_at', m.expected_at, 'reason', m.reason, 'rule', m.rule, 'rule_version', m.rule_version, 'deliveries', COALESCE(( SELECT jsonb_agg(jsonb_build_object('attempt', d.attempt, 'sent_at', d.sent_at, 'state', d.state, 'adapter', d.adapter, 'provider_id', d.provider_id, 'subject', d.subject, 'body', d.body, 'error', d.error, 'person_limit', d.person_limit) ORDER BY d.attempt) AS jsonb_agg
                    FROM outreach.delivery d
                   WHERE (d.message_id = m.message_id)), '[]'::jsonb), 'events', COALESCE(( SELECT jsonb_agg(jsonb_build_object('kind', e.kind, 'happened_at', e.happened_at, 'source', e.source, 'is_machine', e.is_machine, 'detail', e.detail) ORDER BY e.happened_at, e.event_id) AS jsonb_agg
                    FROM outreach.event e
                   WHERE (e.message_id = m.message_id)), '[]'::jsonb), 'links', COALESCE(( SELECT jsonb_agg(jsonb_build_object('created_at', l.created_at, 'book_until', l.book_until, 'stop_until', l.stop_until, 'booked_at', l.booked_at) ORDER BY l.created_at) AS jsonb_agg
                    FROM outreach.link l
                   WHERE (l.message_id = m.message_id)), '[]'::jsonb)) ORDER BY m.planned_at, m.message_id) AS jsonb_agg
            FROM outreach.message m
           WHERE (m.user_id = export.p_user_id)), '[]'::jsonb), 'inbox', COALESCE(( SELECT jsonb_agg((to_jsonb(i.*) - 'user_id'::text) ORDER BY i.arrived_at, i.message_id) AS jsonb_agg
            FROM outreach.inbox i
           WHERE (i.user_id = export.p_user_id)), '[]'::jsonb), 'cap_slots', COALESCE(( SELECT jsonb_agg(jsonb_build_object('cap', s.cap, 'taken_at', s.taken_at, 'frees_at', s.frees_at) ORDER BY s.taken_at, s.cap) AS jsonb_agg
            FROM outreach.slot s
           WHERE (s.user_id = export.p_user_id)), '[]'::jsonb)) AS jsonb_build_object;
END;

-- Name: FUNCTION export(p_user_id uuid); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.export(p_user_id uuid) IS 'What is kept of a person in this layer: messages with sendings, receipts and links, the in-app inbox, places taken under caps.';

-- Name: figure_faults(text); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.figure_faults(p_text text) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT COALESCE(array_agg(f.fault), '{}'::text[]) AS "coalesce"
    FROM (( SELECT outreach.bare_text(figure_faults.p_text) AS text) b
      CROSS JOIN LATERAL ( SELECT 'digit_outside_token'::text AS "?column?"
           WHERE (b.text ~ '[0-9]'::text)
         UNION ALL
          SELECT 'price_sign'::text
           WHERE (b.text ~ '[৳৲৻$€£%]'::text)
         UNION ALL
          SELECT 'url_outside_token'::text
           WHERE (b.text ~* '://|www\.|@|[a-z0-9-]\.[a-z]{2,}(/|[^a-z]|$)|[\u0985-\u09e3]{3,}\.[\u0985-\u09e3]{2,}/|/[a-z0-9]'::text)) f(fault));
END;

-- Name: FUNCTION figure_faults(p_text text); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.figure_faults(p_text text) IS 'Numbers, money and addresses that a writer made up: digit_outside_token (Bengali and ASCII digits), price_sign, url_outside_token. Figures come only from tokens, which SQL fills.
Words for money and days are in policy.word (lists price and date). Result: empty where nothing is found.';

-- Name: sms_segments(text); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.sms_segments(p_text text) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT
         CASE
             WHEN (u.units <= 70) THEN 1
             ELSE ((u.units + 66) / 67)
         END AS "case"
    FROM ( SELECT (char_length(n.text) + regexp_count(n.text, '[\U00010000-\U0010ffff]'::text)) AS units
            FROM ( SELECT NORMALIZE(sms_segments.p_text, NFC) AS text) n) u;
END;

-- Name: FUNCTION sms_segments(p_text text); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.sms_segments(p_text text) IS 'How many SMS a text costs: one up to 70 UTF-16 units, else one for each 67 begun. Counted after NFC, which writes ড় ঢ় য় as two units each; an emoji is two.
For texts with Bengali in them, which is what may be sent here; the 7-bit alphabet, with 160, is not used. Source: 3GPP TS 23.040 (140 octets, 6 of them header when joined).';

-- Name: length_faults(text, text, text, text, timestamp with time zone); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.length_faults(p_channel text, p_subject text, p_body text, p_add_on_line text, p_at timestamp with time zone) RETURNS text[]
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT COALESCE(array_agg(f.fault), '{}'::text[]) AS "coalesce"
    FROM ( SELECT 'subject_empty'::text AS "?column?"
           WHERE (COALESCE(length_faults.p_subject, ''::text) !~ '\S'::text)
         UNION ALL
          SELECT 'body_empty'::text
           WHERE (COALESCE(length_faults.p_body, ''::text) !~ '\S'::text)
         UNION ALL
          SELECT ('subject_chars:'::text || char_length(length_faults.p_subject))
           WHERE ((char_length(length_faults.p_subject))::double precision > policy.number('text.subject_chars'::text, length_faults.p_at))
         UNION ALL
          SELECT ('body_chars:'::text || (char_length(length_faults.p_body) + COALESCE(char_length(length_faults.p_add_on_line), 0)))
           WHERE (((char_length(length_faults.p_body) + COALESCE(char_length(length_faults.p_add_on_line), 0)))::double precision > policy.number(
                 CASE length_faults.p_channel
                     WHEN 'push'::text THEN 'text.push_chars'::text
                     ELSE 'text.body_chars'::text
                 END, length_faults.p_at))
         UNION ALL
          SELECT ('sms_parts:'::text || s.parts)
            FROM ( SELECT outreach.sms_segments(outreach.fill(length_faults.p_body, jsonb_build_object('address', repeat('ক'::text, 22), 'service', repeat('ক'::text, 16), 'date', repeat('ক'::text, 20), 'link', repeat('x'::text, 48), 'stop_link', repeat('x'::text, 48), 'add_on_line', outreach.fill(length_faults.p_add_on_line, jsonb_build_object('service', repeat('ক'::text, 16), 'add_on', repeat('ক'::text, 16)))))) AS parts) s
           WHERE ((length_faults.p_channel = 'sms'::text) AND ((s.parts)::double precision > policy.number('text.sms_parts'::text, length_faults.p_at)))
         UNION ALL
          SELECT ('channel_unknown:'::text || COALESCE(length_faults.p_channel, ''::text))
           WHERE ((length_faults.p_channel IS NULL) OR (length_faults.p_channel <> ALL (ARRAY['email'::text, 'sms'::text, 'whatsapp'::text, 'push'::text, 'in_app'::text])))) f(fault);
END;

-- Name: FUNCTION length_faults(p_channel text, p_subject text, p_body text, p_add_on_line text, p_at timestamp with time zone); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.length_faults(p_channel text, p_subject text, p_body text, p_add_on_line text, p_at timestamp with time zone) IS 'Whether a text fits its channel: subject_empty, body_empty, subject_chars:61, body_chars:701, sms_parts:5, channel_unknown, by the rules text.subject_chars, text.body_chars, text.push_chars and text.sms_parts in force at p_at.
Result: empty where it does.';

-- Name: script_share(text, text); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.script_share(p_text text, p_language text) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT
         CASE script_share.p_language
             WHEN 'bn'::text THEN ((l.bengali)::double precision / (NULLIF((l.bengali + l.latin), 0))::double precision)
             WHEN 'en'::text THEN ((l.latin)::double precision / (NULLIF((l.bengali + l.latin), 0))::double precision)
             ELSE NULL::double precision
         END AS "case"
    FROM ( SELECT regexp_count(b.text, '[\u0980-\u09e5\u09f0-\u09ff]'::text) AS bengali,
             regexp_count(b.text, '[A-Za-z]'::text) AS latin
            FROM ( SELECT outreach.bare_text(script_share.p_text) AS text) b) l;
END;

-- Name: FUNCTION script_share(p_text text, p_language text); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.script_share(p_text text, p_language text) IS 'Share (0 to 1) of the letters of a text that are in the script of its language, bn or en. Digits, punctuation, danda, joiners and tokens are neutral.
Result: null without any letter or for another language.';

-- Name: sentences(text); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.sentences(p_text text) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT COALESCE(array_agg(btrim(s.sentence) ORDER BY s.place), '{}'::text[]) AS "coalesce"
    FROM regexp_split_to_table(sentences.p_text, '[।॥?!\u09f7\n]+|\.(?=\s|$)'::text) WITH ORDINALITY s(sentence, place)
   WHERE (s.sentence ~ '[A-Za-z\u0985-\u09b9\u09dc-\u09e1]'::text);
END;

-- Name: FUNCTION sentences(p_text text); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.sentences(p_text text) IS 'The sentences of a text in their order, without their closing marks. A line break ends one too: a heading or a call before a link is a breath of its own.';

-- Name: sentence_faults(text, text, timestamp with time zone); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.sentence_faults(p_body text, p_add_on_line text, p_at timestamp with time zone) RETURNS text[]
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 WITH words AS (
          SELECT regexp_count(replace(replace(s.sentence, '–'::text, ' '::text), '—'::text, ' '::text), '\S*[A-Za-z\u0980-\u09ff]\S*'::text) AS words
            FROM unnest(outreach.sentences(outreach.fill(sentence_faults.p_body, jsonb_build_object('service', 'ক ক', 'date', 'ক ক ক', 'add_on_line', outreach.fill(sentence_faults.p_add_on_line, '{"add_on": "ক ক", "service": "ক ক"}'::jsonb))))) s(sentence)
         ), total AS (
          SELECT count(*) AS sentences,
             max(w.words) AS longest,
             avg(w.words) AS mean_words
            FROM words w
         )
  SELECT COALESCE(array_agg(f.fault), '{}'::text[]) AS "coalesce"
    FROM (total t
      CROSS JOIN LATERAL ( SELECT ('sentences:'::text || t.sentences) AS "?column?"
           WHERE ((t.sentences)::double precision > policy.number('text.max_sentences'::text, sentence_faults.p_at))
         UNION ALL
          SELECT ('sentence_words:'::text || t.longest)
           WHERE ((t.longest)::double precision > policy.number('text.max_words'::text, sentence_faults.p_at))
         UNION ALL
          SELECT ('mean_words:'::text || round(t.mean_words, 1))
           WHERE ((t.mean_words)::double precision > policy.number('text.max_mean_words'::text, sentence_faults.p_at))) f(fault));
END;

-- Name: FUNCTION sentence_faults(p_body text, p_add_on_line text, p_at timestamp with time zone); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.sentence_faults(p_body text, p_add_on_line text, p_at timestamp with time zone) IS 'Whether a text can be read aloud in short breaths: sentences:9 (too many), sentence_words:13 (one too long), mean_words:9.5, by the rules text.max_sentences, text.max_words and text.max_mean_words in force at p_at.
Result: empty where it can.';

-- Name: text_parts(text, text, text); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.text_parts(p_subject text, p_body text, p_add_on_line text) RETURNS TABLE(part text, content text)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT p.part,
     p.content
    FROM ( VALUES ('subject'::text,COALESCE(text_parts.p_subject, ''::text)), ('body'::text,COALESCE(text_parts.p_body, ''::text)), ('add_on_line'::text,NULLIF(btrim(text_parts.p_add_on_line), ''::text))) p(part, content)
   WHERE (p.content IS NOT NULL);
END;

-- Name: FUNCTION text_parts(p_subject text, p_body text, p_add_on_line text); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.text_parts(p_subject text, p_body text, p_add_on_line text) IS 'The parts of a text as rows; subject and body always, the add-on line only where there is one.';

-- Name: token_faults(text, text, text, text); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.token_faults(p_kind text, p_subject text, p_body text, p_add_on_line text) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
 WITH parts AS (
          SELECT p.part,
             p.content
            FROM outreach.text_parts(token_faults.p_subject, token_faults.p_body, token_faults.p_add_on_line) p(part, content)
         ), used AS (
          SELECT p.part,
             m.match[1] AS token,
             count(*) AS times
            FROM (parts p
              CROSS JOIN LATERAL regexp_matches(p.content, '\{([^{}]*)\}'::text, 'g'::text) m(match))
           GROUP BY p.part, m.match[1]
         )
  SELECT COALESCE(array_agg(DISTINCT f.fault), '{}'::text[]) AS "coalesce"
    FROM ( SELECT ('kind_unknown:'::text || COALESCE(token_faults.p_kind, ''::text)) AS "?column?"
           WHERE (NOT (EXISTS ( SELECT
                    FROM outreach.text_token(token_faults.p_kind) text_token(part, token, required, once))))
         UNION ALL
          SELECT ('token_missing:'::text || t.token)
            FROM (outreach.text_token(token_faults.p_kind) t(part, token, required, once)
              JOIN parts p USING (part))
           WHERE ((t.required OR ((t.token = 'add_on_line'::text) AND (EXISTS ( SELECT
                    FROM parts a
                   WHERE (a.part = 'add_on_line'::text))))) AND (NOT (EXISTS ( SELECT
                    FROM used u
                   WHERE ((u.part = t.part) AND (u.token = t.token))))))
         UNION ALL
          SELECT (
                 CASE
                     WHEN (EXISTS ( SELECT
                        FROM outreach.text_token(token_faults.p_kind) t(part, token, required, once)
                       WHERE (t.token = u.token))) THEN 'token_misplaced:'::text
                     ELSE 'token_unknown:'::text
                 END || u.token)
            FROM used u
           WHERE (NOT (EXISTS ( SELECT
                    FROM outreach.text_token(token_faults.p_kind) t(part, token, required, once)
                   WHERE ((t.part = u.part) AND (t.token = u.token)))))
         UNION ALL
          SELECT ('token_repeated:'::text || u.token)
            FROM (used u
              JOIN outreach.text_token(token_faults.p_kind) t(part, token, required, once) USING (part, token))
           WHERE (t.once AND (u.times > 1))
         UNION ALL
          SELECT 'brace_outside_token'::text
            FROM parts p
           WHERE (regexp_replace(p.content, '\{[^{}]*\}'::text, ''::text, 'g'::text) ~ '[{}]'::text)
         UNION ALL
          SELECT 'token_misplaced:address'::text
           WHERE ((token_faults.p_body ~ '\{address\}'::text) AND (token_faults.p_body !~ '^\{address\}[,!।]?(\s|$)'::text))
         UNION ALL
          SELECT 'token_misplaced:add_on_line'::text
           WHERE ((token_faults.p_body ~ '\{add_on_line\}'::text) AND (token_faults.p_body !~ '(^|\n)\{add_on_line\}(\n|$)'::text))) f(fault);
END;

-- Name: FUNCTION token_faults(p_kind text, p_subject text, p_body text, p_add_on_line text); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.token_faults(p_kind text, p_subject text, p_body text, p_add_on_line text) IS 'What is wrong with the tokens of a text: token_missing, token_unknown (invented, renamed, translated), token_misplaced (known, but not there), token_repeated, each with its token; brace_outside_token; kind_unknown.
Result: empty where nothing is.';

-- Name: word_stems(text); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.word_stems(p_word text) RETURNS SETOF text
    LANGUAGE sql IMMUTABLE ROWS 3 PARALLEL SAFE
    BEGIN ATOMIC
 WITH RECURSIVE stem(word, depth) AS (
          SELECT word_stems.p_word AS p_word,
             0 AS "?column?"
         UNION
          SELECT "left"(s_1.word, (- char_length(e.ending))) AS "left",
             (s_1.depth + 1)
            FROM (stem s_1
              JOIN unnest(ARRAY['ই'::text, 'ও'::text, 'টা'::text, 'টি'::text, 'র'::text, 'ের'::text, 'এর'::text, 'ে'::text, 'কে'::text, 'তে'::text, 'য়'::text, 'রা'::text, 'েরা'::text, 'দের'::text, 'গুলো'::text, 'গুলি'::text, 'ভাবে'::text, 'তা'::text, 's'::text, 'ed'::text, 'ly'::text]) e(ending) ON ((s_1.word ~~ ('%'::text || e.ending))))
           WHERE ((s_1.depth < 3) AND (char_length(s_1.word) > (char_length(e.ending) + 1)))
         )
  SELECT DISTINCT s.word
    FROM stem s;
END;

-- Name: FUNCTION word_stems(p_word text); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.word_stems(p_word text) IS 'A word and what is left of it without up to three case, number and emphasis endings: অলসতারই, অলসতার, অলসতা, অলস. Some of these are no words; they only serve to find entries of policy.word that inflect.';

-- Name: word; Type: TABLE; Schema: policy; Owner: -

CREATE TABLE policy.word (
    list text NOT NULL,
    word text NOT NULL,
    whole_token boolean DEFAULT true NOT NULL,
    reason text NOT NULL,
    example text NOT NULL,
    inflects boolean DEFAULT false NOT NULL,
    CONSTRAINT word_is_normalized CHECK ((word IS NFC NORMALIZED)),
    CONSTRAINT word_list_is_known CHECK ((list = ANY (ARRAY['register'::text, 'shame'::text, 'threat'::text, 'comparison'::text, 'interrogation'::text, 'pressure'::text, 'profanity'::text, 'address'::text, 'intrusion'::text, 'price'::text, 'date'::text, 'allowed'::text]))),
    CONSTRAINT word_reason_is_given CHECK ((btrim(reason) <> ''::text)),
    CONSTRAINT word_that_inflects_is_one_token CHECK ((whole_token OR (NOT inflects))),
    CONSTRAINT word_whole_token_has_no_space CHECK ((whole_token = (strpos(word, ' '::text) = 0)))
);

-- Name: TABLE word; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON TABLE policy.word IS 'Words and phrases that a generated text must not contain, each with its reason; list allowed = words that only look forbidden.';

-- Name: COLUMN word.whole_token; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.word.whole_token IS 'True: compared with whole tokens; false: a phrase, compared with runs of tokens.';

-- Name: COLUMN word.example; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.word.example IS 'A sentence in which the entry is found; for list allowed one in which nothing is.';

-- Name: COLUMN word.inflects; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.word.inflects IS 'True: also found with case, number and emphasis endings (শাস্তির, শাস্তিই). False where such a form is another, ordinary word.';

-- Name: word_faults(text); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.word_faults(p_text text) RETURNS text[]
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 WITH text_words AS (
          SELECT outreach.compared_words(word_faults.p_text) AS words
         ), form AS MATERIALIZED (
          SELECT w.place,
             f.stem,
             (f.stem = w.word) AS exact
            FROM ((text_words t
              CROSS JOIN LATERAL unnest(t.words) WITH ORDINALITY w(word, place))
              CROSS JOIN LATERAL outreach.word_stems(w.word) f(stem))
         ), entry AS MATERIALIZED (
          SELECT w.list,
             w.word,
             w.inflects,
             outreach.compared_words(w.word) AS run
            FROM policy.word w
         ), hit AS (
          SELECT e.list,
             e.word,
             f.place AS first_place,
             ((f.place + cardinality(e.run)) - 1) AS last_place
            FROM ((entry e
              JOIN form f ON ((f.stem = e.run[1])))
              CROSS JOIN text_words t)
           WHERE
                 CASE
                     WHEN (cardinality(e.run) = 1) THEN (f.exact OR e.inflects)
                     ELSE (f.exact AND (t.words[f.place:((f.place + cardinality(e.run)) - 1)] = e.run))
                 END
         )
  SELECT COALESCE(array_agg(DISTINCT ((h.list || ':'::text) || h.word)), '{}'::text[]) AS "coalesce"
    FROM hit h
   WHERE ((h.list <> 'allowed'::text) AND (NOT (EXISTS ( SELECT
            FROM hit a
           WHERE ((a.list = 'allowed'::text) AND (a.first_place <= h.first_place) AND (a.last_place >= h.last_place))))));
END;

-- Name: FUNCTION word_faults(p_text text); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.word_faults(p_text text) IS 'The entries of policy.word that a text contains, as list:word (shame:অলস). Whole words and runs of words, never parts of words; an entry that inflects is also found with case and emphasis endings.
A hit inside an entry of list allowed is none: ড্রেন ব্লক is plumbing, no threat. Result: empty where nothing is found.';

-- Name: text_faults(text, text, text, text, text, text); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.text_faults(p_kind text, p_language text, p_channel text, p_subject text, p_body text, p_add_on_line text) RETURNS text[]
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 WITH whole AS (
          SELECT string_agg(p.content, '
'::text) AS text
            FROM outreach.text_parts(text_faults.p_subject, text_faults.p_body, text_faults.p_add_on_line) p(part, content)
         )
  SELECT COALESCE(array_agg(f.fault ORDER BY f.place, f.fault), '{}'::text[]) AS "coalesce"
    FROM ( SELECT 1 AS "?column?",
             unnest(outreach.length_faults(text_faults.p_channel, text_faults.p_subject, text_faults.p_body, text_faults.p_add_on_line, clock.now())) AS unnest
         UNION ALL
          SELECT 2,
             unnest(outreach.token_faults(text_faults.p_kind, text_faults.p_subject, text_faults.p_body, text_faults.p_add_on_line)) AS unnest
         UNION ALL
          SELECT 3,
             'not_nfc'::text
            FROM whole w
           WHERE (NOT (w.text IS NFC NORMALIZED))
         UNION ALL
          SELECT 4,
             unnest(outreach.character_faults(w.text)) AS unnest
            FROM whole w
         UNION ALL
          SELECT 4,
             'character:U+000A'::text
           WHERE ((text_faults.p_subject || COALESCE(text_faults.p_add_on_line, ''::text)) ~ '\n'::text)
         UNION ALL
          SELECT 5,
             unnest(outreach.figure_faults(w.text)) AS unnest
            FROM whole w
         UNION ALL
          SELECT 6,
             'script_share'::text
            FROM outreach.text_parts(text_faults.p_subject, text_faults.p_body, text_faults.p_add_on_line) p(part, content)
          HAVING bool_or(((COALESCE(outreach.script_share(p.content, text_faults.p_language), (0)::double precision) < policy.number('text.min_bengali_share'::text, clock.now())) AND ((p.part = 'body'::text) OR (outreach.script_share(p.content, text_faults.p_language) IS NOT NULL))))
         UNION ALL
          SELECT 7,
             unnest(outreach.word_faults(w.text)) AS unnest
            FROM whole w
         UNION ALL
          SELECT 8,
             unnest(outreach.sentence_faults(text_faults.p_body, text_faults.p_add_on_line, clock.now())) AS unnest) f(place, fault);
END;

-- Name: FUNCTION text_faults(p_kind text, p_language text, p_channel text, p_subject text, p_body text, p_add_on_line text); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.text_faults(p_kind text, p_language text, p_channel text, p_subject text, p_body text, p_add_on_line text) IS 'Everything that speaks against sending a template, as named faults: token_missing:link, digit_outside_token, script_share, register:তুমি, shame:অলস, sentence_words:13, …
Checks length for the channel, tokens, NFC, characters, figures, script, words (policy.word), sentences; see the functions ending in _faults. p_add_on_line may be null or blank. The text is judged as it is: bring it into form by outreach.clean_text first.
Result: empty = acceptable. Tokens stand for what SQL fills in, so a passed text stays acceptable with any values.';

-- Name: form_faults(text, text, text, text, text, text); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.form_faults(p_kind text, p_language text, p_form text, p_subject text, p_body text, p_add_on_line text) RETURNS text[]
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT COALESCE(array_agg(f.fault ORDER BY f.place), '{}'::text[]) AS "coalesce"
    FROM ( SELECT u.fault,
             min(u.place) AS place
            FROM (unnest(
                 CASE form_faults.p_form
                     WHEN 'long'::text THEN ARRAY['email'::text]
                     WHEN 'short'::text THEN ARRAY['push'::text, 'sms'::text]
                     ELSE ARRAY[NULL::text]
                 END) c(channel)
              CROSS JOIN LATERAL unnest(outreach.text_faults(form_faults.p_kind, form_faults.p_language, c.channel, form_faults.p_subject, form_faults.p_body, form_faults.p_add_on_line)) WITH ORDINALITY u(fault, place))
           GROUP BY u.fault) f;
END;

-- Name: FUNCTION form_faults(p_kind text, p_language text, p_form text, p_subject text, p_body text, p_add_on_line text); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.form_faults(p_kind text, p_language text, p_form text, p_subject text, p_body text, p_add_on_line text) IS 'outreach.text_faults for a form of text: a short one must fit every channel that carries it, and push notifications and SMS are the narrowest.
Result: empty = acceptable; channel_unknown for a form that there is not.';

-- Name: give_feedback(uuid, uuid, boolean, timestamp with time zone); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.give_feedback(p_user_id uuid, p_message_id uuid, p_useful boolean, p_at timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_given int;
begin
  -- The message's row lines up two answers at once.
  perform 1
  from outreach.message m
  where m.message_id = p_message_id
    and m.user_id = p_user_id
    and m.purpose = 'outreach'
    and exists (
      select from outreach.delivery d
      where d.message_id = m.message_id and d.state in ('in_doubt', 'accepted', 'bounced'))
  for update;
  if not found then
    raise exception 'There is no such message to you' using errcode = 'SH404', detail = p_message_id::text;
  end if;
  if exists (select from outreach.feedback f where f.message_id = p_message_id and f.useful = p_useful) then
    return;
  end if;
  select count(*) into v_given
  from outreach.event e
  where e.message_id = p_message_id
    and e.kind in ('useful', 'not_useful');
  perform outreach.record_events('feedback', jsonb_build_array(jsonb_build_object(
    'message_id', p_message_id, 'kind', case when p_useful then 'useful' else 'not_useful' end,
    'source_event_id', p_message_id || '/feedback/' || v_given + 1)), p_at);
end;
$$;

-- Name: FUNCTION give_feedback(p_user_id uuid, p_message_id uuid, p_useful boolean, p_at timestamp with time zone); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.give_feedback(p_user_id uuid, p_message_id uuid, p_useful boolean, p_at timestamp with time zone) IS 'Whether a message was useful, as its reader says; the last answer counts (outreach.feedback), the earlier ones stay in the record. Repeatable.
Errors: SH404 no such message was sent to the person.';

-- Name: is_machine(text, timestamp with time zone, timestamp with time zone); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.is_machine(p_agent text, p_sent_at timestamp with time zone, p_at timestamp with time zone) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN ((p_agent IS NULL) OR (p_agent ~* '(bot|crawl|spider|preview|scan|proxy|fetch|monitor|headless|python|curl|wget|java/|go-http|httpclient|okhttp/0)'::text) OR (p_at < (p_sent_at + make_interval(secs => policy.number('machine.seconds'::text, p_at)))));

-- Name: FUNCTION is_machine(p_agent text, p_sent_at timestamp with time zone, p_at timestamp with time zone); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.is_machine(p_agent text, p_sent_at timestamp with time zone, p_at timestamp with time zone) IS 'Whether an open or click is a scanner''s or proxy''s: by its agent, or because no reader is that quick (machine.seconds after the sending).';

-- Name: judge_addresses(uuid[], timestamp with time zone); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.judge_addresses(p_message_ids uuid[], p_at timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  perform 1
  from account.contact c
  where (c.user_id, c.channel) in (
    select m.user_id, m.channel from outreach.message m where m.message_id = any (p_message_ids))
  order by c.user_id, c.channel
  for update;

  -- A later statement than the lock, so it sees what was recorded of the same address before it.
  with address as materialized (
    select distinct c.user_id, c.channel, coalesce(c.verified_at, '-infinity') as since
    from outreach.message m
    join account.contact c on c.user_id = m.user_id and c.channel = m.channel
    where m.message_id = any (p_message_ids)
  ),
  told as (
    select a.user_id, a.channel, e.message_id, e.kind, e.bounce, e.happened_at
    from address a
    join outreach.delivery d on d.user_id = a.user_id and d.channel = a.channel and d.sent_at >= a.since
    join outreach.event e on e.message_id = d.message_id
    where not e.is_machine
      and e.kind in ('bounced', 'complained', 'delivered', 'opened', 'clicked', 'booked')
  ),
  -- Arrivals so far: bounces with the same number have none between them.
  numbered as (
    select t.*,
      count(*) filter (where t.kind not in ('bounced', 'complained'))
        over (partition by t.user_id, t.channel order by t.happened_at) as arrivals
    from told t
  ),
  runs as (
    select
      n.user_id, n.channel,
      bool_or(n.kind = 'complained') as complained,
      bool_or(n.bounce is not distinct from 'hard') as hard,
      -- A sending bounces once, however often and by however many ways that is told.
      count(distinct n.message_id) filter (where n.bounce = 'soft') as soft
    from numbered n
    group by n.user_id, n.channel, n.arrivals
  ),
  verdict as (
    select
      a.user_id, a.channel,
      case
        when bool_or(r.complained) then 'complaint'
        when bool_or(r.hard) then 'hard_bounce'
        when max(r.soft) >= (select policy.number('bounce.soft_limit', p_at)) then 'soft_bounces'
      end as reason
    from address a
    left join runs r on r.user_id = a.user_id and r.channel = a.channel
    group by a.user_id, a.channel
  )
  update account.contact c
  set suppressed_at = case when v.reason is not null then coalesce(c.suppressed_at, p_at) end,
      suppressed_reason = v.reason
  from verdict v
  where c.user_id = v.user_id
    and c.channel = v.channel
    and c.suppressed_reason is distinct from v.reason
    -- What a person or the provider's refusal suppressed is not ours to lift; a harder word replaces a softer one.
    and case c.suppressed_reason
          when 'soft_bounces' then true
          when 'hard_bounce' then v.reason = 'complaint'
          else c.suppressed_reason is null
        end;
end;
$$;

-- Name: FUNCTION judge_addresses(p_message_ids uuid[], p_at timestamp with time zone); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.judge_addresses(p_message_ids uuid[], p_at timestamp with time zone) IS 'Suppresses the addresses that these messages went to, by all that was told since they were verified: a complaint or a hard bounce at once; bounce.soft_limit sendings that bounced softly with no arrival between them; a full mailbox or a vacation reply never.
It depends on what happened, not on the order in which it was told: an arrival told late may lift a suppression for soft bounces again.';

-- Name: local_time(timestamp with time zone, text, text); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.local_time(p_at timestamp with time zone, p_zone text, p_language text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT
         CASE
             WHEN (local_time.p_language = 'en'::text) THEN (((t.clock_hour || ':'::text) || lpad((t.minute)::text, 2, '0'::text)) ||
             CASE
                 WHEN (t.hour < 12) THEN ' am'::text
                 ELSE ' pm'::text
             END)
             ELSE ((
             CASE
                 WHEN (t.hour < 4) THEN 'রাত'::text
                 WHEN (t.hour < 6) THEN 'ভোর'::text
                 WHEN (t.hour < 12) THEN 'সকাল'::text
                 WHEN (t.hour < 15) THEN 'দুপুর'::text
                 WHEN (t.hour < 18) THEN 'বিকেল'::text
                 WHEN (t.hour < 20) THEN 'সন্ধ্যা'::text
                 ELSE 'রাত'::text
             END || ' '::text) || outreach.bengali_digits(
             CASE
                 WHEN (t.minute = 0) THEN (t.clock_hour || 'টা'::text)
                 WHEN (t.minute = 15) THEN (('সোয়া '::text || t.clock_hour) || 'টা'::text)
                 WHEN ((t.minute = 30) AND (t.clock_hour = 1)) THEN 'দেড়টা'::text
                 WHEN ((t.minute = 30) AND (t.clock_hour = 2)) THEN 'আড়াইটা'::text
                 WHEN (t.minute = 30) THEN (('সাড়ে '::text || t.clock_hour) || 'টা'::text)
                 WHEN (t.minute = 45) THEN (('পৌনে '::text || ((t.clock_hour % 12) + 1)) || 'টা'::text)
                 ELSE (((t.clock_hour || 'টা '::text) || t.minute) || ' মিনিট'::text)
             END))
         END AS "case"
    FROM ( SELECT l.hour,
             l.minute,
             (((l.hour + 11) % 12) + 1) AS clock_hour
            FROM ( SELECT (EXTRACT(hour FROM (local_time.p_at AT TIME ZONE local_time.p_zone)))::integer AS hour,
                     (EXTRACT(minute FROM (local_time.p_at AT TIME ZONE local_time.p_zone)))::integer AS minute) l) t;
END;

-- Name: FUNCTION local_time(p_at timestamp with time zone, p_zone text, p_language text); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.local_time(p_at timestamp with time zone, p_zone text, p_language text) IS 'The time of day of an instant as a person of that time zone says it: সকাল সাড়ে ৯টা, দুপুর দেড়টা, রাত ৮টা ২০ মিনিট, or 9:30 am.
Any language but en is Bengali.
Result: null where the instant is null. Errors: 22023 for a zone that the server does not know.';

-- Name: message_moves_forward(); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.message_moves_forward() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_allowed boolean;
begin
  if (new.user_id, new.channel, new.purpose, new.message_class, new.obeys_caps, new.counts, new.kind, new.campaign_id,
      new.run_id, new.occurrence, new.service_id, new.planned_at)
     is distinct from
     (old.user_id, old.channel, old.purpose, old.message_class, old.obeys_caps, old.counts, old.kind, old.campaign_id,
      old.run_id, old.occurrence, old.service_id, old.planned_at) then
    raise exception 'A planned message is never relabelled' using errcode = 'SH409', detail = old.message_id::text;
  end if;
  if new.state <> old.state then
    v_allowed := case
      when old.state = 'scheduled' then new.state in ('claimed', 'expired', 'refused', 'failed')
      -- Back to scheduled: the provider refused for now, the slot is released.
      when old.state in ('claimed', 'in_doubt') then
        new.state in ('scheduled', 'failed', 'expired', 'refused') or outreach.state_rank(new.state) > outreach.state_rank(old.state)
      -- Taken over, then not delivered, and the provider said so.
      when old.state = 'sent' and new.state in ('scheduled', 'failed', 'expired') then
        outreach.was_returned(old.message_id, old.attempt)
      else coalesce(outreach.state_rank(new.state) > outreach.state_rank(old.state), false)
    end;
    -- Null, from a state without rank (ghost), is no permission.
    if v_allowed is not true then
      raise exception 'A message does not go back' using errcode = 'SH409',
        detail = old.message_id || ': ' || old.state || ' > ' || new.state;
    end if;
  end if;
  return new;
end;
$$;

-- Name: FUNCTION message_moves_forward(); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.message_moves_forward() IS 'Trigger: what a message is stays frozen from its planning; its state is a partial order that never goes back, except that a claim which the provider refused for now, or a sending that it gave back, is scheduled again.';

-- Name: open_link(text); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.open_link(p_token text) RETURNS outreach.link
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO ''
    AS $$
declare
  v_link outreach.link;
begin
  select l.* into v_link from outreach.link l where l.token_hash = outreach.token_hash(p_token);
  if not found then
    raise exception 'There is no such link' using errcode = 'SH404';
  end if;
  return v_link;
end;
$$;

-- Name: FUNCTION open_link(p_token text); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.open_link(p_token text) IS 'The link that a token stands for. Errors: SH404 for every token that is not one, without saying why.';

-- Name: prune_receipts(timestamp with time zone); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.prune_receipts(p_at timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_pruned int;
  v_forgotten int;
begin
  delete from outreach.webhook w
  where w.received_at < p_at - make_interval(days => policy.number('webhook.keep', p_at)::int);
  get diagnostics v_pruned = row_count;
  delete from outreach.event e
  where e.message_id is null
    and e.provider_id is not null
    and e.recorded_at < p_at - make_interval(days => policy.number('webhook.keep', p_at)::int);
  get diagnostics v_forgotten = row_count;
  return v_pruned + v_forgotten;
end;
$$;

-- Name: FUNCTION prune_receipts(p_at timestamp with time zone); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.prune_receipts(p_at timestamp with time zone) IS 'Forgets providers'' calls older than webhook.keep, and receipts that waited so long for a message in vain, as those of one-time codes do.
A call as old as that cannot come again: its signature is good for five minutes only. Result: how many. Repeatable.';

-- Name: sent_messages(uuid, text, integer); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.sent_messages(p_user_id uuid, p_cursor text, p_limit integer) RETURNS jsonb
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO ''
    AS $$
declare
  v_at timestamptz;
  v_id uuid;
  v_page jsonb;
begin
  select c.at, c.id into v_at, v_id from account.cursor_place(p_cursor) c;
  with page as (
    select d.message_id, d.sent_at, d.channel, d.subject, d.body, m.kind, m.state, m.service_id,
           row_number() over (order by d.sent_at desc, d.message_id desc) as n
    from outreach.delivery d
    join outreach.message m on m.message_id = d.message_id
    where d.user_id = p_user_id
      and d.purpose = 'outreach'
      and d.state in ('in_doubt', 'accepted', 'bounced')
      and (v_at is null or (d.sent_at, d.message_id) < (v_at, v_id))
    order by d.sent_at desc, d.message_id desc
    limit p_limit + 1
  )
  select jsonb_build_object(
    'items', coalesce(jsonb_agg(jsonb_build_object(
      'message_id', g.message_id, 'kind', g.kind, 'channel', g.channel, 'sent_at', g.sent_at, 'state', g.state,
      'service_id', g.service_id, 'subject', g.subject,
      -- Links stand in it as tokens only; they are kept hashed.
      'body', outreach.fill(g.body, '{}'),
      'useful', (select f.useful from outreach.feedback f where f.message_id = g.message_id)) order by g.n)
      filter (where g.n <= p_limit), '[]'),
    'next_cursor', case when count(*) > p_limit then
      account.cursor(max(g.sent_at) filter (where g.n = p_limit),
        (array_agg(g.message_id) filter (where g.n = p_limit))[1]) end)
  into v_page
  from page g;
  return v_page;
end;
$$;

-- Name: FUNCTION sent_messages(p_user_id uuid, p_cursor text, p_limit integer); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.sent_messages(p_user_id uuid, p_cursor text, p_limit integer) IS 'A page of what was sent to a person by campaigns, the latest first: {items, next_cursor}; next_cursor null = that was all. Texts as sent, without their links; useful = what the person said of it, null = nothing.';

-- Name: short_id(uuid); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.short_id(p_message_id uuid) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN "right"(replace((p_message_id)::text, '-'::text, ''::text), 20);

-- Name: FUNCTION short_id(p_message_id uuid); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.short_id(p_message_id uuid) IS 'The name of a message at gateways that take 20 letters and digits at most: the last 20 hexadecimal digits of its id, which hold all of its random bits.
Index delivery_short_id_idx is on the same expression; worker/channels/sms.py makes the same text.';

-- Name: slot_is_held(); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.slot_is_held() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  -- Depth 2: the delivery's own trigger, releasing.
  if tg_op = 'DELETE' and pg_trigger_depth() > 1 then
    return old;
  end if;
  raise exception 'A slot is given back only by releasing its delivery' using errcode = 'SH409', detail = old.message_id::text;
end;
$$;

-- Name: FUNCTION slot_is_held(); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.slot_is_held() IS 'Trigger: slots are not edited or deleted by hand.';

-- Name: state_rank(text); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.state_rank(p_state text) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE p_state WHEN 'scheduled'::text THEN 0 WHEN 'claimed'::text THEN 10 WHEN 'in_doubt'::text THEN 20 WHEN 'sent'::text THEN 30 WHEN 'bounced'::text THEN 35 WHEN 'delivered'::text THEN 40 WHEN 'opened'::text THEN 50 WHEN 'clicked'::text THEN 60 WHEN 'booked'::text THEN 70 ELSE NULL::integer END;

-- Name: FUNCTION state_rank(p_state text); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.state_rank(p_state text) IS 'How far a message has come: a receipt advances it only to a higher rank. Null for ends that nothing follows (ghost, expired, refused, failed).';

-- Name: suggested_from(timestamp with time zone, timestamp with time zone); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.suggested_from(p_suggested_at timestamp with time zone, p_at timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (p_suggested_at + ((GREATEST((0)::numeric, ceil((EXTRACT(epoch FROM ((p_at + '03:00:00'::interval) - p_suggested_at)) / (86400)::numeric))))::double precision * '24:00:00'::interval));

-- Name: FUNCTION suggested_from(p_suggested_at timestamp with time zone, p_at timestamp with time zone); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.suggested_from(p_suggested_at timestamp with time zone, p_at timestamp with time zone) IS 'The time that a link suggests when it is opened at an instant: the one planned, or the same time of day on the first day for which it is not too late (three hours ahead).';

-- Name: taka(bigint, text); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.taka(p_poisha bigint, p_language text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT
         CASE
             WHEN (taka.p_language = 'en'::text) THEN t.amount
             ELSE outreach.bengali_digits(t.amount)
         END AS bengali_digits
    FROM ( SELECT (((
                 CASE
                     WHEN (taka.p_poisha < 0) THEN '-'::text
                     ELSE ''::text
                 END || '৳'::text) || regexp_replace((div(abs((taka.p_poisha)::numeric), (100)::numeric))::text, '(\d)(?=(\d\d)+\d$)'::text, '\1,'::text, 'g'::text)) ||
                 CASE
                     WHEN ((taka.p_poisha % (100)::bigint) = 0) THEN ''::text
                     ELSE ('.'::text || lpad((abs((taka.p_poisha % (100)::bigint)))::text, 2, '0'::text))
                 END) AS amount) t;
END;

-- Name: FUNCTION taka(p_poisha bigint, p_language text); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.taka(p_poisha bigint, p_language text) IS 'Money as people here write it: ৳১,২৫,০০০, in English ৳1,25,000; poisha only where there are any (৳১২.৫০).';

-- Name: take_back(uuid[], timestamp with time zone); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.take_back(p_event_ids uuid[], p_at timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_outcomes jsonb;
begin
  select jsonb_agg(jsonb_build_object(
    'message_id', d.message_id, 'attempt', d.attempt, 'adapter', d.adapter, 'taken_back', true,
    'outcome', case when (e.detail ->> 'again')::boolean then 'later' else 'refused' end,
    'error', 'returned ' || (e.detail ->> 'code'),
    'retry_after', e.detail -> 'retry_after',
    'person_limit', coalesce((e.detail ->> 'person_limit')::boolean, false)))
  into v_outcomes
  from outreach.event e
  join outreach.delivery d
    on d.message_id = e.message_id
   and coalesce(e.attempt = d.attempt, e.source = d.adapter and e.provider_id = d.provider_id, false)
  where e.event_id = any (p_event_ids)
    and e.kind = 'returned';
  if v_outcomes is not null then
    perform outreach.record_outcomes(v_outcomes, p_at);
  end if;
end;
$$;

-- Name: FUNCTION take_back(p_event_ids uuid[], p_at timestamp with time zone); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.take_back(p_event_ids uuid[], p_at timestamp with time zone) IS 'What the provider gave back (events returned, of messages that the caller has locked) is as if it had been refused at once: it holds no slot, and is due again after a growing wait, or failed.
Whatever of the message was heard to have arrived stays so. Repeatable.';

-- Name: template_keeps_its_text(); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.template_keeps_its_text() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  if old.approved_at is not null
     and (to_jsonb(old) - 'retired_at') is distinct from (to_jsonb(new) - 'retired_at') then
    raise exception 'An approved text is not changed' using errcode = 'SH409', detail = old.template_id::text,
      constraint = 'template_keeps_its_text', hint = 'Make a new version, have it approved, and retire this one.';
  end if;
  return new;
end;
$$;

-- Name: FUNCTION template_keeps_its_text(); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.template_keeps_its_text() IS 'Trigger: what was approved stays as it was approved; only its retirement may be noted. So an approval cannot be given to one text and used for another, by psql either.
Errors: SH409.';

-- Name: tokens(text); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.tokens(p_text text) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT COALESCE(array_agg(m.match[1] ORDER BY m.place), '{}'::text[]) AS "coalesce"
    FROM regexp_matches(tokens.p_text, '[\u0980-\u09ff\u200c\u200d]+'::text, 'g'::text) WITH ORDINALITY m(match, place);
END;

-- Name: FUNCTION tokens(p_text text); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.tokens(p_text text) IS 'The Bengali words of a text in their order: whole runs of the Bengali block and the joiners, split on everything else.
Never \y, which sees word boundaries inside Bengali words (বাল in বাল্ব). The danda is outside the block, so it splits.';

-- Name: was_returned(uuid, integer); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.was_returned(p_message_id uuid, p_attempt integer) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT (EXISTS ( SELECT
            FROM (outreach.delivery d
              JOIN outreach.event e ON ((e.message_id = d.message_id)))
           WHERE ((d.message_id = was_returned.p_message_id) AND (d.attempt = was_returned.p_attempt) AND (e.kind = 'returned'::text) AND COALESCE((e.attempt = d.attempt), ((e.source = d.adapter) AND (e.provider_id = d.provider_id)), false)))) AS "exists";
END;

-- Name: FUNCTION was_returned(p_message_id uuid, p_attempt integer); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.was_returned(p_message_id uuid, p_attempt integer) IS 'Whether the provider gave this sending back: took it over, then told that it was not delivered and will not be. The only proof by which an accepted sending is released.';

-- Name: without_gaps(text); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.without_gaps(p_text text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT btrim(regexp_replace(regexp_replace(d.text, ' *\u0001[\u0001 ]*'::text, ' '::text, 'g'::text), '\n{3,}'::text, '

'::text, 'g'::text), '
'::text) AS btrim
    FROM (((( SELECT regexp_replace(without_gaps.p_text, '[(“‘"][ \u0001]*\u0001[ \u0001]*[)”’"]'::text, ''::text, 'g'::text) AS text) a
      CROSS JOIN LATERAL ( SELECT regexp_replace(a.text, '(^|\n)[ ,;:।!?.–—-]*\u0001[\u0001 ,;:।!?.–—-]*(?=\n|$)'::text, ''::text, 'g'::text) AS text) b)
      CROSS JOIN LATERAL ( SELECT regexp_replace(b.text, ' *[,;:–—-]?[ \u0001]*\u0001[ \u0001]*(?=[।.!?\n]|$)'::text, ''::text, 'g'::text) AS text) c)
      CROSS JOIN LATERAL ( SELECT regexp_replace(regexp_replace(c.text, '(^|\n)[\u0001 ]*\u0001[\u0001 ]*[,;:–—-]? *'::text, '\1'::text, 'g'::text), ' *\u0001[\u0001 ]*[,;:]'::text, ''::text, 'g'::text) AS text) d);
END;

-- Name: FUNCTION without_gaps(p_text text); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.without_gaps(p_text text) IS 'The text without its gaps, which outreach.fill marks by the character U+0001: no empty line, no bare comma and no doubled space where a value was missing.';

-- Name: acts_for(text); Type: FUNCTION; Schema: policy; Owner: -

CREATE FUNCTION policy.acts_for(p_author text) RETURNS void
    LANGUAGE sql
    BEGIN ATOMIC
 SELECT set_config('shokti.actor'::text, p_author, true) AS set_config;
END;

-- Name: FUNCTION acts_for(p_author text); Type: COMMENT; Schema: policy; Owner: -

COMMENT ON FUNCTION policy.acts_for(p_author text) IS 'Tells the audit log who changes existing rows until the transaction ends; without it that is the login name.';

-- Name: add_quiet_period(text, text, integer, time without time zone, time without time zone, timestamp with time zone, timestamp with time zone, text, text, timestamp with time zone); Type: FUNCTION; Schema: policy; Owner: -

CREATE FUNCTION policy.add_quiet_period(p_name text, p_purpose text, p_isodow integer, p_from_time time without time zone, p_until_time time without time zone, p_since timestamp with time zone, p_until timestamp with time zone, p_author text, p_reason text, p_at timestamp with time zone) RETURNS uuid
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_since timestamptz := coalesce(p_since, p_at);
  v_id uuid;
begin
  perform policy.lock_changes();
  perform policy.check_quiet_period(p_from_time, p_until_time, v_since, p_until, p_at);
  insert into policy.quiet_period (name, purpose, isodow, from_time, until_time, during, created_at, author, reason)
  values (p_name, p_purpose, p_isodow, p_from_time, p_until_time, tstzrange(v_since, p_until), p_at, p_author, p_reason)
  returning quiet_period_id into v_id;
  return v_id;
end;
$$;

-- Name: FUNCTION add_quiet_period(p_name text, p_purpose text, p_isodow integer, p_from_time time without time zone, p_until_time time without time zone, p_since timestamp with time zone, p_until timestamp with time zone, p_author text, p_reason text, p_at timestamp with time zone); Type: COMMENT; Schema: policy; Owner: -

COMMENT ON FUNCTION policy.add_quiet_period(p_name text, p_purpose text, p_isodow integer, p_from_time time without time zone, p_until_time time without time zone, p_since timestamp with time zone, p_until timestamp with time zone, p_author text, p_reason text, p_at timestamp with time zone) IS 'Adds a time at which nothing is sent, from p_since (null = p_at) until p_until (null = without end, for daily times); it binds the first claim after it.
Result: its id. Errors: SH422 with the field that cannot be.';

-- Name: approve(text, uuid, text, text, timestamp with time zone); Type: FUNCTION; Schema: policy; Owner: -

CREATE FUNCTION policy.approve(p_rule text, p_proposal_id uuid, p_admin text, p_reason text, p_at timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_proposal policy.proposal := policy.decide(p_rule, p_proposal_id, 'approved', p_admin, p_reason, p_at);
  v_from timestamptz := greatest(v_proposal.effective_from, p_at);
begin
  -- Once more: another cap may have ended meanwhile.
  perform policy.check_change(p_rule, v_proposal.value, v_from, v_proposal.reason, p_at);
  return policy.put(p_rule, v_proposal.value, v_proposal.author, v_proposal.reason, v_from, p_at, p_proposal_id);
end;
$$;

-- Name: FUNCTION approve(p_rule text, p_proposal_id uuid, p_admin text, p_reason text, p_at timestamp with time zone); Type: COMMENT; Schema: policy; Owner: -

COMMENT ON FUNCTION policy.approve(p_rule text, p_proposal_id uuid, p_admin text, p_reason text, p_at timestamp with time zone) IS 'A second admin approves a proposal about a rule or cap, and it is set: from the instant it asked for, or from now if that has passed.
Result: the version. Errors: SH403 the proposer approves; SH404 no such proposal; SH409 decided or expired; SH422 it cannot be any more, or no reason.';

-- Name: audit_change(); Type: FUNCTION; Schema: policy; Owner: -

CREATE FUNCTION policy.audit_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_old jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) end;
  v_new jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) end;
begin
  -- A new row names its author; an old one is changed by whoever policy.acts_for named, or by who is logged in.
  insert into policy.audit (happened_at, actor, action, subject, detail)
  values (clock.now(),
          coalesce(case when tg_op = 'INSERT' then v_new ->> 'author' end,
                   nullif(current_setting('shokti.actor', true), ''), session_user),
          lower(tg_op), tg_table_schema || '.' || tg_table_name,
          jsonb_build_object('old', v_old, 'new', v_new, 'login', session_user));
  return null;
end;
$$;

-- Name: FUNCTION audit_change(); Type: COMMENT; Schema: policy; Owner: -

COMMENT ON FUNCTION policy.audit_change() IS 'Trigger: every change of a policy row is written to policy.audit, also one made by psql; detail.login is the session''s login name, whatever role it took on.';

-- Name: audit_is_append_only(); Type: FUNCTION; Schema: policy; Owner: -

CREATE FUNCTION policy.audit_is_append_only() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  raise exception 'The audit log is never changed' using errcode = 'SH409', detail = tg_op;
end;
$$;

-- Name: FUNCTION audit_is_append_only(); Type: COMMENT; Schema: policy; Owner: -

COMMENT ON FUNCTION policy.audit_is_append_only() IS 'Trigger: no row of policy.audit is changed, deleted or truncated.';

-- Name: audit_page(text, text, text, timestamp with time zone, timestamp with time zone, timestamp with time zone, uuid, integer); Type: FUNCTION; Schema: policy; Owner: -

CREATE FUNCTION policy.audit_page(p_actor text, p_action text, p_subject text, p_since timestamp with time zone, p_until timestamp with time zone, p_before timestamp with time zone, p_before_id uuid, p_limit integer) RETURNS SETOF policy.audit
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT a.audit_id,
     a.happened_at,
     a.actor,
     a.action,
     a.subject,
     a.detail
    FROM policy.audit a
   WHERE (((audit_page.p_actor IS NULL) OR (a.actor = audit_page.p_actor)) AND ((audit_page.p_action IS NULL) OR (a.action = audit_page.p_action)) AND ((audit_page.p_subject IS NULL) OR (a.subject = audit_page.p_subject)) AND ((audit_page.p_since IS NULL) OR (a.happened_at >= audit_page.p_since)) AND ((audit_page.p_until IS NULL) OR (a.happened_at < audit_page.p_until)) AND ((audit_page.p_before IS NULL) OR (ROW(a.happened_at, a.audit_id) < ROW(audit_page.p_before, audit_page.p_before_id))))
   ORDER BY a.happened_at DESC, a.audit_id DESC
  LIMIT audit_page.p_limit;
END;

-- Name: FUNCTION audit_page(p_actor text, p_action text, p_subject text, p_since timestamp with time zone, p_until timestamp with time zone, p_before timestamp with time zone, p_before_id uuid, p_limit integer); Type: COMMENT; Schema: policy; Owner: -

COMMENT ON FUNCTION policy.audit_page(p_actor text, p_action text, p_subject text, p_since timestamp with time zone, p_until timestamp with time zone, p_before timestamp with time zone, p_before_id uuid, p_limit integer) IS 'Rows of the audit log, the latest first, before a place in it; every filter null = any. Inlined into the query that asks, so that only the filters given are planned for.';

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

-- Name: proposal_document(policy.proposal, timestamp with time zone); Type: FUNCTION; Schema: policy; Owner: -

CREATE FUNCTION policy.proposal_document(p_proposal policy.proposal, p_at timestamp with time zone) RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN jsonb_build_object('proposal_id', (p_proposal).proposal_id, 'value', (p_proposal).value, 'effective_from', (p_proposal).effective_from, 'author', (p_proposal).author, 'reason', (p_proposal).reason, 'proposed_at', (p_proposal).proposed_at, 'expires_at', (p_proposal).expires_at, 'state', CASE WHEN (((p_proposal).state = 'pending'::text) AND ((p_proposal).expires_at <= p_at)) THEN 'expired'::text ELSE (p_proposal).state END, 'decided_by', (p_proposal).decided_by, 'decided_at', (p_proposal).decided_at, 'decision_reason', (p_proposal).decision_reason);

-- Name: FUNCTION proposal_document(p_proposal policy.proposal, p_at timestamp with time zone); Type: COMMENT; Schema: policy; Owner: -

COMMENT ON FUNCTION policy.proposal_document(p_proposal policy.proposal, p_at timestamp with time zone) IS 'A proposal as admins see it; one that waited too long is shown as expired from that instant on.';

-- Name: quiet_period_document(policy.quiet_period, timestamp with time zone); Type: FUNCTION; Schema: policy; Owner: -

CREATE FUNCTION policy.quiet_period_document(p_period policy.quiet_period, p_at timestamp with time zone) RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT jsonb_build_object('quiet_period_id', (p_period).quiet_period_id, 'name', (p_period).name, 'purpose', (p_period).purpose, 'weekday', (p_period).isodow, 'from_time', to_char(((p_period).from_time)::interval, 'HH24:MI'::text), 'until_time', to_char(((p_period).until_time)::interval, 'HH24:MI'::text), 'since', lower((p_period).during), 'until', upper((p_period).during), 'state',
         CASE
             WHEN isempty((p_period).during) THEN 'withdrawn'::text
             WHEN (lower((p_period).during) > p_at) THEN 'coming'::text
             WHEN (upper((p_period).during) <= p_at) THEN 'over'::text
             ELSE 'in_force'::text
         END, 'author', (p_period).author, 'reason', (p_period).reason, 'created_at', (p_period).created_at, 'ended_at', (p_period).ended_at, 'ended_by', (p_period).ended_by, 'end_reason', (p_period).end_reason, 'proposal', ( SELECT policy.proposal_document(p.*, quiet_period_document.p_at) AS proposal_document
            FROM policy.proposal p
           WHERE ((p.subject = ((quiet_period_document.p_period).quiet_period_id)::text) AND (p.state = 'pending'::text) AND (p.expires_at > quiet_period_document.p_at)))) AS jsonb_build_object;
END;

-- Name: FUNCTION quiet_period_document(p_period policy.quiet_period, p_at timestamp with time zone); Type: COMMENT; Schema: policy; Owner: -

COMMENT ON FUNCTION policy.quiet_period_document(p_period policy.quiet_period, p_at timestamp with time zone) IS 'A quiet period as admins see it. Times are local to each person; since and until null = without begin or end; proposal: that of an admin to end it, which another has to repeat.';

-- Name: calendar(boolean, timestamp with time zone); Type: FUNCTION; Schema: policy; Owner: -

CREATE FUNCTION policy.calendar(p_past boolean, p_at timestamp with time zone) RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT jsonb_build_object('items', COALESCE(jsonb_agg(policy.quiet_period_document(q.*, calendar.p_at) ORDER BY (lower(q.during)) NULLS FIRST, q.created_at, q.quiet_period_id), '[]'::jsonb)) AS jsonb_build_object
    FROM policy.quiet_period q
   WHERE (calendar.p_past OR ((NOT isempty(q.during)) AND COALESCE((upper(q.during) > calendar.p_at), true)));
END;

-- Name: FUNCTION calendar(p_past boolean, p_at timestamp with time zone); Type: COMMENT; Schema: policy; Owner: -

COMMENT ON FUNCTION policy.calendar(p_past boolean, p_at timestamp with time zone) IS 'Quiet periods in force or to come, with p_past also those that are over or were taken back: {items: [policy.quiet_period_document]}.';

-- Name: cap_loosening_is_approved(); Type: FUNCTION; Schema: policy; Owner: -

CREATE FUNCTION policy.cap_loosening_is_approved() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  if policy.is_person(new.author)
     and coalesce(
       (select policy.cap_loosens(c.max_messages, c.window_hours, new.max_messages, new.window_hours)
        from policy.cap c
        where c.cap = new.cap
          and upper(c.valid_at) = lower(new.valid_at)),
       not policy.is_capped_by_others(new.cap, new.purpose, new.channel, lower(new.valid_at)))
     and not policy.is_approved(
       new.proposal_id, new.cap,
       jsonb_build_object('max_messages', new.max_messages, 'window_hours', new.window_hours, 'purpose', new.purpose, 'channel', new.channel)) then
    raise exception 'Two admins have to agree to what protects people less' using errcode = 'SH409',
      detail = new.cap, constraint = 'cap_loosening_is_approved';
  end if;
  return new;
end;
$$;

-- Name: FUNCTION cap_loosening_is_approved(); Type: COMMENT; Schema: policy; Owner: -

COMMENT ON FUNCTION policy.cap_loosening_is_approved() IS 'Trigger: a version by an admin (their id is its author) that loosens the one it follows, or permits what no cap permitted, carries out a proposal that another admin approved.
The owner''s own hand in psql, under another name, may; policy.audit has the login.';

-- Name: cap_loosens(integer, integer, integer, integer); Type: FUNCTION; Schema: policy; Owner: -

CREATE FUNCTION policy.cap_loosens(p_old_max integer, p_old_hours integer, p_new_max integer, p_new_hours integer) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN ((p_new_max = 0) OR (p_old_max IS NULL)) THEN false WHEN ((p_new_max IS NULL) OR (p_new_max > p_old_max)) THEN true ELSE (p_new_hours < p_old_hours) END;

-- Name: FUNCTION cap_loosens(p_old_max integer, p_old_hours integer, p_new_max integer, p_new_hours integer); Type: COMMENT; Schema: policy; Owner: -

COMMENT ON FUNCTION policy.cap_loosens(p_old_max integer, p_old_hours integer, p_new_max integer, p_new_hours integer) IS 'Whether one cap lets through what another holds back: more messages (null = no limit), or a shorter window.
More messages in a longer window, or fewer in a shorter one, count as looser: there are days on which they are.';

-- Name: change(text, jsonb, text, text, timestamp with time zone, timestamp with time zone); Type: FUNCTION; Schema: policy; Owner: -

CREATE FUNCTION policy.change(p_rule text, p_value jsonb, p_author text, p_reason text, p_from timestamp with time zone, p_at timestamp with time zone) RETURNS uuid
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_value jsonb := p_value;
begin
  perform policy.lock_changes();
  -- Of a cap that is there, purpose and channel need not be said again; of a new one, no channel means all of them.
  if jsonb_typeof(p_value) = 'object' and not exists (select from policy.rule_kind k where k.rule = p_rule) then
    select jsonb_build_object('channel', null) || case when c.purpose is null then '{}' else jsonb_build_object('purpose', c.purpose, 'channel', c.channel) end || p_value
    into v_value
    from (select) one
    left join lateral (
      select c.purpose, c.channel from policy.cap c where c.cap = p_rule order by c.version desc limit 1
    ) c on true;
  end if;
  perform policy.check_change(p_rule, v_value, p_from, p_reason, p_at);
  if policy.loosens(p_rule, v_value, coalesce(p_from, p_at)) then
    return policy.propose((select k.kind from policy.kind k where k.rule = p_rule), p_rule, v_value, p_author, p_reason, p_from, p_at);
  end if;
  perform policy.put(p_rule, v_value, p_author, p_reason, coalesce(p_from, p_at), p_at);
  return null;
end;
$$;

-- Name: FUNCTION change(p_rule text, p_value jsonb, p_author text, p_reason text, p_from timestamp with time zone, p_at timestamp with time zone); Type: COMMENT; Schema: policy; Owner: -

COMMENT ON FUNCTION policy.change(p_rule text, p_value jsonb, p_author text, p_reason text, p_from timestamp with time zone, p_at timestamp with time zone) IS 'An admin changes a rule or cap: what tightens, or guards neither consent nor caps, is set; what loosens becomes a proposal for another admin.
p_author: the admin''s id. p_from: null = at p_at; nothing takes effect before p_at. Result: the proposal''s id, or null where it was set.
Errors: SH409 a proposal is waiting already; SH422 with the field that cannot be.';

-- Name: change_cap(text, integer, integer, text, text, timestamp with time zone); Type: FUNCTION; Schema: policy; Owner: -

CREATE FUNCTION policy.change_cap(p_cap text, p_max_messages integer, p_window_hours integer, p_author text, p_reason text, p_from timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  if not exists (select from policy.cap c where c.cap = p_cap and c.valid_at @> p_from) then
    raise exception 'There is no such cap in force' using errcode = 'SH404', detail = p_cap;
  end if;
  return policy.set_cap(
    p_cap, jsonb_build_object('max_messages', p_max_messages, 'window_hours', p_window_hours), p_author, p_reason, p_from);
end;
$$;

-- Name: FUNCTION change_cap(p_cap text, p_max_messages integer, p_window_hours integer, p_author text, p_reason text, p_from timestamp with time zone); Type: COMMENT; Schema: policy; Owner: -

COMMENT ON FUNCTION policy.change_cap(p_cap text, p_max_messages integer, p_window_hours integer, p_author text, p_reason text, p_from timestamp with time zone) IS 'Sets a frequency cap from an instant on, as one does in psql: at most p_max_messages (0 = never, null = no limit) in any p_window_hours.
Result: the new version. Binds the first claim at or after p_from. Errors: SH404 no such cap, SH409 a later version exists.';

-- Name: change_rule(text, jsonb, text, text, timestamp with time zone, timestamp with time zone, uuid); Type: FUNCTION; Schema: policy; Owner: -

CREATE FUNCTION policy.change_rule(p_rule text, p_value jsonb, p_author text, p_reason text, p_from timestamp with time zone, p_at timestamp with time zone DEFAULT NULL::timestamp with time zone, p_proposal_id uuid DEFAULT NULL::uuid) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_last int;
begin
  perform policy.lock_changes();
  perform policy.acts_for(p_author);
  if not exists (select from policy.rule_kind k where k.rule = p_rule) then
    raise exception 'There is no such rule' using errcode = 'SH404', detail = p_rule;
  end if;
  select max(r.version) into v_last from policy.rule r where r.rule = p_rule;
  -- The last word holds: what was set for later, and has not begun at p_at, is taken back.
  update policy.rule r
  set valid_at = 'empty'
  where r.rule = p_rule
    and lower(r.valid_at) >= p_from
    and lower(r.valid_at) > p_at;
  if exists (select from policy.rule r where r.rule = p_rule and lower(r.valid_at) >= p_from) then
    raise exception 'A later version of the rule is already set' using errcode = 'SH409', detail = p_rule;
  end if;
  update policy.rule r
  set valid_at = tstzrange(lower(r.valid_at), p_from)
  where r.rule = p_rule
    and r.valid_at @> p_from;
  insert into policy.rule (rule, version, value, valid_at, author, reason, proposal_id)
  values (p_rule, coalesce(v_last, 0) + 1, p_value, tstzrange(p_from, null), p_author, p_reason, p_proposal_id);
  perform policy.supersede(p_rule);
  return coalesce(v_last, 0) + 1;
end;
$$;

-- Name: FUNCTION change_rule(p_rule text, p_value jsonb, p_author text, p_reason text, p_from timestamp with time zone, p_at timestamp with time zone, p_proposal_id uuid); Type: COMMENT; Schema: policy; Owner: -

COMMENT ON FUNCTION policy.change_rule(p_rule text, p_value jsonb, p_author text, p_reason text, p_from timestamp with time zone, p_at timestamp with time zone, p_proposal_id uuid) IS 'Sets a rule from an instant on; the version in force until then ends there. For psql: five arguments do.
p_at: versions that have not begun by then are taken back (null = none is, and one in the way is SH409). p_proposal_id: the approved proposal it carries out.
Result: the new version. Errors: SH404 unknown rule, SH409 a later version exists, or an admin loosens without a second one; SH422 value of the wrong type or out of bounds (by trigger).';

-- Name: check_cap(text, jsonb); Type: FUNCTION; Schema: policy; Owner: -

CREATE FUNCTION policy.check_cap(p_cap text, p_value jsonb) RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO ''
    AS $_$
declare
  v_last policy.cap;
  v_fault record;
begin
  if jsonb_typeof(p_value) <> 'object' then
    raise exception 'The value of a cap is an object' using errcode = 'SH422', column = 'value',
      hint = 'Give max_messages and window_hours; null ends the cap.';
  end if;
  select c.* into v_last from policy.cap c where c.cap = p_cap order by c.version desc limit 1;
  select * into v_fault
  from (values
    ('max_messages', 'a whole number from 0 on, or null for no limit',
     p_value ? 'max_messages' and coalesce(p_value ->> 'max_messages', '0') ~ '^\d{1,6}$'
     and jsonb_typeof(p_value -> 'max_messages') in ('number', 'null')),
    -- The bounds of the constraint cap_window_is_positive.
    ('window_hours', 'a whole number of hours from 1 to 8784',
     coalesce(jsonb_typeof(p_value -> 'window_hours') = 'number' and p_value ->> 'window_hours' ~ '^\d{1,4}$'
              and (p_value ->> 'window_hours')::numeric between 1 and 8784, false)),
    ('purpose', 'outreach, coaching or voice; that of the cap where there is one',
     coalesce(p_value ->> 'purpose' in ('outreach', 'coaching', 'voice'), false)
     and (v_last.cap is null or v_last.purpose = p_value ->> 'purpose')),
    ('channel', 'email, sms, whatsapp, push, in_app, or null for all together; that of the cap where there is one',
     coalesce(p_value ->> 'channel' in ('email', 'sms', 'whatsapp', 'push', 'in_app'), true)
     and (v_last.cap is null or v_last.channel is not distinct from p_value ->> 'channel'))
  ) as f (field, wanted, holds)
  where not f.holds
  limit 1;
  if found then
    raise exception 'The value of a cap does not fit' using errcode = 'SH422', column = 'value.' || v_fault.field,
      detail = coalesce((p_value -> v_fault.field)::text, 'missing'), hint = 'Give ' || v_fault.wanted || '.';
  end if;
  select k.field into v_fault
  from jsonb_object_keys(p_value) as k (field)
  where k.field not in ('max_messages', 'window_hours', 'purpose', 'channel')
  limit 1;
  if found then
    raise exception 'A cap has no such field' using errcode = 'SH422', column = 'value', detail = v_fault.field;
  end if;
  if v_last.cap is null and p_cap !~ '^[a-z][a-z0-9_]{2,39}$' then
    raise exception 'A cap is named in lower-case letters, digits and underscores' using errcode = 'SH422', column = 'rule', detail = p_cap;
  end if;
end;
$_$;

-- Name: FUNCTION check_cap(p_cap text, p_value jsonb); Type: COMMENT; Schema: policy; Owner: -

COMMENT ON FUNCTION policy.check_cap(p_cap text, p_value jsonb) IS 'Refuses a value that no cap can have, naming the field: {max_messages, window_hours, purpose, channel}. Purpose and channel of a cap stay what they are.
Errors: SH422.';

-- Name: check_change(text, jsonb, timestamp with time zone, text, timestamp with time zone); Type: FUNCTION; Schema: policy; Owner: -

CREATE FUNCTION policy.check_change(p_rule text, p_value jsonb, p_from timestamp with time zone, p_reason text, p_at timestamp with time zone) RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO ''
    AS $_$
declare
  v_kind text := (select k.kind from policy.kind k where k.rule = p_rule);
  v_cap policy.cap;
begin
  if coalesce(p_reason, '') ~ '^\s*$' then
    raise exception 'Say why' using errcode = 'SH422', column = 'reason';
  end if;
  if p_from < p_at then
    raise exception 'Rules are not changed for the past' using errcode = 'SH422', column = 'effective_from',
      detail = p_from::text, hint = 'Leave it out for now, or give an instant to come.';
  end if;
  if v_kind is null and (jsonb_typeof(p_value) <> 'object' or not p_value ? 'purpose') then
    raise exception 'There is no such rule' using errcode = 'SH422', column = 'rule', detail = p_rule,
      hint = 'A new cap is made by a value with max_messages, window_hours, purpose and channel.';
  end if;
  if v_kind = 'rule' then
    perform policy.check_value(p_rule, p_value);
    return;
  end if;
  if p_value <> 'null' then
    perform policy.check_cap(p_rule, p_value);
    return;
  end if;
  select c.* into v_cap from policy.cap c where c.cap = p_rule and c.valid_at @> coalesce(p_from, p_at);
  if not found then
    raise exception 'The cap is not in force' using errcode = 'SH422', column = 'value', detail = p_rule;
  end if;
  if not policy.is_capped_by_others(p_rule, v_cap.purpose, v_cap.channel, coalesce(p_from, p_at)) then
    raise exception 'Without this cap nothing could be sent' using errcode = 'SH422', column = 'value', detail = p_rule,
      hint = 'Set max_messages to null for no limit, or to 0 for never.';
  end if;
end;
$_$;

-- Name: FUNCTION check_change(p_rule text, p_value jsonb, p_from timestamp with time zone, p_reason text, p_at timestamp with time zone); Type: COMMENT; Schema: policy; Owner: -

COMMENT ON FUNCTION policy.check_change(p_rule text, p_value jsonb, p_from timestamp with time zone, p_reason text, p_at timestamp with time zone) IS 'Refuses a change of a rule or cap that cannot be, naming the field; p_from null = at p_at. It looks at what is asked, not at who asks.
Errors: SH422 unknown rule, wrong type or bounds, a time in the past, no reason, the last cap of what it binds.';

-- Name: check_quiet_period(time without time zone, time without time zone, timestamp with time zone, timestamp with time zone, timestamp with time zone); Type: FUNCTION; Schema: policy; Owner: -

CREATE FUNCTION policy.check_quiet_period(p_from_time time without time zone, p_until_time time without time zone, p_since timestamp with time zone, p_until timestamp with time zone, p_at timestamp with time zone) RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO ''
    AS $$
declare
  v_fault record;
  v_longest interval := make_interval(days => policy.number('quiet.longest', p_at)::int);
  v_daily interval := make_interval(hours => policy.number('quiet.longest_daily', p_at)::int);
begin
  select * into v_fault
  from (values
    ('since', 'It would begin in the past', 'Leave since out for now.', p_since >= p_at),
    ('until', 'It ends after it begins', null, coalesce(p_until > p_since, true)),
    ('until_time', 'A daily time has a begin and an end', 'Give both times, or neither.', (p_from_time is null) = (p_until_time is null)),
    ('until_time', 'A daily time has a length', 'Leave both out for whole days.', coalesce(p_from_time <> p_until_time, true)),
    ('until', 'Whole days need an end', 'Give until, or daily times.', p_from_time is not null or p_until is not null),
    ('until', 'That is longer than quiet time may last', 'Rules quiet.longest and quiet.longest_daily; split what must be longer, and raise the rule first.',
     coalesce(p_until - p_since <= v_longest, false)
     or (p_from_time is not null
         and p_until_time - p_from_time + case when p_until_time < p_from_time then interval '24 hours' else interval '0' end <= v_daily))
  ) as f (field, sentence, hint, holds)
  where not f.holds
  limit 1;
  if found then
    raise exception '%', v_fault.sentence using errcode = 'SH422', column = v_fault.field, hint = coalesce(v_fault.hint, '');
  end if;
end;
$$;

-- Name: FUNCTION check_quiet_period(p_from_time time without time zone, p_until_time time without time zone, p_since timestamp with time zone, p_until timestamp with time zone, p_at timestamp with time zone); Type: COMMENT; Schema: policy; Owner: -

COMMENT ON FUNCTION policy.check_quiet_period(p_from_time time without time zone, p_until_time time without time zone, p_since timestamp with time zone, p_until timestamp with time zone, p_at timestamp with time zone) IS 'Refuses a quiet period that cannot be, naming the field: in the past, without length, without end, or longer than quiet.longest and quiet.longest_daily allow. p_until null = without end.
Errors: SH422.';

-- Name: check_value(text, jsonb); Type: FUNCTION; Schema: policy; Owner: -

CREATE FUNCTION policy.check_value(p_rule text, p_value jsonb) RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO ''
    AS $$
declare
  v_kind policy.rule_kind;
begin
  select k.* into v_kind from policy.rule_kind k where k.rule = p_rule;
  if jsonb_typeof(p_value) <> v_kind.value_type then
    raise exception 'The value of a rule has another type' using errcode = 'SH422', column = 'value',
      detail = p_rule || ': ' || p_value, hint = 'Give a ' || v_kind.value_type || '.';
  end if;
  -- case, as the sides of an "and" are evaluated in any order, and only a number can be cast to one.
  if (case v_kind.value_type
        when 'number' then not (p_value #>> '{}')::numeric between coalesce(v_kind.minimum, '-infinity') and coalesce(v_kind.maximum, 'infinity')
      end) then
    raise exception 'The value of a rule is out of its bounds' using errcode = 'SH422', column = 'value',
      detail = p_rule || ': ' || p_value, hint = format('Between %s and %s %s.', v_kind.minimum, v_kind.maximum, v_kind.unit);
  end if;
  if v_kind.value_type = 'boolean' and v_kind.meaning ~ 'annot be switched off' and p_value <> 'true' then
    raise exception 'This rule cannot be switched off' using errcode = 'SH422', column = 'value', detail = p_rule;
  end if;
  if p_rule = 'default_zone' and not exists (select from policy.time_zone z where z.name = p_value #>> '{}') then
    raise exception 'The default time zone is not one that this server knows' using errcode = 'SH422', column = 'value',
      detail = p_value::text, hint = 'Give an IANA name of policy.time_zone.';
  end if;
end;
$$;

-- Name: FUNCTION check_value(p_rule text, p_value jsonb); Type: COMMENT; Schema: policy; Owner: -

COMMENT ON FUNCTION policy.check_value(p_rule text, p_value jsonb) IS 'Refuses a value that does not fit the kind of a rule.
Errors: SH422 (column value) another type, out of bounds, a rule that cannot be switched off, an unknown time zone.';

-- Name: decide(text, uuid, text, text, text, timestamp with time zone); Type: FUNCTION; Schema: policy; Owner: -

CREATE FUNCTION policy.decide(p_subject text, p_proposal_id uuid, p_state text, p_admin text, p_reason text, p_at timestamp with time zone) RETURNS policy.proposal
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $_$
declare
  v_proposal policy.proposal;
begin
  perform policy.lock_changes();
  perform policy.acts_for(p_admin);
  select p.* into v_proposal from policy.proposal p where p.proposal_id = p_proposal_id and p.subject = p_subject;
  if not found then
    raise exception 'There is no such proposal' using errcode = 'SH404', detail = p_proposal_id::text;
  end if;
  if v_proposal.state <> 'pending' or v_proposal.expires_at <= p_at then
    raise exception 'The proposal does not wait any more' using errcode = 'SH409',
      detail = case v_proposal.state when 'pending' then 'expired' else v_proposal.state end;
  end if;
  if coalesce(p_reason, '') ~ '^\s*$' then
    raise exception 'Say why' using errcode = 'SH422', column = 'reason';
  end if;
  if p_state = 'approved' and v_proposal.author = p_admin then
    raise exception 'Another admin has to approve what you proposed' using errcode = 'SH403', column = 'proposal_id';
  end if;
  update policy.proposal p
  set state = p_state, decided_by = p_admin, decided_at = p_at, decision_reason = p_reason
  where p.proposal_id = p_proposal_id
  returning p.* into v_proposal;
  return v_proposal;
end;
$_$;

-- Name: FUNCTION decide(p_subject text, p_proposal_id uuid, p_state text, p_admin text, p_reason text, p_at timestamp with time zone); Type: COMMENT; Schema: policy; Owner: -

COMMENT ON FUNCTION policy.decide(p_subject text, p_proposal_id uuid, p_state text, p_admin text, p_reason text, p_at timestamp with time zone) IS 'A second admin''s word on a proposal: p_state approved or declined; whoever proposed may decline, which takes it back. Once, however many ask at the same time.
Result: the proposal; carrying it out is the caller''s. Errors: SH403 the proposer approves; SH404 no such proposal; SH409 decided or expired; SH422 no reason.';

-- Name: rule_kind; Type: TABLE; Schema: policy; Owner: -

CREATE TABLE policy.rule_kind (
    rule text NOT NULL,
    value_type text NOT NULL,
    unit text NOT NULL,
    minimum numeric,
    maximum numeric,
    loosens text,
    meaning text NOT NULL,
    CONSTRAINT rule_kind_bounds_are_for_numbers CHECK (((value_type = 'number'::text) OR ((minimum IS NULL) AND (maximum IS NULL)))),
    CONSTRAINT rule_kind_loosens_is_known CHECK ((loosens = ANY (ARRAY['up'::text, 'down'::text]))),
    CONSTRAINT rule_kind_value_type_is_known CHECK ((value_type = ANY (ARRAY['number'::text, 'boolean'::text, 'string'::text, 'array'::text, 'object'::text])))
);

-- Name: TABLE rule_kind; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON TABLE policy.rule_kind IS 'What each rule is: type, unit, bounds and meaning. A rule without a row here cannot be set.';

-- Name: COLUMN rule_kind.loosens; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.rule_kind.loosens IS 'Direction in which the rule protects people less; null where it does not guard consent or caps.';

-- Name: kind; Type: VIEW; Schema: policy; Owner: -

CREATE VIEW policy.kind AS
 SELECT k.rule,
    'rule'::text AS kind,
    k.value_type,
    k.unit,
    k.minimum,
    k.maximum,
    k.loosens,
    k.meaning
   FROM policy.rule_kind k
UNION ALL
 SELECT c.cap AS rule,
    'cap'::text AS kind,
    'object'::text AS value_type,
    'messages in hours'::text AS unit,
    0 AS minimum,
    NULL::numeric AS maximum,
    'up'::text AS loosens,
    format('At most max_messages of purpose %s to one person in any window_hours, %s. 0 = never, null = no limit.'::text, c.purpose, COALESCE((('by '::text || c.channel) || ' alone'::text), 'over all channels together'::text)) AS meaning
   FROM ( SELECT DISTINCT ON (c_1.cap) c_1.cap,
            c_1.purpose,
            c_1.channel
           FROM policy.cap c_1
          ORDER BY c_1.cap, c_1.version) c;

-- Name: VIEW kind; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON VIEW policy.kind IS 'What each rule and cap is: type, unit, bounds, and which way it protects people less.';

-- Name: COLUMN kind.rule; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.kind.rule IS 'Name of the rule or cap.';

-- Name: COLUMN kind.kind; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.kind.kind IS 'rule or cap.';

-- Name: COLUMN kind.value_type; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.kind.value_type IS 'JSON type of its value.';

-- Name: COLUMN kind.unit; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.kind.unit IS 'What its number counts.';

-- Name: COLUMN kind.minimum; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.kind.minimum IS 'Least value of a number; null = none.';

-- Name: COLUMN kind.maximum; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.kind.maximum IS 'Greatest value of a number; null = none.';

-- Name: COLUMN kind.loosens; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.kind.loosens IS 'Direction in which it protects people less, which needs two admins; null = it guards neither consent nor caps. Of a cap: more messages or a shorter window.';

-- Name: COLUMN kind.meaning; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.kind.meaning IS 'What it does, in a sentence.';

-- Name: setting; Type: VIEW; Schema: policy; Owner: -

CREATE VIEW policy.setting AS
 SELECT r.rule,
    'rule'::text AS kind,
    r.version,
    r.value,
    r.valid_at,
    r.author,
    r.reason,
    r.proposal_id
   FROM policy.rule r
UNION ALL
 SELECT c.cap AS rule,
    'cap'::text AS kind,
    c.version,
    jsonb_build_object('max_messages', c.max_messages, 'window_hours', c.window_hours, 'purpose', c.purpose, 'channel', c.channel) AS value,
    c.valid_at,
    c.author,
    c.reason,
    c.proposal_id
   FROM policy.cap c;

-- Name: VIEW setting; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON VIEW policy.setting IS 'Every version of every rule and cap under one name space, a row each.';

-- Name: COLUMN setting.rule; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.setting.rule IS 'Name of the rule or cap.';

-- Name: COLUMN setting.kind; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.setting.kind IS 'rule or cap.';

-- Name: COLUMN setting.version; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.setting.version IS 'Counted from 1 for each name.';

-- Name: COLUMN setting.value; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.setting.value IS 'As policy.rule_kind says; of a cap {max_messages (0 = never, null = no limit), window_hours, purpose, channel (null = all together)}.';

-- Name: COLUMN setting.valid_at; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.setting.valid_at IS 'When it is in force (UTC instants); empty = replaced before it ever came into force.';

-- Name: COLUMN setting.author; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.setting.author IS 'Who set it: an admin''s id, or what was written by hand.';

-- Name: COLUMN setting.reason; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.setting.reason IS 'Why.';

-- Name: COLUMN setting.proposal_id; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.setting.proposal_id IS 'The approved proposal it carries out; null = it needed none, or was written by hand.';

-- Name: document(text, timestamp with time zone); Type: FUNCTION; Schema: policy; Owner: -

CREATE FUNCTION policy.document(p_rule text, p_at timestamp with time zone) RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT jsonb_build_object('rule', k.rule, 'kind', k.kind, 'value_type', k.value_type, 'unit', k.unit, 'minimum', k.minimum, 'maximum', k.maximum, 'loosens', k.loosens, 'meaning', k.meaning, 'value', ( SELECT s.value
            FROM policy.setting s
           WHERE ((s.rule = k.rule) AND (s.valid_at @> document.p_at))), 'version', ( SELECT s.version
            FROM policy.setting s
           WHERE ((s.rule = k.rule) AND (s.valid_at @> document.p_at))), 'versions', ( SELECT jsonb_agg(jsonb_build_object('version', s.version, 'value', s.value, 'valid_from', lower(s.valid_at), 'valid_until', upper(s.valid_at), 'state',
                 CASE
                     WHEN isempty(s.valid_at) THEN 'withdrawn'::text
                     WHEN (s.valid_at @> document.p_at) THEN 'in_force'::text
                     WHEN (lower(s.valid_at) > document.p_at) THEN 'scheduled'::text
                     ELSE 'past'::text
                 END, 'author', s.author, 'reason', s.reason, 'approved_by', p.decided_by) ORDER BY s.version DESC) AS jsonb_agg
            FROM (policy.setting s
              LEFT JOIN policy.proposal p ON ((p.proposal_id = s.proposal_id)))
           WHERE (s.rule = k.rule)), 'proposals', COALESCE(( SELECT jsonb_agg(policy.proposal_document(p.*, document.p_at) ORDER BY p.proposed_at DESC, p.proposal_id) AS jsonb_agg
            FROM policy.proposal p
           WHERE ((p.subject = k.rule) AND (p.state = ANY (ARRAY['pending'::text, 'declined'::text])))), '[]'::jsonb)) AS jsonb_build_object
    FROM policy.kind k
   WHERE (k.rule = document.p_rule);
END;

-- Name: FUNCTION document(p_rule text, p_at timestamp with time zone); Type: COMMENT; Schema: policy; Owner: -

COMMENT ON FUNCTION policy.document(p_rule text, p_at timestamp with time zone) IS 'A rule or cap as admins see it: {rule, kind, value_type, unit, minimum, maximum, loosens, meaning, value, version, versions: [latest first], proposals: [waiting, expired and declined, latest first]}; value and version null = none is in force. Null for an unknown name.';

-- Name: documents(timestamp with time zone); Type: FUNCTION; Schema: policy; Owner: -

CREATE FUNCTION policy.documents(p_at timestamp with time zone) RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT jsonb_build_object('items', COALESCE(jsonb_agg(jsonb_build_object('rule', k.rule, 'kind', k.kind, 'unit', k.unit, 'loosens', k.loosens, 'meaning', k.meaning, 'value', s.value, 'version', s.version, 'since', lower(s.valid_at), 'proposal_id', p.proposal_id) ORDER BY k.kind, k.rule), '[]'::jsonb)) AS jsonb_build_object
    FROM ((policy.kind k
      LEFT JOIN policy.setting s ON (((s.rule = k.rule) AND (s.valid_at @> documents.p_at))))
      LEFT JOIN policy.proposal p ON (((p.subject = k.rule) AND (p.state = 'pending'::text) AND (p.expires_at > documents.p_at))));
END;

-- Name: FUNCTION documents(p_at timestamp with time zone); Type: COMMENT; Schema: policy; Owner: -

COMMENT ON FUNCTION policy.documents(p_at timestamp with time zone) IS 'Every rule and cap with the value in force: {items: [{rule, kind, unit, loosens, meaning, value, version, since, proposal_id}]}; caps first. since null = from the beginning; proposal_id: of the proposal that waits, if one does.';

-- Name: earlier_value(text, integer, timestamp with time zone); Type: FUNCTION; Schema: policy; Owner: -

CREATE FUNCTION policy.earlier_value(p_rule text, p_version integer, p_at timestamp with time zone) RETURNS jsonb
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO ''
    AS $$
declare
  v_value jsonb;
begin
  select s.value into v_value
  from policy.setting s
  where s.rule = p_rule
    and case
      when p_version is not null then s.version = p_version
      -- The one before: of what is not in force any more, the last that was.
      else upper(s.valid_at) <= p_at and not isempty(s.valid_at)
    end
  order by upper(s.valid_at) desc
  limit 1;
  if not found then
    raise exception 'There is no such version to go back to' using errcode = 'SH422', column = 'version', detail = coalesce(p_version::text, 'the one before');
  end if;
  return v_value;
end;
$$;

-- Name: FUNCTION earlier_value(p_rule text, p_version integer, p_at timestamp with time zone); Type: COMMENT; Schema: policy; Owner: -

COMMENT ON FUNCTION policy.earlier_value(p_rule text, p_version integer, p_at timestamp with time zone) IS 'The value of a version of a rule or cap; of the one before the one in force where p_version is null.
Errors: SH422 (column version) there is none.';

-- Name: end_quiet_period(uuid, text, text, timestamp with time zone); Type: FUNCTION; Schema: policy; Owner: -

CREATE FUNCTION policy.end_quiet_period(p_quiet_period_id uuid, p_author text, p_reason text, p_at timestamp with time zone) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_period policy.quiet_period;
  v_proposal policy.proposal;
begin
  perform policy.lock_changes();
  perform policy.acts_for(p_author);
  select q.* into v_period from policy.quiet_period q where q.quiet_period_id = p_quiet_period_id;
  if not found then
    raise exception 'There is no such quiet period' using errcode = 'SH404', detail = p_quiet_period_id::text;
  end if;
  if isempty(v_period.during) or upper(v_period.during) <= p_at then
    raise exception 'The quiet period is over' using errcode = 'SH409', detail = p_quiet_period_id::text;
  end if;
  -- What has no end protects everybody for good; dated ones are for operations to end as things turn out.
  if upper_inf(v_period.during) and policy.is_person(p_author) then
    select p.* into v_proposal
    from policy.proposal p
    where p.subject = p_quiet_period_id::text
      and p.state = 'pending'
      and p.expires_at > p_at;
    if not found then
      perform policy.propose('quiet_period', p_quiet_period_id::text, 'null', p_author, p_reason, null, p_at);
      return 'proposed';
    elsif v_proposal.author = p_author then
      return 'proposed';
    end if;
    perform policy.decide(p_quiet_period_id::text, v_proposal.proposal_id, 'approved', p_author, p_reason, p_at);
  end if;
  update policy.quiet_period q
  set during = case when lower(q.during) > p_at then 'empty' else tstzrange(lower(q.during), p_at) end,
      ended_at = p_at, ended_by = p_author, end_reason = p_reason
  where q.quiet_period_id = p_quiet_period_id;
  perform policy.supersede(p_quiet_period_id::text);
  return 'ended';
end;
$$;

-- Name: FUNCTION end_quiet_period(p_quiet_period_id uuid, p_author text, p_reason text, p_at timestamp with time zone); Type: COMMENT; Schema: policy; Owner: -

COMMENT ON FUNCTION policy.end_quiet_period(p_quiet_period_id uuid, p_author text, p_reason text, p_at timestamp with time zone) IS 'Ends a quiet period before its time; one that has not begun is taken back. It stays written, as far as it was in force.
One without an end (night, prayer) needs two admins: the first call proposes, and another admin''s, before that expires, ends it.
Result: ended, or proposed. Errors: SH404 no such period; SH409 it is over; SH422 no reason.';

-- Name: history_is_append_only(); Type: FUNCTION; Schema: policy; Owner: -

CREATE FUNCTION policy.history_is_append_only() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  if tg_op = 'UPDATE'
     and to_jsonb(old) - 'valid_at' = to_jsonb(new) - 'valid_at'
     and policy.is_ended(old.valid_at, new.valid_at, clock.now()) then
    return new;
  end if;
  raise exception 'Versions of rules are never changed or deleted' using errcode = 'SH409',
    detail = tg_table_name, hint = 'Set a new version with policy.change_rule or policy.change_cap.';
end;
$$;

-- Name: FUNCTION history_is_append_only(); Type: COMMENT; Schema: policy; Owner: -

COMMENT ON FUNCTION policy.history_is_append_only() IS 'Trigger: versions of rules, caps and segments are history; a new version is a new row, and of an old one only the end is set.';

-- Name: is_approved(uuid, text, jsonb); Type: FUNCTION; Schema: policy; Owner: -

CREATE FUNCTION policy.is_approved(p_proposal_id uuid, p_subject text, p_value jsonb) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT (EXISTS ( SELECT
            FROM policy.proposal p
           WHERE ((p.proposal_id = is_approved.p_proposal_id) AND (p.subject = is_approved.p_subject) AND (p.value = is_approved.p_value) AND (p.state = 'approved'::text)))) AS "exists";
END;

-- Name: FUNCTION is_approved(p_proposal_id uuid, p_subject text, p_value jsonb); Type: COMMENT; Schema: policy; Owner: -

COMMENT ON FUNCTION policy.is_approved(p_proposal_id uuid, p_subject text, p_value jsonb) IS 'Whether a proposal is an approved one of exactly this value for this rule or cap.';

-- Name: is_capped_by_others(text, text, text, timestamp with time zone); Type: FUNCTION; Schema: policy; Owner: -

CREATE FUNCTION policy.is_capped_by_others(p_cap text, p_purpose text, p_channel text, p_from timestamp with time zone) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT (EXISTS ( SELECT
            FROM policy.cap o
           WHERE ((o.cap <> is_capped_by_others.p_cap) AND (o.purpose = is_capped_by_others.p_purpose) AND ((o.channel IS NULL) OR (o.channel = is_capped_by_others.p_channel)) AND (o.valid_at @> is_capped_by_others.p_from) AND upper_inf(o.valid_at)))) AS "exists";
END;

-- Name: FUNCTION is_capped_by_others(p_cap text, p_purpose text, p_channel text, p_from timestamp with time zone); Type: COMMENT; Schema: policy; Owner: -

COMMENT ON FUNCTION policy.is_capped_by_others(p_cap text, p_purpose text, p_channel text, p_from timestamp with time zone) IS 'Whether all that a cap binds (a purpose on a channel, null = on all) is bound by another cap as well, from an instant on without end.
Where it is not, that cap is what permits sending at all: a purpose without any cap sends nothing.';

-- Name: is_ended(tstzrange, tstzrange, timestamp with time zone); Type: FUNCTION; Schema: policy; Owner: -

CREATE FUNCTION policy.is_ended(p_before tstzrange, p_after tstzrange, p_at timestamp with time zone) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN isempty(p_before) THEN isempty(p_after) WHEN isempty(p_after) THEN (lower(p_before) > p_at) WHEN (lower(p_before) IS DISTINCT FROM lower(p_after)) THEN false ELSE (upper_inf(p_before) OR ((upper(p_before) > p_at) AND ((upper(p_after) >= p_at) AND (upper(p_after) <= upper(p_before))))) END;

-- Name: FUNCTION is_ended(p_before tstzrange, p_after tstzrange, p_at timestamp with time zone); Type: COMMENT; Schema: policy; Owner: -

COMMENT ON FUNCTION policy.is_ended(p_before tstzrange, p_after tstzrange, p_at timestamp with time zone) IS 'Whether a validity may become another one at an instant: an open end is set, an end that is still to come is brought nearer, or what has not begun is taken back (empty). Nothing else about history changes.';

-- Name: is_person(text); Type: FUNCTION; Schema: policy; Owner: -

CREATE FUNCTION policy.is_person(p_author text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (p_author ~ '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$'::text);

-- Name: FUNCTION is_person(p_author text); Type: COMMENT; Schema: policy; Owner: -

COMMENT ON FUNCTION policy.is_person(p_author text) IS 'Whether an author is a person''s id, as the HTTP edge writes it, and not a name written by hand.';

-- Name: lock_changes(); Type: FUNCTION; Schema: policy; Owner: -

CREATE FUNCTION policy.lock_changes() RETURNS void
    LANGUAGE sql
    BEGIN ATOMIC
 SELECT pg_advisory_xact_lock(hashtextextended('policy.change'::text, (0)::bigint)) AS pg_advisory_xact_lock;
END;

-- Name: FUNCTION lock_changes(); Type: COMMENT; Schema: policy; Owner: -

COMMENT ON FUNCTION policy.lock_changes() IS 'Waits until no other transaction changes rules, caps, proposals, calendar or segments: they change seldom, so one lock for all of them.
Taken in a statement of its own; what is read in later ones is what was waited for.';

-- Name: rule_loosens(text, jsonb, jsonb); Type: FUNCTION; Schema: policy; Owner: -

CREATE FUNCTION policy.rule_loosens(p_direction text, p_old jsonb, p_new jsonb) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE p_direction WHEN 'up'::text THEN (p_new > p_old) WHEN 'down'::text THEN (p_new < p_old) ELSE false END;

-- Name: FUNCTION rule_loosens(p_direction text, p_old jsonb, p_new jsonb); Type: COMMENT; Schema: policy; Owner: -

COMMENT ON FUNCTION policy.rule_loosens(p_direction text, p_old jsonb, p_new jsonb) IS 'Whether one value of a rule protects people less than another; p_direction: policy.rule_kind.loosens. Both are numbers, which jsonb compares as such.';

-- Name: loosens(text, jsonb, timestamp with time zone); Type: FUNCTION; Schema: policy; Owner: -

CREATE FUNCTION policy.loosens(p_rule text, p_value jsonb, p_from timestamp with time zone) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 WITH kind AS (
          SELECT k.rule,
             k.kind,
             k.loosens
            FROM policy.kind k
           WHERE (k.rule = loosens.p_rule)
         ), replaced AS (
          SELECT s.value
            FROM policy.setting s
           WHERE ((s.rule = loosens.p_rule) AND (s.valid_at && tstzrange(loosens.p_from, NULL::timestamp with time zone)))
         )
  SELECT
         CASE
             WHEN (EXISTS ( SELECT
                FROM kind k
               WHERE (k.kind = 'rule'::text))) THEN COALESCE(( SELECT bool_or(policy.rule_loosens(k.loosens, r.value, loosens.p_value)) AS bool_or
                FROM (kind k
                  CROSS JOIN replaced r)), false)
             WHEN (p_value = 'null'::jsonb) THEN true
             ELSE COALESCE(( SELECT bool_or(policy.cap_loosens(((r.value ->> 'max_messages'::text))::integer, ((r.value ->> 'window_hours'::text))::integer, ((loosens.p_value ->> 'max_messages'::text))::integer, ((loosens.p_value ->> 'window_hours'::text))::integer)) AS bool_or
                FROM replaced r), (NOT policy.is_capped_by_others(p_rule, (p_value ->> 'purpose'::text), (p_value ->> 'channel'::text), p_from)))
         END AS "coalesce";
END;

-- Name: FUNCTION loosens(p_rule text, p_value jsonb, p_from timestamp with time zone); Type: COMMENT; Schema: policy; Owner: -

COMMENT ON FUNCTION policy.loosens(p_rule text, p_value jsonb, p_from timestamp with time zone) IS 'Whether setting a rule or cap to a value from an instant on protects people less than what it replaces, so that two admins have to agree.
p_value: of a cap with purpose and channel; json null = it ends, which always loosens. The value is one that policy.check_change let through.';

-- Name: proposal_is_decided_once(); Type: FUNCTION; Schema: policy; Owner: -

CREATE FUNCTION policy.proposal_is_decided_once() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  if tg_op = 'UPDATE'
     and old.state = 'pending'
     and to_jsonb(old) - array['state', 'decided_by', 'decided_at', 'decision_reason']
         = to_jsonb(new) - array['state', 'decided_by', 'decided_at', 'decision_reason'] then
    return new;
  end if;
  raise exception 'A proposal is decided once, and never changed or deleted' using errcode = 'SH409';
end;
$$;

-- Name: FUNCTION proposal_is_decided_once(); Type: COMMENT; Schema: policy; Owner: -

COMMENT ON FUNCTION policy.proposal_is_decided_once() IS 'Trigger: a proposal stays as it was made; it leaves the state pending once.';

-- Name: propose(text, text, jsonb, text, text, timestamp with time zone, timestamp with time zone); Type: FUNCTION; Schema: policy; Owner: -

CREATE FUNCTION policy.propose(p_kind text, p_subject text, p_value jsonb, p_author text, p_reason text, p_from timestamp with time zone, p_at timestamp with time zone) RETURNS uuid
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_proposal_id uuid;
begin
  perform policy.acts_for(p_author);
  update policy.proposal p
  set state = 'expired'
  where p.subject = p_subject
    and p.state = 'pending'
    and p.expires_at <= p_at;
  select p.proposal_id into v_proposal_id from policy.proposal p where p.subject = p_subject and p.state = 'pending';
  if found then
    raise exception 'A proposal is waiting already' using errcode = 'SH409', detail = v_proposal_id::text,
      hint = 'Approve or decline it first.';
  end if;
  insert into policy.proposal (kind, subject, value, effective_from, author, reason, proposed_at, expires_at)
  values (coalesce(p_kind, 'cap'), p_subject, p_value, p_from, p_author, p_reason, p_at,
          p_at + make_interval(days => policy.number('proposal.keep', p_at)::int))
  returning proposal_id into v_proposal_id;
  return v_proposal_id;
end;
$$;

-- Name: FUNCTION propose(p_kind text, p_subject text, p_value jsonb, p_author text, p_reason text, p_from timestamp with time zone, p_at timestamp with time zone); Type: COMMENT; Schema: policy; Owner: -

COMMENT ON FUNCTION policy.propose(p_kind text, p_subject text, p_value jsonb, p_author text, p_reason text, p_from timestamp with time zone, p_at timestamp with time zone) IS 'Writes down what a second admin has to approve; it expires by the rule proposal.keep. The caller holds policy.lock_changes. p_kind null = a cap that is not there yet.
Result: the proposal''s id. Errors: SH409 one is waiting already.';

-- Name: set_cap(text, jsonb, text, text, timestamp with time zone, timestamp with time zone, uuid); Type: FUNCTION; Schema: policy; Owner: -

CREATE FUNCTION policy.set_cap(p_cap text, p_value jsonb, p_author text, p_reason text, p_from timestamp with time zone, p_at timestamp with time zone DEFAULT NULL::timestamp with time zone, p_proposal_id uuid DEFAULT NULL::uuid) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_last policy.cap;
begin
  perform policy.lock_changes();
  perform policy.acts_for(p_author);
  select c.* into v_last from policy.cap c where c.cap = p_cap order by c.version desc limit 1;
  -- The last word holds: what was set for later, and has not begun at p_at, is taken back.
  update policy.cap c
  set valid_at = 'empty'
  where c.cap = p_cap
    and lower(c.valid_at) >= p_from
    and lower(c.valid_at) > p_at;
  if exists (select from policy.cap c where c.cap = p_cap and lower(c.valid_at) >= p_from) then
    raise exception 'A later version of the cap is already set' using errcode = 'SH409', detail = p_cap;
  end if;
  update policy.cap c
  set valid_at = tstzrange(lower(c.valid_at), p_from)
  where c.cap = p_cap
    and c.valid_at @> p_from;
  if p_value <> 'null' then
    insert into policy.cap
      (cap, version, purpose, channel, max_messages, window_hours, valid_at, author, reason, proposal_id)
    values (p_cap, coalesce(v_last.version, 0) + 1,
            case when v_last.cap is null then p_value ->> 'purpose' else v_last.purpose end,
            case when v_last.cap is null then p_value ->> 'channel' else v_last.channel end,
            (p_value ->> 'max_messages')::int, (p_value ->> 'window_hours')::int,
            tstzrange(p_from, null), p_author, p_reason, p_proposal_id)
    returning * into v_last;
  end if;
  perform policy.supersede(p_cap);
  return v_last.version;
end;
$$;

-- Name: FUNCTION set_cap(p_cap text, p_value jsonb, p_author text, p_reason text, p_from timestamp with time zone, p_at timestamp with time zone, p_proposal_id uuid); Type: COMMENT; Schema: policy; Owner: -

COMMENT ON FUNCTION policy.set_cap(p_cap text, p_value jsonb, p_author text, p_reason text, p_from timestamp with time zone, p_at timestamp with time zone, p_proposal_id uuid) IS 'Sets, makes or ends a frequency cap from an instant on: {max_messages (0 = never, null = no limit), window_hours, purpose, channel}; json null ends it. Purpose and channel count for a new cap only.
p_at: versions that have not begun by then are taken back (null = none is). p_proposal_id: the approved proposal it carries out.
Result: the last version. Binds the first claim at or after p_from. Errors: SH409 a later version exists, or an admin loosens without a second one.';

-- Name: put(text, jsonb, text, text, timestamp with time zone, timestamp with time zone, uuid); Type: FUNCTION; Schema: policy; Owner: -

CREATE FUNCTION policy.put(p_rule text, p_value jsonb, p_author text, p_reason text, p_from timestamp with time zone, p_at timestamp with time zone, p_proposal_id uuid DEFAULT NULL::uuid) RETURNS integer
    LANGUAGE sql
    RETURN CASE WHEN (EXISTS (SELECT FROM policy.rule_kind k WHERE (k.rule = put.p_rule))) THEN policy.change_rule(p_rule, p_value, p_author, p_reason, p_from, p_at, p_proposal_id) ELSE policy.set_cap(p_rule, p_value, p_author, p_reason, p_from, p_at, p_proposal_id) END;

-- Name: FUNCTION put(p_rule text, p_value jsonb, p_author text, p_reason text, p_from timestamp with time zone, p_at timestamp with time zone, p_proposal_id uuid); Type: COMMENT; Schema: policy; Owner: -

COMMENT ON FUNCTION policy.put(p_rule text, p_value jsonb, p_author text, p_reason text, p_from timestamp with time zone, p_at timestamp with time zone, p_proposal_id uuid) IS 'Sets a rule or cap, whichever has the name: policy.change_rule or policy.set_cap.
Result: the version. Errors: those of the two.';

-- Name: quiet_period_is_history(); Type: FUNCTION; Schema: policy; Owner: -

CREATE FUNCTION policy.quiet_period_is_history() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  if tg_op = 'UPDATE'
     and to_jsonb(old) - array['during', 'ended_at', 'ended_by', 'end_reason']
         = to_jsonb(new) - array['during', 'ended_at', 'ended_by', 'end_reason']
     and old.ended_at is null
     and policy.is_ended(old.during, new.during, clock.now()) then
    return new;
  end if;
  raise exception 'Quiet periods are ended, never changed or deleted' using errcode = 'SH409',
    hint = 'End it with policy.end_quiet_period, and add another.';
end;
$$;

-- Name: FUNCTION quiet_period_is_history(); Type: COMMENT; Schema: policy; Owner: -

COMMENT ON FUNCTION policy.quiet_period_is_history() IS 'Trigger: quiet periods that have been in force stay as they were, for explanations and what-if questions about the past; only their end is brought nearer, once.';

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
    CONSTRAINT alert_acknowledgement_is_whole CHECK (((acknowledged_at IS NULL) = (acknowledged_by IS NULL))),
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

-- Name: raise_alert(text, text, jsonb, timestamp with time zone); Type: FUNCTION; Schema: policy; Owner: -

CREATE FUNCTION policy.raise_alert(p_kind text, p_subject text, p_detail jsonb, p_at timestamp with time zone) RETURNS uuid
    LANGUAGE sql
    BEGIN ATOMIC
 INSERT INTO policy.alert (kind, subject, raised_at, detail)
   VALUES (raise_alert.p_kind, raise_alert.p_subject, raise_alert.p_at, raise_alert.p_detail) ON CONFLICT(kind, subject)
   WHERE (acknowledged_at IS NULL) DO NOTHING
   RETURNING alert.alert_id;
END;

-- Name: FUNCTION raise_alert(p_kind text, p_subject text, p_detail jsonb, p_at timestamp with time zone); Type: COMMENT; Schema: policy; Owner: -

COMMENT ON FUNCTION policy.raise_alert(p_kind text, p_subject text, p_detail jsonb, p_at timestamp with time zone) IS 'Raises an alert, once for an episode: while one of the same kind and subject is open, another is not raised.
p_detail: ids and numbers, no personal data. Result: the new alert''s id, or null where one is open.';

-- Name: register_cap_change(); Type: FUNCTION; Schema: policy; Owner: -

CREATE FUNCTION policy.register_cap_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  update policy.cap_register r set changes = r.changes + 1 where r.purpose = new.purpose;
  return null;
end;
$$;

-- Name: FUNCTION register_cap_change(); Type: COMMENT; Schema: policy; Owner: -

COMMENT ON FUNCTION policy.register_cap_change() IS 'Trigger: every change of a cap is counted on the row of its purpose, where a sending from an older snapshot notices it.';

-- Name: rule_keeps_its_kind(); Type: FUNCTION; Schema: policy; Owner: -

CREATE FUNCTION policy.rule_keeps_its_kind() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  perform policy.check_value(new.rule, new.value);
  return new;
end;
$$;

-- Name: FUNCTION rule_keeps_its_kind(); Type: COMMENT; Schema: policy; Owner: -

COMMENT ON FUNCTION policy.rule_keeps_its_kind() IS 'Trigger: a rule''s value has the type and bounds of its kind, whoever writes it.';

-- Name: rule_loosening_is_approved(); Type: FUNCTION; Schema: policy; Owner: -

CREATE FUNCTION policy.rule_loosening_is_approved() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  if policy.is_person(new.author)
     and exists (
       select
       from policy.rule r
       join policy.rule_kind k on k.rule = r.rule
       where r.rule = new.rule
         and upper(r.valid_at) = lower(new.valid_at)
         and policy.rule_loosens(k.loosens, r.value, new.value))
     and not policy.is_approved(new.proposal_id, new.rule, new.value) then
    raise exception 'Two admins have to agree to what protects people less' using errcode = 'SH409',
      detail = new.rule, constraint = 'rule_loosening_is_approved';
  end if;
  return new;
end;
$$;

-- Name: FUNCTION rule_loosening_is_approved(); Type: COMMENT; Schema: policy; Owner: -

COMMENT ON FUNCTION policy.rule_loosening_is_approved() IS 'Trigger: a version by an admin (their id is its author) that loosens the one it follows carries out a proposal that another admin approved.
The owner''s own hand in psql, under another name, may; policy.audit has the login.';

-- Name: supersede(text); Type: FUNCTION; Schema: policy; Owner: -

CREATE FUNCTION policy.supersede(p_subject text) RETURNS void
    LANGUAGE sql
    BEGIN ATOMIC
 UPDATE policy.proposal p SET state = 'superseded'::text
   WHERE ((p.subject = supersede.p_subject) AND (p.state = 'pending'::text));
END;

-- Name: FUNCTION supersede(p_subject text); Type: COMMENT; Schema: policy; Owner: -

COMMENT ON FUNCTION policy.supersede(p_subject text) IS 'Closes the proposal that waits for a rule, cap or quiet period which has just been changed: it was made about something else.';

-- Name: version(text, timestamp with time zone); Type: FUNCTION; Schema: policy; Owner: -

CREATE FUNCTION policy.version(p_rule text, p_at timestamp with time zone) RETURNS integer
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT r.version
    FROM policy.rule r
   WHERE ((r.rule = version.p_rule) AND (r.valid_at @> version.p_at));
END;

-- Name: FUNCTION version(p_rule text, p_at timestamp with time zone); Type: COMMENT; Schema: policy; Owner: -

COMMENT ON FUNCTION policy.version(p_rule text, p_at timestamp with time zone) IS 'The version of a rule in force at an instant, to be stored beside what it decided; null where none is in force.';

-- Name: fn_pgqueuer_changed(); Type: FUNCTION; Schema: queue; Owner: -

CREATE FUNCTION queue.fn_pgqueuer_changed() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    to_emit BOOLEAN := false;  -- Flag to decide whether to emit a notification
BEGIN
    -- Check operation type and set the emit flag accordingly
    IF TG_OP = 'UPDATE' AND OLD IS DISTINCT FROM NEW THEN
        to_emit := true;
    ELSIF TG_OP = 'DELETE' THEN
        to_emit := true;
    ELSIF TG_OP = 'INSERT' THEN
        to_emit := true;
    ELSIF TG_OP = 'TRUNCATE' THEN
        to_emit := true;
    END IF;

    -- Perform notification if the emit flag is set
    IF to_emit THEN
        PERFORM pg_notify(
            'ch_pgqueuer',
            json_build_object(
                'channel', 'ch_pgqueuer',
                'operation', lower(TG_OP),
                'sent_at', NOW(),
                'table', TG_TABLE_NAME,
                'type', 'table_changed_event'
            )::text
        );
    END IF;

    -- Return appropriate value based on the operation
    IF TG_OP IN ('INSERT', 'UPDATE') THEN
        RETURN NEW;
    ELSIF TG_OP = 'DELETE' THEN
        RETURN OLD;
    ELSE
        RETURN NULL; -- For TRUNCATE and other non-row-specific contexts
    END IF;

END;
$$;

-- Name: forget(text[]); Type: FUNCTION; Schema: queue; Owner: -

CREATE FUNCTION queue.forget(p_words text[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  -- Payloads hold ids only; this is for what slipped in all the same, by hand or by an older release, and for
  -- tracebacks, whose text is whatever an outside service said.
  update queue.pgqueuer q
  set payload = convert_to('{"erased": true}', 'UTF8'), headers = null
  where exists (
    select
    from unnest(p_words) as w (word)
    -- Whoever calls themselves "channel" must not take the jobs of others along: waiting jobs are searched for
    -- addresses only, held ones not for what could be an identifier.
    where case when q.status = 'failed' then w.word ~ '[^a-z0-9_-]' else w.word ~ '[@+]' end
      and (position(convert_to(w.word, 'UTF8') in q.payload) > 0 or strpos(q.headers::text, w.word) > 0));
  update queue.pgqueuer_log l
  set traceback = null
  where exists (select from unnest(p_words) as w (word) where strpos(l.traceback::text, w.word) > 0);
end;
$$;

-- Name: FUNCTION forget(p_words text[]); Type: COMMENT; Schema: queue; Owner: -

COMMENT ON FUNCTION queue.forget(p_words text[]) IS 'Empties the payload of every job, waiting or held, and every traceback in the log that contains one of the words; words that could be an identifier are looked for in tracebacks only.';

-- Name: announce(uuid, text, uuid[], text, uuid, uuid, text[], text, boolean, timestamp with time zone); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.announce(p_campaign_id uuid, p_trigger_key text, p_user_ids uuid[], p_occurrence text, p_template_id uuid, p_service_id uuid, p_channels text[], p_exempt_reason text, p_at_once boolean, p_at timestamp with time zone) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_class constant text := case when p_exempt_reason is null then 'announcement' else 'urgent' end;
  v_campaign smartengage.campaign;
  v_run_id uuid;
begin
  select c.* into v_campaign
  from smartengage.campaign c
  where c.campaign_id = p_campaign_id
  for no key update;
  select r.run_id into v_run_id
  from smartengage.run r
  where r.campaign_id = p_campaign_id
    and r.trigger_key = p_trigger_key;
  if found then
    return smartengage.run_summary(v_run_id) || '{"already": true}';
  end if;
  if v_campaign.status <> 'running' then
    raise exception 'The campaign is not running' using errcode = 'SH409', detail = v_campaign.status;
  end if;
  v_run_id := uuidv7();

  with run as (
    -- Counted from who was asked for, not from what was decided: so the reconciliation finds whoever got lost between.
    insert into smartengage.run (
      run_id, campaign_id, trigger_key, planned_at, candidates, message_class, template_id, service_id, exempt_reason)
    select v_run_id, p_campaign_id, p_trigger_key, p_at, count(distinct u.user_id), v_class, p_template_id, p_service_id, p_exempt_reason
    from unnest(p_user_ids) as u (user_id)
  ),
  decided as materialized (
    select d.*, case when d.outcome <> 'refused' then uuidv7() end as message_id
    from smartengage.decide_announcement(
      p_campaign_id, p_user_ids, p_occurrence, p_template_id, p_channels, v_class, p_at_once, p_at) d
  ),
  message as (
    insert into outreach.message (
      message_id, user_id, channel, purpose, message_class, obeys_caps, counts, kind, campaign_id, run_id, occurrence,
      service_id, suggested_at, template_id, exempt_reason, state, state_at, planned_at, due_at, useful_until,
      window_from, window_until)
    select
      d.message_id, d.user_id, d.channel, k.purpose, k.message_class, k.obeys_caps, k.counts, 'announcement',
      p_campaign_id, v_run_id, p_occurrence,
      p_service_id, s.suggested_at, d.template_id, p_exempt_reason,
      case d.outcome when 'ghost' then 'ghost' else 'scheduled' end, p_at, p_at, d.due_at, d.useful_until,
      v_campaign.window_from, v_campaign.window_until
    from decided d
    join policy.message_class k on k.message_class = v_class
    left join lateral smartengage.suggested_time(d.user_id, p_service_id, p_at, p_at) s on p_service_id is not null
    where d.outcome <> 'refused'
    returning channel, state, due_at
  ),
  woken as (
    select outreach.wake(m.channel, array_agg(m.due_at)) from message m where m.state = 'scheduled' group by m.channel
  )
  insert into smartengage.candidate
    (run_id, user_id, service_id, occurrence, segment, outcome, message_id, reason, rule, rule_version)
  select
    v_run_id, d.user_id, p_service_id, p_occurrence, d.segment, d.outcome, d.message_id, d.reason, d.rule, d.rule_version
  from decided d
  where (select count(*) from woken) >= 0;

  perform smartengage.check_plan(v_run_id);
  return smartengage.run_summary(v_run_id) || '{"already": false}';
end;
$$;

-- Name: FUNCTION announce(p_campaign_id uuid, p_trigger_key text, p_user_ids uuid[], p_occurrence text, p_template_id uuid, p_service_id uuid, p_channels text[], p_exempt_reason text, p_at_once boolean, p_at timestamp with time zone); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.announce(p_campaign_id uuid, p_trigger_key text, p_user_ids uuid[], p_occurrence text, p_template_id uuid, p_service_id uuid, p_channels text[], p_exempt_reason text, p_at_once boolean, p_at timestamp with time zone) IS 'Plans a run of an announcement to people: one statement writes what smartengage.decide_announcement says, exactly one outcome each, and the wake-ups with it.
p_exempt_reason: given = class urgent, which passes over caps and stands in analytics.exemption. p_service_id: what it is about, null = no service.
Result: see smartengage.plan. Repeatable: the same trigger key plans once, and the same (campaign, person, occurrence) exists once.
Errors: SH409 the campaign is not running, internal_error somebody got lost (nothing is planned then).';

-- Name: announce_rest(uuid, text, timestamp with time zone); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.announce_rest(p_campaign_id uuid, p_trigger_key text, p_at timestamp with time zone) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_first smartengage.run;
  v_user_ids uuid[];
  v_occurrence text;
begin
  select r.* into v_first
  from smartengage.run r
  where r.campaign_id = p_campaign_id
  order by r.planned_at, r.run_id
  limit 1;
  select array_agg(c.user_id), min(c.occurrence) into v_user_ids, v_occurrence
  from smartengage.candidate c
  where c.run_id = v_first.run_id
    and c.reason = 'not_in_canary';
  return smartengage.announce(
    p_campaign_id, p_trigger_key, v_user_ids, v_occurrence, v_first.template_id, v_first.service_id,
    (select c.channels from smartengage.campaign c where c.campaign_id = p_campaign_id),
    v_first.exempt_reason, v_first.message_class = 'urgent', p_at);
end;
$$;

-- Name: FUNCTION announce_rest(p_campaign_id uuid, p_trigger_key text, p_at timestamp with time zone); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.announce_rest(p_campaign_id uuid, p_trigger_key text, p_at timestamp with time zone) IS 'Plans the announcement of a widened campaign to everybody whom its first run left out of the canary.
Result and errors: see smartengage.announce.';

-- Name: app_use(timestamp with time zone); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.app_use(p_at timestamp with time zone) RETURNS TABLE(user_id uuid, used_at timestamp with time zone)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT b.customer_id,
     b.created_at
    FROM market.booking b
   WHERE (b.created_at < app_use.p_at)
 UNION ALL
  SELECT m.user_id,
     e.happened_at
    FROM (outreach.event e
      JOIN outreach.message m ON ((m.message_id = e.message_id)))
   WHERE ((e.kind = ANY (ARRAY['opened'::text, 'clicked'::text])) AND (NOT e.is_machine) AND (e.happened_at < app_use.p_at));
END;

-- Name: FUNCTION app_use(p_at timestamp with time zone); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.app_use(p_at timestamp with time zone) IS 'When people were at their phones, before an instant: bookings made, and messages opened or clicked by a person (machines excluded). A row per use.';

-- Name: ask_plan(uuid, text, text[], timestamp with time zone); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.ask_plan(p_campaign_id uuid, p_trigger_key text, p_segments text[], p_later timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS bigint
    LANGUAGE sql
    RETURN queue.enqueue('plan'::text, jsonb_strip_nulls(jsonb_build_object('campaign_id', p_campaign_id, 'trigger_key', p_trigger_key, 'segments', p_segments)), p_later, 10, concat_ws('/'::text, 'plan', p_campaign_id, p_trigger_key, (EXTRACT(epoch FROM p_later))::bigint));

-- Name: FUNCTION ask_plan(p_campaign_id uuid, p_trigger_key text, p_segments text[], p_later timestamp with time zone); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.ask_plan(p_campaign_id uuid, p_trigger_key text, p_segments text[], p_later timestamp with time zone) IS 'Asks the worker to plan a run of a campaign, now or at p_later, of some of its segments (null = all); the same trigger key plans once.
Result: the job''s id; null if it was asked for already and waits.';

-- Name: elapsed(double precision[], integer); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.elapsed(p_week double precision[], p_days integer) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN GREATEST((((7 * (p_days / 7)))::double precision + (p_week)[((p_days % 7) + 1)]), (0.25)::double precision);

-- Name: FUNCTION elapsed(p_week double precision[], p_days integer); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.elapsed(p_week double precision[], p_days integer) IS 'Days since the visit on the clock of a week class, on which the days of the week that people like pass slowly and the others fast: for somebody who always comes on the same weekday, a week passes all on that day. p_week = eight readings of it, after 0 to 7 days.';

-- Name: level(double precision[], double precision); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.level(p_curve double precision[], p_phase double precision) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ((p_curve)[((floor(p_phase))::integer + 1)] + ((p_phase - floor(p_phase)) * ((p_curve)[((floor(p_phase))::integer + 2)] - (p_curve)[((floor(p_phase))::integer + 1)])));

-- Name: FUNCTION level(p_curve double precision[], p_phase double precision); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.level(p_curve double precision[], p_phase double precision) IS 'Cumulative hazard of a curve of smartengage.hazard at a phase, between its 51 points by straight lines.';

-- Name: log_odds(double precision); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.log_odds(p_hazard double precision) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ln((exp(LEAST(GREATEST(p_hazard, (0.0001)::double precision), (9.2)::double precision)) - (1)::double precision));

-- Name: FUNCTION log_odds(p_hazard double precision); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.log_odds(p_hazard double precision) IS 'ln(p / (1 - p)) of p = 1 - exp(-hazard), with p held between 0.0001 and 0.9999.';

-- Name: phase(double precision, double precision); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.phase(p_days double precision, p_center double precision) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN LEAST(GREATEST(((asinh(((ln(p_days) - p_center) / (0.15)::double precision)) / (0.2)::double precision) + (25)::double precision), (0)::double precision), (49.999999)::double precision);

-- Name: FUNCTION phase(p_days double precision, p_center double precision); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.phase(p_days double precision, p_center double precision) IS 'Place in the personal rhythm, 0 to 50: 25 = the expected day; steps of 3 % of the rhythm there, wider far from it (asinh).';

-- Name: visit(timestamp with time zone, double precision); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.visit(p_at timestamp with time zone, p_share double precision) RETURNS TABLE(customer_id uuid, service_id uuid, day date, last_at timestamp with time zone)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT b.customer_id,
     b.service_id,
     ((b.completed_at AT TIME ZONE ( SELECT policy.default_zone() AS default_zone)))::date AS timezone,
     max(b.completed_at) AS max
    FROM market.booking b
   WHERE ((b.status = 'completed'::text) AND (b.completed_at < visit.p_at) AND ((visit.p_share >= (1)::double precision) OR ((uuid_hash(b.customer_id))::double precision < ((visit.p_share - (0.5)::double precision) * ('4294967296'::bigint)::double precision))))
   GROUP BY b.customer_id, b.service_id, (((b.completed_at AT TIME ZONE ( SELECT policy.default_zone() AS default_zone)))::date);
END;

-- Name: FUNCTION visit(p_at timestamp with time zone, p_share double precision); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.visit(p_at timestamp with time zone, p_share double precision) IS 'Completed bookings before p_at, one row per customer, service and local day: two bookings of one day are one visit. p_share: of which share of the customers, 1 = all. Everything that predicts reads bookings through here, so nothing at or after p_at can leak in.';

-- Name: rhythm(timestamp with time zone, double precision); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.rhythm(p_at timestamp with time zone, p_share double precision) RETURNS TABLE(customer_id uuid, service_id uuid, visits bigint, first_day date, day date, last_at timestamp with time zone, next_day date, log_gaps double precision[], whole_weeks bigint)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 WITH gap AS (
          SELECT v.customer_id,
             v.service_id,
             v.day,
             v.last_at,
             lead(v.day) OVER visits AS next_day,
             (v.day - lag(v.day) OVER visits) AS days
            FROM smartengage.visit(rhythm.p_at, rhythm.p_share) v(customer_id, service_id, day, last_at)
           WINDOW visits AS (PARTITION BY v.customer_id, v.service_id ORDER BY v.day)
         )
  SELECT g.customer_id,
     g.service_id,
     row_number() OVER so_far AS row_number,
     first_value(g.day) OVER so_far AS first_value,
     g.day,
     g.last_at,
     g.next_day,
     array_agg(ln((g.days)::double precision)) FILTER (WHERE (g.days IS NOT NULL)) OVER (PARTITION BY g.customer_id, g.service_id ORDER BY g.day ROWS BETWEEN 11 PRECEDING AND CURRENT ROW) AS array_agg,
     count(*) FILTER (WHERE ((g.days % 7) = 0)) OVER so_far AS count
    FROM gap g
   WINDOW so_far AS (PARTITION BY g.customer_id, g.service_id ORDER BY g.day ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW);
END;

-- Name: FUNCTION rhythm(p_at timestamp with time zone, p_share double precision); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.rhythm(p_at timestamp with time zone, p_share double precision) IS 'What was known at each visit about the rhythm of that customer and service: number of visits so far, ln of the last twelve gaps in days (null at the first visit) and how many gaps so far were whole weeks. next_day is the visit that followed, null if none before p_at. Logarithms, because people vary in proportion to their rhythm; twelve, because habits change.';

-- Name: share(timestamp with time zone, double precision); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.share(p_at timestamp with time zone, p_visits double precision) RETURNS double precision
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT LEAST((share.p_visits / (GREATEST(count(*), (1)::bigint))::double precision), (1)::double precision) AS "least"
    FROM market.booking b
   WHERE ((b.status = 'completed'::text) AND (b.completed_at < share.p_at));
END;

-- Name: FUNCTION share(p_at timestamp with time zone, p_visits double precision); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.share(p_at timestamp with time zone, p_visits double precision) IS 'Share of the customers that gives about p_visits completed bookings before p_at; 1 where there are fewer. Learning reads that share, so that it takes seconds however large the marketplace is.';

-- Name: usual(timestamp with time zone); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.usual(p_at timestamp with time zone) RETURNS TABLE(service_id uuid, mean_log double precision, variance double precision, between_people double precision, whole_weeks double precision)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 WITH share AS MATERIALIZED (
          SELECT smartengage.share(usual.p_at, (60000)::double precision) AS share
         ), gap AS (
          SELECT v.customer_id,
             v.service_id,
             (v.day - lag(v.day) OVER (PARTITION BY v.customer_id, v.service_id ORDER BY v.day)) AS days
            FROM (share s_1
              CROSS JOIN LATERAL smartengage.visit(usual.p_at, s_1.share) v(customer_id, service_id, day, last_at))
         ), pair AS (
          SELECT g.service_id,
             (count(*))::double precision AS n,
             avg(ln((g.days)::double precision)) AS mean_log,
             regr_sxx(ln((g.days)::double precision), ln((g.days)::double precision)) AS squares,
             count(*) FILTER (WHERE ((g.days % 7) = 0)) AS whole_weeks
            FROM gap g
           WHERE (g.days IS NOT NULL)
           GROUP BY g.customer_id, g.service_id
         ), everyone AS (
          SELECT COALESCE(avg(p.mean_log), ln((30)::double precision)) AS mean_log,
             ((COALESCE(sum(p.squares), (0)::double precision) + (((10)::numeric * 0.16))::double precision) / (COALESCE(sum((p.n - (1)::double precision)), (0)::double precision) + (10)::double precision)) AS variance,
             COALESCE(var_samp(p.mean_log), (0)::double precision) AS observed,
             COALESCE(avg(((1)::double precision / p.n)), (1)::double precision) AS mean_inverse,
             count(*) AS pairs,
             (((COALESCE(sum(p.whole_weeks), (0)::numeric) + (2)::numeric))::double precision / (COALESCE(sum(p.n), (0)::double precision) + (14)::double precision)) AS whole_weeks
            FROM pair p
         ), service AS (
          SELECT p.service_id,
             sum(p.mean_log) AS sum_log,
             count(*) AS pairs
            FROM pair p
           GROUP BY p.service_id
         UNION ALL
          SELECT NULL::uuid,
             0,
             0
         )
  SELECT s.service_id,
     ((s.sum_log + ((10)::double precision * e.mean_log)) / ((s.pairs + 10))::double precision),
     e.variance,
     GREATEST(((((e.observed - (e.variance * e.mean_inverse)) * (e.pairs)::double precision) + (((5)::numeric * 0.25))::double precision) / ((e.pairs + 5))::double precision), ((0.05)::double precision * e.variance), (0.01)::double precision) AS "greatest",
     e.whole_weeks
    FROM (service s
      CROSS JOIN everyone e);
END;

-- Name: FUNCTION usual(p_at timestamp with time zone); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.usual(p_at timestamp with time zone) IS 'What is usual for a service: mean of ln(gap in days) (mixed with ten customers of all services; service_id null = all services, for one without data), variance of ln(gap) within one person, variance of the personal means between people, share of gaps that are whole weeks. Variances by one-way random-effects ANOVA: between = variance of the observed means less their sampling error. Priors worth ten gaps or five people (0.4² within, 0.5² between: figures of no log in particular) hold where there is little data.';

-- Name: pulse(timestamp with time zone, double precision); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.pulse(p_at timestamp with time zone, p_share double precision) RETURNS TABLE(customer_id uuid, service_id uuid, visits bigint, first_day date, day date, last_at timestamp with time zone, next_day date, center double precision, spread double precision, surprise double precision, class integer, week_class integer)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 WITH usual AS MATERIALIZED (
          SELECT usual.service_id,
             usual.mean_log,
             usual.variance,
             usual.between_people,
             usual.whole_weeks
            FROM smartengage.usual(pulse.p_at) usual(service_id, mean_log, variance, between_people, whole_weeks)
         )
  SELECT r.customer_id,
     r.service_id,
     r.visits,
     r.first_day,
     r.day,
     r.last_at,
     r.next_day,
     c.center,
     s.spread,
     (r.log_gaps[cardinality(r.log_gaps)] - c.center),
     (width_bucket(s.spread, ARRAY[(0.08)::double precision, (0.12)::double precision, (0.18)::double precision, (0.27)::double precision, (0.4)::double precision, (0.6)::double precision, (0.9)::double precision]) + (8 * width_bucket(r.visits, ARRAY[(3)::bigint, (5)::bigint, (10)::bigint]))),
     width_bucket((((r.whole_weeks)::double precision + ((2)::double precision * e.whole_weeks)) / ((r.visits + 1))::double precision), ARRAY[(0.22)::double precision, (0.35)::double precision, (0.5)::double precision, (0.65)::double precision, (0.8)::double precision]) AS width_bucket
    FROM (((((((((smartengage.rhythm(pulse.p_at, pulse.p_share) r(customer_id, service_id, visits, first_day, day, last_at, next_day, log_gaps, whole_weeks)
      JOIN usual e ON ((e.service_id IS NULL)))
      LEFT JOIN usual o ON ((o.service_id = r.service_id)))
      CROSS JOIN LATERAL ( SELECT (cardinality(r.log_gaps))::double precision AS gaps) n)
      CROSS JOIN LATERAL ( SELECT percentile_cont((0.5)::double precision) WITHIN GROUP (ORDER BY g.g) AS median
            FROM unnest(r.log_gaps) g(g)) m)
      CROSS JOIN LATERAL ( SELECT (((2.5)::double precision * (sum(abs((g.g - m.median))) + sqrt((e.variance / (2)::double precision)))) / (n.gaps + (0.25)::double precision)) AS bound
            FROM unnest(r.log_gaps) g(g)) b)
      CROSS JOIN LATERAL ( SELECT (m.median + avg(LEAST(GREATEST((g.g - m.median), (- b.bound)), b.bound))) AS location
            FROM unnest(r.log_gaps) g(g)) l)
      CROSS JOIN LATERAL ( SELECT sqrt(((sum((LEAST(abs((g.g - l.location)), b.bound) ^ (2)::double precision)) + e.variance) / (n.gaps + (1)::double precision))) AS spread
            FROM unnest(r.log_gaps) g(g)) s)
      CROSS JOIN LATERAL ( SELECT LEAST(GREATEST(((s.spread ^ (2)::double precision) / e.between_people), (0.02)::double precision), (20)::double precision) AS weight) w)
      CROSS JOIN LATERAL ( SELECT (((n.gaps * l.location) + (w.weight * COALESCE(o.mean_log, e.mean_log))) / (n.gaps + w.weight)) AS center) c)
   WHERE (r.visits >= 2);
END;

-- Name: FUNCTION pulse(p_at timestamp with time zone, p_share double precision); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.pulse(p_at timestamp with time zone, p_share double precision) IS 'At each visit from the second on: center = expected ln(gap) and spread = its standard deviation. Both are Huber''s one-step estimates from the median (a skipped visit counts as two standard deviations, not as a rhythm twice as long), mixed with what is usual: a regular person is believed after two gaps, an irregular one after many (weight = own variance / variance between people; Bühlmann''s credibility). surprise = ln(the last gap) - center. class 0 to 31 = how regular (8 steps of spread) and how well known (2, 3 to 4, 5 to 9, 10 and more visits); week_class 0 to 5 = how much the person keeps to one weekday.';

-- Name: solve(double precision[], double precision[]); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.solve(p_matrix double precision[], p_right double precision[]) RETURNS double precision[]
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO ''
    AS $$
declare
  v_n constant int := cardinality(p_right);
  v_a double precision[] := p_matrix;
  v_b double precision[] := p_right;
  v_factor double precision;
begin
  for k in 1 .. v_n loop
    for i in k + 1 .. v_n loop
      v_factor := v_a[i][k] / v_a[k][k];
      for j in k .. v_n loop
        v_a[i][j] := v_a[i][j] - v_factor * v_a[k][j];
      end loop;
      v_b[i] := v_b[i] - v_factor * v_b[k];
    end loop;
  end loop;
  for k in reverse v_n .. 1 loop
    for j in k + 1 .. v_n loop
      v_b[k] := v_b[k] - v_a[k][j] * v_b[j];
    end loop;
    v_b[k] := v_b[k] / v_a[k][k];
  end loop;
  return v_b;
end
$$;

-- Name: FUNCTION solve(p_matrix double precision[], p_right double precision[]); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.solve(p_matrix double precision[], p_right double precision[]) IS 'Solution of a small system of linear equations by Gauss'' elimination without pivoting: for symmetric positive definite matrices (a Hessian with a ridge), which need none.';

-- Name: today(timestamp with time zone); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.today(p_at timestamp with time zone) RETURNS date
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (((p_at - '12:00:00'::interval) AT TIME ZONE policy.default_zone()))::date;

-- Name: FUNCTION today(p_at timestamp with time zone); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.today(p_at timestamp with time zone) IS 'The last local day that counts as over at p_at, which is rounded to the nearest local midnight. At 07:00 that is yesterday and "within 7 days" begins with the day that has just begun; at 20:00 it is today.';

-- Name: correction(timestamp with time zone, double precision[], double precision[]); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.correction(p_at timestamp with time zone, p_weeks double precision[], p_curves double precision[]) RETURNS TABLE(horizon integer, weights double precision[])
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 WITH RECURSIVE known AS MATERIALIZED (
          SELECT smartengage.share(correction.p_at, (50000)::double precision) AS share,
             smartengage.today(correction.p_at) AS today
         ), state AS MATERIALIZED (
          SELECT p.visits,
             p.day,
             p.first_day,
             COALESCE(p.next_day, '9999-12-31'::date) AS next_day,
             p.center,
             p.spread,
             p.surprise,
             p.class,
             p.week_class,
             min(p.first_day) OVER () AS beginning
            FROM (known k
              CROSS JOIN LATERAL smartengage.pulse(correction.p_at, k.share) p(customer_id, service_id, visits, first_day, day, last_at, next_day, center, spread, surprise, class, week_class))
         ), past AS MATERIALIZED (
          SELECT h.horizon,
             (s.next_day <= (o.day + h.horizon)) AS came,
             exp((('-0.011552453'::numeric * (14)::numeric) * (b.back)::numeric)) AS weight,
             s.visits,
             s.center,
             s.spread,
             s.surprise,
             (o.day - s.day) AS days,
             (o.day - s.first_day) AS since_first,
             s.class,
             s.week_class
            FROM ((((known k
              CROSS JOIN state s)
              CROSS JOIN ( VALUES (7), (14), (28)) h(horizon))
              CROSS JOIN LATERAL generate_series((GREATEST(ceil((((((k.today - h.horizon) - s.next_day) + 1))::numeric / 14.0)), (0)::numeric))::integer, (LEAST(floor(((((k.today - h.horizon) - GREATEST(s.day, (s.beginning + 25))))::numeric / 14.0)), (9)::numeric))::integer) b(back))
              CROSS JOIN LATERAL ( SELECT ((k.today - h.horizon) - (14 * b.back)) AS day) o)
         ), curve AS MATERIALIZED (
          SELECT (c.class - 1) AS class,
             ARRAY( SELECT (correction.p_curves)[c.class][i.i] AS p_curves
                    FROM generate_series(1, 51) i(i)) AS readings
            FROM generate_series(1, 32) c(class)
         ), week AS MATERIALIZED (
          SELECT (c.class - 1) AS class,
             ARRAY( SELECT (correction.p_weeks)[c.class][i.i] AS p_weeks
                    FROM generate_series(1, 8) i(i)) AS readings
            FROM generate_series(1, 6) c(class)
         ), placed AS MATERIALIZED (
          SELECT p.horizon,
             p.came,
             p.weight,
             p.visits,
             p.spread,
             p.surprise,
             p.days,
             p.since_first,
             c.readings,
             smartengage.phase(smartengage.elapsed(w.readings, p.days), p.center) AS phase_now,
             smartengage.phase(smartengage.elapsed(w.readings, (p.days + p.horizon)), p.center) AS phase_then
            FROM ((past p
              JOIN week w ON ((w.class = p.week_class)))
              JOIN curve c ON ((c.class = p.class)))
         ), example AS MATERIALIZED (
          SELECT p.horizon,
             p.weight,
             ((p.came)::integer)::double precision AS y,
             smartengage.log_odds((smartengage.level(p.readings, p.phase_then) - smartengage.level(p.readings, p.phase_now))) AS x1,
             (ln((p.visits)::double precision) - (1.5)::double precision) AS x2,
             (ln(((1)::double precision + (p.days)::double precision)) - (3.5)::double precision) AS x3,
             (ln(((1)::double precision + (p.since_first)::double precision)) - (5)::double precision) AS x4,
             (ln(p.spread) + (1)::double precision) AS x5,
             p.surprise AS x6
            FROM placed p
         ), fit AS (
          SELECT h.horizon,
             0 AS round,
             ARRAY[(0)::double precision, (1)::double precision, (0)::double precision, (0)::double precision, (0)::double precision, (0)::double precision, (0)::double precision] AS b
            FROM ( VALUES (7), (14), (28)) h(horizon)
         UNION ALL
          SELECT f_1.horizon,
             (f_1.round + 1),
             smartengage.solve(ARRAY[ARRAY[((1)::double precision + s.h00), s.h01, s.h02, s.h03, s.h04, s.h05, s.h06], ARRAY[s.h01, ((10)::double precision + s.h11), s.h12, s.h13, s.h14, s.h15, s.h16], ARRAY[s.h02, s.h12, ((10)::double precision + s.h22), s.h23, s.h24, s.h25, s.h26], ARRAY[s.h03, s.h13, s.h23, ((10)::double precision + s.h33), s.h34, s.h35, s.h36], ARRAY[s.h04, s.h14, s.h24, s.h34, ((10)::double precision + s.h44), s.h45, s.h46], ARRAY[s.h05, s.h15, s.h25, s.h35, s.h45, ((10)::double precision + s.h55), s.h56], ARRAY[s.h06, s.h16, s.h26, s.h36, s.h46, s.h56, ((10)::double precision + s.h66)]], ARRAY[s.z0, ((10)::double precision + s.z1), s.z2, s.z3, s.z4, s.z5, s.z6]) AS solve
            FROM (fit f_1
              CROSS JOIN LATERAL ( SELECT sum(i.w) AS h00,
                     sum((i.w * i.x1)) AS h01,
                     sum((i.w * i.x2)) AS h02,
                     sum((i.w * i.x3)) AS h03,
                     sum((i.w * i.x4)) AS h04,
                     sum((i.w * i.x5)) AS h05,
                     sum((i.w * i.x6)) AS h06,
                     sum(((i.w * i.x1) * i.x1)) AS h11,
                     sum(((i.w * i.x1) * i.x2)) AS h12,
                     sum(((i.w * i.x1) * i.x3)) AS h13,
                     sum(((i.w * i.x1) * i.x4)) AS h14,
                     sum(((i.w * i.x1) * i.x5)) AS h15,
                     sum(((i.w * i.x1) * i.x6)) AS h16,
                     sum(((i.w * i.x2) * i.x2)) AS h22,
                     sum(((i.w * i.x2) * i.x3)) AS h23,
                     sum(((i.w * i.x2) * i.x4)) AS h24,
                     sum(((i.w * i.x2) * i.x5)) AS h25,
                     sum(((i.w * i.x2) * i.x6)) AS h26,
                     sum(((i.w * i.x3) * i.x3)) AS h33,
                     sum(((i.w * i.x3) * i.x4)) AS h34,
                     sum(((i.w * i.x3) * i.x5)) AS h35,
                     sum(((i.w * i.x3) * i.x6)) AS h36,
                     sum(((i.w * i.x4) * i.x4)) AS h44,
                     sum(((i.w * i.x4) * i.x5)) AS h45,
                     sum(((i.w * i.x4) * i.x6)) AS h46,
                     sum(((i.w * i.x5) * i.x5)) AS h55,
                     sum(((i.w * i.x5) * i.x6)) AS h56,
                     sum(((i.w * i.x6) * i.x6)) AS h66,
                     sum(i.z) AS z0,
                     sum((i.z * i.x1)) AS z1,
                     sum((i.z * i.x2)) AS z2,
                     sum((i.z * i.x3)) AS z3,
                     sum((i.z * i.x4)) AS z4,
                     sum((i.z * i.x5)) AS z5,
                     sum((i.z * i.x6)) AS z6
                    FROM ( SELECT e.x1,
                             e.x2,
                             e.x3,
                             e.x4,
                             e.x5,
                             e.x6,
                             w.w,
                             ((w.w * l.eta) + ((e.weight)::double precision * (e.y - p.p))) AS z
                            FROM (((example e
                              CROSS JOIN LATERAL ( SELECT ((((((f_1.b[1] + (f_1.b[2] * e.x1)) + (f_1.b[3] * e.x2)) + (f_1.b[4] * e.x3)) + (f_1.b[5] * e.x4)) + (f_1.b[6] * e.x5)) + (f_1.b[7] * e.x6)) AS eta
                                  OFFSET 0) l)
                              CROSS JOIN LATERAL ( SELECT ((1)::double precision / ((1)::double precision + exp((- LEAST(GREATEST(l.eta, ('-30'::integer)::double precision), (30)::double precision))))) AS p
                                  OFFSET 0) p)
                              CROSS JOIN LATERAL ( SELECT ((e.weight)::double precision * GREATEST((p.p * ((1)::double precision - p.p)), (0.000001)::double precision)) AS w
                                  OFFSET 0) w)
                           WHERE (e.horizon = f_1.horizon)
                         UNION ALL
                          SELECT 0,
                             0,
                             0,
                             0,
                             0,
                             0,
                             0,
                             0) i) s)
           WHERE (f_1.round < 4)
         )
  SELECT f.horizon,
     f.b
    FROM fit f
   WHERE (f.round = 4);
END;

-- Name: FUNCTION correction(p_at timestamp with time zone, p_weeks double precision[], p_curves double precision[]); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.correction(p_at timestamp with time zone, p_weeks double precision[], p_curves double precision[]) IS 'What the curves do not see, learned from dates of the recent past whose outcome is known: per horizon (7, 14, 28 days) the seven weights of a logistic regression on: 1, log-odds by the curve, ln visits - 1.5, ln(1 + days since the visit) - 3.5, ln(1 + days since the first visit) - 5, ln spread + 1, surprise. Four rounds of iteratively reweighted least squares with a ridge of ten examples that draws the weights to 0, 1, 0, 0, 0, 0, 0: with little data the curve''s own probability stands.';

-- Name: hazard(timestamp with time zone); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.hazard(p_at timestamp with time zone) RETURNS TABLE(weeks double precision[], curves double precision[])
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 WITH known AS MATERIALIZED (
          SELECT smartengage.share(p_at, (100000)::double precision) AS share,
             smartengage.today(p_at) AS today
         ), episode AS MATERIALIZED (
          SELECT p.week_class,
             p.class,
             p.center,
             (p.next_day IS NOT NULL) AS came,
             COALESCE((p.next_day - p.day), GREATEST((k.today - p.day), 0)) AS days
            FROM (known k
              CROSS JOIN LATERAL smartengage.pulse(hazard.p_at, k.share) p(customer_id, service_id, visits, first_day, day, last_at, next_day, center, spread, surprise, class, week_class))
         ), remainder AS (
          SELECT c.class,
             d.rest,
             count(e.days) AS n
            FROM ((generate_series(0, 5) c(class)
              CROSS JOIN generate_series(0, 6) d(rest))
              LEFT JOIN episode e ON ((e.came AND (e.week_class = c.class) AND ((e.days % 7) = d.rest))))
           GROUP BY c.class, d.rest
         ), pace AS (
          SELECT r.class,
             r.rest,
             (((7)::numeric * ((r.n)::numeric + (((10)::numeric * (sum(r.n) OVER (PARTITION BY r.rest) + (2)::numeric)) / (sum(r.n) OVER () + (14)::numeric)))) / (sum(r.n) OVER (PARTITION BY r.class) + (10)::numeric)) AS pace
            FROM remainder r
         ), passed AS (
          SELECT p.class,
             k.days,
             COALESCE(sum(p.pace) FILTER (WHERE (k.days > 0)) OVER (PARTITION BY p.class ORDER BY k.days), (0)::numeric) AS passed
            FROM (pace p
              JOIN generate_series(0, 7) k(days) ON (((k.days % 7) = p.rest)))
         ), week AS MATERIALIZED (
          SELECT p.class,
             array_agg(((p.passed + o.ahead))::double precision ORDER BY p.days) AS readings
            FROM (passed p
              JOIN ( SELECT p_1.class,
                     avg(((p_1.days)::numeric - p_1.passed)) AS ahead
                    FROM passed p_1
                   WHERE (p_1.days < 7)
                   GROUP BY p_1.class) o USING (class))
           GROUP BY p.class
         ), ended AS MATERIALIZED (
          SELECT e.class,
             e.came,
             smartengage.phase(
                 CASE
                     WHEN e.came THEN ((smartengage.elapsed(w.readings, (e.days - 1)) + smartengage.elapsed(w.readings, e.days)) / (2)::double precision)
                     ELSE smartengage.elapsed(w.readings, e.days)
                 END, e.center) AS phase
            FROM (episode e
              JOIN week w ON ((w.class = e.week_class)))
         ), step AS (
          SELECT e.class,
             (floor(e.phase))::integer AS step,
             count(*) AS n,
             count(*) FILTER (WHERE e.came) AS came,
             sum((e.phase - floor(e.phase))) AS part
            FROM ended e
           GROUP BY e.class, ((floor(e.phase))::integer)
         ), risk AS (
          SELECT c.class,
             (c.class % 8) AS regularity,
             g.step,
             COALESCE(s.came, (0)::bigint) AS came,
             (COALESCE(s.part, (0)::double precision) + (COALESCE(sum(s.n) OVER (PARTITION BY c.class ORDER BY g.step DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), (0)::numeric))::double precision) AS risk
            FROM ((generate_series(0, 31) c(class)
              CROSS JOIN generate_series(0, 49) g(step))
              LEFT JOIN step s ON (((s.class = c.class) AND (s.step = g.step))))
         ), prior AS (
          SELECT r.regularity,
             g.step,
             (ln(((0.1)::double precision + ((0.9)::double precision / ((1)::double precision + exp(((((1.7 * 0.15))::double precision * sinh(((0.2 * ((g.step - 25))::numeric))::double precision)) / r.spread)))))) - ln(((0.1)::double precision + ((0.9)::double precision / ((1)::double precision + exp(((((1.7 * 0.15))::double precision * sinh(((0.2 * ((g.step - 24))::numeric))::double precision)) / r.spread))))))) AS rate
            FROM (unnest(ARRAY[(0.06)::double precision, (0.1)::double precision, (0.15)::double precision, (0.22)::double precision, (0.33)::double precision, (0.5)::double precision, (0.73)::double precision, (1.12)::double precision]) WITH ORDINALITY r(spread, regularity)
              CROSS JOIN generate_series(0, 49) g(step))
         ), rate AS (
          SELECT r.class,
             r.step,
             (((r.came)::double precision + (((50)::double precision * ((sum(r.came) OVER alike)::double precision + ((10)::double precision * p.rate))) / (sum(r.risk) OVER alike + (10)::double precision))) / (r.risk + (50)::double precision)) AS rate
            FROM (risk r
              JOIN prior p ON (((p.regularity = (r.regularity + 1)) AND (p.step = r.step))))
           WINDOW alike AS (PARTITION BY r.regularity, r.step)
         ), curve AS (
          SELECT r.class,
             array_prepend((0)::double precision, array_agg(r.cumulative ORDER BY r.step)) AS readings
            FROM ( SELECT r_1.class,
                     r_1.step,
                     sum(r_1.rate) OVER (PARTITION BY r_1.class ORDER BY r_1.step) AS cumulative
                    FROM rate r_1) r
           GROUP BY r.class
         )
  SELECT ( SELECT array_agg(w.readings ORDER BY w.class) AS array_agg
            FROM week w) AS array_agg,
     ( SELECT array_agg(c.readings ORDER BY c.class) AS array_agg
            FROM curve c) AS array_agg;
END;

-- Name: FUNCTION hazard(p_at timestamp with time zone); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.hazard(p_at timestamp with time zone) IS 'Learned from all episodes (a visit to the next, or to p_at): weeks = for each of the 6 week classes the 8 readings of its clock (smartengage.elapsed); curves = for each of the 32 classes of smartengage.pulse the cumulative hazard of the next visit at the 51 points of smartengage.phase. Nelson-Aalen''s estimate, mixed with 50 people of the same regularity, and these with 10 of a log-logistic prior in which one in ten never comes back, so that a class without data has a sane curve. People who left are in it, as episodes that stay open: late phases get a low hazard, and no model of leaving is needed.';

-- Name: reached(double precision[], double precision[], double precision, double precision); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.reached(p_curve double precision[], p_week double precision[], p_center double precision, p_level double precision) RETURNS integer
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO ''
    AS $$
-- plpgsql, because it is called five times a prediction and cannot be inlined: as language sql it took eight times as long
declare
  v_step constant int := least(greatest(width_bucket(p_level, p_curve), 1), 50);
  v_rise constant double precision := p_curve[v_step + 1] - p_curve[v_step];
  v_part constant double precision := case when v_rise > 0 then least(greatest((p_level - p_curve[v_step]) / v_rise, 0), 1) else 0 end;
  v_time constant double precision := exp(p_center + 0.15 * sinh(0.2 * (v_step - 26 + v_part)));
  v_weeks constant int := floor((v_time - p_week[1]) / 7);
begin
  return greatest(7 * v_weeks + width_bucket(v_time - 7 * v_weeks, p_week), 1);
end
$$;

-- Name: FUNCTION reached(p_curve double precision[], p_week double precision[], p_center double precision, p_level double precision); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.reached(p_curve double precision[], p_week double precision[], p_center double precision, p_level double precision) IS 'The day, counted from the visit, on which a curve reaches a level: the inverse of smartengage.level, phase and elapsed.';

-- Name: score(timestamp with time zone); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.score(p_at timestamp with time zone) RETURNS TABLE(customer_id uuid, service_id uuid, p7 double precision, p14 double precision, p28 double precision, expected_at timestamp with time zone, visits integer, last_visit_at timestamp with time zone, due_from timestamp with time zone, due_until timestamp with time zone, overdue_at timestamp with time zone, lost_at timestamp with time zone)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 WITH known AS MATERIALIZED (
          SELECT smartengage.today(score.p_at) AS today,
             policy.default_zone() AS zone
         ), hazard AS MATERIALIZED (
          SELECT hazard.weeks,
             hazard.curves
            FROM smartengage.hazard(score.p_at) hazard(weeks, curves)
         ), correction AS MATERIALIZED (
          SELECT max(c.weights) FILTER (WHERE (c.horizon = 7)) AS b7,
             max(c.weights) FILTER (WHERE (c.horizon = 14)) AS b14,
             max(c.weights) FILTER (WHERE (c.horizon = 28)) AS b28
            FROM (hazard h
              CROSS JOIN LATERAL smartengage.correction(score.p_at, h.weeks, h.curves) c(horizon, weights))
         ), curve AS MATERIALIZED (
          SELECT (c.class - 1) AS class,
             ARRAY( SELECT h.curves[c.class][i.i] AS curves
                    FROM generate_series(1, 51) i(i)) AS readings
            FROM (hazard h
              CROSS JOIN generate_series(1, 32) c(class))
         ), week AS MATERIALIZED (
          SELECT (c.class - 1) AS class,
             ARRAY( SELECT h.weeks[c.class][i.i] AS weeks
                    FROM generate_series(1, 8) i(i)) AS readings
            FROM (hazard h
              CROSS JOIN generate_series(1, 6) c(class))
         ), placed AS MATERIALIZED (
          SELECT p.customer_id,
             p.service_id,
             p.visits,
             p.day,
             p.last_at,
             p.center,
             p.spread,
             p.surprise,
             p.class,
             w.readings AS week,
             d_1.days,
             ln(((1)::double precision + (GREATEST((k_1.today - p.first_day), 0))::double precision)) AS since_first,
             smartengage.phase(smartengage.elapsed(w.readings, d_1.days), p.center) AS now,
             smartengage.phase(smartengage.elapsed(w.readings, (d_1.days + 7)), p.center) AS in_7,
             smartengage.phase(smartengage.elapsed(w.readings, (d_1.days + 14)), p.center) AS in_14,
             smartengage.phase(smartengage.elapsed(w.readings, (d_1.days + 28)), p.center) AS in_28,
             (d_1.days + d_1.ahead) AS horizon,
             smartengage.phase(((d_1.days + d_1.ahead))::double precision, p.center) AS at_horizon,
             smartengage.phase(((2 * d_1.ahead))::double precision, p.center) AS far
            FROM (((known k_1
              CROSS JOIN LATERAL smartengage.pulse(score.p_at, (1)::double precision) p(customer_id, service_id, visits, first_day, day, last_at, next_day, center, spread, surprise, class, week_class))
              JOIN week w ON ((w.class = p.week_class)))
              CROSS JOIN LATERAL ( SELECT GREATEST((k_1.today - p.day), 0) AS days,
                     (LEAST(GREATEST((60)::double precision, ((1.5)::double precision * exp(p.center))), (1000)::double precision))::integer AS ahead) d_1)
           WHERE (p.next_day IS NULL)
         ), weighed AS MATERIALIZED (
          SELECT p.customer_id,
             p.service_id,
             p.visits,
             p.day,
             p.last_at,
             p.days,
             p.center,
             p.week,
             c.readings AS curve,
             l.now,
             p.horizon,
             r.back,
             r.far,
             ((1)::double precision / ((1)::double precision + exp((- ((((((b.b7[1] + (b.b7[2] * smartengage.log_odds((l.in_7 - l.now)))) + (b.b7[3] * x.visits)) + (b.b7[4] * x.days)) + (b.b7[5] * x.since_first)) + (b.b7[6] * x.spread)) + (b.b7[7] * p.surprise)))))) AS p7,
             ((1)::double precision / ((1)::double precision + exp((- ((((((b.b14[1] + (b.b14[2] * smartengage.log_odds((l.in_14 - l.now)))) + (b.b14[3] * x.visits)) + (b.b14[4] * x.days)) + (b.b14[5] * x.since_first)) + (b.b14[6] * x.spread)) + (b.b14[7] * p.surprise)))))) AS p14,
             ((1)::double precision / ((1)::double precision + exp((- ((((((b.b28[1] + (b.b28[2] * smartengage.log_odds((l.in_28 - l.now)))) + (b.b28[3] * x.visits)) + (b.b28[4] * x.days)) + (b.b28[5] * x.since_first)) + (b.b28[6] * x.spread)) + (b.b28[7] * p.surprise)))))) AS p28
            FROM (((((placed p
              JOIN curve c USING (class))
              CROSS JOIN correction b)
              CROSS JOIN LATERAL ( SELECT smartengage.level(c.readings, p.now) AS now,
                     smartengage.level(c.readings, p.in_7) AS in_7,
                     smartengage.level(c.readings, p.in_14) AS in_14,
                     smartengage.level(c.readings, p.in_28) AS in_28
                  OFFSET 0) l)
              CROSS JOIN LATERAL ( SELECT ((1)::double precision - exp((l.now - smartengage.level(c.readings, p.at_horizon)))) AS back,
                     ((1)::double precision - exp((- smartengage.level(c.readings, p.far)))) AS far) r)
              CROSS JOIN LATERAL ( SELECT (ln((p.visits)::double precision) - (1.5)::double precision) AS visits,
                     (ln(((1)::double precision + (p.days)::double precision)) - (3.5)::double precision) AS days,
                     (p.since_first - (5)::double precision) AS since_first,
                     (ln(p.spread) + (1)::double precision) AS spread) x)
         ), dated AS (
          SELECT w.customer_id,
             w.service_id,
             w.visits,
             w.day,
             w.last_at,
             w.days,
             w.center,
             w.week,
             w.curve,
             w.now,
             w.horizon,
             w.back,
             w.far,
             w.p7,
             w.p14,
             w.p28,
             smartengage.reached(w.curve, w.week, w.center, (w.now - ln(((1)::double precision - ((0.1)::double precision * w.back))))) AS due_from,
             smartengage.reached(w.curve, w.week, w.center, (w.now - ln(((1)::double precision - ((0.5)::double precision * w.back))))) AS expected,
             smartengage.reached(w.curve, w.week, w.center, (w.now - ln(((1)::double precision - ((0.9)::double precision * w.back))))) AS due_until,
             smartengage.reached(w.curve, w.week, w.center, (- ln(((1)::double precision - ((0.8)::double precision * w.far))))) AS overdue,
             smartengage.reached(w.curve, w.week, w.center, (- ln(((1)::double precision - ((0.975)::double precision * w.far))))) AS lost
            FROM weighed w
         ), bounded AS (
          SELECT d_1.customer_id,
             d_1.service_id,
             d_1.visits,
             d_1.day,
             d_1.last_at,
             d_1.p7,
             d_1.p14,
             d_1.p28,
             (d_1.day + LEAST(GREATEST(d_1.due_from, (d_1.days + 1)), d_1.horizon)) AS due_from,
             (d_1.day + LEAST(GREATEST(d_1.expected, (d_1.days + 1)), d_1.horizon)) AS expected,
             (d_1.day + LEAST(GREATEST(d_1.due_until, (d_1.days + 1)), d_1.horizon)) AS due_until,
             (d_1.day + LEAST(d_1.overdue, 2000)) AS overdue,
             (d_1.day + LEAST(GREATEST(d_1.lost, (d_1.overdue + 1)), 2001)) AS lost
            FROM dated d_1
         )
  SELECT d.customer_id,
     d.service_id,
     LEAST(GREATEST(d.p7, (0.0001)::double precision), (0.9997)::double precision) AS "least",
     LEAST(GREATEST(d.p7, d.p14, (0.0001)::double precision), (0.9998)::double precision) AS "least",
     LEAST(GREATEST(d.p7, d.p14, d.p28, (0.0001)::double precision), (0.9999)::double precision) AS "least",
     GREATEST(((d.expected + '12:00:00'::time without time zone) AT TIME ZONE k.zone), (score.p_at + '01:00:00'::interval)) AS "greatest",
     (d.visits)::integer AS visits,
     d.last_at,
     GREATEST(((d.due_from)::timestamp without time zone AT TIME ZONE k.zone), score.p_at) AS "greatest",
     GREATEST((((d.due_until + 1))::timestamp without time zone AT TIME ZONE k.zone), (score.p_at + '01:00:00'::interval)) AS "greatest",
     (((d.overdue + 1))::timestamp without time zone AT TIME ZONE k.zone) AS timezone,
     (((d.lost + 1))::timestamp without time zone AT TIME ZONE k.zone) AS timezone
    FROM (bounded d
      CROSS JOIN known k);
END;

-- Name: FUNCTION score(p_at timestamp with time zone); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.score(p_at timestamp with time zone) IS 'Prediction of the next booking per customer and service with at least two visits before p_at: p7, p14, p28 = probability of a visit within 7, 14, 28 days; expected_at = noon of the median day if the person comes back; due_from, due_until = the central 80 % of days; overdue_at, lost_at = 80th and 97.5th percentile of the days from the last visit to the next. Uses nothing at or after p_at, learned figures included. A renewal model: smartengage.pulse tells the personal rhythm, smartengage.hazard how people come at each phase of theirs, smartengage.correction sets both right by recency and experience. smartengage.backtest measures it.';

-- Name: backtest(timestamp with time zone, timestamp with time zone, interval); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.backtest(p_from timestamp with time zone, p_until timestamp with time zone, p_step interval) RETURNS TABLE(cut timestamp with time zone, n bigint, auc7 double precision, auc14 double precision, auc28 double precision, log_loss14 double precision, brier14 double precision, predicted_observed14 double precision, within7_days double precision, naive_auc14 double precision)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 WITH outcome AS MATERIALIZED (
          SELECT c_1.cut,
             s.p7,
             s.p14,
             s.p28,
             e.days AS expected,
             o.days,
             (o.days <= 7) AS came7,
             (o.days <= 14) AS came14,
             (o.days <= 28) AS came28,
             ((l.days >= 21) AND (l.days <= 30)) AS naive
            FROM (((((generate_series(backtest.p_from, backtest.p_until, backtest.p_step) c_1(cut)
              CROSS JOIN LATERAL ( SELECT smartengage.today(c_1.cut) AS today,
                     policy.default_zone() AS zone
                  OFFSET 0) t)
              CROSS JOIN LATERAL smartengage.score(c_1.cut) s(customer_id, service_id, p7, p14, p28, expected_at, visits, last_visit_at, due_from, due_until, overdue_at, lost_at))
              CROSS JOIN LATERAL ( SELECT (t.today - ((s.last_visit_at AT TIME ZONE t.zone))::date) AS days) l)
              CROSS JOIN LATERAL ( SELECT (((s.expected_at AT TIME ZONE t.zone))::date - t.today) AS days) e)
              CROSS JOIN LATERAL ( SELECT COALESCE((((min(b.completed_at) AT TIME ZONE t.zone))::date - t.today), 1000000) AS days
                    FROM market.booking b
                   WHERE ((b.status = 'completed'::text) AND (b.customer_id = s.customer_id) AND (b.service_id = s.service_id) AND (b.completed_at >= c_1.cut))) o)
         ), ranked AS (
          SELECT o.cut,
             o.p7,
             o.p14,
             o.p28,
             o.expected,
             o.days,
             o.came7,
             o.came14,
             o.came28,
             o.naive,
             ((rank() OVER (PARTITION BY o.cut ORDER BY o.p7))::numeric + (((count(*) OVER (PARTITION BY o.cut, o.p7) - 1))::numeric / 2.0)) AS rank7,
             ((rank() OVER (PARTITION BY o.cut ORDER BY o.p14))::numeric + (((count(*) OVER (PARTITION BY o.cut, o.p14) - 1))::numeric / 2.0)) AS rank14,
             ((rank() OVER (PARTITION BY o.cut ORDER BY o.p28))::numeric + (((count(*) OVER (PARTITION BY o.cut, o.p28) - 1))::numeric / 2.0)) AS rank28
            FROM outcome o
         ), counted AS (
          SELECT r.cut,
             count(*) AS n,
             (count(*) FILTER (WHERE r.came7))::double precision AS n7,
             (count(*) FILTER (WHERE r.came14))::double precision AS n14,
             (count(*) FILTER (WHERE r.came28))::double precision AS n28,
             sum(r.rank7) FILTER (WHERE r.came7) AS ranks7,
             sum(r.rank14) FILTER (WHERE r.came14) AS ranks14,
             sum(r.rank28) FILTER (WHERE r.came28) AS ranks28,
             avg((- ln(
                 CASE
                     WHEN r.came14 THEN r.p14
                     ELSE ((1)::double precision - r.p14)
                 END))) AS log_loss14,
             avg(((r.p14 - ((r.came14)::integer)::double precision) ^ (2)::double precision)) AS brier14,
             sum(r.p14) AS predicted14,
             avg(((abs((r.expected - r.days)) <= 7))::integer) FILTER (WHERE (r.days <= 60)) AS within7_days,
             count(*) FILTER (WHERE (r.naive AND r.came14)) AS naive_hits,
             count(*) FILTER (WHERE (r.naive AND (NOT r.came14))) AS naive_misses
            FROM ranked r
           GROUP BY r.cut
         )
  SELECT c.cut,
     c.n,
     (((c.ranks7)::double precision - ((c.n7 * (c.n7 + (1)::double precision)) / (2)::double precision)) / NULLIF((c.n7 * ((c.n)::double precision - c.n7)), (0)::double precision)),
     (((c.ranks14)::double precision - ((c.n14 * (c.n14 + (1)::double precision)) / (2)::double precision)) / NULLIF((c.n14 * ((c.n)::double precision - c.n14)), (0)::double precision)),
     (((c.ranks28)::double precision - ((c.n28 * (c.n28 + (1)::double precision)) / (2)::double precision)) / NULLIF((c.n28 * ((c.n)::double precision - c.n28)), (0)::double precision)),
     c.log_loss14,
     c.brier14,
     (c.predicted14 / NULLIF(c.n14, (0)::double precision)),
     (c.within7_days)::double precision AS within7_days,
     ((0.5)::double precision * (((1)::double precision + ((c.naive_hits)::double precision / NULLIF(c.n14, (0)::double precision))) - ((c.naive_misses)::double precision / NULLIF(((c.n)::double precision - c.n14), (0)::double precision))))
    FROM counted c
   ORDER BY c.cut;
END;

-- Name: FUNCTION backtest(p_from timestamp with time zone, p_until timestamp with time zone, p_step interval); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.backtest(p_from timestamp with time zone, p_until timestamp with time zone, p_step interval) IS 'How good smartengage.score would have been at each cut, on this marketplace itself; a cut uses nothing at or after it. n = customer-services scored; auc7, auc14, auc28 = area under the ROC curve (Mann and Whitney''s U) of a visit within 7, 14, 28 days; log-loss and Brier score of p14; predicted_observed14 = sum of p14 / visits that came (1 = calibrated); within7_days = share of expected days off by at most 7, of those who came within 60; naive_auc14 = auc14 of the rule "last visit 21 to 30 days ago". null where everybody or nobody came. The last cut should lie at least 28 days before the end of the log, 60 for the dates.';

-- Name: binomial_tail(bigint, bigint, double precision); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.binomial_tail(p_hits bigint, p_sample bigint, p_rate double precision) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT
         CASE
             WHEN (p_hits <= 0) THEN (1)::double precision
             WHEN (p_rate >= (1)::double precision) THEN (1)::double precision
             WHEN (p_rate <= (0)::double precision) THEN (0)::double precision
             WHEN ((p_hits)::double precision <= ((p_sample)::double precision * p_rate)) THEN (1)::double precision
             ELSE LEAST((1)::double precision, ( SELECT sum(exp(((((lgamma(((binomial_tail.p_sample + 1))::double precision) - lgamma(((i.i + 1))::double precision)) - lgamma((((binomial_tail.p_sample - i.i) + 1))::double precision)) + ((i.i)::double precision * ln(binomial_tail.p_rate))) + (((binomial_tail.p_sample - i.i))::double precision * ln(((1)::double precision - binomial_tail.p_rate)))))) AS sum
                FROM generate_series(binomial_tail.p_hits, LEAST(binomial_tail.p_sample, ((binomial_tail.p_hits + 50) + (ceil(((10)::double precision * sqrt((((binomial_tail.p_sample)::double precision * binomial_tail.p_rate) * ((1)::double precision - binomial_tail.p_rate))))))::bigint))) i(i)))
         END AS "least";
END;

-- Name: FUNCTION binomial_tail(p_hits bigint, p_sample bigint, p_rate double precision); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.binomial_tail(p_hits bigint, p_sample bigint, p_rate double precision) IS 'How likely so many hits or more are in a sample, were this the true rate: P(X >= hits), X binomial, summed exactly; 1 where no more than expected are seen.
Below a, it says the same as: the one-sided lower Clopper-Pearson bound (confidence 1 - a) of the rate lies above p_rate (Clopper and Pearson, Biometrika 1934). Unlike Wilson''s, that bound keeps its promise for rates as small as those of complaints.';

-- Name: campaign_detail(uuid, timestamp with time zone); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.campaign_detail(p_campaign_id uuid, p_at timestamp with time zone) RETURNS jsonb
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO ''
    AS $$
declare
  v_document jsonb;
begin
  select d.document into v_document from smartengage.campaign_document d where d.campaign_id = p_campaign_id;
  if not found then
    raise exception 'There is no such campaign' using errcode = 'SH404', detail = p_campaign_id::text;
  end if;
  return v_document || jsonb_build_object(
    'guardrails', (
      select jsonb_agg(to_jsonb(g) order by g.guardrail) from smartengage.guardrails(p_campaign_id, p_at) g),
    'runs', (
      select coalesce(jsonb_agg(smartengage.run_report(r.run_id) order by r.planned_at desc, r.run_id desc), '[]')
      from (
        select r.run_id, r.planned_at
        from smartengage.run r
        where r.campaign_id = p_campaign_id
        order by r.planned_at desc, r.run_id desc
        limit 10
      ) r));
end;
$$;

-- Name: FUNCTION campaign_detail(p_campaign_id uuid, p_at timestamp with time zone); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.campaign_detail(p_campaign_id uuid, p_at timestamp with time zone) IS 'A campaign with its guardrails (smartengage.guardrails) and the figures of its last ten runs (smartengage.run_report), each accounted for to the last message.
Errors: SH404 no such campaign.';

-- Name: campaign_holds_messages(); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.campaign_holds_messages() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  if new.status not in ('running', 'scheduled', 'completed') or not new.enabled then
    insert into outreach.hold (campaign_id, kind, since)
    values (new.campaign_id, case new.status when 'stopped' then 'stopped' else 'paused' end, clock.now())
    on conflict (campaign_id) do update set kind = excluded.kind, since = excluded.since;
  else
    delete from outreach.hold h where h.campaign_id = new.campaign_id;
  end if;
  return null;
end;
$$;

-- Name: FUNCTION campaign_holds_messages(); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.campaign_holds_messages() IS 'Trigger: from the next claim on, the messages of a campaign that was stopped are refused, and those of one that is paused, has failed, is a draft again, or has its flag off wait; whoever changed it. What a completed campaign has planned still goes.';

-- Name: campaign_is_audited(); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.campaign_is_audited() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  insert into policy.audit (happened_at, actor, action, subject, detail)
  select
    clock.now(),
    case tg_op when 'INSERT' then new.created_by when 'UPDATE' then new.changed_by else session_user end,
    'campaign_' || case when tg_op = 'UPDATE' and new.status = old.status then 'changed' when tg_op = 'DELETE' then 'deleted'
                        when tg_op = 'INSERT' then 'created' else new.status end,
    'campaign ' || coalesce(new.campaign_id, old.campaign_id),
    jsonb_build_object('reason', new.changed_reason, 'login', session_user, 'changed', jsonb_object_agg(
      n.key, case when tg_op = 'UPDATE' then jsonb_build_array(o.value, n.value) else n.value end))
  from jsonb_each(to_jsonb(coalesce(new, old))) as n
  left join jsonb_each(to_jsonb(old)) as o on o.key = n.key
  where tg_op <> 'UPDATE'
     or n.value <> o.value and n.key not in ('version', 'changed_by', 'changed_reason');
  return null;
end;
$$;

-- Name: FUNCTION campaign_is_audited(); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.campaign_is_audited() IS 'Trigger: every change of a campaign is written to policy.audit with who and why, also one made by psql; detail.changed: column to [before, after].';

-- Name: campaign_moves_forward(); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.campaign_moves_forward() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  if new.status <> old.status and not smartengage.may_become(old.status, new.status) then
    raise exception 'A campaign cannot change so' using errcode = 'SH409', detail = old.status || ' > ' || new.status,
      hint = 'draft > scheduled > running > completed; running > paused > running; all but stopped > stopped.';
  end if;
  if new.kind <> old.kind then
    raise exception 'A campaign keeps its kind' using errcode = 'SH409', detail = old.kind || ' > ' || new.kind;
  end if;
  -- The share that ghosts are expected to have would no longer be what they were drawn by.
  if new.holdout_share <> old.holdout_share
     and exists (select from smartengage.run r where r.campaign_id = old.campaign_id) then
    raise exception 'The holdout of a campaign is fixed by its first run' using errcode = 'SH409', detail = old.campaign_id::text;
  end if;
  if new.version = old.version then
    new.version := old.version + 1;
    new.changed_by := session_user;
    new.changed_reason := 'by hand';
  end if;
  return new;
end;
$$;

-- Name: FUNCTION campaign_moves_forward(); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.campaign_moves_forward() IS 'Trigger: a campaign lives draft > scheduled > running > completed | stopped | failed, pauses and resumes, whoever changes it; a change that names nobody (version not raised) was made by hand.
Errors: SH409 not a step of its life, another kind, or another holdout after its first run.';

-- Name: change_segments(jsonb, text, text, timestamp with time zone); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.change_segments(p_definitions jsonb, p_author text, p_reason text, p_at timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_version int := (select coalesce(max(s.version), 0) + 1 from smartengage.segment_rule s);
begin
  if exists (select from smartengage.segment_rule s where lower(s.valid_at) >= p_at) then
    raise exception 'Later definitions are already set' using errcode = 'SH409', hint = 'Read them again.';
  end if;
  perform policy.acts_for(p_author);
  update smartengage.segment_rule s
  set valid_at = tstzrange(lower(s.valid_at), p_at)
  where s.valid_at @> p_at;
  insert into smartengage.segment_rule
    (segment, version, position, min_visits, max_visits, first_visit_within_days, silent_for_days, past, valid_at, author, reason)
  select
    t.segment, v_version, d.n * 10, t.min_visits, t.max_visits, t.first_visit_within_days, t.silent_for_days, t.past,
    tstzrange(p_at, null), p_author, p_reason
  from jsonb_array_elements(p_definitions) with ordinality as d (definition, n)
  cross join lateral jsonb_to_record(d.definition) as t (
    segment text, min_visits int, max_visits int, first_visit_within_days int, silent_for_days int, past text);
  return v_version;
end;
$$;

-- Name: FUNCTION change_segments(p_definitions jsonb, p_author text, p_reason text, p_at timestamp with time zone); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.change_segments(p_definitions jsonb, p_author text, p_reason text, p_at timestamp with time zone) IS 'Replaces the definitions of all segments, tried in their order, from an instant on; people move at the next refresh. The caller holds policy.lock_changes.
Result: the new version. Errors: SH409 later ones are set.';

-- Name: check_announcement(uuid, uuid); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.check_announcement(p_template_id uuid, p_service_id uuid) RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO ''
    AS $$
declare
  v_template outreach.template;
begin
  select t.* into v_template from outreach.template t where t.template_id = p_template_id;
  if not found then
    raise exception 'There is no such template' using errcode = 'SH422', column = 'template_id', detail = p_template_id::text;
  end if;
  if v_template.approved_at is null or v_template.retired_at is not null then
    raise exception 'The template is not approved' using errcode = 'SH422', column = 'template_id', detail = p_template_id::text,
      hint = 'Only texts that somebody approved, and nobody retired, are sent.';
  end if;
  if p_service_id is null and v_template.subject || v_template.body ~ '\{(service|link|date|add_on_line)\}' then
    raise exception 'The text speaks of a service' using errcode = 'SH422', column = 'service_id', hint = 'Say which.';
  end if;
  if p_service_id is not null and not exists (select from market.service s where s.service_id = p_service_id and s.active) then
    raise exception 'There is no such service' using errcode = 'SH422', column = 'service_id', detail = p_service_id::text;
  end if;
end;
$$;

-- Name: FUNCTION check_announcement(p_template_id uuid, p_service_id uuid); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.check_announcement(p_template_id uuid, p_service_id uuid) IS 'Whether a text may be sent as an announcement about a service (null = none). Errors: SH422 unknown or unapproved template, unknown service, or none where the text needs one.';

-- Name: check_definitions(jsonb, jsonb, timestamp with time zone); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.check_definitions(p_definitions jsonb, p_forecast jsonb, p_at timestamp with time zone) RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO ''
    AS $$
declare
  v_fault record;
begin
  -- Judged is what changes: a segment that was empty before, by the same definition, is nobody's mistake of today.
  select f.segment, f.after = 0 as is_empty into v_fault
  from jsonb_to_recordset(p_forecast) as f (segment text, before bigint, after bigint)
  cross join (
    select sum(x.after) as customers from jsonb_to_recordset(p_forecast) as x (after bigint)
  ) total
  where total.customers > 0
    and (f.after = 0 or f.after = total.customers)
    and (f.after <> f.before
         or (select jsonb_agg(d.definition order by d.n)
             from jsonb_array_elements(p_definitions) with ordinality as d (definition, n)
             where d.definition ->> 'segment' = f.segment)
            is distinct from
            (select jsonb_agg(d.definition order by d.n)
             from jsonb_array_elements(smartengage.segments(p_at) -> 'definitions') with ordinality as d (definition, n)
             where d.definition ->> 'segment' = f.segment))
  limit 1;
  if v_fault.is_empty then
    raise exception 'A segment would hold nobody' using errcode = 'SH422', column = 'definitions', detail = v_fault.segment,
      hint = 'Definitions are tried in their order; the first that fits names the segment.';
  elsif found then
    raise exception 'A segment would hold everybody' using errcode = 'SH422', column = 'definitions', detail = v_fault.segment,
      hint = 'Definitions are tried in their order; the first that fits names the segment.';
  end if;
end;
$$;

-- Name: FUNCTION check_definitions(p_definitions jsonb, p_forecast jsonb, p_at timestamp with time zone); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.check_definitions(p_definitions jsonb, p_forecast jsonb, p_at timestamp with time zone) IS 'Refuses definitions by which a segment that they change would hold nobody or everybody; p_forecast: the rows of smartengage.segment_forecast. Without any customer nothing can be said against them.
Errors: SH422 (column definitions, detail the segment).';

-- Name: check_plan(uuid); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.check_plan(p_run_id uuid) RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO ''
    AS $$
begin
  if not exists (select from smartengage.reconciliation r where r.run_id = p_run_id and r.identity_holds) then
    raise exception 'The plan does not add up, so nothing of it is sent' using errcode = 'internal_error', detail = p_run_id::text;
  end if;
end;
$$;

-- Name: FUNCTION check_plan(p_run_id uuid); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.check_plan(p_run_id uuid) IS 'Holds a run against its reconciliation before it is committed. Errors: internal_error, a candidate or a message got lost.';

-- Name: check_segments(text[]); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.check_segments(p_segments text[]) RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO ''
    AS $$
begin
  if coalesce(cardinality(p_segments), 0) = 0 or not p_segments <@ array['new', 'repeat', 'at_risk', 'inactive'] then
    raise exception 'These are no segments' using errcode = 'SH422', column = 'segments', detail = array_to_string(p_segments, ','),
      hint = 'new, repeat, at_risk, inactive; at least one.';
  end if;
  if p_segments @> array['new', 'repeat', 'at_risk', 'inactive'] then
    raise exception 'The segments match everybody' using errcode = 'SH422', column = 'segments', detail = array_to_string(p_segments, ','),
      hint = 'Leave one out.';
  end if;
  if not exists (select from smartengage.customer c where c.segment = any (p_segments)) then
    raise exception 'The segments match nobody' using errcode = 'SH422', column = 'segments', detail = array_to_string(p_segments, ','),
      hint = 'Who is in which segment is worked out with each planning.';
  end if;
end;
$$;

-- Name: FUNCTION check_segments(p_segments text[]); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.check_segments(p_segments text[]) IS 'Whether segments can be written to. Errors: SH422 (field segments) none, unknown, all of them, or such as nobody is in.';

-- Name: chi_square_tail(double precision, integer); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.chi_square_tail(p_x double precision, p_freedom integer) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT
         CASE
             WHEN ((chi_square_tail.p_x <= (0)::double precision) OR (chi_square_tail.p_freedom < 1)) THEN (1)::double precision
             ELSE ((((chi_square_tail.p_freedom % 2))::double precision * erfc(sqrt(h.half))) + COALESCE(sum(exp((((k.place * ln(h.half)) - h.half) - lgamma((k.place + (1)::double precision))))), (0)::double precision))
         END AS "case"
    FROM (( SELECT (LEAST(chi_square_tail.p_x, (1400)::double precision) / (2)::double precision) AS half) h
      LEFT JOIN LATERAL ( SELECT ((i.i)::double precision + (((chi_square_tail.p_freedom % 2))::double precision / (2.0)::double precision)) AS place
            FROM generate_series(0, ((chi_square_tail.p_freedom / 2) - 1)) i(i)) k ON ((chi_square_tail.p_x > (0)::double precision)))
   GROUP BY h.half;
END;

-- Name: FUNCTION chi_square_tail(p_x double precision, p_freedom integer); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.chi_square_tail(p_x double precision, p_freedom integer) IS 'Probability that a chi-square variable with so many degrees of freedom is larger than x.
Closed form of the incomplete gamma function at halves (Abramowitz and Stegun 26.4.4 and 26.4.5). No degree of freedom: 1.';

-- Name: chi_square_p(bigint[], double precision[]); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.chi_square_p(p_observed bigint[], p_expected double precision[]) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT
         CASE
             WHEN COALESCE(bool_or(((s.share = (0)::double precision) AND (s.observed > 0))), false) THEN (0)::double precision
             ELSE smartengage.chi_square_tail(COALESCE(sum(((((s.observed)::double precision - (s.total * s.share)) ^ (2)::double precision) / (s.total * s.share))) FILTER (WHERE (s.share > (0)::double precision)), (0)::double precision), ((count(*) FILTER (WHERE (s.share > (0)::double precision)))::integer - 1))
         END AS chi_square_tail
    FROM ( SELECT c.observed,
             (c.expected / sum(c.expected) OVER ()) AS share,
             (sum(c.observed) OVER ())::double precision AS total
            FROM UNNEST(chi_square_p.p_observed, chi_square_p.p_expected) c(observed, expected)) s
   WHERE (s.total > (0)::double precision);
END;

-- Name: FUNCTION chi_square_p(p_observed bigint[], p_expected double precision[]); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.chi_square_p(p_observed bigint[], p_expected double precision[]) IS 'How likely it is that counts differ from what was expected as much as they do, or more, by chance alone: Pearson''s chi-square test.
p_expected: shares or counts, only their proportions matter. For the sample-ratio alarm: counts of people per arm against the planned shares; a small figure means that the split is broken and its results cannot be believed. 0 where something was seen that was not expected at all; 1 where nothing was counted.
Asymptotic: expect at least five in each cell. Source: Pearson 1900; as alarm Fabijan et al., KDD 2019, who look at p < 0.0005.';

-- Name: create_campaign(text, text[], text[], double precision, double precision, time without time zone, time without time zone, boolean, timestamp with time zone, timestamp with time zone, text, text, timestamp with time zone); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.create_campaign(p_name text, p_segments text[], p_channels text[], p_holdout_share double precision, p_canary_share double precision, p_window_from time without time zone, p_window_until time without time zone, p_repeats boolean, p_starts_at timestamp with time zone, p_ends_at timestamp with time zone, p_actor text, p_reason text, p_at timestamp with time zone) RETURNS uuid
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_campaign_id uuid;
begin
  if exists (select from smartengage.campaign c where c.name = p_name) then
    raise exception 'A campaign of this name exists' using errcode = 'SH409', column = 'name', detail = p_name;
  end if;
  perform smartengage.check_segments(p_segments);
  if p_window_from >= p_window_until then
    raise exception 'The window must end after it begins' using errcode = 'SH422', column = 'window_until', detail = p_window_until::text,
      hint = 'Local times of a day, such as 09:00 and 20:30.';
  end if;
  if p_ends_at <= greatest(p_starts_at, p_at) then
    raise exception 'The campaign would be over before it begins' using errcode = 'SH422', column = 'ends_at', detail = p_ends_at::text;
  end if;
  insert into smartengage.campaign (
    name, status, segments, channels, holdout_share, canary_share, window_from, window_until,
    repeats, starts_at, ends_at, created_at, created_by, changed_reason)
  values (
    p_name, case when p_starts_at is null then 'draft' else 'scheduled' end, p_segments, p_channels, p_holdout_share, p_canary_share,
    p_window_from, p_window_until, p_repeats, p_starts_at, p_ends_at, p_at, p_actor, p_reason)
  returning campaign_id into v_campaign_id;
  return v_campaign_id;
end;
$$;

-- Name: FUNCTION create_campaign(p_name text, p_segments text[], p_channels text[], p_holdout_share double precision, p_canary_share double precision, p_window_from time without time zone, p_window_until time without time zone, p_repeats boolean, p_starts_at timestamp with time zone, p_ends_at timestamp with time zone, p_actor text, p_reason text, p_at timestamp with time zone); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.create_campaign(p_name text, p_segments text[], p_channels text[], p_holdout_share double precision, p_canary_share double precision, p_window_from time without time zone, p_window_until time without time zone, p_repeats boolean, p_starts_at timestamp with time zone, p_ends_at timestamp with time zone, p_actor text, p_reason text, p_at timestamp with time zone) IS 'Makes a campaign of reminders: a draft, or scheduled where p_starts_at is given.
Errors: SH409 the name is taken; SH422 segments that match nobody or everybody, a window or a life that ends before it begins.';

-- Name: customer; Type: TABLE; Schema: smartengage; Owner: -

CREATE TABLE smartengage.customer (
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

-- Name: TABLE customer; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON TABLE smartengage.customer IS 'Every customer with their segment at one instant; refreshed daily together with smartengage.profile.';

-- Name: standing(uuid, timestamp with time zone); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.standing(p_campaign_id uuid, p_at timestamp with time zone) RETURNS TABLE(user_id uuid, service_id uuid, segment text, occurrence text, p14 double precision, expected_at timestamp with time zone, expected_value double precision, useful_until timestamp with time zone, reason text)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 WITH rule AS MATERIALIZED (
          SELECT make_interval(days => (policy.number('reminder.lead'::text, standing.p_at))::integer) AS lead,
             make_interval(days => (policy.number('reminder.useful_for'::text, standing.p_at))::integer) AS useful_for,
             policy.number('reminder.min_p14'::text, standing.p_at) AS min_p14,
             policy.number('reminder.min_visits'::text, standing.p_at) AS min_visits
         )
  SELECT c.user_id,
     f.service_id,
     c.segment,
     ((s.code || ':'::text) || f.visits),
     f.p14,
     f.expected_at,
     (f.p14 * (s.price_poisha)::double precision),
     (f.expected_at + r.useful_for),
         CASE
             WHEN ((f.user_id IS NULL) OR ((f.visits)::double precision < r.min_visits)) THEN 'too_little_history'::text
             WHEN (NOT s.active) THEN 'service_inactive'::text
             WHEN (NOT (c.segment = ANY (g.segments))) THEN 'not_in_segment'::text
             WHEN (EXISTS ( SELECT
                FROM market.open_booking o
               WHERE ((o.customer_id = f.user_id) AND (o.service_id = f.service_id)))) THEN 'open_booking'::text
             WHEN ((f.expected_at + r.useful_for) <= standing.p_at) THEN 'too_late'::text
             WHEN (f.expected_at > (standing.p_at + r.lead)) THEN 'not_due_yet'::text
             WHEN (f.p14 < r.min_p14) THEN 'unlikely'::text
             ELSE NULL::text
         END AS "case"
    FROM ((((smartengage.campaign g
      CROSS JOIN rule r)
      CROSS JOIN smartengage.customer c)
      LEFT JOIN smartengage.profile f ON ((f.user_id = c.user_id)))
      LEFT JOIN market.service s ON ((s.service_id = f.service_id)))
   WHERE (g.campaign_id = standing.p_campaign_id);
END;

-- Name: FUNCTION standing(p_campaign_id uuid, p_at timestamp with time zone); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.standing(p_campaign_id uuid, p_at timestamp with time zone) IS 'Where every customer stands before a campaign at an instant: one row for each service with a profile, or one with service_id null for a customer without any.
reason: the first gate that stops them (outreach.refusal_rule names its rule); null = a candidate, which smartengage.due hands to smartengage.decide.
Gates in their order: too_little_history (reminder.min_visits; also who has no profile), service_inactive, not_in_segment, open_booking, too_late (reminder.useful_for), not_due_yet (reminder.lead), unlikely (reminder.min_p14).
Reads smartengage.customer and smartengage.profile: who is not there yet (smartengage.refresh) has no row. occurrence: service code and visits so far, so one for each expected booking. expected_value in poisha.';

-- Name: due(uuid, timestamp with time zone, text[]); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.due(p_campaign_id uuid, p_at timestamp with time zone, p_segments text[] DEFAULT NULL::text[]) RETURNS TABLE(user_id uuid, service_id uuid, segment text, occurrence text, p14 double precision, expected_at timestamp with time zone, expected_value double precision, useful_until timestamp with time zone)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT s.user_id,
     s.service_id,
     s.segment,
     s.occurrence,
     s.p14,
     s.expected_at,
     s.expected_value,
     s.useful_until
    FROM smartengage.standing(due.p_campaign_id, due.p_at) s(user_id, service_id, segment, occurrence, p14, expected_at, expected_value, useful_until, reason)
   WHERE ((s.reason IS NULL) AND ((due.p_segments IS NULL) OR (s.segment = ANY (due.p_segments))));
END;

-- Name: FUNCTION due(p_campaign_id uuid, p_at timestamp with time zone, p_segments text[]); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.due(p_campaign_id uuid, p_at timestamp with time zone, p_segments text[]) IS 'The candidates of a campaign at an instant: those whom no gate of smartengage.standing stops, that is customers of its segments with a service expected soon (reminder.lead), likely enough (reminder.min_p14), known well enough (reminder.min_visits), and not booked already.
occurrence: service code and visits so far, so one for each expected booking. expected_value in poisha. p_segments: only these of the campaign''s segments; null = all of them.';

-- Name: house_texts(text, timestamp with time zone); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.house_texts(p_kind text, p_at timestamp with time zone) RETURNS TABLE(category text, language text, form text, template_ids uuid[], begins_at double precision[])
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT o.category,
     o.language,
     o.form,
     array_agg(o.template_id ORDER BY o.begins_at, o.variant, o.version, o.template_id) AS array_agg,
     array_agg(o.begins_at ORDER BY o.begins_at, o.variant, o.version, o.template_id) AS array_agg
    FROM smartengage.variant_odds(NULL::text[], house_texts.p_at) o(template_id, kind, category, language, form, cohort, variant, version, trials, clicks, bookings, rate, rate_low, rate_high, p_best, begins_at)
   WHERE (o.kind = house_texts.p_kind)
   GROUP BY o.category, o.language, o.form;
END;

-- Name: FUNCTION house_texts(p_kind text, p_at timestamp with time zone); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.house_texts(p_kind text, p_at timestamp with time zone) IS 'Our own approved texts of a kind: a row for each category (null = any), language and form with its variants, to be picked from by smartengage.drawn.';

-- Name: reachable(uuid, text[], text, timestamp with time zone); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.reachable(p_user_id uuid, p_channels text[], p_purpose text, p_at timestamp with time zone) RETURNS TABLE(channel text, reason text)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT r.channel,
         CASE
             WHEN (NOT r.consented) THEN 'no_consent'::text
             WHEN (r.address IS NULL) THEN 'no_address'::text
             WHEN r.suppressed THEN 'suppressed'::text
             ELSE NULL::text
         END AS "case"
    FROM ( SELECT c.channel,
             c.place,
             (c.channel = p.preferred_channel) AS preferred,
             (EXISTS ( SELECT
                    FROM account.consented(reachable.p_user_id, c.channel, reachable.p_purpose, reachable.p_at) consented(valid_at))) AS consented,
                 CASE
                     WHEN (c.channel = 'in_app'::text) THEN 'in_app'::text
                     ELSE o.address
                 END AS address,
             (o.suppressed_at IS NOT NULL) AS suppressed
            FROM ((unnest(reachable.p_channels) WITH ORDINALITY c(channel, place)
              JOIN account.person p ON ((p.user_id = reachable.p_user_id)))
              LEFT JOIN account.contact o ON (((o.user_id = reachable.p_user_id) AND (o.channel = c.channel))))) r
   ORDER BY (r.consented AND (r.address IS NOT NULL) AND (NOT r.suppressed)) DESC, (r.preferred IS TRUE) DESC, r.consented DESC, r.place
  LIMIT 1;
END;

-- Name: FUNCTION reachable(p_user_id uuid, p_channels text[], p_purpose text, p_at timestamp with time zone); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.reachable(p_user_id uuid, p_channels text[], p_purpose text, p_at timestamp with time zone) IS 'The channel to write on: of those allowed, one that the person consents to and has a good address for; their own preferred one first, then in the order given.
Result: one row; reason null = reachable, else why the best of them is not (no_consent, no_address, suppressed).';

-- Name: hour_share; Type: TABLE; Schema: smartengage; Owner: -

CREATE TABLE smartengage.hour_share (
    segment text NOT NULL,
    local_hour integer NOT NULL,
    share double precision NOT NULL,
    as_of timestamp with time zone NOT NULL,
    CONSTRAINT hour_share_hour_is_of_day CHECK (((local_hour >= 0) AND (local_hour <= 23)))
);

-- Name: TABLE hour_share; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON TABLE smartengage.hour_share IS 'When the people of a segment use the app: share of bookings made and links clicked by local hour; segment all = everybody.';

-- Name: send_time(uuid[], timestamp with time zone, timestamp with time zone, text, time without time zone, time without time zone); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.send_time(p_user_ids uuid[], p_from timestamp with time zone, p_until timestamp with time zone, p_purpose text, p_window_from time without time zone, p_window_until time without time zone) RETURNS TABLE(user_id uuid, send_at timestamp with time zone)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 WITH rule AS MATERIALIZED (
          SELECT policy.number('hour.prior_weight'::text, send_time.p_from) AS prior_weight
         ), person AS MATERIALIZED (
          SELECT p_1.user_id,
             z.zone,
             p_1.quiet_from,
             p_1.quiet_until,
             COALESCE(c.segment, 'all'::text) AS segment,
             concat_ws('/'::text, z.zone, p_1.quiet_from, p_1.quiet_until) AS kind
            FROM ((account.person p_1
              JOIN account.person_zone z ON ((z.user_id = p_1.user_id)))
              LEFT JOIN smartengage.customer c ON ((c.user_id = p_1.user_id)))
           WHERE (p_1.user_id = ANY (send_time.p_user_ids))
         ), allowed AS MATERIALIZED (
          SELECT k.kind,
             array_agg((EXTRACT(hour FROM (h.begins AT TIME ZONE k.zone)))::integer ORDER BY h.begins, stretch.stretch) AS hours,
             array_agg(stretch.stretch ORDER BY h.begins, stretch.stretch) AS stretches
            FROM (((( SELECT DISTINCT person.kind,
                     person.zone,
                     person.quiet_from,
                     person.quiet_until
                    FROM person) k
              CROSS JOIN LATERAL ( SELECT (tstzmultirange(tstzrange(send_time.p_from, send_time.p_until)) - outreach.quiet_times(send_time.p_from, send_time.p_until, k.zone, send_time.p_purpose, k.quiet_from, k.quiet_until, send_time.p_window_from, send_time.p_window_until)) AS times) t)
              CROSS JOIN generate_series(date_trunc('hour'::text, send_time.p_from), send_time.p_until, '01:00:00'::interval) h(begins))
              CROSS JOIN LATERAL unnest((t.times * tstzmultirange(tstzrange(h.begins, (h.begins + '01:00:00'::interval))))) stretch(stretch))
           GROUP BY k.kind
         ), habit AS MATERIALIZED (
          SELECT s_1.segment,
             array_agg(s_1.share ORDER BY s_1.local_hour) AS share
            FROM smartengage.hour_share s_1
           GROUP BY s_1.segment
         )
  SELECT p.user_id,
     best.send_at
    FROM (((((person p
      CROSS JOIN rule r)
      JOIN allowed a ON ((a.kind = p.kind)))
      LEFT JOIN habit s ON ((s.segment = p.segment)))
      CROSS JOIN LATERAL ( SELECT array_agg((EXTRACT(hour FROM (u.used_at AT TIME ZONE p.zone)))::integer) AS hours,
             count(*) AS n
            FROM ( SELECT b.created_at AS used_at
                    FROM market.booking b
                   WHERE ((b.customer_id = p.user_id) AND (b.created_at < send_time.p_from))
                 UNION ALL
                  SELECT e.happened_at
                    FROM (outreach.message m
                      JOIN outreach.event e ON ((e.message_id = m.message_id)))
                   WHERE ((m.user_id = p.user_id) AND (e.kind = ANY (ARRAY['opened'::text, 'clicked'::text])) AND (NOT e.is_machine) AND (e.happened_at < send_time.p_from))) u) used)
      CROSS JOIN LATERAL ( SELECT (lower(h.stretch) + ((upper(h.stretch) - lower(h.stretch)) * smartengage.share_of(p.user_id, 'minute'::text))) AS send_at
            FROM (UNNEST(a.hours, a.stretches) h(local_hour, stretch)
              CROSS JOIN LATERAL ( SELECT COALESCE(sum(
                         CASE abs((o.o - h.local_hour))
                             WHEN 0 THEN 0.5
                             WHEN 1 THEN 0.25
                             WHEN 23 THEN 0.25
                             ELSE (0)::numeric
                         END), (0)::numeric) AS felt
                    FROM unnest(used.hours) o(o)) f)
           ORDER BY (((f.felt)::double precision + (r.prior_weight * COALESCE(s.share[(h.local_hour + 1)], ((1.0 / (24)::numeric))::double precision))) / ((used.n)::double precision + r.prior_weight)) DESC, (lower(h.stretch))
          LIMIT 1) best);
END;

-- Name: FUNCTION send_time(p_user_ids uuid[], p_from timestamp with time zone, p_until timestamp with time zone, p_purpose text, p_window_from time without time zone, p_window_until time without time zone); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.send_time(p_user_ids uuid[], p_from timestamp with time zone, p_until timestamp with time zone, p_purpose text, p_window_from time without time zone, p_window_until time without time zone) IS 'The best allowed instant between two instants for each person: the hour with the highest share of their own app use, shrunken to their segment''s (smartengage.hour_share) with the weight hour.prior_weight; quiet times left out; spread within the hour.
Nobody without any allowed time is in the result.';

-- Name: decide(uuid, text, timestamp with time zone, text[]); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.decide(p_campaign_id uuid, p_draw text, p_at timestamp with time zone, p_segments text[] DEFAULT NULL::text[]) RETURNS TABLE(user_id uuid, service_id uuid, segment text, occurrence text, p14 double precision, expected_at timestamp with time zone, expected_value double precision, useful_until timestamp with time zone, channel text, template_id uuid, due_at timestamp with time zone, outcome text, reason text, rule text, rule_version integer)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 WITH campaign AS MATERIALIZED (
          SELECT c_1.campaign_id,
             c_1.name,
             c_1.kind,
             c_1.segments,
             c_1.channels,
             c_1.status,
             c_1.enabled,
             c_1.canary_share,
             c_1.holdout_share,
             c_1.window_from,
             c_1.window_until,
             c_1.created_at,
             c_1.created_by,
             c_1.repeats,
             c_1.starts_at,
             c_1.ends_at,
             c_1.widened_at,
             c_1.version,
             c_1.changed_by,
             c_1.changed_reason,
             policy.number('holdout.global_share'::text, decide.p_at) AS global_share
            FROM smartengage.campaign c_1
           WHERE (c_1.campaign_id = decide.p_campaign_id)
         ), template AS MATERIALIZED (
          SELECT t.category,
             t.language,
             t.form,
             t.template_ids,
             t.begins_at
            FROM (campaign c_1
              CROSS JOIN LATERAL smartengage.house_texts(c_1.kind, decide.p_at) t(category, language, form, template_ids, begins_at))
         ), gated AS MATERIALIZED (
          SELECT d.user_id,
             d.service_id,
             d.segment,
             d.occurrence,
             d.p14,
             d.expected_at,
             d.expected_value,
             d.useful_until,
             w.channel,
             smartengage.drawn(t.template_ids, t.begins_at, d.user_id, decide.p_draw) AS template_id,
                 CASE
                     WHEN (NOT c_1.enabled) THEN 'flag_off'::text
                     WHEN ((p.disabled_at <= decide.p_at) OR (p.erased_at IS NOT NULL)) THEN 'person_inactive'::text
                     WHEN (EXISTS ( SELECT
                        FROM outreach.message m
                       WHERE ((m.campaign_id = decide.p_campaign_id) AND (m.user_id = d.user_id) AND (m.occurrence = d.occurrence)))) THEN 'already_reminded'::text
                     WHEN (smartengage.share_of(d.user_id, 'global_control'::text) < c_1.global_share) THEN 'global_control'::text
                     WHEN ((c_1.widened_at IS NULL) AND (smartengage.share_of(d.user_id, (decide.p_campaign_id || '/canary'::text)) >= c_1.canary_share)) THEN 'not_in_canary'::text
                     WHEN (w.reason IS NOT NULL) THEN w.reason
                     WHEN (t.template_ids IS NULL) THEN 'no_text'::text
                     ELSE NULL::text
                 END AS reason
            FROM (((((smartengage.due(decide.p_campaign_id, decide.p_at, decide.p_segments) d(user_id, service_id, segment, occurrence, p14, expected_at, expected_value, useful_until)
              CROSS JOIN campaign c_1)
              JOIN account.person p ON ((p.user_id = d.user_id)))
              JOIN market.service s ON ((s.service_id = d.service_id)))
              CROSS JOIN LATERAL smartengage.reachable(d.user_id, c_1.channels, 'outreach'::text, decide.p_at) w(channel, reason))
              LEFT JOIN LATERAL ( SELECT t_1.template_ids,
                     t_1.begins_at
                    FROM template t_1
                   WHERE ((COALESCE(t_1.category, s.category) = s.category) AND (t_1.language = ANY (ARRAY[p.language, 'en'::text])) AND (t_1.form = outreach.text_form(w.channel)))
                   ORDER BY (t_1.language = p.language) DESC, (t_1.category IS NULL)
                  LIMIT 1) t ON (true))
         ), capped AS MATERIALIZED (
          SELECT g_1.user_id,
             g_1.service_id,
             g_1.segment,
             g_1.occurrence,
             g_1.p14,
             g_1.expected_at,
             g_1.expected_value,
             g_1.useful_until,
             g_1.channel,
             g_1.template_id,
             g_1.reason,
             cap.cap,
             cap.cap_version,
             cap.frees_at,
             row_number() OVER (PARTITION BY g_1.user_id, (g_1.reason IS NULL) ORDER BY g_1.expected_value DESC, g_1.expected_at, g_1.service_id) AS place
            FROM (gated g_1
              LEFT JOIN LATERAL ( SELECT u.cap,
                     u.cap_version,
                     u.frees_at
                    FROM outreach.cap_use(g_1.user_id, g_1.channel, 'outreach'::text, decide.p_at, true) u(cap, cap_version, max_messages, window_hours, used, frees_at)
                   ORDER BY u.frees_at DESC
                  LIMIT 1) cap ON ((g_1.reason IS NULL)))
         ), timed AS MATERIALIZED (
          SELECT x.user_id,
             x.service_id,
             x.segment,
             x.occurrence,
             x.p14,
             x.expected_at,
             x.expected_value,
             x.useful_until,
             x.channel,
             x.template_id,
             x.reason,
             x.cap,
             x.cap_version,
             x.frees_at,
             x.place,
                 CASE
                     WHEN (t.send_at IS NOT NULL) THEN GREATEST(t.send_at, x.frees_at)
                     ELSE NULL::timestamp with time zone
                 END AS due_at
            FROM (capped x
              LEFT JOIN smartengage.send_time(( SELECT array_agg(DISTINCT o.user_id) AS array_agg
                    FROM capped o
                   WHERE (o.reason IS NULL)), decide.p_at, (decide.p_at + '1 day'::interval), 'outreach'::text, ( SELECT c_1.window_from
                    FROM campaign c_1), ( SELECT c_1.window_until
                    FROM campaign c_1)) t(user_id, send_at) ON ((t.user_id = x.user_id)))
         ), judged AS MATERIALIZED (
          SELECT t.user_id,
             t.service_id,
             t.segment,
             t.occurrence,
             t.p14,
             t.expected_at,
             t.expected_value,
             t.useful_until,
             t.channel,
             t.template_id,
             t.reason,
             t.cap,
             t.cap_version,
             t.frees_at,
             t.place,
             t.due_at,
             COALESCE(t.reason,
                 CASE
                     WHEN (t.place > 1) THEN 'another_service_first'::text
                     WHEN (t.cap IS NULL) THEN 'no_cap'::text
                     WHEN (t.frees_at > t.useful_until) THEN 'capped'::text
                     WHEN ((t.due_at IS NULL) OR (t.due_at > t.useful_until)) THEN 'no_time_left'::text
                     ELSE NULL::text
                 END) AS refusal
            FROM timed t
         )
  SELECT j.user_id,
     j.service_id,
     j.segment,
     j.occurrence,
     j.p14,
     j.expected_at,
     j.expected_value,
     j.useful_until,
     j.channel,
     j.template_id,
     j.due_at,
         CASE
             WHEN (smartengage.share_of(j.user_id, (decide.p_campaign_id || '/holdout'::text)) IS NULL) THEN NULL::text
             WHEN (j.refusal IS NOT NULL) THEN 'refused'::text
             WHEN (smartengage.share_of(j.user_id, (decide.p_campaign_id || '/holdout'::text)) < c.holdout_share) THEN 'ghost'::text
             ELSE 'message'::text
         END AS "case",
     j.refusal,
         CASE j.refusal
             WHEN 'capped'::text THEN j.cap
             ELSE g.rule
         END AS rule,
         CASE j.refusal
             WHEN 'capped'::text THEN j.cap_version
             ELSE v.version
         END AS version
    FROM (((judged j
      CROSS JOIN campaign c)
      LEFT JOIN outreach.refusal_rule g ON ((g.reason = j.refusal)))
      LEFT JOIN policy.rule v ON (((v.rule = g.rule) AND (v.valid_at @> decide.p_at))));
END;

-- Name: FUNCTION decide(p_campaign_id uuid, p_draw text, p_at timestamp with time zone, p_segments text[]); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.decide(p_campaign_id uuid, p_draw text, p_at timestamp with time zone, p_segments text[]) IS 'What a campaign would do at an instant: one row for each candidate of smartengage.due with exactly one outcome: message (channel, text, best time), ghost (held out), or refused with reason, rule and version.
Pure: smartengage.plan carries it out, and anybody may ask it beforehand. p_draw: salt by which variants of texts are drawn (smartengage.drawn). p_segments: see smartengage.due.';

-- Name: decide_announcement(uuid, uuid[], text, uuid, text[], text, boolean, timestamp with time zone); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.decide_announcement(p_campaign_id uuid, p_user_ids uuid[], p_occurrence text, p_template_id uuid, p_channels text[], p_message_class text, p_at_once boolean, p_at timestamp with time zone) RETURNS TABLE(user_id uuid, segment text, channel text, template_id uuid, due_at timestamp with time zone, useful_until timestamp with time zone, outcome text, reason text, rule text, rule_version integer)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 WITH campaign AS MATERIALIZED (
          SELECT c_1.campaign_id,
             c_1.name,
             c_1.kind,
             c_1.segments,
             c_1.channels,
             c_1.status,
             c_1.enabled,
             c_1.canary_share,
             c_1.holdout_share,
             c_1.window_from,
             c_1.window_until,
             c_1.created_at,
             c_1.created_by,
             c_1.repeats,
             c_1.starts_at,
             c_1.ends_at,
             c_1.widened_at,
             c_1.version,
             c_1.changed_by,
             c_1.changed_reason,
             k.obeys_caps,
             k.purpose,
             policy.number('holdout.global_share'::text, decide_announcement.p_at) AS global_share,
             (decide_announcement.p_at + make_interval(hours => (policy.number('announcement.useful_for'::text, decide_announcement.p_at))::integer)) AS useful_until
            FROM (smartengage.campaign c_1
              JOIN policy.message_class k ON ((k.message_class = decide_announcement.p_message_class)))
           WHERE (c_1.campaign_id = decide_announcement.p_campaign_id)
         ), template AS MATERIALIZED (
          SELECT t.template_id,
             t.language,
             t.form,
             (t.template_id = decide_announcement.p_template_id) AS is_asked
            FROM (outreach.template a
              JOIN outreach.template t ON ((((t.kind = a.kind) AND (t.variant = a.variant) AND (t.origin = a.origin)) AND (NOT (t.category IS DISTINCT FROM a.category)) AND (NOT (t.cohort IS DISTINCT FROM a.cohort)))))
           WHERE ((a.template_id = decide_announcement.p_template_id) AND (t.approved_at IS NOT NULL) AND (t.retired_at IS NULL))
         ), gated AS MATERIALIZED (
          SELECT p.user_id,
             COALESCE(g_1.segment, 'new'::text) AS segment,
             w.channel,
             c_1.purpose,
             c_1.obeys_caps,
             c_1.useful_until,
             ( SELECT t.template_id
                    FROM template t
                   WHERE (t.form = outreach.text_form(w.channel))
                   ORDER BY (t.language = p.language) DESC, (t.language = 'en'::text) DESC, t.is_asked DESC, t.template_id
                  LIMIT 1) AS template_id,
                 CASE
                     WHEN (NOT c_1.enabled) THEN 'flag_off'::text
                     WHEN ((p.disabled_at <= decide_announcement.p_at) OR (p.erased_at IS NOT NULL)) THEN 'person_inactive'::text
                     WHEN (EXISTS ( SELECT
                        FROM outreach.message m
                       WHERE ((m.campaign_id = decide_announcement.p_campaign_id) AND (m.user_id = p.user_id) AND (m.occurrence = decide_announcement.p_occurrence)))) THEN 'already_sent'::text
                     WHEN (smartengage.share_of(p.user_id, 'global_control'::text) < c_1.global_share) THEN 'global_control'::text
                     WHEN ((c_1.widened_at IS NULL) AND (smartengage.share_of(p.user_id, (decide_announcement.p_campaign_id || '/canary'::text)) >= c_1.canary_share)) THEN 'not_in_canary'::text
                     WHEN (w.reason IS NOT NULL) THEN w.reason
                     WHEN (NOT (EXISTS ( SELECT
                        FROM template t
                       WHERE (t.form = outreach.text_form(w.channel))))) THEN 'no_text'::text
                     ELSE NULL::text
                 END AS reason
            FROM (((account.person p
              CROSS JOIN campaign c_1)
              LEFT JOIN smartengage.customer g_1 ON ((g_1.user_id = p.user_id)))
              CROSS JOIN LATERAL smartengage.reachable(p.user_id, decide_announcement.p_channels, c_1.purpose, decide_announcement.p_at) w(channel, reason))
           WHERE ((p.user_id = ANY (decide_announcement.p_user_ids)) AND (p.role = 'customer'::text))
         ), capped AS MATERIALIZED (
          SELECT g_1.user_id,
             g_1.segment,
             g_1.channel,
             g_1.purpose,
             g_1.obeys_caps,
             g_1.useful_until,
             g_1.template_id,
             g_1.reason,
             cap.cap,
             cap.cap_version,
             cap.frees_at
            FROM (gated g_1
              LEFT JOIN LATERAL ( SELECT u.cap,
                     u.cap_version,
                     u.frees_at
                    FROM outreach.cap_use(g_1.user_id, g_1.channel, g_1.purpose, decide_announcement.p_at, true) u(cap, cap_version, max_messages, window_hours, used, frees_at)
                   ORDER BY u.frees_at DESC
                  LIMIT 1) cap ON (((g_1.reason IS NULL) AND g_1.obeys_caps)))
         ), timed AS MATERIALIZED (
          SELECT x.user_id,
             x.segment,
             x.channel,
             x.purpose,
             x.obeys_caps,
             x.useful_until,
             x.template_id,
             x.reason,
             x.cap,
             x.cap_version,
             x.frees_at,
                 CASE
                     WHEN (decide_announcement.p_at_once OR (t.send_at IS NOT NULL)) THEN GREATEST(
                     CASE
                         WHEN decide_announcement.p_at_once THEN decide_announcement.p_at
                         ELSE t.send_at
                     END, x.frees_at)
                     ELSE NULL::timestamp with time zone
                 END AS due_at
            FROM (capped x
              LEFT JOIN smartengage.send_time(( SELECT array_agg(o.user_id) AS array_agg
                    FROM capped o
                   WHERE ((o.reason IS NULL) AND (NOT decide_announcement.p_at_once))), decide_announcement.p_at, (decide_announcement.p_at + '1 day'::interval), 'outreach'::text, ( SELECT c_1.window_from
                    FROM campaign c_1), ( SELECT c_1.window_until
                    FROM campaign c_1)) t(user_id, send_at) ON ((t.user_id = x.user_id)))
         ), judged AS (
          SELECT t.user_id,
             t.segment,
             t.channel,
             t.purpose,
             t.obeys_caps,
             t.useful_until,
             t.template_id,
             t.reason,
             t.cap,
             t.cap_version,
             t.frees_at,
             t.due_at,
             COALESCE(t.reason,
                 CASE
                     WHEN (t.obeys_caps AND (t.cap IS NULL)) THEN 'no_cap'::text
                     WHEN (t.frees_at > t.useful_until) THEN 'capped'::text
                     WHEN ((t.due_at IS NULL) OR (t.due_at > t.useful_until)) THEN 'no_time_left'::text
                     ELSE NULL::text
                 END) AS refusal
            FROM timed t
         )
  SELECT j.user_id,
     j.segment,
     j.channel,
     j.template_id,
     j.due_at,
     j.useful_until,
         CASE
             WHEN (smartengage.share_of(j.user_id, (decide_announcement.p_campaign_id || '/holdout'::text)) IS NULL) THEN NULL::text
             WHEN (j.refusal IS NOT NULL) THEN 'refused'::text
             WHEN (smartengage.share_of(j.user_id, (decide_announcement.p_campaign_id || '/holdout'::text)) < c.holdout_share) THEN 'ghost'::text
             ELSE 'message'::text
         END AS "case",
     j.refusal,
         CASE j.refusal
             WHEN 'capped'::text THEN j.cap
             ELSE g.rule
         END AS rule,
         CASE j.refusal
             WHEN 'capped'::text THEN j.cap_version
             ELSE v.version
         END AS version
    FROM (((judged j
      CROSS JOIN campaign c)
      LEFT JOIN outreach.refusal_rule g ON ((g.reason = j.refusal)))
      LEFT JOIN policy.rule v ON (((v.rule = g.rule) AND (v.valid_at @> decide_announcement.p_at))));
END;

-- Name: FUNCTION decide_announcement(p_campaign_id uuid, p_user_ids uuid[], p_occurrence text, p_template_id uuid, p_channels text[], p_message_class text, p_at_once boolean, p_at timestamp with time zone); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.decide_announcement(p_campaign_id uuid, p_user_ids uuid[], p_occurrence text, p_template_id uuid, p_channels text[], p_message_class text, p_at_once boolean, p_at timestamp with time zone) IS 'What an announcement would do at an instant: one row for each customer asked for, with exactly one outcome, by the same gates as a reminder (smartengage.decide). Class urgent passes over caps, and over nothing else.
p_occurrence: reaches a person once within the campaign. p_at_once: as soon as the gates at the claim allow, else at the person''s best hour within a day. Pure: smartengage.announce carries it out.';

-- Name: wilson(double precision, double precision); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.wilson(p_share double precision, p_n double precision) RETURNS TABLE(low double precision, high double precision)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT
         CASE
             WHEN (wilson.p_share <= (0)::double precision) THEN (0)::double precision
             ELSE GREATEST(((c.centre - c.half) / (wilson.p_n + (3.8414588)::double precision)), (0)::double precision)
         END AS "greatest",
         CASE
             WHEN (wilson.p_share >= (1)::double precision) THEN (1)::double precision
             ELSE LEAST(((c.centre + c.half) / (wilson.p_n + (3.8414588)::double precision)), (1)::double precision)
         END AS "least"
    FROM ( SELECT ((wilson.p_n * wilson.p_share) + ((3.8414588 / (2)::numeric))::double precision) AS centre,
             ((1.9599640)::double precision * sqrt((((wilson.p_n * wilson.p_share) * ((1)::double precision - wilson.p_share)) + ((3.8414588 / (4)::numeric))::double precision))) AS half) c
   WHERE (wilson.p_n > (0)::double precision);
END;

-- Name: FUNCTION wilson(p_share double precision, p_n double precision); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.wilson(p_share double precision, p_n double precision) IS 'The 95 % interval of a share that was seen among n: Wilson''s score interval, which never leaves 0 to 1 and keeps its promise at small n and at shares near the ends.
n need not be whole: see smartengage.effective_size. No row for n = 0. Source: Wilson, JASA 22 (1927); Brown, Cai and DasGupta, Statistical Science 16 (2001).';

-- Name: difference(double precision, double precision, double precision, double precision); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.difference(p_share_1 double precision, p_n_1 double precision, p_share_0 double precision, p_n_0 double precision) RETURNS TABLE(difference double precision, low double precision, high double precision)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT (difference.p_share_1 - difference.p_share_0),
     ((difference.p_share_1 - difference.p_share_0) - sqrt((((difference.p_share_1 - a.low) ^ (2)::double precision) + ((b.high - difference.p_share_0) ^ (2)::double precision)))),
     ((difference.p_share_1 - difference.p_share_0) + sqrt((((a.high - difference.p_share_1) ^ (2)::double precision) + ((difference.p_share_0 - b.low) ^ (2)::double precision))))
    FROM (smartengage.wilson(difference.p_share_1, difference.p_n_1) a(low, high)
      CROSS JOIN smartengage.wilson(difference.p_share_0, difference.p_n_0) b(low, high));
END;

-- Name: FUNCTION difference(p_share_1 double precision, p_n_1 double precision, p_share_0 double precision, p_n_0 double precision); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.difference(p_share_1 double precision, p_n_1 double precision, p_share_0 double precision, p_n_0 double precision) IS 'The difference of two independent shares with its 95 % interval, by Newcombe''s hybrid score method: the two Wilson intervals put together, so it holds for few people and rare bookings, where the normal approximation does not.
No row where either group is empty. Source: Newcombe, Statistics in Medicine 17 (1998), 873–890, method 10.';

-- Name: effective_size(double precision, double precision, double precision, double precision, double precision, double precision); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.effective_size(p_people double precision, p_cases double precision, p_hits double precision, p_hits_squared double precision, p_hits_cases double precision, p_cases_squared double precision) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT
         CASE
             WHEN ((s.share <= (0)::double precision) OR (s.share >= (1)::double precision) OR (s.squares <= (0)::double precision)) THEN effective_size.p_people
             ELSE LEAST(effective_size.p_cases, (((s.share * ((1)::double precision - s.share)) * (effective_size.p_cases ^ (2)::double precision)) / s.squares))
         END AS "least"
    FROM ( SELECT (effective_size.p_hits / effective_size.p_cases) AS share,
             ((effective_size.p_hits_squared - ((((2)::double precision * effective_size.p_hits) / effective_size.p_cases) * effective_size.p_hits_cases)) + (((effective_size.p_hits / effective_size.p_cases) ^ (2)::double precision) * effective_size.p_cases_squared)) AS squares) s;
END;

-- Name: FUNCTION effective_size(p_people double precision, p_cases double precision, p_hits double precision, p_hits_squared double precision, p_hits_cases double precision, p_cases_squared double precision); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.effective_size(p_people double precision, p_cases double precision, p_hits double precision, p_hits_squared double precision, p_hits_cases double precision, p_cases_squared double precision) IS 'How many independent cases the cases of some people are worth. The same person is reminded month after month, in the same group for ever, and books as they always do: twelve of their answers tell hardly more than one, and an interval that takes them for twelve promises too much.
p_people, p_cases = sum of m, p_hits = sum of y, then the sums of y², ym and m², over people with y hits in m cases. share (1 - share) / variance of the ratio sum(y) / sum(m), at most the cases; with one case each, their number. Where all or none hit: the people.
Source: Kish''s design effect with the linearised variance of a ratio; for score intervals Korn and Graubard, Survey Methodology 24 (1998); Deng et al., KDD 2018.';

-- Name: export(uuid); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.export(p_user_id uuid) RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT jsonb_build_object('segment', ( SELECT (to_jsonb(c.*) - 'user_id'::text)
            FROM smartengage.customer c
           WHERE (c.user_id = export.p_user_id)), 'predictions', COALESCE(( SELECT jsonb_agg((to_jsonb(f.*) - 'user_id'::text) ORDER BY f.service_id) AS jsonb_agg
            FROM smartengage.profile f
           WHERE (f.user_id = export.p_user_id)), '[]'::jsonb), 'campaign_decisions', COALESCE(( SELECT jsonb_agg(jsonb_build_object('planned_at', r.planned_at, 'campaign', g.name, 'service_id', c.service_id, 'segment', c.segment, 'p14', c.p14, 'expected_at', c.expected_at, 'outcome', c.outcome, 'message_id', c.message_id, 'reason', c.reason, 'rule', c.rule, 'rule_version', c.rule_version) ORDER BY r.planned_at, c.service_id) AS jsonb_agg
            FROM ((smartengage.candidate c
              JOIN smartengage.run r ON ((r.run_id = c.run_id)))
              JOIN smartengage.campaign g ON ((g.campaign_id = r.campaign_id)))
           WHERE (c.user_id = export.p_user_id)), '[]'::jsonb)) AS jsonb_build_object;
END;

-- Name: FUNCTION export(p_user_id uuid); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.export(p_user_id uuid) IS 'What is concluded about a person in this layer: segment, predictions, and what each campaign decided and why.';

-- Name: guardrails(uuid, timestamp with time zone); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.guardrails(p_campaign_id uuid, p_at timestamp with time zone) RETURNS TABLE(guardrail text, sample bigint, hits bigint, rate double precision, maximum double precision, chance double precision, verdict text)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 WITH rule AS MATERIALIZED (
          SELECT make_interval(days => (policy.number('guardrail.window'::text, guardrails.p_at))::integer) AS days,
             policy.number('guardrail.min_sample'::text, guardrails.p_at) AS min_sample,
             policy.number('guardrail.min_hits'::text, guardrails.p_at) AS min_hits,
             policy.number('guardrail.alpha'::text, guardrails.p_at) AS alpha,
             policy.number('guardrail.mismatch_alpha'::text, guardrails.p_at) AS mismatch_alpha,
             policy.number('guardrail.max_opt_outs'::text, guardrails.p_at) AS max_opt_outs,
             policy.number('guardrail.max_complaints'::text, guardrails.p_at) AS max_complaints,
             policy.number('guardrail.max_bounces'::text, guardrails.p_at) AS max_bounces
         ), watched AS MATERIALIZED (
          SELECT r.run_id
            FROM (smartengage.run r
              CROSS JOIN rule u)
           WHERE ((r.campaign_id = guardrails.p_campaign_id) AND (r.planned_at > (guardrails.p_at - u.days)) AND (r.planned_at <= guardrails.p_at))
         ), sending AS MATERIALIZED (
          SELECT ((m.state = 'failed'::text) OR (d.state = 'bounced'::text)) AS bounced,
             (EXISTS ( SELECT
                    FROM outreach.event e
                   WHERE ((e.message_id = m.message_id) AND (e.kind = 'complained'::text) AND (NOT e.is_machine)))) AS complained,
             (EXISTS ( SELECT
                    FROM account.consent c
                   WHERE ((c.user_id = m.user_id) AND (c.channel = m.channel) AND (c.purpose = m.purpose) AND (upper(c.valid_at) > d.sent_at) AND (upper(c.valid_at) <= LEAST(guardrails.p_at, (d.sent_at + u.days)))))) AS opted_out
            FROM (((watched w
              CROSS JOIN rule u)
              JOIN outreach.message m ON ((m.run_id = w.run_id)))
              LEFT JOIN outreach.delivery d ON (((d.message_id = m.message_id) AND (d.state = ANY (ARRAY['in_doubt'::text, 'accepted'::text, 'bounced'::text])))))
           WHERE ((d.message_id IS NOT NULL) OR ((m.state = 'failed'::text) AND (m.reason = 'provider_refused'::text)))
         ), counted AS (
          SELECT g.guardrail,
             count(s.*) AS sample,
             count(*) FILTER (WHERE g.hit) AS hits,
             g.maximum
            FROM ((rule u
              LEFT JOIN sending s ON (true))
              CROSS JOIN LATERAL ( VALUES ('opt_outs'::text,s.opted_out,u.max_opt_outs), ('complaints'::text,s.complained,u.max_complaints), ('bounces'::text,s.bounced,u.max_bounces)) g(guardrail, hit, maximum))
           GROUP BY g.guardrail, g.maximum
         ), split AS (
          SELECT count(DISTINCT c.user_id) FILTER (WHERE (c.outcome = 'message'::text)) AS written_to,
             count(DISTINCT c.user_id) FILTER (WHERE (c.outcome = 'ghost'::text)) AS held_out
            FROM (watched w
              JOIN smartengage.candidate c ON ((c.run_id = w.run_id)))
         )
  SELECT c.guardrail,
     c.sample,
     c.hits,
     ((c.hits)::double precision / (NULLIF(c.sample, 0))::double precision),
     c.maximum,
     t.chance,
         CASE
             WHEN (((c.hits)::double precision >= u.min_hits) AND (t.chance < u.alpha)) THEN 'bad'::text
             WHEN ((c.sample)::double precision < u.min_sample) THEN 'too_early'::text
             WHEN ((c.hits)::double precision > ((c.sample)::double precision * c.maximum)) THEN 'watch'::text
             ELSE 'good'::text
         END AS "case"
    FROM ((counted c
      CROSS JOIN rule u)
      CROSS JOIN LATERAL ( SELECT smartengage.binomial_tail(c.hits, c.sample, c.maximum) AS chance) t)
 UNION ALL
  SELECT 'sample_ratio'::text,
     n.people,
     s.held_out,
     ((s.held_out)::double precision / (NULLIF(n.people, 0))::double precision),
     g.holdout_share,
     t.chance,
         CASE
             WHEN (((n.people)::double precision < u.min_sample) OR ((((n.people)::double precision * LEAST(g.holdout_share, ((1)::double precision - g.holdout_share))) >= (0.000001)::double precision) AND (((n.people)::double precision * LEAST(g.holdout_share, ((1)::double precision - g.holdout_share))) <= (5)::double precision))) THEN 'too_early'::text
             WHEN (t.chance < u.mismatch_alpha) THEN 'bad'::text
             ELSE 'good'::text
         END AS "case"
    FROM ((((split s
      CROSS JOIN rule u)
      JOIN smartengage.campaign g ON ((g.campaign_id = guardrails.p_campaign_id)))
      CROSS JOIN LATERAL ( SELECT (s.written_to + s.held_out) AS people) n)
      CROSS JOIN LATERAL ( SELECT COALESCE(smartengage.chi_square_p(ARRAY[s.written_to, s.held_out], ARRAY[((1)::double precision - g.holdout_share), g.holdout_share]), (1)::double precision) AS chance) t);
END;

-- Name: FUNCTION guardrails(p_campaign_id uuid, p_at timestamp with time zone); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.guardrails(p_campaign_id uuid, p_at timestamp with time zone) IS 'How a campaign is doing by what would stop it: a row each for opt_outs, complaints, bounces (of messages sent) and sample_ratio (ghosts among the people assigned), over the runs of the last guardrail.window days.
verdict: bad = so many had less than chance guardrail.alpha at the highest acceptable rate, and at least guardrail.min_hits of them were seen; or the split had less than guardrail.mismatch_alpha; too_early = below guardrail.min_sample (or fewer than five expected on a side); watch = above the maximum, but not beyond chance; good.
Two complaints among ten are therefore no alarm, three are. maximum of sample_ratio: the share planned. An opt-out counts for guardrail.window days after the message, by whatever way it was made.';

-- Name: hour_shares(timestamp with time zone); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.hour_shares(p_at timestamp with time zone) RETURNS TABLE(segment text, local_hour integer, share double precision)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 WITH used AS (
          SELECT c.segment,
             (EXTRACT(hour FROM (u.used_at AT TIME ZONE ( SELECT policy.default_zone() AS default_zone))))::integer AS local_hour,
             count(*) AS n
            FROM (smartengage.app_use(hour_shares.p_at) u(user_id, used_at)
              JOIN smartengage.customer c ON ((c.user_id = u.user_id)))
           GROUP BY c.segment, ((EXTRACT(hour FROM (u.used_at AT TIME ZONE ( SELECT policy.default_zone() AS default_zone))))::integer)
         ), spread AS (
          SELECT COALESCE(u.segment, 'all'::text) AS segment,
             u.local_hour,
             sum(u.n) AS n
            FROM used u
           GROUP BY GROUPING SETS ((u.segment, u.local_hour), (u.local_hour))
         ), total AS (
          SELECT s_1.segment,
             sum(s_1.n) AS n
            FROM spread s_1
           GROUP BY s_1.segment
         )
  SELECT g.segment,
     h.local_hour,
     ((COALESCE(s.n, (0)::numeric) + (((200)::numeric * (COALESCE(a.n, (0)::numeric) + (1)::numeric)) / (COALESCE(ta.n, (0)::numeric) + (24)::numeric))) / (COALESCE(t.n, (0)::numeric) + (200)::numeric))
    FROM (((((( VALUES ('all'::text), ('new'::text), ('repeat'::text), ('at_risk'::text), ('inactive'::text)) g(segment)
      CROSS JOIN generate_series(0, 23) h(local_hour))
      LEFT JOIN spread s ON (((s.segment = g.segment) AND (s.local_hour = h.local_hour))))
      LEFT JOIN spread a ON (((a.segment = 'all'::text) AND (a.local_hour = h.local_hour))))
      LEFT JOIN total t ON ((t.segment = g.segment)))
      LEFT JOIN total ta ON ((ta.segment = 'all'::text)));
END;

-- Name: FUNCTION hour_shares(p_at timestamp with time zone); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.hour_shares(p_at timestamp with time zone) IS 'How the app use of each segment, and of all, spreads over the local hours before an instant: 24 rows a segment that sum to 1.
A segment is shrunken to everybody with the weight of 200 uses, everybody to an even day with the weight of 24, so that no hour is ever impossible.';

-- Name: judge_variants(timestamp with time zone); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.judge_variants(p_at timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_since timestamptz := clock_timestamp();
  v_rows bigint;
  v_retired int;
begin
  perform pg_advisory_xact_lock(hashtextextended('smartengage.judge_variants', 0));

  delete from smartengage.variant v;
  insert into smartengage.variant (template_id, as_of, trials, clicks, bookings)
  select
    t.template_id, p_at, count(m.message_id), count(*) filter (where m.state = 'clicked'), count(*) filter (where m.state = 'booked')
  from outreach.template t
  left join (
    outreach.delivery d
    join outreach.message m on m.message_id = d.message_id)
    on d.template_id = t.template_id
   and d.state = 'accepted'
   and d.sent_at <= p_at - make_interval(hours => (select policy.number('variant.ripens_after', p_at))::int)
   and d.sent_at > p_at - make_interval(days => (select policy.number('variant.window', p_at))::int)
  where t.approved_at is not null
  group by t.template_id;
  get diagnostics v_rows = row_count;

  update smartengage.variant v
  set rate = o.rate, rate_low = o.rate_low, rate_high = o.rate_high, p_best = o.p_best
  from (
    select * from smartengage.variant_odds(null, p_at)
    union all
    select * from smartengage.variant_odds((select array_agg(distinct t.cohort) from outreach.template t), p_at)
  ) o
  where v.template_id = o.template_id;
  perform smartengage.note_refresh('smartengage.variant', p_at, v_since, v_rows);

  with judged as (
    select v.*, row_number() over (
      partition by t.kind, t.category, t.language, t.form, t.cohort order by v.p_best desc, t.template_id) as place
    from smartengage.variant v
    join outreach.template t on t.template_id = v.template_id
    where v.p_best is not null
  ),
  retired as (
    update outreach.template t
    set retired_at = p_at
    from judged j
    where t.template_id = j.template_id
      and j.place > 1
      and j.trials >= (select policy.number('variant.min_trials', p_at))
      and j.p_best < (select policy.number('variant.retire_below', p_at))
    returning t.template_id, j.trials, j.clicks, j.bookings, j.p_best
  )
  insert into policy.audit (happened_at, actor, action, subject, detail)
  select p_at, 'smartengage.judge_variants', 'retire_template', 'template ' || r.template_id,
         jsonb_build_object('trials', r.trials, 'clicks', r.clicks, 'bookings', r.bookings, 'p_best', round(r.p_best::numeric, 6))
  from retired r;
  get diagnostics v_retired = row_count;
  return v_retired;
end;
$$;

-- Name: FUNCTION judge_variants(p_at timestamp with time zone); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.judge_variants(p_at timestamp with time zone) IS 'Counts what became of the sendings of each text (smartengage.variant) and retires the variants that have lost: best with less than variant.retire_below after variant.min_trials sendings. The leader of a contest never retires, so a text always remains.
Waiting messages keep the text they have; each retirement is in policy.audit.
Result: how many retired. Repeatable: the same instant gives the same counts. One judging at a time.';

-- Name: add_on_rate; Type: MATERIALIZED VIEW; Schema: smartengage; Owner: -

CREATE MATERIALIZED VIEW smartengage.add_on_rate AS
 WITH booked AS (
         SELECT b_1.service_id,
            count(*) AS n
           FROM market.booking b_1
          WHERE (b_1.status = 'completed'::text)
          GROUP BY b_1.service_id
        ), taken AS (
         SELECT x.add_on_id,
            count(*) AS n
           FROM (market.booking_add_on x
             JOIN market.booking b_1 ON ((b_1.booking_id = x.booking_id)))
          WHERE (b_1.status = 'completed'::text)
          GROUP BY x.add_on_id
        )
 SELECT a.add_on_id,
    a.service_id,
    COALESCE(t.n, (0)::bigint) AS bookings,
    ((COALESCE(t.n, (0)::bigint))::double precision / (b.n)::double precision) AS rate
   FROM ((market.add_on a
     JOIN booked b ON ((b.service_id = a.service_id)))
     LEFT JOIN taken t ON ((t.add_on_id = a.add_on_id)))
  WITH NO DATA;

-- Name: MATERIALIZED VIEW add_on_rate; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON MATERIALIZED VIEW smartengage.add_on_rate IS 'How often each add-on is taken with its service, over all completed bookings; refreshed by smartengage.refresh.';

-- Name: COLUMN add_on_rate.add_on_id; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.add_on_rate.add_on_id IS 'The add-on.';

-- Name: COLUMN add_on_rate.service_id; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.add_on_rate.service_id IS 'Its service.';

-- Name: COLUMN add_on_rate.bookings; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.add_on_rate.bookings IS 'Completed bookings with it: its support.';

-- Name: COLUMN add_on_rate.rate; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.add_on_rate.rate IS 'Share of the service''s completed bookings with it.';

-- Name: likely_add_ons(uuid, uuid, timestamp with time zone); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.likely_add_ons(p_user_id uuid, p_service_id uuid, p_at timestamp with time zone) RETURNS TABLE(add_on_ids uuid[])
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 WITH own AS (
          SELECT x_1.add_on_id,
             count(*) AS taken
            FROM (market.booking b
              JOIN market.booking_add_on x_1 ON ((x_1.booking_id = b.booking_id)))
           WHERE ((b.customer_id = likely_add_ons.p_user_id) AND (b.service_id = likely_add_ons.p_service_id) AND (b.status = 'completed'::text) AND (b.completed_at < likely_add_ons.p_at))
           GROUP BY x_1.add_on_id
         ), own_visits AS (
          SELECT count(*) AS n
            FROM market.booking b
           WHERE ((b.customer_id = likely_add_ons.p_user_id) AND (b.service_id = likely_add_ons.p_service_id) AND (b.status = 'completed'::text) AND (b.completed_at < likely_add_ons.p_at))
         ), rated AS (
          SELECT r.add_on_id,
             (((COALESCE(o.taken, (0)::bigint))::double precision + (( SELECT policy.number('add_on.prior_weight'::text, likely_add_ons.p_at) AS number) * r.rate)) / ((v.n)::double precision + ( SELECT policy.number('add_on.prior_weight'::text, likely_add_ons.p_at) AS number))) AS rate
            FROM (((smartengage.add_on_rate r
              JOIN market.add_on a ON (((a.add_on_id = r.add_on_id) AND a.active)))
              CROSS JOIN own_visits v)
              LEFT JOIN own o ON ((o.add_on_id = r.add_on_id)))
           WHERE ((r.service_id = likely_add_ons.p_service_id) AND ((r.bookings)::double precision >= ( SELECT policy.number('add_on.min_support'::text, likely_add_ons.p_at) AS number)))
         )
  SELECT COALESCE(array_agg(x.add_on_id ORDER BY x.rate DESC, x.add_on_id), '{}'::uuid[]) AS "coalesce"
    FROM ( SELECT r.add_on_id,
             r.rate
            FROM rated r
           WHERE (r.rate >= ( SELECT policy.number('add_on.min_rate'::text, likely_add_ons.p_at) AS number))
           ORDER BY r.rate DESC, r.add_on_id
          LIMIT (( SELECT policy.number('add_on.max'::text, likely_add_ons.p_at) AS number))::integer) x;
END;

-- Name: FUNCTION likely_add_ons(p_user_id uuid, p_service_id uuid, p_at timestamp with time zone); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.likely_add_ons(p_user_id uuid, p_service_id uuid, p_at timestamp with time zone) IS 'Add-ons that a person is likely to take with a service, most likely first, at most add_on.max.
Own rate over completed bookings shrunken to the service''s (smartengage.add_on_rate), at least add_on.min_rate.
Result: one row, an empty array where there are none. A set, so that it becomes part of the query that asks for many people.';

-- Name: may_become(text, text); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.may_become(p_status text, p_next text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (p_next = ANY (CASE p_status WHEN 'draft'::text THEN ARRAY['scheduled'::text, 'running'::text, 'stopped'::text] WHEN 'scheduled'::text THEN ARRAY['draft'::text, 'running'::text, 'stopped'::text, 'failed'::text] WHEN 'running'::text THEN ARRAY['paused'::text, 'completed'::text, 'stopped'::text, 'failed'::text] WHEN 'paused'::text THEN ARRAY['running'::text, 'stopped'::text, 'failed'::text] WHEN 'failed'::text THEN ARRAY['running'::text, 'stopped'::text] WHEN 'completed'::text THEN ARRAY['stopped'::text] ELSE '{}'::text[] END));

-- Name: FUNCTION may_become(p_status text, p_next text); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.may_become(p_status text, p_next text) IS 'Whether a campaign may go from one status to another: draft > scheduled > running > completed; running > paused or failed > running; anything but stopped > stopped.';

-- Name: measure(timestamp with time zone); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.measure(p_at timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_since timestamptz := clock_timestamp();
  v_rows int;
begin
  perform pg_advisory_xact_lock(hashtextextended('smartengage.measure', 0));
  delete from smartengage.uplift u;
  insert into smartengage.uplift (
    scope, campaign_id, segment, as_of, messages, ghosts, message_people, ghost_people, booked_share, ghost_booked_share,
    uplift, uplift_low, uplift_high, too_early)
  select
    u.scope, u.campaign_id, u.segment, p_at, u.messages, u.ghosts, u.message_people, u.ghost_people, u.booked_share,
    u.ghost_booked_share, u.uplift, u.uplift_low, u.uplift_high, u.too_early
  from smartengage.uplift_at(p_at) u;
  get diagnostics v_rows = row_count;
  perform smartengage.note_refresh('smartengage.uplift', p_at, v_since, v_rows);
  return v_rows;
end;
$$;

-- Name: FUNCTION measure(p_at timestamp with time zone); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.measure(p_at timestamp with time zone) IS 'Keeps smartengage.uplift_at of an instant in smartengage.uplift, for dashboards and analysts. Result: rows kept. Repeatable; one at a time.';

-- Name: messages(uuid, uuid, uuid, text[], text, text, integer); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.messages(p_campaign_id uuid, p_run_id uuid, p_user_id uuid, p_states text[], p_channel text, p_cursor text, p_limit integer) RETURNS jsonb
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO ''
    SET plan_cache_mode TO 'force_custom_plan'
    AS $$
declare
  v_run_ids uuid[];
  v_id uuid;
  v_page jsonb;
begin
  if p_campaign_id is not null or p_run_id is not null then
    select coalesce(array_agg(r.run_id), '{}') into v_run_ids
    from smartengage.run r
    where r.campaign_id = coalesce(p_campaign_id, r.campaign_id)
      and r.run_id = coalesce(p_run_id, r.run_id);
  end if;
  select c.id into v_id from account.cursor_place(p_cursor) c;
  with page as (
    select m.*, row_number() over (order by m.message_id desc) as n
    from outreach.message m
    where (v_run_ids is null or m.run_id = any (v_run_ids))
      and (p_user_id is null or m.user_id = p_user_id)
      and (p_states is null or m.state = any (p_states))
      and (p_channel is null or m.channel = p_channel)
      and (v_id is null or m.message_id < v_id)
      and m.run_id is not null
    order by m.message_id desc
    limit p_limit + 1
  )
  select jsonb_build_object(
    'items', coalesce(jsonb_agg(jsonb_build_object(
      'message_id', g.message_id, 'user_id', g.user_id, 'campaign_id', g.campaign_id, 'run_id', g.run_id, 'kind', g.kind,
      'message_class', g.message_class, 'channel', g.channel, 'state', g.state, 'state_at', g.state_at, 'reason', g.reason,
      'rule', g.rule, 'rule_version', g.rule_version, 'planned_at', g.planned_at, 'due_at', g.due_at, 'useful_until', g.useful_until,
      'sent_at', d.sent_at, 'service_id', g.service_id, 'template_id', g.template_id, 'occurrence', g.occurrence,
      'exempt_reason', g.exempt_reason) order by g.n) filter (where g.n <= p_limit), '[]'),
    'next_cursor', case when count(*) > p_limit then
      account.cursor(max(g.planned_at) filter (where g.n = p_limit), (array_agg(g.message_id) filter (where g.n = p_limit))[1]) end)
  into v_page
  from page g
  left join outreach.delivery d on d.message_id = g.message_id and d.state <> 'released';
  return v_page;
end;
$$;

-- Name: FUNCTION messages(p_campaign_id uuid, p_run_id uuid, p_user_id uuid, p_states text[], p_channel text, p_cursor text, p_limit integer); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.messages(p_campaign_id uuid, p_run_id uuid, p_user_id uuid, p_states text[], p_channel text, p_cursor text, p_limit integer) IS 'A page of the messages of campaigns, the last planned first (ids are made in the order of time): {items, next_cursor}; null filters are no filters. Ids only, no texts.
sent_at: the sending that counts; null = none.';

-- Name: move_campaign(uuid, text, text, text); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.move_campaign(p_campaign_id uuid, p_status text, p_actor text, p_reason text) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_status text;
begin
  select c.status into v_status
  from smartengage.campaign c
  where c.campaign_id = p_campaign_id
  for no key update;
  if not found then
    raise exception 'There is no such campaign' using errcode = 'SH404', detail = p_campaign_id::text;
  end if;
  if v_status <> p_status and not smartengage.may_become(v_status, p_status) then
    raise exception 'A campaign cannot change so' using errcode = 'SH409', detail = v_status || ' > ' || p_status;
  end if;
  update smartengage.campaign c
  set status = p_status, version = c.version + 1, changed_by = p_actor, changed_reason = p_reason
  where c.campaign_id = p_campaign_id
    and c.status <> p_status;
  return v_status;
end;
$$;

-- Name: FUNCTION move_campaign(p_campaign_id uuid, p_status text, p_actor text, p_reason text); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.move_campaign(p_campaign_id uuid, p_status text, p_actor text, p_reason text) IS 'Gives a campaign another status, with who and why. Repeatable: one that has it already is left as it is.
Result: the status before. Errors: SH404 no such campaign, SH409 not a step of its life.';

-- Name: snapshot_refresh; Type: TABLE; Schema: smartengage; Owner: -

CREATE TABLE smartengage.snapshot_refresh (
    snapshot text NOT NULL,
    as_of timestamp with time zone NOT NULL,
    refreshed_at timestamp with time zone NOT NULL,
    seconds double precision NOT NULL,
    row_count bigint NOT NULL
);

-- Name: TABLE snapshot_refresh; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON TABLE smartengage.snapshot_refresh IS 'When each snapshot was last refreshed, how long it took and how many rows it has.';

-- Name: note_refresh(text, timestamp with time zone, timestamp with time zone, bigint); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.note_refresh(p_snapshot text, p_as_of timestamp with time zone, p_since timestamp with time zone, p_rows bigint) RETURNS void
    LANGUAGE sql
    BEGIN ATOMIC
 INSERT INTO smartengage.snapshot_refresh AS r (snapshot, as_of, refreshed_at, seconds, row_count)
   VALUES (note_refresh.p_snapshot, note_refresh.p_as_of, clock.now(), EXTRACT(epoch FROM (clock_timestamp() - note_refresh.p_since)), note_refresh.p_rows) ON CONFLICT(snapshot) DO UPDATE SET as_of = excluded.as_of, refreshed_at = excluded.refreshed_at, seconds = excluded.seconds, row_count = excluded.row_count;
END;

-- Name: FUNCTION note_refresh(p_snapshot text, p_as_of timestamp with time zone, p_since timestamp with time zone, p_rows bigint); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.note_refresh(p_snapshot text, p_as_of timestamp with time zone, p_since timestamp with time zone, p_rows bigint) IS 'Notes for analytics.freshness that a snapshot was refreshed; p_since: wall-clock instant at which that began.';

-- Name: plan(uuid, text, timestamp with time zone, text[]); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.plan(p_campaign_id uuid, p_trigger_key text, p_at timestamp with time zone, p_segments text[] DEFAULT NULL::text[]) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_campaign smartengage.campaign;
  v_run_id uuid;
begin
  select c.* into v_campaign
  from smartengage.campaign c
  where c.campaign_id = p_campaign_id
  for no key update;
  if not found then
    raise exception 'There is no such campaign' using errcode = 'SH404', detail = p_campaign_id::text;
  end if;
  select r.run_id into v_run_id
  from smartengage.run r
  where r.campaign_id = p_campaign_id
    and r.trigger_key = p_trigger_key;
  if found then
    return smartengage.run_summary(v_run_id) || '{"already": true}';
  end if;
  if v_campaign.status <> 'running' then
    raise exception 'The campaign is not running' using errcode = 'SH409', detail = v_campaign.status;
  end if;
  v_run_id := uuidv7();

  with decided as materialized (
    select d.*, case when d.outcome <> 'refused' then uuidv7() end as message_id
    from smartengage.decide(p_campaign_id, v_run_id::text, p_at, p_segments) d
  ),
  run as (
    -- Counted from who is due, not from what was decided: so the reconciliation can find a candidate that got lost between.
    insert into smartengage.run (run_id, campaign_id, trigger_key, planned_at, candidates, segments)
    select v_run_id, p_campaign_id, p_trigger_key, p_at, count(*), p_segments
    from smartengage.due(p_campaign_id, p_at, p_segments)
  ),
  message as (
    insert into outreach.message (
      message_id, user_id, channel, purpose, message_class, obeys_caps, counts, kind, campaign_id, run_id, occurrence,
      service_id, add_on_ids, suggested_at, expected_at, expected_value, template_id, state, state_at, planned_at,
      due_at, useful_until, window_from, window_until)
    select
      d.message_id, d.user_id, d.channel, k.purpose, k.message_class, k.obeys_caps, k.counts, v_campaign.kind,
      p_campaign_id, v_run_id, d.occurrence,
      d.service_id, a.add_on_ids, s.suggested_at, d.expected_at, d.expected_value, d.template_id,
      case d.outcome when 'ghost' then 'ghost' else 'scheduled' end, p_at, p_at,
      d.due_at, d.useful_until, v_campaign.window_from, v_campaign.window_until
    from decided d
    join policy.message_class k on k.message_class = 'reminder'
    cross join lateral smartengage.likely_add_ons(d.user_id, d.service_id, p_at) a
    cross join lateral smartengage.suggested_time(d.user_id, d.service_id, d.expected_at, p_at) s
    where d.outcome <> 'refused'
    returning channel, state, due_at
  ),
  woken as (
    select outreach.wake(m.channel, array_agg(m.due_at)) from message m where m.state = 'scheduled' group by m.channel
  )
  insert into smartengage.candidate
    (run_id, user_id, service_id, occurrence, segment, p14, expected_at, outcome, message_id, reason, rule, rule_version)
  select
    v_run_id, d.user_id, d.service_id, d.occurrence, d.segment, d.p14, d.expected_at,
    d.outcome, d.message_id, d.reason, d.rule, d.rule_version
  from decided d
  where (select count(*) from woken) >= 0;

  perform smartengage.check_plan(v_run_id);
  perform queue.enqueue('compose', jsonb_build_object('run_id', v_run_id), p_at, 5, 'compose/' || v_run_id);
  return smartengage.run_summary(v_run_id) || '{"already": false}';
end;
$$;

-- Name: FUNCTION plan(p_campaign_id uuid, p_trigger_key text, p_at timestamp with time zone, p_segments text[]); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.plan(p_campaign_id uuid, p_trigger_key text, p_at timestamp with time zone, p_segments text[]) IS 'Plans a run of a campaign: one statement writes what smartengage.decide says of everybody due, exactly one outcome each: a message at the person''s best hour, a ghost (holdout), or a refusal with rule and version.
Reads smartengage.profile, so smartengage.refresh comes first. Makes the wake-ups and the compose job in the same transaction.
Result: {run_id, campaign_id, candidates, messages, ghosts, refused, already}. Repeatable: the same trigger key plans once; the same (campaign, person, occurrence) exists once.
p_segments: see smartengage.due.
Errors: SH404 no such campaign, SH409 it is not running, internal_error a candidate got lost (nothing is planned then).';

-- Name: plan_or_fail(uuid, text, timestamp with time zone, text[]); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.plan_or_fail(p_campaign_id uuid, p_trigger_key text, p_at timestamp with time zone, p_segments text[] DEFAULT NULL::text[]) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_kind text;
  v_status text;
  v_state text;
  v_constraint text;
begin
  select c.kind, c.status into v_kind, v_status from smartengage.campaign c where c.campaign_id = p_campaign_id;
  if v_status = 'paused' then
    -- Asked for, then paused: it is not forgotten. The job in hand still has the usual key.
    perform smartengage.ask_plan(p_campaign_id, p_trigger_key, p_segments, p_at + interval '10 minutes');
  end if;
  if v_status <> 'running' then
    return jsonb_build_object('campaign_id', p_campaign_id, 'status', v_status);
  end if;
  if v_kind = 'announcement' then
    return smartengage.announce_rest(p_campaign_id, p_trigger_key, p_at);
  end if;
  return smartengage.plan(p_campaign_id, p_trigger_key, p_at, p_segments);
exception when others then
  get stacked diagnostics v_state = returned_sqlstate, v_constraint = constraint_name;
  -- What passes by itself (locks, a full disk, a lost connection) is for the queue to try again; a no of ours is an answer.
  if v_state ~ '^(08|40|53|55|57|58|SH4)' then
    raise;
  end if;
  perform smartengage.move_campaign(p_campaign_id, 'failed', 'planner', 'planning_failed');
  -- Not the message: it may quote a row.
  perform policy.raise_alert('campaign_failed', 'campaign ' || p_campaign_id,
    jsonb_build_object('campaign_id', p_campaign_id, 'trigger_key', p_trigger_key, 'sqlstate', v_state, 'constraint', v_constraint), p_at);
  return jsonb_build_object('campaign_id', p_campaign_id, 'failed', v_state);
end;
$$;

-- Name: FUNCTION plan_or_fail(p_campaign_id uuid, p_trigger_key text, p_at timestamp with time zone, p_segments text[]); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.plan_or_fail(p_campaign_id uuid, p_trigger_key text, p_at timestamp with time zone, p_segments text[]) IS 'Plans a run as smartengage.plan does, or the rest of an announcement (smartengage.announce_rest); where planning or assigning goes wrong, nothing of the run is kept, the campaign has failed, and an alert is raised (campaign_failed). What is likely to pass by itself is raised instead, so that the job is tried again.
Result: see smartengage.plan; {campaign_id, status} where it is not running, and while it is paused the run is asked for again later; {campaign_id, failed: SQLSTATE}. Errors: SH404 no such campaign.';

-- Name: refresh(timestamp with time zone); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.refresh(p_at timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_since timestamptz := clock_timestamp();
  v_profiles int;
  v_rows bigint;
begin
  perform pg_advisory_xact_lock(hashtextextended('smartengage.refresh', 0));

  insert into smartengage.profile as p (
    user_id, service_id, as_of, visits, last_visit_at, p7, p14, p28, expected_at, due_from, due_until, overdue_at, lost_at)
  select
    s.customer_id, s.service_id, p_at, s.visits, s.last_visit_at, s.p7, s.p14, s.p28,
    s.expected_at, s.due_from, s.due_until, s.overdue_at, s.lost_at
  from smartengage.score(p_at) s
  on conflict (user_id, service_id) do update
  set as_of = excluded.as_of, visits = excluded.visits, last_visit_at = excluded.last_visit_at,
      p7 = excluded.p7, p14 = excluded.p14, p28 = excluded.p28, expected_at = excluded.expected_at,
      due_from = excluded.due_from, due_until = excluded.due_until,
      overdue_at = excluded.overdue_at, lost_at = excluded.lost_at;
  get diagnostics v_profiles = row_count;
  delete from smartengage.profile p where p.as_of <> p_at;
  perform smartengage.note_refresh('smartengage.profile', p_at, v_since, v_profiles);

  v_since := clock_timestamp();
  insert into smartengage.customer as c (user_id, as_of, visits, first_visit_at, last_visit_at, segment, segment_version)
  select s.user_id, p_at, s.visits, s.first_visit_at, s.last_visit_at, s.segment, s.segment_version
  from smartengage.segmented(p_at) s
  on conflict (user_id) do update
  set as_of = excluded.as_of, visits = excluded.visits, first_visit_at = excluded.first_visit_at,
      last_visit_at = excluded.last_visit_at, segment = excluded.segment, segment_version = excluded.segment_version;
  get diagnostics v_rows = row_count;
  perform smartengage.note_refresh('smartengage.customer', p_at, v_since, v_rows);

  v_since := clock_timestamp();
  delete from smartengage.hour_share h;
  insert into smartengage.hour_share (segment, local_hour, share, as_of)
  select h.segment, h.local_hour, h.share, p_at
  from smartengage.hour_shares(p_at) h;
  get diagnostics v_rows = row_count;
  perform smartengage.note_refresh('smartengage.hour_share', p_at, v_since, v_rows);

  v_since := clock_timestamp();
  refresh materialized view concurrently smartengage.add_on_rate;
  perform smartengage.note_refresh('smartengage.add_on_rate', p_at, v_since, (select count(*) from smartengage.add_on_rate));
  return v_profiles;
end;
$$;

-- Name: FUNCTION refresh(p_at timestamp with time zone); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.refresh(p_at timestamp with time zone) IS 'Computes profiles, segments, habits of hour and add-on rates for one instant: smartengage.profile, smartengage.customer, smartengage.hour_share, smartengage.add_on_rate.
Result: profiles kept. Repeatable: the same instant gives the same rows. One refresh at a time.';

-- Name: request_run(uuid, text, text, text, text, timestamp with time zone); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.request_run(p_campaign_id uuid, p_segment text, p_trigger_key text, p_actor text, p_reason text, p_at timestamp with time zone) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_campaign smartengage.campaign;
  v_key text;
begin
  select c.* into v_campaign
  from smartengage.campaign c
  where c.campaign_id = p_campaign_id
  for no key update;
  if not found then
    raise exception 'There is no such campaign' using errcode = 'SH404', detail = p_campaign_id::text;
  end if;
  if v_campaign.kind <> 'reminder' then
    raise exception 'An announcement is planned when it is sent' using errcode = 'SH409', detail = p_campaign_id::text;
  end if;
  if p_segment <> all (v_campaign.segments) then
    raise exception 'The campaign does not write to this segment' using errcode = 'SH422', column = 'segment', detail = p_segment,
      hint = 'It writes to ' || array_to_string(v_campaign.segments, ', ') || '.';
  end if;
  if v_campaign.status in ('draft', 'scheduled') then
    perform smartengage.move_campaign(p_campaign_id, 'running', p_actor, p_reason);
  elsif v_campaign.status <> 'running' then
    raise exception 'The campaign is not running' using errcode = 'SH409', detail = v_campaign.status;
  end if;

  v_key := coalesce(p_trigger_key, concat_ws(' ', 'asked', p_segment, (p_at at time zone policy.default_zone())::date));
  perform smartengage.ask_plan(p_campaign_id, v_key, case when p_segment is not null then array[p_segment] end);
  insert into policy.audit (happened_at, actor, action, subject, detail)
  values (p_at, p_actor, 'campaign_run', 'campaign ' || p_campaign_id,
          jsonb_build_object('reason', p_reason, 'trigger_key', v_key, 'segment', p_segment));
  return jsonb_build_object('campaign_id', p_campaign_id, 'trigger_key', v_key, 'segment', p_segment, 'run_id', (
    select r.run_id from smartengage.run r where r.campaign_id = p_campaign_id and r.trigger_key = v_key));
end;
$$;

-- Name: FUNCTION request_run(p_campaign_id uuid, p_segment text, p_trigger_key text, p_actor text, p_reason text, p_at timestamp with time zone); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.request_run(p_campaign_id uuid, p_segment text, p_trigger_key text, p_actor text, p_reason text, p_at timestamp with time zone) IS 'Asks for a run of a campaign now, of one of its segments (null = all); starts one that was a draft or scheduled.
Result: {campaign_id, trigger_key, segment, run_id}; run_id null while it is not planned. Repeatable: a trigger key plans once; without one, once a day for each segment.
Errors: SH404 no such campaign; SH409 it is over, paused, or an announcement; SH422 a segment that it does not write to.';

-- Name: roll_back(uuid, uuid, text, text, timestamp with time zone); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.roll_back(p_campaign_id uuid, p_run_id uuid, p_actor text, p_reason text, p_at timestamp with time zone) RETURNS TABLE(message_id uuid, user_id uuid, run_id uuid, channel text, state text, sent_at timestamp with time zone)
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_run_ids uuid[];
  v_stopped int;
begin
  -- Waits for a plan under way.
  perform 1 from smartengage.campaign c where c.campaign_id = p_campaign_id for no key update;
  if not found then
    raise exception 'There is no such campaign' using errcode = 'SH404', detail = p_campaign_id::text;
  end if;
  if p_run_id is null then
    -- Holds it for every claim from now on (trigger campaign_holds_messages).
    update smartengage.campaign c
    set status = 'stopped', version = c.version + 1, changed_by = p_actor, changed_reason = p_reason
    where c.campaign_id = p_campaign_id
      and c.status <> 'stopped';
  end if;
  select array_agg(r.run_id) into v_run_ids
  from smartengage.run r
  where r.campaign_id = p_campaign_id
    and r.run_id = coalesce(p_run_id, r.run_id);
  if v_run_ids is null and p_run_id is not null then
    raise exception 'The campaign has no such run' using errcode = 'SH404', detail = p_run_id::text;
  end if;

  -- Waits for claims in hand; a later statement then finds what they took.
  perform 1
  from outreach.message m
  where m.run_id = any (v_run_ids)
    and m.state in ('scheduled', 'claimed', 'in_doubt')
  order by m.message_id
  for update;

  update outreach.message m
  set state = 'refused', state_at = p_at, reason = 'campaign_stopped',
      rule = 'campaign', rule_version = policy.version('campaign', p_at)
  where m.run_id = any (v_run_ids)
    and m.state = 'scheduled';
  get diagnostics v_stopped = row_count;

  -- What is being handed over cannot be called back; but if the provider does not take it, it is not tried again.
  update outreach.message m
  set useful_until = m.due_at
  where m.run_id = any (v_run_ids)
    and m.state in ('claimed', 'in_doubt');

  if p_run_id is not null then
    insert into policy.audit (happened_at, actor, action, subject, detail)
    values (p_at, p_actor, 'run_stopped', 'run ' || p_run_id, jsonb_build_object('reason', p_reason, 'stopped', v_stopped));
  end if;

  return query
  select m.message_id, m.user_id, m.run_id, m.channel, m.state, d.sent_at
  from outreach.message m
  join outreach.delivery d on d.message_id = m.message_id and d.state <> 'released'
  where m.run_id = any (v_run_ids)
  order by d.sent_at, m.message_id;
end;
$$;

-- Name: FUNCTION roll_back(p_campaign_id uuid, p_run_id uuid, p_actor text, p_reason text, p_at timestamp with time zone); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.roll_back(p_campaign_id uuid, p_run_id uuid, p_actor text, p_reason text, p_at timestamp with time zone) IS 'Stops all of a campaign that has not gone yet (p_run_id null: the campaign is stopped) or only of one run (the campaign goes on), and lists who got it already.
At psql: select * from smartengage.roll_back(''campaign'', null, ''name'', ''wrong text'', clock.now());
Result: a row per message that went or may have gone, the first first; state claimed or in_doubt = whether it arrived is not known yet. Repeatable: again, it lists. Errors: SH404 no such campaign or run.';

-- Name: sample_texts(uuid); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.sample_texts(p_run_id uuid) RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT COALESCE(jsonb_agg(jsonb_build_object('channel', s.channel, 'language', r.language, 'subject', r.subject, 'body', r.body) ORDER BY r.language, s.channel), '[]'::jsonb) AS "coalesce"
    FROM (( SELECT DISTINCT ON (m.channel, m.template_id) m.channel,
             m.message_id
            FROM outreach.message m
           WHERE (m.run_id = sample_texts.p_run_id)
           ORDER BY m.channel, m.template_id, m.message_id) s
      CROSS JOIN LATERAL outreach.rendered(s.message_id, '{link}'::text, '{stop_link}'::text) r(subject, body, language, name));
END;

-- Name: FUNCTION sample_texts(p_run_id uuid); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.sample_texts(p_run_id uuid) IS 'What the messages of a run look like to their readers, one for each channel and language: [{channel, language, subject, body}]; links stand as {link} and {stop_link}.';

-- Name: segment_holds(integer, integer, integer, integer, text, integer, timestamp with time zone, timestamp with time zone, timestamp with time zone, timestamp with time zone, timestamp with time zone); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.segment_holds(p_min_visits integer, p_max_visits integer, p_first_visit_within_days integer, p_silent_for_days integer, p_past text, p_visits integer, p_first_visit_at timestamp with time zone, p_last_visit_at timestamp with time zone, p_overdue_at timestamp with time zone, p_lost_at timestamp with time zone, p_at timestamp with time zone) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (((p_visits >= COALESCE(p_min_visits, 0)) AND (p_visits <= COALESCE(p_max_visits, p_visits))) AND ((p_first_visit_within_days IS NULL) OR (p_first_visit_at > (p_at - make_interval(days => p_first_visit_within_days)))) AND ((p_silent_for_days IS NULL) OR (p_last_visit_at <= (p_at - make_interval(days => p_silent_for_days)))) AND ((p_past IS NULL) OR COALESCE((CASE p_past WHEN 'lost'::text THEN p_lost_at ELSE LEAST(p_overdue_at, p_lost_at) END < p_at), false)));

-- Name: FUNCTION segment_holds(p_min_visits integer, p_max_visits integer, p_first_visit_within_days integer, p_silent_for_days integer, p_past text, p_visits integer, p_first_visit_at timestamp with time zone, p_last_visit_at timestamp with time zone, p_overdue_at timestamp with time zone, p_lost_at timestamp with time zone, p_at timestamp with time zone); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.segment_holds(p_min_visits integer, p_max_visits integer, p_first_visit_within_days integer, p_silent_for_days integer, p_past text, p_visits integer, p_first_visit_at timestamp with time zone, p_last_visit_at timestamp with time zone, p_overdue_at timestamp with time zone, p_lost_at timestamp with time zone, p_at timestamp with time zone) IS 'Whether every given condition of a definition (null = not given, smartengage.segment_rule) holds for what is known of a customer at an instant.';

-- Name: segment_forecast(jsonb); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.segment_forecast(p_definitions jsonb) RETURNS TABLE(segment text, before bigint, after bigint)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 WITH definition AS MATERIALIZED (
          SELECT d.n,
             t.segment,
             t.min_visits,
             t.max_visits,
             t.first_visit_within_days,
             t.silent_for_days,
             t.past
            FROM (jsonb_array_elements(segment_forecast.p_definitions) WITH ORDINALITY d(definition, n)
              CROSS JOIN LATERAL jsonb_to_record(d.definition) t(segment text, min_visits integer, max_visits integer, first_visit_within_days integer, silent_for_days integer, past text))
         ), rhythm AS (
          SELECT p.user_id,
             max(p.overdue_at) AS overdue_at,
             max(p.lost_at) AS lost_at
            FROM smartengage.profile p
           GROUP BY p.user_id
         ), moved AS (
          SELECT c.segment AS before,
             COALESCE(d.segment, 'new'::text) AS after,
             count(*) AS customers
            FROM ((smartengage.customer c
              LEFT JOIN rhythm r ON ((r.user_id = c.user_id)))
              LEFT JOIN LATERAL ( SELECT d_1.segment
                    FROM definition d_1
                   WHERE smartengage.segment_holds(d_1.min_visits, d_1.max_visits, d_1.first_visit_within_days, d_1.silent_for_days, d_1.past, c.visits, c.first_visit_at, c.last_visit_at, r.overdue_at, r.lost_at, c.as_of)
                   ORDER BY d_1.n
                  LIMIT 1) d ON (true))
           GROUP BY c.segment, COALESCE(d.segment, 'new'::text)
         )
  SELECT s.segment,
     (COALESCE(( SELECT sum(m.customers) AS sum
            FROM moved m
           WHERE (m.before = s.segment)), (0)::numeric))::bigint AS "coalesce",
     (COALESCE(( SELECT sum(m.customers) AS sum
            FROM moved m
           WHERE (m.after = s.segment)), (0)::numeric))::bigint AS "coalesce"
    FROM unnest(ARRAY['new'::text, 'repeat'::text, 'at_risk'::text, 'inactive'::text]) s(segment);
END;

-- Name: FUNCTION segment_forecast(p_definitions jsonb); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.segment_forecast(p_definitions jsonb) IS 'How many customers each segment holds, and how many it would hold by other definitions ([{segment, min_visits, max_visits, first_visit_within_days, silent_for_days, past}], tried in their order).
Both of the last refresh (smartengage.customer), so that they differ by the definitions alone.';

-- Name: segment_rule; Type: TABLE; Schema: smartengage; Owner: -

CREATE TABLE smartengage.segment_rule (
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
    CONSTRAINT segment_days_are_positive CHECK (((first_visit_within_days > 0) AND (silent_for_days > 0))),
    CONSTRAINT segment_is_known CHECK ((segment = ANY (ARRAY['new'::text, 'repeat'::text, 'at_risk'::text, 'inactive'::text]))),
    CONSTRAINT segment_past_is_known CHECK ((past = ANY (ARRAY['overdue'::text, 'lost'::text]))),
    CONSTRAINT segment_rule_reason_is_given CHECK ((btrim(reason) <> ''::text)),
    CONSTRAINT segment_validity_is_not_empty CHECK ((NOT isempty(valid_at))),
    CONSTRAINT segment_visits_are_counts CHECK (((min_visits >= 0) AND (max_visits >= 0))),
    CONSTRAINT segment_visits_are_in_order CHECK ((min_visits <= max_visits))
);

-- Name: TABLE segment_rule; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON TABLE smartengage.segment_rule IS 'Definitions of segments: rows are tried by position, the first whose every given condition holds names the segment.';

-- Name: COLUMN segment_rule.silent_for_days; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.segment_rule.silent_for_days IS 'At least so many days since the last completed booking.';

-- Name: COLUMN segment_rule.past; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.segment_rule.past IS 'overdue: past the 80th percentile of every own predicted next booking; lost: past the 97.5th.';

-- Name: segmented(timestamp with time zone); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.segmented(p_at timestamp with time zone) RETURNS TABLE(user_id uuid, visits integer, first_visit_at timestamp with time zone, last_visit_at timestamp with time zone, segment text, segment_version integer)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 WITH visited AS (
          SELECT b.customer_id,
             (count(*))::integer AS visits,
             min(b.completed_at) AS first_visit_at,
             max(b.completed_at) AS last_visit_at
            FROM market.booking b
           WHERE ((b.status = 'completed'::text) AND (b.completed_at < segmented.p_at))
           GROUP BY b.customer_id
         ), rhythm AS (
          SELECT p.user_id,
             max(p.overdue_at) AS overdue_at,
             max(p.lost_at) AS lost_at
            FROM smartengage.profile p
           GROUP BY p.user_id
         ), customer AS (
          SELECT p.user_id,
             COALESCE(v.visits, 0) AS visits,
             v.first_visit_at,
             v.last_visit_at,
             r.overdue_at,
             r.lost_at
            FROM ((account.person p
              LEFT JOIN visited v ON ((v.customer_id = p.user_id)))
              LEFT JOIN rhythm r ON ((r.user_id = p.user_id)))
           WHERE (p.role = 'customer'::text)
         ), definition AS (
          SELECT s.segment,
             s.version,
             s."position",
             s.min_visits,
             s.max_visits,
             s.first_visit_within_days,
             s.silent_for_days,
             s.past,
             s.valid_at,
             s.author,
             s.reason
            FROM smartengage.segment_rule s
           WHERE (s.valid_at @> segmented.p_at)
         )
  SELECT c.user_id,
     c.visits,
     c.first_visit_at,
     c.last_visit_at,
     COALESCE(d.segment, 'new'::text) AS "coalesce",
     COALESCE(d.version, 1) AS "coalesce"
    FROM (customer c
      LEFT JOIN LATERAL ( SELECT d_1.segment,
             d_1.version
            FROM definition d_1
           WHERE smartengage.segment_holds(d_1.min_visits, d_1.max_visits, d_1.first_visit_within_days, d_1.silent_for_days, d_1.past, c.visits, c.first_visit_at, c.last_visit_at, c.overdue_at, c.lost_at, segmented.p_at)
           ORDER BY d_1."position"
          LIMIT 1) d ON (true));
END;

-- Name: FUNCTION segmented(p_at timestamp with time zone); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.segmented(p_at timestamp with time zone) IS 'Every customer with their segment at an instant, by smartengage.segment_rule: the first definition by position whose every given condition holds; new where none does.
Reads the rhythm from smartengage.profile, so refresh that for the same instant first (smartengage.refresh does both).';

-- Name: segments(timestamp with time zone); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.segments(p_at timestamp with time zone) RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT jsonb_build_object('definitions', COALESCE(( SELECT jsonb_agg(jsonb_build_object('segment', s.segment, 'min_visits', s.min_visits, 'max_visits', s.max_visits, 'first_visit_within_days', s.first_visit_within_days, 'silent_for_days', s.silent_for_days, 'past', s.past) ORDER BY s."position") AS jsonb_agg
            FROM smartengage.segment_rule s
           WHERE (s.valid_at @> segments.p_at)), '[]'::jsonb), 'version', ( SELECT max(s.version) AS max
            FROM smartengage.segment_rule s
           WHERE (s.valid_at @> segments.p_at)), 'versions', COALESCE(( SELECT jsonb_agg(jsonb_build_object('version', v.version, 'valid_from', lower(v.valid_at), 'valid_until', upper(v.valid_at), 'author', v.author, 'reason', v.reason) ORDER BY v.version DESC) AS jsonb_agg
            FROM ( SELECT DISTINCT ON (s.version) s.version,
                     s.valid_at,
                     s.author,
                     s.reason
                    FROM smartengage.segment_rule s
                   ORDER BY s.version, s."position") v), '[]'::jsonb), 'customers', ( SELECT jsonb_agg(jsonb_build_object('segment', s.segment, 'customers', ( SELECT count(*) AS count
                    FROM smartengage.customer c
                   WHERE (c.segment = s.segment))) ORDER BY s.n) AS jsonb_agg
            FROM unnest(ARRAY['new'::text, 'repeat'::text, 'at_risk'::text, 'inactive'::text]) WITH ORDINALITY s(segment, n)), 'as_of', ( SELECT r.as_of
            FROM smartengage.snapshot_refresh r
           WHERE (r.snapshot = 'smartengage.customer'::text))) AS jsonb_build_object;
END;

-- Name: FUNCTION segments(p_at timestamp with time zone); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.segments(p_at timestamp with time zone) IS 'The segments as admins see them: {definitions in the order they are tried, version, versions latest first, customers of the last refresh by segment, as_of of that refresh (null = there was none)}.';

-- Name: send_bulk(text, text[], uuid[], uuid, uuid, text[], boolean, double precision, double precision, text, boolean, text, timestamp with time zone); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.send_bulk(p_name text, p_segments text[], p_user_ids uuid[], p_template_id uuid, p_service_id uuid, p_channels text[], p_urgent boolean, p_canary_share double precision, p_holdout_share double precision, p_reason text, p_dry_run boolean, p_actor text, p_at timestamp with time zone) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_user_ids uuid[] := p_user_ids;
  v_unknown uuid;
  v_campaign_id uuid;
  v_run_id uuid;
  v_result jsonb;
begin
  perform smartengage.check_announcement(p_template_id, p_service_id);
  if exists (select from smartengage.campaign c where c.name = p_name) then
    raise exception 'A campaign of this name exists' using errcode = 'SH409', column = 'name', detail = p_name;
  end if;
  if (p_segments is null) = (p_user_ids is null) then
    raise exception 'Say to which segments or to which people' using errcode = 'SH422', column = 'segments', hint = 'One of both.';
  end if;
  if p_segments is not null then
    perform smartengage.check_segments(p_segments);
    if not exists (select from smartengage.customer c where c.segment <> all (p_segments)) then
      raise exception 'The segments match everybody' using errcode = 'SH422', column = 'segments', detail = array_to_string(p_segments, ',');
    end if;
    select array_agg(c.user_id) into v_user_ids from smartengage.customer c where c.segment = any (p_segments);
  else
    select u.user_id into v_unknown
    from unnest(p_user_ids) as u (user_id)
    where not exists (select from account.person p where p.user_id = u.user_id and p.role = 'customer')
    limit 1;
    if found then
      raise exception 'Somebody is not a customer' using errcode = 'SH422', column = 'user_ids', detail = v_unknown::text;
    end if;
  end if;

  begin
    insert into smartengage.campaign (
      name, kind, status, repeats, segments, channels, canary_share, holdout_share, created_at, created_by, changed_reason)
    values (p_name, 'announcement', 'running', false, coalesce(p_segments, '{}'), p_channels, p_canary_share, p_holdout_share, p_at, p_actor, p_reason)
    returning campaign_id into v_campaign_id;
    v_run_id := smartengage.announce(
      v_campaign_id, 'bulk', v_user_ids, 'announcement', p_template_id, p_service_id, p_channels,
      case when p_urgent then p_reason end, p_urgent, p_at) ->> 'run_id';
    v_result := smartengage.run_report(v_run_id) || jsonb_build_object(
      'dry_run', p_dry_run, 'campaign_id', v_campaign_id,
      'refused_people', coalesce((
        select jsonb_agg(jsonb_build_object('user_id', x.user_id, 'reason', x.reason, 'rule', x.rule, 'rule_version', x.rule_version))
        from (
          select c.user_id, c.reason, c.rule, c.rule_version
          from smartengage.candidate c
          where c.run_id = v_run_id
            and c.outcome = 'refused'
          order by c.user_id
          limit 200
        ) x), '[]'),
      'texts', smartengage.sample_texts(v_run_id));
    if p_dry_run then
      raise exception 'The preview is the act itself, undone' using errcode = 'SHDRY';
    end if;
  exception when sqlstate 'SHDRY' then
    return v_result || '{"campaign_id": null, "run_id": null}';
  end;
  insert into policy.audit (happened_at, actor, action, subject, detail)
  values (p_at, p_actor, 'send_bulk', 'run ' || v_run_id, jsonb_build_object(
    'reason', p_reason, 'campaign_id', v_campaign_id, 'template_id', p_template_id, 'service_id', p_service_id, 'urgent', p_urgent,
    'segments', p_segments, 'people', cardinality(v_user_ids), 'messages', v_result -> 'messages', 'refused', v_result -> 'refused'));
  return v_result;
end;
$$;

-- Name: FUNCTION send_bulk(p_name text, p_segments text[], p_user_ids uuid[], p_template_id uuid, p_service_id uuid, p_channels text[], p_urgent boolean, p_canary_share double precision, p_holdout_share double precision, p_reason text, p_dry_run boolean, p_actor text, p_at timestamp with time zone); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.send_bulk(p_name text, p_segments text[], p_user_ids uuid[], p_template_id uuid, p_service_id uuid, p_channels text[], p_urgent boolean, p_canary_share double precision, p_holdout_share double precision, p_reason text, p_dry_run boolean, p_actor text, p_at timestamp with time zone) IS 'Sends a text to segments or to a list of customers as a campaign of kind announcement: each at their best hour within a day, urgent ones at once; to a canary first where its share is below 1 (smartengage.judge_campaign opens the rest).
p_dry_run: decides and renders in just this way, then undoes it.
Result: see smartengage.run_report, with {dry_run, campaign_id, refused_people: at most 200 of [{user_id, reason, rule, rule_version}], texts: [{channel, language, subject, body}]}.
Errors: SH422 unknown template, service, segment or customer, an unapproved template, segments that match nobody or everybody; SH409 the name is taken.';

-- Name: send_single(uuid, uuid, uuid, text, boolean, text, boolean, text, timestamp with time zone); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.send_single(p_user_id uuid, p_template_id uuid, p_service_id uuid, p_channel text, p_urgent boolean, p_reason text, p_dry_run boolean, p_actor text, p_at timestamp with time zone) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_campaign_id uuid;
  v_run_id uuid;
  v_result jsonb;
begin
  perform smartengage.check_announcement(p_template_id, p_service_id);
  if not exists (select from account.person p where p.user_id = p_user_id and p.role = 'customer') then
    raise exception 'There is no such customer' using errcode = 'SH422', column = 'user_id', detail = p_user_id::text;
  end if;
  begin
    v_campaign_id := smartengage.single_sends(p_actor, p_at);
    v_run_id := smartengage.announce(
      v_campaign_id, 'single ' || uuidv7(), array[p_user_id],
      concat_ws('/', p_template_id, p_service_id), p_template_id, p_service_id,
      case when p_channel is null then (select c.channels from smartengage.campaign c where c.campaign_id = v_campaign_id) else array[p_channel] end,
      case when p_urgent then p_reason end, true, p_at) ->> 'run_id';

    select jsonb_build_object(
      'dry_run', p_dry_run, 'campaign_id', v_campaign_id, 'run_id', v_run_id,
      'outcome', c.outcome, 'reason', c.reason, 'rule', c.rule, 'rule_version', c.rule_version,
      'message_id', m.message_id, 'channel', m.channel, 'due_at', m.due_at, 'useful_until', m.useful_until,
      'text', smartengage.sample_texts(v_run_id) -> 0)
    into v_result
    from smartengage.candidate c
    left join outreach.message m on m.message_id = c.message_id
    where c.run_id = v_run_id;

    if p_dry_run then
      raise exception 'The preview is the act itself, undone' using errcode = 'SHDRY';
    end if;
  exception when sqlstate 'SHDRY' then
    return v_result || '{"campaign_id": null, "run_id": null, "message_id": null}';
  end;
  insert into policy.audit (happened_at, actor, action, subject, detail)
  values (p_at, p_actor, 'send_single', 'run ' || v_run_id, jsonb_build_object(
    'reason', p_reason, 'user_id', p_user_id, 'template_id', p_template_id, 'service_id', p_service_id,
    'urgent', p_urgent, 'outcome', v_result -> 'outcome', 'refused_for', v_result -> 'reason'));
  return v_result;
end;
$$;

-- Name: FUNCTION send_single(p_user_id uuid, p_template_id uuid, p_service_id uuid, p_channel text, p_urgent boolean, p_reason text, p_dry_run boolean, p_actor text, p_at timestamp with time zone); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.send_single(p_user_id uuid, p_template_id uuid, p_service_id uuid, p_channel text, p_urgent boolean, p_reason text, p_dry_run boolean, p_actor text, p_at timestamp with time zone) IS 'Sends a text to one customer as soon as the gates allow, or tells which of them does not. The same text about the same service reaches a person once a day, however often it is asked for.
p_channel: only on this one; null = the person''s best. p_urgent: passes over caps, for p_reason. p_dry_run: decides and renders in just this way, then undoes it.
Result: {dry_run, campaign_id, run_id, outcome: message | refused, reason, rule, rule_version, message_id, channel, due_at, useful_until, text: {channel, language, subject, body}}.
Errors: SH409 the single sends of the day were stopped; SH422 unknown customer, template or service, or an unapproved template.';

-- Name: single_sends(text, timestamp with time zone); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.single_sends(p_actor text, p_at timestamp with time zone) RETURNS uuid
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_day constant date := (p_at at time zone policy.default_zone())::date;
  v_campaign_id uuid;
begin
  insert into smartengage.campaign (
    name, kind, status, segments, channels, holdout_share, starts_at, ends_at, created_at, created_by, changed_reason)
  values (
    'single sends ' || v_day, 'announcement', 'running', '{}', '{email,in_app,whatsapp,push,sms}', 0,
    v_day::timestamp at time zone policy.default_zone(), (v_day + 1)::timestamp at time zone policy.default_zone(),
    p_at, p_actor, 'the first single send of the day')
  on conflict (name) do nothing;
  select c.campaign_id into v_campaign_id from smartengage.campaign c where c.name = 'single sends ' || v_day;
  return v_campaign_id;
end;
$$;

-- Name: FUNCTION single_sends(p_actor text, p_at timestamp with time zone); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.single_sends(p_actor text, p_at timestamp with time zone) IS 'The campaign that the single sends of a local day belong to, made with the first of them: it reconciles and stops them like any other, and ends with the day.';

-- Name: suggested_time(uuid, uuid, timestamp with time zone, timestamp with time zone); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.suggested_time(p_user_id uuid, p_service_id uuid, p_expected_at timestamp with time zone, p_at timestamp with time zone) RETURNS TABLE(suggested_at timestamp with time zone)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT ((((GREATEST(p_expected_at, (p_at + '1 day'::interval)) AT TIME ZONE ( SELECT policy.default_zone() AS default_zone)))::date + COALESCE(( SELECT ((b.scheduled_at AT TIME ZONE ( SELECT policy.default_zone() AS default_zone)))::time without time zone AS timezone
            FROM market.booking b
           WHERE ((b.customer_id = suggested_time.p_user_id) AND (b.service_id = suggested_time.p_service_id) AND (b.status = 'completed'::text) AND (b.completed_at < suggested_time.p_at))
           ORDER BY b.completed_at DESC
          LIMIT 1), '10:00:00'::time without time zone)) AT TIME ZONE ( SELECT policy.default_zone() AS default_zone)) AS timezone;
END;

-- Name: FUNCTION suggested_time(p_user_id uuid, p_service_id uuid, p_expected_at timestamp with time zone, p_at timestamp with time zone); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.suggested_time(p_user_id uuid, p_service_id uuid, p_expected_at timestamp with time zone, p_at timestamp with time zone) IS 'The time that a booking link is pre-filled with: the expected day, tomorrow at the earliest, at the hour of the person''s last visit for this service.
Result: one row. A set, so that it becomes part of the query that asks for many people.';

-- Name: trial(timestamp with time zone); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.trial(p_at timestamp with time zone) RETURNS TABLE(scope text, campaign_id uuid, segment text, user_id uuid, held_out boolean, booked boolean)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 WITH span AS MATERIALIZED (
          SELECT make_interval(days => (policy.number('attribution.window'::text, trial.p_at))::integer) AS days
         ), planned AS (
          SELECT 'campaign'::text AS scope,
             r.campaign_id,
             c.segment,
             c.user_id,
             c.service_id,
             (c.outcome = 'ghost'::text) AS held_out,
             r.planned_at
            FROM (smartengage.candidate c
              JOIN smartengage.run r ON ((r.run_id = c.run_id)))
           WHERE (c.outcome = ANY (ARRAY['message'::text, 'ghost'::text]))
         UNION ALL
         ( SELECT DISTINCT ON (r.campaign_id, c.user_id, c.occurrence) 'everything'::text,
             NULL::uuid AS uuid,
             c.segment,
             c.user_id,
             c.service_id,
             (NOT (c.reason IS DISTINCT FROM 'global_control'::text)),
             r.planned_at
            FROM (smartengage.candidate c
              JOIN smartengage.run r ON ((r.run_id = c.run_id)))
           WHERE ((r.message_class = 'reminder'::text) AND ((c.reason IS NULL) OR (c.reason <> ALL (ARRAY['flag_off'::text, 'person_inactive'::text]))))
           ORDER BY r.campaign_id, c.user_id, c.occurrence, r.planned_at)
         )
  SELECT p.scope,
     p.campaign_id,
     p.segment,
     p.user_id,
     p.held_out,
     (EXISTS ( SELECT
            FROM market.booking b
           WHERE ((b.customer_id = p.user_id) AND (b.service_id = p.service_id) AND (b.status <> 'cancelled'::text) AND (b.created_at >= p.planned_at) AND (b.created_at < (p.planned_at + s.days))))) AS "exists"
    FROM (planned p
      CROSS JOIN span s)
   WHERE (p.planned_at <= (trial.p_at - s.days));
END;

-- Name: FUNCTION trial(p_at timestamp with time zone); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.trial(p_at timestamp with time zone) IS 'The experiments that every campaign is, as rows: who was written to, who was held out, and who of both booked that service within attribution.window days of the planning; only windows that have ended.
scope campaign: messages against ghosts of the same campaign, who passed the same gates. scope everything (campaign_id null): everybody due in any campaign against the global control group; these gates stand before consent, so people who could not have been written to are in both groups and make the difference smaller, never greater.';

-- Name: uplift_at(timestamp with time zone); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.uplift_at(p_at timestamp with time zone) RETURNS TABLE(scope text, campaign_id uuid, segment text, messages bigint, ghosts bigint, message_people bigint, ghost_people bigint, booked_share double precision, ghost_booked_share double precision, uplift double precision, uplift_low double precision, uplift_high double precision, too_early boolean)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 WITH person AS (
          SELECT t.scope,
             t.campaign_id,
             t.segment,
             t.user_id,
             t.held_out,
             count(*) AS cases,
             count(*) FILTER (WHERE t.booked) AS hits
            FROM smartengage.trial(uplift_at.p_at) t(scope, campaign_id, segment, user_id, held_out, booked)
           GROUP BY GROUPING SETS ((t.scope, t.campaign_id, t.user_id, t.held_out), (t.scope, t.campaign_id, t.user_id, t.held_out, t.segment))
         ), arm AS MATERIALIZED (
          SELECT p.scope,
             p.campaign_id,
             p.segment,
             p.held_out,
             count(*) AS people,
             (sum(p.cases))::bigint AS cases,
             ((sum(p.hits) / sum(p.cases)))::double precision AS share,
             smartengage.effective_size((count(*))::double precision, (sum(p.cases))::double precision, (sum(p.hits))::double precision, (sum((p.hits * p.hits)))::double precision, (sum((p.hits * p.cases)))::double precision, (sum((p.cases * p.cases)))::double precision) AS worth
            FROM person p
           GROUP BY p.scope, p.campaign_id, p.segment, p.held_out
         )
  SELECT m.scope,
     m.campaign_id,
     m.segment,
     m.cases,
     g.cases,
     m.people,
     g.people,
     m.share,
     g.share,
     d.difference,
     d.low,
     d.high,
     ((LEAST(m.people, g.people))::double precision < ( SELECT policy.number('uplift.min_sample'::text, uplift_at.p_at) AS number))
    FROM ((arm m
      JOIN arm g ON ((g.held_out AND (g.scope = m.scope) AND (NOT (g.campaign_id IS DISTINCT FROM m.campaign_id)) AND (NOT (g.segment IS DISTINCT FROM m.segment)))))
      CROSS JOIN LATERAL smartengage.difference(m.share, m.worth, g.share, g.worth) d(difference, low, high))
   WHERE (NOT m.held_out);
END;

-- Name: FUNCTION uplift_at(p_at timestamp with time zone); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.uplift_at(p_at timestamp with time zone) IS 'What being written to brought, at an instant: the share of planned messages whose reader booked (smartengage.trial) less that of the held out, per campaign and over all campaigns, as a whole (segment null) and per segment, with a 95 % interval.
Groups are drawn by person, so the interval counts people: Newcombe''s, with what their cases are worth (smartengage.effective_size). too_early: fewer people in a group than uplift.min_sample; nothing should be concluded yet. No row where a group is empty.';

-- Name: verdict(uuid, text, timestamp with time zone); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.verdict(p_campaign_id uuid, p_draw text, p_at timestamp with time zone) RETURNS TABLE(user_id uuid, service_id uuid, segment text, outcome text, reason text, rule text, rule_version integer)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT d.user_id,
     d.service_id,
     d.segment,
     d.outcome,
     d.reason,
     d.rule,
     d.rule_version
    FROM smartengage.decide(verdict.p_campaign_id, verdict.p_draw, verdict.p_at) d(user_id, service_id, segment, occurrence, p14, expected_at, expected_value, useful_until, channel, template_id, due_at, outcome, reason, rule, rule_version)
 UNION ALL
  SELECT s.user_id,
     s.service_id,
     s.segment,
     'no_candidate'::text,
     s.reason,
     g.rule,
     g.version
    FROM (smartengage.standing(verdict.p_campaign_id, verdict.p_at) s(user_id, service_id, segment, occurrence, p14, expected_at, expected_value, useful_until, reason)
      LEFT JOIN ( SELECT g_1.reason,
             g_1.rule,
             v.version
            FROM (outreach.refusal_rule g_1
              LEFT JOIN policy.rule v ON (((v.rule = g_1.rule) AND (v.valid_at @> verdict.p_at))))
          OFFSET 0) g ON ((g.reason = s.reason)))
   WHERE (s.reason IS NOT NULL);
END;

-- Name: FUNCTION verdict(p_campaign_id uuid, p_draw text, p_at timestamp with time zone); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.verdict(p_campaign_id uuid, p_draw text, p_at timestamp with time zone) IS 'What a campaign would do with every customer at an instant, and why: a row for each row of smartengage.standing.
outcome: message, ghost or refused as smartengage.decide says of the candidates; no_candidate for all others. reason, rule, rule_version: of the first gate that stops them, null for message and ghost.
p_draw: see smartengage.decide. Pure; one statement, however many customers.';

-- Name: widen(uuid, text, text, timestamp with time zone); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.widen(p_campaign_id uuid, p_actor text, p_reason text, p_at timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
  v_campaign smartengage.campaign;
begin
  select c.* into v_campaign
  from smartengage.campaign c
  where c.campaign_id = p_campaign_id
  for no key update;
  if not found then
    raise exception 'There is no such campaign' using errcode = 'SH404', detail = p_campaign_id::text;
  end if;
  if v_campaign.status not in ('running', 'paused', 'scheduled', 'draft') then
    raise exception 'A campaign that is over is not widened' using errcode = 'SH409', detail = v_campaign.status;
  end if;
  if v_campaign.widened_at is not null or v_campaign.canary_share >= 1 then
    return;
  end if;
  update smartengage.campaign c
  set widened_at = p_at, version = c.version + 1, changed_by = p_actor, changed_reason = p_reason
  where c.campaign_id = p_campaign_id;
  if v_campaign.status = 'running' then
    perform smartengage.ask_plan(p_campaign_id, 'widened', null);
  end if;
end;
$$;

-- Name: FUNCTION widen(p_campaign_id uuid, p_actor text, p_reason text, p_at timestamp with time zone); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.widen(p_campaign_id uuid, p_actor text, p_reason text, p_at timestamp with time zone) IS 'Opens a campaign from its canary share to everybody, and asks for a run of those who were not in it. Repeatable.
Errors: SH404 no such campaign, SH409 it is over.';

-- Name: invalid_zone; Type: VIEW; Schema: account; Owner: -

CREATE VIEW account.invalid_zone AS
 SELECT user_id,
    time_zone
   FROM account.person p
  WHERE ((time_zone IS NOT NULL) AND (NOT (EXISTS ( SELECT
           FROM policy.time_zone z
          WHERE (z.name = p.time_zone)))));

-- Name: VIEW invalid_zone; Type: COMMENT; Schema: account; Owner: -

COMMENT ON VIEW account.invalid_zone IS 'People whose time zone this server does not know; they are treated as in the default zone. Operations mend them here.';

-- Name: COLUMN invalid_zone.user_id; Type: COMMENT; Schema: account; Owner: -

COMMENT ON COLUMN account.invalid_zone.user_id IS 'The person.';

-- Name: COLUMN invalid_zone.time_zone; Type: COMMENT; Schema: account; Owner: -

COMMENT ON COLUMN account.invalid_zone.time_zone IS 'The zone as given.';

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

-- Name: local_zone; Type: VIEW; Schema: policy; Owner: -

CREATE VIEW policy.local_zone AS
 SELECT (value #>> '{}'::text[]) AS zone
   FROM policy.rule r
  WHERE ((rule = 'default_zone'::text) AND (valid_at @> clock.now()));

-- Name: VIEW local_zone; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON VIEW policy.local_zone IS 'policy.default_zone() as a view, one row: views that others than their owner read cannot call functions that read tables.';

-- Name: COLUMN local_zone.zone; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON COLUMN policy.local_zone.zone IS 'IANA name.';

-- Name: sent; Type: VIEW; Schema: smartengage; Owner: -

CREATE VIEW smartengage.sent AS
 SELECT d.message_id,
    d.sent_at,
    d.channel,
    c.segment,
    s.category,
    r.campaign_id,
    t.origin,
    (outreach.state_rank(m.state) >= outreach.state_rank('delivered'::text)) AS delivered,
    (outreach.state_rank(m.state) >= outreach.state_rank('opened'::text)) AS opened,
    (outreach.state_rank(m.state) >= outreach.state_rank('clicked'::text)) AS clicked,
    (m.state = 'booked'::text) AS booked,
    (d.state = 'bounced'::text) AS bounced,
    (d.state = 'in_doubt'::text) AS in_doubt
   FROM (((((outreach.delivery d
     JOIN outreach.message m ON ((m.message_id = d.message_id)))
     JOIN smartengage.candidate c ON ((c.message_id = m.message_id)))
     JOIN smartengage.run r ON ((r.run_id = c.run_id)))
     JOIN market.service s ON ((s.service_id = m.service_id)))
     LEFT JOIN outreach.template t ON ((t.template_id = d.template_id)))
  WHERE (d.state <> 'released'::text);

-- Name: VIEW sent; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON VIEW smartengage.sent IS 'Campaign messages that were handed to a provider, a row each, and how far they came. The state of a message knows only what people did: opens and clicks of machines are left out.';

-- Name: COLUMN sent.message_id; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.sent.message_id IS 'The message.';

-- Name: COLUMN sent.sent_at; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.sent.sent_at IS 'Instant (UTC) of the sending.';

-- Name: COLUMN sent.channel; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.sent.channel IS 'Channel.';

-- Name: COLUMN sent.segment; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.sent.segment IS 'Segment of the customer when planned.';

-- Name: COLUMN sent.category; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.sent.category IS 'Category of the service.';

-- Name: COLUMN sent.campaign_id; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.sent.campaign_id IS 'The campaign.';

-- Name: COLUMN sent.origin; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.sent.origin IS 'Who wrote the text: house, model; null where it is not known any more.';

-- Name: COLUMN sent.delivered; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.sent.delivered IS 'Came at least this far.';

-- Name: COLUMN sent.opened; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.sent.opened IS 'Came at least this far.';

-- Name: COLUMN sent.clicked; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.sent.clicked IS 'Came at least this far.';

-- Name: COLUMN sent.booked; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.sent.booked IS 'Led to an attributed booking.';

-- Name: COLUMN sent.bounced; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.sent.bounced IS 'Came back.';

-- Name: COLUMN sent.in_doubt; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.sent.in_doubt IS 'Handed over, answer lost.';

-- Name: engagement; Type: VIEW; Schema: analytics; Owner: -

CREATE VIEW analytics.engagement AS
 SELECT ((s.sent_at AT TIME ZONE z.zone))::date AS local_day,
    s.channel,
    s.segment,
    s.category,
    count(*) AS sent,
    count(*) FILTER (WHERE s.delivered) AS delivered,
    count(*) FILTER (WHERE s.opened) AS opened,
    count(*) FILTER (WHERE s.clicked) AS clicked,
    count(*) FILTER (WHERE s.booked) AS booked,
    count(*) FILTER (WHERE s.bounced) AS bounced,
    count(*) FILTER (WHERE s.in_doubt) AS in_doubt
   FROM (smartengage.sent s
     CROSS JOIN policy.local_zone z)
  GROUP BY (((s.sent_at AT TIME ZONE z.zone))::date), s.channel, s.segment, s.category;

-- Name: VIEW engagement; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON VIEW analytics.engagement IS 'What became of what was sent: one row per local day, channel, segment and category. Opens and clicks of machines are left out.';

-- Name: COLUMN engagement.local_day; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.engagement.local_day IS 'Day of the sending in the default time zone.';

-- Name: COLUMN engagement.channel; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.engagement.channel IS 'Channel.';

-- Name: COLUMN engagement.segment; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.engagement.segment IS 'Segment of the customer when planned.';

-- Name: COLUMN engagement.category; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.engagement.category IS 'Category of the service.';

-- Name: COLUMN engagement.sent; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.engagement.sent IS 'Handed to a provider, in doubt included.';

-- Name: COLUMN engagement.delivered; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.engagement.delivered IS 'Came at least this far.';

-- Name: COLUMN engagement.opened; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.engagement.opened IS 'Came at least this far.';

-- Name: COLUMN engagement.clicked; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.engagement.clicked IS 'Came at least this far.';

-- Name: COLUMN engagement.booked; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.engagement.booked IS 'Led to an attributed booking.';

-- Name: COLUMN engagement.bounced; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.engagement.bounced IS 'Came back.';

-- Name: COLUMN engagement.in_doubt; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.engagement.in_doubt IS 'Handed over, answer lost.';

-- Name: exemption; Type: VIEW; Schema: analytics; Owner: -

CREATE VIEW analytics.exemption AS
 SELECT m.message_id,
    m.planned_at AS as_of,
    g.name AS campaign,
    m.run_id,
    m.channel,
    m.state,
    m.exempt_reason,
    a.actor AS asked_by
   FROM (((outreach.message m
     JOIN smartengage.run r ON ((r.run_id = m.run_id)))
     JOIN smartengage.campaign g ON ((g.campaign_id = r.campaign_id)))
     LEFT JOIN policy.audit a ON (((a.subject = ('run '::text || m.run_id)) AND (a.action = ANY (ARRAY['send_single'::text, 'send_bulk'::text])))))
  WHERE (m.exempt_reason IS NOT NULL);

-- Name: VIEW exemption; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON VIEW analytics.exemption IS 'Messages that may pass over a used-up cap: one row each, with who asked for it and why. Whether a cap was used up when it went is not said; all of them are few.';

-- Name: COLUMN exemption.message_id; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.exemption.message_id IS 'The message.';

-- Name: COLUMN exemption.as_of; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.exemption.as_of IS 'Instant (UTC) it was planned.';

-- Name: COLUMN exemption.campaign; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.exemption.campaign IS 'Name of the campaign.';

-- Name: COLUMN exemption.run_id; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.exemption.run_id IS 'The run.';

-- Name: COLUMN exemption.channel; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.exemption.channel IS 'Its channel.';

-- Name: COLUMN exemption.state; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.exemption.state IS 'Where it is now.';

-- Name: COLUMN exemption.exempt_reason; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.exemption.exempt_reason IS 'The recorded reason.';

-- Name: COLUMN exemption.asked_by; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.exemption.asked_by IS 'Id of the admin; null for the part of a bulk send that followed its canary.';

-- Name: feedback; Type: VIEW; Schema: outreach; Owner: -

CREATE VIEW outreach.feedback AS
 SELECT DISTINCT ON (message_id) message_id,
    (kind = 'useful'::text) AS useful,
    recorded_at
   FROM outreach.event e
  WHERE (kind = ANY (ARRAY['useful'::text, 'not_useful'::text]))
  ORDER BY message_id, recorded_at DESC, event_id DESC;

-- Name: VIEW feedback; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON VIEW outreach.feedback IS 'What the reader of a message said of it at last: useful or not; one row a message that was judged.';

-- Name: feedback; Type: VIEW; Schema: analytics; Owner: -

CREATE VIEW analytics.feedback AS
 SELECT g.name AS campaign,
    s.campaign_id,
    s.segment,
    s.sent,
    s.answered,
    s.useful,
    ((s.useful)::double precision / (NULLIF(s.answered, 0))::double precision) AS useful_share,
    w.low AS useful_low,
    w.high AS useful_high
   FROM ((( SELECT r.campaign_id,
            c.segment,
            count(*) AS sent,
            count(f.message_id) AS answered,
            count(*) FILTER (WHERE f.useful) AS useful
           FROM (((smartengage.candidate c
             JOIN smartengage.run r ON ((r.run_id = c.run_id)))
             JOIN outreach.delivery d ON (((d.message_id = c.message_id) AND (d.state = ANY (ARRAY['accepted'::text, 'bounced'::text, 'in_doubt'::text])))))
             LEFT JOIN outreach.feedback f ON ((f.message_id = c.message_id)))
          GROUP BY r.campaign_id, c.segment) s
     JOIN smartengage.campaign g ON ((g.campaign_id = s.campaign_id)))
     LEFT JOIN LATERAL smartengage.wilson(((s.useful)::double precision / (NULLIF(s.answered, 0))::double precision), (s.answered)::double precision) w(low, high) ON (true));

-- Name: VIEW feedback; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON VIEW analytics.feedback IS 'Whether readers found messages useful, as they said themselves: one row per campaign and segment that anything was sent to. Only who was asked and cared to answer is heard.';

-- Name: COLUMN feedback.campaign; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.feedback.campaign IS 'Name of the campaign.';

-- Name: COLUMN feedback.campaign_id; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.feedback.campaign_id IS 'The campaign.';

-- Name: COLUMN feedback.segment; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.feedback.segment IS 'Segment of the customer when planned.';

-- Name: COLUMN feedback.sent; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.feedback.sent IS 'Messages handed to a provider.';

-- Name: COLUMN feedback.answered; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.feedback.answered IS 'Of these, how many were judged; the last answer counts.';

-- Name: COLUMN feedback.useful; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.feedback.useful IS 'Of these, how many were found useful.';

-- Name: COLUMN feedback.useful_share; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.feedback.useful_share IS 'useful / answered; null where nobody answered.';

-- Name: COLUMN feedback.useful_low; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.feedback.useful_low IS 'Lower end of its 95 % interval (Wilson).';

-- Name: COLUMN feedback.useful_high; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.feedback.useful_high IS 'Upper end.';

-- Name: freshness; Type: VIEW; Schema: analytics; Owner: -

CREATE VIEW analytics.freshness AS
 SELECT snapshot,
    as_of,
    refreshed_at,
    seconds,
    row_count
   FROM smartengage.snapshot_refresh f;

-- Name: VIEW freshness; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON VIEW analytics.freshness IS 'How old the snapshots are that other views read.';

-- Name: COLUMN freshness.snapshot; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.freshness.snapshot IS 'Table or materialized view.';

-- Name: COLUMN freshness.as_of; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.freshness.as_of IS 'Instant (UTC) it was computed for; uses nothing later.';

-- Name: COLUMN freshness.refreshed_at; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.freshness.refreshed_at IS 'When it was last refreshed (UTC).';

-- Name: COLUMN freshness.seconds; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.freshness.seconds IS 'How long that took.';

-- Name: COLUMN freshness.row_count; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.freshness.row_count IS 'Rows it has.';

-- Name: model_cost; Type: VIEW; Schema: analytics; Owner: -

CREATE VIEW analytics.model_cost AS
 SELECT ((c.called_at AT TIME ZONE z.zone))::date AS local_day,
    g.name AS campaign,
    count(*) AS calls,
    sum(c.requests) AS requests,
    count(*) FILTER (WHERE (c.failure IS NOT NULL)) AS failures,
    sum(c.tokens_in) AS tokens_in,
    sum(c.tokens_out) AS tokens_out,
    ((sum(c.cost_micro))::double precision / (1000000)::double precision) AS cost_usd
   FROM (((outreach.model_call c
     LEFT JOIN smartengage.run r ON ((r.run_id = c.run_id)))
     LEFT JOIN smartengage.campaign g ON ((g.campaign_id = r.campaign_id)))
     CROSS JOIN policy.local_zone z)
  GROUP BY (((c.called_at AT TIME ZONE z.zone))::date), g.name;

-- Name: VIEW model_cost; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON VIEW analytics.model_cost IS 'What the model was asked and what that cost: one row per local day and campaign.';

-- Name: COLUMN model_cost.local_day; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.model_cost.local_day IS 'Day of the calls in the default time zone.';

-- Name: COLUMN model_cost.campaign; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.model_cost.campaign IS 'Name of the campaign; null = for none.';

-- Name: COLUMN model_cost.calls; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.model_cost.calls IS 'Cohorts asked for.';

-- Name: COLUMN model_cost.requests; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.model_cost.requests IS 'Requests that took, repetitions included.';

-- Name: COLUMN model_cost.failures; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.model_cost.failures IS 'Calls without a usable answer.';

-- Name: COLUMN model_cost.tokens_in; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.model_cost.tokens_in IS 'Tokens of the questions.';

-- Name: COLUMN model_cost.tokens_out; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.model_cost.tokens_out IS 'Tokens of the answers.';

-- Name: COLUMN model_cost.cost_usd; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.model_cost.cost_usd IS 'US dollars, at the prices in force at each call.';

-- Name: refusal; Type: VIEW; Schema: analytics; Owner: -

CREATE VIEW analytics.refusal AS
SELECT
    NULL::uuid AS run_id,
    NULL::timestamp with time zone AS as_of,
    NULL::text AS gate,
    NULL::text AS segment,
    NULL::text AS reason,
    NULL::text AS rule,
    NULL::integer AS rule_version,
    NULL::bigint AS refusals;

-- Name: VIEW refusal; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON VIEW analytics.refusal IS 'Why nothing was sent: one row per run, gate, segment, reason and version of the rule.';

-- Name: COLUMN refusal.run_id; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.refusal.run_id IS 'The run.';

-- Name: COLUMN refusal.as_of; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.refusal.as_of IS 'Instant (UTC) that the plan was made for.';

-- Name: COLUMN refusal.gate; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.refusal.gate IS 'plan: refused when planned; claim: at the moment of sending, expired and failed included.';

-- Name: COLUMN refusal.segment; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.refusal.segment IS 'Segment of the customer when planned.';

-- Name: COLUMN refusal.reason; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.refusal.reason IS 'The reason.';

-- Name: COLUMN refusal.rule; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.refusal.rule IS 'Rule or cap that decided; null where the provider did.';

-- Name: COLUMN refusal.rule_version; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.refusal.rule_version IS 'Its version then.';

-- Name: COLUMN refusal.refusals; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.refusal.refusals IS 'How many.';

-- Name: run; Type: VIEW; Schema: analytics; Owner: -

CREATE VIEW analytics.run AS
 SELECT r.run_id,
    c.name AS campaign,
    r.trigger_key,
    r.planned_at AS as_of,
    r.candidates,
    r.messages,
    r.ghosts,
    r.refused,
    r.sent,
    r.in_doubt,
    r.expired,
    r.refused_at_claim,
    r.failed,
    r.waiting,
    r.identity_holds
   FROM (smartengage.reconciliation r
     JOIN smartengage.campaign c ON ((c.campaign_id = r.campaign_id)));

-- Name: VIEW run; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON VIEW analytics.run IS 'Campaign runs: one row per planning, everything accounted for.';

-- Name: COLUMN run.run_id; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.run.run_id IS 'The run.';

-- Name: COLUMN run.campaign; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.run.campaign IS 'Name of the campaign.';

-- Name: COLUMN run.trigger_key; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.run.trigger_key IS 'What asked for the run.';

-- Name: COLUMN run.as_of; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.run.as_of IS 'Instant (UTC) that the plan was made for.';

-- Name: COLUMN run.candidates; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.run.candidates IS 'Pairs of customer and service that were due.';

-- Name: COLUMN run.messages; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.run.messages IS 'Candidates that got a message.';

-- Name: COLUMN run.ghosts; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.run.ghosts IS 'Candidates held out: planned, never sent.';

-- Name: COLUMN run.refused; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.run.refused IS 'Candidates refused when planned; analytics.refusal has the reasons.';

-- Name: COLUMN run.sent; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.run.sent IS 'Messages accepted by a provider.';

-- Name: COLUMN run.in_doubt; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.run.in_doubt IS 'Messages handed over whose answer was lost.';

-- Name: COLUMN run.expired; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.run.expired IS 'Messages no longer useful when they could have gone.';

-- Name: COLUMN run.refused_at_claim; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.run.refused_at_claim IS 'Messages refused by a gate at the moment of sending.';

-- Name: COLUMN run.failed; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.run.failed IS 'Messages refused for good, or out of retries.';

-- Name: COLUMN run.waiting; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.run.waiting IS 'Messages still to go.';

-- Name: COLUMN run.identity_holds; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.run.identity_holds IS 'Whether candidates = messages + ghosts + refused and messages = the sum of their ends.';

-- Name: segment; Type: VIEW; Schema: analytics; Owner: -

CREATE VIEW analytics.segment AS
 SELECT as_of,
    segment,
    segment_version,
    count(*) AS customers,
    (avg(visits))::double precision AS mean_visits
   FROM smartengage.customer c
  GROUP BY as_of, segment, segment_version;

-- Name: VIEW segment; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON VIEW analytics.segment IS 'Customers by segment at the last refresh.';

-- Name: COLUMN segment.as_of; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.segment.as_of IS 'Instant (UTC) of the refresh.';

-- Name: COLUMN segment.segment; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.segment.segment IS 'new, repeat, at_risk or inactive.';

-- Name: COLUMN segment.segment_version; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.segment.segment_version IS 'Version of the definition.';

-- Name: COLUMN segment.customers; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.segment.customers IS 'How many.';

-- Name: COLUMN segment.mean_visits; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.segment.mean_visits IS 'Completed bookings each, on average.';

-- Name: text_source; Type: VIEW; Schema: analytics; Owner: -

CREATE VIEW analytics.text_source AS
 SELECT ((r.planned_at AT TIME ZONE z.zone))::date AS local_day,
    g.name AS campaign,
    max(c.as_of) AS as_of,
    count(*) AS cohorts,
    sum(c.messages) AS messages,
    COALESCE(sum(c.messages) FILTER (WHERE (c.source = 'model'::text)), (0)::bigint) AS model_texts,
    COALESCE(sum(c.messages) FILTER (WHERE (c.source <> 'model'::text)), (0)::bigint) AS house_texts,
    ((COALESCE(sum(c.messages) FILTER (WHERE (c.source <> 'model'::text)), (0)::bigint))::double precision / (sum(c.messages))::double precision) AS fallback_share,
    COALESCE(sum(c.messages) FILTER (WHERE (c.source = 'not_asked'::text)), (0)::bigint) AS not_asked,
    COALESCE(sum(c.messages) FILTER (WHERE (c.source = 'over_budget'::text)), (0)::bigint) AS over_budget,
    COALESCE(sum(c.messages) FILTER (WHERE (c.source = 'failed'::text)), (0)::bigint) AS failed,
    COALESCE(sum(c.messages) FILTER (WHERE (c.source = 'rejected'::text)), (0)::bigint) AS rejected
   FROM (((smartengage.cohort_text c
     JOIN smartengage.run r ON ((r.run_id = c.run_id)))
     JOIN smartengage.campaign g ON ((g.campaign_id = r.campaign_id)))
     CROSS JOIN policy.local_zone z)
  GROUP BY (((r.planned_at AT TIME ZONE z.zone))::date), g.name;

-- Name: VIEW text_source; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON VIEW analytics.text_source IS 'How often the house text had to stand in for the model, and why: one row per local day and campaign, as composed.';

-- Name: COLUMN text_source.local_day; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.text_source.local_day IS 'Day of the planning in the default time zone.';

-- Name: COLUMN text_source.campaign; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.text_source.campaign IS 'Name of the campaign.';

-- Name: COLUMN text_source.as_of; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.text_source.as_of IS 'Instant (UTC) of the last composing.';

-- Name: COLUMN text_source.cohorts; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.text_source.cohorts IS 'Cohorts of its runs that day.';

-- Name: COLUMN text_source.messages; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.text_source.messages IS 'Messages in these.';

-- Name: COLUMN text_source.model_texts; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.text_source.model_texts IS 'Of these, with a text of the model.';

-- Name: COLUMN text_source.house_texts; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.text_source.house_texts IS 'Of these, with a text of the house.';

-- Name: COLUMN text_source.fallback_share; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.text_source.fallback_share IS 'house_texts / messages.';

-- Name: COLUMN text_source.not_asked; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.text_source.not_asked IS 'House texts because no model is set up, or it was down and spared.';

-- Name: COLUMN text_source.over_budget; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.text_source.over_budget IS 'House texts because the day''s budget was used up.';

-- Name: COLUMN text_source.failed; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.text_source.failed IS 'House texts because the model gave no usable answer.';

-- Name: COLUMN text_source.rejected; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.text_source.rejected IS 'House texts because no answer was acceptable.';

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

COMMENT ON TABLE smartengage.uplift IS 'smartengage.uplift_at of one instant, kept so that looking at it is quick; made anew each night by smartengage.measure.';

-- Name: COLUMN uplift.scope; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.uplift.scope IS 'campaign: its messages against its ghosts; everything: all campaigns against the global control group.';

-- Name: COLUMN uplift.segment; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.uplift.segment IS 'Segment when planned; null = all of them.';

-- Name: COLUMN uplift.verdict; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.uplift.verdict IS 'more or fewer where the interval leaves out zero, else not_established; too_early below uplift.min_sample.';

-- Name: uplift; Type: VIEW; Schema: analytics; Owner: -

CREATE VIEW analytics.uplift AS
 SELECT c.name AS campaign,
    u.as_of,
    u.messages,
    u.ghosts,
    u.booked_share,
    u.ghost_booked_share,
    u.uplift,
    u.uplift_low,
    u.uplift_high,
    u.too_early,
    u.campaign_id,
    u.message_people,
    u.ghost_people,
    u.verdict
   FROM (smartengage.uplift u
     JOIN smartengage.campaign c ON ((c.campaign_id = u.campaign_id)))
  WHERE (u.segment IS NULL);

-- Name: VIEW uplift; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON VIEW analytics.uplift IS 'What the messages of a campaign brought: share who booked the service within the attribution window after the planning, against the held-out ghosts. Only windows that have ended; measured each night.';

-- Name: COLUMN uplift.campaign; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.uplift.campaign IS 'Name of the campaign.';

-- Name: COLUMN uplift.as_of; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.uplift.as_of IS 'Instant (UTC) of this look.';

-- Name: COLUMN uplift.messages; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.uplift.messages IS 'People and services planned to be written to.';

-- Name: COLUMN uplift.ghosts; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.uplift.ghosts IS 'People and services held out.';

-- Name: COLUMN uplift.booked_share; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.uplift.booked_share IS 'Share of the first that was booked.';

-- Name: COLUMN uplift.ghost_booked_share; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.uplift.ghost_booked_share IS 'Share of the second that was booked.';

-- Name: COLUMN uplift.uplift; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.uplift.uplift IS 'Difference of the shares.';

-- Name: COLUMN uplift.uplift_low; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.uplift.uplift_low IS 'Lower end of its 95 % interval (Newcombe''s hybrid score interval; a person''s repeated answers count for what they are worth).';

-- Name: COLUMN uplift.uplift_high; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.uplift.uplift_high IS 'Upper end.';

-- Name: COLUMN uplift.too_early; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.uplift.too_early IS 'The smaller group has fewer people than uplift.min_sample: do not conclude anything yet.';

-- Name: COLUMN uplift.campaign_id; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.uplift.campaign_id IS 'The campaign.';

-- Name: COLUMN uplift.message_people; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.uplift.message_people IS 'People among the messages; the groups are drawn by person.';

-- Name: COLUMN uplift.ghost_people; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.uplift.ghost_people IS 'People among the ghosts.';

-- Name: COLUMN uplift.verdict; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.uplift.verdict IS 'too_early; more or fewer: the interval leaves out zero; not_established: it does not.';

-- Name: uplift_by_segment; Type: VIEW; Schema: analytics; Owner: -

CREATE VIEW analytics.uplift_by_segment AS
 SELECT u.scope,
    u.campaign_id,
    c.name AS campaign,
    u.segment,
    u.as_of,
    u.messages,
    u.ghosts,
    u.message_people,
    u.ghost_people,
    u.booked_share,
    u.ghost_booked_share,
    u.uplift,
    u.uplift_low,
    u.uplift_high,
    u.too_early,
    u.verdict
   FROM (smartengage.uplift u
     LEFT JOIN smartengage.campaign c ON ((c.campaign_id = u.campaign_id)))
  WHERE (u.segment IS NOT NULL);

-- Name: VIEW uplift_by_segment; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON VIEW analytics.uplift_by_segment IS 'analytics.uplift and analytics.uplift_overall by segment. Of many segments one looks surprising by chance: with twenty looks at nothing, one interval leaves out zero.';

-- Name: COLUMN uplift_by_segment.scope; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.uplift_by_segment.scope IS 'campaign, or everything: all campaigns against the global control group.';

-- Name: COLUMN uplift_by_segment.campaign_id; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.uplift_by_segment.campaign_id IS 'The campaign; null for everything.';

-- Name: COLUMN uplift_by_segment.campaign; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.uplift_by_segment.campaign IS 'Its name; null for everything.';

-- Name: COLUMN uplift_by_segment.segment; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.uplift_by_segment.segment IS 'Segment of the customer when planned.';

-- Name: COLUMN uplift_by_segment.as_of; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.uplift_by_segment.as_of IS 'Instant (UTC) of this look.';

-- Name: COLUMN uplift_by_segment.messages; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.uplift_by_segment.messages IS 'People and services written to, or due for it.';

-- Name: COLUMN uplift_by_segment.ghosts; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.uplift_by_segment.ghosts IS 'People and services held out.';

-- Name: COLUMN uplift_by_segment.message_people; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.uplift_by_segment.message_people IS 'People among the first.';

-- Name: COLUMN uplift_by_segment.ghost_people; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.uplift_by_segment.ghost_people IS 'People among the second.';

-- Name: COLUMN uplift_by_segment.booked_share; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.uplift_by_segment.booked_share IS 'Share of the first that was booked.';

-- Name: COLUMN uplift_by_segment.ghost_booked_share; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.uplift_by_segment.ghost_booked_share IS 'Share of the second that was booked.';

-- Name: COLUMN uplift_by_segment.uplift; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.uplift_by_segment.uplift IS 'Difference of the shares.';

-- Name: COLUMN uplift_by_segment.uplift_low; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.uplift_by_segment.uplift_low IS 'Lower end of its 95 % interval.';

-- Name: COLUMN uplift_by_segment.uplift_high; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.uplift_by_segment.uplift_high IS 'Upper end.';

-- Name: COLUMN uplift_by_segment.too_early; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.uplift_by_segment.too_early IS 'The smaller group has fewer people than uplift.min_sample: do not conclude anything yet.';

-- Name: COLUMN uplift_by_segment.verdict; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.uplift_by_segment.verdict IS 'too_early; more or fewer: the interval leaves out zero; not_established: it does not.';

-- Name: uplift_overall; Type: VIEW; Schema: analytics; Owner: -

CREATE VIEW analytics.uplift_overall AS
 SELECT as_of,
    messages AS due,
    ghosts AS controls,
    message_people AS due_people,
    ghost_people AS control_people,
    booked_share,
    ghost_booked_share AS control_booked_share,
    uplift,
    uplift_low,
    uplift_high,
    too_early,
    verdict
   FROM smartengage.uplift u
  WHERE ((scope = 'everything'::text) AND (segment IS NULL));

-- Name: VIEW uplift_overall; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON VIEW analytics.uplift_overall IS 'What all outreach together brings: everybody due in any campaign against the global control group, who are never written to. No row until somebody was due in both.';

-- Name: COLUMN uplift_overall.as_of; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.uplift_overall.as_of IS 'Instant (UTC) of this look.';

-- Name: COLUMN uplift_overall.due; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.uplift_overall.due IS 'Expected bookings of people who may be written to, whether they could be or not.';

-- Name: COLUMN uplift_overall.controls; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.uplift_overall.controls IS 'Expected bookings of the global control group.';

-- Name: COLUMN uplift_overall.due_people; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.uplift_overall.due_people IS 'People among the first.';

-- Name: COLUMN uplift_overall.control_people; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.uplift_overall.control_people IS 'People among the second.';

-- Name: COLUMN uplift_overall.booked_share; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.uplift_overall.booked_share IS 'Share of the first that was booked within the attribution window.';

-- Name: COLUMN uplift_overall.control_booked_share; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.uplift_overall.control_booked_share IS 'Share of the second that was.';

-- Name: COLUMN uplift_overall.uplift; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.uplift_overall.uplift IS 'Difference of the shares; as some could not be reached, the effect on those who were is greater.';

-- Name: COLUMN uplift_overall.uplift_low; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.uplift_overall.uplift_low IS 'Lower end of its 95 % interval.';

-- Name: COLUMN uplift_overall.uplift_high; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.uplift_overall.uplift_high IS 'Upper end.';

-- Name: COLUMN uplift_overall.too_early; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.uplift_overall.too_early IS 'The smaller group has fewer people than uplift.min_sample: do not conclude anything yet.';

-- Name: COLUMN uplift_overall.verdict; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.uplift_overall.verdict IS 'too_early; more or fewer: the interval leaves out zero; not_established: it does not.';

-- Name: variant; Type: VIEW; Schema: analytics; Owner: -

CREATE VIEW analytics.variant AS
 SELECT t.template_id,
    v.as_of,
    t.origin,
    t.kind,
    t.category,
    t.language,
    t.form,
    t.cohort,
    t.variant,
    t.version,
    COALESCE(v.trials, 0) AS trials,
    COALESCE(v.clicks, 0) AS clicks,
    COALESCE(v.bookings, 0) AS bookings,
    v.rate,
    v.rate_low,
    v.rate_high,
    v.p_best,
    t.retired_at
   FROM (outreach.template t
     LEFT JOIN smartengage.variant v ON ((v.template_id = t.template_id)))
  WHERE (t.approved_at IS NOT NULL);

-- Name: VIEW variant; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON VIEW analytics.variant IS 'How the variants of each text do against each other: one row per approved text. Those of one kind, category, language, form and cohort compete.';

-- Name: COLUMN variant.template_id; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.variant.template_id IS 'The text.';

-- Name: COLUMN variant.as_of; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.variant.as_of IS 'Instant (UTC) of the counts; null before the first judging.';

-- Name: COLUMN variant.origin; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.variant.origin IS 'house, or model.';

-- Name: COLUMN variant.kind; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.variant.kind IS 'What triggers it.';

-- Name: COLUMN variant.category; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.variant.category IS 'Service category it speaks of; null = any.';

-- Name: COLUMN variant.language; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.variant.language IS 'bn or en.';

-- Name: COLUMN variant.form; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.variant.form IS 'long for e-mail, short for phones.';

-- Name: COLUMN variant.cohort; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.variant.cohort IS 'Cohort that the model wrote it for; null for texts of the house.';

-- Name: COLUMN variant.variant; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.variant.variant IS 'Its letter.';

-- Name: COLUMN variant.version; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.variant.version IS 'Version of the variant.';

-- Name: COLUMN variant.trials; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.variant.trials IS 'Sendings of the last variant.window days that are older than variant.ripens_after hours.';

-- Name: COLUMN variant.clicks; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.variant.clicks IS 'Of these, clicked by a person and not booked.';

-- Name: COLUMN variant.bookings; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.variant.bookings IS 'Of these, credited with a booking.';

-- Name: COLUMN variant.rate; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.variant.rate IS 'What it is believed to earn per sending: a booking 1, a click variant.click_worth; shrunken to its contest''s mean. Null unless in use then.';

-- Name: COLUMN variant.rate_low; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.variant.rate_low IS 'Lower end of the 95 % interval of rate.';

-- Name: COLUMN variant.rate_high; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.variant.rate_high IS 'Upper end.';

-- Name: COLUMN variant.p_best; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.variant.p_best IS 'Probability that it earns most of its contest, which is also the share of sendings it gets. Null unless in use then.';

-- Name: COLUMN variant.retired_at; Type: COMMENT; Schema: analytics; Owner: -

COMMENT ON COLUMN analytics.variant.retired_at IS 'When it lost or was ended; null = in use.';

-- Name: layer; Type: VIEW; Schema: lint; Owner: -

CREATE VIEW lint.layer AS
 SELECT schema,
    level
   FROM ( VALUES ('deploy'::text,0), ('clock'::text,1), ('policy'::text,2), ('queue'::text,3), ('account'::text,4), ('market'::text,5), ('outreach'::text,6), ('smartengage'::text,7), ('coachnova'::text,8), ('analytics'::text,9), ('api'::text,10), ('jobs'::text,10)) v(schema, level);

-- Name: routine; Type: VIEW; Schema: lint; Owner: -

CREATE VIEW lint.routine AS
 SELECT p.oid,
    (n.nspname)::text AS schema,
    (p.proname)::text AS name,
    ((p.oid)::regprocedure)::text AS signature,
    (l.lanname)::text AS language,
    p.prosecdef AS is_definer,
    (p.prosqlbody IS NOT NULL) AS has_parsed_body,
    (p.prorettype = ('trigger'::regtype)::oid) AS is_trigger,
    COALESCE(p.proconfig, '{}'::text[]) AS settings,
    p.proacl AS acl,
    p.proowner AS owner,
    regexp_replace(COALESCE(p.prosrc, ''::text), '--[^\n]*|/\*.*?\*/'::text, ''::text, 'g'::text) AS body
   FROM ((pg_proc p
     JOIN pg_namespace n ON ((n.oid = p.pronamespace)))
     JOIN pg_language l ON ((l.oid = p.prolang)))
  WHERE ((pg_get_userbyid(n.nspowner) = 'shokti_owner'::name) AND (n.nspname <> 'deploy'::name) AND (p.proname !~~ '%pgqueuer%'::text) AND (NOT (EXISTS ( SELECT
           FROM pg_depend d
          WHERE ((d.classid = ('pg_proc'::regclass)::oid) AND (d.objid = p.oid) AND (d.deptype = 'e'::"char"))))));

-- Name: arrow; Type: VIEW; Schema: lint; Owner: -

CREATE VIEW lint.arrow AS
 WITH dependency AS (
         SELECT DISTINCT d.classid,
            d.objid,
            d.refclassid,
            d.refobjid
           FROM pg_depend d
          WHERE ((d.deptype = ANY (ARRAY['n'::"char", 'a'::"char"])) AND (d.refclassid = ANY (ARRAY[('pg_class'::regclass)::oid, ('pg_proc'::regclass)::oid, ('pg_type'::regclass)::oid])))
        ), parsed AS (
         SELECT
                CASE d.classid
                    WHEN 'pg_rewrite'::regclass THEN ( SELECT c.relnamespace
                       FROM (pg_rewrite r
                         JOIN pg_class c ON ((c.oid = r.ev_class)))
                      WHERE (r.oid = d.objid))
                    WHEN 'pg_proc'::regclass THEN ( SELECT p.pronamespace
                       FROM pg_proc p
                      WHERE (p.oid = d.objid))
                    WHEN 'pg_class'::regclass THEN ( SELECT c.relnamespace
                       FROM pg_class c
                      WHERE (c.oid = d.objid))
                    WHEN 'pg_constraint'::regclass THEN ( SELECT k.connamespace
                       FROM pg_constraint k
                      WHERE (k.oid = d.objid))
                    WHEN 'pg_attrdef'::regclass THEN ( SELECT c.relnamespace
                       FROM (pg_attrdef a
                         JOIN pg_class c ON ((c.oid = a.adrelid)))
                      WHERE (a.oid = d.objid))
                    WHEN 'pg_trigger'::regclass THEN ( SELECT c.relnamespace
                       FROM (pg_trigger t
                         JOIN pg_class c ON ((c.oid = t.tgrelid)))
                      WHERE (t.oid = d.objid))
                    ELSE NULL::oid
                END AS schema,
            pg_describe_object(d.classid, d.objid, 0) AS object,
                CASE d.refclassid
                    WHEN 'pg_class'::regclass THEN ( SELECT c.relnamespace
                       FROM pg_class c
                      WHERE (c.oid = d.refobjid))
                    WHEN 'pg_proc'::regclass THEN ( SELECT p.pronamespace
                       FROM pg_proc p
                      WHERE (p.oid = d.refobjid))
                    WHEN 'pg_type'::regclass THEN ( SELECT t.typnamespace
                       FROM pg_type t
                      WHERE (t.oid = d.refobjid))
                    ELSE NULL::oid
                END AS used_schema,
            pg_describe_object(d.refclassid, d.refobjid, 0) AS used_object
           FROM dependency d
          WHERE (d.classid = ANY (ARRAY[('pg_rewrite'::regclass)::oid, ('pg_proc'::regclass)::oid, ('pg_class'::regclass)::oid, ('pg_constraint'::regclass)::oid, ('pg_attrdef'::regclass)::oid, ('pg_trigger'::regclass)::oid]))
        )
 SELECT (o.nspname)::text AS schema,
    p.object,
    (u.nspname)::text AS used_schema,
    p.used_object
   FROM ((parsed p
     JOIN pg_namespace o ON (((o.oid = p.schema) AND (pg_get_userbyid(o.nspowner) = 'shokti_owner'::name))))
     JOIN pg_namespace u ON (((u.oid = p.used_schema) AND (pg_get_userbyid(u.nspowner) = 'shokti_owner'::name))))
  WHERE (o.oid <> u.oid)
UNION
 SELECT r.schema,
    ('function '::text || r.signature) AS object,
    l.schema AS used_schema,
    ((m.found[1] || '.'::text) || m.found[2]) AS used_object
   FROM ((lint.routine r
     CROSS JOIN lint.layer l)
     CROSS JOIN LATERAL regexp_matches(r.body, (('\m('::text || l.schema) || ')\.([a-z_0-9]+)'::text), 'g'::text) m(found))
  WHERE ((NOT r.has_parsed_body) AND (r.schema <> l.schema) AND (r.body !~ (('\m(from|join|lateral) [a-z_.]+ (as )?'::text || l.schema) || '\M'::text)));

-- Name: definer_outside_edge; Type: VIEW; Schema: lint; Owner: -

CREATE VIEW lint.definer_outside_edge AS
 SELECT 'definer_outside_edge'::text AS rule,
    ('function '::text || signature) AS object,
        CASE
            WHEN is_definer THEN 'is security definer outside api and jobs'::text
            ELSE 'is at the edge but not security definer'::text
        END AS detail
   FROM lint.routine r
  WHERE ((is_definer <> (schema = ANY (ARRAY['api'::text, 'jobs'::text]))) AND (NOT is_trigger));

-- Name: definer_unpinned; Type: VIEW; Schema: lint; Owner: -

CREATE VIEW lint.definer_unpinned AS
 SELECT 'definer_unpinned'::text AS rule,
    ('function '::text || signature) AS object,
    'lacks set search_path = '''''::text AS detail
   FROM lint.routine r
  WHERE ((is_definer OR (language = 'plpgsql'::text)) AND (NOT ('search_path=""'::text = ANY (settings))));

-- Name: layer_violation; Type: VIEW; Schema: lint; Owner: -

CREATE VIEW lint.layer_violation AS
 SELECT 'layer_violation'::text AS rule,
    a.object,
    ((('uses '::text || a.used_object) || ' of a layer that is not below '::text) || a.schema) AS detail
   FROM ((lint.arrow a
     LEFT JOIN lint.layer l ON ((l.schema = a.schema)))
     LEFT JOIN lint.layer u ON ((u.schema = a.used_schema)))
  WHERE ((a.schema <> ALL (ARRAY['lint'::text, 'deploy'::text])) AND ((l.level IS NULL) OR (u.level IS NULL) OR (u.level >= l.level)));

-- Name: missing_comment; Type: VIEW; Schema: lint; Owner: -

CREATE VIEW lint.missing_comment AS
 WITH thing AS (
         SELECT ('function '::text || r.signature) AS object,
            r.schema,
            obj_description(r.oid, 'pg_proc'::name) AS comment
           FROM lint.routine r
        UNION ALL
         SELECT (
                CASE c.relkind
                    WHEN 'v'::"char" THEN 'view '::text
                    WHEN 'm'::"char" THEN 'materialized view '::text
                    ELSE 'table '::text
                END || (c.oid)::regclass),
            n.nspname,
            obj_description(c.oid, 'pg_class'::name) AS obj_description
           FROM (pg_class c
             JOIN pg_namespace n ON (((n.oid = c.relnamespace) AND (pg_get_userbyid(n.nspowner) = 'shokti_owner'::name))))
          WHERE ((c.relkind = ANY (ARRAY['r'::"char", 'p'::"char", 'v'::"char", 'm'::"char"])) AND (NOT c.relispartition) AND (c.relname !~~ 'pgqueuer%'::text))
        UNION ALL
         SELECT ((('column '::text || (c.oid)::regclass) || '.'::text) || (a.attname)::text),
            n.nspname,
            col_description(c.oid, (a.attnum)::integer) AS col_description
           FROM ((pg_class c
             JOIN pg_namespace n ON (((n.oid = c.relnamespace) AND (n.nspname = 'analytics'::name))))
             JOIN pg_attribute a ON (((a.attrelid = c.oid) AND (a.attnum > 0) AND (NOT a.attisdropped))))
          WHERE (c.relkind = ANY (ARRAY['v'::"char", 'm'::"char"]))
        UNION ALL
         SELECT ('type '::text || (t_1.oid)::regtype),
            n.nspname,
            obj_description(t_1.oid, 'pg_type'::name) AS obj_description
           FROM (pg_type t_1
             JOIN pg_namespace n ON (((n.oid = t_1.typnamespace) AND (pg_get_userbyid(n.nspowner) = 'shokti_owner'::name))))
          WHERE ((t_1.typtype = ANY (ARRAY['d'::"char", 'e'::"char", 'r'::"char"])) AND (t_1.typname !~~ 'pgqueuer%'::text))
        UNION ALL
         SELECT ('schema '::text || (n.nspname)::text),
            n.nspname,
            obj_description(n.oid, 'pg_namespace'::name) AS obj_description
           FROM pg_namespace n
          WHERE (pg_get_userbyid(n.nspowner) = 'shokti_owner'::name)
        )
 SELECT 'missing_comment'::text AS rule,
    object,
    'has no comment'::text AS detail
   FROM thing t
  WHERE ((schema <> ALL (ARRAY['clock'::text, 'lint'::text, 'deploy'::text])) AND (COALESCE(btrim(comment), ''::text) = ''::text));

-- Name: overloaded_function; Type: VIEW; Schema: lint; Owner: -

CREATE VIEW lint.overloaded_function AS
 SELECT 'overloaded_function'::text AS rule,
    ((schema || '.'::text) || name) AS object,
    string_agg(signature, ', '::text ORDER BY signature) AS detail
   FROM lint.routine r
  GROUP BY schema, name
 HAVING (count(*) > 1);

-- Name: public_execute; Type: VIEW; Schema: lint; Owner: -

CREATE VIEW lint.public_execute AS
 SELECT 'public_execute'::text AS rule,
    ('function '::text || signature) AS object,
    'may be executed by everybody'::text AS detail
   FROM lint.routine r
  WHERE ((acl IS NULL) OR (EXISTS ( SELECT
           FROM aclexplode(r.acl) a(grantor, grantee, privilege_type, is_grantable)
          WHERE (a.grantee = (0)::oid))));

-- Name: stray_object; Type: VIEW; Schema: lint; Owner: -

CREATE VIEW lint.stray_object AS
 WITH thing AS (
         SELECT ('relation '::text || (c.oid)::regclass) AS object,
            c.oid,
            'pg_class'::regclass AS class,
            c.relnamespace AS namespace,
            c.relowner AS owner
           FROM pg_class c
        UNION ALL
         SELECT ('function '::text || (p.oid)::regprocedure),
            p.oid,
            'pg_proc'::regclass AS regclass,
            p.pronamespace,
            p.proowner
           FROM pg_proc p
        )
 SELECT 'stray_object'::text AS rule,
    t.object,
        CASE
            WHEN (n.nspname = 'public'::name) THEN 'lies in public'::text
            ELSE ('belongs to '::text || (t.owner)::regrole)
        END AS detail
   FROM (thing t
     JOIN pg_namespace n ON ((n.oid = t.namespace)))
  WHERE (((n.nspname = 'public'::name) OR ((pg_get_userbyid(n.nspowner) = 'shokti_owner'::name) AND (pg_get_userbyid(t.owner) <> 'shokti_owner'::name))) AND (NOT (EXISTS ( SELECT
           FROM pg_depend d
          WHERE ((d.classid = (t.class)::oid) AND (d.objid = t.oid) AND (d.deptype = 'e'::"char"))))));

-- Name: unfit_type; Type: VIEW; Schema: lint; Owner: -

CREATE VIEW lint.unfit_type AS
 SELECT 'unfit_type'::text AS rule,
    ((('column '::text || (c.oid)::regclass) || '.'::text) || (a.attname)::text) AS object,
    ('is '::text || format_type(a.atttypid, a.atttypmod)) AS detail
   FROM ((pg_attribute a
     JOIN pg_class c ON (((c.oid = a.attrelid) AND (c.relkind = ANY (ARRAY['r'::"char", 'p'::"char", 'v'::"char", 'm'::"char"])))))
     JOIN pg_namespace n ON (((n.oid = c.relnamespace) AND (pg_get_userbyid(n.nspowner) = 'shokti_owner'::name))))
  WHERE ((a.attnum > 0) AND (NOT a.attisdropped) AND (n.nspname <> ALL (ARRAY['queue'::name, 'deploy'::name, 'lint'::name])) AND (a.atttypid = ANY (ARRAY[('timestamp without time zone'::regtype)::oid, ('time with time zone'::regtype)::oid, ('character varying'::regtype)::oid, ('character'::regtype)::oid, ('money'::regtype)::oid, ('json'::regtype)::oid, ('tsrange'::regtype)::oid])));

-- Name: unindexed_foreign_key; Type: VIEW; Schema: lint; Owner: -

CREATE VIEW lint.unindexed_foreign_key AS
 SELECT 'unindexed_foreign_key'::text AS rule,
    ('table '::text || (k.conrelid)::regclass) AS object,
    ((k.conname)::text || ' has no index that starts with one of its columns'::text) AS detail
   FROM (((pg_constraint k
     JOIN pg_namespace n ON (((n.oid = k.connamespace) AND (pg_get_userbyid(n.nspowner) = 'shokti_owner'::name))))
     JOIN pg_class r ON ((r.oid = k.confrelid)))
     JOIN pg_namespace rn ON ((rn.oid = r.relnamespace)))
  WHERE ((k.contype = 'f'::"char") AND (k.conparentid = (0)::oid) AND (rn.nspname <> 'policy'::name) AND (k.confrelid <> ALL (ARRAY[('market.service'::regclass)::oid, ('outreach.template'::regclass)::oid])) AND (NOT (EXISTS ( SELECT
           FROM pg_index i
          WHERE ((i.indrelid = k.conrelid) AND i.indisvalid AND (i.indkey[0] = ANY (k.conkey)) AND ((i.indpred IS NULL) OR (pg_get_expr(i.indpred, i.indrelid) = ( SELECT format('(%I IS NOT NULL)'::text, a.attname) AS format
                   FROM pg_attribute a
                  WHERE ((a.attrelid = i.indrelid) AND (a.attnum = i.indkey[0]))))))))));

-- Name: unnamed_constraint; Type: VIEW; Schema: lint; Owner: -

CREATE VIEW lint.unnamed_constraint AS
 SELECT 'unnamed_constraint'::text AS rule,
    ('table '::text || (k.conrelid)::regclass) AS object,
    (((k.conname)::text || ' has a name made up by Postgres: '::text) || pg_get_constraintdef(k.oid)) AS detail
   FROM (pg_constraint k
     JOIN pg_namespace n ON (((n.oid = k.connamespace) AND (pg_get_userbyid(n.nspowner) = 'shokti_owner'::name))))
  WHERE ((k.contype = ANY (ARRAY['c'::"char", 'x'::"char"])) AND (k.conrelid <> (0)::oid) AND (k.conname ~ '_(check|excl)[0-9]*$'::text) AND (n.nspname <> ALL (ARRAY['queue'::name, 'deploy'::name])));

-- Name: unparsed_body; Type: VIEW; Schema: lint; Owner: -

CREATE VIEW lint.unparsed_body AS
 SELECT 'unparsed_body'::text AS rule,
    ('function '::text || signature) AS object,
    'is language sql without begin atomic or return'::text AS detail
   FROM lint.routine r
  WHERE ((language = 'sql'::text) AND (NOT has_parsed_body));

-- Name: unrefreshable_view; Type: VIEW; Schema: lint; Owner: -

CREATE VIEW lint.unrefreshable_view AS
 SELECT 'unrefreshable_view'::text AS rule,
    ('materialized view '::text || (c.oid)::regclass) AS object,
    'has no unique index, so it cannot be refreshed concurrently'::text AS detail
   FROM (pg_class c
     JOIN pg_namespace n ON (((n.oid = c.relnamespace) AND (pg_get_userbyid(n.nspowner) = 'shokti_owner'::name))))
  WHERE ((c.relkind = 'm'::"char") AND (NOT (EXISTS ( SELECT
           FROM pg_index i
          WHERE ((i.indrelid = c.oid) AND i.indisunique AND (i.indpred IS NULL) AND (i.indexprs IS NULL))))));

-- Name: wrong_grant; Type: VIEW; Schema: lint; Owner: -

CREATE VIEW lint.wrong_grant AS
 WITH held AS (
         SELECT ('function '::text || r.signature) AS object,
            r.schema,
            g.grantee,
            a.privilege_type
           FROM ((lint.routine r
             CROSS JOIN LATERAL aclexplode(r.acl) a(grantor, grantee, privilege_type, is_grantable))
             CROSS JOIN LATERAL ( SELECT ((a.grantee)::regrole)::text AS grantee) g)
        UNION ALL
         SELECT ('relation '::text || (c.oid)::regclass),
            n.nspname,
            ((a.grantee)::regrole)::text AS grantee,
            a.privilege_type
           FROM ((pg_class c
             JOIN pg_namespace n ON (((n.oid = c.relnamespace) AND (pg_get_userbyid(n.nspowner) = 'shokti_owner'::name))))
             CROSS JOIN LATERAL aclexplode(c.relacl) a(grantor, grantee, privilege_type, is_grantable))
          WHERE (a.grantee <> (0)::oid)
        )
 SELECT 'wrong_grant'::text AS rule,
    h.object,
    ((h.grantee || ' holds '::text) || lower(h.privilege_type)) AS detail
   FROM held h
  WHERE (((h.grantee = 'shokti_app'::text) AND (h.schema <> 'api'::text)) OR ((h.grantee = 'shokti_worker'::text) AND (h.schema <> ALL (ARRAY['jobs'::text, 'queue'::text]))) OR ((h.grantee = 'shokti_analyst'::text) AND (h.object ~~ 'relation %'::text) AND ((h.schema <> 'analytics'::text) OR (h.privilege_type <> 'SELECT'::text))))
UNION ALL
 SELECT 'wrong_grant'::text AS rule,
    ('function '::text || r.signature) AS object,
    ('cannot be executed by '::text || e.role) AS detail
   FROM (lint.routine r
     JOIN ( VALUES ('api'::text,'shokti_app'::text), ('jobs'::text,'shokti_worker'::text)) e(schema, role) ON ((e.schema = r.schema)))
  WHERE (NOT has_function_privilege((e.role)::name, r.oid, 'execute'::text));

-- Name: finding; Type: VIEW; Schema: lint; Owner: -

CREATE VIEW lint.finding AS
 SELECT layer_violation.rule,
    layer_violation.object,
    layer_violation.detail
   FROM lint.layer_violation
UNION ALL
 SELECT missing_comment.rule,
    missing_comment.object,
    missing_comment.detail
   FROM lint.missing_comment
UNION ALL
 SELECT public_execute.rule,
    public_execute.object,
    public_execute.detail
   FROM lint.public_execute
UNION ALL
 SELECT wrong_grant.rule,
    wrong_grant.object,
    wrong_grant.detail
   FROM lint.wrong_grant
UNION ALL
 SELECT definer_unpinned.rule,
    definer_unpinned.object,
    definer_unpinned.detail
   FROM lint.definer_unpinned
UNION ALL
 SELECT definer_outside_edge.rule,
    definer_outside_edge.object,
    definer_outside_edge.detail
   FROM lint.definer_outside_edge
UNION ALL
 SELECT overloaded_function.rule,
    overloaded_function.object,
    overloaded_function.detail
   FROM lint.overloaded_function
UNION ALL
 SELECT unparsed_body.rule,
    unparsed_body.object,
    unparsed_body.detail
   FROM lint.unparsed_body
UNION ALL
 SELECT unindexed_foreign_key.rule,
    unindexed_foreign_key.object,
    unindexed_foreign_key.detail
   FROM lint.unindexed_foreign_key
UNION ALL
 SELECT stray_object.rule,
    stray_object.object,
    stray_object.detail
   FROM lint.stray_object
UNION ALL
 SELECT unnamed_constraint.rule,
    unnamed_constraint.object,
    unnamed_constraint.detail
   FROM lint.unnamed_constraint
UNION ALL
 SELECT unfit_type.rule,
    unfit_type.object,
    unfit_type.detail
   FROM lint.unfit_type
UNION ALL
 SELECT unrefreshable_view.rule,
    unrefreshable_view.object,
    unrefreshable_view.detail
   FROM lint.unrefreshable_view;

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

-- Name: rejected_text; Type: TABLE; Schema: outreach; Owner: -

CREATE TABLE outreach.rejected_text (
    rejected_text_id uuid DEFAULT uuidv7() NOT NULL,
    cohort text NOT NULL,
    prompt_version integer NOT NULL,
    model text NOT NULL,
    answer text NOT NULL,
    reasons text[] NOT NULL,
    rejected_at timestamp with time zone NOT NULL
);

-- Name: TABLE rejected_text; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON TABLE outreach.rejected_text IS 'Answers of the model that were not used, each with every reason.';

-- Name: sending_consent; Type: VIEW; Schema: outreach; Owner: -

CREATE VIEW outreach.sending_consent AS
 SELECT d.message_id,
    d.attempt,
    d.user_id,
    d.channel,
    d.purpose,
    d.sent_at,
    d.state,
    lower(c.valid_at) AS granted_at,
    c.source,
    c.wording_version,
    c.actor,
    upper(c.valid_at) AS withdrawn_at,
    c.withdrawn_source
   FROM (outreach.delivery d
     LEFT JOIN account.consent c ON (((c.user_id = d.user_id) AND (c.channel = d.consent_channel) AND (c.purpose = d.consent_purpose) AND (c.valid_at @> d.sent_at))));

-- Name: VIEW sending_consent; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON VIEW outreach.sending_consent IS 'For every sending the consent it stood on, a row each; without one only for purpose service (the key delivery_has_consent).';

-- Name: COLUMN sending_consent.message_id; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.sending_consent.message_id IS 'The message.';

-- Name: COLUMN sending_consent.attempt; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.sending_consent.attempt IS 'Which sending of it, counted from 1.';

-- Name: COLUMN sending_consent.user_id; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.sending_consent.user_id IS 'To whom.';

-- Name: COLUMN sending_consent.channel; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.sending_consent.channel IS 'On which channel.';

-- Name: COLUMN sending_consent.purpose; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.sending_consent.purpose IS 'For which purpose.';

-- Name: COLUMN sending_consent.sent_at; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.sending_consent.sent_at IS 'Instant (UTC) of the claim, at which consent was judged.';

-- Name: COLUMN sending_consent.state; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.sending_consent.state IS 'Of the sending; released = the provider never took it.';

-- Name: COLUMN sending_consent.granted_at; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.sending_consent.granted_at IS 'Instant (UTC) of the grant; null = the sending needed none.';

-- Name: COLUMN sending_consent.source; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.sending_consent.source IS 'Where it was granted.';

-- Name: COLUMN sending_consent.wording_version; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.sending_consent.wording_version IS 'Which words the person agreed to.';

-- Name: COLUMN sending_consent.actor; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.sending_consent.actor IS 'Who recorded the grant: the person, or an admin for them.';

-- Name: COLUMN sending_consent.withdrawn_at; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.sending_consent.withdrawn_at IS 'Instant (UTC) of the withdrawal, after the sending; null = in force.';

-- Name: COLUMN sending_consent.withdrawn_source; Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON COLUMN outreach.sending_consent.withdrawn_source IS 'Where it was withdrawn.';

-- Name: cap_register; Type: TABLE; Schema: policy; Owner: -

CREATE TABLE policy.cap_register (
    purpose text NOT NULL,
    changes bigint DEFAULT 0 NOT NULL,
    CONSTRAINT cap_register_purpose_is_capped CHECK ((purpose = ANY (ARRAY['outreach'::text, 'coaching'::text, 'voice'::text])))
);

-- Name: TABLE cap_register; Type: COMMENT; Schema: policy; Owner: -

COMMENT ON TABLE policy.cap_register IS 'Counts the changes of the caps of a purpose, by trigger: a sending written from a snapshot older than the last change fails on this row.';

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

-- Name: campaign_document; Type: VIEW; Schema: smartengage; Owner: -

CREATE VIEW smartengage.campaign_document AS
 SELECT campaign_id,
    created_at,
    status,
    jsonb_build_object('campaign_id', campaign_id, 'name', name, 'kind', kind, 'status', status, 'enabled', enabled, 'repeats', repeats, 'starts_at', starts_at, 'ends_at', ends_at, 'segments', segments, 'channels', channels, 'canary_share', canary_share, 'widened_at', widened_at, 'holdout_share', holdout_share, 'window_from', to_char((window_from)::interval, 'HH24:MI'::text), 'window_until', to_char((window_until)::interval, 'HH24:MI'::text), 'created_at', created_at, 'created_by', created_by, 'version', version, 'changed_by', changed_by, 'changed_reason', changed_reason, 'last_run', ( SELECT jsonb_build_object('run_id', r.run_id, 'trigger_key', r.trigger_key, 'planned_at', r.planned_at, 'candidates', r.candidates, 'segments', r.segments) AS jsonb_build_object
           FROM smartengage.run r
          WHERE (r.campaign_id = c.campaign_id)
          ORDER BY r.planned_at DESC, r.run_id DESC
         LIMIT 1)) AS document
   FROM smartengage.campaign c;

-- Name: VIEW campaign_document; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON VIEW smartengage.campaign_document IS 'Campaigns as admins read them.';

-- Name: COLUMN campaign_document.campaign_id; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.campaign_document.campaign_id IS 'The campaign.';

-- Name: COLUMN campaign_document.created_at; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.campaign_document.created_at IS 'When it was made.';

-- Name: COLUMN campaign_document.status; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.campaign_document.status IS 'draft, scheduled, running, paused, completed, stopped or failed.';

-- Name: COLUMN campaign_document.document; Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON COLUMN smartengage.campaign_document.document IS 'All about it, with its latest run.';

-- Name: app_event_default; Type: TABLE ATTACH; Schema: market; Owner: -

ALTER TABLE ONLY market.app_event ATTACH PARTITION market.app_event_default DEFAULT;

-- Name: pgqueuer id; Type: DEFAULT; Schema: queue; Owner: -

ALTER TABLE ONLY queue.pgqueuer ALTER COLUMN id SET DEFAULT nextval('queue.pgqueuer_id_seq'::regclass);

-- Name: pgqueuer_schedules id; Type: DEFAULT; Schema: queue; Owner: -

ALTER TABLE ONLY queue.pgqueuer_schedules ALTER COLUMN id SET DEFAULT nextval('queue.pgqueuer_schedules_id_seq'::regclass);

-- Name: pgqueuer_statistics id; Type: DEFAULT; Schema: queue; Owner: -

ALTER TABLE ONLY queue.pgqueuer_statistics ALTER COLUMN id SET DEFAULT nextval('queue.pgqueuer_statistics_id_seq'::regclass);

-- Name: template template_is_unique; Type: CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.template
    ADD CONSTRAINT template_is_unique UNIQUE NULLS NOT DISTINCT (kind, category, language, form, cohort, variant, version);

-- Name: accept_text(text, integer, text, jsonb, integer, integer, timestamp with time zone, uuid, integer); Type: FUNCTION; Schema: outreach; Owner: -

CREATE FUNCTION outreach.accept_text(p_cohort text, p_prompt_version integer, p_model text, p_answer jsonb, p_tokens_in integer, p_tokens_out integer, p_at timestamp with time zone, p_run_id uuid DEFAULT NULL::uuid, p_requests integer DEFAULT 1) RETURNS jsonb
    LANGUAGE sql
    BEGIN ATOMIC
 WITH called AS (
          INSERT INTO outreach.model_call (cohort, prompt_version, model, called_at, tokens_in, tokens_out, run_id, requests, cost_micro)
           VALUES (accept_text.p_cohort, accept_text.p_prompt_version, accept_text.p_model, accept_text.p_at, COALESCE(accept_text.p_tokens_in, 0), COALESCE(accept_text.p_tokens_out, 0), accept_text.p_run_id, accept_text.p_requests, outreach.model_cost(COALESCE(accept_text.p_tokens_in, 0), COALESCE(accept_text.p_tokens_out, 0), accept_text.p_at))
         ), answered AS (
          SELECT v.variant,
             outreach.clean_text(v.subject) AS subject,
             outreach.clean_text(v.body) AS body,
             outreach.clean_text(v.add_on_line) AS add_on_line,
             split_part(accept_text.p_cohort, '/'::text, 1) AS kind,
             split_part(accept_text.p_cohort, '/'::text, 2) AS category,
             split_part(accept_text.p_cohort, '/'::text, 5) AS language,
             COALESCE(NULLIF(split_part(accept_text.p_cohort, '/'::text, 6), ''::text), 'long'::text) AS form
            FROM (jsonb_array_elements(
                 CASE
                     WHEN (jsonb_typeof((accept_text.p_answer -> 'variants'::text)) = 'array'::text) THEN (accept_text.p_answer -> 'variants'::text)
                     ELSE '[]'::jsonb
                 END) e(value)
              CROSS JOIN LATERAL jsonb_to_record(
                 CASE
                     WHEN (jsonb_typeof(e.value) = 'object'::text) THEN e.value
                     ELSE '{}'::jsonb
                 END) v(variant text, subject text, body text, add_on_line text))
         ), judged AS MATERIALIZED (
          SELECT a.variant,
             a.subject,
             a.body,
             a.add_on_line,
             a.kind,
             a.category,
             a.language,
             a.form,
                 CASE
                     WHEN ((a.subject IS NULL) OR (a.body IS NULL) OR (COALESCE(a.variant, ''::text) !~ '^[a-z0-9]{1,8}$'::text)) THEN ARRAY['schema'::text]
                     ELSE outreach.form_faults(a.kind, a.language, a.form, a.subject, a.body, a.add_on_line)
                 END AS reasons
            FROM answered a
         ), kept AS (
          INSERT INTO outreach.template (kind, category, language, variant, form, origin, cohort, prompt_version, model, subject, body, add_on_line, created_at, approved_by, approved_at, version)  SELECT j_1.kind,
                     j_1.category,
                     j_1.language,
                     j_1.variant,
                     j_1.form,
                     'model',
                     accept_text.p_cohort AS p_cohort,
                     accept_text.p_prompt_version AS p_prompt_version,
                     accept_text.p_model AS p_model,
                     j_1.subject,
                     j_1.body,
                     j_1.add_on_line,
                     accept_text.p_at AS p_at,
                     'sql:review',
                     accept_text.p_at AS p_at,
                     accept_text.p_prompt_version AS p_prompt_version
                    FROM judged j_1
                   WHERE (j_1.reasons = '{}'::text[]) ON CONFLICT ON CONSTRAINT template_is_unique DO NOTHING
         ), refused AS (
          INSERT INTO outreach.rejected_text (cohort, prompt_version, model, answer, reasons, rejected_at)  SELECT accept_text.p_cohort AS p_cohort,
                     accept_text.p_prompt_version AS p_prompt_version,
                     accept_text.p_model AS p_model,
                     (jsonb_build_object('variant', j_1.variant, 'subject', j_1.subject, 'body', j_1.body, 'add_on_line', j_1.add_on_line))::text AS jsonb_build_object,
                     j_1.reasons,
                     accept_text.p_at AS p_at
                    FROM judged j_1
                   WHERE (j_1.reasons <> '{}'::text[])
                 UNION ALL
                  SELECT accept_text.p_cohort AS p_cohort,
                     accept_text.p_prompt_version AS p_prompt_version,
                     accept_text.p_model AS p_model,
                     "left"((accept_text.p_answer)::text, 4000) AS "left",
                     ARRAY['schema'::text] AS "array",
                     accept_text.p_at AS p_at
                   WHERE (NOT (EXISTS ( SELECT
                            FROM judged)))
         )
  SELECT jsonb_build_object('accepted', count(*) FILTER (WHERE (j.reasons = '{}'::text[])), 'rejected', COALESCE(jsonb_agg(jsonb_build_object('variant', j.variant, 'reasons', j.reasons)) FILTER (WHERE (j.reasons <> '{}'::text[])), '[]'::jsonb)) AS jsonb_build_object
    FROM judged j;
END;

-- Name: FUNCTION accept_text(p_cohort text, p_prompt_version integer, p_model text, p_answer jsonb, p_tokens_in integer, p_tokens_out integer, p_at timestamp with time zone, p_run_id uuid, p_requests integer); Type: COMMENT; Schema: outreach; Owner: -

COMMENT ON FUNCTION outreach.accept_text(p_cohort text, p_prompt_version integer, p_model text, p_answer jsonb, p_tokens_in integer, p_tokens_out integer, p_at timestamp with time zone, p_run_id uuid, p_requests integer) IS 'Judges the model''s answer for a cohort: each variant that outreach.form_faults finds nothing in becomes an approved template, the others are kept in outreach.rejected_text with every reason. The call is recorded with its cost for the run that it was made for.
Result: {accepted, rejected: [{variant, reasons}]}. Repeatable: a variant of a cohort and prompt version is kept once.';

-- Name: accept_text(text, integer, text, jsonb, integer, integer, uuid, integer); Type: FUNCTION; Schema: jobs; Owner: -

CREATE FUNCTION jobs.accept_text(p_cohort text, p_prompt_version integer, p_model text, p_answer jsonb, p_tokens_in integer, p_tokens_out integer, p_run_id uuid DEFAULT NULL::uuid, p_requests integer DEFAULT 1) RETURNS jsonb
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    BEGIN ATOMIC
 SELECT outreach.accept_text(p_cohort, p_prompt_version, p_model, p_answer, p_tokens_in, p_tokens_out, clock.now(), p_run_id, p_requests) AS accept_text;
END;

-- Name: FUNCTION accept_text(p_cohort text, p_prompt_version integer, p_model text, p_answer jsonb, p_tokens_in integer, p_tokens_out integer, p_run_id uuid, p_requests integer); Type: COMMENT; Schema: jobs; Owner: -

COMMENT ON FUNCTION jobs.accept_text(p_cohort text, p_prompt_version integer, p_model text, p_answer jsonb, p_tokens_in integer, p_tokens_out integer, p_run_id uuid, p_requests integer) IS 'Judges an answer of the model; p_answer = {variants: [{variant, subject, body, add_on_line}]}. p_run_id: the run it was asked for; p_requests and the tokens: what it took, repetitions included.
Result: {accepted, rejected: [{variant, reasons}]}. Repeatable.';

-- Name: run run_pkey; Type: CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.run
    ADD CONSTRAINT run_pkey PRIMARY KEY (run_id);

-- Name: run_summary(uuid); Type: FUNCTION; Schema: smartengage; Owner: -

CREATE FUNCTION smartengage.run_summary(p_run_id uuid) RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT jsonb_build_object('run_id', r.run_id, 'campaign_id', r.campaign_id, 'planned_at', r.planned_at, 'candidates', r.candidates, 'messages', count(c.*) FILTER (WHERE (c.outcome = 'message'::text)), 'ghosts', count(c.*) FILTER (WHERE (c.outcome = 'ghost'::text)), 'refused', count(c.*) FILTER (WHERE (c.outcome = 'refused'::text))) AS jsonb_build_object
    FROM (smartengage.run r
      LEFT JOIN smartengage.candidate c ON ((c.run_id = r.run_id)))
   WHERE (r.run_id = run_summary.p_run_id)
   GROUP BY r.run_id;
END;

-- Name: FUNCTION run_summary(p_run_id uuid); Type: COMMENT; Schema: smartengage; Owner: -

COMMENT ON FUNCTION smartengage.run_summary(p_run_id uuid) IS 'What a run planned: {run_id, campaign_id, planned_at, candidates, messages, ghosts, refused}; null for an unknown run.';

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

-- Name: idempotent_call idempotent_call_pkey; Type: CONSTRAINT; Schema: account; Owner: -

ALTER TABLE ONLY account.idempotent_call
    ADD CONSTRAINT idempotent_call_pkey PRIMARY KEY (user_id, key);

-- Name: one_time_code one_time_code_pkey; Type: CONSTRAINT; Schema: account; Owner: -

ALTER TABLE ONLY account.one_time_code
    ADD CONSTRAINT one_time_code_pkey PRIMARY KEY (request_id);

-- Name: person person_external_id_is_unique; Type: CONSTRAINT; Schema: account; Owner: -

ALTER TABLE ONLY account.person
    ADD CONSTRAINT person_external_id_is_unique UNIQUE (external_id);

-- Name: person person_pkey; Type: CONSTRAINT; Schema: account; Owner: -

ALTER TABLE ONLY account.person
    ADD CONSTRAINT person_pkey PRIMARY KEY (user_id);

-- Name: rate_bucket rate_bucket_pkey; Type: CONSTRAINT; Schema: account; Owner: -

ALTER TABLE ONLY account.rate_bucket
    ADD CONSTRAINT rate_bucket_pkey PRIMARY KEY (bucket);

-- Name: refresh_token refresh_token_has_one_child; Type: CONSTRAINT; Schema: account; Owner: -

ALTER TABLE ONLY account.refresh_token
    ADD CONSTRAINT refresh_token_has_one_child UNIQUE (parent_hash);

-- Name: refresh_token refresh_token_pkey; Type: CONSTRAINT; Schema: account; Owner: -

ALTER TABLE ONLY account.refresh_token
    ADD CONSTRAINT refresh_token_pkey PRIMARY KEY (token_hash);

-- Name: service_token service_token_is_unique; Type: CONSTRAINT; Schema: account; Owner: -

ALTER TABLE ONLY account.service_token
    ADD CONSTRAINT service_token_is_unique UNIQUE (token_hash);

-- Name: service_token service_token_pkey; Type: CONSTRAINT; Schema: account; Owner: -

ALTER TABLE ONLY account.service_token
    ADD CONSTRAINT service_token_pkey PRIMARY KEY (token_id);

-- Name: session session_pkey; Type: CONSTRAINT; Schema: account; Owner: -

ALTER TABLE ONLY account.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (session_id);

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

-- Name: delivery delivery_pkey; Type: CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.delivery
    ADD CONSTRAINT delivery_pkey PRIMARY KEY (message_id, attempt);

-- Name: event event_counts_once; Type: CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.event
    ADD CONSTRAINT event_counts_once UNIQUE (source, source_event_id);

-- Name: event event_pkey; Type: CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.event
    ADD CONSTRAINT event_pkey PRIMARY KEY (event_id);

-- Name: hold hold_pkey; Type: CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.hold
    ADD CONSTRAINT hold_pkey PRIMARY KEY (campaign_id);

-- Name: inbox inbox_pkey; Type: CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.inbox
    ADD CONSTRAINT inbox_pkey PRIMARY KEY (message_id);

-- Name: link link_pkey; Type: CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.link
    ADD CONSTRAINT link_pkey PRIMARY KEY (token_hash);

-- Name: message message_message_id_user_id_channel_purpose_counts_key; Type: CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.message
    ADD CONSTRAINT message_message_id_user_id_channel_purpose_counts_key UNIQUE (message_id, user_id, channel, purpose, counts);

-- Name: message message_occurrence_is_unique; Type: CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.message
    ADD CONSTRAINT message_occurrence_is_unique UNIQUE NULLS NOT DISTINCT (user_id, campaign_id, occurrence);

-- Name: message message_pkey; Type: CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.message
    ADD CONSTRAINT message_pkey PRIMARY KEY (message_id);

-- Name: model_call model_call_pkey; Type: CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.model_call
    ADD CONSTRAINT model_call_pkey PRIMARY KEY (model_call_id);

-- Name: rejected_text rejected_text_pkey; Type: CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.rejected_text
    ADD CONSTRAINT rejected_text_pkey PRIMARY KEY (rejected_text_id);

-- Name: slot slot_is_taken_once; Type: CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.slot
    ADD CONSTRAINT slot_is_taken_once EXCLUDE USING gist (user_id WITH =, cap WITH =, cap_version WITH =, slot_no WITH =, during WITH &&);

-- Name: slot slot_pkey; Type: CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.slot
    ADD CONSTRAINT slot_pkey PRIMARY KEY (message_id, attempt, cap);

-- Name: template template_pkey; Type: CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.template
    ADD CONSTRAINT template_pkey PRIMARY KEY (template_id);

-- Name: webhook webhook_pkey; Type: CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.webhook
    ADD CONSTRAINT webhook_pkey PRIMARY KEY (provider, webhook_id);

-- Name: alert alert_pkey; Type: CONSTRAINT; Schema: policy; Owner: -

ALTER TABLE ONLY policy.alert
    ADD CONSTRAINT alert_pkey PRIMARY KEY (alert_id);

-- Name: audit audit_pkey; Type: CONSTRAINT; Schema: policy; Owner: -

ALTER TABLE ONLY policy.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (audit_id);

-- Name: cap cap_cap_version_max_messages_window_hours_key; Type: CONSTRAINT; Schema: policy; Owner: -

ALTER TABLE ONLY policy.cap
    ADD CONSTRAINT cap_cap_version_max_messages_window_hours_key UNIQUE NULLS NOT DISTINCT (cap, version, max_messages, window_hours);

-- Name: cap cap_pkey; Type: CONSTRAINT; Schema: policy; Owner: -

ALTER TABLE ONLY policy.cap
    ADD CONSTRAINT cap_pkey PRIMARY KEY (cap, version);

-- Name: cap_register cap_register_pkey; Type: CONSTRAINT; Schema: policy; Owner: -

ALTER TABLE ONLY policy.cap_register
    ADD CONSTRAINT cap_register_pkey PRIMARY KEY (purpose);

-- Name: cap cap_versions_do_not_overlap; Type: CONSTRAINT; Schema: policy; Owner: -

ALTER TABLE ONLY policy.cap
    ADD CONSTRAINT cap_versions_do_not_overlap EXCLUDE USING gist (cap WITH =, valid_at WITH &&);

-- Name: installation installation_pkey; Type: CONSTRAINT; Schema: policy; Owner: -

ALTER TABLE ONLY policy.installation
    ADD CONSTRAINT installation_pkey PRIMARY KEY (singleton);

-- Name: message_class message_class_message_class_purpose_obeys_caps_counts_key; Type: CONSTRAINT; Schema: policy; Owner: -

ALTER TABLE ONLY policy.message_class
    ADD CONSTRAINT message_class_message_class_purpose_obeys_caps_counts_key UNIQUE (message_class, purpose, obeys_caps, counts);

-- Name: message_class message_class_pkey; Type: CONSTRAINT; Schema: policy; Owner: -

ALTER TABLE ONLY policy.message_class
    ADD CONSTRAINT message_class_pkey PRIMARY KEY (message_class);

-- Name: proposal proposal_pkey; Type: CONSTRAINT; Schema: policy; Owner: -

ALTER TABLE ONLY policy.proposal
    ADD CONSTRAINT proposal_pkey PRIMARY KEY (proposal_id);

-- Name: quiet_period quiet_period_pkey; Type: CONSTRAINT; Schema: policy; Owner: -

ALTER TABLE ONLY policy.quiet_period
    ADD CONSTRAINT quiet_period_pkey PRIMARY KEY (quiet_period_id);

-- Name: rule_kind rule_kind_pkey; Type: CONSTRAINT; Schema: policy; Owner: -

ALTER TABLE ONLY policy.rule_kind
    ADD CONSTRAINT rule_kind_pkey PRIMARY KEY (rule);

-- Name: rule rule_pkey; Type: CONSTRAINT; Schema: policy; Owner: -

ALTER TABLE ONLY policy.rule
    ADD CONSTRAINT rule_pkey PRIMARY KEY (rule, version);

-- Name: rule rule_versions_do_not_overlap; Type: CONSTRAINT; Schema: policy; Owner: -

ALTER TABLE ONLY policy.rule
    ADD CONSTRAINT rule_versions_do_not_overlap EXCLUDE USING gist (rule WITH =, valid_at WITH &&);

-- Name: time_zone time_zone_pkey; Type: CONSTRAINT; Schema: policy; Owner: -

ALTER TABLE ONLY policy.time_zone
    ADD CONSTRAINT time_zone_pkey PRIMARY KEY (name);

-- Name: word word_pkey; Type: CONSTRAINT; Schema: policy; Owner: -

ALTER TABLE ONLY policy.word
    ADD CONSTRAINT word_pkey PRIMARY KEY (list, word);

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

-- Name: campaign campaign_name_is_unique; Type: CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.campaign
    ADD CONSTRAINT campaign_name_is_unique UNIQUE (name);

-- Name: campaign campaign_pkey; Type: CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.campaign
    ADD CONSTRAINT campaign_pkey PRIMARY KEY (campaign_id);

-- Name: candidate candidate_is_one; Type: CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.candidate
    ADD CONSTRAINT candidate_is_one UNIQUE NULLS NOT DISTINCT (run_id, user_id, service_id);

-- Name: cohort_text cohort_text_pkey; Type: CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.cohort_text
    ADD CONSTRAINT cohort_text_pkey PRIMARY KEY (run_id, cohort);

-- Name: customer customer_pkey; Type: CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.customer
    ADD CONSTRAINT customer_pkey PRIMARY KEY (user_id);

-- Name: hour_share hour_share_pkey; Type: CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.hour_share
    ADD CONSTRAINT hour_share_pkey PRIMARY KEY (segment, local_hour);

-- Name: profile profile_pkey; Type: CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.profile
    ADD CONSTRAINT profile_pkey PRIMARY KEY (user_id, service_id);

-- Name: run run_happens_once; Type: CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.run
    ADD CONSTRAINT run_happens_once UNIQUE (campaign_id, trigger_key);

-- Name: segment_rule segment_rule_pkey; Type: CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.segment_rule
    ADD CONSTRAINT segment_rule_pkey PRIMARY KEY (segment, version, "position");

-- Name: segment_rule segment_rule_versions_do_not_overlap; Type: CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.segment_rule
    ADD CONSTRAINT segment_rule_versions_do_not_overlap EXCLUDE USING gist ("position" WITH =, valid_at WITH &&);

-- Name: snapshot_refresh snapshot_refresh_pkey; Type: CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.snapshot_refresh
    ADD CONSTRAINT snapshot_refresh_pkey PRIMARY KEY (snapshot);

-- Name: uplift uplift_is_told_once; Type: CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.uplift
    ADD CONSTRAINT uplift_is_told_once UNIQUE NULLS NOT DISTINCT (campaign_id, scope, segment);

-- Name: variant variant_pkey; Type: CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.variant
    ADD CONSTRAINT variant_pkey PRIMARY KEY (template_id);

-- Name: contact_push_once_idx; Type: INDEX; Schema: account; Owner: -

CREATE UNIQUE INDEX contact_push_once_idx ON account.contact USING btree (address) WHERE (channel = 'push'::text);

-- Name: contact_session_idx; Type: INDEX; Schema: account; Owner: -

CREATE INDEX contact_session_idx ON account.contact USING btree (session_id) WHERE (session_id IS NOT NULL);

-- Name: contact_sign_in_idx; Type: INDEX; Schema: account; Owner: -

CREATE INDEX contact_sign_in_idx ON account.contact USING btree (channel, lower(address));

-- Name: idempotent_call_age_idx; Type: INDEX; Schema: account; Owner: -

CREATE INDEX idempotent_call_age_idx ON account.idempotent_call USING btree (called_at);

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

-- Name: rate_bucket_age_idx; Type: INDEX; Schema: account; Owner: -

CREATE INDEX rate_bucket_age_idx ON account.rate_bucket USING btree (refilled_at);

-- Name: refresh_token_session_idx; Type: INDEX; Schema: account; Owner: -

CREATE INDEX refresh_token_session_idx ON account.refresh_token USING btree (session_id, issued_at);

-- Name: service_token_service_idx; Type: INDEX; Schema: account; Owner: -

CREATE INDEX service_token_service_idx ON account.service_token USING btree (service, made_at);

-- Name: session_age_idx; Type: INDEX; Schema: account; Owner: -

CREATE INDEX session_age_idx ON account.session USING btree (expires_at);

-- Name: session_person_idx; Type: INDEX; Schema: account; Owner: -

CREATE INDEX session_person_idx ON account.session USING btree (user_id, created_at);

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

CREATE INDEX booking_recent_idx ON market.booking USING btree (customer_id, created_at);

-- Name: booking_service_idx; Type: INDEX; Schema: market; Owner: -

CREATE INDEX booking_service_idx ON market.booking USING btree (service_id);

-- Name: booking_visit_idx; Type: INDEX; Schema: market; Owner: -

CREATE INDEX booking_visit_idx ON market.booking USING btree (customer_id, service_id, completed_at) WHERE (status = 'completed'::text);

-- Name: booking_worker_idx; Type: INDEX; Schema: market; Owner: -

CREATE INDEX booking_worker_idx ON market.booking USING btree (worker_id, scheduled_at) WHERE (worker_id IS NOT NULL);

-- Name: delivery_consent_idx; Type: INDEX; Schema: outreach; Owner: -

CREATE INDEX delivery_consent_idx ON outreach.delivery USING btree (user_id, channel, purpose, sent_at);

-- Name: delivery_live_once_idx; Type: INDEX; Schema: outreach; Owner: -

CREATE UNIQUE INDEX delivery_live_once_idx ON outreach.delivery USING btree (message_id) WHERE (state <> 'released'::text);

-- Name: delivery_provider_idx; Type: INDEX; Schema: outreach; Owner: -

CREATE INDEX delivery_provider_idx ON outreach.delivery USING btree (adapter, provider_id) WHERE (provider_id IS NOT NULL);

-- Name: delivery_sent_idx; Type: INDEX; Schema: outreach; Owner: -

CREATE INDEX delivery_sent_idx ON outreach.delivery USING brin (sent_at);

-- Name: delivery_short_id_idx; Type: INDEX; Schema: outreach; Owner: -

CREATE INDEX delivery_short_id_idx ON outreach.delivery USING btree ("right"(replace((message_id)::text, '-'::text, ''::text), 20)) WHERE (channel = 'sms'::text);

-- Name: delivery_time_idx; Type: INDEX; Schema: outreach; Owner: -

CREATE INDEX delivery_time_idx ON outreach.delivery USING brin (sent_at) WITH (autosummarize='on');

-- Name: event_message_idx; Type: INDEX; Schema: outreach; Owner: -

CREATE INDEX event_message_idx ON outreach.event USING btree (message_id, kind);

-- Name: event_waiting_idx; Type: INDEX; Schema: outreach; Owner: -

CREATE INDEX event_waiting_idx ON outreach.event USING btree (source, provider_id) WHERE ((message_id IS NULL) AND (provider_id IS NOT NULL));

-- Name: inbox_person_idx; Type: INDEX; Schema: outreach; Owner: -

CREATE INDEX inbox_person_idx ON outreach.inbox USING btree (user_id, arrived_at);

-- Name: link_booking_idx; Type: INDEX; Schema: outreach; Owner: -

CREATE INDEX link_booking_idx ON outreach.link USING btree (booking_id) WHERE (booking_id IS NOT NULL);

-- Name: link_message_idx; Type: INDEX; Schema: outreach; Owner: -

CREATE INDEX link_message_idx ON outreach.link USING btree (message_id);

-- Name: message_due_idx; Type: INDEX; Schema: outreach; Owner: -

CREATE INDEX message_due_idx ON outreach.message USING btree (channel, due_at, message_id) WHERE (state = 'scheduled'::text);

-- Name: message_run_idx; Type: INDEX; Schema: outreach; Owner: -

CREATE INDEX message_run_idx ON outreach.message USING btree (run_id, state);

-- Name: message_unsettled_idx; Type: INDEX; Schema: outreach; Owner: -

CREATE INDEX message_unsettled_idx ON outreach.message USING btree (state_at) WHERE (state = ANY (ARRAY['claimed'::text, 'in_doubt'::text]));

-- Name: model_call_cohort_idx; Type: INDEX; Schema: outreach; Owner: -

CREATE INDEX model_call_cohort_idx ON outreach.model_call USING btree (cohort, called_at);

-- Name: model_call_day_idx; Type: INDEX; Schema: outreach; Owner: -

CREATE INDEX model_call_day_idx ON outreach.model_call USING btree (called_at);

-- Name: template_choice_idx; Type: INDEX; Schema: outreach; Owner: -

CREATE INDEX template_choice_idx ON outreach.template USING btree (kind, category, language) WHERE ((approved_at IS NOT NULL) AND (retired_at IS NULL));

-- Name: webhook_age_idx; Type: INDEX; Schema: outreach; Owner: -

CREATE INDEX webhook_age_idx ON outreach.webhook USING btree (received_at);

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

-- Name: add_on_rate_idx; Type: INDEX; Schema: smartengage; Owner: -

CREATE UNIQUE INDEX add_on_rate_idx ON smartengage.add_on_rate USING btree (add_on_id);

-- Name: campaign_life_idx; Type: INDEX; Schema: smartengage; Owner: -

CREATE INDEX campaign_life_idx ON smartengage.campaign USING btree (status, starts_at) WHERE (status = ANY (ARRAY['scheduled'::text, 'running'::text, 'paused'::text]));

-- Name: candidate_message_idx; Type: INDEX; Schema: smartengage; Owner: -

CREATE INDEX candidate_message_idx ON smartengage.candidate USING btree (message_id);

-- Name: candidate_person_idx; Type: INDEX; Schema: smartengage; Owner: -

CREATE INDEX candidate_person_idx ON smartengage.candidate USING btree (user_id);

-- Name: customer_segment_idx; Type: INDEX; Schema: smartengage; Owner: -

CREATE INDEX customer_segment_idx ON smartengage.customer USING btree (segment);

-- Name: run_service_idx; Type: INDEX; Schema: smartengage; Owner: -

CREATE INDEX run_service_idx ON smartengage.run USING btree (service_id) WHERE (service_id IS NOT NULL);

-- Name: run_template_idx; Type: INDEX; Schema: smartengage; Owner: -

CREATE INDEX run_template_idx ON smartengage.run USING btree (template_id) WHERE (template_id IS NOT NULL);

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

-- Name: session session_takes_device; Type: TRIGGER; Schema: account; Owner: -

CREATE TRIGGER session_takes_device AFTER UPDATE ON account.session FOR EACH ROW WHEN (((old.revoked_at IS NULL) AND (new.revoked_at IS NOT NULL))) EXECUTE FUNCTION account.session_takes_device();

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

-- Name: slot slot_is_held; Type: TRIGGER; Schema: outreach; Owner: -

CREATE TRIGGER slot_is_held BEFORE DELETE OR UPDATE ON outreach.slot FOR EACH ROW EXECUTE FUNCTION outreach.slot_is_held();

-- Name: slot slot_is_not_emptied; Type: TRIGGER; Schema: outreach; Owner: -

CREATE TRIGGER slot_is_not_emptied BEFORE TRUNCATE ON outreach.slot FOR EACH STATEMENT EXECUTE FUNCTION outreach.slot_is_held();

-- Name: template template_keeps_its_text; Type: TRIGGER; Schema: outreach; Owner: -

CREATE TRIGGER template_keeps_its_text BEFORE UPDATE ON outreach.template FOR EACH ROW EXECUTE FUNCTION outreach.template_keeps_its_text();

-- Name: audit audit_is_append_only; Type: TRIGGER; Schema: policy; Owner: -

CREATE TRIGGER audit_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON policy.audit FOR EACH STATEMENT EXECUTE FUNCTION policy.audit_is_append_only();

-- Name: cap cap_change_is_registered; Type: TRIGGER; Schema: policy; Owner: -

CREATE TRIGGER cap_change_is_registered AFTER INSERT OR UPDATE ON policy.cap FOR EACH ROW EXECUTE FUNCTION policy.register_cap_change();

-- Name: cap cap_history_is_append_only; Type: TRIGGER; Schema: policy; Owner: -

CREATE TRIGGER cap_history_is_append_only BEFORE DELETE OR UPDATE ON policy.cap FOR EACH ROW EXECUTE FUNCTION policy.history_is_append_only();

-- Name: cap cap_history_is_not_emptied; Type: TRIGGER; Schema: policy; Owner: -

CREATE TRIGGER cap_history_is_not_emptied BEFORE TRUNCATE ON policy.cap FOR EACH STATEMENT EXECUTE FUNCTION policy.history_is_append_only();

-- Name: cap cap_is_audited; Type: TRIGGER; Schema: policy; Owner: -

CREATE TRIGGER cap_is_audited AFTER INSERT OR DELETE OR UPDATE ON policy.cap FOR EACH ROW EXECUTE FUNCTION policy.audit_change();

-- Name: cap cap_loosening_is_approved; Type: TRIGGER; Schema: policy; Owner: -

CREATE TRIGGER cap_loosening_is_approved BEFORE INSERT ON policy.cap FOR EACH ROW EXECUTE FUNCTION policy.cap_loosening_is_approved();

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

-- Name: rule rule_keeps_its_kind; Type: TRIGGER; Schema: policy; Owner: -

CREATE TRIGGER rule_keeps_its_kind AFTER INSERT OR UPDATE ON policy.rule FOR EACH ROW EXECUTE FUNCTION policy.rule_keeps_its_kind();

-- Name: rule rule_loosening_is_approved; Type: TRIGGER; Schema: policy; Owner: -

CREATE TRIGGER rule_loosening_is_approved BEFORE INSERT ON policy.rule FOR EACH ROW EXECUTE FUNCTION policy.rule_loosening_is_approved();

-- Name: word word_is_audited; Type: TRIGGER; Schema: policy; Owner: -

CREATE TRIGGER word_is_audited AFTER INSERT OR DELETE OR UPDATE ON policy.word FOR EACH ROW EXECUTE FUNCTION policy.audit_change();

-- Name: pgqueuer tg_pgqueuer_changed; Type: TRIGGER; Schema: queue; Owner: -

CREATE TRIGGER tg_pgqueuer_changed AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON queue.pgqueuer FOR EACH STATEMENT EXECUTE FUNCTION queue.fn_pgqueuer_changed();

-- Name: campaign campaign_holds_messages; Type: TRIGGER; Schema: smartengage; Owner: -

CREATE TRIGGER campaign_holds_messages AFTER INSERT OR UPDATE OF status, enabled ON smartengage.campaign FOR EACH ROW EXECUTE FUNCTION smartengage.campaign_holds_messages();

-- Name: campaign campaign_is_audited; Type: TRIGGER; Schema: smartengage; Owner: -

CREATE TRIGGER campaign_is_audited AFTER INSERT OR DELETE OR UPDATE ON smartengage.campaign FOR EACH ROW EXECUTE FUNCTION smartengage.campaign_is_audited();

-- Name: campaign campaign_moves_forward; Type: TRIGGER; Schema: smartengage; Owner: -

CREATE TRIGGER campaign_moves_forward BEFORE UPDATE ON smartengage.campaign FOR EACH ROW EXECUTE FUNCTION smartengage.campaign_moves_forward();

-- Name: segment_rule segment_history_is_append_only; Type: TRIGGER; Schema: smartengage; Owner: -

CREATE TRIGGER segment_history_is_append_only BEFORE DELETE OR UPDATE ON smartengage.segment_rule FOR EACH ROW EXECUTE FUNCTION policy.history_is_append_only();

-- Name: segment_rule segment_history_is_not_emptied; Type: TRIGGER; Schema: smartengage; Owner: -

CREATE TRIGGER segment_history_is_not_emptied BEFORE TRUNCATE ON smartengage.segment_rule FOR EACH STATEMENT EXECUTE FUNCTION policy.history_is_append_only();

-- Name: segment_rule segment_rule_is_audited; Type: TRIGGER; Schema: smartengage; Owner: -

CREATE TRIGGER segment_rule_is_audited AFTER INSERT OR DELETE OR UPDATE ON smartengage.segment_rule FOR EACH ROW EXECUTE FUNCTION policy.audit_change();

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

-- Name: idempotent_call idempotent_call_user_id_fkey; Type: FK CONSTRAINT; Schema: account; Owner: -

ALTER TABLE ONLY account.idempotent_call
    ADD CONSTRAINT idempotent_call_user_id_fkey FOREIGN KEY (user_id) REFERENCES account.person(user_id);

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

-- Name: delivery delivery_has_consent; Type: FK CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.delivery
    ADD CONSTRAINT delivery_has_consent FOREIGN KEY (user_id, consent_channel, consent_purpose, PERIOD sent_during) REFERENCES account.consent(user_id, channel, purpose, PERIOD valid_at);

-- Name: delivery delivery_is_of_message; Type: FK CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.delivery
    ADD CONSTRAINT delivery_is_of_message FOREIGN KEY (message_id, user_id, channel, purpose, counts) REFERENCES outreach.message(message_id, user_id, channel, purpose, counts);

-- Name: event event_message_id_fkey; Type: FK CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.event
    ADD CONSTRAINT event_message_id_fkey FOREIGN KEY (message_id) REFERENCES outreach.message(message_id);

-- Name: inbox inbox_message_id_fkey; Type: FK CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.inbox
    ADD CONSTRAINT inbox_message_id_fkey FOREIGN KEY (message_id) REFERENCES outreach.message(message_id);

-- Name: inbox inbox_user_id_fkey; Type: FK CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.inbox
    ADD CONSTRAINT inbox_user_id_fkey FOREIGN KEY (user_id) REFERENCES account.person(user_id);

-- Name: link link_booking_id_fkey; Type: FK CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.link
    ADD CONSTRAINT link_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES market.booking(booking_id);

-- Name: link link_message_id_fkey; Type: FK CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.link
    ADD CONSTRAINT link_message_id_fkey FOREIGN KEY (message_id) REFERENCES outreach.message(message_id);

-- Name: message message_is_of_class; Type: FK CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.message
    ADD CONSTRAINT message_is_of_class FOREIGN KEY (message_class, purpose, obeys_caps, counts) REFERENCES policy.message_class(message_class, purpose, obeys_caps, counts);

-- Name: message message_service_id_fkey; Type: FK CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.message
    ADD CONSTRAINT message_service_id_fkey FOREIGN KEY (service_id) REFERENCES market.service(service_id);

-- Name: message message_template_id_fkey; Type: FK CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.message
    ADD CONSTRAINT message_template_id_fkey FOREIGN KEY (template_id) REFERENCES outreach.template(template_id);

-- Name: message message_user_id_fkey; Type: FK CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.message
    ADD CONSTRAINT message_user_id_fkey FOREIGN KEY (user_id) REFERENCES account.person(user_id);

-- Name: slot slot_is_of_cap; Type: FK CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.slot
    ADD CONSTRAINT slot_is_of_cap FOREIGN KEY (cap, cap_version, max_messages, window_hours) REFERENCES policy.cap(cap, version, max_messages, window_hours);

-- Name: slot slot_message_id_attempt_fkey; Type: FK CONSTRAINT; Schema: outreach; Owner: -

ALTER TABLE ONLY outreach.slot
    ADD CONSTRAINT slot_message_id_attempt_fkey FOREIGN KEY (message_id, attempt) REFERENCES outreach.delivery(message_id, attempt);

-- Name: cap cap_proposal_id_fkey; Type: FK CONSTRAINT; Schema: policy; Owner: -

ALTER TABLE ONLY policy.cap
    ADD CONSTRAINT cap_proposal_id_fkey FOREIGN KEY (proposal_id) REFERENCES policy.proposal(proposal_id);

-- Name: rule rule_proposal_id_fkey; Type: FK CONSTRAINT; Schema: policy; Owner: -

ALTER TABLE ONLY policy.rule
    ADD CONSTRAINT rule_proposal_id_fkey FOREIGN KEY (proposal_id) REFERENCES policy.proposal(proposal_id);

-- Name: rule rule_rule_fkey; Type: FK CONSTRAINT; Schema: policy; Owner: -

ALTER TABLE ONLY policy.rule
    ADD CONSTRAINT rule_rule_fkey FOREIGN KEY (rule) REFERENCES policy.rule_kind(rule);

-- Name: candidate candidate_message_id_fkey; Type: FK CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.candidate
    ADD CONSTRAINT candidate_message_id_fkey FOREIGN KEY (message_id) REFERENCES outreach.message(message_id);

-- Name: candidate candidate_run_id_fkey; Type: FK CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.candidate
    ADD CONSTRAINT candidate_run_id_fkey FOREIGN KEY (run_id) REFERENCES smartengage.run(run_id);

-- Name: candidate candidate_service_id_fkey; Type: FK CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.candidate
    ADD CONSTRAINT candidate_service_id_fkey FOREIGN KEY (service_id) REFERENCES market.service(service_id);

-- Name: candidate candidate_user_id_fkey; Type: FK CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.candidate
    ADD CONSTRAINT candidate_user_id_fkey FOREIGN KEY (user_id) REFERENCES account.person(user_id);

-- Name: cohort_text cohort_text_run_id_fkey; Type: FK CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.cohort_text
    ADD CONSTRAINT cohort_text_run_id_fkey FOREIGN KEY (run_id) REFERENCES smartengage.run(run_id);

-- Name: customer customer_user_id_fkey; Type: FK CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.customer
    ADD CONSTRAINT customer_user_id_fkey FOREIGN KEY (user_id) REFERENCES account.person(user_id);

-- Name: profile profile_service_id_fkey; Type: FK CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.profile
    ADD CONSTRAINT profile_service_id_fkey FOREIGN KEY (service_id) REFERENCES market.service(service_id);

-- Name: profile profile_user_id_fkey; Type: FK CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.profile
    ADD CONSTRAINT profile_user_id_fkey FOREIGN KEY (user_id) REFERENCES account.person(user_id);

-- Name: run run_campaign_id_fkey; Type: FK CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.run
    ADD CONSTRAINT run_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES smartengage.campaign(campaign_id);

-- Name: run run_service_id_fkey; Type: FK CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.run
    ADD CONSTRAINT run_service_id_fkey FOREIGN KEY (service_id) REFERENCES market.service(service_id);

-- Name: run run_template_id_fkey; Type: FK CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.run
    ADD CONSTRAINT run_template_id_fkey FOREIGN KEY (template_id) REFERENCES outreach.template(template_id);

-- Name: uplift uplift_campaign_id_fkey; Type: FK CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.uplift
    ADD CONSTRAINT uplift_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES smartengage.campaign(campaign_id);

-- Name: variant variant_template_id_fkey; Type: FK CONSTRAINT; Schema: smartengage; Owner: -

ALTER TABLE ONLY smartengage.variant
    ADD CONSTRAINT variant_template_id_fkey FOREIGN KEY (template_id) REFERENCES outreach.template(template_id);

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

-- Name: FUNCTION actor(p_session_id uuid, p_role text, p_at timestamp with time zone); Type: ACL; Schema: account; Owner: -

REVOKE ALL ON FUNCTION account.actor(p_session_id uuid, p_role text, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION begin_call(p_user_id uuid, p_key text, p_request_hash bytea, p_at timestamp with time zone); Type: ACL; Schema: account; Owner: -

REVOKE ALL ON FUNCTION account.begin_call(p_user_id uuid, p_key text, p_request_hash bytea, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION change_profile(p_user_id uuid, p_name text, p_language text, p_address_form text, p_greeting text, p_time_zone text, p_quiet_from text, p_quiet_until text, p_preferred_channel text); Type: ACL; Schema: account; Owner: -

REVOKE ALL ON FUNCTION account.change_profile(p_user_id uuid, p_name text, p_language text, p_address_form text, p_greeting text, p_time_zone text, p_quiet_from text, p_quiet_until text, p_preferred_channel text) FROM PUBLIC;

-- Name: FUNCTION check_match(p_if_match text, p_document jsonb); Type: ACL; Schema: account; Owner: -

REVOKE ALL ON FUNCTION account.check_match(p_if_match text, p_document jsonb) FROM PUBLIC;

-- Name: FUNCTION consent_choices(p_role text); Type: ACL; Schema: account; Owner: -

REVOKE ALL ON FUNCTION account.consent_choices(p_role text) FROM PUBLIC;

-- Name: FUNCTION consent_is_history(); Type: ACL; Schema: account; Owner: -

REVOKE ALL ON FUNCTION account.consent_is_history() FROM PUBLIC;

-- Name: FUNCTION consented(p_user_id uuid, p_channel text, p_purpose text, p_at timestamp with time zone); Type: ACL; Schema: account; Owner: -

REVOKE ALL ON FUNCTION account.consented(p_user_id uuid, p_channel text, p_purpose text, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION consents(p_user_id uuid, p_at timestamp with time zone); Type: ACL; Schema: account; Owner: -

REVOKE ALL ON FUNCTION account.consents(p_user_id uuid, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION cursor(p_at timestamp with time zone, p_id uuid); Type: ACL; Schema: account; Owner: -

REVOKE ALL ON FUNCTION account.cursor(p_at timestamp with time zone, p_id uuid) FROM PUBLIC;

-- Name: FUNCTION cursor_place(p_cursor text, OUT at timestamp with time zone, OUT id uuid); Type: ACL; Schema: account; Owner: -

REVOKE ALL ON FUNCTION account.cursor_place(p_cursor text, OUT at timestamp with time zone, OUT id uuid) FROM PUBLIC;

-- Name: FUNCTION erase(p_user_id uuid, p_at timestamp with time zone); Type: ACL; Schema: account; Owner: -

REVOKE ALL ON FUNCTION account.erase(p_user_id uuid, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION etag(p_document jsonb); Type: ACL; Schema: account; Owner: -

REVOKE ALL ON FUNCTION account.etag(p_document jsonb) FROM PUBLIC;

-- Name: FUNCTION profile(p_user_id uuid); Type: ACL; Schema: account; Owner: -

REVOKE ALL ON FUNCTION account.profile(p_user_id uuid) FROM PUBLIC;

-- Name: FUNCTION export(p_user_id uuid); Type: ACL; Schema: account; Owner: -

REVOKE ALL ON FUNCTION account.export(p_user_id uuid) FROM PUBLIC;

-- Name: FUNCTION fresh_admin(p_session_id uuid, p_at timestamp with time zone); Type: ACL; Schema: account; Owner: -

REVOKE ALL ON FUNCTION account.fresh_admin(p_session_id uuid, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION grant_consent(p_user_id uuid, p_channel text, p_purpose text, p_at timestamp with time zone, p_source text, p_wording_version text, p_actor text); Type: ACL; Schema: account; Owner: -

REVOKE ALL ON FUNCTION account.grant_consent(p_user_id uuid, p_channel text, p_purpose text, p_at timestamp with time zone, p_source text, p_wording_version text, p_actor text) FROM PUBLIC;

-- Name: FUNCTION value(p_rule text, p_at timestamp with time zone); Type: ACL; Schema: policy; Owner: -

REVOKE ALL ON FUNCTION policy.value(p_rule text, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION number(p_rule text, p_at timestamp with time zone); Type: ACL; Schema: policy; Owner: -

REVOKE ALL ON FUNCTION policy.number(p_rule text, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION issued(p_session_id uuid, p_at timestamp with time zone); Type: ACL; Schema: account; Owner: -

REVOKE ALL ON FUNCTION account.issued(p_session_id uuid, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION live_session(p_session_id uuid, p_at timestamp with time zone); Type: ACL; Schema: account; Owner: -

REVOKE ALL ON FUNCTION account.live_session(p_session_id uuid, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION lock_key(p_user_id uuid); Type: ACL; Schema: account; Owner: -

REVOKE ALL ON FUNCTION account.lock_key(p_user_id uuid) FROM PUBLIC;

-- Name: FUNCTION lock_person(p_user_id uuid); Type: ACL; Schema: account; Owner: -

REVOKE ALL ON FUNCTION account.lock_person(p_user_id uuid) FROM PUBLIC;

-- Name: FUNCTION make_service_token(p_service text, p_token_hash bytea, p_at timestamp with time zone); Type: ACL; Schema: account; Owner: -

REVOKE ALL ON FUNCTION account.make_service_token(p_service text, p_token_hash bytea, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION match(p_if_match text, p_current jsonb); Type: ACL; Schema: account; Owner: -

REVOKE ALL ON FUNCTION account.match(p_if_match text, p_current jsonb) FROM PUBLIC;

-- Name: FUNCTION open_session(p_user_id uuid, p_refresh_hash bytea, p_agent text, p_at timestamp with time zone); Type: ACL; Schema: account; Owner: -

REVOKE ALL ON FUNCTION account.open_session(p_user_id uuid, p_refresh_hash bytea, p_agent text, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION prune(p_at timestamp with time zone); Type: ACL; Schema: account; Owner: -

REVOKE ALL ON FUNCTION account.prune(p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION refilled(p_tokens double precision, p_refilled_at timestamp with time zone, p_capacity double precision, p_seconds double precision, p_at timestamp with time zone); Type: ACL; Schema: account; Owner: -

REVOKE ALL ON FUNCTION account.refilled(p_tokens double precision, p_refilled_at timestamp with time zone, p_capacity double precision, p_seconds double precision, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION request_code(p_request_id uuid, p_channel text, p_destination text, p_destination_mac bytea, p_block_mac bytea, p_address_mac bytea, p_code_mac bytea, p_sealed bytea, p_language text, p_traceparent text, p_at timestamp with time zone); Type: ACL; Schema: account; Owner: -

REVOKE ALL ON FUNCTION account.request_code(p_request_id uuid, p_channel text, p_destination text, p_destination_mac bytea, p_block_mac bytea, p_address_mac bytea, p_code_mac bytea, p_sealed bytea, p_language text, p_traceparent text, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION revoke_service_tokens(p_service text, p_token_id uuid, p_at timestamp with time zone); Type: ACL; Schema: account; Owner: -

REVOKE ALL ON FUNCTION account.revoke_service_tokens(p_service text, p_token_id uuid, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION revoke_session(p_session_id uuid, p_reason text, p_at timestamp with time zone); Type: ACL; Schema: account; Owner: -

REVOKE ALL ON FUNCTION account.revoke_session(p_session_id uuid, p_reason text, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION rotate_token(p_token_hash bytea, p_child_hashes bytea[], p_at timestamp with time zone); Type: ACL; Schema: account; Owner: -

REVOKE ALL ON FUNCTION account.rotate_token(p_token_hash bytea, p_child_hashes bytea[], p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION service(p_token_hash bytea, p_at timestamp with time zone); Type: ACL; Schema: account; Owner: -

REVOKE ALL ON FUNCTION account.service(p_token_hash bytea, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION service_tokens(); Type: ACL; Schema: account; Owner: -

REVOKE ALL ON FUNCTION account.service_tokens() FROM PUBLIC;

-- Name: FUNCTION session_takes_device(); Type: ACL; Schema: account; Owner: -

REVOKE ALL ON FUNCTION account.session_takes_device() FROM PUBLIC;

-- Name: FUNCTION set_admin(p_login text, p_password_hash text, p_user_id uuid, p_sealed_totp bytea, p_at timestamp with time zone); Type: ACL; Schema: account; Owner: -

REVOKE ALL ON FUNCTION account.set_admin(p_login text, p_password_hash text, p_user_id uuid, p_sealed_totp bytea, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION set_consents(p_user_id uuid, p_consents jsonb, p_wording_version text, p_at timestamp with time zone); Type: ACL; Schema: account; Owner: -

REVOKE ALL ON FUNCTION account.set_consents(p_user_id uuid, p_consents jsonb, p_wording_version text, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION set_device(p_user_id uuid, p_session_id uuid, p_token text, p_at timestamp with time zone); Type: ACL; Schema: account; Owner: -

REVOKE ALL ON FUNCTION account.set_device(p_user_id uuid, p_session_id uuid, p_token text, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION take_token(p_bucket text, p_capacity double precision, p_seconds double precision, p_at timestamp with time zone); Type: ACL; Schema: account; Owner: -

REVOKE ALL ON FUNCTION account.take_token(p_bucket text, p_capacity double precision, p_seconds double precision, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION verify_code(p_request_id uuid, p_channel text, p_destination text, p_destination_macs bytea[], p_code_macs bytea[], p_at timestamp with time zone); Type: ACL; Schema: account; Owner: -

REVOKE ALL ON FUNCTION account.verify_code(p_request_id uuid, p_channel text, p_destination text, p_destination_macs bytea[], p_code_macs bytea[], p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION withdraw_consent(p_user_id uuid, p_channel text, p_purpose text, p_at timestamp with time zone, p_source text, p_actor text); Type: ACL; Schema: account; Owner: -

REVOKE ALL ON FUNCTION account.withdraw_consent(p_user_id uuid, p_channel text, p_purpose text, p_at timestamp with time zone, p_source text, p_actor text) FROM PUBLIC;

-- Name: FUNCTION accept_job(p_actor uuid, p_booking_id uuid); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.accept_job(p_actor uuid, p_booking_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION api.accept_job(p_actor uuid, p_booking_id uuid) TO shokti_app;

-- Name: FUNCTION acknowledge_alert(p_actor uuid, p_alert_id uuid, p_outcome text); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.acknowledge_alert(p_actor uuid, p_alert_id uuid, p_outcome text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.acknowledge_alert(p_actor uuid, p_alert_id uuid, p_outcome text) TO shokti_app;

-- Name: FUNCTION add_quiet_period(p_actor uuid, p_name text, p_reason text, p_purpose text, p_weekday integer, p_from_time time without time zone, p_until_time time without time zone, p_since timestamp with time zone, p_until timestamp with time zone); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.add_quiet_period(p_actor uuid, p_name text, p_reason text, p_purpose text, p_weekday integer, p_from_time time without time zone, p_until_time time without time zone, p_since timestamp with time zone, p_until timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION api.add_quiet_period(p_actor uuid, p_name text, p_reason text, p_purpose text, p_weekday integer, p_from_time time without time zone, p_until_time time without time zone, p_since timestamp with time zone, p_until timestamp with time zone) TO shokti_app;

-- Name: FUNCTION admin_challenge(p_login text, p_address_key text); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.admin_challenge(p_login text, p_address_key text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.admin_challenge(p_login text, p_address_key text) TO shokti_app;

-- Name: FUNCTION admin_login(p_user_id uuid, p_password_hash text, p_totp_step bigint, p_rehashed text, p_refresh_hash bytea, p_agent text); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.admin_login(p_user_id uuid, p_password_hash text, p_totp_step bigint, p_rehashed text, p_refresh_hash bytea, p_agent text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.admin_login(p_user_id uuid, p_password_hash text, p_totp_step bigint, p_rehashed text, p_refresh_hash bytea, p_agent text) TO shokti_app;

-- Name: FUNCTION admin_messages(p_actor uuid, p_campaign_id uuid, p_run_id uuid, p_user_id uuid, p_state text, p_channel text, p_cursor text, p_limit integer); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.admin_messages(p_actor uuid, p_campaign_id uuid, p_run_id uuid, p_user_id uuid, p_state text, p_channel text, p_cursor text, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION api.admin_messages(p_actor uuid, p_campaign_id uuid, p_run_id uuid, p_user_id uuid, p_state text, p_channel text, p_cursor text, p_limit integer) TO shokti_app;

-- Name: FUNCTION ai_messages(p_actor uuid, p_cursor text, p_limit integer); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.ai_messages(p_actor uuid, p_cursor text, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION api.ai_messages(p_actor uuid, p_cursor text, p_limit integer) TO shokti_app;

-- Name: FUNCTION alerts(p_actor uuid, p_status text, p_kind text, p_cursor text, p_limit integer); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.alerts(p_actor uuid, p_status text, p_kind text, p_cursor text, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION api.alerts(p_actor uuid, p_status text, p_kind text, p_cursor text, p_limit integer) TO shokti_app;

-- Name: FUNCTION approve_policy(p_actor uuid, p_rule text, p_proposal_id uuid, p_reason text); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.approve_policy(p_actor uuid, p_rule text, p_proposal_id uuid, p_reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.approve_policy(p_actor uuid, p_rule text, p_proposal_id uuid, p_reason text) TO shokti_app;

-- Name: FUNCTION arrive_job(p_actor uuid, p_booking_id uuid); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.arrive_job(p_actor uuid, p_booking_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION api.arrive_job(p_actor uuid, p_booking_id uuid) TO shokti_app;

-- Name: FUNCTION audit(p_actor uuid, p_by text, p_action text, p_subject text, p_since timestamp with time zone, p_until timestamp with time zone, p_cursor text, p_limit integer); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.audit(p_actor uuid, p_by text, p_action text, p_subject text, p_since timestamp with time zone, p_until timestamp with time zone, p_cursor text, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION api.audit(p_actor uuid, p_by text, p_action text, p_subject text, p_since timestamp with time zone, p_until timestamp with time zone, p_cursor text, p_limit integer) TO shokti_app;

-- Name: FUNCTION now(); Type: ACL; Schema: clock; Owner: -

REVOKE ALL ON FUNCTION clock.now() FROM PUBLIC;
GRANT ALL ON FUNCTION clock.now() TO shokti_analyst;

-- Name: FUNCTION begin_call(p_actor uuid, p_key text, p_request_hash bytea); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.begin_call(p_actor uuid, p_key text, p_request_hash bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION api.begin_call(p_actor uuid, p_key text, p_request_hash bytea) TO shokti_app;

-- Name: FUNCTION book(p_actor uuid, p_service_id uuid, p_scheduled_at timestamp with time zone, p_add_on_ids uuid[]); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.book(p_actor uuid, p_service_id uuid, p_scheduled_at timestamp with time zone, p_add_on_ids uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION api.book(p_actor uuid, p_service_id uuid, p_scheduled_at timestamp with time zone, p_add_on_ids uuid[]) TO shokti_app;

-- Name: FUNCTION book_link(p_token text, p_scheduled_at timestamp with time zone, p_add_on_ids uuid[]); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.book_link(p_token text, p_scheduled_at timestamp with time zone, p_add_on_ids uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION api.book_link(p_token text, p_scheduled_at timestamp with time zone, p_add_on_ids uuid[]) TO shokti_app;

-- Name: FUNCTION booking(p_actor uuid, p_booking_id uuid); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.booking(p_actor uuid, p_booking_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION api.booking(p_actor uuid, p_booking_id uuid) TO shokti_app;

-- Name: FUNCTION bookings(p_actor uuid, p_status text, p_cursor text, p_limit integer); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.bookings(p_actor uuid, p_status text, p_cursor text, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION api.bookings(p_actor uuid, p_status text, p_cursor text, p_limit integer) TO shokti_app;

-- Name: FUNCTION calendar(p_actor uuid, p_past boolean); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.calendar(p_actor uuid, p_past boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION api.calendar(p_actor uuid, p_past boolean) TO shokti_app;

-- Name: FUNCTION campaign(p_actor uuid, p_campaign_id uuid); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.campaign(p_actor uuid, p_campaign_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION api.campaign(p_actor uuid, p_campaign_id uuid) TO shokti_app;

-- Name: FUNCTION campaigns(p_actor uuid, p_status text, p_cursor text, p_limit integer); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.campaigns(p_actor uuid, p_status text, p_cursor text, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION api.campaigns(p_actor uuid, p_status text, p_cursor text, p_limit integer) TO shokti_app;

-- Name: FUNCTION cancel_booking(p_actor uuid, p_booking_id uuid, p_reason text); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.cancel_booking(p_actor uuid, p_booking_id uuid, p_reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.cancel_booking(p_actor uuid, p_booking_id uuid, p_reason text) TO shokti_app;

-- Name: FUNCTION cancel_job(p_actor uuid, p_booking_id uuid, p_reason text); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.cancel_job(p_actor uuid, p_booking_id uuid, p_reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.cancel_job(p_actor uuid, p_booking_id uuid, p_reason text) TO shokti_app;

-- Name: FUNCTION change_me(p_actor uuid, p_if_match text, p_name text, p_language text, p_address_form text, p_greeting text, p_time_zone text, p_quiet_from text, p_quiet_until text, p_preferred_channel text, p_push_token text); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.change_me(p_actor uuid, p_if_match text, p_name text, p_language text, p_address_form text, p_greeting text, p_time_zone text, p_quiet_from text, p_quiet_until text, p_preferred_channel text, p_push_token text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.change_me(p_actor uuid, p_if_match text, p_name text, p_language text, p_address_form text, p_greeting text, p_time_zone text, p_quiet_from text, p_quiet_until text, p_preferred_channel text, p_push_token text) TO shokti_app;

-- Name: FUNCTION change_policy(p_actor uuid, p_rule text, p_if_match text, p_value jsonb, p_reason text, p_effective_from timestamp with time zone); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.change_policy(p_actor uuid, p_rule text, p_if_match text, p_value jsonb, p_reason text, p_effective_from timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION api.change_policy(p_actor uuid, p_rule text, p_if_match text, p_value jsonb, p_reason text, p_effective_from timestamp with time zone) TO shokti_app;

-- Name: FUNCTION change_segments(p_actor uuid, p_if_match text, p_definitions jsonb, p_reason text, p_preview boolean); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.change_segments(p_actor uuid, p_if_match text, p_definitions jsonb, p_reason text, p_preview boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION api.change_segments(p_actor uuid, p_if_match text, p_definitions jsonb, p_reason text, p_preview boolean) TO shokti_app;

-- Name: FUNCTION change_worker_profile(p_actor uuid, p_if_match text, p_categories text[], p_zone text); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.change_worker_profile(p_actor uuid, p_if_match text, p_categories text[], p_zone text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.change_worker_profile(p_actor uuid, p_if_match text, p_categories text[], p_zone text) TO shokti_app;

-- Name: FUNCTION click_link(p_token text, p_agent text); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.click_link(p_token text, p_agent text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.click_link(p_token text, p_agent text) TO shokti_app;

-- Name: FUNCTION complete_job(p_actor uuid, p_booking_id uuid); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.complete_job(p_actor uuid, p_booking_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION api.complete_job(p_actor uuid, p_booking_id uuid) TO shokti_app;

-- Name: FUNCTION consents(p_actor uuid); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.consents(p_actor uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION api.consents(p_actor uuid) TO shokti_app;

-- Name: FUNCTION contract(); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.contract() FROM PUBLIC;
GRANT ALL ON FUNCTION api.contract() TO shokti_app;

-- Name: FUNCTION create_campaign(p_actor uuid, p_name text, p_segments text[], p_channels text[], p_holdout_share double precision, p_canary_share double precision, p_window_from text, p_window_until text, p_repeats boolean, p_starts_at timestamp with time zone, p_ends_at timestamp with time zone, p_reason text); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.create_campaign(p_actor uuid, p_name text, p_segments text[], p_channels text[], p_holdout_share double precision, p_canary_share double precision, p_window_from text, p_window_until text, p_repeats boolean, p_starts_at timestamp with time zone, p_ends_at timestamp with time zone, p_reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.create_campaign(p_actor uuid, p_name text, p_segments text[], p_channels text[], p_holdout_share double precision, p_canary_share double precision, p_window_from text, p_window_until text, p_repeats boolean, p_starts_at timestamp with time zone, p_ends_at timestamp with time zone, p_reason text) TO shokti_app;

-- Name: FUNCTION decline_policy(p_actor uuid, p_rule text, p_proposal_id uuid, p_reason text); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.decline_policy(p_actor uuid, p_rule text, p_proposal_id uuid, p_reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.decline_policy(p_actor uuid, p_rule text, p_proposal_id uuid, p_reason text) TO shokti_app;

-- Name: FUNCTION end_quiet_period(p_actor uuid, p_quiet_period_id uuid, p_reason text); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.end_quiet_period(p_actor uuid, p_quiet_period_id uuid, p_reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.end_quiet_period(p_actor uuid, p_quiet_period_id uuid, p_reason text) TO shokti_app;

-- Name: FUNCTION end_sessions(p_actor uuid, p_session_id uuid); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.end_sessions(p_actor uuid, p_session_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION api.end_sessions(p_actor uuid, p_session_id uuid) TO shokti_app;

-- Name: FUNCTION erase_me(p_actor uuid); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.erase_me(p_actor uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION api.erase_me(p_actor uuid) TO shokti_app;

-- Name: FUNCTION export_me(p_actor uuid); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.export_me(p_actor uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION api.export_me(p_actor uuid) TO shokti_app;

-- Name: FUNCTION finish_call(p_actor uuid, p_key text, p_status integer, p_body text); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.finish_call(p_actor uuid, p_key text, p_status integer, p_body text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.finish_call(p_actor uuid, p_key text, p_status integer, p_body text) TO shokti_app;

-- Name: FUNCTION flag_campaign(p_actor uuid, p_campaign_id uuid, p_enabled boolean, p_reason text); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.flag_campaign(p_actor uuid, p_campaign_id uuid, p_enabled boolean, p_reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.flag_campaign(p_actor uuid, p_campaign_id uuid, p_enabled boolean, p_reason text) TO shokti_app;

-- Name: FUNCTION give_feedback(p_actor uuid, p_message_id uuid, p_useful boolean); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.give_feedback(p_actor uuid, p_message_id uuid, p_useful boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION api.give_feedback(p_actor uuid, p_message_id uuid, p_useful boolean) TO shokti_app;

-- Name: FUNCTION jobs(p_actor uuid, p_status text, p_cursor text, p_limit integer); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.jobs(p_actor uuid, p_status text, p_cursor text, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION api.jobs(p_actor uuid, p_status text, p_cursor text, p_limit integer) TO shokti_app;

-- Name: FUNCTION link(p_token text); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.link(p_token text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.link(p_token text) TO shokti_app;

-- Name: FUNCTION logout(p_token_hash bytea); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.logout(p_token_hash bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION api.logout(p_token_hash bytea) TO shokti_app;

-- Name: FUNCTION me(p_actor uuid); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.me(p_actor uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION api.me(p_actor uuid) TO shokti_app;

-- Name: FUNCTION metrics_overview(p_actor uuid, p_days integer); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.metrics_overview(p_actor uuid, p_days integer) FROM PUBLIC;
GRANT ALL ON FUNCTION api.metrics_overview(p_actor uuid, p_days integer) TO shokti_app;

-- Name: FUNCTION metrics_uplift(p_actor uuid); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.metrics_uplift(p_actor uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION api.metrics_uplift(p_actor uuid) TO shokti_app;

-- Name: FUNCTION pause_campaign(p_actor uuid, p_campaign_id uuid, p_reason text); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.pause_campaign(p_actor uuid, p_campaign_id uuid, p_reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.pause_campaign(p_actor uuid, p_campaign_id uuid, p_reason text) TO shokti_app;

-- Name: FUNCTION policies(p_actor uuid); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.policies(p_actor uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION api.policies(p_actor uuid) TO shokti_app;

-- Name: FUNCTION policy(p_actor uuid, p_rule text); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.policy(p_actor uuid, p_rule text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.policy(p_actor uuid, p_rule text) TO shokti_app;

-- Name: FUNCTION ready(); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.ready() FROM PUBLIC;
GRANT ALL ON FUNCTION api.ready() TO shokti_app;

-- Name: FUNCTION receive_webhook(p_provider text, p_webhook_id text, p_body bytea, p_at timestamp with time zone); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.receive_webhook(p_provider text, p_webhook_id text, p_body bytea, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION receive_webhook(p_provider text, p_webhook_id text, p_body bytea); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.receive_webhook(p_provider text, p_webhook_id text, p_body bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION api.receive_webhook(p_provider text, p_webhook_id text, p_body bytea) TO shokti_app;

-- Name: FUNCTION record_events(p_actor uuid, p_events jsonb); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.record_events(p_actor uuid, p_events jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION api.record_events(p_actor uuid, p_events jsonb) TO shokti_app;

-- Name: FUNCTION refresh(p_token_hash bytea, p_child_hashes bytea[]); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.refresh(p_token_hash bytea, p_child_hashes bytea[]) FROM PUBLIC;
GRANT ALL ON FUNCTION api.refresh(p_token_hash bytea, p_child_hashes bytea[]) TO shokti_app;

-- Name: FUNCTION request_otp(p_request_id uuid, p_channel text, p_destination text, p_destination_mac bytea, p_block_mac bytea, p_address_mac bytea, p_code_mac bytea, p_sealed bytea, p_language text, p_traceparent text); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.request_otp(p_request_id uuid, p_channel text, p_destination text, p_destination_mac bytea, p_block_mac bytea, p_address_mac bytea, p_code_mac bytea, p_sealed bytea, p_language text, p_traceparent text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.request_otp(p_request_id uuid, p_channel text, p_destination text, p_destination_mac bytea, p_block_mac bytea, p_address_mac bytea, p_code_mac bytea, p_sealed bytea, p_language text, p_traceparent text) TO shokti_app;

-- Name: FUNCTION resume_campaign(p_actor uuid, p_campaign_id uuid, p_reason text); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.resume_campaign(p_actor uuid, p_campaign_id uuid, p_reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.resume_campaign(p_actor uuid, p_campaign_id uuid, p_reason text) TO shokti_app;

-- Name: FUNCTION revert_policy(p_actor uuid, p_rule text, p_if_match text, p_reason text, p_version integer, p_effective_from timestamp with time zone); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.revert_policy(p_actor uuid, p_rule text, p_if_match text, p_reason text, p_version integer, p_effective_from timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION api.revert_policy(p_actor uuid, p_rule text, p_if_match text, p_reason text, p_version integer, p_effective_from timestamp with time zone) TO shokti_app;

-- Name: FUNCTION review_booking(p_actor uuid, p_booking_id uuid, p_rating integer, p_body text); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.review_booking(p_actor uuid, p_booking_id uuid, p_rating integer, p_body text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.review_booking(p_actor uuid, p_booking_id uuid, p_rating integer, p_body text) TO shokti_app;

-- Name: FUNCTION run_campaign(p_actor uuid, p_campaign_id uuid, p_segment text, p_trigger_key text, p_reason text); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.run_campaign(p_actor uuid, p_campaign_id uuid, p_segment text, p_trigger_key text, p_reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.run_campaign(p_actor uuid, p_campaign_id uuid, p_segment text, p_trigger_key text, p_reason text) TO shokti_app;

-- Name: FUNCTION run_segment(p_token_hash bytea, p_segment text, p_campaign_id uuid, p_trigger_key text); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.run_segment(p_token_hash bytea, p_segment text, p_campaign_id uuid, p_trigger_key text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.run_segment(p_token_hash bytea, p_segment text, p_campaign_id uuid, p_trigger_key text) TO shokti_app;

-- Name: FUNCTION segments(p_actor uuid); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.segments(p_actor uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION api.segments(p_actor uuid) TO shokti_app;

-- Name: FUNCTION send_bulk(p_actor uuid, p_name text, p_segments text[], p_user_ids uuid[], p_template_id uuid, p_service_id uuid, p_channels text[], p_urgent boolean, p_canary_share double precision, p_holdout_share double precision, p_reason text, p_dry_run boolean); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.send_bulk(p_actor uuid, p_name text, p_segments text[], p_user_ids uuid[], p_template_id uuid, p_service_id uuid, p_channels text[], p_urgent boolean, p_canary_share double precision, p_holdout_share double precision, p_reason text, p_dry_run boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION api.send_bulk(p_actor uuid, p_name text, p_segments text[], p_user_ids uuid[], p_template_id uuid, p_service_id uuid, p_channels text[], p_urgent boolean, p_canary_share double precision, p_holdout_share double precision, p_reason text, p_dry_run boolean) TO shokti_app;

-- Name: FUNCTION send_single(p_actor uuid, p_user_id uuid, p_template_id uuid, p_service_id uuid, p_channel text, p_urgent boolean, p_reason text, p_dry_run boolean); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.send_single(p_actor uuid, p_user_id uuid, p_template_id uuid, p_service_id uuid, p_channel text, p_urgent boolean, p_reason text, p_dry_run boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION api.send_single(p_actor uuid, p_user_id uuid, p_template_id uuid, p_service_id uuid, p_channel text, p_urgent boolean, p_reason text, p_dry_run boolean) TO shokti_app;

-- Name: FUNCTION add_ons(p_service_id uuid); Type: ACL; Schema: market; Owner: -

REVOKE ALL ON FUNCTION market.add_ons(p_service_id uuid) FROM PUBLIC;

-- Name: FUNCTION services(); Type: ACL; Schema: market; Owner: -

REVOKE ALL ON FUNCTION market.services() FROM PUBLIC;

-- Name: FUNCTION services(); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.services() FROM PUBLIC;
GRANT ALL ON FUNCTION api.services() TO shokti_app;

-- Name: FUNCTION sessions(p_actor uuid); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.sessions(p_actor uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION api.sessions(p_actor uuid) TO shokti_app;

-- Name: FUNCTION set_consents(p_actor uuid, p_consents jsonb, p_wording_version text); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.set_consents(p_actor uuid, p_consents jsonb, p_wording_version text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.set_consents(p_actor uuid, p_consents jsonb, p_wording_version text) TO shokti_app;

-- Name: FUNCTION start_job(p_actor uuid, p_booking_id uuid); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.start_job(p_actor uuid, p_booking_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION api.start_job(p_actor uuid, p_booking_id uuid) TO shokti_app;

-- Name: FUNCTION stop(p_token text); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.stop(p_token text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.stop(p_token text) TO shokti_app;

-- Name: FUNCTION stop_campaign(p_actor uuid, p_campaign_id uuid, p_run_id uuid, p_reason text); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.stop_campaign(p_actor uuid, p_campaign_id uuid, p_run_id uuid, p_reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.stop_campaign(p_actor uuid, p_campaign_id uuid, p_run_id uuid, p_reason text) TO shokti_app;

-- Name: FUNCTION stop_page(p_token text); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.stop_page(p_token text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.stop_page(p_token text) TO shokti_app;

-- Name: FUNCTION take_token(p_bucket text, p_capacity integer, p_seconds integer); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.take_token(p_bucket text, p_capacity integer, p_seconds integer) FROM PUBLIC;
GRANT ALL ON FUNCTION api.take_token(p_bucket text, p_capacity integer, p_seconds integer) TO shokti_app;

-- Name: FUNCTION verify_otp(p_request_id uuid, p_channel text, p_destination text, p_destination_macs bytea[], p_code_macs bytea[], p_refresh_hash bytea, p_agent text); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.verify_otp(p_request_id uuid, p_channel text, p_destination text, p_destination_macs bytea[], p_code_macs bytea[], p_refresh_hash bytea, p_agent text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.verify_otp(p_request_id uuid, p_channel text, p_destination text, p_destination_macs bytea[], p_code_macs bytea[], p_refresh_hash bytea, p_agent text) TO shokti_app;

-- Name: FUNCTION widen_campaign(p_actor uuid, p_campaign_id uuid, p_reason text); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.widen_campaign(p_actor uuid, p_campaign_id uuid, p_reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.widen_campaign(p_actor uuid, p_campaign_id uuid, p_reason text) TO shokti_app;

-- Name: FUNCTION worker_profile(p_actor uuid); Type: ACL; Schema: api; Owner: -

REVOKE ALL ON FUNCTION api.worker_profile(p_actor uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION api.worker_profile(p_actor uuid) TO shokti_app;

-- Name: FUNCTION "real"(p_at timestamp with time zone); Type: ACL; Schema: clock; Owner: -

REVOKE ALL ON FUNCTION clock."real"(p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION text(p_rule text, p_at timestamp with time zone); Type: ACL; Schema: policy; Owner: -

REVOKE ALL ON FUNCTION policy.text(p_rule text, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION default_zone(); Type: ACL; Schema: policy; Owner: -

REVOKE ALL ON FUNCTION policy.default_zone() FROM PUBLIC;

-- Name: FUNCTION model_budget(p_at timestamp with time zone); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.model_budget(p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION beta_values(p_alpha double precision, p_beta double precision); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.beta_values(p_alpha double precision, p_beta double precision) FROM PUBLIC;

-- Name: FUNCTION share_of(p_user_id uuid, p_salt text); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.share_of(p_user_id uuid, p_salt text) FROM PUBLIC;

-- Name: FUNCTION drawn(p_template_ids uuid[], p_begins_at double precision[], p_user_id uuid, p_salt text); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.drawn(p_template_ids uuid[], p_begins_at double precision[], p_user_id uuid, p_salt text) FROM PUBLIC;

-- Name: FUNCTION variant_odds(p_cohorts text[], p_at timestamp with time zone); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.variant_odds(p_cohorts text[], p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION assign_texts(p_run_id uuid, p_at timestamp with time zone); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.assign_texts(p_run_id uuid, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION assign_texts(p_run_id uuid); Type: ACL; Schema: jobs; Owner: -

REVOKE ALL ON FUNCTION jobs.assign_texts(p_run_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION jobs.assign_texts(p_run_id uuid) TO shokti_worker;

-- Name: FUNCTION claim(p_channel text, p_limit integer, p_at timestamp with time zone, p_public_url text, p_adapter text); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.claim(p_channel text, p_limit integer, p_at timestamp with time zone, p_public_url text, p_adapter text) FROM PUBLIC;

-- Name: FUNCTION claim_batch(p_channel text, p_limit integer, p_public_url text, p_adapter text); Type: ACL; Schema: jobs; Owner: -

REVOKE ALL ON FUNCTION jobs.claim_batch(p_channel text, p_limit integer, p_public_url text, p_adapter text) FROM PUBLIC;
GRANT ALL ON FUNCTION jobs.claim_batch(p_channel text, p_limit integer, p_public_url text, p_adapter text) TO shokti_worker;

-- Name: FUNCTION claim_code(p_request_id uuid); Type: ACL; Schema: jobs; Owner: -

REVOKE ALL ON FUNCTION jobs.claim_code(p_request_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION jobs.claim_code(p_request_id uuid) TO shokti_worker;

-- Name: FUNCTION text_token(p_kind text); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.text_token(p_kind text) FROM PUBLIC;

-- Name: FUNCTION cohorts(p_run_id uuid, p_limit integer, p_at timestamp with time zone); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.cohorts(p_run_id uuid, p_limit integer, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION cohorts(p_run_id uuid, p_limit integer); Type: ACL; Schema: jobs; Owner: -

REVOKE ALL ON FUNCTION jobs.cohorts(p_run_id uuid, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION jobs.cohorts(p_run_id uuid, p_limit integer) TO shokti_worker;

-- Name: TABLE pgqueuer_log; Type: ACL; Schema: queue; Owner: -

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE queue.pgqueuer_log TO shokti_worker;

-- Name: FUNCTION crashes(p_job_id bigint); Type: ACL; Schema: jobs; Owner: -

REVOKE ALL ON FUNCTION jobs.crashes(p_job_id bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION jobs.crashes(p_job_id bigint) TO shokti_worker;

-- Name: TABLE pgqueuer; Type: ACL; Schema: queue; Owner: -

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE queue.pgqueuer TO shokti_worker;

-- Name: FUNCTION enqueue(p_entrypoint text, p_payload jsonb, p_at timestamp with time zone, p_priority integer, p_dedupe_key text, p_headers jsonb); Type: ACL; Schema: queue; Owner: -

REVOKE ALL ON FUNCTION queue.enqueue(p_entrypoint text, p_payload jsonb, p_at timestamp with time zone, p_priority integer, p_dedupe_key text, p_headers jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION queue.enqueue(p_entrypoint text, p_payload jsonb, p_at timestamp with time zone, p_priority integer, p_dedupe_key text, p_headers jsonb) TO shokti_worker;

-- Name: FUNCTION enqueue(p_entrypoint text, p_payload jsonb, p_dedupe_key text); Type: ACL; Schema: jobs; Owner: -

REVOKE ALL ON FUNCTION jobs.enqueue(p_entrypoint text, p_payload jsonb, p_dedupe_key text) FROM PUBLIC;
GRANT ALL ON FUNCTION jobs.enqueue(p_entrypoint text, p_payload jsonb, p_dedupe_key text) TO shokti_worker;

-- Name: FUNCTION erase_again(p_erasures jsonb); Type: ACL; Schema: jobs; Owner: -

REVOKE ALL ON FUNCTION jobs.erase_again(p_erasures jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION jobs.erase_again(p_erasures jsonb) TO shokti_worker;

-- Name: FUNCTION erasures(); Type: ACL; Schema: jobs; Owner: -

REVOKE ALL ON FUNCTION jobs.erasures() FROM PUBLIC;
GRANT ALL ON FUNCTION jobs.erasures() TO shokti_worker;

-- Name: FUNCTION find_run(p_campaign text, p_trigger_key text); Type: ACL; Schema: jobs; Owner: -

REVOKE ALL ON FUNCTION jobs.find_run(p_campaign text, p_trigger_key text) FROM PUBLIC;
GRANT ALL ON FUNCTION jobs.find_run(p_campaign text, p_trigger_key text) TO shokti_worker;

-- Name: FUNCTION finish_webhook(p_provider text, p_webhook_id text, p_events jsonb, p_fault text, p_at timestamp with time zone); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.finish_webhook(p_provider text, p_webhook_id text, p_events jsonb, p_fault text, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION finish_webhook(p_provider text, p_webhook_id text, p_events jsonb, p_fault text); Type: ACL; Schema: jobs; Owner: -

REVOKE ALL ON FUNCTION jobs.finish_webhook(p_provider text, p_webhook_id text, p_events jsonb, p_fault text) FROM PUBLIC;
GRANT ALL ON FUNCTION jobs.finish_webhook(p_provider text, p_webhook_id text, p_events jsonb, p_fault text) TO shokti_worker;

-- Name: FUNCTION housekeep(); Type: ACL; Schema: jobs; Owner: -

REVOKE ALL ON FUNCTION jobs.housekeep() FROM PUBLIC;
GRANT ALL ON FUNCTION jobs.housekeep() TO shokti_worker;

-- Name: FUNCTION in_doubt(p_channel text, p_limit integer, p_adapter text); Type: ACL; Schema: jobs; Owner: -

REVOKE ALL ON FUNCTION jobs.in_doubt(p_channel text, p_limit integer, p_adapter text) FROM PUBLIC;
GRANT ALL ON FUNCTION jobs.in_doubt(p_channel text, p_limit integer, p_adapter text) TO shokti_worker;

-- Name: FUNCTION installation(); Type: ACL; Schema: jobs; Owner: -

REVOKE ALL ON FUNCTION jobs.installation() FROM PUBLIC;
GRANT ALL ON FUNCTION jobs.installation() TO shokti_worker;

-- Name: FUNCTION judge_campaign(p_campaign_id uuid, p_at timestamp with time zone); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.judge_campaign(p_campaign_id uuid, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION judge_campaigns(); Type: ACL; Schema: jobs; Owner: -

REVOKE ALL ON FUNCTION jobs.judge_campaigns() FROM PUBLIC;
GRANT ALL ON FUNCTION jobs.judge_campaigns() TO shokti_worker;

-- Name: FUNCTION next_due(p_run_id uuid); Type: ACL; Schema: jobs; Owner: -

REVOKE ALL ON FUNCTION jobs.next_due(p_run_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION jobs.next_due(p_run_id uuid) TO shokti_worker;

-- Name: FUNCTION plan_campaign(p_campaign_id uuid, p_trigger_key text, p_segments text[]); Type: ACL; Schema: jobs; Owner: -

REVOKE ALL ON FUNCTION jobs.plan_campaign(p_campaign_id uuid, p_trigger_key text, p_segments text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION jobs.plan_campaign(p_campaign_id uuid, p_trigger_key text, p_segments text[]) TO shokti_worker;

-- Name: FUNCTION plan_daily(); Type: ACL; Schema: jobs; Owner: -

REVOKE ALL ON FUNCTION jobs.plan_daily() FROM PUBLIC;
GRANT ALL ON FUNCTION jobs.plan_daily() TO shokti_worker;

-- Name: FUNCTION record_code_outcome(p_request_id uuid, p_outcome text, p_is_final boolean); Type: ACL; Schema: jobs; Owner: -

REVOKE ALL ON FUNCTION jobs.record_code_outcome(p_request_id uuid, p_outcome text, p_is_final boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION jobs.record_code_outcome(p_request_id uuid, p_outcome text, p_is_final boolean) TO shokti_worker;

-- Name: FUNCTION record_events(p_source text, p_events jsonb, p_at timestamp with time zone); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.record_events(p_source text, p_events jsonb, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION record_events(p_source text, p_events jsonb); Type: ACL; Schema: jobs; Owner: -

REVOKE ALL ON FUNCTION jobs.record_events(p_source text, p_events jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION jobs.record_events(p_source text, p_events jsonb) TO shokti_worker;

-- Name: FUNCTION model_cost(p_tokens_in integer, p_tokens_out integer, p_at timestamp with time zone); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.model_cost(p_tokens_in integer, p_tokens_out integer, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION record_model_failure(p_cohort text, p_prompt_version integer, p_model text, p_reason text, p_run_id uuid, p_requests integer, p_tokens_in integer, p_tokens_out integer); Type: ACL; Schema: jobs; Owner: -

REVOKE ALL ON FUNCTION jobs.record_model_failure(p_cohort text, p_prompt_version integer, p_model text, p_reason text, p_run_id uuid, p_requests integer, p_tokens_in integer, p_tokens_out integer) FROM PUBLIC;
GRANT ALL ON FUNCTION jobs.record_model_failure(p_cohort text, p_prompt_version integer, p_model text, p_reason text, p_run_id uuid, p_requests integer, p_tokens_in integer, p_tokens_out integer) TO shokti_worker;

-- Name: FUNCTION record_outcomes(p_outcomes jsonb, p_at timestamp with time zone); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.record_outcomes(p_outcomes jsonb, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION record_outcomes(p_outcomes jsonb); Type: ACL; Schema: jobs; Owner: -

REVOKE ALL ON FUNCTION jobs.record_outcomes(p_outcomes jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION jobs.record_outcomes(p_outcomes jsonb) TO shokti_worker;

-- Name: FUNCTION run_report(p_run_id uuid); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.run_report(p_run_id uuid) FROM PUBLIC;

-- Name: FUNCTION report(p_run_id uuid); Type: ACL; Schema: jobs; Owner: -

REVOKE ALL ON FUNCTION jobs.report(p_run_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION jobs.report(p_run_id uuid) TO shokti_worker;

-- Name: FUNCTION request_plan(p_campaign text, p_trigger_key text); Type: ACL; Schema: jobs; Owner: -

REVOKE ALL ON FUNCTION jobs.request_plan(p_campaign text, p_trigger_key text) FROM PUBLIC;
GRANT ALL ON FUNCTION jobs.request_plan(p_campaign text, p_trigger_key text) TO shokti_worker;

-- Name: FUNCTION washed_name(p_name text); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.washed_name(p_name text) FROM PUBLIC;

-- Name: FUNCTION display_name(p_name text); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.display_name(p_name text) FROM PUBLIC;

-- Name: FUNCTION samples(p_run_id uuid, p_limit integer); Type: ACL; Schema: jobs; Owner: -

REVOKE ALL ON FUNCTION jobs.samples(p_run_id uuid, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION jobs.samples(p_run_id uuid, p_limit integer) TO shokti_worker;

-- Name: FUNCTION settle(p_results jsonb, p_at timestamp with time zone); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.settle(p_results jsonb, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION settle(p_results jsonb); Type: ACL; Schema: jobs; Owner: -

REVOKE ALL ON FUNCTION jobs.settle(p_results jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION jobs.settle(p_results jsonb) TO shokti_worker;

-- Name: FUNCTION match_events(p_provider_ids text[], p_at timestamp with time zone); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.match_events(p_provider_ids text[], p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION sweep(p_at timestamp with time zone); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.sweep(p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION advance(p_at timestamp with time zone); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.advance(p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION attribute(p_at timestamp with time zone); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.attribute(p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION sweep(); Type: ACL; Schema: jobs; Owner: -

REVOKE ALL ON FUNCTION jobs.sweep() FROM PUBLIC;
GRANT ALL ON FUNCTION jobs.sweep() TO shokti_worker;

-- Name: FUNCTION unreported(p_channel text, p_adapter text, p_limit integer, p_at timestamp with time zone); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.unreported(p_channel text, p_adapter text, p_limit integer, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION unreported(p_channel text, p_adapter text, p_limit integer); Type: ACL; Schema: jobs; Owner: -

REVOKE ALL ON FUNCTION jobs.unreported(p_channel text, p_adapter text, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION jobs.unreported(p_channel text, p_adapter text, p_limit integer) TO shokti_worker;

-- Name: FUNCTION webhook(p_provider text, p_webhook_id text); Type: ACL; Schema: jobs; Owner: -

REVOKE ALL ON FUNCTION jobs.webhook(p_provider text, p_webhook_id text) FROM PUBLIC;
GRANT ALL ON FUNCTION jobs.webhook(p_provider text, p_webhook_id text) TO shokti_worker;

-- Name: FUNCTION accept_job(p_worker_id uuid, p_booking_id uuid, p_at timestamp with time zone); Type: ACL; Schema: market; Owner: -

REVOKE ALL ON FUNCTION market.accept_job(p_worker_id uuid, p_booking_id uuid, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION advance_job(p_worker_id uuid, p_booking_id uuid, p_step text, p_at timestamp with time zone); Type: ACL; Schema: market; Owner: -

REVOKE ALL ON FUNCTION market.advance_job(p_worker_id uuid, p_booking_id uuid, p_step text, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION booked_since(p_customer_id uuid, p_service_id uuid, p_since timestamp with time zone); Type: ACL; Schema: market; Owner: -

REVOKE ALL ON FUNCTION market.booked_since(p_customer_id uuid, p_service_id uuid, p_since timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION booking_moves_forward(); Type: ACL; Schema: market; Owner: -

REVOKE ALL ON FUNCTION market.booking_moves_forward() FROM PUBLIC;

-- Name: FUNCTION booking_view(p_booking_id uuid); Type: ACL; Schema: market; Owner: -

REVOKE ALL ON FUNCTION market.booking_view(p_booking_id uuid) FROM PUBLIC;

-- Name: FUNCTION bookings(p_customer_id uuid, p_statuses text[], p_cursor text, p_limit integer); Type: ACL; Schema: market; Owner: -

REVOKE ALL ON FUNCTION market.bookings(p_customer_id uuid, p_statuses text[], p_cursor text, p_limit integer) FROM PUBLIC;

-- Name: FUNCTION cancel_booking(p_user_id uuid, p_by text, p_booking_id uuid, p_reason text, p_at timestamp with time zone); Type: ACL; Schema: market; Owner: -

REVOKE ALL ON FUNCTION market.cancel_booking(p_user_id uuid, p_by text, p_booking_id uuid, p_reason text, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION change_worker_profile(p_user_id uuid, p_categories text[], p_zone text); Type: ACL; Schema: market; Owner: -

REVOKE ALL ON FUNCTION market.change_worker_profile(p_user_id uuid, p_categories text[], p_zone text) FROM PUBLIC;

-- Name: FUNCTION create_booking(p_customer_id uuid, p_service_id uuid, p_scheduled_at timestamp with time zone, p_add_on_ids uuid[], p_source text, p_at timestamp with time zone); Type: ACL; Schema: market; Owner: -

REVOKE ALL ON FUNCTION market.create_booking(p_customer_id uuid, p_service_id uuid, p_scheduled_at timestamp with time zone, p_add_on_ids uuid[], p_source text, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION empty_event_default(p_at timestamp with time zone); Type: ACL; Schema: market; Owner: -

REVOKE ALL ON FUNCTION market.empty_event_default(p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION erase(p_user_id uuid, p_at timestamp with time zone); Type: ACL; Schema: market; Owner: -

REVOKE ALL ON FUNCTION market.erase(p_user_id uuid, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION export(p_user_id uuid); Type: ACL; Schema: market; Owner: -

REVOKE ALL ON FUNCTION market.export(p_user_id uuid) FROM PUBLIC;

-- Name: FUNCTION jobs(p_worker_id uuid, p_statuses text[], p_cursor text, p_limit integer, p_at timestamp with time zone); Type: ACL; Schema: market; Owner: -

REVOKE ALL ON FUNCTION market.jobs(p_worker_id uuid, p_statuses text[], p_cursor text, p_limit integer, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION make_event_partitions(p_at timestamp with time zone); Type: ACL; Schema: market; Owner: -

REVOKE ALL ON FUNCTION market.make_event_partitions(p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION past_jobs(p_worker_id uuid, p_statuses text[], p_cursor text, p_limit integer); Type: ACL; Schema: market; Owner: -

REVOKE ALL ON FUNCTION market.past_jobs(p_worker_id uuid, p_statuses text[], p_cursor text, p_limit integer) FROM PUBLIC;

-- Name: FUNCTION record_events(p_user_id uuid, p_events jsonb, p_at timestamp with time zone); Type: ACL; Schema: market; Owner: -

REVOKE ALL ON FUNCTION market.record_events(p_user_id uuid, p_events jsonb, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION review_booking(p_customer_id uuid, p_booking_id uuid, p_rating integer, p_body text, p_at timestamp with time zone); Type: ACL; Schema: market; Owner: -

REVOKE ALL ON FUNCTION market.review_booking(p_customer_id uuid, p_booking_id uuid, p_rating integer, p_body text, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION worker_profile(p_user_id uuid); Type: ACL; Schema: market; Owner: -

REVOKE ALL ON FUNCTION market.worker_profile(p_user_id uuid) FROM PUBLIC;

-- Name: FUNCTION kin_named(p_name text, p_kin text); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.kin_named(p_name text, p_kin text) FROM PUBLIC;

-- Name: FUNCTION address(p_name text, p_address_form text, p_greeting text, p_language text); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.address(p_name text, p_address_form text, p_greeting text, p_language text) FROM PUBLIC;

-- Name: FUNCTION apply_events(p_event_ids uuid[], p_at timestamp with time zone); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.apply_events(p_event_ids uuid[], p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION bare_text(p_text text); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.bare_text(p_text text) FROM PUBLIC;

-- Name: FUNCTION bengali_digits(p_text text); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.bengali_digits(p_text text) FROM PUBLIC;

-- Name: FUNCTION bounce_class(p_detail jsonb); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.bounce_class(p_detail jsonb) FROM PUBLIC;

-- Name: FUNCTION cap_use(p_user_id uuid, p_channel text, p_purpose text, p_at timestamp with time zone, p_forecast boolean); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.cap_use(p_user_id uuid, p_channel text, p_purpose text, p_at timestamp with time zone, p_forecast boolean) FROM PUBLIC;

-- Name: FUNCTION character_faults(p_text text); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.character_faults(p_text text) FROM PUBLIC;

-- Name: FUNCTION check_calendar(p_quiet_period_id uuid, p_at timestamp with time zone); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.check_calendar(p_quiet_period_id uuid, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION quiet_times(p_from timestamp with time zone, p_until timestamp with time zone, p_zone text, p_purpose text, p_own_from time without time zone, p_own_until time without time zone, p_window_from time without time zone, p_window_until time without time zone); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.quiet_times(p_from timestamp with time zone, p_until timestamp with time zone, p_zone text, p_purpose text, p_own_from time without time zone, p_own_until time without time zone, p_window_from time without time zone, p_window_until time without time zone) FROM PUBLIC;

-- Name: FUNCTION next_allowed(p_at timestamp with time zone, p_zone text, p_purpose text, p_own_from time without time zone, p_own_until time without time zone, p_window_from time without time zone, p_window_until time without time zone); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.next_allowed(p_at timestamp with time zone, p_zone text, p_purpose text, p_own_from time without time zone, p_own_until time without time zone, p_window_from time without time zone, p_window_until time without time zone) FROM PUBLIC;

-- Name: FUNCTION text_form(p_channel text); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.text_form(p_channel text) FROM PUBLIC;

-- Name: FUNCTION claim_verdict(p_message_ids uuid[], p_at timestamp with time zone); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.claim_verdict(p_message_ids uuid[], p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION fill(p_text text, p_tokens jsonb); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.fill(p_text text, p_tokens jsonb) FROM PUBLIC;

-- Name: FUNCTION local_date(p_at timestamp with time zone, p_zone text, p_language text); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.local_date(p_at timestamp with time zone, p_zone text, p_language text) FROM PUBLIC;

-- Name: FUNCTION new_token(); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.new_token() FROM PUBLIC;

-- Name: FUNCTION rendered(p_message_id uuid, p_link text, p_stop_link text); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.rendered(p_message_id uuid, p_link text, p_stop_link text) FROM PUBLIC;

-- Name: FUNCTION token_hash(p_token text); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.token_hash(p_token text) FROM PUBLIC;

-- Name: FUNCTION enqueue_many(p_entrypoint text, p_payloads jsonb[], p_ats timestamp with time zone[], p_dedupe_keys text[], p_priority integer); Type: ACL; Schema: queue; Owner: -

REVOKE ALL ON FUNCTION queue.enqueue_many(p_entrypoint text, p_payloads jsonb[], p_ats timestamp with time zone[], p_dedupe_keys text[], p_priority integer) FROM PUBLIC;
GRANT ALL ON FUNCTION queue.enqueue_many(p_entrypoint text, p_payloads jsonb[], p_ats timestamp with time zone[], p_dedupe_keys text[], p_priority integer) TO shokti_worker;

-- Name: FUNCTION wake(p_channel text, p_ats timestamp with time zone[]); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.wake(p_channel text, p_ats timestamp with time zone[]) FROM PUBLIC;

-- Name: FUNCTION claim_decided(p_message_ids uuid[], p_at timestamp with time zone, p_public_url text, p_adapter text); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.claim_decided(p_message_ids uuid[], p_at timestamp with time zone, p_public_url text, p_adapter text) FROM PUBLIC;

-- Name: FUNCTION clean_text(p_text text); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.clean_text(p_text text) FROM PUBLIC;

-- Name: FUNCTION compared_words(p_text text); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.compared_words(p_text text) FROM PUBLIC;

-- Name: FUNCTION delivery_has_approved_text(); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.delivery_has_approved_text() FROM PUBLIC;

-- Name: FUNCTION delivery_moves_forward(); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.delivery_moves_forward() FROM PUBLIC;

-- Name: FUNCTION delivery_takes_slots(); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.delivery_takes_slots() FROM PUBLIC;

-- Name: FUNCTION erase(p_user_id uuid, p_at timestamp with time zone); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.erase(p_user_id uuid, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION erase_person(p_user_id uuid, p_at timestamp with time zone); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.erase_person(p_user_id uuid, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION export(p_user_id uuid); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.export(p_user_id uuid) FROM PUBLIC;

-- Name: FUNCTION figure_faults(p_text text); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.figure_faults(p_text text) FROM PUBLIC;

-- Name: FUNCTION sms_segments(p_text text); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.sms_segments(p_text text) FROM PUBLIC;

-- Name: FUNCTION length_faults(p_channel text, p_subject text, p_body text, p_add_on_line text, p_at timestamp with time zone); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.length_faults(p_channel text, p_subject text, p_body text, p_add_on_line text, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION script_share(p_text text, p_language text); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.script_share(p_text text, p_language text) FROM PUBLIC;

-- Name: FUNCTION sentences(p_text text); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.sentences(p_text text) FROM PUBLIC;

-- Name: FUNCTION sentence_faults(p_body text, p_add_on_line text, p_at timestamp with time zone); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.sentence_faults(p_body text, p_add_on_line text, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION text_parts(p_subject text, p_body text, p_add_on_line text); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.text_parts(p_subject text, p_body text, p_add_on_line text) FROM PUBLIC;

-- Name: FUNCTION token_faults(p_kind text, p_subject text, p_body text, p_add_on_line text); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.token_faults(p_kind text, p_subject text, p_body text, p_add_on_line text) FROM PUBLIC;

-- Name: FUNCTION word_stems(p_word text); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.word_stems(p_word text) FROM PUBLIC;

-- Name: FUNCTION word_faults(p_text text); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.word_faults(p_text text) FROM PUBLIC;

-- Name: FUNCTION text_faults(p_kind text, p_language text, p_channel text, p_subject text, p_body text, p_add_on_line text); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.text_faults(p_kind text, p_language text, p_channel text, p_subject text, p_body text, p_add_on_line text) FROM PUBLIC;

-- Name: FUNCTION form_faults(p_kind text, p_language text, p_form text, p_subject text, p_body text, p_add_on_line text); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.form_faults(p_kind text, p_language text, p_form text, p_subject text, p_body text, p_add_on_line text) FROM PUBLIC;

-- Name: FUNCTION give_feedback(p_user_id uuid, p_message_id uuid, p_useful boolean, p_at timestamp with time zone); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.give_feedback(p_user_id uuid, p_message_id uuid, p_useful boolean, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION is_machine(p_agent text, p_sent_at timestamp with time zone, p_at timestamp with time zone); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.is_machine(p_agent text, p_sent_at timestamp with time zone, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION judge_addresses(p_message_ids uuid[], p_at timestamp with time zone); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.judge_addresses(p_message_ids uuid[], p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION local_time(p_at timestamp with time zone, p_zone text, p_language text); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.local_time(p_at timestamp with time zone, p_zone text, p_language text) FROM PUBLIC;

-- Name: FUNCTION message_moves_forward(); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.message_moves_forward() FROM PUBLIC;

-- Name: FUNCTION open_link(p_token text); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.open_link(p_token text) FROM PUBLIC;

-- Name: FUNCTION prune_receipts(p_at timestamp with time zone); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.prune_receipts(p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION sent_messages(p_user_id uuid, p_cursor text, p_limit integer); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.sent_messages(p_user_id uuid, p_cursor text, p_limit integer) FROM PUBLIC;

-- Name: FUNCTION short_id(p_message_id uuid); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.short_id(p_message_id uuid) FROM PUBLIC;

-- Name: FUNCTION slot_is_held(); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.slot_is_held() FROM PUBLIC;

-- Name: FUNCTION state_rank(p_state text); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.state_rank(p_state text) FROM PUBLIC;
GRANT ALL ON FUNCTION outreach.state_rank(p_state text) TO shokti_analyst;

-- Name: FUNCTION suggested_from(p_suggested_at timestamp with time zone, p_at timestamp with time zone); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.suggested_from(p_suggested_at timestamp with time zone, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION taka(p_poisha bigint, p_language text); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.taka(p_poisha bigint, p_language text) FROM PUBLIC;

-- Name: FUNCTION take_back(p_event_ids uuid[], p_at timestamp with time zone); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.take_back(p_event_ids uuid[], p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION template_keeps_its_text(); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.template_keeps_its_text() FROM PUBLIC;

-- Name: FUNCTION tokens(p_text text); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.tokens(p_text text) FROM PUBLIC;

-- Name: FUNCTION was_returned(p_message_id uuid, p_attempt integer); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.was_returned(p_message_id uuid, p_attempt integer) FROM PUBLIC;

-- Name: FUNCTION without_gaps(p_text text); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.without_gaps(p_text text) FROM PUBLIC;

-- Name: FUNCTION acts_for(p_author text); Type: ACL; Schema: policy; Owner: -

REVOKE ALL ON FUNCTION policy.acts_for(p_author text) FROM PUBLIC;

-- Name: FUNCTION add_quiet_period(p_name text, p_purpose text, p_isodow integer, p_from_time time without time zone, p_until_time time without time zone, p_since timestamp with time zone, p_until timestamp with time zone, p_author text, p_reason text, p_at timestamp with time zone); Type: ACL; Schema: policy; Owner: -

REVOKE ALL ON FUNCTION policy.add_quiet_period(p_name text, p_purpose text, p_isodow integer, p_from_time time without time zone, p_until_time time without time zone, p_since timestamp with time zone, p_until timestamp with time zone, p_author text, p_reason text, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION approve(p_rule text, p_proposal_id uuid, p_admin text, p_reason text, p_at timestamp with time zone); Type: ACL; Schema: policy; Owner: -

REVOKE ALL ON FUNCTION policy.approve(p_rule text, p_proposal_id uuid, p_admin text, p_reason text, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION audit_change(); Type: ACL; Schema: policy; Owner: -

REVOKE ALL ON FUNCTION policy.audit_change() FROM PUBLIC;

-- Name: FUNCTION audit_is_append_only(); Type: ACL; Schema: policy; Owner: -

REVOKE ALL ON FUNCTION policy.audit_is_append_only() FROM PUBLIC;

-- Name: FUNCTION audit_page(p_actor text, p_action text, p_subject text, p_since timestamp with time zone, p_until timestamp with time zone, p_before timestamp with time zone, p_before_id uuid, p_limit integer); Type: ACL; Schema: policy; Owner: -

REVOKE ALL ON FUNCTION policy.audit_page(p_actor text, p_action text, p_subject text, p_since timestamp with time zone, p_until timestamp with time zone, p_before timestamp with time zone, p_before_id uuid, p_limit integer) FROM PUBLIC;

-- Name: FUNCTION proposal_document(p_proposal policy.proposal, p_at timestamp with time zone); Type: ACL; Schema: policy; Owner: -

REVOKE ALL ON FUNCTION policy.proposal_document(p_proposal policy.proposal, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION quiet_period_document(p_period policy.quiet_period, p_at timestamp with time zone); Type: ACL; Schema: policy; Owner: -

REVOKE ALL ON FUNCTION policy.quiet_period_document(p_period policy.quiet_period, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION calendar(p_past boolean, p_at timestamp with time zone); Type: ACL; Schema: policy; Owner: -

REVOKE ALL ON FUNCTION policy.calendar(p_past boolean, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION cap_loosening_is_approved(); Type: ACL; Schema: policy; Owner: -

REVOKE ALL ON FUNCTION policy.cap_loosening_is_approved() FROM PUBLIC;

-- Name: FUNCTION cap_loosens(p_old_max integer, p_old_hours integer, p_new_max integer, p_new_hours integer); Type: ACL; Schema: policy; Owner: -

REVOKE ALL ON FUNCTION policy.cap_loosens(p_old_max integer, p_old_hours integer, p_new_max integer, p_new_hours integer) FROM PUBLIC;

-- Name: FUNCTION change(p_rule text, p_value jsonb, p_author text, p_reason text, p_from timestamp with time zone, p_at timestamp with time zone); Type: ACL; Schema: policy; Owner: -

REVOKE ALL ON FUNCTION policy.change(p_rule text, p_value jsonb, p_author text, p_reason text, p_from timestamp with time zone, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION change_cap(p_cap text, p_max_messages integer, p_window_hours integer, p_author text, p_reason text, p_from timestamp with time zone); Type: ACL; Schema: policy; Owner: -

REVOKE ALL ON FUNCTION policy.change_cap(p_cap text, p_max_messages integer, p_window_hours integer, p_author text, p_reason text, p_from timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION change_rule(p_rule text, p_value jsonb, p_author text, p_reason text, p_from timestamp with time zone, p_at timestamp with time zone, p_proposal_id uuid); Type: ACL; Schema: policy; Owner: -

REVOKE ALL ON FUNCTION policy.change_rule(p_rule text, p_value jsonb, p_author text, p_reason text, p_from timestamp with time zone, p_at timestamp with time zone, p_proposal_id uuid) FROM PUBLIC;

-- Name: FUNCTION check_cap(p_cap text, p_value jsonb); Type: ACL; Schema: policy; Owner: -

REVOKE ALL ON FUNCTION policy.check_cap(p_cap text, p_value jsonb) FROM PUBLIC;

-- Name: FUNCTION check_change(p_rule text, p_value jsonb, p_from timestamp with time zone, p_reason text, p_at timestamp with time zone); Type: ACL; Schema: policy; Owner: -

REVOKE ALL ON FUNCTION policy.check_change(p_rule text, p_value jsonb, p_from timestamp with time zone, p_reason text, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION check_quiet_period(p_from_time time without time zone, p_until_time time without time zone, p_since timestamp with time zone, p_until timestamp with time zone, p_at timestamp with time zone); Type: ACL; Schema: policy; Owner: -

REVOKE ALL ON FUNCTION policy.check_quiet_period(p_from_time time without time zone, p_until_time time without time zone, p_since timestamp with time zone, p_until timestamp with time zone, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION check_value(p_rule text, p_value jsonb); Type: ACL; Schema: policy; Owner: -

REVOKE ALL ON FUNCTION policy.check_value(p_rule text, p_value jsonb) FROM PUBLIC;

-- Name: FUNCTION decide(p_subject text, p_proposal_id uuid, p_state text, p_admin text, p_reason text, p_at timestamp with time zone); Type: ACL; Schema: policy; Owner: -

REVOKE ALL ON FUNCTION policy.decide(p_subject text, p_proposal_id uuid, p_state text, p_admin text, p_reason text, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION document(p_rule text, p_at timestamp with time zone); Type: ACL; Schema: policy; Owner: -

REVOKE ALL ON FUNCTION policy.document(p_rule text, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION documents(p_at timestamp with time zone); Type: ACL; Schema: policy; Owner: -

REVOKE ALL ON FUNCTION policy.documents(p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION earlier_value(p_rule text, p_version integer, p_at timestamp with time zone); Type: ACL; Schema: policy; Owner: -

REVOKE ALL ON FUNCTION policy.earlier_value(p_rule text, p_version integer, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION end_quiet_period(p_quiet_period_id uuid, p_author text, p_reason text, p_at timestamp with time zone); Type: ACL; Schema: policy; Owner: -

REVOKE ALL ON FUNCTION policy.end_quiet_period(p_quiet_period_id uuid, p_author text, p_reason text, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION history_is_append_only(); Type: ACL; Schema: policy; Owner: -

REVOKE ALL ON FUNCTION policy.history_is_append_only() FROM PUBLIC;

-- Name: FUNCTION is_approved(p_proposal_id uuid, p_subject text, p_value jsonb); Type: ACL; Schema: policy; Owner: -

REVOKE ALL ON FUNCTION policy.is_approved(p_proposal_id uuid, p_subject text, p_value jsonb) FROM PUBLIC;

-- Name: FUNCTION is_capped_by_others(p_cap text, p_purpose text, p_channel text, p_from timestamp with time zone); Type: ACL; Schema: policy; Owner: -

REVOKE ALL ON FUNCTION policy.is_capped_by_others(p_cap text, p_purpose text, p_channel text, p_from timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION is_ended(p_before tstzrange, p_after tstzrange, p_at timestamp with time zone); Type: ACL; Schema: policy; Owner: -

REVOKE ALL ON FUNCTION policy.is_ended(p_before tstzrange, p_after tstzrange, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION is_person(p_author text); Type: ACL; Schema: policy; Owner: -

REVOKE ALL ON FUNCTION policy.is_person(p_author text) FROM PUBLIC;

-- Name: FUNCTION lock_changes(); Type: ACL; Schema: policy; Owner: -

REVOKE ALL ON FUNCTION policy.lock_changes() FROM PUBLIC;

-- Name: FUNCTION rule_loosens(p_direction text, p_old jsonb, p_new jsonb); Type: ACL; Schema: policy; Owner: -

REVOKE ALL ON FUNCTION policy.rule_loosens(p_direction text, p_old jsonb, p_new jsonb) FROM PUBLIC;

-- Name: FUNCTION loosens(p_rule text, p_value jsonb, p_from timestamp with time zone); Type: ACL; Schema: policy; Owner: -

REVOKE ALL ON FUNCTION policy.loosens(p_rule text, p_value jsonb, p_from timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION proposal_is_decided_once(); Type: ACL; Schema: policy; Owner: -

REVOKE ALL ON FUNCTION policy.proposal_is_decided_once() FROM PUBLIC;

-- Name: FUNCTION propose(p_kind text, p_subject text, p_value jsonb, p_author text, p_reason text, p_from timestamp with time zone, p_at timestamp with time zone); Type: ACL; Schema: policy; Owner: -

REVOKE ALL ON FUNCTION policy.propose(p_kind text, p_subject text, p_value jsonb, p_author text, p_reason text, p_from timestamp with time zone, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION set_cap(p_cap text, p_value jsonb, p_author text, p_reason text, p_from timestamp with time zone, p_at timestamp with time zone, p_proposal_id uuid); Type: ACL; Schema: policy; Owner: -

REVOKE ALL ON FUNCTION policy.set_cap(p_cap text, p_value jsonb, p_author text, p_reason text, p_from timestamp with time zone, p_at timestamp with time zone, p_proposal_id uuid) FROM PUBLIC;

-- Name: FUNCTION put(p_rule text, p_value jsonb, p_author text, p_reason text, p_from timestamp with time zone, p_at timestamp with time zone, p_proposal_id uuid); Type: ACL; Schema: policy; Owner: -

REVOKE ALL ON FUNCTION policy.put(p_rule text, p_value jsonb, p_author text, p_reason text, p_from timestamp with time zone, p_at timestamp with time zone, p_proposal_id uuid) FROM PUBLIC;

-- Name: FUNCTION quiet_period_is_history(); Type: ACL; Schema: policy; Owner: -

REVOKE ALL ON FUNCTION policy.quiet_period_is_history() FROM PUBLIC;

-- Name: FUNCTION raise_alert(p_kind text, p_subject text, p_detail jsonb, p_at timestamp with time zone); Type: ACL; Schema: policy; Owner: -

REVOKE ALL ON FUNCTION policy.raise_alert(p_kind text, p_subject text, p_detail jsonb, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION register_cap_change(); Type: ACL; Schema: policy; Owner: -

REVOKE ALL ON FUNCTION policy.register_cap_change() FROM PUBLIC;

-- Name: FUNCTION rule_keeps_its_kind(); Type: ACL; Schema: policy; Owner: -

REVOKE ALL ON FUNCTION policy.rule_keeps_its_kind() FROM PUBLIC;

-- Name: FUNCTION rule_loosening_is_approved(); Type: ACL; Schema: policy; Owner: -

REVOKE ALL ON FUNCTION policy.rule_loosening_is_approved() FROM PUBLIC;

-- Name: FUNCTION supersede(p_subject text); Type: ACL; Schema: policy; Owner: -

REVOKE ALL ON FUNCTION policy.supersede(p_subject text) FROM PUBLIC;

-- Name: FUNCTION version(p_rule text, p_at timestamp with time zone); Type: ACL; Schema: policy; Owner: -

REVOKE ALL ON FUNCTION policy.version(p_rule text, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION fn_pgqueuer_changed(); Type: ACL; Schema: queue; Owner: -

REVOKE ALL ON FUNCTION queue.fn_pgqueuer_changed() FROM PUBLIC;
GRANT ALL ON FUNCTION queue.fn_pgqueuer_changed() TO shokti_worker;

-- Name: FUNCTION forget(p_words text[]); Type: ACL; Schema: queue; Owner: -

REVOKE ALL ON FUNCTION queue.forget(p_words text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION queue.forget(p_words text[]) TO shokti_worker;

-- Name: FUNCTION announce(p_campaign_id uuid, p_trigger_key text, p_user_ids uuid[], p_occurrence text, p_template_id uuid, p_service_id uuid, p_channels text[], p_exempt_reason text, p_at_once boolean, p_at timestamp with time zone); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.announce(p_campaign_id uuid, p_trigger_key text, p_user_ids uuid[], p_occurrence text, p_template_id uuid, p_service_id uuid, p_channels text[], p_exempt_reason text, p_at_once boolean, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION announce_rest(p_campaign_id uuid, p_trigger_key text, p_at timestamp with time zone); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.announce_rest(p_campaign_id uuid, p_trigger_key text, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION app_use(p_at timestamp with time zone); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.app_use(p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION ask_plan(p_campaign_id uuid, p_trigger_key text, p_segments text[], p_later timestamp with time zone); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.ask_plan(p_campaign_id uuid, p_trigger_key text, p_segments text[], p_later timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION elapsed(p_week double precision[], p_days integer); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.elapsed(p_week double precision[], p_days integer) FROM PUBLIC;

-- Name: FUNCTION level(p_curve double precision[], p_phase double precision); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.level(p_curve double precision[], p_phase double precision) FROM PUBLIC;

-- Name: FUNCTION log_odds(p_hazard double precision); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.log_odds(p_hazard double precision) FROM PUBLIC;

-- Name: FUNCTION phase(p_days double precision, p_center double precision); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.phase(p_days double precision, p_center double precision) FROM PUBLIC;

-- Name: FUNCTION visit(p_at timestamp with time zone, p_share double precision); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.visit(p_at timestamp with time zone, p_share double precision) FROM PUBLIC;

-- Name: FUNCTION rhythm(p_at timestamp with time zone, p_share double precision); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.rhythm(p_at timestamp with time zone, p_share double precision) FROM PUBLIC;

-- Name: FUNCTION share(p_at timestamp with time zone, p_visits double precision); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.share(p_at timestamp with time zone, p_visits double precision) FROM PUBLIC;

-- Name: FUNCTION usual(p_at timestamp with time zone); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.usual(p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION pulse(p_at timestamp with time zone, p_share double precision); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.pulse(p_at timestamp with time zone, p_share double precision) FROM PUBLIC;

-- Name: FUNCTION solve(p_matrix double precision[], p_right double precision[]); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.solve(p_matrix double precision[], p_right double precision[]) FROM PUBLIC;

-- Name: FUNCTION today(p_at timestamp with time zone); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.today(p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION correction(p_at timestamp with time zone, p_weeks double precision[], p_curves double precision[]); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.correction(p_at timestamp with time zone, p_weeks double precision[], p_curves double precision[]) FROM PUBLIC;

-- Name: FUNCTION hazard(p_at timestamp with time zone); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.hazard(p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION reached(p_curve double precision[], p_week double precision[], p_center double precision, p_level double precision); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.reached(p_curve double precision[], p_week double precision[], p_center double precision, p_level double precision) FROM PUBLIC;

-- Name: FUNCTION score(p_at timestamp with time zone); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.score(p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION backtest(p_from timestamp with time zone, p_until timestamp with time zone, p_step interval); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.backtest(p_from timestamp with time zone, p_until timestamp with time zone, p_step interval) FROM PUBLIC;

-- Name: FUNCTION binomial_tail(p_hits bigint, p_sample bigint, p_rate double precision); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.binomial_tail(p_hits bigint, p_sample bigint, p_rate double precision) FROM PUBLIC;

-- Name: FUNCTION campaign_detail(p_campaign_id uuid, p_at timestamp with time zone); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.campaign_detail(p_campaign_id uuid, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION campaign_holds_messages(); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.campaign_holds_messages() FROM PUBLIC;

-- Name: FUNCTION campaign_is_audited(); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.campaign_is_audited() FROM PUBLIC;

-- Name: FUNCTION campaign_moves_forward(); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.campaign_moves_forward() FROM PUBLIC;

-- Name: FUNCTION change_segments(p_definitions jsonb, p_author text, p_reason text, p_at timestamp with time zone); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.change_segments(p_definitions jsonb, p_author text, p_reason text, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION check_announcement(p_template_id uuid, p_service_id uuid); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.check_announcement(p_template_id uuid, p_service_id uuid) FROM PUBLIC;

-- Name: FUNCTION check_definitions(p_definitions jsonb, p_forecast jsonb, p_at timestamp with time zone); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.check_definitions(p_definitions jsonb, p_forecast jsonb, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION check_plan(p_run_id uuid); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.check_plan(p_run_id uuid) FROM PUBLIC;

-- Name: FUNCTION check_segments(p_segments text[]); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.check_segments(p_segments text[]) FROM PUBLIC;

-- Name: FUNCTION chi_square_tail(p_x double precision, p_freedom integer); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.chi_square_tail(p_x double precision, p_freedom integer) FROM PUBLIC;

-- Name: FUNCTION chi_square_p(p_observed bigint[], p_expected double precision[]); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.chi_square_p(p_observed bigint[], p_expected double precision[]) FROM PUBLIC;

-- Name: FUNCTION create_campaign(p_name text, p_segments text[], p_channels text[], p_holdout_share double precision, p_canary_share double precision, p_window_from time without time zone, p_window_until time without time zone, p_repeats boolean, p_starts_at timestamp with time zone, p_ends_at timestamp with time zone, p_actor text, p_reason text, p_at timestamp with time zone); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.create_campaign(p_name text, p_segments text[], p_channels text[], p_holdout_share double precision, p_canary_share double precision, p_window_from time without time zone, p_window_until time without time zone, p_repeats boolean, p_starts_at timestamp with time zone, p_ends_at timestamp with time zone, p_actor text, p_reason text, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION standing(p_campaign_id uuid, p_at timestamp with time zone); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.standing(p_campaign_id uuid, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION due(p_campaign_id uuid, p_at timestamp with time zone, p_segments text[]); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.due(p_campaign_id uuid, p_at timestamp with time zone, p_segments text[]) FROM PUBLIC;

-- Name: FUNCTION house_texts(p_kind text, p_at timestamp with time zone); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.house_texts(p_kind text, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION reachable(p_user_id uuid, p_channels text[], p_purpose text, p_at timestamp with time zone); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.reachable(p_user_id uuid, p_channels text[], p_purpose text, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION send_time(p_user_ids uuid[], p_from timestamp with time zone, p_until timestamp with time zone, p_purpose text, p_window_from time without time zone, p_window_until time without time zone); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.send_time(p_user_ids uuid[], p_from timestamp with time zone, p_until timestamp with time zone, p_purpose text, p_window_from time without time zone, p_window_until time without time zone) FROM PUBLIC;

-- Name: FUNCTION decide(p_campaign_id uuid, p_draw text, p_at timestamp with time zone, p_segments text[]); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.decide(p_campaign_id uuid, p_draw text, p_at timestamp with time zone, p_segments text[]) FROM PUBLIC;

-- Name: FUNCTION decide_announcement(p_campaign_id uuid, p_user_ids uuid[], p_occurrence text, p_template_id uuid, p_channels text[], p_message_class text, p_at_once boolean, p_at timestamp with time zone); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.decide_announcement(p_campaign_id uuid, p_user_ids uuid[], p_occurrence text, p_template_id uuid, p_channels text[], p_message_class text, p_at_once boolean, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION wilson(p_share double precision, p_n double precision); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.wilson(p_share double precision, p_n double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION smartengage.wilson(p_share double precision, p_n double precision) TO shokti_analyst;

-- Name: FUNCTION difference(p_share_1 double precision, p_n_1 double precision, p_share_0 double precision, p_n_0 double precision); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.difference(p_share_1 double precision, p_n_1 double precision, p_share_0 double precision, p_n_0 double precision) FROM PUBLIC;

-- Name: FUNCTION effective_size(p_people double precision, p_cases double precision, p_hits double precision, p_hits_squared double precision, p_hits_cases double precision, p_cases_squared double precision); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.effective_size(p_people double precision, p_cases double precision, p_hits double precision, p_hits_squared double precision, p_hits_cases double precision, p_cases_squared double precision) FROM PUBLIC;

-- Name: FUNCTION export(p_user_id uuid); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.export(p_user_id uuid) FROM PUBLIC;

-- Name: FUNCTION guardrails(p_campaign_id uuid, p_at timestamp with time zone); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.guardrails(p_campaign_id uuid, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION hour_shares(p_at timestamp with time zone); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.hour_shares(p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION judge_variants(p_at timestamp with time zone); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.judge_variants(p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION likely_add_ons(p_user_id uuid, p_service_id uuid, p_at timestamp with time zone); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.likely_add_ons(p_user_id uuid, p_service_id uuid, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION may_become(p_status text, p_next text); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.may_become(p_status text, p_next text) FROM PUBLIC;

-- Name: FUNCTION measure(p_at timestamp with time zone); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.measure(p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION messages(p_campaign_id uuid, p_run_id uuid, p_user_id uuid, p_states text[], p_channel text, p_cursor text, p_limit integer); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.messages(p_campaign_id uuid, p_run_id uuid, p_user_id uuid, p_states text[], p_channel text, p_cursor text, p_limit integer) FROM PUBLIC;

-- Name: FUNCTION move_campaign(p_campaign_id uuid, p_status text, p_actor text, p_reason text); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.move_campaign(p_campaign_id uuid, p_status text, p_actor text, p_reason text) FROM PUBLIC;

-- Name: FUNCTION note_refresh(p_snapshot text, p_as_of timestamp with time zone, p_since timestamp with time zone, p_rows bigint); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.note_refresh(p_snapshot text, p_as_of timestamp with time zone, p_since timestamp with time zone, p_rows bigint) FROM PUBLIC;

-- Name: FUNCTION plan(p_campaign_id uuid, p_trigger_key text, p_at timestamp with time zone, p_segments text[]); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.plan(p_campaign_id uuid, p_trigger_key text, p_at timestamp with time zone, p_segments text[]) FROM PUBLIC;

-- Name: FUNCTION plan_or_fail(p_campaign_id uuid, p_trigger_key text, p_at timestamp with time zone, p_segments text[]); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.plan_or_fail(p_campaign_id uuid, p_trigger_key text, p_at timestamp with time zone, p_segments text[]) FROM PUBLIC;

-- Name: FUNCTION refresh(p_at timestamp with time zone); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.refresh(p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION request_run(p_campaign_id uuid, p_segment text, p_trigger_key text, p_actor text, p_reason text, p_at timestamp with time zone); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.request_run(p_campaign_id uuid, p_segment text, p_trigger_key text, p_actor text, p_reason text, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION roll_back(p_campaign_id uuid, p_run_id uuid, p_actor text, p_reason text, p_at timestamp with time zone); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.roll_back(p_campaign_id uuid, p_run_id uuid, p_actor text, p_reason text, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION sample_texts(p_run_id uuid); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.sample_texts(p_run_id uuid) FROM PUBLIC;

-- Name: FUNCTION segment_holds(p_min_visits integer, p_max_visits integer, p_first_visit_within_days integer, p_silent_for_days integer, p_past text, p_visits integer, p_first_visit_at timestamp with time zone, p_last_visit_at timestamp with time zone, p_overdue_at timestamp with time zone, p_lost_at timestamp with time zone, p_at timestamp with time zone); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.segment_holds(p_min_visits integer, p_max_visits integer, p_first_visit_within_days integer, p_silent_for_days integer, p_past text, p_visits integer, p_first_visit_at timestamp with time zone, p_last_visit_at timestamp with time zone, p_overdue_at timestamp with time zone, p_lost_at timestamp with time zone, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION segment_forecast(p_definitions jsonb); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.segment_forecast(p_definitions jsonb) FROM PUBLIC;

-- Name: FUNCTION segmented(p_at timestamp with time zone); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.segmented(p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION segments(p_at timestamp with time zone); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.segments(p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION send_bulk(p_name text, p_segments text[], p_user_ids uuid[], p_template_id uuid, p_service_id uuid, p_channels text[], p_urgent boolean, p_canary_share double precision, p_holdout_share double precision, p_reason text, p_dry_run boolean, p_actor text, p_at timestamp with time zone); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.send_bulk(p_name text, p_segments text[], p_user_ids uuid[], p_template_id uuid, p_service_id uuid, p_channels text[], p_urgent boolean, p_canary_share double precision, p_holdout_share double precision, p_reason text, p_dry_run boolean, p_actor text, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION send_single(p_user_id uuid, p_template_id uuid, p_service_id uuid, p_channel text, p_urgent boolean, p_reason text, p_dry_run boolean, p_actor text, p_at timestamp with time zone); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.send_single(p_user_id uuid, p_template_id uuid, p_service_id uuid, p_channel text, p_urgent boolean, p_reason text, p_dry_run boolean, p_actor text, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION single_sends(p_actor text, p_at timestamp with time zone); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.single_sends(p_actor text, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION suggested_time(p_user_id uuid, p_service_id uuid, p_expected_at timestamp with time zone, p_at timestamp with time zone); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.suggested_time(p_user_id uuid, p_service_id uuid, p_expected_at timestamp with time zone, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION trial(p_at timestamp with time zone); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.trial(p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION uplift_at(p_at timestamp with time zone); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.uplift_at(p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION verdict(p_campaign_id uuid, p_draw text, p_at timestamp with time zone); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.verdict(p_campaign_id uuid, p_draw text, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION widen(p_campaign_id uuid, p_actor text, p_reason text, p_at timestamp with time zone); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.widen(p_campaign_id uuid, p_actor text, p_reason text, p_at timestamp with time zone) FROM PUBLIC;

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

-- Name: FUNCTION accept_text(p_cohort text, p_prompt_version integer, p_model text, p_answer jsonb, p_tokens_in integer, p_tokens_out integer, p_at timestamp with time zone, p_run_id uuid, p_requests integer); Type: ACL; Schema: outreach; Owner: -

REVOKE ALL ON FUNCTION outreach.accept_text(p_cohort text, p_prompt_version integer, p_model text, p_answer jsonb, p_tokens_in integer, p_tokens_out integer, p_at timestamp with time zone, p_run_id uuid, p_requests integer) FROM PUBLIC;

-- Name: FUNCTION accept_text(p_cohort text, p_prompt_version integer, p_model text, p_answer jsonb, p_tokens_in integer, p_tokens_out integer, p_run_id uuid, p_requests integer); Type: ACL; Schema: jobs; Owner: -

REVOKE ALL ON FUNCTION jobs.accept_text(p_cohort text, p_prompt_version integer, p_model text, p_answer jsonb, p_tokens_in integer, p_tokens_out integer, p_run_id uuid, p_requests integer) FROM PUBLIC;
GRANT ALL ON FUNCTION jobs.accept_text(p_cohort text, p_prompt_version integer, p_model text, p_answer jsonb, p_tokens_in integer, p_tokens_out integer, p_run_id uuid, p_requests integer) TO shokti_worker;

-- Name: FUNCTION run_summary(p_run_id uuid); Type: ACL; Schema: smartengage; Owner: -

REVOKE ALL ON FUNCTION smartengage.run_summary(p_run_id uuid) FROM PUBLIC;

-- Name: DEFAULT PRIVILEGES FOR FUNCTIONS; Type: DEFAULT ACL; Schema: -; Owner: -

ALTER DEFAULT PRIVILEGES FOR ROLE shokti_owner REVOKE ALL ON FUNCTIONS FROM PUBLIC;
