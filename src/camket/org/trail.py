"""How this package records its changes in the journal, which stands above it on the ladder.

The journal gives its writer once, when the process starts (``camket.journal.apps``); operations here call
:func:`record` in the transaction of the change, as those of every other package call the journal itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol

from django.db import models

from camket.org.policy import Actor


class Recorder(Protocol):
    """What writes one entry: ``camket.journal.operations.record``."""

    def __call__(
        self,
        *,
        actor: Actor | None,
        agency_id: int,
        verb: str,
        subject: models.Model,
        on: date,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
        reason: str = "",
    ) -> object: ...


_recorders: list[Recorder] = []


def keep_with(recorder: Recorder) -> None:
    """Take the writer of the journal; a second call replaces the first."""
    _recorders[:] = [recorder]


def record(
    *,
    actor: Actor | None,
    agency_id: int,
    verb: str,
    subject: models.Model,
    on: date,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Append an entry to the agency's journal.

    Raises IndexError when no journal was given: a change that is not recorded must not happen.
    """
    _recorders[0](
        actor=actor,
        agency_id=agency_id,
        verb=verb,
        subject=subject,
        on=on,
        before=before,
        after=after,
        reason=reason,
    )
