"""What these tests play on: see tests/worker/stage.py."""

from tests.worker.stage import worker

__all__ = ["worker"]
