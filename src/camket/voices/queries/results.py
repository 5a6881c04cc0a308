"""Results of surveys: rates with what they were counted from, by question, field, unit, way of answering and month.

All of it is made of blocks (:mod:`camket.voices.queries.blocks`); pages, files and pictures show nothing else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db.models import Sum
from django.utils import timezone

from camket.core.messages import gettext_noop
from camket.core.plan import Period
from camket.core.questionnaire import OVERALL, Content
from camket.core.sampling import Interval, interval
from camket.core.small_groups import SMALLEST, first_open, month_after, month_end
from camket.core.tally import day_of
from camket.core.wording.text import search_key
from camket.dossiers.models import Field
from camket.dossiers.queries import sums as dossiers
from camket.org.models import Unit
from camket.org.policy import Actor, require
from camket.voices.editions import content_of
from camket.voices.models import (
    AnswerRevision,
    Channel,
    Handout,
    QuestionnaireEdition,
    RatingBucket,
    Survey,
)
from camket.voices.queries import blocks
from camket.voices.queries.blocks import NONE, Shown, Steps
from camket.voices.tally import NET, WHOLE

CHANNEL_WORDS: Mapping[int, tuple[str, str]] = {
    Channel.QR.value: ("qr", gettext_noop("QR code")),
    Channel.LINK.value: ("link", gettext_noop("Link on the slip of a dossier")),
    Channel.KIOSK.value: ("kiosk", gettext_noop("Tablet at the counter")),
    Channel.PHONE.value: ("phone", gettext_noop("Telephone interview")),
    Channel.PAPER.value: ("paper", gettext_noop("Paper slip")),
    Channel.FILE.value: ("file", gettext_noop("Spreadsheet")),
}
"""Each way of answering: the word by which formulas filter, and its name, a message id."""


def revision(agency_id: int) -> int:
    """Return how often the agency's counts of answers changed; one SQL statement."""
    found = AnswerRevision.objects.filter(agency_id=agency_id).values_list("number", flat=True).first()
    return found or 0


@dataclass(frozen=True, slots=True)
class _Edition:
    """An edition that was published: of which questionnaire, since when, and what it asks."""

    questionnaire_id: int
    title: str
    number: int
    since: date | None
    content: Content


def _editions_of(agency_id: int) -> list[_Edition]:
    """Return the agency's published editions, the newest first; one SQL statement."""
    rows = QuestionnaireEdition.objects.filter(questionnaire__agency_id=agency_id).exclude(
        state=QuestionnaireEdition.State.DRAFT
    )
    return [
        _Edition(
            each.questionnaire_id,
            each.questionnaire.title,
            each.number,
            timezone.localdate(each.published_at) if each.published_at else None,
            content_of(each),
        )
        for each in rows.select_related("questionnaire").order_by("-published_at", "-pk")
    ]


def questions_of(agency_id: int) -> dict[str, str]:
    """Return the counted questions that the agency ever asked by key, as last worded; one SQL statement."""
    found: dict[str, str] = {}
    for edition in _editions_of(agency_id):
        for question in edition.content.counted:
            found.setdefault(question.key, question.text["vi"])
    return found


def texts_of(agency_id: int) -> dict[str, str]:
    """Return all questions that the agency ever asked by key, as last worded; one SQL statement."""
    found: dict[str, str] = {}
    for edition in _editions_of(agency_id):
        for question in edition.content.questions:
            found.setdefault(question.key, question.text["vi"])
    return found


def names_of(agency_id: int, by: str) -> dict[int, tuple[str, str]]:
    """Return the agency's fields or units: the word that filters by each, and its name; one SQL statement."""
    if by == "field":
        fields = Field.objects.filter(agency_id=agency_id).values_list("pk", "key", "name")
        return {pk: (key, name) for pk, key, name in fields}
    if by == "unit":
        units = Unit.objects.filter(agency_id=agency_id).values_list("pk", "name")
        return {pk: (search_key(name), name) for pk, name in units}
    raise KeyError(by)


# Results


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate as it may be shown: satisfied of rated, both of whole blocks; nothing where fewer than five rated.

    ``interval`` is between which shares it lies with 95 % confidence (0 to 1), None where it cannot be told.
    """

    rated: int
    satisfied: int
    dissatisfied: int
    steps: Steps
    interval: Interval | None = None

    @property
    def is_shown(self) -> bool:
        """Whether enough rated for it to be shown."""
        return self.rated >= SMALLEST

    @property
    def share(self) -> Decimal | None:
        """Satisfied in per cent of rated; None where it is not shown."""
        return Decimal(self.satisfied) * 100 / self.rated if self.is_shown else None

    @property
    def mean(self) -> Decimal | None:
        """The mean step, 1 to 5; None where it is not shown."""
        if not self.is_shown:
            return None
        return Decimal(sum(step * number for step, number in enumerate(self.steps, 1))) / self.rated


@dataclass(frozen=True, slots=True)
class Line:
    """A group, a month or a question with its rate, and the same of the year before where there is any.

    ``name`` is "" where it is not known, or where several were laid together (``is_joint``) because each alone is too
    small; a message id where ``is_message``.
    ``population`` is how many dossiers were settled there, ``is_new`` a question that was not asked the year before.
    """

    key: int | str
    name: str
    responses: int
    rate: Rate
    before: Rate | None = None
    is_message: bool = False
    population: int | None = None
    asked: int = 0
    is_new: bool = False
    is_joint: bool = False

    @property
    def change(self) -> Decimal | None:
        """By how many percentage points the rate rose since the year before."""
        if self.before is None or self.before.share is None or self.rate.share is None:
            return None
        return self.rate.share - self.before.share


@dataclass(frozen=True, slots=True)
class FactorLine:
    """A factor with its questions; ``mean`` is the mean of their rates, None where none is shown."""

    name: str
    questions: tuple[Line, ...]
    mean: Decimal | None
    mean_before: Decimal | None


@dataclass(frozen=True, slots=True)
class EditionUsed:
    """An edition of the questions that came into use within the time looked at."""

    number: int
    title: str
    since: date


@dataclass(frozen=True, slots=True)
class SurveyChoice:
    """A survey whose results can be looked at."""

    id: int
    title: str
    questionnaire_id: int


@dataclass(frozen=True, slots=True)
class Results:
    """Results of one survey, or of all, over whole months.

    ``mean`` is the mean of the rates of the questions that count, as the method has it. ``waiting`` is how many answers
    are in no figure yet: of this month, and of groups that have not come to five. ``responses`` are those that are in.
    """

    period: Period
    before: Period
    survey_id: int | None
    responses: int
    asked: int
    waiting: int
    population: int | None
    overall: Line
    mean: Decimal | None
    mean_before: Decimal | None
    factors: tuple[FactorLine, ...]
    months: tuple[Line, ...]
    fields: tuple[Line, ...]
    units: tuple[Line, ...]
    channels: tuple[Line, ...]
    editions: tuple[EditionUsed, ...]
    surveys: tuple[SurveyChoice, ...]
    years: tuple[int, ...]

    @property
    def response_share(self) -> Decimal | None:
        """Answers in per cent of the people asked, of the ways of which it is known how many were asked.

        None where nobody noted how many, where fewer were than answered, or where answers of several ways are laid
        together.
        """
        shares = [line for line in self.channels if line.asked]
        if not shares or any(self.share_of(line) is None for line in shares):
            return None
        return Decimal(sum(line.responses for line in shares)) * 100 / self.asked

    def share_of(self, line: Line) -> Decimal | None:
        """Answers of a way in per cent of those asked that way; None where it is not known, as for a poster."""
        if not line.asked or line.asked < line.responses or any(each.is_joint for each in self.channels):
            return None
        return Decimal(line.responses) * 100 / line.asked

    @property
    def is_empty(self) -> bool:
        """Whether there is no figure at all."""
        return self.responses == 0


def survey_choices(actor: Actor) -> tuple[SurveyChoice, ...]:
    """Return the agency's surveys that were ever open, the newest first; one SQL statement."""
    require(actor, "survey.view")
    rows = Survey.objects.filter(agency_id=actor.agency_id).exclude(state=Survey.State.DRAFT)
    return tuple(
        SurveyChoice(*row)
        for row in rows.order_by("-starts_on", "-pk").values_list("pk", "title", "questionnaire_id")
    )


def whole_months(period: Period, today: date) -> Period | None:
    """Return the months of a period that may be shown; None where none may. Of a month that takes answers nothing is."""
    first = period.start.replace(day=1)
    end = min(month_after(period.end), first_open(today))
    return None if end <= first else Period(first, month_end(date.fromordinal(end.toordinal() - 1)))


def results(
    actor: Actor, *, period: Period, today: date, survey_id: int | None = None, with_population: bool = True
) -> Results:
    """Return the results of whole months; a month that still takes answers is not shown. Ten SQL statements.

    Raises Survey.DoesNotExist for another agency's survey, or one in preparation.
    """
    surveys = survey_choices(actor)
    asked_by = {each.id: each.questionnaire_id for each in surveys}
    if survey_id is not None and survey_id not in asked_by:
        raise Survey.DoesNotExist(survey_id)
    shown_until = whole_months(period, today)
    period = shown_until or Period(period.start.replace(day=1), period.start.replace(day=1))
    before = Period(_year_before(period.start), month_end(_year_before(period.end.replace(day=1))))
    of_agency = blocks.sums(actor.agency_id, today)

    def within(some: Iterable[Shown], when: Period | None) -> list[Shown]:
        of_survey = [each for each in some if survey_id is None or each.told[0] == survey_id]
        return [each for each in of_survey if when is None or when.start <= each.last_day <= when.end]

    here = within(of_agency.whole, period) if shown_until else []
    then = within(of_agency.whole, before) if shown_until else []
    editions = [
        each
        for each in _editions_of(actor.agency_id)
        if survey_id is None or each.questionnaire_id == asked_by[survey_id]
    ]
    received = _received(actor.agency_id)
    population = _settled(actor.agency_id, period) if with_population and survey_id is None else {}
    names: dict[str, Mapping[int, tuple[str, str]]] = {
        "field": names_of(actor.agency_id, "field"),
        "unit": names_of(actor.agency_id, "unit"),
        "channel": CHANNEL_WORDS,
    }
    handed = _handed(actor.agency_id, survey_id, period)
    lines = {
        by: _lines(
            within(of_agency.by[place - 1], period) if shown_until else [],
            within(of_agency.by[place - 1], before) if shown_until else [],
            place,
            names[by],
            population if by == "field" else {},
            handed.get(by, {}),
        )
        for place, by in ((1, "field"), (2, "unit"), (3, "channel"))
    }
    whole = population.get(None)
    factors = _factors(here, then, [each.content for each in editions])
    counted = [line for factor in factors for line in factor.questions]
    return Results(
        period=period,
        before=before,
        survey_id=survey_id,
        responses=sum(each.responses for each in here),
        asked=sum(handed["channel"].values()),
        waiting=sum(
            number for (_, survey), number in received.items() if survey_id is None or survey == survey_id
        )
        - sum(each.responses for each in within(of_agency.whole, None)),
        population=whole,
        overall=_line(OVERALL, "", here, then, population=whole),
        mean=_mean(line.rate for line in counted),
        mean_before=_mean(line.before for line in counted if line.before is not None),
        factors=factors,
        months=tuple(_months(here, then, period)),
        fields=lines["field"],
        units=lines["unit"],
        channels=tuple(replace(line, is_message=bool(line.name)) for line in lines["channel"]),
        editions=tuple(
            EditionUsed(each.number, each.title, each.since)
            for each in reversed(editions)
            if each.number > 1 and each.since is not None and period.start <= each.since <= period.end
        ),
        surveys=surveys,
        years=tuple(sorted({month.year for month, _ in received}, reverse=True)),
    )


def _rate(some: Iterable[Shown], question: str, population: int | None = None) -> Rate:
    found = [(each, each.steps.get(question, NONE)) for each in some]
    steps = blocks.added(each for _, each in found)
    satisfied = sum(blocks.satisfied(each, block.month) for block, each in found)
    rated = sum(steps)
    reach = interval(satisfied, rated, population) if rated >= SMALLEST else None
    return Rate(rated, satisfied, blocks.dissatisfied(steps), steps, reach)


def _line(
    key: int | str,
    name: str,
    here: Sequence[Shown],
    then: Sequence[Shown],
    *,
    population: int | None = None,
    asked: int = 0,
) -> Line:
    before = _rate(then, OVERALL)
    return Line(
        key,
        name,
        sum(each.responses for each in here),
        _rate(here, OVERALL, population),
        before if before.is_shown else None,
        population=population,
        asked=asked,
    )


_JOINT = -1
"""Instead of a field, unit or way: several of them, each alone too small."""


def _lines(
    here: Sequence[Shown],
    then: Sequence[Shown],
    place: int,
    names: Mapping[int, tuple[str, str]],
    population: Mapping[int | None, int],
    handed: Mapping[int, int],
) -> tuple[Line, ...]:
    groups: dict[int, list[Shown]] = defaultdict(list)
    groups_before: dict[int, list[Shown]] = defaultdict(list)
    for found, some in ((groups, here), (groups_before, then)):
        for each in some:
            key = each.told[place]
            found[_JOINT if key is None else key].append(each)
    lines = [
        replace(
            _line(
                key,
                names[key][1] if key in names else "",
                each,
                groups_before.get(key, ()) if key in names else (),
                population=population.get(key) if key in names else None,
                asked=handed.get(key, 0),
            ),
            is_joint=key == _JOINT,
        )
        for key, each in groups.items()
    ]
    # What cannot be told apart stands last, however many it is.
    return tuple(sorted(lines, key=lambda line: (not line.name, line.is_joint, -line.responses, line.name)))


def _months(here: Sequence[Shown], then: Sequence[Shown], period: Period) -> Iterator[Line]:
    month = period.start
    while month <= period.end:
        before = _year_before(month)
        yield _line(
            month.isoformat(),
            "",
            [each for each in here if each.month == month],
            [each for each in then if each.month == before],
        )
        month = month_after(month)


def _factors(
    here: Sequence[Shown], then: Sequence[Shown], contents: Sequence[Content]
) -> tuple[FactorLine, ...]:
    """Return the questions that count by factor, in the order of the newest edition; those of older ones behind."""
    asked_of = {key for each in here for key in each.steps}
    asked_then = {key for each in then for key in each.steps}
    seen: set[str] = set()
    factors: dict[str, list[Line]] = {}
    for content in contents:
        labels = {factor.key: factor.label["vi"] for factor in content.factors}
        for question in content.counted:
            if question.key == OVERALL or question.key in seen or question.key not in asked_of:
                continue
            seen.add(question.key)
            before = _rate(then, question.key)
            factors.setdefault(labels.get(question.factor, ""), []).append(
                Line(
                    question.key,
                    question.text["vi"],
                    0,
                    _rate(here, question.key),
                    before if before.is_shown else None,
                    is_new=bool(then) and question.key not in asked_then,
                )
            )
    return tuple(
        FactorLine(
            name,
            tuple(lines),
            _mean(line.rate for line in lines),
            _mean(line.before for line in lines if line.before is not None),
        )
        for name, lines in factors.items()
    )


def _mean(rates: Iterable[Rate]) -> Decimal | None:
    """Return the mean of the rates that are shown, each question counting alike."""
    shares = [rate.share for rate in rates if rate.share is not None]
    return sum(shares, Decimal(0)) / len(shares) if shares else None


def _settled(agency_id: int, period: Period) -> dict[int | None, int]:
    """Return how many dossiers were settled in a period, by field and on the whole (None); one SQL statement."""
    found = dossiers.sums_by([agency_id], [period], ["finished"], by="field", filters={})
    by_field = {key: int(each["finished"]) for (_, _, key), each in found.items()}
    whole = sum(by_field.values())
    return {None: whole, **{key: number for key, number in by_field.items() if key}} if whole else {}


def _handed(agency_id: int, survey_id: int | None, period: Period) -> dict[str, dict[int, int]]:
    found: dict[str, dict[int, int]] = {by: defaultdict(int) for by in ("field", "unit", "channel")}
    rows = Handout.objects.filter(survey__agency_id=agency_id, on__range=(period.start, period.end))
    if survey_id is not None:
        rows = rows.filter(survey_id=survey_id)
    for field, unit, channel, number in rows.values_list("field_id", "unit_id", "channel", "number"):
        for by, key in (("field", field), ("unit", unit), ("channel", channel)):
            found[by][key or 0] += number
    return found


def _received(agency_id: int) -> dict[tuple[date, int], int]:
    """Return how many answers came in, by month and survey; one SQL statement."""
    rows = RatingBucket.objects.filter(agency_id=agency_id, grain__in=NET, question=WHOLE)
    return {
        (day_of(start), survey): number
        for start, survey, number in rows.values_list("start", "survey_key")
        .annotate(Sum("responses"))
        .order_by()
    }


def _year_before(first: date) -> date:
    return first.replace(year=first.year - 1)
