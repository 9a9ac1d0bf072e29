"""Golden values of every stable share: a change would move people between the arms of running experiments."""

from __future__ import annotations

import pytest

from db.connection import Connection

CAMPAIGN = "01890a5d-ac96-774b-bcce-b302099a8057"

PEOPLE = (
    "4462ebfc-5f91-4ef0-9cfb-ac6e7687a66e",
    "ad38835e-ddd6-4f55-afa7-3207237751aa",
    "76b67451-80b6-4386-969c-803601a5ba50",
    "558298e2-14b0-44d7-9acd-8acde5f6db1d",
    "b339a476-9ddc-46f8-afb6-fbfe8de4ab47",
    "2b5ebaa0-6107-4dc3-ba6a-ce6c0a78250f",
    "f3868254-73b7-4490-b23b-2cc4b4174a67",
    "2b1e1885-283b-43a6-ac2e-a417b99de255",
    "21e6a46f-1c67-4ea9-8d24-3a163cee5e2c",
    "fdb119a9-ec80-4bdf-9f29-65b3819ad93b",
)

# Every salt of the product, with the bucket of each person.
BUCKETS = {
    "global_control": (
        0.060037798287961186,
        0.5798425265381522,
        0.7942550595345073,
        0.8581885899151704,
        0.29932776110677506,
        0.6580490148266998,
        0.20082801455793775,
        0.3061325989185717,
        0.07346945411946892,
        0.8932854688997662,
    ),
    "minute": (
        0.3038612819934834,
        0.5769505986694281,
        0.9190508829220345,
        0.9052154533768657,
        0.1570288323863629,
        0.5720260434646784,
        0.8993930023516932,
        0.28941700221685984,
        0.9658484882463556,
        0.967375103691485,
    ),
    f"{CAMPAIGN}/canary": (
        0.8663396347271066,
        0.7960695449475903,
        0.6288813380974752,
        0.8177427633383636,
        0.9431705514098565,
        0.5118306165958244,
        0.7410814486302708,
        0.9261873795145519,
        0.5952281868858267,
        0.4409541913159505,
    ),
    f"{CAMPAIGN}/holdout": (
        0.47269943332394804,
        0.5809738297327838,
        0.2524499110642675,
        0.6083036211009063,
        0.44007184854739934,
        0.5445133200466559,
        0.639878027202861,
        0.18865541774126893,
        0.19404646657069158,
        0.7589971940943132,
    ),
    CAMPAIGN: (
        0.4606442686686647,
        0.2106560335160781,
        0.7781701686433256,
        0.7535763566862843,
        0.39023052507174594,
        0.4207610485455282,
        0.9022999867842929,
        0.8092404629854344,
        0.7471745816422548,
        0.748776133417207,
    ),
    "retired": (
        0.5746545764887445,
        0.6655570232321282,
        0.6367663880760692,
        0.7066589441806015,
        0.1036814418685188,
        0.7736536627567527,
        0.735294111941001,
        0.809226604340461,
        0.6611598577465745,
        0.9160168974527922,
    ),
}

# Instants within an hour from 03:00 at which deferred messages are due, by the id of the message.
DEFERRED = (
    "03:22:03.549975",
    "03:42:11.556203",
    "03:27:57.442514",
    "03:33:28.768712",
    "03:31:06.410849",
    "03:17:16.963735",
    "03:22:56.457279",
    "03:38:54.441383",
    "03:35:00.768540",
    "03:08:51.632140",
)


@pytest.mark.parametrize("salt", BUCKETS)
def test_buckets_do_not_change(template_connection: Connection, salt: str) -> None:
    drawn = template_connection.execute(
        "select stats.bucket(u, %s) from unnest(%s::uuid[]) with ordinality p (u, n) order by n",
        [salt, list(PEOPLE)],
    ).fetchall()
    assert [bucket for (bucket,) in drawn] == list(BUCKETS[salt])


def test_deferred_instants_do_not_change(template_connection: Connection) -> None:
    due = template_connection.execute(
        "select to_char(outreach.deferred_until(u, '[2026-11-24 03:00+00,2026-11-24 15:00+00)', '2026-11-26 00:00+00',"
        " '1 hour', '1 minute') at time zone 'UTC', 'HH24:MI:SS.US')"
        " from unnest(%s::uuid[]) with ordinality p (u, n) order by n",
        [list(PEOPLE)],
    ).fetchall()
    assert [at for (at,) in due] == list(DEFERRED)
