"""The roles of a database: db/roles.sql, run where this database has not had the present file yet."""

from __future__ import annotations

import psycopg

from db.connection import Connection, connect
from db.fault import Fault
from db.locks import structure_lock
from db.settings import DB
from db.sql_file import content_hash, error_line


def ensure_roles(url: str) -> bool:
    """Runs db/roles.sql unless this database has had the same file, and nothing was restored since. True if it ran."""
    path = DB / "roles.sql"
    sha256 = content_hash(path)
    with connect(url, application_name="shokti-roles") as connection:
        if _roles_hash(connection) == sha256:
            return False
        for attempt in (1, 2, 3):
            try:
                with connection.transaction():
                    connection.execute(path.read_text())
                break
            except psycopg.errors.InsufficientPrivilege as error:
                raise Fault(
                    f"db/roles.sql: {error.diag.message_primary}; the first set-up needs a log-in with CREATEROLE "
                    "that owns the database"
                ) from None
            except psycopg.Error as error:
                # Roles belong to the whole cluster: set-ups of two databases at the same moment collide here.
                collided = isinstance(error, psycopg.errors.InternalError_ | psycopg.errors.UniqueViolation)
                if not collided or attempt == 3:
                    raise Fault(f"db/roles.sql: {error_line(error, path.read_text())}", exit_code=1) from None
    with structure_lock(url, "shokti-roles") as connection, connection.transaction():
        connection.execute((DB / "deploy.sql").read_text())
        record_applied(connection, "roles.sql", sha256)
    return True


def record_applied(connection: Connection, file: str, sha256: str) -> None:
    """Records in deploy.applied that this database has had a file, with the hash of its bytes."""
    connection.execute(
        "insert into deploy.applied (file, sha256) values (%s, %s) "
        "on conflict (file) do update set sha256 = excluded.sha256, applied_at = now()",
        [file, sha256],
    )


def _roles_hash(connection: Connection) -> str | None:
    try:
        row = connection.execute(
            "select a.sha256 from deploy.applied a "
            "where a.file = 'roles.sql' and pg_has_role(current_user, 'shokti_owner', 'set')"
            # A restored dump lacks the privileges of the database itself.
            " and not exists (select from pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) p"
            " where d.datname = current_database() and p.grantee = 0 and p.privilege_type = 'TEMPORARY')"
        ).fetchone()
    except psycopg.Error:  # no such schema, no such role or no privilege: the database is not set up
        return None
    return None if row is None else str(row[0])
