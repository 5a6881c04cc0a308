"""What belongs to a controlled document and to an edition, for their history."""

from __future__ import annotations

from camket.documents.models import ControlledDocument, DocumentEdition
from camket.journal.kin import Parts


def parts_of_document(agency_id: int, document_id: int) -> Parts:
    """Return the editions of a document."""
    rows = DocumentEdition.objects.filter(document_id=document_id, document__agency_id=agency_id)
    return (("documents.documentedition", rows.values_list("pk", flat=True)),)


def has_document(agency_id: int, document_id: int) -> bool:
    """Return whether the agency has the document."""
    return ControlledDocument.objects.filter(pk=document_id, agency_id=agency_id).exists()
