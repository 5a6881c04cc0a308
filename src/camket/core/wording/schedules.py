"""When a planned action is done: the wording of a plan's time column, and official wording back from values.

A text is cut into items (``;``, list marks, line ends, square brackets); each item is scanned from left to
right against a ladder of patterns. What a pattern finds is first a draft, since the year of a day and month
stands at the end ("Tháng 6 và tháng 11/2023"); years are given when the whole text is read.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from camket.core.messages import Message, gettext_noop
from camket.core.plan import Every, Schedule, ScheduleKind, Within
from camket.core.wording import schedule_grammar as grammar
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


def _entry(kind: ScheduleKind, **values: object) -> Schedule:
    return replace(Schedule(kind=kind), **values)  # type: ignore[arg-type]


# ── Named periods ────────────────────────────────────────────────────────────────────────────────────────────


def _count(text: str) -> int:
    return int(text) if text.isdigit() else grammar.NUMBER_WORDS[text]


def _period_at(text: str, at: int) -> tuple[Every | None, int] | None:
    for pattern, period in grammar.PERIODS:
        if (match := pattern.match(text, at)) and not text[match.end() : match.end() + 1].isalnum():
            return period, match.end()
    return None


def _period_list(text: str, at: int, *, dated: bool) -> tuple[list[Every | None], int]:
    """Return the named periods that stand joined at ``at``. ``dated``: "… và năm 2024" names the year."""
    periods: list[Every | None] = []
    while found := _period_at(text, at):
        period, at = found
        periods.append(period)
        if dated and (match := grammar.AND_THE_YEAR.match(text, at)):
            periods.append(Every.YEAR)
            at = match.end()
        join = grammar.JOIN.match(text, at)
        if not join:
            break
        named = grammar.NEXT_NAME.match(text, join.end())
        ahead = named.end() if named else join.end()
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


def _continuous(text: str, at: int) -> Found:
    match = grammar.CONTINUOUS.match(text, at) or grammar.DAILY.match(text, at)
    if not match:
        return None
    return [_Draft(match[0], _entry(ScheduleKind.CONTINUOUS))], match.end()


def _before_report(text: str, at: int) -> Found:
    for pattern in grammar.BEFORE_REPORT:
        if match := pattern.match(text, at):
            return [
                _Draft(match[0], _entry(ScheduleKind.BEFORE_REPORT, days=int(match["days"])))
            ], match.end()
    return None


# What may begin a new entry after a connector; an event or a plan's name ends before it.


def _phrase_end(text: str, start: int) -> int:
    match = grammar.PHRASE_END.search(text, start)
    return match.start() if match else len(text)


def _on_event(text: str, at: int) -> Found:
    match = grammar.EVENT.match(text, at)
    if not match:
        return None
    end = _phrase_end(text, max(match.end(), at + 1))
    phrase = text[at:end]
    within = None
    limit = grammar.WITHIN.search(phrase)
    if limit and (match["days"] or match["within"] or grammar.LIMITS.search(phrase[: limit.start()])):
        within = Within(days=int(limit["days"]), working=bool(limit["working"]))
    return [_Draft(phrase, Schedule(kind=ScheduleKind.ON_EVENT, event="", within=within))], end


def _as_planned(text: str, at: int) -> Found:
    match = grammar.AS_PLANNED.match(text, at)
    if not match:
        return None
    end = _phrase_end(text, max(match.end(), at + 1))
    return [_Draft(text[match.end() : end], Schedule(kind=ScheduleKind.AS_PLANNED, plan=""))], end


Span = tuple[_Point, _Point]


def _year_of(match: re.Match[str], *names: str) -> int | None:
    for name in names:
        if name in match.re.groupindex and match[name]:
            return full_year(match[name])
    return None


def _quarter(value: str) -> int:
    return {"i": 1, "ii": 2, "iii": 3, "iv": 4}.get(value) or int(value)


def _list_spans(
    pieces: re.Pattern[str], written: str, value: Callable[[str], int], point: Callable[[int], _Point]
) -> list[Span]:
    """Return the spans of a written list such as ``3, 6 - 9``: a dash or "đến" makes a range."""
    spans: list[Span] = []
    ranged = False
    for piece in pieces.finditer(written):
        if piece["sep"]:
            ranged = piece["sep"] in grammar.RANGE_SIGNS
            continue
        place = point(value(piece["value"]))
        if ranged and spans:
            first = spans[-1][0]
            if first.year is not None and first.first > place.last:
                first = replace(first, year=first.year - 1)
            spans[-1] = (first, place)
        else:
            spans.append((place, place))
        ranged = False
    return spans


def _spans_at(text: str, at: int) -> tuple[list[Span], int] | None:
    """Return the stretches of days that are named at ``at``."""
    for pattern in grammar.CALENDAR_DAY:
        if (match := pattern.match(text, at)) and 1 <= int(match["m"]) <= 12:
            day = int(match["d"])
            if not 1 <= day <= 31:
                continue
            point = _Point(_year_of(match, "y", "y2"), int(match["m"]), int(match["m"]), day, day)
            return [(point, point)], match.end()
    if match := grammar.PART_OF_MONTH.match(text, at):
        first, last = grammar.PARTS[match["part"].split()[0]]
        point = _Point(_year_of(match, "y"), int(match["m"]), int(match["m"]), first, last)
        return [(point, point)], match.end()
    if match := grammar.WEEK_OF_MONTH.match(text, at):
        point = _week(match["w"].split()[0], int(match["m"]), _year_of(match, "y"))
        return [(point, point)], match.end()
    if match := grammar.PART_OF_QUARTER.match(text, at):
        month = 3 * _quarter(match["q"]) - {"đầu": 2, "giữa": 1, "cuối": 0}[match["part"]]
        point = _Point(_year_of(match, "y"), month, month)
        return [(point, point)], match.end()
    if match := grammar.MONTHS_OF_YEAR.match(text, at):
        count = 6 if match["half"] else _count(match["n"])
        year = _year_of(match, "y", "y2")
        first_half = (match["half"] or match["end"]) == "đầu"
        point = _Point(year, 1, count) if first_half else _Point(year, 13 - count, 12)
        return [(point, point)], match.end()
    if match := grammar.MONTHS.match(text, at):
        year = _year_of(match, "y")
        pieces = grammar.LIST_PIECES["month"]
        return _list_spans(pieces, match["list"], int, lambda month: _Point(year, month, month)), match.end()
    if match := grammar.QUARTERS.match(text, at):
        year = _year_of(match, "y")
        pieces = grammar.LIST_PIECES["quarter"]
        spans = _list_spans(pieces, match["list"], _quarter, lambda q: _Point(year, 3 * q - 2, 3 * q))
        return spans, match.end()
    if match := grammar.PART_OF_YEAR.match(text, at):
        month = {"đầu": 1, "giữa": 6, "cuối": 12}[match["part"]]
        point = _Point(_year_of(match, "y"), month, month)
        return [(point, point)], match.end()
    if match := grammar.YEARS.match(text, at):
        return [(_Point(int(match["y"]), 1, 12), _Point(int(match["y2"] or match["y"]), 1, 12))], match.end()
    if (match := grammar.BARE_MONTH.match(text, at)) and text[at - 1 : at] not in tuple("0123456789/."):
        point = _Point(int(match[2]), int(match[1]), int(match[1]))
        return [(point, point)], match.end()
    if match := grammar.WHOLE_YEAR.match(text, at):
        return [(_Point(None, 1, 12), _Point(None, 1, 12))], match.end()
    return None


def _week(written: str, month: int, year: int | None) -> _Point:
    if written == "cuối":
        return _Point(year, month, month, -7, None)
    number = grammar.WEEKS.get(written) or int(written)
    first = 7 * number - 6
    return _Point(year, month, month, first, None if number > 4 else 7 * number)


def _dated(text: str, at: int) -> Found:
    """Read deadlines, stretches and beginnings: ``by``, ``during`` and ``from``."""
    named = grammar.REPORT_NAME.match(text, at)
    place = named.end() if named else at
    if grammar.BY.match(text, place):
        return _deadline(text, at, place)
    return _beginning(text, place) or _days_of_month(text, place) or _stretch(text, place)


def _deadline(text: str, start: int, at: int) -> Found:
    by = grammar.BY.match(text, at)
    if by is None:
        return None
    found = _spans_at(text, by.end())
    if found is None and (part := grammar.BY_PART.match(text, by.end())):
        found = _spans_at(text, part.end())
    if found is None:
        return None
    spans, end = found
    words = by[0].removesuffix("ngày ").rstrip()
    excludes = grammar.EXCLUDES.search(words) is not None
    return [
        _Draft(text[start:end], kind=ScheduleKind.BY, start=lo, end=hi, before=excludes and not hi.is_day)
        for lo, hi in spans
    ], end


def _beginning(text: str, at: int) -> Found:
    """Read "từ … đến …", and "từ …" alone."""
    opening = grammar.SINCE.match(text, at)
    if opening is None:
        return None
    found = _spans_at(text, opening.end())
    if found is None:
        return _days_of_month(text, opening.end())
    spans, end = found
    first, last = spans[0][0], spans[-1][1]
    to = grammar.TO.match(text, end)
    if to and (closing := _spans_at(text, to.end())):
        last = closing[0][0][1]
        excludes = grammar.EXCLUDES.search(to[0].rstrip()) is not None and not last.is_day
        return [_Draft(text[at : closing[1]], start=first, end=last, before=excludes)], closing[1]
    if first is not last:
        return [_Draft(text[at:end], start=first, end=last)], end
    onward = grammar.ONWARD.match(text, end)
    return [_Draft(text[at:end], kind=ScheduleKind.FROM, start=first)], onward.end() if onward else end


def _days_of_month(text: str, at: int) -> Found:
    """Read "15 - 30/6", whose first day lacks its month."""
    days = grammar.DAY_RANGE.match(text, at)
    closing = _spans_at(text, days.end()) if days else None
    if days is None or closing is None or not closing[0][0][0].is_day:
        return None
    last = closing[0][0][0]
    first = replace(last, first_day=int(days[1]), last_day=int(days[1]))
    return [_Draft(text[at : closing[1]], start=first, end=last)], closing[1]


def _stretch(text: str, at: int) -> Found:
    lead = grammar.LEAD_IN.match(text, at)
    found = _spans_at(text, lead.end() if lead else at) or (_spans_at(text, at) if lead else None)
    if not found:
        return None
    spans, end = found
    to = grammar.TO.match(text, end)
    closing = _spans_at(text, to.end()) or _bare_month(text, to.end(), spans[0][0]) if to else None
    if closing and len(spans) == 1:
        return [_Draft(text[at : closing[1]], start=spans[0][0], end=closing[0][0][1])], closing[1]
    if onward := grammar.ONWARD.match(text, end):
        return [_Draft(text[at:end], kind=ScheduleKind.FROM, start=spans[0][0])], onward.end()
    drafts = []
    for first, last in spans:
        # A day that stands alone in a time column is the day it is due.
        kind = ScheduleKind.BY if first is last and first.is_day else ScheduleKind.DURING
        drafts.append(_Draft(text[at:end], kind=kind, start=first, end=last))
    return drafts, end


def _bare_month(text: str, at: int, like: _Point) -> tuple[list[Span], int] | None:
    """Return the month of "tháng 12/2023 - 01/2024" that lacks its word."""
    match = grammar.BARE_MONTH.match(text, at)
    if not match or like.is_day:
        return None
    point = _Point(int(match[2]), int(match[1]), int(match[1]))
    return [(point, point)], match.end()


def _every(text: str, at: int) -> Found:
    """Read repeated schedules: named periods, times a year, days of each period."""
    if match := grammar.WEEKDAY.match(text, at):
        return [_Draft(match[0], _entry(ScheduleKind.EVERY, period=Every.WEEK))], match.end()
    if match := grammar.END_OF_PERIOD.match(text, at):
        period = grammar.PERIOD_NAMES[match["name"] or match["name2"]]
        return [_Draft(match[0], _entry(ScheduleKind.EVERY, period=period, day="last"))], match.end()
    if (match := grammar.DAY_OF_PERIOD.match(text, at)) and (match["each"] or match["sub"]):
        periods, end = _period_list(text, match.end(), dated=False)
        if periods and Every.YEAR not in periods[:1]:
            day: int | str = (
                "last" if match["last"] else 1 if match["first"] else int(match["until"] or match["day"])
            )
            return _drafts_of_periods(periods, text[at:end], day), end
    if match := grammar.NEXT_MONTH.match(text, at):
        return [
            _Draft(match[0], _entry(ScheduleKind.EVERY, period=Every.MONTH, day=int(match["day"])))
        ], match.end()
    if (match := grammar.REPORT_OF.match(text, at)) and (
        day_of := grammar.DAY_AFTER.match(text, match.end())
    ):
        day = "last" if day_of["last"] else int(day_of["day"])
        period = grammar.PERIOD_NAMES[match["name"]]
        return [
            _Draft(text[at : day_of.end()], _entry(ScheduleKind.EVERY, period=period, day=day))
        ], day_of.end()
    if match := grammar.REPORT_ALONE.match(text, at):
        return _drafts_of_periods([grammar.PERIOD_NAMES[match["name"]]], match[0]), match.end()
    if match := grammar.PART_OF_EACH.match(text, at):
        period = grammar.PERIOD_NAMES[match["name"] or match["name2"] or match["name3"]]
        return [_Draft(match[0], _entry(ScheduleKind.EVERY, period=period))], match.end()
    if grammar.REPORT_NAME.match(text, at):
        return None
    start = at
    periodic = grammar.PERIODIC.match(text, at)
    if periodic:
        gap = grammar.PERIODIC_GAP.match(text, periodic.end())
        at = gap.end() if gap else periodic.end()
    for pattern in grammar.TIMES:
        if match := pattern.match(text, at):
            counted = _times_period(match)
            if not counted:
                # "02 tháng/lần", "2 năm/lần": a rhythm that has no name of its own.
                return [_Draft(match[0], _entry(ScheduleKind.PERIODIC))], match.end()
            drafts = _drafts_of_periods(counted, text[start : match.end()])
            return _with_day(text, drafts, match.end())
    prefix = grammar.EVERY.match(text, at)
    place = prefix.end() if prefix else at
    periods, end = _period_list(text, place, dated=True)
    if periods and (periodic or place > at or _names_alone(text, at, end, periods)):
        return _with_day(text, _drafts_of_periods(periods, text[start:end]), end)
    if periodic:
        return [_Draft(periodic[0], _entry(ScheduleKind.PERIODIC))], periodic.end()
    return None


def _times_period(match: re.Match[str]) -> list[Every | None]:
    """Return the period of "so many times in so long", alone in a list; empty where there is no such period."""
    unit = match["u"]
    span = _count(match["n"].strip()) if match["n"] else 1
    times = _count(match["k"].strip()) if match["k"] else 1
    if unit == "ngày":
        return [None]
    if unit == "tuần":
        return [Every.WEEK]
    if unit == "năm" and span == 1:
        return [grammar.TIMES_A_YEAR.get(times, Every.MONTH if times > 4 else Every.YEAR)]
    months = {"tháng": 1, "quý": 3, "năm": 12}[unit] * span
    if times > 1 and months % times == 0:
        months //= times
    return [grammar.MONTHS_APART[months]] if months in grammar.MONTHS_APART else []


def _with_day(text: str, drafts: list[_Draft], end: int) -> tuple[list[_Draft], int]:
    """Return the drafts with the day that follows them ("hằng tháng, trước ngày 20")."""
    match = grammar.DAY_AFTER.match(text, end)
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


def _items(text: str) -> list[str]:
    lined = fold_mapped(text, keep_lines=True).text
    flat = grammar.WRAPPED.sub(" ", lined)
    return [item.strip() for item in grammar.ITEM_SPLIT.split(flat) if item and item.strip(" .;,-–—")]


@dataclass(slots=True)
class _Scan:
    drafts: list[_Draft]
    rest: list[str]


def _scan(item: str, ladder: Sequence[Callable[[str, int], Found]] = _LADDER) -> _Scan:
    """Read one item from left to right; what no pattern of the ladder takes is the rest."""
    plain = lower(item)
    hidden = grammar.BRACKETED.sub(lambda match: grammar.HIDDEN * len(match[0]), plain)
    scan = _Scan([], [])
    unread: int | None = None
    yearly = qualified = False
    at = 0
    while at < len(hidden):
        if separator := grammar.SEPARATOR.match(hidden, at):
            qualified = qualified and not separator[0].strip(grammar.HIDDEN + " ")
            at = separator.end()
            continue
        if lead := grammar.EACH_YEAR_LEAD.match(hidden, at):
            yearly, at = True, lead.end()
            continue
        found = next((found for pattern in ladder if (found := pattern(hidden, at))), None)
        if found is None:
            unread = at if unread is None else unread
            word = grammar.WORD.match(hidden, at)
            at = word.end() if word else at + 1
            continue
        if unread is not None:
            scan.rest.append(item[unread:at].strip(_MARKS))
            unread = None
        new, end = _completed(found, item, plain, hidden, at)
        if (after := grammar.EACH_YEAR.match(hidden, end)) and any(draft.start for draft in new):
            end = after.end()
            _make_yearly((*scan.drafts, *new))
        if yearly:
            _make_yearly(new)
        # "Thường xuyên theo quy định": a plan named without a connector only qualifies what stands before.
        if not (qualified and _is(new, ScheduleKind.AS_PLANNED)):
            scan.drafts.extend(new)
        qualified, at = True, end
    if unread is not None:
        scan.rest.append(item[unread:].strip(_MARKS))
    if yearly and not scan.drafts:
        scan.drafts.append(_Draft(item, _entry(ScheduleKind.EVERY, period=Every.YEAR)))
    return scan


_MARKS = " ,;/.-–—"


def _completed(
    found: tuple[list[_Draft], int], item: str, plain: str, hidden: str, at: int
) -> tuple[list[_Draft], int]:
    """Return what a pattern found with its own words as written, and with what its brackets add."""
    drafts, end = found
    end = max(end, at + 1)
    for draft in drafts:
        entry = draft.schedule
        if entry and entry.kind is ScheduleKind.ON_EVENT:
            draft.schedule = replace(entry, event=item[at:end].strip(_MARKS))
        elif entry and entry.kind is ScheduleKind.AS_PLANNED:
            draft.schedule = replace(entry, plan=item[end - len(draft.text) : end].strip(_MARKS))
    drafts = _with_inner_brackets(drafts, plain, hidden, at, end)
    spaces = len(hidden[end:]) - len(hidden[end:].lstrip(" "))
    if bracket := grammar.BRACKETED.match(plain, end + spaces):
        drafts = _modified(drafts, bracket[1].strip())
    if _is(drafts, ScheduleKind.EVERY) and (through := grammar.THROUGH_YEAR.match(hidden, end)):
        end = through.end()
    return drafts, end


def _is(drafts: Sequence[_Draft], kind: ScheduleKind) -> bool:
    return all(draft.schedule is not None and draft.schedule.kind is kind for draft in drafts)


def _make_yearly(drafts: Iterable[_Draft]) -> None:
    for draft in drafts:
        draft.yearly = draft.yearly or _may_be_yearly(draft)


def _with_inner_brackets(drafts: list[_Draft], plain: str, hidden: str, start: int, end: int) -> list[_Draft]:
    """Apply the brackets inside a list of periods ("quý (trước ngày 20), năm") each to the period before it."""
    for bracket in grammar.BRACKETED.finditer(plain, start, end):
        place = sum(1 for _ in grammar.JOIN.finditer(hidden, start, bracket.start()))
        if bracket.end() < end and place < len(drafts):
            drafts[place : place + 1] = _modified([drafts[place]], bracket[1].strip())
    return drafts


def _may_be_yearly(draft: _Draft) -> bool:
    return (
        draft.start is not None and draft.start.year is None and (draft.end is None or draft.end.year is None)
    )


def _modified(drafts: list[_Draft], bracket: str) -> list[_Draft]:
    """Return the drafts with what a bracket after them says: a day, or the periods meant by "định kỳ"."""
    entry = drafts[-1].schedule
    if entry is None or entry.kind not in (ScheduleKind.EVERY, ScheduleKind.PERIODIC):
        return drafts
    rhythm = entry.kind is ScheduleKind.EVERY and entry.period is not Every.YEAR
    if rhythm and (day := grammar.DAY_AFTER.fullmatch(f" {bracket}")):
        drafts[-1].schedule = replace(entry, day="last" if day["last"] else int(day["day"]))
        return drafts
    inner = _scan(bracket)
    if not inner.drafts or bracket.startswith("theo "):
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
    if entry.period is Every.YEAR and dated and len(drafts) == 1:
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
            rest.extend(part for part in scan.rest if _tells_time(lower(part)))
    _share_yearly(drafts)
    entries, warnings, undated = _resolve(drafts, year)
    left = "; ".join(part for part in (*rest, *undated) if part)
    warnings.extend(Message(NOT_UNDERSTOOD, {"text": part}) for part in rest if part)
    if not fold(text).strip(" .;,-–—"):
        return ReadSchedule((), "", (), Decimal(1))
    confidence = Decimal(0) if not entries else Decimal("0.5") if left else Decimal("0.95")
    return ReadSchedule(tuple(entries), left, tuple(warnings), confidence)


def _tells_time(words: str) -> bool:
    """Tell whether words beside an entry say something of time that was not read."""
    return grammar.TIME_WORD.search(words) is not None and not grammar.LABEL.fullmatch(words)


_LONGEST = 1500
"""No time column or sentence on reporting is longer; what is longer is kept unread, so that work stays bounded."""


def _read_item(item: str) -> _Scan:
    """Read an item; a time column joined of two ("start – end") is read as one stretch where it is one."""
    if len(item) > _LONGEST:
        return _Scan([], [item])
    bare = grammar.BARE_YEAR.fullmatch(item.strip(" ."))
    if bare:
        first, last = int(bare["y"]), int(bare["y2"] or bare["y"])
        return _Scan([_Draft(item, start=_Point(first, 1, 12), end=_Point(last, 1, 12))], [])
    return _scan(item)


def _share_yearly(drafts: Sequence[_Draft]) -> None:
    """Let "hằng năm" at the end reach back over deadlines of the same form ("trước 15/6; trước 30/11 hằng năm")."""
    reached: ScheduleKind | None = None
    for draft in reversed(drafts):
        if draft.yearly:
            reached = draft.kind
        elif draft.kind is reached and _may_be_yearly(draft):
            draft.yearly = True
        else:
            reached = None


# ── Reporting ────────────────────────────────────────────────────────────────────────────────────────────────


def _reported_every(text: str, at: int) -> Found:
    if text[at - 1 : at].isalnum() or not grammar.REPORTED_EVERY.match(text, at):
        return None
    if match := grammar.PAST_MONTHS.match(text, at):
        period = grammar.MONTHS_APART[int(match["n"])]
        return _drafts_of_periods([period, *([Every.YEAR] if match["year"] else [])], match[0]), match.end()
    if match := grammar.YEAR_END.match(text, at):
        return [_Draft(match[0], _entry(ScheduleKind.EVERY, period=Every.YEAR, day="last"))], match.end()
    if named := grammar.REPORT_ON.match(text, at):
        periods, end = _period_list(text, named.end(), dated=True)
        if periods and (len(periods) > 1 or periods[0] not in (Every.YEAR, None)):
            return _with_day(text, _drafts_of_periods(periods, text[at:end]), end)
        return None
    return _every(text, at)


def _reported_by(text: str, at: int) -> Found:
    if text[at - 1 : at].isalnum() or not (
        grammar.BY.match(text, at)
        or grammar.ON_DAY.match(text, at)
        or grammar.AFTER_DATE.search(text[max(0, at - 12) : at])
    ):
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
        if len(clause) > _LONGEST or not grammar.REPORTS.search(plain) or not grammar.RESULTS.search(plain):
            continue
        if grammar.TROUBLE.search(plain) and not grammar.NAMED_RESULTS.search(plain):
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
    for sentence in grammar.SENTENCE_END.split(fold_mapped(text, keep_lines=True).text):
        open_clause = ""
        for piece in re.split(r";\s+", sentence):
            open_clause += piece
            if grammar.REPORTS.search(lower(piece)) or grammar.CHECKS.search(lower(piece)):
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

    Where all is of ``year``, days and months are written without it.

    >>> write_schedule([Schedule(ScheduleKind.BY, date=date(2024, 1, 5)), Schedule(ScheduleKind.CONTINUOUS)])
    'Trước ngày 05/01/2024; thường xuyên'
    >>> write_schedule([Schedule(ScheduleKind.DURING, start=date(2026, 1, 1), end=date(2026, 3, 31))], 2026)
    'Quý I'
    """
    days = [day for entry in entries for day in (entry.date, entry.start, entry.end) if day is not None]
    if any(day.year != year for day in days):
        # A year written at one entry would be read as that of the entries before it.
        year = None
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
