"""GET /docs: the contract as a page, made once from the same document as /openapi.json; nothing comes from outside."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from app.rendering import TEMPLATES

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Documentation:
    """The page and the policy that lets in its own style and nothing else."""

    content: bytes
    policy: str

    @classmethod
    def of(cls, contract: bytes) -> Documentation:
        document: Json = json.loads(contract)
        schemas: Json = document["components"]["schemas"]
        operations = [
            operation | {"method": method.upper(), "path": path}
            for path, methods in document["paths"].items()
            for method, operation in methods.items()
        ]
        loader = TEMPLATES.loader
        assert loader is not None
        style = loader.get_source(TEMPLATES, "docs.css")[0]
        text = TEMPLATES.get_template("docs.html").render(
            info=document["info"], operations=operations, schemas=schemas, style=style, kind=kind, name=name
        )
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; frame-ancestors 'none'"
        return cls(text.encode(), policy)

    def response(self) -> Response:
        headers = {"content-security-policy": self.policy, "cache-control": "no-cache"}
        return Response(self.content, headers=headers, media_type="text/html")


def name(schema: Json) -> str | None:
    """The component that a schema refers to."""
    reference: str | None = schema.get("$ref")
    return reference.rpartition("/")[2] if reference else None


def kind(schema: Json) -> str:
    """A schema in a few words."""
    if referred := name(schema):
        return referred
    if "const" in schema:
        return json.dumps(schema["const"])
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return " | ".join(kind(one) for one in schema[several])
    what = str(schema.get("type", "any"))
    if what == "array":
        return f"list of {kind(schema.get('items', {}))}"
    return f"{what} ({schema['format']})" if "format" in schema else what
