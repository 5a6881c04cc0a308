"""What citizens of the agencies below say and are told: satisfaction, feedback in time, what is public, who has not reported.

For those who look from above. Every number is one that the agency's own pages show: of answers whole blocks of five
alone (:mod:`camket.core.small_groups`), so that sums over agencies tell no more.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from django.db.models import Count, Max, OuterRef, Subquery
from django.utils import timezone

from camket.core.plan import Period
from camket.core.small_groups import SMALLEST
from camket.core.wording.text import search_key
from camket.indicators.sources import source
from camket.org.policy import Actor, Scope, require, roles_reaching
from camket.org.queries import agencies_under, in_order
from camket.publishing.models import Publication
from camket.reporting.models import Report, Subject

REPORTED_WITHIN = timedelta(days=183)
"""An agency has reported if it issued a report of a period that ended within so many days: half a year."""

_FEEDBACK = ("received", "due", "in_time", "overdue")


class Order(StrEnum):
    """What the list is sorted by; what calls most for attention first."""

    NAME = "name"
    SATISFACTION = "satisfaction"
    ANSWERS = "answers"
    FEEDBACK = "feedback"
    OVERDUE = "overdue"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class CitizensRow:
    """One agency below, in a year so far."""

    id: int
    code: str
    name: str
    level: str
    rated: int
    satisfied: int
    received: int
    due: int
    in_time: int
    overdue: int
    kinds_public: int
    published_on: date | None
    reported_upto: date | None
    has_reported: bool

    @property
    def satisfaction(self) -> Decimal | None:
        """Satisfied in per cent of those who rated on the whole; None where fewer than five did."""
        return Decimal(self.satisfied) * 100 / self.rated if self.rated >= SMALLEST else None

    @property
    def share_in_time(self) -> Decimal | None:
        """Feedback settled in time in per cent of what fell due; None where nothing did."""
        return Decimal(self.in_time) * 100 / self.due if self.due else None

    @property
    def lacks(self) -> bool:
        """Whether it has no figure of satisfaction, nothing public, or no report."""
        return self.satisfaction is None or not self.kinds_public or not self.has_reported


def citizens_below(actor: Actor, today: date) -> list[CitizensRow]:
    """Return every agency below the actor's; seven SQL statements however many there are.

    Raises NotAllowed for who does not look from above.
    """
    require(actor, "below.view")
    if actor.scope is not Scope.AGENCY or actor.roles.isdisjoint(roles_reaching(Scope.BELOW)):
        return []
    reported = (
        Report.objects.filter(
            agency_id=OuterRef("pk"), state=Report.State.ISSUED, subject=Subject.OBJECTIVES, unit=None
        )
        .order_by("-period_end")
        .values("period_end")[:1]
    )
    rows = list(
        agencies_under(actor.agency_id, today)
        .annotate(reported_upto=Subquery(reported))
        .order_by("pk")
        .values_list("pk", "code", "name", "level_id", "reported_upto")
    )
    ids = [row[0] for row in rows]
    year = Period(date(today.year, 1, 1), today)
    # December is shown from the sixth of January on: until then the year before is the one to look at.
    answers_of = year if today.month > 1 else Period(date(today.year - 1, 1, 1), today)
    answers = source("surveys").sums(
        ids, [answers_of], ["overall_rated", "overall_satisfied"], {}, today=today
    )
    feedback = source("feedback").sums(ids, [year], _FEEDBACK, {}, today=today)
    public = {
        agency_id: (kinds, at)
        for agency_id, kinds, at in Publication.objects.filter(
            agency_id__in=ids, state=Publication.State.PUBLISHED
        )
        .values_list("agency_id")
        .annotate(Count("kind", distinct=True), Max("published_at"))
        .order_by()
    }
    found = []
    for pk, code, name, level, upto in rows:
        said, handled = answers[pk, answers_of], feedback[pk, year]
        kinds, at = public.get(pk, (0, None))
        found.append(
            CitizensRow(
                id=pk,
                code=code,
                name=name,
                level=level,
                rated=int(said["overall_rated"]),
                satisfied=int(said["overall_satisfied"]),
                received=int(handled["received"]),
                due=int(handled["due"]),
                in_time=int(handled["in_time"]),
                overdue=int(handled["overdue"]),
                kinds_public=kinds,
                published_on=timezone.localdate(at) if at else None,
                reported_upto=upto,
                has_reported=upto is not None and upto >= today - REPORTED_WITHIN,
            )
        )
    return found


def ordered(
    rows: Iterable[CitizensRow], *, words: str = "", only_lacking: bool = False, order: Order = Order.NAME
) -> list[CitizensRow]:
    """Return the agencies that hold all words, in an order; ``only_lacking`` leaves those that lack something."""
    wanted = search_key(words).split()
    found = [
        row
        for row in rows
        if all(word in f"{search_key(row.name)} {row.code.casefold()}" for word in wanted)
        and (row.lacks or not only_lacking)
    ]
    found.sort(key=lambda row: (in_order(row.name), row.code))
    match order:
        case Order.SATISFACTION:
            found.sort(key=lambda row: (row.satisfaction is None, row.satisfaction or Decimal(0)))
        case Order.ANSWERS:
            found.sort(key=lambda row: row.rated)
        case Order.FEEDBACK:
            found.sort(key=lambda row: (row.share_in_time is None, row.share_in_time or Decimal(0)))
        case Order.OVERDUE:
            found.sort(key=lambda row: -row.overdue)
        case Order.PUBLISHED:
            found.sort(key=lambda row: (row.kinds_public, row.published_on or date.min))
    return found
