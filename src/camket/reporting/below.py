"""How the agencies below stand: plan, verdicts, overdue work, last report; for those who look from above."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import F, OuterRef, Subquery

from camket.actions.queries import overdue_counts
from camket.core.plan import Period
from camket.core.targets import VerdictState
from camket.core.wording.text import search_key
from camket.objectives.models import Plan
from camket.objectives.verdicts import PlanOfAgency, counts_of_plans
from camket.org.policy import Actor, Scope, require, roles_reaching
from camket.org.queries import agencies_under, in_order
from camket.reporting.models import Report, Subject


class PlanState(StrEnum):
    """How far an agency is with the plan of the year."""

    NONE = "none"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_FORCE = "in_force"
    OF_BEFORE = "of_before"


class Order(StrEnum):
    """What the list is sorted by; what calls most for attention first."""

    NAME = "name"
    MISSED = "missed"
    OVERDUE = "overdue"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class BelowRow:
    """One agency below on a day; ``counts`` are objectives by verdict, empty without a plan that is judged."""

    id: int
    code: str
    name: str
    level: str
    parent_name: str
    plan: PlanState
    plan_year: int | None
    counts: Mapping[VerdictState, int]
    overdue: int
    report_kind: str
    report_period: Period | None
    report_on: date | None

    @property
    def missed(self) -> int:
        return self.counts.get(VerdictState.MISSED, 0)

    @property
    def at_risk(self) -> int:
        return self.counts.get(VerdictState.AT_RISK, 0)

    @property
    def well(self) -> int:
        """How many objectives are met or on track."""
        return self.counts.get(VerdictState.MET, 0) + self.counts.get(VerdictState.ON_TRACK, 0)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def calls_for_attention(self) -> bool:
        """Whether the agency has no plan in force, objectives missed or at risk, or overdue work."""
        return self.plan is not PlanState.IN_FORCE or bool(self.missed or self.at_risk or self.overdue)


@dataclass(frozen=True, slots=True)
class BelowFilter:
    """Which agencies are wanted: words of name or code, level, how far the plan is, those that call for attention."""

    words: str = ""
    level: str = ""
    plan: str = ""
    only_attention: bool = False
    order: Order = Order.NAME


def agencies_below(actor: Actor, on: date) -> list[BelowRow]:
    """Return every agency below the actor's, as its own pages would show it that day; eight SQL statements.

    Raises NotAllowed for who does not look from above.
    """
    require(actor, "below.view")
    if actor.scope is not Scope.AGENCY or actor.roles.isdisjoint(roles_reaching(Scope.BELOW)):
        return []
    issued = Report.objects.filter(
        agency_id=OuterRef("pk"), state=Report.State.ISSUED, subject=Subject.OBJECTIVES, unit=None
    ).order_by("-period_end", "-issued_on", "-pk")
    rows = list(
        agencies_under(actor.agency_id, on)
        .annotate(latest_report=Subquery(issued.values("pk")[:1]))
        .order_by("pk")
        .values_list("pk", "code", "name", "level_id", "parent__name", "latest_report")
    )
    ids = [row[0] for row in rows]
    plans = _plans(ids, on)
    judged = [
        PlanOfAgency(row[0], plan.pk, Period(plan.period_start, plan.period_end))
        for row in rows
        if (plan := plans.get(row[0], (None, None))[0]) is not None
    ]
    counts = counts_of_plans(judged, on) if judged else {}
    overdue = overdue_counts(ids, on)
    reports = Report.objects.only("kind", "period_start", "period_end", "issued_on").in_bulk(
        [row[5] for row in rows if row[5] is not None]
    )
    found = []
    for pk, code, name, level, parent, latest in rows:
        plan, draft = plans.get(pk, (None, None))
        report = reports.get(latest) if latest is not None else None
        found.append(
            BelowRow(
                id=pk,
                code=code,
                name=name,
                level=level,
                parent_name=parent or "",
                plan=_state(plan, draft, on),
                plan_year=plan.year if plan else None,
                counts=counts.get(pk, {}),
                overdue=overdue.get(pk, 0),
                report_kind=report.kind if report else "",
                report_period=Period(report.period_start, report.period_end) if report else None,
                report_on=report.issued_on if report else None,
            )
        )
    return found


def narrowed(rows: Iterable[BelowRow], wanted: BelowFilter) -> list[BelowRow]:
    """Return the agencies that a filter leaves, in its order."""
    words = search_key(wanted.words).split()
    found = [
        row
        for row in rows
        if all(word in f"{search_key(row.name)} {row.code.casefold()}" for word in words)
        and wanted.level in ("", row.level)
        and wanted.plan in ("", row.plan)
        and (row.calls_for_attention or not wanted.only_attention)
    ]
    found.sort(key=lambda row: (in_order(row.name), row.code))
    match wanted.order:
        case Order.MISSED:
            found.sort(key=lambda row: (-row.missed, -row.at_risk))
        case Order.OVERDUE:
            found.sort(key=lambda row: -row.overdue)
        case Order.REPORT:
            found.sort(key=lambda row: row.report_period.end if row.report_period else date.min)
    return found


def _plans(agency_ids: Collection[int], on: date) -> dict[int, tuple[Plan | None, Plan | None]]:
    """Return for each agency the plan judged on the day and the newest plan in preparation; one statement."""
    judged: dict[int, Plan] = {}
    drafts: dict[int, Plan] = {}
    rows = (
        Plan.objects.filter(agency_id__in=agency_ids)
        .exclude(state__in=(Plan.State.DISCARDED, Plan.State.REPLACED))
        .only("pk", "agency_id", "year", "state", "period_start", "period_end")
        .order_by("agency_id", F("period_start").desc(), "-version", "-pk")
    )
    for row in rows:
        if row.state in (Plan.State.PROMULGATED, Plan.State.CLOSED):
            if row.period_start <= on:
                judged.setdefault(row.agency_id, row)
        elif row.year == on.year:
            drafts.setdefault(row.agency_id, row)
    return {pk: (judged.get(pk), drafts.get(pk)) for pk in agency_ids}


def _state(plan: Plan | None, draft: Plan | None, on: date) -> PlanState:
    if plan is not None and plan.period_end >= on:
        return PlanState.IN_FORCE
    if draft is not None:
        is_out = draft.state in (Plan.State.SUBMITTED, Plan.State.APPROVED)
        return PlanState.SUBMITTED if is_out else PlanState.DRAFT
    return PlanState.OF_BEFORE if plan is not None else PlanState.NONE
