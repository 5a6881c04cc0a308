"""The measurable commitments of an objective's wording, and official wording back from values.

A wording is cut twice. Hard boundaries (full stops, ``;``, list marks) always divide. Inside them every
*mention* of a value is found — a number with its unit and comparison, a grade, a rank, "không để xảy ra", a
state that is reached or kept — and the text between two mentions is divided at the soft boundary (``,``, "và",
"trong đó") where the further valued clause begins. A mention that no boundary sets apart belongs to the clause
it stands in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import pairwise

from camket.core.messages import Message, gettext_noop
from camket.core.plan import Grade, Target, TargetKind
from camket.core.wording.numbers import format_number, read_number
from camket.core.wording.text import fold, fold_mapped, lower

__all__ = ["FoundTarget", "parse_targets", "write_target"]

DECIMAL_POINT = gettext_noop("The point of “%(number)s” was read as a decimal mark: %(value)s.")
LARGE_MONEY = gettext_noop(
    "“%(number)s” was read as %(value)s. Check that its point is not meant as a decimal comma."
)
REVERSED = gettext_noop("The range “%(text)s” runs from the larger to the smaller value.")


@dataclass(frozen=True, slots=True)
class FoundTarget:
    """A target with its place in the text given (``[start:end]``), how sure the reading is, and what is doubtful."""

    target: Target
    start: int
    end: int
    confidence: Decimal
    warnings: tuple[Message, ...] = ()


# ── Numbers that are no values ──────────────────────────────────────────────────────────────────────────────

_HIDDEN = "\ue000"
_UNIT_AHEAD = r"(?!\s*(?:%|‰|phần\s+trăm|(?:tỷ|tỉ|triệu|nghìn|ngàn)\b|km\b|ha\b|m2\b|m²|tấn\b|điểm\b))"
_DAY_MONTH = r"\d{1,2}\s*[/.]\s*\d{1,2}"
_LABEL_WORDS = (
    "nghị định|thông tư|quyết định|chỉ thị|nghị quyết|kế hoạch|luật|công văn|tờ trình|thông báo|kết luận|quy chế|quy định"
    "|chương trình|đề án|dự án|tiểu dự án|mô hình khung|mẫu|biểu|biểu mẫu|phụ lục|phụ biểu|điều|khoản|điểm|chương|mục|phần|bảng|bước"
    "|mục tiêu|tiêu chí|chỉ tiêu|nhiệm vụ|nội dung|số|quốc lộ|tỉnh lộ|đường|ql|đt|khóa|khoá|lớp|kỳ|thứ|lần|thôn|xóm|ấp|bản|tổ|tổ dân phố|khu phố|khu"
    "|khu vực|đội|cụm|vùng|cấp độ|mức độ|mức|cấp|giai đoạn|hạng|loại|nhóm|thế hệ|trường|tuyến|phòng|nhà|lô|quy trình|phiên bản|tòa|hẻm|ngõ"
    "|nđ|tt|qđ|ct|nq|kh|cv|đa"
)
_NOT_VALUES: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern)
    for pattern in (
        # Standards and numbers of documents: "TCVN ISO 9001:2015", "19/2014/QĐ-TTg".
        r"\b(?:tcvn|iso|iec|qcvn|tccs|par|sipas|pci|papi)[\s/]*(?:iso|iec|index)?[\s/]*\d+(?:\s*[-:]\s*\d+)*",
        r"\b9001\s*:\s*\d{4}",
        r"\b\d+(?:/\d{4})?/(?:qđ|nđ|tt|nq|ct|kh|tb|bc|cv|qh|tw|ttr|hd|ctr|ubnd|hđnd|tu)\b[\w\-&]*",
        # Dates and years.
        r"\b\d{1,2}\s*[/.\-]\s*\d{1,2}\s*[/.\-]\s*(?:19|20)\d{2}\b",
        rf"\bngày\s*(?:{_DAY_MONTH}|\d{{1,2}}(?:\s*tháng\s*\d{{1,2}})?)",
        rf"\b(?:trước|đến|hết|từ|chậm nhất|sau)\s+(?:ngày\s+)?(?:3[01]|[12]\d|0?[1-9])\s*[/.]\s*(?:1[0-2]|0?[1-9])\b(?!\s*(?:%|[a-zà-ỹ]))",
        r"\b(?:giai đoạn|nhiệm kỳ|năm học|năm|niên độ)\s*(?:từ\s+)?(?:19|20)\d{2}(?:\s*(?:[-–—]|đến)\s*(?:năm\s+)?(?:19|20)?\d{2,4})?\b",
        r"\b(?:19|20)\d{2}\s*[-–—]\s*(?:19|20)\d{2}\b",
        r"\btháng\s*\d{1,2}(?:\s*[/.]\s*(?:19|20)\d{2})?\b",
        r"\bquý\s*(?:\d|i{1,3}|iv)\b(?:\s*/\s*(?:19|20)\d{2})?",
        r"\b\d{1,2}\s+tháng\s+(?:đầu|cuối)\s+năm(?:\s+\d{4})?",
        # Ages: "05 tuổi", "từ 6 đến 14 tuổi".
        r"\b(?:từ\s+|trên\s+|dưới\s+|đủ\s+)*\d{1,2}(?:\s*(?:[-–]|đến(?:\s+dưới)?)\s*\d{1,2})?\s*(?:tháng\s+)?tuổi\b(?:\s+trở\s+lên)?",
        # Levels, steps, names with a number: "mức độ 3, 4", "Đề án 06", "thôn 3".
        r"\b(?:mức độ|mức|cấp độ|cấp)\s*[0-4](?!\d|\s*[,.]\d)(?:\s*(?:,|và|-|–|/|hoặc|đến)\s*(?:mức độ\s*|mức\s*)?[0-4](?!\d|\s*(?:%|[,.]\d)))*(?!\s*%)(?:\s+trở\s+lên)?",
        rf"\b(?:{_LABEL_WORDS})\s+(?:số\s*|thứ\s*)?\d+(?!\d*[.,]\d)[a-z]?\b(?!\s*/\s*\d){_UNIT_AHEAD}(?!\s*[-–]\s*\d+\s*%)",
        r"\btỷ\s+lệ\s+1\s*/\s*\d+",
        r"\b24\s*/\s*(?:24|7)\b|\b24\s*h\b|\b7\s*/\s*24\b|\b\d{1,2}\s*h(?:\s*\d{2})?\b",
        r"\b[2-6]g\b|\b\d\.0\b(?!\s*%)|\b5s\b",
        r"\b0?1\s+cửa\b|\b\d+\s+(?:không|sạch|biết|rõ|dám|xin|tăng|giảm)\b(?!\s*\d)",
        r"\b(?:sđt|điện thoại|đt|hotline|số máy)[:\s]*[\d. ]{6,}",
        r"\bcovid\s*-?\s*19\b|\bkm\s*\d+\s*\+\s*\d+",
    )
)

# ── Units ────────────────────────────────────────────────────────────────────────────────────────────────────

_MEASURES = (
    r"điểm\s+phần\s+trăm|điểm\s*%|phần\s+trăm|%|‰|(?:nghìn|ngàn|trăm|chục)\s+(?:tỷ|tỉ|triệu)\s+đồng|(?:tỷ|tỉ|triệu|nghìn|ngàn)\s+(?:đồng|usd|vnđ|lượt|người|tấn|hộ|con|cây|m2|m3)"
    r"|(?:tỷ|tỉ|tr)\.?\s*đ(?:ồng)?\b|triệu|nghìn|ngàn|tỷ|tỉ|đồng|usd|vnđ|km2|km²|km|m2|m²|m3|m³|mét\s+vuông|mét\s+khối|mét|ha|héc\s*-?\s*ta|sào|mẫu|tấn|tạ|yến|kg|gam|lít"
    r"|kwh|kw|mw|mva|m|điểm|sao|bậc"
)
_NOUNS = (
    r"nhà\s+văn\s+h[óo][áa]?(?:\s+(?:thôn|xóm|ấp|bản|khu\s+phố|xã|tổ\s+dân\s+phố|khu\s+dân\s+cư))?|nhà\s+(?:đại\s+đoàn\s+kết|tình\s+nghĩa|tình\s+thương|ở|vệ\s+sinh)|hồ\s+sơ|thủ\s+tục(?:\s+hành\s+chính)?|tthc"
    r"|dịch\s+vụ\s+công(?:\s+trực\s+tuyến)?|văn\s+bản(?:\s+quy\s+phạm\s+pháp\s+luật)?|chỉ\s+tiêu|tiêu\s+chí|nhiệm\s+vụ|mục\s+tiêu|nội\s+dung|chương\s+trình|đề\s+án|dự\s+án|kế\s+hoạch|mô\s+hình(?:\s+điểm)?|sáng\s+kiến|giải\s+pháp|đề\s+tài"
    r"|cán\s+bộ|công\s+chức|viên\s+chức|đảng\s+viên|quần\s+chúng|đoàn\s+viên|hội\s+viên|thành\s+viên|học\s+sinh|học\s+viên|giáo\s+viên|lao\s+động|người(?:\s+dân)?|công\s+dân|nhân\s+khẩu|khẩu|trẻ(?:\s+em)?|phụ\s+nữ|thanh\s+niên|chiến\s+sĩ|chiến\s+sỹ"
    r"|hộ(?:\s+(?:gia\s+đình|dân|nghèo|cận\s+nghèo|kinh\s+doanh|sản\s+xuất))?|thôn|xóm|ấp|bản|làng|khu\s+phố|khu\s+dân\s+cư|tổ\s+dân\s+phố|tổ|xã|phường|đơn\s+vị|cơ\s+quan|bộ\s+phận|phòng|ngành|lĩnh\s+vực|chi\s+bộ|tổ\s+chức|doanh\s+nghiệp|hợp\s+tác\s+xã|htx|tổ\s+hợp\s+tác|trang\s+trại"
    r"|hội\s+nghị|cuộc(?:\s+(?:họp|kiểm\s+tra|giám\s+sát|đánh\s+giá|thanh\s+tra|thi))?|buổi(?:\s+(?:tuyên\s+truyền|tập\s+huấn|họp|đối\s+thoại|sinh\s+hoạt))?|lớp(?:\s+(?:tập\s+huấn|bồi\s+dưỡng|đào\s+tạo|dạy\s+nghề|học))?|đợt(?:\s+(?:kiểm\s+tra|đánh\s+giá|tuyên\s+truyền|giám\s+sát))?|lần|lượt(?:\s+(?:người|hồ\s+sơ|truy\s+cập|khách))?|kỳ|phiên"
    r"|tin\s*,?\s+bài|bài(?:\s+viết)?|tin|báo\s+cáo|phiếu(?:\s+khảo\s+sát)?|ý\s+kiến|kiến\s+nghị|phản\s+ánh|đơn(?:\s+thư)?|vụ(?:\s+việc)?|trường\s+hợp|công\s+trình|tuyến(?:\s+đường)?|cầu|trường(?:\s+học)?|trạm|chợ|điểm\s+(?:trường|sinh\s+hoạt)|cây(?:\s+xanh)?|con|sản\s+phẩm(?:\s+ocop)?"
    r"|bộ(?:\s+(?:thủ\s+tục|hồ\s+sơ|quy\s+trình))?|quy\s+trình|biểu\s+mẫu|máy(?:\s+tính)?|tài\s+khoản|giấy\s+chứng\s+nhận|thẻ|căn\s+nhà|căn|nhà|phòng\s+học|câu\s+lạc\s+bộ|clb|camera|bóng|hàng|cặp|tập\s+thể|cá\s+nhân|gương|phong\s+trào|chữ\s+ký\s+số|danh\s+hiệu|khóa|khoá|chuyên\s+đề"
)
_TIMES = r"ngày\s+làm\s+việc|giờ\s+làm\s+việc|ngày|giờ|phút|tuần|tháng|năm|giây"
_PER = r"(?:\s*/\s*(?:(?:\d[\d.]*\s+)?(?:nghìn\s+dân|vạn\s+dân|nhân\s+khẩu|lao\s+động|hộ\s+(?:dân|gia\s+đình)|khu\s+dân\s+cư|đơn\s+vị|cán\s+bộ|công\s+chức|hồ\s+sơ|thủ\s+tục|cuộc\s+họp|trường\s+hợp|[a-zà-ỹđ]+[²³2]?)))*"
_MEASURE = re.compile(rf"\s*(?P<unit>(?:{_MEASURES})(?![a-zà-ỹđ0-9²³]){_PER})")
_NOUN = re.compile(rf"\s+(?P<unit>(?:{_NOUNS})(?![a-zà-ỹđ]){_PER})")
_TIME = re.compile(rf"\s*(?P<unit>(?:{_TIMES})(?![a-zà-ỹđ]){_PER})")
_PERCENT = re.compile(r"%|‰|phần\s+trăm|điểm")
# Words that end an unlisted noun, or that no counted noun begins with.
_NO_NOUN = frozenset(
    (
        "trở được trên của cho về theo tại ở trong đạt có là và từ với hoàn bị để bằng sang thuộc tham so mới mỗi hoặc đến do khi nếu đã sẽ phải"
        " không đúng thì mà như cùng giữa dưới qua lên xuống còn đầu cuối trước sau này nêu các những số tổng"
    ).split()
)
_ANY_NOUN = re.compile(r"\s+(?P<first>[a-zà-ỹđ]+)(?:\s+(?P<second>[a-zà-ỹđ]+))?(?P<per>" + _PER + ")")

# ── Comparisons ──────────────────────────────────────────────────────────────────────────────────────────────

_FILLER = r"(?:\s*(?:là|mức|ở\s+mức|khoảng|đạt|được|bằng|từ|có|mỗi\s+năm|hằng\s+năm|hàng\s+năm|mỗi\s+quý|mỗi\s+tháng|hằng\s+tháng|tổ\s+chức|về|số|tỷ\s+lệ|con\s+số|đến|tới|thêm|bình\s+quân))*\s*:?\s*"
_BEFORE: tuple[tuple[TargetKind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(rf"(?:{words}){_FILLER}$"))
    for kind, words in (
        (TargetKind.AT_MOST, r"\b(?:không|chưa)\s+(?:được\s+)?(?:để\s+)?(?:vượt\s+)?quá|\bkhông\s+(?:được\s+)?(?:cao|lớn|nhiều)\s+hơn|\btối\s+đa|\bnhiều\s+nhất|\bkhông\s+(?:vượt|trên)|≤|<\s*=|=\s*<|⩽"),
        (TargetKind.AT_LEAST, r"\bkhông\s+(?:được\s+)?(?:dưới|thấp\s+hơn|ít\s+hơn|nhỏ\s+hơn|kém\s+hơn)|\btối\s+thiểu|\bít\s+nhất|\bthấp\s+nhất|\btrên\s+hoặc\s+bằng|\bbằng\s+hoặc\s+(?:trên|cao\s+hơn)|≥|>\s*=|=\s*>|⩾"),
        (TargetKind.ABOVE, r"(?<!tính\s)\btrên|\b(?:lớn|cao|nhiều)\s+hơn|(?<!thấp\s)(?<!ít\s)(?<!kém\s)(?<!nhỏ\s)\bhơn|\bvượt(?:\s+(?:trên|mức|quá))?|>"),
        (TargetKind.BELOW, r"\bdưới|\b(?:thấp|ít|nhỏ|kém)\s+hơn|\bchưa\s+(?:đến|tới)|<"),
    )
)
_FROM = re.compile(r"\btừ\s*:?\s*$|\btừ\s+(?:mức\s+)?$")
_UPWARD = re.compile(r"\s*(?:trở\s+lên|đổ\s+lên|hoặc\s+(?:cao|nhiều|lớn)\s+hơn)\b")
_DOWNWARD = re.compile(r"\s*(?:trở\s+xuống|đổ\s+xuống|hoặc\s+(?:thấp|ít)\s+hơn)\b")
_LEFT = re.compile(rf"(?:\b(?:giảm|hạ|kéo)\b[^,;]*\b(?:xuống|còn|về)|\bxuống|(?<!thương\s)\bcòn|\bkhống\s+chế(?:\s+ở)?){_FILLER}(?:\bdưới\s*|\bkhông\s+quá\s*|\btối\s+đa\s*)?$")
_RAISED = re.compile(rf"\blên{_FILLER}(?:\btrên\s*|\bhơn\s*)?$")
_INCREASE = re.compile(
    r"(?<!tỷ lệ )(?<!tỉ lệ )(?<!tốc độ )(?<!mức )(?<!mức độ )(?<!gia )(?<!không )(?<!sự )(?<!chưa )\btăng\b(?!\s+(?:cường|trưởng|tốc\b|ca\b|tiến))|\bnâng(?:\s+(?:thêm|tỷ\s+lệ))\b"
)
_DECREASE = re.compile(
    r"(?<!tỷ lệ )(?<!tỉ lệ )(?<!tốc độ )(?<!mức )(?<!mức độ )(?<!tăng )(?<!công tác )(?<!chương trình )(?<!không )(?<!sự )\b(?:kéo\s+|cắt\s+)?giảm\b(?!\s+thiểu)|\brút\s+ngắn\b"
)
_COMPARED = re.compile(r"\b(?:so\s+với|so|cao\s+hơn|thấp\s+hơn|hơn)\b[^;.()]{0,80}?\b(?:năm\s+(?P<year>(?:19|20)\d{2})|(?P<last>(?:cùng\s+kỳ(?!\s+năm\s+(?:19|20)\d)(?:\s+(?:năm\s+)?(?:trước|ngoái))?|năm\s+(?:trước|ngoái|liền\s+kề|liền\s+trước))))")
_RANGE = r"\s*(?:[-–—÷]|đến|tới|cho\s+đến)\s*(?:dưới\s+)?"
_FIGURE = r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?"
_VALUE = re.compile(rf"(?<![\w.,/:+]){{0}}(?P<value>{_FIGURE})(?![\d]|[.,]\d|\s*/\s*\d)".replace("{0}", ""))
_SHARE = re.compile(r"(?<![\w.,/])(?P<value>\d{1,4})\s*/\s*(?P<upper>\d{1,4})(?![\d/]|[.,]\d)")
_SECOND = re.compile(rf"(?P<sep>{_RANGE})(?P<value>{_FIGURE})(?![\d]|[.,]\d|\s*/\s*\d)")
_WORD_VALUE = re.compile(r"(?:\bít\s+nhất|\btối\s+thiểu)\s+(?:là\s+|có\s+)?(?P<value>một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười)(?=\s)")
_WORD_NUMBERS = {"một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10}

# ── Grades, ranks, nothing of the kind, states ──────────────────────────────────────────────────────────────

_GRADES = {
    "xuất sắc": Grade.EXCELLENT,
    "tốt": Grade.GOOD,
    "khá": Grade.FAIR,
    "trung bình": Grade.AVERAGE,
    "yếu": Grade.WEAK,
}
_GRADE_WORD = r"[“\"]?(?P<grade>xuất\s+sắc|tốt|khá|trung\s+bình|yếu)[”\"]?"
_GRADE = re.compile(
    rf"(?:\b(?:được\s+)?(?:đánh\s+giá\s*,?\s*(?:và\s+)?)?(?:xếp\s+(?:loại|hạng|thứ\s+hạng)|phân\s+loại|xếp)(?:\s*(?::|ở|từ|đạt|mức|loại|hạng|là|chất\s+lượng))*\s*(?:hoàn\s+thành\s+)?{_GRADE_WORD}"
    rf"|\b(?:đạt|giữ\s+vững|duy\s+trì|ở)\s+(?:(?:từ|ở|mức|loại|hạng|xếp\s+loại|mức\s+độ|kết\s+quả|tối\s+thiểu|ít\s+nhất)\s+)*{_GRADE_WORD.replace('grade', 'grade2')}"
    rf"|\b(?:từ\s+|tối\s+thiểu\s+|ít\s+nhất\s+)?(?:loại|mức|hạng)\s+(?:hoàn\s+thành\s+)?{_GRADE_WORD.replace('grade', 'grade3')}"
    rf"|^\s*(?:từ\s+)?(?:hoàn\s+thành\s+)?{_GRADE_WORD.replace('grade', 'grade4')})(?:\s+nhiệm\s+vụ)?(?:\s+trở\s+lên)?(?![a-zà-ỹđ])",
)
_ORDINALS = {"nhất": 1, "nhì": 2, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "đầu": 1}
_RANK = re.compile(
    r"(?:\b(?:nằm|đứng|thuộc|xếp|lọt|ở|vào|đạt|duy\s+trì|giữ)\s+)*(?:(?:trong|vào|ở|thuộc)\s+)*(?:"
    r"(?:nhóm\s+)?(?:top|tốp)\s*(?P<top>\d{1,3})"
    r"|(?:nhóm|trong\s+số|số|trong|thuộc)\s+(?:các\s+)?(?P<group>\d{1,3})\s+[^,;.]{0,60}?(?:dẫn\s+đầu|đứng\s+đầu|cao\s+nhất|tốt\s+nhất|đầu(?:\s+(?:toàn|cả|của|tỉnh|bảng))?|xuất\s+sắc\s+nhất)"
    r"|(?:(?:xếp|đứng)\s+(?:(?:ở|từ|vị\s+trí|hạng|thứ\s+hạng|tối\s+thiểu|vị\s+thứ|trong)\s+)*|(?:giữ|đạt)\s+(?=thứ))(?:thứ\s+)?(?P<place>\d{1,3})\s*(?:/\s*\d{1,3})?(?=\s*(?:$|[,;.]|trở\s+lên|toàn|trong|của|cấp|/|trên|tỉnh|huyện|xã|thành\s+phố))"
    r"|(?:xếp|đứng|giữ|đạt)?\s*(?:(?:ở|từ)\s+)?(?:vị\s+trí|hạng|thứ\s+hạng|vị\s+thứ)\s+(?:(?:từ|thứ)\s+)*(?P<rank>\d{1,3})(?!\d|%)(?!\s*%)"
    r"|(?:xếp|đứng)\s+(?:(?:ở|vị\s+trí|hạng)\s+)?(?:thứ\s+)?(?P<word>nhất|nhì|hai|ba|tư|đầu)(?=\s*(?:$|[,;.]|toàn|trong|của|cấp|tỉnh|huyện|các|khối|cụm))"
    r")(?:\s+trở\s+lên)?"
)
_NOTHING = re.compile(
    r"(?<!trường hợp )(?<!nếu )(?<!khi )(?<!mà )(?<!hoặc )(?<!đối tượng )(?<!hay )\b(?:không|chưa)\s+(?:để\s+(?:xảy\s+ra|phát\s+sinh|xẩy\s+ra|tồn\s+đọng|tồn|có|quá\s+hạn|trễ|chậm|tái\s+diễn|sót)|có\s+(?!khả\s+năng|đủ|điều\s+kiện|nhu\s+cầu|trong)|xảy\s+ra|xẩy\s+ra|phát\s+sinh|còn\b|tồn\s+đọng|tiếp\s+tục\s+xảy\s+ra)"
)
_QUOTE = "“\"«"
_STATE = re.compile(
    r"\bđạt\s+(?:và\s+vượt\s+|hoặc\s+vượt\s+)?(?:(?:các|tất\s+cả|đầy\s+đủ|đủ)\s+)*(?:chuẩn|yêu\s+cầu|danh\s+hiệu|tiêu\s+chuẩn|tiêu\s+chí|kế\s+hoạch|chỉ\s+tiêu|mục\s+tiêu|giải|trong\s+sạch|vững\s+mạnh|tập\s+thể|an\s+toàn|cơ\s+quan|đơn\s+vị|đô\s+thị"
    r"|nông\s+thôn|gia\s+đình|xã\s|phường\s|thôn\s|khu\s|loại\s|hạng\s|hiệu\s+quả\s+theo|[“\"«])"
    r"|\bđược\s+(?:công\s+nhận|chứng\s+nhận|cấp\s+(?:giấy\s+)?chứng\s+nhận|tặng|xếp\s+hạng)|\bcông\s+nhận\s+(?:đạt|danh\s+hiệu)|\bhoàn\s+thành\s+(?!tốt|nhiệm\s+vụ|xuất\s+sắc|trách\s+nhiệm|công\s+việc)"
    r"|\b(?:vượt|hoàn\s+thành\s+vượt)\s+(?:mức\s+)?(?:kế\s+hoạch|chỉ\s+tiêu|dự\s+toán)|\bgiữ\s+vững\s+(?:danh\s+hiệu|kết\s+quả|chuẩn|các\s+tiêu\s+chí|tiêu\s+chí|xã|phường|thành\s+tích)|\bduy\s+trì\s+(?:danh\s+hiệu|kết\s+quả\s+phổ\s+cập|chứng\s+nhận|giấy\s+chứng\s+nhận|các\s+tiêu\s+chí|tiêu\s+chí)"
    r"|\bphổ\s+cập\s|\bvề\s+đích\b|\bđăng\s+ký\s+(?:xây\s+dựng|đạt|công\s+nhận|phấn\s+đấu)|\b(?:cao|thấp)\s+hơn\s+(?:so\s+với\s+)?(?:năm\s+(?:trước|\d{4})|cùng\s+kỳ)|\btăng\s+(?:hạng|bậc|điểm)?\s*so\s+với\s+năm"
)
_STATE_CONDUCT = re.compile(
    r"^\W*(?:(?:tập\s+trung|tiếp\s+tục|tăng\s+cường|đẩy\s+mạnh|nâng\s+cao|chú\s+trọng|quan\s+tâm|tuân\s+thủ|chủ\s+động|đổi\s+mới|nghiêm\s+túc|quán\s+triệt)\b)"
)
_SUBJECT = re.compile(
    r"(?:có\s+)?(?:phấn\s+đấu\s+)?(?:tập\s+thể|cá\s+nhân|xã|phường|thôn|cơ\s+quan|đơn\s+vị|chi\s+bộ|đảng\s+bộ|công\s+đoàn|đoàn|hội|trường|trạm|ubnd|ủy\s+ban|uỷ\s+ban|kết\s+quả|chỉ\s+số|tỷ\s+lệ|mức|hệ\s+thống|công\s+an|mttq|mặt\s+trận|duy\s+trì|giữ\s+vững|đăng\s+ký|phổ\s+cập|chính\s+quyền|phấn\s+đấu|đảng\s+ủy|lực\s+lượng)\b"
)
_STRIVE = re.compile(r"ph[ấầâậ]n\s+đ[ấầâậ]u")
_CLAUSE_START = re.compile(
    r"(?:trong\s+đó|trong\s+số\s+đó|riêng|tỷ\s+lệ|tỉ\s+lệ|mức\s+độ|mức|chỉ\s+số|tổng|ph[ấầâ]n\s+đ[ấầâ]u|ít\s+nhất|tối\s+thiểu|không\s+(?:có|để|quá|xảy|còn|phát)|duy\s+trì|giữ\s+vững|giảm|tăng|thu\s+nhập|sản\s+lượng|năng\s+suất|diện\s+tích|giá\s+trị"
    r"|thời\s+gian|số\s+(?:lượng|hộ|người|lao|hồ|văn|vụ|xã|thôn|tthc)|kết\s+quả|tập\s+thể|đồng\s+thời|còn\s+lại|còn\b|xây\s+(?:dựng|mới)|hoàn\s+thành|tổ\s+chức|đạt\s|từ\s+(?=\d)|nâng|có\s|đảm\s+bảo|bảo\s+đảm|huy\s+động|đào\s+tạo|giải\s+quyết\s+việc|trồng|kết\s+nạp"
    r"|chất\s+lượng|tốc\s+độ|cơ\s+cấu|công\s+suất|hạn\s+chế|nằm\s+trong|xếp|đứng|thuộc\s+nhóm|vận\s+động|cấp\s+(?:mới|đổi)|thực\s+hiện|tiếp\s+nhận|ban\s+hành|đăng|tạo|hỗ\s+trợ|bình\s+quân)"
)
_PREDICATE = re.compile(
    r"\b(?:được|đạt|hoàn\s+thành|tham\s+gia|thực\s+hiện|triển\s+khai|không|có|là|xử\s+lý|giải\s+quyết|đăng\s+ký|xếp\s+loại|hài\s+lòng|phân\s+loại|sử\s+dụng|trả|tiếp\s+nhận|đúng|trước|nắm|chấp\s+hành|sinh|vi\s+phạm|cập\s+nhật|công\s+khai|niêm\s+yết|áp\s+dụng|số\s+hóa|thanh\s+toán|trở\s+lên|đảm\s+bảo|bảo\s+đảm|phải)\b"
)
_LEADING = re.compile(r"^[\s,;:.\-–—+*•●▪]*(?:(?:và|cùng\s+với|đồng\s+thời\s+là)\s+)?")
_TRAILING = re.compile(r"(?:[\s,;:.(–—-]|,?\s*\b(?:cụ\s+thể(?:\s+(?:là|như\s+sau))?|như\s+sau|trong\s+đó|bao\s+gồm|gồm|sau\s+đây|và)\s*:?\s*)+$", re.IGNORECASE)
_EQUIVALENT = re.compile(r"^\s*(?:tr?ương\s+đương|tương\s+ứng|tức|khoảng|bằng|=|~|hay|quy\s+đổi|so\s+với|tăng|giảm|năm\s+(?:19|20)?\d|năm\s+(?:trước|ngoái)|kế\s+hoạch|kh\b|chỉ\s+tiêu|huyện\s+giao|tỉnh\s+giao|thành\s+phố\s+giao|nghị\s+quyết|nq\b|cùng\s+kỳ|trừ|không\s+(?:kể|tính|bao)|theo|đạt\s+\d+\s*/|hiện\s+nay|kể\s+cả|thực\s+hiện\s+năm)")


# ── Cutting ──────────────────────────────────────────────────────────────────────────────────────────────────

_ABBREVIATION = re.compile(r"(?:^|[\s(])(?:tp|tx|tt|p|q|h|ths|ts|gs|pgs|bs|st|v\.v|vv|kt|tm|tl|đ/c|gđ|pgđ|no|stt|ô|b)\.$", re.IGNORECASE)
_LIST_MARK = re.compile(
    r"(?:^|(?<=\n)|(?<=[.;:,…]))\s*(?:[-–—+*]\s+|[-–—](?=[^\W\d])|\d{1,2}(?:\.\d{1,2}){0,2}[.)]\s+(?!\d+\s*%\s*$)|\d{1,2}\.\d{1,2}(?:\.\d{1,2})?\s+(?=[A-ZÀ-ỸĐ]))"
    r"|\s*[•●▪◦]\s*|(?:^|(?<=[\s.;:,]))[a-zđ]\)\s+|(?<=[%)\d”])\s+[-–—+]\s+(?=[A-ZÀ-ỸĐ])"
)
_LINE_END = re.compile(r"\n")


@dataclass(slots=True)
class _Cut:
    """A stretch between hard boundaries; ``sentence`` is the number of its sentence, for the reach of striving."""

    start: int
    end: int
    sentence: int


@dataclass(slots=True)
class _Mention:
    """One stated value: where its words stand, and what they say."""

    start: int
    end: int
    kind: TargetKind
    value: Decimal | Grade | None = None
    upper: Decimal | None = None
    unit: str | None = None
    baseline_year: int | None = None
    bare: bool = False
    compared: bool = False
    weight: int = 0
    confidence: Decimal = Decimal("0.95")
    warnings: list[Message] = field(default_factory=list)


def _hide_quotes(text: str) -> str:
    """Return the text with what stands in quotation marks hidden, marks kept."""
    text = re.sub(r"“[^“”]*”|«[^«»]*»", lambda m: m[0][0] + _HIDDEN * (len(m[0]) - 2) + m[0][-1], text)
    return re.sub(r"\"[^\"]*\"", lambda m: '"' + _HIDDEN * (len(m[0]) - 2) + '"', text)


def _brackets(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the inner stretches of round brackets of ``text[start:end]``, the outermost only."""
    found: list[tuple[int, int]] = []
    depth, opened = 0, start
    for at in range(start, end):
        if text[at] == "(":
            depth += 1
            if depth == 1:
                opened = at + 1
        elif text[at] == ")" and depth:
            depth -= 1
            if depth == 0:
                found.append((opened, at))
    return found


def _hide_brackets(text: str) -> str:
    hidden = list(text)
    for start, end in _brackets(text, 0, len(text)):
        hidden[start - 1 : end + 1] = _HIDDEN * (end - start + 2)
    return "".join(hidden)


def _cuts(text: str) -> list[_Cut]:
    """Return the stretches between hard boundaries, in order. ``text`` has quotes and brackets hidden."""
    edges: list[tuple[int, int, bool]] = []
    for match in _LIST_MARK.finditer(text):
        edges.append((match.start(), match.end(), True))
    for match in re.finditer(r"[;.]|\n", text):
        at = match.start()
        if match[0] == ";":
            edges.append((at, at + 1, False))
        elif match[0] == "." and _ends_sentence(text, at):
            edges.append((at, at + 1, True))
        elif match[0] == "\n" and _ends_line(text, at):
            edges.append((at, at + 1, True))
    edges.sort()
    cuts: list[_Cut] = []
    start, sentence = 0, 0
    for edge, after, ends in edges:
        if edge > start:
            cuts.append(_Cut(start, edge, sentence))
        start = max(start, after)
        sentence += ends
    if start < len(text):
        cuts.append(_Cut(start, len(text), sentence))
    return [cut for cut in cuts if text[cut.start : cut.end].strip(" \n" + _HIDDEN)]


def _ends_sentence(text: str, at: int) -> bool:
    following = text[at + 1 : at + 2]
    if following and not following.isspace() and following not in "”\"":
        return False
    if text[at - 1 : at] == "." or following == ".":
        return text[at + 1 : at + 2] != "." and not text[at + 1 :].lstrip()[:1].islower()
    return not _ABBREVIATION.search(text[max(0, at - 6) : at + 1])


def _ends_line(text: str, at: int) -> bool:
    """Tell whether a line end divides: not where a line was only wrapped."""
    before, after = text[:at].rstrip(), text[at + 1 :].lstrip()
    if not before or not after:
        return True
    if before[-1] in ".;:":
        return True
    line = before.rsplit("\n", 1)[-1]
    valued = re.search(r"\d\s*%|\d", line) is not None
    return valued and before[-1] not in "," and (after[0].isupper() or after[0] in "≥≤><" or after[0].isdigit() and "%" in line)


# ── Mentions ─────────────────────────────────────────────────────────────────────────────────────────────────


def _hide_non_values(plain: str, written: str) -> str:
    hidden = plain
    for pattern in _NOT_VALUES:
        hidden = pattern.sub(lambda m: _HIDDEN * len(m[0]), hidden)
    # Numbers of documents by their capitals: "08/KH-BCĐ".
    for match in re.finditer(r"\b\d+(?:/\d{4})?/[A-ZĐ]{2,}[\w\-&]*", written):
        hidden = hidden[: match.start()] + _HIDDEN * (match.end() - match.start()) + hidden[match.end() :]
    return hidden


def _unit_at(plain: str, written: str, at: int) -> tuple[str | None, int, str]:
    """Return the unit at ``at`` in the source's words, the place after it, and what sort it is of."""
    for sort, pattern in (("measure", _MEASURE), ("time", _TIME), ("noun", _NOUN)):
        if match := pattern.match(plain, at):
            return _written_unit(written[match.start("unit") : match.end("unit")]), match.end(), sort
    match = _ANY_NOUN.match(plain, at)
    if match and match["first"] not in _NO_NOUN:
        two = match["second"] and match["second"] not in _NO_NOUN
        stop = match.end("second") if two else match.end("first")
        if match["per"] and (two or not match["second"]):
            stop = match.end()
        return _written_unit(written[match.start("first") : stop]), stop, "word"
    return None, at, "none"


def _written_unit(unit: str) -> str:
    folded = re.sub(r"\s*/\s*", "/", fold(unit))
    return "%" if lower(folded) == "phần trăm" else folded


def _number(figure: str, unit: str | None) -> tuple[Decimal, list[Message]]:
    read = read_number(figure)
    warnings: list[Message] = []
    if read.doubtful:
        warnings.append(Message(DECIMAL_POINT, {"number": figure, "value": format_number(read.value)}))
    elif re.fullmatch(r"\d{1,3}\.\d{3}", figure) and unit and re.match(r"(?:tỷ|tỉ|%)", lower(unit)):
        amount = f"{format_number(read.value)} {unit}"
        warnings.append(Message(LARGE_MONEY, {"number": figure, "value": amount}))
    return read.value, warnings


def _mentions(plain: str, written: str, *, measure: bool, year: int | None) -> list[_Mention]:
    """Return the values that a stretch of text states, in reading order; ``plain`` is its lower case, hidden."""
    found: list[_Mention] = []
    taken = plain

    def take(start: int, end: int) -> None:
        nonlocal taken
        taken = taken[:start] + _HIDDEN * (end - start) + taken[end:]

    for match in _RANK.finditer(taken):
        words = match["top"] or match["group"] or match["place"] or match["rank"] or match["word"]
        value = Decimal(words) if words.isdigit() else Decimal(_ORDINALS[words])
        found.append(_Mention(match.start(), match.end(), TargetKind.RANK_WITHIN, value, unit="rank"))
        take(match.start(), match.end())
    hidden = _hide_non_values(taken, written)
    for match in _SHARE.finditer(hidden):
        value, upper = Decimal(match["value"]), Decimal(match["upper"])
        unit, end, sort = _unit_at(hidden, written, match.end())
        if value > upper or sort == "measure" or (sort == "none" and not measure and hidden[match.end() :].strip(" .,")):
            continue
        found.append(_Mention(match.start(), end, TargetKind.COUNT_OF, value, upper, unit))
        hidden = hidden[: match.start()] + _HIDDEN * (end - match.start()) + hidden[end:]
    found.extend(_figures(hidden, taken, written, measure=measure, year=year))
    for match in _GRADE.finditer(taken):
        grade = next(match[name] for name in ("grade", "grade2", "grade3", "grade4") if match[name])
        if match["grade4"] and not measure:
            continue
        found.append(_Mention(match.start(), match.end(), TargetKind.GRADE_AT_LEAST, _GRADES[" ".join(grade.split())], unit="grade"))
    for match in _NOTHING.finditer(hidden):
        if not any(m.start <= match.start() < m.end for m in found):
            found.append(_Mention(match.start(), match.end(), TargetKind.AT_MOST, Decimal(0), weight=2))
    for match in _STATE.finditer(taken):
        if not any(m.start <= match.start() < m.end or match.start() <= m.start < match.end() for m in found):
            found.append(_Mention(match.start(), match.end(), TargetKind.ACHIEVED, weight=3, confidence=Decimal("0.8")))
    found.sort(key=lambda m: (m.start, m.weight))
    return found


def _figures(hidden: str, plain: str, written: str, *, measure: bool, year: int | None) -> Iterator[_Mention]:
    at = 0
    while match := _VALUE.search(hidden, at):
        mention = _figure(match, hidden, plain, written, measure=measure, year=year)
        at = max(match.end(), mention.end if mention else 0)
        if mention:
            yield mention
    for match in _WORD_VALUE.finditer(hidden):
        unit, end, sort = _unit_at(hidden, written, match.end())
        if sort in ("noun", "measure"):
            yield _Mention(match.start(), end, TargetKind.AT_LEAST, Decimal(_WORD_NUMBERS[match["value"]]), unit=unit, weight=1)


def _figure(match: re.Match[str], hidden: str, plain: str, written: str, *, measure: bool, year: int | None) -> _Mention | None:
    """Return the mention that a number opens, or None where it is no value."""
    start, after = match.start(), match.end()
    unit, end, sort = _unit_at(hidden, written, after)
    upper_text: str | None = None
    second = _SECOND.match(hidden, end if sort == "measure" else after)
    if second and (second["sep"].strip() not in ("-", "–", "—", "÷") or start > 0 or measure or True):
        upper_unit, upper_end, upper_sort = _unit_at(hidden, written, second.end())
        if upper_unit is not None or unit is None:
            upper_text, unit, end, sort = second["value"], upper_unit, upper_end, upper_sort
        elif sort == "measure":
            upper_text, end = second["value"], second.end()
    before = hidden[:start]
    kind, opened = _comparison(before)
    lone = measure and not hidden[:start].strip(" ≥≤<>=" + _HIDDEN) or measure and unit is None
    if sort in ("none", "word") and kind is None and not lone:
        if sort == "none" or upper_text is None and not _counted(before):
            return None
    if sort == "time" and kind is None and not measure and not _change(before):
        return None
    if sort == "none" and kind is not None and not measure and not re.match(r"\s*(?:$|[,;.:)]|trở\s|so\s)", hidden[after:]):
        return None
    value, warnings = _number(match["value"], unit)
    mention = _Mention(opened, end, kind or TargetKind.AT_LEAST, value, unit=unit, bare=kind is None, warnings=warnings)
    mention.compared = kind is not None
    mention.weight = 0 if unit and _PERCENT.match(unit) else 1
    mention.confidence = Decimal({"measure": "0.95", "noun": "0.9", "time": "0.85", "word": "0.7", "none": "0.7"}[sort])
    if warnings:
        mention.confidence -= Decimal("0.25")
    if upper_text is not None:
        _set_upper(mention, upper_text, unit, written[start:end])
    elif down := _DOWNWARD.match(hidden, end):
        mention.kind, mention.end, mention.bare = TargetKind.AT_MOST, down.end(), False
    elif up := _UPWARD.match(hidden, end):
        mention.end, mention.bare = up.end(), False
        if mention.kind is not TargetKind.ABOVE:
            mention.kind = TargetKind.AT_LEAST
    elif mention.bare and value == 0:
        mention.kind = TargetKind.AT_MOST
    return _with_change(mention, hidden, plain, start, year)


def _set_upper(mention: _Mention, figure: str, unit: str | None, written: str) -> None:
    upper, more = _number(figure, unit)
    mention.warnings.extend(more)
    low = mention.value
    if isinstance(low, Decimal) and upper < low:
        mention.warnings.append(Message(REVERSED, {"text": fold(written)}))
        mention.value, upper = upper, low
    mention.kind, mention.upper = TargetKind.BETWEEN, upper


def _comparison(before: str) -> tuple[TargetKind | None, int]:
    """Return the comparison that the words before a number make, and where they begin."""
    for kind, pattern in _BEFORE:
        if match := pattern.search(before):
            return kind, match.start()
    if match := _FROM.search(before):
        return TargetKind.AT_LEAST, match.start()
    return None, len(before)


_COUNTING = re.compile(
    r"\b(?:xây\s+(?:dựng|mới)|làm\s+mới|tổ\s+chức|kết\s+nạp|đào\s+tạo|mở|trồng|thành\s+lập|nâng\s+cấp|sửa\s+chữa|hỗ\s+trợ|tạo|phát\s+triển|duy\s+trì|cấp|ban\s+hành|đăng|hoàn\s+thành|có|đạt|giải\s+quyết|vận\s+động|tuyển|thu|lắp\s+đặt|trang\s+bị|phát\s+hành|tiếp\s+nhận|huy\s+động|là|được|tặng|giới\s+thiệu|công\s+nhận|xóa|xoá|bê\s+tông\s+h[óo][áa]|cứng\s+h[óo][áa]|bồi\s+dưỡng|thực\s+hiện|tập\s+huấn|triển\s+khai|tuyên\s+truyền|chuyển\s+đổi)\b[^,;]{0,60}$|:\s*$"
)


def _counted(before: str) -> bool:
    """Tell whether a number before an unlisted noun counts what is done: a verb or colon leads to it."""
    return _COUNTING.search(before) is not None


def _change(before: str) -> TargetKind | None:
    """Return increase or decrease where the last change verb before a number governs it."""
    last: tuple[int, int, TargetKind] | None = None
    for kind, pattern in ((TargetKind.INCREASE_BY, _INCREASE), (TargetKind.DECREASE_BY, _DECREASE)):
        for match in pattern.finditer(before):
            if last is None or match.start() > last[0]:
                last = (match.start(), match.end(), kind)
    if last is None:
        return None
    between = before[last[1] :]
    if re.search(r"\b(?:đạt|còn|xuống|lên)\b|;|,\s*(?:tỷ\s+lệ|đạt|phấn)", between) or len(between.split()) > 25:
        return None
    return last[2]


def _with_change(mention: _Mention, hidden: str, plain: str, start: int, year: int | None) -> _Mention | None:
    before, after = hidden[:start], hidden[mention.end :]
    # "tăng từ 90% lên 95%": the first figure is where it stands today.
    if re.match(r"\s*(?:hiện\s+nay\s+|năm\s+\S+\s+)?(?:lên|xuống)\b", after) and _VALUE.search(after[:60]):
        return None
    compared = _COMPARED.search(plain, mention.end)
    near = compared is not None and not re.search(r"\d", hidden[mention.end : compared.start()])
    kind = _change(before)
    if _LEFT.search(before):
        if mention.bare or mention.kind is TargetKind.AT_LEAST:
            mention.kind, mention.bare = TargetKind.AT_MOST, False
        return mention
    if _RAISED.search(before):
        return mention
    if kind is None and near and compared is not None and mention.kind in (TargetKind.ABOVE, TargetKind.BELOW):
        kind = TargetKind.INCREASE_BY if mention.kind is TargetKind.ABOVE else TargetKind.DECREASE_BY
        if not re.search(r"\b(?:cao|nhiều|vượt|lớn|thấp|ít|nhỏ|hơn)\b", hidden[mention.start : start]):
            kind = None
    earlier = re.search(r"\b(?P<way>cao|thấp)\s+hơn\s+(?:so\s+với\s+)?(?:kết\s+quả\s+)?(?:năm\s+(?P<year>\d{4})|năm\s+trước|cùng\s+kỳ)[^,;]{0,30}$", plain[:start])
    if kind is None and earlier:
        kind = TargetKind.INCREASE_BY if earlier["way"] == "cao" else TargetKind.DECREASE_BY
        mention.baseline_year = int(earlier["year"]) if earlier["year"] else year - 1 if year else None
    if kind is None:
        return mention
    if kind is TargetKind.DECREASE_BY and mention.kind in (TargetKind.BELOW, TargetKind.AT_MOST) and not near:
        return mention
    mention.kind, mention.bare = kind, False
    if compared is not None and (near or not re.search(r"\d", hidden[mention.end : compared.start()])):
        if compared["year"]:
            mention.baseline_year = int(compared["year"])
        elif compared["last"] and year is not None:
            mention.baseline_year = year - 1
    return mention


# ── Dividing a stretch among its mentions ───────────────────────────────────────────────────────────────────

_SOFT = re.compile(r",|\s(?:và|còn|đồng\s+thời)\s|\strong\s+đó\b|:|\s[-–—]\s")


def _divide(plain: str, mentions: Sequence[_Mention]) -> list[tuple[int, int, _Mention]]:
    """Return a clause for each mention that a soft boundary sets apart."""
    if not mentions:
        return []
    groups: list[tuple[int, list[_Mention]]] = [(0, [mentions[0]])]
    for before, mention in pairwise(mentions):
        start, group = groups[-1]
        at = _boundary(plain, start, _main(group), before, mention)
        if at is None:
            group.append(mention)
        else:
            groups.append((at, [mention]))
    ends = [start for start, _ in groups[1:]] + [len(plain)]
    return [(start, end, _main(group)) for (start, group), end in zip(groups, ends, strict=True)]


def _main(group: Sequence[_Mention]) -> _Mention:
    """Return the mention that carries a clause: a figure before "không có" before a mere state."""
    return min(enumerate(group), key=lambda pair: (pair[1].weight, pair[0]))[1]


def _boundary(plain: str, start: int, main: _Mention, before: _Mention, mention: _Mention) -> int | None:
    """Return where the clause of ``mention`` begins, or None where it belongs to the clause before it."""
    best: tuple[int, int] | None = None
    for soft in _SOFT.finditer(plain, before.end, mention.start + 1):
        if soft.start() >= mention.start:
            break
        at = soft.end() if soft[0] in (",", ":") or soft[0].strip() in "-–—và" else soft.start()
        rest = plain[at:].lstrip(" ,")
        gap = plain[at : mention.start].strip(" ,:" + _HIDDEN)
        starter = _CLAUSE_START.match(rest)
        score = 1 if soft[0] == "," else 0
        score += 3 if starter else 0
        score += 3 if not gap else 0
        score += 2 if not plain[before.end : soft.start()].strip(" " + _HIDDEN) else 0
        if soft[0] == ":" and not plain[before.end : soft.start()].strip():
            score += 1
        if best is None or score > best[0] or (score == best[0] and score < 3):
            best = (score, at)
    if best is None:
        return None
    score, at = best
    left = plain[start:at]
    gap = plain[at : mention.start].strip(" ,:" + _HIDDEN)
    if mention.kind is TargetKind.ACHIEVED:
        if main.kind is TargetKind.ACHIEVED:
            return at if _SUBJECT.match(gap) else None
        return at if _SUBJECT.match(gap) and _is_complete(left, main, start) else None
    if mention.kind is TargetKind.GRADE_AT_LEAST and main.weight == 0 and main.kind is not TargetKind.GRADE_AT_LEAST and main.kind is not TargetKind.RANK_WITHIN:
        share_first = not plain[start : main.start].strip(" ," + _HIDDEN) or re.match(r"\s*(?:trong\s+đó|ph[ấầâ]n\s+đ[ấầâ]u)", plain[start : main.start])
        return None if share_first or not _is_complete(left, main, start) else at
    if mention.weight == 2 and not re.match(r"(?:và\s+|phấn\s+đấu\s+|đảm\s+bảo\s+|bảo\s+đảm\s+|tuyệt\s+đối\s+)*$", gap) and not _is_complete(left, main, start):
        return None
    if mention.weight == 1 and main.weight == 0 and score < 3:
        return None
    if score == 0 and plain[before.end : mention.start].count(",") == 0 and not _is_complete(left, main, start):
        return None
    return at


def _is_complete(left: str, main: _Mention, start: int) -> bool:
    """Tell whether a clause already says of what its value is: a subject before it, or a predicate after it."""
    subject = re.sub(r"\b(?:trong\s+đó|có|ph[ấầâ]n\s+đ[ấầâ]u|đạt|hoàn\s+thành)\b", " ", left[: max(0, main.start - start)])
    if len(re.findall(r"[a-zà-ỹđ]+", subject)) >= 2:
        return True
    if main.kind not in (TargetKind.AT_LEAST, TargetKind.ABOVE, TargetKind.AT_MOST, TargetKind.BELOW, TargetKind.COUNT_OF, TargetKind.BETWEEN):
        return True
    return _PREDICATE.search(left[max(0, main.end - start) :]) is not None


# ── Reading ──────────────────────────────────────────────────────────────────────────────────────────────────


def parse_targets(
    text: str,
    *,
    measure: bool = False,
    previous: bool = False,
    striving: bool = False,
    year: int | None = None,
) -> tuple[FoundTarget, ...]:
    """Return the measurable commitments of a wording, in reading order.

    With ``measure`` the text is the cell of a measure column and so the whole wording of its target; with
    ``previous`` it is of a column of last year's results, which gives none. ``striving`` is what the
    objective's own wording says ("phấn đấu …"); ``year`` is the plan's, for "so với năm trước".
    Source: ISO 9001:2015 6.2.1 (objectives are measurable).

    >>> [(f.target.kind.value, str(f.target.value), f.target.unit) for f in parse_targets("Đạt trên 90%; ít nhất 01 hồ sơ")]
    [('above', '90', '%'), ('at_least', '1', 'hồ sơ')]
    >>> parse_targets("Tiếp tục đổi mới lề lối làm việc.")
    ()
    """
    if previous:
        return ()
    folded = fold_mapped(text, keep_lines=True)
    written = folded.text
    quoted = _hide_quotes(lower(written))
    outer = _hide_brackets(quoted)
    strivings = [match.start() for match in _STRIVE.finditer(quoted)]
    clauses: list[_Clause] = []
    sentences: dict[int, int] = {}
    for cut in _cuts(_hide_brackets(_hide_quotes(written))):
        opened = sentences.setdefault(cut.sentence, cut.start)
        own = _read_cut(outer, written, cut, measure=measure, year=year)
        for start, end in _brackets(quoted, cut.start, cut.end):
            around = [clause for clause in own if clause.start <= start <= clause.end]
            inner = _read_bracket(quoted, written, start, end, bool(around), year)
            if inner and around and around[-1].mention.end <= start:
                around[-1].end = start - 1
            own.extend(inner)
        for clause in own:
            at = clause.mention.start
            clause.striving = striving or any(opened <= place <= at for place in strivings)
        clauses.extend(own)
    clauses.sort(key=lambda clause: clause.start)
    _share_change(clauses, outer)
    if measure and not clauses and _says_something(quoted):
        mention = _Mention(0, len(written), TargetKind.ACHIEVED, confidence=Decimal("0.6"))
        clauses = [_Clause(0, len(written), mention, striving or bool(strivings))]
    if measure and len(clauses) == 1:
        clauses[0].start, clauses[0].end = 0, len(written)
    found = []
    for clause in clauses:
        start, end = _trimmed(written, clause.start, clause.end)
        mention = clause.mention
        target = Target(
            text=fold(written[start:end]),
            kind=mention.kind,
            value=mention.value,
            upper=mention.upper,
            unit=mention.unit,
            baseline_year=mention.baseline_year,
            striving=clause.striving,
        )
        first, last = folded.span(start, end)
        found.append(FoundTarget(target, first, last, mention.confidence, tuple(mention.warnings)))
    return tuple(found)


@dataclass(slots=True)
class _Clause:
    """A mention with the stretch of text that carries it; places are of the whole folded text."""

    start: int
    end: int
    mention: _Mention
    striving: bool = False


def _read_cut(plain: str, written: str, cut: _Cut, *, measure: bool, year: int | None) -> list[_Clause]:
    stretch = plain[cut.start : cut.end]
    mentions = _mentions(stretch, written[cut.start : cut.end], measure=measure, year=year)
    clauses = []
    for start, end, mention in _divide(stretch, mentions):
        if mention.kind is TargetKind.ACHIEVED and not measure and _STATE_CONDUCT.match(stretch[start:end]):
            continue
        mention.start += cut.start
        mention.end += cut.start
        clauses.append(_Clause(cut.start + start, cut.start + end, mention))
    return clauses


def _read_bracket(
    plain: str, written: str, start: int, end: int, around: bool, year: int | None
) -> list[_Clause]:
    """Return the commitments of a bracket that are others than the one it follows; an equivalent is none."""
    inner = plain[start:end]
    if _EQUIVALENT.match(inner):
        return []
    clauses = _read_cut(plain, written, _Cut(start, end, 0), measure=False, year=year)
    kept = []
    for clause in clauses:
        mention = clause.mention
        subject = plain[clause.start : mention.start].strip(" ,;:")
        named = len(re.findall(r"[a-zà-ỹđ]+", subject)) >= 2 or re.match(r"\s*trong\s+đó", inner)
        stated = mention.weight == 0 or mention.compared
        if not around or (named and stated and mention.kind is not TargetKind.ACHIEVED):
            kept.append(clause)
    return kept if around else []


def _share_change(clauses: Sequence[_Clause], plain: str) -> None:
    """Let "tăng 1% … và 2% … so với năm 2023" say of both figures that they are increases over that year."""
    changes = (TargetKind.INCREASE_BY, TargetKind.DECREASE_BY)
    for before, clause in pairwise(clauses):
        opens = not re.search(r"[a-zà-ỹđ]", plain[clause.start : clause.mention.start].replace(" và ", " "))
        if before.mention.kind in changes and clause.mention.bare and opens and ";" not in plain[before.end : clause.start + 1]:
            clause.mention.kind = before.mention.kind
            if compared := _COMPARED.search(plain, clause.mention.end, clause.end):
                clause.mention.baseline_year = int(compared["year"]) if compared["year"] else None
        same = clause.mention.kind is before.mention.kind and clause.mention.kind in changes
        if same and before.mention.baseline_year is None and opens:
            before.mention.baseline_year = clause.mention.baseline_year


def _says_something(plain: str) -> bool:
    """Tell whether a measure cell holds words at all, and is no pointer to another ("như trên")."""
    words = re.findall(r"[a-zà-ỹđ]+", plain)
    return bool(words) and not re.fullmatch(r"\W*(?:như\s+trên|nt|-|không|không\s+có)\W*", plain)


def _trimmed(written: str, start: int, end: int) -> tuple[int, int]:
    """Return the clause without the marks, connectors and lead-ins at its ends."""
    if leading := _LEADING.match(written[start:end]):
        start += leading.end()
    if trailing := _TRAILING.search(written[start:end]):
        end = start + trailing.start()
    text = written[start:end]
    if text.count("(") > text.count(")") and written[end : end + 1] == ")":
        end += 1
    elif text.endswith(")") and text.count(")") > text.count("("):
        end -= 1
    return start, end


# ── Official wording ─────────────────────────────────────────────────────────────────────────────────────────

_GRADE_NAMES = {grade: name for name, grade in _GRADES.items()}


def write_target(target: Target) -> str:
    """Return official Vietnamese wording of the commitment; ``parse_targets(…, measure=True)`` reads it back.

    >>> write_target(Target("", TargetKind.AT_LEAST, Decimal(95), unit="%"))
    'từ 95% trở lên'
    >>> write_target(Target("", TargetKind.BETWEEN, Decimal(43), Decimal(45), "triệu đồng/người/năm"))
    '43 - 45 triệu đồng/người/năm'
    >>> write_target(Target("", TargetKind.INCREASE_BY, Decimal(1), unit="%", baseline_year=2023, striving=True))
    'phấn đấu tăng 1% so với năm 2023'
    """
    wording = _wording(target)
    if not target.striving:
        return wording
    needs_verb = target.kind in (
        TargetKind.AT_LEAST,
        TargetKind.ABOVE,
        TargetKind.BETWEEN,
        TargetKind.COUNT_OF,
    )
    return f"phấn đấu đạt {wording}" if needs_verb else f"phấn đấu {wording}"


def _wording(target: Target) -> str:
    value = target.value
    if target.kind is TargetKind.ACHIEVED or value is None:
        return "đạt yêu cầu"
    if isinstance(value, Grade):
        name = _GRADE_NAMES[value]
        return f"xếp loại {name}" if value is Grade.EXCELLENT else f"đạt loại {name} trở lên"
    amount = _amount(value, target.unit)
    match target.kind:
        case TargetKind.AT_LEAST if target.unit == "%" and value == 100:
            return amount
        case TargetKind.AT_LEAST if target.unit == "%":
            return f"từ {amount} trở lên"
        case TargetKind.AT_LEAST:
            return f"tối thiểu {amount}"
        case TargetKind.ABOVE:
            return f"trên {amount}"
        case TargetKind.AT_MOST if value == 0 and target.unit is None:
            return "không để xảy ra trường hợp nào"
        case TargetKind.AT_MOST:
            return f"không quá {amount}"
        case TargetKind.BELOW:
            return f"dưới {amount}"
        case TargetKind.COUNT_OF:
            return f"{_plain(value)}/{_plain(target.upper or value)}" + (f" {target.unit}" if target.unit else "")
        case TargetKind.RANK_WITHIN:
            return f"trong tốp {_plain(value)}"
        case TargetKind.INCREASE_BY | TargetKind.DECREASE_BY:
            verb = "tăng" if target.kind is TargetKind.INCREASE_BY else "giảm"
            since = f" so với năm {target.baseline_year}" if target.baseline_year else ""
            return f"{verb} {_range(value, target)}{since}"
        case _:
            return _range(value, target)


def _plain(value: Decimal) -> str:
    return format_number(value).replace(".", "")


def _range(value: Decimal, target: Target) -> str:
    if target.upper is None:
        return _amount(value, target.unit)
    first = f"{format_number(value)}%" if target.unit == "%" else format_number(value)
    return f"{first} - {_amount(target.upper, target.unit)}"


def _amount(value: Decimal, unit: str | None) -> str:
    """Return a value with its unit; a count below ten takes a leading zero, as offices write it."""
    if unit is None:
        return format_number(value)
    if unit[:1] in "%‰":
        return f"{format_number(value)}{unit}"
    counted = value == value.to_integral_value() and 0 < value < 10 and not _MEASURE.fullmatch(f" {lower(unit)}")
    return f"{'0' if counted else ''}{format_number(value)} {unit}"
