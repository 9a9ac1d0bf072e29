"""What a person has to put right: told in one clear line, never as a traceback."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


class Fault(Exception):
    """Its text is the line to print. Exit code 2: configuration or surroundings; 1: the work itself failed."""

    def __init__(self, message: str, *, exit_code: int = 2) -> None:
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
