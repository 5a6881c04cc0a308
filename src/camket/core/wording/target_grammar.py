"""The phrases of the genre by which objectives state their targets, as patterns over lower-case folded text.

Each list is data: an expression that an office uses and that is not understood is added to its list and to the
tables of docs/reference/algorithms/targets-wording.md, which are the tests.
"""

from __future__ import annotations

import re

from camket.core.plan import Grade, TargetKind
from camket.core.wording.phrases import one_of

HIDDEN = "\ue000"
"""What is no part of the wording being read (quotations, brackets, numbers that are no values) is written over with it."""

# ── Figures ──────────────────────────────────────────────────────────────────────────────────────────────────

_FIGURE = r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?"
_AFTER_FIGURE = r"(?![\d]|[.,]\d| ?/ ?\d)"
_TO = r" ?(?:[-–—÷]|đến|tới|cho đến) ?(?:dưới )?"
VALUE = re.compile(rf"(?<![\w.,/:+])(?P<value>{_FIGURE}){_AFTER_FIGURE}")
SECOND_VALUE = re.compile(rf"{_TO}(?P<value>{_FIGURE}){_AFTER_FIGURE}")
MONEY = re.compile(
    r"(?<![\w.,/])(?P<billions>\d{1,3}) (?:tỷ|tỉ)(?: đồng)? (?P<millions>\d{1,3}) (?P<unit>triệu(?: đồng)?)"
)
""""5 tỷ 200 triệu đồng", one value in two figures."""
SHARE = re.compile(r"(?<![\w.,/])(?P<value>\d{1,4}) ?/ ?(?P<upper>\d{1,4})(?![\d/]|[.,]\d)")
WORD_NUMBERS = {
    "một": 1,
    "hai": 2,
    "ba": 3,
    "bốn": 4,
    "năm": 5,
    "sáu": 6,
    "bảy": 7,
    "tám": 8,
    "chín": 9,
    "mười": 10,
}
WORD_VALUE = re.compile(rf"\b(?:ít nhất|tối thiểu) (?:là |có )?(?P<value>{'|'.join(WORD_NUMBERS)})(?= )")

# ── Units ────────────────────────────────────────────────────────────────────────────────────────────────────

_MEASURES = one_of(
    """
    điểm phần trăm|điểm ?%|phần trăm|%|‰
    (?:nghìn|ngàn|trăm|chục) (?:tỷ|tỉ|triệu) đồng
    (?:tỷ|tỉ|triệu|nghìn|ngàn) (?:đồng|usd|vnđ|lượt|người|tấn|hộ|con|cây|m2|m3)
    (?:tỷ|tỉ|tr)\\.? ?đ(?:ồng)?
    triệu|nghìn|ngàn|tỷ|tỉ|đồng|usd|vnđ
    km2|km²|km|m2|m²|m3|m³|mét vuông|mét khối|mét
    héc ?-? ?ta|ha|sào|mẫu|tấn|tạ|yến|kg|gam|lít
    kwh|kw|mw|mva|m|điểm|sao|bậc
    """
)
_NOUNS = one_of(
    """
    nhà văn h[óo][áa]?(?: (?:thôn|xóm|ấp|bản|khu phố|xã|tổ dân phố|khu dân cư))?
    nhà (?:đại đoàn kết|tình nghĩa|tình thương|ở|vệ sinh)
    hồ sơ|thủ tục(?: hành chính)?|tthc|dịch vụ công(?: trực tuyến)?|văn bản(?: quy phạm pháp luật)?
    chỉ tiêu|tiêu chí|nhiệm vụ|mục tiêu|nội dung|chương trình|đề án|dự án|kế hoạch|mô hình|sáng kiến|giải pháp|đề tài
    cán bộ|công chức|viên chức|đảng viên|quần chúng|đoàn viên|hội viên|thành viên|học sinh|học viên|giáo viên
    lao động|người(?: dân)?|công dân|nhân khẩu|khẩu|trẻ(?: em)?|phụ nữ|thanh niên|chiến s[ĩỹ]
    hộ(?: (?:gia đình|dân|nghèo|cận nghèo|kinh doanh|sản xuất))?
    thôn|xóm|ấp|bản|làng|khu phố|khu dân cư|tổ dân phố|tổ hợp tác|tổ chức|tổ|xã|phường
    đơn vị|cơ quan|bộ phận|phòng học|phòng|ngành|lĩnh vực|chi bộ|doanh nghiệp|hợp tác xã|htx|trang trại
    hội nghị|cuộc(?: (?:họp|kiểm tra|giám sát|đánh giá|thanh tra|thi))?
    buổi(?: (?:tuyên truyền|tập huấn|họp|đối thoại|sinh hoạt))?
    lớp(?: (?:tập huấn|bồi dưỡng|đào tạo|dạy nghề|học))?
    đợt(?: (?:kiểm tra|đánh giá|tuyên truyền|giám sát))?
    lần|lượt(?: (?:người|hồ sơ|truy cập|khách|cán bộ|công chức|hội viên|hộ))?|kỳ|phiên
    tin ?,? bài|bài(?: viết)?|tin|báo cáo|phiếu(?: khảo sát)?|ý kiến|kiến nghị|phản ánh|đơn(?: thư)?
    vụ(?: việc)?|trường hợp|công trình|tuyến(?: (?:đường|phố|kênh|mương))?|cầu|trường(?: học)?|trạm|chợ|điểm (?:trường|sinh hoạt)
    cây(?: xanh)?|con|sản phẩm(?: ocop)?|bộ(?: (?:thủ tục|hồ sơ|quy trình))?|quy trình|biểu mẫu
    máy(?: tính)?|tài khoản|giấy chứng nhận|thẻ|căn nhà|căn|nhà|câu lạc bộ|clb|camera|hàng|cặp
    tập thể|cá nhân|gương|phong trào|chữ ký số|danh hiệu|khóa|khoá|chuyên đề
    """
)
_TIMES = one_of("ngày làm việc|giờ làm việc|ngày|giờ|phút|tuần|tháng|năm|giây")
_PER_WHAT = one_of(
    """
    nghìn dân|vạn dân|nhân khẩu|lao động|hộ (?:dân|gia đình)|khu dân cư|đơn vị|cán bộ|công chức
    hồ sơ|thủ tục|cuộc họp|trường hợp|[a-zà-ỹđ]+[²³2]?
    """
)
_PER = rf"(?: ?/ ?(?:\d[\d.]* )?{_PER_WHAT})*"
# What is hidden between a figure and its unit says the figure in words: "05 (năm) hồ sơ".
_GAP = f" ?{HIDDEN}*"
MEASURE = re.compile(rf"{_GAP} ?(?P<unit>{_MEASURES}(?![a-zà-ỹđ0-9²³]){_PER})")
NOUN = re.compile(rf"{_GAP} (?P<unit>{_NOUNS}(?![a-zà-ỹđ]){_PER})")
TIME = re.compile(rf"{_GAP} ?(?P<unit>{_TIMES}(?![a-zà-ỹđ]){_PER})")
ANY_NOUN = re.compile(rf" (?P<first>[a-zà-ỹđ]+)(?: (?P<second>[a-zà-ỹđ]+))?(?P<per>{_PER})")
RATE = re.compile(r"%|‰|phần trăm|điểm")
_NO_NOUN_WORDS = """
    trở được trên của cho về theo tại ở trong đạt có là và từ với hoàn bị để bằng sang thuộc tham so mới mỗi hoặc đến do
    khi nếu đã sẽ phải không đúng thì mà như cùng giữa dưới qua lên xuống còn đầu cuối trước sau này nêu các những số tổng
"""
NO_NOUN = frozenset(_NO_NOUN_WORDS.split())
"""Words that end an unlisted noun, or that no counted noun begins with."""
COUNTING = re.compile(
    r"\b"
    + one_of(
        """
        xây (?:dựng|mới)|làm mới|tổ chức|kết nạp|đào tạo|mở|trồng|thành lập|nâng cấp|sửa chữa|hỗ trợ|tạo|phát triển
        duy trì|cấp|ban hành|đăng|hoàn thành|có|đạt|giải quyết|vận động|tuyển|thu|lắp đặt|trang bị|phát hành|tiếp nhận
        huy động|là|được|tặng|giới thiệu|công nhận|xóa|xoá|bê tông h[óo][áa]|cứng h[óo][áa]|bồi dưỡng|thực hiện
        tập huấn|triển khai|tuyên truyền|chuyển đổi
        """
    )
    + r"\b[^,;]{0,60}$|: ?$"
)
"""A verb or a colon that leads to a number which counts what is done."""

# ── Comparisons ──────────────────────────────────────────────────────────────────────────────────────────────

_FILLER = (
    "(?: ?"
    + one_of(
        """
        là|mức|ở mức|khoảng|đạt|được|bằng|từ|có|mỗi năm|hằng năm|hàng năm|mỗi quý|mỗi tháng|hằng tháng|tổ chức
        về|số|tỷ lệ|con số|đến|tới|thêm|bình quân
        """
    )
    + ")* ?:? ?"
)
BEFORE: tuple[tuple[TargetKind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(one_of(phrases) + _FILLER + "$"))
    for kind, phrases in (
        (
            TargetKind.AT_MOST,
            r"""
            \b(?:không|chưa) (?:được )?(?:để )?(?:(?:xảy ra|phát sinh|có|còn) )?(?:vượt )?quá
            \bkhông để [^,;:.]{1,60}? (?:vượt )?quá
            \bkhông (?:được )?(?:cao|lớn|nhiều) hơn
            \bkhông (?:vượt|trên)
            \btối đa|\bnhiều nhất|\bcao nhất là
            ≤|< ?=|= ?<|⩽
            """,
        ),
        (
            TargetKind.AT_LEAST,
            r"""
            \bkhông (?:được )?(?:dưới|(?:thấp|ít|nhỏ|kém) hơn)
            \btối thiểu|\bít nhất|\bthấp nhất
            \btrên hoặc bằng|\bbằng hoặc (?:trên|cao hơn)
            ≥|> ?=|= ?>|⩾
            """,
        ),
        (
            TargetKind.ABOVE,
            r"""
            (?<!tính )\btrên
            \b(?:lớn|cao|nhiều) hơn
            (?<!thấp )(?<!ít )(?<!kém )(?<!nhỏ )\bhơn
            \bvượt(?: (?:trên|mức|quá))?
            >
            """,
        ),
        (TargetKind.BELOW, r"\bdưới|\b(?:thấp|ít|nhỏ|kém) hơn|\bchưa (?:đến|tới)|<"),
    )
)
"""Comparisons that stand before a number; a negated one is listed before the plain one it holds."""
FROM = re.compile(r"\btừ (?:mức )?$|\btừ ?: ?$|\btừ ?$")
UPWARD = re.compile(r" ?(?:trở lên|đổ lên|hoặc (?:cao|nhiều|lớn) hơn)\b")
DOWNWARD = re.compile(r" ?(?:trở xuống|đổ xuống|hoặc (?:thấp|ít) hơn)\b")
LEFT = re.compile(
    one_of(
        r"""
        \b(?:giảm|hạ|kéo)\b[^,;]*\b(?:xuống|còn|về)
        \bxuống
        (?<!thương )\bcòn
        \bkhống chế(?: ở)?
        """
    )
    + _FILLER
    + "(?:dưới ?|không quá ?|tối đa ?)?$"
)
"""What a rate is brought down to: "giảm còn", "xuống"."""
RAISED = re.compile(rf"\blên{_FILLER}(?:trên ?|hơn ?)?$")

STATED = re.compile(r"\bđạt ?$|\bđạt (?:được|mức|khoảng) ?$")
"""A verb that states the value right before it."""
SHORTEN = re.compile(r"\brút ngắn\b[^,;]*$")

# "tỷ lệ tăng", "tốc độ tăng" name a rate; "tăng cường", "tăng trưởng" no change against a year.
_NAMES_A_RATE = "".join(
    f"(?<!{word} )" for word in ("tỷ lệ", "tỉ lệ", "tốc độ", "mức", "mức độ", "không", "sự", "chưa")
)
INCREASE = re.compile(
    rf"{_NAMES_A_RATE}(?<!gia )\btăng\b(?! (?:cường|trưởng|tốc\b|ca\b|tiến))|\bnâng (?:thêm|tỷ lệ)\b"
)
DECREASE = re.compile(
    rf"{_NAMES_A_RATE}(?<!tăng )(?<!công tác )(?<!chương trình )\b(?:kéo |cắt )?giảm\b(?! thiểu)|\brút ngắn\b"
)
COMPARED = re.compile(
    r"\b(?:so với|so|cao hơn|thấp hơn|hơn)\b[^;.()]{0,80}?\b"
    r"(?:năm (?P<year>(?:19|20)\d{2})"
    r"|(?P<last>cùng kỳ(?! năm (?:19|20)\d)(?: (?:năm )?(?:trước|ngoái))?|năm (?:trước|ngoái|liền kề|liền trước)))"
)
"""The year compared with; ``last`` where it is the year before the plan's."""
COMPARED_BEFORE = re.compile(
    r"\b(?P<way>cao|thấp) hơn (?:so với )?(?:kết quả )?(?:năm (?P<year>\d{4})|năm trước|cùng kỳ)[^,;]{0,30}$"
)

# ── Numbers that are no values ──────────────────────────────────────────────────────────────────────────────

_YEAR = r"(?:19|20)\d{2}"
_LABELLED = one_of(
    """
    nghị định|thông tư|quyết định|chỉ thị|nghị quyết|kế hoạch|luật|công văn|tờ trình|thông báo|kết luận|quy chế|quy định
    chương trình|đề án|dự án|tiểu dự án|mô hình khung|biểu mẫu|mẫu|biểu|phụ lục|phụ biểu|điều|khoản|điểm|chương|mục|phần
    bảng|bước|mục tiêu|tiêu chí|chỉ tiêu|nhiệm vụ|nội dung|số|quốc lộ|tỉnh lộ|đường|ql|đt|khóa|khoá|lớp|kỳ|thứ|lần
    thôn|xóm|ấp|bản|tổ dân phố|tổ|khu phố|khu vực|khu|đội|cụm|vùng|cấp độ|mức độ|mức|cấp|giai đoạn|hạng|loại|nhóm
    thế hệ|trường|tuyến|phòng|nhà|lô|quy trình|phiên bản|tòa|hẻm|ngõ|nđ|tt|qđ|ct|nq|kh|cv|đa
    """
)
_NO_UNIT_AHEAD = r"(?! ?(?:%|‰|phần trăm|(?:tỷ|tỉ|triệu|nghìn|ngàn|km|ha|m2|tấn|điểm)\b|m²))"
NOT_VALUES: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern)
    for pattern in (
        # Standards and numbers of documents: "TCVN ISO 9001:2015", "19/2014/QĐ-TTg".
        r"\b(?:tcvn|iso|iec|qcvn|tccs|par|sipas|pci|papi)[ /]*(?:iso|iec|index)?[ /]*\d+(?: ?[-:] ?\d+)*",
        r"\b9001 ?: ?\d{4}",
        r"\b\d+(?:/\d{4})?/(?:qđ|nđ|tt|nq|ct|kh|tb|bc|cv|qh|tw|ttr|hd|ctr|ubnd|hđnd|tu)\b[\w\-&]*",
        # Dates, years and parts of a year.
        rf"\b\d{{1,2}} ?[/.\-] ?\d{{1,2}} ?[/.\-] ?{_YEAR}\b",
        r"\bngày ?(?:\d{1,2} ?[/.] ?\d{1,2}|\d{1,2}(?: ?tháng ?\d{1,2})?)",
        r"\b(?:trước|đến|hết|từ|chậm nhất|sau) (?:ngày )?(?:[12]\d|3[01]|0?[1-9]) ?[/.] ?(?:1[0-2]|0?\d)\b(?! ?[%a-zà-ỹ])",
        rf"\b(?:giai đoạn|nhiệm kỳ|năm học|năm|niên độ) ?(?:từ )?{_YEAR}(?: ?(?:[-–—]|đến) ?(?:năm )?(?:19|20)?\d{{2,4}})?\b",
        rf"\b{_YEAR} ?[-–—] ?{_YEAR}\b",
        rf"\btháng ?\d{{1,2}}(?: ?[/.] ?{_YEAR})?\b",
        rf"\bquý ?(?:\d|i{{1,3}}|iv)\b(?: ?/ ?{_YEAR})?",
        r"\b\d{1,2} tháng (?:đầu|cuối) năm(?: \d{4})?",
        # Ages: "05 tuổi", "từ 6 đến 14 tuổi".
        r"\b(?:từ |trên |dưới |đủ )*\d{1,2}(?: ?(?:[-–]|đến(?: dưới)?) ?\d{1,2})? ?(?:tháng )?tuổi\b(?: trở lên)?",
        # Levels, steps, names with a number: "mức độ 3, 4", "Đề án 06", "thôn 3".
        r"\b(?:mức độ|mức|cấp độ|cấp) ?[0-4](?!\d| ?[,.]\d)"
        r"(?: ?(?:,|và|-|–|/|hoặc|đến) ?(?:mức độ ?|mức ?)?[0-4](?!\d| ?(?:%|[,.]\d)))*(?! ?%)(?: trở lên)?",
        rf"\b{_LABELLED} (?:số ?|thứ ?)?\d+(?!\d*[.,]\d)[a-z]?\b(?! ?/ ?\d){_NO_UNIT_AHEAD}(?! ?[-–] ?\d+ ?%)",
        r"\btỷ lệ 1 ?/ ?\d+",
        # Of how many points: "85/100 điểm".
        r"(?<=\d) ?/ ?100?(?= ?điểm)",
        # Hours, generations, slogans, telephone numbers.
        r"\b24 ?/ ?7\b|\b24 ?/ ?24\b(?= ?(?:giờ|h\b|/|trong ngày|các ngày|[.,;)]|$))",
        r"\b24 ?h\b|\b7 ?/ ?24\b|\b\d{1,2} ?h(?: ?\d{2})?\b",
        r"\b[2-6]g\b|\b\d\.0\b(?! ?%)|\b5s\b",
        r"\b0?1 cửa\b|\b\d+ (?:không|sạch|biết|rõ|dám|xin|tăng|giảm)\b(?! ?\d)",
        r"\b(?:sđt|điện thoại|đt|hotline|số máy)[: ]*[\d. ]{6,}",
        r"\bcovid ?-? ?19\b|\bkm ?\d+ ?\+ ?\d+",
    )
)
DOCUMENT_NUMBER = re.compile(r"\b\d+(?:/\d{4})?/[A-ZĐ]{2,}[\w\-&]*")
"""A document's number by its capitals ("08/KH-BCĐ"); the one pattern over text as written."""

# ── Grades, ranks, nothing of the kind, states ──────────────────────────────────────────────────────────────

GRADES = {
    "xuất sắc": Grade.EXCELLENT,
    "tốt": Grade.GOOD,
    "khá": Grade.FAIR,
    "trung bình": Grade.AVERAGE,
    "yếu": Grade.WEAK,
}


def _grade(group: str) -> str:
    return rf"(?:hoàn thành )?[“\"]?(?P<{group}>{'|'.join(GRADES)})[”\"]?"


GRADE = re.compile(
    r"(?:"
    r"\b(?:được )?(?:đánh giá ?,? ?(?:và )?)?(?:xếp (?:loại|hạng|thứ hạng)|phân loại|xếp)"
    rf"(?: ?(?::|ở|từ|đạt|mức|loại|hạng|là|chất lượng))* ?{_grade('rated')}"
    r"|\b(?:đạt|giữ vững|duy trì|ở) (?:(?:từ|ở|mức|loại|hạng|xếp loại|mức độ|kết quả|tối thiểu|ít nhất) )*"
    rf"{_grade('reached')}"
    rf"|\b(?:từ |tối thiểu |ít nhất )?(?:loại|mức|hạng) {_grade('class')}"
    rf"|^ ?(?:từ )?{_grade('alone')}"
    r")(?: nhiệm vụ)?(?: trở lên)?(?![a-zà-ỹđ])"
)
"""A grade; the group ``alone`` is one only where it opens a measure's cell."""
ORDINALS = {"nhất": 1, "nhì": 2, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "đầu": 1}
_LEADING_GROUP = "(?:dẫn đầu|đứng đầu|cao nhất|tốt nhất|xuất sắc nhất|đầu(?: (?:toàn|cả|của|tỉnh|bảng))?)"
RANK = re.compile(
    r"(?:\b(?:nằm|đứng|thuộc|xếp|lọt|ở|vào|đạt|duy trì|giữ) ){0,2}(?:(?:trong|vào|ở|thuộc) ){0,2}"
    r"(?:(?:nhóm )?(?:top|tốp) ?(?P<top>\d{1,3})"
    rf"|(?:nhóm|trong số|số|trong|thuộc) (?:các )?(?P<group>\d{{1,3}}) [^,;.]{{0,60}}?{_LEADING_GROUP}"
    r"|(?:(?:xếp|đứng) (?:(?:ở|từ|vị trí|hạng|thứ hạng|tối thiểu|vị thứ|trong) )*|(?:giữ|đạt) (?=thứ))(?:thứ )?"
    r"(?P<place>\d{1,3}) ?(?:/ ?\d{1,3})?(?= ?(?:$|[,;./]|trở lên|toàn|trong|của|cấp|trên|tỉnh|huyện|xã|thành phố))"
    r"|(?:xếp|đứng|giữ|đạt)? ?(?:(?:ở|từ) )?(?:vị trí|hạng|thứ hạng|vị thứ) (?:(?:từ|thứ) )*(?P<rank>\d{1,3})(?!\d| ?%)"
    r"|(?<!người )(?:xếp|đứng) (?:(?:ở|vị trí|hạng) )?(?:thứ )?(?P<word>nhất|nhì|hai|ba|tư|đầu)"
    r"(?= ?(?:$|[,;.]|toàn|trong|của|cấp|tỉnh|huyện|các|khối|cụm))"
    r")(?: trở lên)?"
)
_NO_CONDITION = "".join(
    f"(?<!{word} )" for word in ("trường hợp", "nếu", "khi", "mà", "hoặc", "đối tượng", "hay")
)
NOTHING = re.compile(
    _NO_CONDITION
    + r"\b(?:không|chưa) "
    + one_of(
        r"""
        để (?:xảy ra|xẩy ra|phát sinh|tồn đọng|tồn|có|quá hạn|trễ|chậm|tái diễn|sót)
        để (?:[^\W\d]+ ){1,6}?(?:quá hạn|trễ hạn|trễ hẹn|chậm (?:hạn|muộn)|tồn đọng|kéo dài|vượt cấp|bỏ sót)\b
        có (?!khả năng|đủ|điều kiện|nhu cầu|trong)
        xảy ra|xẩy ra|phát sinh|còn\b|tồn đọng|tiếp tục xảy ra
        """
    )
)
"""Nothing of the kind is to happen."""
NONE_BEYOND = re.compile(
    r"\b(?:không|chưa) (?:có|còn) (?!quá)[^\W\d][^,;:.]*?\b(?:quá|trên|dưới|hơn|từ|kéo dài)(?: (?:quá|mức))? ?$"
)
"""Nothing that goes beyond the figure that follows is to happen: "không có hồ sơ trễ quá 3 ngày"."""
EQUALS_NOTHING = re.compile(r"\bbằng ?$")
"""What leads to a bare 0 that promises nothing of the kind: "số đơn vượt cấp bằng 0"."""
STATE = re.compile(
    one_of(
        r"""
        \bđạt (?:và vượt |hoặc vượt )?(?:(?:các|tất cả|đầy đủ|đủ) )*(?:chuẩn|yêu cầu|danh hiệu|tiêu chuẩn|tiêu chí|kế hoạch)
        \bđạt (?:và vượt |hoặc vượt )?(?:(?:các|tất cả|đầy đủ|đủ) )*(?:chỉ tiêu|mục tiêu|giải|trong sạch|vững mạnh|an toàn)
        \bđạt (?:tập thể|cơ quan|đơn vị|đô thị|nông thôn|gia đình|(?:xã|phường|thôn|khu|loại|hạng) |hiệu quả theo|[“"«])
        \bđược (?:công nhận|chứng nhận|cấp (?:giấy )?chứng nhận|tặng|xếp hạng)
        \bcông nhận (?:đạt|danh hiệu)
        \bhoàn thành (?!tốt|nhiệm vụ|xuất sắc|trách nhiệm|công việc)
        \b(?:vượt|hoàn thành vượt) (?:mức )?(?:kế hoạch|chỉ tiêu|dự toán)
        \bgiữ vững (?:danh hiệu|kết quả|chuẩn|các tiêu chí|tiêu chí|xã|phường|thành tích)
        \bduy trì (?:danh hiệu|kết quả phổ cập|chứng nhận|giấy chứng nhận|các tiêu chí|tiêu chí)
        \bphổ cập |\bvề đích\b
        \bđăng ký (?:xây dựng|đạt|công nhận|phấn đấu)
        \b(?:cao|thấp) hơn (?:so với )?(?:năm (?:trước|\d{4})|cùng kỳ)
        \btăng (?:hạng|bậc|điểm)? ?so với năm
        """
    )
)
"""A state that is reached or kept, yes or no."""
CONDUCT = re.compile(
    r"^\W*"
    + one_of(
        """
        tập trung|tiếp tục|tăng cường|đẩy mạnh|nâng cao|chú trọng|quan tâm|tuân thủ|chủ động|đổi mới|nghiêm túc|quán triệt
        """
    )
    + r"\b"
)
"""Conduct that is neither reached nor missed."""
STRIVE = re.compile("ph[ấầâậ]n đ[ấầâậ]u")
""""Phấn đấu", and what character recognition makes of it ("Phần đầu", "Phân đấu")."""

# ── Boundaries ───────────────────────────────────────────────────────────────────────────────────────────────

SOFT = re.compile(r",| (?:và|còn|đồng thời) | trong đó\b|:| [-–—] ")
CLAUSE_START = re.compile(
    one_of(
        r"""
        trong đó|trong số đó|riêng|đồng thời|còn lại|còn\b|ph[ấầâ]n đ[ấầâ]u
        tỷ lệ|tỉ lệ|mức độ|mức|chỉ số|tổng|thu nhập|sản lượng|năng suất|diện tích|giá trị|thời gian|chất lượng|tốc độ
        cơ cấu|công suất|bình quân|kết quả|tập thể|số (?:lượng|hộ|người|lao|hồ|văn|vụ|xã|thôn|tthc)
        ít nhất|tối thiểu|không (?:có|để|quá|xảy|còn|phát)|từ (?=\d)|đạt |có
        duy trì|giữ vững|giảm|tăng|nâng|hạn chế|nằm trong|xếp|đứng|thuộc nhóm
        xây (?:dựng|mới)|hoàn thành|tổ chức|đảm bảo|bảo đảm|huy động|đào tạo|giải quyết việc|trồng|kết nạp|vận động
        cấp (?:mới|đổi)|thực hiện|tiếp nhận|ban hành|đăng|tạo|hỗ trợ
        """
    )
)
"""Words with which a further valued clause begins."""
SUBJECT = re.compile(
    "(?:có )?(?:phấn đấu )?"
    + one_of(
        """
        tập thể|cá nhân|xã|phường|thôn|cơ quan|đơn vị|chi bộ|đảng bộ|công đoàn|đoàn|hội|trường|trạm|ubnd|ủy ban|uỷ ban
        kết quả|chỉ số|tỷ lệ|mức|hệ thống|công an|mttq|mặt trận|chính quyền|đảng ủy|lực lượng
        duy trì|giữ vững|đăng ký|phổ cập|phấn đấu
        """
    )
    + r"\b"
)
"""Who or what a further state is said of."""
PREDICATE = re.compile(
    r"\b"
    + one_of(
        """
        được|đạt|hoàn thành|tham gia|thực hiện|triển khai|không|có|là|xử lý|giải quyết|đăng ký|xếp loại|hài lòng|phân loại
        sử dụng|trả|tiếp nhận|đúng|trước|nắm|chấp hành|sinh|vi phạm|cập nhật|công khai|niêm yết|áp dụng|số hóa|thanh toán
        trở lên|đảm bảo|bảo đảm|phải
        """
    )
    + r"\b"
)
EQUIVALENT = re.compile(
    "^ ?"
    + one_of(
        r"""
        tr?ương đương|tương ứng|tức|khoảng|bằng|=|~|hay|quy đổi|so với|tăng|giảm|năm (?:19|20)?\d|năm (?:trước|ngoái)
        kế hoạch|kh\b|chỉ tiêu|(?:huyện|tỉnh|thành phố|cấp trên) giao|nghị quyết|nq\b|cùng kỳ|trừ|không (?:kể|tính|bao)|theo
        đạt \d+ ?/|hiện nay|kể cả|thực hiện năm
        """
    )
)
"""A bracket that says the same otherwise, or says of what it is not."""
LEADING = re.compile(r"^[\s,;:.\-–—+*•●▪]*(?:(?:và|cùng với|đồng thời là) )?")
TRAILING = re.compile(
    r"(?:[\s,;:.(–—-]|,? ?\b(?:cụ thể(?: (?:là|như sau))?|như sau|trong đó|bao gồm|gồm|sau đây|và) ?:? ?)+$",
    re.IGNORECASE,
)
ABBREVIATION = re.compile(
    r"(?:^|[\s(])"
    + one_of("tp|tx|tt|p|q|h|ths|ts|gs|pgs|bs|st|v\\.v|vv|kt|tm|tl|đ/c|gđ|pgđ|no|stt|ô|b")
    + r"\.$",
    re.IGNORECASE,
)
"""An abbreviation whose point ends no sentence."""
LIST_MARK = re.compile(
    r"(?:^|(?<=\n)|(?<=[.;:,…]))\s*"
    r"(?:[-–—+*]\s+|[-–—](?=[^\W\d])|\d{1,2}(?:\.\d{1,2}){0,2}[.)]\s+(?!\d+\s*%\s*$)"
    r"|\d{1,2}\.\d{1,2}(?:\.\d{1,2})?\s+(?=[A-ZÀ-ỸĐ]))"
    r"|\s*[•●▪◦]\s*"
    r"|(?:^|(?<=[\s.;:,]))[a-zđ]\)\s+"
    r"|(?<=[%)\d”])\s+[-–—+]\s+(?=[A-ZÀ-ỸĐ])"
)
"""A list mark, over text as written with its line ends."""
