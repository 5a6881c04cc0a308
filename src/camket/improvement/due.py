"""What the improvement cycle calls for by a day: plans, reports, judgements, ratings, reviews, audits, self-assessments.

What is to be done about a nonconformity, a risk or a decision of a review are tasks of ``actions`` and come from there.
Each kind gives its open rows; ``notifications.due`` shows and tells them all in one statement.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Concat

from camket.core.messages import gettext_noop
from camket.core.reminders import Whom
from camket.improvement.models import (
    Audit,
    AuditedUnit,
    Auditor,
    AuditSession,
    ContextIssue,
    CycleRules,
    Finding,
    Nonconformity,
    Review,
    ReviewInput,
    ReviewMember,
    Risk,
    SelfAssessment,
)
from camket.notifications.due import Kind, lines
from camket.objectives.models import Plan

Agencies = Collection[int]


def rule(name: str, agency: str = "agency") -> Coalesce:
    """Return an agency's own number of its rhythm as an expression, the shipped one where it set none."""
    shipped = getattr(CycleRules(), name)
    return Coalesce(F(f"{agency}__cycle_rules__{name}"), Value(shipped))


def _plans(agency_ids: Agencies) -> QuerySet[Any, Any]:
    rows = Nonconformity.objects.filter(agency_id__in=agency_ids, state="open")
    return lines("nonconformity.plan", rows, due="plan_due_on", unit="unit_id", person="owner_id")


def _inspections(agency_ids: Agencies) -> QuerySet[Any, Any]:
    rows = Nonconformity.objects.filter(
        agency_id__in=agency_ids,
        state__in=("open", "planned", "acting", "judging", "closed"),
        reported_on=None,
    )
    return lines("nonconformity.report", rows, due="report_due_on", unit="unit_id", person="owner_id")


def _judgements(agency_ids: Agencies) -> QuerySet[Any, Any]:
    rows = Nonconformity.objects.filter(agency_id__in=agency_ids, state="judging")
    return lines(
        "nonconformity.judge",
        rows,
        due="judge_on",
        unit="unit_id",
        by="owner_id",
        nor="planned_by_id",
        days=rule("judge_within"),
    )


def _ratings(agency_ids: Agencies) -> QuerySet[Any, Any]:
    rows = Risk.objects.filter(agency_id__in=agency_ids, state="open")
    return lines("risk.rate", rows, due="rerate_by", unit="unit_id", person="owner_id")


def _context(agency_ids: Agencies) -> QuerySet[Any, Any]:
    rows = ContextIssue.objects.filter(agency_id__in=agency_ids, ended_on=None)
    return lines("context.look", rows, due="review_by", unit="unit_id")


def _next_reviews(agency_ids: Agencies) -> QuerySet[Any, Any]:
    """Return the last review of each agency that has prepared none after it: the next is due so many months later."""
    after = Review.objects.filter(agency=OuterRef("agency"), held_on__gt=OuterRef("held_on")).exclude(
        state="cancelled"
    )
    under_way = Review.objects.filter(agency=OuterRef("agency"), state__in=("prepared", "convened"))
    rows = Review.objects.filter(~Exists(after), ~Exists(under_way), agency_id__in=agency_ids, state="closed")
    return lines("review.next", rows, due="held_on", months=rule("review_months"))


def _first_reviews(agency_ids: Agencies) -> QuerySet[Any, Any]:
    """Return the first plan in force of each agency that never prepared a review: the first is due so many months later."""
    prepared = Review.objects.filter(agency=OuterRef("agency")).exclude(state="cancelled")
    earlier = Plan.objects.filter(agency=OuterRef("agency"), state=Plan.State.PROMULGATED).filter(
        Q(period_start__lt=OuterRef("period_start"))
        | Q(period_start=OuterRef("period_start"), pk__lt=OuterRef("pk"))
    )
    rows = Plan.objects.filter(
        ~Exists(prepared), ~Exists(earlier), agency_id__in=agency_ids, state=Plan.State.PROMULGATED
    )
    return lines("review.first", rows, due="period_start", months=rule("review_months"))


def _to_convene(agency_ids: Agencies) -> QuerySet[Any, Any]:
    rows = Review.objects.filter(agency_id__in=agency_ids, state="prepared")
    return lines("review.convene", rows, due="held_on")


def _inputs(agency_ids: Agencies) -> QuerySet[Any, Any]:
    """Return convened reviews with an input to which nobody has said anything."""
    silent = ReviewInput.objects.filter(review=OuterRef("pk"), comment="", nothing="")
    rows = Review.objects.filter(Exists(silent), agency_id__in=agency_ids, state="convened")
    return lines("review.inputs", rows, due="held_on")


def _invited(agency_ids: Agencies) -> QuerySet[Any, Any]:
    rows = ReviewMember.objects.filter(
        review__agency_id__in=agency_ids, review__state="convened", person__isnull=False
    )
    return lines(
        "review.attend",
        rows,
        agency="review__agency_id",
        page="review_id",
        title="review__title",
        due="review__held_on",
        person="person_id",
    )


_LED = Q(team__part=Auditor.Part.LEAD)


def _audits(key: str, state: str, due: str) -> Any:
    def rows(agency_ids: Agencies) -> QuerySet[Any, Any]:
        led = Audit.objects.filter(_LED, agency_id__in=agency_ids, state=state)
        return lines(key, led, due=due, person="team__person_id")

    return rows


def _to_confirm(agency_ids: Agencies) -> QuerySet[Any, Any]:
    """Return units with findings that their heads have not confirmed yet."""
    found = Finding.objects.filter(audited=OuterRef("pk"), is_withdrawn=False)
    rows = AuditedUnit.objects.filter(
        Exists(found),
        audit__agency_id__in=agency_ids,
        audit__state__in=("reporting", "reported"),
        received_at=None,
    )
    return lines(
        "audit.confirm",
        rows,
        agency="audit__agency_id",
        page="audit_id",
        title="audit__title",
        due="audit__ends_on",
        unit="unit_id",
    )


_TO_COME = ("announced", "open")


def _auditing(agency_ids: Agencies) -> QuerySet[Any, Any]:
    """Return who belongs to the team of an announced audit and has no hour in its plan: its first day is theirs."""
    rows = Auditor.objects.filter(
        audit__agency_id__in=agency_ids, audit__state="announced", sessions__isnull=True
    )
    return lines(
        "audit.team",
        rows,
        agency="audit__agency_id",
        page="audit_id",
        title="audit__title",
        due="audit__starts_on",
        person="person_id",
    )


def _sessions_of_auditors(agency_ids: Agencies) -> QuerySet[Any, Any]:
    """Return the hours of an audit's plan by auditor."""
    rows = AuditSession.auditors.through.objects.filter(
        auditsession__audit__agency_id__in=agency_ids, auditsession__audit__state__in=_TO_COME
    )
    return _hours("audit.session", rows, "auditsession__", person="auditor__person_id")


def _sessions_of_units(agency_ids: Agencies) -> QuerySet[Any, Any]:
    """Return the hours of an audit's plan by unit."""
    rows = AuditSession.objects.filter(
        audit__agency_id__in=agency_ids, audit__state__in=_TO_COME, audited__isnull=False
    )
    return _hours("audit.visit", rows, unit="audited__unit_id")


def _sessions_of_all(agency_ids: Agencies) -> QuerySet[Any, Any]:
    """Return the meetings of an audit's plan that are for all, opening and closing, once for each audited unit."""
    rows = AuditSession.objects.filter(
        audit__agency_id__in=agency_ids,
        audit__state__in=_TO_COME,
        audited__isnull=True,
        audit__units__isnull=False,
    )
    return _hours("audit.meeting", rows, unit="audit__units__unit_id")


def _hours(key: str, rows: QuerySet[Any, Any], of: str = "", **whose: str) -> QuerySet[Any, Any]:
    return lines(
        key,
        rows,
        agency=f"{of}audit__agency_id",
        page=f"{of}audit_id",
        title=Concat(f"{of}topic", Value(" – "), f"{of}audit__title"),
        due=f"{of}day",
        starts=f"{of}starts",
        ends=f"{of}ends",
        **whose,
    )


def _audited(agency_ids: Agencies) -> QuerySet[Any, Any]:
    """Return the units of announced audits that its plan gives no hour, by its first day."""
    rows = AuditedUnit.objects.filter(
        audit__agency_id__in=agency_ids, audit__state__in=_TO_COME, sessions__isnull=True
    )
    return lines(
        "audit.unit",
        rows,
        agency="audit__agency_id",
        page="audit_id",
        title="audit__title",
        due="audit__starts_on",
        unit="unit_id",
    )


def _self_assessments(agency_ids: Agencies) -> QuerySet[Any, Any]:
    rows = SelfAssessment.objects.filter(agency_id__in=agency_ids, state="open")
    return lines("assessment.close", rows, title="year", due="on")


KINDS: tuple[Kind, ...] = (
    Kind(
        "nonconformity.plan",
        gettext_noop("Write the plan of corrective action: %(title)s"),
        "nonconformity.view",
        "/khac-phuc/%s/",
        _plans,
        record="improvement.nonconformity",
    ),
    Kind(
        "nonconformity.report",
        gettext_noop("Report the correction of what an inspection found: %(title)s"),
        "nonconformity.view",
        "/khac-phuc/%s/",
        _inspections,
        record="improvement.nonconformity",
    ),
    Kind(
        "nonconformity.judge",
        gettext_noop("Judge the effect of corrective action: %(title)s"),
        "nonconformity.view",
        "/khac-phuc/%s/",
        _judgements,
        act="nonconformity.judge",
        whom=Whom.SECRETARY,
        record="improvement.nonconformity",
    ),
    Kind(
        "risk.rate",
        gettext_noop("Rate again: %(title)s"),
        "risk.view",
        "/rui-ro/%s/",
        _ratings,
        record="improvement.risk",
    ),
    Kind(
        "context.look",
        gettext_noop("Look again at context or interested party: %(title)s"),
        "risk.view",
        "/rui-ro/boi-canh/",
        _context,
        record="improvement.contextissue",
    ),
    Kind(
        "review.next",
        gettext_noop("Prepare the next management review (the last one: %(title)s)"),
        "review.view",
        "/xem-xet/",
        _next_reviews,
        act="review.prepare",
        whom=Whom.SECRETARY,
        record="improvement.review",
    ),
    Kind(
        "review.first",
        gettext_noop("Prepare the first management review (%(title)s)"),
        "review.view",
        "/xem-xet/",
        _first_reviews,
        act="review.prepare",
        whom=Whom.SECRETARY,
        record="objectives.plan",
    ),
    Kind(
        "review.convene",
        gettext_noop("Convene the management review: %(title)s"),
        "review.view",
        "/xem-xet/%s/",
        _to_convene,
        act="review.prepare",
        whom=Whom.SECRETARY,
        record="improvement.review",
    ),
    Kind(
        "review.inputs",
        gettext_noop("Comment on the inputs of the management review: %(title)s"),
        "review.view",
        "/xem-xet/%s/",
        _inputs,
        act="review.prepare",
        whom=Whom.SECRETARY,
        record="improvement.review",
    ),
    Kind(
        "review.attend",
        gettext_noop("Management review: %(title)s"),
        "review.view",
        "/xem-xet/%s/",
        _invited,
        is_event=True,
        record="improvement.review",
    ),
    Kind(
        "audit.begin",
        gettext_noop("Open the internal audit: %(title)s"),
        "audit.view",
        "/danh-gia/%s/",
        _audits("audit.begin", "announced", "starts_on"),
        is_start=True,
        record="improvement.audit",
    ),
    Kind(
        "audit.team",
        gettext_noop("You audit: %(title)s"),
        "audit.view",
        "/danh-gia/%s/",
        _auditing,
        is_event=True,
        record="improvement.audit",
    ),
    Kind(
        "audit.session",
        gettext_noop("You audit: %(title)s"),
        "audit.view",
        "/danh-gia/%s/",
        _sessions_of_auditors,
        is_event=True,
        is_personal=True,
        record="improvement.audit",
    ),
    Kind(
        "audit.visit",
        gettext_noop("Your unit is audited: %(title)s"),
        "audit.view",
        "/danh-gia/%s/",
        _sessions_of_units,
        is_event=True,
        record="improvement.audit",
    ),
    Kind(
        "audit.meeting",
        gettext_noop("Meeting of the internal audit: %(title)s"),
        "audit.view",
        "/danh-gia/%s/",
        _sessions_of_all,
        is_event=True,
        record="improvement.audit",
    ),
    Kind(
        "audit.unit",
        gettext_noop("Your unit is audited: %(title)s"),
        "audit.view",
        "/danh-gia/%s/",
        _audited,
        is_event=True,
        record="improvement.audit",
    ),
    Kind(
        "audit.answer",
        gettext_noop("Finish the checklists of the internal audit: %(title)s"),
        "audit.view",
        "/danh-gia/%s/",
        _audits("audit.answer", "open", "ends_on"),
        record="improvement.audit",
    ),
    Kind(
        "audit.report",
        gettext_noop("Issue the report of the internal audit: %(title)s"),
        "audit.view",
        "/danh-gia/%s/",
        _audits("audit.report", "reporting", "ends_on"),
        record="improvement.audit",
    ),
    Kind(
        "audit.confirm",
        gettext_noop("Confirm the findings in your unit: %(title)s"),
        "audit.view",
        "/danh-gia/%s/",
        _to_confirm,
        record="improvement.audit",
    ),
    Kind(
        "assessment.close",
        gettext_noop("Finish the self-assessment by ISO 18091 of %(title)s"),
        "assessment.view",
        "/tu-danh-gia/%s/",
        _self_assessments,
        act="assessment.keep",
        whom=Whom.SECRETARY,
        record="improvement.selfassessment",
    ),
)
