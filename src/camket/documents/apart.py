"""Files that only pages of their own hand out: packages above say which, this package cannot import them.

Whoever may see tasks may open files of the agency by their number; what somebody sent in confidence is not among them.
"""

from __future__ import annotations

from collections.abc import Callable

Kept = Callable[[int], bool]
"""Takes a file's number, tells whether it is one of those kept apart."""

_keepers: dict[str, Kept] = {}


def keeps(name: str, is_kept: Kept) -> None:
    """Take what tells which files a package hands out itself; a second call replaces the first."""
    _keepers[name] = is_kept


def is_apart(file_id: int) -> bool:
    """Return whether a file is handed out by a page of its own alone; one SQL statement for each package that keeps some."""
    return any(is_kept(file_id) for is_kept in _keepers.values())
