"""What a member of an audit's team takes along on a phone: all checklists of one audit, to answer without a network."""

from __future__ import annotations

from dataclasses import dataclass

from camket.improvement import catalogue
from camket.improvement.models import Audit, AuditQuestion
from camket.improvement.queries.audits import AuditPage, QuestionRow, UnitRow, page, question_rows
from camket.org.policy import Actor, require


@dataclass(frozen=True, slots=True)
class Book:
    """An audit's checklists, the codes and titles of clauses that a finding may name, and whether the person answers now."""

    page: AuditPage
    units: tuple[tuple[UnitRow, tuple[QuestionRow, ...]], ...]
    clauses: tuple[tuple[str, str], ...]
    may_answer: bool


def require_known(actor: Actor, audit_id: int) -> None:
    """Raise Audit.DoesNotExist where the actor's agency has no such audit."""
    require(actor, "audit.view")
    Audit.objects.only("pk").get(pk=audit_id, agency_id=actor.agency_id)


def book(actor: Actor, audit_id: int) -> Book:
    """Return what a phone takes along; three SQL statements beside the page's. Raises Audit.DoesNotExist."""
    shown = page(actor, audit_id)
    rows = AuditQuestion.objects.filter(audited__audit_id=audit_id).select_related("audited")
    by_unit = question_rows(actor, rows, shown.edition_key, shown.findings)
    clauses = catalogue.edition(shown.edition_key).clauses
    return Book(
        page=shown,
        units=tuple((each, by_unit.get(each.unit_id, ())) for each in shown.units),
        clauses=tuple((each.code, each.title) for each in clauses if not each.is_chapter),
        may_answer="answer" in shown.acts,
    )
