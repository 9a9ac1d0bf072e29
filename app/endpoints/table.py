"""The table of endpoints: one row each. Adding a path is a row here, a model in models.py and a function in sql/api."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Literal

from app.endpoints.campaign import (
    AcknowledgeAlert,
    ActOnCampaign,
    Alert,
    Alerts,
    AlertsOf,
    BulkAsked,
    Campaign,
    CampaignDetail,
    CampaignId,
    CampaignMessages,
    CampaignPreview,
    Campaigns,
    CampaignsOf,
    FlagCampaign,
    MessagesOf,
    NewCampaign,
    PreviewCampaign,
    PreviewId,
    RunAsked,
    RunCampaign,
    RunsAsked,
    RunSegment,
    SendBulk,
    SendSingle,
    SingleSent,
    StopCampaign,
    StoppedCampaign,
)
from app.endpoints.dashboard import Days, Overview, UpliftMetrics
from app.endpoints.explain import Explain, Explanation
from app.endpoints.fields import Input, Output
from app.endpoints.link import (
    Book,
    Booking,
    Click,
    Link,
    LinkToken,
    Nothing,
    ProviderCall,
    Received,
    Recorded,
    Services,
    Stop,
    StopPage,
    Stopped,
)
from app.endpoints.market import (
    AppEvents,
    BookingId,
    BookingsOf,
    CancelBooking,
    CancelJob,
    ChangeWorkerProfile,
    CustomerBooking,
    CustomerBookings,
    EventsRecorded,
    Feedback,
    GiveFeedback,
    Job,
    Jobs,
    JobsOf,
    NewBooking,
    PageOf,
    Review,
    ReviewBooking,
    SentMessages,
    WorkerProfile,
)
from app.endpoints.me import ChangeMe, Consents, Erased, Export, Me, SetConsents
from app.endpoints.policy import (
    AuditOf,
    AuditPage,
    Calendar,
    CalendarOf,
    ChangePolicy,
    ChangeSegments,
    DecideProposal,
    EndQuietPeriod,
    NewQuietPeriod,
    Policies,
    Policy,
    QuietPeriod,
    RevertPolicy,
    RuleOf,
    Segments,
    SegmentsChanged,
)
from app.endpoints.sign_in import (
    AdminLogin,
    EndSessions,
    Logout,
    OtpRequested,
    Refresh,
    RequestOtp,
    Sessions,
    SessionsEnded,
    SignedIn,
    SignedOut,
    VerifyOtp,
)
from app.endpoints.template import (
    NewTemplate,
    RetiredTemplate,
    RetireTemplate,
    Template,
    TemplateId,
    TemplatePreview,
    Templates,
    TemplatesOf,
)
from app.endpoints.what_if import WhatIf, WhatIfQuiet, WhatIfQuietResult, WhatIfResult
from app.sign_in.flows import AdminCheck, Ceremony, CodeCheck, CodeRequest, End, Rotation

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]


class Who(Enum):
    """Who may call.

    Of people, p_actor comes from the bearer token and from nowhere else; of SERVICE, which are our own programs,
    p_token_hash does.
    """

    ANYONE = "anyone"
    SIGNED_IN = "signed_in"
    CUSTOMER = "customer"
    WORKER = "worker"
    ADMIN = "admin"
    SERVICE = "service"
    PROVIDER = "provider"

    @property
    def signs_in(self) -> bool:
        """Whether a person's access token is asked for."""
        return self in (Who.SIGNED_IN, Who.CUSTOMER, Who.WORKER, Who.ADMIN)

    @property
    def bears_token(self) -> bool:
        """Whether a bearer token of any kind is asked for."""
        return self.signs_in or self is Who.SERVICE

    @property
    def told_by_token(self) -> tuple[str, ...]:
        """The arguments that say who calls."""
        return ("actor",) if self.signs_in else ("token_hash",) if self is Who.SERVICE else ()

    def admits(self, role: str) -> bool:
        return self is Who.SIGNED_IN or self.value == role


@dataclass(frozen=True, slots=True)
class Rate:
    """A token bucket: so many calls in so many seconds, counted for each caller or each address."""

    calls: int
    seconds: int
    per: Literal["actor", "address"]


@dataclass(frozen=True, slots=True)
class Page:
    """How a browser is answered: with a template, or by being sent on to a path (after a form was accepted).

    `marks`: a field of the answer that belongs into the address of the page; without it, a browser is sent there first.
    """

    template: str | None = None
    see_other: str | None = None
    marks: str | None = None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One row. Input = path + query + headers + body; its field x is the argument p_x of `api.<function>`."""

    method: Method
    path: str
    function: str
    input: type[Input]
    output: type[Output]
    who: Who = Who.ANYONE
    status: int = 200
    rate: Rate | None = None
    # True: the function itself makes a repetition harmless. POSTs without it are for Idempotency-Key.
    idempotent: bool = False
    # Codes that the function raises; those of the edge itself (400, 405, 413, …) are not repeated in every row.
    errors: tuple[str, ...] = ()
    page: Page | None = None
    # True: answered with an ETag, to be asked again with If-None-Match, or changed with If-Match.
    revalidated: bool = False
    # What the edge itself does around the call; only for signing in.
    ceremony: Ceremony | None = None

    @property
    def takes_key(self) -> bool:
        """Whether Idempotency-Key is for this row: POSTs of known people that are not harmless as they are."""
        return self.method == "POST" and self.who.signs_in and not self.idempotent


# Many people of one mobile operator share an address, so limits per address are wide; the narrow ones, per
# destination and per login, are in SQL.
ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint(
        "POST", "/auth/request-otp", "request_otp", RequestOtp, OtpRequested,
        rate=Rate(60, 600, "address"), ceremony=CodeRequest(),
    ),
    Endpoint(
        "POST", "/auth/verify-otp", "verify_otp", VerifyOtp, SignedIn,
        rate=Rate(120, 600, "address"), ceremony=CodeCheck(),
    ),
    Endpoint(
        "POST", "/auth/refresh", "refresh", Refresh, SignedIn,
        rate=Rate(600, 600, "address"), ceremony=Rotation(), idempotent=True,
    ),
    Endpoint("POST", "/auth/logout", "logout", Logout, SignedOut, ceremony=End(), idempotent=True),
    Endpoint(
        "POST", "/auth/admin/login", "admin_login", AdminLogin, SignedIn,
        rate=Rate(60, 600, "address"), ceremony=AdminCheck(),
    ),
    Endpoint("GET", "/me/sessions", "sessions", Nothing, Sessions, who=Who.SIGNED_IN, errors=("SH401", "SH403")),
    Endpoint(
        "DELETE", "/me/sessions", "end_sessions", EndSessions, SessionsEnded,
        who=Who.SIGNED_IN, idempotent=True, errors=("SH401", "SH403"),
    ),
    Endpoint("GET", "/services", "services", Nothing, Services, revalidated=True),
    Endpoint(
        "POST", "/bookings", "book", NewBooking, CustomerBooking,
        who=Who.CUSTOMER, status=201, errors=("SH401", "SH403", "SH422"),
    ),
    Endpoint("GET", "/bookings", "bookings", BookingsOf, CustomerBookings, who=Who.CUSTOMER, errors=("SH401", "SH403")),
    Endpoint(
        "GET", "/bookings/{booking_id}", "booking", BookingId, CustomerBooking,
        who=Who.CUSTOMER, errors=("SH401", "SH403", "SH404"),
    ),
    Endpoint(
        "POST", "/bookings/{booking_id}/cancel", "cancel_booking", CancelBooking, CustomerBooking,
        who=Who.CUSTOMER, errors=("SH401", "SH403", "SH404", "SH409"),
    ),
    Endpoint(
        "POST", "/bookings/{booking_id}/review", "review_booking", ReviewBooking, Review,
        who=Who.CUSTOMER, errors=("SH401", "SH403", "SH404", "SH409"),
    ),
    Endpoint("GET", "/me/jobs", "jobs", JobsOf, Jobs, who=Who.WORKER, errors=("SH401", "SH403")),
    Endpoint(
        "POST", "/jobs/{booking_id}/accept", "accept_job", BookingId, Job,
        who=Who.WORKER, errors=("SH401", "SH403", "SH404", "SH409"),
    ),
    Endpoint(
        "POST", "/jobs/{booking_id}/arrive", "arrive_job", BookingId, Job,
        who=Who.WORKER, errors=("SH401", "SH403", "SH404", "SH409"),
    ),
    Endpoint(
        "POST", "/jobs/{booking_id}/start", "start_job", BookingId, Job,
        who=Who.WORKER, errors=("SH401", "SH403", "SH404", "SH409"),
    ),
    Endpoint(
        "POST", "/jobs/{booking_id}/complete", "complete_job", BookingId, Job,
        who=Who.WORKER, errors=("SH401", "SH403", "SH404", "SH409"),
    ),
    Endpoint(
        "POST", "/jobs/{booking_id}/cancel", "cancel_job", CancelJob, Job,
        who=Who.WORKER, errors=("SH401", "SH403", "SH404", "SH409"),
    ),
    Endpoint(
        "GET", "/me/profile", "worker_profile", Nothing, WorkerProfile,
        who=Who.WORKER, errors=("SH401", "SH403", "SH404"), revalidated=True,
    ),
    Endpoint(
        "PATCH", "/me/profile", "change_worker_profile", ChangeWorkerProfile, WorkerProfile,
        who=Who.WORKER, errors=("SH401", "SH403", "SH404", "SH412", "SH422", "SH428"), revalidated=True,
    ),
    Endpoint("GET", "/me", "me", Nothing, Me, who=Who.SIGNED_IN, errors=("SH401", "SH403"), revalidated=True),
    Endpoint(
        "PATCH", "/me", "change_me", ChangeMe, Me,
        who=Who.SIGNED_IN, errors=("SH401", "SH403", "SH412", "SH422", "SH428"), revalidated=True,
    ),
    Endpoint("DELETE", "/me", "erase_me", Nothing, Erased, who=Who.SIGNED_IN, errors=("SH401", "SH403", "SH409")),
    # Reads every layer, so not often.
    Endpoint(
        "GET", "/me/export", "export_me", Nothing, Export,
        who=Who.SIGNED_IN, rate=Rate(20, 3600, "actor"), errors=("SH401", "SH403"),
    ),
    Endpoint("GET", "/me/consents", "consents", Nothing, Consents, who=Who.SIGNED_IN, errors=("SH401", "SH403")),
    Endpoint(
        "PUT", "/me/consents", "set_consents", SetConsents, Consents,
        who=Who.SIGNED_IN, idempotent=True, errors=("SH401", "SH403", "SH422"),
    ),
    Endpoint(
        "POST", "/events", "record_events", AppEvents, EventsRecorded,
        who=Who.SIGNED_IN, idempotent=True, errors=("SH401", "SH403"),
    ),
    Endpoint(
        "GET", "/me/ai-messages", "ai_messages", PageOf, SentMessages,
        who=Who.CUSTOMER, errors=("SH401", "SH403"),
    ),
    Endpoint(
        "POST", "/me/ai-messages/{message_id}/feedback", "give_feedback", GiveFeedback, Feedback,
        who=Who.CUSTOMER, idempotent=True, errors=("SH401", "SH403", "SH404"),
    ),
    Endpoint(
        "GET", "/l/{token}", "link", LinkToken, Link,
        errors=("SH404", "SH410"), page=Page("link.html", marks="utm"),
    ),
    Endpoint(
        "POST", "/l/{token}/book", "book_link", Book, Booking,
        idempotent=True, errors=("SH404", "SH410", "SH422"), page=Page(see_other="/l/{token}#thanks"),
    ),
    # Not idempotent: each look is noted, and SQL decides what it counts for.
    Endpoint("POST", "/l/{token}/click", "click_link", Click, Recorded, errors=("SH404",)),
    Endpoint(
        "GET", "/u/{token}", "stop_page", LinkToken, StopPage,
        errors=("SH404", "SH410"), page=Page("stop.html"),
    ),
    Endpoint(
        "POST", "/u/{token}", "stop", Stop, Stopped,
        idempotent=True, errors=("SH404", "SH410"), page=Page("stopped.html"),
    ),
    Endpoint(
        "GET", "/admin/explain", "explain", Explain, Explanation,
        who=Who.ADMIN, rate=Rate(600, 600, "actor"), errors=("SH401", "SH403", "SH404"),
    ),
    Endpoint(
        "GET", "/admin/metrics/overview", "metrics_overview", Days, Overview,
        who=Who.ADMIN, rate=Rate(120, 600, "actor"), errors=("SH401", "SH403"),
    ),
    Endpoint(
        "GET", "/admin/metrics/uplift", "metrics_uplift", Nothing, UpliftMetrics,
        who=Who.ADMIN, errors=("SH401", "SH403"),
    ),
    Endpoint("GET", "/admin/campaigns", "campaigns", CampaignsOf, Campaigns, who=Who.ADMIN, errors=("SH401", "SH403")),
    Endpoint(
        "POST", "/admin/campaigns", "create_campaign", NewCampaign, Campaign,
        who=Who.ADMIN, status=201, errors=("SH401", "SH403", "SH409", "SH422"),
    ),
    Endpoint(
        "POST", "/admin/campaigns/run", "run_campaign", RunCampaign, RunAsked,
        who=Who.ADMIN, status=202, idempotent=True, errors=("SH401", "SH403", "SH404", "SH409", "SH422"),
    ),
    Endpoint(
        "GET", "/admin/campaigns/{campaign_id}", "campaign", CampaignId, CampaignDetail,
        who=Who.ADMIN, errors=("SH401", "SH403", "SH404"),
    ),
    Endpoint(
        "POST", "/admin/campaigns/{campaign_id}/preview", "preview_campaign", PreviewCampaign, CampaignPreview,
        who=Who.ADMIN, status=202, rate=Rate(20, 600, "actor"), errors=("SH401", "SH403", "SH404", "SH409", "SH422"),
    ),
    Endpoint(
        "GET", "/admin/campaigns/{campaign_id}/preview/{preview_id}", "campaign_preview", PreviewId, CampaignPreview,
        who=Who.ADMIN, errors=("SH401", "SH403", "SH404"),
    ),
    Endpoint(
        "POST", "/admin/campaigns/{campaign_id}/pause", "pause_campaign", ActOnCampaign, CampaignDetail,
        who=Who.ADMIN, idempotent=True, errors=("SH401", "SH403", "SH404", "SH409"),
    ),
    Endpoint(
        "POST", "/admin/campaigns/{campaign_id}/resume", "resume_campaign", ActOnCampaign, CampaignDetail,
        who=Who.ADMIN, idempotent=True, errors=("SH401", "SH403", "SH404", "SH409"),
    ),
    Endpoint(
        "POST", "/admin/campaigns/{campaign_id}/stop", "stop_campaign", StopCampaign, StoppedCampaign,
        who=Who.ADMIN, idempotent=True, errors=("SH401", "SH403", "SH404"),
    ),
    Endpoint(
        "POST", "/admin/campaigns/{campaign_id}/widen", "widen_campaign", ActOnCampaign, CampaignDetail,
        who=Who.ADMIN, idempotent=True, errors=("SH401", "SH403", "SH404", "SH409"),
    ),
    Endpoint(
        "POST", "/admin/campaigns/{campaign_id}/flag", "flag_campaign", FlagCampaign, CampaignDetail,
        who=Who.ADMIN, idempotent=True, errors=("SH401", "SH403", "SH404"),
    ),
    Endpoint(
        "GET", "/admin/ai-messages", "admin_messages", MessagesOf, CampaignMessages,
        who=Who.ADMIN, errors=("SH401", "SH403"),
    ),
    Endpoint(
        "POST", "/admin/smartengage/send-single", "send_single", SendSingle, SingleSent,
        who=Who.ADMIN, rate=Rate(120, 600, "actor"), errors=("SH401", "SH403", "SH409", "SH422"),
    ),
    Endpoint(
        "POST", "/admin/smartengage/send-bulk", "send_bulk", SendBulk, BulkAsked,
        who=Who.ADMIN, status=202, rate=Rate(20, 600, "actor"), errors=("SH401", "SH403", "SH409", "SH422"),
    ),
    Endpoint("GET", "/admin/templates", "templates", TemplatesOf, Templates, who=Who.ADMIN, errors=("SH401", "SH403")),
    Endpoint(
        "POST", "/admin/templates", "create_template", NewTemplate, Template,
        who=Who.ADMIN, status=201, errors=("SH401", "SH403", "SH422"),
    ),
    Endpoint(
        "GET", "/admin/templates/{template_id}/preview", "template_preview", TemplateId, TemplatePreview,
        who=Who.ADMIN, errors=("SH401", "SH403", "SH404"),
    ),
    Endpoint(
        "POST", "/admin/templates/{template_id}/approve", "approve_template", TemplateId, Template,
        who=Who.ADMIN, idempotent=True, errors=("SH401", "SH403", "SH404", "SH409", "SH422"),
    ),
    Endpoint(
        "POST", "/admin/templates/{template_id}/retire", "retire_template", RetireTemplate, RetiredTemplate,
        who=Who.ADMIN, idempotent=True, errors=("SH401", "SH403", "SH404", "SH409"),
    ),
    Endpoint("GET", "/admin/alerts", "alerts", AlertsOf, Alerts, who=Who.ADMIN, errors=("SH401", "SH403")),
    Endpoint(
        "POST", "/admin/alerts/{alert_id}/acknowledge", "acknowledge_alert", AcknowledgeAlert, Alert,
        who=Who.ADMIN, idempotent=True, errors=("SH401", "SH403", "SH404"),
    ),
    Endpoint(
        "POST", "/internal/ai/smartengage/run-segment", "run_segment", RunSegment, RunsAsked,
        who=Who.SERVICE, status=202, idempotent=True, errors=("SH401", "SH404", "SH409", "SH422"),
    ),
    Endpoint(
        "GET", "/admin/policy", "policies", Nothing, Policies,
        who=Who.ADMIN, errors=("SH401", "SH403"), revalidated=True,
    ),
    Endpoint(
        "GET", "/admin/policy/{rule}", "policy", RuleOf, Policy,
        who=Who.ADMIN, errors=("SH401", "SH403", "SH404"), revalidated=True,
    ),
    Endpoint(
        "PUT", "/admin/policy/{rule}", "change_policy", ChangePolicy, Policy,
        who=Who.ADMIN, errors=("SH401", "SH403", "SH404", "SH409", "SH412", "SH422", "SH428"), revalidated=True,
    ),
    Endpoint(
        "POST", "/admin/policy/{rule}/revert", "revert_policy", RevertPolicy, Policy,
        who=Who.ADMIN, errors=("SH401", "SH403", "SH404", "SH409", "SH412", "SH422", "SH428"), revalidated=True,
    ),
    Endpoint(
        "POST", "/admin/policy/{rule}/approve", "approve_policy", DecideProposal, Policy,
        who=Who.ADMIN, errors=("SH401", "SH403", "SH404", "SH409", "SH422"), revalidated=True,
    ),
    Endpoint(
        "POST", "/admin/policy/{rule}/decline", "decline_policy", DecideProposal, Policy,
        who=Who.ADMIN, errors=("SH401", "SH403", "SH404", "SH409", "SH422"), revalidated=True,
    ),
    Endpoint(
        "POST", "/admin/policy/{rule}/what-if", "what_if", WhatIf, WhatIfResult,
        who=Who.ADMIN, idempotent=True, rate=Rate(10, 600, "actor"),
        errors=("SH401", "SH403", "SH404", "SH409", "SH422"),
    ),
    Endpoint(
        "GET", "/admin/segments", "segments", Nothing, Segments,
        who=Who.ADMIN, errors=("SH401", "SH403"), revalidated=True,
    ),
    # Not to be revalidated: it answers what the change does, not what stands at the path.
    Endpoint(
        "PUT", "/admin/segments", "change_segments", ChangeSegments, SegmentsChanged,
        who=Who.ADMIN, errors=("SH401", "SH403", "SH409", "SH412", "SH422", "SH428"),
    ),
    Endpoint("GET", "/admin/calendar", "calendar", CalendarOf, Calendar, who=Who.ADMIN, errors=("SH401", "SH403")),
    Endpoint(
        "POST", "/admin/calendar", "add_quiet_period", NewQuietPeriod, QuietPeriod,
        who=Who.ADMIN, status=201, errors=("SH401", "SH403", "SH422"),
    ),
    Endpoint(
        "POST", "/admin/calendar/what-if", "what_if_quiet", WhatIfQuiet, WhatIfQuietResult,
        who=Who.ADMIN, idempotent=True, rate=Rate(10, 600, "actor"), errors=("SH401", "SH403", "SH409", "SH422"),
    ),
    Endpoint(
        "POST", "/admin/calendar/{quiet_period_id}/end", "end_quiet_period", EndQuietPeriod, QuietPeriod,
        who=Who.ADMIN, errors=("SH401", "SH403", "SH404", "SH409", "SH422"),
    ),
    Endpoint("GET", "/admin/audit", "audit", AuditOf, AuditPage, who=Who.ADMIN, errors=("SH401", "SH403")),
    Endpoint(
        "POST", "/webhooks/{provider}", "receive_webhook", ProviderCall, Received,
        who=Who.PROVIDER, idempotent=True,
    ),
)  # fmt: skip

# Called by the edge, not by a path: its start-up check and readiness, limits, Idempotency-Key, an admin's credential.
OWN_FUNCTIONS = (
    "function_signatures",
    "readiness",
    "consume_allowance",
    "begin_idempotent_call",
    "finish_idempotent_call",
    "begin_admin_login",
)
