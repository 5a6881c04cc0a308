"""Setting an objective's targets right."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from camket.core import plan as core
from camket.core.messages import Message, gettext_noop
from camket.core.targets import measure_for
from camket.core.wording.text import fold
from camket.objectives import queries
from camket.objectives.models import Target
from camket.objectives.operations._change import (
    KEEP,
    Keep,
    apply_changes,
    objective_for,
    record_act,
    require_revision,
    required_text,
    target_for,
)
from camket.objectives.operations._places import (
    PositionNotPossible,
    append_targets,
    close_ranks,
    next_order,
    place_row,
)
from camket.objectives.rows import (
    PeriodNotPossible,
    Refused,
    TargetNotPossible,
    storable,
    target_fields,
    target_row,
)
from camket.org.policy import Actor


class TargetNotUnderstood(Refused):
    """The words state no target, or several where one is meant."""

    def __init__(self, text: str, count: int = 0) -> None:
        template = (
            gettext_noop("“%(text)s” holds %(count)s targets; enter each on its own.")
            if count
            else gettext_noop(
                "No target is understood in “%(text)s”. Write a figure, a grade or a rank, such as “từ 95%% trở lên”."
            )
        )
        super().__init__(Message(template, {"text": text, "count": str(count)}))


def add_targets(
    *, actor: Actor, objective_id: int, text: str, today: date, striving: bool = False, as_state: bool = False
) -> tuple[int, ...]:
    """Add the targets that official words state, and return their ids.

    ``as_state`` keeps words without a figure as a state to be reached. Raises TargetNotUnderstood where the words
    state no target, TextMissing.
    """
    with transaction.atomic():
        objective = objective_for(actor, objective_id)
        text = required_text(text)
        found = queries.found_targets(text, striving=striving, year=objective.plan.year)
        if not found and not as_state:
            raise TargetNotUnderstood(text)
        if found:
            rows = append_targets(objective, found)
        else:
            state = core.Target(text=text, kind=core.TargetKind.ACHIEVED, striving=striving)
            rows = [target_row(objective, next_order(objective.targets), state)]
            rows[0].save()
        for row in rows:
            record_act(actor, "target.added", row, today, after=_target_facts(row))
    return tuple(row.pk for row in rows)


def update_target(
    *,
    actor: Actor,
    target_id: int,
    today: date,
    revision: int | None = None,
    text: str | Keep = KEEP,
    kind: str | Keep = KEEP,
    value: Decimal | core.Grade | Keep | None = KEEP,
    upper: Decimal | Keep | None = KEEP,
    unit: str | Keep = KEEP,
    baseline_year: int | Keep | None = KEEP,
    baseline_value: Decimal | Keep | None = KEEP,
    change: str | Keep = KEEP,
    striving: bool | Keep = KEEP,
    period: core.Period | Keep | None = KEEP,
    expected_volume: Decimal | Keep | None = KEEP,
) -> None:
    """Change a target. New words are understood anew; figures given by hand win over what the words say.

    Raises ChangedMeanwhile, TargetNotUnderstood, TargetNotPossible, PeriodNotPossible, TooLong.
    """
    with transaction.atomic():
        row = target_for(actor, target_id)
        require_revision(actor, row, row.revision, revision)
        target = queries.target_detail(row).as_format()
        by_hand = any(each is not KEEP for each in (kind, value, upper, unit, baseline_year))
        if not isinstance(text, Keep):
            target = _reworded(target, required_text(text), by_hand=by_hand, year=row.objective.plan.year)
        if not isinstance(kind, Keep):
            target = replace(target, kind=core.TargetKind(kind))
        if not isinstance(value, Keep):
            target = replace(target, value=value)
        if not isinstance(upper, Keep):
            target = replace(target, upper=upper)
        if not isinstance(unit, Keep):
            target = replace(target, unit=fold(unit) or None)
        if not isinstance(baseline_year, Keep):
            target = replace(target, baseline_year=baseline_year)
        if not isinstance(striving, Keep):
            target = replace(target, striving=striving)
        if not isinstance(period, Keep):
            if period is not None and period.end < period.start:
                raise PeriodNotPossible()
            target = replace(target, period=period)
        changes: dict[str, Any] = target_fields(target)
        if not isinstance(baseline_value, Keep):
            changes["baseline_value"] = storable(baseline_value)
        if not isinstance(expected_volume, Keep):
            if expected_volume is not None and expected_volume < 0:
                raise TargetNotPossible(Message(gettext_noop("The expected volume cannot be below zero.")))
            changes["expected_volume"] = storable(expected_volume)
        if not isinstance(change, Keep):
            changes["change"] = Target.Change(change).value
        changes["source"] = {**row.source, "confidence": None, "warnings": []} if row.source else row.source
        if row.indicator_id is not None and measure_for(target) is not measure_for(
            queries.target_detail(row).as_format()
        ):
            # Another kind of figure needs an indicator of its own; the old one keeps its readings.
            changes["indicator_id"] = None
        apply_changes(actor, row, changes, verb="target.changed", today=today)


def move_target(
    *, actor: Actor, target_id: int, objective_id: int, today: date, position: int | None = None
) -> None:
    """Move a target within its objective or to another of the plan; ``position`` counts from 0, else last.

    Raises PositionNotPossible, also for an objective of another plan.
    """
    with transaction.atomic():
        row = target_for(actor, target_id)
        there = objective_for(actor, objective_id)
        if there.plan_id != row.objective.plan_id:
            raise PositionNotPossible()
        before = {"objective": row.objective_id}
        left = row.objective
        row.objective = there
        rows = [each for each in there.targets.order_by("order", "pk") if each.pk != row.pk]
        place_row(row, rows, position)
        close_ranks(list(left.targets.order_by("order", "pk")))
        record_act(actor, "target.moved", row, today, before=before, after={"objective": there.pk})


def delete_target(*, actor: Actor, target_id: int, today: date) -> None:
    """Take a target out of a plan that binds nobody yet."""
    with transaction.atomic():
        row = target_for(actor, target_id)
        record_act(actor, "target.deleted", row, today, before=_target_facts(row))
        objective = row.objective
        row.delete()
        close_ranks(list(objective.targets.order_by("order", "pk")))


def _target_facts(row: Target) -> dict[str, Any]:
    return {"text": row.text, "kind": row.kind, "value": row.value, "upper": row.upper, "grade": row.grade}


def _reworded(target: core.Target, text: str, *, by_hand: bool, year: int) -> core.Target:
    """Return the target that new words state, with the period of the old one."""
    found = queries.found_targets(text, striving=target.striving, year=year)
    if by_hand:
        return replace(target, text=text)
    if len(found) == 1:
        return replace(found[0].target, text=text, period=found[0].target.period or target.period)
    if not found and target.kind is core.TargetKind.ACHIEVED:
        return replace(target, text=text)
    raise TargetNotUnderstood(text, len(found))
