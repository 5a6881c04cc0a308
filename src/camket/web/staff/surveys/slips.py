"""Paper slips keyed in by keyboard, and answers brought in from a spreadsheet."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from camket.core.messages import Refusal
from camket.core.questionnaire import VIETNAMESE, AnswerNotPossible, Content, Kind
from camket.core.slip_rows import DAY_HEADING, FIELD_HEADING
from camket.core.small_groups import SMALLEST, first_open
from camket.dossiers.queries.catalogue import field_choices
from camket.org.queries import unit_choices
from camket.voices.operations import slips as operations
from camket.voices.operations.answers import take_back_batch
from camket.voices.queries import slips as queries
from camket.web.handing_out import table_file
from camket.web.request import StaffRequest, moment, refused_field, say, staff_page
from camket.web.staff.surveys.slip_forms import (
    BeginForm,
    FinishForm,
    PlaceOfSlipForm,
    SheetForm,
    SlipForm,
    WithdrawForm,
    typed,
)
from camket.web.vietnamese import number as shown_number

_PREVIEWED = 200

_FIELD_OF: dict[type[Refusal], str] = {
    operations.SlipDayNotPossible: "on",
    operations.PlaceUnknown: "field",
    operations.SurveyNotKeyed: "survey",
    operations.SumDiffers: "counted",
}
"""At which field of a form a refusal is said."""


def _places(request: StaffRequest) -> dict[str, Any]:
    return {
        "fields": field_choices(request.actor),
        "units": unit_choices(request.actor),
        "latest": request.today,
    }


def _refuse(
    form: PlaceOfSlipForm | FinishForm | WithdrawForm, refusal: Refusal, default: str | None = None
) -> None:
    name = _FIELD_OF.get(type(refusal), default)
    if isinstance(refusal, AnswerNotPossible) and f"q_{refusal.question}" in form.fields:
        name = f"q_{refusal.question}"
    form.add_error(refused_field(refusal, name) if name in form.fields else None, say(refusal.message))


@staff_page("survey.enter")
def slip_batches(request: StaffRequest) -> HttpResponse:
    """Show the piles of slips that are being keyed and were, and the spreadsheets brought in."""
    rows = queries.batches(request.actor)
    return render(
        request,
        "staff/surveys/slip_batches.html",
        {
            "rows": rows,
            "open": [each for each in rows if each.is_open and each.is_own],
            "surveys": queries.surveys_to_key(request.actor),
        },
    )


@staff_page("survey.enter", methods=("GET", "POST"))
def slips_begin(request: StaffRequest) -> HttpResponse:
    """Begin a pile of slips."""
    surveys = [(each.id, each.title) for each in queries.surveys_to_key(request.actor)]
    form = BeginForm(
        request.POST or None,
        surveys=surveys,
        **_places(request),
        initial={"on": request.today, "survey": surveys[0][0] if len(surveys) == 1 else None},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            batch = operations.begin_batch(
                actor=request.actor,
                survey_id=data["survey"],
                name=data["name"],
                answered_on=data["on"],
                field_id=data["field"],
                unit_id=data["unit"],
                now=moment(request),
            )
        except Refusal as refusal:
            _refuse(form, refusal)
        else:
            return redirect("web:surveys:slips_key", batch.pk)
    return render(
        request,
        "staff/surveys/slips_begin.html",
        {"form": form, "has_any": bool(surveys), "open_since": first_open(request.today)},
        status=422 if form.errors else 200,
    )


@staff_page("survey.enter", methods=("GET", "POST"), is_long=True)
def slips_key(request: StaffRequest, pile_id: int) -> HttpResponse:
    """Key slips in, one after the other; each is stored when it is sent, and sent twice it is the same slip."""
    page = queries.batch_page(request.actor, pile_id)
    if not page.row.is_open or page.row.is_sheet:
        return redirect("web:surveys:slip_batches")
    is_sent = request.method == "POST"
    form = SlipForm(
        request.POST if is_sent else None,
        content=page.content,
        **_places(request),
        initial={"on": page.answered_on, "field": page.field_id, "unit": page.unit_id},
    )
    by_script = "application/json" in request.headers.get("Accept", "")
    if is_sent and form.is_valid():
        try:
            keyed = operations.key_slip(
                actor=request.actor,
                batch_id=pile_id,
                slip_id=form.cleaned_data["slip"],
                slip=form.keyed(),
                now=moment(request),
            )
        except Refusal as refusal:
            _refuse(form, refusal)
        else:
            if not by_script:
                return redirect("web:surveys:slips_key", pile_id)
            slips = queries.batch_row(request.actor, pile_id).slips
            return JsonResponse(
                {
                    "number": keyed,
                    "slips": slips,
                    "edit": reverse("web:surveys:slip_edit", args=(pile_id, keyed)),
                }
            )
    if is_sent and by_script:
        errors = [
            {"name": name, "label": str(form.fields[name].label) if name in form.fields else "", "text": text}
            for name, texts in form.errors.items()
            for text in texts
        ]
        return JsonResponse({"errors": errors}, status=422)
    return render(
        request,
        "staff/surveys/slips_key.html",
        {
            "page": page,
            "form": form,
            "lines": form.lines(),
            "scale": list(enumerate((each[VIETNAMESE] for each in page.content.scale), 1)),
            "last": _lines(page),
            "open_since": first_open(request.today),
        },
        status=422 if is_sent else 200,
    )


def _lines(page: queries.BatchPage) -> list[dict[str, Any]]:
    """Return the slips keyed last as rows of digits."""
    asked = [each for each in page.content.questions if each.kind is not Kind.TEXT]
    return [
        {
            "number": each.number,
            "on": each.on,
            "digits": [
                str(typed(page.content, each.ratings, each.choices).get(f"q_{question.key}", "–"))
                for question in asked
            ],
        }
        for each in page.last
    ]


@staff_page("survey.enter", methods=("GET", "POST"))
def slip_edit(request: StaffRequest, pile_id: int, number: int) -> HttpResponse:
    """Put a slip of an open pile right."""
    found, content = queries.slip(request.actor, pile_id, number)
    row = queries.batch_row(request.actor, pile_id)
    form = SlipForm(
        request.POST or None,
        content=content,
        with_words=False,
        **_places(request),
        initial={
            "on": found.on,
            "field": found.field_id,
            "unit": found.unit_id,
            **typed(content, found.ratings, found.choices),
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            operations.correct_slip(
                actor=request.actor, batch_id=pile_id, number=number, slip=form.keyed(), now=moment(request)
            )
        except Refusal as refusal:
            _refuse(form, refusal)
        else:
            messages.success(request, gettext("Slip %(number)s is put right.") % {"number": number})
            return redirect("web:surveys:slips_key", pile_id)
    return render(
        request,
        "staff/surveys/slip_edit.html",
        {
            "row": row,
            "number": number,
            "form": form,
            "lines": form.lines(),
            "scale": list(enumerate((each[VIETNAMESE] for each in content.scale), 1)),
        },
        status=422 if form.errors else 200,
    )


@staff_page("survey.enter", methods=("POST",))
def slip_drop(request: StaffRequest, pile_id: int, number: int) -> HttpResponse:
    """Drop a slip of an open pile."""
    try:
        operations.drop_slip(actor=request.actor, batch_id=pile_id, number=number, now=moment(request))
    except Refusal as refusal:
        messages.warning(request, say(refusal.message))
    else:
        messages.success(
            request, gettext("Slip %(number)s is dropped and counts no more.") % {"number": number}
        )
    return redirect("web:surveys:slips_key", pile_id)


@staff_page("survey.enter", methods=("GET", "POST"))
def slips_finish(request: StaffRequest, pile_id: int) -> HttpResponse:
    """End a pile: hold the slips keyed against those counted by hand."""
    row = queries.batch_row(request.actor, pile_id)
    if not row.is_open or row.is_sheet:
        return redirect("web:surveys:slip_batches")
    form = FinishForm(request.POST or None)
    asks = False
    if request.method == "POST" and form.is_valid():
        try:
            operations.finish_batch(
                actor=request.actor,
                batch_id=pile_id,
                counted=form.cleaned_data["counted"],
                is_sure=form.cleaned_data["is_sure"],
                now=moment(request),
            )
        except Refusal as refusal:
            asks = isinstance(refusal, operations.SumDiffers)
            _refuse(form, refusal)
        else:
            messages.success(
                request,
                ngettext(
                    "The pile is done: %(number)s slip is stored and counted.",
                    "The pile is done: %(number)s slips are stored and counted.",
                    row.slips,
                )
                % {"number": shown_number(row.slips)},
            )
            return redirect("web:surveys:slip_batches")
    return render(
        request,
        "staff/surveys/slips_finish.html",
        {"row": row, "form": form, "asks": asks},
        status=422 if form.errors else 200,
    )


@staff_page("survey.enter", methods=("GET", "POST"))
def slips_withdraw(request: StaffRequest, pile_id: int) -> HttpResponse:
    """Withdraw a whole pile or spreadsheet, with the reason."""
    row = queries.batch_row(request.actor, pile_id)
    if row.is_withdrawn:
        return redirect("web:surveys:slip_batches")
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            withdrawn = take_back_batch(
                actor=request.actor,
                batch_id=pile_id,
                reason=form.cleaned_data["reason"],
                now=moment(request),
            )
        except Refusal as refusal:
            _refuse(form, refusal, "reason")
        else:
            messages.success(
                request,
                ngettext(
                    "“%(name)s” is withdrawn; its %(number)s slip counts no more.",
                    "“%(name)s” is withdrawn; its %(number)s slips count no more.",
                    withdrawn.taken,
                )
                % {"name": row.name, "number": shown_number(withdrawn.taken)},
            )
            if withdrawn.kept:
                messages.warning(
                    request,
                    ngettext(
                        "%(number)s slip of a month whose figures are shown goes on being counted: taken out alone, it "
                        "would tell what it says.",
                        "%(number)s slips of months whose figures are shown go on being counted: fewer than %(smallest)s "
                        "of a group would tell what they say when they are taken out.",
                        withdrawn.kept,
                    )
                    % {"number": shown_number(withdrawn.kept), "smallest": SMALLEST},
                )
            return redirect("web:surveys:slip_batches")
    return render(
        request,
        "staff/surveys/slips_withdraw.html",
        {"row": row, "form": form, "open_since": first_open(request.today), "smallest": SMALLEST},
        status=422 if form.errors else 200,
    )


# Spreadsheets


@staff_page("survey.enter", methods=("GET", "POST"), is_long=True)
def sheet_upload(request: StaffRequest) -> HttpResponse:
    """Take a spreadsheet of answers in; its rows are shown before anything counts."""
    surveys = [(each.id, each.title) for each in queries.surveys_to_key(request.actor)]
    is_sent = request.method == "POST"
    form = SheetForm(
        request.POST if is_sent else None,
        request.FILES if is_sent else None,
        surveys=surveys,
        **_places(request),
        initial={"on": request.today, "survey": surveys[0][0] if len(surveys) == 1 else None},
    )
    if is_sent and form.is_valid():
        data = form.cleaned_data
        file = data["file"]
        try:
            batch = operations.receive_sheet(
                actor=request.actor,
                survey_id=data["survey"],
                data=file.read(),
                name=file.name or "",
                content_type=file.content_type or "",
                answered_on=data["on"],
                field_id=data["field"],
                unit_id=data["unit"],
                now=moment(request),
            )
        except Refusal as refusal:
            _refuse(form, refusal, "file")
        else:
            return redirect("web:surveys:sheet", batch.pk)
    return render(
        request,
        "staff/surveys/sheet_upload.html",
        {"form": form, "surveys": surveys},
        status=422 if form.errors else 200,
    )


@staff_page("survey.enter")
def sheet_form(request: StaffRequest, survey_id: int) -> HttpResponse:
    """Hand out the form of a spreadsheet: a column for the day, the field and each question."""
    survey = queries.survey_to_key(request.actor, survey_id)
    return table_file("phieu-khao-sat", "xlsx", title=survey.title, header=_header(survey.content), rows=[])


def _header(content: Content) -> list[str]:
    return [DAY_HEADING, FIELD_HEADING, *(each.text[VIETNAMESE] for each in content.questions)]


@staff_page("survey.enter")
def sheet(request: StaffRequest, pile_id: int) -> HttpResponse:
    """Show what a spreadsheet would bring, row by row, or what it brought."""
    row = queries.batch_row(request.actor, pile_id)
    if not row.is_sheet:
        return redirect("web:surveys:slip_batches")
    batch = queries.batch_of(request.actor, pile_id)
    context: dict[str, Any] = {"row": row}
    if row.is_open:
        try:
            found = operations.rows_of(batch=batch, today=request.today)
        except Refusal as refusal:
            context["refusal"] = say(refusal.message)
            return render(request, "staff/surveys/sheet.html", context)
        refused = [each for each in found.rows if each.problems]
        context |= {
            "open_since": first_open(request.today),
            "found": found,
            "good": len(found.rows) - len(refused),
            "refused": [
                {
                    "number": each.number,
                    "problems": [
                        {"cell": problem.cell, "text": say(problem.message)} for problem in each.problems
                    ],
                }
                for each in refused[:_PREVIEWED]
            ],
            "refused_count": len(refused),
            "answered_on": batch.answered_on,
        }
    return render(request, "staff/surveys/sheet.html", context)


@staff_page("survey.enter", methods=("POST",), is_long=True)
def sheet_take_in(request: StaffRequest, pile_id: int) -> HttpResponse:
    """Store and count the rows of a spreadsheet that can be."""
    try:
        stored, known = operations.take_in_sheet(actor=request.actor, batch_id=pile_id, now=moment(request))
    except Refusal as refusal:
        messages.warning(request, say(refusal.message))
    else:
        messages.success(
            request,
            ngettext(
                "%(number)s answer is stored and counted.",
                "%(number)s answers are stored and counted.",
                stored,
            )
            % {"number": shown_number(stored)},
        )
        if known:
            messages.info(
                request,
                ngettext(
                    "%(number)s row was there already from another file and is not counted twice.",
                    "%(number)s rows were there already from another file and are not counted twice.",
                    known,
                )
                % {"number": shown_number(known)},
            )
    return redirect("web:surveys:sheet", pile_id)


@staff_page("survey.enter", methods=("POST",))
def sheet_discard(request: StaffRequest, pile_id: int) -> HttpResponse:
    """Throw a spreadsheet away before it is taken in."""
    try:
        operations.discard_sheet(actor=request.actor, batch_id=pile_id, now=moment(request))
    except Refusal as refusal:
        messages.warning(request, say(refusal.message))
    else:
        messages.success(request, gettext("The file was thrown away; nothing of it was taken in or kept."))
    return redirect("web:surveys:slip_batches")


@staff_page("survey.enter")
def sheet_refused(request: StaffRequest, pile_id: int) -> HttpResponse:
    """Hand out the rows refused with their reasons, to be mended and brought in again."""
    if not queries.batch_row(request.actor, pile_id).is_sheet:
        return redirect("web:surveys:slip_batches")
    name, headings, rows = operations.refused_rows(actor=request.actor, batch_id=pile_id)
    return table_file(
        "phieu-can-sua",
        "xlsx",
        title=name,
        header=[*headings, gettext("To be mended")],
        rows=[
            [
                *cells,
                "; ".join(f"{cell}: {say(message)}" if cell else say(message) for cell, message in problems),
            ]
            for cells, problems in rows
        ],
    )
