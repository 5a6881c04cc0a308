"""Acting on many rows of a list at once, and undoing it: one way for tasks and for entries of the registers.

What kind of rows they are says a :class:`Rows`: who may do what to which row, what becomes of its columns, and how that is
written for all of them together. What is done to which row, what is left and why, is planned in ``camket.core.many``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from django.db import transaction
from django.utils import timezone

from camket.actions.models import ListAct
from camket.core.many import MOST, Change, Left, Plan, Row, Values, Wanted, may_be_undone, plan, undone
from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.reminders import SETTLED
from camket.journal.meanwhile import author, latest_after, newest, touched_since_seen
from camket.notifications.operations import Told, call_off, settle, tell_all
from camket.notifications.staff import Staff, staff_of
from camket.org.models import Unit
from camket.org.policy import Actor


class NothingToDo(Refusal):
    """No row can be acted on as asked; ``plan`` says of each why not."""

    def __init__(self, made: Plan) -> None:
        self.plan = made
        super().__init__(Message(gettext_noop("Nothing can be done to any of these rows; each says why.")))


class TooMany(Refusal):
    """More rows than are acted on at once."""

    def __init__(self) -> None:
        super().__init__(
            Message(
                gettext_noop("At most %(most)s rows are acted on at once. Choose fewer."),
                {"most": str(MOST)},
            )
        )


class NotUndone(Refusal):
    """The act cannot be undone: it is none of those that can, it was undone already, or it is too late."""


@dataclass(frozen=True, slots=True)
class Telling:
    """What is told of one row: to whom, under which topic, in which words; ``link`` leads to the row.

    ``several`` are the words where one person is told of several rows at once: a template with the same values and
    ``count``, in which ``work`` is the first of them.
    """

    people: tuple[int, ...]
    topic: str
    message: Message
    several: str
    link: str


class Rows(Protocol):
    """The rows of one kind, as one actor acts on them at one time."""

    actor: Actor
    now: datetime
    of: str
    subject_type: str
    """What the journal calls a row."""
    harmless: frozenset[str]
    """The acts that can be undone."""
    start: str
    """Where those who are told of many rows at once find them."""

    def check_act(self, act: str) -> None:
        """Raise NotAllowed where the actor may do the act to no row at all."""

    def check_wanted(self, act: str, wanted: Wanted) -> None:
        """Raise a Refusal, or DoesNotExist, where what is asked for is not possible whatever the rows."""

    def standing(self, act: str, ids: Sequence[int], wanted: Wanted, *, is_locked: bool) -> list[Row]:
        """Return rows as they stand, in the order given, with what is against the act.

        Raises DoesNotExist where one is not there for the actor. Locks them where asked to.
        """

    def becomes(self, act: str, wanted: Wanted) -> Callable[[Row], Values]:
        """Return what the act sets of a row."""

    def write(self, act: str, changes: Sequence[Change], wanted: Wanted) -> None:
        """Write what becomes of the rows that were locked, with the journal."""

    def back(self, act: str, ids: Sequence[int]) -> list[Row]:
        """Return those of the rows that are still there, locked, with what is against undoing the act."""

    def write_back(self, act: str, changes: Sequence[Change]) -> None:
        """Write that an act is undone, with the journal."""

    def tellings(
        self, act: str, changes: Sequence[Change], wanted: Wanted, staff: Staff
    ) -> dict[int, Telling]:
        """Return what is told of each changed row."""

    def called(self, ids: Collection[int]) -> Mapping[int, tuple[str, str]]:
        """Return what rows are called and where they are."""


def preview(rows: Rows, act: str, ids: Sequence[int], wanted: Wanted | None) -> Plan:
    """Return what an act would do to rows; nothing is written. Raises NotAllowed, TooMany, DoesNotExist, Refusal.

    Without ``wanted``, nobody having said yet what is asked for, it says which rows the act can be done to.
    """
    _check_number(ids)
    rows.check_act(act)
    if wanted is None:
        return plan(rows.standing(act, ids, Wanted(), is_locked=False), lambda row: {})
    rows.check_wanted(act, wanted)
    return plan(rows.standing(act, ids, wanted, is_locked=False), rows.becomes(act, wanted))


def carry_out(rows: Rows, act: str, ids: Sequence[int], wanted: Wanted) -> ListAct:
    """Do an act to all rows that it is possible for, in one transaction, and keep what was done and what was left.

    A row that somebody else changed after the actor saw it is left. Raises as :func:`preview` does, and NothingToDo.
    """
    _check_number(ids)
    actor, now = rows.actor, rows.now
    with transaction.atomic():
        rows.check_act(act)
        rows.check_wanted(act, wanted)
        standing = rows.standing(act, ids, wanted, is_locked=True)
        touched = touched_since_seen(actor, rows.subject_type, [each.id for each in standing])
        standing = [
            replace(each, against=each.against or _CHANGED) if each.id in touched else each
            for each in standing
        ]
        made = plan(standing, rows.becomes(act, wanted))
        if not made.changes:
            raise NothingToDo(made)
        rows.write(act, made.changes, wanted)
        if act in SETTLED:
            links = [link for _, link in rows.called([each.id for each in made.changes]).values()]
            settle(agency_id=actor.agency_id, links=links, topics=SETTLED[act], now=now)
        staff = staff_of(actor.agency_id, timezone.localdate(now))
        tellings = rows.tellings(act, made.changes, wanted, staff)
        found = ListAct.objects.create(
            agency_id=actor.agency_id,
            of=rows.of,
            act=act,
            wanted=wanted.to_json(),
            changes=[
                replace(each, told=tellings[each.id].people if each.id in tellings else ()).to_json()
                for each in made.changes
            ],
            left=[each.to_json() for each in made.left],
            sequence=newest(actor.agency_id),
            at=now,
            by_id=actor.person_id,
        )
        _tell(rows, staff, tellings, _key(found, "done"))
    return found


def undo(rows: Rows, list_act_id: int) -> ListAct:
    """Undo an act of the actor's own: each row that nobody touched since says again what it said before.

    Who was told of the act is told of this. Raises ListAct.DoesNotExist, NotUndone, NotAllowed, NothingToDo.
    """
    actor, now = rows.actor, rows.now
    with transaction.atomic():
        found = ListAct.objects.select_for_update(of=("self",)).get(
            pk=list_act_id, agency_id=actor.agency_id, by_id=actor.person_id, of=rows.of
        )
        if found.undone_at is not None:
            raise NotUndone(Message(gettext_noop("This was undone already.")))
        if not may_be_undone(found.act, at=found.at, now=now, harmless=rows.harmless):
            raise NotUndone(
                Message(gettext_noop("This cannot be undone any more; change each row by itself."))
            )
        changes = [Change.from_json(each) for each in found.changes]
        standing = {each.id: each for each in rows.back(found.act, [each.id for each in changes])}
        later = latest_after(
            actor.agency_id, rows.subject_type, [each.id for each in changes], found.sequence
        )
        touched = {
            pk: Message(
                gettext_noop("%(name)s acted on it at %(time)s, so that it stays."),
                {"name": author(each), "time": f"{timezone.localtime(each.at):%H:%M %d/%m/%Y}"},
            )
            for pk, each in later.items()
        }
        staff = staff_of(actor.agency_id, timezone.localdate(now))
        made = undone(changes, standing, {**_without_holder(staff, changes), **touched})
        if not made.changes:
            raise NothingToDo(made)
        rows.write_back(found.act, made.changes)
        found.undone_at, found.stayed = now, [each.to_json() for each in made.left]
        found.save(update_fields=["undone_at", "stayed"])
        if not made.left:
            call_off(agency_id=actor.agency_id, key=_key(found, "done"), now=now)
        called = rows.called([each.id for each in made.changes])
        tellings = {
            each.id: Telling(
                people=each.told,
                topic="changed",
                message=Message(
                    gettext_noop("%(by)s takes back what was done; it is as before. %(work)s"),
                    {"by": actor.name, "work": called[each.id][0]},
                ),
                several=gettext_noop(
                    "%(by)s takes back what was done to %(count)s pieces of work; all is as before. The first: %(work)s"
                ),
                link=called[each.id][1],
            )
            for each in made.changes
        }
        _tell(rows, staff, tellings, _key(found, "undone"))
    return found


def _key(found: ListAct, what: str) -> str:
    """Return what people are told of an act by."""
    return f"list-act:{found.pk}:{what}"


@dataclass(frozen=True, slots=True)
class Done:
    """An act on many rows as its page shows it; ``stayed`` are the rows that undoing it left."""

    id: int
    act: str
    wanted: Wanted
    plan: Plan
    at: datetime
    undone_at: datetime | None
    stayed: tuple[Left, ...]


def list_act(actor: Actor, of: str, list_act_id: int) -> Done:
    """Return an act of the actor's own on many rows; raises ListAct.DoesNotExist."""
    return as_done(
        ListAct.objects.get(pk=list_act_id, agency_id=actor.agency_id, by_id=actor.person_id, of=of)
    )


def as_done(found: ListAct) -> Done:
    """Return an act as its page shows it."""
    return Done(
        id=found.pk,
        act=found.act,
        wanted=Wanted.from_json(found.wanted),
        plan=Plan(
            tuple(Change.from_json(each) for each in found.changes),
            tuple(Left.from_json(each) for each in found.left),
        ),
        at=found.at,
        undone_at=found.undone_at,
        stayed=tuple(Left.from_json(each) for each in found.stayed),
    )


_CHANGED = Message(
    gettext_noop("It was changed after you had opened the page; look at it, then choose it again.")
)


_NO_HOLDER = Message(gettext_noop("Whoever had it before is no longer there, so that it stays."))
_PEOPLE = frozenset({"person", "assignee"})


def _without_holder(staff: Staff, changes: Iterable[Change]) -> dict[int, Message]:
    """Return the rows that would go back to a person who has left, or to a unit that is no longer in use."""
    units = {unit for each in changes if (unit := each.before.get("unit")) is not None}
    there = set(
        Unit.objects.filter(pk__in=units, agency_id=staff.agency_id, is_active=True).values_list(
            "pk", flat=True
        )
    )
    found = {}
    for each in changes:
        people = {each.before.get(name) for name in _PEOPLE} - {None}
        unit = each.before.get("unit")
        if not people <= staff.people.keys() or (unit is not None and unit not in there):
            found[each.id] = _NO_HOLDER
    return found


def _check_number(ids: Sequence[int]) -> None:
    if len(ids) > MOST:
        raise TooMany


def _tell(rows: Rows, staff: Staff, tellings: Mapping[int, Telling], key: str) -> None:
    """Tell each person of the rows that concern that person: of one by its name, of several by how many they are."""
    by_person: dict[tuple[int, str], list[Telling]] = defaultdict(list)
    for each in tellings.values():
        for person_id in each.people:
            by_person[person_id, each.topic].append(each)
    told = []
    for (person_id, topic), found in by_person.items():
        message, link = found[0].message, found[0].link
        if len(found) > 1:
            message = Message(found[0].several, {**message.params, "count": str(len(found))})
            link = rows.start
        told.append(Told(person_id, topic, key, message, link))
    tell_all(staff=staff, told=told, now=rows.now)
