"""The phrases of the genre by which plans say when a thing is done, as patterns over lower-case folded text.

Each list is data: an expression that an office uses and that is not understood is added to its list and to the
tables of docs/reference/algorithms/schedules-wording.md, which are the tests.
"""

from __future__ import annotations

import re

from camket.core.plan import Every
from camket.core.wording.phrases import one_of

HIDDEN = "\ue000"
"""Brackets are written over with it before a cell is scanned; what they say is read by itself."""

_YEAR = r"(?:19|20)\d{2}"
_WORDS = {
    "each": "(?:hằng|hàng|mỗi|từng|theo từng)",
    "count": r"(?:\d{1,2}|một|hai|ba|bốn|sáu)",
    "day": r"(?:0?[1-9]|[12]\d|3[01])",
    "month": "(?:0?[1-9]|1[0-2])",
    "quarter": "(?:iv|iii|ii|i|[1-4])",
    "named_quarter": r"quý ?(?:iv|iii|ii|i|[1-4])\b",
    "periodic": "(?:định k[ỳì]|thường k[ỳì])",
    "join": "(?: ?[,&+] ?| ?/ ?| (?:và|hoặc|hay|và/hoặc) | ?, ?(?:và|hoặc) )",
    "to": "(?: ?[-–—÷→] ?| (?:đến|tới|cho đến) (?:hết )?)",
    "by": (
        "(?:(?:phải |cần )?(?:hoàn thành|thực hiện|xong|báo cáo|gửi|nộp|trình) )?(?:xong )?"
        + one_of(
            """
            (?:chậm|muộn|trễ) nhất(?: (?:là|vào|trong|đến))*(?: trước)?
            hạn (?:chót|cuối)(?: là)?
            không (?:quá|muộn hơn)
            (?:tính )?(?:đến|tới) (?:hết|trước)
            cho đến(?: hết)?
            (?:tính )?đến|tới|hết|trước|xong|không sau
            """
        )
    ),
    "limit": "(?:trong|sau|chậm nhất|muộn nhất|không quá|tối đa|vòng|thời hạn|thời gian|là)",
    # The year after a month or quarter; two digits are one only where the wording ends.
    "of_year": r"(?: ?(?:[/.\-] ?(?:năm )?|,? ?(?:của )?năm )(?P<y>\d{4}|\d{2}(?= ?(?:$|[;,)])))(?!\d))?",
}


def pattern(template: str) -> re.Pattern[str]:
    """Return a pattern of the grammar, with the named ``<<words>>`` put in."""
    return re.compile(re.sub(r"<<(\w+)>>", lambda match: _WORDS[match[1]], template))


NUMBER_WORDS = {"một": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "sáu": 6, "chín": 9, "nhất": 1}

# ── Repeated ─────────────────────────────────────────────────────────────────────────────────────────────────

PERIODS: tuple[tuple[re.Pattern[str], Every | None], ...] = (
    (pattern("(?:0?6|sáu) tháng(?! (?:đầu|cuối) năm)|nửa năm|bán niên"), Every.HALF_YEAR),
    (pattern("(?:0?9|chín) tháng(?! (?:đầu|cuối) năm)"), Every.NINE_MONTHS),
    (pattern("(?:0?3|ba) tháng(?! (?:đầu|cuối) năm)|(?:0?1 )?quý(?! ?<<quarter>>\\b)"), Every.QUARTER),
    (pattern(r"12 tháng|(?:0?1 )?(?:cả )?năm(?! ?\d)"), Every.YEAR),
    (pattern(r"tuần(?! (?:thứ|đầu|cuối|\d))"), Every.WEEK),
    (pattern(r"(?:0?1 )?tháng(?! ?\d)"), Every.MONTH),
    (pattern(r"ngày(?! ?(?:\d|cuối|đầu|làm việc|thứ))"), None),
)
"""Names of periods; a daily rhythm (None) is continuous."""
PERIOD_NAMES = {
    "tháng": Every.MONTH,
    "quý": Every.QUARTER,
    "năm": Every.YEAR,
    "tuần": Every.WEEK,
    "kỳ": Every.QUARTER,
}
TIMES_A_YEAR = {1: Every.YEAR, 2: Every.HALF_YEAR, 3: Every.QUARTER, 4: Every.QUARTER, 12: Every.MONTH}
MONTHS_APART = {
    1: Every.MONTH,
    3: Every.QUARTER,
    6: Every.HALF_YEAR,
    9: Every.NINE_MONTHS,
    12: Every.YEAR,
}
JOIN = pattern(rf" ?{HIDDEN}*(?:<<join>>)")
NEXT_NAME = pattern("(?:(?:hằng|hàng|mỗi) )?")
AND_THE_YEAR = pattern(r"<<join>>(?:cả )?năm \d{4}\b")
PERIODIC = pattern(r"(?:theo )?<<periodic>>\b")
PERIODIC_GAP = pattern(" ?[,:]? ?(?:(?:vào|theo|trong) )?")
EVERY = pattern("(?:(?:<<each>>|theo|các|vào) )?")
TIMES = (
    # "6 tháng/01 lần", "mỗi quý một lần", "mỗi năm 2 lần"
    pattern(
        "(?:ít nhất |tối thiểu )?(?:<<each>> )?(?P<n><<count>> )?(?P<u>ngày|tuần|tháng|quý|năm) ?(?:/|,)? ?"
        r"(?:ít nhất |tối thiểu )?(?P<k><<count>> )?(?:lần|kỳ|đợt|cuộc|buổi)\b"
    ),
    # "01 lần/quý", "một lần mỗi tháng", "2 lần trong năm"
    pattern(
        "(?:ít nhất |tối thiểu |không dưới )?(?P<k><<count>>) ?(?:lần|kỳ|đợt|cuộc|buổi) ?(?:/|trong|<<each>>|trên|một) ?"
        r"(?:(?:một|<<each>>) )?(?P<n><<count>> )?(?P<u>ngày|tuần|tháng|quý|năm)\b(?! ?\d)"
    ),
)
WEEKDAY = pattern(
    "(?:(?:trước|vào|sáng|chiều) )*(?:ngày )?(?:thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật) ?,? ?(?:của )?<<each>> tuần"
)
PART_OF_EACH = pattern(
    r"(?:tuần|ngày|\d ngày) (?:thứ (?:nhất|hai|ba|tư|[1-4])|đầu(?: tiên)?|cuối(?: cùng)?) ?,? ?(?:của )?<<each>> "
    "(?P<name>tháng|quý|năm)"
    "|(?:đầu|giữa) <<each>> (?P<name2>tháng|quý|năm)"
    r"|đầu (?P<name3>tháng|quý)(?! ?(?:\d|<<quarter>>\b))"
)
DAY_OF_PERIOD = pattern(
    "(?:<<periodic>> ?,? ?)?(?:(?:<<by>>|vào|từ) )*(?:các )?(?:ngày|mùng|mồng)? ?(?:làm việc )?"
    r"(?:(?P<day><<day>>)(?!\d)|(?P<last>cuối(?: cùng)?)|(?P<first>đầu(?: tiên)?))"
    r"(?: ?(?:[-–—]|đến(?: ngày)?) ?(?P<until><<day>>)(?!\d))?(?: làm việc)? (?:(?:của|trong) )?"
    "(?:(?P<sub>tháng (?:thứ (?:ba|3|nhất)|cuối(?: cùng)?|đầu(?: tiên)?|sau|kế tiếp)) ?,? ?(?:(?:của|trong|hằng|hàng|mỗi) )*)?"
    "(?P<each>(?:<<each>>|các) )?(?=tháng|quý|kỳ|năm|0?6 tháng|tuần)"
)
END_OF_PERIOD = pattern(
    "(?:<<periodic>> ?,? ?)?(?:(?:<<by>>|vào) )*(?:ngày (?:làm việc )?)?cuối(?: cùng)? (?:của |các )?(?:<<each>> )?"
    r"(?P<name>tháng|quý|kỳ)(?! ?(?:\d|<<quarter>>\b|sau|trước|năm|họp))"
    "|cuối <<each>> (?P<name2>năm|tuần)"
)
NEXT_MONTH = pattern(
    "(?:(?:<<by>>|vào) )*(?:ngày )?(?P<day><<day>>) (?:của )?(?:đầu )?tháng (?:sau|kế tiếp|tiếp theo|liền kề)"
)
REPORT_OF = pattern(r"(?:báo cáo|bc) (?:định kỳ )?(?P<name>tháng|quý)(?! ?(?:\d|<<quarter>>\b)) ?[:,]?")
REPORT_ALONE = pattern(r"(?:báo cáo|bc) (?P<name>tháng|quý|năm)(?= ?(?:$|[,;/]))")
DAY_AFTER = pattern(
    " ?,? ?(?:(?:trước|vào|chậm nhất(?: (?:là|vào))?|đến|hạn) )+(?:ngày )?"
    r"(?:(?P<day><<day>>)(?!\d| ?[/.] ?\d| ?tháng ?\d| ngày)|(?P<last>cuối(?: cùng)?))"
    "(?: (?:của )?(?:tháng cuối (?:của )?(?:quý|kỳ)|tháng (?:sau|kế tiếp)|(?:(?:mỗi|hằng|hàng) )?(?:tháng|quý|kỳ|năm))"
    r"(?! ?\d))?"
)
"""The day that follows a period: "hằng tháng, trước ngày 20"."""
EACH_YEAR = pattern(r" ?,? ?\(? ?(?:của )?(?:<<each>>|các) năm\b\)?")
EACH_YEAR_LEAD = pattern(
    r"(?:định kỳ )?<<each>> năm ?[,:]? ?(?:vào |trong )?(?=(?:<<by>>|ngày|tháng|quý|trong|vào|cuối tháng|đầu tháng)\b)"
)
THROUGH_YEAR = pattern(r" (?:trong|của|suốt) (?:suốt |cả )?năm(?: (?:\d{4}|kế hoạch))?(?!\w)")

# ── Always, on an event, as another plan says ───────────────────────────────────────────────────────────────

CONTINUOUS = pattern(
    "(?:(?:duy trì )?(?:thường|thuờng|thưòng) xuyên(?: ?[,/] ?liên tục| và liên tục)?|liên tục(?: 24/(?:24|7))?"
    r"|xuyên suốt(?: (?:cả )?năm(?: (?:\d{4}|kế hoạch))?)?|quanh năm"
    r"|(?:trong )?suốt quá trình\b[^,;]*|trong quá trình\b[^,;]*)"
    r"(?: ?,? ?(?:trong|cả|suốt|quanh|hằng|hàng) (?:(?:suốt|cả|toàn) )?"
    r"(?:năm(?: (?:\d{4}|kế hoạch))?|quá trình\b[^,;]*|ngày))?"
)
DAILY = pattern(r"<<each>> ngày\b(?! ?\d)")
BEFORE_REPORT = (
    pattern(
        "(?:tính )?(?:đến )?(?:trước|cách) (?:(?:thời điểm|thời hạn|khi|kỳ|đợt|ngày|hạn) )?(?:(?:lập|nộp|gửi|tổng hợp) )?"
        r"báo cáo\b[^;]*?(?:(?:là|ít nhất|tối thiểu) )*(?P<days>\d{1,3}) ngày(?: làm việc)?"
    ),
    pattern(
        r"(?:trước |chậm nhất |ít nhất )?(?P<days>\d{1,3}) ngày(?: làm việc)? (?:trước|so với) "
        "(?:(?:khi|thời điểm|kỳ|ngày|đợt) )?(?:(?:lập|nộp|gửi) )?báo cáo[^;,]*"
    ),
)
_STRONG = one_of(
    r"""
    thường xuyên|định kỳ|đột xuất|lồng ghép
    <<each>> (?:ngày|tuần|tháng|quý|năm)|cuối (?:mỗi|hằng|hàng|tháng|quý|năm)|\d{1,2} tháng ?/
    (?:ngay )?(?:sau )?khi\b|ngay sau\b|sau (?:mỗi|từng|hoạt động|đợt|kỳ|khi)|nếu có phát sinh
    (?:chậm nhất|trước|đến|hết) (?:ngày )?\d|trước (?:tháng|quý)|từ ngày|ngày \d
    (?:trong|không quá|tối đa) (?:(?:vòng|thời hạn) )?\d{1,3} ngày
    <<named_quarter>>|tháng \d|cả năm|trong năm|theo\b|báo cáo (?:định|hằng|hàng)
    """
)
PHRASE_END = pattern(r" ?(?:[,/–—]| - | (?:và|hoặc) |$) ?(?:và |hoặc )?(?=" + _STRONG + r")| ?[;\[\]]")
"""Where an event or the name of a plan ends: before a connector with which a further entry begins."""
_ACT = "(?:(?:thực hiện|báo cáo|tổ chức|cập nhật|tiến hành|triển khai|hoàn thành) )?"
EVENT = pattern(
    _ACT
    + one_of(
        r"""
        (?:(?:ngay|mỗi|kể từ) )?(?:(?:sau|trước|từ) )?khi\b
        ngay sau\b|sau (?!ngày ?\d|tháng ?\d|\d{1,2} ?/)
        đột xuất|bất thường|có phát sinh|phát sinh\b|nếu\b|lồng ghép|kịp thời\b
        (?:nhân|vào|trong|trước)? ?(?:các |mỗi )?dịp\b
        (?:trước|trong) (?:các |mỗi )?(?:kỳ họp|hội nghị|đợt|đại hội|tết|lễ|mùa|cuộc họp|buổi)
        kể từ (?:ngày )?(?!\d)
        (?:trong )?ngày làm việc|(?:ngay )?trong (?:buổi|ngày)\b
        tại (?:các )?(?:cuộc họp|hội nghị|kỳ họp)
        (?:<<limit>> )*(?P<days>\d{1,3}) ?ngày(?: làm việc)?(?: ?,)? (?:kể )?(?:từ|sau|tính từ|khi)\b
        (?:trong|chậm nhất|không quá|tối đa) (?:(?:vòng|thời hạn|là|không quá) )*(?P<within>\d{1,3}) ?ngày(?: làm việc)?
        """
    )
)
WITHIN = pattern(r"(?P<days>\d{1,3}) ?ngày(?P<working> làm việc)?")
LIMITS = pattern("trong|chậm nhất|không quá|tối đa|sau")
AS_PLANNED = pattern(
    _ACT
    + one_of(
        r"""
        (?:(?:tùy|tuỳ|tuân|đúng) )?theo (?!định kỳ|từng (?:tháng|quý|năm|tuần)|(?:tháng|quý|năm|tuần)\b(?! kế))
        căn cứ (?:vào )?
        (?:tùy|tuỳ) (?:vào )?
        đúng (?=kế hoạch|tiến độ|quy định)
        (?:có )?(?=kế hoạch riêng)
        """
    )
)

# ── Days and stretches of days ──────────────────────────────────────────────────────────────────────────────

CALENDAR_DAY = (
    pattern(
        r"(?:(?:ngày|mùng|mồng) ?)?(?P<d>\d{1,2}) ?(?P<s>[/.\-]) ?(?P<m>\d{1,2})"
        r"(?: ?[/.\-] ?(?P<y>\d{4}|\d{2}(?!\d))| năm (?P<y2>\d{4}))?(?![\d/])"
    ),
    pattern(
        r"(?:(?:ngày|mùng|mồng) ?)?(?P<d>\d{1,2}) ?tháng ?(?P<m>\d{1,2})(?: ?(?:,? ?năm|[/.\-]) ?(?P<y>\d{4}))?(?!\d)"
    ),
)
MONTHS = pattern(
    r"(?:các )?(?:tháng ?|t\.? ?(?=\d))(?P<list><<month>>(?!\d)"
    # Further months; a slash joins only where a list goes on after it, or else it opens the year.
    "(?:(?: ?[,;&+] ?| và | ?[-–—÷] ?| (?:đến|tới) (?:hết )?| ?, ?và | ?/ ?(?=<<month>> ?(?:[,&+/]|và) ?))"
    r"(?:tháng ?|t(?=\d))?<<month>>(?!\d)(?! ?tháng| ?/ ?<<month>>(?!\d)))*)<<of_year>>"
)
QUARTERS = pattern(
    r"(?:các )?quý ?(?P<list><<quarter>>(?![\da-zà-ỹ])"
    r"(?:(?: ?[,&+] ?| và | ?[-–—÷] ?| (?:đến|tới) (?:hết )?| ?, ?và | ?/ ?(?=(?:iv|iii|ii|i)\b))"
    r"(?:quý ?)?<<quarter>>(?![\da-zà-ỹ]))*)<<of_year>>"
)
PART_OF_MONTH = pattern(
    r"(?P<part>đầu|giữa|trung tuần|thượng tuần|hạ tuần|cuối) tháng ?(?P<m><<month>>)(?!\d)<<of_year>>"
)
WEEK_OF_MONTH = pattern(
    "(?:trong |vào )?tuần (?:lễ )?(?:thứ )?(?P<w>[1-5]|i{1,3}|iv|nhất|một|hai|ba|bốn|tư|đầu(?: tiên)?|cuối(?: cùng)?) ?,? ?"
    r"(?:(?:của|trong) )?tháng ?(?P<m><<month>>)(?!\d)<<of_year>>"
)
PART_OF_QUARTER = pattern(r"(?P<part>đầu|giữa|cuối) quý ?(?P<q><<quarter>>)(?![\da-zà-ỹ])<<of_year>>")
MONTHS_OF_YEAR = pattern(
    r"(?:trong )?(?P<n>0?[1-9]|1[01]|sáu|ba|chín) tháng (?P<end>đầu|cuối)(?: của)? năm(?: (?P<y>\d{4}))?"
    r"|(?:trong )?nửa (?P<half>đầu|cuối) năm(?: (?P<y2>\d{4}))?"
)
PART_OF_YEAR = pattern(r"(?P<part>đầu|giữa|cuối) năm(?! (?:sau|trước|tiếp))(?: (?P<y>\d{4}))?")
YEARS = pattern(
    r"(?:(?:trong|cả|suốt|toàn|hết) )*(?:giai đoạn |(?:các )?năm )(?P<y>\d{4})"
    r"(?: ?(?:[-–—]|đến(?: năm)?|và(?: năm)?) ?(?P<y2>\d{4}))?(?!\d)"
)
WHOLE_YEAR = pattern(
    r"(?:(?:trong|cả|suốt|toàn) )+năm(?: (?:kế hoạch|nay))?(?! ?(?:\d|sau|tới|học))|năm (?:nay|kế hoạch)"
)
BARE_YEAR = pattern(rf"(?P<y>{_YEAR})(?: ?[-–—] ?(?P<y2>{_YEAR}))?")
LIST_PIECES = {
    "month": pattern(r"(?P<sep>[-–—÷]|đến|tới|[,;&+/]|và)|(?P<value>\d{1,2})"),
    "quarter": pattern("(?P<sep>[-–—÷]|đến|tới|[,;&+/]|và)|(?P<value><<quarter>>)"),
}
RANGE_SIGNS = frozenset(("-", "–", "—", "÷", "đến", "tới"))
PARTS = {
    "đầu": (1, 10),
    "thượng": (1, 10),
    "giữa": (11, 20),
    "trung": (11, 20),
    "cuối": (21, None),
    "hạ": (21, None),
}
"""First and last day of the parts of a month; None is its end."""
WEEKS = {
    "đầu": 1,
    "nhất": 1,
    "một": 1,
    "hai": 2,
    "ba": 3,
    "bốn": 4,
    "tư": 4,
    "i": 1,
    "ii": 2,
    "iii": 3,
    "iv": 4,
}

BY = pattern("<<by>> (?:(?:ngày|thời điểm|thời hạn) (?=ngày|tháng))?")
EXCLUDES = pattern(r"(?:^| )trước ?$|không sau ?$")
"""A deadline word that leaves the named month or quarter out ("trước tháng 6")."""
BY_PART = pattern("(?:cuối|hết) (?=tháng|quý|năm)")
SINCE = pattern("(?:bắt đầu )?(?:kể )?(?:từ|bắt đầu) (?:đầu (?=tháng|quý|năm))?")
TO = pattern("<<to>>(?:<<by>> )?(?:cuối (?=năm|quý))?")
DAY_RANGE = pattern(
    "(?:ngày )?(<<day>>) ?(?:[-–—]|đến(?: hết)?(?: ngày)?) ?(?=(?:ngày )?<<day>> ?(?:/|tháng))"
)
BARE_MONTH = pattern(r"(0?[1-9]|1[0-2]) ?[/.] ?(\d{4})(?!\d)")
LEAD_IN = pattern(
    "(?:(?:hoàn thành|thực hiện|triển khai|xong|ban hành|tổ chức) )?(?:trong khoảng|trong|vào|khoảng|dự kiến|thời gian|suốt) "
    "(?:các (?=tháng|quý)|thời gian )?"
)
ONWARD = pattern(
    " ?,? ?(?:trở đi|(?:và|,) (?:các|những) (?:năm|quý|tháng) (?:tiếp theo|sau|tiếp|kế tiếp)(?: theo)?|và năm tiếp theo)"
)
REPORT_NAME = pattern(
    r"(?:(?:báo cáo|bc) )?(?:kết quả )?(?:0?6 tháng|0?9 tháng|12 tháng|(?:cả )?năm|quý|sơ kết|tổng kết) ?[:,]? ?"
    r"(?=(?:trước|chậm nhất|đến|hoàn thành trước) (?:ngày )?\d)"
)
"""The name of the report that a deadline is of: "6 tháng: trước ngày 15/6"."""

# ── Cells ────────────────────────────────────────────────────────────────────────────────────────────────────

ITEM_SPLIT = re.compile(
    r"\s*[;\[\]•●▪]+\s*"
    r"|(?:^|(?<=[;.:]))\s*[-–—+*]\s+"
    r"|\.\s+(?=[A-ZÀ-ỸĐ\-–+])"
    r"|\n\s*(?:[-–—+*•]\s*)?"
    r"|(?:^|(?<=\s))(?:[a-zđ]|\d)\)\s+"
)
_GOES_ON = "quý tháng ngày năm và theo hàng hằng thường định trước đến từ khi có"
WRAPPED = re.compile(
    r"\n(?=[a-zà-ỹđ\d(/,.])(?![a-zđ]\)|\d{1,2}[.)]\s)"
    r"|(?<=[/,(])\n"
    r"|(?i:" + "|".join(f"(?<={word})" for word in _GOES_ON.split()) + r")\n"
)
"""A line end inside a phrase."""
SEPARATOR = re.compile(rf"[\s,;/&+.:\-–—{HIDDEN}]+|(?:và|hoặc|hay)\b")
WORD = re.compile(r"[^\s,;/&+\-–—]+")
TIME_WORD = re.compile(r"\d|\b(?:tháng|quý|tuần|hằng|hàng (?:tuần|tháng|quý|năm)|định kỳ|thường xuyên)\b")
LABEL = pattern(r"(?:đợt|lần|kỳ) \d{1,2} ?:?")
"""A label before a time, which is no part of it: "Đợt 1: tháng 6"."""
BRACKETED = re.compile(r"\(([^()]*)\)?")

# ── Sentences on reporting ──────────────────────────────────────────────────────────────────────────────────

REPORTS = pattern("báo cáo|tổng hợp (?:kết quả|gửi)|gửi kết quả|sơ kết|tổng kết")
RESULTS = pattern("kết quả|tiến độ|tình hình (?:thực hiện|triển khai)|mục tiêu|mtcl|sơ kết|tổng kết|định kỳ")
NAMED_RESULTS = pattern("kết quả|tiến độ|tình hình (?:thực|triển)|mtcl|mục tiêu chất")
TROUBLE = pattern("khó khăn|vướng mắc|phát sinh|đột xuất")
CHECKS = pattern(r"kiểm tra|theo dõi|giám sát|đôn đốc|rà soát|\bhọp\b|đánh giá nội bộ|xem xét của")
SENTENCE_END = re.compile(r"(?<=[a-zà-ỹ0-9)%”])\.\s+(?=[A-ZÀ-ỸĐ\-–])|\n+")
REPORTED_EVERY = pattern(
    r"(?:<<periodic>>|<<each>>|cuối|ngày|báo cáo|\d|một|trước|chậm|(?:tháng|quý) ?(?:,|/|và)"
    r"|theo (?:từng )?(?:0?[369] tháng|tuần|tháng|quý|năm\b(?! ?\d| kế| học))(?! ?\d))"
)
ON_DAY = pattern(r"vào (?:các )?ngày \d")
"""The day on which results are reported: "vào ngày 20 tháng 6 và ngày 20 tháng 12 hằng năm"."""
REPORT_ON = pattern("báo cáo (?:kết quả )?(?:thực hiện )?(?:định kỳ )?")
PAST_MONTHS = pattern(
    r"(?P<n>0?[369]) tháng đầu năm(?: \d{4})?(?P<year>(?: ?, ?| và )(?:cả )?năm(?: \d{4})?)?"
)
YEAR_END = pattern(r"cuối năm\b(?! học)")
AFTER_DATE = pattern(r"\d ?(?:,|và) ?(?:và )?$")
