"""Password hashes of admins (Argon2)."""

from __future__ import annotations

import asyncio
import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

# Each hash takes 64 MiB and one core for 0.1 s: guesses must not occupy all of them.
HASHING_SLOTS = asyncio.Semaphore(2)
HASHER = PasswordHasher()
# Verified for an unknown login, so that the answer takes as long as for a known one.
DUMMY_HASH = HASHER.hash(secrets.token_urlsafe(16))


def normalize_password(password: str) -> str:
    """NFC: the same password typed on another keyboard has the same bytes."""
    return unicodedata.normalize("NFC", password)


def password_matches(password_hash: str, password: str) -> bool:
    try:
        return HASHER.verify(password_hash, password)
    except (Argon2Error, InvalidHashError):
        return False
