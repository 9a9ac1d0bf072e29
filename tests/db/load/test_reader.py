"""The reader of CSV files, without a database, on any bytes."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.fault import Fault
from db.load import reader

CELL = st.text(alphabet=st.sampled_from("ab ,\"'\n|\\é্র\u2028\t;"), max_size=6)


def read_back(path: Path, width: int) -> tuple[dict[int, list[str]], dict[int, str]]:
    """Rows by line as COPY would see them, malformed lines with their reasons."""
    rows: dict[int, list[str]] = {}
    malformed: dict[int, str] = {}
    for chunk in reader.chunks(path, width):
        for line, *cells in csv.reader(io.StringIO(chunk.rows.decode(), newline="\n")):
            rows[int(line)] = cells
        malformed |= {each.line: each.reason for each in chunk.malformed}
    return rows, malformed


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=st.lists(st.tuples(CELL, CELL, CELL), max_size=12), size=st.integers(1, 50), crlf=st.booleans())
def test_reader_gives_back_what_a_writer_wrote(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: list[tuple[str, str, str]], size: int, crlf: bool
) -> None:
    monkeypatch.setattr(reader, "CHUNK_BYTES", size)
    path = tmp_path / "t.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n" if crlf else "\n")
        writer.writerow(["x", "y", "z"])
        writer.writerows(table)
    rows, malformed = read_back(path, 3)
    assert malformed == {}
    assert list(rows.values()) == [list(row) for row in table]


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(garbage=st.lists(st.binary(max_size=20), max_size=10), size=st.integers(1, 50))
def test_reader_survives_any_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, garbage: list[bytes], size: int
) -> None:
    """Valid rows before garbage are read, and each line is a row, malformed or blank."""
    monkeypatch.setattr(reader, "CHUNK_BYTES", size)
    path = tmp_path / "t.csv"
    path.write_bytes(b"\n".join([b"x,y", b"1,2", *garbage]))
    rows, malformed = read_back(path, 2)
    assert rows[2] == ["1", "2"]
    assert not rows.keys() & malformed.keys()
    assert all("\0" not in cell for cells in rows.values() for cell in cells)


def test_reader_refuses_an_endless_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "CHUNK_BYTES", 1000)
    monkeypatch.setattr(reader, "LONGEST_LINE", 5000)
    path = tmp_path / "t.csv"
    path.write_bytes(b"x,y\n" + b"1,2\n" + b"a" * 10_000)
    with pytest.raises(Fault, match="line 3 is longer"):
        list(reader.chunks(path, 2))
