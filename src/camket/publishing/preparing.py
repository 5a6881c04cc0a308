"""Making what is published from the live records, whole, on a day: the only way from records to the public page.

Each kind is made by one function of (actor, its subject's id, day). What it makes is stored at once and shown from
there; nothing public is read from records again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext

from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.plan import Period
from camket.core.small_groups import month_end
from camket.core.wording.numbers import format_number, int_to_roman
from camket.documents.queries.controlled import changed_between as documents_changed
from camket.documents.queries.legal import changed_between as law_changed
from camket.dossiers.queries.catalogue import Wanted, catalogue
from camket.objectives.details import ActionDetail, ObjectiveDetail, PlanDetail
from camket.objectives.models import Plan
from camket.objectives.queries import plan_detail, plan_in_force
from camket.objectives.verdicts import plan_judged
from camket.org.models import Agency
from camket.org.policy import Actor, require
from camket.publishing.content import (
    CHANGES,
    FORMAT,
    OBJECTIVES,
    POLICY,
    POSTINGS,
    PROCEDURES,
    REPORT,
    RESULTS,
    SATISFACTION,
    Prepared,
    measured,
)
from camket.publishing.models import PostingList
from camket.publishing.posting_list import quarter_of
from camket.publishing.posting_rules import rule_name
from camket.publishing.report_rules import rule_for
from camket.reporting.content import STATE_WORDS, ObjectiveLines, ReportContent
from camket.reporting.kinds import KINDS
from camket.reporting.models import Report
from camket.reporting.periods import period_name
from camket.reporting.queries import content_from, results_on, versions_of
from camket.reporting.told import ToldContent
from camket.voices.queries.results import Line, Rate, results

_TENTH = Decimal("0.1")


class NothingToPublish(Refusal):
    """The records do not hold yet what this kind of publication shows."""


def prepared(actor: Actor, kind: str, subject_id: int | None, on: date) -> Prepared:
    """Return a publication of a kind as the records stand on a day; ``subject_id`` is of the report, survey or list of postings.

    Raises NothingToPublish; DoesNotExist for another agency's; KeyError for an unknown kind.
    """
    require(actor, "publication.view")
    make = MAKERS[kind]
    with translation.override("vi"):
        return make(actor, subject_id, on)


def _policy(actor: Actor, _: int | None, on: date) -> Prepared:
    plan = _plan(actor, on)
    if not plan.motto and not plan.commitments:
        raise NothingToPublish(
            Message(
                gettext_noop("The plan in force states no quality policy: neither a motto nor commitments.")
            )
        )
    return Prepared(
        kind=POLICY,
        title=f"Chính sách chất lượng năm {plan.year}",
        as_of=on,
        content={
            **_head(actor, POLICY, on),
            "year": plan.year,
            "decision": _decision(plan),
            "motto": plan.motto,
            "commitments": list(plan.commitments),
        },
        plan_id=plan.id,
    )


def _objectives(actor: Actor, _: int | None, on: date) -> Prepared:
    plan = _without_people(_plan(actor, on))
    return Prepared(
        kind=OBJECTIVES,
        title=f"Mục tiêu chất lượng năm {plan.year}",
        as_of=on,
        period_start=plan.period.start,
        period_end=plan.period.end,
        content={
            **_head(actor, OBJECTIVES, on),
            "year": plan.year,
            "decision": _decision(plan),
            "period": _period(plan.period),
            "objectives": [_objective(objective) for objective in plan.objectives],
            "plan": plan.as_format().to_json(),
        },
        plan_id=plan.id,
    )


def _results(actor: Actor, _: int | None, on: date) -> Prepared:
    judged_id = plan_judged(actor.agency_id, on)
    plan = plan_detail(actor, judged_id) if judged_id is not None else _plan(actor, on)
    # Judged on the day after a year's end, when verdicts are final; counted, dated and named by its last day.
    judged = min(on, plan.period.end + timedelta(days=1))
    as_of = min(on, plan.period.end)
    return Prepared(
        kind=RESULTS,
        title=f"Kết quả thực hiện mục tiêu chất lượng năm {plan.year} đến ngày {as_of:%d/%m/%Y}",
        as_of=as_of,
        period_start=plan.period.start,
        period_end=as_of,
        content={
            **_head(actor, RESULTS, as_of),
            "year": plan.year,
            "decision": _decision(plan),
            "period": _period(Period(plan.period.start, as_of)),
            **_lines(results_on(actor, plan.id, judged, today=on, until=as_of)),
        },
        plan_id=plan.id,
    )


SATISFIED_RULE = (
    "Tỷ lệ hài lòng = số lượt chọn “hài lòng” hoặc “rất hài lòng” chia cho số lượt có trả lời câu hỏi đó; câu bỏ trống"
    " không tính. Nhóm dưới 5 lượt trả lời không nêu riêng để không ai bị nhận ra."
)
"""What the figures of satisfaction count, as it stands beside them: QĐ 1001/QĐ-BNV (2023); the number five is ours."""


def _satisfaction(actor: Actor, _: int | None, on: date) -> Prepared:
    found = results(actor, period=Period(date(on.year, 1, 1), on), today=on, with_population=False)
    if found.is_empty or not found.overall.rate.is_shown:
        raise NothingToPublish(
            Message(
                gettext_noop(
                    "No survey has results to show yet: they need at least five answers,"
                    " and a month is shown from the 6th of the next."
                )
            )
        )
    groups: tuple[tuple[str, Iterable[Line]], ...] = (
        ("question", (line for factor in found.factors for line in factor.questions)),
        ("field", found.fields),
        ("unit", found.units),
        ("channel", found.channels),
    )
    overall = _rate("overall", "Mức hài lòng chung", found.overall.rate)
    return Prepared(
        kind=SATISFACTION,
        title=f"Mức độ hài lòng của người dân từ {found.period.start:%d/%m/%Y} đến {found.period.end:%d/%m/%Y}",
        as_of=on,
        period_start=found.period.start,
        period_end=found.period.end,
        content={
            **_head(actor, SATISFACTION, on),
            "period": _period(found.period),
            "responses": found.responses,
            "rule": SATISFIED_RULE,
            "overall": overall,
            "margin": _margin(found.overall.rate),
            "rates": [
                overall,
                *(
                    _rate(by, gettext(line.name) if line.is_message else line.name, line.rate)
                    for by, lines in groups
                    for line in lines
                    if line.rate.is_shown and line.name
                ),
                *(_rate_of_month(line) for line in found.months if line.rate.is_shown),
            ],
        },
    )


def _rate(by: str, name: str, rate: Rate) -> dict[str, Any]:
    share = rate.share
    shown = "" if share is None else f"{format_number(share.quantize(_TENTH))}\N{NO-BREAK SPACE}%"
    value, unit = measured(shown)
    return {
        "by": by,
        "name": name,
        "satisfied": rate.satisfied,
        "rated": rate.rated,
        "rate": shown,
        "value": value,
        "unit": unit,
    }


def _rate_of_month(line: Line) -> dict[str, Any]:
    first = date.fromisoformat(str(line.key))
    period = _period(Period(first, month_end(first)))
    return {**_rate("month", f"Tháng {first:%m/%Y}", line.rate), "period": period}


def _margin(rate: Rate) -> str:
    """Return between which shares the rate lies with 95 % confidence, in words; "" where that cannot be told."""
    if rate.interval is None:
        return ""
    low, high = ((each * 100).quantize(_TENTH) for each in (rate.interval.low, rate.interval.high))
    return f"{format_number(low)}–{format_number(high)}\N{NO-BREAK SPACE}%"


def _procedures(actor: Actor, _: int | None, on: date) -> Prepared:
    rows = catalogue(actor, Wanted(), on).rows
    if not rows:
        raise NothingToPublish(
            Message(gettext_noop("The catalogue of administrative procedures is empty; bring it in first."))
        )
    return Prepared(
        kind=PROCEDURES,
        title=f"Danh mục thủ tục hành chính, ngày {on:%d/%m/%Y}",
        as_of=on,
        content={
            **_head(actor, PROCEDURES, on),
            "procedures": [
                {
                    "code": row.code,
                    "name": row.name,
                    "field": row.field,
                    "unit": row.unit,
                    "limit": _said(row.limit),
                    "limit_amount": _exact(row.time_limit.amount),
                    "limit_unit": row.time_limit.unit.value,
                    "level": int(row.level),
                    "level_name": _said(row.level_name),
                    "partial_reason": row.partial_reason,
                    "decision": row.decision,
                    "valid_from": row.valid_from.isoformat(),
                }
                for row in rows
            ],
        },
    )


def _report(actor: Actor, report_id: int | None, on: date) -> Prepared:
    report = Report.objects.select_related("pdf", "workbook", "data").get(
        pk=report_id or 0, agency_id=actor.agency_id
    )
    if report.unit_id is not None:
        raise NothingToPublish(
            Message(
                gettext_noop("A unit's report goes to the own agency; the agency's report is made public.")
            )
        )
    if (because := rule_for(report.subject).because) is not None:
        raise NothingToPublish(because)
    if report.state != Report.State.ISSUED or report.snapshot is None or report.pdf is None:
        raise NothingToPublish(Message(gettext_noop("Only a report that is issued can be made public.")))
    said = content_from(report)
    name = period_name(report.kind, Period(report.period_start, report.period_end))
    about = KINDS.get(report.subject)
    title = (
        "kết quả thực hiện mục tiêu chất lượng"
        if about is None
        else f"{about.title[:1].lower()}{about.title[1:]}"
    )
    return Prepared(
        kind=REPORT,
        title=f"Báo cáo {title} {name}",
        as_of=said.head.last_day,
        period_start=report.period_start,
        period_end=report.period_end,
        content={
            **_head(actor, REPORT, said.head.last_day),
            "subject": report.subject,
            "period": _period(Period(report.period_start, report.period_end)),
            "report": {
                "number": report.number,
                "date": report.issued_on.isoformat() if report.issued_on else None,
                "signed_by": report.signed_by,
                "capacity": report.capacity,
                "correction": report.correction,
            },
            "file": {"name": report.pdf.name, "size": report.pdf.size, "sha256": report.pdf.sha256},
            "data_files": [
                {"ending": ending, "name": file.name, "size": file.size, "sha256": file.sha256}
                for ending, file in (("xlsx", report.workbook), ("json", report.data))
                if file is not None
            ],
            "assessment": said.assessment,
            "difficulties": said.difficulties,
            "proposals": said.proposals,
            **(_lines(said.objectives) if isinstance(said, ReportContent) else _told(said)),
        },
        plan_id=report.plan_id,
        report_id=report.pk,
    )


def _told(said: ToldContent) -> dict[str, Any]:
    """Return what a report on another subject than the objectives says: its sentences and its own figures.

    Its tables are in its files.
    """
    return {
        "counts": [],
        "objectives": [],
        "sections": [
            {"title": each.title, "sentences": [one.said for one in each.statements if one.said]}
            for each in said.sections
        ],
        "measures": [
            {
                "name": line.now.name,
                "result": line.now.shown,
                "value": _exact(line.now.value),
                "unit": line.now.unit,
                "numerator": _exact(line.now.numerator),
                "denominator": _exact(line.now.denominator),
            }
            for line in said.measures
        ],
    }


def in_force(agency_id: int, *, report_id: int | None, list_id: int | None) -> int | None:
    """Return the version of a report, or of a quarter's list, that stands today; its own id where no other replaced it."""
    if report_id is not None:
        report = Report.objects.get(pk=report_id, agency_id=agency_id)
        versions = versions_of(report).filter(state=Report.State.ISSUED)
        return versions.order_by("-version").values_list("pk", flat=True).first() or report_id
    if list_id is not None:
        issued = PostingList.objects.get(pk=list_id, agency_id=agency_id)
        newest = PostingList.objects.filter(
            agency_id=agency_id, year=issued.year, quarter=issued.quarter, replaced_by=None
        )
        return newest.values_list("pk", flat=True).first()
    return None


def _postings(actor: Actor, list_id: int | None, on: date) -> Prepared:
    issued = PostingList.objects.select_related("replaced_by").get(pk=list_id or 0, agency_id=actor.agency_id)
    if hasattr(issued, "replaced_by"):
        raise NothingToPublish(
            Message(gettext_noop("A corrected list of this quarter was issued; prepare that one."))
        )
    entries = [entry for entry in issued.content["entries"] if entry["rule"] != INTERNAL]
    if not entries:
        raise NothingToPublish(
            Message(gettext_noop("The list of this quarter holds nothing for the public."))
        )
    period = quarter_of(issued.year, issued.quarter)
    quarter = int_to_roman(issued.quarter)
    return Prepared(
        kind=POSTINGS,
        title=f"Danh mục nội dung đã công khai quý {quarter} năm {issued.year}",
        as_of=period.end,
        period_start=period.start,
        period_end=period.end,
        content={
            **_head(actor, POSTINGS, period.end),
            "year": issued.year,
            "quarter": issued.quarter,
            "period": _period(period),
            "list": {
                "number": issued.content["number"],
                "date": issued.content["dated"],
                "correction": issued.correction,
            },
            "entries": [
                {
                    "subject": entry["subject"],
                    "content": rule_name(entry["rule"]),
                    "document_number": entry["document_number"],
                    "decided_on": entry["decided_on"],
                    "is_new": entry["is_new"],
                    "places": [{**place, "count": place.get("count")} for place in entry["places"]],
                }
                for entry in entries
            ],
        },
        posting_list_id=issued.pk,
    )


_CHANGED = {"effective": "Ban hành, áp dụng", "replaced": "Được thay thế", "withdrawn": "Thu hồi"}
_LAW = {"amends": "Được sửa đổi, bổ sung", "replaces": "Được thay thế", "ends": "Hết hiệu lực"}


def _changes(actor: Actor, _: int | None, on: date) -> Prepared:
    first = on - timedelta(days=365)
    documents = [
        {
            "on": each.on.isoformat(),
            "what": each.what,
            "what_word": _CHANGED[each.what],
            "code": each.code,
            "title": each.title,
            "edition": each.edition,
            "decision_number": each.decision_number,
            "decision_on": each.decision_on.isoformat() if each.decision_on else None,
            "change": each.change,
        }
        for each in documents_changed(actor.agency_id, first, on)
    ]
    law = [
        {
            "on": each.on.isoformat(),
            "what": each.kind,
            "what_word": _LAW[each.kind],
            "code": each.number,
            "title": each.title,
            "edition": "",
            "decision_number": each.by,
            "decision_on": None,
            "change": each.said,
            "documents": list(each.documents),
        }
        for each in law_changed(actor.agency_id, first, on)
    ]
    if not documents and not law:
        raise NothingToPublish(
            Message(gettext_noop("No document and no legal text changed in the last twelve months."))
        )
    return Prepared(
        kind=CHANGES,
        title=f"Thay đổi của tài liệu, quy trình và văn bản pháp luật, 12 tháng đến ngày {on:%d/%m/%Y}",
        as_of=on,
        period_start=first,
        period_end=on,
        content={
            **_head(actor, CHANGES, on),
            "period": _period(Period(first, on)),
            "documents": documents,
            "law": law,
        },
    )


INTERNAL = "internal"
"""Rule of what is made known within the office alone (Luật 10/2022/QH15, Điều 46): never on the public page."""

MAKERS: Mapping[str, Callable[[Actor, int | None, date], Prepared]] = {
    POLICY: _policy,
    OBJECTIVES: _objectives,
    RESULTS: _results,
    SATISFACTION: _satisfaction,
    PROCEDURES: _procedures,
    REPORT: _report,
    POSTINGS: _postings,
    CHANGES: _changes,
}


def _plan(actor: Actor, on: date) -> PlanDetail:
    plan: Plan | None = plan_in_force(actor.agency_id, on)
    if plan is None:
        raise NothingToPublish(
            Message(gettext_noop("No plan of quality objectives is in force on this day."))
        )
    return plan_detail(actor, plan.pk)


def _without_people(plan: PlanDetail) -> PlanDetail:
    """Return a plan without the bodies that stand for a person: who does the work is the staff's, not the public's."""

    def bare(action: ActionDetail) -> ActionDetail:
        return replace(
            action,
            lead=tuple(body for body in action.lead if body.person_id is None),
            support=tuple(body for body in action.support if body.person_id is None),
            monitors=tuple(body for body in action.monitors if body.person_id is None),
        )

    return replace(
        plan,
        objectives=tuple(
            replace(objective, actions=tuple(bare(action) for action in objective.actions))
            for objective in plan.objectives
        ),
    )


def _head(actor: Actor, kind: str, as_of: date) -> dict[str, Any]:
    agency = Agency.objects.get(pk=actor.agency_id)
    return {
        "format": FORMAT,
        "kind": kind,
        "agency": {"code": agency.code, "name": agency.name, "full_name": agency.full_name},
        "as_of": as_of.isoformat(),
    }


def _decision(plan: PlanDetail) -> dict[str, Any]:
    return {
        "number": plan.number,
        "date": plan.decided_on.isoformat() if plan.decided_on else None,
        "signed_by": plan.signed_by,
        "capacity": plan.capacity,
    }


def _period(period: Period) -> dict[str, str]:
    return {"start": period.start.isoformat(), "end": period.end.isoformat()}


def _objective(objective: ObjectiveDetail) -> dict[str, Any]:
    return {
        "number": objective.number,
        "text": objective.text,
        "method": objective.method,
        "unit": objective.owner,
        "targets": [
            {
                "number": f"{objective.number}.{order}",
                "text": target.text,
                "meaning": target.meaning,
                "is_striving": target.striving,
                "kind": target.kind,
                "value": _exact(target.value),
                "upper": _exact(target.upper),
                "unit": target.unit,
            }
            for order, target in enumerate(objective.targets, 1)
        ],
        "actions": [
            {
                "number": action.number,
                "text": action.text,
                "when": action.when,
                "lead": [body.text for body in action.lead],
            }
            for action in objective.actions
        ],
    }


def _lines(objectives: tuple[ObjectiveLines, ...]) -> dict[str, Any]:
    states = Counter(target.state for objective in objectives for target in objective.targets)
    return {
        "counts": [
            {"state": state, "state_word": word, "targets": states[state]}
            for state, word in STATE_WORDS.items()
            if states[state]
        ],
        "objectives": [
            {
                "number": objective.number,
                "text": objective.text,
                "state": objective.state,
                "state_word": STATE_WORDS[objective.state],
                "targets": [
                    {
                        "number": f"{objective.number}.{order}",
                        "text": target.text,
                        "goal": target.goal,
                        "is_striving": target.is_striving,
                        "result": target.shown,
                        **dict(zip(("value", "unit"), measured(target.shown), strict=True)),
                        "numerator": _plain(target.numerator),
                        "denominator": _plain(target.denominator),
                        "formula": target.formula,
                        "source": target.source,
                        "state": target.state,
                        "state_word": target.state_word,
                        "is_final": target.is_final,
                        "because": target.because,
                    }
                    for order, target in enumerate(objective.targets, 1)
                ],
            }
            for objective in objectives
        ],
    }


def _exact(number: object) -> str:
    """Return a number in plain form; "" for none, and for a grade."""
    if isinstance(number, int) and not isinstance(number, bool):
        return str(number)
    return format(number.normalize(), "f") if isinstance(number, Decimal) else ""


def _plain(number: str) -> str:
    """Return a number of a report (1.234,5) as machines write it (1234.5)."""
    return number.replace(".", "").replace(",", ".")


def _said(message: Message) -> str:
    text = gettext(message.template)
    return text % message.params if message.params else text
