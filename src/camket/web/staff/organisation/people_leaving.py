"""Handing over when somebody leaves: all that the person holds on one page, its record to print."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from camket.core.messages import Refusal
from camket.documents.queries.signing import signer_choice
from camket.org import queries
from camket.paper.writing.model import Document
from camket.reporting import hand_over as leaving
from camket.reporting.hand_over import NOBODY, UNIT, Holding, Item, Kind
from camket.reporting.minutes import file_name, minutes
from camket.web.forms.fields import DateField, PersonChoiceField
from camket.web.handing_out import paper_file, paper_on_screen
from camket.web.request import StaffRequest, moment, say, staff_page
from camket.web.staff.organisation.forms import DUTIES, ROLES

ENDS = "ends"
"""Value of a choice: the item ends without a successor."""

ONLY_ONE = _("nobody else has this role")
PARTS = {"lead": _("Leads"), "support": _("Supports"), "monitor": _("Monitors")}
TITLES = {
    Kind.POST: _("Posts"),
    Kind.TASK: _("Open tasks"),
    Kind.ENTRY: _("Open work of the registers"),
    Kind.NONCONFORMITY: _("Nonconformities to be treated"),
    Kind.STEP: _("Steps of plans of corrective action"),
    Kind.RISK: _("Risks and opportunities"),
    Kind.DECISION: _("Decisions of a management review"),
    Kind.AUDITOR: _("Parts in internal audits"),
    Kind.PART: _("Named in the plan"),
    Kind.SEAT: _("Seats in committees"),
    Kind.NAME: _("Names in documents"),
}


class HandOverForm(forms.Form):
    """The last day, why, and for each thing held who takes it over."""

    last_day = DateField(label=_("Last working day"))
    reason = forms.CharField(
        label=_("Reason"), max_length=500, help_text=_("For example: nghỉ hưu, chuyển công tác.")
    )
    closes_account = forms.BooleanField(
        label=_("Close the account after the last day"), required=False, initial=True
    )
    everything_to = PersonChoiceField(
        label=_("Give everything to"),
        required=False,
        help_text=_("For all below that has no choice of its own; posts are always chosen one by one."),
    )

    def __init__(self, *args: Any, holding: Holding, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.holding = holding
        self.fields["everything_to"].rows = people  # type: ignore[attr-defined]
        for item in holding.items:
            self.fields[item.key] = _choice(item, people)

    def clean(self) -> dict[str, Any]:
        """Fill what has no choice of its own; say of every item that still has none what is missing."""
        data = super().clean() or {}
        everybody = data.get("everything_to")
        for item in self.holding.items:
            if data.get(item.key) or item.key in self.errors:
                continue
            if everybody and item.kind is not Kind.POST:
                data[item.key] = str(everybody)
            else:
                self.add_error(item.key, gettext("Choose who takes this over."))
        return data

    def successors(self) -> dict[str, int | str]:
        """Return who takes over each item of a valid form, as the operation asks for it."""
        words = {UNIT: UNIT, ENDS: NOBODY}
        chosen = {item.key: str(self.cleaned_data[item.key]) for item in self.holding.items}
        return {key: words[each] if each in words else int(each) for key, each in chosen.items()}

    def groups(self) -> list[dict[str, Any]]:
        """Return the items with their fields, by kind, for the page."""
        return [
            {
                "title": TITLES[kind],
                "rows": [
                    {"item": item, "field": self[item.key], "note": _note(item)}
                    for item in self.holding.of(kind)
                ],
            }
            for kind in TITLES
            if self.holding.of(kind)
        ]


@staff_page("people.manage")
def hand_overs(request: StaffRequest) -> HttpResponse:
    """List the hand-overs recorded, and who left with open work."""
    return render(
        request,
        "staff/organisation/hand_overs.html",
        {
            "rows": leaving.hand_overs(request.actor),
            "stranded": leaving.stranded(request.actor, request.today),
        },
    )


@staff_page("people.manage", methods=("GET", "POST"))
def hand_over(request: StaffRequest, person_id: int) -> HttpResponse:
    holding = leaving.holding_of(request.actor, person_id, request.today)
    people = [row for row in queries.person_choices(request.actor, request.today) if row[0] != person_id]
    form = HandOverForm(
        request.POST or None, holding=holding, people=people, initial={"last_day": request.today}
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            row = leaving.hand_over(
                actor=request.actor,
                person_id=person_id,
                last_day=data["last_day"],
                reason=data["reason"],
                successors=form.successors(),
                closes_account=data["closes_account"],
                now=moment(request),
            )
        except leaving.WorkWithoutOwner as refusal:
            form.add_error(None, say(refusal.message))
            for key in refusal.keys & set(form.fields):
                form.add_error(key, gettext("Choose who takes this over."))
        except leaving.LastDayNotPossible as refusal:
            form.add_error("last_day", say(refusal.message))
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(
                request,
                gettext("The work of %(person)s has been handed over. Print the record and have it signed.")
                % {"person": holding.full_name},
            )
            return redirect("web:organisation:hand_over_record", row.pk)
    return render(
        request,
        "staff/organisation/hand_over.html",
        {"form": form, "holding": holding, "has_others": bool(people)},
    )


@staff_page("people.manage")
def hand_over_record(request: StaffRequest, hand_over_id: int) -> HttpResponse:
    """Show a hand-over as it is on paper."""
    row = leaving.hand_over_of(request.actor, hand_over_id)
    paper = paper_on_screen(request, _minutes(request, row))
    return render(
        request,
        "staff/organisation/hand_over_record.html",
        {"row": row, "paper": paper},
    )


@staff_page("people.manage")
def hand_over_file(request: StaffRequest, hand_over_id: int, file_format: str) -> HttpResponse:
    """Hand out the record of a hand-over as DOCX or PDF."""
    row = leaving.hand_over_of(request.actor, hand_over_id)
    return paper_file(request, _minutes(request, row), file_name(row), file_format)


def _minutes(request: StaffRequest, row: leaving.HandOverRow) -> Document:
    signer = signer_choice(request.actor, row.recorded_on, "BB")
    return minutes(row, request.agency, signer)


def _choice(item: Item, people: list[tuple[int, str]]) -> forms.ChoiceField:
    choices: list[tuple[str, Any]] = [("", _("— choose —"))]
    if item.may_go_to_unit:
        choices.append((UNIT, _("Back to the unit")))
    choices += [(str(pk), name) for pk, name in people]
    if not item.needs_successor:
        choices.append((ENDS, _("Nobody: it ends") if item.kind is not Kind.NAME else _("Nobody yet")))
    return forms.ChoiceField(label=item.short, choices=choices, required=False)


def _note(item: Item) -> str:
    """Return what the page says beside an item: its role, duty, part or day."""
    if item.kind is Kind.POST:
        said = str(dict(ROLES).get(item.role, item.role))
        return f"{said} · {ONLY_ONE}" if item.is_only else said
    if item.kind is Kind.SEAT:
        return str(dict(DUTIES).get(item.duty, item.duty))
    if item.kind is Kind.PART:
        return f"{PARTS[item.part]} · {item.detail}"
    return ""
