"""Example bodies for readers of the contract, by function. Tests validate each against its model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SERVICE = "01a20959-a680-7025-b111-577a31537e3c"
ADD_ON = "01a20959-a680-7027-9cb9-a456c877f248"
REQUEST = "40f1f3fb-7dba-492b-8597-72ea27859746"
REFRESH_TOKEN = "Jm9Zr1xWc0u7o2b8Tq5vYk3nLh6dSf4gAe1iPwXyBzC"
SOME = "01a21398-ff16-7df5-8028-b142a7ebeac3"

BODIES: Mapping[str, Mapping[str, Any]] = {
    "request_otp": {"channel": "sms", "destination": "+8801712345678", "language": "bn"},
    "verify_otp": {"channel": "sms", "destination": "+8801712345678", "request_id": REQUEST, "code": "042917"},
    "refresh": {"refresh_token": REFRESH_TOKEN},
    "logout": {"refresh_token": REFRESH_TOKEN},
    "admin_login": {"login": "ops", "password": "four words that differ", "code": "123456"},
    "change_me": {"language": "bn", "quiet_from": "22:00", "quiet_until": "08:30"},
    "set_consents": {
        "consents": [
            {"channel": "email", "purpose": "outreach", "granted": True},
            {"channel": "sms", "purpose": "outreach", "granted": False},
        ],
        "wording_version": "2026-11",
    },
    "book": {"service_id": SERVICE, "scheduled_at": "2026-12-01T04:00:00Z", "add_on_ids": [ADD_ON]},
    "cancel_booking": {"reason": "changed_plans"},
    "review_booking": {"rating": 5, "body": "খুব ভালো কাজ হয়েছে।"},
    "record_events": {
        "events": [
            {
                "event_id": SOME,
                "kind": "service_viewed",
                "happened_at": "2026-11-25T16:34:28Z",
                "properties": {"service": "ac_repair", "from_search": True},
            }
        ]
    },
    "give_feedback": {"useful": True},
    "book_link": {"scheduled_at": "2026-12-01T04:00:00Z", "add_on_ids": []},
    "create_campaign": {
        "name": "in-app reminders",
        "segments": ["repeat", "at_risk"],
        "channels": ["in_app"],
        "repeats": False,
        "canary_share": 0.5,
        "holdout_share": 0.1,
        "reason": "reach people who read no e-mail",
    },
    "run_campaign": {"campaign_id": SOME, "segment": "repeat", "reason": "first run"},
    "preview_campaign": {"rules": {"reminder.lead": 5}, "segments": ["repeat", "at_risk"], "holdout_share": 0.2},
    "pause_campaign": {"reason": "review first"},
    "stop_campaign": {"reason": "wrong text"},
    "send_bulk": {
        "name": "roads closed",
        "segments": ["at_risk"],
        "template_id": SOME,
        "urgent": True,
        "reason": "roads are under water",
        "dry_run": True,
    },
    "run_segment": {"segment": "at_risk"},
    "create_template": {
        "language": "en",
        "variant": "c1",
        "subject": "{service} on {date}?",
        "body": "{address},\n\nIt may be time for {service} again.\n{add_on_line}\n\nChoose a time:\n{link}\n\n"
        "No more reminders: {stop_link}",
        "add_on_line": "You can add {add_on}.",
    },
    "change_policy": {"value": 2, "reason": "a quieter week"},
    "what_if": {"value": 2},
    "add_quiet_period": {
        "name": "Eid",
        "since": "2027-03-09T18:00:00Z",
        "until": "2027-03-12T18:00:00Z",
        "reason": "three days with the family",
    },
    "acknowledge_alert": {"outcome": "wrong addresses in an import; corrected"},
}
