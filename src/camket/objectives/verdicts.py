"""The verdicts of a plan's targets on a day: rows to pure judging and back, in a constant number of SQL statements.

Nothing is stored: a verdict is what the records and the confirmed readings say when it is asked for, so that a
corrected row changes it at once. Reports freeze theirs. An indicator with a formula is judged by what is counted; by
readings only where its records tell nothing of the period. A process remembers the verdicts of the few plans last
asked for, as long as the agency's journal has no new entry and its counts no new revision: every change writes one in
its own transaction.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from threading import Lock
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext

from camket.actions.models import Task
from camket.core import formulas
from camket.core import plan as core
from camket.core.allowance import Pace
from camket.core.formulas import Formula
from camket.core.messages import Message, gettext_noop
from camket.core.targets import PER_CENT, Change, Figure, Measure, Verdict, VerdictState, judge, worst
from camket.core.wiring import is_part
from camket.dossiers.models import TallyRevision
from camket.dossiers.queries import sums as dossiers
from camket.indicators import queries as indicators
from camket.indicators.queries import IndicatorRow, Provenance
from camket.journal.calendars import remembered_calendar
from camket.journal.memory import read_along
from camket.journal.queries import latest_hash
from camket.objectives.counted import NOTHING, Asked, Counted, counted
from camket.objectives.models import Objective, Plan, Target
from camket.org.models import Agency
from camket.org.policy import Actor, require
from camket.voices.queries import blocks


@dataclass(frozen=True, slots=True)
class CountedFigures:
    """What of a target was counted from records, and how: for pages that explain a figure and lead to its rows.

    ``told`` are the days of the period that the records tell of; None where they tell nothing, and readings stand in
    their place. ``figures`` are those counted, a month each, also where a report's day cuts the last.
    """

    formula: Formula
    code: str
    told: core.Period | None
    figures: tuple[Figure, ...]
    pace: Pace | None


class BaselineFrom(StrEnum):
    """Where the result that a target compares with comes from."""

    SAID = "said"
    COUNTED = "counted"


@dataclass(frozen=True, slots=True)
class TargetVerdict:
    """One target with what its records or its confirmed readings say of it.

    ``provenance`` is of the newest reading counted; ``waiting`` counts readings that are entered but not confirmed yet
    and so do not count. ``counted`` is there where the indicator has a formula. ``baseline`` is the result compared
    with and ``baseline_from`` where it comes from; ``otherwise`` is the verdict if a change in per cent were meant the
    other way (per cent of the baseline, percentage points), None where there is no such choice. ``whole_id`` is the
    target that this one is a part of. ``code`` names the indicator in the catalogue, "" where nobody has said it yet.
    """

    target_id: int
    objective_id: int
    target: core.Target
    indicator: IndicatorRow | None
    baseline: Decimal | None
    change: Change
    expected_volume: Decimal | None
    verdict: Verdict
    provenance: Provenance | None
    waiting: int
    counted: CountedFigures | None = None
    baseline_from: BaselineFrom | None = None
    otherwise: Verdict | None = None
    whole_id: int | None = None
    code: str = ""

    @property
    def state(self) -> VerdictState:
        return self.verdict.state

    @property
    def is_wired(self) -> bool:
        """Whether somebody has said what measures the target."""
        return bool(self.code) or self.counted is not None

    @property
    def is_counted(self) -> bool:
        """Whether the figure judged was counted from records."""
        return self.counted is not None and bool(self.counted.figures)


@dataclass(frozen=True, slots=True)
class ObjectiveVerdict:
    """One objective with its targets; its state is that of the target that calls most for attention."""

    objective_id: int
    number: str
    text: str
    method: str
    owner_id: int | None
    owner: str
    state: VerdictState
    targets: tuple[TargetVerdict, ...]

    @property
    def reached(self) -> int:
        """How many targets are met or on track."""
        return sum(each.state in (VerdictState.MET, VerdictState.ON_TRACK) for each in self.targets)

    @property
    def waiting(self) -> int:
        """How many readings wait for confirmation."""
        return sum(each.waiting for each in self.targets)


@dataclass(frozen=True, slots=True)
class PlanVerdicts:
    """All verdicts of a plan on a day; ``looked_on`` is the day on which that was asked, if not on it then later."""

    plan_id: int
    year: int
    title: str
    number: str
    period: core.Period
    on: date
    looked_on: date
    objectives: tuple[ObjectiveVerdict, ...]

    @property
    def by_state(self) -> Mapping[VerdictState, int]:
        """How many objectives have each verdict."""
        return Counter(objective.state for objective in self.objectives)

    @property
    def targets(self) -> tuple[TargetVerdict, ...]:
        """All targets, in reading order."""
        return tuple(target for objective in self.objectives for target in objective.targets)


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """What a target's figures said at the end of the days that a reading covers."""

    on: date
    value: Decimal
    shown: str
    state: VerdictState


@dataclass(frozen=True, slots=True)
class TaskCounts:
    """How far the dated work of an objective is."""

    total: int = 0
    done: int = 0
    overdue: int = 0


_REMEMBERED = 8
_COUNTED = 8192
_remembering = Lock()
_remembered: dict[tuple[int, date, date | None, date, str, int, int], PlanVerdicts] = {}
_counted: dict[tuple[int, date, str, int, int], Mapping[VerdictState, int]] = {}

_TARGET_COLUMNS = (
    "pk", "objective_id", "text", "kind", "value", "upper", "grade", "unit", "baseline_year",
    "baseline_value", "change", "is_striving", "period_start", "period_end", "expected_volume",
    "indicator_id", "indicator__name", "indicator__measure", "indicator__unit", "indicator__method",
    "indicator__adds_up", "indicator__numerator_label", "indicator__denominator_label", "indicator__owner_id",
    "indicator__formula", "indicator__definition_code",
)  # fmt: skip
_OBJECTIVE_COLUMNS = ("pk", "number", "text", "method", "owner_id", "owner__name")
_INDICATOR, _FORMULA = _TARGET_COLUMNS.index("indicator_id"), _TARGET_COLUMNS.index("indicator__formula")


def forget() -> None:
    """Forget all verdicts, as tests do."""
    with _remembering:
        _remembered.clear()
        _counted.clear()


def plan_judged(agency_id: int, on: date) -> int | None:
    """Return the id of the plan judged on a day: in force or closed, the latest that began by then; else None."""
    return _in_turn(Plan.objects.filter(agency_id=agency_id), on).values_list("pk", flat=True).first()


def period_judged(agency_id: int, on: date) -> core.Period | None:
    """Return the period of the plan that is judged on a day; None without one. One SQL statement."""
    found = (
        _in_turn(Plan.objects.filter(agency_id=agency_id), on)
        .values_list("period_start", "period_end")
        .first()
    )
    return None if found is None else core.Period(*found)


def _in_turn(plans: QuerySet[Any], on: date) -> QuerySet[Any]:
    """Return the plans that may be judged on a day, the one that is judged first."""
    return plans.filter(state__in=(Plan.State.PROMULGATED, Plan.State.CLOSED), period_start__lte=on).order_by(
        "-period_start", "-version"
    )


def verdicts_of_plan(
    actor: Actor, plan_id: int, on: date, *, today: date | None = None, until: date | None = None
) -> PlanVerdicts:
    """Return the verdict of every objective and target of a plan on a day; a constant number of SQL statements.

    Three at most where all is entered by hand, and two or three for each source and filter that it is counted from.
    ``today`` is the day on which it is looked, where that is later than the day judged: answers of a survey show late.
    ``until`` is the last day whose figures count, where that is earlier: what is judged on the day after a period counts
    nothing of that day. Raises Plan.DoesNotExist for another agency's plan.
    """
    require(actor, "plan.view")
    today = today or on
    plan = _plan(_with_what_verdicts_follow(actor, today).filter(pk=plan_id)).get()
    return _known_or_judged(plan, on, today, until)


def verdicts_judged(actor: Actor, on: date) -> PlanVerdicts | None:
    """Return the verdicts of the plan judged on a day (:func:`plan_judged`); None without one.

    As :func:`verdicts_of_plan`, without a statement of its own for which plan that is.
    """
    require(actor, "plan.view")
    plan = _plan(_in_turn(_with_what_verdicts_follow(actor, on), on)).first()
    return None if plan is None else _known_or_judged(plan, on, on)


def _with_what_verdicts_follow(actor: Actor, today: date) -> QuerySet[Any]:
    """Return the agency's plans with all that a verdict changes by: the journal, the revisions of counts, of answers shown."""
    agency_id = OuterRef("agency_id")
    return Plan.objects.filter(agency_id=actor.agency_id).annotate(
        newest_hash=latest_hash(agency_id),
        revision_of_counts=_revision_of_counts(agency_id),
        revision_of_answers=blocks.changes(agency_id, today),
    )


def _revision_of_counts(agency_id: OuterRef) -> Coalesce:
    revision = TallyRevision.objects.filter(agency_id=agency_id).values("number")[:1]
    return Coalesce(Subquery(revision), Value(0))


def _known_or_judged(plan: Any, on: date, today: date, until: date | None = None) -> PlanVerdicts:
    key = (plan.pk, on, until, today, plan.newest_hash, plan.revision_of_counts, plan.revision_of_answers)
    found = _remembered.get(key)
    if found is None:
        with blocks.known_changes(plan.agency_id, today, plan.revision_of_answers):
            found = _verdicts(plan, on, None, plan.newest_hash, today, until)
        with _remembering:
            while len(_remembered) >= _REMEMBERED:
                del _remembered[next(iter(_remembered))]
            _remembered[key] = found
    return found


def verdicts_of_objective(actor: Actor, objective_id: int, on: date) -> tuple[PlanVerdicts, ObjectiveVerdict]:
    """Return one objective's verdicts, with its plan; raises Objective.DoesNotExist for another agency's."""
    require(actor, "plan.view")
    found = _of_one(Objective.objects.filter(pk=objective_id), actor, on)
    if found is None:
        raise Objective.DoesNotExist(objective_id)
    return found, found.objectives[0]


def verdict_of_target(
    actor: Actor, target_id: int, on: date
) -> tuple[PlanVerdicts, ObjectiveVerdict, TargetVerdict]:
    """Return one target's verdict, with its objective and plan; raises Target.DoesNotExist for another agency's."""
    require(actor, "plan.view")
    found = _of_one(Objective.objects.filter(targets__pk=target_id), actor, on)
    if found is None:
        raise Target.DoesNotExist(target_id)
    objective = found.objectives[0]
    return found, objective, next(each for each in objective.targets if each.target_id == target_id)


def _of_one(objectives: QuerySet[Objective], actor: Actor, on: date) -> PlanVerdicts | None:
    """Return the verdicts of one objective of the actor's agency; None where it is another's or none."""
    row = (
        objectives.filter(plan__agency_id=actor.agency_id)
        .values_list(
            *_OBJECTIVE_COLUMNS,
            "plan_id",
            "plan__year",
            "plan__title",
            "plan__number",
            "plan__period_start",
            "plan__period_end",
            latest_hash(OuterRef("plan__agency_id")),
        )
        .first()
    )
    if row is None:
        return None
    pk, year, title, number, start, end, journal = row[len(_OBJECTIVE_COLUMNS) :]
    plan = Plan(
        pk=pk,
        agency_id=actor.agency_id,
        year=year,
        title=title,
        number=number,
        period_start=start,
        period_end=end,
    )
    return _verdicts(plan, on, [row[: len(_OBJECTIVE_COLUMNS)]], journal, on)


def trend(plan: PlanVerdicts, row: TargetVerdict, figures: Sequence[Figure]) -> tuple[TrendPoint, ...]:
    """Return how a target's result developed: judged anew at the end of each confirmed reading, oldest first."""
    points = []
    for end in sorted({figure.period.end for figure in figures if figure.period.end <= plan.on}):
        verdict = judge(
            row.target,
            [figure for figure in figures if figure.period.end <= end],
            on=end,
            period=plan.period,
            baseline=row.baseline,
            change=row.change,
            expected_volume=row.expected_volume,
            adding=row.indicator.adds_up if row.indicator else None,
            pace=row.counted.pace if row.counted else None,
        )
        if verdict.value is not None and verdict.covered is not None and verdict.covered.end == end:
            points.append(TrendPoint(end, verdict.value, verdict.shown, verdict.state))
    return tuple(points)


@dataclass(frozen=True, slots=True)
class PlanOfAgency:
    """The plan of one of many agencies that is judged on a day."""

    agency_id: int
    plan_id: int
    period: core.Period


def counts_of_plans(plans: Sequence[PlanOfAgency], on: date) -> dict[int, Mapping[VerdictState, int]]:
    """Return by agency how many objectives of its plan have each verdict; a few SQL statements for however many.

    What a plan's own page counts (``PlanVerdicts.by_state``), made of the same judging and remembered as long: until
    something changes in the agency, its counts, its answers that are shown, or the day. For who may look at these
    agencies.
    """
    stands = {
        pk: stand
        for pk, *stand in Agency.objects.filter(pk__in={each.agency_id for each in plans})
        .annotate(
            newest_hash=latest_hash(OuterRef("pk")),
            revision_of_counts=_revision_of_counts(OuterRef("pk")),
            revision_of_answers=blocks.changes(OuterRef("pk"), on),
        )
        .values_list("pk", "newest_hash", "revision_of_counts", "revision_of_answers")
    }
    keys = {each.plan_id: (each.plan_id, on, *stands[each.agency_id]) for each in plans}
    known = {plan_id: _counted.get(key) for plan_id, key in keys.items()}
    wanted = [each for each in plans if known[each.plan_id] is None]
    fresh = _counts(wanted, on) if wanted else {}
    with _remembering:
        for each in wanted:
            while len(_counted) >= _COUNTED:
                del _counted[next(iter(_counted))]
            _counted[keys[each.plan_id]] = fresh[each.plan_id]
    return {each.agency_id: known[each.plan_id] or fresh.get(each.plan_id, {}) for each in plans}


def _counts(plans: Sequence[PlanOfAgency], on: date) -> dict[int, Mapping[VerdictState, int]]:
    by_plan = {each.plan_id: each for each in plans}
    objectives = dict(
        Objective.objects.filter(plan_id__in=by_plan).order_by("pk").values_list("pk", "plan_id")
    )
    rows = list(
        Target.objects.filter(objective__plan_id__in=by_plan)
        .order_by("order", "pk")
        .values_list(*_TARGET_COLUMNS)
    )
    figures = indicators.figures_within(
        [row[_INDICATOR] for row in rows if row[_INDICATOR] is not None],
        since=min(each.period.start for each in plans),
        upto=max(min(on, each.period.end) for each in plans),
    )
    # One row of an indicator may stand in the plans of two years; each counts within its own period.
    records = counted(
        [
            Asked(
                (plan.plan_id, row[_INDICATOR]),
                plan.agency_id,
                formula,
                plan.period,
                min(on, plan.period.end),
            )
            for plan, row in ((by_plan[objectives[row[1]]], row) for row in rows)
            if (formula := _formula(row)) is not None
        ],
        today=on,
    )
    judged: dict[int, list[TargetVerdict]] = {objective_id: [] for objective_id in objectives}
    for row in rows:
        plan = by_plan[objectives[row[1]]]
        inside = [
            figure
            for figure in figures.get(row[_INDICATOR], ())
            if plan.period.start <= figure.period.end <= min(on, plan.period.end)
        ]
        here = records.get((plan.plan_id, row[_INDICATOR]), NOTHING)
        judged[row[1]].append(_judged(row, inside, here, 0, on, plan.period))
    states = {
        objective_id: [row.state for row in _with_wholes(each)] for objective_id, each in judged.items()
    }
    found: dict[int, Counter[VerdictState]] = {plan_id: Counter() for plan_id in by_plan}
    for objective_id, each in states.items():
        found[objectives[objective_id]][worst(each)] += 1
    return dict(found)


def target_of_indicator(actor: Actor, indicator_id: int) -> int | None:
    """Return the target that an indicator measures in the newest plan, or None."""
    require(actor, "plan.view")
    return (
        Target.objects.filter(indicator_id=indicator_id, objective__plan__agency_id=actor.agency_id)
        .exclude(objective__plan__state=Plan.State.DISCARDED)
        .order_by("-objective__plan__year", "-objective__plan__version")
        .values_list("pk", flat=True)
        .first()
    )


def targets_of_indicators(actor: Actor, indicator_ids: Collection[int]) -> dict[int, int]:
    """Return for each indicator the target that it measures in the newest plan; one SQL statement."""
    require(actor, "plan.view")
    rows = (
        Target.objects.filter(indicator_id__in=indicator_ids, objective__plan__agency_id=actor.agency_id)
        .exclude(objective__plan__state=Plan.State.DISCARDED)
        .order_by("objective__plan__year", "objective__plan__version")
        .values_list("indicator_id", "pk")
    )
    return {indicator_id: target_id for indicator_id, target_id in rows if indicator_id is not None}


@dataclass(frozen=True, slots=True)
class TargetHead:
    """What a target is, without its verdict: for pages that show something else of it."""

    target_id: int
    text: str
    year: int
    indicator_id: int | None
    span: core.Period


def target_head(actor: Actor, target_id: int) -> TargetHead:
    """Return what a target is; one SQL statement. Raises Target.DoesNotExist for another agency's."""
    require(actor, "plan.view")
    row = Target.objects.select_related("objective__plan").get(
        pk=target_id, objective__plan__agency_id=actor.agency_id
    )
    plan = row.objective.plan
    span = core.Period(row.period_start or plan.period_start, row.period_end or plan.period_end)
    return TargetHead(row.pk, row.text, plan.year, row.indicator_id, span)


def targets_then(actor: Actor, indicators: Mapping[int, int]) -> dict[int, int]:
    """Return the target that each indicator measured, by agency; one SQL statement.

    ``indicators`` are those that ``camket.indicators.comparing.year_on_year`` found for the actor, by agency.
    """
    require(actor, "plan.view")
    rows = (
        Target.objects.filter(
            indicator_id__in=indicators.values(), objective__plan__agency_id__in=indicators.keys()
        )
        .exclude(objective__plan__state=Plan.State.DISCARDED)
        .order_by("objective__plan__year", "objective__plan__version")
        .values_list("objective__plan__agency_id", "pk")
    )
    return dict(rows)


def task_counts(actor: Actor, plan_id: int, today: date) -> dict[int, TaskCounts]:
    """Return by objective how many tasks its actions have, are done and are overdue; one SQL statement."""
    require(actor, "plan.view")
    live = ~Q(state=Task.State.CANCELLED)
    done = Q(state=Task.State.ACCEPTED)
    late = Q(state__in=(Task.State.OPEN, Task.State.RETURNED), late_after__lt=today)
    rows = (
        Task.objects.filter(agency_id=actor.agency_id, action__placement__objective__plan_id=plan_id)
        .values_list("action__placement__objective_id")
        .annotate(
            total=Count("pk", filter=live), done=Count("pk", filter=done), late=Count("pk", filter=late)
        )
        .order_by()
    )
    return {row[0]: TaskCounts(*row[1:]) for row in rows}


def verdicts_report(agency_code: str, on: date, *, today: date | None = None) -> list[dict[str, Any]] | None:
    """Return every target of the plan judged on a day as JSON-ready dicts, or None where there is no such plan.

    For the installation's own commands: no actor, no other scope than the agency's code.
    """
    agency = Agency.objects.filter(code=agency_code).only("pk").first()
    plan_id = plan_judged(agency.pk, on) if agency else None
    if plan_id is None:
        return None
    found = _verdicts(_plan(Plan.objects.filter(pk=plan_id)).get(), on, None, "", today or on)
    return [verdict_json(objective, row) for objective in found.objectives for row in objective.targets]


def verdict_json(objective: ObjectiveVerdict, row: TargetVerdict) -> dict[str, Any]:
    """Return a target with its reading, verdict and reason as JSON-ready values; decimals as strings."""
    verdict = row.verdict
    return {
        "objective": objective.number,
        "objective_state": objective.state.value,
        "target_id": row.target_id,
        "target": row.target.text,
        "kind": row.target.kind.value,
        "goal": verdict.goal,
        "striving": row.target.striving,
        "state": verdict.state.value,
        "is_final": verdict.is_final,
        "value": _decimal(verdict.value),
        "shown": verdict.shown,
        "numerator": _decimal(verdict.numerator),
        "denominator": _decimal(verdict.denominator),
        "reason": _said(verdict.reason),
        "allowance": None
        if verdict.allowance is None
        else {
            "expected": _decimal(verdict.allowance.expected),
            "is_estimate": verdict.allowance.is_estimate,
            "allowed": _decimal(verdict.allowance.allowed),
            "spent": _decimal(verdict.allowance.spent),
            "left": _decimal(verdict.allowance.left),
            "by_now": _decimal(verdict.allowance.by_now),
            "forecast": _decimal(verdict.allowance.forecast),
            "basis": verdict.allowance.basis.value,
            "burn": _decimal(verdict.allowance.burn),
            "is_fast": verdict.allowance.is_fast,
            "runs_out_on": None
            if verdict.allowance.runs_out_on is None
            else verdict.allowance.runs_out_on.isoformat(),
        },
        "forecast": None if verdict.forecast is None else _decimal(verdict.forecast.value),
        "forecast_interval": _interval(verdict),
        "covered": None
        if verdict.covered is None
        else {"start": verdict.covered.start.isoformat(), "end": verdict.covered.end.isoformat()},
        "reading": None
        if row.provenance is None
        else {
            "id": row.provenance.reading_id,
            "source": row.provenance.source,
            "entered_by": row.provenance.entered_by,
            "confirmed_by": row.provenance.confirmed_by,
        },
        "readings": [figure.key for figure in verdict.used if figure.key is not None],
        "counted": None
        if row.counted is None
        else {
            "indicator": row.counted.code,
            "formula": formulas.to_json(row.counted.formula),
            "told": None
            if row.counted.told is None
            else {"start": row.counted.told.start.isoformat(), "end": row.counted.told.end.isoformat()},
        },
        "baseline": _decimal(row.baseline),
        "waiting": row.waiting,
    }


def _interval(verdict: Verdict) -> dict[str, str | None] | None:
    """Return between which results the period will end, 9 times out of 10, and the chance of the target in per cent."""
    spread = verdict.forecast.spread if verdict.forecast else None
    if spread is None:
        return None
    return {"low": _decimal(spread.low), "high": _decimal(spread.high), "chance": _decimal(spread.chance)}


def _plan(plans: Any) -> Any:
    return plans.only("pk", "agency_id", "year", "title", "number", "period_start", "period_end")


def _verdicts(
    plan: Plan,
    on: date,
    only: Sequence[tuple[Any, ...]] | None,
    journal: str,
    today: date,
    until: date | None = None,
) -> PlanVerdicts:
    """Judge a plan's objectives; ``only`` are the columns of those that are asked for, where they are read already."""
    period = core.Period(plan.period_start, plan.period_end)
    upto = min(until or on, on, period.end)
    of_plan = Target.objects.filter(objective__plan_id=plan.pk)
    of_dossiers: AbstractContextManager[None] = nullcontext()
    if only is not None:
        objectives = only
        targets = of_plan.filter(objective_id__in=[row[0] for row in only]).order_by("order", "pk")
        rows = list(targets.values_list(*_TARGET_COLUMNS))
        measured = [row[_INDICATOR] for row in rows if row[_INDICATOR] is not None]
        # A target's own period lies within the plan's; nothing outside it can count.
        entered = indicators.entered(plan.agency_id, measured, since=period.start, upto=upto)
    else:
        measured_by = of_plan.filter(indicator__isnull=False).order_by().values("indicator_id")
        readings = indicators.entered_query(plan.agency_id, measured_by, since=period.start, upto=upto)
        found, read, reach = read_along(
            plan.agency_id,
            journal,
            [_objectives_query(plan.pk), readings, dossiers.reaches_query([plan.agency_id])],
        )
        of_dossiers = dossiers.reach_known(plan.agency_id, dossiers.reaches_of(reach).get(plan.agency_id))
        objectives, rows = _objectives_and_targets(found)
        entered = indicators.entered_of(read)
    asked = {
        row[_INDICATOR]: Asked(row[_INDICATOR], plan.agency_id, formula, period, upto)
        for row in rows
        if (formula := _formula(row)) is not None
    }
    records: dict[int, Counted] = {}
    if asked:
        with of_dossiers:
            records = counted(
                list(asked.values()),
                journal=journal,
                calendar=remembered_calendar(plan.agency_id, journal),
                today=today,
            )
    judged: dict[int, list[TargetVerdict]] = defaultdict(list)
    for row in rows:
        key = row[_INDICATOR]
        judged[row[1]].append(
            _judged(
                row,
                entered.figures.get(key, ()),
                records.get(key, NOTHING),
                entered.waiting.get(key, 0),
                on,
                period,
            )
        )
    return PlanVerdicts(
        plan_id=plan.pk,
        year=plan.year,
        title=plan.title,
        number=plan.number,
        period=period,
        on=on,
        looked_on=today,
        objectives=tuple(
            _objective(row, _with_wholes([_sourced(each, entered.origins) for each in judged[row[0]]]))
            for row in objectives
        ),
    )


def _objectives_query(plan_id: int) -> QuerySet[Objective, tuple[Any, ...]]:
    return (
        Objective.objects.filter(plan_id=plan_id)
        .order_by("order", "pk", "targets__order", "targets__pk")
        .values_list(*_OBJECTIVE_COLUMNS, *(f"targets__{name}" for name in _TARGET_COLUMNS))
    )


def _objectives_and_targets(
    found: Iterable[tuple[Any, ...]],
) -> tuple[Sequence[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Return the columns of a plan's objectives and of their targets, in reading order."""
    width = len(_OBJECTIVE_COLUMNS)
    objectives: dict[int, tuple[Any, ...]] = {}
    targets: list[tuple[Any, ...]] = []
    for row in found:
        objectives[row[0]] = row[:width]
        if row[width] is not None:
            targets.append(row[width:])
    return list(objectives.values()), targets


def _formula(row: tuple[Any, ...]) -> Formula | None:
    kept = row[_FORMULA]
    return None if kept is None else formulas.from_json(kept)


def _judged(
    row: tuple[Any, ...],
    entered: Sequence[Figure],
    records: Counted,
    waiting: int,
    on: date,
    period: core.Period,
) -> TargetVerdict:
    (
        pk, objective_id, text, kind, value, upper, grade, unit, baseline_year, said, change, is_striving,
        start, end, expected, indicator_id, name, measure, indicator_unit, method, adds_up, part, whole, owner_id,
        _kept, code,
    ) = row  # fmt: skip
    target = core.Target(
        text=text,
        kind=core.TargetKind(kind),
        value=core.Grade(grade) if grade else value,
        upper=upper,
        unit=unit or None,
        baseline_year=baseline_year,
        striving=is_striving,
        period=core.Period(start, end) if start and end else None,
    )
    formula = _formula(row)
    # What the records tell of is counted; where they tell nothing, what a person entered stands.
    is_counted = bool(records.figures)
    baseline, baseline_from = _baseline(target, said, records, period)

    def judged_as(meant: Change) -> Verdict:
        return judge(
            target,
            records.figures if is_counted else entered,
            on=on,
            period=period,
            baseline=baseline,
            change=meant,
            expected_volume=expected,
            adding=adds_up,
            pace=records.pace if is_counted and target.period is None else None,
        )

    meant = Change(change)
    indicator = None
    if indicator_id is not None:
        indicator = IndicatorRow(
            indicator_id, name, Measure(measure), indicator_unit, method, adds_up, part, whole, owner_id
        )
    is_choice = target.kind in core.RELATIVE_KINDS and target.unit in PER_CENT and baseline is not None
    other = Change.RELATIVE if meant is Change.POINTS else Change.POINTS
    return TargetVerdict(
        target_id=pk,
        objective_id=objective_id,
        target=target,
        indicator=indicator,
        baseline=baseline,
        change=meant,
        expected_volume=expected,
        verdict=judged_as(meant),
        provenance=None,
        waiting=waiting,
        counted=None
        if formula is None
        else CountedFigures(formula, code, records.told, records.figures, records.pace),
        baseline_from=baseline_from,
        otherwise=judged_as(other) if is_choice else None,
        code=code or "",
    )


def _baseline(
    target: core.Target, said: Decimal | None, records: Counted, period: core.Period
) -> tuple[Decimal | None, BaselineFrom | None]:
    """Return the result that a target compares with: what a person said, else what last year's records count."""
    if target.kind not in core.RELATIVE_KINDS or said is not None:
        return said, None if said is None else BaselineFrom.SAID
    year = period.end.year - 1
    if records.last_year is None or target.baseline_year not in (None, year):
        return None, None
    value = records.last_year.value
    # As precise as it is shown, so that the limit made of it is the one that people can reckon.
    return (None, None) if value is None else (round(value, 2), BaselineFrom.COUNTED)


def _with_wholes(rows: Sequence[TargetVerdict]) -> list[TargetVerdict]:
    """Tie each part ("trong đó …") to the target before it that it is a part of.

    How a part stands is said all year; what it came to in the end is not said before its whole is known.
    """
    found: list[TargetVerdict] = []
    whole: TargetVerdict | None = None
    for row in rows:
        if whole is None or not is_part(row.target.text):
            whole = row
            found.append(row)
            continue
        verdict = row.verdict
        if verdict.is_final and whole.state is VerdictState.NO_DATA and row.state is not VerdictState.NO_DATA:
            template = gettext_noop(
                "The result is %(value)s, but it is a part of the target before it, which has no figure yet."
            )
            verdict = replace(
                verdict,
                state=VerdictState.NO_DATA,
                reason=Message(template, {"value": verdict.shown or verdict.goal}),
            )
        found.append(replace(row, verdict=verdict, whole_id=whole.target_id))
    return found


def _newest(row: TargetVerdict) -> int | None:
    return row.verdict.used[-1].key if row.verdict.used else None


def _sourced(row: TargetVerdict, known: Mapping[int, Provenance]) -> TargetVerdict:
    key = _newest(row)
    return row if key is None else replace(row, provenance=known.get(key))


def _objective(row: tuple[Any, ...], targets: Sequence[TargetVerdict]) -> ObjectiveVerdict:
    pk, number, text, method, owner_id, owner = row
    return ObjectiveVerdict(
        pk, number, text, method, owner_id, owner or "", worst(each.state for each in targets), tuple(targets)
    )


def _said(message: Message) -> str:
    return gettext(message.template) % message.params


def _decimal(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")
