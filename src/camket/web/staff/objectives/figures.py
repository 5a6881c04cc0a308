"""The rows behind a counted figure, and where it comes from."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from camket.core.dossiers import OUTCOME_NAMES, Outcome
from camket.core.feedback import KIND_NAMES, WAY_NAMES
from camket.core.plan import Period
from camket.core.wording.text import begun
from camket.indicators import behind
from camket.indicators.catalogue import formula_words
from camket.indicators.queries import readings_of
from camket.objectives import verdicts
from camket.objectives.figures import (
    figure_detail,
    figure_head,
    origin_of,
)
from camket.web.request import StaffRequest, staff_page
from camket.web.staff.objectives import periods
from camket.web.staff.objectives.figure_display import REST, WHOLE, address, allowance_context, shown, terms


@staff_page("plan.view")
def rows(request: StaffRequest, target_id: int) -> HttpResponse:
    """List the rows behind one number of a target's figure."""
    head = figure_head(request.actor, target_id, request.today)
    if head is None:
        messages.info(request, gettext("The figure of this target is not counted from records."))
        return redirect("web:objectives:target", target_id=target_id)
    is_rest = request.GET.get("phan") == REST and bool(head.rest_of)
    is_whole = request.GET.get("phan") == WHOLE and bool(head.joined)
    labels = dict(head.counts)
    count = request.GET.get("dem", next(iter(labels), ""))
    if is_rest or is_whole:
        count = head.rest_of if is_rest else head.joined[0]
    if count not in labels:
        raise Http404(f"no rows of {count!r}")
    period = _asked_period(request, head.period)
    field = request.GET.get("linh_vuc", "")
    page = behind.behind(
        request.actor,
        head.formula,
        count,
        period,
        request.today,
        also=head.joined[1:] if is_whole else (),
        but=head.rest if is_rest else (),
        field=field,
        after=request.GET.get("sau", ""),
    )
    context = {
        "head": head,
        "what": _listed(labels[count], is_rest=is_rest, is_whole=is_whole),
        "period": periods.named(period),
        "choices": [
            (
                begun(gettext(label)),
                address(target_id, each, period, field),
                not is_rest and each == count,
            )
            for each, label in labels.items()
        ],
        "whole_url": address(target_id, "", period, field, part=WHOLE) if head.joined else "",
        "is_whole": is_whole,
        "rest_url": address(target_id, "", period, field, part=REST) if head.rest_of else "",
        "is_rest": is_rest,
        "page": page,
        "dossiers": [
            (each, _outcome(each.outcome, is_finished=each.finished_at is not None)) for each in page.dossiers
        ],
        "readings": [(each, periods.named(each.period)) for each in page.readings],
        "feedback": [
            (each, gettext(KIND_NAMES[each.kind]), gettext(WAY_NAMES[each.way])) for each in page.feedback
        ],
        "is_stated": head.formula.source in ("figures", "assessments"),
        "is_later": bool(request.GET.get("sau")),
    }
    return render(request, "staff/objectives/rows.html", context)


@staff_page("plan.view")
def provenance(request: StaffRequest, target_id: int) -> HttpResponse:
    """Show where a target's figure comes from, to be printed and put beside it."""
    plan, parent, row = verdicts.verdict_of_target(request.actor, target_id, request.today)
    detail = figure_detail(request.actor, plan, row, with_fields=False)
    readings = readings_of(request.actor, row.indicator.id, unit=row.indicator.unit) if row.indicator else ()
    used = frozenset(figure.key for figure in row.verdict.used)
    context: dict[str, Any] = {
        "plan": plan,
        "objective": parent,
        "row": row,
        "verdict": row.verdict,
        "detail": detail,
        "covered": periods.named(row.verdict.covered) if row.verdict.covered else "",
        "readings": [
            (each, periods.named(each.period))
            for each in readings
            if plan.period.start <= each.period.end <= plan.period.end
        ],
        "used": used,
        **allowance_context(row),
    }
    if detail is not None:
        context |= {
            "words": formula_words(detail.formula, request.agency.id),
            "source": gettext(detail.title),
            "period": periods.named(detail.period),
            "terms": terms(detail, target_id, links=True),
            "origin": origin_of(request.actor, detail),
            "shown": row.verdict.shown or shown(detail.result, row.target.unit or ""),
        }
    return render(request, "staff/objectives/provenance.html", context)


def _listed(label: str, *, is_rest: bool, is_whole: bool) -> str:
    """Return the title of a list of rows."""
    if is_rest:
        return gettext("Counted in the denominator and not in the numerator")
    return gettext("All that is counted in the numerator") if is_whole else begun(gettext(label))


def _asked_period(request: StaffRequest, whole: Period) -> Period:
    """Return the days asked for, within those of the figure; the figure's own where they are none."""
    try:
        start = date.fromisoformat(request.GET.get("tu", ""))
        end = date.fromisoformat(request.GET.get("den", ""))
    except ValueError:
        return whole
    start, end = max(start, whole.start), min(end, whole.end)
    return Period(start, end) if start <= end else whole


def _outcome(outcome: Outcome, *, is_finished: bool) -> tuple[str, str]:
    """Return the word for an outcome and its tone."""
    tones = {Outcome.EARLY: "green", Outcome.ON_TIME: "green", Outcome.LATE: "red"}
    return gettext(OUTCOME_NAMES[outcome]), tones.get(outcome, "grey") if is_finished else "grey"
