"""What is behind the address of a survey: which questionnaire, asked where, and whether it takes answers today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.utils import timezone

from camket.core.questionnaire import Content
from camket.core.survey_links import Link, LinkKind, opened, read, spent_hash
from camket.dossiers.models import Dossier, Field
from camket.org.policy import Actor, require
from camket.voices.editions import content_of
from camket.voices.models import (
    Channel,
    Handout,
    Point,
    QuestionnaireEdition,
    SlipBatch,
    SpentLink,
    Survey,
    TurnedAway,
)

LONGEST_WAIT = timedelta(days=31)
"""How long an answer may wait on a tablet without a network."""


ANSWERED_AT_AN_ADDRESS = (Channel.QR, Channel.KIOSK)
"""Ways by which a point is answered by whoever comes; telephone and paper are noted by officers."""


class Shut(StrEnum):
    """Why an address takes no answer."""

    REPLACED = "replaced"  # an older round, or a point out of use
    NOT_YET = "not_yet"
    CLOSED = "closed"
    SPENT = "spent"


@dataclass(frozen=True, slots=True)
class Interview:
    """A survey for which people are called today: its questions, and what its officer did so far."""

    survey_id: int
    title: str
    agency_name: str
    content: Content
    is_open: bool
    answered_today: int
    called_today: int


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field of procedures to choose from."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Door:
    """An address that was signed for a survey. ``shut`` says why it takes no answer today; None where it does.

    ``spent`` is the name of a link for one answer. ``first_day`` and ``last_day`` bound the days of answers.
    """

    survey: Survey
    edition: QuestionnaireEdition | None
    channel: int
    agency_name: str
    shut: Shut | None
    first_day: date
    last_day: date
    point_id: int | None = None
    point_name: str = ""
    field_id: int | None = None
    unit_id: int | None = None
    spent: str | None = None
    fields: tuple[FieldRow, ...] = ()

    @property
    def title(self) -> str:
        """The survey's title."""
        return self.survey.title

    @property
    def content(self) -> Content:
        """What is asked. ValueError where nothing is in use."""
        if self.edition is None:
            raise ValueError("no edition is in use")
        return content_of(self.edition)

    @property
    def is_kiosk(self) -> bool:
        """Whether a tablet at the counter stands there for one person after another."""
        return self.channel == Channel.KIOSK

    def takes(self, on: date) -> bool:
        """Whether an answer of a day is taken: of today where the door is open, of days on which a tablet waited."""
        if self.shut in (Shut.REPLACED, Shut.SPENT, Shut.NOT_YET):
            return False
        return self.first_day <= on <= self.last_day


def door(token: str, today: date) -> Door:
    """Return what an address leads to.

    Raises Survey.DoesNotExist for one that was never given out, or was signed by a key that holds no more.
    """
    sealed = read(token)
    if sealed is None:
        raise Survey.DoesNotExist
    if sealed.kind is LinkKind.POINT:
        point = next(iter(Point.objects.select_related("survey__agency").filter(pk=sealed.number)), None)
        link = opened(sealed, key=point.survey.link_key) if point else None
        if point is None or link is None or point.channel not in ANSWERED_AT_AN_ADDRESS:
            raise Survey.DoesNotExist
        is_present = link.detail == point.round and point.is_active
        return _door(
            point.survey,
            today,
            channel=point.channel,
            shut=None if is_present else Shut.REPLACED,
            point_id=point.pk,
            point_name=point.name,
            field_id=point.field_id,
            unit_id=point.unit_id,
        )
    survey = Survey.objects.select_related("agency").filter(pk=sealed.number).first()
    link = opened(sealed, key=survey.link_key) if survey else None
    if survey is None or link is None:
        raise Survey.DoesNotExist
    spent = spent_hash(link, key=survey.link_key)
    is_spent = SpentLink.objects.filter(survey=survey, key_hash=spent).exists()
    field_id, unit_id = _of_slip(survey, link)
    return _door(
        survey,
        today,
        channel=Channel.LINK,
        shut=Shut.SPENT if is_spent else None,
        field_id=field_id,
        unit_id=unit_id,
        spent=spent,
    )


def edition_answered(*, survey: Survey, edition_id: int) -> QuestionnaireEdition | None:
    """Return an edition whose form was opened before a newer one came into use; None for any other."""
    return (
        QuestionnaireEdition.objects.filter(pk=edition_id, questionnaire_id=survey.questionnaire_id)
        .exclude(state=QuestionnaireEdition.State.DRAFT)
        .first()
    )


def interview(actor: Actor, survey_id: int, today: date) -> Interview:
    """Return what an officer needs who calls people for a survey. Raises Survey.DoesNotExist, NotAllowed."""
    require(actor, "survey.enter")
    survey = Survey.objects.select_related("agency").get(pk=survey_id, agency_id=actor.agency_id)
    found = _door(survey, today, channel=Channel.PHONE, shut=None)
    sittings = SlipBatch.objects.filter(
        survey=survey, channel=Channel.PHONE, begun_by_id=actor.person_id, answered_on=today
    ).exclude(state=SlipBatch.State.WITHDRAWN)
    calls = Handout.objects.filter(
        survey=survey, channel=Channel.PHONE, noted_by_id=actor.person_id, on=today
    ).values_list("number", flat=True)
    if found.edition is None:
        raise Survey.DoesNotExist
    return Interview(
        survey_id=survey.pk,
        title=survey.title,
        agency_name=survey.agency.name,
        content=found.content,
        is_open=found.shut is None,
        answered_today=sum(sittings.values_list("responses_count", flat=True)),
        called_today=sum(calls),
    )


def turned_away(actor: Actor, survey_id: int, today: date) -> int:
    """Return how many answers a survey refused in the last 30 days, as too many from one address."""
    require(actor, "survey.view")
    numbers = TurnedAway.objects.filter(
        survey_id=survey_id, survey__agency_id=actor.agency_id, on__gt=today - timedelta(days=30)
    )
    return sum(numbers.values_list("number", flat=True))


def _of_slip(survey: Survey, link: Link) -> tuple[int | None, int | None]:
    """Return field and unit that a slip stands for; the dossier is looked up for them and kept nowhere."""
    if link.kind is LinkKind.DOSSIER:
        dossiers = Dossier.objects.filter(pk=link.detail, agency_id=survey.agency_id)
        return dossiers.values_list("field_id", "unit_id").first() or (None, None)
    handouts = Handout.objects.filter(survey=survey, first_serial__lte=link.detail).order_by("-first_serial")
    return handouts.values_list("field_id", "unit_id").first() or (None, None)


def _door(
    survey: Survey,
    today: date,
    *,
    channel: int,
    shut: Shut | None,
    point_id: int | None = None,
    point_name: str = "",
    field_id: int | None = None,
    unit_id: int | None = None,
    spent: str | None = None,
) -> Door:
    published = QuestionnaireEdition.objects.filter(
        state=QuestionnaireEdition.State.PUBLISHED, questionnaire_id=survey.questionnaire_id
    )
    edition = next(iter(published), None)  # one at most, by a constraint
    last = survey.ends_on
    if survey.state == Survey.State.CLOSED and survey.closed_at is not None:
        closed = timezone.localdate(survey.closed_at)
        last = min(last, closed) if last else closed
    if shut is None:
        if survey.state == Survey.State.DRAFT or today < survey.starts_on or edition is None:
            shut = Shut.NOT_YET
        elif survey.state == Survey.State.CLOSED or (last is not None and today > last):
            shut = Shut.CLOSED
    asks = survey.asks_field and field_id is None and shut is None
    return Door(
        survey=survey,
        edition=edition,
        channel=channel,
        agency_name=survey.agency.name,
        shut=shut,
        first_day=max(survey.starts_on, today - LONGEST_WAIT),
        last_day=min(last, today) if last else today,
        point_id=point_id,
        point_name=point_name,
        field_id=field_id,
        unit_id=unit_id,
        spent=spent,
        fields=tuple(
            FieldRow(pk, name)
            for pk, name in Field.objects.filter(agency_id=survey.agency_id)
            .order_by("key")
            .values_list("pk", "name")
        )
        if asks
        else (),
    )
