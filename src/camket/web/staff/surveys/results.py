"""Results of surveys: the page, its pictures and tables, and the same as a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext, gettext_lazy

from camket.core.plan import Period
from camket.core.questionnaire import STEPS, rule_on
from camket.core.small_groups import GRACE, SMALLEST, first_open, month_end, shown_from
from camket.objectives.goals import ShareGoal, share_goals
from camket.org.policy import can
from camket.paper.sheets import Value
from camket.paper.writing import charts
from camket.voices.queries import results as queries
from camket.voices.queries.results import Line, Rate, Results
from camket.web import vietnamese
from camket.web.handing_out import table_file
from camket.web.request import StaffRequest, staff_page

_FIRST_YEAR = 2000


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a year that can be looked at."""

    key: str
    label: str
    first: int
    last: int

    def of(self, year: int) -> Period:
        """Return its months in a year."""
        return Period(date(year, self.first, 1), month_end(date(year, self.last, 1)))


def parts() -> tuple[Part, ...]:
    """Return the year, its halves, quarters and months, in the reader's language."""
    return (
        Part("", gettext("The whole year"), 1, 12),
        Part("h1", gettext("First half-year"), 1, 6),
        Part("h2", gettext("Second half-year"), 7, 12),
        *(
            Part(f"q{each}", gettext("Quarter %(number)s") % {"number": each}, each * 3 - 2, each * 3)
            for each in range(1, 5)
        ),
        *(
            Part(f"m{each}", gettext("Month %(number)s") % {"number": each}, each, each)
            for each in range(1, 13)
        ),
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """A line as the page has it."""

    name: str
    responses: str
    rated: str
    satisfied: str
    share: str
    reach: str
    before: str
    change: str
    bar: charts.Svg | None
    asked: str = ""
    answered: str = ""
    population: str = ""
    is_small: bool = False
    is_apart: bool = True
    mean: str = ""
    steps: charts.Svg | None = None
    is_new: bool = False


@staff_page("survey.view")
def results(request: StaffRequest) -> HttpResponse:
    """Show what the surveys found over a year or a part of it."""
    found, part, year = _found(request)
    goals = _goals(request, found)
    overall_goal = next((each for each in goals if not each.filters), None)
    context = {
        "found": found,
        "year": year,
        "part": part,
        "parts": parts(),
        "years": found.years or (year,),
        "headline": _headline(found, overall_goal),
        "rule": rule_on(found.period.end),
        "smallest": SMALLEST,
        "grace": GRACE.days,
        "next_month": f"{first_open(request.today):%m/%Y}",
        "next_shown": shown_from(first_open(request.today)),
        "period": _period_name(found.period),
        "before": _period_name(found.before),
        "chart": _chart(found, overall_goal),
        "months": [_shown(each, found, name=_month(each)) for each in found.months],
        "factors": [
            {
                "name": each.name or gettext("Without a factor"),
                "mean": _percent(each.mean),
                "before": _percent(each.mean_before),
                "questions": [
                    _shown(line, found, key=f"q{at}-{place}") for place, line in enumerate(each.questions)
                ],
            }
            for at, each in enumerate(found.factors)
        ],
        "tables": _tables(found, goals),
        "query": _query(found, part, year),
        "goals": goals,
    }
    return render(request, "staff/surveys/results.html", context)


@staff_page("survey.view")
def results_file(request: StaffRequest, ending: str) -> HttpResponse:
    """Hand out the results as a spreadsheet: the very lines of the page, and no others."""
    found, _part, _year = _found(request)
    return table_file(
        f"ket-qua-khao-sat-{found.period.start:%Y%m}-{found.period.end:%Y%m}",
        ending,
        title=gettext("Results of surveys"),
        header=list(_header()),
        rows=_rows(found),
    )


def _found(request: StaffRequest) -> tuple[Results, Part, int]:
    asked = request.GET
    default = request.today.year if request.today.month > 1 else request.today.year - 1
    text = asked.get("nam", "")
    is_year = text.isascii() and text.isdigit() and len(text) == 4
    year = int(text) if is_year and _FIRST_YEAR < int(text) <= default + 1 else default
    part = next((each for each in parts() if each.key == asked.get("ky", "")), parts()[0])
    survey = asked.get("khao_sat", "")
    survey_id = int(survey) if survey.isascii() and survey.isdigit() and len(survey) < 16 else None
    found = queries.results(
        request.actor,
        period=part.of(year),
        today=request.today,
        survey_id=survey_id,
        with_population=can(request.actor, "dossier.view"),
    )
    return found, part, year


def _query(found: Results, part: Part, year: int) -> str:
    chosen = {"nam": str(year), "ky": part.key, "khao_sat": str(found.survey_id or "")}
    return urlencode({key: value for key, value in chosen.items() if value})


def _goals(request: StaffRequest, found: Results) -> tuple[ShareGoal, ...]:
    if not can(request.actor, "plan.view"):
        return ()
    return share_goals(request.actor, "surveys", found.period.end)


def _headline(found: Results, goal: ShareGoal | None) -> dict[str, Any]:
    rate = found.overall.rate
    return {
        "share": _percent(rate.share),
        "satisfied": vietnamese.number(rate.satisfied) if rate.is_shown else "",
        "rated": vietnamese.number(rate.rated) if rate.is_shown else "",
        "reach": _reach(rate),
        "is_wilson": bool(rate.interval and rate.interval.is_wilson),
        "is_all": bool(rate.interval and rate.interval.is_all),
        "before": _percent(found.overall.before.share) if found.overall.before else "",
        "change": _points(found.overall.change),
        "mean": _percent(found.mean),
        "mean_before": _percent(found.mean_before),
        "dissatisfied": _percent(Decimal(rate.dissatisfied) * 100 / rate.rated) if rate.is_shown else "",
        "responses": vietnamese.number(found.responses),
        "asked": vietnamese.number(found.asked) if found.asked else "",
        "response_share": _percent(found.response_share),
        "population": vietnamese.number(found.population) if found.population else "",
        "waiting": _waiting(found.waiting),
        "goal": goal.goal if goal else "",
        "is_met": None if goal is None or rate.share is None else rate.share >= goal.low,
        "bar": _steps(rate, "overall"),
    }


def _waiting(number: int) -> str:
    """Return how many answers are in no figure yet; of fewer than five only that there are some."""
    if number <= 0:
        return ""
    return (
        vietnamese.number(number)
        if number >= SMALLEST
        else gettext("fewer than %(count)s") % {"count": SMALLEST}
    )


def _tables(found: Results, goals: Sequence[ShareGoal]) -> list[dict[str, Any]]:
    tables = []
    for key, heading, first, lines in (
        ("fields", gettext("By field"), gettext("Field"), found.fields),
        ("units", gettext("By unit"), gettext("Unit"), found.units),
        ("channels", gettext("By way of answering"), gettext("Way of answering"), found.channels),
    ):
        shares = [each.rate.share for each in lines if each.rate.share is not None]
        scale = charts.share_scale(shares, top=Decimal(100)) if shares else None
        tables.append(
            {
                "key": key,
                "heading": heading,
                "first": first,
                "lines": [
                    _shown(each, found, name=_name(each, key), scale=scale, key=f"{key}-{at}")
                    for at, each in enumerate(lines)
                ],
                "has_population": any(each.population for each in lines),
                "has_asked": any(each.asked for each in lines),
                "has_shares": key == "channels" and any(found.share_of(each) is not None for each in lines),
                "goals": [each for each in goals if key[:-1] in each.filters],
            }
        )
    return tables


_JOINT = {
    "fields": gettext_lazy("several fields together, each with too few answers"),
    "units": gettext_lazy("several units together, each with too few answers"),
    "channels": gettext_lazy("several ways together, each with too few answers"),
}


def _name(line: Line, of: str) -> str:
    if line.is_joint:
        return str(_JOINT[of])
    if not line.name:
        return gettext("not said")
    return gettext(line.name) if line.is_message else line.name


def _shown(
    line: Line,
    found: Results,
    *,
    name: str = "",
    scale: tuple[Decimal, Decimal] | None = None,
    key: str = "",
) -> Shown:
    rate = line.rate
    share = rate.share
    title = name or line.name
    return Shown(
        name=title,
        responses=vietnamese.number(line.responses) if line.responses else "",
        rated=vietnamese.number(rate.rated) if rate.is_shown else "",
        satisfied=vietnamese.number(rate.satisfied) if rate.is_shown else "",
        share=_percent(share),
        reach=_reach(rate),
        before=_percent(line.before.share) if line.before else "",
        change=_points(line.change),
        bar=charts.strip(share, scale, goal=None, state="plain", title=f"{title}: {_percent(share)}", key=key)
        if share is not None and scale is not None
        else None,
        asked=vietnamese.number(line.asked) if line.asked else "",
        answered=_percent(found.share_of(line)),
        population=vietnamese.number(line.population) if line.population else "",
        is_small=not rate.is_shown,
        is_apart=bool(line.name),
        mean=vietnamese.number(rate.mean, 2) if rate.mean is not None else "",
        steps=_steps(rate, key) if key and scale is None else None,
        is_new=line.is_new,
    )


def _steps(rate: Rate, key: str) -> charts.Svg | None:
    """Draw how many chose each step as one bar, the lowest first."""
    if not rate.is_shown:
        return None
    said = ", ".join(f"{step}: {number}" for step, number in zip(STEPS, rate.steps, strict=True))
    return charts.share_bar(
        [(f"step{step}", number) for step, number in zip(STEPS, rate.steps, strict=True)],
        title=gettext("Answers by step: %(steps)s") % {"steps": said},
        key=f"steps-{key}",
    )


def _chart(found: Results, goal: ShareGoal | None) -> charts.Chart | None:
    points = [
        charts.Point(
            _middle(line),
            line.rate.share,
            f"{_percent(line.rate.share)} ({line.rate.satisfied}/{line.rate.rated})",
            "met" if goal is None or line.rate.share >= goal.low else "missed",
            _month(line),
        )
        for line in found.months
        if line.rate.share is not None
    ]
    if not points:
        return None
    before = [
        charts.Point(
            _middle(line),
            line.before.share,
            gettext("last year %(value)s") % {"value": _percent(line.before.share)},
            "before",
            _month(line),
        )
        for line in found.months
        if line.before is not None and line.before.share is not None
    ]
    return charts.trend_chart(
        points,
        charts.Goal(goal.low if goal else None, None, goal.goal if goal else ""),
        key="satisfaction",
        title=gettext("Satisfaction by month"),
        description=gettext(
            "%(count)s months; the newest, up to %(day)s, is %(value)s. The table below has all of them."
        )
        % {"count": len(points), "day": vietnamese.day(month_end(points[-1].on)), "value": points[-1].label},
        start=found.period.start,
        end=month_end(found.period.end),
        is_share=True,
        unit="%",
        before=before,
    )


def _middle(line: Line) -> date:
    """Return the day at which a month's rate is drawn: above its name, neither its first nor its last day's."""
    return date.fromisoformat(str(line.key)).replace(day=15)


def _month(line: Line) -> str:
    first = date.fromisoformat(str(line.key))
    return f"{first:%m/%Y}"


def _period_name(period: Period) -> str:
    if (period.start.year, period.start.month) == (period.end.year, period.end.month):
        return f"{period.start:%m/%Y}"
    return f"{period.start:%m/%Y} – {period.end:%m/%Y}"


def _percent(value: Decimal | None) -> str:
    return "" if value is None else f"{vietnamese.number(value, 1)}\N{NO-BREAK SPACE}%"


def _points(value: Decimal | None) -> str:
    if value is None:
        return ""
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{vietnamese.number(abs(value), 1)}"


def _reach(rate: Rate) -> str:
    """Return the margin of error in words: "± 3,1" points, or from where to where near an end."""
    reach = rate.interval
    if reach is None:
        return ""
    if reach.is_all:
        return gettext("all were asked")
    if reach.is_wilson:
        return f"{vietnamese.number(reach.low * 100, 1)}–{vietnamese.number(reach.high * 100, 1)}\N{NO-BREAK SPACE}%"
    return f"±\N{NO-BREAK SPACE}{vietnamese.number(reach.margin * 100, 1)}"


def _header() -> Iterable[str]:
    return (
        gettext("Broken down by"),
        gettext("Group"),
        gettext("Answers"),
        gettext("Rated"),
        gettext("Satisfied"),
        gettext("Share satisfied, %"),
        gettext("From, % (95 %)"),
        gettext("To, % (95 %)"),
        gettext("The year before, %"),
    )


def _rows(found: Results) -> Iterator[list[Value]]:
    yield _row(gettext("On the whole"), _period_name(found.period), found.overall)
    for line in found.months:
        yield _row(gettext("Month"), _month(line), line)
    for factor in found.factors:
        for line in factor.questions:
            yield _row(factor.name or gettext("Without a factor"), line.name, line)
    for key, heading, lines in (
        ("fields", gettext("Field"), found.fields),
        ("units", gettext("Unit"), found.units),
        ("channels", gettext("Way of answering"), found.channels),
    ):
        for line in lines:
            yield _row(heading, _name(line, key), line)


def _row(part: str, name: str, line: Line) -> list[Value]:
    rate, reach = line.rate, line.rate.interval
    if not rate.is_shown:
        return [part, name, "", gettext("fewer than %(count)s") % {"count": SMALLEST}, "", "", "", "", ""]
    return [
        part,
        name,
        line.responses or rate.rated,
        rate.rated,
        rate.satisfied,
        _rounded(rate.share),
        _rounded(reach.low * 100) if reach else "",
        _rounded(reach.high * 100) if reach else "",
        _rounded(line.before.share) if line.before else "",
    ]


def _rounded(value: Decimal | None) -> Decimal | str:
    return "" if value is None else value.quantize(Decimal("0.01"))
