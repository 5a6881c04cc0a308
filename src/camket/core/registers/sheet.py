"""A register as a spreadsheet: which column holds which field, which rows are entries, and the cells of one entry.

Headings are known by the label of the field, by what offices and software call it, and by its key; titles above and sums
and signatures below are passed over. Where headings stand in two rows (“Kết quả | Điểm, Xếp loại”), both are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from camket.core.cells import Problem, SheetUnreadable, is_column_numbers, places_of, said_in
from camket.core.headings import HEADINGS_WITHIN
from camket.core.messages import Message, gettext_noop
from camket.core.registers.definition import Field, Kind, Register
from camket.core.registers.reading import Names, Value, read_values, shown
from camket.core.wording.text import bare_words, search_key

REASON_HEADING = "Lý do chưa nhận"
"""Heading of the column that says, in rows handed back, what is to be mended; nothing reads it."""

_COUNTING = frozenset({"stt", "tt", "so tt", "so thu tu", "thu tu", "no", search_key(REASON_HEADING)})
_FOOTER = re.compile(
    r"^(?:tong (?:cong|so)\b|cong\b\W*(?:\d.*)?$|nguoi lap\b|lap bieu\b|thu truong\b|noi nhan\b|xac nhan cua\b|"
    r"danh sach (?:nay|co|gom)\b|(?:tm|kt|tl|tuq)\. |.{0,60}, ?ngay \d{1,2} thang \d{1,2} nam \d{4}$)"
)
_LONGEST_HEADING = 80
_SHORT = {"dv": "don vi", "vb": "van ban", "cq": "co quan", "bp": "bo phan", "cb": "can bo"}

Cell = str | int | Decimal | date | bool | None


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row that holds an entry: what its cells say, what was understood, and what is to be mended.

    ``given`` are the fields that its cells fill; the others stay as they are in an entry that is known.
    """

    number: int
    cells: tuple[str, ...]
    values: Mapping[str, Value]
    given: frozenset[str]
    problems: tuple[Problem, ...]
    places: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SheetRows:
    """The entries of a sheet. ``found`` are the fields that have a column, ``ignored`` headings that name no field.

    ``doubled`` are headings that name a field which another column holds: what stands there is not read.
    """

    headings: tuple[str, ...]
    rows: tuple[SheetRow, ...]
    found: tuple[Field, ...]
    missing: tuple[Field, ...]
    ignored: tuple[str, ...]
    doubled: tuple[str, ...] = ()


def read_sheet_rows(
    register: Register,
    rows: Sequence[tuple[int, Sequence[str]]],
    names: Names,
    today: date | None = None,
) -> SheetRows:
    """Return the entries that a sheet holds, each with what is to be mended; ``today`` tells days without a year.

    A blank cell leaves what stands; one with a dash empties it. Raises SheetUnreadable where no row of headings names a
    field by which entries are known.
    """
    at, after, columns = _headings(register, rows, names)
    headings = _in_one(register, rows[at][1], columns if after > at + 1 else {}, names)
    found: list[SheetRow] = []
    remembered: dict[tuple[str, str], Value] = {}
    in_footer = False
    lacking = {each.key: names.word(each.label) for each in register.fields if each.key not in columns}
    for number, cells in rows[after:]:
        said = {key: text for key, text in said_in(cells, columns).items() if text}
        in_footer = _is_footer(register, cells, said) or (in_footer and sum(map(bool, cells)) < 2)
        if not said or is_column_numbers(cells) or in_footer:
            continue
        # What has no column has no cell: what is to be mended there is said of the column that is missing.
        places = {**lacking, **places_of(columns, number)}
        read = read_values(register.fields, said, names, places, remembered, today=today)
        given = frozenset(said) | read.values.keys()
        found.append(SheetRow(number, tuple(cells), read.values, given, read.problems, places))
    by_key = {each.key: each for each in register.fields}
    used = set(columns.values())
    beside = {each.hour_in for each in register.fields if each.key in columns}
    keys = _keys(register, names)
    unused = [
        (cell, _named(cell, keys) in columns)
        for column, cell in enumerate(headings)
        if cell and column not in used and _plain(cell) not in _COUNTING
    ]
    return SheetRows(
        headings=headings,
        rows=tuple(found),
        found=tuple(by_key[key] for key in columns),
        missing=tuple(
            each
            for each in register.fields
            if each.is_required and each.key not in columns and each.key not in beside
        ),
        ignored=tuple(cell for cell, is_double in unused if not is_double),
        doubled=tuple(cell for cell, is_double in unused if is_double),
    )


def _in_one(
    register: Register, cells: Sequence[str], columns: Mapping[str, int], names: Names
) -> tuple[str, ...]:
    """Return headings as one row; where they stood in two, each field's column is called as the register calls it."""
    found = [cell.strip() for cell in cells]
    labels = {columns[each.key]: names.word(each.label) for each in register.fields if each.key in columns}
    found += [""] * (max(labels, default=-1) + 1 - len(found))
    return tuple(labels.get(column, cell) for column, cell in enumerate(found))


def headings(register: Register, names: Names) -> tuple[str, ...]:
    """Return the headings of a register's spreadsheet: the labels of its fields as offices write them."""
    return tuple(names.word(each.label) for each in register.fields)


def cells_of(register: Register, values: Mapping[str, Value], names: Names) -> tuple[Cell, ...]:
    """Return the cells of an entry, in the order of the headings, so that they read back equal."""
    return tuple(_cell(each, values.get(each.key), names) for each in register.fields)


def lists_of(fields: Iterable[Field], names: Names) -> dict[int, tuple[str, ...]]:
    """Return what may be chosen in each column, the first being 0: choices, units, people, lines of the own list."""
    found: dict[int, tuple[str, ...]] = {}
    for column, each in enumerate(fields):
        if each.kind is Kind.CHOICE:
            found[column] = tuple(names.word(choice.name) for choice in each.choices)
        elif each.kind is Kind.UNIT:
            found[column] = tuple(called[0] for _pk, called in names.units)
        elif each.kind is Kind.PERSON:
            found[column] = tuple(names.person(one.id) for one in names.people)
        elif each.kind is Kind.ITEM:
            found[column] = tuple(one.name for one in names.items)
        elif each.kind is Kind.TRUTH:
            found[column] = ("Có", "Không")
    return {column: words for column, words in found.items() if words}


def _cell(each: Field, value: Value, names: Names) -> Cell:
    if isinstance(value, bool):
        return shown(each, value, names)
    if isinstance(value, date):
        return value
    if isinstance(value, Decimal):
        # With just three decimals a cell's number reads as a thousand or a decimal: it goes out as text.
        exponent = value.as_tuple().exponent
        return shown(each, value, names) if exponent == -3 else value
    if isinstance(value, int) and each.kind is Kind.WHOLE:
        return value
    return shown(each, value, names) or None


def _headings(
    register: Register, rows: Sequence[tuple[int, Sequence[str]]], names: Names
) -> tuple[int, int, dict[str, int]]:
    """Return the place of the row of headings, that of the first row below, and the column of each field."""
    keys = _keys(register, names)
    best: tuple[int, int, int, dict[str, int]] | None = None
    for at, (_number, cells) in enumerate(rows[:HEADINGS_WITHIN]):
        columns = _columns(cells, keys)
        after = at + 1
        if after < len(rows) and columns:
            below = _columns_below(cells, rows[after][1], keys, columns)
            if below:
                columns, after = {**columns, **below}, after + 1
        is_enough = bool(set(columns) & {*register.known_by, "title"}) and len(columns) > 1
        if is_enough and (best is None or len(columns) > best[0]):
            best = len(columns), at, after, columns
    if best is None:
        wanted = [each for each in register.fields if each.is_required or each.key in register.known_by]
        raise SheetUnreadable(
            Message(
                gettext_noop(
                    "No row has headings of this register, such as %(headings)s. Download the template, or give the "
                    "columns these names."
                ),
                {"headings": "; ".join(names.word(each.label) for each in wanted[:5])},
            )
        )
    return best[1:]


def _columns(cells: Sequence[str], keys: Mapping[str, str]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for column, cell in enumerate(cells):
        key = _named(cell, keys)
        if key is not None:
            columns.setdefault(key, column)
    return columns


def _columns_below(
    above: Sequence[str], cells: Sequence[str], keys: Mapping[str, str], known: Mapping[str, int]
) -> dict[str, int]:
    """Return the fields that a second row of headings names, alone or with the heading above; none where it is no such row."""
    found: dict[str, int] = {}
    over = ""
    for column, cell in enumerate(cells):
        over = above[column].strip() if column < len(above) and above[column].strip() else over
        if not cell.strip():
            continue
        key = _named(f"{over} {cell}", keys) or _named(cell, keys)
        if key is None:
            return {}
        if key not in known:
            found.setdefault(key, column)
    return found


def _keys(register: Register, names: Names) -> dict[str, str]:
    """Return the field of each heading; a field's own label wins over what another one is called too."""
    found: dict[str, str] = {}
    for said in (
        lambda each: (names.word(each.label),),
        lambda each: (each.label, each.key),
        lambda each: each.headings,
    ):
        for each in register.fields:
            for text in said(each):
                found.setdefault(_plain(text), each.key)
    return found


def _named(cell: str, keys: Mapping[str, str]) -> str | None:
    """Return the field that a heading names: as it stands, without what is in brackets, written out, by the brackets."""
    if not cell.strip() or len(cell) > _LONGEST_HEADING:
        return None
    bare = re.sub(r"\([^)]*\)", " ", cell)
    ways = (cell, bare, _written_out(cell), _written_out(bare), *re.findall(r"\(([^)]*)\)", cell))
    return next((keys[_plain(each)] for each in ways if _plain(each) in keys), None)


def _written_out(heading: str) -> str:
    """Return a heading with the words written out that software shortens.

    >>> _written_out("ĐV xử lý chính")
    'don vi xu ly chinh'
    """
    return " ".join(_SHORT.get(word, word) for word in bare_words(heading))


def _plain(text: str) -> str:
    return " ".join(bare_words(text))


def _is_footer(register: Register, cells: Sequence[str], said: Mapping[str, str]) -> bool:
    """Return whether a row adds up or signs what stands above it, and is no entry."""
    first = next((search_key(cell) for cell in cells if cell.strip()), "")
    if not _FOOTER.match(first):
        return False
    return any(each.is_required and each.key not in said for each in register.fields)
