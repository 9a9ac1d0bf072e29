"""Firebase Cloud Messaging (HTTP v1) and Google's token endpoint as a process, as documented, and misbehaving.

`GET /account` gives the key file of a service account, made anew for each process; tokens are given only for assertions
that its key signed, and messages taken only with a token that is still good (`PUT /revoke` ends all of them).

`PUT /behaviour` with {"moods": ["UNREGISTERED", "reset", …]} makes the next sends misbehave in that order; the last
mood stays. Moods: good, an error code of FCM, INVALID_TOKEN (an invalid argument, namely the device token),
PERMISSION_DENIED, NOT_FOUND (no such project), 401 (whatever the token), 502, login, empty, no_name, slow (takes it,
answers late), reset (takes it, hangs up). `PUT /token_behaviour` likewise for tokens: good, invalid_grant, 503,
no_token, brief (ends at once). `PUT /devices` with {"gone": [token, …]}: devices whose app was removed. `GET /taken`
and `GET /requests` tell what came.

    python -m tests.doubles.fcm [--port N]

Prints the port on a line of its own once it listens.
"""

from __future__ import annotations

import argparse
import json
import re
from typing import Any
from urllib.parse import parse_qs

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from tests.doubles.process import serve
from tests.doubles.proxy_answers import broken

PROJECT = "shokti-tests"
EMAIL = f"sender@{PROJECT}.iam.gserviceaccount.com"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
FCM_ERROR = "type.googleapis.com/google.firebase.fcm.v1.FcmError"
BAD_REQUEST = "type.googleapis.com/google.rpc.BadRequest"
# FCM's own errors: HTTP status, Google's general name, Retry-After.
ERRORS = {
    "INVALID_ARGUMENT": (400, "INVALID_ARGUMENT", None),
    "THIRD_PARTY_AUTH_ERROR": (401, "UNAUTHENTICATED", None),
    "SENDER_ID_MISMATCH": (403, "PERMISSION_DENIED", None),
    "UNREGISTERED": (404, "NOT_FOUND", None),
    "QUOTA_EXCEEDED": (429, "RESOURCE_EXHAUSTED", "30"),
    "INTERNAL": (500, "INTERNAL", None),
    "UNAVAILABLE": (503, "UNAVAILABLE", "20"),
}
# Errors of Google's front end, before FCM.
DOORS = {
    "401": (401, "UNAUTHENTICATED"),
    "PERMISSION_DENIED": (403, "PERMISSION_DENIED"),
    "NOT_FOUND": (404, "NOT_FOUND"),
}


class State:
    def __init__(self) -> None:
        self.moods = {"send": ["good"], "token": ["good"]}
        self.tokens: set[str] = set()
        self.gone: set[str] = set()
        self.given = 0
        self.taken: list[dict[str, Any]] = []
        self.requests: list[dict[str, Any]] = []

    def next(self, of: str) -> str:
        coming = self.moods[of]
        return coming.pop(0) if len(coming) > 1 else coming[0]


STATE = State()


async def noted(request: Request) -> str:
    content = (await request.body()).decode("utf-8", "replace")
    seen = {"path": request.url.path, "query": request.url.query, "headers": dict(request.headers), "body": content}
    STATE.requests.append(seen)
    return content


def error(status: int, name: str, *parts: dict[str, Any], retry_after: str | None = None) -> Response:
    body = {"error": {"code": status, "message": "as told", "status": name, "details": list(parts)}}
    return JSONResponse(body, status, {"retry-after": retry_after} if retry_after else {})


def fcm_error(code: str, *parts: dict[str, Any]) -> Response:
    status, name, retry_after = ERRORS[code]
    return error(status, name, {"@type": FCM_ERROR, "errorCode": code}, *parts, retry_after=retry_after)


def invalid(field: str) -> Response:
    violation = {"field": field, "description": "as told"}
    return fcm_error("INVALID_ARGUMENT", {"@type": BAD_REQUEST, "fieldViolations": [violation]})


async def give_token(request: Request) -> Response:
    form = parse_qs(await noted(request))
    mood = STATE.next("token")
    try:
        claims = jwt.decode(
            form["assertion"][0], KEY.public_key(), ["RS256"], audience=str(request.url), issuer=EMAIL,
            options={"require": ["iss", "aud", "iat", "exp"]},
        )  # fmt: skip
        right = claims["scope"].endswith("/firebase.messaging") and claims["exp"] - claims["iat"] <= 3600
    except (jwt.InvalidTokenError, KeyError):
        right = False
    if (
        form.get("grant_type") != ["urn:ietf:params:oauth:grant-type:jwt-bearer"]
        or not right
        or mood == "invalid_grant"
    ):
        return JSONResponse({"error": "invalid_grant", "error_description": "Invalid JWT Signature."}, 400)
    if mood == "503":
        return HTMLResponse("<h1>error</h1>", 503)
    if mood == "no_token":
        return JSONResponse({"token_type": "Bearer"})
    STATE.given += 1
    token = f"ya29.token-of-the-tests-{STATE.given}"
    STATE.tokens.add(token)
    seconds = 1 if mood == "brief" else 3599
    return JSONResponse({"access_token": token, "expires_in": seconds, "token_type": "Bearer"})


def fault(message: dict[str, Any]) -> Response | None:
    """FCM's error for a message, if any."""
    if not isinstance(message.get("token"), str) or not message["token"]:
        return invalid("message.token")
    if not all(isinstance(text, str) for text in message.get("data", {}).values()):
        return invalid("message.data[0].value")
    if not re.fullmatch(r"[0-9]+(\.[0-9]{1,9})?s", message.get("android", {}).get("ttl", "0s")):
        return invalid("message.android.ttl")
    if not message.get("webpush", {}).get("fcm_options", {}).get("link", "https://").startswith("https://"):
        return invalid("message.webpush.fcm_options.link")
    told = json.dumps([message.get("notification"), message.get("data")], ensure_ascii=False)
    return error(400, "INVALID_ARGUMENT") if len(told.encode()) > 4096 else None


async def send(request: Request) -> Response:
    content = await noted(request)
    mood = STATE.next("send")
    if request.headers.get("authorization", "").removeprefix("Bearer ") not in STATE.tokens:
        return error(401, "UNAUTHENTICATED")
    if request.path_params["project"] != PROJECT:
        return error(404, "NOT_FOUND")
    if mood in DOORS:
        return error(*DOORS[mood])
    if mood in ERRORS:
        return fcm_error(mood)
    if mood == "INVALID_TOKEN":
        return invalid("message.token")
    message = json.loads(content)["message"]
    if (wrong := fault(message)) is not None:
        return wrong
    if message["token"] in STATE.gone:
        return fcm_error("UNREGISTERED")
    name = f"projects/{PROJECT}/messages/0:{1500415314455276 + len(STATE.taken)}%31bd1c9631bd1c96"
    if mood in ("good", "slow", "reset"):
        STATE.taken.append({"id": name, "message": message})
    return await answer(mood, name)


async def answer(mood: str, name: str) -> Response:
    if mood == "502":
        return HTMLResponse("<!DOCTYPE html><title>Error 502</title>", 502)
    if mood == "no_name":
        return JSONResponse({})
    return await broken(mood, {"name": name}) or JSONResponse({"name": name})


async def account(request: Request) -> Response:
    """The key file."""
    pem = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return JSONResponse(
        {
            "type": "service_account",
            "project_id": PROJECT,
            "private_key_id": "0123456789abcdef",
            "private_key": pem,
            "client_email": EMAIL,
            "client_id": "100000000000000000000",
            "token_uri": f"{request.base_url}token",
        }
    )


async def behave(request: Request) -> Response:
    of = "token" if request.url.path == "/token_behaviour" else "send"
    STATE.moods[of] = (await request.json())["moods"]
    return Response(status_code=204)


async def revoke(request: Request) -> Response:
    STATE.tokens.clear()
    return Response(status_code=204)


async def devices(request: Request) -> Response:
    STATE.gone = set((await request.json())["gone"])
    return Response(status_code=204)


async def taken(request: Request) -> Response:
    return JSONResponse(STATE.taken)


async def requests(request: Request) -> Response:
    return JSONResponse(STATE.requests)


app = Starlette(
    routes=[
        Route("/v1/projects/{project}/messages:send", send, methods=["POST"]),
        Route("/token", give_token, methods=["POST"]),
        Route("/account", account),
        Route("/behaviour", behave, methods=["PUT"]),
        Route("/token_behaviour", behave, methods=["PUT"]),
        Route("/revoke", revoke, methods=["PUT"]),
        Route("/devices", devices, methods=["PUT"]),
        Route("/taken", taken),
        Route("/requests", requests),
    ]
)

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Firebase Cloud Messaging for tests.")
    parser.add_argument("--port", type=int, default=0)
    serve(app, parser.parse_args().port)
