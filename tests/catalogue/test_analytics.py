"""The analysts' contract: what each view of schema analytics offers, committed, so that no column goes unseen.

`python -m pytest tests/catalogue/test_analytics.py --write-contract` writes it anew. Columns are added at the end only.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from db.connection import Connection
from tests.conftest import Connect

CONTRACT = Path(__file__).with_name("analytics.txt")


@pytest.fixture(scope="module")
def offered(template_connection: Connection) -> list[str]:
    rows = template_connection.execute(
        "select format('%s.%s %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod))"
        " from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped"
        " where c.relnamespace = 'analytics'::regnamespace and c.relkind in ('v', 'm')"
        " order by c.relname, a.attnum"
    ).fetchall()
    return [line for (line,) in rows]


def test_the_contract_is_kept(offered: list[str], request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--write-contract"):
        CONTRACT.write_text("\n".join(offered) + "\n")
    assert CONTRACT.read_text().splitlines() == offered


def test_no_personal_data_is_offered(offered: list[str]) -> None:
    personal = ("name", "email", "phone", "address", "body", "comment", "token", "external_id")
    assert [line for line in offered if line.split(".")[1].split()[0] in personal] == []


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


def test_an_analyst_can_read_every_view(offered: list[str], connect: Connect) -> None:
    analyst = connect(role="shokti_analyst")
    for view in sorted({line.split(".")[0] for line in offered}):
        analyst.execute(f"select * from analytics.{view}").fetchall()
