"""The entries of registers behind a count: which make it up over some days, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import F, Q

from camket.core.plan import Period
from camket.core.registers import REGISTERS
from camket.core.registers.documents import ELECTRONIC, OPEN_SECRECY
from camket.core.registers.work import MAIN_TASK
from camket.indicators.sources.stated import ASSESSMENT_ROWS, ASSESSMENTS, FIGURE_ROWS, FIGURES
from camket.org.policy import Actor
from camket.org.queries import units_named
from camket.registers.models import Entry
from camket.registers.sight import seen_by

Filters = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class EntryLine:
    """An entry of a register behind a count; ``slug`` is the register's word in addresses.

    ``value`` is what it states, of figures and assessments; ``source`` with ``number`` where that is from.
    """

    id: int
    slug: str
    number: str
    title: str
    unit: str
    source: str
    on: date
    last_day: date | None
    done_on: date | None
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class EntryPage:
    """A page of entries; ``following`` begins the next one."""

    rows: tuple[EntryLine, ...]
    following: str


def entries_behind(
    actor: Actor, register: str, count: str, period: Period, filters: Filters, after: str, size: int
) -> EntryPage:
    """Return the entries that a count of a period is made of, the newest first; KeyError where they cannot be listed.

    Of registers that tell of single people's grades and discipline nothing is listed here. Raises NotAllowed.
    """
    definition = REGISTERS[register]
    if definition.is_personal:
        raise KeyError(count)
    rows = Entry.objects.filter(seen_by(actor, definition), agency_id=actor.agency_id, register=register)
    rows = rows.exclude(state=Entry.State.WITHDRAWN)
    if register in ("figures", "assessments"):
        rows = rows.filter(pk__in=_stated(actor.agency_id, register, period, filters))
    else:
        rows = rows.filter(_made_of(register, count, period), _narrowed(actor.agency_id, register, filters))
    start = int(after) if after.isdecimal() and len(after) < 9 else 0
    found = list(rows.select_related("unit", "item").order_by("-on", "-pk")[start : start + size + 1])
    return EntryPage(
        tuple(_line(each, definition.slug) for each in found[:size]),
        str(start + size) if len(found) > size else "",
    )


def _line(entry: Entry, slug: str) -> EntryLine:
    return EntryLine(
        id=entry.pk,
        slug=slug,
        number=entry.number,
        title=entry.item.name if entry.item else entry.title,
        unit=entry.unit.name if entry.unit else "",
        source=entry.source,
        on=entry.on,
        last_day=entry.late_after,
        done_on=entry.done_on,
        value=None if entry.amount is None else entry.amount.normalize(),
    )


def _made_of(register: str, count: str, period: Period) -> Q:
    """Return which entries of a register make up a count, as :mod:`camket.core.registers.events` counts them."""
    within = (period.start, period.end)
    if register == "outgoing":
        issued = Q(on__range=within) & ~Q(number="")
        is_open = Q(values__secrecy__isnull=True) | Q(values__secrecy="") | Q(values__secrecy=OPEN_SECRECY)
        return {
            "issued": issued,
            "secret": issued & ~is_open,
            "electronic": issued & is_open & Q(values__sent__in=list(ELECTRONIC)),
        }[count]
    if count == "noted" or not REGISTERS[register].has_due:
        if count != "noted":
            raise KeyError(count)
        return Q(on__range=within)
    if count.startswith("main_"):
        return _made_of(register, count.removeprefix("main_"), period) & Q(kind=MAIN_TASK)
    due, done = Q(late_after__range=within), Q(state=Entry.State.DONE)
    in_time = due & done & Q(done_on__lte=F("late_after"))
    if count in ("open", "overdue", "overdue_before"):
        day = period.start - timedelta(days=1) if count == "overdue_before" else period.end
        is_open = Q(done_on=None) | Q(done_on__gt=day)
        return is_open & (Q(on__lte=day) if count == "open" else Q(late_after__lt=day))
    return {
        "received": Q(on__range=within),
        "due": due,
        "in_time": in_time,
        "early": in_time & Q(done_on__lt=F("due_on")),
        "late": due & done & Q(done_on__gt=F("late_after")),
        "not_done": due & ~done,
        "done": done & Q(done_on__range=within),
    }[count]


def _narrowed(agency_id: int, register: str, filters: Filters) -> Q:
    """Return which entries the filters of a formula leave; one SQL statement where units are."""
    wanted = Q()
    if "unit" in filters:
        wanted &= Q(unit_id__in=units_named([agency_id], filters["unit"]))
    if "kind" in filters:
        wanted &= Q(kind__in=list(filters["kind"]))
    if "mark" in filters:
        definition = REGISTERS[register]
        marked = next(each for each in definition.fields if each.label == definition.mark_label)
        column = marked.column or f"values__{marked.key}"
        wanted &= Q(**{f"{column}__in": list(filters["mark"])})
    return wanted


def _stated(agency_id: int, register: str, period: Period, filters: Filters) -> list[int]:
    """Return the entries whose values or results a figure is of: those of the figures and assessments it names."""
    if register == "figures":
        is_left = FIGURES.narrowed([agency_id], filters)
        return [
            each.entry_id
            for row in FIGURE_ROWS.rows([agency_id])
            if is_left(row)
            for each in row.entries
            if period.start <= each.on <= period.end
        ]
    is_assessed = ASSESSMENTS.narrowed([agency_id], filters)
    return [
        one.entry_id
        for assessment in ASSESSMENT_ROWS.rows([agency_id])
        if is_assessed(assessment)
        for one in assessment.entries
        if period.start <= one.on <= period.end
    ]
