"""What a report says, as plain values: read live while it is a draft, from its snapshot once issued.

Sentences are Vietnamese: an official report is Vietnamese by nature. Decimals are strings in JSON.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from camket.core.narrative import COUNTS, RESULT, FigureChange, bare_result
from camket.reporting.charts import TargetChart

FORMAT = "camket-report/1"

STATE_WORDS: Mapping[str, str] = {
    "met": "Đạt",
    "on_track": "Đúng tiến độ",
    "at_risk": "Có nguy cơ không đạt",
    "missed": "Không đạt",
    "no_data": "Chưa có số liệu",
    "nothing_arose": "Không phát sinh",
}
"""Verdicts in the words of the report, in the order in which a report counts them."""


@dataclass(frozen=True, slots=True)
class Head:
    """Of whom, of which plan and which days the report is.

    ``as_of`` is the day on which it is judged, the day after its period once that is over; ``until`` the last day whose
    figures count, None in snapshots that are older than it. ``unit_name`` is whose report it is, "" of the whole agency's.
    """

    agency_name: str
    agency_full_name: str
    superior_name: str
    place: str
    plan_id: int
    plan_year: int
    decision_kind: str
    decision_number: str
    decided_on: date | None
    kind: str
    period_name: str
    period_start: date
    period_end: date
    as_of: date
    until: date | None = None
    unit_name: str = ""

    @property
    def who(self) -> str:
        """Whose report it is, as in sentences."""
        return self.unit_name or self.agency_name

    @property
    def last_day(self) -> date:
        """The last day whose figures count."""
        return self.until or min(self.as_of, self.period_end)


@dataclass(frozen=True, slots=True)
class TargetLine:
    """One target with its result, verdict and the secretary's remark; ``readings`` are those counted.

    ``formula`` says how a figure counted from records was made; "" for one entered by hand, and in older snapshots.
    ``said`` is the sentence of the report on it, "" where none was composed; ``said_figures`` are the figures that stand in it
    by their names. ``value`` is the result as a plain decimal in ``unit``, ``first_day`` and ``last_day`` the days that its
    figures cover (ISO 8601), each "" where there is none, and in older snapshots.
    """

    target_id: int
    text: str
    goal: str
    shown: str
    numerator: str
    denominator: str
    state: str
    is_final: bool
    is_striving: bool
    because: str
    source: str
    readings: tuple[int, ...]
    reason: str = ""
    remedy: str = ""
    formula: str = ""
    said: str = ""
    said_figures: Mapping[str, str] = field(default_factory=dict)
    value: str = ""
    unit: str = ""
    first_day: str = ""
    last_day: str = ""

    @property
    def fraction(self) -> str:
        """The result's numerator over its denominator, "" where it is no share."""
        return f"{self.numerator}/{self.denominator}" if self.denominator else ""

    @property
    def state_word(self) -> str:
        """The verdict in a word."""
        return STATE_WORDS[self.state]

    @property
    def needs_remark(self) -> bool:
        """Whether the report should give a reason and a remedy."""
        return self.state in {"missed", "at_risk"}

    @property
    def stale(self) -> tuple[FigureChange, ...]:
        """Result and counts that are others now than in the sentence; what they are compared with is reckoned only on issue."""
        if not self.said:
            return ()
        now = {RESULT: bare_result(self.shown, self.fraction), COUNTS: self.fraction}
        return tuple(
            FigureChange(name, then, now[name])
            for name, then in self.said_figures.items()
            if name in now and now[name] != then
        )

    def measured(self) -> tuple[str, ...]:
        """Return what a correction of figures would change: parts and whole, else the result, else the verdict.

        Not the verdict where there is a figure: that may change by an expected volume or a rule, and the figure stands.
        """
        if self.denominator:
            return (self.numerator, self.denominator)
        return (self.shown or self.state,)


@dataclass(frozen=True, slots=True)
class ObjectiveLines:
    """One objective with its targets."""

    number: str
    text: str
    state: str
    targets: tuple[TargetLine, ...]


@dataclass(frozen=True, slots=True)
class UnitWork:
    """How many tasks due in the period a unit has done in time, late, and not."""

    unit: str
    on_time: int = 0
    late: int = 0
    waiting: int = 0
    overdue: int = 0
    not_yet_due: int = 0

    @property
    def total(self) -> int:
        """All tasks of the unit due in the period."""
        return self.on_time + self.late + self.waiting + self.overdue + self.not_yet_due


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A task that was done late or is overdue."""

    objective: str
    action: str
    label: str
    unit: str
    due_on: date
    done_on: date | None


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """A piece of evidence of the period: what it is and what it proves."""

    title: str
    document_number: str
    document_date: date | None
    objective: str


@dataclass(frozen=True, slots=True)
class ReportContent:
    """Everything that a report says; ``charts`` are what its paper draws, which pages do not ask for."""

    head: Head
    objectives: tuple[ObjectiveLines, ...]
    work: tuple[UnitWork, ...]
    open_tasks: tuple[OpenTask, ...]
    evidence: tuple[EvidenceLine, ...]
    assessment: str = ""
    difficulties: str = ""
    proposals: str = ""
    charts: tuple[TargetChart, ...] = ()
    tells_shortfall: bool = False
    """Whether the part on shortcomings tells what the figures show where nobody typed anything; older ones said none."""

    @property
    def targets(self) -> tuple[TargetLine, ...]:
        """All targets, in reading order."""
        return tuple(target for objective in self.objectives for target in objective.targets)

    @property
    def counts(self) -> tuple[tuple[str, int], ...]:
        """How many targets have each verdict, those that occur, best known first."""
        found = Counter(target.state for target in self.targets)
        return tuple((state, found[state]) for state in STATE_WORDS if found[state])

    @property
    def all_work(self) -> UnitWork:
        """The work of all units together."""
        return UnitWork(
            unit="",
            on_time=sum(each.on_time for each in self.work),
            late=sum(each.late for each in self.work),
            waiting=sum(each.waiting for each in self.work),
            overdue=sum(each.overdue for each in self.work),
            not_yet_due=sum(each.not_yet_due for each in self.work),
        )

    @property
    def stale(self) -> tuple[tuple[TargetLine, tuple[FigureChange, ...]], ...]:
        """Targets in whose sentence a figure is another now, each with what changed."""
        return tuple((target, target.stale) for target in self.targets if target.stale)

    @property
    def has_sentences(self) -> bool:
        """Whether sentences on the targets were composed; nothing is to be composed where there are no targets."""
        return not self.targets or any(target.said for target in self.targets)

    @property
    def without_remark(self) -> tuple[TargetLine, ...]:
        """Targets missed or at risk of which the report gives no reason yet."""
        return tuple(target for target in self.targets if target.needs_remark and not target.reason)

    def remarked(self, remarks: Mapping[int, tuple[str, str]]) -> ReportContent:
        """Return the content with the secretary's reason and remedy of each target."""
        return replace(
            self,
            objectives=tuple(
                replace(
                    objective,
                    targets=tuple(
                        replace(
                            target, reason=remarks[target.target_id][0], remedy=remarks[target.target_id][1]
                        )
                        if target.target_id in remarks
                        else target
                        for target in objective.targets
                    ),
                )
                for objective in self.objectives
            ),
        )

    def told(self, sentences: Mapping[int, tuple[str, Mapping[str, str]]]) -> ReportContent:
        """Return the content with the sentence on each target and the figures that stand in it."""
        return replace(
            self,
            objectives=tuple(
                replace(
                    objective,
                    targets=tuple(
                        replace(
                            target,
                            said=sentences[target.target_id][0],
                            said_figures=dict(sentences[target.target_id][1]),
                        )
                        if target.target_id in sentences
                        else target
                        for target in objective.targets
                    ),
                )
                for objective in self.objectives
            ),
        )

    def to_json(self) -> dict[str, Any]:
        """Return the content as JSON-ready values."""
        data = asdict(self)
        return {"format": FORMAT, **_plain(data)}

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> ReportContent:
        """Return the content that a snapshot holds; raises ValueError for another format."""
        if data.get("format") != FORMAT:
            raise ValueError(f"not a report of {FORMAT}: {data.get('format')!r}")
        head = dict(data["head"])
        for key in ("decided_on", "period_start", "period_end", "as_of", "until"):
            head[key] = _day(head.get(key))
        return ReportContent(
            head=Head(**head),
            objectives=tuple(
                ObjectiveLines(
                    number=item["number"],
                    text=item["text"],
                    state=item["state"],
                    targets=tuple(
                        TargetLine(**{**target, "readings": tuple(target["readings"])})
                        for target in item["targets"]
                    ),
                )
                for item in data["objectives"]
            ),
            work=tuple(UnitWork(**item) for item in data["work"]),
            open_tasks=tuple(
                OpenTask(
                    **{**item, "due_on": date.fromisoformat(item["due_on"]), "done_on": _day(item["done_on"])}
                )
                for item in data["open_tasks"]
            ),
            evidence=tuple(
                EvidenceLine(**{**item, "document_date": _day(item["document_date"])})
                for item in data["evidence"]
            ),
            assessment=data["assessment"],
            difficulties=data["difficulties"],
            proposals=data["proposals"],
            charts=tuple(TargetChart.from_json(each) for each in data.get("charts", ())),
            tells_shortfall=data.get("tells_shortfall", False),
        )


def _day(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


def _plain(value: Any) -> Any:
    match value:
        case date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case dict():
            return {key: _plain(each) for key, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
        case _:
            return value
