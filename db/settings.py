"""The settings of an installation, read from the environment and `.env` and validated at start-up."""

from __future__ import annotations

import os
import re
from base64 import b64decode
from email.utils import parseaddr
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import psycopg
from psycopg.conninfo import conninfo_to_dict
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from db.fault import Fault, exit_on_fault
from db.keyring import Keyring, signing_key

ROOT = Path(__file__).resolve().parent.parent
#: The SQL of a database besides sql/: roles.sql, grants.sql, deploy.sql and the migrations.
DB = ROOT / "db"
#: Local time where nothing else is stated; without summer time.
LOCAL_ZONE = ZoneInfo("Asia/Dhaka")

# Public on purpose, so that a fresh clone runs; refused in production.
DEVELOPMENT_SECRET_KEY = "development-only-" + "0" * 32
DEVELOPMENT_SIGNING_KEY = "MC4CAQAwBQYDK2VwBCIEIGRldmVsb3BtZW50IG9ubHksIG5vdCBhIHNlY3JldCBr"


class Settings(BaseSettings):
    """Each field is the environment variable of the same name in capitals; an empty variable counts as missing."""

    model_config = SettingsConfigDict(
        env_file=ROOT / ".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
    )

    shokti_env: Literal["development", "production", "test"] = "development"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    # None: the embedded server. Not in the repr, as it may hold a password.
    database_url: str | None = Field(default=None, repr=False)

    # False behind PgBouncer in transaction mode, where the next statement may reach another server connection.
    database_prepares: bool = True

    app_host: str = "127.0.0.1"
    app_port: int = Field(default=8000, ge=1, le=65535)
    # Seconds between the failing /readyz and the end of listening: longer than the load balancer's interval.
    app_drain_seconds: float = Field(default=1.0, ge=0, le=300)
    app_processes: int = Field(default=1, ge=1, le=64)
    # Database connections of each of these processes. Three for each processor are enough; with more, the slowest
    # requests take longer.
    app_pool_size: int = Field(default=6, ge=2, le=100)
    worker_processes: int = Field(default=1, ge=1, le=64)
    public_url: str = "http://127.0.0.1:8000"

    # Newest first: the first signs, all verify, so that a change of keys does not break links already sent.
    shokti_secret_keys: Annotated[tuple[SecretStr, ...], NoDecode] = (SecretStr(DEVELOPMENT_SECRET_KEY),)

    # Ed25519 keys of access tokens, newest first: the first signs, all verify and are in the published key set.
    shokti_signing_keys: Annotated[tuple[SecretStr, ...], NoDecode] = (SecretStr(DEVELOPMENT_SIGNING_KEY),)
    # HS256 signs with SHOKTI_SECRET_KEYS instead; other programs then cannot verify tokens.
    shokti_token_algorithm: Literal["EdDSA", "HS256"] = "EdDSA"

    # Web pages of these origins may call the API (CORS).
    cors_origins: Annotated[tuple[str, ...], NoDecode] = ()
    # Networks of our own reverse proxies: X-Forwarded-For is accepted from them only.
    trusted_proxies: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = ()

    # None: no model is asked; approved templates are sent.
    openai_api_key: SecretStr | None = None
    openai_base_url: str | None = None
    openai_model: str = "gpt-5-mini"

    # None: messages go to the mailbox folder.
    smtp_url: str | None = Field(default=None, repr=False)
    mail_from: str = "Shokti <reminders@shokti.example>"
    mailbox_dir: Path = ROOT / "var" / "mailbox"

    # None: no SMS. SMS_URL replaces the gateway's own address.
    sms_gateway: Literal["ssl_wireless", "alpha_sms"] | None = None
    sms_url: str | None = None
    sms_api_token: SecretStr | None = None
    # The sender's name that the gateway has assigned to us.
    sms_sid: str | None = Field(default=None, min_length=1, max_length=20)
    # Messages a second at most; None: no limit.
    sms_rate: float | None = Field(default=None, gt=0)

    # None: no WhatsApp. The token of a system user, the id of the sending number, and the approved templates as
    # purpose=name. WHATSAPP_URL ends with the version of the Graph API.
    whatsapp_token: SecretStr | None = None
    whatsapp_phone_number_id: str | None = Field(default=None, pattern="^[0-9]{1,30}$")
    whatsapp_templates: Annotated[tuple[str, ...], NoDecode] = ("outreach=shokti_outreach", "coaching=shokti_coaching")
    whatsapp_url: str | None = None
    whatsapp_rate: float | None = Field(default=None, gt=0)

    # None: no push. The key file of a service account with access to Firebase Cloud Messaging.
    fcm_credentials: Path | None = None
    fcm_url: str | None = None
    fcm_rate: float | None = Field(default=None, gt=0)

    # provider=secret; a provider may have several while its secret changes. Secrets whsec_… sign by Standard Webhooks,
    # hub_… by Meta's rules; verify_… is Meta's verify token; any other is expected in the Authorization header.
    webhook_secrets: Annotated[tuple[SecretStr, ...], NoDecode] = ()

    @field_validator("database_url")
    @classmethod
    def _is_postgres(cls, url: str | None) -> str | None:
        if url is None:
            return None
        wanted = "not a PostgreSQL address such as postgresql://user@host:5432/database"
        if not url.startswith(("postgresql://", "postgres://")):
            raise ValueError(wanted)
        try:
            ports = str(conninfo_to_dict(url).get("port") or 5432)
        except psycopg.ProgrammingError:
            raise ValueError(wanted) from None
        if not all(port.isdecimal() and 0 < int(port) < 65536 for port in ports.split(",")):
            raise ValueError(wanted)
        return url

    @field_validator("public_url", "openai_base_url", "sms_url", "whatsapp_url", "fcm_url")
    @classmethod
    def _is_web_address(cls, url: str | None) -> str | None:
        if url is None:
            return None
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("not a web address such as https://example.com")
        return url.rstrip("/")

    @field_validator("smtp_url")
    @classmethod
    def _is_mail_server(cls, url: str | None) -> str | None:
        if url is None:
            return None
        parts = urlsplit(url)
        # null:// discards messages, for measuring; refused in production (worker/channels/registry.py).
        if parts.scheme not in ("smtp", "smtp+starttls", "smtps", "null") or not parts.hostname:
            raise ValueError(
                "not a mail server such as smtp+starttls://user:password@host:587 (or smtps:// or smtp://)"
            )
        try:
            _ = parts.port
        except ValueError:
            raise ValueError("its port is not a number from 0 to 65535") from None
        return url

    @field_validator("mail_from")
    @classmethod
    def _is_sender(cls, sender: str) -> str:
        local, at, domain = parseaddr(sender)[1].rpartition("@")
        if not (local and at and domain) or "\n" in sender:
            raise ValueError("not a sender such as Shokti <reminders@example.com>")
        return sender

    @field_validator(
        "shokti_secret_keys",
        "shokti_signing_keys",
        "cors_origins",
        "trusted_proxies",
        "webhook_secrets",
        "whatsapp_templates",
        mode="before",
    )
    @classmethod
    def _split_keys(cls, keys: Any) -> Any:
        return tuple(key.strip() for key in keys.split(",") if key.strip()) if isinstance(keys, str) else keys

    @field_validator("shokti_secret_keys")
    @classmethod
    def _are_long_enough(cls, keys: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        if not keys or any(len(key.get_secret_value()) < 32 for key in keys):
            raise ValueError("needs one or more keys of at least 32 characters, separated by commas")
        return keys

    @field_validator("shokti_signing_keys")
    @classmethod
    def _are_signing_keys(cls, keys: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        if not keys:
            raise ValueError("needs one or more Ed25519 keys, separated by commas")
        for key in keys:
            signing_key(key.get_secret_value())
        return keys

    @field_validator("cors_origins")
    @classmethod
    def _are_origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        for origin in origins:
            parts = urlsplit(origin)
            if (
                parts.scheme not in ("http", "https")
                or not parts.netloc
                or origin != f"{parts.scheme}://{parts.netloc}"
            ):
                raise ValueError("not origins such as https://app.example.com, separated by commas")
        return origins

    @property
    def keyring(self) -> Keyring:
        """SHOKTI_SECRET_KEYS as a keyring."""
        return Keyring([key.get_secret_value().encode() for key in self.shokti_secret_keys])

    @field_validator("webhook_secrets")
    @classmethod
    def _are_webhook_secrets(cls, secrets: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        for given in secrets:
            provider, _, secret = given.get_secret_value().partition("=")
            if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", provider) or len(secret) < 24:
                raise ValueError("not provider=secret, secrets of at least 24 characters, separated by commas")
            if secret.startswith("whsec_"):
                digits = secret.removeprefix("whsec_").rstrip("=")
                try:
                    b64decode(digits + "=" * (-len(digits) % 4), validate=True)
                except ValueError:
                    raise ValueError("a secret whsec_… must be base64") from None
        return secrets

    @model_validator(mode="after")
    def _sms_is_configured(self) -> Self:
        if self.sms_gateway is not None and self.sms_api_token is None:
            raise ValueError("SMS_API_TOKEN: must be set with SMS_GATEWAY")
        if self.sms_gateway == "ssl_wireless" and self.sms_sid is None:
            raise ValueError("SMS_SID: must be set with SMS_GATEWAY=ssl_wireless")
        if self.shokti_env == "production" and self.sms_url is not None and self.sms_url.startswith("http:"):
            raise ValueError("SMS_URL: must be https in production, as the token is sent there")
        return self

    @field_validator("whatsapp_templates")
    @classmethod
    def _are_templates(cls, templates: tuple[str, ...]) -> tuple[str, ...]:
        if not all(re.fullmatch(r"(outreach|coaching|voice|transactional)=[a-z0-9_]{1,512}", one) for one in templates):
            raise ValueError("not purpose=template such as outreach=shokti_outreach, separated by commas")
        return templates

    @model_validator(mode="after")
    def _whatsapp_and_push_are_configured(self) -> Self:
        if self.whatsapp_token is not None and self.whatsapp_phone_number_id is None:
            raise ValueError("WHATSAPP_PHONE_NUMBER_ID: must be set with WHATSAPP_TOKEN")
        if self.shokti_env == "production":
            for name, url in (("WHATSAPP_URL", self.whatsapp_url), ("FCM_URL", self.fcm_url)):
                if url is not None and url.startswith("http:"):
                    raise ValueError(f"{name}: must be https in production, as the token is sent there")
        return self

    @property
    def secrets_of_providers(self) -> dict[str, list[str]]:
        """WEBHOOK_SECRETS by provider."""
        found: dict[str, list[str]] = {}
        for given in self.webhook_secrets:
            provider, _, secret = given.get_secret_value().partition("=")
            found.setdefault(provider, []).append(secret)
        return found

    @model_validator(mode="after")
    def _production_is_configured(self) -> Self:
        if self.shokti_env == "production":
            if any(key.get_secret_value() == DEVELOPMENT_SECRET_KEY for key in self.shokti_secret_keys):
                raise ValueError("SHOKTI_SECRET_KEYS: must be set in production, the development default is public")
            if any(key.get_secret_value() == DEVELOPMENT_SIGNING_KEY for key in self.shokti_signing_keys):
                raise ValueError("SHOKTI_SIGNING_KEYS: must be set in production, the development default is public")
            if self.database_url is None:
                raise ValueError("DATABASE_URL: must be set in production, the embedded server is for development")
        return self


def read_settings(**overrides: Any) -> Settings:
    """The settings of this process. A Fault names missing and malformed ones, without their values."""
    if os.environ.get("SHOKTI_ENV") == "test":
        overrides.setdefault("_env_file", None)  # tests do not use a developer's keys
    try:
        return Settings(**overrides)
    except ValidationError as error:
        faults = []
        for fault in error.errors(include_input=False, include_url=False):
            name = str(fault["loc"][0]).upper() + ": " if fault["loc"] else ""
            faults.append(name + fault["msg"].removeprefix("Value error, "))
        raise Fault("; ".join(faults)) from None


def load_settings() -> Settings:
    """The settings; exits with one line on stderr and code 2 if they are wrong."""
    with exit_on_fault():
        return read_settings()
