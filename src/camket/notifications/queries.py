"""What a person was told, how each wants to be told, the ladder of escalation, and how the outbox stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from camket.core.masking import masked_email
from camket.core.messages import Message
from camket.core.reminders import TOPICS, Rules, Step, Way, Whom, shipped_rules
from camket.journal.models import Entry
from camket.journal.queries import latest_hash
from camket.notifications import letters
from camket.notifications.models import Choice, EscalationStep, Mail, Notification
from camket.notifications.staff import staff_of
from camket.org.models import Agency
from camket.org.policy import Actor, require
from camket.org.queries import held_on
from camket.org.queries.prepared import Prepared

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that a person was told."""

    id: int
    topic: str
    message: Message
    link: str
    is_urgent: bool
    at: datetime
    is_seen: bool


@dataclass(frozen=True, slots=True)
class TopicChoice:
    """How a person is told of a topic; ``is_own`` where it was chosen."""

    key: str
    title: str
    way: Way
    shipped: Way
    ways: tuple[Way, ...]

    @property
    def is_own(self) -> bool:
        """Whether it differs from what is shipped."""
        return self.way is not self.shipped


@dataclass(frozen=True, slots=True)
class Choices:
    """All topics of a person in an agency; ``email`` is where letters go, empty without a confirmed address."""

    topics: tuple[TopicChoice, ...]
    email: str
    is_mail_set_up: bool


@dataclass(frozen=True, slots=True)
class FailedLetter:
    """A letter that was given up, or was put off, with what the server said."""

    id: int
    to: str
    subject: str
    attempts: int
    created_at: datetime
    next_at: datetime | None
    error: Message | None


@dataclass(frozen=True, slots=True)
class Outbox:
    """How letters stand, for who runs the installation."""

    is_set_up: bool
    waiting: int
    sending: int
    sent: int
    failed: int
    dropped: int
    troubled: tuple[FailedLetter, ...]
    hidden: int


def unseen(actor: Actor) -> int:
    """Return how many things the actor was told in this agency and has not seen; one SQL statement over an index."""
    return Notification.objects.filter(
        agency_id=actor.agency_id, person_id=actor.person_id, seen_at=None
    ).count()


def newest_and_unseen(actor: Actor) -> tuple[int, str, int]:
    """Return how far the journal of the actor's agency goes, 0 for an empty one, the newest entry's hash, and how many
    things are not seen.

    What every page asks for, so in one SQL statement, written once a process.
    """
    ((sequence, newest, number),) = _ASKED.rows(actor.agency_id, actor.person_id)
    return sequence, newest, number


def _ask(agency_id: int, person_id: int) -> QuerySet[Agency, tuple[int, str, int]]:
    newest = Entry.objects.filter(agency_id=OuterRef("pk")).order_by("-sequence").values("sequence")[:1]
    mine = Notification.objects.filter(agency_id=OuterRef("pk"), person_id=person_id, seen_at=None).order_by()
    counted = mine.values("agency_id").annotate(number=Count("pk")).values("number")
    return Agency.objects.filter(pk=agency_id).values_list(
        Coalesce(Subquery(newest), Value(0)),
        latest_hash(OuterRef("pk")),
        Coalesce(Subquery(counted), Value(0)),
    )


_ASKED = Prepared(_ask, int, int)


def letters_written(agency_id: int, keys: Iterable[str]) -> frozenset[tuple[int, str]]:
    """Return for which people letters under some keys were written, with the key; one SQL statement."""
    rows = Mail.objects.filter(agency_id=agency_id, key__in=list(keys)).exclude(state=Mail.State.DROPPED)
    return frozenset(rows.values_list("person_id", "key"))


def page_of(
    actor: Actor, page: int | str = 1, *, only_unseen: bool = False
) -> tuple[Page[Notification], tuple[Row, ...]]:
    """Return one page of what the actor was told in this agency, newest first; two SQL statements."""
    rows = Notification.objects.filter(agency_id=actor.agency_id, person_id=actor.person_id)
    if only_unseen:
        rows = rows.filter(seen_at=None)
    shown = Paginator(rows.order_by("-created_at", "-pk"), PAGE_SIZE).get_page(page)
    return shown, tuple(_row(each) for each in shown.object_list)


def choices(actor: Actor, on: date) -> Choices:
    """Return how the actor is told of each topic in this agency."""
    chosen = dict(
        Choice.objects.filter(agency_id=actor.agency_id, person_id=actor.person_id).values_list(
            "topic", "way"
        )
    )
    me = staff_of(actor.agency_id, on).people.get(actor.person_id)
    return Choices(
        topics=tuple(
            TopicChoice(
                topic.key,
                topic.title,
                Way(chosen.get(topic.key, topic.way)),
                topic.way,
                topic.ways,
            )
            for topic in TOPICS.values()
        ),
        email=me.email if me else "",
        is_mail_set_up=letters.is_set_up(),
    )


def ways_of(agency_id: int, person_ids: Collection[int]) -> dict[tuple[int, str], Way]:
    """Return what people of an agency have chosen, by person and topic; one SQL statement."""
    return {
        (person_id, topic): Way(way)
        for person_id, topic, way in Choice.objects.filter(
            agency_id=agency_id, person_id__in=person_ids
        ).values_list("person_id", "topic", "way")
    }


def way_of(ways: Mapping[tuple[int, str], Way], person_id: int, topic: str) -> Way:
    """Return how a person is told of a topic: as chosen, else as shipped."""
    return ways.get((person_id, topic)) or TOPICS[topic].way


def rules_of(agency_ids: Collection[int], on: date) -> dict[int, Rules]:
    """Return when each agency reminds and the ladder that holds on a day: its own, else the shipped one."""
    own: dict[int, list[Step]] = defaultdict(list)
    before: dict[int, tuple[int, ...]] = {}
    rows = EscalationStep.objects.filter(held_on(on), agency_id__in=agency_ids).order_by("working_days", "pk")
    for agency_id, whom, days in rows.values_list("agency_id", "whom", "working_days"):
        if whom == Whom.DOER:
            before[agency_id] = (days,)
        else:
            own[agency_id].append(Step(Whom(whom), days))
    shipped = shipped_rules(on)
    return {
        agency_id: Rules(
            before.get(agency_id, shipped.before),
            tuple(own[agency_id]) if agency_id in own else shipped.ladder,
        )
        for agency_id in agency_ids
    }


@dataclass(frozen=True, slots=True)
class RulesOfAgency:
    """When an agency reminds and whom it tells; ``is_own`` where the ladder, or the days before, are its own."""

    rules: Rules
    is_own: bool
    has_own_before: bool
    shipped: Rules

    @property
    def before(self) -> int:
        """How many working days before the last one whoever does the work is reminded."""
        return self.rules.before[0]


def rules(actor: Actor, on: date) -> RulesOfAgency:
    """Return the actor's agency's rules of a day; raises NotAllowed."""
    require(actor, "org.view")
    found, shipped = rules_of([actor.agency_id], on)[actor.agency_id], shipped_rules(on)
    return RulesOfAgency(
        found, found.ladder is not shipped.ladder, found.before is not shipped.before, shipped
    )


def outbox_page(actor: Actor) -> Outbox:
    """Return how letters stand, for the installation's page; raises NotAllowed."""
    require(actor, "system.view")
    return outbox()


def outbox(limit: int = 50) -> Outbox:
    """Return how letters stand for who runs the installation: its page, the command line and metrics."""
    State = Mail.State
    in_trouble = Q(state=State.FAILED) | Q(state=State.WAITING, error__isnull=False)
    counts = Mail.objects.aggregate(
        waiting=Count("pk", filter=Q(state=State.WAITING)),
        sending=Count("pk", filter=Q(state=State.SENDING)),
        sent=Count("pk", filter=Q(state=State.SENT)),
        failed=Count("pk", filter=Q(state=State.FAILED)),
        dropped=Count("pk", filter=Q(state=State.DROPPED)),
        in_trouble=Count("pk", filter=in_trouble),
    )
    number = counts.pop("in_trouble")
    troubled = list(Mail.objects.filter(in_trouble).order_by("-created_at", "-pk")[:limit])
    return Outbox(
        is_set_up=letters.is_set_up(),
        hidden=number - len(troubled),
        troubled=tuple(
            FailedLetter(
                id=each.pk,
                to=masked_email(each.to),
                subject=each.subject,
                attempts=each.attempts,
                created_at=each.created_at,
                next_at=each.not_before if each.state == State.WAITING else None,
                error=_message(each.error) if each.error else None,
            )
            for each in troubled
        ),
        **counts,
    )


def _row(row: Notification) -> Row:
    return Row(
        id=row.pk,
        topic=row.topic,
        message=_message(row.message),
        link=row.link,
        is_urgent=row.is_urgent,
        at=row.created_at,
        is_seen=row.seen_at is not None,
    )


def _message(data: dict[str, object]) -> Message:
    params = data["params"]
    return Message(
        str(data["template"]),
        {str(key): str(value) for key, value in params.items()} if isinstance(params, dict) else {},
    )
