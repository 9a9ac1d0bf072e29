"""The adapter of each channel, from the settings alone."""

from __future__ import annotations

from pathlib import Path

from db.fault import Fault
from db.settings import Settings
from worker.channels.circuit_breaker import GuardedChannel, RateLimit
from worker.channels.email import Email, Relay
from worker.channels.in_app import InApp
from worker.channels.mailbox import Mailbox
from worker.channels.null import Null


def channels(settings: Settings) -> dict[str, GuardedChannel]:
    """Every channel that this installation can serve."""
    found = {"email": email(settings), "in_app": GuardedChannel(InApp())}
    # Imported only where they are used: their HTTP client takes much of a worker process's memory.
    if settings.sms_gateway:
        found["sms"] = sms(settings)
    if settings.whatsapp_token:
        found["whatsapp"] = whatsapp(settings)
    if settings.fcm_credentials:
        found["push"] = push(settings, settings.fcm_credentials)
    return found


def sms(settings: Settings) -> GuardedChannel:
    from worker.channels.sms import GATEWAYS

    gateway = GATEWAYS[settings.sms_gateway or ""]
    token = settings.sms_api_token.get_secret_value() if settings.sms_api_token else ""
    return GuardedChannel(
        gateway(settings.sms_url or gateway.URL, token, settings.sms_sid), rate=RateLimit(settings.sms_rate)
    )


def whatsapp(settings: Settings) -> GuardedChannel:
    from worker.channels.whatsapp import CloudApi

    token = settings.whatsapp_token.get_secret_value() if settings.whatsapp_token else ""
    templates = dict(one.split("=", 1) for one in settings.whatsapp_templates)
    number = settings.whatsapp_phone_number_id or ""
    return GuardedChannel(
        CloudApi(settings.whatsapp_url or CloudApi.URL, token, number, templates),
        rate=RateLimit(settings.whatsapp_rate),
    )


def push(settings: Settings, key_file: Path) -> GuardedChannel:
    from worker.channels.fcm import Fcm, ServiceAccount

    account = ServiceAccount.read(key_file)
    if settings.shokti_env == "production" and account.token_uri.startswith("http:"):
        raise Fault("FCM_CREDENTIALS: token_uri must be https in production")
    return GuardedChannel(Fcm(account, settings.fcm_url or Fcm.URL), rate=RateLimit(settings.fcm_rate))


def email(settings: Settings) -> GuardedChannel:
    if settings.smtp_url is None:
        return GuardedChannel(Mailbox(settings.mailbox_dir, settings.mail_from))
    if settings.smtp_url.startswith("null:"):
        if settings.shokti_env == "production":
            raise Fault("SMTP_URL: null:// discards every message and is not for production")
        return GuardedChannel(Null())
    relay = Relay.of(settings.smtp_url)
    return GuardedChannel(Email(relay, settings.mail_from), rate=RateLimit(relay.rate))
