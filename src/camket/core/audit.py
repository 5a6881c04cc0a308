"""What an internal audit asks for: who may audit whom, a plan without clashes, which unit comes first.

Source: ISO 9001:2015, 9.2.2 (a programme by importance of processes and results of earlier audits; c auditors who are
objective and impartial: nobody audits work of one's own).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from itertools import combinations

from camket.core.messages import Message, gettext_noop


@dataclass(frozen=True, slots=True)
class Tie:
    """What ties a person to a unit: a post or a seat there, within the days looked at; ``heads``: leads it."""

    person: int
    unit: int
    heads: bool = False


@dataclass(frozen=True, slots=True)
class Meeting:
    """A line of an audit's plan. ``unit`` is None for a meeting of all, ``people`` its auditors."""

    key: int
    day: date
    starts: time
    ends: time
    unit: int | None
    people: frozenset[int]


@dataclass(frozen=True, slots=True)
class Clash:
    """Two lines of a plan at the same time for one unit, or one auditor (``person``)."""

    one: int
    other: int
    unit: int | None = None
    person: int | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """What speaks for auditing a unit soon: counts since its last audit. ``months`` is None where it never was."""

    months: int | None = None
    major: int = 0
    minor: int = 0
    open_nonconformities: int = 0
    missed_targets: int = 0
    late_dossiers: int = 0
    high_risks: int = 0

    @property
    def weight(self) -> int:
        """How much speaks for it: what was found weighs more than what is only feared, and a long time adds up."""
        waited = 24 if self.months is None else min(self.months, 36)
        return (
            waited
            + 8 * self.major
            + 3 * self.minor
            + 6 * self.open_nonconformities
            + 4 * self.missed_targets
            + min(12, self.late_dossiers)
            + 5 * self.high_risks
        )

    @property
    def reasons(self) -> tuple[Message, ...]:
        """What its place is owed to, in words."""
        said = []
        if self.months is None:
            said.append(Message(gettext_noop("not audited yet")))
        elif self.months:
            said.append(
                Message(gettext_noop("%(count)s months since its last audit"), {"count": str(self.months)})
            )
        for count, template in (
            (self.major, gettext_noop("%(count)s major nonconformities at its last audit")),
            (self.minor, gettext_noop("%(count)s minor nonconformities at its last audit")),
            (self.open_nonconformities, gettext_noop("%(count)s nonconformities open")),
            (self.missed_targets, gettext_noop("%(count)s targets missed or at risk")),
            (self.late_dossiers, gettext_noop("%(count)s late dossiers")),
            (self.high_risks, gettext_noop("%(count)s risks that call for action")),
        ):
            if count:
                said.append(Message(template, {"count": str(count)}))
        return tuple(said)


def not_independent(
    auditors: Collection[int], units: Collection[int], ties: Iterable[Tie]
) -> tuple[Tie, ...]:
    """Return the ties by which an auditor would audit a unit of one's own, by person and unit.

    Whether an auditor may still audit the *other* units of the audit, its plan says: :func:`not_independent_in`.
    """
    found = {
        (each.person, each.unit): each for each in ties if each.person in auditors and each.unit in units
    }
    return tuple(found[key] for key in sorted(found))


def not_independent_in(meetings: Iterable[Meeting], ties: Iterable[Tie]) -> tuple[tuple[Meeting, int], ...]:
    """Return the lines of a plan in which an auditor would audit a unit of one's own, with that person."""
    tied = {(each.person, each.unit) for each in ties}
    return tuple(
        (meeting, person)
        for meeting in meetings
        if meeting.unit is not None
        for person in sorted(meeting.people)
        if (person, meeting.unit) in tied
    )


def clashes(meetings: Sequence[Meeting]) -> tuple[Clash, ...]:
    """Return where a plan has one unit, or one auditor, in two places at once; a meeting of all is everybody's."""
    found = []
    ordered = sorted(meetings, key=lambda each: (each.day, each.starts, each.key))
    for one, other in combinations(ordered, 2):
        if one.day != other.day or one.ends <= other.starts or other.ends <= one.starts:
            continue
        if one.unit is None or other.unit is None:
            found.append(Clash(one.key, other.key))
            continue
        if one.unit == other.unit:
            found.append(Clash(one.key, other.key, unit=one.unit))
        found += [Clash(one.key, other.key, person=each) for each in sorted(one.people & other.people)]
    return tuple(found)


def in_turn(turns: Mapping[int, Turn]) -> tuple[int, ...]:
    """Return units, the one for which most speaks first; of equals the one with the smaller key.

    >>> in_turn({1: Turn(months=3), 2: Turn(months=3, major=1), 3: Turn()})
    (3, 2, 1)
    """
    return tuple(sorted(turns, key=lambda unit: (-turns[unit].weight, unit)))
