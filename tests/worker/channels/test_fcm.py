"""Firebase Cloud Messaging over HTTP as documented: access tokens, messages, and the outcome of each answer."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import httpx2
import pytest

from db.fault import Fault
from db.settings import read_settings
from tests.doubles.fcm import PROJECT
from tests.doubles.process import Provider, started
from tests.worker.messages import message
from worker.channels.channel import Accepted, Later, Message, Outcome, Refused, Unknown
from worker.channels.fcm import Fcm, ServiceAccount
from worker.channels.registry import channels

Result = TypeVar("Result")
DEVICE = "fGHkz1Ab:APA91b" + "x" * 130


@pytest.fixture
def double() -> Iterator[Provider]:
    with started("tests.doubles.fcm") as port:
        yield Provider(f"http://127.0.0.1:{port}")


@pytest.fixture
def key_file(double: Provider, tmp_path: Path) -> Path:
    file = tmp_path / "firebase.json"
    file.write_bytes(httpx2.get(f"{double.url}/account").content)
    return file


@pytest.fixture
def account(key_file: Path) -> ServiceAccount:
    return ServiceAccount.read(key_file)


def push(address: str | None = DEVICE, **changes: Any) -> Message:
    usual = {"channel": "push", "subject": "বাসা পরিষ্কারের সময় হলো কি?", "body": "একটা দিন বেছে নিতে চাপুন।"}
    return message(address, **usual | changes)


def done(adapter: Fcm, work: Callable[[], Awaitable[Result]]) -> Result:
    async def all_of_it() -> Result:
        try:
            return await work()
        finally:
            await adapter.close()

    return asyncio.run(all_of_it())


def sent(double: Provider, account: ServiceAccount, *given: Message, timeout_s: float = 20.0) -> list[Outcome]:
    """Sends messages one after the other by one adapter."""
    adapter = Fcm(account, double.url, timeout_s)

    async def in_turn() -> list[Outcome]:
        return [await adapter.send(one) for one in given]

    return done(adapter, in_turn)


def asked(double: Provider, path: str) -> list[dict[str, Any]]:
    return [request for request in double.requests() if request["path"] == path]


def test_a_push_goes_as_documented(double: Provider, account: ServiceAccount) -> None:
    link = "https://shokti.example/l/AbC123"
    given = push(link=link, stop_link="https://shokti.example/u/AbC123", useful_for=7200)
    (told,) = sent(double, account, given)
    (taken,) = double.taken()
    assert told == Accepted(taken["id"])
    expires = taken["message"]["apns"]["headers"].pop("apns-expiration")
    assert taken["message"] == {
        "token": DEVICE,
        "notification": {"title": given.subject, "body": given.body},
        "data": {"message_id": given.message_id, "link": link, "stop_link": "https://shokti.example/u/AbC123"},
        "android": {"priority": "NORMAL", "notification": {"tag": given.message_id}, "ttl": "7200s"},
        "apns": {"headers": {"apns-collapse-id": given.message_id}},
        "webpush": {
            "notification": {"tag": given.message_id},
            "headers": {"TTL": "7200"},
            "fcm_options": {"link": link},
        },
    }
    assert expires.isdecimal()
    (request,) = asked(double, f"/v1/projects/{PROJECT}/messages:send")
    assert request["query"] == ""
    assert request["headers"]["authorization"].startswith("Bearer ya29.")


def test_without_a_secure_link_or_an_end_it_says_nothing_of_them(double: Provider, account: ServiceAccount) -> None:
    """A browser opens https only, and FCM refuses the whole message for another link."""
    (told,) = sent(double, account, push(link="http://127.0.0.1:8000/l/AbC123", stop_link=None))
    assert isinstance(told, Accepted)
    (taken,) = double.taken()
    assert set(taken["message"]["data"]) == {"message_id", "link"}
    assert "ttl" not in taken["message"]["android"]
    assert "fcm_options" not in taken["message"]["webpush"]


@pytest.mark.parametrize(("useful_for", "ttl"), [(-5, "0s"), (0, "0s"), (10**9, "2419200s")])
def test_the_end_is_within_what_fcm_takes(double: Provider, account: ServiceAccount, useful_for: int, ttl: str) -> None:
    sent(double, account, push(useful_for=useful_for))
    assert double.taken()[0]["message"]["android"]["ttl"] == ttl


ANSWERS = [
    ("UNREGISTERED", Refused("fcm UNREGISTERED", True)),
    ("INVALID_TOKEN", Refused("fcm INVALID_ARGUMENT", True)),
    ("INVALID_ARGUMENT", Refused("fcm INVALID_ARGUMENT")),
    ("SENDER_ID_MISMATCH", Refused("fcm SENDER_ID_MISMATCH")),
    ("QUOTA_EXCEEDED", Later("fcm QUOTA_EXCEEDED", 30.0)),
    ("THIRD_PARTY_AUTH_ERROR", Later("fcm THIRD_PARTY_AUTH_ERROR", 600.0)),
    ("UNAVAILABLE", Later("fcm UNAVAILABLE", 20.0, True)),
    ("INTERNAL", Later("fcm INTERNAL", None, True)),
    ("PERMISSION_DENIED", Later("fcm 403", 300.0, True)),
    ("NOT_FOUND", Later("fcm 404", 300.0, True)),
    ("401", Later("fcm 401", 300.0, True)),
    ("502", Unknown("fcm 502")),
    ("login", Unknown("fcm answer_without_name")),
    ("empty", Unknown("fcm answer_without_name")),
    ("no_name", Unknown("fcm answer_without_name")),
    ("reset", Unknown("fcm_answer_lost RemoteProtocolError")),
]


def test_every_answer_and_what_it_means(double: Provider, account: ServiceAccount) -> None:
    for mood, expected in ANSWERS:
        double.behave(mood)
        assert (mood, *sent(double, account, push())) == (mood, expected)


def test_a_late_answer_leaves_doubt(double: Provider, account: ServiceAccount) -> None:
    double.behave("slow")
    assert sent(double, account, push(), timeout_s=0.3) == [Unknown("fcm_answer_lost ReadTimeout")]
    assert len(double.taken()) == 1


def test_one_token_for_many_messages_at_once(double: Provider, account: ServiceAccount) -> None:
    adapter = Fcm(account, double.url)
    told = done(adapter, lambda: asyncio.gather(*(adapter.send(push()) for _ in range(20))))
    assert all(isinstance(one, Accepted) for one in told)
    assert len(double.taken()) == 20
    assert len(asked(double, "/token")) == 1


def test_a_token_near_its_end_is_not_used_again(double: Provider, account: ServiceAccount) -> None:
    double.put("/token_behaviour", {"moods": ["brief", "good"]})
    assert all(isinstance(one, Accepted) for one in sent(double, account, push(), push(), push()))
    assert len(asked(double, "/token")) == 2


def test_a_revoked_token_is_replaced_once_and_nothing_is_lost(double: Provider, account: ServiceAccount) -> None:
    adapter = Fcm(account, double.url)

    async def before_and_after() -> list[Outcome]:
        before = await adapter.send(push())
        await asyncio.to_thread(double.put, "/revoke", None)
        return [before, *await asyncio.gather(*(adapter.send(push()) for _ in range(10)))]

    told = done(adapter, before_and_after)
    assert all(isinstance(one, Accepted) for one in told)
    assert len(double.taken()) == 11
    assert len(asked(double, "/token")) == 2


@pytest.mark.parametrize(
    ("mood", "expected"),
    [
        ("invalid_grant", Later("fcm_token 400", 60.0, True)),
        ("503", Later("fcm_token 503", 60.0, True)),
        ("no_token", Later("fcm_token 200", 60.0, True)),
    ],
)
def test_without_a_token_nothing_is_sent(
    double: Provider, account: ServiceAccount, mood: str, expected: Outcome
) -> None:
    double.put("/token_behaviour", {"moods": [mood]})
    assert sent(double, account, push()) == [expected]
    assert [request["path"] for request in double.requests()] == ["/token"]


def test_another_key_gets_no_token(double: Provider, account: ServiceAccount) -> None:
    with started("tests.doubles.fcm") as port:
        stranger = ServiceAccount.model_validate_json(httpx2.get(f"http://127.0.0.1:{port}/account").content)
    forged = account.model_copy(update={"private_key": stranger.private_key})
    assert sent(double, forged, push()) == [Later("fcm_token 400", 60.0, True)]


def test_a_provider_that_is_away_took_nothing(account: ServiceAccount) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        away = Provider(f"http://127.0.0.1:{unused.getsockname()[1]}")
        assert sent(away, account, push()) == [Later("fcm_connect ConnectError", None, True)]
        no_tokens = account.model_copy(update={"token_uri": f"{away.url}/token"})
        assert sent(away, no_tokens, push()) == [Later("fcm_token_connect ConnectError", None, True)]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (push(None), Refused("address_missing")),
        (push("a token"), Refused("address_malformed", True)),
        (push("x" * 1025), Refused("address_malformed", True)),
        (push(body="ক" * 1400), Refused("text_too_long")),
    ],
)
def test_what_cannot_be_sent_is_not_offered(
    double: Provider, account: ServiceAccount, given: Message, expected: Outcome
) -> None:
    assert sent(double, account, given) == [expected]
    assert double.requests() == []


def test_neither_tokens_nor_keys_nor_texts_are_logged(
    double: Provider, account: ServiceAccount, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level("DEBUG")
    for mood in ("good", "UNREGISTERED", "401", "THIRD_PARTY_AUTH_ERROR", "reset"):
        double.behave(mood)
        sent(double, account, push())
    told = capsys.readouterr()
    assert "provider_refuses_us" in told.out + told.err
    for secret in (DEVICE, "ya29.", "PRIVATE KEY", "বাসা", "AbC123"):
        assert secret not in caplog.text + told.out + told.err
    assert account.private_key.get_secret_value() not in repr(account)


def test_settings_open_the_channel(
    monkeypatch: pytest.MonkeyPatch, key_file: Path, account: ServiceAccount, tmp_path: Path
) -> None:
    assert "push" not in channels(read_settings())
    monkeypatch.setenv("FCM_CREDENTIALS", str(key_file))
    guarded = channels(read_settings())["push"]
    assert (guarded.adapter, guarded.parses_receipts) == ("fcm", None)
    whole = json.loads(key_file.read_text())
    for damage, complaint in (
        ({"type": "authorized_user"}, "type"),
        ({"private_key": "-----BEGIN"}, "private_key"),
        ({"token_uri": "token"}, "token_uri"),
        ({"project_id": "../../x"}, "project_id"),
    ):
        wrong = tmp_path / "wrong.json"
        wrong.write_text(json.dumps(whole | damage))
        monkeypatch.setenv("FCM_CREDENTIALS", str(wrong))
        with pytest.raises(Fault, match=f"FCM_CREDENTIALS: .*{complaint}") as caught:
            channels(read_settings())
        assert "BEGIN" not in str(caught.value)
    monkeypatch.setenv("FCM_CREDENTIALS", str(tmp_path / "nowhere.json"))
    with pytest.raises(Fault, match="FCM_CREDENTIALS: No such file"):
        channels(read_settings())
