"""WhatsApp through Meta's Cloud API: whoever has not just written to us gets approved templates only.

One template of theirs for each purpose of ours carries our text: `{{1}}` the subject, `{{2}}` the body, in one line, as
parameters may hold no line breaks; its buttons take the tokens of the booking and the opt-out link (a notice, about
nothing that can be booked, has a template with the second alone). An answer with an id means that Meta took the message
over; whether it arrives, and most refusals, come later by webhook.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import httpx2
import structlog
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter
from pydantic_core import to_json

from worker.channels.channel import Accepted, Later, Message, Outcome, Receipt, Refused, Unknown
from worker.channels.http_client import (
    AS_JSON,
    CONNECTIONS,
    PHONE,
    answered,
    client,
    json_object,
    number_in,
    provider_id,
    wait,
)

# A template's body may have 1,024 characters with all its parameters; its own words (worker/README.md) need 64 of them.
LONGEST = 960
# A template without a button to book is named after the one that has it.
NOTICE = "_notice"
ECHO = re.compile(r"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/([1-9][0-9]{0,8})")

# Codes of the documented list of errors, with the seconds that make sense to wait.
# Too much at once: for one number, for ours, for the account.
BUSY: Mapping[int, float] = {131056: 60.0, 130429: 5.0}
# Nothing can go out at all: token, permission, payment, policy, registration, name, quality, limits of the account.
OURS: Mapping[int, float] = {
    0: 300.0, 3: 300.0, 4: 300.0, 10: 300.0, 33: 300.0, 190: 300.0, 368: 3600.0, 80007: 300.0, 130497: 3600.0,
    131005: 300.0, 131031: 3600.0, 131037: 3600.0, 131042: 3600.0, 131045: 600.0, 131048: 3600.0, 131057: 600.0,
    133010: 600.0,
}  # fmt: skip
# Trouble over there; they say themselves that the message was not sent.
THEIRS: Mapping[int, float] = {2: 60.0, 131000: 60.0, 131016: 60.0}
# This person has had enough advertisements, of whomever.
PERSON_LIMIT = 131049
# No WhatsApp at that number, or our own; or its owner told WhatsApp that they want no more of this from us.
BAD_ADDRESS = frozenset({131021, 131026})
STOPPED = 131050
# "Invalid request or possible server error" leaves open which.
UNCLEAR = 1

log = structlog.get_logger()


class CloudApi:
    """One business phone number. `templates`: the approved template for each purpose of messages."""

    adapter = "whatsapp_cloud"
    concurrency = CONNECTIONS
    URL = "https://graph.facebook.com/v24.0"

    def __init__(
        self, url: str, token: str, phone_number_id: str, templates: Mapping[str, str], timeout_s: float = 20.0
    ) -> None:
        self._url = f"{url}/{phone_number_id}/messages"
        self._phone_number_id = phone_number_id
        self._templates = templates
        self._headers = AS_JSON | {"authorization": f"Bearer {token}"}
        self._client = client(timeout_s)

    async def send(self, message: Message) -> Outcome:
        if message.address is None:
            return Refused("address_missing")
        number = PHONE.fullmatch(message.address)
        if number is None:
            return Refused("address_malformed", address_is_bad=True)
        if len(message.subject) + len(message.body) > LONGEST:
            return Refused("text_too_long")
        template = self._templates.get(message.purpose)
        if template is None:
            return Refused("whatsapp_without_template")
        content = to_json(template_message(number[1], template, message))
        response = await answered("whatsapp", self._client.post(self._url, content=content, headers=self._headers))
        return response if isinstance(response, Later | Unknown) else outcome(response)

    def parse_receipts(self, body: bytes) -> list[Receipt]:
        """Statuses of messages from our number; whatever else the account hears of is not for us."""
        return [
            receipt
            for value in CALL.validate_json(body).values()
            if value.metadata is None or value.metadata.phone_number_id == self._phone_number_id
            for status in value.statuses
            for receipt in receipts(status)
        ]

    async def close(self) -> None:
        await self._client.aclose()


def template_message(number: str, template: str, message: Message) -> dict[str, Any]:
    """The request's body, as documented."""
    components: list[dict[str, Any]] = [
        {"type": "body", "parameters": [text(one_line(message.subject)), text(one_line(message.body))]}
    ]
    links = [link for link in (message.link, message.stop_link) if link is not None]
    components += [
        {"type": "button", "sub_type": "url", "index": str(place), "parameters": [text(link.rpartition("/")[2])]}
        for place, link in enumerate(links)
    ]
    return {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": number,
        "type": "template",
        "template": {
            "name": template + ("" if message.link else NOTICE),
            "language": {"code": message.language},
            "components": components,
        },
        "biz_opaque_callback_data": f"{message.message_id}/{message.attempt}",
    }


def nameless(wamid: str) -> str:
    """Meta's name for a message, as we keep it: hashed, since its letters and digits contain the person's number."""
    return f"wamid:{hashlib.sha256(wamid.encode()).hexdigest()[:40]}"


def text(content: str) -> dict[str, str]:
    return {"type": "text", "text": content}


def one_line(content: str) -> str:
    """Without line breaks, tabs and runs of blanks, which parameters may not hold."""
    return " ".join(content.split())


def outcome(response: httpx2.Response) -> Outcome:
    """What an answer means: by the code in it, else by its HTTP status."""
    answer = json_object(response) or {}
    if response.status_code == 200:
        messages = answer.get("messages")
        first = messages[0] if isinstance(messages, list) and messages else None
        name = provider_id(first.get("id")) if isinstance(first, dict) else None
        return Accepted(nameless(name)) if name else Unknown("whatsapp answer_without_message")
    error = answer.get("error")
    code = number_in(error.get("code")) if isinstance(error, dict) else None
    known = None if code is None else meaning(code)
    if isinstance(known, Later) and (asked := wait(response)) is not None:
        return replace(known, after=max(known.after or 0.0, asked))
    if known is not None:
        return known
    reason = f"whatsapp_http {response.status_code}" if code is None else f"whatsapp {code}"
    if response.status_code in (401, 403, 404, 429, 503):
        return Later(reason, after=wait(response), provider_is_down=True)
    if code is None or response.status_code >= 500:
        return Unknown(reason)
    return Refused(reason)


def meaning(code: int) -> Outcome | None:
    """What a documented code says of a message, in an answer as in a webhook; None: only that it was not sent."""
    reason = f"whatsapp {code}"
    if code == PERSON_LIMIT:
        return Later(reason, person_limit=True)
    if code in BUSY:
        return Later(reason, after=BUSY[code])
    if code in OURS or 200 <= code < 300:
        log.warning("provider_refuses_us", adapter=CloudApi.adapter, code=code)
        return Later(reason, after=OURS.get(code, 300.0), provider_is_down=True)
    if code in THEIRS:
        return Later(reason, after=THEIRS[code], provider_is_down=True)
    if code in BAD_ADDRESS or code == STOPPED:
        return Refused(reason, address_is_bad=True)
    if 132000 <= code < 133000:
        # Of the template, so likely of every message that uses it.
        log.warning("template_refused", adapter=CloudApi.adapter, code=code)
        return Refused(reason)
    return Unknown(reason) if code == UNCLEAR else None


class Told(BaseModel):
    """A part of a call. More is told than we need; it is neither read nor kept."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Fault(Told):
    code: int


def instant(told: Any) -> Any:
    """Seconds since 1970, which come as text; an odd time is no reason to forget what became of a message."""
    return datetime.fromtimestamp(int(told), UTC) if re.fullmatch("[0-9]{1,11}", str(told)) else None


class Status(Told):
    """What became of one message."""

    id: str = Field(pattern=r"^[A-Za-z0-9._:+/=-]{1,200}$")
    # Others (played, deleted, …) are no news.
    status: str = Field(max_length=40)
    timestamp: Annotated[datetime | None, BeforeValidator(instant)] = None
    errors: list[Fault] = []
    biz_opaque_callback_data: str = ""


class Metadata(Told):
    phone_number_id: str


class Value(Told):
    metadata: Metadata | None = None
    statuses: Annotated[list[Status], Field(max_length=1000)] = []


class Change(Told):
    field: str = ""
    value: Any = None


class Entry(Told):
    changes: list[Change]


class Call(Told):
    """A call of Meta's, with what happened to any number of messages."""

    object: Literal["whatsapp_business_account"]
    entry: list[Entry]

    def values(self) -> Iterator[Value]:
        for entry in self.entry:
            for change in entry.changes:
                if change.field == "messages":
                    yield Value.model_validate(change.value)


CALL = TypeAdapter(Call)
KINDS: Mapping[str, str] = {"sent": "sent", "delivered": "delivered", "read": "opened"}


def receipts(status: Status) -> Iterator[Receipt]:
    """What a status tells. A message that failed after it was taken over comes back to us, or shows a bad address."""
    ours = ECHO.fullmatch(status.biz_opaque_callback_data)
    message_id, attempt = (ours[1], int(ours[2])) if ours else (None, None)
    name = nameless(status.id)

    def receipt(kind: str, event: str, **detail: Any) -> Receipt:
        return Receipt(kind, status.timestamp, f"{name}/{event}", message_id, None, name, attempt, detail=detail)

    if status.status in KINDS:
        yield receipt(KINDS[status.status], status.status)
    if status.status != "failed":
        return
    code = status.errors[0].code if status.errors else None
    known = None if code is None else meaning(code)
    if code == STOPPED:
        yield receipt("complained", "stopped", code=code)
    if code in BAD_ADDRESS:
        yield receipt("bounced", "failed", bounce="hard", code=code)
    elif isinstance(known, Later):
        yield receipt(
            "returned", "failed", code=code, retry_after=known.after, person_limit=known.person_limit, again=True
        )
    else:
        yield receipt("returned", "failed", code=code, again=False)
