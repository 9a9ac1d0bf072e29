"""Profile and preferences as people read and change them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from psycopg import Connection
from psycopg.types.json import Jsonb

from tests.marketplace import person
from tests.outbox import value
from tests.sessions import UNSET, Phone, phone, refused

Db = Connection[Any]

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def customer(db: Db) -> UUID:
    return person(db, full_name="রহিমা খাতুন", email="rahima@example.com", phone="+8801712345678")


@pytest.fixture
def mine(db: Db, api: Db, customer: UUID) -> Phone:
    return phone(db, api, customer)


def change(mine: Phone, if_match: str | None = "*", **changes: Any) -> dict[str, Any]:
    """Calls change_me as the app does: empty text for a field that was not sent."""
    answer: dict[str, Any] = mine.ask("change_me", if_match=if_match, **(UNSET | changes))
    return answer


def etag(db: Db, document: Any) -> str:
    found: str = value(db, "select edge.etag(%s)", Jsonb(document))
    return found


def test_me_is_the_person_of_the_session(mine: Phone, customer: UUID) -> None:
    me = mine.ask("me")
    assert (me["user_id"], me["role"], me["name"]) == (str(customer), "customer", "রহিমা খাতুন")
    assert [(c["channel"], c["address"], c["verified"]) for c in me["contacts"]] == [
        ("email", "rahima@example.com", False),
        ("sms", "+8801712345678", False),
    ]


def test_only_given_fields_change_and_null_removes(mine: Phone) -> None:
    before = mine.ask("me")
    assert change(mine) == before
    said = {
        "name": "রহিমা বেগম",
        "language": "en",
        "address_form": "apa",
        "greeting": "nomoskar",
        "time_zone": "Asia/Tokyo",
        "quiet_from": "22:30",
        "quiet_until": "06:00",
        "preferred_channel": "sms",
    }
    assert change(mine, **said) == before | said
    assert change(mine, language="bn") == before | said | {"language": "bn"}
    taken = dict.fromkeys(("name", "time_zone", "quiet_from", "quiet_until", "preferred_channel"))
    assert change(mine, **taken) == before | said | {"language": "bn"} | taken


def test_changes_need_the_etag_of_the_version(db: Db, mine: Phone) -> None:
    before = mine.ask("me")
    after = change(mine, if_match=etag(db, before), language="en")
    with refused("SH412"):
        change(mine, if_match=etag(db, before), language="bn")
    with refused("SH412"):
        change(mine, if_match=f"W/{etag(db, after)}", language="bn")
    for nothing in (None, "", " "):
        with refused("SH428"):
            change(mine, if_match=nothing, language="bn")
    assert mine.ask("me") == after
    assert change(mine, if_match=f'"other", {etag(db, after)}', language="bn")["language"] == "bn"


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"time_zone": "Asia/Dacca2"}, "time_zone"),
        ({"time_zone": "+06"}, "time_zone"),
        ({"quiet_from": "22:00"}, "quiet_until"),
        ({"quiet_until": "22:00"}, "quiet_until"),
        ({"quiet_from": "22:00", "quiet_until": "22:00"}, "quiet_until"),
        ({"name": "a\nb"}, "name"),
        ({"name": "a\x7fb"}, "name"),
    ],
)
def test_an_invalid_field_is_named(mine: Phone, changes: dict[str, str], column: str) -> None:
    before = mine.ask("me")
    with refused("SH422", column=column):
        change(mine, **changes)
    assert mine.ask("me") == before


def test_one_end_of_the_quiet_hours_can_change(mine: Phone) -> None:
    change(mine, quiet_from="22:00", quiet_until="06:00")
    assert change(mine, quiet_from="23:15")["quiet_until"] == "06:00"
    with refused("SH422", column="quiet_until"):
        change(mine, quiet_from=None)


def test_names_are_normalized_and_trimmed(db: Db, mine: Phone) -> None:
    # য় as one code point and as two is stored in one form.
    assert change(mine, name=" জয় ")["name"] == change(mine, name="জয়")["name"]
    assert change(mine, name="   ")["name"] is None
