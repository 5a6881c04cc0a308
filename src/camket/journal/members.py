"""What the hash of an entry covers: its members as plain values, the same in the database and in an export."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from camket.journal.models import Access, Entry


def fields_of(entry: Entry) -> dict[str, Any]:
    """Return an entry as the plain members that its hash covers, with the hash itself."""
    return {
        "format": entry.format,
        "agency": entry.agency_id,
        "sequence": entry.sequence,
        "at": _moment(entry.at),
        "on": entry.on.isoformat(),
        "by": entry.by_id,
        "by_name": entry.by_name,
        "stood_in_for": entry.stood_in_for_id,
        "stood_in_for_name": entry.stood_in_for_name,
        "capacity": entry.capacity,
        "verb": entry.verb,
        "subject_type": entry.subject_type,
        "subject_id": entry.subject_id,
        "subject_label": entry.subject_label,
        "before": entry.before,
        "after": entry.after,
        "reason": entry.reason,
        "request_id": entry.request_id,
        "previous_hash": entry.previous_hash,
        "hash": entry.hash,
    }


def access_fields_of(seen: Access) -> dict[str, Any]:
    """Return a recorded access as the plain members that its hash covers, with the hash itself."""
    return {
        "format": seen.format,
        "agency": seen.agency_id,
        "sequence": seen.sequence,
        "at": _moment(seen.at),
        "on": seen.on.isoformat(),
        "by": seen.by_id,
        "by_name": seen.by_name,
        "capacity": seen.capacity,
        "what": seen.what,
        "person": seen.person_id,
        "people": seen.people,
        "purpose": seen.purpose,
        "request_id": seen.request_id,
        "previous_hash": seen.previous_hash,
        "hash": seen.hash,
    }


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
