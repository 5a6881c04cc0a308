"""What a week brings an agency: the one place that Monday's letters and the leaders' page are made of.

Targets missed or at risk, units that are late and with what, what waits for a decision, what is due this week, which
meetings it has, and what was done in the week before.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import BigIntegerField, CharField, DateField, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from camket.actions.policy import may_review
from camket.actions.telling import Submitted, week_of_tasks
from camket.core.messages import Message, gettext_noop
from camket.core.periods import vietnamese
from camket.core.plan import Period
from camket.core.reminders import DoneWork, DueWork, Week, Whom
from camket.core.targets import VerdictState
from camket.improvement.models import AuditProgramme, Nonconformity
from camket.notifications import due
from camket.objectives.models import Plan
from camket.objectives.verdicts import ObjectiveVerdict, PlanVerdicts, TargetVerdict, verdicts_judged
from camket.org.policy import Actor, can_in_agency, require
from camket.org.queries.together import read_together
from camket.publishing.models import Publication
from camket.registers.models import Entry, Extension, Letter
from camket.registers.queries.meetings import MeetingOn, meetings_shown
from camket.registers.telling import entry_link, name_outside, week_of_registers
from camket.reporting.models import Report
from camket.reporting.periods import report_name
from camket.voices.feedback_telling import week_of_feedback

CALLS = (VerdictState.MISSED, VerdictState.AT_RISK)
"""Verdicts that call for somebody, the graver first."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Something that waits for a decision: by whom (``act``), what, where it is decided, and what the button says.

    ``by_id`` is whose doing it is: nobody decides the own. ``not_to`` are people who are never told of it.
    """

    act: str
    message: Message
    link: str
    button: str
    by_id: int | None = None
    not_to: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class LateUnit:
    """The overdue work of a unit, longest late first; ``name`` is "" for work of several units or of none."""

    unit_id: int | None
    name: str
    works: tuple[DueWork, ...]


@dataclass(slots=True)
class AgencyWeek:
    """What a week brings one agency. ``to_do`` is overdue or due by Sunday, ``submitted`` waits for acceptance."""

    week: Week
    to_do: list[DueWork] = field(default_factory=list)
    submitted: list[Submitted] = field(default_factory=list)
    done: list[DoneWork] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    meetings: list[Entry] = field(default_factory=list)


def weeks_of(agency_ids: Collection[int], today: date) -> dict[int, AgencyWeek]:
    """Return what the week of a day brings agencies; nine SQL statements at most for all of them.

    An answer to feedback that waits for approval is a decision, whenever it is due. Whoever calls this has judged who may
    see it.
    """
    week = Week(today)
    found = {agency_id: AgencyWeek(week) for agency_id in agency_ids}
    for agency_id, tasks in week_of_tasks(agency_ids, week).items():
        into = found[agency_id]
        into.to_do += tasks.to_do
        into.submitted += tasks.submitted
        into.done += tasks.done
    for agency_id, entries in week_of_registers(agency_ids, week).items():
        found[agency_id].to_do += entries.to_do
        found[agency_id].done += entries.done
        found[agency_id].meetings += entries.meetings
    asked = [due.works_query(agency_ids, until=week.sunday, is_personal=False), _decisions_query(agency_ids)]
    # Of one agency in one trip; of thousands JSON would cost more than the trip.
    dues, decided = read_together(asked) if len(agency_ids) == 1 else map(list, asked)
    for agency_id, works in due.works_of(dues, agency_ids, today, until=week.sunday).items():
        found[agency_id].to_do += works
    for agency_id, decision in _decisions(decided):
        found[agency_id].decisions.append(decision)
    for agency_id, feedback in week_of_feedback(agency_ids, week).items():
        into = found[agency_id]
        into.done += feedback.done
        for work in feedback.open:
            if work.whom is Whom.CHAIRMAN:
                into.decisions.append(_approval(work))
            elif work.due_on <= week.sunday:
                into.to_do.append(work)
    return found


def late_units(works: Iterable[DueWork], today: date) -> tuple[LateUnit, ...]:
    """Return overdue work by unit, the unit with most first, work of no unit last; figures to enter stand elsewhere."""
    units: dict[tuple[int | None, str], list[DueWork]] = defaultdict(list)
    for work in works:
        if work.late_after < today and work.kind != "reading":
            units[work.unit_id if work.unit_name else None, work.unit_name].append(work)
    found = [
        LateUnit(unit_id, name, tuple(sorted(late, key=lambda each: each.due_on)))
        for (unit_id, name), late in units.items()
    ]
    return tuple(sorted(found, key=lambda each: (not each.name, -len(each.works), each.name)))


def targets_calling(plan: PlanVerdicts) -> tuple[tuple[ObjectiveVerdict, TargetVerdict], ...]:
    """Return a plan's targets that are missed, then those at risk, each with its objective."""
    return tuple(
        (objective, row)
        for state in CALLS
        for objective in plan.objectives
        for row in objective.targets
        if row.state is state
    )


@dataclass(frozen=True, slots=True)
class Promised:
    """What a plan promises and how it stands: its objectives in order, and how many of their targets stand how."""

    objectives: tuple[ObjectiveVerdict, ...]

    @property
    def targets(self) -> int:
        """How many targets there are."""
        return sum(len(each.targets) for each in self.objectives)

    @property
    def reached(self) -> int:
        """How many of them are met or on track."""
        return sum(each.reached for each in self.objectives)


def promised(plan: PlanVerdicts | None, unit_ids: Collection[int] | None = None) -> Promised:
    """Return what is promised: all objectives of a plan, or those of units; none without a plan."""
    return Promised(
        tuple(
            each
            for each in (plan.objectives if plan else ())
            if unit_ids is None or each.owner_id in unit_ids
        )
    )


@dataclass(frozen=True, slots=True)
class WeekPage:
    """The week as its page shows it: the agency's for leaders and the secretary, the own unit's for its head.

    ``due`` is to be done this week and not late. ``to_accept`` are tasks whose acceptance is the reader's to give.
    ``meetings`` are those from the day on, of a head those that the head chairs or is invited to.
    """

    week: Week
    is_whole: bool
    plan: PlanVerdicts | None
    promised: Promised
    calling: tuple[tuple[ObjectiveVerdict, TargetVerdict], ...]
    late: tuple[LateUnit, ...]
    due: tuple[DueWork, ...]
    done: tuple[DoneWork, ...]
    decisions: tuple[Decision, ...]
    to_accept: tuple[DueWork, ...]
    meetings: tuple[MeetingOn, ...]

    @property
    def missed(self) -> int:
        """How many targets are missed."""
        return sum(row.state is VerdictState.MISSED for _, row in self.calling)

    @property
    def at_risk(self) -> int:
        """How many targets are at risk."""
        return sum(row.state is VerdictState.AT_RISK for _, row in self.calling)

    @property
    def late_count(self) -> int:
        """How much work is overdue."""
        return sum(len(unit.works) for unit in self.late)

    @property
    def done_late(self) -> int:
        """How much of what was done was late."""
        return sum(each.is_late for each in self.done)

    @property
    def waiting(self) -> int:
        """How much waits for the reader to decide or accept."""
        return len(self.decisions) + len(self.to_accept)


def week_page(actor: Actor, today: date, now: datetime) -> WeekPage:
    """Return the page of a day's week. Fifteen SQL statements at most where all figures are entered by hand.

    Work that the reader is never told of is left out. Raises NotAllowed.
    """
    require(actor, "week.view")
    is_whole = can_in_agency(actor, "week.view")
    units = actor.headed_unit_ids
    found = weeks_of([actor.agency_id], today)[actor.agency_id]
    plan = verdicts_judged(actor, today)
    to_do = [each for each in found.to_do if _is_shown(actor, each, is_whole=is_whole)]
    return WeekPage(
        week=found.week,
        is_whole=is_whole,
        plan=plan,
        promised=promised(plan, None if is_whole else units),
        calling=tuple(
            (objective, row)
            for objective, row in (targets_calling(plan) if plan else ())
            if is_whole or objective.owner_id in units or (row.indicator and row.indicator.owner_id in units)
        ),
        late=late_units(to_do, today),
        due=tuple(sorted((each for each in to_do if each.late_after >= today), key=lambda each: each.due_on)),
        done=tuple(
            sorted(
                (each for each in found.done if _is_shown(actor, each, is_whole=is_whole)),
                key=lambda each: each.done_on,
            )
        ),
        decisions=decided_by(actor, found.decisions),
        to_accept=tuple(
            each.work
            for each in found.submitted
            if not actor.is_own(each.task.submitted_by_id) and may_review(actor, each.task, each.monitors)
        ),
        meetings=tuple(
            each
            for each in meetings_shown(actor, found.meetings, now, only_mine=not is_whole)
            if not each.is_over
        ),
    )


def decisions_waiting(actor: Actor) -> tuple[Decision, ...]:
    """Return the plans, reports, publications, later last days and letters that wait for the actor; one SQL statement."""
    return decided_by(actor, [decision for _, decision in _decisions(_decisions_query([actor.agency_id]))])


def decided_by(actor: Actor, decisions: Sequence[Decision]) -> tuple[Decision, ...]:
    """Return those decisions that are the actor's to take; what may be decided for a unit alone is none of these."""
    return tuple(
        each
        for each in decisions
        if can_in_agency(actor, each.act)
        and not actor.is_own(each.by_id)
        and actor.person_id not in each.not_to
    )


def _is_shown(actor: Actor, work: DueWork | DoneWork, *, is_whole: bool) -> bool:
    if actor.person_id in work.not_to:
        return False
    return is_whole or work.unit_id in actor.headed_unit_ids


def _approval(work: DueWork) -> Decision:
    return Decision(
        "feedback.approve",
        Message(_ANSWER, {"work": work.title, "due": vietnamese(work.due_on)}),
        work.link,
        _READ_ANSWER,
        by_id=work.by_id,
        not_to=work.not_to,
    )


def _decisions_query(agency_ids: Collection[int]) -> QuerySet[Any, tuple[Any, ...]]:
    """Return the query of what waits for a decision, over seven tables."""
    none, nobody = Value("", _WORDS), Cast(Value(None), BigIntegerField())
    asked = Extension.objects.filter(
        entry__agency_id__in=agency_ids, entry__state=Entry.State.OPEN, state=Extension.State.ASKED
    ).values_list(
        Value("extension", _WORDS), "entry__agency_id", "entry_id", "entry__title", "entry__register",
        "entry__number", "entry__source", "due_after", "asked_by_id",
    )  # fmt: skip
    plans = Plan.objects.filter(agency_id__in=agency_ids, state=Plan.State.SUBMITTED).values_list(
        Value("plan", _WORDS), "agency_id", "pk", Cast("year", _WORDS), none, none, none, "period_start", nobody
    )  # fmt: skip
    publications = Publication.objects.filter(
        agency_id__in=agency_ids, state=Publication.State.REVIEW
    ).values_list(
        Value("publication", _WORDS), "agency_id", "pk", "title", none, none, none, "as_of", "prepared_by_id"
    )  # fmt: skip
    drafts = Letter.objects.filter(agency_id__in=agency_ids, state=Letter.State.DRAFT).values_list(
        Value("letter", _WORDS), "agency_id", "pk", none, none, none, none,
        Cast(Value(None), DateField()), nobody,
    )  # fmt: skip
    corrective = Nonconformity.objects.filter(agency_id__in=agency_ids, state="planned").values_list(
        Value("corrective", _WORDS), "agency_id", "pk", "title", none, none, none, "plan_due_on", "planned_by_id"
    )  # fmt: skip
    programmes = AuditProgramme.objects.filter(
        Q(state="submitted") | (Q(state="approved") & ~Q(adjustments=[])), agency_id__in=agency_ids
    ).values_list(
        Value("programme", _WORDS), "agency_id", "pk", Cast("year", _WORDS), none, none, none,
        Cast(Value(None), DateField()), "made_by_id",
    )  # fmt: skip
    reports = Report.objects.filter(agency_id__in=agency_ids, state=Report.State.SUBMITTED).values_list(
        Value("report", _WORDS), "agency_id", "pk", Concat("subject", Value(":"), "kind", output_field=_WORDS), none,
        Cast("period_start", _WORDS),
        Cast("created_by_id", _WORDS), "period_end", "submitted_by_id",
    )  # fmt: skip
    return asked.order_by().union(
        *(each.order_by() for each in (plans, publications, corrective, programmes, reports, drafts)),
        all=True,
    )


def _decisions(rows: Iterable[tuple[Any, ...]]) -> list[tuple[int, Decision]]:
    """Return what waits for a decision, by agency."""
    found: list[tuple[int, Decision]] = []
    letters: Counter[int] = Counter()
    for kind, agency_id, pk, text, register, number, source, day, by_id in sorted(
        rows, key=lambda row: (row[1], _ORDER.index(row[0]), row[2])
    ):
        if kind == "plan":
            made = Decision("plan.approve", Message(_PLAN, {"year": text}), f"/ke-hoach/{pk}/", _APPROVE)
        elif kind == "publication":
            link = f"/noi-dung-cong-khai/{pk}/"
            made = Decision("publication.publish", Message(_PUBLICATION, {"title": text}), link, _READ, by_id)
        elif kind == "corrective":
            link = f"/khac-phuc/{pk}/"
            made = Decision(
                "nonconformity.approve", Message(_CORRECTIVE, {"title": text}), link, _READ, by_id
            )
        elif kind == "programme":
            made = Decision("audit.approve", Message(_PROGRAMME, {"year": text}), "/danh-gia/", _READ, by_id)
        elif kind == "report":
            subject, _, pace = text.partition(":")
            name = report_name(subject, pace, Period(date.fromisoformat(number), day))
            made = Decision(
                "report.approve",
                Message(_REPORT, {"name": name}),
                f"/bao-cao/{pk}/",
                _READ,
                by_id,
                frozenset((int(source),)),
            )
        elif kind == "extension":
            work = name_outside(register, text, number, source)
            message = Message(_EXTENSION, {"due": vietnamese(day), "work": work})
            made = Decision("register.extend", message, entry_link(register, pk), _DECIDE, by_id)
        else:
            letters[agency_id] += 1
            continue
        found.append((agency_id, made))
    for agency_id, count in letters.items():
        message = Message(_LETTERS, {"count": str(count)})
        found.append((agency_id, Decision("reminder.issue", message, "/so/don-doc/cong-van/", _SIGN)))
    return found


_WORDS = CharField()
_ORDER = ("plan", "programme", "report", "publication", "corrective", "extension", "letter")
_PLAN = gettext_noop("The plan of %(year)s waits for approval")
_PROGRAMME = gettext_noop("The programme of internal audits of %(year)s waits for approval")
_REPORT = gettext_noop("The report waits for approval: %(name)s")
_CORRECTIVE = gettext_noop("A plan of corrective action waits for approval: %(title)s")
_PUBLICATION = gettext_noop("Waits to be made public: %(title)s")
_EXTENSION = gettext_noop("More time is asked for, until %(due)s: %(work)s")
_LETTERS = gettext_noop("Reminder letters that wait to be signed: %(count)s")
_ANSWER = gettext_noop("An answer waits for approval, due on %(due)s: %(work)s")
_APPROVE = gettext_noop("Look at the plan and approve")
_READ = gettext_noop("Read it and decide")
_DECIDE = gettext_noop("Decide on more time")
_SIGN = gettext_noop("Look at the letters and issue")
_READ_ANSWER = gettext_noop("Read the answer and approve")
