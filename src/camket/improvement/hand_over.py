"""Open pieces of the improvement cycle in a person's or a unit's hands, and how they go to others.

What was judged, confirmed, signed or closed stays in the old name.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import BigIntegerField, CharField, Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Cast
from django.utils import timezone

from camket.improvement import invitations
from camket.improvement.models import (
    Audit,
    AuditedUnit,
    Auditor,
    ContextIssue,
    CorrectiveStep,
    Nonconformity,
    ReviewDecision,
    Risk,
)
from camket.journal.operations import record
from camket.org.models import Unit
from camket.org.policy import Actor

NONCONFORMITY, STEP, RISK, DECISION, AUDITOR = "nonconformity", "step", "risk", "decision", "auditor"
RUNNING = ("proposed", "open", "planned", "acting", "judging")
TO_COME = ("planned", "announced")
"""States of audits whose team can still change: who audited stays in the record of an audit that began."""


@dataclass(frozen=True, slots=True)
class Held:
    """A piece in a person's hands; one of a unit can go back to it."""

    kind: str
    id: int
    title: str
    due_on: date | None
    unit_id: int | None


def held(agency_id: int, person_id: Any) -> tuple[Held, ...]:
    """Return what a person has in hand in an agency, by kind and day; one SQL statement."""
    parts = [
        rows.order_by().values_list(
            Value(kind, CharField()),
            "pk",
            Cast(title, CharField()),
            F(day),
            F(unit) if unit else Cast(Value(None), BigIntegerField()),
        )
        for kind, rows, title, day, unit in (
            (NONCONFORMITY, _nonconformities(agency_id, person_id), "title", "plan_due_on", "unit_id"),
            (STEP, _steps(agency_id, person_id), "text", "due_on", "unit_id"),
            (RISK, _risks(agency_id, person_id), "title", "rerate_by", "unit_id"),
            (DECISION, _decisions(agency_id, person_id), "text", "due_on", "unit_id"),
            (AUDITOR, _auditors(agency_id, person_id), "audit__title", "audit__starts_on", ""),
        )
    ]
    order = (NONCONFORMITY, STEP, RISK, DECISION, AUDITOR)
    found = (Held(*row) for row in parts[0].union(*parts[1:], all=True))
    return tuple(sorted(found, key=lambda each: (order.index(each.kind), each.due_on or date.max, each.id)))


def counted_held(agency_id: int, person: OuterRef) -> tuple[QuerySet[Any, Any], ...]:
    """Return, for a larger statement, the rows that a person has in hand, each with its ``agency_id``."""
    return (
        _nonconformities(agency_id, person),
        _steps(agency_id, person).annotate(agency_id=F("nonconformity__agency_id")),
        _risks(agency_id, person),
        _decisions(agency_id, person).annotate(agency_id=F("review__agency_id")),
        _auditors(agency_id, person).annotate(agency_id=F("audit__agency_id")),
    )


def hand_on(
    *, actor: Actor, kind: str, successors: Mapping[int, int | None], reason: str, now: datetime
) -> int:
    """Give pieces of one kind to others, None: back to their unit; return how many moved.

    For operations that have asked for authority. An auditor whose successor is of the team already leaves it; nobody
    else's part changes. Whether a new auditor is independent is asked again before the audit is announced.
    """
    today = timezone.localdate(now)
    moved = 0
    with transaction.atomic():
        for row in _taken(actor.agency_id, kind, successors):
            to = successors[row.pk]
            subject, column = _subject(row)
            before = getattr(row, f"{column}_id")
            if isinstance(row, Auditor):
                _replace_auditor(row, to)
                invitations.follow(actor=actor, row=row.audit, now=now)
            else:
                setattr(row, f"{column}_id", to)
                row.save(update_fields=[column])
            record(
                actor=actor,
                agency_id=actor.agency_id,
                verb="cycle.handed_on",
                subject=subject,
                on=today,
                before={column: before},
                after={column: to},
                reason=reason,
            )
            moved += 1
    return moved


def move_units_cycle(
    *, actor: Actor, unit: Unit, into: Unit, people: Collection[int] | None = None, now: datetime
) -> dict[str, int]:
    """Give what is open of a unit in the improvement cycle to another, with ``people`` what is in their names alone.

    Return how many of each kind.

    For an operation that has asked for authority, in its transaction. An audit to come that has both units in its scope
    keeps both; one that began, what was judged, ended or closed keeps the old unit.
    """
    agency_id = actor.agency_id
    both = AuditedUnit.objects.filter(audit=OuterRef("audit"), unit=into)
    named = {
        "nonconformities": "owner", "corrective_steps": "person", "risks": "owner", "review_decisions": "person",
    }  # fmt: skip
    moving: dict[str, QuerySet[Any, Any]] = {
        "nonconformities": Nonconformity.objects.filter(agency_id=agency_id, state__in=RUNNING),
        "corrective_steps": CorrectiveStep.objects.filter(
            nonconformity__agency_id=agency_id,
            nonconformity__state__in=("open", "planned"),
            task=None,
            is_dropped=False,
        ),
        "risks": Risk.objects.filter(agency_id=agency_id, state__in=("proposed", "open")),
        "context_issues": ContextIssue.objects.filter(agency_id=agency_id, ended_on=None),
        "review_decisions": ReviewDecision.objects.filter(
            review__agency_id=agency_id, review__state__in=("prepared", "convened"), task=None
        ),
        "audits": AuditedUnit.objects.filter(
            ~Exists(both), audit__agency_id=agency_id, audit__state__in=TO_COME
        ),
    }
    if people is not None:
        return {
            kind: moving[kind].filter(unit=unit, **{f"{column}__in": people}).update(unit=into)
            for kind, column in named.items()
        }
    told = list(
        moving["audits"].filter(unit=unit, audit__state="announced").values_list("audit_id", flat=True)
    )
    moved = {kind: rows.filter(unit=unit).update(unit=into) for kind, rows in moving.items()}
    for row in Audit.objects.select_for_update(of=("self",)).filter(pk__in=told).order_by("pk"):
        invitations.follow(actor=actor, row=row, now=now)
    return moved


def _replace_auditor(row: Auditor, to: int | None) -> None:
    known = None if to is None else row.audit.team.filter(person_id=to).first()
    if to is not None and known is None:
        row.person_id = to
        row.save(update_fields=["person"])
        return
    sessions = list(row.sessions.all())
    part, row_id = row.part, row.pk
    for session in sessions:
        session.auditors.remove(row)
        if known is not None:
            session.auditors.add(known)
    Auditor.objects.filter(pk=row_id).delete()
    if known is not None and part == Auditor.Part.LEAD:
        known.part = Auditor.Part.LEAD
        known.save(update_fields=["part"])


def _taken(agency_id: int, kind: str, ids: Mapping[int, int | None]) -> list[Any]:
    found: QuerySet[Any, Any] = {
        NONCONFORMITY: Nonconformity.objects.filter(agency_id=agency_id, state__in=RUNNING),
        STEP: CorrectiveStep.objects.filter(nonconformity__agency_id=agency_id, task=None),
        RISK: Risk.objects.filter(agency_id=agency_id, state__in=("proposed", "open")),
        DECISION: ReviewDecision.objects.filter(review__agency_id=agency_id, task=None),
        AUDITOR: Auditor.objects.filter(audit__agency_id=agency_id, audit__state__in=TO_COME),
    }[kind]
    return list(found.filter(pk__in=list(ids)).select_for_update(of=("self",)).order_by("pk"))


def _subject(row: Any) -> tuple[Nonconformity | Risk | ReviewDecision | Audit | CorrectiveStep, str]:
    """Return the record that the journal tells of, and which of its people changes."""
    if isinstance(row, Auditor):
        return row.audit, "person"
    return row, "owner" if isinstance(row, Nonconformity | Risk) else "person"


def _nonconformities(agency_id: int, person: Any) -> QuerySet[Nonconformity]:
    return Nonconformity.objects.filter(agency_id=agency_id, owner_id=person, state__in=RUNNING)


def _steps(agency_id: int, person: Any) -> QuerySet[CorrectiveStep]:
    return CorrectiveStep.objects.filter(
        nonconformity__agency_id=agency_id,
        nonconformity__state__in=("open", "planned"),
        person_id=person,
        task=None,
        is_dropped=False,
    )


def _risks(agency_id: int, person: Any) -> QuerySet[Risk]:
    return Risk.objects.filter(agency_id=agency_id, owner_id=person, state__in=("proposed", "open"))


def _decisions(agency_id: int, person: Any) -> QuerySet[ReviewDecision]:
    return ReviewDecision.objects.filter(
        review__agency_id=agency_id,
        review__state__in=("prepared", "convened"),
        person_id=person,
        task=None,
    )


def _auditors(agency_id: int, person: Any) -> QuerySet[Auditor]:
    return Auditor.objects.filter(audit__agency_id=agency_id, audit__state__in=TO_COME, person_id=person)
