"""Figures of society and economy, and how others assess the agency."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from camket.core.messages import Message
from camket.core.messages import gettext_noop as _
from camket.core.registers.definition import Choice, Field, Kind, Register, Wrong, have_come
from camket.core.registers.fields import NOTE, PERIODS, period_begun
from camket.core.wording.numbers import NumberNotUnderstood, parse_number

CUMULATIVE, OF_PERIOD, AS_OF = "cumulative", "period", "as_of"
"""How a value is meant: since the year's first day, of its period alone, or as things stand on the day."""

_PLAN = re.compile(
    r"\s*(?:năm\s*)?(?P<year>\d{4})\s*[:=]\s*(?P<low>[^–;]+?)\s*(?:[–;]\s*(?P<high>\S.*?))?\s*"
)
_DASH = re.compile(r"(?<=\d)\s*[-—]\s*(?=\d)|\s+[-—]\s+")


@dataclass(frozen=True, slots=True)
class Planned:
    """What a year's plan asks of a figure: ``low`` alone, or from ``low`` to ``high``."""

    low: Decimal
    high: Decimal | None = None


class PlanNotUnderstood(ValueError):
    """A line of plans says no year and figure; ``line`` is what stood there."""

    def __init__(self, line: str) -> None:
        super().__init__(f"no plan of a year: {line!r}")
        self.line = line


def plans_of(text: str) -> dict[int, Planned]:
    """Return the plan of each year as a text says it, one year a line. Raises PlanNotUnderstood.

    >>> plans_of("2025: 41,5\\n2026: 43 - 45")[2026]
    Planned(low=Decimal('43'), high=Decimal('45'))
    """
    found: dict[int, Planned] = {}
    for line in text.splitlines():
        if not line.strip():
            continue
        match = _PLAN.fullmatch(_DASH.sub("–", line))
        if match is None or int(match["year"]) in found:
            raise PlanNotUnderstood(line.strip())
        try:
            low = parse_number(match["low"])
            high = parse_number(match["high"]) if match["high"] else None
        except NumberNotUnderstood:
            raise PlanNotUnderstood(line.strip()) from None
        if high is not None and high < low:
            raise PlanNotUnderstood(line.strip())
        found[int(match["year"])] = Planned(low, high)
    return found


def planned(values: Mapping[str, object], year: int) -> Planned | None:
    """Return what a figure's own fields plan for a year; None where they say nothing of it, or nothing readable."""
    try:
        return plans_of(str(values.get("plans") or "")).get(year)
    except PlanNotUnderstood:
        return None


def _check_figure(values: Mapping[str, object]) -> Iterator[Wrong]:
    try:
        plans = plans_of(str(values.get("plans") or ""))
    except PlanNotUnderstood as error:
        yield (
            "plans",
            Message(
                _("“%(line)s” is no plan of a year; write one year a line, as 2026: 45 or 2026: 43 - 45."),
                {"line": error.line[:80]},
            ),
        )
        return
    if values.get("direction") == "within" and any(each.high is None for each in plans.values()):
        yield "plans", Message(_("A range needs both ends: write 2026: 43 - 45."))


def _check_assessment(values: Mapping[str, object]) -> Iterator[Wrong]:
    for less, most in (("rank", "out_of"), ("amount", "planned")):
        low, high = values.get(less), values.get(most)
        if isinstance(low, (int, Decimal)) and isinstance(high, (int, Decimal)) and low > high:
            yield less, Message(_("This is more than the whole it is of; check both figures."))
    if all(values.get(key) is None for key in ("outcome", "amount", "rank")):
        yield "outcome", Message(_("Say how it was assessed: the grade, the points or the rank."))


FIGURES = Register(
    key="figures",
    slug="kinh-te-xa-hoi",
    title=_("Socio-economic figures"),
    about=_(
        "The figures of the year's plan, each entered by the unit in charge with the document it is from."
    ),
    fields=(
        Field(
            "item",
            _("Socio-economic figure"),
            Kind.ITEM,
            "item",
            is_required=True,
            headings=("Chỉ tiêu", "Tên chỉ tiêu", "Chỉ tiêu kinh tế - xã hội", "Nội dung chỉ tiêu"),
            in_list=True,
            in_quick=True,
        ),
        Field(
            "kind",
            _("Period"),
            Kind.CHOICE,
            "kind",
            is_required=True,
            choices=PERIODS,
            headings=("Kỳ báo cáo", "Kỳ", "Kỳ số liệu", "Loại kỳ"),
            in_list=True,
            in_quick=True,
        ),
        Field(
            "on",
            _("Last day of the period"),
            Kind.DAY,
            "on",
            is_required=True,
            headings=("Ngày cuối kỳ", "Tính đến ngày", "Đến ngày", "Ngày số liệu", "Ngày"),
            in_list=True,
            in_quick=True,
        ),
        Field(
            "amount",
            _("Value reached"),
            Kind.NUMBER,
            "amount",
            is_required=True,
            headings=(
                "Thực hiện",
                "Kết quả",
                "Giá trị",
                "Số liệu",
                "Kết quả thực hiện",
                "Thực hiện trong kỳ",
            ),
            in_list=True,
            in_quick=True,
            help=_("Of a figure that is reached or not: 1 for reached, 0 for not."),
        ),
        Field(
            "planned",
            _("Plan"),
            Kind.NUMBER,
            "planned",
            headings=("Kế hoạch", "Kế hoạch năm", "Chỉ tiêu giao", "KH", "Kế hoạch giao"),
            in_list=True,
            help=_("Only where the plan of this period differs from the year's plan in the own list."),
        ),
        Field(
            "last_year",
            _("Same period last year"),
            Kind.NUMBER,
            headings=("Cùng kỳ năm trước", "Cùng kỳ", "Năm trước", "Thực hiện cùng kỳ"),
            help=_("Only where last year's value is not in this register."),
        ),
        Field(
            "unit",
            _("Unit that enters it"),
            Kind.UNIT,
            "unit",
            headings=("Đơn vị phụ trách", "Đơn vị", "Bộ phận", "Đơn vị cung cấp"),
        ),
        Field(
            "source",
            _("Where it is from"),
            Kind.LINE,
            "source",
            is_required=True,
            headings=("Nguồn số liệu", "Nguồn", "Cơ quan cung cấp", "Văn bản nguồn", "Báo cáo"),
            in_list=True,
            in_quick=True,
            longest=255,
        ),
        Field(
            "number",
            _("Document"),
            Kind.LINE,
            "number",
            headings=("Số văn bản", "Số, ký hiệu", "Số báo cáo"),
            longest=100,
        ),
        NOTE,
    ),
    known_by=("item", "kind", "on"),
    begun=period_begun,
    item_check=_check_figure,
    item_label=_("Socio-economic figure"),
    item_fields=(
        Field(
            "measure",
            _("Measured in"),
            Kind.LINE,
            is_required=True,
            headings=("Đơn vị tính", "ĐVT"),
            in_list=True,
            longest=60,
        ),
        Field(
            "rhythm",
            _("Entered every"),
            Kind.CHOICE,
            is_required=True,
            choices=PERIODS,
            headings=("Kỳ nhập", "Chu kỳ"),
            in_list=True,
        ),
        Field(
            "counting",
            _("How a value is meant"),
            Kind.CHOICE,
            is_required=True,
            choices=(
                Choice(CUMULATIVE, _("Since the first day of the year"), ("Lũy kế", "Luỹ kế", "Cộng dồn")),
                Choice(OF_PERIOD, _("Of the period alone"), ("Trong kỳ", "Riêng kỳ")),
                Choice(AS_OF, _("As things stand on the last day"), ("Thời điểm", "Tại thời điểm")),
            ),
            headings=("Cách tính",),
            in_list=True,
        ),
        Field(
            "direction",
            _("What is good"),
            Kind.CHOICE,
            is_required=True,
            choices=(
                Choice("higher", _("The plan or more"), ("Càng cao càng tốt", "Tăng", "Cao")),
                Choice("lower", _("The plan or less"), ("Càng thấp càng tốt", "Giảm", "Thấp")),
                Choice("within", _("Within the range of the plan"), ("Trong khoảng", "Khoảng")),
                Choice("reached", _("Reached: 1, not: 0"), ("Đạt", "Đạt/không đạt")),
            ),
            headings=("Chiều tốt", "Chiều hướng"),
        ),
        Field(
            "plans",
            _("Plan of each year"),
            Kind.TEXT,
            headings=("Kế hoạch", "Kế hoạch năm"),
            help=_("One year a line: 2026: 45 or, for a range, 2026: 43 - 45."),
            longest=2000,
        ),
        Field(
            "is_main",
            _("Counts among the chief targets"),
            Kind.TRUTH,
            headings=("Chỉ tiêu chủ yếu",),
            help=_("“13/13 targets reached” is judged from these."),
            in_list=True,
        ),
    ),
    clause="9.1.3",
)

ASSESSMENTS = Register(
    key="assessments",
    slug="danh-gia-ngoai",
    title=_("Outside assessments"),
    about=_(
        "How others grade and rank the agency: reform, digital transformation, service; what inspections and checks found."
    ),
    fields=(
        Field(
            "kind",
            _("Kind of assessment"),
            Kind.CHOICE,
            "kind",
            is_required=True,
            choices=(
                Choice(
                    "reform",
                    _("Administrative reform index (PAR Index)"),
                    ("Chỉ số cải cách hành chính", "CCHC", "PAR Index", "Cải cách hành chính"),
                ),
                Choice(
                    "digital",
                    _("Digital government and transformation"),
                    ("Chuyển đổi số", "DTI", "Chính quyền điện tử", "Chính quyền số", "Chỉ số chuyển đổi số"),
                ),
                Choice("ict", _("ICT readiness index"), ("ICT", "ICT Index", "Ứng dụng CNTT", "Chỉ số ICT")),
                Choice(
                    "serving",
                    _("Index of serving people and business"),
                    ("Bộ chỉ số phục vụ người dân, doanh nghiệp", "Bộ chỉ số 766", "766", "Chỉ số 766"),
                ),
                Choice(
                    "inspection",
                    _("Inspection of the quality management system"),
                    ("Kiểm tra HTQLCL", "Kiểm tra ISO", "Hậu kiểm", "Kiểm tra hệ thống quản lý chất lượng"),
                ),
                Choice("satisfaction", _("Satisfaction index (SIPAS)"), ("SIPAS", "Chỉ số hài lòng")),
                Choice(
                    "dossier_check",
                    _("Check of dossiers against the procedure"),
                    ("Kiểm tra hồ sơ", "Kiểm tra hồ sơ TTHC", "Kiểm tra việc giải quyết TTHC"),
                ),
                Choice(
                    "unit_check",
                    _("Check of units that apply the quality management system"),
                    ("Kiểm tra bộ phận", "Kiểm tra áp dụng HTQLCL", "Rà soát áp dụng HTQLCL"),
                ),
                Choice(
                    "procedure_check",
                    _("Review of procedures under the quality management system"),
                    ("Rà soát quy trình", "Rà soát TTHC áp dụng HTQLCL", "Rà soát quy trình ISO"),
                ),
                Choice("other", _("Another assessment"), ("Khác",)),
            ),
            headings=("Loại đánh giá", "Chỉ số", "Bộ chỉ số", "Nội dung đánh giá"),
            in_list=True,
            in_quick=True,
        ),
        Field(
            "year",
            _("Year assessed"),
            Kind.WHOLE,
            "year",
            is_required=True,
            headings=("Năm đánh giá", "Năm", "Năm xếp hạng"),
            in_list=True,
            in_quick=True,
        ),
        Field(
            "on",
            _("Made known on"),
            Kind.DAY,
            "on",
            headings=("Ngày công bố", "Ngày văn bản", "Ngày kiểm tra", "Ngày"),
            in_list=True,
            in_quick=True,
        ),
        Field(
            "title",
            _("What exactly"),
            Kind.LINE,
            "title",
            headings=("Tên cuộc đánh giá", "Nội dung", "Tên chỉ số", "Tên"),
        ),
        Field(
            "source",
            _("Assessed by"),
            Kind.LINE,
            "source",
            is_required=True,
            headings=("Cơ quan đánh giá", "Cơ quan công bố", "Cơ quan kiểm tra", "Đơn vị đánh giá"),
            in_list=True,
            in_quick=True,
            longest=255,
        ),
        Field(
            "outcome",
            _("Grade"),
            Kind.CHOICE,
            "outcome",
            choices=(
                Choice("excellent", _("Excellent"), ("Xuất sắc", "Loại xuất sắc", "Rất tốt"), rank=5),
                Choice("good", _("Good grade"), ("Tốt", "Loại tốt"), rank=4),
                Choice("fair", _("Fair"), ("Khá", "Loại khá"), rank=3),
                Choice("average", _("Average"), ("Trung bình", "Loại trung bình"), rank=2),
                Choice("weak", _("Weak"), ("Yếu", "Kém", "Loại yếu"), rank=1),
                Choice("passed", _("Meets the requirements"), ("Đạt", "Đạt yêu cầu", "Phù hợp")),
                Choice(
                    "failed", _("Does not meet the requirements"), ("Không đạt", "Chưa đạt", "Không phù hợp")
                ),
            ),
            headings=("Xếp loại", "Kết quả", "Loại", "Mức xếp loại"),
            in_list=True,
            in_quick=True,
        ),
        Field(
            "amount",
            _("Points given"),
            Kind.NUMBER,
            "amount",
            least=0,
            headings=("Điểm", "Tổng điểm", "Số điểm", "Điểm số", "Số đạt", "Số đúng quy định"),
            in_list=True,
            in_quick=True,
            help=_("Of a check: how many were found right."),
        ),
        Field(
            "planned",
            _("Of how many points"),
            Kind.NUMBER,
            "planned",
            least=0,
            headings=("Điểm tối đa", "Thang điểm", "Điểm chuẩn", "Số kiểm tra", "Số được kiểm tra"),
            help=_("Of a check: how many were checked."),
        ),
        Field(
            "rank",
            _("Rank"),
            Kind.WHOLE,
            least=1,
            headings=("Xếp hạng", "Thứ hạng", "Hạng", "Vị trí"),
            in_list=True,
            in_quick=True,
        ),
        Field(
            "out_of",
            _("Of how many"),
            Kind.WHOLE,
            least=1,
            headings=("Trên tổng số", "Tổng số đơn vị", "Số đơn vị xếp hạng"),
            in_list=True,
            in_quick=True,
        ),
        Field(
            "number",
            _("Document"),
            Kind.LINE,
            "number",
            headings=("Văn bản công bố", "Số văn bản", "Quyết định", "Số, ký hiệu"),
            longest=100,
        ),
        Field(
            "unit",
            _("Unit that follows it"),
            Kind.UNIT,
            "unit",
            headings=("Đơn vị theo dõi", "Đơn vị phụ trách", "Đơn vị"),
        ),
        Field(
            "findings",
            _("Shortcomings to mend"),
            Kind.TEXT,
            headings=("Tồn tại, hạn chế", "Nội dung cần khắc phục", "Hạn chế", "Kiến nghị"),
            longest=4000,
        ),
        NOTE,
    ),
    known_by=("kind", "year", "title"),
    begun=have_come("on"),
    check=_check_assessment,
    clause="9.1.1",
)
