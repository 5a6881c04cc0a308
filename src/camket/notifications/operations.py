"""Telling people: in the transaction of what happened, once for each thing, with a letter where that is wanted.

Who calls says whom it is about and what happened; who is there to be told, who stands in for them, and how each wants to
be told is found here. A letter is a row of the outbox (:mod:`camket.notifications.sending` takes it from there), written
with the notification or not at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NotRequired, TypedDict, Unpack

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.reminders import LONGEST_BEFORE, TOPICS, Step, Way, Whom, shipped_rules
from camket.journal.operations import record
from camket.notifications import letters
from camket.notifications.models import Choice, EscalationStep, Mail, Notification
from camket.notifications.queries import way_of, ways_of
from camket.notifications.staff import Staff, staff_of
from camket.org.models import Agency
from camket.org.policy import Actor, require

LONGEST_KEY = 200
MAIL_KEPT = timedelta(days=90)
"""How long letters that were sent, or not wanted any more, are kept."""

NOTIFICATIONS_KEPT = timedelta(days=730)
"""How long notifications are kept; work that is overdue for longer is told of once more."""

DAYS_MOST = 60


class TopicUnknown(Refusal):
    """Nothing is told of under this topic, or not in this way."""


class LadderNotPossible(Refusal):
    """A ladder of escalation without a rung, or a rung after no working day or after too many."""


@dataclass(frozen=True, slots=True)
class Told:
    """One thing for one person; ``attachments`` go along with a letter about it."""

    person_id: int
    topic: str
    key: str
    message: Message
    link: str = ""
    is_urgent: bool = False
    attachments: tuple[Mapping[str, str], ...] = ()


class News(TypedDict):
    """What is told, and when; ``link`` leads to it.

    ``key`` names the thing for ever: the same key tells nobody twice. ``by``, whose doing it is, knows already.
    """

    topic: str
    key: str
    message: Message
    now: datetime
    link: NotRequired[str]
    by: NotRequired[Actor | None]
    is_urgent: NotRequired[bool]


def tell(
    *, agency_id: int, people: Iterable[int | None], staff: Staff | None = None, **news: Unpack[News]
) -> int:
    """Tell people of an agency one thing, once; return how many were told. For operations, in their transaction.

    Who left or cannot sign in is not told, who stands in for somebody is told as well. ``staff`` is the agency's, where
    somebody has it.
    """
    return _tell(staff or staff_of(agency_id, timezone.localdate(news["now"])), people, news)


def tell_doers(*, agency_id: int, person_id: int | None, unit_id: int | None, **news: Unpack[News]) -> int:
    """Tell whose work it is: the person named, else the unit's heads or members, else the secretary; as :func:`tell`."""
    staff = staff_of(agency_id, timezone.localdate(news["now"]))
    return _tell(staff, staff.doers(person_id=person_id, unit_id=unit_id), news)


def tell_roles(*, agency_id: int, roles: Collection[str], **news: Unpack[News]) -> int:
    """Tell those who hold one of the roles; as :func:`tell`."""
    staff = staff_of(agency_id, timezone.localdate(news["now"]))
    return _tell(staff, staff.with_role(*roles), news)


def _tell(staff: Staff, people: Iterable[int | None], news: News) -> int:
    by = news.get("by")
    but = () if by is None else (by.person_id,)
    return tell_all(
        staff=staff,
        told=[
            Told(
                person_id,
                news["topic"],
                news["key"],
                news["message"],
                news.get("link", ""),
                news.get("is_urgent", False),
            )
            for person_id in staff.told(people, but=but)
        ],
        now=news["now"],
    )


def tell_all(*, staff: Staff, told: Sequence[Told], now: datetime) -> int:
    """Tell many things to people of one agency who are there; return how many were new.

    Of what is new, each person who wants letters at once gets one for all of it. Three SQL statements where nothing is
    new, six otherwise.
    """
    if not told:
        return 0
    for each in told:
        if each.topic not in TOPICS:
            raise TopicUnknown(_unknown(each.topic))
    on = timezone.localdate(now)
    with transaction.atomic():
        # Whoever else tells in this agency waits: what is new is then new to one of them alone.
        Agency.objects.select_for_update(of=("self",)).only("pk").get(pk=staff.agency_id)
        known = set(
            Notification.objects.filter(
                agency_id=staff.agency_id,
                person_id__in={each.person_id for each in told},
                key__in={each.key[:LONGEST_KEY] for each in told},
            ).values_list("person_id", "key")
        )
        fresh: dict[tuple[int, str], Told] = {}
        for each in told:
            place = (each.person_id, each.key[:LONGEST_KEY])
            if place not in known and each.person_id in staff.people:
                fresh.setdefault(place, each)
        if not fresh:
            return 0
        Notification.objects.bulk_create(
            [
                Notification(
                    agency_id=staff.agency_id,
                    person_id=person_id,
                    topic=each.topic,
                    key=key,
                    message={"template": each.message.template, "params": dict(each.message.params)},
                    link=each.link,
                    is_urgent=each.is_urgent,
                    on=on,
                    created_at=now,
                )
                for (person_id, key), each in fresh.items()
            ],
            batch_size=500,
        )
        if letters.is_set_up():
            _write_letters(staff, list(fresh.values()), now)
    return len(fresh)


def _write_letters(staff: Staff, told: Sequence[Told], now: datetime) -> None:
    reachable = [each for each in told if staff.people[each.person_id].email]
    ways = ways_of(staff.agency_id, {each.person_id for each in reachable})
    at_once: dict[int, list[Told]] = defaultdict(list)
    for each in reachable:
        if way_of(ways, each.person_id, each.topic) is Way.AT_ONCE:
            at_once[each.person_id].append(each)
    if not at_once:
        return
    agency = Agency.objects.values_list("name", flat=True).get(pk=staff.agency_id)
    queue_letters(
        agency_id=staff.agency_id,
        wanted=[
            letters.Wanted(
                person=staff.people[person_id],
                key=each[0].key[:LONGEST_KEY],
                letter=letters.at_once(
                    staff.people[person_id],
                    agency,
                    [(one.topic, one.message, one.link) for one in each],
                ),
                attachments=[file for one in each for file in one.attachments],
            )
            for person_id, each in at_once.items()
        ],
        now=now,
    )


def queue_letters(*, agency_id: int, wanted: Iterable[letters.Wanted], now: datetime) -> int:
    """Put letters into the outbox, each once for its person and key; return how many. For operations and jobs.

    Nothing is put there by an installation that sends no mail, nor for who has no confirmed address.
    """
    if not letters.is_set_up():
        return 0
    rows = [
        Mail(
            agency_id=agency_id,
            person_id=each.person.person_id,
            key=each.key[:LONGEST_KEY],
            to=each.person.email,
            subject=each.letter.subject[:255],
            text=each.letter.text,
            html=each.letter.html,
            attachments=list(each.attachments),
            message_id=letters.new_message_id(),
            not_before=now,
            created_at=now,
        )
        for each in wanted
        if each.person.email
    ]
    Mail.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    return len(rows)


def see(*, actor: Actor, notification_id: int, now: datetime) -> Notification:
    """Note that the actor has seen a notification; raises Notification.DoesNotExist for another's."""
    with transaction.atomic():
        row = Notification.objects.select_for_update(of=("self",)).get(
            pk=notification_id, agency_id=actor.agency_id, person_id=actor.person_id
        )
        if row.seen_at is None:
            row.seen_at = now
            row.save(update_fields=["seen_at"])
    return row


def settle(
    *,
    agency_id: int,
    now: datetime,
    links: Collection[str] = (),
    topics: Collection[str] = (),
    keys: str = "",
) -> int:
    """Note as seen what people were told of matters that are settled now; return how many. For operations.

    Matters are known by the pages they lead to (``links``) and the ``topics`` that are over, or by what their ``keys``
    begin with. Called before anybody is told what came of it.
    """
    rows = Notification.objects.filter(agency_id=agency_id, seen_at=None)
    if keys:
        rows = rows.filter(key__startswith=keys)
    if links or not keys:
        rows = rows.filter(link__in=links, topic__in=topics)
    return rows.update(seen_at=now)


def call_off(*, agency_id: int, key: str, now: datetime) -> int:
    """Take back what was told under a key: it is noted as seen, and letters of it that still wait are not sent.

    What has left, or is leaving, has left. Return how many letters are not sent. For operations, in their transaction.
    """
    settle(agency_id=agency_id, keys=key, now=now)
    waiting = Mail.objects.filter(agency_id=agency_id, key=key[:LONGEST_KEY], state=Mail.State.WAITING)
    return waiting.update(state=Mail.State.DROPPED)


def see_all(*, actor: Actor, until: datetime, now: datetime) -> int:
    """Note that the actor has seen all that was told up to a moment; return how many.

    ``until`` is when the page was made: what came since is not taken for seen.
    """
    return Notification.objects.filter(
        agency_id=actor.agency_id, person_id=actor.person_id, seen_at=None, created_at__lte=until
    ).update(seen_at=now)


def choose(*, actor: Actor, ways: Mapping[str, str]) -> None:
    """Say how the actor wants to be told of topics in this agency; what is chosen as shipped is kept as no choice.

    Raises TopicUnknown, and then nothing is kept.
    """
    chosen: dict[str, Way] = {}
    for key, way in ways.items():
        topic = TOPICS.get(key)
        if topic is None or way not in {each.value for each in topic.ways}:
            raise TopicUnknown(_unknown(key))
        chosen[key] = Way(way)
    with transaction.atomic():
        mine = Choice.objects.filter(agency_id=actor.agency_id, person_id=actor.person_id)
        for key, each in chosen.items():
            if each is TOPICS[key].way:
                mine.filter(topic=key).delete()
            else:
                Choice.objects.update_or_create(
                    agency_id=actor.agency_id, person_id=actor.person_id, topic=key, defaults={"way": each}
                )


def save_steps(
    *, actor: Actor, steps: Mapping[str, int | None], before: int | None = None, today: date
) -> None:
    """Say before whom the agency brings overdue work, after how many working days; None leaves a rung out.

    ``before`` is how many working days before the last one whoever does the work is reminded; None, as the number that
    is shipped, is no rule of the agency's own. Holds from today on. Raises NotAllowed, LadderNotPossible.
    """
    with transaction.atomic():
        require(actor, "notification.rules")
        Agency.objects.select_for_update(of=("self",)).only("pk").get(pk=actor.agency_id)
        wanted = {EscalationStep.Whom(whom): days for whom, days in steps.items() if days is not None}
        if not wanted:
            raise LadderNotPossible(
                Message(
                    gettext_noop(
                        "Overdue work has to be brought before somebody. Enter the days of one rung."
                    )
                )
            )
        if any(not 1 <= days <= DAYS_MOST for days in wanted.values()):
            raise LadderNotPossible(
                Message(
                    gettext_noop("Working days are a whole number from 1 to %(most)s."),
                    {"most": str(DAYS_MOST)},
                )
            )
        held = {
            row.whom: row
            for row in EscalationStep.objects.filter(agency_id=actor.agency_id, valid_to__isnull=True)
        }
        if before is not None and not 1 <= before <= LONGEST_BEFORE:
            raise LadderNotPossible(
                Message(
                    gettext_noop("Whoever does the work is reminded 1 to %(most)s working days before."),
                    {"most": str(LONGEST_BEFORE)},
                )
            )
        shipped, doer = shipped_rules(today), EscalationStep.Whom.DOER
        if before is not None and (before,) != shipped.before:
            wanted[doer] = before
        if {Step(Whom(whom), days) for whom, days in wanted.items() if whom is not doer} == set(
            shipped.ladder
        ):
            wanted = {whom: days for whom, days in wanted.items() if whom is doer}
        stood = {_said(whom): row.working_days for whom, row in sorted(held.items())}
        stands = {_said(whom): days for whom, days in sorted(wanted.items())}
        if stood == stands:
            return
        for whom, row in held.items():
            if wanted.get(EscalationStep.Whom(whom)) == row.working_days:
                continue
            if row.valid_from >= today:
                row.delete()  # never held for a whole day
            else:
                row.valid_to = today - timedelta(days=1)
                row.save(update_fields=["valid_to"])
        for whom, days in wanted.items():
            if whom not in held or held[whom].working_days != days:
                EscalationStep.objects.create(
                    agency_id=actor.agency_id, whom=whom, working_days=days, valid_from=today
                )
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="escalation.changed",
            subject=Agency.objects.get(pk=actor.agency_id),
            on=today,
            before=stood,
            after=stands,
        )


def _said(whom: str) -> str:
    """Return under which word the journal says days of a rung."""
    return "doer_before" if whom == Whom.DOER else f"{whom}_after"


def try_again(*, actor: Actor, mail_id: int | None, today: date, now: datetime) -> int:
    """Put a letter that was given up or put off back into the outbox, or all of them; return how many. Raises NotAllowed."""
    with transaction.atomic():
        require(actor, "system.manage")
        troubled = Mail.objects.filter(
            Q(state=Mail.State.FAILED) | Q(state=Mail.State.WAITING, error__isnull=False)
        )
        if mail_id is not None:
            troubled = troubled.filter(pk=mail_id)
        count = troubled.update(state=Mail.State.WAITING, attempts=0, not_before=now, error=None)
        if count:
            record(
                actor=actor,
                agency_id=actor.agency_id,
                verb="mail.tried_again",
                subject=Agency.objects.get(pk=actor.agency_id),
                on=today,
                after={"letters": count},
            )
    return count


def send_again(*, now: datetime) -> int:
    """Put letters that were given up back into the outbox, after what stood against them was mended; return how many."""
    return Mail.objects.filter(state=Mail.State.FAILED).update(
        state=Mail.State.WAITING, attempts=0, not_before=now, error=None
    )


def forget_old(*, now: datetime) -> tuple[int, int]:
    """Remove letters that were dealt with long ago and old notifications; return how many of each.

    What they told of stands in the records; letters that could not be sent stay as long.
    """
    old = Mail.objects.exclude(state__in=(Mail.State.WAITING, Mail.State.SENDING)).filter(
        created_at__lt=now - MAIL_KEPT
    )
    mail, _ = old.delete()
    told, _ = Notification.objects.filter(created_at__lt=now - NOTIFICATIONS_KEPT).delete()
    return mail, told


def _unknown(topic: str) -> Message:
    return Message(
        gettext_noop("People cannot be told of “%(topic)s” in this way. Choose one that the page offers."),
        {"topic": topic},
    )
