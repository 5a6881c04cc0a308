"""What is shipped for audits: clauses by edition, libraries of questions; and the agency's own questions beside them."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from camket.core.clauses import Edition, Library, Question, in_force, read_editions, read_libraries
from camket.core.self_assessment import Edition as SelfEdition
from camket.core.self_assessment import read_editions as read_self_editions
from camket.improvement.models import OwnQuestion

OWN = "own"
"""The library of an agency's own questions."""
PROCEDURE = "procedure:"
"""What the libraries of single procedures begin with; behind it stands the procedure's code."""


def editions() -> tuple[Edition, ...]:
    """Return the editions of the standard that are shipped."""
    return _editions()


def edition(key: str) -> Edition:
    """Return an edition by its key; KeyError for none."""
    return {each.key: each for each in _editions()}[key]


def edition_on(on: date) -> Edition:
    """Return the edition that is audited by on a day."""
    return in_force(_editions(), on)


def shipped() -> tuple[Library, ...]:
    """Return the libraries of questions that are shipped."""
    return _libraries()


def questions_of(agency_id: int, libraries: Collection[str]) -> tuple[Question, ...]:
    """Return the questions of libraries as an agency asks them, in their order; one SQL statement.

    A question of the agency's own that names a shipped one stands in its place, or takes it out where it is not active.
    """
    own = list(OwnQuestion.objects.filter(agency_id=agency_id).order_by("order", "pk"))
    instead = {each.source: each for each in own}
    found = []
    for library in _libraries():
        if library.key not in libraries:
            continue
        for each in library.questions:
            mine = instead.get(each.key)
            if mine is None:
                found.append(each)
            elif mine.is_active:
                found.append(Question(each.key, mine.clause, mine.text, mine.look_at))
    found += [
        Question(f"{OWN}/{each.pk}", each.clause, each.text, each.look_at)
        for each in own
        if each.is_active and each.source in libraries
    ]
    return tuple(found)


def self_assessment_edition(key: str = "") -> SelfEdition:
    """Return an edition of the self-assessment's indicators, the newest without a key; KeyError for none."""
    found = {each.key: each for each in _self_editions()}
    return found[key] if key else _self_editions()[-1]


def _read(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(Path(__file__).with_name(name).read_text("utf-8"))
    return data


@cache
def _editions() -> tuple[Edition, ...]:
    return read_editions(_read("clauses.json"))


@cache
def _libraries() -> tuple[Library, ...]:
    return read_libraries(_read("checklists.json"))


@cache
def _self_editions() -> tuple[SelfEdition, ...]:
    return read_self_editions(_read("self_assessment.json"))


def announcement_form(on: date) -> dict[str, Any]:
    """Return the form of an announcement in force on a day: its source, whether it is certain, its words."""
    found: dict[str, Any] = next(
        each
        for each in _announcement_forms()
        if (not each["valid_from"] or date.fromisoformat(each["valid_from"]) <= on)
        and (not each["valid_to"] or on <= date.fromisoformat(each["valid_to"]))
    )
    return found


@cache
def _announcement_forms() -> tuple[dict[str, Any], ...]:
    return tuple(_read("announcement.json")["forms"])
