"""The analysts' contract: every column of schema analytics and every value that a text column may have, committed.

`python -m pytest tests/catalogue/test_analytics.py --write-contract` writes it anew. Columns are added at the end only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from db.connection import Connection
from tests.conftest import Connect

CONTRACT = Path(__file__).with_name("analytics.txt")

COLUMNS = """
    select c.relname, a.attname, format_type(a.atttypid, a.atttypmod)
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'analytics'::regnamespace
      and c.relkind in ('v', 'm')
    order by c.relname, a.attnum"""

# The functions that decide on messages.
DECIDING = """
    select pg_get_functiondef(p.oid)
    from pg_proc p
    where p.pronamespace in ('outreach'::regnamespace, 'smartengage'::regnamespace)
      and p.prokind = 'f'
      and p.proname <> 'eligibility'"""

# Reasons that no gate gives.
REASONS_WITHOUT_GATE = {"constraint:<name>", "provider_refused", "retries_used_up"}
# Reasons of messages that go on; they are gone by the time a message is refused, expired or failed.
PASSING_REASONS = {"claim_not_settled", "person_limit", "provider_later"}


def check(name: str) -> str:
    """The definition of a check constraint that lists the values of a column."""
    return f"select pg_get_constraintdef(k.oid) from pg_constraint k where k.conname = '{name}'"


def view(name: str) -> str:
    return f"select pg_get_viewdef('{name}'::regclass)"


LITERAL = r"'([^']*)'::text"

# Text columns with a closed list of values, by name: a query whose answers hold the list, and what a value is in them.
CLOSED: Mapping[str, tuple[str, str]] = {
    "channel": (check("message_channel_is_known"), LITERAL),
    "form": (check("template_form_is_known"), LITERAL),
    "gate": (view("analytics.refusal"), LITERAL + r" AS gate\b"),
    "language": (check("template_language_is_known"), LITERAL),
    "origin": (check("template_origin_is_known"), LITERAL),
    "scope": (check("uplift_scope_is_known"), LITERAL),
    "segment": (check("customer_segment_is_known"), LITERAL),
    "snapshot": (
        "select p.prosrc from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname !~ '^pg_'",
        r"record_snapshot_refresh\(\s*'([^']*)'",
    ),
    "state": (check("message_state_is_known"), LITERAL),
    "utm_medium": (check("message_channel_is_known"), LITERAL),
    "utm_source": (view("smartengage.message_utm"), LITERAL + r" AS utm_source\b"),
    "verdict": (
        "select pg_get_expr(d.adbin, d.adrelid) from pg_attrdef d where d.adrelid = 'smartengage.uplift'::regclass",
        LITERAL,
    ),
}
# Text columns whose values are names, keys and sentences of data.
OPEN = {
    "asked_by", "campaign", "category", "cohort", "exempt_reason", "kind", "trigger_key", "utm_campaign", "utm_content",
    "variant",
}  # fmt: skip


def refusals(connection: Connection) -> dict[str, set[str]]:
    """What analytics.refusal may have as reason and rule."""
    # smartengage.eligibility decides who becomes a candidate: the reasons of its gates (places below 10) are not stored.
    rows = connection.execute(
        "select k.reason, r.rule from policy.gate k join policy.refusal_reason r on r.reason = k.reason"
        " where k.verdict in ('refuse', 'expire') and (k.stage = 'claim' or k.place > 10)"
    ).fetchall()
    rules: dict[str, str] = dict(rows)
    return {
        "reason": rules.keys() | REASONS_WITHOUT_GATE,
        "rule": {*rules.values(), "retry.max", "<name of a cap>"},
    }


@pytest.fixture(scope="module")
def columns(template_connection: Connection) -> list[tuple[str, str, str]]:
    return template_connection.execute(COLUMNS).fetchall()


@pytest.fixture(scope="module")
def values(template_connection: Connection) -> dict[str, set[str]]:
    listed = refusals(template_connection)
    for column, (query, pattern) in CLOSED.items():
        answers = " ".join(answer for (answer,) in template_connection.execute(query.encode()).fetchall())
        listed[column] = set(re.findall(pattern, answers))
    return listed


@pytest.fixture(scope="module")
def offered(columns: list[tuple[str, str, str]], values: dict[str, set[str]]) -> list[str]:
    lines = []
    for name, column, kind in columns:
        lines.append(f"{name}.{column} {kind}")
        lines += [f"{name}.{column} = {value}" for value in sorted(values.get(column, ()))]
    return lines


def test_the_contract_is_kept(offered: list[str], request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--write-contract"):
        CONTRACT.write_text("\n".join(offered) + "\n")
    assert CONTRACT.read_text().splitlines() == offered


def test_every_text_column_has_its_values_or_is_open(
    columns: list[tuple[str, str, str]], values: dict[str, set[str]]
) -> None:
    texts = {column for _, column, kind in columns if kind == "text"}
    assert texts == values.keys() | OPEN
    assert [column for column, listed in values.items() if not listed] == []


def test_every_reason_that_is_written_is_in_the_contract(
    template_connection: Connection, values: dict[str, set[str]]
) -> None:
    """Gates name their reason in a verdict; other functions write it, with the rule behind it, onto the message."""
    written: set[str] = set()
    for (definition,) in template_connection.execute(DECIDING).fetchall():
        for assigned in re.findall(r"\breason = ((?:case\b|'[^']*').*?),\s+rule =", definition, re.DOTALL):
            written |= set(re.findall(r"(?:then|else|^) ?'([^']*)'", assigned))
    assert "constraint:" in written
    assert {reason.replace("constraint:", "constraint:<name>") for reason in written} - PASSING_REASONS == {
        "campaign_stopped", "constraint:<name>", "provider_refused", "retries_used_up", "too_late",
    }  # fmt: skip
    assert {"campaign_stopped", "too_late"} <= values["reason"]


def test_no_personal_data_is_offered(columns: list[tuple[str, str, str]]) -> None:
    personal = ("name", "email", "phone", "address", "body", "comment", "token", "external_id")
    assert [f"{name}.{column}" for name, column, _ in columns if column in personal] == []


def test_no_view_calls_a_function_that_reads_a_table(template_connection: Connection) -> None:
    """It would run with the rights of the analyst, who has none on tables: seen only once there are rows."""
    faults = template_connection.execute(
        "with recursive used (classid, objid, path) as ("
        "  select 'pg_class'::regclass::oid, c.oid, c.oid::regclass::text"
        "  from pg_class c where c.relnamespace = 'analytics'::regnamespace and c.relkind = 'v'"
        "  union"
        "  select d.refclassid, d.refobjid, u.path || ' > ' || pg_describe_object(d.refclassid, d.refobjid, 0)"
        "  from used u join pg_depend d on (d.classid, d.objid) = (u.classid, u.objid)"
        "    or u.classid = 'pg_class'::regclass and d.classid = 'pg_rewrite'::regclass"
        "       and d.objid in (select r.oid from pg_rewrite r where r.ev_class = u.objid)"
        "  where d.refclassid = 'pg_proc'::regclass or d.refclassid = 'pg_class'::regclass and d.refobjid <> u.objid"
        ")"
        " select distinct u.path from used u join pg_depend d on (d.classid, d.objid) = (u.classid, u.objid)"
        " where u.classid = 'pg_proc'::regclass and d.refclassid = 'pg_class'::regclass"
        " order by 1"
    ).fetchall()
    assert faults == []


def test_an_analyst_can_read_every_view(columns: list[tuple[str, str, str]], connect: Connect) -> None:
    analyst = connect(role="shokti_analyst")
    for name in sorted({name for name, _, _ in columns}):
        analyst.execute(f"select * from analytics.{name}").fetchall()
