"""WhatsApp through Meta's Cloud API: a person who has not just written to us may get approved templates only.

One template for each purpose of messages carries our text: `{{1}}` is the subject, `{{2}}` the body in one line, as
parameters may hold no line breaks. Its buttons take the keys of the booking link and the opt-out link; messages about
nothing that can be booked use a template with the opt-out button alone. An answer with an id means that Meta took the
message. Whether it arrives, and most refusals, come later by webhook.
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
    client,
    json_object,
    parse_code,
    provider_id,
    response_or_outcome,
    retry_after_s,
)

# A template's body may have 1,024 characters with its parameters; its own words (worker/README.md) take up to 64.
LONGEST = 960
# Appended to the name of a template: the version of it without a booking button.
NOTICE = "_notice"
ECHO = re.compile(r"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/([1-9][0-9]{0,8})")

# Documented error codes, with the seconds to wait.
# Rate limits: of one number, of ours, of the account.
RATE_ERRORS: Mapping[int, float] = {131056: 60.0, 130429: 5.0}
# Nothing can be sent at all: token, permission, payment, policy, registration, name, quality, limits of the account.
ACCOUNT_ERRORS: Mapping[int, float] = {
    0: 300.0, 3: 300.0, 4: 300.0, 10: 300.0, 33: 300.0, 190: 300.0, 368: 3600.0, 80007: 300.0, 130497: 3600.0,
    131005: 300.0, 131031: 3600.0, 131037: 3600.0, 131042: 3600.0, 131045: 600.0, 131048: 3600.0, 131057: 600.0,
    133010: 600.0,
}  # fmt: skip
# Provider-side errors; the message was not sent, as documented.
PROVIDER_ERRORS: Mapping[int, float] = {2: 60.0, 131000: 60.0, 131016: 60.0}
# The person has reached Meta's limit of marketing messages from all senders.
PERSON_LIMIT = 131049
# BAD_ADDRESS: no WhatsApp at that number, or it is our own. STOPPED: the person opted out of our messages in WhatsApp.
BAD_ADDRESS = frozenset({131021, 131026})
STOPPED = 131050
# "Invalid request or possible server error".
UNCLEAR = 1

log = structlog.get_logger()


class CloudApi:
    """One business phone number. `templates`: the name of the approved template for each purpose."""

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
        response = await response_or_outcome(
            "whatsapp", self._client.post(self._url, content=content, headers=self._headers)
        )
        return response if isinstance(response, Later | Unknown) else outcome(response)

    def parse_receipts(self, body: bytes) -> list[Receipt]:
        """The statuses of messages from our number; other events of the account are ignored."""
        return [
            receipt
            for value in WEBHOOK_CALL.validate_json(body).values()
            if value.metadata is None or value.metadata.phone_number_id == self._phone_number_id
            for status in value.statuses
            for receipt in receipts(status)
        ]

    async def close(self) -> None:
        await self._client.aclose()


def template_message(number: str, template: str, message: Message) -> dict[str, Any]:
    """The body of the request, as documented."""
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


def hashed_wamid(wamid: str) -> str:
    """Meta's name for a message as it is stored: hashed, as it contains the person's number."""
    return f"wamid:{hashlib.sha256(wamid.encode()).hexdigest()[:40]}"


def text(content: str) -> dict[str, str]:
    return {"type": "text", "text": content}


def one_line(content: str) -> str:
    """The content without line breaks, tabs and repeated spaces, which parameters may not hold."""
    return " ".join(content.split())


def outcome(response: httpx2.Response) -> Outcome:
    """The outcome of an answer: by the code in it, else by its HTTP status."""
    answer = json_object(response) or {}
    if response.status_code == 200:
        messages = answer.get("messages")
        first = messages[0] if isinstance(messages, list) and messages else None
        name = provider_id(first.get("id")) if isinstance(first, dict) else None
        return Accepted(hashed_wamid(name)) if name else Unknown("whatsapp answer_without_message")
    error = answer.get("error")
    code = parse_code(error.get("code")) if isinstance(error, dict) else None
    known = None if code is None else outcome_of_code(code)
    if isinstance(known, Later) and (asked := retry_after_s(response)) is not None:
        return replace(known, after=max(known.after or 0.0, asked))
    if known is not None:
        return known
    reason = f"whatsapp_http {response.status_code}" if code is None else f"whatsapp {code}"
    if response.status_code in (401, 403, 404, 429, 503):
        return Later(reason, after=retry_after_s(response), provider_is_down=True)
    if code is None or response.status_code >= 500:
        return Unknown(reason)
    return Refused(reason)


def outcome_of_code(code: int) -> Outcome | None:
    """The outcome of a documented code, in an answer or a webhook; None for other codes: the message was not sent."""
    reason = f"whatsapp {code}"
    if code == PERSON_LIMIT:
        return Later(reason, person_limit=True)
    if code in RATE_ERRORS:
        return Later(reason, after=RATE_ERRORS[code])
    if code in ACCOUNT_ERRORS or 200 <= code < 300:
        log.warning("provider_refuses_us", adapter=CloudApi.adapter, code=code)
        return Later(reason, after=ACCOUNT_ERRORS.get(code, 300.0), provider_is_down=True)
    if code in PROVIDER_ERRORS:
        return Later(reason, after=PROVIDER_ERRORS[code], provider_is_down=True)
    if code in BAD_ADDRESS or code == STOPPED:
        return Refused(reason, address_is_bad=True)
    if 132000 <= code < 133000:
        # The template is at fault, so likely every message that uses it.
        log.warning("template_refused", adapter=CloudApi.adapter, code=code)
        return Refused(reason)
    return Unknown(reason) if code == UNCLEAR else None


class WebhookPart(BaseModel):
    """A part of a call. Further fields are neither read nor stored."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class StatusError(WebhookPart):
    code: int


def parse_timestamp(text: Any) -> Any:
    """Seconds since 1970, sent as text; None if malformed, as the status itself still counts."""
    return datetime.fromtimestamp(int(text), UTC) if re.fullmatch("[0-9]{1,11}", str(text)) else None


class Status(WebhookPart):
    """The status of one message."""

    id: str = Field(pattern=r"^[A-Za-z0-9._:+/=-]{1,200}$")
    # Statuses that have no receipt (played, deleted, …) are ignored.
    status: str = Field(max_length=40)
    timestamp: Annotated[datetime | None, BeforeValidator(parse_timestamp)] = None
    errors: list[StatusError] = []
    biz_opaque_callback_data: str = ""


class Metadata(WebhookPart):
    phone_number_id: str


class Value(WebhookPart):
    metadata: Metadata | None = None
    statuses: Annotated[list[Status], Field(max_length=1000)] = []


class Change(WebhookPart):
    field: str = ""
    value: Any = None


class Entry(WebhookPart):
    changes: list[Change]


class WebhookCall(WebhookPart):
    """A call of Meta's, with any number of statuses."""

    object: Literal["whatsapp_business_account"]
    entry: list[Entry]

    def values(self) -> Iterator[Value]:
        for entry in self.entry:
            for change in entry.changes:
                if change.field == "messages":
                    yield Value.model_validate(change.value)


WEBHOOK_CALL = TypeAdapter(WebhookCall)
KINDS: Mapping[str, str] = {"sent": "sent", "delivered": "delivered", "read": "opened"}


def receipts(status: Status) -> Iterator[Receipt]:
    """The receipts of a status. A failure after acceptance is `returned`, or `bounced` where the address is bad."""
    ours = ECHO.fullmatch(status.biz_opaque_callback_data)
    message_id, attempt = (ours[1], int(ours[2])) if ours else (None, None)
    name = hashed_wamid(status.id)

    def receipt(kind: str, event: str, **detail: Any) -> Receipt:
        return Receipt(kind, status.timestamp, f"{name}/{event}", message_id, None, name, attempt, detail=detail)

    if status.status in KINDS:
        yield receipt(KINDS[status.status], status.status)
    if status.status != "failed":
        return
    code = status.errors[0].code if status.errors else None
    known = None if code is None else outcome_of_code(code)
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
