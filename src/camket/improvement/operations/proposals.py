"""What the system proposes by itself: nonconformities from missed targets, late dossiers and feedback, risks from what burns.

Each carries the sentence and the counts of the day; what was proposed once, or left with a reason, is not proposed again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from dateutil.relativedelta import relativedelta
from django.utils import timezone, translation
from django.utils.translation import gettext

from camket.core import feedback as feedback_rules
from camket.core.messages import Message
from camket.core.nonconformity import is_late_pattern
from camket.core.periods import last_month, vietnamese
from camket.core.targets import VerdictState
from camket.dossiers.models import Procedure
from camket.dossiers.queries.sums import fields_named, names_of, sums_by
from camket.improvement.models import Nonconformity, Risk
from camket.improvement.operations import nonconformities, risks
from camket.improvement.operations.nonconformities import Proposed
from camket.improvement.operations.risks import ProposedRisk
from camket.improvement.readiness import rules_of
from camket.notifications.staff import staff_of
from camket.objectives.verdicts import ObjectiveVerdict, PlanVerdicts, TargetVerdict, verdicts_judged
from camket.org.models import Role
from camket.voices.models import Feedback


def propose_nonconformities(*, agency_id: int, today: date, now: datetime) -> tuple[Nonconformity, ...]:
    """Propose what the figures of the last whole month and the answers to feedback show; returns what is new."""
    plan = _plan(agency_id, today)
    found = [
        *_from_targets(agency_id, plan, today),
        *_from_dossiers(agency_id, today),
        *_from_feedback(agency_id, today),
    ]
    return nonconformities.propose(agency_id=agency_id, proposals=found, now=now) if found else ()


def propose_risks(*, agency_id: int, today: date, now: datetime) -> tuple[Risk, ...]:
    """Propose to watch targets whose allowance burns too fast; returns what is new."""
    plan = _plan(agency_id, today)
    found = list(_from_burn(agency_id, plan)) if plan is not None else []
    return risks.propose(agency_id=agency_id, proposals=found, now=now) if found else ()


def _plan(agency_id: int, today: date) -> PlanVerdicts | None:
    """Return the verdicts of the plan in turn, as the agency's secretary sees them; None where nobody is there."""
    staff = staff_of(agency_id, today)
    secretaries = staff.with_role(Role.SECRETARY, Role.REPRESENTATIVE, Role.CHAIRMAN)
    if not secretaries:
        return None
    return verdicts_judged(staff.people[secretaries[0]].actor(agency_id), today)


def _targets(plan: PlanVerdicts) -> Iterator[tuple[ObjectiveVerdict, TargetVerdict]]:
    for objective in plan.objectives:
        for target in objective.targets:
            if target.whole_id is None and not target.verdict.is_striving:
                yield objective, target


def _from_targets(agency_id: int, plan: PlanVerdicts | None, today: date) -> Iterable[Proposed]:
    """Propose each missed target once; once more when the plan's period is over, where nothing about it is under way."""
    if plan is None:
        return
    missed = [each for each in _targets(plan) if each[1].state == VerdictState.MISSED]
    under_way = set(
        Nonconformity.objects.filter(
            agency_id=agency_id,
            judged_by_target_id__in=[target.target_id for _objective, target in missed],
            state__in=("proposed", "open", "planned", "acting", "judging"),
        ).values_list("judged_by_target_id", flat=True)
    )
    for objective, target in missed:
        if target.target_id in under_way:
            continue
        verdict = target.verdict
        reason = verdict.reason
        end = ":final" if verdict.is_final else ""
        # The words of a record are Vietnamese, whoever works the machine that proposes it.
        said = _vietnamese(reason)
        yield Proposed(
            key=f"target:{target.target_id}{end}",
            source=Nonconformity.Source.TARGET,
            title=f"Không đạt mục tiêu {objective.number}: {objective.text}",
            text=f"{said}\nMức phải đạt: {verdict.goal}. Kết quả đến ngày {vietnamese(today)}: {verdict.shown or 'chưa có'}.",
            found_on=today,
            found={
                "state": verdict.state.value,
                "sentence": {"template": reason.template, "params": dict(reason.params)},
                "shown": verdict.shown,
                "goal": verdict.goal,
                "numerator": None if verdict.numerator is None else str(verdict.numerator),
                "denominator": None if verdict.denominator is None else str(verdict.denominator),
                "on": today.isoformat(),
            },
            owner_id=None,
            unit_id=None,
            target_id=target.target_id,
            clause="6.2",
            requirement=f"{objective.number}. {objective.text}{f' ({plan.title})' if plan.title else ''}",
        )


def _from_dossiers(agency_id: int, today: date) -> Iterable[Proposed]:
    """Propose a unit or a procedure whose share of late dossiers in the last whole month makes a pattern."""
    month, rules = last_month(today), rules_of(agency_id)
    for by, called in (("unit", "Bộ phận"), ("procedure", "Thủ tục")):
        found = {
            key: numbers
            for (_agency, _period, key), numbers in sums_by(
                (agency_id,), (month,), ("finished", "late"), by=by
            ).items()
            if key
            and is_late_pattern(
                int(numbers["late"]),
                int(numbers["finished"]),
                share=rules.late_share,
                least=rules.late_least,
            )
        }
        names = names_of(agency_id, by, found.keys()) if found else {}
        for key, numbers in found.items():
            late, finished = int(numbers["late"]), int(numbers["finished"])
            name = names.get(key, ("", ""))[1] or str(key)
            text = (
                f"{called} {name}: {late} trong số {finished} hồ sơ giải quyết xong trong tháng {month.start:%m/%Y} bị "
                "quá hạn."
            )
            yield Proposed(
                key=f"dossiers:{by}:{key}:{month.start:%Y-%m}",
                source=Nonconformity.Source.DOSSIERS,
                title=f"{name}: {late}/{finished} hồ sơ quá hạn trong tháng {month.start:%m/%Y}",
                text=text,
                found_on=today,
                found={"late": late, "finished": finished, "month": f"{month.start:%Y-%m}"},
                unit_id=key if by == "unit" else None,
                clause="8.5.1",
                requirement="Hồ sơ thủ tục hành chính được giải quyết đúng thời hạn đã hẹn.",
            )


_LOOKED_BACK = relativedelta(months=12)
"""Feedback answered longer ago is not proposed any more: what it showed was dealt with, or passed over, at the time."""


def _from_feedback(agency_id: int, today: date) -> Iterable[Proposed]:
    """Propose feedback on conduct or rules that was found justified, wholly or in part, once for each piece of it.

    A nonconformity is read by many who may not read the feedback: it says of it the kind, the days and the field alone,
    and of feedback on conduct not even the unit, whose head might be whom it is about.

    Source: ISO 9001:2015, 10.2.1 (nonconformities, including any arising from complaints).
    """
    rows = Feedback.objects.filter(
        agency_id=agency_id,
        state=Feedback.State.ANSWERED,
        kind__in=feedback_rules.ESTABLISHED_KINDS,
        outcome__in=feedback_rules.CONFIRMED,
        outcome_on__range=(today - _LOOKED_BACK, today),
    ).select_related("field")
    for row in rows.order_by("outcome_on", "pk"):
        if row.outcome_on is None:
            continue
        about, clause, requirement = _FEEDBACK_WORDS[row.kind]
        how = "đúng" if row.outcome == feedback_rules.JUSTIFIED else "đúng một phần"
        received, found_on = timezone.localdate(row.received_at), row.outcome_on
        field = f", lĩnh vực {row.field.name}" if row.field else ""
        yield Proposed(
            key=f"feedback:{row.pk}:{found_on:%Y-%m-%d}",
            source=Nonconformity.Source.FEEDBACK,
            title=f"Phản ánh, kiến nghị {about} được kết luận là {how}{field}",
            text=(
                f"Phản ánh, kiến nghị mã {row} {about}{field}, tiếp nhận ngày {vietnamese(received)}, được kết luận là "
                f"{how} ngày {vietnamese(found_on)}."
            ),
            found_on=found_on,
            found={"feedback": row.pk, "outcome": row.outcome, "kind": row.kind},
            unit_id=row.unit_id if row.kind == feedback_rules.RULES else None,
            clause=clause,
            requirement=requirement,
        )


_FEEDBACK_WORDS = {
    feedback_rules.CONDUCT: (
        "về thái độ, hành vi của cán bộ, công chức",
        "8.5.1",
        "Cán bộ, công chức giao tiếp đúng mực, không gây phiền hà, không đặt thêm yêu cầu khi giải quyết công việc của cá "
        "nhân, tổ chức.",
    ),
    feedback_rules.RULES: (
        "về quy định, thủ tục hành chính",
        "8.2",
        "Thủ tục được công khai đầy đủ, dễ hiểu và thực hiện đúng quy định; phản ánh, kiến nghị của cá nhân, tổ chức được "
        "xem xét để cải tiến.",
    ),
}


def _process(agency_id: int, objective: ObjectiveVerdict, target: TargetVerdict) -> str:
    """Return the process that a target is about: the procedures or fields counted alone, else its unit's work, else its text."""
    filters = target.counted.formula.filters if target.counted is not None else {}
    names: list[str] = []
    if codes := filters.get("procedure"):
        procedures = Procedure.objects.filter(agency_id=agency_id, key__in=codes)
        names = [name or key for key, name in procedures.values_list("key", "edition__name")]
    elif words := filters.get("field"):
        found = names_of(agency_id, "field", fields_named([agency_id], words))
        names = [name for _word, name in found.values()]
    return "; ".join(sorted(names)) or objective.owner or objective.text


def _from_burn(agency_id: int, plan: PlanVerdicts) -> Iterable[ProposedRisk]:
    for objective, target in _targets(plan):
        allowance = target.verdict.allowance
        if allowance is None or target.state == VerdictState.MISSED or target.verdict.is_final:
            continue
        if not allowance.is_fast and allowance.runs_out_on is None:
            continue
        runs_out = allowance.runs_out_on
        end = f", dự kiến hết vào ngày {vietnamese(runs_out)}" if runs_out else ""
        yield ProposedRisk(
            key=f"burn:{target.target_id}",
            process=_process(agency_id, objective, target),
            unit_id=objective.owner_id,
            title=f"Có thể không đạt mục tiêu {objective.number}: {objective.text}"[:400],
            cause=f"Số trường hợp không đạt được phép đang bị dùng nhanh hơn nhịp của năm{end}.",
            effect=f"Không đạt mức {target.verdict.goal} khi hết kỳ.",
            found={
                "allowed": str(allowance.allowed),
                "spent": str(allowance.spent),
                "runs_out_on": runs_out.isoformat() if runs_out else None,
                "target": target.target_id,
            },
        )


def _vietnamese(message: Message) -> str:
    with translation.override("vi"):
        template = gettext(message.template)
    return template % message.params if message.params else template
