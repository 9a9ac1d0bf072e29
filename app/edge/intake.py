"""Path, query, headers and body of a request, merged into the strict input model of its row."""

from __future__ import annotations

import json
import re
import types
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Union, get_args, get_origin
from urllib.parse import parse_qsl, unquote_to_bytes
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from pydantic_core import from_json, to_json
from starlette.types import Receive, Scope

from app.edge.problems import FieldFault, Refusal, from_validation, refuse
from app.endpoints.fields import EdgeOnly, FromHeader, Input, LocalInForms, RawBody
from app.endpoints.row import Endpoint

BODY_LIMIT = 256 * 1024
FIELDS_LIMIT = 100
AGENT_LIMIT = 300

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"

# The format of `datetime-local`; seconds are optional.
LOCAL_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class ClientGone(Exception):
    """The caller disconnected before the request was complete."""


@dataclass(frozen=True, slots=True)
class Body:
    """A body: media type without parameters, and the bytes."""

    kind: str
    content: bytes

    @property
    def is_form(self) -> bool:
        return self.kind == FORM


class Intake:
    """Built once for each row: which field of the model comes from where."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.model = endpoint.input
        self.reads_body = endpoint.method in ("POST", "PUT", "PATCH") and not endpoint.ignores_body
        self.takes_forms = endpoint.page is not None
        fields = endpoint.input.model_fields
        marks = {
            name: list(annotation_metadata(field.annotation)) + list(field.metadata) for name, field in fields.items()
        }
        self.headers = {
            name: mark.name for name, found in marks.items() for mark in found if isinstance(mark, FromHeader)
        }
        self.path = tuple(name for name in fields if f"{{{name}}}" in endpoint.path)
        self.raw = frozenset(name for name, found in marks.items() if any(isinstance(mark, RawBody) for mark in found))
        self.named = {
            fields[name].alias or name
            for name in fields
            if name not in self.path and name not in self.headers and name not in self.raw
        }
        self.lists = frozenset(fields[name].alias or name for name in fields if is_list(fields[name].annotation))
        self.local = {
            fields[name].alias or name: mark.zone
            for name, found in marks.items()
            for mark in found
            if isinstance(mark, LocalInForms)
        }
        self.arguments = tuple(
            name for name, found in marks.items() if not any(isinstance(mark, EdgeOnly) for mark in found)
        )
        # A list: its field `cursor` takes the `next_cursor` of an answer.
        self.paged = "cursor" in fields
        # Mail and chat programs append parameters to links (utm_…, fbclid).
        self.ignores_query = endpoint.page is not None

    async def read(self, scope: Scope, receive: Receive) -> Input:
        """The validated input; a Refusal names the invalid fields."""
        placed = self._from_path(scope) | self._from_headers(scope)
        query = {} if self.ignores_query else self._from_query(scope)
        if not self.reads_body:
            return self._validated(query | placed, strict=False)
        if query:
            raise _unknown(query)
        body = await read_body(scope, receive, forms=self.takes_forms)
        if body.is_form:
            return self._validated(self._from_form(body) | placed)
        if not placed and body.content:
            given = self._validated_json(body.content)
        else:
            given = self._validated(self._from_json(body) | placed)
        check_duplicate_names(body.content)
        return given

    def _from_path(self, scope: Scope) -> dict[str, Any]:
        if not self.path:
            return {}
        try:
            unquote_to_bytes(scope["raw_path"]).decode()
        except UnicodeDecodeError:
            raise refuse(400, "The path is not UTF-8.") from None
        return {name: scope["path_params"][name] for name in self.path}

    def _from_headers(self, scope: Scope) -> dict[str, Any]:
        if not self.headers:
            return {}
        sent = {key.decode("latin-1"): value for key, value in scope["headers"]}
        return {
            name: CONTROL.sub("", sent[header].decode("utf-8", "replace"))[:AGENT_LIMIT] if header in sent else None
            for name, header in self.headers.items()
        }

    def _from_query(self, scope: Scope) -> dict[str, Any]:
        return self._single(_pairs(scope["query_string"], "query"), "query")

    def _from_form(self, body: Body) -> dict[str, Any]:
        given: dict[str, Any] = {}
        for name, text in _pairs(body.content, "form"):
            zone = self.local.get(name)
            if zone and LOCAL_TIME.fullmatch(text):
                given.setdefault(name, []).append(_with_offset(name, text, zone))
            elif text or name not in self.named:
                # A form sends an empty input as empty text: it counts as left out.
                given.setdefault(name, []).append(text)
        scalars = {name: values for name, values in given.items() if name not in self.lists}
        lists = {name: given.get(name, []) for name in self.lists}
        # A form cannot send an empty list: a list that is missing is empty.
        return self._single([(name, value) for name, values in scalars.items() for value in values], "form") | lists

    def _from_json(self, body: Body) -> dict[str, Any]:
        if not body.content:
            return {}
        try:
            given = from_json(body.content, allow_inf_nan=False)
        except ValueError as error:
            raise refuse(400, f"The body is not JSON: {error}.") from None
        if not isinstance(given, dict):
            raise refuse(422, "The body must be a JSON object.")
        if placed := [name for name in given if name not in self.named]:
            raise _unknown(placed)
        return given

    def _validated_json(self, content: bytes) -> Input:
        try:
            return self.model.model_validate_json(content)
        except ValidationError as error:
            details = error.errors(include_url=False, include_context=False, include_input=False)
            if details[0]["type"] == "json_invalid":
                raise refuse(
                    400, f"The body is not JSON: {details[0]['msg'].removeprefix('Invalid JSON: ')}."
                ) from None
            raise Refusal(from_validation(details)) from None

    def _validated(self, given: Mapping[str, Any], *, strict: bool | None = None) -> Input:
        # Via JSON, so that text from a path or form is parsed by the same rules as text in a body.
        try:
            return self.model.model_validate_json(to_json(given), strict=strict)
        except ValidationError as error:
            details = error.errors(include_url=False, include_context=False, include_input=False)
            raise Refusal(from_validation(details)) from None

    def _single(self, pairs: Sequence[tuple[str, str]], where: str) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        if unknown := [name for name in names if name not in self.named]:
            raise _unknown(unknown)
        if len(set(names)) < len(names):
            raise _repeated(names, where)
        return dict(pairs)


async def read_body(scope: Scope, receive: Receive, *, forms: bool, limit: int = BODY_LIMIT) -> Body:
    """The whole body; a Refusal if its media type is not supported or it exceeds the limit."""
    headers = {key: value.decode("latin-1") for key, value in scope["headers"]}
    content_type = headers.get(b"content-type", "")
    kind = content_type.partition(";")[0].strip().lower()
    declared = headers.get(b"content-length", "0")
    if declared.isdigit() and int(declared) > limit:
        raise _too_large(limit)
    content = bytearray()
    while True:
        event = await receive()
        if event["type"] == "http.disconnect":
            raise ClientGone
        content += event.get("body", b"")
        if len(content) > limit:
            raise _too_large(limit)
        if not event.get("more_body", False):
            break
    if content:
        _check_kind(kind, content_type, headers.get(b"content-encoding", "identity"), forms)
    return Body(kind, bytes(content))


def check_duplicate_names(content: bytes) -> None:
    """A Refusal for an object with a repeated name: parsers differ in which value they take (RFC 8259, 4)."""
    if content:
        # Known to be JSON; its numbers are not parsed.
        DUPLICATE_NAME_DECODER.decode(content.decode())


def _unique_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _repeated([name for name, _ in pairs], "body")
    return found


DUPLICATE_NAME_DECODER = json.JSONDecoder(
    object_pairs_hook=_unique_names, parse_int=str, parse_float=str, parse_constant=str, strict=False
)


def _repeated(names: Sequence[str], where: str) -> Refusal:
    twice = sorted(name[:100] for name, times in Counter(names).items() if times > 1)[:20]
    faults = [FieldFault(name, f"is given more than once in the {where}") for name in twice]
    return refuse(422, f"Not acceptable: {', '.join(twice)}.", *faults)


def _check_kind(kind: str, content_type: str, encoding: str, forms: bool) -> None:
    understood = (JSON, FORM) if forms else (JSON,)
    charset = re.search(r"charset\s*=\s*\"?([\w.-]+)", content_type, re.IGNORECASE)
    if kind not in understood or (charset and charset.group(1).lower() not in ("utf-8", "utf8", "us-ascii")):
        raise refuse(415, f"Send {' or '.join(understood)} in UTF-8.", accept=", ".join(understood))
    if encoding.lower() != "identity":
        raise refuse(415, "Send the body without a Content-Encoding.", accept_encoding="identity")


def _too_large(limit: int) -> Refusal:
    # The rest of the body stays unread, so the connection cannot serve another request.
    return refuse(413, f"The limit is {limit // 1024} KiB.", connection="close")


def _unknown(names: Sequence[str] | Mapping[str, Any]) -> Refusal:
    faults = [FieldFault(str(name)[:100], "is not a field of this request") for name in list(names)[:20]]
    return refuse(422, f"Not acceptable: {', '.join(fault.field for fault in faults)}.", *faults)


def _pairs(encoded: bytes, where: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(encoded.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=FIELDS_LIMIT)
    except UnicodeError:
        raise refuse(400, f"The {where} is not percent-encoded UTF-8.") from None
    except ValueError:
        raise refuse(400, f"The {where} has more than {FIELDS_LIMIT} fields.") from None


def _with_offset(name: str, text: str, zone: ZoneInfo) -> str:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=zone).isoformat(timespec="seconds")
    except ValueError:
        detail = "is not a valid time"
        raise refuse(422, f"Not acceptable: {name}.", FieldFault(name, detail)) from None


def annotation_metadata(annotation: Any) -> Iterator[Any]:
    """The metadata of Annotated, also inside `… | None`."""
    yield from getattr(annotation, "__metadata__", ())
    if get_origin(annotation) in (Union, types.UnionType):
        for part in get_args(annotation):
            yield from annotation_metadata(part)


def is_list(annotation: Any) -> bool:
    """Whether a field is a list, also as `list[…] | None`."""
    if get_origin(annotation) in (Union, types.UnionType):
        return any(is_list(part) for part in get_args(annotation))
    return get_origin(getattr(annotation, "__origin__", annotation)) is list or get_origin(annotation) is list
