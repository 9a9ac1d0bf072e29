"""The message with a one-time code: short, the same for every person, and without links."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic_core import from_json

from db.keyring import ONE_TIME_CODE, Keyring
from worker.channels.channel import Message

SUBJECTS = {"bn": "আপনার প্রবেশের কোড", "en": "Your sign-in code"}
# The code has Latin digits in both languages: phones offer to fill those in.
EMAIL_TEXTS = {
    "bn": (
        "আপনার প্রবেশের কোড: {code}\n\n"
        "কোডটি {minutes} মিনিট কাজ করবে। কোডটি কাউকে জানাবেন না; আমাদের কেউ কখনো আপনার কাছে কোড জানতে চাইবেন না।\n\n"
        "আপনি কোড না চেয়ে থাকলে আপনাকে কিছু করতে হবে না।"
    ),
    "en": (
        "Your sign-in code: {code}\n\n"
        "It works for {minutes} minutes. Please tell it to nobody; none of us will ever ask you for it.\n\n"
        "If you did not ask for a code, you need not do anything."
    ),
}
# One SMS part: 70 characters in Bengali, 160 in English.
SMS_TEXTS = {
    "bn": "আপনার কোড {code}। {minutes} মিনিট কাজ করবে। কাউকে জানাবেন না।",
    "en": "Your code is {code}. It works for {minutes} minutes. Please tell it to nobody.",
}
BENGALI_DIGITS = str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯")


def code_message(keyring: Keyring, request_id: str, pending: Mapping[str, Any]) -> Message:
    """The message for a result of jobs.pending_code. SealBrokenError if our keys do not decrypt the code."""
    content = from_json(keyring.unseal(ONE_TIME_CODE, bytes.fromhex(pending["sealed"]), request_id.encode()))
    channel, language = pending["channel"], pending["language"]
    minutes = str(pending["minutes"])
    if language == "bn":
        minutes = minutes.translate(BENGALI_DIGITS)
    text = (EMAIL_TEXTS if channel == "email" else SMS_TEXTS)[language]
    return Message(
        message_id=request_id,
        attempt=1,
        channel=channel,
        purpose="transactional",
        language=language,
        address=content["destination"],
        name=None,
        subject=SUBJECTS[language],
        body=text.format(code=content["code"], minutes=minutes),
        link=None,
        stop_link=None,
    )
