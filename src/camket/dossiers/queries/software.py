"""Saved ways of reading the exports of one-stop software, with what was read by each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max

from camket.dossiers.models import Software
from camket.org.policy import Actor, require


@dataclass(frozen=True, slots=True)
class SoftwareRow:
    """A saved way of reading: field to heading, field to words and their meanings, how often and when it was used last."""

    id: int
    name: str
    mapping: Mapping[str, str]
    words: Mapping[str, Mapping[str, str]]
    is_offered: bool
    uses: int
    used_at: datetime | None
    changed_at: datetime
    changed_by: str


def all_software(actor: Actor) -> tuple[SoftwareRow, ...]:
    """Return the agency's saved ways of reading by name, those set aside last. One SQL statement."""
    require(actor, "dossier.import")
    rows = (
        Software.objects.filter(agency_id=actor.agency_id)
        .select_related("changed_by")
        .annotate(uses=Count("batches"), used_at=Max("batches__created_at"))
        .order_by("-is_offered", "name")
    )
    return tuple(_row(each) for each in rows)


def one_software(actor: Actor, software_id: int) -> SoftwareRow:
    """Return one saved way of reading; Software.DoesNotExist for another agency's."""
    require(actor, "dossier.import")
    rows = Software.objects.filter(agency_id=actor.agency_id).select_related("changed_by")
    return _row(rows.annotate(uses=Count("batches"), used_at=Max("batches__created_at")).get(pk=software_id))


def _row(each: Software) -> SoftwareRow:
    return SoftwareRow(
        id=each.pk,
        name=each.name,
        mapping=each.mapping,
        words=each.words,
        is_offered=each.is_offered,
        uses=each.uses,  # type: ignore[attr-defined]
        used_at=each.used_at,  # type: ignore[attr-defined]
        changed_at=each.changed_at,
        changed_by=each.changed_by.full_name if each.changed_by else "",
    )
