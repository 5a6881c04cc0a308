"""What this package holds on a person: files stored, evidence added, editions worked on, documents given to read."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from camket.core.messages import Message, gettext_noop
from camket.documents.models import DocumentEdition, Evidence, Receipt, StoredFile
from camket.org.personal import Section, said_moment

_TIME = Message(gettext_noop("Time"))


def collect(agency_id: int, person_id: int) -> Iterable[Section]:
    """Give the person's files, evidence, editions and documents to read in the agency, by their names."""
    files = StoredFile.objects.filter(agency_id=agency_id, stored_by_id=person_id).order_by("stored_at", "pk")
    yield Section(
        "files",
        Message(gettext_noop("Files the person stored")),
        (_TIME, Message(gettext_noop("Name of the file"))),
        tuple((said_moment(file.stored_at), file.name) for file in files),
    )
    evidence = Evidence.objects.filter(agency_id=agency_id, added_by_id=person_id).order_by("added_at", "pk")
    yield Section(
        "evidence",
        Message(gettext_noop("Evidence the person added")),
        (_TIME, Message(gettext_noop("Title"))),
        tuple((said_moment(each.added_at), each.title) for each in evidence),
    )
    editions = DocumentEdition.objects.filter(
        Q(written_by_id=person_id) | Q(reviewed_by_id=person_id) | Q(approved_by_id=person_id),
        document__agency_id=agency_id,
    ).select_related("document")
    yield Section(
        "editions",
        Message(gettext_noop("Editions of documents the person wrote, reviewed or approved")),
        (_TIME, Message(gettext_noop("Document"))),
        tuple((said_moment(each.written_at), str(each)) for each in editions.order_by("written_at", "pk")),
    )
    receipts = Receipt.objects.filter(
        edition__document__agency_id=agency_id, person_id=person_id
    ).select_related("edition__document")
    yield Section(
        "document_receipts",
        Message(gettext_noop("Documents given to the person to read")),
        (_TIME, Message(gettext_noop("Document")), Message(gettext_noop("Read and understood"))),
        tuple(
            (
                said_moment(each.given_at),
                str(each.edition),
                said_moment(each.read_at) if each.read_at else "",
            )
            for each in receipts.order_by("given_at", "pk")
        ),
    )
