"""The bytes of an e-mail, written without the standard library, which takes ten times as long (a millisecond).

tests/worker/channels/test_mime.py reads every kind of message back with the standard library's strict parser.
"""

from __future__ import annotations

import re
from base64 import b64encode
from binascii import b2a_base64
from dataclasses import dataclass
from email.utils import formatdate, parseaddr
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from worker.channels.channel import Message

# An encoded word has at most 75 characters (RFC 2047), minus the frame =?utf-8?b?…?=, in whole groups of base64.
ENCODED_WORD_BYTES = 45
WITH_ITS_SPACE = re.compile(r"\S+ ?")
# A letter with its signs: vowel signs, nukta, joiners, and hasanta with the letter it joins. At most ten code points,
# so that one always fits into an encoded word.
CLUSTER = re.compile(
    r".(?:[\u0981-\u0983\u09bc\u09be-\u09cc\u09d7\u09fe\u0300-\u036f\u200c\u200d]|\u09cd.?){0,5}", re.DOTALL
)
LINE_BREAK = re.compile(r"\r\n|\r|\n")
# What is cut from the words before a link: as a button, "বুক করুন: https://…" reads better without its colon.
BEFORE_LINK = " \t:：-–—"
# A line that ends with one of these introduces the link on the next line.
COLONS = (":", "：")

PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "pages"),
    autoescape=select_autoescape(default=True, default_for_string=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

# So many characters before a link become the text of the button; a longer text stays a sentence above it.
LONGEST_BUTTON = 36

BUTTON = {"bn": "সময় দেখে বুক করুন", "en": "See the time and book"}
STOP = {"bn": "এমন বার্তা আর পেতে না চাইলে এখানে চাপুন", "en": "Press here to stop these messages"}


class MessageWriter:
    """Writes the messages of one sender."""

    def __init__(self, sender: str) -> None:
        name, address = parseaddr(sender)
        self.address = address
        self._domain = address.rpartition("@")[2]
        self._from = b"From: " + address_header(name, address) + b"\r\n"
        self._page = PAGES.get_template("message.html")
        self._sender_name = name or self._domain

    def message_id(self, message: Message) -> str:
        """The same for every attempt, so that a mail program can show a repeated message once."""
        return f"<{message.message_id}@{self._domain}>"

    def message(self, message: Message, at: float | None = None) -> bytes:
        """RFC 5322 bytes, CRLF line ends, no line begins with a dot. `at`: seconds since 1970, default now."""
        layout = layout_of(message)
        html = self._page.render(
            language=message.language,
            subject=message.subject,
            above=layout.above,
            below=layout.below,
            link=layout.link,
            button=layout.link_words or BUTTON.get(message.language, BUTTON["en"]),
            stop_link=message.stop_link,
            stop_words=layout.stop_words or STOP.get(message.language, STOP["en"]),
            sender=self._sender_name,
        )
        boundary = b"=_" + message.message_id.replace("-", "").encode()
        unsubscribe = (
            b"List-Unsubscribe: <" + message.stop_link.encode() + b">\r\n"
            b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
            if message.stop_link
            else b""
        )
        return b"".join((
            self._from,
            b"To: ", address_header(message.name or "", message.address or ""), b"\r\n",
            b"Subject: ", encoded_header(message.subject, len("Subject: ")), b"\r\n",
            b"Date: ", formatdate(at).encode(), b"\r\n",
            b"Message-ID: ", self.message_id(message).encode(), b"\r\n",
            unsubscribe,
            b"Content-Language: ", message.language.encode(), b"\r\n",
            # Keeps vacation replies away (RFC 3834).
            b"Auto-Submitted: auto-generated\r\n"
            b"MIME-Version: 1.0\r\n"
            b'Content-Type: multipart/alternative; boundary="', boundary, b'"\r\n'
            b"\r\n--", boundary, b"\r\n", part(b"text/plain", message.body),
            b"--", boundary, b"\r\n", part(b"text/html", html),
            b"--", boundary, b"--\r\n",
        ))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Layout:
    """The parts of a text: lines above and below the button, the button, the words of the footer."""

    above: list[list[str]]
    below: list[list[str]]
    link: str | None
    link_words: str | None
    stop_words: str | None


def layout_of(message: Message) -> Layout:
    """The parts of a message for its HTML version, which has the two links as button and footer.

    The button takes the place of the link. Its text is what stands before the link, on the same line or the line above.
    """
    above: list[list[str]] = [[]]
    below: list[list[str]] = [[]]
    paragraphs = above
    link_words = stop_words = None
    for line in LINE_BREAK.split(message.body):
        if message.stop_link and message.stop_link in line:
            stop_words = line.replace(message.stop_link, "").strip(BEFORE_LINK)
            continue
        if message.link and message.link in line:
            words_before = line.replace(message.link, "").rstrip(BEFORE_LINK)
            if not words_before.strip() and above[-1] and above[-1][-1].rstrip().endswith(COLONS):
                words_before = above[-1].pop().rstrip(BEFORE_LINK)
            if 0 < len(words_before.strip()) <= LONGEST_BUTTON:
                link_words = words_before.strip()
            elif words_before.strip():
                above[-1].append(words_before)
            paragraphs = below
            continue
        if line.strip():
            paragraphs[-1].append(line)
        elif paragraphs[-1]:
            paragraphs.append([])
    return Layout(
        [lines for lines in above if lines], [lines for lines in below if lines], message.link, link_words, stop_words
    )


def part(kind: bytes, text: str) -> bytes:
    """One part in base64: quoted-printable Bengali is more than twice as long."""
    canonical = LINE_BREAK.sub("\r\n", text).encode()
    # 57 bytes fill a line of 76 characters; b2a_base64 ends each with \n.
    lines = [b2a_base64(canonical[start : start + 57], newline=False) for start in range(0, len(canonical), 57)]
    return (
        b"Content-Type: " + kind + b"; charset=utf-8\r\n"
        b"Content-Transfer-Encoding: base64\r\n"
        b"\r\n" + b"\r\n".join(lines) + b"\r\n"
    )


def encoded_header(text: str, used: int = 0) -> bytes:
    """The text of a header: plain ASCII as it is, else words of RFC 2047, cut at spaces and never inside a letter."""
    text = " ".join(text.split())
    if text.isascii() and text.isprintable() and len(text) + used <= 76 and "=?" not in text:
        return text.encode()
    chunks: list[bytes] = [b""]
    room = min(ENCODED_WORD_BYTES, (76 - used - len("=?utf-8?b??=")) // 4 * 3)
    for word in WITH_ITS_SPACE.findall(text):
        whole = word.encode(errors="replace")
        for piece in [whole] if len(whole) <= ENCODED_WORD_BYTES else map(str.encode, CLUSTER.findall(word)):
            if len(chunks[-1]) + len(piece) > room:
                chunks.append(b"")
                room = ENCODED_WORD_BYTES
            chunks[-1] += piece
    return b"\r\n ".join(b"=?utf-8?b?" + b64encode(chunk) + b"?=" for chunk in chunks if chunk)


def address_header(name: str, address: str) -> bytes:
    """A header's `name <address>`."""
    if not name.strip():
        return address.encode()
    if re.fullmatch(r"[A-Za-z0-9 ]{1,40}", name):
        return f"{name} <{address}>".encode()
    encoded = encoded_header(name, len("From: ")) if not name.isascii() else quoted(name)
    return encoded + b"\r\n <" + address.encode() + b">"


def quoted(name: str) -> bytes:
    cleaned = "".join(letter for letter in name if letter.isprintable())[:60]
    return b'"' + cleaned.replace("\\", "\\\\").replace('"', '\\"').encode() + b'"'
