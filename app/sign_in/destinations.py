"""Destinations of one-time codes in canonical form: as they are compared, counted and sent to."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from app.edge.problems import FieldFault, refuse
from db.phone import mobile_number

# Narrower than the addresses that worker/channels/email.py sends to: the domain has a dot.
EMAIL = re.compile(r"[^\s<>\"(),:;\\@\x00-\x1f\x7f]+@[^\s<>\"(),:;\\@\x00-\x1f\x7f]+\.[^\s<>\"(),:;\\@\x00-\x1f\x7f.]+")
# Adjacent numbers: a block is a hundred of them.
BLOCK_DIGITS = 2


@dataclass(frozen=True, slots=True)
class Destination:
    """`block` is the common prefix of adjacent numbers, to limit enumeration; None for e-mail."""

    address: str
    block: str | None


def destination(channel: str, text: str) -> Destination:
    """The canonical form; a Refusal (422) for text that is not an e-mail address or mobile number of Bangladesh."""
    if channel == "email":
        address = unicodedata.normalize("NFC", text.strip()).lower()
        if not EMAIL.fullmatch(address):
            raise _refused("is not an e-mail address")
        return Destination(address, None)
    number = mobile_number(text)
    if number is None:
        raise _refused("is not a mobile number of Bangladesh, such as +8801712345678")
    return Destination(number, number[:-BLOCK_DIGITS])


def _refused(detail: str) -> Exception:
    return refuse(422, "Not acceptable: destination.", FieldFault("destination", detail))
