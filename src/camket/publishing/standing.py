"""Which postings of a document hang now."""

from __future__ import annotations

from django.db.models import QuerySet

from camket.core.wording.text import one_line
from camket.publishing.models import Notice


def standing(agency_id: int, document_number: str) -> QuerySet[Notice]:
    """Return the postings of a document, by its number, that hang now."""
    number = one_line(document_number)[:100]
    return Notice.objects.filter(
        agency_id=agency_id, document_number=number, is_cancelled=False, removed_on=None
    ).exclude(document_number="")
