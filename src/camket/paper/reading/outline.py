"""The outline of an official document: letterhead, number, date, articles, annexes, plan, signature.

The order and the marks of the parts are those of Nghị định 30/2020/NĐ-CP, Phụ lục I, read
tolerantly: annexes without the word, headings in small letters, letterheads that are no table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from camket.core.wording.text import fold, search_key
from camket.paper.reading.blocks import LIST_MARK, Block, Passage

KINDS = {
    "quyet dinh": "QĐ",
    "ke hoach": "KH",
    "thong bao": "TB",
    "chuong trinh": "CTr",
    "nghi quyet": "NQ",
    "huong dan": "HD",
    "quy dinh": "QyĐ",
    "quy che": "QC",
    "phuong an": "PA",
    "de an": "ĐA",
    "chi thi": "CT",
    "to trinh": "TTr",
    "bao cao": "BC",
    "thong cao": "TC",
    "ban cam ket": "BCK",
}
"""Names of document types and their abbreviations. Source: Nghị định 30/2020/NĐ-CP, Phụ lục III."""


class Part(StrEnum):
    """What a section of the document is."""

    HEAD = "head"
    BASIS = "basis"
    ARTICLES = "articles"
    SIGNATURE = "signature"
    POLICY = "policy"
    OBJECTIVES = "objectives"
    PLAN = "plan"
    PURPOSE = "purpose"
    ENDING = "ending"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text outside tables with its looks."""

    passage: Passage
    block: Block

    @property
    def text(self) -> str:
        """Return the line's text."""
        return self.passage.text

    @property
    def key(self) -> str:
        """Return the line's text without case and marks."""
        return search_key(self.passage.text)

    @property
    def is_heading(self) -> bool:
        """Tell whether the line looks like a heading: in capitals, or bold and short."""
        return is_capitals(self.text) or (
            len(self.text) < 220
            and (self.block.kind == "heading" or (self.block.bold and len(self.text) < 120))
        )


Item = Line | Block


@dataclass(slots=True)
class Section:
    """A part of the document with its heading and what stands in it; a table is its block."""

    part: Part
    heading: Line | None = None
    items: list[Item] = field(default_factory=list)

    @property
    def lines(self) -> list[Line]:
        """Return the lines outside tables."""
        return [item for item in self.items if isinstance(item, Line)]

    @property
    def tables(self) -> list[Block]:
        """Return the tables."""
        return [item for item in self.items if isinstance(item, Block)]


@dataclass(slots=True)
class Found:
    """A value of the head with the place it was read from."""

    value: str
    passage: Passage


@dataclass(slots=True)
class Outline:
    """The parts of a document."""

    sections: list[Section] = field(default_factory=list)
    letterhead: list[Passage] = field(default_factory=list)
    title: list[Line] = field(default_factory=list)
    kind: Found | None = None
    number: Found | None = None
    number_seen: Passage | None = None
    date: date | None = None
    date_seen: Passage | None = None
    date_year: int | None = None
    place: Found | None = None
    authority: Found | None = None
    capacity: Found | None = None
    signed_by: Found | None = None

    def of(self, *parts: Part) -> list[Section]:
        """Return the sections of some kinds, in order."""
        return [section for section in self.sections if section.part in parts]


_NUMBER = re.compile(
    r"^\(?\s*số(?:\s*ký hiệu)?\s*:?\s*(?P<digits>\d{1,5}[a-zđ]?)?[\s.…_-]*(?P<year>/\s*\d{4})?\s*(?P<sign>/\s*[A-ZĐƯ]"
    r"[A-ZĐƯa-z&.]*(?:\s?[-–]\s?[\wĐđƯ&.]+)*)",
    re.IGNORECASE,
)
_DATED = re.compile(
    r"(?P<place>[^,;:|]*?[^,;:|\s])?\s*,?\s*ngày\s*(?P<day>\d{1,2})?[\s.…_/]*tháng\s*(?P<month>\d{1,2})?[\s.…_/]*"
    r"năm\s*(?P<year>\d{4})?[\s.…]*$",
    re.IGNORECASE,
)
_NUMBERED_PLACE = re.compile(r"(?:Phường|Quận|Xã|Thị trấn)\s+(?:[^\W\d]+\s+)*\d{1,2}", re.IGNORECASE)
_POSTS = re.compile(
    r"^(?:q\.\s*|quyen\s+)?(?:pho\s+)?(?:chu tich|bi thu|giam doc|tong giam doc|truong"
    r"|pho truong|chanh|pho chanh|cuc truong|chi cuc truong"
    r"|thu truong|vien truong|hieu truong|tram truong|dai dien lanh dao|quan doc|bo truong|thu tuong)\b"
)
_POST_NAME = re.compile(
    r"^(?:Phó |Q\.)?(?:Chủ tịch|Trưởng (?:[Bb]an|[Pp]hòng)|Giám đốc|Chánh [Vv]ăn|Hiệu trưởng|Trạm trưởng)\b"
)
_AUTHORITY = re.compile(r"^(?:TM|KT|TL|TUQ|T/M|K/T|T/L)\s*\.?\s*(?=\S)")
_NAME_WORD = r"(?:[A-ZĐÀ-Ỹ][a-zđà-ỹ]*|[A-ZĐÀ-Ỹ]+)(?:['’`-][A-ZĐÀ-Ỹa-zđà-ỹ]*)?"
_TITLE = r"(?:(?:GS|PGS|TS|ThS|Ths|BS|KS|CN|LS|Đại tá|Thượng tá|Trung tá|Thiếu tá)\s?\.?\s?)*"
_NAME = re.compile(rf"^{_TITLE}(?:{_NAME_WORD}\s+){{1,5}}{_NAME_WORD}$")
"""A person's name as it stands under a signature; those of many peoples have apostrophes and one-letter parts."""

_PURPOSE = re.compile(
    r"^(?:muc dich|yeu cau|muc dich,? yeu cau|pham vi|doi tuong|can cu|quan diem|co so"
    r"|dac diem|tinh hinh|danh gia|giai thich"
    r"|tu viet tat|khai quat|ket qua thuc hien|boi canh|thuc trang)\b"
)
_ENDING = re.compile(
    r"^(?:to chuc thuc hien|to chuc trien khai|trach nhiem (?:thuc hien|thi hanh|cua)"
    r"|phan cong (?:thuc hien|trach nhiem|nhiem vu)"
    r"|che do (?:thong tin )?bao cao|kinh phi|nguon (?:luc|kinh phi)|dieu khoan"
    r"|kiem tra,? giam sat|theo doi,? (?:danh gia|do luong)"
    r"|bien phap (?:thuc hien|to chuc)|hieu luc|thong tin,? bao cao|bao cao,? danh gia|giam sat)\b"
)
_POLICY_HEAD = re.compile(r"^(?:noi dung |cong bo )?chinh sach chat luong\b")
_OBJECTIVES_HEAD = re.compile(
    r"^(?:bang |danh muc |noi dung |he thong |cac |tong hop )*(?:muc tieu"
    r"|chi tieu)(?: va chi tieu)?(?: chat luong| cu the| can dat|,? chi tieu)?\b"
)
_PLAN_HEAD = re.compile(
    r"^(?:bang |noi dung )?(?:ke hoach(?: hanh dong| trien khai| to chuc)?(?: thuc hien| dat)?"
    r"|chuong trinh hanh dong|bien phap|giai phap"
    r"|nhiem vu|noi dung|phan cong|tien do|cac (?:bien phap|giai phap|nhiem vu|hoat dong))\b"
)
_LABEL = re.compile(
    r"^(?:(?:[IVXLC]{1,6}|[A-ZĐ]|\d{1,2}(?:\.\d{1,2})*)\s?[.)\-–:]\s*|(?:phần|mục)\s+(?:[IVX]+|\d+|thứ \w+)\s*[.:]?\s*)"
)
_ANNEX = re.compile(r"^phu luc(?: so)?(?: [0-9ivx]{1,4})?\b")
_NOISE = re.compile(
    r"^(?:\(?đã ký\)?|\[?daky\]?|\(?signed\)?|[-_*=.\s]+|người ký:.*|ký bởi:.*|thời gian ký:.*|email:.*)$",
    re.I,
)


def is_capitals(text: str) -> bool:
    """Tell whether a text is in capitals.

    >>> is_capitals("MỤC TIÊU CHẤT LƯỢNG NĂM 2026"), is_capitals("UBND xã")
    (True, False)
    """
    letters = [char for char in text if char.isalpha()]
    return len(letters) > 3 and sum(char.isupper() for char in letters) > 0.9 * len(letters)


def is_post(key: str) -> bool:
    """Tell whether a line, without case and marks, begins with the post of somebody who signs.

    >>> is_post("chi cuc truong chi cuc thuy loi"), is_post("trung tam y te")
    (True, False)
    """
    return _POSTS.match(key) is not None


def without_label(text: str) -> str:
    """Return a heading without the number that it begins with.

    >>> without_label("II. NỘI DUNG"), without_label("Phần thứ nhất: Mục tiêu")
    ('NỘI DUNG', 'Mục tiêu')
    """
    match = _LABEL.match(text) or re.match(r"^(?:phần|mục)\s+thứ\s+\w+\s*[.:]?\s*", text, re.I)
    return text[match.end() :] if match else text


def outline_of(blocks: Sequence[Block]) -> Outline:
    """Return the parts of a document."""
    return _Outliner(blocks).outline


class _Outliner:
    def __init__(self, blocks: Sequence[Block]) -> None:
        self.outline = Outline()
        self.section = Section(Part.HEAD)
        self.outline.sections.append(self.section)
        self.is_plan_alone = False
        self.seen_articles = False
        self.signed = False
        self.in_recipients = False
        self.title_open = False
        items = list(_items(blocks))
        for i, item in enumerate(items):
            following = items[i + 1 :]
            if isinstance(item, Block):
                self._table(item)
            else:
                self._line(item, following)
        self._fill_from_loose_signature(items)

    def _open(self, part: Part, heading: Line | None) -> None:
        self.section = Section(part, heading)
        self.outline.sections.append(self.section)
        self.in_recipients = False

    def _table(self, block: Block) -> None:
        text = search_key(" ".join(cell.text for row in block.rows for cell in row))
        narrow = len(block.rows[0]) <= 3 and len(block.rows) <= 4
        if narrow and ("cong hoa xa hoi chu nghia" in text or ("doc lap" in text and "hanh phuc" in text)):
            self._letterhead(block)
            return
        unsigned = not self.signed or self.outline.signed_by is None
        if narrow and unsigned and self._is_signature(block, text):
            self._signature_table(block)
            return
        if narrow and ("noi nhan" in text[:400] or (self.signed and self._is_signature(block, text))):
            self._open(Part.SIGNATURE, None)
            self.section.items.append(block)
            return
        if self.section.part in (Part.HEAD, Part.BASIS, Part.SIGNATURE):
            self._open(Part.PLAN if self.is_plan_alone else Part.OBJECTIVES, None)
        self.section.items.append(block)

    def _is_signature(self, block: Block, text: str) -> bool:
        if "noi nhan" in text[:600]:
            return True
        lines = [line for row in block.rows for cell in row for line in cell.text.split("\n")]
        posts = any(
            _AUTHORITY.match(line) or (self.signed and is_capitals(line) and is_post(search_key(line)))
            for line in lines
        )
        return posts and any(_NAME.match(line) and not is_capitals(line) for line in lines)

    def _letterhead(self, block: Block) -> None:
        first = not self.outline.letterhead
        self._open(Part.HEAD, None)
        self.section.items.append(block)
        for r, row in enumerate(block.rows):
            for c, cell in enumerate(row):
                if cell.origin is None:
                    for line in _unwrapped(Passage.of_cell(block, r, c).lines()):
                        self._head_line(line, keep=first)

    def _head_line(self, passage: Passage, *, keep: bool) -> bool:
        """Take number, date and issuing body from a line of the letterhead; tell whether it was of it."""
        outline, text = self.outline, passage.text
        key = search_key(text)
        national = re.search(r"cong hoa xa hoi|doc lap\s*[-–]?\s*tu do", key)
        if outline.number_seen is None and (match := _NUMBER.search(text)):
            outline.number_seen = passage
            if match["digits"]:
                value = re.sub(r"\s+", "", match["digits"] + (match["year"] or "") + match["sign"]).replace(
                    "–", "-"
                )
                outline.number = Found(value.rstrip(".-"), passage)
            sign = re.match(r"/\s*([A-ZĐƯ][A-Za-zĐđƯư]*)", match["sign"])
            if sign and outline.kind is None and sign[1] in {*KINDS.values()}:
                outline.kind = Found(sign[1], passage)
            if not re.search(r"\bngày\b", text):
                return True
        # Looking for a date takes the square of a line's length: short lines alone are looked at.
        if outline.date_seen is None and len(text) < 160 and (match := _DATED.search(text)):
            outline.date_seen = passage
            place = re.sub(r"^.*[Pp]húc\s+", "", match["place"] or "").strip(" ,.")
            if "/" in place:
                # Number and place on one line: the place is the words in small letters at its end.
                tail = re.search(r"(?:TP\.?\s*)?(?:[A-ZĐÀ-Ỹ][a-zđà-ỹ]+\s*)+$", place)
                place = tail[0] if tail else ""
            if place and (not re.search(r"\d", place) or _NUMBERED_PLACE.fullmatch(place)):
                outline.place = Found(fold(place), passage)
            outline.date_year = int(match["year"]) if match["year"] else None
            if match["day"] and match["month"] and match["year"]:
                try:
                    outline.date = date(int(match["year"]), int(match["month"]), int(match["day"]))
                except ValueError:
                    outline.date = None
            return True
        if _NUMBER.search(text) or (len(text) < 90 and _DATED.search(text)):
            return True
        if keep and not national and is_capitals(text):
            outline.letterhead.append(passage)
            return True
        if keep and national:
            own = re.split(r"CỘNG\s+H[ÒO]|Độc lập", text)[0].strip()
            if own and is_capitals(own):
                outline.letterhead.append(passage.part(0, len(own)))
        return bool(national)

    def _line(self, line: Line, following: Sequence[Item]) -> None:
        key = line.key
        heading = search_key(without_label(line.text))
        if self.section.part is Part.HEAD and not self.outline.title and self._head(line, key):
            return
        if re.match(r"^noi nhan\b", key):
            self._open(Part.SIGNATURE, None)
            self.in_recipients = True
            self.section.items.append(line)
            return
        if re.match(r"^dieu \d+\b", key):
            if self.section.part is not Part.ARTICLES:
                self._open(Part.ARTICLES, None)
            self.seen_articles = True
            self.title_open = False
            self.section.items.append(line)
            return
        if (
            re.match(
                r"^(?:can cu|xet de nghi|theo de nghi|xet to trinh|thuc hien (?:ke hoach|quyet dinh|cong van|chi thi))\b",
                key,
            )
            and self.section.part in (Part.HEAD, Part.BASIS)
            and not self.seen_articles
        ):
            self.title_open = False
            if self.section.part is Part.HEAD:
                self._open(Part.BASIS, None)
            self.section.items.append(line)
            return
        if self.title_open and self._continues_title(line, heading):
            self.outline.title.append(line)
            self.section.items.append(line)
            return
        self.title_open = False
        if self.section.part is Part.BASIS and re.match(r"^(?:quyet dinh|ke hoach)\s*:?$", key):
            self.section.items.append(line)
            return
        if self._opens_section(line, key, heading, following):
            return
        opens = self.section.part is Part.BASIS and self.is_plan_alone and not key.startswith("can cu")
        if opens and LIST_MARK.match(line.text):
            # The list itself, where the last of the basis announced it.
            self._open(Part.PLAN, None)
            opens = False
        self.section.items.append(line)
        if opens and not line.text.endswith(";"):
            self._open(Part.PLAN, None)

    def _head(self, line: Line, key: str) -> bool:
        """Take a line of the head of a document whose letterhead is no table, or its title."""
        bare = key.strip(" :.")
        if bare in KINDS or any(bare.startswith(name) and is_capitals(line.text) for name in KINDS):
            self.outline.kind = Found(
                next(code for name, code in KINDS.items() if bare.startswith(name)), line.passage
            )
            self.is_plan_alone = self.outline.kind.value in (
                "KH",
                "CTr",
                "PA",
                "TB",
                "BCK",
                "HD",
                "QyĐ",
                "QC",
            )
            self.outline.title.append(line)
            self.title_open = True
            self.section.items.append(line)
            return True
        if _OBJECTIVES_HEAD.match(bare) and line.is_heading:
            # A notice that opens with the objectives' own heading.
            if self.outline.kind is None and self.outline.letterhead:
                self.outline.kind = Found("TB", line.passage)
            self.outline.title.append(line)
            self.is_plan_alone = True
            self._open(Part.OBJECTIVES, line)
            self.title_open = True
            return True
        if self._head_line(line.passage, keep=len(self.outline.letterhead) < 6):
            self.section.items.append(line)
            return True
        return False

    def _continues_title(self, line: Line, heading: str) -> bool:
        if _LABEL.match(line.text) or re.match(r"^(?:can cu|phu luc)\b", line.key):
            return False
        if re.search(r"^(?:\(?(?:ban hanh )?kem theo)", line.key):
            return True
        if re.match(
            r"^(?:chu tich|uy ban nhan dan|giam doc|truong (?:phong|ban))\b", line.key
        ) and is_capitals(line.text):
            return True
        if re.match(r"^(?:ve viec|v/v|cong bo|ban hanh|phe duyet)\b", line.key):
            return True
        del heading
        return (
            line.block.bold or line.block.centered or line.block.kind == "heading" or is_capitals(line.text)
        ) or (
            len(self.outline.title) == 1 and len(line.text) < 250 and not line.text.endswith((";", ":", "."))
        )

    def _opens_section(self, line: Line, key: str, heading: str, following: Sequence[Item]) -> bool:
        labelled = _LABEL.match(line.text) is not None
        roman = re.match(r"^(?:[IVX]{1,5}|[A-D])\s?[.)\-–]", line.text) is not None
        if _ANNEX.match(key) and len(line.text) < 200 and (line.is_heading or len(line.text) < 40):
            rest = re.sub(r"^phu luc(?: so)?(?: [0-9ivx]{1,4})?\s*[:.\-–]*\s*", "", key)
            self._open(Part.OBJECTIVES if self._names_objectives(rest) else Part.HEAD, line)
            if self._names_plan(rest):
                self.section.part = Part.PLAN
            elif _POLICY_HEAD.match(rest):
                self.section.part = Part.POLICY
            elif self.section.part is Part.HEAD:
                self.section.part = Part.PLAN
            self.annex_opened = True
            return True
        if len(line.text) > 220 or not (line.is_heading or roman or (labelled and len(line.text) < 60)):
            return False
        if labelled and not roman and self.section.part in (Part.ARTICLES, Part.POLICY):
            return False
        if re.match(r"^(?:muc tieu)(?: chat luong)?(?: so| thu)? \d", heading) or re.match(
            r"^muc tieu(?: chat luong)? (?:so|thu)\b", heading
        ):
            return False
        in_annexes = self.section.part not in (Part.HEAD, Part.BASIS, Part.ARTICLES) or self.signed
        bare_heading = line.is_heading and not labelled
        if not (in_annexes or self.is_plan_alone):
            return False
        # A heading ends with its words; a line with a value or a full sentence is content.
        if re.search(r"\d\s?%|[;.]$", line.text) and not is_capitals(line.text):
            return False
        if _POLICY_HEAD.match(heading):
            self._open(Part.POLICY, line)
            return True
        if self._names_objectives(heading) and (bare_heading or roman or self._list_follows(following)):
            if labelled and not roman and self.section.part is Part.OBJECTIVES:
                return False
            self._open(Part.OBJECTIVES, line)
            return True
        if _PURPOSE.match(heading) and (labelled or bare_heading):
            self._open(Part.PURPOSE, line)
            return True
        if _ENDING.match(heading) and (labelled or bare_heading) and not self._table_comes(following):
            self._open(Part.ENDING, line)
            return True
        if self._names_plan(heading) or (roman and _ENDING.match(heading)):
            if self.section.part is Part.ENDING and labelled and not roman:
                return False
            self._open(Part.PLAN, line)
            return True
        if roman and self.section.part in (Part.PURPOSE, Part.ENDING):
            self._open(Part.PLAN, line)
            return True
        return False

    @staticmethod
    def _names_objectives(heading: str) -> bool:
        if _OBJECTIVES_HEAD.match(heading) is None:
            return False
        return (
            re.search(r"\bbien phap\b|\bke hoach\b", re.sub(r"\bva (?:ke hoach|bien phap)\b", "", heading))
            is None
        )

    @staticmethod
    def _names_plan(heading: str) -> bool:
        return _PLAN_HEAD.match(heading) is not None or "bien phap" in heading

    @staticmethod
    def _list_follows(following: Sequence[Item]) -> bool:
        return bool(following)

    @staticmethod
    def _table_comes(following: Sequence[Item]) -> bool:
        """Tell whether a table of the plan stands before the next heading."""
        for item in following[:6]:
            if isinstance(item, Block):
                return len(item.rows[0]) >= 3
            if item.is_heading:
                return False
        return False

    def _signature_table(self, block: Block) -> None:
        self._open(Part.SIGNATURE, None)
        self.section.items.append(block)
        for r, row in enumerate(block.rows):
            for c, cell in enumerate(row):
                if cell.origin is not None or search_key(cell.text).startswith("noi nhan"):
                    continue
                self._take_signature(Passage.of_cell(block, r, c).lines())
        self.signed = True

    def _take_signature(self, lines: Sequence[Passage]) -> None:
        outline = self.outline
        authority: list[Passage] = []
        before = ""
        for i, passage in enumerate(lines):
            text = passage.text.strip(" *")
            key = search_key(text)
            above, before = before, text
            if not text or _NOISE.match(text) or text.startswith(("-", "+")):
                continue
            if _AUTHORITY.match(text) and is_capitals(text) and outline.capacity is None:
                authority.append(passage)
            elif is_capitals(text) and _POSTS.match(key):
                if outline.capacity is None:
                    outline.capacity = Found(fold(text), passage)
            elif (
                outline.capacity is not None
                and text.isupper()
                and outline.capacity.passage.text.strip(" *").endswith(above)
                and (
                    " " not in text
                    or any(_NAME.match(line.text) and not line.text.isupper() for line in lines[i + 1 :])
                )
            ):
                # A narrow column broke the post: one word is no name, or its holder's name still follows.
                joined = Passage.join([outline.capacity.passage, passage])
                outline.capacity = Found(fold(joined.text), joined)
            elif is_capitals(text) and authority and outline.capacity is None and not _NAME.match(text):
                authority.append(passage)
            elif (
                _NAME.match(text)
                and len(text) < 50
                and not _POST_NAME.match(text)
                and outline.signed_by is None
            ) and (outline.capacity is not None or authority):
                outline.signed_by = Found(fold(text), passage)
        if authority:
            seen = [] if outline.authority is None else [outline.authority.passage]
            joined = Passage.join([*seen, *authority])
            outline.authority = Found(fold(joined.text), joined)

    def _fill_from_loose_signature(self, items: Sequence[Item]) -> None:
        """Take a signature that is typed as paragraphs, as in plain text."""
        if self.outline.signed_by is not None:
            return
        if self.signed:
            self._signed_overleaf()
            return
        for section in self.outline.sections:
            if section.part is Part.SIGNATURE:
                lines = [part for line in section.lines for part in _parted(line.passage)]
                start = next(
                    (
                        i
                        for i, line in enumerate(lines)
                        if _AUTHORITY.match(line.text)
                        or (is_capitals(line.text) and _POSTS.match(search_key(line.text)))
                    ),
                    None,
                )
                if start is not None:
                    self._take_signature(lines[start : start + 8])
                    return
        loose = [item for item in items if isinstance(item, Line)]
        for i, line in enumerate(loose):
            if (
                is_capitals(line.text)
                and len(line.text) < 60
                and (_AUTHORITY.match(line.text) or _POSTS.match(line.key))
            ) and any(_NAME.match(other.text) for other in loose[i + 1 : i + 5]):
                self._take_signature([other.passage for other in loose[i : i + 6]])
                return

    def _signed_overleaf(self) -> None:
        """Take what a page end parted from the signature over it: the name, or the post with the name."""
        for section in self.outline.sections:
            if section.part is Part.SIGNATURE and section.lines:
                self._take_signature([line.passage for line in section.lines[:10]])
                return


def _unwrapped(lines: Sequence[Passage]) -> list[Passage]:
    """Join the lines of a letterhead that a narrow column broke: the country's name, its motto, the date."""
    joined: list[Passage] = []
    for line in lines:
        before = search_key(joined[-1].text) if joined else ""
        goes_on = (
            (before.startswith("cong hoa xa hoi") and not before.endswith("viet nam"))
            or (before.startswith("doc lap") and not before.endswith("phuc"))
            or (re.search(r"\bngay\b", before) and not re.search(r"\bnam(?: \d{4})?\W*$", before))
            or (re.search(r"\bngay\b.*\bnam\W*$", before) and re.fullmatch(r"\d{4}", line.text.strip()))
        )
        if goes_on:
            joined[-1] = Passage.join([joined[-1], line])
        else:
            joined.append(line)
    return joined


def _parted(passage: Passage) -> Iterator[Passage]:
    """Divide a line on which authority and post were joined."""
    match = re.match(
        r"^((?:TM|KT|TL|TUQ)\..+?)\s+((?:PHÓ |Q\. ?)?(?:CHỦ TỊCH|GIÁM ĐỐC|TRƯỞNG [A-ZĐÀ-Ỹ]+|CHÁNH VĂN PHÒNG))$",
        passage.text,
    )
    if match and _AUTHORITY.match(match[1]) and not re.fullmatch(r"(?:KT|TL|TUQ)\.", match[1]):
        yield passage.part(match.start(1), match.end(1))
        yield passage.part(match.start(2), match.end(2))
    else:
        yield passage


def _items(blocks: Sequence[Block]) -> Iterator[Item]:
    for block in blocks:
        if block.is_table:
            yield block
        else:
            for passage in Passage.of_block(block).lines():
                yield Line(passage, block)
