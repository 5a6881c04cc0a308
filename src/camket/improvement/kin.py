"""What belongs to an audit, for its history."""

from __future__ import annotations

from camket.improvement.models import Audit, AuditQuestion, Finding
from camket.journal.kin import Parts


def parts_of_audit(agency_id: int, audit_id: int) -> Parts:
    """Return the questions and findings of an audit."""
    of = {"audited__audit_id": audit_id, "audited__audit__agency_id": agency_id}
    return (
        ("improvement.auditquestion", AuditQuestion.objects.filter(**of).values_list("pk", flat=True)),
        ("improvement.finding", Finding.objects.filter(**of).values_list("pk", flat=True)),
    )


def has_audit(agency_id: int, audit_id: int) -> bool:
    """Return whether the agency has the audit."""
    return Audit.objects.filter(pk=audit_id, agency_id=agency_id).exists()
