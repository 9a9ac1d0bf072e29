"""Logs: one JSON object a line, with ids and templates only. No token, name or address, and no value of an error."""

from __future__ import annotations

import logging
import sys
import traceback
from pathlib import Path
from typing import Any, TextIO

import psycopg
import structlog
from structlog.typing import EventDict, WrappedLogger

from db.settings import ROOT

#: These write addresses, queries or whole requests at lower levels, and the pool repeats each failed attempt to connect.
LIBRARIES = {
    "aiosmtplib": logging.WARNING,
    "asyncio": logging.WARNING,
    "httpcore2": logging.WARNING,
    "httpx2": logging.WARNING,
    "openai": logging.WARNING,
    "psycopg": logging.WARNING,
    "psycopg.pool": logging.ERROR,
    "uvicorn.error": logging.WARNING,
}
#: An error over HTTP is logged with so many frames, the innermost ones.
FRAMES = 8

log = structlog.get_logger()


def configure(level: str, process: str, stream: TextIO) -> None:
    """Sets up the log of this process, its libraries included. Every line has `process`."""

    def add_process(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
        line["process"] = process
        return line

    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        redact_exception,
        add_process,
    ]
    as_json = structlog.processors.JSONRenderer(ensure_ascii=False)
    number = logging.getLevelNamesMapping()[level]
    structlog.configure(
        processors=[*shared, as_json],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        # Straight to the stream: the edge writes a line for every request.
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, as_json],
        )
    )
    logging.basicConfig(handlers=[handler], level=max(number, logging.INFO), force=True)
    for library, least in LIBRARIES.items():
        logging.getLogger(library).setLevel(least)


def redact_exception(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
    """Replaces an exception by `error_text`: its own text may quote a row of the database or an address."""
    error = line.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        line["error"] = error_text(error)
    line.pop("stack_info", None)
    return line


def error_text(error: BaseException) -> str:
    """Type, SQLSTATE, constraint and place of an error in one line; its message only where it is one of our own."""
    text = type(error).__name__
    if isinstance(error, psycopg.Error) and error.sqlstate:
        text += f" {error.sqlstate}"
        if error.diag.constraint_name:
            text += f" {error.diag.constraint_name}"
        if sentence := _own_sentence(error):
            text += f" ({sentence})"
    ours = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(str(ROOT))]
    ours = [frame for frame in ours if ".venv" not in frame.filename] or ours
    if ours:
        text += f" at {Path(ours[-1].filename).relative_to(ROOT)}:{ours[-1].lineno}"
    return text


def error_fields(error: BaseException) -> dict[str, Any]:
    """Fields for the line of a failed request: what `error_text` tells, and the innermost frames of the stack."""
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    fields: dict[str, Any] = {
        "error": type(error).__name__,
        "frames": [f"{'/'.join(Path(frame.filename).parts[-2:])}:{frame.lineno} {frame.name}" for frame in frames],
    }
    if isinstance(error, psycopg.Error):
        fields |= {
            "sqlstate": error.sqlstate,
            "sentence": _own_sentence(error),
            "constraint": error.diag.constraint_name,
        }
    return fields


def _own_sentence(error: psycopg.Error) -> str | None:
    """The message of an error that our functions raise, which holds no values; PostgreSQL's own messages may."""
    return error.diag.message_primary if error.diag.source_function == "exec_stmt_raise" else None
