"""The guided set-up of a new agency: each step saves on its own, and the whole can be left and taken up again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Max

from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.wording.text import one_line
from camket.org.models import Agency, Rhythm, SecondFactor, Unit
from camket.org.operations._agencies import (
    check_level,
    check_report_day,
)
from camket.org.operations._change import change
from camket.org.policy import Actor, require
from camket.org.trail import record


class UnitsNotPossible(Refusal):
    """Some rows of the list of units cannot be kept; ``problems`` says per place in the list what is wrong."""

    def __init__(self, problems: dict[int, Message]) -> None:
        super().__init__(
            Message(
                gettext_noop("Nothing has been saved: %(rows)s rows have to be mended first."),
                {"rows": str(len(problems))},
            )
        )
        self.problems = problems


@dataclass(frozen=True, slots=True)
class PlannedUnit:
    """A unit as the list has it; ``unit_id`` where it is there already and is only to be renamed."""

    name: str
    short_name: str = ""
    kind: str = "section"
    unit_id: int | None = None


def name_agency(
    *,
    actor: Actor,
    name: str,
    full_name: str,
    superior_name: str,
    place: str,
    level: str,
    today: date,
) -> Agency:
    """Set how the agency is named on screen and in letterheads, and its level.

    Raises NotAllowed, LevelUnknown.
    """
    with transaction.atomic():
        agency = _locked(actor)
        if level != agency.level_id:
            check_level(level, today)
        new = {
            "name": one_line(name),
            "full_name": one_line(full_name),
            "superior_name": one_line(superior_name),
            "place": one_line(place),
            "level_id": level,
        }
        change(agency, new, actor=actor, verb="agency.changed", today=today)
    return agency


def set_reporting(
    *,
    actor: Actor,
    rhythm: str,
    half_year_report_by: str,
    year_report_by: str,
    second_factor: str,
    today: date,
) -> Agency:
    """Set how often the agency reports, by which days ("MM-DD"), and who signs in with two factors.

    Raises NotAllowed, ReportDayMalformed; ValueError for an unknown rhythm or rule.
    """
    if rhythm not in Rhythm.values or second_factor not in SecondFactor.values:
        raise ValueError(rhythm, second_factor)
    for day in (half_year_report_by, year_report_by):
        check_report_day(day)
    with transaction.atomic():
        agency = _locked(actor)
        new = {
            "rhythm": rhythm,
            "half_year_report_by": half_year_report_by,
            "year_report_by": year_report_by,
            "second_factor": second_factor,
        }
        change(agency, new, actor=actor, verb="agency.changed", today=today)
    return agency


def set_units(*, actor: Actor, units: Sequence[PlannedUnit], today: date) -> int:
    """Add the units of a list that are not there yet and rename those that are; return how many were added.

    The same list again changes nothing. Raises NotAllowed, UnitsNotPossible; Unit.DoesNotExist for a unit of another
    agency; ValueError for an unknown kind.
    """
    with transaction.atomic():
        agency = _locked(actor)
        rows = {unit.pk: unit for unit in Unit.objects.select_for_update().filter(agency_id=actor.agency_id)}
        _check_units(units, rows)
        by_name = {unit.name: unit for unit in rows.values()}
        last = Unit.objects.filter(agency_id=actor.agency_id).aggregate(last=Max("order"))["last"]
        order = 0 if last is None else last + 1
        added: list[str] = []
        for each in units:
            name = one_line(each.name)
            if each.unit_id is not None:
                new = {"name": name, "short_name": one_line(each.short_name), "kind": each.kind}
                change(rows[each.unit_id], new, actor=actor, verb="unit.changed", today=today)
            elif name not in by_name:
                Unit.objects.create(
                    agency_id=actor.agency_id,
                    name=name,
                    short_name=one_line(each.short_name),
                    kind=each.kind,
                    order=order,
                )
                order += 1
                added.append(name)
        if added:
            record(
                actor=actor,
                agency_id=actor.agency_id,
                verb="unit.many_added",
                subject=agency,
                on=today,
                after={"names": added},
            )
    return len(added)


def finish_set_up(*, actor: Actor, today: date) -> Agency:
    """Note that the guided set-up is finished, so that it leads nobody any more. Raises NotAllowed."""
    with transaction.atomic():
        agency = _locked(actor)
        if agency.set_up_on is None:
            change(agency, {"set_up_on": today}, actor=actor, verb="agency.set_up", today=today)
    return agency


def _locked(actor: Actor) -> Agency:
    agency = Agency.objects.select_for_update(of=("self",)).get(pk=actor.agency_id)
    require(actor, "org.manage")
    return agency


def _check_units(units: Sequence[PlannedUnit], rows: dict[int, Unit]) -> None:
    problems: dict[int, Message] = {}
    wanted: dict[str, int] = {}
    for at, each in enumerate(units):
        if each.kind not in Unit.Kind.values:
            raise ValueError(each.kind)
        if each.unit_id is not None and each.unit_id not in rows:
            raise Unit.DoesNotExist(each.unit_id)
        name = one_line(each.name)
        if not name:
            problems[at] = Message(gettext_noop("The name is missing."))
        elif name in wanted:
            problems[at] = Message(gettext_noop("The list has this name twice."))
        wanted[name] = at
    renamed = {each.unit_id for each in units if each.unit_id is not None}
    standing = {unit.name for pk, unit in rows.items() if pk not in renamed}
    for at, each in enumerate(units):
        if at not in problems and each.unit_id is not None and one_line(each.name) in standing:
            problems[at] = Message(
                gettext_noop("There already is a unit named %(name)s."), {"name": one_line(each.name)}
            )
    if problems:
        raise UnitsNotPossible(problems)
