"""The configuration of the server: shokti.conf, included by postgresql.conf and written at every start."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

# For a laptop or a two-core machine; a production server has its own configuration.
DEVELOPMENT_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "effective_cache_size": "2GB",
    "random_page_cost": "1.1",
    "max_wal_size": "4GB",
    "max_locks_per_transaction": "256",  # re-applying sql/ locks hundreds of objects in one transaction
    "jit": "off",  # compiling takes longer than it saves on queries of milliseconds
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %a ",
    "log_lock_waits": "on",
    "shared_preload_libraries": "pg_stat_statements",
}
# Disposable data may be lost in a crash, so no statement waits for a disk.
DISPOSABLE_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "128MB",
    "autovacuum_naptime": "15s",
    "shared_preload_libraries": "",
}


def write_configuration(data: Path, sockets: Path, settings: Mapping[str, str]) -> None:
    """Writes shokti.conf into the data folder: the settings, and a socket in the folder `sockets`."""
    chosen = {**settings, "unix_socket_directories": str(sockets), "port": "5432"}
    shm = Path("/dev/shm")
    if not shm.is_dir() or shutil.disk_usage(shm).total < 1 << 30:
        chosen["dynamic_shared_memory_type"] = "mmap"  # a container's 64 MB are too little for parallel queries
    lines = [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'\n" for name, value in chosen.items()]
    file = data / "shokti.conf"
    file.write_text("".join(lines))
    file.chmod(0o644)  # root writes it, the server's OS user reads it; other users cannot enter the folder
