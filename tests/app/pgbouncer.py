"""PgBouncer in transaction mode between the edge and the database, configured as `.env.example` describes.

`pytest --pgbouncer` puts it before every database that a test serves from.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

PROGRAM = shutil.which("pgbouncer", path=os.environ.get("PATH", "") + ":/usr/sbin")
MISSING = "PgBouncer is not installed and could not be: `make tools` installs the Debian package pgbouncer, as root"
PATIENCE = 30.0

# Far fewer connections than callers, so that state left in a connection shows up.
CONFIGURATION = """\
[databases]
pooled = host={host} port={port} dbname={name} user={user} pool_size=2 connect_query={query}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen}
unix_socket_dir =
auth_type = any
pool_mode = transaction
max_client_conn = 200
ignore_startup_parameters = options,extra_float_digits
query_wait_timeout = 2
server_login_retry = 1
logfile = {folder}/pgbouncer.log
pidfile = {folder}/pgbouncer.pid
"""
# What our connections set in startup options, which PgBouncer cannot forward.
CONNECT_QUERY = "'set role shokti_app; set time zone ''UTC'''"
#: Settings of the edge.
ENVIRONMENT = {"DATABASE_PREPARES": "false"}


@contextmanager
def pooled(database_url: str) -> Iterator[str]:
    """URL of a PgBouncer with two server connections to the database."""
    assert PROGRAM is not None, MISSING
    parts = urlsplit(database_url)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    host = query.get("host") or parts.hostname or ""
    listen = free_port()
    # PgBouncer refuses to run as root, so it runs as the user of the server.
    folder = Path(host) / f"pgbouncer-{listen}"
    owner = Path(host).stat()
    folder.mkdir()
    os.chown(folder, owner.st_uid, owner.st_gid)
    file = folder / "pgbouncer.ini"
    file.write_text(
        CONFIGURATION.format(
            host=host, port=query.get("port") or parts.port or 5432, name=parts.path.strip("/"), user=parts.username,
            listen=listen, folder=folder, query=CONNECT_QUERY,
        )
    )  # fmt: skip
    process = subprocess.Popen(
        [PROGRAM, "-q", str(file)], user=owner.st_uid, group=owner.st_gid, extra_groups=[], cwd=folder
    )
    try:
        until = time.monotonic() + PATIENCE
        while not accepts(listen):
            assert process.poll() is None, (folder / "pgbouncer.log").read_text()
            assert time.monotonic() < until, "it did not start"
            time.sleep(0.02)
        yield f"postgresql://{parts.username}@127.0.0.1:{listen}/pooled"
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def accepts(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
