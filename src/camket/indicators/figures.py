"""All counted indicators of an agency for a period: what commands print and the catalogue's page shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext

from camket.core.formulas import Result, to_json
from camket.core.plan import Grade, Period
from camket.core.targets import GRADE_NAMES, Measure
from camket.core.wording.numbers import format_number
from camket.indicators.catalogue import Entry, counted_formulas, entries, formula_words
from camket.indicators.counting import counted_of
from camket.indicators.sources import revision
from camket.journal.queries import newest_hash
from camket.org.models import Agency


@dataclass(frozen=True, slots=True)
class CountedIndicator:
    """An indicator with what records give for it; None where they tell nothing of the period."""

    entry: Entry
    result: Result | None


def counted_indicators(
    agency_id: int, found: Mapping[str, Entry], period: Period, *, today: date, journal: str = ""
) -> tuple[CountedIndicator, ...]:
    """Return the counted ones of some indicators for a period, which is cut at today; in their order."""
    formulas = counted_formulas(found)
    results: dict[tuple[int, str], Result] = {}
    if period.start <= today:
        cut = Period(period.start, min(period.end, today))
        # Known once for all sources that remember rows by it.
        results = counted_of(
            [agency_id], formulas, cut, journal=journal or newest_hash(agency_id), today=today
        )
    return tuple(CountedIndicator(found[code], results.get((agency_id, code))) for code in formulas)


def shown(entry: Entry, result: Result | None) -> str:
    """Return a result as people read it, with its unit, in the decimals of its indicator; "" where there is none.

    More decimals where fewer would round a share to all that falls short of it, or up from nothing.
    """
    if result is None:
        return ""
    if result.value is None:
        return gettext("nothing arose")
    if entry.measure is Measure.GRADE:
        return GRADE_NAMES[list(Grade)[int(result.value)]]
    if entry.measure is Measure.STATE:
        return gettext("reached") if result.value else gettext("not reached")
    scale = entry.formula.scale if entry.formula else 1
    rounded = result.value
    for places in range(entry.decimals, 7):
        rounded = result.value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        if (rounded == result.value) or (rounded and rounded != scale):
            break
    text = format_number(rounded.normalize() if rounded else Decimal(0))
    return f"{text}\N{NO-BREAK SPACE}{entry.unit}" if entry.unit else text


def figures_report(agency_code: str, period: Period, *, today: date) -> dict[str, Any] | None:
    """Return every counted indicator of an agency for a period as JSON-ready values, or None without such an agency.

    For the installation's own commands: no actor, no other scope than the agency's code. Decimals are strings.
    """
    agency = Agency.objects.filter(code=agency_code).only("pk").first()
    if agency is None:
        return None
    rows = counted_indicators(agency.pk, entries(agency.pk, min(period.end, today)), period, today=today)
    return {
        "agency": agency_code,
        "period": {"start": period.start.isoformat(), "end": period.end.isoformat()},
        "counted_until": min(period.end, today).isoformat(),
        "revision": revision(agency.pk),
        "indicators": [_json(row) for row in rows],
    }


def _json(row: CountedIndicator) -> dict[str, Any]:
    result, formula = row.result, row.entry.formula
    return {
        "code": row.entry.code,
        "name": row.entry.shown_name,
        "formula": None if formula is None else to_json(formula),
        "formula_words": "" if formula is None else formula_words(formula),
        "unit": row.entry.unit,
        "numerator": None if result is None else format(result.numerator, "f"),
        "denominator": None
        if result is None or result.denominator is None
        else format(result.denominator, "f"),
        "value": None if result is None or result.value is None else format(result.value, "f"),
        "nothing_arose": result is not None and result.nothing_arose,
        "has_records": result is not None,
        "shown": shown(row.entry, result),
    }
