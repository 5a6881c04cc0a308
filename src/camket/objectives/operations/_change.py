"""Holding a plan's row for a change: the lock and who may, the revision, the write and its journal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import Enum
from typing import Any

from django.db import models

from camket.actions.models import Action
from camket.core import workflow
from camket.core.messages import Message, gettext_noop
from camket.core.wording.text import fold
from camket.journal.meanwhile import overtaken
from camket.journal.operations import record
from camket.objectives import queries
from camket.objectives.completeness import Gap, completeness_of
from camket.objectives.details import PlanDetail
from camket.objectives.models import Objective, ObjectiveAction, Plan, Target
from camket.objectives.rows import Refused
from camket.org.policy import Actor, NotAllowed, can

FIRST_YEAR, LAST_YEAR = 2000, 2100


class Keep(Enum):
    """The default of a field that an operation leaves as it is."""

    KEEP = "keep"


KEEP = Keep.KEEP


class TextMissing(Refused):
    """A text that must be there is empty."""

    def __init__(self) -> None:
        super().__init__(Message(gettext_noop("Write the text; it cannot be empty.")))


class YearMissing(Refused):
    """The plan says no year, or one that cannot be."""

    def __init__(self) -> None:
        super().__init__(
            Message(
                gettext_noop("Give the year of the plan, between %(first)s and %(last)s."),
                {"first": str(FIRST_YEAR), "last": str(LAST_YEAR)},
            )
        )


class PlanIncomplete(Refused):
    """The plan lacks one of the five elements of planning; ``gaps`` names each place."""

    def __init__(self, gaps: tuple[Gap, ...]) -> None:
        super().__init__(
            Message(
                gettext_noop(
                    "The plan is not complete yet (ISO 9001:2015, 6.2.2): %(count)s places are left to fill in."
                ),
                {"count": str(len(gaps))},
            )
        )
        self.gaps = gaps


def plan_for(actor: Actor, plan_id: int, act: str) -> Plan:
    """Return the plan, locked, for an act that the actor may do; of acts that keep the state also that it allows them."""
    plan = queries.plan_for_update(actor, plan_id)
    allowed = queries.ACTS[act]
    if not any(can(actor, each) for each in allowed):
        raise NotAllowed(allowed[0])
    if act in ("edit", "map"):
        workflow.PLAN.after(plan.state, act)
    return plan


def objective_for(actor: Actor, objective_id: int) -> Objective:
    """Return an objective of a plan that the actor may edit, the plan locked."""
    plan_id = Objective.objects.values_list("plan_id", flat=True).get(
        pk=objective_id, plan__agency_id=actor.agency_id
    )
    plan_for(actor, plan_id, "edit")
    return Objective.objects.select_related("plan").get(pk=objective_id)


def target_for(actor: Actor, target_id: int) -> Target:
    """Return a target of a plan that the actor may edit, the plan locked."""
    plan_id = Target.objects.values_list("objective__plan_id", flat=True).get(
        pk=target_id, objective__plan__agency_id=actor.agency_id
    )
    plan_for(actor, plan_id, "edit")
    return Target.objects.select_related("objective__plan").get(pk=target_id)


def placement_for(actor: Actor, action_id: int) -> ObjectiveAction:
    """Return an action in its place in a plan that the actor may edit, the plan locked; raises Action.DoesNotExist."""
    try:
        plan_id = ObjectiveAction.objects.values_list("objective__plan_id", flat=True).get(
            action_id=action_id, objective__plan__agency_id=actor.agency_id
        )
    except ObjectiveAction.DoesNotExist:
        raise Action.DoesNotExist from None
    plan_for(actor, plan_id, "edit")
    return ObjectiveAction.objects.select_related("action", "objective__plan").get(action_id=action_id)


def require_revision(actor: Actor, row: models.Model, current: int, given: int | None) -> None:
    """Refuse a change to a row that is not the one the form was opened on; None asks for no such check.

    Raises ChangedMeanwhile.
    """
    if given is not None and given != current:
        raise overtaken(actor, row)


def require_complete(actor: Actor, plan: Plan) -> PlanDetail:
    """Return a plan's contents, or raise PlanIncomplete."""
    detail = queries.plan_detail(actor, plan.pk)
    found = completeness_of(detail)
    if not found.is_complete:
        raise PlanIncomplete(found.blocking)
    return detail


def checked_year(year: int | None) -> int:
    """Return a year that a plan can have, or raise YearMissing."""
    if year is None or not FIRST_YEAR <= year <= LAST_YEAR:
        raise YearMissing()
    return year


def required_text(text: str) -> str:
    """Return a text folded, or raise TextMissing."""
    text = fold(text)
    if not text:
        raise TextMissing()
    return text


def given_texts(texts: Sequence[str]) -> list[str]:
    """Return texts folded, without the empty ones."""
    return [folded for text in texts if (folded := fold(text))]


def change_state(plan: Plan, act: str) -> None:
    """Set the state that an act leads to; raises NotPossible where the plan's state does not allow it."""
    plan.state = workflow.PLAN.after(plan.state, act)


def record_act(
    actor: Actor,
    verb: str,
    subject: models.Model,
    today: date,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    *,
    settles: bool = False,
) -> None:
    """Journal an act on a row of the actor's own agency; ``settles``: it takes the row as a whole, as it stands."""
    record(
        actor=actor,
        agency_id=actor.agency_id,
        verb=verb,
        subject=subject,
        on=today,
        before=before,
        after=after,
        reason=reason,
        settles=settles,
    )


def apply_changes(
    actor: Actor,
    row: Plan | Objective | Target | Action,
    changes: Mapping[str, Any],
    *,
    verb: str,
    today: date,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    bump: bool = True,
) -> bool:
    """Write the fields that differ and journal them; return whether anything did."""
    quiet = {"source", "head_source"}
    different = {name: value for name, value in changes.items() if getattr(row, name) != value}
    told = [name for name in different if name not in quiet]
    was = {**{name: getattr(row, name) for name in told}, **(before or {})}
    becomes = {**{name: different[name] for name in told}, **(after or {})}
    for name, value in different.items():
        setattr(row, name, value)
    if bump and becomes and not isinstance(row, Action):
        row.revision += 1
        row.save(update_fields=[*different, "revision"])
    elif different:
        row.save(update_fields=list(different))
    if becomes:
        record_act(actor, verb, row, today, was, becomes)
    return bool(becomes)


def settled(source: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row's sources with the doubts gone about fields that a person wrote."""
    touched = {"expected_evidence": "evidence"}
    names = {touched.get(name, name) for name in changes}
    return {
        key: {**value, "confidence": None, "warnings": []} if key in names else value
        for key, value in source.items()
    }
