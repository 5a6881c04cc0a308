"""The inputs of a management review, and what lacks before it may be closed. Source: ISO 9001:2015, 9.3.2, 9.3.3."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from camket.core.messages import Message, gettext_noop


@dataclass(frozen=True, slots=True)
class Input:
    """One of the matters that a review considers."""

    key: str
    title: str


INPUTS = (
    Input("a", gettext_noop("What became of earlier reviews' decisions")),
    Input("b", gettext_noop("Changes of internal and external issues")),
    Input("c1", gettext_noop("Satisfaction of citizens and feedback")),
    Input("c2", gettext_noop("How far quality objectives are met")),
    Input("c3", gettext_noop("Performance of processes, conformity of services")),
    Input("c4", gettext_noop("Nonconformities and corrective action")),
    Input("c5", gettext_noop("Results of monitoring and measurement")),
    Input("c6", gettext_noop("Results of audits")),
    Input("c7", gettext_noop("Performance of external providers")),
    Input("d", gettext_noop("Whether resources suffice")),
    Input("e", gettext_noop("Whether action on risks and opportunities has its effect")),
    Input("f", gettext_noop("Opportunities to improve")),
)
"""All of 9.3.2 a–f in order; c) in its seven parts. The titles are our own words."""

BY_KEY: Mapping[str, Input] = {each.key: each for each in INPUTS}


@dataclass(frozen=True, slots=True)
class Considered:
    """What was said to an input: a comment, or why nothing arose."""

    comment: str = ""
    nothing: str = ""

    @property
    def is_treated(self) -> bool:
        """Whether one of both was written."""
        return bool(self.comment.strip() or self.nothing.strip())


@dataclass(frozen=True, slots=True)
class Days:
    """First and last day of what figures were gathered of."""

    start: date
    end: date


def days_counted(period: Days, held_on: date) -> Days:
    """Return the days whose figures the minutes hold: the period's, none after the meeting."""
    return Days(period.start, max(period.start, min(period.end, held_on)))


def lacks_for_closing(
    said: Mapping[str, Considered],
    *,
    attended: int,
    has_conclusion: bool,
    counted: Days | None,
    wanted: Days,
) -> tuple[Message, ...]:
    """Return what lacks before a review is closed: an input without a word, nobody noted as present, no conclusion.

    ``counted`` are the days that the figures were gathered of, None where they were not; ``wanted`` as
    :func:`days_counted` has them.
    """
    found = [
        Message(
            gettext_noop("Input %(key)s has neither a comment nor a reason why nothing arose."),
            {"key": each.key},
        )
        for each in INPUTS
        if not said.get(each.key, Considered()).is_treated
    ]
    if not attended:
        found.append(Message(gettext_noop("Nobody is noted as present yet.")))
    if not has_conclusion:
        found.append(Message(gettext_noop("The review has no conclusion yet.")))
    if counted != wanted:
        found.append(
            Message(
                gettext_noop("Gather the figures anew: the minutes hold those from %(start)s to %(end)s."),
                {"start": f"{wanted.start:%d/%m/%Y}", "end": f"{wanted.end:%d/%m/%Y}"},
            )
        )
    return tuple(found)
