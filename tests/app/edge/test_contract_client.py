"""A client generated from the contract by a third-party generator signs in, books and reviews."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from psycopg import Connection

from app.edge.application import CONTRACT_FILE
from tests import marketplace
from tests.app.people import code_of
from tests.app.serving import Edge

Db = Connection[Any]

# Runs in its own process, because only it can import the generated package.
SESSION = """
import sys
from datetime import datetime
from uuid import UUID
from shokti_client import AuthenticatedClient, Client
from shokti_client.api.market import book, bookings, review_booking
from shokti_client.api.sign_in import request_otp, verify_otp
from shokti_client.models import NewBooking, RequestOtp, ReviewBooking, VerifyOtp

url, service, at = sys.argv[1:4]
to = {"channel": "email", "destination": "generated@example.com"}
anybody = Client(base_url=url)
asked = request_otp.sync(
    client=anybody, body=RequestOtp.from_dict(to | {}))
print(asked.request_id, flush=True)
code = input()
signed_in = verify_otp.sync(client=anybody, body=VerifyOtp.from_dict(
    to | {"request_id": str(asked.request_id), "code": code}))
me = AuthenticatedClient(base_url=url, token=signed_in.access_token)
made = book.sync(
    client=me, idempotency_key="one",
    body=NewBooking(service_id=UUID(service), scheduled_at=datetime.fromisoformat(at)))
print(made.booking_id, flush=True)
input()
review = review_booking.sync_detailed(made.booking_id, client=me, body=ReviewBooking(rating=5))
print(int(review.status_code), len(bookings.sync(client=me).items), flush=True)
"""


def test_a_generated_client_signs_in_books_and_reviews(edge: Edge, db: Db, tmp_path: Path) -> None:
    made = subprocess.run(
        [
            str(Path(sys.executable).parent / "openapi-python-client"), "generate", "--path", str(CONTRACT_FILE),
            "--meta", "none", "--output-path", str(tmp_path / "shokti_client"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )  # fmt: skip
    assert made.returncode == 0, made.stdout + made.stderr
    service = marketplace.service(db)
    worker = marketplace.worker(db)
    at = (datetime.now(UTC) + timedelta(days=1)).isoformat(timespec="seconds")
    session = subprocess.Popen(
        [sys.executable, "-c", SESSION, edge.url, str(service), at],
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert session.stdin is not None
    assert session.stdout is not None
    try:
        request_id = session.stdout.readline().strip()
        assert request_id, session.communicate()[1]
        print(code_of(db, request_id), file=session.stdin, flush=True)
        booking_id = session.stdout.readline().strip()
        assert booking_id, session.communicate()[1]
        # The visit takes place.
        for change in (
            "status = 'confirmed', worker_id = %(worker)s, confirmed_at = clock.now()",
            "status = 'in_progress', started_at = clock.now()",
            "status = 'completed', completed_at = clock.now()",
        ):
            db.execute(
                f"update market.booking set {change} where booking_id = %(booking)s",
                {"worker": worker, "booking": booking_id},
            )
        print(file=session.stdin, flush=True)
        told, complaint = session.communicate(timeout=60)
        assert told.split() == ["200", "1"], complaint
    finally:
        session.kill()
