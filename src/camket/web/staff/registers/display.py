"""How entries of registers are put into words, columns and colours, for every page that shows some."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from camket.core.registers import Field, Kind, Register
from camket.core.registers.reading import Names, Value
from camket.core.registers.reading import shown as core_shown
from camket.core.registers.standing import Standing
from camket.registers.queries import Row
from camket.web import vietnamese
from camket.web.staff.badge import Badge
from camket.web.staff.entry_words import BADGES, due_words, entry_url
from camket.web.staff.registers.forms import UNGROUPED

SHORT = 16
"""A cell of so few signs is not broken: numbers of documents, days."""
_LAID_OUT = frozenset({"title", "number"})
_NUMBERS = frozenset({Kind.WHOLE, Kind.NUMBER})

GROUPS: tuple[tuple[object, tuple[str, ...]], ...] = (
    (_("Work with a last day"), ("directives", "programme", "incoming")),
    (_("Documents, meetings, figures, assessments"), ("outgoing", "meetings", "figures", "assessments")),
    (_("Staff"), ("training", "qualifications", "grading", "titles", "discipline", "positions")),
)
"""How the registers stand on their first page."""

ICONS: Mapping[str, str] = {
    "directives": "flag",
    "programme": "list-check",
    "incoming": "mail",
    "outgoing": "send",
    "meetings": "users",
    "figures": "chart-bar",
    "assessments": "chart-line",
    "training": "book-2",
    "qualifications": "certificate",
    "grading": "star",
    "titles": "badge",
    "discipline": "gavel",
    "positions": "id",
}

_UNDER: Mapping[str, Mapping[str, str]] = {
    "directives": {"on": "number", "person": "unit", "done_on": "due_on"},
    "programme": {"kind": "title", "person": "unit", "done_on": "due_on"},
    "incoming": {
        "arrival": "on",
        "issued_on": "number",
        "kind": "number",
        "person": "unit",
        "done_on": "due_on",
    },
    "outgoing": {"on": "number"},
    "meetings": {"begins": "on", "ends": "on", "person": "unit"},
    "figures": {"kind": "on"},
    "assessments": {"on": "year", "out_of": "rank"},
    "training": {"unit": "person", "ends_on": "on"},
    "qualifications": {"unit": "person"},
    "grading": {"unit": "person", "on": "kind"},
    "titles": {"unit": "person", "number": "done_on"},
    "discipline": {"unit": "person", "number": "outcome"},
    "positions": {"kind": "title", "ends_on": "on"},
}
"""Columns that a list writes under another one, by register: so that a list fits a screen and still says all."""


@dataclass(frozen=True, slots=True)
class Head:
    """A column's heading: its label, the address that sorts by it, and how it is sorted now."""

    label: str
    url: str
    sorted: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list: its headings, the first of which names it."""

    field: Field
    heads: tuple[Head, ...]
    is_number: bool
    below: tuple[Field, ...] = ()

    @property
    def label(self) -> str:
        """What the column is called."""
        return self.heads[0].label


@dataclass(frozen=True, slots=True)
class Cell:
    """What a column says of an entry: a line, and smaller ones under it.

    ``url`` leads to the entry; ``kind`` names columns of a width of their own.
    """

    label: str
    text: str
    below: tuple[str, ...] = ()
    is_number: bool = False
    url: str = ""
    badge: Badge | None = None
    kind: str = ""

    @property
    def classes(self) -> str:
        """How the cell is laid out."""
        is_short = self.kind != "title" and len(self.text) <= SHORT
        names = ("num" if self.is_number else "", f"rg-{self.kind}" if self.kind else "")
        return " ".join(
            name for name in (*names, "rg-link" if self.url else "", "text-nowrap" * is_short) if name
        )


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry as a list shows it."""

    row: Row
    cells: tuple[Cell, ...]
    badge: Badge
    url: str
    due: str

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was withdrawn."""
        return self.row.standing is Standing.WITHDRAWN


@dataclass(frozen=True, slots=True)
class Fact:
    """A field of an entry's page, with what it says."""

    label: str
    text: str


def said(each: Field, value: Value, names: Names) -> str:
    """Return a value in the words of the page's language."""
    if value is None:
        return ""
    if each.kind is Kind.CHOICE:
        return next((gettext(one.name) for one in each.choices if one.word == value), str(value))
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, int) and each.kind is Kind.WHOLE and each.key not in UNGROUPED:
        return vietnamese.number(value)
    return core_shown(each, value, names)


def columns(register: Register, query: QueryDict, sort: str) -> tuple[Column, ...]:
    """Return a list's columns with the addresses that sort by each."""
    under = _UNDER.get(register.key, {})
    listed = [each for each in register.fields if each.in_list]
    keys = {each.key for each in listed}
    found = []
    for each in listed:
        if under.get(each.key) in keys:
            continue
        below = tuple(one for one in listed if under.get(one.key) == each.key)
        heads = tuple(_head(one, query, sort) for one in (each, *below))
        found.append(Column(each, heads, each.kind in _NUMBERS and each.key not in UNGROUPED, below))
    return tuple(found)


def rows(
    register: Register, found: Iterable[Row], names: Names, cols: Sequence[Column], today: date
) -> tuple[Shown, ...]:
    """Return entries as a list shows them."""
    link = link_field(register)
    return tuple(_shown(register, row, names, cols, link, today) for row in found)


def link_field(register: Register) -> str:
    """Return the key of the field whose cell leads to the entry."""
    listed = [each for each in register.fields if each.in_list and each.is_required]
    if any(each.key == "title" for each in listed):
        return "title"
    kinds = (Kind.PERSON, Kind.ITEM, Kind.CHOICE, Kind.LINE, Kind.TEXT)
    return next((each.key for each in listed if each.kind in kinds), listed[0].key)


def extended_words(row: Row) -> str:
    """Return that the last day was put off, and from when; empty where it was not."""
    if not row.is_extended:
        return ""
    return gettext("put off from %(date)s") % {"date": vietnamese.day(row.due_original)}


def facts(register: Register, values: Mapping[str, Value], names: Names) -> tuple[list[Fact], list[Fact]]:
    """Return what an entry says, short fields and long ones; empty ones are left out."""
    short: list[Fact] = []
    long: list[Fact] = []
    for each in register.fields:
        text = said(each, values.get(each.key), names)
        if not text or (each.key == "title" and each.is_required):
            continue
        is_long = each.kind is Kind.TEXT and (len(text) > 80 or "\n" in text)
        (long if is_long else short).append(Fact(gettext(each.label), text))
    return short, long


def _head(each: Field, query: QueryDict, sort: str) -> Head:
    key, is_down = sort.removeprefix("-"), sort.startswith("-")
    is_now = key == each.key
    # Days and figures are looked for from the newest and the largest, names from the first.
    downwards = each.kind in (Kind.DAY, *_NUMBERS)
    wanted = f"-{each.key}" if (not is_down if is_now else downwards) else each.key
    kept = query.copy()
    kept.pop("page", None)
    kept["xep"] = wanted
    state = ("descending" if is_down else "ascending") if is_now else ""
    return Head(gettext(each.label), f"?{kept.urlencode()}", state)


def _shown(
    register: Register, row: Row, names: Names, cols: Sequence[Column], link: str, today: date
) -> Shown:
    url = entry_url(register, row.id)
    badge = BADGES[row.standing]
    cells = []
    for col in cols:
        each = col.field
        text = said(each, row.values.get(each.key), names)
        below = [text_ for one in col.below if (text_ := _below(one, row.values.get(one.key), names))]
        is_link = each.key == link
        if is_link and not text:
            text = row.title
        if not text and below and each.key != "due_on":
            text, below = below[0], below[1:]
        if each.key == "due_on":
            below = [text_ for text_ in (extended_words(row), *below) if text_]
        if each.key == "rank" and text and below:
            text, below = f"{text}/{below[0]}", []
        cells.append(
            Cell(
                label=col.label,
                text=text,
                below=tuple(below),
                is_number=col.is_number,
                url=url if is_link else "",
                badge=badge if each.key == "due_on" else None,
                kind=each.key if each.key in _LAID_OUT else "",
            )
        )
    return Shown(row, tuple(cells), badge, url, due_words(row, today))


def _below(each: Field, value: Value, names: Names) -> str:
    text = said(each, value, names)
    if not text:
        return ""
    if each.key == "done_on":
        return gettext("done on %(date)s") % {"date": text}
    if each.key == "arrival":
        return gettext("No. of arrival %(number)s") % {"number": text}
    if each.key == "ends_on":
        return gettext("to %(date)s") % {"date": text}
    return text
