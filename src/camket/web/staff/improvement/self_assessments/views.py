"""Self-assessments: begun, marked indicator by indicator, seen as a radar, closed, printed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from camket.core.messages import Refusal
from camket.core.self_assessment import COLOURS
from camket.documents.queries.signing import signer_choice
from camket.improvement.catalogue import self_assessment_edition
from camket.improvement.given import DayNotPossible
from camket.improvement.operations import self_assessments as operations
from camket.improvement.queries import self_assessments as queries
from camket.improvement.self_assessment_paper import assessment_document
from camket.web.acting import did
from camket.web.forms.fields import DateField, LongTextField
from camket.web.handing_out import paper_file
from camket.web.request import StaffRequest, moment, refused_field, say, staff_page
from camket.web.staff.badge import Badge
from camket.web.staff.improvement.self_assessments.radar import radar

MARKS = {
    "red": Badge(gettext_lazy("Red"), "red"),
    "yellow": Badge(gettext_lazy("Yellow"), "amber"),
    "green": Badge(gettext_lazy("Green"), "green"),
    "": Badge(gettext_lazy("Not assessed"), "grey"),
}
STATES = {
    "open": Badge(gettext_lazy("Under way"), "blue"),
    "closed": Badge(gettext_lazy("Closed"), "green"),
    "discarded": Badge(gettext_lazy("Discarded"), "grey"),
}


class BeginForm(forms.Form):
    """As of which day the agency assesses itself."""

    on = DateField(label=gettext_lazy("As of the day"))


class MarkForm(forms.Form):
    """The colour of an indicator with its reason."""

    colour = forms.ChoiceField(
        label=gettext_lazy("Mark"),
        required=False,
        widget=forms.RadioSelect,
        choices=[("", MARKS[""].label), *((each, MARKS[each].label) for each in reversed(COLOURS))],
    )
    reason = LongTextField(
        label=gettext_lazy("Reason and evidence"),
        rows=5,
        required=False,
        max_length=4000,
        help_text=gettext_lazy("What was seen, in which paper or register it can be looked at."),
    )


class CloseForm(forms.Form):
    """The conclusion of a self-assessment."""

    conclusion = LongTextField(
        label=gettext_lazy("What follows from it"), rows=5, required=False, max_length=4000
    )


class WordForm(forms.Form):
    """An indicator as the agency's copy of the standard words it."""

    name = forms.CharField(
        label=gettext_lazy("Name of the indicator"), max_length=500, widget=forms.Textarea({"rows": 2})
    )
    source = forms.CharField(
        label=gettext_lazy("Where it stands"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("For example: TCVN ISO 18091:2020, Annex A, page 24."),
    )


@staff_page("assessment.view")
def assessment_list(request: StaffRequest) -> HttpResponse:
    """List the self-assessments over the years."""
    rows = queries.assessments(request.actor)
    context = {
        "rows": [(each, STATES[each.state]) for each in rows],
        "is_open": any(each.state == "open" for each in rows),
        "edition": self_assessment_edition(),
    }
    return render(request, "staff/improvement/self_assessments.html", context)


@staff_page("assessment.keep", methods=("GET", "POST"))
def begin(request: StaffRequest) -> HttpResponse:
    """Begin a self-assessment as of a day."""
    form = BeginForm(request.POST if request.method == "POST" else None, initial={"on": request.today})
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.begin(
                actor=request.actor,
                edition=self_assessment_edition().key,
                on=form.cleaned_data["on"],
                now=moment(request),
            )
        except Refusal as refusal:
            form.add_error("on" if isinstance(refusal, DayNotPossible) else None, say(refusal.message))
        else:
            return redirect("web:self_assessments:assessment", made.pk)
    return _form(request, form, _("Begin a self-assessment"), None)


@staff_page("assessment.view")
def assessment(request: StaffRequest, assessment_id: int) -> HttpResponse:
    """Show a self-assessment: radar, table beside it, what can be done."""
    found = queries.assessment(request.actor, assessment_id)
    context = {
        "found": found,
        "row": found.row,
        "badge": STATES[found.row.state],
        "may_do": dict.fromkeys(found.acts, True),
        "radar": radar(found.quadrants, _("Radar of all indicators; the table says the same")),
        "quadrants": [
            (each, [(one, MARKS[one.colour], MARKS[one.before]) for one in each.indicators])
            for each in found.quadrants
        ],
        "meanings": [(MARKS[each], found.colours[each]) for each in reversed(COLOURS)],
        "next_open": next((each.number for each in found.indicators if not each.colour), ""),
    }
    return render(request, "staff/improvement/self_assessment.html", context)


@staff_page("assessment.keep", methods=("GET", "POST"))
def mark(request: StaffRequest, assessment_id: int, indicator: str) -> HttpResponse:
    """Give an indicator its colour and reason, then go on to the next."""
    found = queries.assessment(request.actor, assessment_id)
    each = found.indicator(indicator)
    if "mark" not in found.acts:
        messages.error(request, _("The self-assessment is closed and stays as it is."))
        return redirect("web:self_assessments:assessment", assessment_id)
    form = MarkForm(
        request.POST if request.method == "POST" else None,
        initial={"colour": each.colour, "reason": each.reason},
    )
    following = found.next_open(indicator)
    if request.method == "POST" and form.is_valid():
        try:
            operations.mark(
                actor=request.actor,
                assessment_id=assessment_id,
                indicator=indicator,
                colour=form.cleaned_data["colour"],
                reason=form.cleaned_data["reason"],
                now=moment(request),
            )
        except Refusal as refusal:
            form.add_error(refused_field(refusal, "reason"), say(refusal.message))
        else:
            messages.success(request, _("Saved."))
            if following and "next" in request.POST:
                return redirect("web:self_assessments:mark", assessment_id, following)
            return redirect("web:self_assessments:assessment", assessment_id)
    return _form(
        request, form, f"{each.number}. {each.name}", found, each=each, following=following,
        meanings=[(MARKS[one], found.colours[one]) for one in reversed(COLOURS)],
    )  # fmt: skip


@staff_page("assessment.keep", methods=("GET", "POST"))
def word(request: StaffRequest, assessment_id: int, indicator: str) -> HttpResponse:
    """Word an indicator as the agency's copy of the standard has it."""
    found = queries.assessment(request.actor, assessment_id)
    each = found.indicator(indicator)
    form = WordForm(
        request.POST if request.method == "POST" else None,
        initial={"name": each.name, "source": each.source},
    )
    if request.method == "POST" and form.is_valid():
        try:
            operations.word(
                actor=request.actor,
                edition=found.row.edition,
                indicator=indicator,
                name=form.cleaned_data["name"],
                source=form.cleaned_data["source"],
                now=moment(request),
            )
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(request, _("Saved."))
            return redirect("web:self_assessments:assessment", assessment_id)
    return _form(request, form, _("Word indicator %(number)s") % {"number": indicator}, found)


@staff_page("assessment.keep", methods=("GET", "POST"))
def close(request: StaffRequest, assessment_id: int) -> HttpResponse:
    """Close a self-assessment with what follows from it."""
    found = queries.assessment(request.actor, assessment_id)
    form = CloseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.close(
                actor=request.actor,
                assessment_id=assessment_id,
                conclusion=form.cleaned_data["conclusion"],
                now=moment(request),
            )
        except operations.AssessmentIncomplete as refusal:
            for lack in refusal.lacks:
                form.add_error(None, say(lack))
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(request, _("The self-assessment is closed and stays as it is."))
            return redirect("web:self_assessments:assessment", assessment_id)
    return _form(request, form, _("Close the self-assessment"), found)


@staff_page("assessment.keep", methods=("POST",))
def discard(request: StaffRequest, assessment_id: int) -> HttpResponse:
    """Discard a self-assessment that was begun in error."""
    did(
        request,
        lambda: operations.discard(actor=request.actor, assessment_id=assessment_id, now=moment(request)),
        _("The self-assessment is discarded."),
    )
    return redirect("web:self_assessments:list")


@staff_page("assessment.view")
def paper(request: StaffRequest, assessment_id: int, file_format: str) -> HttpResponse:
    """Hand out a self-assessment as DOCX or PDF."""
    found = queries.assessment(request.actor, assessment_id)
    signer = signer_choice(request.actor, request.today, "BC")
    document = assessment_document(
        found, authority=signer.authority, capacity=signer.capacity, signed_by=signer.name
    )
    return paper_file(request, document, f"tu-danh-gia-iso-18091-{found.row.on:%Y-%m-%d}", file_format)


def _form(
    request: StaffRequest, form: forms.Form, title: str, found: queries.AssessmentPage | None, **more: Any
) -> HttpResponse:
    context = {"form": form, "title": title, "row": found.row if found else None, **more}
    return render(request, "staff/improvement/self_assessment_form.html", context)
