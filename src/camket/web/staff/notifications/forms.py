"""Forms of how people are told, and before whom overdue work is brought."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from camket.core.reminders import LONGEST_BEFORE, Way, Whom
from camket.notifications.operations import DAYS_MOST
from camket.notifications.queries import Choices

WAYS = {
    Way.AT_ONCE: _("By e-mail at once"),
    Way.DAILY: _("Once a day by e-mail"),
    Way.WEEKLY: _("In Monday's digest"),
    Way.INSIDE: _("In Cam Kết only"),
}
RUNGS = {
    Whom.HEAD: _("Head of the unit"),
    Whom.SECRETARY: _("ISO secretary"),
    Whom.REPRESENTATIVE: _("Management representative (QMR)"),
    Whom.CHAIRMAN: _("Chairman"),
}


class ChoicesForm(forms.Form):
    """One choice for each topic, named by its key."""

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for topic in choices.topics:
            self.fields[topic.key] = forms.ChoiceField(
                label=gettext(topic.title),
                choices=[(way.value, WAYS[way]) for way in topic.ways],
                initial=topic.way.value,
            )


class LadderForm(forms.Form):
    """Working days before which whoever does the work is reminded, and after which others are told of what is overdue.

    An empty field leaves a rung out.
    """

    before = forms.IntegerField(
        label=_("Whoever does the work is reminded before the last day"),
        min_value=1,
        max_value=LONGEST_BEFORE,
        help_text=_("In working days. The day itself and the first day after it are told of anyway."),
        error_messages={
            "required": _("Enter a whole number of working days."),
            "invalid": _("Enter a whole number of working days."),
            "min_value": _("Enter at least 1 working day."),
            "max_value": _("Enter at most 20 working days."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["before"].is_short = True  # type: ignore[attr-defined]
        for whom, label in RUNGS.items():
            field = forms.IntegerField(
                label=label,
                required=False,
                min_value=1,
                max_value=DAYS_MOST,
                error_messages={
                    "invalid": _("Enter a whole number of working days."),
                    "min_value": _("Enter at least 1 working day, or leave it empty."),
                    "max_value": _("Enter at most 60 working days."),
                },
            )
            field.is_short = True  # type: ignore[attr-defined]
            self.fields[whom.value] = field

    @property
    def rungs(self) -> list[forms.BoundField]:
        """The fields of those above."""
        return [self[whom.value] for whom in RUNGS]
