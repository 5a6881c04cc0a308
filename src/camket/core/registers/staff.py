"""The development of people: training, qualifications, grading, emulation titles, discipline, job descriptions.

Laws on officials were rewritten in 2025 and 2026, so choices here are wide: they hold what earlier years need, and an
office leaves aside what no longer applies to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from camket.core.messages import Message
from camket.core.messages import gettext_noop as _
from camket.core.registers.definition import Begun, Choice, Field, Kind, Register, Wrong, have_come
from camket.core.registers.fields import NOTE, PERIODS, period_begun

_PERSON = Field(
    "person",
    _("Name of the person"),
    Kind.PERSON,
    "person",
    is_required=True,
    headings=(
        "Họ và tên",
        "Họ tên",
        "Cán bộ, công chức",
        "Tên cán bộ, công chức",
        "Họ và tên cán bộ, công chức",
        "Người được đánh giá",
        "Tên",
    ),
    in_list=True,
    in_quick=True,
)
_UNIT = Field(
    "unit",
    _("Unit"),
    Kind.UNIT,
    "unit",
    headings=(
        "Đơn vị",
        "Bộ phận",
        "Đơn vị công tác",
        "Phòng",
        "Phòng, ban",
        "Bộ phận công tác",
        "Cơ quan, đơn vị",
    ),
    in_list=True,
)
_UNIT_OF_PERSON = replace(_UNIT, help=_("Empty: the unit in which the person works."))
_DECISION = Field(
    "number",
    _("Decision"),
    Kind.LINE,
    "number",
    headings=("Số quyết định", "Quyết định số", "Quyết định", "Số QĐ", "Số, ký hiệu quyết định", "Văn bản"),
    in_list=True,
    longest=100,
)


def _check_course(values: Mapping[str, object]) -> Iterator[Wrong]:
    """Yield that a course of the plan begins in another year than it is planned for, or is planned for none."""
    year, begins = values.get("year"), values.get("planned_on")
    if isinstance(year, int) and not 2000 <= year <= 2100:
        yield "year", Message(_("Write the year with four digits, for example 2026."))
    elif isinstance(begins, date) and begins.year != year:
        yield "planned_on", Message(_("This day is not in the year of the plan."))


TRAINED = frozenset({"attended", "completed"})
"""Outcomes by which a person took part in a course."""


def _taught(values: Mapping[str, object]) -> Iterator[Begun]:
    """Yield the first day of a course that somebody attended or missed, the last of one that somebody completed."""
    keys = {"attended": ("on",), "absent": ("on",), "completed": ("on", "ends_on")}
    return have_come(*keys.get(str(values.get("outcome")), ()))(values)


TRAINING = Register(
    key="training",
    slug="dao-tao",
    title=_("Training"),
    about=_("Who is to attend which course, who did, for how many hours, with which certificate."),
    fields=(
        _PERSON,
        _UNIT_OF_PERSON,
        Field(
            "title",
            _("Course"),
            Kind.LINE,
            "title",
            is_required=True,
            headings=(
                "Tên khóa đào tạo, bồi dưỡng",
                "Tên khóa học",
                "Tên lớp",
                "Khóa học",
                "Lớp đào tạo, bồi dưỡng",
                "Nội dung đào tạo, bồi dưỡng",
                "Nội dung bồi dưỡng",
                "Lớp",
                "Tên lớp bồi dưỡng",
            ),
            in_list=True,
            in_quick=True,
        ),
        Field(
            "kind",
            _("Field of training"),
            Kind.CHOICE,
            "kind",
            choices=(
                Choice(
                    "professional",
                    _("Profession and skills of the work"),
                    (
                        "Chuyên môn, nghiệp vụ",
                        "Chuyên môn nghiệp vụ",
                        "Chuyên môn",
                        "Nghiệp vụ",
                        "Kỹ năng",
                        "Vị trí việc làm",
                    ),
                ),
                Choice("politics", _("Political theory"), ("Lý luận chính trị", "LLCT")),
                Choice("administration", _("State administration"), ("Quản lý nhà nước", "QLNN")),
                Choice(
                    "quality", _("Quality management, ISO"), ("ISO", "HTQLCL", "Hệ thống quản lý chất lượng")
                ),
                Choice(
                    "digital",
                    _("Computing and digital transformation"),
                    ("Tin học", "Chuyển đổi số", "Công nghệ thông tin", "CNTT", "Kỹ năng số"),
                ),
                Choice(
                    "languages",
                    _("Foreign and ethnic languages"),
                    ("Ngoại ngữ", "Tiếng dân tộc", "Tiếng Anh"),
                ),
                Choice("defence", _("Defence and security"), ("Quốc phòng, an ninh", "QPAN", "Quốc phòng")),
                Choice(
                    "informed",
                    _("Information session: policy, laws, rules made known"),
                    (
                        "Tuyên truyền",
                        "Quán triệt",
                        "Tuyên truyền, quán triệt",
                        "Phổ biến",
                        "Học tập nghị quyết",
                    ),
                ),
                Choice("other", _("Something else"), ("Khác",)),
            ),
            headings=("Lĩnh vực", "Loại hình đào tạo", "Nội dung", "Nhóm nội dung", "Loại"),
            in_list=True,
            in_quick=True,
        ),
        Field(
            "on",
            _("From"),
            Kind.DAY,
            "on",
            is_required=True,
            headings=("Từ ngày", "Ngày bắt đầu", "Ngày khai giảng", "Thời gian bắt đầu", "Ngày học", "Ngày"),
            in_list=True,
            in_quick=True,
        ),
        Field(
            "ends_on",
            _("To"),
            Kind.DAY,
            "ends_on",
            headings=("Đến ngày", "Ngày kết thúc", "Ngày bế giảng", "Thời gian kết thúc"),
            in_list=True,
        ),
        Field(
            "amount",
            _("Hours"),
            Kind.NUMBER,
            "amount",
            least=0,
            most=8_760,
            headings=("Số giờ", "Số tiết", "Thời lượng", "Thời lượng (giờ)", "Số giờ học", "Giờ"),
            in_list=True,
            in_quick=True,
        ),
        Field(
            "outcome",
            _("Attendance"),
            Kind.CHOICE,
            "outcome",
            is_required=True,
            choices=(
                Choice("planned", _("Planned"), ("Kế hoạch", "Cử đi học", "Dự kiến", "Đăng ký"), rank=0),
                Choice(
                    "attended",
                    _("Attended"),
                    ("Tham gia", "Đã tham gia", "Đang học", "Đã học", "Có mặt"),
                    rank=1,
                ),
                Choice(
                    "completed",
                    _("Completed"),
                    ("Hoàn thành", "Đã hoàn thành", "Tốt nghiệp", "Được cấp chứng chỉ"),
                    rank=2,
                ),
                Choice(
                    "absent",
                    _("Did not attend"),
                    ("Không tham gia", "Vắng", "Vắng mặt", "Không học"),
                    rank=-1,
                ),
            ),
            headings=("Tình trạng", "Tham gia", "Kết quả", "Kết quả tham gia", "Trạng thái"),
            in_list=True,
            in_quick=True,
        ),
        Field(
            "source",
            _("Held by"),
            Kind.LINE,
            "source",
            headings=("Đơn vị tổ chức", "Cơ sở đào tạo", "Nơi đào tạo", "Cơ quan tổ chức", "Tổ chức"),
            longest=255,
        ),
        Field(
            "form",
            _("Form of training"),
            Kind.CHOICE,
            choices=(
                Choice("classroom", _("In the classroom"), ("Tập trung", "Trực tiếp")),
                Choice("online", _("Online"), ("Trực tuyến", "Từ xa")),
                Choice("mixed", _("In the classroom and online"), ("Kết hợp", "Trực tiếp và trực tuyến")),
                Choice("part_time", _("Beside work"), ("Vừa làm vừa học", "Bán tập trung", "Tại chức")),
                Choice(
                    "self",
                    _("Self-taught, peers' exchange"),
                    ("Tự học", "Tự bồi dưỡng", "Sinh hoạt chuyên môn"),
                ),
            ),
            headings=("Hình thức", "Hình thức đào tạo", "Hình thức học"),
        ),
        replace(_DECISION, label=_("Decision to send, plan"), in_list=False),
        Field(
            "certificate",
            _("Certificate"),
            Kind.LINE,
            headings=("Văn bằng, chứng chỉ", "Chứng chỉ", "Số chứng chỉ", "Giấy chứng nhận", "Văn bằng"),
        ),
        NOTE,
    ),
    known_by=("person", "title", "on"),
    in_order=(("on", "ends_on"),),
    begun=_taught,
    item_label=_("Course of the plan"),
    item_fields=(
        Field("year", _("Year"), Kind.WHOLE, is_required=True),
        Field("planned_on", _("To begin on"), Kind.DAY),
        Field("hours", _("Hours"), Kind.NUMBER, least=0, most=8_760),
        Field("places", _("Places"), Kind.WHOLE, least=1),
        Field("held_by", _("Held by"), Kind.LINE, longest=255),
        Field("plan", _("Plan that says so"), Kind.LINE, longest=255),
    ),
    item_known_by=("year",),
    names_item="title",
    item_check=_check_course,
    clause="7.2",
)


def _check_qualification(values: Mapping[str, object]) -> Iterator[Wrong]:
    """Yield that a qualification is said to meet the standard after it ran out; one that ran out may be noted so."""
    on, ends = values.get("on"), values.get("ends_on")
    if values.get("outcome") == "met" and isinstance(on, date) and isinstance(ends, date) and ends < on:
        yield "ends_on", Message(_("It ran out before this day: it does not meet the standard any more."))


QUALIFICATIONS = Register(
    key="qualifications",
    slug="chuan-hoa",
    title=_("Qualifications"),
    about=_("What each post asks of who holds it, and whether the holder has it."),
    fields=(
        _PERSON,
        _UNIT_OF_PERSON,
        Field(
            "kind",
            _("Kind of qualification"),
            Kind.CHOICE,
            "kind",
            is_required=True,
            choices=(
                Choice(
                    "education",
                    _("Degree of the profession"),
                    ("Chuyên môn", "Trình độ chuyên môn", "Bằng cấp"),
                ),
                Choice("politics", _("Political theory"), ("Lý luận chính trị", "LLCT")),
                Choice("administration", _("State administration"), ("Quản lý nhà nước", "QLNN")),
                Choice("computing", _("Computing"), ("Tin học", "CNTT")),
                Choice("languages", _("Foreign and ethnic languages"), ("Ngoại ngữ", "Tiếng dân tộc")),
                Choice("position", _("Skills of the post"), ("Nghiệp vụ", "Vị trí việc làm", "Chức danh")),
            ),
            headings=("Loại tiêu chuẩn", "Tiêu chuẩn", "Loại trình độ", "Nội dung", "Lĩnh vực"),
            in_list=True,
            in_quick=True,
        ),
        Field(
            "title",
            _("Qualification required"),
            Kind.LINE,
            "title",
            is_required=True,
            headings=(
                "Trình độ yêu cầu",
                "Tiêu chuẩn yêu cầu",
                "Yêu cầu",
                "Trình độ chuẩn",
                "Chuẩn quy định",
            ),
            in_list=True,
            in_quick=True,
        ),
        Field(
            "held",
            _("Qualification held"),
            Kind.LINE,
            headings=("Trình độ hiện có", "Hiện có", "Trình độ hiện tại", "Trình độ", "Văn bằng hiện có"),
            in_list=True,
            in_quick=True,
        ),
        Field(
            "outcome",
            _("Meets the standard"),
            Kind.CHOICE,
            "outcome",
            is_required=True,
            choices=(
                Choice("met", _("Meets it"), ("Đạt", "Đạt chuẩn", "Đã chuẩn hóa", "Có"), rank=1),
                Choice("studying", _("Is studying for it"), ("Đang học", "Đang chuẩn hóa"), rank=0),
                Choice(
                    "not_met", _("Does not meet it"), ("Chưa đạt", "Chưa đạt chuẩn", "Không", "Chưa"), rank=-1
                ),
            ),
            headings=("Đánh giá", "Đạt chuẩn", "Kết quả", "Tình trạng", "Mức đạt"),
            in_list=True,
            in_quick=True,
        ),
        Field(
            "on",
            _("As of"),
            Kind.DAY,
            "on",
            is_required=True,
            headings=("Ngày rà soát", "Tính đến ngày", "Thời điểm", "Ngày cấp", "Ngày"),
            in_list=True,
            in_quick=True,
        ),
        Field(
            "ends_on",
            _("Valid to"),
            Kind.DAY,
            "ends_on",
            headings=("Có giá trị đến", "Hiệu lực đến", "Hết hạn"),
        ),
        Field(
            "plan",
            _("Plan to reach it"),
            Kind.LINE,
            headings=("Kế hoạch chuẩn hóa", "Kế hoạch", "Năm chuẩn hóa"),
        ),
        Field(
            "source",
            _("Standard set by"),
            Kind.LINE,
            "source",
            headings=("Căn cứ", "Văn bản quy định", "Căn cứ quy định"),
            longest=255,
        ),
        NOTE,
    ),
    known_by=("person", "kind", "title"),
    check=_check_qualification,
    is_personal=True,
    clause="7.2",
)

GRADES = (
    Choice(
        "excellent",
        _("Completed the tasks excellently"),
        (
            "Hoàn thành xuất sắc nhiệm vụ",
            "Hoàn thành xuất sắc",
            "HTXSNV",
            "HTXS",
            "Xuất sắc",
            "Loại A+",
        ),
        rank=4,
    ),
    Choice(
        "good",
        _("Completed the tasks well"),
        ("Hoàn thành tốt nhiệm vụ", "Hoàn thành tốt", "HTTNV", "HTT", "Tốt", "Loại A"),
        rank=3,
    ),
    Choice(
        "completed",
        _("Completed the tasks"),
        (
            "Hoàn thành nhiệm vụ",
            "Hoàn thành",
            "HTNV",
            "HT",
            "Hoàn thành nhiệm vụ nhưng còn hạn chế về năng lực",
            "Loại B",
        ),
        rank=2,
    ),
    Choice(
        "failed",
        _("Did not complete the tasks"),
        (
            "Không hoàn thành nhiệm vụ",
            "Không hoàn thành",
            "KHTNV",
            "KHT",
            "Chưa hoàn thành nhiệm vụ",
            "Loại C",
        ),
        rank=1,
    ),
    Choice(
        "not_graded", _("Not graded"), ("Không xếp loại", "Chưa xếp loại", "Không đánh giá", "Miễn đánh giá")
    ),
)
"""The four levels of grading officials, best first (Nghị định 90/2020/NĐ-CP, Điều 4–11, kept by the laws since)."""

GRADED_COMPLETED = frozenset({"excellent", "good", "completed"})
GRADED_WELL = frozenset({"excellent", "good"})

GRADING = Register(
    key="grading",
    slug="xep-loai",
    title=_("Grading of officers"),
    about=_("How each person was graded for the month, the quarter and the year, and by which decision."),
    fields=(
        _PERSON,
        _UNIT_OF_PERSON,
        Field(
            "kind",
            _("Period"),
            Kind.CHOICE,
            "kind",
            is_required=True,
            choices=tuple(each for each in PERIODS if each.word != "nine_months"),
            headings=("Kỳ đánh giá", "Kỳ", "Loại kỳ", "Kỳ xếp loại"),
            in_list=True,
            in_quick=True,
        ),
        Field(
            "on",
            _("Last day of the period"),
            Kind.DAY,
            "on",
            is_required=True,
            headings=("Ngày cuối kỳ", "Đến ngày", "Kỳ kết thúc ngày", "Ngày đánh giá", "Ngày"),
            in_list=True,
            in_quick=True,
            help=_("For example 31/12/2026 for the year 2026; the grade counts for this day."),
        ),
        Field(
            "proposed",
            _("Grade proposed"),
            Kind.CHOICE,
            choices=GRADES,
            headings=("Tự xếp loại", "Tự đánh giá", "Mức tự xếp loại", "Đề nghị xếp loại"),
        ),
        Field(
            "outcome",
            _("Grade"),
            Kind.CHOICE,
            "outcome",
            is_required=True,
            choices=GRADES,
            headings=(
                "Mức xếp loại",
                "Xếp loại",
                "Kết quả xếp loại",
                "Mức độ hoàn thành",
                "Kết quả đánh giá",
                "Kết quả xếp loại chất lượng",
                "Xếp loại chất lượng",
            ),
            in_list=True,
            in_quick=True,
        ),
        Field(
            "amount",
            _("Points given"),
            Kind.NUMBER,
            "amount",
            least=0,
            headings=("Điểm", "Tổng điểm", "Điểm đánh giá", "Số điểm"),
            in_list=True,
            in_quick=True,
        ),
        Field(
            "source",
            _("Graded by"),
            Kind.LINE,
            "source",
            headings=("Cấp đánh giá", "Cấp có thẩm quyền", "Người đánh giá", "Cơ quan đánh giá"),
            longest=255,
        ),
        replace(_DECISION, label=_("Decision or notice")),
        Field(
            "reason",
            _("Comments"),
            Kind.TEXT,
            headings=("Nhận xét", "Lý do", "Ưu, khuyết điểm"),
            longest=2000,
        ),
        NOTE,
    ),
    known_by=("person", "kind", "on"),
    begun=period_begun,
    is_personal=True,
    clause="7.2",
    source="Nghị định 90/2020/NĐ-CP và các văn bản sửa đổi, thay thế",
)

ADVANCED_WORKER = "advanced_worker"
EMULATION_FIGHTER = "fighter_base"
COLLECTIVE_TITLES = frozenset({"collective_advanced", "collective_excellent", "flag"})
"""Titles of collectives: an entry of these is of the unit, or of the whole agency where it names no unit."""

_OF_PERSONS = frozenset({ADVANCED_WORKER, EMULATION_FIGHTER, "fighter_province", "fighter_national"})


def _check_title(values: Mapping[str, object]) -> Iterator[Wrong]:
    kind = values.get("kind")
    if kind in _OF_PERSONS and values.get("person") is None:
        yield "person", Message(_("This title is one person's; say whose."))
    if kind in COLLECTIVE_TITLES and values.get("person") is not None:
        yield "person", Message(_("This title is a collective's; leave the person empty and name the unit."))
    if values.get("outcome") == "awarded" and values.get("done_on") is None and values.get("number") is None:
        yield "number", Message(_("Say by which decision it was awarded: its number or its day."))


def _check_ceiling(values: Mapping[str, object]) -> Iterator[Wrong]:
    first, last = values.get("from_year"), values.get("to_year")
    if isinstance(first, int) and isinstance(last, int) and last < first:
        yield "to_year", Message(_("It ends before it begins; check both years."))


TITLES = Register(
    key="titles",
    slug="thi-dua",
    title=_("Emulation titles"),
    about=_("Who registered for which title, and who was awarded it, persons and collectives."),
    fields=(
        Field(
            "year",
            _("Emulation year"),
            Kind.WHOLE,
            "year",
            is_required=True,
            headings=("Năm thi đua", "Năm", "Năm đăng ký", "Năm xét"),
            in_list=True,
            in_quick=True,
        ),
        Field(
            "kind",
            _("Title or award"),
            Kind.CHOICE,
            "kind",
            is_required=True,
            choices=(
                Choice(
                    ADVANCED_WORKER,
                    _("Advanced worker"),
                    ("Lao động tiên tiến", "LĐTT", "Chiến sĩ tiên tiến", "Danh hiệu lao động tiên tiến"),
                    rank=1,
                ),
                Choice(
                    EMULATION_FIGHTER,
                    _("Emulation fighter of the base level"),
                    (
                        "Chiến sĩ thi đua cơ sở",
                        "Chiến sỹ thi đua cơ sở",
                        "Chiến sĩ thi đua cấp cơ sở",
                        "Chiến sỹ thi đua cấp cơ sở",
                        "CSTĐCS",
                        "CSTĐ cơ sở",
                    ),
                    rank=2,
                ),
                Choice(
                    "fighter_province",
                    _("Emulation fighter of the province or ministry"),
                    (
                        "Chiến sĩ thi đua cấp tỉnh",
                        "Chiến sỹ thi đua cấp tỉnh",
                        "CSTĐ cấp tỉnh",
                        "Chiến sĩ thi đua tỉnh",
                    ),
                    rank=3,
                ),
                Choice(
                    "fighter_national",
                    _("National emulation fighter"),
                    ("Chiến sĩ thi đua toàn quốc", "Chiến sỹ thi đua toàn quốc", "CSTĐ toàn quốc"),
                    rank=4,
                ),
                Choice(
                    "collective_advanced",
                    _("Advanced collective"),
                    ("Tập thể lao động tiên tiến", "TTLĐTT", "Tập thể LĐTT", "Đơn vị tiên tiến"),
                    rank=1,
                ),
                Choice(
                    "collective_excellent",
                    _("Excellent collective"),
                    ("Tập thể lao động xuất sắc", "TTLĐXS", "Tập thể LĐXS", "Đơn vị quyết thắng"),
                    rank=2,
                ),
                Choice("flag", _("Emulation flag"), ("Cờ thi đua", "Cờ thi đua của UBND tỉnh"), rank=3),
                Choice("merit_base", _("Certificate of merit of the base level"), ("Giấy khen",)),
                Choice("merit_province", _("Certificate of merit of the province or above"), ("Bằng khen",)),
                Choice("other", _("Another title or award"), ("Khác", "Huân chương", "Kỷ niệm chương")),
            ),
            headings=("Danh hiệu thi đua", "Danh hiệu", "Hình thức khen thưởng", "Danh hiệu, hình thức"),
            in_list=True,
            in_quick=True,
        ),
        replace(_PERSON, is_required=False),
        replace(_UNIT, help=_("Of a collective: which; empty for the whole agency.")),
        Field(
            "title",
            _("Collective, or for what"),
            Kind.LINE,
            "title",
            headings=("Tên tập thể", "Tập thể", "Thành tích", "Nội dung khen", "Tên tập thể, thành tích"),
            in_list=True,
        ),
        Field(
            "outcome",
            _("How far it is"),
            Kind.CHOICE,
            "outcome",
            is_required=True,
            choices=(
                Choice("registered", _("Registered"), ("Đăng ký", "Đã đăng ký"), rank=0),
                Choice("proposed", _("Proposed"), ("Đề nghị", "Trình", "Đã trình", "Bình xét"), rank=1),
                Choice("awarded", _("Awarded"), ("Được công nhận", "Công nhận", "Đạt", "Được tặng"), rank=2),
                Choice(
                    "refused",
                    _("Not awarded"),
                    ("Không công nhận", "Không đạt", "Không được công nhận"),
                    rank=-1,
                ),
            ),
            headings=("Kết quả", "Tình trạng", "Trạng thái", "Kết quả xét"),
            in_list=True,
            in_quick=True,
        ),
        Field(
            "on",
            _("Registered on"),
            Kind.DAY,
            "on",
            headings=("Ngày đăng ký", "Ngày đề nghị"),
        ),
        Field(
            "done_on",
            _("Decided on"),
            Kind.DAY,
            "done_on",
            headings=("Ngày quyết định", "Ngày công nhận", "Ngày ký quyết định"),
            in_list=True,
        ),
        _DECISION,
        Field(
            "source",
            _("Conferred by"),
            Kind.LINE,
            "source",
            headings=("Cơ quan công nhận", "Cấp công nhận", "Cấp quyết định", "Thẩm quyền quyết định"),
            longest=255,
        ),
        NOTE,
    ),
    known_by=("year", "kind", "person", "unit", "title"),
    check=_check_title,
    item_label=_("Ceiling of a title"),
    item_fields=(
        Field(
            "title",
            _("Title or award"),
            Kind.CHOICE,
            is_required=True,
            choices=(
                Choice(EMULATION_FIGHTER, _("Emulation fighter of the base level")),
                Choice("collective_excellent", _("Excellent collective")),
                Choice("fighter_province", _("Emulation fighter of the province or ministry")),
            ),
        ),
        Field("share", _("At most, %"), Kind.NUMBER, is_required=True, least=0, most=100),
        Field(
            "of",
            _("Of those who have the title"),
            Kind.CHOICE,
            is_required=True,
            choices=(
                Choice(ADVANCED_WORKER, _("Advanced worker")),
                Choice(EMULATION_FIGHTER, _("Emulation fighter of the base level")),
                Choice("collective_advanced", _("Advanced collective")),
            ),
        ),
        Field("from_year", _("From the year"), Kind.WHOLE, is_required=True),
        Field("to_year", _("To the year"), Kind.WHOLE),
        Field("source", _("Rule that says so"), Kind.LINE),
    ),
    item_check=_check_ceiling,
    clause="7.2",
    source="Luật Thi đua, khen thưởng 06/2022/QH15",
)


@dataclass(frozen=True, slots=True)
class Ceiling:
    """So many holders of ``title`` there may be: ``share`` per cent of those who have the title ``of``.

    ``is_certain`` is False where the figure was not read in the text itself and an agency should compare.
    """

    title: str
    share: Decimal
    of: str
    valid_from: date
    valid_to: date | None = None
    source: str = ""
    is_certain: bool = False

    def holds(self, year: int) -> bool:
        """Return whether it holds for an emulation year."""
        return self.valid_from.year <= year <= (self.valid_to or date.max).year

    def most(self, holders: int) -> int:
        """Return how many may have the title where ``holders`` have the one it is a share of; parts are left off.

        >>> Ceiling(EMULATION_FIGHTER, Decimal(15), ADVANCED_WORKER, date(2024, 1, 1)).most(33)
        4
        """
        return int(self.share * holders / 100)


CEILINGS = (
    Ceiling(
        EMULATION_FIGHTER,
        Decimal(15),
        ADVANCED_WORKER,
        date(2013, 1, 1),
        source="Luật Thi đua, khen thưởng 06/2022/QH15, Điều 23; các nghị định quy định chi tiết",
    ),
)
"""Ceilings proposed where an agency's own list says nothing about a title; not read in the text, so agencies compare."""

NO_CASE, POPULATION = "none", "population"
"""Kinds that are no breach: that there was no case in a period, and what objectives of earlier years ask for."""


def _check_breach(values: Mapping[str, object]) -> Iterator[Wrong]:
    """Yield that a breach is nobody's, or that what says there was none names somebody or a measure."""
    kind = values.get("kind")
    if kind == NO_CASE:
        if values.get("person") is not None:
            yield "person", Message(_("That there was no case is nobody's; leave the person empty."))
        if values.get("outcome") not in (None, "none"):
            yield "outcome", Message(_("Where there was no case there is no measure of discipline."))
    elif kind is not None and values.get("person") is None:
        yield (
            "person",
            Message(_("Say whose breach it is; only that there was no case is noted without a person.")),
        )


DISCIPLINE = Register(
    key="discipline",
    slug="ky-luat",
    title=_("Discipline"),
    about=_("Breaches of discipline, rules and regulations, what was decided, and until when it holds."),
    fields=(
        replace(
            _PERSON,
            label=_("Person"),
            is_required=False,
            help=_("Empty only where it is noted that there was no case."),
        ),
        _UNIT_OF_PERSON,
        Field(
            "on",
            _("Day of the decision or the breach"),
            Kind.DAY,
            "on",
            is_required=True,
            headings=("Ngày quyết định", "Ngày vi phạm", "Ngày phát hiện", "Ngày"),
            in_list=True,
            in_quick=True,
        ),
        Field(
            "title",
            _("Breach"),
            Kind.TEXT,
            "title",
            is_required=True,
            headings=("Hành vi vi phạm", "Nội dung vi phạm", "Vi phạm", "Lý do"),
            in_list=True,
            in_quick=True,
            longest=2000,
        ),
        Field(
            "kind",
            _("Kind of breach"),
            Kind.CHOICE,
            "kind",
            is_required=True,
            choices=(
                Choice(
                    "rules",
                    _("Labour discipline, rules of the office"),
                    ("Nội quy, quy chế", "Kỷ luật lao động", "Nội quy", "Quy chế", "Giờ giấc làm việc"),
                ),
                Choice(
                    "duty",
                    _("Duties of an official, ethics"),
                    ("Công vụ", "Đạo đức công vụ", "Văn hóa giao tiếp"),
                ),
                Choice("law", _("Breach of the law"), ("Pháp luật", "Vi phạm pháp luật")),
                Choice("party", _("Party discipline"), ("Đảng", "Kỷ luật Đảng")),
                Choice(
                    NO_CASE,
                    _("No case in the period"),
                    ("Không phát sinh", "Không có vi phạm", "Không có", "Không vi phạm"),
                ),
                Choice(
                    POPULATION,
                    _("Third child or more (objectives of earlier years)"),
                    ("Dân số", "Sinh con thứ ba", "Sinh con thứ 3", "Chính sách dân số"),
                ),
                Choice("other", _("Something else"), ("Khác",)),
            ),
            headings=("Loại vi phạm", "Lĩnh vực vi phạm", "Nhóm vi phạm"),
            help=_(
                "A period without a case is noted too, on its last day: else nobody knows whether there was none."
            ),
            in_list=True,
            in_quick=True,
        ),
        Field(
            "outcome",
            _("Measure of discipline"),
            Kind.CHOICE,
            "outcome",
            is_required=True,
            choices=(
                Choice(
                    "pending", _("Under consideration"), ("Đang xem xét", "Đang xử lý", "Chờ xử lý"), rank=0
                ),
                Choice(
                    "none",
                    _("No measure of discipline"),
                    ("Không kỷ luật", "Miễn kỷ luật", "Không xử lý"),
                    rank=0,
                ),
                Choice(
                    "criticised",
                    _("Criticised, reminded"),
                    ("Phê bình", "Nhắc nhở", "Rút kinh nghiệm"),
                    rank=1,
                ),
                Choice("reprimand", _("Reprimand"), ("Khiển trách",), rank=2),
                Choice("warning", _("Warning"), ("Cảnh cáo",), rank=3),
                Choice("salary", _("Lower salary step"), ("Hạ bậc lương",), rank=4),
                Choice("demoted", _("Demotion"), ("Giáng chức",), rank=5),
                Choice("removed", _("Removal from the post"), ("Cách chức", "Bãi nhiệm"), rank=6),
                Choice("dismissed", _("Dismissal"), ("Buộc thôi việc", "Sa thải", "Khai trừ"), rank=7),
            ),
            headings=("Hình thức kỷ luật", "Hình thức xử lý", "Hình thức", "Kết quả xử lý"),
            in_list=True,
            in_quick=True,
        ),
        _DECISION,
        Field(
            "source",
            _("Decided by"),
            Kind.LINE,
            "source",
            headings=("Cơ quan quyết định", "Cấp quyết định", "Người ký"),
            longest=255,
        ),
        Field(
            "ends_on",
            _("Holds until"),
            Kind.DAY,
            "ends_on",
            headings=("Hết hiệu lực kỷ luật", "Hiệu lực đến ngày", "Đến ngày", "Ngày hết hiệu lực"),
        ),
        NOTE,
    ),
    known_by=("person", "on", "title"),
    in_order=(("on", "ends_on"),),
    begun=have_come("on"),
    check=_check_breach,
    is_personal=True,
    clause="7.3",
)

POSITIONS = Register(
    key="positions",
    slug="vi-tri-viec-lam",
    title=_("Job descriptions"),
    about=_("What each post is for, who holds it, which version of its description is in force."),
    fields=(
        Field(
            "title",
            _("Post described"),
            Kind.LINE,
            "title",
            is_required=True,
            headings=("Tên vị trí việc làm", "Vị trí việc làm", "Chức danh", "Vị trí", "Chức danh công việc"),
            in_list=True,
            in_quick=True,
        ),
        Field(
            "kind",
            _("Group of posts"),
            Kind.CHOICE,
            "kind",
            choices=(
                Choice("leading", _("Leading and managing"), ("Lãnh đạo, quản lý", "Lãnh đạo")),
                Choice("specialist", _("Specialised"), ("Nghiệp vụ chuyên ngành", "Chuyên ngành")),
                Choice(
                    "shared", _("Shared by all agencies"), ("Nghiệp vụ chuyên môn dùng chung", "Dùng chung")
                ),
                Choice("service", _("Support and service"), ("Hỗ trợ, phục vụ", "Phục vụ")),
            ),
            headings=("Nhóm vị trí", "Nhóm vị trí việc làm", "Loại vị trí"),
            in_list=True,
        ),
        _UNIT,
        replace(_PERSON, is_required=False),
        Field(
            "version",
            _("Version"),
            Kind.WHOLE,
            least=1,
            headings=("Phiên bản", "Lần ban hành", "Lần sửa đổi"),
            in_list=True,
            in_quick=True,
            help=_(
                "1 for the first; a new version is a new entry, and the one before it ends the day before."
            ),
        ),
        Field(
            "on",
            _("In force from"),
            Kind.DAY,
            "on",
            is_required=True,
            headings=("Ngày hiệu lực", "Có hiệu lực từ", "Từ ngày", "Ngày ban hành"),
            in_list=True,
            in_quick=True,
        ),
        Field(
            "ends_on",
            _("In force to"),
            Kind.DAY,
            "ends_on",
            headings=("Hết hiệu lực", "Đến ngày"),
            in_list=True,
        ),
        replace(_DECISION, headings=(*_DECISION.headings, "Quyết định phê duyệt"), in_list=False),
        Field(
            "purpose",
            _("What the post is for"),
            Kind.TEXT,
            headings=("Mục tiêu vị trí", "Mục tiêu"),
            longest=2000,
        ),
        Field(
            "duties",
            _("Duties"),
            Kind.TEXT,
            headings=("Nhiệm vụ", "Công việc", "Mô tả công việc", "Nhiệm vụ chính"),
            longest=8000,
        ),
        Field("powers", _("Powers"), Kind.TEXT, headings=("Quyền hạn", "Phạm vi quyền hạn"), longest=4000),
        Field(
            "requirements",
            _("What is required of the holder"),
            Kind.TEXT,
            headings=("Yêu cầu", "Yêu cầu về trình độ, năng lực", "Khung năng lực", "Yêu cầu trình độ"),
            longest=4000,
        ),
        NOTE,
    ),
    known_by=("title", "unit", "on"),
    has_versions=True,
    in_order=(("on", "ends_on"),),
    clause="5.3",
)
