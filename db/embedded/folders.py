"""Where the server keeps its data and its socket."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

from db.embedded.account import OsAccount, can_run, server_account
from db.fault import Fault
from db.settings import ROOT

FALLBACK_FOLDER = Path("/var/lib/shokti")
SOCKET_NAME = ".s.PGSQL.5432"
# The kernel's limit for the path of a socket, in bytes.
LONGEST_SOCKET = 107


def data_folder(root: Path = ROOT) -> tuple[Path, OsAccount]:
    """The folder of the development data and its owner: var/postgres, else a folder that the OS user can reach."""
    usual = root / "var" / "postgres"
    account = server_account()
    if os.geteuid() != 0:
        if usual.exists() and usual.stat().st_uid != os.geteuid():
            owner = usual.stat().st_uid
            raise Fault(f"{usual} belongs to the OS user {owner} (made as root?); remove it as that user, or as root")
        return usual, account
    if usual.exists() and usual.stat().st_uid != 0:
        # The owner is the server's OS user, or an ordinary user who started the server before.
        found = usual.stat()
        account = OsAccount(str(found.st_uid), found.st_uid, found.st_gid)
        if _can_write(account, usual):
            return usual, account
        account = server_account()
    make_passable_folder(usual.parent)
    trial = usual.parent / f".reach-{os.getpid()}"
    trial.mkdir(mode=0o700)
    try:
        os.chown(trial, account.uid, account.gid)
        is_reachable = _can_write(account, trial)
    except OSError:
        is_reachable = False  # a file system without owners
    finally:
        trial.rmdir()
    if is_reachable:
        return usual, account
    make_passable_folder(FALLBACK_FOLDER)
    return FALLBACK_FOLDER / f"{root.name}-{_short_hash(root)}" / "postgres", account


def socket_folder(data: Path, account: OsAccount) -> Path:
    """The data folder itself, unless its path is too long for a socket address or has characters that libpq refuses."""
    fits = len(os.fsencode(data / SOCKET_NAME)) <= LONGEST_SOCKET
    if fits and re.fullmatch(r"[A-Za-z0-9_./+@-]+", str(data)):
        return data
    return Path("/tmp") / f"shokti-{account.uid}-{_short_hash(data)}"


def make_passable_folder(folder: Path) -> None:
    """Makes a folder that other users may pass through, whatever the umask. An existing folder keeps its mode."""
    try:
        folder.mkdir(parents=True)
    except FileExistsError:  # two processes may make it at the same moment
        return
    folder.chmod(0o755)


def _can_write(account: OsAccount, folder: Path) -> bool:
    return can_run(account, "/bin/sh", "-c", 'cd "$1" && test -w .', "sh", str(folder))


def _short_hash(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:8]
