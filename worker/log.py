"""Logs: one JSON object a line on stderr, ids only, never what could tell who a person is."""

from __future__ import annotations

import logging
import sys
import traceback
from pathlib import Path
from typing import Any

import psycopg
import structlog
from structlog.typing import EventDict, WrappedLogger

from db.settings import ROOT


def set_up(level: str, process: str) -> None:
    """For this process, libraries included. `process`: its name in every line."""

    def named(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
        line["process"] = process
        return line

    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        without_values,
        named,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level)),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # These repeat addresses, queries or whole requests at their more talkative levels.
    for library in ("aiosmtplib", "openai", "httpx2", "httpcore2", "psycopg", "psycopg.pool", "asyncio"):
        logging.getLogger(library).setLevel(logging.WARNING)


def without_values(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
    """An exception becomes what and where: its text may quote a row of the database or an address."""
    error = line.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        line["error"] = described(error)
    line.pop("stack_info", None)
    return line


def described(error: BaseException) -> str:
    """Type, SQLSTATE and place of an error, without any value; the words only where they are our own."""
    what = type(error).__name__
    if isinstance(error, psycopg.Error) and error.sqlstate:
        what += f" {error.sqlstate}"
        if error.diag.constraint_name:
            what += f" {error.diag.constraint_name}"
        if error.sqlstate.startswith("SH") and error.diag.message_primary:
            what += f" ({error.diag.message_primary})"
    ours = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(str(ROOT))]
    ours = [frame for frame in ours if ".venv" not in frame.filename] or ours
    if ours:
        what += f" at {Path(ours[-1].filename).relative_to(ROOT)}:{ours[-1].lineno}"
    return what
