"""What the staff see of questionnaires and surveys: which are open, what wants doing, where they are answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Count, F, Max, Prefetch, Q, QuerySet, Sum
from django.utils import timezone

from camket.core.messages import Message, gettext_noop
from camket.core.plan import Period
from camket.core.questionnaire import (
    Change,
    Content,
    compare,
    missing_translations,
    parse,
)
from camket.core.survey_links import make_dossier_link, make_point_link, make_slip_link
from camket.core.tally import day_number
from camket.core.wording.dates import format_date
from camket.core.wording.text import sort_key
from camket.dossiers.models import Dossier, Field
from camket.dossiers.queries import sums
from camket.dossiers.queries.dossiers import with_names
from camket.org.policy import Actor, require
from camket.voices.models import (
    Handout,
    Point,
    Questionnaire,
    QuestionnaireEdition,
    RatingBucket,
    Survey,
)
from camket.voices.shipped import shipped
from camket.voices.tally import NET, WHOLE

_Edition = QuestionnaireEdition.State

FEW_ANSWERS = 30
"""Answers of a field in a year below which its rate says little: a margin of error of some 15 points or more."""

MANY_DOSSIERS = 30
"""Dossiers of a field settled in a year from which on answers about it are missed."""


@dataclass(frozen=True, slots=True)
class SurveyRow:
    """A survey in the list. ``asked`` is None where nobody noted how many were asked."""

    id: int
    title: str
    state: str
    starts_on: date
    ends_on: date | None
    questionnaire_id: int
    questionnaire: str
    answers: int
    asked: int | None
    points: int

    @property
    def is_open(self) -> bool:
        return self.state == Survey.State.OPEN


@dataclass(frozen=True, slots=True)
class FewAnswers:
    """A field of which many dossiers were settled this year and few answers came."""

    field: str
    settled: int
    answers: int


@dataclass(frozen=True, slots=True)
class Overview:
    """The surveys of an agency and what wants doing: sentences, the weightiest first, and fields with few answers."""

    surveys: tuple[SurveyRow, ...]
    to_do: tuple[Message, ...]
    few: tuple[FewAnswers, ...]
    has_questionnaires: bool


@dataclass(frozen=True, slots=True)
class EditionRow:
    """An edition in the list of a questionnaire's."""

    id: int
    number: int
    state: str
    changed_at: datetime
    changed_by: str
    published_at: datetime | None
    published_by: str
    questions: int


@dataclass(frozen=True, slots=True)
class QuestionnaireRow:
    """A questionnaire in the list. ``lapsed_on`` is the last day of the method it follows, where that has passed."""

    id: int
    title: str
    number: int | None
    published_at: datetime | None
    has_draft: bool
    questions: int
    languages: tuple[str, ...]
    source: str
    lapsed_on: date | None
    surveys: int


@dataclass(frozen=True, slots=True)
class QuestionnairePage:
    """A questionnaire with what it asks: its draft where there is one, else the edition in use."""

    id: int
    title: str
    editions: tuple[EditionRow, ...]
    content: Content
    number: int
    is_draft: bool
    in_use: int | None
    source: str
    valid_to: date | None
    lapsed_on: date | None
    is_checked: bool
    lacking: Mapping[str, tuple[str, ...]]
    changes: tuple[Change, ...]
    open_surveys: tuple[str, ...]
    used_keys: frozenset[str]

    def edition(self, number: int) -> EditionRow:
        """Return an edition by its number. Raises QuestionnaireEdition.DoesNotExist."""
        for each in self.editions:
            if each.number == number:
                return each
        raise QuestionnaireEdition.DoesNotExist


@dataclass(frozen=True, slots=True)
class PointRow:
    """A point; ``token`` is that of its present address, blank where it is not asked for."""

    id: int
    survey_id: int
    survey: str
    name: str
    channel: int
    unit_id: int | None
    unit: str
    field_id: int | None
    field: str
    round: int
    is_active: bool
    token: str = ""


@dataclass(frozen=True, slots=True)
class HandoutRow:
    """People asked: slips given out, calls made."""

    id: int
    on: date
    channel: int
    number: int
    first_serial: int | None
    unit: str
    field: str
    noted_by: str

    @property
    def last_serial(self) -> int | None:
        """Serial of the last of its slips."""
        return None if self.first_serial is None else self.first_serial + self.number - 1


@dataclass(frozen=True, slots=True)
class SurveyPage:
    """A survey with its points and what was given out. ``by_channel`` counts answers by the way they came."""

    row: SurveyRow
    asks_field: bool
    opened_at: datetime | None
    closed_at: datetime | None
    is_in_use: bool
    edition: int | None
    points: tuple[PointRow, ...]
    handouts: tuple[HandoutRow, ...]
    older_handouts: int
    by_channel: tuple[tuple[int, int], ...]
    asked_by_channel: tuple[tuple[int, int], ...]
    next_serial: int


@dataclass(frozen=True, slots=True)
class Printed:
    """What is printed of a survey: its questionnaire in an edition."""

    survey: str
    questionnaire_id: int
    number: int
    content: Content


@dataclass(frozen=True, slots=True)
class DossierChoice:
    """A dossier for whose appointment slip a link may be printed."""

    id: int
    code: str
    procedure: str
    field: str
    unit: str


def overview(actor: Actor, today: date) -> Overview:
    """Return the agency's surveys, those open first, and what wants doing. Raises NotAllowed."""
    require(actor, "survey.view")
    rows = _survey_rows(actor.agency_id)
    order = {Survey.State.OPEN: 0, Survey.State.DRAFT: 1, Survey.State.CLOSED: 2}
    rows = sorted(rows, key=lambda row: (order[Survey.State(row.state)], -row.starts_on.toordinal(), -row.id))
    held = questionnaires(actor, today)
    few = _few_answers(actor, today) if any(row.is_open for row in rows) else ()
    return Overview(tuple(rows), tuple(_to_do(rows, held, today)), few, bool(held))


def questionnaires(actor: Actor, today: date) -> tuple[QuestionnaireRow, ...]:
    """Return the agency's questionnaires by their titles. Raises NotAllowed."""
    require(actor, "survey.view")
    found = Questionnaire.objects.filter(agency_id=actor.agency_id).prefetch_related(
        Prefetch("editions", QuestionnaireEdition.objects.order_by("-number")), "surveys"
    )
    rows = []
    for each in found.order_by("pk"):
        editions = list(each.editions.all())
        in_use = next((one for one in editions if one.state == _Edition.PUBLISHED), None)
        shown = in_use or editions[0]
        rows.append(
            QuestionnaireRow(
                id=each.pk,
                title=each.title,
                number=in_use.number if in_use else None,
                published_at=in_use.published_at if in_use else None,
                has_draft=any(one.state == _Edition.DRAFT for one in editions),
                questions=len(shown.content["questions"]),
                languages=tuple(shown.content["languages"]),
                source=shown.source,
                lapsed_on=_lapsed_on(each.code, shown.source, today),
                surveys=len(each.surveys.all()),
            )
        )
    return tuple(sorted(rows, key=lambda row: sort_key(row.title)))


def questionnaire_choices(actor: Actor) -> list[tuple[int, str]]:
    """Return the agency's questionnaires as (id, title), for choice fields; one title twice has the day it was made."""
    rows = Questionnaire.objects.filter(agency_id=actor.agency_id).order_by("pk")
    held = [(each.pk, each.title, timezone.localdate(each.created_at)) for each in rows]
    times = Counter(title for _, title, _ in held)
    named = [(pk, f"{title} · {format_date(day)}" if times[title] > 1 else title) for pk, title, day in held]
    return sorted(named, key=lambda row: sort_key(row[1]))


def questionnaire(actor: Actor, questionnaire_id: int, today: date) -> QuestionnairePage:
    """Return a questionnaire with what it asks. Raises NotAllowed, Questionnaire.DoesNotExist."""
    require(actor, "survey.view")
    held = Questionnaire.objects.get(pk=questionnaire_id, agency_id=actor.agency_id)
    editions = list(held.editions.select_related("changed_by", "published_by").order_by("-number"))
    in_use = next((each for each in editions if each.state == _Edition.PUBLISHED), None)
    draft = next((each for each in editions if each.state == _Edition.DRAFT), None)
    shown = draft or in_use or editions[0]
    content = parse(shown.content)
    origin = shipped(_origin(held.code))
    follows = origin is not None and shown.source == origin.source
    return QuestionnairePage(
        id=held.pk,
        title=held.title,
        editions=tuple(_edition_row(each) for each in editions),
        content=content,
        number=shown.number,
        is_draft=draft is not None,
        in_use=in_use.number if in_use else None,
        source=shown.source,
        valid_to=origin.valid_to if origin and follows else None,
        lapsed_on=_lapsed_on(held.code, shown.source, today),
        is_checked=origin.is_checked if origin and follows else True,
        lacking=missing_translations(content),
        changes=compare(parse(in_use.content), content) if draft and in_use else (),
        open_surveys=tuple(
            held.surveys.filter(state=Survey.State.OPEN).order_by("pk").values_list("title", flat=True)
        ),
        used_keys=frozenset(
            question["key"]
            for each in editions
            if each.state != _Edition.DRAFT
            for question in each.content["questions"]
        ),
    )


def edition_content(actor: Actor, questionnaire_id: int, number: int) -> Content:
    """Return what an edition asks. Raises NotAllowed, QuestionnaireEdition.DoesNotExist."""
    require(actor, "survey.view")
    held = QuestionnaireEdition.objects.get(
        questionnaire_id=questionnaire_id, questionnaire__agency_id=actor.agency_id, number=number
    )
    return parse(held.content)


NEWEST_HANDOUTS = 12
"""Of what was given out, how much stands on the survey's page at first."""


def survey(actor: Actor, survey_id: int, *, with_all_handouts: bool = False) -> SurveyPage:
    """Return a survey with its points and the newest of what was given out, or all of it.

    Eight SQL statements. Raises NotAllowed, Survey.DoesNotExist.
    """
    require(actor, "survey.view")
    held = Survey.objects.select_related("questionnaire").get(pk=survey_id, agency_id=actor.agency_id)
    in_use = held.questionnaire.editions.filter(state=_Edition.PUBLISHED).first()
    points = held.points.select_related("unit", "field").order_by("-is_active", "channel", "pk")
    handouts = held.handouts.select_related("unit", "field", "noted_by").order_by("-on", "-pk")
    rows = tuple(
        _handout_row(each) for each in (handouts if with_all_handouts else handouts[:NEWEST_HANDOUTS])
    )
    given: dict[int, tuple[int, int, int | None]] = {
        channel: (asked, rows_of, last)
        for channel, asked, rows_of, last in held.handouts.values("channel")
        .annotate(asked=Sum("number"), rows_of=Count("pk"), last=Max(F("first_serial") + F("number") - 1))
        .order_by("channel")
        .values_list("channel", "asked", "rows_of", "last")
    }
    asked = {channel: number for channel, (number, _rows, _last) in given.items()}
    counted = (
        _whole(actor.agency_id)
        .filter(survey_key=held.pk)
        .values("channel")
        .annotate(total=Sum("responses"))
        .order_by("channel")
    )
    by_channel = tuple((row["channel"], row["total"]) for row in counted if row["total"])
    point_rows = tuple(_point_row(each, held) for each in points)
    last = max((last or 0 for _number, _rows, last in given.values()), default=0)
    return SurveyPage(
        row=SurveyRow(
            id=held.pk,
            title=held.title,
            state=held.state,
            starts_on=held.starts_on,
            ends_on=held.ends_on,
            questionnaire_id=held.questionnaire_id,
            questionnaire=held.questionnaire.title,
            answers=sum(total for _channel, total in by_channel),
            asked=sum(asked.values()) or None,
            points=len(point_rows),
        ),
        asks_field=held.asks_field,
        opened_at=held.opened_at,
        closed_at=held.closed_at,
        is_in_use=in_use is not None,
        edition=in_use.number if in_use else None,
        points=point_rows,
        handouts=rows,
        older_handouts=sum(rows_of for _number, rows_of, _last in given.values()) - len(rows),
        by_channel=by_channel,
        asked_by_channel=tuple(sorted(asked.items())),
        next_serial=last + 1,
    )


def content_to_print(actor: Actor, survey_id: int) -> Printed:
    """Return what a survey asks today, to print it: the edition in use, else the newest draft.

    Raises NotAllowed, Survey.DoesNotExist.
    """
    require(actor, "survey.view")
    held = Survey.objects.get(pk=survey_id, agency_id=actor.agency_id)
    editions = QuestionnaireEdition.objects.filter(questionnaire_id=held.questionnaire_id)
    edition = editions.filter(state=_Edition.PUBLISHED).first() or editions.order_by("-number")[0]
    return Printed(held.title, held.questionnaire_id, edition.number, parse(edition.content))


def point(actor: Actor, point_id: int) -> PointRow:
    """Return a point with its address's token, which answers as often as it is used.

    Raises NotAllowed, Point.DoesNotExist.
    """
    require(actor, "survey.enter")
    held = Point.objects.select_related("survey", "unit", "field").get(
        pk=point_id, survey__agency_id=actor.agency_id
    )
    token = make_point_link(key=held.survey.link_key, point_id=held.pk, round_number=held.round)
    return replace(_point_row(held, held.survey), token=token)


def slip_tokens(actor: Actor, handout_id: int) -> tuple[int, Sequence[tuple[int, str]]]:
    """Return the survey of a handout and the serials of its slips with their tokens, to print them (again).

    Raises NotAllowed, Handout.DoesNotExist for one without slips of its own.
    """
    require(actor, "survey.manage")
    held = Handout.objects.select_related("survey").get(
        pk=handout_id, survey__agency_id=actor.agency_id, first_serial__isnull=False
    )
    first = held.first_serial or 1
    return held.survey_id, [
        (serial, make_slip_link(key=held.survey.link_key, survey_id=held.survey_id, serial=serial))
        for serial in range(first, first + held.number)
    ]


def dossier_tokens(actor: Actor, survey_id: int, dossier_ids: Collection[int]) -> list[tuple[str, str]]:
    """Return the codes of dossiers with the tokens of their slips, by the codes. Raises NotAllowed, Survey.DoesNotExist."""
    require(actor, "survey.manage")
    held = Survey.objects.get(pk=survey_id, agency_id=actor.agency_id)
    rows = Dossier.objects.filter(agency_id=actor.agency_id, pk__in=set(dossier_ids)).order_by("code", "pk")
    return [
        (code, make_dossier_link(key=held.link_key, survey_id=held.pk, dossier_id=pk))
        for pk, code in rows.values_list("pk", "code")
    ]


def dossiers_to_ask(actor: Actor, day: date, codes: Collection[str], *, most: int) -> list[DossierChoice]:
    """Return the dossiers of the given codes, or without codes those received on a day, by their codes.

    Raises NotAllowed.
    """
    require(actor, "survey.manage")
    rows = Dossier.objects.filter(agency_id=actor.agency_id)
    if codes:
        rows = rows.filter(code__in=[code.upper() for code in codes] + list(codes))
    else:
        rows = rows.filter(received_day=day_number(day))
    found = with_names(rows).order_by("code", "pk")[:most]
    return [
        DossierChoice(
            each.pk,
            each.code,
            each.procedure.edition.name if each.procedure.edition else str(each.procedure),
            each.field.name,
            each.unit.name if each.unit else "",
        )
        for each in found
    ]


def _survey_rows(agency_id: int) -> list[SurveyRow]:
    surveys = (
        Survey.objects.filter(agency_id=agency_id)
        .select_related("questionnaire")
        .annotate(count=Count("points", filter=Q(points__is_active=True)))
    )
    answers = dict(
        _whole(agency_id).values_list("survey_key").annotate(total=Sum("responses")).order_by("survey_key")
    )
    asked = dict(
        Handout.objects.filter(survey__agency_id=agency_id)
        .values_list("survey_id")
        .annotate(total=Sum("number"))
        .order_by("survey_id")
    )
    return [
        SurveyRow(
            id=each.pk,
            title=each.title,
            state=each.state,
            starts_on=each.starts_on,
            ends_on=each.ends_on,
            questionnaire_id=each.questionnaire_id,
            questionnaire=each.questionnaire.title,
            answers=answers.get(each.pk) or 0,
            asked=asked.get(each.pk),
            points=each.count,
        )
        for each in surveys.order_by("pk")
    ]


def _to_do(rows: Sequence[SurveyRow], held: Sequence[QuestionnaireRow], today: date) -> list[Message]:
    """Return in sentences what wants doing about surveys, the weightiest first."""
    found: list[Message] = []
    if rows and not any(row.is_open for row in rows):
        found.append(Message(gettext_noop("No survey is open: nobody's satisfaction is being asked.")))
    for row in rows:
        if not row.is_open:
            continue
        if row.ends_on is not None and row.ends_on < today:
            found.append(
                Message(
                    gettext_noop(
                        "“%(title)s” ended on %(day)s and takes no answers. Close it or change its last day."
                    ),
                    {"title": row.title, "day": format_date(row.ends_on)},
                )
            )
        elif not row.points and not row.asked:
            found.append(
                Message(
                    gettext_noop(
                        "“%(title)s” is open, but nowhere can it be answered. Add a point or print slips."
                    ),
                    {"title": row.title},
                )
            )
    in_use = {row.questionnaire_id for row in rows if row.is_open}
    found += [
        Message(
            gettext_noop(
                "The method that “%(title)s” follows was valid until %(day)s. "
                "Look for its successor and bring the questionnaire up to date."
            ),
            {"title": each.title, "day": format_date(each.lapsed_on)},
        )
        for each in held
        if each.lapsed_on is not None and each.id in in_use
    ]
    return found


def _few_answers(actor: Actor, today: date) -> tuple[FewAnswers, ...]:
    year = Period(date(today.year, 1, 1), date(today.year, 12, 31))
    settled = {
        key: int(numbers["finished"])
        for (_agency, _period, key), numbers in sums.sums_by(
            [actor.agency_id], [year], ["finished"], by="field"
        ).items()
        if key and numbers["finished"] >= MANY_DOSSIERS
    }
    if not settled:
        return ()
    answered = dict(
        _whole(actor.agency_id)
        .filter(start__gte=day_number(year.start), field_key__in=settled)
        .values_list("field_key")
        .annotate(total=Sum("responses"))
        .order_by("field_key")
    )
    names = dict(Field.objects.filter(pk__in=settled).values_list("pk", "name"))
    found = [
        FewAnswers(names[key], number, answered.get(key) or 0)
        for key, number in settled.items()
        if (answered.get(key) or 0) < FEW_ANSWERS
    ]
    return tuple(sorted(found, key=lambda each: (-each.settled, each.field)))


def _whole(agency_id: int) -> QuerySet[RatingBucket]:
    """Return the cells that count answers as a whole, by month."""
    return RatingBucket.objects.filter(agency_id=agency_id, grain__in=NET, question=WHOLE)


def _origin(code: str) -> str:
    """Return the code of the shipped questionnaire that one was made from: a second one of it has a number behind."""
    stem, _mark, number = code.rpartition("_")
    return stem if number.isdecimal() else code


def _lapsed_on(code: str, source: str, today: date) -> date | None:
    origin = shipped(_origin(code))
    if origin is None or origin.source != source or origin.valid_to is None or origin.valid_to >= today:
        return None
    return origin.valid_to


def _edition_row(each: QuestionnaireEdition) -> EditionRow:
    return EditionRow(
        id=each.pk,
        number=each.number,
        state=each.state,
        changed_at=each.changed_at,
        changed_by=each.changed_by.full_name if each.changed_by else "",
        published_at=each.published_at,
        published_by=each.published_by.full_name if each.published_by else "",
        questions=len(each.content["questions"]),
    )


def _point_row(each: Point, held: Survey) -> PointRow:
    return PointRow(
        id=each.pk,
        survey_id=held.pk,
        survey=held.title,
        name=each.name,
        channel=each.channel,
        unit_id=each.unit_id,
        unit=each.unit.name if each.unit else "",
        field_id=each.field_id,
        field=each.field.name if each.field else "",
        round=each.round,
        is_active=each.is_active,
    )


def _handout_row(each: Handout) -> HandoutRow:
    return HandoutRow(
        id=each.pk,
        on=each.on,
        channel=each.channel,
        number=each.number,
        first_serial=each.first_serial,
        unit=each.unit.name if each.unit else "",
        field=each.field.name if each.field else "",
        noted_by=each.noted_by.full_name if each.noted_by else "",
    )
