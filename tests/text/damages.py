"""Damages of a good text, as a hypothesis strategy: every text it generates must have faults."""

from collections.abc import Callable

from hypothesis import strategies as st

from tests.text.good_texts import GOOD, Text

Damaged = tuple[str, Text]

REQUIRED = ["{address}", "{service}", "{link}", "{stop_link}"]
FOREIGN_NAMES = [
    "সার্ভিস", "ঠিকানা", "লিংক", "নাম", "তারিখ", "name", "customer_name", "url", "phone", "price", "discount",
    "Link", "LINK", "stop-link", "stoplink", "add_ons", "first_name", "link ", " link", "",
]  # fmt: skip
FIGURES = [
    "5", "৫", "২0", "৫০০ টাকা", "500 taka", "৳", "৳ ৫০০", "20%", "২০ %", "বিশ শতাংশ ছাড়", "১০:৩০", "2026-11-23",
    "২৩ নভেম্বর", "01712345678", "০১৭১২ ৩৪৫৬৭৮", "পঞ্চাশ টাকা কম", "অর্ধেক দামে", "$", "আগামীকাল", "সোমবারে", "ডিসেম্বরের", "১ম",
]  # fmt: skip
ADDRESSES = [
    "https://shokti.example/l/x", "http://bit.ly/x", "www.shokti.xyz", "shokti.com", "bit.ly/abc", "Shokti.COM.BD/book",
    "help@shokti.example", "tel://x", "t.me/shokti",
]  # fmt: skip
PHRASES = [
    "তুমি", "তোমাকেই", "তুইও", "করো", "দাও", "এসো", "অলসতা", "ফাঁকিবাজ", "ফাঁকির", "অবহেলার", "দোষটা",
    "লজ্জায়", "শাস্তির", "জরিমানাও",
    "নইলে", "শেষ সুযোগ", "শেষ, সুযোগ", "এখনই না করলে", "কেন দেরি", "কেন করেননি", "অন্যরা পারে", "সবার চেয়ে",
    "সবসময় দেরি", "কখনোই",
    "বারবার", "র‍্যাংক", "র্যাংক", "বাল", "বালের", "হারামি", "শালার", "fuck", "Tumi", "কৈফিয়ত", "সতর্কবার্তা", "বরখাস্ত", "ভাইয়া", "নমস্কার",
    "ডিসকাউন্ট", "ফ্রি", "অফারটি", "ক্যাশব্যাক",
]  # fmt: skip
CHARACTERS = [
    "\x01", "\x07", "\x1b[31m", "\t", "\r", "\u200b", "\u200e", "\u202e", "\u2066", "\ufeff",
    "\u00ad", "\u0085", "\ue000",
    "<b>", "</a>", "*", "#", "`", "|", "[", "]", "😀", "🎉", "तुम", "тy", "مرحبا", "①", "５", "٥", "५",
]  # fmt: skip
ENGLISH = (
    "{address},\n\nIt may be time for {service} again.\n\nBook here:\n{link}\n\nTo stop these reminders: {stop_link}",
    "{address},\n\nAbar {service} korar shomoy holo, apni dekhe nin.\n\nBook korun:\n{link}\n\nNa chaile: {stop_link}",
    "{address}\n{service}\n{link}\n{stop_link}",
)


def in_the_middle(text: Text, piece: str) -> Text:
    """As a sentence of its own after the salutation, between words that are on no list."""
    return text._replace(body=text.body.replace("\n\n", f"\n\nকথা হলো {piece} এমন। ", 1))


def in_any_part(piece: str) -> Callable[[Text, int], Text]:
    def spoil(text: Text, where: int) -> Text:
        match where % 3:
            case 0:
                return text._replace(subject=f"কথা {piece} এমন")
            case 1 if text.add_on_line is not None:
                return text._replace(add_on_line=f"{text.add_on_line} কথা {piece} এমন।")
            case _:
                return in_the_middle(text, piece)

    return spoil


@st.composite
def damaged(draw: st.DrawFn, words: list[str]) -> Damaged:
    """A good text with one damage, and the kind of the damage. `words`: more phrases that a text may not contain."""
    text = draw(st.sampled_from(GOOD))
    kind = draw(
        st.sampled_from(
            [
                "dropped", "renamed", "invented", "unclosed", "bracketed", "repeated", "moved", "add-on line",
                "figure", "address", "phrase", "listed word", "character", "script", "long", "sentences", "words",
                "empty", "not NFC",
            ]
        )
    )  # fmt: skip
    placeholder = draw(st.sampled_from(REQUIRED))
    where = draw(st.integers(0, 2))
    match kind:
        case "dropped":
            text = text._replace(
                body=text.body.replace(placeholder, draw(st.sampled_from(["", "সেবা", placeholder[1:-1]])))
            )
        case "renamed":
            name = draw(st.sampled_from(FOREIGN_NAMES))
            text = text._replace(body=text.body.replace(placeholder, "{" + name + "}"))
        case "invented":
            name = draw(st.one_of(st.sampled_from(FOREIGN_NAMES), st.text("abcdefghijকখগ", min_size=1, max_size=8)))
            text = in_any_part("{" + name + "}")(text, where)
        case "unclosed":
            text = text._replace(
                body=text.body.replace(
                    placeholder, draw(st.sampled_from([placeholder[1:], placeholder[:-1], "{" + placeholder]))
                )
            )
        case "bracketed":
            name = placeholder[1:-1]
            form = draw(st.sampled_from(["[{}]", "<{}>", "%{}%", "${}", "({})", "__{}__", "«{}»"]))
            text = text._replace(body=text.body.replace(placeholder, form.format(name)))
        case "repeated":
            placeholder = draw(st.sampled_from(["{address}", "{link}", "{stop_link}"]))
            text = text._replace(body=text.body.replace(placeholder, f"{placeholder} {placeholder}"))
        case "moved":
            text = draw(
                st.sampled_from(
                    [
                        text._replace(subject="{link} দেখুন"),
                        text._replace(subject="{address}: কথা"),
                        text._replace(body="কথা " + text.body),
                        in_the_middle(text, "{add_on}"),
                        text._replace(add_on_line="সঙ্গে {add_on} নিন: {link}"),
                    ]
                )
            )
        case "add-on line":
            text = text._replace(
                body=text.body.replace("{add_on_line}\n", ""), add_on_line="চাইলে {add_on} যোগ করতে পারেন।"
            )
        case "figure":
            text = in_any_part(draw(st.sampled_from(FIGURES)))(text, where)
        case "address":
            text = in_any_part(draw(st.sampled_from(ADDRESSES)))(text, where)
        case "phrase":
            text = in_any_part(draw(st.sampled_from(PHRASES)))(text, where)
        case "listed word":
            text = in_any_part(draw(st.sampled_from(words)))(text, where)
        case "character":
            text = in_any_part(draw(st.sampled_from(CHARACTERS)))(text, where)
        case "script":
            text = text._replace(body=draw(st.sampled_from(ENGLISH)), add_on_line=None)
        case "long":
            text = draw(
                st.sampled_from(
                    [
                        text._replace(body=text.body + "\n" + "কথাবার্তা " * 70),
                        text._replace(subject="কথা " * 16),
                        text._replace(body=text.body.replace("\n\n", "\n\n" + "ক" * 701 + " ", 1)),
                    ]
                )
            )
        case "sentences":
            text = in_the_middle(text, "। ".join(["আমরা আছি"] * 8))
        case "words":
            text = in_the_middle(text, " ".join(["ভালো"] * draw(st.integers(10, 20))))
        case "empty":
            text = draw(
                st.sampled_from(
                    [
                        text._replace(subject=""),
                        text._replace(subject=" "),
                        text._replace(body=""),
                        text._replace(body="\n \n"),
                    ]
                )
            )
        case "not NFC":
            text = in_any_part(draw(st.sampled_from(["সম\u09df", "বা\u09dcি", "গা\u09dd"])))(text, where)
    return kind, text
