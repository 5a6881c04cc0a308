"""The agency's dictionary of names in its documents."""

from __future__ import annotations

from dataclasses import dataclass

from camket.core.wording.text import search_key, sort_key
from camket.org.models import BodyName
from camket.org.personal import shown_name
from camket.org.policy import Actor


@dataclass(frozen=True, slots=True)
class BodyNameRow:
    """How the agency's documents name a unit or person."""

    id: int
    text: str
    unit_id: int | None
    unit_name: str
    person_id: int | None
    person_name: str

    @property
    def is_mapped(self) -> bool:
        """Whether the name means somebody."""
        return bool(self.unit_id or self.person_id)


def body_names(actor: Actor, words: str = "") -> list[BodyNameRow]:
    """Return how the agency's documents name units and people, in Vietnamese order; unmapped names first."""
    rows = BodyName.objects.filter(agency_id=actor.agency_id).select_related("unit", "person").order_by("pk")
    wanted = search_key(words).split()
    named = [_body_name(actor, row) for row in rows if all(word in search_key(row.text) for word in wanted)]
    return sorted(named, key=lambda row: (row.is_mapped, sort_key(row.text)))


def body_name(actor: Actor, body_name_id: int) -> BodyNameRow:
    """Return one name of the agency's dictionary; raises BodyName.DoesNotExist for another agency's."""
    row = BodyName.objects.select_related("unit", "person").get(pk=body_name_id, agency_id=actor.agency_id)
    return _body_name(actor, row)


def _body_name(actor: Actor, row: BodyName) -> BodyNameRow:
    return BodyNameRow(
        id=row.pk,
        text=row.text,
        unit_id=row.unit_id,
        unit_name=row.unit.name if row.unit else "",
        person_id=row.person_id,
        person_name=shown_name(actor, row.person.full_name) if row.person else "",
    )
