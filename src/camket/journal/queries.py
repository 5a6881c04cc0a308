"""Reading the journal: pages of entries, a record's history, and whether the chain is whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from camket.journal.models import Entry
from camket.journal.operations import GENESIS, entry_hash
from camket.org.models import Agency
from camket.org.policy import Actor, require

PERSONAL = ("org.person", "org.membership")
"""Kinds of subject whose history only those see who may see the whole journal."""


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a change; None where the field was not there."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One recorded act."""

    sequence: int
    at: datetime
    on: date
    by_id: int | None
    by_name: str
    verb: str
    subject_type: str
    subject_id: int | None
    subject_label: str
    changes: tuple[Change, ...]
    reason: str
    hash: str


@dataclass(frozen=True, slots=True)
class JournalFilter:
    """Which entries a person looks for; empty parts do not narrow."""

    kind: str = ""
    by_id: int | None = None
    since: date | None = None
    until: date | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class ChainState:
    """Whether an agency's chain is whole; ``broken_at`` is the first place that does not fit.

    A chain can tell changed, missing and inserted entries. That its newest entries were cut off shows only
    against ``head``, the hash of the newest entry, written down elsewhere before.
    """

    entries: int
    broken_at: int | None = None
    head: str = field(default=GENESIS)

    @property
    def whole(self) -> bool:
        """Whether every entry fits the one before it."""
        return self.broken_at is None

    def to_json(self) -> dict[str, Any]:
        """Return the state for a command's output."""
        return {"entries": self.entries, "whole": self.whole, "broken_at": self.broken_at, "head": self.head}


def latest_hash(agency_id: OuterRef) -> Coalesce:
    """Return, for a statement that names an agency's id, the hash of the agency's newest entry.

    It changes with every change of the agency's records.
    """
    newest = Entry.objects.filter(agency_id=agency_id).order_by("-sequence").values("hash")[:1]
    return Coalesce(Subquery(newest), Value(GENESIS))


def count_all() -> int:
    """Return how many entries the journals of all agencies hold, by the numbers of their newest ones."""
    newest = Entry.objects.filter(agency_id=OuterRef("pk")).order_by("-sequence").values("sequence")[:1]
    last = Agency.objects.annotate(newest=Coalesce(Subquery(newest), Value(0)))
    return int(last.aggregate(total=Sum("newest"))["total"] or 0)


def entries(actor: Actor, wanted: JournalFilter) -> QuerySet[Entry]:
    """Return the agency's entries, newest first; ``row`` makes them values for pages.

    Raises NotAllowed.
    """
    require(actor, "journal.view")
    found = Entry.objects.filter(agency_id=actor.agency_id).order_by("-sequence")
    if wanted.kind:
        found = found.filter(verb__startswith=f"{wanted.kind}.")
    if wanted.by_id is not None:
        found = found.filter(by_id=wanted.by_id)
    if wanted.since is not None:
        found = found.filter(on__gte=wanted.since)
    if wanted.until is not None:
        found = found.filter(on__lte=wanted.until)
    for word in wanted.words.split():
        found = found.filter(Q(subject_label__icontains=word) | Q(reason__icontains=word))
    return found


def kinds(actor: Actor) -> list[str]:
    """Return the kinds of subject that the agency's journal speaks of, the first parts of its verbs."""
    verbs = (
        Entry.objects.filter(agency_id=actor.agency_id)
        .order_by("verb")
        .values_list("verb", flat=True)
        .distinct()
    )
    return list(dict.fromkeys(verb.partition(".")[0] for verb in verbs))


def history(actor: Actor, *, subject_type: str, subject_id: int) -> tuple[EntryRow, ...]:
    """Return what happened to one record of the agency, newest first; at most 200 entries.

    Raises NotAllowed; Entry.DoesNotExist where the agency's journal knows no such record.
    """
    require(actor, "journal.view" if subject_type in PERSONAL else "org.view")
    found = Entry.objects.filter(
        agency_id=actor.agency_id, subject_type=subject_type, subject_id=subject_id
    ).order_by("-sequence")[:200]
    rows = tuple(row(entry) for entry in found)
    if not rows:
        raise Entry.DoesNotExist(f"{subject_type} {subject_id}")
    return rows


def row(entry: Entry) -> EntryRow:
    """Return an entry as a value, with its changes field by field."""
    before = entry.before if isinstance(entry.before, dict) else {}
    after = entry.after if isinstance(entry.after, dict) else {}
    return EntryRow(
        sequence=entry.sequence,
        at=entry.at,
        on=entry.on,
        by_id=entry.by_id,
        by_name=entry.by_name,
        verb=entry.verb,
        subject_type=entry.subject_type,
        subject_id=entry.subject_id,
        subject_label=entry.subject_label,
        # By name: PostgreSQL keeps no order of an object's members.
        changes=tuple(Change(name, before.get(name), after.get(name)) for name in sorted({*before, *after})),
        reason=entry.reason,
        hash=entry.hash,
    )


def verify(agency_id: int) -> ChainState:
    """Go through an agency's chain from its beginning and return whether it is whole."""
    previous, count = GENESIS, 0
    for entry in Entry.objects.filter(agency_id=agency_id).order_by("sequence").iterator(chunk_size=2000):
        count += 1
        fits = entry.sequence == count and entry.previous_hash == previous and entry.hash == entry_hash(entry)
        if not fits:
            total = Entry.objects.filter(agency_id=agency_id).count()
            return ChainState(entries=total, broken_at=count, head=previous)
        previous = entry.hash
    return ChainState(entries=count, head=previous)
