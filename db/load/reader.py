"""Reads CSV as bytes for COPY: lines are numbered, malformed ones set apart.

Lines without quotes are passed on unparsed, so that a million lines take about a second. A broken line never affects its
neighbours: an unclosed quote costs its own line only.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from db.fault import Fault

#: Files are read and passed on in chunks of this size.
CHUNK_BYTES = 1 << 20

#: A record with more line breaks in quoted fields than this counts as one with an unclosed quote.
LONGEST_RECORD = 200

#: A longer line is refused before it fills the memory.
LONGEST_LINE = 16 << 20


#: The longest cell, in characters.
LONGEST_CELL = csv.field_size_limit()
LONG_CELL = f"holds a cell of more than {LONGEST_CELL:,} characters"


@dataclass(frozen=True, slots=True)
class Malformed:
    """A line that is not a CSV row."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some lines: `rows` for COPY (format csv, first column the line number), and malformed lines."""

    rows: bytes
    malformed: list[Malformed]
    bytes_read: int


def header(path: Path, known: tuple[str, ...], required: tuple[str, ...]) -> list[str]:
    """The columns of a file in its order. A Fault if one is unknown, repeated or missing."""
    with path.open("rb") as file:
        first = file.readline(CHUNK_BYTES)
    try:
        text = first.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError:
        raise Fault(f"{path.name}: the header row is not UTF-8") from None
    if not text.strip():
        raise Fault(f"{path.name}: a header row with the names of the columns must come first")
    if "\r" in text:
        raise Fault(f"{path.name}: the lines end with CR alone; save the file with LF or CR LF")
    if len(text) > LONGEST_CELL:
        raise Fault(f"{path.name}: the header row is longer than {LONGEST_CELL:,} characters; is this a CSV file?")
    try:
        names = [name.strip() for name in next(csv.reader([text], strict=True))]
    except csv.Error:
        raise Fault(f"{path.name}: a quote in the header row is not closed or not doubled") from None
    unknown = [name for name in names if name not in known]
    if unknown:
        separators = " (columns are separated by commas)" if len(names) == 1 and set(";\t|") & set(text) else ""
        raise Fault(
            f"{path.name}: unknown column {unknown[0] or 'without a name'}{separators}; known are {', '.join(known)}"
        )
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise Fault(f"{path.name}: column {twice[0]} appears twice")
    missing = [name for name in required if name not in names]
    if missing:
        raise Fault(f"{path.name}: column {missing[0]} is missing")
    return names


def chunks(path: Path, width: int) -> Iterator[Chunk]:
    """The rows below the header, chunk by chunk; `width` is the number of columns."""
    with path.open("rb") as file:
        first = file.readline()
        done, line, rest = len(first), 2, b""
        while True:
            if len(rest) > LONGEST_LINE:
                raise Fault(f"{path.name}: line {line} is longer than {LONGEST_LINE >> 20} MiB; is this a CSV file?")
            read = file.read(CHUNK_BYTES)
            at_end = len(read) < CHUNK_BYTES
            lines = (rest + read).split(b"\n")
            # The last line continues in the next chunk, unless the file ends here.
            rest = b"" if at_end else lines.pop()
            chunk, kept = _chunk(lines, line, width, at_end, bytes_read=done + len(read))
            done = 0
            line += len(lines) - kept
            if kept:
                rest = b"\n".join([*lines[-kept:], rest])
            yield chunk
            if at_end:
                return


def _chunk(lines: list[bytes], start: int, width: int, at_end: bool, bytes_read: int) -> tuple[Chunk, int]:
    """The chunk, and how many of the last lines belong to a quoted field that continues in the next one."""
    commas = width - 1
    rows: list[bytes] = []
    malformed: list[Malformed] = []
    suspect = _is_suspect(lines)
    at = 0
    while at < len(lines):
        raw = lines[at]
        number = start + at
        at += 1
        if raw.endswith(b"\r"):
            raw = raw[:-1]
        if suspect and (fault := _encoding_fault(raw)):
            malformed.append(Malformed(number, fault))
        elif b'"' not in raw:
            if len(raw) > LONGEST_CELL and max(map(len, raw.decode().split(","))) > LONGEST_CELL:
                malformed.append(Malformed(number, LONG_CELL))
            elif raw.count(b",") == commas and raw:
                rows.append(b"%d,%s" % (number, raw))
            elif raw.strip():
                malformed.append(Malformed(number, _width_fault(raw.count(b",") + 1, width)))
        else:
            end = _end_of_record(lines, at - 1)
            if end is None and not at_end and len(lines) - at < LONGEST_RECORD:
                return Chunk(_joined(rows), malformed, bytes_read), len(lines) - at + 1
            # A record without an end is reduced to its first line; the next line begins a new one.
            end = at if end is None else end
            record = b"\n".join(lines[at - 1 : end])
            fields = _fields(record)
            if isinstance(fields, str) and end > at:
                end, fields = at, _fields(raw)
            if isinstance(fields, str):
                malformed.append(Malformed(number, fields))
            elif len(fields) != width:
                malformed.append(Malformed(number, _width_fault(len(fields), width)))
            else:
                rows.append(b"%d,%s" % (number, ",".join(map(_quoted, fields)).encode()))
            at = end
    return Chunk(_joined(rows), malformed, bytes_read), 0


def _joined(rows: list[bytes]) -> bytes:
    return b"\n".join(rows) + b"\n" if rows else b""


def _is_suspect(lines: list[bytes]) -> bool:
    """Whether any line may hold bytes that COPY refuses; one test for all lines, as it is rare."""
    whole = b"\n".join(lines)
    if b"\0" in whole or whole.count(b"\r") != whole.count(b"\r\n") + whole.endswith(b"\r"):
        return True
    try:
        whole.decode()
    except UnicodeDecodeError:
        return True
    return False


def _encoding_fault(raw: bytes) -> str | None:
    """Why these bytes are not text that the database can hold."""
    if b"\0" in raw:
        return "holds a NUL byte"
    if b"\r" in raw:
        return "holds a carriage return inside the line"
    try:
        raw.decode()
    except UnicodeDecodeError:
        return "is not UTF-8"
    return None


def _end_of_record(lines: list[bytes], begin: int) -> int | None:
    """Index after the last line of the record that begins here, where quotes are even. None if it does not end."""
    quotes = 0
    for at in range(begin, min(begin + LONGEST_RECORD, len(lines))):
        quotes += lines[at].count(b'"')
        if quotes % 2 == 0:
            return at + 1
    return None


def _fields(record: bytes) -> list[str] | str:
    """The fields of one record, or the reason why it is malformed."""
    if fault := _encoding_fault(record.replace(b"\r\n", b"\n").removesuffix(b"\r")):
        return fault
    try:
        parsed = list(csv.reader(StringIO(record.decode(), newline="\n"), strict=True))
    except csv.Error as error:
        if "field limit" in str(error):
            return LONG_CELL
        return "a quote is not closed or not doubled"
    return parsed[0] if len(parsed) == 1 else "a quote is not closed or not doubled"


def _quoted(field: str) -> str:
    return '"' + field.replace('"', '""') + '"' if field else ""


def _width_fault(found: int, width: int) -> str:
    return f"has {found} field{'' if found == 1 else 's'} where the header has {width}"
