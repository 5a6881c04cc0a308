"""What this package holds on a person: parts in audits, findings, nonconformities and risks in one's hands, reviews."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from camket.core.messages import Message, gettext_noop
from camket.core.wording.dates import format_date
from camket.improvement.models import (
    Auditor,
    CorrectiveStep,
    EffectCheck,
    Finding,
    Nonconformity,
    Review,
    ReviewDecision,
    Risk,
    RiskRating,
    SelfMark,
)
from camket.org.personal import Section, said_moment

_TIME = Message(gettext_noop("Time"))
_TITLE = Message(gettext_noop("Title"))


def collect(agency_id: int, person_id: int) -> Iterable[Section]:
    """Give what the improvement cycle of the agency keeps under the person's name."""
    parts = Auditor.objects.filter(audit__agency_id=agency_id, person_id=person_id).select_related("audit")
    yield Section(
        "audit_parts",
        Message(gettext_noop("Internal audits whose team the person belongs to")),
        (_TIME, _TITLE),
        tuple(
            (format_date(each.audit.starts_on), each.audit.title)
            for each in parts.order_by("audit__starts_on", "pk")
        ),
    )
    findings = Finding.objects.filter(agency_id=agency_id, found_by_id=person_id)
    yield Section(
        "findings",
        Message(gettext_noop("Findings of audits the person wrote")),
        (_TIME, Message(gettext_noop("What was found"))),
        tuple((said_moment(each.found_at), each.text) for each in findings.order_by("found_at", "pk")),
    )
    nonconformities = Nonconformity.objects.filter(
        Q(owner_id=person_id)
        | Q(made_by_id=person_id)
        | Q(planned_by_id=person_id)
        | Q(approved_by_id=person_id)
        | Q(closed_by_id=person_id),
        agency_id=agency_id,
    )
    yield Section(
        "nonconformities",
        Message(gettext_noop("Nonconformities the person raised, treats, planned, approved or closed")),
        (_TIME, _TITLE),
        tuple(
            (format_date(each.found_on), each.title) for each in nonconformities.order_by("found_on", "pk")
        ),
    )
    risks = Risk.objects.filter(Q(owner_id=person_id) | Q(made_by_id=person_id), agency_id=agency_id)
    yield Section(
        "risks",
        Message(gettext_noop("Risks and opportunities the person noted or keeps")),
        (_TIME, _TITLE),
        tuple((said_moment(each.made_at), each.title) for each in risks.order_by("made_at", "pk")),
    )
    reviews = Review.objects.filter(
        Q(chair_id=person_id) | Q(clerk_id=person_id) | Q(members__person_id=person_id), agency_id=agency_id
    )
    yield Section(
        "reviews",
        Message(gettext_noop("Management reviews the person leads, keeps the minutes of or attends")),
        (_TIME, _TITLE),
        tuple(
            (format_date(each.held_on), each.title) for each in reviews.distinct().order_by("held_on", "pk")
        ),
    )
    decisions = ReviewDecision.objects.filter(review__agency_id=agency_id, person_id=person_id)
    yield Section(
        "review_decisions",
        Message(gettext_noop("Decisions of management reviews given to the person")),
        (_TIME, _TITLE),
        tuple(
            (format_date(each.review.held_on), each.text)
            for each in decisions.select_related("review").order_by("review__held_on", "pk")
        ),
    )
    steps = CorrectiveStep.objects.filter(nonconformity__agency_id=agency_id, person_id=person_id)
    yield Section(
        "corrective_steps",
        Message(gettext_noop("Steps of plans of corrective action given to the person")),
        (_TIME, _TITLE),
        tuple((format_date(each.due_on), each.text) for each in steps.order_by("due_on", "pk")),
    )
    checks = EffectCheck.objects.filter(nonconformity__agency_id=agency_id, by_id=person_id)
    yield Section(
        "effect_checks",
        Message(gettext_noop("Judgements of the effect of corrective action the person gave")),
        (_TIME, _TITLE),
        tuple(
            (format_date(each.on), each.nonconformity.title)
            for each in checks.select_related("nonconformity").order_by("on", "pk")
        ),
    )
    ratings = RiskRating.objects.filter(risk__agency_id=agency_id, by_id=person_id)
    yield Section(
        "risk_ratings",
        Message(gettext_noop("Ratings of risks and opportunities the person gave")),
        (_TIME, _TITLE),
        tuple(
            (format_date(each.on), each.risk.title)
            for each in ratings.select_related("risk").order_by("on", "pk")
        ),
    )
    marks = SelfMark.objects.filter(assessment__agency_id=agency_id, by_id=person_id)
    yield Section(
        "self_marks",
        Message(gettext_noop("Marks of self-assessments the person gave")),
        (_TIME, Message(gettext_noop("Indicator"))),
        tuple((said_moment(each.at), each.indicator) for each in marks.order_by("at", "pk")),
    )
