"""A target's result against the same period last year, with what the agencies of then reached."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from camket.core.comparison import Kind, PartResult
from camket.core.messages import Refusal
from camket.core.plan import Period
from camket.indicators import comparing
from camket.indicators.comparing import YearOnYear
from camket.objectives import verdicts
from camket.objectives.verdicts import TargetHead
from camket.org import policy
from camket.org.policy import Scope
from camket.web.request import StaffRequest, say, staff_page
from camket.web.staff.objectives import periods


@staff_page("plan.view")
def year_on_year(request: StaffRequest, target_id: int) -> HttpResponse:
    """Compare; as a part of the target's page where a script asks for it, as a page of its own otherwise."""
    head = verdicts.target_head(request.actor, target_id)
    context: dict[str, Any] = {"head": head, "found": None}
    period = _period(request, head)
    if head.indicator_id is not None and period is not None:
        found = comparing.year_on_year(request.actor, head.indicator_id, period, request.today)
        if found is not None:
            targets = verdicts.targets_then(request.actor, found.indicators)
            comparison = found.comparison
            context.update(
                found=comparison,
                period=periods.named(comparison.period),
                then_period=periods.named(comparison.then_period),
                parts=[_line(request, each, targets) for each in comparison.parts],
                notes=[say(note) for note in comparison.notes],
                difference=say(comparison.difference) if comparison.difference else "",
                choices=_choices(found) if policy.can(request.actor, "plan.edit") else (),
            )
    if request.htmx:
        return render(request, "staff/objectives/year_on_year.html#comparison", context)
    return render(request, "staff/objectives/year_on_year.html", context)


@staff_page("plan.edit", methods=("POST",))
def continue_indicator(request: StaffRequest, target_id: int) -> HttpResponse:
    """Say which indicator of then measured the same."""
    head = verdicts.target_head(request.actor, target_id)
    period = _period(request, head)
    agency, _dash, chosen = request.POST.get("same", "").partition("-")
    if (
        head.indicator_id is None
        or period is None
        or not all(each.isdecimal() and len(each) < 19 for each in (agency, chosen or "0"))
    ):
        messages.error(request, gettext("Choose one of the indicators, or that none is the same."))
        return redirect("web:objectives:year_on_year", target_id)
    try:
        comparing.continue_indicator(
            actor=request.actor,
            indicator_id=head.indicator_id,
            agency_id=int(agency),
            predecessor_indicator_id=int(chosen) if chosen else None,
            period=period,
            today=request.today,
        )
    except Refusal as refusal:
        messages.error(request, say(refusal.message))
    else:
        messages.success(request, gettext("The choice is kept; the comparison follows it."))
    return redirect("web:objectives:year_on_year", target_id)


def _period(request: StaffRequest, head: TargetHead) -> Period | None:
    if head.indicator_id is None:
        return None
    return comparing.period_compared(request.actor, head.indicator_id, head.span, request.today)


def _line(request: StaffRequest, each: PartResult, targets: dict[int, int]) -> dict[str, Any]:
    """Return an agency of then as a line of the table, with the way to its rows for who may look at them."""
    target_id = targets.get(each.part.key)
    is_own = each.part.kind is Kind.OWN
    may_look = is_own or request.actor.scope is Scope.AGENCY
    return {
        "name": each.part.name,
        "is_own": is_own,
        "is_split": each.part.kind is Kind.SPLIT,
        "result": each.result,
        "span": periods.named(each.part.span),
        "agency_id": each.part.key,
        "target_id": target_id if may_look and each.result is not None else None,
    }


def _choices(found: YearOnYear) -> list[dict[str, Any]]:
    """Return the indicators that a secretary chooses from, by agency."""
    groups: dict[int, dict[str, Any]] = {}
    for each in found.candidates:
        group = groups.setdefault(
            each.agency_id, {"agency_id": each.agency_id, "agency": each.agency, "rows": [], "is_none": True}
        )
        group["rows"].append(each)
        group["is_none"] = group["is_none"] and not each.is_used
    return list(groups.values())
