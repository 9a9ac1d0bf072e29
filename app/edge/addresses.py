"""Which network address a request comes from, for limits per address."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address

from starlette.types import Scope

Networks = Sequence[IPv4Network | IPv6Network]


def caller_address(scope: Scope, trusted: Networks) -> str:
    """The socket's peer; what X-Forwarded-For says only where each hop from us to it is a proxy of ours.

    An IPv6 address counts by its /64: that is what one subscriber has.
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
    return _counted(address)


def _is_within(text: str, networks: Networks) -> bool:
    try:
        address = ip_address(text)
    except ValueError:
        return False
    return any(address in network for network in networks)


def _counted(text: str) -> str:
    try:
        address = ip_address(text)
    except ValueError:
        # A proxy of ours that writes something else: one bucket for all of it.
        return "unknown"
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(IPv6Network((address, 64), strict=False))
    return str(address)
