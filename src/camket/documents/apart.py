"""Files that only pages of their own hand out: packages above say which, this package cannot import them.

Whoever may see tasks may open files of the agency by their number; what somebody sent in confidence is not among them.
"""

from __future__ import annotations

from collections.abc import Callable

from camket.org.policy import Actor

Kept = Callable[[int], bool]
"""Takes a file's number, tells whether it is one of those kept apart."""

Opens = Callable[[Actor, int], bool]
"""Takes who asks and a file's number, tells whether that one may open it as far as a package has a say in it."""

_keepers: dict[str, Kept] = {}
_openers: dict[str, Opens] = {}


def keeps(name: str, is_kept: Kept) -> None:
    """Take what tells which files a package hands out itself; a second call replaces the first."""
    _keepers[name] = is_kept


def is_apart(file_id: int) -> bool:
    """Return whether a file is handed out by a page of its own alone; one SQL statement for each package that keeps some."""
    return any(is_kept(file_id) for is_kept in _keepers.values())


def opens(name: str, may_open: Opens) -> None:
    """Take what tells who may open a file that hangs on records which few may see; a second call replaces the first."""
    _openers[name] = may_open


def may_open(actor: Actor, file_id: int) -> bool:
    """Return whether no package forbids somebody a file; one SQL statement or two for each that has a say."""
    return all(each(actor, file_id) for each in _openers.values())
