"""The radar of a self-assessment, drawn on the server as SVG: an axis an indicator, a ring a colour.

Colours come from classes (static/css/reviews.css); what it shows stands in the table beside it too.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import cos, pi, sin

from django.utils.safestring import SafeString, mark_safe

from camket.improvement.queries.self_assessments import IndicatorRow, QuadrantRow

_SIZE, _RADIUS = 560, 220
_RINGS = {"red": 1, "yellow": 2, "green": 3}


def radar(quadrants: Sequence[QuadrantRow], title: str) -> SafeString:
    """Return the drawing; an indicator that is not assessed stands at the centre, the time before as a thin line."""
    rows = [each for quadrant in quadrants for each in quadrant.indicators]
    parts = [
        f'<svg class="rv-radar" viewBox="0 0 {_SIZE} {_SIZE}" role="img" aria-label="{escape(title)}">',
        *(
            f'<circle class="rv-ring rv-ring--{colour}" cx="{_SIZE / 2}" cy="{_SIZE / 2}" r="{_RADIUS * ring / 3:.1f}"/>'
            for colour, ring in sorted(_RINGS.items(), key=lambda item: -item[1])
        ),
    ]
    for place in range(len(rows)):
        x, y = _at(place, len(rows), 3)
        parts.append(f'<line class="rv-axis" x1="{_SIZE / 2}" y1="{_SIZE / 2}" x2="{x:.1f}" y2="{y:.1f}"/>')
    start = 0
    for quadrant in quadrants:
        x, y = _at(start - 0.5, len(rows), 3.3)
        parts.append(f'<line class="rv-border" x1="{_SIZE / 2}" y1="{_SIZE / 2}" x2="{x:.1f}" y2="{y:.1f}"/>')
        start += len(quadrant.indicators)
    if any(each.before for each in rows):
        parts.append(f'<polygon class="rv-before" points="{_points([each.before for each in rows])}"/>')
    parts.append(f'<polygon class="rv-now" points="{_points([each.colour for each in rows])}"/>')
    parts += [_mark(each, place, len(rows)) for place, each in enumerate(rows)]
    parts.append("</svg>")
    return mark_safe("".join(parts))  # noqa: S308 - numbers, and texts that are escaped


def _mark(row: IndicatorRow, place: int, number: int) -> str:
    x, y = _at(place, number, _RINGS.get(row.colour, 0))
    to_x, to_y = _at(place, number, 3.45)
    dot = (
        f'<circle class="rv-dot rv-dot--{row.colour}" cx="{x:.1f}" cy="{y:.1f}" r="5"/>' if row.colour else ""
    )
    return f'{dot}<text class="rv-number" x="{to_x:.1f}" y="{to_y + 4:.1f}">{escape(row.number)}</text>'


def _points(colours: Sequence[str]) -> str:
    found = (_at(place, len(colours), _RINGS.get(each, 0)) for place, each in enumerate(colours))
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in found)


def _at(place: float, number: int, ring: float) -> tuple[float, float]:
    turn = 2 * pi * place / number
    far = _RADIUS * ring / 3
    return _SIZE / 2 + far * sin(turn), _SIZE / 2 - far * cos(turn)
