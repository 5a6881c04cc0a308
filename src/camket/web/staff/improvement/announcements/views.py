"""Announcements of conformity: what is in force, what lacks, confirming, issuing, papers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from camket.core.announcement import TITLES, Check
from camket.core.messages import Refusal
from camket.documents.queries.signing import signer_choice
from camket.improvement.announcement_paper import (
    PAPERS,
    confirmation_document,
    decision_document,
    letter_document,
)
from camket.improvement.operations import announcements as operations
from camket.improvement.queries import announcements as queries
from camket.improvement.queries.announcements import AnnouncementPage
from camket.improvement.review_paper import Signer
from camket.journal.queries import returned
from camket.web.acting import did
from camket.web.handing_out import paper_file
from camket.web.request import StaffRequest, moment, refused_field, say, staff_page
from camket.web.staff.badge import Badge
from camket.web.staff.improvement.announcements.forms import AnnouncementForm, ReasonForm, SignedForm
from camket.web.staff.postings import press

STATES = {
    "draft": (gettext_lazy("Draft"), "grey"),
    "confirmed": (gettext_lazy("Effectiveness confirmed"), "blue"),
    "announced": (gettext_lazy("In force"), "green"),
    "replaced": (gettext_lazy("Replaced"), "grey"),
    "withdrawn": (gettext_lazy("Withdrawn"), "red"),
    "discarded": (gettext_lazy("Discarded"), "grey"),
}
KINDS = {"first": gettext_lazy("Announcement"), "again": gettext_lazy("Announced again")}


@staff_page("announcement.view")
def overview(request: StaffRequest) -> HttpResponse:
    """Show the announcement in force, what changed since, and how far the next one is."""
    found = queries.overview(request.actor, request.today)
    context = {
        "found": found,
        "checks": _shown(found.checks),
        "changes": [say(each) for each in found.changes.sentences] if found.changes else [],
        "at_work_badge": _badge(found.at_work.state) if found.at_work else None,
        "older": [(each, _badge(each.state), KINDS[each.kind]) for each in found.older],
    }
    return render(request, "staff/improvement/announcements/overview.html", context)


@staff_page("announcement.prepare", methods=("GET", "POST"))
def prepare(request: StaffRequest) -> HttpResponse:
    """Begin an announcement; where one is in force, what changed since stands in the form."""
    choices, words, scope, changed = queries.proposed(request.actor, request.today)
    is_again = bool(queries.in_year(request.actor, request.today, request.today))
    initial = {
        **words,
        "edition": queries.edition_on(request.today),
        "scope": scope,
        "reason": "\n".join(say(each) for each in changed),
    }
    form = _form(request, choices, initial, is_again=is_again)
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.prepare(
                actor=request.actor, announcement=form.announcement(), now=moment(request)
            )
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(request, _("The draft is saved; below stands what it still lacks."))
            return redirect("web:announcements:announcement", made.pk)
    return _editor(request, form, None)


@staff_page("announcement.prepare", methods=("GET", "POST"))
def edit(request: StaffRequest, announcement_id: int) -> HttpResponse:
    """Change a draft."""
    found = queries.announcement(request.actor, announcement_id, request.today, with_checks=False)
    if "edit" not in found.acts:
        return _too_late(request, announcement_id)
    edition = {name: key for key, name in queries.editions()}.get(found.row.edition, "")
    initial = {**found.wording, "edition": edition, "scope": found.scope, "reason": found.reason}
    form = _form(request, dict(found.choices), initial, is_again=found.row.kind == "again")
    if request.method == "POST" and form.is_valid():
        try:
            operations.change(
                actor=request.actor,
                announcement_id=announcement_id,
                announcement=form.announcement(),
                now=moment(request),
            )
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(request, _("Saved."))
            return redirect("web:announcements:announcement", announcement_id)
    return _editor(request, form, found)


@staff_page("announcement.view")
def announcement(request: StaffRequest, announcement_id: int) -> HttpResponse:
    """Show an announcement: its preconditions with their proofs, its procedures, its papers."""
    return _page(request, announcement_id)


@staff_page("announcement.prepare", methods=("POST",))
def discard(request: StaffRequest, announcement_id: int) -> HttpResponse:
    """Set a draft aside."""
    did(
        request,
        lambda: operations.discard(actor=request.actor, announcement_id=announcement_id, now=moment(request)),
        _("The draft is discarded."),
    )
    return redirect("web:announcements:list")


@staff_page("announcement.prepare", methods=("POST",))
def ask(request: StaffRequest, announcement_id: int) -> HttpResponse:
    """Tell the head that the draft waits for the confirmation."""
    return _acted(
        request,
        announcement_id,
        lambda: operations.ask_to_confirm(
            actor=request.actor, announcement_id=announcement_id, now=moment(request)
        ),
        _("The head of the agency is told that the confirmation waits."),
    )


@staff_page("announcement.confirm", methods=("POST",))
def confirm(request: StaffRequest, announcement_id: int) -> HttpResponse:
    """Confirm as the head that the system is effective."""
    return _acted(
        request,
        announcement_id,
        lambda: operations.confirm(actor=request.actor, announcement_id=announcement_id, now=moment(request)),
        _("Effectiveness is confirmed, with each proof as it stands. The decision can be signed now."),
    )


@staff_page("announcement.confirm", methods=("POST",))
def send_back(request: StaffRequest, announcement_id: int) -> HttpResponse:
    """Take the confirmation back."""
    return _with_reason(
        request,
        announcement_id,
        operations.send_back,
        _("The announcement is a draft again."),
        "returning",
    )


@staff_page("announcement.confirm", methods=("POST",))
def withdraw(request: StaffRequest, announcement_id: int) -> HttpResponse:
    """Withdraw the announcement in force."""
    return _with_reason(
        request, announcement_id, operations.withdraw, _("The announcement is withdrawn."), "withdrawing"
    )


@staff_page("announcement.prepare", methods=("POST",))
def announce(request: StaffRequest, announcement_id: int) -> HttpResponse:
    """Issue what was confirmed, with number and day of the signed decision."""
    return _signed(
        request,
        announcement_id,
        operations.announce,
        _("The announcement is in force: posting it and telling the leading body are tasks now."),
    )


@staff_page("announcement.prepare", methods=("POST",))
def record_signed(request: StaffRequest, announcement_id: int) -> HttpResponse:
    """Take in an announcement signed on paper before."""
    return _signed(
        request,
        announcement_id,
        operations.record_signed,
        _("The announcement signed on paper is taken in."),
    )


@staff_page("announcement.view")
def paper(
    request: StaffRequest, announcement_id: int, announcement_paper: str, file_format: str
) -> HttpResponse:
    """Hand out the decision, the letter to the leading body or the record of the confirmation."""
    if announcement_paper not in PAPERS:
        raise Http404(f"no paper {announcement_paper!r}")
    content = queries.content_of(request.actor, announcement_id, _signer(request), request.today)
    if announcement_paper == "xac-nhan" and not content.confirmed:
        raise Http404("effectiveness is not confirmed")
    document = {
        "quyet-dinh": decision_document,
        "thong-bao": letter_document,
        "xac-nhan": confirmation_document,
    }[announcement_paper](content)
    return paper_file(request, document, f"{announcement_paper}-cong-bo-{content.year}", file_format)


def _page(request: StaffRequest, announcement_id: int, **forms: Any) -> HttpResponse:
    found = queries.announcement(request.actor, announcement_id, request.today)
    context = {
        "found": found,
        "row": found.row,
        "kind": KINDS[found.row.kind],
        "badge": _badge(found.row.state),
        "may_do": {each.replace("return", "send_back"): True for each in found.acts},
        "checks": _shown(found.checks),
        "lacks": len(found.lacks),
        "changes": [say(each) for each in found.changes.sentences] if found.changes else [],
        "signing": SignedForm(prefix="ky", initial={"signed_on": request.today}),
        "returning": ReasonForm(prefix="tra"),
        "returned": returned(
            request.actor, subject_type="improvement.announcement", subject_id=announcement_id
        )
        if found.row.state == "draft"
        else None,
        "withdrawing": ReasonForm(prefix="rut"),
        "has_papers": not found.row.is_from_paper,
        "posted": press.shown(
            request,
            press.of_announcement(found.row),
            reverse("web:postings:press_announcement", args=[announcement_id]),
        ),
        **forms,
    }
    return render(request, "staff/improvement/announcements/announcement.html", context)


def _shown(found: tuple[Check, ...]) -> list[dict[str, Any]]:
    return [
        {
            "title": _(TITLES[each.key]),
            "is_met": each.is_met,
            "proofs": [(say(one.message), one.link) for one in each.proofs],
            "lacks": [(say(one.message), one.link) for one in each.lacks],
        }
        for each in found
    ]


def _form(
    request: StaffRequest, choices: dict[str, str], initial: dict[str, Any], *, is_again: bool
) -> AnnouncementForm:
    fields, shared = queries.field_choices(request.actor, choices, request.today)
    return AnnouncementForm(
        request.POST if request.method == "POST" else None,
        editions=queries.editions(),
        fields=fields,
        shared=shared,
        is_again=is_again,
        initial=initial,
    )


def _editor(request: StaffRequest, form: AnnouncementForm, found: AnnouncementPage | None) -> HttpResponse:
    _words, source, is_certain = queries.form_on(request.today)
    context = {"form": form, "row": found.row if found else None, "source": source, "is_certain": is_certain}
    return render(request, "staff/improvement/announcements/edit.html", context)


def _acted(request: StaffRequest, announcement_id: int, act: Callable[[], object], done: str) -> HttpResponse:
    try:
        act()
    except operations.AnnouncementIncomplete as refusal:
        for lack in refusal.lacks[:5]:
            messages.error(request, say(lack))
    except Refusal as refusal:
        messages.error(request, say(refusal.message))
    else:
        messages.success(request, done)
    return redirect("web:announcements:announcement", announcement_id)


def _with_reason(
    request: StaffRequest, announcement_id: int, act: Callable[..., object], done: str, name: str
) -> HttpResponse:
    form = ReasonForm(request.POST, prefix="tra" if name == "returning" else "rut")
    if form.is_valid():
        try:
            act(
                actor=request.actor,
                announcement_id=announcement_id,
                reason=form.cleaned_data["reason"],
                now=moment(request),
            )
        except Refusal as refusal:
            form.add_error(refused_field(refusal, "reason"), say(refusal.message))
        else:
            messages.success(request, done)
            return redirect("web:announcements:announcement", announcement_id)
    return _page(request, announcement_id, **{name: form})


def _signed(
    request: StaffRequest, announcement_id: int, act: Callable[..., object], done: str
) -> HttpResponse:
    form = SignedForm(request.POST, prefix="ky")
    signer = _signer(request)
    if form.is_valid():
        try:
            act(
                actor=request.actor,
                announcement_id=announcement_id,
                number=form.cleaned_data["number"],
                signed_on=form.cleaned_data["signed_on"],
                content=lambda row: queries.written(row, signer, request.today),
                now=moment(request),
            )
        except operations.AnnouncementIncomplete as refusal:
            for lack in refusal.lacks[:5]:
                form.add_error(None, say(lack))
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(request, done)
            return redirect("web:announcements:announcement", announcement_id)
    return _page(request, announcement_id, signing=form)


def _signer(request: StaffRequest) -> Signer:
    proposed = signer_choice(request.actor, request.today, "QĐ")
    return Signer(proposed.authority, proposed.capacity, proposed.name)


def _too_late(request: StaffRequest, announcement_id: int) -> HttpResponse:
    messages.error(request, _("This is not possible in the state of the announcement, or not yours to do."))
    return redirect("web:announcements:announcement", announcement_id)


def _badge(state: str) -> Badge:
    label, tone = STATES[state]
    return Badge(label, tone)
