"""Say what measures a target: one at a time, or all sure proposals of a plan together.

Nothing of this changes a commitment, so it may be done in any state of a plan that is not over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from camket.core import plan as core
from camket.core import workflow
from camket.core.entering import RHYTHMS
from camket.core.formulas import from_json, to_json
from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.plan import Period
from camket.core.targets import PER_CENT, adds_up, goal_text, measure_for
from camket.core.wording.measured import measured_words
from camket.indicators import catalogue, comparing, sources
from camket.indicators import operations as indicators
from camket.indicators.models import Continuation, Indicator, Reading
from camket.indicators.sources.door import UnknownCount, checked
from camket.journal.operations import record
from camket.objectives import queries
from camket.objectives.details import TargetDetail
from camket.objectives.models import Objective, Plan, Target
from camket.objectives.wiring import BY_HAND, NOT_MEASURED, fits, plan_wiring
from camket.org.models import Agency, Unit
from camket.org.policy import Actor, require


class WiringNotPossible(Refusal):
    """The indicator does not exist, is of another kind than the target, or cannot be narrowed so."""


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

    What measured a plan that is closed or replaced stays as it was. Raises NotPossible, WiringNotPossible, OwnerUnknown;
    Target.DoesNotExist for another agency's.
    """
    with transaction.atomic():
        target = (
            Target.objects.select_for_update(of=("self",))
            .select_related("objective__plan", "indicator")
            .get(pk=target_id, objective__plan__agency_id=actor.agency_id)
        )
        require(actor, "plan.edit")
        plan = target.objective.plan
        workflow.PLAN.after(plan.state, "wire")
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
        if detail.kind in core.RELATIVE_KINDS and target.baseline_value is None and row.formula is None:
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

    Raises NotPossible where the plan is over, Plan.DoesNotExist for another agency's plan.
    """
    require(actor, "plan.edit")
    with transaction.atomic():
        workflow.PLAN.after(queries.plan_for_update(actor, plan_id).state, "wire")
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
    if not fits(target, entry):
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
    scale = 100 if row.unit in PER_CENT else 1
    return round(found.numerator * scale / found.denominator, 2)
