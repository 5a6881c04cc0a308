"""Who was given an edition, who has read it, who has not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from camket.documents.models import ControlledDocument, DocumentEdition, Receipt
from camket.org.models import Membership
from camket.org.personal import shown_name
from camket.org.policy import Actor, require
from camket.org.queries import held_on


@dataclass(frozen=True, slots=True)
class ReaderRow:
    """A person who was given an edition; ``is_gone`` for who holds no post in the agency any more."""

    name: str
    unit: str
    given_at: datetime
    read_by: date | None
    read_at: datetime | None
    is_late: bool
    is_gone: bool


def readers_of(actor: Actor, edition_id: int, today: date) -> tuple[ReaderRow, ...]:
    """Return who was given an edition that is or was in effect: those who have not read it first. Three SQL statements."""
    require(actor, "document.view")
    edition = DocumentEdition.objects.get(
        pk=edition_id, document__agency_id=actor.agency_id, state__in=("effective", "replaced", "withdrawn")
    )
    rows = list(
        Receipt.objects.filter(edition=edition).select_related("person").order_by("person__full_name", "pk")
    )
    posts = (
        Membership.objects.filter(
            held_on(today), agency_id=actor.agency_id, person_id__in=[each.person_id for each in rows]
        )
        .order_by("pk")
        .values_list("person_id", "unit__name")
    )
    units: dict[int, str] = {}
    for person_id, unit in posts:
        units[person_id] = units.get(person_id) or unit or ""
    found = [
        ReaderRow(
            shown_name(actor, each.person.full_name),
            units.get(each.person_id, ""),
            each.given_at,
            each.read_by,
            each.read_at,
            each.read_at is None and each.read_by is not None and each.read_by < today,
            each.person_id not in units,
        )
        for each in rows
    ]
    return tuple(sorted(found, key=lambda each: (each.read_at is not None, each.is_gone, each.unit)))


def units_of_document(actor: Actor, edition_id: int) -> list[int]:
    """Return the units that work by the document of an edition; none: all."""
    require(actor, "document.view")
    edition = DocumentEdition.objects.get(pk=edition_id, document__agency_id=actor.agency_id)
    return list(
        ControlledDocument.objects.get(pk=edition.document_id)
        .users.order_by("pk")
        .values_list("pk", flat=True)
    )
