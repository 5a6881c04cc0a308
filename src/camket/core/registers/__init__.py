"""The office's registers as data: what each holds, how it is read from a spreadsheet, what it adds to the counts.

:mod:`.definition` says what a register is made of; each other module defines one family of registers; :data:`REGISTERS`
holds them all by key. Pages, forms, spreadsheets, counts and indicators are made from the definitions alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from camket.core.registers.definition import (
    Choice,
    Count,
    Facts,
    Field,
    Kind,
    Register,
)
from camket.core.registers.documents import INCOMING, OUTGOING
from camket.core.registers.events import COUNTING
from camket.core.registers.meetings import MEETINGS
from camket.core.registers.outside import ASSESSMENTS, FIGURES
from camket.core.registers.staff import DISCIPLINE, GRADING, POSITIONS, QUALIFICATIONS, TITLES, TRAINING
from camket.core.registers.work import DIRECTIVES, PROGRAMME

__all__ = ["REGISTERS", "Choice", "Count", "Facts", "Field", "Kind", "Register", "by_slug", "register"]


def _counted(definition: Register) -> Register:
    """Return a register with what its entries add to the counts."""
    counting = COUNTING[definition.key]
    marked = next((each.label for each in definition.fields if each.key == counting.mark), "")
    return replace(
        definition,
        counts=counting.counts,
        events=counting.events,
        mark=counting.mark_of,
        mark_label=marked,
    )


REGISTERS: Mapping[str, Register] = MappingProxyType(
    {
        each.key: _counted(each)
        for each in (
            DIRECTIVES,
            PROGRAMME,
            MEETINGS,
            INCOMING,
            OUTGOING,
            FIGURES,
            ASSESSMENTS,
            TRAINING,
            QUALIFICATIONS,
            GRADING,
            TITLES,
            DISCIPLINE,
            POSITIONS,
        )
    }
)
"""All registers by key, in the order in which pages show them."""

_BY_SLUG = {each.slug: each for each in REGISTERS.values()}


def register(key: str) -> Register:
    """Return the register of a key; raises KeyError for none."""
    return REGISTERS[key]


def by_slug(slug: str) -> Register:
    """Return the register that addresses call so; raises KeyError for none."""
    return _BY_SLUG[slug]
