"""`python -m db backtest` on a small made-up marketplace."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from db.cli import app
from db.demo.build import build_marketplace

RUN = CliRunner()


def test_figures_of_each_cut_and_of_all(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    build_marketplace(database_url, customers=150, months=9)
    monkeypatch.setenv("DATABASE_URL", database_url)
    told = RUN.invoke(app, ["backtest", "--cuts", "2"])
    assert told.exit_code == 0, told.output
    rows = [line.split() for line in told.output.splitlines() if line[:2] == "20" or line.startswith("all")]
    assert [row[0] for row in rows][-1] == "all"
    assert len(rows) == 3
    assert sum(int(row[1].replace(",", "")) for row in rows[:2]) == int(rows[2][1].replace(",", ""))
    # Far better than the naive rule.
    assert float(rows[2][3]) > float(rows[2][8]) + 0.1


def test_an_empty_marketplace_is_told(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    told = RUN.invoke(app, ["backtest"])
    assert told.exit_code != 0
    assert "no completed bookings" in str(told.exception) + told.output
