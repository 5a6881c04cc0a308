"""The year on the wall: every target of the plan in force at the end of each of its months."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from camket.core.periods import split
from camket.core.plan import Every, Period
from camket.core.targets import Figure, VerdictState, judge, worst
from camket.core.wording.text import search_key
from camket.indicators.queries import figures_and_waiting
from camket.objectives.verdicts import ObjectiveVerdict, PlanVerdicts, TargetVerdict, verdicts_judged
from camket.org.policy import Actor

State = VerdictState | None


@dataclass(frozen=True, slots=True)
class WallCell:
    """How a target stood at the end of a month, from the figures of the days up to then; ``state`` is None of months to come."""

    month: Period
    state: State
    shown: str = ""


@dataclass(frozen=True, slots=True)
class WallTarget:
    """A target with its months, those of the plan in order."""

    row: TargetVerdict
    cells: tuple[WallCell, ...]


@dataclass(frozen=True, slots=True)
class WallObjective:
    """An objective with its targets; ``states`` are those of its targets that call most for attention, month by month."""

    objective: ObjectiveVerdict
    states: tuple[State, ...]
    targets: tuple[WallTarget, ...]

    @property
    def is_one(self) -> bool:
        """Whether the objective says no more than its one target, so that one line tells both."""
        if len(self.targets) != 1:
            return False
        own = search_key(self.targets[0].row.target.text).strip(" .;")
        return own in search_key(self.objective.text)


@dataclass(frozen=True, slots=True)
class Wall:
    """The plan's year: its months and objectives. The month of ``plan.on`` stands as of that day."""

    plan: PlanVerdicts
    months: tuple[Period, ...]
    objectives: tuple[WallObjective, ...]


def wall(actor: Actor, today: date) -> Wall | None:
    """Return the year of the plan judged on a day; None without one. One SQL statement more than its verdicts.

    A month that is over is judged on the day after its end, as a report of it would be, from figures known today: one that
    was corrected since counts as it was corrected.
    """
    plan = verdicts_judged(actor, today)
    if plan is None:
        return None
    months = split(plan.period, Every.MONTH)
    entered, _waiting = figures_and_waiting(
        actor.agency_id,
        [row.indicator.id for row in plan.targets if row.indicator is not None],
        since=plan.period.start,
        upto=min(today, plan.period.end),
    )
    objectives = []
    for objective in plan.objectives:
        targets = []
        for row in objective.targets:
            figures: Sequence[Figure] = ()
            if row.is_counted and row.counted is not None:
                figures = row.counted.figures
            elif row.indicator is not None:
                figures = entered.get(row.indicator.id, ())
            targets.append(WallTarget(row, tuple(_cell(plan, row, month, figures) for month in months)))
        states = tuple(
            None
            if month.start > today
            else objective.state
            if month.end >= today
            else worst(state for each in targets if (state := each.cells[at].state) is not None)
            for at, month in enumerate(months)
        )
        objectives.append(WallObjective(objective, states, tuple(targets)))
    return Wall(plan, tuple(months), tuple(objectives))


def _cell(plan: PlanVerdicts, row: TargetVerdict, month: Period, figures: Sequence[Figure]) -> WallCell:
    if month.start > plan.on:
        return WallCell(month, None)
    if month.end >= plan.on:
        return WallCell(month, row.state, row.verdict.shown)
    verdict = judge(
        row.target,
        [figure for figure in figures if figure.period.end <= month.end],
        on=month.end + timedelta(days=1),
        period=plan.period,
        baseline=row.baseline,
        change=row.change,
        expected_volume=row.expected_volume,
        adding=row.indicator.adds_up if row.indicator else None,
        pace=row.counted.pace if row.counted and row.is_counted and row.target.period is None else None,
    )
    return WallCell(month, verdict.state, verdict.shown)
