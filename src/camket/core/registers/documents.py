"""Official documents that come in and go out.

What is noted of each is what the registers of Nghị định 30/2020/NĐ-CP note (Phụ lục IV): of incoming documents the day
and number of arrival, author, number, day, type and abstract, who has it; of outgoing ones number, day, type and
abstract, signer, recipients, who keeps the file copy, how many copies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from camket.core.messages import Message
from camket.core.messages import gettext_noop as _
from camket.core.numbering import COPIES, KINDS, NumberNotWellFormed, parse_document_number
from camket.core.registers.definition import Begun, Choice, Field, Kind, Register, Wrong, have_come
from camket.core.registers.fields import DONE_ON, LAST_DAY, LEAD, NOTE, OFFICER, REMINDED_ON

LETTER, OTHER = "letter", "other"
"""The type of a công văn, whose symbol has no abbreviation of a type."""
OPEN_SECRECY = "none"
"""The word of documents that are not secret: only they can be issued electronically on the open network."""
ELECTRONIC = frozenset({"electronic", "both"})
"""Ways of sending by which a document was issued electronically."""

DOCUMENT_KINDS = (
    Choice(LETTER, _("Official letter"), ("Công văn", "CV")),
    *(Choice(code, name, (code,)) for code, name in {**KINDS, **COPIES}.items()),
    Choice(OTHER, _("Another type"), ("Khác", "Loại khác", "Văn bản khác")),
)
"""Types of documents and of copies: Nghị định 30/2020/NĐ-CP, Điều 7 and 25; the words are the abbreviations of Phụ lục III."""

URGENCY = (
    Choice("none", _("Not urgent"), ("Thường", "Bình thường", "Không khẩn"), rank=0),
    Choice("urgent", _("Urgent"), ("Khẩn",), rank=1),
    Choice("very_urgent", _("Very urgent"), ("Thượng khẩn",), rank=2),
    Choice("express", _("Express"), ("Hỏa tốc", "Hoả tốc", "Hỏa tốc hẹn giờ"), rank=3),
)
SECRECY = (
    Choice(OPEN_SECRECY, _("Not secret"), ("Thường", "Bình thường", "Không mật", "Không"), rank=0),
    Choice("secret", _("Secret"), ("Mật",), rank=1),
    Choice("high_secret", _("Highly secret"), ("Tối mật",), rank=2),
    Choice("top_secret", _("Top secret"), ("Tuyệt mật",), rank=3),
)


def _type_and_symbol(values: Mapping[str, object]) -> Iterator[Wrong]:
    """Yield that the symbol is that of another type than is said: the type stands first in it, of a letter none.

    Source: Nghị định 30/2020/NĐ-CP, Phụ lục I, phần II (number and symbol), Phụ lục III (abbreviations of types).
    """
    kind, number = values.get("kind"), values.get("number")
    if not isinstance(kind, str) or not isinstance(number, str):
        return
    try:
        stated = parse_document_number(number).kind
    except NumberNotWellFormed:
        return  # of a body with a way of its own to number, or a number alone
    if stated is not None and stated != kind:
        text = _("The symbol of %(number)s is that of “%(stated)s”; correct the type or the symbol.")
        yield "kind", Message(text, {"number": number, "stated": {**KINDS, **COPIES}[stated]})


def _type_and_symbol_of_others(values: Mapping[str, object]) -> Iterator[Wrong]:
    """As :func:`_type_and_symbol`; a letter may begin with its body instead, called as a type is (12/CT-TTHT of a Cục Thuế)."""
    if values.get("kind") not in (LETTER, OTHER):
        yield from _type_and_symbol(values)


_KIND = Field(
    "kind",
    _("Type of document"),
    Kind.CHOICE,
    "kind",
    choices=DOCUMENT_KINDS,
    headings=("Loại văn bản", "Tên loại", "Tên loại văn bản", "Thể loại", "Hình thức văn bản", "Loại VB"),
    in_list=True,
    in_quick=True,
)
_ABSTRACT = Field(
    "title",
    _("Abstract"),
    Kind.TEXT,
    "title",
    is_required=True,
    headings=(
        "Trích yếu",
        "Trích yếu nội dung",
        "Tên loại và trích yếu nội dung văn bản",
        "Tên loại và trích yếu nội dung",
        "Tên loại và trích yếu",
        "Trích yếu văn bản",
        "Nội dung trích yếu",
        "Nội dung văn bản",
        "Nội dung",
    ),
    in_list=True,
    in_quick=True,
    longest=2000,
)
_URGENCY = Field(
    "urgency", _("Urgency"), Kind.CHOICE, choices=URGENCY, headings=("Độ khẩn", "Mức độ khẩn", "Khẩn")
)
_SECRECY = Field(
    "secrecy",
    _("Secrecy"),
    Kind.CHOICE,
    choices=SECRECY,
    headings=("Độ mật", "Mức độ mật", "Mật"),
    help=_("Never write down here what a secret document says: number, day and a neutral abstract suffice."),
)

INCOMING = Register(
    key="incoming",
    slug="van-ban-den",
    title=_("Incoming documents"),
    about=_("What arrived, who has it, by when it is to be handled and when it was."),
    fields=(
        Field(
            "on",
            _("Arrived on"),
            Kind.DAY,
            "on",
            is_required=True,
            headings=("Ngày đến", "Ngày nhận", "Ngày tiếp nhận", "Ngày vào sổ", "Ngày nhận văn bản"),
            in_list=True,
            in_quick=True,
        ),
        Field(
            "arrival",
            _("Number of arrival"),
            Kind.WHOLE,
            least=1,
            headings=("Số đến", "Số vào sổ", "Số thứ tự đến", "Số VB đến", "Số văn bản đến"),
            in_list=True,
            in_quick=True,
        ),
        Field(
            "source",
            _("Issued by"),
            Kind.LINE,
            "source",
            is_required=True,
            headings=(
                "Cơ quan ban hành",
                "Tác giả",
                "Nơi ban hành",
                "Nơi gửi",
                "Cơ quan gửi",
                "Đơn vị ban hành",
                "Đơn vị gửi",
                "Cơ quan phát hành",
            ),
            in_list=True,
            in_quick=True,
            longest=255,
        ),
        Field(
            "number",
            _("Number and symbol"),
            Kind.LINE,
            "number",
            headings=(
                "Số, ký hiệu",
                "Số ký hiệu",
                "Số/ký hiệu",
                "Số hiệu",
                "Số ký hiệu văn bản",
                "Số, ký hiệu văn bản",
                "Số KH",
            ),
            in_list=True,
            in_quick=True,
            longest=100,
        ),
        Field(
            "issued_on",
            _("Date of the document"),
            Kind.DAY,
            headings=(
                "Ngày văn bản",
                "Ngày tháng văn bản",
                "Ngày, tháng",
                "Ngày ban hành",
                "Ngày VB",
                "Ngày ký",
            ),
            in_list=True,
        ),
        _KIND,
        _ABSTRACT,
        LEAD,
        OFFICER,
        Field(
            "instruction",
            _("Leader's instruction"),
            Kind.TEXT,
            headings=("Ý kiến chỉ đạo", "Bút phê", "Ý kiến bút phê", "Ý kiến xử lý", "Nội dung bút phê"),
            longest=2000,
        ),
        Field(
            "passed_on",
            _("Passed on to the unit on"),
            Kind.DAY,
            headings=("Ngày chuyển", "Ngày giao", "Ngày chuyển xử lý"),
        ),
        LAST_DAY,
        REMINDED_ON,
        DONE_ON,
        Field(
            "answer",
            _("Answering document"),
            Kind.LINE,
            headings=("Văn bản trả lời", "Văn bản phúc đáp", "Văn bản đi liên quan", "Kết quả xử lý"),
        ),
        _URGENCY,
        _SECRECY,
        NOTE,
    ),
    known_by=("number", "source", "issued_on", "title"),
    has_due=True,
    in_order=(("issued_on", "on"), ("on", "passed_on")),
    begun=have_come("on", "passed_on", "reminded_on"),
    check=_type_and_symbol_of_others,
    clause="7.5.3",
    source="Nghị định 30/2020/NĐ-CP, Điều 20–24 và Phụ lục IV",
)


def _issued(values: Mapping[str, object]) -> Iterator[Begun]:
    """Yield the days of what bears a number: it is given after signature. A draft may be dated ahead."""
    return have_come("on", "sent_on")(values) if values.get("number") else iter(())


OUTGOING = Register(
    key="outgoing",
    slug="van-ban-di",
    title=_("Outgoing documents"),
    about=_("What the agency issued: number of its series, day, signer, recipients, and how it was sent."),
    fields=(
        Field(
            "number",
            _("Number and symbol"),
            Kind.LINE,
            "number",
            headings=(
                "Số, ký hiệu văn bản",
                "Số, ký hiệu",
                "Số ký hiệu",
                "Số/ký hiệu",
                "Số hiệu",
                "Số ký hiệu văn bản",
                "Số đi",
                "Số văn bản",
            ),
            in_list=True,
            longest=100,
            help=_("Leave it empty for a new document: its number is given once it is signed."),
        ),
        Field(
            "on",
            _("Date of the document"),
            Kind.DAY,
            "on",
            is_required=True,
            headings=(
                "Ngày tháng văn bản",
                "Ngày, tháng văn bản",
                "Ngày văn bản",
                "Ngày ban hành",
                "Ngày phát hành",
                "Ngày ký",
                "Ngày VB",
                "Ngày tháng",
            ),
            in_list=True,
            in_quick=True,
        ),
        _KIND,
        _ABSTRACT,
        Field(
            "source",
            _("Issuing body"),
            Kind.LINE,
            "source",
            headings=("Cơ quan ban hành", "Tác giả", "Tên cơ quan ban hành", "Chủ thể ban hành"),
            longest=255,
            help=_("Empty for the agency itself; a committee with its own series is named."),
        ),
        Field(
            "unit",
            _("Drafted by"),
            Kind.UNIT,
            "unit",
            headings=(
                "Đơn vị soạn thảo",
                "Đơn vị soạn",
                "Bộ phận soạn thảo",
                "Đơn vị phát hành",
                "Phòng soạn thảo",
                "Đơn vị, người nhận bản lưu",
                "Đơn vị chủ trì",
            ),
            in_list=True,
            in_quick=True,
        ),
        Field(
            "person",
            _("Drafter"),
            Kind.PERSON,
            "person",
            headings=("Người soạn thảo", "Người soạn", "Chuyên viên soạn thảo", "Cán bộ soạn thảo"),
        ),
        Field(
            "signer",
            _("Signer"),
            Kind.LINE,
            headings=("Người ký", "Người ký văn bản", "Lãnh đạo ký"),
            in_list=True,
            in_quick=True,
        ),
        Field(
            "recipients",
            _("Recipients"),
            Kind.TEXT,
            headings=("Nơi nhận văn bản", "Nơi nhận", "Cơ quan nhận", "Đơn vị nhận"),
            longest=2000,
        ),
        Field(
            "sent",
            _("How it was issued"),
            Kind.CHOICE,
            choices=(
                Choice(
                    "electronic",
                    _("Electronically, digitally signed"),
                    (
                        "Điện tử",
                        "Văn bản điện tử",
                        "Ký số",
                        "Trục liên thông",
                        "Liên thông",
                        "Gửi liên thông",
                        "Qua mạng",
                        "Qua phần mềm",
                        "Bản điện tử",
                        "VBĐT",
                    ),
                ),
                Choice(
                    "both", _("Electronically and on paper"), ("Điện tử và giấy", "Giấy và điện tử", "Cả hai")
                ),
                Choice("paper", _("On paper only"), ("Giấy", "Bản giấy", "Văn bản giấy")),
            ),
            headings=("Hình thức phát hành", "Hình thức gửi", "Phương thức gửi", "Hình thức"),
            in_list=True,
            in_quick=True,
        ),
        _SECRECY,
        _URGENCY,
        Field(
            "sent_on",
            _("Sent on"),
            Kind.DAY,
            headings=("Ngày chuyển", "Ngày gửi", "Ngày phát hành thực tế"),
        ),
        Field(
            "copies",
            _("Copies on paper"),
            Kind.WHOLE,
            least=0,
            headings=("Số lượng bản", "Số bản", "Số lượng bản giấy"),
        ),
        Field(
            "answers",
            _("In answer to"),
            Kind.LINE,
            headings=("Văn bản đến liên quan", "Trả lời văn bản", "Phúc đáp văn bản"),
        ),
        NOTE,
    ),
    known_by=("number", "on", "title"),
    has_series=True,
    in_order=(("on", "sent_on"),),
    begun=_issued,
    check=_type_and_symbol,
    clause="7.5.3",
    source="Nghị định 30/2020/NĐ-CP, Điều 14–19 và Phụ lục IV",
)
