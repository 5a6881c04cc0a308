"""Answers of surveys: stored once, counted in the same transaction, named after nobody.

An answer of a month whose figures are shown already counts on the day on which it comes (``counted_on``); what is taken
back of such a month leaves it only where nobody can tell from the difference what fewer than five had answered
(:mod:`camket.core.small_groups`).

Whoever sends an answer draws its id, so that what is sent twice is stored once. Free words are kept apart, under an id
of their own and by month. Of a link for one answer only a keyed hash stays. No answer has an entry in the journal: its
time would be the time at which somebody answered; what officers do with answers has one.
"""

from __future__ import annotations

import random
import threading
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from camket.core import questionnaire
from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.questionnaire import Answers, Content
from camket.core.small_groups import Part, TakenBack, counted_on, first_open, month_after, taken_back
from camket.core.wording.text import search_key
from camket.intake.operations import count_try
from camket.journal.operations import record
from camket.org.policy import Actor, require
from camket.voices import tally
from camket.voices.editions import content_of
from camket.voices.models import (
    Channel,
    Comment,
    QuestionnaireEdition,
    Response,
    SlipBatch,
    SpentLink,
    Survey,
    TurnedAway,
)
from camket.voices.queries import blocks
from camket.voices.queries.answering import Door, edition_answered


@dataclass(frozen=True, slots=True)
class NewResponse:
    """One answered questionnaire as it came in; ``id`` was drawn by whoever sends it.

    ``ratings``, ``choices``, ``comments`` go by the question's key, as :func:`camket.core.questionnaire.checked` takes
    them. Field, unit, point and batch belong to the survey's agency: the caller sees to it.
    """

    id: uuid.UUID
    on: date
    channel: int
    language: str = "vi"
    ratings: Mapping[str, int] = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)
    field_id: int | None = None
    unit_id: int | None = None
    point_id: int | None = None
    batch_id: int | None = None
    batch_row: int | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """The ids of answers that were stored now, and of those that had been stored before."""

    stored: tuple[uuid.UUID, ...]
    known: tuple[uuid.UUID, ...]


@dataclass(frozen=True, slots=True)
class Tried:
    """From where a form came, to be counted: what was sent, and the keyed hash of its address."""

    purpose: str
    address: str


class LinkSpent(Refusal):
    """The link takes one answer, and it was given."""


class DoorShut(Refusal):
    """The address takes no answer today."""


class DayNotPossible(Refusal):
    """An answer of a day that has not come."""


class AlreadySetAside(Refusal):
    """The answer, or the batch, does not count any more."""


def store_responses(
    *,
    survey: Survey,
    edition: QuestionnaireEdition,
    rows: Sequence[NewResponse],
    now: datetime,
    spent: str | None = None,
) -> Stored:
    """Store answers and count them, all or none; an id that is known already is left as it is.

    ``spent`` is the :func:`~camket.core.survey_links.spent_hash` of a link for one answer. For officers' acts: the caller
    has the authority and writes the journal, in the same transaction and after this (the agency's counts are locked
    before its journal, by everybody).

    Raises AnswerNotPossible, DayNotPossible, LinkSpent.
    """
    sent = _Sent.made(survey=survey, edition=edition, rows=rows, now=now, spent=spent)
    with transaction.atomic():
        _write([sent])
    return sent.outcome()


def take_answer(
    *,
    survey: Survey,
    edition: QuestionnaireEdition,
    row: NewResponse,
    now: datetime,
    spent: str | None = None,
    tried: Tried | None = None,
) -> Stored:
    """Store one answer of a citizen; it is on the disk once this returns.

    Answers that come at the same moment are written in one transaction, each with its own outcome.
    Raises as :func:`store_responses`.
    """
    sent = _Sent.made(survey=survey, edition=edition, rows=[row], now=now, spent=spent, tried=tried)
    if connection.in_atomic_block:
        with transaction.atomic():
            _write([sent])
    else:
        _GATHERING.store(sent)
    return sent.outcome()


@dataclass(frozen=True, slots=True)
class Given:
    """What came in at the address of a survey. ``id`` and ``on`` are the sender's where it says them, as a tablet does."""

    id: uuid.UUID
    edition_id: int
    on: date | None = None
    language: str = "vi"
    field_id: int | None = None
    ratings: Mapping[str, Any] = field(default_factory=dict)
    choices: Mapping[str, Any] = field(default_factory=dict)
    comments: Mapping[str, Any] = field(default_factory=dict)


def answer_at(*, door: Door, given: Given, tried: Tried | None, now: datetime) -> Stored:
    """Take an answer that came in at an address; it is on the disk once this returns.

    A tablet says the day of an answer that waited for the network. Raises DoorShut, LinkSpent, AnswerNotPossible.
    """
    today = timezone.localdate(now)
    waited = door.is_kiosk and given.on is not None and door.takes(given.on)
    on = given.on if waited and given.on else today
    if door.shut is not None and not waited:
        raise DoorShut(Message(gettext_noop("This survey takes no answers at this address.")))
    edition = door.edition
    if edition is None or given.edition_id != edition.pk:
        edition = edition_answered(survey=door.survey, edition_id=given.edition_id) or edition
    if edition is None:
        raise DoorShut(Message(gettext_noop("This survey takes no answers at this address.")))
    languages = content_of(edition).languages
    row = NewResponse(
        id=given.id,
        on=on,
        channel=door.channel,
        language=given.language if given.language in languages else languages[0],
        ratings=given.ratings,
        choices=given.choices,
        comments=given.comments,
        field_id=given.field_id if given.field_id in {each.id for each in door.fields} else door.field_id,
        unit_id=door.unit_id,
        point_id=door.point_id,
    )
    return take_answer(survey=door.survey, edition=edition, row=row, now=now, spent=door.spent, tried=tried)


def note_turned_away(*, survey_id: int, on: date) -> None:
    """Count an answer that was refused as one of too many from its address."""
    table = connection.ops.quote_name(TurnedAway._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO {table} (survey_id, "on", number) VALUES (%s, %s, 1) '  # noqa: S608 - names are ours
            f'ON CONFLICT (survey_id, "on") DO UPDATE SET number = {table}.number + 1',
            (survey_id, on),
        )


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """How many answers of a batch count no more, and how many go on being counted because too few would leave a block."""

    taken: int
    kept: int = 0


def take_back_batch(*, actor: Actor, batch_id: int, reason: str, now: datetime) -> Withdrawn:
    """Withdraw slips keyed in at one sitting, or a spreadsheet, so that they count no more.

    Of a month that is shown already fewer than five of one block go on being counted: the difference would tell what they
    said. Raises AlreadySetAside, ReasonMissing, NotAllowed.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        tally.take_turn(agency_id=actor.agency_id)
        batch = SlipBatch.objects.select_for_update().get(pk=batch_id, survey__agency_id=actor.agency_id)
        require(actor, "survey.enter" if batch.begun_by_id == actor.person_id else "survey.manage")
        if batch.state == SlipBatch.State.WITHDRAWN:
            raise AlreadySetAside(Message(gettext_noop("These slips were withdrawn before.")))
        found = list(
            Response.objects.filter(batch=batch, state=Response.State.COUNTED)
            .select_related("edition")
            .order_by("pk")
        )
        taken = _taken_back(found, agency_id=actor.agency_id, reason=reason, today=today) if found else 0
        before = {"state": batch.state}
        batch.state = SlipBatch.State.WITHDRAWN
        batch.ended_at = now
        batch.withdrawal = reason.strip()
        batch.save(update_fields=["state", "ended_at", "withdrawal"])
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="survey.slips_withdrawn",
            subject=batch,
            on=today,
            before=before,
            after={"state": batch.state, "responses_count": taken, "kept": len(found) - taken},
            reason=reason,
        )
    return Withdrawn(taken, len(found) - taken)


def is_shown(*, response: Response, today: date) -> bool:
    """Return whether an answer is in a figure that is shown; one SQL statement."""
    return any(_part(response) in each.parts for each in blocks.laid(response.agency_id, today))


def _part(response: Response) -> Part:
    on = response.counted_on or response.on
    cell = response.survey_id, response.field_id or 0, response.unit_id or 0, response.channel
    return on.replace(day=1), cell


def _taken_back(responses: Sequence[Response], *, agency_id: int, reason: str, today: date) -> int:
    """Set answers aside as far as they can be and move the counts; return how many. Under the agency's turn."""
    of_agency = blocks.laid(agency_id, today)
    lies_in = {part: at for at, block in enumerate(of_agency) for part in block.parts}
    unseen: list[Response] = []
    by_block: dict[int, list[Response]] = {}
    for each in responses:
        at = lies_in.get(_part(each))
        (unseen if at is None else by_block.setdefault(at, [])).append(each)
    taken: list[Response] = []
    rest: list[Response] = []
    for at, some in by_block.items():
        block = of_agency[at]
        outcome = taken_back(block.responses, len(some))
        if outcome is not TakenBack.NOTHING:
            taken += some
        if outcome is TakenBack.ALL:
            rest += _others(agency_id, block.parts, some)
    contents = {each.edition_id: content_of(each.edition) for each in (*unseen, *taken, *rest)}

    def counted(some: Sequence[Response]) -> list[tally.Counted]:
        return [tally.counted_of(each, contents[each.edition_id]) for each in some]

    before, of_taken, of_rest = counted(unseen), counted(taken), counted(rest)
    for each in (*unseen, *taken):
        each.state = Response.State.SET_ASIDE
        each.set_aside_reason = reason.strip()
    for each in rest:
        each.counted_on = today
    Response.objects.bulk_update([*unseen, *taken], ["state", "set_aside_reason"], batch_size=500)
    Response.objects.bulk_update(rest, ["counted_on"])
    tally.recount(agency_id=agency_id, before=before, after=counted(unseen))
    tally.take_back(agency_id=agency_id, taken=of_taken, moved=zip(of_rest, counted(rest), strict=True))
    return len(unseen) + len(taken)


def _others(agency_id: int, parts: Sequence[Part], some: Sequence[Response]) -> list[Response]:
    """Return the answers of a block that go on counting when some leave it: fewer than five."""
    months = sorted({month for month, _cell in parts})
    inside = set(parts)
    known = {each.pk for each in some}
    rows = (
        Response.objects.filter(
            Q(counted_on=None, on__gte=months[0], on__lt=month_after(months[-1]))
            | Q(counted_on__gte=months[0], counted_on__lt=month_after(months[-1])),
            agency_id=agency_id,
            survey_id__in={cell[0] for _month, cell in parts},
            state=Response.State.COUNTED,
        )
        .select_related("edition")
        .order_by("pk")
    )
    return [each for each in rows if each.pk not in known and _part(each) in inside]


# Writing many at once


@dataclass(slots=True)
class _Sent:
    """What one caller sends: answers that were checked, and what became of them."""

    survey: Survey
    edition: QuestionnaireEdition
    content: Content
    rows: tuple[tuple[NewResponse, Answers], ...]
    today: date
    spent: str | None = None
    tried: Tried | None = None
    stored: Stored | None = None
    error: BaseException | None = None

    @classmethod
    def made(
        cls,
        *,
        survey: Survey,
        edition: QuestionnaireEdition,
        rows: Sequence[NewResponse],
        now: datetime,
        spent: str | None,
        tried: Tried | None = None,
    ) -> _Sent:
        """Check what was sent. Raises AnswerNotPossible, DayNotPossible."""
        content, today = content_of(edition), timezone.localdate(now)
        if any(row.on > today for row in rows):
            raise DayNotPossible(Message(gettext_noop("The day of an answer cannot lie ahead.")))
        checked = tuple(
            (row, questionnaire.checked(content, row.ratings, row.choices, row.comments)) for row in rows
        )
        return cls(survey, edition, content, checked, today, spent, tried)

    def outcome(self) -> Stored:
        """Return what was stored, or raise why it was not."""
        if self.error is not None:
            raise self.error
        assert self.stored is not None  # noqa: S101 - set wherever no error is
        return self.stored


class _Gathering:
    """Answers that wait for one transaction: whoever comes first writes those of all who came meanwhile."""

    def __init__(self) -> None:
        self._door = threading.Lock()
        self._pen = threading.Lock()
        self._waiting: list[_Sent] = []

    def store(self, sent: _Sent) -> None:
        """Have an answer written, with others or alone; its outcome is known once this returns."""
        with self._door:
            self._waiting.append(sent)
        with self._pen:
            if sent.stored is not None or sent.error is not None:
                return
            with self._door:
                gathered, self._waiting = self._waiting, []
            self._settle(gathered)

    def _settle(self, gathered: list[_Sent]) -> None:
        try:
            with _on_the_disk(), transaction.atomic():
                _write(gathered)
        except BaseException as error:  # noqa: BLE001 - handed to whom it concerns
            if len(gathered) == 1 or isinstance(error, OperationalError):  # nobody fares better alone
                for each in gathered:
                    each.stored, each.error = None, error
                return
            for each in gathered:  # one of them is at fault: the others are stored all the same
                each.stored = each.error = None
                self._settle([each])


_GATHERING = _Gathering()


@contextmanager
def _on_the_disk() -> Iterator[None]:
    """Let a commit return once it is on the disk, also where SQLite would leave that to the next checkpoint."""
    if connection.vendor != "sqlite":
        yield  # PostgreSQL does so by itself
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=FULL")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=NORMAL")


def _write(sent: Sequence[_Sent]) -> None:
    """Write answers of several callers, in a transaction; a link that is spent is an outcome of its caller alone."""
    for agency_id in sorted({each.survey.agency_id for each in sent}):
        tally.take_turn(agency_id=agency_id)
    ids = {row.id for each in sent for row, _answers in each.rows}
    known = set(Response.objects.filter(pk__in=ids).values_list("pk", flat=True))
    hashes = {each.spent for each in sent if each.spent}
    spent = (
        set(SpentLink.objects.filter(key_hash__in=hashes).values_list("survey_id", "key_hash"))
        if hashes
        else set()
    )
    newest = _newest_shown(sent)
    responses: list[Response] = []
    comments: list[Comment] = []
    links: list[SpentLink] = []
    counted: dict[int, list[tally.Counted]] = {}
    for each in sent:
        new = [(row, answers) for row, answers in each.rows if row.id not in known]
        if each.spent and new:
            link = (each.survey.pk, each.spent)
            if link in spent:
                each.error = LinkSpent(
                    Message(gettext_noop("An answer was already given by this link. Thank you!"))
                )
                continue
            spent.add(link)
            links.append(SpentLink(survey_id=link[0], key_hash=link[1]))
        added: list[uuid.UUID] = []
        for row, answers in new:
            if row.id in known:  # twice in one lot
                continue
            known.add(row.id)
            added.append(row.id)
            response = _response(each, row, answers, newest.get(each.survey.agency_id))
            responses.append(response)
            comments += _comments(each, row, answers, response)
            counted.setdefault(each.survey.agency_id, []).append(tally.counted_of(response, each.content))
        each.stored = Stored(
            tuple(added), tuple(row.id for row, _answers in each.rows if row.id not in added)
        )
    random.shuffle(comments)  # neither their order nor that of links tells who wrote what
    Response.objects.bulk_create(responses, batch_size=500)
    Comment.objects.bulk_create(comments, batch_size=500)
    SpentLink.objects.bulk_create(links)
    for agency_id, answers_of_agency in sorted(counted.items()):
        tally.recount(agency_id=agency_id, before=(), after=answers_of_agency)
    batches: dict[int, int] = {}
    for response in responses:
        if response.batch_id is not None:
            batches[response.batch_id] = batches.get(response.batch_id, 0) + 1
    for batch_id, number in sorted(batches.items()):
        SlipBatch.objects.filter(pk=batch_id).update(responses_count=F("responses_count") + number)
    for each in sent:
        if each.tried is not None and each.stored is not None and each.stored.stored:
            count_try(purpose=each.tried.purpose, address=each.tried.address, on=each.today)


def _newest_shown(sent: Sequence[_Sent]) -> dict[int, date | None]:
    """Return for agencies of which an answer comes late the newest month that is shown, as it is before this is written."""
    late: dict[int, date] = {}
    for each in sent:
        if any(row.on < first_open(each.today) for row, _answers in each.rows):
            late[each.survey.agency_id] = each.today
    return {agency_id: blocks.newest_shown(agency_id, today) for agency_id, today in late.items()}


def _response(sent: _Sent, row: NewResponse, answers: Answers, newest: date | None) -> Response:
    day = counted_on(row.on, sent.today, newest)
    return Response(
        pk=row.id,
        agency_id=sent.survey.agency_id,
        survey_id=sent.survey.pk,
        edition_id=sent.edition.pk,
        on=row.on,
        counted_on=None if day == row.on else day,
        channel=row.channel,
        point_id=row.point_id,
        batch_id=row.batch_id,
        batch_row=row.batch_row,
        field_id=row.field_id,
        unit_id=row.unit_id,
        language=row.language,
        ratings=dict(answers.ratings),
        choices=dict(answers.choices),
    )


_ON_PAPER = (Channel.PAPER, Channel.FILE)
"""Ways by which words come in long after they were written."""


def _comments(sent: _Sent, row: NewResponse, answers: Answers, response: Response) -> list[Comment]:
    return [
        Comment(
            agency_id=sent.survey.agency_id,
            survey_id=sent.survey.pk,
            month=(response.counted_on or response.on).replace(day=1),
            question=question,
            field_id=row.field_id,
            unit_id=row.unit_id,
            text=text,
            search=search_key(text),
            language=row.language,
            state=Comment.State.NEW if row.channel in _ON_PAPER else Comment.State.WAITING,
        )
        for question, text in answers.comments.items()
    ]
