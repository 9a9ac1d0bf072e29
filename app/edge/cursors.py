"""Cursors of lists: where the next page begins, as SQL said it, sealed so that it is only ever given back to us."""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.edge.problems import FieldFault, refuse

MAC_BYTES = 16
# jsonb writes its longest key last, so `next_cursor` ends every list beside `items`: no need to parse what precedes.
KEY = b'"next_cursor": "'
LAST = re.compile(KEY + rb'([^"\\]{1,300})"\}')


@dataclass(frozen=True, slots=True)
class Cursors:
    """A cursor is good for the function and the person that it was made for."""

    keys: Sequence[bytes] = field(repr=False)

    def sealed(self, content: bytes, function: str, owner: str) -> bytes:
        """The answer of a list with its position signed; an answer without one stays as it is."""
        place = content.rfind(KEY)
        found = LAST.fullmatch(content, place) if place >= 0 else None
        if found is None:
            return content
        position = found[1]
        signed = self._mac(self.keys[0], position, function, owner) + position
        cursor = base64.urlsafe_b64encode(signed).rstrip(b"=")
        return content[: found.start(1)] + cursor + b'"}'

    def position(self, cursor: str, function: str, owner: str) -> str:
        """What SQL said; a Refusal (422) for a cursor that was not made here for this."""
        try:
            signed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True)
            mac, position = signed[:MAC_BYTES], signed[MAC_BYTES:]
            if any(hmac.compare_digest(mac, self._mac(key, position, function, owner)) for key in self.keys):
                return position.decode()
        except (ValueError, binascii.Error):
            pass
        detail = "is not a cursor of this list; leave it out to begin anew"
        raise refuse(422, "Not acceptable: cursor.", FieldFault("cursor", detail))

    @staticmethod
    def _mac(key: bytes, position: bytes, function: str, owner: str) -> bytes:
        return hmac.digest(key, b"\0".join((function.encode(), owner.encode(), position)), "sha256")[:MAC_BYTES]
