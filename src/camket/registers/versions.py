"""Versions of one thing in a register, as of a job description: where a later one begins, the one before it has its last day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.utils import timezone

from camket.core.registers import Register
from camket.core.wording.text import search_key
from camket.journal.models import Entry as JournalEntry
from camket.org.policy import Actor
from camket.registers.filling import plain
from camket.registers.models import Entry
from camket.registers.writing import counts_of, move, record_change

ENDED = "entry.succeeded"
"""The verb by which the journal tells that a following version ended an entry."""

Thing = tuple[int | None, str]
"""What versions are of: the number of a unit, and a title as it is searched."""


def thing_of(entry: Entry) -> Thing:
    """Return what an entry is a version of."""
    return entry.unit_id, search_key(entry.title)


def settle_versions(*, actor: Actor, register: Register, things: Collection[Thing], now: datetime) -> None:
    """Give each version of the things the day before the following one as its last day, and take it back where none follows.

    A last day that somebody wrote stays where the version is over by then anyway. The register's turn is taken by whoever
    calls. Two SQL statements where nothing is to be done.
    """
    if not register.has_versions or not things:
        return
    standing: dict[Thing, list[Entry]] = defaultdict(list)
    rows = Entry.objects.select_for_update(of=("self",)).filter(
        agency_id=actor.agency_id, register=register.key
    )
    for each in rows.exclude(state=Entry.State.WITHDRAWN).order_by("on", "pk"):
        standing[thing_of(each)].append(each)
    for thing in sorted(set(things), key=str):
        for each in standing[thing]:
            following = next((other for other in standing[thing] if _follows(other, each)), None)
            last = None if following is None else following.on - timedelta(days=1)
            _settle(actor, register, each, last, now)


def _follows(other: Entry, entry: Entry) -> bool:
    """Return whether an entry is a version after another: later, and of the same holder or of a higher number.

    Two officers may hold one post of one name: what describes the work of one does not end what describes the other's.
    """
    if other.on <= entry.on:
        return False
    if other.person_id == entry.person_id:
        return _number(other) >= _number(entry)
    return None in (other.person_id, entry.person_id) and _number(other) > _number(entry)


def _number(entry: Entry) -> int:
    return int(entry.values.get("version") or 1)


def _settle(actor: Actor, register: Register, entry: Entry, last: date | None, now: datetime) -> None:
    if entry.ends_on == last:
        return
    verb, ends_on = ENDED, last
    if entry.ends_on is not None and (last is None or entry.ends_on < last):
        is_ours, written = _before_versions(entry)
        if not is_ours:
            return
        if last is None or (written is not None and written < last):
            verb, ends_on = "entry.changed", written
    before, counted = plain(entry, register), counts_of(entry, register)
    entry.ends_on = ends_on
    entry.changed_at, entry.changed_by_id = now, actor.person_id
    entry.save(update_fields=["ends_on", "changed_at", "changed_by"])
    move(register, entry, counted)
    record_change(
        actor, entry, register, verb, timezone.localdate(now), before=before, after=plain(entry, register)
    )


def _before_versions(entry: Entry) -> tuple[bool, date | None]:
    """Return whether the last day of an entry comes of a following version, and the one that somebody wrote before."""
    told = JournalEntry.objects.filter(
        agency_id=entry.agency_id, subject_type="registers.entry", subject_id=entry.pk
    ).order_by("-sequence")
    is_ours, written = False, None
    for verb, before, after in told.values_list("verb", "before", "after"):
        if "ends_on" not in (after or {}):
            continue
        if verb != ENDED:
            break
        is_ours, written = True, (before or {}).get("ends_on")
    return is_ours, date.fromisoformat(written) if written else None
