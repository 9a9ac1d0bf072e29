"""CORS: origins come from the setting CORS_ORIGINS."""

from __future__ import annotations

from db.embedded.temporary import TemporaryServer
from tests.app.serving import APP, Edge, serving


def test_only_configured_origins_are_allowed(edge: Edge, server: TemporaryServer, database_name: str) -> None:
    preflight = {"origin": "https://app.example.com", "access-control-request-method": "POST"}
    preflight |= {"access-control-request-headers": "authorization,idempotency-key,if-match,if-none-match"}
    with edge.client(**APP) as client:
        assert "access-control-allow-origin" not in client.options("/me/sessions", headers=preflight).headers
    url = server.url(database_name)
    with serving(url, CORS_ORIGINS="https://app.example.com") as open_edge, open_edge.client(**APP) as client:
        allowed = client.options("/me/sessions", headers=preflight)
        assert allowed.status_code == 200
        assert allowed.headers["access-control-allow-origin"] == "https://app.example.com"
        answer = client.get("/services", headers={"origin": "https://app.example.com"})
        assert answer.headers["access-control-allow-origin"] == "https://app.example.com"
        exposed = answer.headers["access-control-expose-headers"].lower()
        assert {"etag", "idempotency-replayed", "retry-after"} <= set(exposed.split(", "))
        for change in (
            {"origin": "https://evil.example"},
            {"access-control-request-method": "TRACE"},
            {"access-control-request-headers": "x-other"},
        ):
            other = client.options("/me/sessions", headers=preflight | change)
            assert (other.status_code, other.headers["content-type"]) == (403, "application/problem+json")
            assert other.headers["x-content-type-options"] == "nosniff"
            assert other.json()["detail"].startswith("Disallowed CORS ")
        evil = client.options("/me/sessions", headers=preflight | {"origin": "https://evil.example"})
        assert "access-control-allow-origin" not in evil.headers
