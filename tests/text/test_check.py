"""Faults of templates: each rule by a text that breaks only this rule."""

import re
import unicodedata
from collections import Counter

import pytest

from db.connection import Connection
from tests.text.good_texts import GOOD, SHORT
from tests.text.judging import faults, one

SUBJECT = "{service}: আবার সময় হলো কি?"
BODY = """{address},

আবার {service} দরকার হওয়ার সময় বোধহয় কাছে এসেছে।
{add_on_line}

এখান থেকে বুক করা যাবে:
{link}

এমন বার্তা না চাইলে: {stop_link}"""
ADD_ON_LINE = "চাইলে সঙ্গে {add_on} যোগ করতে পারেন।"


def with_sentence(sentence: str) -> str:
    return BODY.replace("কাছে এসেছে।", f"কাছে এসেছে। {sentence}")


def test_base_text_has_no_faults(template_connection: Connection) -> None:
    assert faults(template_connection, SUBJECT, BODY, ADD_ON_LINE) == set()
    assert faults(template_connection, SUBJECT, BODY) == set()
    assert faults(template_connection, SUBJECT, BODY, " ") == set()


def test_good_texts_are_accepted(template_connection: Connection) -> None:
    """At most 2 % may be refused: then a house text is sent, and the request to the model was wasted."""
    assert len(GOOD) + len(SHORT) >= 300
    refused = {text: found for text in GOOD if (found := faults(template_connection, *text))}
    for channel in ("sms", "push"):
        refused |= {text: found for text in SHORT if (found := faults(template_connection, *text, channel=channel))}
    assert len(refused) <= 0.02 * (len(GOOD) + len(SHORT)), refused


def test_good_texts_are_many_and_distinct() -> None:
    said = [text.body.split("\n")[2 if text in GOOD else 0] for text in GOOD + SHORT]
    assert len(set(said)) == len(said)
    words = Counter(word for one in said for word in set(re.findall(r"[\u0980-\u09ff]+", one)))
    assert len(words) > 900


def test_house_texts_are_accepted(template_connection: Connection) -> None:
    refused = template_connection.execute(
        "select t.category, t.language, t.variant, f.faults from text.template t"
        " cross join lateral text.template_faults(t.kind, t.language, t.form, t.subject, t.body, t.add_on_line)"
        " as f (faults) where f.faults <> '{}' and t.retired_at is null"
    ).fetchall()
    assert refused == []


def test_every_category_has_its_house_texts(template_connection: Connection) -> None:
    rows = template_connection.execute(
        "select coalesce(category, 'any'), language, form, string_agg(variant, '' order by variant)"
        " from text.template"
        " where kind = 'reminder' and origin = 'house' and approved_by = 'house' and retired_at is null"
        " and (add_on_line is not null) = (form = 'long')"
        " group by 1, 2, 3"
    ).fetchall()
    categories = {
        "cleaning", "beauty", "barber", "electrical", "plumbing",
        "appliance", "ac", "pest_control", "painting", "cooking",
    }  # fmt: skip
    assert {(category, language, form): variants for category, language, form, variants in rows} == {
        ("any", "bn", "long"): "abc",
        ("any", "en", "long"): "abc",
        **{(category, "bn", "long"): "abc" for category in categories},
        **{(category, "en", "long"): "a" for category in categories},
        **{(category, language, "short"): "abc" for category in categories | {"any"} for language in ("bn", "en")},
    }


def test_no_two_house_texts_say_the_same(template_connection: Connection) -> None:
    """Variants differ in content: no two share a sentence before the link."""
    rows = template_connection.execute(
        "select t.template_id, s.sentence from text.template t"
        " cross join lateral unnest(text.sentences("
        "   case t.form when 'long' then split_part(t.body, E'\\n', 3) else split_part(t.body, E'\\n', 1) end))"
        " as s (sentence) where position('{date}' in s.sentence) = 0 and position('{link}' in s.sentence) = 0"
        " and t.retired_at is null"
    ).fetchall()
    sentences = [sentence for _, sentence in rows]
    assert len(sentences) > 80
    twice = {sentence for sentence in sentences if sentences.count(sentence) > 1}
    # The plain English sentence about the rhythm is the one exception.
    assert twice <= {"It may be time for {service} again"}


@pytest.mark.parametrize("language", ["bn", "en"])
def test_house_texts_read_well_when_filled(template_connection: Connection, language: str) -> None:
    rows = template_connection.execute(
        "select text.fill_placeholders(t.body, jsonb_build_object("
        "  'address', text.salutation(n.name, 'bhai', 'shubheccha', t.language), 'service', 'এসি সার্ভিসিং',"
        "  'date', d.date, 'link', 'https://x.example/l/1', 'stop_link', 'https://x.example/u/1',"
        "  'add_on_line', case when a.add_on <> '' then"
        "    text.fill_placeholders(t.add_on_line, jsonb_build_object('add_on', a.add_on)) end))"
        " from text.template t"
        " cross join (values ('রহিম'), (null)) as n (name)"
        " cross join (values ('সোমবার, ২৩ নভেম্বর'), ('')) as d (date)"
        " cross join (values ('ফ্রিজ পরিষ্কার'), ('')) as a (add_on)"
        " where t.language = %s and t.kind = 'reminder' and t.retired_at is null",
        [language],
    ).fetchall()
    assert len(rows) == (66 if language == "bn" else 46) * 8
    for (text,) in rows:
        assert not set("{}\x01") & set(text)
        assert "  " not in text
        assert "\n\n\n" not in text
        assert " ," not in text
        assert ",," not in text
        assert ":।" not in text
        assert text.count("https://") == 2


# A fault, and a text with only this fault.
DAMAGED = [
    ("placeholder_missing:address", SUBJECT, BODY.replace("{address},\n\n", ""), ADD_ON_LINE),
    ("placeholder_missing:service", SUBJECT, BODY.replace("{service}", "সেবা"), ADD_ON_LINE),
    ("placeholder_missing:link", SUBJECT, BODY.replace("{link}\n", ""), ADD_ON_LINE),
    ("placeholder_missing:stop_link", SUBJECT, BODY.replace("{stop_link}", "জানান"), ADD_ON_LINE),
    ("placeholder_missing:add_on_line", SUBJECT, BODY.replace("{add_on_line}\n", ""), ADD_ON_LINE),
    ("placeholder_missing:add_on", SUBJECT, BODY, "চাইলে আরও কিছু যোগ করতে পারেন।"),
    ("placeholder_unknown:সার্ভিস", "{সার্ভিস}: সময় হলো কি?", BODY, ADD_ON_LINE),
    ("placeholder_unknown:name", SUBJECT, with_sentence("{name}, কেমন আছেন?"), ADD_ON_LINE),
    ("placeholder_unknown: date ", SUBJECT, with_sentence("দিনটা { date } হতে পারে।"), ADD_ON_LINE),
    ("placeholder_unknown:Date", SUBJECT, with_sentence("দিনটা {Date} হতে পারে।"), ADD_ON_LINE),
    ("placeholder_unknown:", SUBJECT, with_sentence("দিনটা {} হতে পারে।"), ADD_ON_LINE),
    ("placeholder_misplaced:link", "{service} {link}", BODY, ADD_ON_LINE),
    ("placeholder_misplaced:add_on", SUBJECT, with_sentence("সঙ্গে {add_on} নিন।"), ADD_ON_LINE),
    ("placeholder_misplaced:address", SUBJECT, "নিন, " + BODY, ADD_ON_LINE),
    ("placeholder_misplaced:add_on_line", SUBJECT, BODY.replace("{add_on_line}", "আর {add_on_line}"), ADD_ON_LINE),
    ("placeholder_repeated:link", SUBJECT, BODY.replace("{link}", "{link}\n{link}"), ADD_ON_LINE),
    ("placeholder_repeated:stop_link", SUBJECT, BODY + " {stop_link}", ADD_ON_LINE),
    ("brace_outside_placeholder", SUBJECT, with_sentence("দিনটা } হতে পারে।"), ADD_ON_LINE),
    ("digit_outside_placeholder", SUBJECT, with_sentence("কাজটা 2 ঘণ্টার।"), ADD_ON_LINE),
    ("digit_outside_placeholder", SUBJECT, with_sentence("কাজটা ২ ঘণ্টার।"), ADD_ON_LINE),
    ("digit_outside_placeholder", SUBJECT, BODY, "চাইলে {add_on} ১টি নিন।"),
    ("price_sign", SUBJECT, with_sentence("দাম ৳ দেখুন।"), ADD_ON_LINE),
    ("url_outside_placeholder", SUBJECT, with_sentence("shokti.com দেখুন।"), ADD_ON_LINE),
    ("url_outside_placeholder", SUBJECT, with_sentence("www.shokti দেখুন।"), ADD_ON_LINE),
    ("not_nfc", SUBJECT, unicodedata.normalize("NFC", BODY).replace("সময়", "সম\u09df"), ADD_ON_LINE),
    ("character:U+0007", SUBJECT, with_sentence("কথা\x07।"), ADD_ON_LINE),
    ("character:U+200B", SUBJECT, with_sentence("ক\u200bথা।"), ADD_ON_LINE),
    ("character:U+202E", SUBJECT, with_sentence("\u202eকথা।"), ADD_ON_LINE),
    ("character:U+000D", SUBJECT, BODY.replace("{link}\n", "{link}\r\n"), ADD_ON_LINE),
    ("character:U+000A", SUBJECT + "\nআরও", BODY, ADD_ON_LINE),
    ("character:U+003C", SUBJECT, with_sentence("কথা < কাজ।"), ADD_ON_LINE),
    ("character:U+002A", SUBJECT, with_sentence("*কথা* হলো।"), ADD_ON_LINE),
    ("character:U+0915", SUBJECT, with_sentence("कথা হলো।"), ADD_ON_LINE),
    ("character:U+1F600", SUBJECT, with_sentence("ভালো থাকুন😀।"), ADD_ON_LINE),
    ("script_share", "Time again?", BODY, ADD_ON_LINE),
    ("script_share", SUBJECT, with_sentence("Please pick any convenient day."), ADD_ON_LINE),
    ("script_share", SUBJECT, BODY, "You can add {add_on}."),
    ("register:তুমি", SUBJECT, with_sentence("তুমি ভালো থাকবেন।"), ADD_ON_LINE),
    ("register:তুমি", SUBJECT, with_sentence("তুমিও ভালো থাকবেন।"), ADD_ON_LINE),
    ("register:তুমি", SUBJECT, with_sentence("তু\u200dমি ভালো থাকবেন।"), ADD_ON_LINE),
    ("register:করো", SUBJECT, with_sentence("বুক করো।"), ADD_ON_LINE),
    ("shame:অলস", SUBJECT, with_sentence("অলস দিন কাটুক।"), ADD_ON_LINE),
    ("shame:অলস", SUBJECT, with_sentence("অলসতার দিন কাটুক।"), ADD_ON_LINE),
    ("shame:অলস", "অলস দিনে {service}", BODY, ADD_ON_LINE),
    ("shame:অলস", SUBJECT, BODY, "অলস দিনে {add_on} নিন।"),
    ("threat:শাস্তি", SUBJECT, with_sentence("এর শাস্তির কথা ভাবুন।"), ADD_ON_LINE),
    ("comparison:র‍্যাংক", SUBJECT, with_sentence("র‍্যাংক দেখুন।"), ADD_ON_LINE),
    ("comparison:র‍্যাংক", SUBJECT, with_sentence("র্যাংক দেখুন।"), ADD_ON_LINE),
    ("interrogation:কেন দেরি", SUBJECT, with_sentence("এত কেন, দেরি করছেন?"), ADD_ON_LINE),
    ("pressure:শেষ সুযোগ", SUBJECT, with_sentence("এটাই শেষ সুযোগ।"), ADD_ON_LINE),
    ("profanity:বাল", SUBJECT, with_sentence("বালের কাজ।"), ADD_ON_LINE),
    ("address:ভাই", SUBJECT, with_sentence("ভাই, ভালো থাকুন।"), ADD_ON_LINE),
    ("price:ছাড়", SUBJECT, with_sentence("এখন ছাড় আছে।"), ADD_ON_LINE),
    ("price:শতাংশ", SUBJECT, with_sentence("বিশ শতাংশ কম।"), ADD_ON_LINE),
    ("date:সোমবার", SUBJECT, with_sentence("সোমবারে আসব।"), ADD_ON_LINE),
    ("subject_empty", " ", BODY, ADD_ON_LINE),
    ("subject_chars:61", "ক" * 61, BODY, ADD_ON_LINE),
]


@pytest.mark.parametrize(("fault", "subject", "body", "add_on_line"), DAMAGED)
def test_each_damage_gives_its_fault(
    template_connection: Connection, fault: str, subject: str, body: str, add_on_line: str | None
) -> None:
    assert faults(template_connection, subject, body, add_on_line) == {fault}


def test_broken_placeholder_is_missing_and_its_brace_is_a_fault(template_connection: Connection) -> None:
    assert faults(template_connection, SUBJECT, BODY.replace("{link}", "{link"), ADD_ON_LINE) >= {
        "placeholder_missing:link",
        "brace_outside_placeholder",
    }
    assert faults(template_connection, SUBJECT, BODY.replace("{link}", "{{link}}")) == {"brace_outside_placeholder"}
    assert "placeholder_missing:link" in faults(template_connection, SUBJECT, BODY.replace("{link}", "[link]"))


@pytest.mark.parametrize(
    "sentence",
    [
        "বাল্ব বদলে দেব।",
        "বালতি লাগবে না, বালিশও নয়।",
        "গুদাম আর দুধ ভালো থাকুক।",
        "নাপিত বাসায় আসবেন।",
        "কাঠের র‍্যাক সাজানো থাকবে।",
        "তাড়া ছাড়া কাজ হবে।",
        "কাজের ফাঁকে দেখে নিন।",
        "ফ্রিজ খালি করতে হবে না।",
        "কল ঠিক থাকলে মন ভালো থাকে।",
        "যন্ত্র আবার কাজ দেয়।",
        "হবি নিয়ে সময় কাটুক।",
        "পাইপ ব্লক হলে বলবেন।",
        "চাইলে সময় পিছিয়ে নিতে পারেন।",
        "হয়েছে, গেছে, বড়, আষাঢ়।",
        "দেয়াল আর দেরাজ পরিষ্কার হবে।",
    ],
)
def test_words_that_only_look_forbidden_are_accepted(template_connection: Connection, sentence: str) -> None:
    assert faults(template_connection, SUBJECT, with_sentence(sentence), ADD_ON_LINE) == set()


def test_every_listed_word_matches_its_example(template_connection: Connection) -> None:
    rows = template_connection.execute(
        "select w.list, w.word, w.example, f.faults from text.listed_word w"
        " cross join lateral text.word_faults(w.example) as f (faults)"
    ).fetchall()
    assert len([word for list_name, word, _, _ in rows if list_name != "allowed"]) >= 100
    for list_name, word, example, found in rows:
        if list_name == "allowed":
            assert found == [], (word, example)
        else:
            assert f"{list_name}:{word}" in found, (word, example)
            assert all(fault.startswith(f"{list_name}:") for fault in found), (word, example, found)


def test_required_words_are_listed(template_connection: Connection) -> None:
    """The lists may grow, but these entries must stay."""
    listed = {
        word for (word,) in template_connection.execute("select word from text.listed_word where list <> 'allowed'")
    }
    wanted = [
        "তুমি", "তোমার", "তোমাকে", "তোমরা", "তোমাদের", "তুই", "তোর", "তোকে", "তোরা", "করো", "কোরো",
        "যাও", "এসো", "দাও", "থাকো", "শোনো", "দেখো", "করিস", "যাস", "আয়", "দে", "অলস", "ফাঁকিবাজ",
        "ফাঁকি", "গাফিলতি", "অবহেলা", "দায়িত্বহীন", "অযোগ্য", "অপেশাদার", "ব্যর্থ", "লজ্জা", "দোষ",
        "অজুহাত", "শাস্তি", "জরিমানা", "বরখাস্ত", "ব্লক", "সতর্কবার্তা", "কৈফিয়ত", "নইলে", "পিছিয়ে",
        "র‍্যাংক", "কখনোই", "বারবার", "বন্ধ করে দেওয়া", "শেষ সুযোগ", "অন্যরা পারে", "সবার চেয়ে",
        "সবসময় দেরি", "কেন দেরি", "কেন করেননি", "এখনই না করলে",
    ]  # fmt: skip
    assert {unicodedata.normalize("NFC", word) for word in wanted} <= listed


# A limit: a text just within it, and one just beyond.
def sentences(count: int, words: int) -> str:
    return " ".join(["কথা " * (words - 1) + "শেষ।"] * count)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("{service} " + "কথা " * 9 + "শেষ।", set()),
        ("{service} " + "কথা " * 10 + "শেষ।", {"sentence_words:13"}),
        ("{service} {date} " + "কথা " * 6 + "শেষ।", set()),
        ("{service} {date} " + "কথা " * 7 + "শেষ।", {"sentence_words:13"}),
        ("{service} নিন। " + sentences(5, 3), set()),
        ("{service} নিন। " + sentences(6, 3), {"sentences:9"}),
        ("{service} আজ নিতে পারেন এখানে বসেই আপনার সময়ে। " + sentences(5, 12), {"mean_words:9.1"}),
    ],
)
def test_sentences_are_limited(template_connection: Connection, content: str, found: set[str]) -> None:
    body = f"{{address}},\n\n{content}\n\nবুক করুন:\n{{link}}\n\nনা চাইলে: {{stop_link}}"
    assert faults(template_connection, "সময় হলো কি?", body) == found


def test_limits_are_rules(db: Connection) -> None:
    assert faults(db, SUBJECT, BODY) == set()
    db.execute(
        "select policy.change_rule(p_rule => 'text.max_words', p_value => '5', p_author => 'test', p_reason => 'test',"
        " p_from => clock.now())"
    )
    assert faults(db, SUBJECT, BODY) == {"sentence_words:9"}


def test_new_listed_word_applies_at_once(db: Connection) -> None:
    db.execute(
        "insert into text.listed_word (list, word, is_single_word, inflects, reason, example)"
        " values ('pressure', 'বোধহয়', true, true, 'test', 'test')"
    )
    assert faults(db, SUBJECT, BODY) == {"pressure:বোধহয়"}


@pytest.mark.parametrize(
    ("channel", "length", "found"),
    [
        ("email", 700, set()),
        ("email", 701, {"body_chars:701"}),
        ("in_app", 701, {"body_chars:701"}),
        ("whatsapp", 700, set()),
        ("push", 240, set()),
        ("push", 241, {"body_chars:241"}),
    ],
)
def test_length_by_channel(template_connection: Connection, channel: str, length: int, found: set[str]) -> None:
    body = BODY.replace("কাছে এসেছে।", "কাছে।")
    body = body.replace("কাছে।", "কাছে" + "ক" * (length - len(body)) + "।")
    assert len(body) == length
    assert faults(template_connection, SUBJECT, body, channel=channel) == found


def test_sms_is_counted_in_parts(template_connection: Connection) -> None:
    body = "{address}, আবার {service} লাগবে? {link} না চাইলে: {stop_link}"
    assert faults(template_connection, SUBJECT, body, channel="sms") == set()
    assert "sms_parts:9" in faults(
        template_connection, SUBJECT, body.replace("লাগবে", "লাগবে" + "ক" * 400), channel="sms"
    )


@pytest.mark.parametrize(
    ("kind", "language", "channel", "found"),
    [
        ("greeting", "bn", "email", "kind_unknown:greeting"),
        (None, "bn", "email", "kind_unknown:"),
        ("reminder", "fr", "email", "script_share"),
        ("reminder", None, "email", "script_share"),
        ("reminder", "en", "email", "script_share"),
        ("reminder", "bn", "pigeon", "channel_unknown:pigeon"),
        ("reminder", "bn", None, "channel_unknown:"),
    ],
)
def test_unknown_values_are_refused(
    template_connection: Connection, kind: str | None, language: str | None, channel: str | None, found: str
) -> None:
    assert found in faults(template_connection, SUBJECT, BODY, kind=kind, language=language, channel=channel)


@pytest.mark.parametrize("nothing", [None, "", " \n"])
def test_blank_text_is_refused(template_connection: Connection, nothing: str | None) -> None:
    assert faults(template_connection, nothing, nothing) >= {
        "subject_empty", "body_empty", "placeholder_missing:address", "placeholder_missing:link", "script_share",
    }  # fmt: skip


def test_english_has_the_same_rules(template_connection: Connection) -> None:
    body = "{address},\n\nTime for {service} again?\n\nBook here:\n{link}\n\nTo stop: {stop_link}"
    assert faults(template_connection, "{service}?", body, language="en") == set()
    assert faults(template_connection, "{service}?", body + " Last chance!", language="en") == {"pressure:last chance"}
    assert faults(template_connection, "{service}?", body + " আবার আসুন, ভালো থাকুন সবাই।", language="en") == {"script_share"}


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("সম\u09df  ভালো \u09f7\r\n\r\n\r\nশেষ ।", "সময় ভালো।\n\nশেষ।"),
        ("\ufeffকথা\u00a0হলো , তাই না ?\u200b", "কথা হলো, তাই না?"),
        ("  ক \t খ  ", "ক খ"),
        ("র‍্যাংক", "র‍্যাংক"),
        (None, None),
    ],
)
def test_normalized_text(template_connection: Connection, raw: str | None, clean: str | None) -> None:
    wanted = None if clean is None else unicodedata.normalize("NFC", clean)
    assert one(template_connection, "text.normalized_text(%s)", raw) == wanted
    assert one(template_connection, "text.normalized_text(text.normalized_text(%s))", raw) == wanted


def test_house_texts_are_normalized(template_connection: Connection) -> None:
    rows = template_connection.execute(
        "select t.template_id from text.template t"
        " where text.normalized_text(t.subject) <> t.subject or text.normalized_text(t.body) <> t.body"
        " or text.normalized_text(t.add_on_line) <> t.add_on_line"
    ).fetchall()
    assert rows == []
