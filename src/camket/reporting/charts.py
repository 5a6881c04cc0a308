"""What the charts of a report show, as plain values: read with the report's figures and frozen with them.

One way for every kind of report: :func:`charts_of` reads them, :func:`chart_blocks` sets them as blocks of a document.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from camket.core.exact import rounded, trimmed, with_unit
from camket.core.formulas import Formula, evaluate
from camket.core.periods import same_last_year
from camket.core.plan import Period, TargetKind
from camket.core.targets import SHARES, Figure, cover, shown_figure, stands
from camket.core.wording.dates import format_date
from camket.core.wording.numbers import format_number
from camket.core.wording.text import begun
from camket.indicators.queries import figures_and_waiting
from camket.indicators.sources import source
from camket.indicators.sources.door import Groups
from camket.objectives.verdicts import PlanVerdicts, TargetVerdict, trend
from camket.paper.writing import charts
from camket.paper.writing.model import Align, Block, Cell, Paragraph, Picture, Table, bold, plain

_BARS = 6
_FIELDS = 12
"""Fields drawn, those with most cases; the table has all."""
_STATES = {
    "met": "Đạt",
    "on_track": "Đúng tiến độ",
    "at_risk": "Có nguy cơ không đạt",
    "missed": "Không đạt",
    "no_data": "Chưa có số liệu",
    "nothing_arose": "Không phát sinh",
}

_MARKS = {
    "met": "tròn: đạt",
    "on_track": "tròn: đúng tiến độ",
    "at_risk": "tam giác: có nguy cơ",
    "missed": "vuông: không đạt",
}


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """A result at the end of a month, or of the days of a reading: its value and how it is written.

    ``state`` is the verdict of it, "" of last year, whose ``on`` is the same day of this year.
    """

    on: date
    value: Decimal
    shown: str
    state: str = ""


@dataclass(frozen=True, slots=True)
class FieldLine:
    """The result of one field of administrative procedures; ``keeps`` says whether it keeps the target's limits."""

    name: str
    value: Decimal
    shown: str
    keeps: bool


@dataclass(frozen=True, slots=True)
class TargetChart:
    """What is drawn of one target. ``low`` and ``high`` are its limits, ``pace`` whether the low one is reached by growing,
    ``is_monthly`` whether each result is of its month alone.

    ``points`` and ``before`` are empty where the figures are no numbers, ``fields`` where they are not split by field.
    """

    target_id: int
    number: str
    text: str
    goal: str
    unit: str
    state: str
    value: Decimal | None
    shown: str
    low: Decimal | None
    high: Decimal | None
    is_share: bool
    pace: bool
    is_monthly: bool
    start: date
    end: date
    points: tuple[ChartPoint, ...] = ()
    before: tuple[ChartPoint, ...] = ()
    fields: tuple[FieldLine, ...] = ()

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> TargetChart:
        """Return the values that a snapshot holds."""
        return TargetChart(
            **{
                **data,
                "value": _decimal(data["value"]),
                "low": _decimal(data["low"]),
                "high": _decimal(data["high"]),
                "start": date.fromisoformat(data["start"]),
                "end": date.fromisoformat(data["end"]),
                "points": tuple(_point(each) for each in data["points"]),
                "before": tuple(_point(each) for each in data["before"]),
                "fields": tuple(
                    FieldLine(**{**each, "value": Decimal(each["value"])}) for each in data["fields"]
                ),
            }
        )


def charts_of(agency_id: int, judged: PlanVerdicts, upto: date) -> tuple[TargetChart, ...]:
    """Return what is drawn of each target of a plan as it was judged, in the order of the plan.

    ``upto`` is the last day that is told of: a report is judged on the day after its period.

    One SQL statement for what is entered by hand, two more for each way of narrowing dossiers that targets have. For who
    may see the plan: callers have its verdicts.
    """
    last_year = same_last_year(judged.period)
    entered, _waiting = figures_and_waiting(
        agency_id,
        [row.indicator.id for row in judged.targets if row.indicator is not None and not row.is_counted],
        since=last_year.start,
        upto=upto,
    )
    fields = _fields_of(agency_id, judged, upto)
    found = []
    for objective in judged.objectives:
        for index, row in enumerate(objective.targets, 1):
            points, before = _points(judged, row, entered, upto)
            verdict = row.verdict
            found.append(
                TargetChart(
                    target_id=row.target_id,
                    number=f"{objective.number}.{index}" if len(objective.targets) > 1 else objective.number,
                    text=row.target.text,
                    goal="Không xảy ra" if _must_not_happen(row) else verdict.goal,
                    unit=row.target.unit or "",
                    state=verdict.state.value,
                    value=verdict.value if _is_number(row) else None,
                    shown=verdict.shown,
                    low=verdict.low,
                    high=verdict.high,
                    is_share=row.target.unit in SHARES,
                    pace=_is_grown(row) and verdict.high is None,
                    is_monthly=_is_monthly(row),
                    start=judged.period.start,
                    end=judged.period.end,
                    points=points if len(points) > 1 else (),
                    before=before if len(points) > 1 else (),
                    fields=fields.get(row.target_id, ()),
                )
            )
    return tuple(found)


def _is_number(row: TargetVerdict) -> bool:
    """Return whether a target's result is an amount, not a grade, a rank or a state."""
    return all(
        each.grade is None and each.rank is None and each.is_reached is None for each in row.verdict.used
    )


def _must_not_happen(row: TargetVerdict) -> bool:
    return row.target.kind is TargetKind.AT_MOST and row.target.value == 0


def _is_grown(row: TargetVerdict) -> bool:
    """Return whether a target's result grows through the period, so that a month's own is no result."""
    if row.is_counted and row.counted is not None:
        return row.counted.formula.denominator is None and row.counted.pace is not None
    return row.indicator is not None and row.indicator.adds_up and row.target.unit not in SHARES


def _points(
    judged: PlanVerdicts, row: TargetVerdict, entered: Mapping[int, Sequence[Figure]], upto: date
) -> tuple[tuple[ChartPoint, ...], tuple[ChartPoint, ...]]:
    """Return this year's results and last year's: of each month by itself, or as a quantity grew."""
    if not _is_number(row):
        return (), ()
    unit, start = row.target.unit or "", judged.period.start
    if row.is_counted and row.counted is not None:
        now: Sequence[Figure] = row.counted.figures
        pace = row.counted.pace
        then: Sequence[Figure] = (
            ()
            if pace is None
            else tuple(
                Figure(step.period, value=step.numerator)
                if step.denominator is None
                else Figure(step.period, step.numerator, step.denominator, nothing_arose=not step.denominator)
                for step in pace.last_year
            )
        )
    else:
        readings = entered.get(row.indicator.id, ()) if row.indicator is not None else ()
        now = [each for each in readings if each.period.end >= start]
        then = [each for each in readings if each.period.end < start]
    before = tuple(
        ChartPoint(_next_year(each.period.end), value, shown_figure(each, unit))
        for each in then
        if (value := _value(each, unit)) is not None
    )
    if not _is_monthly(row):
        points = tuple(
            ChartPoint(each.on, each.value, each.shown, each.state.value)
            for each in trend(judged, row, now)
            if each.on <= upto
        )
        return points, tuple(_grown(then, unit)) if _is_grown(row) else before
    points = tuple(
        ChartPoint(each.period.end, value, shown_figure(each, unit), _keeps(row, value))
        for each in now
        if each.period.end <= upto and (value := _value(each, unit)) is not None
    )
    return points, before


def _is_monthly(row: TargetVerdict) -> bool:
    """Return whether a month's own result is held against the target: a share of cases that arise on days."""
    counted = row.counted
    return counted is not None and counted.pace is not None and counted.formula.denominator is not None


def _keeps(row: TargetVerdict, value: Decimal) -> str:
    return "met" if stands(row.verdict, row.target, value) else "missed"


def _grown(figures: Sequence[Figure], unit: str) -> Iterator[ChartPoint]:
    """Yield how a quantity grew: at each end, all figures up to it together."""
    for end in sorted({each.period.end for each in figures}):
        total = sum(
            (
                _value(each, unit) or Decimal(0)
                for each in cover([each for each in figures if each.period.end <= end])
            ),
            Decimal(0),
        )
        yield ChartPoint(_next_year(end), total, with_unit(rounded(Fraction(total), 2), unit))


def _value(figure: Figure, unit: str) -> Decimal | None:
    if figure.nothing_arose:
        return None
    if figure.value is not None:
        return figure.value
    if figure.numerator is None or not figure.denominator or unit not in SHARES:
        return figure.numerator
    return rounded(Fraction(figure.numerator) * SHARES[unit] / Fraction(figure.denominator), 6)


def _next_year(day: date) -> date:
    """Return the same day a year later; the end of February is the end of February."""
    if (day.month, day.day) == (2, 28):
        return date(day.year + 1, 3, 1) - timedelta(days=1)
    return day.replace(year=day.year + 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _fields_of(agency_id: int, judged: PlanVerdicts, upto: date) -> dict[int, tuple[FieldLine, ...]]:
    """Return the results by field of the shares that are counted from dossiers, those with most cases first."""
    alike: dict[tuple[Filters, Period], list[tuple[TargetVerdict, Formula]]] = defaultdict(list)
    for row in judged.targets:
        if row.counted is None or row.counted.told is None or not row.is_counted:
            continue
        formula, told = row.counted.formula, row.counted.told
        if formula.source != "dossiers" or formula.denominator is None or "field" in formula.filters:
            continue
        filters = tuple(sorted((name, tuple(words)) for name, words in formula.filters.items()))
        alike[filters, Period(judged.period.start, min(told.end, upto))].append((row, formula))
    found: dict[int, tuple[FieldLine, ...]] = {}
    for (filters, period), rows in alike.items():
        counts = sorted({count for _row, formula in rows for count in formula.counts})
        groups = source("dossiers").groups(
            agency_id, [period], counts, dict(filters), "field", today=judged.looked_on
        )
        for row, formula in rows:
            lines = sorted(_field_lines(row, formula, groups), key=lambda each: (-each[0], each[1].name))
            if len(lines) > 1:
                found[row.target_id] = tuple(line for _cases, line in lines)
    return found


Filters = tuple[tuple[str, tuple[str, ...]], ...]


def _field_lines(row: TargetVerdict, formula: Formula, groups: Groups) -> Iterator[tuple[Decimal, FieldLine]]:
    unit = row.target.unit or ""
    for (_period, choice), numbers in groups.items():
        result = evaluate(formula, numbers)
        if result.value is None or not result.denominator:
            continue
        shown = (
            f"{with_unit(rounded(Fraction(result.value), 2), unit)} "
            f"({format_number(trimmed(result.numerator))}/{format_number(trimmed(result.denominator))})"
        )
        name = choice.name or "Chưa rõ lĩnh vực"
        yield (
            result.denominator,
            FieldLine(
                name,
                rounded(Fraction(result.value), 6),
                shown,
                stands(row.verdict, row.target, result.value),
            ),
        )


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _point(data: Mapping[str, Any]) -> ChartPoint:
    return ChartPoint(date.fromisoformat(data["on"]), Decimal(data["value"]), data["shown"], data["state"])


def chart_blocks(drawn: Sequence[TargetChart], period_name: str) -> tuple[Block, ...]:
    """Return the charts as blocks of an annex: results against targets, then each target by month and by field.

    Each month and field chart has its table beside; the results by target have theirs in the report.
    """
    return tuple(_Drawing(drawn, period_name).blocks()) if drawn else ()


class _Drawing:
    def __init__(self, drawn: Sequence[TargetChart], period_name: str) -> None:
        self.drawn = drawn
        self.period_name = period_name
        self.count = 0

    def blocks(self) -> Iterator[Block]:
        yield Paragraph(bold("1. Kết quả so với mức đề ra"), level=2)
        for at in range(0, len(self.drawn), _BARS):
            yield self._results(self.drawn[at : at + _BARS])
        number = 1
        for each in self.drawn:
            if not each.points and not each.fields:
                continue
            number += 1
            text = begun(each.text).rstrip(" .;")
            yield Paragraph(bold(f"{number}. Chỉ tiêu {each.number}: {text}"), level=2)
            if each.points:
                yield self._months(each)
                yield _month_table(each)
            if each.fields:
                yield self._fields(each)
                yield _field_table(each)

    def _picture(
        self, chart: charts.Chart, caption: str, alt: str, *, goes_with_table: bool = True
    ) -> Picture:
        return Picture(chart, f"Biểu đồ {self.count}. {caption}", alt, goes_with_table)

    def _key(self) -> str:
        self.count += 1
        return f"chart-{self.count}"

    def _results(self, some: Sequence[TargetChart]) -> Picture:
        key = self._key()
        alt = f"Kết quả so với mức đề ra {self.period_name}. " + " ".join(
            f"{each.number}: {'; '.join(_words(each))}." for each in some
        )
        chart = charts.bars_chart(
            [
                charts.Bar(
                    label=f"{each.number}. {begun(each.text).rstrip(' .;')}",
                    value=each.value,
                    shown=each.shown.split(" (")[0],
                    word=_STATES[each.state],
                    state=each.state,
                    goal=_limit(each),
                    goal_label=each.goal,
                    scale=charts.own_scale(each.value, _limit(each))
                    if each.value is not None
                    else (Decimal(0), Decimal(1)),
                )
                for each in some
            ],
            key=key,
            title=f"Kết quả so với mức đề ra {self.period_name}",
            description=alt,
            on_paper=True,
        )
        first, last = some[0].number, some[-1].number
        which = f"chỉ tiêu {first}" if first == last else f"chỉ tiêu {first} đến {last}"
        caption = (
            f"Kết quả so với mức đề ra, {which}. Thanh là kết quả, vạch đứng là mức đề ra; mỗi chỉ tiêu có thang riêng bắt "
            "đầu từ 0. Bên phải: kết quả, mức đề ra, đánh giá."
        )
        return self._picture(chart, caption, alt, goes_with_table=False)

    def _months(self, each: TargetChart) -> Picture:
        key = self._key()
        last = each.points[-1]
        alt = (
            f"{begun(each.text).rstrip(' .;')}: kết quả theo tháng so với mức đề ra {each.goal}. Có {len(each.points)} kết "
            f"quả; mới nhất, đến ngày {format_date(last.on)}: {last.shown}. Số liệu ở bảng kèm theo."
        )
        chart = charts.trend_chart(
            [charts.Point(point.on, point.value, point.shown, point.state) for point in each.points],
            charts.Goal(each.low, each.high, each.goal, pace=each.pace),
            key=key,
            title=f"Kết quả theo tháng so với mức đề ra {each.goal}",
            description=alt,
            start=each.start,
            end=each.end,
            is_share=each.is_share and each.unit != "‰",
            unit=each.unit,
            before=[charts.Point(point.on, point.value, point.shown, "before") for point in each.before],
            on_paper=True,
        )
        lines = [f"đường liền: năm {each.end.year}"]
        if each.before:
            lines.append(f"đường mảnh, điểm rỗng: năm {each.end.year - 1}")
        lines.append("đường gạch: mức đề ra")
        seen = {point.state for point in each.points}
        said = (
            f"{'; '.join(lines)}. Điểm {', '.join(word for state, word in _MARKS.items() if state in seen)}"
        )
        kind = "Kết quả từng tháng" if each.is_monthly else "Kết quả đến từng tháng"
        return self._picture(chart, f"{kind}: {said}.", alt)

    def _fields(self, each: TargetChart) -> Picture:
        key, some = self._key(), each.fields[:_FIELDS]
        limit = _limit(each)
        values = [line.value for line in some]
        scale = charts.share_scale(
            [*values, *([limit] if limit is not None else [])], top=Decimal(100) if each.is_share else None
        )
        alt = f"{begun(each.text).rstrip(' .;')}, theo lĩnh vực, mức đề ra {each.goal}. " + " ".join(
            f"{line.name}: {line.shown}." for line in some
        )
        chart = charts.bars_chart(
            [
                charts.Bar(
                    label=line.name,
                    value=line.value,
                    shown=line.shown,
                    word=_kept(line),
                    state="plain" if line.keeps else "missed",
                    goal=limit,
                    goal_label="",
                    scale=scale,
                )
                for line in some
            ],
            key=key,
            title=f"Kết quả theo lĩnh vực so với mức đề ra {each.goal}",
            description=alt,
            on_paper=True,
        )
        ends = " đến ".join(with_unit(rounded(Fraction(end), 2), each.unit) for end in scale)
        most = f" {len(some)} lĩnh vực có nhiều hồ sơ nhất;" if len(each.fields) > len(some) else ""
        return self._picture(
            chart, f"Kết quả theo lĩnh vực:{most} vạch đứng là mức đề ra {each.goal}; trục từ {ends}.", alt
        )


def _words(each: TargetChart) -> list[str]:
    goal = f"mức đề ra {each.goal}" if each.goal else ""
    return [word for word in (each.shown, goal, _STATES[each.state]) if word]


def _limit(each: TargetChart) -> Decimal | None:
    return each.low if each.low is not None else each.high


def _kept(line: FieldLine) -> str:
    return "Đạt" if line.keeps else "Chưa đạt"


def _month_table(each: TargetChart) -> Table:
    """Return the results as a table in two halves beside each other, so that it stays with its chart on a page."""
    days = sorted({point.on for point in (*each.points, *each.before)})
    now = {point.on: point for point in each.points}
    then = {point.on: point for point in each.before}
    rows: list[tuple[str, ...]] = [
        (
            f"{day.month}/{day.year}" if _ends_month(day) else format_date(day),
            now[day].shown if day in now else "",
            then[day].shown.split(" (")[0] if day in then else "",
        )
        for day in days
    ]
    half = -(-len(rows) // 2)
    wide = 3 if each.before else 2
    columns = ("Đến", f"Năm {each.end.year}", f"Năm {each.end.year - 1}")[:wide]
    shares = (2.6, 5.4, 3.4)[:wide]
    empty = ("",) * wide
    return Table(
        (*shares, *shares),
        (tuple(Cell((plain(title),)) for title in (*columns, *columns)),),
        tuple(
            tuple(
                _middle(text)
                for text in (*left[:wide], *(rows[at + half][:wide] if at + half < len(rows) else empty))
            )
            for at, left in enumerate(rows[:half])
        ),
        is_whole=True,
    )


def _ends_month(day: date) -> bool:
    return (day + timedelta(days=1)).day == 1


def _field_table(each: TargetChart) -> Table:
    return Table(
        (1.2, 7.5, 4.5, 3.6),
        (tuple(Cell((plain(title),)) for title in ("STT", "Lĩnh vực", "Kết quả", "So với mức đề ra")),),
        tuple(
            (_middle(str(n)), Cell((plain(line.name),)), _middle(line.shown), _middle(_kept(line)))
            for n, line in enumerate(each.fields, 1)
        ),
        is_whole=len(each.fields) <= _FIELDS,
    )


def _middle(text: str) -> Cell:
    return Cell((plain(text),) if text else (), align=Align.CENTER)
