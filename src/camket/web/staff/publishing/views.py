"""What the public sees: the page's own data, and publications from their preparation to their withdrawal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from camket.core.messages import Refusal
from camket.publishing.operations import page as page_operations
from camket.publishing.operations import publications as operations
from camket.publishing.queries import public
from camket.publishing.queries import publications as queries
from camket.web.acting import did
from camket.web.public.pages.views import show
from camket.web.request import StaffRequest, moment, refused_field, say, staff_page
from camket.web.staff.publishing.forms import PageForm, ReasonForm, SubmitForm, WordingForm

ACTS = ("prepare", "submit", "return", "publish", "withdraw", "discard")
NO_SUBJECT = 0
"""Of kinds that are of no report or survey."""


@staff_page("publication.view")
def overview(request: StaffRequest) -> HttpResponse:
    """Show how the public page stands: what is public, what is under way, what should be done."""
    found = queries.publications(request.actor)
    matters = queries.matters(request.actor, found, request.today)
    page = queries.page(request.actor)
    context = {
        "page": page,
        "address": request.build_absolute_uri(reverse("web:public:home", args=[page.slug])),
        "matters": matters,
        "needed": sum(bool(each.need) for each in matters),
        "waiting": [each for each in found if each.is_waiting],
        "past": [each for each in found if each.published_at and not each.is_public],
    }
    return render(request, "staff/publishing/overview.html", context)


@staff_page("publication.prepare", methods=("GET", "POST"))
def page_edit(request: StaffRequest) -> HttpResponse:
    """Set up the public page, or change its data."""
    page = queries.page(request.actor)
    shown = {name: value for name, value in asdict(page).items() if name in PageForm.base_fields}
    form = PageForm(request.POST if request.method == "POST" else None, initial=shown)
    if request.method == "POST" and form.is_valid():
        try:
            page_operations.save_page(actor=request.actor, data=form.data_of_page(), now=moment(request))
        except Refusal as refusal:
            form.add_error(refused_field(refusal, "slug"), say(refusal.message))
        else:
            messages.success(request, _("The data of the public page are saved."))
            return redirect("web:publishing:overview")
    return render(request, "staff/publishing/page_edit.html", {"form": form, "page": page})


@staff_page("publication.prepare", methods=("POST",))
def page_open(request: StaffRequest) -> HttpResponse:
    """Open the page to everybody."""
    did(
        request,
        lambda: page_operations.open_page(actor=request.actor, now=moment(request)),
        _("The public page is open to everybody."),
    )
    return redirect("web:publishing:overview")


@staff_page("publication.prepare", methods=("POST",))
def page_close(request: StaffRequest) -> HttpResponse:
    """Close the page."""
    did(
        request,
        lambda: page_operations.close_page(actor=request.actor, now=moment(request)),
        _("The public page is closed; its addresses show nothing any more."),
    )
    return redirect("web:publishing:overview")


@staff_page("publication.prepare", methods=("POST",))
def prepare(request: StaffRequest) -> HttpResponse:
    """Prepare a publication of a kind from today's records."""
    kind, subject = request.POST.get("kind", ""), request.POST.get("subject", "")
    if not queries.is_kind(kind):
        return redirect("web:publishing:overview")
    try:
        made = operations.prepare_publication(
            actor=request.actor,
            kind=kind,
            subject_id=int(subject) if subject.isdecimal() and len(subject) < 18 else NO_SUBJECT,
            now=moment(request),
        )
    except operations.AlreadyPrepared as refusal:
        messages.warning(request, say(refusal.message))
        return redirect("web:publishing:publication", refusal.publication_id)
    except Refusal as refusal:
        messages.error(request, say(refusal.message))
        return redirect("web:publishing:overview")
    messages.success(
        request, _("Prepared from today's records. Look at it as the public will see it, then submit it.")
    )
    return redirect("web:publishing:publication", made.pk)


@staff_page("publication.view")
def publication(request: StaffRequest, publication_id: int) -> HttpResponse:
    """Show a publication with what is to be done with it."""
    return _page(request, publication_id)


@staff_page("publication.view")
def preview(request: StaffRequest, publication_id: int) -> HttpResponse:
    """Show a publication exactly as the public will see it."""
    queries.publication(request.actor, publication_id)
    office = queries.office_of(request.actor)
    shown = public.shown_before(publication_id, request.actor.agency_id)
    with translation.override("vi"):
        return show(request, office, shown, is_preview=True)  # type: ignore[arg-type] # a page for citizens, shown to one of the staff


@staff_page("publication.prepare", methods=("POST",))
def prepare_again(request: StaffRequest, publication_id: int) -> HttpResponse:
    """Keep title and correction, and take the records as they stand today."""
    form = WordingForm(request.POST)
    if form.is_valid():
        try:
            operations.prepare_again(
                actor=request.actor, publication_id=publication_id, now=moment(request), **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(request, _("Saved, with the records as they stand today."))
            return redirect("web:publishing:publication", publication_id)
    return _page(request, publication_id, wording=form)


@staff_page("publication.prepare", methods=("POST",))
def submit(request: StaffRequest, publication_id: int) -> HttpResponse:
    """Send a publication to a leader."""
    form = SubmitForm(request.POST)
    form.is_valid()
    return _do(
        request,
        publication_id,
        lambda: operations.submit_publication(
            actor=request.actor,
            publication_id=publication_id,
            is_checked=bool(form.cleaned_data.get("is_checked")),
            today=request.today,
        ),
        _("Sent to the leader for review."),
    )


@staff_page("publication.publish", methods=("POST",))
def send_back(request: StaffRequest, publication_id: int) -> HttpResponse:
    """Return a publication with a reason."""
    form = ReasonForm(request.POST, prefix="tra-lai")
    if form.is_valid():
        try:
            operations.return_publication(
                actor=request.actor,
                publication_id=publication_id,
                reason=form.cleaned_data["reason"],
                today=request.today,
            )
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(request, _("Returned to who prepared it."))
            return redirect("web:publishing:publication", publication_id)
    return _page(request, publication_id, sending_back=form)


@staff_page("publication.publish", methods=("POST",))
def publish(request: StaffRequest, publication_id: int) -> HttpResponse:
    """Make a publication public."""
    return _do(
        request,
        publication_id,
        lambda: operations.publish(actor=request.actor, publication_id=publication_id, now=moment(request)),
        _("It is public now, and stays as it is."),
    )


@staff_page("publication.publish", methods=("POST",))
def withdraw(request: StaffRequest, publication_id: int) -> HttpResponse:
    """Take a publication off the public page."""
    form = ReasonForm(request.POST, prefix="thu-hoi")
    if form.is_valid():
        try:
            operations.withdraw_publication(
                actor=request.actor,
                publication_id=publication_id,
                reason=form.cleaned_data["reason"],
                now=moment(request),
            )
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(request, _("Withdrawn; its address says so with your reason."))
            return redirect("web:publishing:publication", publication_id)
    return _page(request, publication_id, withdrawing=form)


@staff_page("publication.prepare", methods=("POST",))
def discard(request: StaffRequest, publication_id: int) -> HttpResponse:
    """Discard what was never public."""
    is_gone = did(
        request,
        lambda: operations.discard_publication(
            actor=request.actor, publication_id=publication_id, today=request.today
        ),
        _("Discarded."),
    )
    if is_gone:
        return redirect("web:publishing:overview")
    return redirect("web:publishing:publication", publication_id)


def _do(
    request: StaffRequest,
    publication_id: int,
    act: Callable[[], object],
    done: str,
) -> HttpResponse:
    """Do what was asked and go back to the publication's page; a refusal is said there."""
    did(request, act, done)
    return redirect("web:publishing:publication", publication_id)


def _page(
    request: StaffRequest,
    publication_id: int,
    *,
    wording: WordingForm | None = None,
    sending_back: ReasonForm | None = None,
    withdrawing: ReasonForm | None = None,
) -> HttpResponse:
    detail = queries.publication(request.actor, publication_id)
    page = queries.page(request.actor)
    is_shown = detail.row.is_public
    context = {
        "detail": detail,
        "row": detail.row,
        "may_do": {each: each in detail.acts for each in ACTS},
        "page": page,
        "changes": queries.changed_since(request.actor, publication_id, request.today) if is_shown else (),
        "wording": wording
        or WordingForm(initial={"title": detail.row.title, "correction": detail.row.correction}),
        "checking": SubmitForm(),
        "sending_back": sending_back or ReasonForm(prefix="tra-lai"),
        "withdrawing": withdrawing or ReasonForm(prefix="thu-hoi"),
        "asks_withdrawal": withdrawing is not None,
    }
    return render(request, "staff/publishing/publication.html", context)
