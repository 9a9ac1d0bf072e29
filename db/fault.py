"""What a person has to put right: told in one clear line, never as a traceback."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

# A person has to put it right: trying again would only repeat the line.
CONFIGURATION = 2
# The database cannot be reached: the same command may work in a moment (EX_TEMPFAIL of sysexits.h).
AWAY = 75


class Fault(Exception):
    """Its text is the line to print. Exit code CONFIGURATION, or AWAY; 1: the work itself failed."""

    def __init__(self, message: str, *, exit_code: int = CONFIGURATION) -> None:
        super().__init__(message)
        self.exit_code = exit_code


@contextmanager
def reported() -> Iterator[None]:
    """Around the main function of a process: a Fault becomes its line on stderr and its exit code."""
    try:
        yield
    except Fault as fault:
        print(f"shokti: {fault}", file=sys.stderr)
        raise SystemExit(fault.exit_code) from None
