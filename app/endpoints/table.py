"""The table of endpoints, one module for each room. A new path is a row and its models there, and a function in sql/api."""

from __future__ import annotations

from app.endpoints import campaign, dashboard, explain, link, market, me, operations, policy, sign_in, template, what_if
from app.endpoints.row import Endpoint

# The order is that of the paths in openapi.json.
ENDPOINTS: tuple[Endpoint, ...] = (
    *sign_in.ROWS,
    *me.ROWS,
    *market.ROWS,
    *link.ROWS,
    *campaign.ROWS,
    *template.ROWS,
    *policy.ROWS,
    *what_if.ROWS,
    *explain.ROWS,
    *dashboard.ROWS,
    *operations.ROWS,
)

# Functions of schema api that the edge calls by itself, without a path.
EDGE_FUNCTIONS = (
    "function_signatures",
    "readiness",
    "consume_allowance",
    "begin_idempotent_call",
    "finish_idempotent_call",
    "begin_admin_login",
)
