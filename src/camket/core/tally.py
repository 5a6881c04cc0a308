"""What one dossier adds to the counts of each day: the additive counts from which every rate is made.

A dossier adds to the day it was received, to the day it was finished, to the day it fell overdue, to the days on
which waiting for supplements began and ended. Counts of days add up to those of months and years, of units to those
of agencies. How many were open at the end of a day is what was received up to then less what was finished up to
then: a stock is a sum too. The import keeps the sums by subtracting what a changed dossier added and adding what it
adds now; a plain count over :func:`contributions` gives the same figures to the last row.

Days are whole numbers, counted from 01/01/1970 (:func:`day_number`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

from camket.core.dossiers import ADVANCED_LEVELS, Channel, OnlineLevel, Outcome, Payment

_EPOCH = date(1970, 1, 1)

HANDLING_STEPS = (0, 1, 2, 5, 10, 15, 20, 30)
"""Upper ends, in working days, of the classes of handling time; the last class has none."""

COUNTS = (
    # on the day of receipt
    "received",
    "received_online",
    "received_direct",
    "received_postal",
    "received_advanced",
    "received_advanced_online",
    "received_digitised",
    # on the day it was finished
    "finished",
    "early",
    "on_time",
    "late",
    "late_first",
    "withdrawn",
    "result_digitised",
    "fee_due",
    "paid_online",
    "handling_days",
    "handled_0",
    "handled_1",
    "handled_2",
    "handled_5",
    "handled_10",
    "handled_15",
    "handled_20",
    "handled_30",
    "handled_longer",
    "cleared_overdue",
    # on the day it fell overdue
    "fell_overdue",
    "fell_overdue_answered",
    # on the day waiting for supplements began, and ended
    "waiting_began",
    "waiting_ended",
    # on the day a new date was given
    "reappointed",
)
"""The additive counts of a cell, in the order of the columns.

``received_advanced`` are dossiers of procedures offered at an advanced level (:data:`ADVANCED_LEVELS`),
``late_first`` those finished after the date first given, whatever date was given later, ``handling_days`` working days
from receipt to result, pauses left out, ``fell_overdue_answered`` those for which an apology or an explanation was
given, ``cleared_overdue`` those overdue that were finished.
"""


class Grain(IntEnum):
    """How long a cell's stretch of time is."""

    DAY = 1
    MONTH = 2


class Shape(IntEnum):
    """Which dimensions a cell is split by: none, one of them, or all.

    By all of them only months are kept: of a day nearly every dossier would be a cell of its own.
    """

    ALL = 0
    FIELD = 1
    LEVEL = 2
    CELL = 9


@dataclass(frozen=True, slots=True)
class Facts:
    """What of a dossier its counts depend on; 0 stands for a field, procedure or unit that is not known.

    ``received``, ``finished``, ``overdue_from``, ``waiting_from``, ``waiting_until``, ``reappointed`` are days;
    None where it did not happen. ``received`` is None for what was not accepted: it counts nowhere. A dossier falls
    overdue on the day after its due date if it is not finished by then, on the day itself where it is late by hours.
    """

    received: int | None
    finished: int | None = None
    overdue_from: int | None = None
    waiting_from: int | None = None
    waiting_until: int | None = None
    reappointed: int | None = None
    outcome: Outcome = Outcome.OPEN
    outcome_first: Outcome = Outcome.OPEN
    channel: Channel = Channel.UNKNOWN
    level: OnlineLevel = OnlineLevel.NONE
    is_digitised: bool = False
    is_result_digitised: bool = False
    is_withdrawn: bool = False
    is_answered: bool = False
    payment: Payment = Payment.UNKNOWN
    handling_days: int | None = None
    field: int = 0
    procedure: int = 0
    unit: int = 0


def day_number(day: date) -> int:
    """Return a day as a whole number, counted from 01/01/1970.

    >>> day_number(date(2026, 1, 1)), day_of(20_454)
    (20454, datetime.date(2026, 1, 1))
    """
    return (day - _EPOCH).days


def day_of(number: int) -> date:
    """Return the day of a number."""
    return _EPOCH + timedelta(days=number)


def contributions(facts: Facts) -> Iterator[tuple[int, Mapping[str, int]]]:
    """Yield each day to which a dossier adds, with what it adds; counts that it leaves alone are not named."""
    if facts.received is None:
        return
    yield facts.received, _on_receipt(facts)
    if facts.finished is not None:
        yield facts.finished, _on_finish(facts)
    if facts.overdue_from is not None:
        yield facts.overdue_from, {"fell_overdue": 1, "fell_overdue_answered": int(facts.is_answered)}
    if facts.waiting_from is not None:
        yield facts.waiting_from, {"waiting_began": 1}
        if facts.waiting_until is not None:
            yield facts.waiting_until, {"waiting_ended": 1}
    if facts.reappointed is not None:
        yield facts.reappointed, {"reappointed": 1}


def handling_class(days: int) -> str:
    """Return the count of the class that a handling time in working days falls into.

    >>> handling_class(0), handling_class(4), handling_class(31)
    ('handled_0', 'handled_5', 'handled_longer')
    """
    step = next((step for step in HANDLING_STEPS if days <= step), None)
    return "handled_longer" if step is None else f"handled_{step}"


def _on_receipt(facts: Facts) -> Mapping[str, int]:
    online = facts.channel == Channel.ONLINE
    advanced = facts.level in ADVANCED_LEVELS
    return {
        "received": 1,
        "received_online": int(online),
        "received_direct": int(facts.channel == Channel.DIRECT),
        "received_postal": int(facts.channel == Channel.POSTAL),
        "received_advanced": int(advanced),
        "received_advanced_online": int(advanced and online),
        "received_digitised": int(facts.is_digitised),
    }


def _on_finish(facts: Facts) -> Mapping[str, int]:
    counts = {
        "finished": 1,
        "early": int(facts.outcome == Outcome.EARLY),
        "on_time": int(facts.outcome == Outcome.ON_TIME),
        "late": int(facts.outcome == Outcome.LATE),
        "late_first": int(facts.outcome_first == Outcome.LATE),
        "withdrawn": int(facts.is_withdrawn),
        "result_digitised": int(facts.is_result_digitised),
        "fee_due": int(facts.payment in (Payment.PAID_AT_COUNTER, Payment.PAID_ONLINE)),
        "paid_online": int(facts.payment == Payment.PAID_ONLINE),
        "cleared_overdue": int(facts.overdue_from is not None),
    }
    if facts.handling_days is not None:
        counts["handling_days"] = facts.handling_days
        counts[handling_class(facts.handling_days)] = 1
    return counts
