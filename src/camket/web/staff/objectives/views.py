"""Objectives, their targets and figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from camket.core.messages import Refusal
from camket.core.plan import Grade, Period, TargetKind
from camket.core.targets import GRADE_NAMES, SEVERITY, Change, Measure, Verdict, VerdictState
from camket.core.wording.text import search_key
from camket.improvement.queries.next_year import decided_for
from camket.indicators import operations as indicators
from camket.indicators.queries import ReadingRow, readings_of, waiting_confirmation
from camket.indicators.queries import reading as reading_row
from camket.objectives import measuring, verdicts
from camket.objectives.verdicts import ObjectiveVerdict, PlanVerdicts, TargetVerdict, TaskCounts, TrendPoint
from camket.org import policy
from camket.paper.writing import charts
from camket.web.request import StaffRequest, moment, say, staff_page
from camket.web.staff.objectives import figure_display, periods
from camket.web.staff.objectives.forms import MeasurementForm, ReadingForm, WithdrawForm

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class _Row:
    """An objective in the list, with its dated work."""

    objective: ObjectiveVerdict
    tasks: TaskCounts


@staff_page("plan.view")
def objective_list(request: StaffRequest) -> HttpResponse:
    """List the objectives of the year, those that call for attention told by their verdict."""
    plan_id = verdicts.plan_judged(request.agency.id, request.today)
    if plan_id is None:
        return render(request, "staff/objectives/list.html", {"plan": None})
    plan = verdicts.verdicts_of_plan(request.actor, plan_id, request.today)
    state = request.GET.get("trang_thai", "")
    owner = request.GET.get("don_vi", "")
    text = search_key(request.GET.get("tim", ""))
    shown = [
        each
        for each in plan.objectives
        if (not state or each.state == state)
        and (not owner or str(each.owner_id or "") == owner)
        and (not text or text in search_key(f"{each.number} {each.text}"))
    ]
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    tasks = verdicts.task_counts(request.actor, plan_id, request.today)
    counts = plan.by_state
    context = {
        "plan": plan,
        "page": page,
        "rows": [_Row(each, tasks.get(each.objective_id, TaskCounts())) for each in page.object_list],
        "states": [(each.value, counts.get(each, 0)) for each in SEVERITY if counts.get(each)],
        "state": state,
        "owners": sorted(
            {(str(each.owner_id), each.owner) for each in plan.objectives if each.owner_id}, key=_name
        ),
        "owner": owner,
        "q": request.GET.get("tim", ""),
        "is_filtered": bool(state or owner or text),
        "attention": sum(counts.get(each, 0) for each in (VerdictState.MISSED, VerdictState.AT_RISK)),
    }
    return render(request, "staff/objectives/list.html", context)


@staff_page("plan.view")
def objective(request: StaffRequest, objective_id: int) -> HttpResponse:
    """Show one objective: its targets with verdicts and reasons."""
    plan, row = verdicts.verdicts_of_objective(request.actor, objective_id, request.today)
    tasks = verdicts.task_counts(request.actor, plan.plan_id, request.today).get(objective_id, TaskCounts())
    context = {
        "plan": plan,
        "objective": row,
        "tasks": tasks,
        "decided": decided_for(request.actor, objective_id),
    }
    return render(request, "staff/objectives/objective.html", context)


@staff_page("plan.view")
def target(request: StaffRequest, target_id: int) -> HttpResponse:
    """Show one target: verdict with its reason, trend against the target line, figures and where they come from.

    What was entered by hand for a target that is counted stands on the page of the figure's origin.
    """
    plan, parent, row = verdicts.verdict_of_target(request.actor, target_id, request.today)
    is_entered = row.indicator is not None and not row.is_counted
    readings = readings_of(request.actor, row.indicator.id) if row.indicator and is_entered else ()
    readings = tuple(each for each in readings if plan.period.start <= each.period.end <= plan.period.end)
    confirmed = [each.figure for each in readings if each.is_confirmed]
    points = verdicts.trend(plan, row, confirmed)
    context = {
        "plan": plan,
        "objective": parent,
        "row": row,
        "verdict": row.verdict,
        "readings": [(each, periods.named(each.period)) for each in readings],
        "chart": _chart(plan, row, points),
        "meter": _meter(row),
        "used": frozenset(figure.key for figure in row.verdict.used),
        "is_share": row.indicator is not None and row.indicator.measure is Measure.RATIO,
        "covered": periods.named(row.verdict.covered) if row.verdict.covered else "",
        "may_measure": policy.can(request.actor, "plan.edit") and row.indicator is not None,
        **figure_display.allowance_context(row),
    }
    return render(
        request,
        "staff/objectives/target.html",
        {**context, **figure_display.counted_context(request, plan, row)},
    )


@staff_page("reading.enter", methods=("GET", "POST"))
def enter_reading(request: StaffRequest, target_id: int) -> HttpResponse:
    """Enter a figure for a period of a target's indicator."""
    plan, parent, row = verdicts.verdict_of_target(request.actor, target_id, request.today)
    if row.indicator is None:
        messages.warning(
            request, gettext("This target has no indicator yet; it gets one when the plan comes into force.")
        )
        return redirect("web:objectives:target", target_id=target_id)
    readings = readings_of(request.actor, row.indicator.id)
    taken = [each.period for each in readings if not each.is_withdrawn]
    span = row.target.period or plan.period
    form = ReadingForm(
        request.POST or None,
        request.FILES or None,
        indicator=row.indicator,
        plan_period=span,
        today=request.today,
        taken=taken,
        is_ceiling=row.target.kind in (TargetKind.AT_MOST, TargetKind.BELOW),
        initial=_proposal(request, span, taken, readings),
    )
    if request.method == "POST" and form.is_valid():
        try:
            indicators.enter_reading(
                actor=request.actor,
                indicator_id=row.indicator.id,
                reading=form.new_reading(),
                now=moment(request),
            )
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(
                request, gettext("The figure is entered. It counts once another person has confirmed it.")
            )
            return redirect("web:objectives:target", target_id=target_id)
    context = {"plan": plan, "objective": parent, "row": row, "form": form}
    return render(request, "staff/objectives/enter_reading.html", context, status=422 if form.errors else 200)


@staff_page("plan.edit", methods=("GET", "POST"))
def measurement(request: StaffRequest, target_id: int) -> HttpResponse:
    """Say how a target is measured."""
    plan, parent, row = verdicts.verdict_of_target(request.actor, target_id, request.today)
    form = MeasurementForm(request.POST or None, row=row, initial=MeasurementForm.initial_of(row))
    if request.method == "POST" and form.is_valid():
        data = {**MeasurementForm.initial_of(row), **form.cleaned_data}
        try:
            measuring.set_measurement(
                actor=request.actor,
                target_id=target_id,
                today=request.today,
                expected_volume=data["expected_volume"],
                baseline_value=data["baseline_value"],
                change=data["change"],
                adds_up=data["adds_up"] == "yes",
                method=data["method"],
                numerator_label=data["numerator_label"],
                denominator_label=data["denominator_label"],
            )
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(
                request, gettext("How the target is measured is saved; its verdict is judged anew.")
            )
            return redirect("web:objectives:target", target_id=target_id)
    context = {"plan": plan, "objective": parent, "row": row, "form": form, "meanings": _meanings(row)}
    return render(request, "staff/objectives/measurement.html", context, status=422 if form.errors else 200)


def _meanings(row: TargetVerdict) -> list[tuple[str, Verdict, bool]]:
    """Return a change in per cent judged both ways, which of them is chosen; nothing where there is no such choice."""
    if row.otherwise is None:
        return []
    is_points = row.change is Change.POINTS
    points, relative = (row.verdict, row.otherwise) if is_points else (row.otherwise, row.verdict)
    return [
        (gettext("percentage points"), points, is_points),
        (gettext("per cent of the result compared with"), relative, not is_points),
    ]


@staff_page("reading.confirm", methods=("POST",))
def confirm_reading(request: StaffRequest, reading_id: int) -> HttpResponse:
    """Confirm a figure and go back to where it was seen."""
    try:
        reading = indicators.confirm_reading(actor=request.actor, reading_id=reading_id, now=moment(request))
    except Refusal as refusal:
        messages.error(request, say(refusal.message))
        return _back(request, reading_row(request.actor, reading_id).indicator_id)
    messages.success(request, gettext("The figure is confirmed and counts from now on."))
    return _back(request, reading.indicator_id)


@staff_page("reading.enter", methods=("GET", "POST"))
def withdraw_reading(request: StaffRequest, reading_id: int) -> HttpResponse:
    """Withdraw a figure, with the reason."""
    row = reading_row(request.actor, reading_id)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            indicators.withdraw_reading(
                actor=request.actor,
                reading_id=reading_id,
                reason=form.cleaned_data["reason"],
                now=moment(request),
            )
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(request, gettext("The figure is withdrawn; it stays listed with the reason."))
            return _back(request, row.indicator_id)
    context = {
        "reading": row,
        "period": periods.named(row.period),
        "target_id": verdicts.target_of_indicator(request.actor, row.indicator_id),
        "form": form,
    }
    return render(
        request, "staff/objectives/withdraw_reading.html", context, status=422 if form.errors else 200
    )


@staff_page("plan.view")
def waiting(request: StaffRequest) -> HttpResponse:
    """List the figures that wait for confirmation."""
    rows = waiting_confirmation(request.actor)
    targets = verdicts.targets_of_indicators(request.actor, {each.reading.indicator_id for each in rows})
    context = {
        "rows": [
            (each, periods.named(each.reading.period), targets.get(each.reading.indicator_id))
            for each in rows
        ],
        "mine": sum(not each.reading.may_confirm for each in rows),
        "others": sum(each.reading.may_confirm for each in rows),
    }
    return render(request, "staff/objectives/waiting.html", context)


def _name(pair: tuple[str, str]) -> str:
    return search_key(pair[1])


def _back(request: StaffRequest, indicator_id: int) -> HttpResponse:
    if request.POST.get("from") == "waiting":
        return redirect("web:objectives:waiting")
    target_id = verdicts.target_of_indicator(request.actor, indicator_id)
    if target_id is None:
        return redirect("web:objectives:list")
    return redirect("web:objectives:target", target_id=target_id)


def _proposal(
    request: StaffRequest, span: Period, taken: Sequence[Period], readings: Sequence[ReadingRow]
) -> dict[str, Any]:
    """Propose the period that is due and the source that was used last."""
    initial: dict[str, Any] = {}
    if period := periods.proposed(span, request.agency.rhythm, request.today, taken):
        initial["period"] = periods.code(period)
    if readings:
        initial["source"] = readings[0].source
    return initial


def _chart(plan: PlanVerdicts, row: TargetVerdict, points: Sequence[TrendPoint]) -> charts.Chart | None:
    """Draw the trend, where there is a scale to draw it on."""
    if row.target.kind is TargetKind.ACHIEVED or not points:
        return None
    verdict = row.verdict
    is_share = row.indicator is not None and row.indicator.measure is Measure.RATIO and row.target.unit == "%"
    grows = (
        row.indicator is not None
        and row.indicator.adds_up
        and row.indicator.measure is Measure.VALUE
        and verdict.low is not None
        and verdict.high is None
    )
    span = row.target.period or plan.period
    categories = None
    if row.target.kind is TargetKind.GRADE_AT_LEAST:
        categories = {index: GRADE_NAMES[grade].capitalize() for index, grade in enumerate(Grade)}
    last = points[-1]
    return charts.trend_chart(
        [charts.Point(each.on, each.value, each.shown, each.state.value) for each in points],
        charts.Goal(verdict.low, verdict.high, verdict.goal, pace=grows),
        key=f"trend-{row.target_id}",
        title=gettext("Result against the target of %(goal)s") % {"goal": verdict.goal},
        description=gettext("%(count)s figures; the newest, of %(day)s, is %(value)s.")
        % {"count": len(points), "day": f"{last.on:%d/%m/%Y}", "value": last.shown},
        start=span.start,
        end=span.end,
        today=plan.on,
        today_label=gettext("today"),
        categories=categories,
        is_share=is_share,
        is_rank=row.target.kind is TargetKind.RANK_WITHIN,
        unit=row.target.unit or "",
    )


def _meter(row: TargetVerdict) -> charts.Svg | None:
    allowance = row.verdict.allowance
    if allowance is None:
        return None
    tone = {VerdictState.ON_TRACK: "good", VerdictState.AT_RISK: "warn"}.get(row.verdict.state, "bad")
    return charts.meter(
        allowance.spent,
        allowance.allowed,
        mark=allowance.by_now,
        title=str(_("Allowance: how much of it is spent")),
        key=f"allowance-{row.target_id}",
        tone=tone,
    )
