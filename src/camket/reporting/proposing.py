"""What the records themselves say of targets that are missed or at risk: proposed as reasons, remedies and tasks of a report.

A proposal is no part of the report: it stands in the form of a draft, marked, with the records it was taken from, and
comes in only when the writer confirms or changes it. Nothing of it is kept before, so that it follows the records.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet

from camket.core.wording.dates import format_date
from camket.improvement.models import Nonconformity
from camket.indicators.models import Reading
from camket.org.policy import Actor, require
from camket.org.queries.together import Rows, read_together
from camket.reporting.content import ObjectiveLines, OpenTask, ReportContent, TargetLine
from camket.reporting.models import UnitPart

AT_MOST = 5
"""So many records of one kind are taken into the proposal on one target."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the records say of a target: reason, remedy, and the records as people know them."""

    reason: str = ""
    remedy: str = ""
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposals:
    """The proposals by target, those alone whose target has no reason or no remedy yet, and the report's last part."""

    targets: Mapping[int, Proposal] = field(default_factory=dict)
    proposals: str = ""


@dataclass(slots=True)
class _Said:
    reasons: list[str] = field(default_factory=list)
    remedies: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)


def proposals_for(actor: Actor, report_id: int, content: ReportContent) -> Proposals:
    """Return what is proposed for a draft on objectives. One SQL statement, none where every target is well.

    Reasons: notes at the readings that were counted, the root cause of nonconformities found at the target, why units say
    that it or its tasks are late, tasks late or overdue. Remedies: the corrective steps, and the tasks still to be done.
    """
    require(actor, "plan.view")
    failing = [
        (objective, target)
        for objective in content.objectives
        for target in objective.targets
        if target.needs_remark
    ]
    if not failing:
        return Proposals()
    said = {target.target_id: _Said() for _, target in failing}
    used = {key: target.target_id for _, target in failing for key in target.readings}
    notes, nonconformities, parts = read_together(
        [_notes(actor, used), _nonconformities(actor, said), _parts(actor, report_id)]
    )
    _from_readings(notes, used, said)
    _from_nonconformities(nonconformities, said)
    _from_parts(parts, said)
    for objective, target in failing:
        _from_tasks(objective, content.open_tasks, said[target.target_id])
    found = {}
    for _, target in failing:
        here = said[target.target_id]
        reason = "" if target.reason else "\n".join(_each_once(here.reasons))
        remedy = "" if target.remedy else "\n".join(_each_once(here.remedies))
        if reason or remedy:
            found[target.target_id] = Proposal(reason, remedy, tuple(_each_once(here.sources)))
    return Proposals(found, "" if content.proposals else "\n".join(_tasks_ahead(failing, said)))


def _notes(actor: Actor, used: Iterable[int]) -> QuerySet[Reading, tuple[Any, ...]]:
    rows = Reading.objects.filter(agency_id=actor.agency_id, pk__in=list(used)).exclude(note="")
    return rows.order_by("period_end", "pk").values_list("pk", "note", "period_start", "period_end")


def _from_readings(rows: Rows, used: Mapping[int, int], said: Mapping[int, _Said]) -> None:
    for pk, note, start, end in rows:
        here = said[used[pk]]
        here.reasons.append(_sentence(note))
        here.sources.append(f"ghi chú tại số liệu kỳ {_span(start, end)}")


def _nonconformities(actor: Actor, targets: Iterable[int]) -> QuerySet[Nonconformity, tuple[Any, ...]]:
    return (
        Nonconformity.objects.filter(
            agency_id=actor.agency_id, judged_by_target_id__in=list(targets), serial__isnull=False
        )
        .exclude(state__in=("proposed", "dismissed", "cancelled"))
        .order_by("found_on", "pk")
        .values_list(
            "judged_by_target_id", "year", "serial", "root_cause", "steps__text", "steps__is_dropped"
        )
    )


def _from_nonconformities(rows: Rows, said: Mapping[int, _Said]) -> None:
    """Take root cause and corrective steps of the nonconformities that a target tells of and that are in the book."""
    for target_id, year, serial, cause, step, is_dropped in rows:
        here = said[target_id or 0]
        if cause.strip():
            here.reasons.append(_sentence(cause))
        if step and not is_dropped:
            here.remedies.append(_sentence(step))
        if cause.strip() or step:
            here.sources.append(f"sự không phù hợp KPH {serial:02}/{year}")


def _parts(actor: Actor, report_id: int) -> QuerySet[UnitPart, tuple[Any, ...]]:
    rows = UnitPart.objects.filter(
        agency_id=actor.agency_id, report_id=report_id, state=UnitPart.State.SENT
    ).order_by("unit__order", "unit__name")
    return rows.values_list("unit__name", "remarks")


def _from_parts(rows: Rows, said: Mapping[int, _Said]) -> None:
    """Take what units sent that is not taken into the draft yet."""
    for unit, remarks in rows:
        for key, (reason, remedy) in remarks.items():
            here = said.get(int(key))
            if here is None:
                continue
            here.reasons += [_sentence(reason)] if reason.strip() else []
            here.remedies += [_sentence(remedy)] if remedy.strip() else []
            here.sources.append(f"phần của {unit}")


def _from_tasks(objective: ObjectiveLines, tasks: Iterable[OpenTask], here: _Said) -> None:
    late = [each for each in tasks if each.objective == objective.number][:AT_MOST]
    for each in late:
        named = f"“{each.action.rstrip(' .')}” ({each.unit}, hạn {format_date(each.due_on)})"
        if each.done_on is None:
            here.reasons.append(f"Đầu việc {named} chưa hoàn thành.")
            here.remedies.append(f"Hoàn thành đầu việc “{each.action.rstrip(' .')}” ({each.unit}).")
        else:
            here.reasons.append(f"Đầu việc {named} hoàn thành chậm, ngày {format_date(each.done_on)}.")
    if late:
        here.sources.append("đầu việc chậm, quá hạn trong kỳ")


def _tasks_ahead(
    failing: Sequence[tuple[ObjectiveLines, TargetLine]], said: Mapping[int, _Said]
) -> Iterable[str]:
    """Yield for each target what is to be done, the known remedies behind it."""
    for _, target in failing:
        verb = "Khắc phục" if target.state == "missed" else "Tập trung thực hiện"
        goal = f" (mục tiêu: {target.goal}; kết quả: {target.shown})" if target.shown else ""
        known = [each.rstrip(" .") for each in _each_once(said[target.target_id].remedies)][:AT_MOST]
        behind = f": {'; '.join(f'{each[:1].lower()}{each[1:]}' for each in known)}" if known else ""
        yield f"{verb} chỉ tiêu “{target.text.rstrip(' .')}”{goal}{behind}."


def _each_once(lines: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(lines))


def _sentence(text: str) -> str:
    line = " ".join(text.split())
    return line if line.endswith((".", "!", "?")) else f"{line}."


def _span(start: date, end: date) -> str:
    return f"{format_date(start)} – {format_date(end)}"
