"""What every operation on agencies looks up and refuses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from django.db.models import Q

from camket.core.agency_codes import CodeScheme
from camket.core.messages import Message, Refusal, gettext_noop
from camket.org.models import (
    Agency,
    AgencyCode,
    Level,
)
from camket.org.policy import Actor
from camket.org.queries.tree import whole_tree
from camket.org.queries.validity import held_on
from camket.org.trail import record

_PLACE = re.compile(
    r"\b(?:xã|phường|thị trấn|huyện|quận|thị xã|thành phố|tỉnh|đặc khu)\s+(.+)$", re.IGNORECASE
)


class CodeTaken(Refusal):
    """Another agency has the code on some of these days."""


class ReportDayMalformed(Refusal):
    """A report day is no day of every year."""


class LevelUnknown(Refusal):
    """No level of government has this code, or it does not exist on the day."""


class NameMissing(Refusal):
    """An agency needs a name."""


class Misplaced(Refusal):
    """The agency cannot stand under that one: it would stand above itself, or the other has ended."""


class DaysOutOfOrder(Refusal):
    """Something would end before it began."""


class AgencyInUse(Refusal):
    """The agency cannot end while others stand under it, or while it is the one acted for."""


class AlreadyEnded(Refusal):
    """The agency or code has ended already."""


def administered(actor: Actor | None, agency_id: int) -> Agency:
    """Return an agency of the actor's tree, locked; raises Agency.DoesNotExist for one beside or above it.

    ``actor`` None is the installation's own command line, which sees all.
    """
    rows = Agency.objects.select_for_update(of=("self",))
    if actor is not None:
        rows = rows.filter(pk__in=whole_tree(actor.agency_id))
    return rows.get(pk=agency_id)


def full_name_of(name: str) -> str:
    """Return what letterheads write for a short name."""
    return re.sub(r"^UBND\b", "Ủy ban nhân dân", name)


def place_of(name: str) -> str:
    """Return the name of the place in an agency's name, or an empty text."""
    found = _PLACE.search(name)
    return found[1] if found else ""


def change_of(
    agency: Agency,
    new: Mapping[str, object],
    *,
    actor: Actor | None,
    verb: str,
    today: date,
    reason: str = "",
) -> None:
    """Write what differs and record it in the journal of that agency; nothing where nothing differs."""
    changed = {name: value for name, value in new.items() if getattr(agency, name) != value}
    if not changed:
        return
    before = {name: getattr(agency, name) for name in changed}
    for name, value in changed.items():
        setattr(agency, name, value)
    agency.save(update_fields=list(changed))
    named = {"parent_id": "parent"}
    names = dict(
        Agency.objects.filter(
            pk__in=[each for each in (before.get("parent_id"), changed.get("parent_id")) if each]
        ).values_list("pk", "name")
    )

    def told(values: Mapping[str, object]) -> dict[str, object]:
        return {
            named.get(key, key): names.get(value, "") if key == "parent_id" else value  # type: ignore[call-overload]
            for key, value in values.items()
        }

    record(
        actor=actor,
        agency_id=agency.pk,
        verb=verb,
        subject=agency,
        on=today,
        before=told(before),
        after=told(changed),
        reason=reason,
    )


def check_name(name: str) -> None:
    """Refuse an empty name."""
    if not name:
        raise NameMissing(Message(gettext_noop("Write the name of the agency.")))


def check_level(level: str, on: date) -> None:
    """Refuse a level that is not known or does not exist on a day."""
    known = list(Level.objects.filter(held_on(on)).order_by("order", "pk").values_list("pk", flat=True))
    if level not in known:
        raise LevelUnknown(
            Message(
                gettext_noop("There is no level %(level)s on %(day)s. Levels: %(levels)s."),
                {"level": level, "day": said_day(on), "levels": ", ".join(known)},
            )
        )


def check_free(scheme: str, code: str, valid_from: date | None, besides: int | None) -> None:
    """Refuse a code that another agency holds from ``valid_from`` on; ``besides`` is an agency that may have it."""
    later = Q(valid_to__isnull=True) if valid_from is None else ~Q(valid_to__lt=valid_from)
    held = AgencyCode.objects.filter(later, scheme=scheme, code=code).select_related("agency")
    holder = next((row.agency for row in held if row.agency_id != besides), None)
    if holder is None and scheme == CodeScheme.IDENTIFIER:
        holder = Agency.objects.filter(code=code).exclude(pk=besides or 0).first()
    if holder is not None:
        raise CodeTaken(
            Message(
                gettext_noop("The code %(code)s is that of %(agency)s."),
                {"code": code, "agency": holder.name},
            )
        )


def check_parent(parent: Agency, on: date) -> None:
    """Refuse an agency above that has ended."""
    if parent.valid_to is not None and parent.valid_to < on:
        raise Misplaced(
            Message(
                gettext_noop("%(parent)s ended on %(day)s. Choose an agency that exists."),
                {"parent": parent.name, "day": said_day(parent.valid_to)},
            )
        )


def check_lives(agency: Agency, on: date) -> None:
    """Refuse an agency that does not exist on a day."""
    if agency.valid_to is not None and agency.valid_to < on:
        raise AlreadyEnded(said_ended(agency))
    if agency.valid_from is not None and agency.valid_from > on:
        raise DaysOutOfOrder(
            Message(
                gettext_noop("%(agency)s begins on %(day)s only."),
                {"agency": agency.name, "day": said_day(agency.valid_from)},
            )
        )


def check_no_children(agency: Agency, last_day: date) -> None:
    """Refuse to end an agency under which others live on."""
    living = Agency.objects.filter(parent=agency).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=last_day))
    if count := living.count():
        raise AgencyInUse(
            Message(
                gettext_noop(
                    "%(count)s agencies stand under %(agency)s, one is %(name)s. Place them elsewhere or end them first."
                ),
                {"count": str(count), "agency": agency.name, "name": living.order_by("name")[0].name},
            )
        )


def set_end(agency: Agency, last_day: date) -> None:
    """Write the last day of an agency; raises DaysOutOfOrder where it begins later."""
    if agency.valid_from is not None and last_day < agency.valid_from:
        raise DaysOutOfOrder(
            Message(
                gettext_noop("%(agency)s begins on %(begun)s: it cannot end on %(day)s."),
                {"agency": agency.name, "begun": said_day(agency.valid_from), "day": said_day(last_day)},
            )
        )
    agency.valid_to = last_day
    agency.save(update_fields=["valid_to"])


def said_ended(agency: Agency) -> Message:
    """Return the sentence that an agency has ended."""
    return Message(
        gettext_noop("%(agency)s ended on %(day)s already."),
        {"agency": agency.name, "day": said_day(agency.valid_to) if agency.valid_to else ""},
    )


def said_day(day: date) -> str:
    """Return a day as sentences write it."""
    return day.strftime("%d/%m/%Y")


def check_report_day(day: str) -> None:
    """Refuse what is no day of every year as "MM-DD"; raises ReportDayMalformed."""
    try:
        date.fromisoformat(f"2023-{day}")  # not a leap year: 29 February is no day of every year
    except ValueError as error:
        raise ReportDayMalformed(
            Message(gettext_noop("%(day)s is no day of every year."), {"day": day})
        ) from error
