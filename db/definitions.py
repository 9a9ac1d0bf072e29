"""Functions, views and triggers: the files of sql/, applied where they changed.

One transaction under the structure lock applies all of them, so readers see the old definitions or the new ones. The
order is found by trying: a file that needs a missing object is tried again after the others. Where `create or replace`
is not enough (another result type, another argument list, a changed materialized view), the former objects of the file
are dropped by cascade, and the files of other dropped objects are applied again. Stored objects never go that way: if a
table, column default, constraint or index would be dropped, the whole apply is refused.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import psycopg

from db.connection import Connection
from db.fault import Fault
from db.locks import LOCK_TIMEOUT, LockTimeout, retry_when_locked, structure_lock
from db.settings import DB, ROOT
from db.sql_file import content_hash, error_line

SQL = ROOT / "sql"

# Objects that files of sql/ make: functions, procedures, views, materialized views, types, triggers. `stamp` changes
# whenever the catalogue row is rewritten; for a view that is the row of its rule.
DEFINED_OBJECTS_SQL = """
with ours as (
  select oid, nspname from pg_catalog.pg_namespace
  where nspowner = 'shokti_owner'::regrole and nspname <> 'deploy'
), object (classid, objid, stamp) as (
  select 'pg_catalog.pg_proc'::regclass, p.oid, p.xmin::text || p.ctid::text
  from pg_catalog.pg_proc p join ours on ours.oid = p.pronamespace
  union all
  select 'pg_catalog.pg_class'::regclass, c.oid, r.xmin::text || r.ctid::text
  from pg_catalog.pg_class c
  join ours on ours.oid = c.relnamespace
  join pg_catalog.pg_rewrite r on r.ev_class = c.oid and r.rulename = '_RETURN'
  where c.relkind in ('v', 'm')
  union all
  select 'pg_catalog.pg_type'::regclass, t.oid, t.xmin::text || t.ctid::text
  from pg_catalog.pg_type t join ours on ours.oid = t.typnamespace
  where t.typtype in ('e', 'd', 'r')
     or t.typtype = 'c' and exists (select from pg_catalog.pg_class c where c.oid = t.typrelid and c.relkind = 'c')
  union all
  select 'pg_catalog.pg_trigger'::regclass, t.oid, t.xmin::text || t.ctid::text
  from pg_catalog.pg_trigger t
  join pg_catalog.pg_class c on c.oid = t.tgrelid
  join ours on ours.oid = c.relnamespace
  where not t.tgisinternal and t.tgparentid = 0
)
select i.type || ' ' || i.identity, o.stamp
from object o, pg_catalog.pg_identify_object(o.classid, o.objid, 0) i
"""

# Objects that hold or guard data, by name: none may be dropped while definitions are replaced.
STORED_OBJECTS_SQL = """
select 'table ' || c.oid::regclass from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where n.nspowner = 'shokti_owner'::regrole and c.relkind in ('r', 'p', 'S')
union all
select 'index ' || c.oid::regclass from pg_catalog.pg_class c
join pg_catalog.pg_index i on i.indexrelid = c.oid
join pg_catalog.pg_class t on t.oid = i.indrelid and t.relkind in ('r', 'p')
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where n.nspowner = 'shokti_owner'::regrole
union all
select 'constraint ' || c.conname || ' of ' || c.conrelid::regclass from pg_catalog.pg_constraint c
join pg_catalog.pg_namespace n on n.oid = c.connamespace
where n.nspowner = 'shokti_owner'::regrole and c.conrelid <> 0
union all
select 'column ' || a.attname || ' of ' || c.oid::regclass || case when a.atthasdef then ' with its default' else '' end
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p')
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where n.nspowner = 'shokti_owner'::regrole and a.attnum > 0 and not a.attisdropped
"""

# Errors that mean "create or replace cannot turn the old object into this one".
IRREPLACEABLE = {
    "42P13",  # another result type, argument name or default
    "42P16",  # another column of a view
    "42P07",  # a materialized view, or an index on one, that is there already
    "42710",  # a type, trigger … that is there already
    "42723",  # a function that is there already, made without `or replace`
    "42809",  # a view became a materialized view, a function a procedure
    "42725",  # ambiguous: the overload it replaces is still there
    "2BP01",  # other objects depend on it
}


@dataclass(frozen=True, slots=True)
class ApplyResult:
    """Files that were applied, in order, and files that are gone, whose objects were dropped or moved."""

    files: tuple[str, ...]
    dropped: tuple[str, ...]


def read_files(folder: Path = SQL) -> dict[str, Path]:
    """The files sql/<schema>/[<shelf>/]<object>.sql, at any depth, by their paths from the root of the checkout."""
    return {f"sql/{path.relative_to(folder).as_posix()}": path for path in sorted(folder.rglob("*.sql"))}


def object_name(file: str) -> str:
    """The qualified name of the object after which a file is named."""
    return f"{file.split('/')[1]}.{Path(file).stem}"


def fingerprint(folder: Path = SQL) -> str:
    """One hash over all definitions, for comparing a checkout with a database."""
    whole = hashlib.sha256()
    for name, path in read_files(folder).items():
        whole.update(f"{name} {content_hash(path)}\n".encode())
    return whole.hexdigest()


def changed_files(connection: Connection, folder: Path = SQL) -> list[str]:
    """Files that an apply would run or whose objects it would drop. The connection acts as shokti_owner."""
    known = _recorded(connection)
    present = {name: content_hash(path) for name, path in read_files(folder).items()}
    there = _objects(connection).keys()
    return sorted(
        {name for name, sha256 in present.items() if name not in known or known[name][0] != sha256}
        | (known.keys() - present.keys())
        | {name for name, (_, objects) in known.items() if not set(objects) <= there}
    )


def apply(url: str, folder: Path = SQL, tell: Callable[[str], None] = lambda file: None) -> ApplyResult:
    """Brings the definitions of a database to those of sql/. Idempotent."""
    with structure_lock(url, "shokti-apply") as connection:
        row = connection.execute("select to_regclass('deploy.definition') is not null").fetchone()
        if row is None or not row[0]:
            raise Fault("no migration was applied here yet; run: python -m db up")
        grants = DB / "grants.sql"
        if not changed_files(connection, folder) and _recorded(connection, "db/grants.sql").get("db/grants.sql", ("",))[
            0
        ] == (content_hash(grants)):
            return ApplyResult((), ())
        try:
            return retry_when_locked(url, connection, lambda: _apply(connection, folder, tell), tell)
        except LockTimeout as error:
            raise Fault(f"sql/ was not applied, nothing was changed: {error}", exit_code=1) from None


def _apply(connection: Connection, folder: Path, tell: Callable[[str], None]) -> ApplyResult:
    grants = (DB / "grants.sql").read_text()
    with connection.transaction():
        # The apply locks many objects, so it must not make other sessions wait for long.
        connection.execute(f"set local lock_timeout = '{LOCK_TIMEOUT}'")
        connection.execute("set local search_path = ''")
        connection.execute("set local check_function_bodies = on")
        applied = _ApplyRun(connection, read_files(folder), tell).run()
        try:
            connection.execute(grants)
        except psycopg.errors.LockNotAvailable:
            raise
        except psycopg.Error as error:
            raise Fault(f"db/grants.sql: {error_line(error, grants)}", exit_code=1) from None
        _record(connection, "db/grants.sql", content_hash(DB / "grants.sql"), ())
    return applied


def _recorded(connection: Connection, pattern: str = "sql/%") -> dict[str, tuple[str, tuple[str, ...]]]:
    rows = connection.execute(
        "select file, sha256, objects from deploy.definition where file like %s", [pattern]
    ).fetchall()
    return {file: (sha256, tuple(objects)) for file, sha256, objects in rows}


def _record(connection: Connection, file: str, sha256: str, objects: Iterable[str]) -> None:
    connection.execute(
        "insert into deploy.definition (file, sha256, objects) values (%s, %s, %s) "
        "on conflict (file) do update set sha256 = excluded.sha256, objects = excluded.objects, applied_at = now()",
        [file, sha256, sorted(objects)],
    )


def _objects(connection: Connection) -> dict[str, str]:
    return dict(connection.execute(DEFINED_OBJECTS_SQL).fetchall())


def _stored(connection: Connection) -> set[str]:
    return {name for (name,) in connection.execute(STORED_OBJECTS_SQL).fetchall()}


class _ApplyRun:
    """One apply, inside its transaction."""

    def __init__(self, connection: Connection, files: dict[str, Path], tell: Callable[[str], None]) -> None:
        self.connection = connection
        self.files = files
        self.tell = tell
        self.made: dict[str, set[str]] = {}
        self.hashes: dict[str, str] = {}
        for file, (sha256, objects) in _recorded(connection).items():
            self.made[file] = set(objects)
            self.hashes[file] = sha256
        self.order: list[str] = []
        self.stored = _stored(connection)
        self.objects = _objects(connection)

    def run(self) -> ApplyResult:
        moved = self._adopt_moved_files()
        waiting = [
            file
            for file, path in self.files.items()
            if self.hashes.get(file) != content_hash(path) or not self.made[file] <= self.objects.keys()
        ]
        rebuilt: set[str] = set()
        while waiting:
            errors: dict[str, psycopg.Error] = {}
            progress = False
            for file in list(waiting):
                try:
                    others = self._run_file(file)
                except psycopg.errors.LockNotAvailable:
                    raise  # later files would wait as long
                except psycopg.Error as error:
                    if self.connection.closed:
                        message = error_line(error, "")
                        raise Fault(f"{file}: PostgreSQL went away, see its log: {message}", exit_code=1) from None
                    errors[file] = error
                    continue
                progress = True
                waiting.remove(file)
                waiting += [other for other in others if other not in waiting and other != file]
            if progress:
                continue
            # No file can be applied as it is: drop the former objects of one that cannot replace them, and try again.
            candidates = [f for f in waiting if errors[f].sqlstate in IRREPLACEABLE and f not in rebuilt]
            if not candidates:
                raise self._fault(errors)
            file = candidates[0]
            rebuilt.add(file)
            waiting += [other for other in self._drop(file, self._former_objects(file)) if other not in waiting]
        return ApplyResult(tuple(self.order), tuple(sorted((*moved, *self._drop_orphans()))))

    def _adopt_moved_files(self) -> list[str]:
        """Records moved files of the same bytes under their new paths; their objects stay. Returns the former paths."""
        gone = {self.hashes[file]: file for file in self.made.keys() - self.files.keys()}
        moved = []
        for file, path in self.files.items():
            former = gone.get(content_hash(path)) if file not in self.made else None
            if former is not None and object_name(former) == object_name(file):
                self.made[file] = self.made.pop(former)
                self.hashes[file] = self.hashes.pop(former)
                self.connection.execute("update deploy.definition set file = %s where file = %s", [file, former])
                moved.append(former)
        return moved

    def _run_file(self, file: str) -> list[str]:
        """Runs one file. Returns the files whose objects were dropped with those that this file no longer makes."""
        path = self.files[file]
        text = path.read_text(encoding="utf-8")
        before = self.objects
        with self.connection.transaction():
            self.connection.execute(text)
            after = _objects(self.connection)
        elsewhere = {
            name for other, names in self.made.items() if other != file and other in self.files for name in names
        }
        touched = {name for name, stamp in after.items() if before.get(name) != stamp}
        made = {name for name in touched if name not in elsewhere or name not in before}
        former = self.made.get(file, set())
        self.objects = after
        self.made[file] = made
        for other in self.made.keys() - self.files.keys():
            self.made[other] -= made  # moved here from a file that is gone
        self.hashes[file] = content_hash(path)
        if file not in self.order:
            self.order.append(file)
            self.tell(file)
        others = self._drop(file, {name for name in former - made if name in after})
        _record(self.connection, file, self.hashes[file], made)
        return others

    def _former_objects(self, file: str) -> set[str]:
        """The objects that a file has to replace: those it made before, and unrecorded ones of its name."""
        named = {
            obj
            for obj in self.objects
            if obj.split(" ", 1)[-1].split("(")[0].removeprefix("view ").replace('"', "") == object_name(file)
            and not any(obj in names for other, names in self.made.items() if other != file and other in self.files)
        }
        return (self.made.get(file, set()) & self.objects.keys()) | named

    def _drop(self, file: str, names: set[str]) -> list[str]:
        """Drops objects by cascade; returns the files whose objects were dropped with them."""
        if not names:
            return []
        for name in sorted(names, key=lambda name: not name.startswith("trigger ")):
            if name in _objects(self.connection):
                kind, identity = _kind_and_identity(name)
                self.connection.execute(f"drop {kind} if exists {identity} cascade")
        lost = sorted(self.stored - _stored(self.connection))
        if lost:
            raise Fault(
                f"{file} replaces {sorted(names)[0]}, on which {lost[0]} depends; change that in a migration first",
                exit_code=1,
            )
        self.objects = _objects(self.connection)
        return [
            other
            for other, made in self.made.items()
            if other != file and other in self.files and not made <= self.objects.keys()
        ]

    def _drop_orphans(self) -> tuple[str, ...]:
        """Drops the objects of files that are gone; a Fault names a file that still needs them."""
        gone = sorted(self.made.keys() - self.files.keys())
        for file in gone:
            others = self._drop(file, {name for name in self.made[file] if name in self.objects})
            if others:
                raise Fault(f"{others[0]} needs what {file} defined, which is gone", exit_code=1)
            self.connection.execute("delete from deploy.definition where file = %s", [file])
        return tuple(gone)

    def _fault(self, errors: dict[str, psycopg.Error]) -> Fault:
        """The Fault of one failing file, preferably one whose error mentions no object of another failing file."""

        def is_consequence(file: str) -> bool:
            others = (object_name(other) for other in errors if other != file)
            return any(re.search(rf"\b{re.escape(name)}\b", str(errors[file])) for name in others)

        file = min(errors, key=lambda file: (is_consequence(file), file))
        rest = sorted(errors.keys() - {file})
        more = f"; {len(rest)} more failed: {', '.join(rest[:5])}" if rest else ""
        return Fault(f"{file}: {error_line(errors[file], self.files[file].read_text())}{more}", exit_code=1)


def _kind_and_identity(name: str) -> tuple[str, str]:
    kind = "materialized view" if name.startswith("materialized view ") else name.split(" ", 1)[0]
    return kind, name.removeprefix(kind + " ")
