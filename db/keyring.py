"""What is sealed, counted and signed with keys kept outside the database: whoever reads the database reads none of it.

Here because the edge seals what the worker opens, and neither may import the other. The first of SHOKTI_SECRET_KEYS
makes, all of them read, so a key is changed by putting a new one in front and taking the old one away a day later.
"""

from __future__ import annotations

import base64
import hmac
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import load_der_private_key

NONCE_BYTES = 12
KEY_ID_BYTES = 4


class SealBrokenError(Exception):
    """Not sealed by any of our keys, or not for this use."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """Newest key first. Every use has a key of its own, derived from it, so that no output serves for another use."""

    keys: Sequence[bytes] = field(repr=False)

    def derived(self, use: str) -> tuple[bytes, ...]:
        """32 bytes of each key for one use."""
        return tuple(HKDF(SHA256(), 32, salt=None, info=b"shokti " + use.encode()).derive(key) for key in self.keys)

    def mac(self, use: str, *parts: bytes) -> bytes:
        """HMAC-SHA256 with the newest key."""
        return self.macs(use, *parts)[0]

    def macs(self, use: str, *parts: bytes) -> list[bytes]:
        """The same with each key: what was made before a change of keys is still found."""
        # Each part with its length before it: no two lists of parts are the same bytes.
        message = b"".join(len(part).to_bytes(4) + part for part in parts)
        return [hmac.digest(key, message, "sha256") for key in self.derived(use)]

    def seal(self, use: str, content: bytes, bound_to: bytes) -> bytes:
        """AES-256-GCM; opens only with the same `bound_to`, so that it cannot be moved to another row."""
        key = self.derived(use)[0]
        nonce = os.urandom(NONCE_BYTES)
        return _key_id(key) + nonce + AESGCM(key).encrypt(nonce, content, bound_to)

    def unseal(self, use: str, sealed: bytes, bound_to: bytes) -> bytes:
        """What was sealed; a SealBrokenError if it was not by us, not for this use, or not for this row."""
        key_id, nonce = sealed[:KEY_ID_BYTES], sealed[KEY_ID_BYTES : KEY_ID_BYTES + NONCE_BYTES]
        for key in self.derived(use):
            if _key_id(key) == key_id:
                try:
                    return AESGCM(key).decrypt(nonce, sealed[KEY_ID_BYTES + NONCE_BYTES :], bound_to)
                except (InvalidTag, ValueError):
                    break
        raise SealBrokenError("sealed by none of SHOKTI_SECRET_KEYS, or damaged")


def _key_id(key: bytes) -> bytes:
    return hmac.digest(key, b"id", "sha256")[:KEY_ID_BYTES]


def signing_key(text: str) -> Ed25519PrivateKey:
    """An Ed25519 key from PEM (PKCS#8), with or without its first and last line; ValueError if it is none."""
    encoded = re.sub(r"-----[A-Z ]+-----|\s", "", text)
    try:
        key = load_der_private_key(base64.b64decode(encoded, validate=True), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ValueError("not a private key in PEM: openssl genpkey -algorithm ed25519") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("not an Ed25519 key: openssl genpkey -algorithm ed25519")
    return key
