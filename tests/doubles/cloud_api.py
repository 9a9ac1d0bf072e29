"""Meta's WhatsApp Cloud API as a process, as documented, and misbehaving.

`PUT /behaviour` with {"moods": ["131049", "reset", …]} makes the next submissions misbehave in that order; the last
mood stays. Moods: good, held (taken, held back for a look at its quality), a documented error code (with the HTTP
status that goes with it), no_message, no_id, login (a page with HTTP 200), array, empty, huge, 302, 401, 404, 429 (with
Retry-After), 500, 503, slow (takes it, answers late), reset (takes it, hangs up). A submission that the approved
template does not allow is refused with the code that Meta has for that.

`POST /tell` with {"url", "secret", "statuses": [{"id", "status", "code"?, "at"?}]} has it call a webhook, signed, as
Meta does; the answer is the status that the webhook gave. `GET /taken` and `GET /requests` return messages and requests.

    python -m tests.doubles.cloud_api [--port N]

Prints the port on a line of its own once it listens.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import hmac
import json
import re
from typing import Any

import httpx2
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.doubles.process import serve
from tests.doubles.proxy_answers import broken

TOKEN = "EAAtoken-of-the-tests-4711"
PHONE_NUMBER_ID = "106540352242922"
VERSION = "v24.0"
# The approved templates: the words around the parameters, and the number of buttons with one.
TEMPLATES = {
    ("shokti_outreach", "bn"): ("শক্তি থেকে: *{{1}}*\n\n{{2}}\n\nধন্যবাদ, শক্তি", 2),
    ("shokti_outreach", "en"): ("From Shokti: *{{1}}*\n\n{{2}}\n\nThank you, Shokti", 2),
    ("shokti_outreach_notice", "bn"): ("শক্তি থেকে: *{{1}}*\n\n{{2}}\n\nধন্যবাদ, শক্তি", 1),
    ("shokti_outreach_notice", "en"): ("From Shokti: *{{1}}*\n\n{{2}}\n\nThank you, Shokti", 1),
}
# The HTTP status that goes with a code; 400 with all others.
HTTP = {0: 401, 1: 400, 2: 503, 3: 500, 10: 403, 190: 401, 200: 403, 368: 403, 130429: 429, 131000: 500, 131005: 403,
        131016: 500, 131031: 403, 132000: 400, 132001: 404, 131057: 500}  # fmt: skip
KNOWN = {0, 1, 2, 3, 4, 10, 33, 100, 190, 200, 368, 80007, 130429, 130472, 130497, 131000, 131005, 131008, 131009,
         131016, 131021, 131026, 131030, 131031, 131037, 131042, 131045, 131047, 131048, 131049, 131050, 131056,
         131057, 132000, 132001, 132005, 132007, 132012, 132015, 132016, 132018, 133010, 999999}  # fmt: skip


class State:
    def __init__(self) -> None:
        self.coming: list[str] = ["good"]
        self.taken: list[dict[str, Any]] = []
        self.requests: list[dict[str, Any]] = []

    def next(self) -> str:
        return self.coming.pop(0) if len(self.coming) > 1 else self.coming[0]


STATE = State()


def error(code: int, details: str = "as told") -> Response:
    body = {
        "error": {
            "message": f"(#{code}) {details}",
            "type": "OAuthException",
            "code": code,
            "error_data": {"messaging_product": "whatsapp", "details": details},
            "fbtrace_id": "AXWt4QCB0r1W-jx0lEFjbHj",
        }
    }
    return JSONResponse(body, HTTP.get(code, 400))


def parameters(component: dict[str, Any]) -> list[str]:
    return [one["text"] for one in component["parameters"] if one["type"] == "text"]


def fault(given: dict[str, Any]) -> tuple[int, str] | None:
    """The code of Meta's error for a request, if any."""
    if given.get("messaging_product") != "whatsapp" or given.get("type") != "template":
        return 100, "messaging_product and type"
    if not re.fullmatch(r"\+?[0-9]{8,15}", given.get("to", "")):
        return 100, "to"
    if len(given.get("biz_opaque_callback_data", "")) > 512:
        return 131009, "biz_opaque_callback_data"
    template = given["template"]
    approved = TEMPLATES.get((template["name"], template["language"]["code"]))
    if approved is None:
        return 132001, "template name does not exist in the translation"
    words, buttons = approved
    components = template["components"]
    body = [text for one in components if one["type"] == "body" for text in parameters(one)]
    pressed = {one["index"]: parameters(one) for one in components if one["type"] == "button"}
    if any(one["type"] == "button" and one["sub_type"] != "url" for one in components):
        return 132012, "not the kind of button"
    if len(body) != words.count("{{") or sorted(pressed) != [str(place) for place in range(buttons)]:
        return 132000, "number of parameters"
    if any(len(texts) != 1 for texts in pressed.values()):
        return 132000, "number of parameters of a button"
    texts = body + [one for found in pressed.values() for one in found]
    if not all(texts):
        return 131008, "a parameter is empty"
    if any(re.search(r"[\n\r\t]| {5}", one) for one in texts):
        return 132018, "parameters cannot have new lines, tabs or more than four spaces"
    for place, one in enumerate(body, 1):
        words = words.replace(f"{{{{{place}}}}}", one)
    return (132005, "translated text too long") if len(words) > 1024 else None


async def send(request: Request) -> Response:
    content = (await request.body()).decode("utf-8", "replace")
    seen = {"path": request.url.path, "query": request.url.query, "headers": dict(request.headers), "body": content}
    STATE.requests.append(seen)
    mood = STATE.next()
    if request.path_params["number"] != PHONE_NUMBER_ID:
        return error(33, "the business phone number is not there")
    if request.headers.get("authorization") != f"Bearer {TOKEN}":
        return error(190, "access token has expired")
    if mood.isdecimal() and int(mood) in KNOWN:
        return error(int(mood))
    given = json.loads(content)
    if (wrong := fault(given)) is not None:
        return error(*wrong)
    name = "wamid." + base64.b64encode(f"{len(STATE.taken)}/{given['to']}".encode()).decode()
    number = given["to"].removeprefix("+")
    if mood in ("good", "held", "slow", "reset"):
        STATE.taken.append({"id": name, "to": number, "given": given})
    if (odd := await broken(mood, {"messages": [{"id": "wamid.x"}]})) is not None:
        return odd
    message = {"id": name, "message_status": "held_for_quality_assessment" if mood == "held" else "accepted"}
    answer: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "contacts": [{"input": given["to"], "wa_id": number}],
        "messages": [] if mood == "no_message" else [{} if mood == "no_id" else message],
    }
    return JSONResponse(answer)


def status_of(told: dict[str, Any]) -> dict[str, Any]:
    """One status as Meta sends it, with the callback data of its message."""
    message = next((one for one in STATE.taken if one["id"] == told["id"]), None)
    status: dict[str, Any] = {
        "id": told["id"],
        "status": told["status"],
        "timestamp": str(told.get("at", 1795406400)),
        "recipient_id": message["to"] if message else "8801700000000",
    }
    if message is not None:
        status["biz_opaque_callback_data"] = message["given"]["biz_opaque_callback_data"]
    if "code" in told:
        details = {"details": "as told"}
        status["errors"] = [{"code": told["code"], "title": "as told", "message": "as told", "error_data": details}]
    elif told["status"] != "failed":
        status["pricing"] = {"billable": True, "pricing_model": "PMP", "category": "marketing", "type": "regular"}
    return status


def call(statuses: list[dict[str, Any]], number: str = PHONE_NUMBER_ID) -> dict[str, Any]:
    """A call of the webhook."""
    metadata = {"display_phone_number": "15550783881", "phone_number_id": number}
    value = {"messaging_product": "whatsapp", "metadata": metadata, "statuses": statuses}
    change = {"field": "messages", "value": value}
    return {"object": "whatsapp_business_account", "entry": [{"id": "102290129340398", "changes": [change]}]}


async def tell(request: Request) -> Response:
    asked = await request.json()
    body = json.dumps(call([status_of(one) for one in asked["statuses"]])).encode()
    mac = hmac.new(asked["secret"].encode(), body, hashlib.sha256).hexdigest()
    headers = {"content-type": "application/json", "x-hub-signature-256": f"sha256={mac}"}
    async with httpx2.AsyncClient(trust_env=False) as client:
        answer = await client.post(asked["url"], content=body, headers=headers)
    return JSONResponse({"status": answer.status_code})


async def behave(request: Request) -> Response:
    STATE.coming = (await request.json())["moods"]
    return Response(status_code=204)


async def taken(request: Request) -> Response:
    return JSONResponse(STATE.taken)


async def requests(request: Request) -> Response:
    return JSONResponse(STATE.requests)


app = Starlette(
    routes=[
        Route(f"/{VERSION}/{{number}}/messages", send, methods=["POST"]),
        Route("/tell", tell, methods=["POST"]),
        Route("/behaviour", behave, methods=["PUT"]),
        Route("/taken", taken),
        Route("/requests", requests),
    ]
)

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="WhatsApp Cloud API for tests.")
    parser.add_argument("--port", type=int, default=0)
    serve(app, parser.parse_args().port)
