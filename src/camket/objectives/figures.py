"""A target's counted figure taken apart: its terms, its months, its fields, how fast its allowance went, its origin.

Everything comes from a source's sums, never from its rows. For who may see the target: callers have its verdict.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import OuterRef

from camket.core.formulas import Formula, Result, Term, evaluate, from_json, result_of
from camket.core.periods import same_last_year
from camket.core.plan import Period
from camket.core.rollup import Number, months_of
from camket.core.tally import HANDLING_STEPS
from camket.core.targets import Figure
from camket.core.wording.text import search_key
from camket.dossiers.models import Batch, TallyRevision
from camket.indicators.behind import can_be_joined, can_be_left_out
from camket.indicators.counting import covered
from camket.indicators.sources import source
from camket.indicators.sources.door import Choice, GivesFigures, Source, given
from camket.objectives.models import Target
from camket.objectives.verdicts import PlanVerdicts, TargetVerdict, plan_judged
from camket.org.personal import shown_name
from camket.org.policy import Actor, require

HANDLING = (*(f"handled_{step}" for step in HANDLING_STEPS), "handled_longer")
"""Counts of dossiers by how many working days they took, shortest first."""

_ON_TIME = frozenset({"early", "on_time"})
_FINISHED = (Term("finished"),)
_WITH_OVERDUE = (Term("finished"), Term("overdue"))
_SHOWN_BATCHES = 20


@dataclass(frozen=True, slots=True)
class TermSum:
    """One term of a formula with its number in the period; ``label`` is a message id.

    ``part`` is numerator or denominator. ``has_rows``: what it counts can be listed.
    """

    part: str
    count: str
    label: str
    times: int
    number: Number
    is_stock: bool
    has_rows: bool


@dataclass(frozen=True, slots=True)
class MonthFigure:
    """A month's own result, or how it stood at its end, with the year before's; ``failed`` are the failures up to its end.

    Of a month still to come there is only the year before's; ``period`` is ``whole`` cut where the records end.
    ``figure`` and ``figure_before`` are there where a source gave them itself: a grade is no number to show.
    """

    period: Period
    whole: Period
    result: Result | None
    before: Result | None
    failed: Decimal | None
    figure: Figure | None = None
    figure_before: Figure | None = None


@dataclass(frozen=True, slots=True)
class GroupFigure:
    """The result of one field."""

    choice: Choice
    result: Result


@dataclass(frozen=True, slots=True)
class FigureDetail:
    """A counted figure, taken apart.

    ``period`` are the days counted: of the target's period those that the records tell of. ``rest`` are the counts
    left out of ``rest_of`` to list what the numerator lacks; "" where that cannot be listed. ``other`` is the other
    reading of "on time" (with or without what is overdue and still open), None for another figure. ``handling`` counts
    dossiers by class of handling time, empty for another source. ``figure`` and ``figure_before`` are there where the
    source gave them itself; ``is_grown``: each counts from the period's beginning, as a quantity grew.
    """

    formula: Formula
    code: str
    title: str
    period: Period
    span: Period
    result: Result
    before: Result | None
    terms: tuple[TermSum, ...]
    rest_of: str
    rest: tuple[str, ...]
    rest_number: Number
    months: tuple[MonthFigure, ...]
    fields: tuple[GroupFigure, ...]
    handling: tuple[tuple[str, int], ...]
    other: tuple[Formula, Result] | None
    figure: Figure | None = None
    figure_before: Figure | None = None
    is_grown: bool = False

    @property
    def is_stock(self) -> bool:
        """Whether it says how things stand, so that months are not parts of it."""
        return any(term.is_stock for term in self.terms)


@dataclass(frozen=True, slots=True)
class FigureHead:
    """What a target's counted figure is, without reckoning it: for pages of the rows behind it."""

    target_id: int
    text: str
    objective_id: int
    objective: str
    year: int
    formula: Formula
    period: Period
    rest_of: str
    rest: tuple[str, ...]
    joined: tuple[str, ...]

    @property
    def counts(self) -> tuple[tuple[str, str], ...]:
        """The counts whose rows can be listed, each with its label (a message id)."""
        known = source(self.formula.source).counts
        return tuple((count, known[count].label) for count in self.formula.counts if known[count].has_rows)


def joined_of(formula: Formula) -> tuple[str, ...]:
    """Return the counts of the numerator where their rows can be listed as one, else none."""
    counts = tuple(term.count for term in formula.numerator)
    if any(term.times != 1 for term in formula.numerator) or len(counts) == 1:
        return ()
    return counts if can_be_joined(formula.source, counts) else ()


def figure_head(actor: Actor, target_id: int, on: date) -> FigureHead | None:
    """Return what a target's counted figure is on a day; None where it is not counted. A few SQL statements.

    Raises Target.DoesNotExist for another agency's.
    """
    require(actor, "plan.view")
    text, objective_id, number, year, kept, start, end, plan_start, plan_end = Target.objects.values_list(
        "text", "objective_id", "objective__number", "objective__plan__year", "indicator__formula",
        "period_start", "period_end", "objective__plan__period_start", "objective__plan__period_end",
    ).get(pk=target_id, objective__plan__agency_id=actor.agency_id)  # fmt: skip
    span = Period(start or plan_start, end or plan_end)
    if kept is None or on < span.start:
        return None
    formula = from_json(kept)
    upto = Period(span.start, min(on, span.end))
    told = covered([actor.agency_id], formula, upto, today=on).get(actor.agency_id)
    if told is None:
        return None
    rest_of, rest = _rest(formula)
    period = Period(span.start, told.end)
    return FigureHead(
        target_id, text, objective_id, number, year, formula, period, rest_of, rest, joined_of(formula)
    )


def figure_detail(
    actor: Actor, plan: PlanVerdicts, row: TargetVerdict, *, with_fields: bool = True
) -> FigureDetail | None:
    """Return a target's counted figure taken apart; None where it is not counted.

    One SQL statement for dossiers, and two more with their fields.
    """
    require(actor, "plan.view")
    if row.counted is None or row.counted.told is None or not row.is_counted:
        return None
    formula, told = row.counted.formula, row.counted.told
    span = row.target.period or plan.period
    upto = min(told.end, span.end)
    if upto < span.start:
        return None
    origin = source(formula.source)
    if isinstance(origin, GivesFigures):
        return _given_detail(actor, plan, row, span)
    period = Period(span.start, upto)
    is_mixed = len({origin.counts[count].stand for count in formula.counts}) > 1
    months = months_of(span.start, upto, span.start)
    last_year = same_last_year(span)
    months_before = months_of(last_year.start, last_year.end, last_year.start)
    own = [Period(span.start, month.end) if is_mixed else month for month in months]
    then = [Period(last_year.start, month.end) if is_mixed else month for month in months_before]
    whole_before = same_last_year(period)
    counts = list(dict.fromkeys([*formula.counts, *_extra(origin, formula)]))
    wanted = list(dict.fromkeys([period, whole_before, *own, *then]))
    sums = {
        each: numbers
        for (_, each), numbers in origin.sums(
            [actor.agency_id], wanted, counts, formula.filters, today=plan.looked_on
        ).items()
    }
    reaches_back = bool(row.counted.pace and row.counted.pace.last_year) or (
        row.counted.pace is None and any(sums[each][count] for each in then for count in formula.counts)
    )
    rest_of, rest = _rest(formula)
    is_ceiling = row.verdict.low is None
    return FigureDetail(
        formula=formula,
        code=row.counted.code,
        title=origin.title,
        period=period,
        span=span,
        result=evaluate(formula, sums[period]),
        before=evaluate(formula, sums[whole_before]) if reaches_back else None,
        terms=_terms(origin, formula, sums[period]),
        rest_of=rest_of,
        rest=rest,
        rest_number=_rest_number(formula, sums[period]) if rest_of else 0,
        months=tuple(
            _month(
                formula, months[n] if n < len(months) else month, month,
                [sums[each] for each in own[: n + 1]] if n < len(months) and months[n].end >= told.start else [],
                sums[then[n]] if reaches_back and n < len(then) else None,
                is_ceiling=is_ceiling, is_mixed=is_mixed,
            )
            for n, month in enumerate(months_of(span.start, span.end, span.start))
        ),
        fields=_fields(actor, origin, formula, period, plan.looked_on) if with_fields else (),
        handling=tuple((count, int(sums[period][count])) for count in HANDLING)
        if formula.source == "dossiers" and any(sums[period][count] for count in HANDLING)
        else (),
        other=_other_reading(formula, sums[period]),
    )  # fmt: skip


def _given_detail(actor: Actor, plan: PlanVerdicts, row: TargetVerdict, span: Period) -> FigureDetail | None:
    """Return a figure that its source gives itself, by the months in which it gave one."""
    if row.counted is None:
        return None
    formula, origin = row.counted.formula, source(row.counted.formula.source)
    now = tuple(each for each in row.counted.figures if span.start <= each.period.end <= span.end)
    if not now:
        return None
    last_year = same_last_year(span)
    then = given(origin, actor.agency_id, formula, last_year, today=plan.looked_on) or ()
    latest = now[-1]
    period = Period(span.start, latest.period.end)
    same_days = same_last_year(period)
    compared = _newest(then, Period(last_year.start, same_days.end))
    result = result_of(formula, latest)
    sums = origin.sums([actor.agency_id], [period], formula.counts, formula.filters, today=plan.looked_on)
    months = months_of(span.start, span.end, span.start)
    months_before = months_of(last_year.start, last_year.end, last_year.start)
    return FigureDetail(
        formula=formula,
        code=row.counted.code,
        title=origin.title,
        period=period,
        span=span,
        result=result,
        before=None if compared is None else result_of(formula, compared),
        terms=_terms(origin, formula, _given_terms(formula, result, sums[actor.agency_id, period])),
        rest_of="",
        rest=(),
        rest_number=0,
        months=tuple(
            _given_month(
                formula, now, month, _newest(then, months_before[n]) if n < len(months_before) else None
            )
            for n, month in enumerate(months)
        ),
        fields=(),
        handling=(),
        other=None,
        figure=latest,
        figure_before=compared,
        is_grown=latest.value is not None and row.indicator is not None and row.indicator.adds_up,
    )


def _newest(figures: Sequence[Figure], within: Period) -> Figure | None:
    """Return the newest figure of those that end within some days."""
    inside = [each for each in figures if within.start <= each.period.end <= within.end]
    return inside[-1] if inside else None


def _given_month(
    formula: Formula, figures: Sequence[Figure], month: Period, before: Figure | None
) -> MonthFigure:
    found = _newest(figures, month)
    return MonthFigure(
        month if found is None else Period(month.start, found.period.end),
        month,
        None if found is None else result_of(formula, found),
        None if before is None else result_of(formula, before),
        None,
        found,
        before,
    )


def _given_terms(formula: Formula, result: Result, sums: Mapping[str, Number]) -> Mapping[str, Number]:
    """Return the numbers of a formula's terms: what was given, where a part has one term; else what was counted."""
    parts = [(formula.numerator, result.numerator)]
    if formula.denominator is not None and result.denominator is not None:
        parts.append((formula.denominator, result.denominator))
    own = {terms[0].count: number / terms[0].times for terms, number in parts if len(terms) == 1}
    return {**sums, **own}


@dataclass(frozen=True, slots=True)
class CountedIn:
    """A target in whose figure a dossier counts, with the labels (message ids) of what it counts as there."""

    target_id: int
    text: str
    labels: tuple[str, ...]


def targets_counting(
    actor: Actor,
    adds: Sequence[tuple[date, tuple[str, ...]]],
    words: Mapping[str, str],
    on: date,
) -> tuple[CountedIn, ...]:
    """Return the targets of the plan judged on a day in whose figures a dossier counts; two SQL statements.

    ``adds`` are the days to which it adds, each with its counts; ``words`` what it is by dimension, as filters name it:
    the field's folded name, the procedure's code, the unit's folded name, channel and level in lower case.
    """
    require(actor, "plan.view")
    plan_id = plan_judged(actor.agency_id, on)
    if plan_id is None:
        return ()
    rows = (
        Target.objects.filter(objective__plan_id=plan_id, indicator__formula__source="dossiers")
        .order_by("objective__order", "order", "pk")
        .values_list(
            "pk", "text", "indicator__formula", "period_start", "period_end",
            "objective__plan__period_start", "objective__plan__period_end",
        )
    )  # fmt: skip
    counts = source("dossiers").counts
    found = []
    for pk, text, kept, start, end, plan_start, plan_end in rows:
        formula = from_json(kept)
        span = Period(start or plan_start, end or plan_end)
        if not _lets_through(formula.filters, words):
            continue
        added = {count for day, names in adds if span.start <= day <= span.end for count in names}
        labels = tuple(counts[count].label for count in formula.counts if count in added)
        if labels:
            found.append(CountedIn(pk, text, labels))
    return tuple(found)


def _lets_through(filters: Mapping[str, Sequence[str]], words: Mapping[str, str]) -> bool:
    """Return whether a dossier passes the filters of a formula: fields and units by words within, others exactly."""
    for dimension, wanted in filters.items():
        own = words.get(dimension, "")
        if dimension in ("field", "unit"):
            if not any(search_key(word) in own for word in wanted):
                return False
        elif own not in wanted:
            return False
    return True


@dataclass(frozen=True, slots=True)
class BatchTouch:
    """An import whose rows touched the days of a figure: who brought in which file, and when."""

    id: int
    file_name: str
    software: str
    by: str
    at: datetime
    as_of: date
    added: int
    changed: int
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a counted figure comes from: the imports that touch its days, newest first, and the revision of its counts."""

    batches: tuple[BatchTouch, ...]
    more_batches: bool
    revision: str


def origin_of(actor: Actor, detail: FigureDetail) -> Origin:
    """Return the imports that touched the days of a figure and the state of its counts; one SQL statement."""
    require(actor, "plan.view")
    if detail.formula.source != "dossiers":
        revision = source(detail.formula.source).revision(actor.agency_id)
        return Origin((), more_batches=False, revision=revision)
    touched = Batch.objects.filter(
        agency_id=actor.agency_id,
        first_day__lte=detail.period.end,
        state__in=(Batch.State.DONE, Batch.State.RUNNING, Batch.State.UNDOING, Batch.State.UNDONE),
    )
    if not detail.is_stock:
        touched = touched.filter(last_day__gte=detail.period.start)
    rows = list(
        touched.select_related("software", "created_by")
        .annotate(revision=TallyRevision.objects.filter(agency_id=OuterRef("agency_id")).values("number")[:1])
        .order_by("-created_at", "-pk")[: _SHOWN_BATCHES + 1]
    )
    return Origin(
        tuple(
            BatchTouch(
                id=each.pk,
                file_name=each.file_name,
                software=each.software.name if each.software else "",
                by=shown_name(actor, each.created_by.full_name) if each.created_by else "",
                at=each.ended_at or each.created_at,
                as_of=each.as_of,
                added=each.added,
                changed=each.changed,
                undone_at=each.undone_at,
            )
            for each in rows[:_SHOWN_BATCHES]
        ),
        more_batches=len(rows) > _SHOWN_BATCHES,
        revision=str(rows[0].revision or 0) if rows else source("dossiers").revision(actor.agency_id),
    )


def _extra(origin: Source, formula: Formula) -> tuple[str, ...]:
    """Return the counts that the page shows beside those of the formula."""
    if formula.source != "dossiers":
        return ()
    return (*HANDLING, "finished", "overdue") if _is_of_finished(formula) else ()


def _is_of_finished(formula: Formula) -> bool:
    """Return whether a formula speaks of dossiers settled, so that their handling time belongs beside it."""
    settled = {"finished", "early", "on_time", "late", "late_first", "handling_days"}
    return bool(settled & set(formula.counts))


def _terms(origin: Source, formula: Formula, sums: Mapping[str, Number]) -> tuple[TermSum, ...]:
    found = []
    for part, terms in (("numerator", formula.numerator), ("denominator", formula.denominator or ())):
        for term in terms:
            count = origin.counts[term.count]
            found.append(
                TermSum(
                    part,
                    term.count,
                    count.label,
                    term.times,
                    sums[term.count],
                    count.is_stock,
                    count.has_rows,
                )
            )
    return tuple(found)


def _rest(formula: Formula) -> tuple[str, tuple[str, ...]]:
    """Return what the numerator lacks of the denominator, as one count without others; "" where it cannot be listed."""
    if formula.denominator is None or len(formula.denominator) != 1 or formula.denominator[0].times != 1:
        return "", ()
    whole = formula.denominator[0].count
    if any(term.times != 1 for term in formula.numerator):
        return "", ()
    but = tuple(term.count for term in formula.numerator)
    return (whole, but) if can_be_left_out(formula.source, whole, but) else ("", ())


def _rest_number(formula: Formula, sums: Mapping[str, Number]) -> Number:
    result = evaluate(formula, sums)
    return (result.denominator or Decimal(0)) - result.numerator


def _month(
    formula: Formula,
    month: Period,
    whole: Period,
    upto: Sequence[Mapping[str, Number]],
    before: Mapping[str, Number] | None,
    *,
    is_ceiling: bool,
    is_mixed: bool,
) -> MonthFigure:
    """Return a month from the counts of the months up to it (none: it is still to come, or before the first record)."""
    failed: Decimal | None = None
    if upto and formula.denominator is not None:
        results = [evaluate(formula, each) for each in (upto[-1:] if is_mixed else upto)]
        failed = sum(
            (
                each.numerator if is_ceiling else (each.denominator or Decimal(0)) - each.numerator
                for each in results
            ),
            Decimal(0),
        )
    return MonthFigure(
        month,
        whole,
        evaluate(formula, upto[-1]) if upto else None,
        None if before is None else evaluate(formula, before),
        failed,
    )


def _fields(
    actor: Actor, origin: Source, formula: Formula, period: Period, today: date
) -> tuple[GroupFigure, ...]:
    """Return the results by field, the most cases first; none where the formula is of one field already."""
    if "field" not in origin.dimensions or "field" in formula.filters or formula.source != "dossiers":
        return ()
    groups = origin.groups(actor.agency_id, [period], formula.counts, formula.filters, "field", today=today)
    found = [GroupFigure(choice, evaluate(formula, numbers)) for (_, choice), numbers in groups.items()]
    found = [each for each in found if each.result.numerator or each.result.denominator]
    return tuple(
        sorted(
            found, key=lambda each: (-(each.result.denominator or each.result.numerator), each.choice.name)
        )
    )


def _other_reading(formula: Formula, sums: Mapping[str, Number]) -> tuple[Formula, Result] | None:
    """Return the other of the two readings of "settled in time": of those settled, or with those overdue and open.

    Source: domain notes on QĐ 766/QĐ-TTg: (8+9)/7 is the figure of Biểu II.06a, (8+9)/(7+13) counts what is overdue.
    """
    if {term.count for term in formula.numerator} != _ON_TIME or formula.source != "dossiers":
        return None
    denominators = {_FINISHED: _WITH_OVERDUE, _WITH_OVERDUE: _FINISHED}
    denominator = denominators.get(formula.denominator or ())
    if denominator is None:
        return None
    other = Formula(formula.source, formula.numerator, denominator, formula.filters, formula.scale)
    return other, evaluate(other, sums)
