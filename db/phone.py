"""Mobile numbers of Bangladesh, read the same way at sign-in and in files."""

from __future__ import annotations

import re

import phonenumbers

MOBILE = re.compile(r"\+8801[3-9][0-9]{8}")


def mobile_number(text: str) -> str | None:
    """The number in E.164, such as +8801712345678; None if the text is not one mobile number of Bangladesh."""
    try:
        number = phonenumbers.parse(text, "BD")
    except phonenumbers.NumberParseException:
        return None
    address = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return None if number.extension or not MOBILE.fullmatch(address) else address
