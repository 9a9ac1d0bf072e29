"""GET /docs: the contract as a page, built once from the document of /openapi.json. It loads nothing from elsewhere."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape
from starlette.responses import Response

from app.pages.rendering import TEMPLATES

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Documentation:
    """The page, and the content security policy that allows only its own style."""

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
            info=document["info"],
            operations=operations,
            schemas=schemas,
            style=style,
            type_label=type_label,
            component_name=component_name,
            prose=prose,
            access_sentence=access_sentence,
            formatted_example=formatted_example,
        )
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; frame-ancestors 'none'"
        return cls(text.encode(), policy)

    def response(self) -> Response:
        headers = {"content-security-policy": self.policy, "cache-control": "no-cache"}
        return Response(self.content, headers=headers, media_type="text/html")


def prose(text: str) -> Markup:
    """Paragraphs, with text between backticks as code."""
    paragraphs = (re.sub("`([^`]+)`", r"<code>\1</code>", str(escape(part))) for part in text.split("\n\n"))
    return Markup("".join(f'<p class="prose">{part}</p>' for part in paragraphs))


def access_sentence(security: list[dict[str, list[str]]]) -> str:
    """Who may call."""
    if not security:
        return "For anyone."
    if "service_token" in security[0]:
        return "For our own programs: send a program token."
    if "bearer" not in security[0]:
        return "For providers: sign the call."
    roles = security[0]["bearer"]
    return f"For the role {roles[0]}: send an access token." if roles else "For signed-in people: send an access token."


def formatted_example(example: Any) -> str:
    """Indented JSON."""
    return json.dumps(example, ensure_ascii=False, indent=2)


def component_name(schema: Json) -> str | None:
    """The component that a schema refers to."""
    reference: str | None = schema.get("$ref")
    return reference.rpartition("/")[2] if reference else None


def type_label(schema: Json) -> str:
    """A schema in a few words."""
    if referred := component_name(schema):
        return referred
    if "const" in schema:
        return json.dumps(schema["const"])
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return " | ".join(type_label(one) for one in schema[several])
    label = str(schema.get("type", "any"))
    if label == "array":
        return f"list of {type_label(schema.get('items', {}))}"
    return f"{label} ({schema['format']})" if "format" in schema else label
