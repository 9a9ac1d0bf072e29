"""What sign-in flows work with: derived keys, access tokens, and the stored credential of an admin."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from app.sign_in.access_tokens import AccessTokens
from db.keyring import Keyring

# Arguments of a sign-in function that the edge computes, by name without `p_`.
EdgeArguments = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SignInContext:
    """Created once. The database has none of these keys."""

    keyring: Keyring
    tokens: AccessTokens
    # api.begin_admin_login(p_login, p_address_key)
    admin_challenge: Callable[[str, str], Awaitable[bytes]]

    def address_key(self, address: str) -> str:
        """A network address as rate limits count it; the database cannot recover the address."""
        return self.keyring.mac("network address", address.encode()).hex()[:32]

    def code_macs(self, request_id: str, address: str, code: str) -> list[bytes]:
        return self.keyring.macs("code of a request", request_id.encode(), address.encode(), code.encode())

    def successor_tokens(self, token: bytes) -> list[bytes]:
        """The refresh token that replaces this one, by each key. Deterministic, so that a lost answer can be repeated."""
        return self.keyring.macs("refresh token", token)
