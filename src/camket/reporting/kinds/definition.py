"""What a kind of report is: what it is called, for which days it is made, and what it gathers from the packages below.

The mechanism (drafting, sentences, approval, freezing, staleness, versions) is one for all kinds; a kind is thin.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from camket.core.measured import Measure
from camket.core.plan import Period
from camket.org.policy import Actor
from camket.reporting.told import DataTable


@dataclass(frozen=True, slots=True)
class Asked:
    """Of whom and of which days something is gathered: ``period`` ends with the last day that counts.

    ``today`` only decides what may be shown of figures that are shown late. ``pace`` is the kind of period ("" where it
    does not matter), ``of`` the whole period where it counts to an earlier day.
    """

    actor: Actor
    period: Period
    today: date
    pace: str = ""
    of: Period | None = None

    @property
    def whole(self) -> Period:
        """The whole period, also of one that is counted up to an earlier day."""
        return self.of or self.period

    @property
    def agency_id(self) -> int:
        """The agency whose records are counted."""
        return self.actor.agency_id

    @property
    def until(self) -> date:
        """The last day that counts."""
        return self.period.end


@dataclass(frozen=True, slots=True)
class Says:
    """A proposed statement: its key, the words with names of figures in braces, and the measures that give them."""

    key: str
    text: str
    of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a kind knows of a period: its sections with their statements, its tables, what people typed at their work."""

    measures: tuple[Measure, ...]
    sections: tuple[tuple[str, tuple[Says, ...]], ...]
    tables: tuple[DataTable, ...] = ()
    causes: tuple[str, ...] = ()
    wishes: tuple[str, ...] = ()


class ReportKind(Protocol):
    """One kind of report; attributes are constants of the kind."""

    subject: str
    title: str
    """What it is about, as its heading says it: "Tình hình, kết quả giải quyết thủ tục hành chính"."""
    basis: str
    """What it is made on the word of, as the opening begins: "Thực hiện …"; "" where nothing is named."""
    paces: tuple[str, ...]
    """The kinds of period for which it is made."""
    year_starts: str
    """The first day of its reporting year as "MM-DD", where the agency's calendar says no other."""
    view: str
    """The act that lets see what it is gathered from."""
    form: str
    """Its form in the catalogue of forms (camket.paper.writing.forms), which names its recipients."""
    shortcomings: tuple[str, ...]
    """Measures that tell of shortcomings where they are more than nought; a report is not silent on them."""

    def measures(self, asked: Asked) -> tuple[Measure, ...]:
        """Return the measures of a period; the same names in the same order for every period."""

    def gather(self, asked: Asked) -> Gathered:
        """Return everything of a period."""


def listed(measures: Mapping[str, Measure], parts: Sequence[tuple[str, str]]) -> str:
    """Return of parts (a measure's name, the words that tell it) those that arose, as one list; "" where none did."""
    return ", ".join(words for name, words in parts if has(measures, name))


def has(measures: Mapping[str, Measure], name: str) -> bool:
    """Return whether a count is more than nought or a share is known."""
    return bool(measures[name].value)
