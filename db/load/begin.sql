-- What all files share: functions that parse cells, and temporary tables for results. All end with the session.

-- One load at a time: the second waits, and then finds all rows stored.
select pg_advisory_xact_lock(hashtextextended('db.load', 0));

-- Instants without an offset are Bangladeshi wall-clock time.
select set_config('timezone', policy.default_zone(), true);

-- A test is cheaper than trimming every cell; empty cells arrive as null.
create or replace function pg_temp.cell(p_text text)
returns text
language sql immutable
return case when p_text like ' %' or p_text like '% ' then nullif(btrim(p_text), '') else p_text end;

create or replace function pg_temp.words(p_text text)
returns text
language sql immutable
return normalize(pg_temp.cell(regexp_replace(p_text, '\s+', ' ', 'g')), NFC);

-- The pattern admits only what has one meaning: PostgreSQL also accepts 'now', 05/06/2020, BST, BC and GMT+6 (as six hours
-- behind Greenwich).
create or replace function pg_temp.iso_instant(p_text text)
returns timestamptz
language sql stable
return case when p_text ~ (
    '^(19|20)[0-9][0-9]-[0-9][0-9]?-[0-9][0-9]?'
    '([T ] ?[0-9][0-9]?:[0-9][0-9](:[0-9][0-9](\.[0-9]+)?)?( ?[AaPp][Mm])?)? ?'
    '(Z|[+-][0-9][0-9]?(:?[0-9][0-9])?|[A-Z][A-Za-z_]+/[A-Za-z_/]+)?$')
  and pg_input_is_valid(p_text, 'timestamptz') then p_text::timestamptz end;

-- The same for Bengali digits, blanks around, and offsets written as UTC+06:00, GMT+6, UTC or +06:00[Asia/Dhaka].
create or replace function pg_temp.other_instant(p_text text)
returns timestamptz
language sql stable
return pg_temp.iso_instant(
  regexp_replace(
    regexp_replace(
      regexp_replace(btrim(translate(p_text, '০১২৩৪৫৬৭৮৯', '0123456789'), E' \t\u00a0'), '([+-][0-9:]+|Z)\[[A-Za-z_/]+\]$', '\1'),
      ' ?(UTC|GMT) ?([+-])', '\2'),
    ' ?(UTC|GMT)$', 'Z'));

-- Takes the cell untrimmed: inlining repeats an argument wherever the function uses it, so it must be cheap.
create or replace function pg_temp.instant(p_text text)
returns timestamptz
language sql stable
return coalesce(pg_temp.iso_instant(p_text), case when p_text <> '' then pg_temp.other_instant(p_text) end);

create or replace function pg_temp.instant_fault(p_text text)
returns text
language sql stable
return case
  when p_text ~ '[0-9] ?[A-Z]{3,5}[ +-]*[0-9:]*\s*$' and p_text !~ '[0-9] ?(UTC|GMT)' and p_text !~* '( bc| ad)\s*$'
  then 'names a time zone in letters, which has several meanings; write an offset such as +06:00'
  else 'is not a time such as 2026-11-23T18:05:00+06:00' end;

create or replace function pg_temp.clock_time(p_text text)
returns time
language sql stable
return case when p_text ~ '^([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$' then p_text::time end;

create or replace function pg_temp.whole(p_text text)
returns bigint
language sql immutable
return case when p_text ~ '^[0-9]{1,15}$' then p_text::bigint end;

create or replace function pg_temp.truth(p_text text)
returns boolean
language sql immutable
return case when lower(p_text) in ('true', 't', 'yes', 'y', '1') then true
            when lower(p_text) in ('false', 'f', 'no', 'n', '0') then false end;

-- A Bangladeshi mobile number as E.164. Its plain form is read here; for all others the loader fills load_phone.
create or replace function pg_temp.mobile(p_text text)
returns text
language sql immutable
return '+880' || substring(p_text from '^(?:\+880|880|0)(1[3-9][0-9]{8})$');

-- The pattern of HTML's <input type=email>, with a dot in the domain.
create or replace function pg_temp.email(p_text text)
returns text
language sql immutable
return case when length(p_text) <= 254 then substring(p_text from
  '^[A-Za-z0-9.!#$%&''*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+$') end;

-- Whether a field is not one of the lost cells of a row (lines of field|reason).
create or replace function pg_temp.is_kept(p_losses text, p_field text)
returns boolean
language sql immutable
return p_losses !~ ('(^|\n)(' || p_field || ')\|');

create or replace function pg_temp.has_control(p_text text)
returns boolean
language sql immutable
return p_text ~ '[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f\u2028\u2029]';

-- What the report names: a rejected row ('row'), a stored row without one of its cells ('cell'), a stored row that keeps what
-- the file changes ('kept'), and a withdrawal that did not take effect as written ('withdrawal').
create temp table load_reject (
  file text not null,
  line bigint not null,
  field text,
  reason text not null,
  value text,
  outcome text not null default 'row'
) on commit drop;

-- Phone numbers of another form than the plain one, with what db/phone.py reads; null if it is no mobile number.
create temp table load_phone (
  cell text primary key,
  address text
) on commit drop;

create or replace function pg_temp.phone(p_text text)
returns text
language sql stable
return coalesce(pg_temp.mobile(p_text), (select h.address from load_phone h where h.cell = p_text));

-- Ids of rejected rows, for the reason of rows that refer to them.
create temp table load_lost (
  kind text not null,
  id text not null
) on commit drop;

create temp table load_count (
  file text not null,
  stored bigint not null,
  updated bigint not null,
  already_there bigint not null
) on commit drop;

create temp table load_remark (
  remark text not null
) on commit drop;
