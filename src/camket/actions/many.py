"""Acts on many tasks of a list at once: assign, postpone, accept, remind; the first two can be undone for a while."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext

from camket.actions import list_acts
from camket.actions.list_acts import Telling
from camket.actions.models import Action, ActionBody, ListAct, Task, TaskNote
from camket.actions.operations import (
    TO_DO_STATES,
    check_assigns,
    check_due_day,
    check_open,
    check_reviews,
    name_in_post,
)
from camket.actions.policy import may_review, monitors_some
from camket.actions.settling import settled
from camket.actions.telling import link_of, title_of
from camket.core.many import Change, Plan, Row, Values, Wanted
from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.periods import vietnamese
from camket.journal.meanwhile import written_on
from camket.journal.operations import Line, record_many
from camket.journal.reasons import needed_reason
from camket.notifications.staff import Staff, staff_of
from camket.org.calendar import working_calendar
from camket.org.models import Person, Unit
from camket.org.policy import Actor, NotAllowed, can, require

OF = "task"
ASSIGN, POSTPONE, ACCEPT, REMIND = "assign", "postpone", "accept", "remind"
ACTS = (ASSIGN, POSTPONE, ACCEPT, REMIND)
HARMLESS = frozenset({ASSIGN, POSTPONE})
"""Acts that can be undone: they move work, and take nothing for done."""
_VERBS = {ASSIGN: "task.assigned", POSTPONE: "task.moved", ACCEPT: "task.accepted", REMIND: "task.nudged"}


class NobodyChosen(Refusal):
    """Work is to be given to a person or a unit, and neither was named."""


class DayMissing(Refusal):
    """Work is to be put off, and no day was named."""


def acts_of(actor: Actor) -> tuple[str, ...]:
    """Return the acts that the actor may do to some tasks of the agency's list; one SQL statement at most.

    Whom the plan names as monitor of an action accepts its tasks and reminds of them, as on the page of one.
    """
    is_head = can(actor, "task.review")
    reviews = is_head or monitors_some(actor)
    may = {
        ASSIGN: can(actor, "task.manage") or is_head,
        POSTPONE: can(actor, "task.manage"),
        ACCEPT: reviews,
        REMIND: reviews,
    }
    return tuple(act for act in ACTS if may[act])


def preview(*, actor: Actor, act: str, task_ids: Sequence[int], wanted: Wanted | None, now: datetime) -> Plan:
    """Return what an act would do to tasks; nothing is written. ``wanted`` is None as long as nobody said what is asked for.

    Raises Task.DoesNotExist where one is another agency's, NotAllowed, and a Refusal where what is asked for is not
    possible whatever the tasks.
    """
    return list_acts.preview(_Tasks(actor, now), act, task_ids, wanted)


def act_on_tasks(
    *, actor: Actor, act: str, task_ids: Sequence[int], wanted: Wanted, now: datetime
) -> ListAct:
    """Do an act to many tasks: each that it is possible for, the others are kept with their reason.

    Raises as :func:`preview` does, and NothingToDo where it is possible for none.
    """
    return list_acts.carry_out(_Tasks(actor, now), act, task_ids, wanted)


def undo_on_tasks(*, actor: Actor, list_act_id: int, now: datetime) -> ListAct:
    """Undo an act on many tasks; raises as ``list_acts.undo`` does."""
    return list_acts.undo(_Tasks(actor, now), list_act_id)


class _Tasks:
    """Tasks as rows of a list."""

    of = OF
    subject_type = "actions.task"
    harmless = HARMLESS
    start = "/cong-viec/"

    def __init__(self, actor: Actor, now: datetime) -> None:
        self.actor, self.now = actor, now
        self.today = timezone.localdate(now)
        self.tasks: dict[int, Task] = {}

    def check_act(self, act: str) -> None:
        """Raise NotAllowed where the actor may do the act to no task at all."""
        if act not in acts_of(self.actor):
            raise NotAllowed("task.manage" if act == POSTPONE else "task.review")

    def check_wanted(self, act: str, wanted: Wanted) -> None:
        """Raise a Refusal, or DoesNotExist, where what is asked for is not possible whatever the tasks."""
        if act == ASSIGN:
            if wanted.person_id is None and wanted.unit_id is None:
                raise NobodyChosen(Message(gettext_noop("Choose a person or a unit.")))
            if wanted.person_id is not None:
                name_in_post(agency_id=self.actor.agency_id, person_id=wanted.person_id, today=self.today)
            if wanted.unit_id is not None:
                Unit.objects.get(pk=wanted.unit_id, agency_id=self.actor.agency_id, is_active=True)
        elif act == POSTPONE:
            if wanted.on is None:
                raise DayMissing(Message(gettext_noop("Say the new last day.")))
            needed_reason(wanted.words)

    def standing(self, act: str, ids: Sequence[int], wanted: Wanted, *, is_locked: bool) -> list[Row]:
        """Return the tasks as they stand, with what is against the act."""
        self._read(ids, is_locked=is_locked)
        if len(self.tasks) != len(set(ids)):
            raise Task.DoesNotExist
        bodies: dict[int, list[ActionBody]] = defaultdict(list)
        if act in (ACCEPT, REMIND):
            actions = {task.action_id for task in self.tasks.values()}
            for body in ActionBody.objects.filter(action_id__in=actions).select_related("unit"):
                bodies[body.action_id].append(body)
        reminded: Collection[int] = ()
        staff = Staff(self.actor.agency_id)
        if act == REMIND:
            reminded = written_on(self.actor.agency_id, self.subject_type, _VERBS[REMIND], ids, self.today)
            staff = staff_of(self.actor.agency_id, self.today)
        found = []
        for pk in dict.fromkeys(ids):
            task = self.tasks[pk]
            against = _said(self._check, act, task, wanted, bodies[task.action_id])
            if act == REMIND and against is None:
                if pk in reminded:
                    against = Message(gettext_noop("Reminded of today already."))
                elif not self._doers(staff, task):
                    against = Message(gettext_noop("Nobody but you is there to be reminded."))
            found.append(Row(pk, _holds(task), against))
        return found

    def becomes(self, act: str, wanted: Wanted) -> Callable[[Row], Values]:
        """Return what the act sets of a task."""
        match act:
            case "assign" if wanted.unit_id is not None and wanted.person_id is None:
                return lambda row: {"unit": wanted.unit_id, "assignee": None}
            case "assign" if wanted.unit_id is not None:
                return lambda row: {"unit": wanted.unit_id, "assignee": wanted.person_id}
            case "assign":
                return lambda row: {"assignee": wanted.person_id}
            case "postpone" if wanted.on is not None:
                late = working_calendar(self.actor.agency_id).limit_end(wanted.on)
                after = {"due_on": wanted.on.isoformat(), "late_after": late.isoformat(), "is_moved": True}
                return lambda row: after
            case "accept":
                return lambda row: {"state": Task.State.ACCEPTED.value, "done_on": self._submitted_on(row.id)}
        return lambda row: {}

    def write(self, act: str, changes: Sequence[Change], wanted: Wanted) -> None:
        """Write what becomes of the tasks."""
        words = wanted.words.strip()
        self._set(changes)
        reason, notes = words, {each.id: words for each in changes}
        kind = {
            ASSIGN: TaskNote.Kind.ASSIGNED,
            POSTPONE: TaskNote.Kind.MOVED,
            ACCEPT: TaskNote.Kind.ACCEPTED,
            REMIND: TaskNote.Kind.COMMENT,
        }[act]
        if act == ASSIGN:
            reason = ""
            notes = {each.id: self._given_to(wanted) for each in changes}
        elif act == POSTPONE:
            notes = {
                each.id: f"{_day(each.before['due_on'])} → {_day(each.after['due_on'])}: {words}"
                for each in changes
            }
        elif act == REMIND:
            said = _in_vietnamese(gettext_noop("Reminded of this work."))
            notes = {each.id: f"{said} {words}".strip() for each in changes}
        elif act == ACCEPT:
            ids = [each.id for each in changes]
            Task.objects.filter(pk__in=ids).update(
                progress=100, reviewed_at=self.now, reviewed_by_id=self.actor.person_id
            )
        self._note(kind, notes)
        self._record(_VERBS[act], changes, reason, settles=act == ACCEPT)
        if act == ACCEPT:
            settled(self.actor, [each.id for each in changes], self.now)

    def back(self, act: str, ids: Sequence[int]) -> list[Row]:
        """Return the tasks that are still there, locked, with what is against undoing the act."""
        self._read(ids, is_locked=True)
        return [Row(pk, _holds(task), _said(self._check_back, act, task)) for pk, task in self.tasks.items()]

    def write_back(self, act: str, changes: Sequence[Change]) -> None:
        """Write that an act is undone."""
        self._set(changes)
        kind = TaskNote.Kind.ASSIGNED if act == ASSIGN else TaskNote.Kind.MOVED
        said = _in_vietnamese(gettext_noop("Taken back: as it was before."))
        self._note(kind, {each.id: said for each in changes})
        self._record("task.undone", changes, "")

    def tellings(
        self, act: str, changes: Sequence[Change], wanted: Wanted, staff: Staff
    ) -> dict[int, Telling]:
        """Return what is told of each task."""
        by, words = self.actor.name, wanted.words.strip().rstrip(". ")
        topic, one, several = _TOLD[act if not (act == REMIND and words) else "remind with words"]
        found = {}
        for each in changes:
            task = self.tasks[each.id]
            if act == ACCEPT:
                people = staff.told((task.submitted_by_id, task.assignee_id), but=(self.actor.person_id,))
            else:
                people = self._doers(staff, task)
            params = {
                "by": by,
                "due": vietnamese(task.due_on),
                "before": _day(each.before["due_on"]) if act == POSTPONE else "",
                "reason": words,
                "work": title_of(task.action.text, task.label).rstrip(". "),
            }
            found[each.id] = Telling(people, topic, Message(one, params), several, link_of(task.pk))
        return found

    def called(self, ids: Collection[int]) -> Mapping[int, tuple[str, str]]:
        """Return what the tasks are called and where they are."""
        return {
            pk: (title_of(self.tasks[pk].action.text, self.tasks[pk].label).rstrip(". "), link_of(pk))
            for pk in ids
        }

    def _read(self, ids: Sequence[int], *, is_locked: bool) -> None:
        rows = Task.objects.filter(pk__in=list(ids), agency_id=self.actor.agency_id)
        if is_locked:
            rows = rows.select_for_update(of=("self",))
        self.tasks = {task.pk: task for task in rows.select_related("action", "unit").order_by("pk")}

    def _check(self, act: str, task: Task, wanted: Wanted, bodies: Iterable[ActionBody]) -> None:
        match act:
            case "assign":
                check_assigns(actor=self.actor, task=task)
                if wanted.unit_id not in (None, task.unit_id):
                    require(self.actor, "task.manage")
                check_open(task=task)
            case "postpone":
                check_open(task=task)
                if wanted.on is not None:
                    check_due_day(task=task, due_on=wanted.on)
            case "accept":
                check_reviews(actor=self.actor, task=task, bodies=bodies)
            case "remind":
                if not may_review(self.actor, task, bodies):
                    raise NotAllowed("task.review")
                if task.state not in TO_DO_STATES or task.action.state != Action.State.ACTIVE:
                    raise Refusal(Message(gettext_noop("Only work that is to do is reminded of.")))

    def _check_back(self, act: str, task: Task) -> None:
        if act == POSTPONE:
            require(self.actor, "task.manage")
        else:
            check_assigns(actor=self.actor, task=task)
        check_open(task=task)

    def _submitted_on(self, task_id: int) -> str:
        return timezone.localdate(self.tasks[task_id].submitted_at).isoformat()

    def _doers(self, staff: Staff, task: Task) -> tuple[int, ...]:
        doers = staff.doers(person_id=task.assignee_id, unit_id=task.unit_id)
        return tuple(each for each in doers if each != self.actor.person_id)

    def _given_to(self, wanted: Wanted) -> str:
        if wanted.person_id is not None:
            return str(Person.objects.get(pk=wanted.person_id).full_name)
        return str(Unit.objects.get(pk=wanted.unit_id or 0).name)

    def _set(self, changes: Sequence[Change]) -> None:
        """Put the columns into the tasks, one statement for all that get the same."""
        alike: dict[tuple[tuple[str, Any], ...], list[int]] = defaultdict(list)
        for each in changes:
            if each.after:
                alike[
                    tuple((_COLUMNS[name], _typed(name, value)) for name, value in each.after.items())
                ].append(each.id)
        for columns, ids in alike.items():
            Task.objects.filter(pk__in=ids).update(**dict(columns))
            for pk in ids:
                for column, value in columns:
                    setattr(self.tasks[pk], column, value)

    def _note(self, kind: str, texts: Mapping[int, str]) -> None:
        TaskNote.objects.bulk_create(
            [
                TaskNote(task_id=pk, kind=kind, text=text, at=self.now, by_id=self.actor.person_id)
                for pk, text in texts.items()
            ],
            batch_size=500,
        )

    def _record(self, verb: str, changes: Sequence[Change], reason: str, *, settles: bool = False) -> None:
        record_many(
            actor=self.actor,
            agency_id=self.actor.agency_id,
            verb=verb,
            lines=[
                Line(self.tasks[each.id], _told_of(each.before) or None, _told_of(each.after))
                for each in changes
            ],
            on=self.today,
            reason=reason,
            settles=settles,
        )


_COLUMNS = {
    "assignee": "assignee_id", "unit": "unit_id", "due_on": "due_on", "late_after": "late_after",
    "is_moved": "is_moved", "state": "state", "done_on": "done_on",
}  # fmt: skip
_DAYS = frozenset({"due_on", "late_after", "done_on"})
_TOLD = {
    ASSIGN: (
        "assigned",
        gettext_noop("%(by)s gives you work due on %(due)s. %(work)s"),
        gettext_noop("%(by)s gives you %(count)s pieces of work. The first: %(work)s"),
    ),
    POSTPONE: (
        "changed",
        gettext_noop("Now due on %(due)s instead of %(before)s: %(reason)s. %(work)s"),
        gettext_noop("%(count)s pieces of work are now due on %(due)s: %(reason)s. The first: %(work)s"),
    ),
    ACCEPT: (
        "accepted",
        gettext_noop("%(by)s has accepted this. %(work)s"),
        gettext_noop("%(by)s has accepted %(count)s pieces of work. The first: %(work)s"),
    ),
    REMIND: (
        "reminded",
        gettext_noop("%(by)s reminds you of work due on %(due)s. %(work)s"),
        gettext_noop("%(by)s reminds you of %(count)s pieces of work. The first: %(work)s"),
    ),
    "remind with words": (
        "reminded",
        gettext_noop("%(by)s reminds you of work due on %(due)s: %(reason)s. %(work)s"),
        gettext_noop("%(by)s reminds you of %(count)s pieces of work: %(reason)s. The first: %(work)s"),
    ),
}
"""Topic, words of one piece of work, words of several, by act."""


def _holds(task: Task) -> Values:
    return {
        "assignee": task.assignee_id,
        "unit": task.unit_id,
        "due_on": task.due_on.isoformat(),
        "late_after": task.late_after.isoformat(),
        "is_moved": task.is_moved,
        "state": str(task.state),
        "done_on": task.done_on.isoformat() if task.done_on else None,
    }


def _told_of(values: Values) -> dict[str, Any]:
    """Return what the journal says of columns: that a day was chosen shows by its being moved."""
    return {name: value for name, value in values.items() if name != "is_moved"}


def _typed(name: str, value: Any) -> Any:
    return date.fromisoformat(value) if name in _DAYS and value is not None else value


def _day(value: str) -> str:
    return vietnamese(date.fromisoformat(value))


def _said(check: Callable[..., None], *args: Any) -> Message | None:
    """Return in words what a check refuses; None where it refuses nothing."""
    try:
        check(*args)
    except NotAllowed:
        return Message(gettext_noop("This is not among what you may do with it."))
    except Refusal as refusal:
        return refusal.message
    return None


def _in_vietnamese(template: str) -> str:
    with translation.override("vi"):
        return gettext(template)
