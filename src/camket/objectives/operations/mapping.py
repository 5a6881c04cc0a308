"""Saying whom the bodies that a plan names mean."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from camket.actions import operations as work
from camket.actions.models import ActionBody, Task
from camket.core.messages import Message, gettext_noop
from camket.objectives.bodies import body_key
from camket.objectives.models import Plan
from camket.objectives.operations._change import plan_for, record_act
from camket.objectives.operations._meanings import remember
from camket.objectives.rows import Refused
from camket.org.models import Membership, Person, Unit
from camket.org.policy import Actor


class BodyUnknown(Refused):
    """The plan names no such body."""

    def __init__(self, text: str) -> None:
        super().__init__(Message(gettext_noop("The plan does not name “%(text)s”."), {"text": text}))


@dataclass(frozen=True, slots=True)
class BodyMapping:
    """Whom all bodies of one name mean; both None takes a mapping away."""

    text: str
    unit_id: int | None = None
    person_id: int | None = None


def map_bodies(*, actor: Actor, plan_id: int, mappings: Sequence[BodyMapping], today: date) -> int:
    """Say whom the bodies of a plan mean; return how many places that changed.

    Each mapping holds for every body of that name in the plan and is remembered for the next document. In a plan
    that is in force, open tasks that had nobody go to whom the lead of their action now means.

    Raises BodyUnknown; Unit.DoesNotExist, Person.DoesNotExist for those of another agency.
    """
    with transaction.atomic():
        plan = plan_for(actor, plan_id, "map")
        rows: dict[str, list[ActionBody]] = {}
        for row in ActionBody.objects.filter(action__placement__objective__plan=plan).order_by("pk"):
            rows.setdefault(body_key(row.text), []).append(row)
        changed: list[ActionBody] = []
        stood: dict[str, Any] = {}
        told: dict[str, Any] = {}
        for mapping in mappings:
            key = body_key(mapping.text)
            if key not in rows:
                raise BodyUnknown(mapping.text)
            _require_own(actor, mapping)
            first = rows[key][0]
            stood[mapping.text] = {"unit": first.unit_id, "person": first.person_id}
            told[mapping.text] = {"unit": mapping.unit_id, "person": mapping.person_id}
            for row in rows[key]:
                if (row.unit_id, row.person_id) != (mapping.unit_id, mapping.person_id):
                    row.unit_id, row.person_id = mapping.unit_id, mapping.person_id
                    changed.append(row)
            remember(plan.agency_id, rows[key][0].text, mapping.unit_id, mapping.person_id)
        ActionBody.objects.bulk_update(changed, ["unit", "person"], batch_size=100)
        if plan.state == Plan.State.PROMULGATED:
            _give_tasks(changed)
        if told:
            record_act(actor, "plan.bodies_mapped", plan, today, stood, told)
    return len(changed)


def _give_tasks(bodies: Iterable[ActionBody]) -> None:
    """Give open tasks that nobody has to whom the lead of their action means."""
    for body in bodies:
        if body.part == ActionBody.Part.LEAD and (body.unit_id or body.person_id):
            Task.objects.filter(
                action_id=body.action_id, unit=None, assignee=None, state__in=work.OPEN_STATES
            ).update(unit_id=body.unit_id, assignee_id=body.person_id)


def _require_own(actor: Actor, mapping: BodyMapping) -> None:
    if mapping.unit_id is not None:
        Unit.objects.get(pk=mapping.unit_id, agency_id=actor.agency_id)
    if (
        mapping.person_id is not None
        and not Membership.objects.filter(agency_id=actor.agency_id, person_id=mapping.person_id).exists()
    ):
        raise Person.DoesNotExist
