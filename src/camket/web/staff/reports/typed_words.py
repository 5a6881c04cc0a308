"""What the texts are called in which figures were typed by hand."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from camket.reporting.typed import HandTyped

_NAMES = {
    "sentence": _("Sentence of the report"),
    "reason": _("Cause"),
    "remedy": _("Remedy"),
    "assessment": _("General assessment"),
    "difficulties": _("Shortcomings and their causes"),
    "proposals": _("Tasks, solutions and proposals"),
    "late": _("Why it is late"),
}


def typed_shown(found: Iterable[HandTyped]) -> list[tuple[HandTyped, str]]:
    """Return each text with its name for people."""
    return [(each, str(_NAMES[each.field])) for each in found]
