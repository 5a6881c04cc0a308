"""Entering in one press that an issued document hangs where it has to: announcements of conformity, the quality policy."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from camket.documents.queries import controlled
from camket.documents.queries.controlled import DocumentRow
from camket.improvement.queries import announcements
from camket.improvement.queries.announcements import AnnouncementRow
from camket.publishing.operations.postings import Issued, post_issued
from camket.publishing.queries import postings as queries
from camket.web.acting import did
from camket.web.request import StaffRequest, moment, staff_page

POLICY = "policy"
"""Kind of controlled documents that have to be posted."""


def of_announcement(row: AnnouncementRow) -> Issued | None:
    """Return an announcement in force as what is to be posted; None for any other."""
    if row.state != "announced" or row.signed_on is None:
        return None
    subject = f"Quyết định công bố Hệ thống quản lý chất lượng phù hợp {row.edition}"
    return Issued("conformity", subject, row.number, row.signed_on)


def of_document(row: DocumentRow) -> Issued | None:
    """Return the edition in effect of the quality policy as what is to be posted; None for any other document."""
    edition = row.effective
    if row.kind != POLICY or row.withdrawn_on or edition is None or not edition.decision_number:
        return None
    day = edition.decision_on or edition.effective_on
    return None if day is None else Issued("quality", row.title, edition.decision_number, day)


def shown(request: StaffRequest, document: Issued | None, address: str) -> dict[str, Any] | None:
    """Return what the card of postings on a document's page shows; None where there is nothing to post."""
    if document is None:
        return None
    found = queries.posted(request.actor, document.rule, document.document_number, request.today)
    return None if found is None else {"found": found, "document": document, "address": address}


@staff_page("posting.manage", methods=("POST",))
def announcement(request: StaffRequest, announcement_id: int) -> HttpResponse:
    """Enter that an announcement of conformity hangs."""
    row = announcements.announcement(request.actor, announcement_id, request.today, with_checks=False).row
    return _pressed(request, of_announcement(row), "web:announcements:announcement", announcement_id)


@staff_page("posting.manage", methods=("POST",))
def document(request: StaffRequest, document_id: int) -> HttpResponse:
    """Enter that the quality policy hangs."""
    row = controlled.document(request.actor, document_id, request.today).row
    return _pressed(request, of_document(row), "web:documents:document", document_id)


def _pressed(request: StaffRequest, document: Issued | None, back: str, number: int) -> HttpResponse:
    if document is None:
        raise Http404(f"{number} is not to be posted")
    did(
        request,
        partial(post_issued, actor=request.actor, document=document, now=moment(request)),
        lambda made: (
            _("Entered into the register of postings: %(places)s.")
            % {"places": "; ".join(each.place.name for each in made)}
        ),
    )
    return redirect(back, number)
