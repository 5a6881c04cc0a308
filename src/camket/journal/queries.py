"""Reading the journal: pages of entries, a record's history, who saw personal data, and whether the chains are whole."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.db.models import Case, Count, OuterRef, Q, QuerySet, Subquery, Sum, TextField, Value, When
from django.db.models.functions import Coalesce

from camket.core.chain import GENESIS, Break, Fault, Walk, canonical, references
from camket.journal import kin
from camket.journal.members import access_fields_of, fields_of
from camket.journal.models import Access, Entry, Seal
from camket.journal.sealing import STAFF_RECORD, Opened
from camket.org.models import Agency
from camket.org.personal import shown_name
from camket.org.policy import Actor, require

PERSONAL = (
    "org.person", "org.membership", "org.seat", "org.invitation", "org.delegation", "org.subjectrequest",
    "org.erasure",
)  # fmt: skip
"""Kinds of subject whose history only those see who may see the whole journal."""

PAGE = 50
HISTORY = 200
"""Entries of a page, and of a record's history."""


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a change; None where the field was not there."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One recorded act; ``for_name`` is whom the person who acted stood in for, empty otherwise."""

    sequence: int
    at: datetime
    on: date
    by_id: int | None
    by_name: str
    for_name: str
    capacity: str
    verb: str
    subject_type: str
    subject_id: int | None
    subject_label: str
    changes: tuple[Change, ...]
    reason: str
    hash: str


@dataclass(frozen=True, slots=True)
class Returned:
    """That something submitted was returned, by whom, when and why."""

    reason: str
    by: str
    on: date


@dataclass(frozen=True, slots=True)
class JournalFilter:
    """Which entries a person looks for; empty parts do not narrow."""

    kind: str = ""
    by_id: int | None = None
    since: date | None = None
    until: date | None = None
    words: str = ""
    subject_type: str = ""
    subject_id: int | None = None


@dataclass(frozen=True, slots=True)
class EntryPage:
    """Entries, newest first, with the number before which the next older page begins; None on the oldest."""

    rows: tuple[EntryRow, ...]
    older: int | None


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry of an agency's chain, to be noted elsewhere."""

    agency: str
    sequence: int
    hash: str

    def to_json(self) -> dict[str, Any]:
        """Return the head for a command's output and for files of noted heads."""
        return {"agency": self.agency, "sequence": self.sequence, "hash": self.hash}


@dataclass(frozen=True, slots=True)
class ChainState:
    """Whether an agency's chain is whole; ``broken_at`` is the first place that does not fit, ``fault`` how.

    A chain can tell changed, missing and inserted entries. That its newest entries were cut off shows only
    against ``head``, the hash of the newest entry, written down elsewhere before. ``since`` is the number of the
    entry after which the walk began: 0 for the whole chain.
    """

    entries: int
    broken_at: int | None = None
    head: str = field(default=GENESIS)
    fault: Fault | None = None
    since: int = 0

    @property
    def whole(self) -> bool:
        """Whether every entry fits the one before it."""
        return self.broken_at is None

    def to_json(self) -> dict[str, Any]:
        """Return the state for a command's output."""
        return {
            "entries": self.entries,
            "whole": self.whole,
            "broken_at": self.broken_at,
            "fault": self.fault.value if self.fault else None,
            "since": self.since,
            "head": self.head,
        }


@dataclass(frozen=True, slots=True)
class AccessRow:
    """That somebody saw personal data; ``person_id`` is None for a list of ``people`` persons."""

    sequence: int
    at: datetime
    on: date
    by_id: int | None
    by_name: str
    capacity: str
    what: str
    person_id: int | None
    person_name: str
    people: int
    purpose: str
    times: int


@dataclass(frozen=True, slots=True)
class AccessPage:
    """Accesses, newest first, with the number before which the next older page begins; None on the oldest."""

    rows: tuple[AccessRow, ...]
    older: int | None


def latest_hash(agency_id: OuterRef) -> Coalesce:
    """Return, for a statement that names an agency's id, the hash of the agency's newest entry.

    It changes with every change of the agency's records.
    """
    newest = Entry.objects.filter(agency_id=agency_id).order_by("-sequence").values("hash")[:1]
    return Coalesce(Subquery(newest), Value(GENESIS))


_KNOWN: ContextVar[tuple[int, str] | None] = ContextVar("known", default=None)


@contextmanager
def newest_known(agency_id: int, newest: str) -> Iterator[None]:
    """Take a hash as that of an agency's newest entry meanwhile: for who only looks, and looked at it first."""
    token = _KNOWN.set((agency_id, newest))
    try:
        yield
    finally:
        _KNOWN.reset(token)


def no_more_known() -> None:
    """Forget what :func:`newest_known` took as true: an entry is being written."""
    _KNOWN.set(None)


def newest_hash(agency_id: int) -> str:
    """Return the hash of an agency's newest entry, which changes with its records; one SQL statement.

    None where it is known (:func:`newest_known`).
    """
    known = _KNOWN.get()
    if known is not None and known[0] == agency_id:
        return known[1]
    newest = Entry.objects.filter(agency_id=agency_id).order_by("-sequence").values_list("hash", flat=True)
    return newest.first() or GENESIS


def count_all() -> int:
    """Return how many entries the journals of all agencies hold, by the numbers of their newest ones."""
    newest = Entry.objects.filter(agency_id=OuterRef("pk")).order_by("-sequence").values("sequence")[:1]
    last = Agency.objects.annotate(newest=Coalesce(Subquery(newest), Value(0)))
    return int(last.aggregate(total=Sum("newest"))["total"] or 0)


# Pages of entries


def entries(actor: Actor, wanted: JournalFilter) -> QuerySet[Entry]:
    """Return the agency's entries, newest first; ``rows`` makes them values for pages.

    Raises NotAllowed.
    """
    require(actor, "journal.view")
    found = Entry.objects.filter(agency_id=actor.agency_id).order_by("-sequence")
    if wanted.kind:
        found = found.filter(verb__startswith=f"{wanted.kind}.")
    if wanted.by_id is not None:
        found = found.filter(Q(by_id=wanted.by_id) | Q(stood_in_for_id=wanted.by_id))
    if wanted.since is not None:
        found = found.filter(on__gte=wanted.since)
    if wanted.until is not None:
        found = found.filter(on__lte=wanted.until)
    if wanted.subject_type:
        found = found.filter(subject_type=wanted.subject_type, subject_id=wanted.subject_id)
    for word in wanted.words.split():
        named = Seal.objects.filter(agency_id=actor.agency_id, value__icontains=word).values("reference")
        found = found.filter(
            Q(subject_label__icontains=word) | Q(reason__icontains=word) | Q(subject_label__in=named)
        )
    return found


def entry_page(actor: Actor, wanted: JournalFilter, before: int | None = None, size: int = PAGE) -> EntryPage:
    """Return the newest entries that fit, older than the number ``before``: never a count over all of them.

    Raises NotAllowed.
    """
    found = entries(actor, wanted)
    if before is not None:
        found = found.filter(sequence__lt=before)
    here = list(found[: size + 1])
    return EntryPage(rows(here[:size]), here[size - 1].sequence if len(here) > size else None)


def kinds(actor: Actor) -> list[str]:
    """Return the kinds of subject that the agency's journal speaks of, the first parts of its verbs."""
    verbs = (
        Entry.objects.filter(agency_id=actor.agency_id)
        .order_by("verb")
        .values_list("verb", flat=True)
        .distinct()
    )
    return list(dict.fromkeys(verb.partition(".")[0] for verb in verbs))


def times_written(
    agency_id: int, subject_type: str, subject_ids: Collection[int], *, also: str = ""
) -> Counter[int]:
    """Return how often the journal tells of each record, a number that only grows; two SQL statements at most.

    ``also`` is a kind of subject whose changes move all of them, as the days off of a calendar do.
    """
    if not subject_ids:
        return Counter()
    own = Entry.objects.filter(agency_id=agency_id)
    told = own.filter(subject_type=subject_type, subject_id__in=subject_ids).order_by()
    found = Counter(dict(told.values_list("subject_id").annotate(Count("pk"))))
    moves = own.filter(subject_type=also).count() if also else 0
    return Counter({each: found[each] + moves for each in subject_ids})


def as_it_stood(agency_id: int, subject_type: str, on: date) -> dict[int, dict[str, Any]]:
    """Return what records of a kind said at a day's end where an act changed it since, by record and member.

    What is not there is as it was, or was never said before that act. Names stand as references. One SQL statement.
    """
    later = Entry.objects.filter(agency_id=agency_id, subject_type=subject_type, on__gt=on)
    found: dict[int, dict[str, Any]] = {}
    for subject_id, before in later.order_by("sequence").values_list("subject_id", "before"):
        if subject_id is not None:
            said = found.setdefault(subject_id, {})
            for name, value in (before or {}).items():
                said.setdefault(name, value)
    return found


def history(actor: Actor, *, subject_type: str, subject_id: int) -> tuple[EntryRow, ...]:
    """Return what happened to one record of the agency and to its parts, newest first; at most 200 entries.

    A plan's history has its objectives, targets and actions: the packages that own them say so (``kin``). Nothing
    where a record came in with others and was not changed since.
    Raises NotAllowed; Entry.DoesNotExist where the agency's journal knows no such record.
    """
    require(actor, "journal.view" if subject_type in PERSONAL else "org.view")
    own = Entry.objects.filter(agency_id=actor.agency_id)
    wanted = Q(subject_type=subject_type, subject_id=subject_id)
    for part_type, part_ids in kin.parts_of(subject_type, actor.agency_id, subject_id):
        wanted |= Q(subject_type=part_type, subject_id__in=part_ids)
    # By the index of subjects, then by number: a database that is asked for the newest goes through all of them.
    numbers = sorted(own.filter(wanted).order_by().values_list("sequence", flat=True), reverse=True)
    found = list(own.filter(sequence__in=numbers[:HISTORY]).order_by("-sequence"))
    is_own = any(entry.subject_type == subject_type for entry in found)
    if not (
        is_own
        or kin.is_known(subject_type, actor.agency_id, subject_id)
        or own.filter(subject_type=subject_type, subject_id=subject_id).exists()
    ):
        raise Entry.DoesNotExist(f"{subject_type} {subject_id}")
    return rows(found)


def returned(actor: Actor, *, subject_type: str, subject_id: int) -> Returned | None:
    """Return why a record of the agency was returned, until it is submitted anew; None for one that was not. Two SQL statements.

    For pages of records that the actor sees: acts are called ``….returned`` and ``….submitted``, ``.asked`` or ``.confirmed``.
    """
    entry = _turns(actor.agency_id, subject_type, subject_id).first()
    if entry is None or not entry.verb.endswith(".returned"):
        return None
    (row,) = rows([entry])
    return Returned(row.reason, shown_name(actor, row.by_name) if row.by_name else "", row.on)


def last_told(actor: Actor, *, subject_type: str, subject_id: int, verb: str) -> Returned | None:
    """Return why, by whom and when an act was last done to a record of the agency; None for never. Two SQL statements.

    For pages of records that the actor sees.
    """
    own = Entry.objects.filter(agency_id=actor.agency_id, subject_type=subject_type, subject_id=subject_id)
    entry = own.filter(verb=verb).order_by("-sequence").first()
    if entry is None:
        return None
    (row,) = rows([entry])
    return Returned(row.reason, shown_name(actor, row.by_name) if row.by_name else "", row.on)


def reason_returned(agency_id: int, subject_type: str, subject_id: OuterRef) -> Subquery:
    """Return, for a statement that names a record's id, why it was returned, as :func:`returned` does: "" or None for not."""
    newest = _turns(agency_id, subject_type, subject_id)
    said = Case(When(verb__endswith=".returned", then="reason"), default=Value(""), output_field=TextField())
    return Subquery(newest.annotate(said=said).values("said")[:1])


def _turns(agency_id: int, subject_type: str, subject_id: int | OuterRef) -> QuerySet[Entry]:
    acts = Q(verb__endswith=".returned")
    for again in (".submitted", ".asked", ".confirmed"):
        acts |= Q(verb__endswith=again)
    own = Entry.objects.filter(agency_id=agency_id, subject_type=subject_type, subject_id=subject_id)
    return own.filter(acts).order_by("-sequence")


def rows(found: Iterable[Entry]) -> tuple[EntryRow, ...]:
    """Return entries of one agency as values, with their changes field by field and names in their places.

    That a record of a person's grades or discipline changed is told, not what it said.
    """
    return _rows(found, reads_staff_records=False)


def rows_of_record(found: Iterable[Entry]) -> tuple[EntryRow, ...]:
    """Return entries as :func:`rows` does, and what records of single people said: for who may see that record."""
    return _rows(found, reads_staff_records=True)


def _rows(found: Iterable[Entry], *, reads_staff_records: bool) -> tuple[EntryRow, ...]:
    given = list(found)
    if not given:
        return ()
    opened = Opened.of(
        given[0].agency_id,
        [
            [each.by_name, each.stood_in_for_name, each.subject_label, each.before, each.after]
            for each in given
        ],
    )
    return tuple(_row(each, opened, reads_staff_records=reads_staff_records) for each in given)


def _row(entry: Entry, opened: Opened, *, reads_staff_records: bool) -> EntryRow:
    before, after = (
        _members(opened.data(data), reads_staff_records=reads_staff_records) if isinstance(data, dict) else {}
        for data in (entry.before, entry.after)
    )
    return EntryRow(
        sequence=entry.sequence,
        at=entry.at,
        on=entry.on,
        by_id=entry.by_id,
        by_name=opened.text(entry.by_name, entry.by_id),
        for_name=opened.text(entry.stood_in_for_name, entry.stood_in_for_id),
        capacity=entry.capacity,
        verb=entry.verb,
        subject_type=entry.subject_type,
        subject_id=entry.subject_id,
        subject_label=opened.text(entry.subject_label, entry.subject_id),
        # By name: PostgreSQL keeps no order of an object's members.
        changes=tuple(Change(name, before.get(name), after.get(name)) for name in sorted({*before, *after})),
        reason=entry.reason,
        hash=entry.hash,
    )


def _members(data: Mapping[str, Any], *, reads_staff_records: bool) -> dict[str, Any]:
    """Return the members of ``before`` or ``after``; those of a record of a single person in its place, or left out."""
    kept = {name: value for name, value in data.items() if name != STAFF_RECORD}
    said = data.get(STAFF_RECORD)
    if not reads_staff_records or not isinstance(said, str):
        return kept
    try:
        return {**kept, **json.loads(said)}
    except ValueError:  # taken out: the sentence that says so stands there
        return {**kept, STAFF_RECORD: said}


# Who saw personal data


def accesses(actor: Actor, *, person_id: int | None = None, before: int | None = None) -> AccessPage:
    """Return who saw personal data of the agency, or of one person in it; for the officer in charge.

    Raises NotAllowed.
    """
    require(actor, "privacy.view")
    found = Access.objects.filter(agency_id=actor.agency_id)
    if person_id is not None:
        found = found.filter(person_id=person_id)
    return _access_page(found, before)


def accesses_to_own_data(actor: Actor, *, before: int | None = None) -> AccessPage:
    """Return who saw the actor's own data in the agency, in lists of its people too."""
    found = Access.objects.filter(agency_id=actor.agency_id)
    return _access_page(
        found.filter(Q(person_id=actor.person_id) | Q(person__isnull=True)).exclude(by_id=actor.person_id),
        before,
    )


def _access_page(found: QuerySet[Access], before: int | None) -> AccessPage:
    if before is not None:
        found = found.filter(sequence__lt=before)
    here = list(found.select_related("person", "tally").order_by("-sequence")[: PAGE + 1])
    shown = here[:PAGE]
    opened = Opened.of(shown[0].agency_id, [each.by_name for each in shown]) if shown else Opened({})
    return AccessPage(
        tuple(
            AccessRow(
                sequence=each.sequence,
                at=each.at,
                on=each.on,
                by_id=each.by_id,
                by_name=opened.text(each.by_name, each.by_id),
                capacity=each.capacity,
                what=each.what,
                person_id=each.person_id,
                person_name=each.person.full_name if each.person else "",
                people=each.people,
                purpose=each.purpose,
                times=each.tally.times if hasattr(each, "tally") else 1,
            )
            for each in shown
        ),
        here[PAGE - 1].sequence if len(here) > PAGE else None,
    )


# Whether the chains are whole


def heads() -> list[Head]:
    """Return the newest entry of every agency's chain, by the agencies' codes."""
    newest = Entry.objects.filter(agency_id=OuterRef("pk")).order_by("-sequence")
    found = Agency.objects.order_by("code").annotate(
        last_sequence=Subquery(newest.values("sequence")[:1]), last_hash=Subquery(newest.values("hash")[:1])
    )
    return [
        Head(agency.code, agency.last_sequence or 0, agency.last_hash or GENESIS)
        for agency in found.only("code")
    ]


def verify(agency_id: int, since: Head | None = None) -> ChainState:
    """Go along an agency's chain, from its beginning or from a head noted earlier, and return whether it is whole.

    From a noted head on only what came later is read; that the head is still where it was shows that the chain was
    neither cut nor rewritten before it, as far as the walk that noted it had found it whole.
    """
    found = Entry.objects.filter(agency_id=agency_id).order_by("sequence")
    walk = Walk(seals=_seals(agency_id))
    if since is not None and since.sequence:
        there = found.filter(sequence=since.sequence).first()
        if there is None or there.hash != since.hash:
            total = found.count()
            fault = Fault.CUT if there is None and total < since.sequence else Fault.REWRITTEN
            return ChainState(total, since.sequence, GENESIS, fault, since.sequence)
        walk.sequence, walk.head = since.sequence, since.hash
        walk.erased_elsewhere(_erased(agency_id))
        found = found.filter(sequence__gt=since.sequence)
    for entry in found.iterator(chunk_size=2000):
        if not walk.step(fields_of(entry)):
            break
    return _state(agency_id, walk, walk.end(), since.sequence if since else 0)


def verify_newest(agency_id: int, at_most: int) -> ChainState:
    """Go along the newest entries of an agency's chain only: quick enough for a page, however long the chain."""
    last = Entry.objects.filter(agency_id=agency_id).order_by("-sequence").first()
    if last is None or last.sequence <= at_most:
        return verify(agency_id)
    start = Entry.objects.filter(agency_id=agency_id, sequence=last.sequence - at_most).first()
    if start is None:
        return ChainState(last.sequence, last.sequence - at_most, last.hash, Fault.MISSING)
    return verify(agency_id, Head("", start.sequence, start.hash))


def verify_accesses(agency_id: int) -> ChainState:
    """Go along the chain of the accesses to personal data and return whether it is whole."""
    walk = Walk(seals=_seals(agency_id))
    walk.erased_elsewhere(_erased(agency_id))
    for seen in Access.objects.filter(agency_id=agency_id).order_by("sequence").iterator(chunk_size=2000):
        if not walk.step(access_fields_of(seen)):
            break
    found = walk.end()
    return ChainState(walk.count, found.at if found else None, walk.head, found.fault if found else None)


def _state(agency_id: int, walk: Walk, found: Break | None, since: int) -> ChainState:
    if found is None:
        return ChainState(entries=since + walk.count, head=walk.head, since=since)
    total = Entry.objects.filter(agency_id=agency_id).count()
    return ChainState(total, found.at, walk.head, found.fault, since)


def _seals(agency_id: int) -> Mapping[str, tuple[str, str]]:
    found = Seal.objects.filter(agency_id=agency_id).values_list("reference", "value", "salt")
    return {each: (value, salt) for each, value, salt in found.iterator(chunk_size=2000)}


def _erased(agency_id: int) -> list[Any]:
    """Return what the entries of erasures say was taken out of the agency's seals."""
    erasures = Entry.objects.filter(agency_id=agency_id, verb="person.anonymised")
    return list(erasures.values_list("after", flat=True))


# Taking it out


def export_lines(
    agency_id: int, found: QuerySet[Entry] | None = None, *, has_names: bool = True
) -> Iterator[str]:
    """Return an agency's journal as lines of JSON that :func:`camket.core.chain.verify_export` checks without an installation.

    The first line is the head, then one line an entry (all that its hash covers, and the hash), then the sealed
    values that these entries refer to. ``found`` narrows it: then only neighbours can be held against each other.
    Without names the sealed values stay here, and what the entries refer to cannot be read; what records of single
    people's grades and discipline said stays here in any case.
    """
    own = Agency.objects.get(pk=agency_id)
    everything = Entry.objects.filter(agency_id=own.pk)
    chosen = (everything if found is None else found).order_by("sequence")
    last = everything.order_by("-sequence").only("sequence", "hash").first()
    yield canonical(
        {
            "camket_journal": 1,
            "agency": {"id": own.pk, "code": own.code, "name": own.name},
            "is_whole": found is None,
            "has_names": has_names,
            "sequence": last.sequence if last else 0,
            "head": last.hash if last else GENESIS,
        }
    )
    named: set[str] = set()
    of_staff: set[str] = set()
    for entry in chosen.iterator(chunk_size=2000):
        fields = fields_of(entry)
        named |= set(references(fields))
        for data in (entry.before, entry.after):
            if isinstance(data, dict) and STAFF_RECORD in data:
                of_staff.add(str(data[STAFF_RECORD]))
        yield canonical({"entry": fields})
    for seal in Seal.objects.filter(agency_id=own.pk).order_by("pk").iterator(chunk_size=2000):
        if has_names and seal.reference in named - of_staff:
            yield canonical({"seal": {"reference": seal.reference, "salt": seal.salt, "value": seal.value}})


def export_rows(found: QuerySet[Entry]) -> Iterator[EntryRow]:
    """Return entries as values, oldest first, without holding all of them at once; for tables that people read."""
    chosen = found.order_by("sequence").iterator(chunk_size=1000)
    while chunk := list(islice(chosen, 1000)):
        yield from rows(chunk)
