"""Encryption and MACs with keys outside the database: a reader of the database alone cannot decrypt or forge anything.

It is in db/ because the edge encrypts what the worker decrypts, and neither imports the other. The first key of
SHOKTI_SECRET_KEYS encrypts and signs, all of them decrypt and verify. To change the key, put a new one in front and
remove the old one a day later.
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
#: Use of the key for one-time codes, which the edge seals and the worker process unseals.
ONE_TIME_CODE = "code"


class SealBrokenError(Exception):
    """Encrypted with none of our keys, or for another use."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """The keys, newest first. Each use has its own derived key, so that an output is valid for one use only."""

    keys: Sequence[bytes] = field(repr=False)

    def derived(self, use: str) -> tuple[bytes, ...]:
        """The derived keys of one use, 32 bytes each."""
        return tuple(HKDF(SHA256(), 32, salt=None, info=b"shokti " + use.encode()).derive(key) for key in self.keys)

    def mac(self, use: str, *parts: bytes) -> bytes:
        """HMAC-SHA256 with the newest key."""
        return self.macs(use, *parts)[0]

    def macs(self, use: str, *parts: bytes) -> list[bytes]:
        """HMAC-SHA256 with each key, so that a value made before a change of keys is still found."""
        # Each part is preceded by its length, so that different lists of parts are different bytes.
        message = b"".join(len(part).to_bytes(4) + part for part in parts)
        return [hmac.digest(key, message, "sha256") for key in self.derived(use)]

    def seal(self, use: str, content: bytes, bound_to: bytes) -> bytes:
        """AES-256-GCM. Decryption needs the same `bound_to`, so that the value cannot be moved to another row."""
        key = self.derived(use)[0]
        nonce = os.urandom(NONCE_BYTES)
        return _key_id(key) + nonce + AESGCM(key).encrypt(nonce, content, bound_to)

    def unseal(self, use: str, sealed: bytes, bound_to: bytes) -> bytes:
        """The decrypted content. SealBrokenError if the key, the use or the row is another one."""
        key_id, nonce = sealed[:KEY_ID_BYTES], sealed[KEY_ID_BYTES : KEY_ID_BYTES + NONCE_BYTES]
        for key in self.derived(use):
            if _key_id(key) == key_id:
                try:
                    return AESGCM(key).decrypt(nonce, sealed[KEY_ID_BYTES + NONCE_BYTES :], bound_to)
                except (InvalidTag, ValueError):
                    break
        raise SealBrokenError("encrypted with none of SHOKTI_SECRET_KEYS, or damaged")


def _key_id(key: bytes) -> bytes:
    return hmac.digest(key, b"id", "sha256")[:KEY_ID_BYTES]


def signing_key(text: str) -> Ed25519PrivateKey:
    """An Ed25519 key from PEM (PKCS#8), with or without its first and last line. ValueError for any other text."""
    encoded = re.sub(r"-----[A-Z ]+-----|\s", "", text)
    try:
        key = load_der_private_key(base64.b64decode(encoded, validate=True), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ValueError("not a private key in PEM: openssl genpkey -algorithm ed25519") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("not an Ed25519 key: openssl genpkey -algorithm ed25519")
    return key
