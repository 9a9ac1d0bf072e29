"""A withdrawal in a file always ends the consent that is open here, whatever the rest of its row is like."""

from __future__ import annotations

from datetime import datetime

import pytest

from db.connection import Connection
from db.load.loader import Report
from tests import marketplace
from tests.db.load.loading import ALL, Loader, N
from tests.outbox import sent, value

OPEN_SINCE = "2025-03-01"  # the open consent of loading.CONSENTS


def end(db: Connection) -> str | None:
    """When the last consent of c1 ends, Bangladeshi time; None: it is open."""
    ended: str | None = value(
        db,
        """
        select to_char(upper(c.valid_at) at time zone 'Asia/Dhaka', 'YYYY-MM-DD HH24:MI')
        from account.consent c
        order by lower(c.valid_at) desc
        limit 1
        """,
    )
    return ended


def ended_just_now(db: Connection) -> bool:
    return bool(
        value(
            db,
            """
            select max(upper(c.valid_at)) between clock.now() - interval '1 minute' and clock.now() + interval '1 minute'
            from account.consent c
            """,
        )
    )


def noticed(report: Report) -> list[tuple[int, str | None, str]]:
    return [(notice.line, notice.field, notice.reason) for notice in report.notices]


LATE = "is before a message that was sent under this consent: withdrawn from now on"
ODD = "counts although the row is rejected: withdrawn"


def test_a_withdrawal_before_a_message_takes_effect_now(load: Loader, db: Connection) -> None:
    user = marketplace.person(db, external_id="late", consents=("email",))
    sent(db, user, datetime.fromisoformat("2026-06-01T12:00+06:00"))
    granted = marketplace.at(marketplace.BEGINNING).isoformat()
    row = f"late,email,outreach,{granted},test,1,2026-06-01T11:00"
    report = load(consents=f"{N}\n{row}\n")
    assert noticed(report) == [(2, "withdrawn_at", LATE)]
    assert (report.rejected, report.notices[0].outcome) == (0, "withdrawal")
    assert ended_just_now(db)
    assert "withdrawn from now on" in load.rejects.read_text()
    before = end(db)
    assert noticed(load(consents=f"{N}\n{row}\n")) == []
    assert end(db) == before


@pytest.mark.parametrize(
    ("rows", "ended"),
    [
        # The grant line differs from the one here, or is missing or unreadable.
        (["2025-03-02,settings,2,2026-02-01"], "2026-02-01 00:00"),
        (["2024-01-01T09:00,signup,1,2026-02-01T10:30"], "2026-02-01 10:30"),
        ([",settings,2,2026-02-01"], "2026-02-01 00:00"),
        (["soon,,,2026-02-01"], "2026-02-01 00:00"),
        # Twice in one file, in either order.
        (["2025-03-01,settings,2,", "2025-03-01,settings,2,2026-02-01"], "2026-02-01 00:00"),
        (["2025-03-01,settings,2,2026-03-01", "2025-03-01,settings,2,2026-02-01"], "2026-02-01 00:00"),
        # On the day of the grant, as a date.
        (["2025-03-01,settings,2,2025-03-01"], "2025-03-01 00:00"),
        (["2025-03-01,settings,2,2024-12-31"], "2025-03-01 00:00"),
    ],
)
def test_the_grant_of_a_withdrawal_does_not_matter(load: Loader, db: Connection, rows: list[str], ended: str) -> None:
    load(**ALL)
    load(consents="\n".join([N, *(f"c1,email,outreach,{row}" for row in rows)]))
    assert end(db) == ended


@pytest.mark.parametrize("withdrawn_at", ["yes", "05/06/2026", "2099-01-01"])
def test_a_withdrawal_without_a_usable_instant_is_one_of_now(load: Loader, db: Connection, withdrawn_at: str) -> None:
    load(**ALL)
    report = load(consents=f"{N}\nc1, EMAIL ,Outreach,{OPEN_SINCE},settings,2,{withdrawn_at}\n")
    assert ended_just_now(db)
    assert (report.rejected, noticed(report)) == (1, [(2, "withdrawn_at", ODD)])
    assert report.remarks == ["1 consents in force here are withdrawn in consents.csv: withdrawn here too"]


def test_a_withdrawal_without_an_instant_is_one_of_now(load: Loader, db: Connection) -> None:
    load(**ALL)
    load(consents=f"{N},withdrawn_source\nc1,email,outreach,{OPEN_SINCE},settings,2,,call centre\n")
    assert ended_just_now(db)
    assert value(db, "select withdrawn_source from account.consent order by valid_at desc limit 1") == "call centre"


def test_a_withdrawal_in_another_shape_ends_a_grant_of_the_same_file(load: Loader, db: Connection) -> None:
    rows = ["2025-03-01,settings,2,", "2025-03-05,settings,2,2026-02-01"]
    load(**ALL | {"consents": "\n".join([N, *(f"c1,email,outreach,{row}" for row in rows)])})
    assert end(db) == "2026-02-01 00:00"


def test_a_later_grant_and_other_consents_stay(load: Loader, db: Connection) -> None:
    load(**ALL)
    load(consents=f"{N}\nc2,email,outreach,2025-03-01,settings,2,\nc1,sms,outreach,2025-03-01,settings,2,\n")
    load(consents=f"{N}\nc1,email,outreach,2025-02-10,settings,2,2025-02-20\n")
    assert value(db, "select count(*) from account.consent where upper_inf(valid_at)") == 3
    load(consents=f"{N}\nc1,email,outreach,2025-03-01,settings,2,2026-02-20\n")
    assert value(db, "select count(*) from account.consent where upper_inf(valid_at)") == 2


def test_a_withdrawal_and_a_new_grant_in_one_file_both_count(load: Loader, db: Connection) -> None:
    load(**ALL)
    rows = ["2025-03-01,settings,2,2026-02-01", "2026-04-01,settings,3,"]
    report = load(consents="\n".join([N, *(f"c1,email,outreach,{row}" for row in rows)]))
    assert (report.rejected, end(db)) == (0, None)
    assert value(db, "select count(*) from account.consent where upper(valid_at) = '2026-02-01 00:00+06'") == 1
