"""An export opened: which sheet, which headings, what each column seems to be; and its rows, checked, part by part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from camket.core.dossier_columns import FIELDS, Guess, Kind, mapping_of, recognise
from camket.core.dossier_layout import Headings, aside_of, find_headings
from camket.core.dossier_words import WORDED, meaning
from camket.core.wording.moments import as_written, parse_moment
from camket.core.wording.text import fold
from camket.dossiers.importing.ahead import Ahead
from camket.dossiers.importing.checking import Checker, MappingUnfit
from camket.dossiers.importing.columns import tidied
from camket.dossiers.importing.part import Part
from camket.paper.exports import MORE, ROW, ExportTable, column_name, tables
from camket.paper.measuring import column_letters

__all__ = ["Column", "Export", "MappingUnfit", "open_export", "read_rows"]

PART_ROWS = 25_000
SAMPLES = 3
LOOKED_AT = 120
"""Rows below the headings by whose cells columns are recognised."""
_KINDS_SHOWN = 100

Words = Mapping[str, Mapping[str, str]]
"""Field to words of the export and what each means."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an export: its place, its heading (the column's letters in brackets where it has none), a few cells."""

    index: int
    letters: str
    header: str
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Export:
    """An export that was opened. ``headers`` are the headings of its columns, none twice."""

    name: str
    table: ExportTable
    header_rows: tuple[int, ...]
    columns: tuple[Column, ...]
    guesses: tuple[Guess, ...]
    """One for each column, in their order."""

    @property
    def total_rows(self) -> int:
        """Rows below the headings; of text that holds line ends in cells somewhat more than there are.

        Counted each time that it is asked for: of a large text that takes a look at all of it.
        """
        return max(0, self.table.row_count - (self.header_rows[-1] if self.header_rows else 0))

    @property
    def headers(self) -> tuple[str, ...]:
        """The headings of the columns that hold anything."""
        return tuple(column.header for column in self.columns)

    @property
    def mapping(self) -> dict[str, str]:
        """The mapping that is proposed: field to heading."""
        return mapping_of(self.guesses)

    @property
    def sheet(self) -> str:
        """The name of the sheet that is read; of text the file's."""
        return self.table.title

    def described(self) -> dict[str, Any]:
        """Return what is worth keeping of how the file was read, as plain values."""
        return {
            "kind": self.table.kind,
            "sheet": self.table.title,
            "encoding": self.table.encoding,
            "separator": self.table.separator,
            "header_rows": list(self.header_rows),
            "headers": {column.letters: column.header for column in self.columns},
        }

    def parts(
        self,
        mapping: Mapping[str, str],
        words: Words,
        *,
        size: int = PART_ROWS,
        skip: int = 0,
        today: date | None = None,
    ) -> Iterator[Part]:
        """Yield the rows below the headings, at most ``size`` at a time, checked; ``skip`` is the last row left behind.

        Of what happened after ``today`` nothing is believed. What is skipped is read all the same, since a code may stand
        twice and a group go on. Raises MappingUnfit before the first part, UnreadableSheet where the file turns out to be
        damaged.
        """
        checker = Checker(
            self._by_place(),
            mapping,
            words,
            month_first=self._month_first(mapping),
            today=today,
            is_workbook=self.table.is_workbook,
        )
        with Ahead(self._frames(size)) as frames:
            for frame in frames:
                behind = frame.filter(frame[ROW] <= skip) if skip else frame.clear()
                if behind.height:
                    checker.part(behind)
                    frame = frame.filter(frame[ROW] > skip)
                made = [checker.part(frame)] if frame.height else []
                del frame, behind  # the text, while what became of it is written
                while made:
                    yield made.pop()

    def unknown_words(self, mapping: Mapping[str, str], words: Words) -> dict[str, dict[str, int]]:
        """Return the words of the whole file whose meaning is not known: field to word and how many rows have it."""
        places = {
            field: self._by_place().index(mapping[field])
            for field in WORDED
            if mapping.get(field) in self.headers
        }
        counts: dict[str, Counter[str]] = {field: Counter() for field in places}
        if not places:
            return {}
        codes = self._by_place().index(mapping["code"]) if mapping.get("code") in self.headers else None
        for frame in self._frames(PART_ROWS):
            if codes is not None:
                # Rows without a code are totals and signatures, or number the columns.
                held = frame[column_name(codes)].fill_null("")
                frame = frame.filter(held.str.contains(r"\d") & ~held.str.contains(r"^\s*\(?\d{1,2}\)?\s*$"))
            for field, at in places.items():
                kinds = tidied(frame[column_name(at)])[0].value_counts()
                counts[field].update(dict(kinds.iter_rows()))
        unknown: dict[str, dict[str, int]] = {}
        for field, found in counts.items():
            strange = {
                word: count
                for word, count in found.most_common()
                if word and meaning(field, word, words.get(field, {})) is None
            }
            if strange:
                unknown[field] = dict(list(strange.items())[:_KINDS_SHOWN])
        return unknown

    def _by_place(self) -> list[str]:
        """Return the headings of all columns from the first on, "" for those that hold nothing."""
        width = max((column.index for column in self.columns), default=-1) + 1
        headers = [""] * width
        for column in self.columns:
            headers[column.index] = column.header
        return headers

    def _frames(self, size: int) -> Iterator[pl.DataFrame]:
        last = self.header_rows[-1] if self.header_rows else 0
        for frame in self.table.frames(len(self._by_place()), size):
            below = [frame.filter(frame[ROW] > last) if last and frame[ROW][0] <= last else frame]
            del frame
            if below[0].height:
                yield below.pop()

    def _month_first(self, mapping: Mapping[str, str]) -> list[str]:
        """Return the fields of dates if these put the month first, else none.

        They do where among the first rows several can only be read so, none only with the day first: one alone is a slip.
        """
        places = {column.header: column.index for column in self.columns}
        fields = [field for field, header in mapping.items() if field in FIELDS and header in places]
        fields = [field for field in fields if FIELDS[field].kind is Kind.MOMENT]
        last = self.header_rows[-1] if self.header_rows else 0
        texts = [
            row.cells[places[mapping[field]]]
            for row in self.table.head
            for field in fields
            if row.number > last and places[mapping[field]] < len(row.cells)
        ]
        readings = [
            (parse_moment(text) is not None, parse_moment(text, is_month_first=True) is not None)
            for text in texts
        ]
        only_day = sum(day and not month for day, month in readings)
        only_month = sum(month and not day for day, month in readings)
        both = sum(day or month for day, month in readings)
        return fields if only_month > 1 and not only_day and only_month * 10 >= both * 3 else []


def open_export(path: Path, name: str, *, sheet: str | None = None) -> Export:
    """Open an export: the first sheet with headings of dossiers, else the first that holds anything, or the one named.

    ``name`` is what the file is called. Raises UnreadableSheet.
    """
    first: ExportTable | None = None
    for table in tables(path, name):
        if sheet is not None and table.title != sheet:
            continue
        first = first or table
        headings = find_headings([(row.number, row.cells) for row in table.head])
        if headings is not None:
            return _export(name, table, headings)
    if first is None:
        # The sheet named is no longer there: the file is another one.
        return open_export(path, name)
    return _export(name, first, _first_row(first))


def _first_row(table: ExportTable) -> Headings:
    """Return the headings of a sheet that names no field: its first row of several texts, or none where codes stand there."""
    for row in table.head:
        texts = [cell for cell in row.cells if cell.strip()]
        if len(texts) >= 2:
            if any(parse_moment(cell) is not None or cell.strip().isdecimal() for cell in texts):
                return Headings((), ())
            return Headings((row.number,), tuple(fold(cell) for cell in row.cells))
    return Headings((), ())


def _export(name: str, table: ExportTable, headings: Headings) -> Export:
    last = headings.rows[-1] if headings.rows else 0
    below = [row for row in table.head if row.number > last][:LOOKED_AT]
    again = {at: (header,) for at, header in enumerate(headings.headers) if header}
    below = [
        row for row in below if (aside := aside_of(row.cells, again, "")) is None or aside.kind == "group"
    ]
    width = len(headings.headers)
    # A cell here and there right of the headings is a remark, or text that its separator cut in two.
    wide = sorted((len(row.cells) for row in below), reverse=True)
    width = max(width, wide[len(wide) // 2]) if wide else width
    columns: list[Column] = []
    cells_of: list[list[str]] = []
    for at in range(width):
        cells = [row.cells[at] for row in below if at < len(row.cells) and row.cells[at].strip()]
        header = headings.headers[at] if at < len(headings.headers) else ""
        if not header and not cells:
            continue
        shown = map(as_written, cells) if table.is_workbook else cells
        samples = tuple(dict.fromkeys(fold(cell) for cell in shown))[:SAMPLES]
        letters = column_letters(at + 1)
        columns.append(Column(at, letters, header or f"({letters})", samples))
        cells_of.append(cells)
    guesses = recognise([column.header for column in columns], cells_of)
    return Export(name, table, headings.rows, tuple(columns), guesses)


def read_rows(
    rows: Sequence[tuple[int, Mapping[str, str]]],
    mapping: Mapping[str, str],
    words: Words,
    reasons: Iterable[Mapping[str, Any]] = (),
    *,
    today: date | None = None,
) -> Part:
    """Return rows given as number and cells by heading, checked as those of an export: rows that were mended.

    ``reasons`` are why they were refused before: whence the letters of their columns are known. Raises MappingUnfit.
    """
    headers = list(
        dict.fromkeys([*mapping.values(), *(header for _, cells in rows for header in cells if header)])
    )
    data: dict[str, Any] = {ROW: [number for number, _ in rows]}
    for at, header in enumerate(headers):
        data[column_name(at)] = [cells.get(header) or None for _, cells in rows]
    data[MORE] = [None for _ in rows]
    schema = {name: pl.UInt32 if name == ROW else pl.String for name in data}
    letters = {
        str(reason["field"]): str(reason["cell"]).rstrip("0123456789")
        for reason in reasons
        if reason.get("cell")
    }
    return Checker(headers, mapping, words, letters=letters, today=today).part(
        pl.DataFrame(data, schema=schema)
    )
