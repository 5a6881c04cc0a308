"""The units' parts of a report: who is asked by when, what each unit types, and how it comes into the draft."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from camket.actions.models import Task
from camket.actions.queries import Standing, TaskRow, tasks_due
from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.wording.text import paragraphs
from camket.journal.operations import record
from camket.notifications.operations import settle, tell_doers
from camket.objectives.models import ObjectiveAction, Target
from camket.org.models import Membership, Role, Unit
from camket.org.policy import Actor, NotAllowed, can_in_agency, require
from camket.org.queries import held_on
from camket.registers.models import Entry
from camket.reporting import operations, queries
from camket.reporting.content import ReportContent, TargetLine
from camket.reporting.feeding import give_issued, tell_sent
from camket.reporting.models import Remark, Report, UnitPart
from camket.reporting.periods import day_of, name_of
from camket.reporting.unit_targets import targets_by_unit

OPEN = (UnitPart.State.ASKED, UnitPart.State.RETURNED)
"""States in which the unit has still to send."""


class PartNotOpen(Refusal):
    """The part is sent, taken or no longer asked for; or its report is no draft any more."""


class PartNotSent(Refusal):
    """Only a part that was sent is returned or taken."""


class NobodyAsked(Refusal):
    """No unit was chosen, or none that is the agency's."""


class DayNotPossible(Refusal):
    """The day by which units are asked has passed."""


class NothingSaid(Refusal):
    """A part is sent without a reason that it owes, or returned without one."""


@dataclass(frozen=True, slots=True)
class PartRow:
    """One unit's part as lists show it."""

    id: int
    report_id: int
    unit_id: int
    unit: str
    person: str
    title: str
    due_on: date
    wish: str
    state: str
    state_name: str
    sent_at: datetime | None
    sent_by: str
    returned: str
    reminded_on: date | None
    assessment: str
    difficulties: str
    proposals: str
    remarks: Mapping[int, tuple[str, str]]
    late: Mapping[int, str]
    is_of_draft: bool

    @property
    def is_open(self) -> bool:
        """Whether the unit has still to send it."""
        return self.is_of_draft and self.state in OPEN

    @property
    def is_sent(self) -> bool:
        """Whether it waits for the secretary."""
        return self.state == UnitPart.State.SENT

    @property
    def is_taken(self) -> bool:
        """Whether it stands in the draft."""
        return self.state == UnitPart.State.TAKEN

    def is_overdue(self, today: date) -> bool:
        """Return whether its last day has passed and it is not sent."""
        return self.is_open and self.due_on < today


@dataclass(frozen=True, slots=True)
class UnitChoice:
    """A unit that can be asked; ``is_proposed`` where it has a target, a task or register work in the report's period."""

    id: int
    name: str
    is_proposed: bool


@dataclass(frozen=True, slots=True)
class PartContent:
    """What a unit's part is filled with: its targets with their sentences, and its tasks that are or were late."""

    targets: tuple[TargetLine, ...]
    late: tuple[TaskRow, ...]


@dataclass(frozen=True, slots=True)
class Typed:
    """What a unit types: three free texts, by target reason and remedy, by late task why."""

    assessment: str = ""
    difficulties: str = ""
    proposals: str = ""
    remarks: Mapping[int, tuple[str, str]] | None = None
    late: Mapping[int, str] | None = None


def parts_of(actor: Actor, report_id: int) -> tuple[PartRow, ...]:
    """Return the parts asked for a report, in the order of the units."""
    require(actor, "plan.view")
    rows = _parts(actor).filter(report_id=report_id).exclude(state=UnitPart.State.WITHDRAWN)
    return tuple(_row(each) for each in rows.order_by("unit__order", "unit__name"))


def part(actor: Actor, part_id: int) -> PartRow:
    """Return one part; raises UnitPart.DoesNotExist for another agency's, and for one no longer asked for."""
    require(actor, "plan.view")
    return _row(_parts(actor).exclude(state=UnitPart.State.WITHDRAWN).get(pk=part_id))


def may_write(actor: Actor, part_id: int, today: date) -> bool:
    """Return whether the actor writes this part: who is named, else the unit's head (its members where it has none).

    The secretary writes any in a unit's stead.
    """
    row = UnitPart.objects.get(pk=part_id, agency_id=actor.agency_id)
    return _may_write(actor, row, today)


def unit_choices(actor: Actor, report_id: int) -> tuple[UnitChoice, ...]:
    """Return the agency's units in their order, those with something in the report's period proposed."""
    require(actor, "report.write")
    report = Report.objects.get(pk=report_id, agency_id=actor.agency_id)
    concerned = set(targets_by_unit(report.plan_id)) | _with_work(report)
    units = Unit.objects.filter(agency_id=actor.agency_id, kind=Unit.Kind.SECTION, is_active=True)
    return tuple(
        UnitChoice(pk, name, pk in concerned)
        for pk, name in units.order_by("order", "name").values_list("pk", "name")
    )


def part_content(actor: Actor, row: PartRow, today: date) -> PartContent:
    """Return what a unit's part is filled with, as the report says it now or said it on issue."""
    require(actor, "plan.view")
    report, content = queries.kept_and_content(actor, row.report_id, today)
    own = targets_by_unit(report.plan_id).get(row.unit_id, set())
    targets = tuple(
        each
        for each in (content.targets if isinstance(content, ReportContent) else ())
        if each.target_id in own or each.target_id in row.remarks
    )
    return PartContent(targets, _late_tasks(actor, report, row.unit_id, today))


def ask_units(
    *,
    actor: Actor,
    report_id: int,
    unit_ids: Collection[int],
    due_on: date,
    wish: str,
    now: datetime,
    person_ids: Mapping[int, int] | None = None,
) -> tuple[UnitPart, ...]:
    """Ask units for their parts of a draft by a day; one asked already gets the new day and wish.

    ``person_ids`` names who writes, by unit. Each is told once for a day. Raises ReportNotDraft, NobodyAsked,
    DayNotPossible.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        report = _draft(actor, report_id)
        units = list(Unit.objects.filter(pk__in=unit_ids, agency_id=actor.agency_id, is_active=True))
        if not units or len(units) != len(set(unit_ids)) or report.unit_id is not None:
            raise NobodyAsked(Message(gettext_noop("Choose at least one unit of the agency.")))
        if due_on < today:
            raise DayNotPossible(
                Message(gettext_noop("The day by which the units send their parts has passed."))
            )
        named = _named(actor, person_ids or {}, today)
        title = name_of(report)
        asked = []
        known = {each.unit_id: each for each in UnitPart.objects.select_for_update().filter(report=report)}
        for unit in units:
            row = known.get(unit.pk)
            before = {} if row is None else {"due_on": row.due_on, "state": row.state}
            if row is None:
                row = UnitPart(agency_id=actor.agency_id, report=report, unit=unit)
            elif row.state in (UnitPart.State.SENT, UnitPart.State.TAKEN):
                continue
            if row.state == UnitPart.State.WITHDRAWN:
                row.state = UnitPart.State.ASKED
            row.title, row.due_on, row.wish = title, due_on, paragraphs(wish)
            row.person_id = named.get(unit.pk)
            row.asked_at, row.asked_by_id = now, actor.person_id
            row.save()
            record(
                actor=actor,
                agency_id=actor.agency_id,
                verb="report.unit_asked",
                subject=row,
                on=today,
                before=before,
                after={"unit": unit.name, "due_on": due_on, "state": row.state},
            )
            tell_doers(
                agency_id=actor.agency_id,
                person_id=row.person_id,
                unit_id=unit.pk,
                topic="assigned",
                key=f"report.part:{row.pk}:asked:{due_on.isoformat()}",
                message=Message(
                    gettext_noop("Your unit is asked for its part of the report on %(title)s"),
                    {"title": title},
                ),
                link=_link(row),
                now=now,
                by=actor,
            )
            give_issued(actor=actor, row=row, now=now)
            asked.append(row)
    return tuple(asked)


def write_part(*, actor: Actor, part_id: int, typed: Typed, now: datetime, is_sent: bool = False) -> UnitPart:
    """Keep what a unit types, and send it to the secretary where ``is_sent``.

    Raises PartNotOpen, NothingSaid where it is sent without a reason for a target that is missed or at risk, or for a
    late task; Target.DoesNotExist and Task.DoesNotExist for what is none of the unit's.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        row = _locked(actor, part_id)
        if not _may_write(actor, row, today):
            raise NotAllowed("report.part")
        if row.state not in OPEN or row.report.state != Report.State.DRAFT:
            raise PartNotOpen(
                Message(gettext_noop("This part is sent already, or the report is no draft any more."))
            )
        content = part_content(actor, _row(row), today)
        remarks = {key: (paragraphs(a), paragraphs(b)) for key, (a, b) in (typed.remarks or {}).items()}
        late = {key: paragraphs(text) for key, text in (typed.late or {}).items()}
        if unknown := set(remarks) - {each.target_id for each in content.targets}:
            raise Target.DoesNotExist(f"target {min(unknown)} is none of the unit's")
        if unknown := set(late) - {each.id for each in content.late}:
            raise Task.DoesNotExist(f"task {min(unknown)} is none of the unit's late ones")
        if is_sent:
            _require_reasons(content, remarks, late)
        before = _told(row)
        row.assessment, row.difficulties = paragraphs(typed.assessment), paragraphs(typed.difficulties)
        row.proposals = paragraphs(typed.proposals)
        row.remarks = {str(key): list(said) for key, said in remarks.items() if any(said)}
        row.late = {str(key): text for key, text in late.items() if text}
        if is_sent:
            row.state, row.returned = UnitPart.State.SENT, ""
            row.sent_at, row.sent_by_id = now, actor.person_id
        after = _told(row)
        if after == before:
            return row
        row.save()
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="report.part_sent" if is_sent else "report.part_written",
            subject=row,
            on=today,
            before=before,
            after=after,
        )
        if is_sent:
            tell_sent(actor=actor, row=row, now=now)
    return row


def remind_units(*, actor: Actor, report_id: int, now: datetime) -> int:
    """Remind the units that have not sent; each at most once a day. Return how many were reminded. Raises ReportNotDraft."""
    today = timezone.localdate(now)
    with transaction.atomic():
        report = _draft(actor, report_id)
        rows = UnitPart.objects.select_for_update(of=("self",)).select_related("unit")
        reminded = 0
        for row in rows.filter(report=report, state__in=OPEN).exclude(reminded_on=today):
            before, row.reminded_on = row.reminded_on, today
            row.save(update_fields=["reminded_on"])
            record(
                actor=actor,
                agency_id=actor.agency_id,
                verb="report.unit_reminded",
                subject=row,
                on=today,
                before={"reminded_on": before},
                after={"reminded_on": today, "unit": row.unit.name},
            )
            tell_doers(
                agency_id=actor.agency_id,
                person_id=row.person_id,
                unit_id=row.unit_id,
                topic="reminded",
                key=f"report.part:{row.pk}:reminded:{today.isoformat()}",
                message=Message(
                    gettext_noop("The secretary waits for your unit's part of the report on %(title)s"),
                    {"title": row.title},
                ),
                link=_link(row),
                now=now,
                by=actor,
            )
            reminded += 1
    return reminded


def return_part(*, actor: Actor, part_id: int, reason: str, now: datetime) -> UnitPart:
    """Return a part to the unit with a reason. Raises PartNotSent, NothingSaid, ReportNotDraft."""
    today = timezone.localdate(now)
    with transaction.atomic():
        row = _sent(actor, part_id)
        if not reason.strip():
            raise NothingSaid(Message(gettext_noop("Say why the part is returned.")))
        before = row.state
        row.state, row.returned = UnitPart.State.RETURNED, paragraphs(reason)
        row.save(update_fields=["state", "returned"])
        settle(agency_id=actor.agency_id, now=now, keys=f"report.part:{row.pk}:")
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="report.part_returned",
            subject=row,
            on=today,
            before={"state": before},
            after={"state": row.state},
            reason=row.returned,
        )
        tell_doers(
            agency_id=actor.agency_id,
            person_id=row.person_id,
            unit_id=row.unit_id,
            topic="returned",
            key=f"report.part:{row.pk}:returned:{now.isoformat()}",
            message=Message(
                gettext_noop("Your unit's part of the report on %(title)s is returned"), {"title": row.title}
            ),
            link=_link(row),
            now=now,
            by=actor,
        )
    return row


def take_part(*, actor: Actor, part_id: int, now: datetime) -> UnitPart:
    """Take what a unit sent into the draft: what stands there stays, lines that are there already come no second time.

    Raises PartNotSent, ReportNotDraft.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        row = _sent(actor, part_id)
        report = Report.objects.select_for_update().get(pk=row.report_id)
        kept = {each.target_id: each for each in Remark.objects.filter(report=report)}
        remarks = {}
        for key, (reason, remedy) in row.remarks.items():
            was = kept.get(int(key))
            remarks[int(key)] = (
                _joined(was.reason if was else "", reason),
                _joined(was.remedy if was else "", remedy),
            )
        difficulties = [f"{row.unit.name}: {line}" for line in row.difficulties.splitlines()]
        difficulties += _late_lines(row)
        operations.write_remarks(
            actor=actor,
            report_id=report.pk,
            wording=operations.Wording(
                assessment=_joined(report.assessment, *_of_unit(row, row.assessment)),
                difficulties=_joined(report.difficulties, *difficulties),
                proposals=_joined(report.proposals, *_of_unit(row, row.proposals)),
                remarks=remarks,
            ),
            today=today,
        )
        row.state = UnitPart.State.TAKEN
        row.save(update_fields=["state"])
        settle(agency_id=actor.agency_id, now=now, keys=f"report.part:{row.pk}:")
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="report.part_taken",
            subject=row,
            on=today,
            before={"state": UnitPart.State.SENT},
            after={"state": UnitPart.State.TAKEN},
        )
    return row


def withdraw_part(*, actor: Actor, part_id: int, now: datetime) -> UnitPart:
    """Ask a unit for its part no longer. Raises PartNotOpen where it is sent already, ReportNotDraft."""
    with transaction.atomic():
        row = _locked(actor, part_id)
        _draft(actor, row.report_id)
        if row.state not in OPEN:
            raise PartNotOpen(
                Message(gettext_noop("The unit has sent this part already; return it instead."))
            )
        before, row.state = row.state, UnitPart.State.WITHDRAWN
        row.save(update_fields=["state"])
        settle(agency_id=actor.agency_id, now=now, keys=f"report.part:{row.pk}:")
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="report.part_withdrawn",
            subject=row,
            on=timezone.localdate(now),
            before={"state": before},
            after={"state": row.state},
        )
    return row


def _parts(actor: Actor) -> QuerySet[UnitPart]:
    return UnitPart.objects.filter(agency_id=actor.agency_id).select_related(
        "unit", "person", "sent_by", "report"
    )


def _row(row: UnitPart) -> PartRow:
    return PartRow(
        id=row.pk,
        report_id=row.report_id,
        unit_id=row.unit_id,
        unit=row.unit.name,
        person=row.person.full_name if row.person else "",
        title=row.title,
        due_on=row.due_on,
        wish=row.wish,
        state=row.state,
        state_name=row.get_state_display(),
        sent_at=row.sent_at,
        sent_by=row.sent_by.full_name if row.sent_by else "",
        returned=row.returned,
        reminded_on=row.reminded_on,
        assessment=row.assessment,
        difficulties=row.difficulties,
        proposals=row.proposals,
        remarks={int(key): (said[0], said[1]) for key, said in row.remarks.items()},
        late={int(key): text for key, text in row.late.items()},
        is_of_draft=row.report.state == Report.State.DRAFT,
    )


def _link(row: UnitPart) -> str:
    return f"/bao-cao/phan/{row.pk}/"


def _draft(actor: Actor, report_id: int) -> Report:
    report = Report.objects.select_for_update().get(pk=report_id, agency_id=actor.agency_id)
    require(actor, "report.write")
    operations.require_draft(report=report)
    return report


def _locked(actor: Actor, part_id: int) -> UnitPart:
    rows = UnitPart.objects.select_for_update(of=("self",)).select_related("unit", "report")
    return rows.exclude(state=UnitPart.State.WITHDRAWN).get(pk=part_id, agency_id=actor.agency_id)


def _sent(actor: Actor, part_id: int) -> UnitPart:
    row = _locked(actor, part_id)
    require(actor, "report.write")
    operations.require_draft(report=row.report)
    if row.state != UnitPart.State.SENT:
        raise PartNotSent(Message(gettext_noop("Only a part that the unit has sent is taken or returned.")))
    return row


def _may_write(actor: Actor, row: UnitPart, today: date) -> bool:
    if can_in_agency(actor, "report.part"):
        return True
    try:
        require(actor, "report.part")
    except NotAllowed:
        return False
    if row.person_id is not None:
        return row.person_id == actor.acts_as_id
    if row.unit_id in actor.headed_unit_ids:
        return True
    heads = Membership.objects.filter(held_on(today), unit_id=row.unit_id, role=Role.HEAD)
    return row.unit_id in actor.unit_ids and not heads.exists()


def _named(actor: Actor, person_ids: Mapping[int, int], today: date) -> dict[int, int]:
    """Return those named who hold a post in the agency on the day."""
    here = set(
        Membership.objects.filter(
            held_on(today), agency_id=actor.agency_id, person_id__in=person_ids.values()
        ).values_list("person_id", flat=True)
    )
    return {unit: person for unit, person in person_ids.items() if person in here}


def _with_work(report: Report) -> set[int]:
    """Return the units with a task due in the report's period, or with an entry of a register in it."""
    span = (report.period_start, report.period_end)
    tasks = Task.objects.filter(agency_id=report.agency_id, due_on__range=span, unit__isnull=False)
    entries = Entry.objects.filter(Q(on__range=span) | Q(due_on__range=span), agency_id=report.agency_id)
    with_tasks = tasks.exclude(state=Task.State.CANCELLED).values_list("unit_id", flat=True)
    with_entries = entries.filter(unit__isnull=False).values_list("unit_id", flat=True)
    return {pk for pk in with_tasks.union(with_entries) if pk is not None}


def _late_tasks(actor: Actor, report: Report, unit_id: int, today: date) -> tuple[TaskRow, ...]:
    if report.plan_id is None:
        return ()
    actions = ObjectiveAction.objects.filter(objective__plan_id=report.plan_id).values("action_id")
    on = day_of(report, today)
    found = tasks_due(actor, actions, report.period_start, report.period_end, on)
    return tuple(
        each
        for each in found
        if each.unit_id == unit_id and each.standing in {Standing.OVERDUE, Standing.DONE_LATE}
    )


def _require_reasons(
    content: PartContent, remarks: Mapping[int, tuple[str, str]], late: Mapping[int, str]
) -> None:
    missing = [
        each.text
        for each in content.targets
        if each.needs_remark and not remarks.get(each.target_id, ("", ""))[0]
    ]
    missing += [each.action_text for each in content.late if not late.get(each.id)]
    if missing:
        raise NothingSaid(
            Message(
                gettext_noop("Before you send it, say why: %(what)s"),
                {"what": "; ".join(missing[:3])},
            )
        )


def _told(row: UnitPart) -> dict[str, object]:
    return {
        "state": row.state,
        "assessment": row.assessment,
        "difficulties": row.difficulties,
        "proposals": row.proposals,
        "remarks": dict(row.remarks),
        "late_reasons": dict(row.late),
    }


def _late_lines(row: UnitPart) -> list[str]:
    named = {each.pk: str(each) for each in Task.objects.select_related("action").filter(pk__in=row.late)}
    return [
        f"{row.unit.name}: {named[int(key)]}: {' '.join(text.splitlines())}"
        for key, text in row.late.items()
        if int(key) in named
    ]


def _of_unit(row: UnitPart, text: str) -> Iterable[str]:
    return (f"{row.unit.name}: {line}" for line in text.splitlines())


def _joined(text: str, *more: str) -> str:
    """Return a text with the lines of others behind it that it does not have yet."""
    lines = text.splitlines()
    for each in more:
        lines += [line for line in each.splitlines() if line and line not in lines]
    return "\n".join(lines)


def proposed_typing(row: PartRow, content: PartContent) -> Typed:
    """Return what a unit's form begins with: what was typed, else the reasons that stand at report and tasks already."""
    remarks = {
        each.target_id: row.remarks.get(each.target_id, (each.reason, each.remedy))
        for each in content.targets
    }
    late = {each.id: row.late.get(each.id, each.result) for each in content.late}
    return replace(Typed(row.assessment, row.difficulties, row.proposals), remarks=remarks, late=late)
