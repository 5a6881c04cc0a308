"""Agencies and their levels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import get_language

from camket.core.wording.bodies import same_body
from camket.org.models import Agency, AgencyCode, Level, Unit
from camket.org.policy import Actor
from camket.org.queries.validity import held_on


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """An agency as pages and documents name it; report days are "MM-DD"."""

    id: int
    code: str
    name: str
    full_name: str
    place: str
    superior_name: str
    level: str
    rhythm: str
    half_year_report_by: str
    year_report_by: str
    parent_id: int | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    second_factor: str = "offered"
    set_up_on: date | None = None


def agency_row(agency: Agency) -> AgencyRow:
    """Return the frozen value of an agency's row."""
    return AgencyRow(
        id=agency.pk,
        code=agency.code,
        name=agency.name,
        full_name=agency.full_name,
        place=agency.place,
        superior_name=agency.superior_name,
        level=agency.level_id,
        rhythm=agency.rhythm,
        half_year_report_by=agency.half_year_report_by,
        year_report_by=agency.year_report_by,
        parent_id=agency.parent_id,
        valid_from=agency.valid_from,
        valid_to=agency.valid_to,
        second_factor=agency.second_factor,
        set_up_on=agency.set_up_on,
    )


def agency_of(actor: Actor) -> AgencyRow:
    """Return the agency that the actor acts for."""
    return agency_row(Agency.objects.get(pk=actor.agency_id))


def all_agencies() -> list[AgencyRow]:
    """Return every agency of the installation by code; for commands, which act for no agency."""
    return [agency_row(agency) for agency in Agency.objects.order_by("code")]


def agency_by_code(code: str, on: date) -> AgencyRow | None:
    """Return the agency that a code of any scheme meant on a day, or None; for commands and imports.

    Old exports keep codes that ended: where nobody has the code on the day, it is who had it last before, else
    who has it first after.
    """
    wanted = {code.strip(), code.strip().upper()}
    rows = list(AgencyCode.objects.filter(code__in=wanted).select_related("agency").order_by("pk"))
    held = [row for row in rows if (row.valid_from or date.min) <= on <= (row.valid_to or date.max)]
    if not held:
        present = Agency.objects.filter(code__in=wanted).first()
        if present is not None and not any(row.agency_id == present.pk for row in rows):
            return agency_row(present)  # opened before codes were kept with their days
        ended = [row for row in rows if (row.valid_to or date.max) < on]
        latest = max(ended, key=lambda row: row.valid_to or date.min, default=None)
        held = [latest] if latest else sorted(rows, key=lambda row: row.valid_from or date.min)
    return agency_row(held[0].agency) if held else None


def proposed_units(actor: Actor) -> list[tuple[str, str, str]]:
    """Return the units that an agency of this level usually has and this one lacks, as (name, short name, kind)."""
    agency = Agency.objects.select_related("level").get(pk=actor.agency_id)
    known = list(agency.units.values_list("name", "kind"))
    return [
        (row["name"], row["short_name"], row["kind"])
        for row in agency.level.proposed_units
        if not any(_is_same_unit(row, name, kind) for name, kind in known)
    ]


def _is_same_unit(proposed: dict[str, str], name: str, kind: str) -> bool:
    """Return whether a unit is one that is proposed, by kind where an agency has one of that kind, else by its name."""
    if proposed["kind"] == Unit.Kind.LEADERSHIP:
        return kind == Unit.Kind.LEADERSHIP
    return same_body(proposed["name"], name) > 0.85


def level_choices(on: date, besides: str = "") -> list[tuple[str, str]]:
    """Return the levels of government that exist on a day, and one more, as (code, name), the highest first."""
    return [
        (row.pk, level_name(row))
        for row in Level.objects.filter(held_on(on) | Q(pk=besides)).order_by("order", "pk")
    ]


def level_names() -> dict[str, str]:
    """Return the names of all levels, of past ones too, by code."""
    return {row.pk: level_name(row) for row in Level.objects.all()}


def level_name(level: Level) -> str:
    """Return what a level is called in the language of the request."""
    return level.english_name if get_language() == "en" else level.name
