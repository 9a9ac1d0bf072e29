"""The network address of a caller, for rate limits per address."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address

from starlette.types import Scope

Networks = Sequence[IPv4Network | IPv6Network]


def caller_address(scope: Scope, trusted: Networks) -> str:
    """The peer of the socket, or the last entry of X-Forwarded-For that only trusted proxies have forwarded.

    IPv6 addresses are reduced to their /64, the usual size of one subscriber's network.
    """
    peer = scope["client"][0] if scope.get("client") else ""
    hops = [
        hop.strip()
        for name, value in scope["headers"]
        if name == b"x-forwarded-for"
        for hop in value.decode("latin-1").split(",")
    ]
    address = peer
    while hops and _is_within(address, trusted):
        address = hops.pop()
    return _rate_limit_key(address)


def _is_within(text: str, networks: Networks) -> bool:
    try:
        address = ip_address(text)
    except ValueError:
        return False
    return any(address in network for network in networks)


def _rate_limit_key(text: str) -> str:
    try:
        address = ip_address(text)
    except ValueError:
        # Not an address: all such entries of trusted proxies share one limit.
        return "unknown"
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(IPv6Network((address, 64), strict=False))
    return str(address)
