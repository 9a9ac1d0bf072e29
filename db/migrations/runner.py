"""Tables, types and constraints: db/migrations, applied by yoyo, each file in one transaction with its bookkeeping.

yoyo itself runs a file in one transaction and notes it in another, on a second connection, and cuts files into
statements with a parser that does not know `begin atomic`. Here a file goes to the server whole, and the note, the
log and the hash of its bytes are written in the same transaction: a migration is there entirely, or not at all.
"""

from __future__ import annotations

import getpass
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
from yoyo.backends.core.postgresql import PostgresqlPsycopgBackend
from yoyo.connections import DatabaseURI
from yoyo.exceptions import BadMigration
from yoyo.migrations import Migration, MigrationList, default_migration_table, parse_metadata_from_sql_comments

from db.connection import Connection, connect
from db.fault import Fault
from db.locks import LOCK_TIMEOUT, LockTimeout, holder_of, patiently
from db.settings import DB

MIGRATIONS = DB / "migrations"

# One key for everything that changes a database's structure: "shokti" in ASCII.
STRUCTURE_LOCK = 0x73686F6B7469
STRUCTURE_TIMEOUT = "60s"

# One of the files that the baseline replaced: every database made before it has applied this one.
BEFORE_BASELINE = "0003.policy.sql"


def content_hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@contextmanager
def structure_lock(url: str, application_name: str) -> Iterator[Connection]:
    """A connection as shokti_owner that is the only one changing this database's structure."""
    with connect(url, role="shokti_owner", application_name=application_name) as connection:
        connection.execute("select set_config('lock_timeout', %s, false)", [STRUCTURE_TIMEOUT])
        try:
            connection.execute("select pg_advisory_lock(%s)", [STRUCTURE_LOCK])
        except psycopg.errors.LockNotAvailable:
            raise Fault(
                f"another process has been changing this database's structure for {STRUCTURE_TIMEOUT}: "
                f"{holder_of(url, STRUCTURE_LOCK) or 'it has just ended'}; try later"
            ) from None
        yield connection


# --- roles ------------------------------------------------------------------------------------------------------


def ensure_roles(url: str) -> bool:
    """Runs db/roles.sql unless this database already had this very file. True if it ran."""
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
                # Roles belong to the whole cluster: two databases set up in the same moment collide here.
                collided = isinstance(error, psycopg.errors.InternalError_ | psycopg.errors.UniqueViolation)
                if not collided or attempt == 3:
                    raise Fault(f"db/roles.sql: {describe(error, path.read_text())}", exit_code=1) from None
    with structure_lock(url, "shokti-roles") as connection, connection.transaction():
        connection.execute((DB / "deploy.sql").read_text())
        _note(connection, "roles.sql", sha256)
    return True


def _roles_hash(connection: Connection) -> str | None:
    try:
        row = connection.execute(
            "select a.sha256 from deploy.applied a "
            "where a.file = 'roles.sql' and pg_has_role(current_user, 'shokti_owner', 'set')"
        ).fetchone()
    except psycopg.Error:  # no such schema, no such role, no right to look: all mean "not set up"
        return None
    return None if row is None else str(row[0])


def _note(connection: Connection, file: str, sha256: str) -> None:
    connection.execute(
        "insert into deploy.applied (file, sha256) values (%s, %s) "
        "on conflict (file) do update set sha256 = excluded.sha256, applied_at = now()",
        [file, sha256],
    )


def describe(error: psycopg.Error, text: str) -> str:
    """Postgres' message with the line of our file it points at, its detail and hint, in one line."""
    diag = error.diag
    said = diag.message_primary or " ".join(str(error).split())
    if diag.statement_position:
        said = f"line {text[: int(diag.statement_position) - 1].count(chr(10)) + 1}: {said}"
    for extra in (diag.message_detail, diag.message_hint):
        if extra:
            said += f" ({' '.join(extra.split())})"
    return said


# --- migrations -------------------------------------------------------------------------------------------------


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


class Bookkeeping(PostgresqlPsycopgBackend):  # type: ignore[misc]
    """yoyo's tables, in schema deploy, on the connection that holds the structure lock."""

    def __init__(self, connection: Connection) -> None:
        self._given = connection
        self._is_locked = True  # by the advisory lock, which dies with its holder; yoyo's row would not
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
            _note(self.connection, path.name, content_hash(path))


def read_migrations(folder: Path = MIGRATIONS) -> MigrationList:
    """The files of db/migrations; a Fault where one names a dependency that is not there."""
    files = [SqlFile(path) for path in sorted(folder.glob("*.sql"))]
    by_id = {file.id: file for file in files}
    for file in files:
        missing = file.depends_on - by_id.keys()
        if missing:
            raise Fault(f"db/migrations/{file.id}.sql depends on {sorted(missing)[0]}, which is not there", exit_code=1)
        file._depends = {by_id[name] for name in file.depends_on}
    return MigrationList(files)


def _refuse_changes(connection: Connection, migrations: MigrationList) -> None:
    """Migrations are append-only: what has been applied must still be there, byte for byte."""
    known: dict[str, str] = dict(
        connection.execute("select file, sha256 from deploy.applied where file <> 'roles.sql'").fetchall()
    )
    if BEFORE_BASELINE in known:
        raise Fault(
            "this database was made before 1.0.0: make clean, or a new database behind DATABASE_URL", exit_code=1
        )
    present = {Path(migration.path).name: content_hash(Path(migration.path)) for migration in migrations}
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
    """Applies what is pending; returns the names. A failing file changes nothing and is named with Postgres' words."""
    with structure_lock(url, "shokti-migrate") as connection:
        if not pending(connection, folder):
            return []
        with connection.transaction():
            connection.execute((DB / "deploy.sql").read_text())
        migrations = read_migrations(folder)
        backend = Bookkeeping(connection)
        connection.execute("set search_path = deploy")
        try:
            todo = list(backend.to_apply(migrations))
        except BadMigration as error:
            raise Fault(f"db/migrations: {error}", exit_code=1) from None
        for migration in todo:
            tell(migration.id)
            try:
                patiently(url, connection, partial(backend.apply_one, migration), tell)
            except (psycopg.Error, LockTimeout) as error:
                said = describe(error.cause if isinstance(error, LockTimeout) else error, migration.text)
                more = f"; {error}" if isinstance(error, LockTimeout) else ""
                raise Fault(
                    f"db/migrations/{migration.id}.sql failed, nothing of it was kept: {said}{more}", exit_code=1
                ) from None
        return [migration.id for migration in todo]
