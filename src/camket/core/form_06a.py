"""Biểu II.06a: how dossiers of administrative procedures stood and were settled in a period, with its invariants.

The form has ten figures, columns 3 to 12 and 13; five are sums of the others, and all hang together::

    3 = 4 + 5 + 6      7 = 8 + 9 + 10      11 = 12 + 13      3 = 7 + 11
    column 6 of a period = column 11 of the period before

The figures come from additive counts of days, so the last holds for any two periods that follow each other.
Source: Biểu số II.06a/VPCP/KSTT, Thông tư 01/2020/TT-VPCP.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from camket.core.messages import Message, gettext_noop
from camket.core.plan import Period


class Waiting(StrEnum):
    """How dossiers that wait for supplements are counted: the form leaves it open, so the choice is printed on it."""

    SETTLED = "settled"
    OPEN = "open"


WAITING_NAMES: dict[Waiting, str] = {
    Waiting.SETTLED: gettext_noop(
        "Counted as settled on time when waiting begins, as received again afterwards"
    ),
    Waiting.OPEN: gettext_noop("Counted as in processing all the time"),
}


@dataclass(frozen=True, slots=True)
class Edition:
    """What the form is called from a day on; authorities rename forms more often than they change them."""

    valid_from: date
    code: str
    title: str
    source: str


EDITIONS = (
    Edition(
        date(2017, 1, 1),
        "06a/VPCP/KSTT",
        "Tình hình, kết quả giải quyết thủ tục hành chính tại cơ quan, đơn vị trực tiếp giải quyết thủ tục hành chính",
        "Thông tư 02/2017/TT-VPCP",
    ),
    Edition(
        date(2020, 12, 5),
        "II.06a/VPCP/KSTT",
        "Tình hình, kết quả giải quyết thủ tục hành chính tại cơ quan, đơn vị trực tiếp giải quyết thủ tục hành chính",
        "Thông tư 01/2020/TT-VPCP",
    ),
)


def edition_on(day: date) -> Edition:
    """Return the edition of the form that holds on a day; the first one for days before."""
    return next((each for each in reversed(EDITIONS) if each.valid_from <= day), EDITIONS[0])


@dataclass(frozen=True, slots=True)
class CutOff:
    """How reporting years are cut: the day and month on which one begins."""

    name: Message
    month: int
    day: int

    def year_of(self, on: date) -> Period:
        """Return the reporting year that a day lies in.

        >>> CUT_OFFS[1].year_of(date(2026, 12, 20)).start
        datetime.date(2026, 12, 15)
        """
        start = date(on.year, self.month, self.day)
        if start > on:
            start = start.replace(year=on.year - 1)
        return Period(start, start.replace(year=start.year + 1) - timedelta(days=1))


CUT_OFFS = (
    CutOff(Message(gettext_noop("Calendar year")), 1, 1),
    CutOff(Message(gettext_noop("Reporting year from 15/12 to 14/12")), 12, 15),
)
"""Source of the second: Nghị định 09/2019/NĐ-CP, Điều 12."""

COUNTS = ("received", "received_online", "waiting_ended", "waiting_began", "early", "on_time", "late")
"""Counts of the period that the form needs, with ``waiting_ended_online`` (those of them that were handed in online)."""
STOCKS = ("received", "finished", "waiting_began", "waiting_ended", "fell_overdue", "cleared_overdue")
"""Counts from the beginning up to a day, from which is made what was open then."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one line that are no sums, called by their columns."""

    online: int = 0  # 4
    direct: int = 0  # 5
    carried: int = 0  # 6
    early: int = 0  # 8
    on_time: int = 0  # 9
    late: int = 0  # 10
    open_in_time: int = 0  # 12
    open_overdue: int = 0  # 13

    def __add__(self, other: Figures) -> Figures:
        return Figures(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(Figures)))

    @property
    def received(self) -> int:
        """Column 3, received in all."""
        return self.online + self.direct + self.carried

    @property
    def settled(self) -> int:
        """Column 7, settled in all."""
        return self.early + self.on_time + self.late

    @property
    def still_open(self) -> int:
        """Column 11, in processing in all."""
        return self.open_in_time + self.open_overdue

    @property
    def columns(self) -> tuple[int, ...]:
        """Columns 3 to 13 in their order."""
        return (
            self.received,
            self.online,
            self.direct,
            self.carried,
            self.settled,
            self.early,
            self.on_time,
            self.late,
            self.still_open,
            self.open_in_time,
            self.open_overdue,
        )

    @property
    def rate(self) -> Decimal | None:
        """On time among those settled, in percent: (8+9)/7; None where nothing was settled."""
        return _percent(self.early + self.on_time, self.settled)

    @property
    def rounded_rates(self) -> tuple[Decimal | None, Decimal | None]:
        """Both rates as they are shown."""
        return rounded(self.rate), rounded(self.strict_rate)

    @property
    def strict_rate(self) -> Decimal | None:
        """On time among those settled or overdue and open, in percent: (8+9)/(7+13); None where there are none."""
        return _percent(self.early + self.on_time, self.settled + self.open_overdue)


def rounded(rate: Decimal | None) -> Decimal | None:
    """Return a rate in percent to one decimal; to more where one would round it to all, or down to nothing.

    >>> rounded(Decimal("88.888")), rounded(Decimal("99.97")), rounded(Decimal(100))
    (Decimal('88.9'), Decimal('99.97'), Decimal('100.0'))
    """
    if rate is None:
        return None
    found = rate
    for places in range(1, 7):
        found = rate.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        if found == rate or found not in (0, 100):
            break
    return found


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the form: a field of procedures, or the sum of a group; ``number`` as 1 or I."""

    number: str
    name: str
    figures: Figures
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """One invariant: as it is written, its two sides over all lines, and the lines in which it does not hold."""

    rule: str
    about: Message
    left: int
    right: int
    broken: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether both sides agree in every line."""
        return self.left == self.right and not self.broken


_Side = Callable[[Figures], int]


def figures_of(
    before: Mapping[str, int], period: Mapping[str, int], until: Mapping[str, int], waiting: Waiting
) -> Figures:
    """Return a line from sums of counts: from the beginning up to the period, of the period, up to its end.

    ``before`` and ``until`` hold :data:`STOCKS`, ``period`` holds :data:`COUNTS`; what is not named is nothing. With
    ``SETTLED`` a dossier leaves the form as settled on time on the day on which waiting for supplements begins, and
    is received again, the way it was handed in, on the day on which it comes back. ``until`` then holds
    ``overdue_waiting`` too: how many that were overdue wait at the end.
    """
    settled = waiting is Waiting.SETTLED
    came_back = period.get("waiting_ended", 0) if settled else 0
    came_back_online = period.get("waiting_ended_online", 0) if settled else 0
    online = period.get("received_online", 0)
    open_at_end = _open(until, settled=settled)
    overdue = until.get("fell_overdue", 0) - until.get("cleared_overdue", 0)
    overdue -= until.get("overdue_waiting", 0) if settled else 0
    return Figures(
        online=online + came_back_online,
        direct=period.get("received", 0) - online + came_back - came_back_online,
        carried=_open(before, settled=settled),
        early=period.get("early", 0),
        on_time=period.get("on_time", 0) + (period.get("waiting_began", 0) if settled else 0),
        late=period.get("late", 0),
        open_in_time=open_at_end - overdue,
        open_overdue=overdue,
    )


def total_of(lines: Iterable[Line]) -> Figures:
    """Return the sum of the lines that are no sums themselves."""
    return sum((line.figures for line in lines if not line.is_total), Figures())


def checks(
    lines: Sequence[Line], open_before: int | None = None, broken: tuple[str, ...] = ()
) -> tuple[Check, ...]:
    """Return the invariants, held against each line and their sum.

    ``open_before`` is what the form of the period before had in column 11, ``broken`` names the lines in which that
    is not what is carried over; without it that invariant is left out.
    """
    total = total_of(lines)
    parts: tuple[tuple[str, str, _Side, _Side], ...] = (
        (
            "3 = 4 + 5 + 6",
            gettext_noop("Received is online, at the counter or by post, and carried over"),
            lambda it: it.received,
            lambda it: it.online + it.direct + it.carried,
        ),
        (
            "7 = 8 + 9 + 10",
            gettext_noop("Settled is early, on time and overdue"),
            lambda it: it.settled,
            lambda it: it.early + it.on_time + it.late,
        ),
        (
            "11 = 12 + 13",
            gettext_noop("In processing is in time and overdue"),
            lambda it: it.still_open,
            lambda it: it.open_in_time + it.open_overdue,
        ),
        (
            "3 = 7 + 11",
            gettext_noop("What was received is settled or in processing"),
            lambda it: it.received,
            lambda it: it.settled + it.still_open,
        ),
    )
    found = [
        Check(
            rule,
            Message(about),
            left(total),
            right(total),
            tuple(line.name for line in lines if left(line.figures) != right(line.figures)),
        )
        for rule, about, left, right in parts
    ]
    smallest = min(total.columns)
    below = tuple(line.name for line in lines if min(line.figures.columns) < 0)
    about = Message(gettext_noop("No figure is below nought"))
    found.append(Check("≥ 0", about, smallest, max(smallest, 0), below))
    if open_before is not None:
        about = Message(gettext_noop("What is carried over is what the period before left in processing"))
        found.append(Check("6 = 11", about, total.carried, open_before, broken))
    return tuple(found)


def _open(stock: Mapping[str, int], *, settled: bool) -> int:
    still = stock.get("received", 0) - stock.get("finished", 0)
    waits = stock.get("waiting_began", 0) - stock.get("waiting_ended", 0)
    return still - waits if settled else still


def _percent(part: int, whole: int) -> Decimal | None:
    return None if whole == 0 else Decimal(100 * part) / whole
