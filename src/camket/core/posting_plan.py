"""The yearly plan of what is made public: its lines made from rules, how far each is, and moving them to another year.

Source: Luật 10/2022/QH15, Điều 14: each year's plan says content, form, time, duration and who is responsible.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from camket.core.next_year import move_date, move_years_in_text
from camket.core.postings import Posted, Rule, is_too_short, renewed_or_posted_again
from camket.core.wording.numbers import int_to_roman


class Progress(StrEnum):
    """How far a line of the plan is, what calls for somebody first."""

    OVERDUE = "overdue"
    """Its day is over, or its year, and nothing was posted."""
    SHORT = "short"
    """Something of it hung, or is to hang, for fewer days than the plan says."""
    PARTLY = "partly"
    """It was not posted at each of the plan's places."""
    LATE = "late"
    """It was posted after the plan's day."""
    TO_COME = "to_come"
    """Nothing was posted, and there is time."""
    DONE = "done"
    """It was posted as planned."""
    DROPPED = "dropped"
    """It was taken out of the plan."""


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A line of a yearly plan. ``kinds`` are the kinds of places it names; ``days`` None: permanently."""

    rule: str
    subject: str
    when: str
    due_on: date | None
    days: int | None
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Planned:
    """A line of a yearly plan as far as its progress goes; ``places`` are numbers of places.

    ``spoken_days`` is for how many days the loudspeaker says it, None where that is not counted.
    """

    year: int
    due_on: date | None
    days: int | None
    places: frozenset[int]
    spoken_days: int | None = None
    is_dropped: bool = False


def lines_of(rule: Rule, year: int) -> Iterator[PlanLine]:
    """Give the lines that a rule puts into the plan of a year: one, or one for each part of the year.

    >>> start = date(2023, 7, 1)
    >>> rule = Rule("list", "Danh mục của quý", 30, ("office",), None, "", start, recurs="quarter", due_days=30)
    >>> [(line.subject, line.due_on) for line in lines_of(rule, 2026)][0]
    ('Danh mục của quý I năm 2026', datetime.date(2026, 4, 30))
    """
    if not rule.is_planned:
        return
    kinds = (*rule.places, *(("loudspeaker",) if rule.spoken_days else ()))
    if rule.recurs != "quarter":
        yield PlanLine(rule.code, rule.name, rule.when, None, rule.days, kinds)
        return
    for quarter in range(1, 5):
        named = f"quý {int_to_roman(quarter)} năm {year}"
        following = date(year + quarter // 4, quarter % 4 * 3 + 1, 1)
        due_on = following + timedelta(days=rule.due_days - 1) if rule.due_days else None
        name = rule.name.removesuffix("quý").rstrip()
        yield PlanLine(rule.code, f"{name} {named}", f"Sau khi hết {named}", due_on, rule.days, kinds)


def moved(line: PlanLine, year: int, to_year: int) -> PlanLine:
    """Return a line of one year's plan as it stands in another's: years in its words and its day are moved.

    >>> moved(PlanLine("", "Dự toán năm 2026", "Tháng 01/2026", date(2026, 1, 20), 30), 2026, 2027).subject
    'Dự toán năm 2027'
    """
    by = to_year - year
    return replace(
        line,
        subject=move_years_in_text(line.subject, year, by),
        when=move_years_in_text(line.when, year, by),
        due_on=move_date(line.due_on, year, by) if line.due_on else None,
    )


def progress(planned: Planned, postings: Sequence[Posted], on: date) -> tuple[Progress, ...]:
    """Return how far a line is on a day, what calls for somebody first; ``postings`` are those made of it.

    Never empty: a line of which all is well is done, or to come.
    """
    if planned.is_dropped:
        return (Progress.DROPPED,)
    last = planned.due_on or date(planned.year, 12, 31)
    if not postings:
        return (Progress.OVERDUE if on > last else Progress.TO_COME,)
    found: set[Progress] = set()
    if any(_too_short(planned, postings, on)):
        found.add(Progress.SHORT)
    if planned.places - {each.place for each in postings}:
        found.add(Progress.PARTLY)
    if planned.due_on is not None and min(each.posted_on for each in postings) > planned.due_on:
        found.add(Progress.LATE)
    return tuple(each for each in Progress if each in found) or (Progress.DONE,)


def counts(lines: Iterable[tuple[Progress, ...]]) -> Mapping[Progress, int]:
    """Return how many lines are how far, by what is said of each first, in the order of Progress."""
    first = [each[0] for each in lines]
    return {each: first.count(each) for each in Progress if each in first}


def _too_short(planned: Planned, postings: Sequence[Posted], on: date) -> Iterator[bool]:
    by_id = {each.id: each for each in postings}
    made_up = renewed_or_posted_again(postings)
    up = {each.place for each in postings if each.is_up(on)}
    for each in postings:
        if each.id in made_up or each.is_settled:
            continue
        if each.kind == "loudspeaker":
            yield is_too_short(each, planned.spoken_days, by_id, on)
        elif planned.days is None:
            yield (
                each.removed_on is not None and each.place not in up
            )  # what hangs permanently is replaced, not taken down
        else:
            yield is_too_short(each, planned.days, by_id, on)
