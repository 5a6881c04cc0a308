"""The indicators of the self-assessment of ISO 18091, what marks them, how a quadrant stands. Source: ISO 18091, Annex A."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from camket.core.messages import Message, gettext_noop

COLOURS = ("red", "yellow", "green")
"""Marks from the worst to the best; an indicator without one is not assessed."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator; where ``is_certain`` is false its name is a paraphrase, not the standard's wording."""

    number: str
    name: str
    is_certain: bool


@dataclass(frozen=True, slots=True)
class Quadrant:
    """One of the four groups of indicators."""

    key: str
    name: str
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True, slots=True)
class Edition:
    """The indicators of an edition of the standard, where they were found, and what each colour means."""

    key: str
    name: str
    source: str
    colours: Mapping[str, str]
    quadrants: tuple[Quadrant, ...]

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """All indicators in order."""
        return tuple(each for quadrant in self.quadrants for each in quadrant.indicators)


def read_editions(data: Mapping[str, Any]) -> tuple[Edition, ...]:
    """Return the editions that a file holds; KeyError for a part that is missing."""
    return tuple(
        Edition(
            each["key"],
            each["name"],
            each["source"],
            dict(each["colours"]),
            tuple(
                Quadrant(
                    quadrant["key"],
                    quadrant["name"],
                    tuple(
                        Indicator(one["number"], one["name"], one["is_certain"])
                        for one in quadrant["indicators"]
                    ),
                )
                for quadrant in each["quadrants"]
            ),
        )
        for each in data["editions"]
    )


def counts(marks: Mapping[str, str], edition: Edition) -> dict[str, dict[str, int]]:
    """Return how many indicators of each quadrant have each colour; ``none`` for those not assessed.

    The worst is not hidden by an average: the standard knows no mean of colours.
    """
    found = {}
    for quadrant in edition.quadrants:
        here = Counter(marks.get(each.number, "none") for each in quadrant.indicators)
        found[quadrant.key] = {colour: here[colour] for colour in (*COLOURS, "none")}
    return found


def lacks_for_closing(marks: Mapping[str, str], reasons: Mapping[str, str]) -> tuple[Message, ...]:
    """Return what lacks before a self-assessment is closed: any mark at all, a reason for each that is given."""
    if not marks:
        return (Message(gettext_noop("No indicator is assessed yet.")),)
    return tuple(
        Message(gettext_noop("Indicator %(number)s has no reason."), {"number": number})
        for number in marks
        if not reasons.get(number, "").strip()
    )
