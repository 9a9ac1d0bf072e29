"""The contract tried by schemathesis with all its checks, as everybody who may call."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.edge.intake import Intake, markers
from app.endpoints.table import ENDPOINTS, Endpoint, Who
from db.embedded.server import TestServer
from db.settings import ROOT
from tests.app.serving import Edge

ROLES = ("anonymous", "customer", "worker", "admin", "service")
PEOPLE = Path(__file__).with_name("fuzzed_people.py")

# RFC 6585: 428 is the answer where a change came without its condition.
HEADER_MISSED = ["400", "401", "403", "415", "422", "428"]


def refusals(row: Endpoint) -> list[str]:
    """What may be answered to a call that is as the schema says: what only the database or a key can know."""
    statuses = {code.removeprefix("SH") for code in row.errors}
    statuses |= {str(status) for status in row.ceremony.refuses} if row.ceremony else set()
    statuses |= {"401", "403"} if row.who.bears_token else set()
    statuses |= {"401", "404"} if row.who is Who.PROVIDER else set()
    statuses |= {"429"} if row.rate else set()
    # A key that was used for another request; a cursor that is none of ours.
    statuses |= {"409", "422"} if row.takes_key else set()
    statuses |= {"422"} if Intake(row).paged else set()
    # Which numbers are mobile ones of Bangladesh, however they are written, is more than a pattern can say.
    statuses |= {"422"} if "destination" in row.input.model_fields else set()
    # How long a text is once the blanks around it are gone.
    statuses |= {"422"} if strips(row) else set()
    return sorted(statuses)


def strips(row: Endpoint) -> bool:
    """Whether a text of it is looked at without the blanks around it."""
    fields = row.input.model_fields.values()
    return any(
        getattr(mark, "strip_whitespace", None) for one in fields for mark in [*markers(one.annotation), *one.metadata]
    )


def configuration() -> str:
    """All checks are on; of each operation it is said which refusals are no fault, and of no other."""
    lines = [f"hooks = {json.dumps(str(PEOPLE))}"]
    lines += ["[checks]", f"missing_required_header.expected-statuses = {json.dumps(HEADER_MISSED)}"]
    lines += ['positive_data_acceptance.expected-statuses = ["2xx"]']
    known = {f"{row.method} {row.path}": refusals(row) for row in ENDPOINTS}
    # Whether the words of the handshake are those agreed on.
    known["GET /webhooks/{provider}"] = ["403"]
    for name, statuses in known.items():
        lines += ["[[operations]]", f"include-name = {json.dumps(name)}"]
        lines += [f"checks.positive_data_acceptance.expected-statuses = {json.dumps(['2xx', '3xx', *statuses])}"]
    return "\n".join(lines) + "\n"


def run(edge: Edge, database_url: str, role: str, examples: int, folder: Path) -> subprocess.CompletedProcess[str]:
    file = folder / "schemathesis.toml"
    file.write_text(configuration())
    # One worker: Python 3.11 counts the depth of ast.parse for all threads together, and two that generate at once now
    # and then end in "AST constructor recursion depth mismatch".
    return subprocess.run(
        [
            str(Path(sys.executable).parent / "schemathesis"), "--config-file", str(file),
            "run", f"{edge.url}/openapi.json",
            "--checks", "all", "--max-examples", str(examples), "--seed", "1", "--workers", "1",
            "--phases", "examples,coverage,fuzzing", "--generation-database", "none", "--no-color",
        ],
        cwd=folder,
        env=os.environ
        | {"NO_COLOR": "1", "PYTHONPATH": str(ROOT), "DATABASE_URL": database_url, "FUZZED_ROLE": role},
        capture_output=True,
        text=True,
    )  # fmt: skip


def told(found: subprocess.CompletedProcess[str]) -> str:
    """What it found, without the long list of what it could not reach."""
    report = found.stdout[-60000:]
    begins = [report.index(title) for title in ("= FAILURES =", "= ERRORS =") if title in report]
    return (report[min(begins) :] if begins else report).split("= WARNINGS =")[0][:12000] + found.stderr[-2000:]


@pytest.mark.parametrize("role", ROLES)
def test_nothing_is_found(edge: Edge, server: TestServer, database_name: str, role: str, tmp_path: Path) -> None:
    found = run(edge, server.url(database_name), role, 5, tmp_path)
    assert found.returncode == 0, told(found)


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("role", ROLES)
def test_nothing_is_found_in_many_examples(
    edge: Edge, server: TestServer, database_name: str, role: str, tmp_path: Path
) -> None:
    found = run(edge, server.url(database_name), role, 200, tmp_path)
    assert found.returncode == 0, told(found)
