"""Handing over when somebody leaves (nghỉ hưu, chuyển công tác): all open work finds a new owner, history keeps the old.

What the person holds is listed from every package; each thing goes to a successor, and one transaction moves all of
it. Work goes at once, so that successors take it up while the person is still there; posts and seats end with the
last day, and the account is closed after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone, translation

from camket.actions import hand_over as work
from camket.core.messages import Message, Refusal, gettext_noop
from camket.improvement import hand_over as cycle
from camket.journal.operations import record
from camket.objectives.models import Plan
from camket.org import operations as org
from camket.org import queries as org_queries
from camket.org.models import Agency, BodyName, Delegation, Membership, Person, Role, Seat
from camket.org.policy import Actor, require
from camket.registers import hand_over as register_work
from camket.reporting.models import HandOver, Report

CYCLE = (cycle.NONCONFORMITY, cycle.STEP, cycle.RISK, cycle.DECISION, cycle.AUDITOR)
"""Kinds of what the improvement cycle gives people."""

UNIT = "unit"
"""Given as successor of a task: it goes back to its unit."""

NOBODY = ""
"""Given as successor of a post, seat or name: it ends without one."""


class Kind(StrEnum):
    """What a person can hold."""

    TASK = "task"
    ENTRY = "entry"
    NONCONFORMITY = cycle.NONCONFORMITY
    STEP = cycle.STEP
    RISK = cycle.RISK
    DECISION = cycle.DECISION
    AUDITOR = cycle.AUDITOR
    PART = "part"
    POST = "post"
    SEAT = "seat"
    NAME = "name"


class WorkWithoutOwner(Refusal):
    """Some of what the person holds has no successor yet; ``keys`` names the items."""

    def __init__(self, items: Sequence[Item]) -> None:
        first = items[0]
        super().__init__(
            Message(
                gettext_noop(
                    "Choose who takes over “%(item)s”. Items without a successor: %(count)s. Nothing has been handed over yet."
                ),
                {"item": first.short, "count": str(len(items))},
            )
        )
        self.keys = frozenset(item.key for item in items)


class SuccessorNotPossible(Refusal):
    """A person chosen cannot take over: no post in the agency, cannot sign in, or is the one who leaves."""


class NothingHeld(Refusal):
    """The person holds no post that could end."""


class LastDayNotPossible(Refusal):
    """The last day lies before the person's posts begin."""


class ReasonMissing(Refusal):
    """A hand-over says why."""


class WorkOpen(Refusal):
    """A last post does not end while its holder has open work."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that the person holds. ``detail`` says when or in which part; ``is_only`` that nobody else has the role."""

    kind: Kind
    id: int
    text: str
    detail: str = ""
    label: Message | None = None
    due_on: date | None = None
    part: str = ""
    role: str = ""
    duty: str = ""
    may_go_to_unit: bool = False
    needs_successor: bool = True
    is_only: bool = False

    @property
    def key(self) -> str:
        """What a form calls the item."""
        return f"{self.kind.value}-{self.id}"

    @property
    def short(self) -> str:
        """The text, cut for a sentence."""
        return self.text if len(self.text) <= 90 else f"{self.text[:87].rstrip()}…"


@dataclass(frozen=True, slots=True)
class Holding:
    """All that a person holds in the agency. ``remarks`` need no successor, but somebody should know them."""

    person_id: int
    full_name: str
    items: tuple[Item, ...]
    remarks: tuple[Message, ...]
    has_post: bool
    works_elsewhere: bool

    def of(self, kind: Kind) -> tuple[Item, ...]:
        """Return the items of one kind."""
        return tuple(item for item in self.items if item.kind is kind)

    @property
    def open_work(self) -> tuple[Item, ...]:
        """What would be left without an owner: tasks, work of registers, parts of actions, and names in documents."""
        owned = (Kind.TASK, Kind.ENTRY, Kind.PART, Kind.NAME, *CYCLE)
        return tuple(item for item in self.items if item.kind in owned)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a recorded hand-over: what it was, and who has it now: a name, ``UNIT``, or empty where it ended."""

    kind: str
    text: str
    detail: str
    to: str


@dataclass(frozen=True, slots=True)
class HandOverRow:
    """A recorded hand-over."""

    id: int
    person_id: int
    full_name: str
    last_day: date
    reason: str
    lines: tuple[Line, ...]
    closes_account: bool
    account_closed_on: date | None
    recorded_on: date
    made_by: str


def holding_of(actor: Actor, person_id: int, today: date) -> Holding:
    """Return all that a person of the agency holds today; raises Person.DoesNotExist for others, NotAllowed."""
    require(actor, "people.manage")
    return _holding(actor, person_id, today)


def stranded(actor: Actor, today: date) -> tuple[work.Stranded, ...]:
    """Return who left with open work; raises NotAllowed."""
    require(actor, "people.manage")
    return work.stranded(actor.agency_id, today)


def hand_overs(actor: Actor) -> tuple[HandOverRow, ...]:
    """Return the recorded hand-overs of the agency, the newest first. Raises NotAllowed."""
    require(actor, "people.manage")
    rows = HandOver.objects.filter(agency_id=actor.agency_id).select_related("person", "made_by")
    return _rows(rows.order_by("-made_at", "-pk"))


def hand_over_of(actor: Actor, hand_over_id: int) -> HandOverRow:
    """Return one recorded hand-over; raises HandOver.DoesNotExist for another agency's, NotAllowed."""
    require(actor, "people.manage")
    rows = HandOver.objects.select_related("person", "made_by")
    return _rows([rows.get(pk=hand_over_id, agency_id=actor.agency_id)])[0]


def hand_over(
    *,
    actor: Actor,
    person_id: int,
    last_day: date,
    reason: str,
    successors: Mapping[str, int | str],
    closes_account: bool,
    now: datetime,
) -> HandOver:
    """Hand all that a person holds over to others, in one go.

    ``successors`` gives by the key of each item the person who takes over, ``UNIT`` for a task that goes back to its
    unit, or ``NOBODY`` for a post, a seat or a name that ends. Work goes to its new owners at once; posts and seats
    end with ``last_day`` and begin for successors on the day after. Closed work stays as it is, in the old name. The
    account is closed at once where the last day has passed, else after it (:func:`close_accounts`).

    Raises NotAllowed, Person.DoesNotExist, NothingHeld, ReasonMissing, LastDayNotPossible, WorkWithoutOwner,
    SuccessorNotPossible, and what giving and ending posts and seats raises, such as LastManager and OwnAccount.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        Agency.objects.select_for_update(of=("self",)).get(pk=actor.agency_id)
        require(actor, "people.manage")
        holding = _holding(actor, person_id, today)
        if not holding.has_post and not holding.items:
            raise NothingHeld(
                Message(
                    gettext_noop("%(person)s holds no post in this agency any more, and no open work."),
                    {"person": holding.full_name},
                )
            )
        reason = " ".join(reason.split())
        if not reason:
            raise ReasonMissing(
                Message(gettext_noop("Say why the person leaves, for example retirement or transfer."))
            )
        _check_complete(holding, successors)
        _check_successors(actor, holding, successors, today, last_day)
        _move_work(actor, holding, successors, reason, now)
        _move_seats(actor, holding, successors, last_day, today)
        _move_posts(actor, holding, successors, last_day, today)
        person = Person.objects.get(pk=person_id)
        row = HandOver.objects.create(
            agency_id=actor.agency_id,
            person=person,
            last_day=last_day,
            reason=reason,
            lines=[_line(item, successors[item.key]) for item in holding.items],
            closes_account=closes_account and not holding.works_elsewhere,
            recorded_on=today,
            made_at=now,
            made_by_id=actor.person_id,
        )
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="person.handed_over",
            subject=person,
            on=today,
            after={
                "last_day": last_day,
                "closes_account": row.closes_account,
                **{f"{kind.value}s": len(holding.of(kind)) for kind in Kind if holding.of(kind)},
                "to": sorted({to for item in holding.items if isinstance(to := successors[item.key], int)}),
            },
            reason=reason,
        )
        if row.closes_account and last_day < today and person_id != actor.person_id:
            org.block_person(actor=actor, person_id=person_id, reason=reason, today=today)
            row.account_closed_on = today
            row.save(update_fields=["account_closed_on"])
    return row


def end_post(*, actor: Actor, post_id: int, ended_on: date, today: date) -> Membership:
    """End a post, unless it is the last of one who still has open work: that is handed over first.

    Raises WorkOpen with what is open, and what ending a post raises.
    """
    with transaction.atomic():
        Agency.objects.select_for_update(of=("self",)).get(pk=actor.agency_id)
        require(actor, "people.manage")
        post = Membership.objects.select_related("person").get(pk=post_id, agency_id=actor.agency_id)
        goes_on = (
            Membership.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=ended_on))
            .filter(agency_id=actor.agency_id, person_id=post.person_id)
            .exclude(pk=post.pk)
        )
        if not goes_on.exists():
            open_work = _holding(actor, post.person_id, today).open_work
            if open_work:
                raise WorkOpen(
                    Message(
                        gettext_noop(
                            "This is the last post of %(person)s, who still has open work (%(count)s), first “%(item)s”. "
                            "Hand it over first: that ends the post as well."
                        ),
                        {
                            "person": post.person.full_name,
                            "count": str(len(open_work)),
                            "item": open_work[0].short,
                        },
                    )
                )
        return org.end_post(actor=actor, post_id=post_id, ended_on=ended_on, today=today)


def close_accounts(*, today: date) -> int:
    """Close the accounts of those whose last day has passed, as their hand-over says; return how many.

    Whoever got a post again meanwhile, here or elsewhere, keeps the account. For the clock: acts for nobody.
    """
    closed = 0
    due = HandOver.objects.filter(closes_account=True, account_closed_on__isnull=True, last_day__lt=today)
    for pk in list(due.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            row = HandOver.objects.select_for_update(of=("self",)).select_related("person").get(pk=pk)
            if row.account_closed_on is not None:
                continue
            holds = Membership.objects.filter(
                Q(valid_to__isnull=True) | Q(valid_to__gte=today), person_id=row.person_id
            )
            person = Person.objects.select_for_update().get(pk=row.person_id)
            if holds.exists():
                row.closes_account = False
                row.save(update_fields=["closes_account"])
                continue
            if person.is_active:
                person.is_active = False
                person.save(update_fields=["is_active"])
                record(
                    actor=None,
                    agency_id=row.agency_id,
                    verb="person.blocked",
                    subject=person,
                    on=today,
                    before={"is_active": True},
                    after={"is_active": False},
                    reason=row.reason,
                )
                closed += 1
            row.account_closed_on = today
            row.save(update_fields=["account_closed_on"])
    return closed


def _holding(actor: Actor, person_id: int, today: date) -> Holding:
    not_ended = Q(valid_to__isnull=True) | Q(valid_to__gte=today)
    in_office = Q(org_queries.held_on(today), person__is_active=True)
    memberships = list(
        Membership.objects.filter(Q(person_id=person_id) | in_office, agency_id=actor.agency_id)
        .select_related("unit", "person")
        .order_by("pk")
    )
    known = [post for post in memberships if post.person_id == person_id]
    if not known:
        raise Person.DoesNotExist(f"no post in agency {actor.agency_id}")
    person = known[0].person
    posts = [post for post in known if post.valid_to is None or post.valid_to >= today]
    others = [(post.role, post.unit_id) for post in memberships if post.person_id != person_id]
    begun = _begun_by(actor, person_id, today)
    items = [
        *(_post_item(post, others) for post in posts),
        *(
            Item(
                Kind.TASK,
                row.id,
                row.text,
                detail=row.number,
                label=row.label,
                due_on=row.due_on,
                may_go_to_unit=row.unit_id is not None,
            )
            for row in work.tasks_held(actor.agency_id, person_id)
        ),
        *(
            Item(
                Kind.ENTRY,
                row.id,
                row.title,
                detail=row.number,
                due_on=row.due_on,
                may_go_to_unit=row.unit_id is not None,
            )
            for row in register_work.work_held(actor.agency_id, person_id)
        ),
        *(
            Item(
                Kind(row.kind),
                row.id,
                row.title,
                due_on=row.due_on,
                may_go_to_unit=row.unit_id is not None,
            )
            for row in cycle.held(actor.agency_id, person_id)
        ),
        *(
            Item(Kind.PART, row.id, row.text, detail=f"{row.number} ({row.year})", part=row.part)
            for row in work.parts_held(actor.agency_id, person_id)
        ),
        *(
            Item(Kind.SEAT, seat.pk, seat.unit.name, duty=seat.duty, needs_successor=False)
            for seat in Seat.objects.filter(not_ended, unit__agency_id=actor.agency_id, person_id=person_id)
            .select_related("unit")
            .order_by("pk")
        ),
        *(
            Item(Kind.NAME, name.pk, name.text, needs_successor=False)
            for name in BodyName.objects.filter(agency_id=actor.agency_id, person_id=person_id).order_by("pk")
        ),
    ]
    return Holding(
        person_id=person_id,
        full_name=person.full_name,
        items=tuple(items),
        remarks=tuple(_remarks(actor, person, posts, others, begun, today)),
        has_post=bool(posts),
        works_elsewhere=begun.works_elsewhere,
    )


@dataclass(frozen=True, slots=True)
class _Begun:
    """What a person has begun that nobody owns by name, and whether another agency has work for the person."""

    plans: int
    reports: int
    works_elsewhere: bool


def _begun_by(actor: Actor, person_id: int, today: date) -> _Begun:
    plans = Plan.objects.filter(
        agency_id=actor.agency_id,
        created_by=OuterRef("pk"),
        state__in=(Plan.State.READING, Plan.State.DRAFT, Plan.State.SUBMITTED),
    )
    reports = Report.objects.filter(
        agency_id=actor.agency_id, created_by=OuterRef("pk"), state=Report.State.DRAFT
    )
    elsewhere = Membership.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=today), person=OuterRef("pk")
    ).exclude(agency_id=actor.agency_id)
    row = Person.objects.values_list(_counted(plans), _counted(reports), Exists(elsewhere)).get(pk=person_id)
    return _Begun(*row)


def _counted(rows: QuerySet[Any]) -> Coalesce:
    """Return, for a larger statement, how many rows a narrowed query has."""
    return Coalesce(
        Subquery(rows.order_by().values("agency_id").annotate(n=Count("pk")).values("n")), Value(0)
    )


def open_work_of(actor: Actor, person_id: int) -> int:
    """Return how many pieces of open work a person holds by name, in one statement; raises NotAllowed."""
    require(actor, "people.manage")
    tasks, parts = work.counted_held(actor.agency_id, OuterRef("pk"))
    names = BodyName.objects.filter(agency_id=actor.agency_id, person=OuterRef("pk"))
    entries = register_work.open_work(actor.agency_id).filter(person=OuterRef("pk"))
    in_hand = (_counted(rows) for rows in cycle.counted_held(actor.agency_id, OuterRef("pk")))
    counts = (tasks, parts, _counted(names), _counted(entries), *in_hand)
    return sum(Person.objects.values_list(*counts).get(pk=person_id))


def _post_item(post: Membership, others: Sequence[tuple[str, int | None]]) -> Item:
    is_single = post.role in (Role.SECRETARY, Role.CHAIRMAN, Role.HEAD, Role.PRIVACY)
    shared = any(
        role == post.role and (post.role != Role.HEAD or unit_id == post.unit_id) for role, unit_id in others
    )
    return Item(
        Kind.POST,
        post.pk,
        ", ".join(part for part in (post.position, post.unit.name if post.unit else "") if part)
        or _role_name(post),
        role=post.role,
        needs_successor=False,
        is_only=is_single and not shared,
    )


def _role_name(post: Membership) -> str:
    """Return the name of a post's role in Vietnamese, the language of what is kept."""
    with translation.override("vi"):
        return str(post.get_role_display())


def _remarks(
    actor: Actor,
    person: Person,
    posts: Sequence[Membership],
    others: Sequence[tuple[str, int | None]],
    begun: _Begun,
    today: date,
) -> Iterator[Message]:
    """Return what else somebody should know: nothing of it is owned, so nothing of it moves."""
    given = Delegation.objects.filter(
        Q(post__person=person) | Q(deputy=person),
        agency_id=actor.agency_id,
        valid_to__gte=today,
        withdrawn_on__isnull=True,
    ).select_related("post__person", "deputy")
    for row in given.order_by("pk"):
        yield Message(
            gettext_noop(
                "%(deputy)s stands in for %(giver)s until %(day)s: that ends with the last day. "
                "Choose another deputy where one is needed."
            ),
            {
                "deputy": row.deputy.full_name,
                "giver": row.post.person.full_name,
                "day": f"{row.valid_to:%d/%m/%Y}",
            },
        )
    name = {"person": person.full_name}
    if begun.plans:
        yield Message(
            gettext_noop(
                "Plans begun by %(person)s and not yet in force: %(count)s. Whoever is ISO secretary goes on with them."
            ),
            {**name, "count": str(begun.plans)},
        )
    if begun.reports:
        yield Message(
            gettext_noop(
                "Draft reports begun by %(person)s: %(count)s. Whoever is ISO secretary goes on with them."
            ),
            {**name, "count": str(begun.reports)},
        )
    units = {post.unit_id: post.unit for post in posts if post.unit is not None}
    for unit_id in sorted(units.keys() - {unit_id for _role, unit_id in others}, key=str):
        yield Message(
            gettext_noop(
                "Nobody else holds a post in %(unit)s: give the post to a successor, or its work has nobody."
            ),
            {"unit": units[unit_id].name},
        )


def _check_complete(holding: Holding, successors: Mapping[str, int | str]) -> None:
    without = [
        item
        for item in holding.items
        if item.key not in successors
        or (successors[item.key] == UNIT and not item.may_go_to_unit)
        or (successors[item.key] == NOBODY and item.needs_successor)
    ]
    if without:
        raise WorkWithoutOwner(without)


def _check_successors(
    actor: Actor, holding: Holding, successors: Mapping[str, int | str], today: date, last_day: date
) -> None:
    """Refuse those who cannot take over."""
    wanted = {chosen for item in holding.items if isinstance(chosen := successors[item.key], int)}
    for person_id in sorted(wanted):
        if person_id == holding.person_id:
            raise SuccessorNotPossible(
                Message(
                    gettext_noop("%(person)s leaves and cannot take over. Choose another person."),
                    {"person": holding.full_name},
                )
            )
        person = Person.objects.filter(pk=person_id).first()
        days = (today, max(today, last_day + timedelta(days=1)))
        if person is None or not all(work.in_office(actor.agency_id, person_id, day) for day in days):
            raise SuccessorNotPossible(
                Message(
                    gettext_noop(
                        "%(person)s holds no post in this agency today and after the last day. Choose another person."
                    ),
                    {"person": person.full_name if person else ""},
                )
            )


def _line(item: Item, chosen: int | str) -> dict[str, int | str]:
    """Return what is kept of an item; who took it over by number, so that a name is read as it is known."""
    detail = item.detail
    if item.kind in (Kind.TASK, Kind.ENTRY, *CYCLE) and item.due_on is not None:
        detail = f"{item.due_on:%d/%m/%Y}"
    elif item.kind is Kind.POST:
        detail = item.role
    elif item.kind is Kind.SEAT:
        detail = item.duty
    elif item.kind is Kind.PART:
        detail = item.part
    return {"kind": item.kind.value, "text": item.text, "detail": detail, "to": chosen}


def _move_work(
    actor: Actor, holding: Holding, successors: Mapping[str, int | str], reason: str, now: datetime
) -> None:
    today = timezone.localdate(now)
    tasks = {item.id: _person(successors[item.key]) for item in holding.of(Kind.TASK)}
    work.hand_on_tasks(actor=actor, successors=tasks, reason=reason, now=now)
    entries = {item.id: _person(successors[item.key]) for item in holding.of(Kind.ENTRY)}
    register_work.hand_on_work(actor=actor, successors=entries, reason=reason, now=now)
    for kind in CYCLE:
        given = {item.id: _person(successors[item.key]) for item in holding.of(Kind(kind))}
        cycle.hand_on(actor=actor, kind=kind, successors=given, reason=reason, now=now)
    parts = {item.id: _person(successors[item.key]) for item in holding.of(Kind.PART)}
    work.hand_on_parts(actor=actor, successors={key: to for key, to in parts.items() if to is not None})
    for item in holding.of(Kind.NAME):
        org.map_body_name(
            actor=actor,
            body_name_id=item.id,
            unit_id=None,
            person_id=_person(successors[item.key]),
            today=today,
        )


def _move_seats(
    actor: Actor, holding: Holding, successors: Mapping[str, int | str], last_day: date, today: date
) -> None:
    for item in holding.of(Kind.SEAT):
        seat = Seat.objects.get(pk=item.id)
        if seat.valid_to is None or seat.valid_to > last_day:
            if seat.valid_from is not None and seat.valid_from > last_day:
                continue  # ends with the last post, unused
            org.end_seat(actor=actor, seat_id=seat.pk, last_day=last_day, today=today)
        to = _person(successors[item.key])
        if to is not None and _leaves_seat(actor, seat, to, last_day, today):
            org.give_seat(
                actor=actor,
                unit_id=seat.unit_id,
                person_id=to,
                duty=seat.duty,
                valid_from=last_day + timedelta(days=1),
                today=today,
            )


def _leaves_seat(actor: Actor, seat: Seat, person_id: int, last_day: date, today: date) -> bool:
    """Return whether a successor takes a seat: one who sits there already changes to it from a plain member's only."""
    own = Seat.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=last_day), unit_id=seat.unit_id, person_id=person_id
    ).first()
    if own is None:
        return True
    if own.duty != Seat.Duty.MEMBER or seat.duty == Seat.Duty.MEMBER:
        return False
    org.end_seat(actor=actor, seat_id=own.pk, last_day=last_day, today=today)
    return True


def _move_posts(
    actor: Actor, holding: Holding, successors: Mapping[str, int | str], last_day: date, today: date
) -> None:
    posts = {
        post.pk: post for post in Membership.objects.filter(pk__in=[i.id for i in holding.of(Kind.POST)])
    }
    late = [post for post in posts.values() if post.valid_from is not None and post.valid_from > last_day]
    if late:
        raise LastDayNotPossible(
            Message(
                gettext_noop(
                    "A post of %(person)s begins on %(day)s, after the last day. Choose a later day, or end that post first."
                ),
                {"person": holding.full_name, "day": f"{late[0].valid_from:%d/%m/%Y}"},
            )
        )
    # Given before the old ones end, so that the agency is never without a manager.
    for item in holding.of(Kind.POST):
        to, post = _person(successors[item.key]), posts[item.id]
        if to is None or _holds(post, to):
            continue
        org.give_post(
            actor=actor,
            person_id=to,
            role=post.role,
            unit_id=post.unit_id,
            position=post.position,
            valid_from=last_day + timedelta(days=1),
            today=today,
        )
    for post in posts.values():
        if post.valid_to is None or post.valid_to > last_day:
            org.end_post(actor=actor, post_id=post.pk, ended_on=last_day + timedelta(days=1), today=today)


def _holds(post: Membership, person_id: int) -> bool:
    return Membership.objects.filter(
        agency_id=post.agency_id,
        person_id=person_id,
        role=post.role,
        unit=post.unit,
        valid_to__isnull=True,
    ).exists()


def _person(chosen: int | str) -> int | None:
    return chosen if isinstance(chosen, int) else None


def _rows(found: Iterable[HandOver]) -> tuple[HandOverRow, ...]:
    rows = list(found)
    wanted = {each["to"] for row in rows for each in row.lines if isinstance(each["to"], int)}
    names = dict(Person.objects.filter(pk__in=wanted).values_list("pk", "full_name"))
    return tuple(_row(row, names) for row in rows)


def _row(row: HandOver, names: Mapping[int, str]) -> HandOverRow:
    return HandOverRow(
        id=row.pk,
        person_id=row.person_id,
        full_name=row.person.full_name,
        last_day=row.last_day,
        reason=row.reason,
        lines=tuple(
            Line(each["kind"], each["text"], each["detail"], names.get(each["to"], each["to"]))
            for each in row.lines
        ),
        closes_account=row.closes_account,
        account_closed_on=row.account_closed_on,
        recorded_on=row.recorded_on,
        made_by=row.made_by.full_name,
    )
