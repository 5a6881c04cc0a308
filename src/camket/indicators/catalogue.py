"""The indicators on offer: those that are shipped, and those that an agency defined for itself.

Shipped ones stand in ``catalogue.json`` and cover all that quality decisions usually measure. What no records tell of is
entered by hand and says of what. Each names its clause of ISO 9001 and its legal source, and how long it holds.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.db.models import Q
from django.utils.translation import get_language, gettext

from camket.core.dossiers import CHANNEL_NAMES, LEVEL_NAMES
from camket.core.feedback import KIND_NAMES as FEEDBACK_KINDS
from camket.core.feedback import WAY_NAMES as FEEDBACK_WAYS
from camket.core.formulas import Formula, from_json, in_words
from camket.core.targets import Measure
from camket.core.wording.text import begun
from camket.indicators.counting import is_standing
from camket.indicators.models import Definition
from camket.indicators.sources import source, word_of
from camket.indicators.sources.door import Choice

_FILE = Path(__file__).with_name("catalogue.json")


@dataclass(frozen=True, slots=True)
class Entry:
    """An indicator on offer.

    ``formula`` is None where figures are entered by hand: ``numerator_label`` and ``denominator_label`` say then what
    of, ``entered_every`` how often. ``direction`` is higher, lower or neither (better). ``definition_id`` is of an
    agency's own.
    """

    code: str
    group: str
    name: str
    english: str
    measure: Measure
    unit: str
    direction: str
    decimals: int
    adds_up: bool
    about: str = ""
    formula: Formula | None = None
    numerator_label: str = ""
    denominator_label: str = ""
    entered_every: str = ""
    clause: str = ""
    legal_source: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    replaced_by: str = ""
    definition_id: int | None = None

    @property
    def shown_name(self) -> str:
        """Its name in the reader's language; what an agency defined has one name."""
        return self.english if self.english and (get_language() or "vi")[:2] != "vi" else self.name

    @property
    def is_counted(self) -> bool:
        """Whether records tell of it, so that nobody enters it."""
        return self.formula is not None

    @property
    def is_own(self) -> bool:
        """Whether an agency defined it for itself."""
        return self.definition_id is not None

    def holds_on(self, day: date) -> bool:
        """Return whether it is to be used on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


@dataclass(frozen=True, slots=True)
class Group:
    """A heading of the catalogue."""

    key: str
    name: str
    english: str

    @property
    def shown_name(self) -> str:
        """Its name in the reader's language."""
        return self.english if (get_language() or "vi")[:2] != "vi" else self.name


OWN = Group("own", "Do đơn vị tự định nghĩa", "Defined by the agency itself")


@cache
def shipped() -> Mapping[str, Entry]:
    """Return the shipped indicators by code, in their order."""
    return {row["code"]: _entry(row) for row in _read()["indicators"]}


@cache
def groups() -> tuple[Group, ...]:
    """Return the headings of the catalogue in their order, the agency's own last."""
    return (*(Group(key, row["name"], row["english"]) for key, row in _read()["groups"].items()), OWN)


def entries(agency_id: int, on: date | None = None) -> dict[str, Entry]:
    """Return all indicators on offer to an agency by code, its own last; with ``on`` those to be used that day.

    Of an own definition in several versions the one of that day, else the newest. One SQL statement.
    """
    found = dict(shipped())
    for row in _own(agency_id, on):
        found[row.code] = row
    return found if on is None else {code: each for code, each in found.items() if each.holds_on(on)}


def entry(agency_id: int, code: str, on: date | None = None) -> Entry:
    """Return the indicator of a code; raises Definition.DoesNotExist where the agency has none of it.

    No SQL statement for a shipped one.
    """
    known = shipped().get(code)
    if known is not None:
        return known
    found = [each for each in _own(agency_id, on) if each.code == code]
    if not found:
        raise Definition.DoesNotExist(code)
    return found[-1]


class NamesRead:
    """What an agency's fields, procedures, units and the like are called, read once for each kind that is asked for."""

    def __init__(self, agency_id: int) -> None:
        self._agency_id = agency_id
        self._choices: dict[str, Mapping[str, Sequence[Choice]]] = {}

    def choices(self, key: str) -> Mapping[str, Sequence[Choice]]:
        """Return what may be chosen in a source."""
        if key not in self._choices:
            self._choices[key] = source(key).choices(self._agency_id)
        return self._choices[key]


def formula_words(
    formula: Formula, agency_id: int | None = None, *, names_read: NamesRead | None = None
) -> str:
    """Return a formula in one line in the reader's language, as it stands beside every figure.

    With an agency, fields, procedures and units are called as they are there (one SQL statement, three at most);
    without one, by their words. ``names_read`` keeps what was read for many formulas of one page.
    """
    origin = source(formula.source)
    named = set(formula.filters) & {"field", "procedure", "unit", "indicator", "item"}
    if names_read is None and agency_id is not None:
        names_read = NamesRead(agency_id)
    choices = names_read.choices(formula.source) if names_read is not None and named else {}
    names = {
        (dimension, choice.word): gettext(choice.name) if choice.is_message else choice.name
        for dimension in named & set(choices)
        for choice in choices[dimension]
    }

    def word(dimension: str, text: str) -> str:
        if known := names.get((dimension, text)):
            return known
        # A filter may name the beginning of what several are called.
        alike = [name for (of, key), name in names.items() if of == dimension and text in key]
        return ", ".join(alike[:3]) or _word(formula.source, dimension, text)

    said = in_words(
        formula,
        count=lambda key: gettext(origin.counts[key].label),
        dimension=lambda key: gettext(origin.dimensions[key].label),
        word=word,
    )
    return begun(gettext(said.template) % said.params)


def labels(formula: Formula) -> tuple[str, str]:
    """Return what a formula's numerator and denominator count, in the reader's language; "" without a denominator."""
    parts = [formula.numerator, formula.denominator]
    top, bottom = (
        formula_words(replace(formula, numerator=terms, denominator=None, scale=1, filters={}))
        if terms
        else ""
        for terms in parts
    )
    return top, bottom


_STANDING: Mapping[tuple[str, str], str] = {
    **{("channel", key.name.lower()): name for key, name in CHANNEL_NAMES.items()},
    **{("level", key.name.lower()): name for key, name in LEVEL_NAMES.items()},
    **{("kind", key): name for key, name in FEEDBACK_KINDS.items()},
    **{("way", key): name for key, name in FEEDBACK_WAYS.items()},
}
"""Words of filters that are the same in every agency and have a name."""


def _word(source: str, dimension: str, text: str) -> str:
    known = word_of(source, dimension, text) or _STANDING.get((dimension, text))
    return gettext(known) if known else text


def _own(agency_id: int, on: date | None) -> list[Entry]:
    rows = Definition.objects.filter(agency_id=agency_id)
    if on is not None:
        rows = rows.filter(valid_from__lte=on).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on))
    return [entry_of(row) for row in rows.order_by("name", "code", "valid_from")]


def entry_of(row: Definition) -> Entry:
    """Return an agency's own definition as an indicator on offer."""
    formula = from_json(row.formula)
    return Entry(
        code=row.code,
        group=OWN.key,
        name=row.name,
        english="",
        about=row.about,
        measure=Measure.VALUE if formula.denominator is None else Measure.RATIO,
        unit=row.unit,
        direction=row.direction or "neither",
        decimals=row.decimals,
        adds_up=not is_standing(formula),
        formula=formula,
        clause=row.clause,
        legal_source=row.legal_source,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        definition_id=row.pk,
    )


def as_markdown() -> str:
    """Return the shipped catalogue as tables in Markdown, in the reader's language."""
    lines: list[str] = []
    for group in groups()[:-1]:
        lines += [f"## {group.shown_name}", "", _HEAD, "|---|---|---|---|---|---|"]
        for each in shipped().values():
            if each.group != group.key:
                continue
            words = formula_words(each.formula) if each.formula else _by_hand(each)
            arrow = {"higher": "↑", "lower": "↓"}.get(each.direction, "")
            source_of_law = each.legal_source
            if each.valid_to is not None:
                source_of_law += f" (→ {each.valid_to.isoformat()}: `{each.replaced_by}`)"
            cells = (
                f"`{each.code}`", each.shown_name, words, f"{each.unit} {arrow}".strip(), each.clause, source_of_law,
            )  # fmt: skip
            lines.append(f"| {' | '.join(cells)} |")
        lines.append("")
    return "\n".join(lines).rstrip()


_HEAD = "| Code | Indicator | Counted as (✎: entered by hand) | Unit | ISO 9001 | Source |"


def _by_hand(entry: Entry) -> str:
    if entry.denominator_label:
        return f"✎ {entry.numerator_label} ÷ {entry.denominator_label}"
    return f"✎ {entry.measure.value}"


def counted_formulas(found: Mapping[str, Entry], only: Collection[str] | None = None) -> dict[str, Formula]:
    """Return the formulas of those indicators that records tell of, by code."""
    return {
        code: each.formula
        for code, each in found.items()
        if each.formula is not None and (only is None or code in only)
    }


@cache
def _read() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    return found


def _entry(row: Mapping[str, Any]) -> Entry:
    formula = from_json(row["formula"]) if row.get("formula") else None
    texts: dict[str, Any] = {
        key: row.get(key, "")
        for key in (
            "about", "unit", "numerator_label", "denominator_label", "entered_every", "clause", "legal_source",
            "replaced_by",
        )
    }  # fmt: skip
    return Entry(
        code=row["code"],
        group=row["group"],
        name=row["name"],
        english=row["english"],
        measure=Measure(row["measure"]),
        direction=row["direction"],
        decimals=row["decimals"],
        adds_up=row["adds_up"],
        formula=formula,
        valid_from=_day(row.get("valid_from")),
        valid_to=_day(row.get("valid_to")),
        **texts,
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
