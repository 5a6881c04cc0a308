"""What belongs to a record, so that its history is whole: a plan's objectives, an action's tasks.

Packages above the journal say it once, when the process starts; the journal cannot import them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import QuerySet

Parts = Iterable[tuple[str, "QuerySet[Any, Any] | Iterable[int]"]]
Finder = Callable[[int, int], Parts]
"""Takes the agency and the record's number, gives kinds of record with statements for their numbers."""

_finders: dict[str, Finder] = {}


def belongs_to(subject_type: str, finder: Finder) -> None:
    """Take what finds the parts of one kind of record; a second call replaces the first."""
    _finders[subject_type] = finder


def parts_of(subject_type: str, agency_id: int, subject_id: int) -> Parts:
    """Return the parts of a record, none where nobody said that it has some."""
    finder = _finders.get(subject_type)
    return finder(agency_id, subject_id) if finder else ()
