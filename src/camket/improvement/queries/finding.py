"""Records of the improvement cycle, found by words."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, CharField, DateField, F, IntegerField, QuerySet, Value, When
from django.db.models.functions import Cast, Concat, TruncDate

from camket.core.finding import Found, Hit, Sought
from camket.improvement.models import Audit, Finding, Nonconformity, Review, ReviewDecision, Risk
from camket.improvement.telling import number_of
from camket.org.policy import Actor, can
from camket.org.queries import holding

MOST = 300
"""So many are counted; who finds more adds a word."""
KINDS = ("nonconformity", "finding", "audit", "risk", "review", "decision")


def find_in_cycle(actor: Actor, sought: Sought, *, at_most: int) -> Found:
    """Return nonconformities, findings, audits, risks, reviews and their decisions that hold the words, newest first.

    Of each only what the actor may see; ``part_of`` is the number of the page. One SQL statement.
    """
    parts = [rows for act, rows in _parts(actor.agency_id, sought) if can(actor, act)]
    if not parts:
        return Found()
    found = list((parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0])[:MOST])
    found.sort(key=lambda row: (-row[5].toordinal(), KINDS.index(row[0]), -row[1]))
    return Found(
        len(found),
        tuple(
            Hit(
                pk,
                title,
                kind=kind,
                number=number_of(serial, year) if kind == "nonconformity" else "",
                part_of=page,
                state=state,
                on=on,
            )
            for kind, pk, page, title, state, on, serial, year in found[:at_most]
        ),
    )


def _parts(agency_id: int, sought: Sought) -> list[tuple[str, QuerySet[Any, Any]]]:
    none = Cast(Value(None), IntegerField())
    digits = Cast("serial", CharField())
    padded = Case(When(serial__lt=10, then=Concat(Value("0"), digits)), default=digits)
    number = Concat(Value("KPH "), padded, Value("/"), Cast("year", CharField()))
    nonconformities = (
        Nonconformity.objects.filter(agency_id=agency_id)
        .annotate(number=Case(When(serial__isnull=False, then=number), default=Value("")))
        .filter(holding(sought, "title", "text", "root_cause", "number"))
    )
    findings = Finding.objects.filter(
        holding(sought, "text", "proof"), agency_id=agency_id, is_withdrawn=False
    )
    audits = Audit.objects.filter(holding(sought, "title", "scope", "conclusion"), agency_id=agency_id)
    risks = Risk.objects.filter(holding(sought, "title", "process", "cause", "effect"), agency_id=agency_id)
    reviews = Review.objects.filter(holding(sought, "title", "conclusion"), agency_id=agency_id)
    decisions = ReviewDecision.objects.filter(holding(sought, "text"), review__agency_id=agency_id)
    return [
        (
            "nonconformity.view",
            _rows("nonconformity", nonconformities, "title", "state", F("found_on"), F("serial"), F("year")),
        ),
        (
            "audit.view",
            _rows("finding", findings, "text", "grade", TruncDate("found_at"), none, none),
        ),
        ("audit.view", _rows("audit", audits, "title", "state", F("starts_on"), none, none)),
        ("risk.view", _rows("risk", risks, "title", "state", TruncDate("made_at"), none, none)),
        ("review.view", _rows("review", reviews, "title", "state", F("held_on"), none, none)),
        (
            "review.view",
            _rows("decision", decisions, "text", "kind", F("review__held_on"), none, none, page="review_id"),
        ),
    ]


def _rows(
    kind: str,
    rows: QuerySet[Any, Any],
    title: str,
    state: str,
    on: Any,
    serial: Any,
    year: Any,
    *,
    page: str = "pk",
) -> QuerySet[Any, Any]:
    return rows.order_by().values_list(
        Value(kind, CharField()),
        "pk",
        F(page),
        Cast(title, CharField()),
        Cast(state, CharField()),
        Cast(on, DateField()),
        serial,
        year,
    )
