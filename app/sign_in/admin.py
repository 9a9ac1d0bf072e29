"""How an admin comes into being: a password that is not a known one, and an authenticator app."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import pyotp
from zxcvbn import zxcvbn

from app.sign_in.flows import HASHER, TOTP, normalised
from db import Fault
from db.admin import set_admin
from db.keyring import Keyring

SHORTEST, LONGEST = 12, 1000
LOGIN = re.compile(r"[^\s\x00-\x1f\x7f]{1,100}")
# Guesses of somebody who knows what people choose: fewer than a hundred million is common.
COMMON = 1e8
# The estimate takes longer the longer the text; what is common is in the beginning.
ESTIMATED = 72


def check_password(password: str, login: str) -> None:
    """A Fault for a password that is too short or that many people have; its characters are nobody's business."""
    if len(password) < SHORTEST:
        raise Fault(f"the password has {len(password)} characters; {SHORTEST} or more are needed")
    if len(password) > LONGEST:
        raise Fault(f"the password has more than {LONGEST} characters")
    if any(unicodedata.category(letter) in ("Cc", "Cs") for letter in password):
        raise Fault("the password has characters that cannot be typed")
    estimate: dict[str, Any] = zxcvbn(password[:ESTIMATED], user_inputs=[login, "shokti"])
    if float(estimate["guesses"]) < COMMON:
        raise Fault("the password is one of those that are guessed first; take a few words that do not belong together")


def make(url: str, keyring: Keyring, login: str, password: str) -> str:
    """The admin is in the database; the otpauth:// address to be taken into an authenticator app, shown this once."""
    if not LOGIN.fullmatch(login):
        raise Fault("the login has no blanks and at most 100 characters")
    password = normalised(password)
    check_password(password, login)
    secret = pyotp.random_base32()
    set_admin(url, login, HASHER.hash(password), keyring.seal(TOTP, secret.encode(), login.encode()))
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name="Shokti")
