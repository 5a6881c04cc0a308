"""A counted figure in words, tables and charts: what a target's page and its page of origin show of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from camket.core.allowance import Allowance, Spread, volume_in_words
from camket.core.exact import rounded, with_unit
from camket.core.formulas import Result
from camket.core.plan import Period
from camket.core.targets import Figure, shown_figure, stands
from camket.core.wording.text import begun
from camket.indicators.catalogue import formula_words
from camket.indicators.figure_parts import figure_parts, is_of_parts
from camket.objectives import verdicts
from camket.objectives.figures import (
    FigureDetail,
    MonthFigure,
    figure_detail,
    joined_of,
)
from camket.objectives.verdicts import PlanVerdicts, TargetVerdict
from camket.org.policy import can
from camket.paper.writing import charts
from camket.web import vietnamese
from camket.web.request import StaffRequest, say
from camket.web.staff.objectives import periods

HANDLING_LABELS = {
    "handled_0": _("same day"),
    "handled_1": "1",
    "handled_2": "2",
    "handled_5": "3–5",
    "handled_10": "6–10",
    "handled_15": "11–15",
    "handled_20": "16–20",
    "handled_30": "21–30",
    "handled_longer": "> 30",
}
"""Classes of handling time in working days."""
REST, WHOLE = "con-lai", "tu-so"
"""What of a figure is listed where it is not one count: what the numerator lacks, the numerator as a whole."""


@dataclass(frozen=True, slots=True)
class _Term:
    """A term of the formula as a line of the page."""

    sign: str
    label: str
    number: str
    url: str
    part: str


@dataclass(frozen=True, slots=True)
class _Line:
    """A month or a field as a row of a table, with links to its rows."""

    name: str
    numerator: str
    denominator: str
    value: str
    before: str
    url: str
    whole_url: str
    bar: charts.Svg | None = None
    failed: str = ""
    in_month: str = ""


def counted_context(request: StaffRequest, plan: PlanVerdicts, row: TargetVerdict) -> dict[str, Any]:
    """Return what a target's page shows of a counted figure; {} where it is not counted."""
    detail = figure_detail(request.actor, plan, row)
    if detail is None:
        return {}
    unit = row.target.unit or ""
    links = can(request.actor, "dossier.view") or detail.formula.source != "dossiers"
    return {
        "detail": detail,
        "figure": {
            "words": formula_words(detail.formula, request.agency.id),
            "source": gettext(detail.title),
            "period": periods.named(detail.period),
            "shown": _given(detail.figure, unit) or shown(detail.result, unit),
            "before": _given(detail.figure_before, unit) or shown(detail.before, unit),
            "terms": terms(detail, row.target_id, links=links),
            "rest": _rest(detail, row.target_id, links=links),
            "other": _other(detail, unit),
            "is_split": detail.formula.denominator is not None,
            "is_monthly": _is_monthly(detail),
        },
        "months": _months(detail, row, links=links),
        "chart": _trend(plan, row, detail),
        "fields": _fields(detail, row, links=links),
        "handling": _handling(detail, row.target_id),
        "burn": _burn(plan, row, detail),
        "parts": figure_parts(request.actor, detail.formula, detail.span, plan.on)
        if is_of_parts(detail.formula)
        else (),
    }


def allowance_context(row: TargetVerdict) -> dict[str, Any]:
    """Return the allowance in words: where the volume comes from, how fast it burns, how it will end."""
    found: dict[str, Any] = {}
    spread = row.verdict.forecast.spread if row.verdict.forecast else None
    if spread is not None:
        found["spread"] = _spread_words(row, spread)
    allowance = row.verdict.allowance
    if allowance is None:
        return found
    return {**found, "volume": say(volume_in_words(allowance)), "burnt": _burn_words(allowance)}


def address(target_id: int, count: str, period: Period | None, field: str = "", *, part: str = "") -> str:
    asked = {"phan": part} if part else {"dem": count}
    if period is not None:
        asked |= {"tu": period.start.isoformat(), "den": period.end.isoformat()}
    if field:
        asked["linh_vuc"] = field
    return f"{reverse('web:objectives:rows', args=(target_id,))}?{urlencode(asked)}"


def shown(result: Result | None, unit: str) -> str:
    """Write a result with its parts: "98,4 % (123/125)"; "" where nothing arose."""
    if result is None or result.value is None:
        return ""
    value = _amount(result.value, unit)
    if result.denominator is None:
        return value
    return f"{value} ({vietnamese.number(result.numerator)}/{vietnamese.number(result.denominator)})"


def _amount(value: Decimal, unit: str) -> str:
    return with_unit(rounded(Fraction(value), 2), unit)


def terms(detail: FigureDetail, target_id: int, *, links: bool) -> tuple[_Term, ...]:
    found = []
    for part in ("numerator", "denominator"):
        for place, term in enumerate(each for each in detail.terms if each.part == part):
            sign = "−" if term.times < 0 else "+" if place else ""
            amount = f"{abs(term.times)} × " if abs(term.times) != 1 else ""
            url = address(target_id, term.count, None) if links and term.has_rows else ""
            number = f"{amount}{vietnamese.number(term.number)}"
            found.append(_Term(sign, begun(gettext(term.label)), number, url, part))
    return tuple(found)


def _rest(detail: FigureDetail, target_id: int, *, links: bool) -> tuple[str, str] | None:
    if not detail.rest_of or not links:
        return None
    return vietnamese.number(detail.rest_number), address(target_id, "", None, part=REST)


def _other(detail: FigureDetail, unit: str) -> tuple[str, str] | None:
    """Return the other reading of "in time": its formula in words and its result."""
    if detail.other is None:
        return None
    formula, result = detail.other
    return formula_words(formula), shown(result, unit) or gettext("nothing arose")


def _months(detail: FigureDetail, row: TargetVerdict, *, links: bool) -> tuple[_Line, ...]:
    unit, lines, total = row.target.unit or "", [], Decimal(0)
    for month in detail.months:
        failed, in_month = "", ""
        if month.failed is not None:
            in_month = vietnamese.number(month.failed - total)
            total = month.failed
            failed = vietnamese.number(total)
        period = Period(detail.span.start, month.period.end) if _is_from_start(detail) else month.period
        result = month.result
        lines.append(
            _Line(
                name=_month_name(month),
                numerator="" if result is None else vietnamese.number(result.numerator),
                denominator=""
                if result is None or result.denominator is None
                else vietnamese.number(result.denominator),
                value=_given(month.figure, unit) or _value(result, unit),
                before=_given(month.figure_before, unit) or _value(month.before, unit),
                url=_link(detail, row.target_id, "numerator", period) if links and result is not None else "",
                whole_url=_link(detail, row.target_id, "denominator", period)
                if links and result is not None
                else "",
                failed=failed,
                in_month=in_month,
            )
        )
    return tuple(lines)


def _month_name(month: MonthFigure) -> str:
    """Return what a month is called; of one that the records end in, up to which day."""
    name = periods.named(month.whole)
    if month.period.end == month.whole.end:
        return name
    return gettext("%(month)s (to %(day)s)") % {"month": name, "day": f"{month.period.end:%d/%m}"}


def _is_from_start(detail: FigureDetail) -> bool:
    """Return whether a month's result counts from the period's beginning: flows and stocks taken together."""
    return len({term.is_stock for term in detail.terms}) > 1


def _link(detail: FigureDetail, target_id: int, part: str, period: Period | None, field: str = "") -> str:
    """Return the address of the rows of a numerator or denominator; of several counts that are not one, of the first."""
    if part == "numerator" and joined_of(detail.formula):
        return address(target_id, "", period, field, part=WHOLE)
    count = next((term.count for term in detail.terms if term.part == part and term.has_rows), "")
    return address(target_id, count, period, field) if count else ""


def _value(result: Result | None, unit: str) -> str:
    if result is None:
        return ""
    if result.value is None:
        return gettext("nothing arose")
    return _amount(result.value, unit)


def _given(figure: Figure | None, unit: str) -> str:
    """Write a grade, a rank or a state, which are no numbers; "" for others."""
    if figure is None or (figure.grade is None and figure.rank is None and figure.is_reached is None):
        return ""
    if figure.is_reached is not None:
        return gettext("reached") if figure.is_reached else gettext("not reached")
    return shown_figure(figure, unit)


def _is_monthly(detail: FigureDetail) -> bool:
    """Return whether a month's own result can be held against the target: a share, or how things stand."""
    return (detail.formula.denominator is not None or detail.is_stock) and not detail.is_grown


def _trend(plan: PlanVerdicts, row: TargetVerdict, detail: FigureDetail) -> charts.Chart | None:
    """Draw the months with the target's line and the year before; a quantity as it grew."""
    unit, verdict = row.target.unit or "", row.verdict
    if detail.figure is not None and detail.figure.is_reached is not None:
        return None
    if _is_monthly(detail):
        points = [
            charts.Point(
                month.period.end,
                rounded(Fraction(month.result.value), 6),
                _given(month.figure, unit) or shown(month.result, unit),
                "met" if stands(row.verdict, row.target, month.result.value) else "missed",
            )
            for month in detail.months
            if month.result is not None and month.result.value is not None
        ]
        before = [
            charts.Point(month.whole.end, month.before.value, _before_label(month, unit), "before")
            for month in detail.months
            if month.before is not None and month.before.value is not None
        ]
    else:
        grown = verdicts.trend(plan, row, row.counted.figures if row.counted else ())
        points = [charts.Point(each.on, each.value, each.shown, each.state.value) for each in grown]
        before, total = [], Decimal(0)
        for month in detail.months:
            if month.before is not None and month.before.value is not None:
                total = month.before.value + (0 if detail.is_grown else total)
                before.append(charts.Point(month.whole.end, total, _amount(total, unit), "before"))
    if not points:
        return None
    return charts.trend_chart(
        points,
        charts.Goal(
            verdict.low, verdict.high, verdict.goal, pace=not _is_monthly(detail) and verdict.high is None
        ),
        key=f"trend-{row.target_id}",
        title=gettext("Result by month against the target of %(goal)s") % {"goal": verdict.goal},
        description=gettext(
            "%(count)s months; the newest, up to %(day)s, is %(value)s. The table below has all of them."
        )
        % {"count": len(points), "day": vietnamese.day(points[-1].on), "value": points[-1].label},
        start=detail.span.start,
        end=detail.span.end,
        today=plan.on,
        today_label=gettext("today"),
        is_share=detail.formula.scale == 100,
        unit=unit,
        before=before,
    )


def _before_label(month: MonthFigure, unit: str) -> str:
    return gettext("last year %(value)s") % {"value": shown(month.before, unit)}


def _fields(detail: FigureDetail, row: TargetVerdict, *, links: bool) -> dict[str, Any] | None:
    """Return the fields as rows with a bar on one scale."""
    known = [each for each in detail.fields if each.result.value is not None]
    if len(known) < 2:
        return None
    unit, goal = row.target.unit or "", row.verdict.low if row.verdict.low is not None else row.verdict.high
    is_share = detail.formula.scale == 100
    values = [each.result.value for each in known if each.result.value is not None]
    on_scale = goal if _is_monthly(detail) else None
    scale = charts.share_scale(
        [*values, *([on_scale] if on_scale is not None else [])], top=Decimal(100) if is_share else None
    )
    lines = []
    for place, each in enumerate(known):
        value = each.result.value or Decimal(0)
        name = each.choice.name or gettext("field not known")
        word = each.choice.word
        state = "plain" if on_scale is None else "met" if stands(row.verdict, row.target, value) else "missed"
        lines.append(
            _Line(
                name=name,
                numerator=vietnamese.number(each.result.numerator),
                denominator=""
                if each.result.denominator is None
                else vietnamese.number(each.result.denominator),
                value=_amount(value, unit),
                before=_field_word(row, value) if on_scale is not None else "",
                url=_link(detail, row.target_id, "numerator", None, word) if links and word else "",
                whole_url=_link(detail, row.target_id, "denominator", None, word) if links and word else "",
                bar=charts.strip(
                    value,
                    scale,
                    goal=on_scale,
                    state=state,
                    title=f"{name}: {_amount(value, unit)}",
                    key=f"field-{row.target_id}-{place}",
                ),
            )
        )
    return {
        "rows": lines,
        "low": _amount(scale[0], unit),
        "high": _amount(rounded(Fraction(scale[1]), 2), unit),
        "has_goal": on_scale is not None,
        "is_split": detail.formula.denominator is not None,
    }


def _field_word(row: TargetVerdict, value: Decimal) -> str:
    return (
        gettext("reaches the level")
        if stands(row.verdict, row.target, value)
        else gettext("below the level asked")
    )


def _handling(detail: FigureDetail, target_id: int) -> dict[str, Any] | None:
    if not detail.handling:
        return None
    total = sum(count for _name, count in detail.handling)
    columns = [(str(HANDLING_LABELS[name]), count) for name, count in detail.handling]
    most = max(columns, key=lambda each: each[1])
    return {
        "chart": charts.columns_chart(
            columns,
            key=f"handling-{target_id}",
            title=gettext("Dossiers settled by working days of handling"),
            description=gettext(
                "Most dossiers, %(count)s of %(total)s, took: %(days)s. The table has all classes."
            )
            % {"count": vietnamese.number(most[1]), "total": vietnamese.number(total), "days": most[0]},
        ),
        "rows": [
            (label, vietnamese.number(count), _amount(Decimal(100 * count) / total, "%"))
            for label, count in columns
        ],
    }


def _burn(plan: PlanVerdicts, row: TargetVerdict, detail: FigureDetail) -> charts.Chart | None:
    """Draw how the allowance went over the year, against the even pace."""
    allowance = row.verdict.allowance
    if allowance is None:
        return None
    points = [
        charts.Burnt(
            month.period.end,
            month.failed,
            gettext("%(failed)s cases failed so far") % {"failed": vietnamese.number(month.failed)},
        )
        for month in detail.months
        if month.failed is not None
    ]
    if not points:
        return None
    spread = row.verdict.forecast.spread if row.verdict.forecast else None
    ends = None if spread is None or row.verdict.is_final else (spread.fewest, spread.most)
    return charts.burn_chart(
        points,
        allowed=allowance.allowed,
        allowed_label=gettext("allowed: %(allowed)s") % {"allowed": vietnamese.number(allowance.allowed)},
        ends=ends,
        ends_label=""
        if ends is None
        else gettext("at the end %(fewest)s to %(most)s failures are foreseen")
        % {"fewest": vietnamese.number(ends[0]), "most": vietnamese.number(ends[1])},
        key=f"burn-{row.target_id}",
        title=gettext("How the allowance is spent over the period"),
        description=gettext("%(spent)s of %(allowed)s cases allowed are spent; by now %(by_now)s may be.")
        % {
            "spent": vietnamese.number(allowance.spent),
            "allowed": vietnamese.number(allowance.allowed),
            "by_now": vietnamese.number(allowance.by_now),
        },
        start=detail.span.start,
        end=detail.span.end,
        today=plan.on,
        today_label=gettext("today"),
    )


def _burn_words(allowance: Allowance) -> list[str]:
    """Return how fast the allowance goes, in sentences."""
    said = []
    if allowance.burn is not None and allowance.spent:
        template = gettext(
            "Spent %(times)s times as fast as the volume comes in; at 1 the allowance lasts exactly to the end."
        )
        said.append(template % {"times": vietnamese.number(allowance.burn)})
    for window in allowance.windows:
        template = ngettext(
            "Last %(days)s day: %(failed)s of %(seen)s cases failed, %(times)s times the sustainable pace.",
            "Last %(days)s days: %(failed)s of %(seen)s cases failed, %(times)s times the sustainable pace.",
            window.days,
        )
        values: Mapping[str, str] = {
            "days": str(window.days),
            "failed": vietnamese.number(window.failed),
            "seen": vietnamese.number(window.seen),
            "times": vietnamese.number(window.rate, 1),
        }
        said.append(template % values)
    if allowance.runs_out_on is not None:
        template = gettext("At the present pace the allowance is exceeded about %(day)s.")
        said.append(template % {"day": vietnamese.day(allowance.runs_out_on)})
    return said


def _spread_words(row: TargetVerdict, spread: Spread) -> str:
    """Return the forecast with its interval in a sentence."""
    values = {
        "low": spread.shown_low,
        "high": spread.shown_high,
        "chance": spread.shown_chance,
        "fewest": vietnamese.number(spread.fewest),
        "most": vietnamese.number(spread.most),
    }
    if row.verdict.is_final:
        return ""
    if row.verdict.allowance is None:
        return (
            gettext(
                "Forecast for the whole period: %(low)s to %(high)s (9 times out of 10); chance of keeping the target: "
                "%(chance)s."
            )
            % values
        )
    return (
        gettext(
            "Forecast for the whole period: %(low)s to %(high)s, with %(fewest)s to %(most)s cases failed (9 times out of 10); "
            "chance of reaching the target: %(chance)s."
        )
        % values
    )
