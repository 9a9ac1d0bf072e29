"""Loads the data of an existing marketplace from CSV files.

Files stream through COPY into a temporary table of text with line numbers. One statement checks all rows of a file,
another stores the valid ones. A load is one transaction, so a crash leaves nothing behind. A repeated load finds every
row stored already.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from rich.progress import Progress, TaskID

from db.connection import Connection, connect
from db.fault import Fault
from db.load.files import FILES, PERSONAL, PHONES, CsvFile, all_columns
from db.load.reader import chunks, header
from db.phone import mobile_number

HERE = Path(__file__).resolve().parent

#: How many rejected rows a report lists; the rejects file has all.
SHOWN = 20

#: Rejects are listed in the order of references between files: a cause comes before its consequences.
REJECT_ORDER = f"array_position('{{{','.join(file.name for file in FILES)}}}', file), line, field"


@dataclass(frozen=True, slots=True)
class FileCount:
    """Rows of one file: `read` = `stored` + `updated` + `already_there` + `rejected`."""

    file: str
    read: int
    stored: int
    updated: int
    already_there: int
    rejected: int


@dataclass(frozen=True, slots=True)
class Reject:
    """A rejected row, or by `outcome` a row that is not stored as written (see begin.sql).

    `field` is None if the line is malformed, `value` is None if it is personal data.
    """

    file: str
    line: int
    field: str | None
    reason: str
    value: str | None
    outcome: str = "row"


@dataclass(frozen=True, slots=True)
class Report:
    """The result of a load. `stored` False: everything was rolled back."""

    stored: bool
    counts: list[FileCount]
    reasons: list[tuple[str, str, int]]  # of rejected rows: file, field and reason, number; the most frequent first
    rejects: list[Reject]  # the first SHOWN
    notices: list[Reject]  # rows that are not stored as written, the first SHOWN
    noticed: int  # number of all notices
    ignored: list[str]  # other CSV files in the folder
    remarks: list[str]

    @property
    def rejected(self) -> int:
        return sum(count.rejected for count in self.counts)


def load_folder(
    url: str,
    folder: Path,
    *,
    strict: bool = False,
    rejects: Path | None = None,
    progress: Progress | None = None,
) -> Report:
    """Loads the CSV files of a folder: all valid rows, or with `strict` nothing unless every row is valid.

    Rejected rows and notices go to the file `rejects`. A Fault if the folder, a header or the database is unfit; nothing
    has changed then.
    """
    found = _files(folder)
    ignored = sorted({path.name for path in folder.glob("*.csv")} - {f"{file.name}.csv" for file, _ in found})
    with connect(url, role="shokti_owner", application_name="shokti-load", autocommit=False) as connection:
        _prepare(connection)
        for file, columns in found:
            _load(connection, folder, file, columns, progress)
        report = _report(connection, [file for file, _ in found], ignored, strict)
        if rejects is not None:
            _write_rejects(connection, rejects, report.rejected + report.noticed > 0)
        if report.stored:
            connection.commit()
        else:
            connection.rollback()
    return report


def _files(folder: Path) -> list[tuple[CsvFile, list[str]]]:
    """The files of the folder with their columns. Every header is read before anything is loaded."""
    if not folder.is_dir():
        raise Fault(f"{folder} is not a folder")
    present = [file for file in FILES if (folder / f"{file.name}.csv").is_file()]
    if not present:
        names = ", ".join(f"{file.name}.csv" for file in FILES)
        raise Fault(f"{folder} holds none of {names}")
    try:
        return [(file, header(folder / f"{file.name}.csv", file.columns, file.required)) for file in present]
    except OSError as error:
        raise Fault(f"cannot read {error.filename}: {error.strerror}") from None


def _prepare(connection: Connection) -> None:
    # A load that is lost in a crash of the server can be repeated, so its commit need not wait for the disk.
    connection.execute("set local synchronous_commit = off")
    # Memory for sorts and hashes of a million rows, and for the temporary tables between the steps.
    connection.execute("set work_mem = '128MB'")
    connection.execute("set maintenance_work_mem = '256MB'")
    connection.execute("set temp_buffers = '256MB'")
    connection.execute("set jit = off")
    connection.execute((HERE / "begin.sql").read_text())


def _load(connection: Connection, folder: Path, file: CsvFile, columns: list[str], progress: Progress | None) -> None:
    """Copies, checks and stores one file; results are in the temporary tables of begin.sql."""
    path = folder / f"{file.name}.csv"
    task = progress.add_task(f"{path.name}: reading", total=path.stat().st_size) if progress else None
    try:
        _copy(connection, path, file, columns, progress, task)
        for activity, step in (("checking", _check), ("storing", _store)):
            if progress and task is not None:
                progress.update(task, description=f"{path.name}: {activity}", total=None)
            step(connection, file)
    except psycopg.Error as error:
        message = error.diag.message_primary or str(error)
        raise Fault(f"{path.name}: {message}; nothing was loaded", exit_code=1) from error
    except OSError as error:
        raise Fault(f"cannot read {path}: {error.strerror}; nothing was loaded") from None
    if progress and task is not None:
        progress.update(task, description=f"{path.name}: done", total=1, completed=1)


def _copy(
    connection: Connection,
    path: Path,
    file: CsvFile,
    columns: list[str],
    progress: Progress | None,
    task: TaskID | None,
) -> None:
    texts = sql.SQL(", ").join(sql.SQL("{} text").format(sql.Identifier(cell)) for cell in all_columns(file))
    connection.execute(sql.SQL("create temp table raw (line bigint not null, {}) on commit drop").format(texts))
    names = sql.SQL(", ").join(map(sql.Identifier, ["line", *columns]))
    malformed = []
    with (
        connection.cursor() as cursor,
        cursor.copy(sql.SQL("copy raw ({}) from stdin (format csv)").format(names)) as copy,
    ):
        for chunk in chunks(path, len(columns)):
            if chunk.rows:
                copy.write(chunk.rows)
            malformed.extend(chunk.malformed)
            if progress and task is not None:
                progress.advance(task, chunk.bytes_read)
    with (
        connection.cursor() as cursor,
        cursor.copy("copy load_reject (file, line, reason) from stdin") as copy,
    ):
        for line in malformed:
            copy.write_row((file.name, line.line, line.reason))
    connection.execute("analyze raw")


def _read_phones(connection: Connection, column: str) -> None:
    """Reads the phone numbers that are not in the plain form, each once. A cell beyond 250 characters is none."""
    cells = connection.execute(
        sql.SQL(
            """
            select distinct c.cell
            from raw r
            cross join lateral pg_temp.cell(r.{}) as c (cell)
            where length(c.cell) <= 250
              and pg_temp.mobile(c.cell) is null
            except
            select cell from load_phone
            """
        ).format(sql.Identifier(column))
    ).fetchall()
    with connection.cursor() as cursor, cursor.copy("copy load_phone (cell, address) from stdin") as copy:
        for (cell,) in cells:
            copy.write_row((cell, mobile_number(cell)))
    connection.execute("analyze load_phone")


def _check(connection: Connection, file: CsvFile) -> None:
    connection.execute("select set_config('load.file', %s, true)", [file.name])
    for column in PHONES.get(file.definition, ()):
        _read_phones(connection, column)
    query = (HERE / f"{file.definition}.check.sql").read_text()
    connection.execute(sql.SQL("create temp table checked on commit drop as\n") + sql.SQL(query))
    connection.execute("alter table checked add column updated boolean not null default false")


def _store(connection: Connection, file: CsvFile) -> None:
    connection.execute((HERE / f"{file.definition}.store.sql").read_text())
    connection.execute(
        """
        insert into load_reject (file, line, field, reason, value, outcome)
        select %(file)s, c.line, f.field, split_part(t.fault, '|', 2),
               case when f.field <> all (%(personal)s) then left(to_jsonb(r) ->> f.field, 80) end,
               case when c.faults <> '' then 'row' else 'cell' end
        from checked c
        join raw r on r.line = c.line
        cross join lateral string_to_table(concat_ws(E'\n', nullif(c.faults, ''), nullif(c.losses, '')), E'\n') as t (fault)
        cross join lateral split_part(t.fault, '|', 1) as f (field)
        where c.faults <> ''
           or c.losses <> ''
        """,
        {"file": file.name, "personal": list(PERSONAL)},
    )
    connection.execute(
        """
        insert into load_count (file, stored, updated, already_there)
        select %s, count(*) filter (where not c.already), count(*) filter (where c.updated),
               count(*) filter (where c.already and not c.updated)
        from checked c
        where c.faults = ''
        """,
        [file.name],
    )
    connection.execute("drop table raw, checked")


def _report(connection: Connection, files: list[CsvFile], ignored: list[str], strict: bool) -> Report:
    rejected: dict[str, int] = dict(
        connection.execute(
            "select file, count(distinct line) from load_reject where outcome = 'row' group by file"
        ).fetchall()
    )
    found: dict[str, tuple[int, int, int]] = {
        name: (stored, updated, already_there)
        for name, stored, updated, already_there in connection.execute(
            "select file, stored, updated, already_there from load_count"
        )
    }
    counts = []
    for file in files:
        stored, updated, already_there = found[file.name]
        bad = rejected.get(file.name, 0)
        counts.append(FileCount(file.name, stored + updated + already_there + bad, stored, updated, already_there, bad))
    reasons = connection.execute(
        """
        select file, concat_ws(' ', field, reason), count(*)
        from load_reject
        where outcome = 'row'
        group by 1, 2
        order by 3 desc, 1, 2
        """
    ).fetchall()
    listed = [
        connection.execute(
            f"""
            select file, line, field, reason, value, outcome
            from load_reject
            where (outcome = 'row') = %s
            order by {REJECT_ORDER}
            limit {SHOWN}
            """,
            [is_row],
        ).fetchall()
        for is_row in (True, False)
    ]
    noticed, unfit = connection.execute(
        """
        select count(*), count(*) filter (where outcome <> 'withdrawal')
        from load_reject
        where outcome <> 'row'
        """
    ).fetchone() or (0, 0)
    return Report(
        stored=not (strict and (rejected or unfit)),
        counts=counts,
        reasons=[(str(file), str(reason), int(times)) for file, reason, times in reasons],
        rejects=[Reject(*row) for row in listed[0]],
        notices=[Reject(*row) for row in listed[1]],
        noticed=noticed,
        ignored=ignored,
        remarks=_remarks(connection),
    )


def _remarks(connection: Connection) -> list[str]:
    """Remarks about the database, apart from rejected rows."""
    remarks = [str(remark) for (remark,) in connection.execute("select remark from load_remark")]
    (zones,) = connection.execute("select count(*) from account.person_with_invalid_zone").fetchone() or (0,)
    if zones:
        remarks.append(
            f"people with a time zone that this server does not know: {zones}, listed in account.person_with_invalid_zone;"
            " the default zone applies to them"
        )
    (kind,) = connection.execute("select kind from policy.installation").fetchone() or ("live",)
    if kind == "demo":
        remarks.append("this database also holds a made-up marketplace; use another one for real data")
    return remarks


def _write_rejects(connection: Connection, path: Path, is_needed: bool) -> None:
    """Writes rejected rows and notices as CSV. Without any, the file of an earlier run is removed."""
    try:
        if not is_needed:
            with suppress(FileNotFoundError):
                path.unlink()
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        # A spreadsheet would run a value that begins like a formula.
        rows = rf"""
            select file, line, field, reason, case when value ~ '^\s*[=+@-]' then chr(39) || value else value end as value, outcome
            from load_reject
            order by {REJECT_ORDER}
            """
        query = f"copy ({rows}) to stdout (format csv, header)"
        with path.open("wb") as file, connection.cursor() as cursor, cursor.copy(query) as copy:
            for data in copy:
                file.write(bytes(data))
    except OSError as error:
        raise Fault(f"cannot write {path}: {error.strerror}; nothing was loaded") from None


__all__ = ["FileCount", "Reject", "Report", "load_folder"]
