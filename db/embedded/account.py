"""The OS user that runs the server."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from typing import Any

from db.fault import Fault

OS_USER = "shokti-postgres"


@dataclass(frozen=True, slots=True)
class OsAccount:
    """An OS user by name and ids."""

    name: str
    uid: int
    gid: int

    def subprocess_options(self) -> dict[str, Any]:
        """Options of subprocess.run that start a program as this user."""
        if self.uid == os.geteuid():
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def server_account() -> OsAccount:
    """The current user; for root the OS user of the server, which is created if it does not exist."""
    if os.geteuid() != 0:
        return OsAccount(str(os.geteuid()), os.geteuid(), os.getegid())
    account = _account_named(OS_USER)
    if account is None:
        for command in (
            ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", OS_USER],
            ["adduser", "-S", "-D", "-H", OS_USER],
        ):
            if shutil.which(command[0]):
                subprocess.run(command, capture_output=True, check=False)
        # Looked up again, whatever the exit code: another process may have created the user at the same moment.
        account = _account_named(OS_USER) or _account_named("nobody")
    if account is None:
        raise Fault("PostgreSQL does not run as root and no other OS user can be created; set DATABASE_URL to a server")
    return account


def can_run(account: OsAccount, *command: str) -> bool:
    """Whether the OS user can run a command. It is run, as file modes alone do not tell."""
    try:
        done = subprocess.run(
            command, cwd="/", capture_output=True, check=False, timeout=30, **account.subprocess_options()
        )
    except (PermissionError, FileNotFoundError):
        return False
    except OSError as error:
        raise Fault(f"cannot run a program as the OS user {account.name}: {error.strerror}") from None
    return done.returncode == 0


def _account_named(name: str) -> OsAccount | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return OsAccount(name, entry.pw_uid, entry.pw_gid)
