"""Every read of plans; each for the actor's agency alone, given as frozen values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Coalesce

from camket.actions.models import Action, ActionBody
from camket.core import plan as core
from camket.core import workflow
from camket.core.schedules import Occurrence, needs_dates, occurrences, triggers
from camket.core.wording.schedules import parse_schedule, write_schedule
from camket.core.wording.targets import FoundTarget, parse_targets
from camket.core.wording.text import fold, search_key
from camket.documents.models import StoredFile
from camket.objectives.bodies import BodyMapper, Candidate, body_key
from camket.objectives.details import (
    ActionDetail,
    BodyChoices,
    BodyDetail,
    CheckingNote,
    DatePreview,
    FileRef,
    LayoutRow,
    NamedBody,
    ObjectiveDetail,
    PlanDetail,
    PlanRow,
    PreviewDate,
    PreviewTrigger,
    PreviewUndated,
    TargetDetail,
    WhenUnderstood,
    field_source_from_json,
    sources_from_json,
)
from camket.objectives.models import Objective, ObjectiveAction, Plan, Target
from camket.org.calendar import Dating, dating_of
from camket.org.models import BodyName, Membership, Role, Unit
from camket.org.personal import shown_name
from camket.org.policy import Actor, can, require
from camket.paper.reading import Reading

ACTS: Mapping[str, tuple[str, ...]] = {
    "edit": ("plan.edit",),
    "map": ("plan.edit",),
    "accept": ("plan.edit",),
    "discard": ("plan.edit",),
    "amend": ("plan.edit",),
    "submit": ("plan.submit",),
    # The secretary takes a plan back who sees a slip in it after submitting.
    "return": ("plan.approve", "plan.submit"),
    "approve": ("plan.approve",),
    "promulgate": ("plan.promulgate",),
    "record_signed": ("plan.promulgate",),
    "close": ("plan.close",),
}
"""Which acts of the policy allow each act of the plan's life; one of them is enough."""

OBJECTIVES_AT_ONCE = 50
"""Objectives on one page of a plan: more than real decisions have."""

_HEAVY = ("source", "head_source")


def plan_queryset(actor: Actor) -> QuerySet[Plan]:
    """Return the plans that the actor's agency owns; requires "plan.view"."""
    require(actor, "plan.view")
    return Plan.objects.filter(agency_id=actor.agency_id)


def plan_for_update(actor: Actor, plan_id: int) -> Plan:
    """Return the plan with its row locked; must run in a transaction.

    Raises Plan.DoesNotExist for a plan of another agency.
    """
    return (
        Plan.objects.select_for_update(of=("self",))
        .defer("source")
        .get(pk=plan_id, agency_id=actor.agency_id)
    )


def plans(
    actor: Actor, *, year: int | None = None, state: str | None = None, text: str = ""
) -> tuple[PlanRow, ...]:
    """Return the agency's plans, newest year and version first; discarded ones only where asked for by state."""
    found = plan_queryset(actor)
    if year is not None:
        found = found.filter(year=year)
    found = found.filter(state=state) if state else found.exclude(state=Plan.State.DISCARDED)
    rows = _plan_rows(found)
    wanted = search_key(text)
    return tuple(row for row in rows if wanted in search_key(f"{row.title} {row.number} {row.year}"))


def plan_choices(actor: Actor) -> tuple[PlanRow, ...]:
    """Return the plans that a new year's plan can be copied from."""
    return tuple(row for row in plans(actor) if row.objectives)


def versions(actor: Actor, plan_id: int) -> tuple[PlanRow, ...]:
    """Return all versions of the chain that a plan belongs to, newest first."""
    rows = _plan_rows(plan_queryset(actor))
    chain_ids = {row.id for row in rows if row.id == plan_id}
    if not chain_ids:
        raise Plan.DoesNotExist
    growing = True
    while growing:
        more = {row.id for row in rows if row.supersedes_id in chain_ids}
        more |= {row.supersedes_id for row in rows if row.id in chain_ids and row.supersedes_id is not None}
        growing = not more <= chain_ids
        chain_ids |= more
    return tuple(row for row in rows if row.id in chain_ids)


def plan_detail(actor: Actor, plan_id: int) -> PlanDetail:
    """Return a whole plan; raises Plan.DoesNotExist for one of another agency."""
    plan = _plan_with_facts(actor, plan_id)
    return _detail(actor, plan, objectives_of(plan.pk))


def plan_page(actor: Actor, plan_id: int, number: str | None) -> tuple[PlanDetail, Page[int]]:
    """Return a plan with one page of its objectives: the first for no number, the last for too large a one.

    Raises Plan.DoesNotExist for a plan of another agency.
    """
    plan = _plan_with_facts(actor, plan_id)
    page = Paginator(range(plan.objective_count), OBJECTIVES_AT_ONCE).get_page(number)
    part = slice(max(page.start_index() - 1, 0), page.end_index())
    return _detail(actor, plan, objectives_of(plan.pk, part=part)), page


def _plan_with_facts(actor: Actor, plan_id: int) -> Any:
    later = Plan.objects.filter(supersedes_id=OuterRef("pk")).exclude(state=Plan.State.DISCARDED)
    return (
        plan_queryset(actor)
        .defer("source")
        .select_related("created_by", "submitted_by", "approved_by", "source_file", "signed_file")
        .annotate(
            with_source=Q(source__isnull=False),
            reading_warnings=KeyTransform("warnings", "source"),
            replaced_by=Subquery(later.order_by("-version").values("pk")[:1]),
            objective_count=_count(Objective.objects.filter(plan_id=OuterRef("pk")), "plan_id"),
        )
        .get(pk=plan_id)
    )


def _detail(actor: Actor, plan: Any, objectives: tuple[ObjectiveDetail, ...]) -> PlanDetail:
    return PlanDetail(
        id=plan.pk,
        agency_id=plan.agency_id,
        year=plan.year,
        version=plan.version,
        state=plan.state,
        title=plan.title,
        kind=plan.kind,
        number=plan.number,
        decided_on=plan.decided_on,
        place=plan.place,
        signed_by=plan.signed_by,
        capacity=plan.capacity,
        authority=plan.authority,
        agency_name=plan.named_agency,
        agency_level=plan.named_level,
        period=core.Period(plan.period_start, plan.period_end),
        motto=plan.motto,
        commitments=tuple(plan.commitments),
        reporting=schedule_of(plan.reporting),
        resources=plan.resources,
        evaluation=plan.evaluation,
        revision=plan.revision,
        supersedes_id=plan.supersedes_id,
        replaced_by_id=plan.replaced_by,
        copied_from_id=plan.copied_from_id,
        created_at=plan.created_at,
        created_by=shown_name(actor, plan.created_by.full_name),
        submitted_at=plan.submitted_at,
        submitted_by=shown_name(actor, plan.submitted_by.full_name) if plan.submitted_by else "",
        approved_at=plan.approved_at,
        approved_by=shown_name(actor, plan.approved_by.full_name) if plan.approved_by else "",
        promulgated_at=plan.promulgated_at,
        closed_at=plan.closed_at,
        source_file=_file(plan.source_file),
        signed_file=_file(plan.signed_file),
        has_source=plan.with_source,
        notes_count=len(plan.reading_warnings or ()),
        head_source=sources_from_json(plan.head_source),
        acts=_acts(actor, plan),
        objectives=objectives,
    )


def objectives_of(
    plan_id: int, *, only: int | None = None, part: slice | None = None
) -> tuple[ObjectiveDetail, ...]:
    """Return the objectives of a plan that the caller has made sure may be seen; ``only`` one, or a ``part`` of them."""
    # Rows are put under their parents here: prefetching makes a manager for each of thousands of parents.
    found = Objective.objects.filter(plan_id=plan_id).select_related("owner").order_by("order", "pk")
    if only is not None:
        found = found.filter(pk=only)
    rows = list(found if part is None else found[part])
    under: dict[str, Any] = {"objective__plan_id": plan_id}
    if only is not None or part is not None:
        under = {"objective__in": [row.pk for row in rows]}
    targets: dict[int, list[TargetDetail]] = defaultdict(list)
    for target in Target.objects.filter(**under).order_by("order", "pk"):
        targets[target.objective_id].append(target_detail(target))
    bodies: dict[int, dict[str, list[BodyDetail]]] = defaultdict(lambda: defaultdict(list))
    for action_id, role, text, unit_id, unit, person_id, person in (
        ActionBody.objects.filter(**{f"action__placement__{name}": value for name, value in under.items()})
        .order_by("order", "pk")
        .values_list("action_id", "part", "text", "unit_id", "unit__name", "person_id", "person__full_name")
    ):
        bodies[action_id][role].append(BodyDetail(text, unit_id, person_id, unit or person or ""))
    actions: dict[int, list[ActionDetail]] = defaultdict(list)
    placed = ObjectiveAction.objects.filter(**under).select_related("action").order_by("order", "pk")
    for placement in placed:
        actions[placement.objective_id].append(_action(placement, bodies[placement.action_id]))
    return tuple(_objective(row, targets[row.pk], actions[row.pk]) for row in rows)


def plan_as_format(actor: Actor, plan_id: int) -> core.Plan:
    """Return a plan in plan format; the inverse of importing it."""
    return plan_detail(actor, plan_id).as_format()


def plan_in_force(agency_id: int, on: date) -> Plan | None:
    """Return the plan whose decision is in force on a day and whose period holds it, or None.

    A plan of a past day that was closed or replaced since is none.
    """
    return (
        Plan.objects.filter(
            agency_id=agency_id,
            state=Plan.State.PROMULGATED,
            period_start__lte=on,
            period_end__gte=on,
        )
        .defer(*_HEAVY)
        .order_by("-year", "-version")
        .first()
    )


def rows_in_decision_layout(objectives: Iterable[ObjectiveDetail]) -> tuple[LayoutRow, ...]:
    """Return objectives as the rows of the decision's own table: each objective, then its actions."""
    rows: list[LayoutRow] = []
    for objective in objectives:
        rows.append(
            LayoutRow(
                "objective", objective.id, None, objective.number, objective.text, targets=objective.targets
            )
        )
        rows.extend(
            LayoutRow(
                kind="action",
                objective_id=objective.id,
                action_id=action.id,
                number=action.number,
                text=action.text,
                lead=tuple(body.text for body in action.lead),
                support=tuple(body.text for body in action.support),
                when=action.when,
                monitors=tuple(body.text for body in action.monitors),
                evidence=action.evidence,
            )
            for action in objective.actions
        )
    return tuple(rows)


def reading_of(actor: Actor, plan_id: int) -> Reading | None:
    """Return the reading that a plan was made from, or None for one that was typed or copied."""
    source = plan_queryset(actor).values_list("source", flat=True).get(pk=plan_id)
    return None if source is None else Reading.from_json(source)


def checking_notes(plan: PlanDetail, reading: Reading) -> tuple[CheckingNote, ...]:
    """Return the warnings of a plan's reading with the rows they are about, as far as these are still there."""
    objective_at: dict[str, int] = {}
    target_at: dict[str, tuple[int, int]] = {}
    action_at: dict[str, tuple[int, int]] = {}
    for objective in plan.objectives:
        objective_at[objective.path] = objective.id
        target_at |= {target.path: (objective.id, target.id) for target in objective.targets}
        action_at |= {action.path: (objective.id, action.id) for action in objective.actions}
    notes = []
    for warning in reading.warnings:
        parts = warning.path.split(".")
        top, row = parts[0], ".".join(parts[:2])
        objective_id: int | None = objective_at.get(top) if top else None
        target_id: int | None = None
        action_id: int | None = None
        if row in target_at:
            objective_id, target_id = target_at[row]
        elif row in action_at:
            objective_id, action_id = action_at[row]
        notes.append(
            CheckingNote(warning.path, warning.message, warning.span, objective_id, target_id, action_id)
        )
    return tuple(notes)


def bodies(plan: PlanDetail) -> tuple[NamedBody, ...]:
    """Return the distinct names of bodies in a plan, those most often named first, with proposals."""
    mapper = body_mapper(plan.agency_id)
    found = []
    for key, named in _named_by_key(plan).items():
        first = named[0][2]
        mapped = next((body for _, _, body in named if _is_mapped(body)), first)
        found.append(
            NamedBody(
                text=first.text,
                key=key,
                actions=len({action_id for action_id, _, _ in named}),
                parts=frozenset(part for _, part, _ in named),
                unit_id=mapped.unit_id,
                person_id=mapped.person_id,
                proposal=mapper.propose(first.text),
            )
        )
    return tuple(sorted(found, key=lambda body: -body.actions))


def unmapped_count(plan: PlanDetail) -> int:
    """Return how many distinct names of bodies in a plan are mapped to nobody yet."""
    return sum(not any(_is_mapped(body) for _, _, body in named) for named in _named_by_key(plan).values())


def _named_by_key(plan: PlanDetail) -> dict[str, list[tuple[int, str, BodyDetail]]]:
    """Return by key each naming of a body: the action, its part in it, and the body."""
    found: dict[str, list[tuple[int, str, BodyDetail]]] = defaultdict(list)
    # Names recur in every action; their keys are worked out once.
    keys: dict[str, str] = {}
    for action in chain.from_iterable(objective.actions for objective in plan.objectives):
        for part, named in (
            (ActionBody.Part.LEAD, action.lead),
            (ActionBody.Part.MONITOR, action.monitors),
            (ActionBody.Part.SUPPORT, action.support),
        ):
            for body in named:
                key = keys.get(body.text)
                if key is None:
                    key = keys[body.text] = body_key(body.text)
                found[key].append((action.id, part.value, body))
    return found


def _is_mapped(body: BodyDetail) -> bool:
    return body.unit_id is not None or body.person_id is not None


def body_choices(actor: Actor) -> BodyChoices:
    """Return the agency's active units and people, for a person to choose from."""
    require(actor, "plan.view")
    units = Unit.objects.filter(agency_id=actor.agency_id, is_active=True).order_by("order", "name")
    posts = (
        Membership.objects.filter(agency_id=actor.agency_id, person__is_active=True, valid_to__isnull=True)
        .exclude(role=Role.ADMINISTRATOR)
        .select_related("person")
        .order_by("person__full_name", "pk")
    )
    people: dict[int, str] = {}
    for post in posts:
        role = post.position or str(Role(post.role).label)
        people.setdefault(post.person_id, f"{post.person.full_name} – {role}")
    return BodyChoices(units=tuple((unit.pk, unit.name) for unit in units), people=tuple(people.items()))


def body_mapper(agency_id: int) -> BodyMapper:
    """Return what proposes units and people of an agency for the names in its documents."""
    known = {
        row.key: (row.unit_id, row.person_id)
        for row in BodyName.objects.filter(agency_id=agency_id).exclude(unit=None, person=None)
    }
    candidates = [
        Candidate(
            unit_id=unit.pk,
            person_id=None,
            name=unit.name,
            kind=unit.kind,
            labels=tuple(label for label in (unit.name, unit.short_name) if label),
        )
        for unit in Unit.objects.filter(agency_id=agency_id, is_active=True).order_by("order", "pk")
    ]
    people: dict[int, list[Membership]] = defaultdict(list)
    posts = Membership.objects.filter(agency_id=agency_id, person__is_active=True, valid_to__isnull=True)
    for post in posts.exclude(role=Role.ADMINISTRATOR).select_related("person").order_by("pk"):
        people[post.person_id].append(post)
    for person_id, held in people.items():
        roles = [post.role for post in held]
        offices = (Role.CHAIRMAN, Role.REPRESENTATIVE, Role.SECRETARY)
        candidates.append(
            Candidate(
                unit_id=None,
                person_id=person_id,
                name=held[0].person.full_name,
                kind=next((str(role) for role in offices if role in roles), "person"),
                labels=(held[0].person.full_name, *(post.position for post in held if post.position)),
            )
        )
    return BodyMapper(known, candidates)


def preview_dates(plan: PlanDetail) -> DatePreview:
    """Return the dates, triggers and open dates that putting a plan in force will make of its schedules."""
    dating = dating_of(plan.agency_id, plan.period)
    made: dict[tuple[core.Schedule, ...], tuple[Occurrence, ...]] = {}
    for action in chain.from_iterable(objective.actions for objective in plan.objectives):
        # "Hằng tháng" stands in many rows; it is dated once.
        if action.schedule not in made:
            made[action.schedule] = _made(action.schedule, plan.period, dating)
    previews = [
        _preview(
            action.schedule,
            made[action.schedule],
            when=action.when,
            action_id=action.id,
            objective_number=objective.number,
            action_number=action.number,
            action_text=action.text,
        )
        for objective in plan.objectives
        for action in objective.actions
    ]
    return DatePreview(
        dates=tuple(
            sorted(chain.from_iterable(each.dates for each in previews), key=lambda preview: preview.due)
        ),
        triggers=tuple(chain.from_iterable(each.triggers for each in previews)),
        undated=tuple(chain.from_iterable(each.undated for each in previews)),
    )


def understood_when(actor: Actor, plan_id: int, when: str) -> WhenUnderstood:
    """Return what a cell of times means in a plan, and the dates that it will make."""
    plan = plan_queryset(actor).defer(*_HEAVY).get(pk=plan_id)
    period = core.Period(plan.period_start, plan.period_end)
    read = parse_schedule(fold(when), plan.year)
    return WhenUnderstood(
        entries=read.entries,
        text=write_schedule(read.entries, plan.year) if read.entries else "",
        rest=read.rest,
        warnings=read.warnings,
        preview=_preview(
            read.entries, _made(read.entries, period, dating_of(plan.agency_id, period)), when=when
        ),
    )


def understood_target(
    actor: Actor, text: str, *, striving: bool = False, year: int | None = None
) -> tuple[FoundTarget, ...]:
    """Return the targets that official words state; none where they state none."""
    require(actor, "plan.view")
    return found_targets(text, striving=striving, year=year)


def found_targets(text: str, *, striving: bool = False, year: int | None = None) -> tuple[FoundTarget, ...]:
    """Return the targets of a wording: of a whole sentence, else of a bare value as measure columns hold it.

    A measure column's words are a target even without a figure; words alone are not. ``year`` is the plan's, for a
    comparison with the year before.
    """
    folded = fold(text)
    if found := parse_targets(folded, striving=striving, year=year):
        return found
    measured = parse_targets(folded, measure=True, striving=striving, year=year)
    return tuple(each for each in measured if each.target.kind is not core.TargetKind.ACHIEVED)


def schedule_of(entries: Iterable[object]) -> tuple[core.Schedule, ...]:
    """Return the schedule that stored entries of plan format hold."""
    return tuple(core.schedule_from_json(entry) for entry in entries)


def _made(entries: tuple[core.Schedule, ...], period: core.Period, dating: Dating) -> tuple[Occurrence, ...]:
    return tuple(
        occurrences(entries, period, dating.calendar, rhythm=dating.rhythm, report_dates=dating.report_dates)
    )


def _preview(
    entries: tuple[core.Schedule, ...],
    made: tuple[Occurrence, ...],
    *,
    when: str,
    action_id: int | None = None,
    objective_number: str = "",
    action_number: str = "",
    action_text: str = "",
) -> DatePreview:
    is_undated = not entries or bool(needs_dates(entries))
    return DatePreview(
        dates=tuple(
            PreviewDate(
                action_id=action_id,
                objective_number=objective_number,
                action_number=action_number,
                action_text=action_text,
                label=each.label,
                starts=each.starts,
                due=each.due,
                due_original=each.due_original,
                kind=each.kind.value,
            )
            for each in made
        ),
        triggers=tuple(
            PreviewTrigger(action_id, objective_number, action_number, action_text, each.event, each.within)
            for each in triggers(entries)
        ),
        undated=(PreviewUndated(action_id, objective_number, action_number, action_text, when),)
        if is_undated
        else (),
    )


def _acts(actor: Actor, plan: Plan) -> frozenset[str]:
    possible = {
        act
        for act in workflow.PLAN.acts(plan.state)
        if act in ACTS and any(can(actor, allowed) for allowed in ACTS[act])
    }
    if actor.is_own(plan.submitted_by_id):
        possible.discard("approve")
    if plan.state != Plan.State.DISCARDED and can(actor, "plan.edit"):
        possible.add("copy")
    return frozenset(possible)


def _plan_rows(found: QuerySet[Plan]) -> tuple[PlanRow, ...]:
    rows = (
        found.defer(*_HEAVY)
        .select_related("created_by")
        .annotate(
            objective_count=_count(Objective.objects.filter(plan_id=OuterRef("pk")), "plan_id"),
            target_count=_count(
                Target.objects.filter(objective__plan_id=OuterRef("pk")), "objective__plan_id"
            ),
            action_count=_count(
                ObjectiveAction.objects.filter(objective__plan_id=OuterRef("pk")), "objective__plan_id"
            ),
        )
        .order_by("-year", "-version", "-pk")
    )
    return tuple(
        PlanRow(
            id=row.pk,
            year=row.year,
            version=row.version,
            state=row.state,
            title=row.title,
            kind=row.kind,
            number=row.number,
            decided_on=row.decided_on,
            period=core.Period(row.period_start, row.period_end),
            objectives=row.objective_count,
            targets=row.target_count,
            actions=row.action_count,
            supersedes_id=row.supersedes_id,
            created_at=row.created_at,
            created_by=row.created_by.full_name,
            promulgated_at=row.promulgated_at,
            is_imported=row.source_file_id is not None,
        )
        for row in rows
    )


def _count(rows: QuerySet[Any], parent: str) -> Coalesce:
    """Return how many rows a parent has, as an expression of the parent's statement."""
    counted = rows.order_by().values(parent).annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted), 0)


def _file(file: StoredFile | None) -> FileRef | None:
    return None if file is None else FileRef(file.pk, file.name)


def _objective(
    row: Objective, targets: Iterable[TargetDetail], actions: Iterable[ActionDetail]
) -> ObjectiveDetail:
    return ObjectiveDetail(
        id=row.pk,
        number=row.number,
        text=row.text,
        method=row.method,
        owner_id=row.owner_id,
        owner=row.owner.name if row.owner else "",
        revision=row.revision,
        source=sources_from_json(row.source),
        targets=tuple(targets),
        actions=tuple(actions),
        path=row.source.get("_path", ""),
    )


def target_detail(row: Target) -> TargetDetail:
    """Return a target's row as a value."""
    value: Decimal | core.Grade | None = plain_decimal(row.value)
    if row.kind == Target.Kind.GRADE_AT_LEAST:
        value = core.Grade(row.grade)
    return TargetDetail(
        id=row.pk,
        text=row.text,
        kind=row.kind,
        value=value,
        upper=plain_decimal(row.upper),
        unit=row.unit,
        baseline_year=row.baseline_year,
        baseline_value=plain_decimal(row.baseline_value),
        striving=row.is_striving,
        change=row.change,
        period=core.Period(row.period_start, row.period_end) if row.period_start and row.period_end else None,
        expected_volume=plain_decimal(row.expected_volume),
        indicator_id=row.indicator_id,
        revision=row.revision,
        source=field_source_from_json(row.source),
        path=row.source.get("_path", ""),
    )


def plain_decimal(value: Decimal | None) -> Decimal | None:
    """Return a stored figure without the zeros that the column's scale adds.

    >>> plain_decimal(Decimal("90.000000")), plain_decimal(Decimal("1200.500000"))
    (Decimal('90'), Decimal('1200.5'))
    """
    if value is None:
        return None
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def _action(placement: ObjectiveAction, named: Mapping[str, list[BodyDetail]]) -> ActionDetail:
    action: Action = placement.action
    return ActionDetail(
        id=action.pk,
        number=action.number,
        text=action.text,
        when=action.when,
        schedule=schedule_of(action.schedule),
        lead=tuple(named.get(ActionBody.Part.LEAD, ())),
        support=tuple(named.get(ActionBody.Part.SUPPORT, ())),
        monitors=tuple(named.get(ActionBody.Part.MONITOR, ())),
        evidence=tuple(action.expected_evidence),
        resources=action.resources,
        evaluation=action.evaluation,
        state=action.state,
        continues_id=action.continues_id,
        revision=placement.revision,
        source=sources_from_json(placement.source),
        path=placement.source.get("_path", ""),
    )
