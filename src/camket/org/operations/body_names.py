"""The agency's dictionary of names in its documents."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from camket.org.models import BodyName
from camket.org.operations._change import own_person, own_unit
from camket.org.policy import Actor, require
from camket.org.trail import record


def map_body_name(
    *, actor: Actor, body_name_id: int, unit_id: int | None, person_id: int | None, today: date
) -> BodyName:
    """Say whom a name in the agency's documents means: a unit, a person, or nobody yet.

    Raises BodyName.DoesNotExist, Unit.DoesNotExist, Person.DoesNotExist for those of another agency, NotAllowed.
    """
    with transaction.atomic():
        name = (
            BodyName.objects.select_for_update(of=("self",))
            .select_related("unit", "person")
            .get(pk=body_name_id, agency_id=actor.agency_id)
        )
        require(actor, "org.manage")
        unit = own_unit(actor, unit_id) if unit_id is not None else None
        person = own_person(actor, person_id) if unit is None and person_id is not None else None
        before = {"unit": str(name.unit or ""), "person": str(name.person or "")}
        after = {"unit": str(unit or ""), "person": str(person or "")}
        if before != after:
            name.unit, name.person = unit, person
            name.save(update_fields=["unit", "person"])
            record(
                actor=actor,
                agency_id=actor.agency_id,
                verb="body_name.mapped",
                subject=name,
                on=today,
                before=before,
                after=after,
            )
    return name


def forget_body_name(*, actor: Actor, body_name_id: int, today: date) -> None:
    """Forget what a name means, so that the next plan asks again; plans keep their own mapping.

    Raises BodyName.DoesNotExist for a name of another agency, NotAllowed.
    """
    with transaction.atomic():
        name = (
            BodyName.objects.select_for_update(of=("self",))
            .select_related("unit", "person")
            .get(pk=body_name_id, agency_id=actor.agency_id)
        )
        require(actor, "org.manage")
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="body_name.forgotten",
            subject=name,
            on=today,
            before={"unit": str(name.unit or ""), "person": str(name.person or "")},
        )
        name.delete()
