"""Spreadsheets of a register: the template, what a file would do, bringing it in, its refused rows, taking it back, out."""

from __future__ import annotations

import base64
import binascii
import zlib
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from camket.core.cells import SheetUnreadable
from camket.core.messages import Refusal
from camket.core.registers import Register
from camket.core.wording.text import one_line
from camket.documents.operations import FileRefused
from camket.paper.sheets import UnreadableSheet
from camket.registers import operations, queries, sheets
from camket.web import vietnamese
from camket.web.acting import did
from camket.web.handing_out import CSV, XLSX, hand_out
from camket.web.request import StaffRequest, moment, say, staff_page
from camket.web.staff.organisation.seen import saw
from camket.web.staff.registers import display
from camket.web.staff.registers.filters import FilterForm
from camket.web.staff.registers.forms import EntryForm, ReasonForm, SheetForm, choices_of, fields_of, say_at
from camket.web.staff.registers.views import register_of

MOST_HELD = 8 * 1024 * 1024
"""Bytes of a file that its preview holds until it is brought in."""
SHOWN = 200
"""So many rows of each kind a preview shows."""


@dataclass(frozen=True, slots=True)
class SheetFile:
    """A spreadsheet as it was sent: its bytes, its name and what the browser calls it."""

    data: bytes
    name: str
    content_type: str = ""

    @property
    def held(self) -> str:
        """The bytes as the preview's form holds them: nothing is stored before it is brought in."""
        return base64.b64encode(zlib.compress(self.data, 6)).decode("ascii")


@staff_page("register.view")
def template(request: StaffRequest, register_slug: str) -> HttpResponse:
    """Hand out the empty spreadsheet of a register."""
    register = register_of(register_slug)
    data = sheets.template(request.actor, register, request.today)
    return hand_out(data, f"mau-so-{register.slug}.xlsx", XLSX)


@staff_page("register.view")
def taken_out(request: StaffRequest, register_slug: str, ending: str) -> HttpResponse:
    """Hand out what the list is narrowed to, as a spreadsheet that can be brought in again."""
    register = register_of(register_slug)
    if ending not in ("xlsx", "csv"):
        raise Http404(f"no format {ending!r}")
    names = queries.shown_names(request.actor, register)
    wanted = FilterForm(request.GET, register=register, names=names, today=request.today).wanted()
    data = sheets.taken_out(request.actor, register, wanted, request.today, ending=ending)
    if register.is_personal:
        saw(request, "staff_records", people=max(2, len(names.people)))
    return hand_out(data, f"so-{register.slug}.{ending}", XLSX if ending == "xlsx" else CSV)


@staff_page("register.bring_in", methods=("GET", "POST"), is_long=True)
def bring_in(request: StaffRequest, register_slug: str) -> HttpResponse:
    """Take a spreadsheet, show what it would do, and bring it in once that was looked at."""
    register = register_of(register_slug)
    queries.require_enter(request.actor, register)
    form = SheetForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
    )
    file = _sent(request, form)
    if file is not None:
        try:
            if "sure" in request.POST or len(file.data) > MOST_HELD:
                return _taken(request, register, file)
            planned = operations.preview(
                actor=request.actor,
                register=register.key,
                data=file.data,
                name=file.name,
                now=moment(request),
            )
        except (UnreadableSheet, SheetUnreadable, FileRefused) as refusal:
            say_at(form, Refusal(refusal.message), "file")
        except Refusal as refusal:
            say_at(form, refusal, "file")
        else:
            return render(
                request, "staff/registers/sheet_preview.html", _preview(request, register, file, planned)
            )
    context = {
        "register": register,
        "form": form,
        "batches": queries.batches(request.actor, register),
        "fields": register.fields,
    }
    return render(request, "staff/registers/sheet.html", context, status=422 if form.errors else 200)


def _sent(request: StaffRequest, form: forms.Form) -> SheetFile | None:
    """Return the file that came: with the form, or held by its preview."""
    if request.method != "POST":
        return None
    if "held" in request.POST:
        try:
            data = _unpacked(base64.b64decode(request.POST["held"], validate=True))
        except (binascii.Error, ValueError, zlib.error):
            form.add_error("file", _("The file did not come through whole; choose it again."))
            return None
        name = one_line(request.POST.get("name", "").replace("\0", ""))[:255]
        return SheetFile(data, name or "so.xlsx", request.POST.get("type", ""))
    if not form.is_valid():
        return None
    file = form.cleaned_data["file"]
    return SheetFile(file.read(), file.name or "so.xlsx", file.content_type or "")


def _unpacked(packed: bytes) -> bytes:
    """Return what a preview held; zlib.error where it is cut off or more than any preview holds."""
    reader = zlib.decompressobj()
    data = reader.decompress(packed, MOST_HELD + 1)
    if not reader.eof:
        raise zlib.error("cut off or too large")
    return data


def _taken(request: StaffRequest, register: Register, file: SheetFile) -> HttpResponse:
    batch = operations.bring_in(
        actor=request.actor,
        register=register.key,
        data=file.data,
        name=file.name,
        content_type=file.content_type,
        now=moment(request),
    )
    messages.success(
        request,
        _("Brought in: %(added)s added, %(changed)s changed, %(unchanged)s as they were.")
        % {
            "added": vietnamese.number(batch.added),
            "changed": vietnamese.number(batch.changed),
            "unchanged": vietnamese.number(batch.unchanged),
        },
    )
    return redirect("web:registers:batch", register.slug, batch.pk)


def _preview(
    request: StaffRequest, register: Register, file: SheetFile, planned: operations.Planned
) -> dict[str, Any]:
    names = queries.form_names(request.actor, register, request.today)
    kinds = []
    for status in ("refused", "changed", "new"):
        rows = [each for each in planned.rows if each.status == status]
        shown = [
            {
                "number": each.row.number,
                "says": [
                    (_(field.label), display.said(field, each.row.values.get(field.key), names))
                    for field in planned.sheet.found
                    if each.row.values.get(field.key) is not None
                ],
                "cells": each.row.cells,
                "problems": each.problems,
            }
            for each in rows[:SHOWN]
        ]
        kinds.append((status, len(rows), shown))
    return {
        "register": register,
        "file": file,
        "kinds": kinds,
        "counts": {status: planned.count(status) for status in ("new", "changed", "same", "refused")},
        "found": planned.sheet.found,
        "missing": planned.sheet.missing,
        "ignored": planned.sheet.ignored,
        "doubled": planned.sheet.doubled,
        "headings": planned.sheet.headings,
        "has_any": any(planned.count(status) for status in ("new", "changed")),
    }


@staff_page("register.bring_in")
def batch(request: StaffRequest, register_slug: str, sheet_id: int) -> HttpResponse:
    """Show a spreadsheet that was brought in: what it did, its refused rows, how to take it back."""
    return _batch_page(request, register_of(register_slug), sheet_id, ReasonForm(prefix="rut"))


def _batch_page(request: StaffRequest, register: Register, sheet_id: int, form: forms.Form) -> HttpResponse:
    found = queries.batch(request.actor, sheet_id)
    if found.register != register.key:
        raise Http404("a spreadsheet of another register")
    context = {"register": register, "batch": found, "form": form, "refused": found.refused[:SHOWN]}
    return render(request, "staff/registers/batch.html", context, status=422 if form.errors else 200)


@staff_page("register.bring_in")
def batch_refused(request: StaffRequest, register_slug: str, sheet_id: int) -> HttpResponse:
    """Hand out the refused rows as a spreadsheet, each with what is to be mended."""
    register = register_of(register_slug)
    found = queries.batch(request.actor, sheet_id)
    if found.register != register.key or not found.refused:
        raise Http404("no refused rows")
    return hand_out(sheets.refused_sheet(found), f"so-{register.slug}-chua-nhan.xlsx", XLSX)


@staff_page("register.bring_in", methods=("POST",))
def batch_retry(request: StaffRequest, register_slug: str, sheet_id: int) -> HttpResponse:
    """Try the refused rows again: what they lacked (a person, a unit, a line of the list) may be there by now."""
    register = register_of(register_slug)
    try:
        made = operations.retry_refused(actor=request.actor, batch_id=sheet_id, now=moment(request))
    except Refusal as refusal:
        messages.warning(request, say(refusal.message))
        return redirect("web:registers:batch", register.slug, sheet_id)
    messages.success(
        request,
        ngettext(
            "%(count)s row was taken in now.", "%(count)s rows were taken in now.", made.added + made.changed
        )
        % {"count": vietnamese.number(made.added + made.changed)},
    )
    return redirect("web:registers:batch", register.slug, made.pk)


@staff_page("register.bring_in", methods=("GET", "POST"))
def row_mend(request: StaffRequest, register_slug: str, sheet_id: int, row_number: int) -> HttpResponse:
    """Mend one refused row in the register's own form, begun with what was understood of it."""
    register = register_of(register_slug)
    found = queries.batch(request.actor, sheet_id)
    row = next((each for each in found.refused if each.row == row_number), None)
    if found.register != register.key:
        raise Http404("a spreadsheet of another register")
    if row is None:
        messages.info(request, _("This row is not among the refused ones any more."))
        return redirect("web:registers:batch", register.slug, sheet_id)
    names = queries.form_names(request.actor, register, request.today)
    form = EntryForm(
        request.POST if request.method == "POST" else None,
        fields=fields_of(register),
        choices=choices_of(names),
        values=queries.understood(register, found, row, names),
        slug=register.slug,
    )
    if request.method == "POST" and form.is_valid():
        mended = form.taken(
            lambda: operations.mend_refused(
                actor=request.actor,
                batch_id=sheet_id,
                row=row_number,
                values=form.texts(),
                now=moment(request),
            )
        )
        if mended is not None:
            messages.success(request, _("Entered."))
            rest = [each.row for each in found.refused if each.row > row_number]
            if rest and "more" in request.POST:
                return redirect("web:registers:row_mend", register.slug, sheet_id, rest[0])
            return redirect("web:registers:batch", register.slug, sheet_id)
    context = {
        "register": register,
        "batch": found,
        "row": row,
        "form": form,
        "cells": [(heading, cell) for heading, cell in zip(found.headings, row.cells, strict=False) if cell],
        "has_next": any(each.row > row_number for each in found.refused),
    }
    return render(request, "staff/registers/row_mend.html", context, status=422 if form.errors else 200)


@staff_page("register.bring_in", methods=("POST",))
def row_set_aside(request: StaffRequest, register_slug: str, sheet_id: int, row_number: int) -> HttpResponse:
    """Leave a refused row out for good."""
    register = register_of(register_slug)
    did(
        request,
        lambda: operations.set_aside_refused(
            actor=request.actor, batch_id=sheet_id, row=row_number, now=moment(request)
        ),
        _("The row is set aside."),
    )
    return redirect("web:registers:batch", register.slug, sheet_id)


@staff_page("register.bring_in", methods=("POST",))
def batch_take_back(request: StaffRequest, register_slug: str, sheet_id: int) -> HttpResponse:
    """Take a spreadsheet back."""
    register = register_of(register_slug)
    form = ReasonForm(request.POST, prefix="rut")
    if form.is_valid():
        try:
            done = operations.take_back(
                actor=request.actor,
                batch_id=sheet_id,
                reason=form.cleaned_data["reason"],
                now=moment(request),
            )
        except Refusal as refusal:
            say_at(form, refusal)
        else:
            messages.success(
                request,
                _("Taken back: %(withdrawn)s withdrawn, %(restored)s say again what they said before.")
                % {
                    "withdrawn": vietnamese.number(done.withdrawn),
                    "restored": vietnamese.number(done.restored),
                },
            )
            if done.staying:
                messages.warning(
                    request,
                    _(
                        "These stay, because somebody changed them since or something hangs on them: %(titles)s"
                    )
                    % {"titles": "; ".join(title[:80] for title in done.staying[:20])},
                )
            return redirect("web:registers:batch", register.slug, sheet_id)
    return _batch_page(request, register, sheet_id, form)
