"""What the staff reads of feedback: lists, work that waits, one piece with its history, its papers."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, When
from django.utils import timezone

from camket.core import feedback as rules
from camket.core.blackout import blackened
from camket.core.calendar import WorkingCalendar
from camket.core.feedback import Standing
from camket.core.finding import pattern_of
from camket.core.masking import HIDDEN, masked_email, masked_phone, short_name
from camket.core.plan import Period
from camket.core.wording.text import search_key
from camket.documents.models import StoredFile
from camket.documents.queries import OpenFile, opened, without_metadata_of
from camket.dossiers.models import Field
from camket.org.calendar import working_calendar
from camket.org.models import Agency, Membership
from camket.org.policy import Actor, Scope, can, can_in_agency, require
from camket.org.queries.validity import held_on
from camket.paper.photos import PICTURES
from camket.paper.writing.model import Document
from camket.voices import feedback_dating
from camket.voices.feedback_paper import RegisterLine, letter_document, register_document
from camket.voices.feedback_sight import (
    Head,
    Sight,
    does,
    known_of,
    not_about,
    proposed_publication,
    reads_all_but_guarded,
    sight,
    work_of,
)
from camket.voices.models import Feedback, FeedbackLimit, FeedbackStep

PAGE = 30
SHOWN = 20
"""Rows of each group of the work list."""


@dataclass(frozen=True, slots=True)
class FeedbackRow:
    """Feedback as a list shows it; ``subject`` is empty and ``code`` masked where no word is shown, ``sender`` is masked."""

    id: int
    code: str
    state: str
    kind: str
    is_classified: bool
    way: str
    subject: str
    is_hidden: bool
    sender: str
    field: str
    unit: str
    officer: str
    received_on: date
    due_on: date
    pass_on_by: date
    last_day: date
    settled_on: date | None
    standing: Standing
    days_left: int
    is_mine: bool

    @property
    def is_legal(self) -> bool:
        """Whether it goes to a legal track of its own: it is handed on, never answered as feedback."""
        return self.kind in rules.LEGAL_KINDS


@dataclass(frozen=True, slots=True)
class FeedbackFilter:
    """What a list is narrowed to.

    ``standing`` is one of ``open``, ``overdue``, ``settled``, ``published``, or an outcome; empty for all.
    """

    words: str = ""
    standing: str = ""
    state: str = ""
    kind: str = ""
    way: str = ""
    unit_id: int | None = None
    field_id: int | None = None
    period: Period | None = None


@dataclass(frozen=True, slots=True)
class WorkGroup:
    """Feedback that waits for the same: ``to_approve``, ``overdue``, ``to_take_up``, ``soon``, ``to_send``, ``rest``."""

    key: str
    rows: tuple[FeedbackRow, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much feedback waits for the actor, for the overview."""

    overdue: int = 0
    to_take_up: int = 0
    to_approve: int = 0
    to_answer: int = 0
    to_send: int = 0
    soon: int = 0

    @property
    def total(self) -> int:
        """How many of all kinds, one counted under each."""
        return self.overdue + self.to_take_up + self.to_approve + self.to_answer + self.to_send


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent feedback, in full or masked."""

    name: str
    address: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class StepRow:
    """A line of the history; ``text`` is empty where it is not for the reader."""

    kind: str
    at: datetime
    by: str
    text: str
    is_public: bool


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file sent with feedback."""

    id: int
    name: str
    size: int
    is_photo: bool


@dataclass(frozen=True, slots=True)
class Detail:
    """One piece of feedback with all that the actor sees of it; ``acts`` are those possible for the actor now."""

    row: FeedbackRow
    sight: Sight
    text: str
    place: str
    portal_code: str
    dossier: tuple[int, str] | None
    field_id: int | None
    unit_id: int | None
    officer_id: int | None
    concerns: tuple[tuple[int, str], ...]
    merged_into: tuple[int, str] | None
    merged: tuple[tuple[int, str], ...]
    received_at: datetime
    received_by: str
    limit_days: int
    sender: Sender
    is_clear: bool
    may_be_clear: bool
    answer: str
    outcome: str
    outcome_reason: str
    outcome_on: date | None
    drafted_by: str
    drafted_at: datetime | None
    settled_at: datetime | None
    settled_by: str
    settled_note: str
    document_number: str
    public_text: str
    public_answer: str
    published_at: datetime | None
    withdrawn_at: datetime | None
    files: tuple[FileRow, ...]
    steps: tuple[StepRow, ...]
    acts: frozenset[str]
    is_to_be_sent: bool
    has_letter: bool
    proposed_kind: str

    @property
    def is_public(self) -> bool:
        """Whether the answer stands on the public page now."""
        return self.published_at is not None and self.withdrawn_at is None


@dataclass(frozen=True, slots=True)
class Publication:
    """What is proposed to be public, and the words that were blacked out of it, as (what, words)."""

    text: str
    answer: str
    found: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class LimitRow:
    """A limit that holds or held: of the agency, or proposed by the product."""

    kind: str
    field: str
    working_days: int
    valid_from: date | None
    valid_to: date | None
    source: str
    is_own: bool
    holds: bool


def feedback_page(
    actor: Actor, wanted: FeedbackFilter, today: date, number: str | int = 1
) -> Page[FeedbackRow]:
    """Return a page of feedback, the newest first. Eight SQL statements at most."""
    require(actor, "feedback.view")
    calendar = working_calendar(actor.agency_id)
    query = _filtered(actor, wanted, today)
    rows: list[Feedback]
    if wanted.words.strip():
        keys = Paginator(_holding(actor, query, wanted.words), PAGE).get_page(number)
        by_id = {row.pk: row for row in _loaded(Feedback.objects.filter(pk__in=list(keys.object_list)))}
        page: Page[Any] = keys
        rows = [by_id[pk] for pk in keys.object_list]
    else:
        pages: Paginator[Any] = Paginator(_loaded(query).order_by("-received_at", "-pk"), PAGE)
        page = pages.get_page(number)
        rows = list(page.object_list)
    page.object_list = tuple(_row(actor, row, today, calendar) for row in rows)
    return page


def has_feedback(actor: Actor) -> bool:
    """Return whether the agency has any feedback that the actor may know of."""
    require(actor, "feedback.view")
    return Feedback.objects.filter(not_about(actor), agency_id=actor.agency_id).exists()


def work_list(actor: Actor, today: date) -> tuple[WorkGroup, ...]:
    """Return open feedback by what it waits for; each stands once, in the first group that fits. Five SQL statements.

    All are sorted by their days and states alone; texts and names are read of those that are shown. What is settled and
    whose sender nobody noted as told waits for who may note it.
    """
    require(actor, "feedback.view")
    calendar = working_calendar(actor.agency_id)
    groups: dict[str, list[int]] = {
        "to_approve": [],
        "overdue": [],
        "to_take_up": [],
        "soon": [],
        "to_send": list(_unsent(actor, today).values_list("pk", flat=True)),
        "rest": [],
    }
    approves = can(actor, "feedback.approve")
    standings = _standings(today, calendar)
    heads = _open(actor).values_list("pk", "state", "kind", "pass_on_by", "due_on").order_by()
    found = [
        (_until(kind, pass_on_by, due_on), pk, state, pass_on_by)
        for pk, state, kind, pass_on_by, due_on in heads
    ]
    for last, pk, state, pass_on_by in sorted(found):
        how = standings(state, pass_on_by, last)
        if approves and state == Feedback.State.DRAFTED:
            groups["to_approve"].append(pk)
        elif how is Standing.OVERDUE:
            groups["overdue"].append(pk)
        elif state == Feedback.State.NEW:
            groups["to_take_up"].append(pk)
        elif how is Standing.SOON:
            groups["soon"].append(pk)
        else:
            groups["rest"].append(pk)
    wanted = [pk for keys in groups.values() for pk in keys[:SHOWN]]
    rows = {
        row.pk: _row(actor, row, today, calendar)
        for row in _loaded(Feedback.objects.filter(agency_id=actor.agency_id, pk__in=wanted))
    }
    return tuple(
        WorkGroup(key, tuple(rows[pk] for pk in keys[:SHOWN] if pk in rows), len(keys))
        for key, keys in groups.items()
        if keys
    )


def waiting_for(actor: Actor, today: date, calendar: WorkingCalendar | None = None) -> Waiting | None:
    """Return how much feedback waits for the actor; None for who deals with none. Two SQL statements.

    One less with the agency's calendar, where the caller has it.

    Leaders and the secretary are told of all that is overdue, others of what is theirs.
    """
    if actor.scope is not Scope.AGENCY or not can(actor, "feedback.view"):
        return None
    assigns, approves = can_in_agency(actor, "feedback.assign"), can(actor, "feedback.approve")
    query = _open_query(actor)
    if not assigns and not approves:
        query = query.filter(work_of(actor))
    settled = _unsent(actor, today).order_by()
    either = list(
        Feedback.objects.filter(Q(pk__in=query.values("pk")) | Q(pk__in=settled.values("pk"))).only(
            "state",
            "kind",
            "pass_on_by",
            "due_on",
            "settled_at",
            "unit",
            "officer",
            "agency_id",
            "drafted_by",
        )
    )
    rows = [each for each in either if each.state in rules.OPEN_STATES]
    to_send = len(either) - len(rows)
    if not either:
        return None
    calendar = calendar or working_calendar(actor.agency_id)
    counts = dict.fromkeys(("overdue", "to_take_up", "to_approve", "to_answer", "soon"), 0)
    for row in rows:
        found = _standing(row, today, calendar)
        if approves and row.state == Feedback.State.DRAFTED and not actor.is_own(row.drafted_by_id):
            counts["to_approve"] += 1
        elif found is Standing.OVERDUE:
            counts["overdue"] += 1
        elif assigns and row.state == Feedback.State.NEW:
            counts["to_take_up"] += 1
        elif row.state == Feedback.State.ASSIGNED and does(actor, row):
            counts["to_answer"] += 1
        counts["soon"] += found is Standing.SOON
    waiting = Waiting(to_send=to_send, **counts)
    return waiting if waiting.total or waiting.soon else None


def detail(actor: Actor, feedback_id: int, today: date, *, wants_clear: bool = False) -> Detail:
    """Return one piece of feedback as the actor sees it.

    ``wants_clear`` asks for the sender in full: whoever calls this records that it was seen (``is_clear``). Raises
    Feedback.DoesNotExist for another agency's and for one about the actor. Six SQL statements at most.
    """
    require(actor, "feedback.view")
    row = _one(actor, feedback_id)
    seen = sight(actor, row)
    known = known_of(row)
    is_full = seen is Sight.FULL
    may_be_clear = is_full and actor.scope is Scope.AGENCY and can(actor, "feedback.personal")
    is_clear = may_be_clear and wants_clear

    def shown(text: str) -> str:
        if is_full:
            return text
        return blackened(text, known).text if seen is Sight.BLACKENED else ""

    steps = row.steps.exclude(kind="letter").select_related("by").order_by("at", "pk")
    return Detail(
        row=_row(actor, row, today, working_calendar(actor.agency_id)),
        sight=seen,
        text=shown(row.text),
        place=shown(row.place),
        portal_code=row.portal_code,
        dossier=(row.dossier.pk, row.dossier.code) if row.dossier and is_full else None,
        field_id=row.field_id,
        unit_id=row.unit_id,
        officer_id=row.officer_id,
        concerns=tuple((each.pk, each.full_name) for each in row.concerns.all()) if is_full else (),
        merged_into=(row.merged_into.pk, _code(actor, row.merged_into, seen)) if row.merged_into else None,
        merged=tuple(
            (each.pk, _code(actor, each, seen)) for each in row.merged.order_by("received_at", "pk")
        ),
        received_at=row.received_at,
        received_by=row.received_by.full_name if row.received_by else "",
        limit_days=row.limit_days,
        sender=_sender(row, seen, is_clear=is_clear),
        is_clear=is_clear,
        may_be_clear=may_be_clear and bool(known),
        answer=shown(row.answer),
        outcome=row.outcome if is_full or row.outcome_on else "",
        outcome_reason=row.outcome_reason if is_full else "",
        outcome_on=row.outcome_on,
        drafted_by=row.drafted_by.full_name if row.drafted_by else "",
        drafted_at=row.drafted_at,
        settled_at=row.settled_at,
        settled_by=row.settled_by.full_name if row.settled_by else "",
        settled_note=shown(row.settled_note),
        document_number=row.document_number,
        public_text=row.public_text,
        public_answer=row.public_answer,
        published_at=row.published_at,
        withdrawn_at=row.withdrawn_at,
        files=tuple(
            FileRow(file.pk, file.name, file.size, file.content_type in PICTURES)
            for file in (row.files.order_by("pk") if is_full else ())
        ),
        steps=tuple(_step(step, is_full=is_full) for step in steps),
        acts=_acts(actor, row, seen),
        is_to_be_sent=row.is_settled and is_full and _unsent(actor, today).filter(pk=row.pk).exists(),
        has_letter=_has_letter(actor, row, seen),
        proposed_kind=rules.proposed_kind(f"{row.subject}\n{row.text}") if is_full else "",
    )


def file_of(actor: Actor, feedback_id: int, file_id: int, *, is_original: bool = False) -> OpenFile:
    """Return a file sent with feedback that the actor reads in full.

    Of a photo a copy without place, time and device: it goes on to who puts the matter right, to the body that it is
    passed on to, to the public page. ``is_original`` asks for the very bytes that were sent, as proof.

    Raises Feedback.DoesNotExist, StoredFile.DoesNotExist, FileDamaged.
    """
    require(actor, "feedback.view")
    row = _one(actor, feedback_id)
    if sight(actor, row) is not Sight.FULL:
        raise StoredFile.DoesNotExist(file_id)
    found = opened(row.files.get(pk=file_id))
    return found if is_original else without_metadata_of(found)


def letter_of(actor: Actor, feedback_id: int) -> Document:
    """Return the answer as paper, as it was sent, or the slip that passed feedback on.

    Raises FeedbackStep.DoesNotExist where there was none, or it is not to be seen.
    """
    require(actor, "feedback.view")
    row = _one(actor, feedback_id)
    if sight(actor, row) is not Sight.FULL or not can(actor, "feedback.personal"):
        raise FeedbackStep.DoesNotExist(feedback_id)
    step = row.steps.filter(kind="letter").order_by("-at", "-pk").first()
    if step is None:
        raise FeedbackStep.DoesNotExist(feedback_id)
    return letter_document(json.loads(step.text))


def publication_of(actor: Actor, feedback_id: int) -> Publication:
    """Return what is proposed to be public of feedback, or what was public last.

    Raises Feedback.DoesNotExist where the actor does not read it in full.
    """
    require(actor, "feedback.publish")
    row = _one(actor, feedback_id)
    if sight(actor, row) is not Sight.FULL:
        raise Feedback.DoesNotExist(feedback_id)
    text, answer = proposed_publication(row)
    return Publication(
        row.public_text or text.text,
        row.public_answer or answer.text,
        tuple((each.what.value, each.text) for each in (*text.found, *answer.found)),
    )


def limits(actor: Actor, today: date) -> tuple[LimitRow, ...]:
    """Return the limits for answering, the agency's own first. One SQL statement."""
    require(actor, "feedback.view")
    rows = (
        FeedbackLimit.objects.filter(agency_id=actor.agency_id)
        .select_related("field")
        .order_by("kind", "field__name", "-valid_from")
    )
    own = tuple(
        LimitRow(
            each.kind,
            each.field.name if each.field else "",
            each.working_days,
            each.valid_from,
            each.valid_to,
            each.source,
            is_own=True,
            holds=each.valid_from <= today and (each.valid_to is None or today <= each.valid_to),
        )
        for each in rows
    )
    covered = {each.kind for each in own if each.holds and not each.field}
    return own + tuple(
        LimitRow(
            each.limit.kind,
            "",
            each.limit.working_days,
            None,
            each.limit.valid_to,
            each.source,
            is_own=False,
            holds=each.limit.kind not in covered and "" not in covered,
        )
        for each in feedback_dating.proposals()
    )


def field_choices(actor: Actor) -> list[tuple[int, str]]:
    """Return the agency's fields as (id, name)."""
    require(actor, "feedback.view")
    return list(Field.objects.filter(agency_id=actor.agency_id).order_by("key").values_list("pk", "name"))


def colleague_choices(actor: Actor, today: date) -> list[tuple[int, str]]:
    """Return the agency's people who hold a post today as (id, name with unit)."""
    require(actor, "feedback.assign")
    found: dict[int, str] = {}
    posts = Membership.objects.filter(held_on(today), agency_id=actor.agency_id)
    for person_id, name, unit in posts.order_by("unit__order", "person__full_name").values_list(
        "person_id", "person__full_name", "unit__name"
    ):
        found.setdefault(person_id, f"{name} – {unit}" if unit else name)
    return list(found.items())


MERGEABLE_DAYS = 180
"""How old feedback may be into which one of today is merged."""


def merge_choices(actor: Actor, feedback_id: int) -> list[tuple[int, str]]:
    """Return feedback of the same kind received before, the most alike first, as (id, code, day and subject).

    Three SQL statements; Feedback.DoesNotExist for another agency's and for one about the actor.
    """
    require(actor, "feedback.assign")
    row = _one(actor, feedback_id)
    if sight(actor, row) is not Sight.FULL:
        return []
    words = set(search_key(f"{row.subject} {row.text}").split())
    earlier = (
        Feedback.objects.filter(
            not_about(actor),
            agency_id=actor.agency_id,
            kind=row.kind,
            is_classified=True,
            received_at__lte=row.received_at,
            received_at__gte=row.received_at - timedelta(days=MERGEABLE_DAYS),
        )
        .exclude(pk=row.pk)
        .exclude(state__in=(Feedback.State.MERGED, Feedback.State.ROUTED))
        .prefetch_related("concerns")
        .order_by("-received_at", "-pk")[:_COMPARED]
    )
    found: list[tuple[float, Feedback]] = []
    for each in earlier:
        if sight(actor, each) is Sight.FULL:
            others = set(search_key(f"{each.subject} {each.text}").split())
            found.append((len(words & others) / max(len(words | others), 1), each))
    found.sort(key=lambda pair: (-pair[0], pair[1].received_at, pair[1].pk))
    return [
        (each.pk, f"{each.code} – {timezone.localdate(each.received_at):%d/%m/%Y} – {each.subject}")
        for _likeness, each in found[:_OFFERED]
    ]


_COMPARED, _OFFERED = 300, 30


def register_lines(
    actor: Actor, period: Period, today: date, words: dict[str, dict[str, str]]
) -> tuple[RegisterLine, ...]:
    """Return the register of a period by day of receipt, senders masked; ``words`` say kinds, ways and states.

    What is about the actor is left out, of what is guarded no word is given.
    """
    require(actor, "feedback.view")
    calendar = working_calendar(actor.agency_id)
    query = _filtered(actor, FeedbackFilter(period=period), today)
    lines = []
    for row in _loaded(query).order_by("received_at", "pk"):
        shown = _row(actor, row, today, calendar)
        late = shown.standing in (Standing.OVERDUE, Standing.SETTLED_LATE)
        in_time = "Quá hạn" if late else "Đúng hạn" if shown.settled_on else "Trong hạn"
        if row.state == Feedback.State.MERGED:
            in_time = "–"
        is_closed = sight(actor, row) is Sight.HEAD
        subject = "" if is_closed else blackened(row.subject, known_of(row)).text
        lines.append(
            RegisterLine(
                code=shown.code,
                received_on=shown.received_on,
                way=words["way"][row.way],
                sender="" if is_closed else short_name(row.sender_name),
                subject=subject,
                kind=words["kind"][row.kind],
                field=shown.field,
                unit=shown.unit,
                due_on=shown.last_day,
                settled_on=shown.settled_on,
                result=words["state"][row.state],
                outcome=words["outcome"][row.outcome] if row.outcome_on else "",
                in_time=in_time,
            )
        )
    return tuple(lines)


def register_paper(actor: Actor, lines: Sequence[RegisterLine], period: Period) -> Document:
    """Return the register as paper."""
    agency = Agency.objects.get(pk=actor.agency_id)
    return register_document(
        lines, issuer=agency.full_name, superior=agency.superior_name, place=agency.place, period=period
    )


# Parts


def _loaded(query: QuerySet[Feedback]) -> QuerySet[Feedback]:
    return query.select_related("field", "unit", "officer").prefetch_related("concerns")


def _open_query(actor: Actor) -> QuerySet[Feedback]:
    return Feedback.objects.filter(not_about(actor), agency_id=actor.agency_id, state__in=rules.OPEN_STATES)


def _open(actor: Actor) -> QuerySet[Feedback]:
    query = _open_query(actor)
    if not (can_in_agency(actor, "feedback.assign") or can(actor, "feedback.approve")) and can(
        actor, "feedback.answer"
    ):
        query = query.filter(work_of(actor) | Q(received_by=actor.person_id))
    return query


def _unsent(actor: Actor, today: date) -> QuerySet[Feedback]:
    """Return feedback settled of late whose sender has to be told and was not, as far as anybody noted, the oldest first.

    Who wrote on the public page follows it there; who called, wrote on paper or came may have no way to look there. Only
    what the actor reads in full and may note (:func:`camket.voices.feedback_sight.sight`); nothing for others.

    Source: Nghị định 20/2008/NĐ-CP as amended: the result is made known to whoever sent the feedback.
    """
    if actor.scope is not Scope.AGENCY or not can_in_agency(actor, "feedback.receive"):
        return Feedback.objects.none()
    reads = Q(received_by__in={actor.person_id, actor.acts_as_id})
    if reads_all_but_guarded(actor):
        reads |= ~Q(kind__in=rules.GUARDED_KINDS)
    if can_in_agency(actor, "feedback.assign"):
        reads |= Q(kind=rules.CONDUCT)
    if can(actor, "feedback.personal"):
        reads |= work_of(actor) & ~Q(kind=rules.DENUNCIATION)
    can_be_reached = (
        Q(way=Feedback.Way.PORTAL) | ~Q(sender_address="") | ~Q(sender_phone="") | ~Q(sender_email="")
    )
    told = FeedbackStep.objects.filter(
        feedback=OuterRef("pk"), kind__startswith=rules.SENT, at__gte=OuterRef("outcome_at")
    )
    return (
        Feedback.objects.filter(
            not_about(actor), reads, can_be_reached, agency_id=actor.agency_id, settled_at__isnull=False
        )
        .exclude(way=Feedback.Way.WEB)
        .annotate(
            outcome_at=Case(
                When(merged_into__isnull=False, then=F("merged_into__settled_at")), default=F("settled_at")
            )
        )
        .filter(outcome_at__date__gte=today - timedelta(days=rules.SENT_DAYS))
        .exclude(Exists(told))
        .order_by("outcome_at", "pk")
    )


def _one(actor: Actor, feedback_id: int) -> Feedback:
    row = (
        _loaded(Feedback.objects.filter(agency_id=actor.agency_id))
        .select_related(
            "dossier", "received_by", "merged_into", "drafted_by", "settled_by", "field", "unit", "officer"
        )
        .get(pk=feedback_id)
    )
    if sight(actor, row) is Sight.NOTHING:
        raise Feedback.DoesNotExist(feedback_id)
    return row


def _filtered(actor: Actor, wanted: FeedbackFilter, today: date) -> QuerySet[Feedback]:
    query = Feedback.objects.filter(not_about(actor), agency_id=actor.agency_id)
    match wanted.standing:
        case "open":
            query = query.filter(state__in=rules.OPEN_STATES)
        case "overdue":
            query = query.filter(state__in=rules.OPEN_STATES, due_on__lt=today)
        case "settled":
            query = query.exclude(state__in=rules.OPEN_STATES)
        case "published":
            query = query.filter(published_at__isnull=False, withdrawn_at__isnull=True)
        case outcome if outcome in rules.OUTCOME_NAMES:
            query = query.filter(outcome=outcome, outcome_on__isnull=False)
    for name, value in (
        ("state", wanted.state),
        ("kind", wanted.kind),
        ("way", wanted.way),
        ("unit_id", wanted.unit_id),
        ("field_id", wanted.field_id),
    ):
        if value:
            query = query.filter(**{name: value})
    if wanted.period is not None:
        query = query.filter(
            received_at__date__gte=wanted.period.start, received_at__date__lte=wanted.period.end
        )
    return query


_HEAD = (
    "kind", "is_classified", "received_by_id", "settled_by_id", "was_settled", "officer_id", "unit_id", "subject", "text"
)  # fmt: skip


def _holding(actor: Actor, query: QuerySet[Feedback], words: str) -> list[int]:
    """Return feedback whose code, or words that the actor reads, hold all words, marks aside, the newest first.

    All of it is looked through, however old. Two SQL statements.
    """
    code = rules.code_of(words)
    wanted = [re.compile(pattern_of(word)) for word in search_key(words).split()]
    sees_senders, is_open = can(actor, "feedback.personal"), reads_all_but_guarded(actor)
    about: dict[int, set[int]] = defaultdict(set)
    named = Feedback.concerns.through.objects.filter(feedback__agency_id=actor.agency_id)
    for feedback_id, person_id in named.values_list("feedback_id", "person_id"):
        about[feedback_id].add(person_id)
    found = []
    # Whether alone, not when: thousands of times are long to read.
    rows = query.annotate(was_settled=Q(settled_at__isnull=False)).order_by("-received_at", "-pk")
    heads = rows.values_list("pk", "code", "portal_code", "place", "sender_name", "sender_phone", *_HEAD)
    for pk, own_code, portal_code, place, name, phone, *rest in heads:
        subject, text = rest[-2:]
        said = f"{own_code}\n{portal_code}\n{subject}\n{text}\n{place}"
        if sees_senders:
            said = f"{said}\n{name}\n{phone.replace(' ', '').replace('.', '')}"
        if own_code != code and not _holds_all(said, wanted):
            continue
        if is_open and rest[0] not in rules.GUARDED_KINDS:
            found.append(pk)
            continue
        # Of what holds them, only what the actor reads counts.
        seen = sight(actor, Head(*(*rest, frozenset(about.get(pk, ())))))
        if seen is not Sight.FULL and own_code != code:
            told = own_code if _is_whole(actor, seen) else rules.masked_code(own_code)
            if not _holds_all(f"{told}\n{portal_code}", wanted):
                continue
        found.append(pk)
    return found


def _holds_all(text: str, wanted: Sequence[re.Pattern[str]]) -> bool:
    uniform = unicodedata.normalize("NFC", text)
    return all(pattern.search(uniform) for pattern in wanted)


def _standing(row: Feedback, today: date, calendar: WorkingCalendar) -> Standing:
    return rules.standing(
        row.state,
        pass_on_by=row.pass_on_by,
        due_on=_due_on(row),
        settled_on=timezone.localdate(row.settled_at) if row.settled_at else None,
        on=today,
        calendar=calendar,
    )


def _standings(today: date, calendar: WorkingCalendar) -> Callable[[str, date, date], Standing]:
    """Return what tells how open feedback stands, by state, day for passing on and last day: many share theirs."""

    @cache
    def found(state: str, pass_on_by: date, last: date) -> Standing:
        return rules.standing(
            state, pass_on_by=pass_on_by, due_on=last, settled_on=None, on=today, calendar=calendar
        )

    return found


def _due_on(row: Feedback) -> date:
    return _until(row.kind, row.pass_on_by, row.due_on)


def _until(kind: str, pass_on_by: date, due_on: date) -> date:
    """Return until when it is to be dealt with: a complaint or denunciation is handed on, no answer is due."""
    return pass_on_by if kind in rules.LEGAL_KINDS else due_on


def _row(actor: Actor, row: Feedback, today: date, calendar: WorkingCalendar) -> FeedbackRow:
    seen = sight(actor, row)
    last = rules.last_day(row.state, pass_on_by=row.pass_on_by, due_on=_due_on(row))
    if today <= last:
        left = calendar.working_between(today, last) - calendar.is_working(today)
    else:
        left = -(calendar.working_between(last, today) - calendar.is_working(last))
    subject = row.subject if seen is Sight.FULL else ""
    if seen is Sight.BLACKENED:
        subject = blackened(row.subject, known_of(row)).text
    return FeedbackRow(
        id=row.pk,
        code=_code(actor, row, seen),
        state=row.state,
        kind=row.kind,
        is_classified=row.is_classified,
        way=row.way,
        subject=subject,
        is_hidden=seen is Sight.HEAD,
        sender=short_name(row.sender_name) if seen is Sight.FULL else "",
        field=row.field.name if row.field else "",
        unit=row.unit.name if row.unit else "",
        officer=row.officer.full_name if row.officer else "",
        received_on=timezone.localdate(row.received_at),
        due_on=row.due_on,
        pass_on_by=row.pass_on_by,
        last_day=last,
        settled_on=timezone.localdate(row.settled_at) if row.settled_at else None,
        standing=_standing(row, today, calendar),
        days_left=left,
        is_mine=does(actor, row),
    )


def _code(actor: Actor, row: Feedback, seen: Sight) -> str:
    """Return the tracking code as the actor sees it: whole, it opens the answer and takes words as if of the sender."""
    return row.code if _is_whole(actor, seen) else rules.masked_code(row.code)


def _is_whole(actor: Actor, seen: Sight) -> bool:
    return actor.scope is Scope.AGENCY and seen > Sight.HEAD


def _has_letter(actor: Actor, row: Feedback, seen: Sight) -> bool:
    """Return whether there is paper of its outcome that the actor may read; what was passed on long ago may have none."""
    if seen is not Sight.FULL or not can(actor, "feedback.personal"):
        return False
    if row.state == Feedback.State.PASSED_ON:
        return row.steps.filter(kind="letter", at__gte=row.settled_at).exists()
    return row.state == Feedback.State.ANSWERED


def _sender(row: Feedback, seen: Sight, *, is_clear: bool) -> Sender:
    if is_clear:
        return Sender(row.sender_name, row.sender_address, row.sender_phone, row.sender_email)
    if seen is not Sight.FULL:
        said = (row.sender_name, row.sender_address, row.sender_phone, row.sender_email)
        return Sender(*(HIDDEN if each else "" for each in said))
    return Sender(
        short_name(row.sender_name),
        HIDDEN if row.sender_address else "",
        masked_phone(row.sender_phone),
        masked_email(row.sender_email),
    )


def _step(step: FeedbackStep, *, is_full: bool) -> StepRow:
    return StepRow(
        kind=step.kind,
        at=step.at,
        by=step.by.full_name if step.by else "",
        text=step.text if is_full and step.kind not in ("reminded", "escalated") else "",
        is_public=step.is_public,
    )


_ACTS = {
    "classify": "feedback.assign",
    "assign": "feedback.assign",
    "pass_on": "feedback.assign",
    "route": "feedback.assign",
    "set_aside": "feedback.assign",
    "merge": "feedback.assign",
    "save_answer": "feedback.answer",
    "submit": "feedback.answer",
    "return": "feedback.approve",
    "approve": "feedback.approve",
    "reopen": "feedback.assign",
    "publish": "feedback.publish",
    "unpublish": "feedback.publish",
    "note_sent": "feedback.receive",
}


def _acts(actor: Actor, row: Feedback, seen: Sight) -> frozenset[str]:
    """Return what the actor may do with feedback as it stands."""
    if seen is not Sight.FULL or actor.scope is not Scope.AGENCY:
        return frozenset()
    possible = rules.FEEDBACK.acts(row.state)
    found = {
        act
        for act, by in _ACTS.items()
        if act in possible and can(actor, by) and (can_in_agency(actor, by) or does(actor, row))
    }
    if row.kind in rules.LEGAL_KINDS or not row.is_classified:
        found -= {"assign", "merge", "pass_on", "save_answer", "submit"}
    if row.kind in rules.GUARDED_KINDS:
        found.discard("publish")
    if row.published_at is None or row.withdrawn_at is not None:
        found.discard("unpublish")
    if actor.is_own(row.drafted_by_id):
        found.discard("approve")
    if row.merged_into is not None and not row.merged_into.is_settled:
        found.discard("note_sent")
    if can_in_agency(actor, "feedback.assign") or (can(actor, "feedback.answer") and does(actor, row)):
        found.add("note")
    return frozenset(found)
