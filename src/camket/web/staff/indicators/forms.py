"""Forms on indicators that an agency defines for itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from camket.core.formulas import Formula, Term, scale_of_unit
from camket.core.rollup import Stand
from camket.indicators.catalogue import Entry
from camket.indicators.definitions import MOST_DECIMALS, NewDefinition
from camket.indicators.sources import Source
from camket.indicators.sources.door import Choice
from camket.web.forms.fields import DateField, IntegerField, LongTextField

_SIGNS = [("", "–"), ("1", _("+ add")), ("-1", _("− take off"))]
_DIRECTIONS = [
    ("higher", _("The higher, the better")),
    ("lower", _("The lower, the better")),
    ("neither", _("Neither")),
]


@dataclass(frozen=True, slots=True)
class TermRow:
    """One count of the source with the two fields that take it into numerator and denominator."""

    label: str
    numerator: BoundField
    denominator: BoundField


@dataclass(frozen=True, slots=True)
class TermGroup:
    """Counts of one kind; open where one of them is taken."""

    title: str
    rows: tuple[TermRow, ...]
    is_open: bool


class DefinitionForm(forms.Form):
    """An indicator without programming: terms with + or −, filters from choices, what it is for."""

    name = forms.CharField(label=_("Name of the indicator"), max_length=500)
    about = LongTextField(label=_("What it says"), required=False, rows=2)
    unit = forms.CharField(
        label=_("Unit of the result"),
        max_length=100,
        required=False,
        initial="%",
        help_text=_("With % the result is multiplied by 100; else it is the bare number or quotient."),
    )
    direction = forms.ChoiceField(label=_("Which way is better"), choices=_DIRECTIONS, initial="higher")
    decimals = IntegerField(label=_("Decimals shown"), smallest=0, largest=MOST_DECIMALS, initial=2)
    valid_from = DateField(label=_("To be used from"))
    clause = forms.CharField(
        label=_("Clause of ISO 9001"), max_length=60, required=False, help_text=_("As 9.1.1.")
    )
    legal_source = forms.CharField(label=_("Legal source"), max_length=500, required=False)

    def __init__(
        self, *args: Any, source: Source, choices: Mapping[str, tuple[Choice, ...]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.source = source
        for key in source.counts:
            for part, label in (("n", _("Numerator")), ("d", _("Denominator"))):
                field = forms.ChoiceField(choices=_SIGNS, required=False)
                words = gettext(source.counts[key].label)
                field.widget.attrs["aria-label"] = f"{label}: {words}"
                field.label = words
                self.fields[f"{part}_{key}"] = field
        for key, dimension in source.dimensions.items():
            offered = choices.get(key, ())
            if offered:
                self.fields[f"f_{key}"] = forms.MultipleChoiceField(
                    label=gettext(dimension.label).capitalize(),
                    choices=[
                        (each.word, gettext(each.name) if each.is_message else each.name) for each in offered
                    ],
                    required=False,
                    widget=forms.CheckboxSelectMultiple,
                )

    @staticmethod
    def initial_of(entry: Entry) -> dict[str, Any]:
        """Return what the form shows of an indicator that is to be replaced."""
        formula = entry.formula
        found: dict[str, Any] = {
            key: getattr(entry, key)
            for key in ("name", "about", "unit", "direction", "decimals", "clause", "legal_source")
        }
        if formula is not None:
            for part, terms in (("n", formula.numerator), ("d", formula.denominator or ())):
                found |= {f"{part}_{term.count}": str(term.times) for term in terms}
            found |= {f"f_{key}": list(words) for key, words in formula.filters.items()}
        return found

    def term_groups(self) -> Iterator[TermGroup]:
        """Yield the counts by kind: what arises in a period, how things stand, classes of handling time."""
        titles = {
            "flow": gettext("What arises in the period"),
            "handled": gettext("By handling time"),
            Stand.END.value: gettext("As it stands at the end of the period"),
            Stand.START.value: gettext("As it stood before the period"),
        }
        kinds: dict[str, list[str]] = {kind: [] for kind in titles}
        for key, count in self.source.counts.items():
            kind = "handled" if key.startswith("handled_") else count.stand.value
            kinds[kind].append(key)
        first = next(kind for kind, keys in kinds.items() if keys)
        for kind, keys in kinds.items():
            if keys:
                rows = tuple(
                    TermRow(gettext(self.source.counts[key].label), self[f"n_{key}"], self[f"d_{key}"])
                    for key in keys
                )
                taken = any(row.numerator.value() or row.denominator.value() for row in rows)
                yield TermGroup(titles[kind], rows, taken or kind == first)

    def filter_fields(self) -> Iterator[tuple[BoundField, bool]]:
        """Yield the fields that narrow down what is counted, each with whether something is chosen."""
        for key in self.source.dimensions:
            if f"f_{key}" in self.fields:
                field = self[f"f_{key}"]
                yield field, bool(field.value())

    def about_fields(self) -> Iterator[BoundField]:
        """Yield the fields on what the indicator is for."""
        for key in ("unit", "direction", "decimals", "valid_from", "clause", "legal_source"):
            yield self[key]

    def clean(self) -> dict[str, Any]:
        """Make a formula of what is chosen; refuse one that counts nothing."""
        data: dict[str, Any] = super().clean() or {}
        numerator, denominator = self._terms("n"), self._terms("d")
        if not numerator:
            self.add_error(
                None, gettext("Choose at least one thing that the numerator counts: add it with +.")
            )
            return data
        data["formula"] = Formula(
            source=self.source.key,
            numerator=numerator,
            denominator=denominator or None,
            filters={key: tuple(words) for key in self.source.dimensions if (words := data.get(f"f_{key}"))},
            scale=scale_of_unit(data.get("unit", "").strip()) if denominator else 1,
        )
        return data

    def formula(self) -> Formula | None:
        """Return the formula chosen, also where other fields are still missing."""
        return self.cleaned_data.get("formula") if hasattr(self, "cleaned_data") else None

    def definition(self) -> NewDefinition:
        """Return what is to be kept."""
        data = self.cleaned_data
        return NewDefinition(
            name=data["name"],
            about=data["about"],
            formula=data["formula"],
            unit=data["unit"],
            direction=data["direction"],
            decimals=data["decimals"],
            clause=data["clause"],
            legal_source=data["legal_source"],
            valid_from=data["valid_from"],
        )

    def _terms(self, part: str) -> tuple[Term, ...]:
        found = ((key, self.cleaned_data.get(f"{part}_{key}")) for key in self.source.counts)
        return tuple(Term(key, int(sign)) for key, sign in found if sign)


class EndForm(forms.Form):
    """The last day on which an indicator is to be used."""

    last_day = DateField(label=_("Last day in use"))
