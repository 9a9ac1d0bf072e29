"""Pages for people: jinja2 templates in app/pages, filled from the same answer that an app gets as JSON."""

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
from app.endpoints.table import Page
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

# Which words a page about a problem uses; the page says only what the person can do about it.
PROBLEM_WORDS: Mapping[int, str] = {404: "not_found", 410: "gone", 422: "invalid", 500: "internal", 503: "unavailable"}


def policy(nonce: str) -> str:
    """Nothing from outside, nothing inline but what carries this page's nonce, in nobody's frame."""
    return (
        f"default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; "
        "img-src data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def page(page: Page, request: Request, answer: Output) -> Response:
    """The page of an answer, or the way to the page that shows it."""
    path_params = request.path_params
    if page.see_other:
        return RedirectResponse(page.see_other.format_map(path_params), status_code=303)
    marks = getattr(answer, page.marks) if page.marks else None
    if marks is not None and (address := marked(request, marks.model_dump(exclude_none=True))):
        return RedirectResponse(address, status_code=302, headers={"vary": "Accept"})
    assert page.template is not None
    return _html(page.template, 200, getattr(answer, "language", "bn"), answer=answer, **path_params)


def marked(request: Request, marks: Mapping[str, str]) -> str | None:
    """The same address with marks in its query, beside what is there; none if any of them is there already."""
    given = request.scope["query_string"].decode("latin-1")
    if not marks.keys().isdisjoint(name for name, _ in parse_qsl(given, keep_blank_values=True, errors="replace")):
        return None
    query = "&".join(filter(None, (given, urlencode(marks, quote_via=quote))))
    return f"{request.scope['path']}?{query}"


def problem_page(problem: Problem, home: str) -> Response:
    """In both languages: a link that leads nowhere does not tell whose it was. `home` is where one can go on."""
    words = PROBLEM_WORDS[problem.status]
    response = _html("problem.html", problem.status, "bn", words=words, home=home, both=WORDING)
    response.headers.update(problem.headers)
    return response


def _html(template: str, status: int, language: str, **context: Any) -> Response:
    nonce = secrets.token_urlsafe(16)
    text = TEMPLATES.get_template(template).render(
        nonce=nonce, language=language, t=WORDING[language], calendar=formatting.calendar(language), **context
    )
    return HTMLResponse(text, status, {"content-security-policy": policy(nonce), "x-robots-tag": "noindex, nofollow"})
