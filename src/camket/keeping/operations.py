"""Acts on an agency's data as a whole, recorded in its journal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.db import transaction

from camket.journal.operations import record
from camket.keeping.export import export_agency
from camket.org.models import Agency
from camket.org.policy import Actor, require


def take_out(*, actor: Actor, today: date, now: datetime) -> Iterator[bytes]:
    """Record that the actor takes out all data of the agency, and return the ZIP file in parts.

    Raises NotAllowed before anything is recorded or read.
    """
    with transaction.atomic():
        require(actor, "agency.export")
        agency = Agency.objects.get(pk=actor.agency_id)
        record(actor=actor, agency_id=agency.pk, verb="agency.exported", subject=agency, on=today)
    return export_agency(agency_id=agency.pk, made_at=now)


def take_out_as_operator(*, code: str, today: date, now: datetime) -> Iterator[bytes]:
    """Take out the data of an agency at the command line of the installation; raises Agency.DoesNotExist."""
    with transaction.atomic():
        agency = Agency.objects.get(code=code)
        record(actor=None, agency_id=agency.pk, verb="agency.exported", subject=agency, on=today)
    return export_agency(agency_id=agency.pk, made_at=now)
