"""What a management review's inputs say of its period, gathered from everything the agency keeps (ISO 9001:2015, 9.3.2 a–f).

Each input gets sentences with counts and the address where they can be looked at. They stand in the minutes word for
word, so they are Vietnamese by nature. Nothing names an applicant.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db.models import Count, Max, Q
from django.utils import timezone

from camket.actions.models import Task
from camket.core import feedback as feedback_rules
from camket.core.plan import Period
from camket.core.review import INPUTS
from camket.core.targets import VerdictState
from camket.core.wording.dates import format_date
from camket.core.wording.numbers import format_number, format_percent
from camket.documents.models import DocumentEdition, LegalChange
from camket.dossiers.queries.sums import sums
from camket.improvement.models import Audit, ContextIssue, Finding, Nonconformity, Review, Risk, RiskRating
from camket.improvement.readiness import rules_of
from camket.journal.queries import as_it_stood
from camket.objectives.verdicts import PlanVerdicts, plan_judged, verdicts_of_plan
from camket.org.models import Membership, Person, Unit
from camket.org.policy import Actor, require
from camket.org.queries import held_on
from camket.registers.models import Entry
from camket.voices.models import Feedback, FeedbackStep
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
_NOT_WATCHED = ("closed", "ended", "dismissed", "proposed")


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence of an input, and where it can be looked at."""

    text: str
    link: str = ""


def cut_off(period_end: date, held_on: date, today: date) -> date:
    """Return the day up to whose end a review's figures are counted: the period's last, the meeting's, or today."""
    return min(period_end, held_on, today)


def gather(actor: Actor, review_id: int, today: date) -> dict[str, dict[str, Any]]:
    """Return what each input says of the review's period, as it is kept on the review.

    Everything is as it was at the end of the cut-off day, whatever became of it since; of a period that goes on, as it
    is known today. Raises NotAllowed, Review.DoesNotExist.
    """
    require(actor, "review.view")
    review = Review.objects.get(pk=review_id, agency_id=actor.agency_id)
    until = cut_off(review.period_end, review.held_on, today)
    period = Period(review.period_start, max(until, review.period_start))
    said = {**said_of(actor, period, today), "a": _earlier(review, period)}
    days = {"from": period.start.isoformat(), "to": period.end.isoformat()}
    return {
        each.key: {"lines": [{"text": line.text, "link": line.link} for line in said[each.key]], **days}
        for each in INPUTS
    }


def said_of(actor: Actor, period: Period, today: date) -> dict[str, Iterable[Said]]:
    """Return what the records say of a period by input, all but what became of earlier decisions (a).

    ``today`` only decides what may be shown of figures that are shown late.
    """
    plan_id = plan_judged(actor.agency_id, period.end)
    verdicts = None if plan_id is None else verdicts_of_plan(actor, plan_id, period.end, today=today)
    return {
        "b": _context(actor, period),
        "c1": _voices(actor, period, today),
        "c2": _objectives(verdicts),
        "c3": _processes(actor, period),
        "c4": _nonconformities(actor, period),
        "c5": _measuring(actor, verdicts, period),
        "c6": _audits(actor, period),
        "c7": (),
        "d": _resources(actor, period),
        "e": _risks(actor, period),
        "f": _opportunities(actor, period),
    }


def changed_since(actor: Actor, review_id: int, today: date) -> tuple[str, ...]:
    """Return the keys of inputs that would say something else if they were gathered now. Raises as :func:`gather`."""
    now = gather(actor, review_id, today)
    kept = dict(
        Review.objects.get(pk=review_id, agency_id=actor.agency_id).inputs.values_list("key", "figures")
    )
    return tuple(each.key for each in INPUTS if kept.get(each.key) != now[each.key])


def _earlier(review: Review, period: Period) -> list[Said]:
    if review.follows_id is None:
        return [Said("Đây là cuộc xem xét đầu tiên được lưu trên hệ thống; chưa có quyết định của kỳ trước.")]
    link = f"/xem-xet/{review.follows_id}/"
    decisions = list(review.follows.decisions.select_related("task") if review.follows is not None else ())
    if not decisions:
        return [Said("Cuộc xem xét trước không có quyết định nào phải theo dõi.", link)]
    stood = as_it_stood(review.agency_id, "actions.task", period.end)
    then = {each.pk: _task_then(each.task, stood) for each in decisions if each.task is not None}
    done = sum(1 for each in then.values() if each.state == Task.State.ACCEPTED)
    late = sum(1 for each in then.values() if each.is_overdue(period.end))
    lines = [
        Said(
            f"Cuộc xem xét trước có {_n(len(decisions))} quyết định; đến hết ngày {format_date(period.end)} đã hoàn thành "
            f"{_n(done)}, còn {_n(len(decisions) - done)}, trong đó quá hạn {_n(late)}.",
            link,
        )
    ]
    for each in decisions[:NAMED]:
        task = then.get(each.pk)
        state = TASKS[task.state] if task else "chưa giao việc"
        day = f"hạn {format_date(task.due_on if task else each.due_on)}"
        lines.append(
            Said(f"{each.text}: {state} ({day}).", f"/cong-viec/{each.task_id}/" if each.task_id else link)
        )
    return lines


def _context(actor: Actor, period: Period) -> list[Said]:
    stood = as_it_stood(actor.agency_id, "improvement.contextissue", period.end)
    watched = seen = ended = 0
    for pk, reviewed_on, ended_on in ContextIssue.objects.filter(agency_id=actor.agency_id).values_list(
        "pk", "reviewed_on", "ended_on"
    ):
        said = stood.get(pk, {}).get("reviewed_on")
        then = date.fromisoformat(said) if said else reviewed_on
        if then > period.end:  # written down later
            continue
        watched += ended_on is None or ended_on > period.end
        seen += period.start <= then <= period.end
        ended += ended_on is not None and period.start <= ended_on <= period.end
    lines = []
    if watched or ended:
        lines.append(
            Said(
                f"Đang theo dõi {_n(watched)} vấn đề bên trong, bên ngoài và bên quan tâm; trong kỳ xem lại hoặc bổ "
                f"sung {_n(seen)}, thôi theo dõi {_n(ended)}.",
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
        mean = (
            ""
            if found.mean is None
            else f"; tỷ lệ hài lòng bình quân các câu hỏi {format_percent(found.mean, 2)}"
        )
        lines.append(Said(f"Khảo sát: {_n(found.responses)} phiếu trả lời được tính{mean}.", "/khao-sat/"))
    told = _feedback(actor.agency_id, period)
    if told["all"]:
        lines.append(
            Said(
                f"Phản ánh, kiến nghị: tiếp nhận {_n(told['all'])} (về thái độ, hành vi {_n(told['conduct'])}); đã giải quyết "
                f"{_n(told['settled'])}; kết luận đúng hoặc đúng một phần {_n(told['justified'])}; quá hạn "
                f"{_n(told['late'])}.",
                "/phan-anh/",
            )
        )
    return lines


def _feedback(agency_id: int, period: Period) -> Counter[str]:
    """Count the feedback received in a period as it stood at its end: merged, settled, reopened or sorted anew later or not."""
    stood = as_it_stood(agency_id, "voices.feedback", period.end)
    rows = Feedback.objects.filter(
        agency_id=agency_id, received_at__date__range=(period.start, period.end)
    ).values_list("pk", "state", "kind", "due_on", "settled_at", "outcome", "outcome_on")
    told: Counter[str] = Counter()
    for pk, state, kind, due_on, settled_at, outcome, outcome_on in rows:
        then = stood.get(pk, {})
        state_then = then.get("state", state)
        if state_then == Feedback.State.MERGED:
            continue
        due_then = date.fromisoformat(str(then.get("due_on", due_on)))
        is_settled = state_then not in feedback_rules.OPEN_STATES
        on = (
            _settled_before(pk, period.end)
            if "state" in then
            else settled_at and timezone.localdate(settled_at)
        )
        told["all"] += 1
        told["conduct"] += then.get("feedback_kind", kind) == Feedback.Kind.CONDUCT
        told["settled"] += is_settled
        told["late"] += (on or due_then) > due_then if is_settled else due_then < period.end
        found = outcome if "feedback_outcome_on" not in then else then.get("feedback_outcome", outcome)
        found_on = then.get("feedback_outcome_on", outcome_on)
        told["justified"] += is_settled and found_on is not None and found in feedback_rules.CONFIRMED
    return told


def _settled_before(feedback_id: int, end: date) -> date | None:
    """Return the last day up to one on which feedback was settled, by its history: it was taken up again since."""
    ways = Q(kind__in=("answered", "passed_on", "set_aside")) | Q(kind__startswith="routed_")
    steps = FeedbackStep.objects.filter(ways, feedback_id=feedback_id, at__date__lte=end)
    last = steps.aggregate(last=Max("at"))["last"]
    return None if last is None else timezone.localdate(last)


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


def _processes(actor: Actor, period: Period) -> list[Said]:
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
    due = [each for each in _tasks_then(actor.agency_id, period) if each.state != Task.State.CANCELLED]
    if due:
        done = [each for each in due if each.state == Task.State.ACCEPTED]
        in_time = sum(each.done_on is not None and each.done_on <= each.late_after for each in done)
        waiting = sum(each.state == Task.State.SUBMITTED for each in due)
        overdue = sum(each.is_overdue(period.end) for each in due)
        reported = f", đã báo xong chờ xác nhận {_n(waiting)}" if waiting else ""
        lines.append(
            Said(
                f"Công việc theo kế hoạch đến hạn trong kỳ: {_n(len(due))}; hoàn thành đúng hạn {_n(in_time)}, "
                f"hoàn thành trễ hạn {_n(len(done) - in_time)}{reported}, quá hạn chưa xong {_n(overdue)}.",
                "/cong-viec/",
            )
        )
    return lines


@dataclass(frozen=True, slots=True)
class BookThen:
    """The book of nonconformities over a period: found, of them major, closed, and those at work at its end, of them late."""

    found: tuple[Nonconformity, ...]
    closed: tuple[Nonconformity, ...]
    at_work: tuple[Nonconformity, ...]
    late: int
    states: Mapping[int, str]

    @property
    def major(self) -> int:
        """How many of those that were found are major."""
        return sum(each.is_major for each in self.found)


def book_then(agency_id: int, period: Period) -> BookThen:
    """Return what was found in a period and how it stood at its end; what was written into the book later was open then.

    ``states`` tells the state of each at the end. One SQL statement beside the journal's;
    whoever calls it has judged who may see it.
    """
    stood = as_it_stood(agency_id, "improvement.nonconformity", period.end)
    rows = Nonconformity.objects.filter(
        agency_id=agency_id, serial__isnull=False, found_on__lte=period.end
    ).select_related("unit")
    found, closed, at_work, late, states = [], [], [], 0, {}
    for each in rows.order_by("year", "serial"):
        then = states[each.pk] = stood.get(each.pk, {}).get("state", each.state)
        ended_on = None if each.closed_at is None else timezone.localdate(each.closed_at)
        if period.start <= each.found_on:
            found.append(each)
        if then == "closed" and (ended_on is None or period.start <= ended_on <= period.end):
            closed.append(each)
        if then not in ("closed", "cancelled", "dismissed"):
            at_work.append(each)
            late += (
                then in ("open", "proposed")
                and each.plan_due_on is not None
                and each.plan_due_on < period.end
            )
    return BookThen(tuple(found), tuple(closed), tuple(at_work), late, states)


def _nonconformities(actor: Actor, period: Period) -> list[Said]:
    book = book_then(actor.agency_id, period)
    if not (book.found or book.closed or book.at_work):
        return []
    lines = [
        Said(
            f"Sự không phù hợp: phát hiện trong kỳ {_n(len(book.found))} (nặng {_n(book.major)}); đã đóng "
            f"{_n(len(book.closed))}; đến hết ngày {format_date(period.end)} đang xử lý {_n(len(book.at_work))}, trong đó chậm "
            f"lập kế hoạch khắc phục {_n(book.late)}.",
            "/khac-phuc/",
        )
    ]
    lines += [
        Said(f"KPH {each.serial:02}/{each.year}: {_short(each.title)}", f"/khac-phuc/{each.pk}/")
        for each in book.at_work[:NAMED]
    ]
    return lines


def _measuring(actor: Actor, verdicts: PlanVerdicts | None, period: Period) -> list[Said]:
    lines = []
    if verdicts is not None:
        counted = sum(each.is_counted for each in verdicts.targets)
        without = sum(each.state is VerdictState.NO_DATA for each in verdicts.targets)
        lines.append(
            Said(
                f"Đo lường: {_n(counted)} chỉ tiêu tính tự động từ dữ liệu, {_n(len(verdicts.targets) - counted - without)} từ "
                f"số liệu nhập và xác nhận, {_n(without)} chưa có số liệu.",
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
    stood = as_it_stood(actor.agency_id, "improvement.audit", period.end)
    held = Audit.objects.filter(
        agency_id=actor.agency_id,
        ends_on__range=(period.start, period.end),
        made_at__date__lte=period.end,
    )
    lines = []
    rows = [
        each
        for each in held.order_by("starts_on", "pk")
        if stood.get(each.pk, {}).get("state", each.state) != "cancelled"
    ]
    if rows:
        said = as_it_stood(actor.agency_id, "improvement.finding", period.end)
        written = Finding.objects.filter(audited__audit__in=rows, found_at__date__lte=period.end)
        grades = Counter(
            said.get(pk, {}).get("grade", grade)
            for pk, grade, is_withdrawn in written.values_list("pk", "grade", "is_withdrawn")
            if not said.get(pk, {}).get("is_withdrawn", is_withdrawn)
        )
        found = ", ".join(f"{name} {_n(grades[key])}" for key, name in GRADES.items() if grades[key])
        lines.append(
            Said(
                f"Đánh giá nội bộ trong kỳ: {_n(len(rows))} cuộc; phát hiện: {found or 'không có'}.",
                "/danh-gia/",
            )
        )
    for each in rows[:NAMED]:
        first, last = format_date(each.starts_on), format_date(each.ends_on)
        days = f"ngày {first}" if first == last else f"từ {first} đến {last}"
        issued = each.reported_on is not None and each.reported_on <= period.end
        number = f", báo cáo số {each.report_number}" if issued and each.report_number else ""
        lines.append(Said(f"{each.title} ({days}{number}).", f"/danh-gia/{each.pk}/"))
    return lines


def _resources(actor: Actor, period: Period) -> list[Said]:
    people = (
        Person.objects.filter(
            pk__in=Membership.objects.filter(held_on(period.end), agency_id=actor.agency_id).values("person_id")
        ).count()
    )  # fmt: skip
    stood = as_it_stood(actor.agency_id, "org.unit", period.end)
    held = set(
        Membership.objects.filter(
            held_on(period.end), agency_id=actor.agency_id, unit__isnull=False
        ).values_list("unit_id", flat=True)
    )
    sections = Unit.objects.filter(agency_id=actor.agency_id, kind=Unit.Kind.SECTION)
    empty = sum(
        stood.get(pk, {}).get("is_active", is_active) and pk not in held
        for pk, is_active in sections.values_list("pk", "is_active")
    )
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


def _watched(actor: Actor, period: Period) -> list[Risk]:
    """Return the risks and opportunities that were watched at the end of a period."""
    stood = as_it_stood(actor.agency_id, "improvement.risk", period.end)
    rows = Risk.objects.filter(
        agency_id=actor.agency_id, serial__isnull=False, made_at__date__lte=period.end
    ).order_by("serial")
    return [each for each in rows if stood.get(each.pk, {}).get("state", each.state) not in _NOT_WATCHED]


def _risks(actor: Actor, period: Period) -> list[Said]:
    watched = _watched(actor, period)
    risks = [each for each in watched if each.kind == Risk.Kind.RISK]
    if not watched:
        return []
    ratings = RiskRating.objects.filter(risk__agency_id=actor.agency_id, on__lte=period.end)
    last = dict(ratings.values_list("risk").annotate(Max("on")))
    months = rules_of(actor.agency_id).risk_months
    due = sum(
        each.pk not in last or last[each.pk] + relativedelta(months=months) < period.end for each in watched
    )
    rated = ratings.filter(on__gte=period.start).values("risk").distinct().count()
    return [
        Said(
            f"Đang theo dõi {_n(len(risks))} rủi ro, {_n(len(watched) - len(risks))} cơ hội; trong kỳ đánh giá lại mức độ "
            f"{_n(rated)}; đến hạn đánh giá lại mà chưa làm {_n(due)}.",
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
    chances = [each for each in _watched(actor, period) if each.kind == Risk.Kind.OPPORTUNITY]
    lines += [
        Said(f"Cơ hội {each.serial:02}: {_short(each.title)}", f"/rui-ro/{each.pk}/")
        for each in chances[:NAMED]
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


@dataclass(frozen=True, slots=True)
class _TaskThen:
    """A task as it stood at the end of a day."""

    state: str
    due_on: date
    late_after: date
    done_on: date | None

    def is_overdue(self, on: date) -> bool:
        """Whether its last day in time had passed and nobody had reported it done."""
        return self.state in (Task.State.OPEN, Task.State.RETURNED) and self.late_after < on


def _tasks_then(agency_id: int, period: Period) -> list[_TaskThen]:
    """Return the tasks that were due in a period as they stood at its end, those moved out of it or into it since too."""
    stood = as_it_stood(agency_id, "actions.task", period.end)
    moved = [pk for pk, said in stood.items() if said.get("due_on")]
    rows = {
        each.pk: each
        for each in Task.objects.filter(agency_id=agency_id, due_on__range=(period.start, period.end))
    }
    for first in range(0, len(moved), 500):
        rows |= Task.objects.filter(agency_id=agency_id).in_bulk(moved[first : first + 500])
    then = [_task_then(each, stood) for each in rows.values()]
    return [each for each in then if period.start <= each.due_on <= period.end]


def _task_then(task: Task, stood: Mapping[int, Mapping[str, Any]]) -> _TaskThen:
    said = stood.get(task.pk, {})
    due, late, done = (said.get(name) for name in ("due_on", "late_after", "done_on"))
    return _TaskThen(
        str(said.get("state", task.state)),
        date.fromisoformat(due) if due else task.due_on,
        date.fromisoformat(late) if late else task.late_after,
        date.fromisoformat(done) if done else task.done_on,
    )


def _by_state(states: Iterable[VerdictState]) -> str:
    counts = Counter(states)
    return ", ".join(f"{name} {_n(counts[state])}" for state, name in VERDICTS.items() if counts[state])


def _n(number: int | Decimal) -> str:
    return format_number(int(number))


def _short(text: str, most: int = 220) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"
