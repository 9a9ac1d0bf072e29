"""Servers of tests: killed as by a power cut, and removed after test runs that were killed themselves.

`python -m tests.servers` removes what such runs have left behind.
"""

from __future__ import annotations

import os
import re
import signal
from contextlib import suppress

import psutil

from db.embedded.temporary import TemporaryServer, memory_folder
from db.fault import Fault


class TestServer(TemporaryServer):
    """A server of its own that a test may kill."""

    __test__ = False

    def kill(self) -> None:
        """SIGKILL to all processes of the server, as in a power cut; `start` brings it back."""
        pid = self._postmaster()
        if pid is not None:
            family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
            for process in family:
                with suppress(psutil.NoSuchProcess):
                    process.send_signal(signal.SIGKILL)
            psutil.wait_procs(family, timeout=10)


def remove_leftover_servers() -> None:
    """Removes the servers of test runs whose process is gone."""
    for folder in memory_folder().glob("shokti-test-*"):
        owner = re.match(r"shokti-test-(\d+)", folder.name)
        if owner and not psutil.pid_exists(int(owner[1])) and folder.stat().st_uid == os.geteuid():
            with suppress(Fault, OSError):
                TemporaryServer(folder=folder).remove()


if __name__ == "__main__":
    remove_leftover_servers()
