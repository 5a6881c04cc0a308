"""Who the objectives bind, for which year, under which policy, and when results are reported."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from camket.core.plan import Every, Level, Schedule, ScheduleKind
from camket.core.wording.bodies import level_of
from camket.core.wording.schedules import parse_reporting
from camket.core.wording.text import fold
from camket.paper.reading.blocks import Passage
from camket.paper.reading.outline import Line, Outline, Part, is_capitals, is_post

_PLACE_WORD = r"(?:[A-ZĐÀ-Ỹ][a-zđà-ỹ]+|[A-ZĐÀ-Ỹ](?![^\W\d_])\.?|\d{1,2})"
_PLACE = rf"{_PLACE_WORD}(?:[ -]{_PLACE_WORD}){{0,4}}"
_AREA = r"(?:xã|phường|thị trấn|đặc khu|huyện|quận|thị xã|thành phố|tỉnh|TP\.?)"
_COMMITTEE = re.compile(
    rf"(?P<body>(?:UBND|[UỦ][yỷỶ] ban nhân dân|Ủy ban Nhân dân|ủy ban nhân dân|UỶ BAN NHÂN DÂN"
    rf"|ỦY BAN NHÂN DÂN)\s+)?(?P<area>{_AREA})\s+(?P<name>{_PLACE})"
)
_SERVICE = re.compile(
    r"\b(?P<body>(?:Sở|Trung tâm|Chi cục|Phòng|Ban (?!Chỉ đạo|chỉ đạo|Thư ký|thư ký|ISO|hành)"
    r"|Cục|Thanh tra|Văn phòng|Viện|Trạm|Trường)\s[^,;()“”\"./\n]+)"
)
_SERVICE_CAPITALS = re.compile(
    r"^(?:SỞ|TRUNG TÂM|CHI CỤC|PHÒNG|BAN (?!CHỈ ĐẠO|THƯ KÝ|ISO)|CỤC|THANH TRA|VĂN PHÒNG|VIỆN|TRẠM|TRƯỜNG)\s"
)
_STOP = re.compile(
    r"\s+(?:năm\s+(?:20\d\d|học)|theo\b|thuộc [Hh]ệ\b|áp dụng|đối với|phù hợp|giai đoạn"
    r"|và [Kk]ế hoạch|có hiệu lực|được\b|để\b|với\b|vào hoạt động|trong\b|như sau|kèm theo"
    r"|triển khai|thực hiện|về việc|ban hành|phê duyệt)"
    r".*$"
)


_CAPITALS_AFTER = re.compile(r"(?<=[a-zà-ỹđ0-9])\s+[A-ZĐÀ-Ỹ]{2,}\s+[A-ZĐÀ-Ỹ]{2,}\b.*$")
"""The issuing post in capitals that a line end parted from the name before it."""


@dataclass(slots=True)
class Head:
    """The heading of the plan with its places in the source."""

    name: str | None = None
    level: Level | None = None
    name_at: Passage | None = None
    year: int | None = None
    year_at: Passage | None = None
    motto: Passage | None = None
    commitments: list[Passage] = field(default_factory=list)
    has_policy: bool = False
    reporting: tuple[Schedule, ...] = ()
    reporting_at: list[Passage] = field(default_factory=list)


def head_of(outline: Outline, text: str) -> Head:
    """Return the heading of a plan from the outline; ``text`` is the whole document's, for proper case."""
    head = Head()
    _year(head, outline, text)
    _agency(head, outline, text)
    _policy(head, outline)
    _reporting(head, outline)
    return head


def _year(head: Head, outline: Outline, text: str) -> None:
    headings = list(outline.title)
    headings += [section.heading for section in outline.sections if section.heading is not None]
    for line in [*headings, *_articles(outline)[:3]]:
        found = re.search(r"\bnăm\s+(20\d\d)\b", line.text, re.IGNORECASE)
        if found and not re.match(r"^\s*(?:căn cứ|\()", line.text, re.IGNORECASE):
            head.year, head.year_at = int(found[1]), line.passage.part(found.start(1), found.end(1))
            return
    if outline.date_year is not None:
        head.year, head.year_at = outline.date_year, outline.date_seen
        return
    years = Counter(re.findall(r"\bnăm\s+(20\d\d)\b", text, re.IGNORECASE))
    if years:
        head.year = int(years.most_common(1)[0][0])


def _articles(outline: Outline) -> list[Line]:
    return [line for section in outline.of(Part.ARTICLES) for line in section.lines]


def _agency(head: Head, outline: Outline, text: str) -> None:
    candidates: list[Passage] = []
    title = _joined_title(outline)
    if title:
        candidates.append(title)
    candidates += [line.passage for line in _articles(outline)[:1]]
    letterhead = _letterhead_name(outline, text)
    for passage in candidates:
        found = _named_in(passage)
        if found is not None:
            name, span = found
            if letterhead is not None and _is_wider(name, letterhead[0]):
                continue
            head.name, head.name_at = name, span
            break
    if head.name is None and letterhead is not None:
        head.name, head.name_at = letterhead
    if head.name is None:
        for match in _COMMITTEE.finditer(text):
            if match["body"]:
                head.name = _short(f"UBND {match['area'].lower()} {match['name']}")
                break
    if head.name is not None:
        head.name = _proper(head.name, text)
        head.level = level_of(head.name, head.year) if head.year else level_of(head.name)


def _is_wider(name: str, own: str) -> bool:
    """Tell whether a title names only the body above the one whose letterhead it is."""
    levels = {Level.PROVINCE: 3, Level.DISTRICT: 2, Level.COMMUNE: 1, Level.WARD: 1}
    outer, inner = level_of(name), level_of(own)
    if inner is Level.DEPARTMENT and outer is not Level.DEPARTMENT:
        return True
    return levels.get(outer or Level.COMMUNE, 0) > levels.get(inner or Level.PROVINCE, 9)


def _joined_title(outline: Outline) -> Passage | None:
    lines = [
        line.passage
        for line in outline.title
        if not re.match(r"^(?:chu tich|uy ban nhan dan|giam doc)\b", line.key)
        and not (is_capitals(line.text) and is_post(line.key))
    ]
    joined = Passage.join(lines)
    return joined if joined else None


def _named_in(passage: Passage) -> tuple[str, Passage] | None:
    """Return the body that a title names behind "của", "tại": the last one that is whole."""
    text = passage.text
    found: tuple[int, int, str] | None = None
    for match in _SERVICE.finditer(text):
        before = text[max(0, match.start() - 14) : match.start()]
        if not re.search(r"(?:của|tại|ở|cho)\s+$", before):
            continue
        body = _CAPITALS_AFTER.sub("", _STOP.sub("", match["body"])).strip(" .-–:")
        if len(body.split()) >= 2:
            found = (match.start(), match.start() + len(body), body)
    if found is None:
        for match in _COMMITTEE.finditer(text):
            before = text[max(0, match.start() - 22) : match.start()]
            if match["body"] or re.search(r"(?:của|tại|ở|trên địa bàn)\s+$", before, re.IGNORECASE):
                name = _STOP.sub("", match["name"]).strip()
                found = (match.start(), match.start("name") + len(name), f"UBND {match['area']} {name}")
                if match["body"]:
                    break
    if found is None:
        return None
    return _short(found[2]), passage.part(found[0], found[1])


def _letterhead_name(outline: Outline, text: str) -> tuple[str, Passage] | None:
    """Return the issuing body of the letterhead; a steering committee's is the body it belongs to."""
    lines = [line for line in outline.letterhead if not re.match(r"^(?:đảng|số\b)", line.text, re.IGNORECASE)]
    whole = Passage.join(lines)
    for line in reversed(lines):
        if _SERVICE_CAPITALS.match(line.text):
            start = lines.index(line)
            joined = Passage.join(lines[start:])
            return _proper(fold(joined.text), text), joined
    match = re.search(
        r"(?:U[ỶY] BAN NHÂN DÂN|Ủ[YỶ] BAN NHÂN DÂN|UBND)\s+(XÃ|PHƯỜNG|THỊ TRẤN|ĐẶC KHU|HUYỆN|QUẬN"
        r"|THỊ XÃ|THÀNH PHỐ|TỈNH)\s+([^\d:;,.()]+)$",
        whole.text,
    ) or re.search(
        r"(?:UBND|[UỦ][ỶY] BAN NHÂN DÂN)\s+(XÃ|PHƯỜNG|THỊ TRẤN|ĐẶC KHU|HUYỆN|QUẬN|THỊ XÃ|THÀNH PHỐ"
        r"|TỈNH)\s+(.+?)(?=\s+(?:BAN|TỔ|HỘI|PHÒNG)\b|$)",
        whole.text,
    )
    if match is None:
        # Two lines, superior first: UBND TỈNH X / UBND XÃ Y.
        return None
    bodies = list(
        re.finditer(r"(XÃ|PHƯỜNG|THỊ TRẤN|ĐẶC KHU|HUYỆN|QUẬN|THỊ XÃ|THÀNH PHỐ|TỈNH)\s+", whole.text)
    )
    area, name = match[1], match[2]
    if len(bodies) > 1:
        last = bodies[-1]
        area = last[1]
        name = re.split(r"\s+(?:BAN|TỔ|HỘI|PHÒNG)\b", whole.text[last.end() :])[0]
    name = re.sub(r"\s*(?:Số|SỐ)\b.*$", "", name).strip(" -–_*.")
    return _proper(f"UBND {area.lower()} {name}", text), whole


def _short(name: str) -> str:
    """Return a committee's name in the short form that plans use: ``UBND xã …``."""
    name = fold(name)
    name = re.sub(r"^(?:[uủ][yỷ] ban nhân dân)\s+", "UBND ", name, flags=re.IGNORECASE)
    name = re.sub(r"^UBND (TP\.?)\s+", "UBND thành phố ", name)
    match = re.match(rf"^UBND ({_AREA})\b", name, re.IGNORECASE)
    if match and not name.startswith("UBND TP"):
        name = f"UBND {match[1].lower()}{name[match.end() :]}"
    return name


def _proper(name: str, text: str) -> str:
    """Return a name typed in capitals as the text writes it elsewhere, else with a capital for each word."""
    tail = re.sub(r"^UBND\s+(?:xã|phường|thị trấn|đặc khu|huyện|quận|thị xã|thành phố|tỉnh)\s+", "", name)
    if not is_capitals(tail):
        return name
    for match in re.finditer(re.escape(tail), text, re.IGNORECASE):
        if not is_capitals(match[0]) and match[0][:1].isupper():
            return name[: len(name) - len(tail)] + fold(match[0])
    if tail != name:
        return name[: len(name) - len(tail)] + " ".join(word.capitalize() for word in tail.split())
    words = tail.lower().split()
    return " ".join([words[0].capitalize(), *words[1:]])


def _policy(head: Head, outline: Outline) -> None:
    sections = outline.of(Part.POLICY)
    lines = [line for section in sections for line in section.lines]
    heading = [section.heading for section in sections if section.heading is not None]
    for line in [*heading, *lines, *_articles(outline)]:
        motto = _motto(line)
        if motto is not None and (sections or re.search(r"phương châm|khẩu hiệu", line.text, re.IGNORECASE)):
            head.motto = motto
            break
    if not sections:
        head.has_policy = head.motto is not None and bool(
            re.search(r"chính sách chất lượng", " ".join(line.text for line in _articles(outline)), re.I)
        )
        if not head.has_policy:
            head.motto = None
        return
    head.has_policy = True
    lines = _after_opening(lines)
    numbered = _commitments(lines, re.compile(r"^\(?(?:\d{1,2}|[a-zđ])\s?[.)]\s*(?=\S)"))
    dashes = _commitments(lines, re.compile(r"^[-–+•●*]\s*(?=\S)"))
    head.commitments = numbered or dashes
    if not head.commitments:
        opened = next((i for i, line in enumerate(lines) if re.search(r"cam kết.{0,60}:$", line.text)), None)
        rest = lines[opened + 1 :] if opened is not None else []
        head.commitments = [line.passage for line in rest if not line.is_heading and not _is_note(line)]
    if head.motto is None:
        quoted = next(
            (line for line in lines if line.is_heading and _is_bare_motto(line)),
            None,
        )
        if quoted is not None:
            head.motto = _unquoted(quoted.passage)


def _is_bare_motto(line: Line) -> bool:
    """Tell whether a heading inside the policy is its motto: quoted, or short words with dashes between them."""
    if re.fullmatch(r"[“\"«].+[”\"»]\.?", line.text):
        return True
    if len(line.text) > 120 or re.search(r"\b(?:chinh sach|uy ban|ubnd|kem theo|cam ket)\b", line.key):
        return False
    return len(re.findall(r"\S\s[-–]\s\S|\w,\s", line.text)) >= 2


def _after_opening(lines: list[Line]) -> list[Line]:
    """Return the lines that commitments can stand in: behind a numbered heading that announces them, if any.

    A policy may number its motto and its commitments as points: "1. Phương châm: …", "2. Cam kết …:".
    """
    for i, line in enumerate(lines):
        if re.match(r"^(?:[ivx]+|\d{1,2}|[a-z])\s?[.)].*\bcam ket\b.{0,80}:$", line.key) and lines[i + 1 :]:
            return lines[i + 1 :]
    return [line for line in lines if _motto(line) is None or "cam ket" in line.key]


def _is_note(line: Line) -> bool:
    return line.text.startswith("(") or re.match(r"^(?:can cu|tren day|toan the)\b", line.key) is not None


def _motto(line: Line) -> Passage | None:
    match = re.search(
        r"(?:phương châm|khẩu hiệu|slogan)[^“\"«:]{0,40}:?\s*(?P<motto>[“\"«][^”\"»]+[”\"»])",
        line.text,
        re.IGNORECASE,
    ) or re.search(
        r"^(?:[-–+•]\s*|(?:[IVX]+|\d{1,2}|[a-zđ])\s?[.)]\s*)?(?:phương châm|khẩu hiệu)[^:]{0,30}:"
        r"\s*(?P<motto>.{5,160}?)\.?$",
        line.text,
        re.IGNORECASE,
    )
    if match is None:
        return None
    return _unquoted(line.passage.part(match.start("motto"), match.end("motto")))


def _unquoted(passage: Passage) -> Passage:
    text = passage.text
    start = len(text) - len(text.lstrip("“\"«' "))
    end = len(text.rstrip("”\"»'. "))
    return passage.part(start, end)


def _commitments(lines: Sequence[Line], mark: re.Pattern[str]) -> list[Passage]:
    found: list[Passage] = []
    for i, line in enumerate(lines):
        match = mark.match(line.text)
        if match:
            found.append(line.passage.part(match.end()))
        elif found and line.text[:1] in "-–+•" and any(mark.match(later.text) for later in lines[i + 1 :]):
            found[-1] = Passage.join([found[-1], line.passage])
    return found


def _reporting(head: Head, outline: Outline) -> None:
    found: list[tuple[Schedule, Passage]] = []
    for sentence in _reporting_sentences(outline):
        for entry in parse_reporting(sentence.text, head.year):
            found.append((entry, sentence))
    named = [(entry, at) for entry, at in found if entry.kind is not ScheduleKind.PERIODIC]
    kept: list[tuple[Schedule, Passage]] = []
    for entry, at in named or found:
        same = next((i for i, (other, _) in enumerate(kept) if _same_period(entry, other)), None)
        if same is None:
            kept.append((entry, at))
        elif kept[same][0].day is None and entry.day is not None:
            kept[same] = (entry, at)
    head.reporting = tuple(entry for entry, _ in kept)
    head.reporting_at = [at for _, at in kept]


def _same_period(one: Schedule, other: Schedule) -> bool:
    if one == other:
        return True
    if one.kind is ScheduleKind.EVERY and other.kind is ScheduleKind.EVERY and one.period is other.period:
        return one.day is None or other.day is None or one.day == other.day
    year = Every.YEAR
    return {one.kind, other.kind} == {ScheduleKind.YEARLY_BY, ScheduleKind.EVERY} and (
        one.period is year or other.period is year
    )


def _reporting_sentences(outline: Outline) -> Iterable[Passage]:
    """Yield the sentences of the articles and of the plan's end; what a plan demands at its opening is none."""
    sections = outline.of(Part.ARTICLES, Part.ENDING)
    last = outline.of(Part.PLAN, Part.OBJECTIVES)[-1:]
    for section in [*sections, *last]:
        lines = section.lines
        if section in last:
            # Behind the last table or list stand the closing words.
            items = section.items
            tables = [i for i, item in enumerate(items) if not isinstance(item, Line)]
            after = items[tables[-1] + 1 :] if tables else items[-4:]
            lines = [item for item in after if isinstance(item, Line)]
        for line in lines:
            yield line.passage
