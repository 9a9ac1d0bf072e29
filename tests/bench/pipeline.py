"""A campaign from its plan to the last recorded outcome through real workers, and the share of each stage."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime

from db import simulation
from db.connection import Connection
from tests.bench.delivering import NULL, started
from tests.bench.figure import Figure, measurement
from tests.bench.stage import Stage, until

#: The campaign is planned by night; in the evening all its messages are due.
NIGHT = datetime.fromisoformat("2026-11-24T05:00:00+06:00")
EVENING = datetime.fromisoformat("2026-11-24T20:00:00+06:00")
MOST = 50_000

#: The stage of each statement of a worker; statements of the queue and others are `other`.
STAGES = {
    "plan": "jobs.plan_campaign",
    "texts": "jobs.assign_texts",
    "claim": "jobs.claim_messages",
    "record": "jobs.record_outcomes",
}

#: Each person with a rhythm is a candidate, for the largest number of messages.
OPENED = """
set session_replication_role = replica;
update smartengage.campaign set canary_share = 1, holdout_share = 0, segments = '{new,repeat,at_risk,inactive}',
  window_from = '08:00', window_until = '20:30';
update policy.rule set value = v.value from (values
  ('reminder.lead', '30'::jsonb), ('reminder.useful_for', '30'), ('reminder.min_p14', '0'),
  ('holdout.global_share', '0')
) v (rule, value) where rule.rule = v.rule;
"""

SPENT = """
select s.query, s.total_exec_time / 1000
from pg_stat_statements s
join pg_roles r on r.oid = s.userid
where s.dbid = (select d.oid from pg_database d where d.datname = current_database())
  and r.rolname = 'shokti_worker'
"""


@measurement
def campaign(stage: Stage) -> Iterator[Figure]:
    """Two workers; shares of the server's time for statements and of the workers' processor time."""
    with stage.clone(stage.base(), "campaign") as name, ExitStack() as stack:
        with stage.superuser(name) as superuser:
            superuser.execute("create extension if not exists pg_stat_statements")
            superuser.execute(OPENED)
        stack.enter_context(counted(stage))
        with stage.connect(name) as owner:
            simulation.set_clock(owner, NIGHT, speed=1)
            workers = started(stage, stack, name, 2, NULL)
            workers_s, begun = sum(worker.cpu_s() for worker in workers), time.perf_counter()
            owner.execute("select smartengage.enqueue_plan(campaign_id, 'bench', null) from smartengage.campaign")
            stage.tell("planning a campaign by a worker")
            until(
                lambda: told(owner, "select not exists (select from queue.pgqueuer where entrypoint <> 'deliver')"), 0.1
            )
            planned_s = time.perf_counter() - begun
            prepare(owner)
            stage.tell("sending the campaign")
            begun = time.perf_counter()
            owner.execute(
                "select outreach.enqueue_wake_ups(channel, array_agg(due_at)) from outreach.message group by channel"
            )
            until(
                lambda: told(
                    owner,
                    # Some are deferred until tomorrow, for example by personal quiet hours.
                    "select not exists (select from outreach.message where state in ('claimed', 'in_doubt')"
                    " or state = 'scheduled' and due_at < clock.now() + interval '5 minutes')",
                ),
                0.1,
            )
            sent_s = time.perf_counter() - begun
            workers_s = sum(worker.cpu_s() for worker in workers) - workers_s
            sent = told(owner, "select count(*) from outreach.message where state = 'sent'")
        with stage.superuser(name) as superuser:
            spent = {str(query): float(seconds) for query, seconds in superuser.execute(SPENT).fetchall()}
    yield Figure("messages_planned", sent, "messages, planned from candidates and sent to the null channel")
    yield Figure("messages_end_to_end", sent / (planned_s + sent_s), "messages/s, from the plan to the last outcome")
    yield Figure("messages_planning", planned_s, "s until profiles, plan and texts were there")
    yield Figure("messages_sending", sent_s, "s from the wake-up to the last outcome")
    shares = {
        stage_name: sum(seconds for query, seconds in spent.items() if call in query)
        for stage_name, call in STAGES.items()
    }
    shares["hand_over"] = workers_s
    shares["other"] = sum(spent.values()) + workers_s - sum(shares.values())
    for stage_name, seconds in shares.items():
        yield Figure(f"messages_share_{stage_name}", 100 * seconds / sum(shares.values()), f"% ({WHAT[stage_name]})")


WHAT = {
    "plan": "profiles refreshed and everybody decided",
    "texts": "of the model, or a template for each",
    "claim": "consent, caps, and the text rendered",
    "record": "outcomes written",
    "hand_over": "processor time of the workers: queue, payloads, channel",
    "other": "the queue's own statements",
}


def prepare(owner: Connection) -> None:
    """Keeps at most so many messages and sets the evening, after the times of their wake-ups."""
    owner.execute(
        "delete from smartengage.candidate where message_id in"
        " (select message_id from outreach.message order by due_at > %(evening)s, message_id offset %(most)s)"
        " or message_id in (select message_id from outreach.message where due_at > %(evening)s)",
        {"evening": EVENING, "most": MOST},
    )
    owner.execute(
        "delete from outreach.message m where not exists"
        " (select from smartengage.candidate c where c.message_id = m.message_id)"
    )
    owner.execute("delete from queue.pgqueuer")
    simulation.set_clock(owner, EVENING, speed=0.01)


@contextmanager
def counted(stage: Stage) -> Iterator[None]:
    """Starts the statistics of statements on the server."""
    with stage.superuser("postgres") as superuser:
        superuser.execute("alter system set pg_stat_statements.track = 'top'")
        superuser.execute("select pg_reload_conf()")
        yield
        superuser.execute("alter system reset pg_stat_statements.track")
        superuser.execute("select pg_reload_conf()")


def told(owner: Connection, statement: str) -> int:
    row = owner.execute(statement.encode()).fetchone()
    assert row is not None
    return int(row[0])
