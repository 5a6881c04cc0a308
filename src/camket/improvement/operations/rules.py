"""The rhythm and the limits of the improvement cycle that an agency sets itself. Source of each: ``core.rhythm``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from camket.core.rhythm import RULES, checked
from camket.improvement.models import CycleRules
from camket.journal.operations import record
from camket.org.models import Agency
from camket.org.policy import Actor, require


def set_rules(*, actor: Actor, values: Mapping[str, int], now: datetime) -> CycleRules:
    """Set numbers of the rhythm; they hold for what falls due from now on, days already given stay.

    What is as it was is no change. Raises NotAllowed, NumberNotPossible, KeyError for what is no number of it.
    """
    with transaction.atomic():
        require(actor, "cycle.rules")
        agency = Agency.objects.select_for_update(of=("self",)).get(pk=actor.agency_id)
        wanted = checked(values)
        row = CycleRules.objects.filter(agency_id=actor.agency_id).first() or CycleRules(
            agency_id=actor.agency_id
        )
        before = {rule.key: getattr(row, rule.key) for rule in RULES}
        changed = {key: value for key, value in wanted.items() if before[key] != value}
        if not changed:
            return row
        for key, value in changed.items():
            setattr(row, key, value)
        row.changed_at, row.changed_by_id = now, actor.person_id
        row.save()
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="cycle.rules_set",
            subject=agency,
            on=timezone.localdate(now),
            before={key: before[key] for key in changed},
            after=changed,
        )
    return row
