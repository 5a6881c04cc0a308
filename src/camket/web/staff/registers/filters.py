"""What narrows the list of a register: words, standing, year, and the fields that have choices."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from camket.core.registers import Field, Kind, Register
from camket.core.registers.reading import Names
from camket.core.registers.standing import Standing
from camket.registers.queries import Wanted
from camket.web.forms.fields import DateField

YEARS = 8
"""So many years are offered, besides next year."""
MAIN = frozenset({"kind", "outcome", "item", "unit"})
"""Fields that narrow a list at first sight; the others are one step away."""

STANDINGS = {
    "due": (
        ("", _("All")),
        (Standing.OPEN, _("Being carried out")),
        (Standing.LATE, _("Overdue")),
        (Standing.SOON, _("Due soon")),
        (Standing.DONE, _("Done in time")),
        (Standing.DONE_LATE, _("Done late")),
        (Standing.WITHDRAWN, _("Withdrawn")),
    ),
    "noted": (("", _("All")), (Standing.WITHDRAWN, _("Withdrawn"))),
}


class FilterForm(forms.Form):
    """What a list is narrowed to; the address holds all of it."""

    tu = forms.CharField(
        label=_("Words"),
        required=False,
        max_length=200,
        widget=forms.TextInput({"placeholder": _("with or without accents"), "type": "search"}),
    )
    nam = forms.TypedChoiceField(label=_("Year"), required=False, coerce=int, empty_value=None)
    tinh_trang = forms.ChoiceField(required=False, widget=forms.HiddenInput())
    tu_ngay = DateField(label=_("From day"), required=False)
    den_ngay = DateField(label=_("To day"), required=False)
    xep = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput())
    dot = forms.IntegerField(required=False, min_value=1, max_value=10**18, widget=forms.HiddenInput())
    page = forms.IntegerField(required=False, min_value=1, max_value=10**7)

    def __init__(self, data: QueryDict, *, register: Register, names: Names, today: date) -> None:
        super().__init__(data)
        self.query = data
        self.register = register
        years = [(str(year), str(year)) for year in range(today.year + 1, today.year - YEARS, -1)]
        self.fields["nam"].choices = [("", _("All years")), *years]  # type: ignore[attr-defined]
        known = STANDINGS["due" if register.has_due else "noted"]
        self.fields["tinh_trang"].choices = list(known)  # type: ignore[attr-defined]
        self.narrowing = tuple(each for each in register.fields if _choices(each, names) is not None)
        for each in self.narrowing:
            self.fields[each.key] = forms.ChoiceField(
                label=gettext(each.label),
                required=False,
                choices=[("", gettext("All")), *(_choices(each, names) or ())],
            )

    def wanted(self) -> Wanted:
        """Return what is asked for; what cannot be read narrows nothing."""
        self.is_valid()
        data = self.cleaned_data
        return Wanted(
            words=data.get("tu") or "",
            filters={each.key: data[each.key] for each in self.narrowing if data.get(each.key)},
            standing=data.get("tinh_trang") or "",
            year=data.get("nam"),
            first=data.get("tu_ngay"),
            last=data.get("den_ngay"),
            sort=data.get("xep") or "",
            page=data.get("page") or 1,
            batch_id=data.get("dot"),
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether anything narrows the list; sorting and turning pages do not."""
        return any(value for name, value in self.cleaned_data.items() if name not in ("xep", "page"))

    @property
    def main(self) -> list[forms.BoundField]:
        """The fields that stand beside the words."""
        return [self[each.key] for each in self.narrowing if each.key in MAIN]

    @property
    def more(self) -> list[forms.BoundField]:
        """The fields that stand one step away."""
        return [
            self["tu_ngay"],
            self["den_ngay"],
            *(self[each.key] for each in self.narrowing if each.key not in MAIN),
        ]

    @property
    def has_more(self) -> bool:
        """Whether one of those is filled in."""
        return any(field.value() for field in self.more)

    def standings(self) -> list[tuple[str, Any, str, bool]]:
        """Return how entries may stand, each with its label, its address and whether it is shown now."""
        now = self.cleaned_data.get("tinh_trang") or ""
        found = []
        for value, label in STANDINGS["due" if self.register.has_due else "noted"]:
            query = self.query.copy()
            for name in ("page", "tinh_trang"):
                query.pop(name, None)
            if value:
                query["tinh_trang"] = str(value)
            found.append((str(value), label, f"?{query.urlencode()}", str(value) == now))
        return found


def _choices(each: Field, names: Names) -> list[tuple[str, str]] | None:
    """Return by what a field narrows the list; None where it does not."""
    if each.kind is Kind.CHOICE:
        return [(one.word, gettext(one.name)) for one in each.choices]
    if not each.column:
        return None
    if each.kind is Kind.UNIT:
        return [(str(pk), called[0]) for pk, called in names.units]
    if each.kind is Kind.PERSON:
        return [(str(one.id), names.person(one.id)) for one in names.people]
    if each.kind is Kind.ITEM:
        return [(str(one.id), one.name) for one in names.items]
    return None
