"""Imports of dossiers: the list, a file taken in, what it would do, how far it is, what became of it, undoing it."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext

from camket.core.messages import Refusal
from camket.dossiers.importing import operations, queries
from camket.dossiers.importing.strange_codes import strange_codes
from camket.jobs.operations import JobUnknown, ask_as_operator
from camket.org.policy import can_in_agency
from camket.web.request import StaffRequest, moment, say, staff_page
from camket.web.staff.imports import display
from camket.web.staff.imports.forms import UploadForm

if TYPE_CHECKING:
    from camket.dossiers.models import Batch

JOB = "imports"
"""The job that takes up large imports."""

AT_ONCE = 25
"""Imports on a page of the list."""


@staff_page("dossier.view")
def batch_list(request: StaffRequest) -> HttpResponse:
    """List the imports, those that wait for somebody first."""
    found = queries.batches(request.actor)
    page = Paginator(found, AT_ONCE).get_page(request.GET.get("page"))
    lines = [display.line(batch, batch.to_mend, request.actor) for batch in page.object_list]  # type: ignore[attr-defined]
    may_import = can_in_agency(request.actor, "dossier.import")
    waiting = found.filter(state__in=display.UNFINISHED) if may_import else ()
    return render(
        request,
        "staff/imports/batch_list.html",
        {
            "batches": lines,
            "page": page,
            "may_import": may_import,
            "waiting": [display.line(batch, 0, request.actor) for batch in waiting],
            "latest": queries.latest(request.actor),
        },
    )


@staff_page("dossier.import", methods=("GET", "POST"), is_long=True)
def upload(request: StaffRequest) -> HttpResponse:
    """Take a file in; one whose headings are known goes on to its check, any other to its columns."""
    is_sent = request.method == "POST"
    form = UploadForm(
        request.POST if is_sent else None,
        request.FILES if is_sent else None,
        software=[(each.pk, each.name) for each in queries.software(request.actor)],
        today=request.today,
    )
    if is_sent and form.is_valid():
        file = form.cleaned_data["file"]
        if twin := queries.waiting(request.actor, _digest(file)):
            messages.info(request, gettext("This file is here already and waits to be imported."))
            return redirect("web:imports:batch", twin.pk)
        try:
            batch = operations.receive_file(
                actor=request.actor,
                name=file.name or "",
                software_id=form.cleaned_data.get("software"),
                as_of=form.cleaned_data["as_of"],
                now=moment(request),
                **_content(file),
            )
        except operations.DayNotPossible as refusal:
            form.add_error("as_of", say(refusal.message))
        except Refusal as refusal:
            form.add_error("file", say(refusal.message))
        else:
            return _received(request, batch)
    return render(request, "staff/imports/upload.html", {"form": form}, status=422 if is_sent else 200)


def _digest(file: UploadedFile[bytes]) -> str:
    found = hashlib.sha256()
    for piece in file.chunks():
        found.update(piece)
    file.seek(0)
    return found.hexdigest()


def _content(file: UploadedFile[bytes]) -> dict[str, Any]:
    if isinstance(file, TemporaryUploadedFile):
        return {"path": Path(file.temporary_file_path())}
    return {"data": file.read()}


def _received(request: StaffRequest, batch: Batch) -> HttpResponse:
    if batch.software is not None:
        try:
            checked = operations.set_mapping(
                actor=request.actor,
                batch_id=batch.pk,
                mapping=batch.reading["mapping"],
                words=batch.reading["words"],
                now=moment(request),
                clock=lambda: moment(request),
            )
        except Refusal as refusal:
            messages.warning(request, say(refusal.message))
        else:
            return hand_on(checked)
    return redirect("web:imports:columns", batch.pk)


def hand_on(batch: Batch) -> HttpResponse:
    """Go on to an import's page; one that is too large to be worked on at once is given to the job."""
    if batch.state in display.UNDER_WAY:
        with suppress(
            JobUnknown
        ):  # no worker has looked at the timetable yet: its first look comes to the import
            ask_as_operator(name=JOB, now=timezone.now())
    return redirect("web:imports:columns" if batch.state == "mapping" else "web:imports:batch", batch.pk)


@staff_page("dossier.view")
def batch(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Show an import where it stands: what it would do, how far it is, or what became of it."""
    found = queries.batch(request.actor, batch_id)
    may_import = can_in_agency(request.actor, "dossier.import")
    if found.state in display.UNDER_WAY:
        context = {"batch": found, "progress": display.progress(found, moment(request))}
        name = "staff/imports/_progress.html" if request.htmx else "staff/imports/progress.html"
        return render(request, name, context)
    if request.htmx:  # the progress was asked for, and there is something else to look at now
        return HttpResponse(headers={"HX-Refresh": "true"})
    if found.state == "mapping" and may_import:
        return redirect("web:imports:columns", batch_id)
    if found.state in ("mapping", "checked"):
        return _check(request, found, may_import=may_import)
    to_mend: int = found.to_mend  # type: ignore[attr-defined]
    return render(
        request,
        "staff/imports/result.html",
        {
            "batch": found,
            "result": display.outcome(found, to_mend=to_mend, may_import=may_import, actor=request.actor),
            "facts": display.facts(found, request.actor),
            "mapping": display.mapping_of(found),
        },
    )


def _check(request: StaffRequest, found: Batch, *, may_import: bool) -> HttpResponse:
    return render(
        request,
        "staff/imports/check.html",
        {
            "batch": found,
            "lead": display.lead_of_check(found),
            "start_label": display.start_label(found),
            "may_import": may_import,
            "can_start": may_import and bool(found.added or found.changed or found.refused),
            "checked": display.checked(found),
            "imported_before": before(request, found),
            "is_overtaken": found.state == "checked" and queries.is_overtaken(request.actor, found),
            "strange": display.strange(strange_codes(request.actor, found, request.today)),
        },
    )


def before(request: StaffRequest, found: Batch) -> dict[str, Any] | None:
    """Return the import that brought the very same file in, for the warning."""
    same = queries.imported_before(request.actor, found.sha256, but=found.pk)
    return {"id": same.pk, "at": same.created_at, "by": display.author(same, request.actor)} if same else None


@staff_page("dossier.import", methods=("POST",), is_long=True)
def start(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Import a file that was checked, or go on with one that an error stopped."""
    found = queries.batch(request.actor, batch_id)
    strange = strange_codes(request.actor, found, request.today) if found.state == "checked" else None
    if strange and strange.is_to_be_confirmed and not request.POST.get("dung-tep"):
        messages.warning(request, gettext("Tick first that this is the file of your agency."))
        return redirect("web:imports:batch", batch_id)
    try:
        found = operations.start_import(
            actor=request.actor, batch_id=batch_id, now=moment(request), clock=lambda: moment(request)
        )
    except Refusal as refusal:
        messages.warning(request, say(refusal.message))
        return redirect("web:imports:batch", batch_id)
    return hand_on(found)


@staff_page("dossier.import", methods=("POST",))
def discard(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Throw a file away before it is imported."""
    try:
        operations.discard_batch(actor=request.actor, batch_id=batch_id, now=moment(request))
    except Refusal as refusal:
        messages.warning(request, say(refusal.message))
        return redirect("web:imports:batch", batch_id)
    messages.success(request, gettext("The file was thrown away; nothing of it was imported or kept."))
    return redirect("web:imports:batch_list")


@staff_page("dossier.import", methods=("GET", "POST"))
def drop_file(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Say what goes and what stays with the file of an import that is over, and delete the file."""
    found = queries.batch(request.actor, batch_id)
    if request.method == "POST":
        try:
            operations.drop_batch_file(actor=request.actor, batch_id=batch_id, now=moment(request))
        except Refusal as refusal:
            messages.warning(request, say(refusal.message))
        else:
            messages.success(request, gettext("The original file is deleted; its dossiers stay."))
        return redirect("web:imports:batch", batch_id)
    if not display.has_file_to_drop(found):
        return redirect("web:imports:batch", batch_id)
    return render(request, "staff/imports/drop_file.html", {"batch": found})


@staff_page("dossier.import", methods=("GET", "POST"), is_long=True)
def undo(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Say what undoing an import does, and undo it."""
    found = queries.batch(request.actor, batch_id)
    refusal_said = ""
    if request.method == "POST":
        try:
            undone = operations.undo_batch(
                actor=request.actor, batch_id=batch_id, now=moment(request), clock=lambda: moment(request)
            )
        except operations.BatchNotReady as refusal:
            messages.warning(request, say(refusal.message))
            return redirect("web:imports:batch", batch_id)
        except Refusal as refusal:
            refusal_said = say(refusal.message)
        else:
            return hand_on(undone)
    elif found.state not in ("done", "failed"):
        return HttpResponseRedirect(display.line(found, 0, request.actor).url)
    added, changed = queries.touched(request.actor, batch_id)
    return render(
        request,
        "staff/imports/undo.html",
        {
            "batch": found,
            "refusal": refusal_said,
            "consequences": display.consequences(found, added, changed),
        },
        status=422 if refusal_said else 200,
    )
