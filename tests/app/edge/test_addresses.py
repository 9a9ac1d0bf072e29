"""The network address that rate limits count."""

from __future__ import annotations

import pytest

from app.edge.addresses import caller_address
from db.settings import read_settings


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "counted"),
    [
        ("203.0.113.9", "198.51.100.1", (), "203.0.113.9"),
        ("10.0.0.1", "198.51.100.1", ("10.0.0.0/8",), "198.51.100.1"),
        # Entries before the one that the proxy appended come from the caller and are ignored.
        ("10.0.0.1", "1.1.1.1, 198.51.100.1", ("10.0.0.0/8",), "198.51.100.1"),
        ("10.0.0.1", "1.1.1.1, 198.51.100.1, 10.0.0.2", ("10.0.0.0/8",), "198.51.100.1"),
        ("203.0.113.9", "198.51.100.1", ("10.0.0.0/8",), "203.0.113.9"),
        ("10.0.0.1", "rubbish", ("10.0.0.0/8",), "unknown"),
        ("2001:db8:1:2:3:4:5:6", "", (), "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "", (), "203.0.113.9"),
    ],
)
def test_the_address_of_the_caller(peer: str, forwarded: str, trusted: tuple[str, ...], counted: str) -> None:
    networks = read_settings(trusted_proxies=",".join(trusted)).trusted_proxies if trusted else ()
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    assert caller_address({"type": "http", "client": (peer, 1), "headers": headers}, networks) == counted
