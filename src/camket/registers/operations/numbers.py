"""Numbers of outgoing documents: given after signature, one series for each type and issuing body, by the year.

Source: Nghị định 30/2020/NĐ-CP, Điều 15.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.numbering import DocumentNumber, series_of
from camket.core.registers.reading import key_of
from camket.core.wording.dates import format_date
from camket.org.policy import Actor, require
from camket.registers import tally
from camket.registers.filling import plain, values_of
from camket.registers.models import Entry
from camket.registers.operations.entries import StateNotFitting
from camket.registers.queries.numbers import symbol_of_document
from camket.registers.sight import entry_of
from camket.registers.writing import counts_of, move, record_change


class SigningDayNotPossible(Refusal):
    """The day of signature lies ahead, or before that of the latest number of the series."""


def give_number(*, actor: Actor, entry_id: int, signed_on: date, now: datetime) -> Entry:
    """Give a signed document the next number of its series; return it with number, symbol and day.

    Numbers follow each other without gaps, those of withdrawn documents too, and those of an imported register count:
    writers of one register wait for each other. Raises Entry.DoesNotExist, NotAllowed, StateNotFitting,
    SigningDayNotPossible.
    """
    entry_of(actor, entry_id)
    require(actor, "register.number")
    return number_document(actor=actor, entry_id=entry_id, signed_on=signed_on, now=now)


def number_document(*, actor: Actor, entry_id: int, signed_on: date, now: datetime) -> Entry:
    """Give a signed document its number as :func:`give_number`; for operations that have asked for authority."""
    today = timezone.localdate(now)
    with transaction.atomic():
        found, register = entry_of(actor, entry_id)
        tally.take_turn(agency_id=actor.agency_id, register=register.key)
        entry, register = entry_of(actor, found.pk, is_locked=True)
        if not register.has_series or entry.state == Entry.State.WITHDRAWN:
            raise StateNotFitting(Message(gettext_noop("No number is given here.")))
        if entry.number:
            raise StateNotFitting(
                Message(gettext_noop("It has its number already: %(number)s."), {"number": entry.number})
            )
        symbol = symbol_of_document(entry)
        series = series_of(DocumentNumber(1, symbol))
        given = Entry.objects.filter(
            agency_id=actor.agency_id, register=register.key, series=series, year=signed_on.year
        )
        latest = given.aggregate(serial=Max("serial"), on=Max("on"))
        _check_day(signed_on, today, latest["on"])
        before, counted = plain(entry, register), counts_of(entry, register)
        number = DocumentNumber((latest["serial"] or 0) + 1, symbol)
        entry.series, entry.serial, entry.number = series, number.ordinal, str(number)
        entry.on, entry.year = signed_on, signed_on.year
        entry.key = key_of(register, values_of(entry, register))
        entry.search = f"{entry.search} {entry.number.casefold()}".strip()
        entry.changed_at, entry.changed_by_id = now, actor.person_id
        entry.save()
        move(register, entry, counted)
        record_change(
            actor, entry, register, "entry.numbered", today,
            before=before, after=plain(entry, register),
        )  # fmt: skip
    return entry


def _check_day(signed_on: date, today: date, latest: date | None) -> None:
    if signed_on > today:
        raise SigningDayNotPossible(
            Message(
                gettext_noop("A number is given after signature: %(day)s lies ahead."),
                {"day": format_date(signed_on)},
            )
        )
    if latest is not None and signed_on < latest:
        raise SigningDayNotPossible(
            Message(
                gettext_noop(
                    "The latest number of the series is of %(latest)s: a document signed on %(day)s cannot come behind it."
                ),
                {"latest": format_date(latest), "day": format_date(signed_on)},
            )
        )
