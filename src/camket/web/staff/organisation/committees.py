"""Committees: their decision, their members today and before, and the list to print; units merged into another."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from camket.core.messages import Refusal
from camket.org import operations, queries
from camket.org.operations import NewSeat, SettingUp
from camket.reporting.member_list import duty_words, file_name, member_list
from camket.web.handing_out import paper_file, paper_on_screen
from camket.web.request import StaffRequest, say, staff_page
from camket.web.staff.organisation.forms import (
    CommitteeForm,
    EndSeatForm,
    NewCommitteeForm,
    NewSeatForm,
    ReappointForm,
    SeatForm,
)

BLANK_ROWS = 5
SEATS = forms.formset_factory(SeatForm, extra=BLANK_ROWS, max_num=60)


@staff_page("people.manage", methods=("GET", "POST"))
def committee_add(request: StaffRequest) -> HttpResponse:
    form = NewCommitteeForm(request.POST or None, initial={"series": "BCĐ"})
    rows = SEATS(request.POST or None, prefix="ghe", form_kwargs=_choices(request))
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        data = form.cleaned_data
        try:
            unit = operations.set_up_committee(
                actor=request.actor,
                name=data["name"],
                short_name=data["short_name"],
                decision=_decision(data),
                seats=_seats(rows),
                valid_from=data["valid_from"] or data["decision_date"],
                today=request.today,
            )
        except operations.NameTaken as refusal:
            form.add_error("name", say(refusal.message))
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(request, gettext("%(unit)s has been added.") % {"unit": unit.name})
            return redirect("web:organisation:committee", unit.pk)
    return render(
        request,
        "staff/organisation/committee_form.html",
        {"form": form, "rows": rows, "committee": None, "is_new": True},
    )


@staff_page("people.view")
def committee(request: StaffRequest, committee_id: int) -> HttpResponse:
    return _page(request, committee_id)


def _page(request: StaffRequest, committee_id: int, seat_form: NewSeatForm | None = None) -> HttpResponse:
    row = queries.committee(request.actor, committee_id, request.today)
    return render(
        request,
        "staff/organisation/committee.html",
        {
            "committee": row,
            "groups": [
                (gettext("Members today"), _in_words(row, row.members), True),
                (gettext("Members to come"), _in_words(row, row.coming), True),
                (gettext("Former members"), _in_words(row, row.past), False),
            ],
            "seat_form": seat_form or NewSeatForm(**_choices(request)),
            "end_form": EndSeatForm(initial={"last_day": request.today}, auto_id=False),
        },
    )


@staff_page("people.manage", methods=("GET", "POST"))
def committee_edit(request: StaffRequest, committee_id: int) -> HttpResponse:
    row = queries.committee(request.actor, committee_id, request.today)
    form = CommitteeForm(
        request.POST or None, initial={name: getattr(row, name) for name in CommitteeForm.base_fields}
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            operations.change_committee(
                actor=request.actor,
                unit_id=committee_id,
                name=data["name"],
                short_name=data["short_name"],
                decision=_decision(data),
                today=request.today,
            )
        except operations.NameTaken as refusal:
            form.add_error("name", say(refusal.message))
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(request, gettext("The committee has been saved."))
            return redirect("web:organisation:committee", committee_id)
    return render(
        request, "staff/organisation/committee_form.html", {"form": form, "rows": None, "committee": row}
    )


@staff_page("people.manage", methods=("GET", "POST"))
def committee_reappoint(request: StaffRequest, committee_id: int) -> HttpResponse:
    row = queries.committee(request.actor, committee_id, request.today)
    form = ReappointForm(request.POST or None, initial={"series": row.series, "valid_from": request.today})
    rows = SEATS(
        request.POST or None,
        prefix="ghe",
        form_kwargs=_choices(request),
        # A row that is sent counts as it is, not against what stands there now.
        initial=[{"person": seat.person_id, "duty": seat.duty} for seat in row.members]
        if request.method != "POST"
        else None,
    )
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        data = form.cleaned_data
        try:
            operations.reappoint_committee(
                actor=request.actor,
                unit_id=committee_id,
                decision=_decision(data),
                seats=_seats(rows),
                valid_from=data["valid_from"],
                today=request.today,
            )
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(
                request, gettext("The new members have been recorded; the former ones stay in the history.")
            )
            return redirect("web:organisation:committee", committee_id)
    return render(
        request, "staff/organisation/committee_form.html", {"form": form, "rows": rows, "committee": row}
    )


@staff_page("people.manage", methods=("POST",))
def seat_give(request: StaffRequest, committee_id: int) -> HttpResponse:
    form = NewSeatForm(request.POST, **_choices(request))
    queries.committee(request.actor, committee_id, request.today)
    if form.is_valid():
        data = form.cleaned_data
        try:
            operations.give_seat(
                actor=request.actor,
                unit_id=committee_id,
                person_id=data["person"],
                duty=data["duty"],
                valid_from=data["valid_from"],
                today=request.today,
            )
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(request, gettext("The member has been added."))
            return redirect("web:organisation:committee", committee_id)
    return _page(request, committee_id, seat_form=form)


@staff_page("people.manage", methods=("POST",))
def seat_end(request: StaffRequest, seat_id: int) -> HttpResponse:
    form = EndSeatForm(request.POST)
    unit_id = queries.committee_of_seat(request.actor, seat_id)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect("web:organisation:committee", unit_id)
    try:
        operations.end_seat(
            actor=request.actor, seat_id=seat_id, last_day=form.cleaned_data["last_day"], today=request.today
        )
    except Refusal as refusal:
        messages.error(request, say(refusal.message))
    else:
        messages.success(request, gettext("The end of the seat has been recorded."))
    return redirect("web:organisation:committee", unit_id)


@staff_page("people.view")
def committee_list(request: StaffRequest, committee_id: int) -> HttpResponse:
    """Show the list of members as it is on paper."""
    row = queries.committee(request.actor, committee_id, request.today)
    paper = paper_on_screen(request, member_list(row, request.agency, request.today))
    return render(
        request,
        "staff/organisation/committee_list.html",
        {"committee": row, "paper": paper},
    )


@staff_page("people.view")
def committee_file(request: StaffRequest, committee_id: int, file_format: str) -> HttpResponse:
    """Hand out the list of members as DOCX or PDF."""
    row = queries.committee(request.actor, committee_id, request.today)
    return paper_file(request, member_list(row, request.agency, request.today), file_name(row), file_format)


def _choices(request: StaffRequest) -> dict[str, list[tuple[int, str]]]:
    return {"people": queries.person_choices(request.actor, request.today)}


def _decision(data: dict[str, Any]) -> SettingUp:
    return SettingUp(data["decision_number"], data["decision_date"], data["series"])


def _seats(rows: forms.BaseFormSet[SeatForm]) -> list[NewSeat]:
    return [
        NewSeat(data["person"], data["duty"]) for form in rows if (data := form.cleaned_data).get("person")
    ]


def _in_words(
    row: queries.CommitteeRow, seats: tuple[queries.SeatRow, ...]
) -> list[tuple[queries.SeatRow, str]]:
    return [(seat, duty_words(row.name, seat.duty)) for seat in seats]
