"""Texts of messages: written by one admin, approved by another."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints

from app.endpoints.fields import (
    AuditReason,
    Input,
    Language,
    ListPage,
    Output,
    PageRequest,
    Slug,
    comma_list,
    without_nul,
)
from app.endpoints.row import Endpoint, Who

Kind = Literal["reminder", "announcement"]
Form = Literal["long", "short"]
Origin = Literal["house", "model"]
Status = Literal["unapproved", "approved", "retired"]


class TemplateFilter(PageRequest):
    """Which texts."""

    status: Annotated[str, comma_list(Status)] | None = Field(
        default=None, description="One status or several, separated by commas; default: any."
    )
    kind: Kind | None = None
    language: Language | None = None
    form: Form | None = Field(default=None, description="long: e-mail; short: sms, push, whatsapp and in_app.")
    origin: Origin | None = None


class NewTemplate(Input):
    """A text with placeholders such as `{address}`, `{service}`, `{date}`, `{link}`, `{stop_link}`; SQL fills them."""

    kind: Kind = "reminder"
    category: Slug | None = Field(default=None, description="Category of the services it is about; default: any.")
    language: Language
    form: Form = "long"
    variant: Annotated[str, StringConstraints(pattern="^[a-z0-9]{1,8}$")] = Field(
        description="An existing one gets a new version. Variants of a reminder compete."
    )
    subject: Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(without_nul)]
    body: Annotated[str, StringConstraints(min_length=1, max_length=5000), AfterValidator(without_nul)]
    add_on_line: Annotated[str, StringConstraints(max_length=500), AfterValidator(without_nul)] | None = Field(
        default=None, description="Sentence put at {add_on_line} where an add-on is offered."
    )


class TemplateId(Input):
    """Which text."""

    template_id: UUID


class RetireTemplate(TemplateId):
    """Why the text is retired."""

    reason: AuditReason


class Template(Output):
    """A text, who wrote and approved it, and how it performs against the other variants."""

    template_id: UUID
    kind: Kind
    category: str | None
    language: Language
    form: Form
    variant: str
    version: int
    origin: Origin
    cohort: str | None = Field(description="What the model was told about its readers; null for texts of the house.")
    status: Status
    subject: str
    body: str
    add_on_line: str | None
    created_at: AwareDatetime
    author: str | None = Field(description="Id of the admin who wrote it; null: shipped with the product, or a model.")
    approved_by: str | None
    approved_at: AwareDatetime | None
    retired_at: AwareDatetime | None
    trials: int = Field(description="Messages sent with it that the last evaluation counted.")
    clicks: int
    bookings: int
    p_best: float | None = Field(description="Probability that it is the best competing variant; null unless in use.")


class RetiredTemplate(Template):
    """A retired text."""

    moved: int = Field(description="Pending messages that got another text.")


class Templates(ListPage):
    """A page of texts, latest first."""

    items: list[Template]


class TemplatePreview(Output):
    """A text, rendered for a fictitious reader."""

    template_id: UUID
    subject: str
    body: str
    sms_parts: int | None = Field(description="Number of SMS parts of a short text; null for a long one.")


ROWS: tuple[Endpoint, ...] = (
    Endpoint("GET", "/admin/templates", "templates", TemplateFilter, Templates, who=Who.ADMIN),
    Endpoint(
        "POST", "/admin/templates", "create_template", NewTemplate, Template,
        who=Who.ADMIN, status=201, errors=("SH422",),
    ),
    Endpoint(
        "GET", "/admin/templates/{template_id}/preview", "template_preview", TemplateId, TemplatePreview,
        who=Who.ADMIN, errors=("SH404",),
    ),
    Endpoint(
        "POST", "/admin/templates/{template_id}/approve", "approve_template", TemplateId, Template,
        who=Who.ADMIN, idempotent=True, errors=("SH404", "SH409", "SH422"),
    ),
    Endpoint(
        "POST", "/admin/templates/{template_id}/retire", "retire_template", RetireTemplate, RetiredTemplate,
        who=Who.ADMIN, idempotent=True, errors=("SH404", "SH409"),
    ),
)  # fmt: skip
