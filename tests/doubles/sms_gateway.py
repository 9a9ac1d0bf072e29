"""SMS gateways as a process: SSL Wireless (SMS Plus API v3) and Alpha SMS, as documented, and misbehaving.

`PUT /behaviour` with {"moods": ["4025", "login", …]} makes the next submissions misbehave in that order; the last mood
stays. Moods: good, a documented code of the gateway (HTTP 200 with that error inside), invalid, duplicate (states of
one message), login (a page with HTTP 200), empty, another (an answer about another message), no_message, huge, array,
302, 401, 429 (with Retry-After), 500, 503, slow (takes it, answers late), reset (takes it, hangs up). `PUT /statuses`
sets what reports say, `PUT /balance` what is left; without money every submission fails. `GET /taken` returns what was
taken, `GET /requests` every request: path, query, headers, body.

    python -m tests.doubles.sms_gateway [--port N]

Prints the port on a line of its own once it listens.
"""

from __future__ import annotations

import argparse
import json
import re
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.doubles.process import serve
from tests.doubles.proxy_answers import broken

TOKEN = "token-of-the-tests-4711"
SID = "SHOKTI"
GOOD = {"status": "SUCCESS", "status_code": 200, "error": 0}
SSL_ERRORS = {
    4001: "Unauthorized",
    4002: "SID/Stakeholder is not permitted",
    4003: "IP Blacklisted",
    4004: "End point Not Found",
    4005: "Invalid request format",
    4020: "Invalid CSMS ID",
    4022: "Required Parameter Missing",
    4023: "Duplicate CSMS ID",
    4025: "Invalid Cell No.",
    4026: "Blocked Cell No.",
    4027: "Message length exceeded",
    4028: "Invalid message data",
    4029: "Too many requests",
    4030: "Limit Exceed",
    4031: "TPS Exceeded",
    5000: "Unknown Error",
}


class State:
    def __init__(self) -> None:
        self.coming: list[str] = ["good"]
        self.taken: list[dict[str, str]] = []
        self.requests: list[dict[str, Any]] = []
        self.statuses: dict[str, str] = {}
        self.balance = 5000.0

    def next(self) -> str:
        return self.coming.pop(0) if len(self.coming) > 1 else self.coming[0]


STATE = State()


async def noted(request: Request) -> bytes:
    body = await request.body()
    STATE.requests.append(
        {
            "path": request.url.path,
            "query": request.url.query,
            "headers": dict(request.headers),
            "body": body.decode("utf-8", "replace"),
        }
    )
    return body


async def ssl_send(request: Request) -> Response:
    body = await noted(request)
    mood = STATE.next()
    try:
        given = json.loads(body)
    except ValueError:
        return ssl_error(4005)
    if given.get("api_token") != TOKEN:
        return ssl_error(4001)
    if given.get("sid") != SID:
        return ssl_error(4002)
    if missing := [name for name in ("msisdn", "sms", "csms_id") if not given.get(name)]:
        return ssl_error(4022, missing[0])
    if not re.fullmatch(r"[A-Za-z0-9]{1,20}", given["csms_id"]):
        return ssl_error(4020)
    if mood.isdecimal() and int(mood) in SSL_ERRORS:
        return ssl_error(int(mood))
    if not re.fullmatch(r"8801[3-9][0-9]{8}", given["msisdn"]):
        return ssl_error(4025)
    if STATE.balance < 1:
        return ssl_error(4030, "Insufficient balance")
    if any(one["id"] == given["csms_id"] for one in STATE.taken):
        return ssl_error(4023)
    info = {
        "sms_status": {"invalid": "INVALID", "duplicate": "DUPLICATE"}.get(mood, "SUCCESS"),
        "status_message": "Success",
        "msisdn": given["msisdn"],
        "sms_type": "EN" if given["sms"].isascii() else "BN",
        "sms_body": given["sms"],
        "csms_id": "0" * 20 if mood == "another" else given["csms_id"],
        "reference_id": f"ref{len(STATE.taken)}x{given['csms_id'][:6]}",
    }
    if mood in ("good", "slow", "reset"):
        STATE.taken.append({"id": given["csms_id"], "to": given["msisdn"], "text": given["sms"]})
    if (odd := await broken(mood, GOOD)) is not None:
        return odd
    listed = [] if mood == "no_message" else [info]
    return JSONResponse({"status": "SUCCESS", "status_code": 200, "error_message": "", "smsinfo": listed})


def ssl_error(code: int, message: str | None = None) -> Response:
    """An error of the gateway: HTTP 200 with the error inside."""
    return JSONResponse(
        {"status": "FAILED", "status_code": code, "error_message": message or SSL_ERRORS[code], "smsinfo": []}
    )


async def ssl_balance(request: Request) -> Response:
    given = json.loads(await noted(request))
    if given.get("api_token") != TOKEN:
        return ssl_error(4001)
    return JSONResponse({"status": "SUCCESS", "status_code": 200, "error_message": "", "balance": STATE.balance})


async def alpha_send(request: Request) -> Response:
    given = dict(parse_qsl((await noted(request)).decode()))
    mood = STATE.next()
    if given.get("api_key") != TOKEN:
        return alpha_error(405, "Authorization required")
    if mood.isdecimal() and 403 <= int(mood) <= 421 and mood != "401":
        return alpha_error(int(mood), "as told")
    if STATE.balance < 1:
        return alpha_error(417, "Insufficient balance")
    name = str(1000 + len(STATE.taken))
    if mood in ("good", "slow", "reset"):
        STATE.taken.append({"id": name, "to": given["to"], "text": given["msg"]})
    if (odd := await broken(mood, GOOD)) is not None:
        return odd
    data = {} if mood == "no_message" else {"request_id": int(name)}
    return JSONResponse({"error": 0, "msg": "Request successfully submitted", "data": data})


def alpha_error(code: int, message: str) -> Response:
    return JSONResponse({"error": code, "msg": message, "data": None})


async def alpha_report(request: Request) -> Response:
    given = dict(parse_qsl((await noted(request)).decode()))
    if given.get("api_key") != TOKEN:
        return alpha_error(405, "Authorization required")
    name = request.path_params["name"]
    status = STATE.statuses.get(name, "Pending")
    number = next((one["to"] for one in STATE.taken if one["id"] == name), "8801700000000")
    recipients = [{"number": number, "charge": "0.35", "status": status}]
    data = {"request_id": name, "request_status": "Complete", "recipients": recipients}
    return JSONResponse({"error": 0, "msg": "Report found", "data": data})


async def alpha_balance(request: Request) -> Response:
    given = dict(parse_qsl((await noted(request)).decode()))
    if given.get("api_key") != TOKEN:
        return alpha_error(405, "Authorization required")
    return JSONResponse({"error": 0, "msg": "Success", "data": {"balance": f"{STATE.balance:.4f}"}})


async def behave(request: Request) -> Response:
    STATE.coming = (await request.json())["moods"]
    return Response(status_code=204)


async def report(request: Request) -> Response:
    STATE.statuses = await request.json()
    return Response(status_code=204)


async def pay(request: Request) -> Response:
    STATE.balance = float(await request.json())
    return Response(status_code=204)


async def taken(request: Request) -> Response:
    return JSONResponse(STATE.taken)


async def requests(request: Request) -> Response:
    return JSONResponse(STATE.requests)


app = Starlette(
    routes=[
        Route("/api/v3/send-sms", ssl_send, methods=["POST"]),
        Route("/api/v3/balance", ssl_balance, methods=["POST"]),
        Route("/sendsms", alpha_send, methods=["POST"]),
        Route("/report/request/{name}/", alpha_report, methods=["POST"]),
        Route("/user/balance/", alpha_balance, methods=["POST"]),
        Route("/behaviour", behave, methods=["PUT"]),
        Route("/statuses", report, methods=["PUT"]),
        Route("/balance", pay, methods=["PUT"]),
        Route("/taken", taken),
        Route("/requests", requests),
    ]
)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="SMS gateways for tests.")
    parser.add_argument("--port", type=int, default=0)
    serve(app, parser.parse_args().port)
