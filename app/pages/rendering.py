"""Pages for people: jinja2 templates, filled from the same answer that an app gets as JSON."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.edge.problems import Problem
from app.endpoints.fields import Output
from app.endpoints.row import Page
from app.pages import formatting
from app.pages.wording import WORDING

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
TEMPLATES.filters |= {
    "taka": formatting.taka,
    "digits": formatting.digits,
    "local_date": formatting.local_date,
    "local_time": formatting.local_time,
    "duration": formatting.duration,
    "input_time": formatting.input_time,
}

# Keys of the wording for each status. The page says only what the person can do.
PROBLEM_WORDS: Mapping[int, str] = {404: "not_found", 410: "gone", 422: "invalid", 500: "internal", 503: "unavailable"}


def content_security_policy(nonce: str) -> str:
    """Only inline style and script with this page's nonce, and no framing."""
    return (
        f"default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; "
        "img-src data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def page_response(page: Page, request: Request, answer: Output) -> Response:
    """The page of an answer, or a redirect to the page that shows it."""
    path_params = request.path_params
    if page.see_other:
        return RedirectResponse(page.see_other.format_map(path_params), status_code=303)
    fields = getattr(answer, page.query_fields) if page.query_fields else None
    if fields is not None and (address := address_with_query(request, fields.model_dump(exclude_none=True))):
        return RedirectResponse(address, status_code=302, headers={"vary": "Accept"})
    assert page.template is not None
    return _html(page.template, 200, getattr(answer, "language", "bn"), answer=answer, **path_params)


def address_with_query(request: Request, fields: Mapping[str, str]) -> str | None:
    """The same address with these fields added to its query; None if it already has any of them."""
    given = request.scope["query_string"].decode("latin-1")
    if not fields.keys().isdisjoint(name for name, _ in parse_qsl(given, keep_blank_values=True, errors="replace")):
        return None
    query = "&".join(filter(None, (given, urlencode(fields, quote_via=quote))))
    return f"{request.scope['path']}?{query}"


def problem_page(problem: Problem, home: str) -> Response:
    """In both languages, because the reader of an invalid link is unknown. `home` is where the person can go on."""
    words = PROBLEM_WORDS[problem.status]
    response = _html("problem.html", problem.status, "bn", words=words, home=home, both=WORDING)
    response.headers.update(problem.headers)
    return response


def _html(template: str, status: int, language: str, **context: Any) -> Response:
    nonce = secrets.token_urlsafe(16)
    text = TEMPLATES.get_template(template).render(
        nonce=nonce, language=language, t=WORDING[language], calendar=formatting.calendar(language), **context
    )
    return HTMLResponse(
        text, status, {"content-security-policy": content_security_policy(nonce), "x-robots-tag": "noindex, nofollow"}
    )
