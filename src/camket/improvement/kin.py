"""What belongs to a record of the improvement cycle, for its history."""

from __future__ import annotations

from camket.improvement.models import (
    Audit,
    AuditQuestion,
    CorrectiveStep,
    EffectCheck,
    Finding,
    Nonconformity,
    Review,
    ReviewDecision,
    Risk,
    RiskTreatment,
    SelfAssessment,
)
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


def parts_of_nonconformity(agency_id: int, nonconformity_id: int) -> Parts:
    """Return the steps of a nonconformity's plan with their tasks, and the judgements of its effect."""
    of = {"nonconformity_id": nonconformity_id, "nonconformity__agency_id": agency_id}
    return (
        ("improvement.correctivestep", CorrectiveStep.objects.filter(**of).values_list("pk", flat=True)),
        ("improvement.effectcheck", EffectCheck.objects.filter(**of).values_list("pk", flat=True)),
        (
            "actions.task",
            CorrectiveStep.objects.filter(**of, task__isnull=False).values_list("task_id", flat=True),
        ),
    )


def has_nonconformity(agency_id: int, nonconformity_id: int) -> bool:
    """Return whether the agency has the nonconformity."""
    return Nonconformity.objects.filter(pk=nonconformity_id, agency_id=agency_id).exists()


def parts_of_risk(agency_id: int, risk_id: int) -> Parts:
    """Return the tasks by which a risk is treated: what is done about it belongs to its history."""
    treated = RiskTreatment.objects.filter(risk_id=risk_id, risk__agency_id=agency_id)
    return (("actions.task", treated.values_list("task_id", flat=True)),)


def has_risk(agency_id: int, risk_id: int) -> bool:
    """Return whether the agency has the risk."""
    return Risk.objects.filter(pk=risk_id, agency_id=agency_id).exists()


def parts_of_review(agency_id: int, review_id: int) -> Parts:
    """Return the decisions of a review and the tasks that came of them."""
    decided = ReviewDecision.objects.filter(review_id=review_id, review__agency_id=agency_id)
    return (
        ("improvement.reviewdecision", decided.values_list("pk", flat=True)),
        ("actions.task", decided.filter(task__isnull=False).values_list("task_id", flat=True)),
    )


def has_review(agency_id: int, review_id: int) -> bool:
    """Return whether the agency has the review."""
    return Review.objects.filter(pk=review_id, agency_id=agency_id).exists()


def has_self_assessment(agency_id: int, assessment_id: int) -> bool:
    """Return whether the agency has the self-assessment."""
    return SelfAssessment.objects.filter(pk=assessment_id, agency_id=agency_id).exists()
