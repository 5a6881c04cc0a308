"""How nonconformities are shown: words and tones for their states, the fishbone of causes as a drawing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from camket.core.causes import Branch, Fishbone, Label, Line, lines
from camket.improvement.queries.nonconformities import NonconformityRow
from camket.web.staff.badge import Badge

SOURCES: Mapping[str, str | Promise] = {
    "audit": _("Internal audit"),
    "target": _("Missed target"),
    "dossiers": _("Late dossiers"),
    "feedback": _("Feedback"),
    "inspection": _("Inspection from above"),
    "review": _("Management review"),
    "other": _("Found at work"),
}
STATES: Mapping[str, tuple[str | Promise, str]] = {
    "proposed": (_("Proposal"), "amber"),
    "open": (_("Cause and plan being written"), "amber"),
    "planned": (_("Plan waits for approval"), "blue"),
    "acting": (_("Being carried out"), "blue"),
    "judging": (_("Effect to be judged"), "amber"),
    "closed": (_("Closed"), "green"),
    "dismissed": (_("Left as no nonconformity"), "grey"),
    "cancelled": (_("Cancelled"), "grey"),
}
STATE_FILTERS: Mapping[str, str | Promise] = {
    "running": _("Not closed yet"),
    "late": _("Overdue"),
    **{state: label for state, (label, _tone) in STATES.items()},
}
STEP_KINDS: Mapping[str, str | Promise] = {
    "corrective": _("Corrective action"),
    "correction": _("Step of correction"),
    "improvement": _("Improvement"),
}
DUE: Mapping[str, str | Promise] = {
    "plan": _("Plan due"),
    "step": _("Next step due"),
    "judge": _("Effect judged from"),
    "report": _("Report after the inspection due"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A nonconformity with its badge, its source and what comes next in words."""

    row: NonconformityRow
    badge: Badge
    source: str | Promise
    due: str | Promise


@dataclass(frozen=True, slots=True)
class ShownBranch:
    """A group of causes and its numbered lines."""

    name: str
    lines: tuple[Line, ...]


def shown(row: NonconformityRow) -> Shown:
    """Return a nonconformity as lists show it."""
    return Shown(row, Badge(*STATES[row.state]), SOURCES[row.source], DUE.get(row.due, ""))


def shown_all(rows: Iterable[NonconformityRow]) -> list[Shown]:
    """Return nonconformities as lists show them."""
    return [shown(each) for each in rows]


def shown_branches(branches: Sequence[Branch]) -> list[ShownBranch]:
    """Return the groups that have causes, with their lines."""
    return [ShownBranch(each.name, lines(each)) for each in branches if each.causes]


def drawing(drawn: Fishbone, head: str) -> SafeString:
    """Return the fishbone as SVG; colours and sizes come from classes, the words are in the list beside it."""
    spine = drawn.spine_y
    label = escape(gettext("Causes as a fishbone; the list says the same"))
    parts = [
        f'<svg class="nc-bones" viewBox="0 0 {drawn.width} {drawn.height}" width="{drawn.width}" height="{drawn.height}"'
        f' role="img" aria-label="{label}">',
        f'<line class="nc-spine" x1="16" y1="{spine}" x2="{drawn.spine_end}" y2="{spine}"/>',
        f'<path class="nc-head" d="M{drawn.spine_end} {spine} l-14 -9 v18 z"><title>{escape(head)}</title></path>',
    ]
    for bone in drawn.bones:
        parts.append(f'<line class="nc-bone" x1="{bone.x1}" y1="{bone.y1}" x2="{bone.x2}" y2="{bone.y2}"/>')
        parts.append(_words(bone.name, "nc-branch"))
        parts.extend(_words(each, "nc-cause") for each in bone.causes)
    return mark_safe("".join([*parts, "</svg>"]))  # noqa: S308 - every text is escaped


def _words(label: Label, name: str) -> str:
    anchor = ' text-anchor="end"' if label.is_end else ""
    return f'<text class="{name}" x="{label.x}" y="{label.y}"{anchor}>{escape(label.text)}</text>'
