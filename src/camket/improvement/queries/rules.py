"""The rhythm and the limits of the improvement cycle as their page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from camket.core.messages import Message
from camket.core.rhythm import RULES, ReportLimit, Rule, report_limit, source_of
from camket.improvement.models import CycleRules
from camket.org.personal import shown_name
from camket.org.policy import Actor, require


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A number with what is proposed and where it comes from."""

    rule: Rule
    value: int
    source: Message

    @property
    def is_own(self) -> bool:
        """Whether the agency set another than the proposed one."""
        return self.value != self.rule.proposed


@dataclass(frozen=True, slots=True)
class RulesPage:
    """All numbers; ``changed_at`` is None where those that are proposed hold as shipped."""

    rows: tuple[RuleRow, ...]
    changed_at: datetime | None
    changed_by: str
    report: ReportLimit


def rules(actor: Actor, today: date) -> RulesPage:
    """Return the agency's rhythm and limits; one SQL statement. Raises NotAllowed."""
    require(actor, "cycle.rules")
    row = CycleRules.objects.filter(agency_id=actor.agency_id).select_related("changed_by").first()
    return RulesPage(
        rows=tuple(
            RuleRow(rule, rule.proposed if row is None else getattr(row, rule.key), source_of(rule))
            for rule in RULES
        ),
        changed_at=row.changed_at if row else None,
        changed_by=shown_name(actor, row.changed_by.full_name) if row and row.changed_by else "",
        report=report_limit(today),
    )
