"""Content negotiation: a page or JSON."""

from __future__ import annotations

from starlette.requests import Request


def wants_page(accept: str, *, by_default: bool) -> bool:
    """Whether Accept prefers a page; `by_default` decides where it has no preference."""
    page = _quality(accept, "text/html")
    data = max(_quality(accept, "application/json"), _quality(accept, "application/problem+json"))
    if page == data:
        return by_default
    return page > data


def accepted(request: Request) -> str:
    """The Accept header; several header lines are joined."""
    return ", ".join(request.headers.getlist("accept"))


def _quality(accept: str, kind: str) -> float:
    best, rank = 0.0, -1
    ranges = {kind: 2, kind.partition("/")[0] + "/*": 1, "*/*": 0}
    for entry in accept.split(",")[:50]:
        name, *parameters = (part.strip().lower() for part in entry.split(";"))
        if ranges.get(name, -1) <= rank:
            continue
        rank, best = ranges[name], 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key == "q":
                try:
                    best = min(max(float(value), 0.0), 1.0)
                except ValueError:
                    best = 0.0
    return best
