"""Inputs and outputs of the texts of messages: written by an admin, approved by another."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints

from app.endpoints.campaign import Reason
from app.endpoints.fields import Input, Output, without_nul
from app.endpoints.link import Language
from app.endpoints.market import PageOf, one_of_each

Kind = Literal["reminder", "announcement"]
Form = Literal["long", "short"]
Origin = Literal["house", "model"]
Status = Literal["unapproved", "approved", "retired"]


class TemplatesOf(PageOf):
    """Which texts are wanted."""

    status: (
        Annotated[str, StringConstraints(max_length=100, pattern=one_of_each("unapproved|approved|retired"))] | None
    ) = Field(default=None, description="One status or several, separated by commas; default: any.")
    kind: Kind | None = None
    language: Language | None = None
    form: Form | None = Field(default=None, description="long: e-mail; short: sms, push, whatsapp and in_app.")
    origin: Origin | None = None


class NewTemplate(Input):
    """A text with tokens, such as `{address}`, `{service}`, `{date}`, `{link}`, `{stop_link}`; SQL fills them."""

    kind: Kind = "reminder"
    category: Annotated[str, StringConstraints(pattern="^[a-z][a-z0-9_]{0,39}$")] | None = Field(
        default=None, description="Service category it speaks of; default: any."
    )
    language: Language
    form: Form = "long"
    variant: Annotated[str, StringConstraints(pattern="^[a-z0-9]{1,8}$")] = Field(
        description="One that exists: this becomes its next version. Variants of a reminder compete."
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
    """Why it ends."""

    reason: Reason


class Template(Output):
    """A text, who wrote and who approved it, and how it does against its variants."""

    template_id: UUID
    kind: Kind
    category: str | None
    language: Language
    form: Form
    variant: str
    version: int
    origin: Origin
    cohort: str | None = Field(description="What the model was told of its readers; null for texts of the house.")
    status: Status
    subject: str
    body: str
    add_on_line: str | None
    created_at: AwareDatetime
    author: str | None = Field(description="Id of the admin who wrote it; null: it came with the product, or a model.")
    approved_by: str | None
    approved_at: AwareDatetime | None
    retired_at: AwareDatetime | None
    trials: int = Field(description="Sendings counted at the last judging.")
    clicks: int
    bookings: int
    p_best: float | None = Field(description="Probability that it earns most of its contest; null unless in use.")


class RetiredTemplate(Template):
    """A text that has ended."""

    moved: int = Field(description="Waiting messages that got another text.")


class Templates(Output):
    """Texts, the last written first."""

    items: list[Template]
    next_cursor: str | None


class TemplatePreview(Output):
    """A text as a made-up reader would see it."""

    template_id: UUID
    subject: str
    body: str
    sms_parts: int | None = Field(description="What a short one costs as SMS; null for a long one.")
