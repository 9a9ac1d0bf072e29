"""The embedded server: started once, reused, restarted and stopped by any process, and never another one's."""

from __future__ import annotations

import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import psycopg
import pytest

from db.embedded.account import can_run, server_account
from db.embedded.folders import LONGEST_SOCKET, SOCKET_NAME
from db.embedded.server import SUPERUSER, Server
from db.fault import Fault
from db.settings import ROOT
from tests import servers
from tests.servers import TestServer, remove_leftover_servers


@pytest.fixture
def own(request: pytest.FixtureRequest) -> Iterator[TestServer]:
    """A server of the test's own, not yet started."""
    server = TestServer(name=f"own{abs(hash(request.node.name)) % 10_000}")
    yield server
    server.remove()


def postmaster(server: Server) -> int:
    return int((server.data / "postmaster.pid").read_text().splitlines()[0])


def answers(server: Server) -> bool:
    with psycopg.connect(server.url()) as connection:
        return connection.execute("select 1").fetchone() == (1,)


def test_started_reused_stopped_and_started_again(own: TestServer) -> None:
    assert own.start() is True
    first = postmaster(own)
    with psycopg.connect(own.url()) as connection:
        connection.execute("create table public.kept as select 42 as x")
    assert own.start() is False
    assert postmaster(own) == first
    assert own.stop() is True
    assert own.stop() is False
    assert not own.running()
    assert own.start() is True
    with psycopg.connect(own.url()) as connection:
        assert connection.execute("select x from public.kept").fetchone() == (42,)


def test_the_login_is_no_superuser(own: TestServer) -> None:
    own.start()
    with psycopg.connect(own.url()) as connection:
        row = connection.execute(
            "select rolsuper, rolcreaterole, rolcreatedb from pg_roles where rolname = current_user"
        ).fetchone()
    assert row == (False, True, True)


def test_it_speaks_utf8_in_utc_and_listens_on_its_socket_only(own: TestServer) -> None:
    own.start()
    with psycopg.connect(own.url()) as connection:
        row = connection.execute(
            "select current_setting('server_encoding'), current_setting('timezone'), "
            "current_setting('listen_addresses'), lower('ÀÉ')"
        ).fetchone()
    assert row == ("UTF8", "UTC", "", "àé")


def test_only_its_user_gets_at_the_socket(own: TestServer) -> None:
    own.start()
    assert own.socket_folder.stat().st_mode & 0o077 == 0
    assert len(os.fsencode(own.socket_folder / SOCKET_NAME)) <= LONGEST_SOCKET


def test_starters_at_the_same_moment_share_one_server(own: TestServer) -> None:
    with ThreadPoolExecutor(4) as together:
        # One object each, as in separate processes: only the lock on disk excludes the others.
        started = list(together.map(lambda _: TestServer(folder=own.data.parent).start(), range(4)))
    assert sorted(started) == [False, False, False, True]
    assert answers(own)


def test_after_kill_9_it_comes_back_with_what_was_committed(own: TestServer) -> None:
    own.start()
    with psycopg.connect(own.url()) as connection:
        connection.execute("create table public.kept as select 42 as x")
        connection.execute("checkpoint") if connection.info.user == SUPERUSER else None
    own.kill()
    assert not own.running()
    assert own.start() is True
    assert answers(own)


def test_a_folder_deleted_under_its_server_is_made_anew(own: TestServer) -> None:
    """After `rm -rf var` the old server must not remove the socket of the new one."""
    own.start()
    orphan = psutil.Process(postmaster(own))
    shutil.rmtree(own.data)
    assert own.start() is True
    orphan.wait(timeout=30)
    assert answers(own)


def test_a_lock_file_naming_another_programs_process_is_seen_through(own: TestServer) -> None:
    own.start()
    own.kill()
    lock = own.data / "postmaster.pid"
    text = lock.read_text() if lock.exists() else f"0\n{own.data}\n0\n5432\n{own.socket_folder}\n"
    # Process ids are reused: this one is a program of the server's own user, for which PostgreSQL would refuse to start.
    other = subprocess.Popen(["sleep", "60"], cwd="/", **own.account.subprocess_options())
    try:
        lock.write_text("\n".join([str(other.pid), *text.splitlines()[1:]]) + "\n")
        shutil.chown(lock, own.account.uid, own.account.gid)
        assert own.start() is True
        assert answers(own)
    finally:
        other.kill()
        other.wait()


def test_another_server_on_our_socket_is_not_taken_for_ours(own: TestServer) -> None:
    own.start()
    imposter = Server(own.data.with_name("elsewhere"), own.account, own.settings)
    imposter_socket = property(lambda self: own.socket_folder)
    kind = type("Imposter", (Server,), {"socket_folder": imposter_socket})
    assert kind(imposter.data, own.account, own.settings).running() is False


def test_a_half_made_data_folder_is_made_anew(own: TestServer) -> None:
    fresh = own.data.with_name("data.new")
    fresh.mkdir(parents=True)
    (fresh / "PG_VERSION").write_text("18\n")
    assert own.start() is True
    assert answers(own)


def test_a_folder_of_something_else_is_left_alone(own: TestServer) -> None:
    own.data.mkdir(parents=True)
    (own.data / "thesis.txt").write_text("unsaved")
    with pytest.raises(Fault, match="holds something that is not a database"):
        own.start()
    assert (own.data / "thesis.txt").read_text() == "unsaved"
    (own.data / "thesis.txt").unlink()


def test_data_of_an_older_release_is_refused_by_name(own: TestServer) -> None:
    own.data.mkdir(parents=True)
    (own.data / "PG_VERSION").write_text("15\n")
    with pytest.raises(Fault, match=r"was made by PostgreSQL 15; move it away"):
        own.start()


def test_a_start_that_fails_says_why_and_where_to_read(own: TestServer) -> None:
    own.start()
    own.stop()
    broken = TestServer(folder=own.data.parent, settings={"shared_buffers": "a lot"})
    with pytest.raises(Fault, match=r"does not start: .*(shared_buffers|configuration file).*server\.log"):
        broken.start()


@pytest.mark.parametrize("folder", ["d" * 90, "with space", "বাংলা", "comma,quote'"])
def test_a_path_too_long_or_odd_for_a_socket_is_no_obstacle(folder: str) -> None:
    parent = Path(tempfile.mkdtemp(prefix="shokti-odd-"))
    parent.chmod(0o755)
    server = TestServer(folder=parent / folder)
    try:
        assert server.socket_folder != server.data
        assert server.start() is True
        assert answers(server)
        assert server.socket_folder.stat().st_mode & 0o077 == 0
    finally:
        server.remove()
        shutil.rmtree(parent)
    assert not server.socket_folder.exists()


def test_what_a_killed_test_run_left_is_swept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    here = Path(tempfile.mkdtemp(prefix="shokti-sweep-"))
    here.chmod(0o755)
    monkeypatch.setattr(servers, "memory_folder", lambda: here)
    left = TestServer(folder=here / f"shokti-test-{gone.pid}")
    living = here / f"shokti-test-{os.getpid()}"
    living.mkdir()
    try:
        left.start()
        pid = postmaster(left)
        remove_leftover_servers()
        assert not left.data.parent.exists()
        assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
        assert living.exists()
    finally:
        shutil.rmtree(here, ignore_errors=True)


def packages() -> str:
    return os.pathsep.join(path for path in sys.path if path.endswith("site-packages"))


def run_in(
    checkout: Path, *command: str, python: str = sys.executable, **options: object
) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment["PYTHONPATH"] = os.pathsep.join(
        [str(checkout), *(path for path in sys.path if "site-packages" in path)]
    )
    return subprocess.run(  # type: ignore[call-overload,no-any-return]
        [python, "-m", "db", *command],
        cwd=checkout, env=environment, capture_output=True, text=True, check=False, **options,
    )  # fmt: skip


def checkout_in(folder: Path) -> Path:
    """A checkout with db/ only, and one small migration."""
    checkout = folder / "checkout"
    shutil.copytree(ROOT / "db", checkout / "db", ignore=shutil.ignore_patterns("__pycache__", "[0-9]*.sql"))
    (checkout / "db" / "migrations" / "0001.first.sql").write_text(
        "create schema api; create schema jobs; create schema queue; create schema analytics;"
    )
    (checkout / "sql").mkdir()
    return checkout


def test_up_status_and_down_of_a_checkout(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = Path(tempfile.mkdtemp(prefix="shokti-open-"))
    folder.chmod(0o755)
    checkout = checkout_in(folder)
    try:
        assert "not running" in run_in(checkout, "status").stdout
        up = run_in(checkout, "up")
        assert (up.returncode, up.stderr) == (0, "")
        status = run_in(checkout, "status").stdout
        assert str(checkout / "var" / "postgres") in status
        assert "at head" in status
        assert run_in(checkout, "down").stdout == "stopped\n"
        assert run_in(checkout, "down").stdout == "was not running\n"
    finally:
        run_in(checkout, "down", "--remove")
        shutil.rmtree(folder)


def test_where_no_data_can_be_written_the_cause_is_told() -> None:
    """A limit on the size of files stands for a full disk. The last line of initdb is about cleaning up."""
    folder = Path(tempfile.mkdtemp(prefix="shokti-full-"))
    folder.chmod(0o755)
    checkout = checkout_in(folder)
    try:
        up = run_in(
            checkout,
            "up",
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY)),
        )
        assert up.returncode == 2
        assert re.fullmatch(r"shokti: initdb failed: .*(File too large|File size limit).*\n", up.stderr)
        assert run_in(checkout, "up").returncode == 0
    finally:
        run_in(checkout, "down", "--remove")
        shutil.rmtree(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to run the server as somebody else")
def test_as_root_in_a_closed_folder_the_data_goes_elsewhere_and_says_where() -> None:
    folder = Path(tempfile.mkdtemp(prefix="shokti-closed-"))  # mode 0700: only root passes
    checkout = checkout_in(folder)
    place: Path | None = None
    try:
        up = run_in(checkout, "up")
        assert up.returncode == 0, up.stderr
        assert "its data is in /var/lib/shokti/checkout-" in up.stderr
        place = Path(up.stderr.rsplit("in ", 1)[1].strip())
        assert (place / "PG_VERSION").exists()
        assert folder.stat().st_mode & 0o777 == 0o700, "the modes of folders above the checkout are not ours to change"
    finally:
        run_in(checkout, "down", "--remove")
        shutil.rmtree(folder)
        if place is not None:
            assert not place.parent.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_an_ordinary_user_runs_it_as_themselves() -> None:
    folder = Path(tempfile.mkdtemp(prefix="shokti-plain-"))
    folder.chmod(0o755)
    checkout = checkout_in(folder)
    account = server_account()
    for path in [folder, *folder.rglob("*")]:
        os.chown(path, account.uid, account.gid)
    # Our Python or packages may be in root's home; the system's Python serves if it is of the same release.
    check = f"import sys, psycopg, yoyo; sys.exit(sys.version_info[:2] != {sys.version_info[:2]})"
    open_to_all = [
        python
        for python in (sys.executable, "/usr/bin/python3")
        if can_run(account, "/usr/bin/env", f"PYTHONPATH={packages()}", python, "-c", check)
    ]
    if not open_to_all:
        pytest.skip("no Python here is open to other users")
    try:
        up = run_in(checkout, "up", python=open_to_all[0], **account.subprocess_options())
        assert (up.returncode, up.stderr) == (0, "")
        assert (checkout / "var" / "postgres").stat().st_uid == account.uid
        # Root afterwards uses the same data, as the same user.
        assert "embedded" in run_in(checkout, "status").stdout
        assert run_in(checkout, "down").stdout == "stopped\n"
    finally:
        run_in(checkout, "down", "--remove")
        shutil.rmtree(folder)


def test_with_database_url_nothing_embedded_is_touched(database_url: str) -> None:
    folder = Path(tempfile.mkdtemp(prefix="shokti-url-"))
    checkout = checkout_in(folder)
    try:
        for command in (["down", "--remove"], ["url"]):
            done = subprocess.run(
                [sys.executable, "-m", "db", *command],
                cwd=checkout,
                env={**os.environ, "DATABASE_URL": database_url},
                capture_output=True,
                text=True,
                check=True,
            )
        assert done.stdout.strip() == database_url
        assert not (checkout / "var").exists()
    finally:
        shutil.rmtree(folder)
