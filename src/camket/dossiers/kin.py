"""Which records have a history before anybody changed them: procedures come in by lists and with dossiers."""

from __future__ import annotations

from camket.dossiers.models import Procedure


def has_procedure(agency_id: int, procedure_id: int) -> bool:
    """Return whether the agency has the procedure."""
    return Procedure.objects.filter(pk=procedure_id, agency_id=agency_id).exists()
