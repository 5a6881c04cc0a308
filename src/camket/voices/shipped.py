"""Questionnaires that the product ships: dated data, each with the text whose method it follows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from camket.core.questionnaire import Content, parse

SHIPPED = Path(__file__).with_name("questionnaires.json")


@dataclass(frozen=True, slots=True)
class ShippedQuestionnaire:
    """A questionnaire to begin with. ``is_checked`` is False where its method was not read in the text itself.

    Past ``valid_to`` a newer method is to be expected; ``replaced_by`` names the one that follows it once it is known.
    """

    code: str
    valid_from: date
    valid_to: date | None
    replaced_by: str | None
    is_checked: bool
    source: str
    content: Content


@cache
def shipped_questionnaires() -> tuple[ShippedQuestionnaire, ...]:
    """Return the questionnaires shipped, in their order."""
    return tuple(
        ShippedQuestionnaire(
            code=row["code"],
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
            replaced_by=row["replaced_by"],
            is_checked=row["is_checked"],
            source=row["source"],
            content=parse(row["content"]),
        )
        for row in json.loads(SHIPPED.read_text("utf-8"))
    )


def shipped(code: str) -> ShippedQuestionnaire | None:
    """Return the shipped questionnaire of a code, None where none has it."""
    return next((each for each in shipped_questionnaires() if each.code == code), None)
