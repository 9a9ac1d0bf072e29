"""SMS through HTTP gateways of Bangladesh, which answer HTTP 200 in every case: only the body has the outcome.

Keys are sent in bodies only, so they are in no URL and no log. A body that is neither a clear yes nor a clear no means
*unknown*.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import parse_qsl

import httpx2
from pydantic_core import from_json, to_json

from db.settings import LOCAL_ZONE
from worker.channels.channel import Accepted, AcceptedDelivery, Later, Message, Outcome, Receipt, Refused, Unknown
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

# Part of a URL, so narrower than PROVIDER_ID.
REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")
# The gateways' own limit, in characters; SQL limits the number of parts (text.sms_segments).
LONGEST = 1000

# States of messages, in the words of gateways and of SMPP. Others (queued, pending, …) are neither final nor known.
SENT = {"sent", "submitted", "accepted", "acceptd", "enroute"}
DELIVERED = {"delivered", "delivrd"}
SOFT = {"failed", "undelivered", "undeliv", "undeliverable", "expired", "rejected", "rejectd", "deleted", "absent"}
HARD = {"invalid", "invalid number", "unknown subscriber"}


class HttpGateway(ABC):
    """What all gateways share."""

    adapter: str
    concurrency = CONNECTIONS

    def __init__(self, url: str, token: str, sender: str | None, timeout_s: float = 20.0) -> None:
        self._url = url.rstrip("/")
        self._token = token
        self._sender = sender
        self._client = client(timeout_s)

    async def send(self, message: Message) -> Outcome:
        if message.address is None:
            return Refused("address_missing")
        number = PHONE.fullmatch(message.address)
        if number is None:
            return Refused("address_malformed", address_is_bad=True)
        if len(message.body) > LONGEST:
            return Refused("text_too_long")
        response = await response_or_outcome("sms", self._submit(number[1], message))
        if not isinstance(response, httpx2.Response):
            return response
        if response.status_code in (401, 403, 404, 429, 503):
            return Later(f"sms_http {response.status_code}", after=retry_after_s(response), provider_is_down=True)
        if response.status_code != 200:
            return Unknown(f"sms_http {response.status_code}")
        answer = json_object(response)
        return Unknown("sms_answer_odd") if answer is None else self.outcome(answer, message)

    @abstractmethod
    async def _submit(self, number: str, message: Message) -> httpx2.Response:
        """The request that hands the message over."""

    @abstractmethod
    def outcome(self, answer: Mapping[str, Any], message: Message) -> Outcome:
        """The outcome that an answer with HTTP 200 means."""

    async def _ask(self, request: httpx2.Request) -> dict[str, Any] | None:
        """The answer to a request that only reads and may be repeated; None if there is none."""
        try:
            response = await self._client.send(request)
        except httpx2.HTTPError:
            return None
        return json_object(response) if response.status_code == 200 else None

    async def close(self) -> None:
        await self._client.aclose()


class SslWireless(HttpGateway):
    """SSL Wireless, SMS Plus API v3: JSON, one message a request; `csms_id` is our id, unique within a day.

    Reports come by callback. The provider configures it for each account and documents neither fields nor signature
    publicly: the secret is in the Authorization header, and the usual names of fields are read.
    """

    adapter = "ssl_wireless"
    URL = "https://smsplus.sslwireless.com"

    # Certainly not taken, and not because of this message: token, sender name, our address, path, quota.
    OURS: ClassVar[Mapping[int, float]] = {4001: 300.0, 4002: 300.0, 4003: 300.0, 4004: 300.0, 4030: 600.0}
    BUSY: ClassVar[Mapping[int, float]] = {4029: 5.0, 4031: 5.0, 4033: 600.0}
    REFUSED = frozenset({4005, 4020, 4022, 4026, 4027, 4028})
    BAD_NUMBER = 4025
    # 4023: the csms_id was used today, so an earlier attempt was sent whose answer is lost. 5000: "unknown error".
    UNCLEAR = frozenset({4023, 5000})

    async def _submit(self, number: str, message: Message) -> httpx2.Response:
        fields = {
            "api_token": self._token,
            "sid": self._sender,
            "msisdn": number,
            "sms": message.body,
            "csms_id": short_id(message.message_id),
        }
        return await self._client.post(f"{self._url}/api/v3/send-sms", content=to_json(fields), headers=AS_JSON)

    def outcome(self, answer: Mapping[str, Any], message: Message) -> Outcome:
        code = parse_code(answer.get("status_code"))
        if code is None or answer.get("status") not in ("SUCCESS", "FAILED"):
            return Unknown("ssl_wireless answer_odd")
        if code == 200:
            return self._taken(answer, short_id(message.message_id))
        reason = f"ssl_wireless {code}"
        if code in self.UNCLEAR:
            return Unknown(reason)
        if code == self.BAD_NUMBER:
            return Refused(reason, address_is_bad=True)
        if code in self.REFUSED:
            return Refused(reason)
        if code in self.BUSY:
            return Later(reason, after=self.BUSY[code])
        # Undocumented codes too: the status says FAILED, so the message was not taken.
        return Later(reason, after=self.OURS.get(code), provider_is_down=True)

    def _taken(self, answer: Mapping[str, Any], csms_id: str) -> Outcome:
        """The outcome of the message in an accepted request: each message has a status of its own."""
        listed = answer.get("smsinfo")
        for info in listed if isinstance(listed, list) else []:
            if not isinstance(info, dict) or info.get("csms_id") != csms_id:
                continue
            match info.get("sms_status"):
                case "SUCCESS":
                    return Accepted(provider_id(info.get("reference_id")))
                case "INVALID":
                    return Refused("ssl_wireless INVALID", address_is_bad=True)
                case "DUPLICATE":
                    return Unknown("ssl_wireless DUPLICATE")
        return Unknown("ssl_wireless answer_without_message")

    async def balance(self) -> float | None:
        fields = {"api_token": self._token, "sid": self._sender}
        request = self._client.build_request(
            "POST", f"{self._url}/api/v3/balance", content=to_json(fields), headers=AS_JSON
        )
        answer = await self._ask(request)
        return parse_amount(answer.get("balance")) if answer and answer.get("status_code") == 200 else None

    def parse_receipts(self, body: bytes) -> list[Receipt]:
        return [
            found
            for report in parse_reports(body)
            if (
                found := receipt(
                    first_present(report, "status", "sms_status", "delivery_status", "dlr_status"),
                    provider_id=provider_id(first_present(report, "reference_id", "sms_id", "message_id")),
                    reference=reference(first_present(report, "csms_id", "client_id")),
                    happened_at=parse_local_time(
                        first_present(report, "delivered_at", "done_date", "delivery_time", "time")
                    ),
                )
            )
        ]


class AlphaSms(HttpGateway):
    """Alpha SMS (sms.net.bd): form fields, its own request id, reports only on request."""

    adapter = "alpha_sms"
    URL = "https://api.sms.net.bd"

    OURS: ClassVar[Mapping[int, float]] = {403: 300.0, 405: 300.0, 410: 600.0, 411: 600.0, 413: 300.0, 417: 600.0}
    REFUSED = frozenset({400, 412, 414, 415, 420, 421})
    BAD_NUMBER = 416
    UNCLEAR = frozenset({409})

    async def _submit(self, number: str, message: Message) -> httpx2.Response:
        fields = {"api_key": self._token, "msg": message.body, "to": number}
        if self._sender:
            fields["sender_id"] = self._sender
        return await self._client.post(f"{self._url}/sendsms", data=fields)

    def outcome(self, answer: Mapping[str, Any], message: Message) -> Outcome:
        code = parse_code(answer.get("error"))
        if code is None:
            return Unknown("alpha_sms answer_odd")
        if code == 0:
            data = answer.get("data")
            name = provider_id(data.get("request_id")) if isinstance(data, dict) else None
            return Accepted(name) if name else Unknown("alpha_sms answer_without_message")
        reason = f"alpha_sms {code}"
        if code in self.UNCLEAR:
            return Unknown(reason)
        if code == self.BAD_NUMBER:
            return Refused(reason, address_is_bad=True)
        if code in self.REFUSED:
            return Refused(reason)
        return Later(reason, after=self.OURS.get(code), provider_is_down=True)

    async def balance(self) -> float | None:
        request = self._client.build_request("POST", f"{self._url}/user/balance/", data={"api_key": self._token})
        answer = await self._ask(request)
        data = answer.get("data") if answer and parse_code(answer.get("error")) == 0 else None
        return parse_amount(data.get("balance")) if isinstance(data, dict) else None

    async def poll_receipts(self, deliveries: Sequence[AcceptedDelivery]) -> list[Receipt]:
        """One request for each delivery; the first without an answer ends it, and the rest follow next time."""
        found: list[Receipt] = []
        for delivery in deliveries:
            if REQUEST_ID.fullmatch(delivery.provider_id) is None:
                continue
            url = f"{self._url}/report/request/{delivery.provider_id}/"
            answer = await self._ask(self._client.build_request("POST", url, data={"api_key": self._token}))
            if answer is None:
                break
            data = answer.get("data")
            recipients = data.get("recipients") if isinstance(data, dict) else None
            for recipient in recipients if isinstance(recipients, list) else []:
                status = recipient.get("status") if isinstance(recipient, dict) else None
                if reported := receipt(status, provider_id=delivery.provider_id, message_id=delivery.message_id):
                    found.append(reported)
        return found


GATEWAYS: Mapping[str, type[SslWireless] | type[AlphaSms]] = {
    SslWireless.adapter: SslWireless,
    AlphaSms.adapter: AlphaSms,
}


def short_id(message_id: str) -> str:
    """The last twenty hexadecimal digits of the id, as SQL's outreach.sms_reference; the same for every attempt."""
    return message_id.replace("-", "")[-20:]


def receipt(
    status: object,
    *,
    provider_id: str | None = None,
    reference: str | None = None,
    message_id: str | None = None,
    happened_at: datetime | None = None,
) -> Receipt | None:
    """The receipt that a gateway's status means; None if the status is neither final nor known, or names no message."""
    name = provider_id or reference or message_id
    detail: dict[str, Any] = {}
    word = status.strip().lower().replace("_", " ") if isinstance(status, str) else ""
    if name is None:
        return None
    if word in DELIVERED:
        kind = "delivered"
    elif word in SENT:
        kind = "sent"
    elif word in SOFT | HARD:
        kind, detail = "bounced", {"bounce": "hard" if word in HARD else "soft", "said": word}
    else:
        return None
    return Receipt(kind, happened_at, f"{name}/{word}", message_id, reference, provider_id, detail=detail)


def parse_reports(body: bytes) -> list[Mapping[str, object]]:
    """One report or several, as JSON or as a form. ValueError if it is neither."""
    if body.lstrip()[:1] in (b"{", b"["):
        parsed = from_json(body)
        listed = parsed.get("reports", [parsed]) if isinstance(parsed, dict) else parsed
        if not isinstance(listed, list) or not all(isinstance(report, dict) for report in listed):
            raise ValueError("reports are not objects")
        return listed
    fields = dict(parse_qsl(body.decode("utf-8"), max_num_fields=50))
    if not fields:
        raise ValueError("neither JSON nor a form")
    return [fields]


def first_present(report: Mapping[str, object], *names: str) -> object:
    return next((report[name] for name in names if report.get(name)), None)


def reference(name: object) -> str | None:
    return name if isinstance(name, str) and re.fullmatch(r"[0-9a-f]{20}", name) else None


def parse_local_time(text: object) -> datetime | None:
    """An instant; without an offset it is local time."""
    try:
        parsed = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return parsed.replace(tzinfo=LOCAL_ZONE) if parsed and parsed.tzinfo is None else parsed


def parse_amount(value: object) -> float | None:
    try:
        return float(value) if isinstance(value, int | float | str) else None
    except ValueError:
        return None
