"""The catalogue of administrative procedures as offices keep it in a spreadsheet, understood row by row.

Catalogues are printed under the decisions that announce procedures: titles above the headings, rows that name a field
between the procedures, time limits in words. What a row says is kept as written beside what was understood.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as made_of
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from camket.core.cells import Problem, column_letter, day_in, is_column_numbers, places_of
from camket.core.dossiers import LEVEL_NAMES, LimitUnit, OnlineLevel, TimeLimit
from camket.core.headings import HEADINGS_WITHIN, fullest_row, spanned
from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.wording.numbers import format_number
from camket.core.wording.text import fold, one_line, search_key

__all__ = [
    "UNKNOWN_FIELD",
    "UNKNOWN_PROCEDURE",
    "ListedProcedure",
    "Problem",
    "ProcedureList",
    "ProcedureListUnreadable",
    "Understood",
    "coded_name",
    "level_in",
    "levels_on",
    "scales_on",
    "limit_in",
    "limit_in_words",
    "procedure_key",
    "read_procedures",
    "require_level",
    "text_key",
    "tidy_code",
    "understand",
]

LONGEST_KEY = 255
_LONGEST_HEADING = 80
"""A cell of more characters is a sentence."""
_GRADES = 4
"""How many levels a scale has whose levels are named by number."""
LONGEST_LIMIT = Decimal(99_999)

UNKNOWN_FIELD = "Chưa rõ lĩnh vực"
UNKNOWN_PROCEDURE = "Chưa rõ thủ tục"
"""What stands where an export names neither; part of the data, so Vietnamese by nature."""


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale of online levels with the days on which it holds and the text that it comes from."""

    levels: tuple[OnlineLevel, ...]
    valid_from: date | None
    valid_to: date | None
    source: str
    partial_needs_reason: bool = False


SCALES = (
    Scale(
        (OnlineLevel.OLD_1, OnlineLevel.OLD_2, OnlineLevel.OLD_3, OnlineLevel.OLD_4),
        None,
        date(2022, 8, 14),
        "Nghị định 43/2011/NĐ-CP",
    ),
    Scale(
        (OnlineLevel.PARTIAL, OnlineLevel.WHOLE),
        date(2022, 8, 15),
        date(2026, 6, 30),
        "Nghị định 42/2022/NĐ-CP",
    ),
    Scale(
        (OnlineLevel.PARTIAL, OnlineLevel.WHOLE),
        date(2026, 7, 1),
        None,
        "Nghị định 224/2026/NĐ-CP, Điều 14",
        partial_needs_reason=True,
    ),
    Scale(
        (
            OnlineLevel.PROACTIVE_1,
            OnlineLevel.PROACTIVE_2,
            OnlineLevel.PROACTIVE_3,
            OnlineLevel.PROACTIVE_4,
        ),
        date(2026, 7, 1),
        None,
        "Nghị định 224/2026/NĐ-CP, Điều 16",
    ),
)
"""The scales, none of which translates into another though two of them use the same words."""

_CODE = re.compile(r"\d\.\d{6}")
_CODE_AHEAD = re.compile(r"^[\[(]?(\d\.\d{6}(?:\.[0-9A-Z]{2,3})*)[\])]?\s*[-–—.:;)]*\s*")


class ProcedureListUnreadable(Refusal):
    """The sheet has no headings for the procedure's name and time limit, or no procedure below them."""


class LevelNotOffered(Refusal):
    """An online level is of a scale that does not hold on the day."""


class PartialReasonMissing(Refusal):
    """A procedure is only partly online and the reason is not given."""


@dataclass(frozen=True, slots=True)
class ListedProcedure:
    """A procedure as a row says; ``cells`` holds the address (C14) of each column that the row fills."""

    row: int
    code: str = ""
    name: str = ""
    field: str = ""
    unit: str = ""
    limit: str = ""
    limit_unit: str = ""
    level: str = ""
    partial_reason: str = ""
    decision: str = ""
    valid_from: str = ""
    cells: Mapping[str, str] = made_of(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProcedureList:
    """The procedures of a sheet, the headings that were understood, and rows left out as (number, text).

    ``notes`` says which of several columns was taken for the same thing.
    """

    entries: tuple[ListedProcedure, ...]
    headings: Mapping[str, str]
    left_out: tuple[tuple[int, str], ...] = ()
    notes: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class Understood:
    """What a row means: limit, level and day; ``problems`` is empty where the row can be taken."""

    entry: ListedProcedure
    code: str
    limit: TimeLimit | None
    level: OnlineLevel | None
    valid_from: date
    problems: tuple[Problem, ...]


_COLUMNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("partial_reason", re.compile(r"ly do")),
    ("limit_unit", re.compile(r"don vi (?:tinh|thoi gian)")),
    (
        "limit",
        re.compile(r"thoi (?:han|gian) (?:giai quyet|xu ly|thuc hien|tra)|^thoi (?:han|gian)$|^time limit$"),
    ),
    ("code", re.compile(r"^ma\b|ma (?:so )?(?:tthc|thu tuc)|^code$")),
    ("level", re.compile(r"muc do|^dvc|dich vu cong|truc tuyen|toan trinh|^online level$")),
    ("valid_from", re.compile(r"hieu luc|ap dung tu|^tu ngay|^valid from$")),
    ("decision", re.compile(r"quyet dinh|^qd\b|cong bo|^decision$")),
    ("field", re.compile(r"^(?:ten )?linh vuc|^field$")),
    ("unit", re.compile(r"^(?:ten )?(?:bo phan|phong\b|don vi|co quan) ?|(?:chu tri|phu trach)|^unit$")),
    ("name", re.compile(r"^(?:ten )?(?:thu tuc|tthc)|^ten\b|^name$")),
)
_REDUCED = re.compile(r"\bsau (?:khi )?(?:\w+ )?(?:cat|rut|don gian)|con lai|thuc te")
"""Headings of the time limit that holds once a province has cut the legal one."""

_CUT = re.compile(r"cat giam|rut ngan|ty le|tiet kiem|don gian")
"""Headings of how much was cut: no time limit."""

_TICKED = re.compile(r"(?:dvc(?:tt)?|dich vu cong(?: truc tuyen)?|muc do)? ?(toan trinh|mot phan)")
_UNIT_IN_BRACKETS = re.compile(
    r"\((?:don vi(?: tinh)?:? ?|tinh theo )?(ngay lam viec|gio lam viec|gio|ngay)\)"
)
_NOT_TICKED = frozenset({"", "-", "0", "khong", "chua"})
_SECTION_COUNT = re.compile(
    r"\s*[(:–-]\s*(?:gồm\s+|có\s+)?\d+\s*(?:thủ tục|tthc)(?:\s+hành chính)?\s*\)?\s*$", re.I
)

_FOOTER = re.compile(
    r"^(?:tong (?:cong|so)|cong\b|nguoi lap|lap bieu|thu truong|ghi chu|noi nhan|tm\.|chu tich)"
)
_SECTION_MARK = re.compile(r"^(?:[IVXLC]+|[A-ZĐ]|\d+)\s*[.)/]?\s+|^(?:[IVXLC]+|\d+)[.)/]\s*")
_FIELD_WORD = re.compile(r"^(?:lĩnh vực|nhóm lĩnh vực|LĨNH VỰC)\s*:?\s*", re.IGNORECASE)
_NUMBERED = re.compile(r"[\dIVXLC]+[.)]?")

_LIMIT = re.compile(
    r"(?P<amount>\d+\s*/\s*\d+|\d+(?:[.,]\d+)?)\s*(?:\([^)]*\)\s*)?"
    r"(?P<unit>ngay lam viec|gio lam viec|ngay|gio|tieng|buoi|phut|thang|tuan|h\b)"
)
_SAME_DAY = re.compile(
    r"trong (?:cung )?(?:ngay|buoi)|ngay trong (?:ngay|buoi)|trong mot ngay lam viec do|giai quyet trong ngay"
)
_AT_ONCE = re.compile(
    r"^(?:giai quyet |tra (?:ket qua )?)?ngay\b|^tuc thi|^ngay khi|khong quy dinh|khong (?:co )?thoi han"
)
_UNITS: tuple[tuple[re.Pattern[str], LimitUnit], ...] = (
    (re.compile(r"^ngay lam viec|^working days?$"), LimitUnit.WORKING_DAYS),
    (re.compile(r"^gio|^tieng|^h$|^hours?$"), LimitUnit.HOURS),
    (re.compile(r"^ngay|^days?$"), LimitUnit.DAYS),
)

_LEVELS: tuple[tuple[re.Pattern[str], OnlineLevel], ...] = (
    (re.compile(r"toan trinh|whole"), OnlineLevel.WHOLE),
    (re.compile(r"mot phan|partial|partly"), OnlineLevel.PARTIAL),
    (re.compile(r"^(?:khong|chua|truc tiep|no|none|0)\b"), OnlineLevel.NONE),
)


def tidy_code(code: str) -> str:
    """Return a procedure's code as it is kept: the six digits of the national database, else as written.

    One-stop systems hang the code of the place behind it.

    >>> tidy_code(" 1.004873.000.00.00.H26 "), tidy_code("BYT-287654")
    ('1.004873', 'BYT-287654')
    """
    tidy = re.sub(r"\s+", "", fold(code)).upper()
    match = _CODE.match(tidy)
    return (match.group() if match else tidy)[:60]


def coded_name(text: str) -> tuple[str, str]:
    """Return the code that a name begins with, if any, and the name.

    >>> coded_name("1.004873 - Cấp Giấy xác nhận")
    ('1.004873', 'Cấp Giấy xác nhận')
    >>> coded_name("Đăng ký khai sinh")
    ('', 'Đăng ký khai sinh')
    """
    name = one_line(text)
    match = _CODE_AHEAD.match(name)
    return (tidy_code(match.group(1)), name[match.end() :].strip()) if match else ("", name)


def text_key(text: str) -> str:
    """Return the key of a name, 255 characters at most: a longer one ends with its digest.

    >>> text_key("Đăng ký  khai sinh")
    'dang ky khai sinh'
    """
    key = search_key(one_line(text))
    if len(key) <= LONGEST_KEY:
        return key
    digest = hashlib.sha256(key.encode()).hexdigest()
    return f"{key[: LONGEST_KEY - len(digest) - 1]} {digest}"


def procedure_key(code: str, name: str) -> str:
    """Return under which key a procedure is found: its code, else its name."""
    return tidy_code(code) or text_key(name)


def limit_in(text: str, unit: str = "") -> TimeLimit | None:
    """Return the time limit that a text states; ``unit`` is the column of units, where there is one; None if unclear.

    The first limit counts: "15 ngày, trong đó cấp xã 05 ngày" is 15 days. Months are not taken, since they are not
    all of one length.

    >>> limit_in("05 (năm) ngày làm việc kể từ ngày nhận đủ hồ sơ").amount
    Decimal('5')
    >>> limit_in("0,5 ngày").unit.value, limit_in("Trong ngày").unit.value, limit_in("02 tháng") is None
    ('days', 'same_day', True)
    """
    key = search_key(text)
    match = _LIMIT.search(key)
    if match is None:
        if _SAME_DAY.search(key):
            return TimeLimit(LimitUnit.SAME_DAY)
        if not key or key in ("-", "/") or _AT_ONCE.search(key):
            return TimeLimit(LimitUnit.NONE)
        bare = re.fullmatch(r"\d+(?:[.,]\d+)?", key)
        stated = next((found for words, found in _UNITS if words.search(search_key(unit))), None)
        return _limit(key, stated) if bare and stated else None
    if match.start() and (at_once := _SAME_DAY.search(key)) and at_once.start() < match.start():
        return TimeLimit(LimitUnit.SAME_DAY)
    amount, word = match.group("amount"), match.group("unit")
    if word == "tuan":
        return _limit(amount, LimitUnit.DAYS, Fraction(7))
    if word == "buoi":
        return _limit(amount, LimitUnit.WORKING_DAYS, Fraction(1, 2))
    if word == "phut":
        return _limit(amount, LimitUnit.HOURS, Fraction(1, 60))
    if word == "thang":
        return None
    return _limit(amount, next(found for words, found in _UNITS if words.search(word)))


def limit_in_words(limit: TimeLimit) -> Message:
    """Return a limit as people say it.

    >>> str(limit_in_words(TimeLimit(LimitUnit.WORKING_DAYS, Decimal("0.5"))))
    '0,5 working days'
    """
    if limit.unit == LimitUnit.SAME_DAY:
        return Message(gettext_noop("within the day"))
    if limit.unit == LimitUnit.NONE or limit.amount is None:
        return Message(gettext_noop("no time limit stated"))
    amount = format_number(limit.amount.normalize())
    if limit.unit == LimitUnit.HOURS:
        return Message(gettext_noop("%(amount)s working hours"), {"amount": amount})
    if limit.unit == LimitUnit.WORKING_DAYS:
        return Message(gettext_noop("%(amount)s working days"), {"amount": amount})
    return Message(gettext_noop("%(amount)s days"), {"amount": amount})


def levels_on(day: date) -> tuple[OnlineLevel, ...]:
    """Return the online levels that may be given to a procedure on a day: those of the scales in force then.

    >>> OnlineLevel.OLD_4 in levels_on(date(2021, 1, 1)), OnlineLevel.OLD_4 in levels_on(date(2024, 1, 1))
    (True, False)

    Source: Nghị định 42/2022/NĐ-CP (in force from 15/8/2022); Nghị định 224/2026/NĐ-CP, Điều 14 and 16.
    """
    return (OnlineLevel.NONE, *(level for scale in scales_on(day) for level in scale.levels))


def scales_on(day: date) -> tuple[Scale, ...]:
    """Return the scales that hold on a day."""
    return tuple(
        scale
        for scale in SCALES
        if (scale.valid_from is None or scale.valid_from <= day)
        and (scale.valid_to is None or day <= scale.valid_to)
    )


def require_level(level: OnlineLevel, *, on: date, partial_reason: str) -> None:
    """Raise LevelNotOffered or PartialReasonMissing where a procedure may not be given a level on a day."""
    if level not in levels_on(on):
        raise LevelNotOffered(
            Message(
                gettext_noop(
                    "The level “%(level)s” does not exist on %(day)s. Choose one that holds on that day."
                ),
                {"level": LEVEL_NAMES[level], "day": f"{on:%d/%m/%Y}"},
            )
        )
    needs_reason = any(scale.partial_needs_reason for scale in scales_on(on))
    if level == OnlineLevel.PARTIAL and needs_reason and not partial_reason.strip():
        raise PartialReasonMissing(
            Message(
                gettext_noop(
                    "Say why the procedure is only partly online (Nghị định 224/2026/NĐ-CP, Điều 14)."
                )
            )
        )


def level_in(text: str, on: date) -> OnlineLevel | None:
    """Return the online level that a text states on a day; None if unclear. No word at all is not online.

    "Mức độ 4" means one thing before 15/8/2022 and another from 01/7/2026; between, it means nothing.

    >>> level_in("Toàn trình", date(2026, 1, 1)).name, level_in("Mức độ 4", date(2021, 5, 1)).name
    ('WHOLE', 'OLD_4')
    >>> level_in("Mức độ 4", date(2024, 5, 1)) is None
    True
    """
    key = search_key(text).strip(" .")
    if not key or key == "-":
        return OnlineLevel.NONE
    named = [level for words, level in _LEVELS if words.search(key)]
    if {OnlineLevel.WHOLE, OnlineLevel.PARTIAL}.issubset(named):
        return None
    if named:
        return named[0]
    digit = re.search(r"[1-4]$|[1-4]\b", key)
    if digit is None:
        return OnlineLevel.WHOLE if key in ("x", "co") else None
    graded = [scale for scale in scales_on(on) if len(scale.levels) == _GRADES]
    return graded[0].levels[int(digit.group()[0]) - 1] if graded else None


def read_procedures(rows: Iterable[tuple[int, Sequence[str]]]) -> ProcedureList:
    """Return the procedures of a sheet given as (number, cells). Raises ProcedureListUnreadable.

    >>> sheet = [(2, ("TT", "Tên thủ tục", "Thời hạn giải quyết")), (3, ("I", "Lĩnh vực Hộ tịch", "")),
    ...          (4, ("1", "Đăng ký khai sinh", "Trong ngày"))]
    >>> [(each.field, each.name) for each in read_procedures(sheet).entries]
    [('Hộ tịch', 'Đăng ký khai sinh')]
    """
    listed = [(number, [one_line(cell) for cell in cells]) for number, cells in rows]
    at, columns, heads = _headings(listed)
    chosen = _several(heads, columns)
    entries: list[ListedProcedure] = []
    left_out: list[tuple[int, str]] = []
    section = named_field = ""
    filled_down: list[int] = []
    for number, cells in listed[at + 1 :]:
        if not any(cells):
            continue
        held = chosen.columns_of(cells)
        said = {name: cells[column] for name, column in held.items() if column < len(cells)}
        if chosen.ticks:
            said["level"] = chosen.level_of(cells)
        filled = [cell for cell in cells if cell and not _NUMBERED.fullmatch(cell)]
        if _is_section(cells, filled, said):
            heading = _FIELD_WORD.sub("", _SECTION_MARK.sub("", _SECTION_COUNT.sub("", filled[0]))).strip(
                " :."
            )
            if heading and not _FOOTER.match(search_key(filled[0])):
                section, named_field = _sentence_case(heading), ""
            continue
        ahead, name = coded_name(said.get("name", ""))
        if _FOOTER.match(search_key(filled[0] if filled else "")) or (not name and not said.get("code")):
            left_out.append((number, " ".join(filled)))
            continue
        if is_column_numbers(cells):
            continue
        if not said.get("field") and named_field:
            filled_down.append(number)
        named_field = said.get("field") or named_field
        entries.append(
            ListedProcedure(
                row=number,
                **{
                    **said,
                    "code": said.get("code") or ahead,
                    "name": name,
                    "field": named_field or section,
                    "limit_unit": said.get("limit_unit") or chosen.limit_unit(heads, held["limit"]),
                },
                cells=places_of(held, number),
            )
        )
    if not entries:
        raise ProcedureListUnreadable(
            Message(
                gettext_noop("There is no procedure below the headings in row %(row)s."),
                {"row": str(listed[at][0])},
            )
        )
    named = {name: heads[column] for name, column in chosen.columns.items()}
    notes = list(chosen.notes(heads))
    if filled_down:
        notes.append(
            Message(
                gettext_noop(
                    "Blank cells in the column of fields are taken for merged: they mean the field above (%(count)s rows)."
                ),
                {"count": format_number(len(filled_down))},
            )
        )
    return ProcedureList(tuple(entries), named, tuple(left_out), tuple(notes))


def understand(entry: ListedProcedure, *, valid_from: date, decision: str = "") -> Understood:
    """Return what a row means; ``valid_from`` holds where the row names no day."""
    problems: list[Problem] = []

    def wrong(column: str, message: Message) -> None:
        problems.append(Problem(entry.cells.get(column, f"{entry.row}"), message, column))

    day = valid_from
    if entry.valid_from:
        found = day_in(entry.valid_from)
        if found is None:
            wrong(
                "valid_from",
                Message(
                    gettext_noop("“%(text)s” is no date. Write it as day/month/year, for example 01/7/2026."),
                    {"text": entry.valid_from[:80]},
                ),
            )
        else:
            day = found
    if not entry.name:
        wrong("name", Message(gettext_noop("The row has a code and no name of the procedure.")))
    limit = limit_in(entry.limit, entry.limit_unit)
    if limit is None or (limit.amount is not None and not 0 < limit.amount <= LONGEST_LIMIT):
        limit = None
        wrong(
            "limit",
            Message(
                gettext_noop(
                    "The time limit “%(text)s” is not understood. Write for example: 5 ngày làm việc, 10 ngày, "
                    "4 giờ, trong ngày, không quy định."
                ),
                {"text": entry.limit[:80]},
            ),
        )
    level = level_in(entry.level, day)
    if level is None:
        wrong(
            "level",
            Message(
                gettext_noop(
                    "The online level “%(text)s” is of no scale in force on %(day)s. Write: toàn trình, một phần, không."
                ),
                {"text": entry.level[:80], "day": f"{day:%d/%m/%Y}"},
            ),
        )
    else:
        try:
            require_level(level, on=day, partial_reason=entry.partial_reason)
        except LevelNotOffered as refusal:
            wrong("level", refusal.message)
        except PartialReasonMissing as refusal:
            if "partial_reason" in entry.cells:
                wrong("partial_reason", refusal.message)
            else:
                wrong(
                    "level",
                    Message(
                        gettext_noop(
                            "Say why the procedure is only partly online (Nghị định 224/2026/NĐ-CP, Điều 14): add a "
                            "column “Lý do chỉ một phần” to the file."
                        )
                    ),
                )
    return Understood(entry, tidy_code(entry.code), limit, level, day, tuple(problems))


def _limit(amount: str, unit: LimitUnit, times: Fraction = Fraction(1)) -> TimeLimit | None:
    try:
        value = Fraction(amount.replace(" ", "").replace(",", ".")) * times
    except ZeroDivisionError:
        return None
    exact = (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.01"))
    if unit in (LimitUnit.DAYS, LimitUnit.WORKING_DAYS) and not exact:
        return TimeLimit(LimitUnit.SAME_DAY)
    return TimeLimit(unit, exact.normalize() if exact else exact) if exact else None


def _headings(rows: Sequence[tuple[int, Sequence[str]]]) -> tuple[int, dict[str, int], list[str]]:
    """Return the last row of the headings, the column of each, and all headings; the row that names most wins.

    Where an upper heading spans several of a row below ("Thời hạn giải quyết": "Theo quy định", "Sau cắt giảm"), each
    column is known by its own words, else by those above it.
    """
    found = fullest_row(rows, _COLUMNS, {"name", "limit"}.issubset, longest=_LONGEST_HEADING)
    for at, ((number, upper), (below, lower)) in enumerate(pairwise(rows[:HEADINGS_WITHIN])):
        pairs = spanned(upper, lower) if below == number + 1 else None
        if pairs is None or any(
            _NUMBERED.fullmatch(cell) or _LIMIT.search(search_key(cell)) for cell in lower
        ):
            continue
        columns = _columns_of(pairs)
        is_better = found is None or len(columns) > len(found[1]) or at == found[0]
        if {"name", "limit"} <= set(columns) and is_better:
            return at + 1, columns, [" / ".join(filter(None, pair)) for pair in pairs]
    if found is None:
        raise ProcedureListUnreadable(
            Message(
                gettext_noop(
                    "No row has the headings “Tên thủ tục” and “Thời hạn giải quyết”. Write the headings in one row: "
                    "Mã thủ tục, Tên thủ tục, Lĩnh vực, Bộ phận phụ trách, Thời hạn giải quyết, Mức độ trực tuyến."
                )
            )
        )
    return found[0], found[1], list(rows[found[0]][1])


def _columns_of(pairs: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Return the column of each thing that pairs of headings name."""
    columns: dict[str, int] = {}
    for column, (upper, lower) in enumerate(pairs):
        for key in (search_key(lower).strip(" .:*()"), search_key(upper).strip(" .:*()")):
            if not key or len(key) > _LONGEST_HEADING:
                continue
            names = [name for name, words in _COLUMNS if words.search(key)]
            if names:
                columns.setdefault(names[0], column)
                break
    return columns


@dataclass(frozen=True, slots=True)
class _Chosen:
    """Which columns say what where several say it: the limit after cuts, else the legal one; levels by ticks."""

    columns: Mapping[str, int]
    legal_limit: int | None
    ticks: Mapping[str, int]

    def columns_of(self, cells: Sequence[str]) -> Mapping[str, int]:
        """Return the column of each, for a row: the legal limit where no other is written, the level that is ticked."""
        found = dict(self.columns)
        if self.legal_limit is not None and not _at(cells, found["limit"]):
            found["limit"] = self.legal_limit
        for column in list(self._ticked(cells).values())[:1]:
            found["level"] = column
        return found

    def level_of(self, cells: Sequence[str]) -> str:
        """Return the levels that a row ticks."""
        return "; ".join(self._ticked(cells))

    @staticmethod
    def limit_unit(heads: Sequence[str], column: int) -> str:
        """Return the unit that the heading of a limit says in brackets: "Thời hạn (ngày làm việc)"."""
        match = _UNIT_IN_BRACKETS.search(search_key(heads[column]))
        return match.group(1) if match else ""

    def _ticked(self, cells: Sequence[str]) -> dict[str, int]:
        return {
            name: column
            for name, column in self.ticks.items()
            if search_key(_at(cells, column)) not in _NOT_TICKED
        }

    def notes(self, heads: Sequence[str]) -> tuple[Message, ...]:
        """Return what was chosen, in words."""
        found = []
        if self.legal_limit is not None:
            column = self.columns["limit"]
            message = Message(
                gettext_noop(
                    "Time limits are read from column %(column)s “%(heading)s”; where it is blank, from column "
                    "%(other)s “%(other_heading)s”."
                ),
                {
                    "column": column_letter(column),
                    "heading": heads[column],
                    "other": column_letter(self.legal_limit),
                    "other_heading": heads[self.legal_limit],
                },
            )
            found.append(message)
        if self.ticks:
            message = Message(
                gettext_noop("Online levels are read from the ticks in columns %(columns)s."),
                {
                    "columns": ", ".join(
                        f"{column_letter(column)} “{heads[column]}”" for column in self.ticks.values()
                    )
                },
            )
            found.append(message)
        return tuple(found)


def _at(cells: Sequence[str], column: int) -> str:
    return cells[column] if column < len(cells) else ""


def _several(heads: Sequence[str], columns: Mapping[str, int]) -> _Chosen:
    """Return which columns are read, where more than one heading names the time limit or the online level."""
    patterns = dict(_COLUMNS)
    limits: list[int] = []
    ticks: dict[str, int] = {}
    for column, head in enumerate(heads):
        key = search_key(head).strip(" .:*()")
        if len(key) > 2 * _LONGEST_HEADING:
            continue
        if patterns["limit"].search(key) and not patterns["limit_unit"].search(key):
            limits.append(column)
        elif match := _TICKED.fullmatch(key.rpartition(" / ")[2]):
            ticks.setdefault("Toàn trình" if match.group(1) == "toan trinh" else "Một phần", column)
    reduced = [each for each in limits if _REDUCED.search(search_key(heads[each]))]
    legal = [each for each in limits if each not in reduced and not _CUT.search(search_key(heads[each]))]
    chosen = dict(columns)
    if reduced or legal:
        chosen["limit"] = (reduced or legal)[0]
    if len(ticks) < 2:
        ticks = {}
    else:
        chosen["level"] = ticks["Toàn trình"]
    return _Chosen(chosen, legal[0] if reduced and legal else None, ticks)


def _is_section(cells: Sequence[str], filled: Sequence[str], said: Mapping[str, str]) -> bool:
    """Return whether a row names a field for those below it: one cell alone, numbered otherwise than procedures are."""
    if len(filled) != 1 or said.get("limit") or _CODE.match(filled[0]):
        return False
    title = _SECTION_COUNT.sub("", filled[0])
    if _FIELD_WORD.match(title) or title == title.upper():
        return True
    is_counted = any(cell.strip(".)").isdigit() for cell in cells if cell != filled[0])
    return not (is_counted and said.get("name") == filled[0])


def _sentence_case(text: str) -> str:
    return text[:1] + text[1:].lower() if text == text.upper() and len(text) > 3 else text
