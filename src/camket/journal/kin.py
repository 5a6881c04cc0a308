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

Exists = Callable[[int, int], bool]
"""Takes the agency and the record's number, tells whether the agency has such a record."""

_finders: dict[str, Finder] = {}
_exists: dict[str, Exists] = {}


def belongs_to(subject_type: str, finder: Finder) -> None:
    """Take what finds the parts of one kind of record; a second call replaces the first."""
    _finders[subject_type] = finder


def known(subject_type: str, exists: Exists) -> None:
    """Take what tells whether a record exists: one that came in with others has no entry of its own at first."""
    _exists[subject_type] = exists


def is_known(subject_type: str, agency_id: int, subject_id: int) -> bool:
    """Return whether the agency has the record, as far as somebody said how to tell."""
    exists = _exists.get(subject_type)
    return exists is not None and exists(agency_id, subject_id)


def parts_of(subject_type: str, agency_id: int, subject_id: int) -> Parts:
    """Return the parts of a record, none where nobody said that it has some."""
    finder = _finders.get(subject_type)
    return finder(agency_id, subject_id) if finder else ()
