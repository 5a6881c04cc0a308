"""What belongs to an entry, for its history."""

from __future__ import annotations

from camket.documents.models import Evidence
from camket.journal.kin import Parts
from camket.registers.models import Entry


def parts_of_entry(agency_id: int, entry_id: int) -> Parts:
    """Return the entry's evidence, and the spreadsheet that it came in with."""
    evidence = Evidence.objects.filter(agency_id=agency_id, register_entries=entry_id)
    batches = Entry.objects.filter(agency_id=agency_id, pk=entry_id, batch__isnull=False)
    return (
        ("documents.evidence", evidence.values_list("pk", flat=True)),
        ("registers.batch", batches.values_list("batch_id", flat=True)),
    )


def has_entry(agency_id: int, entry_id: int) -> bool:
    """Return whether the agency has the entry."""
    return Entry.objects.filter(pk=entry_id, agency_id=agency_id).exists()
