"""Agencies of the installation, for whoever administers them: the tree, one agency, successions."""

from __future__ import annotations

import hashlib
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from camket.core.agency_list import read_agency_list
from camket.core.messages import Refusal
from camket.journal import queries as journal
from camket.org import operations, queries
from camket.org.policy import Actor
from camket.paper.sheets import read_sheet
from camket.web import shown_once
from camket.web.request import StaffRequest, say, staff_page
from camket.web.staff.system.forms import (
    CodeEndForm,
    CodeForm,
    EndAgencyForm,
    FindForm,
    ListForm,
    NewAgencyForm,
    PlaceForm,
    ReasonForm,
    RenameForm,
    SuccessionForm,
    WayBackForm,
)

ONCE = "camket_one_time_passwords"
"""Session key of one-time passwords that the next page shows, once."""
A_PAGE = 50


@staff_page("system.view")
def agencies(request: StaffRequest) -> HttpResponse:
    form = FindForm(request.GET)
    words = form.cleaned_data["q"].strip() if form.is_valid() else ""
    rows = queries.administered_agencies(request.actor, request.today, words=words)
    return render(
        request,
        "staff/system/agencies.html",
        {
            "form": form,
            "words": words,
            "own": queries.administered_agency(request.actor, request.actor.agency_id, request.today),
            "page": Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
            "opened": shown_once.take(request, ONCE),
        },
    )


@staff_page("system.view")
def agency(request: StaffRequest, agency_id: int) -> HttpResponse:
    return _agency_page(request, agency_id)


def _agency_page(request: StaffRequest, agency_id: int, **refused: django_forms.Form) -> HttpResponse:
    """Show one agency; ``refused`` are forms of the page that were sent and cannot be taken."""
    found = queries.administered_agency(request.actor, agency_id, request.today)
    chain = journal.verify(agency_id) if "kiem-tra" in request.GET else None
    rows = queries.administered_agencies(request.actor, request.today, under=agency_id) if found.below else []
    context: dict[str, Any] = {
        "found": found,
        "chain": chain,
        "rows": rows[:A_PAGE],
        "more": max(0, len(rows) - A_PAGE),
        "opened": shown_once.take(request, ONCE),
        "code_form": CodeForm(prefix="code"),
        "end_form": EndAgencyForm(prefix="end", initial={"last_day": request.today}),
        "reopen_form": ReasonForm(prefix="reopen"),
        "way_back_form": WayBackForm(prefix="way"),
        "withdraw_form": ReasonForm(auto_id=False),
        "code_end_form": CodeEndForm(auto_id=False, initial={"last_day": request.today}),
        "refused": next(iter(refused), ""),
        **refused,
    }
    response = render(request, "staff/system/agency.html", context)
    if context["opened"]:
        response["Cache-Control"] = "no-store"
    return response


@staff_page("system.manage", methods=("GET", "POST"))
def agency_add(request: StaffRequest) -> HttpResponse:
    choices = queries.administered_choices(request.actor, request.today)
    form = NewAgencyForm(
        request.POST or None,
        # most agencies that are opened are communes; the name of a level is one choice away
        initial={"parent": _named(choices, request.GET.get("duoi", "")), "level": "commune"},
        agencies=choices,
        levels=queries.level_choices(request.today),
    )
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        try:
            opened = operations.open_agency(
                actor=request.actor, parent_id=data.pop("parent"), today=request.today, **data
            )
        except Refusal as refusal:
            _refuse(form, refusal)
        else:
            if opened.password:
                shown_once.keep(request, ONCE, [[data["secretary"], opened.login, opened.password]])
            messages.success(request, gettext("%(agency)s has been opened.") % {"agency": data["name"]})
            return redirect("web:system:agency", opened.agency_id)
    return render(request, "staff/system/agency_add.html", {"form": form})


@staff_page("system.manage", methods=("GET", "POST"))
def agency_edit(request: StaffRequest, agency_id: int) -> HttpResponse:
    found = queries.administered_agency(request.actor, agency_id, request.today)
    row = found.row
    choices = queries.administered_choices(request.actor, request.today)
    form = PlaceForm(
        request.POST or None,
        initial={
            "name": row.name,
            "full_name": row.full_name,
            "place": row.place,
            "level": row.level,
            "parent": _named(choices, str(row.parent_id or "")),
            "valid_from": row.valid_from,
            "seen": queries.state_mark(row),
        },
        agencies=choices,
        levels=queries.level_choices(request.today, besides=row.level),
    )
    if found.is_own:
        del form.fields["parent"]  # where the own agency stands is not for its own administrator to say
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        try:
            operations.place_agency(
                actor=request.actor,
                agency_id=agency_id,
                parent_id=data.pop("parent", row.parent_id),
                today=request.today,
                **data,
            )
        except operations.AgencyChanged as refusal:
            form.add_error(None, say(refusal.message))
            form.data = {**form.data.dict(), "seen": queries.state_mark(row)}  # type: ignore[attr-defined]
        except Refusal as refusal:
            _refuse(form, refusal)
        else:
            messages.success(request, gettext("The agency's data have been saved."))
            return redirect("web:system:agency", agency_id)
    return render(request, "staff/system/agency_edit.html", {"form": form, "found": found})


@staff_page("system.manage", methods=("GET", "POST"))
def agency_rename(request: StaffRequest, agency_id: int) -> HttpResponse:
    found = queries.administered_agency(request.actor, agency_id, request.today)
    form = RenameForm(request.POST or None, initial={"on": request.today})
    if request.method == "POST" and form.is_valid():
        try:
            operations.rename_agency(
                actor=request.actor, agency_id=agency_id, today=request.today, **form.cleaned_data
            )
        except Refusal as refusal:
            _refuse(form, refusal)
        else:
            messages.success(
                request,
                gettext("%(old)s is now called %(new)s.")
                % {"old": found.row.name, "new": form.cleaned_data["name"]},
            )
            return redirect("web:system:agency", agency_id)
    return render(request, "staff/system/agency_rename.html", {"form": form, "found": found})


@staff_page("system.manage", methods=("POST",))
def agency_end(request: StaffRequest, agency_id: int) -> HttpResponse:
    form = EndAgencyForm(request.POST, prefix="end")
    if form.is_valid():
        try:
            ended = operations.end_agency(
                actor=request.actor, agency_id=agency_id, today=request.today, **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(request, gettext("The end of %(agency)s is recorded.") % {"agency": ended.name})
            return redirect("web:system:agency", agency_id)
    return _agency_page(request, agency_id, end_form=form)


@staff_page("system.manage", methods=("POST",))
def agency_reopen(request: StaffRequest, agency_id: int) -> HttpResponse:
    form = ReasonForm(request.POST, prefix="reopen")
    if form.is_valid():
        try:
            agency = operations.reopen_agency(
                actor=request.actor, agency_id=agency_id, today=request.today, **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(request, gettext("%(agency)s exists on.") % {"agency": agency.name})
            return redirect("web:system:agency", agency_id)
    return _agency_page(request, agency_id, reopen_form=form)


@staff_page("system.manage", methods=("POST",))
def code_add(request: StaffRequest, agency_id: int) -> HttpResponse:
    form = CodeForm(request.POST, prefix="code")
    if form.is_valid():
        try:
            operations.add_code(
                actor=request.actor, agency_id=agency_id, today=request.today, **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error("code", say(refusal.message))
        else:
            messages.success(
                request, gettext("The code %(code)s has been added.") % {"code": form.cleaned_data["code"]}
            )
            return redirect("web:system:agency", agency_id)
    return _agency_page(request, agency_id, code_form=form)


@staff_page("system.manage", methods=("POST",))
def code_end(request: StaffRequest, code_id: int) -> HttpResponse:
    back = queries.agency_of_code(request.actor, code_id)
    form = CodeEndForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect("web:system:agency", back)
    try:
        ended = operations.end_code(
            actor=request.actor, code_id=code_id, today=request.today, **form.cleaned_data
        )
    except Refusal as refusal:
        messages.error(request, say(refusal.message))
    else:
        messages.success(request, gettext("The end of the code %(code)s is recorded.") % {"code": ended.code})
    return redirect("web:system:agency", back)


@staff_page("system.manage", methods=("POST",))
def way_back(request: StaffRequest, agency_id: int) -> HttpResponse:
    """Give a person of the agency a one-time password; who it is tells the sign-in name, nobody is listed."""
    form = WayBackForm(request.POST, prefix="way")
    queries.administered_agency(request.actor, agency_id, request.today)
    if form.is_valid():
        try:
            actor = _there(request, agency_id)
            person_id = queries.person_to_restore(actor, form.cleaned_data["login"])
            given = operations.reset_password(actor=actor, person_id=person_id, today=request.today)
        except ObjectDoesNotExist:
            form.add_error(
                "login", gettext("Nobody of this agency signs in by this name. Ask the person again.")
            )
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            shown_once.keep(request, ONCE, [["", given.login, given.password]])
            return redirect("web:system:agency", agency_id)
    return _agency_page(request, agency_id, way_back_form=form)


def _there(request: StaffRequest, agency_id: int) -> Actor:
    """Return the administrator as actor on an agency: the own one, or one below."""
    if agency_id == request.actor.agency_id:
        return request.actor
    found = queries.actor_as(person_id=request.actor.person_id, key=f"below:{agency_id}", on=request.today)
    if found is None:
        raise ObjectDoesNotExist(f"agency {agency_id} is not below today")
    return found


@staff_page("system.manage", methods=("GET", "POST"))
def agency_import(request: StaffRequest) -> HttpResponse:
    choices = queries.administered_choices(request.actor, request.today)
    form = ListForm(request.POST or None, request.FILES or None, agencies=choices)
    problems: list[tuple[int, str]] = []
    if request.method == "POST" and form.is_valid():
        file: UploadedFile[bytes] = form.cleaned_data["file"]
        try:
            sheet = read_sheet(file.read(), file.name or "")
            listed = read_agency_list(((row.number, row.cells) for row in sheet.rows), queries.level_names())
            imported = operations.import_agencies(
                actor=request.actor,
                agencies=listed,
                under_id=form.cleaned_data["under"],
                today=request.today,
            )
        except operations.AgenciesNotImported as refusal:
            form.add_error("file", say(refusal.message))
            problems = [(number, say(problem)) for number, problem in refusal.problems]
        except Refusal as refusal:
            form.add_error("file", say(refusal.message))
        else:
            given = [[name, each.login, each.password] for name, each in imported.opened if each.password]
            if given:
                shown_once.keep(request, ONCE, given)
            messages.success(
                request,
                gettext("%(opened)s agencies opened, %(unchanged)s were there already.")
                % {"opened": str(len(imported.opened)), "unchanged": str(imported.unchanged)},
            )
            return redirect("web:system:agencies")
    return render(request, "staff/system/agency_import.html", {"form": form, "problems": problems})


@staff_page("system.manage", methods=("GET", "POST"))
def succession(request: StaffRequest) -> HttpResponse:
    """Record a merger, split or handing over: choose, look at what will happen, confirm."""
    choices = queries.administered_choices(request.actor, request.today)
    form = SuccessionForm(
        request.POST or None,
        initial={"before_1": _named(choices, request.GET.get("tu", ""))},
        agencies=choices,
    )
    preview = None
    before: list[int] = []
    after: list[int] = []
    data: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        before, after = form.chosen("before_"), form.chosen("after_")
        data = {name: form.cleaned_data[name] for name in ("kind", "on", "decision")}
        try:
            if request.POST.get("confirmed") == _shown(before, after, data):
                operations.record_succession(
                    actor=request.actor,
                    predecessor_ids=before,
                    successor_ids=after,
                    today=request.today,
                    **data,
                )
                messages.success(
                    request, gettext("It is recorded, in the journals of all agencies that it touches.")
                )
                return redirect("web:system:agency", after[0])
            preview = operations.foresee_succession(
                actor=request.actor,
                predecessor_ids=before,
                successor_ids=after,
                today=request.today,
                **data,
            )
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
    return render(
        request,
        "staff/system/succession.html",
        {"form": form, "preview": preview, "shown": _shown(before, after, data) if preview else ""},
    )


def _shown(before: list[int], after: list[int], data: dict[str, Any]) -> str:
    """Return a mark of what was shown for confirmation: what is changed after that is shown anew."""
    return hashlib.sha256(repr((before, after, sorted(data.items()))).encode()).hexdigest()[:16]


@staff_page("system.manage", methods=("POST",))
def succession_withdraw(request: StaffRequest, succession_id: int) -> HttpResponse:
    back = queries.predecessor_of(request.actor, succession_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, gettext("Say why the succession is taken back."))
        return redirect("web:system:agency", back)
    operations.withdraw_succession(
        actor=request.actor, succession_id=succession_id, today=request.today, **form.cleaned_data
    )
    messages.success(request, gettext("The succession has been taken back."))
    return redirect("web:system:agency", back)


def _refuse(form: django_forms.Form, refusal: Refusal) -> None:
    """Say a refusal at the field that it is about, if the form has it."""
    field = _FIELDS.get(type(refusal), "")
    form.add_error(field if field in form.fields else None, say(refusal.message))


_FIELDS: dict[type[Refusal], str] = {
    operations.CodeTaken: "code",
    operations.CodeMalformed: "code",
    operations.DaysOutOfOrder: "on",
    operations.LoginMalformed: "login",
    operations.LoginElsewhere: "login",
    operations.OwnAccount: "login",
    operations.Misplaced: "parent",
    operations.LevelUnknown: "level",
    operations.NameMissing: "name",
}
"""The field that a refusal is about."""


def _named(choices: list[tuple[int, str]], agency_id: str) -> str:
    """Return what the field of an agency shows for an id."""
    return next((shown for pk, shown in choices if str(pk) == agency_id), "")
