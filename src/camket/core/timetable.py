"""When work by the clock is due, also when the clock is set forward or back.

A moment is due once. What was run is remembered by its moment, not by "the last run": after the clock was set back,
moments that were served are left out and those that were not still come; after it was set forward and back again,
nothing waits for the wrong year.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

RETRIES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
"""How long to wait before a job that failed is tried again; after the last it is given up for this moment."""

REMEMBERED = 60
"""How many served moments are remembered."""


@dataclass(frozen=True, slots=True)
class Daily:
    """Each day at a time of the zone of the moment asked about."""

    at: time

    def following(self, moment: datetime) -> datetime:
        """Return the first moment of the rule after ``moment``.

        >>> Daily(time(2)).following(datetime(2026, 7, 6, 2, tzinfo=UTC))
        datetime.datetime(2026, 7, 7, 2, 0, tzinfo=datetime.timezone.utc)
        """
        due = moment.replace(hour=self.at.hour, minute=self.at.minute, second=0, microsecond=0)
        return due if due > moment else due + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Every:
    """Each so many minutes, counted from midnight of 1 January 1970 in UTC."""

    minutes: int

    def following(self, moment: datetime) -> datetime:
        """Return the first moment of the rule after ``moment``.

        >>> Every(15).following(datetime(2026, 7, 6, 2, 15, tzinfo=UTC))
        datetime.datetime(2026, 7, 6, 2, 30, tzinfo=datetime.timezone.utc)
        """
        start = datetime(1970, 1, 1, tzinfo=UTC)
        step = timedelta(minutes=self.minutes)
        return (start + ((moment - start) // step + 1) * step).astimezone(moment.tzinfo)


Rule = Daily | Every


def next_due(rule: Rule, now: datetime, served: Collection[datetime]) -> datetime:
    """Return the first moment of the rule after now that was not served."""
    due = rule.following(now)
    while due in served:
        due = rule.following(due)
    return due


def settled(rule: Rule, due: datetime, now: datetime, served: Collection[datetime]) -> datetime:
    """Return when a job is due, given when it was said to be: now is known, and the rule may be another.

    A moment that has passed stays due. One to come is reckoned anew: it is the same unless the clock was set or the
    rule changed.
    """
    return due if due <= now and due not in served else next_due(rule, now, served)


def may_retry(not_before: datetime | None, now: datetime) -> bool:
    """Return whether the wait after a failure is over; one longer than any wait comes from another clock."""
    return not_before is None or not_before <= now or not_before - now > RETRIES[-1]
