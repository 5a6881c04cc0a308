"""The catalogue of administrative procedures: what a list, a procedure's page and an export show of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, Sum

from camket.core.dossiers import LEVEL_NAMES, LimitUnit, OnlineLevel, TimeLimit
from camket.core.messages import Message
from camket.core.procedure_list import limit_in_words
from camket.core.tally import Grain, Shape, day_number
from camket.core.wording.text import search_key, sort_key
from camket.dossiers.courses import limit_of
from camket.dossiers.models import Bucket, Field, Posting, Procedure, ProcedureEdition
from camket.org.policy import Actor, require
from camket.org.queries import names

_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class ProcedureRow:
    """A procedure as the list shows it: what holds on the day, or what holds first or held last."""

    id: int
    code: str
    name: str
    field_id: int
    field: str
    unit: str
    time_limit: TimeLimit
    level: OnlineLevel
    valid_from: date
    valid_to: date | None
    decision: str
    partial_reason: str
    is_listed: bool
    is_ended: bool
    is_posted: bool
    received: int = 0

    @property
    def limit(self) -> Message:
        """Return the time limit in words."""
        return limit_in_words(self.time_limit)

    @property
    def level_name(self) -> Message:
        """Return the online level in words."""
        return Message(LEVEL_NAMES[self.level])


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which procedures a list shows. ``state``: listed, unlisted, ended; ``posted``: yes, no or nothing."""

    words: str = ""
    field_id: int | None = None
    posted: str = ""
    level: int | None = None
    without_limit: bool = False
    state: str = "listed"


@dataclass(frozen=True, slots=True)
class Overview:
    """How the catalogue stands, beside the procedures wanted of it."""

    rows: tuple[ProcedureRow, ...]
    fields: tuple[tuple[int, str], ...]
    listed: int
    unlisted: int
    not_posted: int
    without_limit: int


@dataclass(frozen=True, slots=True)
class EditionRow:
    """An edition with what it changed: names of columns, before and after."""

    id: int
    name: str
    field: str
    unit: str
    unit_id: int | None
    limit: TimeLimit
    limit_said: Message
    limit_text: str
    level: OnlineLevel
    level_name: Message
    partial_reason: str
    decision: str
    valid_from: date
    valid_to: date | None
    entered_at: datetime
    entered_by: str
    is_current: bool
    is_from_dossiers: bool
    changed: frozenset[str]


@dataclass(frozen=True, slots=True)
class PostingRow:
    """Where a procedure is or was posted."""

    id: int
    place: str
    address: str
    posted_on: date
    removed_on: date | None
    noted_by: str


@dataclass(frozen=True, slots=True)
class ProcedurePage:
    """A procedure with its editions, newest first, and its postings."""

    id: int
    code: str
    is_listed: bool
    is_ended: bool
    last_day: date | None
    current: EditionRow
    editions: tuple[EditionRow, ...]
    postings: tuple[PostingRow, ...]


def catalogue(actor: Actor, wanted: Wanted, on: date) -> Overview:
    """Return the agency's procedures as they stand on a day, by field and name; those that dossiers alone name by number."""
    require(actor, "procedure.view")
    rows = _rows(actor, on)
    listed = [row for row in rows if row.is_listed and not row.is_ended]
    unlisted = sum(not row.is_listed for row in rows)
    kept = [row for row in rows if _is_wanted(row, wanted)]
    if wanted.state == "unlisted":
        received = _received(actor.agency_id, [row.id for row in kept], on)
        kept = sorted(
            (replace(row, received=received.get(row.id, 0)) for row in kept),
            key=lambda row: (-row.received, sort_key(row.name)),
        )
    return Overview(
        rows=tuple(kept),
        fields=field_choices(actor),
        listed=len(listed),
        unlisted=unlisted,
        not_posted=sum(not row.is_posted for row in listed),
        without_limit=sum(_has_no_limit(row) for row in listed),
    )


def field_choices(actor: Actor) -> tuple[tuple[int, str], ...]:
    """Return the agency's fields of procedures in the order of the alphabet."""
    rows = Field.objects.filter(agency_id=actor.agency_id).values_list("pk", "name").order_by("pk")
    return tuple(sorted(rows, key=lambda row: sort_key(row[1])))


def places(actor: Actor) -> list[str]:
    """Return where the agency posts procedures, the most used first."""
    rows = Posting.objects.filter(procedure__agency_id=actor.agency_id).values("place")
    return list(
        rows.annotate(count=Count("pk")).order_by("-count", "place").values_list("place", flat=True)[:20]
    )


def procedure(actor: Actor, procedure_id: int, on: date) -> ProcedurePage:
    """Return a procedure of the actor's agency. Raises DoesNotExist for another's."""
    require(actor, "procedure.view")
    row = Procedure.objects.get(agency_id=actor.agency_id, pk=procedure_id)
    _, people = names(actor)
    editions = list(row.editions.select_related("field", "unit").order_by("valid_from"))
    holding = _holding(editions, on)
    shown: list[EditionRow] = []
    for at, each in enumerate(editions):
        before = editions[at - 1] if at else None
        shown.append(_edition_row(each, before, people, is_current=each is holding, is_listed=row.is_listed))
    last = editions[-1]
    return ProcedurePage(
        id=row.pk,
        code=row.code,
        is_listed=row.is_listed,
        is_ended=last.valid_to is not None and last.valid_to < on,
        last_day=last.valid_to,
        current=next(each for each in shown if each.id == holding.pk),
        editions=tuple(reversed(shown)),
        postings=tuple(
            PostingRow(
                id=each.pk,
                place=each.place,
                address=each.address,
                posted_on=each.posted_on,
                removed_on=each.removed_on,
                noted_by=people.get(each.noted_by_id, ""),
            )
            for each in row.postings.order_by("removed_on", "-posted_on", "pk")
        ),
    )


def procedure_posted(actor: Actor, posting_id: int) -> int:
    """Return the procedure of a posting; raises Posting.DoesNotExist for another agency's."""
    require(actor, "procedure.view")
    return Posting.objects.values_list("procedure_id", flat=True).get(
        pk=posting_id, procedure__agency_id=actor.agency_id
    )


def _rows(actor: Actor, on: date) -> list[ProcedureRow]:
    editions: dict[int, list[ProcedureEdition]] = {}
    rows = ProcedureEdition.objects.filter(procedure__agency_id=actor.agency_id)
    rows = rows.select_related("procedure", "field", "unit").order_by("procedure_id", "valid_from")
    for each in rows:
        editions.setdefault(each.procedure_id, []).append(each)
    posted = set(
        Posting.objects.filter(procedure__agency_id=actor.agency_id, removed_on=None).values_list(
            "procedure_id", flat=True
        )
    )
    found = []
    for procedure_id, own in editions.items():
        held = _holding(own, on)
        last = own[-1]
        found.append(
            ProcedureRow(
                id=procedure_id,
                code=held.procedure.code,
                name=held.name,
                field_id=held.field_id,
                field=held.field.name,
                unit=held.unit.name if held.unit else "",
                time_limit=limit_of(held),
                level=OnlineLevel(held.level),
                valid_from=held.valid_from,
                valid_to=held.valid_to,
                decision=held.decision,
                partial_reason=held.partial_reason,
                is_listed=held.procedure.is_listed,
                is_ended=last.valid_to is not None and last.valid_to < on,
                is_posted=procedure_id in posted,
            )
        )
    return sorted(found, key=lambda row: (sort_key(row.field), sort_key(row.name), row.code))


def _is_wanted(row: ProcedureRow, wanted: Wanted) -> bool:
    state = "unlisted" if not row.is_listed else "ended" if row.is_ended else "listed"
    if state != wanted.state:
        return False
    if wanted.field_id is not None and row.field_id != wanted.field_id:
        return False
    if wanted.posted and row.is_posted != (wanted.posted == "yes"):
        return False
    if wanted.level is not None and row.level != wanted.level:
        return False
    if wanted.without_limit and not _has_no_limit(row):
        return False
    hay = search_key(f"{row.code} {row.name}")
    return all(word in hay for word in search_key(wanted.words).split())


def _has_no_limit(row: ProcedureRow) -> bool:
    return row.time_limit.unit == LimitUnit.NONE


def _received(agency_id: int, procedure_ids: Sequence[int], on: date) -> dict[int, int]:
    """Return how many dossiers of procedures were received in a year, from the counts of months."""
    since = (on - _YEAR).replace(day=1)
    rows = Bucket.objects.filter(
        Q(procedure_key__in=procedure_ids),
        agency_id=agency_id,
        shape=Shape.CELL.value,
        grain=Grain.MONTH.value,
        start__gte=day_number(since),
    )
    return dict(rows.values_list("procedure_key").annotate(total=Sum("received")).order_by("procedure_key"))


def _holding(editions: Sequence[ProcedureEdition], on: date) -> ProcedureEdition:
    """Return the edition that holds on a day; before all the first, after all the last."""
    begun = [each for each in editions if each.valid_from <= on]
    return begun[-1] if begun else editions[0]


_COMPARED = ("name", "field_id", "unit_id", "limit_amount", "limit_unit", "level", "partial_reason")
_SHOWN_AS = {"field_id": "field", "unit_id": "unit", "limit_amount": "limit", "limit_unit": "limit"}


def _edition_row(
    each: ProcedureEdition,
    before: ProcedureEdition | None,
    people: dict[int, str],
    *,
    is_current: bool,
    is_listed: bool,
) -> EditionRow:
    level = OnlineLevel(each.level)
    return EditionRow(
        id=each.pk,
        name=each.name,
        field=each.field.name,
        unit=each.unit.name if each.unit else "",
        unit_id=each.unit_id,
        limit=limit_of(each),
        limit_said=limit_in_words(limit_of(each)),
        limit_text=each.limit_text,
        level=level,
        level_name=Message(LEVEL_NAMES[level]),
        partial_reason=each.partial_reason,
        decision=each.decision,
        valid_from=each.valid_from,
        valid_to=each.valid_to,
        entered_at=each.entered_at,
        entered_by=people.get(each.entered_by_id or 0, ""),
        is_current=is_current,
        is_from_dossiers=before is None and (each.entered_by_id is None or not is_listed),
        changed=frozenset(
            _SHOWN_AS.get(name, name)
            for name in _COMPARED
            if before is not None and getattr(each, name) != getattr(before, name)
        ),
    )
