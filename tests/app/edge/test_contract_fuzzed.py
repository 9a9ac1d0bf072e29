"""The contract fuzzed by schemathesis with all checks, in every role."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.edge.intake import Intake, annotation_metadata
from app.endpoints.row import Endpoint, Who
from app.endpoints.table import ENDPOINTS
from db.embedded.temporary import TemporaryServer
from db.settings import ROOT
from tests.app.serving import Edge

ROLES = ("anonymous", "customer", "worker", "admin", "program")
PEOPLE = Path(__file__).with_name("fuzzed_people.py")

# RFC 6585: a change without If-Match is answered with 428.
HEADER_MISSED = ["400", "401", "403", "415", "422", "428"]


def refusals(row: Endpoint) -> list[str]:
    """Statuses that a request which conforms to the schema may get: checks that need the database or a key."""
    statuses = {code.removeprefix("SH") for code in row.all_errors}
    statuses |= {str(status) for status in row.sign_in_flow.refusal_statuses} if row.sign_in_flow else set()
    statuses |= {"401", "403"} if row.who.bears_token else set()
    statuses |= {"401", "404"} if row.who is Who.PROVIDER else set()
    statuses |= {"429"} if row.rate_limit_per else set()
    # A key used for another request; an invalid cursor.
    statuses |= {"409", "422"} if row.takes_idempotency_key else set()
    statuses |= {"422"} if Intake(row).paged else set()
    # A pattern cannot describe the mobile numbers of Bangladesh in every notation.
    statuses |= {"422"} if "destination" in row.input.model_fields else set()
    # The length of a text is checked after stripping blanks.
    statuses |= {"422"} if strips(row) else set()
    return sorted(statuses)


def strips(row: Endpoint) -> bool:
    """Whether a field strips surrounding blanks."""
    fields = row.input.model_fields.values()
    return any(
        getattr(mark, "strip_whitespace", None)
        for one in fields
        for mark in [*annotation_metadata(one.annotation), *one.metadata]
    )


def configuration() -> str:
    """Enables all checks, and lists for each operation the refusals that are expected."""
    lines = [f"hooks = {json.dumps(str(PEOPLE))}"]
    lines += ["[checks]", f"missing_required_header.expected-statuses = {json.dumps(HEADER_MISSED)}"]
    lines += ['positive_data_acceptance.expected-statuses = ["2xx"]']
    known = {f"{row.method} {row.path}": refusals(row) for row in ENDPOINTS}
    # The verify token of the handshake is not known to the fuzzer.
    known["GET /webhooks/{provider}"] = ["403"]
    for name, statuses in known.items():
        lines += ["[[operations]]", f"include-name = {json.dumps(name)}"]
        lines += [f"checks.positive_data_acceptance.expected-statuses = {json.dumps(['2xx', '3xx', *statuses])}"]
    return "\n".join(lines) + "\n"


def run(edge: Edge, database_url: str, role: str, examples: int, folder: Path) -> subprocess.CompletedProcess[str]:
    file = folder / "schemathesis.toml"
    file.write_text(configuration())
    # One worker: Python 3.11 counts the depth of ast.parse over all threads, and two that generate at once sometimes fail
    # with "AST constructor recursion depth mismatch".
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


def report_of(found: subprocess.CompletedProcess[str]) -> str:
    """The failures, without the long list of warnings."""
    report = found.stdout[-60000:]
    begins = [report.index(title) for title in ("= FAILURES =", "= ERRORS =") if title in report]
    return (report[min(begins) :] if begins else report).split("= WARNINGS =")[0][:12000] + found.stderr[-2000:]


@pytest.mark.parametrize("role", ROLES)
def test_no_failures(edge: Edge, server: TemporaryServer, database_name: str, role: str, tmp_path: Path) -> None:
    found = run(edge, server.url(database_name), role, 5, tmp_path)
    assert found.returncode == 0, report_of(found)


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("role", ROLES)
def test_no_failures_in_many_examples(
    edge: Edge, server: TemporaryServer, database_name: str, role: str, tmp_path: Path
) -> None:
    found = run(edge, server.url(database_name), role, 200, tmp_path)
    assert found.returncode == 0, report_of(found)
