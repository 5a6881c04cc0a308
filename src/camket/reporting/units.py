"""The units of an agency beside each other: objectives, dated work, dossiers, over a period.

Leaders and the secretary see all units; a head sees the own beside what units have on average.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from camket.actions.queries import UnitTasks, tasks_by_unit
from camket.core.plan import Period
from camket.dossiers.queries.sums import sums_by
from camket.objectives.verdicts import ObjectiveVerdict, PlanVerdicts, period_judged, verdicts_judged
from camket.org.models import Unit
from camket.org.policy import Actor, can_in_agency, require
from camket.org.queries import heirs
from camket.org.queries.units import section_choices
from camket.reporting.unit_targets import narrowed, targets_by_unit


@dataclass(frozen=True, slots=True)
class UnitDossiers:
    """Dossiers of a unit in a period: settled, of these late, and overdue at its end and still open."""

    finished: int = 0
    late: int = 0
    overdue: int = 0


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One unit of the comparison; ``unit_id`` is None of what no unit has.

    A former unit that had work in the period has the last day on which it was one (``until``) and who took over.
    """

    unit_id: int | None
    name: str
    objectives: tuple[ObjectiveVerdict, ...]
    tasks: UnitTasks
    dossiers: UnitDossiers
    until: date | None = None
    successors: tuple[str, ...] = ()

    @property
    def targets(self) -> int:
        """How many targets are the unit's own."""
        return sum(len(each.targets) for each in self.objectives)

    @property
    def reached(self) -> int:
        """How many of them are met or on track."""
        return sum(each.reached for each in self.objectives)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell of it."""
        return not (self.objectives or self.tasks.total or self.dossiers.finished or self.dossiers.overdue)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Units over a period, figures to ``on``; ``every`` is of all units together, also where few are shown.

    ``count`` is how many of them are units at the end: what a former one did is told for itself.
    """

    period: Period
    on: date
    is_whole: bool
    lines: tuple[UnitLine, ...]
    every: UnitLine
    count: int

    @property
    def has_former(self) -> bool:
        """Whether a unit is shown that is one no longer."""
        return any(each.until is not None for each in self.lines)


def plan_period(actor: Actor, today: date) -> Period:
    """Return the period of the plan judged today, else the calendar year."""
    found = period_judged(actor.agency_id, today)
    return found or Period(date(today.year, 1, 1), date(today.year, 12, 31))


def unit_comparison(actor: Actor, period: Period, today: date) -> Comparison:
    """Return the units over a period, those that the actor may see; raises NotAllowed.

    Objectives stand as of the period's last day, or of today. Eight SQL statements where all is entered by hand.
    """
    require(actor, "week.view")
    on = min(today, period.end)
    plan = verdicts_judged(actor, on)
    tasks = tasks_by_unit(actor, period.start, period.end, today)
    found = sums_by([actor.agency_id], [Period(period.start, on)], ("finished", "late", "overdue"), by="unit")
    dossiers = {
        key: UnitDossiers(int(each["finished"]), int(each["late"]), int(each["overdue"]))
        for (_agency, _period, key), each in found.items()
    }
    in_use = dict(section_choices(actor))
    former = _former(actor.agency_id)
    known = in_use | {unit_id: each.name for unit_id, each in former.items()}
    # Objectives are told as they stand at the end: who is a unit no longer then has none.
    standing = in_use | {pk: name for pk, name in known.items() if pk in former and former[pk].until >= on}
    owned = _owned(plan, standing)
    lines = [
        UnitLine(
            unit_id,
            name,
            owned.get(unit_id, ()),
            tasks.get(unit_id, UnitTasks()),
            dossiers.get(unit_id, UnitDossiers()),
            former[unit_id].until if unit_id in former else None,
            former[unit_id].successors if unit_id in former else (),
        )
        for unit_id, name in known.items()
    ]
    lines = [each for each in lines if each.unit_id in in_use or not each.is_empty]
    others = UnitLine(
        None,
        "",
        owned.get(None, ()),
        _tasks(each for key, each in tasks.items() if key not in known),
        _dossiers(each for key, each in dossiers.items() if key not in known),
    )
    is_whole = can_in_agency(actor, "week.view")
    shown = [each for each in lines if is_whole or each.unit_id in actor.headed_unit_ids]
    if is_whole and not others.is_empty:
        shown.append(others)
    every = UnitLine(
        None,
        "",
        tuple(objective for each in lines for objective in each.objectives),
        _tasks(each.tasks for each in lines),
        _dossiers(each.dossiers for each in lines),
    )
    return Comparison(period, on, is_whole, tuple(shown), every, len(standing))


@dataclass(frozen=True, slots=True)
class _Former:
    name: str
    until: date
    successors: tuple[str, ...]


def _former(agency_id: int) -> dict[int, _Former]:
    """Return the units that others took over from, in the agency's order; at most two SQL statements."""
    found = {each.former_id: each for each in heirs(agency_id)}
    if not found:
        return {}
    names = dict(Unit.objects.filter(agency_id=agency_id).order_by("order", "pk").values_list("pk", "name"))
    return {
        pk: _Former(
            name,
            found[pk].on - timedelta(days=1),
            tuple(names[each] for each in names if each in found[pk].successor_ids),
        )
        for pk, name in names.items()
        if pk in found
    }


def _owned(
    plan: PlanVerdicts | None, known: Mapping[int, str]
) -> dict[int | None, tuple[ObjectiveVerdict, ...]]:
    """Return the objectives of each unit with the targets that are its own; None has those of no unit."""
    if plan is None:
        return {}
    own = targets_by_unit(plan.plan_id)
    taken = {target_id for unit_id in known for target_id in own.get(unit_id, ())}
    rest = {each.target_id for each in plan.targets} - taken
    found: dict[int | None, tuple[ObjectiveVerdict, ...]] = {None: narrowed(plan.objectives, rest)}
    for unit_id in known:
        found[unit_id] = narrowed(plan.objectives, own.get(unit_id, set()))
    return found


def _tasks(some: Iterable[UnitTasks]) -> UnitTasks:
    rows = list(some)
    return UnitTasks(
        sum(each.total for each in rows),
        sum(each.done for each in rows),
        sum(each.done_late for each in rows),
        sum(each.overdue for each in rows),
    )


def _dossiers(some: Iterable[UnitDossiers]) -> UnitDossiers:
    rows = list(some)
    return UnitDossiers(
        sum(each.finished for each in rows),
        sum(each.late for each in rows),
        sum(each.overdue for each in rows),
    )
