"""Where a one-time code can go, in the one form that is compared, counted and sent to."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import phonenumbers

from app.edge.problems import FieldFault, refuse

MOBILE = re.compile(r"\+8801[3-9][0-9]{8}")
# What worker/channels/email.py hands over to a mail server; anything else could not be sent.
EMAIL = re.compile(r"[^\s<>\"(),:;\\@\x00-\x1f\x7f]+@[^\s<>\"(),:;\\@\x00-\x1f\x7f]+\.[^\s<>\"(),:;\\@\x00-\x1f\x7f.]+")
# Numbers next to each other: a hundred of them are one block.
BLOCK_DIGITS = 2


@dataclass(frozen=True, slots=True)
class Destination:
    """`block`: what numbers that are walked through have in common; None for e-mail."""

    address: str
    block: str | None


def destination(channel: str, text: str) -> Destination:
    """A Refusal (422) for what is no e-mail address, or no mobile number of Bangladesh."""
    if channel == "email":
        address = unicodedata.normalize("NFC", text.strip()).lower()
        if not EMAIL.fullmatch(address):
            raise _refused("is not an e-mail address")
        return Destination(address, None)
    try:
        number = phonenumbers.parse(text, "BD")
    except phonenumbers.NumberParseException:
        raise _refused("is not a mobile number of Bangladesh, such as +8801712345678") from None
    address = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if not MOBILE.fullmatch(address) or number.extension:
        raise _refused("is not a mobile number of Bangladesh, such as +8801712345678")
    return Destination(address, address[:-BLOCK_DIGITS])


def _refused(detail: str) -> Exception:
    return refuse(422, "Not acceptable: destination.", FieldFault("destination", detail))
