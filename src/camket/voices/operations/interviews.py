"""Interviews by telephone: an officer reads the questions out and notes the answers; nobody's name or number is asked.

What one officer notes on one day is one sitting (đợt), which can be withdrawn as slips can. The journal says that the
sitting was begun; single calls have no entry, since its time would be the time at which somebody answered.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.wording.dates import format_date
from camket.dossiers.models import Field
from camket.journal.operations import record
from camket.org.models import Unit
from camket.org.operations import require_in_use
from camket.org.policy import Actor, require
from camket.voices import tally
from camket.voices.models import Channel, Handout, QuestionnaireEdition, Response, SlipBatch, Survey
from camket.voices.operations.answers import NewResponse, store_responses


class SurveyNotOpen(Refusal):
    """Nobody is called for a survey that is not open today."""


class PlaceUnknown(Refusal):
    """A unit or field that the agency does not have."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call: what was answered, by the question's key; nothing where the person did not want to answer."""

    id: uuid.UUID
    field_id: int | None = None
    unit_id: int | None = None
    language: str = "vi"
    ratings: Mapping[str, Any] = field(default_factory=dict)
    choices: Mapping[str, Any] = field(default_factory=dict)
    comments: Mapping[str, Any] = field(default_factory=dict)


def note_interview(*, actor: Actor, survey_id: int, call: Call, now: datetime) -> int:
    """Store what a person answered on the telephone, and count the call; return how many were stored in this sitting.

    The same call sent again is the same one. Raises SurveyNotOpen, PlaceUnknown, AnswerNotPossible.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        tally.take_turn(agency_id=actor.agency_id)
        survey, edition = _survey(actor, survey_id, today)
        _check_place(actor, call)
        sitting = _sitting(actor, survey, today, now)
        if Response.objects.filter(pk=call.id).exists():
            return sitting.responses_count
        store_responses(
            survey=survey,
            edition=edition,
            rows=[
                NewResponse(
                    id=call.id,
                    on=today,
                    channel=Channel.PHONE,
                    language=call.language,
                    ratings=call.ratings,
                    choices=call.choices,
                    comments=call.comments,
                    field_id=call.field_id,
                    unit_id=call.unit_id,
                    batch_id=sitting.pk,
                )
            ],
            now=now,
        )
        _count_call(actor, survey, call, today, now)
        return sitting.responses_count + 1


def note_declined(*, actor: Actor, survey_id: int, call: Call, now: datetime) -> None:
    """Count a call of somebody who did not want to answer. Raises SurveyNotOpen, PlaceUnknown."""
    today = timezone.localdate(now)
    with transaction.atomic():
        tally.take_turn(agency_id=actor.agency_id)
        survey, _edition = _survey(actor, survey_id, today)
        _check_place(actor, call)
        _sitting(actor, survey, today, now)
        _count_call(actor, survey, call, today, now)


def _survey(actor: Actor, survey_id: int, today: date) -> tuple[Survey, QuestionnaireEdition]:
    survey = Survey.objects.select_for_update().get(pk=survey_id, agency_id=actor.agency_id)
    require(actor, "survey.enter")
    edition = QuestionnaireEdition.objects.filter(
        questionnaire_id=survey.questionnaire_id, state=QuestionnaireEdition.State.PUBLISHED
    ).first()
    is_over = survey.ends_on is not None and survey.ends_on < today
    if survey.state != Survey.State.OPEN or today < survey.starts_on or is_over or edition is None:
        raise SurveyNotOpen(
            Message(gettext_noop("This survey is not open today, so nobody is called for it."))
        )
    return survey, edition


def _check_place(actor: Actor, call: Call) -> None:
    is_field = (
        call.field_id is None or Field.objects.filter(pk=call.field_id, agency_id=actor.agency_id).exists()
    )
    is_unit = call.unit_id is None or Unit.objects.filter(pk=call.unit_id, agency_id=actor.agency_id).exists()
    if not is_field or not is_unit:
        raise PlaceUnknown(Message(gettext_noop("Choose field and unit from the lists.")))
    require_in_use(actor=actor, unit_ids=[call.unit_id])


def _sitting(actor: Actor, survey: Survey, today: date, now: datetime) -> SlipBatch:
    """Return the officer's sitting of the day, begun if need be; done from the start: no slip of paper is keyed into it."""
    own = SlipBatch.objects.select_for_update().filter(
        survey=survey,
        channel=Channel.PHONE,
        begun_by_id=actor.person_id,
        answered_on=today,
        state=SlipBatch.State.DONE,
    )
    found = own.first()
    if found is not None:
        return found
    made = SlipBatch.objects.create(
        survey=survey,
        channel=Channel.PHONE,
        state=SlipBatch.State.DONE,
        name=format_date(today),
        answered_on=today,
        begun_at=now,
        begun_by_id=actor.person_id,
        ended_at=now,
    )
    record(
        actor=actor,
        agency_id=actor.agency_id,
        verb="survey.interviews_begun",
        subject=made,
        on=today,
        after={"name": made.name},
    )
    return made


def _count_call(actor: Actor, survey: Survey, call: Call, today: date, now: datetime) -> None:
    same = {
        "survey": survey,
        "channel": Channel.PHONE,
        "on": today,
        "field_id": call.field_id,
        "unit_id": call.unit_id,
        "noted_by_id": actor.person_id,
    }
    if not Handout.objects.filter(**same).update(number=F("number") + 1):
        Handout.objects.create(**same, number=1, noted_at=now)
