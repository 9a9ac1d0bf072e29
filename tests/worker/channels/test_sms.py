"""SMS gateways over HTTP as documented: the outcome of each answer, and where keys and texts are sent."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, TypeVar
from urllib.parse import parse_qs
from uuid import uuid4

import pytest
from psycopg import Connection

from db.fault import Fault
from db.keyring import ONE_TIME_CODE
from db.settings import read_settings
from tests.doubles.process import Provider, started
from tests.doubles.sms_gateway import SID, TOKEN
from tests.outbox import value
from tests.worker.messages import message
from tests.worker.stage import Start, until
from worker.channels.channel import Accepted, AcceptedDelivery, HasBalance, Later, Message, Outcome, Refused, Unknown
from worker.channels.registry import channels
from worker.channels.sms import AlphaSms, HttpGateway, SslWireless, parse_reports, receipt, short_id

Result = TypeVar("Result")
NUMBER = "+8801712345678"
TEXT = "আপনার কোড ১২৩৪৫৬। কাউকে বলবেন না।"


@pytest.fixture
def double() -> Iterator[Provider]:
    with started("tests.doubles.sms_gateway") as port:
        yield Provider(f"http://127.0.0.1:{port}")


def sms(address: str | None = NUMBER, body: str = TEXT) -> Message:
    return message(address, channel="sms", subject="", body=body, link=None, stop_link=None)


def asked(gateway: HttpGateway, work: Callable[[], Awaitable[Result]]) -> Result:
    async def all_of_it() -> Result:
        try:
            return await work()
        finally:
            await gateway.close()

    return asyncio.run(all_of_it())


def sent(gateway: HttpGateway, given: Message) -> Outcome:
    return asked(gateway, lambda: gateway.send(given))


def ssl(double: Provider, token: str = TOKEN, timeout_s: float = 20.0) -> SslWireless:
    return SslWireless(double.url, token, SID, timeout_s)


def alpha(double: Provider, token: str = TOKEN, timeout_s: float = 20.0) -> AlphaSms:
    return AlphaSms(double.url, token, None, timeout_s)


def test_a_message_goes_as_documented_and_the_key_only_in_the_body(double: Provider) -> None:
    given = sms()
    outcome = sent(ssl(double), given)
    assert isinstance(outcome, Accepted)
    assert outcome.provider_id is not None
    assert double.taken() == [{"id": short_id(given.message_id), "to": "8801712345678", "text": TEXT}]
    (request,) = double.requests()
    assert json.loads(request["body"]) == {
        "api_token": TOKEN,
        "sid": SID,
        "msisdn": "8801712345678",
        "sms": TEXT,
        "csms_id": short_id(given.message_id),
    }
    assert request["query"] == ""
    assert TOKEN not in json.dumps({**request, "body": ""})


def test_the_other_gateway_likewise(double: Provider) -> None:
    assert sent(alpha(double), sms()) == Accepted("1000")
    (request,) = double.requests()
    assert parse_qs(request["body"]) == {"api_key": [TOKEN], "msg": [TEXT], "to": ["8801712345678"]}
    assert TOKEN not in json.dumps({**request, "body": ""})


def test_neither_key_nor_number_nor_text_is_logged(double: Provider, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    for mood in ("good", "4001", "500", "login"):
        double.behave(mood)
        sent(ssl(double), sms())
        sent(alpha(double), sms())
    for secret in (TOKEN, "8801712345678", TEXT):
        assert secret not in caplog.text


SSL_ANSWERS = [
    ("4001", Later("ssl_wireless 4001", 300.0, True)),
    ("4002", Later("ssl_wireless 4002", 300.0, True)),
    ("4003", Later("ssl_wireless 4003", 300.0, True)),
    ("4004", Later("ssl_wireless 4004", 300.0, True)),
    ("4005", Refused("ssl_wireless 4005")),
    ("4020", Refused("ssl_wireless 4020")),
    ("4022", Refused("ssl_wireless 4022")),
    ("4023", Unknown("ssl_wireless 4023")),
    ("4025", Refused("ssl_wireless 4025", True)),
    ("4026", Refused("ssl_wireless 4026")),
    ("4027", Refused("ssl_wireless 4027")),
    ("4028", Refused("ssl_wireless 4028")),
    ("4029", Later("ssl_wireless 4029", 5.0)),
    ("4030", Later("ssl_wireless 4030", 600.0, True)),
    ("4031", Later("ssl_wireless 4031", 5.0)),
    ("5000", Unknown("ssl_wireless 5000")),
    ("invalid", Refused("ssl_wireless INVALID", True)),
    ("duplicate", Unknown("ssl_wireless DUPLICATE")),
    ("another", Unknown("ssl_wireless answer_without_message")),
    ("no_message", Unknown("ssl_wireless answer_without_message")),
    ("huge", Unknown("sms_answer_odd")),
    ("login", Unknown("sms_answer_odd")),
    ("empty", Unknown("sms_answer_odd")),
    ("array", Unknown("sms_answer_odd")),
    ("302", Unknown("sms_http 302")),
    ("401", Later("sms_http 401", None, True)),
    ("429", Later("sms_http 429", 7.0, True)),
    ("500", Unknown("sms_http 500")),
    ("503", Later("sms_http 503", None, True)),
    ("reset", Unknown("sms_answer_lost RemoteProtocolError")),
]


def test_every_answer_of_ssl_wireless_and_what_it_means(double: Provider) -> None:
    """Scenario 41 among them: a login page with HTTP 200 is not "sent"."""
    for mood, expected in SSL_ANSWERS:
        double.behave(mood)
        assert (mood, sent(ssl(double), sms())) == (mood, expected)


ALPHA_ANSWERS = [
    ("403", Later("alpha_sms 403", 300.0, True)),
    ("409", Unknown("alpha_sms 409")),
    ("413", Later("alpha_sms 413", 300.0, True)),
    ("415", Refused("alpha_sms 415")),
    ("416", Refused("alpha_sms 416", True)),
    ("417", Later("alpha_sms 417", 600.0, True)),
    ("419", Later("alpha_sms 419", None, True)),
    ("420", Refused("alpha_sms 420")),
    ("no_message", Unknown("alpha_sms answer_without_message")),
    ("login", Unknown("sms_answer_odd")),
    ("500", Unknown("sms_http 500")),
    ("reset", Unknown("sms_answer_lost RemoteProtocolError")),
]


def test_every_answer_of_alpha_sms_and_what_it_means(double: Provider) -> None:
    for mood, expected in ALPHA_ANSWERS:
        double.behave(mood)
        assert (mood, sent(alpha(double), sms())) == (mood, expected)


def test_a_late_answer_leaves_doubt_and_the_message_once(double: Provider) -> None:
    double.behave("slow", "good")
    given = sms()
    assert sent(ssl(double, timeout_s=0.3), given) == Unknown("sms_answer_lost ReadTimeout")
    # Sent again nevertheless: the gateway knows its id, and the message stays in doubt.
    assert sent(ssl(double), given) == Unknown("ssl_wireless 4023")
    assert len(double.taken()) == 1


def test_a_gateway_that_is_away_took_nothing() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        gateway = SslWireless(f"http://127.0.0.1:{unused.getsockname()[1]}", TOKEN, SID)
        assert sent(gateway, sms()) == Later("sms_connect ConnectError", None, True)


@pytest.mark.parametrize(
    ("given", "outcome"),
    [
        (sms(None), Refused("address_missing")),
        (sms("+8801212345678"), Refused("address_malformed", True)),
        (sms("+880171234567"), Refused("address_malformed", True)),
        (sms("01712345678"), Refused("address_malformed", True)),
        (sms("+8801712345678\n"), Refused("address_malformed", True)),
        (sms(body="ক" * 1001), Refused("text_too_long")),
    ],
)
def test_what_no_gateway_would_take_is_not_offered(double: Provider, given: Message, outcome: Outcome) -> None:
    assert sent(ssl(double), given) == outcome
    assert double.requests() == []


def test_many_at_once_share_a_few_connections(double: Provider) -> None:
    gateway = ssl(double)

    async def burst() -> list[Outcome]:
        return await asyncio.gather(*(gateway.send(sms()) for _ in range(40)))

    outcomes = asked(gateway, burst)
    assert all(isinstance(outcome, Accepted) for outcome in outcomes)
    assert len({outcome.provider_id for outcome in outcomes if isinstance(outcome, Accepted)}) == 40
    assert len(double.taken()) == 40


def test_the_balance(double: Provider) -> None:
    double.put("/balance", 0.5)
    for make in (ssl, alpha):
        gateway: HasBalance = make(double)
        assert isinstance(gateway, HttpGateway)
        assert asked(gateway, gateway.balance) == 0.5
        wrong = make(double, token="wrong")
        assert asked(wrong, wrong.balance) is None
        assert isinstance(sent(make(double), sms()), Later)
    assert double.taken() == []
    for request in double.requests():
        assert TOKEN not in request["path"] + request["query"] + json.dumps(request["headers"])


def test_polled_reports(double: Provider) -> None:
    double.put("/statuses", {"1000": "Delivered", "1001": "Failed", "1002": "Pending", "1003": "Invalid Number"})
    gateway = alpha(double)
    sendings = [AcceptedDelivery(str(uuid4()), str(1000 + place)) for place in range(4)] + [
        AcceptedDelivery(str(uuid4()), "../../etc")
    ]
    found = asked(gateway, lambda: gateway.poll_receipts(sendings))
    assert [(one.kind, one.message_id, one.detail.get("bounce")) for one in found] == [
        ("delivered", sendings[0].message_id, None),
        ("bounced", sendings[1].message_id, "soft"),
        ("bounced", sendings[3].message_id, "hard"),
    ]
    assert len(double.requests()) == 4


def test_called_back_reports_in_every_form() -> None:
    gateway = SslWireless("http://127.0.0.1", TOKEN, SID)
    reference = short_id(str(uuid4()))
    one = {"csms_id": reference, "reference_id": "ref1", "status": "DELIVRD", "done_date": "2026-11-23 10:00:00"}
    several = [one, {"reference_id": "ref2", "sms_status": "Failed"}, {"reference_id": "ref3", "status": "QUEUED"}]
    (told,) = gateway.parse_receipts(json.dumps(one).encode())
    assert (told.kind, told.reference, told.provider_id) == ("delivered", reference, "ref1")
    assert told.happened_at is not None
    assert told.happened_at.isoformat() == "2026-11-23T10:00:00+06:00"
    assert len(gateway.parse_receipts(json.dumps(several).encode())) == 2
    assert len(gateway.parse_receipts(json.dumps({"reports": several}).encode())) == 2
    form = b"reference_id=ref1&status=Delivered&msisdn=8801712345678"
    (by_form,) = gateway.parse_receipts(form)
    assert (by_form.kind, by_form.provider_id) == ("delivered", "ref1")
    # The person's number is not stored.
    assert "8801712345678" not in repr(by_form)


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"[1, 2]", b"{", b"null", b'{"reports": 1}'])
def test_what_is_no_report_is_told(body: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any kind of it
        parse_reports(body)


@pytest.mark.parametrize("status", [None, 1, "", "queued", "something new", {"a": 1}])
def test_what_is_no_news_is_no_receipt(status: object) -> None:
    assert receipt(status, provider_id="ref1") is None


def test_nobody_can_tell_what_a_report_without_a_name_is_about() -> None:
    assert receipt("delivered") is None


def test_the_short_name_is_the_same_in_sql(db: Connection[Any]) -> None:
    for _ in range(20):
        message_id = str(uuid4())
        assert value(db, "select outreach.sms_reference(%s)", message_id) == short_id(message_id)


def test_settings_choose_the_gateway(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "sms" not in channels(read_settings())
    monkeypatch.setenv("SMS_GATEWAY", "ssl_wireless")
    with pytest.raises(Fault, match="SMS_API_TOKEN"):
        read_settings()
    monkeypatch.setenv("SMS_API_TOKEN", TOKEN)
    with pytest.raises(Fault, match="SMS_SID"):
        read_settings()
    monkeypatch.setenv("SMS_SID", SID)
    settings = read_settings()
    assert TOKEN not in repr(settings)
    guarded = channels(settings)["sms"]
    assert guarded.adapter == "ssl_wireless"
    assert guarded.parses_receipts is not None
    assert guarded.polls_receipts is None
    monkeypatch.setenv("SMS_GATEWAY", "alpha_sms")
    guarded = channels(read_settings())["sms"]
    assert (guarded.adapter, guarded.parses_receipts) == ("alpha_sms", None)
    assert guarded.polls_receipts is not None


# One-time codes by SMS


def code_asked(db: Connection[Any], number: str, language: str) -> str:
    """Requests a code by SMS as the edge does; the id of the request."""
    keyring = read_settings().keyring
    request_id = str(uuid4())
    mac = keyring.mac("destination", number.encode())
    content = json.dumps({"code": "042917", "destination": number}).encode()
    sealed = keyring.seal(ONE_TIME_CODE, content, request_id.encode())
    db.execute(
        "select account.request_code(%s, 'sms', %s, %s, %s, %s, %s, %s, %s, clock.now())",
        [request_id, number, mac, mac, mac, mac, sealed, language],
    )
    return request_id


@pytest.mark.parametrize("language", ["bn", "en"])
def test_a_code_goes_by_sms_in_one_part(db: Connection[Any], double: Provider, worker: Start, language: str) -> None:
    request_id = code_asked(db, NUMBER, language)
    running = worker(SMS_GATEWAY="ssl_wireless", SMS_URL=double.url, SMS_API_TOKEN=TOKEN, SMS_SID=SID)
    (taken,) = until(double.taken, what="the code at the gateway")
    assert (taken["id"], taken["to"]) == (short_id(request_id), NUMBER.removeprefix("+"))
    assert "042917" in taken["text"]
    (request,) = double.requests()
    (sent,) = until(lambda: running.said("code_sent"), what="the log")
    assert request["headers"]["traceparent"].split("-")[1] == sent["trace_id"]
    if language == "bn":
        assert value(db, "select text.sms_segments(%s)", taken["text"]) == 1
    else:
        assert taken["text"].isascii()
        assert len(taken["text"]) <= 160
    until(lambda: value(db, "select sent_at is not null from account.one_time_code"), what="the record")
    for secret in ("042917", NUMBER.removeprefix("+"), TOKEN):
        assert secret not in running.log.read_text()


def test_a_code_that_a_busy_gateway_refused_goes_once(db: Connection[Any], double: Provider, worker: Start) -> None:
    double.behave("4031", "good")
    code_asked(db, NUMBER, "bn")
    worker(SMS_GATEWAY="ssl_wireless", SMS_URL=double.url, SMS_API_TOKEN=TOKEN, SMS_SID=SID)
    until(lambda: value(db, "select sent_at is not null from account.one_time_code"), what="the record")
    assert len(double.taken()) == 1
    assert len(double.requests()) == 2
