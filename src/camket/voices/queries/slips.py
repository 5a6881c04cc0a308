"""Sittings at which slips are keyed in, and spreadsheets of answers: what whoever keys needs to see.

Single slips are shown only while their sitting is open, and only to whoever keys it or manages surveys.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max

from camket.core.questionnaire import Content, parse
from camket.org.personal import shown_name
from camket.org.policy import Actor, NotAllowed, can_in_agency, require
from camket.voices.editions import content_of
from camket.voices.models import Channel, QuestionnaireEdition, Response, SlipBatch, Survey

_LISTED = 100
_LAST = 8


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A sitting or a spreadsheet in the list."""

    id: int
    name: str
    survey_id: int
    survey: str
    channel: int
    state: str
    state_name: str
    slips: int
    begun_at: datetime
    ended_at: datetime | None
    by: str
    withdrawal: str
    is_own: bool
    refused: int

    @property
    def is_open(self) -> bool:
        """Whether it is worked on still."""
        return self.state == SlipBatch.State.OPEN

    @property
    def is_sheet(self) -> bool:
        """Whether it came from a spreadsheet."""
        return self.channel == Channel.FILE

    @property
    def is_withdrawn(self) -> bool:
        """Whether none of it counts any more."""
        return self.state == SlipBatch.State.WITHDRAWN


@dataclass(frozen=True, slots=True)
class SlipLine:
    """One slip of an open sitting."""

    number: int
    on: date
    field_id: int | None
    unit_id: int | None
    ratings: Mapping[str, int]
    choices: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class BatchPage:
    """A sitting with what its next slip needs; ``last`` are the slips keyed last, the newest first."""

    row: BatchRow
    content: Content
    answered_on: date
    field_id: int | None
    unit_id: int | None
    starts_on: date
    ends_on: date | None
    next_number: int
    last: tuple[SlipLine, ...]


@dataclass(frozen=True, slots=True)
class SurveyToKey:
    """A survey of which slips can be keyed in."""

    id: int
    title: str
    content: Content
    starts_on: date
    ends_on: date | None


def batches(actor: Actor) -> tuple[BatchRow, ...]:
    """Return the agency's newest sittings and spreadsheets, the open ones first; one SQL statement."""
    require(actor, "survey.enter")
    rows = SlipBatch.objects.filter(survey__agency_id=actor.agency_id).select_related("survey", "begun_by")
    found = [_row(actor, each) for each in rows.order_by("-begun_at", "-pk")[:_LISTED]]
    return tuple(sorted(found, key=lambda each: not each.is_open))


def surveys_to_key(actor: Actor) -> tuple[SurveyToKey, ...]:
    """Return the surveys of which slips can be keyed in, the newest first; one SQL statement."""
    require(actor, "survey.enter")
    editions = (
        QuestionnaireEdition.objects.filter(
            state=QuestionnaireEdition.State.PUBLISHED,
            questionnaire__surveys__agency_id=actor.agency_id,
            questionnaire__surveys__state__in=(Survey.State.OPEN, Survey.State.CLOSED),
        )
        .order_by("-questionnaire__surveys__starts_on", "-questionnaire__surveys__pk")
        .values_list(
            "questionnaire__surveys__pk", "questionnaire__surveys__title", "content",
            "questionnaire__surveys__starts_on", "questionnaire__surveys__ends_on",
        )
    )  # fmt: skip
    return tuple(
        SurveyToKey(pk, title, parse(content), starts_on, ends_on)
        for pk, title, content, starts_on, ends_on in editions
    )


def survey_to_key(actor: Actor, survey_id: int) -> SurveyToKey:
    """Return one of :func:`surveys_to_key`; raises Survey.DoesNotExist for another agency's or one in preparation."""
    for each in surveys_to_key(actor):
        if each.id == survey_id:
            return each
    raise Survey.DoesNotExist(survey_id)


def batch_row(actor: Actor, batch_id: int) -> BatchRow:
    """Return a sitting or a spreadsheet; raises SlipBatch.DoesNotExist for another agency's."""
    require(actor, "survey.enter")
    return _row(actor, _batch(actor, batch_id))


def batch_of(actor: Actor, batch_id: int) -> SlipBatch:
    """Return the row of a batch, with its file and survey; raises SlipBatch.DoesNotExist for another agency's."""
    require(actor, "survey.enter")
    return _batch(actor, batch_id)


def batch_page(actor: Actor, batch_id: int) -> BatchPage:
    """Return an open sitting with what its next slip needs; four SQL statements.

    Raises SlipBatch.DoesNotExist for another agency's, NotAllowed for somebody else's sitting.
    """
    require(actor, "survey.enter")
    batch = _batch(actor, batch_id)
    _own(actor, batch)
    edition = QuestionnaireEdition.objects.get(
        questionnaire_id=batch.survey.questionnaire_id, state=QuestionnaireEdition.State.PUBLISHED
    )
    last = batch.responses.aggregate(last=Max("batch_row"))["last"] or 0
    rows: tuple[SlipLine, ...] = ()
    if batch.state == SlipBatch.State.OPEN:
        found = batch.responses.filter(state=Response.State.COUNTED).order_by("-batch_row")[:_LAST]
        rows = tuple(_line(each) for each in found)
    return BatchPage(
        row=_row(actor, batch),
        content=content_of(edition),
        answered_on=batch.answered_on,
        field_id=batch.field_id,
        unit_id=batch.unit_id,
        starts_on=batch.survey.starts_on,
        ends_on=batch.survey.ends_on,
        next_number=last + 1,
        last=rows,
    )


def slip(actor: Actor, batch_id: int, number: int) -> tuple[SlipLine, Content]:
    """Return one slip of an open sitting and what its edition asks.

    Raises Response.DoesNotExist where there is none or the sitting is over, NotAllowed for somebody else's.
    """
    require(actor, "survey.enter")
    batch = _batch(actor, batch_id)
    _own(actor, batch)
    response = batch.responses.select_related("edition").get(
        batch_row=number, state=Response.State.COUNTED, batch__state=SlipBatch.State.OPEN
    )
    return _line(response), content_of(response.edition)


def _batch(actor: Actor, batch_id: int) -> SlipBatch:
    return SlipBatch.objects.select_related("survey", "begun_by", "file").get(
        pk=batch_id, survey__agency_id=actor.agency_id
    )


def _own(actor: Actor, batch: SlipBatch) -> None:
    if batch.begun_by_id != actor.person_id and not can_in_agency(actor, "survey.manage"):
        raise NotAllowed("survey.manage")


def _line(response: Response) -> SlipLine:
    return SlipLine(
        number=response.batch_row or 0,
        on=response.on,
        field_id=response.field_id,
        unit_id=response.unit_id,
        ratings=response.ratings,
        choices=response.choices,
    )


def _row(actor: Actor, batch: SlipBatch) -> BatchRow:
    return BatchRow(
        id=batch.pk,
        name=batch.name,
        survey_id=batch.survey_id,
        survey=batch.survey.title,
        channel=batch.channel,
        state=batch.state,
        state_name=batch.get_state_display(),
        slips=batch.responses_count,
        begun_at=batch.begun_at,
        ended_at=batch.ended_at,
        by=shown_name(actor, batch.begun_by.full_name),
        withdrawal=batch.withdrawal,
        is_own=batch.begun_by_id == actor.person_id,
        refused=max(len(batch.refused) - 1, 0),
    )
