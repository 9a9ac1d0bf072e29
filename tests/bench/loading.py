"""Loading a marketplace of CSV files into an empty database."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from db.load.loader import load_folder
from tests.bench.figure import Figure, measurement
from tests.bench.stage import Stage

FILES = {
    "services": "select code, category, name_bn, name_en, price_poisha, duration_minutes from market.service",
    "add_ons": """
        select a.code, s.code as service_code, a.name_bn, a.name_en, a.price_poisha
        from market.add_on a join market.service s using (service_id)""",
    "customers": """
        select p.user_id as external_id, p.created_at, p.full_name, p.language, p.address_form, c.address as email
        from account.person p
        left join account.contact c on c.user_id = p.user_id and c.channel = 'email'
        where p.role = 'customer'""",
    "consents": """
        select p.user_id, c.channel, c.purpose, lower(c.valid_at) as granted_at, c.source,
               c.wording_version, upper(c.valid_at) as withdrawn_at
        from account.consent c
        join account.person p using (user_id)
        where p.role = 'customer'""",
    "bookings": """
        select b.booking_id as external_id, p.user_id as customer_id, s.code as service_code, b.status, b.created_at,
               b.scheduled_at, b.ends_at, b.confirmed_at, b.started_at, b.completed_at, b.price_poisha,
               a.codes as add_on_codes
        from market.booking b
        join account.person p on p.user_id = b.customer_id
        join market.service s using (service_id)
        left join (
          select x.booking_id, string_agg(a.code, ';') as codes
          from market.booking_add_on x
          join market.add_on a using (add_on_id)
          group by x.booking_id) a using (booking_id)
        where b.status = 'completed'""",
}


@measurement
def loading(stage: Stage) -> Iterator[Figure]:
    folder = stage.server.data.parent / "csv"
    folder.mkdir()
    try:
        export(stage, folder)
        url = stage.empty("loading")
        started = time.perf_counter()
        report = load_folder(url, folder)
        seconds = time.perf_counter() - started
        assert report.stored
        assert not report.rejected, report.reasons
        rows = {count.file: count.stored for count in report.counts}
        yield Figure("loading", seconds, f"s ({rows['bookings']} bookings of {rows['customers']} customers)")
        yield Figure("loading_floor", copied(stage, folder), "s (COPY of the same lines into a table of text)")
        with stage.superuser("postgres") as maintenance:
            maintenance.execute("drop database loading with (force)")
    finally:
        shutil.rmtree(folder)


def export(stage: Stage, folder: Path) -> None:
    with stage.connect(stage.base()) as owner, owner.cursor() as cursor:
        for name, query in FILES.items():
            with (
                (folder / f"{name}.csv").open("wb") as file,
                cursor.copy(f"copy ({query}) to stdout with (format csv, header)") as lines,
            ):
                for piece in lines:
                    file.write(piece)


def copied(stage: Stage, folder: Path) -> float:
    started = time.perf_counter()
    with stage.superuser("loading") as owner, owner.cursor() as cursor:
        for name in FILES:
            cursor.execute(f"create table public.{name} (line text)")
            # A delimiter and a quote that occur in no line, so that a line is one cell.
            statement = f"copy public.{name} from stdin with (format csv, delimiter e'\\x01', quote e'\\x02')"
            with (folder / f"{name}.csv").open("rb") as file, cursor.copy(statement) as sink:
                while piece := file.read(1 << 18):
                    sink.write(piece)
    return time.perf_counter() - started
