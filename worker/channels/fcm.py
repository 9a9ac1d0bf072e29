"""Push through Firebase Cloud Messaging (HTTP v1): to Android, iOS and browsers by the token of the device.

*Accepted* means that Google took the push, not that it was shown; there is no receipt before the link is opened. A push
of the same message replaces the earlier one on the device, so a repetition shows nothing twice.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import httpx2
import jwt
import structlog
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_core import to_json

from db.fault import Fault
from worker.channels.channel import Accepted, Later, Message, Outcome, Refused, Unknown
from worker.channels.http_client import (
    AS_JSON,
    CONNECTIONS,
    client,
    json_object,
    provider_id,
    response_or_outcome,
    retry_after_s,
)

SCOPE = "https://www.googleapis.com/auth/firebase.messaging"
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
# Google's limit for a message, with keys and values, in bytes.
LARGEST = 4096
LONGEST_TTL_S = 28 * 24 * 3600
# Seconds before its end from which an access token is no longer used.
MARGIN_S = 60.0
DEVICE_TOKEN = re.compile(r"[!-~]{1,1024}")
FCM_ERROR = "type.googleapis.com/google.firebase.fcm.v1.FcmError"
BAD_REQUEST = "type.googleapis.com/google.rpc.BadRequest"

log = structlog.get_logger()


class ServiceAccount(BaseModel):
    """The key file of a Google service account."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)

    type: Literal["service_account"]
    project_id: str = Field(pattern="^[a-z0-9:.-]{1,100}$")
    private_key_id: str
    private_key: SecretStr
    client_email: str
    token_uri: str = Field(pattern="^https?://[^/]+")

    @classmethod
    def read(cls, file: Path) -> ServiceAccount:
        """Reads the file. A Fault names what is wrong, without any of its contents."""
        try:
            account = cls.model_validate_json(file.read_bytes())
            account.key()
        except OSError as error:
            raise Fault(f"FCM_CREDENTIALS: {error.strerror}") from None
        except ValidationError as error:
            fields = sorted({str(fault["loc"][0]) for fault in error.errors() if fault["loc"]})
            raise Fault(f"FCM_CREDENTIALS: not the key file of a service account {fields or ''}".rstrip()) from None
        except ValueError:
            raise Fault("FCM_CREDENTIALS: private_key is not an RSA key") from None
        return account

    def key(self) -> RSAPrivateKey:
        key = load_pem_private_key(self.private_key.get_secret_value().encode(), None)
        if not isinstance(key, RSAPrivateKey):
            raise ValueError("not an RSA key")
        return key


@dataclass(slots=True)
class AccessTokens:
    """Access tokens for the service account's signature (RFC 7523), each used until shortly before its end."""

    account: ServiceAccount
    http: httpx2.AsyncClient
    _token: str = ""
    _until: float = 0.0
    _asking: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def token(self, instead_of: str = "") -> str | Later:
        """A valid token. `instead_of`: a token that was refused. Concurrent callers share one request."""
        async with self._asking:
            if time.monotonic() < self._until and self._token != instead_of:
                return self._token
            form = {"grant_type": GRANT, "assertion": self._assertion()}
            response = await response_or_outcome("fcm_token", self.http.post(self.account.token_uri, data=form))
            if isinstance(response, Later | Unknown):
                # No message was sent, whether or not the answer was lost.
                return Later(response.reason, provider_is_down=True)
            answer = json_object(response) or {}
            token, seconds = answer.get("access_token"), answer.get("expires_in")
            if response.status_code != 200 or not isinstance(token, str) or not isinstance(seconds, int | float):
                if response.status_code < 500:
                    log.warning("provider_refuses_us", adapter=Fcm.adapter, status=response.status_code)
                return Later(
                    f"fcm_token {response.status_code}", retry_after_s(response) or 60.0, provider_is_down=True
                )
            self._token, self._until = token, time.monotonic() + seconds - MARGIN_S
            return token

    def _assertion(self) -> str:
        now = int(time.time())
        claims = {
            "iss": self.account.client_email,
            "scope": SCOPE,
            "aud": self.account.token_uri,
            "iat": now,
            "exp": now + 3600,
        }
        return jwt.encode(claims, self.account.key(), "RS256", {"kid": self.account.private_key_id})


class Fcm:
    """The Firebase project of a service account."""

    adapter = "fcm"
    concurrency = CONNECTIONS
    URL = "https://fcm.googleapis.com"

    def __init__(self, account: ServiceAccount, url: str = URL, timeout_s: float = 20.0) -> None:
        self._url = f"{url}/v1/projects/{account.project_id}/messages:send"
        self._client = client(timeout_s)
        self._access = AccessTokens(account, self._client)

    async def send(self, message: Message) -> Outcome:
        if message.address is None:
            return Refused("address_missing")
        if DEVICE_TOKEN.fullmatch(message.address) is None:
            return Refused("address_malformed", address_is_bad=True)
        content = to_json(push(message))
        if len(content) > LARGEST:
            return Refused("text_too_long")
        token = await self._access.token()
        if isinstance(token, Later):
            return token
        response = await self._post(content, token)
        if isinstance(response, httpx2.Response) and response.status_code == 401 and error_of(response) is None:
            # The access token was refused, not the message: revoked, or expired earlier than announced.
            token = await self._access.token(instead_of=token)
            response = token if isinstance(token, Later) else await self._post(content, token)
        return response if isinstance(response, Later | Unknown) else outcome(response)

    async def _post(self, content: bytes, token: str) -> httpx2.Response | Later | Unknown:
        headers = AS_JSON | {"authorization": f"Bearer {token}"}
        return await response_or_outcome("fcm", self._client.post(self._url, content=content, headers=headers))

    async def close(self) -> None:
        await self._client.aclose()


def push(message: Message) -> dict[str, Any]:
    """The body of the request, as documented. The app or the browser opens the link when the push is pressed."""
    name = message.message_id
    links = {"link": message.link, "stop_link": message.stop_link}
    android: dict[str, Any] = {"priority": "NORMAL", "notification": {"tag": name}}
    apns: dict[str, Any] = {"headers": {"apns-collapse-id": name}}
    web: dict[str, Any] = {"notification": {"tag": name}}
    if message.useful_for is not None:
        seconds = min(max(message.useful_for, 0), LONGEST_TTL_S)
        android["ttl"] = f"{seconds}s"
        apns["headers"]["apns-expiration"] = str(int(time.time()) + seconds)
        web["headers"] = {"TTL": str(seconds)}
    if message.link is not None and message.link.startswith("https://"):
        web["fcm_options"] = {"link": message.link}
    return {
        "message": {
            "token": message.address,
            "notification": {"title": message.subject, "body": message.body},
            "data": {"message_id": name} | {key: link for key, link in links.items() if link is not None},
            "android": android,
            "apns": apns,
            "webpush": web,
        }
    }


def outcome(response: httpx2.Response) -> Outcome:
    """The outcome of an answer."""
    if response.status_code == 200:
        name = provider_id((json_object(response) or {}).get("name"))
        return Accepted(name) if name else Unknown("fcm answer_without_name")
    code = error_of(response)
    reason = f"fcm {code or response.status_code}"
    match code, response.status_code:
        case "UNREGISTERED", _:
            return Refused(reason, address_is_bad=True)
        case "INVALID_ARGUMENT", _:
            return Refused(reason, address_is_bad=names_token(response))
        case "SENDER_ID_MISMATCH", _:
            # The device token belongs to another project than our key file; either may be wrong, so the device stays.
            return Refused(reason)
        case "QUOTA_EXCEEDED", _:
            return Later(reason, after=retry_after_s(response) or 60.0)
        case "THIRD_PARTY_AUTH_ERROR", _:
            # Our Apple certificate or web push key: other devices are not affected.
            log.warning("provider_refuses_us", adapter=Fcm.adapter, code=code)
            return Later(reason, after=600.0)
        case (None, 401 | 403 | 404):
            log.warning("provider_refuses_us", adapter=Fcm.adapter, status=response.status_code)
            return Later(reason, after=300.0, provider_is_down=True)
        case (None, 429) | (_, 500 | 503):
            # After an "internal error" the push may have been sent; a repetition then replaces it on the device.
            return Later(reason, after=retry_after_s(response), provider_is_down=True)
        case None, 400:
            return Refused(reason, address_is_bad=names_token(response))
    return Unknown(reason)


def details(response: httpx2.Response, kind: str) -> Mapping[str, Any]:
    """The details of an error that have this type; empty if there are none."""
    error = (json_object(response) or {}).get("error")
    listed = error.get("details") if isinstance(error, dict) else None
    parts = [part for part in listed if isinstance(part, dict)] if isinstance(listed, list) else []
    return next((part for part in parts if part.get("@type") == kind), {})


def error_of(response: httpx2.Response) -> str | None:
    """FCM's error code; None for an error of Google's front end or of a proxy."""
    code = details(response, FCM_ERROR).get("errorCode")
    return code if isinstance(code, str) and re.fullmatch("[A-Z_]{1,50}", code) else None


def names_token(response: httpx2.Response) -> bool:
    """Whether the invalid argument is the device token, not another part of our request."""
    violations = details(response, BAD_REQUEST).get("fieldViolations")
    listed = violations if isinstance(violations, list) else []
    return any(isinstance(one, dict) and one.get("field") == "message.token" for one in listed)
