"""Servers that live as long as a block of code, with their data in memory where there is room."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from db.embedded.account import server_account
from db.embedded.configuration import DISPOSABLE_SETTINGS
from db.embedded.folders import make_passable_folder
from db.embedded.server import SUPERUSER, Server


class TemporaryServer(Server):
    """A server of its own, removed at the end: `with TemporaryServer() as server:`."""

    def __init__(self, name: str = "", settings: Mapping[str, str] | None = None, folder: Path | None = None) -> None:
        """`name` tells the servers of one process apart; `settings` are added to those of disposable data."""
        account = server_account()
        folder = folder or memory_folder() / f"shokti-test-{os.getpid()}{'-' + name if name else ''}"
        make_passable_folder(folder)
        super().__init__(folder / "data", account, {**DISPOSABLE_SETTINGS, **(settings or {})})

    @property
    def superuser_url(self) -> str:
        return self.url("postgres", SUPERUSER)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()

    def remove(self) -> None:
        super().remove()
        shutil.rmtree(self.data.parent, ignore_errors=True)


def memory_folder() -> Path:
    """A folder in memory if it has 2 GiB free, else the temporary folder."""
    shm = Path("/dev/shm")
    if shm.is_dir() and os.access(shm, os.W_OK) and shutil.disk_usage(shm).free > 2 << 30:
        return shm
    return Path(tempfile.gettempdir())
