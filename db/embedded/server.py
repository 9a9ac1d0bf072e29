"""Starts, stops and removes a server."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import quote

import psutil
import psycopg

from db.connection import OLDEST_SERVER
from db.embedded.account import OsAccount
from db.embedded.binaries import binaries
from db.embedded.configuration import DEVELOPMENT_SETTINGS, write_configuration
from db.embedded.folders import FALLBACK_FOLDER, data_folder, make_passable_folder, socket_folder
from db.fault import Fault

LOGIN = "shokti"
DATABASE = "shokti"
SUPERUSER = "postgres"


@dataclass
class Server:
    """One data folder and the server on it. Methods are idempotent and safe when several processes call them at once."""

    data: Path
    account: OsAccount
    settings: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_checkout(cls) -> Self:
        """The development server of this checkout."""
        data, account = data_folder()
        return cls(data, account)

    @property
    def log(self) -> Path:
        return self.data / "server.log"

    @property
    def socket_folder(self) -> Path:
        return socket_folder(self.data, self.account)

    def url(self, database: str = DATABASE, user: str = LOGIN) -> str:
        return f"postgresql://{user}@/{database}?host={quote(str(self.socket_folder), safe='')}"

    def start(self) -> bool:
        """Starts the server and makes its log-in and database. False if it was running already."""
        with self._locked():
            if self.running():
                return False
            self._initialise()
            self._configure()
            self._launch()
            self._create_login_and_database()
        return True

    def stop(self, *, mode: str = "fast") -> bool:
        """Stops the server. False if it was not running."""
        if not (self.data / "postmaster.pid").exists():
            return False
        with self._locked():
            if self._postmaster() is None:
                return False
            done = self._run("pg_ctl", "stop", "-D", str(self.data), "-m", mode, "-w", "-t", "60")
            if done.returncode != 0 and self._postmaster() is not None:
                raise Fault(f"the server of {self.data} does not stop: {_last_line(done.stderr)}")
        return True

    def remove(self) -> None:
        """Stops the server and deletes its data."""
        self.stop(mode="immediate")
        if self.socket_folder != self.data:
            shutil.rmtree(self.socket_folder, ignore_errors=True)
        shutil.rmtree(self.data, ignore_errors=True)
        self._lock_file.unlink(missing_ok=True)
        if self.data.is_relative_to(FALLBACK_FOLDER):
            with suppress(OSError):  # the folder may never have existed
                self.data.parent.rmdir()

    def running(self) -> bool:
        """Whether a server answers on our socket and serves our data folder, not another one."""
        try:
            with psycopg.connect(self.url("postgres", SUPERUSER), connect_timeout=5, autocommit=True) as connection:
                row = connection.execute("show data_directory").fetchone()
        except psycopg.OperationalError:
            return False
        return row is not None and os.path.realpath(row[0]) == os.path.realpath(self.data)

    def version(self) -> str:
        return (self.data / "PG_VERSION").read_text().strip()

    @property
    def _lock_file(self) -> Path:
        return self.data.with_name(self.data.name + ".lock")

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One process at a time starts or stops the server; the kernel releases the lock of a process that dies."""
        if not self._lock_file.parent.exists():
            make_passable_folder(self._lock_file.parent)
        with self._lock_file.open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
        # A file, not a pipe: the server inherits it and would keep a pipe open as long as it runs.
        with tempfile.TemporaryFile("w+") as output:
            done = subprocess.run(
                [str(binaries(self.account) / program), *arguments],
                cwd="/",
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                check=False,
                **self.account.subprocess_options(),
            )
            output.seek(0)
            return subprocess.CompletedProcess(done.args, done.returncode, "", output.read())

    def _initialise(self) -> None:
        if (self.data / "PG_VERSION").exists():
            if int(self.version().split(".")[0]) * 10000 < OLDEST_SERVER:
                raise Fault(f"{self.data} was made by PostgreSQL {self.version()}; move it away, or set DATABASE_URL")
            return
        self._kill_orphans()
        # Made under another name and renamed, so that an unfinished folder is never taken for data.
        fresh = self.data.with_name(self.data.name + ".new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        os.chown(fresh, self.account.uid, self.account.gid)
        done = self._run(
            "initdb", "--pgdata", str(fresh), "--username", SUPERUSER, "--auth", "trust", "--encoding", "UTF8",
            "--locale-provider", "builtin", "--locale", "C.UTF-8", "--no-instructions", "--no-sync",
        )  # fmt: skip
        if done.returncode != 0:
            raise Fault(f"initdb failed: {_error_line(done.stderr)}")
        with (fresh / "postgresql.conf").open("a") as file:
            file.write("\ninclude = 'shokti.conf'  # written at every start\n")
        # `trust` is limited to the socket, whatever listen_addresses may become.
        (fresh / "pg_hba.conf").write_text("local all all trust\nlocal replication all trust\n")
        if self.data.exists():
            if any(self.data.iterdir()):
                raise Fault(f"{self.data} holds something that is not a database; move it away")
            self.data.rmdir()
        fresh.rename(self.data)

    def _kill_orphans(self) -> None:
        """Ends a server whose data folder had this path and was deleted while it ran.

        It notices the loss within a minute only, and would then remove the socket of its successor.
        """
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if str((process / "cwd").readlink()) == f"{self.data} (deleted)":
                    os.kill(int(process.name), signal.SIGQUIT)

    def _configure(self) -> None:
        folder = self.socket_folder
        if folder != self.data:
            with suppress(FileExistsError):
                folder.mkdir(mode=0o700)
                os.chown(folder, self.account.uid, self.account.gid)
            found = folder.lstat()
            if found.st_uid != self.account.uid or found.st_mode & 0o077:
                raise Fault(f"{folder} belongs to another user or is open to others; remove it")
        write_configuration(self.data, folder, {**DEVELOPMENT_SETTINGS, **self.settings})

    def _postmaster(self) -> int | None:
        """The process id of a live server on our data."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().splitlines()[0])
            process = psutil.Process(pid)
            return pid if process.is_running() and "postgres" in process.name() else None
        except (FileNotFoundError, IndexError, ValueError, psutil.Error):
            return None

    def _launch(self) -> None:
        lock = self.data / "postmaster.pid"
        if lock.exists() and self._postmaster() is None:
            # The lock of a killed server. PostgreSQL ignores it, unless another process of the same user has got its
            # process id, which is common in containers.
            lock.unlink(missing_ok=True)
        deadline = time.monotonic() + 30
        while True:
            done = self._run("pg_ctl", "start", "-D", str(self.data), "-l", str(self.log), "-w", "-t", "60", "-s")
            if done.returncode == 0 and self.running():
                return
            reason = self._last_fatal() or _last_line(done.stderr)
            # A server that is shutting down, or whose children survive its SIGKILL for a moment, is waited for.
            is_passing = "shared memory block" in reason or self._postmaster() is not None
            if not is_passing or time.monotonic() > deadline:
                raise Fault(f"the embedded PostgreSQL does not start: {reason} (log: {self.log})")
            time.sleep(0.2)

    def _last_fatal(self) -> str:
        """The last FATAL message at the end of the server's log."""
        try:
            lines = self.log.read_text(errors="replace").splitlines()[-20:]
        except OSError:
            return ""
        messages = [line.split("FATAL:", 1)[1].strip() for line in lines if "FATAL:" in line]
        return messages[-1] if messages else ""

    def _create_login_and_database(self) -> None:
        """The log-in is no superuser, as on hosted servers, so that what works here works there."""
        with psycopg.connect(self.url("postgres", SUPERUSER), autocommit=True) as connection:
            if not connection.execute("select 1 from pg_roles where rolname = %s", [LOGIN]).fetchone():
                connection.execute(f"create role {LOGIN} login createdb createrole")
                connection.execute(f"grant pg_monitor, pg_signal_backend to {LOGIN} with admin option")
            if not connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone():
                connection.execute(f"create database {DATABASE} owner {LOGIN}")
        if "pg_stat_statements" in {**DEVELOPMENT_SETTINGS, **self.settings}["shared_preload_libraries"]:
            with psycopg.connect(self.url(user=SUPERUSER), autocommit=True) as connection:
                connection.execute("create extension if not exists pg_stat_statements")


def _error_line(text: str) -> str:
    """The line with the error: lines about cleaning up may follow it."""
    lines = [line.strip() for line in text.splitlines()]
    errors = [line for line in lines if any(word in line for word in ("FATAL: ", "PANIC: ", "error: "))]
    return errors[0] if errors else _last_line(text)


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "no reason given"
