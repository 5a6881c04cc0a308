"""How a target is measured, set by a person after the decision is in force: it changes no commitment."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.targets import Change
from camket.indicators import operations as indicators
from camket.journal.operations import record
from camket.objectives.models import Target
from camket.org.policy import Actor, require


class MeasurementNotPossible(Refusal):
    """An expected volume is negative, or a target has no indicator to set."""


def set_measurement(
    *,
    actor: Actor,
    target_id: int,
    today: date,
    expected_volume: Decimal | None,
    baseline_value: Decimal | None,
    change: str,
    adds_up: bool,
    method: str,
    numerator_label: str = "",
    denominator_label: str = "",
) -> None:
    """Say how a target is measured: volume expected in the whole period, result of the year compared with, and its indicator.

    The commitment itself changes by an amending decision only. Raises MeasurementNotPossible and what
    ``change_indicator`` raises.
    """
    with transaction.atomic():
        target = Target.objects.select_for_update(of=("self",)).get(
            pk=target_id, objective__plan__agency_id=actor.agency_id
        )
        require(actor, "plan.edit")
        if target.indicator_id is None:
            raise MeasurementNotPossible(
                Message(
                    gettext_noop(
                        "This target has no indicator yet; it gets one when the plan comes into force."
                    )
                )
            )
        if expected_volume is not None and expected_volume < 0:
            raise MeasurementNotPossible(Message(gettext_noop("The volume expected cannot be negative.")))
        wanted: dict[str, Any] = {
            "expected_volume": expected_volume,
            "baseline_value": baseline_value,
            "change": Change(change).value,
        }
        before = {field: getattr(target, field) for field in wanted}
        changed = [field for field in wanted if wanted[field] != before[field]]
        if changed:
            for field in changed:
                setattr(target, field, wanted[field])
            target.save(update_fields=changed)
            record(
                actor=actor,
                agency_id=actor.agency_id,
                verb="target.measured",
                subject=target,
                on=today,
                before={field: before[field] for field in changed},
                after={field: wanted[field] for field in changed},
            )
        indicators.change_indicator(
            actor=actor,
            indicator_id=target.indicator_id,
            today=today,
            method=method,
            adds_up=adds_up,
            numerator_label=numerator_label,
            denominator_label=denominator_label,
        )
