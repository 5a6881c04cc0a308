"""What happened to a record since a person saw it: nothing that somebody else changed is overwritten unseen.

A form tells how far the agency's journal went when it was shown (``Actor.seen``). When an operation records its
change, under the lock that orders the agency's entries, :func:`refuse_unseen` looks for entries since then that
changed the same fields of the same record, and refuses the change with them; the operation's transaction takes it
back. Sent again from the page that shows them, it goes through: the person has decided.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import models
from django.utils import timezone

from camket.core.messages import Message, Refusal, gettext_noop
from camket.journal.models import Entry
from camket.org.policy import Actor


class ChangedMeanwhile(Refusal):
    """Somebody changed the record after the form was opened; ``entries`` are what the journal says of it."""

    def __init__(self, entries: tuple[Entry, ...] = ()) -> None:
        if entries:
            latest = entries[-1]
            message = Message(
                gettext_noop(
                    "%(name)s changed this at %(time)s, after you had opened it; yours is not saved yet."
                ),
                {"name": author(latest), "time": f"{timezone.localtime(latest.at):%H:%M %d/%m/%Y}"},
            )
        else:
            message = Message(
                gettext_noop(
                    "Somebody changed this in the meantime. Look at what stands there now, then change it again."
                )
            )
        super().__init__(message)
        self.entries = entries


def author(entry: Entry) -> str:
    """Return who made an entry, by the name of today."""
    return entry.by.full_name if entry.by else entry.by_name


def newest(agency_id: int) -> int:
    """Return the number of an agency's newest entry; 0 where it has none."""
    found = Entry.objects.filter(agency_id=agency_id).order_by("-sequence").values_list("sequence", flat=True)
    return found[:1].first() or 0


def seen_until(actor: Actor, agency_id: int) -> int | None:
    """Return how far the actor had seen an agency's journal; None where nobody knows."""
    seen = actor.seen
    if seen is None:
        return None
    if agency_id == actor.agency_id:
        return seen.until
    return seen.elsewhere[1] if seen.elsewhere is not None and seen.elsewhere[0] == agency_id else None


def since_seen(
    actor: Actor, subject_type: str, subject_id: int | None, agency_id: int | None = None
) -> tuple[Entry, ...]:
    """Return the entries about a record since the actor saw it, oldest first, without those of this very act.

    The record is of the agency acted for, unless ``agency_id`` names another.
    """
    agency_id = actor.agency_id if agency_id is None else agency_id
    until = seen_until(actor, agency_id)
    if actor.seen is None or until is None or subject_id is None:
        return ()
    found = Entry.objects.filter(
        agency_id=agency_id, subject_type=subject_type, subject_id=subject_id, sequence__gt=until
    )
    own = [sequence for agency, sequence in actor.seen.written if agency == agency_id]
    return tuple(
        found.exclude(sequence__in=own, by_id=actor.person_id).select_related("by").order_by("sequence")
    )


def touched_since_seen(
    actor: Actor, subject_type: str, subject_ids: Collection[int | None], agency_id: int | None = None
) -> frozenset[int]:
    """Return those of several records of which :func:`since_seen` would give entries. One SQL statement."""
    agency_id = actor.agency_id if agency_id is None else agency_id
    until = seen_until(actor, agency_id)
    if actor.seen is None or until is None:
        return frozenset()
    found = Entry.objects.filter(agency_id=agency_id, subject_type=subject_type, sequence__gt=until)
    own = [sequence for agency, sequence in actor.seen.written if agency == agency_id]
    found = found.exclude(sequence__in=own, by_id=actor.person_id)
    seen = frozenset(subject_ids)
    return frozenset(pk for pk in found.values_list("subject_id", flat=True) if pk is not None and pk in seen)


def latest_after(
    agency_id: int, subject_type: str, subject_ids: Collection[int], sequence: int
) -> dict[int, Entry]:
    """Return the newest entry about each of several records after an entry's number. One SQL statement."""
    found = Entry.objects.filter(
        agency_id=agency_id, subject_type=subject_type, subject_id__in=subject_ids, sequence__gt=sequence
    )
    return {
        each.subject_id: each
        for each in found.select_related("by").order_by("sequence")
        if each.subject_id is not None
    }


def written_on(
    agency_id: int, subject_type: str, verb: str, subject_ids: Collection[int], on: date
) -> frozenset[int]:
    """Return those of several records to which an act was done on a day. One SQL statement."""
    found = Entry.objects.filter(
        agency_id=agency_id, subject_type=subject_type, verb=verb, subject_id__in=subject_ids, on=on
    )
    return frozenset(pk for pk in found.values_list("subject_id", flat=True) if pk is not None)


def overtaken(actor: Actor, subject: models.Model) -> ChangedMeanwhile:
    """Return the refusal for a form on a record of which a newer revision stands, with what the journal says of it."""
    entries = since_seen(actor, subject._meta.label_lower, subject.pk)
    if actor.seen is not None:
        actor.seen.meanwhile, actor.seen.is_refused = entries, True
    return ChangedMeanwhile(entries)


def overtaken_or(actor: Actor, subject: models.Model, refusal: Refusal) -> Refusal:
    """Return who acted on a record since the actor saw it, as a refusal; where nobody did, the one given."""
    meanwhile = overtaken(actor, subject)
    return meanwhile if meanwhile.entries else refusal


def refuse_unseen(actor: Actor, change: Entry, *, before: Any, after: Any, settles: bool) -> None:
    """Refuse a change, about to be entered, of fields that somebody changed since the actor saw the record.

    ``before`` and ``after`` are its values, which an entry keeps under seal where they are personal. With
    ``settles`` any entry since then counts, for the act takes the record as a whole. Call under the lock of the
    agency's journal. Raises ChangedMeanwhile.
    """
    seen = actor.seen
    if seen is None or seen_until(actor, change.agency_id) is None:
        return
    mine = _changed(before, after, only_overwritten=True)
    if not mine and not settles:
        return
    entries = since_seen(actor, change.subject_type, change.subject_id, change.agency_id)
    if any(settles or mine & _changed(entry.before, entry.after) for entry in entries):
        seen.meanwhile, seen.is_refused = entries, True
        raise ChangedMeanwhile(entries)


def written(actor: Actor) -> frozenset[tuple[int, int]]:
    """Return the entries made in the actor's name by this act, of those that stand, by agency and number."""
    if actor.seen is None or not actor.seen.written:
        return frozenset()
    numbers = {sequence for _agency, sequence in actor.seen.written}
    found = Entry.objects.filter(sequence__in=numbers, by_id=actor.person_id)
    return frozenset(found.values_list("agency_id", "sequence")) & frozenset(actor.seen.written)


def note_written(actor: Actor, entry: Entry) -> None:
    """Note an entry made in the actor's name."""
    if actor.seen is not None:
        actor.seen.written.add((entry.agency_id, entry.sequence))


def _changed(before: Any, after: Any, *, only_overwritten: bool = False) -> set[str]:
    """Return the fields that a change touches, one name for each part of a field that has parts.

    ``only_overwritten`` leaves out what was added without anything standing there before.
    """
    was = before if isinstance(before, dict) else {}
    becomes = after if isinstance(after, dict) else {}
    found: set[str] = set()
    for name in was.keys() if only_overwritten else was.keys() | becomes.keys():
        old, new = was.get(name), becomes.get(name)
        if isinstance(old, dict) or isinstance(new, dict):
            found |= {
                f"{name}.{part}" for part in _changed(old or {}, new or {}, only_overwritten=only_overwritten)
            }
        elif old != new:
            found.add(name)
    return found
