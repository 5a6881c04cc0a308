"""Units that are merged, split or renamed by a decision: who takes over, and what goes along."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from camket.core.messages import Refusal
from camket.core.numbering import NumberNotPossible
from camket.objectives.operations import (
    DayOfSuccessionNotPossible,
    Succession,
    succeed_unit,
    withdraw_planned_succession,
)
from camket.org import queries
from camket.org.operations import NameTaken
from camket.web.request import StaffRequest, moment, say, staff_page
from camket.web.staff.organisation.forms import MergeForm, SplitForm, UnitDecisionForm, UnitRenameForm

WENT: Mapping[str, str | Promise] = {
    "posts": _("Posts"),
    "tasks": _("Open tasks"),
    "parts": _("Parts in plans"),
    "entries": _("Entries of the registers"),
    "objectives": _("Objectives"),
    "indicators": _("Indicators"),
    "procedures": _("Administrative procedures"),
    "dossiers": _("Dossiers"),
    "feedback": _("Feedback"),
    "survey_points": _("Places of surveys"),
    "documents": _("Controlled documents"),
    "nonconformities": _("Nonconformities"),
    "corrective_steps": _("Steps of corrective action"),
    "risks": _("Risks"),
    "context_issues": _("Context and interested parties"),
    "review_decisions": _("Decisions of management reviews"),
    "audits": _("Internal audits"),
    "report_parts": _("Parts of reports"),
    "reports_owed": _("Reports owed"),
    "postings": _("Postings to come"),
    "names": _("Names in documents"),
}


def went_along(moved: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """Return what went from a unit to another in words, with how many of each."""
    return tuple((str(label), moved[key]) for key, label in WENT.items() if moved.get(key))


@staff_page("org.manage", methods=("GET", "POST"))
def unit_merge(request: StaffRequest, unit_id: int) -> HttpResponse:
    """Merge a unit into another: its people and open work move."""
    form = MergeForm(request.POST or None, units=_others(request, unit_id), today=request.today)

    def wanted() -> Succession:
        return {"kind": "merger", "into_id": form.cleaned_data["into"]}

    return _page(request, unit_id, form, wanted, "merge")


@staff_page("org.manage", methods=("GET", "POST"))
def unit_rename(request: StaffRequest, unit_id: int) -> HttpResponse:
    """Let a unit go on under another name by a decision; its history keeps the old one."""
    form = UnitRenameForm(request.POST or None, today=request.today)

    def wanted() -> Succession:
        said = form.cleaned_data
        return {"kind": "renaming", "name": said["name"], "short_name": said["short_name"]}

    return _page(request, unit_id, form, wanted, "rename")


@staff_page("org.manage", methods=("GET", "POST"))
def unit_split(request: StaffRequest, unit_id: int) -> HttpResponse:
    """Split a unit among others: each person takes the own work along, the rest goes to one of them."""
    form = SplitForm(
        request.POST or None,
        units=_others(request, unit_id),
        people=queries.posts_of_unit(request.actor, unit_id, request.today),
        today=request.today,
    )

    def wanted() -> Succession:
        return {"kind": "split", "into_id": form.cleaned_data["rest"], "people": form.shares()}

    return _page(request, unit_id, form, wanted, "split")


@staff_page("org.manage", methods=("POST",))
def unit_succession_withdraw(request: StaffRequest, to_come_id: int) -> HttpResponse:
    """Take back what was to become of a unit on a day to come."""
    try:
        unit = withdraw_planned_succession(
            actor=request.actor,
            planned_id=to_come_id,
            reason=request.POST.get("reason", "")[:500],
            now=moment(request),
        )
    except Refusal as refusal:
        messages.error(request, say(refusal.message))
        return redirect("web:organisation:units")
    messages.success(
        request, gettext("It has been taken back; %(unit)s stays as it is.") % {"unit": unit.name}
    )
    return redirect("web:organisation:unit_edit", unit.pk)


def _page(
    request: StaffRequest,
    unit_id: int,
    form: UnitDecisionForm,
    wanted: Callable[[], Succession],
    kind: str,
) -> HttpResponse:
    unit = queries.unit(request.actor, unit_id)
    if request.method == "POST" and form.is_valid():
        try:
            into = succeed_unit(
                actor=request.actor,
                unit_id=unit_id,
                on=form.cleaned_data["on"],
                decision=form.decision(),
                now=moment(request),
                **wanted(),
            )
        except NumberNotPossible as refusal:
            form.add_error("number", say(refusal.message))
        except NameTaken as refusal:
            form.add_error("name", say(refusal.message))
        except DayOfSuccessionNotPossible as refusal:
            form.add_error("on", say(refusal.message))
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            told = gettext("This is settled: on its day it is carried out by itself.")
            if into:
                told = gettext(
                    "%(into)s has taken over from %(unit)s; what went along stands on the page of that unit."
                ) % {"unit": unit.name, "into": "; ".join(each.name for each in into)}
            messages.success(request, told)
            return redirect("web:organisation:unit_edit", unit_id)
    context = {"form": form, "unit": unit, "kind": kind}
    return render(
        request, "staff/organisation/unit_succession.html", context, status=422 if form.errors else 200
    )


def _others(request: StaffRequest, unit_id: int) -> list[tuple[int, str]]:
    return [row for row in queries.section_choices(request.actor) if row[0] != unit_id]
