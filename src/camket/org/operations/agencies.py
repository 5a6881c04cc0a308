"""Opening an agency, changing how it is named and placed, giving it codes, ending it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from camket.core.agency_codes import CodeScheme, well_formed_code
from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.wording.text import one_line
from camket.org.models import (
    Agency,
    AgencyCode,
    FormerName,
    Level,
    Membership,
    Person,
    Rhythm,
    Role,
    Succession,
)
from camket.org.operations._agencies import (
    AgencyInUse,
    AlreadyEnded,
    DaysOutOfOrder,
    Misplaced,
    NameMissing,
    administered,
    change_of,
    check_free,
    check_level,
    check_lives,
    check_name,
    check_no_children,
    check_parent,
    check_report_day,
    full_name_of,
    place_of,
    said_day,
    said_ended,
    set_end,
)
from camket.org.operations._change import change
from camket.org.operations._rules import check_not_wider, well_formed_login
from camket.org.operations.accounts import one_time_password
from camket.org.policy import Actor, require
from camket.org.queries.administered import state_mark
from camket.org.queries.agencies import agency_row
from camket.org.queries.tree import whole_tree
from camket.org.trail import record


class LoginElsewhere(Refusal):
    """The sign-in name belongs to somebody who never worked in the actor's tree of agencies."""


class AgencyChanged(Refusal):
    """Somebody changed the agency after the form was opened."""


@dataclass(frozen=True, slots=True)
class OpenedAgency:
    """A new agency with how its first secretary signs in; no person where none was named."""

    agency_id: int
    person_id: int | None
    login: str
    password: str


def open_agency(
    *,
    code: str,
    name: str,
    level: str,
    today: date,
    secretary: str = "",
    login: str = "",
    full_name: str = "",
    place: str = "",
    superior_name: str = "",
    administrative_code: str = "",
    parent_id: int | None = None,
    valid_from: date | None = None,
    actor: Actor | None = None,
) -> OpenedAgency:
    """Open an agency, where ``login`` is given with its first ISO secretary, who signs in with a one-time password.

    ``secretary`` is the person's full name. A sign-in name that is known gets a second post and keeps its
    password; it has to be of the actor's tree, and nobody is made secretary by oneself. What letterheads need is
    taken from the name where it is not given: "UBND xã Bình Yên" is "Ủy ban nhân dân xã Bình Yên" of the place
    "Bình Yên". An administrator opens agencies under the own one or
    one below; ``actor`` None is the installation's command line, which opens them anywhere.

    Raises NotAllowed, Agency.DoesNotExist for a parent that the actor does not administer, CodeMalformed,
    CodeTaken, LevelUnknown, LoginMalformed, LoginElsewhere, Misplaced, NameMissing, OwnAccount.
    """
    code, name = well_formed_code(CodeScheme.IDENTIFIER, code), one_line(name)
    if administrative_code.strip():
        administrative_code = well_formed_code(CodeScheme.ADMINISTRATIVE, administrative_code)
    login = well_formed_login(login) if login.strip() or secretary.strip() else ""
    check_name(name)
    with transaction.atomic():
        parent = None
        if actor is not None:
            require(actor, "system.manage")
            parent_id = parent_id or actor.agency_id
        if parent_id is not None:
            parent = administered(actor, parent_id)
            check_parent(parent, valid_from or today)
        check_level(level, today)
        check_free(CodeScheme.IDENTIFIER, code, valid_from, None)
        if administrative_code:
            check_free(CodeScheme.ADMINISTRATIVE, administrative_code, valid_from, None)
        agency = Agency.objects.create(
            code=code,
            name=name,
            full_name=one_line(full_name) or full_name_of(name),
            place=one_line(place) or place_of(name),
            superior_name=one_line(superior_name) or (parent.full_name if parent else ""),
            level_id=level,
            parent=parent,
            valid_from=valid_from,
        )
        AgencyCode.objects.create(
            agency=agency, scheme=CodeScheme.IDENTIFIER, code=code, valid_from=valid_from
        )
        if administrative_code:
            AgencyCode.objects.create(
                agency=agency,
                scheme=CodeScheme.ADMINISTRATIVE,
                code=administrative_code,
                valid_from=valid_from,
            )
        after: dict[str, object] = {"code": code, "name": name, "level": level}
        if parent is not None:
            after["parent"] = parent.name
        if administrative_code:
            after["administrative_code"] = administrative_code
        if valid_from is not None:
            after["valid_from"] = valid_from
        record(actor=actor, agency_id=agency.pk, verb="agency.opened", subject=agency, on=today, after=after)
        if not login:
            return OpenedAgency(agency_id=agency.pk, person_id=None, login="", password="")
        return _add_secretary(agency, secretary=secretary, login=login, today=today, actor=actor)


def _add_secretary(
    agency: Agency, *, secretary: str, login: str, today: date, actor: Actor | None
) -> OpenedAgency:
    """Give an agency its first secretary, inside the caller's transaction."""
    password = ""
    person = Person.objects.filter(login=login).first()
    if person is None:
        password = one_time_password()
        person = Person.objects.create_user(
            login, password, full_name=one_line(secretary) or login, must_change_password=True
        )
    elif actor is not None:
        _check_may_be_named(actor, person)
    post = Membership.objects.create(agency=agency, person=person, role=Role.SECRETARY)
    record(
        actor=actor,
        agency_id=agency.pk,
        verb="person.added",
        subject=person,
        on=today,
        after={"login": login, "full_name": person.full_name, "role": post.role},
    )
    return OpenedAgency(agency_id=agency.pk, person_id=person.pk, login=login, password=password)


def _check_may_be_named(actor: Actor, person: Person) -> None:
    """Refuse a known person whom an administrator may not make a secretary: oneself, or one of another tree."""
    check_not_wider(actor, person, Role.SECRETARY)
    of_tree = Membership.objects.filter(person=person, agency__in=whole_tree(actor.agency_id))
    if not of_tree.exists():
        raise LoginElsewhere(
            Message(
                gettext_noop("Somebody already signs in as %(login)s. Choose another name."),
                {"login": person.login},
            )
        )


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
        check_report_day(day)
    with transaction.atomic():
        agency = Agency.objects.select_for_update().get(pk=actor.agency_id)
        require(actor, "org.manage")
        new = {
            "name": one_line(name),
            "full_name": one_line(full_name),
            "place": one_line(place),
            "superior_name": one_line(superior_name),
            "level_id": level,
            "rhythm": rhythm,
            "half_year_report_by": half_year_report_by,
            "year_report_by": year_report_by,
        }
        change(agency, new, actor=actor, verb="agency.changed", today=today)
    return agency


def place_agency(
    *,
    actor: Actor,
    agency_id: int,
    name: str,
    full_name: str,
    place: str,
    level: str,
    parent_id: int | None,
    valid_from: date | None,
    today: date,
    seen: str = "",
) -> Agency:
    """Correct how an agency of the actor's tree is named and where it stands; the actor's own keeps its place.

    A renaming by decision is ``rename_agency``: it keeps the old name to be found by. ``seen`` is the mark of what
    the form showed (``state_mark``).

    Raises NotAllowed, Agency.DoesNotExist for one outside the actor's tree, AgencyChanged, LevelUnknown, Misplaced,
    NameMissing, DaysOutOfOrder.
    """
    check_name(one_line(name))
    with transaction.atomic():
        agency = administered(actor, agency_id)
        require(actor, "system.manage")
        if seen and seen != state_mark(agency_row(agency)):
            raise AgencyChanged(
                Message(
                    gettext_noop(
                        "Somebody changed this agency after you opened the form. Look at what stands there now, then save again."
                    )
                )
            )
        if level != agency.level_id:
            check_level(level, today)
        if valid_from is not None and agency.valid_to is not None and valid_from > agency.valid_to:
            raise DaysOutOfOrder(
                Message(
                    gettext_noop("%(agency)s ended on %(day)s: it cannot begin later."),
                    {"agency": agency.name, "day": said_day(agency.valid_to)},
                )
            )
        new: dict[str, object] = {
            "name": one_line(name),
            "full_name": one_line(full_name) or full_name_of(one_line(name)),
            "place": one_line(place),
            "level_id": level,
            "valid_from": valid_from,
        }
        if agency.pk != actor.agency_id and parent_id != agency.parent_id:
            new["parent_id"] = _new_parent(actor, agency, parent_id, today).pk
        change_of(agency, new, actor=actor, verb="agency.changed", today=today)
    return agency


def rename_agency(
    *,
    actor: Actor | None,
    agency_id: int,
    name: str,
    full_name: str,
    place: str,
    on: date,
    decision: str,
    today: date,
) -> Agency:
    """Give an agency a new name from a day on; it stays the same agency, and the old name is kept to be found by.

    Documents issued before keep the name they were issued with. A renaming to come is recorded on its day.

    Raises NotAllowed, Agency.DoesNotExist for one outside the actor's tree, NameMissing, DaysOutOfOrder.
    """
    name = one_line(name)
    check_name(name)
    with transaction.atomic():
        agency = administered(actor, agency_id)
        if actor is not None:
            require(actor, "system.manage")
        if name == agency.name:
            raise NameMissing(Message(gettext_noop("That is the present name. Write the new one.")))
        if on > today:
            raise DaysOutOfOrder(
                Message(
                    gettext_noop(
                        "The new name holds from %(day)s. Record it on that day; until then documents bear the present name."
                    ),
                    {"day": said_day(on)},
                )
            )
        latest = agency.former_names.order_by("-valid_to").values_list("valid_to", flat=True).first()
        begun = max((day for day in (agency.valid_from, latest) if day is not None), default=None)
        if begun is not None and on <= begun:
            raise DaysOutOfOrder(
                Message(
                    gettext_noop("The present name holds since %(begun)s; the new one must come after that."),
                    {"begun": said_day(begun)},
                )
            )
        check_lives(agency, on)
        FormerName.objects.create(
            agency=agency,
            name=agency.name,
            full_name=agency.full_name,
            valid_to=on - timedelta(days=1),
            decision=one_line(decision),
        )
        new = {
            "name": name,
            "full_name": one_line(full_name) or full_name_of(name),
            "place": one_line(place) or place_of(name),
        }
        change_of(agency, new, actor=actor, verb="agency.renamed", today=today, reason=one_line(decision))
    return agency


def end_agency(*, actor: Actor, agency_id: int, last_day: date, reason: str, today: date) -> Agency:
    """End an agency that nobody takes over from; from the next day on its posts give nothing, its records stay.

    Raises NotAllowed, Agency.DoesNotExist for one outside the actor's tree, AlreadyEnded, AgencyInUse,
    DaysOutOfOrder.
    """
    with transaction.atomic():
        agency = administered(actor, agency_id)
        require(actor, "system.manage")
        if agency.pk == actor.agency_id:
            raise AgencyInUse(
                Message(
                    gettext_noop(
                        "You work for this agency: it is ended by an administrator of the agency above, or by the command line."
                    )
                )
            )
        if agency.valid_to is not None:
            raise AlreadyEnded(said_ended(agency))
        check_no_children(agency, last_day)
        set_end(agency, last_day)
        record(
            actor=actor,
            agency_id=agency.pk,
            verb="agency.ended",
            subject=agency,
            on=today,
            before={"valid_to": None},
            after={"valid_to": last_day},
            reason=one_line(reason),
        )
    return agency


def reopen_agency(*, actor: Actor, agency_id: int, reason: str, today: date) -> Agency:
    """Take back the end of an agency that was ended by mistake; one that has a successor stays ended.

    Raises NotAllowed, Agency.DoesNotExist for one outside the actor's tree, AgencyInUse, Misplaced, CodeTaken.
    """
    with transaction.atomic():
        agency = administered(actor, agency_id)
        require(actor, "system.manage")
        if agency.valid_to is None:
            return agency
        taken_over = Succession.objects.filter(predecessor=agency).exclude(kind=Succession.Kind.TRANSFER)
        if taken_over.exists():
            raise AgencyInUse(
                Message(
                    gettext_noop(
                        "%(agency)s has a successor. Take back the succession; the end goes with it."
                    ),
                    {"agency": agency.name},
                )
            )
        if agency.parent is not None:
            check_parent(agency.parent, today)
        before = agency.valid_to
        agency.valid_to = None
        agency.save(update_fields=["valid_to"])
        record(
            actor=actor,
            agency_id=agency.pk,
            verb="agency.reopened",
            subject=agency,
            on=today,
            before={"valid_to": before},
            after={"valid_to": None},
            reason=one_line(reason),
        )
    return agency


def add_code(
    *, actor: Actor, agency_id: int, scheme: str, code: str, valid_from: date | None, today: date
) -> AgencyCode:
    """Give an agency of the actor's tree one more code from a day on.

    A new electronic identifier ends the one before it and becomes the code that the agency is named by; it is
    recorded once it holds.

    Raises NotAllowed, Agency.DoesNotExist, CodeMalformed, CodeTaken, DaysOutOfOrder; ValueError for an unknown
    scheme.
    """
    code = well_formed_code(scheme, code)
    with transaction.atomic():
        agency = administered(actor, agency_id)
        require(actor, "system.manage")
        check_free(scheme, code, valid_from, None)
        if scheme == CodeScheme.IDENTIFIER:
            _end_identifier(agency, valid_from, today)
            agency.code = code
            agency.save(update_fields=["code"])
        added = AgencyCode.objects.create(agency=agency, scheme=scheme, code=code, valid_from=valid_from)
        record(
            actor=actor,
            agency_id=agency.pk,
            verb="agency.code_added",
            subject=agency,
            on=today,
            after={"scheme": scheme, "code": code, "valid_from": valid_from},
        )
    return added


def end_code(*, actor: Actor, code_id: int, last_day: date, today: date) -> AgencyCode:
    """End a code of an agency of the actor's tree; the identifier in force ends when a new one is given.

    Raises NotAllowed, AgencyCode.DoesNotExist for one of an agency outside the tree, AlreadyEnded, AgencyInUse,
    DaysOutOfOrder.
    """
    with transaction.atomic():
        row = AgencyCode.objects.select_related("agency").get(
            pk=code_id, agency__in=Agency.objects.filter(pk__in=whole_tree(actor.agency_id))
        )
        agency = administered(actor, row.agency_id)
        require(actor, "system.manage")
        row = AgencyCode.objects.get(pk=code_id)
        if row.valid_to is not None:
            raise AlreadyEnded(
                Message(
                    gettext_noop("The code %(code)s ended on %(day)s."),
                    {"code": row.code, "day": said_day(row.valid_to)},
                )
            )
        if row.scheme == CodeScheme.IDENTIFIER and row.code == agency.code:
            raise AgencyInUse(
                Message(
                    gettext_noop(
                        "%(code)s is the identifier in force. Add the new identifier; this one ends the day before."
                    ),
                    {"code": row.code},
                )
            )
        if row.valid_from is not None and last_day < row.valid_from:
            raise DaysOutOfOrder(
                Message(
                    gettext_noop("The code %(code)s begins on %(day)s: it cannot end before that."),
                    {"code": row.code, "day": said_day(row.valid_from)},
                )
            )
        row.valid_to = last_day
        row.save(update_fields=["valid_to"])
        record(
            actor=actor,
            agency_id=agency.pk,
            verb="agency.code_ended",
            subject=agency,
            on=today,
            before={"valid_to": None},
            after={"scheme": row.scheme, "code": row.code, "valid_to": last_day},
        )
    return row


def _new_parent(actor: Actor, agency: Agency, parent_id: int | None, today: date) -> Agency:
    parent = administered(actor, parent_id or actor.agency_id)
    under = Agency.objects.filter(pk__in=whole_tree(agency.pk), pk=parent.pk)
    if under.exists():
        raise Misplaced(
            Message(
                gettext_noop("%(parent)s stands under %(agency)s, so it cannot stand above it."),
                {"parent": parent.name, "agency": agency.name},
            )
        )
    if agency.valid_to is None:
        check_parent(parent, today)
    return parent


def _end_identifier(agency: Agency, valid_from: date | None, today: date) -> None:
    """End the identifier in force the day before the new one."""
    if valid_from is not None and valid_from > today:
        raise DaysOutOfOrder(
            Message(
                gettext_noop(
                    "The new identifier holds from %(day)s. Record it on that day; until then the present one is in force."
                ),
                {"day": said_day(valid_from)},
            )
        )
    last_day = (valid_from or today) - timedelta(days=1)
    row, _made = AgencyCode.objects.get_or_create(
        agency=agency,
        scheme=CodeScheme.IDENTIFIER,
        code=agency.code,
        valid_to=None,
        defaults={"valid_from": agency.valid_from},
    )
    if row.valid_from is not None and last_day < row.valid_from:
        raise DaysOutOfOrder(
            Message(
                gettext_noop(
                    "The identifier %(code)s holds since %(day)s; the new one must come after that."
                ),
                {"code": row.code, "day": said_day(row.valid_from)},
            )
        )
    row.valid_to = last_day
    row.save(update_fields=["valid_to"])
