"""Objectives and actions outside tables: numbered lists, dashes, fields under an objective, prose."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from camket.core.wording.bodies import lead_and_support
from camket.core.wording.numbers import fold_number
from camket.core.wording.schedules import parse_schedule
from camket.core.wording.targets import parse_targets
from camket.core.wording.text import search_key
from camket.paper.reading.blocks import Passage
from camket.paper.reading.drafts import Draft, DraftAction, containment, tokens, without_mark
from camket.paper.reading.outline import Line
from camket.paper.reading.tables import named_objective

_MARKS = (
    ("roman", re.compile(r"^(?P<label>[IVX]{1,6})\s?[.)\-–:]\s*(?=\S)")),
    ("sub", re.compile(r"^(?P<label>\d{1,2}(?:\.\d{1,2})+)\s?[.):]?\s+(?=\S)")),
    ("decimal.", re.compile(r"^(?P<label>\d{1,2})\s?[.:](?:\s+(?=\S)|(?=[^\W\d]|\d{2,3}\s?%))")),
    ("decimal)", re.compile(r"^\(?(?P<label>\d{1,2})\s?\)\s*(?=\S)")),
    ("letter", re.compile(r"^\(?(?P<label>[a-zđ])\s?[.)]\s+(?=\S)")),
    ("letter", re.compile(r"^(?P<label>[a-zđ])\)\s*(?=\S)")),
    ("capital", re.compile(r"^(?P<label>[A-HĐ])\s?[.)]\s+(?=\S)")),
    ("plus", re.compile(r"^(?P<label>\+)\s*(?=\S)")),
    ("dash", re.compile(r"^(?P<label>[-–—•●▪*·])\s*(?=\S)")),
)
_RANKS = ("named", "capital", "roman", "decimal.", "decimal)", "letter", "dash", "plus")
_FIELDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        (
            "method",
            r"^(?:phuong phap|cach|cong thuc|phuong thuc)(?: thuc)? (?:do luong|do|tinh|danh gia|xac dinh)[^:]{0,30}:",
        ),
        ("target", r"^(?:chi tieu|do luong|muc (?:can )?dat|chi tieu can dat|chi tieu cu the)\s*:"),
        (
            "actions",
            r"^(?:cac )?(?:bien phap|giai phap|nhiem vu|hoat dong|cong viec|ke hoach|hanh dong)[^:]{0,40}:",
        ),
        ("support", r"^(?:don vi |bo phan |co quan |nguoi )?phoi hop(?: thuc hien)?\s*:"),
        ("monitors", r"^(?:don vi |bo phan |nguoi |trach nhiem )?(?:theo doi|giam sat|kiem tra)[^:]{0,25}:"),
        (
            "lead",
            r"^(?:don vi |bo phan |co quan |nguoi )?(?:chu tri|trach nhiem|phu trach|chiu trach nhiem"
            r"|thuc hien|phan cong)[^:]{0,25}:",
        ),
        ("when", r"^(?:thoi gian|thoi han|tien do|han)[^:]{0,25}:"),
        ("evidence", r"^(?:ket qua|minh chung|san pham|ho so|bang chung)[^:]{0,30}:"),
    )
)
_CLOSING = re.compile(
    r"^(?:toan the|tap the (?:can bo|lanh dao|cong chuc)|lanh dao va|tren day la|yeu cau"
    r"|can cu|de nghi|uy ban nhan dan .*(?:cam ket|quyet tam|yeu cau)"
    r"|ubnd .*(?:cam ket|quyet tam|yeu cau)|cac muc tieu (?:nay|tren|chat luong nay)"
    r"|muc tieu chat luong nay|noi dung (?:nay|tren)|ghi chu|luu y|thoi gian thuc hien"
    r"|quyet dinh nay|thong bao nay"
    r"|(?:muc tieu|chi tieu) (?:chat luong )?(?:nay |tren )?(?:duoc|se duoc) )"
)
_TIME_WORD = (
    r"(?:(?:hoàn thành|xong|thực hiện|thời gian|thời hạn|chậm nhất|muộn nhất|định kỳ|trước"
    r"|đến hết|đến|trong|từ|vào|hằng|hàng|mỗi|thường xuyên|khi có|ngay sau khi|sau khi"
    r"|khi phát sinh"
    r"|quý|tháng|tuần|năm|cuối|đầu|giữa|ngày|6 tháng|06 tháng|một năm|cả năm)\b)"
)
_TIMES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:(?:chậm nhất|muộn nhất)(?: là)?(?: vào)?(?: trước)?\s+|trước\s+|đến hết\s+|đến\s+"
        r"|xong\s+trước\s+|từ\s+|vào\s+"
        r"|trong\s+)?(?:ngày\s+)?\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?(?:\s*(?:và|,|đến|-"
        r"|–)\s*(?:trước\s+)?(?:ngày\s+)?\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?)*(?:\s+(?:hằng"
        r"|hàng)\s+năm)?",
        r"\b(?:(?:chậm nhất|muộn nhất)(?: là)?(?: vào)?\s+|trước\s+|đến hết\s+"
        r"|đến\s+)?ngày\s+\d{1,2}\s+(?:tháng\s+\d{1,2}(?:\s+năm\s+\d{4})?|(?:hằng|hàng"
        r"|mỗi)\s+(?:tháng|quý)|của\s+tháng\s+\w+)(?:\s+(?:hằng|hàng)\s+năm)?",
        r"\btrong\s+(?:thời hạn\s+|vòng\s+)?\d{1,3}\s+ngày(?:\s+làm việc)?(?:,?\s+(?:kể từ|sau|từ)\s+[^,.;]+)?",
        r"\b(?:định kỳ\s+)?(?:hằng|hàng|mỗi)\s+(?:ngày|tuần|tháng|quý|năm)(?:(?:,|\s+và"
        r"|\s*/)\s*(?:(?:hằng|hàng|mỗi)\s+)?(?:tuần|tháng|quý|06 tháng|6 tháng|năm)\b)*"
        r"(?:\s+(?:một|hai|ba|0?\d)\s+lần\b)?",
        r"\b(?:trong|vào|trước|cuối|đầu|giữa|hết|đến hết|xong trong|hoàn thành trong)?\s*(?:quý"
        r"|tháng)\s+(?:[IVX]+|\d{1,2})\b(?:\s*(?:,|và|-|–|đến)\s*(?:(?:quý|tháng)\s+)?(?:[IVX]+"
        r"|\d{1,2})\b)*(?:\s*(?:/|năm|\.)\s*\d{4})?",
        r"\b(?:trong\s+)?0?6\s+tháng\s+(?:đầu|cuối)\s+năm(?:\s+\d{4})?",
        r"\bđịnh kỳ\s+(?:0?[369]|một|hai|ba)\s+(?:tháng|quý|năm)(?:\s*(?:/\s*(?:01\s+)?lần|một lần))?",
        r"\b0?[36]\s+tháng\s*/\s*(?:0?1\s+)?lần|\b0?\d\s+lần\s*/\s*(?:năm|quý|tháng)",
        r"\b(?:trong|cả|suốt)\s+năm(?:\s+\d{4})?|\bcuối năm(?:\s+\d{4})?",
        r"\bthường xuyên(?:,\s*liên tục|\s+trong\s+năm)?",
        r"\b(?:ngay\s+)?(?:khi|sau khi)\s+(?:có|phát sinh)\b[^,.;]*",
        r"\bđịnh kỳ\b",
    )
)
_REFERENCE = re.compile(
    r"\bmục tiêu(?: chất lượng)?\s*(?:(?:số|thứ)\s*)?\(?(\d{1,2})\b(?!\s*%)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A line with the kind of mark it begins with, the mark's number and the rest."""

    kind: str
    label: str
    rest: Passage
    line: Line

    @property
    def text(self) -> str:
        """Return the wording without its mark."""
        return self.rest.text


def labelled(line: Line) -> Labelled:
    """Return a line divided into mark and wording; ``kind`` is empty where there is no mark."""
    named = named_objective(line.passage)
    if named is not None:
        return Labelled("named", named[0], named[1], line)
    for kind, pattern in _MARKS:
        match = pattern.match(line.text)
        if match:
            return Labelled(kind, match["label"], line.passage.part(match.end()), line)
    return Labelled("", "", line.passage, line)


@dataclass(slots=True)
class ReadList:
    """What a list gives: objectives, actions that name their objective elsewhere, lines not understood."""

    drafts: list[Draft] = field(default_factory=list)
    loose: list[tuple[str | None, DraftAction]] = field(default_factory=list)
    unread: list[Line] = field(default_factory=list)


def read_objectives(lines: Sequence[Line], *, may_have_actions: bool = True) -> ReadList:
    """Return the objectives of a list, with fields and actions that stand under each."""
    found = ReadList()
    marked = _below_headings([labelled(line) for line in lines])
    lines = [item.line for item in marked]
    top = _objective_kind(marked)
    if top is None:
        found.drafts.extend(_unmarked(lines))
        if not found.drafts:
            found.unread.extend(
                line for line in lines if not _CLOSING.match(line.key) and not line.text.endswith(":")
            )
        return found
    style = _field_names(marked)
    open_draft: Draft | None = None
    field_name = ""
    for i, item in enumerate(marked):
        is_child = item.kind == "sub" and open_draft is not None and _is_child(item, open_draft)
        if is_child and open_draft is not None and may_have_actions and _is_act(item.rest):
            action = prose_action(item.rest)
            action.number = item.label
            open_draft.actions.append(action)
            continue
        if item.kind == top or is_child:
            if item.kind == "sub" and open_draft is not None:
                parent = next((d for d in reversed(found.drafts) if _is_child(item, d)), open_draft)
                if not parse_targets(parent.text.flat().text):
                    parent.is_group = True
            open_draft = Draft(_number(item), heading=Passage(item.label))
            open_draft.add_text(_without_name(item.rest))
            found.drafts.append(open_draft)
            field_name = ""
            continue
        if item.kind and item.kind in _RANKS and _RANKS.index(item.kind) < _RANKS.index(top):
            # A heading over several objectives.
            open_draft, field_name = None, ""
            continue
        if open_draft is None:
            if item.kind:
                found.unread.append(item.line)
            continue
        name, value = style.get(id(item), ("", None))
        if name and may_have_actions:
            field_name = name
            if value:
                _put(open_draft, name, value)
            continue
        if field_name == "actions" and item.kind:
            open_draft.actions.append(prose_action(item.rest))
            continue
        if field_name and item.kind and field_name != "actions":
            _put(open_draft, field_name, item.rest)
            continue
        if item.kind:
            if may_have_actions and _is_act(item.rest):
                open_draft.actions.append(prose_action(item.rest))
            else:
                open_draft.add_text(item.line.passage)
        elif _is_part(item, marked[i + 1 :], top):
            open_draft.add_text(item.line.passage)
        else:
            open_draft = None
            if not _CLOSING.match(item.line.key) and any(later.kind == top for later in marked[i + 1 :]):
                found.unread.append(item.line)
    _number_dashes(found.drafts, top)
    found.drafts = [draft for draft in found.drafts if not draft.is_group]
    for draft in found.drafts:
        draft.settle_targets()
    return found


_ACTOR = re.compile(
    r"^(?:giao\s+)?(?:các\s+)?(?:UBND|HĐND|Văn phòng|Phòng|Ban|Trung tâm|Công chức|Cán bộ|Thư ký|Lãnh đạo|Trưởng|Bộ phận|BCĐ"
    r"|Chủ tịch|Phó|Công an|Tổ|Đoàn|Hội|Trạm|Giám đốc|bộ phận|phòng|ngành|công chức)\b",
    re.IGNORECASE,
)


_GENERAL = re.compile(r"^(?:cac )?(?:muc tieu|dinh huong) (?:chung|tong quat)\W*$")
_SPECIFIC = re.compile(r"^(?:cac )?(?:muc tieu|chi tieu) (?:chat luong )?cu the(?: nam \d{4})?\W*$")


def _below_headings(marked: list[Labelled]) -> list[Labelled]:
    """Leave out "Mục tiêu chung" with its sentence, and the heading "Mục tiêu cụ thể" over the list itself."""
    keys = [search_key(item.text) for item in marked]
    specific = next((i for i, key in enumerate(keys) if _SPECIFIC.match(key)), None)
    if specific is None or specific + 1 == len(marked):
        return marked
    general = next((i for i, key in enumerate(keys[:specific]) if _GENERAL.match(key)), specific)
    return marked[:general] + marked[specific + 1 :]


def _is_act(passage: Passage) -> bool:
    """Tell whether a point under an objective says who does what, rather than what is to be reached."""
    text = passage.text
    if any(found.target.value is not None for found in parse_targets(text)):
        return False
    if lead_and_support(text)[0]:
        return True
    dated = time_phrase(passage) is not None or re.search(r"\bphối hợp\b", text) is not None
    return dated and _ACTOR.match(text) is not None


def _unmarked(lines: Sequence[Line]) -> list[Draft]:
    """Return objectives that stand as paragraphs without any mark: those that state a value."""
    valued = [line for line in lines if not line.text.endswith(":") and not _CLOSING.match(line.key)]
    valued = [line for line in valued if parse_targets(line.text)]
    drafts = [Draft(str(i), text=line.passage, confidence=0.7) for i, line in enumerate(valued, start=1)]
    for draft in drafts:
        draft.settle_targets()
    return drafts if len(drafts) > 1 else []


def _without_name(passage: Passage) -> Passage:
    """Drop the bare word before an objective: ``Mục tiêu: …``."""
    match = re.match(r"^mục tiêu(?: chất lượng)?\s*:\s*(?=\S)", passage.text, re.IGNORECASE)
    return passage.part(match.end()) if match else passage


def _number(item: Labelled) -> str | None:
    return None if item.kind in ("dash", "plus") else fold_number(item.label)


def _number_dashes(drafts: Sequence[Draft], top: str) -> None:
    if top in ("dash", "plus"):
        for i, draft in enumerate(drafts, start=1):
            draft.number = str(i)


def _is_child(item: Labelled, draft: Draft) -> bool:
    number = draft.number or ""
    return bool(number) and item.label.split(".")[0] == number.split(".")[0]


def _objective_kind(marked: Sequence[Labelled]) -> str | None:
    """Return the kind of mark that objectives have in a list."""
    kinds = [item.kind for item in marked if item.kind]
    if not kinds:
        return None
    if "named" in kinds:
        return "named"
    present = [kind for kind in _RANKS if kind in kinds]
    for kind in present:
        own = [item for item in marked if item.kind == kind]
        deeper = [other for other in present if _RANKS.index(other) > _RANKS.index(kind)]
        valued = sum(bool(parse_targets(item.text)) for item in own)
        if kind in ("roman", "capital", "decimal.", "decimal)") and deeper and not valued:
            # Headings without a value over numbered lines are groups; over dashes they are objectives.
            below = next((other for other in deeper if other.startswith("decimal")), None)
            if below is not None and kind in ("roman", "capital"):
                continue
        return kind
    return present[0] if present else ("decimal." if "sub" in kinds else None)


def _field_names(marked: Sequence[Labelled]) -> dict[int, tuple[str, Passage | None]]:
    """Find the lines that name a field of the objective above them: ``Biện pháp:``, ``Chủ trì: …``."""
    found: dict[int, tuple[str, Passage | None]] = {}
    for item in marked:
        key = search_key(item.text)
        for name, pattern in _FIELDS:
            match = pattern.match(key)
            if match:
                colon = item.text.find(":")
                found[id(item)] = (name, item.rest.part(colon + 1) or None)
                break
    return found


def _put(draft: Draft, name: str, value: Passage) -> None:
    if name == "method":
        draft.method = Passage.join([draft.method, value])
    elif name == "target":
        draft.measure(value)
    elif name == "actions":
        draft.actions.append(prose_action(value))
    else:
        targets = [action for action in draft.actions if not getattr(action, name)]
        if not draft.actions and name in ("lead", "when"):
            return
        for action in targets:
            setattr(action, name, value)
            if name in ("lead", "support"):
                action.has_roles = True
            if name == "when":
                action.has_when = True


def _is_part(item: Labelled, later: Sequence[Labelled], top: str) -> bool:
    """Tell whether a line without a mark goes on the objective above it."""
    if _CLOSING.match(item.line.key) or item.line.is_heading:
        return False
    if parse_targets(item.text):
        return True
    following = next((other for other in later if other.kind), None)
    return following is not None and following.kind != top and item.text.endswith((":", ";", "."))


def prose_action(passage: Passage) -> DraftAction:
    """Return the action that a sentence states, with the time phrase it names."""
    text = without_mark(passage)
    action = DraftAction(number=None, text=text, confidence=0.8)
    phrase = time_phrase(text)
    if phrase is not None:
        action.when = phrase
    return action


def time_phrase(passage: Passage) -> Passage | None:
    """Return the words of a sentence that say when.

    >>> time_phrase(Passage("Văn phòng tổng hợp, báo cáo trước ngày 25/12/2025.")).text
    'trước ngày 25/12/2025'
    """
    best: tuple[int, int] | None = None
    flat = passage.flat()
    for pattern in _TIMES:
        for match in pattern.finditer(flat.text):
            start, end = match.span()
            while start < end and flat.text[start].isspace():
                start += 1
            piece = flat.text[start:end].strip()
            if _is_citation(flat.text, start) or not parse_schedule(piece, 2000).entries:
                continue
            return flat.part(start, end)
    return None if best is None else flat.part(*best)


def _is_citation(text: str, start: int) -> bool:
    """Tell whether a date belongs to a document that the sentence cites."""
    before = text[max(0, start - 40) : start]
    return re.search(r"(?:/[A-ZĐ]{1,6}(?:-[A-ZĐ&]+)?|số \S+)\s*$", before) is not None


def read_prose(lines: Sequence[Line], objectives: Sequence[Draft]) -> ReadList:
    """Return the actions of a plan written as prose, each with the number of the objective it names.

    A numbered sentence is an action; a line that names an objective opens it for the lines below.
    """
    found = ReadList()
    current: str | None = None
    words = {draft.number: tokens(draft.text.text) for draft in objectives if draft.number}
    last: DraftAction | None = None
    marked = [labelled(line) for line in lines]
    fields = _field_names(marked)
    group: Draft | None = None
    for i, item in enumerate(marked):
        name, value = fields.get(id(item), ("", None))
        if current is not None and name not in ("", "method", "target"):
            # Fields under the name of an objective: "Biện pháp: …", "Chủ trì: …", "Thời gian: …".
            group = group if group is not None and group.number == current else Draft(current)
            if value:
                known = len(group.actions)
                _put(group, name, value)
                found.loose.extend((current, action) for action in group.actions[known:])
            last = group.actions[-1] if group.actions else None
            continue
        deeper = i + 1 < len(marked) and _is_deeper(marked[i + 1], item)
        if item.kind == "named":
            current, last = item.label, None
            rest = item.rest
            if not rest.text or _is_copy(rest.text, words.get(current)) or deeper or parse_targets(rest.text):
                continue
            last = _prose(found, current, rest)
            continue
        if not item.kind:
            if last is not None and item.text[:1].islower():
                last.text = Passage.join([last.text, item.rest])
            continue
        reference = _REFERENCE.search(item.text)
        number = reference[1].lstrip("0") if reference else None
        copy = next((key for key, own in words.items() if _is_copy(item.text, own)), None)
        if copy is not None and not lead_and_support(item.text)[0] and time_phrase(item.rest) is None:
            current, last = copy, None
            continue
        is_heading = deeper and (item.line.is_heading or item.text.endswith(":") or len(item.text) < 80)
        if number is not None and (is_heading or item.text.endswith(":")):
            current, last = number, None
            continue
        if (
            is_heading
            and item.kind in ("roman", "capital", "decimal.", "decimal)")
            and not lead_and_support(item.text)[0]
        ):
            current, last = _nearest(item.text, words), None
            continue
        if last is not None and item.kind in ("plus",):
            last.text = Passage.join([last.text, item.line.passage])
            continue
        last = _prose(found, number or current or _nearest(item.text, words), item.rest)
        if group is not None and group.number == current:
            group.actions.append(last)
    return found


def _prose(found: ReadList, number: str | None, passage: Passage) -> DraftAction:
    action = prose_action(passage)
    found.loose.append((number, action))
    return action


def _is_deeper(later: Labelled, item: Labelled) -> bool:
    if not later.kind or not item.kind or later.kind == item.kind:
        return False
    order = [*_RANKS, "sub"]
    return order.index(later.kind) > order.index(item.kind)


def _is_copy(text: str, words: Sequence[str] | None) -> bool:
    own = tokens(text)
    return bool(words) and len(own) >= 5 and containment(own, words or []) > 0.85


def _nearest(text: str, words: Mapping[str, Sequence[str]]) -> str | None:
    own = tokens(text)
    scored = sorted(
        ((containment(own, other), key) for key, other in words.items()), key=lambda pair: pair[0]
    )
    return scored[-1][1] if scored and scored[-1][0] > 0.25 else None
