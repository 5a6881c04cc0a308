"""Opening an agency and changing how it is named and reports."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from camket.core.messages import Message, Refusal, gettext_noop
from camket.org.models import Agency, Level, Membership, Person, Rhythm, Role
from camket.org.operations._change import change, folded
from camket.org.operations._rules import well_formed_login
from camket.org.operations.accounts import one_time_password
from camket.org.policy import Actor, require
from camket.org.trail import record

_PLACE = re.compile(
    r"\b(?:xã|phường|thị trấn|huyện|quận|thị xã|thành phố|tỉnh|đặc khu)\s+(.+)$", re.IGNORECASE
)


class CodeTaken(Refusal):
    """Another agency of this installation has the code."""


class ReportDayMalformed(Refusal):
    """A report day is no day of every year."""


@dataclass(frozen=True, slots=True)
class OpenedAgency:
    """A new agency with how its first secretary signs in."""

    agency_id: int
    person_id: int
    login: str
    password: str


def open_agency(
    *,
    code: str,
    name: str,
    level: str,
    secretary: str,
    login: str,
    today: date,
    full_name: str = "",
    place: str = "",
    superior_name: str = "",
) -> OpenedAgency:
    """Open an agency with its first ISO secretary, who signs in with a one-time password.

    ``secretary`` is the person's full name. A sign-in name that is known gets a second post and keeps its
    password. What letterheads need is taken from the name where it is not given: "UBND xã Bình Yên" is
    "Ủy ban nhân dân xã Bình Yên" of the place "Bình Yên".

    Raises CodeTaken, LoginMalformed; ValueError for an unknown level.
    """
    code, name, login = code.strip(), folded(name), well_formed_login(login)
    if not Level.objects.filter(pk=level).exists():
        raise ValueError(level)
    with transaction.atomic():
        if Agency.objects.filter(code=code).exists():
            raise CodeTaken(
                Message(gettext_noop("There already is an agency with the code %(code)s."), {"code": code})
            )
        found = _PLACE.search(name)
        agency = Agency.objects.create(
            code=code,
            name=name,
            full_name=folded(full_name) or re.sub(r"^UBND\b", "Ủy ban nhân dân", name),
            place=folded(place) or (found[1] if found else ""),
            superior_name=folded(superior_name),
            level_id=level,
        )
        password = ""
        person = Person.objects.filter(login=login).first()
        if person is None:
            password = one_time_password()
            person = Person.objects.create_user(
                login, password, full_name=folded(secretary), must_change_password=True
            )
        post = Membership.objects.create(agency=agency, person=person, role=Role.SECRETARY)
        record(
            actor=None,
            agency_id=agency.pk,
            verb="agency.opened",
            subject=agency,
            on=today,
            after={"code": code, "name": name, "level": level},
        )
        record(
            actor=None,
            agency_id=agency.pk,
            verb="person.added",
            subject=person,
            on=today,
            after={"login": login, "full_name": person.full_name, "role": post.role},
        )
    return OpenedAgency(agency_id=agency.pk, person_id=person.pk, login=login, password=password)


def change_agency(
    *,
    actor: Actor,
    name: str,
    full_name: str,
    place: str,
    superior_name: str,
    level: str,
    rhythm: str,
    half_year_report_by: str,
    year_report_by: str,
    today: date,
) -> Agency:
    """Change how the agency is named in documents and when it reports; report days are "MM-DD".

    Raises NotAllowed, ReportDayMalformed; ValueError for an unknown level or rhythm.
    """
    if not Level.objects.filter(pk=level).exists() or rhythm not in Rhythm.values:
        raise ValueError(level, rhythm)
    for day in (half_year_report_by, year_report_by):
        _check_report_day(day)
    with transaction.atomic():
        agency = Agency.objects.select_for_update().get(pk=actor.agency_id)
        require(actor, "org.manage")
        new = {
            "name": folded(name),
            "full_name": folded(full_name),
            "place": folded(place),
            "superior_name": folded(superior_name),
            "level_id": level,
            "rhythm": rhythm,
            "half_year_report_by": half_year_report_by,
            "year_report_by": year_report_by,
        }
        change(agency, new, actor=actor, verb="agency.changed", today=today)
    return agency


def _check_report_day(day: str) -> None:
    try:
        date.fromisoformat(f"2023-{day}")  # not a leap year: 29 February is no day of every year
    except ValueError as error:
        raise ReportDayMalformed(
            Message(gettext_noop("%(day)s is no day of every year."), {"day": day})
        ) from error
