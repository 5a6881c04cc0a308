"""The forms that are written here, by key: what each is called, and who gets it unless the agency says otherwise.

Recipients and the line of the archive (Nơi nhận, Lưu) stand here and nowhere else; an agency's own ones take their place
from a day on (``documents.queries.formalities``).

Source: Nghị định 30/2020/NĐ-CP, Phụ lục I, phần II, mục 9.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypedDict


@dataclass(frozen=True, slots=True)
class Form:
    """A form: its name as offices call it, the abbreviation of its type ("" for none) and who gets it as shipped.

    A word in braces stands for what differs from document to document; a line whose word is empty is left out.
    """

    key: str
    name: str
    kind: str
    recipients: tuple[str, ...]
    archive: str = "Lưu: VT"


class FormParts(TypedDict):
    """What a document is told of its form: the key, what its words in braces stand for, recipients as shipped."""

    form: str
    names: tuple[tuple[str, str], ...]
    recipients: tuple[str, ...]


WORDS: Mapping[str, str] = MappingProxyType(
    {
        "agency": "tên thường gọi của cơ quan",
        "unit": "bộ phận có liên quan",
        "owner": "người chịu trách nhiệm",
        "addressee": "cơ quan nhận báo cáo",
        "article": "điều khoản thi hành của quyết định",
    }
)
"""What may stand in braces among recipients, with what it stands for."""

_ISO = "Lưu: hồ sơ ISO"
_SYSTEM = "Lưu: VT, hồ sơ HTQLCL"
_LEADERS = "Lãnh đạo cơ quan"
_STEERING = "Ban Chỉ đạo ISO"
_FORMS = (
    Form(
        "plan_decision",
        "Quyết định ban hành mục tiêu chất lượng",
        "QĐ",
        ("Như Điều {article}", "Sở Khoa học và Công nghệ (để báo cáo)", "Lãnh đạo {agency}"),
    ),
    Form(
        "plan_paper",
        "Kế hoạch thực hiện mục tiêu chất lượng",
        "KH",
        ("Các bộ phận chuyên môn", "Sở Khoa học và Công nghệ (để báo cáo)", "Lãnh đạo {agency}"),
    ),
    Form(
        "plan_submission",
        "Tờ trình ban hành mục tiêu chất lượng",
        "TTr",
        ("Như trên", "Lãnh đạo {agency}", "Thành viên Ban Chỉ đạo ISO"),
        _ISO,
    ),
    Form(
        "report",
        "Báo cáo kết quả thực hiện mục tiêu chất lượng",
        "BC",
        ("Sở Khoa học và Công nghệ", "Lãnh đạo {agency}", _STEERING, "Các bộ phận chuyên môn"),
    ),
    Form(
        "dossier_report", "Báo cáo giải quyết thủ tục hành chính", "BC", ("{addressee}", "Lãnh đạo {agency}")
    ),
    Form(
        "satisfaction_report",
        "Báo cáo kết quả khảo sát sự hài lòng",
        "BC",
        ("{addressee}", "Lãnh đạo {agency}", "Các bộ phận chuyên môn"),
    ),
    Form(
        "feedback_report",
        "Báo cáo tiếp nhận, xử lý phản ánh, kiến nghị",
        "BC",
        ("{addressee}", "Lãnh đạo {agency}"),
    ),
    Form(
        "directives_report",
        "Báo cáo thực hiện ý kiến chỉ đạo, nhiệm vụ được giao",
        "BC",
        ("{addressee}", "Lãnh đạo {agency}", "Các bộ phận chuyên môn"),
    ),
    Form(
        "corrective_report",
        "Báo cáo sự không phù hợp, hành động khắc phục",
        "BC",
        ("{addressee}", "Lãnh đạo {agency}", _STEERING),
    ),
    Form(
        "audits_report",
        "Báo cáo tổng hợp đánh giá nội bộ",
        "BC",
        ("{addressee}", "Lãnh đạo {agency}", _STEERING),
    ),
    Form(
        "unit_report",
        "Báo cáo kết quả thực hiện mục tiêu chất lượng của bộ phận",
        "BC",
        ("Lãnh đạo {agency}", _STEERING),
        "Lưu: bộ phận lập báo cáo",
    ),
    Form(
        "summary_report",
        "Báo cáo tổng hợp kết quả thực hiện mục tiêu chất lượng",
        "BC",
        ("{addressee}", "Lãnh đạo {agency}", _STEERING),
    ),
    Form("form_06a", "Biểu II.06a", "BC", ("Cơ quan nhận báo cáo",)),
    Form("dossier_letter", "Phiếu xin lỗi, giải trình hồ sơ quá hạn", "", ("Như trên",), "Lưu: VT, hồ sơ"),
    Form("feedback_answer", "Thông báo trả lời phản ánh, kiến nghị", "TB", ("Như trên",)),
    Form(
        "feedback_transfer",
        "Phiếu chuyển phản ánh, kiến nghị",
        "PC",
        ("Như trên", "Người gửi phản ánh, kiến nghị (để biết)"),
    ),
    Form("feedback_register", "Sổ theo dõi phản ánh, kiến nghị", "", ()),
    Form(
        "work_programme",
        "Chương trình công tác",
        "CTr",
        ("Cơ quan cấp trên (để báo cáo)", _LEADERS, "Các đơn vị trực thuộc"),
    ),
    Form(
        "programme_report",
        "Báo cáo kết quả thực hiện chương trình công tác",
        "BC",
        ("Cơ quan cấp trên (để báo cáo)", _LEADERS, "Các đơn vị trực thuộc"),
    ),
    Form(
        "titles_submission",
        "Tờ trình thi đua, khen thưởng",
        "TTr",
        ("Như trên", _LEADERS, "Các bộ phận có cá nhân, tập thể được đề nghị"),
    ),
    Form("reminder", "Công văn đôn đốc", "", ("Như trên", "Lãnh đạo cơ quan (để báo cáo)")),
    Form(
        "late_list",
        "Thông báo danh sách đơn vị chậm",
        "TB",
        (_LEADERS, "Các đơn vị có tên trong danh sách"),
    ),
    Form(
        "posting_list",
        "Danh mục nội dung công khai của quý",
        "TB",
        (
            "Thường trực Hội đồng nhân dân cùng cấp (báo cáo)",
            "Ban Thường trực Ủy ban Mặt trận Tổ quốc Việt Nam cùng cấp",
            "Niêm yết tại trụ sở",
        ),
    ),
    Form(
        "posting_plan",
        "Kế hoạch công khai thông tin",
        "KH",
        (
            "Thường trực Hội đồng nhân dân cùng cấp (báo cáo)",
            "Ban Thường trực Ủy ban Mặt trận Tổ quốc Việt Nam cùng cấp",
            "Niêm yết tại trụ sở",
            "Các đơn vị có tên tại mục 1",
        ),
    ),
    Form("hand_over", "Biên bản bàn giao công việc", "BB", ("Bên giao, bên nhận", "Lãnh đạo {agency}")),
    Form("audit_programme", "Kế hoạch đánh giá nội bộ năm", "KH", (_LEADERS, "Các bộ phận"), _SYSTEM),
    Form("audit_team", "Quyết định thành lập đoàn đánh giá", "QĐ", ("Như Điều 3", _LEADERS), _SYSTEM),
    Form(
        "audit_plan",
        "Chương trình đánh giá nội bộ",
        "CTr",
        ("Các bộ phận được đánh giá", "Thành viên đoàn"),
        "Lưu: hồ sơ đánh giá",
    ),
    Form("audit_checklist", "Phiếu ghi chép đánh giá", "", (), "Lưu: hồ sơ đánh giá"),
    Form("audit_slip", "Phiếu phát hiện", "", ("Bộ phận được đánh giá",), "Lưu: hồ sơ đánh giá"),
    Form(
        "audit_report",
        "Báo cáo kết quả đánh giá nội bộ",
        "BC",
        (_LEADERS, "Các bộ phận được đánh giá"),
        _SYSTEM,
    ),
    Form("audit_follow_up", "Bảng theo dõi khắc phục sau đánh giá", "", (), "Lưu: hồ sơ HTQLCL"),
    Form("nonconformity", "Phiếu yêu cầu hành động khắc phục", "", ("{unit}", "{owner}", _STEERING), _ISO),
    Form("nonconformity_book", "Sổ theo dõi hành động khắc phục", "", (_STEERING,), _ISO),
    Form("risk_book", "Sổ theo dõi rủi ro và cơ hội", "", (_STEERING,), _ISO),
    Form("review_plan", "Kế hoạch xem xét của lãnh đạo", "KH", ("Thành phần dự họp", "Các bộ phận"), _SYSTEM),
    Form("review_invitation", "Giấy mời họp xem xét của lãnh đạo", "GM", ("Như thành phần mời",)),
    Form(
        "review_minutes",
        "Biên bản họp xem xét của lãnh đạo",
        "BB",
        ("Thành phần dự họp", "Các bộ phận được giao việc"),
        "Lưu: VT, hồ sơ ISO",
    ),
    Form(
        "review_notice",
        "Thông báo kết luận xem xét của lãnh đạo",
        "TB",
        ("Các bộ phận, cá nhân có tên", _LEADERS),
        "Lưu: VT, hồ sơ ISO",
    ),
    Form("year_plan", "Kế hoạch ISO hằng năm", "KH", (_STEERING, "Các bộ phận"), _SYSTEM),
    Form(
        "self_assessment",
        "Báo cáo tự đánh giá theo TCVN ISO 18091",
        "BC",
        (_LEADERS, "Các bộ phận"),
        "Lưu: VT, hồ sơ ISO",
    ),
    Form(
        "announcement_letter",
        "Công văn thông báo công bố hệ thống",
        "",
        ("Như trên",),
        "Lưu: VT, hồ sơ ISO",
    ),
    Form(
        "announcement_record",
        "Xác nhận hiệu lực của hệ thống",
        "",
        (_STEERING,),
        "Lưu: VT, hồ sơ ISO",
    ),
    Form(
        "edition",
        "Quy trình, tài liệu của hệ thống",
        "",
        ("{unit} (để thực hiện)", "Thư ký ISO"),
        _SYSTEM,
    ),
    Form("document_decision", "Quyết định ban hành tài liệu", "QĐ", ("Như Điều 3", _STEERING)),
)
FORMS: Mapping[str, Form] = MappingProxyType({each.key: each for each in _FORMS})
"""Every form with recipients, by its key, in the order of their areas."""


def of_form(key: str, **names: str) -> FormParts:
    """Return what a document of a form is told: its key and recipients as shipped; ``names`` are the words in braces.

    >>> of_form("dossier_report", agency="UBND xã Bình Yên", addressee="")["recipients"]
    ('Lãnh đạo UBND xã Bình Yên', 'Lưu: VT')
    """
    form = FORMS[key]
    said = tuple(names.items())
    return FormParts(form=key, names=said, recipients=named((*form.recipients, form.archive), said))


def named(lines: Sequence[str], names: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Return lines with their words in braces said; a line of which a word is empty or not known is left out.

    >>> named(("Lãnh đạo {agency}", "{unit}", "Lưu: VT"), (("agency", "UBND xã Bình Yên"), ("unit", "")))
    ('Lãnh đạo UBND xã Bình Yên', 'Lưu: VT')
    """
    known = {f"{{{name}}}": value for name, value in names}
    said = []
    for line in lines:
        words = _BRACED.findall(line)
        if all(known.get(word) for word in words):
            said.append(_BRACED.sub(lambda match: known[match[0]], line))
    return tuple(said)


def words_in(line: str) -> tuple[str, ...]:
    """Return the words that stand in braces in a line, as they are named in :data:`WORDS`.

    >>> words_in("Lãnh đạo {agency}")
    ('agency',)
    """
    return tuple(word[1:-1] for word in _BRACED.findall(line))


_BRACED = re.compile(r"\{[^{}]*\}")
