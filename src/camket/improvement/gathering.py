"""What a management review's inputs say of its period, gathered from everything the agency keeps (ISO 9001:2015, 9.3.2 a–f).

Each input gets sentences with counts and the address where they can be looked at. They stand in the minutes word for
word, so they are Vietnamese by nature. Nothing names an applicant.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q

from camket.actions.models import Task
from camket.core.plan import Period
from camket.core.review import INPUTS
from camket.core.targets import VerdictState
from camket.core.wording.dates import format_date
from camket.core.wording.numbers import format_number, format_percent
from camket.documents.models import DocumentEdition, LegalChange
from camket.dossiers.queries.sums import sums
from camket.improvement.models import Audit, ContextIssue, Finding, Nonconformity, Review, Risk
from camket.objectives.verdicts import PlanVerdicts, plan_judged, verdicts_of_plan
from camket.org.models import Membership, Person, Unit
from camket.org.policy import Actor, require
from camket.org.queries import held_on
from camket.registers.models import Entry
from camket.voices.models import Feedback
from camket.voices.queries.results import results

NAMED = 8
"""So many objectives, decisions, nonconformities are named one by one; of more, the count tells."""
VERDICTS = {
    VerdictState.MET: "đạt",
    VerdictState.ON_TRACK: "đúng tiến độ",
    VerdictState.AT_RISK: "có nguy cơ không đạt",
    VerdictState.MISSED: "không đạt",
    VerdictState.NO_DATA: "chưa có số liệu",
    VerdictState.NOTHING_AROSE: "không phát sinh",
}
GRADES = {
    "major": "không phù hợp nặng",
    "minor": "không phù hợp nhẹ",
    "observation": "lưu ý",
    "opportunity": "cơ hội cải tiến",
    "good": "thực hành tốt",
}
TASKS = {
    "open": "đang thực hiện",
    "submitted": "chờ xác nhận",
    "returned": "trả lại làm tiếp",
    "accepted": "đã hoàn thành",
    "cancelled": "đã hủy",
}
_ENDED = ("closed", "cancelled", "dismissed", "proposed")


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence of an input, and where it can be looked at."""

    text: str
    link: str = ""


def gather(actor: Actor, review_id: int, today: date) -> dict[str, dict[str, Any]]:
    """Return what each input says of the review's period, as it is kept on the review.

    Of a period that goes on, what is known today. Raises NotAllowed, Review.DoesNotExist.
    """
    require(actor, "review.view")
    review = Review.objects.get(pk=review_id, agency_id=actor.agency_id)
    until = min(review.period_end, today)
    period = Period(review.period_start, max(until, review.period_start))
    said = {**said_of(actor, period, today), "a": _earlier(review, today)}
    return {
        each.key: {"lines": [{"text": line.text, "link": line.link} for line in said[each.key]]}
        for each in INPUTS
    }


def said_of(actor: Actor, period: Period, today: date) -> dict[str, Iterable[Said]]:
    """Return what the records say of a period by input, all but what became of earlier decisions (a)."""
    plan_id = plan_judged(actor.agency_id, period.end)
    verdicts = None if plan_id is None else verdicts_of_plan(actor, plan_id, period.end, today=today)
    return {
        "b": _context(actor, period),
        "c1": _voices(actor, period, today),
        "c2": _objectives(verdicts),
        "c3": _processes(actor, period, today),
        "c4": _nonconformities(actor, period, today),
        "c5": _measuring(actor, verdicts, period),
        "c6": _audits(actor, period),
        "c7": (),
        "d": _resources(actor, period),
        "e": _risks(actor, period, today),
        "f": _opportunities(actor, period),
    }


def changed_since(actor: Actor, review_id: int, today: date) -> tuple[str, ...]:
    """Return the keys of inputs that would say something else if they were gathered now. Raises as :func:`gather`."""
    now = gather(actor, review_id, today)
    kept = dict(
        Review.objects.get(pk=review_id, agency_id=actor.agency_id).inputs.values_list("key", "figures")
    )
    return tuple(each.key for each in INPUTS if kept.get(each.key) != now[each.key])


def _earlier(review: Review, today: date) -> list[Said]:
    if review.follows_id is None:
        return [Said("Đây là cuộc xem xét đầu tiên được lưu trên hệ thống; chưa có quyết định của kỳ trước.")]
    link = f"/xem-xet/{review.follows_id}/"
    decisions = list(review.follows.decisions.select_related("task") if review.follows is not None else ())
    if not decisions:
        return [Said("Cuộc xem xét trước không có quyết định nào phải theo dõi.", link)]
    done = sum(1 for each in decisions if each.task and each.task.state == Task.State.ACCEPTED)
    late = [
        each
        for each in decisions
        if each.task and each.task.state in _OPEN_TASKS and each.task.late_after < today
    ]
    lines = [
        Said(
            f"Cuộc xem xét trước có {_n(len(decisions))} quyết định: đã hoàn thành {_n(done)}, "
            f"còn {_n(len(decisions) - done)}, trong đó quá hạn {_n(len(late))}.",
            link,
        )
    ]
    for each in decisions[:NAMED]:
        state = TASKS[each.task.state] if each.task else "chưa giao việc"
        day = f"hạn {format_date(each.task.due_on if each.task else each.due_on)}"
        lines.append(
            Said(f"{each.text}: {state} ({day}).", f"/cong-viec/{each.task_id}/" if each.task_id else link)
        )
    return lines


def _context(actor: Actor, period: Period) -> list[Said]:
    issues = ContextIssue.objects.filter(agency_id=actor.agency_id).aggregate(
        all=Count("pk", filter=Q(ended_on__isnull=True)),
        seen=Count("pk", filter=Q(reviewed_on__range=(period.start, period.end))),
        ended=Count("pk", filter=Q(ended_on__range=(period.start, period.end))),
    )
    lines = []
    if issues["all"] or issues["ended"]:
        lines.append(
            Said(
                f"Đang theo dõi {_n(issues['all'])} vấn đề bên trong, bên ngoài và bên quan tâm; trong kỳ xem lại hoặc bổ "
                f"sung {_n(issues['seen'])}, thôi theo dõi {_n(issues['ended'])}.",
                "/rui-ro/",
            )
        )
    changes = LegalChange.objects.filter(
        changed__agency_id=actor.agency_id, on__range=(period.start, period.end)
    ).select_related("changed", "by")
    rows = list(changes.order_by("on", "pk"))
    if rows:
        lines.append(
            Said(
                f"Trong kỳ có {_n(len(rows))} thay đổi của văn bản mà tài liệu căn cứ vào.",
                "/van-ban-phap-luat/",
            )
        )
    for each in rows[:NAMED]:
        how = {"amends": "được sửa đổi, bổ sung", "replaces": "bị thay thế", "ends": "hết hiệu lực"}[
            each.kind
        ]
        by = f" bởi {each.by.number}" if each.by is not None else ""
        lines.append(
            Said(
                f"{each.changed.number} {how}{by} từ {format_date(each.on)}.",
                f"/van-ban-phap-luat/{each.changed_id}/",
            )
        )
    return lines


def _voices(actor: Actor, period: Period, today: date) -> list[Said]:
    found = results(actor, period=period, today=today, with_population=False)
    lines = []
    if found.responses:
        mean = "" if found.mean is None else f"; mức độ hài lòng chung {format_percent(found.mean, 2)}"
        lines.append(Said(f"Khảo sát: {_n(found.responses)} phiếu trả lời được tính{mean}.", "/khao-sat/"))
    told = (
        Feedback.objects.filter(
            agency_id=actor.agency_id, received_at__date__range=(period.start, period.end)
        )
        .exclude(state=Feedback.State.MERGED)
        .aggregate(
            all=Count("pk"),
            conduct=Count("pk", filter=Q(kind=Feedback.Kind.CONDUCT)),
            settled=Count("pk", filter=Q(settled_at__isnull=False)),
            late=Count(
                "pk",
                filter=Q(settled_at__date__gt=F("due_on")) | Q(settled_at__isnull=True, due_on__lt=today),
            ),
        )
    )
    if told["all"]:
        lines.append(
            Said(
                f"Phản ánh, kiến nghị: tiếp nhận {_n(told['all'])} (về thái độ, hành vi {_n(told['conduct'])}); đã giải quyết "
                f"{_n(told['settled'])}; quá hạn {_n(told['late'])}.",
                "/phan-anh/",
            )
        )
    return lines


def _objectives(verdicts: PlanVerdicts | None) -> list[Said]:
    if verdicts is None:
        return []
    lines = [
        Said(
            f"Mục tiêu chất lượng năm {verdicts.year}, tính đến {format_date(verdicts.on)}: "
            f"{_n(len(verdicts.objectives))} mục tiêu ({_by_state(each.state for each in verdicts.objectives)}); "
            f"{_n(len(verdicts.targets))} chỉ tiêu ({_by_state(each.state for each in verdicts.targets)}).",
            "/muc-tieu/",
        )
    ]
    behind = [
        each for each in verdicts.objectives if each.state in (VerdictState.MISSED, VerdictState.AT_RISK)
    ]
    lines += [
        Said(
            f"Mục tiêu {each.number}, {VERDICTS[each.state]}: {_short(each.text)}",
            f"/muc-tieu/{each.objective_id}/",
        )
        for each in behind[:NAMED]
    ]
    return lines


def _processes(actor: Actor, period: Period, today: date) -> list[Said]:
    names = ("received", "early", "on_time", "late")
    counts = sums([actor.agency_id], [period], names)[actor.agency_id, period]
    lines = []
    settled = counts["early"] + counts["on_time"] + counts["late"]
    if counts["received"] or settled:
        share = (
            f" ({format_percent(Decimal(settled - counts['late']) * 100 / settled, 2)})" if settled else ""
        )
        lines.append(
            Said(
                f"Hồ sơ thủ tục hành chính: tiếp nhận {_n(counts['received'])}; giải quyết {_n(settled)}, trong đó trước và "
                f"đúng hạn {_n(settled - counts['late'])}{share}, quá hạn {_n(counts['late'])}.",
                "/ho-so/",
            )
        )
    tasks = (
        Task.objects.filter(agency_id=actor.agency_id, due_on__range=(period.start, period.end))
        .exclude(state=Task.State.CANCELLED)
        .aggregate(
            all=Count("pk"),
            in_time=Count("pk", filter=Q(state=Task.State.ACCEPTED, done_on__lte=F("late_after"))),
            late=Count("pk", filter=Q(state=Task.State.ACCEPTED, done_on__gt=F("late_after"))),
            overdue=Count("pk", filter=Q(state__in=_OPEN_TASKS, late_after__lt=today)),
        )
    )
    if tasks["all"]:
        lines.append(
            Said(
                f"Công việc theo kế hoạch đến hạn trong kỳ: {_n(tasks['all'])}; hoàn thành đúng hạn {_n(tasks['in_time'])}, "
                f"hoàn thành trễ hạn {_n(tasks['late'])}, quá hạn chưa xong {_n(tasks['overdue'])}.",
                "/cong-viec/",
            )
        )
    return lines


def _nonconformities(actor: Actor, period: Period, today: date) -> list[Said]:
    rows = Nonconformity.objects.filter(agency_id=actor.agency_id, serial__isnull=False)
    counts = rows.aggregate(
        found=Count("pk", filter=Q(found_on__range=(period.start, period.end))),
        major=Count("pk", filter=Q(found_on__range=(period.start, period.end), is_major=True)),
        closed=Count("pk", filter=Q(state="closed", closed_at__date__range=(period.start, period.end))),
        open=Count("pk", filter=~Q(state__in=_ENDED)),
        late=Count("pk", filter=Q(state="open", plan_due_on__lt=today)),
    )
    if not any(counts.values()):
        return []
    lines = [
        Said(
            f"Sự không phù hợp: phát hiện trong kỳ {_n(counts['found'])} (nặng {_n(counts['major'])}); đã đóng "
            f"{_n(counts['closed'])}; đang xử lý {_n(counts['open'])}, trong đó chậm lập kế hoạch khắc phục "
            f"{_n(counts['late'])}.",
            "/khac-phuc/",
        )
    ]
    for each in rows.exclude(state__in=_ENDED).order_by("year", "serial")[:NAMED]:
        lines.append(
            Said(f"KPH {each.serial:02}/{each.year}: {_short(each.title)}", f"/khac-phuc/{each.pk}/")
        )
    return lines


def _measuring(actor: Actor, verdicts: PlanVerdicts | None, period: Period) -> list[Said]:
    lines = []
    if verdicts is not None:
        counted = sum(each.is_counted for each in verdicts.targets)
        without = sum(each.state is VerdictState.NO_DATA for each in verdicts.targets)
        waiting = sum(each.waiting for each in verdicts.targets)
        lines.append(
            Said(
                f"Đo lường: {_n(counted)} chỉ tiêu tính tự động từ dữ liệu, {_n(len(verdicts.targets) - counted - without)} từ "
                f"số liệu nhập và xác nhận, {_n(without)} chưa có số liệu; {_n(waiting)} số liệu chờ xác nhận.",
                "/muc-tieu/",
            )
        )
    outside = (
        Entry.objects.filter(
            agency_id=actor.agency_id, register="assessments", on__range=(period.start, period.end)
        )
        .exclude(state=Entry.State.WITHDRAWN)
        .count()
    )
    if outside:
        lines.append(
            Said(
                f"Trong kỳ có {_n(outside)} kết quả đánh giá, chấm điểm từ bên ngoài.", "/so/danh-gia-ngoai/"
            )
        )
    return lines


def _audits(actor: Actor, period: Period) -> list[Said]:
    held = (
        Audit.objects.filter(agency_id=actor.agency_id, ends_on__range=(period.start, period.end))
        .exclude(state="cancelled")
        .order_by("starts_on", "pk")
    )
    lines = []
    rows = list(held)
    if rows:
        grades = Counter(
            Finding.objects.filter(audited__audit__in=rows, is_withdrawn=False).values_list(
                "grade", flat=True
            )
        )
        found = ", ".join(f"{name} {_n(grades[key])}" for key, name in GRADES.items() if grades[key])
        lines.append(
            Said(
                f"Đánh giá nội bộ trong kỳ: {_n(len(rows))} cuộc; phát hiện: {found or 'không có'}.",
                "/danh-gia/",
            )
        )
    for each in rows[:NAMED]:
        days = f"từ {format_date(each.starts_on)} đến {format_date(each.ends_on)}"
        number = f", báo cáo số {each.report_number}" if each.report_number else ""
        lines.append(Said(f"{each.title} ({days}{number}).", f"/danh-gia/{each.pk}/"))
    return lines


def _resources(actor: Actor, period: Period) -> list[Said]:
    people = (
        Person.objects.filter(
            pk__in=Membership.objects.filter(held_on(period.end), agency_id=actor.agency_id).values("person_id"),
            is_active=True,
        ).count()
    )  # fmt: skip
    units = Unit.objects.filter(agency_id=actor.agency_id, is_active=True, kind=Unit.Kind.SECTION)
    empty = units.exclude(
        pk__in=Membership.objects.filter(
            held_on(period.end), agency_id=actor.agency_id, unit__isnull=False
        ).values("unit_id")
    ).count()
    without = f"; {_n(empty)} bộ phận chưa có người giữ vị trí trên hệ thống" if empty else ""
    lines = [
        Said(
            f"Nhân lực: {_n(people)} người giữ vị trí công tác tại ngày {format_date(period.end)}{without}.",
            "/co-quan/nhan-su/",
        )
    ]
    training = (
        Entry.objects.filter(
            agency_id=actor.agency_id, register="training", on__range=(period.start, period.end)
        )
        .exclude(state=Entry.State.WITHDRAWN)
        .aggregate(
            all=Count("pk"),
            done=Count("pk", filter=Q(outcome="attended")),
            people=Count("person", distinct=True),
        )
    )
    if training["all"]:
        lines.append(
            Said(
                f"Đào tạo, bồi dưỡng: {_n(training['all'])} lượt người ({_n(training['people'])} người), đã tham dự "
                f"{_n(training['done'])} lượt.",
                "/so/dao-tao/",
            )
        )
    return lines


def _risks(actor: Actor, period: Period, today: date) -> list[Said]:
    rows = Risk.objects.filter(agency_id=actor.agency_id, serial__isnull=False)
    watched = ~Q(state__in=("closed", "ended", "dismissed", "proposed"))
    counts = rows.aggregate(
        risks=Count("pk", filter=watched & Q(kind=Risk.Kind.RISK)),
        chances=Count("pk", filter=watched & Q(kind=Risk.Kind.OPPORTUNITY)),
        due=Count("pk", filter=watched & Q(rerate_by__lt=today)),
    )
    if not counts["risks"] and not counts["chances"]:
        return []
    rated = rows.filter(ratings__on__range=(period.start, period.end)).distinct().count()
    return [
        Said(
            f"Đang theo dõi {_n(counts['risks'])} rủi ro, {_n(counts['chances'])} cơ hội; trong kỳ đánh giá lại mức độ "
            f"{_n(rated)}; đến hạn đánh giá lại mà chưa làm {_n(counts['due'])}.",
            "/rui-ro/",
        )
    ]


def _opportunities(actor: Actor, period: Period) -> list[Said]:
    lines = []
    findings = Finding.objects.filter(
        agency_id=actor.agency_id,
        is_withdrawn=False,
        grade="opportunity",
        audited__audit__ends_on__range=(period.start, period.end),
    ).select_related("audited")
    lines += [
        Said(
            f"Cơ hội cải tiến từ đánh giá nội bộ: {_short(each.text)}", f"/danh-gia/{each.audited.audit_id}/"
        )
        for each in findings.order_by("pk")[:NAMED]
    ]
    chances = Risk.objects.filter(
        agency_id=actor.agency_id, kind=Risk.Kind.OPPORTUNITY, serial__isnull=False
    ).exclude(state__in=("closed", "ended", "dismissed"))
    lines += [
        Said(f"Cơ hội {each.serial:02}: {_short(each.title)}", f"/rui-ro/{each.pk}/")
        for each in chances.order_by("serial")[:NAMED]
    ]
    issued = DocumentEdition.objects.filter(
        document__agency_id=actor.agency_id, effective_on__range=(period.start, period.end)
    ).exclude(state="discarded")
    number = issued.count()
    if number:
        lines.append(
            Said(f"Trong kỳ có {_n(number)} lần ban hành, sửa đổi tài liệu của hệ thống.", "/tai-lieu/")
        )
    return lines


_OPEN_TASKS = (Task.State.OPEN, Task.State.SUBMITTED, Task.State.RETURNED)


def _by_state(states: Iterable[VerdictState]) -> str:
    counts = Counter(states)
    return ", ".join(f"{name} {_n(counts[state])}" for state, name in VERDICTS.items() if counts[state])


def _n(number: int | Decimal) -> str:
    return format_number(int(number))


def _short(text: str, most: int = 220) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"
