"""Creating an admin: a password that is hard to guess, and an authenticator app."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import pyotp
from zxcvbn import zxcvbn

from app.sign_in.flows import TOTP
from app.sign_in.passwords import HASHER, normalize_password
from db import Fault
from db.admin import set_admin
from db.keyring import Keyring

MIN_LENGTH, MAX_LENGTH = 12, 1000
LOGIN = re.compile(r"[^\s\x00-\x1f\x7f]{1,100}")
# Guesses that an informed attacker needs; fewer mean a common password.
MIN_GUESSES = 1e8
# The time of the estimate grows with the length, so only the beginning is estimated.
ESTIMATED_CHARACTERS = 72


def check_password(password: str, login: str) -> None:
    """A Fault for a password that is too short, too long or easy to guess. There are no composition rules."""
    if len(password) < MIN_LENGTH:
        raise Fault(f"the password has {len(password)} characters; {MIN_LENGTH} or more are needed")
    if len(password) > MAX_LENGTH:
        raise Fault(f"the password has more than {MAX_LENGTH} characters")
    if any(unicodedata.category(letter) in ("Cc", "Cs") for letter in password):
        raise Fault("the password has control characters")
    estimate: dict[str, Any] = zxcvbn(password[:ESTIMATED_CHARACTERS], user_inputs=[login, "shokti"])
    if float(estimate["guesses"]) < MIN_GUESSES:
        raise Fault("the password is easy to guess; use a few unrelated words")


def create_admin(url: str, keyring: Keyring, login: str, password: str) -> str:
    """Stores the admin, or a new password of one. Returns the otpauth:// address for an authenticator app."""
    if not LOGIN.fullmatch(login):
        raise Fault("the login must have 1 to 100 characters and no blanks")
    password = normalize_password(password)
    check_password(password, login)
    secret = pyotp.random_base32()
    set_admin(url, login, HASHER.hash(password), keyring.seal(TOTP, secret.encode(), login.encode()))
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name="Shokti")
