"""How audits, answers and findings are shown: words, tones, icons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from camket.improvement.queries.audits import AuditRow, FindingRow
from camket.improvement.queries.audits_programme import Adjustment
from camket.web.staff.badge import Badge

Word = str | Promise

KINDS: Mapping[str, Word] = {
    "planned": _("Of the programme"),
    "extra": _("Extraordinary"),
    "follow_up": _("Follow-up"),
}
PARTS: Mapping[str, Word] = {
    "lead": _("Team leader"),
    "member": _("Auditor"),
    "expert": _("Technical expert"),
    "observer": _("Observer"),
}
GRADES: Mapping[str, Badge] = {
    "major": Badge(_("Major nonconformity"), "red", "alert-circle"),
    "minor": Badge(_("Minor nonconformity"), "amber", "alert-triangle"),
    "observation": Badge(_("Observation"), "blue", "eye"),
    "opportunity": Badge(_("Opportunity to improve"), "blue", "trending-up"),
    "good": Badge(_("Good practice"), "green", "star"),
}
STATES: Mapping[str, Badge] = {
    "planned": Badge(_("Being prepared"), "grey"),
    "announced": Badge(_("Announced"), "blue"),
    "open": Badge(_("Audit on site"), "amber"),
    "reporting": Badge(_("Report being written"), "amber"),
    "reported": Badge(_("Report is issued"), "blue"),
    "closed": Badge(_("Closed"), "green"),
    "cancelled": Badge(_("Cancelled"), "red"),
}
PROGRAMME_STATES: Mapping[str, Badge] = {
    "draft": Badge(_("Draft"), "grey"),
    "submitted": Badge(_("Waits for approval"), "amber"),
    "approved": Badge(_("Approved"), "green"),
    "closed": Badge(_("Closed"), "grey"),
}
ANSWERS: Mapping[str, Badge] = {
    "": Badge(_("Not answered"), "grey", "circle-dashed"),
    "conforms": Badge(_("Conforms"), "green", "check"),
    "finding": Badge(_("Finding"), "amber", "alert-triangle"),
    "none": Badge(_("Does not apply"), "grey", "minus"),
}
TREATED: Mapping[str, Badge] = {
    "open": Badge(_("Being analysed"), "amber"),
    "planned": Badge(_("Plan waits for approval"), "amber"),
    "acting": Badge(_("Being carried out"), "blue"),
    "judging": Badge(_("Effect to be judged"), "amber"),
    "closed": Badge(_("Settled"), "green"),
    "cancelled": Badge(_("Cancelled"), "grey"),
}


ADJUSTED: Mapping[str, Word] = {
    "added": _("Added"),
    "changed": _("Changed"),
    "cancelled": _("Cancelled"),
}


WATCHED: Mapping[str, Badge] = {
    "proposed": Badge(_("Proposed for the book of risks"), "grey"),
    "open": Badge(_("Watched as a risk or opportunity"), "blue"),
    "ended": Badge(_("Watched no more"), "green"),
    "dismissed": Badge(_("Not taken into the book of risks"), "grey"),
}


@dataclass(frozen=True, slots=True)
class ShownAudit:
    """An audit with its badge and its findings in words."""

    row: AuditRow
    badge: Badge
    kind: Word
    grades: tuple[tuple[Badge, int], ...]


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding with its grade and what became of it."""

    row: FindingRow
    grade: Badge
    treated: Badge | None
    watched: Badge | None


def shown(row: AuditRow) -> ShownAudit:
    """Return an audit as lists show it."""
    grades = tuple((badge, row.grades[grade]) for grade, badge in GRADES.items() if row.grades.get(grade))
    return ShownAudit(row, STATES[row.state], KINDS[row.kind], grades)


def adjusted(changes: Iterable[Adjustment]) -> list[tuple[Adjustment, Word]]:
    """Return changes of an approved programme with what each is, in words."""
    return [(each, ADJUSTED[each.what]) for each in changes]


def shown_finding(row: FindingRow) -> ShownFinding:
    """Return a finding as lists show it."""
    treated = TREATED.get(row.nonconformity[2]) if row.nonconformity else None
    return ShownFinding(row, GRADES[row.grade], treated, WATCHED.get(row.risk[1]) if row.risk else None)
