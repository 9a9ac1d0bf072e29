"""Which adapter serves which channel, from the settings alone."""

from __future__ import annotations

from pathlib import Path

from db.fault import Fault
from db.settings import Settings
from worker.channels.circuit_breaker import Guarded, Rate
from worker.channels.email import Email, Relay
from worker.channels.in_app import InApp
from worker.channels.mailbox import Mailbox
from worker.channels.null import Null


def channels(settings: Settings) -> dict[str, Guarded]:
    """Every channel that this installation can serve."""
    found = {"email": email(settings), "in_app": Guarded(InApp())}
    # Imported only where they are used: their HTTP client is a good part of a worker's memory.
    if settings.sms_gateway:
        found["sms"] = sms(settings)
    if settings.whatsapp_token:
        found["whatsapp"] = whatsapp(settings)
    if settings.fcm_credentials:
        found["push"] = push(settings, settings.fcm_credentials)
    return found


def sms(settings: Settings) -> Guarded:
    from worker.channels.sms import GATEWAYS

    gateway = GATEWAYS[settings.sms_gateway or ""]
    token = settings.sms_api_token.get_secret_value() if settings.sms_api_token else ""
    return Guarded(gateway(settings.sms_url or gateway.URL, token, settings.sms_sid), rate=Rate(settings.sms_rate))


def whatsapp(settings: Settings) -> Guarded:
    from worker.channels.whatsapp import CloudApi

    token = settings.whatsapp_token.get_secret_value() if settings.whatsapp_token else ""
    templates = dict(one.split("=", 1) for one in settings.whatsapp_templates)
    number = settings.whatsapp_phone_number_id or ""
    return Guarded(
        CloudApi(settings.whatsapp_url or CloudApi.URL, token, number, templates), rate=Rate(settings.whatsapp_rate)
    )


def push(settings: Settings, key_file: Path) -> Guarded:
    from worker.channels.fcm import Fcm, ServiceAccount

    account = ServiceAccount.read(key_file)
    if settings.shokti_env == "production" and account.token_uri.startswith("http:"):
        raise Fault("FCM_CREDENTIALS: token_uri must be https in production")
    return Guarded(Fcm(account, settings.fcm_url or Fcm.URL), rate=Rate(settings.fcm_rate))


def email(settings: Settings) -> Guarded:
    if settings.smtp_url is None:
        return Guarded(Mailbox(settings.mailbox_dir, settings.mail_from))
    if settings.smtp_url.startswith("null:"):
        if settings.shokti_env == "production":
            raise Fault("SMTP_URL: null:// throws every message away; it is not for production")
        return Guarded(Null())
    relay = Relay.of(settings.smtp_url)
    return Guarded(Email(relay, settings.mail_from), rate=Rate(relay.rate))
