"""Objectives, targets and actions of plans, found by words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import Case, CharField, Count, F, IntegerField, QuerySet, TextField, Value, When, Window
from django.db.models.functions import Cast, RowNumber

from camket.core.finding import Found, Hit, Sought
from camket.objectives.models import Objective, ObjectiveAction, Plan, Target
from camket.org.policy import Actor, require
from camket.org.queries import holding

_GONE = (Plan.State.DISCARDED, Plan.State.REPLACED)
"""Versions that nobody works by and that another one has taken the place of."""
JUDGED = frozenset({Plan.State.PROMULGATED, Plan.State.CLOSED})
"""Plans whose objectives and targets have pages of their own; of others the plan is opened."""

_KINDS = ("objective", "target", "action")
_COLUMNS = (
    "found_kind", "found_at", "found_pk", "found_text", "found_number", "found_under", "found_year", "found_plan",
    "found_state", "found_in_all",
)  # fmt: skip


def find_in_plans(actor: Actor, sought: Sought, *, at_most: int) -> Found:
    """Return objectives, targets and actions that hold the words, of each kind the newest year's first.

    Of a hit ``part_of`` is the plan, ``about`` its year, ``state`` the plan's; a target that says word for word what its
    objective says is not told again. One SQL statement; raises NotAllowed.
    """
    require(actor, "plan.view")
    objectives = Objective.objects.filter(plan__agency_id=actor.agency_id).exclude(plan__state__in=_GONE)
    below = {"objective__plan__agency_id": actor.agency_id}
    gone = {"objective__plan__state__in": _GONE}
    targets = Target.objects.filter(**below).exclude(**gone).exclude(text=F("objective__text"))
    actions = ObjectiveAction.objects.filter(**below).exclude(**gone)
    rows = _found(objectives, 0, sought, "text", ("order",), at_most, number="number", also=("number",)).union(
        _found(targets, 1, sought, "text", ("objective__order", "order"), at_most, under="objective__"),
        _found(
            actions, 2, sought, "action__text", ("objective__order", "order"), at_most,
            number="action__number", under="objective__", pk="action_id",
        ),
        all=True,
    )  # fmt: skip
    totals = dict.fromkeys(_KINDS, 0)
    hits = []
    for kind, _at, pk, text, number, under, year, plan_id, state, in_all in sorted(
        rows, key=lambda row: row[:2]
    ):
        totals[_KINDS[kind]] = in_all
        shown = ".".join(each for each in (under, number) if each)
        hits.append(
            Hit(pk, text, kind=_KINDS[kind], number=shown, about=str(year), part_of=plan_id, state=state)
        )
    return Found(sum(totals.values()), tuple(hits))


def _found(
    rows: QuerySet[Any],
    kind: int,
    sought: Sought,
    text: str,
    order: tuple[str, ...],
    at_most: int,
    *,
    number: str = "",
    under: str = "",
    also: tuple[str, ...] = (),
    pk: str = "pk",
) -> QuerySet[Any, Any]:
    """Return the first rows of a kind that hold the words, each with how many there are; those side by side first.

    ``text`` is the column that is told and, with ``also``, looked through; ``under`` the way to the objective.
    """
    plan = f"{under}plan"
    side_by_side = holding(replace(sought, patterns=(sought.phrase_pattern,)), text, *also)
    near = Case(When(side_by_side, then=Value(0)), default=Value(1), output_field=IntegerField())
    own = Cast(F(number), CharField()) if number else Value("", CharField())
    above = F(f"{under}number") if under else Value("", CharField())
    first: QuerySet[Any, Any] = (
        rows.filter(holding(sought, text, *also))
        .annotate(
            found_kind=Value(kind, IntegerField()),
            found_at=Window(
                RowNumber(), order_by=[near, F(f"{plan}__year").desc(), F(f"{plan}__pk").desc(), *order, "pk"]
            ),
            found_pk=F(pk),
            found_text=Cast(F(text), TextField()),
            found_number=own,
            found_under=Cast(above, CharField()),
            found_year=F(f"{plan}__year"),
            found_plan=F(f"{plan}__pk"),
            found_state=F(f"{plan}__state"),
            found_in_all=Window(Count("pk")),
        )
        .filter(found_at__lte=at_most)
        .values_list(*_COLUMNS)
    )
    return first
