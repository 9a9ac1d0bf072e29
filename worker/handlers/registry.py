"""The entrypoints of the queue and their handlers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from pgqueuer.models import Job

from worker.handlers import code, compose, keep, plan, receive
from worker.handlers.deliver import Delivery, settle
from worker.handlers.parts import Handler, Parts

HANDLERS: Mapping[str, Callable[[Parts, Job], Awaitable[None]]] = {
    "plan": plan.plan,
    "plan_daily": plan.plan_daily,
    "preview": plan.preview,
    "judge_campaigns": plan.judge_campaigns,
    "compose": compose.compose,
    "send_code": code.send_code,
    "sweep": keep.sweep,
    "settle": settle,
    "receipts": receive.receipts,
    "poll_receipts": receive.poll_receipts,
    "housekeep": keep.housekeep,
}


def entrypoints(parts: Parts) -> dict[str, Handler]:
    """The handler of every entrypoint, over the parts of this process."""
    handlers: dict[str, Handler] = {name: partial(handler, parts) for name, handler in HANDLERS.items()}
    return handlers | {"deliver": Delivery(parts).deliver}
