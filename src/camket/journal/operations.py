"""Writing the journal: called by every operation, in the transaction of the change."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import partial
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models import F, Q, QuerySet, Subquery
from django.utils import timezone

from camket.core.chain import ERASURES, FORMAT, GENESIS, harmless, record_hash
from camket.journal import access
from camket.journal.context import request_id
from camket.journal.meanwhile import note_written, refuse_unseen, touched_since_seen
from camket.journal.members import access_fields_of, fields_of
from camket.journal.memory import forget_agency
from camket.journal.models import Access, AccessTally, Entry, Seal
from camket.journal.queries import JournalFilter, entries, no_more_known
from camket.journal.reasons import check_reason
from camket.journal.sealing import Sealing, person_of, personal_values
from camket.org.models import Agency, Delegation
from camket.org.policy import Actor, Scope, require

SYSTEM = "Cam Kết"
"""In whose name the system acts by itself."""

_AT_ONCE = 100
"""So many entries are written in one statement."""


def record(
    *,
    actor: Actor | None,
    agency_id: int,
    verb: str,
    subject: models.Model,
    on: date,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    on_behalf_of: tuple[int, str] | None = None,
    settles: bool = False,
) -> Entry:
    """Append an entry to the agency's chain; ``actor`` is None for what the system does by itself.

    ``on_behalf_of`` (person id, name) is for whom the system does it; whom an actor stands in for is known of the
    actor. Must run inside the transaction of the change; the agency's row is locked so that entries of one agency
    follow each other without gaps. ``settles`` says that the act takes the record as a whole, as it stands.

    Raises ReasonMissing for an act that asks for a reason; ChangedMeanwhile where the change would overwrite what the
    actor has not seen (``camket.journal.meanwhile``).
    """
    return _append(
        actor=actor,
        agency_id=agency_id,
        verb=verb,
        lines=[Line(subject, before, after)],
        on=on,
        reason=reason,
        on_behalf_of=on_behalf_of,
        settles=settles,
    )[0]


@dataclass(frozen=True, slots=True)
class Line:
    """What an act did to one of several records: what stood there, and what stands there now."""

    subject: models.Model
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None


def record_many(
    *,
    actor: Actor,
    agency_id: int,
    verb: str,
    lines: Sequence[Line],
    on: date,
    reason: str = "",
    settles: bool = False,
) -> list[Entry]:
    """Append an entry for each of several records that one act changed; each as :func:`record` would.

    A constant number of statements for any number of records that nobody touched since the actor saw them.
    """
    if not lines:
        return []
    return _append(
        actor=actor,
        agency_id=agency_id,
        verb=verb,
        lines=lines,
        on=on,
        reason=reason,
        on_behalf_of=None,
        settles=settles,
    )


def _append(
    *,
    actor: Actor | None,
    agency_id: int,
    verb: str,
    lines: Sequence[Line],
    on: date,
    reason: str,
    on_behalf_of: tuple[int, str] | None,
    settles: bool,
) -> list[Entry]:
    check_reason(verb, reason)
    reason = harmless(reason)
    by_id, by_name = (actor.person_id, actor.name) if actor else (None, SYSTEM)
    for_id, for_name = (actor.stands_in_for if actor else on_behalf_of) or (None, "")
    said = [_said(each) for each in lines]
    no_more_known()
    with transaction.atomic():
        Agency.objects.select_for_update(of=("self",)).only("pk").get(pk=agency_id)
        last = (
            Entry.objects.filter(agency_id=agency_id).order_by("-sequence").only("sequence", "hash").first()
        )
        sequence, previous = (last.sequence, last.hash) if last else (0, GENESIS)
        sealing = Sealing(agency_id)
        sealing.load(
            [
                *([(by_id, by_name)] if actor else []),
                *([(for_id, for_name)] if for_id else []),
                *(value for each in said for value in each.personal()),
            ]
        )
        entries = []
        for number, each in enumerate(said, start=1):
            entry = Entry(
                agency_id=agency_id,
                format=FORMAT,
                sequence=sequence + number,
                at=timezone.now(),
                on=on,
                by_id=by_id,
                by_name=sealing.put(by_id, by_name),
                stood_in_for_id=for_id,
                stood_in_for_name=sealing.put(for_id, for_name),
                capacity=_capacity(actor),
                verb=verb,
                subject_type=each.subject._meta.label_lower,
                subject_id=each.subject.pk,
                subject_label=sealing.put(each.about, each.label) if each.about else each.label,
                before=sealing.into(each.about, each.before),
                after=sealing.into(each.about, each.after),
                reason=reason,
                request_id=request_id(),
                previous_hash=previous,
            )
            entry.hash = previous = record_hash(fields_of(entry))
            entries.append(entry)
        if actor is not None:
            _refuse_unseen(actor, entries, said, settles=settles)
        Entry.objects.bulk_create(entries, batch_size=_AT_ONCE)
        if actor is not None:
            for entry in entries:
                note_written(actor, entry)
        transaction.on_commit(partial(forget_agency, agency_id))
    return entries


@dataclass(frozen=True, slots=True)
class _Said:
    """A line as the journal keeps it, before what is personal goes under seal; ``about`` is whom the record is about."""

    subject: models.Model
    about: int | None
    label: str
    before: Any
    after: Any

    def personal(self) -> Iterator[tuple[int | None, str]]:
        """Yield what of it is personal."""
        if self.about:
            yield self.about, self.label
        yield from personal_values(self.about, self.before)
        yield from personal_values(self.about, self.after)


def _said(line: Line) -> _Said:
    after = line.after
    erased = {ERASURES: after[ERASURES]} if after and ERASURES in after else {}
    return _Said(
        line.subject,
        person_of(line.subject),
        harmless(str(line.subject)[:500]),
        harmless(_plain(line.before)),
        None if after is None else {**harmless(_plain(after)), **erased},
    )


def _refuse_unseen(actor: Actor, entries: Sequence[Entry], said: Sequence[_Said], *, settles: bool) -> None:
    touched: frozenset[int] | None = None
    if len(entries) > 1:
        touched = touched_since_seen(
            actor, entries[0].subject_type, [each.subject_id for each in entries], entries[0].agency_id
        )
    for entry, each in zip(entries, said, strict=True):
        if touched is None or entry.subject_id in touched:
            refuse_unseen(actor, entry, before=each.before, after=each.after, settles=settles)


def record_access(
    *,
    actor: Actor,
    what: str,
    purpose: str,
    on: date,
    person_id: int | None = None,
    people: int = 1,
) -> None:
    """Record that the actor sees personal data: of one person, or a list of ``people`` persons.

    ``what`` is a kind of ``camket.journal.access.KINDS`` (KeyError for others), ``purpose`` the name of the page or
    command. What a person sees of the own data is not recorded. Once for each viewer, person, kind and day; seen
    again, it is counted.
    """
    access.KINDS[what]
    if person_id == actor.person_id or not people:
        return
    alike = Q(person_id=person_id) if person_id is not None else Q(person__isnull=True, people__gte=people)
    with transaction.atomic(
        savepoint=False
    ):  # nothing in here is caught: a page's own transaction goes with it
        now = timezone.now()
        again = Access.objects.filter(
            alike, agency_id=actor.agency_id, by_id=actor.person_id, on=on, what=what
        )
        if AccessTally.objects.filter(access__in=again).update(times=F("times") + 1, latest_at=now):
            return
        Agency.objects.select_for_update(of=("self",)).only("pk").get(pk=actor.agency_id)
        last = (
            Access.objects.filter(agency_id=actor.agency_id)
            .order_by("-sequence")
            .only("sequence", "hash")
            .annotate(
                again=Subquery(again.order_by("sequence").values("pk")[:1]),
                tally_id=Subquery(AccessTally.objects.filter(access__in=again).values("pk")[:1]),
            )
            .first()
        )
        if last is not None and last.again is not None:
            if last.tally_id is None:
                AccessTally.objects.create(access_id=last.again, times=2, latest_at=now)
            else:  # another look came between the two
                AccessTally.objects.filter(pk=last.tally_id).update(times=F("times") + 1, latest_at=now)
            return
        sealing = Sealing(actor.agency_id)
        sealing.load([(actor.person_id, actor.name)])
        seen = Access(
            agency_id=actor.agency_id,
            format=FORMAT,
            sequence=last.sequence + 1 if last else 1,
            at=now,
            on=on,
            by_id=actor.person_id,
            by_name=sealing.put(actor.person_id, actor.name),
            capacity=_capacity(actor),
            what=what,
            person_id=person_id,
            people=people,
            purpose=purpose[:255],
            request_id=request_id(),
            previous_hash=last.hash if last else GENESIS,
        )
        seen.hash = record_hash(access_fields_of(seen))
        seen.save(force_insert=True)


def erase_seals(*, person_id: int) -> dict[int, list[str]]:
    """Take a person's data out of what all journals seal; return the references by agency.

    Also the labels of delegations of the person's posts, which name giver and deputy. Whoever calls it records the
    references in each agency's journal in the same transaction (member ``seals`` of ``after``): a seal that is
    missing without an entry that says so breaks the chain.
    """
    given = Delegation.objects.filter(post__person_id=person_id).values("pk")
    labels = Entry.objects.filter(subject_type="org.delegation", subject_id__in=given).values("subject_label")
    found = Seal.objects.filter(Q(person_id=person_id) | Q(reference__in=labels))
    erased: dict[int, list[str]] = {}
    for agency_id, each in found.order_by("agency_id", "reference").values_list("agency_id", "reference"):
        erased.setdefault(agency_id, []).append(each)
    found.delete()
    return erased


def export_entries(*, actor: Actor, wanted: JournalFilter, file_format: str, today: date) -> QuerySet[Entry]:
    """Record that the actor takes entries out of the journal, and return those, up to the one that records it.

    Raises NotAllowed.
    """
    with transaction.atomic():
        require(actor, "journal.export")
        found = entries(actor, wanted)
        narrowed = {name: value for name, value in asdict(wanted).items() if value}
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="journal.exported",
            subject=Agency.objects.get(pk=actor.agency_id),
            on=today,
            after={"format": file_format, "entries": found.count(), "filter": narrowed},
        )
    return found


def export_all(*, agency_id: int, file_format: str, today: date) -> QuerySet[Entry]:
    """Record that a command takes the whole journal of an agency out, and return its entries."""
    with transaction.atomic():
        found = Entry.objects.filter(agency_id=agency_id)
        record(
            actor=None,
            agency_id=agency_id,
            verb="journal.exported",
            subject=Agency.objects.get(pk=agency_id),
            on=today,
            after={"format": file_format, "entries": found.count()},
        )
    return found


def _capacity(actor: Actor | None) -> str:
    if actor is None:
        return ""
    roles = ",".join(sorted(actor.roles))
    reached = "" if actor.scope is Scope.AGENCY else f"@{actor.scope}:{actor.home_agency_id or ''}"
    return f"{roles}{reached}"[:255]


def _plain(data: Mapping[str, Any] | None) -> Any:
    return None if data is None else json.loads(json.dumps(dict(data), cls=DjangoJSONEncoder))
