"""Which indicator measures a target, proposed from its official wording, each proposal with its reason.

What is counted (dossiers, procedures, directives, officers …) and what is said of it (on time, digitised, posted …)
are looked for in the target's own clause first, then in the clause that it goes on from ("trong đó …"), then in the
objective. A proposal names an indicator by its code in the catalogue; whether a code is counted from records or
entered by hand is the catalogue's to say. A person confirms: nothing is measured by a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from camket.core.messages import Message, gettext_noop
from camket.core.plan import RELATIVE_KINDS, Target, TargetKind
from camket.core.targets import PER_CENT, Measure, measure_for
from camket.core.wording.phrases import one_of
from camket.core.wording.text import fold, lower, search_key

__all__ = ["CONFIDENT", "Proposal", "codes", "is_part", "propose"]

CONFIDENT = Decimal("0.80")
"""A proposal at least as sure as this may be confirmed together with others, unseen one by one."""


class Shape(StrEnum):
    """What a target's figure is, as far as its indicator must fit it."""

    SHARE = "share"
    NUMBER = "number"
    ITEMS = "items"
    GRADE = "grade"
    RANK = "rank"
    STATE = "state"


@dataclass(frozen=True, slots=True)
class Proposal:
    """An indicator that may measure a target.

    ``filters`` narrow what is counted, by dimension, in the stable words of formulas: a field by folded words that
    its name holds, a level by the name of the enum in lower case. ``confidence`` lies between 0 and 1.
    """

    code: str
    filters: Mapping[str, tuple[str, ...]]
    reason: Message
    confidence: Decimal

    @property
    def is_confident(self) -> bool:
        """Whether it may be confirmed together with others."""
        return self.confidence >= CONFIDENT


_SHARES = frozenset({Shape.SHARE})
_COUNTED = frozenset({Shape.SHARE, Shape.ITEMS})
_NUMBERS = frozenset({Shape.NUMBER})
_GRADES = frozenset({Shape.GRADE})
_RANKS = frozenset({Shape.RANK})
_STATES = frozenset({Shape.STATE})


@dataclass(frozen=True, slots=True)
class _Rule:
    """Wording that points to an indicator: what is counted, and what is said of it.

    ``unless`` keeps the rule off where the clause says more. ``certainty`` lowers rules whose words are common.
    ``beside`` are other indicators that the same words may mean, each with the reason to offer it.
    """

    code: str
    counted: re.Pattern[str]
    said: re.Pattern[str] | None = None
    unless: re.Pattern[str] | None = None
    shapes: frozenset[Shape] = _SHARES
    certainty: Decimal = Decimal(1)
    is_by_field: bool = False
    is_by_level: bool = False
    beside: tuple[tuple[str, str], ...] = field(default=())


def _any(phrases: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){one_of(phrases)}(?!\w)")


_DOSSIERS = _any("hồ sơ|thủ tục hành chính|tthc|thủ tục|một cửa")
_ONLY_DOSSIERS = _any("hồ sơ")
_PROCEDURES = _any("thủ tục hành chính|tthc|dịch vụ công|dvctt|dvc")
_OFFICERS = _any(
    """
    cán bộ|công chức|viên chức|người lao động|cbcc|cbccvc|đảng viên|lao động
    """
)
_REFORM = _any("cải cách hành chính|cchc|par index")
_DIGITAL = _any("chính quyền điện tử|chuyển đổi số|chính quyền số|dti")
_ICT = _any("công nghệ thông tin|cntt|ict|ict index")
_TIMELY = _any(
    """
    đúng (?:thời )?hạn|đúng hẹn|đúng tiến độ|đúng thời gian
    không (?:có hồ sơ |để )?(?:bị )?(?:trễ|trể|quá|chậm) (?:thời )?hạn
    """
)
_EARLY = _any("trước (?:thời )?hạn|trước hẹn|sớm (?:hơn )?(?:thời )?hạn|sớm hẹn|hoàn thành sớm|về đích sớm")
_LATE = _any("(?:trễ|trể|quá|chậm) (?:thời )?hạn|trễ hẹn|quá hẹn|chậm muộn")
_ANSWERED = _any("thư xin lỗi|xin lỗi|văn bản giải trình|giải trình")
_DIGITISED = _any("số hóa|số hoá")
_ONLINE = _any("trực tuyến|trên môi trường (?:mạng|điện tử)|qua mạng|toàn trình")
_POSTED = _any(
    """
    công khai|niêm yết|công bố|đăng tải|cập nhật (?:đầy đủ )?(?:trên|lên) (?:cổng|trang)
    """
)
_WEBSITE = _any("(?:trên |lên )?(?:cổng|trang) thông tin(?: điện tử)?|(?:trên|lên) (?:cổng|trang)")
_WATCHED = _any("theo dõi|đôn đốc")
_DONE = _any("hoàn thành")
_QMS = _any(
    """
    htqlcl|hệ thống quản lý chất lượng|hệ thống qlcl|iso 9001|iso 9001:2015|tcvn iso 9001:2015|hệ thống
    """
)
_ADVANCED = re.compile(
    r"mức độ 3\s*(?:,|và|hoặc|-|–)\s*(?:mức độ )?4|mức độ 3 trở lên|mức độ cao|toàn trình|mức 3\s*,\s*4"
)
_LEVEL = re.compile(r"mức độ ([1-4])(?!\s*(?:,|và|hoặc|-|–)\s*(?:mức độ )?[1-4]|\s+trở lên)")
_PART = re.compile(r"(trong đó|riêng|cụ thể)\b")
_GOES_ON = re.compile(r"(trong đó|nằm trong|riêng|và)\b")
_FIELDS = re.compile(
    one_of(
        """
        đất đai|xây dựng|hộ tịch|chứng thực|tư pháp|bảo trợ xã hội|người có công|môi trường|nông nghiệp|giáo dục
        đăng ký kinh doanh|hộ kinh doanh|hạ tầng kỹ thuật|nhà ở|quy hoạch|lao động|văn hóa|văn hoá|y tế|cư trú|thi đua
        """
    )
)
# What names a field is the better reason where both stand.
_OF_FIELDS = re.compile(r"(?:thuộc )?lĩnh vực\b|về\b(?!.*lĩnh vực)")

_BOTH_READINGS = gettext_noop(
    "The other reading of the same words: dossiers that are still open and overdue count as well."
)
_FIRST_DATE = gettext_noop(
    "The stricter reading: against the date first given, whatever date was given later."
)
_OF_THOSE_ON_TIME = gettext_noop(
    "The other reading of “of which”: of the dossiers that the larger target counts, not of all."
)
_RESULTS_ONLY = gettext_noop("Where only the results that are handed over are meant.")
_RESULTS_TOO = gettext_noop("Where the results are meant as well.")
_DOSSIERS_ONLY = gettext_noop("Where only the dossiers that are handed in are meant.")
_POSTED_ANYWHERE = gettext_noop("Where posting at the office counts as well.")
_ALL_LEVELS = gettext_noop(
    "Where dossiers of all procedures are the whole, not only of those offered fully online."
)
_SUMMED_UP_ELSEWHERE = gettext_noop(
    "Where no survey is run in this software: figures summed up from slips are entered by hand."
)
_SINGLE_QUESTIONS = gettext_noop("Where the answers to single questions count, not that on the whole.")
_AS_A_SHARE_ON_TIME = gettext_noop(
    "Where “by the rules” is taken to mean by the due date; that is counted from records."
)

_NOT_KEPT_HERE = gettext_noop(
    "Where the office keeps no such register in this software: figures summed up elsewhere are entered by hand."
)
_OF_DIRECTIVES = gettext_noop("Where what was assigned stands in the register of directives.")
_AS_A_DECREASE = gettext_noop("Where the decrease itself is entered, not the share that is left.")

KEPT_IN_REGISTERS = frozenset(
    {
        "dossiers.by_rules", "programme.followed", "programme.completed", "directives.followed",
        "directives.on_time", "assigned.early", "documents.electronic", "documents.on_time", "qms.applied",
        "qms.procedures", "qms.inspection", "people.informed", "people.trained", "people.courses", "people.completed",
        "people.completed_well", "people.discipline", "people.third_child", "titles.advanced",
        "titles.emulation", "titles.collective", "index.reform_grade", "index.reform_rank",
        "index.reform_and_ict_grade", "index.ict_grade", "index.digital_grade", "index.digital_rank",
        "socio.targets_met", "socio.food_output", "socio.budget_revenue", "socio.income",
        "socio.investment", "socio.roads_concreted", "socio.field_roads", "socio.canals", "labour.trained",
        "population.growth", "poverty.rate", "school.nursery", "school.kindergarten",
        "school.five_year_olds", "school.universal", "culture.houses", "culture.families",
        "culture.villages", "culture.commune", "health.commune", "health.insurance", "waste.collected",
        "waste.sorted",
    }
)  # fmt: skip
"""Indicators that the office's registers tell of; each has a twin, entered by hand, of the same code and ``_by_hand``."""

_RULES: tuple[_Rule, ...] = (
    # dossiers and procedures
    _Rule("dossiers.answered", _DOSSIERS, _ANSWERED),
    _Rule(
        "dossiers.paid_online",
        _any("hồ sơ|thủ tục hành chính|tthc|lệ phí|phí|thanh toán"),
        _any("thanh toán trực tuyến|nộp trực tuyến phí|thanh toán điện tử"),
    ),
    _Rule(
        "dossiers.on_time",
        _DOSSIERS,
        _TIMELY,
        unless=_any("thư xin lỗi|phản ánh|ý kiến chỉ đạo|hài lòng"),
        is_by_field=True,
        beside=(("dossiers.on_time_with_open", _BOTH_READINGS), ("dossiers.on_time_first", _FIRST_DATE)),
    ),
    _Rule(
        "dossiers.early",
        _DOSSIERS,
        _EARLY,
        unless=_any("đúng (?:thời )?hạn|đúng hẹn|thư xin lỗi|chỉ tiêu"),
        is_by_field=True,
        beside=(("dossiers.early_of_on_time", _OF_THOSE_ON_TIME),),
    ),
    _Rule(
        "dossiers.late",
        _DOSSIERS,
        _LATE,
        unless=_any("thư xin lỗi|xin lỗi|giải trình|không (?:có hồ sơ |để )?(?:bị )?(?:trễ|quá|chậm) hạn"),
        is_by_field=True,
    ),
    _Rule(
        "dossiers.digitised_with_results",
        _any("hồ sơ, kết quả|hồ sơ và kết quả|hồ sơ, giấy tờ, kết quả"),
        _DIGITISED,
        beside=(("dossiers.digitised", _DOSSIERS_ONLY), ("dossiers.result_digitised", _RESULTS_ONLY)),
    ),
    _Rule("dossiers.result_digitised", _any("kết quả giải quyết|kết quả"), _DIGITISED, unless=_any("hồ sơ")),
    _Rule(
        "dossiers.digitised",
        _DOSSIERS,
        _DIGITISED,
        unless=_any("hồ sơ, kết quả|hồ sơ và kết quả|hồ sơ, giấy tờ, kết quả"),
        beside=(("dossiers.digitised_with_results", _RESULTS_TOO),),
    ),
    _Rule(
        "dossiers.online_advanced",
        _ONLY_DOSSIERS,
        _ADVANCED,
        beside=(("dossiers.online", _ALL_LEVELS),),
    ),
    _Rule("dossiers.online_number", _ONLY_DOSSIERS, _ONLINE, shapes=_NUMBERS, is_by_level=True),
    _Rule("dossiers.online", _ONLY_DOSSIERS, _ONLINE, unless=_ADVANCED, is_by_level=True, is_by_field=True),
    _Rule(
        "procedures.integrated",
        _PROCEDURES,
        _any("tích hợp|cổng dịch vụ công quốc gia|cổng dvc quốc gia"),
        unless=_ONLY_DOSSIERS,
    ),
    _Rule(
        "procedures.online",
        _PROCEDURES,
        _ONLINE,
        unless=_any("hồ sơ|tích hợp|thanh toán trực tuyến"),
    ),
    _Rule(
        "procedures.posted_website",
        _PROCEDURES,
        _WEBSITE,
        unless=_any("tích hợp|hài lòng|niêm yết|cổng dịch vụ công"),
        beside=(("procedures.posted", _POSTED_ANYWHERE),),
    ),
    _Rule("procedures.posted", _PROCEDURES, _POSTED, unless=_any("tích hợp|hài lòng")),
    _Rule(
        "qms.procedures",
        _PROCEDURES,
        _any(
            """
            xây dựng và áp dụng|áp dụng hệ thống|xây dựng quy trình|quy trình iso|áp dụng htqlcl
            có quy trình|quy trình nội bộ
            """
        ),
    ),
    _Rule(
        "dossiers.by_rules",
        _DOSSIERS,
        _any("đúng quy định|đúng quy trình|đúng trình tự|theo quy định|theo quy trình"),
        unless=_any("phản ánh, kiến nghị|phản ánh|kiến nghị|thư xin lỗi|đúng (?:thời )?hạn|đúng hẹn"),
        certainty=Decimal("0.9"),
        beside=(("dossiers.on_time", _AS_A_SHARE_ON_TIME),),
    ),
    _Rule(
        "dossiers.handling_days",
        _DOSSIERS,
        _any("thời gian (?:giải quyết|xử lý) (?:trung )?bình quân|thời gian (?:giải quyết|xử lý) trung bình"),
        shapes=_NUMBERS,
    ),
    _Rule(
        "dossiers.settled",
        _ONLY_DOSSIERS,
        _any("xem xét, giải quyết|được giải quyết|được tiếp nhận, giải quyết|giải quyết"),
        unless=_any(
            "trực tuyến|số hóa|số hoá|hài lòng|đúng (?:thời )?hạn|đúng hẹn|trước (?:thời )?hạn|trước hẹn"
            "|(?:trễ|trể|quá|chậm) hạn|đúng quy định|đúng quy trình|thư xin lỗi"
        ),
        certainty=Decimal("0.85"),
    ),
    # satisfaction, feedback
    _Rule(
        "satisfaction.by_field",
        _any("hài lòng"),
        _OF_FIELDS,
        is_by_field=True,
        beside=(("satisfaction.by_field_by_hand", _SUMMED_UP_ELSEWHERE),),
    ),
    _Rule(
        "satisfaction.overall",
        _any("hài lòng"),
        certainty=Decimal("0.97"),
        beside=(
            ("satisfaction.overall_by_hand", _SUMMED_UP_ELSEWHERE),
            ("satisfaction.questions", _SINGLE_QUESTIONS),
        ),
    ),
    _Rule(
        "feedback.settled",
        _any("phản ánh, kiến nghị|phản ánh|kiến nghị|pakn"),
        _any("xử lý|giải quyết|trả lời|tiếp thu"),
        beside=(("feedback.settled_by_hand", _SUMMED_UP_ELSEWHERE),),
    ),
    _Rule(
        "complaints.settled",
        _any("khiếu nại, tố cáo|khiếu nại|tố cáo|đơn thư"),
        _any("xử lý|giải quyết|trả lời"),
    ),
    # directives, documents, programme of work
    _Rule("directives.on_time", _any("ý kiến chỉ đạo|nhiệm vụ được giao có thời hạn"), _TIMELY),
    _Rule("directives.followed", _any("ý kiến chỉ đạo"), _WATCHED, unless=_TIMELY),
    _Rule(
        "documents.electronic", _any("văn bản đi|văn bản"), _any("điện tử|ký số|môi trường mạng|không giấy")
    ),
    _Rule("documents.on_time", _any("văn bản đến|văn bản"), _TIMELY),
    _Rule("programme.followed", _any("chương trình công tác|nhiệm vụ trọng tâm"), _WATCHED),
    _Rule(
        "programme.completed",
        _any("chương trình công tác|nhiệm vụ trọng tâm"),
        _DONE,
        unless=_WATCHED,
    ),
    _Rule(
        "assigned.early",
        _any("chỉ tiêu|nhiệm vụ được giao"),
        _EARLY,
        unless=_any("hồ sơ|tthc|thủ tục"),
        shapes=_COUNTED,
        beside=(("directives.early", _OF_DIRECTIVES),),
    ),
    _Rule(
        "socio.targets_met",
        _any("chỉ tiêu"),
        _any(r"kinh tế\s*[-–,]?\s*xã hội|kt\s*[-–]\s*xh|ktxh"),
        shapes=_COUNTED,
    ),
    _Rule("tasks.on_time", _any("công việc|đầu việc|nhiệm vụ|biện pháp"), _TIMELY, certainty=Decimal("0.9")),
    # the quality management system
    _Rule(
        "qms.applied",
        _any("các ngành|bộ phận|phòng, ban|phòng|cơ quan|đơn vị"),
        _QMS,
        unless=_any("tthc|thủ tục hành chính"),
    ),
    _Rule(
        "qms.inspection",
        _any("kiểm tra, đánh giá|hậu kiểm|đánh giá|kiểm tra"),
        _any("đạt yêu cầu|chi cục|hậu kiểm"),
        shapes=_STATES,
    ),
    # officers
    _Rule("people.third_child", _OFFICERS, _any("sinh con thứ (?:ba|3)|con thứ (?:ba|3)")),
    _Rule("people.discipline", _OFFICERS, _any("kỷ luật|vi phạm")),
    _Rule(
        "titles.emulation",
        _any("cán bộ|công chức|cá nhân|lao động"),
        _any("chiến (?:sĩ|sỹ) thi đua(?: cấp)? cơ sở|chiến (?:sĩ|sỹ) thi đua"),
    ),
    _Rule("titles.advanced", _OFFICERS, _any("lao động tiên tiến"), unless=_any("tập thể|chiến (?:sĩ|sỹ)")),
    _Rule("titles.collective", _any("tập thể"), _any("lao động tiên tiến|lao động xuất sắc"), shapes=_STATES),
    _Rule("people.trained", _OFFICERS, _any("đào tạo|bồi dưỡng|tập huấn|chuẩn hóa|chuẩn hoá")),
    _Rule(
        "people.courses",
        _any("(?:lớp|khóa|khoá)"),
        _any("đào tạo|bồi dưỡng|tập huấn"),
        shapes=_NUMBERS,
        unless=_any("đào tạo nghề|dạy nghề"),
    ),
    _Rule("people.informed", _OFFICERS, _any("tuyên truyền|quán triệt|phổ biến"), unless=_any("đào tạo")),
    _Rule(
        "people.completed_well",
        _OFFICERS,
        _any("hoàn thành tốt|hoàn thành xuất sắc"),
    ),
    _Rule("people.completed", _OFFICERS, _any("hoàn thành nhiệm vụ"), unless=_any("hoàn thành tốt")),
    # grades and ranks
    _Rule("index.reform_and_ict_grade", _REFORM, _ICT, shapes=_GRADES),
    _Rule("index.reform_grade", _REFORM, shapes=_GRADES, unless=_ICT),
    _Rule("index.digital_grade", _DIGITAL, shapes=_GRADES),
    _Rule("index.ict_grade", _ICT, shapes=_GRADES, unless=_REFORM),
    _Rule("index.reform_rank", _REFORM, shapes=_RANKS, unless=_DIGITAL),
    _Rule("index.digital_rank", _DIGITAL, shapes=_RANKS),
    # socio-economic figures
    _Rule("socio.food_output", _any("sản xuất nông nghiệp|sản lượng lương thực|lương thực"), shapes=_NUMBERS),
    _Rule("socio.budget_revenue", _any("thu ngân sách"), shapes=_NUMBERS),
    _Rule("socio.income", _any("thu nhập bình quân"), shapes=_NUMBERS),
    _Rule("socio.investment", _any("vốn đầu tư|đầu tư xây dựng cơ bản|đầu tư toàn xã hội"), shapes=_NUMBERS),
    _Rule(
        "socio.roads_concreted",
        _any("đường giao thông|giao thông nông thôn|đường"),
        _any("bê tông hóa|bê tông hoá|bê tông"),
        shapes=_NUMBERS,
    ),
    _Rule(
        "socio.field_roads",
        _any("đường giao thông nội đồng|giao thông nội đồng|nội đồng"),
        _any("cứng hóa|cứng hoá"),
        shapes=_NUMBERS,
    ),
    _Rule("socio.canals", _any("kênh mương|thủy lợi|thuỷ lợi"), shapes=_NUMBERS),
    _Rule(
        "school.nursery", _any("nhà trẻ"), _any("huy động|đến trường|ra lớp|nhà trẻ"), unless=_any("mẫu giáo")
    ),
    _Rule("school.kindergarten", _any("mẫu giáo")),
    _Rule("school.five_year_olds", _any("(?:05|5|năm) tuổi"), _any("đến trường|ra lớp|huy động")),
    _Rule(
        "school.universal",
        _any("phổ cập"),
        _any("gdmn|giáo dục mầm non|giáo dục|gd"),
        shapes=_STATES,
    ),
    _Rule("culture.houses", _any("nhà văn hóa|nhà văn hoá"), shapes=_NUMBERS),
    _Rule("culture.families", _any("gia đình văn hóa|gia đình văn hoá")),
    _Rule(
        "culture.villages",
        _any("thôn|tổ dân phố|cơ quan|làng"),
        _any("đạt chuẩn văn hóa|đạt chuẩn văn hoá|chuẩn văn hóa|văn hóa"),
        unless=_any("gia đình"),
    ),
    _Rule(
        "culture.commune",
        _any("xã đạt chuẩn văn hóa|xã đạt chuẩn văn hoá|xã văn hóa|phường đạt chuẩn đô thị văn minh"),
        shapes=_STATES,
    ),
    _Rule("health.commune", _any("chuẩn quốc gia về y tế|quốc gia về y tế"), shapes=_STATES),
    _Rule("health.insurance", _any("bảo hiểm y tế|bhyt")),
    _Rule("population.growth", _any("tăng dân số|dân số tự nhiên")),
    _Rule(
        "poverty.rate",
        _any("hộ nghèo"),
        shapes=frozenset({Shape.SHARE, Shape.NUMBER}),
        beside=(("poverty.reduction", _AS_A_DECREASE),),
    ),
    _Rule(
        "labour.trained", _any("lao động"), _any("đào tạo nghề|giải quyết việc làm|việc làm"), shapes=_NUMBERS
    ),
    _Rule("waste.collected", _any("hộ gia đình|hộ|rác thải|chất thải"), _any("thu gom")),
    _Rule("waste.sorted", _any("hộ gia đình|hộ|rác thải|chất thải"), _any("phân loại")),
)

_SURE, _GOING_ON, _BY_OBJECTIVE = Decimal("0.95"), Decimal("0.90"), Decimal("0.82")
_BESIDE = Decimal("0.40")
_QUOTED = gettext_noop("Because the wording has “%(counted)s” and “%(said)s”.")
_QUOTED_ONE = gettext_noop("Because the wording has “%(counted)s”.")
_QUOTED_BOTH = gettext_noop("Because the target says “%(said)s”, and the clause before it “%(counted)s”.")
_QUOTED_OBJECTIVE = gettext_noop("Because the target says “%(said)s”, and its objective “%(counted)s”.")


def codes() -> frozenset[str]:
    """Return the codes of all indicators that wording can point to."""
    first = frozenset(rule.code for rule in _RULES)
    by_hand = {f"{code}_by_hand" for code in first & KEPT_IN_REGISTERS}
    return first | by_hand | {code for rule in _RULES for code, _ in rule.beside}


def is_part(text: str) -> bool:
    """Return whether a target is a part of the one before it ("trong đó …"), so that it means nothing without it.

    >>> is_part("trong đó tỷ lệ giải quyết trước hạn trên 90%"), is_part("Tỷ lệ giải quyết trước hạn trên 90%")
    (True, False)
    """
    return _PART.match(lower(fold(text))) is not None


def propose(objective_text: str, target: Target) -> tuple[Proposal, ...]:
    """Return the indicators that may measure a target, the likeliest first; none where its words point to none.

    The first proposal of each code stands; other readings of the same words come behind it, each with its reason.

    >>> found = propose("Hồ sơ trả đúng hạn", Target("95%", TargetKind.AT_LEAST, Decimal(95), unit="%"))
    >>> [each.code for each in found][:2], found[0].is_confident
    (['dossiers.on_time', 'dossiers.on_time_with_open'], True)
    """
    shape = _shape(target)
    places = _places(fold(objective_text), fold(target.text))
    found: dict[str, Proposal] = {}
    # Words further off say something of a target only where its own say nothing.
    for look in (_in_own_clause, _in_clause_before, _in_objective):
        for rule in _RULES:
            hit = look(rule, places) if shape in rule.shapes else None
            if hit is None:
                continue
            filters = _filters(rule, places)
            if rule.code == "satisfaction.by_field" and "field" not in filters:
                continue
            _keep(found, Proposal(rule.code, filters, hit.reason, hit.confidence))
            for code, why in rule.beside:
                _keep(found, Proposal(code, filters, Message(why), min(_BESIDE, hit.confidence)))
            if rule.code in KEPT_IN_REGISTERS:
                by_hand = Message(_NOT_KEPT_HERE)
                _keep(found, Proposal(f"{rule.code}_by_hand", filters, by_hand, min(_BESIDE, hit.confidence)))
        if found:
            break
    return tuple(sorted(found.values(), key=lambda each: -each.confidence))


def _keep(found: dict[str, Proposal], proposal: Proposal) -> None:
    known = found.get(proposal.code)
    if known is None or known.confidence < proposal.confidence:
        found[proposal.code] = proposal


@dataclass(frozen=True, slots=True)
class _Places:
    """Where words are looked for: the target's own clause, the clause it goes on from, and the objective."""

    own: str
    before: str
    objective: str
    is_bare: bool


def _places(objective: str, clause: str) -> _Places:
    at = objective.find(clause)
    before = ""
    if at > 0 and _GOES_ON.match(lower(clause)):
        # Back to the end of the sentence or item before it.
        head = objective[:at].rstrip(" ,;:-–")
        before = re.split(r"[.;]\s|\s[-–+]\s", head)[-1]
    words = re.findall(r"[^\W\d_]+", lower(clause))
    is_bare = at < 0 or (not before and len(words) < 4)
    return _Places(clause, before, objective, is_bare)


@dataclass(frozen=True, slots=True)
class _Hit:
    confidence: Decimal
    reason: Message


def _in_own_clause(rule: _Rule, places: _Places) -> _Hit | None:
    return _in_one_text(rule, places.own, _SURE)


def _in_clause_before(rule: _Rule, places: _Places) -> _Hit | None:
    """Find what is counted in the clause gone on from, and what is said of it in the target's own."""
    return _in_two_texts(rule, places.own, places.before, _GOING_ON, _QUOTED_BOTH) if places.before else None


def _in_objective(rule: _Rule, places: _Places) -> _Hit | None:
    """Find in the objective what is counted; of a bare measure in a column of its own also what is said."""
    if places.is_bare:
        return _in_one_text(rule, places.objective, _GOING_ON)
    return _in_two_texts(rule, places.own, places.objective, _BY_OBJECTIVE, _QUOTED_OBJECTIVE)


def _in_one_text(rule: _Rule, text: str, confidence: Decimal) -> _Hit | None:
    lowered = lower(text)
    if rule.unless is not None and rule.unless.search(lowered):
        return None
    counted = rule.counted.search(lowered)
    said = rule.said.search(lowered) if rule.said else None
    if counted is None or (rule.said is not None and said is None):
        return None
    return _scored(rule, confidence, _quoted(text, counted), _quoted(text, said), _QUOTED)


def _in_two_texts(rule: _Rule, own: str, other: str, confidence: Decimal, template: str) -> _Hit | None:
    lowered = lower(own)
    if rule.unless is not None and rule.unless.search(lowered):
        return None
    counted = rule.counted.search(lower(other))
    said = rule.said.search(lowered) if rule.said else None
    if counted is None or (rule.said is not None and said is None):
        return None
    return _scored(rule, confidence, _quoted(other, counted), _quoted(own, said), template)


def _scored(rule: _Rule, confidence: Decimal, counted: str, said: str, template: str) -> _Hit:
    confidence = (confidence * rule.certainty).quantize(Decimal("0.01"))
    if not said or said == counted:
        return _Hit(confidence, Message(_QUOTED_ONE, {"counted": counted}))
    return _Hit(confidence, Message(template, {"counted": counted, "said": said}))


def _quoted(text: str, match: re.Match[str] | None) -> str:
    """Return the words found, as they stand."""
    return "" if match is None else text[match.start() : match.end()]


def _filters(rule: _Rule, places: _Places) -> dict[str, tuple[str, ...]]:
    text = lower(places.objective if places.is_bare else places.own)
    filters: dict[str, tuple[str, ...]] = {}
    if rule.is_by_field and (named := tuple(dict.fromkeys(_fields(text)))):
        filters["field"] = named
    if rule.is_by_level and (level := _LEVEL.search(text)) is not None:
        filters["level"] = (f"old_{level[1]}",)
    return filters


def _fields(text: str) -> Iterator[str]:
    """Yield the fields of procedures that a clause names, folded."""
    start = re.search(r"lĩnh vực", text)
    if start is not None:
        for match in _FIELDS.finditer(text, start.end()):
            yield search_key(match[0])


def _shape(target: Target) -> Shape:
    if target.kind is TargetKind.COUNT_OF:
        return Shape.ITEMS
    if target.kind in RELATIVE_KINDS:
        return Shape.SHARE if target.unit in PER_CENT else Shape.NUMBER
    return {
        Measure.RATIO: Shape.SHARE,
        Measure.VALUE: Shape.NUMBER,
        Measure.GRADE: Shape.GRADE,
        Measure.RANK: Shape.RANK,
        Measure.STATE: Shape.STATE,
    }[measure_for(target)]
