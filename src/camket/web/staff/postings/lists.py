"""Lists of what was made public in a quarter, and posters for the notice board."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from camket.core.messages import Refusal
from camket.core.numbering import NumberNotPossible
from camket.paper.writing.board import PAPERS, write_board
from camket.publishing.operations import postings as operations
from camket.publishing.posters import NoPoster
from camket.publishing.posting_list import list_document
from camket.publishing.queries import postings as queries
from camket.publishing.queries import publications
from camket.web.address import public_address
from camket.web.handing_out import PDF, hand_out, paper_file, paper_on_screen
from camket.web.request import StaffRequest, moment, refused_field, say, staff_page
from camket.web.staff.postings.forms import IssueForm


@staff_page("posting.view")
def lists(request: StaffRequest) -> HttpResponse:
    """Show the quarters with their lists."""
    context = {
        "lists": queries.lists(request.actor, request.today),
        "missing": queries.missing_list(request.actor, request.today),
    }
    return render(request, "staff/postings/lists.html", context)


@staff_page("posting.view", methods=("GET", "POST"))
def quarter_list(request: StaffRequest, year: int, quarter: int) -> HttpResponse:
    """Show what the list of a quarter says, and issue it."""
    _require_quarter(request, year, quarter)
    content, issued, differs = queries.list_of(request.actor, year, quarter)
    form = IssueForm(
        request.POST if request.method == "POST" else None,
        is_correction=issued is not None,
        initial={"dated": request.today},
    )
    if request.method == "POST" and form.is_valid():
        try:
            operations.issue_list(
                actor=request.actor, year=year, quarter=quarter, now=moment(request), **form.cleaned_data
            )
        except Refusal as refusal:
            field = refused_field(refusal, getattr(refusal, "field", ""))
            if isinstance(refusal, NumberNotPossible):
                field = "number"
            form.add_error(field if field in form.fields else None, say(refusal.message))
        else:
            messages.success(
                request, _("The list is issued and kept. Print it, post it and note the posting.")
            )
            return redirect("web:postings:quarter_list", year, quarter)
    period = queries.quarter_period(year, quarter)
    context = {
        "year": year,
        "quarter": quarter,
        "content": content,
        "issued": issued,
        "differs": differs,
        "is_over": period.end <= request.today,
        "ends_on": period.end,
        "versions": queries.versions_of(request.actor, year, quarter)[1:],
        "form": form,
        "paper": paper_on_screen(request, list_document(content)),
    }
    return render(request, "staff/postings/quarter_list.html", context)


@staff_page("posting.view")
def draft_file(request: StaffRequest, year: int, quarter: int, file_format: str) -> HttpResponse:
    """Hand out what the list of a quarter would say now."""
    _require_quarter(request, year, quarter)
    return paper_file(request, *queries.draft_paper(request.actor, year, quarter), file_format)


@staff_page("posting.view")
def list_file(request: StaffRequest, list_id: int, file_format: str) -> HttpResponse:
    """Hand out a list as it was issued."""
    return paper_file(request, *queries.list_paper(request.actor, list_id), file_format)


@staff_page("posting.view")
def poster(request: StaffRequest, publication_id: int, paper: str) -> HttpResponse:
    """Hand out the poster of what is public, for the notice board."""
    if paper not in PAPERS:
        raise Http404(f"no paper {paper!r}")
    page = publications.page(request.actor)
    address = public_address(request).of(reverse("web:public:home", args=[page.slug])) if page.is_open else ""
    try:
        text = queries.poster_of(request.actor, publication_id, address)
    except NoPoster as refusal:
        messages.error(request, say(refusal.message))
        return redirect("web:publishing:publication", publication_id)
    return hand_out(write_board(text, paper), f"ap-phich-{publication_id}-{paper}.pdf", PDF)


def _require_quarter(request: StaffRequest, year: int, quarter: int) -> None:
    if not (1 <= quarter <= 4 and 2000 <= year <= request.today.year):
        raise Http404(f"no quarter {quarter}/{year}")
