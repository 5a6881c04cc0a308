"""A year's objectives for the wall (A3, landscape) and for the screen of a meeting (16:9), as PDF with typst."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from camket.paper.writing.metrics import shown
from camket.paper.writing.typesetting import typeset

TEMPLATE = Path(__file__).parent / "wall.typ"


@dataclass(frozen=True, slots=True)
class WallRow:
    """A line: an objective (``is_head``) or one of its targets. ``states`` are verdicts by month, "" of months to come.

    A target ``is_alone`` where its line is that of its objective as well.
    """

    number: str
    text: str
    goal: str
    result: str
    state: str
    states: tuple[str, ...]
    because: str = ""
    unit: str = ""
    is_head: bool = False
    is_alone: bool = False


@dataclass(frozen=True, slots=True)
class WallText:
    """What is on the wall: months are named as columns, ``words`` are the verdicts' words by code, in their order."""

    agency: str
    superior: str
    title: str
    about: str
    months: tuple[str, ...]
    rows: tuple[WallRow, ...]
    words: tuple[tuple[str, str], ...]
    on: date


def write_wall(text: WallText) -> bytes:
    """Return the year's wall chart as PDF/A-2b, A3 landscape; rows that one sheet has no room for stand on the next."""
    return _written(text, "wall")


def write_slides(text: WallText) -> bytes:
    """Return the state of the objectives as slides of 16:9 in PDF/A-2b: counts, all objectives, what calls for attention."""
    return _written(text, "slides")


def _written(text: WallText, form: str) -> bytes:
    content = {**asdict(text), "on": [text.on.year, text.on.month, text.on.day], "form": form}
    content["counts"] = [
        [state, word, _count(text.rows, state)] for state, word in text.words if _count(text.rows, state)
    ]
    return typeset(TEMPLATE, "wall", shown(content))


def _count(rows: Sequence[WallRow], state: str) -> int:
    return sum(not each.is_head and each.state == state for each in rows)
