"""Bearer tokens of our own programs, for /internal: random, known to the database by their hash alone."""

from __future__ import annotations

import hashlib
import secrets

# Tells it from an access token, and a scanner of repositories what it has found.
PREFIX = "shokti_service_"
BYTES = 32


def drawn() -> str:
    """A new token."""
    return PREFIX + secrets.token_urlsafe(BYTES)


def hashed(token: str) -> bytes:
    """What the database knows it by. No salt, no stretching: nobody guesses 256 random bits."""
    return hashlib.sha256(token.encode()).digest()
