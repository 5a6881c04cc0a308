"""What an administrative-procedure dossier (hồ sơ TTHC) is made of: states, channels, levels, time limits, outcomes.

The numbers are stored in tables and files: none is ever given another meaning.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum, StrEnum

from camket.core.messages import gettext_noop


class State(IntEnum):
    """State of a dossier, numbered as the National Public Service Portal numbers them."""

    REGISTERED = 1
    ACCEPTED = 2
    REFUSED = 3
    PROCESSING = 4
    SUPPLEMENT = 5
    OBLIGATION = 6
    WITHDRAWN = 7
    STOPPED = 8
    DONE = 9
    RETURNED = 10


STATE_NAMES: dict[State, str] = {
    State.REGISTERED: gettext_noop("Newly registered"),
    State.ACCEPTED: gettext_noop("Accepted for processing"),
    State.REFUSED: gettext_noop("Not accepted"),
    State.PROCESSING: gettext_noop("In processing"),
    State.SUPPLEMENT: gettext_noop("Waiting for supplements"),
    State.OBLIGATION: gettext_noop("Waiting for payment of a financial obligation"),
    State.WITHDRAWN: gettext_noop("Withdrawn by the applicant"),
    State.STOPPED: gettext_noop("Processing stopped"),
    State.DONE: gettext_noop("Processed"),
    State.RETURNED: gettext_noop("Result handed over"),
}

NOT_RECEIVED = frozenset({State.REGISTERED, State.REFUSED})
"""States of what was sent in and is not, or not yet, a dossier that the agency has to settle."""
PAUSED = frozenset({State.SUPPLEMENT, State.OBLIGATION, State.STOPPED})
"""States in which the clock stands still (domain: 5, 6, 8)."""


class Channel(IntEnum):
    """How a dossier was handed in: at the counter, online, by the public postal service."""

    UNKNOWN = 0
    DIRECT = 1
    ONLINE = 2
    POSTAL = 3


CHANNEL_NAMES: dict[Channel, str] = {
    Channel.UNKNOWN: gettext_noop("Channel not stated"),
    Channel.DIRECT: gettext_noop("At the counter"),
    Channel.ONLINE: gettext_noop("Online"),
    Channel.POSTAL: gettext_noop("By the public postal service"),
}


class OnlineLevel(IntEnum):
    """Level at which a procedure is offered online, on one of three scales that do not translate into each other.

    The old scale (levels 1 to 4) lapsed with NĐ 42/2022; NĐ 42/2022 and NĐ 224/2026 Điều 14 know whole and partial;
    NĐ 224/2026 Điều 16 has four levels of proactive services, in the same words as the old scale.
    """

    NONE = 0
    OLD_1 = 1
    OLD_2 = 2
    OLD_3 = 3
    OLD_4 = 4
    PARTIAL = 11
    WHOLE = 12
    PROACTIVE_1 = 21
    PROACTIVE_2 = 22
    PROACTIVE_3 = 23
    PROACTIVE_4 = 24


LEVEL_NAMES: dict[OnlineLevel, str] = {
    OnlineLevel.NONE: gettext_noop("Not offered online"),
    OnlineLevel.OLD_1: gettext_noop("Level 1 (scale before 2022)"),
    OnlineLevel.OLD_2: gettext_noop("Level 2 (scale before 2022)"),
    OnlineLevel.OLD_3: gettext_noop("Level 3 (scale before 2022)"),
    OnlineLevel.OLD_4: gettext_noop("Level 4 (scale before 2022)"),
    OnlineLevel.PARTIAL: gettext_noop("Partly online"),
    OnlineLevel.WHOLE: gettext_noop("Wholly online"),
    OnlineLevel.PROACTIVE_1: gettext_noop("Proactive level 1: reminds"),
    OnlineLevel.PROACTIVE_2: gettext_noop("Proactive level 2: prepares the dossier"),
    OnlineLevel.PROACTIVE_3: gettext_noop("Proactive level 3: recommends"),
    OnlineLevel.PROACTIVE_4: gettext_noop("Proactive level 4: carries out by itself"),
}

ADVANCED_LEVELS = frozenset(
    {
        OnlineLevel.OLD_3,
        OnlineLevel.OLD_4,
        OnlineLevel.WHOLE,
        OnlineLevel.PROACTIVE_1,
        OnlineLevel.PROACTIVE_2,
        OnlineLevel.PROACTIVE_3,
        OnlineLevel.PROACTIVE_4,
    }
)
"""Levels that decisions count as fully online: levels 3 and 4 of the old scale, wholly online, proactive."""


class LimitUnit(StrEnum):
    """Unit of a procedure's time limit."""

    HOURS = "hours"  # working hours
    WORKING_DAYS = "working_days"
    DAYS = "days"  # calendar days
    SAME_DAY = "same_day"
    NONE = "none"  # no limit stated, or at once


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """How long a procedure may take: so many of a unit; ``amount`` is None for the same day and for no limit."""

    unit: LimitUnit
    amount: Decimal | None = None


class Outcome(IntEnum):
    """What became of a dossier against its due date; OPEN until it is finished."""

    OPEN = 0
    EARLY = 1
    ON_TIME = 2
    LATE = 3


OUTCOME_NAMES: dict[Outcome, str] = {
    Outcome.OPEN: gettext_noop("In processing"),
    Outcome.EARLY: gettext_noop("Before the due date"),
    Outcome.ON_TIME: gettext_noop("On the due date"),
    Outcome.LATE: gettext_noop("After the due date"),
}


class Payment(IntEnum):
    """Whether a fee fell due and whether it was paid online."""

    UNKNOWN = 0
    NOTHING_DUE = 1
    PAID_AT_COUNTER = 2
    PAID_ONLINE = 3
