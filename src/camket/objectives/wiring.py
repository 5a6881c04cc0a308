"""Which indicator measures each target: proposed from the wording, carried on from plan to plan, as pages show it.

A target is measured by counting records, by figures of a named indicator that somebody enters, or it is said that no
figure measures it. :mod:`camket.objectives.operations.wiring` writes it, :mod:`camket.objectives.entering` tells which
figures somebody has to enter.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from camket.core import plan as core
from camket.core.comparison import wording_key
from camket.core.formulas import Result, from_json
from camket.core.messages import Message, gettext_noop
from camket.core.plan import Period
from camket.core.targets import PER_CENT, Measure, goal_text, measure_for
from camket.core.wiring import CONFIDENT, Proposal, propose
from camket.core.wording.measured import measured_words
from camket.indicators import catalogue
from camket.indicators.counting import counted_of
from camket.indicators.models import Indicator
from camket.journal.queries import newest_hash
from camket.objectives import queries
from camket.objectives.details import TargetDetail
from camket.objectives.models import Objective, Plan, Target
from camket.org.policy import Actor, require

BY_HAND = "by_hand"
"""Code of an indicator that is the target's own: figures entered by hand, under the target's wording."""
NOT_MEASURED = "not_measured"
"""Code that says that no figure measures the target."""

_AS_BEFORE = Decimal("0.97")


@dataclass(frozen=True, slots=True)
class Offer:
    """An indicator that may measure a target, and why; ``words`` say what is counted or entered."""

    code: str
    name: str
    words: str
    is_counted: bool
    filters: Mapping[str, tuple[str, ...]]
    reason: Message
    confidence: Decimal

    @property
    def is_confident(self) -> bool:
        """Whether it may be confirmed together with others."""
        return self.confidence >= CONFIDENT


@dataclass(frozen=True, slots=True)
class Wired:
    """What measures a target; of figures entered by hand also who enters them, how often, and within how many days."""

    code: str
    name: str
    words: str
    is_counted: bool
    filters: Mapping[str, tuple[str, ...]]
    owner_id: int | None
    owner: str
    every: str
    within: int

    @property
    def is_measured(self) -> bool:
        """Whether a figure measures the target at all."""
        return self.code != NOT_MEASURED

    @property
    def is_entered(self) -> bool:
        """Whether somebody has to enter the figures."""
        return self.is_measured and not self.is_counted


@dataclass(frozen=True, slots=True)
class TargetWiring:
    """A target with what measures it (None: not said yet) and what may, the likeliest first."""

    target_id: int
    objective_id: int
    number: str
    text: str
    goal: str
    measured: str
    wired: Wired | None
    offers: tuple[Offer, ...]

    @property
    def first(self) -> Offer | None:
        """The likeliest proposal."""
        return self.offers[0] if self.offers else None


@dataclass(frozen=True, slots=True)
class ObjectiveWiring:
    """An objective with its targets."""

    number: str
    text: str
    targets: tuple[TargetWiring, ...]


@dataclass(frozen=True, slots=True)
class PlanHead:
    """Which plan it is."""

    id: int
    year: int
    state: str
    period: Period


@dataclass(frozen=True, slots=True)
class PlanWiring:
    """How a plan's targets are measured; ``on_offer`` are the indicators that may measure them, by code."""

    plan: PlanHead
    objectives: tuple[ObjectiveWiring, ...]
    on_offer: Mapping[str, catalogue.Entry]
    names: catalogue.NamesRead
    """What the agency's fields, units and figures are called, as far as they were read."""

    def objective_of(self, target_id: int) -> ObjectiveWiring:
        """Return the objective of one of the targets."""
        return next(
            each for each in self.objectives if target_id in {target.target_id for target in each.targets}
        )

    @property
    def targets(self) -> tuple[TargetWiring, ...]:
        """All targets, in reading order."""
        return tuple(target for objective in self.objectives for target in objective.targets)

    def of(self, target_id: int) -> TargetWiring:
        """Return one of the targets; raises Target.DoesNotExist where the plan has none of that id."""
        for target in self.targets:
            if target.target_id == target_id:
                return target
        raise Target.DoesNotExist

    @property
    def open(self) -> tuple[TargetWiring, ...]:
        """The targets of which nobody has said what measures them."""
        return tuple(target for target in self.targets if target.wired is None)

    @property
    def confident(self) -> tuple[TargetWiring, ...]:
        """The open targets whose likeliest proposal is sure enough to confirm with others."""
        return tuple(target for target in self.open if target.first and target.first.is_confident)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many targets are counted, entered by hand, not measured, and open."""
        kinds: Counter[str] = Counter()
        for target in self.targets:
            wired = target.wired
            if wired is None:
                kinds["open"] += 1
            else:
                kinds["counted" if wired.is_counted else "entered" if wired.is_measured else "without"] += 1
        return kinds


def plan_wiring(actor: Actor, plan_id: int) -> PlanWiring:
    """Return how a plan's targets are measured, with proposals for those not confirmed.

    Five SQL statements, and a few for each source whose fields, units or the like formulas are narrowed to.

    Raises Plan.DoesNotExist for another agency's plan.
    """
    require(actor, "plan.view")
    plan = Plan.objects.only("pk", "year", "state", "period_start", "period_end").get(
        pk=plan_id, agency_id=actor.agency_id
    )
    on_offer = catalogue.entries(actor.agency_id)
    rows: dict[int, list[Target]] = defaultdict(list)
    for row in (
        Target.objects.filter(objective__plan_id=plan.pk)
        .select_related("indicator__owner")
        .order_by("order", "pk")
    ):
        rows[row.objective_id].append(row)
    before = _earlier(actor.agency_id, plan.year)
    names = catalogue.NamesRead(actor.agency_id)
    found = []
    for objective in Objective.objects.filter(plan_id=plan.pk).order_by("order", "pk"):
        targets = rows[objective.pk]
        words = measured_words(objective.text, [target.text for target in targets])
        found.append(
            ObjectiveWiring(
                objective.number,
                objective.text,
                tuple(
                    _target(objective, target, measured, before, on_offer, names)
                    for target, measured in zip(targets, words, strict=True)
                ),
            )
        )
    head = PlanHead(plan.pk, plan.year, plan.state, Period(plan.period_start, plan.period_end))
    return PlanWiring(head, tuple(found), on_offer, names)


def _target(
    objective: Objective,
    row: Target,
    measured: str,
    before: Mapping[str, tuple[str, Mapping[str, tuple[str, ...]], int]],
    on_offer: Mapping[str, catalogue.Entry],
    names: catalogue.NamesRead,
) -> TargetWiring:
    target = queries.target_detail(row)
    proposals = _proposals(objective.text, target, measured, before)
    return TargetWiring(
        target_id=row.pk,
        objective_id=objective.pk,
        number=objective.number,
        text=row.text,
        goal=goal_text(target.as_format()),
        measured=measured,
        wired=None if row.indicator is None else _wired(row.indicator, on_offer, names),
        offers=tuple(
            _offer(each, on_offer[each.code], names)
            for each in proposals
            if each.code in on_offer and fits(target, on_offer[each.code])
        ),
    )


@lru_cache(maxsize=4096)
def _key(text: str) -> str:
    return wording_key(text)


def _earlier(agency_id: int, year: int) -> dict[str, tuple[str, Mapping[str, tuple[str, ...]], int]]:
    """Return by what a target measures how targets of earlier years were wired: code, filters, year; the newest wins."""
    rows = (
        Target.objects.filter(
            objective__plan__agency_id=agency_id,
            objective__plan__year__lt=year,
            indicator__definition_code__gt="",
        )
        .exclude(objective__plan__state=Plan.State.DISCARDED)
        .exclude(indicator__definition_code__in=(BY_HAND, NOT_MEASURED))
        .order_by("objective__plan__year", "objective__plan__version")
        .values_list(
            "indicator__name", "indicator__definition_code", "indicator__formula", "objective__plan__year"
        )
    )
    found: dict[str, tuple[str, Mapping[str, tuple[str, ...]], int]] = {}
    for name, code, formula, measured_in in rows:
        found[_key(name)] = (code, _own_filters(code, formula), measured_in)
    return found


def _own_filters(code: str, kept: Mapping[str, Any] | None) -> dict[str, tuple[str, ...]]:
    """Return what a formula was narrowed by beside what its indicator itself is narrowed by."""
    entry = catalogue.shipped().get(code)
    own = entry.formula.filters if entry is not None and entry.formula is not None else {}
    filters = from_json(kept).filters if kept else {}
    return {key: words for key, words in filters.items() if own.get(key) != words}


def _proposals(
    objective: str,
    target: TargetDetail,
    measured: str,
    before: Mapping[str, tuple[str, Mapping[str, tuple[str, ...]], int]],
) -> tuple[Proposal, ...]:
    found = propose(objective, target.as_format())
    earlier = before.get(_key(measured))
    if earlier is None:
        return found
    code, filters, year = earlier
    reason = Message(
        gettext_noop("Because a target of the same wording was measured so in the plan of %(year)s."),
        {"year": str(year)},
    )
    return (
        Proposal(code, filters, reason, _AS_BEFORE),
        *(each for each in found if (each.code, dict(each.filters)) != (code, dict(filters))),
    )


def _offer(proposal: Proposal, entry: catalogue.Entry, names: catalogue.NamesRead) -> Offer:
    return Offer(
        code=entry.code,
        name=entry.shown_name,
        words=_words(entry, proposal.filters, names),
        is_counted=entry.is_counted,
        filters=proposal.filters,
        reason=proposal.reason,
        confidence=proposal.confidence,
    )


def _words(entry: catalogue.Entry, filters: Mapping[str, tuple[str, ...]], names: catalogue.NamesRead) -> str:
    if entry.formula is not None:
        return catalogue.formula_words(entry.formula.filtered(filters), names_read=names)
    return " ÷ ".join(each for each in (entry.numerator_label, entry.denominator_label) if each)


def _wired(
    row: Indicator, on_offer: Mapping[str, catalogue.Entry], names: catalogue.NamesRead
) -> Wired | None:
    if not row.definition_code and row.formula is None:
        return None
    entry = on_offer.get(row.definition_code)
    formula = None if row.formula is None else from_json(row.formula)
    if formula is not None:
        words = catalogue.formula_words(formula, names_read=names)
    else:
        words = " ÷ ".join(each for each in (row.numerator_label, row.denominator_label) if each)
    return Wired(
        code=row.definition_code,
        name=entry.shown_name if entry is not None else row.name,
        words=words,
        is_counted=formula is not None,
        filters={} if formula is None else formula.filters,
        owner_id=row.owner_id,
        owner=row.owner.name if row.owner else "",
        every=row.entered_every,
        within=row.entered_within,
    )


def fits(target: TargetDetail, entry: catalogue.Entry) -> bool:
    """Return whether an indicator gives the kind of figure that a target asks for, in its unit."""
    wanted = measure_for(target.as_format())
    if wanted in (Measure.GRADE, Measure.RANK, Measure.STATE):
        return entry.measure is wanted
    if entry.measure not in (Measure.RATIO, Measure.VALUE):
        return False
    if target.kind == core.TargetKind.COUNT_OF.value:
        return True
    return (target.unit in PER_CENT) == (entry.unit in PER_CENT)


def previews(
    actor: Actor, shown: PlanWiring, offers: Sequence[Offer], period: Period, today: date
) -> dict[tuple[str, tuple[tuple[str, tuple[str, ...]], ...]], Result]:
    """Return what each counted offer gives for a period, by :func:`preview_key`; those of which nothing is told are left out."""
    require(actor, "plan.view")
    formulas = {
        preview_key(each): formula.filtered(each.filters)
        for each in offers
        if (formula := shown.on_offer[each.code].formula) is not None
    }
    found = counted_of([actor.agency_id], formulas, period, journal=newest_hash(actor.agency_id), today=today)
    return {key: result for (_agency_id, key), result in found.items()}


def preview_key(offer: Offer) -> tuple[str, tuple[tuple[str, tuple[str, ...]], ...]]:
    """Return what tells an offer from the others of a target."""
    return offer.code, tuple(sorted((key, tuple(words)) for key, words in offer.filters.items()))
