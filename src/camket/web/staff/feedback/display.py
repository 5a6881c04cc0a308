"""Feedback in a person's words: standings, steps, what a group of work waits for."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from camket.core import feedback as rules
from camket.core.blackout import WHAT_NAMES, What
from camket.core.feedback import Standing
from camket.core.wording.text import begun
from camket.voices.queries.feedback import FeedbackRow, StepRow
from camket.web import vietnamese
from camket.web.staff.badge import Badge

_STANDINGS = {
    Standing.OVERDUE: (_("Overdue"), "red", "alert-circle"),
    Standing.SOON: (_("Due soon"), "amber", "clock"),
    Standing.IN_TIME: (_("In time"), "blue", "progress"),
    Standing.SETTLED_IN_TIME: (_("Settled in time"), "green", "circle-check"),
    Standing.SETTLED_LATE: (_("Settled late"), "red", "alert-circle"),
}
GROUPS = {
    "to_approve": (_("Answers to be approved"), _("Read the answer, approve it or return it."), "blue"),
    "overdue": (_("Overdue"), _("Answer at once; the sender sees the date that was missed."), "red"),
    "to_take_up": (
        _("To be taken up"),
        _("Say of what kind it is and who answers, or pass it on within 5 working days."),
        "amber",
    ),
    "soon": (_("Due soon"), _("The last day in time is near."), "amber"),
    "to_send": (
        _("Settled, the sender not told yet"),
        _(
            "Post the answer, hand it over or call, then note it: who wrote on paper or called does not see the public page."
        ),
        "blue",
    ),
    "rest": (_("Being handled"), _("In time still."), "grey"),
}
STEPS = {
    "received": _("Received"),
    "classified": _("Kind said"),
    "assigned": _("Assigned"),
    "handed_on": _("Handed on to the unit that took over"),
    "in_hand": _("The sender reads that it is being handled"),
    "answer_saved": _("Draft of the answer saved"),
    "submitted": _("Answer put before the leader"),
    "returned": _("Answer returned"),
    "answered": _("Answer approved and sent"),
    "passed_on": _("Passed on"),
    "routed_complaint": _("Routed as a complaint"),
    "routed_denunciation": _("Routed as a denunciation"),
    **{f"found_{key}": _(name) for key, name in rules.OUTCOME_NAMES.items()},
    "set_aside": _("Not taken up"),
    "merged": _("Merged into one received before"),
    "merged_here": _("Another one on the same matter merged into this one"),
    "note": _("Internal note"),
    "supplement": _("The sender added something"),
    "reopen_reason": _("Why it was taken up again"),
    "reopened": _("Taken up again"),
    "published": _("Answer made public"),
    "unpublished": _("Answer taken back from the public page"),
    "reminded": _("Reminder: due soon"),
    "escalated": _("Overdue: the leaders were told"),
    "redated": _("Dated anew by calendar or limits"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """Feedback as a list shows it, in words."""

    row: FeedbackRow
    badge: Badge
    state: str
    kind: str
    way: str
    left: str


def shown(row: FeedbackRow) -> Shown:
    """Return a row in words."""
    # What is merged is neither in time nor late: the one that it is answered with counts.
    label, tone, icon = (_("Merged"), "grey", "link") if row.state == "merged" else _STANDINGS[row.standing]
    left = ""
    if row.settled_on is None:
        days = abs(row.days_left)
        if row.days_left < 0:
            left = ngettext("%(days)s working day late", "%(days)s working days late", days)
        elif row.days_left == 0:
            left = gettext("today is the last day")
        else:
            left = ngettext("%(days)s working day left", "%(days)s working days left", days)
        left %= {"days": vietnamese.number(days)}
    return Shown(
        row=row,
        badge=Badge(str(label), tone, icon),
        state=gettext(rules.STATE_NAMES[row.state]),
        kind=gettext(rules.KIND_NAMES[row.kind]),
        way=gettext(rules.WAY_NAMES[row.way]),
        left=left,
    )


def step(row: StepRow) -> tuple[str, StepRow]:
    """Return what a line of the history says, with the line."""
    if row.kind.startswith(rules.SENT):
        return _sent(row)
    return str(STEPS.get(row.kind, row.kind)), row


def _sent(row: StepRow) -> tuple[str, StepRow]:
    how = gettext(rules.SENDINGS[row.kind.removeprefix(rules.SENT)])
    if not row.text:  # of whoever reads no word of it
        return gettext("The sender was told the outcome: %(how)s") % {"how": how}, row
    day, note = rules.sent_words(row.text)
    label = gettext("The sender was told the outcome: %(how)s, %(day)s")
    return label % {"how": how, "day": vietnamese.day(day)}, replace(row, text=note)


def found_words(found: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    """Return what was blacked out: the words, and what they seem to be."""
    return [(text, begun(gettext(WHAT_NAMES[What(what)]))) for what, text in found]


def register_words() -> dict[str, dict[str, str]]:
    """Return what kinds, ways and states are called in the register."""
    return {
        "kind": {key: gettext(name) for key, name in rules.KIND_NAMES.items()},
        "way": {key: gettext(name) for key, name in rules.WAY_NAMES.items()},
        "state": {key: gettext(name) for key, name in rules.STATE_NAMES.items()},
        "outcome": {key: gettext(name) for key, name in rules.OUTCOME_NAMES.items()},
    }
