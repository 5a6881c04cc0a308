"""Many figures at once: entered by hand from a spreadsheet, and confirmed together.

A row goes the way of a figure that is typed, so that the same rules refuse it; a check goes that way too and takes
back what it did.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from camket.core.cells import Problem
from camket.core.entering import Entry
from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.plan import Period
from camket.core.reading_rows import COLUMNS, ReadingRow
from camket.core.targets import Measure, shown_figure
from camket.core.wording.dates import format_date
from camket.indicators import operations
from camket.indicators.models import Indicator, Reading
from camket.indicators.operations import (
    FigureMissing,
    FigureNotPossible,
    NewReading,
    PeriodNotPossible,
    ReasonMissing,
    SourceMissing,
)
from camket.indicators.queries import figures_of
from camket.org.policy import Actor, require
from camket.paper.sheets import Value, write_sheet

MOST_ROWS = 500
"""Figures of one spreadsheet: those of a year of a large agency."""


class TooManyRows(Refusal):
    """The spreadsheet holds more figures than are taken at once."""


class NothingChosen(Refusal):
    """No figure was ticked, or none that waits for this person."""


class RowState(StrEnum):
    """What becomes of a row."""

    ADDED = "added"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """A row of the spreadsheet with what becomes of it; ``shown`` is the figure in words, ``problems`` what to mend."""

    row: ReadingRow
    state: RowState
    name: str
    period: Period | None
    shown: str
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A figure that the template asks for."""

    indicator_id: int
    name: str
    unit: str
    entry: Entry


def template(actor: Actor, asked: Sequence[Asked]) -> bytes:
    """Return a spreadsheet to fill in: a row for each figure asked for, with what is entered for it already.

    Two SQL statements. Requires "reading.enter".
    """
    require(actor, "reading.enter")
    ids = {each.indicator_id for each in asked}
    known = {
        (row.indicator_id, row.period_start, row.period_end): row
        for row in Reading.objects.filter(agency_id=actor.agency_id, indicator_id__in=ids).exclude(
            state=Reading.State.WITHDRAWN
        )
    }
    rows: list[list[Value]] = []
    for each in asked:
        period = each.entry.period
        reading = known.get((each.indicator_id, period.start, period.end))
        rows.append(
            [
                str(each.indicator_id),
                each.name,
                each.unit,
                period.start,
                period.end,
                *_figure_cells(reading),
                reading.source if reading else "",
                reading.note if reading else "",
            ]
        )
    return write_sheet("Số liệu nhập tay", list(COLUMNS.values()), rows)


def _figure_cells(reading: Reading | None) -> list[Value]:
    if reading is None:
        return [None] * 8
    return [
        reading.numerator,
        reading.denominator,
        reading.value,
        _GRADE_WORDS.get(reading.grade, ""),
        reading.rank,
        reading.rank_of,
        None if reading.is_reached is None else ("có" if reading.is_reached else "không"),
        "có" if reading.nothing_arose else None,
    ]


_GRADE_WORDS = {"weak": "yếu", "average": "trung bình", "fair": "khá", "good": "tốt", "excellent": "xuất sắc"}


def check_rows(
    *, actor: Actor, rows: Sequence[ReadingRow], source: str, now: datetime
) -> tuple[CheckedRow, ...]:
    """Return what would become of each row; nothing is kept. ``source`` stands for rows that name none.

    Raises NotAllowed, TooManyRows.
    """
    require(actor, "reading.enter")
    with transaction.atomic():
        found = _entered(actor, rows, source, now)
        transaction.set_rollback(True)
    return found


def enter_rows(
    *, actor: Actor, rows: Sequence[ReadingRow], source: str, now: datetime
) -> tuple[CheckedRow, ...]:
    """Enter the rows that can be; they wait for confirmation. What is refused is left out, with its reasons.

    A figure that waits and differs is withdrawn and entered anew. Raises NotAllowed, TooManyRows.
    """
    require(actor, "reading.enter")
    with transaction.atomic():
        return _entered(actor, rows, source, now)


def confirm_readings(*, actor: Actor, reading_ids: Collection[int], now: datetime) -> int:
    """Confirm several figures together, all of them or none; return how many.

    Raises NothingChosen, and what ``confirm_reading`` raises.
    """
    require(actor, "reading.confirm")
    if not reading_ids:
        raise NothingChosen(Message(gettext_noop("Tick the figures to confirm.")))
    with transaction.atomic():
        for reading_id in sorted(reading_ids):
            operations.confirm_reading(actor=actor, reading_id=reading_id, now=now)
    return len(reading_ids)


def _entered(actor: Actor, rows: Sequence[ReadingRow], source: str, now: datetime) -> tuple[CheckedRow, ...]:
    if len(rows) > MOST_ROWS:
        raise TooManyRows(
            Message(
                gettext_noop("The spreadsheet holds %(rows)s figures; at most %(most)s are taken at once."),
                {"rows": str(len(rows)), "most": str(MOST_ROWS)},
            )
        )
    ids = {row.indicator_id for row in rows if row.indicator_id is not None}
    known = {row.pk: row for row in Indicator.objects.filter(agency_id=actor.agency_id, pk__in=ids)}
    return tuple(_one(actor, row, known.get(row.indicator_id or 0), source, now) for row in rows)


def _one(
    actor: Actor, row: ReadingRow, indicator: Indicator | None, source: str, now: datetime
) -> CheckedRow:
    name = indicator.name if indicator is not None else row.cells.get("name", "")
    period = Period(row.start, row.end) if row.start and row.end else None

    def refused(*problems: Problem) -> CheckedRow:
        return CheckedRow(row, RowState.REFUSED, name, period, "", problems)

    if row.problems or period is None:
        return refused(*row.problems)
    if indicator is None:
        template = gettext_noop(
            "The agency has no indicator of this number; take the numbers from the template."
        )
        return refused(Problem(row.places.get("indicator", ""), Message(template)))
    if indicator.formula is not None:
        template = gettext_noop("This indicator is counted from records; nobody enters it.")
        return refused(Problem(row.places.get("indicator", ""), Message(template)))
    earlier = (
        Reading.objects.filter(indicator=indicator, period_start=period.start, period_end=period.end)
        .exclude(state=Reading.State.WITHDRAWN)
        .first()
    )
    new = _new(row, period, source)
    try:
        with transaction.atomic():
            if earlier is not None:
                if _says_the_same(earlier, new, row):
                    return CheckedRow(row, RowState.SAME, name, period, _shown(earlier, indicator))
                if earlier.state == Reading.State.CONFIRMED:
                    template = gettext_noop(
                        "The figure of %(start)s to %(end)s is confirmed; withdraw it on its page before entering another."
                    )
                    said = {"start": format_date(period.start), "end": format_date(period.end)}
                    return refused(Problem("", Message(template, said)))
                operations.withdraw_reading(
                    actor=actor, reading_id=earlier.pk, reason="Nhập lại từ bảng tính", now=now
                )
            kept = operations.enter_reading(actor=actor, indicator_id=indicator.pk, reading=new, now=now)
    except Refusal as refusal:
        return refused(Problem(_cell_of(refusal, row, Measure(indicator.measure)), refusal.message))
    state = RowState.ADDED if earlier is None else RowState.CHANGED
    return CheckedRow(row, state, name, period, _shown(kept, indicator))


def _new(row: ReadingRow, period: Period, source: str) -> NewReading:
    return NewReading(
        period=period,
        source=row.cells.get("source") or source,
        numerator=row.numbers.get("numerator"),
        denominator=row.numbers.get("denominator"),
        value=row.numbers.get("value"),
        grade=row.grade,
        rank=row.whole("rank"),
        rank_of=row.whole("rank_of"),
        is_reached=row.is_reached,
        nothing_arose=row.nothing_arose,
        note=row.cells.get("note", ""),
    )


def _says_the_same(earlier: Reading, new: NewReading, row: ReadingRow) -> bool:
    figure = (
        new.numerator, new.denominator, new.value, new.grade.value if new.grade else "", new.rank, new.rank_of,
        new.is_reached, new.nothing_arose or new.denominator == 0,
    )  # fmt: skip
    kept = (
        earlier.numerator, earlier.denominator, earlier.value, earlier.grade, earlier.rank, earlier.rank_of,
        earlier.is_reached, earlier.nothing_arose,
    )  # fmt: skip
    is_same_source = not row.cells.get("source") or row.cells["source"] == earlier.source
    return figure == kept and is_same_source and (new.note == earlier.note or not new.note)


def _cell_of(refusal: Refusal, row: ReadingRow, measure: Measure) -> str:
    """Return the cell that a refusal speaks of."""
    if isinstance(refusal, PeriodNotPossible):
        return row.places.get("end", "")
    if isinstance(refusal, SourceMissing):
        return row.places.get("source", "")
    if isinstance(refusal, ReasonMissing):
        return row.places.get("note", "")
    if isinstance(refusal, (FigureMissing, FigureNotPossible)):
        column = {
            Measure.RATIO: "numerator",
            Measure.VALUE: "value",
            Measure.GRADE: "grade",
            Measure.RANK: "rank",
            Measure.STATE: "is_reached",
        }[measure]
        return row.places.get(column, "")
    return ""


def _shown(reading: Reading, indicator: Indicator) -> str:
    figures = figures_of(Reading.objects.filter(pk=reading.pk))
    (figure,) = figures[indicator.pk]
    return shown_figure(figure, indicator.unit)
