"""What every operation of the improvement cycle writes into the journal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeAlias

from django.db import models
from django.utils import timezone

from camket.improvement.models import (
    Announcement,
    Audit,
    AuditProgramme,
    ContextIssue,
    Finding,
    Nonconformity,
    OwnQuestion,
    Review,
    Risk,
    RiskScale,
    SelfAssessment,
    SelfWording,
)
from camket.journal.operations import record
from camket.org.policy import Actor

Row: TypeAlias = (
    AuditProgramme
    | Audit
    | Finding
    | OwnQuestion
    | Nonconformity
    | Risk
    | RiskScale
    | ContextIssue
    | Review
    | SelfAssessment
    | SelfWording
    | Announcement
)


def write_down(
    actor: Actor | None,
    row: Row,
    verb: str,
    now: datetime,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    reason: str = "",
    *,
    settles: bool = False,
    of: models.Model | None = None,
) -> None:
    """Record an act on a row; ``of`` is a part of it that the act is on, so that acts on two parts do not meet."""
    record(
        actor=actor,
        agency_id=row.agency_id,
        verb=verb,
        subject=of or row,
        on=timezone.localdate(now),
        before=before,
        after=after,
        reason=reason,
        settles=settles,
    )
