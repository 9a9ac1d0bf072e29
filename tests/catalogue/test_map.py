"""From every shelf of sql/ a path leads to its tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.settings import ROOT

#: Where tests of a schema or shelf are, if not in a folder of the same name.
ELSEWHERE = {
    "api/sign_in": "tests/app/sign_in/test_*.py",
    "clock": "tests/db/test_simulation.py",
    "jobs/demo": "tests/worker/test_demo_day.py",
    "lint": "tests/catalogue/test_lint.py",
}
#: Folders of the tests of schemas that only a program calls.
CALLERS = {"api": "tests/app/endpoints", "jobs": "tests/worker/handlers"}


def shelves(root: Path) -> list[str]:
    """Each folder of sql/ with a definition in it: `schema/shelf`, or `schema`."""
    sql = root / "sql"
    return sorted({str(file.parent.relative_to(sql)) for file in sql.glob("*/**/*.sql")})


def pattern(shelf: str) -> str:
    """The paths that tests of a shelf may have."""
    schema, _, name = shelf.partition("/")
    return ELSEWHERE.get(shelf, f"{CALLERS.get(schema, f'tests/{schema}')}/test_{name}*.py")


def has_test(root: Path, shelf: str) -> bool:
    return any("\ndef test_" in file.read_text() for file in root.glob(pattern(shelf)))


@pytest.mark.parametrize("shelf", shelves(ROOT))
def test_a_shelf_has_tests(shelf: str) -> None:
    assert has_test(ROOT, shelf), f"no test in {pattern(shelf)}"


def test_every_exception_is_a_shelf() -> None:
    assert set(ELSEWHERE) <= set(shelves(ROOT))
    assert {shelf.partition("/")[0] for shelf in shelves(ROOT)} >= set(CALLERS)


def test_a_new_shelf_without_a_test_is_found(tmp_path: Path) -> None:
    def write(path: str, text: str = "") -> None:
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    tested = '"""Tests."""\n\ndef test_it() -> None: ...\n'
    write("sql/queue/enqueue.sql")
    write("sql/policy/rule/number.sql")
    write("sql/api/policy/rules.sql")
    write("tests/queue/test_enqueue.py", tested)
    write("tests/policy/test_rule_bounds.py", tested)
    write("tests/app/endpoints/test_policy.py", tested)
    assert shelves(tmp_path) == ["api/policy", "policy/rule", "queue"]
    assert all(has_test(tmp_path, shelf) for shelf in shelves(tmp_path))

    write("sql/policy/cap/set_cap.sql")
    assert [shelf for shelf in shelves(tmp_path) if not has_test(tmp_path, shelf)] == ["policy/cap"]
    write("tests/policy/test_cap.py", '"""Nothing yet."""\n')
    assert not has_test(tmp_path, "policy/cap")
