"""Which indicator measures each target: proposed from the wording, confirmed by a person, carried on from plan to plan.

A target is measured by counting records, by figures of a named indicator that somebody enters, or it is said that no
figure measures it. Nothing of this changes a commitment, so it may be set in any state of a plan.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext

from camket.core import plan as core
from camket.core.comparison import wording_key
from camket.core.entering import RHYTHMS, Entry, entries, missing
from camket.core.formulas import Result, from_json, to_json
from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.plan import Every, Period
from camket.core.targets import Measure, adds_up, goal_text, measure_for
from camket.core.wiring import CONFIDENT, Proposal, propose
from camket.core.wording.measured import measured_words
from camket.core.wording.text import search_key
from camket.indicators import catalogue, comparing, sources
from camket.indicators import operations as indicators
from camket.indicators.counting import counted_of
from camket.indicators.many import Asked
from camket.indicators.models import Continuation, Indicator, Reading
from camket.indicators.sources.door import UnknownCount, checked
from camket.journal.operations import record
from camket.objectives import queries
from camket.objectives.details import TargetDetail
from camket.objectives.models import Objective, Plan, Target
from camket.org.calendar import working_calendar
from camket.org.models import Agency, Unit
from camket.org.policy import Actor, require

BY_HAND = "by_hand"
"""Code of an indicator that is the target's own: figures entered by hand, under the target's wording."""
NOT_MEASURED = "not_measured"
"""Code that says that no figure measures the target."""

_AS_BEFORE = Decimal("0.97")


class WiringNotPossible(Refusal):
    """The indicator does not exist, is of another kind than the target, or cannot be narrowed so."""


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


@dataclass(frozen=True, slots=True)
class ToEnter:
    """A figure that somebody has to enter by hand: for which period, by when, and who."""

    target_id: int
    indicator_id: int
    name: str
    target: str
    unit_id: int | None
    unit: str
    period: Period
    due_on: date
    is_late: bool


# — reading —


def plan_wiring(actor: Actor, plan_id: int) -> PlanWiring:
    """Return how a plan's targets are measured, with proposals for those not confirmed; five SQL statements.

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
    found = []
    for objective in Objective.objects.filter(plan_id=plan.pk).order_by("order", "pk"):
        targets = rows[objective.pk]
        words = measured_words(objective.text, [target.text for target in targets])
        found.append(
            ObjectiveWiring(
                objective.number,
                objective.text,
                tuple(
                    _target(objective, target, measured, before, on_offer)
                    for target, measured in zip(targets, words, strict=True)
                ),
            )
        )
    head = PlanHead(plan.pk, plan.year, plan.state, Period(plan.period_start, plan.period_end))
    return PlanWiring(head, tuple(found), on_offer)


def open_wirings(actor: Actor, plan_id: int) -> int:
    """Return of how many targets of a plan nobody has said yet what measures them; one SQL statement."""
    require(actor, "plan.view")
    targets = Target.objects.filter(objective__plan_id=plan_id, objective__plan__agency_id=actor.agency_id)
    said = Q(indicator__definition_code__gt="") | Q(indicator__formula__isnull=False)
    return int(targets.exclude(said).count())


def _target(
    objective: Objective,
    row: Target,
    measured: str,
    before: Mapping[str, tuple[str, Mapping[str, tuple[str, ...]], int]],
    on_offer: Mapping[str, catalogue.Entry],
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
        wired=None if row.indicator is None else _wired(row.indicator, on_offer),
        offers=tuple(
            _offer(each, on_offer[each.code])
            for each in proposals
            if each.code in on_offer and _fits(target, on_offer[each.code])
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
    found = {}
    for name, code, formula, measured_in in rows:
        filters = from_json(formula).filters if formula else {}
        found[_key(name)] = (code, filters, measured_in)
    return found


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


def _offer(proposal: Proposal, entry: catalogue.Entry) -> Offer:
    return Offer(
        code=entry.code,
        name=entry.shown_name,
        words=_words(entry, proposal.filters),
        is_counted=entry.is_counted,
        filters=proposal.filters,
        reason=proposal.reason,
        confidence=proposal.confidence,
    )


def _words(entry: catalogue.Entry, filters: Mapping[str, tuple[str, ...]]) -> str:
    if entry.formula is not None:
        return catalogue.formula_words(entry.formula.filtered(filters))
    return " ÷ ".join(each for each in (entry.numerator_label, entry.denominator_label) if each)


def _wired(row: Indicator, on_offer: Mapping[str, catalogue.Entry]) -> Wired | None:
    if not row.definition_code and row.formula is None:
        return None
    entry = on_offer.get(row.definition_code)
    formula = None if row.formula is None else from_json(row.formula)
    if formula is not None:
        words = catalogue.formula_words(formula)
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


# — what has to be entered by hand —


def figures_to_enter(
    actor: Actor, plan_id: int, on: date, *, unit_ids: frozenset[int] | None = None
) -> tuple[ToEnter, ...]:
    """Return the figures of a plan that somebody has to enter by hand and that are missing, those due first first.

    Only periods that are over are asked for. ``unit_ids`` narrows to indicators of these units. Three SQL statements;
    another agency's plan has none.
    """
    found = [
        ToEnter(
            target_id=each.target_id,
            indicator_id=each.indicator_id,
            name=each.name,
            target=each.target,
            unit_id=each.unit_id,
            unit=each.unit,
            period=entry.period,
            due_on=entry.due_on,
            is_late=entry.is_late(on),
        )
        for each in _by_hand(actor, plan_id, on)
        if unit_ids is None or each.unit_id in unit_ids
        for entry in each.missing(on)
    ]
    return tuple(sorted(found, key=lambda each: (each.due_on, search_key(each.unit), each.indicator_id)))


def asked_by_hand(actor: Actor, plan_id: int, on: date) -> tuple[Asked, ...]:
    """Return every figure of a plan that is entered by hand, of periods that are over: for a sheet to fill in.

    Three SQL statements; another agency's plan has none.
    """
    return tuple(
        Asked(each.indicator_id, each.name, each.measured_in, entry)
        for each in _by_hand(actor, plan_id, on)
        for entry in each.entries
        if entry.period.end < on
    )


@dataclass(frozen=True, slots=True)
class _ByHand:
    """An indicator of a plan that is entered by hand: what is asked for, and what is given."""

    target_id: int
    target: str
    indicator_id: int
    name: str
    measured_in: str
    unit_id: int | None
    unit: str
    adds_up: bool
    entries: tuple[Entry, ...]
    given: tuple[Period, ...]

    def missing(self, on: date) -> tuple[Entry, ...]:
        """Return what is missing: of figures that do not add up the newest alone, for it stands for all."""
        found = missing(self.entries, self.given, on)
        over = [entry for entry in self.entries if entry.period.end < on]
        return found if self.adds_up else tuple(entry for entry in found[-1:] if entry == over[-1])


def _by_hand(actor: Actor, plan_id: int, on: date) -> list[_ByHand]:
    require(actor, "plan.view")
    rows = list(
        Target.objects.filter(
            objective__plan_id=plan_id,
            objective__plan__agency_id=actor.agency_id,
            indicator__isnull=False,
            indicator__formula__isnull=True,
        )
        .exclude(indicator__definition_code=NOT_MEASURED)
        .order_by("objective__order", "order", "pk")
        .values_list(
            "pk", "text", "period_start", "period_end", "indicator_id", "indicator__name", "indicator__unit",
            "indicator__adds_up", "indicator__owner_id", "indicator__owner__name", "objective__owner_id",
            "objective__owner__name", "indicator__entered_every", "indicator__entered_within", "objective__plan__period_start",
            "objective__plan__period_end", "objective__plan__agency__rhythm",
        )
    )  # fmt: skip
    if not rows:
        return []
    span = Period(*rows[0][-3:-1])
    calendar = working_calendar(actor.agency_id)
    given: dict[int, list[Period]] = defaultdict(list)
    for measured, start, end in (
        Reading.objects.filter(
            agency_id=actor.agency_id,
            indicator_id__in={row[4] for row in rows},
            period_end__gte=span.start,
            period_end__lte=on,
        )
        .exclude(state=Reading.State.WITHDRAWN)
        .values_list("indicator_id", "period_start", "period_end")
    ):
        given[measured].append(Period(start, end))
    asked: dict[tuple[str, int, Period], tuple[Entry, ...]] = {}
    found: dict[int, _ByHand] = {}
    for row in rows:
        (
            pk, text, begins, ends, indicator_id, name, measured_in, is_added, owner_id, owner, above_id, above, every,
            within, _start, _end, rhythm,
        ) = row  # fmt: skip
        if indicator_id in found:
            continue
        own = Period(begins, ends) if begins and ends else span
        key = (every or rhythm, within, own)
        if key not in asked:
            asked[key] = entries(own, Every(key[0]), within, calendar)
        unit_id, unit = (owner_id, owner) if owner_id is not None else (above_id, above)
        found[indicator_id] = _ByHand(
            pk,
            text,
            indicator_id,
            name,
            measured_in,
            unit_id,
            unit or "",
            is_added,
            asked[key],
            tuple(given[indicator_id]),
        )
    return list(found.values())


# — writing —


def wire_target(
    *,
    actor: Actor,
    target_id: int,
    code: str,
    today: date,
    filters: Mapping[str, Sequence[str]] | None = None,
    owner_id: int | None = None,
    every: str = "",
    within: int | None = None,
) -> None:
    """Say what measures a target: an indicator of the catalogue, figures of its own (BY_HAND), or none (NOT_MEASURED).

    ``filters`` narrow what is counted, by dimension. ``owner_id`` is the unit that enters figures by hand, ``every``
    how often and ``within`` how many working days after each period; left out, the objective's owner, the catalogue's
    rhythm (else the agency's) and five days. An indicator that measures a plan of another year too, or has readings of
    another kind, is left as it is, and the target gets a new one that continues it.

    Raises WiringNotPossible, OwnerUnknown; Target.DoesNotExist for another agency's.
    """
    with transaction.atomic():
        target = (
            Target.objects.select_for_update(of=("self",))
            .select_related("objective__plan", "indicator")
            .get(pk=target_id, objective__plan__agency_id=actor.agency_id)
        )
        require(actor, "plan.edit")
        plan = target.objective.plan
        if plan.state == Plan.State.DISCARDED:
            raise WiringNotPossible(
                Message(gettext_noop("This plan is discarded; its targets are not measured."))
            )
        detail = queries.target_detail(target)
        wanted = _wanted(actor, detail, code, filters or {}, today)
        wanted |= _entering(actor, target.objective, wanted, owner_id, every, within)
        current = target.indicator
        before = {} if current is None else _said(current)
        row = _indicator_for(actor, target, current, wanted)
        for name, value in wanted.items():
            setattr(row, name, value)
        row.save()
        after = _said(row)
        changes: dict[str, Any] = {}
        if target.indicator_id != row.pk:
            changes["indicator_id"] = row.pk
            if current is not None and current.measure == row.measure:
                Continuation.objects.get_or_create(
                    indicator=row, predecessor_indicator=current, defaults={"is_same": True}
                )
        if detail.kind in _RELATIVE and target.baseline_value is None and row.formula is None:
            found = _result_of_last_year(actor, row, plan)
            if found is not None:
                changes["baseline_value"] = found
                before["baseline_value"], after["baseline_value"] = None, found
        if changes:
            for name, value in changes.items():
                setattr(target, name, value)
            target.save(update_fields=list(changes))
        changed = [name for name in after if before.get(name) != after[name]]
        if changed or changes:
            record(
                actor=actor,
                agency_id=actor.agency_id,
                verb="target.wired",
                subject=target,
                on=today,
                before={name: before.get(name) for name in changed},
                after={name: after[name] for name in changed},
            )


def confirm_proposals(*, actor: Actor, plan_id: int, today: date) -> int:
    """Confirm the likeliest proposal of every open target of a plan that is sure enough; return how many these were.

    Raises Plan.DoesNotExist for another agency's plan.
    """
    require(actor, "plan.edit")
    with transaction.atomic():
        queries.plan_for_update(actor, plan_id)
        confident = plan_wiring(actor, plan_id).confident
        for target in confident:
            if target.first is not None:
                wire_target(
                    actor=actor,
                    target_id=target.target_id,
                    code=target.first.code,
                    filters=target.first.filters,
                    today=today,
                )
    return len(confident)


_RELATIVE = (core.TargetKind.INCREASE_BY.value, core.TargetKind.DECREASE_BY.value)
_PER_CENT = frozenset({"%", "phần trăm"})


def _fits(target: TargetDetail, entry: catalogue.Entry) -> bool:
    """Return whether an indicator gives the kind of figure that a target asks for, in its unit."""
    wanted = measure_for(target.as_format())
    if wanted in (Measure.GRADE, Measure.RANK, Measure.STATE):
        return entry.measure is wanted
    if entry.measure not in (Measure.RATIO, Measure.VALUE):
        return False
    if target.kind == core.TargetKind.COUNT_OF.value:
        return True
    return (target.unit in _PER_CENT) == (entry.unit in _PER_CENT)


def _wanted(
    actor: Actor, target: TargetDetail, code: str, filters: Mapping[str, Sequence[str]], today: date
) -> dict[str, Any]:
    """Return what the indicator is to be, or raise WiringNotPossible."""
    if code in (BY_HAND, NOT_MEASURED):
        stated = target.as_format()
        return {
            "definition_code": code,
            "formula": None,
            "measure": measure_for(stated).value,
            "unit": _unit_of(target),
            "adds_up": adds_up(stated),
        }
    entry = catalogue.entries(actor.agency_id).get(code)
    if entry is None:
        raise WiringNotPossible(
            Message(gettext_noop("This indicator does not exist; choose one from the list."))
        )
    if not _fits(target, entry):
        raise WiringNotPossible(
            Message(
                gettext_noop(
                    "“%(name)s” gives another kind of figure than the target asks for (%(goal)s); choose another one."
                ),
                {"name": entry.shown_name, "goal": goal_text(target.as_format())},
            )
        )
    formula = entry.formula
    top, bottom = entry.numerator_label, entry.denominator_label
    if formula is not None:
        kept = {key: tuple(word for word in words if word) for key, words in filters.items()}
        formula = formula.filtered({key: words for key, words in kept.items() if words})
        try:
            checked(sources.source(formula.source), formula)
        except UnknownCount as unknown:
            raise WiringNotPossible(
                Message(
                    gettext_noop("“%(name)s” cannot be narrowed by %(what)s."),
                    {"name": entry.shown_name, "what": str(unknown)},
                )
            ) from None
        with translation.override("vi"):
            top, bottom = catalogue.labels(formula)
    is_counted_items = target.kind == core.TargetKind.COUNT_OF.value
    return {
        "definition_code": code,
        "formula": None if formula is None else to_json(formula),
        "measure": entry.measure.value,
        "unit": _unit_of(target) if is_counted_items else entry.unit,
        "adds_up": entry.adds_up,
        "numerator_label": top[:255],
        "denominator_label": bottom[:255],
        "entered_every": entry.entered_every,
    }


def _entering(
    actor: Actor,
    objective: Objective,
    wanted: Mapping[str, Any],
    owner_id: int | None,
    every: str,
    within: int | None,
) -> dict[str, Any]:
    """Return who enters the figures, how often and within how many days; nothing of that where they are counted."""
    if wanted["formula"] is not None or wanted["definition_code"] == NOT_MEASURED:
        return {"entered_every": ""}
    if every and every not in {each.value for each in RHYTHMS}:
        raise WiringNotPossible(Message(gettext_noop("Choose how often the figure is entered.")))
    if within is not None and not 0 <= within <= 60:
        raise WiringNotPossible(Message(gettext_noop("Give 0 to 60 working days after the end of a period.")))
    if owner_id is not None and not Unit.objects.filter(pk=owner_id, agency_id=actor.agency_id).exists():
        raise indicators.OwnerUnknown(Message(gettext_noop("This unit is none of the agency's.")))
    rhythm = every or wanted.get("entered_every") or ""
    if not rhythm:
        rhythm = Agency.objects.values_list("rhythm", flat=True).get(pk=actor.agency_id)
    found: dict[str, Any] = {"entered_every": rhythm, "owner_id": owner_id or objective.owner_id}
    if within is not None:
        found["entered_within"] = within
    return found


def _indicator_for(
    actor: Actor, target: Target, current: Indicator | None, wanted: Mapping[str, Any]
) -> Indicator:
    """Return the target's indicator where it may be changed, else a new one, not kept yet."""
    if current is None:
        texts = [row.text for row in target.objective.targets.order_by("order", "pk")]
        ids = list(target.objective.targets.order_by("order", "pk").values_list("pk", flat=True))
        name = measured_words(target.objective.text, texts)[ids.index(target.pk)]
        return Indicator(agency_id=actor.agency_id, name=name, owner_id=target.objective.owner_id)
    current = Indicator.objects.select_for_update(of=("self",)).get(pk=current.pk)
    is_other_count = (current.formula, current.measure) != (wanted["formula"], wanted["measure"])
    if not is_other_count:
        return current
    plan = target.objective.plan
    elsewhere = (
        Target.objects.filter(indicator=current)
        .exclude(objective__plan__year=plan.year)
        .exclude(objective__plan__state=Plan.State.DISCARDED)
        .exists()
    )
    readings = Reading.objects.filter(indicator=current).exclude(state=Reading.State.WITHDRAWN)
    is_other_kind = current.measure != wanted["measure"] and readings.exists()
    if not elsewhere and not is_other_kind:
        return current
    return Indicator(
        agency_id=actor.agency_id, name=current.name, method=current.method, owner_id=current.owner_id
    )


def _said(row: Indicator) -> dict[str, Any]:
    """Return of an indicator what the journal says: in words, and who enters what when."""
    with translation.override("vi"):
        entry = catalogue.shipped().get(row.definition_code)
        name = entry.name if entry is not None else row.definition_code
        words = "" if row.formula is None else catalogue.formula_words(from_json(row.formula))
    return {
        "measured_by": gettext(_OWN[name]) if name in _OWN else name,
        "formula": words,
        "unit_entering": "" if row.owner is None or not row.entered_every else row.owner.name,
        "entered_every": row.entered_every,
        "entered_within": row.entered_within if row.entered_every else None,
    }


_OWN = {
    BY_HAND: gettext_noop("figures of its own, entered by hand"),
    NOT_MEASURED: gettext_noop("not measured by a figure"),
}


def _unit_of(target: TargetDetail) -> str:
    has_none = target.kind in (core.TargetKind.GRADE_AT_LEAST.value, core.TargetKind.RANK_WITHIN.value)
    return "" if has_none or len(target.unit) > 100 else target.unit


def _result_of_last_year(actor: Actor, row: Indicator, plan: Plan) -> Decimal | None:
    """Return what the confirmed readings of last year came to, where one figure says it."""
    span = Period(plan.period_start, plan.period_end)
    found = comparing.result_then(actor, row.pk, span)
    if found is None:
        return None
    if found.value is not None:
        return found.value
    if found.numerator is None or not found.denominator:
        return None
    scale = 100 if row.unit in _PER_CENT else 1
    return round(found.numerator * scale / found.denominator, 2)


def previews(
    actor: Actor, shown: PlanWiring, offers: Sequence[Offer], period: Period
) -> dict[tuple[str, tuple[tuple[str, tuple[str, ...]], ...]], Result]:
    """Return what each counted offer gives for a period, by :func:`preview_key`; those of which nothing is told are left out."""
    require(actor, "plan.view")
    formulas = {
        preview_key(each): formula.filtered(each.filters)
        for each in offers
        if (formula := shown.on_offer[each.code].formula) is not None
    }
    found = counted_of([actor.agency_id], formulas, period)
    return {key: result for (_agency_id, key), result in found.items()}


def preview_key(offer: Offer) -> tuple[str, tuple[tuple[str, tuple[str, ...]], ...]]:
    """Return what tells an offer from the others of a target."""
    return offer.code, tuple(sorted((key, tuple(words)) for key, words in offer.filters.items()))
