"""Interviews by telephone: the questions read out one by one, answered by keys."""

from __future__ import annotations

import uuid

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from camket.core.messages import Refusal
from camket.core.questionnaire import AnswerNotPossible, Content, Kind
from camket.dossiers.queries.catalogue import field_choices
from camket.org.queries import unit_choices
from camket.voices.operations import interviews as operations
from camket.voices.operations.interviews import Call
from camket.voices.queries import answering as queries
from camket.web.forms.fields import RowChoiceField, UnitChoiceField
from camket.web.public.answering.display import name_of, sheet
from camket.web.request import StaffRequest, moment, refused_field, say, staff_page


class PlaceForm(forms.Form):
    """Which field and unit the call is about; kept from call to call."""

    field = RowChoiceField(label=_("Field"), required=False, empty_label=_("not said"))
    unit = UnitChoiceField(label=_("Unit"), required=False, empty_label=_("not said"))


@staff_page("survey.enter", methods=("GET", "POST"))
def interview(request: StaffRequest, survey_id: int) -> HttpResponse:
    """Read a survey's questions out on the telephone and note the answers."""
    found = queries.interview(request.actor, survey_id, request.today)
    form = PlaceForm(
        request.POST or None, initial={"field": request.GET.get("field"), "unit": request.GET.get("unit")}
    )
    form.fields["field"].rows = field_choices(request.actor)  # type: ignore[attr-defined]
    form.fields["unit"].rows = unit_choices(request.actor)  # type: ignore[attr-defined]
    wrong: dict[str, str] = {}
    if request.method == "POST" and form.is_valid():
        call = _call(request, found.content, form)
        act = operations.note_declined if "declined" in request.POST else operations.note_interview
        try:
            act(actor=request.actor, survey_id=survey_id, call=call, now=moment(request))
        except Refusal as refusal:
            question = refusal.question if isinstance(refusal, AnswerNotPossible) else ""
            wrong = {question: say(refusal.message)} if question else {}
            form.add_error(refused_field(refusal, "") or None, say(refusal.message))
        else:
            messages.success(request, _said(request))
            kept = f"?field={call.field_id or ''}&unit={call.unit_id or ''}"
            return redirect(request.path_info + kept)
    given = {question.key: request.POST.get(name_of(question), "") for question in found.content.questions}
    context = {
        "found": found,
        "form": form,
        "sheet": sheet(found.content, "vi", given, wrong),
        "call_id": str(_uuid(request.POST.get("call", ""))),
    }
    return render(request, "staff/surveys/interview.html", context, status=422 if form.errors else 200)


def _said(request: StaffRequest) -> str:
    if "declined" in request.POST:
        return gettext("Noted that the person did not want to answer. Go on with the next call.")
    return gettext("The answers are stored. Go on with the next call.")


def _call(request: StaffRequest, content: Content, form: PlaceForm) -> Call:
    parts: dict[Kind, dict[str, object]] = {kind: {} for kind in Kind}
    for question in content.questions:
        text = request.POST.get(name_of(question), "")
        if text:
            is_step = question.kind is Kind.SCALE and text in {"1", "2", "3", "4", "5"}
            parts[question.kind][question.key] = int(text) if is_step else text
    return Call(
        id=_uuid(request.POST.get("call", "")),
        field_id=form.cleaned_data["field"],
        unit_id=form.cleaned_data["unit"],
        ratings=parts[Kind.SCALE],
        choices=parts[Kind.CHOICE],
        comments=parts[Kind.TEXT],
    )


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.uuid4()
