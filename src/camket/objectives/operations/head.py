"""What a plan says of itself: decision, policy, period, reporting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction

from camket.actions.models import Action
from camket.core import plan as core
from camket.core.messages import Message, gettext_noop
from camket.core.next_year import move_date
from camket.core.wording.schedules import parse_reporting, parse_schedule
from camket.core.wording.text import fold
from camket.objectives.models import Plan
from camket.objectives.operations._change import (
    KEEP,
    Keep,
    apply_changes,
    checked_year,
    given_texts,
    plan_for,
    require_revision,
    settled,
)
from camket.objectives.rows import HEAD_PATHS, Refused, calendar_year, checked_period, fitted
from camket.org.policy import Actor


class ScheduleNotUnderstood(Refused):
    """Words for a time hold what is not understood."""

    def __init__(self, text: str) -> None:
        super().__init__(
            Message(
                gettext_noop(
                    "The time “%(text)s” is not understood. Write it like “Hằng quý” or “Trước ngày 15/6”."
                ),
                {"text": text},
            )
        )


def update_head(
    *,
    actor: Actor,
    plan_id: int,
    today: date,
    revision: int | None = None,
    year: int | Keep = KEEP,
    title: str | Keep = KEEP,
    period: core.Period | Keep = KEEP,
    kind: str | Keep = KEEP,
    number: str | Keep = KEEP,
    decided_on: date | Keep | None = KEEP,
    place: str | Keep = KEEP,
    signed_by: str | Keep = KEEP,
    capacity: str | Keep = KEEP,
    authority: str | Keep = KEEP,
    motto: str | Keep = KEEP,
    commitments: Sequence[str] | Keep = KEEP,
    reporting: str | Keep = KEEP,
    resources: str | Keep = KEEP,
    evaluation: str | Keep = KEEP,
) -> None:
    """Change what a plan says of itself: decision, policy, period, reporting, plan-wide resources and evaluation.

    ``reporting`` is written in official words and understood at once.

    Raises ChangedMeanwhile, YearMissing, PeriodNotPossible, TooLong, ScheduleNotUnderstood.
    """
    with transaction.atomic():
        plan = plan_for(actor, plan_id, "edit")
        require_revision(actor, plan, plan.revision, revision)
        changes: dict[str, Any] = {}
        if not isinstance(year, Keep) and checked_year(year) != plan.year:
            changes["year"] = year
            # The usual period is the calendar year; another is the person's own and stays.
            if period is KEEP and (plan.period_start, plan.period_end) == calendar_year(plan.year):
                changes["period_start"], changes["period_end"] = calendar_year(year)
            elif period is KEEP:
                by = year - plan.year
                changes["period_start"] = move_date(plan.period_start, plan.period_start.year, by)
                changes["period_end"] = move_date(plan.period_end, plan.period_end.year, by)
        if not isinstance(period, Keep):
            changes["period_start"], changes["period_end"] = checked_period(period)
        if not isinstance(decided_on, Keep):
            changes["decided_on"] = decided_on
        if not isinstance(commitments, Keep):
            changes["commitments"] = given_texts(commitments)
        if not isinstance(reporting, Keep):
            changes["reporting"] = [
                core.schedule_json(entry) for entry in _reporting(fold(reporting), plan.year)
            ]
        for name, text in {
            "title": title, "kind": kind, "number": number, "place": place, "signed_by": signed_by,
            "capacity": capacity, "authority": authority, "motto": motto, "resources": resources,
            "evaluation": evaluation,
        }.items():  # fmt: skip
            if not isinstance(text, Keep):
                changes[name] = fitted(Plan, name, fold(text))
        if "year" in changes:
            Action.objects.filter(placement__objective__plan=plan).update(year=changes["year"])
        _settle_head_source(plan, changes)
        apply_changes(actor, plan, changes, verb="plan.changed", today=today)


def _reporting(text: str, year: int) -> tuple[core.Schedule, ...]:
    if not text:
        return ()
    if entries := parse_reporting(text, year):
        return entries
    read = parse_schedule(text, year)
    if not read.entries or read.rest:
        raise ScheduleNotUnderstood(text)
    return read.entries


def _settle_head_source(plan: Plan, changes: dict[str, Any]) -> None:
    paths = {HEAD_PATHS[name]: True for name in changes if name in HEAD_PATHS}
    if paths and plan.head_source:
        changes["head_source"] = settled(plan.head_source, paths)
