"""House rules: the views of schema lint are empty, and each finds a breach of its rule."""

import pytest

from db.connection import Connection
from db.settings import ROOT

LINT = ROOT / "sql" / "lint"
# Parts that the rules use, and their union.
PARTS = {"layer", "routine", "reference", "schema_dependency", "shelf", "finding"}
RULES = sorted({path.stem for path in LINT.rglob("*.sql")} - PARTS)


@pytest.fixture(scope="module")
def findings(template_connection: Connection) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    rows = template_connection.execute("select rule, object, detail from lint.finding order by 1, 2, 3").fetchall()
    for rule, thing, detail in rows:
        found.setdefault(rule, []).append(f"{thing} {detail}")
    return found


@pytest.mark.parametrize("rule", RULES)
def test_rule_is_kept(findings: dict[str, list[str]], rule: str) -> None:
    assert findings.get(rule, []) == []


def test_finding_has_every_rule(template_connection: Connection) -> None:
    row = template_connection.execute("select pg_get_viewdef('lint.finding'::regclass)").fetchone()
    assert row is not None
    assert [rule for rule in RULES if f"lint.{rule}" not in row[0]] == []


# A breach of each rule, made in a clone.
BREACHES = {
    "layer_violation": "create function clock.early() returns bigint language sql stable "
    "begin atomic select count(*) from market.booking; end",
    "missing_comment": "create view outreach.mute as select 1 as x",
    "public_execute": "create function api.open() returns int language sql immutable return 1; "
    "grant execute on function api.open() to public",
    "wrong_grant": "grant select on account.person to shokti_app",
    "unpinned_search_path": "create function api.loose() returns int language sql immutable security definer return 1",
    "misplaced_definer": "create function market.mighty() returns int language sql immutable security definer "
    "set search_path = pg_catalog, pg_temp return 1",
    "overloaded_function": "create function clock.now(p_shift interval) returns timestamptz language sql stable "
    "return pg_catalog.now() + p_shift",
    "unparsed_body": "create function market.late() returns int language sql as 'select 1'",
    "unindexed_foreign_key": "create table market.orphan (booking_id uuid references market.booking)",
    "stray_object": "create table public.stray (x int)",
    "unnamed_constraint": "create table market.nameless (x int check (x > 0))",
    "unfit_type": "create table market.zoneless (x timestamp)",
    "crowded_folder": "insert into deploy.definition (file, sha256, objects)"
    " select 'sql/market/attic/f' || n || '.sql', '', '{}' from generate_series(1, 31) n",
    "shelf_circle": "create function market.left_one() returns void language plpgsql as 'begin perform market.right_one(); end';"
    " create function market.right_one() returns void language plpgsql as 'begin perform market.left_one(); end';"
    " insert into deploy.definition (file, sha256, objects) values"
    " ('sql/market/left/left_one.sql', '', '{}'), ('sql/market/right/right_one.sql', '', '{}')",
    "unused_function": "create function market.forgotten() returns int language sql immutable return 1",
    "missing_trigger": "alter table account.consent disable trigger consent_is_history",
    "unrefreshable_view": "create materialized view market.stale as select 1 as x",
}


@pytest.mark.parametrize("rule", RULES)
def test_rule_finds_a_breach(db: Connection, rule: str) -> None:
    before = db.execute("select count(*) from lint.finding where rule = %s", [rule]).fetchone()
    db.execute(BREACHES[rule])
    after = db.execute("select count(*) from lint.finding where rule = %s", [rule]).fetchone()
    assert before is not None
    assert after is not None
    assert after[0] > before[0]


def test_plpgsql_bodies_are_searched_for_layers_without_comments_and_literals(db: Connection) -> None:
    db.execute(
        "create function policy.early() returns void language plpgsql set search_path = pg_catalog, pg_temp as $$ begin "
        "perform market.anything(); /* market.in_comment */ -- market.in_comment, it's skipped\n"
        "raise notice 'it''s market.in_literal -- '; /** market.in_comment **/ end $$"
    )
    rows = db.execute("select detail from lint.layer_violation where object like '%policy.early%'").fetchall()
    assert rows == [("uses market.anything of a layer that is not below policy",)]
