"""Fixtures of these tests, from tests/worker/stage.py."""

from tests.worker.stage import model, reminders, sink, worker

__all__ = ["model", "reminders", "sink", "worker"]
