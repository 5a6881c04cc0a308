"""Answers of a survey as a spreadsheet holds them, one row a slip: rows understood, or refused cell by cell.

Columns are known by the question, its text or its key, as our own form and exports of web forms write them; a day and a
field may stand beside. Answers are digits (5) or the words of the scale (“Rất hài lòng”), also as “5 - Rất hài lòng”.
What is in no column of the questionnaire (names, addresses of mail) is not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from camket.core.cells import Problem, SheetUnreadable, places_of, said_in, short
from camket.core.headings import HEADINGS_WITHIN
from camket.core.messages import Message, gettext_noop
from camket.core.questionnaire import LONGEST_COMMENT, STEPS, Content, Kind, Question, text_of
from camket.core.wording.dates import format_date
from camket.core.wording.moments import parse_moment
from camket.core.wording.text import search_key

__all__ = ["DAY_HEADING", "FIELD_HEADING", "SlipRow", "SlipRows", "read_slips"]

DAY_HEADING, FIELD_HEADING = "Ngày trả lời", "Lĩnh vực"
"""Headings of our own form that are no questions. Spreadsheets of offices are Vietnamese."""

_DAYS = frozenset(
    {
        "ngay tra loi",
        "ngay",
        "dau thoi gian",
        "thoi gian",
        "timestamp",
        "thoi gian bat dau",
        "ngay khao sat",
        "ngay gui",
    }
)
_FIELDS = frozenset(
    {"linh vuc", "linh vuc thu tuc", "linh vuc giai quyet", "ban den giai quyet linh vuc nao", "field"}
)
_NUMBER_BEFORE = re.compile(r"^(?:cau\s*)?\d{1,2}\s*[.):/-]\s*")
_NO_ANSWER = frozenset({"", "0", "-", "–", "khong tra loi", "bo trong", "khong co y kien", "n/a"})


@dataclass(frozen=True, slots=True)
class SlipRow:
    """One row: what was answered, and what is to be mended. ``on`` and ``field_id`` are None where it says none.

    ``identity`` makes the row the same answer in whatever file it comes, where it has a time of day; else it is empty.
    """

    number: int
    cells: tuple[str, ...]
    ratings: Mapping[str, int]
    choices: Mapping[str, str]
    comments: Mapping[str, str]
    on: date | None
    field_id: int | None
    identity: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class SlipRows:
    """The rows of a sheet. ``found`` are the questions that have a column, ``missing`` those that have none.

    ``ignored`` are headings that name nothing of the questionnaire; ``blank`` rows without any answer.
    """

    headings: tuple[str, ...]
    rows: tuple[SlipRow, ...]
    found: tuple[str, ...]
    missing: tuple[str, ...]
    ignored: tuple[str, ...]
    has_day: bool
    has_field: bool
    blank: int


def read_slips(
    content: Content,
    rows: Sequence[tuple[int, Sequence[str]]],
    *,
    fields: Mapping[str, int],
    first: date,
    last: date,
) -> SlipRows:
    """Return what the rows of a sheet answer; ``fields`` are the agency's by name, a day lies from ``first`` to ``last``.

    Raises SheetUnreadable where no row of headings names a question of the scale.
    """
    at, columns = _headings(content, rows)
    headings = tuple(cell.strip() for cell in rows[at][1])
    by_name = {name: column for column, name in columns.items()}
    questions = {each.key: each for each in content.questions}
    words = _scale_words(content)
    folded = {search_key(name): pk for name, pk in fields.items()}
    body = rows[at + 1 :]
    day_column = next((column for column, name in columns.items() if name == _DAY), None)
    is_month_first = day_column is not None and _is_month_first(body, day_column)
    found: list[SlipRow] = []
    blank = 0
    for number, cells in body:
        said = said_in(cells, by_name)
        if not any(text for name, text in said.items() if name in questions):
            blank += 1
            continue
        row = _Row(number, tuple(cells), places_of(by_name, number))
        for name, text in said.items():
            if name in questions:
                row.answer(questions[name], text, words)
        row.place(said.get(_FIELD, ""), folded)
        row.day(said.get(_DAY, ""), first, last, is_month_first=is_month_first)
        found.append(row.made(said))
    known = [name for name in columns.values() if name in questions]
    return SlipRows(
        headings=headings,
        rows=tuple(found),
        found=tuple(questions[key].text["vi"] for key in questions if key in known),
        missing=tuple(questions[key].text["vi"] for key in questions if key not in known),
        ignored=tuple(cell for column, cell in enumerate(headings) if cell and column not in columns),
        has_day=_DAY in columns.values(),
        has_field=_FIELD in columns.values(),
        blank=blank,
    )


_DAY, _FIELD = "@day", "@field"
"""Names of columns that are no question; no key of a question looks like them."""


class _Row:
    """A row while it is read."""

    def __init__(self, number: int, cells: tuple[str, ...], places: Mapping[str, str]) -> None:
        self.number, self.cells, self.places = number, cells, places
        self.ratings: dict[str, int] = {}
        self.choices: dict[str, str] = {}
        self.comments: dict[str, str] = {}
        self.on: date | None = None
        self.moment: datetime | None = None
        self.field_id: int | None = None
        self.problems: list[Problem] = []

    def refuse(self, name: str, template: str, **params: str) -> None:
        self.problems.append(Problem(self.places.get(name, ""), Message(template, params)))

    def answer(self, question: Question, text: str, words: Mapping[str, int]) -> None:
        key = search_key(text)
        if question.kind is Kind.TEXT:
            tidy = text_of(text)
            if len(tidy) > LONGEST_COMMENT:
                self.refuse(
                    question.key,
                    gettext_noop("The comment has more than %(count)s characters; shorten it."),
                    count=str(LONGEST_COMMENT),
                )
            elif tidy:
                self.comments[question.key] = tidy
        elif key in _NO_ANSWER:
            return
        elif question.kind is Kind.SCALE:
            step = _step(key, words)
            if step is None:
                self.refuse(
                    question.key,
                    gettext_noop("“%(text)s” is no step of the scale; write 1 to 5 or one of its words."),
                    text=short(text),
                )
            else:
                self.ratings[question.key] = step
        else:
            options = {search_key(word): option.key for option in question.options
                       for word in (option.key, *option.label.values())}  # fmt: skip
            option = options.get(key)
            if option is None:
                self.refuse(
                    question.key,
                    gettext_noop("“%(text)s” is not among the answers of “%(question)s”."),
                    text=short(text),
                    question=question.text["vi"],
                )
            else:
                self.choices[question.key] = option

    def place(self, text: str, fields: Mapping[str, int]) -> None:
        if not text:
            return
        self.field_id = fields.get(search_key(text))
        if self.field_id is None:
            self.refuse(
                _FIELD,
                gettext_noop(
                    "“%(text)s” is no field of the agency; write it as the catalogue of procedures does."
                ),
                text=short(text),
            )

    def day(self, text: str, first: date, last: date, *, is_month_first: bool) -> None:
        if not text:
            return
        self.moment = parse_moment(text, is_month_first=is_month_first)
        if self.moment is None:
            self.refuse(
                _DAY, gettext_noop("“%(text)s” is no date; write it as 31/03/2026."), text=short(text)
            )
        elif not first <= self.moment.date() <= last:
            self.refuse(
                _DAY,
                gettext_noop("%(day)s lies outside the survey: answers are of %(first)s to %(last)s."),
                day=format_date(self.moment.date()),
                first=format_date(first),
                last=format_date(last),
            )
        else:
            self.on = self.moment.date()

    def made(self, said: Mapping[str, str]) -> SlipRow:
        if not (self.ratings or self.choices or self.comments or self.problems):
            self.problems.append(Problem("", Message(gettext_noop("The row has no answer."))))
        has_time = self.moment is not None and self.moment.time() != datetime.min.time()
        identity = "|".join(f"{name}={said[name]}" for name in sorted(said)) if has_time else ""
        return SlipRow(
            self.number, self.cells, self.ratings, self.choices, self.comments, self.on, self.field_id, identity,
            tuple(self.problems),
        )  # fmt: skip


def _headings(content: Content, rows: Sequence[tuple[int, Sequence[str]]]) -> tuple[int, dict[int, str]]:
    """Return the place of the row of headings, and what each column holds; each question has one column."""
    names: dict[str, str] = {}
    for question in content.questions:
        names.setdefault(search_key(question.key), question.key)
        for text in question.text.values():
            names.setdefault(_heading(text), question.key)
    best: tuple[int, int, dict[int, str]] | None = None
    for at, (_, cells) in enumerate(rows[:HEADINGS_WITHIN]):
        columns: dict[int, str] = {}
        for column, cell in enumerate(cells):
            name = _name(cell, names)
            if name is not None and name not in columns.values():
                columns[column] = name
        rated = sum(1 for each in content.rated if each.key in columns.values())
        if rated and (best is None or rated > best[0]):
            best = rated, at, columns
    if best is None:
        raise SheetUnreadable(
            Message(
                gettext_noop(
                    "No column has the text of a question of the questionnaire. Download our form, or give the columns "
                    "the words of the questions."
                )
            )
        )
    return best[1], best[2]


def _name(cell: str, names: Mapping[str, str]) -> str | None:
    key = _heading(cell)
    # A grid of a web form is exported as "Heading of the grid [question]".
    within = re.search(r"\[([^\]]+)\]\s*$", cell)
    for each in (key, _heading(within[1]) if within else ""):
        if each in names:
            return names[each]
    if key in _DAYS:
        return _DAY
    return _FIELD if key in _FIELDS else None


def _heading(text: str) -> str:
    return _NUMBER_BEFORE.sub("", search_key(text)).strip(" .:*?()")


def _scale_words(content: Content) -> dict[str, int]:
    return {
        search_key(word): step
        for step, texts in zip(STEPS, content.scale, strict=True)
        for word in texts.values()
    }


def _step(key: str, words: Mapping[str, int]) -> int | None:
    if key in words:
        return words[key]
    found = re.fullmatch(r"([1-5])(?:[.,]0+)?(?:\s*[-–.:)(]\s*(.*?)\)?)?", key)
    if found is None:
        return None
    step, word = int(found[1]), (found[2] or "").strip()
    return step if not word or words.get(word, step) == step else None


def _is_month_first(rows: Sequence[tuple[int, Sequence[str]]], column: int) -> bool:
    """Return whether days are written with the month first: they are only so all days."""
    texts = [cells[column].strip() for _, cells in rows if column < len(cells) and cells[column].strip()]
    return any(parse_moment(text) is None for text in texts) and all(
        parse_moment(text, is_month_first=True) is not None for text in texts
    )
