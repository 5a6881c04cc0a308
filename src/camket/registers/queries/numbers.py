"""The series of outgoing documents' numbers in a year: the latest, the next, and numbers that nothing stands under."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Max

from camket.core.numbering import (
    COPIES,
    KINDS,
    DocumentNumber,
    body_symbol,
    gaps_in,
    series_name,
    series_of,
    symbol_of,
)
from camket.core.registers import REGISTERS
from camket.journal.models import Entry as JournalEntry
from camket.org.models import Agency, Unit
from camket.org.personal import shown_name
from camket.org.policy import Actor, require
from camket.registers.models import Entry
from camket.registers.sight import entry_of

OUTGOING = REGISTERS["outgoing"].key
MOST_GAPS = 30


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """A series in a year. ``gaps`` are the first stretches of numbers below the latest that no document has.

    ``missing`` is how many such numbers there are; ``has_more``: not all of them lie in those stretches.

    Withdrawn documents keep their numbers (Nghị định 30/2020/NĐ-CP, Điều 15), and so leave no gap.
    """

    series: str
    name: str
    latest: int
    latest_on: date
    documents: int
    missing: int
    gaps: tuple[tuple[int, int], ...]
    has_more: bool

    @property
    def next(self) -> int:
        """The number that is given next."""
        return self.latest + 1


@dataclass(frozen=True, slots=True)
class NextNumber:
    """The number that a document would be given now; ``is_first``: its series has none in that year yet."""

    number: str
    is_first: bool


def next_number(actor: Actor, entry_id: int, year: int) -> NextNumber:
    """Return the number that a document would be given in a year; raises Entry.DoesNotExist. Four SQL statements."""
    entry, register = entry_of(actor, entry_id)
    number = DocumentNumber(1, symbol_of_document(entry))
    given = Entry.objects.filter(
        agency_id=actor.agency_id, register=register.key, series=series_of(number), year=year
    )
    latest = given.aggregate(serial=Max("serial"))["serial"]
    return NextNumber(str(replace(number, ordinal=(latest or 0) + 1)), latest is None)


def symbol_of_document(entry: Entry) -> str:
    """Return the symbol that a document's number has: type and body; a công văn's has body and drafting unit.

    The body is a committee with its own series where the document is its, else the agency.
    """
    unit = Unit.objects.filter(pk=entry.unit_id).first() if entry.unit_id else None
    kind = entry.kind if entry.kind in KINDS or entry.kind in COPIES else None
    committee = _committee(entry, unit)
    if committee is not None:
        body, drafter = committee.series or body_symbol(committee.name), ""
    elif entry.source:
        body, drafter = body_symbol(entry.source), unit.short_name if unit else ""
    else:
        agency = Agency.objects.only("full_name").get(pk=entry.agency_id)
        return symbol_for(agency=agency, unit=unit, kind=kind)
    return symbol_of(kind, body, abbreviation_of(drafter))


def symbol_for(*, agency: Agency, unit: Unit | None, kind: str | None = None) -> str:
    """Return the symbol of an agency's documents of a type; a công văn has none and names the unit that drafts it."""
    return symbol_of(kind, body_symbol(agency.full_name), abbreviation_of(unit.short_name if unit else ""))


def abbreviation_of(short_name: str) -> str:
    """Return how a unit's short name stands in a symbol (``P. KT`` as PKT); empty for one that is no abbreviation.

    “P. Kinh tế” shortens a column of a table; a symbol takes capitals alone (Nghị định 30/2020/NĐ-CP, Phụ lục I).
    """
    bare = "".join(each for each in short_name if each not in " .-")
    return bare if bare.isupper() and bare.isalnum() else ""


def _committee(entry: Entry, unit: Unit | None) -> Unit | None:
    """Return the committee whose document it is: named as its issuing body, or its unit."""
    if entry.source:
        named = Unit.objects.filter(
            agency_id=entry.agency_id, kind=Unit.Kind.COMMITTEE, name__iexact=entry.source
        )
        return named.first()
    return unit if unit is not None and unit.kind == Unit.Kind.COMMITTEE and unit.series else None


def given_numbers(actor: Actor, *, series: str, year: int) -> list[tuple[date, str]]:
    """Return the latest number given in a series in a year with its day, if any was; withdrawn documents keep theirs."""
    rows = Entry.objects.filter(
        agency_id=actor.agency_id, register=OUTGOING, series=series, year=year, serial__isnull=False
    )
    return list(rows.order_by("-serial").values_list("on", "number")[:1])


def series_of_year(actor: Actor, year: int) -> tuple[SeriesRow, ...]:
    """Return the series of a year by symbol, with numbers that were skipped. One SQL statement."""
    require(actor, "register.view")
    rows = Entry.objects.filter(agency_id=actor.agency_id, register=OUTGOING, year=year, serial__isnull=False)
    found: dict[str, dict[int, date]] = {}
    for series, serial, on in rows.values_list("series", "serial", "on"):
        found.setdefault(series, {})[serial or 0] = on
    made = []
    for series, numbers in sorted(found.items()):
        latest = max(numbers)
        gaps = gaps_in(numbers)
        made.append(
            SeriesRow(
                series=series,
                name=series_name(series),
                latest=latest,
                latest_on=numbers[latest],
                documents=len(numbers),
                missing=latest - len(numbers),
                gaps=gaps[:MOST_GAPS],
                has_more=len(gaps) > MOST_GAPS,
            )
        )
    return tuple(made)


@dataclass(frozen=True, slots=True)
class GivenNumber:
    """A number of a series and the document that has it.

    ``by`` gave it or entered it, "" for one that came in a spreadsheet. ``skipped`` is the stretch of numbers right below it
    that no document has, if any.
    """

    entry_id: int
    number: str
    serial: int
    on: date
    title: str
    signer: str
    unit: str
    by: str
    is_withdrawn: bool
    withdrawal: str
    skipped: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class NumbersPage:
    """A page of a series, the latest number first; ``following`` is below which number the next page begins."""

    series: str
    name: str
    rows: tuple[GivenNumber, ...]
    following: int | None


def numbers_of_series(
    actor: Actor, *, series: str, year: int, below: int | None = None, size: int = 100
) -> NumbersPage | None:
    """Return who has which number of a series in a year; None where the year has no such series. Two SQL statements."""
    require(actor, "register.view")
    rows = Entry.objects.filter(
        agency_id=actor.agency_id, register=OUTGOING, series=series, year=year, serial__isnull=False
    )
    if below is not None:
        rows = rows.filter(serial__lt=below)
    found = list(rows.select_related("unit").order_by("-serial")[: size + 1])
    if not found and below is None:
        return None
    shown = found[:size]
    ids = [each.pk for each in shown]
    given = dict(
        JournalEntry.objects.filter(
            agency_id=actor.agency_id,
            subject_type="registers.entry",
            subject_id__in=ids,
            verb__in=("entry.entered", "entry.numbered"),
        )
        .order_by("sequence")
        .values_list("subject_id", "by__full_name")
    )
    made = []
    for place, each in enumerate(shown):
        serial = each.serial or 0
        under = (found[place + 1].serial or 0) if place + 1 < len(found) else 0
        made.append(
            GivenNumber(
                entry_id=each.pk,
                number=each.number,
                serial=serial,
                on=each.on,
                title=each.title,
                signer=str(each.values.get("signer", "")),
                unit=each.unit.name if each.unit else "",
                by=shown_name(actor, given.get(each.pk) or ""),
                is_withdrawn=each.state == Entry.State.WITHDRAWN,
                withdrawal=each.withdrawal,
                skipped=(under + 1, serial - 1) if serial - under > 1 else None,
            )
        )
    following = made[-1].serial if len(found) > size else None
    return NumbersPage(series, series_name(series), tuple(made), following)
