"""Packs as pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from camket.core.messages import Message
from camket.org.personal import shown_name
from camket.org.policy import Actor, require
from camket.packing.models import Pack
from camket.packing.operations import EARLIEST

MOST = 50


@dataclass(frozen=True, slots=True)
class PackRow:
    """A pack: how far it is, its files' sizes in bytes, what is missing by clause."""

    id: int
    year: int
    state: str
    done: int
    steps: int
    asked_at: datetime
    asked_by: str
    began_at: datetime | None
    ready_at: datetime | None
    remove_on: date | None
    book_size: int | None
    folder_size: int | None
    missing: tuple[tuple[str, str], ...]
    error: Message | None

    @property
    def is_at_work(self) -> bool:
        """Whether it is still to be put together."""
        return self.state in ("asked", "building")

    @property
    def seconds(self) -> int | None:
        """How long it took to put it together, a second at least."""
        if self.ready_at is None or self.began_at is None:
            return None
        return max(1, round((self.ready_at - self.began_at).total_seconds()))


def packs(actor: Actor) -> tuple[PackRow, ...]:
    """Return the agency's packs, the newest first; one SQL statement."""
    require(actor, "pack.take")
    rows = (
        Pack.objects.filter(agency_id=actor.agency_id)
        .select_related("asked_by", "book", "folder")
        .order_by("-asked_at", "-pk")[:MOST]
    )
    return tuple(_row(actor, each) for each in rows)


def years(today: date) -> list[int]:
    """Return the years that a pack may be of, this one first; the last ten."""
    return list(range(today.year, max(EARLIEST, today.year - 9) - 1, -1))


def is_pack(file_id: int) -> bool:
    """Return whether a file is one of a pack, which its own page alone hands out."""
    return Pack.objects.filter(Q(book_id=file_id) | Q(folder_id=file_id)).exists()


def _row(actor: Actor, each: Pack) -> PackRow:
    error = Message(each.error["template"], each.error["params"]) if each.error else None
    return PackRow(
        id=each.pk,
        year=each.year,
        state=each.state,
        done=each.done,
        steps=each.steps,
        asked_at=each.asked_at,
        asked_by=shown_name(actor, each.asked_by.full_name) if each.asked_by else "",
        began_at=each.began_at,
        ready_at=each.ready_at,
        remove_on=each.remove_on,
        book_size=each.book.size if each.book else None,
        folder_size=each.folder.size if each.folder else None,
        missing=tuple((code, words) for code, words in each.missing),
        error=error,
    )
