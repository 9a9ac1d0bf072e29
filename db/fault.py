"""Faults that a person has to correct: one line on stderr and an exit code, never a traceback."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

# A person has to correct something first; a retry would fail in the same way.
EXIT_CONFIGURATION = 2
# The database cannot be reached: a retry may succeed (EX_TEMPFAIL of sysexits.h).
EXIT_UNAVAILABLE = 75


class Fault(Exception):
    """Its text is the line to print. Exit codes: EXIT_CONFIGURATION, EXIT_UNAVAILABLE, or 1 where the work failed."""

    def __init__(self, message: str, *, exit_code: int = EXIT_CONFIGURATION) -> None:
        super().__init__(message)
        self.exit_code = exit_code


@contextmanager
def exit_on_fault() -> Iterator[None]:
    """Around the main function of a process: prints a Fault on stderr and exits with its code."""
    try:
        yield
    except Fault as fault:
        print(f"shokti: {fault}", file=sys.stderr)
        raise SystemExit(fault.exit_code) from None
