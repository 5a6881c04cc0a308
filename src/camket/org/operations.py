"""Writes to agencies, units, people and posts, and to what guards signing in."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Max, Q

from camket.core.messages import Message, Refusal, gettext_noop
from camket.org.models import (
    Agency,
    AgencyLevel,
    BodyName,
    FailedSignIns,
    Membership,
    Person,
    Rhythm,
    Role,
    Unit,
)
from camket.org.policy import ACTS, Actor, can, require
from camket.org.queries import held_on
from camket.org.trail import record

WINDOW = timedelta(minutes=15)
"""Failures older than this are forgotten; a refusal lasts as long after the latest failure."""

ALLOWED_FAILURES = {"both": 5, "login": 20, "address": 60, "computer": 10}
"""Failures within the window before signing in is refused: for a name from one address, for a name from
anywhere, and for an address (a whole office may share one). For a name on a computer where its owner signed in
before, only the failures on that computer count, so that strangers' guesses lock nobody out of the own office."""

_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # without I, L, O, 0 and 1, which are misread on paper
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{1,149}")
_PLACE = re.compile(
    r"\b(?:xã|phường|thị trấn|huyện|quận|thị xã|thành phố|tỉnh|đặc khu)\s+(.+)$", re.IGNORECASE
)


class TooManyFailures(Refusal):
    """Signing in failed too often lately; only waiting helps."""


class CodeTaken(Refusal):
    """Another agency of this installation has the code."""


class NameTaken(Refusal):
    """Another unit of the agency has the name."""


class UnitInUse(Refusal):
    """People still hold posts in the unit."""


class LoginTaken(Refusal):
    """Somebody already signs in by this name."""


class LoginMalformed(Refusal):
    """A sign-in name has other signs than letters without marks, digits, dot, dash and underscore."""


class PostTaken(Refusal):
    """The person already holds this very post."""


class UnitMissing(Refusal):
    """The head of a unit needs the unit."""


class PostNotHeld(Refusal):
    """The post ended before, or would end before it began."""


class LastManager(Refusal):
    """Nobody would be left who can manage the agency."""


class OwnAccount(Refusal):
    """This is done to others, not to oneself."""


class SharedPerson(Refusal):
    """The person also works for another agency, which has a say."""


class ReportDayMalformed(Refusal):
    """A report day is no day of every year."""


@dataclass(frozen=True, slots=True)
class OneTimePassword:
    """A person's sign-in name with the password to use once; empty where a password was there before."""

    person_id: int
    login: str
    password: str


@dataclass(frozen=True, slots=True)
class OpenedAgency:
    """A new agency with how its first secretary signs in."""

    agency_id: int
    person_id: int
    login: str
    password: str


def _counters(login: str, address: str, computer: str) -> dict[str, str]:
    texts = {"both": f"{login}|{address}", "login": login, "address": address}
    if computer:
        texts = {"computer": f"{login}|{computer}"}
    return {
        hashlib.sha256(f"{kind}:{text}".encode()).hexdigest(): kind for kind, text in texts.items() if text
    }


def check_sign_in_allowed(*, login: str, address: str, now: datetime, computer: str = "") -> None:
    """Refuse a sign-in that failed too often in the last minutes.

    ``computer`` names one on which this person signed in before; empty for any other.
    Raises TooManyFailures with the minutes to wait.
    """
    counters = _counters(login, address, computer)
    for row in FailedSignIns.objects.filter(key__in=counters, latest_at__gt=now - WINDOW).order_by("pk"):
        if row.count >= ALLOWED_FAILURES[counters[row.key]]:
            wait = row.latest_at + WINDOW - now
            minutes = max(1, -(-int(wait.total_seconds()) // 60))
            raise TooManyFailures(
                Message(
                    gettext_noop(
                        "Signing in failed too often. Please wait %(minutes)s minutes and try again."
                    ),
                    {"minutes": str(minutes)},
                )
            )


def count_failed_sign_in(*, login: str, address: str, now: datetime, computer: str = "") -> None:
    """Count a failure for the name, the address and both, or for the known computer; old rows are cleared on the way."""
    with transaction.atomic():
        FailedSignIns.objects.filter(latest_at__lte=now - WINDOW).delete()
        for key in _counters(login, address, computer):
            row, is_new = FailedSignIns.objects.get_or_create(
                key=key, defaults={"count": 1, "latest_at": now}
            )
            if not is_new:
                FailedSignIns.objects.filter(pk=row.pk).update(count=F("count") + 1, latest_at=now)


def forget_failed_sign_ins(*, login: str, address: str, computer: str = "") -> None:
    """Forget the failures of a name that has now signed in; those of the address stay."""
    keys = [key for key, kind in _counters(login, address, computer).items() if kind != "address"]
    FailedSignIns.objects.filter(key__in=keys).delete()


def change_profile(*, person_id: int, email: str, language: str) -> None:
    """Change a person's own email address and screen language."""
    Person.objects.filter(pk=person_id).update(email=email, language=language)


def choose_language(*, person_id: int, language: str) -> None:
    """Remember the language a person reads the screen in."""
    Person.objects.filter(pk=person_id).update(language=language)


def change_password(*, person_id: int, password: str, actor: Actor | None, today: date) -> Person:
    """Set a person's own new password; a one-time password ends with it.

    ``actor`` is None while the person acts for no agency; the journal of the agency acted for records it.
    """
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person_id)
        person.set_password(password)
        person.must_change_password = False
        person.save(update_fields=["password", "must_change_password"])
        if actor is not None:
            record(
                actor=actor,
                agency_id=actor.agency_id,
                verb="person.password_changed",
                subject=person,
                on=today,
            )
    return person


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
    code, name, login = code.strip(), _folded(name), _login(login)
    if level not in AgencyLevel.values:
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
            full_name=_folded(full_name) or re.sub(r"^UBND\b", "Ủy ban nhân dân", name),
            place=_folded(place) or (found[1] if found else ""),
            superior_name=_folded(superior_name),
            level=level,
        )
        password = ""
        person = Person.objects.filter(login=login).first()
        if person is None:
            password = one_time_password()
            person = Person.objects.create_user(
                login, password, full_name=_folded(secretary), must_change_password=True
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
    if level not in AgencyLevel.values or rhythm not in Rhythm.values:
        raise ValueError(level, rhythm)
    for day in (half_year_report_by, year_report_by):
        _check_report_day(day)
    with transaction.atomic():
        agency = Agency.objects.select_for_update().get(pk=actor.agency_id)
        require(actor, "org.manage")
        new = {
            "name": _folded(name),
            "full_name": _folded(full_name),
            "place": _folded(place),
            "superior_name": _folded(superior_name),
            "level": level,
            "rhythm": rhythm,
            "half_year_report_by": half_year_report_by,
            "year_report_by": year_report_by,
        }
        _change(agency, new, actor=actor, verb="agency.changed", today=today)
    return agency


def _check_report_day(day: str) -> None:
    try:
        date.fromisoformat(f"2023-{day}")  # not a leap year: 29 February is no day of every year
    except ValueError as error:
        raise ReportDayMalformed(
            Message(gettext_noop("%(day)s is no day of every year."), {"day": day})
        ) from error


def add_unit(*, actor: Actor, name: str, short_name: str = "", kind: str = "section", today: date) -> Unit:
    """Add a unit or committee behind the others.

    Raises NotAllowed, NameTaken; ValueError for an unknown kind.
    """
    if kind not in Unit.Kind.values:
        raise ValueError(kind)
    with transaction.atomic():
        Agency.objects.select_for_update().get(pk=actor.agency_id)
        require(actor, "org.manage")
        name = _folded(name)
        _check_unit_name(actor, name)
        last = Unit.objects.filter(agency_id=actor.agency_id).aggregate(last=Max("order"))["last"]
        unit = Unit.objects.create(
            agency_id=actor.agency_id,
            name=name,
            short_name=_folded(short_name),
            kind=kind,
            order=0 if last is None else last + 1,
        )
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="unit.added",
            subject=unit,
            on=today,
            after={"name": unit.name, "short_name": unit.short_name, "kind": kind},
        )
    return unit


def change_unit(*, actor: Actor, unit_id: int, name: str, short_name: str, kind: str, today: date) -> Unit:
    """Rename a unit or change its kind; documents issued before keep the name they were issued with.

    Raises Unit.DoesNotExist for a unit of another agency, NotAllowed, NameTaken.
    """
    if kind not in Unit.Kind.values:
        raise ValueError(kind)
    with transaction.atomic():
        unit = _unit(actor, unit_id)
        require(actor, "org.manage")
        name = _folded(name)
        _check_unit_name(actor, name, besides=unit_id)
        new = {"name": name, "short_name": _folded(short_name), "kind": kind}
        _change(unit, new, actor=actor, verb="unit.changed", today=today)
    return unit


def move_unit(*, actor: Actor, unit_id: int, places: int, today: date) -> None:
    """Move a unit up (negative) or down in the agency's order.

    Raises Unit.DoesNotExist for a unit of another agency, NotAllowed.
    """
    with transaction.atomic():
        unit = _unit(actor, unit_id)
        require(actor, "org.manage")
        ordered = list(
            Unit.objects.select_for_update().filter(agency_id=actor.agency_id).order_by("order", "pk")
        )
        here = next(place for place, each in enumerate(ordered) if each.pk == unit_id)
        there = max(0, min(len(ordered) - 1, here + places))
        if here == there:
            return
        ordered.insert(there, ordered.pop(here))
        for order, each in enumerate(ordered):
            each.order = order
        Unit.objects.bulk_update(ordered, ["order"])
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="unit.moved",
            subject=unit,
            on=today,
            before={"place": here + 1},
            after={"place": there + 1},
        )


def deactivate_unit(*, actor: Actor, unit_id: int, today: date) -> Unit:
    """Take a unit out of use: it is offered no more, what it owns stays.

    Raises Unit.DoesNotExist for a unit of another agency, NotAllowed, UnitInUse.
    """
    with transaction.atomic():
        unit = _unit(actor, unit_id)
        require(actor, "org.manage")
        people = (
            Membership.objects.filter(unit=unit)
            .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today))
            .count()
        )
        if people:
            raise UnitInUse(
                Message(
                    gettext_noop(
                        "%(people)s posts are still held in %(unit)s. End them or move them to another unit first."
                    ),
                    {"people": str(people), "unit": unit.name},
                )
            )
        _change(unit, {"is_active": False}, actor=actor, verb="unit.deactivated", today=today)
    return unit


def reactivate_unit(*, actor: Actor, unit_id: int, today: date) -> Unit:
    """Bring a unit back into use.

    Raises Unit.DoesNotExist for a unit of another agency, NotAllowed.
    """
    with transaction.atomic():
        unit = _unit(actor, unit_id)
        require(actor, "org.manage")
        _change(unit, {"is_active": True}, actor=actor, verb="unit.reactivated", today=today)
    return unit


def add_person(
    *,
    actor: Actor,
    full_name: str,
    login: str,
    role: str,
    today: date,
    unit_id: int | None = None,
    position: str = "",
    email: str = "",
) -> OneTimePassword:
    """Add a person with a first post; the one-time password is returned here and nowhere kept.

    Raises NotAllowed, LoginMalformed, LoginTaken, UnitMissing, Unit.DoesNotExist for a unit of another agency.
    """
    login = _login(login)
    with transaction.atomic():
        Agency.objects.select_for_update().get(pk=actor.agency_id)
        require(actor, "org.manage")
        unit = _unit(actor, unit_id) if unit_id is not None else None
        _check_post(role, unit)
        taken = LoginTaken(
            Message(
                gettext_noop("Somebody already signs in as %(login)s. Choose another name."),
                {"login": login},
            )
        )
        if Person.objects.filter(login=login).exists():
            raise taken
        password = one_time_password()
        try:
            with transaction.atomic():
                person = Person.objects.create_user(
                    login,
                    password,
                    full_name=_folded(full_name),
                    email=email.strip(),
                    must_change_password=True,
                )
        except IntegrityError:  # another agency added the name at the same moment
            raise taken from None
        Membership.objects.create(
            agency_id=actor.agency_id, person=person, unit=unit, role=role, position=_folded(position)
        )
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="person.added",
            subject=person,
            on=today,
            after={
                "login": login,
                "full_name": person.full_name,
                "role": role,
                "unit": unit.name if unit else "",
                "position": _folded(position),
            },
        )
    return OneTimePassword(person_id=person.pk, login=login, password=password)


def change_person(*, actor: Actor, person_id: int, full_name: str, email: str, today: date) -> Person:
    """Correct a person's name or email address.

    Raises Person.DoesNotExist for one who never held a post in the agency, NotAllowed, SharedPerson.
    """
    with transaction.atomic():
        person = _person(actor, person_id)
        require(actor, "org.manage")
        _check_not_shared(actor, person, today)
        new = {"full_name": _folded(full_name), "email": email.strip()}
        _change(person, new, actor=actor, verb="person.changed", today=today)
    return person


def give_post(
    *,
    actor: Actor,
    person_id: int,
    role: str,
    unit_id: int | None,
    position: str,
    valid_from: date | None,
    today: date,
) -> Membership:
    """Give a person of the agency one more post, from a day on; to oneself none that widens what one may do.

    Raises Person.DoesNotExist, Unit.DoesNotExist for those of another agency, NotAllowed, UnitMissing, PostTaken, OwnAccount.
    """
    with transaction.atomic():
        person = _person(actor, person_id)
        require(actor, "org.manage")
        unit = _unit(actor, unit_id) if unit_id is not None else None
        _check_post(role, unit)
        _check_not_wider(actor, person, role)
        if Membership.objects.filter(
            agency_id=actor.agency_id, person=person, unit=unit, role=role, valid_to__isnull=True
        ).exists():
            raise PostTaken(
                Message(gettext_noop("%(person)s already holds this post."), {"person": person.full_name})
            )
        post = Membership.objects.create(
            agency_id=actor.agency_id,
            person=person,
            unit=unit,
            role=role,
            position=_folded(position),
            valid_from=valid_from,
        )
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="post.given",
            subject=person,
            on=today,
            after={
                "role": role,
                "unit": unit.name if unit else "",
                "position": post.position,
                "valid_from": valid_from,
            },
        )
    return post


def end_post(*, actor: Actor, post_id: int, ended_on: date, today: date) -> Membership:
    """End a post; ``ended_on`` is the first day on which it is held no more.

    Raises Membership.DoesNotExist for a post of another agency, NotAllowed, PostNotHeld, LastManager.
    """
    with transaction.atomic():
        post = (
            Membership.objects.select_for_update(of=("self",))
            .select_related("person", "unit")
            .get(pk=post_id, agency_id=actor.agency_id)
        )
        require(actor, "org.manage")
        last_day = ended_on - timedelta(days=1)
        if post.valid_to is not None and post.valid_to <= last_day:
            raise PostNotHeld(Message(gettext_noop("This post has already ended.")))
        if post.valid_from is not None and last_day < post.valid_from:
            last_day = post.valid_from
        if post.role in ACTS["org.manage"]:
            _check_manager_left(actor, today, besides_posts=[post.pk])
        before = post.valid_to
        post.valid_to = last_day
        post.save(update_fields=["valid_to"])
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="post.ended",
            subject=post.person,
            on=today,
            before={"valid_to": before},
            after={
                "role": post.role,
                "unit": post.unit.name if post.unit else "",
                "position": post.position,
                "valid_to": last_day,
            },
        )
    return post


def reset_password(*, actor: Actor, person_id: int, today: date) -> OneTimePassword:
    """Give a person a new one-time password; the old one stops working at once.

    Raises Person.DoesNotExist for one of another agency, NotAllowed, OwnAccount, SharedPerson.
    """
    with transaction.atomic():
        person = _person(actor, person_id)
        require(actor, "org.manage")
        _check_not_self(actor, person)
        _check_not_shared(actor, person, today)
        password = one_time_password()
        person.set_password(password)
        person.must_change_password = True
        person.save(update_fields=["password", "must_change_password"])
        record(actor=actor, agency_id=actor.agency_id, verb="person.password_reset", subject=person, on=today)
    return OneTimePassword(person_id=person.pk, login=person.login, password=password)


def recover_password(*, login: str, today: date) -> OneTimePassword:
    """Give a person a new one-time password from the installation's command line, where no colleague can.

    For the only secretary of an agency, or one who works for several. Recorded in the journal of every agency
    where the person holds a post. Raises Person.DoesNotExist.
    """
    with transaction.atomic():
        person = Person.objects.select_for_update().get(login=login.strip().casefold())
        password = one_time_password()
        person.set_password(password)
        person.must_change_password = True
        person.save(update_fields=["password", "must_change_password"])
        agencies = (
            Membership.objects.filter(person=person).order_by("agency_id").values_list("agency_id", flat=True)
        )
        for agency_id in agencies.distinct():
            record(actor=None, agency_id=agency_id, verb="person.password_reset", subject=person, on=today)
    return OneTimePassword(person_id=person.pk, login=person.login, password=password)


def block_person(*, actor: Actor, person_id: int, reason: str, today: date) -> Person:
    """Keep a person from signing in, at once; posts and work stay.

    Raises Person.DoesNotExist for one of another agency, NotAllowed, OwnAccount, SharedPerson, LastManager.
    """
    with transaction.atomic():
        person = _person(actor, person_id)
        require(actor, "org.manage")
        _check_not_self(actor, person)
        _check_not_shared(actor, person, today)
        _check_manager_left(actor, today, besides_person=person.pk)
        _change(
            person,
            {"is_active": False},
            actor=actor,
            verb="person.blocked",
            today=today,
            reason=reason.strip(),
        )
    return person


def unblock_person(*, actor: Actor, person_id: int, today: date) -> Person:
    """Let a person sign in again.

    Raises Person.DoesNotExist for one of another agency, NotAllowed, SharedPerson.
    """
    with transaction.atomic():
        person = _person(actor, person_id)
        require(actor, "org.manage")
        _check_not_shared(actor, person, today)
        _change(person, {"is_active": True}, actor=actor, verb="person.unblocked", today=today)
    return person


def map_body_name(
    *, actor: Actor, body_name_id: int, unit_id: int | None, person_id: int | None, today: date
) -> BodyName:
    """Say whom a name in the agency's documents means: a unit, a person, or nobody yet.

    Raises BodyName.DoesNotExist, Unit.DoesNotExist, Person.DoesNotExist for those of another agency, NotAllowed.
    """
    with transaction.atomic():
        name = (
            BodyName.objects.select_for_update(of=("self",))
            .select_related("unit", "person")
            .get(pk=body_name_id, agency_id=actor.agency_id)
        )
        require(actor, "org.manage")
        unit = _unit(actor, unit_id) if unit_id is not None else None
        person = _person(actor, person_id) if unit is None and person_id is not None else None
        before = {"unit": str(name.unit or ""), "person": str(name.person or "")}
        after = {"unit": str(unit or ""), "person": str(person or "")}
        if before != after:
            name.unit, name.person = unit, person
            name.save(update_fields=["unit", "person"])
            record(
                actor=actor,
                agency_id=actor.agency_id,
                verb="body_name.mapped",
                subject=name,
                on=today,
                before=before,
                after=after,
            )
    return name


def forget_body_name(*, actor: Actor, body_name_id: int, today: date) -> None:
    """Forget what a name means, so that the next plan asks again; plans keep their own mapping.

    Raises BodyName.DoesNotExist for a name of another agency, NotAllowed.
    """
    with transaction.atomic():
        name = (
            BodyName.objects.select_for_update(of=("self",))
            .select_related("unit", "person")
            .get(pk=body_name_id, agency_id=actor.agency_id)
        )
        require(actor, "org.manage")
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="body_name.forgotten",
            subject=name,
            on=today,
            before={"unit": str(name.unit or ""), "person": str(name.person or "")},
        )
        name.delete()


def one_time_password() -> str:
    """Return a new password that can be read out and typed: three groups of four signs, 59 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(3))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split()))


def _login(text: str) -> str:
    login = text.strip().casefold()
    if not _LOGIN.fullmatch(login):
        raise LoginMalformed(
            Message(
                gettext_noop(
                    "A sign-in name has at least 2 signs: letters without marks, digits, dots, dashes, underscores."
                )
            )
        )
    return login


def _unit(actor: Actor, unit_id: int) -> Unit:
    return Unit.objects.select_for_update().get(pk=unit_id, agency_id=actor.agency_id)


def _person(actor: Actor, person_id: int) -> Person:
    known = Membership.objects.filter(agency_id=actor.agency_id, person_id=person_id)
    if not known.exists():
        raise Person.DoesNotExist(f"no post in agency {actor.agency_id}")
    return Person.objects.select_for_update().get(pk=person_id)


def _check_unit_name(actor: Actor, name: str, besides: int | None = None) -> None:
    others = Unit.objects.filter(agency_id=actor.agency_id, name=name)
    if besides is not None:
        others = others.exclude(pk=besides)
    if others.exists():
        raise NameTaken(Message(gettext_noop("There already is a unit named %(name)s."), {"name": name}))


def _check_post(role: str, unit: Unit | None) -> None:
    if role not in Role.values:
        raise ValueError(role)
    if role == Role.HEAD and unit is None:
        raise UnitMissing(Message(gettext_noop("Choose the unit that this person heads.")))


def _check_not_self(actor: Actor, person: Person) -> None:
    if person.pk == actor.person_id:
        raise OwnAccount(
            Message(gettext_noop("This is your own account: change your password on the page My account."))
        )


def _check_not_wider(actor: Actor, person: Person, role: str) -> None:
    """Refuse a role for oneself that brings an act which none of one's present roles gives."""
    if person.pk == actor.person_id and any(
        role in roles and not can(actor, act) for act, roles in ACTS.items()
    ):
        raise OwnAccount(
            Message(
                gettext_noop(
                    "Nobody gives wider rights to oneself: another person who manages the agency has to give you this role."
                )
            )
        )


def _check_not_shared(actor: Actor, person: Person, today: date) -> None:
    not_ended = Q(valid_to__isnull=True) | Q(valid_to__gte=today)  # a post that begins later counts too
    if Membership.objects.filter(not_ended, person=person).exclude(agency_id=actor.agency_id).exists():
        raise SharedPerson(
            Message(
                gettext_noop(
                    "%(person)s also works for another agency, so the account is not yours alone to change."
                ),
                {"person": person.full_name},
            )
        )


def _check_manager_left(
    actor: Actor, today: date, *, besides_posts: list[int] | None = None, besides_person: int | None = None
) -> None:
    managers = Membership.objects.filter(
        held_on(today), agency_id=actor.agency_id, role__in=ACTS["org.manage"], person__is_active=True
    ).filter(valid_to__isnull=True)
    managers = managers.exclude(pk__in=besides_posts or [])
    if besides_person is not None:
        managers = managers.exclude(person_id=besides_person)
    if not managers.exists():
        raise LastManager(
            Message(
                gettext_noop(
                    "This would leave nobody to manage the agency. Give another person the role of ISO secretary first."
                )
            )
        )


def _change(
    row: Agency | Unit | Person,
    new: Mapping[str, object],
    *,
    actor: Actor,
    verb: str,
    today: date,
    reason: str = "",
) -> None:
    changed = {name: value for name, value in new.items() if getattr(row, name) != value}
    if not changed:
        return
    before = {name: getattr(row, name) for name in changed}
    for name, value in changed.items():
        setattr(row, name, value)
    row.save(update_fields=list(changed))
    record(
        actor=actor,
        agency_id=actor.agency_id,
        verb=verb,
        subject=row,
        on=today,
        before=before,
        after=changed,
        reason=reason,
    )
