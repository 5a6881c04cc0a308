"""Surveys, the points where they are answered, and what is printed for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import segno
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext

from camket.core.messages import Refusal
from camket.core.wording.text import bare_words
from camket.dossiers.queries.catalogue import field_choices
from camket.org.queries import unit_choices
from camket.paper.writing.survey import (
    PAPERS,
    PER_PAGE,
    Office,
    PosterText,
    SlipText,
    write_form,
    write_poster,
    write_slips,
)
from camket.voices.operations import surveys as operations
from camket.voices.operations.questionnaires import TitleMissing
from camket.voices.queries import surveys as queries
from camket.voices.queries.answering import turned_away
from camket.web.acting import did
from camket.web.address import public_address
from camket.web.handing_out import PDF, hand_out
from camket.web.request import StaffRequest, moment, refused_field, say, staff_page
from camket.web.staff.surveys import display
from camket.web.staff.surveys.forms import (
    DossiersForm,
    HandoutForm,
    PointForm,
    SlipsForm,
    SurveyForm,
    per_page_choices,
)
from camket.web.staff.surveys.words import KIOSK, PAPER, QR
from camket.web.vietnamese import number

_FIELD_OF: dict[type[Refusal], str] = {
    TitleMissing: "title",
    operations.DaysNotPossible: "ends_on",
    operations.QuestionnaireFixed: "questionnaire",
    operations.NameMissing: "name",
    operations.PointExists: "name",
    operations.ChannelNotPossible: "channel",
    operations.UnitUnknown: "unit",
    operations.NumberNotPossible: "number",
    operations.DayNotPossible: "on",
}
"""At which field of a form a refusal is said."""


@staff_page("survey.view")
def survey_list(request: StaffRequest) -> HttpResponse:
    """Show the agency's surveys and what wants doing."""
    found = queries.overview(request.actor, request.today)
    context = {
        "found": found,
        "rows": [display.survey_row(each) for each in found.surveys],
        "open": sum(each.is_open for each in found.surveys),
        "few_answers": queries.FEW_ANSWERS,
    }
    return render(request, "staff/surveys/list.html", context)


@staff_page("survey.manage", methods=("GET", "POST"))
def survey_add(request: StaffRequest) -> HttpResponse:
    """Prepare a survey."""
    choices = queries.questionnaire_choices(request.actor)
    form = SurveyForm(
        request.POST or None,
        questionnaires=choices,
        initial={
            "starts_on": request.today,
            "asks_field": True,
            "questionnaire": choices[0][0] if len(choices) == 1 else None,
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.create_survey(
                actor=request.actor, data=form.survey(), today=request.today, now=moment(request)
            )
        except Refusal as refusal:
            form.add_error(_field(refusal), say(refusal.message))
        else:
            messages.success(request, gettext("The survey is prepared. Add points, then open it."))
            return redirect("web:surveys:survey", made)
    return render(request, "staff/surveys/survey_form.html", {"form": form, "has_any": bool(choices)})


@staff_page("survey.manage", methods=("GET", "POST"))
def survey_edit(request: StaffRequest, survey_id: int) -> HttpResponse:
    """Change a survey's data."""
    page = queries.survey(request.actor, survey_id)
    form = SurveyForm(
        request.POST or None,
        questionnaires=queries.questionnaire_choices(request.actor),
        initial={
            "title": page.row.title,
            "questionnaire": page.row.questionnaire_id,
            "starts_on": page.row.starts_on,
            "ends_on": page.row.ends_on,
            "asks_field": page.asks_field,
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_survey(
                actor=request.actor, survey_id=survey_id, data=form.survey(), today=request.today
            )
        except Refusal as refusal:
            form.add_error(_field(refusal), say(refusal.message))
        else:
            messages.success(request, gettext("The change has been saved."))
            return redirect("web:surveys:survey", survey_id)
    return render(request, "staff/surveys/survey_form.html", {"form": form, "page": page, "has_any": True})


@staff_page("survey.view")
def survey(request: StaffRequest, survey_id: int) -> HttpResponse:
    """Show a survey: how it stands, where it is answered, what was given out."""
    return _survey(request, survey_id)


@staff_page("survey.manage", methods=("POST",))
def survey_open(request: StaffRequest, survey_id: int) -> HttpResponse:
    """Open a survey, or open it again."""
    return _act(
        request,
        lambda: operations.open_survey(
            actor=request.actor, survey_id=survey_id, today=request.today, now=moment(request)
        ),
        gettext("The survey is open: its points and slips take answers."),
        "web:surveys:survey",
        survey_id,
    )


@staff_page("survey.manage", methods=("POST",))
def survey_close(request: StaffRequest, survey_id: int) -> HttpResponse:
    """Close a survey."""
    return _act(
        request,
        lambda: operations.close_survey(
            actor=request.actor, survey_id=survey_id, today=request.today, now=moment(request)
        ),
        gettext("The survey is closed. Whoever opens its address reads that it has ended."),
        "web:surveys:survey",
        survey_id,
    )


@staff_page("survey.manage", methods=("GET", "POST"))
def links_renew(request: StaffRequest, survey_id: int) -> HttpResponse:
    """Make every address given out worthless."""
    page = queries.survey(request.actor, survey_id)
    if request.method == "POST":
        return _act(
            request,
            lambda: operations.renew_links(actor=request.actor, survey_id=survey_id, today=request.today),
            gettext("All addresses are new. Print posters and slips anew."),
            "web:surveys:survey",
            survey_id,
        )
    return render(request, "staff/surveys/links_renew.html", {"page": page})


@staff_page("survey.manage", methods=("GET", "POST"))
def point_add(request: StaffRequest, survey_id: int) -> HttpResponse:
    """Add a point."""
    page = queries.survey(request.actor, survey_id)
    form = PointForm(request.POST or None, **_places(request), initial={"channel": QR})
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.add_point(
                actor=request.actor,
                survey_id=survey_id,
                data=form.point(),
                today=request.today,
                now=moment(request),
            )
        except Refusal as refusal:
            form.add_error(_field(refusal), say(refusal.message))
        else:
            messages.success(request, gettext("The point has been added."))
            return redirect("web:surveys:point", made)
    return render(request, "staff/surveys/point_form.html", {"form": form, "survey": page.row})


@staff_page("survey.enter")
def point(request: StaffRequest, point_id: int) -> HttpResponse:
    """Show a point: its address, its code, its poster."""
    row = queries.point(request.actor, point_id)
    address = public_address(request)
    link = address.of(_path(row.token))
    context = {
        "point": display.point_row(row),
        "link": link,
        "address": address,
        "code": segno.make(link, error="q", micro=False).svg_data_uri(border=2, scale=4),
        "is_qr": row.channel == QR,
        "is_kiosk": row.channel == KIOSK,
        "is_paper": row.channel == PAPER,
    }
    return render(request, "staff/surveys/point.html", context)


@staff_page("survey.manage", methods=("GET", "POST"))
def point_edit(request: StaffRequest, point_id: int) -> HttpResponse:
    """Change a point."""
    row = queries.point(request.actor, point_id)
    form = PointForm(
        request.POST or None,
        **_places(request),
        initial={"channel": row.channel, "name": row.name, "unit": row.unit_id, "field": row.field_id},
    )
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_point(
                actor=request.actor, point_id=point_id, data=form.point(), today=request.today
            )
        except Refusal as refusal:
            form.add_error(_field(refusal), say(refusal.message))
        else:
            messages.success(request, gettext("The change has been saved."))
            return redirect("web:surveys:point", point_id)
    return render(request, "staff/surveys/point_form.html", {"form": form, "point": row})


@staff_page("survey.manage", methods=("POST",))
def point_renew(request: StaffRequest, point_id: int) -> HttpResponse:
    """Begin a new round of a point."""
    return _act(
        request,
        lambda: operations.renew_point(actor=request.actor, point_id=point_id, today=request.today),
        gettext("The point has a new address. Take the old poster down and print a new one."),
        "web:surveys:point",
        point_id,
    )


@staff_page("survey.manage", methods=("POST",))
def point_switch(request: StaffRequest, point_id: int) -> HttpResponse:
    """Take a point out of use or back into it."""
    is_active = request.POST.get("to") == "on"
    return _act(
        request,
        lambda: operations.switch_point(
            actor=request.actor, point_id=point_id, is_active=is_active, today=request.today
        ),
        gettext("The point takes answers again.")
        if is_active
        else gettext("The point takes no more answers; those it brought are kept."),
        "web:surveys:point",
        point_id,
    )


@staff_page("survey.enter")
def poster(request: StaffRequest, point_id: int, paper: str) -> HttpResponse:
    """Hand out a point's poster as PDF."""
    if paper not in PAPERS:
        raise Http404(f"no paper {paper!r}")
    row = queries.point(request.actor, point_id)
    content = queries.content_to_print(request.actor, row.survey_id).content
    data = write_poster(
        PosterText(
            office=_office(request),
            content=content,
            address=public_address(request).of(_path(row.token)),
            point=row.name,
            about=", ".join(part for part in (row.unit, row.field) if part),
            mark=f"{row.id}.{row.round}",
        ),
        paper,
    )
    return hand_out(data, f"ap-phich-{_slug(row.name)}-{paper}.pdf", PDF)


@staff_page("survey.manage", methods=("GET", "POST"))
def slips(request: StaffRequest, survey_id: int) -> HttpResponse:
    """Number slips and print them."""
    page = queries.survey(request.actor, survey_id)
    form = SlipsForm(request.POST or None, **_places(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = operations.print_slips(
                actor=request.actor,
                survey_id=survey_id,
                number=int(data["number"]),
                unit_id=data["unit"],
                field_id=data["field"],
                today=request.today,
                now=moment(request),
            )
        except Refusal as refusal:
            form.add_error(_field(refusal), say(refusal.message))
        else:
            return redirect("web:surveys:slips_printed", made.pk, int(data["per_page"]))
    context = {"form": form, "page": page, "address": public_address(request)}
    return render(request, "staff/surveys/slips.html", context)


@staff_page("survey.manage")
def slips_printed(request: StaffRequest, handout_id: int, per_page: int) -> HttpResponse:
    """Hand the slips out as a file, again where need be: they keep their serials."""
    _known_size(per_page)
    survey_id, tokens = queries.slip_tokens(request.actor, handout_id)
    address = public_address(request)
    made = [SlipText(address.of(_path(token)), f"Số {serial:05d}") for serial, token in tokens]
    return _slips_file(request, survey_id, made, per_page, f"phieu-{tokens[0][0]}-{tokens[-1][0]}.pdf")


@staff_page("survey.manage", methods=("GET", "POST"))
def dossier_slips(request: StaffRequest, survey_id: int) -> HttpResponse:
    """Choose dossiers for whose appointment slips links are printed."""
    page = queries.survey(request.actor, survey_id)
    if request.method == "POST":
        size = request.POST.get("per_page", "")
        per_page = int(size) if size in {str(each) for each in PER_PAGE} else PER_PAGE[0]
        try:
            made = operations.print_dossier_slips(
                actor=request.actor,
                survey_id=survey_id,
                dossier_ids=_ids(request),
                today=request.today,
                now=moment(request),
            )
        except Refusal as refusal:
            messages.error(request, say(refusal.message))
        else:
            chosen = [("hs", each.dossier_id) for each in made]
            address = reverse("web:surveys:dossier_slips_printed", args=[survey_id, per_page])
            return HttpResponseRedirect(f"{address}?{urlencode(chosen)}")
    form = DossiersForm(request.GET or None, initial={"day": request.today})
    day, codes = request.today, []
    if form.is_bound and form.is_valid():
        day, codes = form.cleaned_data["day"] or request.today, form.wanted_codes()
    rows = queries.dossiers_to_ask(request.actor, day, codes, most=operations.MOST_DOSSIERS + 1)
    context = {
        "page": page,
        "form": form,
        "rows": rows[: operations.MOST_DOSSIERS],
        "has_more": len(rows) > operations.MOST_DOSSIERS,
        "most": operations.MOST_DOSSIERS,
        "day": day,
        "missing": sorted(set(codes) - {each.code for each in rows})[:20],
        "sizes": per_page_choices(),
        "address": public_address(request),
    }
    return render(request, "staff/surveys/dossier_slips.html", context)


@staff_page("survey.manage")
def dossier_slips_printed(request: StaffRequest, survey_id: int, per_page: int) -> HttpResponse:
    """Hand out the slips of dossiers as a file."""
    _known_size(per_page)
    address = public_address(request)
    made = [
        SlipText(address.of(_path(token)), f"Kẹp vào phiếu hẹn {code}")
        for code, token in queries.dossier_tokens(request.actor, survey_id, _ids(request))
    ]
    if not made:
        messages.warning(request, gettext("Choose at least one dossier."))
        return redirect("web:surveys:dossier_slips", survey_id)
    return _slips_file(request, survey_id, made, per_page, f"phieu-hen-{request.today.isoformat()}.pdf")


@staff_page("survey.view")
def paper_form(request: StaffRequest, survey_id: int) -> HttpResponse:
    """Hand out the questionnaire to be filled in by hand."""
    printed = queries.content_to_print(request.actor, survey_id)
    foot = f"{printed.survey} · bộ câu hỏi số {printed.questionnaire_id}, bản {printed.number}"
    data = write_form(_office(request), printed.content, foot)
    return hand_out(data, f"phieu-giay-ban-{printed.number}.pdf", PDF)


@staff_page("survey.enter", methods=("POST",))
def handout_note(request: StaffRequest, survey_id: int) -> HttpResponse:
    """Note how many people were asked."""
    form = HandoutForm(request.POST, **_places(request))
    if form.is_valid():
        data = form.cleaned_data
        try:
            operations.note_handout(
                actor=request.actor,
                survey_id=survey_id,
                channel=data["channel"],
                on=data["on"],
                number=int(data["number"]),
                unit_id=data["unit"],
                field_id=data["field"],
                today=request.today,
                now=moment(request),
            )
        except Refusal as refusal:
            form.add_error(_field(refusal), say(refusal.message))
        else:
            said = ngettext(
                "Noted: %(count)s person was asked.", "Noted: %(count)s people were asked.", data["number"]
            )
            messages.success(request, said % {"count": number(data["number"])})
            return redirect("web:surveys:survey", survey_id)
    return _survey(request, survey_id, handout=form)


def _survey(request: StaffRequest, survey_id: int, handout: HandoutForm | None = None) -> HttpResponse:
    page = queries.survey(request.actor, survey_id, with_all_handouts="tat_ca" in request.GET)
    row = page.row
    is_over = row.ends_on is not None and row.ends_on < request.today
    context = {
        "page": page,
        "state": display.state_badge(row.state),
        "is_draft": row.state == "draft",
        "is_over": is_over,
        "is_early": row.is_open and row.starts_on > request.today,
        "points": [display.point_row(each) for each in page.points],
        "handouts": [display.handout_row(each) for each in page.handouts],
        "channels": display.channel_rows(page),
        "handout": handout
        or HandoutForm(initial={"on": request.today, "channel": PAPER}, **_places(request)),
        "is_refused": handout is not None,
        "per_page": PER_PAGE[0],
        "turned_away": turned_away(request.actor, survey_id, request.today),
    }
    return render(request, "staff/surveys/survey.html", context, status=422 if handout else 200)


def _slips_file(
    request: StaffRequest, survey_id: int, made: list[SlipText], per_page: int, name: str
) -> HttpResponse:
    content = queries.content_to_print(request.actor, survey_id).content
    return hand_out(write_slips(_office(request), content, made, per_page), name, PDF)


def _places(request: StaffRequest) -> dict[str, Any]:
    return {"units": unit_choices(request.actor), "fields": field_choices(request.actor)}


def _office(request: StaffRequest) -> Office:
    return Office(request.agency.full_name or request.agency.name, request.agency.superior_name)


def _path(token: str) -> str:
    return reverse("web:answering:answer", args=[token])


def _ids(request: StaffRequest) -> list[int]:
    given = request.POST.getlist("hs") if request.method == "POST" else request.GET.getlist("hs")
    return [
        int(each)
        for each in given[: operations.MOST_DOSSIERS + 1]
        if each.isascii() and each.isdecimal() and len(each) < 19
    ]


def _known_size(per_page: int) -> None:
    if per_page not in PER_PAGE:
        raise Http404(f"no slips of {per_page} to a page")


def _slug(name: str) -> str:
    return "-".join(bare_words(name))[:60] or "diem"


def _act(
    request: StaffRequest, act: Callable[[], object], done: str, view: str, number_: int
) -> HttpResponse:
    """Do one thing and go to a page, with what became of it."""
    did(request, act, done)
    return redirect(view, number_)


def _field(refusal: Refusal) -> str | None:
    field = _FIELD_OF.get(type(refusal))
    return refused_field(refusal, field) if field else None
