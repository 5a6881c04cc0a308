"""Which dossiers stand behind a count: the same rule as :func:`camket.core.tally.contributions`, read the other way.

A test holds the two together: for every count and any period the rows listed here add up to what the buckets say.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from camket.core.dossiers import ADVANCED_LEVELS, Channel, OnlineLevel, Outcome, Payment
from camket.core.masking import short_name
from camket.core.plan import Period
from camket.core.rollup import STOCKS, Stand
from camket.core.tally import COUNTS, HANDLING_STEPS, Facts, contributions, day_number, day_of
from camket.core.wording.text import search_key
from camket.dossiers.models import Dossier
from camket.org.models import Unit
from camket.org.policy import Actor, require

Filters = Mapping[str, Sequence[str]]

RECEIVED, FINISHED, OVERDUE = "received_day", "finished_day", "overdue_day"
WAITING, WAITED, REAPPOINTED = "waiting_from_day", "waiting_until_day", "reappointed_day"
_PAID = (Payment.PAID_AT_COUNTER, Payment.PAID_ONLINE)


def _handled(low: int | None, high: int | None) -> Q:
    above = Q(handling_days__isnull=False) if low is None else Q(handling_days__gt=low)
    return above if high is None else above & Q(handling_days__lte=high)


RULES: Mapping[str, tuple[str, Q]] = {
    "received": (RECEIVED, Q()),
    "received_online": (RECEIVED, Q(channel=Channel.ONLINE)),
    "received_direct": (RECEIVED, Q(channel=Channel.DIRECT)),
    "received_postal": (RECEIVED, Q(channel=Channel.POSTAL)),
    "received_advanced": (RECEIVED, Q(level__in=ADVANCED_LEVELS)),
    "received_advanced_online": (RECEIVED, Q(level__in=ADVANCED_LEVELS, channel=Channel.ONLINE)),
    "received_digitised": (RECEIVED, Q(is_digitised=True)),
    "finished": (FINISHED, Q()),
    "early": (FINISHED, Q(outcome=Outcome.EARLY)),
    "on_time": (FINISHED, Q(outcome=Outcome.ON_TIME)),
    "late": (FINISHED, Q(outcome=Outcome.LATE)),
    "late_first": (FINISHED, Q(outcome_first=Outcome.LATE)),
    "withdrawn": (FINISHED, Q(is_withdrawn=True)),
    "result_digitised": (FINISHED, Q(is_result_digitised=True)),
    "fee_due": (FINISHED, Q(payment__in=_PAID)),
    "paid_online": (FINISHED, Q(payment=Payment.PAID_ONLINE)),
    "handling_days": (FINISHED, Q(handling_days__gt=0)),
    **{
        f"handled_{step}": (FINISHED, _handled(below, step))
        for below, step in zip((None, *HANDLING_STEPS[:-1]), HANDLING_STEPS, strict=True)
    },
    "handled_longer": (FINISHED, _handled(HANDLING_STEPS[-1], None)),
    "cleared_overdue": (FINISHED, Q(overdue_day__isnull=False)),
    "fell_overdue": (OVERDUE, Q()),
    "fell_overdue_answered": (OVERDUE, Q(is_answered=True)),
    "waiting_began": (WAITING, Q()),
    "waiting_ended": (WAITED, Q(waiting_from_day__isnull=False)),
    "reappointed": (REAPPOINTED, Q()),
}
"""For each count by day: the column of the day to which a dossier adds, and which dossiers add to it."""

_STANDING = {"open": (RECEIVED, FINISHED), "overdue": (OVERDUE, FINISHED), "waiting": (WAITING, WAITED)}


@dataclass(frozen=True, slots=True)
class CountedDossier:
    """A dossier behind a count: ``day`` is the one it counts on, ``amount`` what it adds. The applicant is masked."""

    id: int
    code: str
    procedure: str
    field: str
    unit: str
    applicant: str
    received_on: date | None
    due_on: date | None
    finished_on: date | None
    outcome: Outcome
    is_withdrawn: bool
    day: date
    amount: int


@dataclass(frozen=True, slots=True)
class CountedPage:
    """A page of the dossiers behind a count, the latest first; ``after`` leads to the next one, "" where there is none."""

    rows: tuple[CountedDossier, ...]
    after: str


def counted_dossiers(
    actor: Actor,
    count: str,
    period: Period,
    *,
    filters: Filters | None = None,
    but: Collection[str] = (),
    after: str = "",
    size: int = 50,
) -> CountedPage:
    """Return the actor's agency's dossiers that a count of a period is made of; one SQL statement, two with units.

    ``but`` are counts of the same day whose dossiers are left out: late ones are those finished but neither early nor
    on time. ``after`` is what the page before gave. KeyError for a count of another kind.
    """
    require(actor, "dossier.view")
    rows = dossiers_behind(actor.agency_id, count, period, filters=filters, but=but)
    column = day_column(count)
    if cut := _cursor(after):
        day, pk = cut
        rows = rows.filter(Q(**{f"{column}__lt": day}) | Q(**{column: day, "pk__lt": pk}))
    found = list(
        rows.select_related("procedure__edition", "field", "unit").order_by(f"-{column}", "-pk")[: size + 1]
    )
    shown = found[:size]
    last = f"{getattr(shown[-1], column)}.{shown[-1].pk}" if len(found) > size else ""
    return CountedPage(tuple(_row(each, count, column) for each in shown), last)


def dossiers_behind(
    agency_id: int,
    count: str,
    period: Period,
    *,
    filters: Filters | None = None,
    but: Collection[str] = (),
) -> QuerySet[Dossier]:
    """Return the dossiers that a count of a period is made of, in no order. For who may look at the agency."""
    rows = Dossier.objects.filter(agency_id=agency_id, received_day__isnull=False)
    start, end = day_number(period.start), day_number(period.end)
    stock = STOCKS.get(count)
    if stock is not None:
        came, went = _STANDING[count.removesuffix("_before")]
        day = end if stock.stand is Stand.END else start - 1
        rows = rows.filter(
            Q(**{f"{went}__isnull": True}) | Q(**{f"{went}__gt": day}), **{f"{came}__lte": day}
        )
    else:
        column, condition = RULES[count]
        rows = rows.filter(condition, **{f"{column}__gte": start, f"{column}__lte": end})
        for each in but:
            if RULES[each][0] != column:
                raise KeyError(each)
            rows = rows.exclude(RULES[each][1])
    return _filtered(rows, agency_id, filters or {})


def day_column(count: str) -> str:
    """Return the column of the day by which a count's dossiers are listed; KeyError for an unknown count."""
    if count in STOCKS:
        return _STANDING[count.removesuffix("_before")][0]
    return RULES[count][0]


def share_day(counts: Collection[str]) -> bool:
    """Return whether all these counts arise on the same day of a dossier, so that some can be taken from others."""
    return all(count in RULES for count in counts) and len({RULES[count][0] for count in counts}) == 1


def counts_of(facts: Facts) -> tuple[tuple[date, tuple[str, ...]], ...]:
    """Return the days to which a dossier adds, each with the counts that it adds to there, for its own page."""
    return tuple(
        (day_of(day), tuple(count for count in COUNTS if added.get(count)))
        for day, added in contributions(facts)
    )


def _filtered(rows: QuerySet[Dossier], agency_id: int, filters: Filters) -> QuerySet[Dossier]:
    """Keep the dossiers that the filters of a formula let through, as the sums of buckets do."""
    for dimension, words in sorted(filters.items()):
        match dimension:
            case "field":
                either = Q()
                for word in words:
                    either |= Q(field__key__contains=search_key(word))
                rows = rows.filter(either)
            case "procedure":
                rows = rows.filter(procedure__key__in=list(words))
            case "unit":
                wanted = [search_key(word) for word in words]
                units = Unit.objects.filter(agency_id=agency_id).values_list("pk", "name")
                rows = rows.filter(
                    unit_id__in=[pk for pk, name in units if any(w in search_key(name) for w in wanted)]
                )
            case "channel":
                rows = rows.filter(channel__in=[Channel[word.upper()] for word in words])
            case "level":
                rows = rows.filter(level__in=[OnlineLevel[word.upper()] for word in words])
            case _:
                raise KeyError(dimension)
    return rows


def _cursor(after: str) -> tuple[int, int] | None:
    day, dot, pk = after.partition(".")
    return (int(day), int(pk)) if dot and day.isdecimal() and pk.isdecimal() and len(after) < 40 else None


def _row(row: Dossier, count: str, column: str) -> CountedDossier:
    edition = row.procedure.edition
    return CountedDossier(
        id=row.pk,
        code=row.code,
        procedure=edition.name if edition else row.procedure.key,
        field=row.field.name,
        unit=row.unit.name if row.unit else row.unit_text,
        applicant=short_name(row.applicant) if row.applicant else "",
        received_on=_day(row.received_day),
        due_on=_day(row.due_day),
        finished_on=_day(row.finished_day),
        outcome=Outcome(row.outcome),
        is_withdrawn=row.is_withdrawn,
        day=day_of(getattr(row, column)),
        amount=(row.handling_days or 0) if count == "handling_days" else 1,
    )


def _day(number: int | None) -> date | None:
    return None if number is None else day_of(number)
