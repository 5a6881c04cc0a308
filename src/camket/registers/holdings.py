"""What this package holds on a person: entries that name the person, what the person asked for; how copies are forgotten."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext

from camket.core.messages import Message, gettext_noop
from camket.core.registers import REGISTERS
from camket.core.registers.reading import Names, shown
from camket.org.personal import Section, said_day, said_moment
from camket.registers.filling import values_of
from camket.registers.models import Batch, Entry, Extension
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


def forget(person_id: int, full_name: str) -> None:
    """Remove what spreadsheets of single people's records left beside the entries, wherever the person was known.

    Refused rows hold whatever stood in the cells, often a name that nobody could read: none of them is kept. What an
    entry said before a spreadsheet changed it is kept for others' entries alone.
    """
    personal = [key for key, each in REGISTERS.items() if each.is_personal]
    about = Entry.objects.filter(person_id=person_id, register__in=personal)
    known_in = Q(agency__memberships__person_id=person_id) | Q(agency__in=about.values("agency_id"))
    for batch in Batch.objects.filter(known_in, register__in=personal).distinct().order_by("pk"):
        ids = set(about.filter(pk__in=[each["id"] for each in batch.before]).values_list("pk", flat=True))
        batch.refused = []
        batch.before = [
            each
            for each in batch.before
            if each["id"] not in ids and each["values"].get("person") != person_id
        ]
        batch.save(update_fields=["refused", "before"])
