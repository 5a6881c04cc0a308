"""Working hours of the office and the hour of the last receipt, by which due dates are computed."""

from __future__ import annotations

import re
from datetime import date, time
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from camket.core.masking import short_name
from camket.core.messages import Refusal
from camket.core.working_time import OFFICE_HOURS
from camket.dossiers.operations import hours as operations
from camket.dossiers.queries import hours as queries
from camket.org.policy import can, can_in_agency
from camket.web import vietnamese
from camket.web.forms.fields import DateField
from camket.web.request import StaffRequest, moment, say, staff_page

_TIME = re.compile(r"(\d{1,2})\s*(?:[:hg.]|giờ)\s*(\d{2})?(?:\s*phút)?", re.IGNORECASE)


class HourField(forms.Field):
    """An hour of the day as people write it: 07:30, 7h30, 7 giờ 30."""

    is_short = True

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"placeholder": "07:30", "autocomplete": "off", "maxlength": "20"}
        super().__init__(widget=forms.TextInput(attrs), **kwargs)

    def to_python(self, value: Any) -> time | None:
        """Return the hour; ValidationError says how to write it."""
        text = str(value or "").strip()
        if not text:
            return None
        found = _TIME.fullmatch(text)
        if found is not None and int(found[1]) < 24 and int(found[2] or 0) < 60:
            return time(int(found[1]), int(found[2] or 0))
        raise ValidationError(gettext("Write the hour as 07:30 or 7h30."), code="form")


class HoursForm(forms.Form):
    """Hours of the morning and the afternoon, the last receipt, from when, on whose word."""

    morning_from = HourField(label=_("Morning from"))
    morning_to = HourField(label=_("Morning until"))
    afternoon_from = HourField(label=_("Afternoon from"), required=False)
    afternoon_to = HourField(label=_("Afternoon until"), required=False)
    cut_off = HourField(
        label=_("What comes after this hour counts from the next working day"),
        required=False,
        help_text=_("For example 15:00. Empty: what comes within the working hours counts from that day."),
    )
    valid_from = DateField(
        label=_("From this day on"),
        earliest=operations.FIRST_DAY,
        latest=operations.LAST_DAY,
        help_text=_("Dossiers received before it keep the hours of their day."),
    )
    source = forms.CharField(label=_("Decision or notice"), max_length=255, required=False)
    is_for_below = forms.BooleanField(
        label=_("Also for the agencies below that have set none of their own"), required=False
    )

    def __init__(self, *args: Any, has_below: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_below:
            del self.fields["is_for_below"]

    def clean(self) -> dict[str, Any]:
        """See that the afternoon has both its hours or none."""
        data = self.cleaned_data
        if bool(data.get("afternoon_from")) != bool(data.get("afternoon_to")) and not self.errors:
            field = "afternoon_to" if data.get("afternoon_from") else "afternoon_from"
            self.add_error(field, gettext("Enter both hours of the afternoon, or neither."))
        return data

    @property
    def spans(self) -> list[tuple[time, time]]:
        """Return the stretches of work."""
        data = self.cleaned_data
        found = [(data["morning_from"], data["morning_to"])]
        if data.get("afternoon_from"):
            found.append((data["afternoon_from"], data["afternoon_to"]))
        return found


@staff_page("task.view")
def office_hours(request: StaffRequest) -> HttpResponse:
    """Show the hours by which due dates are computed, through the years."""
    found = queries.office_hours(request.actor)
    return render(
        request,
        "staff/dossiers/hours.html",
        {
            "rows": [(each, _said(each.spans), _by(request, each)) for each in found.rows],
            "usual": _said(OFFICE_HOURS.spans),
            "may_set": can_in_agency(request.actor, "task.manage"),
        },
    )


@staff_page("task.manage", methods=("GET", "POST"))
def office_hours_set(request: StaffRequest) -> HttpResponse:
    """Set hours from a day on: first what they would change, then for good."""
    found = queries.office_hours(request.actor)
    is_sent = request.method == "POST"
    form = HoursForm(
        request.POST if is_sent else None, has_below=found.has_below, initial=_initial(found, request.today)
    )
    preview = None
    if is_sent and form.is_valid():
        given = {
            "valid_from": form.cleaned_data["valid_from"],
            "spans": form.spans,
            "cut_off": form.cleaned_data["cut_off"],
        }
        try:
            if "luu" not in request.POST:
                preview = operations.preview_office_hours(actor=request.actor, **given)
            else:
                moved = operations.set_office_hours(
                    actor=request.actor,
                    is_for_below=bool(form.cleaned_data.get("is_for_below")),
                    source=form.cleaned_data["source"],
                    now=moment(request),
                    **given,
                )
                messages.success(request, _told(moved))
                return redirect("web:dossiers:office_hours")
        except operations.CutOffNotPossible as refusal:
            form.add_error("cut_off", say(refusal.message))
        except operations.DayNotPossible as refusal:
            form.add_error("valid_from", say(refusal.message))
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
    is_refused = is_sent and preview is None
    context = {
        "form": form,
        "is_previewed": preview is not None,
        "preview": _foreseen(preview) if preview else "",
    }
    return render(request, "staff/dossiers/hours_set.html", context, status=422 if is_refused else 200)


def _initial(found: queries.HoursNow, today: date) -> dict[str, Any]:
    newest = found.rows[0] if found.rows else None
    spans = newest.spans if newest else OFFICE_HOURS.spans
    ends = [f"{moment:%H:%M}" for span in spans[:2] for moment in span]
    names = ("morning_from", "morning_to", "afternoon_from", "afternoon_to")
    return {
        **dict(zip(names, ends, strict=False)),
        "cut_off": f"{newest.cut_off:%H:%M}" if newest and newest.cut_off else "",
        "valid_from": today,
        "is_for_below": bool(newest and newest.is_own and newest.is_for_below),
    }


def _said(spans: tuple[tuple[time, time], ...]) -> str:
    return "; ".join(f"{start:%H:%M} – {end:%H:%M}" for start, end in spans)


def _by(request: StaffRequest, row: queries.HoursRow) -> str:
    return row.entered_by if can(request.actor, "people.view") else short_name(row.entered_by)


def _foreseen(preview: operations.Preview) -> str:
    if not preview.moved:
        return gettext("No open dossier has another date by these hours.")
    return ngettext(
        "%(moved)s open dossier has another computed date by these hours; %(due)s of them is due on another day.",
        "%(moved)s open dossiers have another computed date by these hours; %(due)s of them are due on another day.",
        preview.moved,
    ) % {"moved": vietnamese.number(preview.moved), "due": vietnamese.number(preview.due)}


def _told(moved: int) -> str:
    if not moved:
        return gettext("The hours are saved; no open dossier has another date.")
    return ngettext(
        "The hours are saved; %(count)s open dossier was reckoned anew.",
        "The hours are saved; %(count)s open dossiers were reckoned anew.",
        moved,
    ) % {"count": vietnamese.number(moved)}
