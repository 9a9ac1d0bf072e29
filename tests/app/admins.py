"""Clients of admins."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import httpx2
from psycopg import Connection

from app.endpoints.policy import Policy
from tests import marketplace
from tests.app.people import bearer
from tests.app.serving import APP, Edge


class AdminClient:
    """The HTTP client of one admin."""

    def __init__(self, client: httpx2.Client, user_id: UUID) -> None:
        self.client = client
        self.user_id = str(user_id)

    def read(self, rule: str) -> tuple[Policy, dict[str, str]]:
        """The rule, and the If-Match header for changing it."""
        answer = self.client.get(f"/admin/policy/{rule}")
        assert answer.status_code == 200, answer.text
        return Policy.model_validate_json(answer.content), {"if-match": answer.headers["etag"]}

    def put(self, rule: str, wish: Any, *, reason: str = "a test", **more: Any) -> httpx2.Response:
        headers = {} if self.client.get(f"/admin/policy/{rule}").status_code == 404 else self.read(rule)[1]
        return self.client.put(f"/admin/policy/{rule}", json={"value": wish, "reason": reason} | more, headers=headers)

    def post(self, path: str, body: dict[str, Any], **headers: str) -> httpx2.Response:
        return self.client.post(path, json=body, headers={"idempotency-key": str(uuid4())} | headers)

    def decide(self, rule: str, verdict: str, proposal_id: Any) -> httpx2.Response:
        body = {"proposal_id": str(proposal_id), "reason": "looked at it"}
        return self.post(f"/admin/policy/{rule}/{verdict}", body)


@contextmanager
def admin_client(edge: Edge, db: Connection[Any]) -> Iterator[AdminClient]:
    """The client of a new admin with a recent sign-in."""
    user_id = marketplace.person(db, role="admin", full_name=None)
    with edge.client(**APP, **bearer(db, user_id)) as client:
        yield AdminClient(client, user_id)
