"""The fields of a template: what each is called and means, for which forms it is there, and its value in a document.

The list stands here once. The page, the starter template, the check and the filling in go by it, and each value is taken
from the :class:`~camket.paper.writing.model.Document` that the built-in form is written from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from camket.paper.writing import sheet
from camket.paper.writing.forms import FORMS, WORDS, Form, words_in
from camket.paper.writing.model import Block, Document, Paragraph, annex_label, ended, text_of


class FieldKind(StrEnum):
    """What a field holds: a text, several lines, the whole of a content, or parts that have fields of their own."""

    TEXT = "text"
    LINES = "lines"
    CONTENT = "content"
    PARTS = "parts"


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its name as it stands in braces, its meaning in Vietnamese, what it holds and the fields of its parts."""

    name: str
    meaning: str
    kind: FieldKind = FieldKind.TEXT
    parts: tuple[Field, ...] = ()

    @property
    def tag(self) -> str:
        """How the field is written in a template, for copying."""
        if self.kind is FieldKind.LINES:
            return f"{{%p for dong in {self.name} %}} … {{{{ dong }}}} … {{%p endfor %}}"
        if self.kind is FieldKind.PARTS:
            return f"{{%p for phan in {self.name} %}} … {{{{ phan.{self.parts[0].name} }}}} … {{%p endfor %}}"
        return f"{{{{ {self.name} }}}}"


@dataclass(slots=True)
class Contents:
    """Contents that stand as marks in the text of a filled template until they are set as paragraphs and tables."""

    blocks: list[tuple[Block, ...]] = field(default_factory=list)

    def mark(self, blocks: tuple[Block, ...]) -> str:
        """Keep blocks and return what stands for them; letters that no text has (private use of Unicode)."""
        self.blocks.append(blocks)
        return f"{MARK}{len(self.blocks) - 1}{MARK}"


MARK = "\ue0c4"

Value = str | list[str] | list[dict[str, str]]


def _every(form: Form) -> bool:
    return True


def _letter(form: Form) -> bool:
    return not form.kind


def _decision(form: Form) -> bool:
    return form.kind == "QĐ"


def _knows(word: str) -> Callable[[Form], bool]:
    return lambda form: any(word in words_in(line) for line in form.recipients)


def _number(document: Document) -> str:
    return (document.letterhead.number or "").partition("/")[0]


def _symbol(document: Document) -> str:
    return (document.letterhead.number or "").partition("/")[2] or document.letterhead.symbol


def _place_and_date(document: Document) -> str:
    head = document.letterhead
    return sheet.place_and_date(head.place, head.dated, head.year)


def _in_day(part: str) -> Callable[[Document], str]:
    def value(document: Document) -> str:
        head = document.letterhead
        if part == "%Y":
            return str(head.dated.year if head.dated else head.year or "")
        if head.dated is None:
            return ""
        # The day below 10 and the months 1 and 2 take a nought (Nghị định 30/2020, Phụ lục I, phần II, mục 4).
        number = head.dated.day if part == "%d" else head.dated.month
        return f"{number:02}" if number < (10 if part == "%d" else 3) else str(number)

    return value


def _title(document: Document) -> list[str]:
    if not document.kind or not document.abstract:
        return []
    own = sheet.measures_of(document.paper)
    return sheet.title_lines(document.abstract, width=own.text_width, measures=own)


def _annexes(document: Document) -> list[str]:
    count = len(document.annexes)
    return [f"{annex_label(i, count)}. {each.title}" for i, each in enumerate(document.annexes)]


def _word(word: str) -> Callable[[Document], str]:
    return lambda document: dict(document.names).get(word, "")


_Getter = Callable[[Document], str | list[str]]
_SECTION = (
    Field("tieu_de", "đề mục của phần; để trống ở phần mở đầu"),
    Field("noi_dung", "các đoạn, bảng, biểu đồ của phần; đứng một mình trong đoạn văn", FieldKind.CONTENT),
)
_TEXT, _LINES = FieldKind.TEXT, FieldKind.LINES
_SOURCES: tuple[tuple[str, str, FieldKind, Callable[[Form], bool], _Getter | None], ...] = (
    ("co_quan_cap_tren", "tên cơ quan cấp trên, có thể để trống", _TEXT, _every, lambda d: d.letterhead.superior),
    ("ten_co_quan", "tên cơ quan ban hành", _TEXT, _every, lambda d: d.letterhead.issuer),
    ("cac_dong_cap_tren", "tên cơ quan cấp trên in hoa, ngắt dòng cân đối", _LINES, _every,
     lambda d: sheet.superior_lines(d.letterhead.superior, sheet.measures_of(d.paper))),
    ("cac_dong_co_quan", "tên cơ quan ban hành in hoa, ngắt dòng cân đối", _LINES, _every,
     lambda d: sheet.issuer_lines(d.letterhead.issuer, sheet.measures_of(d.paper))),
    ("dong_so", "dòng số và ký hiệu: Số: 05/BC-UBND; khi chưa cấp số thì chừa chỗ", _TEXT, _every,
     lambda d: sheet.number_line(d.letterhead)),
    ("so", "riêng số, để trống khi chưa cấp", _TEXT, _every, _number),
    ("ky_hieu", "riêng ký hiệu: BC-UBND", _TEXT, _every, _symbol),
    ("dong_ngay", "dòng địa danh và thời gian: Bình Yên, ngày 05 tháng 01 năm 2026", _TEXT, _every, _place_and_date),
    ("dia_danh", "riêng địa danh", _TEXT, _every, lambda d: d.letterhead.place or ""),
    ("ngay", "riêng ngày, để trống khi chưa ký", _TEXT, _every, _in_day("%d")),
    ("thang", "riêng tháng, để trống khi chưa ký", _TEXT, _every, _in_day("%m")),
    ("nam", "riêng năm", _TEXT, _every, _in_day("%Y")),
    ("ten_loai", "tên loại văn bản: Báo cáo, Quyết định, …; công văn không có", _TEXT, _every, lambda d: d.kind),
    ("trich_yeu", "trích yếu nội dung", _TEXT, _every, lambda d: d.abstract),
    ("cac_dong_trich_yeu", "trích yếu dưới tên loại, ngắt dòng cân đối; công văn không có", _LINES, _every,
     _title),
    ("ve_viec", "trích yếu công văn, có “V/v” ở đầu", _TEXT, _letter, lambda d: d.about),
    ("cac_dong_ve_viec", "trích yếu công văn, ngắt dòng cân đối", _LINES, _letter,
     lambda d: sheet.about_lines(d.about, sheet.measures_of(d.paper))),
    ("tham_quyen", "thẩm quyền ban hành quyết định: Chủ tịch Ủy ban nhân dân …", _TEXT, _decision, lambda d: d.authority),
    ("can_cu", "các căn cứ, mỗi căn cứ một dòng", _LINES, _every, lambda d: list(ended(d.bases))),
    ("dong_quyet_dinh", "dòng “QUYẾT ĐỊNH:”", _TEXT, _decision, lambda d: d.enactment),
    ("noi_dung", "toàn bộ nội dung văn bản với bảng và biểu đồ; đứng một mình trong đoạn văn", FieldKind.CONTENT,
     _every, None),
    ("cac_phan", "nội dung chia theo đề mục lớn, dùng thay cho noi_dung", FieldKind.PARTS, _every, None),
    ("phu_luc", "tên các phụ lục; phụ lục tự nối vào cuối, trên trang riêng", _LINES, _every, _annexes),
    ("noi_nhan", "nơi nhận, mỗi nơi một dòng, dòng cuối là lưu", _LINES, _every, lambda d: list(ended(d.recipients))),
    ("quyen_han_chuc_vu", "quyền hạn, chức vụ của người ký: TM. ỦY BAN NHÂN DÂN, CHỦ TỊCH", _LINES, _every,
     lambda d: list(d.signature.lines)),
    ("nguoi_ky", "họ và tên người ký", _TEXT, _every, lambda d: d.signature.name),
    ("ten_goi_co_quan", WORDS["agency"], _TEXT, _knows("agency"), _word("agency")),
    ("bo_phan", WORDS["unit"], _TEXT, _knows("unit"), _word("unit")),
    ("nguoi_phu_trach", WORDS["owner"], _TEXT, _knows("owner"), _word("owner")),
    ("noi_nhan_bao_cao", WORDS["addressee"], _TEXT, _knows("addressee"), _word("addressee")),
    ("dieu_thi_hanh", WORDS["article"], _TEXT, _knows("article"), _word("article")),
)  # fmt: skip

DRAWN: Mapping[str, str] = MappingProxyType(
    {
        "letterhead": "ten_co_quan",
        "kind": "ten_loai",
        "abstract": "trich_yeu",
        "body": "noi_dung",
        "signature": "nguoi_ky",
        "recipients": "noi_nhan",
        "authority": "tham_quyen",
        "bases": "can_cu",
        "enactment": "dong_quyet_dinh",
        "annexes": "phu_luc",
        "names": "ten_goi_co_quan",
        "recorded_on": "",
        "paper": "",
        "form": "",
        "template": "",
        "copy": "",
    }  # fmt: skip
)
"""For each part of a document the field that says it, or one of them; "" for what is not said on paper."""


def fields_of(form: str) -> tuple[Field, ...]:
    """Return the fields that a template of a form may use; raises KeyError for an unknown form."""
    wanted = FORMS[form]
    return tuple(
        Field(name, meaning, kind, _SECTION if kind is FieldKind.PARTS else ())
        for name, meaning, kind, applies, _ in _SOURCES
        if applies(wanted)
    )


def values_of(document: Document) -> tuple[dict[str, Value], Contents]:
    """Return the value of every field in a document, and the contents whose marks stand among them."""
    contents = Contents()
    values: dict[str, Value] = {
        name: value(document) for name, _, _, _, value in _SOURCES if value is not None
    }
    values["noi_dung"] = contents.mark(document.body)
    values["cac_phan"] = [
        {"tieu_de": title, "noi_dung": contents.mark(blocks)} for title, blocks in _sections(document.body)
    ]
    return values, contents


def _sections(body: tuple[Block, ...]) -> Iterator[tuple[str, tuple[Block, ...]]]:
    """Yield the parts that headings of the highest level found begin, the opening without a title."""
    levels = [each.level for each in body if isinstance(each, Paragraph) and each.level is not None]
    highest = min(levels, default=None)
    title, blocks = "", list[Block]()
    for block in body:
        if isinstance(block, Paragraph) and highest is not None and block.level == highest:
            if title or blocks:
                yield title, tuple(blocks)
            title, blocks = text_of(block.line), []
        else:
            blocks.append(block)
    if title or blocks:
        yield title, tuple(blocks)
