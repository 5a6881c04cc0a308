"""The parts of “13/13”: each socio-economic figure that is judged, with its plan, its verdict, and last year's value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from camket.core.exact import trimmed, with_unit
from camket.core.formulas import Formula
from camket.core.plan import Period, Target
from camket.core.registers.outside import AS_OF
from camket.core.registers.values import figure_of, standing, target_of, value_last_year, value_on, year_of
from camket.core.targets import Verdict, VerdictState, judge
from camket.indicators.sources.stated import FIGURE_ROWS, FIGURES, FigureRow
from camket.org.policy import Actor, require


@dataclass(frozen=True, slots=True)
class Part:
    """One figure against its plan; ``is_met`` says whether it keeps the year's plan by now, None without a value.

    ``shown`` and ``last_year`` are "" where nothing was entered; ``verdict`` judges the running year by its pace.
    """

    name: str
    shown: str
    is_state: bool
    is_met: bool | None
    goal: str
    last_year: str
    as_of: date | None
    entry_id: int | None
    verdict: VerdictState


def is_of_parts(formula: Formula) -> bool:
    """Return whether a formula counts the figures that keep their plan."""
    return formula.source == FIGURES.key and formula.numerator[0].count == "met"


def figure_parts(actor: Actor, formula: Formula, span: Period, on: date) -> tuple[Part, ...]:
    """Return the figures that a formula counts with how each stands on a day, in the order of the list.

    The statements of reading the list and its values, where they are not remembered.
    """
    require(actor, "plan.view")
    is_left = FIGURES.narrowed([actor.agency_id], formula.filters)
    year = year_of(span)
    rows = [row for row in FIGURE_ROWS.rows([actor.agency_id]) if row.is_judged and is_left(row)]
    return tuple(_part(row, span, on) for row in rows if year in row.years())


def _part(row: FigureRow, span: Period, on: date) -> Part:
    item, upto = row.item, Period(span.start, min(on, span.end))
    stood = standing(item, row.entries, upto)
    then = value_last_year(item, row.entries, span if stood is None else Period(span.start, stood.on))
    plan = stood.plan if stood is not None else (item.plans or {}).get(year_of(span))
    verdict = _verdict(row, target_of(item, plan), span, on)
    has_number = not item.is_state
    return Part(
        name=item.name,
        shown=with_unit(trimmed(stood.value), item.measure) if stood is not None and has_number else "",
        is_state=item.is_state,
        is_met=None if stood is None else stood.is_met,
        goal="" if verdict is None else verdict.goal,
        last_year=with_unit(trimmed(then.amount), item.measure) if then is not None and has_number else "",
        as_of=None if stood is None else stood.on,
        entry_id=None if stood is None else stood.entry_id,
        verdict=VerdictState.NO_DATA if verdict is None else verdict.state,
    )


def _verdict(row: FigureRow, target: Target | None, span: Period, on: date) -> Verdict | None:
    """Judge a figure as a target of the year: what grows by its pace, what stands by its limits."""
    if target is None:
        return None
    item = row.item
    days = sorted({each.on for each in row.entries if span.start <= each.on <= min(on, span.end)})
    values = (value_on(item, row.entries, Period(span.start, day)) for day in days)
    figures = [figure_of(item, each, span) for each in values if each is not None]
    return judge(target, figures, on=on, period=span, adding=item.counting != AS_OF and not item.is_state)
