"""Python's layers: app and worker never meet, both know db, and SQL stays in the database."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from db.settings import ROOT

MODULES = sorted(path for folder in ("app", "worker") for path in (ROOT / folder).rglob("*.py"))
ALLOWED = {"app": {"app", "db"}, "worker": {"worker", "db"}, "db": {"db"}}

# The start of a statement; English sentences that begin so ("Select a …") have no second keyword.
STATEMENT = re.compile(
    r"^\s*(select\s|with\s+\w+\s*(\(|as)|insert\s+into\s|update\s+[\w.]+\s+set\s|delete\s+from\s|merge\s+into\s|create\s+(or|table|index|view|function)\s"
    r"|alter\s+(table|role|function)\s|drop\s+(table|function|view)\s|truncate\s|copy\s+\S+\s+(from|to)\s|call\s|do\s+\$|(begin|commit)\s*;?\s*$|listen\s|notify\s)",
    re.IGNORECASE,
)
# One call of one function at the edge of the database, its arguments named (X: filled in from the catalogue).
CALL = re.compile(
    r"^\s*select\s+(\*\s+from\s+)?(?P<schema>api|jobs)\.\w+\s*\((X|\s*p_\w+\s*=>\s*[^,()]+(\s*,\s*p_\w+\s*=>\s*[^,()]+)*)?\s*\)(::\w+)?\s*;?\s*$",
    re.IGNORECASE,
)


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """Every string of a module that is not a docstring; holes of f-strings read as X."""
    tree = ast.parse(path.read_text())
    docstrings = set()
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if (
            isinstance(body, list)
            and body
            and isinstance(body[0], ast.Expr)
            and isinstance(body[0].value, ast.Constant)
        ):
            docstrings.add(body[0].value)
    inside = {
        part
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for part in ast.walk(node)
        if part is not node
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and node not in docstrings
            and node not in inside
        ):
            yield node.lineno, node.value
        elif isinstance(node, ast.JoinedStr):
            yield (
                node.lineno,
                "".join(str(part.value) if isinstance(part, ast.Constant) else "X" for part in node.values),
            )


@pytest.mark.parametrize(
    "path", MODULES + sorted((ROOT / "db").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT))
)
def test_a_part_imports_only_itself_and_db(path: Path) -> None:
    part = path.relative_to(ROOT).parts[0]
    ours = {name.split(".")[0] for name in imports(path)} & {"app", "worker", "db", "tests"}
    assert ours <= ALLOWED[part]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_python_holds_no_sql_but_calls_of_the_edge(path: Path) -> None:
    edge = {"app": "api", "worker": "jobs"}[path.relative_to(ROOT).parts[0]]
    foreign = [
        f"line {line}: {text.strip()[:80]}"
        for line, text in texts(path)
        if STATEMENT.match(text) and not ((call := CALL.match(text)) and call["schema"].lower() == edge)
    ]
    assert foreign == []


def test_the_pattern_knows_sql_when_it_sees_it() -> None:
    assert all(
        STATEMENT.match(text)
        for text in ("select 1", "with a as (select 1)", "  INSERT INTO x", "update a.b set c = 1")
    )
    assert not any(STATEMENT.match(text) for text in ("update the settings", "selected", "with care", "within 7 days"))
    assert CALL.match(
        "select jobs.claim_messages(p_channel => %s, p_limit => %(limit)s)::text".replace("%(limit)s", "%s")
    )
    assert not CALL.match("select api.f(p_a => (select 1))")
    assert not CALL.match("select api.f(%s)")
