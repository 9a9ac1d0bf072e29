"""Bearer tokens of our own programs, for /internal. The database stores only their hashes."""

from __future__ import annotations

import hashlib
import secrets

# Distinguishes it from an access token, and lets secret scanners recognize it.
PREFIX = "shokti_service_"
BYTES = 32


def new_token() -> str:
    """A new token."""
    return PREFIX + secrets.token_urlsafe(BYTES)


def token_hash(token: str) -> bytes:
    """The stored hash. Needs no salt and no stretching, because 256 random bits cannot be guessed."""
    return hashlib.sha256(token.encode()).digest()
