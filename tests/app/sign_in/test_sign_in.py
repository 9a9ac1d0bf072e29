"""Sign-in over HTTP: every limit of the contract, with real concurrency where it matters."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from psycopg import Connection

from app.sign_in.destinations import Destination, destination
from db.embedded.temporary import TemporaryServer
from tests import marketplace
from tests.app.people import Device, bearer
from tests.app.serving import APP, Edge, at_once, serving
from tests.conftest import Clock

Db = Connection[Any]


@pytest.fixture(scope="module")
def edge(server: TemporaryServer, database_name: str) -> Iterator[Edge]:
    """Behind a trusted proxy, so that each device can have its own address."""
    with serving(server.url(database_name), TRUSTED_PROXIES="127.0.0.1/32") as running:
        yield running


@pytest.fixture
def device(app: httpx2.Client, db: Db, clock: Clock) -> Device:
    return Device(app, db)


def scalar(db: Db, query: str, *values: Any) -> Any:
    row = db.execute(query, list(values)).fetchone()
    assert row is not None
    return row[0]


def other(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


# Codes


def test_a_stranger_signs_up_and_is_a_customer(device: Device) -> None:
    signed_in = device.sign_in()
    assert (signed_in["token_type"], signed_in["expires_in"], signed_in["role"]) == ("Bearer", 900, "customer")
    sessions = device.sessions(signed_in["access_token"])
    assert sessions.headers["cache-control"] == "no-store"
    (only,) = sessions.json()["items"]
    assert (only["session_id"], only["current"], only["agent"]) == (signed_in["session_id"], True, APP["user-agent"])


def test_a_known_person_signs_in_whatever_case_they_type(device: Device, clock: Clock) -> None:
    user_id = marketplace.person(device.db, email="Rahima.Known@Example.com", language="en")
    device.email = "  rahima.KNOWN@example.com "
    assert device.sign_in()["user_id"] == str(user_id)
    assert scalar(device.db, "select verified_at is not null from account.contact where user_id = %s", user_id)
    assert scalar(device.db, "select language from account.one_time_code where user_id = %s", user_id) == "en"


def test_the_database_reveals_neither_code_nor_destination(device: Device) -> None:
    request_id, code = device.code()
    row = scalar(device.db, "select c::text from account.one_time_code c where request_id = %s", request_id)
    assert code not in row
    assert device.email not in row
    assert device.email.encode().hex() not in row
    payload = scalar(
        device.db,
        "select convert_from(payload, 'UTF8') from queue.pgqueuer"
        " where entrypoint = 'send_code' order by id desc limit 1",
    )
    assert payload == f'{{"request_id": "{request_id}"}}'


def test_the_job_is_urgent_and_carries_the_trace(device: Device) -> None:
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    body = {"channel": "email", "destination": device.email}
    device.post("/auth/request-otp", body, traceparent=f"00-{trace}-00f067aa0ba902b7-01")
    row = device.db.execute(
        "select priority, headers ->> 'traceparent' from queue.pgqueuer where entrypoint = 'send_code' order by id desc"
    ).fetchone()
    assert row is not None
    assert row[0] == 100
    assert row[1].startswith(f"00-{trace}-")


def test_bengali_digits_are_digits(device: Device) -> None:
    request_id, code = device.code()
    assert device.attempt(request_id, code.translate(str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯"))).status_code == 200


def test_five_attempts(device: Device) -> None:
    request_id, code = device.code()
    for _ in range(5):
        answer = device.attempt(request_id, other(code))
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")
    assert device.attempt(request_id, code).status_code == 401


def test_the_fifth_attempt_may_be_right(device: Device) -> None:
    request_id, code = device.code()
    assert [device.attempt(request_id, other(code)).status_code for _ in range(4)] == [401] * 4
    assert device.attempt(request_id, code).status_code == 200


def test_fifty_concurrent_attempts_are_all_counted(device: Device, edge: Edge) -> None:
    request_id, code = device.code()
    body = {"request_id": request_id, "channel": "email", "destination": device.email}

    def attempt(client: httpx2.Client, place: int) -> httpx2.Response:
        tried = f"{(int(code) + 1 + place) % 10**6:06d}"
        return client.post("/auth/verify-otp", json=body | {"code": tried}, headers=device.headers)

    assert {answer.status_code for answer in at_once(edge, 50, attempt)} == {401}
    assert scalar(device.db, "select tries from account.one_time_code where request_id = %s", request_id) == 5
    assert device.attempt(request_id, code).status_code == 401


def test_twenty_concurrent_uses_open_one_session(device: Device, edge: Edge) -> None:
    request_id, code = device.code()
    body = {"request_id": request_id, "channel": "email", "destination": device.email, "code": code}
    answers = at_once(edge, 20, lambda client, _: client.post("/auth/verify-otp", json=body, headers=device.headers))
    assert sorted(answer.status_code for answer in answers) == [200] + [401] * 19
    (user_id,) = [answer.json()["user_id"] for answer in answers if answer.status_code == 200]
    assert scalar(device.db, "select count(*) from account.session where user_id = %s", user_id) == 1


@pytest.mark.parametrize(("seconds", "status"), [(299, 200), (300, 401)])
def test_five_minutes(device: Device, clock: Clock, seconds: int, status: int) -> None:
    request_id, code = device.code()
    clock.advance(seconds=seconds)
    assert device.attempt(request_id, code).status_code == status


def test_bound_to_request_and_destination(device: Device, app: httpx2.Client, db: Db) -> None:
    elsewhere = Device(app, db)
    mine, code = device.code()
    theirs, _ = elsewhere.code()
    assert device.attempt(theirs, code).status_code == 401
    assert device.attempt(mine, code, destination=elsewhere.email).status_code == 401
    assert elsewhere.attempt(mine, code).status_code == 401


def test_only_the_newest_code_is_valid(device: Device, clock: Clock) -> None:
    first, first_code = device.code()
    clock.advance(seconds=60)
    second, second_code = device.code()
    assert device.attempt(first, first_code).status_code == 401
    assert device.attempt(second, second_code).status_code == 200


@pytest.mark.parametrize(("seconds", "status"), [(0, 429), (59, 429), (60, 200)])
def test_sixty_seconds_between_codes(device: Device, clock: Clock, seconds: int, status: int) -> None:
    device.code()
    clock.advance(seconds=seconds)
    answer = device.ask()
    assert answer.status_code == status
    if status == 429:
        assert int(answer.headers["retry-after"]) == 60 - seconds


def test_five_codes_in_ten_minutes(device: Device, clock: Clock) -> None:
    for _ in range(5):
        device.code()
        clock.advance(seconds=61)
    assert device.ask().status_code == 429
    clock.advance(seconds=600)
    assert device.ask().status_code == 200


def test_the_window_of_a_limit_is_a_rule(device: Device, db: Db, clock: Clock) -> None:
    # On separate days, because the tests of this module share the database.
    for day, seconds in (("2027-07-01", "1200"), ("2027-07-02", "600")):
        db.execute("select policy.change_rule('sign_in.codes_within', %s, 'test', 'test', %s)", [seconds, day])
    clock.set("2027-07-01T10:00:00+06:00")
    for _ in range(5):
        device.code()
        clock.advance(seconds=61)
    assert device.ask().headers["retry-after"] == "1200"
    clock.advance(seconds=600)
    assert device.ask().status_code == 429
    clock.advance(seconds=600)
    assert device.ask().status_code == 200


def test_limits_are_the_same_for_known_and_unknown(device: Device, clock: Clock) -> None:
    marketplace.person(device.db, email="known-limits@example.com")
    known, unknown = Device(device.client, device.db, "known-limits@example.com"), device
    for _ in range(2):
        answers = [known.ask(), unknown.ask()]
        assert answers[0].status_code == answers[1].status_code
        assert answers[0].json().keys() == answers[1].json().keys()


def test_codes_of_one_network_address(device: Device) -> None:
    number = int(scalar(device.db, "select policy.number('sign_in.codes_per_address', clock.now())"))
    for place in range(number):
        assert device.ask(destination=f"of-one-address-{place}@example.com").status_code == 200
    assert device.ask(destination="of-one-address-more@example.com").status_code == 429


def test_adjacent_numbers_get_no_codes_after_a_few_but_the_same_answer(device: Device) -> None:
    number = int(scalar(device.db, "select policy.number('sign_in.codes_per_block', clock.now())"))
    for place in range(number + 3):
        answer = Device(device.client, device.db).ask(channel="sms", destination=f"017112233{place:02d}")
        assert answer.status_code == 200
    block = "select count(*) from account.one_time_code where block_mac is not null"
    assert scalar(device.db, block) == number


def test_the_daily_cap_applies_to_unknown_people_only(device: Device, db: Db, clock: Clock) -> None:
    user_id = marketplace.person(db, email="known-daily@example.com")
    # On separate days, because the tests of this module share the database.
    for day, cap in (("2027-06-01", "1"), ("2027-06-02", "5000")):
        db.execute("select policy.change_rule('sign_in.codes_per_day', %s, 'test', 'test', %s)", [cap, day])
    clock.set("2027-06-01T10:00:00+06:00")
    device.ask()
    stranger = Device(device.client, db)
    answer = stranger.ask()
    assert answer.status_code == 200
    made = "select count(*) from account.one_time_code where request_id = %s"
    assert scalar(db, made, answer.json()["request_id"]) == 0
    assert Device(device.client, db, "known-daily@example.com").sign_in()["user_id"] == str(user_id)


@pytest.mark.parametrize(
    ("channel", "destination"),
    [
        ("sms", "+8801212345678"), ("sms", "+880171234567"), ("sms", "+447911123456"), ("sms", "hello"),
        ("sms", "01712345678 ext. 5"), ("email", "nobody"), ("email", "a@b"), ("email", "a b@example.com"),
        ("email", "a@example.com\r\nBcc: b@example.com"), ("fax", "01712345678"),
    ],
)  # fmt: skip
def test_an_invalid_destination_is_named(device: Device, channel: str, destination: str) -> None:
    answer = device.ask(channel=channel, destination=destination)
    assert answer.status_code == 422
    assert {fault["field"] for fault in answer.json()["errors"]} <= {"destination", "channel"}


@pytest.mark.parametrize("typed", ["01812345678", "8801812345678", "+880 1812-345678", "০১৮১২৩৪৫৬৭৮"])
def test_a_number_in_any_usual_form_is_the_same(typed: str) -> None:
    assert destination("sms", typed) == Destination("+8801812345678", "+88018123456")


def test_a_known_number_signs_in(device: Device) -> None:
    user_id = marketplace.person(device.db, email=None, phone="+8801812345678")
    request_id, code = device.code(channel="sms", destination="01812345678")
    answer = device.attempt(request_id, code, channel="sms", destination="+880 1812 345678")
    assert answer.json()["user_id"] == str(user_id)


def test_known_and_unknown_take_the_same_time(app: httpx2.Client, db: Db, clock: Clock) -> None:
    """Compares two kinds of requests, interleaved in one run; not a limit on the time itself."""
    took: dict[bool, list[float]] = {True: [], False: []}
    for place in range(12):
        for known in (True, False):
            device = Device(app, db)
            if known:
                marketplace.person(db, email=device.email, external_id=f"timed-{place}")
            began = time.perf_counter()
            device.ask()
            took[known].append(time.perf_counter() - began)
    difference = abs(statistics.median(took[True]) - statistics.median(took[False]))
    assert difference < 0.1 * statistics.median(took[False])


@pytest.mark.parametrize("change", ["disabled_at = clock.now()", "role = 'admin'"])
def test_a_refused_person_is_not_registered_again(device: Device, change: str) -> None:
    user_id = marketplace.person(device.db, email=device.email)
    device.db.execute("update account.contact set verified_at = clock.now() where user_id = %s", [user_id])
    device.db.execute(f"update account.person set {change} where user_id = %s", [user_id])
    assert device.attempt(*device.code()).status_code == 401


# Tokens


def test_access_needs_a_token(app: httpx2.Client) -> None:
    answer = app.get("/me/sessions")
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, 'Bearer realm="shokti"')
    assert app.get("/me/sessions", headers={"authorization": "Basic eDp5"}).status_code == 401


def test_a_refresh_token_works_once_and_has_a_successor(device: Device, clock: Clock) -> None:
    first = device.sign_in()
    second = device.refresh(first["refresh_token"])
    assert second.status_code == 200
    assert second.headers["cache-control"] == "no-store"
    assert second.json()["session_id"] == first["session_id"]
    assert second.json()["refresh_token"] != first["refresh_token"]
    clock.advance(seconds=11)
    third = device.refresh(second.json()["refresh_token"])
    assert third.status_code == 200


@pytest.mark.parametrize(("seconds", "status"), [(9, 200), (10, 401)])
def test_a_lost_answer_can_be_repeated_for_ten_seconds(device: Device, clock: Clock, seconds: int, status: int) -> None:
    parent = device.sign_in()["refresh_token"]
    child = device.refresh(parent).json()["refresh_token"]
    clock.advance(seconds=seconds)
    again = device.refresh(parent)
    assert again.status_code == status
    if status == 200:
        assert again.json()["refresh_token"] == child
    assert device.refresh(child).status_code == status


def test_reuse_of_an_older_token_ends_the_session(device: Device) -> None:
    grandparent = device.sign_in()
    parent = device.refresh(grandparent["refresh_token"]).json()
    child = device.refresh(parent["refresh_token"]).json()
    assert device.sessions(child["access_token"]).status_code == 200
    assert device.refresh(grandparent["refresh_token"]).status_code == 401
    assert device.refresh(child["refresh_token"]).status_code == 401
    refused = device.sessions(child["access_token"])
    assert refused.status_code == 401
    assert 'error="invalid_token"' in refused.headers["www-authenticate"]
    reason = "select revoked_reason from account.session where session_id = %s"
    assert scalar(device.db, reason, child["session_id"]) == "token_reused"


def test_twenty_concurrent_refreshes_have_one_successor(device: Device, edge: Edge) -> None:
    parent = device.sign_in()
    answers = at_once(
        edge,
        20,
        lambda client, _: client.post(
            "/auth/refresh", json={"refresh_token": parent["refresh_token"]}, headers=device.headers
        ),
    )
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["refresh_token"] for answer in answers}) == 1
    count = "select count(*) from account.refresh_token where session_id = %s"
    assert scalar(device.db, count, parent["session_id"]) == 2


@pytest.mark.parametrize("token", ["x" * 43, "not/base64" * 4, "ক" * 30, "A" * 43])
def test_a_made_up_refresh_token(device: Device, token: str) -> None:
    assert device.refresh(token).status_code == 401


def test_refresh_tokens_are_stored_hashed(device: Device) -> None:
    token = device.sign_in()["refresh_token"]
    stored = scalar(device.db, "select string_agg(t::text, ' ') from account.refresh_token t")
    assert token not in stored


def test_sixty_days(device: Device, clock: Clock) -> None:
    signed_in = device.sign_in()
    clock.advance(days=60)
    assert device.refresh(signed_in["refresh_token"]).status_code == 401


def test_signing_out_acts_at_once_and_can_be_repeated(device: Device) -> None:
    signed_in = device.sign_in()
    for _ in range(2):
        answer = device.post("/auth/logout", {"refresh_token": signed_in["refresh_token"]})
        assert (answer.status_code, answer.json()) == (200, {"signed_out": True})
    assert device.sessions(signed_in["access_token"]).status_code == 401
    assert device.refresh(signed_in["refresh_token"]).status_code == 401
    assert device.post("/auth/logout", {"refresh_token": "y" * 43}).json() == {"signed_out": True}


def test_disabled_people_are_refused_at_once(device: Device) -> None:
    signed_in = device.sign_in()
    device.db.execute("update account.person set disabled_at = clock.now() where user_id = %s", [signed_in["user_id"]])
    assert device.sessions(signed_in["access_token"]).status_code == 401
    assert device.refresh(signed_in["refresh_token"]).status_code == 401


def test_devices_are_signed_out_one_by_one_or_all(app: httpx2.Client, db: Db, clock: Clock) -> None:
    user_id = marketplace.person(db)
    mine, lost, third = bearer(db, user_id), bearer(db, user_id), bearer(db, user_id)
    somebody = bearer(db, marketplace.person(db))
    items = app.get("/me/sessions", headers=lost).json()["items"]
    assert len(items) == 3
    (lost_id,) = [item["session_id"] for item in items if item["current"]]
    assert app.delete("/me/sessions", params={"session_id": lost_id}, headers=somebody).json() == {"ended": 0}
    assert app.delete("/me/sessions", params={"session_id": lost_id}, headers=mine).json() == {"ended": 1}
    assert app.get("/me/sessions", headers=lost).status_code == 401
    assert app.delete("/me/sessions", headers=mine).json() == {"ended": 2}
    assert app.get("/me/sessions", headers=third).status_code == 401
    assert app.get("/me/sessions", headers=somebody).status_code == 200


def test_limits_are_in_headers_and_each_address_has_its_own(app: httpx2.Client, clock: Clock) -> None:
    body = {"refresh_token": "z" * 43}

    def ask(address: str) -> httpx2.Response:
        return app.post("/auth/refresh", json=body, headers={"x-forwarded-for": address})

    first = ask("198.51.100.7")
    assert first.headers["ratelimit-policy"] == '"refresh";q=600;w=600'
    assert first.headers["ratelimit"] == '"refresh";r=599;t=1'
    for left in range(598, -1, -1):
        answer = ask("198.51.100.7")
        assert answer.headers["ratelimit"].startswith(f'"refresh";r={left};')
    refused = ask("198.51.100.7")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
    assert refused.headers["content-type"] == "application/problem+json"
    assert ask("198.51.100.8").status_code == 401
    clock.advance(seconds=1)
    assert ask("198.51.100.7").status_code == 401
    assert ask("198.51.100.7").status_code == 429


def test_logs_contain_neither_codes_nor_tokens_nor_addresses(device: Device, edge: Edge) -> None:
    request_id, code = device.code()
    signed_in = device.attempt(request_id, code).json()
    device.sessions(signed_in["access_token"])
    edge.wait_for("request", route="/me/sessions")
    whole = "".join(edge.lines)
    # The code is six digits, which a timestamp may contain, so the quoted value is searched.
    assert f'"{code}"' not in whole
    for secret in (
        signed_in["access_token"],
        signed_in["refresh_token"],
        device.email,
        device.headers["x-forwarded-for"],
    ):
        assert secret not in whole
