"""Applies the migrations of db/migrations, each file in one transaction with its bookkeeping.

yoyo itself runs a file in one transaction and records it in another, on a second connection. It also splits files into
statements with a parser that does not know `begin atomic`. Here a file goes to the server whole. Its record, its log
entry and the hash of its bytes are written in the same transaction, so a migration is applied entirely or not at all.
"""

from __future__ import annotations

import getpass
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
from yoyo.backends.core.postgresql import PostgresqlPsycopgBackend
from yoyo.connections import DatabaseURI
from yoyo.exceptions import BadMigration
from yoyo.migrations import Migration, MigrationList, default_migration_table, parse_metadata_from_sql_comments

from db.connection import Connection
from db.fault import Fault
from db.locks import LOCK_TIMEOUT, LockTimeout, retry_when_locked, structure_lock
from db.roles import record_applied
from db.settings import DB
from db.sql_file import content_hash, error_line

MIGRATIONS = DB / "migrations"


class SqlFile(Migration):  # type: ignore[misc]
    """A migration as one piece of text."""

    def __init__(self, path: Path) -> None:
        super().__init__(path.stem, str(path), source_dir=str(path.parent))
        self.text = path.read_text(encoding="utf-8")
        directives, _, _ = parse_metadata_from_sql_comments(self.text)
        if directives.get("transactional", "true").lower() != "true":
            raise Fault(f"db/migrations/{path.name}: every migration is transactional", exit_code=1)
        self.depends_on = set(directives.get("depends", "").split())
        self.steps: list[Any] = []
        self._depends: set[Migration] = set()


class DeployBackend(PostgresqlPsycopgBackend):  # type: ignore[misc]
    """yoyo's tables, in schema deploy, on the connection that holds the structure lock."""

    def __init__(self, connection: Connection) -> None:
        self._given = connection
        self._is_locked = True  # by the advisory lock, which ends with its session; yoyo's row would stay
        super().__init__(DatabaseURI("postgresql+psycopg", None, None, None, None, "", {}), default_migration_table)

    def connect(self, dburi: DatabaseURI) -> Connection:
        self.schema = "deploy"
        return self._given

    def get_log_data(self, migration: Migration | None = None, operation: str = "apply") -> dict[str, Any]:
        try:
            getpass.getuser()
        except (KeyError, OSError):  # a container's user may have no name
            getpass.getuser = lambda: "unknown"
        return dict(super().get_log_data(migration, operation))

    def apply_one(self, migration: SqlFile, force: bool = False, mark: bool = True) -> None:
        path = Path(migration.path)
        with self.transaction():
            self.connection.execute(f"set local lock_timeout = '{LOCK_TIMEOUT}'")
            self.connection.execute("set local search_path = public")
            self.connection.execute(migration.text)
            self.connection.execute("set local search_path = deploy")
            self.log_migration(migration, "apply")
            self.mark_one(migration, log=False)
            record_applied(self.connection, path.name, content_hash(path))


def read_migrations(folder: Path = MIGRATIONS) -> MigrationList:
    """The files of db/migrations; a Fault where one depends on a file that does not exist."""
    files = [SqlFile(path) for path in sorted(folder.glob("*.sql"))]
    by_id = {file.id: file for file in files}
    for file in files:
        missing = file.depends_on - by_id.keys()
        if missing:
            raise Fault(f"db/migrations/{file.id}.sql depends on {sorted(missing)[0]}, which is not there", exit_code=1)
        file._depends = {by_id[name] for name in file.depends_on}
    return MigrationList(files)


def _refuse_changes(connection: Connection, migrations: MigrationList) -> None:
    """Migrations are append-only: an applied file is still there, byte for byte."""
    known: dict[str, str] = dict(
        connection.execute("select file, sha256 from deploy.applied where file <> 'roles.sql'").fetchall()
    )
    present = {Path(migration.path).name: content_hash(Path(migration.path)) for migration in migrations}
    # Migrations began anew with 1.0.0: a database that has others, but not the first of these, cannot be brought up.
    first = {f"{migration.id}.sql" for migration in migrations if not migration.depends_on}
    if known.keys() - present.keys() and not any(known.get(file) == present[file] for file in first):
        raise Fault("this database was made before 1.0.0 and cannot be brought up to date; remove it: make clean")
    for file, sha256 in sorted(known.items()):
        if file not in present:
            raise Fault(f"db/migrations/{file} was applied here but is gone; this checkout is older", exit_code=1)
        if present[file] != sha256:
            raise Fault(
                f"db/migrations/{file} was changed after it was applied here; put it back and write a new migration",
                exit_code=1,
            )


def pending(connection: Connection, folder: Path = MIGRATIONS) -> list[str]:
    """Names of the migrations not yet applied, in order. The connection acts as shokti_owner."""
    migrations = read_migrations(folder)
    row = connection.execute("select to_regclass('deploy.applied')").fetchone()
    if row is None or row[0] is None:
        return [migration.id for migration in migrations]
    _refuse_changes(connection, migrations)
    known = {file for (file,) in connection.execute("select file from deploy.applied").fetchall()}
    return [migration.id for migration in migrations if Path(migration.path).name not in known]


def migrate(url: str, folder: Path = MIGRATIONS, tell: Callable[[str], None] = lambda name: None) -> list[str]:
    """Applies the pending migrations; returns their names.

    A file that fails changes nothing; the Fault names it with PostgreSQL's message.
    """
    with structure_lock(url, "shokti-migrate") as connection:
        if not pending(connection, folder):
            return []
        with connection.transaction():
            connection.execute((DB / "deploy.sql").read_text())
        migrations = read_migrations(folder)
        backend = DeployBackend(connection)
        connection.execute("set search_path = deploy")
        try:
            todo = list(backend.to_apply(migrations))
        except BadMigration as error:
            raise Fault(f"db/migrations: {error}", exit_code=1) from None
        for migration in todo:
            tell(migration.id)
            try:
                retry_when_locked(url, connection, partial(backend.apply_one, migration), tell)
            except (psycopg.Error, LockTimeout) as error:
                message = error_line(error.cause if isinstance(error, LockTimeout) else error, migration.text)
                holders = f"; {error}" if isinstance(error, LockTimeout) else ""
                raise Fault(
                    f"db/migrations/{migration.id}.sql failed, nothing of it was kept: {message}{holders}", exit_code=1
                ) from None
        return [migration.id for migration in todo]
