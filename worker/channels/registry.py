"""Which adapter serves which channel, from the settings alone."""

from __future__ import annotations

from db.fault import Fault
from db.settings import Settings
from worker.channels.email import Email, Relay
from worker.channels.guard import Guarded, Rate
from worker.channels.in_app import InApp
from worker.channels.mailbox import Mailbox
from worker.channels.null import Null


def channels(settings: Settings) -> dict[str, Guarded]:
    """Every channel that this installation can serve. SMS, WhatsApp and push join here once configured."""
    return {"email": email(settings), "in_app": Guarded(InApp())}


def email(settings: Settings) -> Guarded:
    if settings.smtp_url is None:
        return Guarded(Mailbox(settings.mailbox_dir, settings.mail_from))
    if settings.smtp_url.startswith("null:"):
        if settings.shokti_env == "production":
            raise Fault("SMTP_URL: null:// throws every message away; it is not for production")
        return Guarded(Null())
    relay = Relay.of(settings.smtp_url)
    return Guarded(Email(relay, settings.mail_from), rate=Rate(relay.rate))
