"""SMS through HTTP gateways of Bangladesh. They answer HTTP 200 whatever happened: only the body says what did.

Keys go in bodies only, so they are in no URL and no log. A body that does not clearly say yes or no is *unknown*.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any, ClassVar
from urllib.parse import parse_qsl

import httpx2
from pydantic_core import from_json, to_json

from worker.channels.channel import Accepted, Later, Message, Outcome, Receipt, Refused, Sending, Unknown
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

# What becomes a part of an address, so narrower than what providers call messages.
REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")
# The gateways' own limit; how many parts a text has is SQL's to say (text.sms_segments).
LONGEST = 1000
DHAKA = timezone(timedelta(hours=6))

# What became of a message, in the words of gateways and of SMPP. Whatever is not here (queued, pending, …) is no news.
SENT = {"sent", "submitted", "accepted", "acceptd", "enroute"}
DELIVERED = {"delivered", "delivrd"}
SOFT = {"failed", "undelivered", "undeliv", "undeliverable", "expired", "rejected", "rejectd", "deleted", "absent"}
HARD = {"invalid", "invalid number", "unknown subscriber"}


class HttpGateway:
    """What all of them share."""

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
        response = await answered("sms", self._submit(number[1], message))
        if not isinstance(response, httpx2.Response):
            return response
        if response.status_code in (401, 403, 404, 429, 503):
            return Later(f"sms_http {response.status_code}", after=wait(response), provider_is_down=True)
        if response.status_code != 200:
            return Unknown(f"sms_http {response.status_code}")
        answer = json_object(response)
        return Unknown("sms_answer_odd") if answer is None else self.outcome(answer, message)

    async def _submit(self, number: str, message: Message) -> httpx2.Response:
        """The request that hands the message over."""
        raise NotImplementedError

    def outcome(self, answer: Mapping[str, Any], message: Message) -> Outcome:
        """What an answer with HTTP 200 means."""
        raise NotImplementedError

    async def _ask(self, request: httpx2.Request) -> dict[str, Any] | None:
        """For questions, which may be asked again: the answer, or None if there is none."""
        try:
            response = await self._client.send(request)
        except httpx2.HTTPError:
            return None
        return json_object(response) if response.status_code == 200 else None

    async def close(self) -> None:
        await self._client.aclose()


class SslWireless(HttpGateway):
    """SSL Wireless, SMS Plus API v3: JSON, one message a request, `csms_id` ours and unique within a day.

    Reports come by callback. The provider sets it up for each account and documents neither names nor signature
    publicly: the secret goes in the Authorization header, and the usual names of the fields are understood.
    """

    adapter = "ssl_wireless"
    URL = "https://smsplus.sslwireless.com"

    # Certainly not taken, and nothing to do with this message: token, sender name, our address, path, quota.
    OURS: ClassVar[Mapping[int, float]] = {4001: 300.0, 4002: 300.0, 4003: 300.0, 4004: 300.0, 4030: 600.0}
    BUSY: ClassVar[Mapping[int, float]] = {4029: 5.0, 4031: 5.0, 4033: 600.0}
    REFUSED = frozenset({4005, 4020, 4022, 4026, 4027, 4028})
    BAD_NUMBER = 4025
    # A csms_id of today: it went out before, though we did not hear so. "Unknown error" means what it says.
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
        code = number_in(answer.get("status_code"))
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
        # Also what is not documented: it says that it failed, so it was not taken.
        return Later(reason, after=self.OURS.get(code), provider_is_down=True)

    def _taken(self, answer: Mapping[str, Any], csms_id: str) -> Outcome:
        """The request was understood; each message has a state of its own."""
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
        return amount(answer.get("balance")) if answer and answer.get("status_code") == 200 else None

    def parse_receipts(self, body: bytes) -> list[Receipt]:
        return [
            found
            for report in reports(body)
            if (
                found := receipt(
                    first(report, "status", "sms_status", "delivery_status", "dlr_status"),
                    provider_id=provider_id(first(report, "reference_id", "sms_id", "message_id")),
                    reference=reference(first(report, "csms_id", "client_id")),
                    told_at=instant(first(report, "delivered_at", "done_date", "delivery_time", "time")),
                )
            )
        ]


class AlphaSms(HttpGateway):
    """Alpha SMS (sms.net.bd): form fields, its own request id, reports only for the asking."""

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
        code = number_in(answer.get("error"))
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
        data = answer.get("data") if answer and number_in(answer.get("error")) == 0 else None
        return amount(data.get("balance")) if isinstance(data, dict) else None

    async def poll_receipts(self, sendings: Sequence[Sending]) -> list[Receipt]:
        """One question for each; the first that is not answered ends it, the rest is asked next time."""
        found: list[Receipt] = []
        for sending in sendings:
            if REQUEST_ID.fullmatch(sending.provider_id) is None:
                continue
            url = f"{self._url}/report/request/{sending.provider_id}/"
            answer = await self._ask(self._client.build_request("POST", url, data={"api_key": self._token}))
            if answer is None:
                break
            data = answer.get("data")
            recipients = data.get("recipients") if isinstance(data, dict) else None
            for recipient in recipients if isinstance(recipients, list) else []:
                status = recipient.get("status") if isinstance(recipient, dict) else None
                if told := receipt(status, provider_id=sending.provider_id, message_id=sending.message_id):
                    found.append(told)
        return found


GATEWAYS: Mapping[str, type[SslWireless] | type[AlphaSms]] = {
    SslWireless.adapter: SslWireless,
    AlphaSms.adapter: AlphaSms,
}


def short_id(message_id: str) -> str:
    """Twenty letters and digits, as SQL's outreach.sms_reference makes them. Every attempt has the same."""
    return message_id.replace("-", "")[-20:]


def receipt(
    status: object,
    *,
    provider_id: str | None = None,
    reference: str | None = None,
    message_id: str | None = None,
    told_at: datetime | None = None,
) -> Receipt | None:
    """What a gateway's word means; None if it is no news, or if nobody can tell what message it is about."""
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
    return Receipt(kind, told_at, f"{name}/{word}", message_id, reference, provider_id, detail=detail)


def reports(body: bytes) -> list[Mapping[str, object]]:
    """One report or several, as JSON or as a form. ValueError: it is neither."""
    if body.lstrip()[:1] in (b"{", b"["):
        told = from_json(body)
        listed = told.get("reports", [told]) if isinstance(told, dict) else told
        if not isinstance(listed, list) or not all(isinstance(report, dict) for report in listed):
            raise ValueError("reports are not objects")
        return listed
    fields = dict(parse_qsl(body.decode("utf-8"), max_num_fields=50))
    if not fields:
        raise ValueError("neither JSON nor a form")
    return [fields]


def first(report: Mapping[str, object], *names: str) -> object:
    return next((report[name] for name in names if report.get(name)), None)


def reference(name: object) -> str | None:
    return name if isinstance(name, str) and re.fullmatch(r"[0-9a-f]{20}", name) else None


def instant(text: object) -> datetime | None:
    """Gateways tell local time without saying so."""
    try:
        told = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return told.replace(tzinfo=DHAKA) if told and told.tzinfo is None else told


def amount(told: object) -> float | None:
    try:
        return float(told) if isinstance(told, int | float | str) else None
    except ValueError:
        return None
