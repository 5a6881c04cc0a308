"""Where rows stand among their like, and what they are numbered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.db.models import Max

from camket.core.messages import Message, gettext_noop
from camket.core.wording.targets import FoundTarget
from camket.objectives.details import FieldSource, field_source_json
from camket.objectives.models import Objective, ObjectiveAction, Target
from camket.objectives.rows import Refused, target_row

Ranked = TypeVar("Ranked", Objective, Target, ObjectiveAction)


class PositionNotPossible(Refused):
    """A row is moved to a place that is not there."""

    def __init__(self) -> None:
        super().__init__(Message(gettext_noop("It cannot be moved there.")))


class SplitNotPossible(Refused):
    """A split leaves one part empty, or names rows that are not the row's own."""

    def __init__(self) -> None:
        super().__init__(Message(gettext_noop("Both parts of the split need a text.")))


class MergeNotPossible(Refused):
    """Two rows that are not of one plan, or one row with itself, are merged."""

    def __init__(self) -> None:
        super().__init__(Message(gettext_noop("Only two different rows of the same plan can be merged.")))


def place_row(row: Ranked, others: list[Ranked], position: int | None) -> None:
    """Save a row at a place among others, which move up for it."""
    at: int = len(others) if position is None else position
    if not 0 <= at <= len(others):
        raise PositionNotPossible()
    row.order = at
    row.save()
    ranked = list(others)
    ranked.insert(at, row)
    close_ranks(ranked)


def close_ranks(rows: Sequence[Ranked]) -> None:
    """Number rows 0, 1, … in their order."""
    moved: list[Ranked] = []
    for order, row in enumerate(rows):
        if row.order != order:
            row.order = order
            moved.append(row)
    if moved:
        type(moved[0])._default_manager.bulk_update(moved, ["order"], batch_size=100)


def append_rows(objective: Objective, targets: list[Target], placements: list[ObjectiveAction]) -> None:
    """Hand targets and actions on to an objective, after its own; an action's number that is taken is counted on."""
    order = next_order(objective.targets)
    for offset, target in enumerate(targets):
        target.objective, target.order = objective, order + offset
    Target.objects.bulk_update(targets, ["objective", "order"])
    order = next_order(objective.placements)
    numbers = list(objective.placements.values_list("action__number", flat=True))
    for offset, placement in enumerate(placements):
        placement.objective, placement.order = objective, order + offset
        action = placement.action
        if action.number in numbers:
            action.number = next_number(numbers)
            action.save(update_fields=["number"])
        numbers.append(action.number)
    ObjectiveAction.objects.bulk_update(placements, ["objective", "order"])


def append_targets(objective: Objective, found: Iterable[FoundTarget]) -> list[Target]:
    """Save the targets found in words, after those that the objective has."""
    order = next_order(objective.targets)
    rows = []
    for offset, each in enumerate(found):
        row = target_row(objective, order + offset, each.target)
        row.source = field_source_json(FieldSource(None, float(each.confidence), each.warnings))
        row.save()
        rows.append(row)
    return rows


def next_order(rows: Any) -> int:
    """Return the place after the last of some rows."""
    latest = rows.aggregate(latest=Max("order"))["latest"]
    return 0 if latest is None else latest + 1


def next_number(numbers: Iterable[str]) -> str:
    """Return the number after the highest, keeping what stands before its last point: after "4.2" comes "4.3"."""
    highest, lead = 0, ""
    for number in numbers:
        head, _, last = number.rpartition(".")
        if last.isdecimal() and int(last) >= highest:
            highest, lead = int(last), f"{head}." if head else ""
    return f"{lead}{highest + 1}"


def joined(first: str, second: str) -> str:
    """Return two texts as one; what is empty or says the same is left out."""
    if not second or second == first:
        return first
    if not first:
        return second
    return f"{first} {second}" if first[-1] in ".;:" else f"{first}; {second}"
