"""Whether a plan says all that the standard asks of it, and where it does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from camket.core.messages import Message, gettext_noop
from camket.core.plan import ScheduleKind
from camket.objectives.details import ActionDetail, ObjectiveDetail, PlanDetail


class Element(StrEnum):
    """The five elements of planning.

    Source: ISO 9001:2015, 6.2.2 a-e.
    """

    WHAT = "what"
    RESOURCES = "resources"
    WHO = "who"
    WHEN = "when"
    EVALUATION = "evaluation"


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing, and where; a plan with a gap that ``blocks`` is not put in force."""

    element: Element
    blocks: bool
    message: Message
    objective_id: int | None = None
    action_id: int | None = None


@dataclass(frozen=True, slots=True)
class Completeness:
    """All gaps of a plan, in reading order."""

    gaps: tuple[Gap, ...]

    @property
    def blocking(self) -> tuple[Gap, ...]:
        """Gaps that must be closed before the plan is submitted and put in force."""
        return tuple(gap for gap in self.gaps if gap.blocks)

    @property
    def warnings(self) -> tuple[Gap, ...]:
        """Gaps that a person should know of."""
        return tuple(gap for gap in self.gaps if not gap.blocks)

    @property
    def by_element(self) -> Mapping[str, tuple[Gap, ...]]:
        """The gaps of each of the five elements, all five always there."""
        return {
            element.value: tuple(gap for gap in self.gaps if gap.element is element) for element in Element
        }

    @property
    def is_complete(self) -> bool:
        """Whether nothing blocks."""
        return not self.blocking


def completeness_of(plan: PlanDetail) -> Completeness:
    """Return what a plan lacks of the five elements of planning.

    Who may be said by an objective's owner for all its actions; resources and evaluation once for the whole plan,
    and evaluation also by the objective's method of measuring or by the evidence an action gives.

    Source: ISO 9001:2015, 6.2.1 (measurable) and 6.2.2.
    """
    return Completeness(
        (
            *_what(plan),
            *_stated(
                plan,
                Element.RESOURCES,
                lambda objective, action: bool(plan.resources or action.resources),
                gettext_noop(
                    "No resources are stated. State them once for the whole plan, or for each action (%(count)s)."
                ),
                gettext_noop("Action %(place)s states no resources."),
            ),
            *_who(plan),
            *_when(plan),
            *_stated(
                plan,
                Element.EVALUATION,
                lambda objective, action: bool(
                    plan.evaluation or action.evaluation or action.evidence or objective.method
                ),
                gettext_noop(
                    "How results are evaluated is not stated. "
                    "State it once for the whole plan, or for each action (%(count)s)."
                ),
                gettext_noop("Action %(place)s does not state how its result is evaluated."),
            ),
        )
    )


def place_of(objective: ObjectiveDetail, action: ActionDetail) -> str:
    """Return how a person cites an action: its own number where that holds the objective's, else both."""
    if action.number.startswith(f"{objective.number}."):
        return action.number
    return f"{objective.number}.{action.number}" if action.number else objective.number


def _what(plan: PlanDetail) -> Iterator[Gap]:
    if not plan.objectives:
        yield Gap(Element.WHAT, blocks=True, message=Message(gettext_noop("The plan has no objective yet.")))
    for objective in plan.objectives:
        number = {"number": objective.number}
        if not objective.actions:
            message = Message(gettext_noop("Objective %(number)s has no action."), number)
            yield Gap(Element.WHAT, blocks=True, message=message, objective_id=objective.id)
        if not objective.targets:
            message = Message(
                gettext_noop("Objective %(number)s has no target, so nobody can tell whether it is reached."),
                number,
            )
            yield Gap(Element.WHAT, blocks=False, message=message, objective_id=objective.id)


def _who(plan: PlanDetail) -> Iterator[Gap]:
    unmapped: dict[str, list[tuple[ObjectiveDetail, ActionDetail]]] = {}
    for objective, action in _actions(plan):
        if objective.owner_id is not None:
            continue
        if not action.lead:
            message = Message(
                gettext_noop("Action %(place)s has no lead. Name one, or give the objective an owner."),
                {"place": place_of(objective, action)},
            )
            yield Gap(
                Element.WHO, blocks=True, message=message, objective_id=objective.id, action_id=action.id
            )
        elif all(body.unit_id is None and body.person_id is None for body in action.lead):
            unmapped.setdefault(action.lead[0].text, []).append((objective, action))
    for body, led in unmapped.items():
        message = Message(
            gettext_noop(
                "“%(body)s” is not mapped to a unit or person, so nobody gets the tasks of actions %(places)s."
            ),
            {"body": body, "places": ", ".join(place_of(objective, action) for objective, action in led)},
        )
        objective, action = led[0]
        yield Gap(Element.WHO, blocks=False, message=message, objective_id=objective.id, action_id=action.id)


def _when(plan: PlanDetail) -> Iterator[Gap]:
    for objective, action in _actions(plan):
        place = {"place": place_of(objective, action)}
        if not action.schedule and action.when:
            message = Message(
                gettext_noop(
                    "The time of action %(place)s is not understood: “%(when)s”. Write it in other words."
                ),
                {**place, "when": action.when},
            )
            yield Gap(
                Element.WHEN, blocks=True, message=message, objective_id=objective.id, action_id=action.id
            )
        elif not action.schedule:
            message = Message(gettext_noop("Action %(place)s has no time."), place)
            yield Gap(
                Element.WHEN, blocks=True, message=message, objective_id=objective.id, action_id=action.id
            )
        elif any(entry.kind is ScheduleKind.AS_PLANNED for entry in action.schedule):
            message = Message(
                gettext_noop(
                    "Action %(place)s takes its dates from another plan; they have to be given later."
                ),
                place,
            )
            yield Gap(
                Element.WHEN, blocks=False, message=message, objective_id=objective.id, action_id=action.id
            )


def _stated(
    plan: PlanDetail,
    element: Element,
    is_stated: Callable[[ObjectiveDetail, ActionDetail], bool],
    nowhere: str,
    here: str,
) -> Iterator[Gap]:
    """Yield one gap where no action states the element, else one for each that does not."""
    actions = list(_actions(plan))
    lacking = [(objective, action) for objective, action in actions if not is_stated(objective, action)]
    if lacking and len(lacking) == len(actions):
        yield Gap(element, blocks=True, message=Message(nowhere, {"count": str(len(actions))}))
        return
    for objective, action in lacking:
        yield Gap(
            element,
            blocks=True,
            message=Message(here, {"place": place_of(objective, action)}),
            objective_id=objective.id,
            action_id=action.id,
        )


def _actions(plan: PlanDetail) -> Iterator[tuple[ObjectiveDetail, ActionDetail]]:
    for objective in plan.objectives:
        for action in objective.actions:
            yield objective, action
