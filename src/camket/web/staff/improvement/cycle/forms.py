"""The numbers of the rhythm as people type them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext

from camket.improvement.queries.rules import RulesPage
from camket.web.forms.fields import IntegerField
from camket.web.request import say


class RulesForm(forms.Form):
    """One field for each number, with where it comes from beside it."""

    def __init__(self, data: Any, *, found: RulesPage) -> None:
        super().__init__(data)
        for row in found.rows:
            rule = row.rule
            self.fields[rule.key] = IntegerField(
                label=f"{gettext(rule.title)} ({gettext(rule.unit)})",
                smallest=rule.least,
                largest=rule.most,
                suffix=gettext(rule.unit),
                initial=row.value,
                help_text="{} {}".format(
                    gettext("Proposed: %(number)s.") % {"number": rule.proposed}, say(row.source)
                ),
            )
