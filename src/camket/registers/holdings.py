"""What this package holds on a person: entries that name the person, and what the person entered."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import translation
from django.utils.translation import gettext

from camket.core.messages import Message, gettext_noop
from camket.core.registers import REGISTERS
from camket.core.registers.reading import Names, shown
from camket.org.personal import Section, said_day, said_moment
from camket.registers.filling import values_of
from camket.registers.models import Entry, Extension
from camket.registers.names import names_shown


def collect(agency_id: int, person_id: int) -> Iterable[Section]:
    """Give the entries of the registers that name the person, whole, and later last days that the person asked for."""
    found = Entry.objects.filter(agency_id=agency_id, person_id=person_id).order_by("register", "on", "pk")
    names: dict[str, Names] = {}
    rows = []
    for each in found:
        register = REGISTERS.get(each.register)
        if register is None:
            continue
        if each.register not in names:
            names[each.register] = names_shown(agency_id, register)
        said = names[each.register]
        with translation.override("vi"):
            text = "; ".join(
                f"{gettext(field.label)}: {shown(field, value, said)}"
                for field, value in zip(register.fields, values_of(each, register).values(), strict=True)
                if value is not None and field.column not in ("person", "on")
            )
            title = gettext(register.title)
        rows.append((title, said_day(each.on), text, str(each.get_state_display())))
    yield Section(
        "register_entries",
        Message(gettext_noop("Qualifications, grades, titles, courses and work given")),
        (
            Message(gettext_noop("Register")),
            Message(gettext_noop("Day")),
            Message(gettext_noop("Text")),
            Message(gettext_noop("State")),
        ),
        tuple(rows),
    )
    asked = (
        Extension.objects.filter(entry__agency_id=agency_id, asked_by_id=person_id)
        .select_related("entry")
        .order_by("asked_at", "pk")
    )
    yield Section(
        "register_extensions",
        Message(gettext_noop("Later last days that the person asked for")),
        (
            Message(gettext_noop("Time")),
            Message(gettext_noop("Text")),
            Message(gettext_noop("Reason")),
            Message(gettext_noop("State")),
        ),
        tuple(
            (said_moment(each.asked_at), each.entry.title, each.reason, str(each.get_state_display()))
            for each in asked
        ),
    )
