"""Answers of proxies and networks between us and a provider, the same for all providers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse

# Longer than the timeout of a test's client, so that a report comes before the answer.
SLOW_S = 2.0
LOGIN = "<!doctype html><title>Login</title><form method=post><input name=username><input name=password></form>"


async def broken(mood: str, good: dict[str, Any]) -> Response | None:
    """The answer of a mood, from the begin of a good answer; None if the provider itself answers (slow: late)."""
    match mood:
        case "login":
            return HTMLResponse(LOGIN)
        case "empty":
            return Response(b"", 200)
        case "array":
            return JSONResponse([good])
        case "huge":
            return JSONResponse(good | {"filler": "x" * 1_000_000})
        case "302":
            return Response(status_code=302, headers={"location": "/login"})
        case "401" | "404" | "500" | "503":
            return HTMLResponse("<h1>error</h1>", int(mood))
        case "429":
            return Response(status_code=429, headers={"retry-after": "7"})
        case "slow":
            await asyncio.sleep(SLOW_S)
        case "reset":

            async def half() -> AsyncIterator[bytes]:
                yield json.dumps(good).encode()[:16]
                raise ConnectionResetError

            return StreamingResponse(half(), media_type="application/json", headers={"content-length": "500"})
    return None
