"""Setting up a database of Shokti, connecting to it, and keeping it up to date."""

from db.connection import connect, connect_async, pool
from db.fault import Fault, exit_on_fault
from db.provision import ensure_up
from db.settings import Settings, load_settings

__all__ = [
    "Fault",
    "Settings",
    "connect",
    "connect_async",
    "ensure_up",
    "exit_on_fault",
    "load_settings",
    "pool",
]
