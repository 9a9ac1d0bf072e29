"""Good Bengali reminders, as a careful writer who knows only the prompt would write them: none of them is a house text.

They are here to be accepted. Many hold words that look like forbidden ones (বাল্ব, ফ্রিজ, ছাড়া, দেয়াল, র‍্যাক).
GOOD are letters, SHORT are for phones; each was written by hand and read aloud, not made from another.
"""

from itertools import cycle
from pathlib import Path
from typing import NamedTuple


class Text(NamedTuple):
    subject: str
    body: str
    add_on_line: str | None


# A line each: subject | what it says | closing. Every second one gets an add-on line.
LINES = Path(__file__).with_suffix(".txt").read_text().strip()

# A line each: subject | what it says, up to the link.
SHORT_LINES = Path(__file__).with_name("good_short_texts.txt").read_text().strip()

CALLS = (
    "বুক করতে এখানে চাপুন:",
    "সময় বেছে নিতে:",
    "বুকিং পাতা দেখুন এখানে:",
    "এখান থেকে সময় নিন:",
)
STOPS = (
    "এমন বার্তা আর না চাইলে: {stop_link}",
    "বার্তা বন্ধ করতে এখানে চাপুন: {stop_link}",
    "আর মনে করিয়ে না দিতে বলুন এখানে: {stop_link}",
)
ADD_ONS = (
    "চাইলে {add_on} যোগ করে নিন।",
    None,
    "সঙ্গে {add_on} নেওয়ার কথাও ভাবতে পারেন।",
    None,
)

GOOD = [
    Text(
        subject=subject,
        body=f"{{address}},\n\n{content}\n"
        + ("{add_on_line}\n" if add_on else "")
        + f"\n{call}\n{{link}}\n\n{closing}\n{stop}",
        add_on_line=add_on,
    )
    for (subject, content, closing), call, stop, add_on in zip(
        (tuple(part.strip() for part in line.split("|")) for line in LINES.splitlines()),
        cycle(CALLS),
        cycle(STOPS),
        cycle(ADD_ONS),
        strict=False,
    )
]

SHORT_STOPS = ("বার্তা না চাইলে: {stop_link}", "বন্ধ করতে: {stop_link}", "আর না চাইলে: {stop_link}")

SHORT = [
    Text(subject=subject, body=f"{{address}}, {content}: {{link}}\n{stop}", add_on_line=None)
    for (subject, content), stop in zip(
        (tuple(part.strip() for part in line.split("|")) for line in SHORT_LINES.splitlines()),
        cycle(SHORT_STOPS),
        strict=False,
    )
]
