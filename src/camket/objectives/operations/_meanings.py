"""Whom the names in a plan mean, and remembering it for the next document."""

from __future__ import annotations

from collections.abc import Sequence

from camket.actions.models import Action, ActionBody
from camket.objectives import queries
from camket.objectives.bodies import BodyMapper, body_key
from camket.objectives.models import Plan
from camket.objectives.rows import fitted
from camket.org.models import BodyName


class Meanings:
    """Whom a name means in a plan: what it means there already, else what is proposed."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._here: dict[str, tuple[int | None, int | None]] | None = None
        self._mapper: BodyMapper | None = None

    def of(self, text: str) -> tuple[int | None, int | None]:
        """Return the unit and person that a name means."""
        if self._here is None:
            rows = ActionBody.objects.filter(action__placement__objective__plan=self._plan).exclude(
                unit=None, person=None
            )
            self._here = {body_key(row.text): (row.unit_id, row.person_id) for row in rows}
            self._mapper = queries.body_mapper(self._plan.agency_id)
        key = body_key(text)
        if key not in self._here:
            proposal = self._mapper.propose(text) if self._mapper else None
            self._here[key] = (proposal.unit_id, proposal.person_id) if proposal else (None, None)
        return self._here[key]


def set_bodies(action: Action, part: ActionBody.Part, names: Sequence[str], meanings: Meanings) -> None:
    """Write the bodies of one part of an action anew, in the order of their names."""
    rows = []
    for order, name in enumerate(names):
        unit_id, person_id = meanings.of(name)
        text = fitted(ActionBody, "text", name)
        rows.append(
            ActionBody(action=action, part=part, text=text, order=order, unit_id=unit_id, person_id=person_id)
        )
    action.bodies.filter(part=part).delete()
    ActionBody.objects.bulk_create(rows)


def remember(agency_id: int, text: str, unit_id: int | None, person_id: int | None) -> None:
    """Remember whom a name means in an agency; nobody forgets it."""
    key = body_key(text)
    if unit_id is None and person_id is None:
        BodyName.objects.filter(agency_id=agency_id, key=key).delete()
    else:
        BodyName.objects.update_or_create(
            agency_id=agency_id,
            key=key,
            defaults={"text": text[:500], "unit_id": unit_id, "person_id": person_id},
        )


def remember_bodies(plan: Plan) -> None:
    """Remember whom all mapped bodies of a plan mean."""
    mapped = ActionBody.objects.filter(action__placement__objective__plan=plan).exclude(
        unit=None, person=None
    )
    told = {
        body_key(row.text): BodyName(
            agency_id=plan.agency_id,
            text=row.text[:500],
            key=body_key(row.text),
            unit_id=row.unit_id,
            person_id=row.person_id,
        )
        for row in mapped.order_by("pk")
    }
    BodyName.objects.bulk_create(
        told.values(),
        update_conflicts=True,
        unique_fields=["agency", "key"],
        update_fields=["text", "unit", "person"],
    )
