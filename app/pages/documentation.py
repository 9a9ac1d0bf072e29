"""GET /docs: the document of /openapi.json shown by Swagger UI, whose files come from an installed package."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive

from app.edge.etags import etag_matches, etag_of
from db import Fault

PACKAGE, MODULE = "swagger-ui-py", "swagger_ui"
TEMPLATES = Path(__file__).parent / "templates"

# No inline script or style, and calls only to this server.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file in memory, also compressed. A copy is valid as long as its ETag is."""

    content: bytes
    compressed: bytes
    media_type: str
    etag: str

    @classmethod
    def of(cls, content: bytes, media_type: str) -> StaticFile:
        return cls(content, gzip.compress(content, mtime=0), media_type, etag_of(content))

    async def __call__(self, request: Request, receive: Receive) -> Response:
        headers = {
            "content-security-policy": POLICY,
            "cache-control": "public, no-cache",
            "etag": self.etag,
            "vary": "Accept-Encoding",
        }
        if etag_matches(request.headers.getlist("if-none-match"), self.etag):
            return Response(status_code=304, headers=headers)
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(self.compressed, headers=headers | {"content-encoding": "gzip"}, media_type=self.media_type)
        return Response(self.content, headers=headers, media_type=self.media_type)


def documentation() -> Mapping[str, StaticFile]:
    """The page and its files by path. A Fault names a file that the package does not have."""
    return {
        "/docs": StaticFile.of((TEMPLATES / "docs.html").read_bytes(), "text/html"),
        "/docs/start.js": StaticFile.of((TEMPLATES / "docs.js").read_bytes(), "text/javascript"),
        "/docs/page.css": StaticFile.of((TEMPLATES / "docs.css").read_bytes(), "text/css"),
        "/docs/swagger-ui.css": StaticFile.of(packaged("swagger-ui.css"), "text/css"),
        "/docs/swagger-ui-bundle.js": StaticFile.of(packaged("swagger-ui-bundle.js"), "text/javascript"),
    }


def packaged(name: str) -> bytes:
    """A file of Swagger UI. The package is located, not imported: its code is for other frameworks."""
    spec = find_spec(MODULE)
    for folder in (spec and spec.submodule_search_locations) or ():
        file = Path(folder) / "static" / name
        if file.is_file():
            return file.read_bytes()
    raise Fault(f"/docs needs the file {name} of the package {PACKAGE}; install the packages of requirements.lock")
