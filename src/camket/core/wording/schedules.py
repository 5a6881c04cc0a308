"""When a planned action is done: the wording of a plan's time column, and official wording back from values.

A text is cut into items (``;``, list marks, line ends, square brackets); each item is scanned from left to
right against a ladder of patterns. What a pattern finds is first a draft, since the year of a day and month
stands at the end ("Tháng 6 và tháng 11/2023"); years are given when the whole text is read.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from camket.core.messages import Message, gettext_noop
from camket.core.plan import Every, Schedule, ScheduleKind, Within
from camket.core.wording.dates import format_date, full_year
from camket.core.wording.numbers import int_to_roman
from camket.core.wording.text import fold, fold_mapped, lower

__all__ = ["ReadSchedule", "combine_reporting", "parse_reporting", "parse_schedule", "write_schedule"]

NO_SUCH_DAY = gettext_noop("%(text)s is not a day of the calendar.")
YEAR_NEEDED = gettext_noop("The year of “%(text)s” is not known.")
NOT_UNDERSTOOD = gettext_noop("The time “%(text)s” was not understood.")


@dataclass(frozen=True, slots=True)
class ReadSchedule:
    """What a time column's text means: its entries, each once, and what was not understood (``rest``)."""

    entries: tuple[Schedule, ...]
    rest: str
    warnings: tuple[Message, ...]
    confidence: Decimal


# ── Drafts: entries whose year is not known yet ─────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Point:
    """A stretch inside a year that may still lack its year: months ``first`` to ``last``, or days of a month."""

    year: int | None
    first: int
    last: int
    first_day: int = 1
    last_day: int | None = None

    def bounds(self, year: int) -> tuple[date, date]:
        """Return the first and last day. Raises ValueError where there is no such day."""
        last_day = monthrange(year, self.last)[1] if self.last_day is None else self.last_day
        first_day = self.first_day
        if first_day < 0:
            first_day = monthrange(year, self.first)[1] + 1 + first_day
        return date(year, self.first, first_day), date(year, self.last, last_day)

    @property
    def is_day(self) -> bool:
        return self.first == self.last and self.first_day == self.last_day


@dataclass(slots=True)
class _Draft:
    """One entry as scanned. ``schedule`` is set where nothing is left to resolve."""

    text: str
    schedule: Schedule | None = None
    kind: ScheduleKind = ScheduleKind.DURING
    start: _Point | None = None
    end: _Point | None = None
    before: bool = False
    yearly: bool = False
    fixed: bool = False
    notes: list[Message] = field(default_factory=list)


def _entry(kind: ScheduleKind, **values: object) -> Schedule:
    return replace(Schedule(kind=kind), **values)  # type: ignore[arg-type]


# ── Words of the grammar ────────────────────────────────────────────────────────────────────────────────────

_NUMBER_WORDS = {
    "một": 1,
    "hai": 2,
    "ba": 3,
    "bốn": 4,
    "tư": 4,
    "năm": 5,
    "sáu": 6,
    "bảy": 7,
    "tám": 8,
    "chín": 9,
    "mười": 10,
    "nhất": 1,
    "nhì": 2,
}
_WORDS = {
    "each": r"(?:hằng|hàng|mỗi|từng|theo từng)",
    "count": r"(?:\d{1,2}|một|hai|ba|bốn|sáu)",
    "year": r"(?:\d{4}|\d{2}(?!\d))",
    "full": r"\d{4}",
    "of_year": r"(?: ?(?:[/.\-]|,? ?(?:của )?năm|/ ?năm) ?(?P<{0}>\d{{4}}))",
    "day": r"(?:0?[1-9]|[12]\d|3[01])",
    "month": r"(?:0?[1-9]|1[0-2])",
    "roman": r"(?:iv|iii|ii|i|[1-4])",
    "join": r"(?: ?[,&+] ?| ?/ ?| (?:và|hoặc|hay|và/hoặc) | ?, ?(?:và|hoặc) )",
    "to": r"(?: ?[-–—÷→] ?| (?:đến|tới|cho đến) (?:hết )?)",
    "by": (
        r"(?:(?:phải |cần )?(?:hoàn thành|thực hiện|xong|báo cáo|gửi|nộp|trình) )?(?:xong )?"
        r"(?:(?:chậm|muộn|trễ) nhất(?: (?:là|vào|trong|đến))*(?: trước)?|hạn (?:chót|cuối)(?: là)?|không (?:quá|muộn hơn)"
        r"|(?:tính )?(?:đến|tới) (?:hết|trước)|cho đến(?: hết)?|(?:tính )?đến|tới|hết|trước|xong|không sau)"
    ),
}


def _re(pattern: str) -> re.Pattern[str]:
    """Return a pattern of the grammar, its ``<<words>>`` put in."""
    return re.compile(re.sub(r"<<(\w+)>>", lambda m: _WORDS[m[1]], pattern))


def _count(text: str) -> int:
    return int(text) if text.isdigit() else _NUMBER_WORDS[text]


_PERIODS: tuple[tuple[re.Pattern[str], Every | None], ...] = (
    (re.compile(r"(?:0?6|sáu) tháng(?! (?:đầu|cuối) năm)|nửa năm|bán niên"), Every.HALF_YEAR),
    (re.compile(r"(?:0?9|chín) tháng(?! (?:đầu|cuối) năm)"), Every.NINE_MONTHS),
    (
        re.compile(r"(?:0?3|ba) tháng(?! (?:đầu|cuối) năm)|(?:0?1 )?quý(?! ?(?:iv|iii|ii|i|[1-4])\b)"),
        Every.QUARTER,
    ),
    (re.compile(r"12 tháng|(?:0?1 )?(?:cả )?năm(?! ?\d)"), Every.YEAR),
    (re.compile(r"tuần(?! (?:thứ|đầu|cuối|\d))"), Every.WEEK),
    (re.compile(r"(?:0?1 )?tháng(?! ?\d)"), Every.MONTH),
    (re.compile(r"ngày(?! ?(?:\d|cuối|đầu|làm việc))"), None),
)
_TIMES_A_YEAR = {1: Every.YEAR, 2: Every.HALF_YEAR, 3: Every.QUARTER, 4: Every.QUARTER, 12: Every.MONTH}
_MONTHS_APART = {
    1: Every.MONTH,
    3: Every.QUARTER,
    6: Every.HALF_YEAR,
    9: Every.NINE_MONTHS,
    12: Every.YEAR,
}


def _period_at(text: str, at: int) -> tuple[Every | None, int] | None:
    for pattern, period in _PERIODS:
        if (match := pattern.match(text, at)) and not text[match.end() : match.end() + 1].isalnum():
            return period, match.end()
    return None


_JOIN = _re("\ ?\ue000*(?:<<join>>)")
_AND_YEAR = _re(r"(?:<<join>>)(?:cả )?năm \d{4}\b")


def _period_list(text: str, at: int, *, dated: bool) -> tuple[list[Every | None], int]:
    """Return the named periods that stand joined at ``at``. ``dated``: "… và năm 2024" names the year."""
    periods: list[Every | None] = []
    while found := _period_at(text, at):
        period, at = found
        periods.append(period)
        if dated and len(periods) and (match := _AND_YEAR.match(text, at)):
            periods.append(Every.YEAR)
            at = match.end()
        join = _JOIN.match(text, at)
        if not join:
            break
        following = re.compile(r"(?:hằng|hàng|mỗi|báo cáo) ").match(text, join.end())
        ahead = following.end() if following and not following[0].startswith("báo") else join.end()
        if not _period_at(text, ahead):
            break
        at = ahead
    return periods, at


def _drafts_of_periods(
    periods: Iterable[Every | None], text: str, day: int | str | None = None
) -> list[_Draft]:
    """Return drafts for periods; a daily rhythm is continuous."""
    drafts: list[_Draft] = []
    for period in periods:
        if period is None:
            drafts.append(_Draft(text, _entry(ScheduleKind.CONTINUOUS)))
        else:
            drafts.append(_Draft(text, _entry(ScheduleKind.EVERY, period=period, day=day)))
            day = None
    return drafts


# ── Patterns: each takes the scanned text and a place, and gives drafts and the place after them ───────────

Found = tuple[list[_Draft], int] | None

_CONTINUOUS = _re(
    r"(?:duy trì )?(?:(?:thường|thuờng|thưòng) xuyên(?: ?[,/] ?liên tục| và liên tục)?|liên tục|trong suốt quá trình\b[^,;]*"
    r"|suốt quá trình\b[^,;]*|trong quá trình\b[^,;]*)"
    r"(?: ?,? ?(?:trong|cả|suốt|quanh|hằng|hàng) (?:suốt |cả |toàn )?(?:năm(?: (?:<<full>>|kế hoạch))?|quá trình\b[^,;]*|ngày))?"
)
_DAILY = _re(r"<<each>> ngày\b(?! ?\d)")


def _continuous(text: str, at: int) -> Found:
    match = _CONTINUOUS.match(text, at) or _DAILY.match(text, at)
    if not match:
        return None
    return [_Draft(match[0], _entry(ScheduleKind.CONTINUOUS))], match.end()


_BEFORE_REPORT = (
    _re(
        r"(?:tính )?(?:đến )?(?:trước|cách) (?:(?:thời điểm|thời hạn|khi|kỳ|đợt|ngày|hạn) )?(?:lập |nộp |gửi |tổng hợp )?"
        r"báo cáo\b[^;]*?(?:là |ít nhất |tối thiểu )*(?P<days>\d{1,3}) ngày(?: làm việc)?"
    ),
    _re(
        r"(?:trước |chậm nhất |ít nhất )?(?P<days>\d{1,3}) ngày(?: làm việc)? (?:trước|so với) "
        r"(?:khi |thời điểm |kỳ |ngày |đợt )?(?:lập |nộp |gửi )?báo cáo[^;,]*"
    ),
)


def _before_report(text: str, at: int) -> Found:
    for pattern in _BEFORE_REPORT:
        if match := pattern.match(text, at):
            return [
                _Draft(match[0], _entry(ScheduleKind.BEFORE_REPORT, days=int(match["days"])))
            ], match.end()
    return None


# What may begin a new entry after a connector; an event or a plan's name ends before it.
_STRONG = (
    r"(?:thường xuyên|định kỳ|<<each>> (?:ngày|tuần|tháng|quý|năm)|đột xuất|(?:ngay )?(?:sau )?khi\b|ngay sau\b|sau (?:mỗi|từng|hoạt động|đợt|kỳ|khi)"
    r"|(?:chậm nhất|trước|đến|hết) (?:ngày )?\d|trước (?:tháng|quý)|ngày \d|quý (?:iv|iii|ii|i|[1-4])\b|tháng \d|cả năm|trong năm"
    r"|theo\b|\d{1,2} tháng ?/|lồng ghép|báo cáo (?:định|hằng|hàng)|từ ngày|cuối (?:mỗi|hằng|hàng|tháng|quý|năm)|nếu có phát sinh)"
)
_PHRASE_END = _re(
    r" ?(?:[,/–—]|\s-\s|\s(?:và|hoặc)\s|$) ?(?:và |hoặc )?(?=<<strong>>)| ?[;\[\]]".replace(
        "<<strong>>", _STRONG
    )
)
_EVENT = _re(
    r"(?:(?:thực hiện|báo cáo|tổ chức|cập nhật|tiến hành) )?(?:"
    r"(?:ngay |mỗi |kể từ )?(?:sau |trước |từ )?khi\b|ngay sau\b|sau (?!ngày ?\d|tháng ?\d|\d{1,2} ?/)|đột xuất|bất thường|có phát sinh|phát sinh\b|nếu\b|lồng ghép"
    r"|(?:nhân|vào|trong|trước)? ?(?:các |mỗi )?dịp\b|(?:trước|trong) (?:các |mỗi )?(?:kỳ họp|hội nghị|đợt|đại hội|tết|lễ|mùa|cuộc họp|buổi)"
    r"|kể từ (?:ngày )?(?!\d)|(?:trong )?ngày làm việc|(?:ngay )?trong (?:buổi|ngày)\b|tại (?:các )?(?:cuộc họp|hội nghị|kỳ họp)|kịp thời\b"
    r"|(?:(?:trong|sau|chậm nhất|muộn nhất|không quá|tối đa) )*(?:trong )?(?:vòng |thời hạn |thời gian |là )*(?P<days>\d{1,3}) ?ngày(?: làm việc)?"
    r"(?: ?,)? (?:kể )?(?:từ|sau|tính từ|khi)\b"
    r"|(?:trong|chậm nhất|không quá|tối đa) (?:vòng |thời hạn |là |không quá )*(?P<within>\d{1,3}) ?ngày(?: làm việc)?"
    r")"
)
_WITHIN = _re(r"(?P<days>\d{1,3}) ?ngày(?P<working> làm việc)?")


def _phrase_end(text: str, start: int) -> int:
    match = _PHRASE_END.search(text, start)
    return match.start() if match else len(text)


def _on_event(text: str, at: int) -> Found:
    match = _EVENT.match(text, at)
    if not match:
        return None
    end = _phrase_end(text, max(match.end(), at + 1))
    phrase = text[at:end]
    within = None
    limit = _WITHIN.search(phrase)
    if limit and (
        match["days"]
        or match["within"]
        or re.search(r"trong|chậm nhất|không quá|tối đa|sau", phrase[: limit.start()])
    ):
        within = Within(days=int(limit["days"]), working=bool(limit["working"]))
    return [_Draft(phrase, Schedule(kind=ScheduleKind.ON_EVENT, event="", within=within))], end


_AS_PLANNED = _re(
    r"(?:(?:thực hiện|báo cáo|tổ chức|hoàn thành|triển khai) )?(?:(?:tùy|tuỳ|tuân|đúng) )?"
    r"(?:theo (?!định kỳ|từng (?:tháng|quý|năm|tuần)|(?:tháng|quý|năm|tuần)\b(?! kế))|căn cứ (?:vào )?|tùy |tuỳ |đúng (?=kế hoạch|tiến độ|quy định))"
    r"|(?:có )?(?=kế hoạch riêng)"
)


def _as_planned(text: str, at: int) -> Found:
    match = _AS_PLANNED.match(text, at)
    if not match:
        return None
    end = _phrase_end(text, max(match.end(), at + 1))
    return [_Draft(text[match.end() : end], Schedule(kind=ScheduleKind.AS_PLANNED, plan=""))], end


_CALENDAR_DAY = (
    _re(
        r"(?:ngày ?|mùng ?|mồng ?)?(?P<d>\d{1,2}) ?(?P<s>[/.\-]) ?(?P<m>\d{1,2})(?: ?(?:(?P=s)|[/.\-]) ?(?P<y><<year>>)| năm (?P<y2><<full>>))?(?![\d/])"
    ),
    _re(
        r"(?:ngày ?|mùng ?|mồng ?)?(?P<d>\d{1,2}) ?tháng ?(?P<m>\d{1,2})(?: ?(?:,? ?năm|[/.\-]) ?(?P<y><<full>>))?(?!\d)"
    ),
)
_OF_YEAR = r"(?: ?(?:[/.\-] ?(?:năm )?|,? ?(?:của )?năm )(?P<y>\d{4}|\d{2}(?= ?(?:$|[;,)])))(?!\d))?"
_MONTH_LIST = _re(
    r"(?:các )?(?:tháng ?|t\.? ?(?=\d))(?P<list><<month>>(?!\d)(?:(?: ?[,;&+] ?| và | ?[-–—÷] ?| (?:đến|tới) (?:hết )?| ?, ?và | ?/ ?(?=(?:0?[1-9]|1[0-2]) ?(?:[,&+/]|và) ?))"
    r"(?:tháng ?|t(?=\d))?<<month>>(?!\d)(?! ?tháng| ?[/] ?(?:0?[1-9]|1[0-2])(?!\d)))*)" + _OF_YEAR
)
_QUARTER_LIST = _re(
    r"(?:các )?quý ?(?P<list><<roman>>(?![\da-zà-ỹ])(?:(?: ?[,&+] ?| và | ?[-–—÷] ?| (?:đến|tới) (?:hết )?| ?, ?và | ?/ ?(?=(?:iv|iii|ii|i)\b))"
    r"(?:quý ?)?<<roman>>(?![\da-zà-ỹ]))*)" + _OF_YEAR
)
_PART_OF_MONTH = _re(
    r"(?P<part>đầu|giữa|trung tuần|thượng tuần|hạ tuần|cuối) tháng ?(?P<m><<month>>)(?!\d)" + _OF_YEAR
)
_WEEK_OF_MONTH = _re(
    r"(?:trong |vào )?tuần (?:lễ )?(?:thứ )?(?P<w>[1-5]|i{1,3}|iv|nhất|một|hai|ba|bốn|tư|đầu(?: tiên)?|cuối(?: cùng)?) ?,? ?(?:của |trong )?tháng ?(?P<m><<month>>)(?!\d)"
    + _OF_YEAR
)
_PART_OF_QUARTER = _re(r"(?P<part>đầu|giữa|cuối) quý ?(?P<q><<roman>>)(?![\da-zà-ỹ])" + _OF_YEAR)
_MONTHS_OF_YEAR = _re(
    r"(?:trong )?(?P<n>0?[1-9]|1[01]|sáu|ba|chín) tháng (?P<end>đầu|cuối)(?: (?:của )?năm)(?: (?P<y>\d{4}))?|(?:trong )?nửa (?P<half>đầu|cuối) năm(?: (?P<y2>\d{4}))?"
)
_PART_OF_YEAR = _re(r"(?P<part>đầu|giữa|cuối) năm(?! (?:sau|trước|tiếp))(?: (?P<y>\d{4}))?")
_YEARS = _re(
    r"(?:trong |cả |suốt |toàn |hết )*(?:giai đoạn |(?:các )?năm )(?P<y>\d{4})(?: ?(?:[-–—]|đến(?: năm)?|và(?: năm)?) ?(?P<y2>\d{4}))?(?!\d)"
)
_WHOLE_YEAR = _re(
    r"(?:trong |cả |suốt |toàn )+(?:suốt |cả |toàn )?năm(?: (?:kế hoạch|nay))?(?! ?(?:\d|sau|tới))|năm (?:nay|kế hoạch)"
)
_BARE_YEAR = _re(r"(?P<y>(?:19|20)\d{2})(?: ?[-–—] ?(?P<y2>(?:19|20)\d{2}))?(?!\d| ?[/.])")

Span = tuple[_Point, _Point]


def _year_of(match: re.Match[str], *names: str) -> int | None:
    for name in names:
        if name in match.re.groupindex and match[name]:
            return full_year(match[name])
    return None


def _quarter(value: str) -> int:
    return {"i": 1, "ii": 2, "iii": 3, "iv": 4}.get(value) or int(value)


def _list_spans(
    written: str, value: Callable[[str], int], sign: str, point: Callable[[int], _Point]
) -> list[Span]:
    """Return the spans of a written list such as ``3, 6 - 9``: a dash or "đến" makes a range."""
    spans: list[Span] = []
    pieces = re.findall(rf"(?P<sep>[-–—÷]|đến|tới|[,;&+/]|và)|(?P<value>{sign})", written)
    ranged = False
    for separator, found in pieces:
        if separator:
            ranged = separator in ("-", "–", "—", "÷", "đến", "tới")
            continue
        place = point(value(found))
        if ranged and spans:
            first = spans[-1][0]
            if first.year is not None and first.first > place.last:
                first = replace(first, year=first.year - 1)
            spans[-1] = (first, place)
        else:
            spans.append((place, place))
        ranged = False
    return spans


_PARTS = {
    "đầu": (1, 10),
    "thượng": (1, 10),
    "giữa": (11, 20),
    "trung": (11, 20),
    "cuối": (21, None),
    "hạ": (21, None),
}
_WEEKS = {
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


def _spans_at(text: str, at: int) -> tuple[list[Span], int] | None:
    """Return the stretches of days that are named at ``at``."""
    for pattern in _CALENDAR_DAY:
        if (match := pattern.match(text, at)) and 1 <= int(match["m"]) <= 12:
            day = int(match["d"])
            if not 1 <= day <= 31:
                continue
            point = _Point(_year_of(match, "y", "y2"), int(match["m"]), int(match["m"]), day, day)
            return [(point, point)], match.end()
    if match := _PART_OF_MONTH.match(text, at):
        first, last = _PARTS[match["part"].split()[0]]
        point = _Point(_year_of(match, "y"), int(match["m"]), int(match["m"]), first, last)
        return [(point, point)], match.end()
    if match := _WEEK_OF_MONTH.match(text, at):
        point = _week(match["w"].split()[0], int(match["m"]), _year_of(match, "y"))
        return [(point, point)], match.end()
    if match := _PART_OF_QUARTER.match(text, at):
        month = 3 * _quarter(match["q"]) - {"đầu": 2, "giữa": 1, "cuối": 0}[match["part"]]
        point = _Point(_year_of(match, "y"), month, month)
        return [(point, point)], match.end()
    if match := _MONTHS_OF_YEAR.match(text, at):
        count = 6 if match["half"] else _count(match["n"])
        year = _year_of(match, "y", "y2")
        first_half = (match["half"] or match["end"]) == "đầu"
        point = _Point(year, 1, count) if first_half else _Point(year, 13 - count, 12)
        return [(point, point)], match.end()
    if match := _MONTH_LIST.match(text, at):
        year = _year_of(match, "y")
        return _list_spans(match["list"], int, r"\d{1,2}", lambda m: _Point(year, m, m)), match.end()
    if match := _QUARTER_LIST.match(text, at):
        year = _year_of(match, "y")
        return (
            _list_spans(
                match["list"], _quarter, "iv|iii|ii|i|[1-4]", lambda q: _Point(year, 3 * q - 2, 3 * q)
            ),
            match.end(),
        )
    if match := _PART_OF_YEAR.match(text, at):
        month = {"đầu": 1, "giữa": 6, "cuối": 12}[match["part"]]
        point = _Point(_year_of(match, "y"), month, month)
        return [(point, point)], match.end()
    if match := _YEARS.match(text, at):
        return [(_Point(int(match["y"]), 1, 12), _Point(int(match["y2"] or match["y"]), 1, 12))], match.end()
    if match := _WHOLE_YEAR.match(text, at):
        return [(_Point(None, 1, 12), _Point(None, 1, 12))], match.end()
    return None


def _week(written: str, month: int, year: int | None) -> _Point:
    if written == "cuối":
        return _Point(year, month, month, -7, None)
    number = _WEEKS.get(written) or int(written)
    first = 7 * number - 6
    return _Point(year, month, month, first, None if number > 4 else 7 * number)


_BY = _re(r"<<by>> (?:(?:ngày|thời điểm|thời hạn) (?=ngày|tháng))?")
_BEFORE_WORD = re.compile(r"(?:^|\s)trước ?$|không sau ?$")
_FROM = _re(r"(?:bắt đầu )?(?:kể )?(?:từ|bắt đầu) (?:đầu (?=tháng|quý|năm))?")
_DAY_RANGE = _re(r"(?:ngày )?(<<day>>) ?(?:[-–—]|đến(?: ngày)?) ?(?=(?:ngày )?<<day>> ?(?:/|tháng))")
_TO = _re(r"<<to>>(?:<<by>> )?(?:cuối (?=năm|quý))?")
_LEAD_IN = _re(
    r"(?:hoàn thành |thực hiện |triển khai |xong |ban hành |tổ chức )?(?:trong|vào|trong khoảng|khoảng|dự kiến|thời gian|suốt) (?:các (?=tháng|quý)|thời gian )?"
)
_ONWARD = _re(
    r" ?,? ?(?:trở đi|(?:và|,) ?(?:các|những) năm (?:tiếp theo|sau|tiếp|kế tiếp)(?: theo)?|và (?:các )?năm tiếp theo)"
)
_REPORT_NAME = _re(
    r"(?:(?:báo cáo|bc) )?(?:kết quả )?(?:0?6 tháng|0?9 tháng|12 tháng|(?:cả )?năm|quý|sơ kết|tổng kết) ?[:,]? ?(?=(?:trước|chậm nhất|đến|hoàn thành trước) (?:ngày )?\d)"
)


def _dated(text: str, at: int) -> Found:
    """Read deadlines, stretches and beginnings: ``by``, ``during`` and ``from``."""
    start = at
    if match := _REPORT_NAME.match(text, at):
        at = match.end()
    by = _BY.match(text, at)
    if by:
        found = _spans_at(text, by.end())
        if found is None and (part := re.compile(r"(?:cuối|hết) (?=tháng|quý|năm)").match(text, by.end())):
            found = _spans_at(text, part.end())
        if found:
            spans, end = found
            before = (
                bool(_BEFORE_WORD.search(by[0].removesuffix("ngày ").rstrip()))
                or by[0].split()[-1] == "trước"
            )
            drafts = [
                _Draft(
                    text[start:end], kind=ScheduleKind.BY, start=lo, end=hi, before=before and not hi.is_day
                )
                for lo, hi in spans
            ]
            return drafts, end
        return None
    opening = _FROM.match(text, at)
    if opening and (found := _spans_at(text, opening.end())):
        spans, end = found
        lo, hi = spans[0][0], spans[-1][1]
        if to := _TO.match(text, end):
            bare = _bare_day(text, to.end(), None)
            closing = _spans_at(text, to.end()) or bare
            if closing:
                before = bool(re.search(r"trước ?$", to[0].rstrip()))
                last = closing[0][0][1]
                return [
                    _Draft(text[start : closing[1]], start=lo, end=last, before=before and not last.is_day)
                ], closing[1]
        if (spans[0][0] is not spans[0][1]) or len(spans) > 1:
            return [_Draft(text[start:end], start=lo, end=hi)], end
        onward = _ONWARD.match(text, end)
        return [_Draft(text[start:end], kind=ScheduleKind.FROM, start=lo)], onward.end() if onward else end
    # "Từ 15 - 30/6": the first day lacks its month.
    if opening and (days := re.compile(r"(?:ngày )?(\d{1,2})\b").match(text, opening.end())):
        to = _TO.match(text, days.end())
        closing = _spans_at(text, to.end()) if to else None
        if closing and closing[0][0][0].is_day:
            last = closing[0][0][0]
            first = replace(last, first_day=int(days[1]), last_day=int(days[1]))
            return [_Draft(text[start : closing[1]], start=first, end=last)], closing[1]
    if days := _DAY_RANGE.match(text, at):
        closing = _spans_at(text, days.end())
        if closing and closing[0][0][0].is_day:
            last = closing[0][0][0]
            first = replace(last, first_day=int(days[1]), last_day=int(days[1]))
            return [_Draft(text[start : closing[1]], start=first, end=last)], closing[1]
    lead = _LEAD_IN.match(text, at)
    place = lead.end() if lead else at
    found = _spans_at(text, place) or (_spans_at(text, at) if lead else None)
    if not found:
        return None
    spans, end = found
    to = _TO.match(text, end)
    if (
        to
        and len(spans) == 1
        and (closing := _spans_at(text, to.end()) or _bare_month(text, to.end(), spans[0][0]))
    ):
        return [_Draft(text[start : closing[1]], start=spans[0][0], end=closing[0][0][1])], closing[1]
    if onward := _ONWARD.match(text, end):
        return [_Draft(text[start:end], kind=ScheduleKind.FROM, start=spans[0][0])], onward.end()
    drafts = []
    for lo, hi in spans:
        # A day that stands alone in a time column is the day it is due.
        kind = ScheduleKind.BY if lo is hi and lo.is_day else ScheduleKind.DURING
        drafts.append(_Draft(text[start:end], kind=kind, start=lo, end=hi))
    return drafts, end


def _bare_month(text: str, at: int, like: _Point) -> tuple[list[Span], int] | None:
    """Return the month of "tháng 12/2023 - 01/2024" that lacks its word."""
    match = re.compile(r"(0?[1-9]|1[0-2]) ?[/.] ?(\d{4})(?!\d)").match(text, at)
    if not match or like.is_day:
        return None
    point = _Point(int(match[2]), int(match[1]), int(match[1]))
    return [(point, point)], match.end()


def _bare_day(text: str, at: int, like: _Point | None) -> tuple[list[Span], int] | None:
    if like is None:
        return None
    match = re.compile(r"(?:ngày )?(\d{1,2})\b").match(text, at)
    if not match:
        return None
    day = int(match[1])
    point = replace(like, first_day=day, last_day=day)
    return [(point, point)], match.end()


_EACH_YEAR = _re(r" ?,? ?(?:\(? ?)(?:của )?(?:<<each>>|các) năm\b\)?")
_THROUGH_YEAR = _re(r" (?:trong|của|suốt) (?:suốt |cả )?năm(?: (?:<<full>>|kế hoạch))?(?!\w)")
_EACH_YEAR_LEAD = _re(
    r"(?:định kỳ )?(?:<<each>>) năm ?[,:]? ?(?:vào |trong )?(?=(?:<<by>>|ngày|tháng|quý|trong|vào|cuối tháng|đầu tháng)\b)"
)

_DAY_NUMBER = r"(?:(?P<day><<day>>)(?!\d)|(?P<last>cuối(?: cùng)?)|(?P<first>đầu(?: tiên)?))"
_DAY_OF_PERIOD = _re(
    r"(?:định kỳ ?,? ?)?(?:(?:<<by>>|vào|từ) )*(?:các )?(?:ngày|mùng|mồng)? ?(?:làm việc )?"
    + _DAY_NUMBER
    + r"(?: ?(?:[-–—]|đến(?: ngày)?) ?(?P<until><<day>>)(?!\d))?"
    r"(?: làm việc)? (?:(?:của|trong) )?(?:(?P<sub>tháng (?:thứ (?:ba|3)|cuối(?: cùng)?|đầu(?: tiên)?|thứ nhất|sau|kế tiếp)) ?,? ?(?:của |trong |hằng |hàng |mỗi )*)?"
    r"(?P<each>(?:<<each>>|các) )?(?=(?P<name>tháng|quý|kỳ|năm|0?6 tháng|tuần))"
)
_END_OF_PERIOD = _re(
    r"(?:định kỳ ?,? ?)?(?:(?:<<by>>|vào) )*(?:ngày (?:làm việc )?)?cuối(?: cùng)? (?:của |các )?(?:<<each>> )?(?P<name>tháng|quý)(?! ?(?:\d|iv\b|i{1,3}\b|sau|trước|năm))"
    r"|cuối (?:<<each>> )(?P<name2>năm|tuần)"
)
_PERIODIC = _re(r"(?:theo )?(?:định k[ỳì]|thường k[ỳì])\b")
_TIMES = (
    # "6 tháng/01 lần", "mỗi quý một lần", "mỗi năm 2 lần"
    _re(
        r"(?:ít nhất |tối thiểu )?(?:<<each>> )?(?P<n><<count>> )?(?P<u>ngày|tuần|tháng|quý|năm) ?(?:/|,)? ?(?:ít nhất |tối thiểu )?(?P<k><<count>> )?(?:lần|kỳ|đợt|cuộc|buổi)\b"
    ),
    # "01 lần/quý", "một lần mỗi tháng", "2 lần trong năm"
    _re(
        r"(?:ít nhất |tối thiểu |không dưới )?(?P<k><<count>>) ?(?:lần|kỳ|đợt|cuộc|buổi) ?(?:/|trong|<<each>>|trên|một) ?(?:(?:một|<<each>>) )?(?P<n><<count>> )?(?P<u>ngày|tuần|tháng|quý|năm)\b(?! ?\d)"
    ),
)
_EVERY = _re(
    r"(?:(?:theo )?(?:định k[ỳì]|thường k[ỳì]) ?(?:[,:]? ?(?:(?:vào|theo|trong) )?))?(?:(?:<<each>>|theo|các|vào) )?"
)
_WEEKDAY = _re(
    r"(?:(?:trước|vào|sáng|chiều) )*(?:ngày )?(?:thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật) ?,? ?(?:của )?<<each>> tuần"
)
_PART_EACH = _re(
    r"(?:tuần|ngày|(?:\d )?ngày) (?:thứ (?:nhất|hai|ba|tư|[1-4])|đầu(?: tiên)?|cuối(?: cùng)?) ?,? ?(?:của )?<<each>> (?P<name>tháng|quý|năm)|(?:đầu|giữa) (?:<<each>>) (?P<name2>tháng|quý|năm)|đầu (?P<name3>tháng|quý)(?! ?(?:\d|iv\b|i{1,3}\b))"
)
_NEXT_MONTH = _re(
    r"(?:(?:<<by>>|vào) )*(?:ngày )?(?P<day><<day>>) (?:của )?(?:đầu )?tháng (?:sau|kế tiếp|tiếp theo|liền kề)"
)
_REPORT_OF = _re(r"(?:báo cáo|bc) (?:định kỳ )?(?P<name>tháng|quý)(?! ?\d) ?[:,]?")
_POST_DAY = _re(
    r" ?,? ?(?:(?:trước|vào|chậm nhất(?: (?:là|vào))?|đến|hạn) )+(?:ngày )?(?:(?P<day><<day>>)(?!\d| ?[/.] ?\d| ?tháng ?\d| ngày)|(?P<last>cuối(?: cùng)?))"
    r"(?: (?:của )?(?:tháng cuối (?:của )?(?:quý|kỳ)|tháng (?:sau|kế tiếp)|(?:mỗi |hằng |hàng )?(?:tháng|quý|kỳ|năm))(?! ?\d))?"
)
_NAMES = {
    "tháng": Every.MONTH,
    "quý": Every.QUARTER,
    "năm": Every.YEAR,
    "tuần": Every.WEEK,
    "kỳ": Every.QUARTER,
}


def _every(text: str, at: int) -> Found:
    """Read repeated schedules: named periods, times a year, days of each period."""
    if match := _WEEKDAY.match(text, at):
        return [_Draft(match[0], _entry(ScheduleKind.EVERY, period=Every.WEEK))], match.end()
    if match := _END_OF_PERIOD.match(text, at):
        period = _NAMES[match["name"] or match["name2"]]
        return [_Draft(match[0], _entry(ScheduleKind.EVERY, period=period, day="last"))], match.end()
    if (match := _DAY_OF_PERIOD.match(text, at)) and (match["each"] or match["sub"]):
        periods, end = _period_list(text, match.end(), dated=False)
        if periods and Every.YEAR not in periods[:1]:
            day: int | str = (
                "last" if match["last"] else 1 if match["first"] else int(match["until"] or match["day"])
            )
            return _drafts_of_periods(periods, text[at:end], day), end
    if match := _NEXT_MONTH.match(text, at):
        return [
            _Draft(match[0], _entry(ScheduleKind.EVERY, period=Every.MONTH, day=int(match["day"])))
        ], match.end()
    if (match := _REPORT_OF.match(text, at)) and (day_of := _POST_DAY.match(text, match.end())):
        day = "last" if day_of["last"] else int(day_of["day"])
        period = _NAMES[match["name"]]
        return [
            _Draft(text[at : day_of.end()], _entry(ScheduleKind.EVERY, period=period, day=day))
        ], day_of.end()
    if match := _PART_EACH.match(text, at):
        period = _NAMES[match["name"] or match["name2"] or match["name3"]]
        return [_Draft(match[0], _entry(ScheduleKind.EVERY, period=period))], match.end()
    if _REPORT_NAME.match(text, at):
        return None
    start = at
    periodic = _PERIODIC.match(text, at)
    if periodic:
        gap = re.compile(r" ?[,:]? ?(?:(?:vào|theo|trong) )?").match(text, periodic.end())
        at = gap.end() if gap else periodic.end()
    for pattern in _TIMES:
        if (match := pattern.match(text, at)) and (period := _times_period(match)) is not False:
            drafts = _drafts_of_periods([period], text[start : match.end()])
            return _with_day(text, drafts, match.end())
    prefix = _EVERY.match(text, at)
    place = prefix.end() if prefix else at
    periods, end = _period_list(text, place, dated=True)
    if periods and (periodic or place > at or _names_alone(text, at, end, periods)):
        return _with_day(text, _drafts_of_periods(periods, text[start:end]), end)
    if periodic:
        return [_Draft(periodic[0], _entry(ScheduleKind.PERIODIC))], periodic.end()
    return None


def _times_period(match: re.Match[str]) -> Every | None | bool:
    """Return the period of "so many times in so long"; None for daily, False where there is no such period."""
    unit = match["u"]
    span = _count(match["n"].strip()) if match["n"] else 1
    times = _count(match["k"].strip()) if match["k"] else 1
    if unit == "ngày":
        return None
    if unit == "tuần":
        return Every.WEEK
    months = {"tháng": 1, "quý": 3, "năm": 12}[unit] * span
    if unit == "năm" and span == 1:
        return _TIMES_A_YEAR.get(times, Every.MONTH if times > 4 else Every.YEAR)
    if times > 1 and months % times == 0:
        months //= times
    return _MONTHS_APART.get(months, False)


def _with_day(text: str, drafts: list[_Draft], end: int) -> tuple[list[_Draft], int]:
    """Return the drafts with the day that follows them ("hằng tháng, trước ngày 20")."""
    match = _POST_DAY.match(text, end)
    first = drafts[0].schedule
    if not match or not first or first.kind is not ScheduleKind.EVERY or first.period is Every.YEAR:
        return drafts, end
    day: int | str = "last" if match["last"] else int(match["day"])
    drafts[0].schedule = replace(first, day=day)
    return drafts, match.end()


def _names_alone(text: str, start: int, end: int, periods: list[Every | None]) -> bool:
    """Tell whether names of periods with no "định kỳ" or "hằng" before them are a schedule."""
    if None in periods:
        return False
    if periods == [Every.YEAR] and text.startswith("cả", start):
        return False
    alone = not text[:start].strip(" ,;/-–và") and not text[end:].strip(" ,;/-–\ue000")
    return alone or len(periods) > 1 or periods[0] in (Every.HALF_YEAR, Every.NINE_MONTHS)


_LADDER: tuple[Callable[[str, int], Found], ...] = (
    _before_report,
    _continuous,
    _every,
    _dated,
    _as_planned,
    _on_event,
)


# ── Items ────────────────────────────────────────────────────────────────────────────────────────────────────

_HIDDEN = "\ue000"
_ITEM_SPLIT = re.compile(
    r"\s*[;\[\]•●▪]+\s*|(?:^|(?<=[;.:]))\s*[-–—+*]\s+|\.\s+(?=[A-ZÀ-ỸĐ\-–+])|\n\s*(?:[-–—+*•]\s*)?|(?:^|(?<=\s))(?:[a-zđ]|\d)\)\s+"
)
_WRAPPED = re.compile(
    r"\n(?=[a-zà-ỹđ\d(/,.])(?![a-zđ]\)|\d{1,2}[.)]\s)|(?<=[/,(])\n|(?i:(?<=quý)|(?<=tháng)|(?<=ngày)|(?<=năm)|(?<=và)|(?<=theo)|(?<=hàng)|(?<=hằng)|(?<=thường)|(?<=định)|(?<=trước)|(?<=đến)|(?<=từ)|(?<=khi)|(?<=có))\n"
)
_COLUMN_JOIN = re.compile(r" [–—-] ")
_SEPARATOR = re.compile(rf"[\s,;/&+.:\-–—{_HIDDEN}]+|(?:và|hoặc|hay)\b")
_WORD = re.compile(r"[^\s,;/&+\-–—]+")
_TIME_WORD = re.compile(r"\d|\b(?:tháng|quý|tuần|hằng|hàng (?:tuần|tháng|quý|năm)|định kỳ|thường xuyên)\b")
_BRACKETED = re.compile(r"\(([^()]*)\)?")


def _items(text: str) -> list[str]:
    lined = fold_mapped(text, keep_lines=True).text
    flat = _WRAPPED.sub(" ", lined)
    return [item.strip() for item in _ITEM_SPLIT.split(flat) if item and item.strip(" .;,-–—")]


@dataclass(slots=True)
class _Scan:
    drafts: list[_Draft]
    rest: list[str]


def _scan(item: str, ladder: Sequence[Callable[[str, int], Found]] = _LADDER) -> _Scan:
    """Read one item from left to right."""
    plain = lower(item)
    hidden = _BRACKETED.sub(lambda m: _HIDDEN * len(m[0]), plain)
    drafts: list[_Draft] = []
    rest: list[str] = []
    unread_from: int | None = None
    yearly = False
    at = 0
    qualified = False

    def close(until: int) -> None:
        nonlocal unread_from
        if unread_from is not None:
            rest.append(item[unread_from:until].strip(" ,;/-–—"))
            unread_from = None

    while at < len(hidden):
        if separator := _SEPARATOR.match(hidden, at):
            if separator[0].strip(_HIDDEN + " "):
                qualified = False
            at = separator.end()
            continue
        if lead := _EACH_YEAR_LEAD.match(hidden, at):
            yearly = True
            at = lead.end()
            continue
        found: Found = None
        for pattern in ladder:
            found = pattern(hidden, at)
            if found:
                break
        if not found:
            if unread_from is None:
                unread_from = at
            word = _WORD.match(hidden, at)
            at = word.end() if word else at + 1
            continue
        close(at)
        new, end = found
        end = max(end, at + 1)
        for draft in new:
            entry = draft.schedule
            if entry and entry.kind is ScheduleKind.ON_EVENT:
                draft.schedule = replace(entry, event=item[at:end].strip(" ,;/.-–—"))
            elif entry and entry.kind is ScheduleKind.AS_PLANNED:
                draft.schedule = replace(entry, plan=item[end - len(draft.text) : end].strip(" ,;/.-–—"))
        bracket = _BRACKETED.match(plain, end + (len(hidden[end:]) - len(hidden[end:].lstrip(" "))))
        new = _with_inner_brackets(new, plain, hidden, at, end)
        if bracket:
            new = _modified(new, bracket[1].strip())
        if _is_rhythm(new) and (through := _THROUGH_YEAR.match(hidden, end)):
            end = through.end()
        if after := _EACH_YEAR.match(hidden, end):
            if any(draft.start for draft in new):
                end = after.end()
                for draft in (*drafts, *new):
                    draft.yearly = draft.yearly or _may_be_yearly(draft)
        for draft in new:
            draft.yearly = draft.yearly or (yearly and _may_be_yearly(draft))
        # "Thường xuyên theo quy định": a plan named without a connector only qualifies what stands before.
        is_plan = (
            len(new) == 1 and new[0].schedule is not None and new[0].schedule.kind is ScheduleKind.AS_PLANNED
        )
        if not (is_plan and qualified):
            drafts.extend(new)
        qualified = True
        at = end
    close(len(hidden))
    if yearly and not drafts:
        drafts.append(_Draft(item, _entry(ScheduleKind.EVERY, period=Every.YEAR)))
    return _Scan(drafts, rest)


def _with_inner_brackets(drafts: list[_Draft], plain: str, hidden: str, start: int, end: int) -> list[_Draft]:
    """Apply the brackets inside a list of periods ("quý (trước ngày 20), năm") each to the period before it."""
    for bracket in _BRACKETED.finditer(plain, start, end):
        place = sum(1 for _ in _JOIN.finditer(hidden, start, bracket.start()))
        if bracket.end() < end and place < len(drafts):
            drafts[place : place + 1] = _modified([drafts[place]], bracket[1].strip())
    return drafts


def _is_rhythm(drafts: Sequence[_Draft]) -> bool:
    return all(draft.schedule is not None and draft.schedule.kind is ScheduleKind.EVERY for draft in drafts)


def _may_be_yearly(draft: _Draft) -> bool:
    return (
        draft.start is not None and draft.start.year is None and (draft.end is None or draft.end.year is None)
    )


def _modified(drafts: list[_Draft], bracket: str) -> list[_Draft]:
    """Return the drafts with what a bracket after them says: a day, or the periods meant by "định kỳ"."""
    entry = drafts[-1].schedule
    if entry is None or entry.kind not in (ScheduleKind.EVERY, ScheduleKind.PERIODIC):
        return drafts
    inner = _scan(bracket)
    if not inner.drafts or re.match(r"theo\b", bracket):
        day = _POST_DAY.match(f" {bracket}")
        if day and entry.kind is ScheduleKind.EVERY and entry.period is not Every.YEAR:
            drafts[-1].schedule = replace(entry, day="last" if day["last"] else int(day["day"]))
        return drafts
    said = [
        draft.schedule
        for draft in inner.drafts
        if draft.schedule and draft.schedule.kind is ScheduleKind.EVERY
    ]
    if entry.kind is ScheduleKind.PERIODIC and said:
        return [*drafts[:-1], *(_Draft(bracket, each) for each in said)]
    if len(said) == 1 and said[0].day is not None:
        drafts[-1].schedule = replace(entry, day=said[0].day)
    dated = [draft for draft in inner.drafts if draft.start is not None]
    if entry.period is Every.YEAR and dated:
        for draft in dated:
            draft.yearly = _may_be_yearly(draft)
        return [*drafts[:-1], *dated]
    return drafts


# ── Years ────────────────────────────────────────────────────────────────────────────────────────────────────


def _resolve(drafts: Sequence[_Draft], year: int | None) -> tuple[list[Schedule], list[Message], list[str]]:
    """Return the entries of drafts, each once, with what could not be dated."""
    entries: list[Schedule] = []
    warnings: list[Message] = []
    rest: list[str] = []
    for index, draft in enumerate(drafts):
        warnings.extend(draft.notes)
        if draft.schedule is not None:
            entry: Schedule | None = draft.schedule
        else:
            try:
                entry = _dated_entry(draft, _year_ahead(drafts, index, year))
            except ValueError:
                warnings.append(Message(NO_SUCH_DAY, {"text": draft.text.strip()}))
                entry = None
            else:
                if entry is None:
                    warnings.append(Message(YEAR_NEEDED, {"text": draft.text.strip()}))
            if entry is None:
                rest.append(draft.text.strip())
        if entry is not None and entry not in entries:
            entries.append(entry)
    return entries, warnings, rest


def _year_ahead(drafts: Sequence[_Draft], index: int, year: int | None) -> int | None:
    """Return the year that a draft without one takes: the next that stands written, else the plan's."""
    for draft in drafts[index:]:
        for point in (draft.start, draft.end):
            if point is not None and point.year is not None:
                return point.year
        if draft.schedule is not None and draft is not drafts[index]:
            break
    if year is not None:
        return year
    for draft in reversed(drafts[:index]):
        for point in (draft.end, draft.start):
            if point is not None and point.year is not None:
                return point.year
    return None


def _dated_entry(draft: _Draft, year: int | None) -> Schedule | None:
    start = draft.start
    if start is None:
        return None
    end = draft.end or start
    if draft.yearly:
        day = end.bounds(2024)[1]
        return _entry(ScheduleKind.YEARLY_BY, month=day.month, day=min(day.day, 29 if day.month == 2 else 31))
    first_year = start.year if start.year is not None else end.year if end.year is not None else year
    last_year = end.year if end.year is not None else start.year if start.year is not None else year
    if first_year is None or last_year is None:
        return None
    if start.year is None and start.first > end.last:
        first_year -= 1
    elif end.year is None and end.last < start.first:
        last_year += 1
    opening = start.bounds(first_year)
    closing = end.bounds(last_year)
    if draft.kind is ScheduleKind.FROM:
        return _entry(ScheduleKind.FROM, date=opening[0])
    if draft.kind is ScheduleKind.BY:
        return _entry(ScheduleKind.BY, date=opening[0] - timedelta(days=1) if draft.before else closing[1])
    last = closing[0] - timedelta(days=1) if draft.before else closing[1]
    if last < opening[0]:
        raise ValueError("the end is before the start")
    return _entry(ScheduleKind.DURING, start=opening[0], end=last)


# ── The whole text ───────────────────────────────────────────────────────────────────────────────────────────


def parse_schedule(text: str, year: int | None) -> ReadSchedule:
    """Return what the text of a time column means; ``year`` is the plan's, for days and months without one.

    >>> read = parse_schedule("Trước 15/6 và trước 30/11 hằng năm", 2024)
    >>> [(entry.kind.value, entry.month, entry.day) for entry in read.entries]
    [('yearly_by', 6, 15), ('yearly_by', 11, 30)]
    >>> parse_schedule("Quý III–IV/2024", None).entries[0].end
    datetime.date(2024, 12, 31)
    >>> parse_schedule("lúc trăng tròn", 2024).rest
    'lúc trăng tròn'
    """
    drafts: list[_Draft] = []
    rest: list[str] = []
    for item in _items(text):
        scan = _read_item(item)
        drafts.extend(scan.drafts)
        if not scan.drafts:
            rest.append(item.strip(" .;,"))
        else:
            rest.extend(part for part in scan.rest if _TIME_WORD.search(lower(part)))
    _share_yearly(drafts)
    entries, warnings, undated = _resolve(drafts, year)
    left = "; ".join(part for part in (*rest, *undated) if part)
    warnings.extend(Message(NOT_UNDERSTOOD, {"text": part}) for part in rest if part)
    if not fold(text).strip(" .;,-–—"):
        return ReadSchedule((), "", (), Decimal(1))
    confidence = Decimal(0) if not entries else Decimal("0.5") if left else Decimal("0.95")
    return ReadSchedule(tuple(entries), left, tuple(warnings), confidence)


def _read_item(item: str) -> _Scan:
    """Read an item; a time column joined of two ("start – end") is read as one stretch where it is one."""
    bare = _BARE_YEAR.fullmatch(item.strip(" ."))
    if bare:
        first, last = int(bare["y"]), int(bare["y2"] or bare["y"])
        return _Scan([_Draft(item, start=_Point(first, 1, 12), end=_Point(last, 1, 12))], [])
    return _scan(item)


def _share_yearly(drafts: Sequence[_Draft]) -> None:
    """Let "hằng năm" at the end reach back over deadlines of the same form ("trước 15/6; trước 30/11 hằng năm")."""
    reached = False
    for draft in reversed(drafts):
        if draft.yearly:
            reached = True
        elif reached and draft.kind is ScheduleKind.BY and _may_be_yearly(draft):
            draft.yearly = True
        else:
            reached = False


# ── Reporting ────────────────────────────────────────────────────────────────────────────────────────────────

_REPORTS = re.compile(r"báo cáo|tổng hợp (?:kết quả|gửi)|gửi kết quả|sơ kết|tổng kết")
_RESULTS = re.compile(
    r"kết quả|tiến độ|tình hình (?:thực hiện|triển khai)|mục tiêu|mtcl|sơ kết|tổng kết|báo cáo định kỳ|định kỳ"
)
_TROUBLE = re.compile(r"khó khăn|vướng mắc|phát sinh|đột xuất")
_NAMED_RESULTS = re.compile(r"kết quả|tiến độ|tình hình (?:thực|triển)|mtcl|mục tiêu chất")
_SENTENCE = re.compile(r"(?<=[a-zà-ỹ0-9)%”])\.\s+(?=[A-ZÀ-ỸĐ\-–])|\n+")
_CHECKS = re.compile(r"kiểm tra|theo dõi|giám sát|đôn đốc|rà soát|\bhọp\b|đánh giá nội bộ|xem xét của")
_PROSE_EVERY = _re(r"(?:định k[ỳì]|<<each>>|cuối|ngày|báo cáo|\d|một|trước|chậm|(?:tháng|quý) ?(?:,|/|và))")
_HALF_YEAR_PAST = re.compile(
    r"(?P<n>0?[369]) tháng đầu năm(?: \d{4})?(?P<year>(?: ?, ?| và )(?:cả )?năm(?: \d{4})?)?"
)
_AFTER_DATE = re.compile(r"\d ?(?:,|và) ?(?:và )?$")
_YEAR_END = _re(r"cuối năm\b(?! học)")


def _reported_every(text: str, at: int) -> Found:
    if text[at - 1 : at].isalnum() or not _PROSE_EVERY.match(text, at):
        return None
    if match := _HALF_YEAR_PAST.match(text, at):
        period = _MONTHS_APART[int(match["n"])]
        return _drafts_of_periods([period, *([Every.YEAR] if match["year"] else [])], match[0]), match.end()
    if match := _YEAR_END.match(text, at):
        return [_Draft(match[0], _entry(ScheduleKind.EVERY, period=Every.YEAR, day="last"))], match.end()
    if named := re.compile(r"báo\s+cáo\s+(?:kết\s+quả\s+)?(?:thực\s+hiện\s+)?(?:định\s+kỳ\s+)?").match(
        text, at
    ):
        periods, end = _period_list(text, named.end(), dated=True)
        if periods and (len(periods) > 1 or periods[0] not in (Every.YEAR, None)):
            return _with_day(text, _drafts_of_periods(periods, text[at:end]), end)
        return None
    return _every(text, at)


def _reported_by(text: str, at: int) -> Found:
    if text[at - 1 : at].isalnum() or not (_BY.match(text, at) or _AFTER_DATE.search(text[:at])):
        return None
    found = _dated(text, at)
    if found and all(draft.kind is ScheduleKind.BY for draft in found[0]):
        return found
    return None


def parse_reporting(sentence: str, year: int | None = None) -> tuple[Schedule, ...]:
    """Return the periods at which a sentence has results reported; empty where it has none reported.

    Checking and urging are no reporting, nor is the reporting of difficulties.

    >>> [e.period.value for e in parse_reporting("Định kỳ 06 tháng, năm báo cáo kết quả thực hiện về UBND xã.")]
    ['half_year', 'year']
    >>> parse_reporting("Nếu có khó khăn, vướng mắc thì kịp thời báo cáo.")
    ()
    """
    entries: list[Schedule] = []
    for clause in _reporting_clauses(sentence):
        plain = lower(clause)
        if not _REPORTS.search(plain) or not _RESULTS.search(plain):
            continue
        if _TROUBLE.search(plain) and not _NAMED_RESULTS.search(plain):
            continue
        scan = _scan(clause, (_reported_by, _reported_every))
        drafts = [
            draft
            for draft in scan.drafts
            if draft.schedule is None or draft.schedule.kind is not ScheduleKind.CONTINUOUS
        ]
        _share_yearly(drafts)
        entries.extend(_resolve(drafts, year)[0])
    return combine_reporting(entries)


def _reporting_clauses(text: str) -> list[str]:
    """Return the clauses of a text; what names a time but no act of its own goes on after its ``;``."""
    clauses: list[str] = []
    for sentence in _SENTENCE.split(fold_mapped(text, keep_lines=True).text):
        open_clause = ""
        for piece in re.split(r";\s+", sentence):
            open_clause += piece
            if _REPORTS.search(lower(piece)) or _CHECKS.search(lower(piece)):
                clauses.append(open_clause)
                open_clause = ""
            else:
                open_clause += ", "
        if open_clause:
            clauses.append(open_clause)
    return clauses


def combine_reporting(entries: Iterable[Schedule]) -> tuple[Schedule, ...]:
    """Return the reporting of several sentences as one: each named period once, the one with a day first choice.

    "Định kỳ" with no period named stands only where no sentence names one.

    >>> named, bare = Schedule(ScheduleKind.EVERY, period=Every.QUARTER), Schedule(ScheduleKind.PERIODIC)
    >>> combine_reporting([bare, named]) == (named,)
    True
    """
    combined: list[Schedule] = []
    for entry in entries:
        twin = next(
            (
                index
                for index, each in enumerate(combined)
                if each.kind is ScheduleKind.EVERY
                and entry.kind is ScheduleKind.EVERY
                and each.period is entry.period
            ),
            None,
        )
        if twin is not None:
            if combined[twin].day is None:
                combined[twin] = entry
        elif entry not in combined:
            combined.append(entry)
    named = [entry for entry in combined if entry.kind is not ScheduleKind.PERIODIC]
    return tuple(named or combined)


# ── Official wording ─────────────────────────────────────────────────────────────────────────────────────────

_EACH_NAMES = {
    Every.WEEK: "Hằng tuần",
    Every.MONTH: "Hằng tháng",
    Every.QUARTER: "Hằng quý",
    Every.HALF_YEAR: "06 tháng/lần",
    Every.NINE_MONTHS: "09 tháng/lần",
    Every.YEAR: "Hằng năm",
}


def write_schedule(entries: Sequence[Schedule], year: int | None = None) -> str:
    """Return official Vietnamese wording of a schedule; :func:`parse_schedule` reads the same entries back.

    Where ``year`` is given, days and months of that year are written without it.

    >>> write_schedule([Schedule(ScheduleKind.BY, date=date(2024, 1, 5)), Schedule(ScheduleKind.CONTINUOUS)])
    'Trước ngày 05/01/2024; thường xuyên'
    >>> write_schedule([Schedule(ScheduleKind.DURING, start=date(2026, 1, 1), end=date(2026, 3, 31))], 2026)
    'Quý I'
    """
    phrases = [_write_entry(entry, year) for entry in entries]
    return "; ".join(
        phrase if index == 0 or _keeps_capital(entry) else phrase[:1].lower() + phrase[1:]
        for index, (entry, phrase) in enumerate(zip(entries, phrases, strict=True))
    )


def _keeps_capital(entry: Schedule) -> bool:
    return entry.kind is ScheduleKind.ON_EVENT


def _write_entry(entry: Schedule, year: int | None) -> str:
    match entry.kind:
        case ScheduleKind.CONTINUOUS:
            return "Thường xuyên"
        case ScheduleKind.PERIODIC:
            return "Định kỳ"
        case ScheduleKind.BY:
            return f"Trước ngày {_day(entry.date, year)}"
        case ScheduleKind.FROM:
            return f"Từ ngày {_day(entry.date, year)}"
        case ScheduleKind.YEARLY_BY:
            return f"Trước ngày {entry.day:02d}/{entry.month:02d} hằng năm"
        case ScheduleKind.EVERY:
            return _write_every(entry)
        case ScheduleKind.ON_EVENT:
            return entry.event or ""
        case ScheduleKind.AS_PLANNED:
            return f"Theo {entry.plan}"
        case ScheduleKind.BEFORE_REPORT:
            return f"Trước thời điểm báo cáo {entry.days:02d} ngày"
        case ScheduleKind.DURING:
            return _write_stretch(entry.start, entry.end, year)


def _day(value: date | None, year: int | None) -> str:
    if value is None:
        return ""
    return f"{value.day:02d}/{value.month:02d}" if value.year == year else format_date(value)


def _write_every(entry: Schedule) -> str:
    if entry.period is None:
        return ""
    name = _EACH_NAMES[entry.period]
    if entry.day is None:
        return name
    if entry.period is Every.MONTH:
        return "Ngày cuối mỗi tháng" if entry.day == "last" else f"Trước ngày {entry.day:02d} hằng tháng"
    unit = {Every.QUARTER: "quý", Every.YEAR: "năm", Every.WEEK: "tuần"}.get(entry.period, "kỳ")
    if entry.day == "last":
        return f"{name} (ngày cuối {unit})"
    return f"{name} (trước ngày {entry.day:02d} của tháng cuối {unit})"


def _write_stretch(start: date | None, end: date | None, year: int | None) -> str:
    if start is None or end is None:
        return ""
    whole_months = start.day == 1 and (end + timedelta(days=1)).day == 1
    same_year = start.year == end.year
    of_year = "" if same_year and start.year == year else f"/{end.year}"
    if not whole_months:
        return f"Từ ngày {_day(start, year)} đến ngày {_day(end, year)}"
    if not same_year:
        if (start.month, end.month) == (1, 12):
            return f"Giai đoạn {start.year} - {end.year}"
        return f"Tháng {start.month:02d}/{start.year} - Tháng {end.month:02d}/{end.year}"
    if (start.month, end.month) == (1, 12):
        return "Trong năm" if not of_year else f"Trong năm {start.year}"
    if (start.month, end.month) in ((1, 6), (7, 12)):
        part = "đầu" if start.month == 1 else "cuối"
        return f"6 tháng {part} năm" + (f" {start.year}" if of_year else "")
    if start.month % 3 == 1 and end.month % 3 == 0:
        first, last = (int_to_roman((month + 2) // 3) for month in (start.month, end.month))
        return f"Quý {first}{of_year}" if first == last else f"Quý {first} - {last}{of_year}"
    if start.month == end.month:
        return f"Tháng {start.month:02d}{of_year}"
    return f"Tháng {start.month:02d} - {end.month:02d}{of_year}"
