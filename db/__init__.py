"""How a database of Shokti comes into being, is reached, and is kept up to date."""

from db.connection import connect, connect_async, pool
from db.fault import Fault, reported
from db.settings import Settings, load_settings
from db.upkeep import ensure_up

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
