"""Work with a last day: what is given from above or by a meeting's conclusions, and the work programme."""

from __future__ import annotations

from camket.core.messages import gettext_noop as _
from camket.core.registers.definition import Choice, Field, Kind, Register

_LAST_DAY = (
    "Thời hạn",
    "Thời hạn hoàn thành",
    "Hạn hoàn thành",
    "Hạn xử lý",
    "Hạn xử lý văn bản",
    "Thời hạn xử lý",
    "Thời hạn thực hiện",
    "Hạn",
    "Ngày hết hạn",
)
_DONE_ON = (
    "Ngày hoàn thành",
    "Ngày xử lý xong",
    "Hoàn thành ngày",
    "Ngày kết thúc xử lý",
    "Ngày thực hiện xong",
)
_LEAD = (
    "Đơn vị chủ trì",
    "Đơn vị thực hiện",
    "Bộ phận chủ trì",
    "Bộ phận thực hiện",
    "Cơ quan thực hiện",
    "Cơ quan chủ trì",
    "Phòng chủ trì",
    "Đơn vị xử lý",
    "Đơn vị xử lý chính",
    "Chủ trì",
)
_OFFICER = (
    "Người thực hiện",
    "Người chủ trì",
    "Người xử lý",
    "Người xử lý chính",
    "Công chức thực hiện",
    "Cán bộ xử lý",
    "Cán bộ thụ lý",
    "Người phụ trách",
)
_NOTE = ("Ghi chú", "Chú thích")


def lead(*, is_quick: bool = True) -> Field:
    """Return the field of the unit in charge."""
    return Field(
        "unit",
        _("Leading unit"),
        Kind.UNIT,
        "unit",
        headings=_LEAD,
        in_list=True,
        in_quick=is_quick,
        help=_("The unit that carries it out and answers for its last day."),
    )


def officer() -> Field:
    """Return the field of the person in charge."""
    return Field("person", _("Person in charge"), Kind.PERSON, "person", headings=_OFFICER, in_list=True)


def last_day() -> Field:
    """Return the field of the last day."""
    return Field(
        "due_on",
        _("To be done by"),
        Kind.DAY,
        "due_on",
        headings=_LAST_DAY,
        in_list=True,
        in_quick=True,
        help=_("Empty where no day was set: then it is followed up, but never late."),
    )


def done_on() -> Field:
    """Return the field of the day on which it was done."""
    return Field("done_on", _("Done on"), Kind.DAY, "done_on", headings=_DONE_ON, in_list=True)


def reminded_on() -> Field:
    """Return the field of the day on which whoever does it was last reminded."""
    return Field(
        "reminded_on",
        _("Reminded on"),
        Kind.DAY,
        headings=("Ngày đôn đốc", "Đôn đốc ngày", "Ngày nhắc việc", "Ngày nhắc"),
    )


def note() -> Field:
    """Return the field of remarks."""
    return Field("note", _("Notes on it"), Kind.TEXT, headings=_NOTE, longest=2000)


DIRECTIVES = Register(
    key="directives",
    slug="chi-dao",
    title=_("Directives"),
    about=_("What superiors and meetings' conclusions gave your agency to do, and by when it was done."),
    fields=(
        Field(
            "number",
            _("Number and symbol"),
            Kind.LINE,
            "number",
            headings=(
                "Số, ký hiệu",
                "Số ký hiệu",
                "Số/ký hiệu",
                "Số ký hiệu văn bản",
                "Số, ký hiệu văn bản",
                "Số văn bản",
                "Văn bản giao",
                "Văn bản chỉ đạo",
                "Số thông báo",
            ),
            in_list=True,
            in_quick=True,
            longest=100,
            help=_(
                "As written on the document, for example 125/TB-UBND. Empty where it was said at a meeting."
            ),
        ),
        Field(
            "on",
            _("Issued on"),
            Kind.DAY,
            "on",
            is_required=True,
            headings=(
                "Ngày ban hành",
                "Ngày văn bản",
                "Ngày tháng văn bản",
                "Ngày, tháng văn bản",
                "Ngày giao",
                "Ngày giao việc",
                "Ngày ký",
                "Ngày họp",
                "Ngày tháng",
                "Ngày",
            ),
            in_list=True,
            in_quick=True,
        ),
        Field(
            "source",
            _("Given by"),
            Kind.LINE,
            "source",
            is_required=True,
            headings=(
                "Cơ quan, người giao",
                "Cơ quan giao",
                "Cơ quan ban hành",
                "Cơ quan chỉ đạo",
                "Đơn vị giao",
                "Người giao",
                "Người chỉ đạo",
                "Nơi ban hành",
                "Tác giả",
                "Nơi gửi",
            ),
            in_list=True,
            in_quick=True,
            longest=255,
            help=_("The body or leader, for example the provincial People's Committee."),
        ),
        Field(
            "kind",
            _("Whose directive"),
            Kind.CHOICE,
            "kind",
            choices=(
                Choice(
                    "superior",
                    _("Directly superior people's committee or its chairperson"),
                    (
                        "Cấp trên trực tiếp",
                        "UBND tỉnh",
                        "Chủ tịch UBND tỉnh",
                        "UBND thành phố",
                        "UBND cấp trên",
                        "UBND huyện",
                        "Chủ tịch UBND huyện",
                    ),
                ),
                Choice(
                    "department",
                    _("Departments of the superior level"),
                    ("Sở, ngành", "Sở, ban, ngành", "Sở", "Phòng ban cấp trên"),
                ),
                Choice(
                    "central",
                    _("Government and ministries"),
                    ("Trung ương", "Chính phủ", "Bộ, ngành", "Thủ tướng Chính phủ"),
                ),
                Choice(
                    "party", _("Party committee"), ("Cấp ủy", "Đảng ủy", "Tỉnh ủy", "Thường trực Đảng ủy")
                ),
                Choice("council", _("People's council"), ("HĐND", "Hội đồng nhân dân", "Thường trực HĐND")),
                Choice(
                    "own",
                    _("The agency's own leaders and meetings"),
                    (
                        "Lãnh đạo cơ quan",
                        "UBND xã",
                        "Chủ tịch UBND xã",
                        "UBND phường",
                        "Kết luận họp",
                        "Kết luận giao ban",
                    ),
                ),
                Choice("other", _("Somebody else"), ("Khác", "Cơ quan khác")),
            ),
            headings=("Nhóm cơ quan giao", "Cấp giao", "Nguồn giao", "Loại chỉ đạo", "Cấp chỉ đạo"),
        ),
        Field(
            "form",
            _("How it was given"),
            Kind.CHOICE,
            choices=(
                Choice("document", _("In a document"), ("Văn bản", "Công văn", "Bằng văn bản")),
                Choice(
                    "conclusion",
                    _("In a meeting's conclusions"),
                    ("Thông báo kết luận", "Kết luận", "Kết luận cuộc họp", "Biên bản họp"),
                ),
                Choice(
                    "in_person", _("In person or by message"), ("Trực tiếp", "Giao trực tiếp", "Tin nhắn")
                ),
                Choice("software", _("In the administration software"), ("Phần mềm", "Hệ thống")),
            ),
            headings=("Hình thức giao", "Hình thức"),
        ),
        Field(
            "title",
            _("Task given"),
            Kind.TEXT,
            "title",
            is_required=True,
            headings=(
                "Nội dung chỉ đạo, giao việc",
                "Nội dung chỉ đạo",
                "Nội dung giao",
                "Nội dung nhiệm vụ",
                "Nhiệm vụ được giao",
                "Nội dung công việc",
                "Nhiệm vụ",
                "Trích yếu",
                "Trích yếu nội dung",
                "Nội dung",
            ),
            in_list=True,
            in_quick=True,
            longest=4000,
        ),
        lead(),
        officer(),
        Field(
            "support",
            _("Together with"),
            Kind.LINE,
            headings=("Phối hợp", "Đơn vị phối hợp", "Cơ quan phối hợp", "Bộ phận phối hợp"),
        ),
        last_day(),
        reminded_on(),
        done_on(),
        Field(
            "report",
            _("Report back"),
            Kind.LINE,
            headings=(
                "Văn bản báo cáo",
                "Văn bản báo cáo, trả lời",
                "Văn bản trả lời",
                "Số báo cáo",
                "Văn bản thực hiện",
            ),
            help=_("Number and day of the document that reports the result."),
        ),
        Field("reported_on", _("Reported on"), Kind.DAY, headings=("Ngày báo cáo", "Ngày trả lời")),
        Field(
            "result",
            _("What came of it"),
            Kind.TEXT,
            headings=("Kết quả thực hiện", "Kết quả", "Tiến độ", "Tiến độ thực hiện", "Tình hình thực hiện"),
            longest=4000,
        ),
        note(),
    ),
    known_by=("number", "on", "title"),
    has_due=True,
    clause="8.1",
)

MAIN_TASK = "main"
"""Kind of those items of a programme that are main tasks (nhiệm vụ trọng tâm)."""

PROGRAMME = Register(
    key="programme",
    slug="chuong-trinh-cong-tac",
    title=_("Work programme"),
    about=_(
        "Programmes, projects and main tasks of the year and the month, each with its unit and last day."
    ),
    fields=(
        Field(
            "title",
            _("Task of the programme"),
            Kind.TEXT,
            "title",
            is_required=True,
            headings=(
                "Nội dung công việc",
                "Nội dung nhiệm vụ",
                "Nhiệm vụ trọng tâm",
                "Tên nhiệm vụ",
                "Nhiệm vụ",
                "Tên chương trình, đề án",
                "Công việc",
                "Nội dung",
            ),
            in_list=True,
            in_quick=True,
            longest=4000,
        ),
        Field(
            "kind",
            _("Kind of task"),
            Kind.CHOICE,
            "kind",
            is_required=True,
            choices=(
                Choice(MAIN_TASK, _("Main task"), ("Trọng tâm", "Nhiệm vụ trọng tâm", "Việc trọng tâm")),
                Choice(
                    "project", _("Programme or project"), ("Chương trình, đề án", "Đề án", "Chương trình")
                ),
                Choice("regular", _("Regular task"), ("Thường xuyên", "Nhiệm vụ thường xuyên")),
                Choice("added", _("Task that arose"), ("Phát sinh", "Nhiệm vụ phát sinh", "Đột xuất")),
            ),
            headings=("Loại nhiệm vụ", "Phân loại", "Loại", "Loại công việc"),
            in_list=True,
            in_quick=True,
        ),
        Field(
            "scope",
            _("In the programme of"),
            Kind.CHOICE,
            choices=(
                Choice("year", _("the year"), ("Năm", "Chương trình năm"), rank=4),
                Choice("quarter", _("the quarter"), ("Quý", "Chương trình quý"), rank=3),
                Choice("month", _("the month"), ("Tháng", "Chương trình tháng"), rank=2),
                Choice("week", _("the week"), ("Tuần", "Lịch tuần"), rank=1),
            ),
            headings=("Chương trình", "Kỳ", "Thuộc chương trình"),
        ),
        Field(
            "on",
            _("From"),
            Kind.DAY,
            "on",
            is_required=True,
            headings=("Từ ngày", "Ngày giao", "Ngày bắt đầu", "Bắt đầu", "Thời gian bắt đầu"),
            in_list=True,
            in_quick=True,
            help=_("The day from which it stands in the programme, for example the first of the month."),
        ),
        Field(
            "source",
            _("Basis"),
            Kind.LINE,
            "source",
            headings=("Căn cứ", "Căn cứ giao", "Văn bản giao", "Cơ quan giao"),
            longest=255,
        ),
        lead(),
        officer(),
        Field(
            "leader",
            _("Leader who directs it"),
            Kind.PERSON,
            headings=("Lãnh đạo chỉ đạo", "Lãnh đạo phụ trách", "Chỉ đạo"),
        ),
        Field(
            "support",
            _("Together with"),
            Kind.LINE,
            headings=("Phối hợp", "Đơn vị phối hợp", "Cơ quan phối hợp", "Bộ phận phối hợp"),
        ),
        last_day(),
        Field(
            "product",
            _("Product"),
            Kind.LINE,
            headings=("Sản phẩm", "Kết quả đầu ra", "Sản phẩm dự kiến", "Kết quả dự kiến"),
        ),
        reminded_on(),
        done_on(),
        Field(
            "result",
            _("What came of it"),
            Kind.TEXT,
            headings=("Kết quả thực hiện", "Kết quả", "Tiến độ", "Tiến độ thực hiện", "Tình hình thực hiện"),
            longest=4000,
        ),
        note(),
    ),
    known_by=("title", "on"),
    has_due=True,
    clause="8.1",
)
