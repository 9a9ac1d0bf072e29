"""Cursors of lists: the position of the next page, as SQL answered it, with a signature."""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.edge.problems import FieldFault, refuse

MAC_BYTES = 16
# jsonb writes its longest key last, so `next_cursor` ends every list, and the items need not be parsed.
KEY = b'"next_cursor": "'
LAST = re.compile(KEY + rb'([^"\\]{1,300})"\}')


@dataclass(frozen=True, slots=True)
class Cursors:
    """A cursor is valid for the function and the caller that it was signed for."""

    keys: Sequence[bytes] = field(repr=False)

    def sign(self, content: bytes, function: str, owner: str) -> bytes:
        """The answer of a list with its position signed; an answer without a position is unchanged."""
        start = content.rfind(KEY)
        found = LAST.fullmatch(content, start) if start >= 0 else None
        if found is None:
            return content
        position = found[1]
        signed = self._mac(self.keys[0], position, function, owner) + position
        cursor = base64.urlsafe_b64encode(signed).rstrip(b"=")
        return content[: found.start(1)] + cursor + b'"}'

    def position(self, cursor: str, function: str, owner: str) -> str:
        """The position that SQL answered; a Refusal (422) for an invalid cursor."""
        try:
            signed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True)
            mac, position = signed[:MAC_BYTES], signed[MAC_BYTES:]
            if any(hmac.compare_digest(mac, self._mac(key, position, function, owner)) for key in self.keys):
                return position.decode()
        except (ValueError, binascii.Error):
            pass
        detail = "is not a cursor of this list; omit it for the first page"
        raise refuse(422, "Not acceptable: cursor.", FieldFault("cursor", detail))

    @staticmethod
    def _mac(key: bytes, position: bytes, function: str, owner: str) -> bytes:
        return hmac.digest(key, b"\0".join((function.encode(), owner.encode(), position)), "sha256")[:MAC_BYTES]
