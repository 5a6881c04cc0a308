"""Rows of an export as text made into typed rows, and those refused that cannot be a dossier, each with the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeVar

import polars as pl

from camket.core.dossier_columns import FIELDS, Kind
from camket.core.dossier_layout import Aside, aside_of
from camket.core.dossier_words import spellings
from camket.core.dossiers import NOT_RECEIVED, State
from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.wording.moments import as_written
from camket.dossiers.importing.columns import UNREADABLE, content_hash, meanings, moments, tidied
from camket.dossiers.importing.part import SCHEMA, Note, Part, Reason, Refused
from camket.paper.exports import MORE, ROW, column_name
from camket.paper.measuring import column_letters

__all__ = ["Checker", "MappingUnfit"]

_Made = TypeVar("_Made")

FIRST_YEAR, LAST_YEAR = 2000, 2100
_MANY = 50_000
"""Rows of which two columns are worth two threads: a workbook comes in a piece, and nothing else is done meanwhile."""
_SHOWN = 120
"""Signs of a cell that a sentence repeats."""
_KEPT = 4_999
"""Signs of a cell of a refused row that are kept: more is no cell that anybody would mend."""

_CODE_SHAPE = r"^[0-9A-Z]{2,3}(?:\.[0-9A-Z]{1,3}){0,5}-\d{6}-\d{4,8}$"
_UNTIDY_CODE = r"[\s\p{Ll}‐‑‒–—−]"
_NO_CODE = r"^\D*$|\s|^\(?\d{1,3}\)?$"
"""Cells in the column of codes that may be of a row that is no dossier."""
_CUT = ("applicant", "address", "phone")
"""Personal texts: cut where they are too long, since no count depends on them."""

_EVENTS = (
    "received_at", "supplement_asked_at", "supplement_back_at", "reappointed_at", "finished_at", "returned_at",
)  # fmt: skip
"""Moments at which something happened to a dossier; due dates are none."""

_FINISHED = (State.DONE, State.RETURNED)


class MappingUnfit(Refusal):
    """The mapping names headings that the file does not have, or leaves out what no import can do without."""


@dataclass(frozen=True, slots=True)
class _Fault:
    """A rule that some rows break: which field, where, and the sentence; ``%(value)s`` is the cell."""

    field: str
    rows: pl.Series
    template: str
    values: Mapping[str, str]
    shows: str = "cell"
    """``cell``: the text of the cell; ``days``: the days of ``field`` and ``other``."""
    other: str = ""


class Checker:
    """Checks the parts of one export in order; what stood in earlier parts (groups, codes) holds on."""

    def __init__(
        self,
        headers: Sequence[str],
        mapping: Mapping[str, str],
        words: Mapping[str, Mapping[str, str]],
        *,
        month_first: Iterable[str] = (),
        letters: Mapping[str, str] | None = None,
        today: date | None = None,
        is_workbook: bool = False,
    ) -> None:
        """Take the headings of all columns from the first on ("" for none), field to heading, and the words' meanings.

        ``month_first`` are fields whose dates put the month before the day. ``letters`` are those of the columns of fields
        where the headings do not stand in their places. Nothing can have happened after ``today``. Dates of a
        workbook's cells have no wording of their own: they are told as people write them. Raises MappingUnfit.
        """
        self._today = today
        self._is_workbook = is_workbook
        self._headers = tuple(headers)
        self._columns = _columns(headers, mapping)
        self._words = words
        self._month_first = frozenset(month_first)
        self._letters = (
            {field: column_letters(at + 1) for field, at in self._columns.items()}
            if letters is None
            else letters
        )
        self._known: dict[str, dict[str, int | None]] = {}
        self._again = {at: tuple(header.split(" / ")) for at, header in enumerate(headers) if header}
        self._groups: dict[str, str] = {}
        self._seen = _Seen()

    def part(self, frame: pl.DataFrame) -> Part:
        """Return the rows of a frame of :mod:`camket.paper.exports`, whose width is that of the headings."""
        until = int(frame[ROW][-1]) if frame.height else 0
        texts, unreadable = self._texts(frame)
        frame, texts, unreadable = self._without_asides(frame, texts, unreadable)
        if not frame.height:
            return Part(pl.DataFrame(schema=SCHEMA), (), until)
        rows, faults = self._typed(frame, texts, unreadable)
        notes: list[Note] = []
        rows = self._shortened(rows, notes)
        is_bad = _any(fault.rows for fault in faults)
        refused: list[Refused] = []
        if is_bad is not None:
            refused = self._refused(frame, texts, rows, faults, is_bad)
            rows = rows.filter(~is_bad)
            frame = frame.filter(~is_bad)
        rows = rows.with_columns(content_hash(rows.drop("row")))
        rows, twice = self._seen.without_repeats(rows, self._address("code"), notes)
        if twice:
            refused += self._refused_twice(frame, twice)
            refused.sort(key=lambda each: each.number)
        unusual = ~rows["code"].str.contains(_CODE_SHAPE)
        if unusual.any():
            self._note(notes, "unusual_code", "code", rows["row"].filter(unusual))
        return Part(rows.select(list(SCHEMA)), tuple(refused), until, tuple(notes))

    # Reading

    def _texts(self, frame: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, pl.Series]]:
        def text_of(field: str) -> tuple[pl.Series, pl.Series | None]:
            column = frame[column_name(self._columns[field])]
            if FIELDS[field].kind is Kind.MOMENT:
                # What is no date as it stands is tidied then.
                return column.fill_null("").str.strip_chars(), None
            return tidied(column)

        read = dict(
            zip(self._columns, _side_by_side(text_of, list(self._columns), frame.height), strict=True)
        )
        texts = [frame[ROW], *(text.rename(field) for field, (text, _) in read.items())]
        return pl.DataFrame(texts), {field: odd for field, (_, odd) in read.items() if odd is not None}

    def _without_asides(
        self, frame: pl.DataFrame, texts: pl.DataFrame, unreadable: dict[str, pl.Series]
    ) -> tuple[pl.DataFrame, pl.DataFrame, dict[str, pl.Series]]:
        """Leave out the rows that are no dossiers; what groups say goes into the rows below them."""
        is_doubtful = texts["code"].str.contains(_NO_CODE)
        dropped: list[int] = []
        groups: list[tuple[int, Aside]] = []
        if is_doubtful.any():
            names = [column_name(at) for at in range(len(self._headers))]
            doubtful = frame.with_row_index("at").filter(is_doubtful)
            codes = texts["code"].filter(is_doubtful)
            for (at, *cells), code in zip(doubtful.select("at", *names).iter_rows(), codes, strict=True):
                aside = aside_of([cell or "" for cell in cells], self._again, code)
                if aside is not None:
                    dropped.append(at)
                    if aside.kind == "group":
                        groups.append((at, aside))
        if groups or self._groups:
            texts = self._with_groups(texts, groups)
        if not dropped:
            return frame, texts, unreadable
        keep = pl.Series([True]).new_from_index(0, frame.height).scatter(dropped, False)  # noqa: FBT003 - a value
        return (
            frame.filter(keep),
            texts.filter(keep),
            {field: odd.filter(keep) for field, odd in unreadable.items() if odd.filter(keep).any()},
        )

    def _with_groups(self, texts: pl.DataFrame, groups: Sequence[tuple[int, Aside]]) -> pl.DataFrame:
        """Fill in what the group above a row says, where the row itself says nothing."""
        for field in ("field_name", "unit_name", "procedure_name"):
            said: list[str | None] = [None] * texts.height
            if texts.height:
                said[0] = self._groups.get(field)
            for at, aside in groups:
                if aside.field == field:
                    said[at] = self._groups[field] = aside.value
            if any(said):
                filled = pl.Series(field, said, dtype=pl.String).forward_fill().fill_null("")
                if field in texts.columns:
                    own = texts[field]
                    filled = pl.select(
                        pl.when(own == "").then(filled).otherwise(own).alias(field)
                    ).to_series()
                texts = texts.with_columns(filled)
        return texts

    def _typed(
        self, frame: pl.DataFrame, texts: pl.DataFrame, unreadable: Mapping[str, pl.Series]
    ) -> tuple[pl.DataFrame, list[_Fault]]:
        def typed(field: str) -> tuple[pl.Series, list[_Fault]]:
            found: list[_Fault] = []
            kind = FIELDS[field].kind
            if field not in texts.columns:
                blank = "" if kind is Kind.TEXT else None
                column = pl.Series(field, [blank], dtype=SCHEMA[field]).new_from_index(0, texts.height)
            elif kind is Kind.TEXT:
                column = self._text(field, texts[field], found)
            elif kind is Kind.MOMENT:
                column = self._moment(field, texts[field], found)
            else:
                column = self._word(field, texts[field], found)
            return column, found

        fields = [field for field in SCHEMA if field not in ("row", "content_hash")]
        made = _side_by_side(typed, fields, texts.height)
        faults = [fault for _, found in made for fault in found]
        columns = [texts[ROW].rename("row").cast(pl.UInt32), *(column for column, _ in made)]
        for field, odd in unreadable.items():
            _add(faults, field, odd, UNREADABLE_CELL)
        if frame[MORE].null_count() < frame.height:
            _add(faults, "", frame[MORE].is_not_null(), MORE_CELLS)
        told = pl.DataFrame(columns)
        rows = _completed(told)
        _check_order(rows, faults, is_finish_told=told["finished_at"].is_not_null())
        return rows, faults

    def _text(self, field: str, text: pl.Series, faults: list[_Fault]) -> pl.Series:
        if field == "code":
            if text.str.contains(_UNTIDY_CODE).any():
                # As camket.core.dossier_codes.tidy does it.
                text = text.str.replace_all(r"\s+", "").str.to_uppercase().str.replace_all("[‐‑‒–—−]", "-")
            _add(faults, field, text == "", NO_CODE)
        longest = FIELDS[field].longest
        if field not in _CUT and int(text.str.len_bytes().max() or 0) > longest:  # type: ignore[arg-type]
            _add(faults, field, text.str.len_chars() > longest, TOO_LONG, {"longest": str(longest)})
        return text

    def _moment(self, field: str, text: pl.Series, faults: list[_Fault]) -> pl.Series:
        found = moments(text, is_month_first=field in self._month_first)
        missing = found.is_null() & (text != "")
        if missing.any():
            text, _ = tidied(text)
            found = moments(text, is_month_first=field in self._month_first)
            missing = found.is_null() & (text != "")
            looks_so = text.str.contains(r"^\D{0,5}\d{1,4}\s*[/.\-]\s*\d{1,2}\s*[/.\-]\s*\d{1,4}")
            _add(faults, field, missing & looks_so, NO_SUCH_DATE)
            _add(faults, field, missing & ~looks_so, NO_DATE)
        year = found.dt.year()
        if found.null_count() < found.len() and not (
            int(year.min() or 0) >= FIRST_YEAR and int(year.max() or 0) <= LAST_YEAR  # type: ignore[arg-type]
        ):
            outside = ((year < FIRST_YEAR) | (year > LAST_YEAR)).fill_null(value=False)
            _add(faults, field, outside, YEAR_OUTSIDE, {"first": str(FIRST_YEAR), "last": str(LAST_YEAR)})
        elif self._today is not None and field in _EVENTS:
            ahead = (found.dt.date() > self._today).fill_null(value=False)
            _add(faults, field, ahead, LIES_AHEAD, {"today": f"{self._today:%d/%m/%Y}"})
        return found

    def _word(self, field: str, text: pl.Series, faults: list[_Fault]) -> pl.Series:
        known = self._known.setdefault(field, {})
        found, strange = meanings(field, text, self._words.get(field, {}), known)
        if strange.any():
            _add(faults, field, strange, UNKNOWN_WORD, {"known": "; ".join(spellings(field))})
        return found.cast(SCHEMA[field])

    def _shortened(self, rows: pl.DataFrame, notes: list[Note]) -> pl.DataFrame:
        for field in _CUT:
            longest = FIELDS[field].longest
            if int(rows[field].str.len_bytes().max() or 0) <= longest:  # type: ignore[arg-type]
                continue
            too_long = rows[field].str.len_chars() > longest
            if too_long.any():
                self._note(notes, "shortened", field, rows["row"].filter(too_long))
                cut = pl.col(field).str.slice(0, longest - 1) + "…"
                rows = rows.with_columns(pl.when(too_long).then(cut).otherwise(pl.col(field)).alias(field))
        return rows

    # Refusing

    def _refused(
        self,
        frame: pl.DataFrame,
        texts: pl.DataFrame,
        rows: pl.DataFrame,
        faults: Sequence[_Fault],
        is_bad: pl.Series,
    ) -> list[Refused]:
        reasons: dict[int, list[Reason]] = {}
        # Where cells have moved, all other faults come of that, and a cell may be of any column.
        moved = _any(fault.rows for fault in faults if fault.template == MORE_CELLS)
        for fault in faults:
            if moved is not None and fault.template != MORE_CELLS:
                fault = replace(fault, rows=fault.rows & ~moved)
            numbers = rows["row"].filter(fault.rows)
            if fault.shows == "days":
                cells: Sequence[str] = [_day(each) for each in rows[fault.field].filter(fault.rows)]
                others = [_day(each) for each in rows[fault.other].filter(fault.rows)]
            else:
                has_text = fault.field in texts.columns
                cells = list(texts[fault.field].filter(fault.rows)) if has_text else [""] * numbers.len()
                others = [""] * numbers.len()
            address = self._address(fault.field)
            for number, cell, other in zip(numbers, cells, others, strict=True):
                shown = "…" if fault.field in _CUT else _printable(self._told(cell), _SHOWN)
                message = Message(fault.template, {**fault.values, "value": shown, "other": other})
                where = f"{address}{number}" if address else ""
                reasons.setdefault(number, []).append(Reason(fault.field, where, message))
        return [
            Refused(number, cells, tuple(reasons[number]))
            for number, cells in self._cells(frame.filter(is_bad))
        ]

    def _refused_twice(self, frame: pl.DataFrame, twice: Mapping[int, int]) -> list[Refused]:
        address = self._address("code")
        again = frame.filter(frame[ROW].is_in(list(twice)))
        return [
            Refused(
                number,
                cells,
                (
                    Reason(
                        "code",
                        f"{address}{number}" if address else "",
                        Message(STANDS_TWICE, {"row": str(twice[number])}),
                    ),
                ),
            )
            for number, cells in self._cells(again)
        ]

    def _cells(self, frame: pl.DataFrame) -> Iterable[tuple[int, dict[str, str]]]:
        for number, *cells, more in frame.iter_rows():
            held = {
                header: _printable(self._told((cell or "").strip()), _KEPT)
                for header, cell in zip(self._headers, cells, strict=True)
                if header
            }
            if more:
                held[""] = _printable(more, _KEPT)
            yield number, held

    def _told(self, cell: str) -> str:
        return as_written(cell) if self._is_workbook else cell

    def _address(self, field: str) -> str:
        return self._letters.get(field, "")

    def _note(self, notes: list[Note], kind: str, field: str, rows: pl.Series) -> None:
        notes.append(Note(kind, rows.len(), f"{self._address(field)}{rows[0]}"))


def _side_by_side(work: Callable[[str], _Made], fields: Sequence[str], rows: int) -> list[_Made]:
    """Return what is made of each field, in their order: of many rows, two fields at a time."""
    if rows < _MANY:
        return list(map(work, fields))
    with ThreadPoolExecutor(2, thread_name_prefix="columns") as beside:
        return list(beside.map(work, fields))


class _Seen:
    """The codes of an export up to here, with what their rows said: a million take some 30 MB."""

    def __init__(self) -> None:
        self._earlier: list[pl.DataFrame] = []
        self._codes = pl.Series("mark", dtype=pl.UInt64)

    def without_repeats(
        self, rows: pl.DataFrame, address: str, notes: list[Note]
    ) -> tuple[pl.DataFrame, dict[int, int]]:
        """Leave out rows whose dossier stands in the file twice: of the same content, and those of an earlier moment.

        Returned too are rows (to the other row) that say otherwise of the same moment: nobody can tell which holds.
        """
        said = [pl.col(field) for field in _EVENTS if rows[field].null_count() < rows.height]
        latest = pl.max_horizontal(said).dt.epoch("s") if said else pl.lit(None, pl.Int64)
        marks = rows.select(
            # Held against codes of this run only, so that it may be polars' own.
            pl.col("code").hash().alias("mark"),
            pl.col("content_hash"),
            latest.fill_null(-1).alias("moment"),
            pl.col("row"),
        )
        again = marks.filter(marks["mark"].is_duplicated())["mark"].unique().to_list()
        again += self._codes.filter(self._codes.is_in(marks["mark"].implode())).to_list()
        self._codes.append(marks["mark"])
        if not again:
            self._earlier.append(marks)
            return rows, {}
        twice, left_out = self._judged(marks, set(again), notes, address)
        gone = [*twice, *left_out]
        keep = ~marks["row"].is_in(gone)
        self._earlier.append(marks.filter(keep))
        return rows.filter(keep), twice

    def _judged(
        self, marks: pl.DataFrame, again: set[int], notes: list[Note], address: str
    ) -> tuple[dict[int, int], list[int]]:
        marked = pl.Series(list(again), dtype=pl.UInt64)
        held: dict[int, tuple[int, int, int]] = {}
        for each in self._earlier:
            for mark, content, moment, row in each.filter(each["mark"].is_in(marked.implode())).iter_rows():
                if mark not in held or moment >= held[mark][1]:
                    held[mark] = content, moment, row
        here = set()
        twice: dict[int, int] = {}
        repeated: list[int] = []
        superseded: list[int] = []
        for mark, content, moment, row in marks.filter(marks["mark"].is_in(marked.implode())).iter_rows():
            before = held.get(mark)
            if before is None or moment > before[1]:
                if before is not None and before[2] in here:
                    superseded.append(before[2])
                held[mark] = content, moment, row
                here.add(row)
            elif content == before[0]:
                repeated.append(row)
            elif moment < before[1]:
                superseded.append(row)
            else:
                twice[row] = before[2]
        for kind, rows in (("repeated", repeated), ("superseded", superseded)):
            if rows:
                notes.append(Note(kind, len(rows), f"{address}{min(rows)}"))
        return twice, repeated + superseded


def _columns(headers: Sequence[str], mapping: Mapping[str, str]) -> dict[str, int]:
    unknown = [header for field, header in mapping.items() if header not in headers or field not in FIELDS]
    if unknown:
        raise MappingUnfit(
            Message(
                gettext_noop("The file has no columns headed %(headers)s. Please choose the columns again."),
                {"headers": ", ".join(f"“{each}”" for each in unknown)},
            )
        )
    if "code" not in mapping:
        raise MappingUnfit(
            Message(
                gettext_noop(
                    "Please say which column holds the codes of dossiers: nothing is imported without."
                )
            )
        )
    if "received_at" not in mapping:
        raise MappingUnfit(
            Message(
                gettext_noop("Please say which column holds the date of receipt: nothing is counted without.")
            )
        )
    twice = {header for header in mapping.values() if list(mapping.values()).count(header) > 1}
    if twice:
        raise MappingUnfit(
            Message(
                gettext_noop("The column “%(header)s” is chosen twice. Please choose it once."),
                {"header": min(twice)},
            )
        )
    return {field: headers.index(mapping[field]) for field in FIELDS if field in mapping}


# Rules

NO_CODE = gettext_noop("The dossier code is missing. Please write it as the one-stop software gave it.")
TOO_LONG = gettext_noop(
    "The cell holds more than %(longest)s characters. Please shorten it, or check that the column is the right one."
)
UNREADABLE_CELL = gettext_noop(
    "The cell “%(value)s” holds signs that cannot be read. Please type it again, or export the file in UTF-8."
)
MORE_CELLS = gettext_noop(
    "The row has more cells than there are headings: the sign that separates cells probably stands within one. "
    "Please put that cell in quotation marks, or export the file as XLSX."
)
NO_DATE = gettext_noop("“%(value)s” is no date. Please write it as 05/01/2026 or 05/01/2026 14:30.")
NO_SUCH_DATE = gettext_noop(
    "The date “%(value)s” does not exist. Please write an existing one, day before month."
)
YEAR_OUTSIDE = gettext_noop(
    "The year of “%(value)s” is not between %(first)s and %(last)s. Please correct the date."
)
LIES_AHEAD = gettext_noop(
    "“%(value)s” lies after today, %(today)s, and cannot have happened yet. Please correct the date."
)
UNKNOWN_WORD = gettext_noop(
    "The word “%(value)s” is not known here. Known are: %(known)s. Please write one of these, or say what the word means."
)
NOT_RECEIVED_ON = gettext_noop(
    "The date of receipt is missing. Please fill it in: a dossier in this state has one."
)
NOT_FINISHED_ON = gettext_noop(
    "The state says that the dossier is finished, but no date says when. Please fill in the date, or correct the state."
)
DUE_BEFORE = gettext_noop(
    "The due date %(value)s is before the date of receipt %(other)s. Please correct one of the two."
)
FINISHED_BEFORE = gettext_noop(
    "It was finished on %(value)s, before it was received on %(other)s. Please correct one of the two dates."
)
RETURNED_BEFORE = gettext_noop(
    "The result was handed over on %(value)s, before it was received on %(other)s. Please correct one of the two dates."
)
ASKED_BEFORE = gettext_noop(
    "A supplement was asked for on %(value)s, before the receipt on %(other)s. Please correct one of the two dates."
)
BACK_BEFORE = gettext_noop(
    "The supplement came on %(value)s, before it was asked for on %(other)s. Please correct one of the two dates."
)
STANDS_TWICE = gettext_noop(
    "This code stands in row %(row)s as well, with other content and no later date. "
    "Please keep the row that holds and set the other aside."
)

_ORDER = (
    ("due_given", "received_at", DUE_BEFORE),
    ("finished_at", "received_at", FINISHED_BEFORE),
    ("returned_at", "received_at", RETURNED_BEFORE),
    ("supplement_asked_at", "received_at", ASKED_BEFORE),
    ("supplement_back_at", "supplement_asked_at", BACK_BEFORE),
)


def _completed(rows: pl.DataFrame) -> pl.DataFrame:
    """Fill in what the other cells of a row say for certain: a state that is not given, and a finish by the hand-over."""
    is_finished = pl.col("state").is_null() | pl.col("state").is_in([state.value for state in _FINISHED])
    by_dates = (
        pl.when(pl.col("returned_at").is_not_null())
        .then(State.RETURNED.value)
        .when(pl.col("finished_at").is_not_null())
        .then(State.DONE.value)
        .when(pl.col("supplement_asked_at").is_not_null() & pl.col("supplement_back_at").is_null())
        .then(State.SUPPLEMENT.value)
        .otherwise(State.PROCESSING.value)
        .cast(pl.UInt8)
    )
    return rows.with_columns(
        pl.when(is_finished)
        .then(pl.coalesce("finished_at", "returned_at"))
        .otherwise(pl.col("finished_at"))
        .alias("finished_at"),
        pl.coalesce(pl.col("state"), by_dates).alias("state"),
    )


def _check_order(rows: pl.DataFrame, faults: list[_Fault], *, is_finish_told: pl.Series) -> None:
    tests: dict[str, pl.Expr] = {
        "received": pl.col("received_at").is_null()
        & ~pl.col("state").is_in([each.value for each in NOT_RECEIVED]),
        "finished": pl.col("finished_at").is_null()
        & pl.col("state").is_in([each.value for each in _FINISHED]),
    }
    for later, earlier, _ in _ORDER:
        tests[later] = _is_before(later, earlier).fill_null(value=False)
    broken = rows.select(**tests)
    has = broken.select(pl.all().any()).row(0, named=True)
    if has["received"]:
        # A date that is there and could not be read is said once.
        said = _any(fault.rows for fault in faults if fault.field == "received_at")
        _add(
            faults,
            "received_at",
            broken["received"] if said is None else broken["received"] & ~said,
            NOT_RECEIVED_ON,
        )
    if has["finished"]:
        said = _any(fault.rows for fault in faults if fault.field in ("finished_at", "returned_at"))
        _add(
            faults,
            "finished_at",
            broken["finished"] if said is None else broken["finished"] & ~said,
            NOT_FINISHED_ON,
        )
    for later, earlier, template in _ORDER:
        if has[later]:
            # A finish that was taken from the hand-over is told there.
            wrong = broken[later] & is_finish_told if later == "finished_at" else broken[later]
            faults.append(_Fault(later, wrong, template, {}, "days", earlier))


def _is_before(later: str, earlier: str) -> pl.Expr:
    """Tell where one moment is before another: by the minute where both have a time, else by the day."""
    minute = pl.col(later).dt.truncate("1m") < pl.col(earlier).dt.truncate("1m")
    has_times = (pl.col(later) != pl.col(later).dt.truncate("1d")) & (
        pl.col(earlier) != pl.col(earlier).dt.truncate("1d")
    )
    return (pl.col(later).dt.date() < pl.col(earlier).dt.date()) | (minute & has_times)


def _add(
    faults: list[_Fault], field: str, rows: pl.Series, template: str, values: Mapping[str, str] | None = None
) -> None:
    if rows.any():
        faults.append(_Fault(field, rows, template, values or {}))


def _any(columns: Iterable[pl.Series]) -> pl.Series | None:
    found: pl.Series | None = None
    for column in columns:
        found = column if found is None else found | column
    return found


def _printable(text: str, longest: int) -> str:
    """Return a text as it can be kept: without NUL, which databases refuse, and no longer than is of use."""
    text = text.replace("\x00", UNREADABLE)
    return text if len(text) <= longest else f"{text[:longest]}…"


def _day(moment: datetime | None) -> str:
    if moment is None:
        return ""
    return f"{moment:%d/%m/%Y}" if not (moment.hour or moment.minute) else f"{moment:%d/%m/%Y %H:%M}"
