"""The rows behind a count: what each source's numbers are made of, a page at a time.

Dossiers are listed by :mod:`camket.dossiers.queries.dossiers`; here are the tasks and procedures, and the one door to
all of them. The rows of a count and period add up to what the source counts; tests hold them together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case, F, Q, QuerySet, When
from django.db.models.functions import TruncDate
from django.utils import timezone

from camket.actions.models import Action, Task
from camket.actions.queries import TaskRow, tasks_of
from camket.core import feedback
from camket.core.formulas import Formula
from camket.core.plan import Period
from camket.core.registers import REGISTERS
from camket.core.wording.text import search_key
from camket.dossiers.models import Field, Procedure
from camket.dossiers.queries.dossiers import ROWS, DossierFilter, DossierRow, dossier_page
from camket.dossiers.queries.sums import fields_named
from camket.indicators.entries_behind import EntryLine, entries_behind
from camket.indicators.models import Indicator
from camket.indicators.queries import ReadingRow, readings_of
from camket.indicators.sources import source
from camket.indicators.sources.feedback import FeedbackRows
from camket.org.models import Unit
from camket.org.policy import Actor, require
from camket.org.queries import units_named
from camket.voices.feedback_sight import not_about
from camket.voices.models import Feedback

Filters = Mapping[str, Sequence[str]]
PAGE = 50


@dataclass(frozen=True, slots=True)
class ProcedureRow:
    """An administrative procedure behind a count of the catalogue."""

    id: int
    code: str
    name: str
    field: str


@dataclass(frozen=True, slots=True)
class FeedbackLine:
    """A piece of feedback behind a count: never a word of it, nor of its sender."""

    id: int
    code: str
    kind: str
    way: str
    unit: str
    received_on: date
    last_day: date
    settled_on: date | None


@dataclass(frozen=True, slots=True)
class Behind:
    """A page of the rows behind a count: of one kind, the others empty.

    ``following`` begins the next page, ``field`` is the name of the field that was asked for.
    """

    dossiers: tuple[DossierRow, ...] = ()
    tasks: tuple[TaskRow, ...] = ()
    procedures: tuple[ProcedureRow, ...] = ()
    readings: tuple[ReadingRow, ...] = ()
    feedback: tuple[FeedbackLine, ...] = ()
    entries: tuple[EntryLine, ...] = ()
    following: str = ""
    field: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether the page has no row at all."""
        some = (self.dossiers, self.tasks, self.procedures, self.readings, self.feedback, self.entries)
        return not any(some)


def behind(
    actor: Actor,
    formula: Formula,
    count: str,
    period: Period,
    today: date,
    *,
    also: tuple[str, ...] = (),
    but: tuple[str, ...] = (),
    field: str = "",
    after: str = "",
    size: int = PAGE,
) -> Behind:
    """Return the rows that a count of a formula is made of in a period, a page after ``after``.

    ``also`` are further counts (:func:`can_be_joined`), ``but`` leaves out those of parts of it
    (:func:`can_be_left_out`), ``field`` leaves out the dossiers of all but the field of this very
    key. KeyError for a count that the source does not have or whose rows cannot be listed; Field.DoesNotExist.
    """
    require(actor, "plan.view")
    if not source(formula.source).counts[count].has_rows:
        raise KeyError(count)
    match formula.source:
        case "dossiers":
            filters = {key: tuple(words) for key, words in formula.filters.items()}
            own = Field.objects.get(agency_id=actor.agency_id, key=field) if field else None
            wanted = DossierFilter(
                count, period, filters, field_id=own.pk if own else None, also=also, but=but
            )
            page = dossier_page(actor, wanted, today, after=after, size=size)
            return Behind(dossiers=page.rows, following=page.following, field=own.name if own else "")
        case "tasks":
            return _tasks(actor, count, period, formula.filters, today, after, size)
        case "procedures":
            return _procedures(actor, count, period, formula.filters, today, after, size)
        case "readings":
            return _readings(actor, period, formula.filters)
        case "feedback":
            return _feedback(actor, count, period, formula.filters, after, size)
        case key if key in REGISTERS:
            found = entries_behind(actor, key, count, period, formula.filters, after, size)
            return Behind(entries=found.rows, following=found.following)
    raise KeyError(formula.source)


_EXCLUSIVE = (
    frozenset({"early", "on_time", "late"}),
    frozenset({"received_online", "received_direct", "received_postal"}),
    frozenset({"handled_0", "handled_1", "handled_2", "handled_5", "handled_10", "handled_15", "handled_20", "handled_30",
               "handled_longer"}),
)  # fmt: skip
"""Counts of dossiers of which no dossier adds to two."""
_WHOLES = frozenset({"received", "finished", "fell_overdue"})
"""Counts that hold every other count by the same day."""
_PARTS = frozenset({("fee_due", "paid_online"), ("received_advanced", "received_advanced_online")})


def can_be_joined(formula_source: str, counts: Sequence[str]) -> bool:
    """Return whether the rows of several counts can be listed as one: dossiers of which none is in two of them."""
    return len(counts) == 1 or (
        formula_source == "dossiers" and any(set(counts) <= each for each in _EXCLUSIVE)
    )


def can_be_left_out(formula_source: str, count: str, but: Sequence[str]) -> bool:
    """Return whether the rows of some counts can be left out of those of another: parts of it, no dossier in two."""
    if formula_source != "dossiers" or count in but or any(each not in ROWS for each in (count, *but)):
        return False
    is_whole = count in _WHOLES and all(ROWS[each][0] == ROWS[count][0] for each in but)
    return can_be_joined(formula_source, but) and (is_whole or (count, *but) in _PARTS)


_SETTLED = Case(
    When(state=Task.State.ACCEPTED, then=F("done_on")),
    When(state=Task.State.SUBMITTED, then=TruncDate("submitted_at")),
)


def tasks_behind(agency_id: int, count: str, period: Period, filters: Filters) -> QuerySet[Task]:
    """Return the tasks that a count of a period is made of, as the source of tasks counts them.

    For who may look at the agency; KeyError for an unknown count.
    """
    tasks = (
        Task.objects.filter(agency_id=agency_id)
        .exclude(state=Task.State.CANCELLED)
        .exclude(action__state=Action.State.DRAFT)
        .annotate(settled_on=_SETTLED)
    )
    accepted = Q(state=Task.State.ACCEPTED, settled_on__isnull=False)
    due = Q(late_after__range=(period.start, period.end))
    if count in ("overdue", "overdue_before"):
        day = period.end if count == "overdue" else period.start - timedelta(days=1)
        tasks = tasks.filter(
            Q(settled_on__isnull=True) | Q(settled_on__gt=day),
            late_after__lt=day,
        )
    else:
        tasks = tasks.filter(
            {
                "due": due,
                "on_time": due & accepted & Q(settled_on__lte=F("late_after")),
                "late": due & accepted & Q(settled_on__gt=F("late_after")),
                "submitted": due & Q(state=Task.State.SUBMITTED),
                "not_done": due & ~Q(state=Task.State.SUBMITTED) & ~accepted,
                "done": accepted & Q(settled_on__range=(period.start, period.end)),
            }[count]
        )
    if "kind" in filters:
        tasks = tasks.filter(kind__in=list(filters["kind"]))
    if "unit" in filters:
        words = [search_key(word) for word in filters["unit"]]
        units = Unit.objects.filter(agency_id=agency_id).values_list("pk", "name")
        tasks = tasks.filter(
            unit_id__in=[pk for pk, name in units if any(w in search_key(name) for w in words)]
        )
    return tasks


def _tasks(
    actor: Actor, count: str, period: Period, filters: Filters, today: date, after: str, size: int
) -> Behind:
    tasks = tasks_behind(actor.agency_id, count, period, filters)
    if place := _place(after):
        day, pk = place
        tasks = tasks.filter(Q(late_after__lt=day) | Q(late_after=day, pk__lt=pk))
    found = list(tasks.order_by("-late_after", "-pk").values_list("pk", "late_after")[: size + 1])
    rows = tasks_of(actor, [pk for pk, _ in found[:size]], today)
    following = f"{found[size - 1][1].isoformat()}.{found[size - 1][0]}" if len(found) > size else ""
    return Behind(tasks=tuple(rows[pk] for pk, _ in found[:size]), following=following)


def _place(after: str) -> tuple[date, int] | None:
    day, _dot, pk = after.partition(".")
    try:
        return date.fromisoformat(day), int(pk)
    except ValueError:
        return None


def _procedures(
    actor: Actor, count: str, period: Period, filters: Filters, today: date, after: str, size: int
) -> Behind:
    groups = source("procedures").groups(
        actor.agency_id, [period], [count], filters, "procedure", today=today
    )
    keys = [choice.word for (_, choice), numbers in groups.items() if numbers[count]]
    rows = (
        Procedure.objects.filter(agency_id=actor.agency_id, key__in=keys)
        .order_by("pk")
        .values_list("pk", "code", "key", "edition__name", "edition__field__name")
    )
    if after.isdecimal():
        rows = rows.filter(pk__gt=int(after))
    found = list(rows[: size + 1])
    return Behind(
        procedures=tuple(
            ProcedureRow(pk, code, name or key, field or "") for pk, code, key, name, field in found[:size]
        ),
        following=str(found[size - 1][0]) if len(found) > size else "",
    )


def _readings(actor: Actor, period: Period, filters: Filters) -> Behind:
    """Return the confirmed readings of a period, of the one indicator that such a formula names."""
    words = set(filters.get("indicator", ()))
    ids = [
        pk
        for pk, code, name in Indicator.objects.filter(
            agency_id=actor.agency_id, formula__isnull=True, adds_up=True
        ).values_list("pk", "definition_code", "name")
        if (code or search_key(name)) in words
    ]
    return Behind(
        readings=tuple(
            reading
            for pk in ids[:5]
            for reading in readings_of(actor, pk)
            if reading.is_confirmed and period.start <= reading.period.end <= period.end
        )
    )


def _feedback(actor: Actor, count: str, period: Period, filters: Filters, after: str, size: int) -> Behind:
    """Return the feedback that a count of a period is made of, without what is about the actor."""
    rows = (
        Feedback.objects.filter(not_about(actor), agency_id=actor.agency_id)
        .exclude(state=Feedback.State.MERGED)
        .select_related("unit")
        .prefetch_related("concerns")
    )
    units = frozenset(units_named([actor.agency_id], filters["unit"])) if "unit" in filters else None
    fields = frozenset(fields_named([actor.agency_id], filters["field"])) if "field" in filters else None
    found: list[tuple[Feedback, FeedbackRows]] = []
    for row in rows.order_by("-received_at", "-pk"):
        counted = FeedbackRows(
            row.agency_id,
            row.kind,
            row.field_id or 0,
            row.unit_id or 0,
            row.way,
            row.state,
            timezone.localdate(row.received_at),
            row.pass_on_by,
            row.due_on,
            timezone.localdate(row.settled_at) if row.settled_at else None,
            timezone.localdate(row.published_at) if row.published_at else None,
            row.outcome,
            1,
        )
        if (
            counted.makes_up(count, period)
            and (units is None or counted.unit_id in units)
            and (fields is None or counted.field_id in fields)
            and ("kind" not in filters or row.kind in filters["kind"])
            and ("way" not in filters or row.way in filters["way"])
        ):
            found.append((row, counted))
    start = int(after) if after.isdecimal() and len(after) < 9 else 0
    return Behind(
        feedback=tuple(
            FeedbackLine(
                row.pk,
                row.code,
                row.kind,
                row.way,
                row.unit.name if row.unit else "",
                counted.received_on,
                feedback.last_day(row.state, pass_on_by=row.pass_on_by, due_on=row.due_on),
                counted.settled_on,
            )
            for row, counted in found[start : start + size]
        ),
        following=str(start + size) if len(found) > start + size else "",
    )
