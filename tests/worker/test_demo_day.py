"""`python -m worker day`: a whole day with real workers, twice; a real database is refused."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from db.connection import Connection
from db.settings import ROOT
from db.simulation import is_installed
from tests.marketplace import campaign
from tests.worker.stage import prepare_reminders, until


def day(database_url: str, mailbox: Path, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "worker", "day", *options],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": database_url, "MAILBOX_DIR": str(mailbox), "SHOKTI_ENV": "test"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # As from a terminal: programs that a shell starts in the background ignore SIGINT.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def finished(process: subprocess.Popen[str]) -> tuple[dict[str, Any], str]:
    said, complained = process.communicate(timeout=300)
    assert process.returncode == 0, said + complained
    figures: dict[str, Any] = json.loads(said.splitlines()[-1])
    return figures, said


@pytest.fixture
def marketplace(db: Connection) -> Connection:
    """120 people with a visit four weeks before the demo day; two of them have no consent."""
    db.execute("update policy.installation set kind = 'demo'")
    stage = prepare_reminders(db, campaign(db, name="daily-reminder", holdout_share=0.1))
    yesterday = datetime.now(ZoneInfo("Asia/Dhaka")) - timedelta(days=1)
    last = f"{yesterday - timedelta(days=27):%Y-%m-%d}"
    stage.customers([f"p{n}@example.com" for n in range(118)], last)
    stage.customers(["never@example.com", "neither@example.com"], last, consents=False)
    return db


@pytest.mark.slow
def test_the_day_is_lived_through_and_a_second_time_nobody_is_written_to(
    marketplace: Connection, database_url: str, tmp_path: Path
) -> None:
    figures, said = finished(day(database_url, tmp_path, "--seconds", "15"))
    assert figures["candidates"] == 120
    assert figures["refused"] == 2
    assert figures["refusals"] == {"no_consent": 2}
    assert figures["messages"] + figures["ghosts"] == 118
    assert figures["sent"] == figures["messages"] > 0
    assert (figures["in_doubt"], figures["expired"]) == (0, 0)
    assert len(list((tmp_path / "new").iterdir())) == figures["sent"]
    assert said.count("কিছুদিন হলো আপনার") == 3, "three samples"
    assert not is_installed(marketplace)
    # All were sent within the campaign's window of that day in Dhaka. These people use the app at the same hour, so
    # their messages are spread by the minute and not sent at the full hour.
    (hours,) = marketplace.execute(
        "select array_agg(distinct extract(hour from sent_at at time zone 'Asia/Dhaka')::int) from outreach.delivery"
    ).fetchone() or ([],)
    assert min(hours) >= 9
    assert max(hours) <= 20
    (minutes,) = marketplace.execute(
        "select count(distinct date_trunc('minute', due_at)) from outreach.message where state <> 'ghost'"
    ).fetchone() or (0,)
    assert minutes > 20

    again, said = finished(day(database_url, tmp_path, "--seconds", "15"))
    assert (again["candidates"], again["messages"], again["ghosts"], again["sent"]) == (120, 0, 0, 0)
    assert again["refusals"] == {"already_reminded": 118, "no_consent": 2}
    assert "no reminder is sent twice" in said
    assert len(list((tmp_path / "new").iterdir())) == figures["sent"]


def test_a_database_of_real_people_is_left_alone(marketplace: Connection, database_url: str, tmp_path: Path) -> None:
    marketplace.execute("update policy.installation set kind = 'live'")
    process = day(database_url, tmp_path)
    said, complained = process.communicate(timeout=60)
    assert process.returncode == 2
    assert complained.splitlines()[-1].startswith("shokti: this database holds a real marketplace")
    assert said == ""
    assert not is_installed(marketplace)


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_stopped_half_way_it_takes_its_clock_and_its_workers_with_it(
    marketplace: Connection, database_url: str, tmp_path: Path, told: signal.Signals
) -> None:
    process = day(database_url, tmp_path, "--seconds", "3000")
    until(lambda: marketplace.execute("select 1 from smartengage.run").fetchone(), seconds=60, what="plan")
    process.send_signal(told)
    process.communicate(timeout=90)
    assert process.returncode == 130
    assert not is_installed(marketplace)
    others = (
        "select count(*) from pg_stat_activity"
        " where application_name like 'shokti worker%' and datname = current_database()"
    )
    until(lambda: marketplace.execute(others).fetchone() == (0,), what="workers gone")
