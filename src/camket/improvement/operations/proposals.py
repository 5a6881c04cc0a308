"""What the system proposes by itself: nonconformities from missed targets and from late dossiers, risks from what burns.

Each carries the sentence and the counts of the day; what was proposed once, or left with a reason, is not proposed again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.utils import translation
from django.utils.translation import gettext

from camket.core.messages import Message
from camket.core.nonconformity import is_late_pattern
from camket.core.periods import last_month, vietnamese
from camket.core.targets import VerdictState
from camket.dossiers.queries.sums import names_of, sums_by
from camket.improvement.models import Nonconformity, Risk
from camket.improvement.operations import nonconformities, risks
from camket.improvement.operations.nonconformities import Proposed
from camket.improvement.operations.risks import ProposedRisk
from camket.improvement.readiness import rules_of
from camket.notifications.staff import staff_of
from camket.objectives.verdicts import ObjectiveVerdict, PlanVerdicts, TargetVerdict, verdicts_judged
from camket.org.models import Role


def propose_nonconformities(*, agency_id: int, today: date, now: datetime) -> tuple[Nonconformity, ...]:
    """Propose what the figures of the last whole month show; returns what is new."""
    plan = _plan(agency_id, today)
    found = [*_from_targets(agency_id, plan, today), *_from_dossiers(agency_id, today)]
    return nonconformities.propose(agency_id=agency_id, proposals=found, now=now) if found else ()


def propose_risks(*, agency_id: int, today: date, now: datetime) -> tuple[Risk, ...]:
    """Propose to watch targets whose allowance burns too fast; returns what is new."""
    plan = _plan(agency_id, today)
    found = list(_from_burn(plan)) if plan is not None else []
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


def _from_burn(plan: PlanVerdicts) -> Iterable[ProposedRisk]:
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
            process=objective.text[:200],
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
