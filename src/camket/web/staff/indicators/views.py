"""The catalogue of indicators: what is measured, how it is counted, what it gives; an agency's own among them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from camket.core.formulas import Formula
from camket.core.messages import Refusal
from camket.core.periods import name as period_name
from camket.core.plan import Period
from camket.core.targets import Measure
from camket.core.wording.numbers import format_number
from camket.core.wording.text import search_key
from camket.indicators import catalogue, definitions
from camket.indicators.behind import Behind, behind
from camket.indicators.catalogue import Entry, Group
from camket.indicators.counting import by_period
from camket.indicators.figures import counted_indicators, shown
from camket.indicators.sources import Source, all_sources, source
from camket.objectives.verdicts import targets_of_indicators
from camket.org import policy
from camket.web.request import StaffRequest, moment, say, staff_page
from camket.web.staff.indicators.forms import DefinitionForm, EndForm

_KINDS = (
    ("dem", _("Counted from records")),
    ("nhap", _("Entered by hand")),
    ("dung", _("In use")),
)
_EVERY = {
    "month": _("Monthly"),
    "quarter": _("Quarterly"),
    "half_year": _("Half-yearly"),
    "year": _("Yearly"),
}
_DIRECTIONS = {
    "higher": _("The higher, the better"),
    "lower": _("The lower, the better"),
    "neither": _("Neither"),
}
_MEASURES = {
    Measure.RATIO: _("Share or quotient"),
    Measure.VALUE: _("Number"),
    Measure.GRADE: _("Grade"),
    Measure.RANK: _("Rank"),
    Measure.STATE: _("State reached or not"),
}
_FIRST_ROWS = 5


@dataclass(frozen=True, slots=True)
class _Row:
    """An indicator in the list: how it is counted, what it gives this year, how many targets it measures."""

    entry: Entry
    words: str
    shown: str
    uses: int


@dataclass(frozen=True, slots=True)
class _FigureRow:
    """What an indicator gives for one period."""

    title: str
    numerator: str
    denominator: str
    shown: str


@dataclass(frozen=True, slots=True)
class _Preview:
    """What a formula gives on the agency's own records: years, months, the first rows behind it."""

    words: str
    years: tuple[_FigureRow, ...]
    months: tuple[_FigureRow, ...]
    is_share: bool
    has_records: bool
    behind: Behind | None = None


@staff_page("plan.view")
def indicator_list(request: StaffRequest) -> HttpResponse:
    """List the indicators on offer, by subject: shipped ones and the agency's own."""
    agency_id = request.actor.agency_id
    offered = definitions.on_offer(request.actor)
    uses = offered.uses
    text, kind = search_key(request.GET.get("tim", "")), request.GET.get("loai", "")
    wanted = {
        code: entry
        for code, entry in offered.entries.items()
        if text in search_key(f"{entry.shown_name} {entry.about}")
        and (kind != "dem" or entry.is_counted)
        and (kind != "nhap" or not entry.is_counted)
        and (kind != "dung" or code in uses)
    }
    # Each filter is a statement of its own: the page of such an indicator says what it gives.
    plain = {
        code: each for code, each in wanted.items() if each.formula is not None and not each.formula.filters
    }
    year = Period(request.today.replace(month=1, day=1), request.today)
    results = {
        each.entry.code: shown(each.entry, each.result)
        for each in counted_indicators(agency_id, plain, year, today=request.today, journal=offered.journal)
    }
    rows: dict[str, list[_Row]] = {}
    for code, entry in wanted.items():
        words = _entered(entry) if entry.formula is None else catalogue.formula_words(entry.formula)
        rows.setdefault(entry.group, []).append(
            _Row(entry, words, results.get(code, ""), len(uses.get(code, ())))
        )
    groups: list[tuple[Group, list[_Row]]] = [
        (group, rows[group.key]) for group in catalogue.groups() if group.key in rows
    ]
    context = {
        "groups": groups,
        "total": len(wanted),
        "year": request.today.year,
        "q": request.GET.get("tim", ""),
        "kind": kind,
        "kinds": _KINDS,
        "is_filtered": bool(text or kind),
        "may_define": policy.can(request.actor, "indicator.define"),
    }
    return render(request, "staff/indicators/list.html", context)


@staff_page("plan.view")
def indicator(request: StaffRequest, code: str) -> HttpResponse:
    """Show one indicator: how it is counted and by what rule, what it gives, which targets it measures."""
    entry, versions = _found(request, code)
    uses = definitions.uses(request.actor, code, entry.formula)
    targets = targets_of_indicators(request.actor, [use.indicator_id for use in uses])
    is_newest = entry.definition_id is not None and entry.valid_to is None
    context = {
        "entry": entry,
        "entered": "" if entry.formula else _entered(entry),
        "measure": _MEASURES[entry.measure],
        "direction": _DIRECTIONS[entry.direction],
        "every": _EVERY.get(entry.entered_every, ""),
        "newer": catalogue.shipped().get(entry.replaced_by),
        "is_over": not entry.holds_on(request.today),
        "preview": _preview(request, entry, entry.formula) if entry.formula else None,
        "uses": [(use, targets.get(use.indicator_id)) for use in uses],
        "versions": versions,
        "has_versions": len(versions) > 1,
        "may_replace": is_newest and policy.can(request.actor, "indicator.define"),
    }
    return render(request, "staff/indicators/indicator.html", context)


@staff_page("indicator.define", methods=("GET", "POST"))
def define(request: StaffRequest) -> HttpResponse:
    """Choose a source, then define an indicator over its counts."""
    key = request.POST.get("nguon") or request.GET.get("nguon", "")
    try:
        origin = source(key)
    except KeyError:
        return render(request, "staff/indicators/sources.html", {"sources": list(_sources())})
    return _defining(request, origin, None)


@staff_page("indicator.define", methods=("GET", "POST"))
def replace(request: StaffRequest, code: str) -> HttpResponse:
    """Define a new version of one of the agency's own indicators."""
    entry = _opened(request, code)
    if entry.formula is None:
        raise Http404
    return _defining(request, source(entry.formula.source), entry)


@staff_page("indicator.define", methods=("GET", "POST"))
def end(request: StaffRequest, code: str) -> HttpResponse:
    """Say until when one of the agency's own indicators is used."""
    entry = _opened(request, code)
    form = EndForm(request.POST or None, initial={"last_day": request.today})
    if request.method == "POST" and form.is_valid():
        try:
            definitions.end_definition(
                actor=request.actor,
                definition_id=entry.definition_id or 0,
                last_day=form.cleaned_data["last_day"],
                now=moment(request),
            )
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(request, gettext("The indicator ends on that day; figures counted by it stay."))
            return redirect("web:indicators:indicator", code=code)
    context = {"entry": entry, "form": form}
    return render(request, "staff/indicators/end.html", context, status=422 if form.errors else 200)


def _defining(request: StaffRequest, origin: Source, old: Entry | None) -> HttpResponse:
    initial: dict[str, Any] = {"valid_from": request.today}
    if old is not None:
        initial |= DefinitionForm.initial_of(old)
    form = DefinitionForm(
        request.POST or None,
        source=origin,
        choices=origin.choices(request.actor.agency_id),
        initial=initial,
    )
    is_preview = request.POST.get("act") == "preview"
    preview = None
    if request.method == "POST":
        is_whole = form.is_valid()
        formula = form.formula()
        if is_whole and not is_preview:
            try:
                kept = definitions.define_indicator(
                    actor=request.actor,
                    definition=form.definition(),
                    now=moment(request),
                    replaces_id=old.definition_id if old else None,
                )
            except Refusal as refusal:
                form.add_error(None, say(refusal.message))
            else:
                messages.success(request, gettext("The indicator is saved and can be chosen for targets."))
                return redirect("web:indicators:indicator", code=kept.code)
        if formula is not None:
            preview = _preview(request, _sketch(form, formula), formula, with_rows=True)
    context = {
        "form": form,
        "origin": gettext(origin.title),
        "source_key": origin.key,
        "old": old,
        "preview": preview,
        "is_preview": is_preview and preview is not None,
    }
    status = 422 if form.errors and not (is_preview and preview is not None) else 200
    return render(request, "staff/indicators/define.html", context, status=status)


def _found(request: StaffRequest, code: str) -> tuple[Entry, tuple[definitions.Version, ...]]:
    """Return an indicator on offer with its versions: an own one in that of today, else its newest."""
    shipped = catalogue.shipped().get(code)
    if shipped is not None:
        return shipped, ()
    try:
        versions = definitions.versions(request.actor, code)
    except ObjectDoesNotExist:
        raise Http404 from None
    today = next((each for each in versions if each.entry.holds_on(request.today)), versions[0])
    return today.entry, versions


def _opened(request: StaffRequest, code: str) -> Entry:
    """Return the version of an own indicator that a form is about: the one it was opened on, else that of today."""
    entry, versions = _found(request, code)
    if entry.definition_id is None:
        raise Http404
    number = request.POST.get("ban", "")
    if not number:
        return entry
    opened = (each.entry for each in versions if str(each.entry.definition_id) == number)
    try:
        return next(opened)
    except StopIteration:
        raise Http404 from None


def _sketch(form: DefinitionForm, formula: Formula) -> Entry:
    """Return what is being defined, as far as its preview needs it."""
    data = form.cleaned_data
    return Entry(
        code="",
        group="",
        name=data.get("name", ""),
        english="",
        measure=Measure.VALUE if formula.denominator is None else Measure.RATIO,
        unit=data.get("unit", ""),
        direction="neither",
        decimals=data.get("decimals") or 0,
        adds_up=True,
        formula=formula,
    )


def _preview(request: StaffRequest, entry: Entry, formula: Formula, *, with_rows: bool = False) -> _Preview:
    agency_id, today = request.actor.agency_id, request.today
    year = Period(today.replace(month=1, day=1), date(today.year, 12, 31))
    before = Period(date(today.year - 1, 1, 1), date(today.year - 1, 12, 31))
    months = list(_months(today))
    found = by_period(agency_id, formula, [year, before, *months], upto=today)

    def row(period: Period, title: str) -> _FigureRow:
        result = found[period]
        numerator = denominator = ""
        if result is not None and result.denominator is not None:
            numerator, denominator = format_number(result.numerator), format_number(result.denominator)
        return _FigureRow(title, numerator, denominator, shown(entry, result))

    rows = None
    if with_rows and any(found.values()):
        count = next((term.count for term in formula.numerator if term.times > 0), formula.counts[0])
        if policy.can(request.actor, "dossier.view") and source(formula.source).counts[count].has_rows:
            rows = behind(request.actor, formula, count, Period(before.start, today), today, size=_FIRST_ROWS)
    return _Preview(
        words=catalogue.formula_words(formula, agency_id),
        years=(
            row(year, gettext("This year up to today")),
            row(before, gettext("The year before")),
        ),
        months=tuple(row(month, say(period_name(month))) for month in months),
        is_share=formula.denominator is not None,
        has_records=any(each is not None for each in found.values()),
        behind=rows,
    )


def _months(today: date) -> Iterator[Period]:
    """Yield the last twelve months, the newest first."""
    first = today.replace(day=1)
    for number in range(12):
        start = first - relativedelta(months=number)
        yield Period(start, start + relativedelta(months=1, days=-1))


def _entered(entry: Entry) -> str:
    """Return what is entered of an indicator that no records tell of."""
    if entry.denominator_label:
        return f"{entry.numerator_label} ÷ {entry.denominator_label}"
    return str(_MEASURES[entry.measure])


def _sources() -> Iterator[tuple[str, str, str]]:
    """Yield the sources: key, title, some of what each counts."""
    for each in all_sources():
        labels = [gettext(count.label) for count in each.counts.values()]
        yield each.key, gettext(each.title), ", ".join(labels[:4])
