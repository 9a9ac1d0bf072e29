"""Texts over HTTP: written by an admin, checked by the database, approved by another admin, retired without a gap."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx2
import pytest
from psycopg import Connection

from app.endpoints.examples import BODIES
from app.endpoints.template import RetiredTemplate, Template, TemplatePreview, Templates
from tests.app.people import bearer
from tests.marketplace import person, service
from tests.outbox import message, reader, row, rows, value

Db = Connection[Any]

BODY = "{address},\n\nআবার {service} লাগলে একটা দিন বেছে নিন।\n{add_on_line}\n\nএখানে দেখুন:\n{link}\n\nনা চাইলে: {stop_link}"
LONGER = "\nআপনার সুবিধামতো সময়ে আমাদের কর্মী পৌঁছে যাবেন।"
TEXT = {
    "language": "bn", "variant": "n1", "subject": "{service}: মনে করিয়ে দিলাম", "body": BODY,
    "add_on_line": "চাইলে {add_on} যোগ করুন।",
}  # fmt: skip


@pytest.fixture
def author(db: Db) -> dict[str, str]:
    return bearer(db, person(db, role="admin", email=None))


@pytest.fixture
def other(db: Db) -> dict[str, str]:
    return bearer(db, person(db, role="admin", email=None))


def written(app: httpx2.Client, who: dict[str, str], **changes: Any) -> Template:
    answer = app.post("/admin/templates", json=TEXT | changes, headers=who)
    assert answer.status_code == 201, answer.text
    return Template.model_validate_json(answer.content)


def act(app: httpx2.Client, who: dict[str, str], template_id: UUID, what: str, **body: Any) -> httpx2.Response:
    return app.post(f"/admin/templates/{template_id}/{what}", json=body or None, headers=who)


def in_use(db: Db, template_id: UUID) -> bool:
    shown: bool = value(
        db,
        "select %s in (select unnest(template_ids) from text.house_texts('reminder', clock.now()))",
        template_id,
    )
    return shown


def test_the_placeholders_of_the_example_are_valid(app: httpx2.Client, author: dict[str, str]) -> None:
    assert app.post("/admin/templates", json=BODIES["create_template"], headers=author).status_code == 201


def test_a_text_is_used_after_another_admin_has_approved_it(
    app: httpx2.Client, db: Db, author: dict[str, str], other: dict[str, str]
) -> None:
    text = written(app, author, variant="w1")
    assert (text.status, text.version, text.origin, text.approved_by) == ("unapproved", 1, "house", None)
    assert not in_use(db, text.template_id)
    refusal = act(app, author, text.template_id, "approve")
    assert (refusal.status_code, refusal.json()["detail"].split(".")[0]) == (
        409,
        "The author cannot approve the template",
    )
    assert not in_use(db, text.template_id)
    for _ in range(2):
        approved = Template.model_validate_json(act(app, other, text.template_id, "approve").content)
        assert (approved.status, approved.author, approved.approved_by) == (
            "approved",
            text.author,
            approved.approved_by,
        )
    assert approved.approved_by not in (None, text.author)
    assert in_use(db, text.template_id)
    noted = rows(
        db,
        "select actor, action from policy.audit where subject = %s order by audit_id",
        f"template {text.template_id}",
    )
    assert [(n["actor"], n["action"]) for n in noted] == [
        (text.author, "create_template"), (approved.approved_by, "approve_template"),
    ]  # fmt: skip


def test_an_approved_version_replaces_the_previous_one(
    app: httpx2.Client, db: Db, author: dict[str, str], other: dict[str, str]
) -> None:
    first = written(app, author, variant="v1")
    act(app, other, first.template_id, "approve")
    second = written(app, author, variant="v1", subject="{service} লাগবে কি?")
    assert second.version == 2
    assert in_use(db, first.template_id)
    assert act(app, other, second.template_id, "approve").status_code == 200
    assert (in_use(db, first.template_id), in_use(db, second.template_id)) == (False, True)


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"body": BODY.replace("{link}", "{naam}")}, [("body", "placeholder_missing:link"), ("body", "placeholder_unknown:naam")]),
        ({"subject": "{link}: মনে করিয়ে দিলাম"}, [("subject", "placeholder_misplaced:link")]),
        ({"add_on_line": "তুমি {add_on} নাও।"}, [("add_on_line", "register:তুমি"), ("add_on_line", "register:নাও")]),
        ({"subject": "৫০% ছাড়ে {service}"}, [
            ("subject", "character:U+0025"), ("subject", "digit_outside_placeholder"), ("subject", "price:ছাড়ে"),
            ("subject", "price_sign")]),
        ({"subject": "ক" * 61}, [("subject", "subject_chars:61")]),
        ({"form": "short", "body": BODY + LONGER}, [("body", "sms_parts:5")]),
        ({"language": "en"}, [("body", "script_share")]),
        ({"category": "moon_travel"}, [("category", "moon_travel")]),
        ({"kind": "announcement", "add_on_line": None}, [("body", "placeholder_unknown:add_on_line")]),
    ],
    ids=lambda case: str(case)[:60],
)  # fmt: skip
def test_an_invalid_text_is_refused_with_every_fault_and_its_field(
    app: httpx2.Client, db: Db, author: dict[str, str], changes: dict[str, Any], errors: list[tuple[str, str]]
) -> None:
    before = value(db, "select count(*) from text.template")
    answer = app.post("/admin/templates", json=TEXT | changes, headers=author)
    assert answer.status_code == 422, answer.text
    found = sorted((e["field"], e["value"]) for e in answer.json()["errors"])
    wanted = sorted(errors)
    assert [w for w in wanted if w not in found] == []
    assert {field for field, _ in found} <= {field for field, _ in wanted} | {"body"}
    assert value(db, "select count(*) from text.template") == before


def test_the_preview_is_rendered_like_a_message(app: httpx2.Client, db: Db, author: dict[str, str]) -> None:
    service(db, code="aaa", category="garden", name_bn="বাগান পরিচর্যা")
    text = written(app, author, variant="p1", category="garden")
    answer = app.get(f"/admin/templates/{text.template_id}/preview", headers=author)
    seen = TemplatePreview.model_validate_json(answer.content)
    assert seen.subject == "বাগান পরিচর্যা: মনে করিয়ে দিলাম"
    assert "{" not in seen.body
    assert seen.body.startswith("শুভেচ্ছা, রহিমা খাতুন,\n\nআবার বাগান পরিচর্যা লাগলে")
    assert "চাইলে ফ্রিজ পরিষ্কার যোগ করুন।" in seen.body
    assert seen.sms_parts is None
    assert app.get(f"/admin/templates/{UUID(int=1)}/preview", headers=author).status_code == 404
    short = value(db, "select template_id from text.template where form = 'short' and language = 'bn' limit 1")
    parts = app.get(f"/admin/templates/{short}/preview", headers=author).json()["sms_parts"]
    assert 1 <= parts <= 4


def test_pending_messages_of_a_retired_text_get_another(
    app: httpx2.Client, db: Db, author: dict[str, str], other: dict[str, str]
) -> None:
    home = service(db, category="roof")
    texts = [written(app, author, variant=name, category="roof") for name in ("a", "b")]
    for text in texts:
        act(app, other, text.template_id, "approve")
    ending, staying = (text.template_id for text in texts)
    waiting = [message(db, reader(db), service_id=home, template_id=ending) for _ in range(3)]
    untouched = message(db, reader(db), service_id=home, template_id=staying)
    answer = act(app, author, ending, "retire", reason="It reads badly.")
    retired = RetiredTemplate.model_validate_json(answer.content)
    assert (retired.status, retired.moved) == ("retired", 3)
    now = {m["message_id"]: m["template_id"] for m in rows(db, "select message_id, template_id from outreach.message")}
    assert {now[message_id] for message_id in waiting} == {staying} == {now[untouched]}
    # Without a text for the category, messages get a general text in the same language.
    assert act(app, author, staying, "retire", reason="This one too.").json()["moved"] == 4
    found = rows(
        db, "select distinct t.category, t.language, t.form from outreach.message m join text.template t"
        " using (template_id) where m.message_id = any (%s)", [*waiting, untouched],
    )  # fmt: skip
    assert found == [{"category": None, "language": "bn", "form": "long"}]
    assert act(app, author, staying, "retire", reason="Again.").json()["moved"] == 0


def test_the_last_general_text_cannot_be_retired(app: httpx2.Client, db: Db, author: dict[str, str]) -> None:
    last = [
        t["template_id"]
        for t in rows(
            db, "select template_id from text.template where kind = 'reminder' and category is null"
            " and origin = 'house' and language = 'en' and form = 'short' and retired_at is null",
        )
    ]  # fmt: skip
    codes = [act(app, author, text, "retire", reason="All of them.").status_code for text in last]
    assert codes == [200] * (len(last) - 1) + [409]


def test_lists_are_filtered_and_paged(app: httpx2.Client, db: Db, author: dict[str, str]) -> None:
    written(app, author, variant="l1")
    seen: list[UUID] = []
    query: dict[str, Any] = {"form": "short", "language": "bn", "kind": "reminder", "limit": 20}
    while True:
        page = Templates.model_validate_json(app.get("/admin/templates", params=query, headers=author).content)
        assert {(t.form, t.language) for t in page.items} == {("short", "bn")}
        seen += [t.template_id for t in page.items]
        if page.next_cursor is None:
            break
        query["cursor"] = page.next_cursor
    there = db.execute(
        "select count(*) from text.template where form = 'short' and language = 'bn' and kind = 'reminder'"
    ).fetchone()
    assert (len(seen),) == (len(set(seen)),) == there
    assert len(seen) > 20, "more than a page"
    waiting = app.get("/admin/templates", params={"status": "unapproved"}, headers=author).json()["items"]
    assert {t["status"] for t in waiting} == {"unapproved"}


def test_approving_needs_a_recent_sign_in_and_the_admin_role(
    app: httpx2.Client, db: Db, author: dict[str, str], other: dict[str, str]
) -> None:
    text = written(app, author, variant="f1")
    db.execute("update account.session set fresh_until = clock.now() - interval '1 second'")
    assert act(app, other, text.template_id, "approve").status_code == 403
    customer = bearer(db, person(db))
    assert act(app, customer, text.template_id, "approve").status_code == 403
    assert app.get("/admin/templates", headers=customer).status_code == 403
    assert app.post("/admin/templates", json=TEXT, headers=customer).status_code == 403


def test_a_constraint_refuses_an_approval_by_the_author(app: httpx2.Client, db: Db, author: dict[str, str]) -> None:
    text = written(app, author, variant="d1")
    with pytest.raises(Exception, match="template_is_approved_by_another"):
        db.execute(
            "update text.template set approved_by = author, approved_at = clock.now() where template_id = %s",
            [text.template_id],
        )
    assert row(db, "select approved_at from text.template where template_id = %s", text.template_id) == {
        "approved_at": None
    }
