"""Claimed messages as jobs.claim_messages returns them, for tests of adapters."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from worker.channels.channel import Message

BODY = """শুভেচ্ছা, রহিম ভাই

কিছুদিন হলো আপনার বাসা পরিষ্কার করানো হয়েছিল। আবার দরকার হলে সময় বেছে নিন।

বুক করুন: http://127.0.0.1:8000/l/AbC123

এমন বার্তা আর না চাইলে: http://127.0.0.1:8000/u/AbC123"""


def message(address: str | None = "rahim@example.com", **changes: Any) -> Message:
    usual: dict[str, Any] = {
        "message_id": str(uuid4()),
        "attempt": 1,
        "channel": "email",
        "purpose": "outreach",
        "language": "bn",
        "address": address,
        "name": "রহিম উদ্দিন",
        "subject": "বাসা পরিষ্কারের সময় হলো কি?",
        "body": BODY,
        "link": "http://127.0.0.1:8000/l/AbC123",
        "stop_link": "http://127.0.0.1:8000/u/AbC123",
    }
    return Message(**usual | changes)
