"""Assertions about problem documents."""

from __future__ import annotations

from typing import Any

import httpx2


def problem(answer: httpx2.Response, status: int, field: str | None = None) -> dict[str, Any]:
    """The problem document of an answer: asserts its status, and that it names the field."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = answer.json()
    if field is not None:
        assert field in [fault["field"] for fault in document["errors"]], document
    return document
