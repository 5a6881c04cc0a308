"""A plan as plain values, for pages and rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from camket.core import plan as core
from camket.core.messages import Message
from camket.core.wording.schedules import write_schedule
from camket.core.wording.targets import write_target
from camket.paper.reading import Span

DOUBTFUL = 0.8
"""A reading with less confidence than this is shown as doubtful."""


@dataclass(frozen=True, slots=True)
class FieldSource:
    """Where a field was read, how surely, and what to look at."""

    span: Span | None = None
    confidence: float | None = None
    warnings: tuple[Message, ...] = ()

    @property
    def is_doubtful(self) -> bool:
        """Whether a person should look at the field before accepting it."""
        return bool(self.warnings) or (self.confidence is not None and self.confidence < DOUBTFUL)


@dataclass(frozen=True, slots=True)
class FileRef:
    """A stored file to open."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class BodyDetail:
    """A body as the plan names it and whom it was mapped to; ``name`` is "" while it is not."""

    text: str
    unit_id: int | None
    person_id: int | None
    name: str


@dataclass(frozen=True, slots=True)
class TargetDetail:
    """A target of an objective; ``path`` is its place in the reading it was made from."""

    id: int
    text: str
    kind: str
    value: Decimal | core.Grade | None
    upper: Decimal | None
    unit: str
    baseline_year: int | None
    baseline_value: Decimal | None
    striving: bool
    change: str
    period: core.Period | None
    expected_volume: Decimal | None
    indicator_id: int | None
    revision: int
    source: FieldSource
    path: str = ""

    def as_format(self) -> core.Target:
        """Return the target in plan format."""
        return core.Target(
            text=self.text,
            kind=core.TargetKind(self.kind),
            value=self.value,
            upper=self.upper,
            unit=self.unit or None,
            baseline_year=self.baseline_year,
            striving=self.striving,
            period=self.period,
        )

    @property
    def meaning(self) -> str:
        """What is understood, in official words."""
        return write_target(self.as_format())


@dataclass(frozen=True, slots=True)
class ActionDetail:
    """An action of an objective; ``path`` is its place in the reading it was made from."""

    id: int
    number: str
    text: str
    when: str
    schedule: tuple[core.Schedule, ...]
    lead: tuple[BodyDetail, ...]
    support: tuple[BodyDetail, ...]
    monitors: tuple[BodyDetail, ...]
    evidence: tuple[str, ...]
    resources: str
    evaluation: str
    state: str
    continues_id: int | None
    revision: int
    source: Mapping[str, FieldSource]
    path: str = ""

    @property
    def schedule_text(self) -> str:
        """What is understood of the time, in official words; "" where nothing is."""
        return write_schedule(self.schedule) if self.schedule else ""

    def as_format(self) -> core.Action:
        """Return the action in plan format."""
        return core.Action(
            number=self.number,
            text=self.text,
            lead=tuple(body.text for body in self.lead),
            support=tuple(body.text for body in self.support),
            when=self.when or None,
            schedule=self.schedule,
            monitors=tuple(body.text for body in self.monitors),
            evidence=self.evidence,
        )


@dataclass(frozen=True, slots=True)
class ObjectiveDetail:
    """An objective with its targets and actions; ``path`` is its place in the reading it was made from."""

    id: int
    number: str
    text: str
    method: str
    owner_id: int | None
    owner: str
    revision: int
    source: Mapping[str, FieldSource]
    targets: tuple[TargetDetail, ...] = ()
    actions: tuple[ActionDetail, ...] = ()
    path: str = ""

    def as_format(self) -> core.Objective:
        """Return the objective in plan format."""
        return core.Objective(
            number=self.number,
            text=self.text,
            targets=tuple(target.as_format() for target in self.targets),
            method=self.method or None,
            actions=tuple(action.as_format() for action in self.actions),
        )


@dataclass(frozen=True, slots=True)
class PlanDetail:
    """A whole plan; ``notes_count`` is how many warnings its reading gave."""

    id: int
    agency_id: int
    year: int
    version: int
    state: str
    title: str
    kind: str
    number: str
    decided_on: date | None
    place: str
    signed_by: str
    capacity: str
    authority: str
    agency_name: str
    agency_level: str
    period: core.Period
    motto: str
    commitments: tuple[str, ...]
    reporting: tuple[core.Schedule, ...]
    resources: str
    evaluation: str
    revision: int
    supersedes_id: int | None
    replaced_by_id: int | None
    copied_from_id: int | None
    created_at: datetime
    created_by: str
    submitted_at: datetime | None
    submitted_by: str
    approved_at: datetime | None
    approved_by: str
    promulgated_at: datetime | None
    closed_at: datetime | None
    source_file: FileRef | None
    signed_file: FileRef | None
    has_source: bool
    notes_count: int
    head_source: Mapping[str, FieldSource]
    acts: frozenset[str] = frozenset()
    objectives: tuple[ObjectiveDetail, ...] = ()

    @property
    def is_editable(self) -> bool:
        """Whether this actor may change the plan now."""
        return "edit" in self.acts

    @property
    def reporting_text(self) -> str:
        """When results are reported, in official words."""
        return write_schedule(self.reporting) if self.reporting else ""

    def as_format(self) -> core.Plan:
        """Return the plan in plan format; the inverse of importing it."""
        decision = core.Decision(
            kind=self.kind or None,
            number=self.number or None,
            date=self.decided_on,
            place=self.place or None,
            signed_by=self.signed_by or None,
            capacity=self.capacity or None,
            authority=self.authority or None,
        )
        policy = core.Policy(motto=self.motto or None, commitments=self.commitments)
        return core.Plan(
            agency=core.Agency(
                name=self.agency_name or None,
                level=core.Level(self.agency_level) if self.agency_level else None,
            ),
            year=self.year,
            decision=None if decision == core.Decision() else decision,
            policy=None if policy == core.Policy() else policy,
            objectives=tuple(objective.as_format() for objective in self.objectives),
            reporting=self.reporting,
        )


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A plan in a list."""

    id: int
    year: int
    version: int
    state: str
    title: str
    kind: str
    number: str
    decided_on: date | None
    period: core.Period
    objectives: int
    targets: int
    actions: int
    supersedes_id: int | None
    created_at: datetime
    created_by: str
    promulgated_at: datetime | None
    is_imported: bool


@dataclass(frozen=True, slots=True)
class CheckingNote:
    """A warning of the reading, and the rows of today that it is about."""

    path: str
    message: Message
    span: Span | None
    objective_id: int | None = None
    target_id: int | None = None
    action_id: int | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """Whom a body's name may mean; ``is_known`` where a person said so before."""

    unit_id: int | None
    person_id: int | None
    name: str
    likeness: float
    is_known: bool = False


@dataclass(frozen=True, slots=True)
class NamedBody:
    """A distinct name of a body in a plan."""

    text: str
    key: str
    actions: int
    parts: frozenset[str]
    unit_id: int | None
    person_id: int | None
    proposal: Proposal | None


@dataclass(frozen=True, slots=True)
class BodyChoices:
    """The agency's units and people a name can be mapped to."""

    units: tuple[tuple[int, str], ...]
    people: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class PreviewDate:
    """A date that a schedule will make."""

    action_id: int | None
    objective_number: str
    action_number: str
    action_text: str
    label: Message
    starts: date | None
    due: date
    due_original: date
    kind: str


@dataclass(frozen=True, slots=True)
class PreviewTrigger:
    """An event that will call for an action."""

    action_id: int | None
    objective_number: str
    action_number: str
    action_text: str
    event: str
    within: core.Within | None


@dataclass(frozen=True, slots=True)
class PreviewUndated:
    """An action whose time says no date; a person gives one."""

    action_id: int | None
    objective_number: str
    action_number: str
    action_text: str
    when: str


@dataclass(frozen=True, slots=True)
class DatePreview:
    """What promulgation will make of a plan's schedules."""

    dates: tuple[PreviewDate, ...] = ()
    triggers: tuple[PreviewTrigger, ...] = ()
    undated: tuple[PreviewUndated, ...] = ()


@dataclass(frozen=True, slots=True)
class WhenUnderstood:
    """What a cell of times means and the dates that it will make."""

    entries: tuple[core.Schedule, ...]
    text: str
    rest: str
    warnings: tuple[Message, ...]
    preview: DatePreview


@dataclass(frozen=True, slots=True)
class LayoutRow:
    """A row of the plan as the decision's table prints it."""

    kind: str
    objective_id: int
    action_id: int | None
    number: str
    text: str
    targets: tuple[TargetDetail, ...] = ()
    lead: tuple[str, ...] = ()
    support: tuple[str, ...] = ()
    when: str = ""
    monitors: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


def message_json(message: Message) -> dict[str, Any]:
    """Return a message as JSON."""
    return {"template": message.template, "params": dict(message.params)}


def message_from_json(data: Mapping[str, Any]) -> Message:
    """Return the message that JSON holds."""
    return Message(data["template"], dict(data.get("params", {})))


def field_source_json(source: FieldSource) -> dict[str, Any]:
    """Return a field's source as JSON."""
    span = source.span
    return {
        "span": None if span is None else [span.block, span.row, span.column, span.start, span.end],
        "confidence": source.confidence,
        "warnings": [message_json(message) for message in source.warnings],
    }


def field_source_from_json(data: Mapping[str, Any] | None) -> FieldSource:
    """Return the field's source that JSON holds; an empty one for none."""
    if not data:
        return FieldSource()
    span = data.get("span")
    return FieldSource(
        span=None if span is None else Span(*span),
        confidence=data.get("confidence"),
        warnings=tuple(message_from_json(each) for each in data.get("warnings", ())),
    )


def sources_from_json(data: Mapping[str, Any]) -> dict[str, FieldSource]:
    """Return the sources of a row's fields; keys that begin with ``_`` are the row's own."""
    return {key: field_source_from_json(value) for key, value in data.items() if not key.startswith("_")}
