"""How a database of Shokti comes into being, is reached, and is kept up to date."""

from db.connection import connect, connect_async, pool
from db.fault import Fault, reported
from db.provision import ensure_up
from db.settings import Settings, load_settings

__all__ = [
    "Fault",
    "Settings",
    "connect",
    "connect_async",
    "ensure_up",
    "load_settings",
    "pool",
    "reported",
]
