"""Fixtures of the tests of loading."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.db.load.loading import Loader


@pytest.fixture
def load(database_url: str, tmp_path: Path) -> Loader:
    return Loader(database_url, tmp_path)
