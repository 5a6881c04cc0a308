"""What the one-stop shop has to do today: overdue dossiers with and without a letter, those soon late, those that wait."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from django.db.models import Count, F, Q

from camket.core.calendar import index_of
from camket.core.dossier_clock import SOON_WITHIN, soon_until
from camket.core.dossiers import State
from camket.core.tally import day_number, day_of
from camket.dossiers.models import Dossier, Letter
from camket.dossiers.queries.dossiers import DossierRow, RowMaker, with_names
from camket.org.calendar import working_calendar
from camket.org.policy import Actor, require

WAITS_LONG = 30
"""Days after which waiting for supplements is long: the applicant is asked again, or the dossier is stopped."""
SHOWN = 100


class Group(StrEnum):
    """Why a dossier is on the list, the most urgent first."""

    UNANSWERED = "unanswered"
    TODAY = "today"
    SOON = "soon"
    ANSWERED = "answered"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class WorkGroup:
    """One group: how many there are, and the most urgent of them."""

    group: Group
    total: int
    rows: tuple[DossierRow, ...]


@dataclass(frozen=True, slots=True)
class WorkList:
    """The list of a day. ``soon_until`` is the last due day that is soon; ``drafts`` letters wait for their number."""

    on: date
    soon_until: date
    groups: tuple[WorkGroup, ...]
    drafts: int

    def total(self, group: Group) -> int:
        """Return how many are in a group."""
        return next(each.total for each in self.groups if each.group is group)

    @property
    def overdue(self) -> int:
        """How many open dossiers are overdue."""
        return self.total(Group.UNANSWERED) + self.total(Group.ANSWERED)

    @property
    def is_empty(self) -> bool:
        """Whether nothing needs doing."""
        return not any(each.total for each in self.groups)


def work_list(
    actor: Actor,
    today: date,
    *,
    unit_id: int | None = None,
    soon_within: int = SOON_WITHIN,
    waits_long: int = WAITS_LONG,
    only: Group | None = None,
) -> WorkList:
    """Return what needs doing on a day, of one unit where asked; ``only`` shows the rows of one group.

    Seven SQL statements at most.
    """
    require(actor, "dossier.view")
    index = index_of(working_calendar(actor.agency_id))
    day, last = day_number(today), soon_until(today, index, soon_within)
    # Nothing is asked of a day that has an index: engines would go by it, over all that ever fell overdue, instead of
    # by the few that are open.
    open_ones = Dossier.objects.filter(agency_id=actor.agency_id, finished_day=None).annotate(
        over=F("overdue_day") + 0
    )
    if unit_id is not None:
        open_ones = open_ones.filter(unit_id=unit_id) if unit_id else open_ones.filter(unit=None)
    # A clock that stands still has no day on which it falls overdue.
    conditions = {
        Group.UNANSWERED: Q(over__lte=day, is_answered=False),
        Group.TODAY: Q(over__gt=day, due_day=day),
        Group.SOON: Q(over__gt=day, due_day__gt=day, due_day__lte=last),
        Group.ANSWERED: Q(over__lte=day, is_answered=True),
        Group.WAITING: Q(state=State.SUPPLEMENT, waiting_from_day__lte=day - waits_long),
    }
    totals = open_ones.aggregate(
        **{group.value: Count("pk", filter=condition) for group, condition in conditions.items()}
    )
    drafts = Letter.objects.filter(agency_id=actor.agency_id, state=Letter.State.DRAFT).values_list(
        "dossier_id", flat=True
    )
    drafted = frozenset(drafts)
    make = RowMaker(index, today)
    groups = []
    for group, condition in conditions.items():
        rows: tuple[DossierRow, ...] = ()
        if totals[group.value] and only in (None, group):
            order = "waiting_from_day" if group is Group.WAITING else "due_day"
            found = with_names(open_ones.filter(condition)).order_by(order, "pk")
            rows = tuple(
                replace(make(each), has_draft=each.pk in drafted)
                for each in found[: SHOWN if only is None else 5 * SHOWN]
            )
        groups.append(WorkGroup(group, totals[group.value], rows))
    return WorkList(today, day_of(last), tuple(groups), len(drafts))
