"""Rules of controlled documents: their codes, what an internal procedure says, when they are looked at again, how two
editions differ.

Source: ISO 9001:2015, 7.5.2 (identification, review and approval) and 7.5.3 (distribution, changes, external documents).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.steps import Against, against
from camket.core.wording.text import fold, one_line

# Codes

PATTERNS: Mapping[str, str] = {
    "manual": "STCL",
    "policy": "CSCL",
    "system": "QT.{serial:02}",
    "internal": "QTNB.{serial:02}",
    "guide": "HD.{serial:02}",
    "form": "BM.{parent}.{serial:02}",
    "external": "TLBN.{serial:02}",
}
"""Patterns of codes proposed by kind of document; an agency's own stand before them."""

_FIELD = re.compile(r"\{([^{}]*)\}")
_PARTS = re.compile(r"serial(?::0?([1-6]))?|parent|year")
LONGEST_CODE = 60


class PatternRefused(Refusal):
    """A pattern of codes that cannot be read."""


def check_pattern(pattern: str) -> str:
    """Return a pattern of codes, tidied. Raises PatternRefused, which says what may stand in it.

    >>> check_pattern("QT-HT-{serial:02}")
    'QT-HT-{serial:02}'
    """
    pattern = one_line(pattern)
    without = _FIELD.sub("", pattern)
    if not pattern or "{" in without or "}" in without:
        raise PatternRefused(_PATTERN)
    found = _FIELD.findall(pattern)
    if any(not _PARTS.fullmatch(each) for each in found) or sum(e.startswith("serial") for e in found) > 1:
        raise PatternRefused(_PATTERN)
    if len(pattern) > LONGEST_CODE:
        raise PatternRefused(Message(gettext_noop("The pattern is longer than 60 characters.")))
    return pattern


_PATTERN = Message(
    gettext_noop(
        "In braces may stand serial (once, {serial:02} for two digits), parent (the code of the procedure without its "
        "leading letters) and year, for example QT.{serial:02} or BM.{parent}.{serial:02}."
    )
)


def next_code(pattern: str, used: Iterable[str], *, parent: str = "", year: int) -> str:
    """Return the first free code of a pattern: serials that were given are not given again, gaps stay gaps.

    >>> next_code("QT.{serial:02}", ["QT.01", "QT.03", "HD.09"], year=2026)
    'QT.04'
    >>> next_code("BM.{parent}.{serial:02}", ["BM.05.01"], parent="QT.05", year=2026)
    'BM.05.02'
    >>> next_code("STCL", ["STCL"], year=2026)
    'STCL-2'
    """
    taken = {each.casefold() for each in used}
    if "{serial" not in pattern:
        bare = _filled(pattern, 0, parent, year)
        code, number = bare, 1
        while code.casefold() in taken:
            number += 1
            code = f"{bare}-{number}"
        return code
    marked = _filled(pattern, None, parent, year)
    shape = re.compile(re.escape(marked).replace("\0", r"(\d+)"), re.IGNORECASE)
    given = [int(match[1]) for each in taken if (match := shape.fullmatch(each))]
    return _filled(pattern, max(given, default=0) + 1, parent, year)


def _filled(pattern: str, serial: int | None, parent: str, year: int) -> str:
    def part(match: re.Match[str]) -> str:
        name, _, width = match[1].partition(":")
        if name == "parent":
            return parent_part(parent)
        if name == "year":
            return str(year)
        return "\0" if serial is None else str(serial).zfill(int(width or 1))

    return re.sub(r"[.\-/_ ]{2,}", lambda found: found[0][0], _FIELD.sub(part, pattern)).strip(".-/_ ")


def parent_part(code: str) -> str:
    """Return a procedure's code as its forms' codes carry it: without its leading letters where digits follow.

    >>> parent_part("QT.05"), parent_part("QT-HT-02"), parent_part("STCL")
    ('05', 'HT-02', 'STCL')
    """
    match = re.match(r"^[^\W\d_]+[.\-/_ ]+(.*\d.*)$", code)
    return match[1] if match else code


# What an internal procedure says


@dataclass(frozen=True, slots=True)
class Component:
    """A piece of the dossier (thành phần hồ sơ): how many originals and copies."""

    name: str
    originals: str = ""
    copies: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A step: what is done, by whom, in what time, and the form or result it leads to."""

    what: str
    who: str = ""
    time: str = ""
    result: str = ""


@dataclass(frozen=True, slots=True)
class FormOf:
    """A form of the procedure: its code and name."""

    name: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class RecordKept:
    """A record that is kept, where and how long."""

    name: str
    where: str = ""
    years: str = ""


@dataclass(frozen=True, slots=True)
class ProcedureContent:
    """An internal procedure as it is written here; texts of several lines are paragraphs.

    Source: layout of quy trình nội bộ giải quyết thủ tục hành chính, parts 2.1 to 2.10, 3 and 4.
    """

    purpose: str = ""
    scope: str = ""
    conditions: str = ""
    filing: str = ""
    sets: str = ""
    limit: str = ""
    place: str = ""
    agency: str = ""
    who: str = ""
    result: str = ""
    components: tuple[Component, ...] = ()
    steps: tuple[Step, ...] = ()
    forms: tuple[FormOf, ...] = ()
    records: tuple[RecordKept, ...] = ()

    @property
    def against(self) -> Against:
        """How the steps' times stand against the limit."""
        return against([each.time for each in self.steps], self.limit)

    def missing(self) -> tuple[str, ...]:
        """Return the fields that an internal procedure cannot go to review without."""
        needed = ("filing", "limit", "place", "agency", "who", "result", "components", "steps")
        return tuple(name for name in needed if not getattr(self, name))

    def to_json(self) -> dict[str, Any]:
        """Return the content as plain values, which :meth:`from_json` takes back."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> ProcedureContent:
        """Return the content that :meth:`to_json` wrote; what else stands beside it is left aside."""
        found: dict[str, Any] = {}
        for each in fields(cls):
            value = values.get(each.name)
            if value is None:
                continue
            row = ROWS.get(each.name)
            found[each.name] = tuple(row(**one) for one in value) if row else value
        return cls(**found)

    def lines(self) -> list[str]:
        """Return what it says line by line, for a comparison with another edition."""
        found = []
        for name, title in SECTIONS:
            value = getattr(self, name)
            if not value:
                continue
            found.append(title)
            if isinstance(value, str):
                found += [line for line in value.splitlines() if line.strip()]
                continue
            label = "B{}" if name == "steps" else "{}"
            found += [
                " | ".join([label.format(number), *(part for part in asdict(row).values() if part)])
                for number, row in enumerate(value, 1)
            ]
        return found


ROWS: Mapping[str, Any] = {
    "components": Component,
    "steps": Step,
    "forms": FormOf,
    "records": RecordKept,
}

SECTIONS: tuple[tuple[str, str], ...] = (
    ("purpose", "Mục đích"),
    ("scope", "Phạm vi áp dụng"),
    ("conditions", "Điều kiện thực hiện thủ tục hành chính"),
    ("filing", "Cách thức nộp hồ sơ"),
    ("components", "Thành phần hồ sơ"),
    ("sets", "Số lượng hồ sơ"),
    ("limit", "Thời hạn giải quyết"),
    ("place", "Địa điểm thực hiện"),
    ("agency", "Cơ quan thực hiện"),
    ("who", "Đối tượng thực hiện"),
    ("result", "Kết quả giải quyết"),
    ("steps", "Trình tự thực hiện"),
    ("forms", "Biểu mẫu"),
    ("records", "Hồ sơ lưu"),
)
"""The parts of an internal procedure in the order of its paper, each with its Vietnamese title."""


def proposed_procedure(*, agency: str, unit: str, limit: str, name: str) -> ProcedureContent:
    """Return how an internal procedure begins: what the catalogue says of it, and the steps that nearly all have.

    Times of the steps are for its writer to fill in; receiving and handing over take none of the limit.
    """
    officer = f"Công chức {unit}" if unit else "Công chức chuyên môn"
    desk = "Bộ phận Tiếp nhận và trả kết quả"
    about = f" thủ tục “{name}”" if name else ""
    return ProcedureContent(
        purpose=f"Quy định trình tự, trách nhiệm, thời gian giải quyết{about}." if name else "",
        scope=f"Áp dụng đối với tổ chức, cá nhân có yêu cầu và các bộ phận của {agency}." if name else "",
        filing="Nộp trực tiếp, trực tuyến trên Cổng Dịch vụ công quốc gia hoặc qua dịch vụ bưu chính công ích.",
        sets="01 bộ",
        limit=limit,
        place="Trung tâm Phục vụ hành chính công",
        agency=agency,
        steps=(
            Step(
                "Tiếp nhận, kiểm tra hồ sơ; lập Giấy tiếp nhận hồ sơ và hẹn trả kết quả",
                desk,
                "Giờ hành chính",
                "Giấy tiếp nhận hồ sơ và hẹn trả kết quả",
            ),
            Step(
                "Chuyển hồ sơ cho bộ phận chuyên môn", desk, "", "Phiếu kiểm soát quá trình giải quyết hồ sơ"
            ),
            Step("Thẩm định hồ sơ, dự thảo kết quả", officer, "", "Dự thảo kết quả"),
            Step("Xem xét, ký duyệt kết quả", "Lãnh đạo Ủy ban nhân dân", "", "Kết quả đã ký"),
            Step("Đóng dấu, vào sổ, chuyển kết quả", "Văn thư", "", "Kết quả giải quyết"),
            Step("Trả kết quả cho tổ chức, cá nhân", desk, "Giờ hành chính", "Sổ theo dõi hồ sơ"),
        ),
        records=(RecordKept("Hồ sơ giải quyết thủ tục hành chính", unit or "Bộ phận chuyên môn", "02 năm"),),
    )


@dataclass(frozen=True, slots=True)
class Amendment:
    """A line of the amendment log: which page or part, what changes, who asked for it."""

    part: str
    what: str
    asked_by: str = ""

    @property
    def sentence(self) -> str:
        """The line as it is read."""
        asked = f" (đề nghị: {self.asked_by})" if self.asked_by else ""
        return f"{self.part}: {self.what}{asked}" if self.part else f"{self.what}{asked}"


# Days

REVIEW_MONTHS = 12
"""Months between two reviews of a document proposed for a new one; ISO 9001:2015 sets none."""

LEGAL_MONTHS = 3
LEGAL_SOURCE = "Thông tư 26/2014/TT-BKHCN"
"""Within so many months after a legal text takes effect it is brought into the documents of the system; a proposal that
each change may replace by its own last day."""

EXPIRING = timedelta(days=60)
"""So long before its last day a legal text that documents cite is warned of."""

REVIEW_SOON = timedelta(days=30)
"""So long before its day a periodic review is listed."""


def months_after(day: date, months: int) -> date:
    """Return the day so many months later; the last of the month where it is shorter.

    >>> months_after(date(2025, 11, 30), 3)
    datetime.date(2026, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - timedelta(days=1)).day))


def review_due(months: int | None, effective_on: date | None, reviewed_on: date | None) -> date | None:
    """Return by when a document is looked at again: so long after it took effect or was last found still right.

    >>> review_due(12, date(2025, 3, 1), None)
    datetime.date(2026, 3, 1)
    """
    since = max((day for day in (effective_on, reviewed_on) if day), default=None)
    return months_after(since, months) if months and since else None


def edition_name(issue: int, revision: int) -> str:
    """Return how an edition is called: its issue and revision.

    >>> edition_name(2, 0), edition_name(1, 3)
    ('02.00', '01.03')
    """
    return f"{issue:02d}.{revision:02d}"


# Two editions compared


class Mark(StrEnum):
    """What became of a line or of words."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"
    CHANGED = "changed"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True)
class Words:
    """Words of a line that are the same, gone or new."""

    mark: Mark
    text: str


@dataclass(frozen=True, slots=True)
class LineChange:
    """A line as it stands against the other edition; of LEFT_OUT lines only how many there are (``count``)."""

    mark: Mark
    words: tuple[Words, ...] = ()
    count: int = 0


@dataclass(frozen=True, slots=True)
class Differences:
    """Two editions held against each other. ``is_cut`` where only the first lines were looked at."""

    lines: tuple[LineChange, ...]
    added: int = 0
    removed: int = 0
    changed: int = 0
    is_cut: bool = False

    @property
    def is_same(self) -> bool:
        """Whether nothing differs."""
        return not (self.added or self.removed or self.changed)


MOST_LINES = 4000
_AROUND = 2
_ALIKE = 0.35


def differences(before: Sequence[str], after: Sequence[str]) -> Differences:
    """Return what differs between two editions, line by line and word by word; lines far from any change are left out.

    >>> [each.mark.value for each in differences(["Điều 1. Nộp 02 bộ"], ["Điều 1. Nộp 01 bộ"]).lines]
    ['changed']
    """
    old = [line for each in before if (line := fold(each))]
    new = [line for each in after if (line := fold(each))]
    is_cut = max(len(old), len(new)) > MOST_LINES
    old, new = old[:MOST_LINES], new[:MOST_LINES]
    found: list[LineChange] = []
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, old, new).get_opcodes():
        if tag == "equal":
            found += [LineChange(Mark.SAME, (Words(Mark.SAME, line),)) for line in old[i1:i2]]
        else:
            found += _paired(old[i1:i2], new[j1:j2])
    counts = {mark: sum(each.mark is mark for each in found) for mark in Mark}
    return Differences(
        tuple(_shortened(found)), counts[Mark.ADDED], counts[Mark.REMOVED], counts[Mark.CHANGED], is_cut
    )


def _paired(old: Sequence[str], new: Sequence[str]) -> list[LineChange]:
    """Return lines that took each other's place: those that are alike word by word, others as gone and new."""
    found: list[LineChange] = []
    for number in range(max(len(old), len(new))):
        one = old[number] if number < len(old) else None
        other = new[number] if number < len(new) else None
        if one is not None and other is not None:
            words = _by_words(one, other)
            same = sum(len(each.text) for each in words if each.mark is Mark.SAME)
            if same >= _ALIKE * max(len(one), len(other)):
                found.append(LineChange(Mark.CHANGED, words))
                continue
        if one is not None:
            found.append(LineChange(Mark.REMOVED, (Words(Mark.REMOVED, one),)))
        if other is not None:
            found.append(LineChange(Mark.ADDED, (Words(Mark.ADDED, other),)))
    return found


_MOST_WORDS = 1500


def _by_words(old: str, new: str) -> tuple[Words, ...]:
    before, after = old.split(" ")[:_MOST_WORDS], new.split(" ")[:_MOST_WORDS]
    found: list[Words] = []
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, before, after).get_opcodes():
        if tag == "equal":
            found.append(Words(Mark.SAME, " ".join(before[i1:i2])))
            continue
        if i2 > i1:
            found.append(Words(Mark.REMOVED, " ".join(before[i1:i2])))
        if j2 > j1:
            found.append(Words(Mark.ADDED, " ".join(after[j1:j2])))
    return tuple(found)


def _shortened(lines: Sequence[LineChange]) -> Iterable[LineChange]:
    near = [False] * len(lines)
    for number, each in enumerate(lines):
        if each.mark is not Mark.SAME:
            for place in range(max(0, number - _AROUND), min(len(lines), number + _AROUND + 1)):
                near[place] = True
    skipped = 0
    for is_near, each in zip(near, lines, strict=True):
        if not is_near:
            skipped += 1
            continue
        if skipped:
            yield LineChange(Mark.LEFT_OUT, count=skipped)
            skipped = 0
        yield each
    if skipped:
        yield LineChange(Mark.LEFT_OUT, count=skipped)
