"""The columns of a table of objectives and actions, recognised by their headers and by what they hold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from camket.core.plan import Period
from camket.core.wording.schedules import parse_schedule
from camket.core.wording.text import search_key
from camket.paper.reading.blocks import Block


class Role(StrEnum):
    """What a column holds."""

    NUMBER = "number"
    OBJECTIVE = "objective"
    MIXED = "mixed"
    TARGET = "target"
    METHOD = "method"
    ACTION = "action"
    LEAD = "lead"
    SUPPORT = "support"
    WHEN = "when"
    START = "start"
    END = "end"
    MONITOR = "monitor"
    EVIDENCE = "evidence"
    UNIT = "unit"
    REFERENCE = "reference"
    LAST_YEAR = "last_year"
    PERIOD = "period"
    UNUSED = "unused"


@dataclass(slots=True)
class Columns:
    """The roles of a table's columns; ``first`` is the first row under the header."""

    roles: list[Role | None]
    first: int
    periods: dict[int, Period] = field(default_factory=dict)
    units: dict[int, str] = field(default_factory=dict)
    headers: list[str] = field(default_factory=list)

    def at(self, *roles: Role) -> list[int]:
        """Return the columns of some roles, from left to right."""
        return [i for i, role in enumerate(self.roles) if role in roles]

    def one(self, role: Role) -> int | None:
        """Return the first column of a role."""
        found = self.at(role)
        return found[0] if found else None

    def has(self, *roles: Role) -> bool:
        """Tell whether there is a column of one of the roles."""
        return bool(self.at(*roles))


_PERSON = "nguoi|trach nhiem|don vi|bo phan|co quan|phan cong|can bo|to chuc|ca nhan"
_WATCH = "theo doi|giam sat|kiem tra|don doc|danh gia"
_WORK = "bien phap|cong viec|giai phap|nhiem vu|hoat dong|hanh dong|ke hoach thuc hien|noi dung thuc hien"
_WAY = "phuong phap|cach thuc|cach|phuong thuc|cong thuc|cong cu"
_RESULT = (
    "minh chung|bang chung|ket qua du kien|du kien ket qua|san pham|dau ra|ket qua can dat|ket qua mong doi"
    "|ket qua hoan thanh|tai lieu|ho so|bieu mau|cach thuc theo doi|phuong phap theo doi|hinh thuc theo doi"
)
_LEADING = (
    "chu tri|trach nhiem|phu trach|chiu trach nhiem|phan cong|dau moi|to chuc thuc hien|thuc hien chinh"
    "|nguoi|don vi|bo phan|co quan|ca nhan"
)
_MEASURE = (
    "do luong|muc tieu can dat|muc tieu dat|muc can dat|muc dat|gia tri|phan dau|chi tieu|dinh muc|yeu cau can dat"
    "|ket qua phai dat|ty le|ti le|tieu chi do|muc do dat|can dat|(?:ke hoach|kh) nam|muc do hoan thanh"
)

# Order matters: the first rule that a header matches gives its role. Headers are compared without
# case and marks; the words are the genre's, gathered from many agencies' tables.
_RULES: tuple[tuple[Role, str], ...] = (
    (Role.NUMBER, r"^(?:s ?\.?t ?\.?t|tt|so tt|so thu tu|thu tu|so|no|#)\.?$"),
    (Role.UNIT, r"^(?:don vi tinh|dvt|don vi do|dv tinh)\b"),
    (
        Role.REFERENCE,
        r"\b(?:thuoc|phuc vu|gan voi|ung voi|ma|so) muc tieu\b|^muc tieu (?:so|lien quan|tuong ung)$",
    ),
    (Role.REFERENCE, r"^mt(?:cl)? so$"),
    (Role.UNUSED, r"^ghi chu\b|\bkinh phi\b|\bnguon luc\b|\bphuong tien\b|^co so (?:phap ly|xac dinh|de)"),
    (Role.UNUSED, r"^can cu\b|^linh vuc$|^rui ro|^diem\b"),
    (Role.MONITOR, rf"^(?!.*\bthuc hien\b).*\b(?:{_PERSON})\b.*\b(?:{_WATCH})\b"),
    (Role.MONITOR, rf"^(?:{_WATCH})(?:(?:,| va)? (?:{_WATCH}))*$"),
    (Role.START, r"\b(?:bat dau|khoi dau|tu ngay)\b"),
    (Role.END, r"^(?:thoi gian|thoi diem|ngay|han)? ?ket thuc\b|^den ngay$"),
    (Role.WHEN, r"^(?:tan suat|thoi gian|thoi diem|thoi han)\b"),
    (Role.METHOD, rf"\b(?:{_WAY})\b.*\b(?:do|do luong|do dem|tinh|tinh toan|danh gia|xac dinh)\b"),
    (Role.EVIDENCE, rf"\b(?:{_RESULT})\b|^ket qua(?: thuc hien| dat duoc)?(?: muc tieu(?: chat luong)?)?$"),
    (Role.SUPPORT, r"\bphoi hop\b(?<!chu tri, phoi hop)(?<!chu tri/phoi hop)(?<!chu tri va phoi hop)"),
    (Role.LEAD, rf"\b(?:{_LEADING})\b|^thuc hien$"),
    (Role.WHEN, r"\b(?:thoi gian|thoi han|tien do|han|ky han|thoi diem|tan suat|lich|ky bao cao|moc)\b"),
    (Role.MIXED, rf"\bmuc tieu\b.*(?:,|/|-|–|;|\bva\b).*\b(?:{_WORK})\b"),
    (Role.MIXED, rf"\b(?:{_WORK})\b.*(?:,|/|;|\bva\b).*\bmuc tieu\b"),
    (Role.ACTION, rf"\b(?:{_WORK})\b.*\bmuc tieu\b"),
    (Role.TARGET, rf"\b(?:{_MEASURE})\b"),
    (Role.ACTION, rf"\b(?:{_WORK}|viec (?:can|phai)? ?lam|cac buoc|noi dung (?:trien khai|cong viec))\b"),
    (Role.ACTION, r"\b(?:cach thuc|phuong phap) (?:thuc hien|tien hanh|trien khai)\b"),
    (Role.OBJECTIVE, r"\b(?:muc tieu|mtcl)\b"),
    (Role.ACTION, r"\b(?:noi dung|tieu chi|chi so|ten|danh muc|cong tac)\b"),
)
_COMPILED = tuple((role, re.compile(pattern)) for role, pattern in _RULES)
_QUARTER = re.compile(
    r"^(?:(?:muc tieu|chi tieu|ke hoach|ket qua)\s*)?(?:quy|q)\s?\.?\s?(iv|iii|ii|i|[1-4])\b"
    r"(?:\s?/?\s?(?:nam )?(\d{4}))?$"
)
_HALF = re.compile(r"^(?:6|06|sau) thang (dau|cuoi) nam\b")
_LAST_YEAR = re.compile(
    r"\b(?:ket qua|kq|thuc hien|th|dat duoc|so lieu|thuc te)\b.*"
    r"\b(?:nam truoc|nam lien truoc|nam ngoai|nam (\d{4})|(\d{4}))"
    r"|^nam truoc$|^(?:ket qua )?nam (\d{4})$"
)
_WHOLE_YEAR = re.compile(r"^(?:ca nam|nam (\d{4})|(\d{4})|chi tieu nam.*|(?:ke hoach|kh)(?: nam)? ?\d{4})$")
_HEADER_UNIT = re.compile(
    r"\(\s*(?:(?:đvt|đơn vị(?: tính)?)\s*:?\s*)?(?P<unit>%|[^()\d]{1,20})\s*\)", re.IGNORECASE
)


def columns_of(block: Block, year: int | None) -> Columns | None:
    """Return the roles of a table's columns; None where the table holds neither objectives nor actions."""
    depth = _header_depth(block)
    headers = _headers(block, depth)
    columns = Columns([None] * len(headers), depth, headers=headers)
    for i, header in enumerate(headers):
        columns.roles[i] = _role(header, i, year, columns)
    if depth and sum(role is not None for role in columns.roles) * 2 < len(headers):
        # The first row is no header: the roles come from what the cells hold.
        columns = Columns([None] * len(headers), 0, headers=[""] * len(headers))
    _settle(block, columns, year)
    for i in columns.at(Role.TARGET, Role.PERIOD):
        unit = _HEADER_UNIT.search(" ".join(block.rows[row][i].text for row in range(columns.first)))
        if unit and (unit["unit"] == "%" or "đơn vị" in unit[0].lower() or "đvt" in unit[0].lower()):
            columns.units[i] = unit["unit"].strip()
    if not columns.has(Role.OBJECTIVE, Role.MIXED, Role.ACTION):
        return None
    return columns


def _header_depth(block: Block) -> int:
    """Return how many rows make the header: one, or more where its cells are merged or divided."""
    if not block.rows:
        return 0
    first = [search_key(cell.text.replace("\n", " ")) for cell in block.rows[0]]
    known = sum(bool(text) and _matches(text) for text in first)
    if known < 2 and not re.match(_RULES[0][1], first[0]):
        return 0
    depth = 1
    while depth < min(4, len(block.rows)):
        row = block.rows[depth]
        own = [cell for cell in row if cell.text and cell.origin is None]
        covered = any(cell.origin is not None and cell.origin[0] < depth for cell in row)
        blank_start = not row[0].text or (row[0].origin is not None and row[0].origin[0] < depth)
        short = all(len(cell.text) < 60 for cell in own)
        words = [search_key(cell.text.replace("\n", " ")) for cell in own]
        named = sum(_matches(word) or bool(_QUARTER.match(word)) or bool(_HALF.match(word)) for word in words)
        if own and blank_start and short and named * 2 > len(own) and (covered or len(own) < len(row)):
            depth += 1
        else:
            break
    return depth


def _matches(text: str) -> bool:
    return any(pattern.search(text) for _, pattern in _COMPILED) or bool(_QUARTER.match(text))


def _headers(block: Block, depth: int) -> list[str]:
    """Return each column's header: the words over it, from the top down."""
    headers = []
    for column in range(len(block.rows[0])):
        words: list[str] = []
        for row in range(depth):
            cell = block.rows[row][column]
            text = search_key(cell.text.replace("\n", " "))
            if not text and row == 0 and depth > 1:
                # A merged header of a plain text stands over the next columns too.
                text = next(
                    (
                        search_key(block.rows[0][left].text)
                        for left in range(column, -1, -1)
                        if block.rows[0][left].text
                    ),
                    "",
                )
            if text and text not in words:
                words.append(text)
        headers.append(" | ".join(words))
    return headers


def _role(header: str, column: int, year: int | None, columns: Columns) -> Role | None:
    own = header.rsplit(" | ", maxsplit=1)[-1]
    quarter = _QUARTER.match(own)
    if quarter:
        number = {"i": 1, "ii": 2, "iii": 3, "iv": 4}.get(quarter[1]) or int(quarter[1])
        own_year = int(quarter[2]) if quarter[2] else year
        if own_year:
            columns.periods[column] = _quarter(own_year, number)
            return Role.PERIOD
    half = _HALF.match(own)
    if half and year:
        columns.periods[column] = (
            Period(date(year, 1, 1), date(year, 6, 30))
            if half[1] == "dau"
            else Period(date(year, 7, 1), date(year, 12, 31))
        )
        return Role.PERIOD
    last = _LAST_YEAR.search(header)
    if last and "so voi" not in header and "du kien" not in header:
        named = next((int(group) for group in last.groups() if group), None)
        if named is None or year is None or named < year:
            return Role.LAST_YEAR
    if _WHOLE_YEAR.match(own):
        return Role.TARGET
    for text in (own, header):
        for role, pattern in _COMPILED:
            if pattern.search(text):
                if role is Role.WHEN and re.search(r"\bbat dau\b", text):
                    return Role.START
                return role
    return None


def _quarter(year: int, number: int) -> Period:
    last = {1: 31, 2: 30, 3: 30, 4: 31}[number]
    return Period(date(year, 3 * number - 2, 1), date(year, 3 * number, last))


def _settle(block: Block, columns: Columns, year: int | None) -> None:
    """Settle what the headers alone leave open by what the cells hold."""
    roles = columns.roles
    texts = [
        [
            row[column].text
            for row in block.rows[columns.first :]
            if row[column].origin is None and row[column].text
        ]
        for column in range(len(roles))
    ]
    for i, role in enumerate(roles):
        if role is None:
            roles[i] = _role_by_content(texts[i], i, columns, year)
    if roles and roles[0] is None and texts[0] and _share(texts[0], _LABEL) > 0.6:
        roles[0] = Role.NUMBER
    for i in columns.at(Role.LEAD):
        # "Đơn vị" over short words that name nobody is the unit of measure.
        nameless = columns.headers[i] == "don vi" and texts[i] and _share(texts[i], _BODY) <= 0.2
        if nameless and max(len(text) for text in texts[i]) < 22:
            roles[i] = Role.UNIT
    for i in columns.at(Role.OBJECTIVE):
        if columns.has(Role.ACTION) and texts[i] and _share(texts[i], _CODE) > 0.6:
            roles[i] = Role.REFERENCE
    starts, whens = columns.at(Role.START), columns.at(Role.WHEN)
    ends = columns.at(Role.END)
    if starts and whens and not ends:
        roles[whens[0]] = Role.END
    if ends and not starts:
        roles[ends[0]] = Role.WHEN
    if starts and not columns.at(Role.END):
        roles[starts[0]] = Role.WHEN
    # Two columns of measures without one of objectives: the first tells what is measured.
    actions = columns.at(Role.ACTION)
    if not columns.has(Role.OBJECTIVE, Role.MIXED):
        targets = columns.at(Role.TARGET)
        if len(actions) >= 2:
            weak = next((i for i in actions if not _STRONG_ACTION.search(columns.headers[i])), None)
            if weak is not None:
                roles[weak] = Role.OBJECTIVE
        elif (
            actions
            and (targets or columns.has(Role.PERIOD))
            and not _STRONG_ACTION.search(columns.headers[actions[0]])
        ):
            roles[actions[0]] = Role.OBJECTIVE
        elif (
            targets
            and _is_wordy(texts[targets[0]])
            and (actions or not columns.has(Role.WHEN, Role.LEAD))
            or len(targets) >= 2
        ):
            roles[targets[0]] = Role.OBJECTIVE
    elif columns.has(Role.OBJECTIVE) and len(actions) >= 2:
        for i in actions[1:]:
            roles[i] = Role.UNUSED if not texts[i] else roles[i]
    objectives = columns.at(Role.OBJECTIVE)
    if len(objectives) >= 2:
        # "Mục tiêu chung" beside "Mục tiêu cụ thể": the one that holds values says what is to be reached.
        valued = [i for i in objectives if _share(texts[i], _VALUED) > 0.5]
        keep = objectives[0]
        for i in objectives:
            if i != keep:
                roles[i] = Role.TARGET if i in valued or not columns.has(Role.TARGET) else Role.UNUSED


_LABEL = re.compile(r"^(?:[IVX]{1,6}|[A-ZĐa-zđ]|\d{1,2}(?:\.\d{1,2})*|-)[.)]?$")
_CODE = re.compile(
    r"^(?:(?:MT|MTCL|mục tiêu)\s*\.?\s*(?:số\s*)?)?\d{1,2}(?:\s*[,;&và-]+\s*\S{1,6})*\.?$", re.IGNORECASE
)
"""What names an objective by its number alone: "MT1", "Mục tiêu số 2", "3"."""
_VALUED = re.compile(
    r"\d+(?:[.,]\d+)?\s*%|[≥≤<>]|\b(?:đạt|không quá|trên|dưới|tối thiểu|ít nhất)\b", re.IGNORECASE
)
_BODY = re.compile(
    r"\b(?:UBND|HĐND|Ban|Phòng|Văn phòng|Trung tâm|Công chức|Thư ký|Lãnh đạo|Trưởng|Bộ phận"
    r"|BCĐ|CBCC|QMR|Các|Chủ tịch|Công an|Tổ|VP)\b"
)
_STRONG_ACTION = re.compile(
    r"\b(?:bien phap|cong viec|giai phap|nhiem vu|hoat dong|hanh dong|cach thuc|thuc hien)\b"
)


def _share(texts: Sequence[str], pattern: re.Pattern[str]) -> float:
    return sum(bool(pattern.search(text)) for text in texts) / len(texts) if texts else 0.0


def _is_wordy(texts: Sequence[str]) -> bool:
    return bool(texts) and sum(len(text) for text in texts) / len(texts) > 45


def _role_by_content(texts: Sequence[str], column: int, columns: Columns, year: int | None) -> Role | None:
    if not texts:
        return Role.UNUSED
    if column == 0 and _share(texts, _LABEL) > 0.6:
        return Role.NUMBER
    understood = [parse_schedule(text, year) for text in texts[:12]]
    if sum(bool(read.entries) and not read.rest for read in understood) > 0.6 * len(understood):
        return Role.WHEN if not columns.has(Role.WHEN) else None
    mean = sum(len(text) for text in texts) / len(texts)
    if mean < 40 and _share(texts, _VALUED) > 0.6:
        return Role.TARGET if not columns.has(Role.TARGET) else None
    if mean < 60 and _share(texts, _BODY) > 0.6:
        if not columns.has(Role.LEAD):
            return Role.LEAD
        return Role.SUPPORT if not columns.has(Role.SUPPORT) else Role.MONITOR
    if mean >= 20 and not columns.has(Role.OBJECTIVE, Role.MIXED):
        return (
            Role.OBJECTIVE
            if _share(texts, _VALUED) > 0.5
            else (None if columns.has(Role.ACTION) else Role.ACTION)
        )
    if mean >= 20 and not columns.has(Role.ACTION):
        return Role.ACTION
    return None
