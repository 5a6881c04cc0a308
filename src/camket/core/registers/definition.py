"""What a register is made of: its fields, its own list, what makes an entry the same, what entries add to the counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from camket.core.messages import Message


class Kind(StrEnum):
    """What a field holds, and so how it is asked, checked, shown, sorted and written into a spreadsheet."""

    LINE = "line"
    TEXT = "text"
    DAY = "day"
    WHOLE = "whole"
    NUMBER = "number"
    CHOICE = "choice"  # of the field's choices
    ITEM = "item"  # of the agency's own list for the register
    UNIT = "unit"
    PERSON = "person"
    TRUTH = "truth"
    TIME = "time"  # an hour of the day
    PARTIES = "parties"  # units and people, several of them


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that a field may have: the word that is stored, its name (a message id), what spreadsheets call it too.

    ``rank`` orders grades and levels, better ones higher; None where there is no order.
    """

    word: str
    name: str
    aliases: tuple[str, ...] = ()
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a register.

    ``column`` is the column of the entry that holds it; without one it stands in the entry's ``values`` under ``key``.
    ``label`` and ``help`` are message ids; ``headings`` what columns of spreadsheets are called, besides the label.
    ``in_list``: it has a column in the list. ``in_quick``: it is asked in the row of quick entry. ``is_coming``: a day
    without a year is the first such day from today on. ``hour_in``: the field that takes an hour said beside the day.
    ``least`` and ``most`` bound a number, both included.
    """

    key: str
    label: str
    kind: Kind = Kind.LINE
    column: str = ""
    is_required: bool = False
    choices: tuple[Choice, ...] = ()
    help: str = ""
    headings: tuple[str, ...] = ()
    in_list: bool = False
    in_quick: bool = False
    longest: int = 500
    is_coming: bool = False
    hour_in: str = ""
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """One thing that a register counts; ``label`` is a message id complete enough to stand in a formula.

    ``came`` and ``went`` are the flows that a stock is made of (how many are open at the end of a period).
    """

    key: str
    label: str
    came: str = ""
    went: str = ""
    at_start: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """All of an entry that counts may depend on; days are dates, words are of the register's choices.

    ``year`` is that in whose register it stands, ``item`` the key of its line in the agency's own list, ``number`` the
    number and symbol as written, ``due_original`` the day first given.
    """

    on: date
    state: str
    year: int = 0
    number: str = ""
    title: str = ""
    kind: str = ""
    item: str = ""
    outcome: str = ""
    unit_id: int = 0
    person_id: int = 0
    starts_on: date | None = None
    ends_on: date | None = None
    due_on: date | None = None
    due_original: date | None = None
    late_after: date | None = None
    done_on: date | None = None
    amount: Decimal | None = None
    planned: Decimal | None = None
    values: Mapping[str, object] | None = None


Event = tuple[int, str, int]
"""Day as a whole number, count, how many."""


def _nothing(_facts: Facts) -> Iterator[Event]:
    return iter(())


def _no_mark(_facts: Facts) -> str:
    return ""


Wrong = tuple[str, Message]
"""The key of a field, and what is wrong there."""
Check = Callable[[Mapping[str, object]], Iterator[Wrong]]


def _nothing_wrong(_values: Mapping[str, object]) -> Iterator[Wrong]:
    return iter(())


Begun = tuple[str, date]
"""The key of a field, and a day that must have come for what stands there."""


def _nothing_begun(_values: Mapping[str, object]) -> Iterator[Begun]:
    return iter(())


def have_come(*keys: str) -> Callable[[Mapping[str, object]], Iterator[Begun]]:
    """Return what yields the days of some fields, which none of an entry may lie ahead."""

    def days(values: Mapping[str, object]) -> Iterator[Begun]:
        for key in keys:
            day = values.get(key)
            if isinstance(day, date):
                yield key, day

    return days


@dataclass(frozen=True, slots=True)
class Register:
    """A register of the office.

    ``slug`` is its word in addresses. A field without a column stands in the entry's ``values`` under its key; of
    one with a column, the key is the column's name. An entry's day is its field ``on``; left empty, it is the last
    day of its field ``year`` where it has one. An entry's year is its field ``year``, else that of its day. Its
    title is its field ``title``; left empty, the name of its person, else its unit, else its line of the own list,
    else its kind. ``known_by`` are the fields by which a row that comes again is known: the entry's key is made of
    them. ``has_due``: entries are work with a last day, done or open; others are noted as they are. ``has_series``:
    numbers are given here, by series and year (Nghị định 30/2020/NĐ-CP, Điều 15). ``has_versions``: entries of
    one title and unit are versions of one thing, each in force until the day before the next. ``item_fields`` are the
    fields of the agency's own list, ``item_label`` what one is called; two lines of one name differ in the fields
    ``item_known_by``. ``names_item`` is the field whose text may name a line of the list. ``is_personal``: entries
    tell of single people's grades or discipline, and few may see them. ``in_order`` are pairs of days of which the
    second lies on or after the first, ``begun`` yields the days that must have come by the day of entering. ``check``
    yields what is wrong between an entry's values beyond what each field asks by itself, ``item_check`` the same of a
    line of the own list.
    ``events`` yields what an entry adds to the counts on which day; ``mark`` the second word, beside its kind, by
    which counts are told apart.
    ``clause`` is that of ISO 9001:2015 and ``source`` the text of law.
    """

    key: str
    slug: str
    title: str
    about: str
    fields: tuple[Field, ...]
    known_by: tuple[str, ...]
    has_due: bool = False
    has_series: bool = False
    has_versions: bool = False
    is_personal: bool = False
    item_label: str = ""
    item_fields: tuple[Field, ...] = ()
    item_known_by: tuple[str, ...] = ()
    names_item: str = ""
    in_order: tuple[tuple[str, str], ...] = ()
    begun: Callable[[Mapping[str, object]], Iterator[Begun]] = _nothing_begun
    check: Check = _nothing_wrong
    item_check: Check = _nothing_wrong
    counts: tuple[Count, ...] = ()
    events: Callable[[Facts], Iterator[Event]] = _nothing
    mark: Callable[[Facts], str] = _no_mark
    mark_label: str = ""
    clause: str = ""
    source: str = ""

    def field(self, key: str) -> Field:
        """Return the field of a key; raises KeyError for none."""
        return next((each for each in self.fields if each.key == key), None) or _unknown(key)


def _unknown(key: str) -> Field:
    raise KeyError(key)
