"""Dossiers: the rows behind any count, a page at a time, and one dossier with all that is known of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.expressions import Combinable

from camket.core.calendar import WorkingIndex, index_of
from camket.core.dossier_clock import SOON_WITHIN, Standing, standing
from camket.core.dossiers import ADVANCED_LEVELS, Channel, OnlineLevel, Outcome, Payment, State
from camket.core.finding import Found, Hit
from camket.core.masking import HIDDEN, masked_phone, short_name
from camket.core.plan import Period
from camket.core.rollup import STOCKS
from camket.core.tally import HANDLING_STEPS, Grain, Shape, contributions, day_number, day_of
from camket.core.wording.text import search_key
from camket.dossiers.models import Bucket, Dossier, Field, Letter, Procedure
from camket.dossiers.queries.sums import DIMENSIONS as KEYS
from camket.dossiers.queries.sums import between, fields_named, newest_days
from camket.dossiers.tally import facts_of
from camket.org.calendar import working_calendar
from camket.org.models import Unit
from camket.org.policy import Actor, Scope, can_in_agency, require, roles_with
from camket.org.queries import units_named

PAGE = 50
RECENT_DAYS = 31
"""Days back in which a dossier is sought by the end of its code, unless that names the day."""
_FEW = 2000
"""Up to so many, the days are looked up on which they lie; of more, a page is found soon in any case."""

_FINISHED = "finished_day"
_RECEIVED = "received_day"
_INDEXED = frozenset({_RECEIVED, _FINISHED, "overdue_day"})


def _handled() -> Iterator[tuple[str, tuple[str, Q]]]:
    lower = -1
    for step in HANDLING_STEPS:
        yield f"handled_{step}", (_FINISHED, Q(handling_days__gt=lower, handling_days__lte=step))
        lower = step
    yield "handled_longer", (_FINISHED, Q(handling_days__gt=lower))


ROWS: Mapping[str, tuple[str, Q]] = {
    "received": (_RECEIVED, Q()),
    "received_online": (_RECEIVED, Q(channel=Channel.ONLINE)),
    "received_direct": (_RECEIVED, Q(channel=Channel.DIRECT)),
    "received_postal": (_RECEIVED, Q(channel=Channel.POSTAL)),
    "received_advanced": (_RECEIVED, Q(level__in=sorted(ADVANCED_LEVELS))),
    "received_advanced_online": (_RECEIVED, Q(level__in=sorted(ADVANCED_LEVELS), channel=Channel.ONLINE)),
    "received_digitised": (_RECEIVED, Q(is_digitised=True)),
    "finished": (_FINISHED, Q()),
    "early": (_FINISHED, Q(outcome=Outcome.EARLY)),
    "on_time": (_FINISHED, Q(outcome=Outcome.ON_TIME)),
    "late": (_FINISHED, Q(outcome=Outcome.LATE, overdue_day__isnull=False)),
    "late_first": (_FINISHED, Q(outcome_first=Outcome.LATE)),
    "withdrawn": (_FINISHED, Q(is_withdrawn=True)),
    "result_digitised": (_FINISHED, Q(is_result_digitised=True)),
    "fee_due": (_FINISHED, Q(payment__in=(Payment.PAID_AT_COUNTER, Payment.PAID_ONLINE))),
    "paid_online": (_FINISHED, Q(payment=Payment.PAID_ONLINE)),
    "handling_days": (_FINISHED, Q(handling_days__isnull=False)),
    **dict(_handled()),
    "cleared_overdue": (_FINISHED, Q(overdue_day__isnull=False)),
    "fell_overdue": ("overdue_day", Q()),
    "fell_overdue_answered": ("overdue_day", Q(is_answered=True)),
    "waiting_began": ("waiting_from_day", Q()),
    "waiting_ended": ("waiting_until_day", Q(waiting_from_day__isnull=False)),
    "reappointed": ("reappointed_day", Q()),
}
"""For each count of days: the day that it counts by, and which dossiers it counts."""

STOCK_ROWS: Mapping[str, str] = {
    "open": "received_day",
    "overdue": "overdue_day",
    "waiting": "waiting_from_day",
}
"""For each stock, how it stood at the end of a day: the day since which a dossier may belong to it."""


@dataclass(frozen=True, slots=True)
class DossierFilter:
    """Which dossiers: those that ``count`` counts in the period (of a stock: at its end), narrowed down.

    ``filters`` are the words of a formula's filters (dimension to words); ids narrow down likewise. ``also`` are further
    counts by the same day, no dossier in two of them; ``but`` leaves out dossiers of parts of ``count``: of those
    finished, those early or on time. ``code`` is a code or its end, and then nothing else counts.
    """

    count: str = "received"
    period: Period | None = None
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    field_id: int | None = None
    procedure_id: int | None = None
    unit_id: int | None = None
    channel: int | None = None
    level: int | None = None
    state: int | None = None
    also: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    code: str = ""


@dataclass(frozen=True, slots=True)
class DossierRow:
    """A dossier in a list; the applicant's name is masked for everybody.

    ``has_draft`` is said by the work list: a letter on it is drafted and has no number yet.
    """

    id: int
    code: str
    procedure: str
    field: str
    unit: str
    applicant: str
    state: State
    channel: Channel
    standing: Standing
    outcome: Outcome
    outcome_first: Outcome
    received_at: datetime | None
    due_given: datetime | None
    due_first: datetime | None
    due_now: datetime | None
    due_computed: datetime | None
    finished_at: datetime | None
    due_day: date | None
    days_over: int | None
    is_reappointed: bool
    is_answered: bool
    waiting_since: date | None
    has_draft: bool = False


@dataclass(frozen=True, slots=True)
class DossierPage:
    """A page of dossiers; ``total`` comes from the counts, None where they cannot tell; ``following`` begins the next."""

    rows: tuple[DossierRow, ...]
    total: int | None
    following: str


@dataclass(frozen=True, slots=True)
class Choices:
    """What a list can be narrowed down to: id and name of fields, units and procedures."""

    fields: tuple[tuple[int, str], ...]
    units: tuple[tuple[int, str], ...]
    procedures: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch in which the clock stood still."""

    state: State
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """What changed on a dossier, when, by which import or whom: pairs of before and after by column."""

    at: datetime
    batch_id: int | None
    file_name: str
    by: str
    values: tuple[tuple[str, Any, Any], ...]


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A letter; ``recipient`` is masked."""

    id: int
    dossier_id: int
    code: str
    recipient: str
    kind: str
    state: str
    shown_number: str
    reason: str
    due_before: datetime | None
    due_new: datetime | None
    issued_on: date | None
    signed_by: str
    created_by: str
    created_at: datetime
    withdrawn_at: datetime | None
    withdrawn_by: str
    withdrawal_reason: str


@dataclass(frozen=True, slots=True)
class DossierDetail:
    """One dossier: its row, whose it is (masked unless ``is_clear``), its clock, its history, its letters, its counts."""

    row: DossierRow
    procedure_code: str
    limit_text: str
    level: OnlineLevel
    payment: Payment
    is_clear: bool
    may_be_clear: bool
    applicant: str
    address: str
    phone: str
    is_due_different: bool
    returned_at: datetime | None
    supplement_asked_at: datetime | None
    supplement_back_at: datetime | None
    reappointed_at: datetime | None
    due_promised: datetime | None
    result_given: Outcome | None
    handling_days: int | None
    is_digitised: bool
    is_result_digitised: bool
    is_withdrawn: bool
    stretches: tuple[Stretch, ...]
    history: tuple[ChangeRow, ...]
    letters: tuple[LetterRow, ...]
    adds: tuple[tuple[date, tuple[str, ...]], ...]
    first_batch: tuple[int, str, datetime]
    last_batch: tuple[int, str, datetime]


def dossier_page(
    actor: Actor, wanted: DossierFilter, today: date, *, after: str = "", size: int = PAGE
) -> DossierPage:
    """Return a page of dossiers, the newest day first; ``after`` is where the page before ended.

    Raises NotAllowed, KeyError for a count that is none.
    """
    require(actor, "dossier.view")
    wanted = _at_the_end(wanted)
    make = row_maker(actor, today)
    if wanted.code:
        found = _by_code(actor.agency_id, wanted.code, today, size)
        return DossierPage(tuple(make(each) for each in found), len(found) if len(found) < size else None, "")
    picked = _picked(actor.agency_id, wanted)
    total = _total(actor.agency_id, wanted, picked, today)
    place, limit = _place(after), size + 1
    column, query = _rows(actor.agency_id, wanted, picked, today)
    is_now = wanted.count in STOCK_ROWS and _stands_now(wanted, today)
    if is_now:
        # The sum keeps engines from going by the index of this day, over all that came before, to the few that stand.
        query = query.annotate(day=F(column) + 0).order_by("day", "pk")
        column = "day"
    elif column not in _INDEXED or wanted.count in STOCK_ROWS:
        # By the day of receipt, and no further than the last row: those sought lie close to each other.
        column = _RECEIVED
        query = query.order_by("-received_day", "-pk")
        limit = min(limit, total - place.shown) if total is not None and place else limit
    else:
        query = query.order_by(f"-{column}", "-pk")
        if total is not None and total <= _FEW:
            days = _days_of(actor.agency_id, wanted, picked, before=place.day if place else None, size=size)
            query = query.filter(**{f"{column}__in": days})
    if place:
        query = query.filter(_beyond(column, place, is_rising=is_now))
    found = list(with_names(query)[: max(limit, 0)])
    shown, rest = found[:size], found[size:]
    behind = (place.shown if place else 0) + len(shown)
    following = f"{getattr(shown[-1], column)}.{shown[-1].pk}.{behind}" if rest else ""
    return DossierPage(tuple(make(each) for each in shown), total, following)


def find_dossiers(actor: Actor, code: str, today: date, *, at_most: int) -> Found:
    """Return dossiers by their code, or by its end among those received lately, without anything of the applicants.

    Of a hit ``about`` is the procedure, ``on`` the day of receipt. Two SQL statements; raises NotAllowed.
    """
    require(actor, "dossier.view")
    found = _by_code(actor.agency_id, code, today, at_most)
    return Found(
        len(found),
        tuple(
            Hit(
                each.pk,
                each.code,
                about=each.procedure.edition.name if each.procedure.edition else each.procedure.code,
                on=day_of(each.received_day) if each.received_day is not None else None,
            )
            for each in found
        ),
    )


def different_page(
    actor: Actor, period: Period, today: date, *, after: str = "", size: int = PAGE
) -> DossierPage:
    """Return dossiers received in a period whose due date is not the one computed, the newest first."""
    require(actor, "dossier.view")
    query = (
        Dossier.objects.filter(agency_id=actor.agency_id, is_due_different=True, **_within(_RECEIVED, period))
        .order_by("-received_day", "-pk")
    )  # fmt: skip
    total = query.count()  # over an index that holds nothing else
    if place := _place(after):
        query = query.filter(_beyond(_RECEIVED, place, is_rising=False))
    found = list(with_names(query)[: size + 1])
    shown, rest = found[:size], found[size:]
    following = f"{shown[-1].received_day}.{shown[-1].pk}.0" if rest else ""
    make = row_maker(actor, today)
    return DossierPage(tuple(make(each) for each in shown), total, following)


def difference_counts(actor: Actor, period: Period) -> tuple[int, int, int]:
    """Return how many dossiers received in a period have another due date than computed: in all, earlier, later."""
    require(actor, "dossier.view")
    rows = Dossier.objects.filter(
        agency_id=actor.agency_id, is_due_different=True, **_within(_RECEIVED, period)
    )
    earlier = rows.filter(due_given__lt=F("due_computed")).count()
    every = rows.count()
    return every, earlier, every - earlier


def choices(actor: Actor) -> Choices:
    """Return what lists can be narrowed down to. Three SQL statements."""
    require(actor, "dossier.view")
    procedures = Procedure.objects.filter(agency_id=actor.agency_id).select_related("edition")
    named = [
        (
            each.pk,
            f"{each.edition.name if each.edition else each.key}{f' ({each.code})' if each.code else ''}",
        )
        for each in procedures
    ]
    return Choices(
        fields=tuple(
            Field.objects.filter(agency_id=actor.agency_id).order_by("key").values_list("pk", "name")
        ),
        units=tuple(
            Unit.objects.filter(agency_id=actor.agency_id, kind=Unit.Kind.SECTION)
            .order_by("order", "pk")
            .values_list("pk", "name")
        ),
        procedures=tuple(sorted(named, key=lambda each: search_key(each[1]))),
    )


def detail(actor: Actor, dossier_id: int, today: date, *, is_clear: bool = False) -> DossierDetail:
    """Return one dossier; personal data in clear where asked for by who may see them.

    Raises NotAllowed, Dossier.DoesNotExist for another agency's.
    """
    require(actor, "dossier.view")
    query = Dossier.objects.filter(agency_id=actor.agency_id)
    dossier = (
        with_names(query).select_related("procedure__edition", "first_batch", "last_batch").get(pk=dossier_id)
    )
    may = may_see_clear(actor, dossier.unit_id)
    clear = is_clear and may
    row = row_maker(actor, today)(dossier)
    edition = dossier.procedure.edition
    return DossierDetail(
        row=row,
        procedure_code=dossier.procedure.code,
        limit_text=edition.limit_text if edition else "",
        level=OnlineLevel(dossier.level),
        payment=Payment(dossier.payment),
        is_clear=clear,
        may_be_clear=may,
        applicant=dossier.applicant if clear else row.applicant,
        address=dossier.address if clear else (HIDDEN if dossier.address else ""),
        phone=dossier.phone if clear else masked_phone(dossier.phone),
        is_due_different=dossier.is_due_different,
        returned_at=dossier.returned_at,
        supplement_asked_at=dossier.supplement_asked_at,
        supplement_back_at=dossier.supplement_back_at,
        reappointed_at=dossier.reappointed_at,
        due_promised=dossier.due_promised,
        result_given=Outcome(dossier.result_given) if dossier.result_given is not None else None,
        handling_days=dossier.handling_days,
        is_digitised=dossier.is_digitised,
        is_result_digitised=dossier.is_result_digitised,
        is_withdrawn=dossier.is_withdrawn,
        stretches=tuple(
            Stretch(State(each.state), each.since, each.until)
            for each in dossier.pauses.order_by("since", "pk")
        ),
        history=tuple(_history(dossier, clear=clear)),
        letters=letter_rows(dossier.letters.all().order_by("-created_at", "-pk")),
        adds=tuple(
            (day_of(day), tuple(name for name, times in counts.items() if times and name in ROWS))
            for day, counts in contributions(facts_of(dossier))
        ),
        first_batch=(dossier.first_batch_id, dossier.first_batch.file_name, dossier.first_batch.created_at),
        last_batch=(dossier.last_batch_id, dossier.last_batch.file_name, dossier.last_batch.created_at),
    )


def may_see_clear(actor: Actor, unit_id: int | None) -> bool:
    """Return whether the actor may see the personal data of a unit's dossier: agency-wide, or of the own unit."""
    if can_in_agency(actor, "dossier.personal"):
        return True
    from_unit = roles_with("dossier.personal", Scope.UNIT) & actor.roles
    return (
        bool(from_unit) and actor.home_agency_id is None and unit_id is not None and unit_id in actor.unit_ids
    )


def letter_rows(letters: QuerySet[Letter]) -> tuple[LetterRow, ...]:
    """Return letters as rows, their recipients masked."""
    return tuple(
        LetterRow(
            id=each.pk,
            dossier_id=each.dossier_id,
            code=each.dossier.code,
            recipient=short_name(each.dossier.applicant),
            kind=each.kind,
            state=each.state,
            shown_number=each.shown_number,
            reason=each.reason,
            due_before=each.due_before,
            due_new=each.due_new,
            issued_on=each.issued_on,
            signed_by=each.signed_by,
            created_by=each.created_by.full_name,
            created_at=each.created_at,
            withdrawn_at=each.withdrawn_at,
            withdrawn_by=each.withdrawn_by.full_name if each.withdrawn_by else "",
            withdrawal_reason=each.withdrawal_reason,
        )
        for each in letters.select_related("dossier", "created_by", "withdrawn_by")
    )


def with_names(query: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """Return the same rows with the names that a list shows."""
    return query.select_related("procedure__edition", "field", "unit")


class RowMaker:
    """Makes rows of dossiers as they stand on a day."""

    def __init__(self, index: WorkingIndex, today: date) -> None:
        self.index, self.today, self.day = index, today, day_number(today)

    def __call__(self, dossier: Dossier) -> DossierRow:
        """Return a dossier as a list shows it; its procedure with edition, its field and unit are loaded."""
        state = State(dossier.state)
        stands = standing(
            state=state,
            received_day=dossier.received_day,
            finished_day=dossier.finished_day,
            due_day=dossier.due_day,
            overdue_day=dossier.overdue_day,
            on=self.today,
            index=self.index,
            soon_within=SOON_WITHIN,
        )
        is_over = stands is Standing.OVERDUE or dossier.outcome == Outcome.LATE
        until = dossier.finished_day if dossier.finished_day is not None else self.day
        waits = state == State.SUPPLEMENT and dossier.waiting_from_day is not None
        return DossierRow(
            id=dossier.pk,
            code=dossier.code,
            procedure=dossier.procedure.edition.name if dossier.procedure.edition else str(dossier.procedure),
            field=dossier.field.name,
            unit=dossier.unit.name if dossier.unit else dossier.unit_text,
            applicant=short_name(dossier.applicant),
            state=state,
            channel=Channel(dossier.channel),
            standing=stands,
            outcome=Outcome(dossier.outcome),
            outcome_first=Outcome(dossier.outcome_first),
            received_at=dossier.received_at,
            due_given=dossier.due_given,
            due_first=dossier.due_first,
            due_now=dossier.due_now,
            due_computed=dossier.due_computed,
            finished_at=dossier.finished_at,
            due_day=day_of(dossier.due_day) if dossier.due_day is not None else None,
            days_over=(
                self.index.within(dossier.due_day, until) if is_over and dossier.due_day is not None else None
            ),
            is_reappointed=dossier.is_reappointed,
            is_answered=dossier.is_answered,
            waiting_since=day_of(dossier.waiting_from_day) if waits and dossier.waiting_from_day else None,
        )


def row_maker(actor: Actor, today: date) -> RowMaker:
    """Return what makes rows for the actor's agency by its calendar. One SQL statement."""
    return RowMaker(index_of(working_calendar(actor.agency_id)), today)


def _history(dossier: Dossier, *, clear: bool) -> Iterator[ChangeRow]:
    for each in dossier.changes.select_related("batch", "by").order_by("-at", "-pk")[:100]:
        yield ChangeRow(
            at=each.at,
            batch_id=each.batch_id,
            file_name=each.batch.file_name if each.batch else "",
            by=each.by.full_name if each.by else "",
            values=tuple(
                (name, *(_shown(name, side.get(name), clear=clear) for side in (each.before, each.after)))
                for name in sorted({*each.before, *each.after})
            ),
        )


def _shown(name: str, value: Any, *, clear: bool) -> Any:
    if clear or not isinstance(value, str):
        return value
    if name == "applicant":
        return short_name(value)
    if name == "phone":
        return masked_phone(value)
    return HIDDEN if name == "address" and value else value


def _at_the_end(wanted: DossierFilter) -> DossierFilter:
    """Return a filter of how things stood before a period as one of how they stood at the end of the day before it."""
    stock = wanted.count.removesuffix("_before")
    if stock == wanted.count or wanted.period is None:
        return wanted
    day = wanted.period.start - timedelta(days=1)
    return replace(wanted, count=stock, period=Period(day, day))


COLUMNS = {
    "field": "field_id",
    "procedure": "procedure_id",
    "unit": "unit_id",
    "channel": "channel",
    "level": "level",
}
"""Dimensions, each with its column of a dossier."""


def _rows(
    agency_id: int, wanted: DossierFilter, picked: Mapping[str, list[int]], today: date
) -> tuple[str, QuerySet[Dossier]]:
    query = Dossier.objects.filter(agency_id=agency_id, received_day__isnull=False)
    period = wanted.period
    if wanted.count in STOCK_ROWS:
        column = STOCK_ROWS[wanted.count]
        end = _last_day(wanted, today)
        if _stands_now(wanted, today):
            query = query.annotate(since=F(column) + 0).filter(finished_day=None, since__lte=end)
        else:
            query = query.filter(Q(finished_day=None) | Q(finished_day__gt=end), **{f"{column}__lte": end})
        if wanted.count == "waiting":
            query = query.filter(Q(waiting_until_day=None) | Q(waiting_until_day__gt=end))
    else:
        column, condition = ROWS[wanted.count]
        within = _within(column, period) if period else {f"{column}__isnull": False}
        for each in (*wanted.also, *wanted.but):
            if ROWS[each][0] != column:
                raise KeyError(each)
        for each in wanted.also:
            condition |= ROWS[each][1]
        query = query.filter(condition, **within)
        for each in wanted.but:
            query = query.exclude(ROWS[each][1])
    if wanted.state is not None:
        query = query.filter(state=wanted.state)
    for dimension, numbers in picked.items():
        own = Q(**{f"{COLUMNS[dimension]}__in": numbers})
        query = query.filter(own | Q(unit=None) if dimension == "unit" and 0 in numbers else own)
    return column, query


def _picked(agency_id: int, wanted: DossierFilter) -> dict[str, list[int]]:
    """Return by dimension the numbers that a filter picks, as the counts know them; KeyError for words of none."""
    given = {
        "field": wanted.field_id,
        "procedure": wanted.procedure_id,
        "unit": wanted.unit_id,
        "channel": wanted.channel,
        "level": wanted.level,
    }
    picked = {dimension: [number] for dimension, number in given.items() if number is not None}
    for dimension, words in wanted.filters.items():
        numbers = _of_words(agency_id, dimension, words)
        narrowed = set(numbers) & set(picked[dimension]) if dimension in picked else set(numbers)
        picked[dimension] = sorted(narrowed)
    return picked


def _of_words(agency_id: int, dimension: str, words: Iterable[str]) -> Iterable[int]:
    if dimension == "channel":
        return [Channel[word.upper()].value for word in words]
    if dimension == "level":
        return [OnlineLevel[word.upper()].value for word in words]
    if dimension == "procedure":
        return Procedure.objects.filter(agency_id=agency_id, key__in=list(words)).values_list("pk", flat=True)
    if dimension == "field":
        return fields_named([agency_id], words)
    if dimension == "unit":
        return units_named([agency_id], words)
    raise KeyError(dimension)


def _total(agency_id: int, wanted: DossierFilter, picked: Mapping[str, list[int]], today: date) -> int | None:
    """Return how many dossiers a filter picks, from the counts; None where these do not tell."""
    if wanted.state is not None or wanted.period is None or wanted.count == "handling_days":
        return None
    if wanted.count in STOCK_ROWS:
        stock = STOCKS[wanted.count]
        until = min(wanted.period.end, today)
        found = between(agency_id, (stock.came, stock.went), None, until, picked=picked).get((), {})
        return found.get(stock.came, 0) - found.get(stock.went, 0)
    counts = dict.fromkeys((wanted.count, *wanted.also, *wanted.but))
    found = between(agency_id, counts, wanted.period.start, wanted.period.end, picked=picked).get((), {})
    return sum(
        sign * found.get(each, 0)
        for sign, names in ((1, (wanted.count, *wanted.also)), (-1, wanted.but))
        for each in names
    )


def _counted(wanted: DossierFilter) -> Combinable:
    """Return how many dossiers of a cell are asked for: its count and those beside it, less the parts left out."""
    number: Combinable = F(wanted.count)
    for each in wanted.also:
        number = number + F(each)
    for each in wanted.but:
        number = number - F(each)
    return number


def _buckets(agency_id: int, picked: Mapping[str, list[int]]) -> QuerySet[Bucket]:
    """Return the counts of the coarsest shape that knows what is picked."""
    shape = Shape.ALL if not picked else Shape.FIELD if set(picked) == {"field"} else Shape.CELL
    keys = {f"{KEYS[dimension]}__in": numbers for dimension, numbers in picked.items()}
    return Bucket.objects.filter(agency_id=agency_id, shape=shape, **keys)


def _days_of(
    agency_id: int, wanted: DossierFilter, picked: Mapping[str, list[int]], *, before: int | None, size: int
) -> list[int]:
    """Return the newest days on which the counts know what is asked for, as many as fill a page: few are looked at."""
    assert wanted.period is not None  # noqa: S101 - without one there is no total
    first, last = day_number(wanted.period.start), day_number(wanted.period.end)
    last = last if before is None else min(last, before)
    # One more than a page: rows of the day at which the page before ended were shown already.
    rows = _buckets(agency_id, picked).annotate(own=_counted(wanted)).filter(own__gt=0).order_by("-start")
    months = rows.filter(grain=Grain.MONTH, start__lte=last, start__gt=first - 31)
    earliest = first
    known = 0
    for start, number in months.values_list("start").annotate(number=Sum("own")):
        known += number if start + 31 < last else 0
        if known > 2 * size:
            earliest = max(first, start)
            break
    days: list[int] = []
    known = 0
    plus = (wanted.count, *wanted.also)
    for start, number in newest_days(agency_id, plus, wanted.but, earliest, last, picked=picked):
        days.append(start)
        known += number if start != before else 0
        if known > size:
            break
    return days


def _by_code(agency_id: int, code: str, today: date, size: int) -> list[Dossier]:
    """Return dossiers by their code; else by its end, on the day that it names or among those of a month."""
    code = code.strip().upper()
    own = with_names(Dossier.objects.filter(agency_id=agency_id))
    if exact := list(own.filter(code=code)):
        return exact
    last, days = day_number(today), RECENT_DAYS
    named = re.search(r"(\d{2})(\d{2})(\d{2})-\w+$", code)
    if named:
        try:
            last, days = day_number(date(2000 + int(named[1]), int(named[2]), int(named[3]))) + 7, 15
        except ValueError:
            return []
    ending = own.filter(code__endswith=code, received_day__gt=last - days, received_day__lte=last)
    return list(ending.order_by("-received_day", "-pk")[:size])


def _within(column: str, period: Period) -> dict[str, int]:
    return {f"{column}__gte": day_number(period.start), f"{column}__lte": day_number(period.end)}


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a page ended: the day and key of its last row, and how many rows lie behind."""

    day: int
    pk: int
    shown: int


def _place(after: str) -> _Place | None:
    if not re.fullmatch(r"-?\d{1,8}\.\d{1,18}\.\d{1,9}", after):
        return None
    return _Place(*(int(part) for part in after.split(".")))


def _beyond(column: str, place: _Place, *, is_rising: bool) -> Q:
    beyond = "gt" if is_rising else "lt"
    return Q(**{f"{column}__{beyond}e": place.day}) & (
        Q(**{f"{column}__{beyond}": place.day}) | Q(**{column: place.day, f"pk__{beyond}": place.pk})
    )


def _last_day(wanted: DossierFilter, today: date) -> int:
    return day_number(min(wanted.period.end, today) if wanted.period else today)


def _stands_now(wanted: DossierFilter, today: date) -> bool:
    return _last_day(wanted, today) >= day_number(today)
