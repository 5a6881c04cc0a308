"""Keeping surveys: opened and closed, the points where they are answered, slips given out."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.wording.dates import format_date
from camket.core.wording.text import one_line
from camket.dossiers.models import Dossier, Field
from camket.journal.meanwhile import overtaken_or
from camket.journal.operations import record
from camket.org.models import Unit
from camket.org.operations import require_in_use
from camket.org.policy import Actor, require
from camket.voices.models import Channel, Handout, Point, Questionnaire, QuestionnaireEdition, Survey
from camket.voices.operations.questionnaires import TitleMissing

MOST_SLIPS = 400
"""Slips printed at once: 50 sheets of eight."""

MOST_DOSSIERS = 200
"""Dossiers for which slips are printed at once."""

POINT_CHANNELS = frozenset({Channel.QR, Channel.KIOSK, Channel.PHONE, Channel.PAPER})
"""By which ways a point is answered; links stand on slips, spreadsheets have no place."""


class NoEditionInUse(Refusal):
    """No edition of the questionnaire is in use."""


class DaysNotPossible(Refusal):
    """The last day lies before the first, or has passed."""


class StateNotPossible(Refusal):
    """The survey is not in a state for this: open already, closed, without answers."""


class QuestionnaireFixed(Refusal):
    """A survey that was opened keeps its questionnaire."""


class PointExists(Refusal):
    """The survey has a point of this name."""


class NameMissing(Refusal):
    """A point has no name."""


class ChannelNotPossible(Refusal):
    """A survey is not answered in this way at a point."""


class UnitUnknown(Refusal):
    """The unit or field is none of the agency's."""


class NumberNotPossible(Refusal):
    """A number of slips that is not printed at once, or of people asked that cannot be."""


class DayNotPossible(Refusal):
    """A day that lies ahead."""


class NothingChosen(Refusal):
    """No dossier was chosen."""


@dataclass(frozen=True, slots=True)
class SurveyData:
    """What is typed of a survey."""

    title: str
    questionnaire_id: int
    starts_on: date
    ends_on: date | None
    asks_field: bool


@dataclass(frozen=True, slots=True)
class PointData:
    """What is typed of a point."""

    channel: int
    name: str
    unit_id: int | None = None
    field_id: int | None = None


@dataclass(frozen=True, slots=True)
class DossierSlip:
    """A dossier for which a slip is printed: its code, to lay the slip to its paper, and its id for the link."""

    dossier_id: int
    code: str


def create_survey(*, actor: Actor, data: SurveyData, today: date, now: datetime) -> int:
    """Prepare a survey; return its id. Raises TitleMissing, DaysNotPossible."""
    require(actor, "survey.manage")
    with transaction.atomic():
        held = Survey(
            agency_id=actor.agency_id,
            link_key=secrets.token_hex(32),
            created_at=now,
            created_by_id=actor.person_id,
        )
        _fill(actor, held, data)
        held.save()
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="survey.created",
            subject=held,
            on=today,
            after=_described(held),
        )
        return held.pk


def change_survey(*, actor: Actor, survey_id: int, data: SurveyData, today: date) -> None:
    """Change a survey's title and days; its questionnaire only until it is opened.

    Raises TitleMissing, DaysNotPossible, QuestionnaireFixed.
    """
    require(actor, "survey.manage")
    with transaction.atomic():
        held = _own(actor, survey_id)
        before = _described(held)
        if held.opened_at is not None and held.questionnaire_id != data.questionnaire_id:
            raise QuestionnaireFixed(
                Message(
                    gettext_noop(
                        "A survey that was opened keeps its questionnaire. Prepare a new survey for another one."
                    )
                )
            )
        _fill(actor, held, data)
        held.save(update_fields=["title", "questionnaire", "starts_on", "ends_on", "asks_field"])
        after = _described(held)
        if after != before:
            record(
                actor=actor,
                agency_id=actor.agency_id,
                verb="survey.changed",
                subject=held,
                on=today,
                before={name: value for name, value in before.items() if after[name] != value},
                after={name: value for name, value in after.items() if before[name] != value},
            )


def open_survey(*, actor: Actor, survey_id: int, today: date, now: datetime) -> None:
    """Open a survey, or open a closed one again: its points and slips take answers.

    Raises StateNotPossible, NoEditionInUse, DaysNotPossible.
    """
    require(actor, "survey.manage")
    with transaction.atomic():
        held = _own(actor, survey_id)
        if held.state == Survey.State.OPEN:
            raise overtaken_or(
                actor, held, StateNotPossible(Message(gettext_noop("This survey is open already.")))
            )
        in_use = QuestionnaireEdition.State.PUBLISHED
        if not held.questionnaire.editions.filter(state=in_use).exists():
            raise NoEditionInUse(
                Message(
                    gettext_noop("The questionnaire “%(title)s” is still a draft. Put it in use first."),
                    {"title": held.questionnaire.title},
                )
            )
        if held.ends_on is not None and held.ends_on < today:
            raise DaysNotPossible(
                Message(
                    gettext_noop("The survey's last day was %(day)s. Change the last day first."),
                    {"day": format_date(held.ends_on)},
                )
            )
        before = held.state
        held.state, held.closed_at = Survey.State.OPEN, None
        held.opened_at = held.opened_at or now
        held.save(update_fields=["state", "closed_at", "opened_at"])
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="survey.opened",
            subject=held,
            on=today,
            before={"state": before},
            after={"state": held.state},
        )


def close_survey(*, actor: Actor, survey_id: int, today: date, now: datetime) -> None:
    """Close a survey: it takes no more answers, and its addresses say so. Raises StateNotPossible."""
    require(actor, "survey.manage")
    with transaction.atomic():
        held = _own(actor, survey_id)
        if held.state != Survey.State.OPEN:
            raise overtaken_or(
                actor, held, StateNotPossible(Message(gettext_noop("This survey is not open.")))
            )
        held.state, held.closed_at = Survey.State.CLOSED, now
        held.save(update_fields=["state", "closed_at"])
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="survey.closed",
            subject=held,
            on=today,
            before={"state": Survey.State.OPEN},
            after={"state": held.state},
        )


def renew_links(*, actor: Actor, survey_id: int, today: date) -> None:
    """Give a survey a new key: every poster and slip given out before is worthless from now on."""
    require(actor, "survey.manage")
    with transaction.atomic():
        held = _own(actor, survey_id)
        held.link_key = secrets.token_hex(32)
        held.save(update_fields=["link_key"])
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="survey.links_renewed",
            subject=held,
            on=today,
            after={"points": held.points.count()},
            settles=True,
        )


def add_point(*, actor: Actor, survey_id: int, data: PointData, today: date, now: datetime) -> int:
    """Add a place at which a survey is answered; return its id.

    Raises NameMissing, PointExists, ChannelNotPossible, UnitUnknown.
    """
    require(actor, "survey.manage")
    with transaction.atomic():
        held = _own(actor, survey_id)
        point = Point(survey=held, created_at=now, created_by_id=actor.person_id)
        _place(actor, point, data)
        point.save()
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="survey.point_added",
            subject=point,
            on=today,
            after=_point_described(point),
        )
        return point.pk


def change_point(*, actor: Actor, point_id: int, data: PointData, today: date) -> None:
    """Change a point; answers that came keep the unit and field they came with.

    Raises NameMissing, PointExists, ChannelNotPossible, UnitUnknown.
    """
    require(actor, "survey.manage")
    with transaction.atomic():
        point = _own_point(actor, point_id)
        before = _point_described(point)
        _place(actor, point, data)
        point.save(update_fields=["channel", "name", "unit", "field"])
        after = _point_described(point)
        if after != before:
            record(
                actor=actor,
                agency_id=actor.agency_id,
                verb="survey.point_changed",
                subject=point,
                on=today,
                before={name: value for name, value in before.items() if after[name] != value},
                after={name: value for name, value in after.items() if before[name] != value},
            )


def renew_point(*, actor: Actor, point_id: int, today: date) -> None:
    """Begin a new round of a point: the address printed before is worthless, a new poster is needed."""
    require(actor, "survey.manage")
    with transaction.atomic():
        point = _own_point(actor, point_id)
        before = point.round
        point.round += 1
        point.save(update_fields=["round"])
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="survey.point_renewed",
            subject=point,
            on=today,
            before={"round": before},
            after={"round": point.round},
        )


def switch_point(*, actor: Actor, point_id: int, is_active: bool, today: date) -> None:
    """Take a point out of use or back into it. Raises StateNotPossible where it is so already."""
    require(actor, "survey.manage")
    with transaction.atomic():
        point = _own_point(actor, point_id)
        if point.is_active == is_active:
            raise overtaken_or(
                actor,
                point,
                StateNotPossible(
                    Message(
                        gettext_noop("This point is in use already.")
                        if is_active
                        else gettext_noop("This point is out of use already.")
                    )
                ),
            )
        point.is_active = is_active
        point.save(update_fields=["is_active"])
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="survey.point_switched",
            subject=point,
            on=today,
            before={"is_active": not is_active},
            after={"is_active": is_active},
        )


def print_slips(
    *,
    actor: Actor,
    survey_id: int,
    number: int,
    unit_id: int | None,
    field_id: int | None,
    today: date,
    now: datetime,
) -> Handout:
    """Number slips on from the last of the survey, each with a link for one answer; they count as given out today.

    Raises StateNotPossible, NumberNotPossible, UnitUnknown.
    """
    require(actor, "survey.manage")
    with transaction.atomic():
        held = _open(actor, survey_id)
        if not 1 <= number <= MOST_SLIPS:
            raise NumberNotPossible(
                Message(gettext_noop("Print 1 to %(count)s slips at once."), {"count": _said(MOST_SLIPS)})
            )
        _check_place(actor, unit_id, field_id)
        made = Handout.objects.create(
            survey=held,
            channel=Channel.LINK,
            on=today,
            number=number,
            first_serial=_next_serial(held),
            unit_id=unit_id,
            field_id=field_id,
            noted_at=now,
            noted_by_id=actor.person_id,
        )
        _record_handout(actor, held, made, "survey.slips_printed", today)
        return made


def print_dossier_slips(
    *, actor: Actor, survey_id: int, dossier_ids: Collection[int], today: date, now: datetime
) -> tuple[DossierSlip, ...]:
    """Give out the links of dossiers, for their appointment slips; return the dossiers in the order of their codes.

    That so many were asked is noted by field and unit; which ones is noted nowhere. Raises StateNotPossible,
    NothingChosen, NumberNotPossible.
    """
    require(actor, "survey.manage")
    with transaction.atomic():
        held = _open(actor, survey_id)
        if not dossier_ids:
            raise NothingChosen(Message(gettext_noop("Choose at least one dossier.")))
        if len(set(dossier_ids)) > MOST_DOSSIERS:
            raise NumberNotPossible(
                Message(
                    gettext_noop("Print slips for %(count)s dossiers at most at once."),
                    {"count": _said(MOST_DOSSIERS)},
                )
            )
        found = list(
            Dossier.objects.filter(agency_id=actor.agency_id, pk__in=set(dossier_ids))
            .order_by("code", "pk")
            .values_list("pk", "code", "field_id", "unit_id")
        )
        if not found:
            raise Dossier.DoesNotExist
        groups = Counter((field_id, unit_id) for _pk, _code, field_id, unit_id in found)
        for (field_id, unit_id), number in groups.items():
            made = Handout.objects.create(
                survey=held,
                channel=Channel.LINK,
                on=today,
                number=number,
                unit_id=unit_id,
                field_id=field_id,
                noted_at=now,
                noted_by_id=actor.person_id,
            )
            _record_handout(actor, held, made, "survey.slips_printed", today)
        return tuple(DossierSlip(pk, code) for pk, code, _field_id, _unit_id in found)


def note_handout(
    *,
    actor: Actor,
    survey_id: int,
    channel: int,
    on: date,
    number: int,
    unit_id: int | None,
    field_id: int | None,
    today: date,
    now: datetime,
) -> int:
    """Note how many people were asked on a day: paper slips given out, calls made, visitors of a tablet.

    Raises DayNotPossible, NumberNotPossible, ChannelNotPossible, UnitUnknown.
    """
    require(actor, "survey.enter")
    with transaction.atomic():
        held = _own(actor, survey_id)
        if channel not in POINT_CHANNELS:
            raise ChannelNotPossible(Message(gettext_noop("Choose in which way people were asked.")))
        if on > today:
            raise DayNotPossible(Message(gettext_noop("The day lies ahead.")))
        if on < held.starts_on - timedelta(days=31):
            raise DayNotPossible(
                Message(
                    gettext_noop("The survey began on %(day)s; nobody was asked before."),
                    {"day": format_date(held.starts_on)},
                )
            )
        if not 1 <= number <= 100_000:
            raise NumberNotPossible(Message(gettext_noop("Write how many people were asked, 1 or more.")))
        _check_place(actor, unit_id, field_id)
        made = Handout.objects.create(
            survey=held,
            channel=channel,
            on=on,
            number=number,
            unit_id=unit_id,
            field_id=field_id,
            noted_at=now,
            noted_by_id=actor.person_id,
        )
        _record_handout(actor, held, made, "survey.handout_noted", today)
        return made.pk


def _next_serial(survey: Survey) -> int:
    """Return the serial of the next slip of a survey, whose row is locked."""
    latest = survey.handouts.filter(first_serial__isnull=False).order_by("-first_serial").first()
    return 1 if latest is None else (latest.first_serial or 0) + latest.number


def _own(actor: Actor, survey_id: int) -> Survey:
    return (
        Survey.objects.select_for_update(of=("self",))
        .select_related("questionnaire")
        .get(pk=survey_id, agency_id=actor.agency_id)
    )


def _open(actor: Actor, survey_id: int) -> Survey:
    held = _own(actor, survey_id)
    if held.state == Survey.State.CLOSED:
        raise overtaken_or(
            actor,
            held,
            StateNotPossible(Message(gettext_noop("The survey is closed: its slips would take no answer."))),
        )
    return held


def _own_point(actor: Actor, point_id: int) -> Point:
    return (
        Point.objects.select_for_update(of=("self",))
        .select_related("survey")
        .get(pk=point_id, survey__agency_id=actor.agency_id)
    )


def _fill(actor: Actor, held: Survey, data: SurveyData) -> None:
    title = one_line(data.title)[:255]
    if not title:
        raise TitleMissing(Message(gettext_noop("Write a title.")))
    if data.ends_on is not None and data.ends_on < data.starts_on:
        raise DaysNotPossible(Message(gettext_noop("The last day lies before the first.")))
    held.title, held.asks_field = title, data.asks_field
    held.starts_on, held.ends_on = data.starts_on, data.ends_on
    held.questionnaire = Questionnaire.objects.get(pk=data.questionnaire_id, agency_id=actor.agency_id)


def _described(held: Survey) -> dict[str, object]:
    return {
        "title": held.title,
        "questionnaire": held.questionnaire.title,
        "starts_on": held.starts_on,
        "ends_on": held.ends_on,
        "asks_field": held.asks_field,
    }


def _place(actor: Actor, point: Point, data: PointData) -> None:
    name = one_line(data.name)[:150]
    if not name:
        raise NameMissing(Message(gettext_noop("Write what the point is called, for example “Counter 3”.")))
    if data.channel not in POINT_CHANNELS:
        raise ChannelNotPossible(Message(gettext_noop("Choose in which way the survey is answered here.")))
    if point.survey.points.filter(name=name).exclude(pk=point.pk).exists():
        raise PointExists(Message(gettext_noop("The survey has a point “%(name)s” already."), {"name": name}))
    _check_place(actor, data.unit_id, data.field_id, had_id=point.unit_id)
    point.channel, point.name = data.channel, name
    point.unit_id, point.field_id = data.unit_id, data.field_id


def _check_place(
    actor: Actor, unit_id: int | None, field_id: int | None, *, had_id: int | None = None
) -> None:
    if unit_id is not None and not Unit.objects.filter(pk=unit_id, agency_id=actor.agency_id).exists():
        raise UnitUnknown(Message(gettext_noop("The agency has no such unit.")))
    require_in_use(actor=actor, unit_ids=[unit_id], besides=[had_id])
    if field_id is not None and not Field.objects.filter(pk=field_id, agency_id=actor.agency_id).exists():
        raise UnitUnknown(Message(gettext_noop("The agency has no such field.")))


def _point_described(point: Point) -> dict[str, object]:
    field = point.field
    return {
        "name": point.name,
        "channel": Channel(point.channel).name.lower(),
        "unit": point.unit_id,
        "field": field.name if field else None,
    }


def _record_handout(actor: Actor, held: Survey, made: Handout, verb: str, today: date) -> None:
    field = made.field
    record(
        actor=actor,
        agency_id=actor.agency_id,
        verb=verb,
        subject=held,
        on=today,
        after={
            "channel": Channel(made.channel).name.lower(),
            "on": made.on,
            "number": made.number,
            "first_serial": made.first_serial,
            "unit": made.unit_id,
            "field": field.name if field else None,
        },
    )


def _said(number: int) -> str:
    return f"{number:,}".replace(",", ".")
