"""WhatsApp's Cloud API over HTTP as documented: the outcome of each answer, the receipts of each status."""

from __future__ import annotations

import asyncio
import base64
import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from db.fault import Fault
from db.settings import read_settings
from tests.doubles.cloud_api import PHONE_NUMBER_ID, TOKEN, VERSION, call
from tests.doubles.process import Provider, started
from tests.worker.messages import BODY, message
from worker.channels.channel import Accepted, Later, Message, Outcome, Receipt, Refused, Unknown
from worker.channels.registry import channels
from worker.channels.whatsapp import CloudApi, hashed_wamid, one_line

NUMBER = "+8801712345678"
TEMPLATES = {"outreach": "shokti_outreach", "coaching": "shokti_coaching"}


@pytest.fixture
def double() -> Iterator[Provider]:
    with started("tests.doubles.cloud_api") as port:
        yield Provider(f"http://127.0.0.1:{port}")


def whatsapp(address: str | None = NUMBER, **changes: Any) -> Message:
    return message(address, channel="whatsapp", **changes)


def api(double: Provider, token: str = TOKEN, timeout_s: float = 20.0) -> CloudApi:
    return CloudApi(f"{double.url}/{VERSION}", token, PHONE_NUMBER_ID, TEMPLATES, timeout_s)


def sent(adapter: CloudApi, *given: Message) -> list[Outcome]:
    async def all_of_it() -> list[Outcome]:
        try:
            return await asyncio.gather(*(adapter.send(one) for one in given))
        finally:
            await adapter.close()

    return asyncio.run(all_of_it())


def outcome(adapter: CloudApi, given: Message) -> Outcome:
    (only,) = sent(adapter, given)
    return only


@pytest.mark.parametrize("language", ["bn", "en"])
def test_a_message_goes_as_parameters_of_the_approved_template(double: Provider, language: str) -> None:
    given = whatsapp(language=language, attempt=2)
    told = outcome(api(double), given)
    (taken,) = double.taken()
    assert told == Accepted(hashed_wamid(taken["id"]))
    (request,) = double.requests()
    assert (request["path"], request["query"]) == (f"/{VERSION}/{PHONE_NUMBER_ID}/messages", "")
    assert request["headers"]["authorization"] == f"Bearer {TOKEN}"
    assert TOKEN not in request["body"]
    assert json.loads(request["body"]) == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "8801712345678",
        "type": "template",
        "template": {
            "name": "shokti_outreach",
            "language": {"code": language},
            "components": [
                {
                    "type": "body",
                    "parameters": [
                        {"type": "text", "text": given.subject},
                        {"type": "text", "text": " ".join(BODY.split())},
                    ],
                },
                {"type": "button", "sub_type": "url", "index": "0", "parameters": [{"type": "text", "text": "AbC123"}]},
                {"type": "button", "sub_type": "url", "index": "1", "parameters": [{"type": "text", "text": "AbC123"}]},
            ],
        },
        "biz_opaque_callback_data": f"{given.message_id}/2",
    }


def test_a_notice_has_nothing_to_book(double: Provider) -> None:
    assert isinstance(outcome(api(double), whatsapp(link=None)), Accepted)
    template = double.taken()[0]["given"]["template"]
    assert template["name"] == "shokti_outreach_notice"
    assert [one["index"] for one in template["components"] if one["type"] == "button"] == ["0"]


@pytest.mark.parametrize(
    ("content", "parameter"),
    [
        ("ক\n\nখ", "ক খ"),
        ("ক\tখ\r\nগ", "ক খ গ"),
        ("ক" + " " * 9 + "খ", "ক খ"),
        ("ক\u00a0\u2003\u2028খ", "ক খ"),
        ("র‍্যাপার  ", "র‍্যাপার"),
        ("", ""),
    ],
)
def test_parameters_are_one_line(content: str, parameter: str) -> None:
    assert one_line(content) == parameter


ANSWERS = [
    ("0", Later("whatsapp 0", 300.0, True)),
    ("1", Unknown("whatsapp 1")),
    ("2", Later("whatsapp 2", 60.0, True)),
    ("3", Later("whatsapp 3", 300.0, True)),
    ("4", Later("whatsapp 4", 300.0, True)),
    ("10", Later("whatsapp 10", 300.0, True)),
    ("33", Later("whatsapp 33", 300.0, True)),
    ("100", Refused("whatsapp 100")),
    ("190", Later("whatsapp 190", 300.0, True)),
    ("200", Later("whatsapp 200", 300.0, True)),
    ("368", Later("whatsapp 368", 3600.0, True)),
    ("80007", Later("whatsapp 80007", 300.0, True)),
    ("130429", Later("whatsapp 130429", 5.0)),
    ("130472", Refused("whatsapp 130472")),
    ("131000", Later("whatsapp 131000", 60.0, True)),
    ("131008", Refused("whatsapp 131008")),
    ("131016", Later("whatsapp 131016", 60.0, True)),
    ("131021", Refused("whatsapp 131021", True)),
    ("131026", Refused("whatsapp 131026", True)),
    ("131030", Refused("whatsapp 131030")),
    ("131031", Later("whatsapp 131031", 3600.0, True)),
    ("131042", Later("whatsapp 131042", 3600.0, True)),
    ("131047", Refused("whatsapp 131047")),
    ("131048", Later("whatsapp 131048", 3600.0, True)),
    ("131049", Later("whatsapp 131049", person_limit=True)),
    ("131050", Refused("whatsapp 131050", True)),
    ("131056", Later("whatsapp 131056", 60.0)),
    ("131057", Later("whatsapp 131057", 600.0, True)),
    ("132000", Refused("whatsapp 132000")),
    ("132001", Refused("whatsapp 132001")),
    ("132007", Refused("whatsapp 132007")),
    ("132012", Refused("whatsapp 132012")),
    ("132015", Refused("whatsapp 132015")),
    ("132016", Refused("whatsapp 132016")),
    ("132018", Refused("whatsapp 132018")),
    ("133010", Later("whatsapp 133010", 600.0, True)),
    ("999999", Refused("whatsapp 999999")),
    ("no_message", Unknown("whatsapp answer_without_message")),
    ("no_id", Unknown("whatsapp answer_without_message")),
    ("login", Unknown("whatsapp answer_without_message")),
    ("empty", Unknown("whatsapp answer_without_message")),
    ("array", Unknown("whatsapp answer_without_message")),
    ("huge", Unknown("whatsapp answer_without_message")),
    ("302", Unknown("whatsapp_http 302")),
    ("401", Later("whatsapp_http 401", None, True)),
    ("404", Later("whatsapp_http 404", None, True)),
    ("429", Later("whatsapp_http 429", 7.0, True)),
    ("500", Unknown("whatsapp_http 500")),
    ("503", Later("whatsapp_http 503", None, True)),
    ("reset", Unknown("whatsapp_answer_lost RemoteProtocolError")),
]


def test_every_answer_and_what_it_means(double: Provider) -> None:
    for mood, expected in ANSWERS:
        double.behave(mood)
        assert (mood, outcome(api(double), whatsapp())) == (mood, expected)


def test_what_is_held_back_for_a_look_is_taken(double: Provider) -> None:
    double.behave("held")
    assert isinstance(outcome(api(double), whatsapp()), Accepted)


def test_a_wrong_token_is_told_to_operators_not_to_the_message(
    double: Provider, capsys: pytest.CaptureFixture[str]
) -> None:
    assert outcome(api(double, token="EAAwrong"), whatsapp()) == Later("whatsapp 190", 300.0, True)
    told = capsys.readouterr()
    assert "provider_refuses_us" in told.out + told.err
    assert "EAAwrong" not in told.out + told.err


def test_a_template_that_is_not_approved_there_stops_the_message_only(double: Provider) -> None:
    assert outcome(api(double), whatsapp(purpose="coaching")) == Refused("whatsapp 132001")


def test_neither_token_nor_number_nor_text_is_logged(
    double: Provider, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level("DEBUG")
    for mood in ("good", "190", "132001", "500", "login"):
        double.behave(mood)
        outcome(api(double), whatsapp())
    told = capsys.readouterr()
    for secret in (TOKEN, "8801712345678", "বাসা পরিষ্কার", "AbC123"):
        assert secret not in caplog.text + told.out + told.err


def test_a_late_answer_leaves_doubt(double: Provider) -> None:
    double.behave("slow")
    assert outcome(api(double, timeout_s=0.3), whatsapp()) == Unknown("whatsapp_answer_lost ReadTimeout")
    assert len(double.taken()) == 1


def test_a_provider_that_is_away_took_nothing() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        away = CloudApi(f"http://127.0.0.1:{unused.getsockname()[1]}/v1", TOKEN, PHONE_NUMBER_ID, TEMPLATES)
        assert outcome(away, whatsapp()) == Later("whatsapp_connect ConnectError", None, True)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (whatsapp(None), Refused("address_missing")),
        (whatsapp("+15551234567"), Refused("address_malformed", True)),
        (whatsapp("8801712345678"), Refused("address_malformed", True)),
        (whatsapp(body="ক" * 940), Refused("text_too_long")),
        (whatsapp(purpose="voice"), Refused("whatsapp_without_template")),
    ],
)
def test_what_cannot_be_sent_is_not_offered(double: Provider, given: Message, expected: Outcome) -> None:
    assert outcome(api(double), given) == expected
    assert double.requests() == []


def test_the_longest_text_fits_the_template(double: Provider) -> None:
    given = whatsapp(subject="ক" * 60, body="খ" * 900)
    assert isinstance(outcome(api(double), given), Accepted)


def test_many_at_once(double: Provider) -> None:
    told = sent(api(double), *(whatsapp() for _ in range(40)))
    assert len({one.provider_id for one in told if isinstance(one, Accepted)}) == 40


# Statuses by webhook


def parsed(*statuses: dict[str, Any], number: str = PHONE_NUMBER_ID) -> list[Receipt]:
    adapter = CloudApi("http://127.0.0.1", TOKEN, PHONE_NUMBER_ID, TEMPLATES)
    return adapter.parse_receipts(json.dumps(call(list(statuses), number)).encode())


def status(kind: str, code: int | None = None, **more: Any) -> dict[str, Any]:
    failed = {} if code is None else {"errors": [{"code": code, "title": "as told"}]}
    return {"id": "wamid.1", "status": kind, "timestamp": "1795406400", "recipient_id": "8801712345678"} | failed | more


MESSAGE_ID = "01a2129a-0000-7000-8000-000000000001"


@pytest.mark.parametrize(
    ("told", "kinds"),
    [
        (status("sent"), [("sent", {})]),
        (status("delivered"), [("delivered", {})]),
        (status("read"), [("opened", {})]),
        (status("played"), []),
        (status("deleted"), []),
        (status("failed", 131026), [("bounced", {"bounce": "hard", "code": 131026})]),
        (
            status("failed", 131049),
            [("returned", {"code": 131049, "again": True, "retry_after": None, "person_limit": True})],
        ),
        (
            status("failed", 131056),
            [("returned", {"code": 131056, "again": True, "retry_after": 60.0, "person_limit": False})],
        ),
        (
            status("failed", 131050),
            [("complained", {"code": 131050}), ("returned", {"code": 131050, "again": False})],
        ),
        (status("failed", 132015), [("returned", {"code": 132015, "again": False})]),
        (status("failed", 130472), [("returned", {"code": 130472, "again": False})]),
        (status("failed"), [("returned", {"code": None, "again": False})]),
    ],
)
def test_every_status_and_what_it_tells(told: dict[str, Any], kinds: list[tuple[str, dict[str, Any]]]) -> None:
    found = parsed(told)
    assert [(one.kind, one.detail) for one in found] == kinds
    assert all(one.provider_id == hashed_wamid("wamid.1") for one in found)
    assert all(one.happened_at == datetime(2026, 11, 23, 4, 0, tzinfo=UTC) for one in found)
    assert len({one.source_event_id for one in found}) == len(found)
    # The person's number is not stored.
    assert "8801712345678" not in repr(found)


@pytest.mark.parametrize(
    ("echo", "names"),
    [
        (f"{MESSAGE_ID}/3", (MESSAGE_ID, 3)),
        (f"{MESSAGE_ID}/0", (None, None)),
        (MESSAGE_ID, (None, None)),
        ("somebody else's", (None, None)),
        ("", (None, None)),
    ],
)
def test_our_own_name_comes_back(echo: str, names: tuple[str | None, int | None]) -> None:
    (found,) = parsed(status("sent", biz_opaque_callback_data=echo))
    assert (found.message_id, found.attempt, found.provider_id) == (*names, hashed_wamid("wamid.1"))


def test_metas_names_are_kept_hashed(double: Provider) -> None:
    """They are base64 and contain the person's number."""
    told = outcome(api(double), whatsapp())
    (taken,) = double.taken()
    assert b"8801712345678" in base64.b64decode(taken["id"].removeprefix("wamid."))
    (heard,) = parsed(status("sent", id=taken["id"]))
    assert isinstance(told, Accepted)
    assert told.provider_id == heard.provider_id
    for kept in (told.provider_id or "", heard.source_event_id):
        assert taken["id"].removeprefix("wamid.") not in kept


def test_a_status_told_twice_is_one_event() -> None:
    once, twice = parsed(status("delivered"), status("delivered"))
    assert once.source_event_id == twice.source_event_id


@pytest.mark.parametrize("told", [{"timestamp": "soon"}, {"timestamp": None}, {"timestamp": "9" * 20}])
def test_an_odd_time_does_not_lose_the_news(told: dict[str, Any]) -> None:
    (found,) = parsed(status("delivered", **told))
    assert (found.kind, found.happened_at) == ("delivered", None)


def test_what_is_not_of_our_messages_is_no_news() -> None:
    adapter = CloudApi("http://127.0.0.1", TOKEN, PHONE_NUMBER_ID, TEMPLATES)
    assert parsed(status("delivered"), number="999") == []
    written = call([])
    written["entry"][0]["changes"] = [
        {"field": "messages", "value": {"messages": [{"from": "8801712345678", "text": {"body": "hello"}}]}},
        {"field": "message_template_status_update", "value": {"event": "PAUSED"}},
        {"field": "user_preferences", "value": {"user_preferences": []}},
    ]
    assert adapter.parse_receipts(json.dumps(written).encode()) == []


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"null", b"[]", b"{}", b'{"object": "page", "entry": []}',
        b'{"object": "whatsapp_business_account"}',
        b'{"object": "whatsapp_business_account", "entry": [{"changes": [{"field": "messages", "value": 1}]}]}',
        json.dumps(call([status("sent", id="x y")])).encode(), json.dumps(call([{"status": "sent"}])).encode(),
    ],
)  # fmt: skip
def test_what_is_no_call_of_metas_is_told(body: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any kind of it
        CloudApi("http://127.0.0.1", TOKEN, PHONE_NUMBER_ID, TEMPLATES).parse_receipts(body)


def test_settings_open_the_channel(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "whatsapp" not in channels(read_settings())
    monkeypatch.setenv("WHATSAPP_TOKEN", TOKEN)
    with pytest.raises(Fault, match="WHATSAPP_PHONE_NUMBER_ID"):
        read_settings()
    monkeypatch.setenv("WHATSAPP_PHONE_NUMBER_ID", PHONE_NUMBER_ID)
    settings = read_settings()
    assert TOKEN not in repr(settings)
    guarded = channels(settings)["whatsapp"]
    assert (guarded.adapter, guarded.parses_receipts is not None) == ("whatsapp_cloud", True)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("WHATSAPP_PHONE_NUMBER_ID", "+8801712345678"), ("WHATSAPP_TEMPLATES", "shokti"),
        ("WHATSAPP_TEMPLATES", "outreach=Shokti Reminder"), ("WHATSAPP_TEMPLATES", "lunch=shokti"),
        ("WHATSAPP_URL", "graph.facebook.com"), ("WHATSAPP_RATE", "0"),
    ],
)  # fmt: skip
def test_wrong_settings_are_named(monkeypatch: pytest.MonkeyPatch, name: str, wrong: str) -> None:
    monkeypatch.setenv(name, wrong)
    with pytest.raises(Fault, match=name):
        read_settings()
