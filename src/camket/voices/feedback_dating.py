"""Within how many working days an agency passes feedback on and answers it, from data that hold from a day on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from camket.core.calendar import WorkingCalendar
from camket.core.feedback import Dues, Limit, dues, limit_of
from camket.voices.models import FeedbackLimit

_FILE = Path(__file__).with_name("feedback_limits.json")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A limit that holds as long as the agency has set none of its own, and on whose word."""

    limit: Limit
    source: str


@cache
def proposals() -> tuple[Proposal, ...]:
    """Return the limits for answering that the product proposes."""
    return tuple(
        Proposal(
            Limit(
                working_days=row["working_days"],
                kind=row["kind"],
                valid_from=_day(row["valid_from"]) or date.min,
                valid_to=_day(row["valid_to"]),
            ),
            row["source"],
        )
        for row in _read()["proposals"]
    )


def pass_on_rule(on: date) -> tuple[int, str]:
    """Return within how many working days feedback received on a day is passed on, and by which text.

    Raises LookupError where no text holds on the day.
    """
    for row in _read()["pass_on"]:
        if (_day(row["valid_from"]) or date.min) <= on <= (_day(row["valid_to"]) or date.max):
            return row["working_days"], row["source"]
    raise LookupError(on)


def limits_of(agency_id: int) -> tuple[Limit, ...]:
    """Return an agency's own limits. One SQL statement."""
    rows = FeedbackLimit.objects.filter(agency_id=agency_id).values_list(
        "working_days", "kind", "field_id", "valid_from", "valid_to"
    )
    return tuple(Limit(*row) for row in rows.order_by("valid_from", "pk"))


def days_for(own: Sequence[Limit], *, kind: str, field_id: int | None, on: date) -> int:
    """Return within how many working days feedback of a kind and field received on a day is answered.

    An agency's own limit goes before every proposal.
    """
    found = limit_of(own, kind=kind, field_id=field_id, on=on)
    if found is None:
        found = limit_of([each.limit for each in proposals()], kind=kind, field_id=field_id, on=on)
    if found is None:
        raise LookupError(on)
    return found.working_days


def dues_of(
    own: Sequence[Limit], calendar: WorkingCalendar, *, kind: str, field_id: int | None, received_on: date
) -> Dues:
    """Return the last days in time of feedback of a kind and field received on a day."""
    return dues(
        received_on,
        pass_on_days=pass_on_rule(received_on)[0],
        limit_days=days_for(own, kind=kind, field_id=field_id, on=received_on),
        calendar=calendar,
    )


@cache
def _read() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    return found


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
