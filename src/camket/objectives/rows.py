"""Writing a plan's rows, from a reading, from plan format or from another plan, and what its columns can hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from itertools import chain
from typing import Any, TypeVar

from django.db import models
from django.utils import timezone

from camket.actions.models import Action, ActionBody
from camket.core import plan as core
from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.next_year import move_years_in_text
from camket.core.wording.bodies import same_body
from camket.core.wording.numbers import format_number
from camket.objectives import queries
from camket.objectives.details import FieldSource, PlanDetail, field_source_json
from camket.objectives.models import Objective, ObjectiveAction, Plan, Target
from camket.org.models import Agency
from camket.org.policy import Actor
from camket.paper.reading import Reading, Span

Names = TypeVar("Names")


PART_FIELDS = {
    ActionBody.Part.LEAD: "lead",
    ActionBody.Part.SUPPORT: "support",
    ActionBody.Part.MONITOR: "monitors",
}


HEAD_PATHS = {
    "year": "year",
    "kind": "decision.kind",
    "number": "decision.number",
    "decided_on": "decision.date",
    "place": "decision.place",
    "signed_by": "decision.signed_by",
    "capacity": "decision.capacity",
    "authority": "decision.authority",
    "motto": "policy.motto",
    "commitments": "policy.commitments",
    "reporting": "reporting",
}


_AGENCY_PATHS = ("agency", "agency.name", "agency.level")


_SIGNIFICANT = 15
"""Figures are kept exactly up to so many digits: SQLite holds no more."""


class Refused(Refusal):
    """An operation on plans is refused by a rule; nothing was changed."""


class TooLong(Refused):
    """A text is longer than its field."""

    def __init__(self, text: str, limit: int) -> None:
        super().__init__(
            Message(
                gettext_noop("“%(text)s” is too long; at most %(limit)s characters."),
                {"text": text if len(text) <= 60 else text[:60] + "…", "limit": str(limit)},
            )
        )


class TargetNotPossible(Refused):
    """A target's figures contradict each other or are too large to keep exactly."""


class PeriodNotPossible(Refused):
    """A period ends before it begins, or is longer than two years."""

    def __init__(self) -> None:
        super().__init__(
            Message(gettext_noop("The period must end after it begins and last two years at most."))
        )


class Sources:
    """Where each field of a plan was read; strict where there is no reading and a field that does not fit is refused."""

    def __init__(self, *, strict: bool) -> None:
        self.strict = strict
        self._fields: dict[str, FieldSource] = {}

    @classmethod
    def of_reading(cls, reading: Reading) -> Sources:
        """Return the sources of a reading's fields."""
        sources = cls(strict=False)
        warnings: dict[str, list[Message]] = {}
        for warning in reading.warnings:
            warnings.setdefault(warning.path, []).append(warning.message)
        for path in chain(reading.spans, reading.confidence, warnings):
            confidence = reading.confidence.get(path)
            sources._fields[path] = FieldSource(
                span=reading.spans.get(path),
                confidence=None if confidence is None else float(confidence),
                warnings=tuple(warnings.get(path, ())),
            )
        return sources

    def warn(self, path: str, message: Message) -> None:
        """Add a warning about a field."""
        known = self._fields.get(path, FieldSource())
        self._fields[path] = replace(known, warnings=(*known.warnings, message))

    def of(self, *paths: str) -> FieldSource:
        """Return the source of a field, of the first path that has a place; items of a list count as the list."""
        span: Span | None = None
        confidence: float | None = None
        warnings: list[Message] = []
        for path in paths:
            for key in (path, *self._items.get(path, ())):
                found = self._fields.get(key)
                if found is None:
                    continue
                span = span or found.span
                if found.confidence is not None:
                    confidence = found.confidence if confidence is None else min(confidence, found.confidence)
                warnings += found.warnings
        return FieldSource(span, confidence, tuple(warnings))

    @cached_property
    def _items(self) -> Mapping[str, list[str]]:
        items: dict[str, list[str]] = {}
        for path in self._fields:
            if path.endswith("]"):
                items.setdefault(path.rpartition("[")[0], []).append(path)
        return items

    def fit(self, model: type[models.Model], name: str, text: str | None, path: str) -> str:
        """Return a text that its column holds; a longer one is refused, or of a reading cut with a warning."""
        text = text or ""
        limit = _limit(model, name)
        if limit is None or len(text) <= limit:
            return text
        too_long = TooLong(text, limit)
        if self.strict:
            raise too_long
        self.warn(path, too_long.message)
        return text[:limit]

    def row_json(self, path: str, fields: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
        """Return the sources of a row: its own path, and each field that has any."""
        data: dict[str, Any] = {"_path": path} if self._fields else {}
        for name, paths in fields.items():
            source = self.of(*paths)
            if source != FieldSource():
                data[name] = field_source_json(source)
        return data


@dataclass(frozen=True, slots=True)
class Settings:
    """What a copy takes from the plan it is made from, beside plan format: owners, indicators, mapped bodies, resources.

    Baselines hold for the same year only; the years that statements name are moved on to ``year``.
    ``continues`` ties each action to the one it goes on from.
    """

    origin: PlanDetail
    year: int
    continues: bool = False

    def of_objective(self, place: int, row: Objective) -> None:
        """Give an objective's row its owner."""
        row.owner_id = self.origin.objectives[place].owner_id

    def of_target(self, objective: int, place: int, row: Target) -> None:
        """Give a target's row its indicator and what was said about its figures."""
        was = self.origin.objectives[objective].targets[place]
        row.indicator_id, row.change = was.indicator_id, was.change
        row.expected_volume = was.expected_volume
        row.baseline_value = was.baseline_value if self.year == self.origin.year else None

    def of_action(self, objective: int, place: int, row: Action, bodies: Sequence[ActionBody]) -> None:
        """Give an action's row its resources and evaluation, and its bodies whom they mean."""
        was = self.origin.objectives[objective].actions[place]
        row.resources, row.evaluation = self._moved(was.resources), self._moved(was.evaluation)
        row.continues_id = was.id if self.continues else None
        named = parts_of(was.lead, was.support, was.monitors)
        for body in bodies:
            known = named[ActionBody.Part(body.part)][body.order]
            body.unit_id, body.person_id = known.unit_id, known.person_id

    def _moved(self, text: str) -> str:
        return move_years_in_text(text, self.origin.year, self.year - self.origin.year)


def insert_plan(
    actor: Actor,
    plan: core.Plan,
    *,
    year: int,
    period: core.Period | None,
    state: Plan.State,
    today: date,
    sources: Sources,
    title: str = "",
    resources: str = "",
    evaluation: str = "",
    settings: Settings | None = None,
    **links: Any,
) -> Plan:
    """Write the rows of a plan, in a handful of statements however long it is.

    ``settings`` come along from the plan it is made from; ``links`` are further columns.
    """
    start, end = calendar_year(year) if period is None else checked_period(period)
    decision = plan.decision or core.Decision()
    policy = plan.policy or core.Policy()
    _compare_agencies(actor, plan, sources)
    text = {
        name: sources.fit(Plan, name, getattr(decision, name), f"decision.{name}")
        for name in ("kind", "number", "place", "signed_by", "capacity", "authority")
    }
    row = Plan(
        agency_id=actor.agency_id,
        year=year,
        period_start=start,
        period_end=end,
        state=state,
        title=title,
        decided_on=decision.date,
        named_agency=sources.fit(Plan, "named_agency", plan.agency.name, "agency.name"),
        named_level=plan.agency.level.value if plan.agency.level else "",
        motto=sources.fit(Plan, "motto", policy.motto, "policy.motto"),
        commitments=list(policy.commitments),
        reporting=[core.schedule_json(entry) for entry in plan.reporting],
        resources=resources,
        evaluation=evaluation,
        created_at=moment_of(today),
        created_by_id=actor.person_id,
        **text,
        **links,
    )
    row.head_source = sources.row_json("", {path: (path,) for path in (*HEAD_PATHS.values(), *_AGENCY_PATHS)})
    row.save()
    _insert_objectives(row, plan.objectives, sources, settings)
    return row


def target_row(objective: Objective, order: int, target: core.Target) -> Target:
    return Target(objective=objective, order=order, **target_fields(target))


def target_fields(target: core.Target) -> dict[str, Any]:
    """Return a target's columns; raises TargetNotPossible where its figures contradict each other or its kind."""
    is_grade = target.kind is core.TargetKind.GRADE_AT_LEAST
    value = target.value
    if is_grade != isinstance(value, core.Grade) or (value is None) != (
        target.kind is core.TargetKind.ACHIEVED
    ):
        raise TargetNotPossible(
            Message(
                gettext_noop(
                    "The kind of the target and its value do not fit: give a figure, or for a grade the grade."
                )
            )
        )
    figure = None if value is None or isinstance(value, core.Grade) else storable(value)
    upper = storable(target.upper)
    if target.kind is core.TargetKind.BETWEEN and upper is None:
        raise TargetNotPossible(Message(gettext_noop("A target from … to … needs both figures.")))
    if (
        figure is not None
        and upper is not None
        and upper < figure
        and target.kind is not core.TargetKind.COUNT_OF
    ):
        raise TargetNotPossible(
            Message(
                gettext_noop(
                    "The target runs from %(value)s to %(upper)s; the second figure must not be the smaller."
                ),
                {"value": format_number(figure), "upper": format_number(upper)},
            )
        )
    if target.baseline_year is not None and not 1900 <= target.baseline_year <= 2200:
        raise TargetNotPossible(
            Message(
                gettext_noop("%(year)s cannot be the year that a target is compared with."),
                {"year": str(target.baseline_year)},
            )
        )
    return {
        "text": target.text,
        "kind": target.kind.value,
        "value": figure,
        "upper": upper,
        "grade": value.value if isinstance(value, core.Grade) else "",
        "unit": fitted(Target, "unit", target.unit or ""),
        "baseline_year": target.baseline_year,
        "is_striving": target.striving,
        "period_start": target.period.start if target.period else None,
        "period_end": target.period.end if target.period else None,
    }


def storable(figure: Decimal | None) -> Decimal | None:
    """Return a figure that the tables keep exactly; raises TargetNotPossible for any other."""
    if figure is None:
        return None
    digits = figure.normalize().as_tuple()
    exponent = digits.exponent
    if (
        not isinstance(exponent, int)
        or -exponent > 6
        or max(len(digits.digits), len(digits.digits) + exponent) > _SIGNIFICANT
    ):
        raise TargetNotPossible(
            Message(
                gettext_noop("The figure %(figure)s is too long to be kept exactly."),
                {"figure": format_number(figure) if figure.is_finite() else str(figure)},
            )
        )
    return figure


def fitted(model: type[models.Model], name: str, text: str) -> str:
    limit = _limit(model, name)
    if limit is not None and len(text) > limit:
        raise TooLong(text, limit)
    return text


def parts_of(lead: Names, support: Names, monitors: Names) -> dict[ActionBody.Part, Names]:
    return {
        ActionBody.Part.LEAD: lead,
        ActionBody.Part.SUPPORT: support,
        ActionBody.Part.MONITOR: monitors,
    }


def calendar_year(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)


def checked_period(period: core.Period) -> tuple[date, date]:
    if not 0 < (period.end - period.start).days <= 731:
        raise PeriodNotPossible()
    return period.start, period.end


def moment_of(today: date) -> datetime:
    """Return the time of the clock on the day that an act is of."""
    now = timezone.localtime()
    return datetime.combine(today, now.timetz())


def _limit(model: type[models.Model], name: str) -> int | None:
    return getattr(model._meta.get_field(name), "max_length", None)


def _compare_agencies(actor: Actor, plan: core.Plan, sources: Sources) -> None:
    """Warn where a document that was read is another agency's."""
    if sources.strict or not plan.agency.name:
        return
    agency = Agency.objects.only("name", "full_name").get(pk=actor.agency_id)
    if max(same_body(plan.agency.name, name) for name in (agency.name, agency.full_name)) < 0.97:
        sources.warn(
            "agency",
            Message(
                gettext_noop("The document is of %(theirs)s; you are working for %(ours)s."),
                {"theirs": plan.agency.name, "ours": agency.name},
            ),
        )


def _insert_objectives(
    plan: Plan, objectives: Sequence[core.Objective], sources: Sources, settings: Settings | None
) -> None:
    rows: list[Objective] = []
    targets: list[Target] = []
    actions: list[Action] = []
    placements: list[ObjectiveAction] = []
    bodies: list[ActionBody] = []
    mapper = queries.body_mapper(plan.agency_id) if settings is None else None
    for i, objective in enumerate(objectives):
        path = f"objectives[{i}]"
        row = Objective(
            plan=plan,
            order=i,
            number=sources.fit(Objective, "number", objective.number, f"{path}.number"),
            text=sources.fit(Objective, "text", objective.text, f"{path}.text"),
            method=sources.fit(Objective, "method", objective.method, f"{path}.method"),
        )
        row.source = sources.row_json(
            path,
            {
                "number": (f"{path}.number",),
                "text": (f"{path}.text", path, f"{path}.targets", f"{path}.actions"),
                "method": (f"{path}.method",),
            },
        )
        if settings is not None:
            settings.of_objective(i, row)
        rows.append(row)
        for j, stated in enumerate(objective.targets):
            target = _read_target(row, j, stated, f"{path}.targets[{j}]", sources)
            if settings is not None:
                settings.of_target(i, j, target)
            targets.append(target)
        for j, planned in enumerate(objective.actions):
            action, placement, named = _read_action(plan, row, j, planned, f"{path}.actions[{j}]", sources)
            if settings is not None:
                settings.of_action(i, j, action, named)
            for body in named:
                if mapper is not None and (proposal := mapper.propose(body.text)):
                    body.unit_id, body.person_id = proposal.unit_id, proposal.person_id
            actions.append(action)
            placements.append(placement)
            bodies += named
    # A parent's key is known only after it is saved; the rows that hold it are made before.
    Objective.objects.bulk_create(rows, batch_size=500)
    Action.objects.bulk_create(actions, batch_size=500)
    for target in targets:
        target.objective = target.objective
    for placement in placements:
        placement.objective, placement.action = placement.objective, placement.action
    for body in bodies:
        body.action = body.action
    Target.objects.bulk_create(targets, batch_size=500)
    ObjectiveAction.objects.bulk_create(placements, batch_size=500)
    ActionBody.objects.bulk_create(bodies, batch_size=500)


def _read_target(
    objective: Objective, order: int, target: core.Target, path: str, sources: Sources
) -> Target:
    """Return a target's row; a reading's impossible figure is set right or left open, with a warning."""
    if not sources.strict:
        if target.value is not None and not isinstance(target.value, core.Grade) and target.upper is not None:
            low, high = sorted((target.value, target.upper))
            if target.kind is not core.TargetKind.COUNT_OF:
                target = replace(target, value=low, upper=high)
        target = replace(target, unit=sources.fit(Target, "unit", target.unit, path) or None)
    try:
        row = target_row(objective, order, target)
    except TargetNotPossible as impossible:
        if sources.strict:
            raise
        sources.warn(path, impossible.message)
        row = target_row(
            objective,
            order,
            core.Target(text=target.text, kind=core.TargetKind.ACHIEVED, striving=target.striving),
        )
    source = sources.of(path, *(f"{path}.{name}" for name in ("text", "kind", "value", "upper", "unit")))
    row.source = {**field_source_json(source), "_path": path} if source != FieldSource() else {}
    return row


def _read_action(
    plan: Plan, objective: Objective, order: int, action: core.Action, path: str, sources: Sources
) -> tuple[Action, ObjectiveAction, list[ActionBody]]:
    row = Action(
        agency_id=plan.agency_id,
        year=plan.year,
        number=sources.fit(Action, "number", action.number, f"{path}.number"),
        text=sources.fit(Action, "text", action.text, f"{path}.text"),
        when=sources.fit(Action, "when", action.when, f"{path}.when"),
        schedule=[core.schedule_json(entry) for entry in action.schedule],
        expected_evidence=list(action.evidence),
    )
    bodies = [
        ActionBody(
            action=row,
            part=part,
            text=sources.fit(ActionBody, "text", text, f"{path}.{PART_FIELDS[part]}"),
            order=k,
        )
        for part, names in parts_of(action.lead, action.support, action.monitors).items()
        for k, text in enumerate(names)
    ]
    placement = ObjectiveAction(objective=objective, action=row, order=order)
    placement.source = sources.row_json(
        path,
        {
            "number": (f"{path}.number",),
            "text": (f"{path}.text", path),
            "when": (f"{path}.when", f"{path}.schedule"),
            **{name: (f"{path}.{name}",) for name in ("lead", "support", "monitors", "evidence")},
        },
    )
    return row, placement, bodies
