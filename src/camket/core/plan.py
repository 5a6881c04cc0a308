"""Plan format 1 as types: one agency's promulgated objectives and plan of actions for one year.

The JSON form is the open exchange format ``camket-plan/1``: what ``camket read`` prints, what the
importer stores, and what a commune sends its province. Texts are kept as the source writes them
with white space folded; numbers are decimals with a point, dates ISO 8601.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, TypeVar

FORMAT = "camket-plan/1"

UNKEPT = re.compile("[\x00\ud800-\udfff]")
"""Characters that no database keeps and no honest text has: NUL, and halves of a pair that stand alone."""

E = TypeVar("E", bound=StrEnum)


class PlanFormatError(ValueError):
    """A JSON value is not a plan of format 1; ``path`` says where (``objectives[2].number``)."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"{path or 'plan'}: {problem}")
        self.path = path
        self.problem = problem


class Level(StrEnum):
    """Level of the body whose objectives they are; ``district`` exists in documents before 01/7/2025.

    A special zone (đặc khu) is of the commune level. Source: Luật Tổ chức chính quyền địa phương 2025, Điều 1.
    """

    COMMUNE = "commune"
    WARD = "ward"
    DISTRICT = "district"
    PROVINCE = "province"
    DEPARTMENT = "department"

    @classmethod
    def of_agency(cls, level: str) -> Level:
        """Return the level in plans of an agency's own level, which tells special zones apart."""
        return cls.COMMUNE if level == "special_zone" else cls(level)


class TargetKind(StrEnum):
    """How a target is met; each kind is explained in docs/reference/algorithms/targets.md."""

    AT_LEAST = "at_least"
    ABOVE = "above"
    AT_MOST = "at_most"
    BELOW = "below"
    BETWEEN = "between"
    INCREASE_BY = "increase_by"
    DECREASE_BY = "decrease_by"
    COUNT_OF = "count_of"
    GRADE_AT_LEAST = "grade_at_least"
    RANK_WITHIN = "rank_within"
    ACHIEVED = "achieved"


RELATIVE_KINDS = frozenset({TargetKind.INCREASE_BY, TargetKind.DECREASE_BY})
"""Kinds of target that compare with an earlier result."""


class Grade(StrEnum):
    """Ordinal grades, worst first: yếu, trung bình, khá, tốt, xuất sắc."""

    WEAK = "weak"
    AVERAGE = "average"
    FAIR = "fair"
    GOOD = "good"
    EXCELLENT = "excellent"


class ScheduleKind(StrEnum):
    """When an action is done; each kind is explained in docs/reference/algorithms/schedules.md."""

    BY = "by"
    DURING = "during"
    EVERY = "every"
    YEARLY_BY = "yearly_by"
    CONTINUOUS = "continuous"
    PERIODIC = "periodic"
    ON_EVENT = "on_event"
    AS_PLANNED = "as_planned"
    FROM = "from"
    BEFORE_REPORT = "before_report"


class Every(StrEnum):
    """Named periods of a repeated schedule."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    NINE_MONTHS = "nine_months"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days, both ends included."""

    start: datetime.date
    end: datetime.date


@dataclass(frozen=True, slots=True)
class Within:
    """A limit of days after an event; ``working`` counts working days only."""

    days: int
    working: bool


@dataclass(frozen=True, slots=True)
class Schedule:
    """One entry of an action's schedule; which fields are set depends on ``kind``.

    ``day`` of :attr:`ScheduleKind.EVERY` is 1-31 or ``"last"``; of ``YEARLY_BY`` a day of ``month``.
    """

    kind: ScheduleKind
    date: datetime.date | None = None
    start: datetime.date | None = None
    end: datetime.date | None = None
    period: Every | None = None
    month: int | None = None
    day: int | str | None = None
    event: str | None = None
    within: Within | None = None
    plan: str | None = None
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """One measurable commitment.

    ``value`` and ``upper`` are Decimals, or ``value`` a :class:`Grade` for ``grade_at_least``.
    ``unit`` is the source's own words, folded; ``grade`` and ``rank`` for those kinds.
    """

    text: str
    kind: TargetKind
    value: Decimal | Grade | None = None
    upper: Decimal | None = None
    unit: str | None = None
    baseline_year: int | None = None
    striving: bool = False
    period: Period | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """A row of the plan: what, who leads and supports, when (as written and as meant), who monitors, what evidences it."""

    number: str
    text: str
    lead: tuple[str, ...] = ()
    support: tuple[str, ...] = ()
    when: str | None = None
    schedule: tuple[Schedule, ...] = ()
    monitors: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Objective:
    """A quality objective (ISO 9001:2015, 6.2.1) with its targets and the actions that serve it (6.2.2)."""

    number: str
    text: str
    targets: tuple[Target, ...] = ()
    method: str | None = None
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class Agency:
    """The body whose objectives they are, as the document names it."""

    name: str | None
    level: Level | None


@dataclass(frozen=True, slots=True)
class Decision:
    """The document itself; what the source leaves blank is None. ``kind`` is an abbreviation of NĐ 30/2020, Phụ lục III."""

    kind: str | None = None
    number: str | None = None
    date: datetime.date | None = None
    place: str | None = None
    signed_by: str | None = None
    capacity: str | None = None
    authority: str | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """The quality policy (ISO 9001:2015, 5.2): motto and numbered commitments."""

    motto: str | None = None
    commitments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """All that an agency promulgates for one year."""

    agency: Agency
    year: int | None
    decision: Decision | None = None
    policy: Policy | None = None
    objectives: tuple[Objective, ...] = ()
    reporting: tuple[Schedule, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the plan as a JSON-ready dict of format ``camket-plan/1``."""
        return {
            "format": FORMAT,
            "agency": {"name": self.agency.name, "level": self.agency.level},
            "year": self.year,
            "decision": _decision_json(self.decision),
            "policy": None
            if self.policy is None
            else {"motto": self.policy.motto, "commitments": list(self.policy.commitments)},
            "objectives": [_objective_json(objective) for objective in self.objectives],
            "reporting": [schedule_json(entry) for entry in self.reporting],
        }

    @staticmethod
    def from_json(data: Any) -> Plan:
        """Return the plan that a JSON value holds.

        Raises PlanFormatError, which names the place, where the value is not of format 1.
        """
        return _Reader().plan(data)


def schedule_json(entry: Schedule) -> dict[str, Any]:
    """Return one schedule entry as JSON, with just the keys that its kind has."""
    data: dict[str, Any] = {"kind": entry.kind.value}
    for key in ("date", "start", "end"):
        value = getattr(entry, key)
        if value is not None:
            data[key] = value.isoformat()
    if entry.period is not None:
        data["period"] = entry.period.value
    for key in ("month", "day", "event", "plan", "days"):
        value = getattr(entry, key)
        if value is not None:
            data[key] = value
    if entry.within is not None:
        data["within"] = {"days": entry.within.days, "working": entry.within.working}
    return data


def schedule_from_json(data: Any, path: str = "schedule") -> Schedule:
    """Return the schedule entry that a JSON value holds; raises PlanFormatError."""
    return _Reader().schedule(data, path)


def target_json(target: Target) -> dict[str, Any]:
    """Return one target as JSON."""
    return {
        "text": target.text,
        "kind": target.kind.value,
        "value": None if target.value is None else str(target.value),
        "upper": None if target.upper is None else str(target.upper),
        "unit": target.unit,
        "baseline_year": target.baseline_year,
        "striving": target.striving,
        "period": None
        if target.period is None
        else {"start": target.period.start.isoformat(), "end": target.period.end.isoformat()},
    }


def _decision_json(decision: Decision | None) -> dict[str, Any] | None:
    if decision is None:
        return None
    return {
        "kind": decision.kind,
        "number": decision.number,
        "date": None if decision.date is None else decision.date.isoformat(),
        "place": decision.place,
        "signed_by": decision.signed_by,
        "capacity": decision.capacity,
        "authority": decision.authority,
    }


def _objective_json(objective: Objective) -> dict[str, Any]:
    return {
        "number": objective.number,
        "text": objective.text,
        "targets": [target_json(target) for target in objective.targets],
        "method": objective.method,
        "actions": [
            {
                "number": action.number,
                "text": action.text,
                "lead": list(action.lead),
                "support": list(action.support),
                "when": action.when,
                "schedule": [schedule_json(entry) for entry in action.schedule],
                "monitors": list(action.monitors),
                "evidence": list(action.evidence),
            }
            for action in objective.actions
        ],
    }


class _Reader:
    """Reads JSON values strictly, naming the place of each fault."""

    def plan(self, data: Any) -> Plan:
        root = self._mapping(data, "")
        if root.get("format") != FORMAT:
            raise PlanFormatError("format", f"expected {FORMAT!r}, found {root.get('format')!r}")
        agency = self._mapping(root.get("agency"), "agency")
        level = agency.get("level")
        year = root.get("year")
        if year is not None and (isinstance(year, bool) or not isinstance(year, int)):
            raise PlanFormatError("year", "expected a whole number")
        return Plan(
            agency=Agency(
                name=self._text(agency.get("name"), "agency.name"),
                level=None if level is None else self._enum(Level, level, "agency.level"),
            ),
            year=year,
            decision=self.decision(root.get("decision")),
            policy=self.policy(root.get("policy")),
            objectives=tuple(
                self.objective(item, f"objectives[{i}]")
                for i, item in enumerate(self._list(root.get("objectives", []), "objectives"))
            ),
            reporting=tuple(
                self.schedule(item, f"reporting[{i}]")
                for i, item in enumerate(self._list(root.get("reporting", []), "reporting"))
            ),
        )

    def decision(self, data: Any) -> Decision | None:
        if data is None:
            return None
        item = self._mapping(data, "decision")
        text = {
            key: self._text(item.get(key), f"decision.{key}")
            for key in ("kind", "number", "place", "signed_by", "capacity", "authority")
        }
        return Decision(date=self._date(item.get("date"), "decision.date"), **text)

    def policy(self, data: Any) -> Policy | None:
        if data is None:
            return None
        item = self._mapping(data, "policy")
        return Policy(
            motto=self._text(item.get("motto"), "policy.motto"),
            commitments=self._texts(item.get("commitments", []), "policy.commitments"),
        )

    def objective(self, data: Any, path: str) -> Objective:
        item = self._mapping(data, path)
        return Objective(
            number=self._required(item.get("number"), f"{path}.number"),
            text=self._required(item.get("text"), f"{path}.text"),
            targets=tuple(
                self.target(each, f"{path}.targets[{i}]")
                for i, each in enumerate(self._list(item.get("targets", []), f"{path}.targets"))
            ),
            method=self._text(item.get("method"), f"{path}.method"),
            actions=tuple(
                self.action(each, f"{path}.actions[{i}]")
                for i, each in enumerate(self._list(item.get("actions", []), f"{path}.actions"))
            ),
        )

    def target(self, data: Any, path: str) -> Target:
        item = self._mapping(data, path)
        kind = self._enum(TargetKind, item.get("kind"), f"{path}.kind")
        raw = item.get("value")
        value: Decimal | Grade | None
        if raw is None:
            value = None
        elif kind is TargetKind.GRADE_AT_LEAST:
            value = self._enum(Grade, raw, f"{path}.value")
        else:
            value = self._decimal(raw, f"{path}.value")
        if value is None and kind is not TargetKind.ACHIEVED:
            raise PlanFormatError(f"{path}.value", f"a target of kind {kind.value} needs a value")
        upper = item.get("upper")
        baseline = item.get("baseline_year")
        if baseline is not None and (isinstance(baseline, bool) or not isinstance(baseline, int)):
            raise PlanFormatError(f"{path}.baseline_year", "expected a whole number")
        striving = item.get("striving", False)
        if not isinstance(striving, bool):
            raise PlanFormatError(f"{path}.striving", "expected true or false")
        return Target(
            text=self._required(item.get("text"), f"{path}.text"),
            kind=kind,
            value=value,
            upper=None if upper is None else self._decimal(upper, f"{path}.upper"),
            unit=self._text(item.get("unit"), f"{path}.unit"),
            baseline_year=baseline,
            striving=striving,
            period=self._period(item.get("period"), f"{path}.period"),
        )

    def action(self, data: Any, path: str) -> Action:
        item = self._mapping(data, path)
        return Action(
            number=self._required(item.get("number"), f"{path}.number"),
            text=self._required(item.get("text"), f"{path}.text"),
            lead=self._texts(item.get("lead", []), f"{path}.lead"),
            support=self._texts(item.get("support", []), f"{path}.support"),
            when=self._text(item.get("when"), f"{path}.when"),
            schedule=tuple(
                self.schedule(each, f"{path}.schedule[{i}]")
                for i, each in enumerate(self._list(item.get("schedule", []), f"{path}.schedule"))
            ),
            monitors=self._texts(item.get("monitors", []), f"{path}.monitors"),
            evidence=self._texts(item.get("evidence", []), f"{path}.evidence"),
        )

    def schedule(self, data: Any, path: str) -> Schedule:
        item = self._mapping(data, path)
        kind = self._enum(ScheduleKind, item.get("kind"), f"{path}.kind")
        for key in _SCHEDULE_KEYS[kind]:
            if item.get(key) is None:
                raise PlanFormatError(f"{path}.{key}", f"a schedule of kind {kind.value} needs it")
        period = item.get("period")
        within = item.get("within")
        day = item.get("day")
        if day is not None and day != "last" and not (type(day) is int and 1 <= day <= 31):
            raise PlanFormatError(f"{path}.day", 'expected 1 to 31 or "last"')
        month = item.get("month")
        if month is not None and not (type(month) is int and 1 <= month <= 12):
            raise PlanFormatError(f"{path}.month", "expected 1 to 12")
        days = item.get("days")
        if days is not None and not (type(days) is int and days >= 0):
            raise PlanFormatError(f"{path}.days", "expected a whole number")
        return Schedule(
            kind=kind,
            date=self._date(item.get("date"), f"{path}.date"),
            start=self._date(item.get("start"), f"{path}.start"),
            end=self._date(item.get("end"), f"{path}.end"),
            period=None if period is None else self._enum(Every, period, f"{path}.period"),
            month=month,
            day=day,
            event=self._text(item.get("event"), f"{path}.event"),
            within=None if within is None else self._within(within, f"{path}.within"),
            plan=self._text(item.get("plan"), f"{path}.plan"),
            days=days,
        )

    def _within(self, data: Any, path: str) -> Within:
        item = self._mapping(data, path)
        days, working = item.get("days"), item.get("working", False)
        if type(days) is not int or not isinstance(working, bool):
            raise PlanFormatError(path, "expected days and working")
        return Within(days=days, working=working)

    def _period(self, data: Any, path: str) -> Period | None:
        if data is None:
            return None
        item = self._mapping(data, path)
        start, end = (
            self._date(item.get("start"), f"{path}.start"),
            self._date(item.get("end"), f"{path}.end"),
        )
        if start is None or end is None or end < start:
            raise PlanFormatError(path, "expected a start and an end not before it")
        return Period(start, end)

    def _mapping(self, data: Any, path: str) -> Mapping[str, Any]:
        if not isinstance(data, Mapping):
            raise PlanFormatError(path, "expected an object")
        return data

    def _list(self, data: Any, path: str) -> list[Any]:
        if not isinstance(data, list | tuple):
            raise PlanFormatError(path, "expected a list")
        return list(data)

    def _text(self, data: Any, path: str) -> str | None:
        if data is None:
            return None
        if not isinstance(data, str):
            raise PlanFormatError(path, "expected a text")
        if unkept := UNKEPT.search(data):
            raise PlanFormatError(path, f"a text cannot hold the character U+{ord(unkept[0]):04X}")
        return data

    def _required(self, data: Any, path: str) -> str:
        text = self._text(data, path)
        if not text:
            raise PlanFormatError(path, "must not be empty")
        return text

    def _texts(self, data: Any, path: str) -> tuple[str, ...]:
        return tuple(self._required(item, f"{path}[{i}]") for i, item in enumerate(self._list(data, path)))

    def _enum(self, enum: type[E], data: Any, path: str) -> E:
        try:
            return enum(data)
        except ValueError:
            allowed = ", ".join(member.value for member in enum)
            raise PlanFormatError(path, f"expected one of {allowed}; found {data!r}") from None

    def _decimal(self, data: Any, path: str) -> Decimal:
        if isinstance(data, bool) or not isinstance(data, str | int):
            raise PlanFormatError(path, "expected a decimal written as a string")
        try:
            value = Decimal(data)
        except InvalidOperation:
            raise PlanFormatError(path, f"{data!r} is no number") from None
        if not value.is_finite():
            raise PlanFormatError(path, f"{data!r} is no number")
        return value

    def _date(self, data: Any, path: str) -> datetime.date | None:
        if data is None:
            return None
        try:
            return datetime.date.fromisoformat(data)
        except (TypeError, ValueError):
            raise PlanFormatError(path, f"{data!r} is no ISO date") from None


_SCHEDULE_KEYS: dict[ScheduleKind, tuple[str, ...]] = {
    ScheduleKind.BY: ("date",),
    ScheduleKind.DURING: ("start", "end"),
    ScheduleKind.EVERY: ("period",),
    ScheduleKind.YEARLY_BY: ("month", "day"),
    ScheduleKind.CONTINUOUS: (),
    ScheduleKind.PERIODIC: (),
    ScheduleKind.ON_EVENT: ("event",),
    ScheduleKind.AS_PLANNED: ("plan",),
    ScheduleKind.FROM: ("date",),
    ScheduleKind.BEFORE_REPORT: ("days",),
}


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of plan format 1; ``camket schema`` prints it."""
    text = {"type": "string", "minLength": 1}
    maybe_text = {"type": ["string", "null"]}
    day = {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
    maybe_day = {"oneOf": [{"type": "null"}, day]}
    decimal = {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}
    texts = {"type": "array", "items": text}

    def closed(properties: dict[str, Any], required: Iterable[str]) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": properties,
            "required": list(required),
            "additionalProperties": False,
        }

    def one_of(enum: type[StrEnum]) -> dict[str, Any]:
        return {"enum": [member.value for member in enum]}

    period = closed({"start": day, "end": day}, ["start", "end"])
    schedule_parts: dict[str, Any] = {
        "date": day,
        "start": day,
        "end": day,
        "period": one_of(Every),
        "month": {"type": "integer", "minimum": 1, "maximum": 12},
        "day": {"oneOf": [{"type": "integer", "minimum": 1, "maximum": 31}, {"const": "last"}]},
        "event": text,
        "within": closed(
            {"days": {"type": "integer", "minimum": 0}, "working": {"type": "boolean"}}, ["days", "working"]
        ),
        "plan": text,
        "days": {"type": "integer", "minimum": 0},
    }
    optional = {ScheduleKind.EVERY: ("day",), ScheduleKind.ON_EVENT: ("within",)}
    schedule = {
        "oneOf": [
            closed(
                {
                    "kind": {"const": kind.value},
                    **{key: schedule_parts[key] for key in (*keys, *optional.get(kind, ()))},
                },
                ["kind", *keys],
            )
            for kind, keys in _SCHEDULE_KEYS.items()
        ]
    }
    target = closed(
        {
            "text": text,
            "kind": one_of(TargetKind),
            "value": {"oneOf": [{"type": "null"}, decimal, one_of(Grade)]},
            "upper": {"oneOf": [{"type": "null"}, decimal]},
            "unit": maybe_text,
            "baseline_year": {"type": ["integer", "null"]},
            "striving": {"type": "boolean"},
            "period": {"oneOf": [{"type": "null"}, period]},
        },
        ["text", "kind", "value", "upper", "unit", "baseline_year", "striving"],
    )
    action = closed(
        {
            "number": text,
            "text": text,
            "lead": texts,
            "support": texts,
            "when": maybe_text,
            "schedule": {"type": "array", "items": {"$ref": "#/$defs/schedule"}},
            "monitors": texts,
            "evidence": texts,
        },
        ["number", "text", "lead", "support", "when", "schedule", "monitors", "evidence"],
    )
    objective = closed(
        {
            "number": text,
            "text": text,
            "targets": {"type": "array", "items": {"$ref": "#/$defs/target"}},
            "method": maybe_text,
            "actions": {"type": "array", "items": {"$ref": "#/$defs/action"}},
        },
        ["number", "text", "targets", "method", "actions"],
    )
    decision_parts = ("kind", "number", "place", "signed_by", "capacity", "authority")
    decision = closed(
        {**dict.fromkeys(decision_parts, maybe_text), "date": maybe_day}, [*decision_parts, "date"]
    )
    policy = closed({"motto": maybe_text, "commitments": texts}, ["motto", "commitments"])
    agency = closed(
        {"name": maybe_text, "level": {"enum": [*(member.value for member in Level), None]}},
        ["name", "level"],
    )
    root = closed(
        {
            "format": {"const": FORMAT},
            "agency": agency,
            "year": {"type": ["integer", "null"]},
            "decision": {"oneOf": [{"type": "null"}, decision]},
            "policy": {"oneOf": [{"type": "null"}, policy]},
            "objectives": {"type": "array", "items": {"$ref": "#/$defs/objective"}},
            "reporting": {"type": "array", "items": {"$ref": "#/$defs/schedule"}},
        },
        ["format", "agency", "year", "decision", "policy", "objectives", "reporting"],
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "camket-plan/1",
        "description": "What an agency promulgates for one year: decision, quality policy, objectives, targets, actions.",
        **root,
        "$defs": {"schedule": schedule, "target": target, "action": action, "objective": objective},
    }
