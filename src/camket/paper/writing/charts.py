"""Charts drawn on the server as SVG: no script, sharp on paper, with a title and a description for readers.

Colours and line widths come from classes (on pages static/css/objectives.css, on paper :data:`STYLE`), so that the strict
content policy holds. Each chart has a wide and a narrow drawing; the page shows the one that fits, paper takes the wide one,
drawn for the width of its text. The words in a chart are the caller's; numbers and days are in Vietnamese form.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from html import escape
from math import ceil, floor, log10

from camket.core.exact import trimmed
from camket.core.wording.dates import format_date
from camket.core.wording.numbers import format_number
from camket.paper.writing.metrics import lines_of


class Svg(str):
    """A drawing in which every text is escaped: templates put it on a page as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        """Return the drawing itself, as templates ask of a text that is safe."""
        return self


@dataclass(frozen=True, slots=True)
class Point:
    """A result on a day: its value, how it is written, and the verdict of that day (a class of the mark).

    ``name`` is what it is the result of where that is not the day itself: a month, drawn in its middle.
    """

    on: date
    value: Decimal
    label: str
    state: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Goal:
    """The limits of a target; ``pace`` draws the low limit as a rise from nothing at the period's start."""

    low: Decimal | None
    high: Decimal | None
    label: str
    pace: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart in two drawings."""

    wide: Svg
    narrow: Svg

    @property
    def on_paper(self) -> str:
        """The wide drawing as a picture of its own: with its styles in it, for what knows no style sheet."""
        opened, rest = self.wide.split(">", 1)
        return f'{opened} xmlns="http://www.w3.org/2000/svg"><style>{STYLE}</style>{rest}'


@dataclass(frozen=True, slots=True)
class _Frame:
    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    months: int

    def x(self, on: date, start: date, end: date) -> float:
        share = (on - start).days / max((end - start).days, 1)
        return self.left + share * (self.width - self.left - self.right)

    def y(self, value: float, low: float, high: float) -> float:
        share = (value - low) / (high - low)
        return self.height - self.bottom - share * (self.height - self.top - self.bottom)


_Axis = Callable[[float], float]

_WIDE = _Frame(width=720, height=280, left=64, right=84, top=26, bottom=34, months=1)
_NARROW = _Frame(width=360, height=250, left=46, right=14, top=26, bottom=34, months=3)
_PAPER = _Frame(width=560, height=172, left=54, right=92, top=26, bottom=30, months=1)
"""A drawing as wide as the text of A4, so that its letters are those of the paper's tables."""

STYLE = """
.ck-chart text{font-family:'Liberation Serif';font-size:12px;fill:#222}
.ck-chart .ck-chart__value{font-size:13px;font-weight:700;fill:#000;paint-order:stroke;stroke:#fff;stroke-width:4px}
.ck-chart .ck-chart__goal-text{font-weight:700;fill:#14532d}
.ck-chart .ck-chart__word{font-weight:700;fill:#000}
.ck-chart__grid{stroke:#ddd;stroke-width:.75;fill:none}
.ck-chart__axis{stroke:#444;stroke-width:1;fill:none}
.ck-chart__goal{stroke:#14532d;stroke-width:2;stroke-dasharray:7 4;fill:none}
.ck-chart__pace{stroke:#14532d;stroke-width:1.5;stroke-dasharray:2 4;fill:none}
.ck-chart__band{fill:#e3efe7}
.ck-chart__line{stroke:#123d7a;stroke-width:2.5;fill:none;stroke-linejoin:round;stroke-linecap:round}
.ck-chart__before{stroke:#555;stroke-width:1.5;stroke-dasharray:3 3;fill:none}
.ck-mark{stroke:#fff;stroke-width:1.5}
.ck-mark--met{fill:#14532d}
.ck-mark--on_track{fill:#12605a}
.ck-mark--at_risk{fill:#8a5000}
.ck-mark--missed{fill:#a01c22}
.ck-mark--before{fill:#fff;stroke:#555;stroke-width:1.5}
.ck-resultbar__ground{fill:#f0f0f0}
.ck-resultbar--met,.ck-resultbar--on_track,.ck-resultbar--plain{fill:#4a7fb5}
.ck-resultbar--at_risk{fill:#b98a2f;stroke:#6b4a00;stroke-width:1}
.ck-resultbar--missed{fill:#c9575c;stroke:#7a1116;stroke-width:1}
.ck-resultbar--no_data,.ck-resultbar--nothing_arose{fill:#bbb}
.ck-resultbar__goal{fill:#000}
"""
"""The classes of drawings on paper: every difference that a colour makes, a form, a line or a word makes as well."""
_SHAPES = {
    "met": '<circle class="ck-mark ck-mark--met" cx="{x}" cy="{y}" r="5"/>',
    "on_track": '<circle class="ck-mark ck-mark--on_track" cx="{x}" cy="{y}" r="4.5"/>',
    "at_risk": '<path class="ck-mark ck-mark--at_risk" d="M{x} {up}l6 10.5h-12z"/>',
    "missed": '<path class="ck-mark ck-mark--missed" d="M{l} {t}h9v9h-9z"/>',
}


def trend_chart(
    points: Sequence[Point],
    goal: Goal,
    *,
    key: str,
    title: str,
    description: str,
    start: date,
    end: date,
    today: date | None = None,
    today_label: str = "",
    categories: Mapping[int, str] | None = None,
    is_share: bool = False,
    is_rank: bool = False,
    unit: str = "",
    before: Sequence[Point] = (),
    on_paper: bool = False,
) -> Chart:
    """Draw how a result developed against its target.

    ``key`` makes the ids unique on the page; ``categories`` names the steps of an ordinal scale; a share never
    leaves 0 to 100; a rank is drawn with the first on top. ``before`` is the year before, on this year's days: a thin
    dashed line with hollow marks.
    """

    def draw(frame: _Frame, variant: str) -> Svg:
        return _draw(
            frame,
            points,
            goal,
            f"{key}-{variant}",
            title,
            description,
            (start, end),
            today,
            today_label,
            categories,
            _scale((*points, *before), goal, categories, is_share=is_share, is_rank=is_rank),
            unit,
            before,
        )

    return Chart(wide=draw(_PAPER if on_paper else _WIDE, "w"), narrow=draw(_NARROW, "n"))


@dataclass(frozen=True, slots=True)
class Bar:
    """A result as a bar: what of, its value (None: no number), the result and the verdict in words, its target.

    ``scale`` are the ends of its axis; ``state`` makes the class of the bar.
    """

    label: str
    value: Decimal | None
    shown: str
    word: str
    state: str
    goal: Decimal | None
    goal_label: str
    scale: tuple[Decimal, Decimal]


def own_scale(value: Decimal, goal: Decimal | None) -> tuple[Decimal, Decimal]:
    """Return the axis of a result that is compared with its target alone: from nothing to a little above both."""
    known = [value] if goal is None else [value, goal]
    low, high = min(Decimal(0), *known), max(Decimal(0), *known)
    return low * Decimal("1.1"), high * Decimal("1.1") or Decimal(1)


def bars_chart(
    bars: Sequence[Bar], *, key: str, title: str, description: str, on_paper: bool = False
) -> Chart:
    """Draw results one below another, each as a bar with a line where its target is, and in words beside it.

    A label is broken into as many lines as it needs; what has no number has its words and no bar.
    """

    def draw(variant: str, width: int, label_width: int, bar_at: int, bar_end: int, *, stacked: bool) -> Svg:
        size, line = 12.0, 15
        rows, top = [], 4
        for bar in bars:
            # Letters of the screen are wider than those of paper, whose widths are known.
            room = label_width / (1.0 if on_paper else 1.2)
            label = lines_of(bar.label, room, size) or [""]
            words = [
                (kind, part)
                for kind, each in (("word", bar.shown), ("goal", bar.goal_label), ("word", bar.word))
                if each
                for part in (
                    [each]
                    if stacked
                    else lines_of(each, (width - bar_end - 12) / (1.12 if on_paper else 1.3), size)
                )
            ]
            said = "; ".join(each for each in (bar.shown, bar.goal_label, bar.word) if each)
            beside = 0 if stacked else len(words) * line
            height = len(label) * line + line + 22 if stacked else max(len(label) * line, beside, 24)
            rows.append((top, height, label, words, said))
            top += height + 10
        out = [
            f'<svg class="ck-chart" viewBox="0 0 {width} {top}" role="img" aria-labelledby="{key}-{variant}-t '
            f'{key}-{variant}-d"><title id="{key}-{variant}-t">{escape(title)}</title>'
            f'<desc id="{key}-{variant}-d">{escape(description)}</desc>'
        ]
        for place, (bar, (at, height, label, words, said)) in enumerate(zip(bars, rows, strict=True)):
            if place:
                out.append(f'<path class="ck-chart__grid" d="M0 {at - 5}H{width}"/>')
            out.append("<g>")
            out.append(f"<title>{escape(f'{bar.label}: {said}')}</title>")
            for n, each in enumerate(label):
                out.append(f'<text x="0" y="{at + line * (n + 1) - 3}">{escape(each)}</text>')
            base = at + len(label) * line + 4 if stacked else at + max((height - 16) // 2, 0)
            if bar.value is not None:
                out.append(_bar(bar, bar_at, bar_end, base))
            if stacked:
                out.append(f'<text class="ck-chart__word" x="0" y="{base + 16 + line}">{escape(said)}</text>')
            else:
                first = at + (height - len(words) * line) // 2
                for n, (kind, each) in enumerate(words):
                    name = "" if kind == "goal" else ' class="ck-chart__word"'
                    out.append(
                        f'<text{name} x="{bar_end + 10}" y="{first + line * (n + 1) - 3}">{escape(each)}</text>'
                    )
            out.append("</g>")
        out.append("</svg>")
        return Svg("".join(out))

    wide = (
        draw("w", 560, 226, 238, 410, stacked=False)
        if on_paper
        else draw("w", 720, 300, 316, 550, stacked=False)
    )
    return Chart(wide=wide, narrow=draw("n", 300, 296, 0, 296, stacked=True))


def _bar(bar: Bar, left: int, right: int, top: int) -> str:
    low, high = (float(each) for each in bar.scale)

    def x(at: Decimal) -> float:
        return left + (right - left) * min(max((float(at) - low) / ((high - low) or 1), 0.0), 1.0)

    value = bar.value or Decimal(0)
    begin, end = sorted((x(max(Decimal(0), bar.scale[0])), x(value)))
    drawn = (
        f'<rect class="ck-resultbar__ground" x="{left}" y="{top}" width="{right - left}" height="16"/>'
        f'<rect class="ck-resultbar ck-resultbar--{bar.state}" x="{_n(begin)}" y="{top + 2}" '
        f'width="{_n(max(end - begin, 1.5))}" height="12"/>'
    )
    if bar.goal is not None:
        at = _n(min(x(bar.goal), right - 2.0) - 1)
        drawn += f'<rect class="ck-resultbar__goal" x="{at}" y="{top - 2}" width="2.5" height="20"/>'
    return drawn


def share_bar(parts: Sequence[tuple[str, int]], *, title: str, key: str) -> Svg:
    """Draw counts by state as one bar of parts, in the order given; "" where all are nothing."""
    total = sum(count for _state, count in parts)
    if not total:
        return Svg()
    shown: list[str] = []
    at = 0.0
    present = [(state, count) for state, count in parts if count]
    for state, count in present:
        width = 1000 * count / total
        shown.append(
            f'<rect class="ck-part ck-part--{state}" x="{_n(at)}" y="0" width="{_n(max(width - 3, 1))}" height="20"/>'
        )
        at += width
    return Svg(
        f'<svg class="ck-sharebar" viewBox="0 0 1000 20" preserveAspectRatio="none" role="img" '
        f'aria-labelledby="{key}-t"><title id="{key}-t">{escape(title)}</title>{"".join(shown)}</svg>'
    )


def meter(
    done: Decimal, whole: Decimal, *, mark: Decimal | None = None, title: str, key: str, tone: str
) -> Svg:
    """Draw how much of an allowance is spent, with a mark where it may be by now."""
    top = max(done, whole, mark or Decimal(0), Decimal(1))
    width = _n(float(1000 * done / top))
    limit = _n(float(1000 * whole / top))
    line = ""
    if mark is not None:
        at = _n(min(float(1000 * mark / top), 996.0))
        line = f'<rect class="ck-meter__mark" x="{at}" y="0" width="4" height="24"/>'
    return Svg(
        f'<svg class="ck-meter" viewBox="0 0 1000 24" preserveAspectRatio="none" role="img" aria-labelledby="{key}-t">'
        f'<title id="{key}-t">{escape(title)}</title>'
        f'<rect class="ck-meter__ground" x="0" y="5" width="1000" height="14"/>'
        f'<rect class="ck-meter__whole" x="0" y="5" width="{limit}" height="14"/>'
        f'<rect class="ck-meter__done ck-meter__done--{tone}" x="0" y="5" width="{width}" height="14"/>{line}</svg>'
    )


@dataclass(frozen=True, slots=True)
class Burnt:
    """How many failures there were up to the end of a day."""

    on: date
    failed: Decimal
    label: str


def burn_chart(
    points: Sequence[Burnt],
    *,
    allowed: Decimal,
    allowed_label: str,
    ends: tuple[int, int] | None,
    ends_label: str,
    key: str,
    title: str,
    description: str,
    start: date,
    end: date,
    today: date | None = None,
    today_label: str = "",
) -> Chart:
    """Draw how the allowance is spent: failures so far as steps, the even pace, the limit, and where it will end.

    ``ends`` are the fewest and most failures foreseen at the end of the period.
    """

    def draw(frame: _Frame, variant: str) -> Svg:
        top = max(
            float(allowed), *(float(point.failed) for point in points), float(ends[1]) if ends else 0, 1.0
        )
        ticks = [tick for tick in _ticks(0, top * 1.1) if tick >= 0 and tick == int(tick)]
        high = max(top * 1.1, ticks[-1])

        def y(value: float) -> float:
            return frame.y(value, 0, high)

        def x(on: date) -> float:
            return frame.x(min(max(on, start), end), start, end)

        left, right = frame.left, frame.width - frame.right
        out = _opened(frame, f"{key}-{variant}", title, description)
        out += _grid(frame, [(y(tick), _number(int(tick))) for tick in ticks])
        out += _time_axis(frame, start, end, x)
        out += _today(frame, start, end, today, today_label, x)
        out.append(f'<path class="ck-chart__pace" d="M{left} {_n(y(0))}L{right} {_n(y(float(allowed)))}"/>')
        at = _n(y(float(allowed)))
        out.append(f'<path class="ck-chart__limit" d="M{left} {at}H{right}"/>')
        path, last = f"M{left} {_n(y(0))}", 0.0
        for point in points:
            path += f"H{_n(x(point.on))}V{_n(y(float(point.failed)))}"
            last = float(point.failed)
        if points:
            out.append(f'<path class="ck-chart__line" d="{path}"/>')
            for point in points:
                out.append(
                    f"<g><title>{escape(f'{format_date(point.on)}: {point.label}')}</title>"
                    f'<circle class="ck-mark ck-mark--burnt" cx="{_n(x(point.on))}" cy="{_n(y(float(point.failed)))}" r="4"/></g>'
                )
            now = points[-1].on
            if ends is not None and now < end:
                low, most = _n(y(ends[0])), _n(y(ends[1]))
                out.append(
                    f"<g><title>{escape(ends_label)}</title>"
                    f'<path class="ck-chart__foreseen" d="M{_n(x(now))} {_n(y(last))}L{right} {low}V{most}z"/></g>'
                )
            out.append(
                f'<text class="ck-chart__value" x="{_n(min(x(now), right - 12))}" y="{_n(y(last) - 12)}" '
                f'text-anchor="middle">{escape(_number(points[-1].failed))}</text>'
            )
        if frame.right > 40:
            out.append(
                f'<text class="ck-chart__limit-text" x="{right + 6}" y="{at}" dy="4">{escape(allowed_label)}</text>'
            )
        else:
            out.append(
                f'<text class="ck-chart__limit-text" x="{right}" y="{_n(y(float(allowed)) - 6)}" '
                f'text-anchor="end">{escape(allowed_label)}</text>'
            )
        out.append("</svg>")
        return Svg("".join(out))

    return Chart(wide=draw(_WIDE, "w"), narrow=draw(_NARROW, "n"))


def columns_chart(
    columns: Sequence[tuple[str, int]], *, key: str, title: str, description: str, unit: str = ""
) -> Chart:
    """Draw counts by class as columns, each with its number on top."""

    def draw(frame: _Frame, variant: str) -> Svg:
        top = max((count for _label, count in columns), default=0) or 1
        ticks = [tick for tick in _ticks(0, top * 1.12) if tick >= 0 and tick == int(tick)]
        high = max(top * 1.12, ticks[-1])
        left, right = frame.left, frame.width - 14
        width = (right - left) / max(len(columns), 1)
        ground = frame.height - frame.bottom
        out = _opened(frame, f"{key}-{variant}", title, description)
        if unit:
            out.append(
                f'<text class="ck-chart__unit" x="{left - 8}" y="12" text-anchor="end">{escape(unit)}</text>'
            )
        out += _grid(frame, [(frame.y(tick, 0, high), _number(int(tick))) for tick in ticks], right=right)
        for place, (label, count) in enumerate(columns):
            x, y = left + width * place, frame.y(count, 0, high)
            mid = _n(x + width / 2)
            out.append(
                f"<g><title>{escape(f'{label}: {_number(count)}')}</title>"
                f'<rect class="ck-column" x="{_n(x + width * 0.14)}" y="{_n(y)}" width="{_n(width * 0.72)}" '
                f'height="{_n(ground - y)}"/></g>'
            )
            if count:
                out.append(
                    f'<text class="ck-chart__tick" x="{mid}" y="{_n(y - 5)}" text-anchor="middle">'
                    f"{_number(count)}</text>"
                )
            out.append(
                f'<text class="ck-chart__tick" x="{mid}" y="{ground + 18}" text-anchor="middle">{escape(label)}</text>'
            )
        out.append(f'<path class="ck-chart__axis" d="M{left} {ground}H{right}"/></svg>')
        return Svg("".join(out))

    return Chart(wide=draw(_WIDE, "w"), narrow=draw(_NARROW, "n"))


def strip(
    value: Decimal, scale: tuple[Decimal, Decimal], *, goal: Decimal | None, state: str, title: str, key: str
) -> Svg:
    """Draw one result as a bar on a scale that several rows share, with a line where the target is."""
    low, high = (float(each) for each in scale)

    def x(at: Decimal) -> float:
        return 1000 * min(max((float(at) - low) / ((high - low) or 1), 0.0), 1.0)

    line = ""
    if goal is not None:
        line = f'<rect class="ck-strip__goal" x="{_n(min(x(goal), 996))}" y="0" width="4" height="24"/>'
    return Svg(
        f'<svg class="ck-strip" viewBox="0 0 1000 24" preserveAspectRatio="none" role="img" aria-labelledby="{key}-t">'
        f'<title id="{key}-t">{escape(title)}</title>'
        f'<rect class="ck-strip__ground" x="0" y="5" width="1000" height="14"/>'
        f'<rect class="ck-strip__bar ck-strip__bar--{state}" x="0" y="5" width="{_n(max(x(value), 4))}" height="14"/>{line}</svg>'
    )


def share_scale(values: Sequence[Decimal], *, top: Decimal | None) -> tuple[Decimal, Decimal]:
    """Return a scale on which shares are told apart: from below the least in steps of ten, to ``top`` where none is above.

    Shares that are all small (dossiers late) have a scale that ends at ten, or a little above the largest.
    """
    if not values:
        return Decimal(0), top or Decimal(1)
    least, most = min(values), max(values)
    if top is not None and least >= 0 and most <= top / 4:
        step = top / 10
        return Decimal(0), max((most / step).to_integral_value(ROUND_CEILING), Decimal(1)) * step
    high = top if top is not None and most <= top else most * Decimal("1.05") or Decimal(1)
    step = Decimal(10) if top is not None else high / 10
    low = max((least - step / 2) // step * step, Decimal(0)) if least >= 0 else least
    if top is None or low < top / 2:
        low = min(Decimal(0), least)
    return low, high


def _opened(frame: _Frame, key: str, title: str, description: str) -> list[str]:
    return [
        f'<svg class="ck-chart" viewBox="0 0 {frame.width} {frame.height}" role="img" '
        f'aria-labelledby="{key}-t {key}-d"><title id="{key}-t">{escape(title)}</title>'
        f'<desc id="{key}-d">{escape(description)}</desc>'
    ]


def _grid(frame: _Frame, ticks: Sequence[tuple[float, str]], *, right: float | None = None) -> list[str]:
    end = frame.width - frame.right if right is None else right
    out = []
    for at, name in ticks:
        out.append(f'<path class="ck-chart__grid" d="M{frame.left} {_n(at)}H{_n(end)}"/>')
        out.append(
            f'<text class="ck-chart__tick" x="{frame.left - 8}" y="{_n(at)}" dy="4" text-anchor="end">{escape(name)}</text>'
        )
    return out


def _time_axis(frame: _Frame, start: date, end: date, x: Callable[[date], float]) -> list[str]:
    ground = frame.height - frame.bottom
    out = [f'<path class="ck-chart__axis" d="M{frame.left} {ground}H{frame.width - frame.right}"/>']
    for month, first in _months(start, end, frame.months):
        mid = _n(x(first))
        out.append(f'<path class="ck-chart__axis" d="M{mid} {ground}v4"/>')
        out.append(
            f'<text class="ck-chart__tick" x="{mid}" y="{ground + 18}" text-anchor="start">{month}</text>'
        )
    return out


def _today(
    frame: _Frame, start: date, end: date, today: date | None, label: str, x: Callable[[date], float]
) -> list[str]:
    if today is None or not start <= today <= end:
        return []
    mid = _n(x(today))
    anchor, shift = ("end", -5) if x(today) > frame.width * 0.7 else ("start", 5)
    return [
        f'<path class="ck-chart__today" d="M{mid} {frame.top - 8}V{frame.height - frame.bottom}"/>',
        f'<text class="ck-chart__tick" x="{mid}" dx="{shift}" y="{frame.top - 10}" text-anchor="{anchor}">{escape(label)}</text>',
    ]


@dataclass(frozen=True, slots=True)
class _Scale:
    low: float
    high: float
    ticks: tuple[float, ...]
    is_flipped: bool = False


def _scale(
    points: Sequence[Point],
    goal: Goal,
    categories: Mapping[int, str] | None,
    *,
    is_share: bool,
    is_rank: bool,
) -> _Scale:
    values = [float(point.value) for point in points]
    values += [float(limit) for limit in (goal.low, goal.high) if limit is not None]
    if categories:
        keys = sorted(categories)
        return _Scale(keys[0] - 0.4, keys[-1] + 0.4, tuple(float(key) for key in keys))
    if not values:
        values = [0.0, 1.0]
    low, high = min(values), max(values)
    if is_rank:
        top = max(ceil(high) + 1, 4)
        step = max(1, ceil(top / 5))
        return _Scale(0.5, top + 0.5, tuple(float(t) for t in range(1, top + 1, step)), is_flipped=True)
    if goal.pace:
        low = min(low, 0.0)
    span = high - low or abs(high) or 1.0
    # A share near its target is told apart only on a narrow scale; a quantity is compared with nothing.
    low, high = (low - 0.25 * span, high + 0.25 * span) if low > 0 else (low, high + 0.15 * span)
    if is_share:
        low, high = max(low, 0.0), min(high, 100.0) if max(values) <= 100 else high
        if high - low < 2:
            low, high = max(0.0, high - 2), high
    elif min(values) >= 0:
        low = max(low, 0.0)
    ticks = _ticks(low, high)
    low = min(low, ticks[0])
    high = high if is_share and high >= 100 else max(high, ticks[-1])
    return _Scale(low, high, tuple(tick for tick in ticks if low <= tick <= high))


def _ticks(low: float, high: float) -> list[float]:
    raw = (high - low) / 4
    power = 10.0 ** floor(log10(raw))
    step = next(power * each for each in (1, 2, 2.5, 5, 10) if power * each >= raw)
    first = floor(low / step)
    return [
        round(step * n, 10)
        for n in range(first, ceil(high / step) + 1)
        if low - step < step * n <= high + 1e-9
    ]


def _draw(
    frame: _Frame,
    points: Sequence[Point],
    goal: Goal,
    key: str,
    title: str,
    description: str,
    span: tuple[date, date],
    today: date | None,
    today_label: str,
    categories: Mapping[int, str] | None,
    scale: _Scale,
    unit: str,
    before: Sequence[Point],
) -> Svg:
    start, end = span

    def y(value: float) -> float:
        at = frame.y(value, scale.low, scale.high)
        return frame.top + (frame.height - frame.bottom) - at if scale.is_flipped else at

    def x(on: date) -> float:
        return frame.x(min(max(on, start), end), start, end)

    left, right = frame.left, frame.width - frame.right
    out = _opened(frame, key, title, description)
    if len(unit) <= 4 and not categories:
        out.append(
            f'<text class="ck-chart__unit" x="{left - 8}" y="12" text-anchor="end">{escape(unit)}</text>'
        )
    names = [categories[int(tick)] if categories else _number(Decimal(str(tick))) for tick in scale.ticks]
    out += _grid(frame, [(y(tick), name) for tick, name in zip(scale.ticks, names, strict=True)])
    out += _time_axis(frame, start, end, x)
    out.append(_goal(frame, goal, y, left, right))
    out += _today(frame, start, end, today, today_label, x)
    if before:
        line = " ".join(f"{_n(x(point.on))},{_n(y(float(point.value)))}" for point in before)
        out.append(f'<polyline class="ck-chart__before" points="{line}"/>')
        for point in before:
            label = f"{point.name or format_date(point.on)}: {point.label}"
            out.append(
                f"<g><title>{escape(label)}</title>"
                f'<circle class="ck-mark--before" cx="{_n(x(point.on))}" cy="{_n(y(float(point.value)))}" r="3"/></g>'
            )
    if len(points) > 1:
        line = " ".join(f"{_n(x(point.on))},{_n(y(float(point.value)))}" for point in points)
        out.append(f'<polyline class="ck-chart__line" points="{line}"/>')
    for point in points:
        out.append(_mark(x(point.on), y(float(point.value)), point))
    if points:
        last = points[-1]
        at_x, at_y = x(last.on), y(float(last.value))
        anchor = "end" if at_x > frame.width - 90 else "middle"
        above = at_y - 12 if at_y > frame.top + 22 else at_y + 22
        short = last.label.split(" (")[0]
        out.append(
            f'<text class="ck-chart__value" x="{_n(at_x)}" y="{_n(above)}" text-anchor="{anchor}">{escape(short)}</text>'
        )
    out.append("</svg>")
    return Svg("".join(out))


def _goal(frame: _Frame, goal: Goal, y: _Axis, left: int, right: int) -> str:
    out: list[str] = []
    limits = [float(limit) for limit in (goal.low, goal.high) if limit is not None]
    if len(limits) == 2:
        top, base = sorted((y(limits[0]), y(limits[1])))
        out.append(f'<path class="ck-chart__band" d="M{left} {_n(top)}H{right}V{_n(base)}H{left}z"/>')
    if goal.pace and goal.low is not None:
        out.append(
            f'<path class="ck-chart__pace" d="M{left} {_n(y(0.0))}L{right} {_n(y(float(goal.low)))}"/>'
        )
    for limit in limits:
        out.append(f'<path class="ck-chart__goal" d="M{left} {_n(y(limit))}H{right}"/>')
    if limits:
        at = y(limits[-1])
        if frame.right > 40:
            out.append(
                f'<text class="ck-chart__goal-text" x="{right + 6}" y="{_n(at)}" dy="4">{escape(_brief(goal.label))}</text>'
            )
        else:
            above = at - 6 if at > frame.top + 14 else at + 16
            out.append(
                f'<text class="ck-chart__goal-text" x="{left + 4}" y="{_n(above)}">{escape(_brief(goal.label))}</text>'
            )
    return "".join(out)


def _brief(label: str) -> str:
    return (
        label.split(" (")[0]
        if len(label.split(" (")[0]) <= 12
        else " ".join(label.replace("\N{NO-BREAK SPACE}", " ").split(" ")[:2])
    )


def _mark(x: float, y: float, point: Point) -> str:
    shape = _SHAPES.get(point.state, _SHAPES["on_track"])
    drawn = shape.format(x=_n(x), y=_n(y), up=_n(y - 6.5), l=_n(x - 4.5), t=_n(y - 4.5))
    label = f"{point.name or format_date(point.on)}: {point.label}"
    return f"<g><title>{escape(label)}</title>{drawn}</g>"


def _months(start: date, end: date, step: int) -> list[tuple[str, date]]:
    """Return the first days of months to name; "T6" is what Vietnamese charts call June."""
    firsts: list[tuple[str, date]] = []
    year, month = start.year, start.month
    if start.day > 1:
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    while (first := date(year, month, 1)) <= end:
        firsts.append((f"T{month}", first))
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    long = len(firsts) > 14
    return firsts[:: step * 3 if long else step]


def _n(value: float) -> str:
    """Write a coordinate: a point for the decimals whatever the language."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


def _number(value: Decimal | int) -> str:
    return format_number(trimmed(Decimal(value)))
