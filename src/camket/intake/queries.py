"""Reading the forms that are held, and how many came from an address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from camket.intake.models import HeldForm, PublicTry
from camket.intake.operations import HELD, browser_digest


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A form that is held for a person; pairs of ``content`` and ``files`` are field and text or file name."""

    key: str
    path: str
    page: str
    capacity: str
    seen_until: int | None
    content: tuple[tuple[str, str], ...]
    files: tuple[tuple[str, str], ...]
    at: datetime
    until: datetime


def held_forms(person_id: int, browser: str, now: datetime) -> tuple[HeldRow, ...]:
    """Return what a person typed at a browser and is held still, newest first."""
    found = HeldForm.objects.filter(
        person_id=person_id, browser=browser_digest(browser=browser), at__gte=now - HELD
    ).order_by("-at", "-pk")
    return tuple(
        HeldRow(
            key=row.key,
            path=row.path,
            page=row.page,
            capacity=row.capacity,
            seen_until=row.seen_until,
            content=tuple((name, text) for name, text in row.content),
            files=tuple((name, text) for name, text in row.files),
            at=row.at,
            until=row.at + HELD,
        )
        for row in found
    )


def tries(purpose: str, address: str, on: date) -> int:
    """Return how many forms an address, given as its keyed hash, sent on a day."""
    found = PublicTry.objects.filter(purpose=purpose, address=address, on=on).values_list("number", flat=True)
    return found.first() or 0
