"""The pages of an agency's public side. Each is a guard, one call, one template; the answer is kept for the next."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header, http_date
from django.utils.translation import gettext

from camket.documents.queries import FileDamaged
from camket.publishing.content import (
    CHANGES,
    OBJECTIVES,
    POLICY,
    POSTINGS,
    PROCEDURES,
    REPORT,
    RESULTS,
    SATISFACTION,
)
from camket.publishing.queries import public as queries
from camket.publishing.queries.public import Office, Shown
from camket.web.handing_out import XLSX, hand_out
from camket.web.public.request import PublicRequest, public_page

TEMPLATES = {
    POLICY: "public/pages/policy.html",
    OBJECTIVES: "public/pages/objectives.html",
    RESULTS: "public/pages/results.html",
    SATISFACTION: "public/pages/satisfaction.html",
    PROCEDURES: "public/pages/catalogue.html",
    REPORT: "public/pages/report.html",
    POSTINGS: "public/pages/postings.html",
    CHANGES: "public/pages/changes.html",
}
"""By which template a publication of each kind is shown at its own address."""
PER_PAGE = 30
LONGEST_SEARCH = 100


@public_page(is_kept=True)
def directory(request: PublicRequest) -> HttpResponse:
    """List the agencies of the installation whose pages are open."""
    return render(request, "public/pages/directory.html", {"groups": queries.directory(request.today)})


@public_page(is_kept=True)
def home(request: PublicRequest, slug: str) -> HttpResponse:
    """Show an agency's first page: the newest of each kind."""
    office = queries.office(slug)
    context = {
        "office": office,
        "home": queries.home(office),
        "announced": queries.announcement(office),
        "survey": queries.survey_token(office, request.today),
    }
    return render(request, "public/pages/home.html", context)


@public_page(is_kept=True)
def policy(request: PublicRequest, slug: str) -> HttpResponse:
    """Show the quality policy."""
    return _newest(request, slug, POLICY)


@public_page(is_kept=True)
def objectives(request: PublicRequest, slug: str) -> HttpResponse:
    """Show the objectives with their targets."""
    return _newest(request, slug, OBJECTIVES)


@public_page(is_kept=True)
def results(request: PublicRequest, slug: str) -> HttpResponse:
    """Show what was reached so far, with formula and day."""
    return _newest(request, slug, RESULTS)


@public_page(is_kept=True)
def satisfaction(request: PublicRequest, slug: str) -> HttpResponse:
    """Show what citizens answered."""
    return _newest(request, slug, SATISFACTION)


@public_page(is_kept=True)
def changes(request: PublicRequest, slug: str) -> HttpResponse:
    """Show which documents and legal texts changed."""
    return _newest(request, slug, CHANGES)


@public_page(is_kept=True)
def postings(request: PublicRequest, slug: str) -> HttpResponse:
    """Show what was posted in the newest quarter, with the way to the other quarters."""
    office = queries.office(slug)
    shown = queries.current(office, POSTINGS)
    others = [each for each in queries.quarters(office) if each.id != shown.id]
    return show(request, office, shown, quarters=others)


@public_page(is_kept=True)
def procedures(request: PublicRequest, slug: str) -> HttpResponse:
    """Search the catalogue of administrative procedures, with or without marks."""
    office = queries.office(slug)
    words = " ".join(request.GET.get("q", "").split())[:LONGEST_SEARCH]
    field = request.GET.get("linh_vuc", "")[:255]
    found = queries.procedures(office, words, field)
    page = Paginator(found.rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "office": office,
        "found": found,
        "shown": found.shown,
        "page": page,
        "words": words,
        "field": field,
    }
    return render(request, "public/pages/procedures.html", context)


@public_page(is_kept=True)
def procedure(request: PublicRequest, slug: str, procedure_key: str) -> HttpResponse:
    """Show one procedure."""
    office = queries.office(slug)
    shown, row = queries.procedure(office, procedure_key)
    context = {"office": office, "shown": shown, "procedure": row}
    return render(request, "public/pages/procedure.html", context)


@public_page(is_kept=True)
def reports(request: PublicRequest, slug: str) -> HttpResponse:
    """List the reports that are public."""
    office = queries.office(slug)
    context = {"office": office, "reports": queries.reports(office)}
    return render(request, "public/pages/reports.html", context)


@public_page(is_kept=True)
def announcement(request: PublicRequest, slug: str) -> HttpResponse:
    """Show the announcement of conformity in force."""
    office = queries.office(slug)
    found = queries.announcement(office)
    if found is None:
        raise Http404("nothing is announced")
    return render(request, "public/pages/announcement.html", {"office": office, "found": found})


@public_page(is_kept=True)
def archive(request: PublicRequest, slug: str) -> HttpResponse:
    """List all that is and was public, with what was wrong where it was corrected."""
    office = queries.office(slug)
    context = {"office": office, "publications": queries.archive(office)}
    return render(request, "public/pages/archive.html", context)


@public_page(is_kept=True)
def publication(request: PublicRequest, slug: str, publication_id: int) -> HttpResponse:
    """Show a publication at its own address, an old one with a banner; of a withdrawn one only that it was."""
    office = queries.office(slug)
    shown = queries.publication(office, publication_id)
    if shown.is_withdrawn:
        context = {"office": office, "shown": shown}
        return render(request, "public/pages/withdrawn.html", context, status=410)
    return show(request, office, shown)


@public_page()
def report_file(request: PublicRequest, slug: str, publication_id: int) -> HttpResponse:
    """Hand out the PDF of a report that is or was public."""
    office = queries.office(slug)
    try:
        file = queries.report_file(office, publication_id)
    except FileDamaged:
        return _damaged(request, office, publication_id)
    return HttpResponse(
        file.data,
        headers={
            "Content-Type": "application/pdf",
            "Content-Disposition": content_disposition_header(as_attachment=False, filename=file.name)
            or "inline",
            "Cache-Control": "public, max-age=0, must-revalidate",
        },
    )


REPORT_DATA = {"xlsx": XLSX, "json": "application/json"}


@public_page()
def report_data(request: PublicRequest, slug: str, publication_id: int, ending: str) -> HttpResponse:
    """Hand out the figures of a report that is or was public, as a spreadsheet or as data."""
    if ending not in REPORT_DATA:
        raise Http404(f"no format {ending!r}")
    office = queries.office(slug)
    try:
        file = queries.report_file(office, publication_id, ending)
    except FileDamaged:
        return _damaged(request, office, publication_id)
    response = hand_out(file.data, file.name, REPORT_DATA[ending])
    response["Cache-Control"] = "public, max-age=0, must-revalidate"
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _damaged(request: PublicRequest, office: Office, publication_id: int) -> HttpResponse:
    """Say that a file is damaged or lost, and where the same can be read."""
    context = {"office": office, "publication_id": publication_id}
    return render(request, "public/pages/file_damaged.html", context, status=404)


def show(request: PublicRequest, office: Office, shown: Shown, **more: object) -> HttpResponse:
    """Answer with a publication as the public sees it."""
    context = {
        "office": office,
        "shown": shown,
        "content": shown.content,
        "groups": groups(shown),
        "rows": queries.with_keys(shown),
        "is_preview": False,
        **more,
    }
    response = render(request, TEMPLATES[shown.kind], context)
    response["Last-Modified"] = http_date(shown.changed_at.timestamp())
    return response


def groups(shown: Shown) -> list[dict[str, Any]]:
    """Return the rates of a publication of satisfaction by what they are told apart by; none of other kinds."""
    if shown.kind != SATISFACTION:
        return []
    found = [
        {
            "name": name,
            "column": column,
            "rates": [each for each in shown.content["rates"] if each["by"] == by],
        }
        for by, name, column in (
            ("month", gettext("By month"), gettext("Month")),
            ("question", gettext("By question"), gettext("Question")),
            ("field", gettext("By field"), gettext("Field")),
            ("unit", gettext("By unit"), gettext("Unit")),
            ("channel", gettext("By way of answering"), gettext("Way of answering")),
        )
    ]
    return [each for each in found if each["rates"]]


def _newest(request: PublicRequest, slug: str, kind: str) -> HttpResponse:
    office = queries.office(slug)
    return show(request, office, queries.current(office, kind))
