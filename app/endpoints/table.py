"""The table of endpoints, one module for each room. A new path is a row and its models there, and a function in sql/api."""

from __future__ import annotations

from app.endpoints import campaign, dashboard, explain, link, market, me, operations, policy, sign_in, template, what_if
from app.endpoints.row import Endpoint

# The order is that of the paths in openapi.json, where each room is a tag.
ROOMS = (sign_in, me, market, link, campaign, template, policy, what_if, explain, dashboard, operations)
ENDPOINTS: tuple[Endpoint, ...] = tuple(row for room in ROOMS for row in room.ROWS)

# Functions of schema api that the edge calls by itself, without a path.
EDGE_FUNCTIONS = (
    "function_signatures",
    "readiness",
    "consume_allowance",
    "begin_idempotent_call",
    "finish_idempotent_call",
    "begin_admin_login",
)
