"""Logs: one JSON object a line on stdout, ids and templates only, never a token, an address or a name."""

from __future__ import annotations

import logging
import sys
import traceback
from typing import Any

import psycopg
import structlog


def configure(level: str) -> None:
    """Ours and the libraries' logs through the same renderer."""
    stamps: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*stamps, structlog.processors.JSONRenderer(ensure_ascii=False)],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
            foreign_pre_chain=stamps,
        )
    )
    logging.basicConfig(handlers=[handler], level=max(logging.getLevelNamesMapping()[level], logging.INFO), force=True)
    # The pool repeats every failed attempt to connect; readiness and each refused request tell the same.
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)


log = structlog.get_logger("app")


def describe(error: BaseException) -> dict[str, Any]:
    """An error without the values that its text may hold: what, where, and Postgres' sentence without its detail."""
    frames = [f"{frame.filename.rsplit('/', 2)[-1]}:{frame.lineno} {frame.name}" for frame in
              traceback.extract_tb(error.__traceback__)[-8:]]  # fmt: skip
    told: dict[str, Any] = {"error": type(error).__name__, "frames": frames}
    if isinstance(error, psycopg.Error):
        told |= {
            "sqlstate": error.sqlstate,
            "sentence": error.diag.message_primary,
            "constraint": error.diag.constraint_name,
            "context": error.diag.context,
        }
    return told
