"""How risks and opportunities are shown: words and tones for kinds, states and levels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from camket.improvement.queries.risks import RiskRow
from camket.web.staff.badge import Badge

KINDS: Mapping[str, str | Promise] = {"risk": _("Risk"), "opportunity": _("Opportunity")}
ISSUES: Mapping[str, str | Promise] = {
    "external": _("External issue"),
    "internal": _("Internal issue"),
    "party": _("Interested party"),
}
ISSUE_GROUPS: Mapping[str, str | Promise] = {
    "external": _("External issues"),
    "internal": _("Internal issues"),
    "party": _("Interested parties"),
}
STATES: Mapping[str, tuple[str | Promise, str]] = {
    "proposed": (_("Proposal"), "amber"),
    "open": (_("Watched"), "blue"),
    "ended": (_("Watched no more"), "grey"),
    "dismissed": (_("Proposal left"), "grey"),
}
STATE_FILTERS: Mapping[str, str | Promise] = {
    "due": _("To be rated now"),
    "proposed": _("Proposals to decide on"),
    "ended": _("Watched no more"),
    "all": _("All"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A risk with its badge and the name of its kind."""

    row: RiskRow
    badge: Badge
    kind: str | Promise


def shown(row: RiskRow) -> Shown:
    """Return a risk as lists show it."""
    return Shown(row, Badge(*STATES[row.state]), KINDS[row.kind])
